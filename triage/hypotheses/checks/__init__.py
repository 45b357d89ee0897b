"""The checks: one file each, and the registry of those that are used.

A check is a function of a candidate and the facts. It returns evidence with a log-likelihood ratio, or None
where it has nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.checks.base_rate import base_rate
from triage.hypotheses.checks.dose import dose
from triage.hypotheses.checks.environment import environment
from triage.hypotheses.checks.failure_kind import failure_kind
from triage.hypotheses.checks.first_trouble import first_trouble
from triage.hypotheses.checks.migration_unrecorded import migration_unrecorded
from triage.hypotheses.checks.named import named
from triage.hypotheses.checks.no_onset import no_onset
from triage.hypotheses.checks.rollback import rollback
from triage.hypotheses.checks.service_match import service_match
from triage.hypotheses.checks.silence import silence
from triage.hypotheses.checks.suggested import suggested
from triage.hypotheses.checks.summary import summary
from triage.hypotheses.checks.superseded import superseded
from triage.hypotheses.checks.symptom import symptom
from triage.hypotheses.checks.timing import timing
from triage.hypotheses.checks.unexplained import unexplained
from triage.hypotheses.checks.unrecorded_restart import unrecorded_restart
from triage.hypotheses.checks.version_seen import version_seen
from triage.hypotheses.checks.version_unchanged import version_unchanged
from triage.hypotheses.checks.version_unrecorded import version_unrecorded
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts

Check = Callable[[Candidate, Facts], Evidence | None]

CHECKS: tuple[Check, ...] = (
    no_onset,
    timing,
    service_match,
    first_trouble,
    base_rate,
    superseded,
    named,
    silence,
    dose,
    environment,
    failure_kind,
    summary,
    rollback,
    symptom,
    unexplained,
    unrecorded_restart,
    version_seen,
    version_unchanged,
    version_unrecorded,
    migration_unrecorded,
    suggested,
)

__all__ = ["CHECKS", "Check"]
