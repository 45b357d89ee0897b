"""What people say of the trouble: exact, vague, or nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from benchmarks.simulation import vocabulary as words
from benchmarks.simulation.faults import draw_topic
from benchmarks.simulation.pace import Rng
from benchmarks.simulation.world import World, fill


def draw_symptom(rng: Rng, world: World, service: int, at: float, *, quiet: bool) -> str | None:
    """A sentence, or None; people name what they see, which is seldom the service at fault."""
    chance = rng.random() + (0.2 if quiet else 0.0)
    if chance > 0.75:
        return None
    if chance > 0.4:
        return str(rng.choice(words.VAGUE))
    seen = rng.choice([0, service, int(rng.integers(len(world.services)))], p=[0.5, 0.35, 0.15])
    late = at + float(rng.exponential(180))
    text = fill(str(rng.choice(words.EXACT)), rng, world.nouns, draw_topic(rng, world, 0.0 if quiet else 0.5))
    clock = f"{datetime.fromtimestamp(late, UTC):%H:%M}"
    return text.replace("{clock}", clock).replace("{service}", world.services[int(seen)].name)
