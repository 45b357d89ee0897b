"""Raw lines, opened from anywhere in the guide: of a template, an error group, a hypothesis, or around one line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from triage.escape import clip
from triage.incident import Incident
from triage.report.words import day_of
from triage.widgets.markup import render
from triage.widgets.python_lines import shown_call
from triage.widgets.state import State, Window
from triage.widgets.times import Times

#: Records a page; characters of one that are shown.
PAGE, LONGEST = 25, 3000
#: What lines can be of, and how it is called.
OF = {"template": "template", "error_group": "error group", "hypothesis": "hypothesis", "trace": "stack trace"}


@dataclass(frozen=True)
class Wanted:
    """Which lines.

    Attributes
    ----------
    kind : str
        A key of `OF`, or ``context``.
    id : str
        Of that; of ``context``, the source.
    line : int
        Of ``context``: the line in the middle.
    page : int
        From 0.
    """

    kind: str
    id: str
    line: int = 0
    page: int = 0

    @classmethod
    def of(cls, arg: str) -> Wanted:
        """What an element's ``data-arg`` says: ``template:ID``, ``error_group:ID:PAGE``, ``context:LINE:SOURCE``.

        Examples
        --------
        >>> Wanted.of("template:b8:2").page, Wanted.of("context:7:logs/a:b.log").id
        (2, 'logs/a:b.log')
        """
        kind, _, rest = arg.partition(":")
        if kind == "context":
            line, _, source = rest.partition(":")
            return cls(kind, source, int(line))
        # Ids of hypotheses have colons of their own.
        head, _, tail = rest.rpartition(":")
        return cls(kind, head, page=int(tail)) if head and tail.isdigit() and kind != "hypothesis" else cls(kind, rest)

    @property
    def arg(self) -> str:
        """The text that `of` reads."""
        if self.kind == "context":
            return f"context:{self.line}:{self.id}"
        return f"{self.kind}:{self.id}:{self.page}" if self.kind != "hypothesis" else f"{self.kind}:{self.id}"


def find_lines(incident: Incident, wanted: Wanted, window: Window | None) -> tuple[pl.DataFrame, str]:
    """A page of the lines, and the line of Python that gives them."""
    if wanted.kind == "context":
        given = {"source": wanted.id, "line": wanted.line}
        return incident.context(**given), shown_call("context", **given)  # type: ignore[arg-type]
    named: dict[str, Any] = {wanted.kind: wanted.id, "limit": PAGE * (wanted.page + 1)}
    if window and wanted.kind != "hypothesis":
        named |= {"since": window[0], "until": window[1]}
    found = incident.lines(**named)
    return found.slice(PAGE * wanted.page), shown_call("lines", **named)


def lines_html(state: State, wanted: Wanted) -> str:
    """The drawer with lines."""
    found, python = find_lines(state.now, wanted, state.window)
    here = (wanted.line, wanted.id) if wanted.kind == "context" else None
    more = len(found) == PAGE and wanted.kind not in ("context", "hypothesis")
    return render(
        "lines",
        about=_about(state, wanted),
        rows=[_row(row, here, state.view.folder) for row in found.iter_rows(named=True)],
        folder=state.view.folder,
        begin=wanted.page * PAGE,
        windowed=state.window is not None and wanted.kind not in ("context", "hypothesis"),
        back=replace(wanted, page=wanted.page - 1).arg if wanted.page else "",
        on=replace(wanted, page=wanted.page + 1).arg if more else "",
        python=python,
        key=wanted.arg,
        times=Times(state.zone, day_of(state.view.summary)),
    )


def _row(row: dict[str, Any], here: tuple[int, str] | None, folder: str) -> dict[str, Any]:
    line, count = row["line"], row["line_count"]
    middle = here is not None and line <= here[0] < line + max(1, count)
    return {
        **row,
        "place": f"{row['source'].removeprefix(folder)}:{line}",
        "text": clip(row["raw"], LONGEST),
        "middle": middle,
        "arg": "" if here else Wanted("context", row["source"], line).arg,
    }


def _about(state: State, wanted: Wanted) -> str:
    if wanted.kind == "context":
        return f"around line {wanted.line} of {wanted.id.removeprefix(state.view.folder)}"
    return f"{OF[wanted.kind]}: {_name(state, wanted)}"


def _name(state: State, wanted: Wanted) -> str:
    summary = state.view.summary
    if wanted.kind == "template":
        rows = state.now.templates.filter(pl.col("template_id") == wanted.id)["template"]
        return rows[0] if len(rows) else wanted.id
    if wanted.kind == "error_group":
        return next((group["title"] for group in summary["error_groups"] if group["id"] == wanted.id), wanted.id)
    if wanted.kind == "hypothesis":
        return next((one["claim"] for one in summary["hypotheses"] if one["id"] == wanted.id), wanted.id)
    return wanted.id
