"""Sources whose clocks differ by whole hours, or by a fixed time: noticed, told with what would put it right.

Nothing is changed here. Two kinds of evidence: ids of traces and requests that occur in two sources, and whether two
sources are busy together only when one is shifted (`activity`). When a file was last written supports what they say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations

import polars as pl

from triage.ingest.activity import LEAST_SHIFT, QUARTER, SECOND, Times, match, profile, width_for
from triage.ingest.keeping import Compared
from triage.ingest.ledger import SourceLedger, WrongClock
from triage.ingest.remedies import amount, remedy
from triage.ingest.rotation import age_key

#: Sources (rotated sets count as one) that are compared with each other, those with the most records.
MOST_CLOCKS = 30
#: Ids that are compared, at most; of more a part is taken, chosen by content.
MOST_IDS = 300_000
#: Shared ids that say something on hours, and on less.
LEAST_IDS, MANY_IDS = 10, 20
#: Below this a difference in seconds may be the time that a request takes.
AGREED = 20.0
#: How far around their median differences lie at most: in seconds, or as a share of it where it is less than an hour.
SPREAD, SPREAD_SHARE = 60.0, 0.05
#: A file was written that long after its last record at most, in seconds.
WRITTEN = 120.0
#: What else may explain a shift between ids.
WAITS = " (or work waits so long)"
#: Around a quarter of an hour the median lies so close, in seconds, where it is a zone's.
NEAR = 30.0


@dataclass(frozen=True)
class Clock:
    """A source, or a rotated set: all that was written by one clock.

    Attributes
    ----------
    times : numpy.ndarray of int64
        Of its records, in nanoseconds since 1970.
    ids : polars.DataFrame
        ``trace``, a hash of a trace's id, and ``first``, its earliest time in nanoseconds.
    modified : datetime or None
        When its last file was written.
    """

    sources: tuple[SourceLedger, ...]
    times: Times
    ids: pl.DataFrame
    modified: datetime | None

    @property
    def assumed(self) -> bool:
        """Whether its zone is none of the log's own."""
        return any(source.time_zone_assumed for source in self.sources)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Its first and last time."""
        low, high = (datetime.fromtimestamp(int(at) / SECOND, UTC) for at in (self.times.min(), self.times.max()))
        return low, high


@dataclass(frozen=True)
class Difference:
    """How far one clock is ahead of another, in seconds; 0 where they agree. `ids` is how many ids say so."""

    one: int
    other: int
    shift: float
    evidence: str
    ids: int = 0


def skews(sources: Sequence[Compared]) -> tuple[WrongClock, ...]:
    """Clocks that differ."""
    clocks = _clocks(sources)
    if len(clocks) < 2:
        return ()
    found = {(each.one, each.other): each for each in _by_activity(clocks)}
    found |= {(each.one, each.other): each for each in _by_ids(clocks)}  # ids say more
    return tuple(_told(clocks, list(found.values())))


def _clocks(sources: Sequence[Compared]) -> list[Clock]:
    """The sources with the most records, rotated sets put together."""
    sets: dict[str, list[Compared]] = {}
    for one in sources:
        if one.traits["at"].count():
            sets.setdefault(age_key(one.row.source)[0], []).append(one)
    largest = sorted(sets, key=lambda name: -sum(one.row.records for one in sets[name]))[:MOST_CLOCKS]
    return [_clock(parts) for name, parts in sets.items() if name in largest]


def _clock(parts: Sequence[Compared]) -> Clock:
    timed = pl.concat([one.traits.select("at", "trace") for one in parts]).drop_nulls("at")
    ids = timed.drop_nulls("trace").group_by("trace").agg(pl.col("at").min().alias("first"))
    return Clock(tuple(one.row for one in parts), timed["at"].to_numpy(), ids, parts[-1].modified)


def _by_activity(clocks: Sequence[Clock]) -> Iterator[Difference]:
    width = width_for([clock.times for clock in clocks])
    profiles = [profile(clock.times, width) for clock in clocks]
    known = [(place, found) for place, found in enumerate(profiles) if found]
    for (one, mine), (other, theirs) in combinations(known, 2):
        if best := match(mine, theirs, width):
            evidence = (
                f"they are busy at the same moments only if so (correlation {best.correlation:.2f}, as they "
                f"stand {best.unshifted:.2f})"
            )
            yield Difference(one, other, best.shift, evidence)


def _by_ids(clocks: Sequence[Clock]) -> Iterator[Difference]:
    step = max(1, sum(len(clock.ids) for clock in clocks) // MOST_IDS)
    frames = [clock.ids.with_columns(pl.lit(place, pl.Int64).alias("clock")) for place, clock in enumerate(clocks)]
    ids = pl.concat(frames).filter(pl.col("trace") % step == 0)
    ids = ids.filter(pl.col("trace").is_duplicated())
    pairs = ids.join(ids, on="trace", suffix="_other").filter(pl.col("clock") < pl.col("clock_other"))
    ahead = (pl.col("first") - pl.col("first_other")) / SECOND
    found = pairs.group_by("clock", "clock_other").agg(
        ahead.median().alias("median"), (ahead - ahead.median()).abs().median().alias("spread"), pl.len().alias("count")
    )
    for row in found.sort("clock", "clock_other").iter_rows(named=True):
        shift = _shift(row["median"], row["spread"], row["count"])
        if shift is not None:
            ids_told = f"{row['count']} shared ids of traces or requests first occur {amount(row['median'])} apart"
            evidence = f"{ids_told}, in the median"
            yield Difference(row["clock"], row["clock_other"], shift, evidence, row["count"])


def _shift(median: float, spread: float, count: int) -> float | None:
    """Seconds between two clocks, by differences of the first times of ids; None where these do not say."""
    if count < LEAST_IDS:
        return None
    if abs(median) < AGREED:
        return 0.0
    zone = round(median / QUARTER) * QUARTER
    if abs(zone) >= LEAST_SHIFT and abs(median - zone) <= NEAR and spread <= SPREAD:
        return float(zone)
    if count >= MANY_IDS and spread <= min(SPREAD, max(1.0, SPREAD_SHARE * abs(median))):
        return float(round(median))
    return None


def _told(clocks: Sequence[Clock], differences: Sequence[Difference]) -> Iterator[WrongClock]:
    """Each set of clocks that agree with each other, but not with the ones to be trusted more."""
    clusters = _agreeing(len(clocks), differences)
    clusters.sort(key=lambda members: _trust([clocks[place] for place in members]), reverse=True)
    seen: set[int] = set()
    for right in clusters:
        if seen.isdisjoint(right):
            found = _ahead_of(right, clusters, differences)
            seen.update(right, *(members for members, _, _ in found))
            yield from (_wrong(clocks, right, *each, differences) for each in found if each[1])


def _wrong(
    clocks: Sequence[Clock],
    right: set[int],
    members: set[int],
    shift: float,
    evidence: str,
    differences: Sequence[Difference],
) -> WrongClock:
    """What is to be said of some clocks, by those that are right."""
    wrong, others = ([clocks[n] for n in sorted(each)] for each in (members, right))
    told = [each for each in differences if {each.one, each.other} & members and {each.one, each.other} - members]
    by_ids = any(each.ids >= MANY_IDS for each in told)
    sure = by_ids and len(wrong) < len(others) and (shift < 0 or _of_a_zone(wrong, shift))
    waits = any(each.ids and each.evidence == evidence for each in told)
    names = tuple(row.source for clock in wrong for row in clock.sources)
    return WrongClock(names, shift, evidence, _note(wrong, shift, others, evidence + WAITS * waits), sure)


def _of_a_zone(clocks: Sequence[Clock], shift: float) -> bool:
    """Whether a zone that was assumed wrongly explains a shift: seconds ahead may be the time that work waits."""
    return all(clock.assumed for clock in clocks) and shift % QUARTER == 0


def _agreeing(count: int, differences: Sequence[Difference]) -> list[set[int]]:
    """Clocks put together where they were found to agree."""
    member = {place: {place} for place in range(count)}
    for each in differences:
        if each.shift == 0 and member[each.one] is not member[each.other]:
            joined = member[each.one] | member[each.other]
            member.update(dict.fromkeys(joined, joined))
    return list({id(members): members for members in member.values()}.values())


def _trust(members: Sequence[Clock]) -> tuple[int, int, int]:
    """What speaks for clocks: zones in their logs, how many they are, records."""
    return sum(not clock.assumed for clock in members), len(members), sum(len(clock.times) for clock in members)


def _ahead_of(
    right: set[int], clusters: Sequence[set[int]], differences: Sequence[Difference]
) -> list[tuple[set[int], float, str]]:
    """How far other clocks are ahead, those that differ from some that differ from these as well."""
    found: list[tuple[set[int], float, str]] = [(right, 0.0, "")]
    left = [members for members in clusters if members is not right]
    for known, base, _ in found:  # grows on the way
        for members in list(left):
            shifts = sorted(
                (each.shift if each.one in members else -each.shift, each.evidence)
                for each in differences
                if {each.one, each.other} & members and {each.one, each.other} & known
            )
            if shifts:
                shift, evidence = shifts[len(shifts) // 2]
                found.append((members, base + shift, evidence))
                left.remove(members)
    return found[1:]


def _note(wrong: Sequence[Clock], shift: float, right: Sequence[Clock], evidence: str) -> str:
    names, others = ([row.source for clock in clocks for row in clock.sources] for clocks in (wrong, right))
    either = ", or the other way round" if len(wrong) >= len(right) else ""
    written = "; so does when its file was last written" if any(_written(clock, shift) for clock in wrong) else ""
    remedies = " ".join(dict.fromkeys(_remedy(clock, shift) for clock in wrong))
    differ = f"{amount(shift)} {'ahead of' if shift > 0 else 'behind'} that of {_listed(others)}{either}"
    return (
        f"the clock of {_listed(names)} is {differ}: {evidence}{written}; nothing was changed: if that is wrong, give "
        f"{remedies}"
    )


def _remedy(clock: Clock, shift: float) -> str:
    zone = clock.sources[0].time_zone if clock.assumed and shift % QUARTER == 0 else None
    return remedy([row.source for row in clock.sources], zone, shift, clock.span)


def _written(clock: Clock, shift: float) -> bool:
    """Whether the file was last written when its last record was, put right."""
    if clock.modified is None:
        return False
    return abs((clock.modified - clock.span[1]).total_seconds() + shift) <= min(WRITTEN, abs(shift) / 4)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
