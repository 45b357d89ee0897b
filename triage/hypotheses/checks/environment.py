"""Was the change made in another environment than the trouble is in, in staging and not in production?"""

from __future__ import annotations

import math

from triage.changes.environments import environment_of
from triage.hypotheses.candidates import Candidate
from triage.hypotheses.elsewhere import is_elsewhere, place_of_trouble
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts

#: In a list of several environments, the part of innocent changes that are of others than the trouble's; and of guilty
#: ones: environments share a database or a quota, or the record has it wrong. More where the lines do not say.
OTHERS, GUILTY, GUILTY_UNSEEN = 0.4, 0.03, 0.06


def environment(candidate: Candidate, facts: Facts) -> Evidence | None:
    """Against a change that its own record puts in another environment."""
    change = candidate.change
    if change is None or facts.onset is None or not is_elsewhere(change, facts):
        return None
    place = place_of_trouble(facts)
    assert place is not None
    says = "the lines with the trouble are of" if place.seen else "most changes that name one were made in"
    statement = f"It was made in another environment ({environment_of(change)}): {says} {place.name}"
    weight = round(math.log((GUILTY if place.seen else GUILTY_UNSEEN) / OTHERS), 3)
    return Evidence("environment", statement, weight)
