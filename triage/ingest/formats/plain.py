"""Lines without any timestamp: each is a record of its own unless it plainly continues the one above."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from triage.ingest.context import Context
from triage.ingest.formats.base import PatternFormat, Reading
from triage.ingest.levels import HEAD_PATTERN, MARKS, numbers
from triage.ingest.schema import FIELDS, conform
from triage.ingest.traces import continues


def with_level(fields: pl.DataFrame) -> pl.DataFrame:
    """Fields with the level that the beginning of the body says, where nothing else says one."""
    word = pl.coalesce("severity_text", level_in(pl.col("body")))
    silent = pl.col("severity_number").is_null() & pl.col("severity_text").is_null()
    return fields.with_columns(
        word.alias("severity_text"),
        pl.when(silent).then(numbers(word)).otherwise("severity_number").alias("severity_number"),
    )


def level_in(text: pl.Expr) -> pl.Expr:
    """The word for a level that stands near the beginning of a text."""
    return text.str.slice(0, 60).str.extract(HEAD_PATTERN, 1).str.strip_chars(MARKS)


@dataclass(frozen=True)
class Plain:
    """The last resort: claims every line that does not read as a continuation."""

    name: str = "plain"
    multiline: bool = False
    follower: str | None = None

    def read(self, text: pl.Series, context: Context) -> Reading:
        """Read a column of lines."""
        return Reading(with_level(conform(pl.DataFrame({"body": text}), FIELDS)), ~continues(text))


PLAIN = Plain()


def _level(groups: pl.DataFrame) -> pl.DataFrame:
    return groups.with_columns(level_in(pl.col("body")).alias("level"))


#: A complete time anywhere in the line, with its zone or in brackets: for exports of events that put it in some field
#: of theirs, and for servers that log requests in their own way.
#: Not in an indented line: that is part of an object over several lines.
DATED_INSIDE = PatternFormat(
    "dated-inside",
    r"""^(?P<body>(?:\S.*?[=:"'\[( |]|[=:"'\[(|])"""
    r"""(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)\b"""
    r"""|[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d \d{4}\]|\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\]).*)$""",
    multiline=False,
    finish=_level,
    syntaxes=("iso-8601", "day-month-year", "ctime"),
    least=0.5,
)
