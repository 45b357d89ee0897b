"""Formats that the user defines, from a TOML file or as Python objects."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

from triage.errors import UsageError
from triage.ingest.format_names import BUILT_IN, WRAPPERS
from triage.ingest.formats.line_format import LineFormat
from triage.ingest.toml_files import parse_toml, read_toml

#: What a caller may give: a TOML file, formats, or several of these.
Formats = str | Path | LineFormat | Iterable[str | Path | LineFormat] | None

KEYS = tuple(one.name for one in fields(LineFormat) if one.name != "name")


def check_formats(formats: Formats) -> tuple[LineFormat, ...]:
    """The formats that a caller gives, in order.

    Raises
    ------
    UsageError
        For a file that cannot be read or holds something else, or two formats of one name.
    """
    given = [formats] if isinstance(formats, str | Path | LineFormat) else formats
    if given is not None and not isinstance(given, Iterable):
        raise UsageError(
            f"formats: got {type(given).__name__}, wanted a TOML file, a triage.LineFormat or a list of them"
        )
    made: dict[str, LineFormat] = {}
    for item in given or ():
        where = f"formats {item}: " if isinstance(item, str | Path) else ""
        for one in _formats(item):
            if one.name in (*BUILT_IN, *WRAPPERS):
                raise UsageError(f"{where}format {one.name!r}: name: a built-in format is called so: give it another")
            if one.name in made:
                raise UsageError(f"{where}format {one.name[:60]!r}: name: given twice: rename one of the two")
            made[one.name] = one
    return tuple(made.values())


def _formats(item: object) -> list[LineFormat]:
    if isinstance(item, LineFormat):
        return [item]
    if isinstance(item, str | Path):
        return read_formats(Path(item))
    raise UsageError(f"formats: got {type(item).__name__}, wanted a TOML file, a triage.LineFormat or a list of them")


def read_formats(path: Path) -> list[LineFormat]:
    """The formats of a TOML file: a table each, called by the format's name, with the other attributes as its keys.

    Raises
    ------
    UsageError
        Names the file, the format and the key.
    """
    return _all(f"formats {path}", read_toml(path, f"formats {path}", "a TOML file with a table for each format"))


def formats_of_text(text: str) -> tuple[LineFormat, ...]:
    """The formats of a TOML text, as `read_formats` reads them from a file.

    Raises
    ------
    UsageError
        Names the format and the key.
    """
    return check_formats(_all("formats", parse_toml(text.encode("utf-8", "replace"), "formats")))


def _all(where: str, found: dict[str, Any]) -> list[LineFormat]:
    if not found:
        raise UsageError(f"{where}: defines no format: begin with a line [NAME], then pattern = '...'")
    return [_made(where, name, table) for name, table in found.items()]


def _made(origin: str, name: str, table: Any) -> LineFormat:
    where = f"{origin}: format {name[:60]!r}"
    if not isinstance(table, dict):
        raise UsageError(f"{origin}: {name[:60]!r} stands in no table: put a line [NAME] of the format above it")
    for key in table:
        if key not in KEYS:
            close = difflib.get_close_matches(key, KEYS, n=1)
            hint = f"did you mean {close[0]}?" if close else f"wanted some of {', '.join(KEYS)}"
            raise UsageError(f"{where}: unknown key {key[:60]!r}: {hint}")
    if "pattern" not in table:
        raise UsageError(f"{where}: has no pattern: wanted a regex with a group time, (?P<time>...)")
    try:
        return LineFormat(name, **table)
    except UsageError as error:
        raise UsageError(f"{origin}: {error}") from error
