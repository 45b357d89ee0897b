"""Two problems that have nothing to do with each other, a minute apart."""

from __future__ import annotations

from dataclasses import replace

from ..customers import Customers
from ..fleet import Parts
from ..scenario import Scenario, Seen, Trouble
from ..timeline import deploy, flag, outage


def _bank(seen: Seen) -> Trouble:
    """Tell of the other problem: the bank is gone."""
    span = seen.first("payments", "failed", "UpstreamError", seen.step("hidden").time)
    notes = f"The bank stopped to answer: {seen.count('payments', 'failed', 'UpstreamError')} charges failed."
    return Trouble("payments", span, None, (r"bank cut off POST /authorisations",), notes, "")


def tell(seen: Seen) -> Trouble:
    """Name the deploy that broke the search; the bank is the other problem."""
    cause = seen.step("cause")
    span = seen.first("inventory", "failed", "KeyError", cause.time)
    notes = (
        "inventory 2.3.3 knows no other words for three of the colours that customers search for: "
        f"{seen.count('inventory', 'failed', 'KeyError')} searches failed. Onset: the first of them, from its "
        "beginning to its answer, as inventory itself counted. A while later the bank is gone, which has nothing to do "
        "with it."
    )
    symptom = "Since about {time} one search in four fails, and a little later customers wrote that they cannot pay."
    marks = (r"KeyError: '(?:olive|teal|yellow)'", r"inventory answered 500 to GET /search")
    return replace(Trouble("inventory", span, cause, marks, notes, symptom), others=(_bank(seen),))


SCENARIO = Scenario(
    name="two-at-once",
    minutes=14.0,
    seed=20,
    steps=(
        flag(0.15, "checkout", "suggestions", "on"),
        deploy(0.29, "checkout", "5.8.0", "delivery days in the order confirmation"),
        deploy(0.46, "inventory", "2.3.3", "search knows other words for colours").as_("cause"),
        outage(0.60, "bank"),
        deploy(0.72, "payments", "1.19.0", "fees as a share of the amount"),
    ),
    tell=tell,
    done="inventory 2.3.3 breaks the search for three colours; two minutes later the bank stops to answer.",
    conclude="two incidents: searches since the deploy, payments since the bank is gone.",
    hard="both fill the same error log of the same front, and one explanation for both is tempting.",
    parts=Parts(others=("bank", "worker")),
    customers=Customers(3.6),
)
