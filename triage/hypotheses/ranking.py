"""Rank the candidates: a prior plus the weights of all checks, turned into probabilities that sum to 1."""

from __future__ import annotations

import math
from collections.abc import Sequence

from triage.hypotheses.candidates import Candidate, find_candidates
from triage.hypotheses.checks import CHECKS, Check
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.hypothesis import Hypotheses, Hypothesis
from triage.hypotheses.next_checks import next_checks
from triage.hypotheses.placebo import chance_rates
from triage.hypotheses.suggestions import family_shares, find_suggestions
from triage.hypotheses.weights import Weights, known_weights

#: The check that stands on nothing but the absence of a sure onset.
NO_ONSET = "no_onset"
#: A share that somebody set to nothing.
LEAST = 1e-12


def rank_hypotheses(facts: Facts, checks: Sequence[Check] = CHECKS, weights: Weights | None = None) -> Hypotheses:
    """All hypotheses, the likeliest first, as a tuple.

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
    return Hypotheses(
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
