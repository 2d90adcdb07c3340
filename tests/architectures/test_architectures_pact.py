"""A pact of two states: whether it stands, and what was done when one of them fought."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from samples import record, statement

from multipolar import UsageError, World
from multipolar.architectures import pact
from multipolar.panels.told import ONE_SIDED
from multipolar.record import Coverage, View

END = date(2025, 12, 31)


def made(*more: dict[str, object], zero: tuple[str, ...] = ()) -> View:
    coverage = [
        Coverage("paper", "tie", kind, (), "any", date(1945, 1, 1), END, "missing")
        for kind in ("defence", "consultation", "dispute", "nonaggression")
    ]
    coverage += [Coverage("paper", "tie", kind, ("PRK", "RUS"), "both", date(1945, 1, 1), END, "zero") for kind in zero]
    rows = [
        statement("PRK", "RUS", "defence", date(1961, 9, 10), valid_to=date(1996, 9, 10), ref="USSR-PRK 1961"),
        statement("PRK", "RUS", "consultation", date(2000, 10, 10), valid_to=date(2024, 12, 3), ref="RUS-PRK 2000"),
        statement("PRK", "RUS", "defence", date(2024, 12, 4), ref="RUS-PRK 2024"),
        statement("RUS", "UKR", "dispute", date(2022, 2, 24), value=5.0),
        statement("PRK", "UKR", "dispute", date(2024, 10, 8), value=4.0),
        statement("KOR", "PRK", "dispute", date(2010, 3, 26), valid_to=date(2010, 11, 23), value=4.0, ref="MID 4483"),
        statement("RUS", "USA", "dispute", date(2010, 4, 1), valid_to=date(2010, 5, 1), value=2.0),
        statement("PRK", "VNM", "dispute", date(1998, 1, 1), valid_to=date(1998, 2, 1), value=5.0),
    ]
    return record(coverage, tie=[*rows, *more]).view()


def test_it_is_active_while_an_obligation_is_known_to_stand() -> None:
    found = pact(made(), "RUS", "PRK")
    assert (found.a, found.b, found.day, found.active, found.rung) == ("PRK", "RUS", END, True, "defence")
    assert found.obligations.select("kind", "active", "until").rows() == [
        ("defence", True, None),
        ("consultation", False, date(2024, 12, 3)),
        ("defence", False, date(1996, 9, 10)),
    ]
    earlier = pact(made(), "RUS", "PRK", date(2024, 6, 19))
    assert (earlier.active, earlier.rung, earlier.obligations.height) == (True, "consultation", 2)


def test_what_is_not_known_is_not_no() -> None:
    assert pact(made(), "PRK", "RUS", date(1998, 6, 1)).active is None, "no source says that there was none"
    kinds = ("defence", "nonaggression", "consultation")
    assert pact(made(zero=kinds), "PRK", "RUS", date(1998, 6, 1)).active is False
    after = pact(made(), "PRK", "RUS", date(2026, 3, 1))
    assert after.active is None and after.rung == "none", "nothing is carried past the end of its source"
    assert any("not told to have ended" in note for note in after.notes)


def test_cases_are_conflicts_while_it_was_owed() -> None:
    found = pact(made(), "PRK", "RUS").cases
    assert found.select("day", "fought", "foes", "partner", "did", "joined_on", "owed").rows() == [
        (date(2010, 3, 26), "PRK", ["KOR"], "RUS", "stayed out", None, ["consultation"]),
        (date(2022, 2, 24), "RUS", ["UKR"], "PRK", "faced the same foe", date(2024, 10, 8), ["consultation"]),
        (date(2024, 10, 8), "PRK", ["UKR"], "RUS", "faced the same foe", date(2022, 2, 24), ["consultation"]),
    ], "not in 1998, when nothing was owed; nor a dispute below the use of force"
    assert pact(made(), "PRK", "RUS", date(2011, 1, 1)).cases.height == 1, "nothing later than the day"


def test_in_a_conflict_with_a_name_the_partner_joins() -> None:
    war = {"valid_to": date(1953, 7, 27), "ref": "COW war 151"}
    rows = [
        statement("KOR", "PRK", "war", date(1950, 6, 25), value=1.0, **war),
        statement("USA", "PRK", "war", date(1950, 6, 27), value=1.0, **war),
        statement("KOR", "CHN", "war", date(1950, 10, 25), value=1.0, **war),
        statement("CHN", "PRK", "defence", date(1949, 10, 6), valid_to=date(1961, 7, 10)),
        statement("CHN", "RUS", "defence", date(1950, 2, 14), valid_to=date(1980, 4, 11)),
    ]
    case, after = pact(made(*rows), "CHN", "PRK", date(1960, 1, 1)).cases.to_dicts()
    assert (after["fought"], after["partner"], after["did"]) == ("CHN", "PRK", "joined")
    assert (case["kind"], case["fought"], case["foes"], case["did"], case["joined_on"]) == (
        "war", "PRK", ["KOR", "USA"], "joined", date(1950, 10, 25),
    )  # fmt: skip
    (other,) = pact(made(*rows), "CHN", "RUS", date(1960, 1, 1)).cases.to_dicts()
    assert (other["fought"], other["partner"], other["did"]) == ("CHN", "RUS", "stayed out")


def test_what_is_owed_one_way_is_tested_one_way() -> None:
    rows = [
        statement("USA", "JPN", "defence", date(1960, 6, 23), valid_to=END, unit=ONE_SIDED),
        statement("JPN", "CHN", "dispute", date(2012, 9, 1), valid_to=date(2012, 10, 1), value=4.0),
        statement("USA", "IRQ", "dispute", date(2003, 3, 20), valid_to=date(2003, 5, 1), value=5.0),
    ]
    found = pact(made(*rows), "JPN", "USA", date(2020, 1, 1))
    assert found.obligations.select("debtor", "creditor").rows() == [("USA", "JPN")]
    assert found.cases.select("fought", "partner").rows() == [("JPN", "USA")], (
        "Japan owed nothing when the other fought Iraq"
    )


def test_it_leads_to_statements_and_says_what_it_lacks() -> None:
    view = made()
    found = pact(view, "PRK", "RUS")
    kinds = {row["kind"] for row in view.by_id(found.ids)}
    assert kinds == {"defence", "consultation", "dispute"}
    assert found.reliability.is_empty() and found.published.height == 8
    assert any("no war between states is told" in note for note in found.notes)


def test_members_of_an_organisation_are_bound_by_it() -> None:
    found = pact(made(), "PRT", "ISL", date(2024, 1, 1))
    assert found.active and found.rung == "defence"
    assert found.obligations["text"].unique().to_list() == ["Members of NATO"]


def test_bad_input(world: World) -> None:
    with pytest.raises(UsageError, match="two different states"):
        pact(made(), "RUS", "RUS")
    with pytest.raises(UsageError, match="not after today"):
        world.pact("RUS", "CHN", "2999-01-01")
    assert world.pact("Russia", "China", "2005-01-01").rung == "nonaggression"
    assert world.pact("RUS", "CHN").obligations["active"].to_list() == [False], "it ended in 2009"
    assert isinstance(world.pact("USA", "PRK", "2005-01-01").cases, pl.DataFrame)
