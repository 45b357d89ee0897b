"""From what is known of an incident to its impact."""

from __future__ import annotations

import polars as pl

from triage.hypotheses import Facts
from triage.impact.impact import Failing, Impact, OperationImpact, ServiceImpact
from triage.impact.requests import find_requests
from triage.patterns import error_records

UNIT = ["template_id", "service_name"]


def find_impact(facts: Facts) -> Impact:
    """Figures on services and operations; counted once for the same facts.

    Records of muted templates have no part in it.
    """
    return facts.remember("impact", lambda: _find(facts))


def _find(facts: Facts) -> Impact:
    since = facts.sure_onset.at if facts.sure_onset else facts.start
    after = pl.col("timestamp") >= since
    found = find_requests(facts.heard, after)
    return Impact(
        start=facts.start,
        end=facts.end,
        since=since,
        services=_services(facts.heard, after),
        operations=tuple(
            OperationImpact(service=row.pop("service_name"), sources=tuple(row.pop("sources")), **row)
            for row in found.to_dicts()
        ),
        failing=_failing(facts),
    )


def _services(records: pl.LazyFrame, after: pl.Expr) -> tuple[ServiceImpact, ...]:
    def counts(of: pl.LazyFrame, name: str) -> pl.LazyFrame:
        before, since = (~after).sum().alias(f"{name}_before"), after.sum().alias(f"{name}_since")
        return of.group_by("service_name").agg(before, since)

    whole, errors = counts(records, "records"), counts(error_records(records), "errors")
    rows = whole.join(errors, on="service_name", how="left", nulls_equal=True).collect(engine="streaming")
    order = ["errors_since", "errors_before", "service_name"]
    ordered = rows.fill_null(0).sort(order, descending=[True, True, False], nulls_last=True)
    return tuple(ServiceImpact(row.pop("service_name"), **row) for row in ordered.to_dicts())


def _failing(facts: Facts) -> Failing | None:
    """What came with a sure onset."""
    if facts.sure_onset is None or not len(facts.came):
        return None
    lines = facts.heard.join(facts.came.lazy().unique(), on=UNIT, how="semi", nulls_equal=True)
    times = lines.filter(pl.col("timestamp") >= facts.sure_onset.earliest).select(pl.col("timestamp").sort())
    at = times.collect(engine="streaming")["timestamp"]
    if not len(at):
        return None
    first, last = at[0], at[-1]
    pauses = at.dt.epoch("us").diff().drop_nulls().to_list()
    pause = max(pauses, default=0) / 1e6
    return Failing(len(at), first, last, pause, (facts.end - last).total_seconds() <= pause)
