"""Votes as a matrix: what counts once, what is missing, and what is said of the rest."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import record, vote

from multipolar.errors import DataError, Refusal, UsageError
from multipolar.votes.ballots import ABSTAIN, MISSING, NO, YES, ballots, from_frame, session


def rows(*votes):
    names = ("rollcall", "a", "choice", "date")
    return pl.DataFrame([dict(zip(names, one, strict=True)) for one in votes], schema_overrides={"date": pl.Date})


DAY = date(2000, 10, 1)


def test_choices_stand_in_rows_of_roll_calls_and_columns_of_states():
    made = from_frame(
        rows(
            ("2", "USA", "no", DAY),
            ("2", "CUB", "yes", DAY),
            ("1", "USA", "abstain", date(1999, 10, 1)),
            ("1", "CUB", "absent", DAY),
        )
    )
    assert made.actors == ("CUB", "USA")
    assert made.choices.tolist() == [[MISSING, ABSTAIN], [YES, NO]]
    assert made.rollcalls["rollcall"].to_list() == ["1", "2"]
    assert made.sessions.tolist() == [54, 55]
    assert made.notes == ("1 absences, which are missing",)


def test_the_same_vote_twice_counts_once_and_a_contradiction_is_missing():
    made = from_frame(
        rows(
            ("1", "USA", "no", DAY),
            ("1", "USA", "no", DAY),
            ("1", "CUB", "yes", DAY),
            ("1", "CUB", "no", DAY),
            ("1", "FRA", "yes", DAY),
        )
    )
    assert made.actors == ("FRA", "USA")
    assert any("1 votes given twice" in note for note in made.notes)
    assert any("2 votes that contradict" in note and "CUB in 1" in note for note in made.notes)


def test_a_roll_call_in_which_nobody_voted_is_told():
    made = from_frame(rows(("1", "USA", "no", DAY), ("2", "USA", "absent", DAY)))
    assert made.choices.shape == (1, 1)
    assert any("1 roll calls in which nobody voted" in note for note in made.notes)


@pytest.mark.parametrize(
    ("bad", "column"),
    [(("1", "USA", "maybe", DAY), "choice"), (("1", None, "no", DAY), "a"), ((None, "USA", "no", DAY), "rollcall")],
)
def test_a_bad_row_is_named(bad, column):
    with pytest.raises(DataError, match=rf":3:{column}:"):
        from_frame(rows(("1", "CUB", "yes", DAY), bad))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(1946, 1, 20), 1),
        (date(1946, 10, 1), 1),
        (date(1947, 5, 1), 1),
        (date(1947, 9, 20), 2),
        (date(2022, 3, 2), 76),
    ],
)
def test_a_session_opens_in_september(day, expected):
    assert pl.select(session(pl.lit(day))).item() == expected


def test_votes_of_a_record_as_known_by_issue_and_period():
    made = record(
        vote=[
            vote("USA", "A/1", date(2001, 1, 1), "no"),
            {**vote("USA", "A/2", date(2002, 1, 1), "yes"), "issue": "me nu"},
            {**vote("USA", "S/1", date(2002, 1, 1), "yes"), "kind": "UNSC"},
        ]
    )
    view = made.view()
    assert ballots(view).choices.shape == (2, 1)
    assert ballots(made.view(date(2001, 6, 1))).choices.shape == (1, 1), "nothing from the future"
    assert ballots(view, issue="nu").rollcalls["rollcall"].to_list() == ["A/2"]
    assert ballots(view, issue="palestine").rollcalls["rollcall"].to_list() == ["A/2"], "a word for the code"
    assert ballots(view, body="UNSC").rollcalls["rollcall"].to_list() == ["S/1"]
    assert ballots(view, since=date(2001, 6, 1)).rollcalls["rollcall"].to_list() == ["A/2"]
    with pytest.raises(Refusal, match="'hr'"):
        ballots(view, issue="hr")
    with pytest.raises(UsageError):
        ballots(view, body="ICJ")


CELLS = st.tuples(st.integers(0, 4), st.integers(0, 4), st.sampled_from(["yes", "no", "abstain", "absent"]))


@given(st.lists(CELLS, min_size=1, max_size=40))
def test_against_sets_of_choices(cells):
    said: dict[tuple[int, int], set[str]] = {}
    for call, state, choice in cells:
        said.setdefault((call, state), set()).add(choice)
    clear = {}
    for key, ways in said.items():
        cast = ways - {"absent"}
        if len(cast) == 1:
            clear[key] = {"yes": YES, "abstain": ABSTAIN, "no": NO}[next(iter(cast))]
    frame = rows(*((str(call), f"S{state}", choice, DAY) for call, state, choice in cells))
    made = from_frame(frame)
    calls, actors = made.rollcalls["rollcall"].to_list(), made.actors
    found = {
        (int(calls[r]), int(actors[c][1])): int(made.choices[r, c])
        for r, c in zip(*np.nonzero(made.choices), strict=True)
    }
    assert found == clear
