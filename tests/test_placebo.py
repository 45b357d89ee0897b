"""Chance rates: the onset moved to other times, all changes scored again, against the slow and obvious way."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.changes import Change
from triage.hypotheses import Facts, Line, find_origins, placebo, rank_hypotheses
from triage.hypotheses.candidates import Candidate
from triage.hypotheses.checks import CHECKS
from triage.hypotheses.checks.rollback import rollback
from triage.hypotheses.checks.timing import IMPOSSIBLE, SHORTEST, SLACK, SOONER, timing_weights
from triage.hypotheses.moved import HERE
from triage.hypotheses.placebo import MOVES, OF_TIME, moves_of
from triage.hypotheses.restarts import Restart
from triage.hypotheses.weights import known_weights
from triage.ingest.held import Records
from triage.ingest.schema import RECORDS, conform
from triage.onset.incident_onset import find_incident_onset

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
ONSET, END, WIDTH = 20.0, 40.0, 8.0
#: Moves of the onset where each is scored the slow way.
FEW = 25
BY_NAME = {check.__name__: check for check in CHECKS}


def _at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def _facts(changes: Sequence[Change], restarts: Sequence[Restart] = (), until: float = END) -> Facts:
    """Inventory fails from the onset until some minute, every ten seconds; payments works."""
    rows = [(_at(ONSET) + timedelta(seconds=s), "inventory", "pool empty", "t-pool") for s in range(0, 1200, 10)]
    rows = [row for row in rows if row[0] < _at(until)]
    rows += [(START + timedelta(seconds=s), "payments", "charge accepted", "t-ok") for s in range(0, 2400, 10)]
    names = ["timestamp", "service_name", "body", "template_id"]
    table = pl.DataFrame(sorted(rows), schema=names, orient="row").with_columns(
        pl.lit("app.log").alias("source"), pl.int_range(1, pl.len() + 1).alias("line"), pl.col("body").alias("raw")
    )
    records = conform(table, RECORDS).with_columns(table["template_id"])
    trouble = {"template_id": "t-pool", "service_name": "inventory", "kind": "new", "at": _at(ONSET), "llr": 40.0}
    trouble |= {"earliest": _at(ONSET) - timedelta(seconds=WIDTH), "latest": _at(ONSET), "trouble": 20.0}
    troubles = pl.DataFrame([trouble | {"failing": True, "adverse": True}])
    onset = find_incident_onset(troubles)
    return Facts(
        start=START, end=_at(END), onset=onset, troubles=troubles, changes=tuple(changes), records=Records(records),
        origins=find_origins(troubles, onset, records.lazy()), restarts=tuple(restarts),
        services=frozenset({"inventory", "payments"}),
    )  # fmt: skip


def _change(number: int, minutes: float, service: str | None, kind: str = "deploy", lasts: float = 0) -> Change:
    end = _at(minutes) + timedelta(seconds=lasts) if lasts else None
    return Change(id=f"c{number}", time=_at(minutes), kind=kind, service=service, end=end)


def _candidate(change: Change) -> Candidate:
    return Candidate(f"change-{change.id}", "change", "claim", change)


def _weight(name: str, change: Change, facts: Facts) -> float:
    found = BY_NAME[name](_candidate(change), facts)
    return known_weights().counted(found).weight if found else 0.0


def _moved(facts: Facts, by: float) -> Facts:
    """The same with the onset at another time."""
    step, onset = timedelta(seconds=by), facts.onset
    assert onset is not None
    moved = replace(onset, at=onset.at + step, earliest=onset.earliest + step, latest=onset.latest + step)
    return replace(facts, onset=moved)


def _rollback_moved(change: Change, facts: Facts, by: float) -> float:
    """Where the onset, its lines and the end of the logs move one way, they stay if all changes move the other way."""
    step = timedelta(seconds=by)

    def back(one: Change) -> Change:
        return replace(one, time=one.time - step, end=one.end - step if one.end else None)

    found = rollback(_candidate(back(change)), replace(facts, changes=tuple(map(back, facts.changes))))
    return known_weights().counted(found).weight if found else 0.0


def _slow_scores(change: Change, facts: Facts, lasting: float) -> list[float]:
    return [
        lasting
        + sum(_weight(name, change, _moved(facts, by)) for name in OF_TIME if name != "rollback")
        + _rollback_moved(change, facts, by)
        for by in moves_of(facts)
    ]


kinds = st.sampled_from(["deploy", "deploy", "config", "flag", "rollback"])
services = st.sampled_from(["inventory", "inventory", "payments", "mailer", None])
listed = st.lists(st.tuples(st.integers(-3000, 2300), services, kinds, st.sampled_from([0, 0, 90])), max_size=8)


def _drawn(rows: Sequence[tuple[int, str | None, str, int]]) -> list[Change]:
    return [_change(n, at / 60, service, kind, lasts) for n, (at, service, kind, lasts) in enumerate(rows)]


RESTART = Restart("inventory", _at(12), Line("app.log", 7, "inventory starting"))


@settings(max_examples=8, deadline=None)
@given(rows=listed, until=st.sampled_from([30.0, END]))
def test_chance_rates_are_those_of_scoring_each_change_at_each_onset(
    rows: list[tuple[int, str | None, str, int]], until: float
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(placebo, "MOVES", FEW)  # the slow way is slow
        _check_against_slow(_facts(_drawn(rows), [RESTART], until))


def _check_against_slow(facts: Facts) -> None:
    ranked = [h for h in rank_hypotheses(facts) if h.change]
    scores, best = [], [-math.inf] * FEW
    for hypothesis in ranked:
        assert hypothesis.change is not None
        lasting = sum(e.weight for e in hypothesis.evidence if e.check not in OF_TIME)
        slow = _slow_scores(hypothesis.change, facts, lasting)
        best = list(map(max, best, slow))
        scores.append(sum(e.weight for e in hypothesis.evidence))
    for hypothesis, score in zip(ranked, scores, strict=True):
        expected = (1 + sum(other >= score - 1e-6 for other in best)) / (1 + FEW)
        assert hypothesis.chance == pytest.approx(expected)


@given(rows=listed)
@settings(deadline=None)
def test_what_is_scored_anew_is_what_the_checks_say_where_the_onset_was_found(
    rows: list[tuple[int, str | None, str, int]],
) -> None:
    changes = _drawn(rows)
    facts = _facts(changes, [RESTART], 30)
    for name, moving in OF_TIME.items():
        found = [check.weight if (check := BY_NAME[name](_candidate(c), facts)) else 0.0 for c in changes]
        if changes:
            assert moving(changes, facts, HERE)[:, 0].tolist() == pytest.approx(found)


def test_the_nearest_of_six_deploys_an_hour_is_near_by_chance() -> None:
    """With a deploy every ten minutes, one came within eight minutes before four onsets in five."""
    often = [_change(n, ONSET - 8 - 10 * n, "inventory") for n in range(-1, 12)]
    nearest = next(h for h in rank_hypotheses(_facts(often)) if h.change_id == "c0")
    assert nearest.chance is not None and 0.6 < nearest.chance < 0.9
    (alone,) = (h for h in rank_hypotheses(_facts([often[1], _change(99, -110, "mailer")])) if h.change_id == "c0")
    assert alone.chance is not None and alone.chance < 0.1


def test_a_near_change_where_nothing_fails_is_no_less_by_chance_than_one_where_it_does() -> None:
    ranked = rank_hypotheses(_facts([_change(1, 15, "inventory"), _change(2, 19, "payments")]))
    culprit, near = (next(h for h in ranked if h.change_id == name) for name in ("c1", "c2"))
    assert culprit.chance is not None and near.chance is not None
    assert culprit.chance < 0.2 < near.chance


def test_what_comes_after_the_onset_is_matched_by_chance_nearly_always() -> None:
    ranked = rank_hypotheses(_facts([_change(1, 15, "inventory"), _change(2, 30, "inventory")]))
    assert [h.chance for h in ranked if h.change_id == "c2"] == [1.0]


def test_without_an_onset_or_a_change_there_is_no_chance_rate() -> None:
    facts = _facts([_change(1, 15, "inventory")])
    assert [h.chance is None for h in rank_hypotheses(facts) if h.kind == "unrecorded"] == [True]
    assert all(h.chance is None for h in rank_hypotheses(replace(facts, onset=None)))


def test_a_chance_rate_is_shown_in_a_notebook() -> None:
    first = rank_hypotheses(_facts([_change(1, 15, "inventory")]))[0]
    assert first.chance is not None
    assert f"(as good by chance in {first.chance:.0%} of cases)" in first._repr_html_()
    assert "by chance" not in replace(first, chance=None)._repr_html_()


def test_the_order_of_changes_moves_no_chance_rate() -> None:
    changes = [_change(n, n, ["inventory", "payments", None][n % 3]) for n in range(20)]
    mixed = random.Random(3).sample(changes, len(changes))
    one, other = ({h.id: h.chance for h in rank_hypotheses(_facts(each))} for each in (changes, mixed))
    assert one == other


def test_onsets_lie_in_the_time_in_which_changes_are_listed() -> None:
    facts = _facts([_change(1, -500, "inventory")])
    moved = ONSET * 60 + moves_of(facts)
    assert len(np.unique(moved)) == MOVES
    assert moved.min() >= -500 * 60 and moved.max() <= END * 60
    assert np.diff(np.sort(moved)).max() < 3 * facts.reach.total_seconds() / MOVES


@pytest.mark.parametrize(("minutes", "kind", "lasts"), [(5, "deploy", 0), (18, "flag", 300), (19.95, "config", 30)])
def test_the_weight_of_a_delay_is_the_mean_over_interval_and_roll_out(minutes: float, kind: str, lasts: float) -> None:
    change = _change(1, minutes, "inventory", kind, lasts)
    facts = _facts([change])
    shortest, longest = SOONER.get(kind, (SHORTEST, 6 * 3600.0))
    latest = ONSET * 60
    acts = max(0.0, min(lasts, latest - minutes * 60))
    moments = np.linspace(latest - WIDTH, latest, 801)[:, None] - np.linspace(0, acts, 801)[None, :] - minutes * 60
    density = np.where(moments < -SLACK.total_seconds(), 0, 1 / (np.maximum(moments, 0) + shortest)).mean()
    expected = math.log(density / math.log1p(longest / shortest) * facts.reach.total_seconds())
    assert timing_weights([change], facts, HERE)[0, 0] == pytest.approx(max(expected, IMPOSSIBLE), abs=0.01)
