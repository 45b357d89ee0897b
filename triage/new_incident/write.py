"""Writing an incident folder: aside, and put in its place as a whole when all of it is there."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triage.changes import Changes, load_changes
from triage.errors import IncidentError, InputError, UsageError
from triage.ingest.sources import Source, find_sources
from triage.ingest.zones import Zones
from triage.new_incident import readme, truth
from triage.new_incident.parts import CHANGES, LOGS, README, REDACTION, SYMPTOM, TRUTH, as_json, check_place
from triage.new_incident.places import places_of
from triage.redaction import Redactor, redact_file
from triage.redaction.text import to_bytes, to_text
from triage.settings import one_zone

Tell = Callable[[str, int], None] | None


@dataclass(frozen=True)
class Wanted:
    """What a new incident folder is made of.

    Attributes
    ----------
    folder : Path
        Where it goes.
    logs : list of str
        Files, directories, globs, ``-``.
    changes : list of str
        Whatever the loaders read.
    symptom, cause, service : str, optional
        As the user knows them; the cause is the id of a change, or ``unrecorded``.
    onset : list of str
        None, one or two times.
    tz : str or mapping
        Zone of times that carry none.
    redact, force : bool
        Whether what is secret is replaced; whether an incident that is there is.
    mapping : Path, optional
        Where the values go that were replaced, with their tokens.
    """

    folder: Path
    logs: tuple[str, ...]
    changes: tuple[str, ...] = ()
    symptom: str | None = None
    cause: str | None = None
    service: str | None = None
    onset: tuple[str, ...] = ()
    tz: Zones = "UTC"
    redact: bool = False
    force: bool = False
    mapping: Path | None = None


@dataclass(frozen=True)
class Made:
    """What became of it.

    Attributes
    ----------
    files, size : int
        Logs that were copied, and their bytes in the folder.
    changes : Changes
        As they were loaded, before anything was replaced.
    notes : tuple of str
        What was passed over, and assumed.
    """

    files: int
    size: int
    changes: Changes
    notes: tuple[str, ...]


def write_incident(wanted: Wanted, redactor: Redactor, keep: tuple[str, ...] = (), tell: Tell = None) -> Made:
    """Write the folder; what could be redacted is counted by `redactor` in any case.

    Parameters
    ----------
    keep : tuple of str
        What the user wanted to stay, to be written down beside what was replaced.

    Raises
    ------
    TriageError
        If something cannot be read, or the folder holds something else; nothing is left behind then.
    """
    check_place(wanted.folder, wanted.force)
    _check_mapping(wanted)
    _check_outside(wanted)
    before = wanted.folder / CHANGES  # of a folder that is replaced; stays, unless given anew
    given = list(wanted.changes) or [str(before)] * before.is_file()
    changes = load_changes(given, tz=one_zone(wanted.tz))
    known = truth.skeleton(changes.changes, wanted.cause, wanted.service, wanted.onset, one_zone(wanted.tz))
    sources, notes = find_sources(list(wanted.logs))
    places = places_of(sources, wanted.logs, redactor if wanted.redact else None)
    try:
        wanted.folder.parent.mkdir(parents=True, exist_ok=True)
        aside = wanted.folder.with_name(f".{wanted.folder.name}-{secrets.token_hex(4)}.part")
        aside.mkdir()
        try:
            size = sum(
                _copy(source, aside / LOGS / place, place, wanted, redactor, tell) for place, source in places.items()
            )
            _write_texts(aside, wanted, changes, known, redactor, keep)
            if wanted.mapping:
                _write_mapping(wanted.mapping, redactor)
            _put(aside, wanted.folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise IncidentError(f"{wanted.folder}: cannot be written: {error.strerror or error}") from error
    return Made(len(places), size, changes, (*notes, *changes.notes))


def _check_mapping(wanted: Wanted) -> None:
    if not wanted.mapping:
        return
    if not wanted.redact:
        raise UsageError("--mapping: nothing is replaced without --redact")
    if wanted.mapping.resolve().is_relative_to(wanted.folder.resolve()):
        raise UsageError(
            f"--mapping {wanted.mapping}: lies in the folder that is to hold no secret: give a path outside"
        )


def _check_outside(wanted: Wanted) -> None:
    place = wanted.folder.resolve()
    for name in wanted.logs:
        if Path(name).is_dir() and place.is_relative_to(Path(name).resolve()):
            raise UsageError(
                f"{wanted.folder}: lies in {name!r}, whose logs it is to hold: give a folder outside of it"
            )


def _copy(source: Source, target: Path, place: str, wanted: Wanted, redactor: Redactor, tell: Tell) -> int:
    """Copy one log, redacted or byte for byte, with the time it was written, which tells the year of its lines."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if tell:
        tell(source.name, source.size() or 0)
    with source.open() as raw, target.open("xb") as out:
        if wanted.redact:
            redact_file(raw, place, redactor, out)
        else:
            shutil.copyfileobj(raw, out, 1 << 20)
    if not wanted.redact:
        _look(target, place, redactor)
    if modified := source.modified():
        os.utime(target, (modified.timestamp(), modified.timestamp()))
    return target.stat().st_size


