"""Whatever the votes: numbers or a refusal, never nothing in silence. And what a user reads of the result."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from assemblies import assembly, named
from hypothesis import given, settings
from hypothesis import strategies as st

from multipolar.errors import MultipolarError, Refusal
from multipolar.votes import explain, from_frame, ideal_points, update
from multipolar.votes.selection import select

SHORT = {"burn": 3, "draws": 4, "thin": 1}


@st.composite
def any_ballots(draw):
    """Up to twelve roll calls of up to seven states, in up to four sessions, of any choices."""
    rows, states = draw(st.integers(1, 12)), draw(st.integers(1, 7))
    seed, share = draw(st.integers(0, 10_000)), draw(st.sampled_from([0.0, 0.3, 0.8]))
    rng = np.random.default_rng(seed)
    choices = rng.integers(1, 4, size=(rows, states))
    choices[rng.random(choices.shape) < share] = 0
    return named(choices, np.sort(rng.integers(1, 5, size=rows)))


def tried(ballots, **options):
    """Points, or None where they are refused."""
    try:
        return ideal_points(ballots, **options)
    except Refusal:
        return None


@pytest.mark.parametrize(
    "options",
    [{}, {"smooth": False}, {"dims": 2}, {"dims": 2, "smooth": False}, {"method": "bsv2017", **SHORT}],
)
def test_any_votes_give_numbers_or_a_refusal(options):
    @settings(max_examples=25)
    @given(any_ballots())
    def check(ballots):
        points = tried(ballots, **options)
        if points is None:
            return
        numbers = points.frame.select(pl.col(pl.Float64)).to_numpy()
        assert np.isfinite(numbers).all()
        assert (points.frame["sd"] > 0).all()
        assert (points.frame["lo90"] <= points.frame["hi90"]).all()
        assert np.isfinite(points.items.select(pl.col(pl.Float64)).to_numpy()).all()
        assert np.isfinite(points.log_loss(ballots))

    check()


def test_a_session_of_newcomers_alone_is_filtered():
    from multipolar.votes.arrays.filtered import FEW, _levelled

    made, nobody = object(), np.zeros(3, dtype=bool)
    assert FEW > 0
    assert _levelled(made, np.zeros((3, 4)), nobody) is made, "nobody to keep the level by: as it is"


@settings(max_examples=40)
@given(any_ballots())
def test_every_vote_is_used_or_told(ballots):
    try:
        chosen = select(ballots)
    except Refusal:
        return
    used, cast = len(chosen.panel.choice), int((ballots.choices != 0).sum())
    assert used <= cast
    assert used == cast or chosen.notes
    rows = np.flatnonzero(chosen.item < 0)
    left = {row for row in rows if (ballots.choices[row] != 0).any()}
    assert not left or chosen.notes


@settings(max_examples=15)
@given(any_ballots(), st.integers(2, 4))
def test_an_update_of_any_votes_gives_numbers_or_says_why(ballots, split):
    before, after = ballots.where(ballots.sessions < split), ballots.where(ballots.sessions >= split)
    points = tried(before) if before.choices.size else None
    if points is None or not after.choices.size:
        return
    try:
        new = update(points, after)
    except MultipolarError as problem:
        assert str(problem)
        return
    assert np.isfinite(new.frame["theta"].to_numpy()).all()


@settings(max_examples=15)
@given(any_ballots())
def test_any_move_of_any_state_is_explained(ballots):
    points = tried(ballots)
    if points is None:
        return
    for actor, sessions in points.frame.group_by("actor").agg(pl.col("session")).iter_rows():
        told = explain(points, actor, min(sessions), max(sessions))
        assert told.frame["contribution"].sum() + told.start == pytest.approx(told.change, abs=1e-8)


def test_votes_of_a_table_give_points_with_its_notes():
    made = assembly(states=8, sessions=2, calls=15, absent=0.0, seed=1).ballots
    words = {1: "yes", 2: "abstain", 3: "no"}
    rows = [
        {"rollcall": f"{row:03}", "a": actor, "choice": words[int(code)], "date": date(1945 + int(session), 10, 2)}
        for row, (session, votes) in enumerate(zip(made.sessions, made.choices, strict=True))
        for actor, code in zip(made.actors, votes, strict=True)
    ]
    clash = {**rows[0], "choice": "yes" if rows[0]["choice"] != "yes" else "no"}
    points = ideal_points(from_frame(pl.DataFrame([*rows, rows[5], clash])))
    assert any("1 votes given twice" in note for note in points.notes)
    assert any("2 votes that contradict" in note for note in points.notes)
    assert points.frame["votes"].sum() <= 8 * 30 - 1


def test_a_session_with_one_roll_call_is_left_out_and_a_state_silent_in_between_goes_on():
    made = assembly(states=10, sessions=3, calls=20, seed=5).ballots
    keep = (made.sessions != 2) | (np.arange(60) == 20)
    points = ideal_points(made.where(keep))
    assert points.frame["session"].unique().sort().to_list() == [1, 3]
    assert any("session 2" in note for note in points.notes)
    assert (points.selection.panel.gap[~points.selection.panel.first] == 2).all()


def test_unanimous_votes_are_predicted_by_their_shares():
    made = assembly(states=10, sessions=2, calls=20, absent=0.0, seed=5).ballots
    choices = made.choices.copy()
    choices[3] = 1
    points = ideal_points(replace(made, choices=choices))
    assert points.predict()[3, 0] == pytest.approx([10.5 / 11.5, 0.5 / 11.5, 0.5 / 11.5])
    assert "R0003" not in points.items["rollcall"]


def test_a_state_without_a_position_is_predicted_as_one_drawn_from_all():
    made = assembly(states=10, sessions=2, calls=30, absent=0.0, seed=6).ballots
    choices = made.choices.copy()
    choices[made.sessions == 2, 0] = 0
    points = ideal_points(replace(made, choices=choices))
    chances = points.predict(made)
    assert np.isfinite(chances).all()
    spread_known, spread_unknown = chances[30:, 5, 0].std(), chances[30:, 0, 0].std()
    assert spread_unknown < 1.2 * spread_known


def test_cutting_lines_are_where_chances_are_one_half():
    made = assembly(states=20, sessions=2, calls=40, seed=7).ballots
    points = ideal_points(made)
    row = points.items.sort("discrimination", descending=True).row(0, named=True)
    low, high = points.cutting(row["rollcall"]).positions
    for cut, at in ((row["cut_yes"], low), (row["cut_no"], high)):
        assert 1.0 / (1.0 + np.exp(-(cut - row["discrimination"] * at))) == pytest.approx(0.5)


def test_a_state_leans_to_no_in_the_direction_of_the_discrimination():
    made = assembly(states=20, sessions=2, calls=40, seed=7).ballots
    points = ideal_points(made)
    row = points.items.sort("discrimination", descending=True)["rollcall"][0]
    at = made.rollcalls["rollcall"].to_list().index(row)
    session = int(made.sessions[at])
    ranked = points.frame.filter(session=session).sort("theta")["actor"].to_list()
    no = points.predict()[at, :, 2]
    order = [made.actors.index(actor) for actor in ranked]
    assert no[order[-1]] > no[order[0]]


def test_a_later_session_of_a_filter_leaves_earlier_items_alone():
    made = assembly(states=10, sessions=3, calls=20, seed=8).ballots
    whole = ideal_points(made, smooth=False).items
    early = ideal_points(made.where(made.sessions < 3), smooth=False).items
    assert whole.filter(pl.col("session") < 3).equals(early)


def test_more_votes_make_intervals_narrower():
    many = assembly(states=15, sessions=2, calls=80, seed=9).ballots
    few = many.where(np.arange(160) % 4 == 0)
    assert ideal_points(many).frame["sd"].mean() < ideal_points(few).frame["sd"].mean()


def test_two_blocs_stand_apart():
    choices = np.ones((30, 8), dtype=np.int8)
    choices[:, 4:] = 3
    choices[::3] = 4 - choices[::3]
    points = ideal_points(named(choices, np.repeat([1, 2], 15)))
    mean = dict(points.frame.group_by("actor").agg(pl.col("theta").mean()).iter_rows())
    left = [mean[name] for name in ("A00", "A01", "A02", "A03")]
    right = [mean[name] for name in ("A04", "A05", "A06", "USA")]
    assert max(left) < 0 < min(right)
    assert max(left) - min(left) == pytest.approx(0.0, abs=1e-6)
