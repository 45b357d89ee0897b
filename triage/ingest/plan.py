"""How one source is read: found once from its first lines, then the same for every chunk of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import polars as pl

from triage.ingest.decode import lines_of
from triage.ingest.formats import ENVELOPES, FORMATS, GENERIC, PLAIN
from triage.ingest.formats.base import Context, Envelope, Format, Reading
from triage.ingest.multiline import continues
from triage.ingest.schema import FIELDS

#: A format is used if it reads at least this many lines of the sample, and this share of those left to it.
MIN_LINES, MIN_SHARE = 1, 0.01
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
        The input with the columns of `schema.FIELDS` and ``inner``, the text without its envelope.
    claimed, multiline : polars.Series of bool
        As `multiline.starts` wants them.
    """

    lines: pl.DataFrame
    claimed: pl.Series
    multiline: pl.Series
    zone_missing: bool = False
    year_missing: bool = False


@dataclass(frozen=True)
class Plan:
    """The envelope and the formats of a source, in the order they are tried.

    Attributes
    ----------
    shares : tuple of (str, float)
        Share of the sample's non-blank lines that each format reads, for the ledger.
    traced : bool
        Whether ids of traces or requests stand in the messages.
    """

    envelope: Envelope | None = None
    formats: tuple[Format, ...] = ()
    context: Context = field(default_factory=Context)
    shares: tuple[tuple[str, float], ...] = ()
    traced: bool = False

    @property
    def name(self) -> str:
        """The main format's name, inside its envelope's."""
        main = max(self.shares, key=lambda pair: pair[1], default=(PLAIN.name, 0.0))[0]
        return f"{self.envelope.name}/{main}" if self.envelope else main

    def classify(self, lines: pl.DataFrame) -> Classified:
        """Read each line with the first format that claims it.

        Parameters
        ----------
        lines : polars.DataFrame
            Consecutive lines with a ``text`` column.
        """
        outer, inner = self.envelope.open(lines["text"], self.context) if self.envelope else (None, lines["text"])
        inner = inner.fill_null(lines["text"]) if self.envelope else inner
        done = _cascade(inner, self.formats, self.context)
        fields = done.fields if outer is None else _outer_first(done.fields, outer.fields)
        if self.traced:
            fields = fields.with_columns(pl.coalesce("trace_id", *_ids(pl.col("body"))).alias("trace_id"))
        frame = lines.with_columns(inner.alias("inner"), *(fields[name] for name in FIELDS))
        timed_outside = outer is not None and bool(outer.claimed.all())
        return Classified(
            frame,
            done.claimed,
            done.multiline,
            (done.zone_missing and not timed_outside) or (outer is not None and outer.zone_missing),
            done.year_missing and not timed_outside,
        )

    def clean_starts(self, raw: list[bytes]) -> list[bool]:
        """For each of consecutive raw lines: does a record begin here whatever came before? See `chunks.cut`."""
        lines = lines_of(b"\n".join(raw) + b"\n", 1, 0)
        readable = lines["status"] == "text"  # blank and undecodable lines begin nothing
        done = self.classify(lines)
        if self.formats:
            return (done.claimed & readable).to_list()
        margin = ~continues(done.lines["inner"]) & readable
        return (margin & margin.shift(1, fill_value=False)).to_list()


@dataclass(frozen=True)
class _Cascade:
    fields: pl.DataFrame
    claimed: pl.Series
    multiline: pl.Series
    zone_missing: bool
    year_missing: bool


def _cascade(text: pl.Series, formats: tuple[Format, ...], context: Context) -> _Cascade:
    """Hand each line to the first format that claims it; what none claims is read as plain text."""
    follows = pl.repeat(False, len(text), eager=True, dtype=pl.Boolean)
    for fmt in formats:
        if fmt.follower:
            follows = follows | text.str.contains(fmt.follower)
    left = pl.DataFrame({"text": text, "follows": follows}).with_row_index("row")
    taken: list[pl.DataFrame] = []
    zone_missing = year_missing = False
    for fmt in formats:
        candidates = left.filter(~pl.col("follows"))
        if not len(candidates):
            break
        reading = fmt.read(candidates["text"], context)
        if reading.claimed.any():
            rows = candidates["row"].filter(reading.claimed)
            taken.append(_taken(rows, reading, fmt.multiline))
            left = left.filter(~pl.col("row").is_in(rows.implode()))
            zone_missing, year_missing = (
                zone_missing or reading.zone_missing,
                year_missing or reading.year_missing,
            )
    plain = PLAIN.read(left["text"], context)
    rest = plain.fields.insert_column(0, left["row"]).with_columns(claimed=pl.lit(False), multiline=pl.lit(False))
    every = pl.concat([*taken, rest]).sort("row")
    return _Cascade(every.select(list(FIELDS)), every["claimed"], every["multiline"], zone_missing, year_missing)


def _taken(rows: pl.Series, reading: Reading, multiline: bool) -> pl.DataFrame:
    fields = reading.fields.filter(reading.claimed).insert_column(0, rows)
    return fields.with_columns(claimed=pl.lit(True), multiline=pl.lit(multiline))


def _outer_first(inner: pl.DataFrame, outer: pl.DataFrame) -> pl.DataFrame:
    """The envelope's time orders the lines; everything else is the inner line's word first."""
    return inner.with_columns(outer["timestamp"].fill_null(inner["timestamp"]).alias("timestamp"))


def make_plan(text: pl.Series, context: Context) -> Plan:
    """Choose envelope and formats from a sample of consecutive non-blank lines.

    A format enters the cascade if it reads some of the lines that the more specific ones before it left over.
    """
    plan = Plan(context=context)
    for envelope in ENVELOPES:
        reading, inner = envelope.open(text, context)
        if len(text) and reading.claimed.mean() >= 0.5:  # type: ignore[operator]
            plan = replace(plan, envelope=envelope)
            text = inner.drop_nulls()
            text = text.filter(text.str.contains(r"\S"))
            break
    formats, shares = _choose(text, context)
    ids = text.to_frame("text").select(pl.coalesce(_ids(pl.col("text"))))
    traced = ids.to_series().is_not_null().any()
    return replace(plan, formats=formats, shares=shares, traced=traced)


def _ids(text: pl.Expr) -> list[pl.Expr]:
    head = text.str.slice(0, ID_CHARS)
    return [head.str.extract(NAMED_ID, 1), head.str.extract(BRACKETED_ID, 1)]


def _choose(text: pl.Series, context: Context) -> tuple[tuple[Format, ...], tuple[tuple[str, float], ...]]:
    text = text.filter(~continues(text))  # one long stack trace must not outvote the line it belongs to
    left, chosen, shares = text, [], []
    for fmt in FORMATS:
        if not len(left):
            break
        reading = fmt.read(left, context)
        hits = int(reading.claimed.sum())
        if hits < MIN_LINES or hits < MIN_SHARE * len(left):
            continue
        chosen.append(fmt)
        shares.append((fmt.name, hits / len(text)))
        left = left.filter(~reading.claimed)
        if fmt.follower:
            left = left.filter(~left.str.contains(fmt.follower))
    if chosen and GENERIC not in chosen and any(fmt.name != "clock-only" for fmt in chosen):
        chosen.append(GENERIC)  # a source may change format later on
    return tuple(chosen), tuple(shares)
