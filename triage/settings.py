"""What the user asked for, checked once and kept so that anyone can do the same again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from triage.errors import UsageError
from triage.ingest.as_polars import is_frame
from triage.ingest.clock import Shift, check_clock
from triage.ingest.columns import check_columns
from triage.ingest.format_files import Formats, check_formats
from triage.ingest.formats import LineFormat
from triage.ingest.moments import moment
from triage.ingest.overrides import check_services
from triage.ingest.read_as import check_read_as
from triage.ingest.zones import Zones, check_zones
from triage.patterns.correction_files import check_corrections
from triage.patterns.corrections import NONE, Corrections, Given

T = TypeVar("T")
Moment = str | datetime | None


@dataclass(frozen=True)
class Settings:
    """What the user asked for, kept so that anyone can do the same again.

    Attributes
    ----------
    logs : tuple of str
        As given; ``frame`` for a table.
    tz : str or mapping
        Zone of times that carry none.
    since, until : datetime or None
        Records outside are left out of the analysis.
    baseline : tuple of two datetimes, or None
        The time taken as normal.
    services : mapping
        From source patterns to names of services.
    clock : mapping
        From source patterns to what is added to times, in seconds.
    columns : dict or None
        From fields of records to the columns of a table that hold them.
    formats : tuple of LineFormat
        The user's own line formats.
    corrections : Corrections
        What the user corrected in the templates.
    read_as : mapping
        From source patterns to names of formats.
    """

    logs: tuple[str, ...] = ()
    tz: Any = "UTC"
    since: datetime | None = None
    until: datetime | None = None
    baseline: tuple[datetime, datetime] | None = None
    services: Mapping[str, str] = field(default_factory=dict)
    clock: Mapping[str, float] = field(default_factory=dict)
    columns: dict[str, str] | None = None
    formats: tuple[LineFormat, ...] = ()
    corrections: Corrections = NONE
    read_as: Mapping[str, str] = field(default_factory=dict)

    @property
    def given(self) -> dict[str, Any]:
        """All but the logs, by the names under which `triage.load` takes them."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "logs"}

    @property
    def changed(self) -> dict[str, Any]:
        """Those of `given` that differ from what they are when nothing is said."""
        usual = Settings().given
        return {name: value for name, value in self.given.items() if value != usual[name]}

    @property
    def zone(self) -> str:
        """The zone for everything that is no log source: changes, `since`, `until`."""
        return one_zone(self.tz)


def make_settings(
    logs: Any,
    tz: Zones = "UTC",
    since: Moment = None,
    until: Moment = None,
    baseline: tuple[Moment, Moment] | None = None,
    services: Mapping[str, str] | None = None,
    clock: Mapping[str, Shift] | None = None,
    columns: Mapping[str, str] | None = None,
    formats: Formats = None,
    corrections: Given = None,
    read_as: Mapping[str, str] | None = None,
) -> Settings:
    """Settings from what a caller gives.

    Raises
    ------
    UsageError
        For an unknown zone, a text that is no time, times in the wrong order, an empty name of a service, a field that
        records do not have, formats or corrections that cannot be used, or an unknown name of a format.
    """
    zones = check_zones(tz)
    zone = one_zone(zones)
    begin, end = moment(since, "since", zone), moment(until, "until", zone)
    if begin and end and begin >= end:
        hint = "swap them?" if begin > end else "give two moments"
        raise UsageError(f"since ({begin.isoformat()}) is not before until ({end.isoformat()}): {hint}")
    normal = None
    if baseline:
        low, high = (moment(value, "baseline", zone) for value in baseline)
        if low is None or high is None or low >= high:
            raise UsageError("baseline: wanted a pair of times, the earlier one first")
        normal = (low, high)
    names, shifts, own = (
        check_services(services),
        check_clock(clock),
        _of_lines("formats", check_formats(formats), logs),
    )
    right = check_corrections(corrections).by_text()
    where, told = check_columns(columns), _of_lines("read_as", check_read_as(read_as, own), logs)
    return Settings(_names(logs), zones, begin, end, normal, names, shifts, where, own, right, told)


def _of_lines(option: str, given: T, logs: Any) -> T:
    """What is given for formats of lines, which a frame has not."""
    if given and is_frame(logs):
        raise UsageError(f"{option}: a frame has columns, not lines: leave {option} out, or give the lines as files")
    return given


def named_logs(logs: Any) -> Any:
    """`logs` as a frame or a list of paths: what can be gone through once is kept.

    Raises
    ------
    UsageError
        If it is neither.
    """
    if is_frame(logs):
        return logs
    items = list(logs) if isinstance(logs, Iterable) and not isinstance(logs, str | bytes) else [logs]
    if not all(isinstance(item, str | Path) for item in items):
        wanted = "a path, a glob, a directory, a list of them, or a pandas, polars or Arrow frame"
        raise UsageError(f"logs: got {type(logs).__name__}, wanted {wanted}; try a directory of log files")
    if any(not str(item) for item in items):
        raise UsageError("an empty name was given for logs: check the variable it came from")
    return [str(item) for item in items]


def _names(logs: Any) -> tuple[str, ...]:
    return ("frame",) if is_frame(logs) else tuple(named_logs(logs))


def one_zone(tz: Zones) -> str:
    """The zone that holds where no source pattern applies."""
    return tz if isinstance(tz, str) else tz.get("*", "UTC")
