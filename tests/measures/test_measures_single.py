from __future__ import annotations

from datetime import date

import pytest
from samples import batch, record, statement
from simulated import LAST, STATES, simulated

import multipolar
from multipolar import Refusal, UsageError, World
from multipolar.measures import arrays, flows
from multipolar.record import Record

CAPABILITY = {"USA": 0.20, "CHN": 0.18, "RUS": 0.08, "GBR": 0.03, "AUS": 0.02, "IRN": 0.02, "PRK": 0.01}


def capabilities(year: int = 2008) -> Record:
    made = simulated()
    whole = {"valid_to": date(year, 12, 31), "known_from": date(year, 12, 31)}
    rows = [statement(a, None, "cinc", date(year, 1, 1), value=value, **whole) for a, value in CAPABILITY.items()]
    made.ingest(batch(trait=rows))
    return made


@pytest.fixture(scope="module")
def world() -> World:
    return multipolar.open(capabilities(), since="2000-01", actors=STATES)


def test_isolation_agrees_with_the_partners_it_lists(world: World) -> None:
    measure = world.isolation("USA", "2009-06")
    detail = measure.detail
    assert measure.value == pytest.approx(1 - (detail["weight"] * detail["positive"]).sum(), abs=1 / 2000), "over draws"
    assert detail["weight"].sum() == pytest.approx(1.0)
    assert measure.lo90 <= measure.lo50 and measure.lo90 <= measure.value + 1e-9
    assert measure.value <= measure.hi90 + 1e-9
    assert measure.coverage == pytest.approx(1.0)
    assert world.isolation("PRK", "2009-06").detail["partner"].to_list()[0] == "USA", "the heaviest first"


def test_the_same_question_has_the_same_answer(world: World) -> None:
    assert world.isolation("RUS", "2009-06").value == world.isolation("Russia", "2009-06-30").value


def test_every_measure_lists_its_statements(world: World) -> None:
    measure = world.isolation("RUS", "2009-06")
    ids = world.evidence(measure)
    assert len(world.view.by_id(ids)) == len(ids) > 300
    assert set(measure.ids) <= set(ids)


def test_isolation_refuses_stale_or_missing_capability(world: World) -> None:
    old = multipolar.open(capabilities(year=2008), since="2000-01", actors=STATES)
    with pytest.raises(Refusal, match="no cinc of the other states is known"):
        old.isolation("USA", "2005-01")
    with pytest.raises(UsageError, match="capability"):
        world.isolation("USA", capability="beauty")


def test_hedging_names_what_is_lacking(world: World) -> None:
    measure = world.hedging("CHN", between=["RUS", "IRN"], month="2009-06")
    assert 0 <= measure.lo90 <= measure.value <= measure.hi90 <= 1
    assert set(measure.detail["power"]) == {"RUS", "IRN"}
    with pytest.raises(UsageError, match="two or more powers"):
        world.hedging("CHN", between=["RUS"])
    with pytest.raises(UsageError, match="two or more powers"):
        world.hedging("CHN", between=["CHN", "RUS"])


def traded() -> Record:
    year = {"valid_to": date(2008, 12, 31), "known_from": date(2009, 3, 1), "unit": "USD"}
    rows = [
        statement("PRK", "CHN", "exports", date(2008, 1, 1), value=6.0, **year),
        statement("CHN", "PRK", "exports", date(2008, 1, 1), value=3.0, **year),
        statement("PRK", "RUS", "exports", date(2008, 1, 1), value=0.5, **year),
        statement("RUS", "PRK", "exports", date(2008, 1, 1), value=0.5, **year),
        statement("PRK", "CHN", "exports", date(2008, 1, 1), value=60.0, source="other", **year),
    ]
    totals = [
        statement(a, None, kind, date(2008, 1, 1), value=value, **year)
        for a, kind, value in (
            ("PRK", "exports_total", 7.0),
            ("PRK", "imports_total", 5.0),
            ("CHN", "exports_total", 1000.0),
            ("CHN", "imports_total", 1000.0),
        )
    ]
    return record(flow=rows, trait=totals)


def test_dependence_is_directed_and_names_its_year_and_source() -> None:
    view = traded().view()
    shares = flows.shares(view, flows.FLOWS["trade"], since=2008, until=2008)
    rows = {(row[0], row[1]): row[3:] for row in shares.iter_rows()}
    assert rows["PRK", "CHN"] == (9.0, 12.0, "paper")
    assert rows["CHN", "PRK"] == (9.0, 2000.0, "paper")
    world = multipolar.open(traded(), actors=("CHN", "PRK", "RUS"))
    measure = world.dependence("PRK", on="CHN")
    assert measure.value == pytest.approx(float(arrays.dependence(0.75)))
    assert measure.lo90 < measure.value < measure.hi90
    assert "75.0%" in measure.notes[0]
    assert "2008" in measure.notes[0]
    assert len(world.view.by_id(world.evidence(measure))) == 4


def test_dependence_without_a_third_state() -> None:
    world = multipolar.open(traded(), actors=("CHN", "PRK", "RUS"))
    assert world.dependence("PRK", on="CHN", without=["RUS"]).detail["share"][0] == pytest.approx(9 / 11)


def test_half_known_trade_is_unknown() -> None:
    world = multipolar.open(traded(), actors=("CHN", "PRK", "RUS"))
    with pytest.raises(Refusal, match="total trade"):
        world.dependence("RUS", on="PRK", year=2008)
    with pytest.raises(Refusal, match="both directions"):
        world.dependence("CHN", on="RUS", year=2008)
    with pytest.raises(Refusal, match="no year"):
        world.dependence("CHN", on="RUS")


def test_the_window_ends_with_the_evidence(world: World) -> None:
    assert world.ties.months[-1] <= LAST
