"""Which data would help most, where what is there does not decide: each a thing to give, with the reason from the data.

Needs are ranked by a gain, the part of what is open that they would settle, reasoned: without an onset nothing can be
told, without the right change in the list it cannot win, a service without lines can neither be blamed nor cleared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from triage.hypotheses.blame import blame_of, concerned_services
from triage.hypotheses.facts import Facts
from triage.hypotheses.history import history_of
from triage.hypotheses.hypothesis import Hypothesis
from triage.hypotheses.words import clock, duration, listed, service_key
from triage.ingest import Ledger

#: Less than this before the onset is a short baseline, and less than this after it shows little of what came of it.
BASELINE, AFTER = timedelta(minutes=15), timedelta(minutes=2)
#: A window without an onset that is longer than this should hold the beginning of what is wrong.
LONG = timedelta(hours=2)
#: An onset's interval longer than this leaves much open; and a stretch without lines of this part of it says why.
WIDE, HOLE = timedelta(minutes=2), 0.5
#: A list of changes ends early if this much longer before the onset than its changes are apart, and at least this long.
APART, EARLY = 5.0, timedelta(hours=1)
#: Hypotheses that are looked at, if this likely.
LEADING, LIKELY = 3, 0.05
#: Needs that are told, at most.
MOST = 6


@dataclass(frozen=True)
class Need:
    """Data that would help.

    Attributes
    ----------
    kind : str
        ``baseline``, ``logs``, ``changes``, ``onset``, ``zone``, ``requests``, ``instances`` or ``after``.
    data : str
        What to give.
    reason : str
        Why, from what is there: a clause.
    gain : float
        How much of what is open it would settle, from 0 to 1; they are ranked by it.
    """

    kind: str
    data: str
    reason: str
    gain: float

    @property
    def statement(self) -> str:
        """What to give and why, in one sentence."""
        return f"{self.data[:1].upper()}{self.data[1:]}: {self.reason}"


@dataclass(frozen=True)
class Asked:
    """What needs are found from."""

    hypotheses: Sequence[Hypothesis]
    facts: Facts
    ledger: Ledger

    @property
    def likely(self) -> list[Hypothesis]:
        """The hypotheses between which the data does not decide."""
        return [h for h in self.hypotheses[:LEADING] if h.rank == 1 or h.probability >= LIKELY]


def needs_of(hypotheses: Sequence[Hypothesis], facts: Facts, ledger: Ledger) -> tuple[Need, ...]:
    """The data that would help most, first.

    Parameters
    ----------
    hypotheses : sequence of Hypothesis
        The likeliest first.
    facts : Facts
        What they were ranked from.
    ledger : Ledger
        What became of the lines: whose zone was assumed.
    """
    asked = Asked(hypotheses, facts, ledger)
    found = [need for find in FINDERS for need in find(asked)]
    return tuple(sorted(found, key=lambda need: (-need.gain, need.kind, need.data))[:MOST])


def _baseline(asked: Asked) -> Iterator[Need]:
    """Logs from before."""
    facts, onset = asked.facts, asked.facts.sure_onset
    when = clock(facts.start)
    if onset is None:
        span = facts.end - facts.start
        reason = f"no trouble begins in the {duration(span)} that are here: if something is wrong, it may have before"
        yield Need("baseline", f"logs from before {when}", reason, 0.9 if span < LONG else 0.6)
        return
    before = onset.earliest - facts.start
    if before < BASELINE:
        reason = f"only {duration(before)} of these lie before the onset: what is rare, but normal, may not be in them"
        yield Need("baseline", f"logs from before {when}", reason, 0.3 + 0.5 * (1 - before / BASELINE))


def _services(asked: Asked) -> Iterator[Need]:
    """Logs of services that are named or were changed, and have no lines here."""
    facts = asked.facts
    if facts.sure_onset is None:
        yield from _quiet(facts)
        return
    named: dict[str, int] = {}
    by: dict[str, set[str]] = {}
    for each in blame_of(facts).named:
        if each.named not in facts.services:
            named[each.named] = named.get(each.named, 0) + each.count
            by.setdefault(each.named, set()).add(each.writer)
    spelled = {service_key(change.service): change.service for change in reversed(facts.near)}
    for key in sorted(named):
        lines = "1 failing line" if named[key] == 1 else f"{named[key]} failing lines"
        reason = f"{lines} of {listed(sorted(by[key]))} name it, and it has no lines here"
        yield Need("logs", f"logs of {spelled.get(key, key)}", reason, 0.8)
    missing = [h.service for h in asked.likely if h.service and service_key(h.service) not in facts.services]
    for service in dict.fromkeys(missing):
        if service_key(service) not in named:
            reason = "a likely change is of it, and it has no lines here: nothing can be said for or against"
            yield Need("logs", f"logs of {service}", reason, 0.6)


def _quiet(facts: Facts) -> Iterator[Need]:
    """Logs of services that were changed, where those that are here show no trouble."""
    missing = [c.service for c in reversed(facts.near) if c.service and service_key(c.service) not in facts.services]
    names = list(dict.fromkeys(missing))
    if names:
        here = "1 service is" if len(facts.services) == 1 else f"{len(facts.services)} services are"
        reason = f"changed, and without lines here; {here}, and no trouble begins there"
        yield Need("logs", f"logs of {listed(names)}", reason, 0.8)


def _changes(asked: Asked) -> Iterator[Need]:
    """Changes that are not in the list."""
    facts, onset = asked.facts, asked.facts.sure_onset
    if not facts.changes:
        yield Need("changes", "a list of changes", "none was given: no change can be held against the trouble", 0.85)
        return
    if onset is None:
        return
    before = [change.time for change in facts.near if change.time <= onset.latest]
    if not before:
        data = f"the changes of the hours before {clock(onset.at)}"
        yield Need("changes", data, "none of those in the list lies within two days before the onset", 0.85)
        return
    last, gap = max(before), onset.earliest - max(before)
    usual = (last - min(before)) / max(len(before) - 1, 1)
    if gap > EARLY and gap > APART * usual and max(c.time for c in facts.changes) == last:
        reason = f"the list ends {duration(gap)} before the onset, though changes in it come every {duration(usual)}"
        yield Need("changes", f"the changes after {clock(last)}", reason, 0.7)
    unlisted = [o.service for o in facts.origins if service_key(o.service) not in history_of(facts).changed]
    first = facts.origins[0].service if facts.origins else None
    if first in unlisted:
        reason = "the trouble shows first there, and the list of changes has none of it"
        yield Need("changes", f"the changes of {first} and of what it depends on", reason, 0.55)
    nameless = [change for change in facts.near if not service_key(change.service)]
    if nameless and any(h.change in nameless for h in asked.likely):
        say = "1 change says" if len(nameless) == 1 else f"{len(nameless)} changes say"
        reason = f"{say} not of which service, so it cannot be seen whether that one fails"
        yield Need("changes", "the services of the changes", reason, 0.5)


def _onset(asked: Asked) -> Iterator[Need]:
    """A sharper onset."""
    facts, onset = asked.facts, asked.facts.sure_onset
    if onset is None or onset.latest - onset.earliest < WIDE:
        return
    width = onset.latest - onset.earliest
    inside = sum(onset.earliest <= change.time <= onset.latest for change in facts.near)
    reason = f"the onset is known to within {duration(width)} only"
    if inside:
        reason += f", in which {'1 change lies' if inside == 1 else f'{inside} changes lie'}"
    hole = _hole(facts)
    if hole >= HOLE * width:
        reason += f"; for {duration(hole)} of it there is no line at all"
    data = f"all logs between {clock(onset.earliest)} and {clock(onset.latest)}, not a sample"
    yield Need("onset", data, reason, 0.65 if inside or hole >= HOLE * width else 0.35)


def _hole(facts: Facts) -> timedelta:
    """The longest stretch of the onset's interval in which no line came."""
    onset, time = facts.sure_onset, pl.col("timestamp")
    assert onset is not None
    inside = facts.heard.filter(time.is_between(onset.earliest, onset.latest)).select(time).collect(engine="streaming")
    longest = inside["timestamp"].sort().diff().max()
    return longest if isinstance(longest, timedelta) else timedelta(0)


