"""Onsets of failing templates and of all others, each kind with a false discovery rate of its own.

Failing lines are few and are what the engineer asks about; tested together with thousands of templates of normal work
they would need far stronger evidence (stratified false discovery control: Sun et al., Genetic Epidemiology, 2006).
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from triage.ingest.levels import WARN
from triage.onset.find import Onsets, find_onsets
from triage.onset.series import Series, Window


def find_onsets_by_family(
    series: Series, window: Window, templates: pl.DataFrame, baseline: Window | None = None
) -> Onsets:
    """Onsets of both families in one table, in order of time.

    Parameters
    ----------
    series : Series
        Counts of all units.
    window : Window
        The time of the logs.
    templates : polars.DataFrame
        ``template_id``, ``severity_number`` and ``failing``.
    baseline : Window, optional
        A time known to be normal.
    """
    failing = pl.col("failing") | (pl.col("severity_number").fill_null(0) >= WARN)
    ids = templates.filter(failing)["template_id"].implode()
    member = pl.col("template_id").is_in(ids)
    families = [Series(series.counts.filter(where), series.extent.filter(where)) for where in (member, ~member)]
    found = [find_onsets(family, window, baseline=baseline) for family in families]
    frame = pl.concat([onsets.frame for onsets in found]).sort("at", "template_id", "service_name", maintain_order=True)
    return replace(found[0], frame=frame, tested=sum(onsets.tested for onsets in found))
