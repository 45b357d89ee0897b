"""Kinds of lines that differ in one word, such as two outcomes: *mix shift* is that one takes the other's part.

The share of one among both depends neither on how much work there is nor on when it comes.
"""

from __future__ import annotations

import re
from collections import defaultdict

import numpy as np
import polars as pl

from triage.onset.bins import Integers
from triage.onset.samples import sample_lines
from triage.onset.sequences import costing, share_step
from triage.onset.series import UNIT, Series
from triage.onset.shifts import LEAST_SHARE
from triage.onset.values import SAMPLED, Shift

#: Most kinds of lines that are told apart by one word: of more, the word is a name.
MOST_SIBLINGS = 6
#: Fewest lines of all siblings together, and most families looked at.
FEWEST_LINES, MOST_FAMILIES = 16, 300
#: How much more, or less, there may be of all siblings together after a shift: else work came or went.
STEADY = 2.5
Unit = tuple[str, str | None]
#: What varies is masked in one of several ways, after the few values that were seen.
_ANY = re.compile(r"<[A-Z0-9_*]+>")


def find_mix_shifts(records: pl.LazyFrame, series: Series, templates: pl.DataFrame) -> tuple[list[Shift], int]:
    """The most telling shift in each family, with the template it took its part from, and how many were tested.

    Parameters
    ----------
    records : polars.LazyFrame
        As for `values.find_shifts`.
    series : Series
        Counts of all units.
    templates : polars.DataFrame
        ``template_id`` and ``template``.
    """
    units = series.extent.join(templates.select("template_id", "template"), on="template_id")
    families = find_families(units)
    if not families:
        return [], 0
    size = dict(zip(units.select(UNIT).iter_rows(), units["count"], strict=True))
    rows = [
        (*member, number, sum(size[one] for one in family))
        for number, family in enumerate(families)
        for member in family
    ]
    schema = {**dict.fromkeys(UNIT, pl.String), "unit": pl.UInt32, "lines": pl.Int64}
    samples = sample_lines(records, pl.DataFrame(rows, schema=schema, orient="row"), SAMPLED)
    found = []
    for number, family in enumerate(families):
        lines = samples.get((number,))
        if lines is None or len(lines) < FEWEST_LINES:
            continue
        ids, times = lines["template_id"], lines["timestamp"].dt.epoch("ns").to_numpy()
        tried = []
        for template, service in family:
            there = (ids == template).to_numpy()
            step = share_step(~there)
            if step is not None:
                tried.append((step, template, service, there))
        if not tried:
            continue
        step, template, service, there = max(tried, key=lambda one: (one[0].llr, one[1]))
        before, after = float(there[: step.place].mean()), float(there[step.place :].mean())
        # Where one takes the other's place altogether, the line was only worded anew.
        if after - before < LEAST_SHARE or (before == 0 and after == 1) or not _steady(times, step.place):
            continue
        given = _loser(ids, step.place, template)
        step = costing(step, float(np.log(len(family))))
        unit = {"template_id": template, "service_name": service}
        found.append(Shift(unit, "mix shift", None, step, times, before, after, given))
    return found, len(families)


def find_families(units: pl.DataFrame) -> list[list[Unit]]:
    """Units of one service whose templates differ in one word, each family once, the largest first.

    Parameters
    ----------
    units : polars.DataFrame
        ``template_id``, ``service_name``, ``template``, ``count``.

    Examples
    --------
    >>> texts = ["order <*> accepted", "order <*> refused", "cache warm"]
    >>> units = pl.DataFrame({"template_id": ["a", "b", "c"], "service_name": ["s"] * 3, "template": texts,
    ...                       "count": [9, 8, 7]})
    >>> find_families(units)
    [[('a', 's'), ('b', 's')]]
    """
    alike: dict[tuple[str | None, tuple[str, ...]], list[tuple[str, Unit, int]]] = defaultdict(list)
    for template_id, service, template, count in units.select(*UNIT, "template", "count").iter_rows():
        words = _ANY.sub("<>", str(template)).split()
        for place, word in enumerate(words):
            rest = (*words[:place], "", *words[place + 1 :])
            if "<" not in word and any(other and "<" not in other for other in rest):
                alike[service, rest].append((word, (template_id, service), count))
    families = {}
    for members in alike.values():
        if not 2 <= len(members) <= MOST_SIBLINGS or len({word for word, _, _ in members}) < 2:
            continue
        total = sum(count for _, _, count in members)
        if total >= FEWEST_LINES:
            families[tuple(sorted((unit for _, unit, _ in members), key=str))] = total
    order = sorted(families, key=lambda family: (-families[family], str(family)))
    return [list(family) for family in order[:MOST_FAMILIES]]


def _loser(ids: pl.Series, place: int, winner: str) -> str:
    """The sibling that has lost the largest share at a place."""
    before, after = ids[:place], ids[place:]
    others = sorted(set(ids.to_list()) - {winner})
    return str(max(others, key=lambda one: (before == one).sum() / len(before) - (after == one).sum() / len(after)))


def _steady(times: Integers, place: int) -> bool:
    """Whether lines came about as often after a place as before it."""
    before = place / max(1, int(times[place] - times[0]))
    after = (len(times) - place) / max(1, int(times[-1] - times[place - 1]))
    return 1 / STEADY <= after / before <= STEADY
