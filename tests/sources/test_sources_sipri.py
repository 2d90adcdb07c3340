"""Arms deliveries: both layouts of the register, split evenly where only a deal's total is told."""

from __future__ import annotations

import csv
import gzip
import io
from collections import defaultdict
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.errors import DataError
from multipolar.sources.publishers import sipri

HEAD = "Transfers of major conventional arms from All countries  to All countries . Deals with deliveries made"
DEALS = (
    "Recipient,Supplier,Year of order, ,Number ordered, ,Weapon designation,Weapon description,Number delivered, ,"
    "Year(s) of delivery,status,Comments,SIPRI TIV per unit,SIPRI TIV for total order,SIPRI TIV of delivered weapons"
)
DELIVERIES = (
    "SIPRI AT Database ID,Supplier,Recipient,Designation,Description,Armament category,Order date,"
    "Order date is estimate,Numbers delivered,Numbers delivered is estimate,Delivery year,Delivery year is estimate,"
    "Status,SIPRI estimate,TIV deal unit,TIV delivery values,Local production;"
)
GENERATED = "Data generated: 29 Mar 2025 3:47:21 PM"


def deal(recipient, supplier, years, tiv, comment="x"):
    return f"{recipient},{supplier},1950,,1,,T,tank,1,,{years},New,{comment},1,1,{tiv}"


def delivery(supplier, recipient, year, tiv):
    return f"1,{supplier},{recipient},T,tank,Armour,2000,No,1,No,{year},No,New,1,1,{tiv},No;"


def deals(write, *rows, head=HEAD, generated=GENERATED):
    lines = [head, "A '?' in a column", "", generated, DEALS, *rows]
    return sipri.parse(write("register.csv", lines, encoding="latin-1"))


def deliveries(write, *rows, head=f"{HEAD};", generated=f"{GENERATED};"):
    return sipri.parse(write("register.csv.gz", [head, ";", generated, DELIVERIES, *rows], encoding="latin-1"))


def flows(parsed):
    return {(row["a"], row["b"], row["valid_from"].year): row["value"] for row in parsed.frame("flow").to_dicts()}


def test_deliveries_of_a_pair_and_year_are_added(write):
    parsed = deliveries(
        write,
        delivery("United States", "Saudi Arabia", 2000, "1.2"),
        delivery("United States", "Saudi Arabia", 2000, "3"),
        delivery("United States", "Saudi Arabia", 2001, "0"),
        delivery("Russia", "Viet Nam", 2000, "5"),
    )
    assert flows(parsed) == {("USA", "SAU", 2000): 4.2, ("USA", "SAU", 2001): 0.0, ("RUS", "VNM", 2000): 5.0}
    row = parsed.frame("flow").filter(pl.col("b") == "SAU").to_dicts()[0]
    assert row["original"] == "1.2 + 3"
    assert row["locator"] == "lines 5 6"
    assert (row["valid_from"], row["valid_to"]) == (date(2000, 1, 1), date(2000, 12, 31))
    assert row["known_from"] == date(2001, 3, 31)
    assert row["unit"] == "million TIV"
    assert parsed.sources[0].key == "sipri-deliveries:2025-03-29"
    assert parsed.sources[0].date == date(2025, 3, 29)


def test_a_year_is_covered_from_its_publication_on(write):
    parsed = deliveries(write, delivery("Russia", "India", 2022, 1), delivery("Russia", "India", 2024, 1))
    assert [(row.first.year, row.known, row.absence) for row in parsed.coverage] == [
        (2022, date(2023, 3, 31), "zero"),
        (2023, date(2024, 3, 31), "zero"),
        (2024, date(2025, 3, 29), "zero"),
    ]
    assert parsed.frame("flow")["known_from"].max() == date(2025, 3, 29)


def test_a_register_of_some_countries_says_nothing_of_the_others(write):
    head = "Transfers of major conventional arms from Russia  to All countries . Deals;"
    parsed = deliveries(write, delivery("Russia", "India", 2022, 1), head=head)
    assert {row.absence for row in parsed.coverage} == {"missing"}


def test_the_running_year_is_left_out(write):
    parsed = deliveries(write, delivery("Russia", "India", 2024, 1), delivery("Russia", "India", 2025, 1))
    assert flows(parsed) == {("RUS", "IND", 2024): 1.0}
    assert [item.rows for item in parsed.left_out] == [1]


