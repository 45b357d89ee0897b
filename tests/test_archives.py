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


def test_an_encrypted_member_is_refused_with_its_name(tmp_path: Path) -> None:
    data = bytearray(zipped({"app.log": LINES}))
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + at] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(InputError, match=r"a\.zip: nothing could be read: .*'app\.log' is encrypted: unpack it first"):
        read_logs(tmp_path / "a.zip")


@pytest.mark.parametrize(("magic", "name"), [(b"7z\xbc\xaf\x27\x1c", "7-Zip"), (b"Rar!\x1a\x07", "RAR")])
def test_other_archives_are_refused_by_name(magic: bytes, name: str, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(magic + bytes(600))
    with pytest.raises(InputError, match=f"{name} archives are not read: unpack it"):
        read_logs(tmp_path / "a.bin")


def test_an_archive_without_logs(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"README.md": b"x"}))
    with pytest.raises(InputError, match="the zip archive holds no log file"):
        read_logs(tmp_path / "a.zip")
