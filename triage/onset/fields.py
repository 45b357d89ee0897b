"""Attributes of lines, the fields of JSON and logfmt logs, as columns of quantities, codes and words.

Which of them tell no news is left out: ids, places and versions, names of work and of whom it is for, times, texts that
differ from line to line, and what only says again what a line's own columns do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
import orjson
import polars as pl

from triage.onset.bins import Booleans, Integers
from triage.onset.durations import duration_of
from triage.onset.shifts import ABSENT, FEWEST_LINES, FEWEST_SIDE, STATUSES, Told
from triage.patterns.keys import CODE, EMPTY, OUTCOME, OUTCOMES, PLACES, QUANTITIES, kind_of, words_of
from triage.patterns.naming import CODES, comparable
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
#: Last words of names of numbers that only grow, or that name a version.
GROWING = frozenset(("total", "counter", "cumulative", "build", "revision", "release", "generation", "lineno"))
#: Seconds since 1970 that log files are about, and units they are counted in; such numbers differ by little.
EPOCH, EPOCH_UNITS, EPOCH_SPREAD = (1e9, 2.2e9), (1.0, 1e3, 1e6, 1e9), 0.1
_NUMERIC = "+-.0123456789"
_ALONE = Slot(WILDCARD, "", "", True)
_NONE: Mapping[str, Any] = {}


class Fields:
    """The attributes of some lines.

    Parameters
    ----------
    texts : polars.Series of String
        JSON objects, null for a line without any; what is none is left out.

    Examples
    --------
    >>> texts = [f'{{"http":{{"status":{code}}},"took_ms":{n}}}' for n in range(20) for code in (200, 503)]
    >>> found = Fields(pl.Series(texts)).told()
    >>> [(one.name, one.values.dtype, one.values.n_unique()) for one in found]
    [('http.status', String, 2), ('took_ms', Float64, 20)]
    """

    def __init__(self, texts: pl.Series) -> None:
        self._objects = [_object(text) for text in texts.to_list()]
        self._columns = dict(_columns(self._objects, "", LEVELS)) if any(self._objects) else {}

    def told(self) -> Iterator[Told]:
        """What can be compared, by name."""
        lines = np.array([bool(one) for one in self._objects])
        for name in sorted(self._columns):
            found = _told(name, self._columns[name], lines)
            if found is not None:
                yield found

    def work(self) -> Integers:
        """A number for each line: that of the work it is about, as far as few names of work tell."""
        found = np.zeros(len(self._objects), dtype=np.int64)
        for name in sorted(self._columns):
            if not words_of(name.rpartition(".")[2]) & WORK:
                continue
            texts = pl.Series([_text(value) for value in self._columns[name]], dtype=pl.String).fill_null("")
            masked = texts.str.replace(r"\?.*", "").str.replace_all("[0-9a-f]*[0-9][0-9a-f]*", "#")
            both = found * len(texts) + masked.rank("dense").cast(pl.Int64).to_numpy()
            if len(np.unique(both)) * FEWEST_LINES <= len(texts):
                found = both
        return found


def _object(text: str | None) -> Mapping[str, Any]:
    if text is None or len(text) > LONGEST:
        return _NONE
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return _NONE
    return found if isinstance(found, dict) else _NONE


def _columns(
    objects: Sequence[Mapping[str, Any]], prefix: str, levels: int
) -> Iterator[tuple[str, list[str | float | bool | None]]]:
    """Values by name, those of objects in objects as ``outer.inner``; null where a line has no such value."""
    often = Counter(chain.from_iterable(objects))
    keys = sorted((-count, key) for key, count in often.items() if count >= FEWEST_SIDE)[:MOST_KEYS]
    for _, key in keys:
        name = f"{prefix}{key[:KEY_CHARS]}"
        values = [one.get(key) for one in objects]
        inner = [value if isinstance(value, dict) else _NONE for value in values]
        if levels > 1 and any(inner):
            yield from _columns(inner, f"{name}.", levels - 1)
        elif kind_of(name) is not None or words_of(name) & QUANTITIES:
            yield name, [None if isinstance(value, dict | list) else value for value in values]


def _told(name: str, values: Sequence[str | float | bool | None], lines: Booleans) -> Told | None:
    """What one column tells; None for no news."""
    if name.lower() in EMPTY:
        return None
    plain = [value for value in values if value is not None]
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in plain)
    if numbers:
        column, kind = pl.Series(values, dtype=pl.Float64, strict=False), "number"
    else:
        texts = pl.Series([_text(value) for value in values], dtype=pl.String)
        column, kind = _read(texts)
    if column.dtype == pl.String:
        return _words(name, column, lines)
    there = column.is_not_null() & column.is_finite()
    return _numbers(name, column.filter(there), there.to_numpy(), kind, lines)


def _text(value: str | float | bool | None) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    text = "" if value is None else str(value)
    return None if text in NOTHING else text[:VALUE_CHARS]


def _read(texts: pl.Series) -> tuple[pl.Series, str]:
    """Texts as the quantities that nearly all of them are, with their kind; as they are where they are none."""
    first = texts.drop_nulls()[:FIRST].to_list()
    if not first or sum(text[0] in _NUMERIC for text in first) < NEARLY_ALL * len(first):
        return texts, "value"
    for kind, reader in READERS.items():
        found = reader(texts)
        if found.count() >= NEARLY_ALL * texts.count():
            return found, kind
    return texts, "value"


def _numbers(name: str, values: pl.Series, there: Booleans, kind: str, lines: Booleans) -> Told | None:
    last = name.rpartition(".")[2]
    words = words_of(last)
    quantity = bool(words & QUANTITIES)
    if len(values) < FEWEST_LINES:
        return None
    whole = bool((values == values.round()).all())
    if whole and (kind_of(name) == OUTCOME or words & OUTCOMES) and not quantity:
        codes = values.cast(pl.Int64, strict=False).cast(pl.String)
        if values.n_unique() <= CODES or set(codes.unique().to_list()) <= STATUSES:
            return _outcome(name, codes, there, lines)
    if kind_of(last) == CODE or (words & PLACES and not quantity) or words & GROWING or _is_time(values):
        return None
    unit = {"duration": "ms", "size": "bytes"}.get(kind)
    one = Parameter(identifier(name[-MOST_CHARS:]), kind, unit, 0)
    if comparable(one, _ALONE, values) is None:
        return None
    return Told(name, values, there, duration_of(one, name))


def _words(name: str, values: pl.Series, lines: Booleans) -> Told | None:
    there, kind, words = values.is_not_null().to_numpy(), kind_of(name), words_of(name)
    if kind == OUTCOME and not words & QUANTITIES:
        return _outcome(name, values.drop_nulls(), there, lines)
    values = values.drop_nulls()
    if kind is None or kind == CODE or words & (WORK | WHOSE | PLACES) or len(values) < FEWEST_LINES:
        return None
    return None if values.str.contains(r"\d").any() else Told(name, values, there)


def _outcome(name: str, codes: pl.Series, there: Booleans, lines: Booleans) -> Told | None:
    """How work came out: that there is a value is news where other lines have none."""
    if there[lines].all() or not len(codes):
        return Told(name, codes, there, outcome=True) if len(codes) >= FEWEST_LINES else None
    every = np.full(len(there), ABSENT, dtype=object)
    every[there] = codes.to_list()
    return Told(name, pl.Series(every[lines].tolist(), dtype=pl.String), lines, outcome=True)


def _is_time(values: pl.Series) -> bool:
    """Whether numbers are times since 1970."""
    low, high = float(values.min() or 0.0), float(values.max() or 0.0)  # type: ignore[arg-type]
    if high - low > EPOCH_SPREAD * abs(low):
        return False
    return any(EPOCH[0] * unit <= low and high <= EPOCH[1] * unit for unit in EPOCH_UNITS)
