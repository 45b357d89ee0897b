"""Few things are compared as scikit-learn compares many."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.patterns import likeness
from triage.patterns.likeness import Matrix, groups_of_alike, words_alike

TEXTS = st.lists(
    st.lists(st.sampled_from(["pool", "Pool", "card", "503", "600", "x", "<NUM>", "é"]), max_size=6).map(" ".join),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60)
@given(TEXTS)
def test_words_count_as_scikit_learn_counts_them(texts: list[str]) -> None:
    assert np.allclose(words_alike(texts), likeness._many_words(texts))


@settings(max_examples=60)
@given(st.integers(2, 12), st.integers(0, 1000))
def test_groups_are_those_of_scikit_learn(count: int, seed: int) -> None:
    drawn = np.random.default_rng(seed).random((count, count))
    alike: Matrix = (drawn + drawn.T) / 2
    np.fill_diagonal(alike, 1.0)
    few, many = groups_of_alike(alike, 0.5), [int(label) for label in likeness._many_groups(alike, 0.5)]
    assert [one == other for one in few for other in few] == [one == other for one in many for other in many]


def test_nothing_and_one() -> None:
    assert words_alike([]).shape == (0, 0)
    assert groups_of_alike(np.ones((1, 1)), 0.5) == [1]
    assert groups_of_alike(np.ones((0, 0)), 0.5) == []


def test_few_do_without_scikit_learn() -> None:
    code = "import sys, numpy as np; from triage.patterns.likeness import *; words_alike(['a b'] * 3)\n"
    code += "groups_of_alike(np.ones((3, 3)), 0.5); sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
