"""Onsets of steps that requests no longer take, or take more slowly, as rows of the table of onsets."""

from __future__ import annotations

import polars as pl

from triage.onset.beside import as_onsets, from_baseline
from triage.onset.broken import find_broken
from triage.onset.frame import ONSETS
from triage.onset.requests import find_steps
from triage.onset.series import Series, Window


def find_onsets_in_requests(
    records: pl.LazyFrame,
    series: Series,
    window: Window,
    *,
    baseline: Window | None = None,
    coverage: float = 0.90,
    max_q: float = 0.05,
) -> tuple[pl.DataFrame, int]:
    """Onsets of the kinds *missing* and *slower* (see `broken`), and how many steps and services were tested.

    Parameters
    ----------
    records : polars.LazyFrame
        See `requests.find_steps`.
    series, window, baseline
        As for `find_onsets`.
    """
    steps = find_steps(from_baseline(records, baseline))
    if steps is None:
        return ONSETS.to_frame(), 0
    found, tested = find_broken(steps, coverage=coverage, max_q=max_q)
    other = steps.units.select(pl.col("unit").alias("before_unit"), pl.col("template_id").alias("given"))
    named = found.join(steps.units, on="unit").join(other, on="before_unit")
    return as_onsets(named, series, window, baseline), tested
