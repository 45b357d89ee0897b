"""An incident with the choices that were kept of it, as far as they still hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from triage.incident import Incident
from triage.ingest.formats import LineFormat
from triage.patterns import check_corrections
from triage.settings import Settings
from triage.widgets.autosave import Kept, base_of
from triage.widgets.reading import carried
from triage.widgets.state import State


def restore(state: State, kept: Kept) -> None:
    """Take up what people said; the symptom, and how logs are read, only where the caller gave all as before."""
    given = state.now
    symptom = kept.symptom if kept.base == base_of(given) else given.symptom
    people = replace(given, symptom=symptom, verdicts=kept.verdicts, remarks=kept.remarks)
    state.incident = carried(given, people)
    state.window = kept.window
    state.zone, state.by, state.script = kept.zone, kept.by or state.by, [*kept.script]
    state.step = kept.step or state.step
    state.asked = state.asked or kept.asked


def wanted_settings(settings: Settings, kept: Kept) -> Settings:
    """The settings that were chosen in the guide."""
    how: dict[str, Any] = kept.reading
    return replace(
        settings,
        tz=how["tz"],
        services=how["services"],
        clock=how["clock"],
        formats=tuple(LineFormat(**one) for one in how["formats"]),
        corrections=check_corrections(kept.corrections or None),
    )


def holds(kept: Kept, incident: Incident) -> bool:
    """Whether the caller gave the incident as when the choices were made."""
    return kept.base == base_of(incident)
