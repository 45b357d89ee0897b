"""Whose failing lines are looked at: those of the incident's event in each service, and those of each error group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from triage.hypotheses import Facts
from triage.patterns import ErrorGroup

#: Most services of the event, error groups, and services of a group that are looked at.
SERVICES, GROUPS, OF_GROUP = 5, 6, 3


@dataclass(frozen=True)
class Cohort:
    """Failing lines of one service.

    Attributes
    ----------
    group : str or None
        The error group; None for all that came with the event.
    since : datetime or None
        Lines from then on count; all if None.
    """

    group: str | None
    service: str | None
    templates: frozenset[str]
    since: datetime | None = None


def find_cohorts(facts: Facts, groups: Sequence[ErrorGroup]) -> tuple[Cohort, ...]:
    """The event's services by their place among the origins, then groups that are part of it, then the others."""
    came = facts.event.filter("adverse", pl.col("kind").is_in(["new", "surge"]))
    order = [origin.service for origin in facts.origins]
    by_service: dict[str | None, set[str]] = {}
    for template, service in came.select("template_id", "service_name").iter_rows():
        by_service.setdefault(service, set()).add(template)
    named = [service for service in order if service in by_service]
    services = [*named, *sorted((s for s in by_service if s not in named), key=str)][:SERVICES]
    since = facts.onset.earliest if facts.onset else None
    event = [Cohort(None, service, frozenset(by_service[service]), since) for service in services]
    member = frozenset(came["template_id"])
    ordered = sorted(groups, key=lambda group: (not member & set(group.template_ids), -group.count, group.id))
    own = [
        Cohort(group.id, service, frozenset(group.template_ids))
        for group in ordered[:GROUPS]
        for service in (group.services[:OF_GROUP] or (None,))
    ]
    # A group that is all there is of the event in a service is told once.
    whole = {(one.service, one.templates) for one in own}
    return (*(one for one in event if (one.service, one.templates) not in whole), *own)
