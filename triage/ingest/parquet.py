"""Parquet files, known by their first bytes, as tables of log records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from triage.errors import InputError
from triage.ingest.columns import Columns
from triage.ingest.frames import read_frame
from triage.ingest.ledger import SourceLedger
from triage.ingest.schema import empty_records

MAGIC = b"PAR1"


def read_parquet(
    name: str, blocks: Iterable[bytes], tz: str, columns: Columns | None
) -> tuple[pl.DataFrame, SourceLedger]:
    """Records of a file, one a row; of one that cannot be read none, and a note that says why.

    The table is held in memory: its index stands at the end of the file.
    """
    from pyarrow import ArrowException, BufferReader  # slow to import, and most logs are no Parquet
    from pyarrow.parquet import ParquetFile

    nothing = SourceLedger(name, "parquet", "", tz)
    try:
        table = ParquetFile(BufferReader(b"".join(blocks))).read()  # unlike `read_table` it takes names that come twice
    except (ArrowException, OSError, ValueError, MemoryError) as error:
        reason = " ".join(str(error).split())[:160]
        return empty_records(), nothing.add({}, [f"the Parquet file is damaged or incomplete ({reason})"])
    try:
        found = read_frame(table, tz, columns, name)
    except InputError as error:
        return empty_records(), nothing.add({}, [str(error)])
    return found.records, replace(found.ledger.sources[0], detail={"compression": None})
