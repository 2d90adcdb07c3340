"""What is written: the same cells in every format, labelled, inert, and whole or not at all."""

from __future__ import annotations

import csv
import json
import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pyreadstat
import pytest
from samples import record, statement

from multipolar.errors import RecordError, UsageError
from multipolar.panels import build, excel, export, stata
from multipolar.panels.catalogue import BY_NAME
from multipolar.record import Coverage

COVERAGE = Coverage("paper", "tie", "dispute", (), "both", date(2000, 1, 1), date(2002, 12, 31), "zero")
TIES = [
    statement("CHN", "USA", "dispute", date(2001, 1, 1), valid_to=date(2001, 5, 1), value=3.0),
    statement("FRA", "USA", "defence", date(2001, 1, 1), valid_to=date(2001, 5, 1), value=1.0),
]
HOSTILE = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2",
    "@SUM(A1)",
    "http://example.org",
    'a,b\n"c"',
    "\tx",
    "é漢字😀",
    "007",
    "",
]


@pytest.fixture(scope="module")
def panel():
    made = record([COVERAGE], tie=TIES)
    return build(
        made.view(), since=2000, until=2004, actors=["CHN", "FRA", "USA"], codes=("cow", "name"),
        columns=["dispute_level", "defence", "sanctions"],
    )  # fmt: skip


def sheets(path: Path) -> dict[str, list[list[object]]]:
    """The cells of a workbook that this package wrote, row by row; empty cells are None."""
    import re
    from xml.etree import ElementTree as ET

    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    found: dict[str, list[list[object]]] = {}
    with zipfile.ZipFile(path) as book:
        names = [n for n in book.namelist() if n.startswith("xl/worksheets/sheet")]
        for place, name in enumerate(sorted(names)):
            text = book.read(name).decode()
            assert "<f>" not in text, "a formula"
            assert "hyperlink" not in text
            rows: list[list[object]] = []
            for row in ET.fromstring(text).iter(f"{{{space['m']}}}row"):
                cells: list[object] = []
                for cell in row:
                    letters = re.match("[A-Z]+", cell.get("r", "A")).group()  # type: ignore[union-attr]
                    column = sum((ord(x) - 64) * 26**n for n, x in enumerate(reversed(letters))) - 1
                    cells += [None] * (column - len(cells))
                    inline = cell.find("m:is/m:t", space)
                    value = cell.find("m:v", space)
                    cells.append((inline.text or "") if inline is not None else float(value.text))  # type: ignore[union-attr,arg-type]
                rows.append(cells)
            found[("panel", "codebook")[place]] = rows
    return found


def test_parquet_gives_back_the_frame_and_the_codebook(panel, tmp_path):
    (path,) = panel.write(tmp_path / "p.parquet")
    assert pl.read_parquet(path).equals(panel.frame)
    told = json.loads(pq.read_schema(path).metadata[b"multipolar"])
    assert told["rows"] == panel.frame.height == 15
    assert [entry["name"] for entry in told["entries"]] == panel.frame.columns[7:]


def test_csv_gives_back_the_frame_with_the_codebook_beside_it(panel, tmp_path):
    path, as_json, as_text = panel.write(str(tmp_path / "p.csv"))
    assert pl.read_csv(path, schema=panel.frame.schema).equals(panel.frame)
    assert (as_json.name, as_text.name) == ("p.codebook.json", "p.codebook.md")
    assert json.loads(as_json.read_text())["since"] == "2000"
    assert "One row a pair of states" in as_text.read_text()


def test_stata_has_labels_and_keeps_what_is_missing(panel, tmp_path):
    path, *_ = panel.write(tmp_path / "p.dta")
    frame, meta = pyreadstat.read_dta(path, output_format="polars")
    back = frame.select(pl.col(name).cast(dtype) for name, dtype in panel.frame.schema.items())
    assert back.equals(panel.frame)
    assert meta.column_names_to_labels["dispute_level"] == "highest level of hostility in militarised disputes"
    assert meta.variable_value_labels["dispute_level"][5] == "war"
    assert "2000-2004" in meta.file_label


def test_excel_has_the_cells_and_a_sheet_for_the_codebook(panel, tmp_path):
    (path,) = panel.write(tmp_path / "p.xlsx")
    got = sheets(path)
    assert got["panel"][0] == panel.frame.columns
    for cells, row in zip(got["panel"][1:], panel.frame.iter_rows(), strict=True):
        assert cells + [None] * (len(row) - len(cells)) == list(row)
    text = [cell for row in got["codebook"] for cell in row]
    assert "dispute_level" in text
    assert panel.codebook.counts in text


def hostile() -> pl.DataFrame:
    return pl.DataFrame({"name_a": HOSTILE, "x": [float(n) for n in range(len(HOSTILE))]})


