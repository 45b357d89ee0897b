"""Changes from JSON: a list of objects, an object with ``changes``, or one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any

from triage.changes.contract import LoadedChanges
from triage.changes.loaders.text import first_character, read_text
from triage.changes.rows import ALIASES, Row, normalised, read_rows
from triage.changes.wording import complaint, one_line, show, some

LINES = (".ndjson", ".jsonl")
WANTED = "a list of objects, an object with a list 'changes', or one object a line"


class JsonFile:
    """Reads ``changes.json`` in the form of an incident folder, and NDJSON."""

    name = "JSON or NDJSON"

    def accepts(self, spec: str) -> bool:
        """By its suffix, else by its first character; a pipe has neither and is taken for JSON."""
        path = Path(spec)
        if path.suffix.lower() in (".json", *LINES) or path.is_fifo():
            return True
        return first_character(spec) in ("[", "{")

    def load(self, spec: str, tz: tzinfo) -> LoadedChanges:
        """All changes of the file.

        Raises
        ------
        ChangesError
            Names the line and column for what is not JSON, else the row (from 1) or, of NDJSON, the line.
        """
        text, source = read_text(spec), one_line(spec)
        notes: tuple[str, ...] = ()
        if Path(spec).suffix.lower() in LINES or _is_lines(text):
            items = list(_each_line(text, source))
        else:
            document, notes = _unwrapped(_parse(text, source), source)
            items = [(f"row {number}", item) for number, item in enumerate(document, 1)]
        loaded = read_rows([_row(where, item, source) for where, item in items], source, tz)
        return LoadedChanges(loaded.changes, notes + loaded.notes)


class _Object(dict[str, Any]):
    """A JSON object that remembers a name which stood in it twice."""

    repeated: str | None = None


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        found.repeated = next(name for place, name in enumerate(names) if name in names[:place])
    return found


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no JSON value")


def _parse(text: str, source: str, line: int = 1) -> Any:
    """A JSON value that begins at a line of the source; decimals stay exact, for versions such as 1.10."""
    try:
        return json.loads(text, object_pairs_hook=_object, parse_float=Decimal, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        place, reason = f"line {line + error.lineno - 1}, column {error.colno}", error.msg
    except RecursionError:
        place, reason = f"line {line}", "nested too deeply"
    except ValueError as error:
        place, reason = f"line {line}", one_line(str(error))
    raise complaint(f"{source}, {place}", f"text that is not JSON ({reason})", WANTED, "a JSON checker")


def _is_lines(text: str) -> bool:
    """Whether the first line is an object of its own and more lines follow."""
    first, _, rest = text.strip().partition("\n")
    if not first.startswith("{") or not rest:
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _each_line(text: str, source: str) -> Iterator[tuple[str, Any]]:
    # Not splitlines(): that also cuts at characters which may stand in a JSON string.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield f"line {number}", _parse(line, source, number)


def _unwrapped(document: Any, source: str) -> tuple[list[Any], tuple[str, ...]]:
    if isinstance(document, list):
        return document, ()
    if not isinstance(document, dict):
        raise complaint(source, show(document), WANTED, "[] if there are no changes")
    if isinstance(document.get("changes"), list):
        others = [show(name) for name in document if name != "changes"]
        note = (f"{source}: only 'changes' is read, not {some(others)}",) if others else ()
        return document["changes"], note
    if any(normalised(name) in ALIASES["time"] for name in document):
        return [document], ()
    names = some([show(name) for name in document]) or "nothing in it"
    raise complaint(source, f"an object with {names}", WANTED, "putting the list under 'changes'")


def _row(where: str, item: Any, source: str) -> Row:
    if not isinstance(item, dict):
        hint = '{"id": "deploy-1", "time": "2024-05-01T12:30:00Z", "kind": "deploy", "service": "cart"}'
        raise complaint(f"{source}, {where}", show(item), "an object", hint)
    repeated = getattr(item, "repeated", None)
    if repeated is not None:
        got = f"the field {show(repeated)} twice"
        raise complaint(f"{source}, {where}", got, "each field once", "removing one of them")
    return Row(where, item)
