"""What changed with an onset, in the unit of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triage.report.words import clock, number


def kind_words(onset: Mapping[str, Any], day: str) -> str:
    """The kind of an onset, and how the rate changed where that was not at once and for good.

    Examples
    --------
    >>> kind_words({"kind": "surge", "shape": "ramp"}, "2026-11-20"), kind_words({"kind": "new"}, "2026-11-20")
    ('surge, growing', 'new')
    >>> kind_words({"kind": "surge", "shape": "burst", "until": "2026-11-20T02:14:07Z"}, "2026-11-20")
    'surge until 02:14:07'
    """
    if onset.get("until"):
        return f"{onset['kind']} until {clock(onset['until'], day)}"
    return f"{onset['kind']}, growing" if onset.get("shape") == "ramp" and onset["kind"] != "drop" else onset["kind"]


def sides(onset: Mapping[str, Any]) -> tuple[str, str]:
    """An onset before and after, in the unit of its kind: lines a minute, a share of requests or lines, or a quantity.

    Examples
    --------
    >>> sides({"kind": "surge", "before": 2.5, "after": 61204.0})
    ('2.5', '61,204')
    >>> sides({"kind": "missing", "part_before": 1.0, "part_after": 0.25})
    ('100% of requests', '25%')
    >>> sides({"kind": "slower", "part_before": 0.0084, "part_after": 1.25, "part_unit": "s"})
    ('8.4 ms', '1.25 s')
    >>> sides({"kind": "slower", "part_before": 12.0, "part_after": 1830.0, "part_unit": None})
    ('12', '1,830')
    >>> sides({"kind": "mix shift", "part_before": 0.02, "part_after": 0.7})
    ('2% of lines', '70%')
    """
    if onset["kind"] in ("missing", "mix shift"):
        whole = "requests" if onset["kind"] == "missing" else "lines"
        return f"{_percent(onset['part_before'])} of {whole}", _percent(onset["part_after"])
    if onset["kind"] == "slower" and onset.get("part_unit") == "s":
        return _seconds(onset["part_before"]), _seconds(onset["part_after"])
    if onset["kind"] in ("slower", "shifted"):
        return number(onset["part_before"]), number(onset["part_after"])
    return number(onset["before"]), number(onset["after"])


def step_words(onset: Mapping[str, Any]) -> str:
    """Which step of requests or value of lines an onset is of; of a rate, what it was compared with if not all before.

    Examples
    --------
    >>> step_words({"kind": "missing", "given": "order received"}), step_words({"kind": "new"})
    ('in requests that came to: order received', '')
    >>> step_words({"kind": "mix shift", "given": "order accepted", "parameter": None})
    'its share of lines that differ in a word, at the cost of: order accepted'
    >>> step_words({"kind": "slower", "given": None, "parameter": "duration_ms"})
    'what the lines give as duration_ms'
    >>> step_words({"kind": "surge", "rhythm": "day"})
    'compared with the same time of other days'
    """
    if onset.get("rhythm"):
        return f"compared with the same time of other {onset['rhythm']}s"
    kind, given, parameter = onset["kind"], onset.get("given"), onset.get("parameter")
    if kind == "missing":
        return f"in requests that came to: {given}"
    if parameter:
        return f"lines with {parameter}" if kind == "mix shift" else f"what the lines give as {parameter}"
    if not given:
        return ""
    if kind == "mix shift":
        return f"its share of lines that differ in a word, at the cost of: {given}"
    return f"in requests, between this line and: {given}"


def _percent(share: float) -> str:
    return f"{number(round(100 * share, 2))}%"


def _seconds(seconds: float) -> str:
    return f"{number(round(1000 * seconds, 2))} ms" if seconds < 1 else f"{number(round(seconds, 2))} s"
