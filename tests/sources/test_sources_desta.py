"""Trade agreements: the publisher's dyads with withdrawals and depth, and the repackaged list of parties."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.errors import DataError
from multipolar.record import Record
from multipolar.sources.publishers import desta

DYADS = "country1,country2,iso1,iso2,number,base_treaty,name,entry_type,consolidated,year,entryforceyear,typememb"
WITHDRAWALS = "country1,country2,iso1,iso2,number,base_treaty,name,entry_type,year"
INDICES = "number,base_treaty,name,entry_type,depth_index,depth_rasch"
PARTIES = "stateID,treatyID,Begin,Title,Signature,Force,StateName,destaID"
TYPES = "treatyID,Title,TypeAmbit,destaID"


def dyad(a, b, number, base, force, name="A treaty"):
    return f"x,y,{a},{b},{number},{base},{name},base_treaty,0,1990,{force},1"


def dyads(write, *rows, encoding="utf-8"):
    return desta.parse(write("desta_list_of_treaties_02_03_dyads.csv", [DYADS, *rows], encoding=encoding))


def party(code, name, treaty, force, title="A treaty"):
    return f"{code},T{treaty},1990,{title},1990,{force},{name},{treaty}"


def parties(write, types, *rows):
    kinds = [f"T{treaty},A treaty,{kind},{treaty}" for treaty, kind in types.items()]
    write("desta_agreements.csv.gz", [TYPES, *kinds])
    return desta.parse(write("desta_parties.csv.gz", [PARTIES, *rows]))


def spans(parsed):
    return [
        (row["a"], row["b"], row["ref"], row["valid_from"].year, row["valid_to"] and row["valid_to"].year, row["value"])
        for row in parsed.frame("tie").sort("ref", "a", "b").to_dicts()
    ]


def test_the_earliest_entry_of_a_treaty_binds_a_pair(write):
    parsed = dyads(
        write, dyad(840, 124, 10, 10, 1989), dyad(124, 840, "10+1", 10, 1995), dyad(840, 484, 636, 636, 1994),
        dyad(840, 404, 1042, 1042, ""), dyad(840, 344, 7, 7, 1990), dyad(840, 200, 8, 8, 1995),
    )  # fmt: skip
    assert spans(parsed) == [
        ("CAN", "USA", "DESTA 10", 1989, None, None),
        ("MEX", "USA", "DESTA 636", 1994, None, None),
    ]
    assert {item.reason: item.rows for item in parsed.left_out} == {
        "a territory, no state": 1,
        "the state did not exist in that year": 1,
        "no year of entry into force: signed, or under negotiation": 1,
        "a later entry of a treaty that already binds them": 1,
    }
    row = parsed.frame("tie").to_dicts()[0]
    assert (row["known_from"], row["original"], row["text"]) == (date(1989, 12, 31), "in force 1989", "A treaty")
    assert parsed.sources[0].key == "desta:02.03"
    assert parsed.coverage[0].absence == "missing"
    assert Record.memory().ingest(parsed).added["tie"] == 2


def test_withdrawals_and_depth_come_from_the_files_beside(write):
    write("desta_dyadic_withdrawal_02_03.csv", [WITHDRAWALS, "x,y,276,826,1,1,EC,withdrawal,2021"])
    write("desta_indices_version_02_03.csv", [INDICES, "1,1,EC,base_treaty,6,1.0", "1+1,1,EC,accession,NA,NA"])
    parsed = dyads(write, dyad(826, 276, "1+1", 1, 1973), dyad(276, 250, 1, 1, 1958), dyad(276, 826, 2, 2, 1990))
    assert spans(parsed) == [
        ("DEU", "FRA", "DESTA 1", 1958, None, 6.0),
        ("DEU", "GBR", "DESTA 1", 1973, 2020, 6.0),
        ("DEU", "GBR", "DESTA 2", 1990, None, None),
    ]
    left = parsed.frame("tie").filter(pl.col("valid_to").is_not_null()).to_dicts()[0]
    assert left["original"] == "in force 1973, left 2021; depth_index=6.0"
    assert left["unit"] == "depth index, 0 to 7"


def test_a_withdrawal_in_the_year_of_entry_leaves_that_year(write):
    write("desta_dyadic_withdrawal_02_03.csv", [WITHDRAWALS, "x,y,840,124,1,1,EC,withdrawal,1989"])
    assert spans(dyads(write, dyad(840, 124, 1, 1, 1989)))[0][3:5] == (1989, 1989)


def test_the_publisher_writes_latin_1(write):
    parsed = dyads(write, dyad(384, 250, 1, 1, 2016, "Côte d'Ivoire EC"), encoding="latin-1")
    assert parsed.frame("tie")["text"].to_list() == ["Côte d'Ivoire EC"]


@pytest.mark.parametrize(
    ("code", "actors"),
    [("840", ("USA",)), ("900", ("XKX",)), ("276", ("DEU",)), ("280", ("DEU",)), ("9999", ()), ("x", ())],
)
def test_numeric_codes(code, actors):
    assert desta.numeric(code) == actors


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (dyad(840, 124, 1, 1, "19x9"), ":2:force: expected a whole number"),
        (dyad(840, 124, 1, 1, 1930), ":2:force: expected a whole number from 1945"),
        (dyad(840, 998, 1, 1, 1990), ":2:b: expected a code or name of a state, got '998'"),
        (dyad("", 124, 1, 1, 1990), ":2:a: expected a value"),
        (dyad(840, 124, 1, 1, 1990) + ",1", ":2:row: expected 12 cells"),
    ],
)
def test_bad_cells_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        dyads(write, row)


def test_parties_are_paired_from_the_year_that_binds_both(write):
    parsed = parties(
        write, {1: "Regional", 2: "Bilateral"},
        party("ARG", "Argentina", 1, 1991), party("BRA", "Brazil", 1, 1991), party("VEN", "Venezuela", 1, 2012),
        party("ARG", "Argentina", 1, 2012), party("CHN", "China", 2, 2008), party("NZL", "New Zealand", 2, 2008),
        party("CHN", "China", 3, ""), party("HKG", "Hong Kong SAR China", 2, 2008), party("", "Kosovo", 4, 2010),
    )  # fmt: skip
    assert [row[:4] for row in spans(parsed)] == [
        ("ARG", "BRA", "DESTA 1", 1991),
        ("ARG", "VEN", "DESTA 1", 2012),
        ("BRA", "VEN", "DESTA 1", 2012),
        ("CHN", "NZL", "DESTA 2", 2008),
    ]
    assert {item.reason.split(":")[0]: item.rows for item in parsed.left_out} == {
        "a territory, no state": 1,
        "no year of entry into force": 1,
        "a later entry of a treaty that already binds them": 1,
        "no other party that it could be paired with": 1,
    }
    assert parsed.used == 5
    assert "no withdrawals" in parsed.remarks[0]


def test_states_on_one_side_of_a_treaty_are_not_paired(write):
    union = [("DEU", "Germany"), ("FRA", "France")]
    rows = [party(*each, 1, 1995, "EC Latvia") for each in (*union, ("LVA", "Latvia"))]
    rows += [party(*each, 2, 1976, "Lome 1") for each in (*union, ("KEN", "Kenya"), ("GHA", "Ghana"))]
    rows += [party(*each, 3, 1997, "EC Faroe Islands") for each in (*union, ("FRO", "Faroe Islands"))]
    efta = [("CHE", "Switzerland"), ("NOR", "Norway")]
    rows += [party(*each, 4, 1993, "EFTA Israel") for each in (*efta, ("ISR", "Israel"))]
    rows += [party(*each, 5, 2000, "A Treaty Of Blocs") for each in (*efta, ("KEN", "Kenya"))]
    rows += [party(*each, 6, 1958, "EC") for each in union]
    types = {1: "External", 2: "Interregional", 3: "External", 4: "External", 5: "Interregional", 6: "Regional"}
    pairs = {}
    for a, b, ref, *_ in spans(parties(write, types, *rows)):
        pairs.setdefault(ref, set()).add(a + b)
    assert pairs == {
        "DESTA 1": {"DEULVA", "FRALVA"},
        "DESTA 2": {"DEUKEN", "DEUGHA", "FRAKEN", "FRAGHA"},
        "DESTA 4": {"CHEISR", "ISRNOR"},
        "DESTA 5": {"CHENOR", "CHEKEN", "KENNOR"},
        "DESTA 6": {"DEUFRA"},
    }


def test_wrong_files_are_refused(write):
    with pytest.raises(DataError, match=r"desta_agreements\*\.csv beside it"):
        desta.parse(write("desta_parties.csv", [PARTIES, party("CHN", "China", 1, 2008)]))
    with pytest.raises(DataError, match=r"none called stateID"):
        desta.parse(write("x.csv", ["a,b", "1,2"]))
    write("desta_dyadic_withdrawal_02_03.csv", [WITHDRAWALS, "x,y,276,826,1,1,EC,withdrawal,soon"])
    with pytest.raises(DataError, match=r"desta_dyadic_withdrawal_02_03.csv:2:left"):
        dyads(write, dyad(826, 276, 1, 1, 1973))
    with pytest.raises(DataError, match=r"check 'rows parties'"):
        write("desta_agreements.csv", [TYPES, "T,A,Bilateral,1"])
        desta.SOURCE.read(write("desta_parties.csv", [PARTIES, party("CHN", "China", 1, 2008)]))


STATES = {"CHN": "China", "NZL": "New Zealand", "CHL": "Chile", "PER": "Peru", "USA": "United States"}
FORCES = st.dictionaries(st.sampled_from(sorted(STATES)), st.integers(1990, 2020), min_size=1)


@given(FORCES)
def test_a_treaty_among_n_parties_makes_their_pairs(tmp_path_factory, forces):
    folder = tmp_path_factory.mktemp("desta")
    (folder / "desta_agreements.csv").write_text(f"{TYPES}\nT1,A,Regional,1\n")
    rows = [party(code, STATES[code], 1, year) for code, year in forces.items()]
    (folder / "desta_parties.csv").write_text("\n".join([PARTIES, *rows]))
    got = {(a, b): first for a, b, _, first, *_ in spans(desta.parse(folder / "desta_parties.csv"))}
    assert got == {(a, b): max(forces[a], forces[b]) for a in forces for b in forces if a < b}


def test_real_parties(real):
    parsed = real("desta")
    assert (parsed.rows, parsed.used) == (7_466, 3_901)
    ties = parsed.frame("tie")
    assert ties.height == 13_152
    nafta = ties.filter(pl.col("ref") == "DESTA 636")
    assert nafta.select("a", "b", pl.col("valid_from").dt.year()).sort("a", "b").rows() == [
        ("CAN", "MEX", 1994), ("CAN", "USA", 1994), ("MEX", "USA", 1994),
    ]  # fmt: skip
    among = ties.filter(pl.col("a") == "DEU", pl.col("b") == "FRA")["text"].to_list()
    assert set(among) == {
        "EC", "EC Amsterdam", "EC Lisbon", "EC Maastricht", "EC Nice", "European Coal And Steel Community",
    }  # fmt: skip
    latvia = ties.filter(pl.col("text") == "EC Latvia")
    assert (latvia["a"] == "LVA").sum() + (latvia["b"] == "LVA").sum() == latvia.height == 15
