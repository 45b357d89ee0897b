"""Tables and lists as GitHub writes them; what is put in them is Markdown already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from triage.report.page import COUNTS, Shown

#: Columns of numbers, by their heads.
NUMBERS = {
    *("#", "probability", "records", "per min before", "after", "q", "sureness", *COUNTS),
    *("errors", "errors since", "errors before", "a minute", "of records"),
    *("failing", "failing since", "failing before", "share"),
}


def table(head: list[str], rows: Iterable[Iterable[str]]) -> str:
    """A table; columns of numbers stand to the right.

    Examples
    --------
    >>> print(table(["#", "name"], [["1", "a"]]))
    | # | name |
    | ---: | --- |
    | 1 | a |
    """
    rule = ["---:" if name in NUMBERS else "---" for name in head]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))


def bullets(items: Iterable[str]) -> str:
    """A list."""
    return "\n".join(f"- {item}" for item in items)


def more(shown: Shown[object], what: str) -> Iterator[str]:
    """How many rows are not shown, if any."""
    if shown.hidden:
        yield f"{shown.hidden:,} more {what} in the JSON report."
