"""UCDP/PRIO: who fought whom or within, how hard, and on which days."""

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
from multipolar.sources.publishers import ucdp

#: The publisher's own columns, as of version 25.1.
FULL = (
    "conflict_id,location,side_a,side_a_id,side_a_2nd,side_b,side_b_id,side_b_2nd,incompatibility,territory_name,year,"
    "intensity_level,cumulative_intensity,type_of_conflict,start_date,start_prec,start_date2,start_prec2,ep_end,"
    "ep_end_date,ep_end_prec,gwno_a,gwno_a_2nd,gwno_b,gwno_b_2nd,gwno_loc,region,version"
)
SHORT = (
    "conflict_id,year,gwno_a,gwno_a_2nd,gwno_b,gwno_b_2nd,incompatibility,intensity_level,type_of_conflict,start_date,"
    "start_prec,start_date2,start_prec2,ep_end,ep_end_date"
)


def full(conflict, year, *, a, b="", a2="", b2="", kind=2, level=1, begun="", prec=1, ended="", end_prec="", place=""):
    """A line of the publisher's file; lists of codes in quotes."""
    over = int(bool(ended))
    return (
        f'{conflict},X,Government of X,1,,Y,2,,1,"{place}",{year},{level},0,{kind},{begun or f"{year - 9}-01-01"},1,'
        f'{begun or f"{year - 9}-01-01"},{prec},{over},{ended},{end_prec},"{a}","{a2}","{b}","{b2}",1,2,25.1'
    )


def parse(write, *rows, name="UcdpPrioConflict_v25_1.csv"):
    return ucdp.parse(write(name, [FULL, *rows]))


def days(frame):
    return frame.select("valid_from", "valid_to", "known_from").row(0)


def test_each_primary_party_of_one_side_fights_each_of_the_other(write):
    row = full(420, 2003, a="2, 200, 900", b="645", level=2, begun="2003-03-23", ended="2003-04-28")
    parsed = parse(write, row)
    ties = parsed.frame("tie")
    assert ties.select("a", "b", "value", "ref").rows() == [
        ("IRQ", "USA", 2.0, "UCDP 420"),
        ("GBR", "IRQ", 2.0, "UCDP 420"),
        ("AUS", "IRQ", 2.0, "UCDP 420"),
    ]
    assert days(ties) == (date(2003, 3, 23), date(2003, 4, 28), date(2003, 12, 31))
    assert ties["text"][0] == "conflict between states over territory; side A: USA"
    assert (parsed.layout, parsed.rows, parsed.used) == ("conflict-years", 1, 1)
    assert parsed.frame("trait").is_empty()
    assert parsed.sources[0].key == "ucdp-acd:25.1"


def test_a_conflict_within_a_state_is_its_trait_and_names_who_sent_troops(write):
    parsed = parse(write, full(299, 2016, a="652", a2="365, 630", b2="2", kind=4, level=2, place="Islamic State"))
    trait = parsed.frame("trait").to_dicts()[0]
    assert (trait["a"], trait["kind"], trait["value"]) == ("SYR", "internal_conflict", 2.0)
    assert trait["text"] == (
        "conflict within the state, with foreign troops, over territory (Islamic State); troops for the government: IRN, "
        "RUS; troops against the government: USA"
    )
    assert days(parsed.frame("trait")) == (date(2016, 1, 1), date(2016, 12, 31), date(2016, 12, 31))
    assert parsed.frame("tie").is_empty()


def test_two_conflicts_of_a_state_are_two_statements(write):
    parsed = parse(write, full(1, 1990, a="750", kind=3), full(2, 1990, a="750", kind=3, level=2))
    assert parsed.frame("trait")["value"].to_list() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("begun", "prec", "ended", "end_prec", "first", "last"),
    [
        ("1967-06-05", 1, "1967-06-10", "1", date(1967, 6, 5), date(1967, 6, 10)),
        ("1967-06-05", 2, "1967-06-10", "", date(1967, 6, 5), date(1967, 6, 10)),
        ("1967-06-30", 3, "1967-08-15", "3", date(1967, 6, 1), date(1967, 8, 31)),
        ("1967-12-31", 5, "1967-06-10", "5", date(1967, 1, 1), date(1967, 12, 31)),
        ("1967-12-31", 1, "1967-06-10", "1", date(1967, 12, 31), date(1967, 12, 31)),  # contradicts itself: one day
        ("1966-03-01", 1, "", "", date(1967, 1, 1), date(1967, 12, 31)),
    ],
)
def test_days_go_as_far_as_they_are_known(write, begun, prec, ended, end_prec, first, last):
    row = full(7, 1967, a="651", b="666", begun=begun, prec=prec, ended=ended, end_prec=end_prec)
    assert days(parse(write, row).frame("tie")) == (first, last, date(1967, 12, 31))


