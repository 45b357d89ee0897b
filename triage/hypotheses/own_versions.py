"""The version of itself that a line names: in an attribute, or in what a program writes when it starts.

Lines name many versions: of protocols, of schemas, of clients, of the language and of what they run on. A service's own
stands under the key for it, alone, or behind the service's own name.
"""

from __future__ import annotations

import re

import polars as pl

from triage.hypotheses.words import FILLERS, service_key

#: Keys of a line's attributes that hold it, the plainest first; no key of an object in the object does.
KEYS = (
    *("service.version", "service_version", "serviceVersion", "app.version", "app_version", "appVersion", "version"),
    *("release", "image_tag", "image.tag", "build_version", "build_number", "build_id", "build", "commit_sha"),
    *("git_commit", "git_sha", "commit", "revision"),
)
_STRING = r'"(?:[^"\\]|\\.)*"'
_FLAT = rf'(?:[^{{}}"]|{_STRING})*'
_KEY = rf'"(?P<key>{"|".join(re.escape(key) for key in KEYS)})"\s*:\s*"?(?P<value>[^"\s,{{}}\[\]]{{1,64}})'
ATTRIBUTE = rf"^\s*\{{(?:[^{{}}\"]|{_STRING}|\{{{_FLAT}\}})*?{_KEY}"
#: Numbers with points, maybe with what stands behind them: 2.4.0, v1.2.3-rc.1, 2026.11.
VERSION = r"v?[0-9]+(?:\.[0-9]+){1,3}(?:[-+][0-9A-Za-z][0-9A-Za-z.+-]*)?"
#: What a value under such a key looks like: a version, a number, the hash of a commit.
VALUE = rf"^(?:{VERSION}|v?[0-9]{{1,9}}|[0-9a-f]{{7,40}}|[0-9A-Za-z_.-]*[0-9]+(?:\.[0-9]+)+[0-9A-Za-z_.+-]*)$"
_NAME = r"[A-Za-z][\w.-]*?(?: [A-Za-z][\w.-]*?){0,2}"
_STARTS = r"(?:starting(?: up)?|booting|launching|started|running|initiali[sz]ing|welcome to)"
_SAID = r"(?:version|release|build)"
#: Behind the verb, in front of it, or alone in a line.
BANNERS = (
    rf"(?i)\b{_STARTS}:? (?:the )?(?:(?P<name>{_NAME})[ /:,(-]+)?(?:(?P<said>{_SAID})[ :=]+)?(?P<version>{VERSION})"
    r"(?:[\s,;)(]|\.?$)",
    rf"(?i)^(?:(?P<name>{_NAME})[ /])?(?:(?P<said>{_SAID})[ :=]+)?(?P<version>{VERSION})[ ,:(]+(?:is )?(?:now )?"
    r"(?:starting|started|booting|launching|running|coming up|up and running|ready)\b",
    rf"(?i)^(?:(?P<name>{_NAME})[ /])??(?:(?P<said>{_SAID})[ :=]+)?(?P<version>{VERSION})(?:,.*)?$",
)
#: What a line that may be such a banner has, and how much of it is looked at.
MAY_BE = (
    r"(?i)\b(?:start|boot|launch|running\b|initiali|welcome\b|version\b|release\b|build\b)|^[\w.-]+/v?[0-9]+\.[0-9]"
)
HEAD_CHARS = 160
#: Names of what has versions of its own within a service, and of what any service is called.
OTHERS = frozenset(
    (
        *(
            "api",
            "schema",
            "protocol",
            "http",
            "tls",
            "ssl",
            "client",
            "driver",
            "sdk",
            "library",
            "database",
            "config",
        ),
        *("configuration", "index", "format", "agent", "browser"),
    )
)
ANY = FILLERS | {"application", "process", "main", "node", "instance", "the"}
SAID = frozenset(("version", "release", "build"))
_WORDS = re.compile(r"[^\W_]+")
_PARTS = re.compile(r"[\W_]+|(?<=[a-z0-9])(?=[A-Z])")
_ADDRESS = re.compile(r"^[0-9]+(?:\.[0-9]+){3}$")


