"""From two sets of records with templates to their differences."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from triage.comparison.comparison import Comparison, Side
from triage.comparison.cover import Cover, cover_of, cover_of_service
from triage.comparison.discovery import family_q_values
from triage.comparison.enough import Enough, lines_needed
from triage.comparison.frame import all_tests, differences, kinds, parameter_table, rate_columns, rate_table
from triage.comparison.heads import other_heads
from triage.comparison.lines import with_last_lines, with_lines
from triage.comparison.notes import capped, gaps, partial, seldom, traffic, untimed
from triage.comparison.parameters import Tried, compare_parameters
from triage.comparison.rates import SAME, Covers, Rates, compare_rates, joint_rows
from triage.comparison.senders import writing
from triage.comparison.shared import shared_records
from triage.comparison.stops import find_stops
from triage.onset.bins import Booleans, Floats, Integers

MAX_Q = 0.05
FAILING, OTHERS, PARAMETERS, SERVICES = range(4)


@dataclass(frozen=True, eq=False)
class Records:
    """One set, as it is compared.

    Attributes
    ----------
    scan : polars.LazyFrame
        Its records, with ``template_id``.
    counts : polars.DataFrame
        ``template_id``, ``service_name``, ``second``, ``count`` of the timed ones.
    known : polars.DataFrame
        ``service_name``, ``first``, ``last``: seconds of each service's first and last line, also outside of the set.
    low, high : int
        The set's time in epoch seconds, the end not included.
    given : tuple of str
        What was named to read it.
    """

    scan: pl.LazyFrame
    counts: pl.DataFrame
    known: pl.DataFrame
    low: int
    high: int
    given: tuple[str, ...] = ()


def extent_of(counts: pl.DataFrame) -> pl.DataFrame:
    """Seconds of the first and the last line of each service."""
    second = pl.col("second")
    return counts.group_by("service_name").agg(second.min().alias("first"), second.max().alias("last"))


def differ(a: Records, b: Records, sides: tuple[Side, Side], templates: pl.DataFrame) -> Comparison:
    """Compare two sets.

    Parameters
    ----------
    a, b : Records
        The baseline and the other one.
    sides : pair of Side
        What is said of them.
    templates : polars.DataFrame
        As `reading.describe_templates` gives it.
    """
    wholes = [cover_of(_seconds(part.counts), part.low, part.high) for part in (a, b)]
    covers = _covers((a, b), wholes)
    units = compare_rates(*joint_rows((a.counts, b.counts), covers))
    services = compare_rates(*joint_rows((_by_service(a.counts), _by_service(b.counts)), covers), units.traffic)
    tried = compare_parameters((a.scan, b.scan), units, templates, covers)
    failing = units.rows.units["template_id"].is_in(templates.filter("failing")["template_id"].implode()).to_numpy()
    families = [
        np.where(failing, FAILING, OTHERS),
        np.full(len(tried.tests), PARAMETERS),
        np.full(len(services.p), SERVICES),
    ]
    p = np.concatenate([units.p, [test.shift.p for test in tried.tests], services.p])
    q = family_q_values(p, np.concatenate(families))
    q_units, q_parameters, q_services = np.split(q, [len(units.p), len(units.p) + len(tried.tests)])
    rates = rate_table(units, units.p, q_units)
    parameters = parameter_table(tried.tests, p[len(units.p) : len(p) - len(services.p)], q_parameters)
    by_service = _services(services, units, q_services)
    stops = find_stops((writing(a.scan, a.given), writing(b.scan, b.given)), wholes, units.traffic, MAX_Q)
    told = _told(rates, parameters, units, tried, by_service, (a, b), failing, stops)
    frame = with_lines(differences(*told, templates), a.scan, b.scan)
    timed = [replace(side, seconds=whole.seconds) for side, whole in zip(sides, wholes, strict=True)]
    tests = all_tests(rates, parameters)
    stopped = set(stops.filter(pl.col("kind") == "service")["name"])
    notes = (
        *gaps(wholes, [(part.low, part.high) for part in (a, b)]),
        *seldom(tests, frame, templates),
        *traffic(units.traffic),
        *untimed((sides[0].untimed, sides[1].untimed)),
        *partial(covers, wholes, stopped),
        *capped(tried),
        *other_heads((a.scan, b.scan), (a.given, b.given)),
    )
    return Comparison(
        frame=frame,
        stops=with_last_lines(stops, (a.scan, b.scan), (a.given, b.given)),
        services=by_service,
        tests=tests,
        a=timed[0],
        b=timed[1],
        max_q=MAX_Q,
        enough=_enough(units, (wholes[0].seconds, wholes[1].seconds), np.concatenate(families)),
        traffic=units.traffic,
        shared=shared_records(a.scan, b.scan),
        notes=notes,
    )


def _enough(units: Rates, seconds: tuple[int, int], family: Integers) -> Enough:
    """What the sets can tell of a template, were it the only one that changed."""
    largest_p = MAX_Q / (len(np.unique(family)) * max(1, int((family == OTHERS).sum())))
    new, gone = (lines_needed(seconds, largest_p, new=each) for each in (True, False))
    most_a, most_b = (int(most) for most in units.lines.max(axis=0, initial=0))
    return Enough(new, gone, most_a, most_b)


def _seconds(counts: pl.DataFrame) -> Integers:
    seconds: Integers = counts["second"].unique().sort().to_numpy()
    return seconds


def _by_service(counts: pl.DataFrame) -> pl.DataFrame:
    """Counts of all templates together."""
    summed = counts.group_by("service_name", "second").agg(pl.col("count").sum())
    return summed.select(pl.lit("").alias("template_id"), "service_name", "second", "count")


def _covers(parts: tuple[Records, Records], wholes: list[Cover]) -> Covers:
    """What each service covers of both sets; all the time of a set in which it has no line."""
    found: list[dict[str | None, Cover]] = []
    for part, whole in zip(parts, wholes, strict=True):
        known = {row[0]: (row[1], row[2]) for row in part.known.select("service_name", "first", "last").iter_rows()}
        by_service = part.counts.group_by("service_name").agg(pl.col("second").unique().sort())
        found.append(
            {name: cover_of_service(np.array(seconds), whole, known[name]) for name, seconds in by_service.iter_rows()}
        )
    names = sorted(found[0].keys() | found[1].keys(), key=str)
    return {name: (found[0].get(name, wholes[0]), found[1].get(name, wholes[1])) for name in names}


def _services(services: Rates, units: Rates, q: Floats) -> pl.DataFrame:
    """A row a service, and whether it changed as a whole: it is in one set only, or its templates went together."""
    names = services.rows.units["service_name"]
    factors = dict(zip(units.rows.units["service_name"].to_list(), units.factor.tolist(), strict=True))
    own = np.abs(np.log([factors.get(name, 1.0) for name in names])) > np.log(SAME)
    changed = (q <= MAX_Q) & services.notable & (own | (services.lines == 0).any(axis=1))
    columns = {name: pl.Series(values) for name, values in rate_columns(services).items()}
    frame = names.to_frame().with_columns(**columns, p_value=pl.Series(services.p), q_value=pl.Series(q))
    counts = [pl.col(name).cast(pl.Int64) for name in ("count_a", "count_b")]
    return frame.with_columns(*counts, pl.Series("changed", changed, dtype=pl.Boolean)).sort("service_name")


def _told(
    rates: pl.DataFrame,
    parameters: pl.DataFrame,
    units: Rates,
    tried: Tried,
    services: pl.DataFrame,
    sets: tuple[Records, Records],
    failing: Booleans,
    stops: pl.DataFrame,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rates and parameters that are to be listed.

    Of a service that only one set has, that is the news; of its templates only those that fail are told. Of one that
    fell silent no template is told to have become less frequent.
    """
    one_sided = services.filter(pl.min_horizontal("count_a", "count_b") == 0)["service_name"]
    alone = pl.col("service_name").is_in(one_sided.implode(), nulls_equal=True)
    seen = (sets[0].counts["template_id"].unique(), sets[1].counts["template_id"].unique())
    chosen = (pl.col("q_value") <= MAX_Q) & pl.Series(units.notable) & (~alone | pl.Series(failing))
    silent = stops.filter(pl.col("kind") == "service", pl.col("count_b") > 0)["name"]
    chosen &= ~(pl.col("service_name").is_in(silent.implode(), nulls_equal=True) & (pl.col("ratio") < 1))
    changed = rates.filter(chosen).with_columns(kinds(seen))
    notable = pl.Series([test.shift.notable for test in tried.tests], dtype=pl.Boolean)
    counted = rates.drop("ratio", "ratio_low", "ratio_high", "p_value", "q_value")
    shifted = parameters.filter((pl.col("q_value") <= MAX_Q) & notable).join(counted, on="unit", how="left")
    return changed, shifted.with_columns(pl.lit("parameter").alias("kind"))
