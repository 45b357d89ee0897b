"""Points in time as users give them (`--since`, `--until`), read with the same rules as log lines."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import polars as pl

from triage.errors import UsageError
from triage.ingest import timestamps


def moment(value: str | datetime | None, option: str, tz: str) -> datetime | None:
    """A UTC datetime from a text such as ``2026-11-21T02:05`` or an aware or naive datetime.

    Parameters
    ----------
    option : str
        The option's name, for the error.
    tz : str
        Zone of a reading without one.

    Raises
    ------
    UsageError
        If the text is no point in time.

    Examples
    --------
    >>> moment("2026-11-21 03:05", "--since", "Europe/Berlin")
    datetime.datetime(2026, 11, 21, 2, 5, tzinfo=datetime.timezone.utc)
    """
    if value is None:
        return None
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=ZoneInfo(tz))).astimezone(UTC)
    found = timestamps.parse(pl.Series([_completed(str(value).strip())]), tz).utc[0]
    if found is None:
        raise UsageError(
            f"{option}: {str(value)[:60]!r} is no point in time: give one such as "
            f"{date.today().year}-11-21T02:05:00Z, or without Z for the zone of --tz"
        )
    return datetime.fromtimestamp(found.timestamp(), UTC)


def _completed(text: str) -> str:
    """A date, or a time without seconds, made complete."""
    if len(text) == 10:
        return f"{text} 00:00:00"
    head, tail = text[:16], text[16:]
    return f"{head}:00{tail}" if len(text) >= 16 and not tail.startswith(":") and head[13] == ":" else text
