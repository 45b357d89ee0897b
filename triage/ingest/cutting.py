"""Where a stream can be cut so that each part is read as it would be in the whole."""

from __future__ import annotations

import polars as pl

from triage.ingest import prefixed
from triage.ingest.chunks import LOOK_BACK
from triage.ingest.crashes import may_report
from triage.ingest.decode import lines_of
from triage.ingest.formats.table import Table
from triage.ingest.formats.w3c import DATE_LINE
from triage.ingest.plan import Classified, Plan
from triage.ingest.senders import clean
from triage.ingest.shown import as_shown
from triage.ingest.traces import alone, continues


def clean_starts(plan: Plan, raw: list[bytes], whole: bool) -> list[bool]:
    """For each of consecutive raw lines: does a record begin here whatever came before? See `chunks.cut`."""
    if plan.table and not whole:
        return [False] * len(raw)  # the line may stand inside a quoted field
    lines = lines_of(b"\n".join(raw) + b"\n", 1, 0)
    text = lines.filter(pl.col("status") == "text")  # blank and undecodable lines begin nothing
    if plan.table:
        text = _last_rows(text, plan.table)
    if not len(text):
        return [False] * len(raw)
    done = plan.classify(text)
    if done.sender is None or not (plan.mixed or plan.shared):
        found = done.lines["line"].filter(_begins(plan, done))
    else:
        found = _between_senders(plan, done, done.sender, whole)
    if not whole:
        found = found.filter(found > text["line"].first())  # what stands above decides on the first line, too
    if plan.undated:
        found = found.filter(found.is_in(done.lines.filter(pl.col("inner").str.contains(DATE_LINE))["line"].implode()))
    if plan.split:
        found = found.filter(found.is_in(_whole_lines(plan, text, whole).implode()))
    known = set(found.to_list())
    return [line in known for line in range(1, len(raw) + 1)]


def _begins(plan: Plan, done: Classified) -> pl.Series:
    """Which lines begin a record that needs nothing of the one above: a report of a crash takes its time."""
    return _beginnings(plan, done) & ~may_report(done.lines["inner"])


def _beginnings(plan: Plan, done: Classified) -> pl.Series:
    """Which lines begin a record, as far as they and the one above say."""
    inner = done.lines["inner"]
    begins = done.claimed & done.reader.is_not_null() & ~continues(done.lines["body"].fill_null(""))
    if plan.prefixed:
        begins = begins & prefixed.alone(done.lines["body"])
    if not any(reader.multiline for reader in plan.readers):
        return begins | (alone(inner) & inner.str.contains(r"\S"))
    if plan.mixed and done.sender is not None:
        begins = begins | (~done.sender.is_in(plan.senders).fill_null(False) & alone(inner))
    return begins


def _between_senders(plan: Plan, done: Classified, sender: pl.Series, whole: bool) -> pl.Series:
    """The lines above which no record of any sender is cut."""
    frame = done.lines.select("line", sender.alias("sender"), _begins(plan, done).alias("begins"))
    # What the first line of a sender here goes on with is not seen: unless its format says it, it may go on.
    first = pl.col("sender").ne_missing(pl.col("sender").shift(1))
    sure = done.claimed & done.reader.is_not_null() if plan.mixed and not plan.prefixed else pl.lit(False)
    frame = frame.with_columns((pl.col("begins") & (~first | sure)).alias("free")).sort("line")
    cuttable = clean(frame["sender"], frame["free"], whole)
    return frame.filter(cuttable, "begins")["line"]


def _whole_lines(plan: Plan, text: pl.DataFrame, whole: bool) -> pl.Series:
    """The lines above which no piece of a line stands that goes on below."""
    assert plan.envelope
    opened = plan.envelope.open(as_shown(text["text"]), plan.context)
    frame = text.select("line", opened.stream.alias("stream"), opened.partial.alias("partial"))
    above = pl.col("partial").shift(1).over("stream")
    free = frame.select((~above).fill_null(False) | pl.col("stream").is_null())
    return frame["line"].filter(clean(frame["stream"], free.to_series(), whole))


def _last_rows(text: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The lines of the last rows that are surely whole."""
    plain = as_shown(text["text"])
    inside, settled = table.goes_on(plain, text["line"], final=False)
    starts = (~inside.head(settled)).arg_true().tail(LOOK_BACK)
    return text.slice(starts[0], settled - starts[0]) if len(starts) else text.clear()
