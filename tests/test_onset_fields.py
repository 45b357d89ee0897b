"""What the fields of structured lines say changes, while their message stays the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import orjson
import polars as pl
import pytest

import triage
from tests.made_fields import BEGIN, LOGGERS, Request, requests
from triage.incident import Incident
from triage.onset.fields import MOST_KEYS, Fields
from triage.onset.shifts import Told

#: How each logger calls what changes, by fault.
NAMES = {
    "slow": {
        **{"pino": "responseTime", "zap": "duration", "logback": "elapsed_ms", "logfmt": "took"},
        "structlog": "http.server.request.duration",
    },
    "errors": {
        **{"pino": "res.statusCode=5xx", "zap": "error=upstream connect error", "logback": "outcome=FAILURE"},
        **{"structlog": "code=5xx", "logfmt": "status=5xx"},
    },
    "small": {
        **{"pino": "res.headers.content-length", "zap": "bytes", "logback": "size", "structlog": "response_bytes"},
        "logfmt": "bytes",
    },
    "cold": {"zap": "cache=miss", "logback": "cached=false", "structlog": "cache_hit=false", "logfmt": "cache=miss"},
}
KINDS = {"slow": "slower", "errors": "mix shift", "small": "shifted", "cold": "mix shift"}


def _load(folder: Path, logger: Callable[[Request], str], made: list[Request], changes: Any = None) -> Incident:
    (folder / "logs").mkdir(exist_ok=True)
    (folder / "logs" / "shop.log").write_text("".join(f"{logger(one)}\n" for one in made))
    return triage.load(folder / "logs", changes)


@pytest.mark.parametrize(("fault", "logger"), [(fault, logger) for fault, names in NAMES.items() for logger in names])
def test_a_fault_that_only_fields_show(fault: str, logger: str, tmp_path: Path) -> None:
    made = requests(300, 180, fault, seed=3)
    incident = _load(tmp_path, LOGGERS[logger], made)
    told = incident.onsets.filter(pl.col("parameter").is_not_null())
    (row,) = told.filter(kind=KINDS[fault], parameter=NAMES[fault][logger]).to_dicts()
    assert row["earliest"] - timedelta(seconds=2) <= made[180].at <= row["latest"] + timedelta(seconds=8)
    trouble = incident.incident_onset is not None and incident.incident_onset.sure
    assert trouble == (fault in ("slow", "errors")), "other sizes and a cold cache are no trouble by themselves"


@pytest.mark.parametrize("logger", LOGGERS)
def test_quiet_logs_have_no_onset(logger: str, tmp_path: Path) -> None:
    for seed in range(6):
        assert _load(tmp_path, LOGGERS[logger], requests(300, 300, None, seed)).onsets.is_empty()


@pytest.mark.parametrize(("logger", "fault"), [("zap", "errors"), ("pino", "slow")])
def test_evidence_is_the_lines_that_say_so(logger: str, fault: str, tmp_path: Path) -> None:
    made = requests(300, 180, fault, seed=5)
    change = [{"id": "c1", "time": (made[179].at).isoformat(), "kind": "deploy", "service": "shop"}]
    incident = _load(tmp_path, LOGGERS[logger], made, change)
    lines = incident.facts.trouble_lines("shop")
    assert len(lines) == 3
    for line in lines:
        assert line.line > 180
        request = made[line.line - 1]
        assert request.error if fault == "errors" else request.seconds > 0.08
    assert incident.hypotheses[0].change_id == "c1"


def _names(rows: list[dict[str, Any]]) -> set[str]:
    return {one.name for one in _told(rows)}


def _told(rows: list[dict[str, Any]]) -> list[Told]:
    return list(Fields(pl.Series([orjson.dumps(row).decode() for row in rows])).told())


def _rows(name: str, early: Callable[[Random, int], Any], late: Callable[[Random, int], Any]) -> list[dict[str, Any]]:
    """Lines of which one field changes, beside one that never tells anything."""
    rng = Random(2)
    return [{name: (early if n < 100 else late)(rng, n), "line_id": rng.random()} for n in range(200)]


@pytest.mark.parametrize(
    ("name", "early", "late"),
    [
        ("user_id", 5, 90_000), ("port", 80, 8080), ("pid", 71, 910), ("version", 1.2, 2.4), ("host", "a", "b"),
        ("app_version", "one", "two"), ("pod", "blue", "green"), ("thread", "main", "pool"), ("caller", "x", "y"),
        ("level", "info", "warn"), ("path", "/a", "/b"), ("country", "DE", "US"), ("lineno", 5, 700),
        ("expires", 1_790_000_000_000, 1_790_000_900_000), ("requests_total", 5, 900), ("build", "alpha", "beta"),
        ("trace.span_id", "ab", "cd"), ("http.method", "GET", "POST"), ("peer.port", 1, 2),
    ],
)  # fmt: skip
def test_what_names_things_is_no_news(name: str, early: Any, late: Any) -> None:
    mixed = _rows(name, lambda rng, n: early, lambda rng, n: late if rng.random() < 0.8 else early)
    assert not _names(mixed)


@pytest.mark.parametrize(
    ("name", "early", "late", "second"),
    [
        ("duration_ms", 5.0, 900.0, 1e-3), ("durationMs", 5, 900, 1e-3), ("latency", "5.5ms", "1.2s", 1e-3),
        ("elapsed_ns", 5_000_000, 900_000_000, 1e-9), ("request_time", 0.005, 1.2, 1.0), ("took", 5, 900, None),
        ("http.server.request.duration", 0.005, 1.2, 1.0), ("upstream_response_time", "0.005", "1.200", 1.0),
        ("responseTime", 5, 900, 1e-3), ("response_time", 5, 900, None), ("time-taken", "12", "870", 1e-3),
    ],
)  # fmt: skip
def test_durations_by_name_and_unit(name: str, early: Any, late: Any, second: float | None) -> None:
    (told,) = _told(_rows(name, lambda rng, n: early, lambda rng, n: late))
    assert told.duration is not None
    assert told.duration.second == (None if second is None else pytest.approx(second))


@pytest.mark.parametrize("name", ["timeout_ms", "cache_ttl_seconds", "poll_interval_ms", "bytes", "queue_depth"])
def test_what_was_set_is_no_duration(name: str) -> None:
    (told,) = _told(_rows(name, lambda rng, n: rng.randint(10, 90), lambda rng, n: rng.randint(500, 900)))
    assert told.duration is None


def test_an_error_that_only_failing_lines_have() -> None:
    rows = [{"id": n, **({"error": f"lost {n} of them"} if n >= 100 and n % 2 else {})} for n in range(200)]
    (told,) = _told(rows)
    assert told.name == "error"
    assert (told.values != "").to_numpy().tolist() == ["error" in row for row in rows]


def test_lists_texts_of_other_kinds_and_what_is_no_object_are_passed_over() -> None:
    broken = ["{", "[1]", "7", '{"a":', None, "{" * 5000, '{"x":[1,2]}', '{"x":{"y":{"z":{"deep":1}}}}'] * 20
    assert not [*Fields(pl.Series(broken)).told()]
    mixed = [orjson.dumps({"took_ms": value}).decode() for value in ([1], {"a": 1}, None, "x", True, 5) * 30]
    assert not [*Fields(pl.Series(mixed)).told()]


def test_lines_with_thousands_of_keys_cost_no_more_than_the_most_frequent() -> None:
    rows = [{f"k{number}": n for number in range(2000)} | {"status": 200 + 300 * (n > 20)} for n in range(40)]
    fields = Fields(pl.Series([orjson.dumps(row).decode()[:15_999] for row in rows]))
    assert fields.tested <= MOST_KEYS
    rows = [{**{f"k{n}_{number}": n for number in range(50)}, "status": 200 + 300 * (n > 20)} for n in range(40)]
    assert _names(rows) == {"status"}


def test_work_is_told_apart_by_its_names() -> None:
    rows = [{"req": {"method": "GET", "url": f"/{'cart' if n % 2 else 'pay'}/{n}?x={n}"}, "n": n} for n in range(100)]
    work = Fields(pl.Series([orjson.dumps(row).decode() for row in rows])).work(100)
    assert len(np.unique(work)) == 2
    assert len(np.unique(work[::2])) == 1


def test_heavier_work_is_not_slower_work(tmp_path: Path) -> None:
    """Reports, which take long and answer 202, come more often; each kind of request is as it was."""
    rng, lines = Random(5), []
    for n in range(600):
        heavy = rng.random() < (0.7 if n >= 300 else 0.1)
        fields = {
            "time": (BEGIN + timedelta(seconds=n)).isoformat(), "level": "info", "msg": "done",
            "path": "/report" if heavy else "/item", "status": 202 if heavy else 200,
            "took_ms": round(rng.lognormvariate(7 if heavy else 3, 0.3)),
        }  # fmt: skip
        lines.append(orjson.dumps(fields).decode())
    (tmp_path / "shop.log").write_text("\n".join(lines) + "\n")
    assert triage.load(tmp_path).onsets.is_empty()


def test_the_same_news_in_several_fields_is_one_onset(tmp_path: Path) -> None:
    rng, lines = Random(6), []
    for n in range(300):
        bad = n >= 180 and rng.random() < 0.6
        fields = {
            "time": (BEGIN + timedelta(seconds=n)).isoformat(), "level": "info", "msg": "done", "n": rng.random(),
            "status": 503 if bad else 200, "outcome": "FAILURE" if bad else "SUCCESS", "success": not bad,
            "cache": "none" if bad else "hit", **({"error": "no route"} if bad else {}),
        }  # fmt: skip
        lines.append(orjson.dumps(fields).decode())
    (tmp_path / "shop.log").write_text("\n".join(lines) + "\n")
    (row,) = triage.load(tmp_path).onsets.to_dicts()
    assert row["kind"] == "mix shift"
    assert row["parameter"] in ("status=503", "outcome=FAILURE", "success=false", "error=no route")


ACCESS = '10.0.0.{} - - [{:%d/%b/%Y:%H:%M:%S} +0000] "GET /cart/{} HTTP/1.1" 200 {} "https://shop.example/" "{}" {}'
AGENT = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0"


@pytest.mark.parametrize(
    ("end", "parameter"), [("{1:.3f} {0:.3f}", "last value (s)"), ('rt={0:.3f} urt="{1:.3f}"', "rt (s)")]
)
def test_times_at_the_end_of_access_logs(end: str, parameter: str, tmp_path: Path) -> None:
    rng, lines = Random(8), []
    for n in range(300):
        other, took = rng.random(), rng.lognormvariate(-3.5, 0.4) * (8 if n >= 180 else 1)
        at, size = BEGIN + timedelta(seconds=n), rng.randrange(500, 9000)
        waited = end.format(took, other)
        lines.append(ACCESS.format(rng.randrange(250), at, rng.randrange(9000), size, AGENT, waited))
    (tmp_path / "access.log").write_text("\n".join(lines) + "\n")
    (row,) = triage.load(tmp_path).onsets.to_dicts()
    assert (row["kind"], row["parameter"], row["part_unit"]) == ("slower", parameter, "s")
    assert 0.02 < row["part_before"] < 0.05 < 0.15 < row["part_after"] < 0.4


@pytest.mark.parametrize(
    ("key", "usual", "then"),
    [
        ("status", "200", "18446744073709551615"),
        ("status", "200.0", "1e300"),
        ("size_bytes", "12", "18446744073709551615"),
        ("duration_ms", "1.5", "9" * 300),
        ("elapsed", '"1.5"', f'"{"9" * 400}"'),
    ],
)
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_numbers_that_fit_no_type_are_large(key: str, usual: str, then: str, tmp_path: Path) -> None:
    times = [f"2026-11-20T02:{number // 60:02}:{number % 60:02}Z" for number in range(600)]
    told = [usual] * 300 + [then] * 300
    lines = [f'{{"ts":"{at}","msg":"served","{key}":{value}}}' for at, value in zip(times, told, strict=True)]
    (tmp_path / "shop.log").write_text("\n".join(lines) + "\n")
    incident = triage.load(tmp_path / "shop.log")
    assert incident.ledger.records == 600
    assert set(incident.onsets["parameter"].drop_nulls()) <= {key, f"{key}={9 * 10**18}"}
