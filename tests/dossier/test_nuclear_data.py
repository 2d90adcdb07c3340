"""Nuclear status by state and time: against the published table, without gaps or overlaps."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

import polars as pl
import pytest

from multipolar.dossier import load

#: Bleek (2017), table of exploration, pursuit and acquisition, as printed (years to 2016; open spans end in "-").
BLEEK = {
    "USA": ("1939-", "1942-", "1945-"), "RUS": ("1942-", "1943-", "1949-"), "GBR": ("1940-", "1941-", "1952-"),
    "FRA": ("1945-", "1954-", "1960-"), "CHN": ("1952-", "1955-", "1964-"), "ISR": ("1949-", "1955-", "1967-"),
    "ZAF": ("1969-91", "1974-91", "1979-91"), "PAK": ("1972-", "1972-", "1987-"),
    "IND": ("1948-", "1964-66,72-75,80-", "1987-"), "PRK": ("1962-", "1980-", "2006-"),
    "YUG": ("1949-62,74-87", "1953-62,82-87", ""), "KOR": ("1969-81", "1970-81", ""),
    "LBY": ("1970-2003", "1970-2003", ""), "BRA": ("1966-90", "1975-90", ""), "IRQ": ("1975-91", "1981-91", ""),
    "IRN": ("1974-79,84-", "1989-", ""), "SYR": ("2000-", "2002-07", ""), "JPN": ("1941-45,67-72", "", ""),
    "CHE": ("1945-69", "", ""), "SWE": ("1945-70", "", ""), "NOR": ("1947-62", "", ""), "EGY": ("1955-80", "", ""),
    "ITA": ("1955-58", "", ""), "AUS": ("1956-73", "", ""), "DEU": ("1939-45,57-58", "", ""),
    "IDN": ("1964-67", "", ""), "TWN": ("1967-76,87-88", "", ""), "ROU": ("1978-89", "", ""),
    "ARG": ("1978-90", "", ""), "DZA": ("1983-91", "", ""),
}  # fmt: skip
LAST = 2016
#: Belarus, Kazakhstan and Ukraine had Soviet weapons on their territory, and no control of them.
INHERITED = {"BLR", "KAZ", "UKR"}


def years(cell):
    """``1964-66,72-75,80-`` → the set of years."""
    found = set()
    for first, last in re.findall(r"(\d+)-(\d*)", cell):
        start = int(first) if len(first) == 4 else 1900 + int(first)
        end = LAST if not last else int(last) if len(last) == 4 else start // 100 * 100 + int(last)
        found |= set(range(start, end + 1))
    return found


@pytest.fixture(scope="module")
def status():
    return load().frames["trait"].filter(pl.col("kind") == "nuclear_status").sort("a", "valid_from")


def level(status, state, on):
    rows = status.filter(pl.col("a") == state, pl.col("valid_from") <= on, pl.col("valid_to").fill_null(date.max) >= on)
    assert rows.height <= 1 or rows["value"].n_unique() == 1, (state, on)
    return rows["value"][0] if rows.height else 0.0


def test_every_state_of_the_table_and_no_other(status):
    assert set(status["a"]) == set(BLEEK) | INHERITED
    assert set(status["value"]) <= {0.0, 1.0, 2.0, 3.0}
    assert status.filter(pl.col("a").is_in(INHERITED))["value"].to_list() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("state", sorted(BLEEK))
def test_each_year_has_the_level_of_the_table(status, state):
    """On the last day of each year: what a year reached."""
    spans = [years(cell) for cell in BLEEK[state]]
    for year in range(1939, LAST + 1):
        want = max((n for n, span in enumerate(spans, start=1) if year in span), default=0)
        on = date(1945, 5, 8) if (state, year) == ("DEU", 1945) else date(year, 12, 31)
        assert level(status, state, on) == want, (state, year)


def test_levels_of_a_state_never_overlap_and_leave_no_gap(status):
    for (state,), rows in status.group_by("a", maintain_order=True):
        for before, after in pairwise(rows.to_dicts()):
            if (before["source"], state) == ("bleek_2017", "ISR") and before["valid_to"] is None:
                continue  # SIPRI takes over where Bleek's table ends
            if state == "DEU" and before["valid_to"] == date(1945, 5, 8):
                continue  # there was no German state until 1949
            assert before["valid_to"] is not None, before
            assert before["valid_to"] + timedelta(days=1) == after["valid_from"], (before, after)


def test_the_nine_hold_them_and_one_gave_them_up(status):
    now = status.filter(pl.col("valid_to").is_null(), pl.col("value") == 3.0)
    assert set(now["a"]) == {"USA", "RUS", "GBR", "FRA", "CHN", "ISR", "IND", "PAK", "PRK"}
    gone = status.filter(pl.col("value") == 3.0, pl.col("valid_to").is_not_null())
    assert set(gone["a"]) == {"ZAF", "IND", "PAK"}, "India and Pakistan: undeclared until 1998"
    assert level(status, "ZAF", date(2000, 1, 1)) == 0.0


def test_nothing_secret_was_known_at_once(status):
    """A declared test is known then; what only research found is known from its publication."""
    found = status.filter(pl.col("source") == "bleek_2017", pl.col("known_from") < date(2017, 6, 30))
    assert set(found["a"]) == {"ZAF", "LBY", "IRQ"}
    assert status.filter(pl.col("known_from") < pl.col("valid_from")).is_empty()
    tests = status.filter(pl.col("source") == "sipri_yearbook", pl.col("a") != "ISR")
    assert ((tests["known_from"] - tests["valid_from"]).dt.total_days() <= 46).all()


def test_silence_means_none_as_far_as_the_table_reaches():
    rows = [row for row in load().coverage if row.kind == "nuclear_status"]
    assert {(row.source, row.absence) for row in rows} == {("bleek_2017", "zero"), ("sipri_yearbook", "missing")}
