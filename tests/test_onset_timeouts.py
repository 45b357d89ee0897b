"""A line that tells of a wait in vain was set off when the wait began."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from triage.onset.incident_onset import IncidentOnset
from triage.onset.timeouts import before_the_wait

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def _moved(body: str, start: datetime = AT - timedelta(hours=1)) -> timedelta:
    rows = [(AT, "t", "shop", body, "a.log", 2), (AT + timedelta(seconds=5), "t", "shop", "timed out", "a.log", 3)]
    names = ["timestamp", "template_id", "service_name", "body", "source", "line"]
    records = pl.DataFrame(rows, schema=names, orient="row")
    onset = IncidentOnset(AT, AT - timedelta(seconds=3), AT, (("t", "shop"),))
    found = before_the_wait(onset, records.lazy(), start)
    assert found.latest == AT
    assert found.earliest <= found.at
    return AT - found.at


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ("call to stock timed out after 30 s", 30),
        ("deadline exceeded after 2500ms calling stock", 2.5),
        ("no response from stock in 1.5 minutes", 90),
        ("gave up waiting for a connection (20 seconds)", 20),
        ("payment failed after 30 s", 0),
        ("request timeout", 0),
        ("timed out after 3 hours", 0),
        ("timed out after 5 items", 0),
        ("timed out after 9223372036854775807 ms", 0),
        ("timed out after 5\u017f", 0),
        ("rate limit exceeded, retry after 300s", 0),
        ("timed out, retry after 300s", 0),
        ("disk quota exceeded; next check in 5 min", 0),
        ("max connections exceeded for 10.0.0.5 m", 0),
        ("k8s api timed out after 30s", 30),
        ("request 4f9a31d timed out after 30s", 30),
    ],
)
def test_the_wait_is_taken_off(body: str, seconds: float) -> None:
    assert _moved(body) == timedelta(seconds=seconds)


def test_never_before_the_logs_begin() -> None:
    assert _moved("timed out after 30 s", AT - timedelta(seconds=10)) == timedelta(seconds=10)
