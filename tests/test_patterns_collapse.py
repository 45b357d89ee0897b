"""Masking one of the texts that are alike says the same as masking each, on texts that are made to be nearly alike."""

from __future__ import annotations

from random import Random

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from triage.patterns.collapse import ids_alike, numbers_alike
from triage.patterns.shapes import SHAPE, SHAPE_CHARS, Shaper, shape_of, shapes_of

#: Pieces of what masks look for, which drawn texts put beside each other with and without marks between.
PIECES = [
    *"0123456789abcdefABCDEFTZx_-+.,:;/\\@=&?%()[]{}<>\"' \t",
    *("12", "345", "2026", "20261120", "12345678", "deadbeef", "0a1b2c3d", "CAFE0123", "1e", "ab12", "\n", "é", "…"),
    *("2026-11-20", "10:20:30", "20/Nov/2026", "Nov 20 10:20:30", " UTC ", "+0100", "10.1.2.3", "ff:00:ab:12:34:56"),
    *("b9718cd8-f65e-49cc-8349-6cf7122af137", "12345678-1234-1234-1234-123456789012", "0x", "fe80::", "1:2:3:4"),
    *("http://", "a1://", "/var/log", "C:\\x\\y", "user@", "a.example", "?q=", "id=", "true", "kB", " ", " ", " "),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
PINNED = st.sampled_from([None, None, "200", "17", "x"])
TYPES = st.sampled_from([None, None, "ValueError"])


def _bare(bodies: list[str | None] | list[str]) -> pl.DataFrame:
    none = pl.Series([None] * len(bodies), dtype=pl.String)
    return pl.DataFrame({"body": bodies, "pinned": none, "exception_type": none})


def _masked_each(records: pl.DataFrame) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in records.select(shape_of(records)).rows()]


@settings(max_examples=600)
@given(st.lists(st.tuples(TEXTS, PINNED, TYPES), max_size=12))
@example([("Nov 2 10:20:30 1234abcd9", None, None), ("Nov 2 10:20:30 abcd12349", None, None)])
@example([("10:20:12345678ab", None, None), ("10:20:ab345678cd", None, None)])
@example([("node5", None, None), ("7", None, None), ("node6", None, None), ("x", None, None)])
@example([("a 200", "200", None), ("a 201", "200", None), ("a 17", "17", None)])
def test_as_if_each_were_masked(rows: list[tuple[str, str | None, str | None]]) -> None:
    schema = {"body": pl.String, "pinned": pl.String, "exception_type": pl.String}
    records = pl.DataFrame(rows, schema=schema, orient="row")
    place, shapes = shapes_of(records)
    assert shapes[place].select(SHAPE).rows() == _masked_each(records)
    assert shapes.equals(
        records.select(shape_of(records)).group_by(SHAPE).agg(pl.len().cast(pl.UInt64).alias("count")).sort(SHAPE)
    )


@settings(max_examples=600)
@given(TEXTS, st.sampled_from(["0123456789", "123456789abcdef", "123456789ABCDEF"]), st.randoms(use_true_random=False))
def test_texts_that_become_the_same_have_one_shape(text: str, characters: str, random: Random) -> None:
    drawn = "".join(random.choice(characters) if c in characters else c for c in text)
    grown = "".join(c * random.choice((1, 1, 2)) if c.isdecimal() else c for c in text)
    for alike in (numbers_alike, ids_alike, lambda texts: ids_alike(numbers_alike(texts))):
        for other in (drawn, grown):
            same = alike(pl.Series([text, other], dtype=pl.String))
            assert same[0] != same[1] or len(set(_masked_each(_bare([text, other])))) == 1


@settings(max_examples=300)
@given(TEXTS)
def test_a_text_with_numbers_alike_has_its_shape(text: str) -> None:
    alike = numbers_alike(pl.Series([text], dtype=pl.String))
    assert _masked_each(_bare(alike.to_list())) == _masked_each(_bare([text]))


@given(st.lists(st.tuples(TEXTS, PINNED, TYPES), max_size=12), st.integers(0, 12))
def test_what_is_remembered_changes_nothing(rows: list[tuple[str, str | None, str | None]], at: int) -> None:
    schema = {"body": pl.String, "pinned": pl.String, "exception_type": pl.String}
    shaper = Shaper()
    for part in (rows[:at], rows[at:], rows):
        records = pl.DataFrame(part, schema=schema, orient="row")
        place, shapes = shaper(records)
        assert shapes[place].select(SHAPE).rows() == _masked_each(records)


def test_long_lines_and_nothing() -> None:
    records = _bare(["x" * (2 * SHAPE_CHARS), None, "a\nb 12"])
    place, shapes = shapes_of(records)
    assert shapes["shape"][place].to_list() == ["x" * SHAPE_CHARS, "", "a"]
    assert shapes_of(records.clear())[1].is_empty()


def test_few_are_masked() -> None:
    bodies = [f"order {n} of {n * 7919:x}{n:08x} took {n % 900} ms from 10.0.{n % 256}.{n % 7}" for n in range(5000)]
    assert ids_alike(numbers_alike(pl.Series(bodies)).unique()).n_unique() < 300
