"""Lines of success that stop, without a line of failure."""

from __future__ import annotations

import datetime as dt

from ..customers import Customers
from ..fleet import Parts
from ..programs import RecorderError
from ..scenario import Scenario, Seen, Trouble
from ..timeline import deploy, flag, keep_alive


def tell(seen: Seen) -> Trouble:
    """Name the deploy since which the worker has nothing to do."""
    cause = seen.step("cause")
    (worker,) = (one for one in seen.counted if one.service == "worker")
    last = dt.datetime.fromisoformat(worker.counters["last_sent"])
    if last > cause.end + dt.timedelta(seconds=60):
        raise RecorderError(f"the worker still wrote at {last}, after {cause.end}; try more --minutes")
    notes = (
        "checkout 5.8.1 puts its jobs into a queue that no worker looks into: no customer hears of an order any more, "
        "and nothing says so. Onset: from the deploy, or the last letter if that was later, to half a minute after it; "
        "letters are as the worker itself counted. No line shows it: what stops is “confirmation of … sent”."
    )
    symptom = (
        "Customers ask where their confirmation is; all who ask ordered after about {time}. They have been charged."
    )
    span = (max(cause.time, last), max(cause.end, last) + dt.timedelta(seconds=30))
    return Trouble("checkout", span, cause, (), notes, symptom)


SCENARIO = Scenario(
    name="silent-stop",
    minutes=15.0,
    seed=21,
    steps=(
        deploy(0.12, "inventory", "2.3.2", "search shows the cheapest first"),
        keep_alive(0.27, 65),
        deploy(0.46, "checkout", "5.8.1", "confirmations by the new queue").as_("cause"),
        deploy(0.51, "payments", "1.19.0", "fees as a share of the amount"),
        flag(0.73, "checkout", "suggestions", "on"),
    ),
    tell=tell,
    done="checkout 5.8.1 puts the jobs for the worker into a queue that no worker looks into.",
    conclude="the worker sends nothing since checkout 5.8.1, and its queue is empty: the jobs go elsewhere.",
    hard="no line of failure anywhere, and orders are placed as before; what is missing is in another service's log.",
    parts=Parts(others=("bank", "worker"), versions={"checkout": "5.8.0"}),
    customers=Customers(3.6),
)
