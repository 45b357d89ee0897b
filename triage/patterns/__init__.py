"""From records to templates and error groups."""

from __future__ import annotations

from triage.patterns.corrected import Outcome, corrected_templates
from triage.patterns.correction_files import check_corrections
from triage.patterns.corrections import Corrections
from triage.patterns.error_group import ErrorGroup, ErrorGroups
from triage.patterns.groups import error_records, group_errors
from triage.patterns.mine import Mined, mine
from triage.patterns.shapes import Shaper, shapes_of
from triage.patterns.templates import find_templates

__all__ = [
    "Corrections",
    "ErrorGroup",
    "ErrorGroups",
    "Mined",
    "Outcome",
    "Shaper",
    "check_corrections",
    "corrected_templates",
    "error_records",
    "find_templates",
    "group_errors",
    "mine",
    "shapes_of",
]
