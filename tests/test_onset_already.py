"""Already failing when the log begins is an answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

import triage

BEGIN = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def _notes(first: int, every: int) -> list[str]:
    """Notes on half an hour in which an error comes every so many seconds from one of them on."""
    rows = [(BEGIN + timedelta(seconds=second), "INFO", "order placed") for second in range(0, 1800, 2)]
    rows += [(BEGIN + timedelta(seconds=s), "ERROR", "card <b>refused</b>") for s in range(first, 1800, every)]
    frame = pl.DataFrame(rows, schema=["timestamp", "severity_text", "body"], orient="row")
    incident = triage.load(frame.sort("timestamp").with_columns(service_name=pl.lit("shop")))
    return [note for note in incident.notes if "began before these logs" in note]


def test_what_fails_from_the_beginning_on_began_before() -> None:
    (note,) = _notes(3, 40)
    assert note.startswith("A kind of failing lines runs through the whole of the logs, most of all of shop: card ")
    assert "(45 lines)" in note


@pytest.mark.parametrize(("first", "every"), [(900, 10), (3, 600)])
def test_what_begins_later_or_comes_seldom_did_not(first: int, every: int) -> None:
    assert _notes(first, every) == []
