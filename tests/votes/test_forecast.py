"""Agreement in the next session: only from what was known, better than what it is compared with, and refused where it must."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from assemblies import named
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from multipolar.errors import Refusal, UsageError
from multipolar.votes.arrays import forecast as arrays
from multipolar.votes.arrays.similarity import pairs_of
from multipolar.votes.ballots import Ballots
from multipolar.votes.forecast import NO_SESSION, agreement_backtest, next_agreement


def simulated(sessions=16, states=14, rollcalls=30, seed=0) -> Ballots:
    """States on a line that drift, and roll calls that cut it."""
    rng = np.random.default_rng(seed)
    at = rng.normal(0, 1, states)
    rows, session = [], []
    for number in range(sessions):
        at = at + rng.normal(0, 0.1, states)
        for _ in range(rollcalls):
            lean = rng.choice([-1.0, 1.0]) * (at - rng.normal(0, 1)) + rng.logistic(0, 0.3, states)
            choice = np.where(lean > 0.3, 1, np.where(lean < -0.3, 3, 2))
            rows.append(np.where(rng.random(states) < 0.1, 0, choice))
            session.append(30 + number)
    return named(np.array(rows, dtype=np.int8), session)


@pytest.fixture(scope="module")
def small() -> Ballots:
    return simulated()


def test_counts_and_features_against_the_items(small):
    past = arrays.history(small.choices, small.sessions)
    one, other = pairs_of(14)
    last = small.choices[small.sessions == 45]
    pair = 20
    x, y = last[:, one[pair]], last[:, other[pair]]
    both = (x > 0) & (y > 0)
    assert past.joint[-1, pair] == both.sum()
    assert past.agreement[-1, pair] == pytest.approx((x == y)[both].mean(), rel=1e-6)
    mean = arrays.average(past, 0.35)
    weights = 0.65 ** np.arange(16)[::-1]
    assert mean[-1, pair] == pytest.approx(weights @ past.agreement[:, pair] / weights.sum(), rel=1e-5)
    joint = weights_of(past.joint[:, pair], arrays.LEVEL_RATE)
    assert past.average[-1, pair] == pytest.approx(joint @ past.agreement[:, pair] / joint.sum(), rel=1e-5)
    assert np.isfinite(past.features).all()


def weights_of(joint, rate):
    """Weight of each session in an average that forgets, where votes count."""
    return (1 - rate) ** np.arange(len(joint))[::-1] * joint


def test_what_comes_later_changes_nothing(small):
    whole = arrays.history(small.choices, small.sessions)
    for place in (9, 13):
        known = small.sessions <= 30 + place
        cut = arrays.history(small.choices[known], small.sessions[known])
        assert np.array_equal(arrays.forecast(whole, place), arrays.forecast(cut, place), equal_nan=True)
    lied = small.choices.copy()
    lied[small.sessions > 40] = 1
    other = arrays.history(lied, small.sessions)
    assert np.array_equal(arrays.forecast(whole, 10), arrays.forecast(other, 10), equal_nan=True)
    full = next_agreement(small, session=40)
    assert full.equals(next_agreement(small.where(small.sessions <= 40)))


def test_who_is_who_does_not_matter(small):
    rng = np.random.default_rng(1)
    order = rng.permutation(14)
    past, turned = (arrays.history(small.choices[:, each], small.sessions) for each in (np.arange(14), order))
    square = np.full((14, 14), np.nan)
    square[pairs_of(14)] = arrays.forecast(turned, 15)
    square = np.fmax(square, square.T)
    back = np.argsort(order)
    expected = arrays.forecast(past, 15)
    one, other = pairs_of(14)
    assert np.allclose(square[back[one], back[other]], expected, atol=2e-3, equal_nan=True)


def test_the_slopes_are_those_of_a_regression_with_dummies():
    """Eliminating the levels gives what a regression with a dummy for each session gives."""
    sm = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(2)
    steps, rows = [], []
    for session in range(4):
        x = rng.normal(0, 1, (60, 5))
        n = rng.integers(10, 60, 60).astype(float)
        p = 1 / (1 + np.exp(-(0.3 * session + x @ [0.5, 0.1, 0.2, 0.3, -0.2])))
        y = rng.binomial(n.astype(int), p) / n
        x = x - np.average(x, axis=0, weights=n)
        steps.append((x, y, n))
        rows.append((np.hstack([x, np.eye(4)[[session] * 60]]), y, n))
    x, y, n = (np.concatenate(each) for each in zip(*rows, strict=True))
    fitted = sm.GLM(y, x, family=sm.families.Binomial(), var_weights=n).fit()
    assert np.allclose(arrays._slopes(steps), fitted.params[:5], atol=2e-3), "but for a light penalty"


@given(st.floats(0.02, 0.98), st.lists(st.floats(-3, 3), min_size=1, max_size=9))
def test_the_level_gives_the_mean(mean, relative):
    relative = np.array(relative)
    weight = np.arange(1.0, len(relative) + 1)
    p = 1 / (1 + np.exp(-(relative + arrays._level(relative, weight, mean))))
    assert np.average(p, weights=weight) == pytest.approx(mean, abs=1e-6)


def test_kinds_of_roll_call_by_hand():
    rows = np.zeros((4, 40), dtype=np.int8)
    rows[0] = 1
    rows[1, :39], rows[1, 39] = 1, 3
    rows[2, :20], rows[2, 20:30] = 3, 2
    rows[2, 30:35] = 1
    rows[3, :10], rows[3, 10:20], rows[3, 20:] = 1, 2, 3
    assert arrays.dissent(rows).tolist() == [0, 0, 5, 5], "0, 1 of 40, 15 of 35, 20 of 40 apart"
    rows[1, 37:] = 3
    rows[2, 20:] = 0
    assert arrays.dissent(rows).tolist() == [0, 1, 0, 5], "3 of 40; all of 20"


@given(st.integers(5, 30), st.integers(0, 99))
def test_the_main_part_is_that_of_a_full_decomposition(size, seed):
    rng = np.random.default_rng(seed)
    basis = np.linalg.qr(rng.normal(size=(size, size)))[0]
    value = np.concatenate([[9.0, -8.0, 7.0, -6.0], rng.uniform(-0.5, 0.5, size - 4)])
    square = (basis * value) @ basis.T
    main = (basis[:, : arrays.RANK] * value[: arrays.RANK]) @ basis[:, : arrays.RANK].T
    assert np.allclose(arrays._main_part(square), main, atol=1e-6)


def test_losses_are_binomial():
    rng = np.random.default_rng(4)
    joint = rng.integers(10, 90, 50)
    alike = rng.binomial(joint, 0.7)
    p = rng.uniform(0.1, 0.9, 50)
    error, loss = arrays.loss(p, alike / joint, joint.astype(float))
    assert error == pytest.approx(np.abs(p - alike / joint))
    even = np.full(50, 0.5)
    against = arrays.loss(even, alike / joint, joint.astype(float))[1]
    difference = binom.logpmf(alike, joint, 0.5) - binom.logpmf(alike, joint, p)
    assert loss - against == pytest.approx(difference), "but for what does not depend on the forecast"
    sure = arrays.loss(np.array([1.0, 0.0]), np.array([1.0, 1.0]), np.array([1.0, 1.0]))[1]
    assert sure == pytest.approx(-np.log([0.995, 0.005]))


def test_the_backtest_is_made_of_single_forecasts(small):
    rows = agreement_backtest(small, first=43).sessions.to_dicts()
    past = arrays.history(small.choices, small.sessions)
    for row, place in zip(rows, (13, 14), strict=True):
        told = next_agreement(small, session=30 + place)
        after = arrays.history(small.choices, small.sessions)
        one, other = pairs_of(14)
        pair = {(small.actors[a], small.actors[b]): at for at, (a, b) in enumerate(zip(one, other, strict=True))}
        at = np.array([pair[a, b] for a, b in told.select("a", "b").iter_rows()])
        kept = after.joint[place + 1][at] >= arrays.LEAST
        error = np.abs(told["expected"].to_numpy() - after.agreement[place + 1][at])[kept]
        assert row["mae_model"] == pytest.approx(error.mean(), rel=1e-6)
        assert (row["pairs"], row["session"]) == (kept.sum(), past.sessions[place + 1])
        assert row["joint"] == after.joint[place + 1][at][kept].sum()


def test_states_that_hardly_ever_voted_have_a_forecast_only_where_known(small):
    choices = small.choices.copy()
    choices[:, 3] = 0
    choices[small.sessions == 45, 3] = small.choices[small.sessions == 45, 3]
    choices[small.sessions == 45, 4] = 0
    found = next_agreement(Ballots(choices, small.actors, small.rollcalls))
    named = set(found["a"]) | set(found["b"])
    assert small.actors[3] in named and small.actors[4] not in named
    assert found["expected"].is_finite().all()


def test_the_forecast_is_better_than_the_last_session(small):
    made_ = agreement_backtest(small, first=38)
    figures = {row["forecast"]: row for row in made_.figures.to_dicts()}
    assert figures["model"]["mae"] < figures["last"]["mae"] and figures["model"]["logloss"] < figures["last"]["logloss"]
    for row in figures.values():
        assert row["mae_lo90"] <= row["mae"] <= row["mae_hi90"]
        assert row["logloss_lo90"] <= row["logloss"] <= row["logloss_hi90"]
    assert figures["average"]["mae_gain"] == figures["average"]["logloss_gain_hi90"] == 0
    assert made_.sessions["session"].to_list() == list(range(39, 46))
    assert made_.figures.equals(agreement_backtest(small, first=38).figures), "the bootstrap has a seed"


def test_the_first_sessions_are_forecast_by_the_average():
    few = simulated(sessions=1)
    found = next_agreement(few)
    assert found["expected"].is_between(0.005, 0.995).all()
    agreed = found["agreement"]
    assert np.average(found["expected"], weights=found["joint"]) == pytest.approx(
        np.average(agreed, weights=found["joint"]), abs=1e-3
    )


def test_the_session_with_one_roll_call_is_left_out():
    ballots = simulated(sessions=3)
    shifted = ballots.rollcalls.with_columns(session=(pl.col("session") - 12).cast(pl.Int32))
    renamed = Ballots(ballots.choices, ballots.actors, shifted)
    assert set(renamed.sessions) == {18, NO_SESSION, 20}
    assert next_agreement(renamed).equals(next_agreement(renamed.where(renamed.sessions != NO_SESSION)))
    with pytest.raises(UsageError, match="got 19"):
        next_agreement(renamed, session=NO_SESSION)


def test_refusals(small):
    with pytest.raises(UsageError, match=r"got 12\nHint: The last ones are 41, 42, 43, 44, 45"):
        next_agreement(small, session=12)
    with pytest.raises(Refusal, match="10 joint votes in session 30"):
        next_agreement(simulated(sessions=1, rollcalls=5))
    with pytest.raises(Refusal, match="after 45"):
        agreement_backtest(small, first=45)
    with pytest.raises(Refusal, match="no roll call"):
        next_agreement(small.where(np.zeros(len(small.choices), dtype=bool)))


def test_471_636_pairs_of_the_general_assembly(unga):
    """Published baselines on the same work: persistence 0.0606 / 0.5104, an average 0.0552 / 0.5052, combined 0.0546 / 0.5048."""
    figures = {row["forecast"]: row for row in agreement_backtest(unga).figures.to_dicts()}
    assert {row["pairs"] for row in figures.values()} == {471_636}
    assert (round(figures["last"]["mae"], 4), round(figures["last"]["logloss"], 4)) == (0.0606, 0.5104)
    assert (round(figures["average"]["mae"], 4), round(figures["average"]["logloss"], 4)) == (0.0552, 0.5052)
    model = figures["model"]
    assert model["mae"] < 0.0537 and model["logloss"] < 0.5043
    assert model["mae_gain_lo90"] > 0 and model["logloss_gain_lo90"] > 0
