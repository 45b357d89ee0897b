"""Templates do not depend on the order or cut of the input; masks replace kinds of values; groups are problems."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import triage
from triage.ingest.schema import RECORDS, conform
from triage.patterns import find_templates, group_errors, shapes_of, templates
from triage.patterns.masks import masked
from triage.patterns.templates import template_id

WORDS = st.sampled_from(["user", "order", "failed", "took", "17", "4.5", "10.0.0.1", "a=b", "id-9", "<*>", ""])
MESSAGES = st.lists(st.lists(WORDS, max_size=6).map(" ".join), min_size=1, max_size=30)


def _records(bodies: list[str], **columns: list[object]) -> pl.DataFrame:
    return conform(pl.DataFrame({"body": bodies, **columns}, strict=False), RECORDS)


def _templates(bodies: list[str]) -> dict[str, str]:
    place, shapes = shapes_of(_records(bodies))
    found = shapes.join(find_templates(shapes), on=["shape", "pinned"], how="left", maintain_order="left")
    return dict(zip(bodies, found["template"][place], strict=True))


@given(messages=MESSAGES, seed=st.randoms())
def test_templates_do_not_depend_on_order(messages: list[str], seed: object) -> None:
    shuffled = list(messages)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    assert _templates(messages) == _templates(shuffled)


@given(messages=MESSAGES)
def test_mine_gives_one_id_a_message_and_counts_them_all(messages: list[str]) -> None:
    mined = triage.mine(messages)
    assert len(mined.ids) == len(messages)
    assert set(mined.ids) == set(mined.templates["template_id"])
    assert mined.templates["count"].sum() == len(messages)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("took 12 ms", "took <NUM> ms"),
        ("from 10.1.2.3:8080 to ::1", "from <IP> to <IP>"),
        ("order 4bf92f35-77b3-4da6-a3ce-929d0e0e4736 by a@b.example", "order <UUID> by <EMAIL>"),
        ("at 2026-11-21T02:05:12.5Z ok", "at <TIME> ok"),
        ("commit deadbeef01 to https://x.example/a?b=1", "commit <HEX> to <URL>"),
        ("GET /search?q=red+vase&page=2 200", "GET /search?q=<*>&page=<*> <NUM>"),
        ("worker-17 of pool_3", "worker-<NUM> of pool_<NUM>"),
        ("utf8 stays, http2 too", "utf8 stays, http2 too"),
    ],
)
def test_masks(text: str, shape: str) -> None:
    assert masked(pl.Series([text])).item() == shape


def test_status_codes_and_exceptions_keep_templates_apart() -> None:
    bodies = ["GET /cart/1 200", "GET /cart/2 200", "GET /cart/3 502", "boom", "boom"]
    records = _records(
        bodies,
        pinned=["200", "200", "502", None, None],
        exception_type=[None, None, None, "a.Full", "b.Gone"],
    )
    place, shapes = shapes_of(records)
    found = shapes.join(find_templates(shapes), on=["shape", "pinned"], how="left", maintain_order="left")
    assert found["template"][place].to_list() == [
        "GET /cart/<NUM> 200",
        "GET /cart/<NUM> 200",
        "GET /cart/<NUM> 502",
        "boom [a.Full]",
        "boom [b.Gone]",
    ]


def test_ids_are_hashes_of_the_text() -> None:
    assert template_id("a <*>") == template_id("a <*>") != template_id("b <*>")


def test_mine_gives_pandas_back_to_pandas() -> None:
    import pandas as pd

    mined = triage.mine(pd.Series(["took 1 ms", "took 2 ms"]))
    assert type(mined.templates).__module__.startswith("pandas")


def test_errors_group_by_words_and_time() -> None:
    start = datetime(2026, 11, 21, tzinfo=UTC)
    rows = []
    for second in range(60):
        at = start + timedelta(seconds=second)
        rows.append((at, "checkout", 17, "payment declined for order <NUM>", "t1"))
        if second > 30:
            rows.append((at, "inventory", 17, "no connection left in pool within <NUM> s", "t2"))
            rows.append((at, "inventory", 17, "no connection left in pool, giving up", "t3"))
    names = ["timestamp", "service_name", "severity_number", "body", "template_id"]
    table = pl.DataFrame(rows, schema=names, orient="row")
    records = conform(table, RECORDS).with_columns(table["template_id"])
    templates = records.select("template_id", pl.col("body").alias("template")).unique()
    groups = group_errors(records.lazy(), templates)
    assert [sorted(group.template_ids) for group in groups] == [["t1"], ["t2", "t3"]] or [
        sorted(group.template_ids) for group in groups
    ] == [["t2", "t3"], ["t1"]]
    pool = next(group for group in groups if "t2" in group.template_ids)
    assert pool.services == ("inventory",)
    assert pool.count == 58
    assert pool.first == start + timedelta(seconds=31)


def test_there_are_never_more_templates_than_can_be_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "MANY_SHAPES", 20)
    monkeypatch.setattr(templates, "MOST_SHAPES", 50)
    words = [f"{first}{second}" for first in "abcdefgh" for second in "klmnop"]
    texts = [" ".join(words[(n * step + n // 7) % 48] for step in (1, 5, 7, 11)) for n in range(400)]
    shapes = pl.DataFrame({"shape": ["often seen alone", *texts], "pinned": "", "count": [100, *[1] * 400]})
    found = find_templates(shapes.unique("shape", maintain_order=True))
    assert 1 < found["template"].n_unique() <= 50
    monkeypatch.setattr(templates, "MOST_SHAPES", 1000)
    assert "often seen alone" in find_templates(shapes.unique("shape"))["template"]


def test_no_errors_no_groups() -> None:
    assert group_errors(_records(["fine"]).with_columns(pl.lit("t").alias("template_id")).lazy(), pl.DataFrame()) == ()
