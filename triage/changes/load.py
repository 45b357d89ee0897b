"""All changes of an incident, from whatever holds them, in order of time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import polars as pl

from triage.changes.change import Change
from triage.changes.contract import LoadedChanges
from triage.changes.exports import Told, told_by
from triage.changes.folders import files_in, is_repository, left_out_note
from triage.changes.frames import frame_rows, is_frame
from triage.changes.loaders import EXPORTS, LOADERS
from triage.changes.loaders.git_tags import PREFIX
from triage.changes.loaders.text import missing, read_text
from triage.changes.merging import merge
from triage.changes.rows import Row, read_rows
from triage.changes.times import as_zone
from triage.changes.view import changes_html, changes_text
from triage.changes.wording import complaint, one_line, show

_UTC_NS = pl.Datetime("ns", "UTC")
SCHEMA: dict[str, pl.DataType] = {
    "id": pl.String(), "time": _UTC_NS, "end": _UTC_NS, "kind": pl.String(), "service": pl.String(),
    "version": pl.String(), "summary": pl.String(),
}  # fmt: skip


@dataclass(frozen=True, repr=False)
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

    def __repr__(self) -> str:
        """A line a change for terminals; notebooks show `_repr_html_`."""
        return changes_text(self.changes, self.notes)

    def _repr_html_(self) -> str:
        return changes_html(self.changes, self.notes)


Item = Mapping[str, Any] | Change | str | os.PathLike[str]
Source = None | str | os.PathLike[str] | Changes | Sequence[Item] | Any


def load_changes(source: Source, tz: str | tzinfo = "UTC") -> Changes:
    """Read the changes of an incident.

    Parameters
    ----------
    source : None, path, specification, sequence or frame
        The path of a JSON, NDJSON or CSV file, of what a tool exports (see `triage.changes.loaders`), of a folder of
        such files or of a git repository; ``git:FOLDER?service=NAME``; a sequence of mappings, of `Change` or of
        paths; what a tool's API answered; or a pandas, polars or Arrow frame. None means no changes.
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
    merged = merge(_parts(source, zone), datetime.now(UTC))
    return Changes(merged.changes, merged.notes)


def _parts(source: Source, zone: tzinfo) -> list[LoadedChanges]:
    if source is None:
        return []
    if isinstance(source, str) and not source.strip():
        raise complaint("changes", "an empty name", "the path of a list of changes", "'changes.json'")
    if isinstance(source, str | os.PathLike):
        return _load_path(os.fspath(source), zone)
    if is_frame(source):
        return [_read_mappings(enumerate(frame_rows(source), 1), zone)]
    told = told_by(EXPORTS, source, "changes") if isinstance(source, dict | list) else None
    if told is not None:
        return [_loaded(told, zone)]
    if isinstance(source, Iterable) and not isinstance(source, Mapping | bytes):
        return _load_items(source, zone)
    raise complaint("changes", show(source), "a path, a list of objects or a frame", "a list of dicts")


def _load_path(spec: str, zone: tzinfo) -> list[LoadedChanges]:
    if not spec.startswith(PREFIX) and not os.path.lexists(Path(spec)):
        raise missing(spec)
    if not spec.startswith(PREFIX) and Path(spec).is_dir() and not is_repository(Path(spec)):
        return _load_folder(Path(spec), zone)
    loaded = _load_known(spec, zone)
    if loaded is not None:
        return [loaded]
    read_text(spec)  # an empty or binary file is told as such
    wanted = ", ".join(dict.fromkeys(loader.name for loader in LOADERS if loader.name))
    raise complaint(one_line(spec), "a file of no known kind", wanted, "a name that ends in .json or .csv")


def _load_known(spec: str, zone: tzinfo) -> LoadedChanges | None:
    """What the first loader reads that accepts a specification; None where none does."""
    loader = next((loader for loader in LOADERS if loader.accepts(spec)), None)
    return replace(loader.load(spec, zone), source=spec) if loader else None


def _load_folder(folder: Path, zone: tzinfo) -> list[LoadedChanges]:
    """Every file of changes right in a folder; what is none by its content is left out, and told.

    Raises
    ------
    ChangesError
        If none of the files is one.
    """
    files, folders = files_in(folder)
    loaded = {file: _load_known(str(file), zone) for file in files}
    parts = [part for part in loaded.values() if part is not None]
    if not parts:
        wanted = ", ".join(dict.fromkeys(loader.name for loader in LOADERS if loader.name))
        raise complaint(
            one_line(str(folder)), "a folder with no file of a known kind", wanted, "git:FOLDER for its tags"
        )
    others = [file.name for file, part in loaded.items() if part is None]
    notes = [left_out_note(folder, others, "file")] if others else []
    notes += [left_out_note(folder, folders, "folder")] if folders else []
    return [*parts, LoadedChanges(notes=tuple(notes))]


def _loaded(told: Told, zone: tzinfo) -> LoadedChanges:
    loaded = read_rows(told.rows, "changes", zone)
    return replace(loaded, notes=tuple(f"changes: {note}" for note in told.notes) + loaded.notes)


def _load_items(items: Iterable[Any], zone: tzinfo) -> list[LoadedChanges]:
    parts: list[LoadedChanges] = []
    mappings: list[tuple[int, Mapping[str, Any]]] = []
    for number, item in enumerate(items, 1):
        if isinstance(item, Change):
            parts.append(LoadedChanges((item,)))
        elif isinstance(item, Mapping):
            mappings.append((number, item))
        elif isinstance(item, str | os.PathLike):
            parts += _load_path(os.fspath(item), zone)
        else:
            raise complaint(f"changes, row {number}", show(item), "an object", "a dict with a 'time'")
    return [*parts, _read_mappings(mappings, zone)]


def _read_mappings(numbered: Iterable[tuple[int, Mapping[str, Any]]], zone: tzinfo) -> LoadedChanges:
    return read_rows((Row(f"row {number}", values) for number, values in numbered), "changes", zone)
