"""Positions from the votes of 1946-2019 beside the published ones."""

from __future__ import annotations

import pytest
from assemblies import votes_points

from multipolar.votes import explain, ideal_points

pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def votes(shared):
    return votes_points.ballots(shared)


@pytest.fixture(scope="module")
def points(votes):
    return ideal_points(votes)


def test_every_state_has_as_many_votes_in_every_session_as_published(votes, shared):
    linked = ideal_points(votes, method="bsv2017", matches=votes_points.matches(shared), burn=1, draws=2, thin=1)
    both = votes_points.beside(linked, shared)
    assert both.height == 10_469
    assert (both["votes"] == both["votes_published"]).all()
    assert linked.frame["votes"].sum() == 797_473
    text = "\n".join(linked.notes)
    assert "left out: session 19" in text
    assert "COW-511 (2)" in text
    assert "ZAF in session 48" in text


def test_positions_agree_with_the_published_ones_within_sessions(points, shared):
    assert votes_points.within(votes_points.beside(points, shared)) >= 0.99


def test_positions_as_known_at_the_time_do_too(votes, shared):
    assert votes_points.within(votes_points.beside(ideal_points(votes, smooth=False), shared)) >= 0.99


def test_the_move_of_russia_after_1989_comes_from_its_votes(points):
    told = explain(points, "RUS", 43, 47)
    assert told.change > 0.5
    assert told.frame["contribution"].sum() + told.start == pytest.approx(told.change, abs=1e-9)
    top = told.frame.head(50)["session"]
    assert top.is_between(40, 50).mean() > 0.9


def test_an_update_with_the_last_session_is_near_a_fit_of_all(votes):
    figures = votes_points.updating(votes)
    assert figures["update_rms"] < 0.01
    assert figures["update_rms_new"] < 0.02
