"""The report as Markdown: the golden one, and that hostile text makes no markup of its own."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from triage.report.markdown import render_markdown

GOLDEN = Path(__file__).parent / "golden" / "report"
SECTIONS = [
    "Check next", "Impact", "Timeline", "Hypotheses", "Verdict", "Evidence", "Recorded changes", "Error groups",
    "Onsets", "What the data could not say", "How sure this is", "Assumptions", "Every line accounted for",
    "To reproduce", "Redacted", "To be written by people",
]  # fmt: skip


def load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((GOLDEN / name).read_text(encoding="utf-8"))
    return loaded


def parsed(text: str) -> list[Token]:
    """All tokens, those inside paragraphs and cells too; raw HTML counts as HTML."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough").parse(text)
    return [inner for token in tokens for inner in (token, *(token.children or []))]


def decided() -> dict[str, Any]:
    """The golden summary with what people said of it."""
    return load("summary.json") | load("people.json")


def test_the_golden_report() -> None:
    assert render_markdown(load("summary.json")) == (GOLDEN / "summary.md").read_text(encoding="utf-8")


def test_the_golden_report_with_what_people_said() -> None:
    assert render_markdown(decided()) == (GOLDEN / "people.md").read_text(encoding="utf-8")


def test_what_a_person_wrote_keeps_its_lines_and_stays_text() -> None:
    whole = render_markdown(load("hostile.json"))
    told = whole[whole.index("**Diagnosis**") : whole.index("Reported:")]
    said = re.sub(r"<[^>]*>", "", rendered(told).replace("<br />", "")).splitlines()
    assert [line for line in map(html.unescape, said) if line][1:] == [
        "# head", "===", "---", "> quote", "1. one", "- two", "code", "<script>alert(1)</script>", "| a |", "|---|",
        "![x](y) <http://e.example> [a]: b",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["summary.json", "hostile.json"])
def test_sections_come_in_the_order_of_reading(name: str) -> None:
    tokens = parsed(render_markdown(load(name)))
    heads = [
        tokens[place + 1].content for place, token in enumerate(tokens) if token.tag == "h2" and token.nesting == 1
    ]
    assert heads == [section for section in SECTIONS if section != "Redacted" or name == "hostile.json"]


def test_hostile_text_makes_no_markup() -> None:
    tokens = parsed(render_markdown(load("hostile.json")))
    kinds = {token.type for token in tokens if (token.type, token.content) != ("html_inline", "<br>")}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "em_open", "s_open", "blockquote_open", "hr"}
    assert kinds >= {"table_open", "fence", "code_inline", "strong_open"}


def test_hostile_text_moves_no_cell() -> None:
    hostile = render_markdown(load("hostile.json"))
    tables = 0
    for head, body in re.findall(r"<thead>(.*?)</thead>\s*<tbody>(.*?)</tbody>", rendered(hostile), re.DOTALL):
        tables += 1
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL):
            assert row.count("<td") == head.count("<th")
    # Services, operations, events; hypotheses, own ones, verdicts, checks; evidence; changes, groups, onsets, ledger.
    assert tables == 3 + 4 + 3 + 4
    # What is bold is ours: the headline, the word diagnosis, and the weights.
    assert len(re.findall(r"<strong>", rendered(hostile))) == 1 + 1 + 2


def rendered(text: str) -> str:
    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))


def test_raw_lines_stand_in_blocks_as_they_were() -> None:
    hostile = load("hostile.json")
    raw = hostile["hypotheses"][0]["for"][0]["lines"][0]["text"]
    fences = [token for token in parsed(render_markdown(hostile)) if token.type == "fence" and token.info == "text"]
    [block] = [token for token in fences if "</pre>" in token.content]
    assert block.content.replace("«ESC»", "\x1b").replace("«BEL»", "\x07").startswith(raw[:80])
    assert "\n```\n````\n~~~\n| a | b |\n" in block.content


@pytest.mark.parametrize("name", ["summary.json", "hostile.json"])
def test_no_character_is_hidden(name: str) -> None:
    assert all(char.isprintable() or char == "\n" for char in render_markdown(load(name)))


def test_lists_that_are_empty_are_said_to_be() -> None:
    summary = load("summary.json") | {"changes": [], "error_groups": [], "onsets": [], "incident_onset": None}
    told = render_markdown(summary)
    for sentence in ("No changes were given.", "No errors were found.", "No onsets were found."):
        assert sentence in told


def test_nothing_is_called_a_root_cause() -> None:
    assert "root cause" not in render_markdown(load("summary.json")).lower()
    assert "root cause" not in render_markdown(decided()).lower()
