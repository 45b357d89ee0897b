"""The whole way: load, look back at raw lines, decide, save and open; frames like files."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from jsonschema import Draft202012Validator

import triage
from tests.shop import CHANGES, CULPRIT, ONSET, write_incident
from triage.errors import InputError, TriageError, UsageError
from triage.ingest.engine import ThreadEngine

SCHEMA = json.loads((Path(__file__).parent / "rank.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_incident(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="module")
def incident(folder: Path) -> triage.Incident:
    return triage.load(folder / "logs", folder / "changes.json", "customers cannot check out")


def test_the_culprit_leads_and_says_why(incident: triage.Incident) -> None:
    first = incident.hypotheses[0]
    assert first.change_id == CULPRIT
    assert {e.check for e in first.evidence_for} >= {"timing", "service_match"}
    assert incident.conclusive
    assert incident.origins[0].service == "inventory"


def test_the_onset_interval_holds_the_onset(incident: triage.Incident) -> None:
    onset = incident.incident_onset
    assert onset is not None
    assert onset.earliest <= onset.at <= onset.latest
    # The first failing line comes a few seconds after trouble begins: each second fails with an even chance.
    assert onset.earliest - timedelta(seconds=1) <= ONSET + timedelta(seconds=5)
    assert onset.latest >= ONSET
    assert onset.latest - onset.earliest < timedelta(seconds=60)


def test_without_the_culprit_none_of_the_changes_leads(folder: Path) -> None:
    others = [change for change in CHANGES if change["id"] != CULPRIT]
    assert triage.load(folder / "logs", others).hypotheses[0].kind == "unrecorded"


def test_a_quiet_log_has_no_onset(tmp_path: Path) -> None:
    quiet = write_incident(tmp_path / "quiet", trouble=False)
    incident = triage.load(quiet / "logs", quiet / "changes.json")
    assert incident.incident_onset is None
    assert incident.hypotheses[0].kind == "unrecorded"
    assert not incident.conclusive
    assert _valid(incident)["incident_onset"] is None


def _valid(incident: triage.Incident) -> dict[str, object]:
    summary = json.loads(json.dumps(incident.summary()))
    Draft202012Validator(SCHEMA).validate(summary)
    assert sum(h["probability"] for h in summary["hypotheses"]) == pytest.approx(1, abs=1e-4)
    return dict(summary)


def test_summary_keeps_the_contract(incident: triage.Incident) -> None:
    summary = _valid(incident)
    assert list(summary)[:10] == SCHEMA["required"]


def test_every_claim_leads_to_raw_lines(incident: triage.Incident, folder: Path) -> None:
    for hypothesis in incident.hypotheses:
        for evidence in hypothesis.evidence:
            for line in evidence.lines:
                text = Path(line.source).read_text(encoding="utf-8").splitlines()
                assert line.text.startswith(text[line.line - 1])
    lines = incident.lines(hypothesis=incident.hypotheses[0].id)
    assert len(lines)
    assert lines["raw"].str.contains("no connection within").any()


def test_lines_of_a_template_and_a_group(incident: triage.Incident) -> None:
    group = incident.error_groups[0]
    assert len(incident.lines(error_group=group.id, limit=None)) == group.count
    top = incident.templates.row(0, named=True)
    assert len(incident.lines(template=top["template_id"], limit=None)) == top["count"]
    assert len(incident.lines(limit=3)) == 3


@pytest.mark.parametrize("what", ["template", "error_group", "hypothesis"])
def test_lines_of_what_does_not_exist(incident: triage.Incident, what: str) -> None:
    with pytest.raises(UsageError, match=r"no .* has the id 'nope': there are "):
        incident.lines(**{what: "nope"})  # type: ignore[arg-type]


def test_a_person_decides_and_the_incident_stays_as_it_was(incident: triage.Incident) -> None:
    wanted = incident.hypotheses[0].id
    decided = incident.decide(wanted, "confirmed", by="ana", note="rolled back, errors stopped")
    assert incident.verdicts.current is None
    assert decided.verdicts.current is not None
    assert decided.verdicts.current.hypothesis_id == wanted
    again = decided.decide(wanted, "open", by="bo", note="they came back")
    assert [v.decision for v in again.verdicts] == ["confirmed", "open"]
    assert again.verdicts.current is None
    assert len(_valid(again)["verdicts"]) == 2  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="no hypothesis has the id 'h9'"):
        incident.decide("h9", "confirmed", by="ana")


@pytest.mark.parametrize("kind", ["polars", "pandas", "arrow"])
def test_a_frame_gives_what_the_files_gave(incident: triage.Incident, kind: str) -> None:
    table = incident.records.select(
        pl.col("timestamp").alias("time"),
        pl.col("severity_text").alias("level"),
        pl.col("body").alias("message"),
        pl.col("service_name").alias("service"),
    )
    frames: dict[str, Callable[[], object]] = {
        "polars": lambda: table,
        "pandas": table.to_pandas,
        "arrow": table.to_arrow,
    }
    frame = frames[kind]()
    other = triage.load(frame, CHANGES)
    assert other.hypotheses[0].change_id == CULPRIT
    assert other.ledger.unaccounted == 0


def test_a_frame_without_a_message_column() -> None:
    with pytest.raises(InputError, match="the frame has the columns a, b and none is a message"):
        triage.load(pl.DataFrame({"a": [1], "b": [2]}))


def test_engines_and_cuts_give_the_same_ranking(incident: triage.Incident, folder: Path) -> None:
    other = triage.load(folder / "logs", folder / "changes.json", "customers cannot check out", engine=ThreadEngine(2))
    assert other.summary() == incident.summary()


def test_since_and_until_leave_records_out_and_say_so(folder: Path, incident: triage.Incident) -> None:
    part = triage.load(folder / "logs", since="2026-11-21T02:10:00Z", until="2026-11-21T02:30")
    assert part.ledger.lines == incident.ledger.lines
    assert len(part.records) < len(incident.records)
    assert any("lie outside since and until" in note for note in part.notes)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"since": "2026-11-21T03:00", "until": "2026-11-21T02:00"}, "is not before until .*: swap them"),
        ({"since": "yesterday"}, "since: 'yesterday' is no point in time"),
        ({"since": "2030-01-01"}, "no record lies between since and until: the logs span 2026-11-21T02:00"),
        ({"tz": "Europe/Berln"}, "did you mean 'Europe/Berlin'"),
        ({"baseline": ("2026-11-21T03:00", "2026-11-21T02:00")}, "baseline: wanted a pair of times"),
    ],
)
def test_bad_options(folder: Path, options: dict[str, object], message: str) -> None:
    with pytest.raises(TriageError, match=message):
        triage.load(folder / "logs", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("logs", [None, 5, [1, 2]])
def test_logs_that_are_no_logs(logs: object) -> None:
    with pytest.raises(UsageError, match=r"logs: got .*, wanted a path"):
        triage.load(logs)


def test_logs_without_any_time(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text("one\ntwo\n")
    with pytest.raises(InputError, match="none of the 2 records has a timestamp"):
        triage.load(tmp_path)


def test_a_symptom_ranks_anew(incident: triage.Incident) -> None:
    other = incident.with_symptom("payments fail")
    assert other.symptom == "payments fail"
    assert incident.symptom == "customers cannot check out"
    assert sum(h.probability for h in other.hypotheses) == pytest.approx(1)


def test_notebook_representations_escape_log_text(tmp_path: Path) -> None:
    logs = "".join(f"2026-11-21T02:05:{s:02d}Z ERROR <script>alert(1)</script> $x$\n" for s in range(60))
    (tmp_path / "app.log").write_text(logs)
    incident = triage.load(tmp_path)
    shown = (incident, incident.ledger, incident.error_groups[0], incident.hypotheses[0])
    for item in shown:
        page = item._repr_html_()
        assert "<table>" in page
        assert "<script>" not in page
    assert "script" in incident.error_groups[0].title
    assert repr(incident).startswith("Incident: 60 lines")


def test_probabilities_as_they_are_written_add_up_to_one(incident: triage.Incident) -> None:
    assert round(sum(one["probability"] for one in incident.summary()["hypotheses"]), 9) == 1


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda incident: incident.lines(limit=-1), "limit: got -1"),
        (lambda _: triage.mine("one text"), "messages: got one text"),
        (lambda _: triage.load(pl.DataFrame({"message": ["x"]}), symptom=5), "symptom: got '5'"),  # type: ignore[arg-type]
        (lambda _: triage.load(pl.DataFrame({"message": ["x"]}), changes=" "), "changes: got an empty name"),
    ],
)
def test_arguments_that_cannot_be_meant(
    incident: triage.Incident, ask: Callable[[triage.Incident], object], told: str
) -> None:
    with pytest.raises(TriageError, match=told):
        ask(incident)
