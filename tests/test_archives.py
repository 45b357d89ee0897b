"""Zip and tar archives: members as sources, damage told, nothing written where they name."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from triage.errors import InputError
from triage.ingest import read_logs

LINES = b"".join(b"2026-11-21T02:05:%02dZ INFO shop line %d\n" % (n % 60, n) for n in range(2000))
FEW = LINES[: LINES.index(b"line 180")].rpartition(b"\n")[0] + b"\n"


def tarred(files: dict[str, bytes], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), 1_795_226_712
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


FILES = {"pod/app.log": LINES, "pod/old.log.gz": gzip.compress(LINES), "README.md": b"no log\n"}
ARCHIVES = {
    "a.tar": tarred(FILES),
    "a.tar.gz": tarred(FILES, "w:gz"),
    "a.tgz.xz": tarred(FILES, "w:xz"),
    "a.zip": zipped(FILES),
    "stored.zip": zipped(FILES, zipfile.ZIP_STORED),
    "zip.in.tar": tarred({"x/inner.zip": zipped(FILES)}),
    "no-suffix": tarred(FILES, "w:bz2"),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_each_member_is_a_source(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(ARCHIVES[name])
    found = read_logs(tmp_path / name)
    assert found.ledger.records == 4000
    assert found.ledger.unaccounted == 0
    sources = [row.source.removeprefix(f"{tmp_path.as_posix()}/") for row in found.ledger.sources if row.lines]
    inner = "/x/inner.zip" if name == "zip.in.tar" else ""
    assert sources == [f"{name}{inner}/pod/app.log", f"{name}{inner}/pod/old.log.gz"]
    assert any("passed over in the archive: README.md" in note for note in found.ledger.assumptions)


def test_members_do_not_get_names_outside(tmp_path: Path) -> None:
    (tmp_path / "evil.tar").write_bytes(tarred({"../../etc/cron.d/x.log": LINES, "/abs.log": LINES}))
    found = read_logs(tmp_path / "evil.tar")
    assert [Path(row.source).relative_to(tmp_path).as_posix() for row in found.ledger.sources] == [
        "evil.tar/etc/cron.d/x.log",
        "evil.tar/abs.log",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["evil.tar"]


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.zip"])
@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_an_archive_that_was_cut_off_gives_what_came_out(name: str, kept: float, tmp_path: Path) -> None:
    data = ARCHIVES[name]
    (tmp_path / name).write_bytes(data[: int(kept * len(data))])
    found = read_logs(tmp_path / name)
    assert 0 < found.ledger.lines < 4001
    assert found.ledger.unaccounted == 0
    assert any("ends early" in note or "damaged" in note for note in found.ledger.assumptions)


def locked(data: bytes, name: bytes) -> bytes:
    """A zip archive with one member marked as encrypted."""
    out = bytearray(data)
    for head, flags, at in ((b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)):
        place = next(n for n in range(len(out)) if out[n:].startswith(head) and out[n + at :].startswith(name))
        out[place + flags] |= 1
    return bytes(out)


def test_an_encrypted_member_is_refused_and_hides_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(locked(zipped({"a.log": FEW, "b.log": FEW, "c.log": FEW}), b"b.log"))
    found = read_logs(tmp_path / "a.zip")
    lines = {row.source.rpartition("/")[2]: row.lines for row in found.ledger.sources}
    assert lines == {"a.log": lines["a.log"], "b.log": 0, "c.log": lines["a.log"]}
    assert any("is encrypted: unpack it first" in note and "b.log" in note for note in found.ledger.assumptions)
    (tmp_path / "b.zip").write_bytes(locked(zipped({"b.log": FEW}), b"b.log"))
    with pytest.raises(InputError, match=r"b\.zip/b\.log: nothing could be read: .* is encrypted: unpack it first"):
        read_logs(tmp_path / "b.zip")


@pytest.mark.parametrize("size", [300, 8 << 20])
def test_a_wrong_checksum_of_a_member_is_told_and_costs_no_line(size: int, tmp_path: Path) -> None:
    data = bytearray(zipped({"a.log": FEW, "b.log": FEW}))
    data[14] ^= 1
    data[data.index(b"PK\x01\x02") + 16] ^= 1
    (tmp_path / "a.zip").write_bytes(data)
    found = read_logs(tmp_path / "a.zip", chunk_bytes=size)
    assert [row.lines for row in found.ledger.sources] == [FEW.count(b"\n")] * 2
    assert any("the checksum of this member is another" in note for note in found.ledger.sources[0].notes)


@pytest.mark.parametrize("size", [300, 8 << 20])
def test_a_tar_archive_that_ends_inside_a_file_keeps_all_before(size: int, tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(tarred({"a.log": FEW})[: 512 + 5000])
    found = read_logs(tmp_path / "a.tar", chunk_bytes=size)
    assert found.ledger.sources[0].lines == FEW[:5000].count(b"\n") + 1
    assert "the tar archive ends inside this file" in found.ledger.sources[0].notes[0]


def test_tar_archives_behind_each_other_are_all_read(tmp_path: Path) -> None:
    one = tarred({"a.log": LINES})
    (tmp_path / "a.tar").write_bytes(one + tarred({"b.log": LINES}))
    found = read_logs(tmp_path / "a.tar")
    assert [(row.source[-5:], row.lines) for row in found.ledger.sources] == [("a.log", 2000), ("b.log", 2000)]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (tarred({"a.log": LINES}) + b"something else" * 100, "stands what is no tar, and was left out"),
        (tarred({"a.log": LINES, "b.log": LINES}).replace(b"b.log", b"!.log"), "stands what is no tar"),
        (tarred({"a.log": LINES})[: 512 + -(-len(LINES) // 512) * 512], "ends early: files behind this may be missing"),
    ],
    ids=["behind it", "a damaged header", "without its end"],
)
def test_what_is_missing_in_a_tar_archive_is_told(data: bytes, told: str, tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(data)
    found = read_logs(tmp_path / "a.tar")
    assert found.ledger.sources[0].lines == 2000
    assert any(told in note for note in found.ledger.assumptions)


def test_a_tar_archive_from_before_there_was_a_magic_word(tmp_path: Path) -> None:
    data = bytearray(tarred({"a.log": LINES}))
    data[257:265] = bytes(8)
    data[148:156] = b"%06o\0 " % (sum(data[:148]) + sum(data[156:512]) + 8 * 32)
    (tmp_path / "a.tar").write_bytes(data)
    assert [row.lines for row in read_logs(tmp_path / "a.tar").ledger.sources] == [2000]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"7z\xbc\xaf\x27\x1c" + bytes(600), "7-Zip is not read: unpack it"),
        (b"Rar!\x1a\x07" + bytes(600), "RAR is not read: unpack it"),
        (b"\x04\x22\x4d\x18" + bytes(600), "LZ4 is not read: unpack it"),
        (b"\x1f\x9d\x90" + bytes(600), r"compress \(\.Z\) is not read: unpack it"),
        (gzip.compress(gzip.compress(LINES)), "packed twice, and the second time as gzip: unpack it once"),
        (zipped({"a.zip": zipped({"a.zip": zipped(FILES)})}), "archives in archives in an archive are not opened"),
        (zipped({}), "the zip archive holds no log file"),
    ],
)
def test_what_is_packed_in_a_way_that_is_not_read_is_named(data: bytes, told: str, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(data)
    with pytest.raises(InputError, match=told):
        read_logs(tmp_path / "a.bin")


def test_an_archive_without_logs(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"README.md": b"x"}))
    with pytest.raises(InputError, match="the zip archive holds no log file"):
        read_logs(tmp_path / "a.zip")
