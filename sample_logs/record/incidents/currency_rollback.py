"""A deploy that breaks at once for some cards, and a rollback that ends it."""

from __future__ import annotations

from ..customers import Customers
from ..fleet import Parts
from ..scenario import Scenario, Seen, Trouble
from ..timeline import deploy, flag, keep_alive


def tell(seen: Seen) -> Trouble:
    """Name the deploy: the version before knew no currencies."""
    cause, cure = seen.step("cause"), seen.step("cure")
    span = seen.first("payments", "failed", "KeyError", cause.time)
    notes = (
        f"payments 1.20.0 has no rate for two currencies, so {seen.count('payments', 'failed', 'KeyError')} charges "
        f"failed until it was rolled back ({cure.id}). Onset: the first charge that failed, from its beginning to "
        "its answer, as the service itself counted."
    )
    symptom = "From about {time} on some customers could not pay, whatever they tried; for others all went well."
    marks = (r"KeyError: '(?:pln|dkk)'", r"payments answered 500 to POST /charges")
    return Trouble("payments", span, cause, marks, notes, symptom)


SCENARIO = Scenario(
    name="currency-rollback",
    minutes=14.0,
    seed=11,
    steps=(
        deploy(0.12, "inventory", "2.3.2", "search shows the cheapest first"),
        flag(0.27, "checkout", "suggestions", "on"),
        deploy(0.41, "checkout", "5.8.0", "delivery days in the order confirmation"),
        deploy(0.45, "payments", "1.20.0", "charges in the currency of the card").as_("cause"),
        keep_alive(0.53, 65),
        deploy(0.78, "payments", "1.19.0", "back to 1.19.0", kind="rollback").as_("cure"),
    ),
    tell=tell,
    done="payments 1.20.0 converts amounts, and has no rate for two currencies; five minutes later it is rolled back.",
    conclude="charges in those currencies failed from the deploy to the rollback.",
    hard="a fifth of the charges fails, besides those of refused cards; checkout was deployed half a minute before.",
    parts=Parts(others=("bank", "worker"), versions={"payments": "1.19.0"}),
    customers=Customers(3.6),
)
