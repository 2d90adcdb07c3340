"""Chances of rare yes-or-no outcomes: ridge logistic regression by Newton's method, and its score on later years.

The columns are standardised with the training rows; the penalty on their coefficients is that of a standard normal
prior, which leaves hundreds of outcomes as they are and keeps a column that separates them finite (le Cessie & van
Houwelingen 1992).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Steps at most, halvings of a step at most, and the change of a coefficient at which steps end.
_STEPS, _HALVINGS, _ENOUGH = 50, 40, 1e-6


def logistic(columns: Floats, outcome: Floats, *, penalty: float = 1.0, start: Floats | None = None) -> Floats:
    """Coefficients, the intercept first; shape (columns + 1,).

    Parameters
    ----------
    columns : array, shape (rows, columns)
    outcome : array, shape (rows,)
        0 or 1.
    penalty : float, default 1
        On half the squared coefficients; none on the intercept.
    start : array, shape (columns + 1,), optional
        Where to begin.
    """
    design = np.column_stack([np.ones(len(columns)), columns])
    ridge = np.full(design.shape[1], penalty)
    ridge[0] = 0.0
    rate = np.clip(outcome.mean(), 1e-12, 1 - 1e-12)
    found = np.zeros(design.shape[1]) if start is None else start.copy()
    if start is None:
        found[0] = np.log(rate / (1 - rate))
    loss = _loss(design, outcome, ridge, found)
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(design @ found, -35, 35)))
        slope = design.T @ (outcome - chance) - ridge * found
        curve = (design * (chance * (1 - chance))[:, None]).T @ design + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        for _ in range(_HALVINGS):  # Newton's step overshoots where outcomes are rare and a column nearly tells them
            after = _loss(design, outcome, ridge, found + step)
            if after <= loss:
                break
            step /= 2
        found, loss = found + step, after
        if np.abs(step).max() < _ENOUGH:
            break
    return found


def _loss(design: Floats, outcome: Floats, ridge: Floats, coefficients: Floats) -> float:
    """Minus the log likelihood, and the penalty."""
    odds = design @ coefficients
    return float(np.logaddexp(0.0, odds).sum() - outcome @ odds + (ridge * coefficients**2).sum() / 2)


def held_out(columns: Floats, outcome: Floats, year: NDArray[np.int_], first: int, *, block: int = 5) -> Floats:
    """Log score of each row, its chance estimated from all years before its block; NaN for rows before `first`.

    Parameters
    ----------
    columns : array, shape (rows, columns)
    outcome : array, shape (rows,)
        0 or 1.
    year : array of int, shape (rows,)
    first : int
        First year of the first block.
    block : int, default 5
        Years of a block.
    """
    found = np.full(len(outcome), np.nan)
    order = np.argsort(year, kind="stable")
    columns, outcome, year = columns[order], outcome[order], year[order]
    scores = np.full(len(outcome), np.nan)
    fitted: Floats | None = None
    for begin in range(first, int(year.max(initial=first)) + 1, block):
        low, high = np.searchsorted(year, [begin, begin + block])
        if low in (0, high):
            continue
        center, scale = columns[:low].mean(axis=0), columns[:low].std(axis=0)
        scale = np.where(scale > 0, scale, 1.0)
        fitted = logistic((columns[:low] - center) / scale, outcome[:low], start=fitted)
        odds = fitted[0] + (columns[low:high] - center) / scale @ fitted[1:]
        scores[low:high] = -np.logaddexp(0.0, np.where(outcome[low:high] > 0, -odds, odds))
    found[order] = scores
    return found


def by_blocks(values: Floats, counts: Floats, rng: np.random.Generator, *, block: int = 5, draws: int = 1000) -> Floats:
    """Means of yearly sums over yearly counts in `draws` bootstraps over runs of years; shape (draws,).

    Parameters
    ----------
    values, counts : array, shape (years,)
        Sum of a figure in each year, and how many rows it is of.
    block : int, default 5
        Years of a run (moving blocks, round the end; Politis & Romano 1992).
    """
    size = values.size
    runs = -(-size // block)
    starts = rng.integers(0, size, (draws, runs))
    chosen = ((starts[:, :, None] + np.arange(block)) % size).reshape(draws, -1)[:, :size]
    means: Floats = values[chosen].sum(axis=1) / counts[chosen].sum(axis=1)
    return means
