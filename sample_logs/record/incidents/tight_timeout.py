"""An edit of a configuration: a time limit that most answers keep, and some do not."""

from __future__ import annotations

from ..customers import Customers
from ..fleet import Parts
from ..scenario import Scenario, Seen, Trouble
from ..timeline import configure, deploy, flag

LIMIT = 0.1


def tell(seen: Seen) -> Trouble:
    """Name the edit."""
    cause = seen.step("cause")
    span = seen.first("checkout", "failed", "UpstreamTimeout", cause.time)
    notes = (
        f"checkout waits {LIMIT:g} s for payments instead of 3 s, and the bank alone often takes longer: "
        f"{seen.count('checkout', 'failed', 'UpstreamTimeout')} orders failed, though most cards were charged. Onset: "
        "the first of them, from its beginning to its answer, as checkout itself counted."
    )
    symptom = (
        "Since about {time} many orders end with an error page, and some who saw it have been charged all the same."
    )
    marks = (r"payments gave no answer to POST /charges in 0\.1 s",)
    return Trouble("checkout", span, cause, marks, notes, symptom)


SCENARIO = Scenario(
    name="tight-timeout",
    minutes=14.0,
    seed=13,
    steps=(
        deploy(0.11, "payments", "1.19.0", "fees as a share of the amount"),
        deploy(0.26, "inventory", "2.3.2", "search shows the cheapest first"),
        configure(0.47, "checkout", "checkout.toml: payments_timeout 3 to 0.1, restarted", payments_timeout=LIMIT).as_(
            "cause"
        ),
        deploy(0.50, "payments", "1.19.1", "log the fee table at start"),
        flag(0.68, "checkout", "suggestions", "on"),
    ),
    tell=tell,
    done="somebody lets checkout wait 0.1 s for payments, where it was 3 s.",
    conclude="checkout gives up on payments, which is as fast as before: the new time limit is too tight.",
    hard="the errors name payments, which was deployed half a minute later and does nothing wrong.",
    parts=Parts(others=("bank", "worker"), settings={"bank": {"bank_seconds": 0.08}}),
    customers=Customers(3.6),
)
