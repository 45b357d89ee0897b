"""The same lines in several sources: a file given twice under two names, exports that overlap. Noticed and said."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt
import polars as pl

from triage.ingest.keeping import Compared, Fetch
from triage.ingest.schema import UTC_NS

#: Consecutive records that two sources must share; as many that a program writes at each start may come by chance.
RUN, LONG_RUN = 20, 200
#: In a run shorter than the long one there must be so many different times: replicas that start together, or beat
#: every ten seconds, write the same few lines in the same seconds. So many texts must differ in more than their times.
TIMES, TEXTS = 10, 3
#: Whole sources that are the same are told from so many records on.
SAME = 5
#: Records by which places to compare are found, at most; of more a part is taken, chosen by content.
ANCHORS = 1_000_000
#: Places that are compared, at most.
PLACES = 200
#: Characters of a record, and records, that tell whether texts differ, and what does not count in them.
HEAD, MANY, CLOCKS = 200, 5000, r"\d+(?:[-/:.,T ]\d+)+|\d{10,}"

Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Part:
    """The records of one source: of each a hash of its text, and its time; and what gives so many, from one on."""

    name: str
    keys: Hashes
    at: pl.Series
    fetch: Fetch

    def digest(self) -> bytes:
        """A digest of all records in their order."""
        return hashlib.blake2b(np.ascontiguousarray(self.keys).data, digest_size=16).digest()


@dataclass(frozen=True)
class Run:
    """Consecutive records that stand in two sources: the first in each, and how many."""

    left: int
    right: int
    count: int


def overlaps(sources: Sequence[Compared], fetch: Fetch) -> tuple[str, ...]:
    """Notes on sources that are the same, and on runs of records that two of them share.

    Parameters
    ----------
    sources : sequence of Compared
        In their order.
    fetch : callable
        Gives so many of the records of all, from one on.
    """
    begins = accumulate((len(one.traits) for one in sources), initial=0)
    parts = [_part(one, begin, fetch) for one, begin in zip(sources, begins, strict=False) if len(one.traits)]
    if len(parts) < 2:
        return ()
    groups: dict[tuple[int, bytes], list[Part]] = {}
    for part in parts:
        groups.setdefault((len(part.keys), part.digest()), []).append(part)
    same = [_same(group) for group in groups.values() if len(group) > 1 and _is_something(group[0])]
    return (*same, *_shared([group[0] for group in groups.values()]))


def _part(one: Compared, begin: int, fetch: Fetch) -> Part:
    def own(place: int, count: int) -> pl.DataFrame:
        return fetch(begin + place, count)

    return Part(one.row.source, one.traits["key"].to_numpy(), one.traits["at"], own)


def _same(group: Sequence[Part]) -> str:
    others = ", ".join(part.name for part in group[1:6]) + (f" and {len(group) - 6} more" if len(group) > 6 else "")
    verb = "holds" if len(group) == 2 else "hold"
    count = f"{len(group[0].keys):,} records"
    return f"{others} {verb} the same {count} as {group[0].name}: all are counted; name only one of them"


def _shared(parts: Sequence[Part]) -> Iterator[str]:
    """One note for each two sources."""
    found: dict[tuple[int, int], list[Run]] = {}
    for left, right, shift in _places(parts):
        runs = [run for run in _runs(parts[left].keys, parts[right].keys, shift) if _counts(parts[left], run)]
        found.setdefault((left, right), []).extend(runs)
    for (left, right), runs in found.items():
        if runs:
            yield _told(parts[left], parts[right], runs)


def _places(parts: Sequence[Part]) -> list[tuple[int, int, int]]:
    """Pairs of sources and how far records of the second stand behind those of the first: where to compare them."""
    step = max(1, sum(len(part.keys) for part in parts) // ANCHORS)
    # What stands twice in a source says nothing on where they fit.
    frames = [
        pl.DataFrame({"key": part.keys}).with_row_index("at").select("key", pl.col("at").cast(pl.Int64), part=number)
        .filter(pl.col("key") % step == 0).filter(pl.col("key").is_unique())
        for number, part in enumerate(parts)
    ]  # fmt: skip
    anchors = pl.concat(frames).filter(pl.col("key").is_duplicated()).sort("key", "part")
    chained = anchors.with_columns(
        pl.col("part", "at").shift(-1).over("key").name.prefix("next_")  # each with the next: all pairs are too many
    )
    pairs = chained.drop_nulls("next_part").with_columns((pl.col("next_at") - pl.col("at")).alias("shift"))
    counted = pairs.group_by("part", "next_part", "shift").len().filter(pl.col("len") * step >= RUN / 2)
    best = counted.sort(["len", "part", "next_part", "shift"], descending=[True, False, False, False]).head(PLACES)
    return [(left, right, shift) for left, right, shift, _ in best.sort("part", "next_part", "shift").iter_rows()]


def _runs(left: Hashes, right: Hashes, shift: int) -> Iterator[Run]:
    """Runs of equal records, where record i of the first is compared with record i + shift of the second."""
    low, high = max(0, -shift), min(len(left), len(right) - shift)
    equal = np.concatenate(([False], left[low:high] == right[low + shift : high + shift], [False]))
    edges = np.flatnonzero(np.diff(equal.astype(np.int8)))
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        if end - begin >= RUN:
            yield Run(int(low + begin), int(low + begin + shift), int(end - begin))


def _is_something(part: Part) -> bool:
    """Whether a whole source is more than a few lines that any two may hold."""
    whole = Run(0, 0, len(part.keys))
    return _tells(part, whole, SAME) or (whole.count >= RUN and _texts(part, whole) >= TEXTS)


def _counts(part: Part, run: Run) -> bool:
    return _tells(part, run, RUN)


def _tells(part: Part, run: Run, least: int) -> bool:
    """Whether such records can hardly be the same by chance."""
    if run.count < least or not (run.count >= LONG_RUN or _distinct_times(part, run) >= min(TIMES, run.count)):
        return False
    return _texts(part, run) >= TEXTS


def _texts(part: Part, run: Run) -> int:
    raw = part.fetch(run.left, min(run.count, MANY))["raw"]
    return raw.str.slice(0, HEAD).str.replace_all(CLOCKS, "").n_unique()


def _distinct_times(part: Part, run: Run) -> int:
    return part.at.slice(run.left, run.count).drop_nulls().n_unique()


def _told(left: Part, right: Part, runs: list[Run]) -> str:
    longest = max(runs, key=lambda run: run.count)
    count = sum(run.count for run in runs)
    times = left.at.slice(longest.left, longest.count).drop_nulls().sort()
    clocks = times.cast(UTC_NS).dt.strftime("%Y-%m-%d %H:%M:%S").to_list()
    span = f", {clocks[0]} to {clocks[-1]}Z" if clocks else ""
    where = f"{_lines(left, longest.left, longest.count)} and {_lines(right, longest.right, longest.count)}"
    most = "" if len(runs) == 1 else f", most of them in {len(runs)} runs, the longest"
    return (
        f"{left.name} and {right.name} share {count:,} records{most} ({where}{span}): "
        "all are counted; leave one of the two out, or what is in both"
    )


def _lines(part: Part, begin: int, count: int) -> str:
    first, last = (part.fetch(place, 1).row(0, named=True) for place in (begin, begin + count - 1))
    return f"lines {first['line']} to {last['line'] + last['line_count'] - 1}"
