"""Scores, intervals, regressions and histories, each held to a slow and obvious one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from multipolar.backtests.arrays import bootstrap, history, regression, scores, windows
from multipolar.backtests.arrays.windows import Plan


def sample(seed: int, rows: int = 200) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Outcomes, forecasts with ties among them, and blocks."""
    rng = np.random.default_rng(seed)
    forecast = rng.integers(0, 12, rows) / 12.0
    outcome = (rng.random(rows) < 0.1 + 0.5 * forecast).astype(float)
    return outcome, forecast, rng.integers(0, 6, rows)


def auc_by_all_pairs(outcome: np.ndarray, forecast: np.ndarray) -> float:
    events, others = forecast[outcome == 1], forecast[outcome == 0]
    return float(np.mean([(x > y) + 0.5 * (x == y) for x in events for y in others]))


@given(st.integers(0, 10_000))
def test_auc_is_the_share_of_all_pairs_in_order(seed: int) -> None:
    outcome, forecast, _ = sample(seed, 60)
    if 0 < outcome.sum() < len(outcome):
        assert scores.auc(outcome, forecast) == pytest.approx(auc_by_all_pairs(outcome, forecast))


def test_auc_of_one_class_is_not_known() -> None:
    assert np.isnan(scores.auc(np.zeros(3), np.arange(3.0)))


def test_average_precision_by_hand() -> None:
    # events at ranks 1 and 3: (1/1 + 2/3) / 2; with the last two tied, the second event counts at rank 4: (1 + 2/4) / 2
    outcome = np.array([1.0, 0.0, 1.0, 0.0])
    assert scores.average_precision(outcome, np.array([4.0, 3.0, 2.0, 1.0])) == pytest.approx((1 + 2 / 3) / 2)
    assert scores.average_precision(outcome, np.array([4.0, 3.0, 1.0, 1.0])) == pytest.approx((1 + 2 / 4) / 2)


@pytest.mark.parametrize(("y", "mean", "sd"), [(0.3, 0.1, 0.5), (-2.0, 0.0, 1.0), (1.0, 1.0, 0.2)])
def test_crps_is_the_integral(y: float, mean: float, sd: float) -> None:
    below = integrate.quad(lambda x: stats.norm.cdf(x, mean, sd) ** 2, -15, y)[0]
    above = integrate.quad(lambda x: (stats.norm.cdf(x, mean, sd) - 1) ** 2, y, 15)[0]
    assert scores.crps(np.array([y]), np.array([mean]), np.array([sd]))[0] == pytest.approx(below + above, abs=1e-6)


def test_log_loss_and_brier_by_hand() -> None:
    outcome, forecast = np.array([1.0, 0.0]), np.array([0.8, 0.4])
    assert scores.log_loss(outcome, forecast) == pytest.approx([-np.log(0.8), -np.log(0.6)])
    assert scores.brier(outcome, forecast) == pytest.approx([0.04, 0.16])


def test_draws_of_periods_give_what_rows_drawn_with_their_periods_give() -> None:
    outcome, forecast, block = sample(1)
    counts = bootstrap.drawn(6, seed=3, draws=20)
    areas = bootstrap.areas(outcome, forecast, block, counts)
    for number, drawn in zip(areas, counts, strict=True):
        rows = np.repeat(np.arange(len(block)), drawn[block].astype(int))
        assert number == pytest.approx(scores.auc(outcome[rows], forecast[rows]))
    loss = scores.log_loss(outcome, forecast)
    ones = bootstrap.sums(np.ones(len(block)), block, 6)
    means = bootstrap.ratios(bootstrap.sums(loss, block, 6), ones, counts)
    rows = np.repeat(np.arange(len(block)), counts[7][block].astype(int))
    assert means[7] == pytest.approx(loss[rows].mean())


def test_the_same_seed_draws_the_same() -> None:
    assert (bootstrap.drawn(9, 1) == bootstrap.drawn(9, 1)).all()
    assert (bootstrap.drawn(9, 1) != bootstrap.drawn(9, 2)).any()
    assert (bootstrap.drawn(9, 1)[0] == 1).all()
    assert (bootstrap.drawn(9, 1).sum(axis=1) == 9).all()


def test_an_interval_leaves_out_draws_that_say_nothing() -> None:
    values = np.array([0.5, np.nan, *np.linspace(0, 1, 101)])
    assert bootstrap.interval(values) == pytest.approx((0.5, 0.05, 0.95))
    assert np.isnan(bootstrap.interval(np.array([0.5]))[1])


def test_logistic_is_that_of_statsmodels() -> None:
    sm = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(0)
    x = rng.normal(size=(400, 3))
    y = (rng.random(400) < 1 / (1 + np.exp(-(0.5 * x[:, 0] - x[:, 1] - 1)))).astype(float)
    weight = rng.integers(1, 5, 400).astype(float)
    z = np.column_stack([np.ones(400), x])
    fitted = sm.GLM(y, z, family=sm.families.Binomial(), freq_weights=weight).fit()
    assert regression.logistic(z, y, weight, 0.0) == pytest.approx(fitted.params, abs=1e-6)
    ridge = regression.logistic(z, y, weight, 10.0)
    p = 1 / (1 + np.exp(-z @ ridge))
    gradient = z.T @ (weight * (y - p)) - 10.0 * np.array([0, *ridge[1:]])
    assert gradient == pytest.approx(np.zeros(4), abs=1e-4)
    assert np.abs(ridge[1:]).sum() < np.abs(fitted.params[1:]).sum()


