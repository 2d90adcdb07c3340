"""Obligations in wars, on a small war made by hand; and figures of all wars beside what has been published."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from samples import record, statement

from multipolar import Refusal, UsageError
from multipolar.architectures import PUBLISHED, alliances, cases, published, reliability, wars
from multipolar.panels.told import ONE_SIDED
from multipolar.record import Coverage, Record, View
from multipolar.sources.publishers import atop
from multipolar.sources.publishers import wars as war_lists

SPELL = {"valid_to": date(1918, 11, 11)}


def war(a: str, b: str, first: date, ref: str = "COW war 106", last: date = date(1918, 11, 11)) -> dict[str, object]:
    return statement(a, b, "war", first, valid_to=last, value=1.0, ref=ref)


def owed(a: str, b: str, kind: str, first: date, **more: object) -> dict[str, object]:
    return statement(a, b, kind, first, **{**SPELL, **more})


#: Serbia is attacked in July 1914, Russia and Germany come in at once, Italy in 1915 against its ally.
WAR = (
    war("AUH", "SRB", date(1914, 7, 29)),
    war("AUH", "RUS", date(1914, 8, 1)),
    war("DEU", "RUS", date(1914, 8, 1)),
    war("DEU", "FRA", date(1914, 8, 3)),
    war("AUH", "FRA", date(1914, 8, 3)),
    war("AUH", "ITA", date(1915, 5, 24)),
)
PACTS = (
    owed("AUH", "DEU", "defence", date(1879, 10, 7)),
    owed("DEU", "ITA", "defence", date(1882, 5, 20)),
    owed("AUH", "ITA", "defence", date(1882, 5, 20)),
    owed("AUH", "ROU", "defence", date(1883, 10, 30)),
    owed("FRA", "RUS", "defence", date(1894, 1, 4)),
    owed("RUS", "SRB", "defence", date(1914, 8, 2)),
    owed("GBR", "FRA", "consultation", date(1904, 4, 8)),
    owed("ITA", "FRA", "neutrality", date(1902, 11, 1), unit=ONE_SIDED),
    owed("ITA", "AUH", "nonaggression", date(1902, 1, 1)),
)


@pytest.fixture(scope="module")
def view() -> View:
    return record(tie=[*WAR, *PACTS]).view()


def told(view: View) -> dict[tuple[str, str, str], tuple[str, bool | None]]:
    found = cases(view)
    assert found.select("other", "partner", "kind").is_duplicated().sum() == 0
    return {(row["other"], row["partner"], row["kind"]): (row["did"], row["honoured"]) for row in found.to_dicts()}


def test_what_the_partner_did_is_told_by_whom_it_faced(view: View) -> None:
    found = told(view)
    assert found["AUH", "DEU", "defence"] == ("joined", True)
    assert found["AUH", "ITA", "defence"] == ("fought against", False)
    assert found["AUH", "ROU", "defence"] == ("stayed out", False)
    assert found["DEU", "ITA", "defence"] == ("stayed out", False), "Italy never faced Germany, nor any of its foes"
    assert found["RUS", "FRA", "defence"] == ("joined", True)
    assert found["AUH", "ITA", "nonaggression"] == ("fought against", False)
    assert found["FRA", "ITA", "neutrality"] == ("joined", True), "to help is no breach of neutrality"
    assert found["FRA", "GBR", "consultation"] == ("stayed out", None), (
        "whether they consulted no list of wars can tell"
    )


def test_what_is_no_case(view: View) -> None:
    found = told(view)
    assert ("ITA", "AUH", "defence") not in found, "Austria-Hungary was at war before Italy was"
    assert ("DEU", "AUH", "defence") not in found, "and before Germany was"
    assert ("SRB", "RUS", "defence") not in found, "an obligation that the war itself brought about does not count"
    assert ("ITA", "FRA", "neutrality") not in found, "it was owed one way only"


def test_cases_lead_to_the_treaty_and_the_war(view: View) -> None:
    row = cases(view).row(by_predicate=(pl.col("other") == "AUH") & (pl.col("partner") == "ROU"), named=True)
    assert {each["kind"] for each in view.by_id(row["ids"])} == {"defence", "war"}
    assert (row["day"], row["joined_on"], row["since"]) == (date(1914, 7, 29), None, date(1883, 10, 30))


def test_shares_by_type_and_era(view: View) -> None:
    found = {(row["kind"], row["era"]): row for row in reliability(view).to_dicts()}
    row = found["defence", "1816-1944"]
    assert (row["wars"], row["cases"], row["joined"], row["stayed_out"], row["fought_against"]) == (1, 5, 2, 2, 1)
    assert row["share"] == pytest.approx(2 / 5) and row["by_war"] == pytest.approx(2 / 5) and row["effective"] == 1.0
    assert found["help", "1816-1944"]["cases"] == 5
    assert found["all", "1816-1944"]["cases"] == 7, "with neutrality and nonaggression, without consultation"
    assert found["all", "1816-1944"]["published"] == 0.66
    assert found["consultation", "1816-1944"]["share"] is None and found["consultation", "1816-1944"]["cases"] == 1
    assert found["defence", "1945-2003"]["cases"] == 0 and found["defence", "1945-2003"]["share"] is None
    mine = reliability(view, {"1915 on": (1915, 1918)})
    assert set(mine["era"]) == {"1915 on"} and mine["cases"].sum() == 0


def test_who_changes_sides_is_taken_by_what_it_did_first() -> None:
    rows = [
        war("DEU", "GBR", date(1939, 9, 3), "COW war 139", date(1945, 5, 7)),
        war("ITA", "GBR", date(1940, 6, 10), "COW war 139", date(1943, 9, 2)),
        war("DEU", "ITA", date(1943, 10, 18), "COW war 139", date(1945, 5, 7)),
        statement("DEU", "ITA", "defence", date(1939, 5, 22), valid_to=date(1943, 9, 8)),
    ]
    assert cases(record(tie=rows).view()).select("other", "partner", "did").rows() == [("DEU", "ITA", "joined")]


def test_what_is_refused() -> None:
    with pytest.raises(Refusal, match="no war between states is told"):
        cases(record(tie=PACTS).view())
    with pytest.raises(Refusal, match="no obligation is told"):
        cases(record(tie=WAR).view())
    with pytest.raises(Refusal, match="every obligation of all states from 1816 to 1950"):
        alliances(record(tie=PACTS).view())
    with pytest.raises(Refusal, match="every war of all states"):
        wars(record(tie=WAR).view())
    with pytest.raises(UsageError, match="kind of alliance"):
        alliances(record(tie=PACTS).view(), kinds=("friendship",))


def test_alliances_and_wars_on_paper() -> None:
    note = "all pairs of states in the Correlates of War system"
    whole = date(1816, 1, 1), date(1900, 12, 31)
    coverage = [Coverage("paper", "tie", kind, (), "both", *whole, "zero", note) for kind in ("defence", "war")]
    rows = [
        statement("DEU", "RUS", "defence", date(1821, 6, 1), valid_to=date(1826, 3, 1)),
        statement("AUH", "RUS", "defence", date(1824, 1, 1), valid_to=date(1824, 12, 31)),
        war("RUS", "TUR", date(1828, 4, 26), "COW war 4", date(1829, 9, 14)),
        war("RUS", "TUR", date(1829, 1, 1), "COW war 4", date(1829, 9, 14)),
    ]
    view = record(coverage, tie=rows).view()
    found = alliances(view, spans=[(1821, 1827)], kinds=["defence"]).row(0, named=True)
    assert found["pairs"] == pytest.approx((6 + 1) / 7)
    # Of six years with a pair after which a year follows, in four all stand a year later, in 1824 one of two, in 1826 none.
    assert found["persistence_1"] == pytest.approx((1 + 1 + 1 + 0.5 + 1 + 0) / 6)
    war_row = wars(view, spans=[(1825, 1830)]).row(0, named=True)
    assert (war_row["onsets"], war_row["wars"]) == (1, 1), "a war of two years began once"
    assert war_row["onset_rate"] == pytest.approx(1 / war_row["pair_years"])


@pytest.fixture(scope="module")
def all_wars(shared_data: Path) -> View:
    made = Record.memory()
    made.ingest(atop.parse(shared_data / "atop_alliances" / "atop_alliance.parquet"))
    made.ingest(war_lists.parse_inter(shared_data / "conflicts_mid_ucdp" / "cow_war_inter.csv.gz"))
    return made.view()


def recomputed(shared: Path) -> dict[tuple[str, int, int], list[float]]:
    """Lines of alliances in the table of figures recomputed from the publishers' files themselves."""
    lines = (shared / "tables" / "jackson_nei_recomputed.txt").read_text(encoding="utf-8").splitlines()
    found = {}
    for line in lines:
        words = line.split()
        if words[0].isdigit():
            found["war", int(words[0]), int(words[1])] = [float(words[7]), float(words[12])]
        else:
            found[words[0], int(words[1]), int(words[2])] = [float(words[4]), float(words[10]), float(words[12])]
    return found


