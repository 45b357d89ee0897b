"""Corrections on the whole way: loaded or given later, muted, saved, listed in every report, from the shell."""

from __future__ import annotations

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

import triage
from tests.shop import write_incident
from triage import Corrections
from triage.errors import UsageError
from triage.report.headline import headline
from triage.report.html import render_html
from triage.report.json_text import render_json
from triage.report.markdown import render_markdown
from triage.report.terminal import render_terminal

POOL = "[<*>] no connection within <NUM> s [inventory.pool.PoolTimeout]"
ANSWERED = "inventory answered <NUM>"
OWN = (
    Corrections()
    .mask("request", r"req-\d+")
    .split(ANSWERED, value=1)
    .merge("charge accepted", "order <NUM> placed", into="sold")
    .mute("sold")
    .mute("no such <b>template</b>")
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_incident(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="module")
def incident(folder: Path) -> triage.Incident:
    return triage.load(folder / "logs", folder / "changes.json", "customers cannot check out")


@pytest.fixture(scope="module")
def corrected(incident: triage.Incident) -> triage.Incident:
    return incident.correct(OWN)


def _id(incident: triage.Incident, text: str) -> str:
    return str(incident.templates.filter(template=text)["template_id"].item())


def _terminal(incident: triage.Incident) -> str:
    console = Console(file=StringIO(), width=100, color_system=None)
    render_terminal(incident.summary(), console)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_given_later_they_do_what_they_do_when_loaded(folder: Path, corrected: triage.Incident) -> None:
    loaded = triage.load(folder / "logs", folder / "changes.json", "customers cannot check out", corrections=OWN)
    assert loaded.summary() == corrected.summary()
    assert loaded.templates.equals(corrected.templates)
    assert loaded.records.equals(corrected.records)


def test_they_are_the_same_beyond_memory(folder: Path, corrected: triage.Incident) -> None:
    logs, changes = folder / "logs", folder / "changes.json"
    own = OWN.mute("inventory answered 503")
    aside = triage.load(logs, changes, "customers cannot check out", memory=0)
    wanted = corrected.correct(own).summary()
    assert aside.correct(own).summary() == wanted
    assert triage.load(logs, changes, "customers cannot check out", memory=0, corrections=own).summary() == wanted


def test_without_them_it_is_as_it_was(incident: triage.Incident, corrected: triage.Incident) -> None:
    assert corrected.correct(None).summary() == incident.summary()
    assert corrected.correct(None).records.equals(incident.records)
    assert "corrections" not in _terminal(incident)


def test_the_templates_are_corrected(incident: triage.Incident, corrected: triage.Incident) -> None:
    texts = set(corrected.templates["template"])
    assert {"inventory answered 503", "sold", POOL.replace("<*>", "<REQUEST>")} <= texts
    assert not {ANSWERED, "charge accepted", POOL} & texts
    assert len(corrected.records) == corrected.templates["count"].sum() == len(incident.records)
    assert set(incident.templates["template"]) >= {ANSWERED, "charge accepted", POOL}


def test_what_is_muted_is_counted_but_no_finding(incident: triage.Incident) -> None:
    muted = incident.correct(incident.corrections.mute(_id(incident, POOL)))
    row = muted.templates.filter(template=POOL).row(0, named=True)
    assert row["muted"]
    assert row["count"] == len(muted.lines(template=row["template_id"], limit=None)) > 500
    assert row["template_id"] in set(incident.onsets["template_id"])
    assert row["template_id"] not in set(muted.onsets["template_id"])
    assert {i for g in muted.error_groups for i in g.template_ids} == {
        i for g in incident.error_groups for i in g.template_ids
    } - {row["template_id"]}
    heard = {(line.source, line.line) for h in muted.hypotheses for e in h.evidence for line in e.lines}
    silent = set(muted.lines(template=row["template_id"], limit=None).select("source", "line").iter_rows())
    assert heard
    assert not heard & silent
    assert muted.window == incident.window
    assert sum(muted.summary()["timeline"]["errors"]) == sum(incident.summary()["timeline"]["errors"]) - row["count"]
    said = f"{row['count']:,} records of a muted template take no part in onsets, error groups and hypotheses"
    summary = muted.summary()
    assert f"{said}, though they report failures: {POOL}" in summary["notes"]
    assert [(one["template"], one["count"], one["failing"]) for one in summary["muted"]] == [(POOL, row["count"], True)]
    for page in (_terminal(muted), render_markdown(summary), render_html(summary), render_json(summary)):
        assert "though they report failures" in " ".join(page.split())


def test_with_everything_muted_nothing_is_found(incident: triage.Incident) -> None:
    own = Corrections()
    for text in incident.templates["template"]:
        own = own.mute(text)
    quiet = incident.correct(own)
    assert quiet.incident_onset is None
    assert quiet.error_groups == ()
    assert "Muted templates that report failures, with " in headline(quiet.summary())
    assert len(quiet.onsets) == 0
    assert quiet.window == incident.window
    assert quiet.templates["count"].sum() == len(incident.records)


def test_they_are_saved_and_decisions_stay(corrected: triage.Incident, tmp_path: Path) -> None:
    decided = corrected.decide(corrected.hypotheses[0].id, "confirmed", by="ana")
    opened = triage.open(decided.save(tmp_path / "kept"))
    assert opened.corrections == OWN
    assert opened.summary() == decided.summary()
    assert opened.templates.equals(decided.templates)
    again = opened.correct(opened.corrections.pin("order <*>"))
    assert again.summary() == decided.correct(OWN.pin("order <*>")).summary()
    assert [verdict.by for verdict in again.verdicts] == ["ana"]


def test_every_report_lists_them_and_says_what_matches_nothing(corrected: triage.Incident) -> None:
    summary = corrected.summary()
    assert [row["kind"] for row in summary["corrections"]] == ["mask", "split", "merge", "mute", "mute"]
    assert summary["corrections"][0]["rule"] == {"name": "REQUEST", "pattern": r"req-\d+"}
    assert [row["records"] > 0 for row in summary["corrections"]] == [True, True, True, True, False]
    assert "matches nothing" in summary["corrections"][-1]["note"]
    pages = [_terminal(corrected), render_markdown(summary), render_html(summary), render_json(summary)]
    for page in pages:
        flat = " ".join(page.split())
        assert "is split by the value at wildcard 1" in flat
        assert "is muted: matches nothing" in flat.replace("&#34;", '"')
    assert "<b>template</b>" not in pages[2]


def test_an_id_that_is_not_there_is_told(incident: triage.Incident) -> None:
    with pytest.raises(
        UsageError, match=r"^mute 't0123456789': 't0123456789' is the id of a template, and no template"
    ):
        incident.correct(Corrections().mute("t0123456789"))


def test_records_outside_the_window_have_no_part(folder: Path) -> None:
    part = triage.load(folder / "logs", since="2026-11-21T02:10", corrections=OWN)
    again = part.correct(OWN).correct(OWN)
    said = [note for note in again.notes if note.startswith("templates were corrected among the")]
    assert len(said) == 1
    assert f"{len(part.records)} analysed of {part.ledger.records} records" in said[0]


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "triage.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


FILE = """
[[split]]
template = "inventory answered <NUM>"
value = 1

[[mute]]
template = "charge accepted"

[[mute]]
template = "no such template"
"""


def test_from_the_shell(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(FILE, encoding="utf-8")
    given = (folder / "logs", "--corrections", tmp_path / "own.toml")
    done = _run("templates", *given, "--format", "json")
    rows = {row["template"]: row for row in json.loads(done.stdout)}
    assert rows["inventory answered 503"]["muted"] is False
    assert rows["charge accepted"]["muted"] is True
    assert done.stderr == "correction: mute: “no such template” is muted: matches nothing\n"
    done = _run("records", *given, "--format", "ndjson")
    found = [json.loads(line)["template_id"] for line in done.stdout.splitlines()]
    assert found.count(rows["inventory answered 503"]["template_id"]) == rows["inventory answered 503"]["count"]
    assert "“no such template” is muted: matches nothing" in done.stderr
    done = _run("rank", *given, "--changes", folder / "changes.json", "--format", "json")
    ranked = json.loads(done.stdout)
    assert [row["records"] > 0 for row in ranked["corrections"]] == [True, True, False]


@pytest.mark.parametrize("command", ["rank", "records", "templates"])
def test_a_mistake_is_one_line_and_exit_code_2(folder: Path, tmp_path: Path, command: str) -> None:
    (tmp_path / "own.toml").write_text("[[mask]]\nname = 'x'\npattern = '('\n", encoding="utf-8")
    done = _run(command, folder / "logs", "--corrections", tmp_path / "own.toml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "own.toml: mask 1: 'X': pattern: '(' is no Rust regex (unclosed group)" in done.stderr
