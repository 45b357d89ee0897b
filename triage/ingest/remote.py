"""Logs behind a URL (``s3://…``, ``https://…``), through fsspec, if the user names one and has installed it."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO

from triage.errors import InputError, UsageError
from triage.ingest.rotation import age_key

#: A scheme of two letters and more: one is a drive.
URL = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+(?:::|://)")
_SECRET = re.compile(r"(?<=//)[^/@\s]*@|[?#].*$")


def is_url(name: str) -> bool:
    """Whether a name is a URL and no path."""
    return bool(URL.match(name))


@dataclass(frozen=True)
class RemoteFile:
    """One file behind a URL."""

    system: Any
    path: str
    name: str

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Its bytes; whatever the library raises is an OSError, which a reader of streams tells as damage."""
        with _told(self.name):
            raw = self.system.open(self.path, "rb")
        with raw:
            yield _Reader(raw)  # type: ignore[misc]

    def size(self) -> int | None:
        """Its bytes; None where that is not known."""
        try:
            return int(self.system.size(self.path))
        except Exception:
            return None

    def modified(self) -> datetime | None:
        """When it was last written; None where that is not known."""
        try:
            when = self.system.modified(self.path)
        except Exception:
            return None
        return when.astimezone(UTC) if isinstance(when, datetime) else None


class _Reader:
    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def read(self, size: int = -1, /) -> bytes:
        with _as_os_error():
            return bytes(self._raw.read(size))

    def seek(self, place: int, /) -> int:
        with _as_os_error():
            return int(self._raw.seek(place))


@contextmanager
def _as_os_error() -> Iterator[None]:
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(5, _short(error)) from error


def find_remote(url: str) -> list[RemoteFile]:
    """The files that a URL names: one, those of a folder, or those that a glob matches, rotated ones from the oldest.

    Raises
    ------
    UsageError
        If fsspec, or what it needs for this scheme, is not installed.
    InputError
        If there is nothing, or it cannot be reached.
    """
    try:
        import fsspec
    except ImportError as error:
        raise UsageError(f"{_shown(url)}: reading a URL needs fsspec: install the extra 'remote'") from error
    with _told(url):
        system, path = fsspec.core.url_to_fs(url)
        if glob.has_magic(path) and not url.startswith("http"):  # a question mark is usual in those
            paths = [found for found in system.glob(path) if not system.isdir(found)]
        elif system.isfile(path):
            paths = [path]
        else:
            paths = system.find(path) if system.exists(path) else []
    if not paths:
        raise InputError(f"{_shown(url)}: nothing is there: check the address, and that you may read it")
    if paths == [path]:
        return [RemoteFile(system, path, _shown(url))]
    paths = sorted(paths, key=age_key)
    return [RemoteFile(system, found, _shown(system.unstrip_protocol(found))) for found in paths]


@contextmanager
def _told(url: str) -> Iterator[None]:
    """Whatever goes wrong becomes one line: every file system has errors of its own."""
    try:
        yield
    except ImportError as error:
        raise UsageError(f"{_shown(url)}: {_short(error)}") from error
    except FileNotFoundError as error:
        raise InputError(f"{_shown(url)}: nothing is there: check the address, and that you may read it") from error
    except Exception as error:
        raise InputError(f"{_shown(url)}: cannot be read: {_short(error)}") from error


def _shown(url: str) -> str:
    """A URL without passwords and signatures: it stands in reports."""
    return _SECRET.sub("", url)


def _short(error: Exception) -> str:
    first = (str(error).strip().splitlines() or [""])[0][:160]
    return _SECRET.sub("", first) or type(error).__name__
