"""What cannot be read is refused in one clear line; what is damaged is read as far as it goes, and said."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import zstandard

from triage.errors import InputError, UsageError
from triage.ingest import read_logs
from triage.ingest.zones import check_zone, parse_zones

LINE = "2026-11-21T02:05:12Z INFO shop ready\n"


def test_missing_path_suggests_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "checkout.log").write_text(LINE)
    with pytest.raises(InputError, match=r"chekout\.log: no such file or directory: did you mean .*checkout\.log\?"):
        read_logs(tmp_path / "chekout.log")


def test_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.log").touch()
    with pytest.raises(InputError, match=r"empty\.log: empty: no line to read"):
        read_logs(tmp_path / "empty.log")


def test_directory_without_logs(tmp_path: Path) -> None:
    (tmp_path / "changes.json").write_text("[]")
    with pytest.raises(InputError, match="the directory holds no log file"):
        read_logs(tmp_path)


def test_directory_with_only_an_image(tmp_path: Path) -> None:
    image = b"\x89PNG\r\n\x1a\n" + b"".join(bytes([0, 200 + n, 129, n, 10]) for n in range(40))
    (tmp_path / "shop.png").write_bytes(image)
    with pytest.raises(InputError, match=r"shop\.png: not text but binary data"):
        read_logs(tmp_path)


def test_glob_without_match(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file matches: check the pattern"):
        read_logs(str(tmp_path / "*.log"))


def test_binary_file(tmp_path: Path) -> None:
    (tmp_path / "core").write_bytes(bytes(range(256)) * 64)
    with pytest.raises(InputError, match="core: not text but binary data"):
        read_logs(tmp_path / "core")


def test_binary_file_beside_a_log_is_counted_and_told(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(LINE)
    (tmp_path / "core").write_bytes(bytes(range(0, 9)) * 64)
    found = read_logs(tmp_path)
    assert len(found.records) == 1
    assert found.ledger.undecodable == 1
    assert any("not text" in note and "core" in note for note in found.ledger.assumptions)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress], ids=["gzip", "zstd"])
def test_truncated_archive_gives_what_came_out(tmp_path: Path, pack: object) -> None:
    import random

    noise = random.Random(7)
    text = "".join(f"2026-11-21T02:05:12Z INFO shop {noise.random()}\n" for _ in range(30_000))
    packed = pack(text.encode())  # type: ignore[operator]
    (tmp_path / "cut.log").write_bytes(packed[: len(packed) * 2 // 3])
    found = read_logs(tmp_path / "cut.log")
    assert 0 < len(found.records) < 30_000
    assert any("ends early" in note for note in found.ledger.assumptions)


def test_archive_damaged_from_the_start(tmp_path: Path) -> None:
    (tmp_path / "bad.log.gz").write_bytes(b"\x1f\x8b" + b"garbage" * 9)
    with pytest.raises(InputError, match="nothing could be read: the gzip data is damaged"):
        read_logs(tmp_path / "bad.log.gz")


@pytest.mark.parametrize(
    ("name", "suggestion"), [("Europe/Berln", "Europe/Berlin"), ("berlin", "Europe/Berlin"), ("utc ", "UTC")]
)
def test_unknown_zone_suggests_one(name: str, suggestion: str) -> None:
    with pytest.raises(UsageError, match=f"unknown time zone .* did you mean '{suggestion}'"):
        check_zone(name)


def test_zone_that_resembles_nothing() -> None:
    with pytest.raises(UsageError, match="wanted an IANA name such as"):
        check_zone("../../etc/passwd")


def test_bytes_that_are_not_utf8_stay_a_record(tmp_path: Path) -> None:
    (tmp_path / "latin.log").write_bytes(b"2026-11-21T02:05:12Z INFO caf\xe9 order placed by table nine\n")
    found = read_logs(tmp_path / "latin.log")
    assert found.records["body"].to_list() == ["caf\u00e9 order placed by table nine"]
    (tmp_path / "bits.log").write_bytes(b"2026-11-21T02:05:12Z INFO caf\x81 order placed by table nine\n")
    found = read_logs(tmp_path / "bits.log")
    assert found.records["body"].to_list() == ["caf\N{REPLACEMENT CHARACTER} order placed by table nine"]
    assert any("not UTF-8" in note for note in found.ledger.assumptions)


def test_utf16_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "win.log").write_bytes(LINE.encode("utf-16"))
    found = read_logs(tmp_path / "win.log")
    assert found.ledger.sources[0].encoding == "utf-16-le"
    assert found.records["timestamp"].null_count() == 0


def test_the_same_file_named_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(LINE)
    assert read_logs([tmp_path, tmp_path / "app.log"]).ledger.lines == 1


@pytest.mark.parametrize("name", ["Factory", "localtime", "posix/UTC", "", "../etc/passwd", "UTC\0"])
def test_what_is_no_zone_everywhere_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="unknown time zone"):
        check_zone(name)


def test_what_a_directory_holds_and_is_not_read_is_told(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    (logs / "deep").mkdir(parents=True)
    (logs / "deep" / "app.log").write_text(LINE)
    (logs / ".hidden.log").write_text(LINE)
    (logs / "gone.log").symlink_to(tmp_path / "nowhere")
    (logs / "loop").symlink_to(logs)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "b.log").write_text(LINE)
    (logs / "linked").symlink_to(tmp_path / "elsewhere")
    (logs / "again.log").symlink_to(logs / "deep" / "app.log")
    found = read_logs(logs)
    assert len(found.records) == 2
    told = " ".join(found.ledger.assumptions)
    assert ".hidden.log was passed over: its name begins with a dot" in told
    assert "gone.log was passed over: a link to nothing" in told
    assert "named twice: read once" in told


def test_a_name_that_is_no_utf8(tmp_path: Path) -> None:
    import os

    path = os.fsencode(tmp_path) + b"/caf\xe9.log"
    with open(path, "wb") as file:  # noqa: PTH123 - a path of bytes
        file.write(LINE.encode())
    assert read_logs(tmp_path).records["source"].to_list() == [f"{tmp_path}/caf\N{REPLACEMENT CHARACTER}.log"]
    with pytest.raises(InputError, match="File name too long"):
        read_logs(tmp_path / ("x" * 300))


def test_a_zone_for_a_source_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "redis.log").write_text("2026-11-21 02:05:12 INFO ready\n")
    assert read_logs(tmp_path / "redis.log", tz={"redis.log": "Asia/Tokyo"}).ledger.sources[0].time_zone == "Asia/Tokyo"
    with pytest.raises(UsageError, match="no source matches 'redis'"):
        read_logs(tmp_path / "redis.log", tz={"redis": "Asia/Tokyo"})


def test_two_zones_for_everything() -> None:
    with pytest.raises(UsageError, match="got two zones for everything"):
        parse_zones(["Asia/Tokyo", "UTC"])


def test_zero_bytes_that_a_file_begins_with_are_left_out(tmp_path: Path) -> None:
    """As logrotate's copytruncate leaves them where the program goes on writing at its old place."""
    zeros = bytes(700_000)  # more than is read to know the file
    (tmp_path / "app.log").write_bytes(zeros + LINE.encode() * 2)
    found = read_logs(tmp_path / "app.log", chunk_bytes=1000)
    assert found.records["body"].to_list() == ["shop ready"] * 2
    assert found.records["offset"].to_list() == [700_000, 700_000 + len(LINE)]
    assert any("the 700,000 zero bytes that it begins with" in note for note in found.ledger.assumptions)


