"""The README of an incident: five lines, each with its head, that a person writes."""

from __future__ import annotations

import re

#: Begins what is still to be written.
OPEN = "(to be written: "
HEADS = {
    "What was seen": "who noticed what, and when",
    "What was done": "to the system, before and after",
    "What a person would conclude": "the cause, how sure it is, and what shows it",
    "What makes it hard": "what misleads: other changes, other trouble, gaps in the logs",
    "Where the logs are from": "which systems, which zone their clocks show, what is missing",
}
_LINE = re.compile(r"^- \*\*(?P<head>[^*]{1,80})\*\*:? ?(?P<text>.*)$")
#: Lines that a README needs, its title among them.
LEAST = len(HEADS)


def skeleton(name: str, known: dict[str, str]) -> str:
    """A README with what is known, and what is still to be written.

    Parameters
    ----------
    known : dict
        Text behind some of `HEADS`.
    """
    lines = [f"- **{head}**: {_one_line(known.get(head)) or f'{OPEN}{hint})'}" for head, hint in HEADS.items()]
    return f"# {_one_line(name)}\n\n" + "\n".join(lines) + "\n"


def complaints(text: str) -> list[str]:
    """What a README lacks.

    Examples
    --------
    >>> complaints(skeleton("checkout", {head: "told" for head in HEADS}))
    []
    >>> complaints("# checkout")
    ['has 1 of at least 5 lines: what was seen, what was done, what a person would conclude, …']
    """
    lines = [line for line in text.splitlines() if line.strip()]
    empty = [found["head"] for line in lines if (found := _LINE.match(line[:4000])) and _is_open(found["text"])]
    told = [f"“{head}” is still to be written" for head in empty]
    if len(lines) < LEAST:
        wanted = ", ".join(head.lower() for head in list(HEADS)[:3])
        told.append(f"has {len(lines)} of at least {LEAST} lines: {wanted}, …")
    return told


def _is_open(text: str) -> bool:
    return not text.strip() or text.startswith(OPEN)


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())
