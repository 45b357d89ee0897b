"""Files that are taken for a list of changes and cannot be one: what they begin with, and what to give instead."""

from __future__ import annotations

import re
from datetime import tzinfo
from pathlib import Path
from typing import NamedTuple, NoReturn

from triage.changes.loaders.text import beginning
from triage.changes.wording import complaint, one_line


class Refusal(NamedTuple):
    """How such a file begins, what it is, what is missing in it, and what to give in its place."""

    begins: re.Pattern[str]
    got: str
    wanted: str
    hint: str


_YAML = r"(?:%YAML|---\s*\n|apiVersion:|kind: |items:\s*\n|- \w[\w .-]{0,60}:|metadata:\s*\n)"
REFUSED = (
    Refusal(
        re.compile(r"(?:[\w.]+/[\w.-]+ *\r?\n)?REVISION\s+CHANGE-CAUSE\b", re.ASCII),
        "the table of kubectl rollout history, which has no times",
        "the time of each revision",
        "kubectl get replicasets -o json",
    ),
    Refusal(
        re.compile(r"(?:NAMESPACE\s+)?LAST SEEN\s+(?:TYPE|COUNT|FIRST SEEN)\b", re.ASCII),
        "the table of kubectl get events, which has ages in place of times",
        "the times",
        "kubectl get events -o json",
    ),
    Refusal(
        re.compile(r"(?:NAMESPACE\s+)?NAME\s+DESIRED\s+CURRENT\s+READY\s+(?:[\w-]+\s+)*AGE\b", re.ASCII),
        "the table of kubectl get replicasets, which has ages in place of times",
        "the times",
        "kubectl get replicasets -o json",
    ),
    Refusal(
        re.compile(r"(?:STATUS|completed|in_progress)\t(?:TITLE|[^\t\n]*)\t(?:WORKFLOW|[^\t\n]*)\t", re.ASCII),
        "the table of gh run list",
        "its JSON",
        "gh run list --json databaseId,workflowName,displayTitle,status,conclusion,startedAt,updatedAt,headSha,url",
    ),
    Refusal(
        re.compile(_YAML, re.ASCII),
        "YAML",
        "JSON",
        "-o json in place of -o yaml, or a converter such as yq -o json",
    ),
)


class Refused:
    """Accepts what is known not to do, so that the message can say what will."""

    name = ""

    def accepts(self, spec: str) -> bool:
        """By the beginning, or the suffix of YAML."""
        return _refusal(spec) is not None

    def load(self, spec: str, tz: tzinfo) -> NoReturn:
        """Never anything.

        Raises
        ------
        ChangesError
            Says what arrived and what to give in its place.
        """
        refusal = _refusal(spec) or REFUSED[-1]
        raise complaint(one_line(spec), refusal.got, refusal.wanted, refusal.hint)


def _refusal(spec: str) -> Refusal | None:
    head = beginning(spec).lstrip()
    found = next((refusal for refusal in REFUSED if refusal.begins.match(head)), None)
    yaml = Path(spec).suffix.lower() in (".yaml", ".yml") and bool(head)
    return found or (REFUSED[-1] if yaml else None)
