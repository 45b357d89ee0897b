"""Failing lines that run through the whole of the logs: if they are the trouble, it began before the logs do."""

from __future__ import annotations

import polars as pl

from triage.escape import short
from triage.onset.series import SECOND, UNIT, Series, Window

#: Parts of the window: lines must stand in the first of them, and in so many in all.
PARTS, IN_PARTS = 10, 6
#: Fewest lines.
FEWEST_LINES = 8
#: Characters of a template that a sentence quotes.
QUOTED = 80


def already_failing(series: Series, window: Window, templates: pl.DataFrame, onsets: pl.DataFrame) -> pl.DataFrame:
    """Failing units without an onset that are there from the beginning on, the most frequent first.

    Parameters
    ----------
    series : Series
        Counts of all units.
    window : Window
        The time of the logs.
    templates : polars.DataFrame
        ``template_id``, ``template`` and ``failing``.
    onsets : polars.DataFrame
        Those found: what has one began, or changed, within the window.

    Returns
    -------
    polars.DataFrame
        ``template_id``, ``service_name``, ``template``, ``count``, ``first``.
    """
    failing = templates.filter("failing").select("template_id", "template")
    length = max(window.end_ns - window.start_ns, 1)
    part = ((pl.col("second") * SECOND - window.start_ns) * PARTS // length).clip(0, PARTS - 1)
    spread = series.counts.group_by(UNIT).agg(
        part.n_unique().alias("parts"), part.min().alias("begins"), part.max().alias("ends")
    )
    steady = spread.filter(pl.col("begins") == 0, pl.col("parts") >= IN_PARTS, pl.col("ends") == PARTS - 1).join(
        series.extent, on=UNIT, nulls_equal=True
    )
    known = steady.filter(pl.col("count") >= FEWEST_LINES).join(failing, on="template_id")
    kept = known.join(onsets.select(UNIT), on=UNIT, how="anti", nulls_equal=True)
    return kept.select(*UNIT, "template", "count", "first").sort("count", *UNIT, descending=[True, False, False])


def already_notes(found: pl.DataFrame) -> list[str]:
    """A sentence on what fails from the beginning on, for logs in which no trouble begins."""
    if not len(found):
        return []
    kinds = "A kind of failing lines runs" if len(found) == 1 else f"{len(found)} kinds of failing lines run"
    row = found.row(0, named=True)
    of = f" of {row['service_name']}" if row["service_name"] else ""
    said = f"{kinds} through the whole of the logs, most of all{of}: {short(row['template'], QUOTED)}"
    return [f"{said} ({row['count']:,} lines); if that is the trouble, it began before these logs do"]
