"""One simulated incident: drawn whole from its part, seed and number."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from benchmarks.simulation.faults import OF_JOBS, Fault, choose_service, draw_fault, draw_topic
from benchmarks.simulation.history import HOURLY, Step, draw_innocent, draw_reaction, draw_step, draw_summary, listed
from benchmarks.simulation.kinds import FORGOTTEN, GAP, KINDS, NONE, QUIET, draw_delay, draw_kind, draw_rollout
from benchmarks.simulation.lines import written
from benchmarks.simulation.pace import Rng, log_uniform
from benchmarks.simulation.recorded import recorded_world
from benchmarks.simulation.recorded_weaving import ABLE, RecordedWeaver
from benchmarks.simulation.symptoms import draw_symptom
from benchmarks.simulation.visible import Sight, sight_of
from benchmarks.simulation.weaving import Weaver
from benchmarks.simulation.world import World, draw_world, with_jobs

#: Each part draws from streams of random numbers that no other part has.
PARTS = {"fit": 0, "test": 1}
#: Lines of a log, all scales alike between these; those of over an hour have more.
LINES, LINES_LONG = (2_000, 30_000), (8_000, 40_000)
#: Windows in seconds, with shares.
WINDOWS = (((180, 600), 0.35), ((600, 3600), 0.35), ((3600, 21600), 0.2), ((21600, 86400), 0.1))
#: Share of incidents whose baseline is drawn from recorded lines, where the kind of fault allows it.
RECORDED = 0.35
#: Share of incidents in which clocks differ.
SKEWED = 0.15
#: Least time before and after an onset, in seconds.
BEFORE, AFTER = 40.0, 45.0
#: When incidents happen, in seconds since 1970: in the years 2024 and 2025.
EPOCHS = (1_704_067_200, 1_767_000_000)


@dataclass(frozen=True, eq=False)
class Simulated:
    """An incident with its truth; times are seconds since `epoch`.

    Attributes
    ----------
    name : str
    epoch : int
        The window's start, in seconds since 1970.
    seconds : float
    services : tuple of str
    lines : polars.DataFrame
        ``time``, ``service``, ``instance``, ``request``, ``level``, ``logger``, ``message``, ``stack``, ``effect``.
    changes : tuple of Step
    symptom : str or None
    fault : str
        Kind of fault.
    cause : Step or None
        The change that brought it, recorded or not.
    variant : str
        ``change``, ``unrecorded`` or ``quiet``.
    service : str or None
        Where the fault is.
    sight : Sight or None
        What of it is in the logs.
    baseline : str
        What the lines without the fault are drawn from.
    skews : tuple of float
        Seconds by which the clock of each service is off.
    """

    name: str
    epoch: int
    seconds: float
    services: tuple[str, ...]
    lines: pl.DataFrame
    changes: tuple[Step, ...]
    symptom: str | None
    fault: str
    cause: Step | None
    variant: str
    service: str | None
    sight: Sight | None
    baseline: str = "synthetic"
    skews: tuple[float, ...] = ()

    @property
    def recorded_cause(self) -> Step | None:
        """The change to blame, where it is among the recorded ones."""
        return next((step for step in self.changes if step.role == "cause"), None)


def stream(part: str, seed: int, number: int) -> Rng:
    """Random numbers of one incident; those of different parts have nothing in common."""
    return np.random.default_rng(np.random.SeedSequence([PARTS[part], seed, number]))


def draw_incident(part: str, seed: int, number: int) -> Simulated:
    """An incident; the same arguments give the same one."""
    rng = stream(part, seed, number)
    kind, cause = draw_kind(rng)
    seconds = draw_seconds(rng, kind)
    onset = draw_onset(rng, seconds)
    epoch = int(rng.integers(*EPOCHS))
    recorded = kind in ABLE and rng.random() < RECORDED
    world = recorded_world(rng) if recorded else draw_world(rng)
    service = choose_service(rng, kind, world)
    world = with_jobs(rng, world, service) if kind in OF_JOBS else world
    step, fault = _cause(rng, kind, cause, world, service, onset, seconds)
    busy = float(rng.uniform(0, HOURLY))
    innocent = draw_innocent(rng, world, service, onset, seconds, busy)
    forgotten = step is not None and rng.random() < FORGOTTEN
    reactions = (
        [] if kind in {QUIET, GAP} else draw_reaction(rng, world, None if forgotten else step, service, onset, seconds)
    )
    fault = undone(rng, fault, reactions)
    made = [*([step] if step else []), *innocent, *reactions]
    weaver = (RecordedWeaver if recorded else Weaver)(
        rng, world, seconds, epoch % 86400, log_uniform(rng, *(LINES_LONG if seconds > 3600 else LINES))
    )
    frame = weaver.weave(fault, [each for each in made if each.end > -30 and each.time < seconds])
    if kind == GAP:
        frame = without_gap(rng, frame, onset, seconds)
    changes = listed(rng, [each for each in made if not (forgotten and each is step)], world)
    variant = "quiet" if kind in {QUIET, GAP} else "change" if step is not None and not forgotten else "unrecorded"
    sight = (
        None
        if variant == "quiet"
        else sight_of(frame, weaver.lines.templates, fault.start, min(fault.until, seconds), seconds)
    )
    skews = draw_skews(rng, len(world.services))
    return Simulated(
        name=f"{part}-{seed}-{number:05d}",
        epoch=epoch,
        seconds=seconds,
        services=tuple(each.name for each in world.services),
        lines=skewed(written(frame, weaver.lines.templates, rng), skews),
        changes=tuple(changes),
        symptom=draw_symptom(rng, world, service, epoch + onset, quiet=variant == "quiet"),
        fault=kind,
        cause=step,
        variant=variant,
        service=None if variant == "quiet" else world.services[service].name,
        sight=sight,
        baseline="recorded" if recorded else "synthetic",
        skews=skews,
    )


def draw_seconds(rng: Rng, kind: str) -> float:
    """Length of the logs; what builds up slowly is seldom seen in the shortest."""
    shares = [share for _, share in WINDOWS]
    low, high = WINDOWS[int(rng.choice(len(WINDOWS), p=shares))][0]
    if kind in KINDS and KINDS[kind].slow:
        low, high = max(low, 900), max(high, 7200)
    return float(round(log_uniform(rng, low, high)))


def draw_onset(rng: Rng, seconds: float) -> float:
    """Seconds from the window's start: dumps are cut around the trouble, with more or less of what came before."""
    return float(np.clip(seconds * rng.uniform(0.15, 0.9), BEFORE, seconds - AFTER))


