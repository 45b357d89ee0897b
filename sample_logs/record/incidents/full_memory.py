"""A limit that is reached: Redis may use no more memory, and nobody has changed anything."""

from __future__ import annotations

from ..customers import Customers
from ..fleet import Parts
from ..scenario import Scenario, Seen, Trouble
from ..timeline import deploy, flag, keep_alive

ROOM = 560


def tell(seen: Seen) -> Trouble:
    """Name no change."""
    span = seen.first("checkout", "failed", "OutOfMemoryError", seen.made[0].time)
    notes = (
        f"Redis had {ROOM} KiB of memory left at the beginning, and carts and pages filled it: "
        f"{seen.count('checkout', 'failed', 'OutOfMemoryError')} requests of checkout failed. No change brought it. "
        "Onset: the first of them, from its beginning to its answer, as checkout itself counted."
    )
    symptom = "Since about {time} things cannot be put into the cart; looking at what there is goes well for most."
    marks = (r"command not allowed when used memory > 'maxmemory'",)
    return Trouble("redis", span, None, marks, notes, symptom)


SCENARIO = Scenario(
    name="full-memory",
    minutes=16.0,
    seed=18,
    steps=(
        deploy(0.10, "payments", "1.19.0", "fees as a share of the amount"),
        flag(0.25, "checkout", "suggestions", "on"),
        deploy(0.44, "checkout", "5.8.0", "delivery days in the order confirmation"),
        keep_alive(0.58, 65),
        deploy(0.83, "inventory", "2.3.2", "search shows the cheapest first"),
    ),
    tell=tell,
    done="Redis reaches its limit of memory, because more carts are kept than there is room for.",
    conclude="checkout may not write to Redis any more: a limit was reached, not a change made.",
    hard="it begins minutes after a deploy of the service that fails, which is not to blame.",
    parts=Parts(others=("bank", "worker"), room=ROOM),
    customers=Customers(3.6),
)
