"""Files are not trusted: whatever is wrong is said with file, row, column and a remedy."""

from __future__ import annotations

import gzip
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar import sources
from multipolar.errors import DataError
from multipolar.sources import files, registry

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
    data = bytearray(gzip.compress(b"code,year\n2,2018\n" * 200, mtime=0))
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
        ("PK\x03\x04", "a damaged or truncated one", "Download"),
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


def test_an_archive_with_a_member_without_a_name_is_refused(tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("table.csv", "code,year\n2,2018\n")
    path.write_bytes(path.read_bytes().replace(b"table.csv", b"\0able.csv"))
    with pytest.raises(DataError, match=r"x\.zip: expected"):
        files.content(path)


@pytest.mark.parametrize("text", ["code,year\r2,2018\r", "co\rde,year\n2,2018\n", f"{'x' * 200_000},year\n2,2018\n"])
def test_a_first_line_that_is_none_is_refused(tmp_path, text):
    path = tmp_path / "x.csv"
    path.write_bytes(text.encode())
    with pytest.raises(DataError, match=r"x\.csv: expected a first line of column names, got"):
        read(path)


def test_an_empty_cell_is_no_year_and_no_value(write):
    frame = read(write("x.csv", ["code,year", "2,2018", "20,"]))
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


TABLE = b"code,year\n2,2018\n200,2019\n"


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)  # of 1980: the same bytes at any time of day
    return file.getvalue()


@pytest.fixture
def archive(tmp_path):
    """Write bytes, or members as a zip archive, to x.zip."""

    def build(content: bytes | dict[str, bytes], **options: int) -> Path:
        path = tmp_path / "x.zip"
        path.write_bytes(content if isinstance(content, bytes) else packed(content, **options))
        return path

    return build


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_the_only_table_of_an_archive_is_read(archive, method):
    around = {"readme.txt": b"Read me", "notes.txt": b"x", "codebook.pdf": b"%PDF", "__MACOSX/._data.csv": b"\0\5"}
    path = archive({"folder/": b"", **around, "folder/Data.CSV": TABLE}, method=method)
    assert files.content(path) == TABLE
    assert read(path).rows() == [(2, "2", "2018"), (3, "200", "2019")]
    assert sorted(each.name for each in path.parent.iterdir()) == ["x.zip"], "nothing is extracted"


def test_another_data_file_is_read_where_there_is_no_table(archive):
    assert files.content(archive({"README.txt": b"no", "data.txt": TABLE})) == TABLE


@pytest.mark.parametrize("member", ["b.csv", "B.*", "deep/b.csv", "*/b.csv", "?.csv"])
def test_a_member_is_named_by_a_pattern(archive, member):
    path = archive({"deep/b.csv": TABLE, "aa.csv": b"other"})
    assert files.content(path, member=member) == TABLE


@pytest.mark.parametrize(
    ("members", "member", "got"),
    [
        ({"a.csv": TABLE, "b.csv": TABLE}, "", r"one data file in the archive, got 2: a.csv, b.csv"),
        ({"a.csv": TABLE, "b.csv": TABLE}, "*.csv", r"one member '\*.csv' in the archive, got 2: a.csv, b.csv"),
        ({"a.csv": TABLE, "b.csv": TABLE}, "c.csv", r"got none among: a.csv, b.csv"),
        ({"a.pdf": b"%PDF", "inner.zip": packed({"a.csv": TABLE})}, "", r"got none among: a.pdf, inner.zip"),
        ({f"{n:02}.pdf": b"%PDF" for n in range(30)}, "", r"19.pdf …\n"),
        ({"empty/": b""}, "", r"got none: nothing"),
        ({}, "", r"got none: nothing"),
    ],
)
def test_no_member_and_several_are_listed_and_none_is_guessed(archive, members, member, got):
    path = archive(members)
    with pytest.raises(DataError, match=got) as caught:
        files.content(path, member=member)
    assert caught.value.where == str(path) and "name the file inside" in caught.value.hint


@pytest.mark.parametrize(
    ("inside", "got"),
    [
        (b"<html><title>Log in</title>", "a web page"),
        (b"version https://git-lfs.github.com/spec/v1", "a git-lfs pointer"),
        (b"", "an empty file"),
        (b"a\0b", "a binary one"),
        (packed({"a.csv": TABLE}), "an archive inside an archive"),
        (gzip.compress(TABLE, mtime=0), "an archive inside an archive"),
    ],
)
def test_what_a_member_is_not(archive, inside, got):
    path = archive({"a.csv": inside})
    with pytest.raises(DataError, match=rf"x\.zip:a\.csv: expected .*, got {got}"):
        files.content(path)


def test_a_gzip_file_around_an_archive_is_refused(write, tmp_path):
    path = tmp_path / "x.csv.gz"
    path.write_bytes(gzip.compress(packed({"a.csv": TABLE}), mtime=0))
    with pytest.raises(DataError, match="an archive inside an archive"):
        files.content(path)


