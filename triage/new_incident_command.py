"""The options of `triage new-incident`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from triage.cli_options import ChangesFiles, Tz


def new_incident(
    folder: Annotated[Path, typer.Argument(help="The incident's folder.", metavar="DIR")],
    more: Annotated[
        list[str] | None, typer.Argument(help="More logs, as a shell makes of --logs *.log.", metavar="[PATH]...")
    ] = None,
    logs: Annotated[
        list[str] | None,
        typer.Option("--logs", help="Files, directories or globs to copy. May be given again.", metavar="PATH..."),
    ] = None,
    changes: ChangesFiles = None,
    symptom: Annotated[str | None, typer.Option(help="What was seen, in your words.", metavar="TEXT")] = None,
    symptom_file: Annotated[Path | None, typer.Option(help="The same, from a file.", metavar="FILE")] = None,
    cause: Annotated[
        str | None, typer.Option(help="The id of the change that was it, or unrecorded.", metavar="ID")
    ] = None,
    service: Annotated[str | None, typer.Option(help="Where the trouble began.", metavar="NAME")] = None,
    onset: Annotated[
        list[str] | None,
        typer.Option(help="When it began. Given twice: the earliest and the latest time.", metavar="T"),
    ] = None,
    tz: Tz = None,
    redact: Annotated[
        bool, typer.Option("--redact", help="Replace addresses, people, secrets: each value by the same token.")
    ] = False,
    hosts: Annotated[bool, typer.Option("--redact-hosts", help="Replace names of hosts as well.")] = False,
    also: Annotated[
        list[str] | None,
        typer.Option("--also", help="Replace this text as well, or re: and a Rust regex.", metavar="TEXT"),
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", help="Leave this value, network, or re: and a Rust regex.", metavar="VALUE"),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(help="Write what was replaced by what to a file outside, for your eyes only.", metavar="FILE"),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the logs and changes of an incident that is there.")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Only check DIR; exit code 1 if something is wrong.")] = False,
) -> None:
    """Make a folder of an incident of your own, redact it, and check it."""
    from triage.new_incident_output import Given, check_incident, make_incident

    if check:
        others = {
            "--logs": logs or more, "--changes": changes, "--symptom": symptom, "--symptom-file": symptom_file,
            "--cause": cause, "--service": service, "--onset": onset, "--redact": redact, "--redact-hosts": hosts,
            "--also": also, "--keep": keep, "--mapping": mapping, "--force": force,
        }  # fmt: skip
        raise typer.Exit(check_incident(folder, tz, [name for name, value in others.items() if value]))
    make_incident(
        Given(
            folder=folder,
            logs=[*logs, *(more or [])] if logs else [],
            changes=changes or [],
            symptom=symptom,
            symptom_file=symptom_file,
            cause=cause,
            service=service,
            onset=onset or [],
            tz=tz or [],
            redact=redact,
            hosts=hosts,
            also=also or [],
            keep=keep or [],
            mapping=mapping,
            force=force,
        )
    )
