"""Golden records: for each `NAME.log` beside it, `NAME.expected` says what its records are.

`NAME.fields`, where it is there, says what else the lines say, a line a record: severity word, host, span, exception
message, further attributes, and the lines of the body below the first.
"""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from triage.ingest import Ingested, read_logs
from triage.ingest.context import Context
from triage.ingest.formats import FORMATS
from triage.ingest.shown import as_shown

GOLDEN = Path(__file__).parent / "golden" / "records"
CASES = sorted(path.stem for path in GOLDEN.glob("*.log"))
#: Gives times without a year the one that the examples were written for, whenever they are checked out.
SINCE = datetime(2026, 6, 1, tzinfo=UTC)


@cache
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


@pytest.mark.parametrize("name", CASES)
def test_chunks_do_not_matter(name: str) -> None:
    """Each chunk begins where its lines are read as they are in the whole file."""
    path = GOLDEN / f"{name}.log"
    whole, parts = _read(path), read_logs(path, since=SINCE, chunk_bytes=150)
    assert parts.records.equals(whole.records)
    assert parts.ledger.to_dict() == whole.ledger.to_dict()


#: Formats that read a line because of its time or shape alone, whoever wrote it.
ANY = {"generic", "clock-only", "dated-inside", "json-lines", "logfmt"}
#: Read what another named format leaves over.
FALLBACKS = {"syslog-tagless", "postgresql-prefixed"}


def _claims(text: pl.Series) -> dict[str, list[bool]]:
    context = Context(not_after=SINCE.replace(year=2027))
    named = [fmt for fmt in FORMATS if fmt.name not in ANY]
    return {fmt.name: fmt.read(text, context).claimed.to_list() for fmt in named}


@pytest.mark.parametrize("name", CASES)
def test_no_line_is_claimed_by_two_named_formats(name: str) -> None:
    """Then the order of the registry decides nothing, and no format takes another's lines."""
    lines = (GOLDEN / f"{name}.log").read_text(encoding="utf-8", errors="replace").splitlines()
    text = as_shown(pl.Series(lines, dtype=pl.String))
    claims = _claims(text)
    for row, line in enumerate(lines):
        found = {fmt for fmt, claimed in claims.items() if claimed[row]}
        assert len(found - FALLBACKS) <= 1, line


@pytest.mark.parametrize("fmt", [fmt.name for fmt in FORMATS if fmt.name not in ANY])
def test_every_named_format_has_a_case(fmt: str) -> None:
    used = {fmt for name in CASES for fmt in _used(GOLDEN / f"{name}.log")}
    assert fmt in used


def _used(path: Path) -> frozenset[str]:
    detail = _read(path).ledger.sources[0].detail
    return frozenset(found["format"] for found in detail["formats"])


def test_formats_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(FORMATS)) == FORMATS


def test_there_are_cases() -> None:
    assert len(CASES) >= 75
