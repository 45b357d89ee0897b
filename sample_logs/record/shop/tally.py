"""What a service counts of its own answers: which failed or were slow, and when the first of them was."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

SLOW = 0.05  # seconds


class Tally:
    """Counts answers by what was raised, and slow ones by the first word of their path; times in UTC."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failed: dict[str, dict[str, Any]] = {}
        self._slow: dict[str, dict[str, Any]] = {}

    def note(self, path: str, began: dt.datetime, error: BaseException | None) -> None:
        """Count an answer that was given and written of."""
        now = dt.datetime.now(dt.UTC)
        with self._lock:
            if error is not None:
                _count(self._failed, type(error).__name__, began, now)
            if (now - began).total_seconds() > SLOW:
                _count(self._slow, path.strip("/").partition("/")[0], began, now)

    def counters(self) -> dict[str, Any]:
        """Give how many there were of each, when the first began and was answered, and when the last was answered."""
        with self._lock:
            return {"failed": dict(self._failed), "slow": dict(self._slow)}


def _count(where: dict[str, dict[str, Any]], name: str, began: dt.datetime, now: dt.datetime) -> None:
    entry = where.setdefault(name, {"count": 0, "began": began.isoformat(), "answered": now.isoformat()})
    entry["count"] += 1
    entry["last"] = now.isoformat()
