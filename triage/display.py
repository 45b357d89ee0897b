"""What notebooks and terminals show of an object.

HTML is plain tables and folds: no class, no script, and no style that it needs, because GitHub takes them away. Text is
at most `WIDTH` columns wide.
"""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Collection, Iterable, Sequence
from itertools import takewhile
from typing import Self, SupportsIndex, TypeVar, overload

from triage.escape import clip, one_line, short, visible

T = TypeVar("T")
#: Columns of a terminal that text is set for.
WIDTH = 100
#: A column of text gives way to others, but keeps so much; and so much is at most left of those others.
LEAST, SIDE = 12, 40
#: Where a line may end in a path, and in a word that is wider than its column.
IN_PATHS = re.compile(r"/(?=[^/])|[^/]{30}(?=[^/])")
IN_WORDS = re.compile(r"\S{40}(?=\S)")

FORMULA = re.compile(r"[$\\]")


class Listed(tuple[T, ...]):
    """A tuple that knows how it is shown, and whose slices do as well."""

    __slots__ = ()

    @overload
    def __getitem__(self, place: SupportsIndex) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Self: ...
    def __getitem__(self, place: SupportsIndex | slice) -> T | Self:
        found = super().__getitem__(place)
        return type(self)(found) if isinstance(place, slice) else found  # type: ignore[arg-type,return-value]


class Markup(str):
    """HTML that was made here, of text that is escaped: a table takes it as it is."""

    __slots__ = ()


def escaped(text: object, limit: int = 400) -> str:
    """Any text, safe in HTML and in notebooks, at most `limit` characters of it.

    Examples
    --------
    >>> escaped("<script>alert(1)</script>")
    '&lt;script&gt;alert(1)&lt;/script&gt;'
    >>> escaped("$5")
    '<span>$</span>5'
    """
    # Notebooks set LaTeX in what they show, between dollars or from a backslash on, however those are written in HTML;
    # but not across elements.
    return FORMULA.sub(r"<span>\g<0></span>", html.escape(visible(clip(str(text), limit))))


def percent(share: float) -> str:
    """A probability; never 0% or 100%, which nothing here can claim.

    Examples
    --------
    >>> percent(0.6212), percent(0.0008), percent(0.9999)
    ('62%', '<1%', '>99%')
    """
    if 0.01 <= share <= 0.99:
        return f"{share:.0%}"
    return "<1%" if share < 0.5 else ">99%"


def breakable(path: str, limit: int = 400) -> Markup:
    """A path that a narrow table may break behind its slashes.

    Examples
    --------
    >>> print(breakable("logs/app.log"))
    logs/<wbr>app.log
    """
    return _broken(path, IN_PATHS, limit)


def in_words(text: object, limit: int = 400) -> Markup:
    """A text that a narrow table may break within words that are wider than a column.

    Examples
    --------
    >>> print(in_words("pool is empty"))
    pool is empty
    """
    return _broken(text, IN_WORDS, limit)


def _broken(text: object, places: re.Pattern[str], limit: int = 400) -> Markup:
    # What is visible has no NUL in it: one can stand for the place until the rest is escaped.
    marked = places.sub("\\g<0>\0", visible(clip(str(text), limit)))
    return Markup("<wbr>".join(escaped(part, limit + len(marked)) for part in marked.split("\0")))


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[object]],
    caption: str = "",
    numbers: Collection[str] = (),
    whole: Collection[str] = (),
) -> str:
    """An HTML table of escaped cells.

    Parameters
    ----------
    head : sequence of str
    rows : iterable of sequences
        `Markup` among the cells is taken as it is.
    caption : str
        In front of it.
    numbers : collection of str
        Names in `head` of columns that stand to the right, in one line.
    whole : collection of str
        Names of further columns whose cells are not broken into lines.
    """
    kept = {*numbers, *whole}
    styles = [
        f"text-align:{'right' if name in numbers else 'left'}{';white-space:nowrap' if name in kept else ''}"
        for name in head
    ]
    top, body = _row("th", head, styles), "".join(_row("td", row, styles) for row in rows)
    title = f'<caption style="text-align:left;font-weight:bold">{escaped(caption)}</caption>' if caption else ""
    return f"<table>{title}<thead>{top}</thead><tbody>{body}</tbody></table>"


