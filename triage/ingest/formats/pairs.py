"""A date and a clock that an object has under names of their own."""

from __future__ import annotations

import re
from typing import Any

#: A date alone, a clock alone.
DATE, CLOCK = re.compile(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}$"), re.compile(r"^\d{1,2}:\d\d:\d\d(?:[.,]\d+)?$")


def pair_time(found: dict[str, Any]) -> None:
    """Put date and clock together under the name of the clock, with the zone that stands beside them.

    Parameters
    ----------
    found : dict
        The object; left as it is where it has no such pair.

    Examples
    --------
    >>> found = {"date": "2026-11-21", "time": "02:05:12", "tz": "-0500"}
    >>> pair_time(found)
    >>> found
    {'time': '2026-11-21 02:05:12 -0500', 'tz': '-0500'}
    """
    date, clock = found.get("date"), found.get("time")
    if isinstance(date, str) and isinstance(clock, str) and DATE.search(date[:20]) and CLOCK.search(clock[:20]):
        zone = next((zone for name in ("tz", "timezone") if isinstance(zone := found.get(name), str)), "")
        found["time"] = f"{found.pop('date')} {clock} {zone}".rstrip()
