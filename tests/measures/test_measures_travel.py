"""Visits of a wanted leader before and after the warrant: counted by hand, exact intervals, and no rate from partial lists."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from samples import record, statement
from scipy.stats import fisher_exact

import multipolar
from multipolar import Refusal, UsageError, World
from multipolar.measures.arrays.counted import rate
from multipolar.record import Coverage, Record

WARRANT = date(2023, 3, 17)


def visit(host: str, day: date, a: str = "RUS", **more: object) -> dict[str, object]:
    return statement(
        a, host, "CONSULT", day, valid_to=day, mode="visit", place=host, value=1.9, text=f"to {host}", **more
    )


VISITS = [
    visit("HUN", date(2020, 2, 1)),  # a member
    visit("MNG", date(2021, 5, 1)),  # a member
    visit("MNG", date(2022, 5, 1)),
    visit("ARM", date(2022, 11, 23)),  # not yet one
    visit("CHN", date(2020, 6, 1)),
    visit("CHN", date(2022, 2, 4)),
    visit("CHN", date(2023, 10, 17)),
    visit("KAZ", date(2024, 7, 3)),
    visit("ARM", date(2024, 9, 30)),  # one by now
    visit("VNM", date(2024, 6, 20)),
    visit("PRK", date(2018, 1, 1)),  # before the list begins
    visit("CHN", date(2026, 1, 5)),  # after it ends
    visit("CHN", date(2024, 1, 5), source="other"),  # another list: told twice is once too often
    visit("CHN", date(2024, 2, 5), a="ISR"),
    visit("HUN", date(2025, 4, 3), a="ISR"),
    statement("RUS", "PRK", "CONSULT", date(2024, 7, 1), valid_to=date(2024, 7, 1), mode="talk", value=2.5),
]


def made(absence: str = "zero") -> Record:
    members = [
        statement("HUN", "ICC", "membership", date(2002, 7, 1), value=1.0),
        statement("MNG", "ICC", "membership", date(2002, 7, 1), value=1.0),
        statement("ARM", "ICC", "membership", date(2024, 2, 1), value=1.0),
        statement("PRK", "ICC", "membership", date(2002, 7, 1), value=0.25),  # an observer is no member
    ]
    wanted = [
        statement("RUS", None, "wanted_leader", WARRANT, value=1.0, text="head of state, situation in Ukraine"),
        statement("ISR", None, "wanted_leader", date(2024, 11, 21), value=1.0, text="head of government, situation"),
        statement("SDN", None, "wanted_leader", date(2009, 3, 4), valid_to=date(2019, 4, 11), value=1.0),
    ]
    whole = Coverage(
        "paper", "event", "CONSULT:visit", ("RUS",), "a", date(2020, 1, 1), date(2025, 12, 31), absence, "head of state"
    )  # type: ignore[arg-type]
    return record([whole], event=VISITS, tie=members, trait=wanted)


@pytest.fixture(scope="module")
def world() -> World:
    return multipolar.open(made())


def test_visits_are_counted_by_host_and_period(world: World) -> None:
    found = world.travel("RUS")
    assert found.complete
    assert (found.leader, found.warrant) == ("Vladimir Putin", WARRANT)
    counts = {(row["hosts"], row["period"]): row["visits"] for row in found.rates.to_dicts()}
    assert counts == {
        ("members", "before"): 3,
        ("members", "after"): 1,
        ("others", "before"): 3,
        ("others", "after"): 3,
    }


def test_rates_are_by_the_year_with_exact_intervals(world: World) -> None:
    row = world.travel("RUS").rates.filter(hosts="members", period="after").row(0, named=True)
    years = ((date(2025, 12, 31) - WARRANT).days + 1) / 365.25
    assert (row["years"], row["rate"]) == pytest.approx((years, 1 / years))
    assert (row["lo90"], row["hi90"]) == pytest.approx(rate(1, years)[1:])


def test_odds_and_their_test(world: World) -> None:
    found = world.travel("RUS")
    assert found.p == pytest.approx(fisher_exact([[1, 3], [3, 3]])[1])
    assert found.odds is not None
    assert found.odds.low < found.odds.value < 1 < found.odds.high
    assert found.shares["share"].to_list() == [0.5, 0.25]
    assert (found.ratios["lo90"] <= found.ratios["ratio"]).all()


def test_members_are_those_of_the_day(world: World) -> None:
    armenia = world.travel("RUS").visits.filter(pl.col("host") == "ARM").sort("day")
    assert armenia["hosts"].to_list() == ["others", "members"]


def test_every_visit_leads_to_its_statement(world: World) -> None:
    found = world.travel("Putin")
    rows = world.view.by_id(world.evidence(found))
    assert {row["form"] for row in rows} == {"event", "tie", "trait"}
    after = found.visits.filter(pl.col("hosts") == "members", pl.col("period") == "after")
    assert after.select("day", "host").rows() == [(date(2024, 9, 30), "ARM")]
    assert found.visits.filter("counted").height == found.rates["visits"].sum()
    assert any("soft limit" in note for note in found.notes)


def test_the_first_day_can_be_later(world: World) -> None:
    found = world.travel("RUS", since="2022-01-01")
    assert found.rates.filter(hosts="members", period="before")["visits"][0] == 1
    with pytest.raises(UsageError, match="first day before the last"):
        world.travel("RUS", since="2023-03-17")


def test_a_list_that_is_not_complete_has_visits_and_no_rate(world: World) -> None:
    found = world.travel("Israel")
    assert not found.complete
    assert "a visit that is not on record may have been paid" in found.reason
    assert found.rates.is_empty()
    assert (found.odds, found.p) == (None, None)
    assert found.visits.select("host", "hosts", "period", "counted").rows() == [
        ("CHN", "others", "before", False), ("HUN", "members", "after", False),
    ]  # fmt: skip
    partial = multipolar.open(made("missing")).travel("RUS")
    assert not partial.complete
    assert partial.visits.height == 13, "both lists, as neither is whole"


def test_a_warrant_that_is_over_or_unknown(world: World) -> None:
    assert world.travel("Sudan").visits.is_empty()
    with pytest.raises(Refusal, match=r"no warrant .* of USA is on record"):
        world.travel("USA")
    with pytest.raises(Refusal, match=r"no warrant .* of RUS is on record on 2022-12-31"):
        multipolar.open(made(), as_of="2022-12-31").travel("RUS")
    with pytest.raises(UsageError, match="leader under a warrant"):
        world.travel("Napoleon")


def test_no_visit_to_a_member_is_no_division_by_zero() -> None:
    without = [row for row in VISITS if row["b"] not in ("ARM", "HUN", "MNG")]
    rows = record(
        [Coverage("paper", "event", "CONSULT:visit", ("RUS",), "a", date(2020, 1, 1), date(2025, 12, 31), "zero")],
        event=without, trait=[statement("RUS", None, "wanted_leader", WARRANT, value=1.0)],
    )  # fmt: skip
    found = multipolar.open(rows).travel("RUS")
    assert found.rates.filter(hosts="members")["hi90"].min() > 0, "none seen is not none possible"
    assert found.ratios.filter(hosts="members")["ratio"].is_nan().all()


def test_the_dossier_counts_the_visits_of_the_kremlins_list() -> None:
    world = multipolar.open()
    found = world.travel("RUS")
    assert found.complete
    assert set(found.visits.filter("counted")["source"]) == {"kremlin_trips"}
    after = found.visits.filter(pl.col("hosts") == "members", pl.col("period") == "after", pl.col("counted"))
    assert after["host"].to_list() == ["MNG", "TJK"]
    assert not world.travel("ISR").complete
