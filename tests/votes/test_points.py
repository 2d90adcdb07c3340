"""Positions of the default model: they recover what was simulated, whatever the order; what is left out is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from assemblies import assembly, named, truths
from hypothesis import given, settings
from hypothesis import strategies as st

from multipolar.errors import DataError, Refusal, UsageError
from multipolar.votes import explain, ideal_points, update
from multipolar.votes.arrays import dynamic, moves
from multipolar.votes.arrays.panel import linked, panel


@pytest.fixture(scope="module")
def made():
    return assembly()


@pytest.fixture(scope="module")
def points(made):
    return ideal_points(made.ballots)


def test_simulated_positions_are_recovered(made, points):
    truth = truths(made, points)
    assert np.corrcoef(points.frame["theta"], truth)[0, 1] > 0.95
    inside = ((points.frame["lo90"] <= truth) & (points.frame["hi90"] >= truth)).mean()
    assert 0.8 < inside <= 1.0
    assert points.frame.columns == ["actor", "session", "year", "theta", "sd", "lo90", "hi90", "votes"]
    assert points.frame["year"][0] == 1946


def test_items_are_recovered_and_cutting_lines_lie_where_choices_change(made, points):
    found = points.items.select("discrimination", "cut_yes", "cut_no").to_numpy()
    rows = [int(name[1:]) for name in points.items["rollcall"]]
    assert len(rows) > 190
    assert np.corrcoef(found[:, 0], made.items[rows, 0])[0, 1] > 0.8
    assert (found[:, 2] > found[:, 1]).all()
    steep = points.items.sort("discrimination")["rollcall"][-1]
    low, high = points.cutting(steep).positions
    assert low < high
    flat = points.cutting(steep)._replace(direction=np.zeros(1))
    assert flat.positions == (np.inf, np.inf)
    with pytest.raises(UsageError, match="roll call with an item"):
        points.cutting("no such")


def test_positions_have_mean_0_and_mean_square_1_and_the_anchor_is_positive(made, points):
    assert points.frame["theta"].mean() == pytest.approx(0.0, abs=1e-12)
    total = points.table.mean[:, 0].var() + points.table.var[:, 0].mean()
    assert total == pytest.approx(1.0)
    assert points.frame.filter(actor="USA")["theta"].mean() > 1.0
    turned = ideal_points(made.ballots, anchor="A00")
    assert turned.frame.filter(actor="A00")["theta"].mean() > 0
    sign = np.sign(points.frame.filter(actor="A00")["theta"].mean())
    assert np.allclose(turned.frame["theta"], sign * points.frame["theta"])


def test_without_the_anchor_the_first_state_is_positive(made):
    others = replace(made.ballots, choices=made.ballots.choices[:, :-1], actors=made.ballots.actors[:-1])
    assert ideal_points(others).frame.filter(actor="A00")["theta"].mean() > 0


@settings(max_examples=5)
@given(st.integers(0, 1000))
def test_order_of_roll_calls_and_of_states_does_not_matter(seed):
    small = assembly(states=10, sessions=3, calls=15, seed=3).ballots
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(small.choices.shape[0]), rng.permutation(small.choices.shape[1])
    other = replace(
        small,
        choices=small.choices[rows][:, columns],
        actors=tuple(small.actors[at] for at in columns),
        rollcalls=small.rollcalls[rows],
    )
    one = ideal_points(small).frame
    two = ideal_points(other).frame.sort("actor", "session")
    assert np.allclose(one["theta"], two["theta"], atol=1e-6)
    assert np.allclose(one["sd"], two["sd"], atol=1e-6)


@settings(max_examples=10)
@given(st.integers(0, 10_000))
def test_swapping_yes_and_no_changes_nothing_but_the_sign_of_items(seed):
    small = assembly(states=8, sessions=2, calls=12, seed=seed % 7).ballots
    row = seed % small.choices.shape[0]
    choices = small.choices.copy()
    choices[row] = np.array([0, 3, 2, 1])[choices[row]]
    # a prior with the cut of no as its mirror image
    prior = dynamic.Prior(learn=False, centre=(-0.5, 0.0))
    one, two = (ideal_points(ballots, prior=prior) for ballots in (small, replace(small, choices=choices)))
    assert np.corrcoef(one.frame["theta"], two.frame["theta"])[0, 1] > 0.995


def test_an_absence_is_missing_and_not_a_choice(made):
    choices = made.ballots.choices.copy()
    choices[made.ballots.sessions == 3, 0] = 0
    points = ideal_points(replace(made.ballots, choices=choices))
    sessions = points.frame.filter(actor="A00")["session"].to_list()
    assert sessions == [1, 2, 4, 5]


def test_one_cell_has_the_posterior_that_a_grid_gives():
    """Items known: the mode of a state's one position, and its curvature, against brute force."""
    rng = np.random.default_rng(2)
    items = np.column_stack([rng.normal(size=30), np.zeros(30), rng.normal(size=30), rng.normal(0, 0.3, size=30)])
    choices = rng.integers(1, 4, size=(30, 1)).astype(np.int8)
    made = panel(choices, np.ones(30, dtype=np.int64), np.arange(30))
    known = dynamic.Items(items, np.zeros((30, 4, 4)))
    tight = dynamic.Prior(learn=False, sweeps=60, tolerance=0.0)
    precision = np.full(4, 1e12)  # items stay where they are only if each is its own prior: check by the grid below
    begin = dynamic.Start(np.zeros((1, 2)), np.array([[0.5, 0.0, 1e-10]]), known, np.zeros(4), precision)
    sweeper = dynamic._Sweeper(made, begin, tight, 1, None)
    for _ in range(60):
        sweeper.score[:], sweeper.told[:] = 0.0, 0.0
        args = (sweeper.mean, sweeper.var, items, np.zeros((30, 4, 4)), sweeper.score[0], sweeper.told[0])
        sweeper.kernels.cells(np.arange(30), made.start, made.cell, made.choice, *args)
        sweeper._positions()
    grid = np.linspace(-4, 4, 160_001)
    low, high = items[:, 2], items[:, 2] + np.exp(items[:, 3])
    cdf = [1.0 / (1.0 + np.exp(-(cut[:, None] - items[:, :1] * grid))) for cut in (low, high)]
    likelihood = np.choose(choices - 1, [cdf[0], cdf[1] - cdf[0], 1.0 - cdf[1]])
    logs = np.log(likelihood).sum(axis=0) - grid**2 / 2
    assert sweeper.mean[0, 0] == pytest.approx(grid[logs.argmax()], abs=1e-4)
    step = grid[1] - grid[0]
    at = logs.argmax()
    curvature = -(logs[at + 100] - 2 * logs[at] + logs[at - 100]) / (100 * step) ** 2
    assert sweeper.var[0, 0] == pytest.approx(1.0 / curvature, rel=1e-3)


