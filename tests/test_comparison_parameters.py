"""Which parameters of a template are compared, and as what."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

import triage
from benchmarks.compare import START
from triage.comparison import Comparison
from triage.patterns.naming import names_a_thing
from triage.patterns.parameters import Parameters

HOUR, LINES = 3600, 600
Say = Callable[[np.random.Generator, float], str]


def set_of(seed: int, start: float, factor: float, *says: Say) -> pl.DataFrame:
    """An hour of lines, whose values are `factor` times as large as usual."""
    rng = np.random.default_rng(seed)
    times = np.sort(rng.uniform(start, start + HOUR, LINES))
    stamps = pl.Series((times * 1e9).astype(np.int64) + START * 10**9).cast(pl.Datetime("ns", "UTC"))
    parts = [
        pl.DataFrame({"timestamp": stamps, "message": [say(rng, factor) for _ in times]}).with_columns(
            service=pl.lit("shop"), level=pl.lit("INFO")
        )
        for say in says
    ]
    return pl.concat(parts)


def compared(*says: Say, factor: float = 3.0, corrections: triage.Corrections | None = None) -> Comparison:
    sets = set_of(1, 0, 1.0, *says), set_of(2, HOUR, factor, *says)
    return triage.compare(*sets, corrections=corrections)


def clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes:.0f}m{rest:.0f}s" if minutes else f"{rest:.1f}s"


def usual(rng: np.random.Generator, factor: float) -> float:
    return float(rng.lognormal(4, 0.5)) * factor


QUANTITIES: dict[str, tuple[Say, str]] = {
    "durations of several units": (lambda rng, by: f"backup took {clock(usual(rng, by))} in all", "backup_ms"),
    "sizes of several units": (lambda rng, by: f"sent {usual(rng, by) * 20:.0f} KB to mirror", "sent_bytes"),
    "numbers with commas": (lambda rng, by: f"sent {usual(rng, by) * 1e5:,.0f} bytes to mirror", "size_bytes"),
    "numbers of a list": (lambda rng, by: f"load is {usual(rng, 1):.2f}, {usual(rng, by):.2f} now", "num_2"),
    "a number behind a key": (lambda rng, by: f"answered depth={usual(rng, by):.0f} waiting", "depth"),
}


@pytest.mark.parametrize("case", QUANTITIES)
def test_quantities_are_compared_however_they_are_written(case: str) -> None:
    say, _ = QUANTITIES[case]
    (row,) = compared(say).frame.iter_rows(named=True)
    assert (row["kind"], row["statistic"]) == ("parameter", "median")
    assert row["ratio"] == pytest.approx(3, rel=0.2)
    assert row["value_b"] / row["value_a"] == pytest.approx(3, rel=0.3)
    assert compared(say, factor=1.0).quiet


def test_durations_are_in_milliseconds_and_sizes_in_bytes() -> None:
    found = {case: compared(say).frame.row(0, named=True) for case, (say, _) in list(QUANTITIES.items())[:3]}
    assert [row["parameter"].rpartition("_")[2] for row in found.values()] == ["ms", "bytes", "bytes"]
    levels = [row["value_a"] for row in found.values()]
    assert levels == pytest.approx([54_600, 1.09e6, 5.46e6], rel=0.2)


def test_codes_are_compared_by_their_shares() -> None:
    def say(rng: np.random.Generator, factor: float) -> str:
        often = 0.9 if factor == 1 else 0.4
        return f"answered with status {rng.choice([200, 503], p=[often, 1 - often])} to shop"

    (row,) = compared(say).frame.iter_rows(named=True)
    assert row["statistic"] in ("share of 200", "share of 503")


def test_values_of_a_mask_of_the_users_are_compared_by_their_shares() -> None:
    def say(rng: np.random.Generator, factor: float) -> str:
        often = 0.9 if factor == 1 else 0.4
        return f"parcel goes by lane-{rng.choice(['fast', 'slow'], p=[often, 1 - often])}-x"

    mask = triage.Corrections().mask("lane", r"\blane-\w+-x\b")
    (row,) = compared(say, corrections=mask).frame.iter_rows(named=True)
    assert (row["parameter"], row["template"]) == ("lane", "parcel goes by <LANE>")


NAMES: dict[str, Say] = {
    "ids": lambda rng, by: f"stored as orderId={rng.integers(10, 900) * by:.0f} in cart",
    "ports": lambda rng, by: f"peer on port {rng.integers(9000, 20000) * by:.0f} connected",
    "processes": lambda rng, by: f"cron[{rng.integers(100, 900) * by:.0f}]: woke up",
    "what is glued to a name": lambda rng, by: f"copied shard-{rng.integers(10, 90) * by:.0f} over",
    "places": lambda rng, by: f"read up to offset={rng.integers(10, 90) * by:.0f} of log",
    "addresses": lambda rng, by: f"peer 10.0.0.{rng.integers(1, 80) * by:.0f} connected",
}


@pytest.mark.parametrize("case", NAMES)
def test_numbers_that_name_things_are_not_compared(case: str) -> None:
    found = compared(NAMES[case])
    assert found.quiet
    assert found.tests["parameter"].drop_nulls().to_list() == []


def test_names_of_things_are_told_from_sizes() -> None:
    template = "pid <NUM> port=<NUM> took <NUM> job_id: <NUM> paid <NUM> orderId=<NUM> request_time <NUM> ms"
    line = "pid 1 port=2 took 3 job_id: 4 paid 5 orderId=6 request_time 7 ms"
    found = Parameters.of(template, pl.Series([line]))
    named = [one.name for one in found.columns if names_a_thing(one, found.template.slots[one.slot])]
    assert named == ["pid", "port", "job_id", "order_id"]
