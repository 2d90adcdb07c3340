"""The force of third parties on a tie, its parts for all pairs at once, and the energy behind it.

With the tie ``a`` of any two states, ``p = max(a, 0)``, ``m = max(-a, 0)`` and weights ``w`` of third states::

    F_ij = beta (FF_ij - FE_ij + eta EE_ij)
    FF_ij = sum_k w_k p_ik p_jk                       friends in common
    FE_ij = sum_k w_k (p_ik m_jk + m_ik p_jk)         a friend of one is an enemy of the other
    EE_ij = sum_k w_k m_ik m_jk                       enemies in common

over third states ``k`` other than ``i`` and ``j``. Each is a product of matrices, ``P W P'`` and so on, as a tie of a
state with itself is zero here.

**Energy.** For ``eta = 1`` the three add up to ``sum_k w_k a_ik a_jk``: with equal weights the flow ``dA/dt = A A``
of Marvel, Kleinberg, Kleinberg & Strogatz (2011, PNAS 108: 1771-1776, doi:10.1073/pnas.1013213108) without its terms
``k = i`` and ``k = j``. It is the gradient of ``-E``, where ``E`` sums ``-a_ij a_jk a_ki`` over triads, with each
triad weighted by the product of its three ``w`` and the gradient taken per ``w_i w_j``. If one state is a camp that
every other belongs to (+1) or not (-1), its triads alone are the landscape of Axelrod & Bennett (1993, British
Journal of Political Science 23: 211-233, doi:10.1017/S000712340000973X).

For ``eta`` other than 1, ``E`` weights triads with two or three negative ties by ``eta``. Its gradient is the force
on every pair whose own tie is positive; on a negative one the two differ, as the force has ``FE`` at full strength
there and the gradient has ``eta FE``. No energy has the force as its gradient on all pairs then: its curl is not zero
(``tests/ties/test_third_energy.py``).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multipolar.errors import Refusal, UsageError

Real = NDArray[Any]

#: Fewer states than this leave no third.
FEWEST = 3


class Components(NamedTuple):
    """The parts of the force, each of shape (..., states, states), symmetric, with a zero diagonal.

    Attributes
    ----------
    ff : array
        Friends in common.
    fe : array
        A friend of one is an enemy of the other.
    ee : array
        Enemies in common.
    """

    ff: NDArray[np.float64]
    fe: NDArray[np.float64]
    ee: NDArray[np.float64]


def components(ties: ArrayLike, weights: ArrayLike | None = None) -> Components:
    """Friends in common, friend's enemies and enemies in common of all pairs.

    Parameters
    ----------
    ties : array_like, shape (..., states, states)
        Symmetric; what stands on the diagonal is not used. Zero is no tie.
    weights : array_like, shape (..., states), optional
        Of third states, not negative; one each by default.

    Raises
    ------
    Refusal
        If there are fewer than three states.
    UsageError
        If the shapes do not fit, ties are not symmetric, or a number is missing or a weight negative.
    """
    a, w = checked(ties, weights)
    p, m = np.maximum(a, 0.0), np.maximum(-a, 0.0)
    cross = _shared(p, m, w)
    return Components(_shared(p, p, w), cross + np.swapaxes(cross, -1, -2), _shared(m, m, w))


def force(
    ties: ArrayLike, weights: ArrayLike | None = None, *, beta: float = 0.0, eta: float = 0.0
) -> NDArray[np.float64]:
    """The force of third parties on every pair; shape (..., states, states). Off by default (`beta` = 0).

    Parameters
    ----------
    ties, weights
        As `components` takes them.
    beta : float, default 0
        Pull of third parties.
    eta : float, default 0
        Strength of "enemy of my enemy".
    """
    parts = components(ties, weights)
    return beta * (parts.ff - parts.fe + eta * parts.ee)


def energy(ties: ArrayLike, weights: ArrayLike | None = None, *, eta: float = 1.0) -> NDArray[np.float64]:
    """Energy of the triads: minus the weighted sum of the products of their three ties; shape (...,).

    Parameters
    ----------
    ties, weights
        As `components` takes them. A triad counts by the product of its states' weights.
    eta : float, default 1
        Weight of triads with two or three negative ties.

    Notes
    -----
    With ``A = P - M`` the sum over triads is a sixth of a trace: of ``(WP)^3`` (no negative tie),
    ``3 (WP)^2 WM`` (one), ``3 WP (WM)^2`` (two) and ``(WM)^3`` (three).
    """
    a, w = checked(ties, weights)
    p, m = np.maximum(a, 0.0) * w[..., None, :], np.maximum(-a, 0.0) * w[..., None, :]
    pp, mm = p @ p, m @ m
    none, one, two, three = (_trace(pp, p), 3 * _trace(pp, m), 3 * _trace(mm, p), _trace(mm, m))
    found: NDArray[np.float64] = -(none - one + eta * (two - three)) / 6.0
    return found


def substituted(
    ties: ArrayLike, weights: ArrayLike, other: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """``FF - FE`` and ``EE`` with another third state on one side: what placebos are made of.

    A term ``f(a_ik) g(a_jk)`` becomes the mean of ``f(a_ik) g(a_jo)`` and ``f(a_io) g(a_jk)`` with ``o = other[k]``;
    terms in which ``k`` or ``o`` is one of the pair are left out. With ``other[k] = k`` the parts are those of
    `components`.

    Parameters
    ----------
    ties, weights
        As `components` takes them.
    other : array_like of int, shape (states,)
        A permutation of the states.

    Returns
    -------
    near, ee : array, shape (..., states, states)
        ``FF - FE`` and ``EE``.
    """
    a, w = checked(ties, weights)
    order = np.asarray(other, dtype=np.intp)
    if order.shape != a.shape[-1:] or not np.array_equal(np.sort(order), np.arange(order.size)):
        raise UsageError("expected a permutation of the states", where="other")
    return exchanged(a, np.maximum(-a, 0.0), w, order)


def exchanged(a: Real, m: Real, w: Real, order: NDArray[np.intp]) -> tuple[Real, Real]:
    """As `substituted`, of ties, their negative parts and weights that are `checked` already: for many draws.

    The numbers may be single precision, which halves the time.
    """
    ee = _shared_substituted(m, w, order)
    return _shared_substituted(a, w, order) - ee, ee  # A W A' = FF - FE + EE


def checked(ties: ArrayLike, weights: ArrayLike | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ties with a zero diagonal, and weights, as arrays of floats."""
    a = np.array(ties, dtype=np.float64)
    if a.ndim < 2 or a.shape[-1] != a.shape[-2]:
        raise UsageError(f"expected ties of shape (..., states, states), got {a.shape}", where="ties")
    size = a.shape[-1]
    if size < FEWEST:
        raise Refusal(
            f"{size} states have no third party between them", hint=f"Give the ties of {FEWEST} states or more."
        )
    w = np.ones(a.shape[:-1]) if weights is None else np.asarray(weights, dtype=np.float64)
    if w.shape[-1:] != (size,):
        raise UsageError(f"expected {size} weights, got an array of shape {w.shape}", where="weights")
    np.einsum("...ii->...i", a)[...] = 0.0
    if not np.isfinite(a).all() or not np.isfinite(w).all() or (w < 0).any():
        hint = "A tie that is not known is not zero: leave the state out, or give it the weight 0 and its ties 0."
        raise UsageError("expected finite ties and weights, and no weight below 0", where="ties, weights", hint=hint)
    if not np.allclose(a, np.swapaxes(a, -1, -2), rtol=0.0, atol=1e-12):
        raise UsageError("expected symmetric ties", where="ties", hint="Average the two directions first.")
    return a, w


