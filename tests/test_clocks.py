"""Clocks that ids of requests show to be wrong are put right before anything is dated."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

import triage

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
DEPLOY = START + timedelta(seconds=600)


def _shop(folder: Path, ahead: float) -> Path:
    """Stock fails from ten seconds after its deploy on; its clock is ahead, and its log names no zone."""
    front, cart, stock = [], [], []
    for number in range(600):
        at, trace = START + timedelta(seconds=2 * number), f"{number:032x}"
        own = at + timedelta(seconds=ahead)
        failed = at > DEPLOY + timedelta(seconds=10)
        front.append(f"{at:%Y-%m-%dT%H:%M:%S}.100Z INFO front answered request_id={trace}")
        cart.append(f"{at:%Y-%m-%dT%H:%M:%S}.050Z INFO cart asked for item {number % 7} request_id={trace}")
        said = "ERROR stock shelf is gone" if failed else "INFO stock item found"
        stock.append(f"{own:%Y-%m-%d %H:%M:%S},020 {said} request_id={trace}")
    for name, lines in (("front", front), ("cart", cart), ("stock", stock)):
        (folder / f"{name}.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


CHANGES = [{"id": "CHG-1", "time": DEPLOY.isoformat(), "kind": "deploy", "service": "stock"}]


@pytest.mark.parametrize(("ahead", "said"), [(-90, "90 s were added to"), (-18_000, "5 h were added to")])
def test_the_onset_is_dated_by_clocks_that_agree(tmp_path: Path, ahead: float, said: str) -> None:
    incident = triage.load(_shop(tmp_path, ahead), CHANGES)
    assert incident.incident_onset is not None
    assert abs(incident.incident_onset.at - DEPLOY) < timedelta(seconds=15)
    assert incident.hypotheses[0].change_id == "CHG-1"
    (note,) = (note for note in incident.notes if "clock is wrong" in note)
    assert note.startswith(f"{said} the times of {tmp_path}/stock.log, as its clock is wrong: ")
    assert "shared ids of traces" in note or "busy at the same moments" in note
    assert note.endswith(f"to leave it as it is, give --clock '{tmp_path}/stock.log=+0s'")


def test_a_clock_that_the_user_has_set_stays(tmp_path: Path) -> None:
    incident = triage.load(_shop(tmp_path, -90), CHANGES, clock={"*stock*": "0s"})
    assert incident.incident_onset is not None
    assert incident.incident_onset.at < DEPLOY
    assert incident.hypotheses[0].kind == "unrecorded"
    assert any("the clock of" in note and "is 90 s behind" in note for note in incident.ledger.assumptions)


def test_seconds_ahead_may_be_the_time_that_work_waits(tmp_path: Path) -> None:
    incident = triage.load(_shop(tmp_path, 90), CHANGES)
    assert not [note for note in incident.notes if "clock is wrong" in note]
    assert any("is 90 s ahead of" in note for note in incident.ledger.assumptions)


def test_saved_settings_hold_what_was_put_right(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    incident = triage.load(_shop(tmp_path / "logs", -90), CHANGES)
    opened = triage.open(incident.save(tmp_path / "saved"))
    assert opened.settings.clock == incident.settings.clock == {f"{tmp_path}/logs/stock.log": 90.0}
    assert opened.incident_onset == incident.incident_onset


def test_of_a_rotated_log_all_files_are_put_right_and_told(tmp_path: Path) -> None:
    lines = (_shop(tmp_path, -90) / "stock.log").read_text().splitlines(keepends=True)
    for number in range(4):
        suffix = f".{3 - number}" if number < 3 else ""
        (tmp_path / f"stock.log{suffix}").write_text("".join(lines[number * 150 : (number + 1) * 150]))
    incident = triage.load(tmp_path, CHANGES)
    assert sorted(incident.settings.clock) == [f"{tmp_path}/stock.log{end}" for end in ("", ".1", ".2", ".3")]
    (note,) = (note for note in incident.notes if "clock is wrong" in note)
    assert note.endswith(f"give --clock '{tmp_path}/stock.log*=+0s'")
    undone = triage.load(tmp_path, CHANGES, clock={f"{tmp_path}/stock.log*": "0s"})
    assert not [note for note in undone.notes if "clock is wrong" in note]


def test_a_file_of_the_same_name_in_a_folder_keeps_its_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _shop(tmp_path, -90)
    (tmp_path / "old").mkdir()
    (tmp_path / "cart.log").rename(tmp_path / "old" / "stock.log")
    monkeypatch.chdir(tmp_path)
    incident = triage.load(["front.log", "stock.log", "old/stock.log"], CHANGES)
    assert incident.settings.clock == {"old/stock.log": 0.0, "stock.log": 90.0}
    assert incident.incident_onset is not None
    assert abs(incident.incident_onset.at - DEPLOY) < timedelta(seconds=15)
    assert not [note for note in incident.ledger.assumptions if "the clock of" in note]


@pytest.mark.skipif(not Path("/dev/fd").is_dir(), reason="a shell hands pipes over by /dev/fd")
def test_pipes_are_not_read_once_more(tmp_path: Path) -> None:
    _shop(tmp_path, -90)
    text = (tmp_path / "stock.log").read_bytes()
    (tmp_path / "stock.log").unlink()
    out, into = os.pipe()
    writer = Thread(target=_write_all, args=(into, text))
    writer.start()
    incident = triage.load([tmp_path / "front.log", tmp_path / "cart.log", f"/dev/fd/{out}"], CHANGES)
    writer.join(timeout=10)
    os.close(out)
    assert incident.ledger.lines == 1800
    assert any("is 90 s behind" in note and "--clock" in note for note in incident.ledger.assumptions)


def _write_all(pipe: int, text: bytes) -> None:
    with os.fdopen(pipe, "wb") as file:
        file.write(text)
