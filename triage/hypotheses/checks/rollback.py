"""Did the trouble end when the change was undone, by a rollback or by turning the flag back?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl

from triage.changes import Change
from triage.hypotheses.candidates import Candidate, name_of
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import UNIT, Facts, lines_at
from triage.hypotheses.history import history_of
from triage.hypotheses.moved import HERE, Floats, seconds, upto
from triage.hypotheses.words import clock, same_service, service_key

ENDED, WENT_ON = 2.0, -2.0
#: Time for the undoing to act, and the least that must be seen after it to say anything.
GRACE, LEAST_AFTER = timedelta(seconds=60), timedelta(seconds=60)
#: The rate of failing lines after the rollback against before it, below which the trouble has ended.
ENDED_SHARE = 0.1
#: Seconds that a rate is taken over, at least.
SHORTEST = 1.0


@dataclass(frozen=True, eq=False)
class Rates:
    """Failing lines from the onset to a rollback, and from when it has acted to the end, a minute; and the weight.

    Arrays of shape (changes, moves); `until` and `since` are how many failing lines there are up to the rollback, and
    before it has acted.
    """

    before: Floats
    after: Floats
    until: Floats
    since: Floats
    weight: Floats


def rollback(candidate: Candidate, facts: Facts) -> Evidence | None:
    """For a change whose later rollback ends the failing lines; against it if they go on."""
    if candidate.change is None or facts.onset is None:
        return None
    undone = history_of(facts).undoing(candidate.change)
    if undone is None:
        return None
    lines, whose = _failing_lines(facts, candidate.change.service)
    found = _rates([undone], lines["at"].to_numpy(), facts, HERE)
    weight, until, since = (float(each[0, 0]) for each in (found.weight, found.until, found.since))
    if not weight:
        return None
    what = f"the {name_of(undone)} at {clock(undone.time)}"
    numbers = f"{found.before[0, 0]:.1f} failing lines a minute{whose} before, {found.after[0, 0]:.1f} after"
    first = max(0, int(until) - 2) if weight > 0 else int(since)
    rows = lines["row"][first : int(until) if weight > 0 else first + 2].to_list()
    shown = facts.remember(("rollback", *rows), lambda: lines_at(facts.records, rows))
    if weight > 0:
        return Evidence("rollback", f"The trouble ended with {what}: {numbers}", weight, shown)
    return Evidence("rollback", f"The trouble went on after {what}: {numbers}", weight, shown)


def rollback_weights(changes: Sequence[Change], facts: Facts, moves: Floats) -> Floats:
    """Weights of changes for the onset at many times (see `moved`): failing lines and the end of the logs move too."""
    history, weights = history_of(facts), np.zeros((len(changes), len(moves)))
    rows: dict[str, list[int]] = {}
    undone = [history.undoing(change) for change in changes]
    for row, change in enumerate(changes):
        if undone[row] is not None:
            rows.setdefault(service_key(change.service), []).append(row)
    for places in rows.values():
        lines, _ = _failing_lines(facts, changes[places[0]].service)
        found = _rates([each for place in places if (each := undone[place])], lines["at"].to_numpy(), facts, moves)
        weights[places] = found.weight
    return weights


def _rates(undone: Sequence[Change], lines: Floats, facts: Facts, moves: Floats) -> Rates:
    """What became of failing lines (seconds from the onset) with rollbacks, which have moved against them."""
    begin = seconds([change.time for change in undone], facts)[:, None] - moves
    acts = seconds([(change.end or change.time) + GRACE for change in undone], facts)[:, None] - moves
    end = float(seconds([facts.end], facts)[0])
    first = np.searchsorted(lines, 0.0, side="left")
    until, since = upto(lines, begin), np.searchsorted(lines, acts, side="left")
    before, after = np.maximum(until - first, 0), np.maximum(upto(lines, np.array(end)) - since, 0)
    rates = 60 * before / np.maximum(begin, SHORTEST), 60 * after / np.maximum(end - acts, SHORTEST)
    says = (begin >= 0) & (end - acts >= LEAST_AFTER.total_seconds()) & (before > 0)
    weight = np.where(says, np.where(rates[1] <= ENDED_SHARE * rates[0], ENDED, WENT_ON), 0.0)
    return Rates(*rates, until.astype(np.float64), since.astype(np.float64), weight)


def _failing_lines(facts: Facts, service: str | None) -> tuple[pl.DataFrame, str]:
    """``row`` and ``at`` (seconds from the onset) of failing lines of the event, and whose they are.

    Those that the service writes, or all where it writes none.
    """
    return facts.remember(("failing lines of", service), lambda: _find_failing_lines(facts, service))


def _find_failing_lines(facts: Facts, service: str | None) -> tuple[pl.DataFrame, str]:
    bad = facts.event.filter("failing")
    names = [origin.service for origin in facts.origins if same_service(origin.service, service)]
    own = bad.filter(pl.col("service_name").is_in(names)) if names else bad.clear()
    key = service_key(service) if len(own) else None
    lines = facts.remember(("failing lines", key), lambda: _lines(facts, own if len(own) else bad))
    return lines, f" of {service}" if len(own) else ""


def _lines(facts: Facts, chosen: pl.DataFrame) -> pl.DataFrame:
    assert facts.onset is not None
    lines = facts.records.lazy().select(*UNIT, "timestamp", "source", "line").with_row_index("row")
    lines = lines.join(chosen.lazy(), on=list(UNIT), how="semi", nulls_equal=True)
    found = lines.collect(engine="streaming").sort("timestamp", "source", "line")
    since = (pl.col("timestamp") - pl.lit(facts.onset.at)).dt.total_nanoseconds() / 1e9
    return found.select("row", since.alias("at"))
