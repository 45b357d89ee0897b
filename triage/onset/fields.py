"""Attributes of lines, the fields of JSON and logfmt logs, as columns of quantities, codes and words.

Which of them tell no news is left out: ids, places and versions, names of work and of whom it is for, times, texts that
differ from line to line, and what only says again what a line's own columns do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import orjson
import polars as pl

from triage.onset.bins import Booleans, Floats, Integers
from triage.onset.durations import duration_of
from triage.onset.rest import rest_fields
from triage.onset.screen import moves
from triage.onset.shifts import ABSENT, FEWEST_LINES, FEWEST_SIDE, MOST_WORDS, STATUSES, Told
from triage.patterns.keys import CODE, EMPTY, OUTCOME, OUTCOMES, PLACES, QUANTITIES, kind_of, words_of
from triage.patterns.naming import CODES, FARTHEST, comparable, names_a_thing
from triage.patterns.parameters import Parameter
from triage.patterns.quantities import QUANTITIES as READERS
from triage.patterns.slot_names import MOST_CHARS, identifier
from triage.patterns.slots import WILDCARD, Slot

#: Longer texts are not read; objects in objects are, to this depth; so many keys of each, the most frequent.
LONGEST, LEVELS, MOST_KEYS = 16_000, 3, 60
#: Characters of a key and of a value that are kept.
KEY_CHARS, VALUE_CHARS = 80, 100
#: Share of the values of a column that must be quantities, for it to be one; values that tell whether they may be.
NEARLY_ALL, FIRST = 0.95, 20
#: What is written where there is no value.
NOTHING = frozenset(("", "-", "null", "nil", "<nil>", "None", "none", "N/A"))
#: Words of names of what is worked on, in which way: lines that differ in it are not the same work.
WORK = frozenset(
    (
        *("path", "url", "uri", "route", "method", "verb", "operation", "op", "handler", "endpoint", "action", "query"),
        *("rpc", "resource", "controller", "queue", "topic", "command", "cmd", "type", "name", "target", "statement"),
    )
)
#: Words of names of whose work it is and how it came, and of what was built.
WHOSE = frozenset(
    (
        *("user", "tenant", "customer", "client", "account", "country", "locale", "lang", "language", "currency"),
        *("agent", "browser", "device", "os", "platform", "referer", "referrer", "protocol", "proto", "scheme"),
        *("peer", "remote", "ip", "addr", "address", "organization", "org", "team", "role", "sdk", "library", "source"),
        *("version", "build", "release", "commit", "sha", "revision", "tag", "image", "hash", "env", "environment"),
        *("city", "tls", "cipher", "ua", "domain", "origin", "id", "uuid", "ids"),
    )
)
#: None of these words is in a name of a state.
NAMING = WORK | WHOSE | PLACES
#: Last words of names of numbers that only grow, or that name a version.
GROWING = frozenset(("total", "counter", "cumulative", "build", "revision", "release", "generation", "lineno"))
#: Seconds since 1970 that log files are about, and units they are counted in; such numbers differ by little.
EPOCH, EPOCH_UNITS, EPOCH_SPREAD = (1e9, 2.2e9), (1.0, 1e3, 1e6, 1e9), 0.1
_NUMERIC = "+-.0123456789"
#: What is left of a line of an access log.
REST = "rest"
_NO_DIGITS = dict.fromkeys(map(ord, "0123456789"))
_ALONE = Slot(WILDCARD, "", "", True)
_NONE: Mapping[str, Any] = {}


class Fields:
    """The attributes of some lines.

    Parameters
    ----------
    texts : polars.Series of String
        JSON objects in order of time, null for a line without any; what is none is left out.

    Attributes
    ----------
    tested : int
        Columns that could tell news.

    Examples
    --------
    >>> codes = [200] * 20 + [200, 503] * 10
    >>> texts = [f'{{"http":{{"status":{code}}},"took_ms":{number}}}' for number, code in enumerate(codes)]
    >>> found = Fields(pl.Series(texts))
    >>> [(one.name, one.values.dtype, one.values.n_unique()) for one in found.told()], found.tested
    ([('http.status', String, 2), ('took_ms', Float64, 40)], 2)
    """

    def __init__(self, texts: pl.Series) -> None:
        self.tested = 0
        # What all lines have in common, as the name of their stream, is no news.
        self._objects = [_object(text) for text in texts.to_list()] if texts.n_unique() > 1 else []
        self._lines = np.array([bool(one) for one in self._objects], dtype=np.bool_)
        self._columns = dict(_columns(self._objects, "", LEVELS)) if self._lines.any() else {}

    def told(self) -> Iterator[Told]:
        """What can be compared and seems to change, by name."""
        for name in sorted(self._columns):
            column = _column(name, self._columns[name])
            if column is None:
                continue
            self.tested += 1
            found = _numbers(name, column) if column.numbers is not None else _words(name, column, self._lines)
            if found is not None:
                yield found

    def work(self, count: int) -> Integers:
        """A number for each of so many lines: that of the work it is about, as far as few names of work tell."""
        found = np.zeros(count, dtype=np.int64)
        for name in sorted(self._columns):
            if not words_of(name.rpartition(".")[2]) & WORK:
                continue
            texts = pl.Series(_texts(self._columns[name]), dtype=pl.String).fill_null("")
            masked = texts.str.replace(r"\?.*", "").str.replace_all("[0-9a-f]*[0-9][0-9a-f]*", "#")
            both = found * count + masked.rank("dense").cast(pl.Int64).to_numpy()
            if len(np.unique(both)) * FEWEST_LINES <= count:
                found = np.unique(both, return_inverse=True)[1].astype(np.int64)
        return found


@dataclass(frozen=True, eq=False)
class _Column:
    """Values of which at least one is there: texts, and numbers where nearly all are such."""

    there: Booleans
    texts: list[str]
    numbers: Floats | None = None
    kind: str = "number"


def _object(text: str | None) -> Mapping[str, Any]:
    if text is None or len(text) > LONGEST:
        return _NONE
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return _NONE
    return found if isinstance(found, dict) else _NONE


def _columns(objects: Sequence[Mapping[str, Any]], prefix: str, levels: int) -> Iterator[tuple[str, list[Any]]]:
    """Values by name, those of objects in objects as ``outer.inner``; None where a line has no such value."""
    often = Counter(chain.from_iterable(objects))
    keys = sorted((-count, key) for key, count in often.items() if count >= FEWEST_SIDE)[:MOST_KEYS]
    for _, key in keys:
        name = f"{prefix}{key[:KEY_CHARS]}"
        values = [one.get(key) for one in objects]
        types = set(map(type, values))
        if dict in types and levels > 1:
            yield from _columns([one if isinstance(one, dict) else _NONE for one in values], f"{name}.", levels - 1)
        elif name == REST and types <= {str, type(None)}:
            yield from _columns(rest_fields(values), "", 1)
        elif not types <= {dict, list, type(None)}:
            yield name, [None if isinstance(one, dict | list) else one for one in values] if list in types else values


def _column(name: str, values: list[Any]) -> _Column | None:
    """The values of a column that may tell news; None for one whose name or kind says that it does not."""
    about = _about(name)
    types = set(map(type, values)) - {type(None)}
    if not (about.measures or about.states or about.outcome):
        return None
    if types <= {int, float}:
        numbers = np.clip([float(value) for value in values if value is not None], -FARTHEST, FARTHEST)
        return _Column(np.array([value is not None for value in values]), [], numbers) if about.measures else None
    if types == {str} and not about.outcome:
        first = [value for value in values if value][:FIRST]
        numeric = sum(value[0] in _NUMERIC for value in first) >= NEARLY_ALL * len(first)
        if not numeric and (not about.states or len(set(values)) > MOST_WORDS):
            return None
    texts = _texts(values)
    there = np.array([text is not None for text in texts])
    some = [text for text in texts if text is not None]
    found, quantity = _read(some)
    if found is not None:
        usable = np.isfinite(found)
        there[there] = usable
        numbers = np.clip(found[usable], -FARTHEST, FARTHEST)
        return _Column(there, [], numbers, quantity) if about.measures else None
    return _Column(there, some) if some and (about.outcome or about.states) else None


class _Name(NamedTuple):
    """What values of a name may be: quantities, words that are states, words for how work came out."""

    measures: bool
    states: bool
    outcome: bool


@lru_cache(4096)
def _about(name: str) -> _Name:
    last = name.rpartition(".")[2]
    kind, words, own = kind_of(name), words_of(name), words_of(last)
    if name.lower() in EMPTY or last.lower() in EMPTY - {"time", "event"}:
        return _Name(False, False, False)
    known = own & QUANTITIES or own & OUTCOMES
    measures = not own & GROWING and bool(known or not (kind_of(last) == CODE or own & NAMING))
    states = kind not in (None, CODE) and not words & NAMING
    return _Name(measures, states, kind == OUTCOME and not words & QUANTITIES)


def _texts(values: list[Any]) -> list[str | None]:
    types = set(map(type, values))
    if len(types - {type(None)}) > 1:  # True is as good as 1 where values are looked up
        return [_text(value) for value in values]
    known = {value: _text(value) for value in set(values)}
    return [known[value] for value in values]


def _text(value: str | float | bool | None) -> str | None:
    if isinstance(value, str):
        return None if value in NOTHING else value[:VALUE_CHARS]
    return None if value is None else str(value).lower()


def _read(texts: list[str]) -> tuple[Floats | None, str]:
    """Texts as the quantities that nearly all of them are (others are not a number), with their kind."""
    first = texts[:FIRST]
    if not first or sum(text[0] in _NUMERIC for text in first) < NEARLY_ALL * len(first):
        return None, "value"
    column = pl.Series(texts, dtype=pl.String)
    for kind, reader in READERS.items():
        found = reader(column)
        if found.count() >= NEARLY_ALL * len(texts):
            return found.fill_null(float("nan")).to_numpy(), kind
    return None, "value"


def _numbers(name: str, column: _Column) -> Told | None:
    array = column.numbers
    if array is None or len(array) < FEWEST_LINES or not moves(array):
        return None
    values, words = pl.Series(array), words_of(name)
    if words & OUTCOMES and not words & QUANTITIES and (array == array.round()).all():
        codes = values.cast(pl.Int64, strict=False).cast(pl.String)
        if codes.n_unique() <= CODES or set(codes.unique().to_list()) <= STATUSES:
            return Told(name, codes, column.there, outcome=True)
    unit = {"duration": "ms", "size": "bytes"}.get(column.kind)
    one = Parameter(identifier(name[-MOST_CHARS:]), column.kind, unit, 0)
    duration = duration_of(one, name)
    named = names_a_thing(one, _ALONE) or (duration is None and comparable(one, _ALONE, values) is None)
    return None if named or _is_time(array) else Told(name, values, column.there, duration)


def _words(name: str, column: _Column, lines: Booleans) -> Told | None:
    outcome = kind_of(name) == OUTCOME
    if not outcome or column.there[lines].all():
        named = not outcome and any(text.translate(_NO_DIGITS) != text for text in set(column.texts))
        usable = len(column.texts) >= FEWEST_LINES and not named
        return Told(name, pl.Series(column.texts), column.there, outcome=outcome) if usable else None
    # That there is a value is news where other lines have none.
    every = np.full(len(lines), ABSENT, dtype=object)
    every[column.there] = column.texts
    return Told(name, pl.Series(every[lines].tolist(), dtype=pl.String), lines, outcome=True)


def _is_time(values: Floats) -> bool:
    """Whether numbers are times since 1970."""
    low, high = float(values.min()), float(values.max())
    if high - low > EPOCH_SPREAD * abs(low):
        return False
    return any(EPOCH[0] * unit <= low and high <= EPOCH[1] * unit for unit in EPOCH_UNITS)
