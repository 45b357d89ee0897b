"""What was worked out once for an incident is there in what people make of it, and not in what has other records."""

from __future__ import annotations

from pathlib import Path

import pytest

import triage
from tests.shop import write_incident
from triage.incident import Incident


@pytest.fixture(scope="module")
def incident(tmp_path_factory: pytest.TempPathFactory) -> Incident:
    folder = write_incident(tmp_path_factory.mktemp("shop"))
    return triage.load(folder / "logs", changes=folder / "changes.json")


def test_what_people_say_keeps_what_was_found(incident: Incident) -> None:
    rows, shared = incident._rows, incident.shared_table
    said = incident.decide(incident.hypotheses[0].id, "open", by="Ada").remark("looked", by="Ada").with_symptom("slow")
    assert said._rows is rows
    assert said.shared_table is shared


def test_another_symptom_ranks_as_a_load_with_it_does(incident: Incident, tmp_path: Path) -> None:
    folder = write_incident(tmp_path)
    symptom = "inventory does not answer"
    loaded = triage.load(folder / "logs", changes=folder / "changes.json", symptom=symptom)
    again = incident.with_symptom(symptom)
    assert [(h.id, h.probability) for h in again.hypotheses] == [(h.id, h.probability) for h in loaded.hypotheses]
    assert any(e.check == "symptom" for h in again.hypotheses for e in h.evidence)
    cleared = again.with_symptom(None)
    assert [(h.id, h.probability) for h in cleared.hypotheses] == [(h.id, h.probability) for h in incident.hypotheses]


def test_corrected_templates_are_looked_for_anew(incident: Incident) -> None:
    rows = incident._rows
    seldom = incident.templates["template_id"][-1]
    corrected = incident.correct(incident.corrections.mute(seldom))
    assert corrected._rows is not rows
