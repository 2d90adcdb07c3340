"""Common treaties → pairs: against a day-by-day oracle, and the organisations' own obligations."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multipolar.actors.organisations import Membership, members, memberships, organisation, organisations
from multipolar.dossier import STATES
from multipolar.dossier.members import SHARE, gather, parties
from multipolar.dossier.pacts import ROLES, Pact, Party, bind, overlap
from multipolar.record import Batch

START = date(2000, 1, 1)
DAYS = 40


def day(number: int) -> date:
    return START + timedelta(days=number)


@st.composite
def spans(draw: st.DrawFn) -> tuple[date, date | None]:
    first = draw(st.integers(0, DAYS - 1))
    last = draw(st.one_of(st.none(), st.integers(first, DAYS - 1)))
    return day(first), None if last is None else day(last)


def holds(span: tuple[date, date | None], on: date) -> bool:
    return span[0] <= on and (span[1] is None or on <= span[1])


@given(st.lists(spans(), min_size=1, max_size=4))
def test_an_overlap_is_the_days_that_all_spans_hold(found: list[tuple[date, date | None]]) -> None:
    common = overlap(*found)
    for number in range(DAYS + 5):
        assert (common is not None and holds(common, day(number))) == all(holds(span, day(number)) for span in found)


@settings(deadline=None)
@given(st.lists(st.tuples(spans(), st.sampled_from(ROLES)), min_size=2, max_size=5), spans())
def test_pairs_are_bound_on_exactly_the_days_of_both_parties(
    who: list[tuple[tuple[date, date | None], str]], force: tuple[date, date | None]
) -> None:
    names = STATES[: len(who)]
    found = {name: Party(name, *span, role) for name, (span, role) in zip(names, who, strict=True)}
    pact = Pact("CLUB", "defence", *force, "CLUB", "un", "Art. 1", None)
    tied = list(bind([pact], {"CLUB": found.values()}))
    for a, b in combinations(sorted(names), 2):
        roles = {found[a].role, found[b].role}
        apart = roles in ({"hub"}, {"spoke"})
        for number in range(DAYS + 5):
            on = day(number)
            expected = (
                not apart and holds(force, on) and all(holds((found[x].first, found[x].last), on) for x in (a, b))
            )
            rows = [row for row in tied if (row["a"], row["b"]) == (a, b)]
            assert sum(holds((row["valid_from"], row["valid_to"]), on) for row in rows) == expected


def test_only_states_of_the_dossier_are_bound() -> None:
    club = [Party(name, START, None) for name in ("USA", "FRA", "AND", "ZWE")]
    tied = list(bind([Pact("CLUB", "defence", START, None, "CLUB", "un", "Art. 1", None)], {"CLUB": club}))
    assert [(row["a"], row["b"], row["original"]) for row in tied] == [("FRA", "USA", "common membership")]


def spell(status: str, span: tuple[date, date | None]) -> Membership:
    return Membership("LAS", "SYR", status, *span, "day", "publisher", "page", "")


@given(spans(), st.lists(spans(), max_size=3))
def test_the_days_of_a_suspension_are_cut_out(
    full: tuple[date, date | None], gaps: list[tuple[date, date | None]]
) -> None:
    left = list(parties([spell("member", full), *(spell("suspended", gap) for gap in gaps)]))
    for number in range(DAYS + 5):
        on = day(number)
        bound = [party for party in left if holds((party.first, party.last), on)]
        assert len(bound) == (holds(full, on) and not any(holds(gap, on) for gap in gaps))


def test_a_lesser_status_binds_nobody() -> None:
    assert not list(
        parties([spell(status, (START, None)) for status in ("associate", "observer", "partner", "dialogue")])
    )


def test_every_membership_is_a_statement_with_its_share(embedded: Batch) -> None:
    told = embedded.frames["tie"].filter(kind="membership")
    spells = [row for row in memberships() if row.valid_from <= date(2026, 6, 30)]
    assert told.height == len(spells) == len(gather().statements)
    assert dict(told.group_by("original").agg(pl.col("value").first()).iter_rows()).items() <= SHARE.items()
    assert set(told["original"]) <= set(SHARE)
    assert told["locator"].str.len_chars().min() > 0


@pytest.mark.parametrize("on", [date(1990, 6, 1), date(2000, 6, 1), date(2010, 6, 1), date(2024, 6, 1)])
def test_the_organisations_obligations_hold_between_all_their_members(embedded: Batch, on: date) -> None:
    ties = embedded.frames["tie"].filter(
        pl.col("original") == "common membership",
        pl.col("valid_from") <= on,
        pl.col("valid_to").is_null() | (pl.col("valid_to") >= on),
    )
    for org in organisations():
        inside = set(members(org.id, on)) - set(members(org.id, on, status=("suspended",)))
        pairs = set(combinations(sorted(inside & set(STATES)), 2))
        for owed in org.owed(on):
            rows = ties.filter(pl.col("ref") == org.id, pl.col("kind") == owed.kind)
            assert set(rows.select("a", "b").iter_rows()) == pairs, (org.id, owed.kind, on)


def test_some_pairs_by_hand(embedded: Batch) -> None:
    ties = embedded.frames["tie"]

    def pact(a: str, b: str, kind: str, ref: str) -> tuple[date, date | None]:
        row = ties.filter(pl.col("a") == a, pl.col("b") == b, pl.col("kind") == kind, pl.col("ref") == ref)
        assert row.height == 1, (a, b, kind, ref)
        return row["valid_from"][0], row["valid_to"][0]

    assert pact("FIN", "USA", "defence", "NATO") == (date(2023, 4, 4), None)
    assert pact("FIN", "SWE", "defence", "NATO") == (date(2024, 3, 7), None)
    assert pact("BRA", "MEX", "defence", "RIO") == (date(1948, 12, 3), date(2004, 9, 5))
    assert pact("PRK", "RUS", "defence", "RUS-PRK 2024") == (date(2024, 12, 4), None)
    assert pact("PRK", "RUS", "defence", "USSR-PRK 1961") == (date(1961, 9, 10), date(1996, 9, 10))
    assert pact("CHN", "VNM", "nonaggression", "TAC") == (date(2003, 10, 8), None)
    assert ties.filter(pl.col("ref") == "TAC", pl.col("a") == "PRK", pl.col("b") == "USA").is_empty()
    assert organisation("NATO").id == "NATO"


def test_a_treaty_signed_before_it_was_in_force_is_known_from_its_signature(embedded: Batch) -> None:
    row = embedded.frames["tie"].filter(ref="RUS-PRK 2024", kind="defence").row(0, named=True)
    assert (row["known_from"], row["valid_from"]) == (date(2024, 6, 19), date(2024, 12, 4))
