"""Golden records: for each `NAME.log` beside it, `NAME.expected` says what its records are."""

from __future__ import annotations

from pathlib import Path

import pytest

from triage.ingest import read_logs

GOLDEN = Path(__file__).parent / "golden" / "records"
CASES = sorted(path.stem for path in GOLDEN.glob("*.log"))


def _render(path: Path) -> str:
    """Format, then a line a record: place, time, severity, service, exception and the first line of the body."""
    found = read_logs(path)
    source = found.ledger.sources[0]
    out = [f"format: {source.format}; zone assumed: {'yes' if source.time_zone_assumed else 'no'}"]
    for row in found.records.iter_rows(named=True):
        time = row["timestamp"].isoformat() if row["timestamp"] else "-"
        fields = (row["severity_number"], row["service_name"], row["trace_id"], row["exception_type"], row["pinned"])
        first = row["body"].split("\n")[0]
        place = f"{row['line']}+{row['line_count']}"
        out.append(" | ".join([place, time, *("-" if f is None else str(f) for f in fields), first]))
    return "\n".join(out) + "\n"


@pytest.mark.parametrize("name", CASES)
def test_golden(name: str) -> None:
    assert _render(GOLDEN / f"{name}.log") == (GOLDEN / f"{name}.expected").read_text(encoding="utf-8")


def test_there_are_cases() -> None:
    assert len(CASES) >= 8
