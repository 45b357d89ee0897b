"""Which environment a change was made in, or a line comes from: production, or one that is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from triage.changes.change import Change
from triage.changes.rows import normalised

PRODUCTION = "production"
#: Each environment with other words for it.
ENVIRONMENTS: dict[str, tuple[str, ...]] = {
    PRODUCTION: ("prod", "prd", "production", "live"),
    "staging": ("staging", "stage", "stg", "preprod", "preproduction", "nonprod", "nonproduction"),
    "development": ("development", "dev", "devel", "local"),
    "test": ("test", "testing", "qa", "uat", "acceptance", "integration", "e2e", "loadtest"),
    "preview": ("preview", "review", "ephemeral"),
    "sandbox": ("sandbox", "demo", "playground"),
}  # fmt: skip
_OF = {word: name for name, words in ENVIRONMENTS.items() for word in words}
#: Words that names of namespaces, clusters, folders and jobs have for other reasons as well.
LOOSE = frozenset((
    "live", "stage", "local", "test", "testing", "acceptance", "integration", "e2e", "loadtest", "preview", "review",
    "ephemeral", "sandbox", "demo", "playground",
))  # fmt: skip
#: Fields that name an environment, and those that name a place which may have it in its name.
FIELDS = ("environment", "env", "deployment_environment", "deployment_environment_name", "environment_name")
PLACES = ("namespace", "kube_namespace", "k8s_namespace_name", "cluster", "cluster_name", "workspace")
#: The most characters of a name that are looked at.
HEAD = 200


@lru_cache(maxsize=10_000)
def environment_named(name: str, loose: bool = False) -> str | None:
    """The environment that a name has in it; None for none, and for several.

    Parameters
    ----------
    name : str
    loose : bool
        Whether it may be the name of anything, so that words which are ambiguous do not count.

    Examples
    --------
    >>> environment_named("PRD"), environment_named("pre-production"), environment_named("eu-west-1/Live")
    ('production', 'staging', 'production')
    >>> environment_named("shop-test"), environment_named("shop-test", loose=True), environment_named("shop-qa", True)
    ('test', None, 'test')
    >>> environment_named("deploy staging and production"), environment_named("reproduction")
    (None, None)
    """
    text = re.sub(r"\b(pre|non)[-_ ]?(prod)", r"\1\2", re.sub(r"_", " ", name[:HEAD].casefold()))
    words = re.split(r"[\W_]+|(?<=[a-z])(?=[0-9]+\b)", text)
    found = {_OF[word] for word in words if word in _OF and not (loose and word in LOOSE)}
    return found.pop() if len(found) == 1 else None


def environment_of(change: Change) -> str | None:
    """The environment that a change's own fields or tags name, or its namespace, cluster or workspace has in its name.

    Examples
    --------
    >>> from datetime import datetime
    >>> at = datetime.fromisoformat("2026-11-21T02:00:00Z")
    >>> environment_of(Change("a", at, attributes={"Environment": "prod-eu"}))
    'production'
    >>> environment_of(Change("b", at, attributes={"tags": ["team:shop", "env:stg"]}))
    'staging'
    >>> environment_of(Change("c", at, attributes={"namespace": "shop"})) is None
    True
    >>> environment_of(Change("d", at, attributes={"tags": {"Env": "qa"}}))
    'test'
    >>> environment_of(Change("e", at, attributes={"environment": {"name": "production"}}))
    'production'
    """
    known = {normalised(key): value for key, value in reversed(list(change.attributes.items()))}
    held = (known, _tagged(known.get("tags")))
    # A field for it says more than the name of a place, also where nothing is known of what it says.
    named = _texts(held, FIELDS)
    return environment_in(named) if named else environment_in(_texts(held, PLACES), loose=True)


def _texts(held: Iterable[Mapping[str, object]], names: Iterable[str]) -> list[str]:
    found = [text for each in held for name in names for text in _plain(each.get(name))]
    return [text for text in found if isinstance(text, str) and text.strip()]


def _plain(value: object) -> list[object]:
    """What a field says: each of a list, the name or key of an object."""
    if isinstance(value, Mapping):
        return [value[name] for name in ("name", "key") if name in value][:1]
    return value if isinstance(value, list) else [value]


def _tagged(tags: object) -> dict[str, object]:
    """Tags such as ``env:prod`` by their names: in a list, in a text, or an object that has them."""
    if isinstance(tags, Mapping):
        return {normalised(str(key)): value for key, value in reversed(list(tags.items()))}
    listed = re.split(r"[,;\s]+", tags) if isinstance(tags, str) else tags if isinstance(tags, list) else []
    given = [tag for tag in listed if isinstance(tag, str)]
    pairs = [re.split("[:=]", tag[:HEAD], maxsplit=1) for tag in reversed(given)]
    return {normalised(pair[0]): pair[1] for pair in pairs if len(pair) == 2}


def environment_in(names: Iterable[str], loose: bool = False) -> str | None:
    """The one environment that names have in them; None where they have none, or several."""
    found = {environment for name in names if (environment := environment_named(name, loose))}
    return found.pop() if len(found) == 1 else None
