"""Checks say for or against with the right sign; odds add up to one; `unrecorded` can win."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.changes import Change
from triage.hypotheses import Evidence, Facts, Hypothesis, Line, find_origins, is_conclusive, rank_hypotheses
from triage.hypotheses.candidates import Candidate, find_candidates
from triage.hypotheses.checks.base_rate import base_rate
from triage.hypotheses.checks.first_trouble import first_trouble
from triage.hypotheses.checks.named import named
from triage.hypotheses.checks.no_onset import no_onset
from triage.hypotheses.checks.rollback import rollback
from triage.hypotheses.checks.service_match import service_match
from triage.hypotheses.checks.superseded import superseded
from triage.hypotheses.checks.symptom import symptom
from triage.hypotheses.checks.timing import IMPOSSIBLE, timing
from triage.hypotheses.checks.unexplained import unexplained
from triage.hypotheses.checks.unrecorded_restart import unrecorded_restart
from triage.hypotheses.origins import first_to_fail
from triage.hypotheses.restarts import Restart, find_restarts
from triage.hypotheses.words import service_key
from triage.ingest.held import Records
from triage.ingest.schema import RECORDS, conform
from triage.onset.incident_onset import find_incident_onset

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
ONSET = START + timedelta(minutes=20)
END = START + timedelta(minutes=40)


def _at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def _change(name: str, minutes: float, service: str | None = "inventory", kind: str = "deploy") -> Change:
    return Change(id=name, time=_at(minutes), kind=kind, service=service, version="2.4.0", summary=f"{name} summary")


def _records() -> pl.DataFrame:
    """Pool errors in inventory from the onset on, echoed by checkout; payments logs on as before."""
    rows = []
    for second in range(0, 1200, 10):
        at = ONSET + timedelta(seconds=second)
        rows.append((at, "inventory", "pool exhausted", "t-pool", 17, second + 1))
        rows.append((at + timedelta(seconds=2), "checkout", "inventory answered 503", "t-503", 17, second + 2))
        rows.append((at, "payments", "charge accepted", "t-ok", 9, second + 3))
    names = ["timestamp", "service_name", "body", "template_id", "severity_number", "line"]
    table = pl.DataFrame(rows, schema=names, orient="row").with_columns(pl.lit("app.log").alias("source"))
    table = table.with_columns(pl.col("body").alias("raw"))
    return conform(table, RECORDS).with_columns(table["template_id"])


def _troubles() -> pl.DataFrame:
    def row(template: str, service: str, seconds: float) -> dict[str, object]:
        at = ONSET + timedelta(seconds=seconds)
        return {
            "template_id": template,
            "service_name": service,
            "kind": "new",
            "at": at,
            "earliest": at - timedelta(seconds=8),
            "latest": at,
            "llr": 40.0,
            "trouble": 20.0,
            "failing": True,
            "adverse": True,
        }

    return pl.DataFrame([row("t-pool", "inventory", 0), row("t-503", "checkout", 2)])


def _facts(changes: Sequence[Change] = (), *, quiet: bool = False, said: str | None = None) -> Facts:
    records, troubles = _records(), _troubles()
    if quiet:
        troubles = troubles.clear()
    onset = find_incident_onset(troubles)
    return Facts(
        start=START,
        end=END,
        onset=onset,
        troubles=troubles,
        origins=find_origins(troubles, onset, records.lazy()),
        changes=tuple(changes),
        records=Records(records),
        symptom=said,
        services=frozenset({"inventory", "checkout", "payments"}),
    )


def _candidate(change: Change) -> Candidate:
    return Candidate(f"change-{change.id}", "change", "claim", change)


def _weight(evidence: Evidence | None) -> float:
    assert evidence is not None
    return evidence.weight


CULPRIT = _change("culprit", 15)


def test_timing_prefers_the_change_shortly_before() -> None:
    facts = _facts([CULPRIT])
    weights = [_weight(timing(_candidate(_change("c", m)), facts)) for m in (-600, 5, 15, 19.5)]
    assert weights == sorted(weights)
    assert weights[0] < 0 < weights[-1]


def test_timing_never_blames_what_came_after() -> None:
    found = timing(_candidate(_change("late", 21)), _facts([CULPRIT]))
    assert found is not None
    assert found.weight == IMPOSSIBLE
    assert "after the trouble had begun" in found.statement


def test_timing_is_the_log_of_a_ratio_of_densities() -> None:
    """The slow way: integrate the density of a guilty delay over the onset's interval by hand."""
    facts = _facts([CULPRIT])
    assert facts.onset is not None
    points = [facts.onset.earliest + k / 2000 * (facts.onset.latest - facts.onset.earliest) for k in range(2001)]
    densities = [1 / ((p - CULPRIT.time).total_seconds() + 60) / math.log1p(6 * 60) for p in points]
    expected = math.log(sum(densities) / len(densities) * facts.reach.total_seconds())
    assert _weight(timing(_candidate(CULPRIT), facts)) == pytest.approx(expected, abs=0.01)


