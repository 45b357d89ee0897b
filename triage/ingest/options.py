"""What a caller may say about how logs are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from triage.ingest.chunks import CHUNK_BYTES
from triage.ingest.clock import Shift
from triage.ingest.columns import Columns
from triage.ingest.engine import Engine, default_engine
from triage.ingest.formats import LineFormat
from triage.ingest.keeping import Each, as_they_are
from triage.ingest.zones import Zones

#: Told a source's name, and the bytes and lines read of it so far.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class ReadOptions:
    """How logs are read.

    Attributes
    ----------
    tz : str or mapping
        Zone of times that carry none; a mapping goes from a source pattern to its zone.
    services : mapping, optional
        From a source pattern to the name of the service whose lines these are, whatever path and lines say.
    clock : mapping, optional
        From a source pattern to what is added to its times: seconds, a timedelta or a text such as ``-90s``.
    read_as : mapping, optional
        From a source pattern to the name of the format that it is read as, whatever is recognised.
    since : datetime, optional
        Gives the year of times without one.
    formats : sequence of LineFormat
        Formats of the user's own, tried before the built-in ones.
    engine : Engine
        Where chunks are read; a thread for each processor if not given.
    chunk_bytes : int
        Size of a chunk in bytes. The records do not depend on it.
    progress : callable, optional
        Called with a source's name and the bytes and lines read of it.
    columns : mapping, optional
        From fields to the columns of tables (Parquet, CSV) that hold them, as `columns.check_columns` gives it.
    each : callable
        What is kept of the records of a chunk, found where the chunk is read.
    """

    tz: Zones = "UTC"
    services: Mapping[str, str] | None = None
    clock: Mapping[str, Shift] | None = None
    read_as: Mapping[str, str] | None = None
    since: datetime | None = None
    formats: Sequence[LineFormat] = ()
    engine: Engine = field(default_factory=default_engine)
    chunk_bytes: int = CHUNK_BYTES
    progress: Progress | None = None
    columns: Columns | None = None
    each: Each = as_they_are
