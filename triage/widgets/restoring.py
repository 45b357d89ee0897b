"""An incident with the choices that were kept of it, as far as they still hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from triage.ingest.formats import LineFormat
from triage.patterns import check_corrections
from triage.settings import Settings
from triage.widgets.autosave import Kept, base_of, reading_of
from triage.widgets.reading import carried
from triage.widgets.state import State

#: What only a line that reads logs again has.
AGAIN = "changes=incident.changes"
#: What begins the lines of Python that choose what a caller may give as well.
LINES = {
    "symptom": "incident = incident.with_symptom(",
    "corrections": "incident = incident.correct(",
    "reading": "incident = triage.load(",
}


def restore(state: State, kept: Kept, line: str = "") -> None:
    """Take up what people said and chose; what the caller gives otherwise than before counts instead.

    `line` is the line of Python that read the logs, where that was done in the guide.
    """
    given = state.now
    base = base_of(given)
    symptom = kept.symptom if kept.base.get("symptom") == base["symptom"] else given.symptom
    people = replace(given, symptom=symptom, verdicts=kept.verdicts, remarks=kept.remarks)
    state.incident = carried(given, people)
    state.window = kept.window
    state.zone, state.by = kept.zone, kept.by or state.by
    gone = tuple(begin for name, begin in LINES.items() if kept.base.get(name) != base[name])
    first = [one for one in kept.script if line and one.startswith(LINES["reading"]) and AGAIN not in one]
    state.script = [line] if line else []
    state.script += [one for one in kept.script if not one.startswith(gone) and one not in first]
    state.step = kept.step or state.step
    state.asked = state.asked or kept.asked


def wanted_settings(settings: Settings, kept: Kept) -> Settings:
    """The settings that were chosen in the guide; those that the caller gives otherwise than before stay as given."""
    now, before = reading_of(settings), kept.base.get("reading", {})
    how: dict[str, Any] = {name: kept.reading[name] if before.get(name) == now[name] else now[name] for name in now}
    chosen = kept.base.get("corrections") == settings.corrections.to_dict()
    since, until = (datetime.fromisoformat(how[name]) if how[name] else None for name in ("since", "until"))
    return replace(
        settings,
        tz=how["tz"],
        since=since,
        until=until,
        services=how["services"],
        clock=how["clock"],
        read_as=how["read_as"],
        formats=tuple(LineFormat(**one) for one in how["formats"]),
        corrections=check_corrections(kept.corrections or None) if chosen else settings.corrections,
    )
