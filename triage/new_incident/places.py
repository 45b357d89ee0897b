"""Where in the new folder each log goes: the paths below what all of them have in common."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from triage.errors import InputError
from triage.ingest.names import place_of
from triage.ingest.sources import Source
from triage.redaction import Redactor

STDIN = "stdin.log"


def places_of(sources: Sequence[Source], given: Sequence[str], redactor: Redactor | None) -> dict[str, Source]:
    """The path of each source below ``logs``, with ``/``.

    Paths keep what they say about whose lines a file holds. What they tell besides is replaced if there is a redactor.

    Raises
    ------
    InputError
        If two would have the same place.
    """
    base = _base([source for source in sources if source.path], given)
    found: dict[str, Source] = {}
    for source in sources:
        place = _below(source, base)
        place = redactor.name(place) if redactor else place
        if place in found:
            raise InputError(f"{source.name}: would have the place of {found[place].name}: give the folder above both")
        found[place] = source
    return found


def _base(sources: Sequence[Source], given: Sequence[str]) -> Path:
    """The folder that all sources lie in; one higher where its own name says whose lines they are."""
    if not sources:
        return Path()
    folders = [Path(name) for name in given if Path(name).is_dir()]
    files = [source.path.parent for source in sources if source.path and not _inside(source.path, folders)]
    base = Path(os.path.commonpath([str(path.absolute()) for path in (*folders, *files)]))
    says = [place_of(str(source.path)) for source in sources]
    then = [place_of(f"logs/{_below(source, base)}") for source in sources]
    return base if says == then or base == base.parent else base.parent


def _inside(path: Path, folders: Sequence[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


def _below(source: Source, base: Path) -> str:
    if source.path is None:
        return PurePosixPath(source.name.partition("://")[2] or STDIN).name if source.remote else STDIN
    path = Path(os.path.normpath(source.path.absolute()))
    return path.relative_to(base).as_posix()
