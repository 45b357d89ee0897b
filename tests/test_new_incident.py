"""`triage new-incident`: what it writes, what it never does, and every complaint of its check."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.shop import CULPRIT, write_incident
from triage.errors import IncidentError
from triage.new_incident import check_folder, readme
from triage.new_incident.parts import PARTS, check_place

LINES = "\n".join(f"2026-11-21T02:{n:02d}:12Z INFO cart of ana@shop.example from 10.1.2.{n % 3}" for n in range(40))
OTHER = {"cause": "unrecorded", "change_id": None, "service": None, "onset": None, "notes": ""}
CHANGES = [
    {"id": "c1", "time": "2026-11-21T02:10:00Z", "kind": "deploy", "service": "cart", "summary": "by ana@shop.example"},
    {"id": "c2", "time": "2026-11-21T02:20:00Z", "kind": "flag", "service": "till"},
]


def run(*arguments: object, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "triage.cli", "new-incident", *(str(a) for a in arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **env})


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """Logs in two folders, one of them compressed, and changes beside them."""
    folder = tmp_path / "dump"
    (folder / "cart").mkdir(parents=True)
    (folder / "till").mkdir()
    (folder / "cart" / "app.log").write_text(LINES + "\n", encoding="utf-8")
    (folder / "till" / "app.log.gz").write_bytes(gzip.compress(LINES.encode(), mtime=7))
    os.utime(folder / "cart" / "app.log", (1_763_000_000, 1_763_000_000))
    (tmp_path / "changes.json").write_text(json.dumps(CHANGES), encoding="utf-8")
    return folder


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """An incident folder with nothing wrong."""
    folder = tmp_path / "whole"
    (folder / "logs" / "cart").mkdir(parents=True)
    (folder / "logs" / "cart" / "app.log").write_text(LINES, encoding="utf-8")
    truth = {"cause": "change", "change_id": "c1", "service": "cart", "notes": "",
             "onset": {"earliest": "2026-11-21T02:11:00Z", "latest": "2026-11-21T02:12:00Z"}}  # fmt: skip
    (folder / "truth.json").write_text(json.dumps(truth), encoding="utf-8")
    (folder / "changes.json").write_text(json.dumps(CHANGES), encoding="utf-8")
    (folder / "symptom.txt").write_text("carts are empty\n", encoding="utf-8")
    known = dict.fromkeys(readme.HEADS, "told")
    (folder / "README.md").write_text(readme.skeleton("whole", known), encoding="utf-8")
    return folder


def test_the_skeleton_holds_logs_as_they_are_and_says_what_is_to_do(dump: Path, tmp_path: Path) -> None:
    done = run(tmp_path / "new", "--logs", dump, "--changes", tmp_path / "changes.json")
    new = tmp_path / "new"
    assert (done.returncode, done.stderr) == (0, "")
    assert (new / "logs/cart/app.log").read_bytes() == (dump / "cart/app.log").read_bytes()
    assert (new / "logs/till/app.log.gz").read_bytes() == (dump / "till/app.log.gz").read_bytes()
    assert (new / "logs/cart/app.log").stat().st_mtime == 1_763_000_000
    assert json.loads((new / "changes.json").read_text(encoding="utf-8")) == CHANGES
    assert json.loads((new / "truth.json").read_text(encoding="utf-8")) == {
        "cause": None, "change_id": None, "service": None, "onset": None, "notes": "",
    }  # fmt: skip
    assert sorted(path.name for path in new.iterdir()) == ["README.md", "changes.json", "logs", "truth.json"]
    assert "found, and NOT replaced:" in done.stdout
    assert "81 e-mail addresses (1 different) in 3 files, first at cart/app.log:1" in done.stdout
    assert "run again with --redact --force" in done.stdout
    assert "truth.json: cause: unknown yet" in done.stdout
    assert "README.md: “What was done” is still to be written" in done.stdout
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_what_is_known_is_written_and_redacted_everywhere_alike(dump: Path, tmp_path: Path) -> None:
    new, mapping = tmp_path / "new", tmp_path / "mapping.json"
    done = run(
        new, "--logs", dump, "--changes", tmp_path / "changes.json", "--symptom", "ana@shop.example has an empty cart",
        "--cause", "c1", "--onset", "2026-11-21T03:11", "--onset", "2026-11-21 03:12", "--tz", "Europe/Berlin",
        "--redact", "--also", "cart of", "--keep", "10.1.2.0", "--mapping", mapping,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    said = LINES.replace("ana@shop.example", "redacted_user_1@mail.invalid").replace("cart of", "redacted_text_1")
    said = said.replace("10.1.2.1", "240.0.0.1").replace("10.1.2.2", "240.0.0.2")
    assert (new / "logs/cart/app.log").read_text(encoding="utf-8") == said + "\n"
    assert gzip.decompress((new / "logs/till/app.log.gz").read_bytes()).decode() == said
    assert (new / "logs/cart/app.log").stat().st_mtime == 1_763_000_000
    assert "by redacted_user_1@mail.invalid" in (new / "changes.json").read_text(encoding="utf-8")
    assert (new / "symptom.txt").read_text(encoding="utf-8").startswith("redacted_user_1@mail.invalid has")
    assert "redacted_user_1@mail.invalid" in (new / "README.md").read_text(encoding="utf-8")
    assert "Europe/Berlin" in (new / "README.md").read_text(encoding="utf-8")
    assert json.loads((new / "truth.json").read_text(encoding="utf-8")) == {
        "cause": "change", "change_id": "c1", "service": "cart", "notes": "",
        "onset": {"earliest": "2026-11-21T02:11:00Z", "latest": "2026-11-21T02:12:00Z"},
    }  # fmt: skip
    everything = b"".join(path.read_bytes() for path in new.rglob("*") if path.is_file())
    assert b"ana@" not in everything + done.stdout.encode()
    assert json.loads(mapping.read_text(encoding="utf-8"))["user"] == {"ana@shop.example": 1}
    assert mapping.stat().st_mode & 0o777 == 0o600
    assert json.loads((new / "redaction.json").read_text(encoding="utf-8"))["keep"] == ["10.1.2.0"]
    checked = check_folder(new)
    assert [problem for problem in checked.problems if not problem.startswith("README.md")] == []


def test_ranking_is_the_same_after_redaction(tmp_path: Path) -> None:
    made = write_incident(tmp_path / "shop")
    log = next((made / "logs").rglob("*.log"))
    log.write_text(log.read_text(encoding="utf-8").replace("INFO", "INFO client 81.2.3.4"), encoding="utf-8")
    done = run(tmp_path / "new", "--logs", made / "logs", "--changes", made / "changes.json", "--redact")
    assert done.returncode == 0, done.stderr
    results = []
    for folder in (made, tmp_path / "new"):
        command = [sys.executable, "-m", "triage.cli", "rank", str(folder / "logs"), "--format", "json"]
        ranked = subprocess.run([*command, "--changes", str(folder / "changes.json")], capture_output=True, check=True)
        results.append(json.loads(ranked.stdout))
    kept = ("records", "lines", "format")
    sources = [[[source[name] for name in kept] for source in result["ledger"]["sources"]] for result in results]
    assert sources[0] == sources[1]
    assert results[1]["hypotheses"][0]["change_id"] == CULPRIT
    assert [h["probability"] for h in results[0]["hypotheses"]] == [h["probability"] for h in results[1]["hypotheses"]]


def test_a_single_folder_keeps_the_name_that_says_whose_lines_it_holds(dump: Path, tmp_path: Path) -> None:
    assert run(tmp_path / "new", "--logs", dump / "cart").returncode == 0
    assert (tmp_path / "new/logs/cart/app.log").is_file()


def test_a_shell_may_make_several_paths_of_one(dump: Path, tmp_path: Path) -> None:
    assert run(tmp_path / "new", "--logs", dump / "cart/app.log", dump / "till/app.log.gz").returncode == 0
    assert (tmp_path / "new/logs/cart/app.log").is_file()
    assert (tmp_path / "new/logs/till/app.log.gz").is_file()


def test_hosts_are_those_that_records_name(tmp_path: Path) -> None:
    log = tmp_path / "syslog"
    log.write_text(
        "Nov 21 02:05:12 web1 nginx[7]: started\nNov 21 02:05:13 web1 nginx[7]: web1 is up\n", encoding="utf-8"
    )
    assert run(tmp_path / "new", "--logs", log, "--redact", "--redact-hosts").returncode == 0
    said = (tmp_path / "new/logs/syslog").read_text(encoding="utf-8")
    assert said.splitlines()[1] == "Nov 21 02:05:13 host-1.invalid nginx[7]: host-1.invalid is up"


def test_a_folder_that_holds_something_else_is_never_touched(dump: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x", encoding="utf-8")
    for options in ((), ("--force",)):
        done = run(tmp_path / "mine", "--logs", dump, *options)
        assert done.returncode == 2
        assert "holds 'thesis.txt' and is no incident folder" in done.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_an_incident_is_replaced_only_by_force_and_keeps_what_was_written(dump: Path, tmp_path: Path) -> None:
    new, changes = tmp_path / "new", tmp_path / "changes.json"
    assert run(new, "--logs", dump, "--changes", changes, "--cause", "c1", "--symptom", "empty").returncode == 0
    (new / "README.md").write_text("# by hand for ana@shop.example\n", encoding="utf-8")
    again = run(new, "--logs", dump / "cart", "--redact")
    assert again.returncode == 2
    assert "--force to replace" in again.stderr
    assert run(new, "--logs", dump / "cart", "--redact", "--force").returncode == 0
    assert json.loads((new / "changes.json").read_text(encoding="utf-8"))[0]["id"] == "c1"
    assert (new / "README.md").read_text(encoding="utf-8") == "# by hand for redacted_user_1@mail.invalid\n"
    assert (new / "symptom.txt").read_text(encoding="utf-8") == "empty\n"
    assert json.loads((new / "truth.json").read_text(encoding="utf-8"))["change_id"] == "c1"
    assert not (new / "logs/till").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["changes.json", "dump", "new"]


def test_the_folder_one_is_in_is_not_put_in_another_place(dump: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (dump.parent / "new").mkdir()
    monkeypatch.chdir(dump.parent / "new")
    for folder in (".", ".."):
        with pytest.raises(IncidentError, match="you are in it"):
            check_place(Path(folder), force=True)


def test_a_parquet_file_is_copied_and_said_to_be_closed(tmp_path: Path) -> None:
    pl.DataFrame({"timestamp": ["2026-11-21T02:05:12Z"], "message": ["from 10.1.2.3"]}).write_parquet(
        tmp_path / "a.parquet"
    )
    done = run(tmp_path / "new", "--logs", tmp_path / "a.parquet")
    assert done.returncode == 0
    assert "in what could be looked into" in done.stdout
    assert "a.parquet: cannot be looked into: a Parquet file has no lines" in done.stdout


def test_a_run_that_fails_leaves_nothing(dump: Path, tmp_path: Path) -> None:
    (dump / "z.log").write_bytes(b"7z\xbc\xaf\x27\x1c" + b"x" * 600)
    done = run(tmp_path / "new", "--logs", dump, "--redact")
    assert done.returncode == 2
    assert "z.log: cannot be redacted: 7-Zip is not read" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["changes.json", "dump"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--cause", "c9"], "--cause: 'c9' is no id of a change: wanted one such as 'c1', or write unrecorded"),
        (["--onset", "noon"], "--onset: 'noon' is no point in time"),
        (["--onset", "2026-11-21T02:12", "--onset", "2026-11-21T02:11"], "swap them?"),
        (["--onset", "2026-11-21"] * 3, "given 3 times"),
        (["--keep", "x"], "--keep: nothing is replaced without --redact"),
        (["--mapping", "m.json"], "--mapping: nothing is replaced without --redact"),
        (["--redact", "--also", "re:("], "is no Rust regex"),
        (["--redact", "--mapping", "{new}/m.json"], "lies in the folder that is to hold no secret"),
        (["--symptom", "x", "--symptom-file", "y"], "give one of the two"),
        (["--symptom-file", "nowhere"], "--symptom-file nowhere: cannot be read"),
        (["--check"], "--check looks at what is there: leave --logs out"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(options: list[str], said: str, dump: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    options = [option.replace("{new}", str(new)) for option in options]
    done = run(new, "--logs", dump, "--changes", tmp_path / "changes.json", *options)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert not new.exists()


def test_a_folder_among_the_logs_is_refused(dump: Path) -> None:
    done = run(dump / "new", "--logs", dump)
    assert (done.returncode, "whose logs it is to hold" in done.stderr) == (2, True)


def test_without_logs_it_says_what_to_give(tmp_path: Path) -> None:
    done = run(tmp_path / "new")
    assert (done.returncode, "--logs: missing" in done.stderr) == (2, True)


def test_check_exits_with_1_where_something_is_wrong(whole: Path) -> None:
    done = run(whole, "--check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "check: nothing is wrong" in done.stdout
    assert "not redacted: 41 e-mail addresses" in done.stdout
    (whole / "truth.json").unlink()
    done = run(whole, "--check")
    assert (done.returncode, done.stderr) == (1, "")
    assert "check: 1 to put right" in done.stdout
    assert run(whole / "nowhere", "--check").returncode == 2


def test_a_whole_folder_has_no_problem(whole: Path) -> None:
    assert check_folder(whole).problems == []


def problems(folder: Path) -> list[str]:
    return check_folder(folder).problems


@pytest.mark.parametrize("name", [part for part in PARTS if part not in ("symptom.txt", "redaction.json")])
def test_what_is_missing_is_told(whole: Path, name: str) -> None:
    path = whole / name
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert f"{name}: missing" in problems(whole)[0]


def test_logs_without_a_line_or_a_time_are_told(whole: Path) -> None:
    log = whole / "logs/cart/app.log"
    log.write_text("", encoding="utf-8")
    assert "empty: no line to read" in problems(whole)[0]
    log.write_text(LINES + "\n\n" + "\n".join(f"no time here {n}" for n in range(5)), encoding="utf-8")
    (whole / "logs/b.log").write_text("\n".join(f"no time at all {n}" for n in range(20)), encoding="utf-8")
    (found,) = problems(whole)
    assert found.startswith("logs: 20 of 60 records (33%) carry no time")
    log.unlink()
    (whole / "logs/b.log").unlink()
    assert "the directory holds no log file" in problems(whole)[0]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("cause", None, "cause: unknown yet"),
        ("cause", "bug", "cause: got 'bug', wanted “change” or “unrecorded”"),
        ("change_id", "c3", "change_id: 'c3' is no id in changes.json: wanted one such as 'c1'"),
        ("change_id", None, "change_id: None is no id in changes.json"),
        ("cause", "unrecorded", "change_id: 'c1', though the cause is none of the changes"),
        ("service", None, "service: unknown yet"),
        ("service", 7, "service: got 7, wanted a name"),
        ("notes", 7, "notes: got 7, wanted text"),
        ("onset", None, "onset: unknown yet"),
        ("onset", "02:11", "onset: got '02:11', wanted an object"),
        ("onset", {"earliest": "2026-11-21T02:11:00Z"}, "wanted an object with earliest and latest"),
        ("onset", {"earliest": "noon", "latest": "2026-11-21T02:11Z"}, "onset.earliest: 'noon' is no time"),
        (
            "onset",
            {"earliest": "2026-11-21T02:11", "latest": "2026-11-21T02:11Z"},
            "onset.earliest: .* has no time zone",
        ),
        ("onset", {"earliest": "2026-11-21T02:13Z", "latest": "2026-11-21T02:12Z"}, "is after its latest"),
        ("onset", {"earliest": "2026-11-21T02:08Z", "latest": "2026-11-21T02:09Z"}, "before the change 'c1'"),
        ("onset", {"earliest": "2026-11-21T08:08Z", "latest": "2026-11-21T08:09Z"}, "lies outside the logs"),
        ("culprit", "c1", "culprit: unknown field"),
        ("marks", "boom", "marks: got 'boom', wanted a list of regular expressions"),
        ("marks", ["("], "marks: pattern: '\\(' is no Rust regex"),
        ("others", "boom", "others: got 'boom', wanted a list of objects"),
        ("others", [OTHER | {"notes": 7}], r"others\[0\]\.notes: got 7, wanted text"),
    ],
)
def test_what_is_wrong_in_the_truth_is_told(whole: Path, field: str, value: Any, said: str) -> None:
    path = whole / "truth.json"
    truth = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(truth | {field: value}), encoding="utf-8")
    (found,) = problems(whole)
    with pytest.raises(AssertionError, match=said):
        raise AssertionError(found)


def test_an_incident_that_no_change_set_off_may_have_no_onset(whole: Path) -> None:
    truth = {"cause": "unrecorded", "change_id": None, "service": None, "onset": None, "notes": "quiet"}
    (whole / "truth.json").write_text(json.dumps(truth), encoding="utf-8")
    assert problems(whole) == []
    del truth["service"]
    (whole / "truth.json").write_text(json.dumps(truth), encoding="utf-8")
    assert problems(whole) == ["truth.json: service: missing"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("truth.json", "{", "truth.json: no JSON"),
        ("truth.json", "[]", "truth.json: got [], wanted an object"),
        ("truth.json", "[" * 100_000, "truth.json: no JSON"),
        ("changes.json", '[{"id": "c1", "time": "noon"}]', "changes.json: "),
        ("symptom.txt", " \n", "symptom.txt: empty"),
        ("README.md", "# whole\none line\n", "README.md: has 2 of at least 5 lines: what was seen"),
        ("redaction.json", "{", "redaction.json: cannot be read"),
        ("redaction.json", '{"keep": ["re:("]}', "redaction.json: cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(whole: Path, name: str, text: str, said: str) -> None:
    (whole / name).write_text(text, encoding="utf-8")
    assert any(problem.startswith(said) for problem in problems(whole)), problems(whole)


def test_what_is_left_in_a_redacted_folder_is_a_problem_and_what_was_kept_is_none(whole: Path) -> None:
    (whole / "redaction.json").write_text("{}", encoding="utf-8")
    assert [problem[:13] for problem in problems(whole)] == ["not redacted:"] * 2
    (whole / "redaction.json").write_text('{"keep": ["10.0.0.0/8", "ana@shop.example"]}', encoding="utf-8")
    assert problems(whole) == []


def test_what_a_person_should_know_is_no_problem(whole: Path) -> None:
    (whole / "symptom.txt").unlink()
    (whole / "notes.txt").write_text("x", encoding="utf-8")
    (whole / "changes.json").write_text("[]", encoding="utf-8")
    notes = check_folder(whole, scan=False).notes
    assert notes == [
        "changes.json: holds no change: only “none of the recorded changes” can be ranked",
        "symptom.txt: missing: what was seen, in a sentence, helps the ranking",
        "notes.txt: is no part of an incident",
    ]


def test_a_folder_that_is_not_there_cannot_be_checked(tmp_path: Path) -> None:
    with pytest.raises(IncidentError, match="no such folder"):
        check_folder(tmp_path / "nowhere")
