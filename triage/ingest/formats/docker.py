"""Docker's json-file envelope: ``{"log": "...", "stream": "stdout", "time": "..."}`` around each line."""

from __future__ import annotations

from dataclasses import dataclass

import orjson
import polars as pl

from triage.ingest import timestamps
from triage.ingest.attributes import as_attributes
from triage.ingest.context import Context
from triage.ingest.formats.base import Opened, Reading
from triage.ingest.formats.fields import as_json
from triage.ingest.schema import FIELDS, conform
from triage.ingest.spellings import ISO

LINE = r'^\s*\{.*"log":\s*".*"time":\s*"[^"]+"'
TYPE = pl.Struct({"log": pl.String, "stream": pl.String, "time": pl.String})
#: What the daemon adds where it is told to (``--log-opt tag`` and ``labels``): one object, without any in it.
ATTRS = r'"attrs":\s*(\{[^{}]*\})'
SERVICE = r'"com\.docker\.(?:compose\.service|swarm\.service\.name)":\s*"([^"\\]+)"'


@dataclass(frozen=True)
class Docker:
    """Takes each line out of the JSON object that the container runtime wrapped it in."""

    name: str = "docker"

    def open(self, text: pl.Series, context: Context) -> Opened:
        """The outer time, and the text inside. A piece of a line is known by the line end that it lacks."""
        frame = pl.DataFrame({"text": text}).with_columns(_decoded(text)).unnest("found")
        time = timestamps.parse(frame["time"], context, ISO)
        ended = pl.col("log").str.contains(r"[\r\n]$")
        frame = frame.with_columns(
            time.utc.alias("timestamp"),
            pl.col("log").str.strip_chars_end("\r\n").alias("inner"),
            (~ended).fill_null(False).alias("partial"),
            pl.col("text").str.extract(ATTRS, 1).alias("attrs"),
            pl.col("text").str.extract(ATTRS, 1).str.extract(SERVICE, 1).alias("service_name"),
        )
        frame = frame.with_columns(as_attributes(frame, ("stream",))).with_columns(_with_attrs())
        claimed = frame["log"].is_not_null() & frame["time"].is_not_null()
        kept = frame.select(pl.when(claimed).then(pl.col("inner", "stream", "attributes")))
        fields = frame.with_columns(kept["attributes"], pl.when(claimed).then("service_name").alias("service_name"))
        fields = conform(fields, FIELDS)
        reading = Reading(fields, claimed, time.zone_missing, time.year_missing, time.notes)
        return Opened(reading, kept["inner"], frame["partial"] & claimed, kept["stream"])


def _with_attrs() -> pl.Expr:
    """The stream, and what the daemon added."""
    more = pl.format('"attrs":{}', "attrs")
    both = pl.concat_str(pl.col("attributes").str.head(-1), pl.lit(","), more, pl.lit("}"))
    return pl.coalesce(both, pl.concat_str(pl.lit("{"), more, pl.lit("}")), "attributes").alias("attributes")


def _decoded(text: pl.Series) -> pl.Series:
    """Structs of log, stream, time. One damaged line would fail the whole column, so those go one by one."""
    wrapped = pl.when(pl.col("text").str.contains(LINE)).then(pl.col("text"))
    candidate = pl.DataFrame({"text": text}).select(wrapped.alias("found"))["found"]
    try:
        return candidate.str.json_decode(TYPE).alias("found")
    except pl.exceptions.ComputeError:
        return pl.Series("found", [_one(line) for line in candidate.to_list()], dtype=TYPE)


def _one(line: str | None) -> dict[str, str | None] | None:
    try:
        found = orjson.loads(line) if line else None
    except orjson.JSONDecodeError:
        return None
    if not isinstance(found, dict) or not all(isinstance(found.get(k), str) for k in ("log", "time")):
        return None
    stream = found.get("stream")
    named = stream if stream is None or isinstance(stream, str) else as_json(stream)
    return {"log": found["log"], "stream": named, "time": found["time"]}


DOCKER = Docker()
