"""From records to templates and error groups."""

from __future__ import annotations

from triage.patterns.groups import ErrorGroup, error_records, group_errors
from triage.patterns.mine import Mined, mine
from triage.patterns.shapes import Shaper, shapes_of
from triage.patterns.templates import find_templates

__all__ = [
    "ErrorGroup",
    "Mined",
    "Shaper",
    "error_records",
    "find_templates",
    "group_errors",
    "mine",
    "shapes_of",
]
