"""Trade and investment: who sold to whom, in dollars, from each publisher's layout."""

from __future__ import annotations

import zipfile
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multipolar.errors import DataError
from multipolar.record import Record
from multipolar.sources import flows
from multipolar.sources.publishers import baci, cow_trade, fdi, imf, itpd, sipri_pairs

COW = [
    "ccode1,ccode2,year,flow1,flow2,smoothflow1,smoothflow2",
    "2,710,2014,472525,183283,1,1",
    "2,365,1990,-9,3.5,1,1",
    "2,345,1990,0,NA,1,1",
    "2,341,1990,7,7,7,7",
]


def sold(parsed, kind="exports"):
    """(from, to, year) -> dollars."""
    rows = parsed.frame("flow").filter(pl.col("kind") == kind)
    return {(row["a"], row["b"], row["valid_from"].year): row["value"] for row in rows.to_dicts()}


def accounted(parsed):
    return parsed.rows == parsed.used + sum(item.rows for item in parsed.left_out)


def test_what_one_imports_the_other_sold(write):
    parsed = cow_trade.parse(write("Dyadic_COW_4.0.csv", COW))
    assert sold(parsed) == {
        ("CHN", "USA", 2014): 472_525e6,
        ("USA", "CHN", 2014): 183_283e6,
        ("USA", "RUS", 1990): 3.5e6,
        ("YUG", "USA", 1990): 0.0,
    }
    reasons = {item.reason: item.rows for item in parsed.left_out}
    assert reasons == {flows.EMPTY: 2, "the state did not exist in that year": 2}, "Montenegro was no state in 1990"
    assert accounted(parsed)
    assert set(parsed.frame("flow")["known_from"].dt.year()) == {1991, 2015}
    assert parsed.frame("flow")["original"][0] == "472525.0 million USD"


def test_the_zip_of_the_project_is_read_as_it_is(write, tmp_path):
    path = tmp_path / "COW_Trade_4.0.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("COW_Trade_4.0/Dyadic_COW_4.0.csv", "\n".join(COW) + "\n")
        archive.writestr("COW_Trade_4.0/National_COW_4.0.csv", "ccode,year,imports,exports\n2,2014,2400000,1620000\n")
    assert len(sold(cow_trade.parse(path))) == 4
    totals = cow_trade.parse_national(path).frame("trait")
    assert set(totals.select("a", "kind", "value").rows()) == {
        ("USA", "imports_total", 2.4e12),
        ("USA", "exports_total", 1.62e12),
    }


@pytest.mark.parametrize(
    ("at", "row", "column"),
    [(1, "2,710,20x0,1,1,1,1", "year"), (1, "2,710,2014,-5,1,1,1", "told"), (1, "two,710,2014,1,1,1,1", "one")],
)
def test_a_bad_cell_is_named(write, at, row, column):
    lines = [*COW[:at], row, *COW[at + 1 :]]
    with pytest.raises(DataError, match=rf":2:{column}:"):
        cow_trade.parse(write("Dyadic_COW_4.0.csv", lines))


def test_a_pair_twice_or_an_unknown_code_is_refused(write):
    with pytest.raises(DataError, match="one row for each"):
        cow_trade.parse(write("Dyadic_COW_4.0.csv", [*COW, COW[1]]))
    with pytest.raises(DataError, match="999"):
        cow_trade.parse(write("Dyadic_COW_4.0.csv", [*COW, "2,999,2014,1,1,1,1"]))
    with pytest.raises(DataError, match="flow2"):
        cow_trade.parse(write("Dyadic_COW_4.0.csv", ["ccode1,ccode2,year,flow1", "2,20,2000,1"]))


def test_another_release_is_refused(write):
    with pytest.raises(DataError, match="check"):
        cow_trade.SOURCE.read(write("Dyadic_COW_4.0.csv", COW))


PAIRS = ["year,exporter,exporter_iso3,importer,importer_iso3,value_usd", "2016,USA,USA,China,CHN,100.5"]


