"""Versions that lines name: a service's own and no other's, when another one came, and what that says of changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from triage.changes import Change
from triage.hypotheses import Facts, Origin
from triage.hypotheses.candidates import Candidate
from triage.hypotheses.checks.timing import IMPOSSIBLE
from triage.hypotheses.checks.unrecorded_restart import unrecorded_restart
from triage.hypotheses.checks.version_seen import TOO_LATE, version_seen
from triage.hypotheses.checks.version_unchanged import version_unchanged
from triage.hypotheses.checks.version_unrecorded import version_unrecorded
from triage.hypotheses.own_versions import banner_versions, same_version
from triage.hypotheses.restarts import find_restarts
from triage.hypotheses.version_facts import recorded_rollouts, unexplained_rollouts
from triage.hypotheses.versions import Versions, find_versions
from triage.ingest.held import Records
from triage.ingest.schema import RECORDS, conform
from triage.onset.incident_onset import IncidentOnset

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
END = START + timedelta(minutes=60)
ONSET = START + timedelta(minutes=30)
#: Minute, what the line says, its attributes, its host.
Row = tuple[float, str, str | None, str]


def records(rows: Sequence[Row], service: str = "inventory") -> pl.DataFrame:
    """Lines of a service, which also writes every minute."""
    work: list[Row] = [(float(minute), "reserved 7", None, "h1") for minute in range(60)]
    table = pl.DataFrame(
        [(START + timedelta(minutes=minute), *rest) for minute, *rest in [*work, *rows]],
        schema={
            "timestamp": pl.Datetime("ns", "UTC"),
            "body": pl.String,
            "attributes": pl.String,
            "host_name": pl.String,
        },
        orient="row",
    )
    table = table.with_row_index("line", 1).with_columns(
        pl.lit(service).alias("service_name"), pl.lit("a.log").alias("source"),
        pl.concat_str("body", pl.lit(" "), "attributes", ignore_nulls=True).alias("raw"),
    )  # fmt: skip
    return conform(table, RECORDS).with_columns(pl.lit("t").alias("template_id")).sort("timestamp")


def versions(rows: Sequence[Row], service: str = "inventory") -> Versions:
    return find_versions(records(rows, service).lazy(), START, END)


def came(found: Versions) -> list[tuple[str | None, str, float]]:
    return [(one.before, one.version, (one.at - START) / timedelta(minutes=1)) for one in found.rollouts]


def about(version: str, key: str = "version") -> str:
    return f'{{"n":1,"{key}":"{version}"}}'


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("inventory 2.4.0 starting, pool of 12 connections", "2.4.0"),
        ("starting inventory 2.4.0", "2.4.0"),
        ("Starting InventoryService v2.4.0-rc.1 using Java 17.0.2 with PID 7", "v2.4.0-rc.1"),
        ("booting inventory version 2.4", "2.4"),
        ("inventory/2.4.0", "2.4.0"),
        ("Application version: 2.4.0", "2.4.0"),
        ("Starting up version 2.4.0, built today", "2.4.0"),
        ("Inventory version=2.4.0, bits=64, compiler=12.2.0", "2.4.0"),
        # not its own
        ("Starting InventoryService using Java 17.0.2 with PID 7", None),
        ("starting Kafka client 3.6.1", None),
        ("Kafka version: 3.6.1", None),
        ("API version 1.2.0", None),
        ("starting inventory api v1.2", None),
        ("schema version: 12.1.3", None),
        ("inventory schema version: 12.1.3", None),
        ("GET / HTTP/1.1 200", None),
        ("started HTTP/1.1 listener", None),
        ("Starting server on 10.0.0.7:8080", None),
        ("listening on 0.0.0.0:8080", None),
        ("Started inventory in 2.5 s", None),
        ("nginx/1.24.0", None),
        ("running 3.5 times as fast", None),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", None),
        ("TLS version 1.3.0", None),
        ("client version 9.9.9 connected", None),
    ],
)
def test_what_a_start_up_line_says_of_the_own_version(text: str, version: str | None) -> None:
    lines = pl.DataFrame({"body": [text], "service_name": ["inventory"]})
    assert banner_versions(lines).to_list() == [version]


def test_a_database_names_itself_and_what_built_it() -> None:
    text = "starting PostgreSQL 15.18 (Debian 15.18-0+deb12u1) on x86_64, compiled by gcc 12.2.0, 64-bit"
    lines = pl.DataFrame({"body": [text, text], "service_name": ["postgresql", "orders"]})
    assert banner_versions(lines).to_list() == ["15.18", None]


def test_another_version_in_banners() -> None:
    rows: list[Row] = [(0.2, "starting inventory 2.3.1", None, "h1"), (20, "starting inventory 2.4.0", None, "h1")]
    found = versions(rows)
    assert came(found) == [("2.3.1", "2.4.0", 20.0)]
    assert found.rollouts[0].line is not None
    assert found.rollouts[0].line.text.rstrip() == "starting inventory 2.4.0"


@pytest.mark.parametrize("key", ["version", "service.version", "build", "commit", "image_tag"])
def test_another_version_in_attributes(key: str) -> None:
    old, new = ("a1b2c3d", "e4f5a6b") if key == "commit" else ("2.3.1", "2.4.0")
    rows: list[Row] = [(m, "ok", about(old if m < 20 else new, key), "h1") for m in range(60)]
    assert came(versions(rows)) == [(old, new, 20.0)]


@pytest.mark.parametrize(
    "attributes",
    [
        ['{"http":{"version":"1.1"}}', '{"http":{"version":"2.0"}}'],
        ['{"http_version":"1.1"}', '{"http_version":"2"}'],
        ['{"api_version":"v1"}', '{"api_version":"v2"}'],
        ['{"client_version":"7.1.0"}', '{"client_version":"7.2.0"}'],
        ['{"schema_version":"12"}', '{"schema_version":"13"}'],
        ['{"note":"\\"version\\":\\"1.0.0\\""}', '{"note":"\\"version\\":\\"2.0.0\\""}'],
        ['{"build":"started"}', '{"build":"failed"}'],
    ],
)
def test_versions_of_something_else_are_none(attributes: list[str]) -> None:
    rows: list[Row] = [(m, "ok", attributes[m >= 20], "h1") for m in range(60)]
    assert versions(rows) == Versions()


def test_a_version_that_alternates_on_one_instance_is_that_of_clients_or_protocols() -> None:
    rows: list[Row] = [
        (m + part / 9, "ok", about("1.1" if part % 2 else "2.0"), "h1") for m in range(60) for part in (1, 2)
    ]
    assert versions(rows) == Versions()


def test_a_rollout_over_instances_and_one_that_stops_halfway() -> None:
    rows: list[Row] = [
        (m, "ok", about("2.4.0" if m >= when else "2.3.1"), host)
        for m in range(60)
        for host, when in (("h1", 20), ("h2", 25), ("h3", 99))
    ]
    [one] = versions(rows).rollouts
    assert (one.instances, one.of, one.before) == (2, 3, "2.3.1")
    assert (one.at, one.until, one.after) == tuple(START + timedelta(minutes=m) for m in (20, 25, 19))


def test_a_rollback_is_another_rollout_and_more_instances_are_none() -> None:
    rows: list[Row] = [(m, "ok", about("2.4.0" if 20 <= m < 40 else "2.3.1"), "h1") for m in range(60)]
    more: list[Row] = [(m, "ok", about("2.3.1"), "h2") for m in range(45, 60)]
    assert came(versions([*rows, *more])) == [("2.3.1", "2.4.0", 20.0), ("2.4.0", "2.3.1", 40.0)]


def test_new_instances_with_another_version_are_a_rollout() -> None:
    old: list[Row] = [(m, "ok", about("2.3.1"), "h1") for m in range(25)]
    new: list[Row] = [(m, "ok", about("2.4.0"), "h2") for m in range(20, 60)]
    assert came(versions([*old, *new])) == [("2.3.1", "2.4.0", 20.0)]


def test_a_version_with_which_the_logs_begin_is_no_rollout() -> None:
    assert came(versions([(0.1, "starting inventory 2.4.0", None, "h1")])) == []
    assert came(versions([(20, "starting inventory 2.4.0", None, "h1")])) == [(None, "2.4.0", 20.0)]


def test_what_changes_all_the_time_is_daily_work() -> None:
    rows: list[Row] = [(m, "ok", about(f"1.0.{m // 6}"), "h1") for m in range(60)]
    assert versions(rows).rollouts == ()


def test_the_order_of_records_makes_no_difference() -> None:
    rows: list[Row] = [
        (m, "ok", about("2.4.0" if m >= when else "2.3.1"), host)
        for m in range(60)
        for host, when in (("h1", 20), ("h2", 25))
    ]
    table = records(rows)
    turned = table.sample(fraction=1.0, shuffle=True, seed=3)
    assert find_versions(turned.lazy(), START, END) == find_versions(table.lazy(), START, END)


def test_spellings_of_a_version() -> None:
    assert same_version("v2.4.0", " 2.4.0+build.7")
    assert not same_version(None, None)


def _facts(rows: Sequence[Row], changes: Sequence[Change] = ()) -> Facts:
    table = records(rows)
    onset = IncidentOnset(ONSET, ONSET - timedelta(seconds=5), ONSET)
    return Facts(
        start=START, end=END, onset=onset, changes=tuple(changes), records=Records(table),
        troubles=pl.DataFrame(schema={"template_id": pl.String, "service_name": pl.String, "trouble": pl.Float64}),
        origins=(Origin("inventory", 1.0, ONSET, ("t",)),), versions=find_versions(table.lazy(), START, END),
        restarts=find_restarts(table.lazy(), START),
    )  # fmt: skip


def _deploy(minute: float, version: str | None = "2.4.0", end: float | None = None) -> Change:
    at = [None if m is None else START + timedelta(minutes=m) for m in (minute, end)]
    assert at[0] is not None
    return Change(id="c1", time=at[0], end=at[1], kind="deploy", service="Inventory-Service", version=version)


def _ask(check: object, facts: Facts, change: Change | None) -> object:
    assert callable(check)
    kind = "change" if change else "unrecorded"
    return check(Candidate("x", kind, "claim", change), facts)


def switched(minute: float) -> list[Row]:
    return [(m, "ok", about("2.4.0" if m >= minute else "2.3.1"), "h1") for m in range(60)]


def test_a_deploy_that_came_into_effect_shortly_before_the_trouble_fits_better_than_its_record() -> None:
    change = _deploy(5, end=29)
    found = version_seen(Candidate("x", "change", "claim", change), _facts(switched(29), [change]))
    assert found is not None
    assert found.weight > 0.5
    assert found.statement.startswith(
        "inventory 2.4.0 first appears in the logs at 02:29:00 UTC, 1 min before the trouble"
    )
    assert found.statement.endswith("and 24 min after its recorded time")
    assert found.lines[0].text.endswith(about("2.4.0"))


def test_a_version_that_appears_after_the_trouble_speaks_against_its_deploy() -> None:
    change = _deploy(25, end=28)
    found = version_seen(Candidate("x", "change", "claim", change), _facts(switched(40), [change]))
    assert found is not None
    assert found.weight == TOO_LATE
    assert found.statement.endswith("10 min after the trouble had begun")


def test_a_deploy_recorded_too_late_is_possible_where_lines_show_it_earlier() -> None:
    change = _deploy(45)
    found = version_seen(Candidate("x", "change", "claim", change), _facts(switched(28), [change]))
    assert found is not None
    assert 2 < found.weight < -IMPOSSIBLE


def test_a_deploy_that_began_when_it_was_recorded_is_not_told_again() -> None:
    change = _deploy(20)
    assert version_seen(Candidate("x", "change", "claim", change), _facts(switched(20), [change])) is None
    other = replace(change, version="9.9.9")
    assert version_seen(Candidate("x", "change", "claim", other), _facts(switched(20), [other])) is None


def test_a_version_that_came_only_in_between_two_lines_says_nothing_of_late() -> None:
    """The version before is last seen long before the trouble: the new one may have come any time since."""
    rows: list[Row] = [(0.2, "starting inventory 2.3.1", None, "h1"), (40, "starting inventory 2.4.0", None, "h1")]
    change = _deploy(25)
    assert version_seen(Candidate("x", "change", "claim", change), _facts(rows, [change])) is None


def test_another_version_without_any_recorded_change_speaks_for_an_unrecorded_one() -> None:
    near = version_unrecorded(Candidate("u", "unrecorded", "claim"), _facts(switched(29)))
    far = version_unrecorded(Candidate("u", "unrecorded", "claim"), _facts(switched(3)))
    assert near is not None and far is not None
    assert near.weight > 1.5 > far.weight > 0
    assert near.statement == (
        "inventory 2.4.0 first appears at 02:29:00 UTC, 2.3.1 before; that is 1 min before the trouble, and no "
        "recorded change explains it"
    )


@pytest.mark.parametrize(
    "changes", [[_deploy(29)], [_deploy(10)], [_deploy(29, version=None)], [replace(_deploy(29, None), service=None)]]
)
def test_a_version_that_a_recorded_change_explains_is_no_sign_of_another(changes: list[Change]) -> None:
    facts = _facts(switched(29), changes)
    assert unexplained_rollouts(facts.versions, facts.changes) == ()
    assert version_unrecorded(Candidate("u", "unrecorded", "claim"), facts) is None


def test_a_version_that_came_after_the_trouble_is_its_consequence() -> None:
    assert version_unrecorded(Candidate("u", "unrecorded", "claim"), _facts(switched(31))) is None


def test_the_restart_that_brings_a_version_is_not_told_twice() -> None:
    rows: list[Row] = [(0.2, "starting inventory 2.3.1", None, "h1"), (29, "starting inventory 2.4.0", None, "h1")]
    unrecorded = Candidate("u", "unrecorded", "claim")
    assert version_unrecorded(unrecorded, _facts(rows)) is not None
    assert unrecorded_restart(unrecorded, _facts(rows)) is None
    same = [(minute, text.replace("2.4.0", "2.3.1"), *rest) for minute, text, *rest in rows]
    assert version_unrecorded(unrecorded, _facts(same)) is None  # type: ignore[arg-type]
    assert unrecorded_restart(unrecorded, _facts(same)) is not None  # type: ignore[arg-type]


def test_a_deploy_after_which_the_old_version_runs_on_had_not_taken_effect() -> None:
    change = _deploy(20, "2.4.0")
    rows: list[Row] = [(m, "ok", about("2.3.1"), "h1") for m in range(60)]
    found = version_unchanged(Candidate("x", "change", "claim", change), _facts(rows, [change]))
    assert found is not None
    assert found.weight < -1
    assert "still name 2.3.1 after it, up to 02:29:55 UTC" in found.statement


@pytest.mark.parametrize(
    ("rows", "change"),
    [
        (switched(20), _deploy(20)),  # it changed
        (switched(25), _deploy(20, None)),  # it changed to what is not recorded
        ([(m, "ok", about("2.4.0"), "h1") for m in range(60)], _deploy(20)),  # it ran before, whatever that means
        ([(0.2, "starting inventory 2.3.1", None, "h1")], _deploy(20)),  # no line afterwards names any
        ([(m, "ok", about("2.3.1"), "h1") for m in range(60)], _deploy(45)),  # after the trouble
        ([(m, "ok", about("2.3.1"), "h1") for m in range(60)], replace(_deploy(20), kind="config")),
        ([(m, "ok", about("2.3.1"), "h1") for m in range(60)], replace(_deploy(20), service="checkout")),
    ],
)
def test_nothing_is_said_of_deploys_that_may_have_taken_effect(rows: list[Row], change: Change) -> None:
    assert version_unchanged(Candidate("x", "change", "claim", change), _facts(rows, [change])) is None


def test_a_deploy_without_a_version_is_the_rollout_while_it_went_on() -> None:
    assert set(recorded_rollouts(_facts(switched(20), [_deploy(19, None, end=21)]))) == {"c1"}
    assert not recorded_rollouts(_facts(switched(20), [_deploy(5, None)]))


def test_a_rollout_is_the_nearest_of_the_deploys_of_that_version() -> None:
    changes = [_deploy(19), replace(_deploy(45), id="c2"), replace(_deploy(2), id="c3")]
    assert set(recorded_rollouts(_facts(switched(20), changes))) == {"c1"}
