"""How services write their lines: the forms of common loggers and of what collects them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone


@dataclass(frozen=True)
class Event:
    """One line to be written; `at` in nanoseconds since 1970."""

    at: int
    level: str
    message: str
    logger: str
    stack: str
    service: str
    instance: str
    trace: str

    @property
    def text(self) -> str:
        """Message and stack trace."""
        return f"{self.message}\n{self.stack}" if self.stack else self.message

    def clock(self, form: str, digits: int, zone: timezone = UTC) -> str:
        """The time in a `strftime` form, with some digits of a second."""
        whole, rest = divmod(self.at, 10**9)
        return datetime.fromtimestamp(whole, zone).strftime(form) + (f"{rest:09d}"[:digits] if digits else "")


def logback(e: Event) -> str:
    """Java's usual pattern."""
    trace = f"[{e.trace}] " if e.trace else ""
    name = f"o.e.{e.service}.{e.logger.title()}"
    return f"{e.clock('%Y-%m-%d %H:%M:%S.', 3)} {e.level:5} [{e.logger}-1] {trace}{name} - {e.text}"


def docker(e: Event) -> str:
    """A line of text without a date, in Docker's JSON; every line of it is an object of its own."""
    trace = f"{e.trace} " if e.trace else ""
    head = f"{e.clock('%H:%M:%S.', 3, timezone(timedelta(hours=2)))} {e.level:5} {e.logger} {trace}"
    time = e.clock("%Y-%m-%dT%H:%M:%S.", 9) + "Z"
    parts = (head + e.text).split("\n")
    return "\n".join(json.dumps({"log": part + "\n", "stream": "stdout", "time": time}) for part in parts)


def json_lines(e: Event) -> str:
    """One object a line."""
    row = {"timestamp": e.clock("%Y-%m-%dT%H:%M:%S.", 3) + "Z", "level": e.level.lower(), "service": e.service,
           "instance": e.instance, "logger": e.logger, "message": e.message}  # fmt: skip
    extra = {"trace_id": e.trace, "stack": e.stack}
    return json.dumps(row | {key: value for key, value in extra.items() if value})


def logfmt(e: Event) -> str:
    """Keys and values."""
    trace = f" trace_id={e.trace}" if e.trace else ""
    head = f"ts={e.clock('%Y-%m-%dT%H:%M:%S.', 3)}Z level={e.level.lower()} logger={e.logger}"
    return f"{head} msg={json.dumps(e.message)}{trace}"


def python(e: Event) -> str:
    """Python's logging."""
    level = "WARNING" if e.level == "WARN" else e.level
    return f"{e.clock('%Y-%m-%d %H:%M:%S,', 3)} {level} {e.service}.{e.logger} [{e.trace or '-'}] {e.text}"


def plain(e: Event) -> str:
    """A time and the message, no level."""
    return f"{e.clock('%Y-%m-%dT%H:%M:%S', 0)}Z {e.text}"


def container(e: Event) -> str:
    """A container runtime's form around a line."""
    return f"{e.clock('%Y-%m-%dT%H:%M:%S.', 9)}Z stdout F {e.level} {e.message}"


@dataclass(frozen=True)
class Form:
    """A line format.

    Attributes
    ----------
    write : callable
        Gives the line (or lines) of an event.
    share : float
        How often it is drawn.
    digits : int
        Of the fraction of a second.
    level, stack : bool
        Whether it tells a level, and stack traces.
    """

    write: Callable[[Event], str]
    share: float
    digits: int = 3
    level: bool = True
    stack: bool = True


FORMS: dict[str, Form] = {
    "logback": Form(logback, 0.18),
    "docker": Form(docker, 0.16, digits=9),
    "json": Form(json_lines, 0.2, stack=False),
    "logfmt": Form(logfmt, 0.12, stack=False),
    "python": Form(python, 0.14),
    "plain": Form(plain, 0.1, digits=0, level=False),
    "container": Form(container, 0.1, digits=9, stack=False),
}
