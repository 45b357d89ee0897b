"""A deploy that makes searches slow, told by hosts that do not agree on the time."""

from __future__ import annotations

from ..customers import Customers
from ..fleet import Parts
from ..scenario import Scenario, Seen, Trouble
from ..timeline import deploy, flag, keep_alive

BEHIND = 73.0


def tell(seen: Seen) -> Trouble:
    """Name the deploy that searches in another order."""
    cause = seen.step("cause")
    span = seen.first("inventory", "slow", "search", cause.time)
    notes = (
        "inventory 2.5.0 orders what was found by sales, without an index: "
        f"{seen.count('inventory', 'slow', 'search')} searches took long. Onset: the first of them, from its beginning "
        f"to its answer, by a clock that is right. The clock of inventory's host is {BEHIND:g} s behind, and payments "
        "writes the time of New York without saying so."
    )
    symptom = "Since about {time} searching takes ages; nothing fails. The rest of the shop is as fast as ever."
    return Trouble("inventory", span, cause, (r"GET /search 200 (?:[5-9]\d|[1-9]\d\d+)\.\d ms",), notes, symptom)


SCENARIO = Scenario(
    name="slow-search",
    minutes=15.0,
    seed=12,
    steps=(
        keep_alive(0.10, 65),
        deploy(0.24, "payments", "1.19.0", "fees as a share of the amount"),
        deploy(0.38, "inventory", "2.5.0", "search shows the most sold first").as_("cause"),
        deploy(0.43, "checkout", "5.8.0", "delivery days in the order confirmation"),
        flag(0.71, "checkout", "suggestions", "on"),
    ),
    tell=tell,
    done="inventory 2.5.0 sorts what was found by sales, and counts 300,000 rows for each item.",
    conclude="searches take some twenty times as long since 2.5.0; there is no error, and nothing else is slower.",
    hard="only durations change; one clock is 73 s behind, and payments writes the time of New York as if it were UTC.",
    parts=Parts(
        others=("worker",),
        sales=300_000,
        settings={"inventory": {"clock_ahead": -BEHIND}, "payments": {"local_times": True}},
    ),
    customers=Customers(3.2),
)
