r"""Triangles of a signed network by their negative ties, and how many of them are balanced.

A triangle is balanced in the strong sense if none or two of its ties are negative (Cartwright & Harary 1956, Psychological
Review 63: 277-293), in the weak sense unless exactly one is (Davis 1967, Human Relations 20: 181-187): enemies of an enemy need
not be friends. With P and N the matrices of positive and negative ties, the triangles with 0 to 3 negative ones are
:math:`\mathrm{tr} P^3 / 6`, :math:`\mathrm{tr} P^2 N / 2`, :math:`\mathrm{tr} P N^2 / 2` and :math:`\mathrm{tr} N^3 / 6`.
Weighted, a triangle counts by its intensity, the geometric mean of its three weights (Onnela, Saramäki, Kertész & Kaski 2005,
Physical Review E 71: 065103, doi:10.1103/PhysRevE.71.065103).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from multipolar.blocs.arrays.signed import Floats, network


class Triads(NamedTuple):
    """Triangles by number of negative ties.

    Parameters
    ----------
    counts : array, shape (..., 4)
        Triangles with 0, 1, 2 and 3 negative ties.
    intensity : array, shape (..., 4)
        Sums of their intensities, in the units of the weights.
    strong, weak : array, shape (...)
        Share of the triangles that is balanced, in the strong and in the weak sense; NaN without triangles.
    strong_weighted, weak_weighted : array, shape (...)
        The same by intensity.
    """

    counts: Floats
    intensity: Floats
    strong: Floats
    weak: Floats
    strong_weighted: Floats
    weak_weighted: Floats


def triads(weights: ArrayLike) -> Triads:
    """Triangles of one or many signed networks.

    Parameters
    ----------
    weights : array, shape (..., n, n)
        Signed weight of each tie, 0 for none; symmetric. Leading axes are networks of their own, such as draws.

    Returns
    -------
    Triads
    """
    net = network(weights)
    counts = np.round(_by_negatives((net > 0).astype(float), (net < 0).astype(float)))
    root = np.cbrt(net)
    intensity = _by_negatives(np.maximum(root, 0.0), np.maximum(-root, 0.0))
    strong, weak = [0, 2], [0, 2, 3]
    return Triads(
        counts,
        intensity,
        _share(counts, strong),
        _share(counts, weak),
        _share(intensity, strong),
        _share(intensity, weak),
    )


def unbalanced_at(weights: ArrayLike) -> Floats:
    """Number of unbalanced triangles (in the strong sense) that each tie is in.

    Parameters
    ----------
    weights : array, shape (..., n, n)

    Returns
    -------
    array, shape (..., n, n)
        0 where there is no tie.
    """
    signs = np.sign(network(weights))
    ties = np.abs(signs)
    return np.asarray(np.round((ties * (ties @ ties) - signs * (signs @ signs)) / 2))


def _by_negatives(positive: Floats, negative: Floats) -> Floats:
    """Sums over triangles of the product of their three entries."""
    plus, mixed, minus = positive @ positive, positive @ negative, negative @ negative
    sums = [(plus * positive) / 6, (plus * negative) / 2, (mixed * negative) / 2, (minus * negative) / 6]
    return np.stack([part.sum(axis=(-2, -1)) for part in sums], axis=-1)


def _share(amounts: Floats, balanced: list[int]) -> Floats:
    total = amounts.sum(axis=-1)
    with np.errstate(invalid="ignore"):
        return np.asarray(amounts[..., balanced].sum(axis=-1) / total)
