"""PHP's own error log, its process manager's, and Monolog's lines, which Laravel and Symfony write."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat

#: PHP's kinds of errors that are not called like a level.
KINDS = {
    "Fatal error": "FATAL", "Parse error": "ERROR", "Recoverable fatal error": "ERROR", "Core error": "FATAL",
    "Compile error": "FATAL", "Core warning": "WARNING", "Compile warning": "WARNING", "Strict Standards": "NOTICE",
    "Deprecated": "WARNING",
}  # fmt: skip
_TIME = r"[0-9]{2}-[A-Z][a-z]{2}-[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"


def _kind(groups: pl.DataFrame) -> pl.DataFrame:
    """The kind of error is the level, and stays in the message."""
    kind = pl.col("body").str.extract(r"^PHP ([A-Z][A-Za-z ]{3,25}): ", 1)
    return groups.with_columns(kind.replace(KINDS).alias("level"))


PHP_ERROR = PatternFormat(
    "php-error",
    rf"^\[(?P<time>{_TIME}) (?P<zone_name>[A-Z][A-Za-z_]+(?:/[A-Za-z_-]+)*)\] (?P<body>.*)$",
    finish=_kind,
    syntaxes=("day-month-year",),
)

PHP_FPM = PatternFormat(
    "php-fpm",
    rf"^\[(?P<time>{_TIME})\] (?P<level>DEBUG|NOTICE|WARNING|ERROR|ALERT): (?:\[pool (?P<pool>[^\]]+)\] )?"
    r"(?P<body>.*)$",
    syntaxes=("day-month-year",),
)


def _thrown(groups: pl.DataFrame) -> pl.DataFrame:
    """What an exception in the context is: its class, and what it says up to where it was thrown."""
    found = pl.col("body").str.extract_groups(
        r"\[object\] \(([A-Za-z_][A-Za-z0-9_\\]*)\(code: [^)]{1,20}\): (.*?) at [^ ]+:[0-9]+\)"
    )
    return groups.with_columns(
        found.struct.field("1").str.replace_all(r"\\", "\\", literal=True).alias("exception_type"),
        found.struct.field("2").alias("exception_message"),
    )


MONOLOG = PatternFormat(
    "monolog",
    r"^\[(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)\] "
    r"(?P<channel>[A-Za-z0-9_.-]+)\.(?P<level>DEBUG|INFO|NOTICE|WARNING|ERROR|CRITICAL|ALERT|EMERGENCY): (?P<body>.*)$",
    finish=_thrown,
    syntaxes=("iso-8601",),
)
