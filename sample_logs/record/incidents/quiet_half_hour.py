"""Half an hour with six deploys, and nothing to find."""

from __future__ import annotations

from ..customers import Customers
from ..fleet import Parts
from ..scenario import Scenario, Seen, Trouble
from ..timeline import deploy, flag, keep_alive


def tell(seen: Seen) -> Trouble:
    """Say that there is nothing."""
    notes = (
        "Six deploys, a flag and an edit, all of them harmless. Whatever fails does so on every other day: cards that "
        "are refused, items out of stock, a crawler that is too fast, pages that do not exist."
    )
    symptom = "Somebody said on the phone that the shop was slow this morning. Is anything wrong?"
    return Trouble(None, None, None, (), notes, symptom)


SCENARIO = Scenario(
    name="quiet-half-hour",
    minutes=30.0,
    seed=22,
    steps=(
        deploy(0.09, "inventory", "2.3.2", "search shows the cheapest first"),
        flag(0.20, "checkout", "suggestions", "on"),
        deploy(0.31, "payments", "1.19.0", "fees as a share of the amount"),
        deploy(0.42, "checkout", "5.8.0", "delivery days in the order confirmation"),
        keep_alive(0.52, 65),
        deploy(0.61, "worker", "1.2.1", "letters are written with the name of the shop"),
        deploy(0.74, "payments", "1.19.1", "the fee table is logged at the start"),
        deploy(0.88, "checkout", "5.8.2", "smaller answers"),
    ),
    tell=tell,
    done="six deploys, a flag and an edit in half an hour; none of them does any harm.",
    conclude="nothing: what fails, fails at the same rate all the time.",
    hard="every deploy brings new lines and a gap of a moment, and somebody said that something is slow.",
    parts=Parts(others=("bank", "worker")),
    customers=Customers(2.6),
    report_every=300.0,
)
