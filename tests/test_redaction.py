"""Redaction: what is replaced and what is not, the same value by the same token, every other byte untouched."""

from __future__ import annotations

import gzip
import io
import json
import re
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.errors import InputError, UsageError
from triage.redaction import Redactor, own_patterns, redact_file
from triage.redaction.chunks import Chunks
from triage.redaction.kinds import HOSTS, KINDS, USERS
from triage.redaction.text import SENTINEL, to_bytes, to_text

GOLDEN = Path(__file__).parent / "golden" / "redaction"
HOME = "/" + "home"
PEM = "-----BEGIN RSA PRIVATE KEY-----\n" + ("QUJD" * 16 + "\n") * 3 + "QUI=\n-----END RSA PRIVATE KEY-----\n"


def pairs(name: str) -> list[tuple[str, str]]:
    lines = [line for line in (GOLDEN / name).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert all(a.startswith("- ") and b.startswith("+ ") for a, b in zip(lines[::2], lines[1::2], strict=True))
    return [(a[2:], b[2:]) for a, b in zip(lines[::2], lines[1::2], strict=True)]


def redacted(data: bytes, redactor: Redactor | None = None, name: str = "a.log") -> bytes:
    out = io.BytesIO()
    redact_file(io.BytesIO(data), name, redactor or Redactor(), out)
    return out.getvalue()


def plainly(*blocks: bytes, chunk: int = 1 << 20) -> bytes:
    """The redacted bytes of a stream that is nothing but text."""
    chunks, redactor = Chunks(blocks, chunk=chunk), Redactor()
    return b"".join(chunks.back(redactor.text(text, "a", line)) for text, line in chunks)


@pytest.mark.parametrize(("before", "after"), pairs("lines.txt"))
def test_golden_lines(before: str, after: str) -> None:
    assert Redactor().text(before) == after


@pytest.mark.parametrize(("before", "after"), pairs("users.txt"))
def test_users_only_if_asked_for(before: str, after: str) -> None:
    assert Redactor(users=True).text(before) == after
    assert "redacted_user" not in Redactor().text(before.replace("@", "#"))


@pytest.mark.parametrize("line", [after for name in ("lines.txt", "users.txt") for _, after in pairs(name)])
def test_what_is_redacted_stays_as_it_is(line: str) -> None:
    redactor = Redactor(users=True)
    assert redactor.text(line) == line
    assert redactor.tally.count == 0


def test_the_same_value_has_the_same_token_everywhere_and_another_value_another() -> None:
    redactor = Redactor()
    first = redacted(b"10.1.1.1 ana@shop.example\n10.1.1.2\n", redactor, "a.log")
    second = redacted(b"ana@shop.example 10.1.1.2 10.1.1.1 10.1.1.3\n", redactor, "b.log")
    assert first == b"240.0.0.1 redacted_user_1@mail.invalid\n240.0.0.2\n"
    assert second == b"redacted_user_1@mail.invalid 240.0.0.2 240.0.0.1 240.0.0.3\n"


def test_addresses_go_on_beyond_the_last_byte() -> None:
    redactor = Redactor()
    text = "\n".join(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}" for n in range(70_000))
    said = redactor.text(text).split("\n")
    assert said[255] == "240.0.1.0"
    assert len(set(said)) == 70_000
    sixes = redactor.text("\n".join(f"2a00::{n >> 8:x}:{n & 255:x}" for n in range(66_000))).split("\n")
    assert len(set(sixes)) == 66_000


def test_a_private_key_keeps_its_lines_and_the_lines_around() -> None:
    text = f"2026-11-21 04:02:59 INFO loaded\n{PEM}2026-11-21 04:03:00 INFO next line with words\n"
    said = Redactor().text(text)
    assert said.count("\n") == text.count("\n")
    assert "QUJD" not in said
    assert "QUI" not in said
    assert said.endswith("-----END RSA PRIVATE KEY-----\n2026-11-21 04:03:00 INFO next line with words\n")


def test_a_key_without_an_end_takes_no_line_behind_it() -> None:
    text = "-----BEGIN PRIVATE KEY-----\n" + "QUJD" * 16 + "\n20261121T040300Z INFO next\n"
    assert Redactor().text(text).endswith("\n20261121T040300Z INFO next\n")


def test_user_names_in_paths() -> None:
    text = f"{HOME}/ana/app.py: file://{HOME}/bo/x POST {HOME}/cart"
    after = f"{HOME}/redacted_user_1/app.py: file://{HOME}/redacted_user_2/x POST {HOME}/cart"
    assert Redactor().text(text) == after


def test_hosts_only_if_asked_for() -> None:
    text = "https://api.shop.example/x db.shop.internal host=web1 postgres://u:p@db.shop.example:5432 http://10.0.0.1/x"
    assert "api.shop.example" in Redactor().text(text)
    said = Redactor(own_patterns(hosts=["web1"]), hosts=True).text(text + " Nov 21 04:03:01 web1 nginx: web12")
    assert said == (
        "https://host-1.invalid/x host-2.invalid host=host-3.invalid "
        "postgres://redacted_user_1:redacted_secret_1@host-4.invalid:5432 http://240.0.0.1/x "
        "Nov 21 04:03:01 host-3.invalid nginx: web12"
    )


def test_own_words_and_patterns_are_replaced_besides() -> None:
    redactor = Redactor(own_patterns(["Acme (EU)", "re:(?i)ord-[0-9a-f]+"]))
    said = redactor.text("Acme (EU) bought ORD-17 and ord-17 from Acme")
    assert said == "redacted_text_1 bought redacted_text_2 and redacted_text_3 from Acme"
    assert redactor.text(said) == said


def test_own_patterns_change_no_number_of_lines() -> None:
    said = Redactor(own_patterns(["re:(?s)a.+z"])).text("one\na\nb\nz\ntwo\n")
    assert said == "one\nredacted_text_1\nredacted_text_2\nredacted_text_3\ntwo\n"


@pytest.mark.parametrize("text", ["10.0.0.0/99", "10.0.0/8", "fe80::/200"])
def test_a_network_to_keep_that_is_none_is_told(text: str) -> None:
    with pytest.raises(UsageError, match=f"--keep: '{text}' is no network"):
        own_patterns(keep=[text])


def test_what_is_to_be_kept_stays() -> None:
    redactor = Redactor(own_patterns(keep=["10.0.0.0/8", "re:.*@shop\\.example", "2a00::1"]))
    text = "10.1.2.3 2a00::1 ana@shop.example"
    assert redactor.text(text) == text
    assert redactor.text("11.1.2.3") == "240.0.0.1"


@pytest.mark.parametrize(
    ("also", "why"),
    [("", "empty"), ("re:(", "no Rust regex"), ("re:a*", "matches where nothing stands"), ("re:(?=a)b", "Rust regex")],
)
def test_own_patterns_are_checked(also: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        own_patterns([also])


def test_patterns_that_do_not_go_together_are_told() -> None:
    with pytest.raises(UsageError, match="cannot be used together"):
        Redactor(own_patterns(["re:(?P<a>x)", "re:(?P<a>y)"]))


def test_the_tally_says_how_often_and_where_and_never_what() -> None:
    redactor = Redactor()
    redacted(b"x\n10.1.1.1 10.1.1.2\n10.1.1.1 ana@shop.example\n", redactor, "web/a.log")
    redacted(b"10.1.1.1\n", redactor, "b.log")
    assert redactor.tally.lines() == [
        "4 IPv4 addresses (2 different) in 2 files, first at web/a.log:2, web/a.log:3, b.log:1",
        "1 e-mail address (1 different) in 1 file, first at web/a.log:3",
    ]
    assert redactor.tally.to_dict()["IPv4 address"]["files"] == {"web/a.log": 3, "b.log": 1}
    assert "10.1" not in json.dumps(redactor.tally.to_dict())


SECRETS = st.sampled_from(
    ["10.1.2.3", "ana@shop.example", "password=hunter2", "fe80::1:2", "00:1a:2b:3c:4d:5e", "4111 1111 1111 1111",
     "https://u:p@host/x", '"token":"abc1234"', f"{HOME}/ana/x", "Bearer abcdef123456", "+4915112345678", "2a00::/32",
     "+420 777 123 456", "Cookie: a=b; c=d", PEM, "version 1.2.3.4", "10.2.3.4.5", "::ffff:10.1.2.3", "token=5"]
)  # fmt: skip
BETWEEN = st.one_of(
    st.binary(max_size=12),
    st.sampled_from([b" ", b"\n", b"\r\n", b'"', b"\xff", b",", b":", b"=", SENTINEL.encode(), b"\xf4\x8d\xa0\x80"]),
)
PARTS = st.lists(st.tuples(BETWEEN, SECRETS.map(str.encode)), max_size=8)
LOGS = PARTS.map(lambda parts: b"".join(a + b for a, b in parts))
#: Where a token ends is only plain with something between.
APART = PARTS.map(lambda parts: b"".join(a + b" " + b + b" " for a, b in parts))
TOKENS = re.compile(
    rb"redacted_[a-z]+_[0-9]+(?:(?:@|%40)mail\.invalid)?|240(?:[.-][0-9]+){3}|3fff:[0-9a-f:]*(?:\.0\.0\.[0-9]+)?|02[:-]f0[:-]f0[:-][0-9a-f:-]+"
    rb"|9[0-9]{3}(?: [0-9]{4}){3}|\+999[0-9]*(?: [0-9]{3}){0,3}"
)


@settings(max_examples=200, deadline=None)
@given(APART)
def test_nothing_changes_outside_of_what_is_replaced(data: bytes) -> None:
    said = plainly(data)
    assert said.count(b"\n") == data.count(b"\n")
    at = 0
    for piece in TOKENS.split(said):  # what is left stands in the log, in this order
        found = data.find(piece, at)
        assert found >= 0, (piece, data[at:])
        at = found + len(piece)


@settings(max_examples=200, deadline=None)
@given(APART)
def test_a_second_time_nothing_more_is_replaced(data: bytes) -> None:
    once = plainly(data)
    assert plainly(once) == once


@settings(max_examples=100, deadline=None)
@given(LOGS, st.integers(1, 60))
def test_how_the_stream_is_cut_makes_no_difference(data: bytes, size: int) -> None:
    """Beside what stands in several lines, which is held together up to a size of its own."""
    blocks = [data[at : at + size] for at in range(0, len(data), size)]
    assert plainly(*blocks, chunk=size) == to_bytes(Redactor().text(to_text(data)))


@given(st.one_of(st.binary(), st.text().map(lambda text: text.encode("utf-16-le", "surrogatepass"))))
def test_bytes_come_back_as_they_were(data: bytes) -> None:
    even = data[: len(data) // 2 * 2]
    for raw, encoding in ((data, "utf-8"), (even, "utf-16-le"), (even, "utf-16-be")):
        text = to_text(raw, encoding)
        assert to_bytes(text, encoding) == raw
        assert SENTINEL not in text
        text.encode()  # polars takes it


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_utf_16_is_redacted_as_such(encoding: str, mark: str) -> None:
    text = mark + "2026-11-21 04:02:59 INFO from 10.1.2.3, caf\u00e9 \u0a0a\n" * 3
    said = redacted(text.encode(encoding) + b"\x00")
    assert said == text.replace("10.1.2.3", "240.0.0.1").encode(encoding) + b"\x00"


def test_a_huge_line_is_looked_at_in_pieces_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triage.redaction.chunks.LONGEST", 4096)
    data = b"first\n" + b"word 10.1.2.3 " * 2000
    redactor = Redactor()
    chunks = Chunks([data], chunk=1024)
    said = b"".join(chunks.back(redactor.text(text, "a", line)) for text, line in chunks)
    assert said == data.replace(b"10.1.2.3", b"240.0.0.1")
    assert chunks.cut[0] == 2


def test_a_key_is_not_cut_in_two() -> None:
    data = (b"x" * 60 + b"\n") * 3 + PEM.encode() + b"after\n"
    for size in range(180, 260, 7):
        chunks, redactor = Chunks([data], chunk=size), Redactor()
        said = b"".join(chunks.back(redactor.text(text, "a", line)) for text, line in chunks)
        assert b"QUJD" not in said
        assert len(redactor.tokens.values()["secret"]) == 1


@pytest.mark.parametrize(
    "text",
    ["password=" * 3000, 'password="' * 3000, "a@" * 5000, "1." * 20000, ":" * 20000, "ab:" * 10000, "://" * 5000,
     "-----BEGIN PRIVATE KEY-----\n" * 500, "\\" * 20000, "cookie: a=" * 3000, "bearer " * 3000, "4111 " * 5000,
     "::" + "a:" * 5000, "token: \\\\\"" * 2000, "eyJaaaaaaaaaa." * 60000, "eyJaaaaaaaa-00-1a-2b-3c-4d-5e-" * 30000,
     'user="' * 3000, "/users/" * 5000, "user a" * 5000, "/users/" + "a" * 20000],
)  # fmt: skip
def test_hostile_lines_are_gone_through(text: str) -> None:
    """They took minutes if a pattern could try again from each of its characters."""
    redactor = Redactor(users=True)
    assert redactor.text(text).count("\n") == text.count("\n")


@pytest.mark.parametrize("kind", [*KINDS, *HOSTS, *USERS], ids=lambda kind: kind.name)
def test_both_engines_read_a_pattern(kind: object) -> None:
    assert kind.whole.groups == len(kind.whole.groupindex)  # type: ignore[attr-defined]
    assert "(?P<" not in kind.rust  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("pack", "unpack"),
    [
        (gzip.compress, gzip.decompress),
        (lambda raw: zstandard.compress(raw), lambda raw: zstandard.decompress(raw, 1000)),
    ],
)
def test_compressed_files_are_compressed_again(pack: Callable[..., bytes], unpack: Callable[..., bytes]) -> None:
    said = redacted(pack(b"from 10.1.2.3\n"))
    assert unpack(said) == b"from 240.0.0.1\n"


def tar_of(*files: tuple[str, bytes], mode: str = "w:gz") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size, info.uname, info.mtime = len(content), "ana", 1_763_697_779
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def test_members_of_archives_are_redacted_in_theirs() -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("in/c.log", "c 10.1.2.3\n")
    packed = tar_of(("host-10.1.2.3/a.log", b"a 10.1.2.3\n"), ("b.log.gz", gzip.compress(b"b 10.1.2.4\n")),
                    ("c.zip", inner.getvalue()), (".ssh/key", b"secret"))  # fmt: skip
    redactor = Redactor()
    with tarfile.open(fileobj=io.BytesIO(redacted(packed, redactor, "dump.tgz"))) as archive:
        members = {info.name: archive.extractfile(info).read() for info in archive}  # type: ignore[union-attr]
        assert {(info.uname, info.mtime) for info in archive} == {("", 1_763_697_779)}
    assert list(members) == ["host-240.0.0.1/a.log", "b.log.gz", "c.zip"]
    assert members["host-240.0.0.1/a.log"] == b"a 240.0.0.1\n"
    assert gzip.decompress(members["b.log.gz"]) == b"b 240.0.0.2\n"
    assert zipfile.ZipFile(io.BytesIO(members["c.zip"])).read("in/c.log") == b"c 240.0.0.1\n"
    assert redactor.tally.notes == ["dump.tgz: left out of the archive, as no log: .ssh/key"]
    assert "dump.tgz/host-240.0.0.1/a.log" in redactor.tally.to_dict()["IPv4 address"]["files"]
    assert "10.1.2" not in json.dumps(redactor.tally.to_dict())


def test_a_zip_is_one_again(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.log", "a 10.1.2.3\n")
    out = io.BytesIO()
    with path.open("rb") as raw:
        redact_file(raw, "a.zip", Redactor(), out)
    assert zipfile.ZipFile(out).read("a.log") == b"a 240.0.0.1\n"


def test_what_is_behind_damage_is_not_in_the_copy_and_told() -> None:
    whole = gzip.compress("\n".join(f"{n} from 10.1.2.3" for n in range(20_000)).encode())
    redactor = Redactor()
    said = gzip.decompress(redacted(whole[: len(whole) // 2], redactor))
    assert said.startswith(b"0 from 240.0.0.1\n")
    assert b"10.1.2.3" not in said
    assert "what is behind that is not in the copy" in redactor.tally.notes[0]


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"PAR1" + b"x" * 600, "Parquet"), (b"7z\xbc\xaf\x27\x1c" + b"x" * 600, "7-Zip"),
     (bytes(range(1, 32)) * 40, "not text but binary")],
)  # fmt: skip
def test_what_cannot_be_looked_into_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(InputError, match=f"a.log: cannot be redacted: .*{why}"):
        redacted(data)
