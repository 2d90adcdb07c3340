"""The array layer of the default model: derivatives by differences, what stays the same under a change of scale, exactness."""

from __future__ import annotations

import numpy as np
import pytest
from assemblies import assembly
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime

from multipolar.votes.arrays import _dynamic, dynamic, filtered, moves
from multipolar.votes.arrays.panel import linked, panel

finite = st.floats(-4, 4)


def likelihood(choice, eta, c1, c2):
    """Log chance of a choice, straight from the definition."""
    low, high = 1.0 / (1.0 + np.exp(-(c1 - eta))), 1.0 / (1.0 + np.exp(-(c2 - eta)))
    return float(np.log((low, high - low, 1.0 - high)[choice - 1]))


@given(st.integers(1, 3), finite, finite, st.floats(0.2, 3.0))
def test_a_vote_has_the_slope_of_its_log_chance_in_eta(choice, eta, c1, gap):
    g1, g2, h1, h2 = _dynamic.vote(choice, eta, c1, c1 + gap)
    h = 1e-5
    values = [likelihood(choice, eta + step, c1, c1 + gap) for step in (-h, 0.0, h)]
    assert -(g1 + g2) == pytest.approx((values[2] - values[0]) / (2 * h), abs=1e-4)
    h = 1e-3  # a second difference of a log of a difference loses half its digits
    values = [likelihood(choice, eta + step, c1, c1 + gap) for step in (-h, 0.0, h)]
    assert h1 + h2 == pytest.approx(-(values[2] - 2 * values[1] + values[0]) / h**2, abs=1e-3)
    assert h1 >= 0
    assert h2 >= 0


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_an_item_has_the_slope_of_its_log_likelihood(seed):
    """Slopes and curvatures in both discriminations, the first cut and the log gap, where positions are known."""
    rng = np.random.default_rng(seed)
    n = 40
    theta, choices = rng.normal(size=(n, 2)), rng.integers(1, 4, size=(1, n)).astype(np.int8)
    made = panel(choices, np.ones(1, dtype=np.int64), np.zeros(1, dtype=np.int64))
    item = rng.normal(size=4) * 0.7
    grad, curv = np.empty(4), np.empty((4, 4))

    def total(at):
        eta = theta @ at[:2]
        pairs = zip(choices[0], eta, strict=True)
        return sum(likelihood(int(choice), value, at[2], at[2] + np.exp(at[3])) for choice, value in pairs)

    args = (made.start, made.cell, made.choice, theta, np.zeros((n, 3)), item[None, :], grad, curv)
    _dynamic.item_slopes(0, *args)
    assert grad == pytest.approx(approx_fprime(item, total, 1e-6), abs=1e-3)
    assert np.allclose(curv, curv.T)
    hessian = np.array([approx_fprime(item, lambda at, k=k: approx_fprime(at, total, 1e-5)[k], 1e-4) for k in range(4)])
    assert curv[:3, :3] == pytest.approx(-hessian[:3, :3], abs=0.2)
    assert np.linalg.eigvalsh(curv).min() > -1e-6


@given(st.integers(0, 10_000))
def test_the_inverse_is_an_inverse(seed):
    root = np.random.default_rng(seed).normal(size=(4, 6))
    matrix = root @ root.T + 0.1 * np.eye(4)
    out = np.empty((4, 4))
    _dynamic.invert(matrix.copy(), out)
    assert out @ matrix == pytest.approx(np.eye(4), abs=1e-7)
    a, b, c = _dynamic.inverse2(matrix[0, 0], matrix[0, 1], matrix[1, 1])
    assert np.array([[a, b], [b, c]]) @ matrix[:2, :2] == pytest.approx(np.eye(2), abs=1e-7)


@pytest.fixture(scope="module")
def votes():
    made = assembly(states=12, sessions=4, calls=20, seed=9).ballots
    item = np.where([len(set(row) - {0}) > 1 for row in made.choices], 1, 0)
    number = np.where(item == 1, np.cumsum(item) - 1, -1)
    return panel(made.choices, made.sessions, number)


