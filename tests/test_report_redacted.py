"""Reports that are shared hold no secret, wherever it came from; the same value is the same words, ours stay ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import triage
from tests.shop import write_incident
from triage.hypotheses.evidence import LINE_CHARS
from triage.report.redacted import redact_summary, redaction_lines

GOLDEN = Path(__file__).parent / "golden" / "report"
SECRETS = [
    "hunter2",
    "ana.li@shop.example",
    "Ana Li",
    "10.7.1.2",
    "cus-8812",
    "ghp_0123456789abcdefghijABCDEFGHIJ012345",
]
START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((GOLDEN / name).read_text(encoding="utf-8"))
    return loaded


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from leaves(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from leaves(item)


@pytest.fixture(scope="module")
def incident(tmp_path_factory: pytest.TempPathFactory) -> triage.Incident:
    """Trouble of one customer, with secrets in lines, in changes, in the symptom and in what people wrote."""
    folder = tmp_path_factory.mktemp("shop")
    lines = []
    for second in range(2400):
        at = (START + timedelta(seconds=second)).isoformat()
        failing = second >= 1200 and second % 3 == 0
        customer = "cus-8812" if failing else f"cus-{second % 50}"
        row = {"time": at, "service": "web", "customer_id": customer, "client": "10.7.1.2"}
        if failing:
            text = "login of ana.li@shop.example from 10.7.1.2 failed: password=hunter2"
            lines.append(json.dumps({**row, "level": "error", "message": text}))
        else:
            lines.append(json.dumps({**row, "level": "info", "message": f"page {second} shown"}))
    (folder / "10.7.1.2").mkdir()
    (folder / "10.7.1.2" / "web.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    changes = [
        {"id": "deploy-1", "time": "2026-11-21T02:19:00Z", "kind": "deploy", "service": "web", "version": "10.0.0.1",
         "summary": "web 10.0.0.1: token=ghp_0123456789abcdefghijABCDEFGHIJ012345", "customer": "Ana Li"},
    ]  # fmt: skip
    loaded = triage.load(folder / "10.7.1.2", changes, "cus-8812 (Ana Li) cannot log in")
    return (
        loaded.remark("called cus-8812,\nthat is user=cus-8812", by="ana", written=START)
        .suppose("hunter2 has leaked", by="ana", written=START)
        .diagnose("Ana Li had two accounts", by="ana.li@shop.example", written=START)
    )


@pytest.mark.parametrize("suffix", [".md", ".html", ".ipynb"])
def test_no_secret_is_in_a_report_that_is_shared(incident: triage.Incident, tmp_path: Path, suffix: str) -> None:
    shared = incident.report(tmp_path / f"shared{suffix}").read_text(encoding="utf-8")
    plain = incident.report(tmp_path / f"plain{suffix}", redact=False).read_text(encoding="utf-8")
    assert [secret for secret in SECRETS if secret in shared] == []
    assert "hunter2" in plain
    assert "10.0.0.1" in shared  # a version, not an address
    assert "Redacted" in shared
    assert "Redacted" not in plain


def test_json_is_as_it_is_unless_asked_for(incident: triage.Incident, tmp_path: Path) -> None:
    plain = json.loads(incident.report(tmp_path / "plain.json").read_text(encoding="utf-8"))
    assert "hunter2" in json.dumps(plain)
    assert "redaction" not in plain
    shared = incident.report(tmp_path / "shared.json", redact=True).read_text(encoding="utf-8")
    assert [secret for secret in SECRETS if secret in shared] == []
    assert list(json.loads(shared)) == [*plain, "redaction"]


def test_the_same_value_is_the_same_words_everywhere(incident: triage.Incident) -> None:
    told = redact_summary(incident.summary())
    [note] = [remark["text"] for remark in told["remarks"] if remark["kind"] == "note"]
    token = note.removeprefix("called ").partition(",")[0]
    assert token.startswith("redacted_user_")
    assert note == f"called {token},\nthat is user={token}"
    assert told["symptom"].startswith(f"{token} (redacted_user_")
    assert {token} == {row["value"] for row in told["shared"] if row["key"] == "customer_id"}


def test_what_was_replaced_is_told_by_kind_and_number_only(incident: triage.Incident) -> None:
    told = redact_summary(incident.summary())
    said = {row["kind"]: row["values"] for row in told["redaction"]["kinds"]}
    assert said["e-mail address"] == said["IPv4 address"] == 1
    assert said["user id"] >= 2
    assert [secret for secret in SECRETS if secret in json.dumps(told["redaction"])] == []
    assert next(redaction_lines(told)).endswith(" different")


def test_ids_that_join_parts_still_join_them(incident: triage.Incident) -> None:
    before, after = incident.summary(), redact_summary(incident.summary())
    for summary in (before, after):
        changes = {change["id"] for change in summary["changes"]}
        assert {h["change_id"] for h in summary["hypotheses"]} - {None} <= changes
    assert [h["id"] for h in before["hypotheses"]] == [h["id"] for h in after["hypotheses"]]


@pytest.mark.parametrize("name", ["summary.json", "hostile.json"])
def test_our_own_words_and_figures_stay(name: str) -> None:
    summary = load(name)
    told = redact_summary(summary)
    assert list(leaves(told | {"redaction": None})) == list(leaves(summary | {"redaction": None}))


def test_a_whole_incident_without_secrets_stays_as_it_is(tmp_path: Path) -> None:
    folder = write_incident(tmp_path)
    summary = triage.load(folder / "logs", folder / "changes.json", "checkout fails").summary()
    told = redact_summary(summary)
    assert told.pop("redaction") == {"kinds": []}
    assert list(leaves(told)) == list(leaves(summary))


def test_names_of_files_stay_names_of_files() -> None:
    summary = load("summary.json")
    summary["ledger"]["sources"][0]["source"] = "/" + "home/ana/logs/10.7.1.2/app.log"
    [source, *_] = redact_summary(summary)["ledger"]["sources"]
    assert source["source"] == "/" + "home/redacted_user_1/logs/240.0.0.1/app.log"


def told_of_changes(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = redact_summary(load("summary.json") | {"changes": list(changes)})["changes"]
    return told


def test_own_fields_of_changes_hold_no_secret_however_they_are_named_and_nested() -> None:
    fields = {
        "from": "ana.li@shop.example",
        "to": ["ana.li@shop.example"],
        "meta": {
            "at": "10.7.1.2",
            "steps": [{"time": "by ana.li@shop.example", "password": "hunter2", "user_id": 4711}],
        },
        "ticket": {"done": True, "points": 3, "note": None},
    }
    [told] = told_of_changes({"id": "c1", "time": "2026-11-20T02:00:00Z", "kind": "deploy", "service": "web"} | fields)
    assert [secret for secret in [*SECRETS, "4711"] if secret in json.dumps(told)] == []
    assert told["ticket"] == fields["ticket"]
    assert told["time"] == "2026-11-20T02:00:00Z"


def test_a_line_end_in_a_field_of_a_change_is_no_part_of_what_follows() -> None:
    change = {"id": "c1", "time": "2026-11-20T02:00:00Z", "kind": "deploy", "service": "web"}
    [told] = told_of_changes(change | {"log": "reviewed by\nana.li@shop.example", "by": "ana.li@shop.example"})
    assert told["log"] == f"reviewed by\n{told['by']}"


def test_decisions_name_the_change_by_the_id_that_it_has_now(incident: triage.Incident) -> None:
    summary = incident.summary()
    name, [first, *_] = "ana.li@shop.example", summary["hypotheses"]
    verdict = {
        "hypothesis_id": f"change-{name}",
        "decision": "open",
        "by": "bo",
        "note": "",
        "at": "2026-11-21T03:00:00Z",
    }
    summary["changes"][0]["id"] = name
    summary["hypotheses"] = [{**first, "id": f"change-{name}", "change_id": name}]
    told = redact_summary(summary | {"verdicts": [verdict]})
    [change], [hypothesis], [decision] = told["changes"], told["hypotheses"], told["verdicts"]
    assert "ana" not in change["id"]
    assert hypothesis["id"] == decision["hypothesis_id"] == f"change-{change['id']}"
    assert hypothesis["change_id"] == change["id"]


def test_words_of_what_was_replaced_are_not_quoted() -> None:
    summary = load("summary.json") | {"symptom": "ana.li-novak@shop.example cannot pay"}
    finding = {"check": "symptom", "weight": 0.4, "lines": []}
    speaks = "The symptom and the change both speak of {}, “hold”"
    summary["hypotheses"][0]["for"] = [finding | {"statement": speaks.format("“novak”")}]
    [told] = redact_summary(summary)["hypotheses"][0]["for"]
    assert told["statement"] == speaks.format("“redacted_user_1”")


@pytest.mark.parametrize("end", ["ana.li@sho", "4111 1111 11", "eyJhbGciOiJIUzI1NiJ9.eyJ", "2001:470:1f0b"])
def test_half_a_value_at_the_end_of_a_cut_line_is_left_out(end: str) -> None:
    begin = "{" + '"text": "' + "x " * 180
    line = (begin + end.rjust(LINE_CHARS - len(begin)))[-LINE_CHARS:]
    summary = load("summary.json")
    reference = {"source": "app.log", "line": 1, "text": line + "…"}
    finding = {"check": "timing", "weight": 0.4, "lines": [reference], "statement": "It came at once"}
    summary["hypotheses"][0]["for"] = [finding]
    told = redact_summary(summary)["hypotheses"][0]["for"][0]["lines"][0]["text"]
    assert told == line.removesuffix(end) + "…"


def test_text_that_is_no_utf_8_is_gone_through() -> None:
    summary = load("summary.json") | {"symptom": "half \udcff of 10.7.1.2 \ud800"}
    assert redact_summary(summary)["symptom"] == "half \udcff of 240.0.0.1 \ud800"