def test_hostile_text_stays_text_in_every_format(panel, tmp_path):
    frame, codebook = hostile(), panel.codebook
    for suffix, put in export.WRITERS.items():
        put(frame, codebook, tmp_path / f"x{suffix}")
    assert pl.read_parquet(tmp_path / "x.parquet").equals(frame)
    assert [row[0] for row in sheets(tmp_path / "x.xlsx")["panel"][1:]] == HOSTILE
    assert pyreadstat.read_dta(tmp_path / "x.dta")[0]["name_a"].to_list() == HOSTILE
    with (tmp_path / "x.csv").open(newline="", encoding="utf-8") as file:
        cells = [row["name_a"] for row in csv.DictReader(file)]
    inert = [f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text for text in HOSTILE]
    assert cells == inert


def test_the_source_of_each_cell_can_stand_beside_it(panel, tmp_path):
    (path,) = panel.write(tmp_path / "p.parquet", named=True)
    frame = pl.read_parquet(path)
    assert frame.columns[7:9] == ["dispute_level", "dispute_level_source"]
    assert frame["dispute_level_source"].to_list() == panel.source_of("dispute_level").to_list()
    assert set(frame.filter(pl.col("dispute_level").is_null())["dispute_level_source"]) == {None}


def test_a_file_that_is_there_is_replaced_whole(panel, tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("old")
    panel.write(path)
    assert path.read_text().startswith("a,b,year")
    assert not list(tmp_path.glob("*.tmp"))


def test_a_failure_leaves_the_old_file_and_nothing_else(panel, tmp_path, monkeypatch):
    path = tmp_path / "p.parquet"
    path.write_text("old")

    def full(frame, codebook, temporary):
        temporary.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(export.WRITERS, ".parquet", full)
    with pytest.raises(RecordError, match="No space left"):
        panel.write(path)
    assert [file.name for file in tmp_path.iterdir()] == ["p.parquet"]
    assert path.read_text() == "old"


def test_too_many_rows_for_excel_are_refused_before_anything_is_written(panel, tmp_path, monkeypatch):
    with pytest.raises(UsageError, match="at most 1,048,575 rows for Excel, got 1,048,576"):
        export.checked(tmp_path / "p.xlsx", rows=1_048_576)
    export.checked(tmp_path / "p.xlsx", rows=1_048_575)
    monkeypatch.setattr(excel, "MOST_ROWS", 10)
    with pytest.raises(UsageError, match="got 15"):
        panel.write(tmp_path / "p.xlsx")
    assert not list(tmp_path.iterdir())


def test_places_that_cannot_be_written_are_refused(panel, tmp_path):
    with pytest.raises(UsageError, match=r"ending in \.parquet"):
        panel.write(tmp_path / "p.txt")
    with pytest.raises(RecordError, match="folder that exists"):
        panel.write(tmp_path / "nowhere" / "p.csv")
    (tmp_path / "d.csv").mkdir()
    with pytest.raises(RecordError, match="got a folder"):
        panel.write(tmp_path / "d.csv")


def test_the_codebook_says_how_far_and_on_what(panel):
    book = panel.codebook
    dispute = book.entry("dispute_level")
    assert (dispute.told, dispute.zero, dispute.first, dispute.last) == (
        0.6,
        pytest.approx(8 / 15, abs=1e-6),
        "2000",
        "2002",
    )
    assert dispute.stops == ("paper covers 2000-01-01 to 2002-12-31, and missing after; inside, nothing told is none",)
    assert [(used.key, used.cells) for used in dispute.sources] == [("paper", 9)]
    assert book.entry("defence").stops == ("no source states how far it looked",)
    empty = book.entry("sanctions_ab")
    assert (empty.told, empty.first) == (0.0, None)
    assert empty.stops[0].startswith("no statement of tie sanction in this record; `multipolar ingest` reads it from:")
    assert "Sources: " in book.paragraph
    assert book.bibtex.startswith("@misc{paper")
    assert list(panel.sources) == ["paper"]


def test_markdown_of_the_codebook_is_inert(panel):
    from dataclasses import replace

    entry = replace(panel.codebook.entries[0], label="<script>alert(1)</script> [x](y)")
    text = replace(panel.codebook, entries=(entry,)).markdown()
    assert "<script>" not in text.replace("\\<", "")
    assert "\\[x\\]" in text


def test_frames_for_others(panel):
    arrow = panel.to_arrow()
    assert arrow.num_rows == 15
    pandas = pytest.importorskip("pandas")
    frame = panel.to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert frame["dispute_level"].isna().sum() == panel.frame["dispute_level"].null_count()


def test_value_labels_are_of_columns_that_there_are():
    assert set(stata._LEVELS) <= set(BY_NAME)
    assert stata.levels(["regime_a", "dispute_level_source", "a"]).keys() == {"regime_a"}


def test_the_codebook_says_which_source_comes_first_and_lists_those_that_filled_it_first():
    early = Coverage("other", "tie", "dispute", (), "both", date(1990, 1, 1), date(1999, 12, 31), "zero")
    book = build(record([early, COVERAGE], tie=TIES).view(), since=2000, until=2002, columns=["dispute"]).codebook
    entry = book.entry("dispute")
    assert [stop.split()[0] for stop in entry.stops] == ["paper", "other"]
    assert entry.prefer == ("gml-mid", "cow-mid")
    assert "of several sources: gml-mid, then cow-mid, then others" in book.markdown()
