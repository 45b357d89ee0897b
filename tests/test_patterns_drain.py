"""The indexed Drain finds what drain3's finds."""

from __future__ import annotations

import random
from typing import Any

from drain3.drain import Drain
from hypothesis import given
from hypothesis import strategies as st

from triage.patterns.drain import IndexedDrain
from triage.patterns.templates import CHILDREN, DEPTH, SIMILARITY

WORDS = st.sampled_from(["a", "b", "c", "d", "e", "x1", "<*>", "<NUM>"])


def templates(drain: Drain, lines: list[str]) -> list[tuple[int, str]]:
    found = [drain.add_log_message(line)[0] for line in lines]
    return [(cluster.cluster_id, cluster.get_template()) for cluster in found]


@given(
    st.lists(st.lists(WORDS, min_size=0, max_size=7).map(" ".join), max_size=60),
    st.sampled_from([0.3, 0.5, 0.7, 1.0]),
    st.sampled_from([3, 4, DEPTH]),
)
def test_the_same_clusters_as_drain3(lines: list[str], similarity: float, depth: int) -> None:
    indexed = IndexedDrain(depth=depth, sim_th=similarity, max_children=CHILDREN)
    plain = Drain(depth=depth, sim_th=similarity, max_children=CHILDREN)
    assert templates(indexed, lines) == templates(plain, lines)


def test_few_clusters_of_a_full_leaf_are_compared() -> None:
    """Words that recur in pairs of lines, among 4,000 lines of one leaf: plain Drain compares 8 million pairs."""
    rng = random.Random(7)
    lines = sorted(
        {"task run " + " ".join(f"{rng.choice('uvwxyz')}{rng.randrange(2000)}" for _ in range(6)) for _ in range(4000)}
    )
    drain = IndexedDrain(depth=DEPTH, sim_th=SIMILARITY, max_children=CHILDREN)
    compared = 0
    distance = drain.get_seq_distance

    def counted(*args: Any) -> Any:
        nonlocal compared
        compared += 1
        return distance(*args)

    drain.get_seq_distance = counted
    assert len(set(templates(drain, lines))) > 3000
    assert compared < 20 * len(lines)
