"""Sanctions of all senders: cases in the published shape, names, groups as of dates, and types that count once."""

from __future__ import annotations

import zipfile
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.errors import DataError
from multipolar.record import Record
from multipolar.sources.publishers import gsdb

HEAD = (
    "case_id,sanctioned_state,sanctioning_state,begin,end,trade,descr_trade,arms,military,financial,travel,other,"
    "target_mult,sender_mult,objective,success"
)


def case(number, target, sender, begin, end, *types):
    flags = {name: int(name in types) for name in gsdb.TYPES}
    return (
        f'{number},"{target}","{sender}",{begin},{end},{flags["trade"]},,{flags["arms"]},{flags["military"]},'
        f"{flags['financial']},{flags['travel']},{flags['other']},0,0,policy_change,ongoing"
    )


def parse(write, *rows, encoding="utf-8"):
    return gsdb.parse(write("GSDB_V4.csv", [HEAD, *rows], encoding=encoding))


def spans(parsed):
    return [
        (row["a"], row["b"], row["valid_from"].year, row["valid_to"] and row["valid_to"].year, row["original"])
        for row in parsed.frame("tie").sort("a", "b", "valid_from").to_dicts()
    ]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Cuba", ["Cuba"]),
        ("Korea, North, Cuba", ["Korea, North", "Cuba"]),
        ("Iran, Islamic Rep., Gambia, The", ["Iran, Islamic Rep.", "Gambia, The"]),
        ("Congo, Democratic Republic of the", ["Congo, Democratic Republic of the"]),
        ("EU, United States,Canada ,", ["EU", "United States", "Canada"]),
        ("South Africa, South Sudan", ["South Africa", "South Sudan"]),
    ],
)
def test_names_in_a_cell(cell, names):
    assert gsdb.split(cell) == names


def test_a_case_is_a_statement_for_each_sender_and_target(write):
    parsed = parse(
        write, case(1, "Cuba", "United States", 1962, 2023, "trade", "travel"),
        case(2, "Korea, North, Iraq", "UN, League of Arab States", 1990, 2003, "arms"),
    )  # fmt: skip
    assert spans(parsed) == [
        ("LAS", "IRQ", 1990, 2003, "arms"),
        ("LAS", "PRK", 1990, 2003, "arms"),
        ("UN", "IRQ", 1990, 2003, "arms"),
        ("UN", "PRK", 1990, 2003, "arms"),
        ("USA", "CUB", 1962, None, "trade, travel"),
    ]
    row = parsed.frame("tie").filter(pl.col("a") == "USA").to_dicts()[0]
    assert (row["value"], row["known_from"], row["locator"]) == (
        2.0,
        date(1962, 12, 31),
        "cases 1: USA on CUB 1962-2023",
    )
    assert parsed.used == parsed.rows == 2
    assert parsed.coverage[0].absence == "zero"
    assert Record.memory().ingest(parsed).added["tie"] == 5


def test_types_that_two_cases_impose_count_once(write):
    parsed = parse(
        write, case(1, "Russia", "United States", 2014, 2016, "trade", "financial"),
        case(2, "Russia", "United States", 2015, 2023, "financial", "travel"),
    )  # fmt: skip
    assert spans(parsed) == [
        ("USA", "RUS", 2014, 2014, "financial, trade"),
        ("USA", "RUS", 2015, 2016, "financial, trade, travel"),
        ("USA", "RUS", 2017, None, "financial, travel"),
    ]
    assert parsed.frame("tie")["locator"].to_list()[1] == "cases 1 2: USA on RUS 2015-2016"


def test_an_organisation_that_is_a_target_stands_for_its_members_then(write):
    parsed = parse(write, case(1, "EU", "Russia", 2012, 2014, "trade"), case(2, "Cuba", "EEC", 1960, 1961, "arms"))
    against = {row[1]: row[2] for row in spans(parsed) if row[0] == "RUS"}
    assert against["FRA"] == 2012
    assert against["HRV"] == 2013
    assert "NOR" not in against
    assert ("EU", "CUB", 1960, 1961, "arms") in spans(parsed)


def test_former_states_are_those_of_the_year(write):
    parsed = parse(
        write, case(1, "Yugoslavia", "United States", 2004, 2008, "arms"),
        case(2, "Germany, East", "France", 1988, 1991, "travel"),
        case(3, "USSR", "France", 1980, 1981, "trade"), case(4, "Rhodesia", "UN", 1966, 1979, "trade"),
    )  # fmt: skip
    assert spans(parsed)[:2] == [("FRA", "DDR", 1988, 1990, "travel"), ("FRA", "RUS", 1980, 1981, "trade")]
    assert {row[1] for row in spans(parsed) if row[0] == "USA"} == {"YUG", "SRB"}


