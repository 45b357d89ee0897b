"""What is known about the cause of an incident: the fields of ``truth.json``, and what is wrong with them."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from triage.changes import Change
from triage.changes.times import iso, read_time
from triage.changes.wording import show
from triage.errors import UsageError
from triage.ingest.moments import moment
from triage.patterns.rule_checks import check_regex

CHANGE, UNRECORDED = "change", "unrecorded"
FIELDS = ("cause", "change_id", "service", "onset", "notes")
#: What may stand there besides: regexes of lines that show it, further problems, where it is seen if not in logs.
MORE = ("marks", "others", "seen_in")


def skeleton(
    changes: Sequence[Change], cause: str | None, service: str | None, onset: Sequence[str], tz: str
) -> dict[str, Any]:
    """The object of ``truth.json`` with what is known; null is what nobody has said yet.

    Raises
    ------
    UsageError
        If the cause is none of the changes, or the onset no time or the wrong way round.
    """
    change = None
    if cause is not None and cause != UNRECORDED:
        change = next((change for change in changes if change.id == cause), None)
        if change is None:
            raise UsageError(
                f"--cause: {show(cause)} is no id of a change: {_instead(cause, changes)}, or write {UNRECORDED}"
            )
    return {
        "cause": CHANGE if change else cause,
        "change_id": change.id if change else None,
        "service": service or (change.service if change else None),
        "onset": _onset(onset, tz),
        "notes": "",
    }


def _instead(cause: str, changes: Sequence[Change]) -> str:
    ids = [change.id for change in changes]
    close = difflib.get_close_matches(cause[:200], ids, n=1)
    if close:
        return f"did you mean {show(close[0])}"
    return f"wanted one such as {show(ids[0])}" if ids else "there is no change"


def _onset(given: Sequence[str], tz: str) -> dict[str, str] | None:
    if len(given) > 2:
        raise UsageError(
            f"--onset: given {len(given)} times, wanted the earliest and the latest time it can have begun"
        )
    times = [found for text in given if (found := moment(text, "--onset", tz))]
    if not times:
        return None
    if times[0] > times[-1]:
        raise UsageError(f"--onset: {iso(times[0])} is after {iso(times[-1])}: swap them?")
    return {"earliest": iso(times[0]), "latest": iso(times[-1])}


def complaints(truth: object, changes: Sequence[Change] | None, window: tuple[datetime, datetime] | None) -> list[str]:
    """What is wrong in a ``truth.json``, each a clause that begins with the field.

    Parameters
    ----------
    changes : sequence of Change, or None
        None where they could not be read.
    window : pair of datetime, or None
        The first and last time of the logs, where that is known.
    """
    if not isinstance(truth, dict):
        return [f"got {show(truth)}, wanted an object with {', '.join(FIELDS)}"]
    told = [f"{name}: unknown field; wanted {', '.join(FIELDS)}" for name in truth if name not in FIELDS + MORE]
    told += [f"{name}: missing" for name in FIELDS if name not in truth]
    change = _change(truth, changes)
    told += _about_cause(truth, changes, change)
    told += _about_onset(truth, change, window)
    if not isinstance(truth.get("notes"), str | None):
        told.append(f"notes: got {show(truth['notes'])}, wanted text")
    return told + _about_more(truth, changes, window)


def _about_more(
    truth: dict[str, Any], changes: Sequence[Change] | None, window: tuple[datetime, datetime] | None
) -> list[str]:
    marks, others = truth.get("marks") or [], truth.get("others") or []
    told = []
    if not isinstance(marks, list) or not all(isinstance(mark, str) for mark in marks):
        told.append(f"marks: got {show(marks)}, wanted a list of regular expressions")
    else:
        told += [said for mark in marks if (said := _about_mark(mark))]
    if not isinstance(others, list):
        return [*told, f"others: got {show(others)}, wanted a list of objects with {', '.join(FIELDS)}"]
    each = [(number, one) for number, other in enumerate(others) for one in complaints(other, changes, window)]
    return told + [f"others[{number}].{one}" for number, one in each]


def _change(truth: dict[str, Any], changes: Sequence[Change] | None) -> Change | None:
    return next((change for change in changes or () if change.id == truth.get("change_id")), None)


def _about_cause(truth: dict[str, Any], changes: Sequence[Change] | None, change: Change | None) -> list[str]:
    cause, change_id, service = (truth.get(name) for name in ("cause", "change_id", "service"))
    if cause is None:
        return [f"cause: unknown yet: write “{CHANGE}”, with its change_id, or “{UNRECORDED}”"]
    if cause not in (CHANGE, UNRECORDED):
        return [f"cause: got {show(cause)}, wanted “{CHANGE}” or “{UNRECORDED}”"]
    told = []
    if cause == CHANGE and changes is not None and change is None:
        told.append(f"change_id: {show(change_id)} is no id in changes.json: {_instead(str(change_id), changes)}")
    if cause == UNRECORDED and change_id is not None:
        told.append(f"change_id: {show(change_id)}, though the cause is none of the changes: write null")
    if not isinstance(service, str | None):
        told.append(f"service: got {show(service)}, wanted a name")
    elif cause == CHANGE and not service:
        told.append("service: unknown yet: write the service where the trouble began")
    return told


def _about_onset(truth: dict[str, Any], change: Change | None, window: tuple[datetime, datetime] | None) -> list[str]:
    onset = truth.get("onset")
    if onset is None:  # of an incident without a cause that is recorded there may be none
        return ["onset: unknown yet: write its earliest and latest time"] if truth.get("cause") != UNRECORDED else []
    if not isinstance(onset, dict) or set(onset) != {"earliest", "latest"}:
        return [f"onset: got {show(onset)}, wanted an object with earliest and latest, or null"]
    told, times = [], []
    for name in ("earliest", "latest"):
        try:
            reading = read_time(onset[name], UTC)
        except ValueError as error:
            told.append(f"onset.{name}: {show(onset[name])} is no time{f' ({error})' if str(error) else ''}")
            continue
        times.append(reading.time)
        if reading.remarks:
            told.append(f"onset.{name}: {show(onset[name])} has no time zone: write Z or an offset behind it")
    if told:
        return told
    earliest, latest = times
    if earliest > latest:
        told.append(f"onset: its earliest time {iso(earliest)} is after its latest {iso(latest)}")
    if change and truth.get("cause") == CHANGE and change.time > latest:
        told.append(f"onset: at {iso(latest)} at the latest, before the change {show(change.id)} at {iso(change.time)}")
    if window and not (window[0] <= latest and earliest <= window[1]):
        span = f"{iso(window[0])} to {iso(window[1])}"
        told.append(f"onset: {iso(earliest)} to {iso(latest)} lies outside the logs, which span {span}")
    return told


def _about_mark(mark: str) -> str:
    """What is wrong with a regular expression; empty where nothing is."""
    try:
        check_regex("marks", mark)
    except UsageError as error:
        return str(error)
    return ""
