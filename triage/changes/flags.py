"""Feature flags: which one a change flips, what it is set to, and which later change takes that back.

A flag that goes out in stages (10 %, 50 %, all) is set several times and never taken back. It is taken back where it
is at what it was before again, or past that: off, or lower than before it was raised. Where neither fields nor words
tell what it was set to, nothing is claimed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from numbers import Real

from triage.changes.change import Change
from triage.changes.plain import is_missing
from triage.changes.rows import normalised
from triage.changes.undoing import says_undone

#: How much of all has the flag, from 0 (off) to 1 (on for all), or the name of a variation.
Setting = float | str

#: Fields that name a flag, and a word that looks like the name of one, near the beginning of a summary.
NAMES = ("flag", "flag_key", "feature_flag", "feature", "toggle", "key", "name", "changed")
HEAD = 200
_MARKED = re.compile(r"\b[A-Za-z][A-Za-z0-9]*(?:[-_.][A-Za-z0-9]+)+\b")
#: So many of the next changes of a flag are looked at for the one that takes a change back.
AHEAD = 50
#: Fields that tell what a flag is set to, and what it was set to before; of some, words other than on and off do, too.
AFTER = (
    "enabled", "is_enabled", "on", "active", "new_value", "value", "to", "after", "state", "new_state", "status",
    "variation",
)  # fmt: skip
BEFORE = ("old_value", "previous_value", "previous", "from", "before", "old_state", "previous_state")
OF_VALUES = ("new_value", "value", "to", "variation", "old_value", "previous_value", "previous", "from")
_ON = frozenset(("on", "true", "enabled", "enable", "yes", "active"))
_OFF = frozenset(("off", "false", "disabled", "disable", "no"))
# Where the name stood; it may hold any words.
_NAME = "\x00"
_BEHIND = r"(?=\s*(?:$|[,.;:!()]|(?:for|in|to|at|again|everywhere|globally|with|by default)\b))"
_SAYS_ON = re.compile(
    rf"\b(?:(?:turn|switch|flip)(?:ed|s|ing)? on|enabl(?:e|es|ed|ing)|activat(?:e|es|ed|ing))\b|\bon\b{_BEHIND}", re.I
)
_SAYS_OFF = re.compile(
    rf"\b(?:(?:turn|switch|flip)(?:ed|s|ing)? off|(?:dis|de-?)(?:abl|activat)(?:e|es|ed|ing)|kill(?:ed|s|ing)?)\b"
    rf"|\boff\b{_BEHIND}",
    re.I,
)
_PART = r"(\d{1,3}(?:\.\d{1,6})?) ?(?:%|percent\b|per cent\b)"
_PARTS = re.compile(rf"(\bby )?{_PART}", re.I | re.A)
_FROM_TO = re.compile(rf"(\d{{1,3}}(?:\.\d{{1,6}})?) ?(?:%|percent|per cent)? ?(?:to|->|=>|→|➜) ?{_PART}", re.I | re.A)


def flag_of(change: Change) -> str | None:
    """The name of the flag that a change flips, if it says so: by a field of its own, or by a word with a mark in it.

    Examples
    --------
    >>> from datetime import datetime
    >>> at = datetime.fromisoformat("2026-11-21T02:00:00Z")
    >>> flag_of(Change("a", at, kind="flag", attributes={"flag": "new-cart"}))
    'new-cart'
    >>> flag_of(Change("b", at, kind="flag", summary="new_cart off for 10% of users"))
    'new_cart'
    >>> flag_of(Change("c", at, kind="flag", summary="more users")), flag_of(Change("d", at, kind="deploy"))
    (None, None)
    """
    if change.kind != "flag":
        return None
    named = next((str(change.attributes[name]) for name in NAMES if change.attributes.get(name)), "")
    found = _MARKED.search((change.summary or "")[:HEAD]) if not named else None
    return (found[0] if found else named).strip().lower() or None


def set_to(change: Change) -> Setting | None:
    """What a change sets a flag to; None where neither fields nor words tell.

    Examples
    --------
    >>> from datetime import datetime
    >>> at = datetime.fromisoformat("2026-11-21T02:00:00Z")
    >>> def told(text): return set_to(Change("a", at, kind="flag", summary=text))
    >>> told("new-cart on for everybody"), told("new-cart at 10 %"), told("turned off the flag new-cart")
    (1.0, 0.1, 0.0)
    >>> told("new-cart from 10% to 50%"), told("new-cart off for 10% of users"), told("updated new-cart")
    (0.5, None, None)
    """
    field, text = _field(change, AFTER), _words(change)
    share = change.share if change.share is not None else _share_in(text)
    if isinstance(field, float) and (field < 1 or share is None):
        return field
    off, on = _SAYS_OFF.search(text), _SAYS_ON.search(text)
    if off and not (on and on.start() < off.start()):
        return None if share else 0.0  # off for a part of the users: for how many others it is on is not told
    if share is not None or _PARTS.search(text):
        return share
    return 1.0 if on or field == 1.0 else field


def set_before(change: Change) -> Setting | None:
    """What a flag was set to before a change, by the change's own account."""
    found = _FROM_TO.search(_words(change))
    field = _field(change, BEFORE)
    return field if field is not None else float(found[1]) / 100 if found and float(found[1]) <= 100 else None


