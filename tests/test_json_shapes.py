"""Objects that are read together give the same as objects that are read one by one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from triage.ingest import read_logs
from triage.ingest.context import Context
from triage.ingest.formats.jsonlines import JSON_LINES

KEYS = ["time", "ts", "level", "severity", "msg", "message", "service", "trace_id", "user", "error", "exception", "n x"]
TIMES = st.sampled_from(
    ["2026-11-21T02:05:12.345Z", "2026-11-21 02:05:12", 1795226712, 1795226712.5, "1795226712345", "soon", None]
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.text(max_size=8),
    st.sampled_from(["error", "30", 'a "quoted" word', "two\nlines", "tab\t", "\\", "{", '{"a": 1}', "é", "\ud83d"]),
    TIMES,
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
)
SEPARATORS = st.sampled_from([(", ", ": "), (",", ":"), (" , ", " : ")])


@st.composite
def _lines(draw: st.DrawFn) -> list[str]:
    """Objects of a few shapes, as several loggers write them."""
    shapes = draw(
        st.lists(st.lists(st.sampled_from(KEYS), unique=True, min_size=1, max_size=6), min_size=1, max_size=2)
    )
    separators, ascii_only = draw(SEPARATORS), draw(st.booleans())
    lines = []
    for keys in draw(st.lists(st.sampled_from(shapes), min_size=1, max_size=8)):
        found = {key: draw(TIMES if key in ("time", "ts") else VALUES) for key in keys}
        lines.append(
            json.dumps(found, separators=separators, ensure_ascii=ascii_only).encode("utf-8", "replace").decode()
        )
    return lines


def _read(lines: list[str], together: bool) -> list[dict[str, Any]]:
    text = pl.Series(lines, dtype=pl.String)
    fmt = JSON_LINES.narrowed(text, Context()) if together else JSON_LINES
    reading = fmt.read(text, Context())
    rows = reading.fields.with_columns(claimed=reading.claimed).to_dicts()
    return [{**row, "attributes": json.loads(row["attributes"] or "null")} for row in rows]


@given(_lines())
def test_together_is_as_one_by_one(lines: list[str]) -> None:
    assert _read(lines, together=True) == _read(lines, together=False)


def test_shapes_are_found_and_used() -> None:
    lines = [
        f'{{"time":"2026-11-21T02:05:{n:02}Z","level":"info","msg":"say \\"{n}\\"","n":{n},"at":[1]}}' for n in range(9)
    ]
    fmt = JSON_LINES.narrowed(pl.Series(lines), Context())
    texts, fits = fmt.shapes[0].rows(pl.Series(lines))
    assert fits.all()
    assert texts["body"].to_list() == [f'say "{n}"' for n in range(9)]
    assert texts["attributes"][3] == '{"n":3,"at":[1]}'


def test_what_is_no_json_is_not_claimed_by_a_shape() -> None:
    line = '{"time":"2026-11-21T02:05:12Z","msg":"a","n":1}'
    fmt = JSON_LINES.narrowed(pl.Series([line]), Context())
    broken = [line.replace("1}", "01}"), line.replace('"a"', "a"), line + ",", line.replace('"a"', '"a\x01"'), line]
    assert fmt.read(pl.Series(broken), Context()).claimed.to_list() == [False, False, False, False, True]
    assert replace(fmt, shapes=()).read(pl.Series(broken), Context()).claimed.to_list() == [False] * 4 + [True]


def test_half_a_character_in_a_key_is_kept_as_its_escape() -> None:
    lines = pl.Series(['{"time":"2026-11-21T02:05:12Z","msg":"a","k\\udfff":1}'] * 3)
    fmt = JSON_LINES.narrowed(lines, Context())
    assert fmt.read(lines, Context()).fields["attributes"].to_list() == ['{"k\\udfff": 1}'] * 3


def test_an_object_that_is_its_own_message_gives_its_attributes_once(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text('{"time":"2026-11-21T02:05:12Z","verb":"PUT","took_ms":18}\n' * 3)
    assert read_logs(tmp_path / "app.log").records["attributes"].to_list() == ['{"verb":"PUT","took_ms":18}'] * 3


def test_objects_may_be_nested_deeply(tmp_path: Path) -> None:
    lines = ['{"ts":"2026-11-21T02:05:12Z","msg":"served","at":' + '{"a":' * 500 + "1" + "}" * 501] * 40
    (tmp_path / "shop.log").write_text("\n".join(lines) + "\n")
    frame = read_logs(tmp_path / "shop.log").records
    assert frame["body"].to_list() == ["served"] * 40
