"""Recorded incidents are judged by their truth, misses are told in words, the README's table is what was measured."""

from __future__ import annotations

import doctest
import importlib
import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import triage
from benchmarks.incidents import KEPT, README, SAMPLES, kept, line_of, main, with_part
from benchmarks.labelled.folders import digest, incident_folders, judged_row, marked_lines, score_folder
from benchmarks.labelled.outcome import JUMP_BINS, by_recency, jump
from benchmarks.labelled.page import frame_of, render
from benchmarks.labelled.truth import Truth, parse_truth, read_truth
from benchmarks.simulation.incident import draw_incident
from benchmarks.simulation.scoring import rank, terms, truth_of
from benchmarks.simulation.scoring import result as simulated_result
from tests.shop import CHANGES, CULPRIT, ONSET, START, write_incident
from triage.hypotheses.weights import known_weights

ROOT = Path(__file__).parents[1]
KNOWN: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8"))
AGAIN = "write the table anew: python -m benchmarks.incidents --update-readme"
TRUTH = Truth(CULPRIT, "inventory", (ONSET, ONSET + timedelta(seconds=10)))
QUIET = {"cause": "unrecorded", "change_id": None, "service": None, "onset": None}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_incident(tmp_path_factory.mktemp("incidents") / "dry-pool")


@pytest.fixture(scope="module")
def incident(folder: Path) -> triage.Incident:
    symptom = (folder / "symptom.txt").read_text(encoding="utf-8")
    return triage.load(folder / "logs", folder / "changes.json", symptom.strip())


def test_the_table_in_the_readme_is_that_of_the_kept_figures() -> None:
    text = README.read_text(encoding="utf-8")
    assert text == with_part(text, render(KNOWN["incidents"])), AGAIN


def test_the_kept_figures_are_of_the_recorded_incidents_as_they_are() -> None:
    found = {folder.name: digest(folder) for folder in incident_folders([SAMPLES])}
    assert {row["name"]: row["digest"] for row in KNOWN["incidents"]} == found, AGAIN
    assert KNOWN["weights"] == known_weights().mark, AGAIN
    assert kept(KNOWN["incidents"]) == KEPT.read_text(encoding="utf-8")


def test_the_smallest_incident_is_ranked_as_the_kept_figures_say() -> None:
    row = min(KNOWN["incidents"], key=lambda row: row["lines"])
    found = score_folder(SAMPLES / row["name"])
    numbers = {key for key, value in row.items() if isinstance(value, float)}
    assert {key: found[key] for key in numbers} == pytest.approx({key: row[key] for key in numbers}, abs=0.01), AGAIN
    exact = row.keys() - numbers - {"candidates", "why"}
    assert {key: found[key] for key in exact} == {key: row[key] for key in exact}, AGAIN


def test_a_readme_without_the_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="has no lines <!-- incidents"):
        with_part("# triage\n", "table")


def test_an_incident_is_judged_by_its_truth(incident: triage.Incident) -> None:
    row = judged_row(incident, TRUTH)
    assert (row["right"], row["rank"], row["leads"], row["origin"]) == (True, 1, "change", 1)
    assert (row["covered"], row["off_s"], row["truth"]) == (True, 0, "deploy of inventory 2.4.0")
    assert row["p_truth"] == row["said"] == row["candidates"][0]["probability"] > 0.4
    assert sum(each["right"] for each in row["candidates"]) == 1
    # Before the onset only c3 is newer; the largest jump is behind a lull eight minutes later, and c4 between.
    assert (row["oracle_rank"], row["jump_rank"], row["changes"]) == (2, 3, 4)
    assert row["why"] == ""


