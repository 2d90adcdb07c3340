"""isard: both lists of states, kinds and units, and the lists themselves against the table of states."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from multipolar.errors import DataError
from multipolar.sources import who
from multipolar.sources.publishers import isard

DEMOCRACY = "year,euds,aeuds,polity2,v2x_polyarchy"
ECONOMY = "gwcode,year,mrgdppc,sd_mrgdppc,pwtrgdp,sd_pwtrgdp,pwtpop,sd_pwtpop"


def democracy(write, *rows, code="gwcode", head=DEMOCRACY):
    return isard.parse_democracy(write(f"{code}.csv", [f"{code},{head}", *rows]))


def economy(write, *rows, head=ECONOMY):
    return isard.parse_economy(write("gw_gdppop.csv", [head, *rows]))


def values(parsed):
    return {(r["a"], r["kind"], r["valid_from"].year): r["value"] for r in parsed.frame("trait").to_dicts()}


def test_three_measures_of_democracy(write):
    parsed = democracy(write, "2,2000,1.5,1.1,10,0.85", "221,1900,-0.5,-0.9,NA,NA")
    assert values(parsed) == {
        ("USA", "unified_democracy", 2000): 1.5,
        ("MCO", "unified_democracy", 1900): -0.5,
        ("USA", "polity", 2000): 10.0,
        ("USA", "polyarchy", 2000): 0.85,
    }
    texts = parsed.frame("trait").filter(pl.col("kind") == "unified_democracy")["text"].to_list()
    assert texts == ["adjusted score (aeuds): 1.1", "adjusted score (aeuds): -0.9"]
    assert parsed.frame("trait")["known_from"].unique().to_list() == [date(2026, 6, 25)]


def test_each_measure_is_covered_to_its_own_end(write):
    parsed = democracy(write, "2,2000,1.5,1.1,10,0.85", "2,2001,1.5,1.1,,0.85", "2,2002,1.5,1.1,,")
    assert {row.kind: row.last.year for row in parsed.coverage} == {
        "unified_democracy": 2002,
        "polity": 2000,
        "polyarchy": 2001,
    }


def test_the_list_of_states_is_that_of_the_column(write):
    gw = democracy(write, "340,2010,1,1,8,0.5")
    cow = democracy(write, "345,2010,1,1,8,0.5", code="ccode")
    assert {key[0] for key in values(gw)} == {key[0] for key in values(cow)} == {"SRB"}
    assert (gw.sources[0].key, cow.sources[0].key) == ("isard-democracy:2026-06-gw", "isard-democracy:2026-06-cow")
    assert (gw.layout, cow.layout) == ("gwcode", "ccode")


def test_products_are_no_sums_of_money(write):
    parsed = economy(write, "2,2010,50000.5,900,16000000,2e6,310.5,9")
    assert values(parsed) == {
        ("USA", "real_gdp_per_head", 2010): 50000.5,
        ("USA", "real_gdp", 2010): 16e12,
        ("USA", "population", 2010): 310.5e6,
    }
    rows = {r["kind"]: (r["unit"], r["text"]) for r in parsed.frame("trait").to_dicts()}
    assert rows["real_gdp"] == ("2017 international dollars", "standard deviation 2e6 (in the file's unit)")
    assert rows["population"][0] == "persons"


def test_a_year_without_a_value_is_counted(write):
    parsed = economy(write, "2,2010,,,,,,", "2,2011,1,1,1,1,1,1")
    assert [(item.reason, item.rows) for item in parsed.left_out] == [
        ("none of the measures has a value in that row", 1)
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("2,20x0,1,1,1,0.5", ":2:year: expected a whole number from 1816"),
        ("2,2000,1,1,11,0.5", ":2:polity2: expected a number from -10 to 10"),
        ("2,2000,1,1,1,1.5", ":2:polyarchy: expected a number from 0 to 1"),
        ("2,2000,9,1,1,0.5", ":2:euds: expected a number from -5 to 5"),
        ("999,2000,1,1,1,0.5", ":2:a: expected a code or name of a state"),
        ("2,2000,1,1,1,0.5,7", ":2:row: expected 6 cells, got 7"),
    ],
)
def test_bad_cells_are_named(write, line, message):
    with pytest.raises(DataError, match=message):
        democracy(write, line)


def test_other_files_are_refused(write):
    with pytest.raises(DataError, match="none called ccode or gwcode"):
        democracy(write, "2,2000,1,1,1,0.5", code="stateabb")
    with pytest.raises(DataError, match=":2:mrgdppc: expected a number from 0"):
        economy(write, "2,2010,-1,1,1,1,1,1")
    with pytest.raises(DataError, match="check 'rows'"):
        isard.ECONOMY_SOURCE.read(write("gw_gdppop.csv", [ECONOMY, "2,2010,1,1,1,1,1,1"]))


def test_the_real_democracies(real, shared_data):
    parsed = real("isard-democracy")
    assert (parsed.rows, parsed.used) == (20_849, 20_788)
    cow = isard.DEMOCRACY_SOURCE.read(shared_data / "isard_panels" / "cw_democracy.csv.gz")
    assert (cow.rows, cow.used) == (17_706, 17_703)
    both = parsed.frame("trait").join(cow.frame("trait"), on=["a", "kind", "valid_from"], suffix="_cow")
    for kind in ("polity", "polyarchy"):  # the scores of the two lists were estimated apart, these two were not
        apart = both.filter(pl.col("kind") == kind, (pl.col("value") - pl.col("value_cow")).abs() > 1e-9)
        assert apart.height <= 1, kind
    scores = both.filter(pl.col("kind") == "unified_democracy")
    assert scores.select(pl.corr("value", "value_cow")).item() > 0.999


def test_the_real_products(real, shared_data):
    parsed = real("isard-gdp")
    assert parsed.rows == parsed.used == 19_667
    cow = isard.ECONOMY_SOURCE.read(shared_data / "isard_panels" / "cw_gdppop.parquet")
    both = parsed.frame("trait").join(cow.frame("trait"), on=["a", "kind", "valid_from"], suffix="_cow")
    assert both.select(((pl.col("value") / pl.col("value_cow") - 1).abs() < 1e-9).mean()).item() > 0.99
    people = values(parsed)
    assert people["CHN", "population", 2010] == pytest.approx(1.35e9, rel=0.05)


def test_the_real_products_and_democracies_agree_with_other_publishers(real):
    ours = {
        "nmc": real("isard-gdp").frame("trait").filter(pl.col("kind") == "population"),
        "vdem": real("isard-democracy").frame("trait").filter(pl.col("kind") == "polyarchy"),
        "polity": real("isard-democracy").frame("trait").filter(pl.col("kind") == "polity"),
    }
    for name, frame in ours.items():
        both = frame.join(real(name).frame("trait"), on=["a", "kind", "valid_from"], suffix="_other")
        both = both.filter(pl.col("valid_from").dt.year() >= 1950)
        assert both.height > 5_000, name
        assert both.select(pl.corr("value", "value_other")).item() > 0.97, name


@pytest.mark.parametrize(("file", "code", "find"), [("cw_system", "ccode", who.cow), ("gw_system", "gwcode", who.gw)])
def test_the_lists_of_states_are_those_of_the_table(shared_data, file, code, find):
    """Every spell of a code begins and ends in the life of its state; Serbia and Yugoslavia share a code."""
    table = pl.read_csv(shared_data / "isard_panels" / f"{file}.csv.gz", try_parse_dates=True)
    rows = table.select(pl.col(code).cast(pl.Int32).cast(pl.String), "start", "end").rows()
    assert all(find(each) for each, _, _ in rows)
    inside = sum(
        any(who.lived(a, start, start) and who.lived(a, end, end) for a in find(each)) for each, start, end in rows
    )
    assert inside >= len(rows) - 3


@pytest.mark.parametrize("file", ["cw_gw_panel", "gw_cw_panel"])
def test_both_codes_of_a_state_and_year_are_one_state(shared_data, file):
    panel = pl.read_csv(shared_data / "isard_panels" / f"{file}.csv.gz", infer_schema_length=None)
    both = panel.drop_nulls(["ccode", "gwcode"]).with_columns(pl.col("ccode", "gwcode", "year").cast(pl.Int32))
    pairs = both.group_by("ccode", "gwcode").agg(pl.col("year").min().alias("low"), pl.col("year").max().alias("high"))
    for cow, gw, low, high in pairs.rows():
        mine, theirs = set(who.cow(str(cow))), set(who.gw(str(gw)))
        lived = [a for a in mine & theirs if who.lived(a, date(low, 1, 1), date(high, 12, 31))]
        assert lived, (cow, gw)
