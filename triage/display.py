"""HTML for notebooks that needs nothing but escaped tables: it shows on GitHub and in nbconvert as well."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from triage.escape import clip, visible


def escaped(text: object, limit: int = 400) -> str:
    """Any text, safe in HTML and in notebooks, at most `limit` characters of it.

    Examples
    --------
    >>> escaped("<script>alert(1)</script>")
    '&lt;script&gt;alert(1)&lt;/script&gt;'
    """
    # The dollar sign begins LaTeX where notebooks render it.
    return html.escape(visible(clip(str(text), limit))).replace("$", "&#36;")


def table(head: Sequence[str], rows: Iterable[Sequence[object]], caption: str = "") -> str:
    """An HTML table of escaped cells."""
    top = "".join(f'<th style="text-align:left">{escaped(cell)}</th>' for cell in head)
    body = "".join(
        "<tr>" + "".join(f'<td style="text-align:left">{escaped(cell)}</td>' for cell in row) + "</tr>" for row in rows
    )
    title = f'<caption style="text-align:left;font-weight:bold">{escaped(caption)}</caption>' if caption else ""
    return f"<table>{title}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
