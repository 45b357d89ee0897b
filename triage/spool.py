"""Records on disk between reading and printing, so that memory is bounded by a chunk and not by the logs.

Templates need all shapes first: records are put aside as they are read, and get their templates on the way out.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from triage.patterns import Outcome, assign_templates, corrected_templates, shapes_of
from triage.patterns.shapes import merge_shapes
from triage.reading import between
from triage.settings import Settings

#: Counts of shapes are added up when there are so many tables of them.
MERGED_AT = 16
#: How polars names what the operating system refused.
REFUSED = re.compile(r"os error ([0-9]+)")


class Spool:
    """Frames of records in order, in a folder.

    Parameters
    ----------
    folder : Path
        Empty, and removed by the caller.
    settings : Settings
        Only records between its ``since`` and ``until`` are kept. Templates are of all records, so that their ids do
        not depend on the window.
    """

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._folder, self._settings = folder, settings
        self._shapes: list[pl.DataFrame] = []
        self._parts: list[Path] = []
        self.kept = self.left_out = 0
        #: What became of each correction; known when records are given out.
        self.corrected: tuple[Outcome, ...] = ()

    def add(self, records: pl.DataFrame) -> None:
        """Put further records aside.

        Raises
        ------
        OSError
            If the disk is full, or whatever else keeps them from being written.
        """
        place, shapes = shapes_of(records, self._settings.corrections)
        shaped = records.with_columns(shapes.drop("count")[place])
        self._shapes.append(shapes)
        if len(self._shapes) >= MERGED_AT:
            self._shapes = [merge_shapes(self._shapes)]
        wanted = between(shaped, self._settings)
        self.kept += len(wanted)
        self.left_out += len(shaped) - len(wanted)
        part = self._folder / f"{len(self._parts):06}.parquet"
        try:
            wanted.write_parquet(part, compression="lz4")
        except pl.exceptions.ComputeError as error:
            refused = REFUSED.search(str(error))
            code = int(refused[1]) if refused else errno.EIO
            raise OSError(code, os.strerror(code), str(self._folder.parent)) from error
        self._parts.append(part)

    def records(self) -> Iterator[pl.DataFrame]:
        """The records kept, with ``template_id``, frame by frame in the order they came."""
        mined = None
        if self._shapes:
            mined, self.corrected = corrected_templates(merge_shapes(self._shapes), self._settings.corrections)
        for part in self._parts:
            assert mined is not None
            yield assign_templates(pl.read_parquet(part), mined)
