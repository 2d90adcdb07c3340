"""Reading the package's own tables: what is refused, and where the error points."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.actors.tables import Row, read_table
from multipolar.errors import DataError

COLUMNS = ("id", "from", "to", "words")


def write(folder: Path, *lines: str) -> Path:
    path = folder / "table.tsv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_reads_cells_and_skips_comments_and_blank_lines(tmp_path):
    path = write(tmp_path, "# why", "id\tfrom\tto\twords", "", "A\t2000-01-02\t\tone; two;", "# more", 'B"\t\t\t')
    first, second = read_table(path, COLUMNS)
    assert first == {"id": "A", "from": "2000-01-02", "to": "", "words": "one; two;"}
    assert (first.file, first.line, second.line) == ("table.tsv", 4, 6)
    assert second["id"] == 'B"'  # no quoting
    assert first.span() == (date(2000, 1, 2), None)
    assert first.parts("words") == ("one", "two")
    assert first.choice("id", ["A", "B"]) == "A"


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("A\t2000-01-01\t2000-01-02", "table.tsv:2:to"),
        ("A\t2000-01-01\t2000-01-02\tx\ty", "table.tsv:2:words"),
        ("A \t2000-01-01\t2000-01-02\tx", "table.tsv:2:id"),
        ("A    2000-01-01", "table.tsv:2:id"),
    ],
)
def test_refuses_a_line_of_another_shape(tmp_path, line, place):
    path = write(tmp_path, "id\tfrom\tto\twords", line)
    with pytest.raises(DataError) as caught:
        read_table(path, COLUMNS)
    assert caught.value.where == place


@pytest.mark.parametrize("header", ["id\tfrom\tto", "id\tto\tfrom\twords", "", "# id\tfrom\tto\twords"])
def test_refuses_another_header(tmp_path, header):
    with pytest.raises(DataError, match="header id from to words"):
        read_table(write(tmp_path, header), COLUMNS)


def test_refuses_what_is_no_readable_text(tmp_path):
    path = tmp_path / "table.tsv"
    with pytest.raises(DataError, match="can be read"):
        read_table(path, COLUMNS)
    path.write_bytes("id\tfrom\tto\twords\n\u00e9".encode("latin-1"))
    with pytest.raises(DataError, match="UTF-8"):
        read_table(path, COLUMNS)


@pytest.mark.parametrize("text", ["2000-13-01", "20000101", "2000-01", "2000-W01-1", "1 May 2000", "2001-02-29"])
def test_refuses_what_is_no_day(text):
    with pytest.raises(DataError) as caught:
        Row({"from": text}, "table.tsv", 7).day("from")
    assert caught.value.where == "table.tsv:7:from"


def test_refuses_missing_unknown_and_disordered_values():
    row = Row({"id": "", "from": "2000-01-02", "to": "2000-01-01", "words": "x"}, "t.tsv", 3)
    with pytest.raises(DataError, match="a day not before 2000-01-02"):
        row.span()
    with pytest.raises(DataError, match="a value"):
        row.required("id")
    with pytest.raises(DataError, match="one of y, z"):
        row.choice("words", ["y", "z"])
    with pytest.raises(DataError, match="YYYY-MM-DD"):
        row.day("id")


CELL = st.text(st.characters(exclude_characters="\t\n", exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=8)


@given(rows=st.lists(st.tuples(CELL.filter(lambda cell: not cell.startswith("#")), CELL, CELL, CELL), max_size=6))
def test_gives_back_every_cell_as_it_was_written(tmp_path_factory, rows):
    path = write(tmp_path_factory.mktemp("tables"), "\t".join(COLUMNS), *("\t".join(row) for row in rows))
    assert [tuple(row.values()) for row in read_table(path, COLUMNS)] == rows
