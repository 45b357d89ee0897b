"""Rust's tracing and env_logger."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat

_LEVELS = "TRACE|DEBUG|INFO|WARN|ERROR"
_TARGET = "[A-Za-z_][A-Za-z0-9_]*(?:::[A-Za-z0-9_]+)*"


def _ids(groups: pl.DataFrame) -> pl.DataFrame:
    """Trace and span, where they are fields of the spans that a message stands in."""
    spans = pl.col("spans")
    trace = spans.str.extract(r"\btrace_?id=\"?([0-9a-f]{16,32})\b", 1)
    span = spans.str.extract(r"\bspan_?id=\"?([0-9a-f]{16})\b", 1)
    return groups.with_columns(trace.alias("trace"), span.alias("span"))


RUST_TRACING = PatternFormat(
    "rust-tracing",
    r"^ *(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6,9}Z) +"
    rf"(?P<level>{_LEVELS}) (?:(?P<thread>(?:[a-z0-9_-]+ )?ThreadId\([0-9]+\)) )?"
    rf"(?:(?P<spans>(?:[A-Za-z0-9_ ./-]+\{{[^}}]*\}}:)+) )?(?P<logger>{_TARGET}): (?P<body>.*)$",
    finish=_ids,
    syntaxes=("iso-8601",),
)

RUST_ENV_LOGGER = PatternFormat(
    "rust-env-logger",
    r"^\[(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?Z) "
    rf"(?P<level>{_LEVELS}) +(?P<logger>{_TARGET})\] (?P<body>.*)$",
    syntaxes=("iso-8601",),
)
