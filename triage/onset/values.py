"""What lines say that changed, however often they come: onsets of the kinds *slower*, *shifted* and *mix shift*.

A duration that grows is *slower*; another quantity that takes other values is *shifted*; a code or a state (a status,
an outcome) that becomes another is a *mix shift*. None of it depends on how many lines there are. It is looked for in
the text of lines and in their attributes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from triage.onset.bins import Integers
from triage.onset.durations import duration_of
from triage.onset.fields import Fields
from triage.onset.samples import sample_lines
from triage.onset.screen import suspects
from triage.onset.sequences import Step
from triage.onset.series import UNIT, Series
from triage.onset.shifts import FEWEST_LINES, Moved, Told, are_statuses, moves_of
from triage.patterns.naming import comparable
from triage.patterns.parameters import Parameters

#: About how many lines of a unit are looked at, and how many tell what its parameters are.
SAMPLED, DESCRIBED = 1000, 100
#: Most units that are looked at, the most frequent ones, for their text and for their attributes: it takes time.
MOST_UNITS = 200
#: Most lines whose attributes are read, the same number of each unit, but so many in any case.
MOST_READ, READ = 30_000, 150
#: A key with a value that may be a word.
WORDS = r"[A-Za-z_]=<\*>"
#: Characters of a line that tell what it is about.
HEAD = 120
#: Lines that show a shift, at most.
MOST_SHOWN = 3


@dataclass(frozen=True, eq=False)
class Shift:
    """A change of what the lines of one unit say.

    Attributes
    ----------
    unit : dict
        The unit's columns.
    kind : str
    parameter : str or None
        The name of the parameter or attribute; with its value, for a *mix shift* within one kind of line.
    step : Step
    times : ndarray of int
        Of the lines looked at (ns since 1970).
    part_before, part_after : float
        Medians (of durations in seconds), or shares of the lines.
    given : str or None
        The template that a *mix shift* takes its part from, where that is another one.
    part_unit : str or None
        ``s`` of durations whose unit is known.
    shown : tuple of (str, int)
        Source and line of the first lines that show it.
    """

    unit: dict[str, str | None]
    kind: str
    parameter: str | None
    step: Step
    times: Integers
    part_before: float
    part_after: float
    given: str | None = None
    part_unit: str | None = None
    shown: tuple[tuple[str, int], ...] = ()


def find_shifts(records: pl.LazyFrame, series: Series, templates: pl.DataFrame) -> tuple[list[Shift], int]:
    """The most telling shift of each parameter, whatever its chance, and how many were tested.

    Parameters
    ----------
    records : polars.LazyFrame
        ``timestamp``, ``template_id``, ``service_name``, ``body``, ``source``, ``line``; ``attributes`` if there are
        any.
    series : Series
        Counts of all units.
    templates : polars.DataFrame
        ``template_id`` and ``template``.
    """
    units = _units(series, templates)
    samples = sample_lines(records, units, SAMPLED, alone=~pl.col("slots"))
    if not samples:
        return [], 0
    texts = units.filter("slots")
    looked_at = suspects(pl.concat(samples.values()).join(texts.select("unit"), on="unit", how="semi"))
    # Words are not looked at there: where a key has values that are none of numbers, they are.
    worded = pl.col("template").str.contains(WORDS)
    suspect = set(texts.filter(worded | pl.col("unit").is_in(looked_at))["unit"].to_list())
    structured = sum(lines["attributes"].null_count() < len(lines) for lines in samples.values())
    each = max(READ, MOST_READ // max(1, structured))
    tested, found = len(texts) - len(suspect), []
    for row in units.iter_rows(named=True):
        lines = samples.get((row["unit"],))
        if lines is None or len(lines) < FEWEST_LINES:
            continue
        unit = {column: row[column] for column in UNIT}
        read = lines.gather_every(-(-len(lines) // each))
        fields = Fields(read["attributes"])
        about = _About(fields, read["body"])
        found += [_shift(unit, one, moved, read) for one in fields.told() for moved in moves_of(one, about)]
        tested += fields.tested
        if row["unit"] in suspect:
            in_text = [*_in_text(row["template"], lines["body"])]
            about = about if len(read) == len(lines) else _About(None, lines["body"])
            found += [_shift(unit, one, moved, lines) for one in in_text for moved in moves_of(one, about)]
            tested += len(in_text)
    return found, tested


def _units(series: Series, templates: pl.DataFrame) -> pl.DataFrame:
    """Units with lines enough: the most frequent ones, and those whose text has variable parts (``slots``)."""
    enough = series.extent.filter(pl.col("count") >= FEWEST_LINES).join(
        templates.select("template_id", "template"), on="template_id"
    )
    slots = pl.col("template").str.contains("<[A-Z*]").fill_null(False)
    ordered = enough.sort("count", *UNIT, descending=[True, False, False]).with_columns(slots=slots)
    within = pl.col("slots").cum_sum() <= MOST_UNITS
    kept = ordered.with_columns(slots=pl.col("slots") & within).with_row_index("place")
    kept = kept.filter(pl.col("slots") | (pl.col("place") < MOST_UNITS)).drop("place")
    return kept.rename({"count": "lines"}).with_row_index("unit")


def _in_text(template: str, bodies: pl.Series) -> Iterator[Told]:
    """What the parameters of a template tell that can be compared."""
    described = bodies.gather(np.unique(np.linspace(0, len(bodies) - 1, DESCRIBED).astype(np.int64)))
    known = Parameters.of(template, described)
    slots = known.template.slots
    if not known.columns:
        return
    table = known.table(bodies)
    for one in known.columns:
        values = comparable(one, slots[one.slot], table[one.name])
        if values is None:
            continue
        there = values.is_not_null().to_numpy()
        values = values.drop_nulls()
        if one.is_number and not (values.dtype == pl.String and are_statuses(values)):
            values = values.cast(pl.Float64)
        yield Told(one.name, values, there, duration_of(one) if one.is_number else None)


def _shift(unit: dict[str, str | None], told: Told, moved: Moved, lines: pl.DataFrame) -> Shift:
    own = lines.select("timestamp", "source", "line").filter(pl.Series(told.there))
    since = own[moved.step.place :].filter(pl.Series(moved.shows[moved.step.place :])).head(MOST_SHOWN)
    return Shift(
        unit,
        moved.kind,
        moved.parameter,
        moved.step,
        own["timestamp"].dt.epoch("ns").to_numpy(),
        moved.before,
        moved.after,
        part_unit=moved.unit,
        shown=tuple(since.select("source", "line").iter_rows()),
    )


class _About:
    """What each of some lines is about: found when it is asked for."""

    def __init__(self, fields: Fields | None, bodies: pl.Series) -> None:
        self._fields, self._bodies = fields, bodies

    @cached_property
    def work(self) -> Integers:
        """A number a line, by its attributes."""
        count = len(self._bodies)
        return self._fields.work(count) if self._fields else np.zeros(count, dtype=np.int64)

    @cached_property
    def kinds(self) -> Integers:
        """The same, also by its text without digits: what the lines of one template are about may differ."""
        heads = self._bodies.str.slice(0, HEAD).str.replace_all("[0-9a-f]*[0-9][0-9a-f]*", "#").fill_null("")
        numbers: Integers = self.work * len(heads) + heads.rank("dense").cast(pl.Int64).to_numpy()
        return numbers
