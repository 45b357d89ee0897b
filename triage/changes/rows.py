"""From the rows of any tabular source to changes: names of fields, texts, times, ids."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from numbers import Real
from typing import Any

from triage.changes.change import KINDS, Change, kind_of
from triage.changes.contract import LoadedChanges
from triage.changes.partial import take_partial
from triage.changes.plain import clean, is_missing, plain
from triage.changes.times import HINT, WANTED, iso, read_time
from triage.changes.undoing import says_undone
from triage.changes.wording import complaint, count, show, some

#: Each field with the names it goes by, the first that holds something wins; the rest become attributes.
ALIASES: dict[str, tuple[str, ...]] = {
    "id": ("id", "change_id", "event_id", "deployment_id", "uid"),
    "time": (
        "time", "timestamp", "at", "started_at", "start", "start_time", "begin", "datetime", "when", "ts",
        "deployed_at", "occurred_at", "created_at", "date",
    ),
    "end": ("end", "ended_at", "end_time", "finished_at", "finish", "completed_at", "finished", "until"),
    "kind": ("kind", "type", "change_type", "event_type", "category"),
    "service": ("service", "service_name", "app", "application", "component", "system"),
    "version": ("version", "tag", "release", "build", "revision"),
    "summary": ("summary", "message", "description", "title", "text"),
}  # fmt: skip
_ALL_NAMES = frozenset(name for names in ALIASES.values() for name in names)


@dataclass(frozen=True)
class Row:
    """One row of a source: `where` names it for people (``row 3``, ``line 4``)."""

    where: str
    values: Mapping[str, Any]


def read_rows(rows: Iterable[Row], source: str, tz: tzinfo) -> LoadedChanges:
    """The changes that rows tell of, in their order, with a note for each thing assumed.

    Parameters
    ----------
    rows : iterable of Row
    source : str
        What the rows come from, fit for messages.
    tz : tzinfo
        For times without a zone.

    Raises
    ------
    ChangesError
        At the first bad row.
    """
    changes: list[Change] = []
    places: dict[str, list[str]] = {}
    for row in rows:
        change, remarks = read_row(row, source, tz)
        changes.append(change)
        for remark in dict.fromkeys(remarks):
            places.setdefault(remark, []).append(row.where)
    notes = [f"{source}: {remark} ({count(len(at), 'change')}: {some(at)})" for remark, at in places.items()]
    return LoadedChanges(tuple(changes), tuple(notes))


def read_row(row: Row, source: str, tz: tzinfo) -> tuple[Change, tuple[str, ...]]:
    """The change of one row, and remarks on what was assumed.

    Examples
    --------
    >>> from datetime import UTC
    >>> change, remarks = read_row(Row("row 1", {"at": "2024-05-01 12:30", "app": "cart"}), "changes", UTC)
    >>> change.service, remarks
    ('cart', ('no time zone, read as UTC', "no kind, taken as 'other'", 'no id, made one from the content'))
    """
    place = f"{source}, {row.where}"
    found, attributes = _sort_out(row.values)
    time, remarks = _time(found, place, tz)
    end, end_remarks = _end(found, place, tz, time, attributes)
    texts = {name: _text(name, found, place) for name in ("service", "version", "summary")}
    kind, kind_remarks = _kind(found, attributes, texts["summary"])
    given = _text("id", found, place)
    made = given or _content_id(time, end, kind, texts, attributes)
    id_remarks = () if given else ("no id, made one from the content",)
    share, instances, part_remarks = take_partial(attributes, _spellings(attributes))
    change = Change(
        made, time, end, kind, **texts, attributes=attributes, origin=place, share=share, instances=instances
    )
    return change, (*remarks, *end_remarks, *kind_remarks, *id_remarks, *part_remarks)


Found = dict[str, tuple[str, Any]]


def _sort_out(values: Mapping[str, Any]) -> tuple[Found, dict[str, Any]]:
    """The fields that hold something, each with the name it came under, and everything else as attributes."""
    spelled: dict[str, list[str]] = {}
    for key in values:
        normal = normalised(str(key))
        # An exact spelling goes first, so that what `Change.to_dict` writes is read back the same.
        spelled.setdefault(normal, []).insert(0 if key == normal else len(spelled.get(normal, ())), key)
    found: Found = {}
    for field, names in ALIASES.items():
        keys = (key for name in names for key in spelled.get(name, ()))
        filled = next((key for key in keys if not is_missing(values[key])), None)
        if filled is not None:
            found[field] = (filled, values[filled])
    used = {key for key, _ in found.values()}
    used |= {key for name in _ALL_NAMES & spelled.keys() for key in spelled[name] if is_missing(values[key])}
    return found, {clean(str(key)): plain(value) for key, value in values.items() if key not in used}


def _spellings(attributes: Mapping[str, Any]) -> dict[str, str]:
    """From names in lower snake case to the attributes; an exact spelling goes before others."""
    found = {normalised(key): key for key in reversed(list(attributes))}
    return found | {key: key for key in attributes}


@lru_cache(maxsize=1024)
def normalised(name: str) -> str:
    """The name of a field in lower snake case.

    Examples
    --------
    >>> normalised(" startedAt"), normalised("Start Time"), normalised("change-id"), normalised("@timestamp")
    ('started_at', 'start_time', 'change_id', 'timestamp')
    """
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name[:100].strip().removeprefix("@"))
    return re.sub(r"[-_\s.]+", "_", words).lower()


def _time(found: Found, place: str, tz: tzinfo) -> tuple[datetime, tuple[str, ...]]:
    if "time" not in found:
        raise complaint(f"{place}, field 'time'", "nothing", WANTED, HINT)
    return _read_time(*found["time"], place, tz)


def _read_time(key: str, value: object, place: str, tz: tzinfo) -> tuple[datetime, tuple[str, ...]]:
    try:
        return read_time(value, tz)
    except ValueError as reason:
        got = f"{show(value)} ({reason})" if str(reason) else show(value)
        raise complaint(f"{place}, field {show(key)}", got, WANTED, HINT) from None


def _end(
    found: Found, place: str, tz: tzinfo, time: datetime, attributes: dict[str, Any]
) -> tuple[datetime | None, tuple[str, ...]]:
    if "end" not in found:
        return None, ()
    end, remarks = _read_time(*found["end"], place, tz)
    if end >= time:
        return end, remarks
    attributes["end"] = iso(end)
    return None, (*remarks, "ends before it starts, end ignored")


def _kind(found: Found, attributes: dict[str, Any], summary: str | None) -> tuple[str, tuple[str, ...]]:
    if "kind" not in found:
        kind = "rollback" if says_undone(summary) else "other"
        return kind, (f"no kind, taken as {show(kind)}",)
    word = found["kind"][1]
    known = kind_of(word) if isinstance(word, str) else None
    if known is not None:
        if normalised(str(word)) == "canary":
            attributes.setdefault("canary", True)
        return known, ()
    attributes["kind"] = plain(word)
    return "other", (f"kind is none of {', '.join(KINDS)}: taken as 'other'",)


def _text(field: str, found: Found, place: str) -> str | None:
    if field not in found:
        return None
    key, value = found[field]
    if isinstance(value, str):
        return clean(value.strip())
    if isinstance(value, bool) or not isinstance(value, Real | Decimal):
        where, hint = f"{place}, field {show(key)}", f"one change for each {field}"
        raise complaint(where, show(value), "text or a number", hint)
    return str(value)


def _content_id(*content: object) -> str:
    """An id that the same content gets on every machine."""
    text = json.dumps(content, sort_keys=True, default=lambda time: iso(time))
    return f"chg-{hashlib.sha256(text.encode()).hexdigest()[:10]}"
