"""A cascade of formats: each line is handed to the first that claims it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from triage.ingest import prefixed
from triage.ingest.attributes import joined
from triage.ingest.context import Context
from triage.ingest.formats import PLAIN
from triage.ingest.formats.base import Format
from triage.ingest.schema import FIELDS
from triage.ingest.senders import runs

#: What lines of one stack trace have in common where each has a prefix of its own.
SENDER = (
    pl.col("host_name"),
    pl.col("service_name"),
    pl.col("attributes").str.replace_all(r',?"(?:uptime|logger|head)":"(?:[^"\\]|\\.)*"', ""),
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
    """What came of lines, row by row; `inner` is the text without the prefix of a trace's line.

    `reader` is the place of the reader whose format claims the line; null where none does. `prefixed` says that its
    format gives each line of a trace a prefix; `sender` is then whose line it is.
    """

    fields: pl.DataFrame
    claimed: pl.Series
    multiline: pl.Series
    inner: pl.Series
    reader: pl.Series
    prefixed: pl.Series
    zone_missing: bool
    year_missing: bool
    notes: tuple[str, ...]
    sender: pl.Series | None = None

    def reordered(self, rows: pl.Series) -> Cascade:
        """The same lines in another order."""
        names = ("fields", "claimed", "multiline", "inner", "reader", "prefixed", "sender")
        there = {name: column for name in names if (column := getattr(self, name)) is not None}
        return replace(self, **{name: column[rows] for name, column in there.items()})


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
        of = {
            "claimed": True,
            "multiline": reader.multiline,
            "prefixed": getattr(reader.format, "prefix", False),
        }
        taken.append(fields.with_columns(reader=pl.lit(place, pl.UInt16), **{name: pl.lit(of[name]) for name in of}))
        left = left.filter(~pl.col("row").is_in(rows.implode()))
        zone_missing = zone_missing or reading.zone_missing
        year_missing = year_missing or reading.year_missing
        notes.update(dict.fromkeys(reading.notes))
    plain = PLAIN.read(left["text"], context).fields.insert_column(0, left["row"])
    nobody = pl.lit(None, pl.UInt16)
    rest = plain.with_columns(reader=nobody, claimed=pl.lit(False), multiline=pl.lit(False), prefixed=pl.lit(False))
    every = pl.concat([*taken, rest]).sort("row")
    columns = (every["claimed"], every["multiline"], text, every["reader"], every["prefixed"])
    return Cascade(every.select(list(FIELDS)), *columns, zone_missing, year_missing, tuple(notes))


def together(done: Cascade, alternate: bool = True) -> tuple[Cascade, pl.Series | None]:
    """Put together the lines of traces that bear a prefix each; all as they are where there are none.

    Parameters
    ----------
    alternate : bool
        Whether lines of other senders may stand between.

    Returns
    -------
    Cascade
        The lines of each sender behind each other where they are near, those that go on without their prefix.
    polars.Series of int, or None
        The row that each was in; None where all are in place.
    """
    if not done.prefixed.any():
        return done, None
    sender, order = senders(done), None
    done = replace(done, sender=sender)
    if not prefixed.may_go_on(done.fields["body"]).any():
        return done, None
    run = runs(sender) if alternate else sender
    if alternate and not run.is_sorted():
        order = pl.DataFrame({"run": run}).with_row_index("row").sort("run", "row")["row"]
        done, run = done.reordered(order), run[order]
    both = done.prefixed & done.prefixed.shift(1, fill_value=False) & (run == run.shift(1))
    goes_on = (both & prefixed.attached(done.fields["body"])).fill_null(False)
    said = done.fields.select(pl.when(goes_on).then("body").alias("said"))["said"]
    inner = pl.select(pl.coalesce(prefixed.bare(said), done.inner).alias("inner"))["inner"]
    return replace(done, claimed=done.claimed & ~goes_on, inner=inner), order


def senders(done: Cascade) -> pl.Series:
    """Whose line each is, where formats say it in each line; other lines are of the sender above."""
    said = pl.when(done.prefixed).then(pl.struct(SENDER).hash())
    return done.fields.select(said.forward_fill().alias("sender"))["sender"]


def merged(inner: pl.DataFrame, outer: pl.DataFrame) -> pl.DataFrame:
    """Fields of two layers: the outer time, for it orders the lines; else the inner word first; attributes of both."""
    both = pl.concat([inner, outer.rename({name: f"outer_{name}" for name in FIELDS})], how="horizontal")
    return both.select(
        pl.coalesce("outer_timestamp", "timestamp").alias("timestamp"),
        joined(pl.col("outer_attributes"), pl.col("attributes")).alias("attributes"),
        *(pl.coalesce(name, f"outer_{name}") for name in FIELDS if name not in ("timestamp", "attributes")),
    ).select(list(FIELDS))