def attribute_version(attributes: pl.Expr) -> pl.Expr:
    """A struct of ``key`` and ``value``; null for lines without.

    Examples
    --------
    >>> texts = ['{"n":1,"version":"2.4.0"}', '{"http":{"version":"1.1"}}', '{"x":{"y":2},"build":77}']
    >>> lines = pl.DataFrame({"a": texts})
    >>> [tuple(row.values()) for row in lines.select(attribute_version(pl.col("a")))["a"]]
    [('version', '2.4.0'), (None, None), ('build', '77')]
    """
    return attributes.str.extract_groups(ATTRIBUTE)


def banner_versions(lines: pl.DataFrame) -> pl.Series:
    """The version in lines that say that a service starts; null where it has none, or that of something else.

    Parameters
    ----------
    lines : polars.DataFrame
        ``body`` and ``service_name``.

    Examples
    --------
    >>> said = ["inventory 2.3.1 starting, pool of 12", "Starting InventoryApplication v2.4 using Java 17.0.2"]
    >>> said += ["Version: 3.0.1"]
    >>> banner_versions(pl.DataFrame({"body": said, "service_name": "inventory"})).to_list()
    ['2.3.1', 'v2.4', '3.0.1']
    >>> said = ["starting Kafka client 3.6.1", "Starting server on 10.0.0.7:80", "started in 2.5 s", "API version 1.2"]
    >>> banner_versions(pl.DataFrame({"body": said, "service_name": "inventory"})).null_count()
    4
    """
    head = lines.select(pl.col("body").str.slice(0, HEAD_CHARS).str.split_exact("\n", 1).struct.field("field_0"))
    found = pl.repeat(None, len(lines), dtype=pl.String, eager=True)
    for pattern in BANNERS:
        parts = head.to_series().str.extract_groups(pattern).struct.unnest().with_columns(lines["service_name"])
        told = parts.unique().filter(pl.col("version").is_not_null())
        rows = told.select("name", "said", "version", "service_name").iter_rows()
        own = told.with_columns(pl.Series("own", [_own(*row) for row in rows], dtype=pl.Boolean))
        joined = parts.join(own, on=parts.columns, how="left", nulls_equal=True, maintain_order="left")
        version = joined.select(pl.when("own").then("version"))["version"]
        found = found.to_frame("a").select(pl.coalesce("a", version))["a"]
    return found.alias("version")


def _own(name: str | None, said: str | None, version: str, service: str | None) -> bool:
    known = {word.lower() for word in _PARTS.split(service or "") if word} | set(service_key(service).split())
    words = {part for word in _WORDS.findall(name or "") for part in _parts_of(word, known)}
    if words & OTHERS - known or words - ANY - SAID - known:
        return False
    if words & known:
        return True
    # Without the service's name two numbers may be anything, and four an address.
    return bool(said or words & SAID or version.count(".") >= 2) and not _ADDRESS.match(version)


def _parts_of(word: str, known: set[str]) -> list[str]:
    """A word whole, if the service is called so; else its parts: ``PostgreSQL``, ``InventoryService``."""
    return [word.lower()] if word.lower() in known else [part.lower() for part in _PARTS.split(word) if part]


def same_version(one: str | None, other: str | None) -> bool:
    """Whether two spellings mean one version.

    Examples
    --------
    >>> same_version("v2.4.0", "2.4.0"), same_version("2.4.0+b7", "2.4.0"), same_version("2.4", "2.4.1")
    (True, True, False)
    """
    return bool(one and other) and _bare(one) == _bare(other)


def _bare(version: str | None) -> str:
    return re.sub(r"^v(?=[0-9])", "", (version or "").strip().lower()).split("+", 1)[0]
