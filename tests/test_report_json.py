"""The report as JSON: the contract's keys first, and JSON that every reader takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from triage.report.json_text import render_json

GOLDEN = Path(__file__).parent / "golden" / "report"
CONTRACT = [
    "schema", "ledger", "window", "incident_onset", "error_groups", "onsets", "origins", "hypotheses", "conclusive",
    "verdict",
]  # fmt: skip


def load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((GOLDEN / name).read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("name", ["summary.json", "hostile.json"])
def test_it_says_what_the_summary_says(name: str) -> None:
    text = render_json(load(name))
    assert json.loads(text) == load(name)
    assert text.endswith("}\n")


def test_the_keys_of_the_contract_come_first_in_whatever_order_they_are_given() -> None:
    summary = load("summary.json")
    turned = dict(reversed(summary.items()))
    keys = list(json.loads(render_json(turned)))
    assert keys[: len(CONTRACT)] == CONTRACT
    assert set(keys) == summary.keys()


def test_a_key_of_the_contract_that_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError, match="conclusive"):
        render_json({name: value for name, value in load("summary.json").items() if name != "conclusive"})


def test_a_file_name_that_is_no_utf_8_survives() -> None:
    text = render_json(load("summary.json") | {"notes": ["logs/\udcff.log", "\U0001f525 naïve"]})
    assert json.loads(text.encode("utf-8"))["notes"] == ["logs/\udcff.log", "\U0001f525 naïve"]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_json_has_no_word_for_is_an_error(value: float) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        render_json(load("summary.json") | {"multiplicity": {"max_q": value}})
