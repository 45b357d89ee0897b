"""What lies in a folder, for choosing logs and changes where no file dialog reaches: beside the kernel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from triage.errors import UsageError

#: Entries that are listed.
MOST = 200


@dataclass(frozen=True)
class Entry:
    """A file or folder: its name, its whole path, and the size of a file in bytes."""

    name: str
    path: str
    size: int | None


@dataclass(frozen=True)
class Folder:
    """What lies in a folder: folders first, each sorted by name; `hidden` are those beyond `MOST`."""

    path: Path
    above: str
    folders: tuple[Entry, ...]
    files: tuple[Entry, ...]
    hidden: int


def list_folder(path: Path) -> Folder:
    """The folder's entries; those whose names begin with a dot are left out.

    Raises
    ------
    UsageError
        If it cannot be read.
    """
    try:
        path = path.absolute()
        there = sorted((one for one in path.iterdir() if not one.name.startswith(".")), key=lambda one: one.name)
        entries = [(one, one.is_dir()) for one in there]
        folders = [Entry(one.name, str(one), None) for one, is_folder in entries if is_folder]
        files = [Entry(one.name, str(one), one.stat().st_size) for one, is_folder in entries if not is_folder]
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}: choose another folder") from error
    room = max(0, MOST - len(folders))
    hidden = max(0, len(folders) - MOST) + max(0, len(files) - room)
    return Folder(path, str(path.parent), tuple(folders[:MOST]), tuple(files[:room]), hidden)
