"""A cascade of formats: each line is handed to the first that claims it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from triage.ingest.attributes import joined
from triage.ingest.context import Context
from triage.ingest.formats import PLAIN
from triage.ingest.formats.base import Format
from triage.ingest.schema import FIELDS
from triage.ingest.traces import attached

#: What lines of one stack trace have in common where each has a prefix of its own.
SENDER = (
    pl.col("host_name"),
    pl.col("service_name"),
    pl.col("attributes").str.replace(r',?"uptime":"[^"]*"', ""),
)


@dataclass(frozen=True)
class Reader:
    """A format, and what lines that nobody claims are to it.

    Attributes
    ----------
    multiline : bool
        Whether such lines below a record of this format belong to it. Of a format that was not in the sample they do
        not: it may be a stray line.
    """

    format: Format
    multiline: bool


@dataclass(frozen=True)
class Cascade:
    """What came of consecutive lines, row by row; `inner` is the text without the prefix of a trace's line.

    `reader` is the place of the reader whose format claims the line; null where none does.
    """

    fields: pl.DataFrame
    claimed: pl.Series
    multiline: pl.Series
    inner: pl.Series
    reader: pl.Series
    zone_missing: bool
    year_missing: bool
    notes: tuple[str, ...]


def cascade(text: pl.Series, readers: Sequence[Reader], context: Context) -> Cascade:
    """Hand each line to the first format that claims it; what none claims is read as plain text.

    Parameters
    ----------
    text : polars.Series of String
        Consecutive lines; null ones are claimed by nobody.
    """
    follows = pl.repeat(False, len(text), eager=True, dtype=pl.Boolean)
    for reader in readers:
        if reader.format.follower:
            follows = follows | text.str.contains(reader.format.follower).fill_null(False)
    left = pl.DataFrame({"text": text, "follows": follows}).with_row_index("row")
    taken: list[pl.DataFrame] = []
    zone_missing = year_missing = False
    notes: dict[str, None] = {}
    for place, reader in enumerate(readers):
        candidates = left.filter(~pl.col("follows") & pl.col("text").is_not_null())
        if not len(candidates):
            break
        reading = reader.format.read(candidates["text"], context)
        if not reading.claimed.any():
            continue
        rows = candidates["row"].filter(reading.claimed)
        fields = reading.fields.filter(reading.claimed).insert_column(0, rows)
        prefixed = getattr(reader.format, "prefix", False)
        of = {"claimed": True, "multiline": reader.multiline, "prefixed": prefixed}
        taken.append(fields.with_columns(reader=pl.lit(place, pl.UInt16), **{name: pl.lit(of[name]) for name in of}))
        left = left.filter(~pl.col("row").is_in(rows.implode()))
        zone_missing = zone_missing or reading.zone_missing
        year_missing = year_missing or reading.year_missing
        notes.update(dict.fromkeys(reading.notes))
    plain = PLAIN.read(left["text"], context).fields.insert_column(0, left["row"])
    nobody = pl.lit(None, pl.UInt16)
    rest = plain.with_columns(reader=nobody, claimed=pl.lit(False), multiline=pl.lit(False), prefixed=pl.lit(False))
    every = pl.concat([*taken, rest]).sort("row")
    claimed, inner = every["claimed"], text
    if every["prefixed"].any():
        goes_on = _goes_on(every)
        claimed = claimed & ~goes_on
        inner = pl.select(pl.when(goes_on).then(every["body"]).otherwise(text).alias("inner"))["inner"]
    fields, found = every.select(list(FIELDS)), tuple(notes)
    return Cascade(fields, claimed, every["multiline"], inner, every["reader"], zone_missing, year_missing, found)


def _goes_on(every: pl.DataFrame) -> pl.Series:
    """Lines with a prefix of their own that go on with what the line above, by the same sender, began."""
    same = pl.all_horizontal(said.eq_missing(said.shift(1)) for said in SENDER)
    found = every.select((same & pl.col("prefixed") & pl.col("prefixed").shift(1, fill_value=False)).alias("same"))
    flags = (found["same"] & attached(every["body"])).fill_null(False)
    return flags.scatter(0, False) if len(flags) else flags


def merged(inner: pl.DataFrame, outer: pl.DataFrame) -> pl.DataFrame:
    """Fields of two layers: the outer time, for it orders the lines; else the inner word first; attributes of both."""
    both = pl.concat([inner, outer.rename({name: f"outer_{name}" for name in FIELDS})], how="horizontal")
    return both.select(
        pl.coalesce("outer_timestamp", "timestamp").alias("timestamp"),
        joined(pl.col("outer_attributes"), pl.col("attributes")).alias("attributes"),
        *(pl.coalesce(name, f"outer_{name}") for name in FIELDS if name not in ("timestamp", "attributes")),
    ).select(list(FIELDS))
