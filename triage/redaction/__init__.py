"""Redaction: secrets and personal data in logs replaced by tokens, the same value by the same token everywhere."""

from __future__ import annotations

from triage.redaction.files import redact_file
from triage.redaction.own import OwnPatterns, own_patterns
from triage.redaction.redactor import Redactor
from triage.redaction.tally import Place, Tally

__all__ = ["OwnPatterns", "Place", "Redactor", "Tally", "own_patterns", "redact_file"]