def test_a_year_is_known_when_it_is_over(write):
    rows = [full(9, year, a="531", b="530", begun="1998-05-31") for year in (1998, 1999)]
    ties = parse(write, *rows).frame("tie")
    assert ties["known_from"].to_list() == [date(1998, 12, 31), date(1999, 12, 31)]
    assert ties["valid_from"].to_list() == [date(1998, 5, 31), date(1999, 1, 1)]


def test_codes_are_those_of_gleditsch_and_ward(write):
    rows = [full(1, 2016, a="678", kind=3), full(2, 1999, a="345", kind=3), full(3, 2000, a="260", b="2")]
    parsed = parse(write, *rows)
    assert parsed.frame("trait")["a"].to_list() == ["YEM", "YUG"]
    assert parsed.frame("tie").select("a", "b").rows() == [("DEU", "USA")]


def test_the_code_of_yugoslavia_goes_on_as_serbia(write):
    parsed = parse(write, full(1, 2015, a="700", a2="345", kind=4))
    assert "troops for the government: SRB" in parsed.frame("trait")["text"][0]


def test_extrasystemic_and_unknown_parties_are_left_out_and_counted(write):
    parsed = parse(
        write, full(201, 1947, a="220", kind=1), full(226, 1948, a="750", b="751"), full(3, 1950, a="530", kind=3)
    )
    assert (parsed.rows, parsed.used) == (3, 1)
    assert [(item.rows, item.examples) for item in parsed.left_out] == [(1, ("201 1947",)), (1, ("226 1948",))]
    assert "Hyderabad" in parsed.remarks[0]


def test_the_layout_with_a_row_a_combination_of_parties_says_the_same(write):
    one = full(420, 2003, a="2, 200", a2="900, 290", b="645", level=2, begun="2003-03-23", ended="2003-04-28")
    rows = [
        f"420.0,2003.0,{a}.0,{helper}.0,645.0,,territory,2.0,interstate,2003-03-20,1.0,2003-03-23,1.0,1.0,2003-04-28"
        for a in (2, 200)
        for helper in (900, 290)
    ]
    other = ucdp.parse(write("acd.csv.gz", [SHORT, *rows]))
    assert (other.layout, other.rows, other.used) == ("parties", 4, 4)
    same = ["a", "b", "valid_from", "valid_to", "value", "text"]
    assert other.frame("tie").select(same).equals(parse(write, one).frame("tie").select(same))
    assert other.sources[0].key == "ucdp-acd:4.1"  # by its last year, as the columns do not tell


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (full(1, 2016, a="652", kind=3).replace(",2016,", ",20x6,"), ":2:year: expected a whole number from 1946"),
        (full(1, 2016, a="652", kind=3, level=3), ":2:level: expected a whole number from 1 to 2, got '3'"),
        (full(1, 2016, a="652", kind=5), ":2:type: expected one of 1, 2, 3, 4"),
        (full(1, 2016, a="999", kind=3), ":2:code: expected a code or name of a state, got '999'"),
        (full(1, 2016, a="Syria", kind=3), ":2:code: expected a code of Gleditsch & Ward"),
        (full(1, 2016, a="", kind=3), ":2:a: expected a value"),
        (full(1, 2016, a="652", kind=2), ":2:b: expected the state on the other side"),
        (full(1, 2016, a="652", kind=3, begun="2016-02-30"), ":2:begun: expected a day"),
        (full(1, 2016, a="652", kind=3, ended="soon"), ":2:ended: expected a day"),
    ],
)
def test_bad_cells_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        parse(write, row)


def test_a_row_told_twice_is_refused(write):
    row = full(420, 2003, a="2", b="645")
    with pytest.raises(DataError, match=r":3:conflict: expected one row for each conflict, year"):
        parse(write, row, row)


