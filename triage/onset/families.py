"""Onsets of failing templates, of all others, in requests and in what lines say, each with a false discovery rate.

Failing lines are few and are what the engineer asks about; tested together with thousands of templates of normal work
they would need far stronger evidence (stratified false discovery control: Sun et al., Genetic Epidemiology, 2006).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import polars as pl

from triage.ingest.levels import WARN
from triage.onset.find import Onsets, find_onsets
from triage.onset.in_requests import find_onsets_in_requests
from triage.onset.in_values import find_onsets_in_values
from triage.onset.near import count_near
from triage.onset.series import SECOND, UNIT, Series, Window

#: Largest false discovery rate, and that of failing lines that begin within so much of others.
MAX_Q, TOGETHER_Q, TOGETHER = 0.05, 0.3, timedelta(seconds=30)


def find_onsets_by_family(
    records: pl.LazyFrame, series: Series, window: Window, templates: pl.DataFrame, baseline: Window | None = None
) -> Onsets:
    """Onsets of all families in one table, in order of time.

    Parameters
    ----------
    records : polars.LazyFrame
        For what requests go through (see `requests.find_steps`).
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
    found = [
        find_onsets(family, window, baseline=baseline, max_q=q, ends=ends)
        for family, q, ends in zip(families, (TOGETHER_Q, MAX_Q), (False, True), strict=True)
    ]
    inside, tested = find_onsets_in_requests(records, series, window, baseline=baseline)
    told, values = find_onsets_in_values(records, series, window, templates, baseline=baseline)
    frame = pl.concat([in_company(found[0].frame), found[1].frame, inside, told])
    frame = to_the_second(frame, series).sort("at", "template_id", "service_name", "kind", maintain_order=True)
    followed = dict(sum((Counter(onsets.followed) for onsets in found), Counter()))
    tests = tested + values + sum(onsets.tested for onsets in found)
    return replace(found[1], frame=frame, tested=tests, followed=followed)


def to_the_second(onsets: pl.DataFrame, series: Series) -> pl.DataFrame:
    """Onsets of units whose log writes whole seconds may have been at any time of theirs, as the intervals then say."""
    whole = [pl.col(name).dt.epoch("ns") % SECOND == 0 for name in ("first", "last")]
    coarse = series.extent.filter(*whole, pl.col("count") > 1).select(*UNIT, pl.lit(True).alias("coarse"))
    told = onsets.join(coarse, on=UNIT, how="left", nulls_equal=True, maintain_order="left")
    end = pl.max_horizontal("latest", pl.col("at").dt.truncate("1s") + pl.duration(nanoseconds=SECOND - 1))
    return told.with_columns(pl.when("coarse").then(end).otherwise("latest").alias("latest")).drop("coarse")


def in_company(failing: pl.DataFrame) -> pl.DataFrame:
    """Onsets of failing lines that are sure, or that begin together with others.

    What goes wrong shows in several kinds of lines, of which none may be frequent enough to be sure of by itself.
    """
    begins = pl.col("kind").is_in(["new", "surge"])
    company = begins & pl.lit(count_near(failing.filter(begins)["at"], failing["at"], TOGETHER) >= 2)
    return failing.filter((pl.col("q_value") <= MAX_Q) | company)
