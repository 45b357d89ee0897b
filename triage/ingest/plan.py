"""How the lines of one source are read: the same for every chunk of it. `planning` makes the plan from a sample."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import polars as pl

from triage.ingest.cascade import Reader, cascade, merged, together
from triage.ingest.context import Context
from triage.ingest.formats import PLAIN, LineFormat
from triage.ingest.formats.base import Envelope, Opened
from triage.ingest.formats.table import Table
from triage.ingest.glue import glued, pieces
from triage.ingest.ids import ids_in
from triage.ingest.schema import FIELDS
from triage.ingest.senders import runs
from triage.ingest.shown import as_shown
from triage.ingest.sureness import Choice

#: Lines with nothing in their envelope, below a line of the same stream.
BLANK_BELOW = (pl.col("run") == pl.col("run").shift(1)) & ~pl.col("inner").str.contains(r"\S")


@dataclass(frozen=True)
class Classified:
    """Lines, each with what its format says.

    Attributes
    ----------
    lines : polars.DataFrame
        The input, pieces of one line put together, and lines of one sender where several alternate, with the columns
        of `schema.FIELDS`; ``inner``, the text without its envelope; ``last_line`` and ``end``, where it ends;
        ``place`` and ``last_place``, its number among the lines given, and how many of them it is, ``own``.
    claimed, multiline : polars.Series of bool
        As `multiline.starts` wants them.
    reader : polars.Series of int
        The place in `Plan.readers` of the format that claims the line; null where none does.
    notes : tuple of str
        Assumptions, a sentence each.
    sender : polars.Series, optional
        Whose line it is, where lines of several senders may alternate.
    """

    lines: pl.DataFrame
    claimed: pl.Series
    multiline: pl.Series
    reader: pl.Series
    zone_missing: bool = False
    year_missing: bool = False
    notes: tuple[str, ...] = ()
    sender: pl.Series | None = None


@dataclass(frozen=True)
class Plan:
    """The envelope and the formats of a source, in the order they are tried.

    Attributes
    ----------
    table : Table, optional
        What the source is, if it is separated values: then quotes say where a row ends.
    readers : tuple of Reader
        The formats, those that are known of the source with their habits.
    nested : tuple of tuple of Reader
        Formats of what stands inside messages, and inside those, a tuple a layer.
    shares : tuple of (str, float)
        Share of the sample's non-blank lines that each format reads, for the ledger.
    split : bool
        Whether the envelope marks pieces of lines.
    senders : tuple of str
        Where lines of several senders alternate, those of whom the sample has records: only to such a record can a
        line belong that no format claims.
    traced : bool
        Whether ids of traces or requests stand in the messages.
    notes : tuple of str
        What was assumed in making it.
    choice : Choice
        The main format against the best other one, and how sure that is.
    """

    envelope: Envelope | None = None
    table: Table | None = None
    readers: tuple[Reader, ...] = ()
    nested: tuple[tuple[Reader, ...], ...] = ()
    context: Context = field(default_factory=Context)
    shares: tuple[tuple[str, float], ...] = ()
    split: bool = False
    senders: tuple[str, ...] = ()
    traced: bool = False
    notes: tuple[str, ...] = ()
    choice: Choice = field(default_factory=Choice)

    @property
    def name(self) -> str:
        """The main format's name, inside its envelope's."""
        main = self.choice.main or PLAIN.name
        return f"{self.envelope.name}/{main}" if self.envelope else main

    @property
    def zone(self) -> str:
        """The zone of times without one: the main format's, where the user gave it one."""
        own = (reader.format for reader in self.readers if isinstance(reader.format, LineFormat))
        return next((fmt.zone for fmt in own if fmt.name == self.choice.main and fmt.zone), self.context.zone)

    @property
    def names(self) -> list[str]:
        """The formats' names, in the order they are tried."""
        return [reader.format.name for reader in self.readers]

    @property
    def nested_names(self) -> list[str]:
        """Names of the formats of what stands inside messages."""
        return [reader.format.name for layer in self.nested for reader in layer]

    @property
    def mixed(self) -> bool:
        """Whether lines of several streams alternate: a line of one goes on with nothing of another."""
        return self.envelope is not None

    @property
    def prefixed(self) -> bool:
        """Whether each line of a trace may have a prefix of its own."""
        return any(getattr(reader.format, "prefix", False) for reader in self.readers)

    @property
    def shared(self) -> bool:
        """Whether the line above may be another program's though it is of the same stream."""
        formats = [reader.format for reader in self.readers]
        return any(getattr(one, "prefix", False) and not getattr(one, "alone", False) for one in formats)

    @property
    def undated(self) -> bool:
        """Whether lines have their date from one further up."""
        return any(getattr(reader.format, "undated", False) for reader in self.readers)

    def classify(self, lines: pl.DataFrame) -> Classified:
        """Read each line with the first format that claims it.

        Parameters
        ----------
        lines : polars.DataFrame
            Consecutive lines with ``text``, ``line``, ``offset`` and ``length``.
        """
        place = pl.int_range(pl.len(), dtype=pl.Int64)
        lines = lines.with_columns(
            as_shown(lines["text"]).alias("inner"),
            pl.col("line").alias("last_line"),
            (pl.col("offset") + pl.col("length")).alias("end"),
            place.alias("place"),
            place.alias("last_place"),
            pl.repeat(1, pl.len(), dtype=pl.UInt32).alias("own"),
        )
        if self.table:
            lines = glued(lines, self.table.goes_on(lines["inner"], lines["line"])[0], "\n")
        return self._unwrapped(lines) if self.envelope else self.inside(lines)

    def _unwrapped(self, lines: pl.DataFrame) -> Classified:
        """Read lines that have an envelope."""
        assert self.envelope
        opened = self.envelope.open(lines["inner"], self.context)
        outer = opened.reading
        wrapped = lines.with_columns(opened.inner.fill_null(lines["inner"]).alias("inner"))
        names = dict(zip(FIELDS, (f"outer_{name}" for name in FIELDS), strict=True))
        wrapped = wrapped.with_columns(outer.fields.rename(names)).with_columns(
            opened.partial.alias("partial"), opened.stream.alias("stream"), self._runs(opened).alias("run")
        )
        if not wrapped["run"].is_sorted():
            wrapped = wrapped.sort("run", "place")
        if self.split:
            wrapped = glued(wrapped, pieces(wrapped["partial"], wrapped["stream"]))
        # A blank line inside is a blank line: it parts no crash report.
        wrapped = glued(wrapped, wrapped.select(BLANK_BELOW.fill_null(False).alias("blank"))["blank"])
        done = self.inside(wrapped)
        outside = done.lines.select(pl.col(there).alias(name) for name, there in names.items())
        fields = merged(done.lines.select(list(FIELDS)), outside)
        timed_outside = not outer.fields["timestamp"].null_count()
        run, sender = done.lines["run"], done.lines["stream"]
        return replace(
            done,
            claimed=done.claimed | run.ne_missing(run.shift(1)),
            multiline=done.multiline & sender.is_in(self.senders).fill_null(False),
            sender=sender,
            lines=done.lines.with_columns(fields).drop(names.values()),
            zone_missing=(done.zone_missing and not timed_outside) or outer.zone_missing,
            year_missing=done.year_missing and not timed_outside,
            notes=() if timed_outside else done.notes,
        )

    def _runs(self, opened: Opened) -> pl.Series:
        """What is read together: the lines of a stream."""
        if not self.split:
            return runs(opened.stream)
        # Where pieces are marked, a line that nobody sent parts what stands above it from what stands below.
        parts = opened.stream.is_null().rle_id()
        return runs(pl.DataFrame({"stream": opened.stream, "part": parts}).to_struct("stream"))

    def inside(self, lines: pl.DataFrame) -> Classified:
        """Read the lines without their envelope."""
        done, order = together(cascade(lines["inner"], self.readers, self.context), alternate=not self.mixed)
        fields, inner = done.fields, done.inner
        around = inner.zip_with(done.claimed, inner.clear(len(inner))) if self.nested else inner
        for layer in self.nested:
            around = messages_in(around, fields["body"])
            within = _within(around, layer, self.context)
            fields = merged(within, _dated_by(within, fields) if done.year_missing else fields)
        if self.traced:
            fields = fields.with_columns(pl.coalesce("trace_id", *ids_in(pl.col("body"))).alias("trace_id"))
        frame = lines if order is None else lines[order]
        frame = frame.with_columns(inner.alias("inner"), *(fields[name] for name in FIELDS))
        marks = (done.claimed, done.multiline, done.reader)
        return Classified(frame, *marks, done.zone_missing, done.year_missing, done.notes, done.sender)


