"""A slow leak: a version keeps database connections, and minutes later there are none left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from ..fleet import Counted
from ..programs import RecorderError
from ..scenario import Scenario, Seen, Span, Trouble
from ..timeline import Made, deploy, flag, keep_alive, second_checkout


def faulty(counted: Sequence[Counted]) -> Counted:
    """Give the copy whose pool ran dry first; raise `RecorderError` if none did."""
    dry = [one for one in counted if one.counters.get("first_timeout")]
    if not dry:
        raise RecorderError("no pool ran dry, so there is no incident; try another --seed or more --minutes")
    return min(dry, key=lambda one: str(one.counters["first_timeout"]))


def onset(one: Counted) -> Span:
    """Give when the pool lent its last connection, and when the first borrower gave up."""
    failed = dt.datetime.fromisoformat(one.counters["first_timeout"])
    dry = one.counters["dry_since"]
    return (dt.datetime.fromisoformat(dry) if dry else failed), failed


def deploy_of(one: Counted, changes: Sequence[Made]) -> Made:
    """Give the change that brought this version of this service."""
    found = [made for made in changes if (made.service, made.version) == (one.service, one.version)]
    if not found:
        raise RecorderError(f"{one.service} {one.version} ran dry before any change was made to it; try another --seed")
    return found[0]


def tell(seen: Seen) -> Trouble:
    """Name the deploy of the version whose pool ran dry."""
    one = faulty(seen.counted)
    kept, size = one.counters["lent"] - one.counters["returned"], one.counters["pool_size"]
    notes = (
        f"{one.service} {one.version} keeps a database connection whenever an order wants something out of stock. "
        f"At the end of the window {kept} of {size} had not come back, and {one.counters['timeouts']} waits for one "
        "had failed. Onset: from the moment the last free connection was lent until the first wait failed, as the "
        "service itself counted. The fault lasts until the end of the window."
    )
    symptom = (
        "Since about {time} customers cannot check out: they get 502 and 503 errors, and some pages, the cart above "
        "all, spin for seconds before they fail."
    )
    marks = (r"no connection after [\d.]+ s: \d+ of \d+ in use", r"inventory answered 503")
    return Trouble(one.service, onset(one), deploy_of(one, seen.made), marks, notes, symptom)


SCENARIO = Scenario(
    name="checkout-5xx",
    minutes=24.0,
    seed=7,
    steps=(
        deploy(0.07, "inventory", "2.3.2", "search shows the cheapest first"),
        flag(0.17, "checkout", "suggestions", "on"),
        keep_alive(0.28, 65),
        deploy(0.40, "inventory", "2.4.0", "orders hold stock for 15 minutes").as_("cause"),
        deploy(0.49, "checkout", "5.8.0", "delivery days in the order confirmation"),
        deploy(0.60, "payments", "1.19.0", "fees as a share of the amount"),
        second_checkout(0.76),
        flag(0.87, "checkout", "suggestions", "off"),
    ),
    tell=tell,
    done="inventory 2.4.0 loses a database connection with every order for something out of stock.",
    conclude="inventory ran out of connections; 2.4.0 brought the code that holds stock, and no release since.",
    hard="five minutes and two other deploys lie between the deploy and the first failure.",
)
