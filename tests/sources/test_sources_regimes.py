"""The lexical index, Freedom House, the Economist's index and the governance indicators."""

from __future__ import annotations

from datetime import date

import polars as pl
import pyreadstat
import pytest

from multipolar.errors import DataError
from multipolar.sources.publishers import regimes


def values(parsed):
    return {(r["a"], r["kind"], r["valid_from"].year): r["value"] for r in parsed.frame("trait").to_dicts()}


def known(parsed):
    return {r["valid_from"].year: r["known_from"] for r in parsed.frame("trait").to_dicts()}


def reasons(parsed):
    return {item.reason: item.rows for item in parsed.left_out}


def lied(write, *rows, head="country,cow,year,lexical_index"):
    return regimes.parse_lied(write("lied.csv", [head, *rows]))


def test_the_lexical_index_is_the_authors_own(write):
    assert values(lied(write, "USA,2,2000,6")) == {("USA", "electoral_democracy", 2000): 6.0}
    both = "lied_cow,year,lexical_index,lexical_index_original"
    assert values(lied(write, "2,1963,6,4", head=both)) == {("USA", "electoral_democracy", 1963): 4.0}


def test_the_lexical_index_is_known_from_its_edition(write):
    parsed = lied(write, "USA,2,1900,6", "USA,2,2015,6", "Tibet,711,1930,0", "Sahrawi,601,2000,0", "India,750,1900,0")
    assert known(parsed) == {1900: date(2016, 12, 31), 2015: date(2016, 12, 31)}
    assert reasons(parsed) == {regimes.NO_STATE: 1, regimes.PART: 1, "the state did not exist in that year": 1}


def freedom(write, *rows, head="fh_country,year,pr,cl,status"):
    return regimes.parse_freedom(write("fh.csv", [head, *rows]))


def test_ratings_are_known_in_march_of_the_next_year(write):
    parsed = freedom(write, "Syria,1985,6,7,NF", "Syria,1986,NA,7,NF")
    assert values(parsed) == {
        ("SYR", "political_rights", 1985): 6.0,
        ("SYR", "civil_liberties", 1985): 7.0,
        ("SYR", "civil_liberties", 1986): 7.0,
    }
    assert known(parsed) == {1985: date(1986, 3, 31), 1986: date(1987, 3, 31)}
    assert parsed.sources[0].date is None


def test_the_publishers_table_is_by_edition(write):
    head = "Country/Territory,Region,C/T,Edition,Status,PR rating,CL rating,A1,Total"
    lines = [head, "Finland,Europe,c,2021,F,1,1,4,100", "New Land,Asia,t,2021,NF,7,7,0,-1"]
    path = write("All_data_FIW_2013-2025.csv", lines)
    assert values(regimes.parse_freedom(path))["FIN", "political_rights", 2020] == 1.0
    scores = regimes.parse_scores(path)
    assert values(scores) == {("FIN", "freedom_score", 2020): 100.0}
    assert reasons(scores) == {regimes.PART: 1}
    assert {row.kind for row in scores.coverage} == {"freedom_score"}


@pytest.mark.parametrize(
    ("name", "year", "actor"),
    [
        ("Germany, W.", 1980, "DEU"), ("East Germany", 1980, "DDR"), ("USSR", 1985, "RUS"), ("Vietnam, N.", 1974, "VNM"),
        ("South Vietnam", 1973, "RVN"), ("Yemen, N.", 1985, "YEM"), ("South Yemen", 1985, "YMD"),
        ("Serbia and Montenegro", 2004, "YUG"), ("Yugoslavia", 1985, "YUG"), ("Czechoslovakia", 1985, "CSK"),
        ("Congo (Kinshasa)", 2000, "COD"), ("Congo (Brazzaville)", 2000, "COG"), ("Eswatini", 1990, "SWZ"),
        ("North Macedonia", 1995, "MKD"), ("Cabo Verde", 2000, "CPV"), ("Taiwan", 1990, "TWN"), ("Kosovo", 2010, "XKX"),
    ],
)  # fmt: skip
def test_names_in_freedom_in_the_world(write, name, year, actor):
    parsed = freedom(write, f'"{name}",{year},4,4,PF')
    assert {key[0] for key in values(parsed)} == {actor}


def test_territories_are_counted_apart(write):
    parsed = freedom(write, "Hong Kong,2000,5,3,PF", "West Bank,2015,7,5,NF", "Israel,2015,1,2,F", "Kosovo,1999,7,6,NF")
    assert reasons(parsed) == {regimes.PART: 2, "the state did not exist in that year": 1}
    assert {key[0] for key in values(parsed)} == {"ISR"}


def eiu(write, *rows, head="eiu_country,eiu,year"):
    return regimes.parse_eiu(write("eiu.csv", [head, *rows]))


def test_the_democracy_index(write):
    parsed = eiu(write, "US,8.22,2006", "United States of America,7.85,2024", "Hong Kong,5.1,2024", "Saudi,2.08,2024")
    assert values(parsed) == {
        ("USA", "democracy_index", 2006): 8.22,
        ("USA", "democracy_index", 2024): 7.85,
        ("SAU", "democracy_index", 2024): 2.08,
    }
    assert known(parsed)[2006] == date(2007, 3, 31)
    assert reasons(parsed) == {regimes.PART: 1}


def wgi(write, *rows, head="wb_country,wb_code,year,Estimate,StdErr"):
    return regimes.parse_wgi(write("wgi.csv", [head, *rows]))


def test_governance_is_known_from_its_update(write):
    parsed = wgi(write, "United States,USA,1996,1.35,0.2", "Kosovo,KSV,2010,-0.2,0.1", "Hong Kong,HKG,2010,0.5,0.1")
    assert values(parsed) == {("USA", "governance", 1996): 1.35, ("XKX", "governance", 2010): -0.2}
    assert set(known(parsed).values()) == {date(2011, 12, 31)}
    assert set(parsed.frame("trait")["text"]) == {"voice and accountability"}


