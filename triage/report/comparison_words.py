"""How a report of a comparison puts things in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triage.hypotheses.words import listed
from triage.report.words import number

HEAD = ("kind", "level", "service", "A to B", "template", "line")
KINDS = {"new": "new", "gone": "gone", "rate": "changed in rate", "parameter": "changed in a parameter"}


def headline(summary: Mapping[str, Any]) -> str:
    """What was found, in a sentence.

    Examples
    --------
    >>> headline({"quiet": True, "differences": [], "services": []})
    'Nothing changed from A to B by more than chance brings.'
    >>> headline({"quiet": False, "differences": [{"kind": "new"}, {"kind": "rate"}, {"kind": "new"}], "services": []})
    'From A to B: 2 templates new, 1 changed in rate.'
    """
    if summary["quiet"]:
        return "Nothing changed from A to B by more than chance brings."
    found = [row["kind"] for row in summary["differences"]]
    counted = [(found.count(kind), words) for kind, words in KINDS.items() if kind in found]
    parts = [f"{count} {words}" for count, words in counted]
    if parts:
        count = counted[0][0]
        parts[0] = parts[0].replace(f"{count} ", f"{count} template{'s' if count > 1 else ''} ", 1)
    services = sum(bool(row["changed"]) for row in summary["services"])
    if services:
        parts.append(f"{services} service{'s' if services > 1 else ''} changed as a whole")
    return f"From A to B: {listed(parts)}."


def sides(summary: Mapping[str, Any]) -> list[str]:
    """What was compared."""
    return [
        f"{name.upper()}: {side['name']}: {record_count(side['records'])}, {side['from']} to {side['to']}, "
        f"{number(side['minutes'])} minutes covered"
        for name, side in ((name, summary[name]) for name in "ab")
    ]


def record_count(records: int) -> str:
    """How many records."""
    return "1 record" if records == 1 else f"{number(records)} records"


def chance_sentence(summary: Mapping[str, Any]) -> str:
    """How many tests there were, and how many false alarms to expect."""
    tests = summary["multiplicity"]
    return (
        f"{tests['tested']:,} rates and parameters were tested; told is what has q ≤ {number(tests['max_q'])}, "
        f"about {number(tests['expected_false'])} of it expected by chance alone."
    )


def service_sentences(summary: Mapping[str, Any]) -> list[str]:
    """What is to be told of services as a whole."""
    return [_service(row) for row in summary["services"] if row["changed"]]


def _service(row: Mapping[str, Any]) -> str:
    name = row["service_name"] or "lines of no service"
    if not row["count_a"]:
        return f"{name}: lines in B only ({number(row['count_b'])}); of its templates those that fail are listed"
    if not row["count_b"]:
        return f"{name}: lines in A only ({number(row['count_a'])}); of its templates those that fail are listed"
    change = f"{times(row)} the lines ({rates(row)})"
    return f"{name}: {change}; templates that only went along are not listed"


def times(row: Mapping[str, Any]) -> str:
    """A ratio with its bounds.

    Examples
    --------
    >>> times({"ratio": 2.04, "ratio_low": 1.63, "ratio_high": 2.5})
    '2.04 times (1.63 to 2.5)'
    """
    return f"{number(row['ratio'])} times ({number(row['ratio_low'])} to {number(row['ratio_high'])})"


def rates(row: Mapping[str, Any]) -> str:
    """Lines a minute in A and in B."""
    return f"{number(row['rate_a'])} to {number(row['rate_b'])} a minute"


def change(row: Mapping[str, Any]) -> str:
    """What changed, in a few words."""
    parameter = row["parameter"]
    if parameter:
        share = parameter["statistic"].startswith("share")
        values = [f"{value:.0%}" if share else number(value) for value in (parameter["a"], parameter["b"])]
        return f"{parameter['name']}: {parameter['statistic']} {values[0]} to {values[1]}, {times(row)}"
    if row["kind"] == "new":
        return f"{number(row['count_b'])} lines in B, {number(row['rate_b'])} a minute"
    if row["kind"] == "gone":
        return f"{number(row['count_a'])} lines in A, {number(row['rate_a'])} a minute"
    if not row["count_a"] or not row["count_b"]:
        return rates(row)
    return f"{rates(row)}, {times(row)}"


def cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """A difference as the cells of a table under `HEAD`."""
    level = row["severity_text"] or ("failing" if row["failing"] else "-")
    place = row["first_b"] if row["kind"] != "gone" else row["last_a"]
    return row["kind"], level, ", ".join(row["services"]) or "-", change(row), row["template"], place or "-"
