"""Folders for what is put aside while a program runs: removed with it, and those of programs that were killed later."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
import weakref
from contextlib import suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

PREFIX, LOCK = ".triage-", ".lock"


class Folder:
    """A new folder, removed with all that is in it when nobody holds this any more.

    A program that is killed leaves its folder behind; the next one that makes a folder in the same place removes it.

    Parameters
    ----------
    where : Path or None
        In which it is made; that of the system for such if None.
    """

    def __init__(self, where: Path | None) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=where))
        self._lock = _locked(self.path)
        weakref.finalize(self, _remove, self.path, self._lock)
        for other in self.path.parent.glob(f"{PREFIX}*/{LOCK}"):
            if other.parent != self.path:
                _remove_if_left(other)


def _remove(path: Path, lock: int | None) -> None:
    shutil.rmtree(path, ignore_errors=True)
    if lock is not None:
        os.close(lock)


def _locked(folder: Path) -> int | None:
    """Hold a lock in a folder as long as this program runs, however it ends; None where there are no such locks."""
    if sys.platform == "win32":
        return None
    new = folder / f"{LOCK}-new"
    made = os.open(new, os.O_CREAT | os.O_RDWR, 0o600)
    os.write(made, _machine())
    with suppress(OSError):  # a file system without locks: the folder is never taken for one that was left
        fcntl.flock(made, fcntl.LOCK_EX | fcntl.LOCK_NB)
        new.replace(folder / LOCK)
    return made


def _remove_if_left(lock: Path) -> None:
    """Remove a folder whose lock nobody holds any more, if it was made on this machine.

    A file system that several machines share may not show one what another locks.
    """
    if sys.platform == "win32":
        return
    try:
        opened = os.open(lock, os.O_RDWR | os.O_NOFOLLOW)
    except OSError:  # somebody else's, or gone meanwhile
        return
    try:
        if os.read(opened, len(_machine()) + 1) != _machine():
            return
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # in use
        return
    else:
        shutil.rmtree(lock.parent, ignore_errors=True)
    finally:
        os.close(opened)


def _machine() -> bytes:
    return socket.gethostname().encode("utf-8", "replace")
