"""How often onsets are false alarms, how many are found, how well they are dated, and how fast, on simulated logs.

Everything is drawn anew from a seed: logs without any change (Poisson, over-dispersed, in bursts, correlated, periodic)
for false alarms, and logs with one change of known time for power and coverage. The last line sums it up.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import signal

from triage.onset.find import find_onsets
from triage.onset.series import SECOND, Series, Window, count_series

Times = npt.NDArray[np.float64]
Draw = Callable[[np.random.Generator, float, float], Times]
START = 1_700_000_000


def poisson(rng: np.random.Generator, lines: float, seconds: float) -> Times:
    """Times of lines that come independently of each other, `lines` of them on average."""
    return rng.uniform(0, seconds, rng.poisson(lines))


def overdispersed(rng: np.random.Generator, lines: float, seconds: float) -> Times:
    """Negative binomial counts, independent from second to second."""
    groups = rng.uniform(0, seconds // 1, rng.poisson(lines / 3)) // 1
    return np.repeat(groups, rng.geometric(1 / 3, len(groups))) + 0.5


def bursty(rng: np.random.Generator, lines: float, seconds: float) -> Times:
    """Groups of lines (retries, one request's errors), spread over some seconds."""
    size, spread = rng.uniform(2, 12), rng.uniform(0.1, max(1.0, 0.01 * seconds))
    parents = rng.uniform(-5 * spread, seconds, rng.poisson(lines / size * (1 + 5 * spread / seconds)))
    times = np.repeat(parents, rng.geometric(1 / size, len(parents)))
    return times + rng.exponential(spread, len(times))


def heavy(rng: np.random.Generator, lines: float, seconds: float) -> Times:
    """Groups whose sizes have a long tail (log-normal)."""
    parents = rng.uniform(0, seconds, rng.poisson(lines / 4))
    sizes = np.ceil(rng.lognormal(0.6, 1.1, len(parents))).astype(np.int64)
    times = np.repeat(parents, sizes)
    return times + rng.exponential(1.0, len(times))


def correlated(rng: np.random.Generator, lines: float, seconds: float, memory: float = 0.005) -> Times:
    """A rate that wanders: log-normal, first-order autoregressive, forgotten within `memory` times the window."""
    steps = 2000
    keep = np.exp(-1 / (memory * steps))
    shocks = rng.normal(size=steps) * np.sqrt(1 - keep**2)
    shocks[0] = rng.normal()
    level = signal.lfilter([1.0], [1.0, -keep], shocks)
    cells = np.repeat(np.arange(steps), rng.poisson(lines / steps * np.exp(0.6 * level - 0.18)))
    return (cells + rng.uniform(size=len(cells))) * seconds / steps


def wandering(rng: np.random.Generator, lines: float, seconds: float) -> Times:
    """The same with a long memory: beyond what one window can tell from a change."""
    return correlated(rng, lines, seconds, memory=0.02)


def periodic(rng: np.random.Generator, lines: float, seconds: float) -> Times:
    """A job that runs every so often and writes some lines each time."""
    per_run = rng.integers(1, 20)
    period = seconds * per_run / max(lines, 1.0)
    runs = np.arange(rng.uniform(0, period), seconds, period)
    return np.repeat(runs, per_run) + rng.uniform(0, 0.8, len(runs) * per_run)


NULLS: dict[str, Draw] = {
    "poisson": poisson,
    "overdispersed": overdispersed,
    "bursty": bursty,
    "heavy": heavy,
    "correlated": correlated,
    "periodic": periodic,
    "wandering": wandering,
}


def series_of(units: list[Times], seconds: float) -> Series:
    """The series of units, each given as the times of its lines in seconds; lines outside of the window are cut off."""
    inside = [times[(times >= 0) & (times < seconds)] for times in units]
    stamps = np.concatenate([np.zeros(0), *inside]) * SECOND
    names = np.repeat([f"t{number:05d}" for number in range(len(units))], [len(times) for times in inside])
    records = pl.DataFrame(
        {
            "timestamp": pl.Series(stamps.astype(np.int64) + START * SECOND).cast(pl.Datetime("ns", "UTC")),
            "template_id": pl.Series(names, dtype=pl.String),
            "service_name": pl.Series(["shop"] * len(names), dtype=pl.String),
        }
    )
    return count_series(records)


def window_of(seconds: float) -> Window:
    """The window of a simulated log."""
    return Window(START * SECOND, int(START + seconds) * SECOND)


def lines_of(rng: np.random.Generator) -> float:
    """A number of lines as templates have them: most few, some many."""
    return float(np.exp(rng.uniform(0, np.log(3000))))


def false_alarms(rng: np.random.Generator, draw: Draw, seconds: float, sets: int, units: int, **options: Any) -> float:
    """Share of logs without any change in which something is reported."""
    alarms = 0
    for _ in range(sets):
        series = series_of([draw(rng, lines_of(rng), seconds) for _ in range(units)], seconds)
        alarms += len(find_onsets(series, window_of(seconds), **options).frame) > 0
    return alarms / sets


@dataclass(frozen=True)
class Change:
    """A change to be simulated: what comes before and after it, as factors of the rate, and for how long."""

    kind: str
    before: float
    after: float
    part: float = 1.0
    ramp: bool = False


CHANGES: dict[str, Change] = {
    "new": Change("new", 0, 1),
    "gone": Change("gone", 1, 0),
    "surge x10": Change("surge", 0.1, 1),
    "surge x3": Change("surge", 1 / 3, 1),
    "drop x4": Change("drop", 1, 0.25),
    "burst x10": Change("surge", 0.1, 1, part=0.1),
    "ramp x10": Change("surge", 0.1, 1, ramp=True),
    "new ramp": Change("new", 0, 1, ramp=True),
}


def changed(rng: np.random.Generator, draw: Draw, change: Change, lines: float, seconds: float) -> tuple[Times, float]:
    """Lines of a unit that changes, and when it does; `lines` come in the busier of the two times."""
    at = rng.uniform(0.3, 0.8) * seconds
    end = min(seconds, at + change.part * seconds)
    busy = end - at if change.after >= change.before else at
    times = draw(rng, lines * seconds / busy, seconds)
    times = np.sort(times[(times >= 0) & (times < seconds)])
    inside = (times >= at) & (times < end)
    share = np.where(inside, change.after, change.before)
    if change.ramp:
        progress = np.clip((times - at) / (seconds - at), 0, 1)
        share = np.where(inside, change.before + (change.after - change.before) * progress, change.before)
    return times[rng.uniform(size=len(times)) < share], at


@dataclass(frozen=True)
class Score:
    """How a kind of change fared.

    `found` and `covered` are shares of all, and of those found; `width` (of the interval) and `error` (of the time) are
    medians in seconds.
    """

    found: float
    covered: float
    width: float
    error: float


def score(rng: np.random.Generator, draw: Draw, change: Change, lines: float, seconds: float, units: int) -> Score:
    """Simulate `units` changes of one kind."""
    drawn = [changed(rng, draw, change, lines, seconds) for _ in range(units)]
    found = find_onsets(series_of([times for times, _ in drawn], seconds), window_of(seconds))
    truth = pl.DataFrame({"template_id": [f"t{n:05d}" for n in range(units)], "truth": [at for _, at in drawn]})
    ours = found.frame.filter(pl.col("kind") == change.kind).join(truth, on="template_id")
    at, earliest, latest = (
        (ours[name].dt.epoch("ns") - START * SECOND).to_numpy() / SECOND for name in ("at", "earliest", "latest")
    )
    known = ours["truth"].to_numpy()
    if not len(known):
        return Score(0.0, float("nan"), float("nan"), float("nan"))
    covered = float(((earliest <= known) & (known <= latest)).mean())
    width, error = float(np.median(latest - earliest)), float(np.median(np.abs(at - known)))
    return Score(len(known) / units, covered, width, error)


def speed(rng: np.random.Generator, units: int, seconds: int) -> float:
    """Seconds for `units` units, one in twenty of which changes, in a window of `seconds` seconds."""
    quiet = [poisson(rng, lines_of(rng), seconds) for _ in range(units - units // 20)]
    busy = [changed(rng, poisson, CHANGES["surge x10"], 200, seconds)[0] for _ in range(units // 20)]
    series = series_of(quiet + busy, seconds)
    begin = perf_counter()
    find_onsets(series, window_of(seconds))
    return perf_counter() - begin


def print_false_alarms(options: argparse.Namespace) -> float:
    """Print the share of quiet logs with a report, by kind of log and length; give the mean without `wandering`."""
    print(f"logs without a change, {options.units} templates each: share in which something is reported")
    shares = []
    for name, draw in NULLS.items():
        rng = np.random.default_rng(options.seed)
        found = [false_alarms(rng, draw, seconds, options.sets, options.units) for seconds in options.seconds]
        print(
            f"  {name:14}",
            *(f"{share:7.1%} in {seconds:.0f} s" for share, seconds in zip(found, options.seconds, strict=True)),
        )
        shares += found if name != "wandering" else []
    return float(np.mean(shares))


def print_scores(options: argparse.Namespace) -> list[Score]:
    """Print how changes fare, by kind of log, kind of change and number of lines; give those of steps."""
    print("changes: share found, share of these within the interval, its median width, median error of the time")
    steps = []
    for name, seconds in product(("poisson", "overdispersed"), options.seconds):
        for kind, change in CHANGES.items():
            cells = []
            for lines in (40, 100, 400):
                rng = np.random.default_rng(options.seed)
                found = score(rng, NULLS[name], change, lines, seconds, options.changes)
                dated = f"{found.covered:5.0%} {found.width:6.1f} s {found.error:5.1f} s" if found.found else "-"
                cells.append(f"{found.found:5.0%} {dated:>22}")
                steps += [found] if found.found and not change.ramp else []
            print(f"  {name:14}{seconds:6.0f} s  {kind:10} 40, 100, 400 lines: ", " |".join(cells))
    return steps


def main() -> int:
    """Print all figures; 0 unless the arguments are wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sets", type=int, default=40, help="logs without a change, of each kind (default: %(default)s)"
    )
    parser.add_argument("--units", type=int, default=100, help="templates in each of them (default: %(default)s)")
    parser.add_argument("--changes", type=int, default=200, help="changes of each kind (default: %(default)s)")
    parser.add_argument("--seconds", type=float, nargs="+", default=[200.0, 1800.0], help="lengths of the logs")
    parser.add_argument("--seed", type=int, default=1, help="seed of all random numbers (default: %(default)s)")
    options = parser.parse_args()
    alarms = print_false_alarms(options)
    steps = print_scores(options)
    took = speed(np.random.default_rng(options.seed), 5000, 1024)
    print(f"5000 templates in 1024 bins: {took:.2f} s")
    found, weights = float(np.mean([s.found for s in steps])), [s.found for s in steps]
    covered = float(np.average([s.covered for s in steps], weights=weights))
    width = float(np.median([s.width for s in steps]))
    print(
        f"figures: false_alarm_logs={alarms:.3f} found={found:.3f} covered={covered:.3f} "
        f"median_width_seconds={width:.1f} seconds_5000x1024={took:.2f}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
