"""Gaps: times at which a source has no lines at all. What of its lines stops then says nothing: they may be missing.

A shipper that dies, a file that was rotated away, sampling: all lines of a source stop at once. So they do where a
process dies; then others say so, for whoever calls it fails. Where other sources of the service go on, lines that stop
in those as well are not missing for the gap.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from triage.onset.series import SECOND, TIME, UNIT, Window

#: Lines that would have come at the source's usual rate, at least.
EXPECTED = 20.0
#: How many times as long as any other silence of the source.
LONGER = 4.0
#: An onset so near to the beginning of a gap is of it.
NEAR = timedelta(seconds=2)
#: Kinds of onsets that a gap looks like.
STOPPED = ("gone", "drop", "missing", "mix shift")
#: A gap accounts for an onset if so much of what is missing was to come from the sources that have it.
MOSTLY = 0.75
#: Gaps that are told of.
TOLD = 5
GAPS = pl.Schema(
    {"source": pl.String(), "service_name": pl.String(), "start": TIME, "end": TIME, "expected": pl.Float64()}
)


def find_gaps(records: pl.LazyFrame, window: Window) -> pl.DataFrame:
    """The longest silence of each source, where it is news.

    Parameters
    ----------
    records : polars.LazyFrame
        ``timestamp``, ``source``, ``service_name``.
    window : Window
        The time of the logs: a source may fall silent until its end.

    Returns
    -------
    polars.DataFrame
        ``source``, ``service_name``, ``start`` (the last line before it), ``end`` (the first line after it, or the end
        of the window), ``expected`` (lines at the usual rate), by start.
    """
    ns = pl.col("timestamp").dt.epoch("ns")
    known = records.filter(pl.col("timestamp").is_not_null())
    seconds = known.group_by("source", "service_name", (ns // SECOND).alias("second")).agg(
        pl.len().alias("lines"), ns.min().alias("first"), ns.max().alias("last")
    )
    rows = seconds.collect(engine="streaming").sort("source", "service_name", "second")
    by = ["source", "service_name"]
    following = pl.col("first").shift(-1).over(by).fill_null(window.end_ns)
    silent = rows.with_columns(following.alias("next")).with_columns((pl.col("next") - pl.col("last")).alias("silence"))
    totals = silent.group_by(by).agg(
        pl.col("lines").sum(),
        pl.col("silence").max().alias("longest"),
        pl.col("silence").top_k(2).min().alias("second_longest"),
        pl.col("first").min().alias("begins"),
    )
    joined = silent.join(totals.rename({"lines": "all"}), on=by, nulls_equal=True)
    spoken = (window.end_ns - pl.col("begins") - pl.col("longest")).clip(SECOND)
    expected = pl.col("all") / spoken * pl.col("silence")
    news = joined.filter(
        pl.col("silence") == pl.col("longest"),
        pl.col("silence") >= LONGER * pl.max_horizontal("second_longest", pl.lit(SECOND)),
        expected >= EXPECTED,
    )
    # Where another file of the service begins then, the lines go on there: it was rotated.
    begins = totals.select("service_name", pl.col("source").alias("other"), "begins")
    pairs = news.select(*by, "last", "second_longest").join(begins, on="service_name", nulls_equal=True)
    wait = (LONGER * pl.col("second_longest")).clip(2 * SECOND)
    on = pairs.filter(
        pl.col("other") != pl.col("source"), (pl.col("begins") - pl.col("last")).is_between(-SECOND, wait)
    )
    news = news.join(on, on=by, how="anti", nulls_equal=True)
    times = [
        pl.from_epoch(name, "ns").dt.replace_time_zone("UTC").alias(to)
        for name, to in (("last", "start"), ("next", "end"))
    ]
    return news.select(*by, *times, expected.alias("expected")).select(GAPS.names()).cast(GAPS).sort("start", *by)


def in_gaps(onsets: pl.DataFrame, gaps: pl.DataFrame, records: pl.LazyFrame) -> pl.Series:
    """Whether each onset, if its lines stop, is what gaps leave: it begins with them, and they have what is missing.

    Parameters
    ----------
    onsets : polars.DataFrame
        ``template_id``, ``service_name``, ``kind``, ``earliest``, ``latest``.
    gaps : polars.DataFrame
        See `find_gaps`.
    records : polars.LazyFrame
        ``template_id``, ``service_name``, ``timestamp``, ``source``.
    """
    numbered = onsets.select(*UNIT, "kind", "earliest", "latest").with_row_index("row")
    stopped = numbered.filter(pl.col("kind").is_in(STOPPED))
    near = stopped.join(gaps, on="service_name", nulls_equal=True).filter(
        pl.col("start").is_between(pl.col("earliest") - NEAR, pl.col("latest") + NEAR)
    )
    if not len(near):
        return pl.repeat(False, len(onsets), eager=True)
    # Several sources of a service may fall silent together; the others are looked at while all of those are.
    asked = near.group_by("row", *UNIT).agg("source", pl.col("start").min(), pl.col("end").min())
    rows = asked.filter(_accounted(asked, records))["row"]
    return numbered["row"].is_in(rows.implode())


def _accounted(asked: pl.DataFrame, records: pl.LazyFrame) -> pl.Series:
    """Whether what is missing of each unit, from ``start`` to ``end``, was to come from the sources in ``source``."""
    second = (pl.col("timestamp").dt.epoch("ns") // SECOND).alias("second")
    units = records.join(asked.lazy().select(UNIT).unique(), on=UNIT, how="semi", nulls_equal=True)
    counted = units.group_by(*UNIT, pl.col("source").alias("own"), second).agg(pl.len().cast(pl.Int64).alias("lines"))
    edges = [(pl.col(name).dt.epoch("ns") // SECOND).alias(name) for name in ("start", "end")]
    silent = pl.col("own").is_in(pl.col("source"), nulls_equal=True).alias("silent")
    told = counted.collect(engine="streaming").join(asked.with_columns(edges), on=UNIT, nulls_equal=True)
    # Files that were rotated away before the silent ones began are no other sources.
    begins = pl.col("second").filter("silent").min().over("row").alias("begins")
    told = told.with_columns(silent).with_columns(begins).filter(pl.col("second") >= pl.col("begins"))
    before = pl.col("second") <= pl.col("start")
    inside = (pl.col("second") > pl.col("start")) & (pl.col("second") < pl.col("end"))
    lines, seen, asleep = pl.col("lines"), pl.col("start") - pl.col("begins"), pl.col("end") - pl.col("start")
    sums = told.group_by("row").agg(
        lines.filter(before, "silent").sum().alias("lost"),
        (lines.filter(before, ~pl.col("silent")).sum()).alias("before"),
        (lines.filter(inside, ~pl.col("silent")).sum()).alias("inside"),
        (seen.first().clip(1) / asleep.first().clip(1)).alias("longer"),
    )
    fewer = (pl.col("before") - pl.col("inside") * pl.col("longer")).clip(0)
    found = sums.filter(pl.col("lost") > 0, pl.col("lost") >= MOSTLY * (pl.col("lost") + fewer))["row"]
    return asked["row"].is_in(found.implode())


def gap_notes(gaps: pl.DataFrame) -> list[str]:
    """A sentence for each of the gaps with the most lines to be expected."""
    notes = []
    for source, _, start, end, expected in gaps.sort("expected", "source", descending=[True, False]).head(TOLD).rows():
        until = f"{end:%H:%M:%S}" if start.date() == end.date() else f"{end:%Y-%m-%d %H:%M:%S}"
        span = f"{start:%Y-%m-%d %H:%M:%S} to {until} UTC"
        notes.append(
            f"{source} has no lines from {span}, where about {expected:,.0f} were to be expected: gone or lost?"
        )
    if len(gaps) > TOLD:
        notes.append(f"{len(gaps) - TOLD} more sources have such gaps")
    return notes
