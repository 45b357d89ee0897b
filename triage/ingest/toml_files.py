"""Settings of the user's in small TOML files."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from triage.errors import UsageError

#: A file that is larger was meant to be something else.
MOST_BYTES = 1 << 20


def read_toml(path: Path, where: str, wanted: str) -> dict[str, Any]:
    """What a TOML file holds, with or without a byte order mark.

    Parameters
    ----------
    where, wanted : str
        For errors: what the file is, and what it is to be.

    Raises
    ------
    UsageError
        If it cannot be read, is too large or is no TOML.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{where}: cannot be read: {reason}: give {wanted}") from error
    if len(data) > MOST_BYTES:
        raise UsageError(f"{where}: larger than {MOST_BYTES >> 20} MB: give {wanted}")
    return parse_toml(data, where)


def parse_toml(data: bytes, where: str) -> dict[str, Any]:
    """What a TOML text holds, with or without a byte order mark.

    Raises
    ------
    UsageError
        If it is no TOML.
    """
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        hint = "patterns with a backslash stand in single quotes" if "scape" in str(error) else "see toml.io"
        raise UsageError(f"{where}: not TOML: {str(error)[:160]}: {hint}") from error
