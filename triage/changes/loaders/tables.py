"""Tables that tools print for people: columns under their names, at least two spaces or a tab between cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo

from triage.changes.contract import LoadedChanges
from triage.changes.exports import Told
from triage.changes.rows import Row, read_rows

#: Between two cells of a table; one blank is a part of a cell.
_BETWEEN = re.compile(r"\t| {2,}")


def cells_under(text: str, names: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    r"""Each line below the header that names these columns, with its number from 1; what a row lacks is left out.

    Tables with tabs are cut at them. Others are cut where the columns begin in the header, so that an empty cell
    moves no other.

    Examples
    --------
    >>> cells_under("ID  DATE   REVISION\n0   today  main (f1b5b2f)\n", ("ID", "DATE", "REVISION"))
    [(2, {'ID': '0', 'DATE': 'today', 'REVISION': 'main (f1b5b2f)'})]
    """
    lines = text.split("\n")
    start = next((place for place, line in enumerate(lines) if line.lstrip().startswith(names[0])), None)
    if start is None:
        return []
    header = lines[start].rstrip("\r")
    known = [name for name in names if re.search(rf"(?:^|\s){re.escape(name)}(?:\s|$)", header)]
    found = []
    for number, line in enumerate(lines[start + 1 :], start + 2):
        if line.strip():
            cells = _cut(line.rstrip("\r"), header, known)
            found.append((number, {name: cell for name, cell in zip(known, cells, strict=False) if cell}))
    return found


def _cut(line: str, header: str, names: Sequence[str]) -> list[str]:
    if "\t" in line:
        return [cell.strip() for cell in line.split("\t")]
    starts = [header.index(name) for name in names]
    ends = [*starts[1:], len(line)]
    if all(start == 0 or line[start - 1 : start] in (" ", "") for start in starts):
        return [line[start:end].strip() for start, end in zip(starts, ends, strict=True)]
    return [cell.strip() for cell in _BETWEEN.split(line.strip())]


def load_rows(told: Told, lines: Sequence[int], tool: str, source: str, tz: tzinfo) -> LoadedChanges:
    """The changes of a table's rows, each named by its line, and what is to be said of them.

    Raises
    ------
    ChangesError
        Names the line, from 1.
    """
    loaded = read_rows(line_rows(told.rows, lines, tool), source, tz)
    return LoadedChanges(loaded.changes, tuple(f"{source}: {note}" for note in told.notes) + loaded.notes)


def line_rows(rows: Sequence[Row], lines: Sequence[int], tool: str) -> list[Row]:
    """The rows, each named by its line and with the name of its tool."""
    pairs = zip(rows, lines, strict=True)
    return [replace(row, where=f"line {line}", values={"tool": tool, **row.values}) for row, line in pairs]
