"""What the failing lines share: from records, onsets and error groups to a table of findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from triage.hypotheses import Facts
from triage.hypotheses.facts import to_lines
from triage.ingest.held import Records
from triage.onset.significance import q_values
from triage.patterns import ErrorGroup
from triage.patterns.keys import KINDS, is_place, kind_of
from triage.shares.bearing import comparable, read_values
from triage.shares.cohorts import Cohort, find_cohorts
from triage.shares.counts import count_values, with_tests
from triage.shares.shared import FOUND, Alike, Shared
from triage.shares.units import Units, draw_units, looked_at
from triage.shares.wording import alike_words, finding_words

#: Findings are kept up to this false discovery rate, from this ratio of shares on, and this difference.
MAX_Q, LEAST_LIFT, LEAST_MORE = 0.01, 1.5, 0.1
#: Instances fail alike where ratios are known to lie within this factor, for this many values or more.
ALIKE, FEWEST_ALIKE = 2.0, 2
#: A value must be expected in so many failing cases for its ratio to be known.
EXPECTED = 5.0


def find_shared(facts: Facts, groups: Sequence[ErrorGroup], templates: pl.DataFrame) -> Shared:
    """What failing lines have more often than the same service's other lines, or requests.

    Parameters
    ----------
    facts : Facts
        With records, onset and event.
    groups : sequence of ErrorGroup
        The incident's.
    templates : polars.DataFrame
        ``template_id``, ``template``.
    """
    cohorts = find_cohorts(facts, groups)
    if not cohorts:
        return Shared(pl.DataFrame(schema=FOUND), max_q=MAX_Q)
    adverse = {template for cohort in cohorts for template in cohort.templates}
    adverse |= {template for group in groups for template in group.template_ids}
    lines = looked_at(facts.records, cohorts, sorted(adverse), facts.muted)
    found = [units for cohort in cohorts if (units := draw_units(lines, cohort)) is not None]
    texts = dict(templates.select("template_id", "template").iter_rows())
    return shared_by(facts.records, found, texts, sorted(adverse))


def shared_by(records: Records, found: Sequence[Units], templates: Mapping[str, str], adverse: Sequence[str]) -> Shared:
    """What the failing units of each cohort share."""
    of_requests, of_lines = read_values(records, found, templates, adverse)
    left_out: set[str] = set()
    parts = []
    for number, units in enumerate(found):
        own = (of_requests if units.requests else of_lines).join(units.frame.select("unit"), on="unit", how="semi")
        values, many = comparable(own)
        left_out.update(many["key"])
        tested = with_tests(count_values(units, values), units)
        parts.append(tested.with_columns(pl.lit(number, pl.Int64).alias("cohort")))
    if not parts:
        return Shared(pl.DataFrame(schema=FOUND), max_q=MAX_Q)
    tests = pl.concat(parts)
    tests = tests.with_columns(pl.Series("q_value", q_values(np.exp(tests["log_p"].to_numpy()))))
    alike = tuple(one for number, units in enumerate(found) for one in _alike(tests.filter(cohort=number), units))
    rows = _told(_findings(tests, found))
    frame = _table(rows, found, records)
    return Shared(frame, alike, len(tests), tuple(sorted(left_out)), MAX_Q)


def _findings(tests: pl.DataFrame, found: Sequence[Units]) -> pl.DataFrame:
    """The tests that are findings, those that tell most first."""
    more = pl.col("bad") / pl.col("bad_all") - pl.col("other") / pl.col("other_all")
    kept = tests.filter(pl.col("q_value") <= MAX_Q, pl.col("lift") >= LEAST_LIFT, more >= LEAST_MORE, "lasting")
    kinds = {key: kind_of(key) or "" for key in kept["key"].unique()}
    services = pl.Series([found[number].cohort.service for number in kept["cohort"]], dtype=pl.String)
    kept = kept.with_columns(
        pl.col("key").replace_strict(kinds, return_dtype=pl.String).alias("kind"),
        pl.col("of").eq_missing(services).alias("own"),
        more.alias("more"),
    )
    order = pl.col("kind").replace_strict({kind: n for n, kind in enumerate(KINDS)}, return_dtype=pl.Int64)
    by = [order, "log_p", "more", "cohort", "own", "key", "value", "of"]
    return kept.sort(by, descending=[False, False, True, False, True, False, False, False], nulls_last=True)


def _told(findings: pl.DataFrame) -> pl.DataFrame:
    """One row for all values that the same units have: they cannot be told apart. The others stand in ``also``."""
    same = ["cohort", "kind", "mark", "bad", "bad_all", "other", "other_all", "against"]
    # Of one key these are a value, and it without its numbers.
    others = pl.format("{}={}", "key", "value").filter(pl.col("key") != pl.col("key").first())
    return findings.group_by(same, maintain_order=True).agg(
        pl.all().first(), others.unique(maintain_order=True).alias("also")
    )


def _table(rows: pl.DataFrame, found: Sequence[Units], records: Records) -> pl.DataFrame:
    made = []
    for row in rows.iter_rows(named=True):
        units = found[row["cohort"]]
        made.append(
            {
                "error_group": units.cohort.group, "service": units.cohort.service,
                "unit": "requests" if units.requests else "lines",
                **{name: row[name] for name in ("of", "key", "value", "kind", "against", "also", "q_value", "lift")},
                **{name: int(row[name]) for name in ("bad", "bad_all", "other", "other_all")},
                "failing": units.failing, "lift_low": row["low"], "lift_high": row["high"],
                "p_value": float(np.exp(row["log_p"])), "statement": finding_words(row, units),
                "lines": _lines(row, records),
            }
        )  # fmt: skip
    return pl.DataFrame(made, schema=FOUND)


def _lines(row: Mapping[str, Any], records: Records) -> list[dict[str, object]]:
    """The line that bears the value in the first failing unit that has it."""
    shown = to_lines(records.take([int(row["first"])]))
    return [{"source": line.source, "line": line.line, "text": line.text} for line in shown]


def _alike(tests: pl.DataFrame, units: Units) -> list[Alike]:
    """Keys of places by whose values failing units do not differ."""
    found = []
    cases = units.cases(0) / max(1, int((units.frame["side"] == 0).sum()))
    for (key, of), part in tests.group_by("key", "of", maintain_order=True):
        name = str(key)
        if not is_place(name) or of != units.cohort.service:
            continue
        expected = pl.col("other") / pl.col("other_all") * pl.col("bad_all") * cases
        known = part.filter(expected >= EXPECTED)
        most = max([*known["high"], *(1 / known["low"])], default=float("inf"))
        if len(known) >= FEWEST_ALIKE and len(known) == len(part) and most <= ALIKE:
            words = alike_words(name, len(known), most, units)
            found.append(Alike(units.cohort.group, units.cohort.service, name, len(known), float(most), words))
    return sorted(found, key=lambda one: one.key)


__all__ = ["Cohort", "find_shared", "shared_by"]
