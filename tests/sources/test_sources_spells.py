"""Runs of years, against a brute-force walk."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from multipolar.sources.files import ROW
from multipolar.sources.spells import period, spells

KEYS = st.sampled_from(["x", "y", "z"])


def brute(rows: set[tuple[str, int]]) -> list[tuple[str, int, int]]:
    """Runs found by walking year after year."""
    found = []
    for key in sorted({key for key, _ in rows}):
        for year in range(1899, 1931):
            if (key, year) in rows and (key, year - 1) not in rows:
                end = year
                while (key, end + 1) in rows:
                    end += 1
                found.append((key, year, end))
    return found


@given(st.sets(st.tuples(KEYS, st.integers(1900, 1929)), min_size=1))
def test_runs_are_those_of_a_walk(rows):
    ordered = sorted(rows, key=hash)
    frame = pl.DataFrame(ordered, schema=["key", "year"], orient="row").with_row_index(ROW, offset=2)
    got = spells(frame, ["key"])
    assert [row[:3] for row in got.select("key", "first", "last").rows()] == brute(rows)
    lines = {pair: line for line, pair in enumerate(ordered, start=2)}
    assert got["row"].to_list() == [lines[key, first] for key, first, _ in brute(rows)]


def test_a_run_keeps_what_its_first_year_said():
    frame = pl.DataFrame({"key": ["x"] * 3, "year": [1902, 1900, 1901], "note": ["c", "a", "b"], ROW: [2, 3, 4]})
    assert spells(frame, ["key"], keep=["note"]).rows() == [("x", 1900, 1902, 3, "a")]


def test_periods_in_words():
    frame = pl.DataFrame({"f": [1990, 1990], "l": [1990, 1995]})
    assert frame.select(period(pl.col("f"), pl.col("l")))["f"].to_list() == ["1990", "1990-1995"]
