"""The HTML report: whole in itself, the same bytes for the same summary, and hostile text is only text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from triage.report.html import render_html
from triage.report.plots import plotly_javascript

GOLDEN = Path(__file__).parent / "golden" / "report"
LOADING = {"src", "href", "srcset", "action", "formaction", "data", "poster", "background", "ping", "cite", "manifest"}
SECTIONS = [
    "next", "impact", "time", "hypotheses", "verdict", "changes", "groups", "onsets", "limits", "sure", "assumptions",
    "ledger", "reproduce", "blanks",
]  # fmt: skip


class Elements(HTMLParser):
    """Every element of a document with its attributes, and all text outside scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is None:
            self.texts.append(data)

    def tags(self) -> set[str]:
        return {tag for tag, _ in self.found}

    def attribute(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.found if name in attrs]


def load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((GOLDEN / name).read_text(encoding="utf-8"))
    return loaded


def without_library(text: str) -> str:
    """The document without plotly.js, whose version may change, and with it its digest."""
    short = text.replace(plotly_javascript(), "")
    return re.sub(r"sha256-[\w+/=]+", "sha256-", short, count=1)


@pytest.fixture(scope="module")
def summary_html() -> str:
    return render_html(load("summary.json"))


@pytest.fixture(scope="module")
def hostile_html() -> str:
    return render_html(load("hostile.json"))


@pytest.fixture(scope="module")
def people_html() -> str:
    """The golden summary with what people said of it."""
    return render_html(load("summary.json") | load("people.json"))


def body_of(text: str) -> str:
    whole = without_library(text)
    return whole[whole.index("<body>") : whole.index('<script type="application/json"')]


def test_the_golden_report(summary_html: str) -> None:
    assert body_of(summary_html) == (GOLDEN / "summary.body.html").read_text(encoding="utf-8")


def test_the_golden_report_with_what_people_said(people_html: str) -> None:
    assert body_of(people_html) == (GOLDEN / "people.body.html").read_text(encoding="utf-8")


def test_the_same_summary_gives_the_same_bytes(summary_html: str) -> None:
    assert render_html(load("summary.json")) == summary_html


def test_sections_come_in_the_order_of_reading(summary_html: str) -> None:
    assert [attrs["id"] for tag, attrs in Elements(summary_html).found if tag == "section"] == SECTIONS


def test_no_script_and_no_request_beyond_the_file(summary_html: str, hostile_html: str) -> None:
    for text in (summary_html, hostile_html):
        found = Elements(text)
        loading = [(tag, attrs) for tag, attrs in found.found if LOADING & attrs.keys()]
        assert loading == []
        assert not found.tags() & {"link", "base", "iframe", "object", "embed", "img", "form", "a", "video", "audio"}
        assert "url(" not in text.partition("</style>")[0]
        assert "@import" not in text.partition("</style>")[0]


def test_the_policy_names_the_digest_of_every_script_that_runs(summary_html: str) -> None:
    [policy] = [value for value in Elements(summary_html).attribute("content") if "default-src" in value]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-inline" not in policy.partition("style-src")[0]
    running = re.findall(r"<script>(.*?)</script>", summary_html, re.DOTALL)
    assert len(running) == 2
    for script in running:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_hostile_text_adds_no_element_and_no_handler(people_html: str, hostile_html: str) -> None:
    usual, hostile = Elements(people_html), Elements(hostile_html)
    assert hostile.tags() <= usual.tags()
    assert sum(tag == "script" for tag, _ in hostile.found) == 3
    names = {name for _, attrs in hostile.found for name in attrs}
    assert not {name for name in names if name.startswith("on")}
    assert names <= {name for _, attrs in usual.found for name in attrs}


def test_hostile_text_is_shown_as_it_was_written(hostile_html: str) -> None:
    shown = "".join(Elements(hostile_html).texts)
    for text in (
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "{{ 7*7 }} {% raw %}",
        "«ESC»[2J",
        "«U+202E»",
    ):
        assert text in shown


def test_no_character_is_hidden(hostile_html: str) -> None:
    for text in Elements(hostile_html).texts:
        assert all(char.isprintable() or char in "\n\t" for char in text)


def test_the_data_of_the_plot_says_what_the_summary_says(hostile_html: str) -> None:
    found = re.search(r'<script type="application/json" id="timeline-data">(.*?)</script>', hostile_html, re.DOTALL)
    assert found
    assert not set("<>&") & set(found[1])
    plot = json.loads(found[1])
    assert plot["data"][0]["y"] == load("hostile.json")["timeline"]["groups"][0]["counts"]


def test_evidence_opens_to_its_raw_lines(summary_html: str) -> None:
    opened = re.search(r"<details>\s*<summary>.*?first trouble is in inventory.*?</details>", summary_html, re.DOTALL)
    assert opened
    part = opened[0][opened[0].rindex("<details>") :]
    assert "inventory/app.log:7412" in part
    assert "<pre>2026-11-20 02:14:07,212 ERROR inventory.stock: reserve failed" in part


def test_logs_without_times_have_no_plot_and_no_script() -> None:
    empty: dict[str, Any] = {"from": None, "bin_seconds": 1, "lines": [], "errors": [], "groups": []}
    text = render_html(load("summary.json") | {"timeline": empty, "incident_onset": None, "onsets": []})
    assert "<script" not in text
    assert "script-src &#39;none&#39;" in text
    assert "No record carries a time" in text


def test_more_rows_than_a_page_holds_are_counted() -> None:
    summary = load("summary.json")
    text = render_html(summary | {"onsets": summary["onsets"] * 20})
    assert "70 more onsets in the JSON report." in text


def test_a_text_without_a_known_line_says_so() -> None:
    assert "Text not kept." in render_html(load("hostile.json"))


def test_nothing_is_called_a_root_cause(summary_html: str, people_html: str) -> None:
    assert "root cause" not in without_library(summary_html + people_html).lower()


def test_what_is_blank_is_seen_to_be(summary_html: str, people_html: str) -> None:
    assert summary_html.count("[to be written]") == people_html.count("[to be written]") + 1  # the diagnosis
    assert Elements(people_html).attribute("class").count("blank") == 6
