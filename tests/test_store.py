"""Saved incidents: whole or not at all, every decision kept, damage told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import triage
from tests.shop import write_incident
from triage import store
from triage.errors import IncidentError

State = dict[str, Any]


@pytest.fixture(scope="module")
def incident(tmp_path_factory: pytest.TempPathFactory) -> triage.Incident:
    folder = write_incident(tmp_path_factory.mktemp("shop"))
    return triage.load(folder / "logs", folder / "changes.json", "customers cannot check out")


def _decided(incident: triage.Incident, by: str) -> triage.Incident:
    return incident.decide(incident.hypotheses[0].id, "confirmed", by=by, note="pool")


def test_saved_and_opened_it_says_the_same(incident: triage.Incident, tmp_path: Path) -> None:
    decided = _decided(incident, "ana")
    decided.save(tmp_path / "kept")
    opened = triage.open(tmp_path / "kept")
    assert opened.summary() == decided.summary()
    assert opened.records.equals(decided.records)
    opened.save(tmp_path / "kept")  # over an earlier one
    assert [p.name for p in tmp_path.iterdir()] == ["kept"]
    assert {p.suffix for p in (tmp_path / "kept").iterdir() if p.name != ".lock"} == {".json", ".parquet"}
    assert len(list((tmp_path / "kept").glob("*.parquet"))) == 2


def test_two_people_who_save_lose_no_decision(incident: triage.Incident, tmp_path: Path) -> None:
    kept = incident.save(tmp_path / "kept")
    one, two = triage.open(kept), triage.open(kept)
    _decided(one, "ana").save(kept)
    _decided(two, "ben").save(kept)
    _decided(two, "ben").save(kept)
    assert [verdict.by for verdict in triage.open(kept).verdicts] == ["ana", "ben", "ben"]


def test_readers_and_writers_at_the_same_time(incident: triage.Incident, tmp_path: Path) -> None:
    kept = incident.save(tmp_path / "kept")
    writers = [
        threading.Thread(target=lambda by=by: _decided(incident, by).save(kept)) for by in ("ana", "ben", "cleo")
    ]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert len(triage.open(kept).records) == len(incident.records)
    for writer in writers:
        writer.join()
    assert {verdict.by for verdict in triage.open(kept).verdicts} == {"ana", "ben", "cleo"}
    assert not list(kept.glob(".*.part"))


def test_save_does_not_overwrite_what_is_no_incident(incident: triage.Incident, tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("x")
    with pytest.raises(IncidentError, match=r"holds 'precious\.txt' and is no saved incident"):
        incident.save(tmp_path)
    with pytest.raises(IncidentError, match="no saved incident"):
        triage.open(tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(IncidentError, match="cannot be written: File exists"):
        incident.save(tmp_path / "file")


def test_decisions_about_another_incident_are_not_overwritten(incident: triage.Incident, tmp_path: Path) -> None:
    kept = _decided(incident, "ana").save(tmp_path / "kept")
    (tmp_path / "other.log").write_text("2026-11-21T02:05:12Z ERROR boom\n")
    other = triage.load(tmp_path / "other.log")
    with pytest.raises(IncidentError, match="holds 1 decisions about another incident"):
        other.save(kept)
    assert len(triage.open(kept).verdicts) == 1


def test_a_symptom_that_is_no_utf8_can_be_saved(incident: triage.Incident, tmp_path: Path) -> None:
    kept = incident.with_symptom("caf\udce9").save(tmp_path / "kept")
    assert triage.open(kept).symptom is not None


@pytest.mark.parametrize("table", ["records", "templates"])
def test_a_damaged_table_is_told(incident: triage.Incident, tmp_path: Path, table: str) -> None:
    kept = incident.save(tmp_path / "kept")
    (file,) = kept.glob(f"{table}-*.parquet")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(IncidentError, match=rf"kept: {table}-.* is not what was saved"):
        triage.open(kept)
    file.unlink()
    with pytest.raises(IncidentError, match="is not there"):
        triage.open(kept)


def _set(**values: Any) -> Callable[[State], object]:
    return lambda state: state.update(values)


@pytest.mark.parametrize(
    "spoil",
    [
        _set(symptom=5),
        _set(changes="git:/somewhere"),
        _set(changes=[{"id": 1}]),
        _set(ledger=[{"lines": "x"}]),
        _set(ledger=[]),
        _set(tables={"records": "../../x", "templates": 1}),
        _set(settings=None),
        _set(verdicts=[7]),
        lambda state: state.pop("notes"),
        lambda state: state["ledger"][0].update(lines="x"),
        lambda state: state["ledger"][0].update(lines=1),
    ],
)
def test_a_damaged_state_is_told_in_one_line(
    incident: triage.Incident, tmp_path: Path, spoil: Callable[[State], object]
) -> None:
    kept = incident.save(tmp_path / "kept")
    state = json.loads((kept / "incident.json").read_text())
    spoil(state)
    state["digest"] = store._mark(state)  # whoever wrote it may have been wrong
    (kept / "incident.json").write_text(json.dumps(state))
    with pytest.raises(IncidentError, match="kept: ") as caught:
        triage.open(kept)
    assert "\n" not in str(caught.value)


def test_a_decision_that_was_edited_is_told(incident: triage.Incident, tmp_path: Path) -> None:
    kept = incident.decide(incident.hypotheses[0].id, "confirmed", by="ana").save(tmp_path / "kept")
    state = kept / "incident.json"
    state.write_text(state.read_text().replace('"ana"', '"bob"'))
    with pytest.raises(IncidentError, match="is not what was saved"):
        triage.open(kept)


@pytest.mark.parametrize("text", ["", "7", "[" * 100_000, "{}", '{"format": "triage.incident/0"}'])
def test_a_state_that_is_no_state(incident: triage.Incident, tmp_path: Path, text: str) -> None:
    kept = incident.save(tmp_path / "kept")
    (kept / "incident.json").write_text(text)
    with pytest.raises(IncidentError, match="kept: "):
        triage.open(kept)
