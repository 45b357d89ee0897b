"""logfmt: ``key=value`` pairs, quoted where they hold blanks."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from triage.ingest.context import Context
from triage.ingest.formats.base import Reading, claims_nothing
from triage.ingest.formats.fields import TIMELIKE, Row, row_of, rows_reading

KEY = r"[A-Za-z_@][\w.@/-]*"
VALUE = r'(?:"(?:[^"\\]|\\.)*"|[^\s"]*)'
#: At least three pairs, nothing else before the third; two in a message, which has a time already.
SHAPE, SHAPE_INSIDE = rf"^(?:<[0-9]{{1,3}}>)?\s*(?:{KEY}={VALUE}\s+){{2}}{KEY}=", rf"^\s*{KEY}={VALUE}\s+{KEY}="
#: Linear: a value ends where its quotes or its blanks say, and nothing is tried twice.
PAIR = re.compile(rf'({KEY})=("(?:[^"\\]|\\.)*"|[^\s"]*)|\S+')
LONGEST = 100_000


@dataclass(frozen=True)
class Logfmt:
    """Lines that are key=value pairs and hold a time under one of the usual names, or a level and a message.

    Attributes
    ----------
    shape : str
        A pattern of such lines.
    """

    shape: str = SHAPE
    name: str = "logfmt"
    multiline: bool = False
    follower: str | None = None

    def read(self, text: pl.Series, context: Context) -> Reading:
        """Read a column of lines."""
        shaped = text.str.contains(self.shape).fill_null(False)
        if not shaped.any():
            return claims_nothing(text)
        return rows_reading(
            [_row(line) if ok else None for line, ok in zip(text.to_list(), shaped.to_list(), strict=True)], context
        )


def _row(line: str) -> Row | None:
    if len(line) > LONGEST:
        return None
    pairs = {pair[1]: _bare(pair[2]) for pair in PAIR.finditer(line, _behind_priority(line)) if pair[1]}
    row = row_of({key: value for key, value in pairs.items() if value not in ("", "-")}, line)
    timed = row["timestamp"] and TIMELIKE.search(row["timestamp"])
    return row if timed or (row["severity_text"] and row["body"] != line) else None


def _behind_priority(line: str) -> int:
    """Where the pairs begin in a line that may have a syslog priority in front."""
    return line.find(">", 0, 5) + 1 if line.startswith("<") else 0


def _bare(value: str) -> str:
    if not value.startswith('"'):
        return value
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), value[1:-1])


LOGFMT, LOGFMT_INSIDE = Logfmt(), Logfmt(SHAPE_INSIDE)
