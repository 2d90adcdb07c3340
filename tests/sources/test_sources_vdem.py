"""V-Dem: both sets of column names, units without a code, and when an edition is known."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from multipolar import dossier
from multipolar.errors import DataError
from multipolar.sources.publishers import vdem

HEAD = "country_name,country_text_id,country_id,year,COWcode,v2x_polyarchy,v2x_libdem,v2x_regime"


def row(unit, code, year, polyarchy="0.5", libdem="0.4", regime="2"):
    return f"Name,{unit},1,{year},{code},{polyarchy},{libdem},{regime}"


def parse(write, *rows, head=HEAD):
    return vdem.parse(write("V-Dem-CY-Core-v15.csv", [head, *rows]))


def values(parsed):
    return {(r["a"], r["kind"], r["valid_from"].year): r["value"] for r in parsed.frame("trait").to_dicts()}


def test_three_indices_of_a_state_and_year(write):
    parsed = parse(write, row("USA", 2, 2024))
    assert values(parsed) == {
        ("USA", "polyarchy", 2024): 0.5,
        ("USA", "liberal_democracy", 2024): 0.4,
        ("USA", "regime", 2024): 2.0,
    }
    assert parsed.sources[0].key == "vdem:15"
    assert parsed.frame("trait")["locator"].to_list()[0] == "row 2: 2 2024, v2x_polyarchy"


def test_every_year_is_known_from_its_edition(write):
    parsed = parse(write, row("USA", 2, 1900), row("USA", 2, 2024))
    assert parsed.frame("trait")["known_from"].unique().to_list() == [date(2025, 3, 13)]
    older = parse(write, row("USA", 2, 1900), row("USA", 2, 2019))
    assert older.sources[0].key == "vdem:to-2019"
    assert older.frame("trait")["known_from"].unique().to_list() == [date(2020, 4, 30)]


def test_an_extract_without_regimes_says_nothing_of_them(write):
    head = "country_text_id,vdem_cowcode,year,v2x_polyarchy,v2x_libdem"
    parsed = parse(write, "USA,2.0,2024.0,0.84,NA", head=head)
    assert values(parsed) == {("USA", "polyarchy", 2024): 0.84}
    assert [row.kind for row in parsed.coverage] == ["polyarchy"]


def test_units_that_are_no_states_are_counted_by_reason(write):
    parsed = parse(
        write,
        row("HKG", "", 2000),
        row("PSG", "NA", 2010),
        row("SML", "", 2010),
        row("OLD", "", 1850),
        row("IND", 750, 1900),
        row("USA", 2, 1850, "", "", ""),
        row("VNM", 816, 2000),
    )
    reasons = {item.reason.split(",")[0]: item.rows for item in parsed.left_out}
    assert reasons == {
        "a territory of China": 1,
        "a part of Palestine (Gaza)": 1,
        "not in the table of states": 1,
        "a German or Italian state of the 19th century without a code": 1,
        "the state did not exist in that year": 1,
        "none of the measures has a value in that row": 1,
    }
    assert parsed.used == 1


@pytest.mark.parametrize(
    ("unit", "code", "year", "actor"),
    [
        ("DEU", 255, 1930, "DEU"), ("DEU", 255, 1960, "DEU"), ("DDR", 265, 1960, "DDR"), ("RUS", 365, 1950, "RUS"),
        ("SRB", 345, 1950, "YUG"), ("SRB", 345, 2010, "SRB"), ("VDR", 817, 1965, "RVN"), ("YMD", 680, 1980, "YMD"),
        ("KOR", 730, 1900, "KOR730"), ("KOR", 732, 2000, "KOR"), ("AUT", 300, 1900, "AUH"), ("XKX", 347, 2010, "XKX"),
    ],
)  # fmt: skip
def test_codes_by_year(write, unit, code, year, actor):
    assert {key[0] for key in values(parse(write, row(unit, code, year)))} == {actor}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (row("USA", 2, "20x0"), ":2:year: expected a whole number from 1789"),
        (row("USA", 2, 2000, "1.2"), ":2:polyarchy: expected a number from 0 to 1"),
        (row("USA", 2, 2000, "high"), ":2:polyarchy: expected a number"),
        (row("USA", 2, 2000, regime="4"), ":2:regime: expected a number from 0 to 3"),
        (row("", 2, 2000), ":2:unit: expected a value"),
        (row("QQQ", "", 2000), ":2:a: expected a code or name of a state, got 'QQQ'"),
        (row("USA", "two", 2000), ":2:cow: expected a whole number"),
    ],
)
def test_bad_cells_are_named(write, line, message):
    with pytest.raises(DataError, match=message):
        parse(write, line)


def test_a_renamed_column_and_a_bad_release_are_refused(write):
    with pytest.raises(DataError, match="none called v2x_polyarchy"):
        parse(write, row("USA", 2, 2000), head=HEAD.replace("v2x_polyarchy", "polyarchy"))
    with pytest.raises(DataError, match="check 'rows'"):
        vdem.SOURCE.read(write("V-Dem-CY-Core-v15.csv", [HEAD, row("USA", 2, 2024)]))


def test_the_real_file(real):
    parsed = real("vdem")
    assert (parsed.rows, parsed.used) == (27_913, 18_287)
    known = values(parsed)
    assert known["USA", "polyarchy", 2024] == pytest.approx(0.84)
    assert known["DNK", "liberal_democracy", 2024] == pytest.approx(0.883)
    assert known["CHN", "polyarchy", 2024] == pytest.approx(0.073)


def test_the_real_file_is_what_the_dossier_quotes(real):
    quoted = dossier.load().frames["trait"].filter(pl.col("kind") == "polyarchy")
    ours = real("vdem").frame("trait").filter(pl.col("kind") == "polyarchy")
    both = quoted.join(ours, on=["a", "valid_from"], suffix="_file")
    assert both.height == quoted.height
    assert (both["value"] - both["value_file"]).abs().max() < 1e-9
    assert (both["unit"] == both["unit_file"]).all()
