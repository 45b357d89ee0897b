"""Do the engineer's words point at the change?"""

from __future__ import annotations

import re

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.words import service_key

PER_WORD, MOST = 0.4, 0.8
#: Words that any report of trouble holds.
COMMON = frozenset(
    """
    the and for with from that this are was were has have been since about when some many most user users customer
    customers page pages site errors error failing failed fails failure slow down not can get gets getting after before
    service services deploy deployed version update updated release rollout change changed
    also back been being both could does done down every everything from have here into just keep keeps look looks like
    make more much need only other over same seem seems should some started starting such than them then there they very
    want were what when where which while will would your ours their none nothing something times time sometimes
    requests request response responses issue issues problem problems work works working broken
    """.split()  # noqa: SIM905 - a list of words reads as prose, not as a column of literals
)


def symptom(candidate: Candidate, facts: Facts) -> Evidence | None:
    """For a change whose service or summary shares words with the symptom. Never against: symptoms show downstream."""
    if candidate.change is None or facts.onset is None or not facts.symptom:
        return None
    said = _words(facts.symptom)
    about = _words(f"{service_key(candidate.service)} {candidate.change.summary or ''}")
    shared = sorted(said & about)
    if not shared:
        return None
    quoted = ", ".join(f"“{word}”" for word in shared[:4])
    return Evidence("symptom", f"The symptom and the change both speak of {quoted}", min(MOST, PER_WORD * len(shared)))


def _words(text: str) -> set[str]:
    # Three letters are mostly small words; in scripts without case two may be a whole one.
    return {w for w in re.findall(r"[^\W\d_]{4,}|[^\W\d_a-z]{2,}", text.casefold()[:2000]) if w not in COMMON}
