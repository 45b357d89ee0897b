"""Fit the table of weights to simulated incidents.

    python -m benchmarks.simulate --part fit --count 900 --terms terms.parquet
    python -m benchmarks.fit terms.parquet

A conditional logit: of the candidates of an incident, one is the truth, with the probability that ranking gives it. For
each check what counts of its evidence for and against, and the prior of `unrecorded`, are chosen so that the truths
are likeliest, less a penalty on departing from 1 (from `--prior` for the prior): what is seen seldom stays as reason
has it. What the absence of an onset says is fitted last, to the incidents without one, and moves nothing else.

Prints how well the odds do before and after, by cross-validation over incidents, and the numbers for
`triage/hypotheses/weights.toml`. Incidents of the part `test` are refused: that part is for measuring.
"""

from __future__ import annotations

import argparse
import math
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import minimize

from benchmarks.labelled.checks import CHECK, check_columns
from triage.hypotheses.weights import CERTAIN, known_weights

Floats = npt.NDArray[np.float64]
#: What counts of a check is between these: below, one could no longer see in the terms what it said; none counts twice.
LOWEST, HIGHEST = 0.05, 2.0
FOLDS = 5


@dataclass(frozen=True)
class Cases:
    """The candidates of many incidents.

    Attributes
    ----------
    names : list of str
        Of the columns of `terms`: a check and a side.
    terms : ndarray
        A row a candidate: what each check said in full, for and against.
    fixed : ndarray
        What no weight changes: the equal parts of changes, and what is impossible.
    unrecorded, right : ndarray of bool
    incident : ndarray of int
        The number of each candidate's incident.
    """

    names: list[str]
    terms: Floats
    fixed: Floats
    unrecorded: npt.NDArray[np.bool_]
    right: npt.NDArray[np.bool_]
    incident: npt.NDArray[np.int64]

    def of(self, chosen: npt.NDArray[np.bool_]) -> Cases:
        """Those of some incidents, numbered anew."""
        _, number = np.unique(self.incident[chosen], return_inverse=True)
        return Cases(
            self.names, self.terms[chosen], self.fixed[chosen], self.unrecorded[chosen], self.right[chosen], number
        )


def read(path: Path) -> Cases:
    """Cases from a file that `benchmarks.simulate --terms` wrote.

    Raises
    ------
    ValueError
        For incidents that are not for fitting, or that were ranked with other weights than the present.
    """
    frame = pl.read_parquet(path)
    if not frame["name"].str.starts_with("fit-").all():
        raise ValueError(f"{path} holds incidents of another part than `fit`, and nothing is fitted to those")
    if (frame["weights"] != known_weights().mark).any():
        raise ValueError(f"{path} was ranked with another table of weights: run benchmarks.simulate again")
    changes = (pl.len() - 1).over("name").cast(pl.Float64)
    frame = frame.with_columns(changes.alias("changes"), (pl.col("kind") == "unrecorded").alias("none"))
    present = known_weights().factors
    names, columns, fixed = [], [], np.where(frame["none"], 0.0, -np.log(np.maximum(frame["changes"].to_numpy(), 1)))
    for column in check_columns(frame):
        check = column.removeprefix(CHECK)
        said = frame[column].cast(pl.Float64).fill_null(0.0).to_numpy()
        certain = np.abs(said) >= CERTAIN
        fixed += np.where(certain, said, 0.0)
        said = np.where(certain, 0.0, said)
        for side, part in (("for", np.maximum(said, 0)), ("against", np.minimum(said, 0))):
            factor = present[check].pro if side == "for" else present[check].con
            if part.any():
                names.append(f"{check} {side}")
                columns.append(part / factor)
    _, incident = np.unique(frame["name"].to_numpy(), return_inverse=True)
    flags = frame["none"].to_numpy(), frame["right"].to_numpy()
    return Cases(names, np.column_stack(columns), fixed, flags[0], flags[1], incident)


def chances(cases: Cases, values: Floats) -> Floats:
    """The probability of each candidate; `values` are the logit of the prior and a factor for each column."""
    scores = cases.terms @ values[1:] + cases.fixed + np.where(cases.unrecorded, values[0], 0.0)
    top = np.full(cases.incident.max() + 1, -np.inf)
    np.maximum.at(top, cases.incident, scores)
    parts = np.exp(scores - top[cases.incident])
    found: Floats = parts / np.bincount(cases.incident, parts)[cases.incident]
    return found


