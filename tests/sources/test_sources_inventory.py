"""Every file of the shared data is read by a source, or there is a reason why not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from multipolar import sources

ROOT = Path(__file__).resolve().parents[2]


def rows() -> list[dict[str, str]]:
    with (ROOT / "benchmarks" / "inventory.tsv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def test_each_file_has_one_row_with_a_source_or_a_reason():
    found = rows()
    assert len({row["path"] for row in found}) == len(found)
    for row in found:
        assert bool(row["source"]) != bool(row["reason"]), row["path"]
        assert len(row["reason"]) > 20 or row["source"], "a reason in words"


@pytest.mark.parametrize("row", [row for row in rows() if row["source"]], ids=lambda row: row["path"])
def test_the_sources_named_are_in_the_registry(row):
    for name in row["source"].split():
        assert sources.get(name).name == name
    assert not row["read"] or row["read"] in {other["path"] for other in rows()}


def test_no_file_is_forgotten(shared_data):
    with (shared_data / "FILES.csv").open(newline="", encoding="utf-8") as file:
        names = {row["path"] for row in csv.DictReader(file)}
    data = {name for name in names if not name.endswith(("SOURCE.md", "README_upstream.md"))}
    assert data <= {row["path"] for row in rows()}