def test_service_match_signs() -> None:
    facts = _facts([CULPRIT])
    same = _weight(service_match(_candidate(CULPRIT), facts))
    healthy = _weight(service_match(_candidate(_change("p", 15, "payments")), facts))
    silent = _weight(service_match(_candidate(_change("q", 15, "mailer")), facts))
    assert same > 0 > silent > healthy


def test_first_trouble_prefers_the_origin_to_its_caller() -> None:
    facts = _facts([CULPRIT])
    origin = first_trouble(_candidate(CULPRIT), facts)
    caller = first_trouble(_candidate(_change("c", 15, "checkout")), facts)
    assert _weight(origin) > _weight(caller)
    assert caller is not None
    assert "inventory comes first, it had trouble 2 s earlier" in caller.statement


def test_base_rate_is_against_services_that_change_more_than_others() -> None:
    facts = _facts([CULPRIT, _change("b", 3), _change("c", 8), _change("p", 9, "payments"), _change("later", 30)])
    assert _weight(base_rate(_candidate(CULPRIT), facts)) == pytest.approx(-math.log(3 / 2), abs=1e-3)
    assert base_rate(_candidate(_change("p", 9, "payments")), facts) is None
    assert base_rate(_candidate(CULPRIT), _facts([CULPRIT, _change("b", 3)])) is None


RESTART = Restart("inventory", _at(15.1), Line("app.log", 7, "inventory 2.4.0 starting"))


def test_a_deploy_that_a_later_one_replaced_is_less_likely() -> None:
    older = _change("older", 3)
    facts = _facts([older, CULPRIT])
    found = superseded(_candidate(older), facts)
    assert found is not None
    assert found.weight < 0
    assert "deploy of inventory 2.4.0 at 02:15:00 UTC replaced it" in found.statement
    assert superseded(_candidate(CULPRIT), facts) is None


def test_a_restart_without_a_change_speaks_for_an_unrecorded_one() -> None:
    older = _change("older", 3)
    alone = replace(_facts([older]), restarts=(RESTART,))
    nothing, *_ = find_candidates(alone)
    found = unrecorded_restart(nothing, alone)
    assert found is not None
    assert found.weight > 0
    assert found.lines == (RESTART.line,)
    assert _weight(superseded(_candidate(older), alone)) < 0
    explained = replace(_facts([older, CULPRIT]), restarts=(RESTART,))
    assert unrecorded_restart(nothing, explained) is None


def test_restarts_are_found_and_daily_work_is_not() -> None:
    rows = [(_at(0), "inventory", "inventory 2.3.1 starting"), (_at(15), "inventory", "inventory 2.4.0 starting")]
    rows += [(_at(15.1), "inventory", "listening on 127.0.0.1:8001")]
    rows += [(_at(n), "cron", f"starting job {n}") for n in range(1, 30)]
    table = pl.DataFrame(rows, schema=["timestamp", "service_name", "body"], orient="row")
    table = table.with_columns(pl.col("body").alias("raw"), pl.lit("a").alias("source"), pl.lit(1).alias("line"))
    (found,) = find_restarts(conform(table, RECORDS).lazy(), START)
    assert (found.service, found.at, found.line.text) == ("inventory", _at(15), "inventory 2.4.0 starting")


