"""How one source is read: found once from a sample of its lines, then the same for every chunk of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from triage.ingest.cascade import Reader, cascade, merged
from triage.ingest.context import Context
from triage.ingest.decode import lines_of
from triage.ingest.formats import ENVELOPES, FORMATS, GENERIC, JSON_LINES, LOGFMT, NESTED_LINE, PLAIN, LineFormat
from triage.ingest.formats.base import Envelope, Format
from triage.ingest.formats.generic import GenericFormat
from triage.ingest.formats.jsonlines import JsonLines
from triage.ingest.glue import glued, pieces
from triage.ingest.orders import find_layouts
from triage.ingest.schema import FIELDS
from triage.ingest.traces import alone, continues

#: A format is known of a source if it reads at least this share of the sample's lines that are left to it. Formats that
#: can be told from any line are tried on all others too: a source may change format, or hold a few lines of another.
MIN_SHARE = 0.01
#: Envelopes are taken off if so many lines have them; messages are looked into if so many hold a format of their own.
WRAPPED, NESTED = 0.5, 0.05
#: A share of pieces among lines that no program writes: there the mark means something else.
ALL_PIECES = 0.95
ALWAYS: tuple[Format, ...] = (JSON_LINES, GENERIC)
#: Terminal colours and other sequences, also as text where a logger has escaped them.
ANSI = r"(?:\x1b|\\x1[bB]|\\u001[bB]|\\033|#033)(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])"
ESCAPES = ["\x1b", "\\x1b", "\\x1B", "\\u001b", "\\u001B", "\\033", "#033"]
NAMED_ID = r"(?i)\b(?:trace|request|correlation|req)[ _-]?id[\"']?\s*[:=]\s*[\"']?([0-9a-zA-Z][0-9a-zA-Z_-]{7,63})"
#: Ids of the lengths that tracers use (W3C Trace Context: 16 and 32 hexadecimal digits), alone in brackets.
BRACKETED_ID = r"\[([0-9a-f]{32}|[0-9a-f]{16})\]"
#: Characters of a message in which such ids are looked for.
ID_CHARS = 400


@dataclass(frozen=True)
class Classified:
    """Consecutive lines, each with what its format says.

    Attributes
    ----------
    lines : polars.DataFrame
        The input, pieces of one line put together, with the columns of `schema.FIELDS`; ``inner``, the text without
        its envelope; ``last_line`` and ``end``, where it ends.
    claimed, multiline : polars.Series of bool
        As `multiline.starts` wants them.
    notes : tuple of str
        Assumptions, a sentence each.
    used : frozenset of str
        Names of the formats that claimed a line.
    """

    lines: pl.DataFrame
    claimed: pl.Series
    multiline: pl.Series
    zone_missing: bool = False
    year_missing: bool = False
    notes: tuple[str, ...] = ()
    used: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Plan:
    """The envelope and the formats of a source, in the order they are tried.

    Attributes
    ----------
    readers : tuple of Reader
        The formats, those that are known of the source with their habits.
    nested : tuple of Reader
        Formats of what stands inside messages.
    shares : tuple of (str, float)
        Share of the sample's non-blank lines that each format reads, for the ledger.
    split : bool
        Whether the envelope marks pieces of lines.
    traced : bool
        Whether ids of traces or requests stand in the messages.
    notes : tuple of str
        What was assumed in making it.
    """

    envelope: Envelope | None = None
    readers: tuple[Reader, ...] = ()
    nested: tuple[Reader, ...] = ()
    context: Context = field(default_factory=Context)
    shares: tuple[tuple[str, float], ...] = ()
    split: bool = False
    traced: bool = False
    notes: tuple[str, ...] = ()

    @property
    def _main(self) -> str:
        return max(self.shares, key=lambda pair: pair[1], default=(PLAIN.name, 0.0))[0]

    @property
    def name(self) -> str:
        """The main format's name, inside its envelope's."""
        return f"{self.envelope.name}/{self._main}" if self.envelope else self._main

    @property
    def zone(self) -> str:
        """The zone of times without one: the main format's, where the user gave it one."""
        own = (reader.format for reader in self.readers if isinstance(reader.format, LineFormat))
        return next((fmt.zone for fmt in own if fmt.name == self._main and fmt.zone), self.context.zone)

    def classify(self, lines: pl.DataFrame) -> Classified:
        """Read each line with the first format that claims it.

        Parameters
        ----------
        lines : polars.DataFrame
            Consecutive lines with ``text``, ``line``, ``offset`` and ``length``.
        """
        lines = lines.with_columns(
            _as_shown(lines["text"]).alias("inner"),
            pl.col("line").alias("last_line"),
            (pl.col("offset") + pl.col("length")).alias("end"),
        )
        if self.envelope is None:
            return self._inside(lines)
        opened = self.envelope.open(lines["inner"], self.context)
        outer = opened.reading
        wrapped = lines.with_columns(opened.inner.fill_null(lines["inner"]).alias("inner"))
        names = [f"outer_{name}" for name in FIELDS]
        wrapped = wrapped.with_columns(outer.fields.rename(dict(zip(FIELDS, names, strict=True))))
        if self.split:
            wrapped = glued(wrapped, pieces(opened.partial, opened.stream))
        done = self._inside(wrapped.drop(names))
        fields = merged(
            done.lines.select(list(FIELDS)), wrapped.select(names).rename(dict(zip(names, FIELDS, strict=True)))
        )
        timed_outside = bool(outer.claimed.all())
        return replace(
            done,
            lines=done.lines.with_columns(fields),
            zone_missing=(done.zone_missing and not timed_outside) or outer.zone_missing,
            year_missing=done.year_missing and not timed_outside,
            notes=() if timed_outside else done.notes,
        )

    def _inside(self, lines: pl.DataFrame) -> Classified:
        done = cascade(lines["inner"], self.readers, self.context)
        fields, inner = done.fields, done.inner
        if self.nested:
            bodies = fields.select(pl.when(done.claimed).then(pl.col("body")))["body"]
            found = cascade(bodies, self.nested, self.context)
            within = found.fields.with_columns(pl.when(found.claimed).then(pl.col(name)).alias(name) for name in FIELDS)
            fields = merged(within, _dated_by(within, fields) if done.year_missing else fields)
        if self.traced:
            fields = fields.with_columns(pl.coalesce("trace_id", *_ids(pl.col("body"))).alias("trace_id"))
        frame = lines.with_columns(inner.alias("inner"), *(fields[name] for name in FIELDS))
        missing = (done.zone_missing, done.year_missing)
        return Classified(frame, done.claimed, done.multiline, *missing, done.notes, done.used)

    def clean_starts(self, raw: list[bytes]) -> list[bool]:
        """For each of consecutive raw lines: does a record begin here whatever came before? See `chunks.cut`."""
        lines = lines_of(b"\n".join(raw) + b"\n", 1, 0)
        text = lines.filter(pl.col("status") == "text")  # blank and undecodable lines begin nothing
        done = self.classify(text)
        begins = done.claimed & _not_attached(done.lines)
        if not any(reader.multiline for reader in self.readers):
            begins = begins | alone(done.lines["inner"])
        # What is split may have begun above the first of these lines, and a trace's line may have a prefix.
        wrapped = self.split or any(getattr(reader.format, "prefix", False) for reader in self.readers)
        clean = set(done.lines["line"].filter(begins)[1 if wrapped else 0 :].to_list())
        return [line in clean for line in range(1, len(raw) + 1)]


