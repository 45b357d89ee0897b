"""Tags of events and annotations: ``service:cart`` and ``version=2.4.1`` are fields, a word may name the kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from triage.changes.change import KINDS, kind_of
from triage.changes.rows import ALIASES, normalised
from triage.changes.undoing import says_undone

_FIELDS = {name: field for field in ("service", "version") for name in ALIASES[field]} | {"kube_deployment": "service"}
_HOSTS = ("host", "hostname", "pod_name", "pod", "instance")
#: Words of a text that name the kind, where neither tags nor fields do; the first kind with a word in the text.
_WORDS = {
    word.replace("_", " "): kind
    for kind, words in KINDS.items()
    if kind not in ("other", "rollback")  # of undoing, words alone say too little: see says_undone
    for word in (kind, *words)
    if word not in ("ship", "host", "node", "feature", "release", "setting", "parameter", "capacity", "schema")
}


def tag_fields(tags: Iterable[Any]) -> dict[str, Any]:
    """Service, version, kind and instances that tags name, and the tags.

    Examples
    --------
    >>> tag_fields(["service:cart", "version=2.4.1", "deploy"])
    {'service': 'cart', 'version': '2.4.1', 'kind': 'deploy', 'tags': ['service:cart', 'version=2.4.1', 'deploy']}
    """
    found: dict[str, Any] = {}
    given = [tag for tag in tags if isinstance(tag, str)]
    hosts = []
    for tag in given:
        mark = min((tag.find(sign) for sign in ":=" if sign in tag), default=-1)
        name, value = (normalised(tag[:mark]), tag[mark + 1 :].strip()) if mark > 0 else ("", tag)
        if name in _FIELDS and value:
            found.setdefault(_FIELDS[name], value)
        elif name in _HOSTS and value:
            hosts.append(value)
        elif name in ("", *ALIASES["kind"]) and kind_of(value):
            found.setdefault("kind", value)
    return {**found, **({"instances": hosts} if hosts else {}), **({"tags": given} if given else {})}


def kind_in(text: str) -> str:
    """The kind that a text speaks of: a rollback, or the kind whose word comes first in it; ``other`` for none.

    Examples
    --------
    >>> kind_in("Deploying cart 2.4.1"), kind_in("feature flag express on"), kind_in("cart: roll back to 2.4.0")
    ('deploy', 'flag', 'rollback')
    >>> kind_in("office party")
    'other'
    """
    if says_undone(text):
        return "rollback"
    head = text[:200].lower().replace("-", " ").replace("_", " ")
    places = {word: head.find(word) for word in _WORDS}
    begun = [(place, -len(word), word) for word, place in places.items() if place >= 0 and _begins(head, place)]
    return _WORDS[min(begun)[2]] if begun else "other"


def _begins(text: str, place: int) -> bool:
    """Whether a word begins at a place; it may go on, as in "deploying"."""
    return place == 0 or not text[place - 1].isalnum()
