"""Times as a summary has them."""

from __future__ import annotations

from datetime import datetime


def rfc3339(at: datetime | None) -> str | None:
    """A UTC time as text, to the microsecond where it has a fraction.

    Examples
    --------
    >>> from datetime import UTC
    >>> rfc3339(datetime(2026, 11, 21, 2, 5, tzinfo=UTC))
    '2026-11-21T02:05:00Z'
    """
    return None if at is None else at.isoformat().replace("+00:00", "Z")
