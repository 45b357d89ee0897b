"""Any line with a timestamp near its beginning: level, logger and message are found around it."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from triage.ingest import timestamps
from triage.ingest.formats.base import Context, Reading
from triage.ingest.levels import HEAD_PATTERN, numbers
from triage.ingest.schema import FIELDS, conform

#: What may stand before the time: brackets, or one word such as a level, a program or an address.
LEAD = r"""^(?P<lead>[\s\[(<"']*(?:[\[(]?[^\s\[\]()]{1,60}[\])]?,?\s+[\[(<]?)?)"""
#: How far behind the time a level is looked for, in characters.
HEAD_CHARS = 80
LOGGER = r"^([A-Za-z_$][\w$]*(?:(?:\.|::)[\w$]+)+(?:[#:]\d+)?):?\s+"


@dataclass(frozen=True)
class GenericFormat:
    """Reads a line by finding its timestamp.

    Attributes
    ----------
    syntaxes : tuple of Syntax
        The spellings looked for, the first that fits wins.
    lead : str
        Pattern of what may stand before the time.
    dated : bool
        Without a date the reading gives no timestamp: an envelope must have one.
    """

    name: str
    syntaxes: tuple[timestamps.Syntax, ...]
    lead: str = LEAD
    dated: bool = True
    multiline: bool = True
    follower: str | None = None

    def read(self, text: pl.Series, context: Context) -> Reading:
        """Read a column of lines."""
        parts = _empty_parts(text)
        utc = timestamps.Parsed(pl.Series([None] * len(text), dtype=parts.schema["utc"]))
        for syntax in self.syntaxes:
            if not utc.utc.is_null().any():
                break
            parts, utc = self._try(text, syntax, context, parts, utc)
        claimed = parts["rest"].is_not_null()
        if not self.dated:
            return Reading(_fields(parts), claimed)
        fields = _fields(parts.with_columns(utc.utc.alias("timestamp")))
        return Reading(fields, claimed, utc.zone_missing, utc.year_missing)

    def _try(
        self,
        text: pl.Series,
        syntax: timestamps.Syntax,
        context: Context,
        parts: pl.DataFrame,
        so_far: timestamps.Parsed,
    ) -> tuple[pl.DataFrame, timestamps.Parsed]:
        """Fill the rows not read yet with what one syntax finds."""
        found = text.str.extract_groups(rf"{self.lead}(?P<stamp>{syntax.pattern})[\])>]?(?P<rest>.*)$").struct.unnest()
        if not found["stamp"].is_not_null().any():
            return parts, so_far
        year = context.year if self.dated else 2000  # any year will do to tell a time from a number
        parsed = timestamps.parse(found["stamp"], context.zone, year, (syntax,))
        take = parsed.utc.is_not_null() & so_far.utc.is_null()
        merged = timestamps.Parsed(
            so_far.utc.zip_with(~take, parsed.utc),
            so_far.zone_missing or (parsed.zone_missing and bool(take.any())),
            so_far.year_missing or (parsed.year_missing and bool(take.any())),
        )
        columns = {name: parts[name].zip_with(~take, found[name]) for name in ("lead", "rest")}
        return parts.with_columns(**columns), merged


def _empty_parts(text: pl.Series) -> pl.DataFrame:
    return pl.DataFrame(
        {"lead": [None] * len(text), "rest": [None] * len(text), "utc": [None] * len(text)},
        schema={"lead": pl.String, "rest": pl.String, "utc": FIELDS["timestamp"]},
    )


def _fields(parts: pl.DataFrame) -> pl.DataFrame:
    head = pl.concat_str(pl.col("lead").fill_null(""), pl.col("rest").str.slice(0, HEAD_CHARS), separator=" ")
    level = head.str.extract(HEAD_PATTERN, 1).str.strip_chars("]:>|")
    # The level is taken off the message where it leads it, in or out of brackets.
    own = rf"^[\s:|,\-]*[\[(<]?(?:{HEAD_PATTERN})[\])>]?[\s:|\-]*"
    rest = pl.col("rest").str.replace(own, "").str.strip_chars_start(" \t:|,-")
    return conform(
        parts.with_columns(level.alias("severity_text"), rest.alias("rest")).with_columns(
            numbers(pl.col("severity_text")).alias("severity_number"),
            pl.col("rest").str.replace(LOGGER, "").alias("body"),
            _attributes(pl.col("rest").str.extract(LOGGER, 1)),
        ),
        FIELDS,
    )


def _attributes(logger: pl.Expr) -> pl.Expr:
    return (
        pl.when(logger.is_not_null()).then(pl.struct(logger.alias("logger")).struct.json_encode()).alias("attributes")
    )


_dated = tuple(s for s in timestamps.SYNTAXES if s.has_date)
GENERIC = GenericFormat("generic", _dated)
#: A time of day alone dates nothing: such a line begins a record, and its time must come from an envelope.
CLOCK_ONLY = GenericFormat(
    "clock-only",
    tuple(s for s in timestamps.SYNTAXES if not s.has_date),
    lead=r"^(?P<lead>[\[(]?)",
    dated=False,
)
