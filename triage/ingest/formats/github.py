"""Logs of GitHub Actions: each line behind a time of its own, commands of the runner in marks."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat
from triage.ingest.formats.plain import level_in


def _commanded(groups: pl.DataFrame) -> pl.DataFrame:
    return groups.with_columns(pl.coalesce("level", level_in(pl.col("body"))).alias("level"))


#: Downloaded, or with job and step in front, as ``gh run view --log`` shows it.
GITHUB_ACTIONS = PatternFormat(
    "github-actions",
    r"^(?:(?P<job>[^\t{]{1,100})\t(?P<step>[^\t]{1,200})\t\x{FEFF}?)?"
    r"(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{7}Z) ?"
    r"(?:##\[(?P<level>error|warning|notice|debug)\])?(?P<body>.*)$",
    finish=_commanded,
    syntaxes=("iso-8601",),
    prefix=True,
    sign=r"Z ##\[(?:group|endgroup|error|warning|command|section|debug)\]",
)
