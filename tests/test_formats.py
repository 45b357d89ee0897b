"""Golden records: for each `NAME.log` beside it, `NAME.expected` says what its records are.

`NAME.fields`, where it is there, says what else the lines say, a line a record: severity word, host, span, exception
message, further attributes, and the lines of the body below the first.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from triage.ingest import Ingested, read_logs

GOLDEN = Path(__file__).parent / "golden" / "records"
CASES = sorted(path.stem for path in GOLDEN.glob("*.log"))
#: Gives times without a year the one that the examples were written for, whenever they are checked out.
SINCE = datetime(2026, 6, 1, tzinfo=UTC)


def _read(path: Path) -> Ingested:
    return read_logs(path, since=SINCE)


def _render(path: Path) -> str:
    """Format, then a line a record: place, time, severity, service, exception and the first line of the body."""
    found = _read(path)
    source = found.ledger.sources[0]
    out = [f"format: {source.format}; zone assumed: {'yes' if source.time_zone_assumed else 'no'}"]
    for row in found.records.iter_rows(named=True):
        time = row["timestamp"].isoformat() if row["timestamp"] else "-"
        fields = (row["severity_number"], row["service_name"], row["trace_id"], row["exception_type"], row["pinned"])
        first = row["body"].split("\n")[0]
        place = f"{row['line']}+{row['line_count']}"
        out.append(" | ".join([place, time, *("-" if f is None else str(f) for f in fields), first]))
    return "\n".join(out) + "\n"


def _render_fields(path: Path) -> str:
    out = []
    for row in _read(path).records.iter_rows(named=True):
        said = {name: row[name] for name in ("severity_text", "host_name", "span_id", "exception_message")}
        said |= json.loads(row["attributes"] or "{}")
        said["more"] = row["body"].split("\n")[1:] or None
        kept = {name: value for name, value in said.items() if value is not None}
        out.append(f"{row['line']} {json.dumps(kept, ensure_ascii=False)}")
    return "\n".join(out) + "\n"


@pytest.mark.parametrize("name", CASES)
def test_golden(name: str) -> None:
    assert _render(GOLDEN / f"{name}.log") == (GOLDEN / f"{name}.expected").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in CASES if (GOLDEN / f"{name}.fields").exists()])
def test_golden_fields(name: str) -> None:
    assert _render_fields(GOLDEN / f"{name}.log") == (GOLDEN / f"{name}.fields").read_text(encoding="utf-8")


def test_there_are_cases() -> None:
    assert len(CASES) >= 8
