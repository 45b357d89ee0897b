"""The table of weights: every check has a row, what counts is shown, and it can be fitted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks.fit import chances, figures, fit, read
from triage.hypotheses import Evidence
from triage.hypotheses.checks import CHECKS
from triage.hypotheses.weights import Factor, Weights, known_weights


def test_every_check_has_its_row_in_the_table() -> None:
    weights = known_weights()
    assert set(weights.factors) == {check.__name__ for check in CHECKS}
    assert 0 < weights.unrecorded < 1
    assert all(0 < part <= 2 for factor in weights.factors.values() for part in (factor.pro, factor.con))


def test_a_part_of_the_evidence_counts_and_what_is_certain_counts_in_full() -> None:
    weights = Weights(0.3, {"named": Factor(0.5, 2.0)})
    said = [2.0, -1.0, 9.0, -8.0]
    assert [weights.counted(Evidence("named", "", each)).weight for each in said] == [1.0, -2.0, 9.0, -8.0]
    assert weights.counted(Evidence("another", "", 1.5)).weight == 1.5


def test_other_weights_have_another_mark() -> None:
    assert Weights(0.3, {"named": Factor()}).mark != Weights(0.3, {"named": Factor(0.9)}).mark


def _terms(path: Path, incidents: int, name: str = "fit") -> Path:
    """`named` tells the truth, `timing` is noise; in one of four incidents it is none of two changes."""
    rng, rows = np.random.default_rng(7), []
    for number in range(incidents):
        truth = int(rng.choice([0, 1, 2], p=[0.25, 0.375, 0.375]))
        for place in range(3):
            rows.append(
                {
                    "name": f"{name}-1-{number:05d}", "kind": "change" if place else "unrecorded",
                    "right": place == truth, "weights": known_weights().mark,
                    "check:named": float(rng.normal(1 if place == truth else -0.5)) if place else None,
                    "check:timing": float(rng.normal(0, 1.5)) if place else None,
                }
            )  # fmt: skip
    pl.DataFrame(rows).write_parquet(path)
    return path


def test_fitting_finds_which_check_tells_the_truth(tmp_path: Path) -> None:
    cases = read(_terms(tmp_path / "terms.parquet", 300))
    assert cases.names == ["named for", "named against", "timing for", "timing against"]
    start = np.array([0.0, 1.0, 1.0, 1.0, 1.0])
    found = fit(cases, start, penalty=1.0)
    assert found[1:3].min() > 0.8
    assert found[3:].max() < 0.4
    before, after = figures(cases, chances(cases, start)), figures(cases, chances(cases, found))
    assert after[0] < before[0] and after[2] > before[2]


def test_a_great_penalty_leaves_everything_as_it_is(tmp_path: Path) -> None:
    cases = read(_terms(tmp_path / "terms.parquet", 30))
    start = np.array([0.0, 1.0, 1.0, 1.0, 1.0])
    assert fit(cases, start, penalty=1e7) == pytest.approx(start, abs=1e-3)


def test_nothing_is_fitted_to_the_part_for_measuring(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="another part than `fit`"):
        read(_terms(tmp_path / "terms.parquet", 3, "test"))


def test_terms_of_other_weights_are_refused(tmp_path: Path) -> None:
    path = _terms(tmp_path / "terms.parquet", 3)
    pl.read_parquet(path).with_columns(pl.lit(1, pl.Int64).alias("weights")).write_parquet(path)
    with pytest.raises(ValueError, match="another table of weights"):
        read(path)
