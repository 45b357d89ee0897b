"""The kinds of faults: how often each is drawn, which kinds of changes bring it, and how long that takes.

The shares are assumptions. Published studies of incidents in large services agree on the order only: most follow a
change (code, configuration, roll-outs), a large part does not (dependencies, load, expiry, hardware), and a few kinds
(crashes, errors, slowness, exhausted resources) make up most of what is seen: Gunawi et al., "Why Does the Cloud Stop
Computing?", SoCC 2016; Liu et al., "What Bugs Cause Production Cloud Incidents?", HotOS 2019; Ghosh et al., "How to
Fight Production Incidents?", SoCC 2022.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from benchmarks.simulation.pace import Rng, log_uniform

#: What stands for no change at all.
NONE = "none"


@dataclass(frozen=True)
class Kind:
    """A kind of fault.

    Attributes
    ----------
    often : float
        Share of the incidents.
    causes : mapping
        Kinds of changes that bring it, with shares; `NONE` for a fault that no change brings.
    slow : bool
        Whether it builds up over minutes to hours.
    """

    often: float
    causes: Mapping[str, float]
    slow: bool = False


KINDS: dict[str, Kind] = {
    "new error": Kind(0.15, {"deploy": 0.6, "config": 0.15, "flag": 0.1, "migration": 0.1, NONE: 0.05}),
    "more errors": Kind(0.09, {"deploy": 0.4, "config": 0.2, "flag": 0.1, "scale": 0.1, NONE: 0.2}),
    "stopped": Kind(0.06, {"deploy": 0.5, "config": 0.3, NONE: 0.2}),
    "rate drop": Kind(0.05, {"deploy": 0.4, "flag": 0.2, "config": 0.2, NONE: 0.2}),
    "leak": Kind(0.07, {"deploy": 0.75, "config": 0.1, NONE: 0.15}, slow=True),
    "latency": Kind(0.08, {"deploy": 0.4, "migration": 0.15, "config": 0.15, "scale": 0.1, NONE: 0.2}),
    "mix shift": Kind(0.05, {"deploy": 0.35, "flag": 0.25, "config": 0.2, NONE: 0.2}),
    "burst": Kind(0.05, {"deploy": 0.2, "config": 0.25, "infrastructure": 0.2, NONE: 0.35}),
    "dead callee": Kind(0.07, {"deploy": 0.35, "config": 0.2, "infrastructure": 0.2, NONE: 0.25}),
    "restart loop": Kind(0.06, {"deploy": 0.5, "config": 0.35, NONE: 0.15}),
    "canary": Kind(0.05, {"deploy": 1.0}),
    "share of users": Kind(0.05, {"flag": 1.0}),
    "load": Kind(0.05, {NONE: 0.75, "flag": 0.15, "scale": 0.1}),
    "dependency": Kind(0.06, {NONE: 0.85, "infrastructure": 0.15}),
    "disk full": Kind(0.03, {NONE: 0.7, "config": 0.3}, slow=True),
    "expired": Kind(0.03, {NONE: 0.85, "infrastructure": 0.15}),
    "invisible": Kind(0.03, {"deploy": 0.4, "config": 0.3, "flag": 0.3}),
}
#: Incidents in which nothing is wrong: nothing at all, or lines that do not arrive.
QUIET, GAP = "quiet", "log gap"
QUIET_SHARE, GAP_SHARE = 0.11, 0.04
#: Of faults that a change brought, the share whose change nobody recorded.
FORGOTTEN = 0.15


def draw_kind(rng: Rng) -> tuple[str, str]:
    """A kind of fault, and the kind of change that brought it, or `NONE`."""
    chance = rng.random()
    if chance < QUIET_SHARE + GAP_SHARE:
        return (QUIET if chance < QUIET_SHARE else GAP), NONE
    names = list(KINDS)
    shares = np.array([KINDS[name].often for name in names])
    name = names[int(rng.choice(len(names), p=shares / shares.sum()))]
    causes = list(KINDS[name].causes)
    return name, causes[int(rng.choice(len(causes), p=[KINDS[name].causes[cause] for cause in causes]))]


def draw_delay(rng: Rng, cause: str, slow: bool) -> float:
    """Seconds from when a change is live to when it begins to act: of any scale, most of them short."""
    if slow:
        return float(rng.lognormal(np.log(1200), 0.9))
    if cause == "flag":
        return float(rng.uniform(0, rng.choice([5, 15, 30, 60])))
    if cause == "config":
        return float(rng.exponential(2) if rng.random() < 0.45 else rng.uniform(0, log_uniform(rng, 30, 1800)))
    if cause in {"migration", "scale"}:
        return float(rng.exponential(40) if rng.random() < 0.8 else rng.lognormal(np.log(900), 1))
    if cause == "infrastructure":
        return float(rng.exponential(4) if rng.random() < 0.5 else rng.lognormal(np.log(180), 1.3))
    chance = rng.random()
    if chance < 0.4:
        return float(rng.exponential(5))
    return float(rng.lognormal(np.log(90), 1.2) if chance < 0.75 else rng.lognormal(np.log(1500), 1.1))


def draw_rollout(rng: Rng, cause: str, instances: int) -> list[float]:
    """Seconds from a change's beginning to when each instance has it, in order."""
    if cause in {"flag", "config", "migration", "scale", "infrastructure"}:
        return [float(rng.uniform(0, 3))] * instances
    first, step = log_uniform(rng, 2, 120), log_uniform(rng, 3, 180)
    return [first + step * number for number in range(instances)]
