"""Checks of the user's own: their evidence counts and is shown like any other, and what is wrong with them is told."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

import triage
from tests.shop import CULPRIT, write_incident
from triage.errors import UsageError
from triage.hypotheses.candidates import Candidate
from triage.hypotheses.checks import CHECKS
from triage.hypotheses.facts import Facts

WEIGHT = math.log(5)


@pytest.fixture(scope="module")
def incident(tmp_path_factory: pytest.TempPathFactory) -> triage.Incident:
    folder = write_incident(tmp_path_factory.mktemp("own") / "shop")
    return triage.load(folder / "logs", changes=folder / "changes.json")


def scaled(candidate: Candidate, facts: Facts) -> triage.Evidence | None:
    """For the change that adds replicas, with the time it knows from the facts."""
    if candidate.change is None or candidate.change.kind != "scale" or facts.onset is None:
        return None
    return triage.Evidence("any name", f"Scaling is known to do that; onset {facts.onset.at:%H:%M}", WEIGHT)


def of(incident: triage.Incident, change_id: str) -> Any:
    return next(h for h in incident.hypotheses if h.change_id == change_id)


def test_its_evidence_counts_in_full_under_its_name(incident: triage.Incident) -> None:
    found = incident.with_checks({"scaled": scaled})
    (evidence,) = (e for e in of(found, "c4").evidence if e.check == "scaled")
    assert evidence.weight == WEIGHT
    before, after = (of(i, "c4").probability / of(i, CULPRIT).probability for i in (incident, found))
    assert after / before == pytest.approx(5)
    assert sum(h.probability for h in found.hypotheses) == pytest.approx(1)
    assert not [e for h in incident.hypotheses for e in h.evidence if e.check == "scaled"]


def test_its_evidence_is_shown_and_told_in_reports(incident: triage.Incident, tmp_path: Path) -> None:
    found = incident.with_checks({"scaled": scaled})
    assert "Scaling is known to do that" in of(found, "c4")._repr_html_()
    assert "Ranked with checks of one's own: scaled" in found.summary()["notes"]
    assert "Scaling is known to do that" in found.report(tmp_path / "report.md").read_text()


def test_a_symptom_and_corrections_keep_it(incident: triage.Incident) -> None:
    found = incident.with_checks({"scaled": scaled})
    anew = found.with_symptom("customers cannot check out").correct(found.corrections.mute("reserved item <NUM>"))
    assert [e.weight for e in of(anew, "c4").evidence if e.check == "scaled"] == [WEIGHT]
    assert not [e for e in of(anew.with_checks({}), "c4").evidence if e.check == "scaled"]


def test_a_saved_incident_says_what_it_was_ranked_with(incident: triage.Incident, tmp_path: Path) -> None:
    found = triage.open(incident.with_checks({"scaled": scaled}).save(tmp_path / "kept"))
    told = [note for note in found.notes if "(scaled)" in note]
    assert len(told) == 1 and "with_checks" in told[0]
    assert of(found, "c4").probability == pytest.approx(of(incident, "c4").probability)
    assert told[0] in triage.open(found.save(tmp_path / "kept")).notes
    again = found.with_checks({"scaled": scaled})
    assert of(again, "c4").probability > of(found, "c4").probability
    assert told[0] not in again.notes


def _fails(candidate: Candidate, facts: Facts) -> triage.Evidence | None:
    raise KeyError("owner\nof")


def _gives(found: object) -> Any:
    return lambda candidate, facts: found


@pytest.mark.parametrize(
    ("checks", "told"),
    [
        ({"owner": _fails}, r"^checks: 'owner', asked of 'unrecorded', failed with KeyError: 'owner\\nof': mend it"),
        ({"owner": _gives(1.5)}, "'owner', asked of .*, gave float, wanted triage.Evidence, or None"),
        ({"owner": _gives(triage.Evidence("x", "y", math.nan))}, "gave the weight nan, wanted a number of nats"),
        ({"owner": _gives(triage.Evidence("x", "y", -9))}, "gave the weight -9, wanted at most 8 either way"),
        ({"timing": scaled}, "'timing' is the name of a built-in check"),
        ({"<b>": scaled}, "got the name '<b>', wanted letters, digits and _"),
        ({"owner": "scaled"}, "'owner' is str, wanted a callable"),
        ([scaled], "checks: got list, wanted a mapping from names to callables"),
    ],
)
def test_what_is_wrong_is_told_by_name(incident: triage.Incident, checks: Any, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        incident.with_checks(checks)


def test_each_built_in_check_has_a_name_to_be_known_by() -> None:
    assert len({check.__name__ for check in CHECKS}) == len(CHECKS)