def _zone(asked: Asked) -> Iterator[Need]:
    """The zone of times that carry none."""
    assumed = [row for row in asked.ledger.sources if row.time_zone_assumed and row.records]
    if not assumed or not asked.facts.changes:
        return
    zones = listed(sorted({row.time_zone for row in assumed}))
    many = "the times of 1 source carry" if len(assumed) == 1 else f"the times of {len(assumed)} sources carry"
    reason = f"{many} none and were read as {zones}; if that is wrong, they lie hours away from the changes"
    yield Need("zone", "the time zone of the logs", reason, 0.45 if asked.facts.sure_onset else 0.3)


def _requests(asked: Asked) -> Iterator[Need]:
    """Ids that tell which service fails first."""
    facts = asked.facts
    if facts.sure_onset is None or len(facts.origins) < 2 or any(origin.traces for origin in facts.origins):
        return
    names = listed([origin.service for origin in facts.origins])
    reason = f"no failing lines of {names} share one, so which of them fails first is told by clocks alone"
    yield Need("requests", "lines with trace or request ids", reason, 0.5)


def _instances(asked: Asked) -> Iterator[Need]:
    """Hosts, to tell who has a change from who has not."""
    facts = asked.facts
    concerned = concerned_services(facts) if facts.sure_onset else frozenset()
    rolled = [h.service for h in asked.likely if h.change and h.change.kind in ("deploy", "config", "flag")]
    services = [name for name in dict.fromkeys(rolled) if name and service_key(name) in concerned & facts.services]
    if not services:
        return
    where = pl.coalesce("host_name", "source")
    seen = facts.heard.group_by("service_name").agg(where.n_unique().alias("places"), pl.col("host_name").count())
    known = {service_key(name): (places, hosts) for name, places, hosts in seen.collect(engine="streaming").iter_rows()}
    alone = [name for name in services if known.get(service_key(name), (2, 1)) == (1, 0)]
    if alone:
        reason = f"those of {listed(alone)} do not say who wrote them: do only instances with the change fail?"
        yield Need("instances", "lines with host and version", reason, 0.4)


def _after(asked: Asked) -> Iterator[Need]:
    """What came of it."""
    facts, onset = asked.facts, asked.facts.sure_onset
    if onset is not None and facts.end - onset.latest < AFTER:
        left = duration(facts.end - onset.latest)
        reason = f"only {left} of these lie after the onset: what fails, and where, is only beginning to show"
        yield Need("after", f"logs from after {clock(facts.end)}", reason, 0.6)


FINDERS: tuple[Callable[[Asked], Iterator[Need]], ...] = (
    _baseline,
    _services,
    _changes,
    _onset,
    _zone,
    _requests,
    _instances,
    _after,
)