def test_requests_show_where_the_trouble_began_against_the_clock() -> None:
    """The caller's log is a second early, yet within each request the callee fails first."""
    rows = []
    for n in range(50):
        at = ONSET + timedelta(seconds=n, milliseconds=n)
        rows.append((at, "inventory", f"trace-{n}", "t-pool"))
        rows.append((at + timedelta(milliseconds=2), "checkout", f"trace-{n}", "t-503"))
    names = ["timestamp", "service_name", "trace_id", "template_id"]
    table = pl.DataFrame(rows, schema=names, orient="row")
    records = conform(table, RECORDS).with_columns(table["template_id"])
    early = pl.when(pl.col("service_name") == "checkout").then(timedelta(seconds=-3)).otherwise(timedelta(0))
    troubles = _troubles().with_columns(pl.col("at") + early)
    first, second = find_origins(troubles, find_incident_onset(troubles), records.lazy())
    assert (first.service, first.traces, first.first_in) == ("inventory", 50, 50)
    assert (second.service, second.first_in) == ("checkout", 0)


def test_of_two_ends_of_a_slow_step_the_one_with_more_of_them_is_the_origin() -> None:
    """That a caller's interval begins earlier says nothing: both may have been slow from the same moment on."""
    troubles = _troubles().with_columns(
        pl.lit("slower").alias("kind"),
        pl.when(pl.col("service_name") == "checkout").then(20.0).otherwise(35.0).alias("llr"),
        (pl.col("at") - timedelta(seconds=30)).alias("earliest"),
    )
    records = conform(pl.DataFrame({"timestamp": [ONSET]}), RECORDS).with_columns(pl.lit("t-pool").alias("template_id"))
    found = find_origins(troubles, find_incident_onset(troubles), records.lazy())
    assert [origin.service for origin in found] == ["inventory", "checkout"]
    assert found[0].score > 4 * found[1].score


def test_whole_seconds_do_not_make_a_service_the_first_to_fail() -> None:
    rows = []
    for n in range(50):
        at = ONSET + timedelta(seconds=n, milliseconds=700)
        rows.append((at, "inventory", f"trace-{n}", "t-pool"))
        rows.append((at.replace(microsecond=0), "checkout", f"trace-{n}", "t-503"))
    table = pl.DataFrame(rows, schema=["timestamp", "service_name", "trace_id", "template_id"], orient="row")
    assert first_to_fail(conform(table, RECORDS)) == {}


def test_named_wants_another_services_failing_line() -> None:
    facts = _facts([CULPRIT])
    found = named(_candidate(CULPRIT), facts)
    assert found is not None
    assert found.weight > 0
    assert "checkout" in found.statement
    assert named(_candidate(_change("p", 15, "payments")), facts) is None


@pytest.mark.parametrize(("until", "sign"), [(30.0, 1), (40.0, -1)])
def test_rollback_ends_the_trouble_or_does_not(until: float, sign: int) -> None:
    undone = _change("undo", 30, kind="rollback")
    facts = _facts([CULPRIT, undone])
    facts = replace(facts, records=Records(_records().filter(pl.col("timestamp") < _at(until))))
    assert math.copysign(1, _weight(rollback(_candidate(CULPRIT), facts))) == sign


def test_symptom_speaks_for_and_never_against() -> None:
    facts = _facts([CULPRIT], said="inventory pages spin since two")
    assert _weight(symptom(_candidate(CULPRIT), facts)) > 0
    assert symptom(_candidate(_change("p", 15, "payments")), facts) is None


def test_unexplained_is_for_unrecorded_where_the_origin_was_not_changed() -> None:
    nothing, *_ = find_candidates(_facts([CULPRIT]))
    assert _weight(unexplained(nothing, _facts([CULPRIT]))) < 0
    assert _weight(unexplained(nothing, _facts([_change("p", 15, "payments")]))) > 0


def test_a_change_without_a_service_may_be_of_any() -> None:
    nothing, *_ = find_candidates(_facts([]))
    plain = unexplained(nothing, _facts([_change("p", 15, "payments")]))
    vague = unexplained(nothing, _facts([_change("p", 15, None), _change("q", 16, "payments")]))
    assert _weight(vague) == pytest.approx(_weight(plain) / 2)
    assert vague is not None and vague.statement.endswith("1 names no service")


