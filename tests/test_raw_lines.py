"""Raw lines are shown whole, escaped, each with its place; as a frame they are like any other."""

from __future__ import annotations

import copy
import pickle

import polars as pl
import pytest

from tests.guided import Seen
from triage.raw_lines import ROWS, RawLines

TAGS = {"table", "caption", "thead", "tbody", "tr", "th", "td", "code", "wbr", "span"}


def lines(*raw: str, source: str = "logs/app.log") -> RawLines:
    times = pl.Series("timestamp", ["2026-11-21T02:05:03.123"] * len(raw)).str.to_datetime(time_zone="UTC")
    named = {"source": [source] * len(raw), "line": range(1, len(raw) + 1), "line_count": [1] * len(raw)}
    rest = {"service_name": ["till"] * len(raw), "severity_text": ["ERROR"] * len(raw), "raw": list(raw)}
    return RawLines(pl.DataFrame({"timestamp": times, **named, **rest}))


def test_a_line_is_shown_whole_with_its_place() -> None:
    long = "drawer stuck: " + "x" * 400
    assert repr(lines(long)) == f"1 record\n02:05:03.123 app.log:1 | {long}"
    assert long in lines(long)._repr_html_().replace("<wbr>", "")


def test_further_lines_of_a_record_stand_below_it() -> None:
    trace = "failed\n" + "\n".join(f"  at f{n}" for n in range(20))
    shown = repr(lines(trace)).splitlines()
    assert shown[1:4] == ["02:05:03.123 app.log:1 | failed", "      at f0", "      at f1"]
    assert shown[-1] == "    … 15 more lines"
    assert "20 more lines" in lines(trace)._repr_html_()


def test_many_are_not_all_shown() -> None:
    found = lines(*["fine"] * (ROWS + 5))
    assert repr(found).splitlines()[0] == f"{ROWS + 5} records"
    assert repr(found).endswith("5 more")
    assert found._repr_html_().count("<tr>") == ROWS + 1


@pytest.mark.parametrize("raw", ["<script>alert(1)</script>", "\x1b[31mred", "$x$ \u202e", "<img src=x onerror=a>"])
def test_hostile_lines_stay_text(raw: str) -> None:
    found = lines(raw, source=f"{raw}/a.log")
    page = Seen()
    page.feed(found._repr_html_())
    assert {tag for tag, _ in page.elements} <= TAGS
    assert "$x" not in found._repr_html_()
    assert not set("\x1b\u202e") & set(repr(found) + page.text)


def test_it_is_a_frame() -> None:
    found = lines("one", "two")
    assert isinstance(found, pl.DataFrame)
    assert pickle.loads(pickle.dumps(found)).equals(found)
    assert copy.deepcopy(found).equals(found)
    assert "shape: (2, 1)" in repr(found.select("raw"))
    assert "shape: (2, 1)" in repr(RawLines(found.select("raw")))
    assert "<table" in RawLines(found.select("raw"))._repr_html_()
    assert found.filter(pl.col("raw") == "two")["line"].to_list() == [2]
    assert found.to_pandas()["raw"].tolist() == ["one", "two"]
