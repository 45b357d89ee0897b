"""The steps of the guide, in order; a new one is a file with its class, and a line here."""

from __future__ import annotations

from triage.widgets.steps.changes import ChangesStep
from triage.widgets.steps.errors import ErrorsStep
from triage.widgets.steps.hypotheses import HypothesesStep
from triage.widgets.steps.load import LoadStep
from triage.widgets.steps.patterns import PatternsStep
from triage.widgets.steps.step import Step
from triage.widgets.steps.trust import TrustStep
from triage.widgets.steps.verdict import VerdictStep
from triage.widgets.steps.when import WhenStep
from triage.widgets.steps.write_up import WriteUpStep

STEPS: tuple[type[Step], ...] = (
    LoadStep,
    TrustStep,
    PatternsStep,
    ErrorsStep,
    WhenStep,
    ChangesStep,
    HypothesesStep,
    VerdictStep,
    WriteUpStep,
)
