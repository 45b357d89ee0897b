"""Clocks that shared ids of requests show to be wrong are put right before anything is dated, and that is told.

An onset that is dated by a clock which is a minute behind lies before the change that brought it. Files are read once
more for it, with the times of the sources in question shifted.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace

from triage.ingest import Ledger
from triage.ingest.clock import shown_shift
from triage.ingest.overrides import value_for
from triage.ingest.remedies import amount, pattern_of
from triage.settings import Settings

#: Names of what cannot be read twice, or has no clock of its own.
ONCE = ("-", "frame")
#: More files of a clock are told by a pattern.
FEW = 2


def put_right(settings: Settings, ledger: Ledger) -> tuple[Settings, list[str]]:
    """Settings under which the clocks that are surely wrong are right, and a note for each; none where all are.

    Parameters
    ----------
    settings : Settings
        A clock that the user has set stays as it is set.
    ledger : Ledger
        Of the logs, as they were read under these settings.
    """
    names = [row.source for row in ledger.sources]
    if any(log in ONCE for log in settings.logs) or any(map(_is_a_stream, names)):
        return settings, []
    shifts: dict[str, float] = {}
    notes = []
    for wrong in ledger.clocks:
        free = [name for name in wrong.sources if value_for(name, settings.clock) is None]
        if not wrong.sure or not free:
            continue
        shifts |= dict.fromkeys(free, -wrong.ahead)
        way, where = "taken from" if wrong.ahead > 0 else "added to", ", ".join(free)
        patterns = [glob.escape(name) for name in free] if len(free) <= FEW else [pattern_of(free)]
        undo = " ".join(f"--clock '{pattern}={shown_shift(0)}'" for pattern in patterns)
        notes.append(
            f"{amount(wrong.ahead)} were {way} the times of {where}, as its clock is wrong: {wrong.evidence}; "
            f"to leave it as it is, give {undo}"
        )
    return replace(settings, clock={**settings.clock, **_patterns(shifts, names)}), notes


def _is_a_stream(name: str) -> bool:
    """Whether a source is a pipe or a device, which is empty when it is read once more."""
    return os.path.exists(name) and not os.path.isfile(name)  # noqa: PTH110, PTH113 - no name is too odd for these


def _patterns(shifts: Mapping[str, float], names: Iterable[str]) -> dict[str, float]:
    """Each shift by a pattern of its source; of other sources that one fits as well, as ``a.log`` does ``x/a.log``, 0.

    The first pattern that fits counts: so that of the longest name is the first.
    """
    ends = tuple(f"/{name}" for name in shifts)
    fitting = [name for name in names if name in shifts or name.endswith(ends)]
    return {glob.escape(name): shifts.get(name, 0.0) for name in sorted(fitting, key=len, reverse=True)}