def test_deals_are_split_evenly_and_say_so(write):
    parsed = deals(
        write,
        deal("Afghanistan", "Soviet Union", "1978; 1979; 1981", 9),
        deal("Afghanistan", "Soviet Union", "1979", "0.5"),
    )
    assert flows(parsed) == {("RUS", "AFG", 1978): 3.0, ("RUS", "AFG", 1979): 3.5, ("RUS", "AFG", 1981): 3.0}
    texts = {row["valid_from"].year: row["original"] for row in parsed.frame("flow").to_dicts()}
    assert texts[1979] == "split evenly over years: 9/3 + 0.5"
    assert parsed.rows == 4
    assert "split evenly" in parsed.sources[0].note


def test_accents_and_quoted_commas(write):
    parsed = deals(write, deal("Algeria", "Finland", "2014", 5, '"Wärtsilä, 12V32"'))
    assert flows(parsed) == {("FIN", "DZA", 2014): 5.0}


def test_rows_broken_over_two_lines_are_joined(write):
    broken = "Thailand,Ukraine,2008,,14,,BTR-3,APC,13,?,2010; 2012,New,Part of a deal"
    parsed = deals(write, deal("Thailand", "Spain", "1997", 358), broken, ",0.25,3.5,3.25")
    assert flows(parsed) == {("ESP", "THA", 1997): 358.0, ("UKR", "THA", 2010): 1.625, ("UKR", "THA", 2012): 1.625}
    assert parsed.remarks == ("1 rows that the publisher broke over two lines were joined",)


@pytest.mark.parametrize(
    ("name", "year", "actor"),
    [
        ("Soviet Union", 1970, "RUS"), ("Russia", 2000, "RUS"), ("East Germany (GDR)", 1970, "DDR"),
        ("Germany", 1970, "DEU"), ("South Vietnam", 1970, "RVN"), ("Viet Nam", 1970, "VNM"),
        ("Yemen Arab Republic (North Yemen)", 1970, "YEM"), ("South Yemen", 1970, "YMD"), ("Yemen", 2000, "YEM"),
        ("Yugoslavia", 1970, "YUG"), ("Serbia", 2010, "SRB"), ("Czechoslovakia", 1970, "CSK"), ("Turkiye", 1970, "TUR"),
        ("Congo", 2000, "COG"), ("DR Congo", 1965, "COD"), ("UAE", 2000, "ARE"), ("Taiwan", 1970, "TWN"),
        ("Cote d'Ivoire", 2000, "CIV"), ("Kosovo", 2010, "XKX"), ("eSwatini", 1990, "SWZ"), ("South Korea", 1970, "KOR"),
    ],
)  # fmt: skip
def test_names_by_year(write, name, year, actor):
    parsed = deals(write, deal(name, "France", year, 1))
    assert flows(parsed) == {("FRA", actor, year): 1.0}


def test_partners_that_are_no_states_are_counted_by_reason(write):
    parsed = deals(
        write,
        deal("France", "United States", "2000", 1),
        deal("UNITA (Angola)*", "United States", "1986; 1987", 1),
        deal("NATO**", "United States", "2020", 1),
        deal("unknown recipient(s)", "Russia", "2000", 1),
        deal("Biafra", "France", "1968", 1),
        deal("Slovenia", "Germany", "1975", 1),
    )
    reasons = {item.reason.split(",")[0]: item.rows for item in parsed.left_out}
    assert reasons == {
        "an armed group": 2,
        "an organisation": 1,
        "supplier or recipient unknown": 1,
        "no state in the table of states": 1,
        "the state did not exist in that year": 1,
    }
    assert parsed.used == 1


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (deal("France", "Atlantis", "2000", 1), "register.csv:6:a: expected a code or name of a state, got 'Atlantis'"),
        (deal("France", "Spain", "20x0", 1), ":6:years: expected years"),
        (deal("France", "Spain", "2000, 2001", 1), ":6:row: expected 16 cells"),
        (deal("France", "Spain", "1900", 1), ":6:year: expected a whole number from 1950"),
        (deal("France", "Spain", "2000", "many"), ":6:tiv: expected a number"),
        (deal("France", "Spain", "2000", ""), ":6:tiv: expected a value"),
        (deal("France", "Spain", "2000", -1), ":6:tiv: expected a number from 0"),
        (deal("", "Spain", "2000", 1), ":6:b: expected a value"),
    ],
)
def test_bad_cells_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        deals(write, row)


def test_a_file_without_its_preamble_is_refused(write):
    with pytest.raises(DataError, match=r"SIPRI's preamble"):
        sipri.parse(write("x.csv", [DEALS, deal("France", "Spain", "2000", 1)]))
    with pytest.raises(DataError, match=r"SIPRI's preamble"):
        sipri.parse(write("x.csv", [HEAD, GENERATED, "Supplier;Recipient"]))
    with pytest.raises(DataError, match=r"expected deliveries, got none"):
        deals(write)