def test_itpd_by_pair_and_by_industry_say_the_same(write):
    pairs = itpd.parse(write("pairs.csv", [*PAIRS, "2016,USA,USA,USA,USA,9", "2000,Niue,NIU,China,CHN,3"]))
    assert sold(pairs, "sales") == {("USA", "CHN", 2016): 100.5}
    assert sorted(item.rows for item in pairs.left_out) == [1, 1]
    assert accounted(pairs)
    industries = [
        "exporter_iso3,importer_iso3,year,industry_id,trade",
        "USA,CHN,2016,1,0.0001",
        "USA,CHN,2016,2,0.0000005",
    ]
    whole = itpd.parse(write("ITPD_E_R02.csv", industries))
    assert sold(whole, "sales") == {("USA", "CHN", 2016): pytest.approx(100.5)}
    assert whole.frame("flow")["original"][0] == "sum of 2 industries"
    assert (whole.rows, whole.used) == (2, 2)


def test_serbia_before_2006_is_yugoslavia(write):
    rows = [*PAIRS, "2004,Serbia,SRB,China,CHN,5", "2008,Serbia,SRB,China,CHN,6"]
    assert {("YUG", "CHN", 2004), ("SRB", "CHN", 2008)} < set(sold(itpd.parse(write("pairs.csv", rows)), "sales"))


def test_a_state_under_two_codes_in_a_year_trades_once_under_the_one_that_goes_on(write):
    lines = ["678,630,1989,5,6,1,1", "678,630,1990,0,7,1,1", "679,630,1990,1,24,1,1", "679,630,1991,2,25,1,1"]
    parsed = cow_trade.parse(write("Dyadic_COW_4.0.csv", [COW[0], *lines]))
    found = sold(parsed)
    assert (found["YEM", "IRN", 1990], found["IRN", "YEM", 1990]) == (24e6, 1e6)
    assert len(parsed.frame("flow")) == 6
    assert {item.reason: item.rows for item in parsed.left_out} == {flows.TWO_CODES: 2}
    assert accounted(parsed)


FDI = [
    "ID,CountryPair,year,FDI_inflows,FDI_outflows,FDI_instock,FDI_outstock",
    "x,USA-CHN,2010,1169,7089,3245,58996",
    "x,NLD-ABW,2010,1,2,3,4",
    "x,DEU-POL,2010,-5,NA,,7",
]


def test_investment_runs_from_who_invests(write):
    parsed = fdi.parse(write("fdi_bilateral.csv", FDI))
    assert sold(parsed, "investment") == {
        ("CHN", "USA", 2010): 1169e6,
        ("USA", "CHN", 2010): 7089e6,
        ("POL", "DEU", 2010): -5e6,
    }
    assert sold(parsed, "investment_stock")["USA", "CHN", 2010] == 58996e6
    assert {item.reason: item.rows for item in parsed.left_out} == {flows.EMPTY: 2, flows.TERRITORIES["ABW"]: 4}
    assert accounted(parsed)


def test_investment_that_both_sides_report_counts_once_as_the_receiver_reports_it(write):
    parsed = fdi.parse(write("fdi_bilateral.csv", [*FDI, "x,CHN-USA,2010,4052,,,0", "x,POL-DEU,2010,3,9,,8"]))
    assert sold(parsed, "investment") == {
        ("CHN", "USA", 2010): 1169e6,
        ("USA", "CHN", 2010): 4052e6,
        ("POL", "DEU", 2010): -5e6,
        ("DEU", "POL", 2010): 3e6,
    }
    assert sold(parsed, "investment_stock")["CHN", "USA", 2010] == 3245e6
    assert not parsed.frame("flow").select("a", "b", "kind", "valid_from").is_duplicated().any()
    assert {item.reason: item.rows for item in parsed.left_out}[fdi.MIRROR] == 3
    assert accounted(parsed)


def test_several_rows_for_a_pair_are_not_chosen_from(write):
    parsed = fdi.parse(write("fdi_bilateral.csv", [*FDI, "x,DEU-POL,2010,1,2,3,4"]))
    assert ("POL", "DEU", 2010) not in sold(parsed, "investment")
    assert parsed.left_out[0].rows == 8
    assert accounted(parsed)


def test_investment_of_no_pair_is_refused(write):
    with pytest.raises(DataError, match="DEU/POL"):
        fdi.parse(write("fdi_bilateral.csv", [*FDI, "x,DEU/POL,2010,1,2,3,4"]))


CODES = [
    "country_code,country_name,country_iso2,country_iso3",
    "842,USA,US,USA",
    "156,China,CN,CHN",
    "490,Other Asia,N/A,S19",
]
CODES += ["344,Hong Kong,HK,HKG", "697,Europe EFTA nes,,N/A"]
YEAR = ["t,i,j,k,v,q", "2020,842,156,010121,1.5,1", "2020,842,156,010129,2.5,NA", "2020,490,156,010121,4,1"]
YEAR += ["2020,344,156,010121,4,1", "2020,697,156,010121,4,1"]


