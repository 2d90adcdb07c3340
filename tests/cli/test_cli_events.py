"""The command ``events``: an archive made, asked, and asked in vain."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

import polars as pl
import pytest
from event_exports import DAY, export

NOON = datetime(2018, 3, 26, 12)


@pytest.fixture
def files(tmp_path):
    """Two files, a quarter of an hour missing between them; the second tells one event of the first again."""
    folder = tmp_path / "in"
    folder.mkdir()
    told = (DAY, "RUS", "USA", "040", 3)
    export(folder, NOON, [told, (DAY, "USA", "RUS", "190"), (DAY, "CHN", "PRK")])
    export(folder, NOON + timedelta(minutes=30), [told, (DAY, "CHN", "RUS")])
    return folder


@pytest.fixture
def archive(run, files, tmp_path):
    assert run("events", tmp_path / "archive", "--add", files).status == 0
    return tmp_path / "archive"


def test_adding_says_what_became_of_every_row(run, files, tmp_path):
    done = run("events", tmp_path / "archive", "--add", files)
    assert done.status == 0
    assert "2 files taken: 5 rows tell 5 events" in done.err
    assert "a gap in the files" in done.err and "2018-03-26 12:15" in done.err
    assert "4 events of 3 pairs by month: 3 rows." in done.out
    assert "RUS–USA" in done.out
    again = run("events", tmp_path / "archive", "--add", files)
    assert again.status == 0 and "2 files were there before" in again.err


def test_rows_for_machines(run, archive):
    done = run("events", archive, "--format", "json")
    cells = {(row["a"], row["b"]): row for row in done.rows}
    cell = cells["RUS", "USA"]
    assert (cell["events"], cell["reports"], cell["cooperative"], cell["hostile"]) == (2, 7, 1, 1)
    assert (cell["month"], cell["days_covered"], cell["days"]) == ("2018-03-01", 0, 31)
    table = run("events", archive, "--format", "csv", "--quiet")
    assert len(table.table) == 3 and table.err == ""


def test_one_pair_by_name_and_direction(run, archive):
    one = run(
        "events", archive, "--between", "United States", "Russia", "--by", "day", "--directed", "--format", "json"
    )
    assert [(row["a"], row["b"], row["day"]) for row in one.rows] == [
        ("RUS", "USA", "2018-03-26"),
        ("USA", "RUS", "2018-03-26"),
    ]
    shown = run("events", archive, "--between", "USA", "RUS")
    assert "0 of 31" in shown.out


def test_actors_and_days(run, archive):
    assert [row["b"] for row in run("events", archive, "North Korea", "--format", "json").rows] == ["PRK"]
    for words in (["--until", "2018-02"], ["--since", "2018-04"], ["--as-of", "2018-03-25"]):
        done = run("events", archive, *words)
        assert (done.status, done.out.strip().splitlines()[0]) == (0, "Nothing is reported.")


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_the_engine_changes_nothing(run, archive, engine):
    expected = run("events", archive, "--format", "csv").out
    assert run("events", archive, "--engine", engine, "--format", "csv").out == expected


def test_rows_in_a_file(run, archive, tmp_path):
    for name in ("rows.parquet", "rows.csv"):
        done = run("events", archive, "--out", tmp_path / name)
        assert done.status == 0 and f"Written to {tmp_path / name}" in done.out
    assert pl.read_parquet(tmp_path / "rows.parquet")["events"].sum() == 4
    assert pl.read_csv(tmp_path / "rows.csv")["events"].sum() == 4
    assert not list(tmp_path.glob("*.tmp"))


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["--by", "week"], 2, "week"),
        (["--engine", "dask"], 2, "dask"),
        (["--out", "rows.xls"], 2, ".parquet or .csv"),
        (["--between", "RUS", "Russia"], 2, "RUS twice"),
        (["--since", "2019", "--until", "2018"], 2, "before the last"),
        (["--since", "20x0"], 2, "20x0"),
        (["Atlantis"], 3, "Atlantis"),
        (["--out", "/nowhere/rows.csv"], 5, "/nowhere/rows.csv"),
    ],
)
def test_what_cannot_be_asked(run, archive, words, status, says):
    done = run("events", archive, *words)
    assert done.status == status and says in done.err


def test_a_folder_without_an_archive(run, tmp_path):
    done = run("events", tmp_path)
    assert done.status == 4 and "event archive" in done.err


def test_a_damaged_file_is_named_and_leaves_nothing(run, tmp_path):
    page = tmp_path / "20180326120000.export.CSV.zip"
    page.write_text("<html>log in</html>")
    done = run("events", tmp_path / "archive", "--add", page)
    assert done.status == 4 and page.name in done.err
    assert not list((tmp_path / "archive").glob("part-*"))


def test_spark_without_java_says_what_to_install(run, archive, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    done = run("events", archive, "--engine", "spark")
    assert done.status == 2 and "pip install 'multipolar[spark]'" in done.err and "Java 17" in done.err
