"""A dependency that fails with no change at fault, seconds after a tempting deploy."""

from __future__ import annotations

from ..customers import Customers
from ..fleet import Parts
from ..scenario import Scenario, Seen, Trouble
from ..timeline import deploy, flag, keep_alive, outage


def tell(seen: Seen) -> Trouble:
    """Name no change."""
    gone = seen.step("hidden")
    (tempting,) = (made for made in seen.made if made.service == "payments")
    span = seen.first("payments", "failed", "UpstreamError", gone.time)
    notes = (
        "The bank's service, which is another company's, stopped to answer. No change is to blame, neither the deploy "
        f"of payments {(gone.time - tempting.time).total_seconds():.0f} s before, nor any other: "
        f"{seen.count('payments', 'failed', 'UpstreamError')} charges failed. Onset: the first of them, from its "
        "beginning to its answer, as payments itself counted."
    )
    symptom = "Since about {time} no order can be paid any more, with whatever card."
    return Trouble("payments", span, None, (r"bank cut off POST /authorisations",), notes, symptom)


SCENARIO = Scenario(
    name="bank-gone",
    minutes=13.0,
    seed=17,
    steps=(
        deploy(0.14, "inventory", "2.3.2", "search shows the cheapest first"),
        flag(0.30, "checkout", "suggestions", "on"),
        deploy(0.52, "payments", "1.19.0", "fees as a share of the amount"),
        outage(0.535, "bank"),
        keep_alive(0.66, 65),
        deploy(0.80, "checkout", "5.8.0", "delivery days in the order confirmation"),
    ),
    tell=tell,
    done="the bank, another company's service, stops to answer; nobody changed anything.",
    conclude="payments cannot reach the bank; its new version knows no other way to ask than the old one.",
    hard="payments was deployed twelve seconds before, and paid orders went through in between.",
    parts=Parts(others=("bank", "worker")),
    customers=Customers(3.6),
)
