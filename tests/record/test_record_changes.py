"""What changed between two days, against sets of statements compared by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import OTHER, SOURCE, batch, record, statement

from multipolar.errors import UsageError
from multipolar.record import FORMS, Batch, Correction, Coverage, Record, changes

JUNE, JULY = date(2024, 6, 1), date(2024, 7, 1)


def test_a_new_fact_an_ended_tie_and_a_correction_are_told_apart():
    made = record(
        tie=[
            statement("RUS", "PRK", "defence", date(2024, 6, 19)),
            statement("RUS", "AZE", "troops", date(2020, 11, 10), valid_to=date(2024, 6, 12)),
        ],
        event=[
            statement("RUS", "CHN", "CONSULT", date(2024, 5, 16)),
            statement("RUS", "VNM", "CONSULT", date(2024, 6, 20)),
        ],
    )
    wrong = made.view().statements("event", actors=["CHN"])["id"][0]
    made.correct([Correction(wrong, date(2024, 6, 25), "another day", "other")])
    found = changes(made, JUNE, JULY)
    assert set(found.facts.select("a", "b").rows()) == {("RUS", "PRK"), ("RUS", "VNM")}
    assert found.ended.select("b", "valid_to").rows() == [("AZE", date(2024, 6, 12))]
    assert [item.reason for item in found.corrections] == ["another day"]
    assert found.counts.select("facts", "source", "form", "kind").rows() == [
        (1, "paper", "event", "CONSULT"),
        (1, "paper", "tie", "defence"),
    ]


def test_an_end_that_was_known_before_is_no_news():
    made = record(tie=[statement("RUS", "AZE", "troops", date(2020, 11, 10), valid_to=date(2024, 6, 12))])
    assert changes(made, date(2024, 6, 12), JULY).ended.is_empty()
    assert changes(made, date(2024, 6, 11), date(2024, 6, 12)).ended.height == 1


def test_only_facts_about_the_actors_asked_for():
    made = record(
        event=[statement("RUS", "VNM", "CONSULT", date(2024, 6, 20)), statement("USA", "JPN", "AID", date(2024, 6, 20))]
    )
    assert changes(made, JUNE, JULY, actors=("VNM",)).facts["a"].to_list() == ["RUS"]


def test_a_new_release_of_a_source_is_a_new_edition():
    old = replace(SOURCE, key="paper:1", date=date(2023, 1, 1))
    new = replace(SOURCE, key="paper:2", date=date(2024, 6, 15))
    made = Record.memory()
    first = batch(event=[statement("RUS", "VNM", "CONSULT", date(2023, 1, 1), source="paper:1")])
    second = batch(event=[statement("RUS", "VNM", "CONSULT", date(2024, 6, 15), source="paper:2")])
    made.ingest(Batch(first.frames, (old,)))
    made.ingest(Batch(second.frames, (new,)))
    found = changes(made, JUNE, JULY)
    assert found.editions == ((old, new),)
    assert found.sources == (new,)
    assert changes(made, JULY, date(2024, 8, 1)).sources == ()


def test_coverage_is_news_where_it_begins_and_not_as_it_goes_on():
    rows = [
        Coverage("paper", "event", "AID", (), "both", date(2020, 1, 1), date(2025, 1, 1), "zero"),
        Coverage("other", "event", "AID", (), "both", date(2024, 6, 10), date(2025, 1, 1), "zero"),
    ]
    made = record(rows, event=[statement("RUS", "VNM", "AID", date(2024, 6, 20))])
    assert [row.source for row in changes(made, JUNE, JULY).coverage] == ["other"]


def test_batches_are_told_by_the_day_on_which_they_entered():
    made = Record.memory()
    made.ingest(batch(event=[statement("RUS", "VNM", "AID", date(2020, 1, 1))]))
    today = made.today()
    assert [item.label for item in changes(made, JUNE, today).batches] == ["sample"]
    assert changes(made, JUNE, JULY).batches == ()


@pytest.mark.parametrize(("first", "last"), [(JULY, JUNE), (JUNE, JUNE), (JUNE, date(2999, 1, 1))])
def test_days_out_of_order_or_in_the_future_are_refused(first, last):
    with pytest.raises(UsageError):
        changes(record(), first, last)


DAYS = st.dates(date(2024, 5, 1), date(2024, 8, 1))


@settings(max_examples=30)  # each makes a record
@given(st.lists(st.tuples(DAYS, st.sampled_from(["AID", "CONSULT"]), st.booleans()), max_size=8), DAYS, DAYS)
def test_facts_are_what_the_later_view_has_and_the_earlier_has_not(rows, one, other):
    first, last = min(one, other), max(one, other)
    if first == last:
        return
    made = record(
        event=[statement("RUS", "VNM", kind, day, locator=str(n)) for n, (day, kind, _) in enumerate(rows)],
        tie=[
            statement("RUS", "VNM", "partnership", day, locator=str(n)) for n, (day, _, tie) in enumerate(rows) if tie
        ],
    )
    before, after = made.view(first), made.view(last)
    oracle = {id for form in FORMS for id in after.statements(form)["id"]}
    oracle -= {id for form in FORMS for id in before.statements(form)["id"]}
    assert set(changes(made, first, last).facts["id"]) == oracle
    assert OTHER.key not in {row["source"] for row in changes(made, first, last).counts.to_dicts()}
