"""A canary on one of two copies: only its lines fail."""

from __future__ import annotations

from ..customers import Customers
from ..fleet import Parts
from ..scenario import Scenario, Seen, Trouble
from ..timeline import canary, configure, deploy, flag


def tell(seen: Seen) -> Trouble:
    """Name the canary."""
    cause = seen.step("cause")
    span = seen.first("checkout", "failed", "KeyError", cause.time)
    notes = (
        "checkout 5.9.0 runs on checkout-2 alone. It asks inventory for all prices of a cart at once, which inventory "
        f"does not know: {seen.count('checkout', 'failed', 'KeyError')} carts could not be shown, none of them by "
        "checkout-1. Onset: the first of them, from its beginning to its answer, as checkout-2 itself counted."
    )
    symptom = "Since about {time} the cart comes up as an error page every now and then; trying again often helps."
    return Trouble("checkout", span, cause, (r'"instance": "checkout-2".*"type": "KeyError"',), notes, symptom)


SCENARIO = Scenario(
    name="canary",
    minutes=13.0,
    seed=15,
    steps=(
        deploy(0.10, "payments", "1.19.0", "fees as a share of the amount"),
        deploy(0.31, "inventory", "2.3.2", "search shows the cheapest first"),
        canary(0.48, "checkout", "5.9.0", "checkout-2", "the prices of a cart in one question").as_("cause"),
        flag(0.55, "checkout", "suggestions", "on"),
        configure(0.74, "payments", "payments.toml: reordered, no change of values"),
    ),
    tell=tell,
    done="one of two copies of checkout gets 5.9.0, which asks inventory something that it does not know.",
    conclude="all failures are lines of checkout-2, which is the one with 5.9.0.",
    hard="half of the requests is well; inventory, which answers as ever, was deployed shortly before.",
    parts=Parts(checkouts=2, others=("bank", "worker"), versions={"checkout": "5.8.2"}),
    customers=Customers(3.6),
)