@pytest.mark.data
def test_alliances_per_state_and_their_persistence(all_wars: View, shared: Path) -> None:
    expected = recomputed(shared)
    names = {"any": "any", "military": "mil", "defence": "atop_defense"}
    for row in alliances(all_wars).to_dicts():
        per_state, five, one = expected[names[row["kind"]], row["first"], row["last"]]
        assert row["per_state"] == pytest.approx(per_state, rel=0.002)
        # Here a state that changed its number (Germany in 1990, Yemen) goes on, and its alliances with it.
        assert row["persistence_5"] == pytest.approx(five, abs=0.005)
        assert row["persistence_1"] == pytest.approx(one, abs=0.002)
    after = alliances(all_wars, kinds=["military"])
    assert after["per_state"].to_list() == pytest.approx([2.525, 10.523], rel=0.1), (
        "as Jackson & Nei print them, from ATOP 3"
    )
    inside = alliances(all_wars, kinds=["defence"], spans=[(1816, 1950)], inside=True)
    assert inside["per_state"].item() < after["per_state"][0], "pairs with a state outside the system left out"


@pytest.mark.data
def test_wars_per_pair_and_year(all_wars: View, shared: Path) -> None:
    expected = recomputed(shared)
    found = wars(all_wars)
    for row in found.to_dicts():
        onset, war_rate = expected["war", row["first"], row["last"]]
        assert row["onset_rate"] == pytest.approx(onset, rel=0.005)
        assert row["war_rate"] == pytest.approx(war_rate, rel=0.01)
    assert found["onsets"].to_list() == [262, 104, 298, 68] and found["wars"].to_list() == [59, 34, 65, 28]
    assert found["onset_rate"][1] / found["onset_rate"][0] == pytest.approx(0.097, abs=0.005), "a tenth, as published"


