"""Records that stay in a file where they were read, in a folder that the reader shares with this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

#: Waits for a file and says where it is.
Pending = Callable[[], Path]


@dataclass(frozen=True)
class Aside:
    """Records in a Parquet file.

    Attributes
    ----------
    path : Path
        The file.
    count : int
        The records in it.
    renumber : callable, optional
        Begins to write them anew with these numbers of their shapes in place of those that the chunk has them by.
    owner : object
        Keeps the file where it is as long as it lives.
    """

    path: Path
    count: int
    renumber: Callable[[Path, pl.Series], Path | Pending] | None = None
    owner: object = None

    def numbered(self, numbers: pl.Series | None) -> Path | Pending:
        """The file with these numbers of shapes, or as it is if there are none: it may still have to be written."""
        return self.path if numbers is None or self.renumber is None else self.renumber(self.path, numbers)