def test_lines_cited_for_a_service_begin_with_those_of_its_onset() -> None:
    facts = _facts([CULPRIT])
    worse = facts.troubles.filter(pl.col("service_name") == "inventory").with_columns(
        pl.lit("t-late").alias("template_id"), pl.col("at") + timedelta(seconds=40), pl.lit(30.0).alias("trouble")
    )
    late = (
        _records()
        .filter(pl.col("template_id") == "t-pool")
        .with_columns(pl.lit("t-late").alias("template_id"), pl.col("line") + 5000)
    )
    troubles = pl.concat([facts.troubles, worse])
    records = pl.concat([_records(), late])
    facts = replace(facts, troubles=troubles, records=Records(records), onset=find_incident_onset(troubles))
    assert facts.trouble_lines("inventory", 1)[0].line < 5000


def test_without_onset_every_change_is_less_likely() -> None:
    facts = _facts([CULPRIT], quiet=True)
    assert _weight(no_onset(_candidate(CULPRIT), facts)) < 0
    ranked = rank_hypotheses(facts)
    assert ranked[0].kind == "unrecorded"
    assert not is_conclusive(ranked, facts)


def _ranked(changes: Sequence[Change]) -> tuple[Hypothesis, ...]:
    return rank_hypotheses(_facts(changes))


INNOCENT = (
    _change("payments", 19.9, "payments"),
    _change("mailer", 19, "mailer", "config"),
    _change("checkout", 2, "checkout"),
    _change("after", 25, "inventory", "scale"),
)


def test_the_culprit_leads_though_another_change_is_nearer() -> None:
    ranked = _ranked([*INNOCENT, CULPRIT])
    assert ranked[0].change_id == "culprit"
    assert ranked[0].evidence_for and ranked[0].next_checks
    assert any(line.text == "pool exhausted" for e in ranked[0].evidence_for for line in e.lines)


def test_unrecorded_leads_when_the_culprit_is_not_in_the_list() -> None:
    assert _ranked(INNOCENT)[0].kind == "unrecorded"


def test_without_changes_there_is_unrecorded_and_what_the_logs_suggest() -> None:
    ranked = _ranked([])
    assert [(h.kind, h.service) for h in ranked] == [("unrecorded", None), ("resource", "inventory")]
    assert ranked[0].probability >= 0.75
    assert not is_conclusive(ranked, _facts())


times = st.floats(-3000, 60, allow_nan=False)
services = st.sampled_from(["inventory", "checkout", "payments", "mailer", None])


@given(listed=st.lists(st.tuples(times, services), max_size=12))
def test_odds_add_up_and_ranks_follow_them(listed: list[tuple[float, str | None]]) -> None:
    ranked = _ranked([_change(f"c{n}", minutes, service) for n, (minutes, service) in enumerate(listed)])
    assert sum(h.probability for h in ranked) == pytest.approx(1)
    assert [h.rank for h in ranked] == list(range(1, len(ranked) + 1))
    assert [h.probability for h in ranked] == sorted((h.probability for h in ranked), reverse=True)
    assert sum(h.kind == "unrecorded" for h in ranked) == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Inventory_Service", "inventory", True),
        ("checkout-api", "checkout", True),
        ("ts-train-service", "ts-train-food-service", False),
        ("api", "server", False),
    ],
)
def test_service_names(one: str, other: str, same: bool) -> None:
    assert (service_key(one) == service_key(other)) is same


def test_an_old_change_out_of_reach_moves_nothing() -> None:
    old = Change("old", datetime(1990, 1, 1, tzinfo=UTC), kind="deploy", service="mailer")
    innocent = _change("p", 5, "payments")
    without, beside = rank_hypotheses(_facts([innocent])), rank_hypotheses(_facts([innocent, old]))
    assert [h.probability for h in beside] == [h.probability for h in without]


def test_services_of_any_script_are_told_apart() -> None:
    assert service_key("在庫") != service_key("支払")
    assert service_key("\uff21\uff22\uff23") == service_key("abc")