@pytest.mark.data
def test_reliability_beside_what_has_been_published(all_wars: View, shared: Path) -> None:
    """Ours differ where definitions do, in the direction in which they do; nothing is made to agree."""
    found = {(row["kind"], row["era"]): row for row in reliability(all_wars).to_dicts()}
    ours = {kind: found[kind, "1816-2003"] for kind in ("defence", "offence", "neutrality", "nonaggression")}
    assert {kind: round(row["share"], 2) for kind, row in ours.items()} == {
        "defence": 0.17, "offence": 0.14, "neutrality": 0.89, "nonaggression": 0.97,
    }  # fmt: skip
    # Every war of a member counts as a test, those it began too: lower than published where one has to join, higher where not.
    for kind in ("defence", "offence"):
        assert ours[kind]["hi90"] < ours[kind]["published"]
    for kind in ("neutrality", "nonaggression"):
        assert ours[kind]["lo90"] > ours[kind]["published"]
    # What is published of the eras holds: pledges of help were kept less after 1945 than before.
    before, after = found["help", "1816-1944"], found["help", "1945-2003"]
    assert (round(before["share"], 2), round(after["share"], 2)) == (0.31, 0.14)
    assert after["share"] < before["lo90"]
    assert all(row["lo90"] <= row["share"] <= row["hi90"] for row in found.values() if row["share"] is not None)
    table = (shared / "tables" / "published_numbers.csv").read_text(encoding="utf-8")
    for fact, kind in (
        ("defence pacts", "defence"),
        ("nonaggression pacts", "nonaggression"),
        ("offensive alliances", "offence"),
    ):
        line = next(line for line in table.splitlines() if line.startswith(fact))
        assert float(line.split(",")[1]) == next(each.share for each in PUBLISHED if each.kind == kind)
    assert published().filter(pl.col("source").str.starts_with("Leeds"))["share"].to_list() == [0.745]
