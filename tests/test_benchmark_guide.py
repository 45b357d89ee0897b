"""The large incident that the guide is measured on, in small: it is what it says, and the measurement runs on it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from benchmarks import guide
from benchmarks.guide_incident import write_incident
from triage.incident import Incident

LINES, TEMPLATES = 20_000, 200


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_incident(tmp_path_factory.mktemp("guide") / "incident", LINES, TEMPLATES, seed=3)


@pytest.fixture(scope="module")
def incident(folder: Path) -> Incident:
    return guide.loaded(folder)


def test_it_has_the_lines_templates_onset_and_change_that_were_asked_for(folder: Path, incident: Incident) -> None:
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    assert incident.ledger.lines == LINES
    assert 0.8 * TEMPLATES <= len(incident.templates) <= TEMPLATES
    assert incident.hypotheses[0].change_id == truth["change_id"]
    assert incident.incident_onset is not None
    earliest, latest = (datetime.fromisoformat(truth["onset"][name]) for name in ("earliest", "latest"))
    assert earliest - timedelta(minutes=1) <= incident.incident_onset.at <= latest + timedelta(minutes=1)


def test_the_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    again = write_incident(tmp_path / "incident", LINES, TEMPLATES, seed=3)
    other = write_incident(tmp_path / "other", LINES, TEMPLATES, seed=4)
    assert contents(again) == contents(folder) != contents(other)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_click_does_what_a_person_asks(incident: Incident, tmp_path: Path) -> None:
    given = {name: click(incident) for name, click in guide.clicks(incident, tmp_path).items()}
    assert [name for name, result in given.items() if result is None] == []
    frames = {name: result for name, result in given.items() if isinstance(result, pl.DataFrame)}
    assert {name for name, frame in frames.items() if frame.is_empty()} <= {"traces", "shared"}
    assert (tmp_path / "saved").is_dir()
    assert (tmp_path / "report.html").is_file()


def test_a_click_is_measured_once_before_and_then_after_each_decision(incident: Incident) -> None:
    seen: list[Incident] = []
    guide.cost(seen.append, incident, repeats=2)
    assert [len(each.verdicts) for each in seen] == [0, 1, 2]
