"""Corrections from a TOML file, or from what such a file holds."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from triage.errors import UsageError
from triage.ingest.toml_files import read_toml
from triage.patterns.corrections import NONE, Corrections, Given
from triage.patterns.rules import KINDS, Rule

#: Kinds whose rules may be given as bare texts.
BARE = ("pin", "mute")
BEGIN = "begin with a line such as [[mask]]"


def check_corrections(given: Given | object) -> Corrections:
    """The corrections that a caller gives.

    Raises
    ------
    UsageError
        Names the file, the correction and the reason.

    Examples
    --------
    >>> check_corrections({"mute": ["health check <*>"]}).mutes[0].template
    'health check <*>'
    >>> check_corrections({"merge": [{"templates": ["a b"], "inot": "b"}]})
    Traceback (most recent call last):
    ...
    triage.errors.UsageError: corrections: merge 1: unknown key 'inot': did you mean into?
    """
    if given is None or isinstance(given, Corrections):
        return given or NONE
    if isinstance(given, str | Path):
        if not str(given):
            raise UsageError("corrections: an empty name was given: check the variable it came from")
        return _made(_read(Path(given)), f"corrections {given}", ids=False)
    if not isinstance(given, Mapping):
        wanted = "a TOML file, a mapping such as {'mute': ['health check <*>']}, or triage.Corrections"
        raise UsageError(f"corrections: got {type(given).__name__}, wanted {wanted}")
    return _made(given, "corrections", ids=True)


def to_toml(corrections: Corrections) -> str:
    """The text of a file that `check_corrections` makes the same of."""
    rows = ((kind, rule) for kind, rules in corrections.to_dict().items() for rule in rules)
    tables = ("\n".join([f"[[{kind}]]", *(f"{key} = {_toml(rule[key])}" for key in rule)]) for kind, rule in rows)
    return "\n\n".join(tables) + "\n"


def _toml(value: Any) -> str:
    """A number, a text or a list of texts: as in JSON, but for one character that TOML does not allow."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _read(path: Path) -> Mapping[str, Any]:
    where = f"corrections {path}"
    found = read_toml(path, where, "a TOML file with a table for each")
    if not found:
        raise UsageError(f"{where}: holds no correction: {BEGIN}")
    return found


def _made(given: Mapping[str, Any], where: str, ids: bool) -> Corrections:
    try:
        made = Corrections(tuple(_rules(given, where)))
        return made if ids else made.by_text()
    except UsageError as error:
        text = str(error)
        raise UsageError(text if text.startswith(f"{where}:") else f"{where}: {text}") from error


def _rules(given: Mapping[str, Any], where: str) -> Iterator[Rule]:
    for kind, items in given.items():
        if kind not in KINDS:
            raise UsageError(f"{where}: unknown kind {str(kind)[:60]!r}: {_hint(str(kind), KINDS)}")
        if not isinstance(items, list | tuple):
            raise UsageError(f"{where}: {kind}: wanted a list: write [[{kind}]], in two brackets, above each")
        for number, item in enumerate(items, 1):
            yield _rule(kind, item, f"{where}: {kind} {number}")


def _rule(kind: str, item: object, where: str) -> Rule:
    made = KINDS[kind]
    values = {"template": item} if isinstance(item, str) and kind in BARE else item
    if not isinstance(values, Mapping):
        raise UsageError(f"{where}: got {item!r:.60}, wanted a table: put a line [[{kind}]] above its keys")
    keys = {one.name: one for one in fields(made)}
    for key in values:
        if key not in keys:
            raise UsageError(f"{where}: unknown key {str(key)[:60]!r}: {_hint(str(key), keys)}")
    needed = [name for name in ("name", "pattern", "template", "templates") if name in keys]
    if missing := next((name for name in needed if name not in values), None):
        raise UsageError(f"{where}: has no {missing}: wanted {' and '.join(needed)}")
    try:
        return made(**values)
    except UsageError as error:
        raise UsageError(f"{where}: {str(error).removeprefix(f'{kind} ').removeprefix(f'{kind}: ')}") from error


def _hint(given: str, known: Mapping[str, object]) -> str:
    close = difflib.get_close_matches(given, known, n=1)
    return f"did you mean {close[0]}?" if close else f"wanted one of {', '.join(known)}"