@pytest.mark.parametrize(
    ("code", "actor"), [("ZAR", "COD"), ("ROM", "ROU"), ("TMP", "TLS"), ("WBG", "PSE"), ("ADO", "AND")]
)
def test_codes_of_the_world_bank(write, code, actor):
    assert {key[0] for key in values(wgi(write, f"Name,{code},2010,0.1,0.1"))} == {actor}


def test_six_indicators_row_by_row(write):
    head = "code,countryname,year,indicator,estimate"
    lines = ["USA,x,2010,va,1.1", "USA,x,2010,rl,1.6", "HKG,x,2010,va,0.5", "HKG,x,2010,rl,1.5"]
    parsed = wgi(write, *lines, head=head)
    assert dict(parsed.frame("trait").select("locator", "value").rows()) == {
        "row 2: USA 2010, VA": 1.1,
        "row 3: USA 2010, RL": 1.6,
    }
    assert (parsed.rows, parsed.used) == (4, 2)
    with pytest.raises(DataError, match=r"expected one of va, pv, ge, rq, rl, cc, got 'xx'"):
        wgi(write, "USA,x,2010,xx,1.1", head=head)
    with pytest.raises(DataError, match="expected estimates of governance, got none"):
        wgi(write, "USA,x,2010", head="code,countryname,year")


def test_six_indicators_side_by_side_from_stata(tmp_path):
    path = tmp_path / "wgidataset.dta"
    pyreadstat.write_dta(pl.DataFrame({"code": ["USA"], "year": [2010.0], "vae": [1.1], "cce": [1.2]}), str(path))
    parsed = regimes.parse_wgi(path)
    assert set(parsed.frame("trait")["text"]) == {"voice and accountability", "control of corruption"}
    assert parsed.rows == parsed.used == 1


@pytest.mark.parametrize(
    ("parse", "line", "message"),
    [
        (lied, "USA,2,20x0,6", ":2:year: expected a whole number from 1789"),
        (lied, "USA,2,2000,7", ":2:index: expected a number from 0 to 6"),
        (lied, "X,999,2000,6", ":2:a: expected a code or name of a state"),
        (freedom, "Syria,1985,8,7,NF", ":2:pr: expected a number from 1 to 7"),
        (freedom, "Syria,1960,6,7,NF", ":2:year: expected a whole number from 1972"),
        (freedom, "Atlantis,1985,6,7,NF", ":2:a: expected a code or name of a state, got 'Atlantis'"),
        (freedom, "Syria,,6,7,NF", ":2:year: expected a value"),
        (eiu, "US,11,2006", ":2:score: expected a number from 0 to 10"),
        (eiu, "US,8,2000", ":2:year: expected a whole number from 2006"),
        (wgi, "X,QQQ,2000,0.1,0.1", ":2:a: expected a code or name of a state"),
        (wgi, "X,USA,2000,9,0.1", ":2:va: expected a number from -5 to 5"),
    ],
)
def test_bad_cells_are_named(write, parse, line, message):
    with pytest.raises(DataError, match=message):
        parse(write, line)


@pytest.mark.parametrize("data", [regimes.LIED, regimes.FREEDOM, regimes.FREEDOM_SCORES, regimes.EIU, regimes.WGI])
def test_bad_files_are_refused(write, data):
    with pytest.raises(DataError, match="none called"):
        data.parse(write("x.csv", ["one,two", "1,2"]))
    with pytest.raises(DataError, match="a web page"):
        data.parse(write("x.csv", ["<!DOCTYPE html>"]))


def test_a_bad_release_is_refused_by_name(write):
    with pytest.raises(DataError, match="check 'rows'"):
        regimes.EIU.read(write("eiu.csv", ["country,year,score", "Norway,2024,9.81"]))


@pytest.mark.parametrize(
    ("name", "rows", "used"),
    [
        ("lied", 32_891, 20_382), ("freedom-house", 9_965, 9_422), ("freedom-house-scores", 2_723, 2_535),
        ("eiu", 2_839, 2_822), ("wgi", 5_350, 4_873),
    ],
)  # fmt: skip
def test_the_real_files(real, name, rows, used):
    parsed = real(name)
    assert (parsed.rows, parsed.used) == (rows, used)
    assert not parsed.frame("trait").select("a", "kind", "valid_from").is_duplicated().any()


def test_real_values(real):
    assert values(real("lied"))["SAU", "electoral_democracy", 2000] == 0.0
    assert values(real("freedom-house"))["SYR", "political_rights", 1985] == 6.0
    assert values(real("freedom-house-scores"))["FIN", "freedom_score", 2020] == 100.0
    assert values(real("eiu"))["POL", "democracy_index", 2020] == 6.85
    assert values(real("wgi"))["DNK", "governance", 2023] == pytest.approx(1.6647, abs=1e-4)


def test_real_measures_tell_a_like_story(real):
    """Measures of one thing by four publishers: ranks of 2020 agree."""
    frames = [("lied", "electoral_democracy"), ("eiu", "democracy_index"), ("wgi", "governance"), ("vdem", "polyarchy")]
    tables = [
        real(name)
        .frame("trait")
        .filter(pl.col("kind") == kind, pl.col("valid_from").dt.year() == 2020)
        .select("a", pl.col("value").rank().alias(name))
        for name, kind in frames
    ]
    joined = tables[0].join(tables[1], on="a").join(tables[2], on="a").join(tables[3], on="a")
    assert joined.height > 150
    for name in ("lied", "eiu", "wgi"):
        assert joined.select(pl.corr(name, "vdem")).item() > 0.7, name
