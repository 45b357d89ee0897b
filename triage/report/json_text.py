"""The summary as JSON: the contract's keys first, then what other renderers need."""

from __future__ import annotations

import json
import re
from typing import Any

from triage.report.words import Summary

#: Controls beyond ASCII, marks of direction and of no width, lone surrogates.
UNSAFE = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
#: Keys of the contract, in its order; those of the summary beyond it follow.
CONTRACT = (
    "schema",
    "ledger",
    "window",
    "incident_onset",
    "error_groups",
    "onsets",
    "origins",
    "hypotheses",
    "conclusive",
    "verdict",
)


def render_json(summary: Summary) -> str:
    """The summary as indented JSON that ends with a newline.

    Raises
    ------
    ValueError
        If a number is not finite, which JSON cannot say.
    """
    ordered = {name: summary[name] for name in CONTRACT} | dict(summary)
    return json_text(ordered)


def json_text(value: Any) -> str:
    """Any value as indented JSON that ends with a newline, and that does nothing to a terminal.

    Raises
    ------
    ValueError
        If a number is not finite, which JSON cannot say.
    """
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    # What a terminal would obey, and the lone surrogates of a file name that is not UTF-8, stand as JSON's escapes.
    return UNSAFE.sub(lambda char: f"\\u{ord(char[0]):04x}", text) + "\n"
