"""Write-up: what the report will say, and where it goes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from triage.errors import UsageError
from triage.report.html import render_html
from triage.report.redacted import redact_summary
from triage.report.write import NOT_SHARED
from triage.widgets.page import Act
from triage.widgets.python_lines import shown_call
from triage.widgets.steps.step import Desk, Handler, Step

#: Formats of the write-up, with what each is good for.
FORMATS = {
    ".md": "Markdown, for a wiki or a repository",
    ".html": "HTML, one file with the timeline",
    ".ipynb": "notebook, to run again",
    ".json": "JSON, for programs",
}


class WriteUpStep(Step):
    """Preview and export."""

    name = "Write-up"
    asks = "What will others read?"
    template = "write_up"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._suffix, self._name, self._redact = ".md", "postmortem", True
        self._written: list[tuple[str, int]] = []
        self._previewed: tuple[dict[str, Any], bool, str] | None = None

    @property
    def acts(self) -> Mapping[str, Handler]:
        """What to do when something is done on the page."""
        return {"export": self._export, "redact": self._toggle}

    def facts(self) -> dict[str, Any]:
        """What its template shows."""
        return {
            "preview": Markup.escape(self._preview()),
            "formats": FORMATS,
            "suffix": self._suffix,
            "file": self._name,
            "redact": self._redact,
            "folder": str(Path.cwd()),
            "written": self._written,
        }

    def _preview(self) -> str:
        """The report as it would be written, without its plot."""
        key = (self.state.view.summary, self._redact)
        if self._previewed is None or self._previewed[0] is not key[0] or self._previewed[1] != key[1]:
            summary = redact_summary(key[0]) if self._redact else key[0]
            self._previewed = (*key, render_html(summary, plot=False))
        return self._previewed[2]

    def _toggle(self, act: Act) -> None:
        self._redact = bool(act.value)
        self.draw()

    def _export(self, act: Act) -> None:
        self._suffix, self._redact = act.text("suffix"), bool(act.text("redact"))
        self._name = act.text("file") or self._name
        if Path(self._name).suffix in FORMATS:
            raise UsageError(f"file {self._name[:80]!r}: leave its ending to the format, or choose that format")
        path = Path(self._name + self._suffix)
        given = {} if self._redact == (self._suffix not in NOT_SHARED) else {"redact": self._redact}
        written = self.state.now.report(path, **given)
        line = shown_call("report", str(path), **given)
        self.state.script.append(line)
        self._written.append((str(written.absolute()), written.stat().st_size))
        self.state.tell("choice")
