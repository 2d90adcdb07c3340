"""Published ideal points: for reference, dated to the session's year, known from their release, used by no indicator."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar import sources
from multipolar.errors import DataError, UsageError
from multipolar.indicators import INDICATORS
from multipolar.record import Record
from multipolar.sources.publishers import ideal_points

FILES = {
    "IdealpointestimatesAll_Jun2024_sessions_1_77.csv.gz": ("all votes", 11_046, 3),
    "IdealpointestimatesAll_Apr2020.csv.gz": ("all votes", 10_469, 3),
    "IdealpointestimatesHumanRights_Apr2020.csv.gz": ("votes on human rights", 8_440, 0),
    "IdealpointestimatesImportant_Apr2020.csv.gz": ("important votes", 6_443, 0),
    "IdealpointestimatesMiddleEast_Apr2020.csv.gz": ("votes on the Middle East", 7_896, 0),
    "IdealpointestimatesNoNukes_Apr2020.csv.gz": ("all but nuclear votes", 10_468, 3),
    "IdealpointestimatesNuclear_Apr2020.csv.gz": ("nuclear votes", 7_203, 0),
}


def head(run):
    quantiles = ",".join(f"{name}{run}" for name in ("QO%", "Q5%", "Q10%", "Q50%", "Q90%", "Q95%", "Q100%"))
    return f",ccode,session,NVotes{run},IdealPoint{run},{quantiles},iso3c,Countryname"


def row(ccode, session, value, low=-9, high=9, name="X"):
    return f"1,{ccode},{session},42,{value},-9,{low},-9,0,9,{high},9,XXX,{name}"


def parse(write, *rows, run="All", name="IdealpointestimatesAll_Jun2024.csv"):
    return ideal_points.parse(write(name, [head(run), *rows], encoding="latin-1"))


def values(parsed):
    return {(r["a"], r["valid_from"].year): r["value"] for r in parsed.frame("trait").to_dicts()}


def test_a_point_becomes_a_trait(write):
    parsed = parse(write, row(2, 1, "1.67635", "1.339545", "2.039101", "United States"))
    assert parsed.frame("trait").to_dicts() == [
        {
            "a": "USA",
            "kind": "ideal_point",
            "valid_from": date(1946, 1, 1),
            "valid_to": date(1946, 12, 31),
            "known_from": date(2024, 6, 30),
            "source": "ideal-points-all:2024-06",
            "locator": "line 2, ccode 2, session 1",
            "original": "1.67635 (Q5 1.339545, Q95 2.039101, 42 votes)",
            "value": 1.67635,
            "unit": "standard deviations, all votes",
            "text": "published ideal point, all votes, session 1",
        }
    ]
    assert parsed.sources[0].date == date(2024, 6, 30)
    assert (parsed.coverage[0].absence, parsed.coverage[0].known) == ("missing", date(2024, 6, 30))


@pytest.mark.parametrize(
    ("run", "name", "unit", "key"),
    [
        ("", "IdealpointestimatesAll_Apr2020.csv", "all votes", "ideal-points-all:2020-04"),
        ("Nuclear", "IdealpointestimatesNuclear_Apr2020.csv.gz", "nuclear votes", "ideal-points-nuclear:2020-04"),
        ("HumanRights", "x_Feb2020.csv", "votes on human rights", "ideal-points-human-rights:2020-02"),
    ],
)
def test_runs_are_told_apart_by_their_columns(write, run, name, unit, key):
    parsed = parse(write, row(2, 70, 1), run=run, name=name)
    trait = parsed.frame("trait").to_dicts()[0]
    assert (trait["unit"], trait["source"], parsed.layout) == (f"standard deviations, {unit}", key, unit)
    assert parsed.sources[0].title.endswith(unit)


def test_the_later_releases_have_years(write):
    columns = "ccode\tyear\tNVotesFP\tIdealPointFP\tQ5%FP\tQ95%FP\tiso3c\tCountryname"
    path = write("Idealpointestimates1946-2025.tab", [columns, "2\t2024\t90\t2.1\t1.9\t2.3\tUSA\tUnited States"])
    trait = ideal_points.parse(path).frame("trait").to_dicts()[0]
    assert (trait["valid_from"], trait["known_from"]) == (date(2024, 1, 1), date(2024, 12, 31))
    assert trait["locator"] == "line 2, ccode 2, year 2024"
    assert trait["unit"] == "standard deviations, votes on final passage"


@pytest.mark.parametrize(
    ("ccode", "session", "actor"),
    [
        (365, 40, "RUS"), (260, 40, "DEU"), (255, 60, "DEU"), (265, 40, "DDR"), (345, 30, "YUG"), (345, 70, "SRB"),
        (713, 10, "TWN"), (713, 2, "CHN"), (710, 40, "CHN"), (678, 40, "YEM"), (680, 40, "YMD"), (315, 40, "CSK"),
    ],
)  # fmt: skip
def test_states_by_their_year(write, ccode, session, actor):
    assert list(values(parse(write, row(ccode, session, 0)))) == [(actor, session + 1945)]


def test_names_in_latin_1_and_missing_cells(write):
    parsed = parse(write, row(437, 60, "0.5", name="Côte d'Ivoire"), row(346, 46, 1))
    assert values(parsed) == {("CIV", 2005): 0.5}
    assert [item.reason for item in parsed.left_out] == ["the state did not exist in that year"]
    assert parsed.used == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (row(2, 1, "NA"), r"All_Jun2024.csv:2:value: expected a value"),
        (row(2, 1, 99), r":2:value: expected a number from -10 to 10, got '99'"),
        (row(2, 1, "1,5"), r":2:row: expected 14 cells"),
        (row(2, "x", 1), r":2:session: expected a whole number from 1 to 200"),
        (row(2, "", 1), r":2:year: expected a value"),
        (row(2, 1, 1, 2, 1), r":2:low: expected an interval"),
        (row(2, 1, 1, "low"), r":2:low: expected a number"),
        (row("USA", 1, 1), r":2:a: expected a whole number"),
        (row(999, 1, 1), r":2:a: expected a code or name of a state, got '999'"),
    ],
)
def test_bad_cells_are_named(write, line, message):
    with pytest.raises(DataError, match=message):
        parse(write, line)


def test_a_state_twice_in_a_session_is_refused(write):
    with pytest.raises(DataError, match=r":3:a: expected one row for each a, year"):
        parse(write, row(2, 1, 1), row(2, 1, 2))


def test_other_files_are_refused(write):
    with pytest.raises(DataError, match=r"one column of ideal points .* got the columns rcid, date"):
        ideal_points.parse(write("x.csv", ["rcid,date", "1,2000-01-01"]))
    with pytest.raises(DataError, match=r"IdealPointSpace|one column of ideal points"):
        parse(write, row(2, 1, 1), run="Space")
    with pytest.raises(DataError, match=r"whole gzip file"):
        ideal_points.parse(write("x.csv.gz", [head("All"), *[row(2, 1, 1)] * 99], cut=9))


def test_a_file_that_turns_the_scale_round_is_refused(write):
    parsed = parse(write, row(2, 45, -3), row(40, 45, 3), row(731, 65, 3), row(200, 65, -3))
    failed = {check.name for check in ideal_points.SOURCE.checks if check.failure(parsed)}
    assert {"rows", "rows all votes", "spread", "CUB below USA in 1990", "PRK below GBR in 2010"} <= failed


@given(st.integers(1, 78), st.integers(1, 12), st.integers(2020, 2025))
def test_a_point_is_never_known_before_its_release(session, month, year):
    released = ideal_points._released(
        ideal_points.Path(f"x_{ideal_points.month_abbr[month]}{year}.csv"), 1945 + session
    )
    assert (released.year, released.month) == (year, month)


def test_no_indicator_uses_ideal_points():
    uses = {use for indicator in INDICATORS for use in indicator.uses}
    assert uses
    assert ("trait", "ideal_point") not in uses


def test_no_view_of_an_earlier_day_sees_them(write):
    record = Record.memory()
    record.ingest(parse(write, row(2, 1, 1), row(2, 70, 1)))
    assert record.view(date(2024, 6, 29)).statements("trait").height == 0
    assert record.view(date(2024, 6, 30)).statements("trait").height == 2


def test_a_second_edition_of_a_run_is_refused_and_another_run_is_not(write):
    record = Record.memory()
    sources.ingest("ideal-points", record, write("a_Apr2020.csv", [head(""), row(2, 1, 1)]), strict=False)
    sources.ingest("ideal-points", record, write("b_Apr2020.csv", [head("Nuclear"), row(2, 40, 1)]), strict=False)
    with pytest.raises(UsageError, match=r"one edition of .*all votes"):
        sources.ingest("ideal-points", record, write("c_Jun2024.csv", [head("All"), row(2, 1, 1)]), strict=False)


@pytest.mark.parametrize("name", FILES)
def test_real_files(shared_data, name):
    run, rows, left = FILES[name]
    path = shared_data / "unga_ideal_points" / name
    parsed = ideal_points.SOURCE.read(path)
    assert (parsed.layout, parsed.rows, parsed.used) == (run, rows, rows - left)
    with gzip.open(path) as file:
        table = list(csv.DictReader(io.StringIO(file.read().decode("latin-1"))))
    column = next(key for key in table[0] if key.startswith("IdealPoint"))
    want = {int(r["session"]) + 1945: float(r[column]) for r in table if r["ccode"] == "2"}
    got = {year: value for (actor, year), value in values(parsed).items() if actor == "USA"}
    assert got == want
    assert parsed.frame("trait").filter(pl.col("known_from") < date(2020, 4, 30)).height == 0