def test_zero_bytes_within_a_line_leave_its_text(tmp_path: Path) -> None:
    """As a disk leaves them that lost power."""
    cut = LINE.encode().strip()
    (tmp_path / "app.log").write_bytes(cut + bytes(600) + LINE.encode() + LINE.encode().strip() + bytes(9) + b"\n")
    found = read_logs(tmp_path / "app.log")
    assert found.records["body"].to_list() == [f"shop ready {cut.decode()}", "shop ready"]
    assert found.ledger.undecodable == 0
    assert any("runs of zero bytes" in note for note in found.ledger.assumptions)


def test_a_line_of_zero_bytes_alone_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(LINE.encode() + bytes(60) + b"\n" + LINE.encode())
    assert read_logs(tmp_path / "app.log").ledger.undecodable == 1
    (tmp_path / "zeros.log").write_bytes(bytes(9000))
    with pytest.raises(InputError, match="not text but binary data"):
        read_logs(tmp_path / "zeros.log")


@pytest.mark.parametrize("size", [64, 8 << 20])
def test_a_line_that_begins_like_packed_data_is_a_line(tmp_path: Path, size: int) -> None:
    odd = [b"x^2 is negative", b"x\x01 said", b"\x1f\x8b\x08 said", b"(\xb5/\xfd said"]
    (tmp_path / "app.log").write_bytes(b"\n".join([odd[0], *(line for one in odd for line in (LINE.encode(), one))]))
    found = read_logs(tmp_path / "app.log", chunk_bytes=size)
    assert (found.ledger.lines, found.ledger.unaccounted, found.ledger.records) == (13, 0, 4)
    assert found.records["body"][0] == "x^2 is negative"


def test_files_with_a_byte_order_mark_put_end_to_end(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(f"\ufeff{LINE}{LINE}\ufeff{LINE}", encoding="utf-8")
    assert read_logs(tmp_path / "app.log").ledger.records == 3


def test_json_with_a_separator_before_each_record(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text('\x1e{"time":"2026-11-21T02:05:12Z","msg":"ready"}\n' * 3)
    assert read_logs(tmp_path / "app.log").records["body"].to_list() == ["ready"] * 3


def test_a_zone_for_a_folder_as_the_readme_has_it(tmp_path: Path) -> None:
    for name in ("redis", "other-redis"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.log").write_text("2026-11-21 02:05:12 INFO ready\n")
    rows = read_logs(tmp_path, tz={"redis/*": "Europe/Berlin"}).ledger.sources
    assert [row.time_zone for row in rows] == ["UTC", "Europe/Berlin"]