def test_what_leads_wrongly_is_told_with_what_makes_it_lead(incident: triage.Incident) -> None:
    row = judged_row(incident, replace(TRUTH, change_id="c3"))
    assert not row["right"]
    said = (
        f"The deploy of inventory 2.4.0 leads with {row['said']:.0%}, and the truth, the deploy of payments 1.9.1, has "
    )
    assert row["why"].startswith(said)
    statements = [e.statement for h in incident.hypotheses for e in h.evidence if h.change_id in {CULPRIT, "c3"}]
    assert any(text[1:-1] in row["why"] for text in statements)


def test_a_change_that_leads_where_none_is_to_blame_is_told(incident: triage.Incident) -> None:
    row = judged_row(incident, replace(TRUTH, change_id=None))
    assert (row["right"], row["rank"], row["leads"]) == (False, None, "change")
    assert "and the truth, “none of the recorded changes”, has " in row["why"]


def test_an_onset_where_nothing_went_wrong_is_told_with_its_lines(incident: triage.Incident) -> None:
    row = judged_row(incident, Truth())
    assert (row["covered"], row["width_s"], "origin" in row) == (None, None, False)
    assert "Nothing went wrong, yet trouble is said to begin at 02:20:0" in row["why"]


def test_an_onset_that_is_missed_is_told_with_how_far(incident: triage.Incident) -> None:
    onset = incident.incident_onset
    assert onset is not None
    true = (onset.latest + timedelta(seconds=90), onset.latest + timedelta(seconds=95))
    row = judged_row(incident, replace(TRUTH, onset=true, service="payments", others=(TRUTH,)))
    assert (row["covered"], row["off_s"], row["others_told"]) == (False, -90, 1)
    assert "said to begin 1 min 30 s early, when another problem of the window began, by “" in row["why"]
    assert "It is said to have begun in inventory; payments, where it did, " in row["why"]


def test_no_onset_is_the_reason_where_none_was_found(tmp_path: Path) -> None:
    logs = write_incident(tmp_path, trouble=False) / "logs"
    row = judged_row(triage.load(logs, CHANGES), TRUTH, marked=12)
    assert (row["right"], row["covered"], row["off_s"]) == (False, False, None)
    assert row["why"].endswith(
        "no onset of trouble was found to place changes by. No onset of the trouble was found, though 12 lines show it."
    )
    quiet = judged_row(triage.load(logs, CHANGES), Truth())
    assert (quiet["right"], quiet["why"]) == (True, "")


@pytest.mark.parametrize("number", [0, 4])
def test_a_simulated_incident_is_judged_the_same_as_its_folder(number: int) -> None:
    drawn = draw_incident("fit", 7, number)
    incident = rank(drawn, files=False)
    about = dict.fromkeys(("name", "fault", "variant", "baseline", "visible", "strength"))
    simulated = simulated_result(drawn, incident, terms(drawn, incident, about))
    row = judged_row(incident, truth_of(drawn))
    # Not where errors jump: the simulation knows the level also of lines that do not tell it.
    same = simulated.keys() & row.keys() - {"jump_rank"}
    assert {key: row[key] for key in same} == pytest.approx(
        {key: simulated[key] for key in same}, abs=1e-4, nan_ok=True
    )
    assert {"right", "rank", "p_truth", "covered", "width_s", "off_s", "log_loss", "conclusive"} <= same


def test_the_newest_before_a_time_comes_first_and_what_comes_after_it_last() -> None:
    times = {name: START + timedelta(minutes=minute) for name, minute in (("a", 1), ("b", 5), ("c", 9), ("d", 6))}
    assert by_recency(times, START + timedelta(minutes=6)) == ["d", "b", "a", "c"]
    assert by_recency(times, START) == ["a", "b", "d", "c"]


