"""JSON documents of many log entries: one line an entry, whatever the blocks, the order of keys and the damage."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.ingest import read_logs
from triage.ingest.documents import Document, is_document

ENTRY = {"timestamp": 1795226712500, "message": 'boom {[,"\\ \u00e9', "n": [1, {"deep": [None, True, 2.5]}]}
ENTRIES = [{**ENTRY, "id": number} for number in range(5)]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def _blocks(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def _entries(data: bytes, size: int = 1000) -> tuple[list[Any], tuple[str, ...]]:
    document = Document(_blocks(data, size))
    lines = b"".join(document).decode().split("\n")
    return [json.loads(line) for line in lines if line], document.notes


@settings(max_examples=60)
@given(
    extra=st.lists(st.dictionaries(st.text(max_size=5), json_values, max_size=3), min_size=1, max_size=4),
    around=st.dictionaries(st.sampled_from(["took", "status", "n\u00e9xt", "x"]), json_values, max_size=3),
    indent=st.sampled_from([None, 0, 2]),
    size=st.integers(1, 70),
)
def test_entries_come_out_as_they_went_in(
    extra: list[dict[str, Any]], around: dict[str, Any], indent: int | None, size: int
) -> None:
    entries = [{"timestamp": "2026-11-21T02:05:12Z", **one} for one in extra]
    for document in ({**around, "events": entries}, {**around, "hits": {**around, "hits": entries}}, entries):
        data = json.dumps(document, indent=indent, ensure_ascii=False).encode()
        found, notes = _entries(data * 2, size)
        assert found == json.loads(json.dumps(entries * 2), parse_constant=str)
        assert len(notes) == 1
        assert is_document(data)


@given(cut=st.integers(1, 1200), size=st.integers(1, 99), indent=st.sampled_from([None, 1]))
def test_a_document_that_is_cut_off_keeps_its_whole_entries(cut: int, size: int, indent: int | None) -> None:
    data = json.dumps({"events": ENTRIES}, indent=indent).encode()
    document = Document(_blocks(data[:cut], size))
    *lines, rest = b"".join(document).split(b"\n")
    assert [orjson.loads(line) for line in lines] == ENTRIES[: len(lines)]
    if cut >= len(data):
        assert len(lines) == len(ENTRIES)
        assert not rest
    elif rest:
        assert "the beginning of one more was read as text" in document.notes[1]
        assert data[:cut].decode().replace("\n", " ").endswith(rest.decode())
    assert len(document.notes) == (1 if cut >= len(data) else 2)


@given(at=st.integers(0, 900), junk=st.binary(min_size=1, max_size=6), sizes=st.tuples(*[st.integers(1, 300)] * 2))
def test_damage_gives_the_same_whatever_the_blocks(at: int, junk: bytes, sizes: tuple[int, int]) -> None:
    data = json.dumps({"events": ENTRIES}, indent=1).encode()
    broken = data[:at] + junk + data[at + len(junk) :]
    (one, first), (other, second) = ((Document(_blocks(broken, size)), size) for size in sizes)
    assert b"".join(one) == b"".join(other)
    assert one.notes == other.notes
    assert (first, second) == sizes


def test_what_follows_damage_is_read_as_it_stands() -> None:
    data = b'[{"time":"2026-11-21T02:05:12Z","msg":"a"},\n{"time":oops},\n{"time":"2026-11-21T02:05:13Z","msg":"b"}]\n'
    document = Document([data])
    assert b"".join(document).split(b"\n")[1:3] == [b'{"time":oops},', b'{"time":"2026-11-21T02:05:13Z","msg":"b"}]']
    assert document.notes[1] == (
        "the document is damaged after 1 entry (Expecting value): what follows was read as text"
    )


@pytest.mark.parametrize(
    "text",
    [
        '{"time":"2026-11-21T02:05:12Z","msg":"a","events":[{"time":"2026-11-21T02:05:12Z"}]}',  # an entry with a list
        '{"level":"info","msg":"a"}\n{"level":"info","msg":"b"}',
        '{\n  "level": "info",\n  "msg": "a"\n}',
        '{"items":[{"id":1},{"id":2}]}',
        '{"hits":{"hits":[]}}',
        "[2026-11-21 02:05:12] boom",
        "[[31mred",
        "[]",
        "{}",
        "{",
        "[1, 2]",
        "",
        '{"events":' + "[" * 100_000,
    ],
)
def test_what_is_no_document(text: str) -> None:
    assert not is_document(text.encode())


def test_entries_that_are_nested_too_deep_are_damage() -> None:
    data = b'{"events":[{"timestamp":1,"message":"a"},' + b"[" * 200_000
    document = Document(_blocks(data, 5000))
    assert b"".join(document).startswith(b'{"timestamp":1,"message":"a"}\n')
    assert "nested too deep" in document.notes[1]


def test_halves_of_characters_and_numbers_that_json_has_not(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b'[{"time":1795226712,"msg":"\\ud800 a\nb","n":NaN,"big":123456789012345678901234567890}]')
    found = read_logs(path)
    assert found.records["body"][0].endswith(" a\nb")
    assert found.ledger.unaccounted == 0


@pytest.mark.parametrize("size", [1, 64, 500, 1 << 20])
def test_lines_are_entries_whatever_the_chunks(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"events": ENTRIES}, indent=2))
    found = read_logs(path, chunk_bytes=size)
    assert found.records["line"].to_list() == [1, 2, 3, 4, 5]
    assert found.ledger.lines == found.ledger.records == 5
    (note,) = found.ledger.sources[0].notes
    assert note == "a JSON document of 5 entries: lines and bytes are counted in entries, each as one line"


def test_documents_in_archives_and_in_other_encodings(tmp_path: Path) -> None:
    text = json.dumps({"events": ENTRIES}, ensure_ascii=False)
    (tmp_path / "a.gz").write_bytes(gzip.compress(text.encode("utf-16")))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("b.json", text)
    found = read_logs(tmp_path)
    assert found.ledger.records == 10
    assert set(found.records["body"]) == {ENTRY["message"]}


def test_a_context_behind_the_entries_of_a_document_is_not_needed(tmp_path: Path) -> None:
    event = {"timestamp": 1795226712500, "message": "boom", "ingestionTime": 1795226712500}
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"logEvents": [event], "logGroup": "/ecs/cart"}))
    assert read_logs(path).records["body"].to_list() == ["boom"]


def test_entries_beyond_the_sample_are_streamed(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    entries = [{"time": "2026-11-21T02:05:12Z", "level": "info", "msg": f"order {n} placed"} for n in range(20_000)]
    path.write_text(json.dumps(entries))
    found = read_logs(path, chunk_bytes=200_000)
    assert found.ledger.records == len(found.records) == 20_000
    assert found.records["body"][-1] == "order 19999 placed"


LOKI = {"status": "success", "data": {"resultType": "streams", "result": [
    {"stream": {"app": name}, "values": [[str(1795226712000000000 + n), f"{name} sold {n}"] for n in range(40)]}
    for name in ("till", "stock")
]}}  # fmt: skip
OTLP = {"resourceLogs": [{
    "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": name}}]},
    "scopeLogs": [{"scope": {"name": "shop"}, "logRecords": [
        {"timeUnixNano": str(1795226712000000000 + n), "body": {"stringValue": f"{name} sold {n}"}} for n in range(40)
    ]}],
} for name in ("till", "stock")]}  # fmt: skip


@pytest.mark.parametrize("document", [LOKI, OTLP], ids=["loki", "otlp"])
@pytest.mark.parametrize("kept", [0.2, 0.4, 0.7, 0.95])
@pytest.mark.parametrize("indent", [None, 1])
def test_lines_in_one_entry_of_a_store_survive_its_being_cut_off(
    document: Any, kept: float, indent: int | None, tmp_path: Path
) -> None:
    text = json.dumps(document, indent=indent)
    text = text[: int(kept * len(text))]
    (tmp_path / "export.json").write_text(text)
    found = read_logs(tmp_path / "export.json")
    whole = sum(f'{name} sold {n}"' in text for name in ("till", "stock") for n in range(40))
    timed = found.records.filter(found.records["timestamp"].is_not_null())
    assert whole - 1 <= len(timed) <= whole  # the last may have its text and not its end
    assert timed["service_name"].to_list() == (["till"] * 40 + ["stock"] * 40)[: len(timed)]
    assert found.ledger.unaccounted == 0
    assert any(
        f"the document is damaged after {len(timed)} entries (it ends early)" in n for n in found.ledger.assumptions
    )


@given(cut=st.integers(0, 2400), size=st.integers(1, 400))
def test_what_is_cut_off_gives_the_same_whatever_the_blocks(cut: int, size: int) -> None:
    data = json.dumps(LOKI).encode()[:cut]
    assert b"".join(Document(_blocks(data, size))) == b"".join(Document([data]))
