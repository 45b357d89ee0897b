"""Changes from JSON: a list of objects, an object with ``changes``, one object a line, or what a tool exports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Any

from triage.changes.contract import LoadedChanges
from triage.changes.exports import Export, Told, told_by
from triage.changes.loaders.json_text import WANTED, each_line, is_lines, parse
from triage.changes.loaders.text import first_character, read_text
from triage.changes.rows import ALIASES, Row, normalised, read_rows
from triage.changes.wording import complaint, one_line, show, some

LINES = (".ndjson", ".jsonl")
#: Where the answers of APIs have their list; if that is empty, nothing tells whose it is.
ANSWERS = ("items", "data", "events", "workflow_runs", "builds", "jobs")


@dataclass(frozen=True)
class JsonFile:
    """Reads ``changes.json`` in the form of an incident folder, NDJSON, and the exports that it is given.

    Parameters
    ----------
    exports : sequence of Export
        Asked in this order whether a document is theirs, before it is taken for a plain list.
    """

    exports: Sequence[Export] = ()
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
        lines: list[tuple[str, Any]] | None = None
        if Path(spec).suffix.lower() in LINES or is_lines(text):
            lines = list(each_line(text, source))
        document = parse(text, source) if lines is None else [item for _, item in lines]
        told = told_by(self.exports, document, source)
        if told is None:
            told = _plain(document, source) if lines is None else Told(tuple(_row(*line, source) for line in lines))
        loaded = read_rows(told.rows, source, tz)
        return LoadedChanges(loaded.changes, tuple(f"{source}: {note}" for note in told.notes) + loaded.notes)


def _plain(document: Any, source: str) -> Told:
    items, notes = _unwrapped(document, source)
    return Told(tuple(_row(f"row {number}", item, source) for number, item in enumerate(items, 1)), notes)


def _unwrapped(document: Any, source: str) -> tuple[list[Any], tuple[str, ...]]:
    if isinstance(document, list):
        return document, ()
    if not isinstance(document, dict):
        raise complaint(source, show(document), WANTED, "[] if there are no changes")
    if isinstance(document.get("changes"), list):
        others = [show(name) for name in document if name != "changes"]
        return document["changes"], (f"only 'changes' is read, not {some(others)}",) if others else ()
    if any(normalised(name) in ALIASES["time"] for name in document):
        return [document], ()
    empty = [name for name in ANSWERS if document.get(name) == []]
    if empty:
        return [], (f"nothing in {show(empty[0])}",)
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