def test_a_bad_release_is_refused_by_name(write):
    path = write("x.csv", [HEAD, GENERATED, DEALS, deal("France", "Spain", "2024", 1)])
    with pytest.raises(DataError, match=r"check 'rows deals'"):
        sipri.SOURCE.read(path)
    failures = [check.name for check in sipri.SOURCE.checks if check.failure(sipri.parse(path))]
    assert "share of USA" in failures


YEARS = st.lists(st.integers(1991, 2020), min_size=1, max_size=6, unique=True)
DEAL = st.tuples(st.sampled_from(["France", "Russia", "China"]), YEARS, st.integers(0, 10_000))


@given(st.lists(DEAL, min_size=1, max_size=20))
def test_no_volume_is_lost_or_made(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("sipri") / "x.csv"
    lines = [deal("India", name, "; ".join(map(str, sorted(years))), tiv / 10) for name, years, tiv in rows]
    path.write_text("\n".join([HEAD, GENERATED, DEALS, *lines]), encoding="latin-1")
    total = sipri.parse(path).frame("flow")["value"].sum()
    assert total == pytest.approx(sum(tiv for _, _, tiv in rows) / 10, abs=1e-3)


def raw_rows(path, line):
    with gzip.open(path, "rt", encoding="latin-1") as file:
        text = "".join(file.readlines()[line - 1 :])
    return list(csv.DictReader(io.StringIO(text)))


def test_real_deliveries_are_those_of_the_file(real, shared_data):
    parsed = real("sipri")
    want = defaultdict(float)
    for row in raw_rows(shared_data / "sipri_trade_register_1995_2024" / "trade_register_1995_2024.csv.gz", 12):
        if row["Supplier"] in ("United States", "Russia", "China") and row["Recipient"] in (
            "India",
            "Pakistan",
            "Iraq",
        ):
            want[row["Supplier"], row["Recipient"], int(row["Delivery year"])] += float(row["TIV delivery values"])
    names = {"USA": "United States", "RUS": "Russia", "CHN": "China", "IND": "India", "PAK": "Pakistan", "IRQ": "Iraq"}
    all_ = flows(parsed)
    got = {
        (names[a], names[b], year): tiv for (a, b, year), tiv in all_.items() if {a, b} <= names.keys() and b[0] in "IP"
    }
    got = {key: tiv for key, tiv in got.items() if key[0] in ("United States", "Russia", "China")}
    assert len(want) > 100
    assert got == pytest.approx(dict(want), abs=1e-6)
    assert parsed.rows == 25_024
    assert sum(item.rows for item in parsed.left_out) == parsed.rows - parsed.used == 453


def test_real_deals_add_up_to_the_file(real, shared_data):
    """Volumes over all years of a few pairs, from the deals' totals as they stand."""
    parsed = real("sipri-deals")
    want = defaultdict(float)
    for row in raw_rows(shared_data / "sipri_trade_register_1950_2024" / "trade_register_deals_1950_2024.csv.gz", 12):
        pair = (row["Supplier"], row["Recipient"])
        if pair in {("United States", "Israel"), ("Soviet Union", "Cuba"), ("China", "Pakistan"), ("France", "India")}:
            want[pair] += float(row["SIPRI TIV of delivered weapons"])
    got = defaultdict(float)
    for (a, b, _), tiv in flows(parsed).items():
        got[a, b] += tiv
    assert got["USA", "ISR"] == pytest.approx(want["United States", "Israel"], abs=1e-3)
    assert got["RUS", "CUB"] == pytest.approx(want["Soviet Union", "Cuba"], rel=0.05)
    assert got["CHN", "PAK"] == pytest.approx(want["China", "Pakistan"], abs=1e-3)
    assert got["FRA", "IND"] == pytest.approx(want["France", "India"], abs=1e-3)
    assert parsed.remarks == ("2 rows that the publisher broke over two lines were joined",)


def test_real_layouts_tell_the_same_story(real):
    """Two releases and two layouts: the same volumes of 1995-2024 within 3 % for the great suppliers."""
    totals = []
    for name in ("sipri", "sipri-deals"):
        frame = real(name).frame("flow").filter(pl.col("valid_from").dt.year().is_between(1995, 2024))
        totals.append(dict(frame.group_by("a").agg(pl.col("value").sum()).rows()))
    for supplier in ("USA", "RUS", "FRA", "DEU", "CHN", "GBR"):
        assert totals[0][supplier] == pytest.approx(totals[1][supplier], rel=0.06), supplier
