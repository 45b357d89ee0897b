"""Simulated incidents are what their truth says, and the same seed gives the same bytes."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

import triage
from benchmarks.labelled.checks import by_check, misled
from benchmarks.labelled.figures import bins, calibration_error, figures
from benchmarks.simulation.folder import change_rows, draw_style, log_files, log_frame, true_onset, truth, write_folder
from benchmarks.simulation.incident import Simulated, draw_incident
from benchmarks.simulation.kinds import GAP, KINDS, QUIET
from benchmarks.simulation.pace import Pace
from benchmarks.simulation.scoring import Case, score
from triage.hypotheses.words import same_service

#: Enough for most kinds of faults to be among them, and drawn once.
DRAWN = tuple(draw_incident("fit", 7, number) for number in range(14))


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    folders = [write_folder(draw_incident("fit", 7, 3), tmp_path / name) for name in "ab"]
    one, other = ({p.relative_to(f): p.read_bytes() for p in f.rglob("*") if p.is_file()} for f in folders)
    assert one == other
    assert {Path("changes.json"), Path("truth.json")} <= one.keys()


def test_parts_and_seeds_share_no_incident() -> None:
    cases = [("fit", 7), ("test", 7), ("fit", 8)]
    drawn = [draw_incident(part, seed, 3) for part, seed in cases]
    assert len({each.epoch for each in drawn}) == 3
    lines = [set(each.lines.select("time", "message").rows()) for each in drawn]
    assert not lines[0] & lines[1] and not lines[0] & lines[2]


@pytest.mark.parametrize("incident", DRAWN, ids=lambda each: f"{each.name} {each.fault}")
def test_truth_agrees_with_the_lines(incident: Simulated) -> None:
    told = truth(incident)
    assert told["variant"] == ("quiet" if incident.fault in {QUIET, GAP} else told["variant"])
    assert (told["cause"] == "change") == (told["variant"] == "change")
    if told["variant"] == "quiet":
        assert told["onset"] is None and told["service"] is None
        assert not incident.lines["effect"].any()
        return
    assert incident.fault in KINDS
    low, high = (
        datetime.fromisoformat(told["onset"][name]).timestamp() - incident.epoch for name in ("earliest", "latest")
    )
    assert 0 < low <= high <= incident.seconds
    touched = incident.lines.filter(pl.col("effect") | pl.col("slowed"))["time"]
    assert touched.is_empty() or low <= float(touched[0])
    if incident.recorded_cause:
        cause = next(row for row in change_rows(incident) if row["id"] == told["change_id"])
        assert datetime.fromisoformat(cause["time"]).timestamp() - incident.epoch <= low + 1
        assert cause["service"] is None or same_service(cause["service"], told["service"])


def test_half_of_the_kinds_are_drawn_and_all_variants() -> None:
    assert len({each.fault for each in DRAWN}) > len(KINDS) / 2
    assert {each.variant for each in DRAWN} == {"change", "unrecorded", "quiet"}


def test_records_are_those_that_reading_the_files_gives(tmp_path: Path) -> None:
    synthetic = [each for each in DRAWN if each.baseline == "synthetic"]
    incident = min(synthetic, key=lambda each: len(draw_style(each).paths) * len(each.lines))
    logs = write_folder(incident, tmp_path) / "logs"
    read = triage.load(logs, []).records
    given = log_frame(incident)
    assert (
        len(read)
        == len(given)
        == sum(text.count("\n") for text in log_files(incident).values()) - _stack_lines(incident)
    )
    assert read["timestamp"].sort().to_list() == given["timestamp"].sort().to_list()
    # What stands before the message, such as the request, may be read as part of it.
    ends = [frame["body"].str.split("\n").list.first().str.slice(-7) for frame in (read, given)]
    assert set(ends[0]) == set(ends[1])
    # A file of one instance may be taken for a service of its own.
    assert set(read["service_name"].str.replace(r"-\d$", "")) == set(given["service_name"])


def _stack_lines(incident: Simulated) -> int:
    given = log_frame(incident)
    return int(given["body"].str.count_matches("\n", literal=True).sum())


def test_a_case_is_scored_with_all_weights() -> None:
    row, candidates = score(Case("fit", 7, 0))
    assert row["problem"] == ""
    assert sum(each["probability"] for each in candidates) == pytest.approx(1)
    assert sum(each["right"] for each in candidates) == 1
    for each in candidates:
        weights = sum(value for key, value in each.items() if key.startswith("check:"))
        each["score"] = each["prior"] + weights
    scores = [each["score"] for each in candidates]
    assert scores == sorted(scores, reverse=True)


def test_figures_of_rows_with_known_answers() -> None:
    base = {
        "variant": "change", "visible": True, "problem": "", "rank": 1, "right": True, "leads": "change", "said": 0.9,
        "jump_rank": 2, "oracle_rank": 1, "changes": 4, "claimed": True, "covered": True, "width_s": 10.0, "origin": 1,
        "off_s": 0.0, "brier": 0.01, "log_loss": 0.1, "p_truth": 0.9,
    }  # fmt: skip
    other = base | {"rank": 4, "right": False, "leads": "unrecorded", "covered": False, "width_s": 50.0, "off_s": -7.0}
    missing = base | {"variant": "unrecorded", "rank": None, "leads": "unrecorded", "visible": False}
    found = figures(pl.DataFrame([base, other, missing]), pl.DataFrame([{"probability": 0.9, "right": True}]))
    assert (found["hit1"], found["hit3"], found["random_hit1"], found["jump_hit1"]) == (0.5, 0.5, 0.25, 0)
    assert (found["unrecorded_first"], found["onset_cover"], found["onset_sharp"], found["onset_off_s"]) == (
        1,
        0.5,
        0.5,
        3.5,
    )


def test_calibration_by_hand() -> None:
    pairs = pl.DataFrame({"said": [0.9, 0.9, 0.1, 0.1], "right": [True, False, False, False]})
    assert bins(pairs)["true"].to_list() == [0, 0.5]
    assert calibration_error(pairs) == pytest.approx((0.1 * 2 + 0.4 * 2) / 4)


def test_what_misleads_is_the_term_that_gives_most_over_the_truth() -> None:
    base = {"name": "a", "visible": True, "onset_found": True, "prior": -1.0, "check:named": None}
    truth = base | {"kind": "change", "right": True, "rank": 2, "check:timing": 1.0}
    other = base | {"kind": "change", "right": False, "rank": 1, "check:timing": 1.5, "check:named": 0.8}
    terms = pl.DataFrame([truth, other])
    assert misled(terms).rows() == [("named", "change", "change", 1)]
    assert by_check(terms).filter(check="named").rows() == [("named", "change", 0, 1, None, 0.8)]
    unseen = terms.with_columns(pl.lit(False).alias("onset_found"))
    assert misled(unseen)["because"].to_list() == ["no onset found"]


def test_growth_of_a_pace_adds_only_after_its_start() -> None:
    flat = Pace(pl.Series([0.0, 100.0]).to_numpy(), pl.Series([1.0, 1.0]).to_numpy())
    more = flat.after(50.0, 3.0, 10.0, 80.0)
    assert more.level[more.grid < 50].max() == 0
    assert more.level[(more.grid >= 60) & (more.grid < 80)].max() == 2


def test_truth_is_json_that_scorers_read() -> None:
    told = json.loads(json.dumps(truth(DRAWN[0])))
    assert {"cause", "change_id", "service", "onset", "variant", "fault", "visible", "seen_in"} <= told.keys()
    assert (true_onset(DRAWN[0]) is None) == (told["onset"] is None)
