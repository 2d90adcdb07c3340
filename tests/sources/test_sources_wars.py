"""COW wars: opposing sides, days and years, deaths that are known only afterwards, wars within."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from datetime import date

import polars as pl
import pytest

from multipolar import sources
from multipolar.errors import DataError
from multipolar.record import Record
from multipolar.sources.publishers import wars

YEARS = (
    "warnum,ccode1,ccode2,year,cowinterongoing,cowinteronset,sidea1,sidea2,initiator1,initiator2,outcome1,outcome2,"
    "batdeath1,batdeath2,resume"
)
#: The project's own columns, version 4.0.
DAYS = (
    "WarNum,WarName,WarType,ccode,StateName,Side,StartMonth1,StartDay1,StartYear1,EndMonth1,EndDay1,EndYear1,StartMonth2,"
    "StartDay2,StartYear2,EndMonth2,EndDay2,EndYear2,TransFrom,WhereFought,Initiator,Outcome,TransTo,BatDeath,Version"
)
WITHIN = (
    "warnum,warname,wartype,year,cowintraonset,cowintraongoing,resume_combat,primary_state,ccodea,sidea,ccodeb,sideb,"
    "intnl,outcome,sideadeaths,sidebdeaths,ongo2007"
)


def dyad(war, a, b, year, deaths=(10, 20), resume=0):
    x, y = deaths
    return [
        f"{war}.0,{a}.0,{b}.0,{year}.0,1,1,1,2,1,0,1,2,{x}.0,{y}.0,{resume}",
        f"{war}.0,{b}.0,{a}.0,{year}.0,1,1,2,1,0,1,2,1,{y}.0,{x}.0,{resume}",
    ]


def party(war, code, side, first, last, again=(), deaths=100):
    """A participant; days as (year, month, day), -8 where there is no second phase."""
    begun, ended = again or ((-8, -8, -8), (-8, -8, -8))
    cells = [f"{m},{d},{y}" for y, m, d in (first, last, begun, ended)]
    return f"{war},A war,1,{code},X,{side},{','.join(cells)},-8,2,1,1,-8,{deaths},4"


def inside(war, year, *, primary=1, a=-8, b=-8, deaths=(5000, -9)):
    return f'{war},"Some, War",central control,{year},1,1,0,{primary},{a},X,{b},"Rebels, all",0,1,{deaths[0]},{deaths[1]},0'


def by_year(write, *rows):
    return wars.parse_inter(write("cow_war_inter.csv", [YEARS, *rows]))


def by_days(write, *rows):
    return wars.parse_inter(write("Inter-StateWarData_v4.0.csv", [DAYS, *rows]))


def within(write, *rows):
    return wars.parse_intra(write("cow_war_intra.csv", [WITHIN, *rows]))


def spans(frame):
    return frame.select("a", "b", "valid_from", "valid_to", "known_from").rows()


def test_a_war_is_a_tie_a_year_known_at_its_end(write):
    parsed = by_year(write, *dyad(189, 710, 816, 1979, (13000, 8000)), *dyad(189, 710, 816, 1980, (13000, 8000)))
    assert spans(parsed.frame("tie")) == [
        ("CHN", "VNM", date(year, 1, 1), date(year, 12, 31), date(year, 12, 31)) for year in (1979, 1980)
    ]
    assert parsed.frame("tie")["ref"].unique().to_list() == ["COW war 189"]
    assert (parsed.layout, parsed.rows, parsed.used) == ("dyad-years", 4, 4)
    assert parsed.coverage[0].absence == "zero"


def test_deaths_are_told_only_when_the_war_is_over(write):
    rows = [*dyad(1, 710, 816, 1979, (13000, -9)), *dyad(1, 710, 816, 1980, (13000, -9))]
    first, last = by_year(write, *rows).frame("tie")["original"].to_list()
    assert first == "on opposite sides"
    assert "deaths of CHN in the whole war: 13000" in last
    assert "deaths of VNM in the whole war: not known" in last


def test_a_resumed_war_of_a_year_is_one_statement(write):
    parsed = by_year(write, *dyad(184, 352, 640, 1974), *dyad(184, 352, 640, 1974, resume=1))
    assert parsed.frame("tie").height == 1
    assert parsed.used == 4


def test_a_year_of_change_belongs_to_the_state_that_had_most_of_it(write):
    parsed = by_year(write, *dyad(106, 255, 345, 1918), *dyad(139, 2, 255, 1945))
    assert [row[:4] for row in spans(parsed.frame("tie"))] == [
        ("DEU", "SRB", date(1918, 1, 1), date(1918, 11, 30)),
        ("DEU", "USA", date(1945, 1, 1), date(1945, 5, 8)),
    ]


def test_participants_meet_in_the_days_that_both_fought(write):
    rows = [
        party(202, 160, 1, (1982, 3, 25), (1982, 6, 20), deaths=746),
        party(202, 200, 2, (1982, 4, 2), (1982, 6, 20), deaths=255),
    ]
    parsed = by_days(write, *rows)
    assert spans(parsed.frame("tie")) == [("ARG", "GBR", date(1982, 4, 2), date(1982, 6, 20), date(1982, 6, 20))]
    tie = parsed.frame("tie").to_dicts()[0]
    assert tie["original"].endswith("deaths of ARG in the whole war: 746; battle deaths of GBR in the whole war: 255")
    assert tie["text"] == "on opposite sides of interstate war 202: A war"
    assert tie["locator"] == "war 202, rows 2 and 3: 160-200 1982"
    assert (parsed.layout, parsed.rows, parsed.used) == ("participants", 2, 2)


def test_two_phases_and_unknown_days(write):
    again = ((1948, 10, 22), (1949, 1, 7))
    rows = [
        party(148, 651, 1, (1948, 5, 15), (1948, 7, 18), again),
        party(148, 666, 2, (1948, 5, -9), (1948, -9, -9), ((1948, 10, 22), (1949, 1, -9))),
    ]
    assert [row[2:4] for row in spans(by_days(write, *rows).frame("tie"))] == [
        (date(1948, 5, 15), date(1948, 7, 18)),
        (date(1948, 10, 22), date(1948, 12, 31)),
        (date(1949, 1, 1), date(1949, 1, 7)),
    ]


def test_old_line_ends_and_latin_1_are_read(write, tmp_path):
    lines = [DAYS, party(1, 2, 1, (1846, 4, 25), (1847, 9, 14)), party(1, 70, 2, (1846, 4, 25), (1847, 9, 14))]
    path = tmp_path / "war.csv"
    path.write_bytes("\r".join(lines).replace("A war", "Guerra de México").encode("latin-1"))
    ties = wars.parse_inter(path).frame("tie")
    assert ties["valid_from"].to_list() == [date(1846, 4, 25), date(1847, 1, 1)]
    assert ties["text"][0].endswith("Guerra de México")


def test_a_participant_without_an_opponent_is_left_out(write):
    rows = [party(1, 2, 1, (1990, 1, 1), (1990, 2, 1)), party(1, 645, 2, (1990, 1, 1), (1990, 2, 1))]
    parsed = by_days(write, *rows, party(1, 652, 1, (1990, 6, 1), (1990, 7, 1)))
    assert (parsed.rows, parsed.used) == (3, 2)
    assert "no opponent" in parsed.left_out[0].reason


def test_a_war_within_is_a_trait_and_names_the_others_of_the_year(write):
    parsed = within(
        write,
        inside(718, 1936, a=230),
        inside(718, 1937, a=230),
        inside(718, 1937, primary=0, b=325, deaths=(-8, 100)),
        inside(718, 1937, primary=0, a=365, deaths=(50, -8)),
    )
    traits = parsed.frame("trait").to_dicts()
    assert [(row["a"], row["value"], row["valid_from"].year) for row in traits] == [
        ("ESP", 2.0, 1936),
        ("ESP", 2.0, 1937),
    ]
    assert traits[0]["text"] == "COW war 718: Some, War (central control)"
    assert traits[1]["text"].endswith("; states with it: RUS; states against it: ITA")
    assert traits[0]["original"] == "central control, year of war"
    assert traits[1]["original"] == "deaths in the whole war: 5000 of the state, not known of its opponents"
    assert spans(parsed.frame("tie")) == [("ESP", "ITA", date(1937, 1, 1), date(1937, 12, 31), date(1937, 12, 31))]
    assert parsed.frame("tie")["kind"].to_list() == ["armed_conflict"]
    assert (parsed.rows, parsed.used) == (4, 4)


def test_a_helper_of_no_told_year_is_left_out(write):
    parsed = within(write, inside(718, 1936, a=230), inside(718, 1938, primary=0, b=325))
    assert (parsed.rows, parsed.used) == (2, 1)
    assert parsed.left_out[0].examples == ("war 718 1938",)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("189,710,816,19x9,1,1,1,2,1,0,1,2,1,1,0", ":2:year: expected a whole number from 1816 to 2007, got '19x9'"),
        ("189,710,816,2008,1,1,1,2,1,0,1,2,1,1,0", ":2:year"),
        ("189,710,998,1979,1,1,1,2,1,0,1,2,1,1,0", ":2:b: expected a code of a state, got 998"),
        ("189,710,816,1979,1,1,1,2,1,0,1,2,many,1,0", ":2:deaths_a"),
    ],
)
def test_bad_cells_of_dyads_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        by_year(write, row)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (party(1, 2, 3, (1990, 1, 1), (1990, 2, 1)), ":2:side: expected a whole number from 1 to 2"),
        (party(1, 2, 1, (1990, 13, 1), (1990, 2, 1)), ":2:firstmonth1"),
        (party(1, 2, 1, (1990, 3, 1), (1990, 2, 1)), ":2:last: expected a last day not before the first"),
        (party(1, 2, 1, (-9, 3, 1), (1990, 2, 1)), ":2:firstyear1: expected a value"),
    ],
)
def test_bad_cells_of_participants_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        by_days(write, row)


def test_wrong_files_are_refused(write):
    with pytest.raises(DataError, match=r"none called ccode1"):
        wars.parse_inter(write("x.csv", ["warnum,statea,stateb", "1,2,3"]))
    with pytest.raises(DataError, match=r"none called primary_state"):
        wars.parse_intra(write("x.csv", [WITHIN.replace("primary_state", "main")]))
    with pytest.raises(DataError, match=r":2:a: expected the state at war within"):
        within(write, inside(718, 1936))
    with pytest.raises(DataError, match=r"damaged or truncated"):
        wars.parse_inter(write("x.csv.gz", [YEARS, *dyad(1, 2, 70, 1846)], cut=8))
    with pytest.raises(DataError, match=r"1,932 rows"):
        wars.SOURCE_INTER.read(write("cow_war_inter.csv", [YEARS, *dyad(1, 2, 70, 1846)]))


def test_they_enter_a_record(write):
    record = Record.memory()
    sources.ingest("cow-war-inter", record, write("cow_war_inter.csv", [YEARS, *dyad(1, 2, 70, 1846)]), strict=False)
    sources.ingest(
        "cow-war-intra", record, write("cow_war_intra.csv", [WITHIN, inside(718, 1936, a=230)]), strict=False
    )
    assert {form: n for form, n in record.view().counts().items() if n} == {"tie": 1, "trait": 1}


def test_real_years_at_war_are_those_of_the_file(real, shared_data):
    """Years in which pairs of a few states were at war, recounted with the csv module."""
    ids = {"2": "USA", "200": "GBR", "220": "FRA", "365": "RUS", "640": "TUR", "710": "CHN", "740": "JPN", "325": "ITA"}
    known = defaultdict(set)
    with gzip.open(shared_data / "conflicts_mid_ucdp" / "cow_war_inter.csv.gz", "rt") as handle:
        for row in csv.DictReader(handle):
            a, b = (ids.get(row[name].removesuffix(".0")) for name in ("ccode1", "ccode2"))
            if a and b:
                known[(*sorted((a, b)), int(float(row["warnum"])))].add(int(float(row["year"])))
    parsed = real("cow-war-inter")
    assert (parsed.rows, parsed.used, parsed.frame("tie").height) == (1_932, 1_932, 958)
    found = defaultdict(set)
    few = pl.col("a").is_in(list(ids.values())) & pl.col("b").is_in(list(ids.values()))
    for a, b, ref, first in parsed.frame("tie").filter(few).select("a", "b", "ref", "valid_from").rows():
        found[a, b, int(ref.removeprefix("COW war "))].add(first.year)
    assert len(known) > 15
    assert found == known


def test_real_wars_within(real):
    parsed = real("cow-war-intra")
    assert (parsed.rows, parsed.used) == (1_361, 1_361)
    assert (parsed.frame("trait").height, parsed.frame("tie").height) == (1_050, 113)
    spain = parsed.frame("trait").filter(pl.col("text").str.starts_with("COW war 718:"))
    assert spain["valid_from"].dt.year().to_list() == [1936, 1937, 1938, 1939]
    assert "states against it: DEU, ITA" in spain["text"][1]
    civil = parsed.frame("trait").filter(pl.col("a") == "USA")["valid_from"].dt.year().to_list()
    assert civil == [1861, 1862, 1863, 1864, 1865]
