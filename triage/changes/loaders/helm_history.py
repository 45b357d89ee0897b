"""The history of a Helm release: ``helm history RELEASE``, as JSON or as the table that it prints.

Columns and descriptions as in Helm's reference, "helm history", and those of ``helm list -o json``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

from triage.changes.contract import LoadedChanges
from triage.changes.exports import Object, Told, filled, listed, numbered, text
from triage.changes.loaders.tables import cells_under, load_rows
from triage.changes.loaders.text import beginning, read_text
from triage.changes.undoing import says_undone
from triage.changes.wording import one_line

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ANSI = re.compile(
    rf"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?P<month>{'|'.join(MONTHS)}) +(?P<day>\d\d?) (?P<clock>\d\d:\d\d:\d\d)"
    r" (?P<year>\d{4})",
    re.ASCII,
)
_CHART = re.compile(r"(?P<name>.{1,200}?)-v?(?P<version>\d+\.\d+.{0,100})", re.ASCII)
_HEADER = re.compile(r"\s*REVISION\s+UPDATED\s+STATUS\s+CHART\b", re.ASCII)
NO_NAME = "the name of the release is not in its history: the chart's is taken for the service"


class HelmHistory:
    """Each revision is a deploy, or a rollback by its description; of ``helm list`` the latest of each release."""

    name = "Helm history"

    def told(self, document: Any, source: str) -> Told | None:
        """The rows of ``helm history -o json`` or ``helm list -o json``."""
        found = listed(document, "revision", "updated", "status", "chart")
        return None if found is None else told_of(found)


class HelmTable:
    """The table that ``helm history`` prints."""

    name = "Helm history"

    def accepts(self, spec: str) -> bool:
        """By its header."""
        return bool(_HEADER.match(beginning(spec)))

    def load(self, spec: str, tz: tzinfo) -> LoadedChanges:
        """All revisions; the table gives times without a zone.

        Raises
        ------
        ChangesError
            Names the line, from 1.
        """
        body, source = read_text(spec), one_line(spec)
        rows = cells_under(body, ("REVISION", "UPDATED", "STATUS", "CHART", "APP VERSION", "DESCRIPTION"))
        found = [{name.lower().replace(" ", "_"): cell for name, cell in cells.items()} for _, cells in rows]
        return load_rows(told_of(found), [line for line, _ in rows], self.name, source, tz)


def told_of(found: Sequence[Object]) -> Told:
    """The rows of revisions in a history, each an object with ``revision``, ``updated``, ``chart`` and so on."""
    nameless = any(not text(item, "name") for item in found)
    return Told(numbered([_row(item) for item in found]), (NO_NAME,) if nameless else ())


def _row(item: Object) -> dict[str, Any]:
    chart = text(item, "chart")
    match = _CHART.fullmatch(chart[:300])
    name, chart_version = (match["name"], match["version"]) if match else (chart, "")
    release, summary, revision = text(item, "name"), text(item, "description"), text(item, "revision")
    return filled(
        id=f"helm-{release or name}-{revision}",
        time=_iso(text(item, "updated")),
        kind="rollback" if says_undone(summary) else "deploy",
        service=release or name,
        version=text(item, "app_version") or chart_version,
        summary=summary,
        chart=chart,
        revision_number=revision,
        namespace=text(item, "namespace"),
        result=text(item, "status"),
    )


def _iso(updated: str) -> str:
    """A time as the table has it (``Mon Oct  3 10:15:13 2016``) in ISO 8601; others as they are."""
    match = _ANSI.fullmatch(updated[:40])
    if match is None:
        return updated
    month = MONTHS.index(match["month"]) + 1
    return f"{match['year']}-{month:02}-{int(match['day']):02}T{match['clock']}"
