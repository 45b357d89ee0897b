"""What lines say changed, however often they come: onsets of the kinds *slower*, *shifted* and *mix shift*.

A duration that grows is *slower*; another quantity that takes other values is *shifted*; a code or a state (a status,
an outcome) that becomes another is a *mix shift*. None of it depends on how many lines there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from triage.onset.bins import Booleans, Floats, Integers
from triage.onset.samples import sample_lines
from triage.onset.screen import suspects
from triage.onset.sequences import Step, costing, rise_step, share_step
from triage.onset.series import UNIT, Series
from triage.patterns.naming import comparable
from triage.patterns.parameters import Parameter, Parameters
from triage.patterns.quantities import MILLISECONDS

#: Fewest lines of a unit, about how many of them are looked at, and how many tell what its parameters are.
FEWEST_LINES, SAMPLED, DESCRIBED = 16, 1000, 100
#: Most units that are looked at, the most frequent ones: so much time it may take.
MOST_UNITS = 200
#: Fewest lines on each side of a shift.
FEWEST_SIDE = 4
#: How many times as long it takes, at least, and how much longer in seconds; how many times another quantity changes.
SLOWER, LONGER, SHIFTED = 2.0, 0.025, 1.5
#: Most different words that are states, and the least change of the share of one.
MOST_WORDS, LEAST_SHARE = 12, 0.1
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
#: Ends of names that are units of time and nothing else, if they tell of no rate.
SURE_UNITS = {
    "ms",
    "msec",
    "msecs",
    "millis",
    "milliseconds",
    "us",
    "usec",
    "micros",
    "microseconds",
    "ns",
    "nanos",
    "nanoseconds",
    "s",
    "sec",
    "secs",
    "seconds",
}
#: A key with a value that may be a word.
WORDS = r"[A-Za-z_]=<\*>"
#: Characters of a line that tell what it is about.
HEAD = 120


@dataclass(frozen=True, eq=False)
class Shift:
    """A change of what the lines of one unit say.

    Attributes
    ----------
    unit : dict
        The unit's columns.
    kind : str
    parameter : str or None
        The name of the parameter; with its value, for a *mix shift* within one kind of line.
    step : Step
    times : ndarray of int
        Of the lines looked at (ns since 1970).
    part_before, part_after : float
        Medians (of durations in seconds), or shares of the lines.
    given : str or None
        The template that a *mix shift* takes its part from, where that is another one.
    """

    unit: dict[str, str | None]
    kind: str
    parameter: str | None
    step: Step
    times: Integers
    part_before: float
    part_after: float
    given: str | None = None


def find_shifts(records: pl.LazyFrame, series: Series, templates: pl.DataFrame) -> tuple[list[Shift], int]:
    """The most telling shift of each parameter, whatever its chance, and how many were tested.

    Parameters
    ----------
    records : polars.LazyFrame
        ``timestamp``, ``template_id``, ``service_name``, ``body``, ``source``, ``line``.
    series : Series
        Counts of all units.
    templates : polars.DataFrame
        ``template_id`` and ``template``.
    """
    filled = templates.filter(pl.col("template").str.contains("<[A-Z*]")).select("template_id", "template")
    enough = series.extent.filter(pl.col("count") >= FEWEST_LINES).join(filled, on="template_id")
    if not len(enough):
        return [], 0
    units = enough.sort("count", *UNIT, descending=[True, False, False]).head(MOST_UNITS)
    units = units.rename({"count": "lines"}).with_row_index("unit")
    samples = sample_lines(records, units, SAMPLED)
    looked_at = suspects(pl.concat(samples.values())) if samples else set()
    # Words are not looked at there: where a key has values that are none of numbers, they are.
    worded = pl.col("template").str.contains(WORDS)
    suspect = units.filter(worded | pl.col("unit").is_in(looked_at))
    tested, found = len(units) - len(suspect), []
    for row in suspect.iter_rows(named=True):
        lines = samples.get((row["unit"],))
        if lines is None or len(lines) < FEWEST_LINES:
            continue
        unit = {column: row[column] for column in UNIT}
        times, kinds = lines["timestamp"].dt.epoch("ns").to_numpy(), _kinds(lines["body"])
        for one, values in _parameters(row["template"], lines["body"]):
            tested += 1
            there = values.is_not_null().to_numpy()
            for kind, name, step, before, after in _shifts(one, values.drop_nulls(), kinds[there]):
                found.append(Shift(unit, kind, name, step, times[there], before, after))
    return found, tested


def _parameters(template: str, bodies: pl.Series) -> Iterator[tuple[Parameter, pl.Series]]:
    """The parameters of a template that can be compared, with their values."""
    described = bodies.gather(np.unique(np.linspace(0, len(bodies) - 1, DESCRIBED).astype(np.int64)))
    known = Parameters.of(template, described)
    slots = known.template.slots
    if not known.columns:
        return
    values = known.table(bodies)
    for one in known.columns:
        usable = comparable(one, slots[one.slot], values[one.name])
        if usable is not None:
            yield one, usable


def _shifts(one: Parameter, values: pl.Series, kinds: Integers) -> Iterator[tuple[str, str, Step, float, float]]:
    if values.dtype == pl.String:
        if not one.is_number or are_statuses(values):
            yield from _of_words(one, values)
            return
        values = values.cast(pl.Float64)
    array = np.clip(values.to_numpy(), -LARGEST, LARGEST)
    second = _seconds_in(one)
    if second is not None:
        step = rise_step(_beside_usual(np.log(np.maximum(array * second, SHORTEST)), kinds), FEWEST_SIDE)
        if step is None:
            return
        before, after = _medians(array * second, step)
        longer = after >= SLOWER * before and after - before >= LONGER
        if longer and np.isfinite(after) and not _counts_on(array, step.place):
            yield "slower", one.name, step, before, after
        return
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
        yield "shifted", one.name, step, before, after


def _of_words(one: Parameter, values: pl.Series) -> Iterator[tuple[str, str, Step, float, float]]:
    """The word whose share grows the most tellingly."""
    values = values.alias("value")
    words = values.value_counts(sort=True)
    if not 1 < len(words) <= MOST_WORDS:
        return
    best: tuple[str, Step] | None = None
    for word in sorted(words[values.name].to_list()):
        step = share_step((values != word).to_numpy())
        if step is not None and (best is None or step.llr > best[1].llr):
            best = (str(word), step)
    if best is None:
        return
    there = (values == best[0]).to_numpy()
    shares = _shares(there, best[1].place)
    if shares[1] - shares[0] >= LEAST_SHARE:
        yield "mix shift", f"{one.name}={best[0]}", costing(best[1], float(np.log(len(words)))), *shares


def are_statuses(values: pl.Series) -> bool:
    """Whether few different numbers, as texts, are codes of how requests ended: those of HTTP, some of them good.

    Examples
    --------
    >>> are_statuses(pl.Series(["200", "503", "404"])), are_statuses(pl.Series(["424", "425"]))
    (True, False)
    >>> are_statuses(pl.Series(["200", "250", "300"]))
    False
    """
    codes = set(values.unique().to_list())
    return codes <= STATUSES and any(code < "4" for code in codes)


def _shares(there: Booleans, place: int) -> tuple[float, float]:
    return float(there[:place].mean()), float(there[place:].mean())


def _medians(values: Floats, step: Step) -> tuple[float, float]:
    return float(np.median(values[: step.place])), float(np.median(values[step.place :]))


def _seconds_in(one: Parameter) -> float | None:
    """How many seconds a unit of a duration has, by its unit or the end of its name; None for what is no duration."""
    *_, before, word = ("", *one.name.split("_"))
    sure = word in SURE_UNITS and before != "per" and (before or len(word) > 1)
    unit = one.unit or (word if sure else "")
    return MILLISECONDS[unit] / 1000 if unit in MILLISECONDS else None


def _kinds(bodies: pl.Series) -> Integers:
    """A number for each text without its digits: what the lines of one template are about may differ."""
    heads = bodies.str.slice(0, HEAD).str.replace_all("[0-9a-f]*[0-9][0-9a-f]*", "#")
    return heads.rank("dense").cast(pl.Int64).to_numpy() - 1


def _beside_usual(values: Floats, kinds: Integers) -> Floats:
    """Values less the usual one of their kind, where that has lines enough to tell."""
    found = values - np.median(values)
    order = np.argsort(kinds, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(kinds[order])) + 1):
        if FEWEST_LINES <= len(part) < len(values):
            found[part] = values[part] - np.median(values[part])
    return found


def _counts_on(values: Floats, place: int) -> bool:
    """Whether numbers grow, or fall, with time before and after: a counter, an offset, a time."""
    trends = []
    for part in (values[:place], values[place:]):
        order = np.argsort(np.argsort(part, kind="stable"), kind="stable").astype(np.float64)
        if len(part) < FEWEST_SIDE or np.ptp(part) == 0:
            return False
        trends.append(float(np.corrcoef(np.arange(len(part)), order)[0, 1]))
    return min(map(abs, trends)) >= COUNTER and trends[0] * trends[1] > 0
