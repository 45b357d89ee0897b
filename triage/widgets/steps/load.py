"""Load: which logs, which changes, what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from triage.errors import UsageError
from triage.settings import make_settings
from triage.widgets.folders import Folder, list_folder
from triage.widgets.jobs import Job
from triage.widgets.page import Act
from triage.widgets.python_lines import loading
from triage.widgets.reading import read
from triage.widgets.steps.step import Desk, Handler, Step

#: Changes need a name of their own each; so do logs.
FIELDS = ("logs", "changes", "symptom", "tz")


class LoadStep(Step):
    """Reads logs, those that are named or chosen from folders."""

    name = "Load"
    asks = "What is there to look at?"
    template = "load"
    needs_incident = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._folder = Path.cwd()
        self._typed = dict.fromkeys(FIELDS, "") | {"tz": "UTC"}

    @property
    def acts(self) -> Mapping[str, Handler]:
        """What to do when something is done on the page."""
        return {"read": self._read, "enter": self._enter, "add": self._add, "continue": self._continue}

    def facts(self) -> dict[str, Any]:
        """What its template shows."""
        return {"loaded": self._loaded(), "folder": self._listed(), "typed": self._typed, "before": self._before()}

    def _loaded(self) -> dict[str, Any] | None:
        if self.state.incident is None:
            return None
        incident, summary = self.state.now, self.state.view.summary
        return {
            "lines": incident.ledger.lines,
            "unaccounted": incident.ledger.unaccounted,
            "sources": len(incident.ledger.sources),
            "span": self.times.span(*incident.window, utc=True),
            "changes": len(incident.changes),
            "templates": len(incident.templates),
            "groups": len(incident.error_groups),
            "notes": summary["notes"],
        }

    def _before(self) -> list[dict[str, Any]]:
        """What somebody worked on here before; not offered once logs are read."""
        if self.state.incident is not None:
            return []
        return [
            {"logs": one.asked["logs"], "decided": len(one.verdicts), "wrote": len(one.remarks), "by": one.by}
            for one in self.desk.kept_before
        ]

    def _continue(self, act: Act) -> None:
        kept = self.desk.kept_before[int(act.arg)]
        self._read(Act("read", fields=kept.asked))

    def _listed(self) -> Folder:
        return list_folder(self._folder)

    def _enter(self, act: Act) -> None:
        self._keep(act)
        self._folder = list_folder(Path(act.arg)).path  # one that cannot be read is told before it is entered
        self.draw()

    def _add(self, act: Act) -> None:
        self._keep(act)
        field, _, path = act.arg.partition(":")
        there = [one for one in self._typed[field].splitlines() if one.strip()]
        self._typed[field] = "\n".join([*there, path] if path not in there else there)
        self.draw()

    def _keep(self, act: Act) -> None:
        self._typed.update({name: act.fields[name] for name in FIELDS if name in act.fields})

    def _read(self, act: Act) -> None:
        self._keep(act)
        logs = _names(act.text("logs"))
        if not logs:
            raise UsageError("no logs are named: give a file, a folder or a glob, or choose some from the folder below")
        names = _names(act.text("changes"))
        changes = names[0] if len(names) == 1 else names or None
        symptom = act.text("symptom") or None
        settings = make_settings(logs, act.text("tz") or "UTC")
        job = Job(f"reading {', '.join(logs)[:80]}", cancellable=True)
        line = loading(logs, changes, symptom, settings)
        self.state.asked = dict(self._typed)
        self.desk.work(job, lambda: read(logs, changes, symptom, settings, job), line, fresh=True)


def _names(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
