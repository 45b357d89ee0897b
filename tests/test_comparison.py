"""Two sets of logs compared: silent where nothing changed, and what did change is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import triage
from benchmarks.compare import CHANGES, START, halves, quiet_log
from benchmarks.compare import told as news
from tests.shop import ONSET, write_incident
from tests.shop import START as BEGIN
from triage.comparison import Comparison
from triage.errors import InputError, UsageError

HOUR = 3600


def lines_of(
    rng: np.random.Generator,
    message: str,
    lines: float,
    start: float,
    end: float,
    service: str = "shop",
    level: str = "INFO",
) -> pl.DataFrame:
    """Lines that come independently of each other from `start` to `end`, in seconds."""
    times = np.sort(rng.uniform(start, end, rng.poisson(lines)))
    stamps = pl.Series((times * 1e9).astype(np.int64) + START * 10**9).cast(pl.Datetime("ns", "UTC"))
    texts = [message.replace("#", str(each)) for each in rng.integers(10, 10**6, len(times))]
    frame = pl.DataFrame({"timestamp": stamps, "message": pl.Series(texts, dtype=pl.String)})
    return frame.with_columns(pl.lit(level).alias("level"), pl.lit(service).alias("service"))


def usual(rng: np.random.Generator, start: float, end: float, services: tuple[str, ...] = ("shop",)) -> pl.DataFrame:
    """A quiet log of ten templates a service, each with 200 lines an hour."""
    verbs = ("open", "close", "send", "check", "store", "load", "queue", "merge", "list", "renew")
    each = 200 * (end - start) / HOUR
    return pl.concat(
        lines_of(rng, f"{verb} parcel #", each, start, end, service) for verb in verbs for service in services
    )


def told(comparison: Comparison) -> list[tuple[str, str]]:
    return list(comparison.frame.select("kind", "template").iter_rows())


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("period", [1.0, 6.0])
def test_the_halves_of_a_quiet_log_are_alike(seed: int, period: float) -> None:
    found = halves(quiet_log(seed, period_hours=period))
    assert found.quiet
    assert told(found) == []
    assert found.tested > 50


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_found_and_nothing_else(name: str) -> None:
    kind, change = CHANGES[name]
    log = quiet_log(1)
    text = change(log, log.seconds / 2)
    assert news(halves(log), kind, text) == (True, 0)


def test_rates_are_lines_over_the_time_of_each_set() -> None:
    rng = np.random.default_rng(1)
    found = triage.compare(usual(rng, 0, 4 * HOUR), usual(rng, 4 * HOUR, 4.5 * HOUR))
    assert found.quiet
    assert found.a.seconds == pytest.approx(4 * HOUR, abs=300)
    assert found.b.seconds == pytest.approx(HOUR / 2, abs=300)


def test_a_hole_in_a_set_is_no_drop() -> None:
    rng = np.random.default_rng(1)
    with_hole = pl.concat([usual(rng, 10 * HOUR, 11 * HOUR), usual(rng, 15 * HOUR, 16 * HOUR)])
    found = triage.compare(usual(rng, 0, 4 * HOUR), with_hole)
    assert found.quiet
    assert found.b.seconds / HOUR == pytest.approx(2, abs=0.05)


def test_a_service_that_was_collected_for_a_part_of_the_time_is_compared_in_that_part() -> None:
    rng = np.random.default_rng(1)
    late = pl.concat([usual(rng, 5 * HOUR, 9 * HOUR), usual(rng, 8 * HOUR, 9 * HOUR, ("till",))])
    found = triage.compare(usual(rng, 0, 4 * HOUR, ("shop", "till")), late)
    assert found.quiet
    assert found.notes == ("till: lines in 60 of 240 minutes of B; rates are of that time",)


def test_rare_lines_and_one_burst_are_not_news() -> None:
    rng = np.random.default_rng(1)
    a, b = usual(rng, 0, 4 * HOUR), usual(rng, 4 * HOUR, 8 * HOUR)
    rare = lines_of(rng, "lease of warehouse # expired", 3, 5 * HOUR, 8 * HOUR, level="ERROR")
    burst = lines_of(rng, "retry to reach the label printer", 30, 6 * HOUR, 6 * HOUR + 2, level="ERROR")
    assert triage.compare(a, pl.concat([b, rare, burst])).quiet


def test_an_error_that_begins_late_in_the_second_set_is_new() -> None:
    rng = np.random.default_rng(1)
    a, b = usual(rng, 0, 4 * HOUR), usual(rng, 4 * HOUR, 8 * HOUR)
    error = lines_of(rng, "label printer refused parcel #", 100, 7.7 * HOUR, 8 * HOUR, level="ERROR")
    found = triage.compare(a, pl.concat([b, error]))
    assert told(found) == [("new", "label printer refused parcel <NUM>")]
    row = found.frame.row(0, named=True)
    assert (row["count_a"], row["failing"], row["services"]) == (0, True, ["shop"])
    first = pl.concat([b, error]).with_row_index("line", 1).filter(pl.col("message").str.starts_with("label"))
    assert row["first_b"] == f"frame:{first['line'][0]}"
    assert row["ratio_low"] > 1
    assert row["q_value"] <= found.max_q


def test_errors_stand_first_and_then_what_changed_most() -> None:
    rng = np.random.default_rng(1)
    a, b = usual(rng, 0, 4 * HOUR), usual(rng, 4 * HOUR, 8 * HOUR)
    more = [
        lines_of(rng, "greeted customer #", 300, 4 * HOUR, 8 * HOUR),
        lines_of(rng, "sold voucher #", 3000, 4 * HOUR, 8 * HOUR),
        lines_of(rng, "lost parcel #", 80, 4 * HOUR, 8 * HOUR, level="ERROR"),
    ]
    templates = [template for _, template in told(triage.compare(a, pl.concat([b, *more])))]
    assert templates == ["lost parcel <NUM>", "sold voucher <NUM>", "greeted customer <NUM>"]


def test_of_a_service_in_one_set_only_the_failing_templates_are_told() -> None:
    rng = np.random.default_rng(1)
    a, b = usual(rng, 0, 4 * HOUR), usual(rng, 4 * HOUR, 8 * HOUR, ("shop", "courier"))
    error = lines_of(rng, "no driver for tour #", 200, 4 * HOUR, 8 * HOUR, "courier", "ERROR")
    found = triage.compare(a, pl.concat([b, error]))
    assert told(found) == [("new", "no driver for tour <NUM>")]
    assert found.services.filter("changed")["service_name"].to_list() == ["courier"]
    assert not found.quiet
    assert repr(found).startswith("Comparison: From A to B: 1 template new, service courier new (")


def test_more_traffic_is_told_once_and_not_for_each_template() -> None:
    rng = np.random.default_rng(1)
    busy = pl.concat([usual(rng, 4 * HOUR, 8 * HOUR), usual(rng, 4 * HOUR, 8 * HOUR)])
    found = triage.compare(usual(rng, 0, 4 * HOUR), busy)
    assert told(found) == []
    assert "most templates have 2 times the lines a minute in B" in found.notes[0]


def test_a_service_whose_templates_went_up_together_changed_as_a_whole() -> None:
    rng = np.random.default_rng(1)
    services = ("shop", "till", "mail")
    b = pl.concat([usual(rng, 4 * HOUR, 8 * HOUR, services), usual(rng, 4 * HOUR, 8 * HOUR, ("till",))])
    found = triage.compare(usual(rng, 0, 4 * HOUR, services), b)
    assert told(found) == []
    assert found.services.filter("changed")["service_name"].to_list() == ["till"]
    assert not found.quiet
    assert repr(found).startswith("Comparison: From A to B: service till changed as a whole (")


def test_names_of_files_that_differ_are_no_services_that_came_and_went() -> None:
    rng = np.random.default_rng(1)
    found = triage.compare(usual(rng, 0, 4 * HOUR, ("monday",)), usual(rng, 24 * HOUR, 28 * HOUR, ("tuesday",)))
    assert found.quiet
    assert found.notes == ("the sets have no service in common (monday; tuesday): compared without regard to services",)


def test_templates_are_those_of_both_sets_together() -> None:
    rng = np.random.default_rng(1)
    a, b = usual(rng, 0, 2 * HOUR), usual(rng, 2 * HOUR, 4 * HOUR)
    # By itself each set has one name at that place, and another template than the other.
    names = ["anna7", "bert9", "carl4", "dora2", "emil5", "fred8", "gina3", "hugo6", "ida11", "jana12"]
    left = [lines_of(rng, f"greeted {name} at the door", 40, 0, 2 * HOUR) for name in names[:5]]
    right = [lines_of(rng, f"greeted {name} at the door", 40, 2 * HOUR, 4 * HOUR) for name in names[5:]]
    assert triage.compare(pl.concat([a, *left]), pl.concat([b, *right])).quiet


def test_the_result_does_not_depend_on_the_order_of_lines() -> None:
    log = quiet_log(5)
    for name in ("new error", "service stops"):
        CHANGES[name][1](log, log.seconds / 2)
    frame = log.frame()
    middle = frame["timestamp"].min() + timedelta(hours=3)  # type: ignore[operator]
    a, b = frame.filter(pl.col("timestamp") < middle), frame.filter(pl.col("timestamp") >= middle)
    one = triage.compare(a, b)
    other = triage.compare(a.sample(fraction=1, shuffle=True, seed=1), b.sample(fraction=1, shuffle=True, seed=2))
    drop = ("first_b", "last_a")  # a frame's lines are numbered in its order
    assert len(one.frame)
    assert len(one.stops)
    assert one.stops.drop("place").equals(other.stops.drop("place"))
    assert (
        one.frame.filter(pl.col("kind") != "parameter")
        .drop(drop)
        .equals(other.frame.filter(pl.col("kind") != "parameter").drop(drop))
    )


@pytest.fixture(scope="module")
def incident(tmp_path_factory: pytest.TempPathFactory) -> triage.Incident:
    return triage.load(write_incident(tmp_path_factory.mktemp("shop")) / "logs")


def test_windows_of_an_incident(incident: triage.Incident) -> None:
    middle, end = ONSET - timedelta(minutes=10), BEGIN + timedelta(minutes=40)
    assert incident.compare((BEGIN, middle), (middle, ONSET)).quiet
    found = incident.compare((BEGIN, ONSET), (ONSET + timedelta(seconds=5), end))
    assert ("new", "inventory answered <NUM>") in told(found)
    assert found.frame["failing"][0]
    assert (found.a.start, found.a.end) == (BEGIN, ONSET)
    assert found.a.ledger is None


def test_windows_may_be_texts(incident: triage.Incident) -> None:
    found = incident.compare(("2026-11-21T02:00", "2026-11-21T02:10"), ("2026-11-21T02:10", "2026-11-21T02:20"))
    assert found.quiet


def test_windows_that_cannot_be_compared(incident: triage.Incident) -> None:
    early, late = datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 20, 1, tzinfo=UTC)
    with pytest.raises(UsageError, match=r"^window: no record lies in 2026-11-20T00:00:00Z to .*: the logs span 2026"):
        incident.compare((BEGIN, ONSET), (early, late))
    with pytest.raises(UsageError, match=r"^baseline .* and window .* overlap: give two that lie apart$"):
        incident.compare((BEGIN, ONSET), (BEGIN, ONSET))
    with pytest.raises(UsageError, match=r"^baseline: got .*, wanted a pair of times, the earlier one first$"):
        incident.compare((ONSET, BEGIN), (BEGIN, ONSET))
    with pytest.raises(UsageError, match=r"^window: got '2026-11-21', wanted a pair of times"):
        incident.compare((BEGIN, ONSET), "2026-11-21")  # type: ignore[arg-type]


def test_logs_without_times_cannot_be_compared(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one\ntwo\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.txt: none of the 2 records has a timestamp: rates need times"):
        triage.compare(str(tmp_path / "a.txt"), str(tmp_path / "a.txt"))


def test_a_comparison_says_what_it_is_in_a_line(incident: triage.Incident) -> None:
    found = incident.compare((BEGIN, ONSET - timedelta(minutes=10)), (ONSET - timedelta(minutes=10), ONSET))
    assert repr(found).startswith("Comparison: Nothing changed from A to B by more than chance brings (")
    assert "Nothing changed from A to B" in found._repr_html_()


def test_a_failure_that_is_seldom_is_named_though_it_may_be_chance() -> None:
    rng = np.random.default_rng(1)
    died = lines_of(rng, "process # was killed", 4, 5 * HOUR, 6 * HOUR, level="FATAL")
    found = triage.compare(usual(rng, 0, 4 * HOUR), pl.concat([usual(rng, 4 * HOUR, 8 * HOUR), died]))
    assert found.quiet
    assert found.notes[0].startswith("failing in B only, though too seldom to be told from chance: “process <NUM> was")


def test_corrections_are_told_and_a_set_of_muted_records_is_refused() -> None:
    rng = np.random.default_rng(1)
    muted = triage.Corrections().mute("open parcel <NUM>").mute("never said")
    before, after = usual(rng, 0, 4 * HOUR), usual(rng, 4 * HOUR, 8 * HOUR)
    found = triage.compare(before, after, corrections=muted)
    assert any(note.startswith("correction: mute: ") and "matches nothing" in note for note in found.notes)
    assert any(note.endswith("records of muted templates are not compared") for note in found.notes)
    with pytest.raises(InputError, match=r"all \d+ records are of muted templates"):
        triage.compare(before, after.filter(pl.col("message").str.starts_with("open")), corrections=muted)
