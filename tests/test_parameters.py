"""Parameters: values are those that were put in, or none; names tell what stands around; cases are in a file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import triage
from triage.patterns.parameters import RESERVED, Parameters
from triage.patterns.shapes import SHAPE_CHARS
from triage.patterns.slot_values import FITS, slot_values
from triage.patterns.slots import Word, slots_of

CASES: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "golden" / "parameters.toml").read_text(encoding="utf-8")
)

#: Values of one word, for each kind of slot.
VALUES = {
    "<NUM>": st.from_regex(r"[1-9][0-9]{0,5}(\.[0-9]{1,3})?", fullmatch=True),
    "<IP>": st.from_regex(r"10\.[1-9][0-9]?\.[0-9]\.1(:80)?", fullmatch=True),
    "<HEX>": st.from_regex(r"0x[0-9a-f]{1,9}", fullmatch=True),
    "<PATH>": st.from_regex(r"(/[a-z]{1,6}){2,4}", fullmatch=True),
    "<UUID>": st.uuids().map(str),
    "<*>": st.from_regex(r"[a-zA-Z0-9äß/:=_.-]{1,8}", fullmatch=True),
}
SLOTS = st.sampled_from(sorted(VALUES))
LITERALS = st.sampled_from(["took", "ms", "user", "(a.b)", "100%", "[x]", "$5", "a|b", "é", "-", "of"])
WORDS = st.one_of(
    LITERALS.map(lambda word: (word,)),
    SLOTS.map(lambda slot: (slot,)),
    st.tuples(st.sampled_from(["size=", "(", '"', "blk-", "#"]), SLOTS, st.sampled_from(["", ",", ")", '"'])),
    st.just(("x=", "<NUM>", ",y=", "<NUM>")),
)
TEMPLATES = st.lists(WORDS, min_size=1, max_size=7)


@st.composite
def filled(draw: st.DrawFn) -> tuple[str, str, list[str]]:
    """A template, a line of it, and the values that were put in."""
    words = draw(TEMPLATES)
    values: list[str] = []
    line = []
    for word in words:
        made = ""
        for piece in word:
            if piece in VALUES:
                values.append(draw(VALUES[piece]))
            made += values[-1] if piece in VALUES else piece
        line.append(made)
    gap = draw(st.sampled_from([" ", "  ", "\t", "\x1f", "\xa0"]))
    return " ".join("".join(word) for word in words), gap.join(line), values


@given(filled())
def test_the_values_are_those_that_were_put_in(case: tuple[str, str, list[str]]) -> None:
    template, line, values = case
    (row,) = slot_values(slots_of(template), pl.Series([line])).rows()
    assert row == (True, *values)


@given(words=st.lists(st.sampled_from(["a", "b", "<*>", "<*>"]), min_size=1, max_size=5), data=st.data())
def test_a_value_is_given_where_there_is_one_way_only(words: list[str], data: st.DataObject) -> None:
    line = data.draw(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=7))
    ways = list(_ways(words, line))
    row = slot_values(slots_of(" ".join(words)), pl.Series([" ".join(line)])).row(0)
    if len(ways) == 1:
        assert row == (True, *ways[0])
    elif ways or words[-1] == "<*>":
        assert row == (False, *[None] * words.count("<*>"))


def _ways(words: Sequence[str], line: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every way to lay a template over a line, by trying all: each wildcard over one word or more."""
    if not words or not line:
        if not words and not line:
            yield ()
        return
    if words[0] != "<*>":
        yield from _ways(words[1:], line[1:]) if words[0] == line[0] else ()
        return
    for size in range(1, len(line) + 1):
        for rest in _ways(words[1:], line[size:]):
            yield (" ".join(line[:size]), *rest)


MESSAGES = st.lists(
    st.one_of(
        st.tuples(st.just("took"), VALUES["<NUM>"], st.just("ms for"), VALUES["<PATH>"]),
        st.tuples(st.just("delete"), VALUES["<HEX>"], VALUES["<HEX>"], st.sampled_from(["now", "1 2", "1 2 3"])),
        st.tuples(st.just("from"), VALUES["<IP>"], st.sampled_from([", 10.0.0.1", ""]), st.just("size=4 KB")),
        st.tuples(st.just("user"), VALUES["<*>"], st.just("at 2026-11-21 02:05:11 by"), VALUES["<*>"]),
    ).map(" ".join),
    min_size=1,
    max_size=12,
)


