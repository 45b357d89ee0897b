"""A file that is written whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write beside the path and rename, so that a reader finds the old file or the new one, never a part.

    Raises
    ------
    OSError
        If it cannot be written; what was there is as it was.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        # "x": whoever guesses the name gets an error, not a file of ours to write through.
        with beside.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
