"""Requests on their way through services: what they write, and what fails because something else does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.simulation.effects import Down, Effect, down_at
from benchmarks.simulation.lines import Lines, Template
from benchmarks.simulation.pace import Flags, Numbers, Rng, Times
from benchmarks.simulation.world import Node, World

#: Work within a service takes this long, log-normal around its usual time.
SPREAD = 0.5
#: From this factor on work counts as slowed.
SLOWED = 1.2


@dataclass(frozen=True, eq=False)
class Answers:
    """What became of calls: when they were answered, whether well, and whether the fault had a part in it."""

    end: Times
    well: Flags
    touched: Flags
    dead: Flags
    hangs: Flags


class Traffic:
    """Carries requests through the services and writes their lines."""

    def __init__(
        self, world: World, effects: list[Effect], downs: dict[int, list[Down]], rng: Rng, lines: Lines
    ) -> None:
        self.world, self.downs, self.rng, self.lines = world, downs, rng, lines
        self.effects = {n: [effect for effect in effects if effect.service == n] for n in range(len(world.services))}

    def visit(self, node: Node, times: Times, requests: Numbers, extra: Flags) -> Answers:
        """Requests come to a service at some times; `extra` are there only because of the fault."""
        service = self.world.services[node.service]
        instances = self.rng.integers(0, service.instances, len(times))
        dead, hangs, fault = down_at(self.downs.get(node.service, []), times, instances)
        end, well, touched = times + 0.001, ~dead, fault.copy()
        alive = np.flatnonzero(~dead)
        if len(alive):
            end[alive], well[alive], touched[alive] = self._work(
                node, times[alive], requests[alive], instances[alive], extra[alive]
            )
        return Answers(end, well, touched, dead, hangs)

    def _work(
        self, node: Node, times: Times, requests: Numbers, instances: Numbers, extra: Flags
    ) -> tuple[Times, Flags, Flags]:
        rng, service = self.rng, self.world.services[node.service]
        bad, touched = np.zeros(len(times), dtype=bool), extra.copy()

        def write(
            template: Template | None, at: Times, which: Flags, effect: Flags,
            took: Times | None = None, slowed: Flags | None = None,
        ) -> None:  # fmt: skip
            if template is not None:
                chosen = np.flatnonzero(which)
                told = slowed[chosen] if slowed is not None and "{ms}" in template.text else False
                self.lines.add(
                    template, at[chosen], instances[chosen], requests=requests[chosen],
                    took=None if took is None else took[chosen], effect=effect[chosen], slowed=told,
                )  # fmt: skip

        work = rng.lognormal(np.log(node.seconds), SPREAD, len(times))
        slow = np.ones(len(times))
        for effect in self.effects[node.service]:
            slow = slow * (1 + (effect.factor - 1) * effect.strength(times, instances))
        work, slowed = work * slow, slow > SLOWED
        write(node.start, times, ~bad, extra)
        now = times + work / 2
        for effect in self.effects[node.service]:
            if not effect.share:
                continue
            hit = ~bad & (rng.random(len(times)) < effect.share * effect.strength(times, instances))
            bad, touched = bad | hit, touched | hit
            for number, template in enumerate(effect.errors):
                own = hit & (number == 0 if number == 0 else rng.random(len(times)) < 0.5)
                write(template, now + 0.001 * number, own, hit)
        mishap = ~bad & (rng.random(len(times)) < self.world.daily_failures)
        write(service.mishap, now, mishap, extra)
        bad |= mishap
        for step, template in enumerate(node.steps):
            write(template, now + 0.0005 * step, ~bad, extra)
        for child in node.children:
            going = np.flatnonzero(~bad)
            if not len(going):
                break
            answers = self._call(node, child, now[going], requests[going], instances[going], extra[going])
            now[going] = answers.end
            slowed[going] |= answers.well & answers.touched
            failed = ~answers.well
            if not child.optional:
                bad[going] = failed
                touched[going] |= failed & answers.touched
        end = now + work / 2
        took = end - times
        write(node.done, end, ~bad, extra, took, slowed)
        write(service.failed, end, bad, touched, took)
        if node.done is not None:
            lost = np.flatnonzero(bad & touched & ~extra)
            self.lines.add(node.done, end[lost], instances[lost], effect=True, removed=True)
        return end, ~bad, touched | slowed

    def _call(
        self, node: Node, child: Node, times: Times, requests: Numbers, instances: Numbers, extra: Flags
    ) -> Answers:
        """Call another service, with time-out and retries; the caller writes what it sees of failures."""
        service, rng = self.world.services[node.service], self.rng
        end, well, touched = times.copy(), np.zeros(len(times), dtype=bool), np.zeros(len(times), dtype=bool)
        left = np.arange(len(times))
        for attempt in range(service.retries + 1):
            broken = self._broken_calls(node.service, child, end[left], instances[left], requests[left])
            again = extra[left] | ((attempt > 0) & touched[left])
            answers = self._answered(child, end[left], requests[left], again, broken)
            waited = answers.hangs | (answers.end - end[left] > service.timeout)
            failed = ~answers.well | waited | broken
            blamed = answers.touched
            done = np.where(waited, end[left] + service.timeout, answers.end)
            refused = answers.dead & ~answers.hangs & ~broken
            answered = failed & ~waited & ~refused & ~broken
            kinds = ((service.timed_out, waited & ~broken), (service.refused, refused), (service.answered, answered))
            for template, which in kinds:
                at = np.flatnonzero(which)
                self.lines.add(
                    template, done[at], instances[left][at], requests=requests[left][at], took=(done - end[left])[at],
                    effect=blamed[at], peer=self.world.services[child.service].name,
                )  # fmt: skip
            end[left], well[left], touched[left] = done, ~failed, blamed
            left = left[failed]
            if not len(left) or attempt == service.retries:
                break
            end[left] += rng.exponential(0.2 * 2**attempt, len(left))
        return Answers(end, well, touched, ~well & False, ~well & False)

    def _answered(self, child: Node, times: Times, requests: Numbers, extra: Flags, broken: Flags) -> Answers:
        """Answers of the callee; calls that broke on the way never reach it."""
        reach = np.flatnonzero(~broken)
        end, well, touched = times + 0.005, np.zeros(len(times), dtype=bool), broken.copy()
        dead, hangs = np.zeros(len(times), dtype=bool), np.zeros(len(times), dtype=bool)
        if len(reach):
            found = self.visit(child, times[reach], requests[reach], extra[reach])
            end[reach], well[reach], touched[reach] = found.end, found.well, found.touched
            dead[reach], hangs[reach] = found.dead, found.hangs
        return Answers(end, well, touched, dead, hangs)

    def _broken_calls(self, caller: int, child: Node, times: Times, instances: Numbers, requests: Numbers) -> Flags:
        broken = np.zeros(len(times), dtype=bool)
        anywhere = np.zeros(len(times), dtype=np.int64)
        for effect in self.effects[child.service]:
            if not effect.calls:
                continue
            hit = self.rng.random(len(times)) < effect.calls * effect.strength(times, anywhere)
            at = np.flatnonzero(hit)
            text = effect.errors[0]
            logger = self.world.services[caller].logger
            self.lines.add(
                Template(caller, text.level, text.text, logger), times[at], instances[at], requests=requests[at],
                effect=True, peer=self.world.services[child.service].name,
            )  # fmt: skip
            broken |= hit
        return broken
