"""Votes and joint memberships by matrix products, against loops over pairs."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import frame, record, statement, vote

from multipolar.panels import build
from multipolar.panels.matrices import ALLIANCES, VOTES
from multipolar.record import Batch, Coverage, Record, Source
from multipolar.votes import alliance_similarity, ballots, similarity
from multipolar.votes.alliances import LEVELS

STATES = ("CHN", "FRA", "RUS", "USA")
CHOICE = st.sampled_from(["yes", "abstain", "no", "absent"])


@given(st.lists(st.lists(CHOICE, min_size=4, max_size=4), min_size=1, max_size=5))
def test_measures_of_votes_are_those_of_the_pair_alone(rows):
    """A panel has what `votes.similarity` has, and null where two never voted together or a measure is not defined."""
    votes = [
        vote(state, f"R/{number}", date(2003, 2, number + 1), choice)
        for number, choices in enumerate(rows)
        for state, choice in zip(STATES, choices, strict=True)
    ]
    view = record(vote=votes).view()
    panel = build(view, since=2003, until=2003, actors=STATES, columns=list(VOTES)).frame
    cast = [row for row in votes if row["choice"] != "absent"]
    if not cast:
        assert all(panel[name].null_count() == panel.height for name in VOTES)
        return
    alike = similarity(ballots(view), by="year")
    expected = {row["a"] + row["b"]: row for row in alike.to_dicts()}
    for row in panel.to_dicts():
        other = expected.get(row["a"] + row["b"], {})
        for name, measure in VOTES.items():
            assert row[name] == (None if other.get(measure) is None else pytest.approx(other[measure])), name


def test_alliances_of_two_are_compared_with_all_states():
    span = (date(2000, 1, 1), date(2005, 12, 31))
    note = "all pairs of states in the Correlates of War system"
    coverage = [Coverage("paper", "tie", kind, (), "both", *span, "zero", note) for kind in LEVELS]
    ties = [
        statement("FRA", "USA", "defence", date(1949, 4, 4)),
        statement("RUS", "CHN", "nonaggression", date(2001, 7, 16)),
        statement("RUS", "CHN", "consultation", date(2001, 7, 16)),
    ]
    view = record(coverage, tie=ties).view()
    panel = build(view, since=2000, until=2006, actors=[*STATES, "VAT"], columns=list(ALLIANCES))
    found = {row[:3]: row[3:] for row in panel.frame.iter_rows()}
    alike = alliance_similarity(view, [2000, 2001])
    for row in alike.filter(pl.col("a").is_in(STATES) & pl.col("b").is_in(STATES)).to_dicts():
        assert found[row["a"], row["b"], row["year"]] == pytest.approx([row[each] for each in ALLIANCES.values()])
    assert found["FRA", "USA", 2001][0] == pytest.approx(1.0), "each has the other, itself and nobody else"
    assert found["CHN", "RUS", 2000][0] < found["CHN", "RUS", 2001][0]
    assert found["FRA", "USA", 2006] == (None,) * 5, "the source ends in 2005"
    assert found["FRA", "VAT", 2003] == (None,) * 5, "no member of the system"
    trace = panel.trace("CHN", "USA", 2003, "alliances_s")
    assert (len(trace.ids), trace.source) == (3, "paper"), "what either owes, with whomever"
    assert panel.trace("CHN", "USA", 2000, "alliances_s").value == pytest.approx(found["CHN", "USA", 2000][0])


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
