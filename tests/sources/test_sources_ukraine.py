"""The two roll calls on Ukraine."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from multipolar.errors import DataError
from multipolar.sources.publishers import ukraine

HEAD = "resolution,country,vote"


def test_names_become_actors_and_resolutions_days(write):
    rows = ["A/RES/68/262,Dem. Rep. Congo,yes", "A/RES/ES-11/1,eSwatini,absent", "A/RES/ES-11/1,North Korea,no"]
    votes = ukraine.parse(write("v.csv", [HEAD, *rows])).frame("vote")
    assert votes.select("a", "choice", "value", "valid_from").rows() == [
        ("COD", "yes", 1.0, date(2014, 3, 27)),
        ("SWZ", "absent", None, date(2022, 3, 2)),
        ("PRK", "no", -1.0, date(2022, 3, 2)),
    ]
    assert votes["rollcall"].to_list() == ["A/RES/68/262", "A/RES/ES-11/1", "A/RES/ES-11/1"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("A/RES/1/1,France,yes", "v.csv:2:resolution: expected one of A/RES/68/262"),
        ("A/RES/68/262,France,maybe", "v.csv:2:choice: expected one of yes, abstain, no, absent"),
        ("A/RES/68/262,Atlantis,yes", "also Atlantis"),
        ("A/RES/68/262,,yes", "v.csv:2:country: expected a value"),
    ],
)
def test_unknown_cells_refuse_the_file(write, row, message):
    with pytest.raises(DataError, match=message):
        ukraine.parse(write("v.csv", [HEAD, row]))


def test_one_country_under_two_names_is_refused(write):
    rows = ["A/RES/68/262,Bosnia and Herz.,yes", "A/RES/68/262,Bosnia-Herzegovina,no"]
    with pytest.raises(DataError, match=r"one row for each resolution, a"):
        ukraine.parse(write("v.csv", [HEAD, *rows]))


def test_a_list_that_is_not_whole_is_refused(write):
    path = write("v.csv", [HEAD, "A/RES/68/262,France,yes"])
    with pytest.raises(DataError, match=r"100 yes, 11 no, 58 abstentions .*got \(1, 0, 0\)"):
        ukraine.SOURCE.read(path)
    assert ukraine.SOURCE.read(path, strict=False).remarks


def test_real_tallies_are_the_official_ones(real):
    votes = real("unga-ukraine").frame("vote")
    tallies = {
        (row["rollcall"], row["choice"]): row["len"] for row in votes.group_by("rollcall", "choice").len().to_dicts()
    }
    assert [tallies["A/RES/ES-11/1", choice] for choice in ("yes", "no", "abstain", "absent")] == [141, 5, 35, 12]
    assert [tallies["A/RES/68/262", choice] for choice in ("yes", "no", "abstain", "absent")] == [100, 11, 58, 24]
    no = votes.filter(pl.col("rollcall") == "A/RES/ES-11/1", pl.col("choice") == "no")["a"]
    assert set(no) == {"RUS", "BLR", "PRK", "SYR", "ERI"}
