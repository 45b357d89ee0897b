"""Onsets in requests, as reports show them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

import triage
from triage.incident import Incident


def _incident() -> Incident:
    """Of eighty requests the last thirty no longer come to an end."""
    begin = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
    rows = []
    for number in range(80):
        at = begin + timedelta(seconds=3 * number)
        steps = ["order <b>received</b>", "card asked"] + (["order placed"] if number < 50 else [])
        rows += [(at + timedelta(milliseconds=20 * n), text, f"r{number}") for n, text in enumerate(steps)]
    names = ["timestamp", "body", "trace_id"]
    frame = pl.DataFrame(rows, schema=names, orient="row").with_columns(service_name=pl.lit("shop"))
    return triage.load(frame)


def test_a_missing_line_is_told_with_its_step(tmp_path: Path) -> None:
    incident = _incident()
    for name in ("r.json", "r.md", "r.html"):
        incident.report(tmp_path / name)
    onsets = json.loads((tmp_path / "r.json").read_text())["onsets"]
    (missing,) = [onset for onset in onsets if onset["kind"] == "missing"]
    assert (missing["template"], missing["given"]) == ("order placed", "card asked")
    assert (missing["part_before"], missing["part_after"], missing["services"]) == (1.0, 0.0, ["shop"])
    assert "| missing | 100% of requests | 0% |" in (tmp_path / "r.md").read_text()
    assert "in requests that came to: card asked" in (tmp_path / "r.html").read_text()
    assert "<b>received" not in (tmp_path / "r.html").read_text()
    assert incident.incident_onset is not None
    assert incident.incident_onset.earliest <= datetime(2026, 11, 20, 2, 2, 30, 40_000, UTC)


def test_it_is_kept_with_the_incident(tmp_path: Path) -> None:
    incident = _incident()
    incident.save(tmp_path / "saved")
    assert triage.open(tmp_path / "saved").onsets.equals(incident.onsets)
