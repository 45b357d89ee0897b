"""Options that several commands have."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from triage import output

Logs = Annotated[list[str], typer.Argument(help="Files, directories or globs; - is standard input.", metavar="LOGS...")]
Tz = Annotated[
    list[str] | None,
    typer.Option(
        "--tz",
        help="Zone of times that carry none: ZONE, or PATTERN=ZONE for some sources. Default UTC.",
        metavar="Z",
    ),
]
Service = Annotated[
    list[str] | None,
    typer.Option("--service", help="Whose lines some sources hold, whatever they say.", metavar="PATTERN=NAME"),
]
Clock = Annotated[
    list[str] | None,
    typer.Option(
        "--clock",
        help="Add so much to the times of some sources, for a clock that was wrong: -90s, +02:00.",
        metavar="PATTERN=SHIFT",
    ),
]
ReadAs = Annotated[
    list[str] | None,
    typer.Option(
        "--read-as",
        help="Format that some sources are read as, whatever is recognised: logfmt, docker/logfmt, plain.",
        metavar="PATTERN=FORMAT",
    ),
]
Since = Annotated[str | None, typer.Option(help="Leave out records before this time.", metavar="T")]
Until = Annotated[str | None, typer.Option(help="Leave out records after this time.", metavar="T")]
FormatsFile = Annotated[
    str | None, typer.Option("--formats", help="TOML file with line formats of your own.", metavar="FILE")
]
CorrectionsFile = Annotated[
    str | None,
    typer.Option("--corrections", help="TOML file with masks, pins, merges, splits and mutes.", metavar="FILE"),
]
Cluster = Annotated[
    str | None, typer.Option("--engine", callback=output.check_engine, help=output.ENGINE_HELP, metavar="URL")
]
ChangesFiles = Annotated[
    list[str] | None,
    typer.Option(
        "--changes",
        help="Changes: JSON or CSV, what tools export, a folder of them, or git:PATH for tags. May be given again.",
        metavar="F",
    ),
]


class TableOrJson(StrEnum):
    """How to print."""

    table = "table"
    json = "json"


class TableOrNdjson(StrEnum):
    """How to print records."""

    table = "table"
    ndjson = "ndjson"
