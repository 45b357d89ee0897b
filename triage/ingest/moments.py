"""Points in time as users give them (`--since`, `--until`), read with the same rules as log lines."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import polars as pl

from triage.errors import UsageError
from triage.ingest import timestamps
from triage.ingest.context import Context
from triage.ingest.spellings import NAMED, OFFSET

#: A date, a date and a time with or without a zone, or an epoch number: the whole of what was given.
WHOLE = re.compile(
    r"\d{4}[-/]\d\d[-/]\d\d(?:[T ]\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?(?:" + OFFSET + "|" + NAMED + "))?)?"
    r"|\d{10}(?:\.\d{1,9})?|\d{13}|\d{16}|\d{19}"
)


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
    text = str(value).strip()
    found = timestamps.parse(pl.Series([_completed(text)]), Context(tz)).utc[0] if WHOLE.fullmatch(text) else None
    if found is None:
        raise UsageError(
            f"{option}: {str(value)[:60]!r} is no point in time: give one such as "
            f"{date.today().year}-11-21T02:05:00Z, or without Z for the zone of --tz"
        )
    return datetime.fromtimestamp(found.timestamp(), UTC)


def _completed(text: str) -> str:
    """A date made complete."""
    return f"{text} 00:00:00" if re.fullmatch(r"\d{4}[-/]\d\d[-/]\d\d", text) else text
