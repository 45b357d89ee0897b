"""From a template to its lines, who wrote them, and its parameters, over all its records."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import triage
from tests.shop import write_incident
from triage.errors import UsageError
from triage.ingest import held
from triage.ingest.held import Records
from triage.template_rows import ORDER, TemplateRows

LINES = ["timestamp", "source", "line", "line_count", "service_name", "severity_text", "raw"]


@pytest.fixture(scope="module")
def incident(tmp_path_factory: pytest.TempPathFactory) -> triage.Incident:
    return triage.load(write_incident(tmp_path_factory.mktemp("shop")) / "logs")


def _id(incident: triage.Incident, text: str) -> str:
    (found,) = incident.find(text)["template_id"]
    return str(found)


def test_a_template_is_named_by_its_text_as_well(incident: triage.Incident) -> None:
    row = incident.templates.row(0, named=True)
    assert incident.template(row["template"]) == incident.template(row["template_id"])
    with pytest.raises(UsageError, match="no template has the id 'no such template': there are t"):
        incident.lines(template="no such template")


def test_lines_of_a_template_are_what_a_filter_finds(incident: triage.Incident) -> None:
    for template_id, count in incident.templates.select("template_id", "count").iter_rows():
        slow = incident.records.filter(pl.col("template_id") == template_id).sort(ORDER, nulls_last=True)
        found = incident.lines(template=template_id, limit=None)
        assert len(found) == count
        assert found.equals(slow.select(LINES))
        assert incident.lines(template=template_id, limit=3).equals(found.head(3))


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["t1", "t2", "t3"]), st.integers(0, 3) | st.none(), st.sampled_from(["b", "a"]),
        st.integers(1, 3), st.sampled_from(["shop", "pay", None]), st.sampled_from(["n1", None]),
    ),
    max_size=20,
)  # fmt: skip


@given(rows=ROWS, group=st.integers(1, 5))
def test_rows_are_found_in_memory_and_on_disk(
    rows: list[tuple], group: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    schema = {
        "template_id": pl.String, "timestamp": pl.Int64, "source": pl.String, "line": pl.UInt32,
        "service_name": pl.String, "host_name": pl.String,
    }  # fmt: skip
    table = pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col("timestamp").cast(pl.Datetime("ns")))
    folder = tmp_path_factory.mktemp("rows")
    halves = (table.head(len(table) // 2), table.slice(len(table) // 2))
    files = tuple(folder / f"{n}.parquet" for n in range(len(halves)))
    for half, file in zip(halves, files, strict=True):
        half.write_parquet(file, row_group_size=group)
    with patch("triage.ingest.held.GROUP_ROWS", group):
        for records in (Records(table), Records(None, files, tuple(map(len, halves)))):
            _check_rows(TemplateRows(records), table)


def _check_rows(found: TemplateRows, table: pl.DataFrame) -> None:
    for wanted in ("t1", "t2", "t3", "t4"):
        slow = table.filter(pl.col("template_id") == wanted).sort(ORDER, nulls_last=True, maintain_order=True)
        assert found.gather(found.rows(wanted), *table.columns).equals(slow)
        assert found.gather(found.rows(wanted), "line").equals(slow.select("line"))
        assert found.seen(wanted)["count"].sum() == len(slow)


def test_a_sample_is_of_all_the_time_and_holds_no_row_twice() -> None:
    many = pl.DataFrame({"line": range(5000)}).with_columns(
        pl.lit("t").alias("template_id"),
        pl.from_epoch("line").alias("timestamp"),
        *(pl.lit("x").alias(name) for name in ("source", "service_name", "host_name")),
    )
    for count in (1, 1024, 1025, 1100, 5000):
        found = TemplateRows(Records(many.head(count))).sample("t")
        assert (found[0], found[-1], found.n_unique()) == (0, count - 1, len(found))
        assert len(found) <= 1024


def test_rows_are_found_once(incident: triage.Incident, monkeypatch: pytest.MonkeyPatch) -> None:
    template_id = incident.templates["template_id"][0]
    incident.lines(template=template_id)
    monkeypatch.setattr("triage.template_verbs.TemplateRows", None)
    assert incident.template(template_id).id == template_id
    assert len(incident.lines(template=template_id, limit=1)) == 1


def test_a_template_knows_who_wrote_it_and_when(incident: triage.Incident) -> None:
    found = incident.template(_id(incident, "reserved item"))
    lines = incident.lines(template=found.id, limit=None)
    assert (found.count, found.level, found.parameters) == (len(lines), "INFO", ("req", "item"))
    assert (found.first, found.last) == (lines["timestamp"].min(), lines["timestamp"].max())
    (service,) = found.services
    assert (service.name, service.count, service.first, service.last) == (
        "inventory",
        found.count,
        found.first,
        found.last,
    )
    assert "inventory" in repr(found)
    assert f"{found.count:,}" in repr(found)


def test_services_and_hosts_have_their_own_counts(tmp_path: Path) -> None:
    table = pl.DataFrame(
        {
            "timestamp": ["2026-11-21T02:05:03Z", "2026-11-21T02:05:01Z", "2026-11-21T02:05:02Z"],
            "body": ["ready in 1 s", "ready in 2 s", "ready in 3 s"],
            "service_name": ["shop", "pay", "shop"],
            "host_name": ["n1", "n1", None],
        }
    )
    incident = triage.load(table)
    found = incident.template(incident.templates["template_id"][0])
    assert [(one.name, one.count) for one in found.services] == [("shop", 2), ("pay", 1)]
    assert [(one.name, one.count) for one in found.hosts] == [("n1", 2), (None, 1)]
    assert found.services[0].first == incident.records["timestamp"].sort()[1]
    assert "n1 (2)" in repr(found)


def test_log_text_is_escaped() -> None:
    rows = {"timestamp": ["2026-11-21T02:05:03Z"], "body": ["<script>\x1b[31m$x$"], "host_name": ["<b>"]}
    incident = triage.load(pl.DataFrame(rows))
    found = incident.template(incident.templates["template_id"][0])
    assert "<script>" not in found._repr_html_()
    assert "<b>" not in found._repr_html_()
    assert "\x1b" not in repr(found)


def test_parameters_are_columns_of_records(incident: triage.Incident) -> None:
    template_id = _id(incident, "slow query took")
    lines = incident.lines(template=template_id, limit=None)
    found = incident.parameters(template_id, limit=None)
    assert found.columns == ["timestamp", "source", "line", "fits", "req", "duration_ms"]
    assert found.select("timestamp", "source", "line").equals(lines.select("timestamp", "source", "line"))
    told = [float(raw.split("took ")[1].split()[0]) for raw in lines["raw"]]
    assert found["duration_ms"].to_list() == told
    assert incident.parameters(template_id, limit=2).equals(found.head(2))
    assert incident.parameters(_id(incident, "charge accepted")).columns == ["timestamp", "source", "line", "fits"]


def test_a_summary_is_of_all_records(incident: triage.Incident) -> None:
    template_id = _id(incident, "slow query took")
    values = incident.parameters(template_id, limit=None)["duration_ms"].to_list()
    row = incident.parameter_summary(template_id).row(by_predicate=pl.col("name") == "duration_ms", named=True)
    assert (row["kind"], row["unit"], row["records"], row["missing"]) == ("number", "ms", len(values), 0)
    assert row["distinct"] == len(set(values))
    most = max(values.count(value) for value in values)
    assert row["top"][0] == {"value": f"{min(v for v in values if values.count(v) == most):g}", "count": most}
    assert (row["min"], row["p50"], row["max"]) == (min(values), statistics.median(values), max(values))
    assert min(values) <= row["p05"] <= row["p50"] <= row["p95"] <= max(values)


def test_a_summary_of_text_has_no_quantiles() -> None:
    bodies = ["went to /var/a/b", "went to /var/a/c", "went to /var/a/b"]
    incident = triage.load(pl.DataFrame({"timestamp": ["2026-11-21T02:05:03Z"] * 3, "body": bodies}))
    template_id = incident.templates["template_id"][0]
    (row,) = incident.parameter_summary(template_id).to_dicts()
    assert row["top"] == [{"value": "/var/a/b", "count": 2}, {"value": "/var/a/c", "count": 1}]
    assert (row["name"], row["kind"], row["distinct"], row["min"], row["p50"]) == ("path", "path", 2, None, None)


@pytest.mark.parametrize("verb", ["template", "parameters", "parameter_summary"])
def test_a_template_that_does_not_exist(incident: triage.Incident, verb: str) -> None:
    with pytest.raises(UsageError, match="no template has the id 'nope': there are "):
        getattr(incident, verb)("nope")


@pytest.mark.parametrize("limit", [-1, 2.5, "3", True])
def test_a_limit_that_is_none(incident: triage.Incident, limit: Any) -> None:
    with pytest.raises(UsageError, match=f"limit: got {limit!r}, wanted a whole number from 0 on"):
        incident.parameters(incident.templates["template_id"][0], limit=limit)
    with pytest.raises(UsageError, match="limit: got"):
        incident.lines(limit=limit)


def test_find_takes_times_in_the_zone_of_the_incident(incident: triage.Incident) -> None:
    late = incident.find(since="2026-11-21 02:19:00")
    assert "no connection within" in " ".join(late["template"])
    assert len(late) < len(incident.templates)
    assert incident.find().equals(incident.templates)


def test_answers_are_the_same_from_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    logs = write_incident(tmp_path) / "logs"
    kept = triage.load(logs)
    monkeypatch.setattr(held, "PART_BYTES", 200_000)
    monkeypatch.setattr(held, "GROUP_ROWS", 100)
    other = triage.load(logs, memory=0)
    assert other.table.held is None
    template_id = _id(kept, "reserved item")
    assert other.template(template_id) == kept.template(template_id)
    assert other.lines(template=template_id).equals(kept.lines(template=template_id))
    assert other.parameters(template_id, limit=None).equals(kept.parameters(template_id, limit=None))
    assert other.parameter_summary(template_id).equals(kept.parameter_summary(template_id))
