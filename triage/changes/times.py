"""One time of a change: ISO 8601 in its common spellings, epoch numbers, or a datetime, to UTC."""

from __future__ import annotations

import difflib
import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from numbers import Integral, Real
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from triage.changes.wording import show
from triage.errors import UsageError

#: Times outside these years are slips of typing. The bounds also tell the units of epoch numbers apart.
FIRST = datetime(1990, 1, 1, tzinfo=UTC)
LAST = datetime(2100, 1, 1, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

WANTED = "an ISO 8601 time or an epoch number"
HINT = "'2024-05-01T12:30:00Z'"

_CLOCK = r"(?::?(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?"
#: Behind the offset Go writes the name of the zone as well, or the offset again: `+0200 CEST`, `+0300 +03`.
_ZONE = r" ?(?P<zone>[Zz]|UTC|GMT|[+-]\d\d(?::?\d\d(?: (?:[A-Z]{1,5}|[+-]\d\d(?:\d\d)?))?)?)?"
_SPELLINGS = (
    re.compile(
        r"(?P<year>\d{4})(?P<sep>[-/])(?P<month>\d\d)(?P=sep)(?P<day>\d\d)"
        rf"(?:[Tt]| +)(?P<hour>\d\d?):(?P<minute>\d\d){_CLOCK}{_ZONE}",
        re.ASCII,
    ),
    re.compile(
        rf"(?P<year>\d{{4}})(?P<month>\d\d)(?P<day>\d\d)[Tt](?P<hour>\d\d)(?P<minute>\d\d){_CLOCK}{_ZONE}",
        re.ASCII,
    ),
)
_DATE = re.compile(r"\d{4}[-/]?\d\d[-/]?\d\d", re.ASCII)
_EPOCH = re.compile(r"\d{9,19}(?:\.\d+)?", re.ASCII)
#: No spelling is longer; longer text is not looked at.
_LONGEST = 64
#: No IANA name is longer; more of a wrong one is not compared.
LONGEST_ZONE = 40


class Reading(NamedTuple):
    """A time in UTC, to the microsecond, and what had to be assumed to read it."""

    time: datetime
    remarks: tuple[str, ...] = ()


def read_time(value: object, tz: tzinfo) -> Reading:
    """A time from what a row holds.

    Parameters
    ----------
    value : object
        Text, a number (epoch seconds, milliseconds, microseconds or nanoseconds, told apart by size), or a
        datetime. Digits beyond the microsecond are cut off.
    tz : tzinfo
        For a clock reading that carries no zone; the remarks say so.

    Raises
    ------
    ValueError
        Its text is the reason, fit for a message; empty if the value is nothing like a time.

    Examples
    --------
    >>> read_time("2024-05-01 14:30:00+0200", UTC).time.isoformat()
    '2024-05-01T12:30:00+00:00'
    >>> read_time("2024-05-01T12:30", UTC).remarks
    ('no time zone, read as UTC',)
    >>> read_time(1714566600000, UTC).time.isoformat()
    '2024-05-01T12:30:00+00:00'
    """
    try:
        reading = _read(value, tz)
    except OverflowError:
        raise ValueError("outside 1990 to 2099") from None
    if not FIRST <= reading.time < LAST:
        raise ValueError("outside 1990 to 2099")
    return reading


def _read(value: object, tz: tzinfo) -> Reading:
    if isinstance(value, datetime):
        # Taken apart because a pandas Timestamp is a datetime too, and would stay one through astimezone.
        day, clock = (value.year, value.month, value.day), (value.hour, value.minute, value.second)
        return _in_zone(datetime(*day, *clock, value.microsecond, value.tzinfo, fold=value.fold), tz)
    if isinstance(value, date):
        raise ValueError("a date without a time of day")
    if isinstance(value, str):
        return _read_text(value.strip()[: _LONGEST + 1], tz)
    if isinstance(value, bool) or not isinstance(value, Decimal | Real):
        raise ValueError
    return Reading(_from_epoch(_exact(value)))


def _read_text(text: str, tz: tzinfo) -> Reading:
    if _EPOCH.fullmatch(text):
        return Reading(_from_epoch(Decimal(text)))
    if _DATE.fullmatch(text):
        raise ValueError("a date without a time of day")
    for spelling in _SPELLINGS:
        match = spelling.fullmatch(text)
        if match:
            return _in_zone(_clock(match), tz)
    raise ValueError


def _clock(match: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second = (
        int(match[part] or 0) for part in ("year", "month", "day", "hour", "minute", "second")
    )
    micros = int((match["fraction"] or "").ljust(6, "0")[:6])
    try:
        return datetime(year, month, day, hour, minute, second, micros, _offset(match["zone"]))
    except ValueError:
        raise ValueError("no such date or time of day") from None


def _offset(zone: str | None) -> timezone | None:
    if zone is None:
        return None
    if zone[0] not in "+-":
        return UTC
    digits = zone[1:].partition(" ")[0].replace(":", "").ljust(4, "0")
    if int(digits[2:]) > 59:
        raise ValueError
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-size if zone[0] == "-" else size)


def _in_zone(clock: datetime, tz: tzinfo) -> Reading:
    if clock.tzinfo is not None:
        return Reading(clock.astimezone(UTC))
    local = clock.replace(tzinfo=tz)
    remark = f"no time zone, read as {tz}"
    if local.utcoffset() == local.replace(fold=1).utcoffset():
        return Reading(local.astimezone(UTC), (remark,))
    # With fold=0 an hour that came twice is its first, and an hour that was skipped counts on from before.
    changed = f"in an hour when the clocks of {tz} changed, read with the offset before"
    return Reading(local.astimezone(UTC), (remark, changed))


def _exact(number: Decimal | Real) -> Decimal:
    if isinstance(number, Decimal):
        return number
    return Decimal(int(number)) if isinstance(number, Integral) else Decimal(repr(float(number)))


def _from_epoch(number: Decimal) -> datetime:
    if not number.is_finite():
        raise ValueError
    low, high = (Decimal(int((bound - EPOCH).total_seconds())) for bound in (FIRST, LAST))
    for scale in (1, 1_000, 1_000_000, 1_000_000_000):
        if low * scale <= number < high * scale:
            return EPOCH + timedelta(microseconds=int(number * 1_000_000 / scale))
    raise ValueError("outside 1990 to 2099 in seconds, ms, µs and ns")


def iso(time: datetime) -> str:
    """RFC 3339 with ``Z``; the fraction is written only if there is one.

    Examples
    --------
    >>> iso(datetime(2024, 5, 1, 12, 30, tzinfo=UTC)), iso(datetime(2024, 5, 1, 0, 0, 0, 250, tzinfo=UTC))
    ('2024-05-01T12:30:00Z', '2024-05-01T00:00:00.000250Z')
    """
    return time.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def as_zone(tz: str | tzinfo) -> tzinfo:
    """A time zone from its IANA name.

    Raises
    ------
    UsageError
        Names a zone that exists and is spelled like the one given, if there is any.
    """
    if isinstance(tz, tzinfo):
        return tz
    try:
        return ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError):
        known = {name.lower(): name for name in sorted(available_timezones())}
        close = difflib.get_close_matches(str(tz)[:LONGEST_ZONE].lower(), known, n=1)
        hint = f"did you mean {known[close[0]]!r}?" if close else "wanted an IANA name; try 'UTC'"
        raise UsageError(f"unknown time zone {show(tz)}: {hint}") from None
