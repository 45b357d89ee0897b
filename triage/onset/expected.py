"""The rate to be expected at a time from the same time of other periods of a cycle.

The period in question is left out, so what happens in it once does not count as usual. Each other period counts by
its lines up to a point: one in which far more came than in the others has no more than one vote.
"""

from __future__ import annotations

import numpy as np

from triage.onset.bins import Floats

#: Lines that do not follow the rhythm, beside those that were seen, and the least part of all that they make up: lines
#: are never impossible.
STRAYS, FLOOR = 2.0, 1e-3
#: Lines, in those of a usual period, that are added to all when levels of periods are compared.
STEADY = 0.1
_TINY = 1e-12


def expected_rates(lines: Floats, seen: Floats, width: int, time: Floats) -> Floats:
    """Rates in proportion to what to expect, 1 on average over the window.

    Parameters
    ----------
    lines : ndarray, shape (units, periods, phases)
        Lines in cells.
    seen : ndarray, shape (units or 1, periods, phases)
        Time of each cell that counts: less where lines are not to be learnt from.
    width : int
        Phases that are taken together, an odd number.
    time : ndarray, shape (periods, phases)
        Time of each cell.

    Returns
    -------
    ndarray, shape (units, periods, phases)

    Examples
    --------
    Three periods of two phases; the burst of the second period is expected in the others, and not in itself.

    >>> lines = np.array([[[1.0, 4.0], [9.0, 4.0], [1.0, 4.0]]])
    >>> expected_rates(lines, np.ones((1, 3, 2)), 1, np.ones((3, 2)))[0].round(2).tolist()
    [[1.03, 1.0], [0.44, 1.5], [1.03, 1.0]]
    """
    usual = lines.sum(axis=1) / np.maximum(seen.sum(axis=1), _TINY)
    due = (seen * usual[:, None, :]).sum(axis=2)
    came = lines.sum(axis=2)
    steady = STEADY * came.mean(axis=1, keepdims=True) + _TINY
    level = (came + steady) / (due + steady)
    vote = (1 / (level + 1))[:, :, None]
    came, due = _others(vote * lines, width), _others(vote * level[:, :, None] * seen, width)
    overall = came.sum(axis=(1, 2), keepdims=True) / np.maximum(due.sum(axis=(1, 2), keepdims=True), _TINY)
    rate = np.where(due > _TINY, came / np.maximum(due, _TINY), overall)
    total: Floats = np.einsum("upf,pf->u", rate, time) / time.sum()
    floor = np.maximum(STRAYS / (lines.sum(axis=(1, 2)) + STRAYS), FLOOR)[:, None, None]
    found: Floats = (1 - floor) * rate / np.maximum(total, _TINY)[:, None, None] + floor
    return found


def _others(values: Floats, width: int) -> Floats:
    """Sum over the other periods, of neighbouring phases."""
    smooth = smoothed(values, width)
    found: Floats = np.maximum(smooth.sum(axis=1, keepdims=True) - smooth, 0.0)
    return found


def smoothed(values: Floats, width: int) -> Floats:
    """Mean over `width` neighbouring phases, the last of which is followed by the first.

    Examples
    --------
    >>> smoothed(np.array([[0.0, 0.0, 3.0, 0.0]]), 3).tolist()
    [[0.0, 1.0, 1.0, 1.0]]
    """
    if width == 1:
        return values
    half = width // 2
    around = np.concatenate([values[..., -half:], values, values[..., :half]], axis=-1)
    sums = np.zeros((*around.shape[:-1], around.shape[-1] + 1))
    np.cumsum(around, axis=-1, out=sums[..., 1:])
    found: Floats = (sums[..., width:] - sums[..., :-width]) / width
    return found


def gains(lines: Floats, rates: Floats, time: Floats, parts: int) -> tuple[Floats, Floats]:
    """How much better the lines of each part of each period fit the rates than a constant one, in nats.

    Parameters
    ----------
    lines, rates : ndarray, shape (units, periods, phases)
        Lines in cells, and `expected_rates`.
    time : ndarray, shape (periods, phases)
    parts : int
        Parts that a period is cut into.

    Returns
    -------
    tuple of ndarray, shape (units, periods * parts)
        The gains, and the lines.
    """
    usual = lines.sum(axis=(1, 2), keepdims=True) / time.sum()
    gain = lines * np.log(rates) - usual * (rates - 1) * time
    shape = len(lines), rates.shape[1] * parts, -1
    return gain.reshape(shape).sum(axis=2), lines.reshape(shape).sum(axis=2)