def test_the_smoother_gives_the_moments_of_the_joint_normal():
    """Means, variances and squared moves of a random walk with two coordinates, by one dense inverse."""
    rng = np.random.default_rng(5)
    n, prior = 6, dynamic.Prior(walk=0.3)
    choices = rng.integers(1, 4, size=(n, 1)).astype(np.int8)
    made = panel(choices, np.array([1, 2, 4, 5, 6, 9]), np.arange(n))
    sweeper = dynamic._Sweeper(made, dynamic.start(made, prior, dims=2), prior, 2, None)
    roots = rng.normal(size=(n, 2, 2))
    full = roots @ roots.transpose(0, 2, 1)
    info = np.column_stack([full[:, 0, 0], full[:, 0, 1], full[:, 1, 1]])
    linear = rng.normal(size=(n, 2))
    observed = (made.state, made.session, linear, info, sweeper.first, sweeper.walk)
    sweeper.kernels.smooth(*observed, sweeper.mean, sweeper.var, sweeper.moved, *sweeper.scratch)
    fitted = sweeper.result(0)._replace(info=info)
    inverse = np.linalg.inv(moves._precision(made, fitted, np.arange(n)))
    mean = (inverse @ linear.ravel()).reshape(n, 2)
    assert np.allclose(sweeper.mean, mean)
    assert np.allclose(sweeper.var[:, 0], np.diag(inverse)[::2])
    assert np.allclose(sweeper.var[:, 2], np.diag(inverse)[1::2])
    pairs = [(2 * t, 2 * t - 2) for t in range(1, n)]
    spread = [inverse[a, a] + inverse[b, b] - 2 * inverse[a, b] for a, b in pairs]
    assert np.allclose(sweeper.moved[1:, 0], np.diff(mean[:, 0]) ** 2 + spread)


