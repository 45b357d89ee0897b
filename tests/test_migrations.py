"""Migrations that lines show, and what they say where no recorded change explains them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.test_versions import ONSET, START, Row, _facts, records
from triage.changes import Change
from triage.hypotheses import Facts
from triage.hypotheses.candidates import Candidate
from triage.hypotheses.checks.migration_unrecorded import migration_unrecorded
from triage.hypotheses.migrations import find_migrations

UNRECORDED = Candidate("u", "unrecorded", "claim")


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("applying migration 0042_add_zone", True),
        ("Running upgrade migrations for orders", True),
        ("Migrating schema public to version 7", True),
        ("migration 0042_add_zone applied in 3 s", True),
        ("ALTER TABLE orders ADD COLUMN zone text", True),
        ("statement: create unique index on orders", True),
        ("no migrations to apply", False),
        ("migrations are up to date, running without migrations", False),
        ("0 migrations applied", False),
        ("checking applied migrations", False),
        ("birds begin their migration", False),
        ("selected table 7", False),
    ],
)
def test_which_lines_show_one(text: str, shows: bool) -> None:
    assert (len(find_migrations(records([(5, text, None, "h1")]).lazy())) == 1) == shows


def test_lines_of_one_migration_are_one_and_daily_work_is_none() -> None:
    rows: list[Row] = [(5 + n / 100, f"applying migration {n}", None, "h1") for n in range(20)]
    [one] = find_migrations(records(rows).lazy())
    assert one.at == START + timedelta(minutes=5)
    often: list[Row] = [(5.0 * n, "truncate table staging", None, "h1") for n in range(1, 10)]
    assert find_migrations(records(often).lazy()) == ()


def _migrated(minute: float, *changes: Change) -> Facts:
    return _facts([(minute, "ALTER TABLE stock ADD COLUMN zone text", None, "h1")], changes)


def _change(minute: float, kind: str = "migration", service: str | None = "database") -> Change:
    return Change(id="c", time=START + timedelta(minutes=minute), kind=kind, service=service, version=None)


def test_one_that_no_change_explains_speaks_for_an_unrecorded_one() -> None:
    found = migration_unrecorded(UNRECORDED, _migrated(28, _change(10), _change(28, "deploy", "checkout")))
    assert found is not None
    assert found.weight > 1
    assert found.statement == (
        "inventory writes of a migration at 02:28:00 UTC, 2 min before the trouble, and no recorded change explains it"
    )
    assert found.lines[0].text.startswith("ALTER TABLE stock")


@pytest.mark.parametrize(
    "change", [_change(28), _change(27, "deploy", "Inventory-Service"), _change(27.5, "other", None)]
)
def test_one_that_a_change_explains_does_not(change: Change) -> None:
    assert migration_unrecorded(UNRECORDED, _migrated(28, change)) is None


def test_nor_one_long_before_or_after_the_trouble_or_elsewhere_or_for_a_change() -> None:
    assert migration_unrecorded(UNRECORDED, _migrated(3)) is None
    assert migration_unrecorded(UNRECORDED, _migrated(31)) is None
    assert migration_unrecorded(UNRECORDED, replace(_migrated(28), origins=())) is None
    assert migration_unrecorded(Candidate("c", "change", "claim", _change(28)), _migrated(28)) is None
    assert migration_unrecorded(UNRECORDED, replace(_migrated(28), onset=None)) is None
    assert ONSET > START