def test_wrong_files_are_refused(write):
    with pytest.raises(DataError, match=r"none called conflict_id"):
        ucdp.parse(write("x.csv", ["id,year", "1,2"]))
    with pytest.raises(DataError, match=r"none called type_of_conflict"):
        ucdp.parse(write("x.csv", [FULL.replace("type_of_conflict", "conflict_type")]))
    with pytest.raises(DataError, match=r"2:row: expected 28 cells, got 29|ragged|29"):
        parse(write, full(1, 2016, a="652", kind=3) + ",more")
    with pytest.raises(DataError, match=r"one edition, got rows of 24.1, 25.1"):
        parse(write, full(1, 2016, a="652", kind=3), full(2, 2016, a="652", kind=3).replace("25.1", "24.1"))
    with pytest.raises(DataError, match=r"2,700 to 4,500 rows"):
        ucdp.SOURCE.read(write("UcdpPrioConflict_v25_1.csv", [FULL, full(1, 2016, a="652", kind=3)]))


def test_it_enters_a_record(write):
    record = Record.memory()
    path = write("ucdp_acd.csv", [FULL, full(1, 2016, a="652", kind=3), full(2, 1967, a="651", b="666")])
    sources.ingest("ucdp-acd", record, path, strict=False)
    assert {form: n for form, n in record.view().counts().items() if n} == {"tie": 1, "trait": 1}


def test_real_intensities_are_those_of_the_file(real, shared_data):
    """The highest intensity within a few states, by year, recounted with the csv module."""
    ids = {
        "750": "IND",
        "770": "PAK",
        "652": "SYR",
        "365": "RUS",
        "100": "COL",
        "840": "PHL",
        "775": "MMR",
        "640": "TUR",
    }
    levels = defaultdict(float)
    with gzip.open(shared_data / "conflicts_mid_ucdp" / "ucdp_acd.csv.gz", "rt") as handle:
        for row in csv.DictReader(handle):
            actor = ids.get(row["gwno_a"].removesuffix(".0"))
            if actor and row["type_of_conflict"] in ("intrastate", "II"):
                key = actor, int(float(row["year"]))
                levels[key] = max(levels[key], float(row["intensity_level"]))
    traits = real("ucdp-acd").frame("trait").filter(pl.col("a").is_in(list(ids.values())))
    found = defaultdict(float)
    for actor, first, value in traits.select("a", "valid_from", "value").rows():
        found[actor, first.year] = max(found[actor, first.year], value)
    assert len(levels) > 300
    assert found == levels


def test_real_account_and_known_facts(real):
    parsed = real("ucdp-acd")
    assert (parsed.rows, parsed.used, parsed.layout) == (5_652, 5_524, "parties")
    assert {item.reason.split(":")[0]: item.rows for item in parsed.left_out} == {
        "extrasystemic": 125,
        "a party was no state of the system in that year": 3,
    }
    war = parsed.frame("tie").filter(pl.col("a") == "RUS", pl.col("b") == "UKR")
    assert war["valid_from"].to_list() == [date(2022, 2, 24), date(2023, 1, 1), date(2024, 1, 1)]
    assert war["value"].to_list() == [2.0, 2.0, 2.0]
    assert "troops on side A: PRK" in war["text"][2]


def test_real_onsets_can_be_counted_from_the_conflicts(shared_data):
    """First years of conflicts within states, counted here, are those of UCDP's own (older) table of onsets.

    Between the editions (19.1 there, 25.1 here) some conflicts were dated anew, so a few state-years differ.
    """
    folder = shared_data / "conflicts_mid_ucdp"
    acd = pl.read_csv(folder / "ucdp_acd.csv.gz", infer_schema_length=None)
    table = pl.read_csv(folder / "ucdp_onsets.csv.gz").unique(["gwcode", "year"])
    within = acd.filter(pl.col("type_of_conflict").is_in(["intrastate", "II"]))
    first = within.group_by("conflict_id", "gwno_a").agg(pl.col("year").min())
    counted = first.group_by(gwcode="gwno_a", year="year").agg(pl.len().alias("ours"))
    both = table.join(counted, on=["gwcode", "year"], how="left").with_columns(pl.col("ours").fill_null(0))
    agree = both.filter((pl.col("sumnewconf") > 0) == (pl.col("ours") > 0)).height / both.height
    assert agree > 0.98, agree
    new = both.filter(pl.col("sumnewconf") > 0)
    assert new.filter(pl.col("ours") > 0).height / new.height > 0.7, new.filter(pl.col("ours") == 0).head(20)
