"""Golden exceptions: for each `NAME.log` beside it, `NAME.expected` says which records, exceptions and frames it has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from triage.ingest import read_logs
from triage.ingest.exceptions import FRAMES

GOLDEN = Path(__file__).parent / "golden" / "traces"
CASES = sorted(path.stem for path in GOLDEN.glob("*.log"))


def _render(path: Path) -> str:
    """Each record: its place and first line; type and message of its exception; a frame a line."""
    out = []
    for row in read_logs(path).records.iter_rows(named=True):
        out.append(f"{row['line']}+{row['line_count']} {row['body'].splitlines()[0]}")
        if row["exception_type"] or row["exception_message"]:
            out.append(f"  {row['exception_type']} | {row['exception_message']}")
        attributes = json.loads(row["attributes"] or "{}")
        out += [f"    {frame}" for frame in attributes.pop(FRAMES, [])]
        out += [f"  attributes: {json.dumps(attributes)}"] if attributes else []
    return "\n".join(out) + "\n"


@pytest.mark.parametrize("name", CASES)
def test_golden(name: str) -> None:
    assert _render(GOLDEN / f"{name}.log") == (GOLDEN / f"{name}.expected").read_text(encoding="utf-8")
