"""Raw lines as a frame that shows them whole: what other frames show of a text ends after some thirty characters."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import polars as pl

from triage.display import Markup, breakable, escaped, folded, in_words, table
from triage.escape import clip, short, terminal, terminal_line

#: Rows that are shown, and characters and lines of one.
ROWS, CHARACTERS, LINES = 20, 1200, 6
#: Columns that are shown.
NEEDED = frozenset({"timestamp", "source", "line", "service_name", "raw"})


class RawLines(pl.DataFrame):
    """The frame that `Incident.lines` gives; with other columns it is an ordinary frame.

    Examples
    --------
    >>> row = {"timestamp": [None], "source": ["logs/app.log"], "line": [7], "service_name": ["till"]}
    >>> found = RawLines(pl.DataFrame({**row, "line_count": [1], "severity_text": ["ERROR"], "raw": ["drawer stuck"]}))
    >>> found
    1 record
    app.log:7 | drawer stuck
    >>> found.select("line", "raw").rows()
    [(7, 'drawer stuck')]
    """

    def _repr_html_(self, *, _from_series: bool = False) -> str:
        if not set(self.columns) >= NEEDED:
            return str(pl.DataFrame(self)._repr_html_())
        rows = [_cells(row) for row in self.head(ROWS).iter_rows(named=True)]
        head = ("time (UTC)", "place", "service", "line")
        return table(head, rows, self._counted(), whole=head[:1]) + (f"<p>{self._more()}</p>" if self._more() else "")

    def __repr__(self) -> str:
        """A line a record, or more where it has more."""
        if not set(self.columns) >= NEEDED:
            return str(pl.DataFrame(self))
        shown = [_text(row) for row in self.head(ROWS).iter_rows(named=True)]
        return "\n".join(filter(None, [self._counted(), *shown, self._more()]))

    __str__ = __repr__

    def _counted(self) -> str:
        return "1 record" if len(self) == 1 else f"{len(self):,} records"

    def _more(self) -> str:
        return f"{len(self) - ROWS:,} more" if len(self) > ROWS else ""

    def __reduce__(self) -> tuple[Any, ...]:
        """Sent elsewhere as what it is."""
        return RawLines, (pl.DataFrame(self.to_dict()),)


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    raw = row["raw"] or ""
    first, _, rest = raw.partition("\n")
    text = Markup(f"<code>{in_words(first, CHARACTERS)}</code>")
    if rest:
        count = rest.count("\n") + 1
        text = Markup(text + folded(f"{count:,} more lines" if count > 1 else "1 more line", _block(rest)))
    return _time(row["timestamp"]), _place(row), row["service_name"] or "", text


def _block(text: str) -> str:
    return f"<pre>{escaped(text, 4 * CHARACTERS)}</pre>"


def _place(row: dict[str, Any]) -> Markup:
    return breakable(f"{row['source']}:{row['line']}")


def _time(at: Any) -> str:
    return "" if at is None else at.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def _text(row: dict[str, Any]) -> str:
    lines = clip(row["raw"] or "", CHARACTERS).split("\n")
    more = [f"    … {len(lines) - LINES:,} more lines"] if len(lines) > LINES else []
    time = f"{_time(row['timestamp'])[11:]} " if row["timestamp"] else ""
    place = short(f"{PurePath(row['source']).name}:{row['line']}", 40)
    below = [f"    {terminal(line)}" for line in lines[1:LINES]]
    return "\n".join([f"{time}{place} | {terminal_line(lines[0])}", *below, *more])
