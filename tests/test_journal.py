"""The journal export format: text and sized fields, cut at any place, in any blocks."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from triage.ingest import read_logs
from triage.ingest.journal import Journal, is_journal

names = st.sampled_from(["MESSAGE", "_PID", "_SYSTEMD_UNIT", "X"])
entries = st.lists(
    st.dictionaries(names, st.text(st.characters(codec="utf-8"), max_size=12), max_size=3), min_size=1, max_size=5
)


def _export(fields: dict[str, str]) -> bytes:
    out = []
    for name, value in fields.items():
        data = value.encode()
        if "\n" in value:
            out.append(name.encode() + b"\n" + len(data).to_bytes(8, "little") + data + b"\n")
        else:
            out.append(name.encode() + b"=" + data + b"\n")
    return b"".join(out) + b"\n"


def _blocks(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def _stamped(found: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{"__REALTIME_TIMESTAMP": str(1795226712500000 + at), **one} for at, one in enumerate(found)]


@settings(max_examples=60)
@given(found=entries, size=st.integers(1, 90))
def test_entries_come_out_as_they_went_in(found: list[dict[str, str]], size: int) -> None:
    stamped = _stamped(found)
    data = b"".join(map(_export, stamped))
    assert is_journal(data)
    journal = Journal(_blocks(data, size))
    assert [json.loads(line) for line in b"".join(journal).decode().split("\n")[:-1]] == stamped
    assert len(journal.notes) == 1


@settings(max_examples=60)
@given(found=entries, cut=st.integers(40, 400), sizes=st.tuples(*[st.integers(1, 90)] * 2))
def test_what_is_cut_off_is_kept_as_far_as_it_is_there(
    found: list[dict[str, str]], cut: int, sizes: tuple[int, int]
) -> None:
    stamped = _stamped(found)
    data = b"".join(map(_export, stamped))[:cut]
    journals = [Journal(_blocks(data, size)) for size in sizes]
    one, other = (b"".join(journal) for journal in journals)
    assert one == other
    assert journals[0].notes == journals[1].notes
    whole = [entry for end, entry in enumerate(stamped, 1) if len(b"".join(map(_export, stamped[:end]))) <= cut]
    lines = one.split(b"\n")
    assert [json.loads(line) for line in lines[: len(whole)]] == whole


def test_records_of_an_export(tmp_path: Path) -> None:
    fields = {"__CURSOR": "s=1", "__REALTIME_TIMESTAMP": "1795226712500001", "_HOSTNAME": "web-1", "PRIORITY": "3"}
    first = {**fields, "_SYSTEMD_UNIT": "checkout.service", "MESSAGE": "no connection\n  at a.b"}
    second = {**fields, "SYSLOG_IDENTIFIER": "sshd", "MESSAGE": "closed", "PRIORITY": "6"}
    path = tmp_path / "journal"
    path.write_bytes(_export(first) + _export(second) + b"MESSAGE\n\xff\xff")
    found = read_logs(path)
    assert found.records["body"].to_list()[:2] == ["no connection\n  at a.b", "closed"]
    assert found.records["service_name"].to_list()[:2] == ["checkout", "sshd"]
    assert found.records["severity_number"].to_list()[:2] == [17, 9]
    (row,) = found.ledger.sources
    assert row.format == "journald"
    assert row.unaccounted == 0
    assert any("cut off or damaged after 2 entries" in note for note in row.notes)