def _cause(
    rng: Rng, kind: str, cause: str, world: World, service: int, onset: float, seconds: float
) -> tuple[Step | None, Fault]:
    """The change to blame, if there is one, and the fault, which begins at `onset` on the first instance."""
    instances = world.services[service].instances
    if kind in {QUIET, GAP}:
        return None, Fault(kind, service, onset)
    if cause == NONE:
        starts = np.full(instances, onset)
        return None, draw_fault(rng, kind, cause, world, service, starts, seconds)
    offsets = np.array(draw_rollout(rng, cause, instances))
    delay = draw_delay(rng, cause, KINDS[kind].slow)
    time = onset - delay - float(offsets.min())
    starts = time + offsets + delay
    step = draw_step(rng, world, service, time, cause)
    summary = draw_summary(rng, cause, world, draw_topic(rng, world, 0.35))
    step = replace(step, summary=summary, live=tuple(time + float(offset) for offset in offsets), role="cause")
    return step, draw_fault(rng, kind, cause, world, service, starts, seconds)


def undone(rng: Rng, fault: Fault, reactions: list[Step]) -> Fault:
    """The fault ends some seconds after the change that brought it was undone."""
    times = [step.end for step in reactions if step.role == "undo"]
    if not times:
        return fault
    end = times[0] + float(rng.exponential(10))
    downs = [replace(down, end=min(down.end, end)) for down in fault.downs if down.start < end]
    effects = [replace(effect, until=min(effect.until, end)) for effect in fault.effects]
    crashes = [(instance, at) for instance, at in fault.crashes if at < end]
    return replace(fault, until=min(fault.until, end), effects=effects, downs=downs, crashes=crashes)


def draw_skews(rng: Rng, services: int) -> tuple[float, ...]:
    """How far clocks are off: mostly not at all."""
    spread = log_uniform(rng, 0.005, 1.0) if rng.random() < SKEWED else 0.0
    return tuple(float(skew) for skew in rng.normal(0, spread, services))


def skewed(lines: pl.DataFrame, skews: tuple[float, ...]) -> pl.DataFrame:
    """Lines with the times that their services' clocks show."""
    off = pl.col("service").replace_strict(range(len(skews)), skews, return_dtype=pl.Float64)
    return lines.with_columns(pl.col("time") + off).sort("time", maintain_order=True)


def without_gap(rng: Rng, frame: pl.DataFrame, start: float, seconds: float) -> pl.DataFrame:
    """Lines of one instance, of one service or of all that are lost on their way, for a while or from then on."""
    until = seconds if rng.random() < 0.4 else start + (seconds - start) * rng.uniform(0.1, 0.8)
    lost = (pl.col("time") >= start) & (pl.col("time") < until)
    whose = int(rng.choice(3, p=[0.3, 0.5, 0.2]))
    if whose < 2:
        lost &= pl.col("service") == int(rng.choice(frame["service"].unique().sort().to_numpy()))
    if whose == 0:
        lost &= pl.col("instance") == 0
    return frame.with_columns((pl.col("removed") | lost).alias("removed"))
