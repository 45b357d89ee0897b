"""What `triage compare` prints and writes."""

from __future__ import annotations

from pathlib import Path

from triage import output
from triage.comparison import compare
from triage.errors import UsageError
from triage.ingest.clock import parse_clock
from triage.ingest.overrides import parse_services
from triage.ingest.read_as import parse_read_as
from triage.ingest.zones import parse_zones
from triage.report.comparison import RENDERERS, write_comparison
from triage.report.comparison_terminal import render_comparison
from triage.report.json_text import json_text
from triage.report.write import check_place


def print_comparison(
    logs: tuple[str, str],
    tz: list[str] | None,
    service: list[str] | None,
    clock: list[str] | None,
    read_as: list[str] | None,
    formats: str | None,
    corrections: str | None,
    engine: str | None,
    as_json: bool,
    report: Path | None,
) -> None:
    """Compare two sets of logs; print a table or JSON, and write a report where one is wanted."""
    output.no_empty(list(logs))
    if report:
        _check_report(report, logs)  # before the work, not after it
    with output.progress() as tell:
        found = compare(
            *logs,
            tz=parse_zones(tz or []),
            services=parse_services(service or []),
            clock=parse_clock(clock or []),
            read_as=parse_read_as(read_as or []),
            formats=formats,
            corrections=corrections,
            engine=engine,
            progress=tell,
        )
    summary = found.summary()
    if as_json:
        output.write(json_text(summary))
    else:
        render_comparison(summary, output.console())
    if report:
        write_comparison(summary, report)  # last: what was found is on the screen even if this fails
        output.say(f"report: {report}")


def _check_report(report: Path, logs: tuple[str, str]) -> None:
    """Raise a UsageError if a report cannot go there, or would be read as a log the next time."""
    check_place(report, logs, RENDERERS)
    folders = [name for name in logs if Path(name).is_dir()]
    inside = [name for name in folders if report.resolve().is_relative_to(Path(name).resolve())]
    if inside:
        hint = "the next comparison would read it as a log: give a path outside of it"
        raise UsageError(f"report {str(report)!r}: lies in {inside[0]!r}, which is compared, and {hint}")
