"""The plot of the timeline: what is drawn, and that plotly comes only when it is asked for."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from triage.report.plots import CONFIG, OKABE_ITO, plotly_javascript, timeline_figure

ROOT = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "golden" / "report"


def load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((GOLDEN / name).read_text(encoding="utf-8"))
    return loaded


def drawn(summary: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = timeline_figure(summary).to_plotly_json()
    return plain


def texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for inner in value.values() for text in texts(inner)]
    return [text for inner in value for text in texts(inner)] if isinstance(value, list | tuple) else []


def marks(figure: dict[str, Any]) -> dict[str, Any]:
    [found] = [trace for trace in figure["data"] if trace["name"] == "changes"]
    assert isinstance(found, dict)
    return found


def test_each_group_is_a_bar_of_its_own_colour_and_the_rest_is_grey() -> None:
    summary = load("summary.json")
    bars = [trace for trace in drawn(summary)["data"] if trace["type"] == "bar"]
    assert [bar["name"] for bar in bars][1::5] == ["checkout: inventory answered 503", "other errors"]
    assert [bar["marker"]["color"] for bar in bars] == [*OKABE_ITO[:6], "#999999"]
    assert [sum(column) for column in zip(*(bar["y"] for bar in bars), strict=True)] == summary["timeline"]["errors"]


def test_the_interval_of_the_onset_is_shaded() -> None:
    [band] = [shape for shape in drawn(load("summary.json"))["layout"]["shapes"] if shape["type"] == "rect"]
    assert (band["x0"], band["x1"]) == ("2026-11-20 02:14:03.000", "2026-11-20 02:14:11.000")


def test_no_onset_no_shade() -> None:
    layout = drawn(load("summary.json") | {"incident_onset": None})["layout"]
    assert "annotations" not in layout
    assert {shape["type"] for shape in layout["shapes"]} == {"line"}


def test_changes_carry_the_numbers_of_the_table() -> None:
    found = marks(drawn(load("summary.json")))
    assert list(found["text"]) == ["1", "2", "3", "4", "5", "6"]
    assert found["customdata"][2] == "3 deploy of inventory 2.4.0, 02:08:55 (5 min 12 s before)"
    assert [colour == OKABE_ITO[0] for colour in found["marker"]["color"]] == [False, False, True, False, False, False]


def test_a_change_outside_the_logs_keeps_its_number_and_is_not_drawn() -> None:
    summary = load("summary.json")
    far = summary["changes"][0] | {"id": "old", "time": "2026-11-18T09:00:00Z"}
    figure = drawn(summary | {"changes": [far, *summary["changes"]]})
    assert list(marks(figure)["text"]) == ["2", "3", "4", "5", "6", "7"]
    assert figure["layout"]["xaxis"]["range"] == ["2026-11-20 01:40:00.000", "2026-11-20 02:25:00.000"]


def test_changes_close_together_stand_on_different_levels() -> None:
    summary = load("summary.json")
    twins = [summary["changes"][2] | {"id": f"twin-{place}"} for place in range(5)]
    levels = marks(drawn(summary | {"changes": twins}))["y"]
    assert sorted(levels[:3]) == [0, 1, 2]


@pytest.mark.parametrize("name", ["summary.json", "hostile.json"])
def test_labels_hold_no_markup_and_no_formula(name: str) -> None:
    figure = drawn(load(name))
    ours = {"%{y}", "%{customdata}<extra></extra>"}
    for text in texts([figure["data"], figure["layout"].get("annotations", [])]):
        assert text in ours or not set("<>$%") & set(text), text


def test_logs_without_times_give_an_empty_figure() -> None:
    empty: dict[str, Any] = {"from": None, "bin_seconds": 1, "lines": [], "errors": [], "groups": []}
    assert list(drawn(load("summary.json") | {"timeline": empty})["data"]) == []


def test_no_button_sends_the_plot_anywhere() -> None:
    assert CONFIG["showSendToCloud"] is False
    assert CONFIG["plotlyServerURL"] == CONFIG["topojsonURL"] == ""
    # The option is spelt as this version of plotly.js spells it.
    for option in CONFIG:
        assert f"{option}:{{" in plotly_javascript()


def test_plotly_loads_only_with_a_figure() -> None:
    code = "import sys, triage.report.write, triage.report.terminal; print('plotly' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
