"""The lines of a simulated incident: requests, jobs, daily noise, and what deploys and crashes write."""

from __future__ import annotations

import numpy as np
import polars as pl

from benchmarks.simulation import vocabulary as words
from benchmarks.simulation.effects import Down, Effect
from benchmarks.simulation.faults import Fault
from benchmarks.simulation.history import Step
from benchmarks.simulation.kinds import GAP, QUIET
from benchmarks.simulation.lines import Lines, Template
from benchmarks.simulation.pace import Numbers, Pace, Rng, Times, background, draw_pace, log_uniform
from benchmarks.simulation.traffic import Traffic
from benchmarks.simulation.world import Job, Node, World, fill

#: Shares of the lines that requests, jobs and the rest write.
REQUESTS, JOBS, REST = 0.6, 0.2, 0.2
#: How often a new version writes new lines of normal work, or words some anew.
NEW_LINES, REWORDED = 0.35, 0.25
#: Share of incidents in which an instance is away for a moment, for no reason that anybody will know.
HICCUPS = 0.2


class Weaver:
    """Draws all lines of one incident."""

    def __init__(self, rng: Rng, world: World, seconds: float, day_second: float, target: float) -> None:
        self.rng, self.world, self.seconds, self.day_second, self.target = rng, world, seconds, day_second, target
        self.lines = Lines()
        self.pace = draw_pace(rng, seconds, day_second)
        self.reworded: list[tuple[Template, Template, int, float]] = []

    def weave(self, fault: Fault, deploys: list[Step]) -> pl.DataFrame:
        """All lines, in order of time, also those kept from being written (column ``removed``)."""
        downs: dict[int, list[Down]] = {}
        # Where nothing is meant to be wrong, nothing is: a refused request is trouble, however small.
        calm = fault.kind in {QUIET, GAP}
        for step in deploys:
            self._deploy(step, downs, calm)
        for down in fault.downs:
            downs.setdefault(fault.service, []).append(down)
        if not calm:
            self._hiccup(downs)
        self._crashes(fault)
        self.base(fault, downs)
        inside = (pl.col("time") >= 0) & (pl.col("time") < self.seconds)
        return self._rewritten(_without_down(self.lines.frame().filter(inside), downs))

    def base(self, fault: Fault, downs: dict[int, list[Down]]) -> None:
        """Lines of requests, jobs and noise, with the fault in them."""
        for root, share in self.world.requests:
            self._requests(root, share, fault.effects, downs)
        for number in range(len(self.world.services)):
            self._jobs(number, [effect for effect in fault.effects if effect.service == number])
            self._background(number)

    def _requests(self, root: Node, share: float, effects: list[Effect], downs: dict[int, list[Down]]) -> None:
        rng = self.rng
        count = sum((node.start is not None) + len(node.steps) + (node.done is not None) for node in root.walk())
        rate = REQUESTS * self.target * share / max(count, 1) / self.seconds
        times = self.pace.times(rng, rate)
        extra = np.zeros(len(times), dtype=bool)
        for effect in effects:
            if effect.load > 1:
                more = self.pace.after(effect.start, effect.load, effect.rise, effect.until).times(rng, rate)
                times, extra = np.r_[times, more], np.r_[extra, np.ones(len(more), dtype=bool)]
            if effect.keeps_requests < 1 and effect.service in {node.service for node in root.walk()}:
                gone = effect.strength(times, np.zeros(len(times), dtype=np.int64)) > 0
                gone &= rng.random(len(times)) >= effect.keeps_requests
                self._lost(root, times[gone])
                times, extra = times[~gone], extra[~gone]
        requests = rng.integers(1 << 40, 1 << 62, len(times))
        Traffic(self.world, effects, downs, rng, self.lines).visit(root, times, requests, extra)

    def _lost(self, root: Node, times: Times) -> None:
        for node in root.walk():
            for template in (node.start, *node.steps, node.done):
                if template is not None:
                    self.lines.add(template, times, np.zeros(len(times), dtype=np.int64), effect=True, removed=True)

    def _jobs(self, number: int, effects: list[Effect]) -> None:
        every = sum(job.share for service in self.world.services for job in service.jobs)
        for job in self.world.services[number].jobs:
            count = len(job.steps) + 1
            rate = JOBS * self.target * job.share / every / count / self.seconds
            times = draw_pace(self.rng, self.seconds, self.day_second).times(self.rng, rate)
            self._items(job, times, self._instances(number, len(times)), effects)

    def _items(self, job: Job, times: Times, instances: Numbers, effects: list[Effect]) -> None:
        rng = self.rng
        kept, usual = np.ones(len(times), dtype=bool), rng.random(len(times))
        bad_share, shifted = np.full(len(times), job.bad_share), np.zeros(len(times), dtype=bool)
        for effect in effects:
            strength = effect.strength(times, instances)
            kept &= (strength == 0) | (rng.random(len(times)) < effect.keep)
            if effect.bad_share is not None:
                bad_share = np.where(strength > 0, max(effect.bad_share, job.bad_share), bad_share)
        bad = usual < bad_share
        shifted = bad & (usual >= job.bad_share)
        took = rng.lognormal(-3, 0.6, len(times))
        for removed, which in ((False, kept), (True, ~kept)):
            for template in job.steps:
                self.lines.add(template, times[which], instances[which], effect=removed, removed=removed)
            for template, own in ((job.good, which & ~bad), (job.bad, which & bad)):
                effect_here = True if removed else shifted[own]
                self.lines.add(
                    template, times[own] + took[own], instances[own], took=took[own],
                    effect=effect_here, removed=removed,
                )  # fmt: skip
        lost = kept & shifted
        self.lines.add(job.good, times[lost], instances[lost], effect=True, removed=True)

    def _background(self, number: int) -> None:
        every = sum(share for service in self.world.services for _, share in service.background)
        for template, share in self.world.services[number].background:
            rate = REST * self.target * share / every / self.seconds
            pace = draw_pace(self.rng, self.seconds, self.day_second)
            times = background(self.rng, pace, rate, self.seconds)
            self.lines.add(template, times, self._instances(number, len(times)))

    def _instances(self, number: int, count: int) -> Numbers:
        return self.rng.integers(0, self.world.services[number].instances, count)

    def _hiccup(self, downs: dict[int, list[Down]]) -> None:
        """Now and then an instance is away for some seconds, and that is all."""
        if self.rng.random() < HICCUPS:
            number = int(self.rng.integers(len(self.world.services)))
            instance = int(self.rng.integers(self.world.services[number].instances))
            start = self.rng.uniform(0, self.seconds)
            away = Down(instance, start, start + log_uniform(self.rng, 1, 30), bool(self.rng.random() < 0.5))
            downs.setdefault(number, []).append(away)

    def _deploy(self, step: Step, downs: dict[int, list[Down]], calm: bool) -> None:
        """Each instance stops and starts anew; a new version may word its lines anew."""
        if step.kind not in {"deploy", "rollback"}:
            self._reload(step)
            return
        rng, service = self.rng, self.world.services[step.service]
        changed = [t for t, _ in service.background if rng.random() < 0.15] if rng.random() < REWORDED else []
        rewordings = [(old, Template(old.service, old.level, fill(str(rng.choice(words.WORK)), rng), old.logger))
                      for old in changed if old.level in {"INFO", "DEBUG"}]  # fmt: skip
        news = rng.random() < NEW_LINES
        template = Template(step.service, "INFO", fill(str(rng.choice(words.WORK)), rng), service.logger)
        rate = REST * self.target / self.seconds * float(rng.lognormal(-4, 1))
        drained = rng.random() < 0.7 or calm
        for instance, live in enumerate(step.live):
            gone = live - float(rng.uniform(0.5, 8))
            # Instances that are drained first get no requests any more; the others refuse some.
            if not drained:
                downs.setdefault(step.service, []).append(Down(instance, gone, live))
            here = np.array([instance])
            for goodbye in service.goodbyes:
                self.lines.add(goodbye, np.array([gone]), here)
            self._banner(step.service, instance, live, step.version or service.version, fault=False)
            self.reworded += [(old, new, instance, live) for old, new in rewordings]
            if news and live < self.seconds:
                times = Pace(np.array([max(live, 0.0), self.seconds]), np.ones(2)).times(rng, rate)
                self.lines.add(template, times, np.full(len(times), instance))

    def _reload(self, step: Step) -> None:
        if step.kind in {"config", "flag"} and self.rng.random() < 0.4:
            text = fill(str(self.rng.choice(words.RELOADED)), self.rng)
            template = Template(step.service, "INFO", text, "main")
            self.lines.add(template, np.array(step.live), np.arange(len(step.live)))

    def _banner(self, number: int, instance: int, at: float, version: str, *, fault: bool) -> None:
        for place, banner in enumerate(self.world.services[number].banners):
            text = banner.text.replace("{version}", version)
            template = Template(number, banner.level, text, banner.logger)
            self.lines.add(template, np.array([at + 0.1 * place]), np.array([instance]), effect=fault)

    def _crashes(self, fault: Fault) -> None:
        service = self.world.services[fault.service]
        text = fill(str(self.rng.choice(words.CRASHES)), self.rng, self.world.nouns)
        for instance, at in fault.crashes:
            crash = Template(fault.service, "ERROR", text, "main")
            self.lines.add(crash, np.array([at]), np.array([instance]), effect=True)
        for down in fault.downs:
            if down.end < self.seconds:
                self._banner(fault.service, down.instance, down.end, service.version, fault=True)

    def _rewritten(self, frame: pl.DataFrame) -> pl.DataFrame:
        for old, new, instance, live in self.reworded:
            number = next((n for n, template in enumerate(self.lines.templates) if template == old), None)
            if number is not None:
                if new not in self.lines.templates:
                    self.lines.templates.append(new)
                where = (pl.col("template") == number) & (pl.col("instance") == instance) & (pl.col("time") >= live)
                other = self.lines.templates.index(new)
                frame = frame.with_columns(pl.when(where).then(other).otherwise("template").alias("template"))
        return frame


def _without_down(frame: pl.DataFrame, downs: dict[int, list[Down]]) -> pl.DataFrame:
    """Lines that an instance cannot have written because it was not there; requests know of it already."""
    for service, times in downs.items():
        for down in times:
            # A crash is written at the very moment, and a banner at the end.
            gone = (
                (pl.col("service") == service) & (pl.col("instance") == down.instance) & ~pl.col("removed")
                & (pl.col("time") > down.start) & (pl.col("time") < down.end)
            )  # fmt: skip
            frame = frame.with_columns(
                (pl.col("effect") | (gone & down.fault)).alias("effect"), (pl.col("removed") | gone).alias("removed")
            )
    return frame
