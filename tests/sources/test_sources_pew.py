"""Pew's shares: two statements a row, publics and targets, and what the dossier quotes of the same polls."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar import dossier
from multipolar.errors import DataError
from multipolar.sources.publishers import pew

HEAD = "target,country_iso3,year,n,pct_favourable,pct_very_favourable,pct_unfavourable,pct_very_unfavourable,pct_dk_refused"


def row(target, public, year=2015, n="1000", yes="56.6", no="19.67"):
    return f"{target},{public},{year},{n},{yes},11.21,{no},5.35,23.7"


def parse(write, *rows, head=HEAD):
    return pew.parse(write("pew_favourability.csv", [head, *rows]))


def values(parsed):
    return {(r["a"], r["b"], r["kind"], r["valid_from"].year): r["value"] for r in parsed.frame("attitude").to_dicts()}


def test_a_row_is_two_shares(write):
    parsed = parse(write, row("BRA", "ARG"))
    assert values(parsed) == {("ARG", "BRA", "favourable", 2015): 0.566, ("ARG", "BRA", "unfavourable", 2015): 0.1967}
    first = parsed.frame("attitude").to_dicts()[0]
    assert (first["n"], first["original"], first["unit"]) == (1000, "56.6 %", "share of all asked")
    assert first["text"] == "Global Attitudes survey; very favourable: 11.2 %"
    assert first["locator"] == "row 2: ARG on BRA 2015"
    assert parsed.rows == parsed.used == 1


def test_a_poll_without_a_day_is_known_when_its_year_has_ended(write):
    rows = parse(write, row("USA", "DEU")).frame("attitude")
    assert rows.select("valid_from", "valid_to", "known_from").unique().rows() == [
        (date(2015, 1, 1), date(2015, 12, 31), date(2015, 12, 31))
    ]


@pytest.mark.parametrize(
    ("target", "public", "a", "b"),
    [
        ("EU", "ITA", "ITA", "EU"), ("UN", "JPN", "JPN", "UN"), ("TWN", "KEN", "KEN", "TWN"), ("USA", "PLS", "PSE", "USA"),
        ("USA", "PSE", "PSE", "USA"), ("CHN", "TWN", "TWN", "CHN"), ("USA", "USA", "USA", "USA"),
    ],
)  # fmt: skip
def test_publics_and_targets(write, target, public, a, b):
    assert {key[:2] for key in values(parse(write, row(target, public)))} == {(a, b)}


def test_absence_is_never_zero(write):
    parsed = parse(write, row("USA", "DEU", 2015), row("USA", "DEU", 2017))
    assert {(c.kind, c.absence, c.first.year, c.last.year) for c in parsed.coverage} == {
        ("favourable", "missing", 2015, 2017),
        ("unfavourable", "missing", 2015, 2017),
    }


def test_an_unknown_number_of_people_is_null(write):
    assert parse(write, row("USA", "DEU", n="NA")).frame("attitude")["n"].to_list() == [None, None]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (row("USA", "DEU", "20x5"), ":2:year: expected a whole number from 2002"),
        (row("USA", "DEU", yes="101"), ":2:favourable: expected a number from 0 to 100"),
        (row("USA", "DEU", yes="60", no="50"), ":2:favourable: expected shares of one whole"),
        (row("USA", "DEU", yes=""), ":2:favourable: expected a value"),
        (row("USA", "DEU", n="0"), ":2:n: expected a whole number from 1"),
        (row("USA", "QQQ"), ":2:a: expected a code or name of a state, got 'QQQ'"),
        (row("QQQ", "USA"), ":2:b: expected a code or name of a state, got 'QQQ'"),
        (row("USA", "DEU") + ",1", ":2:row: expected 9 cells, got 10"),
    ],
)
def test_bad_cells_are_named(write, line, message):
    with pytest.raises(DataError, match=message):
        parse(write, line)


def test_other_files_are_refused(write):
    with pytest.raises(DataError, match="none called pct_favourable"):
        parse(write, row("USA", "DEU"), head=HEAD.replace("pct_favourable", "fav"))
    with pytest.raises(DataError, match=":3:a: expected one row for each a, b, year"):
        parse(write, row("USA", "DEU"), row("USA", "DEU"))
    with pytest.raises(DataError, match="check 'rows'"):
        pew.SOURCE.read(write("pew_favourability.csv", [HEAD, row("USA", "DEU")]))


@given(st.floats(0, 100), st.floats(0, 1))
def test_shares_stay_shares(tmp_path_factory, yes, part):
    path = tmp_path_factory.getbasetemp() / "pew_favourability.csv"
    no = (100 - yes) * part
    path.write_text("\n".join([HEAD, row("USA", "DEU", yes=yes, no=no)]), encoding="utf-8")
    got = sorted(pew.parse(path).frame("attitude")["value"])
    assert all(0 <= value <= 1 for value in got)
    assert got == pytest.approx(sorted([yes / 100, no / 100]), abs=1e-6)


def test_the_real_file(real):
    parsed = real("pew")
    assert parsed.rows == parsed.used == 2_357
    assert parsed.frame("attitude").height == 4_714
    got = values(parsed)
    assert got["ZAF", "USA", "favourable", 2018] == pytest.approx(0.5703)
    assert got["JPN", "UN", "favourable", 2022] == pytest.approx(0.4068)
    assert ("PSE", "BRA", "favourable", 2014) in got


def test_the_real_file_is_what_the_dossier_quotes(real):
    """The dossier has the polls of the main waves to whole percent: a record with both counts them twice."""
    quoted = dossier.load().frames["attitude"].filter(pl.col("source") == "pew_microdata")
    year = pl.col("valid_from").dt.year().alias("year")
    keys = ["a", "b", "kind", "year"]
    ours = real("pew").frame("attitude").with_columns(year).select(*keys, "value")
    both = quoted.with_columns(year).join(ours, on=keys, suffix="_file")
    assert both.height / quoted.height > 0.95
    near = (pl.col("value") - pl.col("value_file")).abs() <= 0.0051
    assert both.select(near.mean()).item() > 0.9