def _row(tag: str, cells: Sequence[object], styles: Sequence[str]) -> str:
    texts = (cell if isinstance(cell, Markup) else in_words(cell) for cell in cells)
    return "".join(
        ["<tr>", *(f'<{tag} style="{s}">{text}</{tag}>' for text, s in zip(texts, styles, strict=True)), "</tr>"]
    )


def bullets(texts: Iterable[str], limit: int = 600) -> str:
    """An HTML list; empty for no texts."""
    rows = "".join(f"<li>{escaped(text, limit)}</li>" for text in texts)
    return f"<ul>{rows}</ul>" if rows else ""


def folded(summary: str, content: str) -> Markup:
    """HTML that is behind a line of text until somebody opens it."""
    return Markup(f"<details><summary>{escaped(summary)}</summary>{content}</details>")


def aligned(rows: Sequence[Sequence[str]], right: Collection[int] = (), wide: int = -1, indent: int = 2) -> list[str]:
    r"""Lines of a table for a terminal; where it is wider than `WIDTH`, the column `wide` is cut.

    Parameters
    ----------
    rows : sequence of sequences of str
        All of one length.
    right : collection of int
        Columns that stand to the right.

    Examples
    --------
    >>> print("\n".join(aligned([("count", "error"), ("12", "pool is empty")], right={0})))
      count  error
         12  pool is empty
    """
    if not rows:
        return []
    cells = [[one_line(cell) for cell in row] for row in rows]
    widths = _widths(cells, wide % len(cells[0]), WIDTH - indent - 2 * (len(cells[0]) - 1))
    cells = [[short(cell, width) for cell, width in zip(row, widths, strict=True)] for row in cells]
    sides = [str.rjust if place in right else str.ljust for place in range(len(widths))]
    lines = ([side(cell, width) for side, cell, width in zip(sides, row, widths, strict=True)] for row in cells)
    return [(" " * indent + "  ".join(line)).rstrip() for line in lines]


def _widths(cells: Sequence[Sequence[str]], wide: int, room: int) -> list[int]:
    """Widths of columns that have so much room together: first others than `wide` are cut to `SIDE`, then that one."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    widths = [width if place == wide else min(width, SIDE) for place, width in enumerate(widths)]
    widths[wide] = min(widths[wide], max(room - sum(widths) + widths[wide], LEAST))
    while sum(widths) > room:
        widths[widths.index(max(widths))] -= 1
    return widths


def facts(pairs: Iterable[tuple[str, object]], indent: int = 2) -> list[str]:
    """Lines for a terminal that say something under a name each, broken at `WIDTH`.

    Examples
    --------
    >>> facts([("level", "ERROR"), ("services", "till, bank")])
    ['  level:    ERROR', '  services: till, bank']
    """
    told = [(f"{name}:" if name else "", fact) for name, fact in pairs]
    width = indent + max((len(name) for name, _ in told), default=0) + 1
    return [line for name, fact in told for line in wrapped(str(fact), f"{' ' * indent}{name}".ljust(width))]


def wrapped(text: str, first: str = "") -> list[str]:
    """A text as lines of a terminal, with `first` in front of its first one and as much room before the others.

    Examples
    --------
    >>> wrapped("pool is empty", "note: ")
    ['note: pool is empty']
    """
    return textwrap.wrap(one_line(text), WIDTH, initial_indent=first, subsequent_indent=" " * len(first)) or [
        first.rstrip()
    ]


def common_folder(sources: Sequence[str]) -> str:
    """What all paths begin with, up to a slash; of a single path, its folder.

    Examples
    --------
    >>> common_folder(["logs/a/x.log", "logs/a/y.log", "logs/b.log"]), common_folder(["x.log", "logs/y.log"])
    ('logs/', '')
    """
    if not sources:
        return ""
    # What the first and the last in the order of the alphabet share, all between them share too.
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(min(sources), max(sources), strict=False))
    shared = "".join(char for char, _ in pairs)
    return shared[: shared.rfind("/") + 1]
