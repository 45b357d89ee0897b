"""Does the service still name the version from before, after its deploy and before the trouble?

Then the deploy had not taken effect where those lines come from, and what has not taken effect sets nothing off.
"""

from __future__ import annotations

import math

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.version_facts import still_running
from triage.hypotheses.words import clock

#: How often a service names the version from before though a guilty deploy is in effect: the number was not raised, or
#: only an instance whose lines are missing has it; and how often after a deploy that is not to blame, of which some
#: take longer than recorded, or never take effect.
GUILTY, OTHERS = 0.06, 0.25


def version_unchanged(candidate: Candidate, facts: Facts) -> Evidence | None:
    """Against a deploy after which all lines that name a version name the one from before, up to the trouble."""
    change, onset = candidate.change, facts.onset
    found = still_running(change, facts) if change and onset else None
    if found is None:
        return None
    statement = f"All lines of {found.service} that name a version still name {found.version} after it, up to "
    statement += f"{clock(found.last)}: there it had not taken effect before the trouble"
    return Evidence("version_unchanged", statement, round(math.log(GUILTY / OTHERS), 3), ())
