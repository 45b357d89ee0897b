"""Stack traces: two of one problem have one id, two problems have two.

`golden/stacks/NAME.txt` holds stacks below lines that name their problem, up to a comma or the end; `NAME.expected`
what each problem is known by.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import triage
from triage.errors import UsageError
from triage.ingest.exceptions import exceptions
from triage.ingest.schema import RECORDS, conform
from triage.patterns.frames import frame_names
from triage.patterns.group_traces import exceptions_alike
from triage.patterns.stack_traces import find_traces

GOLDEN = Path(__file__).parent / "golden" / "stacks"
CASES = sorted(path.stem for path in GOLDEN.glob("*.txt"))


def records_of(bodies: list[str]) -> pl.DataFrame:
    table = exceptions(conform(pl.DataFrame({"body": bodies}), RECORDS))
    return table.with_columns(pl.Series("template_id", [f"t{n}" for n in range(len(bodies))], dtype=pl.String))


def stacks(name: str) -> tuple[list[str], list[str]]:
    """The problems and the stacks of a file, in order."""
    parts = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8").split("=== ")[1:]
    heads, bodies = zip(*(part.split("\n", 1) for part in parts), strict=True)
    return [head.split(",")[0] for head in heads], [body.rstrip("\n") for body in bodies]


def rendered(name: str) -> str:
    """Each problem in order: how many stacks, the exception, its cause, and the frames."""
    problems, bodies = stacks(name)
    rows = find_traces(records_of(bodies).lazy()).table.to_dicts()
    out = []
    for row in sorted(rows, key=lambda row: min(int(one[1:]) for one in row["template_ids"])):
        named = dict.fromkeys(problems[int(one[1:])] for one in row["template_ids"])
        cause = f" < {row['cause']}" if row["cause"] else ""
        out.append(f"{row['count']} {' + '.join(named)}: {row['exception_type']}{cause}")
        out += [f"    {frame}" for frame in row["frames"]]
        out += [] if row["in_app"] else ["    (of libraries)"]
    return "\n".join(out) + "\n"


@pytest.mark.parametrize("name", CASES)
def test_golden(name: str) -> None:
    assert rendered(name) == (GOLDEN / f"{name}.expected").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_one_problem_has_one_id_and_two_have_two(name: str) -> None:
    problems, bodies = stacks(name)
    found = find_traces(records_of(bodies).lazy()).by_template
    ids = dict(found.select("template_id", "id").iter_rows())
    told = {problem: {ids[f"t{n}"] for n, one in enumerate(problems) if one == problem} for problem in problems}
    assert [problem for problem, own in told.items() if len(own) != 1] == []
    assert len(set().union(*told.values())) == len(told)


def test_there_is_a_case_for_each_language() -> None:
    assert {"java", "python", "go", "node", "ruby", "php", "csharp", "rust"} <= set(CASES)


def incident_of(folder: Path, *stacks: str, level: str = "ERROR") -> triage.Incident:
    """An incident whose log has one record a second, each with a stack of its own."""
    lines = [f"2026-11-21T02:05:{n:02}Z {level} could not sell\n{stack}\n" for n, stack in enumerate(stacks)]
    (folder / "shop.log").write_text("".join(lines), encoding="utf-8")
    return triage.load(folder / "shop.log")


TAKE = (
    "java.lang.IllegalStateException: {n}\n\tat com.shop.Pool.take(Pool.java:{n})\n\tat com.shop.Till.sell(Till.java:4)"
)
BACK = (
    "java.lang.IllegalStateException: {n}\n\tat com.shop.Pool.back(Pool.java:{n})\n\tat com.shop.Till.sell(Till.java:4)"
)


def test_an_incident_has_its_stack_traces_and_their_lines(tmp_path: Path) -> None:
    incident = incident_of(tmp_path, TAKE.format(n=1), BACK.format(n=2), TAKE.format(n=3))
    first, second = incident.traces.to_dicts()
    assert (first["count"], first["frames"]) == (2, ["com.shop.Pool.take", "com.shop.Till.sell"])
    assert (first["first"].second, first["last"].second, first["template_ids"]) == (0, 2, second["template_ids"])
    assert incident.lines(trace=first["id"])["line"].to_list() == [1, 9]
    assert "Pool.back" in incident.lines(trace=second["id"])["raw"][0]
    assert triage.open(incident.save(tmp_path / "kept")).traces.equals(incident.traces)


def test_a_stack_trace_that_is_not_there_is_told(tmp_path: Path) -> None:
    incident = incident_of(tmp_path, TAKE.format(n=1))
    with pytest.raises(UsageError, match="no stack trace has the id 's0': there are s"):
        incident.lines(trace="s0")
    assert incident_of(tmp_path, "no trace").traces.is_empty()


def test_what_is_asked_beyond_memory_is_the_same(tmp_path: Path) -> None:
    incident = incident_of(tmp_path, *(stack.format(n=n) for n in range(20) for stack in (TAKE, BACK)))
    on_disk = triage.load(tmp_path / "shop.log", memory=0)
    assert on_disk.traces.equals(incident.traces)
    assert on_disk.error_groups == incident.error_groups
    wanted = incident.traces["id"][1]
    assert on_disk.lines(trace=wanted).equals(incident.lines(trace=wanted))


def test_one_stack_trace_is_one_error_group_whatever_the_messages(tmp_path: Path) -> None:
    shop = tmp_path / "shop.log"
    stacks = [("basket lost", TAKE), ("till 7 is gone for good", TAKE), ("refund", BACK)]
    at = datetime(2026, 11, 21, 2, tzinfo=UTC)
    moments = [(at + timedelta(minutes=20 * kind, seconds=n), kind, n) for kind in range(3) for n in range(30)]
    lines = [f"{at.isoformat()} ERROR {stacks[kind][0]}\n{stacks[kind][1].format(n=n)}\n" for at, kind, n in moments]
    shop.write_text("".join(lines), encoding="utf-8")
    first, second = triage.load(shop).error_groups
    assert [(first.count, len(first.template_ids)), (second.count, len(second.template_ids))] == [(60, 2), (30, 1)]
    assert first.trace is not None and first.trace.frames[0] == "com.shop.Pool.take" and first.trace.count == 60
    assert second.trace is not None and second.trace_ids == (second.trace.id,)


def test_frames_apart_speak_against_one_problem_and_one_place_for_it() -> None:
    frames = [["a", "b", "c"], ["a", "x", "y"], ["p", "q", "r"], None]
    main = pl.DataFrame(
        {"cause": [None] * 4, "frames": frames}, schema={"cause": pl.String, "frames": pl.List(pl.String)}
    )
    alike = exceptions_alike(pl.Series(["E"] * 4), main)
    assert alike[0].tolist() == [1.0, 1.0, -0.5, 1.0]
    other = exceptions_alike(pl.Series(["E", "F", "E", None]), main)
    assert other[0].tolist() == [1.0, 0.0, -0.5, 0.0]


def test_what_it_followed_from_counts_before_what_wraps_it() -> None:
    main = pl.DataFrame({"cause": ["A", "B", None], "frames": [["f"]] * 3})
    alike = exceptions_alike(pl.Series(["Wrapped", "Wrapped", "A"]), main)
    assert alike.tolist() == [[1, 0, 1], [0, 1, 0], [1, 0, 1]]


def test_a_group_shows_its_exception_and_frames_harmlessly(tmp_path: Path) -> None:
    frames = ["<img src=x onerror=alert(1)> (/app/\x07pool.js:7:1)", "sell (/app/till.js:1:1)"]
    stack = "\n    at ".join(["Error: x", *frames])
    (group,) = incident_of(tmp_path, stack, stack).error_groups
    assert group.trace is not None
    shown = repr(group) + group._repr_html_()
    assert "sell (till.js)" in shown
    assert "<img" not in group._repr_html_() and "\x07" not in shown


def test_frames_tell_errors_apart_that_name_no_exception(tmp_path: Path) -> None:
    at = datetime(2026, 11, 21, 2, tzinfo=UTC)
    one, other = (
        "main.{f}\n\t/app/{f}.go:{n}\nmain.main\n\t/app/main.go:9".replace("{f}", f) for f in ("sell", "load")
    )
    rows = [(at + timedelta(hours=n % 2, seconds=n), (one, other)[n % 2].replace("{n}", str(n))) for n in range(40)]
    said = [
        "{" + f'"time":"{at.isoformat()}","level":"error","msg":"failed","stacktrace":{json.dumps(text)}' + "}\n"
        for at, text in rows
    ]
    (tmp_path / "shop.log").write_text("".join(said), encoding="utf-8")
    (group,) = triage.load(tmp_path / "shop.log").error_groups
    assert group.trace is not None
    assert (group.trace.exception_type, group.trace.frames[1], len(group.trace_ids)) == (None, "main.main", 2)


@pytest.mark.parametrize(
    "attributes",
    [
        '{"exception.frames":"text"}',
        '{"exception.frames":[1,{"a":[2]}]}',
        '{"exception.frames":[]}',
        '{"exception.frames":',
    ],
)
def test_attributes_of_others_are_no_stack_traces(attributes: str) -> None:
    records = conform(pl.DataFrame({"body": ["x"], "attributes": [attributes]}), RECORDS)
    assert find_traces(records.with_columns(template_id=pl.lit("t0")).lazy()).table.is_empty()


@pytest.mark.parametrize(
    "frames",
    [
        r'["a\q"]',
        '["a\nb"]',
        '["a\tb"]',
        '["a\0b"]',
        r'["\u12"]',
        r'["\udc00"]',
        r'["\ud800\u0041"]',
        r'["\ud800"]',
        '["a',
    ],
)
def test_what_is_no_list_of_frames_stops_nothing(tmp_path: Path, frames: str) -> None:
    """A log says what it likes; one attribute that cannot be read would hide all stack traces, and the ranking."""
    line = '{"time":"2026-11-21T02:05:12Z","level":"error","msg":"failed","exception.frames":%s}\n'
    said = ['["sell (/app/shop/till.py:3)"]', frames, r'["\ud83d\ude00\u0041 (/app/shop/till.py:3)"]']
    (tmp_path / "shop.log").write_text("".join(line % json.dumps(each) for each in said), encoding="utf-8")
    found = triage.load(tmp_path / "shop.log").traces
    assert sorted(found["frames"].to_list()) == [["sell (shop/till.py)"], ["😀A (shop/till.py)"]]


BODIES = [body for name in CASES for body in stacks(name)[1]]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(range(len(BODIES))), min_size=1, max_size=30), st.randoms())
def test_neither_order_nor_cut_matters(chosen: list[int], random: Random) -> None:
    records = records_of([BODIES[n] for n in chosen])
    whole = find_traces(records.lazy()).table
    shuffled = records[random.sample(range(len(records)), len(records))]
    assert find_traces(shuffled.lazy()).table.equals(whole)
    alone = pl.concat([find_traces(records[n : n + 1].lazy()).table for n in range(len(records))])
    counts = alone.group_by("id").agg(pl.col("count").sum()).sort("count", "id", descending=[True, False])
    assert counts.equals(whole.select("id", "count"))


@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=20))
def test_any_frame_has_a_name(frames: list[str]) -> None:
    found = frame_names(pl.Series(frames))
    assert found["name"].null_count() == 0 and (found["name"] != "").all()
    assert found.equals(pl.concat([frame_names(pl.Series([frame])) for frame in frames]))


@given(st.integers(1, 99_999), st.integers(1, 99_999))
def test_a_line_number_is_no_part_of_a_frame(one: int, other: int) -> None:
    frames = ["a.B.c (B.java:{})", "f (/app/x/y.py:{})", "main.f (/app/f.go:{})", "/app/index.js:{}"]
    named = [frame_names(pl.Series([frame.format(number) for frame in frames])) for number in (one, other)]
    assert named[0].equals(named[1])
