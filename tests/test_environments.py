"""Changes in staging and the like: known by fields, tags and names; spoken against where the trouble is elsewhere."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import triage
from tests.test_hypotheses import ONSET, _at, _candidate, _change, _facts, _records
from triage.changes import Change, load_changes
from triage.changes.environments import environment_named, environment_of
from triage.hypotheses import Facts
from triage.hypotheses.candidates import Candidate
from triage.hypotheses.checks.environment import environment
from triage.hypotheses.checks.rollback import rollback
from triage.hypotheses.checks.superseded import superseded
from triage.hypotheses.checks.version_unrecorded import version_unrecorded
from triage.hypotheses.version_facts import recorded_rollouts
from triage.hypotheses.versions import Rollout, Versions
from triage.ingest.held import Records


def _in(name: str | None, minutes: float = 15, kind: str = "deploy", **attributes: Any) -> Change:
    told = {} if name is None else {"environment": name}
    return replace(_change(f"c-{name}-{minutes}", minutes, kind=kind), attributes=told | attributes)


def _of(changes: list[Change], **columns: str) -> Facts:
    """The usual incident; `columns` are what all its lines say."""
    records = _records().with_columns(**{name: pl.lit(text) for name, text in columns.items()})
    return replace(_facts(changes), records=Records(records))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("prod", "production"), ("Production", "production"), ("PRD", "production"), ("live", "production"),
        ("prod-eu-1", "production"), ("prod2", "production"), ("staging", "staging"), ("pre-prod", "staging"),
        ("preproduction", "staging"), ("non_prod", "staging"), ("dev", "development"), ("qa1", "test"), ("UAT", "test"),
        ("review/new-cart", "preview"), ("sandbox", "sandbox"), ("github-pages", None), ("eu-west-1", None), ("", None),
        ("product", None), ("staging and production", None), ("développement", None),
    ],
)  # fmt: skip
def test_names_of_environments(name: str, found: str | None) -> None:
    assert environment_named(name) == found


@pytest.mark.parametrize(
    ("attributes", "found"),
    [
        ({"environment": "staging"}, "staging"), ({"Env": "prod"}, "production"),
        ({"namespace": "shop-dev"}, "development"), ({"cluster": "prd-eu"}, "production"),
        ({"tags": ["service:cart", "env:qa"]}, "test"), ({}, None),
        ({"tags": "service:cart,env:qa"}, "test"), ({"tags": {"ENV": "qa", "other": 3}}, "test"),
        ({"environment": ["prod"]}, "production"), ({"environment": ["prod", "staging"]}, None),
        ({"environment": {"key": "prod"}}, "production"), ({"environment": {"name": None}}, None),
        ({"environment": 5, "tags": {"env": [{}, None]}}, None),
        ({"environment": "blue", "namespace": "shop-dev"}, None), ({"namespace": "preview"}, None),
        ({"namespace": "prod", "cluster": "staging"}, None), ({"environment": 7}, None), ({"environment": " "}, None),
    ],
)  # fmt: skip
def test_the_environment_of_a_change(attributes: dict[str, Any], found: str | None) -> None:
    assert environment_of(replace(_change("c", 1), attributes=attributes)) == found


PRODUCTION = '{"deployment.environment.name":"prod"}'
STAGING = '{"x":1,"env":"staging"}'


@pytest.mark.parametrize("columns", [{"attributes": PRODUCTION}, {"host_name": "web-1.prod.example"},
                                     {"source": "/var/log/production/cart.log"},
                                     {"attributes": '{"k8s.namespace.name":"shop-prod"}'}])  # fmt: skip
def test_a_change_elsewhere_than_the_lines_is_spoken_against(columns: dict[str, str]) -> None:
    there, here, silent = _in("staging"), _in("live"), _in(None)
    facts = _of([there, here, silent], **columns)
    found = environment(_candidate(there), facts)
    assert found is not None and found.weight < -2
    assert found.statement == (
        "It was made in another environment (staging): the lines with the trouble are of production"
    )
    assert environment(_candidate(here), facts) is environment(_candidate(silent), facts) is None


def test_where_the_lines_say_nothing_most_changes_tell() -> None:
    there, others = _in("qa"), [_in("prod", minutes) for minutes in (1, 2)]
    found, seen = (environment(_candidate(there), _of([there, *others], **c)) for c in ({}, {"attributes": PRODUCTION}))
    assert found is not None and seen is not None
    assert seen.weight < found.weight < -1
    assert found.statement.endswith("most changes that name one were made in production")
    assert environment(_candidate(there), _of([there, others[0]])) is None
    assert environment(_candidate(there), _of([there])) is None


@pytest.mark.parametrize("columns", [{"attributes": STAGING}, {"source": "logs/staging/cart.log"},
                                     {"host_name": "web-1.stg"}])  # fmt: skip
def test_lines_of_staging_do_not_speak_against_changes_there(columns: dict[str, str]) -> None:
    there = _in("staging")
    assert environment(_candidate(there), _of([there, _in("prod", 1), _in("prod", 2)], **columns)) is None


def test_lines_of_staging_speak_against_changes_in_production_but_a_folder_does_not() -> None:
    there = _in("production")
    assert environment(_candidate(there), _of([there], attributes=STAGING)) is not None
    assert environment(_candidate(there), _of([there], source="dev/logs/cart.log")) is None


def test_two_environments_that_are_no_production_are_not_told_apart() -> None:
    there = _in("test")
    assert environment(_candidate(there), _of([there], attributes=STAGING)) is None


def test_a_deploy_elsewhere_replaces_nothing_and_a_rollback_there_undoes_nothing() -> None:
    first, here, there = _in("prod", 5), _in("prod", 15), _in("staging", 16)
    assert superseded(_candidate(first), _of([first, here], attributes=PRODUCTION)) is not None
    assert superseded(_candidate(first), _of([first, there], attributes=PRODUCTION)) is None
    for name, undoes in (("prod", True), ("staging", False)):
        undone = _in(name, 30, "rollback")
        assert (rollback(_candidate(here), _of([here, undone], attributes=PRODUCTION)) is not None) is undoes


def test_a_deploy_elsewhere_explains_no_version_that_the_lines_show() -> None:
    there, rollout = _in("staging", 18), Rollout("inventory", "2.4.0", "2.3.0", None, _at(18), _at(18), 1, 1)
    for columns, explained in (({}, True), ({"attributes": PRODUCTION}, False)):
        facts = replace(_of([there], **columns), versions=Versions(rollouts=(rollout,)))
        assert (there.id in recorded_rollouts(facts)) is explained
        assert (version_unrecorded(Candidate("unrecorded", "unrecorded", "claim"), facts) is None) is explained


def test_a_flag_turned_off_elsewhere_is_not_taken_back() -> None:
    on = replace(_in("prod", 15, "flag", flag="cart"), summary="on")
    for name, undoes in (("prod", True), ("staging", False)):
        off = replace(_in(name, 30, "flag", flag="cart"), summary="off")
        assert (rollback(_candidate(on), _of([on, off])) is not None) is undoes


def test_exports_say_the_environment() -> None:
    run = {"id": 1, "status": "completed", "conclusion": "success", "created_at": "2026-11-21T02:00:00Z",
           "head_sha": "a" * 40, "name": "deploy-cart-staging"}  # fmt: skip
    application = {
        "apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "cart"},
        "spec": {"destination": {"namespace": "shop", "name": "dev-eu"}},
        "status": {"history": [{"id": 1, "deployedAt": "2026-11-21T02:00:00Z", "revision": "a" * 40}]},
    }  # fmt: skip
    found = [load_changes(document).changes for document in ({"workflow_runs": [run]}, application)]
    assert [environment_of(change) for (change,) in found] == ["staging", "development"]


def test_the_deploy_in_production_leads_the_one_in_staging(tmp_path: Path) -> None:
    """Both of one service, within a minute; the nearer one is of staging."""
    lines = []
    for second in range(2400):
        at = (ONSET + timedelta(seconds=second - 1200)).strftime("%Y-%m-%dT%H:%M:%SZ")
        lines.append({"time": at, "level": "info", "service": "cart", "env": "prod", "msg": f"order {second} taken"})
        if second >= 1200 and second % 2:
            lines.append({"time": at, "level": "error", "service": "cart", "env": "prod", "msg": "no stock answer"})
    (tmp_path / "cart.log").write_text("".join(json.dumps(line) + "\n" for line in lines))
    changes = [
        {"id": name, "time": (ONSET - timedelta(seconds=before)).isoformat(), "kind": "deploy", "service": "cart",
         "environment": name} for name, before in (("production", 75), ("staging", 15))
    ]  # fmt: skip
    ranked = triage.load(tmp_path, changes).hypotheses
    place = {hypothesis.change_id: hypothesis.rank for hypothesis in ranked}
    assert place["production"] < place["staging"]
    (against,) = (e for h in ranked for e in h.evidence_against if e.check == "environment")
    assert "another environment (staging)" in against.statement
