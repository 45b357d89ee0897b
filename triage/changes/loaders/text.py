"""The text of a changes file, with an error for each way in which it cannot be had."""

from __future__ import annotations

import codecs
import difflib
from pathlib import Path

from triage.changes.wording import complaint, one_line
from triage.errors import ChangesError

#: A list of changes is far smaller; what is larger is some other file.
MOST_BYTES = 64 << 20

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),  # what shells of Windows write
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read_text(spec: str) -> str:
    """The whole text of a file, its byte order mark taken off.

    Raises
    ------
    ChangesError
        If it is missing, unreadable, empty, too large, binary, or not UTF-8.
    """
    name = one_line(spec)
    data = _read_bytes(spec, name)
    if len(data) > MOST_BYTES:
        got = f"more than {MOST_BYTES >> 20} MiB"
        raise complaint(name, got, "a list of changes", "a file that holds nothing else")
    mark, encoding = next(((m, e) for m, e in _MARKS if data.startswith(m)), (b"", "utf-8"))
    body = data[len(mark) :]
    if encoding == "utf-8" and b"\0" in body:
        line = body.count(b"\n", 0, body.index(b"\0")) + 1
        raise complaint(f"{name}, line {line}", "a NUL byte", "UTF-8 text", "saving it as UTF-8")
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        got = f"the byte 0x{body[error.start]:02x}"
        raise complaint(f"{name}, line {line}", got, "UTF-8 text", "saving it as UTF-8") from None
    if not text.strip():
        raise complaint(name, "an empty file", "a list of changes", "[] if there are none")
    return text


def _read_bytes(spec: str, name: str) -> bytes:
    try:
        with Path(spec).open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise missing(spec) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise complaint(name, f"'{reason}'", "a readable file", "looking at its permissions") from None


def missing(spec: str) -> ChangesError:
    """The error for a path that leads nowhere, with the closest name that is there."""
    path = Path(spec)
    try:
        names = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    except OSError:
        names = []
    close = difflib.get_close_matches(path.name[:255], names, n=1)
    hint = str(path.with_name(close[0])) if close else "the path of a JSON or CSV file, or git:FOLDER"
    return complaint(one_line(spec), "no such file", "a list of changes", one_line(hint))


#: Enough to tell a file by its beginning.
BEGINNING = 4096


def beginning(spec: str) -> str:
    """The first characters of a regular file, empty for anything else: looking at a pipe would take from it."""
    path = Path(spec)
    if not path.is_file():
        return ""
    try:
        with path.open("rb") as file:
            head = file.read(BEGINNING)
    except OSError:
        return ""  # reading it says why
    encoding = next((e for mark, e in _MARKS if head.startswith(mark)), "utf-8")
    return head.decode(encoding, "replace").lstrip("\ufeff")


def first_character(spec: str) -> str:
    """The first character of a regular file that is no white space; empty if there is none."""
    return beginning(spec).lstrip(" \t\r\n")[:1]
