"""The summary as JSON: the contract's keys first, then what other renderers need."""

from __future__ import annotations

import json

from triage.report.words import Summary

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
    text = json.dumps(ordered, indent=2, ensure_ascii=False, allow_nan=False)
    # A file name that is not UTF-8 arrives as lone surrogates; their escape in Python is their escape in JSON.
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"
