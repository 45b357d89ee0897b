"""How a list of changes fits the time of the logs: what is to be told of it, nothing is corrected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from triage.changes.change import Change
from triage.changes.wording import count, show, some

#: Zones differ from UTC by whole hours, some by half and a few by quarter ones, and by 14 at most.
STEP, FARTHEST = timedelta(minutes=15), timedelta(hours=14)
#: Changes before the logs are nothing strange; so many that would all lie in the logs with one shift are.
LEAST_BEFORE = 3


def fit_notes(changes: Sequence[Change], start: datetime, end: datetime) -> list[str]:
    """Notes on changes that name no service, and on a time zone that may be wrong.

    Parameters
    ----------
    changes : sequence of Change
    start, end : datetime
        The first and the last record of the logs.
    """
    notes = []
    nameless = [show(change.id) for change in changes if not change.service]
    if nameless:
        notes.append(f"{count(len(nameless), 'change')} without a service, tied to no lines: {some(nameless)}")
    hint = _zone_note(changes, start, end)
    return [*notes, hint] if hint else notes


def _zone_note(changes: Sequence[Change], start: datetime, end: datetime) -> str:
    shift = zone_shift([change.time for change in changes], start, end)
    if shift is None:
        return ""
    hours, way = abs(shift).total_seconds() / 3600, "later" if shift > timedelta(0) else "earlier"
    one = len(changes) == 1
    said = "the only change lies" if one else f"all {len(changes)} changes lie"
    return (
        f"{said} outside the logs, and {hours:g} h {way} {'it' if one else 'they'} would lie inside: is the time zone "
        "of the changes right, and that of the logs (--tz)? Nothing was shifted"
    )


def zone_shift(times: Sequence[datetime], start: datetime, end: datetime) -> timedelta | None:
    """The smallest difference of two zones that would bring all changes into the logs; None where none is called for.

    It is called for where no change lies in the logs, and all lie after them, or at least `LEAST_BEFORE` before them.
    Whole hours are tried first, then half and quarter ones.

    Examples
    --------
    >>> start = datetime(2024, 5, 1, 12)
    >>> zone_shift([datetime(2024, 5, 1, 14, 10)], start, datetime(2024, 5, 1, 13)) == timedelta(hours=-2)
    True
    >>> zone_shift([datetime(2024, 5, 1, 11, 50)], start, datetime(2024, 5, 1, 13)) is None
    True
    """
    if not times:
        return None
    first, last = min(times), max(times)
    after, before = first > end, last < start and len(times) >= LEAST_BEFORE
    if not (after or before):
        return None
    for step in (4 * STEP, 2 * STEP, STEP):
        for number in range(1, FARTHEST // step + 1):
            shift = step * number if before else -step * number
            if start <= first + shift and last + shift <= end:
                return shift
    return None