@pytest.mark.parametrize(
    "name", ["../a.csv", "b/../../a.csv", "/etc/a.csv", "C:\\a.csv", "..\\a.csv", "\\\\host\\a.csv"]
)
def test_an_archive_with_tricks_in_its_names_is_refused(archive, name):
    path = archive({name: TABLE}, method=zipfile.ZIP_STORED)
    with pytest.raises(DataError, match=r"names inside the archive, got a member called"):
        files.content(path)


@pytest.mark.parametrize("cut", [1, 10, 60])
def test_a_truncated_archive_is_refused(archive, cut):
    path = archive(packed({"a.csv": TABLE * 50})[:-cut])
    for check in (files.content, files.first_checks):
        with pytest.raises(DataError, match=r"x\.zip: expected a whole .*, got a damaged or truncated one"):
            check(path)


def test_an_encrypted_member_is_refused(archive):
    data = bytearray(packed({"a.csv": TABLE}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(DataError, match=r"without a password, got 'a.csv' encrypted"):
        files.content(archive(bytes(data)))


def test_a_way_of_packing_that_nobody_here_knows_is_refused(archive):
    data = bytearray(packed({"a.csv": TABLE}))
    data[8] = data[data.index(b"PK\x01\x02") + 10] = 9  # deflate64
    with pytest.raises(DataError, match="packed as usual"):
        files.content(archive(bytes(data)))


def test_a_zip_bomb_is_refused_by_its_size_and_by_its_ratio(archive, monkeypatch):
    path = archive({"bomb.csv": b"0" * 3_000_000})
    monkeypatch.setattr(files, "SMALL", 1000)
    with pytest.raises(DataError, match=r"x\.zip:bomb\.csv: expected at most \d+,\d+ bytes unpacked, got more"):
        files.content(path)
    monkeypatch.setattr(files, "SMALL", 10_000_000)
    assert len(files.content(path)) == 3_000_000
    monkeypatch.setattr(files, "LARGEST", 1_000_000)
    with pytest.raises(DataError, match="at most 1,000,000 bytes"):
        files.content(path)


@pytest.mark.parametrize("claimed", [10, 10_000_000])
def test_a_header_that_lies_of_the_size_is_not_believed(archive, claimed):
    data = bytearray(packed({"a.csv": TABLE * 1000}))
    middle = data.index(b"PK\x01\x02")
    data[22:26] = data[middle + 24 : middle + 28] = claimed.to_bytes(4, "little")
    with pytest.raises(DataError, match="damaged or truncated"):
        files.content(archive(bytes(data)))


def test_an_archive_of_too_many_files_is_refused(archive, monkeypatch):
    monkeypatch.setattr(files, "MEMBERS", 2)
    with pytest.raises(DataError, match=r"at most 2 files in an archive, got 3"):
        files.content(archive(dict.fromkeys(("a.csv", "b.txt", "c.txt"), TABLE)))


@given(where=st.integers(0, 10_000), byte=st.integers(0, 255), end=st.integers(0, 400))
def test_damage_gives_the_table_or_an_error_that_names_the_file(tmp_path_factory, where, byte, end):
    data = bytearray(packed({"a.csv": TABLE, "readme.txt": b"x" * 80}))
    data[where % len(data)] = byte
    path = tmp_path_factory.getbasetemp() / "damaged.zip"
    path.write_bytes(data[: len(data) - end] if end < 40 else data)
    try:
        assert files.content(path) == TABLE
    except DataError as error:
        assert "damaged.zip" in error.where and error.hint


def test_a_companion_lies_beside(tmp_path):
    for name in ("a.csv", "names_2024.CSV", "names_2023.csv", "other.txt"):
        (tmp_path / name).write_bytes(TABLE)
    (tmp_path / "codes.csv").mkdir()
    path = tmp_path / "a.csv"
    assert files.beside(path, "codes.csv", "NAMES_2024*") == tmp_path / "names_2024.CSV"
    assert files.beside(path, "a.csv", "codes.csv") is None
    with pytest.raises(DataError, match=r"one file 'names\*' beside it, got 2: names_2023.csv, names_2024.CSV"):
        files.beside(path, "names*")


@pytest.mark.parametrize(
    ("data", "got"),
    [
        (b"<html>", "a web page"),
        (gzip.compress(b"<!doctype html>", mtime=0), "a web page"),
        (b"", "an empty file"),
        (gzip.compress(b"", mtime=0)[:-4], "damaged"),
        (gzip.compress(TABLE, mtime=0)[:12], "damaged"),
        (packed({"../a.csv": TABLE}, zipfile.ZIP_STORED), "a member called"),
    ],
)
def test_first_checks_see_what_is_no_data(archive, data, got):
    with pytest.raises(DataError, match=got):
        files.first_checks(archive(data))


@pytest.mark.parametrize(
    "data", [TABLE, gzip.compress(TABLE, mtime=0), b"PAR1\0\0", packed({"a.csv": TABLE, "b.csv": TABLE})]
)
def test_first_checks_pass_data_of_any_format(archive, data):
    files.first_checks(archive(data))


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["UNVotes.csv"], "UNVotes.csv"),
        (["UNVotes.csv", "UNVotes.csv.gz", "readme.txt"], "UNVotes.csv"),  # the same, packed
        (["UNVotes.csv", "unga_rollcalls_wide_1946_2024.csv.gz"], "UNVotes.csv"),  # another layout: the first pattern's
        (["old/UNVotes.csv"], "old/UNVotes.csv"),
        (["UNVotes.csv", "old/UNVotes.csv"], "UNVotes.csv"),  # the folder that was named comes first
        (["UNVotes-2023.csv", "UNVotes-2024.csv"], None),
        (["UNVotes.csv", "UNVotes-2024.csv"], None),
        (["UNVotes.csv", "UNVotes (1).csv"], None),  # a browser's second download
        (["UNVotes-2023.csv", "UNVotes-2024.tab"], None),
        (["2023/UNVotes.csv", "2024/UNVotes.csv"], None),
    ],
)
def test_of_two_vintages_neither_is_taken_silently(tmp_path, names, found):
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(TABLE)
    if found:
        assert sources.locate("unga", tmp_path) == sources.find("unga", tmp_path) == tmp_path / found
        return
    with pytest.raises(DataError, match=r"expected one file of 'unga', got") as caught:
        sources.locate("unga", tmp_path)
    assert all(name in caught.value.message for name in names) and "--from FILE" in caught.value.hint
    assert sources.locate("unga", tmp_path / names[0]) == tmp_path / names[0]


