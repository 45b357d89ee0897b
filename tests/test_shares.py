"""What failing lines share: the one pod, tenant or path that fails is named; where all fail alike, nothing is."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tests.made_shares import Made, assembled, made
from triage.ingest.held import Records, write_parquet
from triage.shares import Shared, find_shared, units
from triage.shares.exact import lifts, log_tail
from triage.shares.pairs import pairs_of


def shared(one: Made) -> Shared:
    return find_shared(one.facts, one.groups, one.templates)


@given(st.integers(1, 60), st.integers(1, 80), st.data())
def test_the_tail_is_that_of_fishers_test(drawn: int, rest: int, data: st.DataObject) -> None:
    having, elsewhere = data.draw(st.integers(0, drawn)), data.draw(st.integers(0, rest))
    table = [[having, drawn - having], [elsewhere, rest - elsewhere]]
    wanted = stats.fisher_exact(table, alternative="greater").pvalue
    numbers = (having, drawn, having + elsewhere, drawn + rest)
    found = np.exp(log_tail(*(np.array([float(number)]) for number in numbers)))[0]
    if having * (drawn + rest) > drawn * (having + elsewhere):
        assert found == pytest.approx(wanted, rel=1e-9)
    else:  # not more often than to be expected
        assert found == 1.0


def test_a_tail_too_small_for_a_number_is_told_as_its_log() -> None:
    found = log_tail(*(np.array([number]) for number in (4000.0, 4000.0, 4000.0, 9000.0)))[0]
    assert found == pytest.approx(-math.log(math.comb(9000, 4000)))  # one way of all


def test_a_ratio_lies_in_its_bounds_and_is_finite_without_others() -> None:
    ratio, low, high = lifts(np.array([1.0]), np.array([40.0]), np.array([0.0]), np.array([100.0]))
    assert 5 < low[0] < ratio[0] < high[0] < np.inf


@pytest.mark.parametrize(
    ("fails", "key", "value"),
    [({"pod": "pod-c"}, "pod", "pod-c"), ({"tenant": "coop"}, "tenant", "coop"), ({"path": "/pay"}, "path", "/pay")],
)
@pytest.mark.parametrize("noise", [0.0, 0.02])
def test_what_fails_is_named_first(fails: dict[str, str], key: str, value: str, noise: float) -> None:
    first = shared(made(3, fails, noise=noise)).frame.row(0, named=True)
    assert (first["key"], first["value"], first["kind"]) == (key, value, "whose")
    assert first["lift_low"] > 2


def test_tenant_and_path_come_from_lines_of_the_same_request_in_another_service() -> None:
    first = shared(made(3, {"tenant": "coop"})).frame.row(0, named=True)
    assert (first["service"], first["of"], first["unit"]) == ("store", "front", "requests")
    assert first["statement"] == (
        f"{first['bad']} of {first['bad_all']} failing requests of store have tenant=coop in a line of front; of the "
        "others before 18 % have it"
    )
    assert "tenant coop" in first["lines"][0]["text"]


def test_lines_without_ids_are_counted_by_themselves() -> None:
    found = shared(made(3, {"pod": "pod-c"}, traced=False)).frame
    assert found.select("unit", "key", "value").rows() == [("lines", "pod", "pod-c")]
    assert shared(made(3, {"tenant": "coop"}, traced=False)).frame.is_empty()


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("traced", [True, False])
def test_where_all_fail_alike_nothing_is_named(seed: int, traced: bool) -> None:
    found = shared(made(seed, {}, chance=0.3, traced=traced, requests=1500))
    assert found.frame.is_empty()
    assert found.tested >= 4
    [alike] = [one for one in found.alike if one.key == "pod"]
    assert alike.values == 4
    assert alike.statement.startswith("Failing ")


def test_what_is_there_only_since_the_failures_needs_others_since_then() -> None:
    """A new version that all have from then on is no finding, whether or not others are left to compare with."""
    everything = made(5, {}, chance=1.0)
    about = pl.when(pl.col("timestamp") > everything.facts.start + (everything.facts.end - everything.facts.start) / 2)
    newer = about.then(pl.lit('{"version":"2"}')).otherwise(pl.lit('{"version":"1"}'))
    for chance in (1.0, 0.5):
        records = made(5, {}, chance=chance).facts.records.frame().with_columns(newer.alias("attributes"))
        assert shared(assembled(records)).frame.filter(key="version").is_empty()


def test_counts_are_those_of_the_slow_way() -> None:
    one = made(11, {"pod": "pod-c"}, noise=0.05)
    records = one.facts.records.frame().to_dicts()
    lines: dict[str, list[dict[str, object]]] = {}
    for record in records:
        lines.setdefault(str(record["trace_id"]), []).append(record)
    failing = {trace for trace, own in lines.items() if any(r["template_id"] == "t-bad" for r in own)}
    with_pod = {trace for trace, own in lines.items() if any("pod-c" in str(r["attributes"]) for r in own)}
    begin = min(r["timestamp"] for r in records if r["template_id"] == "t-bad")
    others = set(lines) - failing
    since = {t for t in others if next(r["timestamp"] for r in lines[t] if r["service_name"] == "store") >= begin}
    row = shared(one).frame.row(0, named=True)
    against = since if row["against"] == "since" else others - since
    assert (row["bad"], row["bad_all"]) == (len(failing & with_pod), len(failing))
    assert (row["other"], row["other_all"]) == (len(against & with_pod), len(against))


def test_the_order_of_records_and_a_part_drawn_of_many_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    one = made(3, {"pod": "pod-c"}, requests=900)
    monkeypatch.setattr(units, "MOST", dict.fromkeys(units.MOST, 60))
    turned = one.facts.records.frame().sample(fraction=1.0, shuffle=True, seed=1)
    found = [shared(one).frame, shared(assembled(turned)).frame]
    assert found[0].equals(found[1])
    first = found[0].row(0, named=True)
    assert (first["value"], first["bad_all"]) == ("pod-c", 60)
    assert "failing requests of store looked at have pod=pod-c" in first["statement"]


def test_one_burst_counts_once() -> None:
    """Many lines within a second are one thing that happened, however many they are."""
    records = made(3, {"pod": "pod-c"}, traced=False).facts.records.frame()
    bad = pl.col("template_id") == "t-bad"
    first = records.filter(bad)["timestamp"][0]
    assert not shared(assembled(records)).frame.is_empty()
    squeezed = records.with_columns(pl.when(bad).then(pl.lit(first)).otherwise("timestamp").alias("timestamp"))
    assert shared(assembled(squeezed)).frame.is_empty()


def test_ids_are_left_out_and_told() -> None:
    records = made(3, {"pod": "pod-c"}).facts.records.frame()
    words = pl.col("line").cast(pl.String).str.replace_many(list("0123456789"), list("abcdefghij"))
    named = records.with_columns(pl.concat_str(pl.lit('{"order":"'), words, pl.lit('"}')).alias("attributes"))
    found = shared(assembled(named))
    assert found.left_out == ("order", "reserved")


def test_values_that_the_same_requests_have_are_one_finding() -> None:
    records = made(3, {"pod": "pod-c"}).facts.records.frame()
    twice = pl.col("attributes").str.replace(r'"pod":"pod-(.)"', '"pod":"pod-${1}","node":"node-${1}"')
    found = shared(assembled(records.with_columns(twice))).frame.filter(kind="whose")
    [row] = found.rows(named=True)
    assert (f"{row['key']}={row['value']}", row["also"]) == ("pod=pod-c", ["node=node-c"]) or (
        f"{row['key']}={row['value']}",
        row["also"],
    ) == ("node=node-c", ["pod=pod-c"])


def test_nothing_to_compare_is_no_finding() -> None:
    one = made(3, {"pod": "pod-c"})
    only_bad = one.facts.records.frame().filter(pl.col("template_id") == "t-bad")
    assert shared(assembled(only_bad)).frame.is_empty()
    assert find_shared(one.facts, (), one.templates).tested == 0


def test_muted_lines_have_no_part() -> None:
    one = made(3, {"pod": "pod-c"})
    muted = replace(one.facts, muted=("t-bad",))
    assert find_shared(muted, one.groups, one.templates).frame.is_empty()


def test_pairs_of_a_line() -> None:
    about = '{"zone":"eu-2","http": {"version": "1.1", "request":{"path":"/a b"}},"q":"a\\"b","n":5,"l":["x"],"z":null}'
    line = {
        "row": 7, "body": 'done user="ann lee" shard=4, ok', "attributes": about, "template_id": "t", "host_name": "h1",
        "source": "a.log", "service_name": "s", "exception_type": None,
    }  # fmt: skip
    schema = dict.fromkeys(line, pl.String) | {"row": pl.UInt32}
    found = pairs_of(pl.DataFrame([line], schema=schema), {"t": "done user=<*> shard=<NUM>, ok"})
    assert sorted(found.select("key", "value").rows()) == [
        ("host", "h1"), ("http.version", "1.1"), ("n", "5"), ("q", 'a"b'), ("request.path", "/a b"), ("shard", "4"),
        ("user", "ann lee"), ("zone", "eu-2"),
    ]  # fmt: skip


def test_text_that_is_no_json_does_no_harm() -> None:
    records = made(3, {"pod": "pod-c"}).facts.records.frame()
    bad = pl.Series(['{"pod":"pod-\\ud800"}', '{"pod', "}{", '{"a":{"b":{"c":{"d":"e"}}}}', "", '{"k":"\\x"}'])
    hostile = records.with_columns(bad.gather([n % len(bad) for n in range(len(records))]).alias("attributes"))
    found = shared(assembled(hostile))
    assert isinstance(found.frame, pl.DataFrame)
    assert isinstance(Records(hostile).frame(), pl.DataFrame)


def test_records_in_files_give_the_same_as_those_in_memory(tmp_path: Path) -> None:
    one = made(3, {"pod": "pod-c"})
    table = one.facts.records.frame()
    halves = [table.head(500), table.slice(500)]
    files = tuple(tmp_path / f"{number}.parquet" for number in range(2))
    for half, file in zip(halves, files, strict=True):
        write_parquet(half.lazy(), file)
    held = Records(None, files, tuple(map(len, halves)))
    found = find_shared(replace(one.facts, records=held), one.groups, one.templates).frame
    assert found.equals(shared(one).frame)
    assert not found.is_empty()


def test_a_request_that_is_tried_again_elsewhere_does_not_make_all_places_look_bad() -> None:
    """Each failing request has lines of two pods more: the first counts."""
    records = made(3, {}, chance=0.3, requests=1000).facts.records.frame()
    failing = records.filter(pl.col("template_id") == "t-bad")
    again = [
        failing.with_columns(
            pl.lit(f'{{"pod":"pod-{name}"}}').alias("attributes"),
            (pl.col("timestamp") + timedelta(milliseconds=later)).dt.cast_time_unit("ns").alias("timestamp"),
            pl.lit("t-work").alias("template_id"),
            (pl.col("line") + 100_000 * later).alias("line"),
        )
        for later, name in ((1, "a"), (2, "b"))
    ]
    assert shared(assembled(pl.concat([records, *again]))).frame.is_empty()
