"""From records to templates and error groups."""

from __future__ import annotations

from triage.patterns.groups import ErrorGroup, error_records, group_errors
from triage.patterns.mine import Mined, mine
from triage.patterns.shapes import merge_shapes, shapes_of
from triage.patterns.templates import assign_templates, find_templates

__all__ = [
    "ErrorGroup",
    "Mined",
    "assign_templates",
    "error_records",
    "find_templates",
    "group_errors",
    "merge_shapes",
    "mine",
    "shapes_of",
]
