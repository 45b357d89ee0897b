"""Masks with all short cuts say the same as each alone on every text, on texts made of what masks look for."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.patterns.masks import MASKS, PATH, masked
from triage.patterns.shapes import SHAPE, SHAPE_CHARS, shapes_of

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


def _masked_alone(text: str, keep_paths: bool = False) -> str:
    """Every mask, one after the other."""
    for mask in MASKS:
        if not (keep_paths and mask.name == PATH.name):
            text = pl.Series([text]).str.replace_all(mask.pattern, mask.into).item()
    return text


@settings(max_examples=400)
@given(st.lists(st.tuples(TEXTS, st.booleans()), min_size=1, max_size=12))
def test_as_if_each_were_masked_alone(rows: list[tuple[str, bool]]) -> None:
    texts, keep_paths = pl.Series([row[0] for row in rows]), pl.Series([row[1] for row in rows])
    assert masked(texts, keep_paths).to_list() == [_masked_alone(*row) for row in rows]
    assert masked(texts).to_list() == [_masked_alone(row[0]) for row in rows]


def _shape_alone(body: str | None, pinned: str | None, exception: str | None) -> tuple[str, str]:
    first = (body or "").split("\n")[0].removesuffix(pinned or "")
    return _masked_alone(first, pinned is not None).strip(" \t"), pinned or (f"[{exception}]" if exception else "")


@settings(max_examples=300)
@given(st.lists(st.tuples(st.none() | TEXTS, PINNED, TYPES), max_size=12), st.integers(1, 4))
def test_shapes_are_those_of_each_record_alone(
    rows: list[tuple[str | None, str | None, str | None]], times: int
) -> None:
    schema = {"body": pl.String, "pinned": pl.String, "exception_type": pl.String}
    records = pl.DataFrame(rows * times, schema=schema, orient="row")
    place, shapes = shapes_of(records)
    wanted = [_shape_alone(*row) for row in rows] * times
    assert shapes.select(SHAPE).rows()[:] == sorted(set(wanted), key=lambda pair: [text.encode() for text in pair])
    assert shapes[place].select(SHAPE).rows() == wanted
    assert shapes["count"].to_list() == [wanted.count(pair) for pair in shapes.select(SHAPE).rows()]


def test_long_lines_and_nothing() -> None:
    none = pl.Series([None] * 3, dtype=pl.String)
    records = pl.DataFrame({"body": ["x" * (2 * SHAPE_CHARS), None, "a\nb 12"], "pinned": none, "exception_type": none})
    place, shapes = shapes_of(records)
    assert shapes["shape"][place].to_list() == ["x" * SHAPE_CHARS, "", "a"]
    assert shapes_of(records.clear())[1].is_empty()