def test_logistic_ends_where_classes_are_apart() -> None:
    z = np.column_stack([np.ones(20), np.arange(20.0) - 9.5])
    slopes = regression.logistic(z, (z[:, 1] > 0).astype(float), np.ones(20), 1.0)
    assert np.isfinite(slopes).all() and slopes[1] > 0


def test_linear_is_least_squares() -> None:
    rng = np.random.default_rng(0)
    z = np.column_stack([np.ones(50), rng.normal(size=(50, 2))])
    y = rng.normal(size=50)
    assert regression.linear(z, y, np.ones(50), 0.0) == pytest.approx(np.linalg.lstsq(z, y, rcond=None)[0])


def test_median_is_that_of_statsmodels() -> None:
    sm = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(0)
    z = np.column_stack([np.ones(300), rng.normal(size=(300, 2))])
    y = z @ [1.0, 2.0, -1.0] + rng.exponential(size=300)
    found = regression.median(z, y, np.ones(300), 0.0)
    assert found == pytest.approx(sm.QuantReg(y, z).fit(q=0.5).params, abs=0.01)
    least = np.abs(y - z @ found).sum()
    assert least < np.abs(y - z @ regression.linear(z, y, np.ones(300), 0.0)).sum()


def test_what_is_not_known_counts_as_the_mean_and_says_so() -> None:
    x = np.array([[1.0, 2.0], [3.0, np.nan], [5.0, 4.0]])
    scale = regression.Scale.of(x, np.ones(3))
    z = scale.apply(x)
    assert z.shape == (3, 4)
    assert z[:, 3].tolist() == [0, 1, 0]
    assert z[1, 2] == 0
    assert z[:, 1].mean() == pytest.approx(0)
    assert z[:, 1].std() == pytest.approx(1)


def test_a_fit_knows_nothing_of_its_own_period_or_later() -> None:
    rng = np.random.default_rng(0)
    period = np.repeat(np.arange(20), 30)
    x = rng.normal(size=(600, 2)).astype(np.float32)
    y = (rng.random(600) < 0.3).astype(float)
    plan = Plan(10, 18, step=3)
    made = windows.expanding(plan, period, x, y)
    changed = y.copy()
    changed[period >= 13] = 1.0 - changed[period >= 13]
    again = windows.expanding(plan, period, x, changed)
    early = (period >= 10) & (period < 16)
    assert (made[early] == again[early]).all()
    assert (made[(period >= 16) & (period <= 18)] != again[(period >= 16) & (period <= 18)]).any()
    assert np.isnan(made[(period < 10) | (period > 18)]).all()
    rate = windows.earlier(plan, period, y)
    assert rate[period == 10] == pytest.approx(y[period < 10].mean())


def test_rows_without_an_event_are_thinned_and_weighed() -> None:
    rng = np.random.default_rng(0)
    period = np.repeat(np.arange(40), 500)
    x = rng.normal(size=(20_000, 1)).astype(np.float32)
    y = (rng.random(20_000) < 1 / (1 + np.exp(3 - x[:, 0]))).astype(float)
    whole, thin = (windows.expanding(Plan(30, 39, step=10, thin=n), period, x, y) for n in (1, 4))
    tested = period >= 30
    assert np.corrcoef(whole[tested], thin[tested])[0, 1] > 0.999
    assert thin[tested].mean() == pytest.approx(whole[tested].mean(), rel=0.05)


def test_a_window_reaches_back_as_far_as_it_says() -> None:
    period = np.arange(10)
    assert windows.earlier(Plan(8, 8, reach=2), period, period.astype(float))[8] == 6.5


def test_spreads_are_those_of_like_rows_before() -> None:
    period = np.repeat(np.arange(6), 100)
    volume = np.tile(np.arange(100.0), 6)
    error = np.where(volume < 20, 3.0, 1.0) * np.where(period >= 4, 9.0, 1.0)
    made = windows.spreads(Plan(4, 5, step=1, binary=False), period, error, volume)
    assert made[(period == 4) & (volume < 20)] == pytest.approx(3.0)
    assert made[(period == 4) & (volume >= 20)] == pytest.approx(1.0)
    assert (made[(period == 5) & (volume >= 20)] > 1.0).all()


def test_a_memory_halves_and_counts_years() -> None:
    memory = history.Memory(3, (2.0,))
    once, never = np.zeros((3, 3), dtype=np.float32), np.zeros((3, 3), dtype=np.float32)
    once[0, 1] = once[1, 0] = 1.0
    for events in (once, never, never):
        memory.add(events)
    assert memory.counts[2.0][0, 1] == pytest.approx(0.5)
    assert memory.since(60.0)[0, 1] == 2
    assert memory.since(60.0)[0, 2] == 60
    assert memory.of_others(2.0)[0, 2] == pytest.approx(0.5)
    assert memory.of_others(2.0)[0, 1] == pytest.approx(0.0)


def test_near_and_neighbours() -> None:
    km = np.array([[np.nan, 0.0, np.nan], [0.0, np.nan, 1000.0], [np.nan, 1000.0, np.nan]], dtype=np.float32)
    nearness = history.near(km, 1000.0)
    assert nearness[0] == pytest.approx([0, 1, 0])
    assert nearness[1] == pytest.approx([1, 0, np.exp(-1)])
    ties = np.zeros((3, 3), dtype=np.float32)
    ties[1, 2] = ties[2, 1] = 1.0
    assert history.among_neighbours(ties, nearness)[0, 2] == pytest.approx(1.0)  # the only neighbour of 0 is tied to 2
