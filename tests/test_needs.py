"""When the data decides, why it does not, and which data would help: each told from what is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from triage.changes import Change
from triage.hypotheses import Facts, Hypothesis, find_origins, is_conclusive, needs_of, rank_hypotheses, undecided
from triage.hypotheses.needs import MOST, Need
from triage.hypotheses.words import service_key
from triage.ingest import Ledger
from triage.ingest.held import Records
from triage.ingest.ledger import SourceLedger
from triage.ingest.schema import RECORDS, conform
from triage.onset.incident_onset import find_incident_onset

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
KNOWN = Ledger((SourceLedger("app.log", "json", lines=9, records=9),))


def _at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def _change(minutes: float, service: str | None = "inventory", kind: str = "deploy") -> Change:
    return Change(id=f"{service}-{minutes}", time=_at(minutes), kind=kind, service=service, version="2")


def _facts(
    changes: Sequence[Change],
    *,
    onset: float = 20,
    end: float = 40,
    width: float = 0.1,
    said: str = "no connection to ledger-db",
    request: str | None = "r",
    host: str | None = "h1",
    trouble: float = 20.0,
) -> Facts:
    """Inventory and then its caller fail from the onset on, payments works; no line comes in the onset's interval."""
    rows = []
    for second in range(0, int(end * 60), 10):
        at, failing = START + timedelta(seconds=second), second >= onset * 60
        if not failing and at > _at(onset - width):
            continue
        rows.append((at, "payments", "charge accepted", "t-ok"))
        rows.append((at, "inventory", said, "t-bad") if failing else (at, "inventory", "item read", "t-read"))
        later = at + timedelta(seconds=2)
        rows.append((later, "checkout", "HTTP 503", "t-503") if failing else (later, "checkout", "paid", "t-paid"))
    table = pl.DataFrame(rows, schema=["timestamp", "service_name", "body", "template_id"], orient="row").with_columns(
        pl.col("body").alias("raw"),
        pl.lit("app.log").alias("source"),
        pl.int_range(1, pl.len() + 1).alias("line"),
        pl.lit(host, pl.String).alias("host_name"),
        (pl.lit(request, pl.String) + pl.col("timestamp").dt.truncate("10s").cast(pl.String)).alias("trace_id"),
    )
    records = conform(table, RECORDS).with_columns(table["template_id"])
    bad: dict[str, object] = {
        "kind": "new",
        "at": _at(onset),
        "earliest": _at(onset - width),
        "latest": _at(onset),
        "llr": 40.0,
    }
    bad |= {"trouble": trouble, "failing": True, "adverse": True}
    units: list[dict[str, object]] = [
        {"template_id": "t-bad", "service_name": "inventory"},
        {"template_id": "t-503", "service_name": "checkout"},
    ]
    units[1]["at"] = units[1]["latest"] = _at(onset) + timedelta(seconds=2)
    troubles = pl.DataFrame([bad | unit for unit in units])
    found = find_incident_onset(troubles)
    return Facts(
        start=START, end=_at(end), onset=found, troubles=troubles, changes=tuple(changes), records=Records(records),
        origins=find_origins(troubles, found, records.lazy()),
        services=frozenset({"inventory", "checkout", "payments"}),
    )  # fmt: skip


def _needs(facts: Facts, ledger: Ledger = KNOWN) -> dict[str, Need]:
    found = needs_of(rank_hypotheses(facts), facts, ledger)
    assert [need.gain for need in found] == sorted((need.gain for need in found), reverse=True)
    return {need.kind: need for need in found}


CULPRIT = _change(16)
LEADS = (0.9, 0.05)


def _ranked(odds: Sequence[float], chance: float | None = 0.01, change: Change | None = CULPRIT) -> list[Hypothesis]:
    first = Hypothesis(1, "first", "change", "claim", odds[0], 0.3, (), (), change, chance=chance)
    return [first, Hypothesis(2, "unrecorded", "unrecorded", "claim", odds[1], 0.3, (), ())]


@pytest.mark.parametrize(
    ("odds", "chance", "told"),
    [
        (LEADS, 0.01, ()),
        ((0.4, 0.3), 0.01, ("the odds are flat: the first has 40%, the next 30%",)),
        ((0.55, 0.2), 0.01, ("the likeliest has 55% only",)),
        (LEADS, 0.4, ("had the trouble begun at another time, a change would fit as well in 40% of cases",)),
        (LEADS, None, ()),
    ],
)
def test_thin_evidence_does_not_decide(odds: tuple[float, float], chance: float | None, told: tuple[str, ...]) -> None:
    ranked, facts = _ranked(odds, chance), _facts([CULPRIT])
    assert undecided(ranked, facts) == told
    assert is_conclusive(ranked, facts) is not bool(told)


