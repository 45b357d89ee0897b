"""How well a fault can be seen in the lines at all, for somebody who knows what to look for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from benchmarks.simulation.lines import Template
from benchmarks.simulation.pace import Times

#: Least strength at which an effect counts as visible: so that it also stands out for who does not know where to look,
#: among some hundred templates at some hundred times.
VISIBLE = 5.0
#: Blocks of the time before, from which it is read how much more counts vary than Poisson counts.
BLOCKS = 20


@dataclass(frozen=True)
class Sight:
    """What of a fault is in the logs.

    Attributes
    ----------
    earliest, latest : float
        The fault begins to act, and the first line that shows it is written or is missing.
    lines : int
        Lines that are there, not there, or different because of it.
    strength : float
        How far the most changed template departs from its rate before, as a normal deviate: the root of the likelihood
        ratio of two Poisson rates over the dispersion before, and of the number of lines with a duration that grew.
    """

    earliest: float
    latest: float
    lines: int
    strength: float

    @property
    def visible(self) -> bool:
        """Whether the fault can be seen."""
        return self.strength >= VISIBLE


def sight_of(frame: pl.DataFrame, templates: list[Template], start: float, until: float, seconds: float) -> Sight:
    """Sight of a fault that lasts from `start` until some time.

    Parameters
    ----------
    frame : polars.DataFrame
        All lines, also those kept from being written.
    templates : list of Template
    start, until, seconds : float
        The fault's time, and the end of the window.
    """
    # Lines before are of innocent restarts: those touch who calls them as well.
    begun = pl.col("time") >= start
    touched = frame.filter(begun, pl.col("effect") | (pl.col("slowed") & ~pl.col("removed")))
    if not len(touched):
        return Sight(start, start, 0, 0.0)
    mine = touched["template"].unique()
    # Lines that are late because of the fault (time-outs) may follow its end.
    until = min(seconds, max(until, float(touched.filter(~pl.col("removed"))["time"].max() or until)))  # type: ignore[arg-type]
    kept = frame.filter(~pl.col("removed"), pl.col("template").is_in(mine.implode()))
    before, within = pl.col("time") < start, pl.col("time").is_between(start, until)
    counts = kept.group_by("template").agg(before.sum().alias("before"), within.sum().alias("within"))
    found = mine.to_frame().join(counts, on="template", how="left").fill_null(0)
    n0, n1 = (found[name].to_numpy().astype(np.float64) for name in ("before", "within"))
    spread = _dispersion(kept.filter(pl.col("time") < start), found["template"], start)
    # New errors may be of many kinds, with few lines each: together they are one departure more.
    errors = [number for number, template in enumerate(templates) if template.level in {"ERROR", "WARN"}]
    pooled = found.filter(pl.col("template").is_in(errors)).select("before", "within").sum()
    n0, n1 = np.r_[n0, pooled["before"].to_numpy()], np.r_[n1, pooled["within"].to_numpy()]
    spread = np.r_[spread, 1.0]
    slowed = frame.filter(begun, "slowed", ~pl.col("removed")).group_by("template").len()["len"].max()
    departure = _departure(n0, n1, start, until - start) / np.sqrt(spread)
    strength = max(float(departure.max()), float(np.sqrt(float(slowed or 0))))  # type: ignore[arg-type]
    first = float(touched["time"].min())  # type: ignore[arg-type]
    return Sight(min(start, first), first, len(touched), round(strength, 2))


def _dispersion(before: pl.DataFrame, templates: pl.Series, seconds: float) -> Times:
    """Variance over mean of each template's counts in blocks of time; at least 1, and 1 where it has no lines."""
    block = (pl.col("time") * BLOCKS / seconds).cast(pl.Int64).clip(0, BLOCKS - 1).alias("block")
    counts = (
        before.group_by("template", block)
        .len()
        .group_by("template")
        .agg(pl.col("len").sum().alias("lines"), (pl.col("len").cast(pl.Float64) ** 2).sum().alias("squares"))
    )
    value = (pl.col("squares") - pl.col("lines") ** 2 / BLOCKS) / (pl.col("lines") * (1 - 1 / BLOCKS))
    joined = templates.to_frame("template").join(counts, on="template", how="left", maintain_order="left")
    found: Times = joined.select(value.fill_null(1.0).clip(1.0))["squares"].to_numpy()
    return found


def _departure(before: Times, within: Times, time_before: float, time_within: float) -> Times:
    whole = (before + within) / (time_before + time_within)
    total = np.zeros(len(before))
    for count, time in ((before, time_before), (within, time_within)):
        with np.errstate(divide="ignore", invalid="ignore"):
            total += np.where(count > 0, count * np.log(count / (whole * time)), 0.0)
    found: Times = np.sqrt(np.maximum(2 * total, 0.0))
    return found
