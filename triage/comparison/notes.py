"""What is to be said beside the differences: gaps, what was left out, what holds with a reserve."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import polars as pl

from triage.comparison.cover import Cover
from triage.comparison.parameters import MOST_UNITS, Tried
from triage.comparison.rates import SAME, Covers

#: Templates, and gaps of a set, that a note names.
SHOWN = 5
#: A service that covers less than this share of its set's time is noted.
MOST_OF_TIME = 0.8


def seldom(tests: pl.DataFrame, frame: pl.DataFrame, templates: pl.DataFrame) -> list[str]:
    """A note on templates that fail, in B only, whose lines are too few to be told from chance: a person decides."""
    rates = tests.filter(pl.col("parameter").is_null()).group_by("template_id")
    only = rates.agg(pl.col("count_a", "count_b").sum()).filter(pl.col("count_a") == 0, pl.col("count_b") > 0)
    found = templates.filter("failing").join(only, on="template_id")
    found = found.filter(~pl.col("template_id").is_in(frame["template_id"].implode()))
    if not len(found):
        return []
    rows = found.sort(["count_b", "template"], descending=[True, False]).select("template", "count_b").head(SHOWN)
    said = [f"“{text[:120]}” ({count} {'line' if count == 1 else 'lines'})" for text, count in rows.iter_rows()]
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return [f"failing in B only, though too seldom to be told from chance: {', '.join(said)}{more}"]


def gaps(wholes: Sequence[Cover], spans: Sequence[tuple[int, int]]) -> list[str]:
    """Notes on the times in which a set has no line of any service."""
    found = []
    for name, whole, span in zip("AB", wholes, spans, strict=True):
        holes = whole.gaps(*span)
        if holes:
            said = ", ".join(f"{_clock(begin)} to {_clock(end)}" for begin, end in holes[:SHOWN])
            more = f" and {len(holes) - SHOWN} more" if len(holes) > SHOWN else ""
            one = "a gap in the logs" if len(holes) == 1 else "gaps in the logs"
            found.append(f"{name} has no line of any service from {said}{more}: {one}, left out of all rates")
    return found


def _clock(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def traffic(factor: float) -> list[str]:
    """A note on lines that became more or fewer all together."""
    if abs(np.log(factor)) <= np.log(SAME):
        return []
    return [
        f"most templates have {factor:.2g} times the lines a minute in B: those that only went along are not listed"
    ]


def untimed(counts: tuple[int, int]) -> list[str]:
    """Notes on records that carry no time."""
    return [
        f"{count} records of {name} carry no time and are not compared"
        for name, count in zip("AB", counts, strict=True)
        if count
    ]


def partial(covers: Covers, wholes: Sequence[Cover], stopped: set[str | None]) -> list[str]:
    """Notes on services that were collected for a part of the time only; of those that fell silent it is told."""
    found = []
    for service, both in covers.items():
        for name, cover, whole in zip("AB", both, wholes, strict=True):
            if cover.seconds < MOST_OF_TIME * whole.seconds and not (name == "B" and service in stopped):
                minutes = f"{cover.seconds / 60:.0f} of {whole.seconds / 60:.0f} minutes"
                found.append(
                    f"{service or 'lines of no service'}: lines in {minutes} of {name}; rates are of that time"
                )
    return found


def capped(tried: Tried) -> list[str]:
    """A note on templates whose parameters were not looked at."""
    if tried.units <= MOST_UNITS:
        return []
    return [f"parameters were compared for the {MOST_UNITS} most frequent of {tried.units} templates that have any"]