def fit(cases: Cases, start: Floats, penalty: float) -> Floats:
    """The values with the least log loss and penalty: first where there is an onset, then what its absence says."""
    absence = np.array([name.startswith("no_onset") for name in cases.names])
    without = cases.terms[:, absence].any(axis=1)
    silent = np.isin(cases.incident, cases.incident[without])
    found = _fit(cases.of(~silent), start, penalty, np.concatenate([[True], ~absence]))
    return _fit(cases.of(silent), found, penalty, np.concatenate([[False], absence])) if silent.any() else found


def _fit(cases: Cases, start: Floats, penalty: float, free: npt.NDArray[np.bool_]) -> Floats:
    """The free values with the least log loss and penalty; the others stay."""

    def loss(values: Floats) -> tuple[float, Floats]:
        chance = chances(cases, values)
        away = values - start
        off = chance - cases.right
        slope = np.concatenate([[off[cases.unrecorded].sum()], cases.terms.T @ off]) + penalty * away
        total = -np.log(np.maximum(chance[cases.right], 1e-12)).sum() + penalty / 2 * (away**2).sum()
        return float(total), slope

    limits = [(-4.0, 4.0), *[(LOWEST, HIGHEST)] * (len(start) - 1)]
    bounds = [limit if may else (value, value) for limit, may, value in zip(limits, free, start, strict=True)]
    found: Floats = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return found


def figures(cases: Cases, chance: Floats) -> Floats:
    """Log loss, Brier score of the truth, and share of incidents whose truth leads; means over incidents."""
    true = chance[cases.right]
    best = np.zeros(cases.incident.max() + 1)
    np.maximum.at(best, cases.incident, chance)
    leads = true >= best[cases.incident[cases.right]]
    return np.array([-np.log(np.maximum(true, 1e-12)).mean(), ((1 - true) ** 2).mean(), leads.mean()])


def by_fold(cases: Cases, start: Floats, penalty: float) -> Floats:
    """Figures of the fitted values on incidents that took no part in the fitting."""
    fold = cases.incident % FOLDS
    chance = np.empty(len(fold))
    for number in range(FOLDS):
        kept, left = cases.of(fold != number), cases.of(fold == number)
        chance[fold == number] = chances(left, fit(kept, start, penalty))
    return figures(cases, chance)


def main() -> int:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("terms", type=Path, metavar="FILE.parquet", help="what `benchmarks.simulate --terms` wrote")
    parser.add_argument("--penalty", type=float, default=20.0, help="on departing from reason (default: %(default)s)")
    parser.add_argument("--prior", type=float, default=0.3, help="of unrecorded, by reason (default: %(default)s)")
    options = parser.parse_args()
    try:
        cases = read(options.terms)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    reasoned = np.concatenate([[_logit(options.prior)], np.ones(len(cases.names))])
    weights = known_weights()
    sides = [(weights.factors[name.split()[0]], name.split()[1]) for name in cases.names]
    present = np.array([_logit(weights.unrecorded), *(f.pro if side == "for" else f.con for f, side in sides)])
    fitted = fit(cases, reasoned, options.penalty)
    rows = {
        "reasoned": figures(cases, chances(cases, reasoned)),
        "present table": figures(cases, chances(cases, present)),
        "fitted, on others": by_fold(cases, reasoned, options.penalty),
    }
    print(f"{cases.incident.max() + 1} incidents; log loss, Brier, truth leads")
    for name, row in rows.items():
        print(f"{name:20}" + "  ".join(f"{value:.3f}" for value in row))
    print(f"\n[prior]\nunrecorded = {1 / (1 + math.exp(-fitted[0])):.2f}\n")
    spoke = (cases.terms != 0).sum(axis=0)
    for name, value, old, times in zip(cases.names, fitted[1:], present[1:], spoke, strict=True):
        check, side = name.split()
        print(f"{check:20}{side:9}{value:.2f}   (now {old:.2f}; spoke {times} times)")
    return 0


def _logit(share: float) -> float:
    return math.log(share / (1 - share))


if __name__ == "__main__":
    sys.exit(main())
