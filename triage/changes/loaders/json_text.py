"""JSON values from text, with the line and column of what is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from triage.changes.wording import complaint, one_line

WANTED = "a list of objects, an object with a list 'changes', or one object a line"


class Object(dict[str, Any]):
    """A JSON object that remembers a name which stood in it twice."""

    repeated: str | None = None


def parse(text: str, source: str, line: int = 1) -> Any:
    """A JSON value that begins at a line of the source; decimals stay exact, for versions such as 1.10.

    Several values one after the other, as paging tools print them, are a list: of what is in them where each is a
    list, else of the values.

    Raises
    ------
    ChangesError
        Names the line and column.
    """
    try:
        return _decoder().decode(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and text[error.pos : error.pos + 1] in ("[", "{"):
            return _several(text, source, line)
        place, reason = f"line {line + error.lineno - 1}, column {error.colno}", error.msg
    except RecursionError:
        place, reason = f"line {line}", "nested too deeply"
    except ValueError as error:
        place, reason = f"line {line}", one_line(str(error))
    raise complaint(f"{source}, {place}", f"text that is not JSON ({reason})", WANTED, "a JSON checker")


def _several(text: str, source: str, line: int) -> list[Any]:
    values, place, decoder = [], 0, _decoder()
    while place < len(text):
        try:
            value, end = decoder.raw_decode(text, place)
        except json.JSONDecodeError as error:
            where = f"{source}, line {line + error.lineno - 1}, column {error.colno}"
            raise complaint(where, f"text that is not JSON ({error.msg})", WANTED, "a JSON checker") from None
        except (RecursionError, ValueError):
            where = f"{source}, line {line + text.count(chr(10), 0, place)}"
            raise complaint(where, "text that is not JSON", WANTED, "a JSON checker") from None
        values.append(value)
        place = _past_space(text, end)
    whole = all(isinstance(value, list) for value in values)
    return [item for value in values for item in value] if whole else values


def _past_space(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def is_lines(text: str) -> bool:
    """Whether the first line is an object of its own and more lines follow."""
    first, _, rest = text.strip().partition("\n")
    if not first.startswith("{") or not rest:
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def each_line(text: str, source: str) -> Iterator[tuple[str, Any]]:
    """The value of each line that is not blank, and the line."""
    # Not splitlines(): that also cuts at characters which may stand in a JSON string.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield f"line {number}", parse(line, source, number)


def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(object_pairs_hook=_object, parse_float=Decimal, parse_constant=_no_constant)


def _object(pairs: list[tuple[str, Any]]) -> Object:
    found = Object(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        found.repeated = next(name for place, name in enumerate(names) if name in names[:place])
    return found


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no JSON value")
