"""Changes that were made in another environment than the trouble is in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from triage.changes import Change
from triage.changes.environments import FIELDS, PRODUCTION, environment_in, environment_named, environment_of
from triage.hypotheses.facts import UNIT, Facts

#: Lines of the event that are looked at, the first ones; kinds of what they say of their place, at most.
MOST_LINES, MOST_KINDS = 2_000, 200
#: Fields of lines that name the place they come from; a workspace there is mostly a customer's.
_PLACES = ("namespace", "kube_namespace", "cluster")
_HELD = "|".join(name.replace("_", "[._-]?") for name in (*FIELDS, *_PLACES))
_FIELD = rf'(?i)"(?P<name>(?:k8s[._])?(?:{_HELD})(?:[._]name)?)"\s*:\s*"(?P<value>[^"\\]{{1,200}})"'


@dataclass(frozen=True)
class Place:
    """The environment that the trouble is in.

    Attributes
    ----------
    name : str
        A name of `ENVIRONMENTS`.
    seen : bool
        Whether the lines say so; else it is what most changes name.
    """

    name: str
    seen: bool


class Names(NamedTuple):
    """What lines say of their place: in fields that name an environment, in other names, in paths of their sources."""

    fields: tuple[str, ...]
    places: tuple[str, ...]
    paths: tuple[str, ...]


def place_of_trouble(facts: Facts) -> Place | None:
    """The environment that the lines of the event name, else production where most changes that name one name that."""
    return facts.remember("place of trouble", lambda: _place(facts))


def is_elsewhere(change: Change, facts: Facts) -> bool:
    """Whether a change names an environment that is not that of the trouble: one of the two is production.

    What two environments are that both are none is too much a matter of words.
    """
    own = environment_of(change)
    place = place_of_trouble(facts) if own else None
    return bool(place and own != place.name and PRODUCTION in (own, place.name))


def here(changes: Iterable[Change], facts: Facts) -> list[Change]:
    """Those of some changes that are not known to be elsewhere."""
    return [change for change in changes if not is_elsewhere(change, facts)]


def _place(facts: Facts) -> Place | None:
    named = [own for change in facts.near if (own := environment_of(change))]
    if not named or facts.onset is None:
        return None  # nothing to hold the lines against
    names = _names(facts)
    if seen := _seen(names):
        return Place(seen, True)
    hinted = any(environment_named(name) for held in names for name in held)
    return Place(PRODUCTION, False) if 2 * named.count(PRODUCTION) > len(named) and not hinted else None


def _seen(names: Names) -> str | None:
    """The one environment that the lines name in a field, else in the name of a service, a host or a namespace.

    A folder's name is said by whoever holds the logs, as in ``dev/logs``: it is believed only of production.
    """
    if any(environment_named(name) for name in names.fields):
        return environment_in(names.fields)
    if any(environment_named(name, loose=True) for name in names.places):
        return environment_in(names.places, loose=True)
    return PRODUCTION if environment_in(names.paths) == PRODUCTION else None


def _names(facts: Facts) -> Names:
    """What the first lines of the event say of their place."""
    units = facts.event.select(*UNIT).unique()
    lines = facts.heard.join(units.lazy(), on=list(UNIT), how="semi", nulls_equal=True)
    if facts.came.height and facts.onset is not None:
        lines = lines.filter(pl.col("timestamp") >= facts.onset.earliest)
    held = ("source", "service_name", "host_name", "attributes")
    read = lines.select(held).head(MOST_LINES).collect()
    paths, services, hosts, attributes = (
        read[name].drop_nulls().unique().sort().head(MOST_KINDS).to_list() for name in held
    )
    said = pl.Series("said", attributes, dtype=pl.String).str.extract_all(_FIELD).explode().drop_nulls().unique().sort()
    pairs = said.str.extract_groups(_FIELD).struct.unnest().rows()
    fields = tuple(value for name, value in pairs if "env" in name.lower())
    others = tuple(value for name, value in pairs if "env" not in name.lower())
    return Names(fields, (*services, *hosts, *others), tuple(paths))
