"""Times, durations and service names as people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

#: Parts of a service's name that say what it is, not which one.
FILLERS = {"service", "svc", "app", "api", "server", "prod", "production", "deployment"}


def clock(at: datetime) -> str:
    """Time of day in UTC, to the second.

    Examples
    --------
    >>> clock(datetime(2026, 11, 21, 2, 5, 7))
    '02:05:07 UTC'
    """
    return at.strftime("%H:%M:%S UTC")


def duration(span: timedelta) -> str:
    """A length of time in its two largest units.

    Examples
    --------
    >>> duration(timedelta(seconds=312)), duration(timedelta(hours=26)), duration(timedelta(seconds=0.4))
    ('5 min 12 s', '1 d 2 h', 'under 1 s')
    """
    seconds = int(abs(span.total_seconds()))
    if not seconds:
        return "under 1 s"
    parts = []
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2])


@lru_cache(maxsize=50_000)
def service_key(name: str | None) -> str:
    """A service's name without case, punctuation and filler words, to compare spellings; empty for no name.

    Examples
    --------
    >>> service_key("Inventory-Service") == service_key("inventory")
    True
    >>> service_key("ts-train-service") == service_key("ts-train-food-service")
    False
    """
    words = [w for w in re.split(r"[\W_]+", unicodedata.normalize("NFKC", name or "").casefold()) if w]
    return " ".join([w for w in words if w not in FILLERS] or words)


def same_service(one: str | None, other: str | None) -> bool:
    """Whether two names mean one service; no name means none.

    Examples
    --------
    >>> same_service("Inventory-Service", "inventory"), same_service(None, None), same_service("在庫", "支払")
    (True, False, False)
    """
    key = service_key(one)
    return bool(key) and key == service_key(other)


#: Instances that got a change are named up to so many.
NAMED = 3
#: How a change of each kind is named before its service; the others by their own kind.
OF_KIND = {"config": "config change in", "flag": "flag change in", "other": "change in", "scale": "scaling of"}
#: The same where no service is known.
ALONE = {"config": "config change", "flag": "flag change", "other": "change", "scale": "scaling"}


def change_phrase(
    kind: str,
    service: str | None,
    version: str | None,
    change_id: str,
    *,
    canary: bool = False,
    share: float | None = None,
    instances: Sequence[str] = (),
) -> str:
    """A change in a few words: kind, service, version, how far it went; the id where neither of the first is known.

    Examples
    --------
    >>> change_phrase("deploy", "inventory", "2.4.0", "c1"), change_phrase("flag", None, None, "c2")
    ('deploy of inventory 2.4.0', 'flag change c2')
    >>> change_phrase("deploy", "inventory", "2.4.0", "c1", canary=True, share=0.1)
    'canary deploy of inventory 2.4.0 (10%)'
    >>> change_phrase("config", "nginx", None, "c3", instances=["web-1", "web-2", "web-3", "web-4"])
    'config change in nginx (on 4 instances)'
    """
    what = " ".join(part for part in (service, version) if part)
    name = f"{OF_KIND.get(kind, f'{kind} of')} {what}" if what else f"{ALONE.get(kind, kind)} {change_id}"
    parts = [f"{share * 100:.3g}%"] if share is not None and share < 1 else []
    if instances:
        parts.append(f"on {listed(list(instances)) if len(instances) <= NAMED else f'{len(instances)} instances'}")
    return f"{'canary ' if canary else ''}{name}" + (f" ({', '.join(parts)})" if parts else "")


def listed(names: list[str], most: int = 3) -> str:
    """Names in a row, the rest as a number.

    Examples
    --------
    >>> listed(["a", "b", "c", "d", "e"])
    'a, b, c and 2 more'
    """
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
