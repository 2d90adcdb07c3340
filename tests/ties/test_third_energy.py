"""The energy of third parties: its gradient, and the two published models that it contains."""

from __future__ import annotations

import csv
from itertools import combinations

import numpy as np
import pytest

from multipolar.ties.arrays import third

STEP = 1e-6


def random_ties(seed: int, size: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    ties = np.triu(rng.normal(size=(size, size)), 1)
    return ties + ties.T


def descent(ties: np.ndarray, weights: np.ndarray, eta: float) -> np.ndarray:
    """Minus the slope of the energy in each tie, by central differences, per product of the pair's weights."""
    found = np.zeros_like(ties)
    for i, j in combinations(range(len(ties)), 2):
        step = np.zeros_like(ties)
        step[i, j] = step[j, i] = STEP
        up, down = (third.energy(ties + sign * step, weights, eta=eta) for sign in (1, -1))
        found[i, j] = found[j, i] = -(up - down) / (2 * STEP) / (weights[i] * weights[j])
    return found


def brute(ties: np.ndarray, weights: np.ndarray, eta: float) -> float:
    total = 0.0
    for triad in combinations(range(len(ties)), 3):
        sides = [ties[i, j] for i, j in combinations(triad, 2)]
        share = eta if sum(side < 0 for side in sides) > 1 else 1.0
        total -= share * np.prod(sides) * np.prod(weights[list(triad)])
    return total


@pytest.mark.parametrize("eta", [0.0, 0.4, 1.0])
def test_the_energy_is_a_sum_over_triads(eta):
    ties, weights = random_ties(1, 6), np.random.default_rng(1).random(6)
    assert third.energy(ties, weights, eta=eta) == pytest.approx(brute(ties, weights, eta), abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_with_eta_one_the_force_is_the_gradient(seed):
    ties, weights = random_ties(seed, 6), 0.2 + np.random.default_rng(seed).random(6)
    np.testing.assert_allclose(descent(ties, weights, 1.0), third.force(ties, weights, beta=1, eta=1), atol=1e-7)


@pytest.mark.parametrize("eta", [0.0, 0.5])
def test_with_another_eta_it_is_the_gradient_on_positive_pairs(eta):
    ties, weights = random_ties(7, 6), 0.2 + np.random.default_rng(7).random(6)
    slope, pull = descent(ties, weights, eta), third.force(ties, weights, beta=1, eta=eta)
    parts = third.components(ties, weights)
    np.testing.assert_allclose(slope[ties > 0], pull[ties > 0], atol=1e-7)
    weaker = parts.ff - eta * parts.fe + eta * parts.ee
    np.testing.assert_allclose(slope[ties < 0], weaker[ties < 0], atol=1e-7)


@pytest.mark.parametrize(("eta", "conservative"), [(1.0, True), (0.0, False), (0.5, False)])
def test_no_energy_has_the_force_of_another_eta_everywhere(eta, conservative):
    """Of a gradient, the slope of one pair's force in another tie equals the slope the other way round."""
    ties = random_ties(3, 5)
    pairs = list(combinations(range(5), 2))
    slopes = np.zeros((len(pairs), len(pairs)))
    for column, (i, j) in enumerate(pairs):
        step = np.zeros_like(ties)
        step[i, j] = step[j, i] = STEP
        up, down = (third.force(ties + sign * step, beta=1, eta=eta) for sign in (1, -1))
        slopes[:, column] = [(up[pair] - down[pair]) / (2 * STEP) for pair in pairs]
    assert np.allclose(slopes, slopes.T, atol=1e-7) is conservative


@pytest.mark.parametrize("seed", range(3))
def test_with_eta_one_and_equal_weights_it_is_the_flow_of_marvel_and_others(seed):
    ties = random_ties(seed, 8)
    square = ties @ ties  # of a matrix without a diagonal: the terms k = i and k = j are zero
    np.fill_diagonal(square, 0.0)
    np.testing.assert_allclose(third.force(ties, beta=1, eta=1), square, atol=1e-12)
    with_own = ties + 2 * np.eye(8)
    own = 2 * 2 * ties  # what X^2 has besides: k = i and k = j
    full = with_own @ with_own
    np.fill_diagonal(full, 0.0)
    np.testing.assert_allclose(full - own, third.force(with_own, beta=1, eta=1), atol=1e-12)


def test_the_flow_ends_in_two_camps():
    """Marvel and others (2011): from nearly all starts, signs end balanced, here in every triad."""
    ties = random_ties(11, 7)
    for _ in range(400):
        ties = ties + 0.1 * third.force(ties, beta=1, eta=1)
        ties /= np.abs(ties).max()
    assert all(ties[i, j] * ties[j, k] * ties[i, k] > 0 for i, j, k in combinations(range(7), 3))


def with_camp(propensities: np.ndarray, sides: np.ndarray) -> np.ndarray:
    """One more state, the camp: +1 with those inside, -1 with those outside."""
    return np.block([[propensities, sides[:, None]], [sides[None, :], np.zeros((1, 1))]])


def landscape(propensities: np.ndarray, sizes: np.ndarray, sides: np.ndarray) -> float:
    """Axelrod & Bennett (1993): size times size times propensity times distance, over all pairs."""
    return sum(
        sizes[i] * sizes[j] * propensities[i, j] * (sides[i] != sides[j]) for i, j in combinations(range(len(sizes)), 2)
    )


def camp_energy(propensities: np.ndarray, sizes: np.ndarray, sides: np.ndarray) -> float:
    """Energy of the triads that the camp is in."""
    joint = third.energy(with_camp(propensities, sides), np.append(sizes, 1.0))
    return float(joint - third.energy(propensities, sizes))


@pytest.mark.parametrize("seed", range(3))
def test_triads_of_a_camp_are_the_landscape_of_axelrod_and_bennett(seed):
    rng = np.random.default_rng(seed)
    propensities, sizes = random_ties(seed, 6), rng.random(6)
    level = np.triu(propensities * np.outer(sizes, sizes), 1).sum() / 2
    for sides in 2.0 * np.array(np.unravel_index(np.arange(64), (2,) * 6)).T - 1:
        want = landscape(propensities, sizes, sides)
        assert camp_energy(propensities, sizes, sides) / 2 + level == pytest.approx(want, abs=1e-12)


def test_the_sides_of_1939_on_both_landscapes(shared):
    """With propensities that favour the sides taken, the energy of the triads is least at them, as the landscape's is."""
    with (shared / "tables" / "axelrod_bennett_nations.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    sizes = np.array([float(row["cinc_1938"]) for row in rows])
    taken = np.array([1.0 if row["actual_side"] == "1" else -1.0 for row in rows])
    propensities = np.outer(taken, taken)
    np.fill_diagonal(propensities, 0.0)
    least = camp_energy(propensities, sizes, taken)
    for number in range(len(rows)):
        changed = taken.copy()
        changed[number] *= -1
        assert camp_energy(propensities, sizes, changed) > least
    assert landscape(propensities, sizes, taken) < 0