def test_the_jump_is_where_a_plain_search_finds_it() -> None:
    rng = np.random.default_rng(3)
    bad = np.concatenate([rng.uniform(0, 600, 60), rng.uniform(322, 600, 900)])
    counts = [int(((bad >= low) & (bad < low + 5)).sum()) for low in range(0, 605, 5)]
    rises = {
        place: sum(counts[place : place + JUMP_BINS]) - sum(counts[place - JUMP_BINS : place])
        for place in range(JUMP_BINS, len(counts) - JUMP_BINS + 1)
    }
    assert jump(bad, 600.0) == 5 * max(rises, key=lambda place: rises[place])
    assert 310 <= jump(bad, 600.0) <= 330
    assert jump(np.array([]), 10.0) == 5


def test_incidents_are_found_alone_and_in_folders(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "truth-alone").mkdir()
    (tmp_path / "truth-alone" / "truth.json").write_text("{}", encoding="utf-8")
    names = [each.name for each in incident_folders([folder, tmp_path, folder.parent])]
    assert names == ["dry-pool", "truth-alone"]


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        (None, "there is no truth.json"),
        ("{", "truth.json: Expecting"),
        ("[]", "truth.json: an object is wanted, not list"),
        ('{"cause": "me"}', "`cause` must be one of change, unrecorded, not 'me'"),
        ('{"cause": "change", "change_id": ""}', "`change_id` of a cause that is a change must name it"),
        ('{"cause": "unrecorded", "onset": {"earliest": "2026-11-21"}}', "`onset` must be null or have"),
        ('{"cause": "unrecorded", "onset": {"earliest": "2026-11-21", "latest": "2026-11-21"}}', "must have zones"),
        ('{"cause": "unrecorded", "marks": "boom"}', "`marks` must be a list of texts"),
        ('{"cause": "unrecorded", "others": [{"cause": "change"}]}', "`change_id` of a cause"),
    ],
)
def test_a_folder_without_a_usable_truth_says_so_in_its_row(tmp_path: Path, told: str | None, problem: str) -> None:
    (tmp_path / "logs").mkdir()
    if told is not None:
        (tmp_path / "truth.json").write_text(told, encoding="utf-8")
    row = score_folder(tmp_path)
    assert problem in row["problem"]
    assert problem.replace("`", "") in render([row]).replace("\\", "").replace("`", "")
    assert "not ranked" in line_of(row)
    assert frame_of([row]).is_empty()


