"""Numbers that name things: ids, ports, processes, places in a file. That such a number differs says nothing."""

from __future__ import annotations

import re

from triage.patterns.parameters import Parameter
from triage.patterns.slots import Slot

#: Last words of names of numbers that name a thing, and of those that go on from line to line; with a unit such a
#: number is a quantity, as in ``request_ms``, unless it is the latter. Of a time without a unit only the clock's.
_THINGS = frozenset(
    (
        *("port", "line", "version", "thread", "worker", "process", "session", "request", "job", "task", "number"),
        *("no", "nr", "timestamp", "date", "year", "month", "day", "node", "shard", "replica", "partition", "order"),
        *("item", "user", "account", "customer", "block", "channel", "socket", "fd"),
    )
)
_CLOCK = "time"
_PLACES = frozenset(("seq", "sequence", "offset", "position", "pos", "index", "epoch", "lsn", "uptime", "serial"))
#: An id, alone or as the last word: of a process, thread, user or group, transaction, and so on.
_ID = re.compile(r"(?:^|_)[a-z]?ids?$")
#: Added to a name that another parameter has as well.
_AGAIN = re.compile(r"_\d+$")
#: What stands in front of a number that is a part of a name: ``node-3``, ``blk_17``, ``#4``, ``sshd[4711]``.
_GLUED = re.compile(r"[A-Za-z][_/-]$|#$|\w\[$")


def names_a_thing(parameter: Parameter, slot: Slot) -> bool:
    """Whether a number names something, or goes on from line to line, as far as the words around it tell.

    Parameters
    ----------
    parameter : Parameter
        The number.
    slot : Slot
        Its place in the template.

    Examples
    --------
    >>> import polars as pl
    >>> from triage.patterns.parameters import Parameters
    >>> text = "sshd[<NUM>]: port <NUM> orderId=<NUM> of node-<NUM> took <NUM> ms, <NUM> attempts"
    >>> found = Parameters.of(text, pl.Series(["sshd[71]: port 22 orderId=8 of node-3 took 9 ms, 2 attempts"]))
    >>> [one.name for one in found.columns if not names_a_thing(one, found.template.slots[one.slot])]
    ['duration_ms', 'attempts']
    """
    name = _AGAIN.sub("", parameter.name)
    if parameter.unit and name.endswith(f"_{parameter.unit}"):
        return name.removesuffix(f"_{parameter.unit}").rpartition("_")[2] in _PLACES
    if name == _CLOCK or _ID.search(name) or name.rpartition("_")[2] in _THINGS | _PLACES:
        return True
    return bool(_GLUED.search(slot.before) or parameter.begins.endswith(("_", "#", "-")))
