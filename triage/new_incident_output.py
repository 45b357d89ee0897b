"""What `triage new-incident` does and says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from triage import output
from triage.errors import UsageError
from triage.escape import terminal_line
from triage.ingest import read_into
from triage.ingest.keeping import Kept
from triage.ingest.options import ReadOptions
from triage.ingest.zones import Zones, parse_zones
from triage.new_incident import Checked, Made, Wanted, check_folder, write_incident
from triage.redaction import OwnPatterns, Redactor, Tally, own_patterns

#: A symptom is a few sentences.
MOST_SYMPTOM = 1 << 16


@dataclass(frozen=True)
class Given:
    """The options as they were given."""

    folder: Path
    logs: list[str]
    changes: list[str]
    symptom: str | None
    symptom_file: Path | None
    cause: str | None
    service: str | None
    onset: list[str]
    tz: list[str]
    redact: bool
    hosts: bool
    also: list[str]
    keep: list[str]
    mapping: Path | None
    force: bool


def check_incident(folder: Path, tz: list[str] | None, others: list[str]) -> int:
    """Check a folder and print everything that was found; 1 if something has to be put right."""
    if others:
        raise UsageError(f"--check looks at what is there: leave {others[0]} out")
    checked = check_folder(folder, parse_zones(tz or []))
    _print_checked(checked, folder)
    return 1 if checked.problems else 0


def make_incident(given: Given) -> None:
    """Write a folder, and print what is in it, what was or could be redacted, and what is still to do."""
    if not given.logs:
        raise UsageError("--logs: missing: name the logs of the incident, or --check to look at a folder that is there")
    if not given.redact and (given.hosts or given.also or given.keep):
        option = "--redact-hosts" if given.hosts else "--also" if given.also else "--keep"
        raise UsageError(f"{option}: nothing is replaced without --redact: add it")
    zones = parse_zones(given.tz)
    output.no_empty(given.logs)
    with output.progress() as tell:
        own = own_patterns(given.also, given.keep, _hosts_of(given.logs, zones) if given.hosts else ())
        redactor = Redactor(own, given.hosts)
        made = write_incident(_wanted(given, zones), redactor, tuple(given.keep), tell)
    checked = check_folder(given.folder, zones, scan=False)
    _print_made(made, given)
    _print_redaction(redactor.tally, given, own)
    _print_checked(checked, given.folder)
    zones_said = "".join(f" --tz {zone}" for zone in given.tz)
    _line(f"to check it again: triage new-incident {given.folder} --check{zones_said}")
    _line(f"to rank it: triage rank {given.folder / 'logs'} --changes {given.folder / 'changes.json'}{zones_said}")


def _wanted(given: Given, zones: Zones) -> Wanted:
    return Wanted(
        folder=given.folder,
        logs=tuple(given.logs),
        changes=tuple(given.changes),
        symptom=_symptom(given),
        cause=given.cause,
        service=given.service,
        onset=tuple(given.onset),
        tz=zones,
        redact=given.redact,
        force=given.force,
        mapping=given.mapping,
    )


def _symptom(given: Given) -> str | None:
    path = given.symptom_file
    if path is None:
        return given.symptom
    if given.symptom is not None:
        raise UsageError("--symptom and --symptom-file: give one of the two")
    try:
        with path.open("rb") as file:
            text = file.read(MOST_SYMPTOM + 1)
    except OSError as error:
        raise UsageError(f"--symptom-file {path}: cannot be read: {error.strerror or error}") from error
    if not text.strip() or len(text) > MOST_SYMPTOM:
        raise UsageError(
            f"--symptom-file {path}: {'empty' if not text.strip() else 'too long'}: wanted a few sentences"
        )
    return text.decode("utf-8", "replace")


def _hosts_of(logs: list[str], zones: Zones) -> list[str]:
    """The names of hosts that records name: no pattern knows `web1` in a line of syslog."""
    if "-" in logs:
        raise UsageError("--redact-hosts: what comes from standard input can be read only once: give a file")
    names: set[str] = set()

    def take(kept: Kept) -> None:
        names.update(name for name in kept.records["host_name"].drop_nulls().unique() if name)

    def only_hosts(records: object) -> Kept:
        return Kept(records.select("host_name").unique())  # type: ignore[attr-defined]

    read_into(take, logs, ReadOptions(tz=zones, each=only_hosts))
    return sorted(names, key=lambda name: (-len(name), name))


def _print_made(made: Made, given: Given) -> None:
    changes = f"{len(made.changes)} {'change' if len(made.changes) == 1 else 'changes'}"
    files = f"{made.files} log {'file' if made.files == 1 else 'files'}"
    _line(f"{given.folder}: {files} ({_size(made.size)}), {changes}")
    for note in made.notes:
        _line(f"  {note}")


def _print_redaction(tally: Tally, given: Given, own: OwnPatterns) -> None:
    if not tally.count and tally.notes:
        _line("nothing found that redaction would replace, in what could be looked into:")
    elif not tally.count:
        _line("nothing found that redaction would replace; names of hosts are replaced with --redact-hosts")
    elif given.redact:
        _line(f"replaced, each value by the same token everywhere (counts by file: {given.folder / 'redaction.json'}):")
    else:
        _line("found, and NOT replaced:")
    for line in [*tally.lines(), *tally.notes]:
        _line(f"  {line}")
    if tally.count and not given.redact:
        _line(f"run again with --redact --force to replace them before {given.folder} is given to others")
    if given.redact:
        _line("names of people and firms in sentences are not known: look through the logs, and name them with --also")
    if given.mapping:
        _line(f"what was replaced by what: {given.mapping}, for your eyes only")


def _print_checked(checked: Checked, folder: Path) -> None:
    ledger = checked.ledger
    if ledger:
        counts = f"{ledger.lines:,} lines, {ledger.records:,} records, {ledger.untimed:,} untimed"
        firsts = sorted(source.first for source in ledger.sources if source.first)
        lasts = sorted(source.last for source in ledger.sources if source.last)
        span = f", {firsts[0][:19]}Z to {lasts[-1][:19]}Z" if firsts else ""
        _line(f"logs: {counts}, {ledger.unaccounted} unaccounted{span}")
    for note in checked.notes:
        _line(f"  {note}")
    if not checked.problems:
        _line("check: nothing is wrong")
        return
    _line(f"check: {len(checked.problems)} to put right in {folder}:")
    for problem in checked.problems:
        _line(f"  {problem}")


def _size(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size:,} bytes"


def _line(text: str) -> None:
    output.write(terminal_line(text))
