"""Clocks that were wrong: what the user wants added to the times of a source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

import polars as pl

from triage.errors import UsageError
from triage.ingest.overrides import parse_pairs

Shift = str | float | timedelta

#: ``+02:00``, ``-1:30:15``, or a number with a unit; without one it is seconds.
CLOCK = re.compile(r"([+-]?)(\d{1,4}):(\d\d)(?::(\d\d(?:\.\d{1,9})?))?")
AMOUNT = re.compile(r"([+-]?)(\d{1,9}(?:\.\d{1,9})?) ?(ms|s|m|min|h|d)?")
SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
#: More than that is a typing error.
MOST_SECONDS = 10 * 366 * 86400.0


def parse_clock(values: Sequence[str]) -> dict[str, float]:
    """Command-line values ``PATTERN=SHIFT`` as a mapping from patterns to seconds.

    Examples
    --------
    >>> parse_clock(["redis/*=-01:30", "web.log=+90s"])
    {'redis/*': -5400.0, 'web.log': 90.0}
    """
    return check_clock(parse_pairs("--clock", values, "SHIFT", "-90s"))


def check_clock(clock: Mapping[str, Shift] | None) -> dict[str, float]:
    """The mapping with each shift in seconds.

    Raises
    ------
    UsageError
        For something that is no mapping, or no shift.

    Examples
    --------
    >>> check_clock({"a.log": "+2h"})
    {'a.log': 7200.0}
    >>> check_clock({"a.log": "soon"})
    Traceback (most recent call last):
    ...
    triage.errors.UsageError: clock: got 'soon' for 'a.log', wanted what to add to its times, such as -90s or +02:00
    """
    if clock is None:
        return {}
    if not isinstance(clock, Mapping):
        raise UsageError(f"clock: got {clock!r}, wanted a mapping such as {{'*redis*': '-90s'}}"[:200])
    return {str(pattern): _seconds(shift, str(pattern)) for pattern, shift in clock.items()}


def _seconds(shift: object, pattern: str) -> float:
    found = None
    if isinstance(shift, timedelta):
        found = shift.total_seconds()
    elif isinstance(shift, int | float) and not isinstance(shift, bool):
        found = float(shift)
    elif isinstance(shift, str):
        found = _spelled(shift.strip().replace("\N{MINUS SIGN}", "-"))
    if found is None or not abs(found) <= MOST_SECONDS:
        wanted = "wanted what to add to its times, such as -90s or +02:00"
        raise UsageError(f"clock: got {str(shift)[:60]!r} for {pattern[:60]!r}, {wanted}")
    return found


def _spelled(text: str) -> float | None:
    if found := CLOCK.fullmatch(text):
        sign, hours, minutes, seconds = found.groups()
        size = int(hours) * 3600 + int(minutes) * 60 + float(seconds or 0)
    elif found := AMOUNT.fullmatch(text):
        sign, number, unit = found.groups()
        size = float(number) * SECONDS[unit or "s"]
    else:
        return None
    return -size if sign == "-" else size


def shown_shift(seconds: float) -> str:
    """A shift as `parse_clock` takes it: hours and minutes where it has no seconds.

    Examples
    --------
    >>> shown_shift(-5400), shown_shift(90), shown_shift(-0.25)
    ('-01:30', '+90s', '-0.25s')
    """
    sign, size = "-" if seconds < 0 else "+", abs(seconds)
    if size % 60 == 0 and size >= 900:
        return f"{sign}{int(size) // 3600:02}:{int(size) % 3600 // 60:02}"
    return f"{sign}{size:.9g}s"


def moved(times: pl.Expr, seconds: float) -> pl.Expr:
    """Times with so many seconds added."""
    return times + pl.duration(nanoseconds=round(seconds * 1e9)) if seconds else times
