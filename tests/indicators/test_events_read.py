"""Series from an archive: kept day sums, gaps, known zeros."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import narwhals as nw
import polars as pl
import pytest
from event_exports import DAY, export, exports_of_days

from multipolar.errors import DataError, UsageError
from multipolar.indicators.series import Asked, DailySums, pair_series, read_series
from multipolar.sources.events.archive import EventArchive

NOON = datetime(2018, 3, 26, 12)


@pytest.fixture
def archive(tmp_path):
    return EventArchive.create(tmp_path / "archive")


def test_an_event_told_by_two_files_is_one(archive, tmp_path):
    rows = [(DAY, "RUS", "USA", "040", 3)]
    archive.add([export(tmp_path, NOON, rows)])
    first = read_series(archive).frame
    archive.add([export(tmp_path, NOON + timedelta(minutes=15), [*rows, (DAY, "USA", "RUS")])])
    second = read_series(archive).frame
    assert (first["events"].sum(), first["reports"].sum()) == (1, 3)
    assert (second["events"].sum(), second["reports"].sum()) == (2, 7)
    assert pl.concat([pl.read_parquet(path) for path in archive.files()]).height == 3


def test_only_touched_months_are_made_again(archive, tmp_path):
    archive.add([export(tmp_path, NOON, [(DAY, "RUS", "USA"), (DAY - timedelta(days=30), "RUS", "CHN")])])
    made: list[str] = []
    files = DailySums(archive).files(progress=lambda done, total, what: made.append(what))
    assert [path.stem for path in files] == ["2018-02", "2018-03"] and len(made) == 2
    before = {path: path.stat().st_mtime_ns for path in files}
    archive.add([export(tmp_path, NOON + timedelta(days=10), [(DAY + timedelta(days=10), "RUS", "USA")])])
    assert [path.stem for path in DailySums(archive).files()] == ["2018-02", "2018-03", "2018-04"]
    assert all(path.stat().st_mtime_ns == time for path, time in before.items())
    assert [path.stem for path in DailySums(archive).files(date(2018, 3, 9), date(2018, 3, 30))] == ["2018-03"]


@pytest.mark.parametrize("harm", ["cut", "gone", "manifest", "version"])
def test_kept_sums_that_are_not_as_written_are_made_again(archive, tmp_path, harm):
    archive.add([export(tmp_path, NOON, [(DAY, "RUS", "USA")])])
    expected = read_series(archive).frame
    part, manifest = archive.path / "daily" / "2018-03.parquet", archive.path / "daily" / "daily.json"
    if harm == "cut":
        part.write_bytes(part.read_bytes()[:-20])
    elif harm == "gone":
        part.unlink()
    elif harm == "manifest":
        manifest.write_text("{")
    else:
        manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "version": 0}))
    assert read_series(archive).frame.equals(expected)


def test_sums_of_a_part_that_was_taken_away_go_with_it(archive, tmp_path):
    archive.add([export(tmp_path, NOON, [(DAY, "RUS", "USA")])])
    archive.add([export(tmp_path, NOON + timedelta(days=20), [(DAY + timedelta(days=20), "RUS", "CHN")])])
    assert read_series(archive).frame.height == 2
    for path in archive.path.glob("part-000001.*"):
        path.unlink()
    assert read_series(archive).frame["b"].to_list() == ["RUS"]
    assert not (archive.path / "daily" / "2018-03.parquet").exists()


def test_where_the_sums_cannot_be_kept_they_are_made_each_time(archive, tmp_path):
    archive.add([export(tmp_path, NOON, [(DAY, "RUS", "USA")])])
    (archive.path / "daily").write_text("in the way")
    assert read_series(archive).frame["events"].to_list() == [1]


def test_a_damaged_part_of_the_archive_is_named(archive, tmp_path):
    archive.add([export(tmp_path, NOON, [(DAY, "RUS", "USA")])])
    part = next(archive.path.glob("part-*.parquet"))
    part.write_bytes(b"PAR1 no PAR1")
    with pytest.raises(DataError, match=part.name):
        read_series(archive)


def test_a_month_without_a_file_has_no_rows_whatever_later_files_tell(archive, tmp_path):
    archive.add([export(tmp_path, NOON, [(DAY, "RUS", "USA"), (DAY - timedelta(days=40), "RUS", "USA")])])
    series = read_series(archive)
    assert series.frame["month"].to_list() == [date(2018, 3, 1)]
    assert "1 rows about periods without a file" in series.notes[0]
    assert series.frame.select("days_covered", "days").rows() == [(0, 31)]


def test_an_empty_archive_has_no_rows(archive):
    assert read_series(archive).frame.height == 0


@pytest.fixture(scope="module")
def days(tmp_path_factory):
    """Two whole days, a day without files, and an hour of the fourth."""
    folder = tmp_path_factory.mktemp("days")

    def rows(day):
        return [(day, "RUS", "USA")] if day == DAY else [(day, "CHN", "RUS"), (DAY, "RUS", "USA")]

    exports_of_days(folder / "in", DAY, 2, rows)
    archive = EventArchive.create(folder / "archive")
    archive.add([folder / "in"])
    fourth = DAY + timedelta(days=3)
    archive.add([export(folder, datetime(2018, 3, 29, hour), [(fourth, "RUS", "USA")]) for hour in (0, 1)])
    return archive


def test_days_covered_are_counted_and_gaps_named(days):
    series = read_series(days)
    assert series.frame.select("days_covered", "days").unique().rows() == [(2, 31)]
    assert series.frame.filter(a=pl.lit("RUS"), b=pl.lit("USA"))["events"].to_list() == [2]
    assert "2018-03-28 00:00 to 2018-03-29 00:00" in series.notes[-1] and "missing and not zero" in series.notes[-1]
    by_day = read_series(days, Asked(by="day", between=("USA", "RUS"))).frame
    assert by_day.select("day", "events", "days_covered").rows() == [(DAY, 1, 1), (DAY + timedelta(days=3), 1, 0)]


def test_zeros_are_written_only_where_they_are_known(days):
    frame = read_series(days, Asked(by="day", complete=True)).frame
    zeros = frame.filter(pl.col("events") == 0)
    assert zeros.select("a", "b", "day").rows() == [("CHN", "RUS", DAY), ("RUS", "USA", DAY + timedelta(days=1))]
    assert zeros.select("reports", "articles", "balance", "tone", "days_covered").rows() == [(0, 0, None, None, 1)] * 2
    assert read_series(days, Asked(by="month", complete=True)).frame.filter(pl.col("events") == 0).height == 0


def test_what_is_asked_for_is_what_comes(days):
    def cells(**asked):
        return read_series(days, Asked(by="day", **asked)).frame.select("a", "b", "day", "events").rows()

    second, fourth = DAY + timedelta(days=1), DAY + timedelta(days=3)
    assert cells(actors=["CHN"]) == [("CHN", "RUS", second, 1)]
    assert cells(since=second, actors=["USA"]) == [("RUS", "USA", fourth, 1)]
    assert cells(until=DAY) == cells(as_of=DAY) == [("RUS", "USA", DAY, 1)]
    assert {row[:2] for row in cells(directed=True)} == {("RUS", "USA"), ("CHN", "RUS")}
    with pytest.raises(UsageError, match="quarter"):
        read_series(days, Asked(by="week"))


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_real_files_give_the_same_from_the_sums_and_from_the_rows(shared_data, archive, engine):
    archive.add(sorted((shared_data / "gdelt_export_samples").glob("*.gz")))
    frame = read_series(archive, engine=engine).frame
    straight = pair_series(nw.from_native(archive.scan())).to_native().collect()
    names = straight.columns
    assert frame.select(names).equals(straight.sort("a", "b", "month"))
    assert (frame["events"].sum(), frame.select("a", "b").n_unique()) == (347, 153)
    cell = frame.filter(a=pl.lit("RUS"), b=pl.lit("USA"), month=date(2016, 10, 1)).to_dicts()[0]
    assert (cell["events"], cell["reports"], cell["goldstein_sum"]) == (6, 24, 24.1)
