"""What fell silent: services, hosts and sources; and what is a gap of all lines, or was replaced."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

import triage
from benchmarks.compare import START
from triage.comparison import Comparison

HOUR = 3600
VERBS = ("open", "close", "send", "check", "store", "load", "queue", "merge", "list", "renew")


def lines_of(
    seed: int, start: float, end: float, service: str = "shop", host: str = "", lines: int = 1200
) -> pl.DataFrame:
    """Lines of ten templates that come independently, so many an hour."""
    rng = np.random.default_rng(seed)
    times = np.sort(rng.uniform(start, end, rng.poisson(lines * (end - start) / HOUR)))
    stamps = pl.Series((times * 1e9).astype(np.int64) + START * 10**9).cast(pl.Datetime("ns", "UTC"))
    texts = [
        f"{verb} parcel {number}"
        for verb, number in zip(rng.choice(VERBS, len(times)), rng.integers(9, 999, len(times)), strict=True)
    ]
    frame = pl.DataFrame({"timestamp": stamps, "message": pl.Series(texts, dtype=pl.String)})
    return frame.with_columns(service=pl.lit(service), host=pl.lit(host or None, pl.String), level=pl.lit("INFO"))


def told(found: Comparison) -> list[tuple[str, str]]:
    return list(found.stops.select("kind", "name").iter_rows())


def at(second: float) -> datetime:
    return datetime.fromtimestamp(START + second, UTC)


def test_a_service_without_a_line_in_b_fell_silent() -> None:
    a = pl.concat([lines_of(1, 0, HOUR), lines_of(2, 0, HOUR, "mail")])
    found = triage.compare(a, lines_of(3, HOUR, 2 * HOUR))
    assert told(found) == [("service", "mail")]
    row = found.stops.row(0, named=True)
    assert row["count_b"] == 0
    assert row["count_a"] == len(a.filter(pl.col("service") == "mail"))
    last = a.with_row_index("line", 1).filter(pl.col("service") == "mail")
    assert row["place"] == f"frame:{last['line'][-1]}"
    assert not found.quiet
    assert not len(found.frame)
    assert "service mail fell silent" in repr(found)


def test_a_service_that_stops_within_b_fell_silent_then_and_its_templates_are_not_told_one_by_one() -> None:
    a = pl.concat([lines_of(1, 0, HOUR), lines_of(2, 0, HOUR, "mail")])
    b = pl.concat([lines_of(3, HOUR, 2 * HOUR), lines_of(4, HOUR, 1.4 * HOUR, "mail")])
    found = triage.compare(a, b)
    assert told(found) == [("service", "mail")]
    assert found.stops["silent_seconds"][0] == pytest.approx(0.6 * HOUR, abs=60)
    assert found.stops["last"][0] == pytest.approx(at(1.4 * HOUR), abs=timedelta(seconds=60))
    assert not len(found.frame)
    assert found.notes == ()


def test_a_service_that_begins_late_or_ends_a_little_earlier_is_no_stop() -> None:
    a = pl.concat([lines_of(1, 0, HOUR), lines_of(2, 0, HOUR, "mail"), lines_of(3, 0, HOUR, "till")])
    late = [lines_of(4, 1.7 * HOUR, 2 * HOUR, "mail"), lines_of(5, HOUR, 1.95 * HOUR, "till")]
    assert told(triage.compare(a, pl.concat([lines_of(6, HOUR, 2 * HOUR), *late]))) == []


def test_silences_of_a_job_are_no_stops() -> None:
    runs = [lines_of(k, 4 * HOUR * k, 4 * HOUR * k + 60, "cron", lines=3000) for k in range(6)]
    a = pl.concat([lines_of(10, 0, 12 * HOUR), *runs[:3]])
    b = pl.concat([lines_of(11, 12 * HOUR, 24 * HOUR), *runs[3:]])
    assert told(triage.compare(a, b)) == []


def test_a_rare_service_may_be_silent_by_chance() -> None:
    a = pl.concat([lines_of(1, 0, HOUR), lines_of(2, 0, HOUR, "audit", lines=4)])
    found = triage.compare(a, lines_of(3, HOUR, 2 * HOUR))
    assert told(found) == []
    assert found.quiet


def test_a_host_that_stops_is_told_by_its_name_and_its_service() -> None:
    hosts = ("web-a", "web-b", "web-c")
    a = pl.concat(lines_of(k, 0, HOUR, "web", host) for k, host in enumerate(hosts))
    b = pl.concat(lines_of(9 + k, HOUR, (2 - (host == "web-c")) * HOUR, "web", host) for k, host in enumerate(hosts))
    found = triage.compare(a, b)
    assert told(found) == [("host", "web-c")]
    assert found.stops["services"].to_list() == [["web"]]
    assert not found.quiet


def test_hosts_that_others_replaced_are_no_stops() -> None:
    a = pl.concat(lines_of(k, 0, HOUR, "web", f"web-{k}") for k in range(3))
    b = pl.concat(lines_of(k, HOUR, 2 * HOUR, "web", f"web-{k}") for k in range(3, 6))
    assert triage.compare(a, b).quiet


def test_a_host_of_a_service_that_stopped_is_not_told_beside_it() -> None:
    a = pl.concat([lines_of(1, 0, HOUR), lines_of(2, 0, HOUR, "mail", "mail-1")])
    assert told(triage.compare(a, lines_of(3, HOUR, 2 * HOUR))) == [("service", "mail")]


def test_silence_of_all_services_is_a_gap_and_no_template_is_gone() -> None:
    services = ("shop", "mail", "till")
    a = pl.concat(lines_of(k, 0, 2 * HOUR, service) for k, service in enumerate(services))
    b = pl.concat(
        lines_of(10 * part + k, begin * HOUR, end * HOUR, service)
        for part, (begin, end) in enumerate([(2, 2.7), (3.4, 4)], 1)
        for k, service in enumerate(services)
    )
    found = triage.compare(a, b)
    assert found.quiet
    (note,) = found.notes
    assert note.startswith("B has no line of any service from 2023-11-15 00:55:")
    assert note.endswith(": a gap in the logs, left out of all rates")


@pytest.mark.parametrize("window", [(2.0, 3.0), (2.4, 3.4)])
def test_a_gap_at_an_end_of_a_window_is_a_gap(window: tuple[float, float]) -> None:
    logs = pl.concat([lines_of(1, 0, 2.5 * HOUR), lines_of(2, 2.9 * HOUR, 4 * HOUR)])
    incident = triage.load(logs)
    found = incident.compare((at(0), at(2 * HOUR)), (at(window[0] * HOUR), at(window[1] * HOUR)))
    assert found.quiet
    assert any("B has no line of any service from" in note for note in found.notes)


def test_a_stop_within_windows_of_an_incident() -> None:
    logs = pl.concat([lines_of(1, 0, 4 * HOUR), lines_of(2, 0, 3 * HOUR, "mail")])
    found = triage.load(logs).compare((at(0), at(2 * HOUR)), (at(2 * HOUR), at(4 * HOUR)))
    assert told(found) == [("service", "mail")]
    # As far as the logs are looked at, nothing stopped.
    assert told(triage.load(logs).compare((at(0), at(HOUR)), (at(HOUR), at(2 * HOUR)))) == []


def test_less_traffic_makes_a_silence_less_strange() -> None:
    a = pl.concat([lines_of(1, 0, HOUR), lines_of(2, 0, HOUR, "audit", lines=40)])
    assert told(triage.compare(a, lines_of(3, HOUR, 2 * HOUR))) == [("service", "audit")]
    assert told(triage.compare(a, lines_of(3, HOUR, 2 * HOUR, lines=120))) == []


def test_names_of_what_stopped_are_escaped() -> None:
    a = pl.concat([lines_of(1, 0, HOUR), lines_of(2, 0, HOUR, "<b>\x1b[31mmail")])
    found = triage.compare(a, lines_of(3, HOUR, 2 * HOUR))
    assert len(found.stops) == 1
    assert "\x1b" not in repr(found)
    assert "<b>" not in found._repr_html_()
