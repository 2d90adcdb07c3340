"""Militarised disputes: months where told, the highest level, both projects."""

from __future__ import annotations

import csv
import gzip
import zipfile
from collections import defaultdict
from datetime import date

import polars as pl
import pytest

from multipolar import sources
from multipolar.errors import DataError
from multipolar.sources.publishers import mid

GML = "dispnum,ccode1,ccode2,year,midongoing,midonset,hostlev1,hostlev2,stmon,endmon,version"
COW = "dispnum,ccode1,ccode2,year,dispongoing,disponset,hostlev1,hostlev2"


def gml(write, *rows):
    return mid.parse(write("gml.csv", [GML, *rows]))


def pair(dispute, a, b, years, levels=(4, 1), months=(5, 8)):
    first, second = levels
    rows = []
    for year in years:
        tail = f"{months[0]},{months[1]},gml-2.2.1"
        rows += [f"{dispute},{a},{b},{year},1,1,{first},{second},{tail}"]
        rows += [f"{dispute},{b},{a},{year},1,1,{second},{first},{tail}"]
    return rows


def dates(parsed):
    return parsed.frame("tie").select("valid_from", "valid_to", "known_from").rows()


def test_a_dispute_is_one_statement_with_its_highest_level_and_months(write):
    parsed = gml(write, *pair(61, 2, 40, [1962], (3, 4), (8, 12)))
    assert dates(parsed) == [(date(1962, 8, 1), date(1962, 12, 31), date(1962, 12, 31))]
    tie = parsed.frame("tie").to_dicts()[0]
    assert (tie["a"], tie["b"], tie["value"], tie["ref"]) == ("CUB", "USA", 4.0, "MID 61")
    assert tie["original"] == "highest hostlev 4"
    assert parsed.coverage[0].last == date(2010, 12, 31)
    assert parsed.coverage[0].absence == "zero"


def test_a_dispute_over_years_ends_in_its_month_and_is_known_from_the_first_year(write):
    parsed = gml(write, *pair(7, 2, 40, [1980, 1981, 1982], months=(11, 2)))
    assert dates(parsed) == [(date(1980, 11, 1), date(1982, 2, 28), date(1980, 12, 31))]


def test_a_party_that_joined_later_or_left_earlier_gets_whole_years(write):
    rows = [*pair(7, 2, 40, [1980, 1981, 1982], months=(11, 2)), *pair(7, 20, 40, [1981], months=(11, 2))]
    spans = {
        tie["a"] + tie["b"]: (tie["valid_from"], tie["valid_to"]) for tie in gml(write, *rows).frame("tie").to_dicts()
    }
    assert spans["CANCUB"] == (date(1981, 1, 1), date(1981, 12, 31))


def test_two_disputes_of_a_pair_stay_two_and_a_gap_splits_one(write):
    rows = [*pair(1, 2, 40, [1980]), *pair(2, 2, 40, [1980]), *pair(3, 2, 40, [1985, 1987], months=(1, 12))]
    assert gml(write, *rows).frame("tie").height == 4


def test_a_month_that_is_none_is_not_known_and_said_so(write):
    parsed = gml(write, *pair(7, 2, 40, [1980], months=(13, 19)))
    assert dates(parsed) == [(date(1980, 1, 1), date(1980, 12, 31), date(1980, 12, 31))]
    assert parsed.remarks == ("4 cells of stmon or endmon are no month (1 to 12) and were taken as not known",)


def test_a_missing_level_is_no_value(write):
    ties = gml(write, *pair(7, 2, 40, [1980], (-9, -9))).frame("tie")
    assert ties["value"].to_list() == [None]
    assert ties["original"].to_list() == ["highest hostlev -9"]


def test_cow_rows_without_months_stand_for_years(write):
    path = write("cow.csv.gz", [COW, "257,2,255,1941,1,1,5.0,5.0", "257,255,2,1941,1,1,5.0,5.0"])
    parsed = mid.parse(path)
    assert parsed.layout == "cow"
    assert dates(parsed) == [(date(1941, 1, 1), date(1941, 12, 31), date(1941, 12, 31))]
    assert parsed.frame("tie")["source"].to_list() == ["cow-mid:5.0"]
    assert parsed.coverage[0].last == date(2014, 12, 31)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("7,2,40,2015,1,1,4,1,5,8,v", "gml.csv:2:year: expected a whole number from 1816 to 2010"),
        ("7,2,40,1980,1,1,6,1,5,8,v", ":2:level_a: expected a whole number from 1 to 5, got '6'"),
        ("7,2,40,1980,1,1,4,war,5,8,v", ":2:level_b"),
        ("7,2,4x,1980,1,1,4,1,5,8,v", ":2:b: expected a whole number"),
        ("7,2,998,1980,1,1,4,1,5,8,v", ":2:b: expected a code or name of a state"),
        (",2,40,1980,1,1,4,1,5,8,v", ":2:dispute"),
    ],
)
def test_bad_cells_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        gml(write, row)


