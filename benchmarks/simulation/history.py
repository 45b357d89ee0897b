"""Recorded changes of a simulated incident: the one to blame, innocent ones, and what people did about the trouble.

Half of the innocent ones, up to a few, are drawn within minutes of the onset, often of the same service, its callers
or callees: look-alikes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.simulation import vocabulary as words
from benchmarks.simulation.kinds import draw_rollout
from benchmarks.simulation.pace import Rng, log_uniform
from benchmarks.simulation.world import Service, World, fill

#: Shares of kinds among changes.
SHARES = {"deploy": 0.52, "config": 0.2, "flag": 0.13, "scale": 0.07, "infrastructure": 0.04, "migration": 0.04}
#: Changes an hour over the whole system.
HOURLY = 8.0
#: Most changes that are moved next to the onset, and most changes at all.
MOST_NEAR, MOST = 4, 60
HOUR = 3600.0
#: Ways in which a list of changes spells a service, and the share of changes that name none.
SPELLINGS: tuple[Callable[[str], str], ...] = (str, str.title, lambda name: name.replace("-", "_"))
UNNAMED = 0.04


@dataclass(frozen=True)
class Step:
    """A change that was made; seconds since the window's start.

    Attributes
    ----------
    live : tuple of float
        When each instance of the service had it.
    told : str or None
        The service as the list spells it, if it tells one.
    """

    kind: str
    service: int
    time: float
    live: tuple[float, ...] = ()
    version: str = ""
    summary: str = ""
    role: str = "innocent"
    id: str = ""
    told: str | None = None

    @property
    def end(self) -> float:
        """When it was through."""
        return max([self.time, *self.live])


def draw_innocent(rng: Rng, world: World, near: int, onset: float, seconds: float, busy: float) -> list[Step]:
    """Changes that have nothing to do with the trouble; `near` is the service where that is."""
    back = log_uniform(rng, 600, 6 * HOUR)  # lists reach back further than logs
    count = min(MOST, int(rng.poisson(busy * (seconds + back) / HOUR)))
    weights = rng.lognormal(0, 0.8, len(world.services))  # some services are changed far more often than others
    weights = weights / weights.sum()
    found, moved = [], 0
    for _ in range(count):
        if moved < MOST_NEAR and rng.random() < 0.5:
            moved += 1
            # Changes come together, when people are at work: near the onset, but no nearer than chance has it.
            gap = rng.uniform(0, log_uniform(rng, 300, HOUR))
            time = onset - gap if rng.random() < 0.65 else onset + gap
            if time < seconds:  # nobody lists what is still to come
                found.append(draw_step(rng, world, _neighbour(rng, world, near), time))
        else:
            service = int(rng.choice(len(weights), p=weights))
            found.append(draw_step(rng, world, service, rng.uniform(-back, seconds)))
    return found


def _neighbour(rng: Rng, world: World, service: int) -> int:
    """The same service, one that calls it or is called by it, or any."""
    chance = rng.random()
    related = world.callers(service) + list(world.services[service].callees)
    if chance < 0.15:
        return service
    if chance < 0.5 and related:
        return int(rng.choice(related))
    return int(rng.integers(len(world.services)))


def draw_step(rng: Rng, world: World, service: int, time: float, kind: str = "") -> Step:
    """A change of a service."""
    kind = kind or str(rng.choice(list(SHARES), p=list(SHARES.values())))
    own = world.services[service]
    live = tuple(time + offset for offset in draw_rollout(rng, kind, own.instances))
    return Step(kind, service, time, live, next_version(rng, own), draw_summary(rng, kind, world))


def next_version(rng: Rng, service: Service) -> str:
    """A version after the present one."""
    major, minor, patch = (int(part) for part in service.version.split("."))
    later = rng.random() < 0.6
    return f"{major}.{minor + int(later)}.{0 if later else patch + 1 + int(rng.integers(3))}"


def draw_summary(rng: Rng, kind: str, world: World, topic: str = "") -> str:
    """What the change is said to be about; may speak of the business in the words that others use as well."""
    return fill(str(rng.choice(words.SUMMARIES[kind])), rng, world.nouns if rng.random() < 0.4 else (), topic)


def draw_reaction(rng: Rng, world: World, step: Step | None, near: int, onset: float, seconds: float) -> list[Step]:
    """What people did about the trouble: undo the change or another one, flip it back, add instances."""
    time = onset + float(rng.lognormal(np.log(600), 0.8))
    if time > seconds or rng.random() < 0.4:
        return []
    if step is not None and rng.random() < 0.6:
        back = draw_step(rng, world, step.service, time, "rollback" if step.kind == "deploy" else step.kind)
        return [replace(back, role="undo", version="", summary="back to the state before")]
    kind = str(rng.choice(["rollback", "scale", "config", "flag"]))
    return [replace(draw_step(rng, world, _neighbour(rng, world, near), time, kind), role="reaction")]


def listed(rng: Rng, steps: list[Step], world: World) -> list[Step]:
    """The changes by time, with ids that say nothing; lists spell services as they like, and leave some out."""
    form = ["chg-{:05x}", "CHG-{}", "deploy/{}", "{:08x}"][int(rng.integers(4))]
    ids = rng.choice(900_000, len(steps), replace=False) + 100_000
    ordered = sorted(steps, key=lambda step: (step.time, step.kind, step.service, step.version))
    spell = SPELLINGS[int(rng.choice(len(SPELLINGS), p=[0.8, 0.1, 0.1]))]
    unnamed = rng.random(len(steps)) < UNNAMED
    return [
        replace(step, id=form.format(int(number)), told=None if missing else spell(world.services[step.service].name))
        for step, number, missing in zip(ordered, ids, unnamed, strict=True)
    ]
