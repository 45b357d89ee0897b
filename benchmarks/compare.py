"""How often a comparison of two sets makes news of nothing, and how often it finds what changed, on simulated logs.

Each log is drawn anew from a seed: services with a rhythm, templates that come steadily, in bursts, in runs of a job,
or rarely, values that wander, ids that never come again. Its two halves are compared as they are, and with one change
in the second. The last line sums it up.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from time import perf_counter

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import signal

import triage
from triage.comparison import Comparison

Times = npt.NDArray[np.float64]
START = 1_700_000_000
HOUR = 3600.0
SERVICES = ("web", "cart", "stock", "pay", "mail", "cron")
VERBS = ("opened", "closed", "sent", "checked", "stored", "loaded", "queued", "merged", "listed", "renewed")
THINGS = ("order", "basket", "parcel", "invoice", "voucher", "label", "receipt", "ticket", "account", "address")
WORDS = ("card", "transfer", "voucher", "cash")


class Log:
    """A log that is being drawn: times, services, levels and messages."""

    def __init__(self, seed: int, seconds: float, period: float) -> None:
        self.rng = np.random.default_rng(seed)
        self.seconds, self.period = seconds, period
        self.parts: list[pl.DataFrame] = []

    def add(self, service: str, level: str, times: Times, messages: list[str]) -> None:
        """Add the lines of one template."""
        stamps = pl.Series((times * 1e9).astype(np.int64) + START * 10**9).cast(pl.Datetime("ns", "UTC"))
        part = pl.DataFrame({"timestamp": stamps, "message": pl.Series(messages, dtype=pl.String)})
        self.parts.append(part.with_columns(pl.lit(service).alias("service"), pl.lit(level).alias("level")))

    def frame(self) -> pl.DataFrame:
        """All lines in order of time."""
        return pl.concat(self.parts).sort("timestamp", "service", "message")

    def rhythm(self, times: Times) -> Times:
        """Times thinned to a rate that goes up and down with a period, and wanders a little."""
        wave = 0.6 + 0.4 * np.sin(2 * np.pi * times / self.period)
        return times[self.rng.uniform(size=len(times)) < wave]

    def steady(self, lines: float) -> Times:
        """Independent lines, more of them at some times of the day."""
        return self.rhythm(self.rng.uniform(0, self.seconds, self.rng.poisson(lines / 0.6)))

    def bursts(self, lines: float) -> Times:
        """Groups of lines (retries, what one request brings), spread over some seconds or minutes."""
        size, spread = self.rng.uniform(3, 20), np.exp(self.rng.uniform(np.log(0.5), np.log(120)))
        parents = self.rhythm(self.rng.uniform(0, self.seconds, self.rng.poisson(lines / size / 0.6)))
        times = np.repeat(parents, self.rng.geometric(1 / size, len(parents)))
        times = times + self.rng.exponential(spread, len(times))
        return times[times < self.seconds]

    def runs(self, lines: float) -> Times:
        """A job that writes some lines every so often."""
        many = int(self.rng.integers(1, 12))
        starts = np.arange(self.rng.uniform(0, 300), self.seconds, max(60.0, self.seconds * many / max(lines, 1)))
        return np.repeat(starts, many) + self.rng.uniform(0, 5, many * len(starts))

    def wandering(self, times: Times, middle: float, spread: float) -> Times:
        """Values of a skewed distribution whose middle wanders with time, by a fifth, and comes back."""
        steps = 400
        level = signal.lfilter([1.0], [1.0, -0.97], self.rng.normal(size=steps)) * 0.2 * np.sqrt(1 - 0.97**2)
        here = np.interp(times, np.linspace(0, self.seconds, steps), level)
        found: Times = middle * np.exp(here + spread * self.rng.normal(size=len(times)))
        return found


def quiet_log(seed: int, hours: float = 6.0, period_hours: float = 1.0) -> Log:
    """A log in which nothing changes: some 20,000 lines in six services."""
    log = Log(seed, hours * HOUR, period_hours * HOUR)
    rng = log.rng
    for service in SERVICES:
        for thing in rng.permutation(THINGS)[:7]:
            verb = str(rng.choice(VERBS))
            times = (log.steady, log.bursts, log.runs)[rng.integers(3)](np.exp(rng.uniform(np.log(5), np.log(1500))))
            ids = rng.integers(0, 2**32, len(times))
            log.add(service, "INFO", times, [f"{verb} {thing} {each:08x} in {service}" for each in ids])
        for number in range(4):  # rare ones
            times = (log.steady, log.bursts)[rng.integers(2)](rng.uniform(0.5, 8))
            level = ["WARN", "ERROR"][number % 2]
            text = f"{rng.choice(THINGS)} could not be {rng.choice(VERBS)}: step {'abcd'[number]} of {service} gave up"
            log.add(service, level, times, [text] * len(times))
        add_requests(log, service)
        add_payments(log, service)
    return log


def add_requests(log: Log, service: str, factor: float = 1.0, since: float = np.inf) -> None:
    """Requests with a duration and a size; durations times `factor` from some time on."""
    times = np.sort(log.steady(1200))
    took = log.wandering(times, 80.0, 0.6) * np.where(times >= since, factor, 1.0)
    sizes = log.rng.lognormal(8, 1, len(times))
    port = log.rng.integers(30000, 60000, len(times))
    texts = zip(port, took, sizes, strict=True)
    log.add(service, "INFO", times, [f"answered port {p} took {t:.0f} ms, {s:.0f} bytes" for p, t, s in texts])


def add_payments(
    log: Log, service: str, shares: tuple[float, ...] = (0.6, 0.2, 0.1, 0.1), since: float = np.inf
) -> None:
    """Lines with a word of few and a number that counts on; from some time on with other shares of the words."""
    times = np.sort(log.bursts(900))
    before, after = (log.rng.choice(WORDS, len(times), p=part) for part in ((0.6, 0.2, 0.1, 0.1), shares))
    words = np.where(times >= since, after, before)
    log.add(service, "INFO", times, [f"paid amount {n} means={word} done" for n, word in enumerate(words, 1000)])


def rate_doubled(log: Log, half: float) -> str:
    """One steady template comes twice as often in the second half."""
    times = log.steady(600)
    more = log.steady(600)
    times = np.r_[times, more[more >= half]]
    log.add("web", "INFO", times, ["renewed the cache of prices"] * len(times))
    return "renewed the cache of prices"


def new_error(log: Log, half: float) -> str:
    """An error that was not there before, in the last third of the second half."""
    times = log.steady(600)
    times = times[times >= half + log.seconds / 3]
    log.add("cart", "ERROR", times, [f"stock lookup refused by host {n % 7}" for n in range(len(times))])
    return "stock lookup refused"


def new_bursts(log: Log, half: float) -> str:
    """An error that was not there before, in bursts throughout the second half."""
    times = log.bursts(300)
    times = times[times >= half]
    log.add("cart", "ERROR", times, [f"stock lookup refused by host {n % 7}" for n in range(len(times))])
    return "stock lookup refused"


def gone(log: Log, half: float) -> str:
    """Lines of normal work that stop."""
    times = log.steady(300)
    times = times[times < half]
    log.add("mail", "INFO", times, ["letter handed over"] * len(times))
    return "letter handed over"


def slower(log: Log, half: float) -> str:
    """Durations of one kind of request double."""
    times = np.sort(log.steady(1200))
    took = log.wandering(times, 40.0, 0.6) * np.where(times >= half, 2.0, 1.0)
    log.add("pay", "INFO", times, [f"charge settled after {t:.0f} ms" for t in took])
    return "charge settled after"


def other_words(log: Log, half: float) -> str:
    """A word becomes three times as frequent: it is the value of a key."""
    times = np.sort(log.steady(1200))
    before, after = (log.rng.choice(WORDS, len(times), p=p) for p in ((0.6, 0.2, 0.1, 0.1), (0.2, 0.6, 0.1, 0.1)))
    words = np.where(times >= half, after, before)
    log.add("pay", "INFO", times, [f"chosen means={word} by user" for word in words])
    return "chosen means="


def silent(log: Log, half: float) -> str:
    """A service stops halfway through the second half."""
    stop = pl.lit(START * 10**9 + int(1.5 * half * 1e9)).cast(pl.Datetime("ns", "UTC"))
    gone = (pl.col("service") == "mail") & (pl.col("timestamp") >= stop)
    log.parts = [part.filter(~gone) for part in log.parts]
    return "mail"


def told(found: Comparison, kind: str, text: str) -> tuple[bool, int]:
    """Whether a change is told, and how much else is."""
    frame, stops = found.frame, found.stops
    if kind == "stop":
        right = int((stops["name"] == text).sum())
    else:
        right = len(frame.filter(pl.col("template").str.starts_with(text[:12]), pl.col("kind") == kind))
    return right > 0, len(frame) + len(stops) + int(found.services["changed"].sum()) - right


CHANGES: dict[str, tuple[str, Callable[[Log, float], str]]] = {
    "rate x2": ("rate", rate_doubled),
    "new error": ("new", new_error),
    "new bursts": ("new", new_bursts),
    "gone": ("gone", gone),
    "duration x2": ("parameter", slower),
    "other words": ("parameter", other_words),
    "service stops": ("stop", silent),
}


def halves(log: Log) -> Comparison:
    """The second half of a log against the first."""
    frame = log.frame()
    middle = pl.lit(START * 10**9 + int(log.seconds / 2 * 1e9)).cast(pl.Datetime("ns", "UTC"))
    return triage.compare(frame.filter(pl.col("timestamp") < middle), frame.filter(pl.col("timestamp") >= middle))


def main() -> int:
    """Print all figures; 0 unless the arguments are wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--logs", type=int, default=100, help="quiet logs (default: %(default)s)")
    parser.add_argument("--changed", type=int, default=20, help="logs with each change (default: %(default)s)")
    parser.add_argument("--hours", type=float, default=6.0, help="length of a log (default: %(default)s)")
    parser.add_argument("--period", type=float, nargs="+", default=[1.0, 6.0], help="hours of a rhythm's period")
    parser.add_argument("--seed", type=int, default=1, help="first seed (default: %(default)s)")
    options = parser.parse_args()
    begin, alarms, rows, tested = perf_counter(), [], 0, 0
    for period in options.period:
        found = [halves(quiet_log(options.seed + n, options.hours, period)) for n in range(options.logs)]
        alarms.append(float(np.mean([not each.quiet for each in found])))
        rows, tested = rows + sum(len(each.frame) for each in found), tested + sum(each.tested for each in found)
        print(f"quiet logs, a rhythm of {period:g} h: {alarms[-1]:.1%} of {options.logs} report anything")
        for row in pl.concat([each.frame for each in found]).head(20).iter_rows(named=True):
            counts = f"{row['count_a']} : {row['count_b']} {row['statistic'] or ''}"
            print(f"    {row['kind']:9} {counts}  {row['template'][:80]}")
        for row in pl.concat([each.stops for each in found]).head(20).iter_rows(named=True):
            print(f"    {row['kind']} {row['name']} silent for {row['silent_seconds']} s")
    shares = []
    for name, (kind, change) in CHANGES.items():
        hits = more = 0
        for n in range(options.changed):
            log = quiet_log(options.seed + n, options.hours, options.period[0])
            text = change(log, log.seconds / 2)
            hit, others = told(halves(log), kind, text)
            hits, more = hits + hit, more + others
        shares.append(hits / options.changed)
        print(f"{name:13} found in {shares[-1]:.0%} of {options.changed} logs; {more} other")
    print(
        f"figures: quiet_logs_with_news={np.mean(alarms):.3f} tests_per_log={tested / len(alarms) / options.logs:.0f} "
        f"false_rows={rows} found={np.mean(shares):.3f} seconds={perf_counter() - begin:.0f}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
