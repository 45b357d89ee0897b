"""The command line. Exit 0: it ran; 1: a check found something wrong; 2: unusable input or usage."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from typer.exceptions import TyperException

from triage import output
from triage.cli_options import (
    ChangesFiles,
    Clock,
    Cluster,
    CorrectionsFile,
    FormatsFile,
    Logs,
    ReadAs,
    Service,
    Since,
    TableOrJson,
    TableOrNdjson,
    Tz,
    Until,
)
from triage.errors import TriageError
from triage.new_incident_command import new_incident
from triage.signals import Terminated, end_when_asked

app = typer.Typer(
    name="triage",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from triage import __version__

        output.write(f"triage {__version__}\n")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """From a log dump and a list of changes to a short ranked list of hypotheses. The diagnosis stays with you."""


@app.command()
def rank(
    logs: Logs,
    changes: ChangesFiles = None,
    symptom: Annotated[str | None, typer.Option(help="What was seen, in your words.", metavar="TEXT")] = None,
    tz: Tz = None,
    service: Service = None,
    clock: Clock = None,
    read_as: ReadAs = None,
    since: Since = None,
    until: Until = None,
    formats: FormatsFile = None,
    corrections: CorrectionsFile = None,
    engine: Cluster = None,
    format: Annotated[TableOrJson, typer.Option("--format", help="Print a table, or JSON.")] = TableOrJson.table,
    report: Annotated[
        Path | None, typer.Option(help="Also write a report: .html, .md, .ipynb or .json.", metavar="FILE")
    ] = None,
    redact: Annotated[
        bool | None,
        typer.Option(
            "--redact/--no-redact",
            help="Replace secrets and personal data in the report; if neither is given, in all but .json.",
        ),
    ] = None,
    top: Annotated[int, typer.Option(help="Hypotheses to print.", min=1)] = 5,
) -> None:
    """Rank what may have set off the trouble, with evidence for and against."""
    from triage.ingest.clock import parse_clock
    from triage.ingest.overrides import parse_services
    from triage.ingest.read_as import parse_read_as
    from triage.ingest.zones import parse_zones
    from triage.pipeline import load
    from triage.report.json_text import render_json
    from triage.report.terminal import render_terminal
    from triage.report.write import check_place, for_path, write_report

    if report:
        check_place(report, [*logs, *(changes or [])])  # before the work, not after it
    with output.progress() as tell:
        incident = load(
            output.no_empty(logs),
            changes,
            symptom,
            tz=parse_zones(tz or []),
            services=parse_services(service or []),
            clock=parse_clock(clock or []),
            read_as=parse_read_as(read_as or []),
            since=since,
            until=until,
            formats=formats,
            corrections=corrections,
            engine=engine,
            progress=tell,
        )
    summary = incident.summary()
    if format is TableOrJson.json:
        output.write(render_json(summary))
    else:
        render_terminal(summary, output.console(), top=top)
    if report:
        write_report(
            for_path(summary, report, redact), report
        )  # last: what was found is on the screen even if this fails
        output.say(f"report: {report}")


@app.command()
def compare(
    a: Annotated[str, typer.Argument(help="The baseline: a file, a directory or a quoted glob.", metavar="A")],
    b: Annotated[str, typer.Argument(help="What is compared with it: likewise.", metavar="B")],
    tz: Tz = None,
    service: Service = None,
    clock: Clock = None,
    read_as: ReadAs = None,
    formats: FormatsFile = None,
    corrections: CorrectionsFile = None,
    engine: Cluster = None,
    format: Annotated[TableOrJson, typer.Option("--format", help="Print a table, or JSON.")] = TableOrJson.table,
    report: Annotated[
        Path | None, typer.Option(help="Also write a report: .html, .md or .json.", metavar="FILE")
    ] = None,
) -> None:
    """Say what is new, gone, silent or changed in logs B against logs A; nothing where nothing changed."""
    from triage.comparison_output import print_comparison

    as_json = format is TableOrJson.json
    print_comparison((a, b), tz, service, clock, read_as, formats, corrections, engine, as_json, report)


@app.command()
def records(
    logs: Logs,
    tz: Tz = None,
    service: Service = None,
    clock: Clock = None,
    read_as: ReadAs = None,
    since: Since = None,
    until: Until = None,
    formats: FormatsFile = None,
    corrections: CorrectionsFile = None,
    engine: Cluster = None,
    format: Annotated[TableOrNdjson, typer.Option("--format", help="Print a table, or one JSON object a record.")] = (
        TableOrNdjson.table
    ),
    out: Annotated[Path | None, typer.Option(help="Write a Parquet file instead.", metavar="FILE.parquet")] = None,
) -> None:
    """Print every record with UTC time, severity, service, message and template."""
    from triage import record_output
    from triage.ingest.clock import parse_clock
    from triage.ingest.overrides import parse_services
    from triage.ingest.read_as import parse_read_as
    from triage.ingest.zones import parse_zones
    from triage.settings import make_settings

    settings = make_settings(
        output.no_empty(logs),
        parse_zones(tz or []),
        since,
        until,
        services=parse_services(service or []),
        clock=parse_clock(clock or []),
        read_as=parse_read_as(read_as or []),
        formats=formats,
        corrections=corrections,
    )
    if out:
        record_output.write_parquet(settings, out, engine)
    elif format is TableOrNdjson.ndjson:
        record_output.write_ndjson(settings, engine)
    else:
        record_output.print_records(settings, engine)


@app.command()
def templates(
    logs: Logs,
    tz: Tz = None,
    service: Service = None,
    clock: Clock = None,
    read_as: ReadAs = None,
    formats: FormatsFile = None,
    corrections: CorrectionsFile = None,
    engine: Cluster = None,
    find: Annotated[
        str | None, typer.Option(help="Only templates with this text, in any case.", metavar="TEXT")
    ] = None,
    level: Annotated[
        str | None, typer.Option(help="Only templates of this level or a graver one.", metavar="LEVEL")
    ] = None,
    format: Annotated[TableOrJson, typer.Option("--format", help="Print a table, or JSON.")] = TableOrJson.table,
) -> None:
    """Print the templates of the logs, the most frequent first."""
    from triage.ingest.clock import parse_clock
    from triage.ingest.overrides import parse_services
    from triage.ingest.read_as import parse_read_as
    from triage.ingest.zones import parse_zones
    from triage.reading import Gathered, describe_templates
    from triage.search import search_templates, severity_of
    from triage.search_hints import nothing_found
    from triage.settings import make_settings

    if level is not None:
        severity_of(level)  # before the work, not after it
    settings = make_settings(
        logs,
        parse_zones(tz or []),
        services=parse_services(service or []),
        clock=parse_clock(clock or []),
        read_as=parse_read_as(read_as or []),
        formats=formats,
        corrections=corrections,
    )
    gathered = Gathered(settings)
    with output.progress() as tell:
        gathered.read(output.no_empty(logs), engine, tell)
    found, texts = gathered.patterns()
    every = describe_templates(found.lazy(), texts, settings.corrections)
    table = search_templates(every, find, level=level)
    if format is TableOrJson.json:
        output.write_templates(table)
    else:
        output.print_templates(table)
    if len(every) and table.is_empty():
        output.say(nothing_found(every, find, level=level))
    output.tell_patterns(gathered.notes, gathered.corrected)


app.command("new-incident")(new_incident)


@app.command()
def lab(
    logs: Annotated[
        list[str] | None, typer.Argument(help="Logs to open the notebook with.", metavar="[LOGS]...")
    ] = None,
    changes: ChangesFiles = None,
    symptom: Annotated[str | None, typer.Option(help="What was seen, in your words.", metavar="TEXT")] = None,
    page: Annotated[bool, typer.Option("--page", help="Show it as a page without code (Voilà).")] = False,
) -> None:
    """Open JupyterLab on the guided notebook."""
    from triage.lab import open_lab

    raise typer.Exit(open_lab(logs or [], changes, symptom, page=page))


INTERRUPTED, TERMINATED = 130, 143
COMMANDS = ("rank", "compare", "records", "templates", "new-incident", "lab")


def main() -> NoReturn:
    """Run the command line; every error a user can cause is one line on standard error and exit code 2."""
    arguments = sys.argv[1:] or ["--help"]
    end_when_asked()
    try:
        code = app(arguments, prog_name="triage", standalone_mode=False)
    except TriageError as error:
        output.fail(str(error))
    except TyperException as error:
        command = f"triage {arguments[0]}" if arguments[0] in COMMANDS else "triage"
        said = error.format_message().rstrip(".").replace("Value error, ", "")
        output.fail(f"{said}: see {command} --help")
    except (BrokenPipeError, SystemExit):  # the reader, such as head, has seen enough; typer exits for a closed pipe
        output.close_quietly()
    except OSError as error:  # a full disk behind standard output
        output.fail(f"cannot write {error.filename or 'the output'}: {error.strerror or error}")
    except Terminated:
        output.fail("terminated", code=TERMINATED)
    except (typer.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    if code == INTERRUPTED:  # typer's answer to a KeyboardInterrupt
        output.fail("interrupted", code=INTERRUPTED)
    sys.exit(code or 0)


if __name__ == "__main__":
    main()
