"""Effects, covariance and ratios, held to dummies, loops and definitions."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import minimize

from multipolar.ties.arrays import dyads, rare


def unbalanced(seed: int, states: int = 6, years: int = 7) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pair and year of each row with a third of the rows missing, and the members of pairs."""
    rng = np.random.default_rng(seed)
    members = np.array(list(combinations(range(states), 2)))
    pair, year = (grid.ravel() for grid in np.meshgrid(np.arange(len(members)), np.arange(years), indexing="ij"))
    kept = rng.random(pair.size) < 0.7
    kept[: years + 1] = True
    kept[::years] = True
    return pair[kept], year[kept], members


@pytest.mark.parametrize("seed", range(3))
def test_effects_are_those_of_dummies(seed):
    pair, year, _ = unbalanced(seed)
    columns = np.random.default_rng(seed).normal(size=(pair.size, 3))
    dummies = np.hstack([np.eye(pair.max() + 1)[pair], np.eye(year.max() + 1)[year]])
    want = columns - dummies @ np.linalg.lstsq(dummies, columns, rcond=None)[0]
    np.testing.assert_allclose(dyads.Effects(pair, year).out_of(columns), want, atol=1e-10)


def test_least_squares_within_is_least_squares_with_dummies():
    pair, year, members = unbalanced(4)
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(pair.size, 2)), rng.normal(size=pair.size)
    dummies = np.hstack([x, np.eye(pair.max() + 1)[pair], np.eye(year.max() + 1)[year]])
    want = np.linalg.lstsq(dummies, y, rcond=None)[0][:2]
    effects = dyads.Effects(pair, year)
    found = dyads.fit(effects.out_of(y[:, None])[:, 0], effects.out_of(x), pair, members)
    np.testing.assert_allclose(found.coefficients, want, atol=1e-10)


@pytest.mark.parametrize("seed", range(3))
def test_the_covariance_sums_over_all_rows_that_share_a_state(seed):
    pair, year, members = unbalanced(seed)
    rng = np.random.default_rng(seed)
    effects = dyads.Effects(pair, year)
    x, y = effects.out_of(rng.normal(size=(pair.size, 2))), effects.out_of(rng.normal(size=(pair.size, 1)))[:, 0]
    found = dyads.fit(y, x, pair, members)
    score = x * (y - x @ found.coefficients)[:, None]
    meat = np.zeros((2, 2))
    for one in range(pair.size):
        for other in range(pair.size):
            if set(members[pair[one]]) & set(members[pair[other]]):
                meat += np.outer(score[one], score[other])
    values, vectors = np.linalg.eigh(meat)
    bread = np.linalg.inv(x.T @ x)
    want = bread @ (vectors * np.maximum(values, 0)) @ vectors.T @ bread * 6 / 5
    np.testing.assert_allclose(found.covariance, want, atol=1e-12)
    assert found.freedom == 5


def test_a_bootstrap_over_states_weighs_pairs_by_their_states():
    pair, year, members = unbalanced(5, states=12)
    rng = np.random.default_rng(5)
    effects = dyads.Effects(pair, year)
    x = effects.out_of(rng.normal(size=(pair.size, 2)))
    found = dyads.fit(x @ [1.0, -2.0] + rng.normal(size=pair.size), x, pair, members)
    drawn = dyads.over_states(found, members, np.random.default_rng(6), 400)
    again = dyads.over_states(found, members, np.random.default_rng(6), 400)
    np.testing.assert_array_equal(drawn, again)
    np.testing.assert_allclose(np.median(drawn, axis=0), [1.0, -2.0], atol=0.4)
    times = np.random.default_rng(6).multinomial(12, np.full(12, 1 / 12), size=400)[0]
    rows = np.repeat(np.arange(pair.size), times[members[pair, 0]] * times[members[pair, 1]])
    y = found.moment  # the first draw, row by row
    assert y.shape == (len(members), 2)
    bread = np.linalg.pinv(x[rows].T @ x[rows])
    weight = times[members[:, 0]] * times[members[:, 1]]
    np.testing.assert_allclose(drawn[0], bread @ (weight @ found.moment), atol=1e-10)


def test_fieller_is_where_the_difference_is_not_significant():
    covariance = np.array([[0.04, 0.01], [0.01, 0.02]])
    low, high = dyads.fieller(1.0, 2.0, covariance, 1.96)
    for ratio in (low, high):
        gap, variance = 1.0 - ratio * 2.0, covariance[0, 0] - 2 * ratio * covariance[0, 1] + ratio**2 * covariance[1, 1]
        assert gap**2 / variance == pytest.approx(1.96**2)
    assert low < 0.5 < high


