"""The ranking for a terminal, 80 columns wide or more."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from triage.escape import one_line, short
from triage.report.layout import LIKELY, page_of
from triage.report.page import CorrectionRow, Evidence, Page, Ranked
from triage.report.words import Summary

#: Hypotheses shown with their evidence, error groups shown, cells of a bar that stands for 100%.
EXPLAINED, GROUPS, BAR = 3, 5, 12
#: Findings shown of what failing lines share.
SHARED = 4
#: Notes, and assumptions, shown, and characters of each: the remedy stands at the end.
NOTES, NOTE_CHARS = 4, 900
#: Styles that say the same as the signs and words beside them.
FOR, AGAINST, QUIET = "green", "yellow", "dim"


def render_terminal(summary: Summary, console: Console, top: int = 5) -> None:
    """Print the ranking.

    Parameters
    ----------
    summary : mapping
        What `triage.report.summary.summarise` gives.
    console : rich.console.Console
        Where to; its width and its colours (none with NO_COLOR) are kept to.
    top : int
        At most so many hypotheses.
    """
    page = page_of(summary)
    console.print(_text(page.headline, "bold", most=1000))
    ranking, explained = _ranking(page, top), _explained(page, top)
    before, after = (_notes(page), _needs(page), ranking, _strip(page)), (_next(page), _groups(page), _shared(page))
    parts = (*before, *explained, *after)
    for part in parts:
        if part is not None:
            console.print()
            console.print(part)
    console.print()
    where = f" Sources: {page.folder}" if page.folder else ""
    console.print(_text(f"{page.ledger}{where}", QUIET))


def _text(text: str, style: str = "", most: int = 300) -> Text:
    """Text that is only text: rich reads markup, links and emoji codes in strings, but not in these."""
    return Text(one_line(text, most), style)


def _notes(page: Page) -> RenderableType | None:
    rows = [_text(f"Note: {note}", QUIET, NOTE_CHARS) for note in page.notes.rows[:NOTES]]
    rows += [_text(f"Assumed or damaged: {note}", QUIET, NOTE_CHARS) for note in page.assumptions.rows[:NOTES]]
    more = len(page.notes.rows[NOTES:]) + len(page.assumptions.rows[NOTES:])
    # What a note says of a correction is not said again.
    corrected = [row for row in page.corrections.rows if not row.told]
    rows += [_text(f"Corrected: {_correction(row)}", QUIET, NOTE_CHARS) for row in corrected[:NOTES]]
    more += page.notes.hidden + page.assumptions.hidden + len(corrected[NOTES:]) + page.corrections.hidden
    rows += [Text(f"and {more} more, in the report", QUIET)] if more else []
    return Group(*rows) if rows else None


def _needs(page: Page) -> RenderableType | None:
    why = [_text(f"Undecided: {page.undecided}")] if page.undecided else []
    needs = [Text("What would help most", "bold"), *(_text(f"- {need}") for need in page.needs)] if page.needs else []
    return Group(*why, *needs) if why or needs else None


def _correction(row: CorrectionRow) -> str:
    return f"{row.kind}: {row.correction} ({row.records} records)"


def _ranking(page: Page, top: int) -> RenderableType:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
    table.add_column("#", justify="right")
    table.add_column("odds", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("hypothesis", overflow="fold")
    rows = page.hypotheses.rows[:top]
    dated = any(row.when for row in rows)
    if dated:
        table.add_column("against the onset", overflow="fold")
    for row in rows:
        cells: list[str | Text] = [str(row.rank), row.odds, _bar(row.share), Text(short(row.name, 120)), row.when]
        table.add_row(*cells[: 5 if dated else 4], style="bold" if row.rank == 1 else "")
    more = len(page.hypotheses.rows[top:]) + page.hypotheses.hidden
    if more:
        table.caption = f"{more:,} more with lower odds"
        table.caption_justify = "left"
    return table


def _strip(page: Page) -> RenderableType | None:
    return Text("\n".join(page.strip), no_wrap=True, overflow="crop") if page.strip else None


def _bar(share: float) -> Text:
    full = round(share * BAR)
    return Text("━" * full, "bold") + Text("─" * (BAR - full), QUIET)


def _explained(page: Page, top: int) -> Iterator[RenderableType]:
    for row in page.hypotheses.rows[: min(top, EXPLAINED)]:
        if row.rank <= 2 or row.share >= LIKELY:
            yield Group(*_hypothesis(row))


def _hypothesis(row: Ranked) -> Iterator[RenderableType]:
    chance = f"; as good {row.chance}" if row.chance else ""
    yield Text(f"{row.rank}. {short(row.name, 120)} ({row.odds}{chance})", "bold")
    yield from _side("for", FOR, row.supporting)
    yield from _side("against", AGAINST, row.opposing)


def _side(name: str, style: str, side: tuple[Evidence, ...]) -> Iterator[RenderableType]:
    if not side:
        yield Padding(Text(f"{name}: nothing found", QUIET), (0, 0, 0, 3))
        return
    table = Table.grid(padding=(0, 1))
    table.add_column(width=7)
    table.add_column(width=8)
    table.add_column(width=5, justify="right")
    table.add_column(overflow="fold")
    for place, found in enumerate(side):
        table.add_row(Text(name if place == 0 else "", style), found.strength, found.weight, _statement(found))
    yield Padding(table, (0, 0, 0, 3))


def _statement(found: Evidence) -> Text:
    statement = _text(found.statement)
    if found.lines.rows:
        statement.append(" ").append_text(_text(f"[{found.lines.rows[0].place}]", QUIET))
    return statement


def _next(page: Page) -> RenderableType | None:
    if not page.next_steps:
        return None
    steps = Table.grid(padding=(0, 1))
    for place, step in enumerate(page.next_steps, 1):
        steps.add_row(f"{place}.", _text(step.step))
    return Group(Text("Check next", "bold"), steps)


def _groups(page: Page) -> RenderableType | None:
    if not page.groups.rows:
        return None
    table = Table.grid(padding=(0, 1))
    rows = page.groups.rows[:GROUPS]
    # Without widths rich takes room from the short columns when the long one needs more.
    table.add_column(justify="right", width=max(len(row.count) for row in rows))
    table.add_column(width=max(len(row.first) for row in rows))
    table.add_column(overflow="fold")
    for row in rows:
        table.add_row(row.count, row.first, Text(short(row.title, 120)))
        if row.frames:
            table.add_row("", "", Text(f"at {short(' from '.join(row.frames), 120)}", QUIET))
        for link in (*row.links, *([f"check: {row.next_check}"] if row.next_check else [])):
            table.add_row("", "", Text(short(link, 160), QUIET))
    more = len(page.groups.rows[GROUPS:]) + page.groups.hidden
    head = "Error groups (records, first, error)" + (f", the first {GROUPS} of {GROUPS + more}" if more else "")
    return Group(Text(head, "bold"), table)


def _shared(page: Page) -> RenderableType | None:
    rows = [Padding(_text(row.statement), (0, 0, 0, 3)) for row in page.shared.rows[:SHARED]]
    rows += [Padding(_text(sentence, QUIET), (0, 0, 0, 3)) for sentence in page.alike[: SHARED - len(rows)]]
    if not rows:
        return None
    more = len(page.shared.rows[SHARED:]) + page.shared.hidden
    head = "What the failing lines share" + (f", the first {SHARED} of {SHARED + more}" if more else "")
    return Group(Text(head, "bold"), *rows)