#: The participants of MID 5.0 as COW releases them.
MIDB = (
    "dispnum,stabb,ccode,stday,stmon,styear,endday,endmon,endyear,sidea,revstate,revtype1,revtype2,fatality,fatalpre,hiact,"
    "hostlev,orig,version"
)


def party(dispute, code, side, first, last, level):
    """A participant; days as (day, month, year)."""
    days = ",".join(str(part) for part in (*first, *last))
    return f'{dispute},"XXX",{code},{days},{side},1,1,-9,0,0,7,{level},1,5'


def midb(write, *rows):
    return mid.parse(write("MIDB 5.0.csv", [MIDB, *rows]))


def test_participants_on_opposite_sides_meet_in_their_common_days(write):
    rows = [
        party(61, 2, 1, (7, 8, 1962), (21, 11, 1962), 4),
        party(61, 40, 0, (-9, 8, 1962), (-9, 12, 1962), 3),
        party(61, 365, 0, (-9, 9, 1962), (20, 11, 1962), 3),
    ]
    parsed = midb(write, *rows)
    assert (parsed.layout, parsed.rows, parsed.used) == ("participants", 3, 3)
    ties = parsed.frame("tie")
    assert ties.select("a", "b", "value", "valid_from", "valid_to").rows() == [
        ("CUB", "USA", 4.0, date(1962, 8, 7), date(1962, 11, 21)),
        ("RUS", "USA", 4.0, date(1962, 9, 1), date(1962, 11, 20)),
    ]
    assert ties["source"].unique().to_list() == ["cow-mid-participants:5.0"]
    assert ties["locator"][0] == "dispute 61, rows 2 and 3: 2-40"


def test_participants_of_other_days_do_not_meet(write):
    rows = [
        party(2, 2, 1, (1, 7, 1902), (24, 1, 1903), 3),
        party(2, 300, 0, (1, 2, 1903), (3, 2, 1903), 1),
        party(2, 200, 0, (1, 1, 1903), (24, 1, 1903), -9),
    ]
    parsed = midb(write, *rows)
    assert parsed.frame("tie").select("a", "b", "value", "known_from").rows() == [
        ("GBR", "USA", 3.0, date(1903, 1, 24))
    ]
    assert (parsed.used, parsed.left_out[0].examples) == (2, ("dispute 2: 300",))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (party(2, 2, 2, (1, 7, 1902), (24, 1, 1903), 3), ":2:side: expected a whole number from 0 to 1"),
        (party(2, 2, 1, (1, "May", 1902), (24, 1, 1903), 3), ":2:firstmonth: expected a whole number"),
        (party(2, 2, 1, (1, 7, 1903), (24, 1, 1903), 3), ":2:last: expected a last day not before the first"),
        (party(2, 2, 1, (1, 7, "19x2"), (24, 1, 1903), 3), ":2:firstyear: expected a whole number from 1816 to 2014"),
        (party(2, 998, 1, (1, 7, 1902), (24, 1, 1903), 3), ":2:a: expected a code of a state, got 998"),
    ],
)
def test_bad_participants_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        midb(write, row)


#: Columns of COW's dyadic disputes 4.03 that are read, among others.
DYADIC = (
    "disno,dyindex,statea,namea,stateb,nameb,strtday,strtmnth,strtyr,endday,endmnth,endyear,year,hihost,hihosta,hihostb"
)


