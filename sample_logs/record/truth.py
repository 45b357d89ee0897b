"""What really happened, from the changes that were made and from what the services counted themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from .fleet import Counted
from .programs import RecorderError
from .timeline import Made, stamp

NOTICED = dt.timedelta(seconds=90)  # how long it takes until somebody writes to the support


def faulty(counted: Sequence[Counted]) -> Counted:
    """Give the copy whose pool ran dry first; raise `RecorderError` if none did."""
    dry = [one for one in counted if one.counters.get("first_timeout")]
    if not dry:
        raise RecorderError("no pool ran dry, so there is no incident; try another --seed or more --minutes")
    return min(dry, key=lambda one: str(one.counters["first_timeout"]))


def onset(one: Counted) -> tuple[dt.datetime, dt.datetime]:
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


def truth(changes: Sequence[Made], counted: Sequence[Counted]) -> dict[str, Any]:
    """Write down the cause, as `truth.json` has it."""
    one = faulty(counted)
    earliest, latest = onset(one)
    kept, size = one.counters["lent"] - one.counters["returned"], one.counters["pool_size"]
    notes = (
        f"{one.service} {one.version} keeps a database connection whenever an order wants something out of stock. "
        f"At the end of the window {kept} of {size} had not come back, and {one.counters['timeouts']} waits for one "
        "had failed. Onset: from the moment the last free connection was lent until the first wait failed, as the "
        "service itself counted. The fault lasts until the end of the window."
    )
    span = {"earliest": stamp(earliest), "latest": stamp(latest)}
    change = deploy_of(one, changes)
    return {"cause": "change", "change_id": change.id, "service": one.service, "onset": span, "notes": notes}


def symptom(counted: Sequence[Counted]) -> str:
    """Say what the support heard, a little after it began."""
    noticed = onset(faulty(counted))[1] + NOTICED
    return (
        f"Since about {noticed:%H:%M} UTC customers cannot check out: they get 502 and 503 errors, and some pages, "
        "the cart above all, spin for seconds before they fail."
    )
