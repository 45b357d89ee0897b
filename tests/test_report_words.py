"""The sentence above a report, for each state an incident can be in."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from triage.report.headline import headline
from triage.report.words import (
    decided,
    hypothesis_name,
    percent,
    ratio,
    signed,
    spark,
    strength,
    sureness,
    verdict_sentence,
)

SUMMARY = Path(__file__).parent / "golden" / "report" / "summary.json"


@pytest.fixture
def summary() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(SUMMARY.read_text(encoding="utf-8"))
    return loaded


def test_a_change_that_fits(summary: dict[str, Any]) -> None:
    assert headline(summary) == (
        "Trouble began on 2026-11-20 between 02:14:03 and 02:14:11 UTC. Best fit among 6 recorded changes: "
        "deploy of inventory 2.4.0, 5 min 12 s before (62%). None of the recorded changes: 21%. "
        "Not a diagnosis: a person decides."
    )


def test_data_that_does_not_decide(summary: dict[str, Any]) -> None:
    told = headline(summary | {"conclusive": False})
    assert "The data does not decide: deploy of inventory 2.4.0, 5 min 12 s before (62%), then none of the" in told
    assert "Best fit" not in told


def test_none_of_the_changes_fits(summary: dict[str, Any]) -> None:
    first, second, *rest = summary["hypotheses"]
    told = headline(summary | {"hypotheses": [second, first, *rest]})
    assert "None of the 6 recorded changes fits it well (21%); closest is deploy of inventory 2.4.0, 5 min" in told


def test_no_changes_given(summary: dict[str, Any]) -> None:
    alone = [h for h in summary["hypotheses"] if h["kind"] == "unrecorded"]
    told = headline(summary | {"changes": [], "hypotheses": alone, "conclusive": False})
    assert "No changes were given to hold against it. Not a diagnosis: a person decides." in told


def test_no_change_in_reach(summary: dict[str, Any]) -> None:
    alone = [h for h in summary["hypotheses"] if h["kind"] == "unrecorded"]
    told = headline(summary | {"hypotheses": alone, "conclusive": False})
    assert "None of the 6 recorded changes is within reach of it." in told


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (6, "They point to none of the 6 recorded changes, which is no proof that nothing happened."),
        (1, "They point to not even the one recorded change, which is no proof that nothing happened."),
        (0, "That is no proof that nothing happened."),
    ],
)
def test_quiet_logs(summary: dict[str, Any], changes: int, told: str) -> None:
    quiet = summary | {"incident_onset": None, "conclusive": False, "changes": summary["changes"][:changes]}
    errors = "They hold 5,000 error records, which may have begun before: earlier logs would tell."
    found = summary["error_groups"][0] | {"count": 5000}
    calm = "No onset of trouble found in these logs, though one kind of line came, went or changed (new"
    began = {"kind": "new", "at": "2026-11-20T02:25:00Z", "template": "cache <NUM> warmed"}
    assert headline(quiet | {"error_groups": [], "onsets": [began]}).startswith(calm)
    quiet["onsets"] = []
    assert headline(quiet | {"error_groups": []}) == f"No onset found in these logs. {told}"
    assert headline(quiet | {"error_groups": [found]}) == f"No onset found in these logs. {errors} {told}"


def test_what_was_rejected_is_told(summary: dict[str, Any]) -> None:
    row = {"hypothesis_id": "change-c-103", "by": "ana", "note": "", "at": "2026-11-20T03:00:00Z"}
    said = summary | {"verdict": None, "verdicts": [row | {"decision": "rejected"}]}
    assert headline(said).endswith("Rejected: deploy of inventory 2.4.0 (by ana). Nothing is confirmed yet.")
    assert decided(summary["hypotheses"][0], said) == "rejected by ana"
    later = row | {"decision": "open", "at": "2026-11-20T04:00:00Z"}
    taken_back = said | {"verdicts": [*said["verdicts"], later]}
    assert verdict_sentence(taken_back) == "No verdict yet: a person decides."


def test_an_onset_known_to_the_second(summary: dict[str, Any]) -> None:
    at = "2026-11-20T02:14:07.100Z"
    onset = {"at": at, "earliest": "2026-11-20T02:14:07Z", "latest": "2026-11-20T02:14:07.212Z"}
    assert headline(summary | {"incident_onset": onset}).startswith("Trouble began on 2026-11-20 at 02:14:07 UTC.")


def test_an_onset_over_midnight_has_both_dates(summary: dict[str, Any]) -> None:
    onset = {"at": "2026-11-21T00:00:02Z", "earliest": "2026-11-20T23:59:58Z", "latest": "2026-11-21T00:00:05Z"}
    told = headline(summary | {"incident_onset": onset})
    assert told.startswith("Trouble began between 2026-11-20 23:59:58 and 2026-11-21 00:00:05 UTC.")


@pytest.mark.parametrize("decision", ["confirmed", "rejected", "open"])
def test_a_verdict_is_the_word_of_who_gave_it(summary: dict[str, Any], decision: str) -> None:
    verdict = {"hypothesis_id": "change-c-103", "decision": decision, "by": "ana", "note": "", "at": None}
    decided = summary | {"verdict": verdict}
    assert verdict_sentence(decided) == f"Verdict of ana: {decision}, deploy of inventory 2.4.0."
    assert headline(decided).endswith(verdict_sentence(decided))
    assert headline(decided | {"incident_onset": None}).endswith(verdict_sentence(decided))


def test_a_decision_at_a_whole_second_is_before_one_within_that_second(summary: dict[str, Any]) -> None:
    first = {
        "hypothesis_id": "unrecorded",
        "decision": "rejected",
        "by": "ana",
        "note": "",
        "at": "2026-11-20T03:00:00Z",
    }
    last = first | {"decision": "confirmed", "by": "ben", "at": "2026-11-20T03:00:00.500000Z"}
    said = verdict_sentence(summary | {"verdict": last, "verdicts": [first, last]})
    assert said == "Verdict of ben: confirmed, none of the recorded changes."


def test_a_verdict_on_a_hypothesis_that_is_gone_keeps_its_id(summary: dict[str, Any]) -> None:
    verdict = {"hypothesis_id": "change-x", "decision": "open", "by": "ana", "note": "", "at": None}
    assert verdict_sentence(summary | {"verdict": verdict}) == (
        "Verdict of ana: open, change-x (no longer among the hypotheses)."
    )


def test_a_hypothesis_of_another_kind_goes_by_its_claim(summary: dict[str, Any]) -> None:
    other = summary["hypotheses"][0] | {"kind": "load", "change_id": None, "claim": "Twice the usual traffic"}
    told = headline(summary | {"hypotheses": [other, *summary["hypotheses"][1:]]})
    assert "Twice the usual traffic (62%)" in told


def _with_suggestion(summary: dict[str, Any]) -> dict[str, Any]:
    """A fifth of what `unrecorded` has is for a full disk, which the logs suggest."""
    none = next(h for h in summary["hypotheses"] if h["kind"] == "unrecorded")
    about = {"id": "resource-stock", "kind": "resource", "name": "disk full in stock", "service": "stock"}
    case = none | about | {"probability": none["probability"] * 0.2}
    rest = [h | {"probability": h["probability"] * 0.8} if h is none else h for h in summary["hypotheses"]]
    return summary | {"hypotheses": [*rest, case]}


def test_what_the_logs_suggest_is_told_as_a_part_of_no_recorded_change(summary: dict[str, Any]) -> None:
    told = _with_suggestion(summary)
    case = ", with 4% for disk full in stock"
    assert headline(told) == headline(summary).replace("changes: 21%", f"changes: 21%{case}")
    assert hypothesis_name(told["hypotheses"][-1], told) == "no recorded change: disk full in stock"
    assert sureness(told)[-1].startswith("What the logs suggest without a change has at most 20%")
    doubtful = {"conclusive": False}
    assert headline(told | doubtful) == headline(summary | doubtful)


def test_sureness_names_tests_and_false_alarms(summary: dict[str, Any]) -> None:
    first, second, chance, fourth = sureness(summary)
    assert (
        first
        == "412 series were tested; onsets found: 6 (kept with q ≤ 0.01), about 0.06 of them expected by chance alone."
    )
    assert "within 8 s" in second
    assert chance.startswith("“By chance in 10% of cases”: had the trouble begun at another")
    assert "all hypotheses (7)" in fourth


def test_without_chance_rates_none_are_explained(summary: dict[str, Any]) -> None:
    bare = [{name: value for name, value in h.items() if name != "chance"} for h in summary["hypotheses"]]
    assert len(sureness(summary | {"hypotheses": bare})) == 3


def test_weights_are_called_by_their_odds() -> None:
    assert [strength(math.log(odds)) for odds in (10.1, 9.9, 3.2, 3.1, 1.01)] == [
        "strong", "moderate", "moderate", "weak", "weak",
    ]  # fmt: skip
    assert strength(-math.log(10.1)) == "strong"


@pytest.mark.parametrize("weight", [1e9, -1e9, 1e-12, -0.0])
def test_extreme_weights_have_words(weight: float) -> None:
    assert (ratio(weight), signed(weight)) in [
        ("1,000,000 : 1", "+1000000000.00"), ("1 : 1,000,000", "−1000000000.00"), ("1 : 1", "0.00"),
    ]  # fmt: skip


@pytest.mark.parametrize("share", [0.0, 1e-9, 0.004, 0.0099])
def test_no_chance_is_called_nothing(share: float) -> None:
    assert percent(share) == "<1%"
    assert percent(1 - share) == ">99%"


def test_spark_sums_bins_and_shows_the_least_count() -> None:
    assert spark([1] * 60 + [1000] * 60, width=4) == "▁▁██"
    assert spark([0, 0, 0]) == "   "
    assert spark([]) == ""
