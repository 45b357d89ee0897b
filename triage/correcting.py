"""An incident with other corrections of its templates, from the records that it has."""

from __future__ import annotations

from dataclasses import replace

from triage.errors import IncidentError
from triage.incident import Incident
from triage.ingest.held import HELD_BYTES
from triage.patterns import check_corrections
from triage.patterns.corrections import Given
from triage.pipeline import analyse
from triage.reading import Gathered

#: Templates are found among all records; an incident has those between `since` and `until` that have a time.
PART = "templates were corrected among the {} analysed of {} records: those of a load with these corrections may differ"


def correct(incident: Incident, corrections: Given) -> Incident:
    """The incident with these corrections, in place of those it has (see `Incident.correct`)."""
    wanted = check_corrections(corrections).by_text(incident.templates)
    settings = replace(incident.settings, corrections=wanted)
    gathered = Gathered(settings, limit=0 if incident.table.held is None else HELD_BYTES)
    for records in incident.table.frames():
        if "pinned" not in records.columns:
            raise IncidentError("this incident was saved without what keeps templates apart: load the logs anew")
        gathered.add(records.drop("template_id"))
    found, texts = gathered.patterns()
    again = analyse(incident.ledger, found, texts, incident.changes, incident.symptom, settings, [])
    part = PART.format(len(found), incident.ledger.records)
    said = [part] if len(found) < incident.ledger.records and part not in incident.notes else []
    again = replace(
        again,
        ledger=incident.ledger,
        notes=(*incident.notes, *said),
        verdicts=incident.verdicts,
        remarks=incident.remarks,
        corrected=gathered.corrected,
    )
    return again.with_checks(incident.own_checks) if incident.own_checks else again
