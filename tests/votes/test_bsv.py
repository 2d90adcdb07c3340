"""The published model: its steps against brute force, and its chain against a grid and against what was simulated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from assemblies import assembly, truths
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri
from scipy.stats import kstest, truncnorm

from multipolar.errors import Refusal, UsageError
from multipolar.votes import explain, ideal_points, update
from multipolar.votes.arrays import _bsv, _compiled, bsv
from multipolar.votes.arrays.panel import panel

TABLE = _compiled.normal_table()


@given(st.floats(-11.9, 11.9))
def test_the_table_is_the_normal_distribution(x):
    assert _compiled.below(x, TABLE) == pytest.approx(ndtr(x), rel=2e-3)


@given(st.floats(-15, 15), st.floats(0.01, 5))
def test_an_interval_does_not_cancel_in_either_tail(low, width):
    exact = ndtr(low + width) - ndtr(low) if low < 0 else ndtr(-low) - ndtr(-low - width)
    if -11 < low < 11 - width:
        assert _compiled.between(low, low + width, TABLE) == pytest.approx(exact, rel=0.01)


@given(st.floats(1e-12, 1 - 1e-9))
def test_the_quantile_is_that_of_the_normal(p):
    assert _compiled.quantile(p) == pytest.approx(ndtri(p), abs=1e-5)


@pytest.mark.parametrize(("low", "high"), [(-1.0, 0.5), (1.5, 2.5), (-30.0, -2.0), (3.0, 30.0)])
def test_truncated_draws_have_the_distribution(low, high):
    key, draws = np.uint64(7), []
    for _ in range(4000):
        key = np.uint64(_compiled.next_key(key))
        draws.append(_compiled.truncated(_compiled.uniform(key), low, high, TABLE))
    assert kstest(draws, truncnorm(low, high).cdf).pvalue > 1e-3


def test_lag_is_the_session_before_and_for_the_first_the_one_after():
    choices = np.ones((5, 3), dtype=np.int8)
    choices[1:, 2] = 0
    choices[3, 1] = 0
    made = panel(choices, np.array([1, 2, 2, 3, 7]), np.arange(5))
    before, variance = bsv.lags(made)
    names = list(zip(made.state.tolist(), made.session.tolist(), strict=True))
    lag = {names[cell]: (names[before[cell]] if before[cell] >= 0 else None) for cell in range(made.cells)}
    assert lag[(0, 1)] == (0, 2)
    assert lag[(0, 2)] == (0, 1)
    assert lag[(1, 7)] == (1, 2)
    assert lag[(2, 1)] is None
    assert variance[names.index((0, 2))] == pytest.approx(0.5 * 2 / 3)
    assert variance[names.index((2, 1))] == pytest.approx(0.5)


def test_starting_values_are_those_of_the_published_code():
    choices = np.array([[3, 1, 1, 1], [1, 3, 3, 2], [2, 2, 3, 0]], dtype=np.int8)
    made = panel(choices, np.array([1, 1, 1]), np.arange(3))
    begin = bsv.published_start(made, np.array([0]), np.array([1]), np.array([0, 1]))
    assert begin.beta.tolist() == [1.0, -1.0, 0.0]
    assert begin.lag.tolist() == [3.0, -2.0, 0.0, 0.0]
    assert begin.cuts[0].tolist() == [0.5, 0.5]
    assert begin.cuts[2] == pytest.approx([-1.0, 1 / 3])


def chain(choices, theta, draws, step=bsv.STEP):
    """Draws of (beta, both cuts) of one item at known positions."""
    made = panel(choices, np.ones(1, dtype=np.int64), np.zeros(1, dtype=np.int64))
    beta, cuts, out = np.zeros(1), np.array([[-0.2, 0.2]]), np.empty((draws, 3))
    scratch = np.empty((3, made.cells))
    keys = np.random.default_rng(3)
    for draw in range(draws):
        key = np.uint64(keys.integers(2**63))
        args = (made.start, made.cell, made.choice, theta, beta, cuts, step, TABLE)
        _bsv.items_sweep(0, 1, key, *args, np.zeros(made.cells), np.zeros(made.cells), *scratch)
        out[draw] = beta[0], cuts[0, 0], cuts[0, 1]
    return out


def test_an_item_has_the_posterior_that_a_grid_gives():
    """Mean discrimination and cuts of one item at known positions, by brute force over a grid of all three."""
    rng = np.random.default_rng(0)
    theta = rng.normal(size=60)
    latent = 0.8 * theta + rng.normal(size=60)
    choices = np.where(latent < -0.3, 1, np.where(latent < 0.5, 2, 3)).astype(np.int8)[None, :]
    beta, low, high = np.meshgrid(np.linspace(-0.5, 2.2, 55), np.linspace(-1.5, 0.8, 47), np.linspace(-0.6, 1.9, 51))
    logs = -(beta**2) / 2
    for x, choice in zip(theta, choices[0], strict=True):
        below = [ndtr(cut - beta * x) for cut in (low, high)]
        chance = (below[0], below[1] - below[0], 1 - below[1])[choice - 1]
        logs += np.log(np.maximum(chance, 1e-300))
    weight = np.where(low < high, np.exp(logs - logs[low < high].max()), 0.0)
    exact = [np.average(value, weights=weight) for value in (beta, low, high)]
    found = chain(choices, theta, 16_000)[1000:].mean(axis=0)
    assert found == pytest.approx(exact, abs=0.05)


@pytest.fixture(scope="module")
def made():
    return assembly(states=20, sessions=4, calls=40, seed=2, link="probit")


@pytest.fixture(scope="module")
def points(made):
    return ideal_points(made.ballots, method="bsv2017", burn=300, draws=100, thin=2)


def test_simulated_positions_are_recovered(made, points):
    truth = truths(made, points)
    assert np.corrcoef(points.frame["theta"], truth)[0, 1] > 0.95
    assert ((points.frame["lo90"] <= truth) & (points.frame["hi90"] >= truth)).mean() > 0.75
    assert points.frame["theta"].mean() == pytest.approx(0.0, abs=1e-9)
    assert points.frame.filter(actor="USA")["theta"].mean() > 0


def test_every_draw_has_mean_0_and_standard_deviation_1(made):
    chosen = ideal_points(made.ballots, method="bsv2017", burn=2, draws=2, thin=1).selection
    begin = bsv.published_start(chosen.panel, np.array([19]), np.array([0]), np.array([19, 0]))
    kept = bsv.sample(chosen.panel, begin, burn=5, draws=3, thin=1)
    assert np.allclose(kept.theta.mean(axis=1), 0.0)
    assert np.allclose(kept.theta.std(axis=1, ddof=1), 1.0)
    assert (kept.cuts[:, :, 0] <= kept.cuts[:, :, 1]).all()
    assert (np.abs(kept.cuts) <= 7.0 + 1e-6).all()


def test_the_same_seed_gives_the_same_draws_with_any_number_of_threads(made):
    chosen = ideal_points(made.ballots, method="bsv2017", burn=1, draws=2, thin=1).selection
    begin = bsv.published_start(chosen.panel, np.array([19]), np.array([0]), np.array([19, 0]))
    one, two, other = (
        bsv.sample(chosen.panel, begin, burn=5, draws=3, thin=1, seed=seed, threads=threads)
        for seed, threads in ((4, 1), (4, 3), (5, 2))
    )
    assert np.array_equal(one.theta, two.theta)
    assert np.array_equal(one.cuts, two.cuts)
    assert not np.array_equal(one.theta, other.theta)


def test_chances_are_those_of_the_probit(made, points):
    chances = points.predict()
    assert np.allclose(chances.sum(axis=2), 1.0)
    flat = bsv.chances(np.zeros(1), np.zeros(1), np.ones(1), np.array([[-1.0, 1.0]]), np.zeros(1, dtype=np.int64))
    assert flat[0] == pytest.approx([ndtr(-1), ndtr(1) - ndtr(-1), ndtr(-1)])
    assert points.log_loss(made.ballots) < 0.7


def test_without_the_named_states_the_chain_still_finds_a_side(made):
    others = replace(made.ballots, actors=tuple(f"B{at:02}" for at in range(20)))
    found = ideal_points(others, method="bsv2017", burn=300, draws=50, thin=2)
    assert found.frame.filter(actor="B00")["theta"].mean() > 0
    assert abs(np.corrcoef(found.frame["theta"], truths(made._replace(ballots=others), found))[0, 1]) > 0.9


def test_what_the_published_model_has_not_is_said(made, points):
    for options in ({"dims": 2}, {"smooth": False}):
        with pytest.raises(UsageError, match="as published"):
            ideal_points(made.ballots, method="bsv2017", **options)
    with pytest.raises(Refusal, match="smoothed points of the default model"):
        explain(points, "USA", 1, 2)
    with pytest.raises(Refusal, match="can be updated"):
        update(points, made.ballots)
