"""Files are not trusted: whatever is wrong is said with file, row, column and a remedy."""

from __future__ import annotations

import gzip
from pathlib import Path

import polars as pl
import pytest

from multipolar.errors import DataError
from multipolar.sources import files

WANTED = {"code": ("code", "ccode"), "year": ("year",)}


def read(path: Path) -> pl.DataFrame:
    return files.table(path, files.content(path), WANTED)


def test_reads_plain_and_packed_files_alike(write):
    lines = ["ccode,name,YEAR", "2,USA,2018", "200,GBR,2019"]
    plain, packed = read(write("x.csv", lines)), read(write("x.csv.gz", lines))
    assert plain.equals(packed)
    assert plain.rows() == [(2, "2", "2018"), (3, "200", "2019")]


@pytest.mark.parametrize("cut", [1, 8, 20])
def test_a_truncated_gzip_file_is_refused(write, cut):
    path = write("x.csv.gz", ["code,year", *(f"{i},{1900 + i}" for i in range(100))], cut=cut)
    with pytest.raises(DataError, match=r"x\.csv\.gz: expected a whole gzip file, got a damaged or truncated one"):
        files.content(path)


def test_a_gzip_file_damaged_inside_is_refused(tmp_path):
    data = bytearray(gzip.compress(b"code,year\n2,2018\n" * 200))
    data[30] ^= 0xFF
    path = tmp_path / "x.csv.gz"
    path.write_bytes(data)
    with pytest.raises(DataError, match=r"a whole gzip file"):
        files.content(path)


@pytest.mark.parametrize(
    ("start", "got", "remedy"),
    [
        ("<!DOCTYPE html><html>", "a web page", "Log in"),
        ("  <HTML>", "a web page", "Log in"),
        ("version https://git-lfs.github.com/spec/v1", "a git-lfs pointer", "git lfs pull"),
        ("PK\x03\x04", "a zip archive", "Unpack"),
        ("", "an empty file", "Download"),
    ],
)
def test_what_is_no_data_file_is_named(write, start, got, remedy):
    path = write("x.csv", [start])
    with pytest.raises(DataError, match=rf"got {got}") as caught:
        files.content(path)
    assert remedy in caught.value.hint
    assert str(path) in str(caught.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(DataError, match=r"a file that can be read"):
            files.content(path)


def test_a_file_that_unpacks_to_too_much_is_refused(write, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 1000)
    path = write("bomb.csv.gz", ["0" * 100_000])
    with pytest.raises(DataError, match=r"at most 1,000 bytes"):
        files.content(path)


def test_a_renamed_column_is_refused_and_never_guessed(write):
    path = write("x.csv", ["state_code,year", "2,2018"])
    with pytest.raises(DataError, match=r"none called code or ccode among state_code, year"):
        read(path)


@pytest.mark.parametrize("row", ["2,2018,7,9", "2,2018,7,9,10"])
def test_a_row_with_too_many_cells_is_named(write, row):
    path = write("x.csv", ["code,year,z", "2,2018,1", row, "2,2019,1"])
    with pytest.raises(DataError, match=r"x\.csv:3:row: expected 3 cells, got \d"):
        read(path)


def test_a_row_with_too_few_cells_shows_as_an_empty_cell(write):
    frame = read(write("x.csv", ["code,year", "2,2018", "20"]))
    path = Path("x.csv")
    with pytest.raises(DataError, match=r"x.csv:3:year: expected a whole number from 1800 to 2030, got None"):
        files.whole(frame, path, "year", 1800, 2030)
    with pytest.raises(DataError, match=r"x.csv:3:year: expected a value"):
        files.given(frame, path, "code", "year")


@pytest.mark.parametrize("cell", ["20x0", "", "2018.5", "1799", "nan", "inf", "-1", "2031"])
def test_what_is_no_year_is_refused_with_its_line(write, cell):
    frame = read(write("x.csv", ["code,year", "2,2018", f"2,{cell}"]))
    with pytest.raises(DataError, match=r"x.csv:3:year"):
        files.whole(frame, Path("x.csv"), "year", 1800, 2030)


def test_whole_numbers_written_with_a_point_are_read(write):
    frame = files.whole(read(write("x.csv", ["code,year", "2.0,2018.0"])), Path("x"), "year", 1800, 2030)
    assert frame["year"].to_list() == [2018]
    assert frame["year"].dtype == pl.Int32


def test_decimals_and_days(write):
    path = write("x.csv", ["code,year", "1.5,2018-03-04", "0,2019-12-31"])
    frame = files.day(files.decimal(read(path), path, "code", 0, 2), path, "year")
    assert frame["code"].to_list() == [1.5, 0.0]
    assert frame["year"].cast(pl.String).to_list() == ["2018-03-04", "2019-12-31"]
    with pytest.raises(DataError, match=r":2:code: expected a number from 0 to 1, got '1.5'"):
        files.decimal(frame.with_columns(pl.col("code").cast(pl.String)), path, "code", 0, 1)
    with pytest.raises(DataError, match=r":2:code: expected a day"):
        files.day(read(path), path, "code")


def test_the_same_key_twice_is_refused(write):
    path = write("x.csv", ["code,year", "2,2018", "2,2019", "2,2018"])
    with pytest.raises(DataError, match=r":4:code: expected one row for each code, year, got 'code 2 again"):
        files.once(read(path), path, "code", "year")


def test_text_that_is_no_utf8_is_refused(write):
    path = write("x.csv", ["code,year", "Türkei,2018"], encoding="latin-1")
    with pytest.raises(DataError, match=r"delimited text"):
        read(path)


def test_a_truncated_parquet_file_is_refused(tmp_path):
    path = tmp_path / "x.parquet"
    pl.DataFrame({"code": [2] * 500, "year": range(500)}).write_parquet(path)
    assert files.is_parquet(path)
    assert files.parquet(path, WANTED).row(1) == (2, "2", "1")
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(DataError, match=r"a whole Parquet file"):
        files.parquet(path, WANTED)
    assert not files.is_parquet(tmp_path / "none")
