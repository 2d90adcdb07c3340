"""The table of all states and years has the values of single answers, and no others."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from samples import batch, statement
from simulated import STATES, simulated

import multipolar
from multipolar import Refusal, UsageError, World
from multipolar.measures import StateSet, Table
from multipolar.measures.tables import cohesion_table, hedging_table, year_months

FIGURE = ("value", "lo50", "hi50", "lo90", "hi90", "coverage")
POWERS = ("CHN", "RUS", "USA")


@pytest.fixture(scope="module")
def world() -> World:
    made = simulated()
    flows, traits = [], []
    for year in (2003, 2007):
        period = {"valid_to": date(year, 12, 31), "known_from": date(year + 1, 3, 1)}
        flows += [
            statement(a, b, "exports", date(year, 1, 1), value=float(1 + (place + year) % 5), **period)
            for place, (a, b) in enumerate((a, b) for a in STATES for b in STATES if a != b and "AUS" not in (a, b))
        ]
        traits += [
            statement(a, None, kind, date(year, 1, 1), value=60.0, **period)
            for a in STATES[1:]
            for kind in ("exports_total", "imports_total")
        ]
        traits += [
            statement(a, None, "cinc", date(year, 1, 1), value=0.02 * n, **period) for n, a in enumerate(STATES, 1)
        ]
    made.ingest(batch(flow=flows, trait=traits))
    return multipolar.open(made, since="2000-01", actors=STATES)


@pytest.fixture(scope="module")
def table(world: World) -> Table:
    return world.measure_table()


def test_isolation_is_that_of_single_answers(world: World, table: Table) -> None:
    assert table.isolation.height == len(STATES) * 10
    assert table.isolation["value"].is_not_null().sum() > 30
    for row in table.isolation.to_dicts():
        month = date(row["year"], 12, 1)
        if row["value"] is None:
            with pytest.raises(Refusal):
                world.isolation(row["actor"], month)
        else:
            single = world.isolation(row["actor"], month)
            assert [row[name] for name in FIGURE] == pytest.approx(
                [getattr(single, name) for name in FIGURE], abs=1e-12
            )


def test_dependence_is_that_of_single_answers(world: World, table: Table) -> None:
    assert table.dependence.height == 2 * 6 * 5
    for row in table.dependence.to_dicts():
        single = world.dependence(row["actor"], on=row["on"], year=row["year"])
        assert [row[name] for name in FIGURE[:-1]] == pytest.approx([getattr(single, name) for name in FIGURE[:-1]])
        assert row["share"] == pytest.approx(single.detail["share"][0])


def test_hedging_is_that_of_single_answers(world: World, table: Table) -> None:
    assert set(table.hedging["actor"]) == set(STATES)
    for row in table.hedging.filter(pl.col("year") > 2006).to_dicts():
        between = [power for power in POWERS if power != row["actor"]]
        single = world.hedging(row["actor"], between=between, month=date(row["year"], 12, 1))
        assert [row[name] for name in FIGURE[:-1]] == pytest.approx(
            [getattr(single, name) for name in FIGURE[:-1]], abs=1e-12
        )


def test_cohesion_is_that_of_single_answers(world: World) -> None:
    sets = [
        StateSet("three", states=("AUS", "GBR", "USA")),
        StateSet("two", states=("IRN", "RUS")),
        StateSet("none", ("BRICS",)),
    ]
    months = year_months(world.ties, 2004)
    found = cohesion_table(world.ties, world.view, months, sets)
    assert set(found.filter(set="none")["year"]) == {2009}, "before there were members there is no row"
    refused = 0
    for row in found.to_dicts():
        chosen = next(one for one in sets if one.name == row["set"])
        try:
            single = world.cohesion(chosen, date(row["year"], 12, 1), by=row["by"])  # type: ignore[arg-type]
        except Refusal:
            refused += 1
            assert row["value"] is None and row["coverage"] is None
            continue
        assert [row[name] for name in FIGURE] == pytest.approx([getattr(single, name) for name in FIGURE], abs=1e-12)
        assert row["members"] == len(single.actors)
    assert 0 < refused < found.height
    series = world.cohesion_series(("USA", "GBR", "AUS"), since=2004)
    assert series.drop("set").equals(found.filter(set="three").drop("set"))


def test_powers_that_are_not_there_hedge_nothing(world: World) -> None:
    months = year_months(world.ties)
    assert hedging_table(world.ties, months, ("USA", "FRA", "CHN")).is_empty()
    assert set(hedging_table(world.ties, months, ("USA", "CHN"))["actor"]) == set(STATES) - {"USA", "CHN"}


def test_years_outside_the_ties_are_an_error(world: World) -> None:
    assert [month.year for month in year_months(world.ties, 2008, 2050)] == [2008, 2009]
    with pytest.raises(UsageError, match="years between 2000 and 2009, got 1950 to 1960"):
        world.measure_table(1950, 1960)
