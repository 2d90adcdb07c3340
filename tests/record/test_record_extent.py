"""Actors and years of a source, against a count by hand."""

from __future__ import annotations

from collections import Counter
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from samples import record, statement, vote

from multipolar.record import Coverage, actor_years

LOOKED = Coverage("paper", "tie", "defence", (), "both", date(1990, 1, 1), date(2001, 12, 31), "zero")


def years(made, **options):
    found = actor_years(made.view(), **options)
    return {(row["kind"], row["actor"], row["year"]): row["statements"] for row in found.to_dicts()}


def test_a_statement_counts_for_both_actors_and_every_year():
    made = record(tie=[statement("RUS", "PRK", "defence", date(1999, 6, 1), valid_to=date(2001, 2, 1))])
    expected = {("defence", actor, year): 1 for actor in ("RUS", "PRK") for year in (1999, 2000, 2001)}
    assert years(made) == expected


def test_an_open_tie_goes_no_further_than_its_source_looked():
    made = record([LOOKED], tie=[statement("RUS", "PRK", "defence", date(2000, 6, 1))])
    assert {year for _, _, year in years(made)} == {2000, 2001}


def test_an_open_tie_of_a_source_without_coverage_counts_once():
    made = record(tie=[statement("RUS", "PRK", "defence", date(2000, 6, 1))])
    assert {year for _, _, year in years(made)} == {2000}


def test_votes_and_traits_have_one_actor():
    made = record(vote=[vote("RUS", "A/1", date(2000, 1, 1), "yes"), vote("RUS", "A/2", date(2000, 2, 1), "no")])
    assert years(made) == {("UNGA", "RUS", 2000): 2}


def test_actors_sources_and_years_narrow_it():
    made = record(
        tie=[
            statement("RUS", "PRK", "defence", date(1999, 1, 1), valid_to=date(2005, 1, 1)),
            statement("USA", "JPN", "defence", date(1999, 1, 1), valid_to=date(2005, 1, 1), source="other"),
        ]
    )
    assert {actor for _, actor, _ in years(made, sources=("other",))} == {"USA", "JPN"}
    assert years(made, actors=["RUS"], since=2003, until=2004) == {
        ("defence", "RUS", 2003): 1,
        ("defence", "RUS", 2004): 1,
    }
    assert years(made, since=2010) == {}


SPANS = st.tuples(
    st.sampled_from(["RUS", "CHN", "PRK"]),
    st.sampled_from(["USA", "CHN", "VNM"]),
    st.integers(1980, 2000),
    st.integers(0, 5),
).filter(lambda row: row[0] != row[1])


@settings(max_examples=40)  # each makes a record
@given(st.lists(SPANS, max_size=10))
def test_against_a_count_by_hand(rows):
    ties = [
        statement(a, b, "sanction", date(first, 3, 1), valid_to=date(first + more, 4, 1), value=1.0, locator=str(n))
        for n, (a, b, first, more) in enumerate(rows)
    ]
    oracle = Counter(
        ("sanction", actor, year)
        for a, b, first, more in rows
        for actor in (a, b)
        for year in range(first, first + more + 1)
    )
    assert years(record(tie=ties)) == dict(oracle)
