"""What the failing lines share: in the summary, and as rows of a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from triage.escape import clip
from triage.report.page import Reference, ShareRow
from triage.report.words import number

if TYPE_CHECKING:
    from triage.incident import Incident

#: Characters of a statement in a table.
CELL = 300


def shared_rows(incident: Incident) -> list[dict[str, Any]]:
    """A row a finding; figures to three or four digits."""
    rows = incident.shared.to_dicts()
    short = ("lift", "lift_low", "lift_high", "p_value", "q_value")
    return [row | {name: float(f"{row[name]:.4g}") for name in short} for row in rows]


def shared_about(incident: Incident) -> dict[str, Any]:
    """What was tested, and what fails alike."""
    table = incident.shared_table
    alike = [asdict(one) | {"most": float(f"{one.most:.4g}")} for one in table.alike]
    return {"tested": table.tested, "max_q": table.max_q, "keys_left_out": list(table.left_out), "alike": alike}


def told_once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows without those that tell the same value of the same service again, of another error group.

    How the work came out is left to the JSON: failing lines say it because they are failing ones.
    """
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        if row["kind"] != "outcome":
            found.setdefault((row["service"], row["of"], row["key"], row["value"]), row)
    return list(found.values())


def share_row(row: Mapping[str, Any], folder: str = "") -> ShareRow:
    """A finding in words; sources without the folder that they all lie in.

    Examples
    --------
    >>> found = {"statement": "9 of 9 failing lines have zone=b; of the others before 10 % have it", "other": 3}
    >>> found |= {"lift": 9.5, "lift_low": 4.0, "lift_high": 21.0, "q_value": 1e-5, "also": ["host=b-1"], "lines": []}
    >>> share_row(found).ratio, share_row(found).also
    ('9.5 (4 to 21)', 'host=b-1')
    """
    low, high = number(float(f"{row['lift_low']:.2g}")), number(float(f"{row['lift_high']:.2g}"))
    lift = number(float(f"{row['lift']:.2g}"))
    ratio = f"{lift} ({low} to {high})" if row["other"] else f"over {low}"
    lines = tuple(
        Reference(f"{line['source'].removeprefix(folder)}:{line['line']}", line["text"]) for line in row["lines"]
    )
    also = clip(", ".join(row["also"]), CELL)
    return ShareRow(clip(row["statement"], CELL), also, ratio, number(row["q_value"]), lines)


def alike_rows(about: Mapping[str, Any]) -> tuple[str, ...]:
    """What fails alike; of keys that name the same places the first."""
    found: dict[tuple[Any, ...], str] = {}
    for one in about.get("alike", ()):
        found.setdefault((one["service"], one["values"], round(one["most"], 2)), clip(one["statement"], CELL))
    return tuple(dict.fromkeys(found.values()))
