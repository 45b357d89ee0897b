"""A feature flag for a share of the customers, with code behind it that fails for large orders."""

from __future__ import annotations

from ..customers import Customers
from ..fleet import Parts
from ..scenario import Scenario, Seen, Trouble
from ..timeline import deploy, flag, keep_alive


def tell(seen: Seen) -> Trouble:
    """Name the flag."""
    cause = seen.step("cause")
    span = seen.first("checkout", "failed", "IndexError", cause.time)
    notes = (
        "The flag bulk-discount is on for 40 % of the carts. Behind it is a table with a limit more than it has rates: "
        f"{seen.count('checkout', 'failed', 'IndexError')} orders of five pieces and more failed. Onset: the first of "
        "them, from its beginning to its answer, as checkout itself counted."
    )
    symptom = "A few customers wrote that large orders cannot be placed; the first of them at about {time}."
    return Trouble("checkout", span, cause, (r'"type": "IndexError"',), notes, symptom)


SCENARIO = Scenario(
    name="flag-for-some",
    minutes=16.0,
    seed=14,
    steps=(
        deploy(0.08, "inventory", "2.3.2", "search shows the cheapest first"),
        keep_alive(0.21, 65),
        deploy(0.33, "checkout", "5.8.0", "delivery days in the order confirmation"),
        flag(0.42, "checkout", "bulk-discount", "40%").as_("cause"),
        deploy(0.46, "payments", "1.19.0", "fees as a share of the amount"),
        flag(0.70, "checkout", "suggestions", "on"),
    ),
    tell=tell,
    done="a flag gives 40 % of the customers a discount, whose table has no rate for orders of five pieces and more.",
    conclude="orders of some customers fail with an IndexError since the flag; the same code was there before it.",
    hard="few orders fail, and checkout was deployed a minute and a half before the flag.",
    parts=Parts(others=("bank", "worker")),
    customers=Customers(3.6),
)
