"""What a key tells: whose work a line is about, where in the code it was written, or how the work came out.

How the work came out is what makes a line a failing one: that failing lines share it says less than whose they are.
"""

from __future__ import annotations

import re

#: Kinds of keys, those that tell most first.
WHOSE, CODE, OUTCOME = "whose", "code", "outcome"
KINDS = (WHOSE, CODE, OUTCOME)
#: Words of keys by what they tell; a quantity is no name of anything.
OUTCOMES = frozenset(
    (
        *("status", "code", "error", "err", "errors", "errno", "exception", "reason", "result", "outcome", "state"),
        *(
            "answered",
            "returned",
            "responded",
            "response",
            "cause",
            "fault",
            "signal",
            "exit",
            "failed",
            "failure",
            "success",
            "ok",
        ),
    )
)
QUANTITIES = frozenset(
    (
        *("duration", "latency", "elapsed", "took", "time", "timeout", "ms", "millis", "seconds", "secs", "rt", "urt"),
        *("size", "bytes", "length", "count", "percent", "num", "depth", "retry", "retries", "attempt", "attempts"),
    )
)
CODES = frozenset(
    (
        *("logger", "thread", "threads", "caller", "file", "filename", "function", "func", "module", "class", "line"),
        *("lineno", "category", "component", "target", "goroutine", "process", "pid", "tid"),
    )
)
#: Words of keys that name one of several that do the same work.
PLACES = frozenset(
    (
        *("host", "hostname", "instance", "pod", "node", "container", "replica", "server", "machine", "vm", "source"),
        *("zone", "region", "az", "cluster", "shard", "partition", "cell", "datacenter", "dc"),
    )
)
#: Keys that say again what the record's own columns say, or what is left of a line.
EMPTY = frozenset(
    (
        *("level", "severity", "lvl", "loglevel", "log_level", "levelname", "levelno", "priority", "msg", "message"),
        *("time", "timestamp", "ts", "date", "datetime", "head", "rest", "ident", "stream", "event", "stack"),
        *("exception.frames", "exception.cause", "exception.message", "exception.stacktrace", "exception_message"),
    )
)
#: Names of variable parts that only say of what form they are.
VAGUE = frozenset(("value", "num", "hex", "uuid", "id", "number", "duration", "size", "date", "time", "key", "name"))
_PARTS = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])")


def words_of(key: str) -> frozenset[str]:
    """The words of a key in lower case.

    Examples
    --------
    >>> sorted(words_of("k8s.podName"))
    ['k8s', 'name', 'pod']
    """
    return frozenset(word.lower() for word in _PARTS.split(key[:80]) if word)


def kind_of(key: str) -> str | None:
    """What a key tells; None where it tells nothing.

    Examples
    --------
    >>> kind_of("tenant"), kind_of("http.status_code"), kind_of("logger"), kind_of("level"), kind_of("durationMs")
    ('whose', 'outcome', 'code', None, None)
    """
    if key.lower() in EMPTY:
        return None
    words = words_of(key)
    if words & QUANTITIES:
        return None
    if words & OUTCOMES:
        return OUTCOME
    return CODE if words & CODES else WHOSE


def is_place(key: str) -> bool:
    """Whether a key names one of several that do the same work.

    Examples
    --------
    >>> is_place("k8s.pod.name"), is_place("tenant")
    (True, False)
    """
    return bool(words_of(key) & PLACES)
