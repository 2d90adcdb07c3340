"""Known pulls are found, and a pull of zero is found to be zero as often as an interval says."""

from __future__ import annotations

import numpy as np
import pytest

from multipolar.errors import Refusal
from multipolar.ties.arrays import dyads, pull, third

#: 97.5 % quantile of t with 24 degrees of freedom.
CRITICAL = 2.0639


def simulated(
    seed: int, beta: float, eta: float, *, states: int = 25, years: int = 20, binary: bool = False
) -> pull.Panel:
    """Ties that persist, weights that differ, outcomes of the model with shocks of states, pairs and years."""
    rng = np.random.default_rng(seed)
    ties = np.zeros((years, states, states))
    here = _symmetric(rng.choice([-1.0, 0.0, 1.0], (states, states), p=[0.15, 0.6, 0.25]))
    for year in range(years):
        fresh = _symmetric(rng.choice([-1.0, 0.0, 1.0], (states, states), p=[0.15, 0.6, 0.25]))
        change = _symmetric((rng.random((states, states)) < 0.15).astype(float)) > 0
        here = np.where(change, fresh, here)
        ties[year] = here
    weights = rng.dirichlet(np.full(states, 0.7), years)
    drive = third.force(ties, weights, beta=beta, eta=eta)
    state = rng.normal(size=(years, states))
    noise = 0.3 * (state[:, :, None] + state[:, None, :]) + np.array(
        [_symmetric(rng.normal(size=here.shape)) for _ in ties]
    )
    habit = _symmetric(rng.normal(size=here.shape)) + rng.normal(size=(years, 1, 1)) - 0.5 * np.maximum(-ties, 0)
    outcome = drive + 0.5 * habit + 0.5 * noise
    if binary:
        outcome = -(rng.random(outcome.shape) < np.clip(0.05 - drive, 0, 1)).astype(float)
    outcome[rng.random(outcome.shape) < 0.1] = np.nan
    return pull.Panel(ties, weights, outcome)


def _symmetric(x: np.ndarray) -> np.ndarray:
    return np.triu(x, 1) + np.triu(x, 1).T


def interval(found: dyads.Fit, place: int) -> tuple[float, float]:
    reach = CRITICAL * np.sqrt(found.covariance[place, place])
    return found.coefficients[place] - reach, found.coefficients[place] + reach


def ratio(found: dyads.Fit) -> tuple[float, float] | None:
    both = found.covariance[np.ix_([1, 0], [1, 0])]
    return dyads.fieller(found.coefficients[1], found.coefficients[0], both, CRITICAL)


@pytest.mark.parametrize(("beta", "eta"), [(1.0, 0.0), (1.0, 1.0), (2.0, 0.5), (-1.5, 0.0)])
def test_known_pulls_are_recovered(beta, eta):
    inside = []
    for seed in range(12):
        found = pull.estimate(simulated(seed, beta, eta))
        low, high = interval(found, 0)
        bounds = ratio(found)
        assert bounds is not None
        inside.append((low <= beta <= high, bounds[0] <= eta <= bounds[1]))
    assert np.mean(inside) >= 0.85
    assert low * high > 0


def test_a_known_pull_on_rare_disputes_is_recovered():
    found = pull.estimate(simulated(3, 0.4, 0.0, states=40, years=40, binary=True))
    low, high = interval(found, 0)
    assert 0 < low < 0.4 < high


def test_no_pull_is_found_to_be_none_as_often_as_the_interval_says():
    """Rejections of a true zero at 5 %, over 100 worlds of 25 states: nominal but for chance and few states."""
    found = [interval(pull.estimate(simulated(seed, 0.0, 0.0, years=12)), 0) for seed in range(100)]
    assert 0.01 <= np.mean([low > 0 or high < 0 for low, high in found]) <= 0.13


def test_coefficients_apart_are_those_of_the_force():
    found = pull.apart(simulated(5, 2.0, 0.5))
    np.testing.assert_allclose(
        found.coefficients[:3], [2.0, -2.0, 1.0], atol=4 * np.sqrt(np.diag(found.covariance)[:3].max())
    )
    assert found.coefficients[0] > 0 > found.coefficients[1]


def test_what_is_not_observed_changes_nothing():
    panel = simulated(6, 1.0, 0.0)
    ties, weights = np.pad(panel.ties, ((0, 0), (0, 1), (0, 1))), np.pad(panel.weights, ((0, 0), (0, 1)))
    outcome = np.pad(panel.outcome, ((0, 0), (0, 1), (0, 1)), constant_values=np.nan)
    one, other = pull.estimate(panel), pull.estimate(pull.Panel(ties, weights, outcome))
    np.testing.assert_allclose(one.coefficients, other.coefficients, atol=1e-9)
    np.testing.assert_allclose(one.covariance, other.covariance, atol=1e-9)


def test_placebos_are_weaker_than_a_true_pull_and_like_a_false_one():
    groups = np.arange(25) % 3
    true, false = simulated(8, 2.0, 0.0), simulated(8, 0.0, 0.0)
    for make in (lambda panel: pull.substituted(panel, groups, np.random.default_rng(1), 20), pull.shifted):
        assert pull.effect(pull.estimate(true)) > np.quantile(make(true), 0.95)
        assert pull.effect(pull.estimate(false)) < 2 * make(false).max()
    assert pull.shifted(true).shape == (11,)  # 5 to 15 of 20 years


def test_third_states_are_exchanged_within_their_group():
    groups = np.array([0, 0, 1, 1, 1, 2])
    for seed in range(20):
        order = pull._exchange(groups, np.random.default_rng(seed))
        assert sorted(order) == list(range(6)) and (groups[order] == groups).all()


def test_draws_are_the_same_for_the_same_seed():
    panel = simulated(9, 0.5, 0.0)
    one, other = (pull.substituted(panel, np.zeros(25, int), np.random.default_rng(4), 3) for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_nothing_can_be_said_without_events_or_change():
    panel = simulated(10, 1.0, 0.0)
    with pytest.raises(Refusal, match="no outcome differs"):
        pull.estimate(pull.Panel(panel.ties, panel.weights, np.zeros_like(panel.outcome)))
    still = np.broadcast_to(panel.ties[:1], panel.ties.shape)
    weights = np.broadcast_to(panel.weights[:1], panel.weights.shape)
    with pytest.raises(Refusal, match="third parties of no pair change"):
        pull.estimate(pull.Panel(still, weights, panel.outcome))
    with pytest.raises(Refusal, match="no third party"):
        pull.estimate(pull.Panel(panel.ties[:, :2, :2], panel.weights[:, :2], panel.outcome[:, :2, :2]))


def test_placebos_are_made_as_the_estimate_is():
    """Without an exchange, and moved by nothing, a placebo is the estimate."""
    panel = simulated(11, 1.0, 0.5)
    want = pull.effect(pull.estimate(panel))
    alone = np.arange(25)  # each its own group
    np.testing.assert_allclose(pull.substituted(panel, alone, np.random.default_rng(0), 2), want, rtol=1e-5)
    np.testing.assert_allclose(pull.shifted(panel, 0)[[0, -1]], want, rtol=1e-9)
