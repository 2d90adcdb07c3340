"""The chain of stages as arrays, against slow and obvious ways to the same figures, and statsmodels."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.sparse import csr_array
from scipy.special import expit
from scipy.stats import beta, chi2

from multipolar.measures.arrays import counted
from multipolar.measures.arrays.ordered import Ordered, fit_ordered, probabilities
from multipolar.measures.arrays.stages import LEVELS, LONGEST, MISSING, propagate, transitions, years_at


def sample(rows: int = 600, seed: int = 7) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    x = np.column_stack([random.normal(size=rows), random.integers(0, 2, rows)]).astype(float)
    y = np.digitize(x @ [0.8, -1.1] + random.logistic(size=rows), [-1.0, 0.3, 1.5])
    return x, y.astype(np.int64)


def loglik(cuts: np.ndarray, slopes: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    total = 0.0
    for row, level in zip(x, y, strict=True):
        upper = 1.0 if level == cuts.size else expit(cuts[level] - row @ slopes)
        lower = 0.0 if level == 0 else expit(cuts[level - 1] - row @ slopes)
        total += np.log(upper - lower)
    return float(total)


def test_the_estimate_is_that_of_statsmodels() -> None:
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    x, y = sample()
    ours = fit_ordered(x, y, np.ones(y.size), 4, prior_sd=np.inf)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of its own optimiser when the gradient is already nil
        theirs = OrderedModel(y, x, distr="logit").fit(method="bfgs", disp=0, gtol=1e-8)
    assert ours.converged
    assert ours.loglik == pytest.approx(theirs.llf, abs=1e-6)
    assert ours.slopes == pytest.approx(theirs.params[:2], abs=1e-4)
    assert ours.cuts[0] == pytest.approx(theirs.params[2], abs=1e-4)
    assert np.log(np.diff(ours.cuts)) == pytest.approx(theirs.params[3:], abs=1e-4)


def test_the_log_likelihood_is_the_sum_over_rows() -> None:
    x, y = sample(80)
    fit = fit_ordered(x, y, np.ones(y.size), 4, prior_sd=np.inf)
    assert fit.loglik == pytest.approx(loglik(fit.cuts, fit.slopes, x, y), abs=1e-9)


def test_rows_that_stand_for_many_are_the_same_as_many_rows() -> None:
    x, y = sample(300)
    x[:, 0] = x[:, 0].round()
    both = np.column_stack([x, y])
    cells, index = np.unique(both, axis=0, return_inverse=True)
    cluster = np.arange(y.size) // 3
    counts = csr_array((np.ones(y.size), (cluster, index)), shape=(100, cells.shape[0]))
    short = fit_ordered(cells[:, :2], cells[:, 2].astype(np.int64), counts, 4)
    long = fit_ordered(x, y, csr_array((np.ones(y.size), (cluster, np.arange(y.size))), shape=(100, y.size)), 4)
    assert short.slopes == pytest.approx(long.slopes, abs=1e-9)
    assert short.cov == pytest.approx(long.cov, abs=1e-9)


def test_dependence_within_clusters_widens_the_interval() -> None:
    x, y = sample(200)
    times = 5  # every observation five times over: no news, and naive errors would shrink
    cluster = np.tile(np.arange(y.size), times)
    counts = csr_array((np.ones(y.size * times), (cluster, np.tile(np.arange(y.size), times))), shape=(200, 200))
    once, more = fit_ordered(x, y, np.ones(y.size), 4, prior_sd=np.inf), fit_ordered(x, y, counts, 4, prior_sd=np.inf)
    assert np.diag(more.cov) == pytest.approx(np.diag(once.cov), rel=1e-6)


def test_a_covariate_that_separates_the_levels_stays_finite() -> None:
    x = np.array([[0.0], [0.0], [1.0], [1.0]] * 10)
    y = np.array([0, 0, 1, 1] * 10)
    fit = fit_ordered(x, y, np.ones(y.size), 2)
    assert fit.converged
    assert 3 < fit.slopes[0] < 50
    best = minimize(lambda t: -loglik(t[:1], t[1:], x, y) + t[1] ** 2 / 50.0, [0.0, 1.0]).x
    assert fit.slopes[0] == pytest.approx(best[1], abs=1e-2)


@given(st.lists(st.floats(-4, 4), min_size=1, max_size=4, unique=True), st.floats(-30, 30))
def test_probabilities_are_a_distribution(cuts: list[float], index: float) -> None:
    found = probabilities(np.sort(np.array(cuts)), np.array([index]))
    assert found.shape == (1, len(cuts) + 1)
    assert (found >= 0).all()
    assert found.sum() == pytest.approx(1.0)


def test_a_positive_coefficient_goes_with_higher_levels() -> None:
    low, high = probabilities(np.array([-1.0, 1.0]), np.array([0.0, 1.0]))
    assert high[2] > low[2]


def walk(paths: int, years: int, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.choice([MISSING, 0, 2, 3, 4, 5], size=(paths, years), p=[0.1, 0.4, 0.1, 0.1, 0.2, 0.1]).astype(
        np.int8
    )


@given(st.integers(0, 10_000))
def test_years_and_transitions_are_those_counted_one_by_one(seed: int) -> None:
    stage = walk(4, 12, seed)
    group = np.random.default_rng(seed).integers(-1, 3, size=(4, 11))
    count = np.zeros((3, LEVELS, LEVELS), dtype=int)
    for pair in range(4):
        run = 0
        for year in range(12):
            now = stage[pair, year]
            run = 0 if now == MISSING else run + 1 if year and now == stage[pair, year - 1] else 1
            assert years_at(stage)[pair, year] == run
            if year < 11 and now != MISSING and stage[pair, year + 1] != MISSING and group[pair, year] >= 0:
                count[group[pair, year], now, stage[pair, year + 1]] += 1
    assert (transitions(stage[:, :-1], stage[:, 1:], group, 3) == count).all()


def steps(seed: int, draws: int = 2) -> np.ndarray:
    random = np.random.default_rng(seed)
    raw = random.random((draws, LEVELS, LONGEST, LEVELS)) ** 3
    return raw / raw.sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("stop", [None, 4])
def test_the_chain_goes_where_all_its_paths_go(stop: int | None) -> None:
    step, years = steps(3), 4

    def follow(draw: int, stage: int, run: int, left: int, chance: float, hit: bool, out: np.ndarray) -> None:
        if not left:
            return
        for following in range(LEVELS):
            p = chance * (step[draw, stage, min(run, LONGEST) - 1, following] if not hit else float(following == stage))
            now = hit or (stop is not None and following >= stop)
            out[years - left, following] += p
            if p:
                follow(draw, following, run + 1 if following == stage else 1, left - 1, p, now, out)

    for draw in range(2):
        slow = np.zeros((years, LEVELS))
        follow(draw, 3, 2, years, 1.0, False, slow)
        assert propagate(step, 3, 2, years, stop=stop)[draw] == pytest.approx(slow, abs=1e-12)


def test_a_run_longer_than_counted_goes_on_as_the_longest() -> None:
    step = steps(5)
    assert propagate(step, 0, LONGEST, 3) == pytest.approx(propagate(step, 0, 4 * LONGEST, 3))
    assert propagate(step, 0, 1, 6).sum(axis=2) == pytest.approx(np.ones((2, 6)))


def test_reaching_a_stage_is_no_less_likely_than_being_there() -> None:
    step = steps(9)
    reached = propagate(step, 0, 1, 8, stop=5)[:, :, 5]
    assert (np.diff(reached, axis=1) >= -1e-12).all()
    assert (reached >= propagate(step, 0, 1, 8)[:, :, 5] - 1e-12).all()


def test_shares_and_rates_are_exact() -> None:
    found = counted.share(3, 10)
    assert found.low == pytest.approx(beta.ppf(0.05, 3, 8))
    assert found.high == pytest.approx(beta.ppf(0.95, 4, 7))
    rate = counted.rate(3, 2.0)
    assert rate.low == pytest.approx(chi2.ppf(0.05, 6) / 4)
    assert rate.high == pytest.approx(chi2.ppf(0.95, 8) / 4)
    assert counted.rate(0, 2.0).low == 0.0


@given(st.integers(0, 40), st.integers(1, 40), st.floats(0.5, 0.99))
def test_an_interval_of_a_share_holds_it(count: int, more: int, level: float) -> None:
    found = counted.share(count, count + more, level)
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_nothing_counted_is_not_zero() -> None:
    assert np.isnan(counted.share(0, 0).value)
    none = counted.rate_ratio(0, 1.0, 0, 1.0)
    assert np.isnan(none.value)
    assert (none.low, none.high) == (0.0, np.inf)
    assert counted.rate_ratio(3, 1.0, 0, 1.0).value == np.inf


def test_a_ratio_of_rates_swaps_into_its_inverse() -> None:
    one, other = counted.rate_ratio(4, 2.0, 9, 3.0), counted.rate_ratio(9, 3.0, 4, 2.0)
    assert one.value == pytest.approx(1 / other.value) == pytest.approx((4 / 2) / (9 / 3))
    assert one.low == pytest.approx(1 / other.high)


def test_a_fit_says_what_it_is() -> None:
    x, y = sample(100)
    assert isinstance(fit_ordered(x, y, np.ones(100), 4), Ordered)
