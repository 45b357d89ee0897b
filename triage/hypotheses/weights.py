"""The table of weights: how much of what each check says counts, and how likely `unrecorded` is before any evidence.

Checks give log-likelihood ratios as if nothing else were known. What they look at overlaps (who is named by failing
lines also tends to fail first), and each is simpler than the world, so a part of each is counted, read from
`weights.toml`. Evidence shows what was counted.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from zlib import crc32

from triage.hypotheses.evidence import Evidence

#: Evidence this strong says that something cannot be, or must: it counts in full.
CERTAIN = 8.0


@dataclass(frozen=True)
class Factor:
    """What part of a check's evidence counts, where it speaks for a hypothesis and where it speaks against it."""

    pro: float = 1.0
    con: float = 1.0


@dataclass(frozen=True)
class Weights:
    """The prior and a factor for each check; a check without one counts in full.

    Attributes
    ----------
    unrecorded : float
        Probability of `unrecorded` before any evidence.
    factors : mapping
        From names of checks.
    unsure : float
        What part counts of what stands on an onset that is not sure.
    suggested : float
        The part of it that what the logs suggest has before any evidence.
    suggested_most : float
        The part of it that all suggestions together have at most.
    """

    unrecorded: float
    factors: Mapping[str, Factor]
    unsure: float = 1.0
    suggested: float = 0.1
    suggested_most: float = 0.2

    @property
    def mark(self) -> int:
        """A number that differs where weights do."""
        numbers = (self.unrecorded, self.unsure, self.suggested, self.suggested_most)
        return crc32(repr((*numbers, sorted(self.factors.items(), key=str))).encode())

    def counted(self, evidence: Evidence) -> Evidence:
        """The evidence with the weight that counts.

        Examples
        --------
        >>> weights = Weights(0.3, {"timing": Factor(0.5, 1.0)})
        >>> weights.counted(Evidence("timing", "The trouble began 8 s after it", 3.0)).weight
        1.5
        >>> weights.counted(Evidence("timing", "It came after the trouble", -8.0)).weight
        -8.0
        """
        factor = self.factors.get(evidence.check)
        if factor is None or abs(evidence.weight) >= CERTAIN:
            return evidence
        return replace(evidence, weight=round(evidence.weight * (factor.pro if evidence.weight > 0 else factor.con), 3))

    def doubted(self, evidence: Evidence) -> Evidence:
        """The evidence with the weight that counts where the onset it stands on is not sure."""
        return replace(evidence, weight=round(evidence.weight * self.unsure, 3))


@cache
def known_weights() -> Weights:
    """The weights of `weights.toml`."""
    table = tomllib.loads((files("triage.hypotheses") / "weights.toml").read_text("utf-8"))
    factors = {name: Factor(row["for"], row["against"]) for name, row in table["checks"].items()}
    prior = table["prior"]
    return Weights(prior["unrecorded"], factors, table["onset"]["unsure"], prior["suggested"], prior["suggested_most"])
