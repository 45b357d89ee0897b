"""Sources whose lines were taken apart otherwise in one set than in the other."""

from __future__ import annotations

import json

import polars as pl

from triage.comparison.heads import other_heads


def records(source: str, head: str | None, count: int = 100) -> pl.LazyFrame:
    attributes = None if head is None else json.dumps({"logger": "a", "head": head})
    return pl.LazyFrame(
        {"source": [source] * count, "line": range(1, count + 1), "attributes": [attributes] * count},
        schema_overrides={"attributes": pl.String},
    )


GIVEN = (("old",), ("new",))


def test_other_heads_of_the_same_source_are_told() -> None:
    sets = records("old/app.log", "INFO shop.api [4b295ec7de56a55a]"), records("new/app.log", "INFO")
    (note,) = other_heads(sets, GIVEN)
    assert note.startswith("app: messages begin at another place of the line in A than in B")


def test_other_levels_ids_and_sources_are_no_other_heads() -> None:
    a = records("old/app.log", "INFO shop.api [4b295ec7de56a55a]")
    assert other_heads((a, records("new/app.log", "ERROR shop.db [-]")), GIVEN) == []
    assert other_heads((a, records("new/web.log", "ERROR")), GIVEN) == []
    assert other_heads((a, records("new/app.log", None)), GIVEN) == []


def test_a_few_lines_with_another_head_are_usual() -> None:
    a = records("old/app.log", "INFO shop.api")
    b = pl.concat([records("new/app.log", "INFO shop.api"), records("new/app.log", "INFO", 40)])
    assert other_heads((a, b), GIVEN) == []
    assert other_heads((a, records("new/app.log", "INFO", 5)), GIVEN) == []
