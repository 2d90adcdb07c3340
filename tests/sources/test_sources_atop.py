"""Alliance obligations: intervals, one side or both, and the end of the coverage."""

from __future__ import annotations

import zipfile
from datetime import date

import polars as pl
import pytest

from multipolar.errors import DataError
from multipolar.sources.publishers import atop

OFFICIAL = "ddyad,year,atopally,defense,offense,neutral,nonagg,consul,shareob,asymm,stateA,stateB"


def row(a, b, year, flags="1,0,0,0,0"):
    return f"{a}{b:03},{year},1,{flags},0,0,{a},{b}"


def both(a, b, years, flags="1,0,0,0,0"):
    return [row(x, y, year, flags) for year in years for x, y in ((a, b), (b, a))]


def parse(write, *rows):
    return atop.parse(write("atop5_1ddyr.csv", [OFFICIAL, *rows]))


def test_consecutive_years_of_both_sides_are_one_statement(write):
    parsed = parse(write, *both(2, 200, range(1949, 1952)), *both(2, 200, [1955]), *both(2, 20, [2018]))
    ties = parsed.frame("tie").filter(pl.col("b") == "USA", pl.col("a") == "GBR").sort("valid_from")
    assert ties.select("valid_from", "valid_to", "known_from", "unit").rows() == [
        (date(1949, 1, 1), date(1951, 12, 31), date(1949, 12, 31), "mutual obligation"),
        (date(1955, 1, 1), date(1955, 12, 31), date(1955, 12, 31), "mutual obligation"),
    ]
    assert ties["original"].to_list() == ["defense=1, both ways"] * 2
    assert ties["locator"][0].startswith("row 3: 200->2 1949-1951")


def test_a_one_sided_obligation_runs_from_the_bound_state(write):
    rows = [row(2, 740, year) for year in range(1951, 2019)]
    rows += [row(740, 2, year, "0,0,0,0,1") for year in range(1951, 2019)]
    ties = parse(write, *rows).frame("tie").select("a", "b", "kind", "unit").rows()
    assert set(ties) == {
        ("USA", "JPN", "defence", "one-sided obligation"),
        ("JPN", "USA", "consultation", "one-sided obligation"),
    }


def test_an_obligation_changes_from_one_sided_to_mutual(write):
    rows = [row(2, 732, 1953), row(732, 2, 1953, "0,0,0,0,0"), *both(2, 732, [1954, 1955, 1956])]
    ties = parse(write, *rows, *both(2, 20, [1960])).frame("tie").filter(pl.col("a") + pl.col("b") != "CANUSA")
    got = ties.sort("valid_from").select("a", "b", pl.col("valid_from").dt.year(), pl.col("valid_to").dt.year()).rows()
    assert got == [("USA", "KOR", 1953, 1953), ("KOR", "USA", 1954, 1956)]


def test_what_still_runs_at_the_end_is_open_and_nothing_is_carried_past_it(write):
    parsed = parse(write, *both(2, 200, [2017, 2018]), *both(2, 20, [2017]))
    ends = {tie["a"]: tie["valid_to"] for tie in parsed.frame("tie").to_dicts()}
    assert ends == {"GBR": None, "CAN": date(2017, 12, 31)}
    assert {item.kind for item in parsed.coverage} == set(atop.KINDS)
    assert {(item.first, item.last, item.absence) for item in parsed.coverage} == {
        (date(1816, 1, 1), date(2018, 12, 31), "zero")
    }


def test_two_codes_of_one_state_in_a_year_are_one_spell(write):
    rows = [*both(2, 260, [1989, 1990]), *both(2, 255, [1990, 1991]), *both(2, 20, [2018])]
    ties = parse(write, *rows).frame("tie").filter(pl.col("a") == "DEU")
    assert ties.select(pl.col("valid_from").dt.year(), pl.col("valid_to").dt.year()).rows() == [(1989, 1991)]


def test_every_kind_has_its_word(write):
    ties = parse(write, *both(2, 200, [2018], "1,1,1,1,1")).frame("tie")
    assert set(ties["kind"]) == {"defence", "offence", "neutrality", "nonaggression", "consultation"}


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (row(2, 20, "19x0"), ":2:year: expected a whole number"),
        (row(2, 20, 1790), ":2:year"),
        (row(2, 20, 1990, "7,0,0,0,0"), ":2:defence: expected a whole number from 0 to 1, got '7'"),
        (row(2, 20, 1990, "1,0,0,,0"), ":2:nonaggression"),
        (row(2, 998, 1990), ":2:b: expected a code or name of a state, got '998'"),
        (f"{row(2, 20, 1990)},1", ":2:row: expected 12 cells"),
    ],
)
def test_bad_cells_are_named(write, bad, message):
    with pytest.raises(DataError, match=message):
        parse(write, bad)


