"""Tables of state-years: every format read alike, one row an actor and year, no value no statement."""

from __future__ import annotations

from datetime import date

import polars as pl
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.errors import DataError
from multipolar.sources import LeftOut, files, who, yearly
from multipolar.sources.model import Parsed
from multipolar.sources.yearly import Measure

COLUMNS = {"a": ("ccode",), "year": ("year",), "x": ("x", "ex")}
X = Measure("cinc", "share of the world", "x", "X", high=1.0)
TABLE = pl.DataFrame({"ccode": [2.0, 2.0, 200.0], "year": [1990.0, 1991.0, 1990.0], "x": [0.25, None, 0.5]})


def written(tmp_path, suffix):
    path = tmp_path / f"table.{suffix}"
    if suffix == "csv":
        TABLE.write_csv(path, null_value="NA")
    elif suffix == "parquet":
        TABLE.write_parquet(path)
    else:
        {"dta": pyreadstat.write_dta, "sav": pyreadstat.write_sav}[suffix](TABLE, str(path))
    return path


def read(path, optional=None):
    frame = yearly.read(path, COLUMNS, optional)
    frame = files.whole(files.whole(frame, path, "a", 1, 999), path, "year", 1, 3000)
    return yearly.numbers(frame.with_columns(pl.col("a").cast(pl.String)), path, (X,))


@pytest.mark.parametrize("suffix", ["csv", "parquet", "dta", "sav"])
def test_every_format_gives_the_same_rows(tmp_path, suffix):
    frame = read(written(tmp_path, suffix), {"more": ("more",)})
    assert frame.select("a", "year", "x", "raw_x", "more").rows() == [
        ("2", 1990, 0.25, "0.25", None),
        ("2", 1991, None, None, None),
        ("200", 1990, 0.5, "0.5", None),
    ]


@pytest.mark.parametrize("suffix", ["parquet", "dta", "sav"])
def test_damaged_files_are_refused_by_name(tmp_path, suffix):
    path = written(tmp_path, suffix)
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(DataError, match=rf"table.{suffix}: expected a whole"):
        yearly.read(path, COLUMNS)


@pytest.mark.parametrize("name", ["x.dta", "x.sav", "x.csv"])
def test_a_web_page_is_no_table(tmp_path, name):
    path = tmp_path / name
    path.write_text("<!DOCTYPE html><title>Log in</title>")
    with pytest.raises(DataError, match="got a web page"):
        yearly.read(path, COLUMNS)


@pytest.mark.parametrize("suffix", ["csv", "parquet", "dta"])
def test_a_renamed_column_is_refused_in_every_format(tmp_path, suffix):
    path = written(tmp_path, suffix)
    with pytest.raises(DataError, match=r"none called y or why among ccode, year, x"):
        yearly.read(path, {**COLUMNS, "y": ("y", "why")})


def state_years(*rows):
    return pl.DataFrame(
        [(row, code, year, 0.5, "0.5") for row, (code, year) in enumerate(rows, 2)],
        schema={files.ROW: pl.UInt32, "a": pl.String, "year": pl.Int32, "x": pl.Float64, "raw_x": pl.String},
        orient="row",
    )


def test_of_two_codes_the_one_that_goes_on_is_kept(tmp_path):
    rows = [("255", 1945), ("260", 1989), ("260", 1990), ("255", 1990), ("255", 1991), ("678", 1990), ("679", 1990)]
    kept, left = yearly.states(state_years(*rows, ("679", 1991)), tmp_path, who.cow)
    assert [(row["code_a"], row["year"]) for row in kept.to_dicts() if row["year"] == 1990] == [
        ("255", 1990),
        ("679", 1990),
    ]
    assert left == (LeftOut(yearly.TWO_CODES, 2, ("260 1990", "678 1990")),)


def test_two_rows_of_one_code_and_year_are_refused(tmp_path):
    with pytest.raises(DataError, match=r":3:a: expected one row for each a, year, got 'a 2 again"):
        yearly.states(state_years(("2", 1990), ("2", 1990)), tmp_path / "x.csv", who.cow)


def test_codes_that_are_no_states_are_counted_and_unknown_ones_refused(tmp_path):
    kept, left = yearly.states(state_years(("2", 1990), ("HKG", 1990)), tmp_path, who.cow, {"HKG": "a territory"})
    assert kept.height == 1
    assert [(item.reason, item.rows) for item in left] == [("a territory", 1)]
    with pytest.raises(DataError, match="got '1234'"):
        yearly.states(state_years(("1234", 1990)), tmp_path / "x.csv", who.cow)


def test_nothing_is_known_before_its_year_has_ended(tmp_path):
    frame = yearly.states(state_years(("2", 1990), ("2", 2021)), tmp_path, who.cow)[0]
    rows = yearly.traits(frame, (X,), "x:1", pl.lit(date(2000, 5, 1)))
    assert rows["known_from"].to_list() == [date(2000, 5, 1), date(2021, 12, 31)]
    assert rows["valid_from"].to_list() == [date(1990, 1, 1), date(2021, 1, 1)]
    assert rows["locator"].to_list() == ["row 2: 2 1990, X", "row 3: 2 2021, X"]


def test_the_text_can_differ_by_row(tmp_path):
    frame = yearly.states(state_years(("2", 1990)), tmp_path, who.cow)[0]
    known = pl.lit(date(2000, 5, 1))
    assert yearly.traits(frame, (X,), "x:1", known)["text"].to_list() == [None]
    assert yearly.traits(frame.with_columns(text_x=pl.lit("so")), (X,), "x:1", known)["text"].to_list() == ["so"]


def test_editions_are_dated_by_their_last_year():
    assert yearly.release(2016, {2016: date(2021, 7, 31)}) == date(2021, 7, 31)
    assert yearly.release(2010, {}) == date(2011, 12, 31)
    assert yearly.release(2010, {}, 4, 30) == date(2011, 4, 30)
    assert yearly.release(date.today().year, {}) == date.today()


def test_a_known_fact_is_looked_up():
    frame = pl.DataFrame({"a": ["USA"], "kind": ["cinc"], "valid_from": [date(1990, 1, 1)], "value": [0.14]})
    parsed = Parsed({"trait": frame}, (), layout="one")
    assert yearly.fact("USA", "cinc", 1990, 0.14, 0.01).failure(parsed) is None
    assert yearly.fact("USA", "cinc", 1990, 0.2, 0.01).failure(parsed) == "[0.14]"
    assert yearly.fact("USA", "cinc", 1991, 0.2, 0.01).failure(parsed) == "no statement"
    assert yearly.fact("USA", "cinc", 1991, 0.2, 0.01, layout="two").failure(parsed) is None


def test_reasons_are_added_up():
    left = [LeftOut("odd", 2, ("x",)), LeftOut("late", 1), LeftOut("odd", 3, ("y",))]
    assert yearly.merged(left) == (LeftOut("odd", 5, ("x",)), LeftOut("late", 1))


CODES = st.sampled_from(["2", "200", "255", "260", "365", "678", "679", "816", "817", "345"])


@given(st.lists(st.tuples(CODES, st.integers(1816, 2020)), unique=True, min_size=1, max_size=60))
def test_each_actor_has_one_row_a_year_and_no_row_is_lost(tmp_path_factory, rows):
    path = tmp_path_factory.getbasetemp() / "x.csv"
    kept, left = yearly.states(state_years(*rows), path, who.cow)
    assert kept.select("a", "year").is_unique().all()
    assert kept.height + sum(item.rows for item in left) == len(rows)
    assert set(kept.select("code_a", "year").rows()) <= set(rows)