@pytest.fixture(scope="module")
def fitted(votes):
    return dynamic.estimate(votes)


def test_a_panel_keeps_every_vote_in_the_order_of_items(votes):
    made = assembly(states=12, sessions=4, calls=20, seed=9).ballots
    assert (votes.choice == made.choices[votes.row, votes.state[votes.cell]]).all()
    assert (votes.session[votes.cell] == made.sessions[votes.row]).all()
    assert (np.diff(votes.row[votes.start[:-1]]) > 0).all()
    assert votes.votes.sum() == len(votes.choice) == votes.counts.sum()
    assert votes.first.sum() == 12
    assert (votes.gap == 1).all()


def test_a_panel_without_votes_is_empty():
    none = panel(np.zeros((2, 3), dtype=np.int8), np.array([1, 2]), np.full(2, -1))
    assert none.items == 0
    assert none.cells == 0


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda pair: pair[0] < pair[1]), max_size=12))
def test_links_go_back_in_time_and_linked_ones_stay_together(pairs):
    ordered = sorted(pairs, key=lambda pair: (pair[1], pair[0]))
    name = linked(9, np.array(ordered, dtype=np.int64).reshape(-1, 2))
    assert (name <= np.arange(9)).all()
    assert (name[name] == name).all()


def test_the_fit_stands_still_at_the_end(votes, fitted):
    begin = dynamic.Start(fitted.mean, fitted.var, fitted.items, fitted.centre, fitted.precision)
    again = dynamic.fit(votes, begin, dynamic.Prior(sweeps=200, tolerance=1e-7))
    assert np.abs(again.mean - fitted.mean).max() < 0.02


def test_the_same_fit_is_found_from_another_start(votes, fitted):
    begin = dynamic.start(votes)
    rng = np.random.default_rng(0)
    begin.mean[:, 0] += 0.5 * rng.normal(size=votes.cells)
    strict = dynamic.Prior(sweeps=300, tolerance=1e-7)
    one = dynamic.fit(votes, begin, strict)
    two = dynamic.fit(votes, dynamic.start(votes), strict)
    assert np.abs(one.mean[:, 0] - two.mean[:, 0]).max() < 1e-3


def test_fitting_twice_gives_the_same_numbers(votes, fitted):
    again = dynamic.estimate(votes)
    assert np.array_equal(again.mean, fitted.mean)
    assert np.array_equal(again.items.spread, fitted.items.spread)


def test_variances_are_positive_and_fall_with_votes(votes, fitted):
    assert (fitted.var[:, 0] > 0).all()
    few = np.arange(votes.items) % 4 == 0
    rows = np.flatnonzero(few[votes.item])
    starts = np.append(0, np.cumsum(np.diff(votes.start)[few]))
    part = votes._replace(start=starts, cell=votes.cell[rows], choice=votes.choice[rows], row=votes.row[rows])
    assert dynamic.estimate(part).var[:, 0].mean() > fitted.var[:, 0].mean()


def test_chances_do_not_change_when_the_axes_do(votes):
    one = dynamic.estimate(votes, dims=2)
    sweeper = dynamic._Sweeper(votes, dynamic.Start(*one[:3], one.centre, one.precision), dynamic.PRIOR, 2, None)
    matrix, shift = np.array([[0.6, -1.1], [1.3, 0.4]]), np.array([0.3, -0.7])
    before = sweeper.items[:, :2] @ sweeper.mean.T - sweeper.items[:, 2:3]
    own = np.einsum("vi,cij,vj->vc", sweeper.items[:, :2], sweeper.var[:, [[0, 1], [1, 2]]], sweeper.items[:, :2])
    sweeper._transform(matrix, shift)
    after = sweeper.items[:, :2] @ sweeper.mean.T - sweeper.items[:, 2:3]
    new = np.einsum("vi,cij,vj->vc", sweeper.items[:, :2], sweeper.var[:, [[0, 1], [1, 2]]], sweeper.items[:, :2])
    assert np.allclose(before, after)
    assert np.allclose(own, new)


