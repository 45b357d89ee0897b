"""Fisher's exact test for many tables at once, and how large a difference between two shares is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]

#: Terms of a tail below this part of its sum do not matter.
NEGLIGIBLE = 1e-14
#: Normal deviate of intervals with a coverage of 90 %.
DEVIATE = 1.6448536269514722


def log_tail(with_value: Floats, drawn: Floats, with_all: Floats, size: Floats) -> Floats:
    """Log of the chance to draw so many with a value, or more, if who is drawn does not depend on it.

    The upper tail of the hypergeometric distribution, so Fisher's exact test of one side (R. A. Fisher, The Logic of
    Inductive Inference, 1935).

    Parameters
    ----------
    with_value, drawn : ndarray
        Of those drawn, how many have the value, and how many they are.
    with_all, size : ndarray
        The same of all.

    Examples
    --------
    >>> np.exp(log_tail(*(np.array([float(x)]) for x in (3, 3, 4, 8)))).round(4)  # 4 of 56 ways
    array([0.0714])
    """
    most = np.minimum(drawn, with_all)
    term = _choose(with_all, with_value) + _choose(size - with_all, drawn - with_value) - _choose(size, drawn)
    sums, part, at = np.ones_like(term), np.ones_like(term), with_value.astype(np.float64)
    # What is at or below what is to be expected is no finding: its tail is not summed, and called certain.
    going = with_value * size > drawn * with_all
    certain = ~going
    while going.any():
        above = (with_all - at) * (drawn - at)
        part = np.where(going, part * above / ((at + 1) * np.maximum(size - with_all - drawn + at + 1, 1e-300)), 0.0)
        sums, at = sums + part, at + 1
        going &= (at < most) & (part > NEGLIGIBLE * sums)
    found: Floats = np.where(certain, 0.0, np.minimum(term + np.log(sums), 0.0))
    return found


def _choose(n: Floats, k: Floats) -> Floats:
    """Log of the number of ways to choose k of n."""
    found: Floats = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    return found


def lifts(share: Floats, size: Floats, other: Floats, other_size: Floats) -> tuple[Floats, Floats, Floats]:
    """Ratios of two shares with bounds of 90 %.

    Half a case is added to each, so that none is infinite (Katz et al., Biometrics 34, 1978).

    Parameters
    ----------
    share, other : ndarray
        Shares from 0 to 1.
    size, other_size : ndarray
        Of how many independent cases each is.
    """
    a, b = share * size + 0.5, other * other_size + 0.5
    n, m = size + 0.5, other_size + 0.5
    ratio: Floats = (a / n) / (b / m)
    reach = DEVIATE * np.sqrt(np.maximum(1 / a - 1 / n + 1 / b - 1 / m, 0.0))
    return ratio, ratio * np.exp(-reach), ratio * np.exp(reach)
