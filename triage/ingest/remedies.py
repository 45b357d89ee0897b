"""The setting that would put a clock right, as a user would type it."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from datetime import datetime, timedelta
from os.path import commonprefix
from zoneinfo import ZoneInfo

from triage.ingest.clock import shown_shift

#: Zones that a log is likely from, by what they are ahead of UTC; of two that fit the first is named.
ZONES = (
    "UTC", "Europe/Berlin", "Europe/London", "Europe/Helsinki", "America/New_York", "America/Chicago", "America/Denver",
    "America/Los_Angeles", "Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney", "America/Sao_Paulo",
    "Europe/Moscow", "Asia/Dubai", "Asia/Karachi", "Asia/Kathmandu", "Asia/Dhaka", "Asia/Yangon", "Asia/Jakarta",
    "Australia/Adelaide", "Australia/Darwin", "Australia/Brisbane", "Pacific/Auckland", "America/Halifax",
    "America/St_Johns", "America/Anchorage", "Pacific/Honolulu", "Asia/Tehran", "Asia/Kabul", "Atlantic/Azores",
    "America/Noronha", "Pacific/Chatham", "Pacific/Tongatapu", "Pacific/Kiritimati", "Pacific/Marquesas",
    "Pacific/Pago_Pago", "Australia/Eucla", "Australia/Lord_Howe", "Pacific/Norfolk", "Pacific/Noumea",
)  # fmt: skip


def remedy(sources: Sequence[str], zone: str | None, shift: float, moments: tuple[datetime, datetime]) -> str:
    """What to give so that times come out right.

    Parameters
    ----------
    sources : sequence of str
        Names of the sources of one clock.
    zone : str or None
        The zone that was assumed; None where the log has its own, which no other zone can put right.
    shift : float
        Seconds that the clock is ahead.
    moments : pair of datetime
        Its first and its last time.

    Examples
    --------
    >>> from datetime import UTC
    >>> july = (datetime(2026, 7, 1, 2, tzinfo=UTC), datetime(2026, 7, 1, 3, tzinfo=UTC))
    >>> remedy(["redis.log"], "UTC", 7200, july)
    "--tz 'redis.log=Europe/Berlin' (or another zone at +02:00 then)"
    >>> remedy(["redis.log"], None, 7200, july)
    "--clock 'redis.log=-02:00'"
    """
    pattern = pattern_of(sources)
    wanted = _zone(zone, shift, moments) if zone else None
    if wanted:
        name, offset = wanted
        return f"--tz '{pattern}={name}' (or another zone at {_offset(offset)} then)"
    return f"--clock '{pattern}={shown_shift(-shift)}'"


def pattern_of(sources: Sequence[str]) -> str:
    """A pattern of all files of a rotated set; what a pattern would take for a sign of its own is escaped."""
    if len(sources) == 1:
        return glob.escape(sources[0])
    return f"{glob.escape(commonprefix(list(sources)))}*"  # noqa: RUF071 - characters are meant


def _zone(zone: str, shift: float, moments: tuple[datetime, datetime]) -> tuple[str, timedelta] | None:
    """A zone that is so far ahead of the assumed one at both ends, and what it is ahead of UTC."""
    own = ZoneInfo(zone)
    offsets = []
    for moment in moments:
        assumed = moment.astimezone(own).utcoffset() or timedelta()
        offsets.append((moment - timedelta(seconds=shift), assumed + timedelta(seconds=shift)))
    for name in ZONES:
        if all(moment.astimezone(ZoneInfo(name)).utcoffset() == offset for moment, offset in offsets):
            return name, offsets[0][1]
    return None


def _offset(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def amount(seconds: float) -> str:
    """A length of time in words.

    Examples
    --------
    >>> amount(7200), amount(-19800), amount(90), amount(600)
    ('2 h', '5 h 30 min', '90 s', '10 min')
    """
    whole = round(abs(seconds))
    if (whole < 600 and whole % 60) or whole < 60:
        return f"{whole} s"
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    parts = (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "", f"{rest} s" if rest else "")
    return " ".join(filter(None, parts))