def test_two_axes_are_uncorrelated_and_the_first_lies_along_the_model_with_one(votes, fitted):
    two = dynamic.estimate(votes, dims=2)
    assert abs(np.corrcoef(two.mean[:, 0], fitted.mean[:, 0])[0, 1]) > 0.8
    assert abs(np.corrcoef(two.mean[:, 1], fitted.mean[:, 0])[0, 1]) < 0.35


def test_a_mirror_changes_signs_and_no_chance(votes, fitted):
    other = dynamic.mirror(fitted, np.array([-1.0, 1.0]))
    item = votes.item
    one = dynamic.chances(fitted.mean[votes.cell], fitted.var[votes.cell], fitted.items, item)
    two = dynamic.chances(other.mean[votes.cell], other.var[votes.cell], other.items, item)
    assert np.allclose(one, two)
    assert np.array_equal(other.mean[:, 0], -fitted.mean[:, 0])


def test_chances_are_averages_over_what_is_not_known():
    """One vote, position and item uncertain: against draws."""
    rng = np.random.default_rng(1)
    spread = np.diag([0.2, 1e-12, 0.1, 0.0])
    spread[0, 2] = spread[2, 0] = 0.05
    items = dynamic.Items(np.array([[1.2, 0.0, 0.4, -0.2]]), spread[None])
    mean, var = np.array([[0.7, 0.0]]), np.array([[0.3, 0.0, 0.0]])
    drawn = rng.multivariate_normal([1.2, 0.4], spread[[0, 2]][:, [0, 2]], size=200_000)
    theta = 0.7 + np.sqrt(0.3) * rng.normal(size=200_000)
    low = 1.0 / (1.0 + np.exp(-(drawn[:, 1] - drawn[:, 0] * theta)))
    high = 1.0 / (1.0 + np.exp(-(drawn[:, 1] + np.exp(-0.2) - drawn[:, 0] * theta)))
    exact = [low.mean(), (high - low).mean(), 1.0 - high.mean()]
    assert dynamic.chances(mean, var, items, np.zeros(1, dtype=np.int64))[0] == pytest.approx(exact, abs=0.01)


@pytest.mark.parametrize("dims", [1, 2])
def test_votes_add_up_to_what_the_fit_says_of_a_cell(votes, dims):
    one = dynamic.estimate(votes, dims=dims)
    # the last step was made before the scale was set: undo it, and terms of votes must sum to those of cells
    linear, info = moves.vote_terms(votes, one, np.arange(len(votes.choice)))
    summed = np.zeros((votes.cells, 2))
    np.add.at(summed, votes.cell, linear)
    assert np.allclose(summed, one.linear, atol=1e-8)
    whole = np.zeros((votes.cells, 2, 2))
    np.add.at(whole, votes.cell, info)
    assert np.allclose(whole[:, 0, 0], one.info[:, 0], atol=1e-8)
    assert np.allclose(whole[:, 0, 1], one.info[:, 1], atol=1e-8)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 47), st.integers(0, 3))
def test_moves_between_any_two_sessions_are_exact(votes_and_fit, one, other):
    votes, fitted = votes_and_fit
    mine = np.flatnonzero(votes.state == votes.state[one])
    target = int(mine[other])
    told = moves.moves(votes, fitted, one, target)
    assert told.parts.sum(axis=0) + told.start == pytest.approx(told.change, abs=1e-9)
    assert told.change == pytest.approx(fitted.mean[target] - fitted.mean[one])
    assert (votes.state[votes.cell[told.votes]] == votes.state[one]).all()


@pytest.fixture(scope="module")
def votes_and_fit(votes, fitted):
    return votes, fitted