def messages_in(around: pl.Series, bodies: pl.Series) -> pl.Series:
    """Messages that may hold something: not those of an object that is its own message, which is read already."""
    both = pl.DataFrame({"around": around, "body": bodies})
    own = pl.col("body").str.starts_with(pl.col("around")) & pl.col("around").str.contains(r"^\s*\{")
    return both.select(pl.when(pl.col("around").is_not_null() & ~own).then("body").alias("body"))["body"]


def _within(bodies: pl.Series, readers: tuple[Reader, ...], context: Context) -> pl.DataFrame:
    """What messages hold, by their first line; null where they hold nothing of their own."""
    parts = bodies.str.splitn("\n", 2).struct.unnest() if bodies.str.contains("\n", literal=True).any() else None
    found = cascade(bodies if parts is None else parts["field_0"], readers, context)
    fields = found.fields
    if parts is not None:
        body = pl.concat_str("body", parts["field_1"], separator="\n", ignore_nulls=True)
        fields = fields.with_columns(body.alias("body"))
    return fields.with_columns(pl.when(found.claimed).then(pl.col(name)).alias(name) for name in FIELDS)


def _dated_by(inner: pl.DataFrame, outer: pl.DataFrame) -> pl.DataFrame:
    """Outer fields, a year that had to be assumed taken from the inner time where that is otherwise the same day."""
    both = pl.DataFrame({"outer": outer["timestamp"], "inner": inner["timestamp"]})
    moved = pl.col("outer").dt.replace(year=pl.col("inner").dt.year())
    near = (moved - pl.col("inner")).abs() <= pl.duration(days=1)
    return outer.with_columns(both.select(pl.when(near).then(moved).otherwise("outer").alias("timestamp"))["timestamp"])