def test_little_trouble_does_not_decide() -> None:
    assert undecided(_ranked(LEADS), _facts([CULPRIT], trouble=3)) == ("few lines speak of trouble",)


def test_a_vague_onset_decides_only_for_what_lies_clear_of_it() -> None:
    vague = _facts([CULPRIT], onset=30, width=12)
    assert undecided(_ranked(LEADS), vague) == ("the onset is known to within 12 min only",)
    assert not undecided(_ranked(LEADS, change=_change(2)), vague)


def test_without_an_onset_or_a_change_nothing_is_decided() -> None:
    facts = _facts([CULPRIT])
    assert undecided(_ranked(LEADS), replace(facts, onset=None)) == ("the logs show no onset of trouble",)
    assert undecided(_ranked(LEADS)[:1], replace(facts, changes=())) == ("no changes were given",)
    assert undecided(_ranked(LEADS)[:1], facts) == ("no recorded change is within reach of the onset",)


def test_where_nothing_is_missing_nothing_is_asked_for() -> None:
    assert _needs(_facts([CULPRIT, _change(10, "payments")])) == {}


def test_a_service_that_failing_lines_name_and_that_has_no_lines() -> None:
    need = _needs(_facts([CULPRIT, _change(5, "ledger-db", "config")]))["logs"]
    assert need.statement == "Logs of ledger-db: 120 failing lines of inventory name it, and it has no lines here"


def test_a_short_baseline_is_worth_the_more_the_shorter_it_is() -> None:
    short, shorter = (_needs(_facts([], onset=minutes))["baseline"] for minutes in (12, 3))
    assert shorter.gain > short.gain
    assert shorter.statement == (
        "Logs from before 02:00:00 UTC: only 2 min 54 s of these lie before the onset: what is rare, but normal, "
        "may not be in them"
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([], "A list of changes: none was given"),
        ([_change(-5000)], "The changes of the hours before 02:20:00 UTC: none of those in the list"),
        (
            [_change(n, "payments") for n in range(-600, -299, 20)],
            "The changes after 21:00:00 UTC: the list ends 5 h 19",
        ),
        (
            [_change(10, "payments")],
            "The changes of inventory and of what it depends on: the trouble shows first there",
        ),
        ([CULPRIT, _change(19, None)], "The services of the changes: 1 change says not of which service"),
    ],
)
def test_changes_that_are_not_in_the_list(changes: list[Change], told: str) -> None:
    facts = _facts(changes)
    found = needs_of(rank_hypotheses(facts), facts, KNOWN)
    assert any(need.kind == "changes" and need.statement.startswith(told) for need in found)


def test_a_wide_onset_says_how_many_changes_lie_in_it_and_that_lines_are_missing() -> None:
    need = _needs(_facts([CULPRIT, _change(17, "payments")], width=6))["onset"]
    assert need.reason.startswith("the onset is known to within 6 min only, in which 2 changes lie; for 5 min 58 s")
    assert "onset" not in _needs(_facts([CULPRIT], width=1))


def test_a_zone_that_was_assumed_matters_where_there_are_changes() -> None:
    assumed = Ledger((SourceLedger("a.log", "plain", records=9, time_zone="UTC", time_zone_assumed=True),))
    assert "the times of 1 source carry none and were read as UTC" in _needs(_facts([CULPRIT]), assumed)["zone"].reason
    assert "zone" not in _needs(_facts([]), assumed)


def test_lines_that_share_no_request_and_name_no_host() -> None:
    assert "checkout" in _needs(_facts([CULPRIT], request=None))["requests"].reason
    assert "inventory" in _needs(_facts([CULPRIT], host=None))["instances"].reason


def test_logs_that_end_with_the_onset() -> None:
    assert "after" in _needs(_facts([CULPRIT], end=21))


def test_quiet_logs_ask_for_what_came_before_and_for_services_that_were_changed() -> None:
    facts = replace(_facts([_change(10, "mailer")]), onset=None, origins=())
    needs = _needs(facts)
    assert list(needs) == ["baseline", "logs"]
    assert needs["logs"].statement.startswith("Logs of mailer: changed, and without lines here; 3 services are")


def test_not_everything_is_asked_for_at_once() -> None:
    changes = [_change(19, f"unit{n:02d}") for n in range(30)]
    named = " ".join(f"unit{n:02d}" for n in range(10))
    facts = _facts(changes, onset=21, end=22, width=6, request=None, said=f"no answer from {named}")
    assert len(needs_of(rank_hypotheses(facts), facts, KNOWN)) == MOST
    assert {service_key(f"unit{n:02d}") for n in range(30)}.isdisjoint(facts.services)