def test_a_source_with_a_file_an_hour_is_read_by_the_folder(tmp_path, monkeypatch):
    hourly = replace(sources.get("unga"), dated=lambda first, last: (), files=("*.csv",))
    monkeypatch.setattr(registry, "SOURCES", (hourly,))
    (tmp_path / "h").mkdir()
    for hour in (1, 2):
        (tmp_path / "h" / f"{hour}.csv").write_bytes(TABLE)
    assert sources.locate("unga", tmp_path) == tmp_path / "h" / "1.csv"
    assert sources.find("unga", tmp_path) == sources.find("unga", tmp_path / "h") == tmp_path / "h"
    assert sources.find("unga", tmp_path / "h" / "2.csv") == tmp_path / "h" / "2.csv"
    assert "with --since and --until" in sources.how_to_get(hourly)


def test_no_file_is_told_from_several(tmp_path):
    with pytest.raises(sources.NoFile, match="no such file") as caught:
        sources.locate("unga", tmp_path)
    assert sources.get("unga").urls[0] in caught.value.hint


def test_an_error_names_the_column_as_the_publisher_does(write):
    lines = ["tssr_id,rivalry,ccode1,ccode2,start,end,positional,spatial,ideological,interventionary,principal,aprin"]
    lines += ["1,A-B,2,365,1945,1989,1,,,,,", "2,C-D,2,710,19x0,1972,1,,,,,"]
    with pytest.raises(
        DataError, match=r"tss_rivalries\.csv:3:start: expected a whole number from 1494 to 2020, got '19x0'"
    ):
        sources.read("rivalries", write("tss_rivalries.csv", lines))


def test_an_error_names_an_optional_column_and_a_code_as_the_publisher_does(write):
    def parse(path):
        frame = files.table(path, files.content(path), WANTED, optional={"share": ("portion",)})
        frame = files.decimal(frame, path, "share", 0, 1)
        return files.whole(frame, path, "code", 1, 999)

    for cell, column in (("2,2018,x", "portion"), ("x,2018,1", "ccode")):
        with pytest.raises(DataError, match=rf":2:{column}: "), files.publishers_names():
            parse(write("x.csv", ["ccode,year,portion", cell]))


@pytest.mark.parametrize(
    ("lines", "row"), [(["2,2018,USA", "20,2019"], 3), (["2,2018,USA", "", "20,2019,CAN", "200"], 5), (["2,2018,"], 0)]
)
def test_a_row_with_too_few_cells_is_refused_and_an_empty_cell_is_not(write, lines, row):
    path = write("x.csv", ["code,year,name", *lines])
    if not row:
        assert read(path).rows() == [(2, "2", "2018")]
        return
    with pytest.raises(DataError, match=rf"x\.csv:{row}:row: expected 3 cells, got"):
        read(path)


def test_cells_in_quotation_marks_may_hold_separators_and_line_ends(write):
    assert read(write("x.csv", ["code,name,year", '2,"USA,', 'the",2018'])).height == 1


def test_a_file_with_quotation_marks_that_was_cut_off_is_refused(write):
    lines = ["code,name,year", '2,"USA, the",2018', '20,"Canada', 'and more",2019', "200,Bri"]
    with pytest.raises(DataError, match=r"x\.csv:5:row: expected 3 cells, got 2"):
        read(write("x.csv", lines))
    assert read(write("y.csv", lines[:-1])).height == 2
