"""Names for the variable parts of a template, from its text: a key in front, a unit behind, a noun beside, the kind."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Iterable

from triage.patterns.quantities import DURATIONS
from triage.patterns.slots import NUM, WILDCARD, Slot

#: A key, with what may stand between it and its value.
_KEY = re.compile(r"(?:^|[^\w.>-])([A-Za-z_][\w.-]{0,60})[\"']?(?:\]? ?= ?|: ?)[\"'(\[{<]*$")
#: A name glued to its value, such as ``blk_<NUM>`` and ``req-<NUM>``.
_GLUED = re.compile(r"(?:^|[^\w.>-])([A-Za-z][A-Za-z_-]{0,40})[_#/-]$")
_NOUN = re.compile(r"(?:^|[ \"'(\[])([A-Za-z][A-Za-z_]+) ?[\"'(\[#]*$")
_UNIT = re.compile(r" ?(%|[A-Za-zµμ]+)(?![\w=(<-])")
_COUNTED = re.compile(r" ([a-z]{3,}[a-rt-z]s)\b(?![=(<-])")
_STATE = re.compile(r" ([a-z]{2,}(?:ed|ing))\b(?![=(<-])")
#: Words that say nothing of what follows them.
_EMPTY = frozenset(
    (
        *("a", "an", "the", "this", "that", "these", "its", "and", "or", "not", "no", "than", "then", "but", "if"),
        *("at", "after", "as", "before", "between", "by", "for", "from", "in", "into", "of", "off", "on", "onto"),
        *("out", "over", "per", "since", "through", "till", "to", "under", "until", "up", "via", "with", "within"),
        *("is", "are", "was", "were", "be", "been", "has", "have", "had", "got", "only", "about", "all", "total"),
    )
)
_UNITS = {word: unit for unit, (words, _) in DURATIONS.items() for word in words}
_UNITS |= {"bytes": "bytes", "byte": "bytes", "%": "percent", "percent": "percent"}
#: What a value with a unit is, where no key tells.
_OF_UNIT = {**dict.fromkeys(DURATIONS, "duration"), "bytes": "size", "percent": ""}
_OF_KIND = {WILDCARD: "value", "DURATION": "duration"}
#: Kinds that tell less than the word in front.
_VAGUE = frozenset((WILDCARD, NUM, "HEX", "SIZE", "DURATION"))
_LOOKED_AT = 80
#: Of a name.
MOST_CHARS = 40


def unit_behind(slot: Slot) -> str | None:
    """The unit that stands behind a number in the template itself.

    Examples
    --------
    >>> from triage.patterns.slots import slots_of
    >>> [unit_behind(slot) for slot in slots_of("took <NUM>s, then <NUM> msecs and <NUM> more").slots]
    ['s', 'ms', None]
    """
    found = _UNIT.match(slot.after[:_LOOKED_AT]) if slot.kind in (NUM, WILDCARD) else None
    return _UNITS.get(found[1]) if found else None


def name_of(slot: Slot, unit: str | None = None, key: str | None = None) -> str:
    """What a slot is called; not yet unique.

    Parameters
    ----------
    unit : str, optional
        Of its values, where they are quantities.
    key : str, optional
        A key that every value bears.

    Examples
    --------
    >>> from triage.patterns.slots import slots_of
    >>> text = "request of <IP> took <NUM> ms, size=<NUM>, shard blk_<NUM>, 'user': <*>, after <NUM> attempts"
    >>> [name_of(slot, unit_behind(slot)) for slot in slots_of(text).slots]
    ['ip', 'duration_ms', 'size', 'blk', 'user', 'attempts']
    """
    known = key or _keyed(slot)
    if unit:
        base = _OF_UNIT[unit] if known is None else known
        return identifier(base if base.endswith(f"_{unit}") else f"{base}_{unit}".strip("_"))
    return identifier(known or _beside(slot) or _OF_KIND.get(slot.kind) or slot.kind)


def _keyed(slot: Slot) -> str | None:
    before = slot.before[-_LOOKED_AT:]
    found = _KEY.search(before)
    if found is None:
        glued = _GLUED.search(before) if slot.kind in _VAGUE or not slot.whole else None
        return glued[1] if glued else None
    # A colon after one letter is no key, and what is counted tells more than a heading does: "pool: 12 connections".
    loose = ":" in found[0] and (len(found[1]) < 2 or (found[0].endswith(" ") and _counted(slot)))
    return None if loose else found[1]


def _beside(slot: Slot) -> str | None:
    """The word in front of a value, or what is counted, behind a number."""
    if slot.kind not in _VAGUE:
        return None
    found = _NOUN.search(slot.before[-_LOOKED_AT:])
    noun = found[1] if found and found[1].lower() not in _EMPTY else None
    if noun and not noun.endswith(("ed", "ing")):
        return noun
    state = _STATE.match(slot.after[:_LOOKED_AT]) if slot.kind == NUM else None
    return _counted(slot) or noun or (state[1] if state else None)


def _counted(slot: Slot) -> str | None:
    found = _COUNTED.match(slot.after[:_LOOKED_AT]) if slot.kind == NUM else None
    return found[1] if found else None


def identifier(text: str) -> str:
    """Text as a name in lower case.

    Examples
    --------
    >>> identifier("responseTime"), identifier("http.status-code"), identifier("from"), identifier("2xx")
    ('response_time', 'http_status_code', 'from_', 'value_2xx')
    """
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", unicodedata.normalize("NFKC", text)).lower()
    spelled = "".join(char if f"_{char}".isidentifier() else "_" for char in parted)
    name = re.sub("_+", "_", spelled).strip("_")[:MOST_CHARS] or "value"
    name = name if name.isidentifier() else f"value_{name}"
    return f"{name}_" if keyword.iskeyword(name) else name


def apart(slot: Slot, unit: str | None, name: str) -> str:
    """A name that tells more, for a slot whose name others have as well.

    Examples
    --------
    >>> from triage.patterns.slots import slots_of
    >>> [apart(slot, "bytes", "size_bytes") for slot in slots_of("current <SIZE>, peak <SIZE>").slots]
    ['current_bytes', 'peak_bytes']
    """
    beside = _beside(slot) if unit and _keyed(slot) is None else None
    return identifier(f"{beside}_{unit}") if beside else name


def made_unique(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Names with a number behind those that were there before.

    Examples
    --------
    >>> made_unique(["num", "num", "line", "num_2"], taken=["line"])
    ['num', 'num_2', 'line_2', 'num_2_2']
    """
    seen = set(taken)
    made = []
    for name in names:
        numbered = (f"{name}_{n}" for n in range(2, len(seen) + 3))
        made.append(name if name not in seen else next(one for one in numbered if one not in seen))
        seen.add(made[-1])
    return made
