"""How onsets fare in logs of several days that follow the day, the week or the hour, on simulated logs.

Quiet logs of many rhythms for false alarms, and logs with one change of known time for power and coverage: a change is
found where an onset of its direction begins within `NEAR` of it, or may have begun then. All is drawn from a seed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import numpy.typing as npt
import polars as pl

from benchmarks.onset import START, Times, series_of, window_of
from triage.onset.find import find_onsets
from triage.onset.series import SECOND

Floats = npt.NDArray[np.float64]
MINUTE, HOUR, DAY = 60, 3_600, 86_400
#: A change is found where an onset begins so near, in seconds.
NEAR = 2 * HOUR


def wave(minute: Floats, times: float) -> Floats:
    """A smooth day whose busiest time has so many times the rate of its quietest one."""
    level: Floats = np.exp(-np.log(times) / 2 * np.cos(2 * np.pi * minute / 1440))
    return level


def office(minute: Floats) -> Floats:
    """Office hours with twenty times the rate of the night, and steep edges."""
    return np.where((minute % 1440 >= 8 * 60) & (minute % 1440 < 18 * 60), 1.0, 0.05)


def weekend(minute: Floats) -> Floats:
    """A day of a fivefold rise, with a third of it on weekends."""
    return wave(minute, 5) * np.where((minute // 1440 + 1) % 7 >= 5, 0.33, 1.0)


def nightly(minute: Floats) -> Floats:
    """A job of eight minutes at 02:10, and a few lines at other times."""
    inside = (minute % 1440 >= 130) & (minute % 1440 < 138)
    return np.where(inside, 1.0, 1e-4)


def hourly(minute: Floats) -> Floats:
    """Two minutes of every hour between 6 and 22."""
    inside = (minute % 60 >= 17) & (minute % 60 < 19) & (minute % 1440 >= 360) & (minute % 1440 < 1320)
    return np.where(inside, 1.0, 2e-3)


RHYTHMS: dict[str, Callable[[Floats], Floats]] = {
    "flat": lambda minute: np.ones_like(minute),
    "day x2": lambda minute: wave(minute, 2),
    "day x5": lambda minute: wave(minute, 5),
    "day x20": lambda minute: wave(minute, 20),
    "office": office,
    "weekend": weekend,
    "nightly": nightly,
    "hourly": hourly,
}


@dataclass(frozen=True)
class Change:
    """A change: hour of day at which it begins, how many hours it lasts (0: to the end), and the factor of the rate."""

    factor: float
    hour: float
    hours: float = 0.0
    new: bool = False


CHANGES: dict[str, Change] = {
    "x2, 15:00, 4 h": Change(2, 15, 4),
    "x3, 15:00, on": Change(3, 15),
    "x10, 03:00, 1 h": Change(10, 3, 1),
    "half, 11:00, on": Change(0.5, 11),
    "half, 11:00, 6 h": Change(0.5, 11, 6),
    "gone, 14:00": Change(0, 14),
    "new, 03:00": Change(1, 3, new=True),
    "no 02:00, 2 h": Change(0, 1.8, 2),
}


def draw(
    rng: np.random.Generator, shape: Floats, lines: float, noise: float, change: Change | None, at: float
) -> Times:
    """Times of lines that follow a shape (a rate a minute), with rates that vary by the hour, and a change."""
    minute = np.arange(len(shape))
    hours = np.repeat(rng.gamma(1 / noise**2, noise**2, -(-len(shape) // 60)), 60)[: len(shape)] if noise else 1.0
    rate = shape / shape.mean() * lines / len(shape) * hours
    if change is not None:
        end = at + change.hours * HOUR if change.hours else np.inf
        part = np.clip(np.minimum((minute + 1) * MINUTE, end) - np.maximum(minute * MINUTE, at), 0, MINUTE) / MINUTE
        factor = (1 - part) * (0.0 if change.new else 1.0) + part * change.factor
        rate = (lines / len(shape) if change.new else rate) * factor
    counts = rng.poisson(rate)
    times: Times = np.repeat(minute, counts) * float(MINUTE) + rng.uniform(0, MINUTE, counts.sum())
    if change is not None and change.factor == 0:
        times = times[(times < at) | (times >= end)]
    if change is not None and change.new:
        times = times[times >= at]
    return times


def minutes_of(days: float, offset: float) -> Floats:
    """Minutes of the logs, from a midnight of the people there: `START` is a Tuesday, and elsewhere a Wednesday."""
    return np.arange(round(days * 1440)).astype(np.float64) + offset


def sizes(rng: np.random.Generator, units: int, days: float) -> Floats:
    """Lines of each unit."""
    found: Floats = np.exp(rng.uniform(np.log(5), np.log(3000), units)) * days
    return found


def false_alarms(rng: np.random.Generator, rhythm: str, days: float, units: int, noise: float) -> float:
    """Onsets reported for a hundred units without any change."""
    offset = START // MINUTE % 1440 + 60.0 * rng.integers(-12, 15)
    shape = RHYTHMS[rhythm](minutes_of(days, offset))
    drawn = [draw(rng, shape, lines, noise, None, 0.0) for lines in sizes(rng, units, days)]
    found = find_onsets(series_of(drawn, days * DAY), window_of(days * DAY))
    return 100 * len(found.frame) / units


@dataclass(frozen=True)
class Score:
    """Shares found (of all) and within the interval (of those found); median width and error in seconds.

    `elsewhere` are onsets at another time, for a hundred units.
    """

    found: float
    covered: float
    width: float
    error: float
    elsewhere: float


def score(
    rng: np.random.Generator, rhythm: str, change: Change, days: float, units: int, lines: float, noise: float
) -> Score:
    """Change one unit in four, each at its own time, at the same hour of a day."""
    offset = START // MINUTE % 1440 + 60.0 * rng.integers(-12, 15)
    shape = RHYTHMS[rhythm](minutes_of(days, offset))
    first, last = np.ceil(0.3 * days), np.floor(0.85 * days)
    drawn, truth = [], []
    for unit in range(units):
        at = rng.integers(first, last + 1) * DAY + (change.hour * 60 - offset % 1440) * MINUTE + rng.uniform(0, 600)
        changes = unit % 4 == 0
        drawn.append(draw(rng, shape, lines * days, noise, change if changes else None, at))
        truth.append(at if changes else np.nan)
    found = find_onsets(series_of(drawn, days * DAY), window_of(days * DAY)).frame
    known = pl.DataFrame({"template_id": [f"t{n:05d}" for n in range(units)], "truth": truth})
    ours = found.join(known, on="template_id")
    at, earliest, latest = (
        (ours[name].dt.epoch("ns") - START * SECOND).to_numpy() / SECOND for name in ("at", "earliest", "latest")
    )
    when, rises = ours["truth"].to_numpy(), ours["kind"].is_in(["new", "surge"]).to_numpy()
    near = ((np.abs(at - when) <= NEAR) | (earliest <= when) & (when <= latest)) & (rises == (change.factor >= 1))
    if not near.any():
        return Score(0.0, np.nan, np.nan, np.nan, 100 * len(ours) / units)
    return Score(
        float(near.sum()) / np.isfinite(truth).sum(),
        float(((earliest <= when) & (when <= latest))[near].mean()),
        float(np.median((latest - earliest)[near])),
        float(np.median(np.abs(at - when)[near])),
        100 * float((~near).sum()) / units,
    )


def main() -> int:
    """Print all figures; 0 unless the arguments are wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=200, help="templates of each log (default: %(default)s)")
    parser.add_argument("--days", type=float, nargs="+", default=[7.0, 21.0], help="lengths of the logs")
    parser.add_argument("--lines", type=float, default=400.0, help="lines a day where something changes")
    parser.add_argument(
        "--noise", type=float, default=0.2, help="how much rates vary by the hour (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, help="seed of all random numbers (default: %(default)s)")
    options = parser.parse_args()
    begin = perf_counter()
    print("onsets per 100 units without any change")
    alarms = []
    for rhythm in RHYTHMS:
        rng = np.random.default_rng(options.seed)
        found = [false_alarms(rng, rhythm, days, options.units, options.noise) for days in options.days]
        alarms += found
        print(f"  {rhythm:10}", *(f"{n:6.1f} in {days:g} d" for n, days in zip(found, options.days, strict=True)))
    print("changes: share found, of these within the interval, median width and error; onsets elsewhere per 100 units")
    scores = []
    for rhythm in RHYTHMS:
        for name, change in CHANGES.items():
            rng = np.random.default_rng(options.seed)
            days = options.days[0]
            one = score(rng, rhythm, change, days, options.units, options.lines, options.noise)
            scores.append(one)
            print(
                f"  {rhythm:10}{name:18}{one.found:5.0%}{one.covered:6.0%}{one.width:9.0f} s{one.error:8.0f} s"
                f"{one.elsewhere:7.1f}"
            )
    weights = [one.found for one in scores]
    covered = np.average(np.nan_to_num([one.covered for one in scores]), weights=weights)
    print(
        f"figures: false_per_100={np.mean(alarms):.2f} found={np.mean(weights):.3f} covered={covered:.3f} "
        f"elsewhere_per_100={np.mean([one.elsewhere for one in scores]):.2f} seconds={perf_counter() - begin:.0f}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
