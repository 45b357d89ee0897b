"""Did the changed service fall silent when the trouble began? What is dead or starts anew writes no errors.

Silence alone says little: a service that others keep from its work is silent as well. It counts where failing lines of
others name the service, or where nobody writes any.
"""

from __future__ import annotations

import math

from triage.hypotheses.blame import BLAMED, blame_of
from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.silent import silent_services
from triage.hypotheses.words import service_key

#: How often the service of a guilty change falls silent: crashes, hangs and lost work are a quarter of what goes wrong.
SILENT = 0.25
#: How often a service falls silent that others keep from its work, or that has little to do just then.
OTHERS = 0.04


def silence(candidate: Candidate, facts: Facts) -> Evidence | None:
    """For a change of a service that writes far fewer lines since the onset; less so if others do as well."""
    if candidate.change is None or facts.onset is None or not facts.services:
        return None
    key, found, share = service_key(candidate.service), silent_services(facts), blame_of(facts).share
    own = found.get(key)
    if own is None or (share and share.get(key, 0.0) < BLAMED):
        return None
    common = max(OTHERS, (len(found) - 1) / len(facts.services))
    weight = math.log(max(SILENT, common) / common)
    statement = f"{own.service} wrote {own.before:.1f} lines a minute before the onset and {own.after:.1f} after it, "
    statement += f"{own.part:.0%} of what is to be expected from the other services"
    return Evidence("silence", statement, round(weight, 3), own.lines)