def test_cows_dyads_have_the_days_of_each_pair(write):
    days = "-9,8,1962,21,11,1962"
    rows = [f"61,1,2,USA,40,CUB,{days},1962,4,4,3", f"61,1,40,CUB,2,USA,{days},1962,4,3,4"]
    rows += [f"7,2,710,CHN,750,IND,20,17,1962,-9,-9,1963,{year},5,5,-9" for year in (1962, 1963)]
    parsed = mid.parse(write("dyadic_mid_4.03.csv", [DYADIC, *rows]))
    assert parsed.frame("tie").select("a", "b", "value", "valid_from", "valid_to", "known_from").rows() == [
        ("CHN", "IND", 5.0, date(1962, 1, 1), date(1963, 12, 31), date(1962, 12, 31)),
        ("CUB", "USA", 4.0, date(1962, 8, 1), date(1962, 11, 21), date(1962, 11, 21)),
    ]
    assert (parsed.layout, parsed.rows, parsed.used) == ("dyadic", 4, 4)
    assert parsed.remarks == ("2 months are none (1 to 12) and were taken as not known",)
    assert parsed.frame("tie")["source"].unique().to_list() == ["cow-mid-dyadic:4.03"]


def test_the_zip_as_cow_releases_it_is_read(tmp_path):
    path = tmp_path / "MID-5-Data-and-Supporting-Materials.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("MIDA 5.0.csv", "dispnum,stday\n2,-9\n")
        rows = [party(2, 2, 1, (1, 7, 1902), (24, 1, 1903), 3), party(2, 200, 0, (1, 7, 1902), (24, 1, 1903), 1)]
        archive.writestr("MIDB 5.0.csv", "\n".join([MIDB, *rows]))
    assert mid.parse(path).frame("tie").height == 1
    assert sources.locate("mid-cow", tmp_path) == path


def test_wrong_files_are_refused(write):
    with pytest.raises(DataError, match=r"directed dyad-years of GML"):
        mid.parse(write("x.csv", ["dispnum,styear,stmon", "2,1902,7"]))
    with pytest.raises(DataError, match=r"expected 10,276 rows"):
        mid.SOURCE_GML.read(write("gml.csv", [GML, *pair(61, 2, 40, [1962])]))
    with pytest.raises(DataError, match=r"a file of the layout cow or participants or dyadic .*, got gml"):
        mid.SOURCE_COW.read(write("gml.csv", [GML, *pair(61, 2, 40, [1962])]))
    with pytest.raises(DataError, match=r"a text file, got a binary one"):
        mid.parse(write("x.parquet", ["PAR1\0\r\0\n"]))


@pytest.mark.parametrize(
    ("name", "file", "rows"), [("mid-gml", "gml_dirdisp", 10_276), ("mid-cow", "cow_mid_dirdisps", 11_390)]
)
def test_real_levels_are_those_of_the_file(real, shared_data, name, file, rows):
    """Highest level and years of every dispute of a few pairs, recounted with the csv module."""
    parsed = real(name)
    assert (parsed.rows, parsed.used) == (rows, rows)
    ids = {"2": "USA", "40": "CUB", "365": "RUS", "710": "CHN", "640": "TUR", "350": "GRC", "740": "JPN", "220": "FRA"}
    years, levels = defaultdict(set), defaultdict(float)
    with gzip.open(shared_data / "conflicts_mid_ucdp" / f"{file}.csv.gz", "rt") as handle:
        for row in csv.DictReader(handle):
            codes = [row[name].removesuffix(".0") for name in ("ccode1", "ccode2")]
            if all(code in ids for code in codes):
                key = (*sorted(ids[code] for code in codes), int(float(row["dispnum"])))
                years[key].add(int(float(row["year"])))
                levels[key] = max(levels[key], float(row["hostlev1"]), float(row["hostlev2"]))
    known = parsed.frame("tie").filter(pl.col("a").is_in(list(ids.values())), pl.col("b").is_in(list(ids.values())))
    got_years, got_levels = defaultdict(set), {}
    for tie in known.to_dicts():
        key = (tie["a"], tie["b"], int(tie["ref"].removeprefix("MID ")))
        got_years[key] |= set(range(tie["valid_from"].year, tie["valid_to"].year + 1))
        got_levels[key] = tie["value"]
    assert len(years) > 100
    assert got_years == years
    assert got_levels == levels


def test_real_gml_months(real):
    crisis = real("mid-gml").frame("tie").filter(pl.col("ref") == "MID 61", pl.col("a") == "CUB")
    assert crisis.select("valid_from", "valid_to").rows() == [(date(1962, 8, 1), date(1962, 12, 31))]
    assert (real("mid-gml").frame("tie")["valid_from"] <= real("mid-gml").frame("tie")["valid_to"]).all()
