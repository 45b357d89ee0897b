"""Times as the guide shows them: in UTC, and beside it in the zone that the reader chose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from triage.hypotheses.words import duration
from triage.ingest.zones import check_zone
from triage.report.words import clock


@dataclass(frozen=True)
class Times:
    """How times are written.

    Parameters
    ----------
    zone : str
        An IANA zone; of UTC nothing is written beside.
    day : str
        The date (UTC) that may be left out, as ``2026-11-21``.

    Raises
    ------
    UsageError
        For an unknown zone.

    Examples
    --------
    >>> print(Times("Europe/Berlin", "2026-11-21").text("2026-11-21T04:02:59Z"))
    04:02:59 (05:02:59 CET)
    >>> print(Times("UTC", "2026-11-21").text("2026-11-20T23:00:00Z"))
    2026-11-20 23:00:00
    >>> print(Times("Asia/Kathmandu", "2026-11-21").text("2026-11-21T20:00:00Z", utc=True))
    20:00:00 UTC (2026-11-22 01:45:00 +0545)
    """

    zone: str = "UTC"
    day: str = ""

    def __post_init__(self) -> None:
        check_zone(self.zone)

    @property
    def name(self) -> str:
        """What stands above a column of times."""
        return "UTC" if self.zone == "UTC" else f"UTC ({self.zone})"

    def text(self, time: str | datetime | None, utc: bool = False) -> str:
        """A time in words; empty for none. `utc`: say that it is in UTC, where no head of a column does."""
        if time is None:
            return ""
        at = _moment(time)
        local = f" ({self._local(at)})" if self.zone != "UTC" else ""
        return clock(at.isoformat(), self.day) + (" UTC" if utc else "") + local

    def html(self, time: str | datetime | None, utc: bool = False) -> Markup:
        """A time as an element that says it exactly."""
        if time is None:
            return Markup("")
        at = _moment(time)
        local = Markup(" <small>({})</small>").format(self._local(at)) if self.zone != "UTC" else ""
        exact = at.isoformat().replace("+00:00", "Z")
        said = clock(at.isoformat(), self.day) + (" UTC" if utc else "")
        return Markup('<time datetime="{0}" title="{0}">{1}{2}</time>').format(exact, said, local)

    def span(self, begin: str | datetime, end: str | datetime, utc: bool = False) -> str:
        """Two times and what lies between them."""
        return f"{self.text(begin)} to {self.text(end, utc)}, {duration(_moment(end) - _moment(begin))}"

    def _local(self, at: datetime) -> str:
        there = at.astimezone(ZoneInfo(self.zone))
        return f"{clock(there.isoformat(), at.date().isoformat())} {there.tzname()}"


def _moment(time: str | datetime) -> datetime:
    return datetime.fromisoformat(time).astimezone(UTC) if isinstance(time, str) else time.astimezone(UTC)
