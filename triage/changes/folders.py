"""The files of changes in a folder."""

from __future__ import annotations

from pathlib import Path

from triage.changes.wording import complaint, count, one_line, show, some


def is_repository(folder: Path) -> bool:
    """Whether a folder is the root of a git repository, or a bare one."""
    return (folder / ".git").exists() or all((folder / part).exists() for part in ("HEAD", "objects", "refs"))


def files_in(folder: Path) -> tuple[list[Path], list[str]]:
    """The files right in a folder, by name, and the names of the folders in it; hidden ones are no part of it.

    Raises
    ------
    ChangesError
        If it cannot be read, or there is no file.
    """
    name, wanted = one_line(str(folder)), "files with changes, or a git repository"
    try:
        entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        raise complaint(name, f"'{error.strerror}'", wanted, "looking at its permissions") from None
    files = [entry for entry in entries if entry.is_file()]
    if not files:
        hint = f"the path of a file, or git:{name} if it is in a repository"
        raise complaint(name, "a folder without files", wanted, hint)
    return files, [entry.name for entry in entries if entry.is_dir()]


def left_out_note(folder: Path, names: list[str], what: str) -> str:
    """A note on what was left out in a folder."""
    return f"{one_line(str(folder))}: {count(len(names), what)} left out: {some([show(name) for name in names])}"
