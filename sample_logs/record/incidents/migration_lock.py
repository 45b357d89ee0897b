"""A migration that keeps a table locked while it fills a column."""

from __future__ import annotations

from ..customers import Customers
from ..fleet import Parts
from ..scenario import Scenario, Seen, Trouble
from ..timeline import deploy, flag, keep_alive, migration


def tell(seen: Seen) -> Trouble:
    """Name the migration."""
    cause = seen.step("cause")
    first = seen.first("checkout", "failed", "UpstreamTimeout", cause.time)
    notes = (
        "The migration adds a column and fills it in batches, with pauses, all in one transaction: nobody else could "
        f"use the charges meanwhile, and {seen.count('payments', 'failed', 'PoolTimeout')} requests found no free "
        "connection. Onset: from the beginning of the migration to the first order that checkout gave up, as checkout "
        "itself counted. It ended with the migration."
    )
    symptom = "From about {time} on nobody could pay or see an order for some minutes; then it went away by itself."
    marks = (r"no connection after [\d.]+ s", r"still waiting for \w+ on relation", r"payments gave no answer to")
    return Trouble("payments", (cause.time, first[1]), cause, marks, notes, symptom)


SCENARIO = Scenario(
    name="migration-lock",
    minutes=15.0,
    seed=16,
    steps=(
        deploy(0.13, "inventory", "2.3.2", "search shows the cheapest first"),
        keep_alive(0.29, 65),
        flag(0.38, "checkout", "suggestions", "on"),
        deploy(0.49, "payments", "1.19.0", "fees as a share of the amount"),
        migration(0.52, 0.25).as_("cause"),
        deploy(0.86, "checkout", "5.8.0", "delivery days in the order confirmation"),
    ),
    tell=tell,
    done="a migration of the charges holds the lock of its ALTER TABLE while it fills the new column, with pauses.",
    conclude="payments waited for the migration's lock, as the database says itself; all was well when it ended.",
    hard="payments was deployed half a minute before, and its errors speak of connections, not of a lock.",
    parts=Parts(others=("bank", "worker")),
    customers=Customers(3.6),
    report_every=60.0,
)
