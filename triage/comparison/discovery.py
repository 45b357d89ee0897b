"""False discovery control over tests of several families, such as failing templates, all others, and parameters.

Each family has the same part of the false discoveries, however many tests it has: failing templates are few, are what
the engineer asks about, and would need far stronger evidence among thousands of others (weighted p-values: Genovese,
Roeder and Wasserman, Biometrika 93, 2006).
"""

from __future__ import annotations

import numpy as np

from triage.onset.bins import Floats, Integers
from triage.onset.significance import q_values


def family_q_values(p: Floats, family: Integers) -> Floats:
    """False discovery rates at which each test would just be reported.

    Parameters
    ----------
    p : ndarray
        P-values of all tests.
    family : ndarray of int
        The family of each.

    Examples
    --------
    >>> p = np.array([0.01, *[0.5] * 99])
    >>> family_q_values(p, np.array([0, *[1] * 99]))[0].round(3), family_q_values(p, np.zeros(100, dtype=int))[0]
    (np.float64(0.02), np.float64(0.5))
    """
    if not len(p):
        return p
    _, member, size = np.unique(family, return_inverse=True, return_counts=True)
    # Weights have a mean of 1 over all tests.
    weight = len(p) / (len(size) * size[member])
    return q_values(np.minimum(1.0, p / weight))
