"""Drain with an index in its leaves, so that a leaf of very many clusters does not cost quadratic time.

Of drain3 only the tree is used: no configuration file is read and no state is loaded.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from drain3.drain import Drain, LogCluster

WILDCARD = "<*>"


class _Leaf:
    """Which clusters of a leaf hold which word at which place. All of a leaf's clusters have the same length."""

    def __init__(self) -> None:
        self.holders: defaultdict[tuple[int, str], list[int]] = defaultdict(list)

    def add(self, cluster: LogCluster) -> None:
        for place in enumerate(cluster.log_template_tokens):
            self.holders[place].append(cluster.cluster_id)

    def candidates(self, tokens: Sequence[str], least_equal: int) -> list[int]:
        """Ids of every cluster that could have `least_equal` words of `tokens` at their places, and of some that can't.

        A cluster that has so many can miss only ``len(words) - least_equal`` of them, so it holds at least one of any
        one word more than that: the rarest are asked (the prefix filter of Chaudhuri et al., A Primitive Operator
        for Similarity Joins in Data Cleaning, ICDE 2006). Clusters lose words as they generalise and never gain any,
        so what was entered when one was new still names it.
        """
        words = [place for place in enumerate(tokens) if place[1] != WILDCARD]
        asked = len(words) - least_equal + 1
        if asked <= 0:
            return []
        lists = sorted((self.holders.get(place, []) for place in words), key=len)
        return sorted({cluster for held in lists[:asked] for cluster in held})


class IndexedDrain(Drain):  # type: ignore[misc]  # drain3 has no types
    """Finds the same clusters as `drain3.drain.Drain`, in time that does not grow with the clusters of a leaf.

    It needs ``max_clusters=None``: no cluster is ever forgotten.
    """

    def __init__(self, depth: int, sim_th: float, max_children: int) -> None:
        super().__init__(depth=depth, sim_th=sim_th, max_children=max_children, param_str=WILDCARD)
        self._leaves: defaultdict[int, _Leaf] = defaultdict(_Leaf)

    def fast_match(
        self, cluster_ids: Sequence[int], tokens: list[str], sim_th: float, include_params: bool
    ) -> LogCluster | None:
        """The best match in a leaf: as in the class above, asked only of clusters that can match at all.

        The leaf's own list is emptied of what the index has, but for the first, which names the leaf: Drain copies
        that list whenever it adds a cluster.
        """
        if include_params or not isinstance(cluster_ids, list):
            raise NotImplementedError("wildcards count for nothing here")
        if not cluster_ids:
            return None
        leaf = self._leaves.get(cluster_ids[0])
        new = cluster_ids if leaf is None else cluster_ids[1:]
        leaf = self._leaves[cluster_ids[0]]
        for cluster_id in new:
            leaf.add(self.id_to_cluster[cluster_id])
        del cluster_ids[1:]
        # The smallest count that passes Drain's own comparison, whose rounding decides.
        least = next(n for n in range(math.floor(sim_th * len(tokens)), len(tokens) + 1) if n / len(tokens) >= sim_th)
        return super().fast_match(leaf.candidates(tokens, least), tokens, sim_th, include_params)
