"""Votes and joint memberships by matrix products, against loops over pairs."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import frame, record, statement, vote

from multipolar.panels import build
from multipolar.panels.matrices import agreement
from multipolar.record import Batch, Coverage, Record, Source

STATES = ("CHN", "FRA", "RUS", "USA")
CHOICE = st.sampled_from([1.0, 0.0, -1.0, float("nan")])


@given(st.integers(1, 5), st.data())
def test_agreement_is_that_of_a_loop(rolls, data):
    rows = data.draw(st.lists(st.lists(CHOICE, min_size=4, max_size=4), min_size=rolls, max_size=rolls))
    choices = np.array(rows)
    agree, joint = agreement(choices)
    for i, j in combinations(range(4), 2):
        both = [row for row in choices if np.isfinite(row[i]) and np.isfinite(row[j])]
        assert joint[i, j] == joint[j, i] == len(both)
        assert agree[i, j] == sum(row[i] == row[j] for row in both)


def test_votes_of_a_year_are_compared_pair_by_pair():
    cast = {"R/1": "yes yes no absent", "R/2": "yes abstain no yes", "R/3": "no no no no"}
    votes = [
        vote(state, roll, date(2003, 2, int(roll[-1])), choice)
        for roll, choices in cast.items()
        for state, choice in zip(STATES, choices.split(), strict=True)
    ]
    made = build(
        record(vote=votes).view(), since=2002, until=2003, actors=STATES, columns=["votes_agreement", "votes_joint"]
    )
    found = {row[:3]: row[3:] for row in made.frame.iter_rows()}
    assert found["CHN", "FRA", 2003] == (pytest.approx(2 / 3), 3.0)
    assert found["CHN", "RUS", 2003] == (pytest.approx(1 / 3), 3.0)
    assert found["CHN", "USA", 2003] == (1.0, 2.0)
    assert found["CHN", "USA", 2002] == (None, None)
    trace = made.trace("USA", "CHN", 2003, "votes_agreement")
    assert (len(trace.ids), trace.value, trace.source) == (4, 1.0, "paper")


def test_where_two_never_voted_together_nothing_is_known():
    votes = [vote("CHN", "R/1", date(2003, 1, 1), "yes"), vote("FRA", "R/2", date(2003, 1, 2), "yes")]
    made = build(record(vote=votes).view(), since=2003, until=2003, actors=STATES, columns=["votes_joint"]).frame
    assert made["votes_joint"].null_count() == made.height


def member(a, b, first, last, value=1.0):
    return statement(a, b, "membership", first, valid_to=last, value=value, source="cow-igo:3", ref=b)


def memberships(*ties) -> Record:
    source = Source("cow-igo:3", "COW", "IGO", None, "", "", "COW IGO")
    note = "states of the Correlates of War system"
    span = (date(2000, 1, 1), date(2005, 12, 31))
    rows = [Coverage("cow-igo:3", "tie", "membership", (), "any", *span, "missing", note)]
    rows.append(Coverage("cow-igo:3", "tie", "membership", ("NATO",), "b", *span, "zero"))
    made = Record.memory()
    made.ingest(Batch({"tie": frame("tie", ties)}, (source,), tuple(rows)))
    return made


def test_joint_memberships_are_counted_where_the_source_tells_of_the_year():
    made = memberships(
        member("FRA", "NATO", date(2000, 1, 1), None),
        member("USA", "NATO", date(2001, 6, 1), None),
        member("FRA", "OECD", date(2000, 1, 1), date(2002, 12, 31)),
        member("USA", "OECD", date(2000, 1, 1), date(2003, 12, 31)),
        member("RUS", "OECD", date(2000, 1, 1), None, 0.5),
    )
    panel = build(made.view(), since=1999, until=2007, actors=STATES, columns=["joint_igos"])
    found = {row[:3]: row[3] for row in panel.frame.iter_rows()}
    years = range(1999, 2008)
    assert [found["FRA", "USA", year] for year in years] == [None, 1.0, 2.0, 2.0, 1.0, 1.0, 1.0, None, None]
    assert [found["FRA", "RUS", year] for year in years] == [None, *[0.0] * 6, None, None]
    assert len(panel.trace("FRA", "USA", 2001, "joint_igos").ids) == 4
    assert panel.trace("FRA", "RUS", 2001, "joint_igos").ids == ()
    assert "organisations of which both" in panel.trace("FRA", "RUS", 2001, "joint_igos").reason
    assert panel.trace("FRA", "USA", 2007, "joint_igos").reason == "missing: cow-igo:3 ends 2005-12-31"


def test_states_outside_its_list_are_not_counted():
    made = memberships(member("FRA", "NATO", date(2000, 1, 1), None))
    panel = build(made.view(), since=2003, until=2003, actors=["FRA", "VAT", "USA"], columns=["joint_igos"]).frame
    assert dict(zip(zip(panel["a"], panel["b"], strict=True), panel["joint_igos"], strict=True)) == {
        ("FRA", "USA"): 0.0, ("FRA", "VAT"): None, ("USA", "VAT"): None,
    }  # fmt: skip
