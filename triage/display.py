"""HTML for notebooks that needs nothing but escaped tables: it shows on GitHub and in nbconvert as well."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

#: Characters that reorder or hide text around them; shown as a mark instead.
_HIDDEN = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, *range(0x00, 0x09), *range(0x0B, 0x20), 0x7F}
_SHOWN = {code: "\N{REPLACEMENT CHARACTER}" for code in _HIDDEN}


def escaped(text: object, limit: int = 400) -> str:
    """Any text, safe in HTML, at most `limit` characters of it.

    Examples
    --------
    >>> escaped("<script>alert(1)</script>")
    '&lt;script&gt;alert(1)&lt;/script&gt;'
    """
    shown = str(text)
    shown = shown if len(shown) <= limit else shown[:limit] + "…"
    # The dollar sign begins LaTeX where notebooks render it.
    return html.escape(shown.translate(_SHOWN)).replace("$", "&#36;")


def table(head: Sequence[str], rows: Iterable[Sequence[object]], caption: str = "") -> str:
    """An HTML table of escaped cells."""
    top = "".join(f'<th style="text-align:left">{escaped(cell)}</th>' for cell in head)
    body = "".join(
        "<tr>" + "".join(f'<td style="text-align:left">{escaped(cell)}</td>' for cell in row) + "</tr>" for row in rows
    )
    title = f'<caption style="text-align:left;font-weight:bold">{escaped(caption)}</caption>' if caption else ""
    return f"<table>{title}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
