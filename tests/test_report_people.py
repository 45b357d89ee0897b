"""Rows of a page on impact, on what came when, on what people said, and what is left open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from triage.report.chronicle import MOST, event_rows
from triage.report.headline import headline
from triage.report.html import render_html
from triage.report.impact import OPERATIONS, SERVICES, impact_facts, impact_notes, operation_rows, service_rows
from triage.report.layout import page_of
from triage.report.limits import BLANKS, blanks_of, limits_of
from triage.report.markdown import render_markdown
from triage.report.people import check_rows, diagnosis_of, own_hypothesis_rows
from triage.report.reproduce import code_of, reproduction

GOLDEN = Path(__file__).parent / "golden" / "report"


def load(*names: str) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for name in names:
        whole |= json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    return whole


@pytest.fixture
def summary() -> dict[str, Any]:
    return load("summary")


@pytest.fixture
def decided() -> dict[str, Any]:
    return load("summary", "people")


# --- impact ---


def facts(summary: dict[str, Any]) -> dict[str, str]:
    return dict(impact_facts(summary))


def test_trouble_that_ends_is_said_to_have_ended(summary: dict[str, Any]) -> None:
    assert facts(summary)["Failing"].startswith("02:13:58 to 02:24:59 (11 min), and still when the logs end")
    summary["impact"]["failing"] |= {"last": "2026-11-20T02:19:58.870Z", "lasts": False}
    said = facts(summary)["Failing"]
    assert said.startswith("02:13:58 to 02:19:58 (6 min), then none for 5 min 1 s until the logs end")
    assert [event.what for event in event_rows(summary).rows if event.kind == "end of onset"] == [
        "The last failing line that came with the onset"
    ]


def test_without_an_onset_there_is_no_before(summary: dict[str, Any]) -> None:
    summary |= {"incident_onset": None}
    summary["impact"] |= {"since": summary["impact"]["start"], "failing": None}
    told = facts(summary)
    assert told["Failing"] == "no onset of trouble was found"
    assert "before" not in told["Error records"]
    assert "in the logs" in told["Failing requests"]
    row, operation = service_rows(summary).rows[0], operation_rows(summary).rows[0]
    assert (row.errors_before, row.rate_before, row.records_before) == ("", "", "")
    assert (operation.failing_before, operation.share_before) == ("", "")
    for text in (render_markdown(summary), render_html(summary)):
        assert "errors before" not in text
        assert "failing before" not in text
    assert "| service | errors | a minute | of records |\n| --- | ---: | ---: | ---: |\n" in render_markdown(summary)


def test_logs_that_name_no_request_say_so(summary: dict[str, Any]) -> None:
    summary["impact"]["operations"] = []
    assert facts(summary)["Failing requests"].startswith("not known: no line gives method, path and status")
    assert len(impact_notes(summary, "")) == 1
    assert any(sentence.startswith("Which endpoints failed") for sentence in limits_of(summary))


def test_a_single_failing_line_has_a_time(summary: dict[str, Any]) -> None:
    summary["impact"]["failing"] |= {"count": 1, "longest_pause": 0.0, "last": summary["impact"]["failing"]["first"]}
    assert facts(summary)["Failing"] == "at 02:13:58, in 1 line that came with the onset"


def test_a_rate_over_no_time_is_not_told(summary: dict[str, Any]) -> None:
    summary["impact"]["since"] = summary["impact"]["start"]
    assert service_rows(summary).rows[0].rate_before == ""


def test_many_services_and_operations_are_cut_and_counted(summary: dict[str, Any]) -> None:
    impact = summary["impact"]
    impact["services"] = impact["services"][:1] * 100
    impact["operations"] = impact["operations"][:1] * 100
    assert (len(service_rows(summary).rows), service_rows(summary).hidden) == (SERVICES, 100 - SERVICES)
    assert (len(operation_rows(summary).rows), operation_rows(summary).hidden) == (OPERATIONS, 100 - OPERATIONS)
    assert "80 more" in facts(summary)["Services with error records"]


def test_an_operation_without_failing_requests_is_no_row(summary: dict[str, Any]) -> None:
    assert "GET /health" not in {row.operation for row in operation_rows(summary).rows}


# --- what came when ---


def test_events_come_in_order_of_time_and_say_their_kind(decided: dict[str, Any]) -> None:
    rows = event_rows(decided).rows
    assert [row.time for row in rows] == sorted(row.time for row in rows)
    assert [row.kind for row in rows if row.kind.startswith("change")] == [f"change {n}" for n in range(1, 7)]
    kinds = [row.kind for row in rows if not row.kind.startswith(("change", "logs"))]
    assert kinds == [
        "onset", "note", "own hypothesis", "verdict", "check done", "verdict", "verdict", "note", "verdict",
        "diagnosis",
    ]  # fmt: skip


def test_onsets_apart_and_their_ends_are_events(summary: dict[str, Any]) -> None:
    times = {"at": "2026-11-20T01:50:00Z", "earliest": "2026-11-20T01:50:00Z", "latest": "2026-11-20T01:50:00Z"}
    summary |= {"other_onsets": [times | {"services": ["redis"]}], "linked_onsets": [times | {"services": []}]}
    first, second = summary["onsets"][:2]
    first |= {"until": "2026-11-20T02:20:00Z", "trouble": 3.0}
    second |= {"until": "2026-11-20T02:20:00Z", "trouble": 0.0}
    told = [(row.kind, row.what) for row in event_rows(summary).rows if "onset" in row.kind]
    assert told == [
        ("other onset", "Other trouble begins in redis"),
        ("linked onset", "Trouble of the same requests begins"),
        ("onset", "Trouble begins, first in inventory (02:14:03 to 02:14:11)"),
        ("end of onset", f"No more in postgresql: {first['template']}"),
    ]


def test_a_check_that_is_taken_back_is_an_event_and_to_be_done_again(decided: dict[str, Any]) -> None:
    [check] = [remark for remark in decided["remarks"] if remark["kind"] == "check"]
    assert check["text"] not in [step.step for step in page_of(decided).next_steps]
    decided["remarks"].append(check | {"done": False, "detail": "", "written": "2026-11-20T03:30:00Z"})
    assert [row.kind for row in event_rows(decided).rows if "check" in row.kind] == ["check done", "check taken back"]
    assert check_rows(decided) == ()
    assert check["text"] in [step.step for step in page_of(decided).next_steps]


def test_many_events_are_cut_and_counted(summary: dict[str, Any]) -> None:
    shown = event_rows(summary | {"changes": summary["changes"] * 100})
    assert (len(shown.rows), shown.hidden) == (MOST, 600 + 3 - MOST)


# --- people ---


def test_own_hypotheses_have_their_decision(decided: dict[str, Any]) -> None:
    [own] = own_hypothesis_rows(decided)
    assert (own.claim, own.by) == ("The card provider throttles us", "ben")
    assert own.decision == "rejected by ben, 2026-11-20 02:52:00: payments answers in 20 ms throughout"
    decided["verdicts"] = []
    assert own_hypothesis_rows(decided)[0].decision == "not decided"


def test_an_own_hypothesis_can_be_the_verdict(decided: dict[str, Any]) -> None:
    verdict = {
        "hypothesis_id": "own:4e5d6c7b8a",
        "decision": "confirmed",
        "by": "ana",
        "note": "",
        "at": "2026-11-21T00:00:00Z",
    }
    decided |= {"verdict": verdict, "verdicts": [verdict], "remarks": []}
    assert "Verdict of ana: confirmed, own hypothesis “The card provider throttles us”." in headline(decided)


def test_the_last_diagnosis_stands_and_is_in_the_headline(decided: dict[str, Any]) -> None:
    first = next(remark for remark in decided["remarks"] if remark["kind"] == "diagnosis")
    decided["remarks"].insert(0, first | {"text": "the limit", "by": "ben", "written": "2026-11-20T04:00:00Z"})
    found = diagnosis_of(decided)
    assert found
    assert (found.text, found.by) == ("the limit", "ben")
    assert headline(decided).endswith("Diagnosed by ben.")
    assert "Not a diagnosis" not in headline(decided | {"verdict": None, "verdicts": []})


def test_the_diagnosis_is_a_blank_until_there_is_one(summary: dict[str, Any], decided: dict[str, Any]) -> None:
    assert [blank.name for blank in blanks_of(summary)][:2] == ["Diagnosis", "What customers noticed"]
    assert blanks_of(decided) == BLANKS


# --- what is left open, and how to come to the same ---


def test_what_the_data_leaves_open_is_told(summary: dict[str, Any]) -> None:
    summary |= {
        "conclusive": False, "undecided": ["the odds are flat"], "changes": [],
        "needs": [{"kind": "logs", "statement": "logs of the bank", "gain": 0.5}],
        "muted": [{"count": 7, "failing": True}],
    }  # fmt: skip
    told = " ".join(limits_of(summary))
    for part in ("the odds are flat", "logs of the bank", "no changes were given", "muted templates say (7)"):
        assert part in told
    assert "When trouble began" in limits_of(summary | {"incident_onset": None})[0]


def test_the_calls_name_what_cannot_be_named_again(summary: dict[str, Any]) -> None:
    summary["reproduce"]["logs"] = ["-"]
    told = reproduction(summary)
    assert told
    assert any("standard input" in sentence for sentence in told.remarks)
    summary["reproduce"]["logs"] = ["frame"]
    summary["ledger"]["sources"] = [summary["ledger"]["sources"][0] | {"source": "frame"}]
    told = reproduction(summary)
    assert told
    assert "logs = ..." in told.code
    assert any("table" in sentence for sentence in told.remarks)


def test_the_calls_are_python_whatever_people_wrote() -> None:
    hostile = load("hostile")
    code = code_of(hostile)
    compile(code, "calls", "exec")
    assert all(char.isprintable() or char == "\n" for char in code)
    assert "triage.LineFormat(name='till', pattern='(?P<time>.*)')" in code_of(
        hostile | {"reproduce": hostile["reproduce"] | {
            "settings": {"formats": [{"name": "till", "pattern": "(?P<time>.*)"}]}}}
    )  # fmt: skip


def test_what_was_said_of_a_hypothesis_that_is_gone_is_told_and_not_called(decided: dict[str, Any]) -> None:
    before = code_of(decided).splitlines()
    decided["hypotheses"] = [row for row in decided["hypotheses"] if row["id"] != "change-c-103"]
    changed = [line for line in code_of(decided).splitlines() if line not in before]
    assert [line.partition("(")[0] for line in changed] == [
        f"# no longer among the hypotheses: {verb}" for verb in ("remark", "check_off", "decide")
    ]
    assert "confirmed, change-c-103 (no longer among the hypotheses)" in headline(decided)


def test_checks_of_ones_own_are_named_where_the_calls_are_without(summary: dict[str, Any]) -> None:
    def remarks() -> str:
        told = reproduction(summary)
        return " ".join(told.remarks) if told else ""

    assert "with_checks" not in remarks()
    summary["reproduce"]["own_checks"] = ["touches_pool"]
    assert "without checks of one's own (touches_pool): give them with with_checks" in remarks()


def test_one_is_one(summary: dict[str, Any]) -> None:
    summary["ledger"] |= {"lines": 1, "records": 1, "continuations": 0}
    page = page_of(summary)
    assert page.ledger.startswith("1 line: 1 record, 0 continuations, ")
    assert page.reproduction
    assert "with 1 line;" in page.reproduction.remarks[0]
    summary |= {"incident_onset": None, "error_groups": [summary["error_groups"][0] | {"count": 1}]}
    assert "They hold 1 error record, " in headline(summary)


def test_places_of_lines_are_told_without_the_folder_of_all(summary: dict[str, Any]) -> None:
    for source in summary["ledger"]["sources"]:
        source["source"] = f"logs/shop/{source['source']}"
    line = {"source": summary["ledger"]["sources"][0]["source"], "line": 7, "text": "a"}
    shared = load("shared")["shared"][:1]
    shared[0]["lines"] = [line]
    version = {"service": "a", "version": "2", "before": "1", "at": "2026-11-20T02:00:00Z", "instances": 1, "of": 1}
    rollout = version | {"change_id": None, "line": line}
    page = page_of(summary | {"shared": shared, "versions": [rollout]})
    place = line["source"].removeprefix(page.folder) + ":7"
    assert page.folder.startswith("logs/")
    assert page.shared.rows[0].lines[0].place == page.versions.rows[0].place == place


def test_a_summary_of_before_has_a_page(summary: dict[str, Any]) -> None:
    old = {
        name: value
        for name, value in summary.items()
        if name not in ("impact", "reproduce", "own_hypotheses", "remarks")
    }
    page = page_of(old)
    assert (page.impact, page.reproduction, page.own, page.checks, page.redacted) == ((), None, (), (), None)
