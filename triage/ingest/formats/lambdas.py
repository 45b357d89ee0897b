"""AWS Lambda: lines of the runtimes of Python and Node.js, and what the platform says of each invocation."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat

#: What only Lambda writes.
_MARKS = r"(?:START|END|REPORT) RequestId: |INIT_START Runtime Version: |INIT_REPORT Init Duration: "
_ID = r"[0-9a-z]{8}(?:-[0-9a-z]{4}){3}-[0-9a-z]{12}"
_LEVELS = "TRACE|DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|FATAL"


def _levelled(groups: pl.DataFrame) -> pl.DataFrame:
    """The level before the time or behind the id; a time-out says none."""
    late = pl.when(pl.col("body").str.starts_with("Task timed out")).then(pl.lit("ERROR"))
    return groups.with_columns(pl.coalesce("level", "word", late).alias("level")).drop("word")


LAMBDA = PatternFormat(
    "aws-lambda",
    rf"^(?:\[(?P<level>{_LEVELS})\]\t)?"
    r"(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z)[\t ]"
    rf"(?P<trace>{_ID})[\t ](?:(?P<word>{_LEVELS})\t)?(?P<body>.*)$",
    finish=_levelled,
    syntaxes=("iso-8601",),
)


def _invocation(groups: pl.DataFrame) -> pl.DataFrame:
    said = pl.concat_str("mark", "body")
    failed = pl.when(said.str.contains(r"\tStatus: (?:timeout|error)")).then(pl.lit("ERROR"))
    return groups.with_columns(
        said.alias("body"), said.str.extract(rf"RequestId: ({_ID})", 1).alias("trace"), failed.alias("level")
    ).drop("mark")


LAMBDA_MARK = PatternFormat(
    "aws-lambda-mark", rf"^(?P<mark>{_MARKS})(?P<body>.*)$", multiline=False, finish=_invocation, least=0.0
)

#: What a handler raised; its frames are the lines below, and nothing of the exception stands behind them.
LAMBDA_ERROR = PatternFormat(
    "aws-lambda-error",
    r"^\[(?P<level>ERROR)\] (?P<body>(?P<exception_type>[A-Za-z_][A-Za-z0-9_.]*)(?:: (?P<exception_message>.*))?)$",
    least=0.0,
    sign=rf"^(?:{_MARKS})",
)