@pytest.mark.parametrize(("later", "sign"), [("cart.v2 off", 1), ("new-search on", 0)])
def test_a_flag_that_is_flipped_back_ends_the_trouble(later: str, sign: int) -> None:
    on, off = _change("on", 16, kind="flag"), _change("off", 30, kind="flag")
    on, off = replace(on, summary="cart.v2 on for everybody"), replace(off, summary=later)
    facts = _facts([on, off])
    facts = replace(facts, records=Records(_records().filter(pl.col("timestamp") < _at(30))))
    found = rollback(_candidate(on), facts)
    assert (found is not None and found.weight > 0) == bool(sign)


def test_a_rollback_without_a_service_undoes_nothing() -> None:
    undone = Change("r", _at(22), kind="rollback")
    nameless = Change("m", _at(15), kind="migration")
    assert rollback(_candidate(nameless), _facts([nameless, undone])) is None


def test_spellings_of_one_service_are_one_service() -> None:
    records, troubles = _records(), _troubles()
    spelled = pl.col("service_name").replace({"checkout": "Inventory-Service"})
    facts = replace(_facts([CULPRIT]), services=frozenset({"inventory"}))
    troubles, records = troubles.with_columns(spelled), records.with_columns(spelled)
    onset = find_incident_onset(troubles)
    facts = replace(facts, troubles=troubles, onset=onset, origins=find_origins(troubles, onset, records.lazy()))
    found = service_match(_candidate(CULPRIT), facts)
    assert found is not None
    assert "1 of 1 services" in found.statement


def test_a_service_with_trouble_of_its_own_is_not_said_to_have_none() -> None:
    later = (
        _troubles()
        .filter(pl.col("service_name") == "checkout")
        .with_columns(
            pl.lit("payments").alias("service_name"), pl.lit("t-pay").alias("template_id"), pl.lit(_at(40)).alias("at")
        )
    )
    facts = replace(
        _facts([CULPRIT]), troubles=pl.concat([_troubles(), later.select(_troubles().columns)], how="vertical_relaxed")
    )
    found = service_match(_candidate(_change("p", 15, "payments")), facts)
    assert found is not None
    assert found.statement.startswith("payments has other trouble, from ")


def test_what_a_line_of_the_event_did_at_other_times_is_not_of_the_event() -> None:
    """A surge before, and what the lines say after: of the same template and service as the incident's onset."""
    same = _troubles().filter(pl.col("template_id") == "t-503").with_columns(pl.lit(2.0).alias("trouble"))
    early = same.with_columns(at=pl.lit(_at(2)), earliest=pl.lit(_at(1)), kind=pl.lit("surge"))
    late = same.with_columns(at=pl.lit(_at(35)), kind=pl.lit("slower"))
    troubles = pl.concat([early, _troubles(), late], how="vertical_relaxed")
    troubles = troubles.with_columns(pl.lit(None, troubles.schema["at"]).alias("until"))
    onset = find_incident_onset(troubles)
    facts = replace(_facts([CULPRIT]), troubles=troubles, onset=onset)
    assert facts.event.rows() == troubles[1:3].rows()
    assert facts.apart["at"].to_list() == [_at(2), _at(35)]
    found = find_origins(troubles, onset, _records().lazy())
    assert found == _facts([CULPRIT]).origins, "checkout did not have trouble before inventory"


def test_a_roll_out_is_timed_from_its_end_too() -> None:
    slow = replace(_change("slow", 0), end=ONSET - timedelta(seconds=20))
    quick = _change("quick", 0)
    assert _weight(timing(_candidate(slow), _facts([slow]))) > _weight(timing(_candidate(quick), _facts([quick])))


def test_a_longer_name_is_not_its_shorter_neighbours() -> None:
    from triage.hypotheses.blame import name_pattern

    text = pl.Series(["call to ts-train-service failed", "call to ts-train-food-service failed", "ts_train: 503"])
    assert text.str.contains(name_pattern(service_key("ts-train-service").split())).to_list() == [True, False, True]
    assert text.str.contains(name_pattern(service_key("ts-train-food-service").split())).to_list() == [
        False,
        True,
        False,
    ]
