"""How deep pairs are bound, what stands beside, and which pairs stand against each other; each on a few lines made by hand."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from samples import record, statement

from multipolar.architectures import RUNGS, find
from multipolar.architectures.depth import arms, beside, depths, matrix
from multipolar.architectures.indivisible import against
from multipolar.architectures.standing import Told
from multipolar.panels.told import ONE_SIDED
from multipolar.record import Coverage

DAY = date(2005, 6, 30)
WHOLE = {"valid_to": date(2009, 12, 31)}


def members(**bodies: list[str]) -> pl.DataFrame:
    """A table of members as `Members.frame` has it."""
    schema = {"actor": pl.String, "bodies": pl.List(pl.String)}
    return pl.DataFrame(sorted(bodies.items()), schema=schema, orient="row")


def deep(
    *rows: dict[str, object], coverage: tuple[Coverage, ...] = (), **bodies: list[str]
) -> dict[tuple[str, str], dict[str, object]]:
    known = Told(record(coverage, tie=rows).view())
    return {(row["a"], row["b"]): row for row in depths(known, members(**bodies), DAY).to_dicts()}


def test_the_deepest_obligation_counts_whichever_treaty_it_is_of() -> None:
    found = deep(
        statement("CHN", "RUS", "nonaggression", date(2001, 7, 16), **WHOLE, ref="CHN-RUS 2001"),
        statement("RUS", "CHN", "consultation", date(2001, 7, 16), **WHOLE, ref="CHN-RUS 2001"),
        statement("PRK", "CHN", "defence", date(1961, 7, 11), **WHOLE, ref="CHN-PRK 1961"),
        statement("PRK", "RUS", "defence", date(1961, 7, 6), valid_to=date(1996, 9, 10), ref="USSR-PRK 1961"),
        statement("IRN", "RUS", "neutrality", date(2001, 3, 12), **WHOLE),
        statement("PRK", "RUS", "offence", date(2006, 1, 1), **WHOLE),
        CHN=["SHARED"], IRN=[], PRK=["SHARED"], RUS=["SHARED"],
    )  # fmt: skip
    rungs = {pair: row["rung"] for pair, row in found.items()}
    assert rungs == {
        ("CHN", "IRN"): "none",
        ("CHN", "PRK"): "defence",
        ("CHN", "RUS"): "nonaggression",
        ("IRN", "PRK"): "none",
        ("IRN", "RUS"): "nonaggression",
        ("PRK", "RUS"): "forum",
    }
    pair = found["CHN", "RUS"]
    assert pair["obligations"] == ["consultation", "nonaggression"]
    assert (pair["bodies"], pair["treaties"], pair["mutual"], len(pair["ids"])) == (
        ["SHARED"],
        ["CHN-RUS 2001"],
        True,
        2,
    )
    assert found["PRK", "RUS"]["mutual"] is None and found["PRK", "RUS"]["bodies"] == ["SHARED"]


def test_what_only_one_owes_is_told_apart() -> None:
    one_way = statement("USA", "JPN", "defence", date(1951, 9, 8), **WHOLE, unit=ONE_SIDED)
    found = deep(one_way, JPN=[], USA=[])["JPN", "USA"]
    assert (found["rung"], found["mutual"]) == ("defence", False)
    back = statement("JPN", "USA", "defence", date(1960, 1, 19), **WHOLE, unit=ONE_SIDED)
    assert deep(one_way, back, JPN=[], USA=[])["JPN", "USA"]["mutual"] is True


def test_members_of_an_organisation_owe_what_its_treaty_says() -> None:
    """Of states of which no pact is told, the table of organisations tells what members owe each other."""
    found = deep(statement("RUS", "CHN", "partnership", date(1996, 4, 25)), ALB=["NATO"], ISL=["NATO"], PRT=["NATO"])
    assert found["ISL", "PRT"]["rung"] == "defence"
    assert found["ISL", "PRT"]["treaties"] == ["NATO"] and found["ISL", "PRT"]["mutual"]
    assert found["ALB", "ISL"]["rung"] == "forum", (
        "Albania joined in 2009: the table does not let the day pass for a later one"
    )


def test_nothing_is_carried_past_the_end_of_a_source() -> None:
    open_ended = statement("CHN", "PRK", "defence", date(1961, 7, 11))
    assert deep(open_ended, CHN=[], PRK=[])["CHN", "PRK"]["rung"] == "none"
    reach = (Coverage("paper", "tie", "defence", (), "any", date(1961, 1, 1), DAY, "missing"),)
    assert deep(open_ended, coverage=reach, CHN=[], PRK=[])["CHN", "PRK"]["rung"] == "defence"


def test_silence_is_not_none_unless_a_source_says_so() -> None:
    pact = statement("CHN", "PRK", "defence", date(1961, 7, 11), **WHOLE)
    loose = deep(pact, CHN=["A"], PRK=["A"], RUS=["A"])
    assert not loose["CHN", "RUS"]["exact"] and loose["CHN", "PRK"]["exact"], "nothing is deeper than defence"
    listed = tuple(
        Coverage("paper", "tie", kind, ("CHN", "RUS"), "both", date(2005, 1, 1), date(2005, 12, 31), "zero")
        for kind in ("defence", "nonaggression", "consultation")
    )
    tight = deep(pact, coverage=listed, CHN=["A"], PRK=["A"], RUS=["A"])
    assert tight["CHN", "RUS"]["exact"] and not tight["PRK", "RUS"]["exact"]


def test_the_matrix_gives_the_share_told_and_the_most_it_can_be() -> None:
    coverage = (
        Coverage("paper", "tie", "defence", (), "both", date(2000, 1, 1), date(2009, 12, 31), "zero", "all states"),
    )
    known = Told(record(coverage, tie=[statement("CHN", "PRK", "defence", date(1961, 7, 11), **WHOLE)]).view())
    found = matrix(known, members(CHN=["A"], PRK=["A"], RUS=["A"]), DAY)
    assert found["rung"].to_list() == list(RUNGS)
    assert found["pairs"].to_list() == [0, 2, 0, 0, 1]
    assert found["at_least"].to_list() == pytest.approx([1, 1, 1 / 3, 1 / 3, 1 / 3])
    # Whether the other two owe each other to consult or not to attack is not told; that none owes defence is.
    assert found["at_most"].to_list() == pytest.approx([1, 1, 1, 1, 1 / 3])


def test_what_stands_beside_is_on_no_rung() -> None:
    rows = [
        statement("RUS", "IND", "base", date(1995, 3, 16), **WHOLE),
        statement("RUS", "IND", "troops", date(1992, 6, 30), **WHOLE, value=3000.0),
        statement("IND", "RUS", "trade_agreement", date(1993, 1, 1), **WHOLE, value=1.0),
        statement("IND", "EAEU", "membership", date(2015, 1, 2), value=1.0),
    ]
    flow = {"valid_to": date(2003, 12, 31), "known_from": date(2004, 3, 1)}
    sold = [
        statement("RUS", "IND", "arms", date(2003, 1, 1), value=40.0, **flow),
        statement(
            "RUS",
            "IND",
            "arms",
            date(1999, 1, 1),
            valid_to=date(1999, 12, 31),
            value=500.0,
            known_from=date(2000, 3, 1),
        ),
        statement(
            "RUS",
            "IND",
            "arms",
            date(2005, 1, 1),
            valid_to=date(2005, 12, 31),
            value=900.0,
            known_from=date(2006, 3, 1),
        ),
    ]
    known = Told(record(tie=rows, flow=sold).view())
    found = beside(known, ("IND", "RUS"), DAY)
    assert found.select("what", "of", "value").rows() == [
        ("arms", "RUS", 40.0),
        ("base", "RUS", None),
        ("trade agreement", None, 1.0),
        ("troops", "RUS", 3000.0),
    ], "of arms the five calendar years that have ended by the day"
    assert depths(known, members(IND=[], RUS=[]), DAY)["rung"].to_list() == ["none"]


def test_arms_that_two_sources_tell_are_delivered_once() -> None:
    year = {"valid_to": date(2004, 12, 31)}
    rows = [
        statement("RUS", "IND", "arms", date(2004, 1, 1), value=100.0, **year, known_from=date(2005, 3, 1)),
        statement(
            "RUS", "IND", "arms", date(2004, 1, 1), value=120.0, **year, known_from=date(2007, 3, 1), source="other"
        ),
    ]
    assert arms(record(flow=rows).view(), None, DAY)["value"].unique().to_list() == [120.0]


def divided(*rows: dict[str, object], actors: tuple[str, ...]) -> dict[tuple[str, str], tuple[bool, bool, list[str]]]:
    known = Told(record(tie=rows).view())
    found = against(known, actors, date(2005, 6, 1), DAY)
    return {(row["a"], row["b"]): (row["dispute"], row["pact"], row["third"]) for row in found.to_dicts()}


def test_a_dispute_is_live_in_the_month_in_which_it_stands() -> None:
    live = statement("ARM", "AZE", "dispute", date(2005, 5, 1), valid_to=date(2005, 6, 1), value=4.0)
    over = statement("IND", "PAK", "dispute", date(2005, 5, 1), valid_to=date(2005, 5, 31), value=4.0)
    war = statement("ETH", "ERI", "war", date(2005, 1, 1), valid_to=date(2005, 12, 31), value=1.0)
    found = divided(live, over, war, actors=("ARM", "AZE", "ERI", "ETH", "IND", "PAK"))
    assert found == {("ARM", "AZE"): (True, False, []), ("ERI", "ETH"): (True, False, [])}


QUARREL = statement("TWN", "CHN", "rivalry", date(1991, 1, 1), **WHOLE)
PACT = statement("TWN", "USA", "defence", date(1997, 8, 29), **WHOLE)


def test_a_pact_with_an_adversary_of_the_other_is_one_against_it() -> None:
    found = divided(QUARREL, PACT, actors=("CHN", "USA"))
    assert found == {("CHN", "USA"): (False, True, ["TWN"])}, "though Taiwan itself stands outside"
    whole = divided(QUARREL, PACT, actors=("TWN", "CHN", "USA"))
    assert whole == {("CHN", "USA"): (False, True, ["TWN"])}, "a rivalry alone is no dispute"


@pytest.mark.parametrize(
    "rows",
    [
        (PACT,),
        (QUARREL, statement("TWN", "USA", "consultation", date(1997, 8, 29), **WHOLE)),
        (QUARREL, PACT, statement("TWN", "CHN", "defence", date(1994, 4, 20), **WHOLE)),
        (QUARREL, PACT, statement("CHN", "USA", "defence", date(1994, 4, 20), **WHOLE)),
        (QUARREL, statement("USA", "TWN", "defence", date(2006, 1, 1), **WHOLE)),
        (QUARREL, statement("TWN", "USA", "defence", date(1997, 8, 29), **WHOLE, unit=ONE_SIDED)),
    ],
    ids=[
        "no quarrel",
        "no help owed",
        "ally of the third too",
        "allies themselves",
        "not yet in force",
        "owed the other way",
    ],
)
def test_no_pact_against_each_other(rows: tuple[dict[str, object], ...]) -> None:
    assert not any(pact for _, pact, _ in divided(*rows, actors=("CHN", "USA")).values())


def test_one_sided_help_binds_him_who_owes_it() -> None:
    owed = statement("USA", "TWN", "defence", date(1997, 8, 29), **WHOLE, unit=ONE_SIDED)
    assert divided(QUARREL, owed, actors=("CHN", "USA"))["CHN", "USA"][1]


def test_every_pair_leads_to_its_statements() -> None:
    made = record(tie=[QUARREL, PACT])
    found = against(Told(made.view()), ("CHN", "USA"), date(2005, 6, 1), DAY)
    kinds = {row["kind"] for row in made.view().by_id(found["ids"].item())}
    assert kinds == {"rivalry", "defence"}


def test_the_shipped_ones_are_deep_where_they_say() -> None:
    assert {body.id for body in find("euro-atlantic").bodies} == {"NATO", "EU"}
    assert {body.id for body in find("eurasia").bodies} == {"CSTO", "SCO", "EAEU", "CIS"}
