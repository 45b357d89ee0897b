"""What the code of this package is, so that two processes can tell whether they would read a log alike."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import polars as pl

PACKAGE = Path(__file__).parents[1]


@cache
def fingerprint() -> str:
    """A hash of all source files of the package, and the version of polars: hashes of texts hold within one only."""
    whole = hashlib.blake2b(digest_size=8)
    for path in sorted(PACKAGE.rglob("*.py")):
        whole.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return f"{whole.hexdigest()}, polars {pl.__version__}"
