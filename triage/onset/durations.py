"""Which quantities are durations, by their names and units, and in what they are measured."""

from __future__ import annotations

import re
from dataclasses import dataclass

from triage.patterns.parameters import Parameter
from triage.patterns.quantities import MILLISECONDS

#: Ends of names that are units of time and nothing else, if they tell of no rate.
SURE_UNITS = frozenset((
    "ms", "msec", "msecs", "millis", "milliseconds", "us", "usec", "micros", "microseconds", "ns", "nanos",
    "nanoseconds", "s", "sec", "secs", "seconds",
))  # fmt: skip
#: Words of names of times that were set, not taken: how long to wait, how often, how long something may be kept.
SET = frozenset(
    ("timeout", "ttl", "interval", "deadline", "limit", "period", "expiry", "expires", "max", "age", "retention")
)
#: Last words of names of durations, and words before ``time`` that make one of it.
TAKEN = frozenset(("duration", "latency", "elapsed", "took"))
OF_TIME = frozenset((
    "response", "request", "process", "processing", "exec", "execution", "query", "elapsed", "upstream", "render",
    "db", "wait", "service", "run", "connect", "header", "handling", "roundtrip", "total", "server",
))  # fmt: skip
#: Names that stand for a unit wherever they are used, in seconds: pino-http's, the one of IIS, nginx's, and those of
#: OpenTelemetry's semantic conventions, which measure in seconds.
CONVENTIONS: tuple[tuple[re.Pattern[str], float], ...] = (
    (re.compile(r"(?:^|\.)responseTime$|^time-taken$"), 1e-3),
    (re.compile(r"^(?:request_time|upstream_(?:response|connect|header)_time)$"), 1.0),
    (re.compile(r"^(?:http|rpc|db|messaging|dns|gen_ai)\.[a-z._]{1,60}\.duration$"), 1.0),
)


@dataclass(frozen=True)
class Duration:
    """That a quantity is a duration.

    Attributes
    ----------
    second : float or None
        Seconds in one of its unit; None where nothing tells the unit.
    """

    second: float | None


def duration_of(one: Parameter, written: str | None = None) -> Duration | None:
    """Whether a quantity is a duration; None for any other.

    Parameters
    ----------
    one : Parameter
        With its unit, if one stands beside it.
    written : str, optional
        Its name as the lines have it.

    Examples
    --------
    >>> [duration_of(Parameter(name, "number", None, 0)) for name in ("duration_ms", "requests_per_s", "timeout_ms")]
    [Duration(second=0.001), None, None]
    >>> duration_of(Parameter("latency", "number", None, 0)), duration_of(Parameter("wait", "duration", "ms", 0))
    (Duration(second=None), Duration(second=0.001))
    >>> duration_of(Parameter("response_time", "number", None, 0), "responseTime")
    Duration(second=0.001)
    """
    *_, before, word = ("", *one.name.split("_"))
    sure = word in SURE_UNITS and before != "per" and (before or len(word) > 1)
    if SET & set(one.name.split("_")):
        return None
    unit = one.unit or (word if sure else "")
    if unit in MILLISECONDS:
        return Duration(MILLISECONDS[unit] / 1000)
    for pattern, second in CONVENTIONS:
        if pattern.search(written or one.name):
            return Duration(second)
    taken = word in TAKEN or (word == "time" and before in OF_TIME) or one.name.endswith("time_taken")
    return Duration(None) if taken and not one.unit else None
