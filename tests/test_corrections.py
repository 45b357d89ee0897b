"""Corrections of templates: each does what it says, in any order and cut of the input, or tells what is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import triage
from triage import Corrections
from triage.errors import UsageError
from triage.ingest.schema import RECORDS, conform
from triage.patterns import check_corrections, corrected_templates, find_templates, shapes_of
from triage.patterns.fits import pattern_of, wildcards
from triage.patterns.mine import Mined
from triage.patterns.rule_checks import MOST_PARTS
from triage.patterns.templates import template_id
from triage.reading import Gathered
from triage.settings import Settings

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden" / "corrections"
BAD = sorted(path.name for path in (GOLDEN / "bad").glob("*.toml"))

WORDS = ("order", "ord-a1", "ord-b27", "paid", "by", "job", "7", "12", "answered", "500", "404", "<*>", "pool", "é", "")
MESSAGES = st.lists(st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join), min_size=1, max_size=25)
EVERY = (
    Corrections()
    .mask("order", r"ord-\w+")
    .pin("job <*>")
    .split("answered <NUM>", value=1)
    .split("pool <*>", word=1)
    .merge("paid by <ORDER>", "paid by", into="paid")
    .mute("order")
)


def _templates(messages: list[str], corrections: Corrections = EVERY) -> dict[str, str]:
    mined = triage.mine(messages, corrections)
    texts = dict(mined.templates.select("template_id", "template").iter_rows())
    return {message: texts[found] for message, found in zip(messages, mined.ids, strict=True)}


def _notes(mined: Mined) -> list[str]:
    return [outcome.note for outcome in mined.corrected]


def _records(messages: list[str]) -> pl.DataFrame:
    return conform(pl.DataFrame({"body": messages}, schema={"body": pl.String}), RECORDS)


def _shapes(messages: list[str], corrections: Corrections) -> tuple[pl.Series, pl.DataFrame]:
    return shapes_of(_records(messages), corrections)


@given(messages=MESSAGES)
def test_without_corrections_nothing_changes(messages: list[str]) -> None:
    shapes = _shapes(messages, Corrections())[1]
    found, outcomes = corrected_templates(shapes, Corrections())
    assert found.equals(find_templates(shapes))
    assert shapes.columns == ["shape", "pinned", "count"]
    assert outcomes == ()


@given(messages=MESSAGES, seed=st.randoms())
def test_the_result_does_not_depend_on_order(messages: list[str], seed: object) -> None:
    shuffled = list(messages)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = triage.mine(messages, EVERY), triage.mine(shuffled, EVERY)
    assert _templates(messages) == _templates(shuffled)
    assert one.templates.equals(other.templates)
    assert one.corrected == other.corrected


@pytest.mark.parametrize("limit", [0, 1 << 20])
@given(messages=MESSAGES, at=st.integers(0, 25))
def test_the_result_does_not_depend_on_chunks(limit: int, messages: list[str], at: int) -> None:
    def gathered(*parts: list[str]) -> tuple[list[dict[str, object]], object]:
        found = Gathered(Settings(corrections=EVERY), limit=limit)
        for part in parts:
            found.add(_records(part))
        records, texts = found.patterns()
        return [*records.frame().to_dicts(), *texts.to_dicts()], found.corrected

    whole = gathered(messages)
    assert gathered(messages[:at], messages[at:]) == whole
    assert [row["template_id"] for row in whole[0][: len(messages)]] == triage.mine(messages, EVERY).ids


@given(messages=MESSAGES)
def test_every_message_has_one_template_and_counts_add_up(messages: list[str]) -> None:
    mined = triage.mine(messages, EVERY)
    assert len(mined.ids) == len(messages)
    assert mined.templates["count"].sum() == len(messages)
    assert mined.templates["template"].is_unique().all()
    for found, text, count in mined.templates.iter_rows():
        assert found == template_id(text)
        assert mined.ids.count(found) == count
    records = {outcome.rule: outcome.records for outcome in mined.corrected}
    assert list(records) == list(EVERY)
    assert records[EVERY.masks[0]] == sum("ord-" in message for message in messages)


@given(messages=MESSAGES)
def test_a_mask_is_as_if_the_log_were_written_so(messages: list[str]) -> None:
    mask = Corrections().mask("order", r"ord-\w+")
    written = [re.sub(r"ord-\w+", "<ORDER>", message, flags=re.ASCII) for message in messages]
    found, wanted = _templates(messages, mask), _templates(written, Corrections())
    assert [found[text] for text in messages] == [wanted[text] for text in written]


@given(messages=MESSAGES)
def test_what_fits_a_pin_has_it_and_nothing_else_changes(messages: list[str]) -> None:
    before, after = _templates(messages, Corrections()), _templates(messages, Corrections().pin("job <*>"))
    for message in messages:
        fits = re.fullmatch(r"job\s+.+", message.strip()) or before[message] == "job <*>"
        assert after[message] == ("job <*>" if fits else before[message])


def test_of_pins_that_fit_the_first_holds() -> None:
    pins = Corrections().pin("user root <*>").pin("user <*>").pin("user root left")
    mined = triage.mine(["user root left", "user ana left"], pins)
    assert sorted(mined.templates["template"]) == ["user <*>", "user root <*>"]
    assert _notes(mined) == ["", "", "matches nothing: a pin before it takes all that fits"]


def test_a_kind_of_value_in_a_pin_stands_for_a_list_of_them() -> None:
    pinned = Corrections().pin("ask <IP> for <NUM>")
    found = _templates(["ask 10.0.0.1, 10.0.0.2 for 7", "ask 10.0.0.1 for 7", "tell ten of 7"], pinned)
    assert list(found.values()) == ["ask <IP> for <NUM>"] * 2 + ["tell ten of <NUM>"]


def test_a_pin_that_masks_keep_from_fitting_says_what_to_pin() -> None:
    mined = triage.mine(["took 12 ms"], Corrections().pin("took 12 <*>"))
    assert _notes(mined) == ["matches nothing: masks make “took <NUM> <*>” of it, so pin that"]


def test_split_by_a_value_and_by_a_word() -> None:
    messages = ["answered 500 in 7 ms", "answered 404 in 8 ms", "answered 500 in 9 ms"]
    by_value = Corrections().split("answered <NUM> in <NUM> ms", value=1)
    assert set(_templates(messages, by_value).values()) == {"answered 500 in <NUM> ms", "answered 404 in <NUM> ms"}
    only = Corrections().split("answered <NUM> in <NUM> ms", value=1, only=["500", "503"])
    mined = triage.mine(messages, only)
    assert set(mined.templates["template"]) == {"answered 500 in <NUM> ms", "answered <NUM> in <NUM> ms"}
    assert _notes(mined) == ["“503” is not among the values"]
    named = [f"login of user {name} failed" for name in ("ana", "bo", "cy")]
    assert set(_templates(named, Corrections()).values()) == {"login of user <*> failed"}
    by_word = Corrections().split("login of user <*> failed", word=1, only=["bo"])
    assert list(_templates(named, by_word).values()) == [
        "login of user <*> failed",
        "login of user bo failed",
        "login of user <*> failed",
    ]


def test_a_value_is_that_of_the_message_whatever_masks_do() -> None:
    messages = ["moved to 2026-11-21 by -5", "moved to 2026-11-22 by -5"]
    assert set(_templates(messages, Corrections()).values()) == {"moved to <TIME> by <NUM>"}
    found = _templates(
        messages, Corrections().mask("day", r"\d{4}-\d\d-\d\d").split("moved to <DAY> by <NUM>", value=1)
    )
    assert set(found.values()) == {"moved to 2026-11-21 by <NUM>", "moved to 2026-11-22 by <NUM>"}


def test_a_split_into_very_many_parts_keeps_the_most_frequent_and_says_so() -> None:
    messages = [f"took {n} ms" for n in range(100, 100 + MOST_PARTS + 5) for _ in range(2 if n == 124 else 1)]
    mined = triage.mine(messages, Corrections().split("took <NUM> ms", value=1))
    table = dict(mined.templates.select("template", "count").iter_rows())
    assert len(table) == MOST_PARTS + 1
    assert table["took 124 ms"] == 2
    assert table["took <NUM> ms"] == 5
    assert _notes(mined) == [
        f"the {MOST_PARTS} most frequent were split off (there are {MOST_PARTS + 5} different), 5 records stay"
    ]


def test_status_codes_and_exceptions_stay_what_keeps_templates_apart() -> None:
    bodies = ["GET /cart/1 200", "GET /cart/2 200", "GET /cart/3 502", "boom at 3", "boom at 4"]
    columns = {"pinned": ["200", "200", "502", None, None], "exception_type": [None, None, None, "a.Full", "a.Full"]}
    records = conform(pl.DataFrame({"body": bodies, **columns}, strict=False), RECORDS)
    own = (
        Corrections().mask("any", r"\d+").split("GET /cart/<ANY> 200", value=1).split("boom at <ANY> [a.Full]", value=1)
    )
    place, shapes = shapes_of(records, own)
    found = shapes.join(corrected_templates(shapes, own)[0], on=["shape", "pinned", "marks"], maintain_order="left")
    assert found["template"][place].to_list() == [
        "GET /cart/1 200",
        "GET /cart/2 200",
        "GET /cart/<ANY> 502",
        "boom at 3 [a.Full]",
        "boom at 4 [a.Full]",
    ]


def test_a_merge_takes_its_name_from_what_all_have_in_common() -> None:
    messages = ["pool is full", "pool looks full", "pool of ana was full", "pool 7 is gone"]
    mined = triage.mine(messages, Corrections().merge("pool is full", "pool of ana was full", "pool looks full"))
    assert dict(mined.templates.select("template", "count").iter_rows()) == {
        "pool <*> full": 3,
        "pool <NUM> is gone": 1,
    }
    into = Corrections().merge("pool is full", "pool is void", into="pool <NUM> is gone")
    assert _notes(triage.mine(messages, into)) == [
        "no template reads “pool is void”; the closest is “pool is full”; "
        "1 record that reads “pool <NUM> is gone” without it are part of it"
    ]


def test_a_merge_with_a_name_that_is_not_there_guesses_no_common_text() -> None:
    messages = ["pool is full", "pool is empty", "started"]
    for own in (
        Corrections().merge("pool is full", "pol is empty"),
        Corrections().merge("pool is full", "t0123456789"),
    ):
        mined = triage.mine(messages, own)
        assert set(mined.templates["template"]) == set(messages)
        assert _notes(mined)[0].startswith("matches nothing to merge: no template ")
    into = Corrections().merge("pool is full", "pol is empty", into="pool at an end")
    assert set(triage.mine(messages, into).templates["template"]) == {"pool at an end", "pool is empty", "started"}


def test_a_template_is_named_by_its_id_or_as_it_is_printed() -> None:
    messages = ["red \x07 alert", "pool is full", "pool is void", "disk full", f"job {'very ' * 90}long"]
    ids = {text: template_id(text) for text in messages}
    own = Corrections().mute("red «BEL» alert").mute(ids["disk full"]).merge(ids["pool is full"], ids["pool is void"])
    own = own.mute(f"{messages[-1][:399]}…")
    mined = triage.mine(messages, own)
    assert [(one.records, one.note) for one in mined.corrected] == [(2, ""), (1, ""), (1, ""), (1, "")]
    assert mined.corrected[0].rule.says == "“pool is full”, “pool is void” are one: “pool is <*>”"
    assert mined.corrected[2].rule.says == "“disk full” is muted"
    cut = triage.mine(messages, Corrections().mute("pool is…"))  # of which there are two
    assert _notes(cut) == ["matches nothing; the closest is “pool is void”"]
    strangers = Corrections().merge(ids["disk full"], ids["red \x07 alert"])
    assert _notes(triage.mine(messages, strangers)) == [
        "merges nothing: they have no word in common: give the text that stands for all"
    ]


def test_corrections_are_applied_by_kind() -> None:
    own = Corrections().mute("pool is <*>").merge("pool is full", "pool is void").split("pool is <STATE>", value=1)
    own = own.mask("state", "full|void")
    mined = triage.mine(["pool is full", "pool is void", "started"], own)
    assert [rule.kind for rule in own] == ["mask", "split", "merge", "mute"]
    assert _notes(mined) == [""] * 4
    assert dict(mined.templates.select("template", "count").iter_rows()) == {"pool is <*>": 2, "started": 1}


def test_nothing_there_is_said_of_every_kind() -> None:
    mined = triage.mine([], check_corrections(GOLDEN / "shop.toml"))
    assert [(outcome.records, outcome.note[:15]) for outcome in mined.corrected] == [(0, "matches nothing")] * 6


def test_a_file_holds_what_its_corrections_say() -> None:
    read = check_corrections(GOLDEN / "shop.toml")
    assert check_corrections(read.to_dict()) == read
    assert hash(check_corrections(read.to_dict())) == hash(read)
    assert read == (
        Corrections()
        .mask("ORDER", r"ord-\w+")
        .pin("job <*>")
        .split("answered <NUM> in <NUM> ms", value=1, only=("500", "503"))
        .split("pool <*> is full", word=1)
        .merge("disk full", "no space left", into="disk full")
        .mute("health check <NUM>")
    )


def test_the_file_that_the_readme_shows(tmp_path: Path) -> None:
    shown = (ROOT / "README.md").read_text(encoding="utf-8").split("## Your corrections")[1]
    (tmp_path / "own.toml").write_text(shown.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    messages = [
        "pay ord-a7", "pay ord-b9", "cart of Ana opened", "answered 500 in 7 ms", "answered 200 in 8 ms", "disk full",
        "no space left on device", "health check 1",
    ]  # fmt: skip
    mined = triage.mine(messages, tmp_path / "own.toml")
    assert _notes(mined) == ["", "", "“503” is not among the values", "", ""]
    assert dict(mined.templates.select("template", "count").iter_rows()) == {
        "pay <ORDER>": 2,
        "disk full": 2,
        "cart of <*> opened": 1,
        "answered 500 in <NUM> ms": 1,
        "answered <NUM> in <NUM> ms": 1,
        "health check <NUM>": 1,
    }


@given(text=st.text(min_size=1).filter(str.strip), place=st.integers(1, 2))
def test_what_is_written_to_a_file_is_read_again(
    text: str, place: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    own = (
        Corrections().mask("any", r"a\d+\x7f").split(f"{text} <*> <*>", word=place, only=[text.strip()[:70]]).mute(text)
    )
    path = tmp_path_factory.mktemp("own") / "own.toml"
    own = own + Corrections().merge(f"{text} b", f"{text} c", into=f"{text} d")
    path.write_text(own.to_toml(), encoding="utf-8")
    assert Corrections.read(path) == own


def test_in_a_notebook_they_are_a_table() -> None:
    html = Corrections().mute("<b>pool</b>")._repr_html_()
    assert "is muted" in html
    assert "<b>" not in html


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_names_the_correction_and_the_reason(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOLDEN / "bad")
    with pytest.raises(UsageError) as caught:
        triage.mine(["took 12 ms"], corrections=name)
    assert f"{caught.value}\n" == Path(f"{name}.error").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (5, "corrections: got int, wanted a TOML file, a mapping such as"),
        ("none.toml", "corrections none.toml: cannot be read: No such file"),
        ("", "corrections: an empty name was given"),
        ({"mute": 5}, "corrections: mute: wanted a list"),
        ({"mask": ["x"]}, "corrections: mask 1: got 'x', wanted a table"),
        ({"pin": ["a\ud800"]}, "corrections: pin 1: template: '\\\\ud800' is half a character"),
        ({"pin": ["a" * 5000]}, "corrections: pin 1: template: 5000 characters, wanted at most 4000"),
        ({"mute": [f"a {n}" for n in range(300)]}, "corrections: got 300, wanted at most 200"),
        ({"mask": [{"name": "x", "pattern": "y" * 2000}]}, "mask 1: 'X': pattern: 2000 characters, wanted at most"),
        ({"split": [{"template": "a <NUM>", "value": 1, "only": ["x" * 90]}]}, "longer than 80 characters"),
        ({"split": [{"template": "a <NUM>", "value": 1, "only": list("abcdefghijklmnopqrstuvw")}]}, "got 23 values"),
        ({"pin": ["tee0a59ff4c"]}, "'tee0a59ff4c' is the id of a template, which only Incident.correct looks up"),
    ],
)
def test_what_is_given_in_python_is_checked_as_well(given: object, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        triage.mine(["x"], given)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)


texts = st.text(st.sampled_from("ab. *+()[]<>|\\$^{}é#-"), min_size=1, max_size=20)


@settings(max_examples=60)
@given(head=texts, value=texts, tail=texts)
def test_a_text_fits_its_own_template_whatever_characters_it_holds(head: str, value: str, tail: str) -> None:
    assume(not wildcards(head))
    text = " ".join(f"{head} <NUM> {tail}".split())
    line = pl.Series([text.replace("<NUM>", f"x{value}")])
    found = line.str.extract(pattern_of(text, 1, raw=True)).item()
    assert found is not None
    assert line.item().startswith(found, line.item().index("x"))


def test_space_is_what_templates_take_for_it() -> None:
    messages = ["took\x1c7 ms \x85 of 5", "took\u20287\tms of 5"]
    assert set(_templates(messages, Corrections()).values()) == {"took <NUM> ms of <NUM>"}
    pinned = Corrections().pin("took <NUM> ms of <*>")
    assert set(_templates(messages, pinned).values()) == {"took <NUM> ms of <*>"}
    by_value = Corrections().split("took <NUM> ms of <NUM>", value=2)
    assert set(_templates(messages, by_value).values()) == {"took <NUM> ms of 5"}


def test_only_so_many_names_are_looked_for() -> None:
    own = check_corrections({"mute": [f"pool {n} of sho" for n in range(12)]})
    notes = _notes(triage.mine(["pool of shop"], own))
    assert notes == ["matches nothing; the closest is “pool of shop”"] * 10 + ["matches nothing"] * 2


def test_hostile_text_in_a_value_takes_no_other_part() -> None:
    # Values of several splits are kept with this character between them; the first split fits the message as well.
    own = Corrections().split("took <*>", value=1).split("took x <NUM> of <NUM>", value=2)
    assert list(_templates(["took x\x1f9 of 5"], own).values()) == ["took x <NUM> of 5"]
