"""Votes on the command line: similarity, positions, roll calls, and what moved a state."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from multipolar.cli import votes as commands
from multipolar.votes import ballots, explain, ideal_points, similarity


@pytest.fixture(scope="module")
def view(folder, opened):
    return opened(folder, as_of=None).view


@pytest.fixture(scope="module")
def points(view):
    return ideal_points(ballots(view))


def test_similarity_of_a_pair(ask, view):
    found = ask("votes", "similarity", "USA", "Russia")
    assert found.status == 0, found.err
    expected = similarity(ballots(view)).filter(a="RUS", b="USA")
    assert found.rows == expected.to_dicts()
    table = ask("votes", "similarity", "RUS", "USA", format="table")
    assert "RUS–USA" in table.out and "kappa" in table.out
    assert ask("votes", "similarity", "RUS", "USA", format="csv").table[0]["session"] == str(expected["session"][0])


def test_similarity_by_year_in_a_span(ask):
    rows = ask("votes", "similarity", "USA", "GBR", "--by", "year", "--since", "2003", "--until", "2005-12-31").rows
    assert [row["year"] for row in rows] == [2003, 2004, 2005]
    fewer = ask(
        "votes", "similarity", "USA", "GBR", "--by", "year", "--since", "2003", "--until", "2005-12-31", "--divided"
    ).rows
    assert sum(row["joint"] for row in fewer) <= sum(row["joint"] for row in rows)


def test_a_pair_without_joint_votes_is_told(ask):
    found = ask("votes", "similarity", "USA", "FRA")
    assert (found.status, found.rows) == (0, [])
    assert "FRA and USA have no joint vote" in found.err


def test_positions(ask, points, tmp_path):
    found = ask("votes", "positions", "USA", "CHN", "--out", tmp_path / "chart.svg")
    assert found.status == 0, found.err
    mine = points.frame.filter(points.frame["actor"].is_in(["USA", "CHN"]))
    assert len(found.rows) == mine.height
    theta = {(row["actor"], row["session"]): row["theta"] for row in mine.to_dicts()}
    assert all(math.isclose(row["theta"], theta[row["actor"], row["session"]]) for row in found.rows)
    assert ">United States</text>" in (tmp_path / "chart.svg").read_text()
    assert f"chart written to {tmp_path / 'chart.svg'}" in found.err
    table = ask("votes", "positions", "USA", "CHN", "--since", "2004", format="table")
    assert "USA" in table.out and " to " in table.out and " 2003 " in table.out, "session 58 opened in 2003"


def test_positions_of_all_and_as_known(ask, points):
    every = ask("votes", "positions")
    assert len(every.rows) == points.frame.height
    assert "name states" in ask("votes", "positions", format="table").out
    known = ask("votes", "positions", "USA", "--as-known")
    assert known.status == 0 and [row["theta"] for row in known.rows] != [
        row["theta"] for row in every.rows if row["actor"] == "USA"
    ]
    assert "FRA has no position" in ask("votes", "positions", "USA", "FRA").err
    many = ask("votes", "positions", "USA", "CHN", "RUS", "IRN", "GBR", format="table")
    assert "±" in many.out


def test_a_roll_call(ask, points, view, tmp_path):
    id = points.items["rollcall"][20]
    found = ask("votes", "rollcall", id, "--out", tmp_path / "chart.png")
    assert found.status == 0, found.err
    cast = ballots(view)
    row = np.flatnonzero(cast.rollcalls["rollcall"].to_numpy() == id)[0]
    assert {one["actor"]: one["choice"] for one in found.rows} == {
        name: ("", "yes", "abstain", "no")[code]
        for name, code in zip(cast.actors, cast.choices[row], strict=True)
        if code
    }
    assert all(0 < one["chance"] < 1 and one["lo90"] < one["theta"] < one["hi90"] for one in found.rows)
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
    table = ask("votes", "rollcall", id, format="table").out
    assert "part at" in table and "Least expected choices" in table


def test_a_roll_call_in_which_all_chose_the_same_has_no_lines(ask, points, view, tmp_path):
    cast = ballots(view)
    same = set(cast.rollcalls["rollcall"]) - set(points.items["rollcall"])
    if not same:
        pytest.skip("every simulated roll call divided the states")
    found = ask("votes", "rollcall", min(same), "--out", tmp_path / "chart.svg", format="table")
    assert found.status == 0 and "has no lines" in found.err and "part at" not in found.out


def test_what_moved_a_state(ask, points):
    found = ask("votes", "explain", "China", "--since", "2002-10-01", "--until", "2008-10-01")
    assert found.status == 0, found.err
    told = explain(points, "CHN", 57, 63)
    assert [row["rollcall"] for row in found.rows] == told.frame["rollcall"].to_list()
    assert sum(row["contribution"] for row in found.rows) + told.start == pytest.approx(told.change, abs=1e-6)
    assert {(row["from"], row["to"]) for row in found.rows} == {(57, 63)}
    table = ask("votes", "explain", "CHN", "--since", "2002-10-01", "--until", "2008-10-01", format="table")
    assert table.out.startswith("China went from") and "largest contributions" in table.out


def test_the_table_of_a_long_answer_says_what_it_leaves_out(ask, monkeypatch):
    monkeypatch.setattr(commands, "SHOWN", 3)
    found = ask("votes", "positions", "USA", format="table")
    assert "(the last 3 of" in found.out
    assert "The 3 largest contributions of" in ask(
        "votes", "explain", "USA", "--since", "2003", "--until", "2008", format="table"
    ).out  # fmt: skip


def test_as_it_was_known(ask):
    known = ask("votes", "similarity", "USA", "RUS", "--as-of", "2004-06-30").rows
    assert known and max(row["session"] for row in known) == 58, "the session that opened in September 2003"
    points = ask("votes", "positions", "USA", "--as-of", "2004-06-30").rows
    assert max(row["session"] for row in points) == 58


def test_titles_and_names():
    assert commands._short("a" * 9, 9) == "a" * 9 and commands._short("one two", 5) == "one…"
    assert commands._name("USA") == "United States" and commands._name("nobody") == "nobody"
    row = {"theta": -0.001, "lo90": -1.0, "hi90": 1.0}
    assert commands._position(row, 2) == "0.00 (-1.00 to 1.00)"
    assert commands._position(row, 5) == "0.00 ±1.00" and commands._position(None, 5) == "not known"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("SELF-DETERMINATION", "Self-determination"),
        ("Report of the Agency", "Report of the Agency"),
        (f"MERCENARIES: {'long ' * 30}", "Mercenaries"),
        ("x" * 120, f"{'x' * 89}…"),
        (None, "R1"),
    ],
)
def test_the_title_of_a_roll_call(view, text, title):
    call = commands._call(ballots(view), "R1")
    calls = call.rollcalls.with_columns(text=pl.lit(text, pl.String))
    assert commands._title(replace(call, rollcalls=calls)) == title


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("similarity", "USA", "United States"), 2, "USA twice"),
        (("similarity", "USA"), 2, "requires an argument"),
        (("similarity", "USA", "Atlantis"), 3, "Atlantis"),
        (("similarity", "USA", "RUS", "--by", "month"), 2, "month"),
        (("similarity", "USA", "RUS", "--since", "2008", "--until", "2001"), 2, "2008"),
        (("similarity", "USA", "RUS", "--issue", "zz"), 6, "'zz'"),
        (("similarity", "USA", "RUS", "--body", "UNSC"), 6, "no vote of UNSC"),
        (("similarity", "USA", "RUS", "--since", "2999"), 2, "2999"),
        (("positions", "USA", "USA"), 2, "USA twice"),
        (("positions", "USA", "--out", "chart.pdf"), 2, ".svg or .png"),
        (("positions", "--out", "chart.svg"), 2, "1 to 8 states"),
        (("positions", "USA", "--out", "nowhere/at/all.svg"), 5, "nowhere"),
        (("rollcall", "R9999"), 2, "R9999"),
        (("rollcall", "R1", "--out", "chart.gif"), 2, ".svg or .png"),
        (("explain", "USA", "--since", "2003-10-01", "--until", "2003-11-01"), 2, "two sessions"),
        (("explain", "FRA", "--since", "2003", "--until", "2008"), 2, "two sessions with votes of FRA, got 0"),
        (("explain", "USA"), 2, "--since"),
    ],
)
def test_refusals(ask, words, status, message):
    found = ask("votes", *words)
    assert (found.status, found.out) == (status, ""), found.err
    assert message in found.err