def _as_shown(text: pl.Series) -> pl.Series:
    """Lines as a terminal shows them: without its sequences, and of a progress bar that overwrites itself the end."""
    if text.str.contains_any(ESCAPES).any():
        text = text.str.replace_all(ANSI, "")
    return _without_progress(text) if text.str.contains("\r", literal=True).any() else text


def _without_progress(text: pl.Series) -> pl.Series:
    """The last piece of lines whose pieces, parted by carriage returns, differ in nothing but counts and bars."""
    rows = text.to_frame("t").with_row_index("row")
    pieces = rows.filter(pl.col("t").str.contains("\r", literal=True)).with_columns(
        pl.col("t").str.strip_chars("\r").str.split("\r")
    )
    alike = (
        pieces.explode("t")
        .group_by("row", maintain_order=True)
        .agg(pl.col("t").str.replace_all(r"[^A-Za-z]", "").n_unique().alias("kinds"), pl.col("t").last())
        .filter(pl.col("kinds") == 1)
    )
    return rows.update(alike.select("row", "t"), on="row")["t"] if len(alike) else text


def _dated_by(inner: pl.DataFrame, outer: pl.DataFrame) -> pl.DataFrame:
    """Outer fields, a year that had to be assumed taken from the inner time where that is otherwise the same day."""
    both = pl.DataFrame({"outer": outer["timestamp"], "inner": inner["timestamp"]})
    moved = pl.col("outer").dt.replace(year=pl.col("inner").dt.year())
    near = (moved - pl.col("inner")).abs() <= pl.duration(days=1)
    return outer.with_columns(both.select(pl.when(near).then(moved).otherwise("outer").alias("timestamp"))["timestamp"])


