"""From a kind of fault to what it does in a simulated system."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from benchmarks.simulation import vocabulary as words
from benchmarks.simulation.effects import NEVER, Down, Effect
from benchmarks.simulation.lines import Template
from benchmarks.simulation.pace import Rng, Times, log_uniform
from benchmarks.simulation.world import World, fill

#: Faults that show in jobs only.
OF_JOBS = {"stopped", "mix shift"}
#: Texts of errors by what brought them.
FAMILIES = {"config": "config", "migration": "schema", "flag": "code", "deploy": "code", "scale": "overload"}


@dataclass
class Fault:
    """What goes wrong.

    Attributes
    ----------
    kind : str
    service : int
        Where.
    start, until : float
        Seconds since the window's start.
    effects : list of Effect
    downs : list of Down
        Of the service.
    """

    kind: str
    service: int
    start: float
    until: float = NEVER
    effects: list[Effect] = field(default_factory=list)
    downs: list[Down] = field(default_factory=list)
    crashes: list[tuple[int, float]] = field(default_factory=list)


def choose_service(rng: Rng, kind: str, world: World) -> int:
    """A service in which this kind of fault can be, the likelier the more requests pass through it."""
    passing = world.passing()
    used = sorted(passing)
    if kind in OF_JOBS:
        able = [n for n, service in enumerate(world.services) if service.jobs]
        return int(rng.choice(able or used))
    if kind == "load":
        return 0
    if kind in {"dead callee", "expired"}:
        used = [n for n in used if n] or used
    if kind == "canary":
        used = [n for n in used if world.services[n].instances > 1] or used
    shares = np.sqrt([passing[n] for n in used])
    return int(rng.choice(used, p=shares / shares.sum()))


def draw_fault(rng: Rng, kind: str, cause: str, world: World, service: int, starts: Times, seconds: float) -> Fault:
    """A fault that begins at some times on the instances of a service."""
    start, until = float(starts.min()), NEVER
    left = seconds - start
    if kind == "burst":
        until = start + min(left * 0.6, log_uniform(rng, 8, 600))
    if kind == "canary":
        starts = np.where(np.arange(len(starts)) == int(np.argmin(starts)), starts, NEVER)
    fault = Fault(kind, service, start, until)
    if kind in {"dead callee", "restart loop"}:
        return _with_downs(fault, rng, world, starts, seconds)
    base = Effect(service, starts, until)
    family = FAMILIES.get(cause, "pool" if kind in {"leak", "burst"} else "code")
    errors = draw_errors(rng, world, service, family)
    # What is looked into was noticed: the smallest shares of failures are left out. A canary fails where it runs.
    share = log_uniform(rng, 0.3 if kind == "canary" else 0.08, 1.0)
    if kind in {"new error", "burst", "canary"}:
        fault.effects = [replace(base, share=share, errors=errors)]
    elif kind == "more errors":
        fault.effects = [replace(base, share=share, errors=(_known_error(rng, world, service),))]
    elif kind == "share of users":
        fault.effects = [replace(base, share=log_uniform(rng, 0.03, 0.4), errors=errors)]
    elif kind in {"leak", "disk full"}:
        errors = draw_errors(rng, world, service, "disk" if kind == "disk full" else "pool")
        rise = left * rng.uniform(0.2, 1.2) * (0.2 if kind == "disk full" else 1.0)
        slow = log_uniform(rng, 1, 6) if rng.random() < 0.5 else 1.0
        fault.effects = [replace(base, share=share, errors=errors, rise=rise, factor=slow)]
    elif kind == "latency":
        rise = 0.0 if rng.random() < 0.7 else left * rng.uniform(0.1, 1)
        fault.effects = [replace(base, factor=log_uniform(rng, 3, 60), rise=rise)]
    elif kind == "dependency":
        errors = draw_errors(rng, world, service, "outside")
        fault.effects = [replace(base, share=share, errors=errors, factor=log_uniform(rng, 1, 20))]
    elif kind == "expired":
        errors = draw_errors(rng, world, service, "expired")
        fault.effects = [replace(base, calls=share, errors=errors[:1], rise=left * rng.choice([0, 0, 0.3]))]
    else:
        fault.effects = [_of_rates(rng, base, kind, world, errors, left)]
    return fault


def _of_rates(rng: Rng, base: Effect, kind: str, world: World, errors: tuple[Template, ...], left: float) -> Effect:
    """Faults that change how often lines come, and write no errors of their own."""
    if kind == "stopped":
        return replace(base, keep=0.0)
    if kind == "rate drop":
        jobs = bool(world.services[base.service].jobs) and rng.random() < 0.5
        keep = rng.uniform(0.05, 0.6)
        return replace(base, keep=keep) if jobs else replace(base, keeps_requests=keep)
    if kind == "mix shift":
        return replace(base, bad_share=rng.uniform(0.3, 0.95))
    if kind == "load":
        factor, rise = log_uniform(rng, 2, 8), log_uniform(rng, 5, max(6, left / 3))
        errors = draw_errors(rng, world, base.service, "overload")
        shed = log_uniform(rng, 0.01, 0.5) if rng.random() < 0.7 else 0.0
        return replace(base, load=factor, rise=rise, factor=log_uniform(rng, 1, 5), share=shed, errors=errors)
    if kind == "invisible":
        return base
    raise ValueError(kind)


def _with_downs(fault: Fault, rng: Rng, world: World, starts: Times, seconds: float) -> Fault:
    """Instances that are gone, or that come and go."""
    hangs = rng.random() < 0.4
    if fault.kind == "dead callee":
        all_of_them = rng.random() < 0.8
        chosen = [n for n in range(len(starts)) if all_of_them or n == int(np.argmin(starts))]
        fault.downs = [Down(n, float(starts[n]), NEVER, hangs, True) for n in chosen]
        return fault
    up, gone = log_uniform(rng, 4, 90), log_uniform(rng, 3, 40)
    for number, start in enumerate(starts):
        at = float(start)
        while at < seconds:
            fault.downs.append(Down(number, at, at + gone * rng.uniform(0.7, 1.4), hangs, True))
            fault.crashes.append((number, at))
            at = fault.downs[-1].end + up * rng.uniform(0.6, 1.5)
            up, gone = up * rng.uniform(0.9, 1.2), min(300.0, gone * rng.choice([1, 1.5]))
    return fault


def draw_errors(rng: Rng, world: World, service: int, family: str) -> tuple[Template, ...]:
    """One or two errors of a family; the first of them may carry a stack trace."""
    own = world.services[service]
    texts = [str(text) for text in rng.choice(words.BROKEN[family], 2, replace=False)]
    levels = rng.choice(["ERROR", "WARN", "INFO"], 2, p=[0.85, 0.1, 0.05])
    stacks = [draw_stack(rng, own.language, world.nouns) if rng.random() < 0.4 else "", ""]
    found = [
        Template(service, str(level), fill(text, rng, world.nouns, draw_topic(rng, world, 0.4)), own.logger, stack)
        for text, level, stack in zip(texts, levels, stacks, strict=True)
    ]
    return tuple(found[: 1 + int(rng.random() < 0.3)])


def draw_topic(rng: Rng, world: World, chance: float) -> str:
    """What the trouble is about, with some chance; else nothing."""
    return world.nouns[0] if rng.random() < chance else ""


def _known_error(rng: Rng, world: World, service: int) -> Template:
    """An error that the service also has on other days."""
    own = world.services[service]
    known = [template for template, _ in own.background if template.level == "ERROR"]
    return known[int(rng.integers(len(known)))] if known else own.mishap


def draw_stack(rng: Rng, language: str, nouns: tuple[str, ...]) -> str:
    """Lines below an error; empty for programs that write none."""
    names = [str(name) for name in rng.choice(nouns, int(rng.integers(2, 6)))]
    if language == "java":
        kind = rng.choice(["IllegalState", "NullPointer", "IllegalArgument", "Timeout", "Data"])
        frames = [
            f"\tat org.example.{n}.{n.title()}Handler.{n}({n.title()}Handler.java:{rng.integers(20, 400)})"
            for n in names
        ]
        return "\n".join([f"java.lang.{kind}Exception: {names[0]}", *frames])
    if language == "python":
        kind = rng.choice(["KeyError", "TypeError", "ValueError", "RuntimeError"])
        frames = [f'  File "app/{n}.py", line {rng.integers(5, 300)}, in {n}\n    return {n}[key]' for n in names]
        return "\n".join(["Traceback (most recent call last):", *frames, f"{kind}: '{names[0]}'"])
    return ""