def test_baci_sums_over_products(write):
    write("country_codes_V202501.csv", CODES)
    parsed = baci.parse(write("BACI_HS92_Y2020_V202501.csv", YEAR))
    assert sold(parsed) == {("USA", "CHN", 2020): 4000.0, ("TWN", "CHN", 2020): 4000.0}
    assert (parsed.rows, parsed.used) == (5, 3)
    assert parsed.sources[0].key == "baci-hs92:202501"
    assert accounted(parsed)


def test_baci_in_its_zip(tmp_path):
    path = tmp_path / "BACI_HS92_V202501.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("country_codes_V202501.csv", "\n".join(CODES) + "\n")
        for year in (2019, 2020):
            text = "\n".join(YEAR).replace("2020,", f"{year},")
            archive.writestr(f"BACI_HS92_Y{year}_V202501.csv", text + "\n")
    assert set(sold(baci.parse(path))) == {(a, "CHN", y) for a in ("USA", "TWN") for y in (2019, 2020)}


def test_baci_needs_its_names_and_its_codes(write, tmp_path):
    with pytest.raises(DataError, match="country_codes"):
        baci.parse(write("BACI_HS92_Y2020_V202501.csv", YEAR))
    with pytest.raises(DataError, match=r"trade\.csv"):
        baci.parse(write("trade.csv", YEAR))
    write("country_codes_V202501.csv", CODES)
    with pytest.raises(DataError, match="999"):
        baci.parse(write("BACI_HS92_Y2020_V202501.csv", [*YEAR, "2020,999,156,010121,4,1"]))
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("BACI_HS92_Y2019_V202401.csv", "")
        archive.writestr("BACI_HS92_Y2020_V202501.csv", "")
    with pytest.raises(DataError, match="one edition"):
        baci.parse(path)


IMTS = [
    "DATAFLOW,COUNTRY,INDICATOR,COUNTERPART_COUNTRY,FREQUENCY,TIME_PERIOD,OBS_VALUE,SCALE",
    "IMF.STA:IMTS(1.0.0),USA,XG_FOB_USD,CHN,A,2020,100,6",
    "IMF.STA:IMTS(1.0.0),CHN,MG_CIF_USD,USA,A,2020,110,6",
    "IMF.STA:IMTS(1.0.0),CHN,MG_CIF_USD,PRK,A,2020,48,6",
    "IMF.STA:IMTS(1.0.0),CHN,MG_CIF_USD,PRK,M,2020-M01,4,6",
    "IMF.STA:IMTS(1.0.0),CHN,XG_FOB_USD,G001,A,2020,4,6",
    "IMF.STA:IMTS(1.0.0),CHN,TBG_USD,USA,A,2020,4,6",
    "IMF.STA:IMTS(1.0.0),USA,XG_FOB_USD,PRK,A,2020,,6",
]


def test_a_flow_told_by_both_sides_counts_once(write):
    parsed = imf.parse(write("IMTS.csv", IMTS))
    assert sold(parsed) == {("USA", "CHN", 2020): 100e6, ("PRK", "CHN", 2020): 48e6}
    assert set(parsed.frame("flow")["original"]) == {"exports FOB 100 USD", "imports CIF 48 USD"}
    reasons = {item.reason: item.rows for item in parsed.left_out}
    assert reasons == {imf.MIRROR: 1, imf.SHORT: 1, imf.OTHER: 1, imf.BLANK: 1, imf.OUTSIDE: 1}
    assert accounted(parsed)


DOTS = [
    '"Country Name","Country Code","Indicator Name","Indicator Code","Counterpart Country Name","Counterpart Country Code",'
    '"Attribute","2019","2019M01","2020"',
    '"United States","111","Goods, Value of Exports","TXG_FOB_USD","China, P.R.: Mainland","924","Value","5","1","6"',
    '"United States","111","Goods, Value of Exports","TXG_FOB_USD","China, P.R.: Mainland","924","Status","","","e"',
    '"China, P.R.: Mainland","924","Goods, Value of Imports","TMG_CIF_USD","United States","111","Value","7","",""',
    '"World","001","Goods, Value of Imports","TMG_CIF_USD","United States","111","Value","7","",""',
]


