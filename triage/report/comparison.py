"""The report of a comparison: one summary as a plain dict, set as JSON, Markdown or HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import triage
from triage.comparison import Comparison, Side
from triage.display import breakable, common_folder, escaped, folded, table
from triage.escape import markdown_code, markdown_text
from triage.report.comparison_words import CORRECTED, HEAD, cells, correction_cells, headline, news, remarks
from triage.report.json_text import json_text
from triage.report.times import rfc3339
from triage.report.write import write_report

SCHEMA = "triage.compare/1"
#: What a browser may do with the page: show it.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#1c1c1c}"
    "table{border-collapse:collapse;width:100%}"
    "td,th{padding:.3rem .6rem;border-bottom:1px solid #ddd;vertical-align:top;overflow-wrap:anywhere}"
)


def summarise_comparison(comparison: Comparison) -> dict[str, Any]:
    """Everything a report of a comparison shows."""
    return {
        "schema": SCHEMA,
        "a": _side(comparison.a),
        "b": _side(comparison.b),
        "quiet": comparison.quiet,
        "differences": [_difference(row) for row in comparison.frame.iter_rows(named=True)],
        "stops": [_stop(row) for row in comparison.stops.iter_rows(named=True)],
        "services": [_rounded(row) for row in comparison.services.iter_rows(named=True)],
        "multiplicity": {
            "tested": comparison.tested,
            "expected_false": round(comparison.expected_false, 2),
            "max_q": comparison.max_q,
        },
        "enough": {
            "tells": comparison.enough.tells,
            "lines_new": comparison.enough.new,
            "lines_gone": comparison.enough.gone,
            "most_lines_a": comparison.enough.most_a,
            "most_lines_b": comparison.enough.most_b,
        },
        "traffic": float(f"{comparison.traffic:.5g}"),
        "shared_records": comparison.shared,
        "corrections": [outcome.to_dict() for outcome in comparison.corrected],
        "notes": list(comparison.notes),
        "generated_by": {"name": "triage", "version": triage.__version__},
    }


def _side(side: Side) -> dict[str, Any]:
    return {
        "name": side.name,
        "from": rfc3339(side.start),
        "to": rfc3339(side.end),
        "minutes": round(side.seconds / 60, 2),
        "records": side.records,
        "untimed": side.untimed,
        "ledger": side.ledger.to_dict() if side.ledger else None,
    }


def _difference(row: dict[str, Any]) -> dict[str, Any]:
    kept = _rounded(row)
    found = {name: kept.pop(name) for name in ("parameter", "statistic", "value_a", "value_b")}
    names = {"parameter": "name", "statistic": "statistic", "value_a": "a", "value_b": "b"}
    parameter = {names[name]: value for name, value in found.items()} if row["parameter"] is not None else None
    return {**kept, "parameter": parameter}


def _stop(row: dict[str, Any]) -> dict[str, Any]:
    return {**_rounded(row), "last": rfc3339(row["last"])}


def _rounded(row: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers with five significant digits."""
    return {name: float(f"{value:.5g}") if isinstance(value, float) else value for name, value in row.items()}


def write_comparison(summary: Mapping[str, Any], path: str | Path) -> Path:
    """Write the report of a comparison: ``.html``, ``.md`` or ``.json`` by the path's suffix.

    Raises
    ------
    UsageError
        If the suffix is another, or the file cannot be written.
    """
    return write_report(summary, path, RENDERERS)


def render_comparison_markdown(summary: Mapping[str, Any]) -> str:
    """The comparison as Markdown."""
    lines = ["# Comparison of two sets of logs", f"**{markdown_text(headline(summary))}**"]
    if found := news(summary):
        lines.append(_bullets(found))
    if summary["differences"]:
        rows = []
        for row in summary["differences"]:
            *words, template, place = cells(row)
            rows.append([*map(markdown_text, words), markdown_code(template), markdown_code(place)])
        lines.append(_table(HEAD, rows))
    lines.append(_bullets(remarks(summary)))
    if summary["corrections"]:
        each = map(correction_cells, summary["corrections"])
        rows = [[markdown_text(kind), markdown_code(rule), records] for kind, rule, records in each]
        lines += ["## Corrected templates", _table(CORRECTED, rows)]
    return "\n\n".join(lines) + "\n"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    return "\n".join(f"| {' | '.join(row)} |" for row in [names, ["---"] * len(names), *rows])


def _bullets(texts: Iterable[str]) -> str:
    return "\n".join(f"- {markdown_text(text)}" for text in texts)


def comparison_html(summary: Mapping[str, Any], shown: int | None = None) -> str:
    """The comparison as a piece of HTML, for a notebook or a page.

    Parameters
    ----------
    shown : int, optional
        So many differences; the others are behind a line until somebody opens it.
    """
    found = [cells(row) for row in summary["differences"]]
    folder = common_folder([place for *_, place in found if place != "-"])
    rows = [[*words, breakable(place.removeprefix(folder))] for *words, place in found]
    listed, rest = (table(HEAD, part) if part else "" for part in (rows[:shown], rows[len(rows[:shown]) :]))
    more = folded(f"{len(rows) - len(rows[:shown]):,} more differences", rest) if rest else ""
    corrected = [correction_cells(row) for row in summary["corrections"]]
    rules = f"<h2>Corrected templates</h2>{table(CORRECTED, corrected)}" if corrected else ""
    head = f"<p><strong>{escaped(headline(summary), 1000)}</strong></p>"
    said = [*remarks(summary), *([f"Lines are those of sources in {folder}"] if folder else [])]
    return f"{head}{_items(news(summary))}{listed}{more}{_items(said)}{rules}"


def _items(texts: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{escaped(text, 1000)}</li>' for text in texts)}</ul>" if texts else ""


def render_comparison_html(summary: Mapping[str, Any]) -> str:
    """The comparison as one HTML file that needs nothing else."""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Comparison of two sets of logs</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body><h1>Comparison of two sets of logs</h1>{comparison_html(summary)}</body></html>\n"
    )


RENDERERS = {".html": render_comparison_html, ".md": render_comparison_markdown, ".json": json_text}