def test_names_of_no_actor_are_told(write):
    known = parse(
        write, case(1, "Mali", "ECOWAS, France", 2012, 2013, "travel"), case(2, "Mali", "ECOWAS", 2012, 2013, "arms")
    )
    assert spans(known) == [("FRA", "MLI", 2012, None, "travel")]
    assert (known.rows, known.used) == (2, 1)
    assert known.left_out[0].examples == ("case 2: Mali on ECOWAS",) or known.left_out[0].examples == (
        "case 2: ECOWAS on Mali",
    )
    assert known.remarks == (
        "names that stand for no actor in some year of a case, with the number of cases: ECOWAS (2)",
    )
    assert known.coverage[0].absence == "zero"
    strange = parse(write, case(1, "Atlantis, Cuba", "France", 2012, 2013, "travel"))
    assert spans(strange) == [("FRA", "CUB", 2012, None, "travel")]
    assert strange.coverage[0].absence == "missing", "Atlantis may be a state that nothing here knows"


def test_inside_the_publishers_archive_and_in_its_code_page(write, tmp_path):
    row = case(1, "Côte d'Ivoire", "EU", 2011, 2012, "arms")
    packed = tmp_path / "gsdb_v4.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("GSDB_V4/GSDB_V4.csv", "\n".join([HEAD, row]).encode("cp1252"))
        archive.writestr("GSDB_V4/GSDB_V4_dyadic.dta", b"\x00")
    assert spans(gsdb.parse(packed)) == spans(parse(write, row)) == [("EU", "CIV", 2011, None, "arms")]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (case(1, "Cuba", "France", "19x0", 1999, "arms"), ":2:begin: expected a whole number"),
        (case(1, "Cuba", "France", 1900, 1999, "arms"), ":2:begin: expected a whole number from 1949"),
        (case(1, "Cuba", "France", 1999, 1990, "arms"), ":2:end: expected a year not before begin"),
        (case(1, "Cuba", "France", 1990, 1999), ":2:trade: expected at least one type"),
        (case("", "Cuba", "France", 1990, 1999, "arms"), ":2:case: expected a value"),
        (case(1, "Cuba", "France", 1990, 1999, "arms") + ",x", ":2:row: expected 16 cells"),
        ('1,"Cuba","France",1990,1999,2,,1,0,0,0,0,0,0,x,y', ":2:trade: expected a whole number from 0 to 1"),
    ],
)
def test_bad_cells_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        parse(write, row)


def test_wrong_files_are_refused(write):
    with pytest.raises(DataError, match=r"one row for each case"):
        parse(write, case(1, "Cuba", "France", 1990, 1999, "arms"), case(1, "Cuba", "France", 1990, 1999, "arms"))
    with pytest.raises(DataError, match=r"none called case_id"):
        gsdb.parse(write("x.csv", ["sanctioned_state_iso3,year", "CUB,1990"]))
    with pytest.raises(DataError, match=r"a web page"):
        gsdb.parse(write("x.csv", ["<!DOCTYPE html><html>log in</html>"]))
    with pytest.raises(DataError, match=r"check 'rows'"):
        gsdb.SOURCE.read(write("x.csv", [HEAD, case(1, "Cuba", "France", 1990, 1999, "arms")]))


CASES = st.lists(
    st.tuples(st.integers(2000, 2010), st.integers(0, 5), st.sets(st.sampled_from(gsdb.TYPES), min_size=1)),
    min_size=1, max_size=5,
)  # fmt: skip


@given(CASES)
def test_statements_give_back_the_types_of_each_year(tmp_path_factory, cases):
    path = tmp_path_factory.mktemp("gsdb") / "x.csv"
    rows = [case(n, "Cuba", "France", begin, begin + more, *types) for n, (begin, more, types) in enumerate(cases)]
    path.write_text("\n".join([HEAD, *rows]))
    last = max(begin + more for begin, more, _ in cases)
    want = {(year, name) for begin, more, types in cases for year in range(begin, begin + more + 1) for name in types}
    got = [
        (year, name)
        for _, _, first, until, types in spans(gsdb.parse(path))
        for year in range(first, (until or last) + 1)
        for name in types.split(", ")
    ]
    assert len(got) == len(set(got))
    assert set(got) == want
