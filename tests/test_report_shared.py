"""Reports of what failing lines share, and of versions that logs show: short tables, and hostile values as text."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from tests.shop import write_incident
from triage.pipeline import load as load_incident
from triage.report.html import render_html
from triage.report.layout import MOST, page_of
from triage.report.markdown import render_markdown
from triage.report.terminal import render_terminal

GOLDEN = Path(__file__).parent / "golden" / "report"


@pytest.fixture
def summary() -> dict[str, Any]:
    parts = [json.loads((GOLDEN / name).read_text(encoding="utf-8")) for name in ("summary.json", "shared.json")]
    return {**parts[0], **parts[1]}


def printed(summary: dict[str, Any]) -> str:
    out = io.StringIO()
    render_terminal(summary, Console(file=out, width=120, color_system=None), 5)
    return out.getvalue()


def section(text: str, head: str) -> str:
    return text.partition(f"## {head}\n")[2].partition("\n## ")[0]


def test_in_markdown(summary: dict[str, Any]) -> None:
    text = render_markdown(summary)
    assert (
        text.index("## Recorded changes") < text.index("## Versions that the logs show") < text.index("## Error groups")
    )
    shared = section(text, "What the failing lines share").strip().splitlines()
    assert shared[2] == (
        "| 412 of 420 failing requests of inventory have zone=eu-2; of the others since 11 % have it | pod=inventory-7 "
        "| 9.1 (7.9 to 10) | 3e-199 | `inventory.log:12` |"
    )
    assert len(shared) == 2 + 2 + 2  # head, two findings, and what fails alike
    assert shared[-1].startswith("- Failing requests of inventory come from all 4 values of pod alike")
    versions = section(text, "Versions that the logs show").strip().splitlines()
    assert versions[2] == (
        "| 02:09:01 | 5 min 6 s before | inventory 2.4.0, on 2 of 3 instances | 2\\.3.1 | deploy of inventory 2.4.0 "
        "| `inventory.log:7` |"
    )
    assert "none recorded" in versions[3]


def test_each_value_is_told_once_and_outcomes_are_left_to_the_json(summary: dict[str, Any]) -> None:
    for text in (render_markdown(summary), render_html(summary), printed(summary)):
        assert "told once" not in text
        assert "not told" not in text


def test_hostile_values_are_text(summary: dict[str, Any]) -> None:
    page = render_html(summary)
    for markup in ("<script>alert", "<i>s</i>", "<b>h</b>", "<b>1</b>"):
        assert markup not in page
        assert markup not in render_markdown(summary)
    assert "&lt;script&gt;alert(1)" in page
    rows = section(render_markdown(summary), "What the failing lines share").strip().splitlines()[:4]
    assert {row.replace("\\|", "").count("|") for row in rows} == {6}
    shown = printed(summary)
    assert all(char.isprintable() or char == "\n" for char in shown)


def test_in_the_terminal_the_first_few(summary: dict[str, Any]) -> None:
    assert "What the failing lines share\n   412 of 420" in printed(summary)
    for place, row in enumerate(many := [dict(summary["shared"][0]) for _ in range(20)]):
        row["value"] = f"eu-{place}"
    assert f"What the failing lines share, the first 4 of {len(many)}" in printed(summary | {"shared": many})
    assert page_of(summary | {"shared": many}).shared.hidden == len(many) - MOST["shared"]


def test_where_there_is_nothing_to_tell_there_is_no_section(summary: dict[str, Any]) -> None:
    nothing: dict[str, Any] = {"shared": [], "shared_about": {}, "versions": []}
    for text in (render_markdown(summary | nothing), printed(summary | nothing)):
        assert "lines share" not in text.lower()
        assert "Versions that" not in text
    assert 'id="shared"' not in render_html(summary | nothing)


def test_in_the_json_of_an_incident(tmp_path: Path) -> None:
    """A pool that runs dry for every second request, whoever asks: nothing is shared, and that was looked for."""
    folder = write_incident(tmp_path)
    incident = load_incident(folder / "logs", changes=folder / "changes.json")
    summary = incident.summary()
    assert [row for row in summary["shared"] if row["kind"] == "whose"] == []
    assert set(summary["shared_about"]) == {"tested", "max_q", "keys_left_out", "alike"}
    assert summary["versions"] == []
    assert incident.shared is incident.shared_table.frame
    json.dumps(summary, allow_nan=False)
