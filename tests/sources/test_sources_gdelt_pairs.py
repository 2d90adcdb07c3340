"""Daily scores of pairs: days that are there cover all pairs, days that are missing are missing."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.errors import DataError
from multipolar.sources.publishers import gdelt_pairs

HEADER = "date,a,b,score"


def parse(write, *rows):
    return gdelt_pairs.parse(write("gdelt_daily_pairs.csv", [HEADER, *rows]))


def test_a_pair_and_day_is_a_flow(write):
    parsed = parse(write, "2020-03-01,UKR,RUS,-12.5", "2020-03-01,CHN,RUS,3.25")
    first = parsed.frame("flow").row(0, named=True)
    assert (first["a"], first["b"], first["kind"], first["value"]) == ("RUS", "UKR", "event_score", -12.5)
    assert first["valid_from"] == first["valid_to"] == first["known_from"] == date(2020, 3, 1)
    assert (first["locator"], first["original"]) == ("row 2", "UKR-RUS -12.5")
    assert parsed.rows == parsed.used == 2


def test_territories_and_self_pairs_are_left_out(write):
    parsed = parse(
        write, "2020-03-01,ABW,RUS,1", "2020-03-01,RUS,BMU,1", "2020-03-01,VNM,VNM,1", "2020-03-01,CHN,RUS,1"
    )
    assert {item.reason: (item.rows, item.examples) for item in parsed.left_out} == {
        "a territory, no state": (2, ("ABW", "BMU")),
        "both sides are the same actor": (1, ("VNM",)),
    }
    assert parsed.used == 1


def test_missing_days_are_gaps_and_months_are_apart(write):
    days = [date(2020, 1, 30) + timedelta(days=n) for n in (0, 1, 2, 4)]
    parsed = parse(write, *(f"{day},CHN,RUS,1" for day in days), "2020-01-30,CHN,GEO,1")
    assert [(row.first, row.last, row.known, row.absence) for row in parsed.coverage] == [
        (date(2020, 1, 30), date(2020, 1, 31), date(2020, 1, 31), "zero"),
        (date(2020, 2, 1), date(2020, 2, 1), date(2020, 2, 1), "zero"),
        (date(2020, 2, 3), date(2020, 2, 3), date(2020, 2, 3), "zero"),
    ]
    assert parsed.coverage[0].actors == ("CHN", "RUS")  # not GEO, whose events were not counted
    assert parsed.remarks == ("1 days between the first and the last are missing upstream",)


@given(st.sets(st.integers(0, 80), min_size=1))
def test_covered_days_are_the_days_of_the_file(offsets):
    days = sorted(date(2020, 1, 1) + timedelta(days=n) for n in offsets)
    rows = gdelt_pairs.coverage(days, ["CHN", "RUS"])
    covered = [row.first + timedelta(days=n) for row in rows for n in range((row.last - row.first).days + 1)]
    assert covered == days
    assert all(row.first.month == row.last.month for row in rows)
    assert gdelt_pairs.missing(days) == (days[-1] - days[0]).days + 1 - len(days)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("20x0-03-01,CHN,RUS,1", ":2:day: expected a day"),
        ("2010-03-01,CHN,RUS,1", ":2:day: expected a day from 2015"),
        ("2020-03-01,China,RUS,1", ":2:a: expected an ISO"),
        ("2020-03-01,CHN,RUS,much", ":2:score: expected a number"),
        ("2020-03-01,CHN,RUS,", ":2:score: expected a value"),
        ("2020-03-01,CHN,RUS,1,2", ":2:row: expected 4 cells"),
    ],
)
def test_bad_cells_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        parse(write, row)


def test_a_pair_twice_on_a_day_is_refused(write):
    with pytest.raises(DataError, match=":3:day: expected one row for each day"):
        parse(write, "2020-03-01,CHN,RUS,1", "2020-03-01,RUS,CHN,1")


def test_a_bad_release_is_refused(write):
    path = write("gdelt_daily_pairs.csv", [HEADER, "2021-12-01,RUS,UKR,-1", "2022-03-01,RUS,UKR,5"])
    parsed = gdelt_pairs.parse(path)
    failed = {check.name for check in gdelt_pairs.SOURCE.checks if check.failure(parsed)}
    assert {"rows", "invasion", "RUS-UKR 2022-03-01"} <= failed


def test_real_days_and_sums(real, shared_data):
    parsed = real("gdelt-pairs")
    left = {item.reason: item.rows for item in parsed.left_out}
    assert (parsed.rows, parsed.used) == (2_398_403, 2_384_568)
    assert left == {"a territory, no state": 13_786, "both sides are the same actor": 49}
    assert parsed.remarks == ("96 days between the first and the last are missing upstream",)
    frame = parsed.frame("flow")
    assert frame["valid_from"].n_unique() == 1911
    covered = sum((row.last - row.first).days + 1 for row in parsed.coverage)
    assert covered == 1911
    assert not any(row.first <= date(2019, 3, 9) <= row.last for row in parsed.coverage)
    assert not {"ROU", "GEO", "SRB", "XKX"} & set(parsed.coverage[0].actors)
    month = pl.col("valid_from").dt.strftime("%Y-%m")
    pair = frame.filter(pl.col("a") == "RUS", pl.col("b") == "UKR").group_by(month).agg(pl.col("value").sum())
    sums = dict(pair.rows())
    assert [round(sums[each]) for each in ("2021-12", "2022-02", "2022-03")] == [-10_345, -63_243, -93_561]
    path = shared_data / "gdelt_dyad_daily_2018_2024" / "gdelt_monthly_pairs.parquet"
    monthly = pl.read_parquet(path).filter(pl.col("a").cast(pl.String) == "RUS", pl.col("b").cast(pl.String) == "UKR")
    theirs = dict(monthly.select("month", "score_sum").rows())
    assert theirs.keys() == sums.keys()
    assert all(sums[each] == pytest.approx(theirs[each], abs=1.0) for each in theirs)