def taken_back(changes: Sequence[Change]) -> list[Change | None]:
    """For each change of one flag, which are in order of time, the first later one that takes it back.

    Examples
    --------
    >>> from datetime import datetime, timedelta
    >>> at = datetime.fromisoformat("2026-11-21T02:00:00Z")
    >>> told = ["cart.v2 at 10%", "cart.v2 at 50%", "cart.v2 at 10%", "cart.v2 off"]
    >>> stages = [Change(t, at + timedelta(hours=n), kind="flag", summary=t) for n, t in enumerate(told)]
    >>> [back.id if back else None for back in taken_back(stages)]
    ['cart.v2 off', 'cart.v2 at 10%', None, None]
    """
    before, after = _settings(changes)
    found: list[Change | None] = []
    for place, change in enumerate(changes):
        later = range(place + 1, min(place + 1 + AHEAD, len(changes)))
        back = [n for n in later if _is_back(before[place], after[place], after[n])]
        back += [n for n in later[:1] if says_undone(changes[n].summary)]
        found.append(next((changes[n] for n in sorted(back) if changes[n].time > change.time), None))
    return found


def _settings(changes: Sequence[Change]) -> tuple[list[Setting | None], list[Setting | None]]:
    """What a flag was set to before and after each of its changes; None where that is not told."""
    before: list[Setting | None] = []
    after: list[Setting | None] = []
    for place, change in enumerate(changes):
        own, new = set_before(change), set_to(change)
        undone = new is None and place and says_undone(change.summary)
        before.append(own if own is not None else after[-1] if after else None)
        after.append(before[place - 1] if undone else new)
    return before, after


def _is_back(old: Setting | None, new: Setting | None, now: Setting | None) -> bool:
    """Whether a flag that went from `old` to `new` is back with `now`; where `old` is not known, what is on was off."""
    if new is None or now is None:
        return now == 0.0  # whatever it was set to has no effect any more
    if old is None or old == new:
        old = (0.0 if new else 1.0) if isinstance(new, float) else None
    if isinstance(old, float) and isinstance(new, float) and isinstance(now, float):
        return now <= old if new > old else now >= old
    return now != new and now in (old, 0.0)


def _words(change: Change) -> str:
    """The beginning of the summary without the flag's name, which may hold words such as "on"."""
    name, head = flag_of(change), (change.summary or "")[:HEAD]
    return re.sub(re.escape(name), _NAME, head, flags=re.I) if name else head


def _field(change: Change, names: Sequence[str]) -> Setting | None:
    """What the first field of these names that holds something says: on, off, a share, or another word."""
    known = {normalised(key): value for key, value in reversed(list(change.attributes.items()))}
    told = (_value(known[name], name in OF_VALUES) for name in names if not is_missing(known.get(name)))
    return next((value for value in told if value is not None), None)


def _value(value: object, named: bool) -> Setting | None:
    if isinstance(value, str):
        word = value.strip().lower()[:HEAD]
        share = 1.0 if word in _ON else 0.0 if word in _OFF else _share_in(word)
        return word if share is None and named else share
    return float(value) if isinstance(value, Real) and value in (0, 1) else None  # also of bool


def _share_in(text: str) -> float | None:
    """The share in a text; None where there is none, or several of which none is said to follow on another."""
    way = _FROM_TO.search(text)
    parts = {way[2]} if way else {part for by, part in _PARTS.findall(text) if not by}
    share = float(parts.pop()) / 100 if len(parts) == 1 else None
    return share if share is not None and share <= 1 else None
