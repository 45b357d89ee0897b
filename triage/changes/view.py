"""What notebooks and terminals show of changes."""

from __future__ import annotations

from collections.abc import Sequence

from triage.changes.change import Change
from triage.display import aligned, bullets, folded, table, wrapped

HEAD = ("time (UTC)", "kind", "service", "version", "id", "summary")
#: Changes that are shown at once, those that a fold holds besides, and those of a terminal; notes of a terminal.
SHOWN, MOST, LINES, NOTES = 30, 300, 20, 4


def changes_html(changes: Sequence[Change], notes: Sequence[str]) -> str:
    """A table of the changes by time, and what was assumed in reading them."""
    if not changes:
        return f"<p>No changes.</p>{bullets(notes)}"
    rows, whole = [_row(change) for change in changes], set(HEAD[:1])
    rest = rows[SHOWN:]
    hidden = f" (the first {MOST} of them)" if len(rest) > MOST else ""
    fold = folded(f"{len(rest):,} more{hidden}", table(HEAD, rest[:MOST], "", (), whole)) if rest else ""
    return f"{table(HEAD, rows[:SHOWN], _headline(changes), (), whole)}{fold}{bullets(notes)}"


def changes_text(changes: Sequence[Change], notes: Sequence[str]) -> str:
    """A line a change, by time, and what was assumed in reading them."""
    rows = [HEAD, *map(_row, changes[:LINES])] if changes else []
    more = [f"  and {len(changes) - LINES:,} more"] if len(changes) > LINES else []
    told = [line for note in notes[:NOTES] for line in wrapped(note, "  - ")]
    left = [f"  and {len(notes) - NOTES:,} more notes"] if len(notes) > NOTES else []
    return "\n".join([_headline(changes), *aligned(rows), *more, *told, *left])


def _headline(changes: Sequence[Change]) -> str:
    return f"{len(changes):,} change{'' if len(changes) == 1 else 's'}"


def _row(change: Change) -> tuple[str, ...]:
    time = f"{change.time:%Y-%m-%d %H:%M:%S}"
    return time, change.kind_shown, change.service or "", change.version or "", change.id, change.summary or ""
