"""The benchmark of positions: its figures on simulated votes, where they are known."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
from assemblies import assembly, votes_points

from multipolar.votes import ideal_points


@pytest.fixture(scope="module")
def votes():
    return assembly(states=25, sessions=4, calls=50, seed=12).ballots


def test_votes_held_out_are_all_predicted(votes):
    figures = votes_points.heldout(votes)
    assert figures["heldout_unknown"] == 0
    assert 0.07 < figures["heldout_votes"] / (votes.choices > 0).sum() < 0.13
    assert figures["heldout_logloss"] < 0.85
    assert figures["heldout_accuracy"] > 0.55


def test_simulated_votes_stand_where_votes_were_cast(votes):
    points = ideal_points(votes)
    drawn = votes_points.simulated(points, points.table.mean[:, 0], np.random.default_rng(0))
    assert drawn.actors == votes.actors
    known = points.selection.item >= 0
    assert np.array_equal(drawn.choices[known] > 0, votes.choices[known] > 0)
    again = ideal_points(drawn).frame.join(points.frame, on=["actor", "session"])
    assert np.corrcoef(again["theta"], again["theta_right"])[0, 1] > 0.95


def test_intervals_cover_on_a_small_assembly(votes):
    figures = votes_points.coverage(votes, rounds=2)
    assert 0.8 < figures["coverage_90"] <= 1.0
    assert 0.8 < figures["coverage_90_draws"] <= 1.0


def test_an_update_is_measured_against_a_fit_of_all(votes):
    figures = votes_points.updating(votes)
    assert figures["update_rms"] < 0.02
    assert figures["update_s"] > 0


def test_correlations_are_taken_within_sessions():
    both = pl.DataFrame(
        {
            "session": [1, 1, 1, 2, 2, 2],
            "theta": [1.0, 2.0, 3.0, 30.0, 20.0, 10.0],
            "theta_published": [1.0, 2.0, 3.0, 1.0, 2.0, 3.0],
        }
    )
    assert votes_points.within(both) == pytest.approx(0.0)
    assert votes_points.within(both.filter(pl.col("session") == 1)) == pytest.approx(1.0)


def test_parts_are_chosen(monkeypatch, votes):
    monkeypatch.setattr(votes_points, "ballots", lambda: votes)
    figures = votes_points.run(("heldout", "update"))
    assert {"heldout_logloss", "update_rms"} <= set(figures)
    assert "bsv_r" not in figures
    json.dumps(figures)


@pytest.mark.data
def test_the_published_estimates_are_read_whole(shared):
    known = votes_points.published(shared)
    assert known.height == 10_469
    assert known["votes"].sum() == 797_473
    assert known.select("actor", "session").is_unique().all()
    first = known.row(0, named=True)
    assert (first["actor"], first["session"], first["votes"]) == ("USA", 1, 42)
    assert first["theta"] == pytest.approx(1.675486)


@pytest.mark.data
def test_the_links_of_the_authors_are_read_in_order(shared):
    pairs = votes_points.matches(shared)
    later = pairs["rcid2"].cast(pl.Int64)
    assert later.is_sorted()
    assert pairs.row(0) == ("299", "331") or pairs.height == 955
