"""What the command line prints: records and templates as tables or JSON, progress, and one-line errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, NoReturn

from triage.errors import UsageError

if TYPE_CHECKING:
    import polars as pl
    from rich.console import Console
    from rich.table import Table

    from triage.ingest import Ledger
    from triage.patterns import Outcome

TABLE_ROWS, SOURCE_ROWS = 200, 200
#: Widest table that is written where nobody looks at a margin.
WIDEST = 1000
#: What `--engine` takes.
ENGINE_HELP = "Read on a Dask cluster: dask://HOST:PORT, with ?folder=PATH for a folder that it shares with you."
#: What a column of the table of sources holds if it says nothing, and shorter heads, for narrow terminals.
USUAL = {"encoding": "utf-8", "continuations": "0", "blank": "0", "undecodable": "0", "untimed": "0"}
SHORT = {"sureness": "sure", "continuations": "cont.", "undecodable": "undec."}


def fail(message: str, code: int = 2) -> NoReturn:
    """One line on standard error, then exit."""
    from triage.escape import terminal

    line = " ".join(terminal(message).split())
    print(f"triage: {line}", file=sys.stderr)
    sys.exit(code)


def close_quietly() -> NoReturn:
    """Exit without the interpreter's complaint about a closed pipe."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


def say(message: str) -> None:
    """A remark, on standard error."""
    from triage.escape import terminal_line

    print(terminal_line(message), file=sys.stderr)


def tell_patterns(notes: Iterable[str], outcomes: Iterable[Outcome]) -> None:
    """Notes on templates, on standard error, and on corrections of them: above all, those that match nothing."""
    for note in notes:
        say(note)
    for one in outcomes:
        if one.note:
            say(f"correction: {one.rule.kind}: {one.rule.says}: {one.note}")


def write(text: str) -> None:
    """Text on standard output, as UTF-8 whatever the locale is."""
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    if not text.endswith("\n"):
        sys.stdout.buffer.write(b"\n")
    sys.stdout.flush()


def no_empty(logs: list[str]) -> list[str]:
    """The logs as given; an empty name is a mistake in a shell variable, not the current directory."""
    if any(not name for name in logs):
        raise UsageError("an empty name was given for logs: check the shell variable it came from")
    return logs


def console() -> Console:
    """Standard output for tables."""
    from rich.console import Console

    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without UTF-8 shows question marks, not a traceback
    return Console(highlight=False, soft_wrap=False)


def check_engine(address: str | None) -> str | None:
    """The address of a cluster as given, before any work is done on it."""
    from triage.ingest.engines import check_address

    if address is not None and check_address(address)[1] is None:
        say(f"records travel from {address} to this machine: with ?folder=PATH they stay in a folder that both share")
    return address


@contextmanager
def progress() -> Iterator[Callable[..., None] | None]:
    """What tells how much of a source is read: a line on standard error, and only on a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress as Bar
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    from triage.escape import terminal_line

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def tell(name: str, read: int, lines: int | None = None) -> None:
            counted = "" if lines is None else f", {lines:,} lines"
            bar.update(task, description=f"{escape(terminal_line(name))}  {read / 1e6:.0f} MB{counted}")

        yield tell
        bar.update(task, description="working on what was read")


def print_ledger(ledger: Ledger, screen: Console) -> None:
    """What became of each source, the totals, and what was assumed."""
    from triage.escape import terminal_line

    _print_sources(ledger, screen)
    counts = ledger.to_dict()
    names = ("lines", "records", "continuations", "blank", "undecodable", "untimed", "unaccounted")
    screen.print("ledger: " + ", ".join(f"{counts[name]} {name}" for name in names), soft_wrap=True)
    for note in ledger.assumptions:
        screen.print(f"  {terminal_line(note)}", markup=False, soft_wrap=True)


def _print_sources(ledger: Ledger, screen: Console) -> None:
    """The table of sources, as wide as it is; on a terminal too narrow for it, what says little is left out."""
    from rich.console import Console

    wide = Console(width=WIDEST, highlight=False)
    table = _source_table(ledger, narrow=False)
    needed = wide.measure(table).maximum
    if screen.is_terminal and needed > screen.width:
        screen.print(_source_table(ledger, narrow=True))
    else:
        Console(width=needed, highlight=False).print(table)
    if len(ledger.sources) > SOURCE_ROWS:
        screen.print(f"… {len(ledger.sources) - SOURCE_ROWS} more sources; rank --format json lists all")


def _source_table(ledger: Ledger, narrow: bool) -> Table:
    from rich.table import Table
    from rich.text import Text

    from triage.escape import terminal_line

    rows = [dict(zip(ledger.HEAD, row, strict=True)) for row in ledger.rows(SOURCE_ROWS)]
    shown = [name for name in ledger.HEAD if not narrow or any(row[name] != USUAL.get(name) for row in rows)]
    table = Table(box=None, pad_edge=False)
    for name in shown:
        table.add_column(
            SHORT.get(name, name) if narrow else name,
            justify="right" if name in ledger.NUMBERS else "left",
            overflow="fold",
            no_wrap=name in ledger.NUMBERS,
            min_width=20 if name == "source" and narrow else None,
        )
    for row in rows:
        table.add_row(*(Text(terminal_line(row[name])) for name in shown))
    return table


def write_templates(table: pl.DataFrame) -> None:
    """The templates as a JSON list."""
    import orjson

    names = ["template_id", "template", "count", "severity_text", "services", "first", "last"]
    names += ["muted"] if table["muted"].any() else []
    rows: list[dict[str, Any]] = [{name: row[name] for name in names} for row in table.iter_rows(named=True)]
    for row in rows:
        for name in ("first", "last"):
            row[name] = row[name].isoformat().replace("+00:00", "Z") if row[name] else None
    write(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())


def print_templates(table: pl.DataFrame) -> None:
    """The templates as a table."""
    from rich.table import Table
    from rich.text import Text

    from triage.escape import short, terminal
    from triage.template import level_span

    shown = Table(box=None, pad_edge=False)
    for name in ("id", "count", "level", "services", "template"):
        shown.add_column(name, no_wrap=name in ("id", "count"))
    for row in table.head(TABLE_ROWS).iter_rows(named=True):
        services, muted = ", ".join(row["services"][:3]), " (muted)" if row["muted"] else ""
        level = level_span(row["severity_text"], row["severity_number"]) or "-"
        cells = (row["template_id"], str(row["count"]), level, services, short(row["template"], 400) + muted)
        shown.add_row(*(Text(terminal(cell)) for cell in cells))
    screen = console()
    screen.print(shown)
    if len(table) > TABLE_ROWS:
        screen.print(f"… {len(table) - TABLE_ROWS} more templates; --format json prints all")
