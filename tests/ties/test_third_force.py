"""The force of third parties, held to a sum over all triples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.errors import Refusal, UsageError
from multipolar.ties.arrays import third


def random_ties(rng: np.random.Generator, size: int, *, signs: bool = False) -> np.ndarray:
    ties = rng.choice([-1.0, 0.0, 1.0], (size, size)) if signs else rng.normal(size=(size, size))
    return np.triu(ties, 1) + np.triu(ties, 1).T


def brute(ties: np.ndarray, weights: np.ndarray, order: np.ndarray | None = None) -> tuple[np.ndarray, ...]:
    """FF, FE and EE by loops; with `order`, another third state on one side."""
    size = len(weights)
    ff, fe, ee = (np.zeros((size, size)) for _ in range(3))
    p, m = np.maximum(ties, 0), np.maximum(-ties, 0)
    for i in range(size):
        for j in range(size):
            for k in range(size):
                o = k if order is None else order[k]
                if i == j or {k, o} & {i, j}:
                    continue
                for one, two in ((k, o), (o, k)):
                    ff[i, j] += weights[k] * p[i, one] * p[j, two] / 2
                    fe[i, j] += weights[k] * (p[i, one] * m[j, two] + m[i, one] * p[j, two]) / 2
                    ee[i, j] += weights[k] * m[i, one] * m[j, two] / 2
    return ff, fe, ee


ANY = given(st.integers(0, 2**32 - 1), st.integers(3, 7), st.booleans())


@ANY
def test_the_parts_are_sums_over_triples(seed, size, signs):
    rng = np.random.default_rng(seed)
    ties, weights = random_ties(rng, size, signs=signs), rng.random(size)
    for got, want in zip(third.components(ties, weights), brute(ties, weights), strict=True):
        np.testing.assert_allclose(got, want, atol=1e-12)


@ANY
def test_a_substituted_third_state_is_a_sum_over_triples(seed, size, signs):
    rng = np.random.default_rng(seed)
    ties, weights, order = random_ties(rng, size, signs=signs), rng.random(size), rng.permutation(size)
    ff, fe, ee = brute(ties, weights, order)
    near, enemies = third.substituted(ties, weights, order)
    np.testing.assert_allclose(near, ff - fe, atol=1e-12)
    np.testing.assert_allclose(enemies, ee, atol=1e-12)


@ANY
def test_substituting_nobody_changes_nothing(seed, size, signs):
    rng = np.random.default_rng(seed)
    ties, weights = random_ties(rng, size, signs=signs), rng.random(size)
    ff, fe, ee = third.components(ties, weights)
    near, enemies = third.substituted(ties, weights, np.arange(size))
    np.testing.assert_allclose(near, ff - fe, atol=1e-12)
    np.testing.assert_allclose(enemies, ee, atol=1e-12)


@ANY
def test_names_of_states_do_not_matter(seed, size, signs):
    rng = np.random.default_rng(seed)
    ties, weights, order = random_ties(rng, size, signs=signs), rng.random(size), rng.permutation(size)
    renamed = third.components(ties[np.ix_(order, order)], weights[order])
    for got, want in zip(renamed, third.components(ties, weights), strict=True):
        np.testing.assert_allclose(got, want[np.ix_(order, order)], atol=1e-12)


@ANY
def test_the_parts_are_symmetric_and_not_negative(seed, size, signs):
    rng = np.random.default_rng(seed)
    for part in third.components(random_ties(rng, size, signs=signs), rng.random(size)):
        np.testing.assert_allclose(part, part.T, atol=1e-12)
        assert (part >= 0).all() and (np.diag(part) == 0).all()


@ANY
def test_turning_all_signs_exchanges_friends_and_enemies(seed, size, signs):
    rng = np.random.default_rng(seed)
    ties, weights = random_ties(rng, size, signs=signs), rng.random(size)
    here, there = third.components(ties, weights), third.components(-ties, weights)
    for got, want in zip(there, (here.ee, here.fe, here.ff), strict=True):
        np.testing.assert_allclose(got, want, atol=1e-12)


def test_the_pairs_own_tie_does_not_act_on_it():
    rng = np.random.default_rng(1)
    ties = random_ties(rng, 6)
    other = ties.copy()
    other[0, 1] = other[1, 0] = 9.0
    for before, after in zip(third.components(ties), third.components(other), strict=True):
        assert before[0, 1] == after[0, 1]


def test_the_diagonal_is_not_used():
    ties = random_ties(np.random.default_rng(2), 5)
    np.testing.assert_array_equal(third.force(ties + 7 * np.eye(5), beta=1.0), third.force(ties, beta=1.0))


def test_without_ties_there_is_no_force():
    assert not third.force(np.zeros((4, 4)), beta=1.0, eta=1.0).any()


def test_the_force_is_off_by_default():
    assert not third.force(random_ties(np.random.default_rng(3), 5)).any()


def test_years_are_a_batch():
    rng = np.random.default_rng(4)
    ties, weights = np.stack([random_ties(rng, 5) for _ in range(3)]), rng.random((3, 5))
    together = third.components(ties, weights)
    order = rng.permutation(5)
    placebo = third.substituted(ties, weights, order)
    for year in range(3):
        for got, want in zip(together, third.components(ties[year], weights[year]), strict=True):
            np.testing.assert_allclose(got[year], want, atol=1e-12)
        for got, want in zip(placebo, third.substituted(ties[year], weights[year], order), strict=True):
            np.testing.assert_allclose(got[year], want, atol=1e-12)


def test_four_states_on_paper():
    """1 and 2 are friends of 3; 1 is a friend and 2 an enemy of 4; weights 0.5 and 0.25."""
    ties = np.zeros((4, 4))
    for i, j, tie in ((0, 2, 1.0), (1, 2, 2.0), (0, 3, 1.0), (1, 3, -3.0)):
        ties[i, j] = ties[j, i] = tie
    ff, fe, ee = third.components(ties, [9.0, 9.0, 0.5, 0.25])
    assert (ff[0, 1], fe[0, 1], ee[0, 1]) == (1.0, 0.75, 0.0)
    assert third.force(ties, [9.0, 9.0, 0.5, 0.25], beta=2.0)[0, 1] == 0.5


@pytest.mark.parametrize("size", [0, 1, 2])
def test_fewer_than_three_states_are_refused(size):
    with pytest.raises(Refusal, match="no third party"):
        third.components(np.zeros((size, size)))


def test_bad_arrays_are_refused():
    ties = random_ties(np.random.default_rng(5), 4)
    with pytest.raises(UsageError, match="symmetric"):
        third.components(np.triu(ties))
    with pytest.raises(UsageError, match="finite"):
        third.components(np.where(ties == ties[0, 1], np.nan, ties))
    with pytest.raises(UsageError, match="no weight below 0"):
        third.components(ties, [1, 1, 1, -1])
    with pytest.raises(UsageError, match="4 weights"):
        third.components(ties, [1, 1, 1])
    with pytest.raises(UsageError, match="shape"):
        third.components(np.zeros((3, 4)))
    with pytest.raises(UsageError, match="permutation"):
        third.substituted(ties, np.ones(4), [0, 0, 1, 2])
