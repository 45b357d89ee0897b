"""The command line: its contract, its exit codes, and one clear line for everything that cannot be used."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from jsonschema import Draft202012Validator

from tests.shop import CULPRIT, write_incident
from triage.cli import main

SCHEMA = json.loads((Path(__file__).parent / "rank.schema.json").read_text(encoding="utf-8"))
LINE = "2026-11-21T02:05:12Z INFO shop ready\n"
COLUMNS = [
    "timestamp", "observed_timestamp", "severity_number", "severity_text", "body", "service_name", "host_name",
    "trace_id", "span_id", "exception_type", "exception_message", "attributes", "source", "line", "line_count",
    "offset", "length", "template_id",
]  # fmt: skip


def _run(*arguments: object, stdin: bytes | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "triage.cli", *(str(a) for a in arguments)]
    done = subprocess.run(command, input=stdin, capture_output=True, check=False, env={**os.environ, **env})
    out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    return subprocess.CompletedProcess(command, done.returncode, out, err)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_incident(tmp_path_factory.mktemp("shop"))


def test_rank_json_keeps_the_contract_and_ranks_the_culprit(folder: Path) -> None:
    done = _run("rank", folder / "logs", "--changes", folder / "changes.json", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    result = json.loads(done.stdout)
    Draft202012Validator(SCHEMA).validate(result)
    assert result["hypotheses"][0]["change_id"] == CULPRIT


def test_rank_table_and_report(folder: Path, tmp_path: Path) -> None:
    changes, report = folder / "changes.json", tmp_path / "report.html"
    done = _run("rank", folder / "logs", "--changes", changes, "--report", report, COLUMNS="100", NO_COLOR="1")
    assert done.returncode == 0
    assert "deploy of inventory 2.4.0" in done.stdout
    assert "none of the recorded changes" in done.stdout
    assert "\x1b" not in done.stdout
    assert "root cause" not in done.stdout.lower()
    page = report.read_text(encoding="utf-8")
    assert "inventory 2.4.0" in page


@pytest.mark.parametrize(
    ("name", "options", "replaced"),
    [("r.md", [], True), ("r.md", ["--no-redact"], False), ("r.json", [], False), ("r.json", ["--redact"], True)],
    ids=str,
)
def test_a_report_is_redacted_unless_it_is_json_or_should_not_be(
    folder: Path, tmp_path: Path, name: str, options: list[str], replaced: bool
) -> None:
    symptom = "ana@shop.example cannot check out"
    done = _run("rank", folder / "logs", "--symptom", symptom, "--report", tmp_path / name, *options)
    assert done.returncode == 0
    page = (tmp_path / name).read_text(encoding="utf-8").replace("\u200b", "")
    assert ("ana@shop.example" in page) is not replaced
    assert ("redacted_user_1@mail.invalid" in page) is replaced


def test_changes_are_taken_from_several_files_and_folders(folder: Path, tmp_path: Path) -> None:
    canary = {"id": "c2", "time": "2026-11-21T02:18:00Z", "kind": "canary", "service": "inventory", "percentage": 10}
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "canary.json").write_text(json.dumps([canary]))
    more = ("--changes", tmp_path / "more")
    done = _run("rank", folder / "logs", "--changes", folder / "changes.json", *more, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    result = json.loads(done.stdout)
    claims = {h["change_id"]: h["claim"] for h in result["hypotheses"]}
    assert claims["canary:c2"].startswith("The canary deploy of inventory (10%) at 02:18:00 UTC set off")
    assert claims["changes:c2"].startswith("The deploy of inventory 2.4.0 at 02:16:00 UTC set off")
    assert [note for note in result["ledger"]["assumptions"] if note.startswith("1 id of several sources")]


def test_the_same_input_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    pages = []
    for name in ("one", "two"):
        report = tmp_path / name / "report.html"
        report.parent.mkdir()
        done = _run("rank", folder / "logs", "--changes", folder / "changes.json", "--report", report)
        pages.append((done.stdout, report.read_bytes()))
    assert pages[0] == pages[1]


def test_records_ndjson(tmp_path: Path) -> None:
    text = LINE + "2026-11-21 03:05:13,5 ERROR shop boom\n  more\nTraceback (most recent call last):\nValueError: x\n"
    (tmp_path / "app.log").write_text(text)
    done = _run("records", tmp_path / "app.log", "--tz", "Europe/Berlin", "--format", "ndjson")
    assert done.returncode == 0
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [list(row) for row in rows] == [COLUMNS, COLUMNS]
    assert [row["timestamp"] for row in rows] == ["2026-11-21T02:05:12.000000000Z", "2026-11-21T02:05:13.500000000Z"]
    assert [(row["line"], row["line_count"]) for row in rows] == [(1, 1), (2, 4)]
    assert rows[1]["exception_type"] == "ValueError"


def test_records_to_parquet(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(LINE)
    done = _run("records", tmp_path / "app.log", "--out", tmp_path / "r.parquet")
    assert done.returncode == 0
    assert pl.read_parquet(tmp_path / "r.parquet").columns == COLUMNS
    assert "1 records written" in done.stderr


def test_records_table_shows_the_ledger(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(LINE + "\n")
    done = _run("records", tmp_path / "app.log")
    assert "2 lines, 1 records, 0 continuations, 1 blank" in done.stdout


def test_templates_json(tmp_path: Path) -> None:
    (tmp_path / "orders.log").write_text("".join(f"2026-11-21T02:05:1{n}Z WARN shop took {n} ms\n" for n in range(3)))
    (row,) = json.loads(_run("templates", tmp_path / "orders.log", "--format", "json").stdout)
    assert list(row) == ["template_id", "template", "count", "severity_text", "services", "first", "last"]
    assert (row["count"], row["severity_text"], row["services"]) == (3, "WARN", ["orders"])
    assert row["template"].endswith("took <NUM> ms")
    assert (row["first"], row["last"]) == ("2026-11-21T02:05:10Z", "2026-11-21T02:05:12Z")


def test_templates_that_are_looked_for(tmp_path: Path) -> None:
    lines = ("INFO shop ready", "ERROR shop Pool empty", "WARN shop pool slow")
    (tmp_path / "app.log").write_text("".join(f"2026-11-21T02:05:12Z {line}\n" for line in lines))

    def found(*asked: str) -> list[str]:
        rows = json.loads(_run("templates", tmp_path / "app.log", "--format", "json", *asked).stdout)
        return sorted(row["severity_text"] for row in rows)

    assert found("--find", "POOL") == ["ERROR", "WARN"]
    assert found("--level", "warn") == ["ERROR", "WARN"]
    assert found("--find", "pool", "--level", "error") == ["ERROR"]
    assert found("--find", "gone") == []
    done = _run("templates", tmp_path / "app.log", "--find", "pol empty")
    assert (done.returncode, done.stderr) == (
        0,
        "none of 3 templates holds “pol empty”: the closest is “shop Pool empty”\n",
    )
    done = _run("templates", tmp_path / "app.log", "--level", "loud")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "triage: level: 'loud' is no level: wanted one of TRACE, DEBUG, INFO, WARN, ERROR, FATAL\n"


def test_templates_table_has_ids_and_the_range_of_levels(tmp_path: Path) -> None:
    levels = ("INFO", "INFO", "ERROR")
    lines = [f"2026-11-21T02:05:1{n}Z {level} shop took {n} ms\n" for n, level in enumerate(levels)]
    (tmp_path / "app.log").write_text("".join(lines))
    head, row = _run("templates", tmp_path / "app.log").stdout.splitlines()
    (found,) = json.loads(_run("templates", tmp_path / "app.log", "--format", "json").stdout)
    assert head.split() == ["id", "count", "level", "services", "template"]
    assert row.split()[:5] == [found["template_id"], "3", "INFO", "to", "ERROR"]
    assert _run("templates", tmp_path / "app.log", "--level", "error").stdout == f"{head}\n{row}\n"


def test_standard_input_even_compressed() -> None:
    done = _run("records", "-", "--format", "ndjson", stdin=gzip.compress(LINE.encode()))
    assert json.loads(done.stdout)["source"] == "-"


def test_a_reader_that_stops_early_is_no_error(folder: Path) -> None:
    command = f"{sys.executable} -m triage.cli records {folder}/logs --format ndjson | head -1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"\n") == 1


def test_a_reader_that_stops_early_in_much_output_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(LINE * 60_000)
    command = f"{sys.executable} -m triage.cli records {tmp_path}/app.log --format ndjson | head -1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_full_disk_behind_the_output(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(LINE)
    command = f"{sys.executable} -m triage.cli records {tmp_path}/app.log --format ndjson > /dev/full"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert done.returncode == 2
    assert done.stderr == b"triage: cannot write the output: No space left on device\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [("--format ndjson > /dev/null", "cannot write {0}: {1}: set TMPDIR to"), ("--out {0}/x.parquet", "--out {0}/x")],
)
def test_a_disk_that_takes_no_more_while_records_are_put_aside(tmp_path: Path, arguments: str, said: str) -> None:
    (tmp_path / "app.log").write_text("".join(LINE.replace("ready", f"ready {n * n}") for n in range(5000)))
    (tmp_path / "aside").mkdir()
    where = str(tmp_path / "aside")
    # As if memory were full at once.
    code = "import triage.record_output as out; from triage.cli import main; out.LIMIT = 0; main()"
    command = f"{sys.executable} -c '{code}' records {tmp_path}/app.log {arguments.format(where)}"
    run = f"TMPDIR={where} {command}"
    done = subprocess.run(["bash", "-c", f"ulimit -f 8; {run}"], capture_output=True, check=False, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("triage: " + said.format(where, "File too large"))
    assert done.stderr.count("\n") == 1
    assert list((tmp_path / "aside").iterdir()) == []


def test_asked_to_end_it_removes_what_it_put_aside(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text("".join(f"2026-11-21T02:05:12Z INFO {n} ready\n" for n in range(20_000)))
    (tmp_path / "aside").mkdir()
    code = "import triage.record_output as out; from triage.cli import main; out.LIMIT = 0; main()"
    command = [sys.executable, "-c", code, "records", str(tmp_path / "app.log"), "--format", "ndjson"]
    env = {**os.environ, "TMPDIR": str(tmp_path / "aside")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env) as running:
        assert running.stdout
        running.stdout.read(1)  # the rest is more than a pipe holds: it waits to be read, with its records put aside
        assert len(list((tmp_path / "aside").glob(".triage-*/*.parquet"))) > 0
        running.terminate()
        _, said = running.communicate()
    assert (running.returncode, said) == (143, b"triage: terminated\n")
    assert list((tmp_path / "aside").iterdir()) == []


def test_standard_input_that_is_closed() -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m triage.cli records - <&-"], capture_output=True, check=False, text=True
    )
    assert (done.returncode, done.stderr[:37]) == (2, "triage: -: standard input is closed: ")


def test_ids_of_templates_do_not_depend_on_the_window(tmp_path: Path) -> None:
    text = "".join(
        f"2026-11-21T0{h}:05:12Z ERROR pool {w} of shop is full\n" for h, w in enumerate(["one", "two", "six"])
    )
    (tmp_path / "app.log").write_text(text)
    every = json.loads(_run("templates", tmp_path / "app.log", "--format", "json").stdout)
    part = _run("records", tmp_path / "app.log", "--since", "2026-11-21T02:00", "--format", "ndjson")
    assert json.loads(part.stdout)["template_id"] in {row["template_id"] for row in every}
    assert "2 of 3 records lie outside the window" in part.stderr


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(b"2026-11-21T02:05:12Z ERROR shop \x1b]0;pwned\x07 \xe2\x80\xae evil\n")
    for command in ("records", "templates", "rank"):
        out = _run(command, tmp_path / "app.log").stdout
        assert "\x1b" not in out
        assert "\x07" not in out
        assert "\u202e" not in out


BAD: list[tuple[str, list[str], str]] = [
    ("missing path", ["rank", "{tmp}/nope.log"], "no such file or directory"),
    ("empty file", ["rank", "{tmp}/empty.log"], "empty: no line to read"),
    ("directory without logs", ["rank", "{tmp}/none"], "holds no log file"),
    ("binary file", ["rank", "{tmp}/binary"], "not text but binary data"),
    ("no timestamps", ["rank", "{tmp}/untimed.log"], "none of the 2 records has a timestamp"),
    ("broken archive", ["records", "{tmp}/bad.gz"], "the gzip data is damaged"),
    ("bad change row", ["rank", "{tmp}/app.log", "--changes", "{tmp}/changes.csv"], "line 3"),
    ("no changes file", ["rank", "{tmp}/app.log", "--changes", "{tmp}/no.json"], "no.json"),
    ("unknown zone", ["rank", "{tmp}/app.log", "--tz", "Europe/Berln"], "did you mean 'Europe/Berlin'"),
    ("unknown format", ["compare", "{tmp}/app.log", "{tmp}/app.log", "--read-as", "*=logfm"], "did you mean 'logfmt'"),
    ("swapped", ["rank", "{tmp}/app.log", "--since", "2026-11-22", "--until", "2026-11-21"], "swap them"),
    ("empty window", ["rank", "{tmp}/app.log", "--since", "2030-01-01"], "no record lies between"),
    ("no time", ["rank", "{tmp}/app.log", "--since", "soon"], "is no point in time"),
    ("report suffix", ["rank", "{tmp}/app.log", "--report", "{tmp}/r.doc"], ".html"),
    ("empty name", ["rank", ""], "an empty name was given for logs"),
    ("no logs", ["rank"], "Missing argument 'LOGS...': see triage rank --help"),
    ("unknown option", ["rank", "{tmp}/app.log", "--bogus"], "No such option: --bogus: see triage rank --help"),
    ("unknown command", ["diagnose"], "No such command 'diagnose': see triage --help"),
    ("hostile name", ["rank", "{tmp}/\x1b]0;\nno.log"], "no such file or directory"),
]


@pytest.fixture(scope="module")
def mess(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp = tmp_path_factory.mktemp("mess")
    (tmp / "app.log").write_text(LINE)
    (tmp / "empty.log").touch()
    (tmp / "none").mkdir()
    (tmp / "binary").write_bytes(bytes(range(256)) * 40)
    (tmp / "untimed.log").write_text("one\ntwo\n")
    (tmp / "bad.gz").write_bytes(b"\x1f\x8b" + b"nonsense" * 4)
    (tmp / "changes.csv").write_text("id,time,service\nc1,2026-11-21T02:00:00Z,shop\nc2,soon,shop\n")
    return tmp


@pytest.mark.parametrize(("arguments", "message"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_bad_input_is_one_clear_line(
    mess: Path,
    arguments: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["triage", *(argument.replace("{tmp}", str(mess)) for argument in arguments)])
    with pytest.raises(SystemExit) as exit_code:
        main()
    out, err = capfd.readouterr()
    assert exit_code.value.code == 2
    assert out == ""
    assert message in err
    assert err.count("\n") == 1
    assert err.startswith("triage: ")
    assert "\x1b" not in err


def test_a_file_name_forges_no_line_of_the_table(tmp_path: Path) -> None:
    (tmp_path / "app\nledger: 9 lines\x1b[2J.log").write_text(LINE)
    done = _run("records", tmp_path)
    assert done.returncode == 0
    assert "app«LF»ledger: 9 lines«ESC»[2J.log" in done.stdout
    assert [line for line in done.stdout.splitlines() if line.startswith("ledger:")] == [
        "ledger: 1 lines, 1 records, 0 continuations, 0 blank, 0 undecodable, 0 untimed, 0 unaccounted"
    ]


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("records --format ndjson", '"severity_text":"warning"'),
        ("templates", "till warning: drawer"),
        ("rank", "read as generic"),
    ],
)
def test_a_format_is_set(tmp_path: Path, command: str, shown: str) -> None:
    log = tmp_path / "till.log"
    log.write_text("".join(f"Nov 21 02:05:{n:02} till warning: drawer {n} open\n" for n in range(30)))
    name, *rest = command.split()
    usual, told = _run(name, log, *rest), _run(name, log, "--read-as", "*.log=generic", *rest)
    assert (usual.returncode, told.returncode) == (0, 0)
    assert shown not in usual.stdout
    assert shown in told.stdout
