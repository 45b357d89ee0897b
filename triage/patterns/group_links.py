"""Which error groups are told by one problem: one's exception caused another's, or requests fail in both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from triage.patterns.error_group import ErrorGroup

#: What follows from what is written at the same time, but for what lies in a queue.
SLACK = timedelta(seconds=60)
#: Requests that two groups share, at least, and part of those of the group with fewer.
LEAST, LEAST_PART = 2, 0.5
#: Groups that one request is in, at most: an id that is in more is none of a request.
MOST_IN = 20
#: Groups that are named beside another.
MOST_LINKS = 5


def causes(groups: Sequence[ErrorGroup]) -> dict[str, str]:
    """From the ids of groups whose exception followed from another to the group that throws that one.

    Parameters
    ----------
    groups : sequence of ErrorGroup
        With their main stack traces.
    """
    thrown = [group for group in groups if group.exception and not (group.trace and group.trace.cause)]
    found = {}
    for group in groups:
        cause = group.trace.cause if group.trace else None
        same = [each for each in thrown if cause and _short(each.exception) == _short(cause) and _meet(each, group)]
        if same:
            found[group.id] = max(same, key=lambda each: (_kinship(each, group), each.count, each.id)).id
    return found


def _short(name: str | None) -> str:
    return (name or "").rpartition(".")[2]


def _meet(one: ErrorGroup, other: ErrorGroup) -> bool:
    if one.id == other.id or not (one.first and one.last and other.first and other.last):
        return False
    return one.first <= other.last + SLACK and other.first <= one.last + SLACK


def _kinship(one: ErrorGroup, other: ErrorGroup) -> tuple[bool, int]:
    """One service, and how many frames they share: exceptions of one type are thrown in many places."""
    frames = [set(group.trace.frames) if group.trace else set() for group in (one, other)]
    return bool(set(one.services) & set(other.services)), len(frames[0] & frames[1])


def seen_together(
    groups: Sequence[ErrorGroup], errors: pl.LazyFrame, of_template: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """From ids of groups to those of other services whose errors are in the same requests, most shared first.

    Parameters
    ----------
    groups : sequence of ErrorGroup
    errors : polars.LazyFrame
        With ``template_id`` and ``trace_id``.
    of_template : mapping
        The group of each template.
    """
    if len(groups) < 2:
        return {}
    names = pl.DataFrame({"template_id": list(of_template), "group": list(of_template.values())})
    told = errors.filter(pl.col("trace_id").is_not_null()).select("trace_id", "template_id")
    each = told.join(names.lazy(), on="template_id").select("trace_id", "group").unique()
    shown = each.collect(engine="streaming")
    totals = dict(shown.group_by("group").len().iter_rows())
    shared = shown.filter(pl.len().over("trace_id").is_between(2, MOST_IN))
    pairs = shared.join(shared, on="trace_id").filter(pl.col("group") != pl.col("group_right"))
    counts = pairs.group_by("group", "group_right").len().sort("len", "group_right", descending=[True, False])
    services = {group.id: set(group.services) for group in groups}
    found: dict[str, tuple[str, ...]] = {}
    for one, other, count in counts.iter_rows():
        enough = count >= max(LEAST, LEAST_PART * min(totals[one], totals[other]))
        if enough and not services[one] & services[other] and len(found.get(one, ())) < MOST_LINKS:
            found[one] = (*found.get(one, ()), other)
    return found
