"""What the export of a tool is, and how its JSON is looked into: nothing in it is taken for granted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from triage.changes.rows import Row
from triage.changes.wording import count, show, some

Object = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """The rows that an export tells of, under the names of `triage.changes.rows`, and what was left out or assumed."""

    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()


class Export(Protocol):
    """What one tool exports as JSON: a small file in `triage.changes.loaders` and a line in `EXPORTS` there."""

    @property
    def name(self) -> str:
        """For messages and the attribute ``tool`` of the changes."""
        ...

    def told(self, document: Any, source: str) -> Told | None:
        """The rows of a document of this tool; None for any other document. `source` is for messages.

        Raises
        ------
        ChangesError
            If it is this tool's, and tells of no changes whatever it holds.
        """
        ...


def told_by(exports: Iterable[Export], document: Any, source: str) -> Told | None:
    """What the first export that knows a document tells of, each row with the name of its tool; None if none does."""
    for export in exports:
        told = export.told(document, source)
        if told is not None:
            rows = (replace(row, values={"tool": export.name, **row.values}) for row in told.rows)
            return replace(told, rows=tuple(rows))
    return None


def objects(document: Any, *under: str) -> list[Object] | None:
    """The objects of a list, of pages in a list, or under a name; None where there are other things.

    Examples
    --------
    >>> objects([[{"id": 1}], [{"id": 2}]]), objects({"runs": [{"id": 1}]}, "runs"), objects({"x": 1}, "runs")
    ([{'id': 1}, {'id': 2}], [{'id': 1}], None)
    """
    pages = document if isinstance(document, list) else [document]
    for name in under:
        if pages and all(isinstance(page, Mapping) and isinstance(page.get(name), list) for page in pages):
            return _all_objects([item for page in pages for item in page[name]])
    if not isinstance(document, list):
        return None
    nested = document and all(isinstance(page, list) for page in document)
    return _all_objects([item for page in document for item in page] if nested else document)


def _all_objects(items: list[Any]) -> list[Object] | None:
    return items if all(isinstance(item, Mapping) for item in items) else None


def listed(document: Any, *names: str) -> list[Object] | None:
    """The objects of a list, where there are any and each has all these names."""
    found = objects(document)
    return found if found and all(name in item for item in found for name in names) else None


def dig(value: Any, *names: str | int) -> Any:
    """What stands under names inside each other; None where something else stands there.

    Examples
    --------
    >>> dig({"a": [{"b": 1}]}, "a", 0, "b"), dig({"a": 7}, "a", "b")
    (1, None)
    """
    for name in names:
        if isinstance(name, int):
            value = value[name] if isinstance(value, list) and name < len(value) else None
        else:
            value = value.get(name) if isinstance(value, Mapping) else None
    return value


def text(value: Any, *names: str | int) -> str:
    """Text that stands under names, or a number as text; empty for anything else."""
    found = dig(value, *names)
    if isinstance(found, bool) or not isinstance(found, str | int):
        return ""
    return str(found).strip()


def filled(**values: Any) -> dict[str, Any]:
    """The values that are there."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def left_out(reasons: Iterable[str], noun: str, why: str) -> tuple[str, ...]:
    """A note on what was left out, the most frequent first; none where nothing was.

    Examples
    --------
    >>> left_out(["Pulled", "BackOff", "Pulled"], "event", "no changes of their own")
    ('3 events left out, no changes of their own: Pulled (2), BackOff (1)',)
    """
    counts = Counter(reason[:60] for reason in reasons)
    if not counts:
        return ()
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    names = [f"{show(name)[1:-1]} ({number})" for name, number in ordered]
    return (f"{count(counts.total(), noun)} left out, {why}: {some(names, most=6)}",)


def numbered(values: Sequence[Mapping[str, Any]]) -> tuple[Row, ...]:
    """Rows by their place in the export."""
    return tuple(Row(f"row {number}", value) for number, value in enumerate(values, 1))