def test_fieller_is_not_bounded_where_the_bottom_may_be_zero():
    assert dyads.fieller(1.0, 0.2, np.diag([0.04, 0.02]), 1.96) is None


def test_fieller_and_the_delta_method_agree_where_the_bottom_is_well_known():
    covariance = np.diag([0.04, 1e-6])
    np.testing.assert_allclose(
        dyads.fieller(1.0, 2.0, covariance, 1.96), dyads.delta(1.0, 2.0, covariance, 1.96), atol=1e-4
    )


def test_fieller_covers_as_often_as_it_says():
    rng = np.random.default_rng(7)
    covariance = np.array([[0.2, 0.05], [0.05, 0.1]])
    held = 0
    for top, bottom in rng.multivariate_normal([0.5, 1.0], covariance, size=2000):
        found = dyads.fieller(top, bottom, covariance, 1.959964)
        if found is None:  # the whole line, or all but a gap: by definition, whether the true ratio is rejected
            gap = top - 0.5 * bottom
            held += gap**2 <= 1.959964**2 * (0.2 - 0.05 + 0.025)
        else:
            held += found[0] <= 0.5 <= found[1]
    assert held / 2000 == pytest.approx(0.95, abs=0.015)


def test_chances_are_those_of_a_general_optimiser():
    rng = np.random.default_rng(8)
    x = rng.normal(size=(3000, 2))
    y = (rng.random(3000) < 1 / (1 + np.exp(3 - x @ [0.8, -0.5]))).astype(float)
    design = np.column_stack([np.ones(3000), x])

    def loss(b: np.ndarray) -> float:
        return float(np.logaddexp(0, np.where(y > 0, -1, 1) * (design @ b)).sum() + 2.0 * (b[1:] ** 2).sum())

    want = minimize(loss, np.zeros(3), tol=1e-12).x
    np.testing.assert_allclose(rare.logistic(x, y, penalty=4.0), want, atol=1e-4)


def test_rare_outcomes_that_a_column_nearly_tells_are_fitted():
    """Newton's full steps go back and forth here for ever."""
    rng = np.random.default_rng(12)
    x = np.column_stack([rng.random(20_000) < 0.01, rng.random(20_000) < 0.02]).astype(float)
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    y = (rng.random(20_000) < np.where(x[:, 0] > 1, 0.3, 0.0002)).astype(float)
    for penalty in (0.0, 1.0):
        found = rare.logistic(x, y, penalty=penalty)
        chance = 1 / (1 + np.exp(-(found[0] + x @ found[1:])))
        np.testing.assert_allclose(x.T @ (y - chance), penalty * found[1:], atol=1e-3)
        assert chance.sum() == pytest.approx(y.sum(), abs=1e-3)


def test_a_column_that_separates_stays_finite():
    x = np.array([[-1.0], [-1.0], [1.0], [1.0]])
    found = rare.logistic(x, np.array([0.0, 0.0, 1.0, 1.0]))
    assert np.isfinite(found).all() and 0 < found[1] < 3


def test_held_out_scores_use_earlier_years_only():
    rng = np.random.default_rng(9)
    year = np.repeat(np.arange(1900, 1920), 100)
    x, y = rng.normal(size=(2000, 1)), (rng.random(2000) < 0.2).astype(float)
    order = rng.permutation(2000)
    got = rare.held_out(x[order], y[order], year[order], 1905)
    want = np.full(2000, np.nan)
    want[order] = got
    assert np.isnan(want[year < 1905]).all() and np.isfinite(want[year >= 1905]).all()
    changed = y.copy()
    changed[year >= 1910] = 1 - changed[year >= 1910]
    again = np.full(2000, np.nan)
    again[order] = rare.held_out(x[order], changed[order], year[order], 1905)
    early = (year >= 1905) & (year < 1910)
    np.testing.assert_array_equal(want[early], again[early])
    mean, sd = x[year < 1905].mean(), x[year < 1905].std()
    fitted = rare.logistic((x[year < 1905] - mean) / sd, y[year < 1905])
    odds = fitted[0] + fitted[1] * (x[early, 0] - mean) / sd
    chance = 1 / (1 + np.exp(-odds))
    np.testing.assert_allclose(want[early], np.log(np.where(y[early] > 0, chance, 1 - chance)), atol=1e-9)


def test_blocks_of_years_give_an_interval_of_a_mean():
    rng = np.random.default_rng(10)
    counts = np.full(60, 50.0)
    drawn = rare.by_blocks(rng.normal(1.0, 0.5, 60) * counts, counts, rng, draws=2000)
    assert drawn.mean() == pytest.approx(1.0, abs=0.2) and 0.03 < drawn.std() < 0.12
    np.testing.assert_allclose(rare.by_blocks(3.0 * counts, counts, rng), 3.0)
