"""Changes of several sources as one list: ids that are unique over all of them, and what is told twice."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import NamedTuple

from triage.changes.change import Change
from triage.changes.contract import LoadedChanges
from triage.changes.wording import complaint, count, one_line, show, some

#: Two tools write down the same deploy within this time.
SECONDS_APART = timedelta(seconds=60)


class Merged(NamedTuple):
    """The changes by time and id, and the notes of the sources and of the merging."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...]


class _Known(NamedTuple):
    """A change and the source that it stands in."""

    change: Change
    source: str


def merge(parts: Iterable[LoadedChanges], now: datetime) -> Merged:
    """All changes, by time and id.

    Rows that say the same are one change. Where sources have different changes under one id, each gets the name of its
    source in front; the result does not depend on the order of the sources.

    Raises
    ------
    ChangesError
        Where one source has different changes under one id.
    """
    parts = list(parts)
    notes = [note for part in parts for note in part.notes]
    names = source_names([part.source for part in parts])
    kept: dict[str, list[_Known]] = {}
    repeated: list[str] = []
    for part in parts:
        for change in part.changes:
            _keep(_Known(change, part.source), kept.setdefault(change.id, []), repeated)
    clashing = [id for id, known in kept.items() if len(known) > 1]
    known = [one for id, group in kept.items() for one in (_renamed(group, names, kept) if len(group) > 1 else group)]
    ordered = sorted(known, key=lambda one: (one.change.time, one.change.id))
    notes += _told(clashing, repeated, [one.change for one in ordered], now)
    notes += _twice(ordered)
    return Merged(tuple(one.change for one in ordered), tuple(notes))


def _keep(new: _Known, known: list[_Known], repeated: list[str]) -> None:
    """Put a change to those of its id, unless it is one of them.

    Raises
    ------
    ChangesError
        If its source has another change under the same id.
    """
    place = new.change.origin or f"change {show(new.change.id)}"
    for at, old in enumerate(known):
        if old.change == new.change:
            repeated.append(place)
            # Of two that say the same the one of the first source by name stays, whatever came first.
            known[at] = min(old, new, key=lambda one: (one.source, one is new))
            return
        if old.source == new.source:
            got = f"{show(new.change.id)}, which {old.change.origin or 'an earlier change'} has for another change"
            raise complaint(f"{place}, field 'id'", got, "an id for each", "another id for one of them")
    known.append(new)


def _renamed(group: list[_Known], names: dict[str, str], kept: dict[str, list[_Known]]) -> Iterator[_Known]:
    for change, source in group:
        new = f"{names[source]}:{change.id}"
        if new in kept:
            got = f"{show(new)}, which is another change's id as well"
            raise complaint(f"{change.origin}, field 'id'", got, "an id for each", "another id for one of them")
        yield _Known(replace(change, id=new), source)


def source_names(sources: Sequence[str]) -> dict[str, str]:
    """A short name for each source: its last parts, as many as tell it from the others; ``list`` for the caller's own.

    Examples
    --------
    >>> source_names(["logs/a/helm.json", "logs/b/helm.json", "git.json", ""])
    {'logs/a/helm.json': 'a/helm', 'logs/b/helm.json': 'b/helm', 'git.json': 'git', '': 'list'}
    """
    distinct = list(dict.fromkeys(sources))
    for parts in (1, 2, 3):
        short = {source: _tail(source, parts) for source in distinct}
        if len(set(short.values())) == len(distinct):
            return short
    return {source: one_line(source) or "list" for source in distinct}


def _tail(source: str, parts: int) -> str:
    path = PurePath(source)
    return one_line("/".join((*path.parts[-parts:-1], path.stem))) or "list"


def _told(clashing: list[str], repeated: list[str], changes: list[Change], now: datetime) -> Iterator[str]:
    if repeated:
        yield f"{count(len(repeated), 'repetition')} of a change left out: {some(repeated)}"
    if clashing:
        shown = some([show(id) for id in sorted(clashing)])
        yield f"{count(len(clashing), 'id')} of several sources for different changes, now with their names: {shown}"
    ahead = [show(change.id) for change in changes if change.time > now]
    if ahead:
        yield f"{count(len(ahead), 'change')} later than this computer's clock: {some(ahead)}"


def _twice(ordered: Sequence[_Known]) -> Iterator[str]:
    """A note on changes that look like one which two tools, or one tool twice, wrote down; all of them stay."""
    lines: dict[Hashable, _Known] = {}
    pairs: list[str] = []
    for one in ordered:
        change = one.change
        if not change.service or change.kind == "other":
            continue
        key = (change.service.casefold(), change.kind)
        before = lines.get(key)
        if before is not None and _same_event(before, one):
            pairs.append(f"{show(before.change.id)} and {show(change.id)}")
        lines[key] = one
    if pairs:
        yield (
            f"{count(len(pairs), 'pair')} of changes may be one change told twice; both are kept and share its odds: "
            f"{some(pairs)}"
        )


def _same_event(first: _Known, second: _Known) -> bool:
    apart = second.change.time - first.change.time
    versions = [change.version.lstrip("vV") for change, _ in (first, second) if change.version]
    if first.source == second.source:
        return apart <= SECONDS_APART and len(versions) == 2 and versions[0] == versions[1]
    # One tool tells a commit, another a number: only two numbers can contradict each other.
    contradict = len(set(versions)) == 2 and all("." in version for version in versions)
    return (apart <= SECONDS_APART or second.change.time <= (first.change.end or first.change.time)) and not contradict
