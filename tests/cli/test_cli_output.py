"""Rows as JSON lines and CSV, text for terminals."""

from __future__ import annotations

import csv
import io
import json
import math
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from multipolar.cli.output import between, csv_text, figure, json_lines, printable

NAMES = st.sampled_from(["id", "value", "text", "day", "ids", "parts"])
VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.dates()
    | st.lists(st.text())
    | st.just({"a": 1.5})
)
ROWS = st.lists(st.dictionaries(NAMES, VALUES))


@given(ROWS)
def test_json_lines_can_be_read_back(rows):
    text = json_lines(rows)
    assert text.count("\n") == len(rows)
    for line, row in zip(text.split("\n"), rows, strict=False):
        read = json.loads(line)
        assert list(read) == list(row)
        for name, value in row.items():
            if isinstance(value, float):
                assert read[name] == value or (read[name] is None and not math.isfinite(value))
            elif isinstance(value, date):
                assert date.fromisoformat(read[name]) == value
            else:
                assert read[name] == value


@given(ROWS)
def test_csv_is_rectangular_and_inert(rows):
    read = list(csv.reader(io.StringIO(csv_text(rows), newline="")))
    if any(rows):
        head = read[0]
        assert all(len(line) == len(head) for line in read) and len(read) == len(rows) + 1
        for line, row in zip(read[1:], rows, strict=True):
            for name, cell in zip(head, line, strict=True):
                if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
                    assert isinstance(row[name], int | float), "only numbers may begin so"
                if isinstance(row.get(name), float) and math.isfinite(row[name]):
                    assert float(cell) == row[name]


def test_a_list_of_ids_is_one_cell_and_anything_else_is_json():
    read = csv_text(
        [{"ids": ["a1", "b2"], "says": ["two words", "x"], "parts": [{"a": 1.5}], "none": [], "minus": -0.5}]
    )
    row = next(csv.DictReader(io.StringIO(read)))
    assert row == {"ids": "a1 b2", "says": '["two words", "x"]', "parts": '[{"a": 1.5}]', "none": "", "minus": "-0.5"}


def test_no_rows_are_no_output():
    assert csv_text([]) == "" and json_lines([]) == ""


@given(st.text())
def test_printable_text_steers_nothing(text):
    shown = printable(text)
    assert len(shown) == len(text)
    assert not any(mark in shown for mark in "\x1b\x07\x9b\u202e\u2066\r\x00")


def test_figures_for_people():
    assert (figure(0.714), figure(-0.001), figure(0.3, sign=True), figure(None)) == (
        "0.71",
        "0.00",
        "+0.30",
        "not known",
    )
    assert between(0.714, 1.12) == "between 0.71 and 1.12 (90 %)" and between(None, 1.0) == "not known"
