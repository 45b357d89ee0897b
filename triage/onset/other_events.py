"""Events beside the incident's: other incidents of the window, and what is of the incident at another time.

The same requests that fail in two places, or an exception that was caused by another, are one problem however far
apart its onsets are: a queue, a cache or a time-out may lie between them.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from triage.onset.incident_onset import IncidentOnset, find_other_onsets
from triage.patterns.error_group import ErrorGroup

Events = tuple[IncidentOnset, ...]


def other_events(
    troubles: pl.DataFrame, onset: IncidentOnset | None, groups: Sequence[ErrorGroup]
) -> tuple[Events, Events]:
    """Events apart from the incident, and those linked with it, both in order of time.

    Parameters
    ----------
    troubles : polars.DataFrame
        Onsets with ``trouble`` and ``adverse`` (see `trouble.with_trouble`).
    onset : IncidentOnset or None
        The incident's, from `find_incident_onset`; without one there are no others.
    groups : sequence of ErrorGroup
        With ``caused_by`` and ``seen_with``, which are followed over any number of groups.
    """
    found = find_other_onsets(troubles, onset)
    if onset is None or not found:
        return (), ()
    of_incident = _reached(_groups_of(onset, groups), _links(groups))
    linked = [bool(_groups_of(event, groups) & of_incident) for event in found]
    pairs = list(zip(found, linked, strict=True))
    return tuple(event for event, yes in pairs if not yes), tuple(event for event, yes in pairs if yes)


def _groups_of(event: IncidentOnset, groups: Sequence[ErrorGroup]) -> set[str]:
    """The error groups with one of an event's units."""
    return {
        group.id
        for group in groups
        if any(
            template in group.template_ids and (service is None or service in group.services)
            for template, service in event.units
        )
    }


def _links(groups: Sequence[ErrorGroup]) -> dict[str, set[str]]:
    """From each group to those that are one problem with it, in both directions."""
    links: dict[str, set[str]] = {}
    for group in groups:
        for other in (*group.seen_with, *([group.caused_by] if group.caused_by else [])):
            links.setdefault(group.id, set()).add(other)
            links.setdefault(other, set()).add(group.id)
    return links


def _reached(beyond: set[str], links: dict[str, set[str]]) -> set[str]:
    """All that can be come to from some groups, and they themselves."""
    reached: set[str] = set()
    while beyond:
        reached |= beyond
        beyond = set().union(*(links.get(one, set()) for one in beyond)) - reached
    return reached
