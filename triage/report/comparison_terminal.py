"""A comparison for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from triage.display import common_folder
from triage.escape import one_line, short
from triage.report.comparison_words import HEAD, cells, correction_cells, headline, news, remarks

#: Differences shown, and notes.
SHOWN, NOTES = 40, 14
QUIET = "dim"


def render_comparison(summary: Mapping[str, Any], console: Console) -> None:
    """Print a comparison.

    Parameters
    ----------
    summary : mapping
        What `triage.report.comparison.summarise_comparison` gives.
    console : rich.console.Console
        Where to.
    """
    console.print(Text(headline(summary), "bold"))
    for sentence in news(summary)[:SHOWN]:
        console.print(Text(one_line(sentence, 400)))
    rows = summary["differences"]
    folder = common_folder([place for row in rows for place in (row["first_b"], row["last_a"]) if place])
    if rows:
        console.print(_table(rows[:SHOWN], folder))
    if len(rows) > SHOWN:
        console.print(Text(f"… {len(rows) - SHOWN} more; --format json prints all", QUIET))
    corrected = [f"Corrected: {kind}: {rule} ({records} records)" for kind, rule, records in _corrections(summary)]
    told = [*remarks(summary), *corrected]
    more = len(told) - NOTES
    said = [*told[:NOTES], *([f"and {more} more, in the report"] if more > 0 else [])]
    said += [f"Lines are those of sources in {folder}"] if folder else []
    for sentence in said:
        console.print(Text(one_line(sentence, 400), QUIET))


def _corrections(summary: Mapping[str, Any]) -> list[tuple[str, ...]]:
    return [correction_cells(row) for row in summary["corrections"]]


def _table(rows: list[Mapping[str, Any]], folder: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in HEAD:
        table.add_column(
            name, overflow="fold", no_wrap=name in ("kind", "level"), max_width=34 if name == "A to B" else None
        )
    for row in rows:
        *words, template, place = cells(row)
        found = [
            *(Text(short(word, 120)) for word in words),
            Text(short(template, 200)),
            Text(short(place.removeprefix(folder), 120), QUIET),
        ]
        table.add_row(*found)
    return table
