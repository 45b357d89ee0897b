"""Steps that requests no longer take, or take more slowly: onsets of the kinds *missing* and *slower*.

Where a kind of line nearly always followed another in requests and no longer does, something between the two fails,
whether or not it says so: the break of an invariant of the logs (Lou et al., Mining Invariants from Console Logs for
System Problem Detection, USENIX ATC 2010), dated. Where it follows later than it did, something between is slow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from triage.onset.bins import Booleans, Floats, Integers
from triage.onset.requests import FEWEST, Steps
from triage.onset.sequences import Step, places, rise_step, share_step, step_time
from triage.onset.significance import q_values

#: Share of requests that took a step before it broke, at least; and how many times as many do without it afterwards.
TAKEN, MORE = 0.8, 3.0
#: How many times as long a step takes, at least, and how much longer (ns).
SLOWER, LONGER = 2.0, 25_000_000
#: Fewest requests on each side of a rise, and without a line that is missing.
FEWEST_SIDE = 3
#: Shortest lag that clocks tell, in nanoseconds: below, all are alike.
SHORTEST = 100_000
#: Times at which the steps of one service are looked at together, and the evidence that each has to bring along.
MOST_TIMES, OWN = 512, 1.0
_TYPES: dict[str, pl.DataType] = {
    **dict.fromkeys(("unit", "before_unit"), pl.UInt32()),
    "kind": pl.String(),
    **dict.fromkeys(("at", "earliest", "latest"), pl.Int64()),
    **dict.fromkeys(("part_before", "part_after", "llr", "dispersion", "p_value", "q_value"), pl.Float64()),
    **dict.fromkeys(("count_before", "count_after"), pl.Int64()),
}


@dataclass(frozen=True, eq=False)
class _Taken:
    """How requests took one step, by time: when they came to it, and how long it took them, where they did.

    `shown` is the unit that stands for it: that of the two lines which is of the service in question.
    """

    unit: int
    before: int
    at: Integers
    there: Booleans
    lag: Floats
    shown: int


def find_broken(steps: Steps, *, coverage: float, max_q: float) -> tuple[pl.DataFrame, int]:
    """Steps that are missing or slower.

    Returns
    -------
    DataFrame
        ``unit`` and ``before_unit`` (the other line of the step) of `Steps`, ``kind``, ``at``, ``earliest``,
        ``latest`` (ns since 1970), ``part_before`` and ``part_after`` (share of requests, or median seconds), ``llr``,
        ``dispersion``, ``p_value``, ``q_value``, ``count_before`` and ``count_after`` (requests).
    int
        How many were tested.
    """
    missing = [one for one in map(_of, _parts(steps.reached, "unit")) if len(one.at) >= FEWEST]
    services = dict(steps.units.select("unit", "service_name").iter_rows())
    slower: dict[str | None, list[_Taken]] = {}
    for one in map(_of, _parts(steps.next, "unit", "before")):
        # Between two services either may be slow, or what lies between them.
        slower.setdefault(services[one.unit], []).append(one)
        if services[one.before] != services[one.unit]:
            slower.setdefault(services[one.before], []).append(replace(one, shown=one.before))
    rows = [*_missing(missing, coverage, max_q), *_slower(list(slower.values()), coverage, max_q)]
    return pl.DataFrame(rows, schema=_TYPES, orient="row"), len(missing) + len(slower)


def _parts(table: pl.DataFrame, *by: str) -> list[pl.DataFrame]:
    return table.partition_by(*by, maintain_order=True) if len(table) else []


def _of(part: pl.DataFrame) -> _Taken:
    there = part["lag"].is_not_null().to_numpy()
    lag = part["lag"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    unit = int(part["unit"][0])
    return _Taken(unit, int(part["before"][0]), part["at"].to_numpy(), there, lag, unit)


def _missing(taken: list[_Taken], coverage: float, max_q: float) -> Iterator[dict[str, Any]]:
    found = [share_step(one.there) for one in taken]
    p = np.array([np.exp(step.log_p) if step else 1.0 for step in found])
    for one, step, chance, q in zip(taken, found, p, q_values(p), strict=True):
        if step is None or q > max_q:
            continue
        before, after = float(one.there[: step.place].mean()), float(one.there[step.place :].mean())
        few = len(one.there) - step.place < FEWEST_SIDE
        if few or before < TAKEN or 1 - after < MORE * (1 - before):
            continue
        # A request shows that it lacks the line when that would have come.
        due = np.maximum.accumulate(one.at + np.where(one.there, one.lag, np.nanmedian(one.lag)).astype(np.int64))
        yield _row(one, "missing", step, due, (before, after), (chance, q), coverage)


def _slower(services: list[list[_Taken]], coverage: float, max_q: float) -> Iterator[dict[str, Any]]:
    found = [_together(taken) for taken in services]
    p = np.array([np.exp(step.log_p) if step else 1.0 for step, _, _ in found])
    for taken, (step, times, each), chance, q in zip(services, found, p, q_values(p), strict=True):
        if step is None or q > max_q:
            continue
        shown = int(np.argmax(each[:, step.place - 1]))
        if each[shown, step.place - 1] > OWN:
            before, after = _medians(taken[shown], int(times[step.place]))
            if not np.isfinite([before, after]).all():
                continue
            row = _row(taken[shown], "slower", step, times, (before / 1e9, after / 1e9), (chance, q), coverage)
            # A request that came to the step may have been slowed down at any time until it was through.
            yield row | {"latest": row["latest"] + round(after), "part_unit": "s"}


def _medians(one: _Taken, when: int) -> tuple[float, float]:
    """How long a step usually took before a time, and since; not a number where it was not taken."""
    early = one.at < when
    return tuple(float(np.median(part)) if len(part) else np.nan for part in (one.lag[early], one.lag[~early]))  # type: ignore[return-value]


def _together(taken: list[_Taken]) -> tuple[Step | None, Integers, Floats]:
    """The rise that the steps of one service have in common, when it may be, and the evidence of each then."""
    times = np.unique(np.concatenate([one.at for one in taken]))
    if len(times) > MOST_TIMES:
        times = times[np.linspace(0, len(times) - 1, MOST_TIMES).astype(np.int64)]
    each = np.zeros((len(taken), len(times) - 1))
    for row, one in enumerate(taken):
        step = rise_step(np.log(np.maximum(one.lag, SHORTEST)), FEWEST_SIDE)
        if step is None:
            continue
        before, after = _medians(one, int(one.at[step.place]))
        if after >= SLOWER * before and after - before >= LONGER:
            place = np.searchsorted(one.at, times[1:])
            inside = (place >= 1) & (place <= len(step.profile))
            each[row, inside] = np.maximum(step.profile[place[inside] - 1], 0.0)
    profile = np.maximum(each - OWN, 0.0).sum(axis=0)
    best = int(np.argmax(profile))
    if profile[best] <= 0:
        return None, times, each
    log_p = min(0.0, places(sum(len(one.at) for one in taken)) - float(profile[best]))
    return Step(best + 1, float(profile[best]), log_p, 1.0, profile), times, each


def _row(
    one: _Taken,
    kind: str,
    step: Step,
    times: Integers,
    parts: tuple[float, float],
    chance: tuple[float, float],
    coverage: float,
) -> dict[str, Any]:
    when = step_time(step, times, coverage)
    seen = int((one.at < when.at).sum())
    return {
        "unit": one.shown,
        "before_unit": one.before if one.shown == one.unit else one.unit,
        "kind": kind,
        **{name: getattr(when, name) for name in ("at", "earliest", "latest")},
        "part_before": parts[0],
        "part_after": parts[1],
        "llr": step.llr,
        "dispersion": step.dispersion,
        "p_value": float(chance[0]),
        "q_value": float(chance[1]),
        "count_before": seen,
        "count_after": len(one.at) - seen,
    }