def test_two_dimensions_are_recovered_up_to_the_choice_of_axes():
    rng = np.random.default_rng(4)
    states, calls = 40, 240
    theta = rng.normal(size=(states, 2))
    slopes = rng.normal(size=(calls, 2)) * 2.0
    latent = slopes @ theta.T + rng.logistic(size=(calls, states))
    choices = np.where(latent < 0.5, 1, np.where(latent < 1.0, 2, 3))
    points = ideal_points(named(choices, np.repeat([1, 2], calls // 2)), dims=2)
    found = points.frame.filter(session=1).select("theta", "theta2").to_numpy()
    design = np.column_stack([found, np.ones(states)])
    left = theta - design @ np.linalg.lstsq(design, theta, rcond=None)[0]
    assert (1.0 - left.var(axis=0) / theta.var(axis=0) > 0.9).all()
    assert abs(np.corrcoef(points.frame["theta"], points.frame["theta2"])[0, 1]) < 0.1
    assert {"sd2", "lo90_2", "hi90_2"} <= set(points.frame.columns)
    assert "discrimination2" in points.items.columns
    assert points.frame.filter(actor="USA")["theta"].mean() > 0
    assert points.cutting("R0000").direction.shape == (2,)


def test_filtered_positions_do_not_know_later_votes(made):
    whole = ideal_points(made.ballots, smooth=False)
    early = ideal_points(made.ballots.where(made.ballots.sessions <= 3), smooth=False)
    both = whole.frame.join(early.frame, on=["actor", "session"])
    assert both.height == early.frame.height
    assert np.array_equal(both["theta"], both["theta_right"])
    assert np.array_equal(both["sd"], both["sd_right"])


def test_filtered_positions_are_near_the_truth_and_keep_their_scale(made):
    points = ideal_points(made.ballots, smooth=False)
    assert np.corrcoef(points.frame["theta"], truths(made, points))[0, 1] > 0.93
    spread = points.frame.group_by("session").agg(pl.col("theta").std())["theta"]
    assert spread.max() < 1.5 * spread.min()
    assert points.frame.filter(actor="USA")["theta"].mean() > 0


def test_chances_sum_to_one_and_beat_the_shares(made, points):
    chances = points.predict()
    assert np.allclose(chances.sum(axis=2), 1.0)
    counts = np.stack([(made.ballots.choices == code).sum(axis=1) for code in (1, 2, 3)], axis=1)
    shares = counts / counts.sum(axis=1, keepdims=True)
    row, column = np.nonzero(made.ballots.choices)
    alone = -np.log(shares[row, made.ballots.choices[row, column] - 1]).mean()
    assert points.log_loss(made.ballots) < 0.85 * alone


def test_votes_held_out_are_predicted(made):
    rng = np.random.default_rng(8)
    out = (made.ballots.choices > 0) & (rng.random(made.ballots.choices.shape) < 0.1)
    kept = replace(made.ballots, choices=np.where(out, 0, made.ballots.choices).astype(np.int8))
    held = replace(made.ballots, choices=np.where(out, made.ballots.choices, 0).astype(np.int8))
    assert ideal_points(kept).log_loss(held) < 0.8


def test_a_roll_call_that_the_points_do_not_know_is_not_predicted(made, points):
    other = replace(made.ballots, rollcalls=made.ballots.rollcalls.with_columns(rollcall="X" + pl.col("rollcall")))
    assert np.isnan(points.predict(other)).all()
    with pytest.raises(Refusal, match="that the points know"):
        points.log_loss(other)


def test_what_moved_a_state_sums_to_its_move(points):
    told = explain(points, "USA", 2, 5)
    assert told.frame["contribution"].sum() + told.start == pytest.approx(told.change, abs=1e-10)
    positions = points.frame.filter(actor="USA").sort("session")["theta"]
    assert told.before == positions[1]
    assert told.after == positions[4]
    assert set(told.frame["choice"].unique()) <= {"yes", "no", "abstain"}
    size = told.frame["contribution"].abs()
    assert size.is_sorted(descending=True)


def test_votes_between_the_sessions_move_a_state_most(made):
    """A state that jumps: the votes after the jump carry the change."""
    theta = np.tile(np.linspace(-1.5, 1.5, 12), (4, 1))
    theta[2:, 0] = 1.5
    rng = np.random.default_rng(6)
    when = np.repeat([1, 2, 3, 4], 40)
    latent = 3.0 * theta[when - 1] + rng.logistic(size=(160, 12))
    cut = rng.normal(0, 2.5, size=(160, 1))
    points = ideal_points(named(np.where(latent < cut, 1, 3), when))
    told = explain(points, "A00", 2, 3)
    by_session = dict(told.frame.group_by("session").agg(pl.col("contribution").sum()).iter_rows())
    assert told.change > 1.0
    assert by_session[3] > 0.6 * told.change


@pytest.mark.parametrize("dimension", [1, 2])
def test_a_move_in_two_dimensions_sums_too(made, dimension):
    points = ideal_points(made.ballots, dims=2)
    told = explain(points, "A03", 1, 4, dimension=dimension)
    assert told.frame["contribution"].sum() + told.start == pytest.approx(told.change, abs=1e-8)


def test_what_cannot_be_explained_is_said(made, points):
    with pytest.raises(Refusal, match="smoothed points of the default model"):
        explain(ideal_points(made.ballots, smooth=False), "USA", 1, 2)
    with pytest.raises(UsageError, match="dimension from 1 to 1"):
        explain(points, "USA", 1, 2, dimension=2)
    with pytest.raises(UsageError, match="state with positions"):
        explain(points, "USB", 1, 2)
    with pytest.raises(UsageError, match=r"session with votes of USA \(1 to 5\), got 9"):
        explain(points, "USA", 1, 9)


def test_an_update_is_near_a_fit_of_all(made):
    ballots = made.ballots
    before = ideal_points(ballots.where(ballots.sessions < 5))
    after = update(before, ballots.where(ballots.sessions == 5))
    whole = ideal_points(ballots)
    both = after.frame.join(whole.frame, on=["actor", "session"])
    assert both.height == whole.frame.height
    assert np.sqrt(((both["theta"] - both["theta_right"]) ** 2).mean()) < 0.02
    assert after.fitted.sweeps < whole.fitted.sweeps
    assert explain(after, "USA", 4, 5).change == pytest.approx(after.fitted.mean[-1, 0] - after.fitted.mean[-2, 0])


def test_an_update_takes_new_states_and_refuses_what_it_knows(made):
    ballots = made.ballots
    old = replace(ballots, choices=ballots.choices[:, 1:], actors=ballots.actors[1:])
    before = ideal_points(old.where(ballots.sessions < 5))
    after = update(before, ballots.where(ballots.sessions == 5))
    assert after.frame.filter(actor="A00")["session"].to_list() == [5]
    with pytest.raises(DataError, match="R0160"):
        update(after, ballots.where(ballots.sessions == 5))
    with pytest.raises(Refusal, match="can be updated"):
        update(ideal_points(ballots, smooth=False), ballots)


def test_linked_roll_calls_share_their_item(made):
    pairs = pl.DataFrame({"one": ["R0000", "R0040", "R0001"], "other": ["R0040", "R0080", "R9999"]})
    points = ideal_points(made.ballots, matches=pairs)
    named_items = points.items.filter(pl.col("rollcall").is_in(["R0000", "R0040", "R0080"]))
    assert named_items["discrimination"].n_unique() == 1
    assert any(note.startswith("1 links to roll calls that are not here") for note in points.notes)
    with pytest.raises(UsageError, match="two columns"):
        ideal_points(made.ballots, matches=pairs.with_columns(v=1))
    with pytest.raises(UsageError, match="as known at the time"):
        ideal_points(made.ballots, matches=pairs, smooth=False)


def test_chains_of_links_go_back_to_the_first():
    pairs = np.array([[0, 2], [1, 2], [2, 5], [5, 7]])
    assert linked(8, pairs).tolist() == [0, 1, 0, 3, 4, 0, 6, 0]


def test_unknown_codes_and_roll_calls_given_twice_are_errors(made):
    choices = made.ballots.choices.copy()
    choices[7, 2] = 8
    with pytest.raises(DataError, match=r"R0007, A02.*got 8"):
        ideal_points(replace(made.ballots, choices=choices))
    twice = made.ballots.rollcalls.with_columns(rollcall=pl.col("rollcall").str.replace("R0003", "R0002"))
    with pytest.raises(DataError, match="'R0002' in 2 rows"):
        ideal_points(replace(made.ballots, rollcalls=twice))


def test_what_is_left_out_is_named(made):
    choices, sessions = made.ballots.choices.copy(), made.ballots.sessions.copy()
    choices[5, :] = 1
    choices[:, 0] = 0
    choices[10:13, 0] = 1
    choices[:, 1] = 0
    choices[20:22, 1] = 3
    sessions[-1] = 9
    ballots = replace(
        made.ballots, choices=choices, rollcalls=made.ballots.rollcalls.with_columns(session=pl.Series(sessions))
    )
    points = ideal_points(ballots)
    text = "\n".join(points.notes)
    assert "1 sessions with one roll call" in text
    assert "session 9" in text
    assert "1 states with fewer than 3 votes, left out: A01 (2)" in text
    assert "whose positions rest on the prior: A00 (3)" in text
    assert "2 roll calls in which all chose alike, left out: R0005" in text
    assert "A01" not in points.frame["actor"]
    assert points.frame.filter(actor="A00")["votes"].sum() == 3
    assert points.predict()[5, 0] == pytest.approx(points.predict()[5, 7])


def test_a_lone_vote_after_a_long_silence_is_left_out():
    small = assembly(states=8, sessions=14, calls=6, absent=0.0, seed=1).ballots
    choices = small.choices.copy()
    choices[(small.sessions > 2), 0] = 0
    choices[np.flatnonzero(small.sessions == 14)[0], 0] = 1
    points = ideal_points(replace(small, choices=choices))
    assert any("A00 in session 14" in note for note in points.notes)
    assert points.frame.filter(actor="A00")["session"].max() == 2


def test_nothing_to_learn_from_is_refused():
    with pytest.raises(Refusal, match="states differ"):
        ideal_points(named(np.ones((4, 3)), [1, 1, 2, 2]))
    with pytest.raises(Refusal, match="states differ"):
        ideal_points(named(np.array([[1, 3, 1]]), [1]))


def test_options_that_do_not_exist_are_named(made):
    with pytest.raises(UsageError, match="known method"):
        ideal_points(made.ballots, method="bsv")
    with pytest.raises(UsageError, match="1 or 2 dimensions, got 3"):
        ideal_points(made.ballots, dims=3)
