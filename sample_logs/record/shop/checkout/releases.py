"""What differs between the versions of `checkout`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Release:
    """What a version does in another way than the first one.

    Attributes
    ----------
    tells_delivery : bool
        Whether an answer says in how many days an order comes.
    queue : str
        Where the jobs of the worker go. Since 5.8.1 that is a queue that no worker looks into: a fault.
    asks_once : bool
        Whether the prices of a cart are asked for together. `inventory` knows no such question and gives the first
        page of its catalogue, in which most items are not: a fault.
    """

    tells_delivery: bool = True
    queue: str = "confirmations"
    asks_once: bool = False


RELEASES = {
    "5.7.4": Release(tells_delivery=False),
    "5.8.0": Release(),
    "5.8.1": Release(queue="letters"),
    "5.8.2": Release(),
    "5.9.0": Release(asks_once=True),
}
