"""How often clocks are said to differ that do not, and how often ones that do are found, on simulated sources.

Sets of two to six sources are drawn anew from a seed. For false alarms: sources that have nothing to do with each other
(evenly random, in waves, in bursts, over the day, in periods, with an outage), at the same time or hours apart, or that
serve the same requests with right clocks, work on a queue included. For power: one source of a set that serves the same
requests is ahead by some hours, seen by activity alone or by shared ids, or by 90 seconds, seen by ids. The last line
sums it up.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from itertools import product
from time import perf_counter

import numpy as np
import numpy.typing as npt
import polars as pl

from triage.ingest.keeping import Compared, traits
from triage.ingest.ledger import SourceLedger
from triage.ingest.skew import skews

Times = npt.NDArray[np.float64]
Draw = Callable[[np.random.Generator, float, float], Times]
START = 1_790_000_000
HOURS = (1.0, 2.0, 5.5, -8.0)
SKEW = 90.0
SPANS, RATES = (1800.0, 4 * 3600.0, 86_400.0), (0.1, 1.0)


def even(rng: np.random.Generator, span: float, rate: float) -> Times:
    """Requests that come independently of each other, `rate` a second over `span` seconds."""
    return rng.uniform(0, span, rng.poisson(rate * span))


def waves(rng: np.random.Generator, span: float, rate: float) -> Times:
    """A rate that wanders: log-normal, first-order autoregressive, over some minutes."""
    step, keep = 5.0, np.exp(-5.0 / 120)
    shocks = rng.normal(size=int(span / step)) * np.sqrt(1 - keep**2)
    level = np.empty(len(shocks))
    value = rng.normal()
    for place, shock in enumerate(shocks):
        value = keep * value + shock
        level[place] = value
    counts = rng.poisson(rate * step * np.exp(0.6 * level - 0.18))
    times: Times = (np.repeat(np.arange(len(counts)), counts) + rng.uniform(size=counts.sum())) * step
    return times


def bursts(rng: np.random.Generator, span: float, rate: float) -> Times:
    """Groups of some eight requests within seconds."""
    parents = rng.uniform(0, span, rng.poisson(rate * span / 8))
    times = np.repeat(parents, rng.geometric(1 / 8, len(parents)))
    return times + rng.exponential(10, len(times))


def daily(rng: np.random.Generator, span: float, rate: float) -> Times:
    """More by day than by night; each source has its own noon."""
    times = even(rng, span, 2 * rate)
    noon = rng.uniform(0, 2 * np.pi)
    return times[rng.uniform(size=len(times)) < 0.5 * (1 + 0.8 * np.sin(2 * np.pi * times / 86_400 + noon))]


def periods(rng: np.random.Generator, span: float, rate: float) -> Times:
    """Jobs on the clock, every ten seconds to every hour, over a little traffic."""
    period = float(rng.choice([10, 30, 60, 300, 600, 900, 1800, 3600]))
    runs = np.arange(rng.choice([0.0, rng.uniform(0, period)]), span, period)
    each = min(500, max(1, int(rate * span / max(1, len(runs)))))
    return np.concatenate((np.repeat(runs, each) + rng.exponential(1, len(runs) * each), even(rng, span, 0.3 * rate)))


def outage(rng: np.random.Generator, span: float, rate: float) -> Times:
    """Even traffic, and at some time ten times as much for a while."""
    begin = rng.uniform(0.2, 0.7) * span
    return np.concatenate((even(rng, span, rate), rng.uniform(begin, begin + 0.1 * span, int(rate * span))))


KINDS: tuple[Draw, ...] = (even, waves, bursts, daily, periods, outage)
#: Traffic that can show where two sources fit: what comes in periods fits everywhere.
TELLING: tuple[Draw, ...] = (even, waves, bursts, daily)


def source(name: str, times: Times, ids: npt.NDArray[np.int64] | None = None) -> Compared:
    """Records at such times, with ids where given, as reading gives them."""
    order = np.argsort(times)
    moments = ((times[order] + START) * 1e9).astype(np.int64)
    named = [None] * len(times) if ids is None else [f"request-{number}" for number in ids[order]]
    of = {"raw": [""] * len(times), "timestamp": moments, "trace_id": pl.Series(named, dtype=pl.String)}
    records = pl.DataFrame(of).with_columns(pl.col("timestamp").cast(pl.Datetime("ns", "UTC")))
    row = SourceLedger(name, "generic", lines=len(times), records=len(times), time_zone_assumed=name.startswith("odd"))
    return Compared(row, traits(records), None)


def strangers(rng: np.random.Generator, span: float, rate: float) -> tuple[str, ...]:
    """Notes on sources that have nothing to do with each other."""
    drawn = []
    for number in range(rng.integers(2, 7)):
        kind = KINDS[rng.integers(len(KINDS))]
        late = rng.choice([0, 0, 3600, -7200, 19_800, rng.uniform(-20_000, 20_000)])
        drawn.append(source(f"{number}.log", kind(rng, span, rate * rng.uniform(0.3, 3)) + late))
    return tuple(clock.note for clock in skews(drawn))


def family(
    rng: np.random.Generator, span: float, rate: float, ahead: float, share: float, shared_ids: bool, queue: float = 0.0
) -> tuple[str, ...]:
    """Notes on sources that serve the same requests, each a share of them; the first's clock is ahead.

    Parameters
    ----------
    queue : float
        Seconds that requests wait before the last source, on average.
    """
    requests = TELLING[rng.integers(len(TELLING))](rng, span, rate)
    drawn = []
    count = int(rng.integers(2, 7))
    for number in range(count):
        ids = np.flatnonzero(rng.uniform(size=len(requests)) < share)
        wait = rng.exponential(queue, len(ids)) if queue and number == count - 1 else 0.0
        own = requests[ids] + rng.exponential(rng.uniform(0.01, 1.5), len(ids)) + wait
        name = "odd.log" if number == 0 else f"{number}.log"
        drawn.append(source(name, own + (ahead if number == 0 else 0.0), ids if shared_ids else None))
    return tuple(clock.note for clock in skews(drawn))


def is_right(notes: tuple[str, ...], ahead: float) -> bool:
    """Whether the one note there is names the odd source, the shift (to 3 s, for requests take time) and which way."""
    told = "".join(notes[:1])
    found = re.match(r"the clock of odd\.log is (?:(\d+) h)? ?(?:(\d+) min)? ?(?:(\d+) s)? ?(ahead|behind)", told)
    if len(notes) != 1 or not found:
        return False
    hours, minutes, seconds = (int(found[place] or 0) for place in (1, 2, 3))
    size = (hours * 3600 + minutes * 60 + seconds) * (1 if found[4] == "ahead" else -1)
    return abs(size - ahead) <= (3 if abs(ahead) < 900 else 0)


def false_alarms(rng: np.random.Generator, span: float, rate: float, sets: int) -> list[float]:
    """How often a note is given without need: strangers, a family, a family with a queue."""
    drawn = [
        (
            bool(strangers(rng, span, rate)),
            bool(family(rng, span, rate, 0, 0.7, bool(rng.integers(2)))),
            bool(family(rng, span, rate, 0, 0.7, True, rng.uniform(30, 600))),
        )
        for _ in range(sets)
    ]
    return [float(column) for column in np.mean(drawn, axis=0)]


def power(rng: np.random.Generator, span: float, rate: float, ahead: float, ids: bool, sets: int) -> float:
    """How often a clock that is ahead is found, and told rightly."""
    return float(np.mean([is_right(family(rng, span, rate, ahead, 0.5, ids), ahead) for _ in range(sets)]))


def main() -> None:
    """Print a table of false alarms and of what is found, and sum up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=50, help="sets of sources for each cell (default %(default)s)")
    parser.add_argument("--seed", type=int, default=7, help="where to draw from (default %(default)s)")
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    began = perf_counter()
    rows: list[list[float]] = []
    print(f"{'span':>8} {'a second':>8}  false: strangers family queue   found: by activity  hours by ids  90 s by ids")
    for span, rate in product(SPANS, RATES):
        alarms = false_alarms(rng, span, rate, args.sets)
        hours = [
            float(np.mean([power(rng, span, rate, hour * 3600, ids, max(1, args.sets // 4)) for hour in HOURS]))
            for ids in (False, True)
        ]
        row = [*alarms, *hours, power(rng, span, rate, SKEW, True, args.sets)]
        rows.append(row)
        told = f"{row[0]:16.3f} {row[1]:6.3f} {row[2]:5.3f} {row[3]:20.2f} {row[4]:13.2f} {row[5]:12.2f}"
        print(f"{span / 3600:6.1f} h {rate:8.1f} {told}")
    means = np.mean(rows, axis=0)
    print(
        f"figures: false_alarms={means[:3].mean():.4f} sets={3 * len(rows) * args.sets} "
        f"hours_by_activity={means[3]:.3f} hours_by_ids={means[4]:.3f} "
        f"seconds_by_ids={means[5]:.3f} seconds={perf_counter() - began:.0f}"
    )


if __name__ == "__main__":
    main()
