"""More customers than the bank is quick enough for: load, and no change."""

from __future__ import annotations

from ..customers import Customers
from ..fleet import Parts
from ..scenario import Scenario, Seen, Trouble
from ..timeline import deploy, flag, keep_alive


def tell(seen: Seen) -> Trouble:
    """Name no change."""
    span = seen.first("payments", "failed", "PoolTimeout", seen.made[0].time)
    notes = (
        "An advertisement brings customers who buy at once. payments holds a connection while the bank thinks, and "
        f"has six: {seen.count('payments', 'failed', 'PoolTimeout')} requests found none. No change brought it. Onset: "
        "the first of them, from its beginning to its answer, as payments itself counted."
    )
    symptom = "Our advertisement is out, and since about {time} every other order fails or takes forever."
    marks = (r"no connection after [\d.]+ s", r"payments answered 503")
    return Trouble("payments", span, None, marks, notes, symptom)


SCENARIO = Scenario(
    name="flash-sale",
    minutes=12.0,
    seed=19,
    steps=(
        deploy(0.11, "inventory", "2.3.2", "search shows the cheapest first"),
        deploy(0.30, "payments", "1.19.0", "fees as a share of the amount"),
        deploy(0.49, "checkout", "5.8.0", "delivery days in the order confirmation"),
        keep_alive(0.57, 65),
        flag(0.84, "checkout", "suggestions", "on"),
    ),
    tell=tell,
    done="an advertisement brings several times as many orders as there are on other days.",
    conclude="orders, and with them everything else, had grown before anything failed: payments is too small for it.",
    hard="checkout and payments were deployed before, and what fails looks like a leak of connections.",
    parts=Parts(others=("bank", "worker"), settings={"bank": {"bank_seconds": 0.8}}),
    customers=Customers(2.9, campaign=(0.5, 1.0, 13.0)),
)