@given(messages=MESSAGES)
def test_a_template_with_its_values_is_the_line(messages: list[str]) -> None:
    mined = triage.mine(messages)
    texts = dict(mined.templates.select("template_id", "template").iter_rows())
    for template_id in set(mined.ids):
        lines = [line for line, of in zip(messages, mined.ids, strict=True) if of == template_id]
        parsed = slots_of(texts[template_id])
        found = slot_values(parsed, pl.Series(lines))
        for line, (fits, *values) in zip(lines, found.iter_rows(), strict=True):
            if fits and None not in values:
                assert _refilled(parsed.words, values) == " ".join(line.split())


def _refilled(words: Sequence[Word], values: Sequence[str]) -> str:
    return " ".join(
        texts[0] + "".join(values[n] + text for n, text in zip(slots, texts[1:], strict=True)) for texts, slots in words
    )


@pytest.mark.parametrize("name", CASES)
def test_cases(name: str) -> None:
    case = dict(CASES[name])
    messages, template = case.pop("messages"), case.pop("template")
    mined = triage.mine(messages)
    texts = dict(mined.templates.select("template_id", "template").iter_rows())
    bodies = pl.Series([m for m, of in zip(messages, mined.ids, strict=True) if texts[of] == template])
    found = Parameters.of(template, bodies)
    table = found.table(bodies)
    assert table[FITS].all()
    assert table.columns == [FITS, *case]
    for one in found.columns:
        wanted = case[one.name]
        assert (one.kind, one.unit) == (wanted["kind"], wanted.get("unit")), one.name
        assert table[one.name].to_list() == pytest.approx(wanted["values"]), one.name


def _one(template: str, *lines: str) -> pl.DataFrame:
    return slot_values(slots_of(template), pl.Series(lines))


def test_what_may_be_two_things_is_none() -> None:
    found = _one("<*> <*> done", "a b done", "a b c done")
    assert found.rows() == [(True, "a", "b"), (False, None, None)]


def test_a_pinned_word_is_no_part_of_the_line() -> None:
    found = _one("GET /cart/<NUM> failed [a.Gone]", "GET /cart/7 failed", "GET /cart/8 failed [a.Gone]")
    assert found["s0"].to_list() == ["7", "8"]


def test_only_the_first_line_counts() -> None:
    assert _one("took <NUM> ms", "took 5 ms\n  at x.py:7")["s0"].to_list() == ["5"]


def test_what_may_be_cut_off_is_none() -> None:
    long = f"took 17 ms for {'x' * SHAPE_CHARS}"
    assert _one("took <NUM> ms for <*>", long, "took 18 ms for y").rows() == [(True, "17", None), (True, "18", "y")]


def test_a_template_too_large_for_a_pattern_fits_nothing() -> None:
    many = " ".join(["<TIME>", "<*>"] * 3000)
    assert _one(many, "x")[FITS].to_list() == [False]


def test_a_word_of_very_many_values_is_one() -> None:
    word = "".join(f"<NUM>{letter}" for letter in "abcdefghijklmnopqrs")
    assert _one(f"at {word} done", f"at {word.replace('<NUM>', '10')} done")["s0"].to_list() == [
        word.replace("<NUM>", "10")
    ]


def test_no_lines_and_no_slots() -> None:
    assert _one("took <NUM> ms").shape == (0, 2)
    assert _one("started", "started").rows() == [(True,)]
    assert _one("(empty message)", "").rows() == [(True,)]
    assert Parameters.of("started", pl.Series(["started"])).columns == ()
    assert Parameters.of("took <NUM>", pl.Series([], dtype=pl.String)).columns[0].kind == "text"


def test_lines_in_pieces_are_read_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"took {n} ms" if n % 3 else f"took {n}, {n} ms" for n in range(50)]
    whole = _one("took <NUM> ms", *lines)
    monkeypatch.setattr("triage.patterns.slot_values.ROWS", 7)
    assert _one("took <NUM> ms", *lines).equals(whole)


PIECES = st.one_of(
    SLOTS, st.sampled_from(["<TIME>", "<SIZE>", "<NUM>m<NUM>s", "=", ": ", " ", "²"]), st.text(max_size=6)
)


@given(pieces=st.lists(PIECES, max_size=9), lines=st.lists(st.text(), max_size=3))
def test_any_text_has_columns_that_are_identifiers(pieces: list[str], lines: list[str]) -> None:
    bodies = pl.Series(["".join(pieces), *lines])
    found = Parameters.of("".join(pieces), bodies)
    names = [one.name for one in found.columns]
    assert all(name.isidentifier() for name in names)
    assert len({*names, *RESERVED}) == len(names) + len(RESERVED)
    assert found.table(bodies).shape == (len(bodies), len(names) + 1)


def test_a_number_that_is_none_later_on_is_none() -> None:
    found = Parameters.of("size=<*> left", pl.Series(["size=5 left", "size=6 left"]))
    assert found.table(pl.Series(["size=7 left", "size=many left"]))["size"].to_list() == [7.0, None]
