"""Checks of the user's own, asked beside the registered ones."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from triage.errors import UsageError
from triage.escape import one_line
from triage.hypotheses.candidates import Candidate
from triage.hypotheses.checks import CHECKS, Check
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.weights import CERTAIN

#: Own checks by name, in the order in which they are asked.
OwnChecks = Mapping[str, Check]
#: How a note begins on checks that an incident was saved with, and that are not there.
MISSING = "saved with checks of somebody's own"


def check_own_checks(given: object) -> OwnChecks:
    """Own checks as they were given, known to have names of their own and to be callable.

    Raises
    ------
    UsageError
        If they are no mapping from names to callables, or have the name of a registered check.

    Examples
    --------
    >>> check_own_checks({"timing": print})
    Traceback (most recent call last):
    ...
    triage.errors.UsageError: checks: 'timing' is the name of a built-in check: give it another, such as 'own_timing'
    """
    if not isinstance(given, Mapping):
        raise UsageError(f"checks: got {type(given).__name__}, wanted a mapping from names to callables")
    built_in = {check.__name__ for check in CHECKS}
    for name, check in given.items():
        if not isinstance(name, str) or not name.isidentifier():
            raise UsageError(f"checks: got the name {name!r:.40}, wanted letters, digits and _; try 'touches_pool'")
        if name in built_in:
            raise UsageError(f"checks: {name!r} is the name of a built-in check: give it another, such as 'own_{name}'")
        if not callable(check):
            wanted = "a callable of a candidate and the facts"
            raise UsageError(f"checks: {name[:40]!r} is {type(check).__name__}, wanted {wanted}")
    return dict(given)


def with_own(checks: OwnChecks) -> tuple[Check, ...]:
    """The registered checks, and behind them own ones, each watched over."""
    return (*CHECKS, *(_watched(name, check) for name, check in checks.items()))


def _watched(name: str, check: Check) -> Check:
    """The check; what it says bears its name, and what goes wrong in it is told by its name."""

    def asked(candidate: Candidate, facts: Facts) -> Evidence | None:
        about = f"checks: {name!r}, asked of {candidate.id[:60]!r}"
        try:
            found: object = check(candidate, facts)
        except Exception as error:
            what = one_line(f"{type(error).__name__}: {error}", 200)
            raise UsageError(f"{about}, failed with {what}: mend it, or leave it out") from error
        return None if found is None else _checked(found, name, about)

    asked.__name__ = name
    return asked


def _checked(found: object, name: str, about: str) -> Evidence:
    if not isinstance(found, Evidence):
        wanted = "triage.Evidence, or None where it has nothing to say"
        raise UsageError(f"{about}, gave {type(found).__name__}, wanted {wanted}")
    weight: object = found.weight
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not math.isfinite(weight):
        raise UsageError(f"{about}, gave the weight {weight!r:.40}, wanted a number of nats, such as 1.0")
    if abs(weight) > CERTAIN:
        raise UsageError(
            f"{about}, gave the weight {weight:g}, wanted at most {CERTAIN:g} either way, which is certain"
        )
    return replace(found, check=name, weight=float(weight))
