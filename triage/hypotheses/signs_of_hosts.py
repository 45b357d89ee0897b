"""A sign that one instance is bad: of several that do the same work it alone fails."""

from __future__ import annotations

import polars as pl

from triage.hypotheses.facts import UNIT, Facts, to_lines
from triage.hypotheses.signs import STRONGEST, Sign, failing_units

#: Failing lines, at least, and the part of them from one instance, which does at most this part of the work.
LEAST, ALONE, WORK = 8, 0.95, 0.6
#: Part of an instance's lines of normal work that others write too: what has its own is no instance of the same.
ALIKE = 0.5
INSTANCE = "instance"


def sign_of_one_host(facts: Facts) -> Sign | None:
    """The instance of the likeliest origin that fails alone, if there is one."""
    if facts.onset is None or not facts.origins:
        return None
    service = facts.origins[0].service
    lines = facts.heard.filter(pl.col("service_name") == service).select(
        *UNIT, "timestamp", "source", "line", "raw", pl.coalesce("host_name", "source").alias(INSTANCE)
    )
    since, failing = pl.col("timestamp") >= facts.onset.earliest, failing_units(facts)
    counted = lines.group_by(INSTANCE, *UNIT).agg(pl.len(), since.sum().alias("late")).collect(engine="streaming")
    bad = counted.join(failing, on=list(UNIT), how="semi")
    fails = bad.group_by(INSTANCE).agg(pl.col("late").sum()).sort("late", INSTANCE, descending=[True, False])
    total = int(fails["late"].sum())
    if total < LEAST or fails["late"][0] < ALONE * total:
        return None
    instance = str(fails[INSTANCE][0])
    others, part = _work(counted.join(failing, on=list(UNIT), how="anti"), instance)
    if not others or part > WORK:
        return None
    own = lines.filter(since, pl.col(INSTANCE) == instance).join(failing.lazy(), on=list(UNIT), how="semi")
    shown = own.bottom_k(2, by=["timestamp", "source", "line"]).collect()
    return Sign(
        kind="host",
        service=service,
        name=f"{instance} alone in {service}",
        claim=f"Something is wrong with {instance} alone",
        statement=f"{fails['late'][0]} of {total} failing lines of {service} come from {instance}, which does "
        f"{part:.0%} of the work that {others} {'others do' if others > 1 else 'other does'} as well",
        weight=round(STRONGEST, 3),
        lines=to_lines(shown.sort("timestamp", "source", "line")),
        next_check=f"Take {instance} out of the traffic, and compare its host, version and settings with the others",
    )


def _work(work: pl.DataFrame, instance: str) -> tuple[int, float]:
    """How many others write what an instance writes, and its part of that; none where it writes what they do not."""
    own, others = work.filter(pl.col(INSTANCE) == instance), work.filter(pl.col(INSTANCE) != instance)
    shared = others.filter(pl.col("template_id").is_in(own["template_id"].implode()))
    both = own.filter(pl.col("template_id").is_in(shared["template_id"].implode()))
    mine, theirs = int(both["len"].sum()), int(shared["len"].sum())
    if not mine or mine < ALIKE * int(own["len"].sum()):
        return 0, 1.0
    return shared[INSTANCE].n_unique(), mine / (mine + theirs)
