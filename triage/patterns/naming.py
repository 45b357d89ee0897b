"""Which parameters can be compared: numbers that name things (ids, ports, places in a file) say nothing."""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from triage.patterns.parameters import Parameter
from triage.patterns.slot_patterns import KINDS
from triage.patterns.slots import Slot

#: Share of a template's lines that must have a value, for it to be a parameter.
FILLED = 0.9
#: Few different numbers are codes, and compared as words are; whole numbers as large as names are not compared then.
CODES, NAMES_FROM = 8, 1000
#: Numbers further from 0 are as good as this one: as whole numbers they have to fit 64 bits.
FARTHEST = 9e18

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


def comparable(one: Parameter, slot: Slot, values: pl.Series) -> pl.Series | None:
    """Quantities as they are, few numbers and words as texts; None for what names things, or stands too seldom."""
    if (values.null_count() or 0) > (1 - FILLED) * len(values):
        return None
    if not one.is_number:
        # What a mask of ours stands for (an address, an id, a path) names things, and so does what has a digit in it.
        naming = slot.kind in KINDS or values.str.contains(r"\d").any()
        return None if naming else values
    if names_a_thing(one, slot):
        return None
    whole = bool((values.drop_nulls() == values.drop_nulls().round()).all())
    if one.unit or not whole or values.drop_nulls().n_unique() > CODES:
        return values
    return None if _middle(values) >= NAMES_FROM else values.clip(-FARTHEST, FARTHEST).cast(pl.Int64).cast(pl.String)


def _middle(values: pl.Series) -> float:
    found: Any = values.abs().median()
    return float(found or 0.0)
