"""Which runs of a CI server change what runs, and what: by the names that people gave them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from triage.changes.environments import environment_named
from triage.changes.exports import Told, filled, left_out, numbered
from triage.changes.loaders.tags import kind_in

_DEPLOYS = re.compile(
    r"(?<![a-z])(?:re)?(?:deploy|roll[-_ ]?(?:out|back)|releas|revert|publish|promote|provision|migrat|apply|canary|"
    r"production|hotfix|(?:prod|ship|cd)(?![a-z]))",
    re.IGNORECASE,
)
#: Words of runs that only look.
_LOOKS = re.compile(r"(?<![a-z])(?:lint|plan|preview|dry[-_ ]?run)(?![a-z])", re.IGNORECASE)
#: Parts of the name of a job that say what it does, and not to which service.
_GENERAL = re.compile(
    r"(?:auto|re)?(?:deploy\w*|deployment|release\w*|publish\w*|promot\w*|roll|rollout|rollback|out|back|provision\w*|ship|"
    r"migrat\w*|terraform|apply|helm|canary|production|prod|staging|stage|hotfix|ci|cd|build|and|to|of|the|pipeline|workflow|"
    r"job|main|master|test|app|service|yml|yaml|github|workflows)",
    re.IGNORECASE,
)
NOTHING = (
    "none of the runs says by its name that it deploys, so none is taken for a change: give those that do as a list of "
    "objects with id, time, kind and service"
)


def deploys(*names: str) -> bool:
    """Whether one of the names of a run says that it changes what runs.

    Examples
    --------
    >>> deploys("Deploy cart"), deploys("ci", ".github/workflows/release.yml"), deploys("lint and test")
    (True, True, False)
    >>> deploys("Build and deploy"), deploys("product tests"), deploys("terraform plan for production")
    (True, False, False)
    """
    heads = [name[:300] for name in names]
    return any(_DEPLOYS.search(head) and not _LOOKS.search(head) for head in heads)


def service_in(name: str) -> str:
    """What is left of the name of a job without the words that say what it does.

    Examples
    --------
    >>> service_in("deploy-checkout-prod"), service_in("Release"), service_in("shop/deploy/cart")
    ('checkout', '', 'cart')
    """
    for part in reversed(name[:300].split("/")):
        words = [word for word in re.split(r"[^\w.]+|_", part) if word]
        if found := "-".join(word for word in words if not _GENERAL.fullmatch(word.strip("."))).strip("-."):
            return found
    return ""


def kind_of_run(*names: str) -> str:
    """The kind that names of a run speak of; a deploy if they speak of none."""
    kinds = [kind for name in names if (kind := kind_in(name)) != "other"]
    return "rollback" if "rollback" in kinds else (kinds or ["deploy"])[0]


class Run(NamedTuple):
    """A run as a row, its name, whether it deploys by its name, and why it did nothing; empty where it may have."""

    row: dict[str, Any]
    name: str
    by_name: bool
    idle: str


def told_of_runs(rows: Sequence[Run]) -> Told:
    """The rows of the runs that are changes, and notes on the others."""
    deploying = [run for run in rows if run.by_name and not run.idle]
    kept = [run.row | filled(environment=environment_named(run.name, loose=True)) for run in deploying]
    tests = [run.name or "without a name" for run in rows if not run.by_name]
    idle = [run.idle for run in rows if run.by_name and run.idle]
    notes = (*left_out(tests, "run", "not deploying by name"), *left_out(idle, "run", "having done nothing"))
    return Told(numbered(kept), (*notes, NOTHING) if rows and len(tests) == len(rows) else notes)
