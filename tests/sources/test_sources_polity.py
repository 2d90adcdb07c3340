"""Polity5: its own country codes, its special scores, and both of its formats."""

from __future__ import annotations

from datetime import date

import polars as pl
import pyreadstat
import pytest

from multipolar.errors import DataError
from multipolar.sources.publishers import polity

HEAD = "p5,cyear,ccode,scode,country,year,flag,polity,polity2"


def row(code, year, score, polity2=None):
    return f"1,{code}{year},{code},XXX,Name,{year},0,{score},{score if polity2 is None else polity2}"


def parse(write, *rows, head=HEAD):
    return polity.parse(write("p5v2018.csv", [head, *rows]))


def values(parsed):
    return {(r["a"], r["valid_from"].year): r["value"] for r in parsed.frame("trait").to_dicts()}


def test_the_scale_is_polity2(write):
    parsed = parse(write, row(2, 2000, 10), row(710, 2000, -7))
    assert values(parsed) == {("USA", 2000): 10.0, ("CHN", 2000): -7.0}
    assert parsed.frame("trait")["text"].to_list() == [None, None]
    assert parsed.frame("trait")["known_from"].unique().to_list() == [date(2020, 4, 23)]


def test_special_codes_are_told_in_the_text_and_never_scores(write):
    parsed = parse(write, row(700, 1980, -66, ""), row(700, 1990, -77, 0), row(700, 1992, -88, -2))
    rows = {r["valid_from"].year: (r["value"], r["text"]) for r in parsed.frame("trait").to_dicts()}
    assert rows == {
        1990: (0.0, "polity2, where polity is -77 (interregnum)"),
        1992: (-2.0, "polity2, where polity is -88 (transition)"),
    }
    assert [(item.reason, item.rows) for item in parsed.left_out] == [
        ("none of the measures has a value in that row", 1)
    ]


@pytest.mark.parametrize(
    ("code", "year", "actor"),
    [
        (341, 2010, "XKX"), (348, 2010, "MNE"), (342, 2010, "SRB"), (342, 1900, "SRB"), (345, 1950, "YUG"),
        (347, 1995, "YUG"), (347, 2004, "YUG"), (364, 1950, "RUS"), (365, 2000, "RUS"), (525, 2015, "SSD"),
        (626, 2015, "SDN"), (529, 2000, "ETH"), (530, 1980, "ETH"), (769, 1960, "PAK"), (770, 1980, "PAK"),
        (818, 1990, "VNM"), (816, 1970, "VNM"), (324, 1850, "ITA"), (260, 1960, "DEU"), (300, 1900, "AUH"),
    ],
)  # fmt: skip
def test_its_own_codes(write, code, year, actor):
    assert list(values(parse(write, row(code, year, 1)))) == [(actor, year)]


def test_the_code_that_goes_on_is_kept_in_a_year_of_change(write):
    parsed = parse(write, row(365, 1922, -1), row(364, 1922, -7), row(364, 1923, -7))
    assert values(parsed)["RUS", 1922] == -7.0
    assert parsed.rows - parsed.used == 1


def test_federations_before_the_table_are_counted(write):
    parsed = parse(write, row(89, 1830, 0), row(564, 1880, 0), row(2, 1880, 10))
    assert sorted(item.rows for item in parsed.left_out) == [1, 1]
    assert parsed.used == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (row(2, "20x0", 1), ":2:year: expected a whole number"),
        (row(2, 2000, 11), ":2:score: expected a whole number from -88 to 10"),
        (row(2, 2000, -50, 1), ":2:score: expected -10 to 10, -66, -77 or -88"),
        (row(2, 2000, -66, -66), ":2:polity2: expected a number from -10 to 10"),
        (row("USA", 2000, 1), ":2:a: expected a whole number"),
        (row(999, 2000, 1), ":2:a: expected a code or name of a state"),
    ],
)
def test_bad_cells_are_named(write, line, message):
    with pytest.raises(DataError, match=message):
        parse(write, line)


def test_the_spss_file_is_read(tmp_path):
    path = tmp_path / "p5v2018.sav"
    table = pl.DataFrame(
        {"ccode": [2.0, 710.0], "year": [2000.0, 2000.0], "polity": [10.0, -7.0], "polity2": [10.0, -7.0]}
    )
    pyreadstat.write_sav(table, str(path))
    assert values(polity.parse(path)) == {("USA", 2000): 10.0, ("CHN", 2000): -7.0}


def test_a_renamed_column_and_a_bad_release_are_refused(write):
    with pytest.raises(DataError, match="none called polity2"):
        parse(write, row(2, 2000, 1), head=HEAD.replace("polity2", "polity_2"))
    with pytest.raises(DataError, match="check 'rows'"):
        polity.SOURCE.read(write("p5v2018.csv", [HEAD, row(2, 2000, 10)]))


def test_the_real_file(real):
    parsed = real("polity")
    assert (parsed.rows, parsed.used) == (17_574, 16_383)
    known = values(parsed)
    assert (known["USA", 2020], known["RUS", 1980], known["ZAF", 1994]) == (5.0, -7.0, 9.0)
    assert known["YUG", 1945] is not None
    assert not parsed.frame("trait").select("a", "valid_from").is_duplicated().any()
    transitions = parsed.frame("trait").filter(pl.col("text").str.contains("transition"))
    assert transitions.height > 200
