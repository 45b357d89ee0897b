"""Whether what lines say under one name changes, and as what: *slower*, *shifted* or *mix shift*."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl

from triage.onset.bad_values import tells_failure
from triage.onset.bins import Booleans, Floats, Integers
from triage.onset.durations import Duration
from triage.onset.screen import moves
from triage.onset.sequences import Step, costing, rise_step, share_step

#: Fewest lines of one kind for its usual value to be known.
FEWEST_LINES = 16
#: Fewest lines on each side of a shift.
FEWEST_SIDE = 4
#: How many times as long it takes, at least, and how much longer in seconds; the same where the unit is not known; how
#: many times another quantity changes.
SLOWER, LONGER, SLOWER_UNKNOWN, SHIFTED = 2.0, 0.025, 3.0, 1.5
#: Most different words that are states, and the least change of the share of one.
MOST_WORDS, LEAST_SHARE = 12, 0.1
#: Longer texts are no states.
WORD_CHARS = 60
#: Rank correlation with time on both sides from which on a number goes on from line to line.
COUNTER = 0.7
#: Shortest time that is told, in seconds.
SHORTEST = 1e-4
#: Codes of HTTP in use (RFC 9110 and its registry; 499 and 52x are those of proxies).
STATUSES = {
    *map(str, (200, 201, 202, 203, 204, 205, 206, 207, 301, 302, 303, 304, 307, 308, *range(400, 419), 421, 422, 423)),
    *map(str, (424, 425, 426, 428, 429, 431, 451, 499, *range(500, 509), 510, 511, *range(520, 528), 530)),
}
#: Larger numbers are as good as this one.
LARGEST = 1e15
#: What stands for nothing where a line has no value.
ABSENT = ""


@dataclass(frozen=True, eq=False)
class Told:
    """What lines of one unit say under one name.

    Attributes
    ----------
    name : str
    values : polars.Series
        Numbers (Float64), or words and codes (String), in order of time, without nulls; `ABSENT` for what is missing,
        where that tells something.
    there : ndarray of bool
        Which of the unit's lines have them.
    duration : Duration or None
    outcome : bool
        Whether the name says that this is how the work came out: then any values tell something, not only words.
    """

    name: str
    values: pl.Series
    there: Booleans
    duration: Duration | None = None
    outcome: bool = False


@dataclass(frozen=True, eq=False)
class Moved:
    """A change of it.

    Attributes
    ----------
    kind, parameter : str
    step : Step
    before, after : float
        Medians (of durations in seconds), or shares of the lines.
    unit : str or None
        ``s`` of durations whose unit is known.
    shows : ndarray of bool
        Which of the values are as they are since the change.
    """

    kind: str
    parameter: str
    step: Step
    before: float
    after: float
    unit: str | None
    shows: Booleans


class About(Protocol):
    """What each line of a unit is about."""

    @property
    def work(self) -> Integers:
        """A number for its work, by what it says beside; 0 for all where nothing tells."""
        ...

    @property
    def kinds(self) -> Integers:
        """The same, also by the words of its text."""
        ...


def moves_of(told: Told, about: About) -> Iterator[Moved]:
    """The most telling change of what lines say, if there is one that could matter.

    Parameters
    ----------
    about : About
        What each of the unit's lines is about.
    """
    if told.values.dtype == pl.String:
        yield from _of_words(told, about)
        return
    array = np.clip(told.values.to_numpy(), -LARGEST, LARGEST)
    if not moves(array):
        return
    yield from _of_durations(told, array, about) if told.duration else _of_quantities(told, array)


def _of_durations(told: Told, array: Floats, about: About) -> Iterator[Moved]:
    second = told.duration.second if told.duration else None
    taken = array * (second or 1.0)
    shortest = SHORTEST if second else 1e-3 * float(np.median(np.abs(array))) or SHORTEST
    step = rise_step(_beside_usual(np.log(np.maximum(taken, shortest)), about.kinds[told.there]), FEWEST_SIDE)
    if step is None:
        return
    before, after = _medians(taken, step)
    longer = after - before >= LONGER and after >= SLOWER * before if second else after >= SLOWER_UNKNOWN * before
    if longer and np.isfinite(after) and not _counts_on(array, step.place):
        shows = taken >= np.sqrt(max(before, shortest) * after)
        yield Moved("slower", told.name, step, before, after, "s" if second else None, shows)


def _of_quantities(told: Told, array: Floats) -> Iterator[Moved]:
    middle = float(np.median(np.abs(array))) or float(np.abs(array).max())
    if not middle:
        return
    scaled = np.arcsinh(array / (middle / 10))
    steps = [step for step in (rise_step(scaled, FEWEST_SIDE), rise_step(-scaled, FEWEST_SIDE)) if step]
    if not steps:
        return
    step = costing(max(steps, key=lambda each: each.llr), float(np.log(2)))
    before, after = _medians(array, step)
    low, high = sorted((abs(before), abs(after)))
    if np.isfinite(high) and high >= SHIFTED * low and not _counts_on(array, step.place):
        shows = np.abs(array - after) <= np.abs(array - before)
        yield Moved("shifted", told.name, step, before, after, None, shows)


def _of_words(told: Told, about: About) -> Iterator[Moved]:
    """The word whose share grows the most tellingly."""
    candidates = _candidates(told)
    best: tuple[str, Booleans, Step] | None = None
    for label, there in candidates.items():
        step = share_step(~there) if moves(there.astype(np.float64)) else None
        if step is not None and (best is None or step.llr > best[2].llr):
            best = (label, there, step)
    if best is None:
        return
    label, there, step = best
    before, after = float(there[: step.place].mean()), float(there[step.place :].mean())
    if after - before < LEAST_SHARE:
        return
    # Other work comes with other words; but a failure is news also where it comes with new work.
    if tells_failure(label) or _within(there, about.work[told.there], step.place) >= LEAST_SHARE / 2:
        yield Moved("mix shift", label, costing(step, float(np.log(len(candidates)))), before, after, None, there)


def _candidates(told: Told) -> dict[str, Booleans]:
    """What may become more frequent: each word; all codes of errors of a kind; that there is any word."""
    values = told.values.alias("value")
    counts = values.value_counts().sort(["count", "value"], descending=[True, False])["value"].to_list()
    statuses = are_statuses(values)
    words = [word for word in counts if word != ABSENT]
    if len(counts) < 2 or (len(words) > MOST_WORDS and not (told.outcome or statuses)):
        return {}
    short = sorted(word for word in words[:MOST_WORDS] if len(word) <= WORD_CHARS)
    found = {f"{told.name}={word}": (values == word).to_numpy() for word in short}
    for digit in "45" if statuses else "":
        if sum(word.startswith(digit) for word in words) > 1:
            found[f"{told.name}={digit}xx"] = values.str.starts_with(digit).to_numpy()
    if len(words) < len(counts) and (len(words) > 1 or not short):
        found[told.name] = (values != ABSENT).to_numpy()
    return found


def are_statuses(values: pl.Series) -> bool:
    """Whether few different numbers, as texts, are codes of how requests ended: those of HTTP, some of them good.

    Examples
    --------
    >>> are_statuses(pl.Series(["200", "503", "404"])), are_statuses(pl.Series(["424", "425"]))
    (True, False)
    >>> are_statuses(pl.Series(["200", "250", "300"]))
    False
    """
    codes = set(values.unique().to_list()) - {ABSENT}
    return bool(codes) and codes <= STATUSES and any(code < "4" for code in codes)


def _medians(values: Floats, step: Step) -> tuple[float, float]:
    return float(np.median(values[: step.place])), float(np.median(values[step.place :]))


def _beside_usual(values: Floats, kinds: Integers) -> Floats:
    """Values less the usual one of their kind, where that has lines enough to tell."""
    found = values - np.median(values)
    for part in _parts(kinds):
        if FEWEST_LINES <= len(part) < len(values):
            found[part] = values[part] - np.median(values[part])
    return found


def _within(there: Booleans, kinds: Integers, place: int) -> float:
    """How much a share grows within the kinds of lines that there are before and after; all lines where none is."""
    grown = lines = 0.0
    for part in _parts(kinds):
        before, after = part[part < place], part[part >= place]
        if len(part) >= FEWEST_LINES and len(before) and len(after):
            grown += len(part) * (there[after].mean() - there[before].mean())
            lines += len(part)
    return grown / lines if lines else float(there[place:].mean() - there[:place].mean())


def _parts(kinds: Integers) -> list[Integers]:
    order = np.argsort(kinds, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(kinds[order])) + 1)


def _counts_on(values: Floats, place: int) -> bool:
    """Whether numbers grow, or fall, with time before and after: a counter, an offset, a time."""
    trends = []
    for part in (values[:place], values[place:]):
        order = np.argsort(np.argsort(part, kind="stable"), kind="stable").astype(np.float64)
        if len(part) < FEWEST_SIDE or np.ptp(part) == 0:
            return False
        trends.append(float(np.corrcoef(np.arange(len(part)), order)[0, 1]))
    return min(map(abs, trends)) >= COUNTER and trends[0] * trends[1] > 0
