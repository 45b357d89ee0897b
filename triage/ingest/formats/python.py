"""Layouts of Python's loggers: logging as people set it up, its default, gunicorn, Celery, loguru, Tornado."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat

_LEVELS = "DEBUG|INFO|WARNING|ERROR|CRITICAL"
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"

PYTHON_LOGGING = PatternFormat(
    "python-logging",
    rf"^(?P<time>{_TIME},[0-9]{{3}}) - (?P<logger>[^ ]+) - (?P<level>{_LEVELS}) - (?P<body>.*)$",
    syntaxes=("iso-8601",),
)


def _not_postgres(groups: pl.DataFrame) -> pl.DataFrame:
    """Uvicorn pads levels to one width: behind ERROR two blanks are PostgreSQL's."""
    other = (pl.col("level") == "ERROR") & (pl.col("pad") == "  ")
    return groups.with_columns(pl.when(~other.fill_null(False)).then("body").alias("body")).drop("pad")


#: basicConfig without a format, and uvicorn's: neither has a time.
PYTHON_BASIC = PatternFormat(
    "python-basic",
    rf"^(?P<level>{_LEVELS}):(?:(?P<pad> {{2,9}})|(?P<logger>[A-Za-z_][A-Za-z0-9_.]*):)(?P<body>.*)$",
    prepare=_not_postgres,
)

GUNICORN = PatternFormat(
    "gunicorn",
    rf"^\[(?P<time>{_TIME} [+-][0-9]{{4}})\] \[(?P<process>[0-9]+)\] \[(?P<level>{_LEVELS})\] (?P<body>.*)$",
    syntaxes=("iso-8601",),
)

CELERY = PatternFormat(
    "celery",
    rf"^\[(?P<time>{_TIME},[0-9]{{3}}): (?P<level>{_LEVELS})/(?P<worker>[^\]]+)\] (?P<body>.*)$",
    syntaxes=("iso-8601",),
)

LOGURU = PatternFormat(
    "loguru",
    rf"^(?P<time>{_TIME}\.[0-9]{{3,6}}) \| (?P<level>TRACE|SUCCESS|{_LEVELS}) +\| "
    r"(?P<logger>[A-Za-z0-9_.]+):(?P<function>[A-Za-z0-9_<>.]+):(?P<line>[0-9]+) - (?P<body>.*)$",
    syntaxes=("iso-8601",),
)

TORNADO = PatternFormat(
    "tornado",
    r"^\[(?P<level>[DIWEC]) (?P<time>[0-9]{6} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?) (?P<logger>[^\] ]+:[0-9]+)\] "
    r"(?P<body>.*)$",
    syntaxes=("compact-date",),
)

PYTHON = (PYTHON_LOGGING, PYTHON_BASIC, GUNICORN, CELERY, LOGURU, TORNADO)