def make_plan(text: pl.Series, context: Context, own: Sequence[LineFormat] = ()) -> Plan:
    """Choose envelope and formats from a sample of non-blank lines.

    A format is used if it reads some of the lines that the more specific ones before it left over; the user's `own`
    come first, and are used even if the sample has none of their lines.
    """
    text = _as_shown(text)
    plan = Plan(context=context)
    for envelope in ENVELOPES:
        opened = envelope.open(text, context)
        if len(text) and float(opened.reading.claimed.mean()) >= WRAPPED:  # type: ignore[arg-type]
            # Where hardly a line has its end, none can be told to lack it.
            split = float(opened.partial.mean()) < ALL_PIECES  # type: ignore[arg-type]
            plan = replace(plan, envelope=envelope, split=split)
            text = opened.inner.drop_nulls()
            text = text.filter(text.str.contains(r"\S"))
            break
    context, notes = find_layouts(_without_layout(text, own), context)
    readers, shares = _choose(text, context, own)
    bodies = cascade(text, readers, context)
    nested = _nested(bodies.fields["body"].filter(bodies.claimed), context)
    ids = text.to_frame("text").select(pl.coalesce(_ids(pl.col("text"))))
    traced = ids.to_series().is_not_null().any()
    return replace(plan, readers=readers, nested=nested, shares=shares, traced=traced, context=context, notes=notes)


def _without_layout(text: pl.Series, own: Sequence[LineFormat]) -> pl.Series:
    """The lines for whose times the user has given no layout."""
    for fmt in own:
        text = text.filter(~text.str.contains(fmt.pattern)) if fmt.time_format else text
    return text


def _ids(text: pl.Expr) -> list[pl.Expr]:
    head = text.str.slice(0, ID_CHARS)
    return [head.str.extract(NAMED_ID, 1), head.str.extract(BRACKETED_ID, 1)]


def _choose(
    text: pl.Series, context: Context, own: Sequence[LineFormat]
) -> tuple[tuple[Reader, ...], tuple[tuple[str, float], ...]]:
    margin = text.filter(~continues(text))  # one long stack trace must not outvote the line it belongs to
    text = margin if len(margin) else text
    left, known, shares = text, {}, []
    for fmt in (*own, *FORMATS):
        if not len(left):
            break
        reading = fmt.read(left, context)
        hits = int(reading.claimed.sum())
        if not hits or hits < getattr(fmt, "least", MIN_SHARE) * len(left):
            continue
        known[fmt.name] = _narrowed(fmt, left, context)
        shares.append((fmt.name, hits / len(text)))
        left = left.filter(~reading.claimed)
        if fmt.follower:
            left = left.filter(~left.str.contains(fmt.follower))
    readers = [Reader(known[fmt.name], fmt.multiline) for fmt in FORMATS if fmt.name in known]
    strays = [Reader(fmt, False) for fmt in ALWAYS if fmt.name not in known or isinstance(fmt, GenericFormat)]
    told = [Reader(fmt, fmt.multiline) for fmt in own]
    return (*told, *readers, *strays), tuple(shares)


def _narrowed(fmt: Format, text: pl.Series, context: Context) -> Format:
    """The format as it is found in a sample, where that makes it faster."""
    return fmt.narrowed(text, context) if isinstance(fmt, GenericFormat | JsonLines) else fmt


def _nested(bodies: pl.Series, context: Context) -> tuple[Reader, ...]:
    """Formats that messages hold: JSON or logfmt behind a time, a whole log line in a field of JSON."""
    found, left = [], bodies.str.split_exact("\n", 1).struct.field("field_0") if len(bodies) else bodies
    for fmt in (JSON_LINES, LOGFMT, NESTED_LINE):
        claimed = fmt.read(left, context).claimed
        if len(left) and int(claimed.sum()) >= NESTED * len(bodies):
            found.append(Reader(_narrowed(fmt, left, context), False))
            left = left.filter(~claimed)
    return tuple(found)


def _not_attached(lines: pl.DataFrame) -> pl.Series:
    """Lines that are no line of a trace with a prefix of its own, as far as the line itself says."""
    return ~continues(lines["body"].fill_null(""))
