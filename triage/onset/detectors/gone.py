"""A template that had lines, and then has none: its last line is the earliest time it can have ended."""

from __future__ import annotations

from triage.onset.bins import Booleans
from triage.onset.detector import Claims, Context, Detector
from triage.onset.intervals import Interval, nanoseconds
from triage.onset.series import SECOND
from triage.onset.silences import silence_before


def _claims(changes: Claims) -> Booleans:
    found: Booleans = ~changes.rise & changes.lasts & (changes.after == 0) & ~changes.seen_after
    return found


def _date(context: Context) -> Interval:
    at = max(context.last_ns, context.searched * SECOND)
    wait = silence_before(-context.second[::-1], context.count[::-1], context.dispersion, context.coverage)
    longest = context.stop - context.last_ns / SECOND
    return Interval(at, at, max(at, context.last_ns + nanoseconds(min(wait, longest))))


GONE = Detector("gone", _claims, _date)