def _shared(one: NDArray[np.float64], other: NDArray[np.float64], w: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum over k of w_k one_ik other_jk, without the diagonal."""
    return _hollow((one * w[..., None, :]) @ np.swapaxes(other, -1, -2))


def _shared_substituted(x: Real, w: Real, order: NDArray[np.intp]) -> Real:
    """Sum over k of w_k x_ik x_jo, o = order[k], symmetrised; without k or o in the pair."""
    size = order.size
    back = np.empty_like(order)
    back[order] = np.arange(size)
    left = x * w[..., None, :]
    total = left @ x[..., order, :]  # ties are symmetric
    states = np.arange(size)
    total -= left * x[..., states, order][..., None, :]  # k = j: w_j x_ij x_jo(j)
    total -= (left[..., states, back])[..., :, None] * x  # o = i: w_b x_ib x_ji with b = back[i]
    both = left[..., states, back] * x[..., states, back]  # k = j and o = i: taken off twice
    total[..., states, back] += both
    total = total + np.swapaxes(total, -1, -2)
    total /= 2.0
    return _hollow(total)


def _hollow(x: Real) -> Real:
    np.einsum("...ii->...i", x)[...] = 0.0
    return x


def _trace(square: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Trace of a product of two matrices."""
    found: NDArray[np.float64] = np.einsum("...ij,...ji->...", square, x)
    return found
