"""What really happened in an incident: the object in its ``truth.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

CAUSES = ("change", "unrecorded")
Interval = tuple[datetime, datetime]


@dataclass(frozen=True)
class Truth:
    """What went wrong, where, and since when.

    Attributes
    ----------
    change_id : str or None
        The change that brought it; None where none of the recorded ones did, or nothing went wrong.
    service : str or None
        Where the fault is.
    onset : pair of datetime or None
        The earliest and the latest time at which it can have begun; None where nothing went wrong.
    seen : bool
        Whether the logs show it; metrics or traces alone may.
    marks : tuple of str
        Regular expressions of lines that show it, where that is known.
    others : tuple of Truth
        Further problems in the same window.
    """

    change_id: str | None = None
    service: str | None = None
    onset: Interval | None = None
    seen: bool = True
    marks: tuple[str, ...] = ()
    others: tuple[Truth, ...] = ()

    @property
    def variant(self) -> str:
        """``change``, ``unrecorded`` or ``quiet``."""
        return "change" if self.change_id else "unrecorded" if self.onset else "quiet"

    @property
    def visible(self) -> bool:
        """Whether something went wrong that the logs show."""
        return self.onset is not None and self.seen

    def is_right(self, kind: str, change_id: str | None) -> bool:
        """Whether a hypothesis is the truth."""
        return kind == "change" and change_id == self.change_id if self.change_id else kind == "unrecorded"

    def meets(self, earliest: datetime, latest: datetime) -> bool:
        """Whether an interval has a time in common with the true onset's."""
        return self.onset is not None and earliest <= self.onset[1] and latest >= self.onset[0]


def read_truth(path: Path) -> Truth:
    """The truth in a file.

    Raises
    ------
    ValueError
        In one line, for a file that is missing or is no truth.
    """
    if not path.is_file():
        raise ValueError(f"there is no {path.name}: what is true of the incident is not known")
    try:
        return parse_truth(json.loads(path.read_text(encoding="utf-8")))
    except ValueError as error:  # of bytes that are no text, of text that is no JSON, of JSON that is no truth
        raise ValueError(f"{path.name}: {error}") from error


def parse_truth(told: Any) -> Truth:
    """The truth in what a ``truth.json`` holds; keys that are not known here are left alone.

    Raises
    ------
    ValueError
        If it does not say what is true.

    Examples
    --------
    >>> parse_truth({"cause": "unrecorded", "change_id": None, "service": None, "onset": None}).variant
    'quiet'
    >>> parse_truth({"cause": "change", "change_id": None})
    Traceback (most recent call last):
    ...
    ValueError: `change_id` of a cause that is a change must name it, not None
    """
    if not isinstance(told, Mapping):
        raise ValueError(f"an object is wanted, not {type(told).__name__}")
    cause, change = told.get("cause"), told.get("change_id")
    if cause not in CAUSES:
        raise ValueError(f"`cause` must be one of {', '.join(CAUSES)}, not {cause!r}")
    if cause == "change" and not (change and isinstance(change, str)):
        raise ValueError(f"`change_id` of a cause that is a change must name it, not {change!r}")
    marks, others = told.get("marks") or [], told.get("others") or []
    if not all(isinstance(each, list) for each in (marks, others)) or not all(isinstance(each, str) for each in marks):
        raise ValueError("`marks` must be a list of texts, and `others` a list of objects")
    return Truth(
        change if cause == "change" else None,
        told.get("service"),
        _onset(told.get("onset")),
        told.get("seen_in", "logs") == "logs",
        tuple(marks),
        tuple(parse_truth(each) for each in others),
    )


def _onset(told: Any) -> Interval | None:
    """The interval of the onset."""
    if told is None:
        return None
    try:
        earliest, latest = (datetime.fromisoformat(told[name]) for name in ("earliest", "latest"))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"`onset` must be null or have `earliest` and `latest` as times, not {told!r}") from error
    if earliest.tzinfo is None or latest.tzinfo is None or earliest > latest:
        raise ValueError(f"`onset` must have zones, and `earliest` not after `latest`: {told!r}")
    return earliest, latest