def test_the_former_bulk_file(write):
    parsed = imf.parse(write("DOT_timeSeries.csv", DOTS))
    assert sold(parsed) == {("USA", "CHN", 2019): 5.0, ("USA", "CHN", 2020): 6.0}
    assert {item.reason: item.rows for item in parsed.left_out} == {
        imf.SHORT: 1,
        imf.BLANK: 4,
        imf.OUTSIDE: 1,
        imf.MIRROR: 1,
    }
    assert accounted(parsed)


def test_an_export_without_years_or_with_a_bad_one(write):
    with pytest.raises(DataError, match="columns of years"):
        imf.parse(write("DOT.csv", [",".join(DOTS[0].split(",")[:7])]))
    with pytest.raises(DataError, match=":9:year"):
        imf.parse(write("IMTS.csv", [*IMTS, "x,USA,XG_FOB_USD,CHN,A,20x0,1,6"]))


ARMS = ["supplier,recipient,year,value,supplier_cown", "Soviet Union,India,1990,2164,365", "Russia,India,1992,9,365"]


def test_arms_by_pair(write):
    outside = [
        "Unknown supplier(s),India,1990,1,NA",
        "France,Hezbollah (Lebanon)*,1990,1,NA",
        "France,Libya GNC,2016,1,NA",
    ]
    parsed = sipri_pairs.parse(write("sipri_exports_processed.csv", [*ARMS, *outside, "Iran,Qatar,1968,1,630"]))
    assert sold(parsed, "arms") == {("RUS", "IND", 1990): 2164.0, ("RUS", "IND", 1992): 9.0}
    assert accounted(parsed)
    assert len(parsed.left_out) == 4
    assert parsed.coverage[0].absence == "zero"
    assert set(parsed.coverage[0].actors) == {"RUS"}, "silence means none of the suppliers that the file has"
    assert parsed.frame("flow")["known_from"].max() == date(1993, 3, 31)
    with pytest.raises(DataError, match="Atlantis"):
        sipri_pairs.parse(write("sipri_exports_processed.csv", [*ARMS, "Atlantis,India,1990,1,NA"]))


AMOUNTS = st.one_of(st.none(), st.integers(0, 10**6))


@settings(max_examples=30)  # each makes a record
@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=6))
def test_every_cell_is_a_statement_or_left_out(tmp_path_factory, amounts):
    cells = [["-9" if value is None else str(value) for value in pair] for pair in amounts]
    lines = [COW[0], *(f"2,710,{2000 + n},{one},{two},1,1" for n, (one, two) in enumerate(cells))]
    path = tmp_path_factory.mktemp("cow") / "Dyadic_COW_4.0.csv"
    path.write_text("\n".join(lines) + "\n")
    expected = {
        pair: value * 1e6
        for n, (one, two) in enumerate(amounts)
        for pair, value in ((("CHN", "USA", 2000 + n), one), (("USA", "CHN", 2000 + n), two))
        if value is not None
    }
    if not expected:
        return
    parsed = cow_trade.parse(path)
    assert sold(parsed) == expected
    assert parsed.rows == 2 * len(amounts)
    record = Record.memory()
    record.ingest(parsed)
    assert record.view(date(2000, 6, 1)).counts()["flow"] == 0, "a year is not known before it is over"


@pytest.mark.parametrize(
    ("name", "rows", "used"),
    [
        ("cow-trade", 1_347_308, 1_296_473),
        ("cow-trade-national", 28_820, 25_882),
        ("itpd", 428_463, 424_804),
        ("fdi", 271_484, 119_560),
        ("sipri-pairs", 21_324, 20_718),
    ],
)
def test_the_real_files(real, name, rows, used):
    parsed = real(name)
    assert parsed.rows == rows
    assert used is None or parsed.used == used
    assert accounted(parsed)


def test_known_figures_of_the_real_files(real):
    assert flows.total(real("cow-trade"), "exports", 2014, "CHN", "USA") == 472_525e6
    assert flows.total(real("itpd"), "sales", 2016, "USA", "CHN") == pytest.approx(153.6e9, rel=0.01)
    assert sold(real("fdi"), "investment_stock")["USA", "CHN", 2010] == pytest.approx(58996e6, rel=0.5)
    assert flows.total(real("cow-trade"), "exports", 2020, "CHN", "USA") is None, "nothing after the source's end"
