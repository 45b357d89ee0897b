"""What lines say changes: durations grow, outcomes change their share, quantities shift, whatever the traffic does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import polars as pl
import pytest

from triage.onset.in_values import find_onsets_in_values
from triage.onset.series import Window, count_series

BEGIN = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TEMPLATES = {
    "took": "order <*> done in <NUM> ms",
    "size": "batch of <NUM> items written",
    "status": "answered <NUM>",
    "fresh": "page <*> result=fresh",
    "stale": "page <*> result=stale",
    "moved": "moved to offset <NUM>",
}
Line = tuple[str, str]


def _logs(lines: list[list[Line]], seed: int = 1) -> tuple[pl.DataFrame, list[datetime]]:
    """Records of groups of lines, a second apart on average, of traffic that doubles on the way; and their times."""
    rng, now, rows, times = Random(seed), BEGIN, [], []
    for number, group in enumerate(lines):
        now += timedelta(seconds=rng.expovariate(2.0 if number > len(lines) / 3 else 1.0))
        times.append(now)
        rows += [(now, name, "shop", body) for name, body in group]
    schema: dict[str, Any] = {
        "timestamp": pl.Datetime("ns", "UTC"),
        **dict.fromkeys(("template_id", "service_name", "body"), pl.String()),
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_row_index("line", 1)
    return frame.with_columns(source=pl.lit("shop.log")), times


def _found(records: pl.DataFrame) -> pl.DataFrame:
    series = count_series(records)
    templates = pl.DataFrame({"template_id": list(TEMPLATES), "template": list(TEMPLATES.values())})
    return find_onsets_in_values(records.lazy(), series, Window.of(series), templates)[0]


def _lines(name: str, count: int, fault_at: int, seed: int) -> list[list[Line]]:
    """Lines of one kind, which say something else from one of them on."""
    rng, lines = Random(seed), []
    for number in range(count):
        late = number >= fault_at
        bodies = {
            "took": f"order a{number} done in {rng.lognormvariate(3, 0.5) * (8 if late else 1):.1f} ms",
            "size": f"batch of {max(1, round(rng.lognormvariate(4, 0.3) * (6 if late else 1)))} items written",
            "status": f"answered {500 if rng.random() < (0.6 if late else 0.02) else 200}",
            "moved": f"moved to offset {number * (9 if late else 1) + rng.randrange(3)}",
        }
        if name in bodies:
            lines.append([(name, bodies[name])])
        else:
            stale = rng.random() < (0.7 if late else 0.05)
            lines.append([("stale" if stale else "fresh", f"page p{number} result={'stale' if stale else 'fresh'}")])
    return lines


@pytest.mark.parametrize(
    ("name", "kind", "shown", "parameter"),
    [
        ("took", "slower", "took", "duration_ms"),
        ("size", "shifted", "size", "items"),
        ("status", "mix shift", "status", "answered=500"),
        ("mix", "mix shift", "stale", None),
    ],
)
@pytest.mark.parametrize("count", [60, 400, 4000])
def test_a_change_of_what_lines_say(name: str, kind: str, shown: str, parameter: str | None, count: int) -> None:
    place = int(0.6 * count)
    records, times = _logs(_lines(name, count, place, seed=count))
    (row,) = _found(records).to_dicts()
    assert (row["template_id"], row["service_name"], row["kind"], row["parameter"]) == (shown, "shop", kind, parameter)
    assert row["earliest"] <= times[place] + timedelta(seconds=count / 100)
    assert row["latest"] >= times[place] - timedelta(seconds=1)
    assert row["part_after"] > 2 * row["part_before"]
    assert row["q_value"] < 0.05
    assert row["given"] == ("fresh" if name == "mix" else None)


@pytest.mark.parametrize("name", ["took", "size", "status", "mix"])
def test_lines_that_name_no_service(name: str) -> None:
    records, _ = _logs(_lines(name, 300, 180, seed=5))
    (named,) = _found(records).to_dicts()
    (row,) = _found(records.with_columns(service_name=pl.lit(None, dtype=pl.String))).to_dicts()
    assert row == named | {"service_name": None}


def test_durations_are_told_in_seconds() -> None:
    (row,) = _found(_logs(_lines("took", 300, 200, seed=3))[0]).to_dicts()
    assert 0.010 < row["part_before"] < 0.040 < 0.080 < row["part_after"] < 0.320


@pytest.mark.parametrize("name", ["took", "size", "status", "mix", "moved"])
def test_where_nothing_changes_little_is_found(name: str) -> None:
    found = [len(_found(_logs(_lines(name, 300, 300, seed=seed), seed)[0])) for seed in range(40)]
    assert sum(found) <= 4, "up to one log in twenty is to be expected"


def test_a_number_that_goes_on_is_no_quantity() -> None:
    assert not len(_found(_logs(_lines("moved", 400, 200, seed=1))[0]))


def test_other_work_is_not_slower_work() -> None:
    """Requests for a heavy page come more often: each kind takes as long as it did."""
    rng, lines = Random(5), []
    for number in range(600):
        heavy = rng.random() < (0.8 if number >= 300 else 0.1)
        milliseconds = rng.lognormvariate(6 if heavy else 3, 0.3)
        lines.append([("took", f"order {'report' if heavy else 'item'} done in {milliseconds:.1f} ms")])
    found = _found(_logs(lines)[0])
    assert found.filter(pl.col("kind") == "slower").is_empty()


def test_a_line_that_is_only_worded_anew_is_no_shift() -> None:
    lines: list[list[Line]] = [[("fresh" if number < 200 else "stale", "page p1 result=x")] for number in range(400)]
    assert not len(_found(_logs(lines)[0]))


def test_the_sample_does_not_depend_on_the_order_of_records() -> None:
    records = _logs(_lines("took", 4000, 2500, seed=2))[0]
    assert _found(records).equals(_found(records.sample(fraction=1, shuffle=True, seed=1)))


def _told(template: str, bodies: list[str]) -> pl.DataFrame:
    """Onsets of lines of one template, a second apart."""
    times = [BEGIN + timedelta(seconds=number) for number in range(len(bodies))]
    records = pl.DataFrame(
        {"timestamp": times, "body": bodies}, schema_overrides={"timestamp": pl.Datetime("ns", "UTC")}
    )
    named = {"template_id": "t", "service_name": "shop", "source": "a.log"}
    records = records.with_row_index("line", 1).with_columns(pl.lit(text).alias(name) for name, text in named.items())
    series = count_series(records)
    templates = pl.DataFrame({"template_id": ["t"], "template": [template]})
    return find_onsets_in_values(records.lazy(), series, Window.of(series), templates)[0]


def _rising(form: str, before: tuple[int, int], after: tuple[int, int], count: int = 240) -> list[str]:
    rng = Random(4)
    return [form.format(rng.randint(*(before if number < count / 2 else after))) for number in range(count)]


@pytest.mark.parametrize(
    ("template", "form"),
    [
        ("stats requests_per_sec=<NUM>", "stats requests_per_sec={}"),
        ("rtt stats min=<NUM>", "rtt stats min={}"),
        ("stats heap_m=<NUM>", "stats heap_m={}"),
    ],
)
def test_what_only_looks_like_a_unit_is_no_duration(template: str, form: str) -> None:
    assert _told(template, _rising(form, (10, 20), (60, 90)))["kind"].to_list() == ["shifted"]


@pytest.mark.parametrize(
    ("template", "form"),
    [
        ("GET /cart <NUM> <NUM>ms", "GET /cart 200 {}ms"),
        ('took "<NUM>ms"', 'took "{}ms"'),
        ("took <NUM>ms.", "took {}ms."),
        ("call duration_ms=<NUM>", "call duration_ms={}"),
    ],
)
def test_durations_are_seen_wherever_they_stand(template: str, form: str) -> None:
    assert "slower" in _told(template, _rising(form, (10, 20), (600, 900)))["kind"].to_list()


def test_time_that_goes_by_is_not_slower_work() -> None:
    bodies = [f"worker alive for {10 * number} seconds" for number in range(240)]
    assert not len(_told("worker alive for <NUM> seconds", bodies))


def test_values_may_be_called_anything_and_be_of_any_size() -> None:
    assert _told("load count=<*>", ["load count=few", "load count=many"] * 100).is_empty()
    found = _told("took <NUM>ms", ["took 12ms"] * 200 + ["took " + "9" * 400 + "ms"] * 40)
    assert found["part_after"].is_finite().all()
