"""Did the changed service fall silent when the trouble began? What is dead or starts anew writes no errors."""

from __future__ import annotations

import math

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
    found = silent_services(facts)
    own = found.get(service_key(candidate.service))
    if own is None:
        return None
    common = max(OTHERS, (len(found) - 1) / len(facts.services))
    weight = math.log(max(SILENT, common) / common)
    statement = f"{own.service} wrote {own.before:.1f} lines a minute before the onset and {own.after:.1f} after it, "
    statement += f"{own.part:.0%} of what the other services let expect"
    return Evidence("silence", statement, round(weight, 3), own.lines)
