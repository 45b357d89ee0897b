"""What the logs suggest is a part of `unrecorded`: only on positive signs, never at the cost of a change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import triage
from benchmarks.labelled.outcome import without_suggestions
from triage.hypotheses import Hypothesis, is_conclusive, rank_hypotheses
from triage.hypotheses.suggestions import family_shares
from triage.hypotheses.weights import known_weights
from triage.incident import Incident

GOLDEN = Path(__file__).parent / "golden" / "suggestions.txt"
ROWS = [
    line.split(" | ") for line in GOLDEN.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")
]
START, ONSET, END = datetime(2026, 11, 21, 2, 0, tzinfo=UTC), 600, 1200
OTHERS = {"change", "unrecorded"}
#: Seconds, service, host, level, text.
Row = tuple[float, str, str, str, str]


def _work(service: str, host: str = "a", every: float = 2.0, begin: float = 0.0) -> list[Row]:
    count = int((END - begin) / every)
    return [(begin + n * every, service, host, "INFO", f"hold {n} taken in {n % 7} ms") for n in range(count)]


def _fails(service: str, text: str, host: str = "a", begin: float = ONSET) -> list[Row]:
    return [
        (begin + n * 5.0, service, host, "ERROR", text.replace("{n}", str(n))) for n in range(int(END - begin) // 5)
    ]


def _change(service: str, at: float, kind: str = "deploy") -> dict[str, Any]:
    return {"id": f"{service}-{at:.0f}", "time": START + timedelta(seconds=at), "kind": kind, "service": service}


def _incident(rows: Sequence[Row], changes: Sequence[dict[str, Any]] = ()) -> Incident:
    frame = pl.DataFrame(rows, schema=["second", "service_name", "host_name", "severity_text", "body"], orient="row")
    at = (pl.lit(START) + pl.duration(milliseconds=(pl.col("second") * 1000).cast(pl.Int64))).alias("timestamp")
    return triage.load(frame.sort("second", "service_name", "body").with_columns(at).drop("second"), list(changes))


def _suggested(incident: Incident) -> list[Hypothesis]:
    return [found for found in incident.hypotheses if found.kind not in OTHERS]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_fails_suggests(row: list[str]) -> None:
    text, name, claim = row
    incident = _incident(_work("stock") + _work("mail") + _fails("stock", text), [_change("mail", 500)])
    found = _suggested(incident)
    wanted = [] if name == "-" else [(name, f"{claim}, and no recorded change did that")]
    assert [(each.id, each.claim) for each in found] == wanted
    for each in found:
        assert each.service == "stock" and each.kind == name.split("-")[0]
        (sign,) = (e for e in each.evidence if e.check == "suggested")
        assert sign.weight > 0 and len(sign.lines) == 2
        assert len(incident.lines(hypothesis=each.id)) >= 2
        assert "stock" in each.next_checks[0] or "HOST" in each.next_checks[0] or "calls" in each.next_checks[0]


def test_a_quiet_log_suggests_nothing() -> None:
    incident = _incident([*_work("stock"), (300.0, "stock", "a", "ERROR", "No space left on device")])
    assert incident.incident_onset is None
    assert [(each.kind, each.probability) for each in incident.hypotheses] == [("unrecorded", 1.0)]


def test_the_caller_of_what_fails_itself_suggests_no_dependency() -> None:
    shop = [(s + 0.5, *rest) for s, *rest in _fails("shop", "stock did not answer within {n} ms")]
    rows = _work("stock") + _work("shop") + _fails("stock", "disk full")
    ids = [each.id for each in _suggested(_incident([*rows, *shop]))]  # type: ignore[list-item]
    assert ids == ["resource-stock"]


def test_one_instance_that_fails_alone_is_suggested() -> None:
    rows = _work("stock", "a") + _work("stock", "b") + _work("stock", "c") + _fails("stock", "gave up on {n}", "b")
    (found,) = _suggested(_incident(rows))
    assert (found.id, found.claim) == (
        "host-stock",
        "Something is wrong with b alone, and no recorded change did that",
    )
    assert found.evidence_for[0].statement.startswith("120 of 120 failing lines of stock come from b, which does 33%")
    everywhere = _fails("stock", "gave up on {n}", "a") + _fails("stock", "gave up on {n}", "b")
    assert _suggested(_incident(_work("stock", "a") + _work("stock", "b") + everywhere)) == []


def test_traffic_that_rose_before_the_trouble_is_suggested() -> None:
    rows = _work("shop") + _work("shop", every=0.5, begin=480) + _fails("shop", "gave up on {n}")
    (found,) = _suggested(_incident(rows))
    assert (found.id, found.kind) == ("load-shop", "load")
    assert "times as many lines of normal work from 02:0" in found.evidence_for[0].statement
    later = _work("shop") + _work("shop", every=0.5, begin=ONSET + 120) + _fails("shop", "gave up on {n}")
    assert _suggested(_incident(later)) == []


FULL = _work("stock") + _work("mail") + _fails("stock", "hold {n}: disk full")


def test_no_change_has_less_for_what_is_suggested() -> None:
    changes = [_change("stock", 590), _change("mail", 595), _change("stock", 100, "config")]
    facts, weights = _incident(FULL, changes).facts, known_weights()
    with_it, without = rank_hypotheses(facts), rank_hypotheses(facts, weights=replace(weights, suggested_most=0.0))
    odds = [{h.id: h.probability for h in each if h.kind == "change"} for each in (with_it, without)]
    assert odds[0] == pytest.approx(odds[1])
    assert [h.id for h in with_it if h.kind in OTHERS] == [h.id for h in without if h.kind in OTHERS]
    assert is_conclusive(with_it, facts) == is_conclusive(without, facts)
    family = [h for h in with_it if h.kind != "change"]
    assert [h.kind for h in family] == ["unrecorded", "resource"]
    assert sum(h.probability for h in family) == pytest.approx(sum(h.probability for h in without if h.change is None))
    assert family[1].probability <= 0.25 * sum(h.probability for h in family)
    assert sum(h.prior for h in with_it) == pytest.approx(1)


def test_the_simulation_counts_what_is_suggested_with_unrecorded() -> None:
    incident = _incident(FULL, [_change("stock", 590), _change("mail", 595)])
    counted = without_suggestions(incident.hypotheses)
    assert {h.kind for h in counted} == OTHERS < {h.kind for h in incident.hypotheses}
    assert sum(h.probability for h in counted) == pytest.approx(1) == sum(h.prior for h in counted)


def test_what_is_suggested_sharpens_unrecorded_and_the_report(tmp_path: Path) -> None:
    incident = _incident(FULL, [_change("mail", 595)])
    none = next(h for h in incident.hypotheses if h.kind == "unrecorded")
    assert none.claim.endswith("; its first failing lines tell of “disk full”")
    assert none.next_checks[0].startswith("df -h and df -i on the hosts of stock")
    incident.report(tmp_path / "report.md")
    told = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "no recorded change: disk full in stock" in told
    assert [h["name"] for h in incident.summary()["hypotheses"] if "name" in h] == ["disk full in stock"]


@given(
    st.floats(1e-6, 1),
    st.lists(st.floats(0, 1), max_size=5),
    st.lists(st.floats(-30, 30), min_size=2, max_size=4),
    st.floats(0, 0.25),
)
def test_a_family_keeps_its_share_and_its_head(
    family: float, raw: list[float], scores: list[float], most: float
) -> None:
    others = [each * (1 - family) / max(1.0, sum(raw)) for each in raw]
    shares = family_shares(family, others, scores, most)
    assert len(shares) == len(scores) and min(shares) >= 0
    assert sum(shares) == pytest.approx(family)
    assert sum(shares[1:]) <= most * family * (1 + 1e-9)
    assert all((family >= other) <= (shares[0] >= other) for other in others)