def test_wrong_files_are_refused(write):
    with pytest.raises(DataError, match=r"none called stateA or ccode1"):
        atop.parse(write("x.csv", ["rcid,date", "1,1990-01-01"]))
    with pytest.raises(DataError, match=r"one row for each a, b, year"):
        parse(write, row(2, 20, 1990), row(2, 20, 1990))
    with pytest.raises(DataError, match=r"expected 273,296 rows"):
        atop.SOURCE.read(write("x.csv", [OFFICIAL, *both(2, 20, [1990])]))


def test_parquet_and_csv_give_the_same_statements(write, tmp_path):
    rows = [*both(2, 200, range(1949, 1952)), row(2, 740, 1951), row(740, 2, 1951, "0,0,0,0,1")]
    csv = parse(write, *rows)
    names = {names[0]: names[1] for names in atop.COLUMNS.values() if len(names) > 1}
    frame = pl.read_csv(tmp_path / "atop5_1ddyr.csv").rename(names)
    frame.write_parquet(tmp_path / "atop.parquet")
    parquet = atop.parse(tmp_path / "atop.parquet")
    same = ["a", "b", "kind", "valid_from", "valid_to", "value"]
    assert parquet.frame("tie").select(same).equals(csv.frame("tie").select(same))


def test_real_file(real):
    parsed = real("atop")
    ties = parsed.frame("tie")
    assert parsed.rows == 273_296
    assert parsed.used > 273_000
    assert ties.height > 10_000
    assert ties.filter(pl.col("valid_from").dt.year() > 2018).is_empty()
    open_ = ties.filter(pl.col("valid_to").is_null(), pl.col("kind") == "defence")
    assert {("GBR", "USA"), ("BLR", "RUS"), ("CHN", "PRK"), ("ITA", "USA")} <= set(open_.select("a", "b").rows())


@pytest.mark.parametrize(
    ("one", "other"), [(2, 200), (2, 740), (365, 710), (710, 731), (220, 365), (365, 315), (2, 365)]
)
def test_real_years_are_those_of_the_file(real, shared_data, one, other):
    """Every pair-year recounted from the raw rows, by direction and kind."""
    raw = pl.read_parquet(shared_data / "atop_alliances" / "atop_alliance.parquet")
    ids = {2: "USA", 200: "GBR", 740: "JPN", 365: "RUS", 710: "CHN", 731: "PRK", 220: "FRA", 315: "CSK"}
    ties = real("atop").frame("tie")
    for a, b in ((one, other), (other, one)):
        rows = raw.filter(pl.col("ccode1") == a, pl.col("ccode2") == b)
        for kind, (_, column) in atop.KINDS.items():
            want = set(rows.filter(pl.col(column) == 1)["year"])
            mutual = ties.filter(pl.col("a") == min(ids[a], ids[b]), pl.col("b") == max(ids[a], ids[b]))
            mutual = mutual.filter(pl.col("unit") == "mutual obligation")
            own = ties.filter(pl.col("a") == ids[a], pl.col("b") == ids[b], pl.col("unit") == "one-sided obligation")
            spans = pl.concat([mutual, own]).filter(pl.col("kind") == kind)
            got = [
                year
                for first, last in spans.select("valid_from", "valid_to").rows()
                for year in range(first.year, (last.year if last else 2018) + 1)
            ]
            assert sorted(got) == sorted(want), (a, b, kind)


def test_inside_the_publishers_archive(write, tmp_path):
    packed = tmp_path / "atop_5.1__.csv_.zip"
    lines = [OFFICIAL, *both(2, 200, [2017, 2018])]
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("ATOP 5.1 (.csv)/atop5_1ddyr.csv", "\n".join(lines))
        archive.writestr("ATOP 5.1 (.csv)/atop5_1dy.csv", "dyad,year\n1,2018\n")
    same = ["a", "b", "kind", "valid_from", "valid_to"]
    assert atop.parse(packed).frame("tie").select(same).equals(parse(write, *lines[1:]).frame("tie").select(same))
    assert atop.SOURCE.downloads[0].name == packed.name
    assert atop.SOURCE.references[0].doi == "10.1080/03050620213653"
