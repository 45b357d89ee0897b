"""All changes of an incident, from whatever holds them, in order of time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import polars as pl

from triage.changes.change import Change
from triage.changes.contract import LoadedChanges
from triage.changes.frames import frame_rows, is_frame
from triage.changes.loaders import LOADERS
from triage.changes.loaders.git_tags import PREFIX
from triage.changes.loaders.text import missing, read_text
from triage.changes.rows import Row, read_rows
from triage.changes.times import as_zone
from triage.changes.wording import complaint, count, one_line, show, some

_UTC_NS = pl.Datetime("ns", "UTC")
SCHEMA: dict[str, pl.DataType] = {
    "id": pl.String(), "time": _UTC_NS, "end": _UTC_NS, "kind": pl.String(), "service": pl.String(),
    "version": pl.String(), "summary": pl.String(),
}  # fmt: skip


@dataclass(frozen=True)
class Changes:
    """The changes of an incident, sorted by time and id, and what was assumed in reading them.

    Parameters
    ----------
    changes : tuple of Change
    notes : tuple of str
        Each a sentence that names the source and the rows.
    """

    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def to_dicts(self) -> list[dict[str, Any]]:
        """The content of a ``changes.json``; `load_changes` reads it back the same."""
        return [change.to_dict() for change in self.changes]

    def to_polars(self) -> pl.DataFrame:
        """One row a change: id, time, end, kind, service, version, summary; times are UTC in nanoseconds.

        Examples
        --------
        >>> load_changes([{"id": "c1", "time": "2024-05-01T12:30:00Z", "kind": "deploy"}]).to_polars().shape
        (1, 7)
        """
        return pl.DataFrame(
            {name: [getattr(change, name) for change in self.changes] for name in SCHEMA}, schema=SCHEMA
        )


Item = Mapping[str, Any] | Change | str | os.PathLike[str]
Source = None | str | os.PathLike[str] | Changes | Sequence[Item] | Any


def load_changes(source: Source, tz: str | tzinfo = "UTC") -> Changes:
    """Read the changes of an incident.

    Parameters
    ----------
    source : None, path, specification, sequence or frame
        The path of a JSON, NDJSON or CSV file or of a git repository; ``git:FOLDER?service=NAME``; a sequence
        of mappings, of `Change` or of paths; or a pandas, polars or Arrow frame. None means no changes.
    tz : str or tzinfo
        For times that carry no zone; the notes say which did not.

    Returns
    -------
    Changes
        Rows that say the same are one change; the notes tell how many there were.

    Raises
    ------
    ChangesError
        One line: the source, the row, the field, what arrived, what was wanted, what to try.
    UsageError
        For an unknown time zone.

    Examples
    --------
    >>> changes = load_changes([{"id": "d7", "at": "2024-05-01 14:30", "type": "rollout", "app": "cart"}],
    ...                        tz="Europe/Berlin")
    >>> changes.to_dicts()
    [{'id': 'd7', 'time': '2024-05-01T12:30:00Z', 'kind': 'deploy', 'service': 'cart'}]
    >>> changes.notes
    ('changes: no time zone, read as Europe/Berlin (1 change: row 1)',)
    >>> load_changes([{"id": "d8", "time": "noon"}])
    Traceback (most recent call last):
    ...
    triage.errors.ChangesError: changes, row 1, field 'time': got 'noon', wanted an ISO 8601 time or an epoch
    number; try '2024-05-01T12:30:00Z'
    """
    zone = as_zone(tz)
    if isinstance(source, Changes):
        return source
    return _merge(_parts(source, zone), datetime.now(UTC))


def _parts(source: Source, zone: tzinfo) -> list[LoadedChanges]:
    if source is None:
        return []
    if isinstance(source, str) and not source.strip():
        raise complaint("changes", "an empty name", "the path of a list of changes", "'changes.json'")
    if isinstance(source, str | os.PathLike):
        return [_load_path(os.fspath(source), zone)]
    if is_frame(source):
        return [_read_mappings(enumerate(frame_rows(source), 1), zone)]
    if isinstance(source, Iterable) and not isinstance(source, Mapping | bytes):
        return _load_items(source, zone)
    raise complaint("changes", show(source), "a path, a list of objects or a frame", "a list of dicts")


def _load_path(spec: str, zone: tzinfo) -> LoadedChanges:
    if not spec.startswith(PREFIX) and not os.path.lexists(Path(spec)):
        raise missing(spec)
    for loader in LOADERS:
        if loader.accepts(spec):
            return loader.load(spec, zone)
    read_text(spec)  # an empty or binary file is told as such
    wanted = ", ".join(dict.fromkeys(loader.name for loader in LOADERS if loader.name))
    raise complaint(one_line(spec), "a file of no known kind", wanted, "a name that ends in .json or .csv")


def _load_items(items: Iterable[Any], zone: tzinfo) -> list[LoadedChanges]:
    parts: list[LoadedChanges] = []
    mappings: list[tuple[int, Mapping[str, Any]]] = []
    for number, item in enumerate(items, 1):
        if isinstance(item, Change):
            parts.append(LoadedChanges((item,)))
        elif isinstance(item, Mapping):
            mappings.append((number, item))
        elif isinstance(item, str | os.PathLike):
            parts.append(_load_path(os.fspath(item), zone))
        else:
            raise complaint(f"changes, row {number}", show(item), "an object", "a dict with a 'time'")
    return [*parts, _read_mappings(mappings, zone)]


def _read_mappings(numbered: Iterable[tuple[int, Mapping[str, Any]]], zone: tzinfo) -> LoadedChanges:
    return read_rows((Row(f"row {number}", values) for number, values in numbered), "changes", zone)


def _merge(parts: Iterable[LoadedChanges], now: datetime) -> Changes:
    kept: dict[str, Change] = {}
    repeated: list[str] = []
    notes: list[str] = []
    for part in parts:
        notes += part.notes
        for change in part.changes:
            first = kept.setdefault(change.id, change)
            if first is not change:
                repeated.append(_repetition(first, change))
    ahead = [show(change.id) for change in kept.values() if change.time > now]
    if repeated:
        notes.append(f"{count(len(repeated), 'repetition')} of a change left out: {some(repeated)}")
    if ahead:
        notes.append(f"{count(len(ahead), 'change')} later than this computer's clock: {some(ahead)}")
    return Changes(tuple(sorted(kept.values(), key=lambda change: (change.time, change.id))), tuple(notes))


def _repetition(first: Change, second: Change) -> str:
    """The place of a change that was there before.

    Raises
    ------
    ChangesError
        If it is another change under the same id.
    """
    place = second.origin or f"change {show(second.id)}"
    if first != second:
        got = f"{show(second.id)}, which {first.origin or 'an earlier change'} has for another change"
        raise complaint(f"{place}, field 'id'", got, "an id for each", "another id for one of them")
    return place
