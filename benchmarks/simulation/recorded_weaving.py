"""Faults in recorded lines: what requests that fail no longer write, and what is written instead."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.simulation.effects import Down, Effect, down_at
from benchmarks.simulation.faults import Fault
from benchmarks.simulation.lines import Template
from benchmarks.simulation.pace import Flags, Numbers, Times
from benchmarks.simulation.recorded import Drawn, draw_lines, recording, renamed
from benchmarks.simulation.weaving import Weaver

#: Kinds of faults that can be brought into lines that are already written.
ABLE = {
    "new error", "more errors", "burst", "leak", "latency", "dead callee", "restart loop", "dependency", "expired",
    "rate drop", "load", "invisible", "share of users", "disk full", "quiet", "log gap",
}  # fmt: skip
TOOK = re.compile(r"\b(\d+(?:\.\d+)?)(?= ms(?![=\w]))|(?<=\bms=)(\d+(?:\.\d+)?)")
WELL = re.compile(r"(?<=[ =])20[01]\b")


@dataclass(eq=False)
class State:
    """Lines while the fault is brought into them; arrays of one entry a line, in order of time.

    `turned` are access lines that tell of a failure in place of a success.
    """

    drawn: Drawn
    service: Numbers
    texts: list[str]
    time: Times
    removed: Flags
    effect: Flags
    slowed: Flags
    turned: Flags


class RecordedWeaver(Weaver):
    """Draws lines of the recording in place of simulated requests, jobs and noise."""

    def base(self, fault: Fault, downs: dict[int, list[Down]]) -> None:
        """Lines of the recording with the fault in them."""
        drawn = draw_lines(self.rng, self.seconds, self.target)
        state = self._state(drawn)
        for service, times in downs.items():
            self._down(state, service, times)
        for effect in fault.effects:
            self._bring(state, effect)
        self._write(state)
        for effect in fault.effects:
            if effect.load > 1:
                self._more(effect)

    def _state(self, drawn: Drawn) -> State:
        source, count = recording(), len(drawn.line)
        texts = renamed([str(text) for text in source.text[drawn.line]], self.world)
        no = [np.zeros(count, dtype=bool) for _ in range(4)]
        return State(drawn, source.service[drawn.line], texts, drawn.time.copy(), *no)

    def _bring(self, state: State, effect: Effect) -> None:
        rng, count = self.rng, len(state.time)
        strength = effect.strength(state.drawn.time, np.zeros(count, dtype=np.int64))
        first = self._first(state, effect.service)
        if effect.keeps_requests < 1:
            fates = self._per_request(state, rng.random(count))
            gone = (strength > 0) & (fates >= effect.keeps_requests) & (state.drawn.request >= 0)
            state.removed |= gone
            state.effect |= gone
        if effect.factor > 1:
            self._slow(state, effect, first, strength)
        for line in first[rng.random(len(first)) < effect.share * strength[first]]:
            at = float(state.time[line]) + 0.002
            self._fail(state, int(line), effect.service, at, effect.errors)
        for line in first[rng.random(len(first)) < effect.calls * strength[first]]:
            self._unreached(state, int(line), effect.service, effect.errors[0])

    def _first(self, state: State, service: int) -> Numbers:
        """The first line of each request in a service; lines without a request are one each."""
        own = np.flatnonzero((state.service == service) & ~state.removed)
        request = state.drawn.request[own]
        alone = own[request < 0]
        _, place = np.unique(request[request >= 0], return_index=True)
        found: Numbers = np.sort(np.concatenate([alone, own[request >= 0][place]]))
        return found

    def _per_request(self, state: State, values: Times) -> Times:
        """The same value for all lines of a request."""
        _, place, inverse = np.unique(state.drawn.request, return_index=True, return_inverse=True)
        found: Times = np.where(state.drawn.request >= 0, values[place][inverse], values)
        return found

    def _of_request(self, state: State, line: int) -> Numbers:
        """All lines of the same request."""
        request = state.drawn.request[line]
        if request < 0:
            return np.array([line])
        low, high = np.searchsorted(state.drawn.time, (state.drawn.time[line] - 90, state.drawn.time[line] + 90))
        found: Numbers = low + np.flatnonzero(state.drawn.request[low:high] == request)
        return found

    def _add(self, template: Template, at: float, state: State, line: int, peer: str = "") -> None:
        request = state.drawn.request[[line]]
        self.lines.add(template, np.array([at]), np.zeros(1, dtype=np.int64), requests=request, effect=True, peer=peer)

    def _fail(self, state: State, line: int, service: int, at: float, errors: tuple[Template, ...]) -> None:
        """A request fails in a service at some time: it and its callers write no more of it but that."""
        for template in errors:
            self._add(template, at, state, line)
        self._callers(state, line, service, at, "answered")

    def _unreached(self, state: State, line: int, service: int, error: Template) -> None:
        """A call never reaches a service: nothing is written there, and an error at the callers."""
        at = float(state.time[line])
        for caller in self.world.callers(service):
            own = Template(caller, error.level, error.text, self.world.services[caller].logger)
            if caller in state.service[self._of_request(state, line)]:
                self._add(own, at, state, line, self.world.services[service].name)
        self._callers(state, line, service, at - 0.001, "")

    def _callers(self, state: State, line: int, service: int, at: float, word: str) -> None:
        lines = self._of_request(state, line)
        present, now, failed = set(state.service[lines].tolist()), at, {service}
        while failed:
            failed = {c for callee in failed for c in self.world.callers(callee) if c in present}
            for caller in sorted(failed):
                now += 0.002
                own = self.world.services[caller]
                if word and caller:
                    peer = self.world.services[service].name
                    self._add(getattr(own, word), now, state, line, peer)
                if caller:
                    self._add(own.failed, now + 0.0005, state, line)
            word = "answered" if word else ""
        late = lines[state.drawn.time[lines] >= at - 0.001]
        access = late[state.service[late] == 0]
        for each in access:
            state.texts[each] = WELL.sub("502", state.texts[each])
        state.turned[access] = True
        state.effect[late] = True
        state.removed[late[state.service[late] != 0]] = True

    def _slow(self, state: State, effect: Effect, first: Numbers, strength: Times) -> None:
        """Work takes longer; what takes longer than callers wait for fails there."""
        usual = self.rng.lognormal(np.log(0.004), 0.5, len(first))
        for line, more in zip(first, usual * (effect.factor - 1) * strength[first], strict=True):
            if more <= 0:
                continue
            callers = self.world.callers(effect.service)
            wait = min([self.world.services[caller].timeout for caller in callers], default=np.inf)
            if more > wait:
                self._callers(state, int(line), effect.service, float(state.time[line]) + wait, "timed_out")
                continue
            lines = self._of_request(state, int(line))
            later = lines[lines >= line]
            state.time[later] += more
            for each in later:
                text = TOOK.sub(lambda found: f"{float(found[0]) + more * 1000:.1f}", state.texts[each])  # noqa: B023
                state.slowed[each] |= text != state.texts[each]
                state.texts[each] = text

    def _down(self, state: State, service: int, downs: list[Down]) -> None:
        own = self._first(state, service)
        dead, hangs, fault = down_at(downs, state.drawn.time[own], np.zeros(len(own), dtype=np.int64))
        for line, hang, guilty in zip(own[dead], hangs[dead], fault[dead], strict=True):
            before = state.effect.copy()
            wait = min([self.world.services[c].timeout for c in self.world.callers(service)], default=0.0)
            at = float(state.time[line]) + (wait if hang else 0.0)
            self._callers(state, int(line), service, at, "timed_out" if hang else "refused")
            lines = self._of_request(state, int(line))
            mine = lines[state.service[lines] == service]
            state.removed[mine] = True
            state.effect[mine] = True
            if not guilty:
                state.effect = before

    def _more(self, effect: Effect) -> None:
        """What a surge of load adds."""
        times = int(np.ceil(effect.load - 1))
        for _ in range(times):
            state = self._state(draw_lines(self.rng, self.seconds, self.target))
            strength = effect.strength(state.time, np.zeros(len(state.time), dtype=np.int64))
            fates = self._per_request(state, self.rng.random(len(state.time)))
            state.removed = fates >= strength * (effect.load - 1) / times
            state.effect[:] = True
            self._write(state, also_removed=False)

    def _write(self, state: State, *, also_removed: bool = True) -> None:
        source = recording()
        kinds = source.template[state.drawn.line]
        for number in np.unique(kinds):
            usual = source.templates[number]
            fates = ((False, False), (False, True), (True, False)) if also_removed else ((False, False),)
            for removed, turned in fates:
                told = removed | (state.turned == turned)
                rows = np.flatnonzero((kinds == number) & (state.removed == removed) & told)
                template = replace(usual, level="ERROR") if turned else usual
                self.lines.add(
                    template, state.time[rows], np.zeros(len(rows), dtype=np.int64),
                    requests=state.drawn.request[rows], effect=state.effect[rows], slowed=state.slowed[rows],
                    removed=removed, texts=[state.texts[row] for row in rows],
                )  # fmt: skip
