"""Hostile text stays text in every place a report puts it."""

from __future__ import annotations

import html
import json
import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from triage.escape import (
    clip,
    markdown_block,
    markdown_code,
    markdown_text,
    one_line,
    plot_text,
    script_json,
    terminal,
    visible,
)

# Surrogates stand for bytes of a file name that are no UTF-8.
TEXT = st.text(st.characters(), max_size=80) | st.text(
    st.sampled_from("`|\\*_[]()<>~#$&!-+=1.:/@ \n\tahtpw\x1b\u202e"), max_size=40
)
MARKDOWN = MarkdownIt("gfm-like", {"linkify": False})


def words_of(tokens: object) -> str:
    """What a reader sees of a rendered paragraph or cell."""
    return html.unescape(re.sub(r"<[^>]*>", "", str(tokens))).strip()


@given(TEXT)
def test_nothing_invisible_is_left(text: str) -> None:
    for char in visible(text):
        assert char in "\n\t" or unicodedata.category(char)[0] not in "CZ" or char == " "


@given(TEXT.filter(lambda text: text.isprintable()))
def test_what_can_be_seen_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x07", "«ESC»[2J«BEL»"),
        ("a\x7fb\x9bc", "a«DEL»b«U+009B»c"),
        ("\u202ea\u2066b\u200bc\ufeff", "«U+202E»a«U+2066»b«U+200B»c«U+FEFF»"),
        ("one\u2028two\u2029", "one«U+2028»two«U+2029»"),
        ("50\u00a0000", "50 000"),
        ("name\udcff", "name«U+DCFF»"),
        ("tag\U000e0041", "tag«U+E0041»"),
    ],
)
def test_invisible_characters_get_a_shape(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(TEXT)
def test_one_line_is_one_line(text: str) -> None:
    assert one_line(text).splitlines() in ([one_line(text)], [])


@given(TEXT)
def test_a_terminal_gets_no_control(text: str) -> None:
    assert all(char.isprintable() or char == "\n" for char in terminal(text))


def test_a_long_text_says_how_much_is_missing() -> None:
    assert clip("x" * 1000, 10) == "xxxxxxxxxx… (990 more characters)"
    assert clip("x" * 10, 10) == "x" * 10


@given(TEXT)
@example("</script><!--<script>\u2028")
def test_json_in_a_script_element_cannot_end_it_and_says_the_same(text: str) -> None:
    inside = script_json({"text": text})
    assert not set("<>&") & set(inside)
    assert inside.isascii()
    assert json.loads(inside) == {"text": text}


@given(TEXT)
@example("http://a.example www.b.example #1 *x* _y_ <b> &lt; \\")
@example("1) x")
@example("- x")
@example("__0__")
def test_markdown_prose_shows_the_text_itself(text: str) -> None:
    rendered = MARKDOWN.render(markdown_text(text))
    shown = re.sub(r"</?p>", "", rendered).strip().replace("\u200b", "")  # stands behind what would call somebody
    assert shown == html.escape(one_line(text)).replace("&#x27;", "'")


@given(TEXT)
def test_markdown_prose_makes_no_link_of_an_address(text: str) -> None:
    safe = markdown_text(text)
    assert "://" not in safe
    assert "www." not in safe


@given(TEXT, TEXT)
def test_a_table_keeps_its_cells(left: str, right: str) -> None:
    table = f"| a | b |\n| --- | --- |\n| x {markdown_text(left)} | {markdown_code(right)} |"
    rendered = MARKDOWN.render(table)
    cells = re.findall(r"<td>(.*?)</td>", rendered)
    assert words_of(cells[0].replace("\u200b", "")) == f"x {one_line(left)}".strip()
    assert words_of(cells[1]) == one_line(right)
    assert len(cells) == 2


@given(TEXT)
def test_a_code_span_outside_a_table_shows_the_text_itself(text: str) -> None:
    rendered = MARKDOWN.render(f"x {markdown_code(text, cell=False)}:")
    assert rendered.startswith("<p>x <code>")
    assert words_of(rendered) == " ".join(f"x {one_line(text)}:".split()) or not one_line(text)


@given(TEXT)
@example("```\n````\n~~~\n`````")
def test_a_block_holds_its_lines(text: str) -> None:
    rendered = MARKDOWN.render(markdown_block(text))
    assert rendered.count("<pre>") == 1
    assert html.unescape(rendered).endswith(f"{visible(text)}\n</code></pre>\n")


@given(TEXT)
def test_a_plot_label_has_no_markup_for_plotly(text: str) -> None:
    label = plot_text(text)
    assert not set("<>$%") & set(label)
    assert html.unescape(label) == one_line(text[:100])[:50] or len(one_line(text)) > 50


@pytest.mark.parametrize("text", ["@oncall-team", "see #123", "a@evil.example", "GH-7"])
def test_nobody_is_called_by_a_log(text: str) -> None:
    assert text not in markdown_text(text)
    assert markdown_text(text).replace("\u200b", "").removeprefix("\\") == text
