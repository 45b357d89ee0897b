"""Trust: what became of each line of each source, and what can be put right."""

from __future__ import annotations

import glob
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from triage.errors import UsageError
from triage.ingest import SourceLedger
from triage.ingest.clock import check_clock
from triage.ingest.format_files import formats_of_text
from triage.ingest.format_names import BUILT_IN, WRAPPERS
from triage.ingest.ledger_view import by_concern
from triage.ingest.overrides import matches, value_for
from triage.ingest.zones import check_zone
from triage.settings import Settings
from triage.widgets.jobs import Job
from triage.widgets.page import Act
from triage.widgets.python_lines import reading
from triage.widgets.reading import read_again
from triage.widgets.steps.step import Handler, Step

T = TypeVar("T")
#: Sources that are listed; those that most need a look come first.
MOST = 60


class TrustStep(Step):
    """Shows the ledger, and reads again with another zone, clock, service or format."""

    name = "Trust"
    asks = "Can the data be trusted?"
    template = "trust"

    @property
    def acts(self) -> Mapping[str, Handler]:
        """What to do when something is done on the page."""
        return {"again": self._again, "whole": self._whole}

    def facts(self) -> dict[str, Any]:
        """What its template shows."""
        ledger = self.state.now.ledger
        order = by_concern(ledger.sources)
        places = {id(one): place for place, one in enumerate(ledger.sources)}  # names may be the same
        folder = self.state.view.folder
        return {
            "ledger": ledger,
            "folder": folder,
            "rows": [self._row(places[id(one)], one, folder) for one in order[:MOST]],
            "hidden": max(0, len(order) - MOST),
            "formats": {
                "Your own": [one.name for one in self.state.now.settings.formats],
                "Built in": BUILT_IN,
                "Wrapped around another": WRAPPERS,
            },
            "assumptions": [note.replace(folder, "") if folder else note for note in ledger.assumptions],
            "frame": self.state.now.settings.logs == ("frame",),
            "set": _what_is_set(self.state.now.settings),
            "part": bool(self.state.now.settings.since or self.state.now.settings.until),
        }

    def _row(self, place: int, source: SourceLedger, folder: str) -> dict[str, Any]:
        times = self.times
        other = {name: getattr(source, name) for name in ("continuations", "blank", "undecodable", "untimed")}
        return {
            "place": place,
            "name": source.source.removeprefix(folder),
            "ledger": source,
            "read_as": value_for(source.source, self.state.now.settings.read_as),
            "other": ", ".join(f"{count:,} {name}" for name, count in other.items() if count),
            "span": times.span(source.first, source.last) if source.first and source.last else "no times",
        }

    def _again(self, act: Act) -> None:
        incident = self.state.now
        settings = self._wanted(act, incident.settings)
        if settings == incident.settings:
            raise UsageError("nothing is set otherwise than it is: fill in a zone, clock, service or format first")
        self._read(settings)

    def _whole(self, act: Act) -> None:
        self._read(replace(self.state.now.settings, since=None, until=None))

    def _read(self, settings: Settings) -> None:
        job = Job("reading the logs again", cancellable=True)
        line = reading(settings, self.state.now.own_checks)
        self.desk.work(job, read_again(self.state.now, settings, job), line)

    def _wanted(self, act: Act, now: Settings) -> Settings:
        """The settings with what is filled in."""
        sources = [row.source for row in self.state.now.ledger.sources]
        found: dict[str, dict[str, str]] = {"zone": {}, "clock": {}, "service": {}}
        for place, source in enumerate(sources):
            for what, values in found.items():
                if value := act.text(f"{what}:{place}"):
                    values[glob.escape(source)] = value
        fields = [f"format:{place}" for place in range(len(sources))]
        chosen = {source: act.text(name) for name, source in zip(fields, sources, strict=True) if name in act.fields}
        zones = {pattern: check_zone(zone) for pattern, zone in found["zone"].items()}
        rest = now.tz if isinstance(now.tz, Mapping) else {"*": now.tz}
        named = check_zone(act.text("all-zones")) if act.text("all-zones") else None
        rest = {**rest, "*": named} if named else rest
        tz = _before(zones, rest)
        own = formats_of_text(act.text("formats")) if act.text("formats") else ()
        names = {one.name for one in own}
        return replace(
            now,
            tz=tz if set(tz) != {"*"} else tz["*"],
            clock=_before(check_clock(found["clock"]), now.clock),
            services=_before(found["service"], now.services),
            read_as=_read_as(now.read_as, chosen, sources),
            formats=(*own, *(one for one in now.formats if one.name not in names)),
        )


def _before(new: Mapping[str, T], old: Mapping[str, T]) -> dict[str, T]:
    """Settings of some sources in front of those there are: the first pattern that fits a source counts."""
    return {**new, **{pattern: value for pattern, value in old.items() if pattern not in new}}


def _read_as(now: Mapping[str, str], chosen: Mapping[str, str], sources: Sequence[str]) -> dict[str, str]:
    """The formats that are set, with what was chosen for some sources: nothing for what is recognised."""
    changed = {source: name for source, name in chosen.items() if name != (value_for(source, now) or "")}
    undone = [source for source, name in changed.items() if not name]
    left = {pattern: name for pattern, name in now.items() if not any(matches(source, pattern) for source in undone)}
    # What a pattern that is taken out set for other sources, they keep.
    wanted = {source: changed.get(source, value_for(source, now)) for source in sources}
    own = {glob.escape(source): name for source, name in wanted.items() if name and value_for(source, left) != name}
    return _before(own, left)


def _what_is_set(settings: Settings) -> list[str]:
    """What the user set, in words."""
    zones = settings.tz.items() if isinstance(settings.tz, Mapping) else [("*", settings.tz)]
    told = [f"zone of {'times that name none' if pattern == '*' else pattern}: {zone}" for pattern, zone in zones]
    told += [f"clock of {pattern}: {shift:+g} s" for pattern, shift in settings.clock.items()]
    told += [f"service of {pattern}: {name}" for pattern, name in settings.services.items()]
    told += [f"format of {pattern}: {name}" for pattern, name in settings.read_as.items()]
    bounds = (("since", settings.since), ("until", settings.until))
    told += [f"only {name} {at.isoformat().replace('+00:00', 'Z')}" for name, at in bounds if at]
    return [*told, *(f"format of your own: {one.name}" for one in settings.formats)]
