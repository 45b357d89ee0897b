"""Rank the candidates: a prior plus the weights of all checks, turned into probabilities that sum to 1."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from triage.changes import Change
from triage.display import escaped, table
from triage.hypotheses.candidates import Candidate, find_candidates
from triage.hypotheses.checks import CHECKS, Check
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.next_checks import next_checks
from triage.hypotheses.placebo import chance_rates
from triage.hypotheses.signs import Sign
from triage.hypotheses.suggestions import family_shares, find_suggestions
from triage.hypotheses.weights import Weights, known_weights

#: The check that stands on nothing but the absence of a sure onset.
NO_ONSET = "no_onset"
#: A share that somebody set to nothing.
LEAST = 1e-12


@dataclass(frozen=True)
class Hypothesis:
    """One candidate with its odds.

    Attributes
    ----------
    rank : int
        1 is the likeliest.
    kind : str
        ``change``, ``unrecorded``, or one that the logs suggest: ``dependency``, ``resource``, ``host``, ``load``,
        ``expiry``, ``data``, each a special case of ``unrecorded``.
    probability : float
        All hypotheses together sum to 1.
    prior : float
        The probability before any evidence.
    evidence : tuple of Evidence
        Every term of the sum, the heaviest first.
    chance : float or None
        How often some change would score as high, had the trouble begun at any other time (see `placebo`); None where
        that cannot be asked: for `unrecorded`, and without an onset.
    """

    rank: int
    id: str
    kind: str
    claim: str
    probability: float
    prior: float
    evidence: tuple[Evidence, ...]
    next_checks: tuple[str, ...]
    change: Change | None = None
    sign: Sign | None = None
    chance: float | None = None

    @property
    def change_id(self) -> str | None:
        """The change's id, for kind ``change``."""
        return self.change.id if self.change else None

    @property
    def service(self) -> str | None:
        """The service concerned; none for kind ``unrecorded``."""
        about = self.change or self.sign
        return about.service if about else None

    @property
    def evidence_for(self) -> tuple[Evidence, ...]:
        """What speaks for it."""
        return tuple(e for e in self.evidence if e.weight > 0)

    @property
    def evidence_against(self) -> tuple[Evidence, ...]:
        """What speaks against it, or for nothing."""
        return tuple(e for e in self.evidence if e.weight <= 0)

    def _repr_html_(self) -> str:
        rows = [("for" if e.weight > 0 else "against", f"{e.weight:+.2f}", e.statement) for e in self.evidence]
        steps = "".join(f"<li>{escaped(step)}</li>" for step in self.next_checks)
        chance = "" if self.chance is None else f" (as good by chance in {self.chance:.0%} of cases)"
        shown = table(["", "weight (nats)", "evidence"], rows, f"{self.probability:.0%} {self.claim}{chance}")
        return f"{shown}<p>Next checks</p><ol>{steps}</ol>"


def rank_hypotheses(
    facts: Facts, checks: Sequence[Check] = CHECKS, weights: Weights | None = None
) -> tuple[Hypothesis, ...]:
    """All hypotheses, the likeliest first.

    Parameters
    ----------
    facts : Facts
        What is known.
    checks : sequence of Check
        Each gives evidence for a candidate or None; the weights add up (naive Bayes: checks are taken as
        independent given the hypothesis).
    weights : Weights, optional
        What part of each check's evidence counts, and the prior; those of `weights.toml` if not given.
    """
    used = weights or known_weights()
    recorded, suggestions = find_candidates(facts), find_suggestions(facts)
    candidates = (*recorded, *suggestions)
    priors = _priors(recorded, used.unrecorded)
    found = [_evidence(c, facts, checks, used) for c in candidates]
    scores = [math.log(max(p, LEAST)) + sum(e.weight for e in each) for p, each in zip(priors, found, strict=False)]
    shares = _softmax(scores)
    if suggestions:
        _make_room(priors, shares, [found[0], *found[len(recorded) :]], used)
    chances = _chances(candidates, found, facts, used, [check.__name__ for check in checks])
    order = sorted(
        range(len(candidates)),
        key=lambda i: (-shares[i], candidates[i].kind != "unrecorded", candidates[i].id),
    )
    return tuple(
        _hypothesis(rank, candidates[i], shares[i], priors[i], found[i], chances[i], facts)
        for rank, i in enumerate(order, 1)
    )


def _evidence(candidate: Candidate, facts: Facts, checks: Sequence[Check], weights: Weights) -> tuple[Evidence, ...]:
    """What the checks find, as much of it as counts; of what stands on an onset that is not sure, a part."""
    found = tuple(weights.counted(e) for check in checks if (e := check(candidate, facts)) is not None)
    if facts.sure_onset:
        return found
    return tuple(e if e.check == NO_ONSET else weights.doubted(e) for e in found)


def _chances(
    candidates: Sequence[Candidate],
    evidence: Sequence[Sequence[Evidence]],
    facts: Facts,
    weights: Weights,
    asked: Sequence[str],
) -> list[float | None]:
    """The chance rate of each candidate that is a change."""
    rates: list[float | None] = [None] * len(candidates)
    places = [place for place, candidate in enumerate(candidates) if candidate.change]
    changes = [change for candidate in candidates if (change := candidate.change)]
    if facts.sure_onset:
        found = chance_rates(changes, [evidence[place] for place in places], facts, weights, asked)
        for place, rate in zip(places, found, strict=True):
            rates[place] = rate
    return rates


def _priors(candidates: Sequence[Candidate], unrecorded: float) -> list[float]:
    """`unrecorded` has its share; the changes have the rest in equal parts."""
    changes = len(candidates) - 1
    if not changes:
        return [1.0]
    return [unrecorded if c.kind == "unrecorded" else (1 - unrecorded) / changes for c in candidates]


def _make_room(
    priors: list[float], chances: list[float], found: Sequence[Sequence[Evidence]], weights: Weights
) -> None:
    """Let suggestions have a part of what `unrecorded`, the first candidate, has; no change has less for it.

    Parameters
    ----------
    priors, chances : list of float
        Of `unrecorded` and the changes; those of the suggestions are put behind.
    found : sequence of sequences of Evidence
        For `unrecorded`, and for each suggestion.
    """
    suggestions = len(found) - 1
    parts = [1 - weights.suggested, *[weights.suggested / suggestions] * suggestions]
    scores = [math.log(max(part, LEAST)) + sum(e.weight for e in each) for part, each in zip(parts, found, strict=True)]
    chances[0], *more = family_shares(chances[0], chances[1:], scores, weights.suggested_most)
    chances += more
    priors[0], *others = (priors[0] * part for part in parts)
    priors += others


def _softmax(scores: Sequence[float]) -> list[float]:
    top = max(scores)
    parts = [math.exp(score - top) for score in scores]
    total = sum(parts)
    return [part / total for part in parts]


def _hypothesis(
    rank: int,
    candidate: Candidate,
    share: float,
    prior: float,
    evidence: tuple[Evidence, ...],
    chance: float | None,
    facts: Facts,
) -> Hypothesis:
    ordered = tuple(sorted(evidence, key=lambda e: (-abs(e.weight), e.check)))
    todo = next_checks(candidate, facts)
    return Hypothesis(
        rank,
        candidate.id,
        candidate.kind,
        candidate.claim,
        share,
        prior,
        ordered,
        todo,
        candidate.change,
        candidate.sign,
        chance,
    )
