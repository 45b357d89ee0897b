"""The ranking on a terminal: the golden one, its width, its colours, and no command in it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from triage.report.terminal import render_terminal

GOLDEN = Path(__file__).parent / "golden" / "report"


def load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((GOLDEN / name).read_text(encoding="utf-8"))
    return loaded


def printed(summary: dict[str, Any], width: int = 80, top: int = 5) -> str:
    out = io.StringIO()
    render_terminal(summary, Console(file=out, width=width, color_system=None), top)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def test_the_golden_ranking() -> None:
    shown = printed(load("summary.json"))
    assert shown == (GOLDEN / "summary.txt").read_text(encoding="utf-8")


def test_what_would_help_stands_before_the_ranking() -> None:
    need = {"kind": "logs", "statement": "Logs of ledger-db: 3 failing lines name it", "gain": 0.8}
    shown = printed(load("summary.json") | {"undecided": ["the odds are flat"], "needs": [need]})
    told = "Undecided: the odds are flat\nWhat would help most\n- Logs of ledger-db: 3 failing lines name it\n"
    assert shown.index(told) < shown.index("against the onset")
    assert "Undecided" not in printed(load("summary.json"))


@pytest.mark.parametrize("name", ["summary.json", "hostile.json"])
@pytest.mark.parametrize("width", [80, 100, 120])
def test_it_keeps_to_the_width(name: str, width: int) -> None:
    assert max(cell_len(line) for line in printed(load(name), width).splitlines()) <= width


def test_hostile_text_gives_the_terminal_no_command() -> None:
    shown = printed(load("hostile.json"))
    assert all(char.isprintable() or char == "\n" for char in shown)
    assert "«ESC»[31m" in shown


def test_markup_of_rich_is_text() -> None:
    summary = load("summary.json")
    summary["error_groups"][0]["title"] = "[red]boom[/red] :fire: [link=http://evil.example]x[/link] [/]"
    assert "[red]boom[/red] :fire: [link=http://evil.example]x[/link] [/]" in printed(summary)


def coloured(monkeypatch: pytest.MonkeyPatch, no_colour: str | None) -> str:
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_colour is not None:
        monkeypatch.setenv("NO_COLOR", no_colour)
    out = io.StringIO()
    render_terminal(load("summary.json"), Console(file=out, width=80, force_terminal=True, color_system="standard"))
    return out.getvalue()


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[32m" in coloured(monkeypatch, None)
    assert "\x1b[32m" not in coloured(monkeypatch, "1")


def test_top_bounds_the_ranking_and_the_rest_is_counted() -> None:
    shown = printed(load("summary.json"), top=2)
    assert "5 more with lower odds" in shown
    assert "config change in nginx" not in shown
    assert "more with lower odds" not in printed(load("summary.json"), top=7)


def test_a_quiet_log_has_a_ranking_without_onset() -> None:
    quiet: dict[str, Any] = {"incident_onset": None, "conclusive": False, "error_groups": [], "onsets": [], "notes": []}
    shown = printed(load("summary.json") | quiet)
    assert shown.startswith("No onset found in these logs.")
    assert "▲" not in shown
    assert "Error groups" not in shown