def test_a_vote_contributes_what_leaving_it_out_would_take_away(votes, fitted):
    """With items and weights held: drop one vote's normal observation, smooth again, compare."""
    cells = np.flatnonzero(votes.state == 3)
    told = moves.moves(votes, fitted, int(cells[0]), int(cells[-1]))
    largest = int(np.abs(told.parts[:, 0]).argmax())
    linear, info = (part[0] for part in moves.vote_terms(votes, fitted, told.votes[[largest]]))
    place = votes.cell[told.votes[largest]]
    reference = fitted.mean[cells[0]]
    changed = fitted.linear.copy()
    changed[place] -= linear - info @ reference  # as if the vote had said what the state's first position says
    whole = np.linalg.inv(moves._precision(votes, fitted, cells))
    begin = np.zeros((len(cells), 2))
    begin[0] = fitted.origin[:2] / fitted.origin[2:]
    solved = (whole @ (changed[cells] + begin).ravel()).reshape(-1, 2)
    change = solved[-1, 0] - solved[0, 0]
    assert told.change[0] - change == pytest.approx(told.parts[largest, 0], abs=1e-9)


def test_a_filter_on_one_session_is_the_fit_of_that_session():
    made = assembly(states=15, sessions=1, calls=60, seed=3).ballots
    whole = panel(made.choices, made.sessions, np.arange(60))
    own = dynamic.PRIOR._replace(learn=False)
    one = filtered.filtered(whole)
    two = dynamic.fit(whole, dynamic.start(whole, own), own)
    assert np.abs(one.mean[:, 0]) == pytest.approx(np.abs(two.mean[:, 0]), abs=0.02)


def test_levelling_changes_no_chance_and_keeps_who_was_there(votes):
    own = dynamic.PRIOR._replace(learn=False)
    cells = np.flatnonzero(votes.session == 2)
    items = np.flatnonzero(votes.session[votes.cell[votes.start[:-1]]] == 2)
    small = filtered._part(votes, cells, items)
    one = dynamic.fit(small, dynamic.start(small, own), own)
    ahead = np.column_stack([np.linspace(-3, 2, small.cells), np.zeros((small.cells, 3))])
    known = np.arange(small.cells) > 2
    two = filtered._levelled(one, ahead, known)
    before = dynamic.chances(one.mean[small.cell], one.var[small.cell], one.items, small.item)
    after = dynamic.chances(two.mean[small.cell], two.var[small.cell], two.items, small.item)
    assert np.allclose(before, after, atol=1e-6)
    assert two.mean[known, 0].mean() == pytest.approx(ahead[known, 0].mean())
    assert two.mean[known, 0].std() == pytest.approx(ahead[known, 0].std())
    kept = filtered._levelled(one, ahead, np.arange(small.cells) < 2)
    assert kept is one


def test_a_part_of_the_votes_is_a_panel(votes):
    cells = np.flatnonzero(votes.session == 3)
    items = np.flatnonzero(votes.session[votes.cell[votes.start[:-1]]] == 3)
    small = filtered._part(votes, cells, items)
    rows = np.isin(votes.cell, cells)
    assert np.array_equal(small.choice, votes.choice[rows])
    assert np.array_equal(cells[small.cell], votes.cell[rows])
    assert small.items == len(items)


def test_a_gap_widens_the_step():
    choices = np.array([[1, 3, 1], [3, 1, 1], [1, 3, 3], [3, 1, 2]], dtype=np.int8)
    made = panel(choices, np.array([1, 2, 6, 7]), np.arange(4))
    assert made.gap.tolist() == [1, 1, 4, 1] * 3


def test_a_state_that_jumps_over_a_gap_is_followed():
    """Absent for ten sessions, back on the other side: the prior gives way."""
    rng = np.random.default_rng(3)
    sessions = np.repeat(np.arange(1, 13), 30)
    theta = np.tile(np.linspace(-1.5, 1.5, 16), (12, 1))
    theta[11, 0] = 1.5
    latent = 3.0 * theta[sessions - 1] + rng.logistic(size=(360, 16))
    choices = np.where(latent < rng.normal(0, 2, size=(360, 1)), 1, 3).astype(np.int8)
    choices[(sessions > 1) & (sessions < 12), 0] = 0
    made = panel(choices, sessions, np.arange(360))
    found = dynamic.estimate(made)
    mine = found.mean[made.state == 0, 0]
    assert len(mine) == 2
    assert abs(mine[1] - mine[0]) > 1.5
