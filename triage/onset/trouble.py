"""How much an onset speaks of trouble: an error that appears is bad news, a new greeting is not."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from triage.ingest.levels import ERROR, WARN
from triage.onset.bad_values import is_bad
from triage.onset.near import count_near
from triage.patterns.groups import FAILURE
from triage.patterns.signatures import signatures_of

#: Weight of an onset by the template's severity and what its rate did. Lines that report failures and come more
#: often are trouble; lines of normal work that stop may be; new normal lines come with every deploy. Requests that no
#: longer come to a line, or later, do not depend on how many there are; nor does what lines say.
CHANGED = {"slower": 0.5, "mix shift": 0.5, "shifted": 0.1}
FAILING = {"new": 1.0, "surge": 1.0, **CHANGED}
WARNING = {"new": 0.5, "surge": 0.5, "gone": 0.1, "drop": 0.1, "missing": 0.1, **CHANGED}
NORMAL = {"new": 0.05, "surge": 0.1, "gone": 0.25, "drop": 0.25, "missing": 0.75, **CHANGED}
#: Kinds that are trouble whatever the lines say: requests that began do not get on, or take longer.
BROKEN = ("missing", "slower", "mix shift")
#: Share up to which one of two kinds of lines was the unusual one.
SELDOM = 0.25
#: So many kinds of lines of normal work that begin so near to a warning are what it belongs to.
WORK, TOGETHER = 3, timedelta(seconds=1)
#: One onset counts at most this much, in nats: a hundred thousand lines do not outvote a second service.
MOST = 20.0
#: Lines of normal work that stop all the more clearly, up to so many nats, count so much more for each.
CLEARER, EACH = 140.0, 0.05
#: Lines that stop while new ones of their service begin, so near, were often only worded anew: they count for less.
ANEW, WORDED_ANEW = timedelta(seconds=30), 0.5
#: What part of the weight is left of lines that stop where they may only be missing.
IN_GAP = 0.25


def with_trouble(onsets: pl.DataFrame, templates: pl.DataFrame, in_gap: pl.Series | None = None) -> pl.DataFrame:
    """Onsets with ``trouble`` (weight times the log-likelihood ratio, capped), ``failing`` and ``adverse``.

    Adverse are failing lines, warnings, and lines that speak of a failure whatever their level: many programs log
    what went wrong as INFO or DEBUG.

    Parameters
    ----------
    onsets : polars.DataFrame
        As `find_onsets` gives them, with ``template_id``, ``kind``, ``at`` and ``llr``.
    templates : polars.DataFrame
        ``template_id``, ``severity_number`` and ``failing`` (whether its records report failures).
    in_gap : polars.Series, optional
        Whether each onset is what a gap leaves (see `gaps.in_gaps`): its lines may be missing, and count for little.
    """
    frame = onsets.join(
        templates.select("template_id", "template", "severity_number", "failing"),
        on="template_id",
        how="left",
        maintain_order="left",
    )
    severity = pl.col("severity_number").fill_null(0)
    failing = pl.col("failing").fill_null(False) | (severity >= ERROR)
    known = pl.lit(signatures_of(frame["template"]).is_not_null())
    warning = (severity >= WARN) | pl.col("template").str.contains(FAILURE).fill_null(False) | known
    # Of two kinds of lines that were both usual, either may grow; so may a value that tells of no failure.
    usual = pl.col("parameter").is_null() & (pl.col("part_before").fill_null(0.0) > SELDOM)
    # Other values (who, where) may shift when all is well.
    good = pl.col("parameter").is_not_null() & ~is_bad(pl.col("parameter"))
    harmless = (pl.col("kind") == "mix shift") & (usual | good)
    frame = frame.with_columns(weighed=pl.when(harmless).then(pl.lit("shifted")).otherwise("kind"))
    # Warnings that begin with lines of normal work came with other traffic, or with a new version.
    comes = pl.col("kind").is_in(["new", "surge"])
    normal = frame.filter(comes, ~failing, ~warning)["at"]
    with_work = comes & pl.lit(count_near(normal, frame["at"], TOGETHER) >= WORK)
    weight = (
        pl.when(failing)
        .then(_by_kind(FAILING))
        .when(warning & with_work)
        .then(_by_kind(NORMAL))
        .when(warning)
        .then(_by_kind(WARNING))
        .otherwise(_by_kind(NORMAL))
    )
    stops = pl.col("kind").is_in(["gone", "drop"]) & ~failing & ~warning
    clearer = pl.when(stops).then(EACH * (pl.col("llr").clip(MOST, CLEARER) - MOST)).otherwise(0.0)
    anew = pl.when(stops & pl.lit(_beside_new(frame))).then(WORDED_ANEW).otherwise(1.0)
    missing = pl.lit(False) if in_gap is None else pl.lit(in_gap)
    trouble = (weight * pl.col("llr").clip(0, MOST) + clearer) * anew
    return frame.with_columns(
        pl.when(missing).then(IN_GAP * trouble).otherwise(trouble).alias("trouble"),
        failing.alias("failing"),
        (failing | warning | (pl.col("weighed").is_in(BROKEN) & ~missing)).alias("adverse"),
    ).drop("weighed")


def _beside_new(onsets: pl.DataFrame) -> pl.Series:
    """Whether lines of the same service are new about the time of each onset."""
    key = pl.col("service_name").fill_null("").alias("key")
    numbered = onsets.select(key, "at").with_row_index("row").sort("at")
    new = onsets.filter(pl.col("kind") == "new").select(key, "at", pl.lit(True).alias("new")).sort("at")
    near = numbered.join_asof(new, on="at", by="key", strategy="nearest", tolerance=ANEW, check_sortedness=False)
    return near.sort("row")["new"].is_not_null()


def _by_kind(weights: dict[str, float]) -> pl.Expr:
    return pl.col("weighed").replace_strict(weights, default=0.0, return_dtype=pl.Float64)
