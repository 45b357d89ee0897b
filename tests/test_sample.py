"""The recorded incident: the change that the recorder broke leads, and without it none of the others does."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import triage

FOLDER = Path(__file__).parents[1] / "sample_logs" / "checkout-5xx"
TRUTH: dict[str, Any] = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
CHANGES: list[dict[str, Any]] = json.loads((FOLDER / "changes.json").read_text(encoding="utf-8"))
SYMPTOM = (FOLDER / "symptom.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def incident() -> triage.Incident:
    return triage.load(FOLDER / "logs", CHANGES, SYMPTOM)


def test_size_and_ledger(incident: triage.Incident) -> None:
    assert incident.ledger.lines >= 50_000
    assert incident.ledger.unaccounted == 0
    assert incident.ledger.untimed == 0
    formats = {row.format for row in incident.ledger.sources}
    assert formats >= {"web-access", "nginx-error", "postgresql", "redis", "json-lines", "generic", "logfmt"}


def test_the_broken_change_leads(incident: triage.Incident) -> None:
    first = incident.hypotheses[0]
    assert first.change_id == TRUTH["change_id"]
    assert first.evidence_for
    assert incident.origins[0].service == TRUTH["service"]


def test_the_onset_meets_the_truth(incident: triage.Incident) -> None:
    onset = incident.incident_onset
    assert onset is not None
    assert onset.earliest <= datetime.fromisoformat(TRUTH["onset"]["latest"])
    assert onset.latest >= datetime.fromisoformat(TRUTH["onset"]["earliest"])
    assert (onset.latest - onset.earliest).total_seconds() < 60


def test_without_it_none_of_the_changes_leads() -> None:
    others = [change for change in CHANGES if change["id"] != TRUTH["change_id"]]
    assert triage.load(FOLDER / "logs", others, SYMPTOM).hypotheses[0].kind == "unrecorded"


def test_before_the_trouble_it_is_quiet() -> None:
    """The same services, the same innocent changes, and nothing wrong yet."""
    broken = next(change["time"] for change in CHANGES if change["id"] == TRUTH["change_id"])
    quiet = triage.load(FOLDER / "logs", CHANGES, SYMPTOM, until=broken)
    assert quiet.incident_onset is None
    assert quiet.hypotheses[0].kind == "unrecorded"