def test_what_cannot_be_ranked_is_a_row_a_miss_and_an_exit_code(tmp_path: Path) -> None:
    for name in ("empty", "unknown"):
        (tmp_path / name / "logs").mkdir(parents=True)
    told = {"cause": "change", "change_id": "c9", "onset": None}
    (tmp_path / "empty" / "truth.json").write_text(json.dumps(told), encoding="utf-8")
    command = [sys.executable, "-m", "benchmarks.incidents", str(tmp_path), "--json", str(tmp_path / "rows.json")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert [line.split()[:3] for line in done.stdout.splitlines()[:2]] == [
        [n, "not", "ranked:"] for n in ("empty", "unknown")
    ]
    found = json.loads((tmp_path / "rows.json").read_text(encoding="utf-8"))["figures"]
    assert (found["cases"], found["failed"], found["all_hit1"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{here}", "{here}/nowhere"], "{here}/nowhere: neither it nor a folder in it has logs/ or truth.json"),
        (["{here}", "--json", "{here}/no/rows.json"], "there is no folder {here}/no"),
        (["{here}", "--update-readme"], "--update-readme goes without folders"),
    ],
)
def test_what_cannot_be_done_is_told_before_anything_is_ranked(
    folder: Path, arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["incidents", *(each.format(here=folder) for each in arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    told = capsys.readouterr()
    assert told.err.splitlines()[-1].endswith(said.format(here=folder)) and not told.out


def test_a_truth_that_blames_what_is_not_there_is_no_ranking(incident: triage.Incident) -> None:
    with pytest.raises(ValueError, match=r"truth\.json blames 'c9', which is not among the 4 changes read"):
        judged_row(incident, replace(TRUTH, change_id="c9"))


def test_lines_that_show_the_fault_are_counted(folder: Path) -> None:
    text = (folder / "logs" / "inventory.log").read_text(encoding="utf-8")
    count = text.count("no connection within")
    assert marked_lines(folder / "logs", ("no connection within", "never said")) == count > 100
    assert marked_lines(folder / "logs", ()) is None
    with pytest.raises(ValueError, match="`marks` must be regular expressions"):
        marked_lines(folder / "logs", ("(",))


def test_a_truth_is_read_with_all_it_says(tmp_path: Path) -> None:
    onset = {"earliest": "2026-11-21T02:20:00Z", "latest": "2026-11-21T02:20:10+00:00"}
    other = {"cause": "unrecorded", "service": "redis", "onset": None}
    told = {
        "cause": "change",
        "change_id": "c2",
        "service": "inventory",
        "onset": onset,
        "marks": ["a.b"],
        "others": [other],
    }
    (tmp_path / "truth.json").write_text(json.dumps(told), encoding="utf-8")
    found = read_truth(tmp_path / "truth.json")
    assert found == replace(TRUTH, marks=("a.b",), others=(Truth(service="redis"),))
    assert (found.variant, found.visible) == ("change", True)
    assert parse_truth(QUIET).variant == "quiet"
    assert not parse_truth(told | {"seen_in": "metric"}).visible


def test_hostile_names_stay_in_their_cells(incident: triage.Incident) -> None:
    row = judged_row(incident, TRUTH) | {"name": "a|`b`", "problem": "", "variant": "change", "visible": True}
    row |= {"truth": "deploy of <b>|x", "why": "It is *said* | [so](http://a)\n# head"}
    page = render([row])
    lines = page.splitlines()
    assert {line.replace("\\|", "").count("|") for line in lines[:3]} == {lines[0].count("|")}
    assert "&lt;b&gt;" in page and "<b>" not in page
    assert page.endswith("- `` a|`b` ``: It is \\*said\\* \\| \\[so\\](http:\\//a) # head\n")


def test_counts_and_bins_of_rows_with_known_answers() -> None:
    base = {
        "name": "a", "variant": "change", "visible": True, "problem": "", "leads": "change", "truth": "deploy of a",
        "first": "deploy of a", "right": True, "said": 0.9, "p_truth": 0.9, "brier": 0.01, "log_loss": 0.1, "rank": 1,
        "changes": 4, "claimed": True, "covered": True, "width_s": 10.0, "off_s": 0.0, "origin": 1, "service": "a",
        "jump_rank": 2, "oracle_rank": 1, "others": 1, "others_told": 0, "conclusive": True, "why": "",
        "candidates": [{"probability": 0.9, "right": True}, {"probability": 0.1, "right": False}],
    }  # fmt: skip
    wrong = {"right": False, "rank": 4, "covered": False, "off_s": -130.0, "why": "It is late."}
    page = render([base, base | wrong | {"name": "b", "first": "flag change in b", "first_origin": "b", "origin": 2}])
    assert "| `triage rank` | 1 of 2 (9% to 91%) | 1 of 2 (9% to 91%) |" in page
    assert "| any, by chance | 0.5 of 2 | 1.5 of 2 |" in page
    assert "further problems in the same windows: 0 of 2 (0% to 66%)" in page
    assert (
        "| `b` | deploy of a, and 1 more | flag change in b, 90% | 90% | 4 of 4 | 2 min 10 s early | b | yes | 2, 1 |"
        in page
    )
    assert "| that lead | 90% | 1 of 2 (9% to 91%) |" in page
    assert page.endswith("- `b`: It is late.\n")
    assert "None was ranked wrongly." in render([base])


@pytest.mark.parametrize("name", ["checks", "figures", "page", "truth"])
def test_examples_run(name: str) -> None:
    found = doctest.testmod(importlib.import_module(f"benchmarks.labelled.{name}"), optionflags=doctest.ELLIPSIS)
    assert found.attempted and not found.failed
