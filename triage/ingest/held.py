"""Records that may be more than memory holds: kept there up to a limit, beyond it in Parquet files."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Literal

import polars as pl

from triage.errors import StorageError
from triage.ingest.aside import Pending
from triage.ingest.folders import Folder
from triage.ingest.keeping import Kept

#: Bytes of records that are held in memory, and that are written to one file.
HELD_BYTES, PART_BYTES = 768 << 20, 128 << 20
#: Rows of a file that are read for one of them.
GROUP_ROWS = 32_768
#: How polars names what the operating system refused.
REFUSED = re.compile(r"os error ([0-9]+)")
#: The number of a record's shape, where templates are not known yet.
NUMBER = "shape_number"


@dataclass(frozen=True, eq=False)
class Records:
    """Records in order: a frame, or files of which a query reads what it needs.

    Attributes
    ----------
    held : polars.DataFrame or None
        All of them, where they are in memory.
    files : tuple of Path
        Else the files, in order.
    counts : tuple of int
        The records of each file.
    owner : object
        Keeps the files where they are as long as it lives.
    template_ids : polars.Series of String, or None
        For each number of a shape in the files the id of its template; None where the files have the ids.
    """

    held: pl.DataFrame | None
    files: tuple[Path, ...] = ()
    counts: tuple[int, ...] = ()
    owner: object = None
    template_ids: pl.Series | None = None

    @classmethod
    def of(cls, file: Path) -> Records:
        """The records in a file that `write_parquet` wrote: in memory, if they are no more than that should hold."""
        from pyarrow.parquet import ParquetFile  # slow to import

        about = ParquetFile(file).metadata
        if sum(about.row_group(place).total_byte_size for place in range(about.num_row_groups)) <= HELD_BYTES:
            return cls(pl.read_parquet(file))
        return cls(None, (file,), (about.num_rows,))

    def __len__(self) -> int:
        return sum(self.counts) if self.held is None else len(self.held)

    def lazy(self, begin: int = 0, count: int | None = None) -> pl.LazyFrame:
        """A lazy frame of all of them, or of so many from one on.

        They come in order, but a slice of the frame may hold others: polars gives up the order of a join where it finds
        that what follows does not ask for it, and does not see that a slice does.
        """
        found = pl.scan_parquet(list(self.files)) if self.held is None else self.held.lazy()
        if begin or count is not None:
            found = found.slice(begin, count)
        return found.pipe(self._named) if self.held is None else found

    def frame(self) -> pl.DataFrame:
        """All of them, in memory."""
        return self.lazy().collect() if self.held is None else self.held

    def frames(self) -> Iterator[pl.DataFrame]:
        """All of them, a part after the other."""
        if self.held is not None:
            yield self.held
        for file, count in zip(self.files, self.counts, strict=True):
            for begin in range(0, count, GROUP_ROWS):
                yield pl.scan_parquet(file).slice(begin, GROUP_ROWS).pipe(self._named).collect()

    def with_templates(self, ids: pl.Series) -> Records:
        """The same with ``template_id`` for the number of each one's shape.

        Parameters
        ----------
        ids : polars.Series of String
            The id for each number.
        """
        if self.held is None:
            return replace(self, template_ids=ids)
        return Records(self.held.with_columns(ids[self.held[NUMBER]].alias("template_id")).drop(NUMBER))

    def take(self, rows: Sequence[int] | pl.Series, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Some of them by their numbers, from 0 and in increasing order. It costs what is taken, not what there is.

        Parameters
        ----------
        columns : sequence of str, optional
            What is wanted of them; all if not given.
        """
        names = pl.all() if columns is None else pl.col(columns)
        if self.held is not None:
            return self.held.select(names)[pl.Series(rows, dtype=pl.UInt32)]
        wanted = pl.DataFrame({"row": pl.Series(rows, dtype=pl.Int64)})
        found = [self.lazy().select(names).head(0).collect()]
        for file, begin, count in zip(self.files, [0, *accumulate(self.counts)], self.counts, strict=False):
            own = wanted.filter(pl.col("row").is_between(begin, begin + count - 1)).select(
                pl.col("row") - begin, ((pl.col("row") - begin) // GROUP_ROWS).alias("group")
            )
            for part in own.partition_by("group"):
                start = part["group"][0] * GROUP_ROWS
                read = pl.scan_parquet(file).slice(start, GROUP_ROWS).pipe(self._named).select(names).collect()
                found.append(read[part["row"] - start])
        return pl.concat(found)

    def slice(self, begin: int, count: int) -> pl.DataFrame:
        """So many of them, from one on."""
        return self.take(range(begin, min(begin + count, len(self))))

    def _named(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        if self.template_ids is None:
            return frame
        ids = self.template_ids.alias("template_id").to_frame().lazy().with_row_index(NUMBER)
        return frame.join(ids, on=NUMBER, how="left", maintain_order="left").drop(NUMBER)


class Held:
    """Takes frames of records as they come.

    Parameters
    ----------
    limit : int
        Bytes of them that are held in memory; where they are more, all are written to files.
    folder : Path, optional
        In which a folder for these files is made; that of the system for such if not given.
    """

    def __init__(self, limit: int = HELD_BYTES, folder: Path | None = None) -> None:
        self._limit, self._where = limit, folder
        self._folder: Folder | None = None
        self._frames: list[pl.DataFrame] = []
        self._bytes = 0
        self._files: list[Path | Pending] = []
        self._counts: list[int] = []
        self._owners: list[object] = []

    def add(self, frame: pl.DataFrame) -> None:
        """Hold further records, which have the columns of those before.

        Raises
        ------
        StorageError
            If the disk is full, or whatever else keeps them from being written.
        """
        self._frames.append(frame)
        self._bytes += int(frame.estimated_size())
        if self._bytes > (PART_BYTES if self._files else self._limit):
            self._write()

    def take(self, kept: Kept, numbers: pl.Series | None = None) -> None:
        """Hold what was kept of a chunk: its records, or the file that they are in.

        Parameters
        ----------
        numbers : polars.Series of UInt32, optional
            For each number of a shape in the chunk the one to write for it.
        """
        if not kept.aside:
            own = numbers[kept.records[NUMBER]].alias(NUMBER) if numbers is not None else None
            self.add(kept.records if own is None else kept.records.with_columns(own))
            return
        if self._bytes:
            self._write()
        self._frames = []
        self._files.append(kept.aside.numbered(numbers))
        self._counts.append(kept.aside.count)
        if kept.aside.owner not in self._owners:
            self._owners.append(kept.aside.owner)

    def settle(self) -> None:
        """Wait until all files are written.

        Raises
        ------
        EngineError
            If one cannot be.
        """
        self._files = [file if isinstance(file, Path) else file() for file in self._files]

    def records(self, empty: pl.DataFrame) -> Records:
        """All so far.

        Parameters
        ----------
        empty : polars.DataFrame
            Given where there are none.
        """
        if not self._files:
            self._frames = [pl.concat(self._frames or [empty])]
            return Records(self._frames[0])
        if self._frames:
            self._write()
        self.settle()
        files = tuple(file for file in self._files if isinstance(file, Path))
        return Records(None, files, tuple(self._counts), (self._folder, *self._owners))

    def _write(self) -> None:
        try:
            self._folder = self._folder or Folder(self._where)
        except OSError as error:
            raise self._refused(self._where or "a folder for what is put aside", error) from error
        while self._frames:
            path = self._folder.path / f"{len(self._files):06}.parquet"
            part = self._next_part()
            try:
                write_parquet(part.lazy(), path, "lz4")  # the fastest: it is read as often as it is written
            except OSError as error:
                raise self._refused(path.parent.parent, error) from error
            self._files.append(path)
            self._counts.append(len(part))
        self._bytes = 0

    def _refused(self, where: Path | str, error: OSError) -> StorageError:
        """What the operating system refused, and what to try."""
        try_this = "give a folder with more room" if self._where else "set TMPDIR to a folder with more room"
        return StorageError(f"cannot write {where}: {error.strerror or error}: {try_this}")

    def _next_part(self) -> pl.DataFrame:
        """The first frames that make a file, taken off those held: what was written needs no memory."""
        sizes = accumulate(int(frame.estimated_size()) for frame in self._frames)
        count = next((n for n, size in enumerate(sizes, 1) if size > PART_BYTES), len(self._frames))
        part = pl.concat(self._frames[:count])
        del self._frames[:count]
        return part


def write_parquet(frame: pl.LazyFrame, path: Path, compression: Literal["lz4", "zstd"] = "zstd") -> None:
    """Write records to a file that `Records` can read parts of.

    Raises
    ------
    OSError
        If the disk is full, or whatever else keeps it from being written.
    """
    try:
        frame.sink_parquet(path, compression=compression, row_group_size=GROUP_ROWS)
    except pl.exceptions.ComputeError as error:
        refused = REFUSED.search(str(error))
        code = int(refused[1]) if refused else errno.EIO
        raise OSError(code, os.strerror(code), str(path.parent)) from error
