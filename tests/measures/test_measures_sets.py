"""Sets of states, isolation of sets and by visits, pressure and cohesion on small records made by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from samples import batch, record, statement, vote
from simulated import STATES, simulated

import multipolar
from multipolar import Refusal, UsageError, World
from multipolar.errors import ActorError
from multipolar.indicators import Scope
from multipolar.measures import (
    SETS,
    cohesion_sanctions,
    cohesion_votes,
    isolation_by_visits,
    state_set,
)
from multipolar.measures.isolation_visits import last_listed
from multipolar.measures.sets import existing, registered
from multipolar.record import Coverage, Record

CINC = {"USA": 0.20, "CHN": 0.18, "RUS": 0.08, "GBR": 0.03, "AUS": 0.02, "IRN": 0.02, "PRK": 0.01}
MONTH = date(2009, 6, 1)


def traits(year: int = 2008) -> list[dict[str, Any]]:
    whole = {"valid_to": date(year, 12, 31), "known_from": date(year, 12, 31)}
    return [statement(a, None, "cinc", date(year, 1, 1), value=value, **whole) for a, value in CINC.items()]


@pytest.fixture(scope="module")
def world() -> World:
    made = simulated()
    made.ingest(batch(trait=traits()))
    return multipolar.open(made, since="2000-01", actors=STATES)


# --- sets ---


def test_members_change_with_the_day() -> None:
    nato = state_set("NATO")
    assert "FIN" not in nato.members(date(2023, 4, 3)) and "FIN" in nato.members(date(2023, 4, 5))
    assert not nato.single and state_set("Russia").single
    assert state_set("Russia").members(MONTH) == ("RUS",)
    assert state_set(nato) is nato


def test_several_names_are_one_set() -> None:
    both = state_set(("CSTO", "Beijing", "CSTO"))
    assert both.name == "CSTO+CHN"
    assert set(both.members(MONTH)) == set(state_set("CSTO").members(MONTH)) | {"CHN"}


def test_registered_sets_are_unions_of_what_they_say() -> None:
    west = state_set("West")
    day = date(2024, 6, 1)
    assert set(west.members(day)) == {m for name in ("NATO", "EU", "G7") for m in state_set(name).members(day)} | {
        "AUS",
        "NZL",
    }
    assert "AUS" not in west.members(date(1950, 1, 1)), "before ANZUS"
    assert {one.name for one in SETS} <= {one.name for one in registered()}
    assert all(one.meaning for one in SETS)


def test_a_set_of_nobody_is_an_error() -> None:
    with pytest.raises(UsageError, match="got none"):
        state_set(())
    with pytest.raises(ActorError, match="Atlantis"):
        state_set(("NATO", "Atlantis"))
    with pytest.raises(UsageError, match=r"existed in 1980-01, got KAZ"):
        existing(state_set(("KAZ", "RUS")), date(1980, 1, 1))
    with pytest.raises(UsageError, match="at least 2 members in 1980-01, BRICS had 0"):
        existing(state_set("BRICS"), date(1980, 1, 1), least=2)


# --- isolation of a set ---


def test_a_set_is_as_isolated_from_another_as_that_one_from_it(world: World) -> None:
    one = world.isolation(("USA", "GBR"), MONTH, from_=("RUS", "CHN", "IRN"))
    other = world.isolation(("RUS", "CHN", "IRN"), MONTH, from_=("GBR", "USA"))
    assert one.value == pytest.approx(other.value, abs=5e-3), "the draws are in another order"
    assert one.coverage == other.coverage == 1.0
    assert one.actors == ("GBR", "USA") and set(one.detail["partner"]) == {"RUS", "CHN", "IRN"}
    ties = world.ties.at(MONTH)
    pairs = {(min(p), max(p)): p for p in one.pairs}
    assert len(pairs) == 6 and set(pairs) <= set(ties.select("a", "b").iter_rows())


def test_a_set_of_one_is_a_state(world: World) -> None:
    alone = world.isolation("USA", MONTH)
    assert world.isolation(["USA"], MONTH).value == alone.value
    assert world.isolation("USA", MONTH, from_=STATES).value == alone.value, "less itself, these are all"
    assert alone.actors == ()


def test_isolation_of_a_set_is_the_weighted_share_of_its_pairs(world: World) -> None:
    found = world.isolation(("USA", "AUS"), MONTH, from_=("RUS", "CHN"))
    known = {(a, b): (mean, sd) for a, b, mean, sd, _ in world.ties.at(MONTH).iter_rows()}
    rng = np.random.default_rng(0)
    total, lost = 0.0, 0.0
    for i in ("USA", "AUS"):
        for k in ("RUS", "CHN"):
            mean, sd = known[min(i, k), max(i, k)]
            lost += CINC[i] * CINC[k] * (rng.normal(mean, sd, 200_000) <= 0).mean()
            total += CINC[i] * CINC[k]
    assert found.value == pytest.approx(lost / total, abs=5e-3)
    assert (found.detail["weight"] * (1 - found.detail["positive"])).sum() == pytest.approx(found.value, abs=1e-3)


def test_isolation_from_nobody_is_an_error(world: World) -> None:
    with pytest.raises(UsageError, match="but its own members"):
        world.isolation(("USA", "GBR"), MONTH, from_="USA")
    with pytest.raises(UsageError, match="view of isolation"):
        world.isolation("USA", MONTH, by="looks")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="expected a month from"):
        world.isolation("USA", "1950-01")


def test_a_state_without_ties_is_refused(world: World) -> None:
    with pytest.raises(Refusal, match="ties of FRA known in 2009-06 carry 0%"):
        world.isolation("FRA", MONTH)
    with pytest.raises(Refusal, match="FRA"):
        world.hedging("FRA", between=("USA", "CHN"), month=MONTH)
    with pytest.raises(Refusal, match="0 of the 1 pairs"):
        world.cohesion(("FRA", "USA"), MONTH)


# --- visits ---


def visited(*visits: tuple[str, str, date], lists: Iterable[Coverage] | None = None, **more: Any) -> Record:
    rows = [statement(a, b, "CONSULT", day, mode="visit", value=2.0, **more) for a, b, day in visits]
    told = [covered("RUS"), covered("CHN")] if lists is None else lists
    return record(told, event=rows, trait=traits())


def covered(*actors: str, first: date = date(2005, 1, 1), last: date = date(2009, 12, 31)) -> Coverage:
    return Coverage("paper", "event", "CONSULT:visit", actors, "a", first, last, "zero")


def test_visits_paid_and_received_by_hand() -> None:
    view = visited(
        ("RUS", "IRN", date(2008, 3, 1)), ("CHN", "RUS", date(2007, 9, 1)), ("RUS", "PRK", date(2001, 1, 1))
    ).view()
    found = isolation_by_visits(view, STATES, "RUS", MONTH)
    others = sum(CINC.values()) - CINC["RUS"]
    unvisited = others - CINC["IRN"] - CINC["CHN"]
    assert found.value == pytest.approx(unvisited / others)
    assert found.coverage == pytest.approx(1.0), "its own list reaches everybody"
    assert found.lo90 == pytest.approx(0.0), "any of them may have come: only China's visits are told"
    assert found.hi90 == pytest.approx(unvisited / others) and found.bounded
    rows = {row["partner"]: (row["paid"], row["received"]) for row in found.detail.to_dicts()}
    assert rows["IRN"] == (1, None) and rows["CHN"] == (0, 1) and rows["PRK"] == (0, None), "2001 is too long ago"


def test_visits_one_way() -> None:
    view = visited(("RUS", "IRN", date(2008, 3, 1)), ("CHN", "RUS", date(2007, 9, 1))).view()
    others = sum(CINC.values()) - CINC["RUS"]
    paid = isolation_by_visits(view, STATES, "RUS", MONTH, way="paid")
    assert paid.value == paid.lo90 == paid.hi90 == pytest.approx(1 - CINC["IRN"] / others)
    with pytest.raises(Refusal, match="reach 39% of the others' cinc"):
        isolation_by_visits(view, STATES, "RUS", MONTH, way="received")
    received = isolation_by_visits(view, STATES, "RUS", MONTH, way="received", from_=("CHN",))
    assert received.value == 0.0


def test_visits_of_a_set_are_those_of_its_members() -> None:
    view = visited(("RUS", "USA", date(2008, 3, 1)), ("CHN", "GBR", date(2008, 3, 1))).view()
    found = isolation_by_visits(view, STATES, ("RUS", "CHN"), MONTH, from_=("USA", "GBR"), way="paid")
    total = sum(CINC[i] * CINC[k] for i in ("RUS", "CHN") for k in ("USA", "GBR"))
    seen = CINC["RUS"] * CINC["USA"] + CINC["CHN"] * CINC["GBR"]
    assert found.value == pytest.approx(1 - seen / total)
    back = isolation_by_visits(view, STATES, ("USA", "GBR"), MONTH, from_=("CHN", "RUS"), way="received")
    assert back.value == pytest.approx(found.value), "what one set paid the other received"


def test_an_unlisted_visit_never_counts_and_a_gap_ends_a_list() -> None:
    elsewhere = visited(("RUS", "IRN", date(2008, 3, 1)), source="other")
    assert isolation_by_visits(elsewhere.view(), STATES, "RUS", MONTH).value == 1.0
    parts = [covered("RUS", last=date(2007, 12, 31)), covered("RUS", first=date(2008, 1, 1))]
    assert isolation_by_visits(visited(lists=parts).view(), STATES, "RUS", MONTH).coverage == pytest.approx(1.0)
    gap = [covered("RUS", last=date(2007, 12, 30)), covered("RUS", first=date(2008, 1, 1))]
    with pytest.raises(Refusal, match="reach 0%"):
        isolation_by_visits(visited(lists=gap).view(), STATES, "RUS", MONTH)


def test_nothing_is_carried_past_the_end_of_a_list() -> None:
    view = visited(("RUS", "IRN", date(2009, 3, 1))).view()
    assert last_listed(view) == date(2009, 12, 1)
    assert isolation_by_visits(view, STATES, "RUS").month == date(2009, 12, 1)
    with pytest.raises(Refusal, match="reach 0%"):
        isolation_by_visits(view, STATES, "RUS", date(2010, 1, 1))
    with pytest.raises(Refusal, match="no complete list"):
        isolation_by_visits(visited(lists=[]).view(), STATES, "RUS")


def test_visits_refuse_what_makes_no_sense() -> None:
    view = visited().view()
    with pytest.raises(UsageError, match="way of visits"):
        isolation_by_visits(view, STATES, "RUS", MONTH, way="sideways")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="1 year or more"):
        isolation_by_visits(view, STATES, "RUS", MONTH, years=0)


# --- pressure ---


def test_pressure_names_what_ends_it(world: World) -> None:
    found = world.pressure("CHN", between=("RUS", "IRN"), power="RUS", month=MONTH, band=0.0)
    inside = world.hedging("CHN", between=("RUS", "IRN"), month=MONTH).detail
    row = found.detail.filter(power="RUS").row(0, named=True)
    assert row["falls"] == found.value and row["rises"] is None
    assert 0 <= found.lo90 <= found.value <= found.hi90
    assert found.value <= float(inside.filter(power="RUS")["mean"][0]) + 0.2
    tighter = world.pressure("CHN", between=("RUS", "IRN"), power="RUS", month=MONTH, band=0.5)
    assert tighter.value <= found.value, "a narrower band is left sooner"
    assert "probability" in found.notes[0]


def test_pressure_refuses_what_makes_no_sense(world: World) -> None:
    with pytest.raises(UsageError, match="power that presses"):
        world.pressure("CHN", between=("RUS", "IRN"), power="USA", month=MONTH)
    with pytest.raises(UsageError, match="two or more"):
        world.pressure("CHN", between=("RUS",), power="RUS", month=MONTH)
    with pytest.raises(UsageError, match="band"):
        world.pressure("CHN", between=("RUS", "IRN"), power="RUS", month=MONTH, band=1.5)


# --- cohesion ---


def test_cohesion_in_ties_agrees_with_the_pairs_it_lists(world: World) -> None:
    found = world.cohesion(("USA", "GBR", "AUS"), MONTH)
    known = world.ties.at(MONTH)
    pairs = [known.filter(a=a, b=b).row(0, named=True) for a, b in combinations(("AUS", "GBR", "USA"), 2)]
    assert found.value == pytest.approx(np.mean([pair["mean"] for pair in pairs]), abs=1e-9)
    sd = np.sqrt(sum(pair["sd"] ** 2 for pair in pairs)) / 3
    assert (found.hi90 - found.lo90) / 2 == pytest.approx(1.645 * sd, rel=0.05)
    assert found.coverage == 1.0 and len(found.pairs) == 3
    assert found.detail["index"].to_list() == ["mean", "spread", "positive"]
    assert found.value > world.cohesion(("USA", "IRN", "RUS"), MONTH).value
    with pytest.raises(UsageError, match="at least 2 members"):
        world.cohesion("USA", MONTH)
    with pytest.raises(UsageError, match="view of cohesion"):
        world.cohesion(("USA", "GBR"), MONTH, by="hearts")  # type: ignore[arg-type]


def test_cohesion_in_votes_by_hand() -> None:
    votes = [vote(a, "R1", date(2009, 3, 1), "yes") for a in ("USA", "GBR", "AUS")]
    votes += [vote("USA", "R2", date(2009, 4, 1), "no"), vote("GBR", "R2", date(2009, 4, 1), "yes")]
    votes += [vote("USA", "R3", date(2009, 5, 1), "no"), vote("RUS", "R3", date(2009, 5, 1), "no")]
    votes += [vote(a, "R0", date(2008, 1, 1), "no") for a in ("USA", "GBR", "AUS")]
    view = record(vote=votes).view()
    found = cohesion_votes(view, ("USA", "GBR", "AUS"), MONTH)
    assert found.value == pytest.approx((1.0 + 0.25) / 2), "R3 has one member, R0 is before the twelve months"
    rows = {row["index"]: row for row in found.detail.to_dicts()}
    assert rows["agreement"]["value"] == pytest.approx(3 / 4) and rows["rice"]["value"] == pytest.approx(0.5)
    assert rows["agreement"]["rollcalls"] == 2
    assert found.coverage == pytest.approx(6 / 9), "nine votes of three members in three roll calls"
    assert found.lo90 <= found.value <= found.hi90
    assert {row["rollcall"] for row in view.by_id(found.ids)} == {"R1", "R2"} and len(found.ids) == 5
    assert cohesion_votes(view, ("USA", "GBR")).month == date(2009, 5, 1)
    with pytest.raises(Refusal, match="two of these 2 states voted"):
        cohesion_votes(view, ("RUS", "AUS"), MONTH)


def sanctioned() -> Scope:
    year = {"valid_to": date(2009, 12, 31), "value": 2.0}
    rows = [
        statement(a, b, "sanction", date(2009, 1, 1), **year)
        for a, b in (("USA", "IRN"), ("GBR", "IRN"), ("USA", "PRK"))
    ]
    rows += [statement("AUS", "PRK", "sanction", date(2009, 1, 1), **year)]
    told = [Coverage("paper", "tie", "sanction", ("USA", "GBR"), "a", date(2009, 1, 1), date(2009, 12, 31), "zero")]
    return Scope(record(told, tie=rows).view(), STATES, date(2009, 1, 1), date(2009, 12, 31))


def test_cohesion_in_sanctions_by_hand() -> None:
    found = cohesion_sanctions(sanctioned(), ("USA", "GBR", "AUS"))
    rows = {row["target"]: row for row in found.detail.to_dicts()}
    assert rows["IRN"]["share"] == 1.0 and rows["IRN"]["who"] == "GBR USA", "of Australia it is not known"
    assert rows["PRK"]["share"] == pytest.approx(2 / 3), (
        "half of those told, but at least Australia and the United States"
    )
    assert found.value == pytest.approx((1 + 2 / 3) / 2)
    assert (found.lo90, found.hi90) == pytest.approx(((2 / 3 + 2 / 3) / 2, (1 + 2 / 3) / 2)) and found.bounded
    assert found.coverage == pytest.approx(2 / 3) and len(found.ids) == 4 and found.month == date(2009, 12, 1)


def test_cohesion_in_sanctions_refuses_where_there_is_nothing_to_say() -> None:
    with pytest.raises(Refusal, match="no member of RUS\\+CHN is known"):
        cohesion_sanctions(sanctioned(), ("RUS", "CHN"), MONTH)
    with pytest.raises(Refusal, match="vouch for the sanctions of 29%"):
        cohesion_sanctions(sanctioned(), ("USA", "RUS", "CHN", "IRN"), MONTH)
    with pytest.raises(UsageError, match="expected a month from 2009-01"):
        cohesion_sanctions(sanctioned(), ("USA", "GBR"), date(2010, 1, 1))
