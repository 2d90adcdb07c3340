"""One file: lines to cells, cells to values."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.dossier.table import COMPILED, Problems, Row, parse_day, read_rows
from multipolar.errors import DataError


def row(**cells: str) -> Row:
    return Row("x.tsv", 7, cells)


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("2024-06-19", date(2024, 6, 19), date(2024, 6, 19)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-12", date(2024, 12, 1), date(2024, 12, 31)),
        ("1999", date(1999, 1, 1), date(1999, 12, 31)),
    ],
)
def test_a_month_or_a_year_stands_for_its_first_or_last_day(cell: str, first: date, last: date) -> None:
    assert parse_day(cell, False) == first
    assert parse_day(cell, True) == last


@pytest.mark.parametrize(
    "cell", ["2024-13", "2024-02-30", "24-01-01", "2024/01/01", "June 2024", "2024-6-1", "0000", "2024-00-1"]
)
def test_what_is_no_date_is_refused(cell: str) -> None:
    assert parse_day(cell, False) is None
    with pytest.raises(DataError, match=r"x\.tsv:7:from: expected a date") as caught:
        row(**{"from": cell}).day("from")
    assert repr(cell) in str(caught.value)
    assert "Hint" in str(caught.value)


@given(st.dates(date(1816, 1, 1), COMPILED))
def test_every_day_is_read_back(day: date) -> None:
    assert parse_day(day.isoformat(), False) == parse_day(day.isoformat(), True) == day


def test_the_future_is_refused_and_the_running_year_is_cut() -> None:
    tomorrow = (COMPILED + timedelta(days=1)).isoformat()
    with pytest.raises(DataError, match="not after"):
        row(known=tomorrow).day("known")
    with pytest.raises(DataError, match="Leave `to` empty"):
        row(to=tomorrow).day("to", last=True)
    assert row(to=str(COMPILED.year)).day("to", last=True) == COMPILED


def test_dates_out_of_order_are_refused() -> None:
    with pytest.raises(DataError, match=r"x\.tsv:7:to: expected a date not before `from`"):
        row(**{"from": "2020-01-02", "to": "2020-01-01"}).span()


@pytest.mark.parametrize("cell", ["many", "1,000", "nan", "inf", "-1", "11", "1e400"])
def test_numbers_are_finite_and_in_range(cell: str) -> None:
    with pytest.raises(DataError, match=r"x\.tsv:7:value: expected a number from 0 to 10"):
        row(value=cell).number("value", 0, 10)


def test_an_empty_cell_is_null_or_refused_where_it_is_needed() -> None:
    assert row(value="").number("value") is None
    assert row(to="").day("to") is None
    assert row(text="").optional("text") is None
    with pytest.raises(DataError, match="not an empty cell"):
        row(locator="").required("locator", "a page")


def read(path: Path, text: str | bytes) -> tuple[list[Row], Problems]:
    file, problems = path / "f.tsv", Problems()
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_rows(file, ["a", "b"], problems)), problems


def test_comments_and_blank_lines_are_skipped_and_counted(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, "# note\n\na\tb\n# more\n1\t2\n\n3\t\n")
    assert [(row.line, row.cells) for row in rows] == [(5, {"a": "1", "b": "2"}), (7, {"a": "3", "b": ""})]
    assert problems.found == []


def test_windows_line_ends_and_a_byte_order_mark_are_taken(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, "\ufeffa\tb\r\n1\t2\r\n")
    assert [row.cells for row in rows] == [{"a": "1", "b": "2"}]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a header line, got an empty file"),
        ("# only a comment\n", "expected a header line"),
        ("a\tc\n", "expected the columns a b, got 'a c'"),
        ("a\n", "expected the columns a b"),
        ("b\ta\n", "expected the columns a b"),
        (b"a\tb\n\xff\t1\n", "expected UTF-8 text"),
    ],
)
def test_a_wrong_file_is_refused_as_a_whole(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1", "expected 2 cells, got '1 cells'"),
        ("1\t2\t3", "expected 2 cells, got '3 cells'"),
        ("1\t 2", "without spaces at its ends"),
        ("1\t\x07", "printable text"),
    ],
)
def test_a_wrong_line_is_noted_and_the_others_are_read(tmp_path: Path, line: str, message: str) -> None:
    rows, problems = read(tmp_path, f"a\tb\n{line}\n1\t2\n")
    assert [row.line for row in rows] == [3]
    with pytest.raises(DataError, match=message) as caught:
        problems.stop()
    assert caught.value.where.startswith("f.tsv:2:")


def test_all_errors_of_a_file_are_listed_up_to_a_limit() -> None:
    problems = Problems()
    problems.stop()
    for line in range(2, 32):
        problems.add(DataError.bad_row("f.tsv", line, "a", "one thing", "another"))
    with pytest.raises(DataError) as caught:
        problems.stop()
    assert "29 more in this file" in str(caught.value)
    assert "f.tsv:3:a: expected one thing" in str(caught.value)
    assert "and 10 more" in str(caught.value)
