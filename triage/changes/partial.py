"""How far a change went: the share of the instances that got it, or their names."""

from __future__ import annotations

import re
from decimal import Decimal
from numbers import Real
from typing import Any, NamedTuple

from triage.changes.plain import clean, is_missing
from triage.changes.wording import show

#: Names of a share, those of a fraction and those of hundredths; the first that is there decides.
FRACTIONS = ("share", "fraction")
PERCENTAGES = (
    "percentage", "percent", "rollout_percentage", "rollout_percent", "traffic_percentage", "traffic_percent",
    "canary_percentage", "canary_percent",
)  # fmt: skip
#: Names that hold other things as well; what is no number there is let be.
LOOSE = ("canary_weight", "traffic_weight", "set_weight", "canary", "rollout", "traffic")
#: Only where the change is a canary by another field.
OF_CANARIES = ("weight",)
INSTANCES = ("instances", "hosts", "pods", "nodes", "instance", "pod")

_NUMBER = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,9})?) ?(?P<percent>%)?", re.ASCII)
_PARTS = re.compile(r"(?P<some>\d{1,6})(?:/| of )(?P<all>\d{1,6})", re.ASCII)


class Partial(NamedTuple):
    """The share (0 to 1) and the names of the instances that a change reached, as far as told."""

    share: float | None = None
    instances: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def take_partial(attributes: dict[str, Any], names: dict[str, str]) -> Partial:
    """Take share and instances out of the attributes of a change; what cannot be read stays there.

    Parameters
    ----------
    attributes : dict
        Changed in place: ``canary`` is true there for a canary.
    names : dict
        From the usual spelling of a name to that in `attributes`.

    Examples
    --------
    >>> attributes = {"canary_weight": 10, "hosts": "web-1, web-2"}
    >>> take_partial(attributes, {name: name for name in attributes}), attributes
    (Partial(share=0.1, instances=('web-1', 'web-2'), remarks=()), {'canary': True})
    """
    share, remarks = _take_share(attributes, names)
    return Partial(share, _take_instances(attributes, names), remarks)


def _take_share(attributes: dict[str, Any], names: dict[str, str]) -> tuple[float | None, tuple[str, ...]]:
    canary = attributes.get(names.get("canary", ""))
    last = OF_CANARIES if canary is True else ()
    for name in (*FRACTIONS, *PERCENTAGES, *LOOSE, *last):
        key = names.get(name)
        if key is None or key not in attributes or is_missing(attributes[key]):
            continue
        if name in LOOSE and _number(attributes[key]) is None:
            continue
        share = _share(attributes[key], 1 if name in FRACTIONS else 100)
        if share is None:
            return None, (f"{show(name)} is no share from 0 to {'1' if name in FRACTIONS else '100'}, kept as it is",)
        del attributes[key]
        attributes.pop("share", None)  # empty, else it would have decided
        if name.startswith("canary"):
            attributes["canary"] = True
        return share, ()
    return None, ()


def _share(value: Any, whole: int) -> float | None:
    found = _number(value)
    if found is None:
        return None
    number, known = found
    share = number if known else number / whole
    return round(share, 6) if 0 <= share <= 1 else None


def _number(value: Any) -> tuple[float, bool] | None:
    """A number, and whether it is known to be a fraction of the whole."""
    if isinstance(value, str):
        text = value.strip()[:20]
        if parts := _PARTS.fullmatch(text):
            return (int(parts["some"]) / int(parts["all"]), True) if int(parts["all"]) else None
        match = _NUMBER.fullmatch(text)
        if match is None:
            return None
        number = float(match["number"])
        return (number / 100, True) if match["percent"] else (number, False)
    if isinstance(value, bool) or not isinstance(value, Real | Decimal):
        return None
    return float(value), False


def _take_instances(attributes: dict[str, Any], names: dict[str, str]) -> tuple[str, ...]:
    for name in INSTANCES:
        key = names.get(name)
        found = _names(attributes.get(key)) if key is not None else ()
        if key is not None and found:
            del attributes[key]
            attributes.pop("instances", None)
            return found
    return ()


def _names(value: Any) -> tuple[str, ...]:
    """Names in a list, or in text with commas or spaces between; none where there are other things, as numbers."""
    if isinstance(value, str):
        value = re.split(r"[,;\s]+", value.strip()[:10_000])
        value = [] if any(part.isdecimal() for part in value) else value
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return ()
    return tuple(dict.fromkeys(clean(one.strip()) for one in value if one.strip()))
