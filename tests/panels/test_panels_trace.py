"""Every cell leads back: to statements, to the coverage that says zero, or to the reason why it is missing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import record, statement

from multipolar.errors import ActorError, UsageError
from multipolar.panels import Panel, build
from multipolar.record import Coverage, Record

FOUR = ("CHN", "FRA", "RUS", "USA")


def made(directed: bool = False) -> tuple[Panel, Record]:
    ties = [
        statement("FRA", "USA", "defence", date(2001, 1, 1), valid_to=date(2002, 12, 31), value=1.0),
        statement("FRA", "USA", "defence", date(2002, 5, 1), valid_to=date(2003, 12, 31), value=1.0, source="other"),
        statement("USA", "RUS", "sanction", date(2001, 1, 1), valid_to=date(2001, 6, 30), value=2.0),
        statement("CHN", "USA", "dispute", date(2001, 1, 1), valid_to=date(2001, 6, 30), value=None),
    ]
    spell = {"known_from": date(2004, 1, 1)}
    traits = [
        statement("USA", None, "polity", date(2001, 1, 1), valid_to=date(2001, 6, 30), value=8.0, **spell),
        statement("USA", None, "polity", date(2001, 7, 1), valid_to=date(2002, 12, 31), value=10.0, **spell),
    ]
    rows = [
        Coverage("paper", "tie", "defence", (), "both", date(2000, 1, 1), date(2004, 12, 31), "zero"),
        Coverage("paper", "tie", "sanction", ("USA",), "a", date(2000, 1, 1), date(2004, 12, 31), "zero"),
        Coverage("paper", "trait", "polity", (), "a", date(2001, 1, 1), date(2002, 12, 31), "missing"),
    ]
    columns = ("defence", "sanctions", "dispute_level", "polity", "cinc", "war")
    one = record(rows, tie=ties, trait=traits)
    return build(one.view(), since=2000, until=2006, actors=FOUR, columns=columns, directed=directed), one


PANEL, RECORD = made()


def test_a_value_leads_to_all_statements_behind_it():
    both = PANEL.trace("USA", "FRA", 2002, "defence")
    assert (both.value, both.actors, both.period, len(both.ids)) == (1.0, ("FRA", "USA"), "2002", 2)
    rows = RECORD.view().by_id(both.ids)
    assert {(row["a"], row["b"], row["kind"], row["locator"]) for row in rows} == {("FRA", "USA", "defence", "p. 1")}
    assert {row["source"] for row in rows} == {"paper", "other"}
    assert len(PANEL.trace("FRA", "USA", 2001, "defence").ids) == 1


def test_a_zero_leads_to_the_coverage_that_says_so():
    none = PANEL.trace("CHN", "FRA", 2003, "defence")
    assert (none.value, none.ids, none.source) == (0.0, (), "paper")
    assert [(row.source, row.kind, row.absence) for row in none.coverage] == [("paper", "defence", "zero")]
    assert none.reason == "none: paper (2000-01-01 to 2004-12-31) lists all of the kind, and nothing here"


def test_what_is_missing_says_why():
    def why(*cell) -> str:
        found = PANEL.trace(*cell)
        assert (found.value, found.source, found.ids, found.coverage) == (None, "", (), ())
        return found.reason

    assert why("CHN", "FRA", 2006, "defence") == "missing: paper ends 2004-12-31"
    assert why("FRA", "RUS", 2003, "sanctions_ab") == "missing: paper does not cover these states then"
    assert why("FRA", "USA", 2000, "polity_b") == "missing: paper begins 2001-01-01"
    assert why("FRA", "USA", 2001, "polity_a") == "missing: paper tells nothing here, and its silence means nothing"
    assert "multipolar ingest` reads it from: nmc" in why("FRA", "USA", 2001, "cinc_a")
    assert "nothing of the kind in this record" in why("FRA", "USA", 2001, "war")


def test_told_without_a_number_is_said():
    found = PANEL.trace("CHN", "USA", 2001, "dispute_level")
    assert (found.value, len(found.ids)) == (None, 1)
    assert found.reason.startswith("told without a number; 1 statement")


def test_of_spells_the_one_that_was_taken_is_named():
    found = PANEL.trace("USA", "FRA", 2001, "polity_a")
    (row,) = RECORD.view().by_id(found.ids)
    assert (found.column, found.value, row["value"]) == ("polity_b", 10.0, 10.0)


def test_a_directed_column_is_seen_from_the_state_named_first():
    assert PANEL.trace("USA", "RUS", 2001, "sanctions_ab").value == 2.0
    assert PANEL.trace("RUS", "USA", 2001, "sanctions_ba").value == 2.0
    assert PANEL.trace("RUS", "USA", 2001, "sanctions_ab").value is None
    directed, _ = made(directed=True)
    assert directed.trace("USA", "RUS", 2001, "sanctions").value == 2.0
    assert directed.trace("RUS", "USA", 2001, "sanctions").value is None


def test_what_is_no_cell_is_refused():
    with pytest.raises(UsageError, match="column of this panel"):
        PANEL.trace("FRA", "USA", 2001, "defense")
    with pytest.raises(UsageError, match="2000 to 2006"):
        PANEL.trace("FRA", "USA", 1999, "defence")
    with pytest.raises(UsageError, match="expected a row of the panel, got DEU and USA"):
        PANEL.trace("DEU", "USA", 2001, "defence")
    with pytest.raises(UsageError, match="expected 2 states"):
        PANEL.trace("USA", None, 2001, "defence")
    with pytest.raises(ActorError):
        PANEL.trace("Atlantis", "USA", 2001, "defence")


@settings(max_examples=25)
@given(st.sampled_from(FOUR), st.sampled_from(FOUR), st.integers(2000, 2006), st.integers(0, 6))
def test_a_trace_tells_the_cell_and_one_ground_for_it(a, b, year, place):
    if a == b:
        return
    name = PANEL.filled[place].output.name
    first, second = sorted((a, b))
    found = PANEL.trace(first, second, year, name)
    row = PANEL.frame.filter((PANEL.frame["a"] == first) & (PANEL.frame["b"] == second) & (PANEL.frame["year"] == year))
    assert found.value == row[name][0]
    assert bool(found.ids) + bool(found.coverage) + found.reason.startswith("missing") == 1
    assert PANEL.source_of(name)[PANEL.frame.with_row_index().join(row, on=["a", "b", "year"])["index"][0]] == (
        found.source or None
    )


def test_the_leader_who_came_is_behind_the_count():
    terms = [
        statement("USA", None, "leader", date(2000, 1, 1), valid_to=date(2003, 5, 1), value=1.0),
        statement("USA", None, "leader", date(2003, 5, 2), value=1.0),
    ]
    one = record(trait=terms)
    panel = build(one.view(), unit="state-year", since=2001, until=2003, actors=["USA"], columns=["leader_changes"])
    came, stayed = (panel.trace("USA", None, year, "leader_changes") for year in (2003, 2001))
    assert (came.value, [row["valid_from"] for row in one.view().by_id(came.ids)]) == (1.0, [date(2003, 5, 2)])
    assert (stayed.value, len(stayed.ids)) == (0.0, 1)


def test_a_world_has_panels():
    from multipolar.world import World

    made = World(RECORD.view()).panel(since=2001, until=2001, actors=FOUR, columns=["defence"])
    assert made.frame.height == 6
    assert made.frame["defence"].sum() == 1.0
