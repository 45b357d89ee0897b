"""The plan of a source, from a sample of its lines: which envelope and which formats it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from triage.ingest.cascade import Cascade, Reader, cascade, together
from triage.ingest.columns import Columns
from triage.ingest.context import Context
from triage.ingest.formats import FORMATS, GENERIC, JSON_LINES, NESTED, LineFormat
from triage.ingest.formats.base import Format
from triage.ingest.formats.csvlog import find_csvlog
from triage.ingest.formats.generic import GenericFormat
from triage.ingest.formats.header import find_table
from triage.ingest.formats.jsonlines import JsonLines
from triage.ingest.formats.w3c import find_w3c
from triage.ingest.ids import ids_in
from triage.ingest.orders import find_layouts
from triage.ingest.plan import Plan, messages_in
from triage.ingest.read_as import AS_RECOGNISED, SetFormat
from triage.ingest.screen import possible
from triage.ingest.shown import as_shown
from triage.ingest.sureness import judged
from triage.ingest.traces import continues
from triage.ingest.unwrapping import Unwrapped, unwrapped
from triage.ingest.years import settled

#: A format is known of a source if it reads at least this share of the sample's lines that are left to it. Formats that
#: can be told from any line are tried on all others too: a source may change format, or hold a few lines of another.
MIN_SHARE = 0.01
#: Messages are looked into if so many hold a format of their own, or any holds the one that was set.
WITHIN = 0.05
#: So many lines at the margin to one that is set in.
SELDOM = 3
#: Layers of messages in messages that are looked into.
DEEPEST = 2


def make_plan(
    text: pl.Series,
    context: Context,
    columns: Columns | None = None,
    own: tuple[LineFormat, ...] = (),
    told: SetFormat = AS_RECOGNISED,
) -> Plan:
    """Choose envelope and formats from a sample of non-blank lines.

    A format is used if it reads some of the lines that the more specific ones before it left over.

    Parameters
    ----------
    own : tuple of LineFormat
        The user's formats. They come first, and are used even if the sample has none of their lines.
    columns : mapping, optional
        From fields to the columns of a table, as the caller named them.
    told : SetFormat
        What the source was set to be read as. That format comes before all others, and is used as theirs are not:
        even if the sample has none of its lines.
    """
    text = as_shown(text)
    table = told.table(text, context, columns)
    bare = unwrapped(text, context, own, told) if table is None else Unwrapped.of(text)
    text, dated, stream = bare.text, bare.dated, bare.stream
    plan = Plan(envelope=bare.envelope, split=bare.split, context=context)
    tabular = plan.envelope is None and 2 * len(_without(text, own)) >= len(text)
    if table is None and tabular and not told.reads(text, context, own):
        table = find_csvlog(text) or find_table(text, context, columns)
    if table:
        text = table.rows(text)
        dated = dated.head(len(text))
    stamped = _without(text, tuple(fmt for fmt in own if fmt.time_format))
    context, notes = find_layouts(table.stamps(text) if table else stamped, context)
    notes = (*notes, table.note) if table else notes
    tried = possible(text, FORMATS)
    headed = (table,) if table else find_w3c(text)
    first = tuple(fmt for fmt in headed if fmt.name == told.format) or told.formats(text, own)
    readers, shares = _choose(text, context, first, () if told.plain else (*own, *headed, *tried))
    readers = readers if told.plain else (*readers, Reader(GENERIC, False))
    context, years = settled(text, readers, context)
    read = cascade(text, readers, context)
    if _keeps_to_margin(text, read):
        readers = tuple(replace(reader, format=_at_margin(reader.format)) for reader in readers)
        read = cascade(text, readers, context)
    bodies, order = together(read, alternate=not plan.mixed)
    if stream is not None:
        known = stream.filter(bodies.claimed & bodies.multiline).drop_nulls().unique()
        plan = replace(plan, senders=tuple(sorted(known)))
    dated = dated if order is None else dated[order]
    around, messages = bodies.inner.filter(bodies.claimed), bodies.fields["body"].filter(bodies.claimed)
    inside = () if told.format in dict(shares) else told.formats_inside(text, own)
    nested = () if told.plain else _layers(around, messages, context, inside)
    ids = text.to_frame("text").select(pl.coalesce(ids_in(pl.col("text"))))
    traced = ids.to_series().is_not_null().any()
    plan = replace(
        plan, table=table, readers=readers, nested=nested, shares=shares, context=context, notes=(*notes, *years)
    )
    plan = replace(plan, traced=traced)
    times = plan.inside(text.to_frame("inner")).lines["timestamp"] if nested else bodies.fields["timestamp"]
    return replace(plan, choice=judged(bodies, times, dated, readers, tried, dict(shares), context))


def _choose(
    text: pl.Series, context: Context, first: Sequence[Format], others: Sequence[Format]
) -> tuple[tuple[Reader, ...], tuple[tuple[str, float], ...]]:
    """The formats that are used, and their shares of the lines; `first` are the one that was set."""
    margin = text.filter(~continues(text))  # one long stack trace must not outvote the line it belongs to
    bare = len(text) - len(margin)
    text = margin if len(margin) else text
    left, known, shares = text, {}, []
    formats = (*first, *(fmt for fmt in others if fmt not in first))
    for place, fmt in enumerate(formats):
        if not len(left):
            break
        fitted = _narrowed(fmt, left, context, bare)
        reading = fitted.read(left, context)
        hits = int(reading.claimed.sum())
        if getattr(fmt, "sign", None):
            known[place] = fitted
        least = 1.0 if fmt in first else getattr(fmt, "least", MIN_SHARE) * len(left)
        if not hits or hits < least:
            continue
        known[place] = fitted
        shares.append((fmt.name, hits / len(text)))
        left = left.filter(~reading.claimed)
        if fmt.follower:
            left = left.filter(~left.str.contains(fmt.follower))
    # An object that is a stray line is one all the same, though a time stands in it: before any that looks for a time.
    always = [fmt in first or fmt is JSON_LINES or isinstance(fmt, LineFormat) for fmt in formats]
    used = [place for place in range(len(formats)) if place in known or always[place]]
    return tuple(Reader(known.get(place, formats[place]), formats[place].multiline) for place in used), tuple(shares)


def _keeps_to_margin(text: pl.Series, read: Cascade) -> bool:
    """Whether hardly a line with a time is set in, though some are: then those are text of the record above."""
    timed = read.fields["timestamp"].is_not_null()
    inside = int((timed & text.str.contains(r"^(?:\t|  )")).fill_null(False).sum())
    return 0 < inside * SELDOM <= int(timed.sum()) - inside


def _at_margin(fmt: Format) -> Format:
    return replace(fmt, margin=True) if isinstance(fmt, GenericFormat) else fmt


def _without(text: pl.Series, own: tuple[LineFormat, ...]) -> pl.Series:
    """The lines that none of these formats is for."""
    for fmt in own:
        text = text.filter(~text.str.contains(fmt.pattern))
    return text


def _narrowed(fmt: Format, text: pl.Series, context: Context, bare: int = 0) -> Format:
    """The format as it is found in a sample, beside `bare` lines that go on with what stands above."""
    if isinstance(fmt, GenericFormat):
        return fmt.narrowed(text, context, bare)
    return fmt.narrowed(text, context) if isinstance(fmt, JsonLines) else fmt


def _layers(
    around: pl.Series, bodies: pl.Series, context: Context, first: Sequence[Format]
) -> tuple[tuple[Reader, ...], ...]:
    """Formats of what messages hold, and of what that holds: an envelope is taken off before, as a layer of its own."""
    found: list[tuple[Reader, ...]] = []
    bodies = messages_in(around, bodies)
    while len(found) < DEEPEST and (layer := _nested(bodies, context, first)):
        found.append(layer)
        around = _first_lines(bodies)
        inner = cascade(around, layer, context)
        bodies = messages_in(around, inner.fields["body"]).filter(inner.claimed)
    return tuple(found)


def _first_lines(bodies: pl.Series) -> pl.Series:
    return bodies.str.split_exact("\n", 1).struct.field("field_0") if len(bodies) else bodies


def _nested(bodies: pl.Series, context: Context, first: Sequence[Format]) -> tuple[Reader, ...]:
    """Formats that messages hold: JSON or logfmt behind a time, a whole log line in a field of JSON."""
    found, left = [], _first_lines(bodies)
    for fmt in (*first, *(fmt for fmt in NESTED if fmt not in first)):
        fitted = _narrowed(fmt, left, context)
        claimed = fitted.read(left, context).claimed
        if len(left) and int(claimed.sum()) >= (1 if fmt in first else WITHIN * len(bodies)):
            found.append(Reader(fitted, False))
            left = left.filter(~claimed)
    return tuple(found)
