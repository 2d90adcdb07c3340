"""The pull of third parties estimated from what became of pairs, and the same with third parties that cannot matter.

``y_ij(t) = pair + year + beta (FF - FE) + theta EE + controls``, the parts of the force as of the end of the year
before and the pair's own ``p`` and ``m`` of then as controls; ``eta = theta / beta``. See ``third`` for the parts and
``dyads`` for the effects and the intervals.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from multipolar.errors import Refusal
from multipolar.ties.arrays import dyads, third

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Panel:
    """Ties and outcomes of all pairs of states over years that follow each other.

    Attributes
    ----------
    ties : array, shape (years, states, states)
        Of the end of the year before each; symmetric, zero where there is none.
    weights : array, shape (years, states)
        Of third states.
    outcome : array, shape (years, states, states)
        Larger where two states moved together; NaN where nothing was observed. The upper triangle is read.
    """

    ties: Floats
    weights: Floats
    outcome: Floats

    @cached_property
    def rows(self) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
        """Year, lower and higher state of each observation."""
        size = self.outcome.shape[-1]
        upper = np.triu(np.ones((size, size), dtype=bool), 1)
        year, one, other = np.nonzero(np.isfinite(self.outcome) & upper)
        return year, one, other

    @cached_property
    def pair(self) -> NDArray[np.intp]:
        """Number of the pair of each row."""
        _, one, other = self.rows
        found: NDArray[np.intp] = np.unique(one * self.outcome.shape[-1] + other, return_inverse=True)[1].ravel()
        return found

    @cached_property
    def members(self) -> NDArray[np.intp]:
        """States of each pair; shape (pairs, 2)."""
        _, one, other = self.rows
        first = np.unique(self.pair, return_index=True)[1]
        return np.stack([one[first], other[first]], axis=1)

    @cached_property
    def effects(self) -> dyads.Effects:
        """Pair and year effects."""
        return dyads.Effects(self.pair, np.unique(self.rows[0], return_inverse=True)[1].ravel())

    @cached_property
    def parts(self) -> third.Components:
        """Parts of the force."""
        return third.components(self.ties, self.weights)

    @cached_property
    def result(self) -> Floats:
        """The outcome of each row without its effects."""
        found: Floats = self.effects.out_of(self.outcome[self.rows][:, None])[:, 0]
        return found

    @cached_property
    def own(self) -> Floats:
        """The pair's own ``p`` and ``m``, without their effects; shape (rows, 2)."""
        tie = self.ties[self.rows]
        return self.effects.out_of(np.stack([np.maximum(tie, 0.0), np.maximum(-tie, 0.0)], axis=1))

    def columns(self, *parts: Floats) -> Floats:
        """Parts of the force at the rows, without their effects, and the controls; shape (rows, parts + 2)."""
        return np.column_stack([self.effects.out_of(self.at_rows(*parts)), self.own])

    def at_rows(self, *parts: Floats) -> Floats:
        """Values of all pairs and years at the rows; shape (rows, parts)."""
        return np.stack([part.ravel().take(self._places) for part in parts], axis=1)

    @cached_property
    def _places(self) -> NDArray[np.intp]:
        found: NDArray[np.intp] = np.ravel_multi_index(self.rows, self.outcome.shape)
        return found


def estimate(panel: Panel) -> dyads.Fit:
    """``beta`` and ``theta``, then the two controls.

    Raises
    ------
    Refusal
        If there are fewer than three states, no outcome differs from another, or the parts never change within a pair.
    """
    ff, fe, ee = panel.parts
    return _fit(panel, ff - fe, ee)


def apart(panel: Panel) -> dyads.Fit:
    """Coefficients of ``FF``, ``FE`` and ``EE`` each by itself, then the two controls."""
    return _fit(panel, *panel.parts)


def effect(found: dyads.Fit) -> float:
    """Size of the pull: ``|beta|`` times the standard deviation of ``FF - FE`` within pairs and years."""
    return float(abs(found.coefficients[0]) * found.spread[0])


def substituted(panel: Panel, groups: NDArray[np.int_], rng: np.random.Generator, draws: int) -> Floats:
    """Effects with each third state replaced, on one side, by another of its group; shape (draws,).

    Parameters
    ----------
    panel : Panel
    groups : array of int, shape (states,)
        Group of each state.
    rng : Generator
    draws : int
    """
    a, w = (each.astype(np.float32) for each in third.checked(panel.ties, panel.weights))  # a placebo needs no more
    m = np.maximum(-a, 0.0)
    orders = (_exchange(groups, rng) for _ in range(draws))
    return np.array([_effect(panel, *third.exchanged(a, m, w, order)) for order in orders])


def shifted(panel: Panel, least: int = 5) -> Floats:
    """Effects with the parts moved round the years by each number from `least` to years - `least`; shape (shifts,)."""
    return np.array([_effect(panel, *moved) for moved in _moves(panel, least)])


def _moves(panel: Panel, least: int) -> Iterator[tuple[Floats, Floats]]:
    ff, fe, ee = panel.parts
    for years in range(least, len(ff) - least + 1):
        yield np.roll(ff - fe, years, axis=0), np.roll(ee, years, axis=0)


def _effect(panel: Panel, near: Floats, ee: Floats) -> float:
    """As `effect` of `_fit`, without its intervals: for many draws."""
    parts = panel.effects.out_of(panel.at_rows(near, ee))
    across = parts.T @ panel.own
    cross = np.block([[parts.T @ parts, across], [across.T, panel.own.T @ panel.own]])
    moment = np.concatenate([parts.T @ panel.result, panel.own.T @ panel.result])
    beta = (np.linalg.pinv(cross, rcond=dyads.ROUNDING, hermitian=True) @ moment)[0]
    return float(abs(beta) * np.sqrt(cross[0, 0] / len(parts)))


def _exchange(groups: NDArray[np.int_], rng: np.random.Generator) -> NDArray[np.intp]:
    """A permutation within groups."""
    order = np.arange(groups.size)
    for group in np.unique(groups):
        inside = np.flatnonzero(groups == group)
        order[inside] = rng.permutation(inside)
    return order


def _fit(panel: Panel, *parts: Floats) -> dyads.Fit:
    if not np.any(np.abs(panel.result) > 1e-12):
        raise Refusal(
            "no outcome differs from what pair and year explain: nothing can be said of third parties",
            hint="Choose an era with events.",
        )
    found = dyads.fit(panel.result, panel.columns(*parts), panel.pair, panel.members)
    if found.spread[0] < 1e-12:
        raise Refusal(
            "the third parties of no pair change: their pull cannot be told from the pair's own habit",
            hint="Choose an era in which ties change, or a longer one.",
        )
    return found
