"""What notebooks and terminals show of a ledger: no wider than a cell of a notebook, however many sources there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from triage.display import aligned, breakable, bullets, common_folder, folded, table, wrapped

if TYPE_CHECKING:
    from triage.ingest.ledger import Ledger, SourceLedger

#: Sources and assumptions that are shown at once; sources that a fold holds besides, and lines of a terminal.
SHOWN, NOTES, MOST, LINES = 20, 6, 500, 12
#: So many columns leave room for the time range in one line.
FEW = 8
#: Counts of lines; those that are always shown; other columns of counts only where there is one above 0.
COUNTS = ("lines", "records", "continuations", "blank", "undecodable", "untimed")
ALWAYS = ("lines", "records")
TIMES = "time range (UTC)"
#: Characters of a date, and of a time range that does not leave it.
DATE, ONE_DAY = len("2026-11-21"), len("2026-11-21 03:48:03 - 04:12:19")


class View(NamedTuple):
    """The cells of a table of sources, without what is the same in all."""

    folder: str
    head: list[str]
    rows: list[list[str]]
    numbers: frozenset[str]


def ledger_html(ledger: Ledger) -> str:
    """A table of the sources, those first that ask for a look where they are many; then what was assumed."""
    view = _view(ledger)
    *cells, total = [[breakable(source), *rest] for source, *rest in view.rows]
    more, whole = cells[SHOWN:], ["zone", *(view.head[-1:] if len(view.head) <= FEW else [])]
    found = [table(view.head, [*cells[:SHOWN], total], headline(ledger), view.numbers, whole)]
    if view.folder:
        found.append(f"<p>Sources are in <code>{breakable(view.folder)}</code></p>")
    if more:
        hidden = f" (the first {MOST} of them)" if len(more) > MOST else ""
        rest = table(view.head, more[:MOST], "", view.numbers, whole)
        found.append(folded(f"{len(more):,} more sources{hidden}", rest))
    return "".join([*found, *_notes(ledger.assumptions)])


def ledger_text(ledger: Ledger) -> str:
    """A few lines: the sum, a row a source, and what was assumed."""
    view = _view(ledger)
    keep = [place for place, name in enumerate(view.head) if name != view.head[-1]]  # the time range has no room
    rows = [[row[place] for place in keep] for row in (view.head, *view.rows[:LINES])]
    right = {place for place, name in enumerate(rows[0]) if name in view.numbers}
    more, hidden = len(ledger.sources) - LINES, len(ledger.assumptions) - NOTES
    return "\n".join(
        [
            *wrapped(f"Ledger: {headline(ledger)}{f', in {view.folder}' if view.folder else ''}"),
            *aligned(rows[: len(ledger.sources) + 1], right, wide=0),
            *([f"  and {more:,} more sources"] if more > 0 else []),
            *(line for note in ledger.assumptions[:NOTES] for line in wrapped(note, "  - ")),
            *([f"  and {hidden:,} more notes, in its assumptions"] if hidden > 0 else []),
        ]
    )


def headline(ledger: Ledger) -> str:
    """How many lines there are, and that none is missing.

    Examples
    --------
    >>> from triage.ingest.ledger import Ledger, SourceLedger
    >>> headline(Ledger((SourceLedger("app.log", "generic", lines=3000, records=3000),)))
    '3,000 lines of 1 source, 0 unaccounted for'
    """
    count = len(ledger.sources)
    sources = "1 source" if count == 1 else f"{count:,} sources"
    return f"{ledger.lines:,} lines of {sources}, {ledger.unaccounted:,} unaccounted for"


def _view(ledger: Ledger) -> View:
    ordered = replace(ledger, sources=by_concern(ledger.sources)) if len(ledger.sources) > SHOWN else ledger
    folder = common_folder([source.source for source in ledger.sources])
    total = ["all", "", "", "", "", *(str(getattr(ledger, name)) for name in COUNTS), ""]
    columns = list(zip(ledger.HEAD, *ordered.rows(), total, strict=True))
    kept = [[*column] for column in columns if _says(column[0], column[1:-1])]
    kept[0] = [kept[0][0], *(name.removeprefix(folder) for name in kept[0][1:])]
    kept[-1] = _times(kept[-1])
    numbers = frozenset(ledger.NUMBERS)
    for column in kept:
        if column[0] in COUNTS:
            column[1:] = [f"{int(cell):,}" for cell in column[1:]]
    head, *rows = (list(row) for row in zip(*kept, strict=True))
    return View(folder, head, rows, numbers)


def _says(name: str, cells: Sequence[str]) -> bool:
    """Whether a column tells anything: no empty one does, nor zeros, nor the usual encoding."""
    if name in COUNTS:
        return name in ALWAYS or any(cell != "0" for cell in cells)
    return (any(cells) and (name != "encoding" or set(cells) != {"utf-8"})) or name in ("source", TIMES)


def _times(column: list[str]) -> list[str]:
    """A column of time ranges, the date said once where it is the same in all."""
    cells = column[1:]
    dates = {cell[:DATE] for cell in cells if cell}
    if len(dates) != 1 or any(len(cell) > ONE_DAY for cell in cells):
        return column
    return [f"{dates.pop()} (UTC)", *(cell[DATE + 1 :] for cell in cells)]


def by_concern(sources: Iterable[SourceLedger]) -> tuple[SourceLedger, ...]:
    """Sources in the order in which they ask for a look: damage, then the least sure ones, then those with notes."""
    return tuple(sorted(sources, key=_calm))


def _calm(source: SourceLedger) -> tuple[bool, float, bool]:
    sureness = 1.0 if source.sureness is None else source.sureness
    # To a tenth: a hundredth more or less is no reason to look.
    return not (source.undecodable or source.untimed), round(sureness, 1), not source.notes


def _notes(notes: Sequence[str]) -> list[str]:
    """What was assumed or damaged: the first ones, and the others in a fold."""
    rest = notes[NOTES:]
    fold = [folded(f"{len(rest):,} more notes", bullets(rest[:MOST]))] if rest else []
    return [f"<p>Assumed or damaged:</p>{bullets(notes[:NOTES])}", *fold] if notes else []