def _look(path: Path, place: str, redactor: Redactor) -> None:
    try:
        with path.open("rb") as raw:
            redact_file(raw, place, redactor)
    except InputError as error:
        redactor.tally.notes.append(str(error).replace("cannot be redacted", "cannot be looked into"))


def _write_texts(
    aside: Path, wanted: Wanted, changes: Changes, known: dict[str, Any], redactor: Redactor, keep: tuple[str, ...]
) -> None:
    """Everything but the logs; what a person wrote into a folder that is replaced stays, unless given anew."""
    zone = one_zone(wanted.tz)
    told = {"What was seen": wanted.symptom or ""}
    if zone != "UTC":
        told["Where the logs are from"] = f"times without a zone are of {zone}: read them with --tz {zone}"
    texts = {
        CHANGES: _clean(as_json(changes.to_dicts())),
        SYMPTOM: _clean(f"{wanted.symptom.strip()}\n") if wanted.symptom else _before(wanted, SYMPTOM),
        TRUTH: _clean(_truth(wanted, known)),
        README: _before(wanted, README) or _clean(readme.skeleton(wanted.folder.name, told)),
    }
    for name, text in texts.items():
        if text is not None:
            (aside / name).write_bytes(_redacted(text, name, wanted.redact, redactor))
    if wanted.redact:
        said = {"keep": list(keep), "hosts": redactor.hosts, "replaced": redactor.tally.to_dict()}
        (aside / REDACTION).write_text(as_json({**said, "notes": redactor.tally.notes}), encoding="utf-8")


def _truth(wanted: Wanted, known: dict[str, Any]) -> str:
    """What is given now, and where that is nothing, what was written there before."""
    with suppress(ValueError, TypeError):
        before = json.loads(_before(wanted, TRUTH) or "null")
        if isinstance(before, dict):
            known = before | {name: value for name, value in known.items() if value}
    return as_json(known)


def _before(wanted: Wanted, name: str) -> str | None:
    path = wanted.folder / name
    return to_text(path.read_bytes()) if path.is_file() else None


def _clean(text: str) -> str:
    """Text of this run for a file: half a character, of a command line or in JSON, as its escape."""
    return to_text(text.encode("utf-8", "backslashreplace"))


def _redacted(text: str, name: str, redact: bool, redactor: Redactor) -> bytes:
    said = redactor.text(text, name)
    return to_bytes(said if redact else text)


def _write_mapping(path: Path, redactor: Redactor) -> None:
    """The values with the numbers of their tokens, for the owner's eyes only."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            path.chmod(0o600)  # it may have been there
            file.write(to_bytes(as_json(redactor.tokens.values())))
    except OSError as error:
        raise UsageError(f"--mapping {path}: cannot be written: {error.strerror or error}") from error


def _put(aside: Path, folder: Path) -> None:
    """Put the new folder in its place; the old one is there until then, and back if that fails."""
    if not folder.exists():
        aside.rename(folder)
        return
    old = aside.with_suffix(".old")
    folder.rename(old)
    try:
        aside.rename(folder)
    except BaseException:
        old.rename(folder)
        raise
    shutil.rmtree(old)
