"""Changes from CSV with a header; commas, semicolons, tabs or bars between the cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path

from triage.changes.contract import LoadedChanges
from triage.changes.loaders.text import first_character, read_text
from triage.changes.rows import ALIASES, Row, normalised, read_rows
from triage.changes.wording import complaint, count, one_line, show, some

SUFFIXES = (".csv", ".tsv", ".tab")
DELIMITERS = ",;\t|"

#: The cells of one row and the line it begins at, a quoted cell may go over several.
Cells = tuple[int, list[str]]


class CsvFile:
    """Reads a table with a header; columns go by the names in `triage.changes.rows.ALIASES`."""

    name = "CSV with a header"

    def accepts(self, spec: str) -> bool:
        """By its suffix; a file with another one, if its first line names a time."""
        if Path(spec).suffix.lower() in SUFFIXES:
            return True
        return bool(first_character(spec)) and _names_a_time(spec)

    def load(self, spec: str, tz: tzinfo) -> LoadedChanges:
        """All changes of the file.

        Raises
        ------
        ChangesError
            Names the line (from 1, the header's) and the column.
        """
        text, source = read_text(spec), one_line(spec)
        rows = _cells(text, source)
        start, header = next(rows)
        names = _checked_header(header, f"{source}, line {start}")
        given = [_row(line, cells, names, source) for line, cells in rows]
        filled = [row for row in given if row.values]
        loaded = read_rows(filled, source, tz)
        empty = [row.where for row in given if not row.values]
        note = f"{source}: {count(len(empty), 'row')} of empty cells left out: {some(empty)}"
        return LoadedChanges(loaded.changes, loaded.notes + ((note,) if empty else ()))


def _names_a_time(spec: str) -> bool:
    with Path(spec).open("rb") as file:
        line = file.readline(4096).decode("utf-8-sig", "replace")
    names = line.strip().split(_delimiter(line))
    return any(normalised(name.strip(' "')) in ALIASES["time"] for name in names)


def _delimiter(line: str) -> str:
    """The delimiter that stands most often outside quotes in the header; a comma if none does."""
    bare = "".join(line.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


def _cells(text: str, source: str) -> Iterator[Cells]:
    """Each row that is not blank, with the line where it begins."""
    header = text.lstrip("\r\n").splitlines()[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(header), strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        wanted, hint = "quotes in pairs and cells under 128 KiB", '"" for a quote within quotes'
        why = str(error).replace("\t", "\\t")  # it names the delimiter as it is
        raise complaint(f"{source}, line {line}", f"a row that is not CSV ({why})", wanted, hint) from None


def _checked_header(header: list[str], place: str) -> list[str]:
    names = [name.strip() or f"column_{number}" for number, name in enumerate(header, 1)]
    known = [normalised(name) for name in names]
    for number, name in enumerate(known):
        if name in known[:number]:
            got = f"the column {show(names[number])} twice"
            raise complaint(place, got, "each column once", "renaming one of them")
    if not set(known) & set(ALIASES["time"]):
        got = f"the columns {some([show(name) for name in names], most=6)}"
        raise complaint(place, got, "one with the time of each change", "calling it 'time'")
    return names


def _row(line: int, cells: list[str], names: list[str], source: str) -> Row:
    if len(cells) > len(names):
        got, wanted = count(len(cells), "cell"), f"{len(names)} as in the header"
        raise complaint(f"{source}, line {line}", got, wanted, "quotes around a cell with a delimiter in it")
    pairs = zip(names, cells, strict=False)  # a row may leave out its last cells
    return Row(f"line {line}", {name: cell for name, cell in pairs if cell.strip()})
