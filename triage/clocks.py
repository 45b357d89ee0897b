"""Clocks that shared ids of requests show to be wrong are put right before anything is dated, and that is told.

An onset that is dated by a clock which is a minute behind lies before the change that brought it. Files are read once
more for it, with the times of the sources in question shifted.
"""

from __future__ import annotations

import glob
from dataclasses import replace

from triage.ingest import Ledger
from triage.ingest.clock import shown_shift
from triage.ingest.overrides import value_for
from triage.ingest.remedies import amount
from triage.settings import Settings

#: What cannot be read twice, or has no clock of its own.
ONCE = ("-", "frame")


def put_right(settings: Settings, ledger: Ledger) -> tuple[Settings, list[str]]:
    """Settings under which the clocks that are surely wrong are right, and a note for each; none where all are.

    Parameters
    ----------
    settings : Settings
        A clock that the user has set stays as it is set.
    ledger : Ledger
        Of the logs, as they were read under these settings.
    """
    if any(log in ONCE for log in settings.logs):
        return settings, []
    clock, notes = dict(settings.clock), []
    for wrong in ledger.clocks:
        free = [name for name in wrong.sources if value_for(name, settings.clock) is None]
        if not wrong.sure or not free:
            continue
        clock |= {glob.escape(name): -wrong.ahead for name in free}
        way, where = "taken from" if wrong.ahead > 0 else "added to", ", ".join(free)
        undo = " ".join(f"--clock '{glob.escape(name)}={shown_shift(0)}'" for name in free[:2])
        notes.append(
            f"{amount(wrong.ahead)} were {way} the times of {where}, as its clock is wrong: {wrong.evidence}; "
            f"to leave it as it is, give {undo}"
        )
    return replace(settings, clock=clock), notes
