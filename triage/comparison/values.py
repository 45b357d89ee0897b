"""The values at a template's wildcards, read from messages again: what a mask took out stands there still."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from triage.patterns.shapes import SHAPE_CHARS

WILDCARD = re.compile(r"<([A-Z]+|\*)>")
#: Kinds of wildcards whose values are compared; addresses, ids, paths and times are names of things.
COMPARED = frozenset(("NUM", "SIZE", "*"))
#: Further wildcards of one template are not looked into.
MOST_PLACES = 16
#: What a wildcard of each kind may hold; the shortest text that fits, so that the words around it hold it in place.
_HOLDS = {"NUM": r"([-+]?\d[\d.,:]*)"}
_ANY = r"(.*?)"
_SPECIAL = re.compile(r"[\\.+*?()|\[\]{}^$#&~-]")
#: A number with a unit of time (in seconds) or of size (in bytes), or with none.
_NUMBER = r"^([-+]?\d+(?:\.\d+)?) ?([A-Za-zµ]*)$"
_UNITS = {
    "": 1.0, "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "sec": 1.0, "min": 60.0, "h": 3600.0,
    "B": 1.0, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
    "KiB": 2.0**10, "MiB": 2.0**20, "GiB": 2.0**30, "TiB": 2.0**40,
}  # fmt: skip
#: Words in front of a number that is a name or goes on from line to line.
_NAMING = re.compile(
    r"(?:^|[^A-Za-z])[PTUGXptugx]?(?:[Ii]d|ID)s?$|[a-z](?:Id|ID)s?$"
    r"|(?i:\b(?:port|line|seq|sequence|offset|position|index|epoch|version|thread|worker|process|session|request|job"
    r"|task|number|no|nr|lsn|uptime|timestamp|time|date|year)$)"
)


@dataclass(frozen=True)
class Place:
    """A wildcard of a template whose values can be compared.

    Attributes
    ----------
    number : int
        Which of the template's wildcards, from 1 on.
    name : str
        The word in front of it, such as ``duration`` of ``duration=<NUM>``, else ``value 2``.
    naming : bool
        Whether a number there names a thing, or counts on: its size says nothing.
    """

    number: int
    name: str
    naming: bool


def places_of(template: str) -> list[Place]:
    """The wildcards of a template that can be compared.

    Examples
    --------
    >>> [(place.number, place.name) for place in places_of("<IP> took <NUM> ms: size=<SIZE>")]
    [(2, 'took'), (3, 'size')]
    """
    found = []
    for number, wildcard in enumerate(list(WILDCARD.finditer(template))[:MOST_PLACES], 1):
        if wildcard[1] in COMPARED:
            before = template[: wildcard.start()].rstrip(" =:'\"([{").split()
            word = WILDCARD.split(before[-1])[-1].strip("'\"([{,;:=") if before else ""
            found.append(Place(number, word or f"value {number}", bool(_NAMING.search(word))))
    return found


def values_of(bodies: pl.Series, template: str) -> pl.DataFrame:
    """What stands at the wildcards of a template.

    Parameters
    ----------
    bodies : polars.Series of str
        Messages of records of that template.

    Returns
    -------
    polars.DataFrame
        A column of text for each wildcard, by its number; null for messages that the template's text does not fit,
        as where a list was longer.

    Examples
    --------
    >>> values_of(pl.Series(["took 12 ms", "took 7 ms", "took"]), "took <NUM> ms").to_dict(as_series=False)
    {'1': ['12', '7', None]}
    """
    line = bodies.fill_null("").str.slice(0, SHAPE_CHARS).str.split_exact("\n", 1).struct.field("field_0")
    for text in (template, template.rpartition(" ")[0]):  # what is pinned stands at the end, and not in the message
        groups = len(WILDCARD.findall(text))
        if not groups:
            break
        found = line.str.extract_groups(_pattern(text)).struct.unnest()
        if found[:, 0].is_not_null().any():
            return found.rename({name: str(number) for number, name in enumerate(found.columns, 1)})
    return pl.DataFrame()


def _pattern(template: str) -> str:
    words = []
    for word in template.split():
        texts = enumerate(WILDCARD.split(word))  # in turns a text and the kind of a wildcard
        words.append("".join(_HOLDS.get(text, _ANY) if n % 2 else _SPECIAL.sub(r"\\\g<0>", text) for n, text in texts))
    return r"^\s*" + r"\s+".join(words) + r"\s*$"


def numbers_of(texts: pl.Series) -> pl.Series:
    """Texts as numbers, those with a unit in seconds or bytes; null for others.

    Examples
    --------
    >>> numbers_of(pl.Series(["12", "1.5s", "200ms", "4KiB", "open", "10:20"])).to_list()
    [12.0, 1.5, 0.2, 4096.0, None, None]
    """
    parts = texts.str.extract_groups(_NUMBER).struct.unnest()
    unit = parts[:, 1].replace_strict(_UNITS, default=None, return_dtype=pl.Float64)
    return parts[:, 0].cast(pl.Float64, strict=False) * unit
