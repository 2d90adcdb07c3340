"""What the benchmark of events grows has the shape of the real files, and its figures can be had from a small run."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import polars as pl
import pytest
from event_rows import some_rows, table

from multipolar.sources.events.table import KEY, SCHEMA
from multipolar.sources.publishers.gdelt_export import read_export

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def grow(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module("grow")


@pytest.fixture
def events(grow, shared_data):
    yield importlib.import_module("events")
    sys.modules.pop("events", None)


@pytest.fixture(scope="module")
def few():
    return table([row for row in some_rows(300) if row["b"] not in (None, row["a"])])


def test_it_grows_as_many_rows_as_asked_for_and_the_same_each_time(grow, few, tmp_path):
    files = [grow.grow(few, tmp_path / name, 20_000) for name in ("one", "two")]
    one, two = (pl.concat([pl.read_parquet(path) for path in each]) for each in files)
    assert one.height == 20_000 and one.equals(two) and len(files[0]) == 120
    assert one.schema == pl.Schema(SCHEMA)
    assert not one.equals(pl.concat([pl.read_parquet(p) for p in grow.grow(few, tmp_path / "three", 20_000, seed=2)]))


def test_grown_events_have_days_parties_and_duplicates(grow, few, tmp_path):
    rows = pl.concat([pl.read_parquet(path) for path in grow.grow(few, tmp_path / "grown", 20_000)])
    assert (rows["known"] >= rows["day"]).all() and rows["event"].is_unique().all()
    assert rows["known"].dt.year().unique().sort().to_list() == list(range(2015, 2025))
    assert (rows["a"] != rows["b"]).all() and rows.null_count().select("a", "b", "cameo").sum_horizontal().item() == 0
    assert 0 < rows.select(KEY).is_duplicated().sum() < rows.height
    kept = few.select("cameo", "kind", "goldstein").unique()
    assert rows.join(kept, on=["cameo", "kind", "goldstein"], how="anti", nulls_equal=True).height == 0


def test_grown_exports_are_read_as_real_ones(grow, events, tmp_path):
    lines = grow.raw_lines(events.sample_files())
    assert {len(line) for line in lines} == {61} and len(lines) == 5_106
    paths = grow.grow_exports(lines, tmp_path / "exports", 1_001, files=2)
    accounts = [read_export(path)[1] for path in paths]
    assert [account.rows for account in accounts] == [501, 500] and all(account.events for account in accounts)


def test_a_small_run_gives_the_figures(grow, events, tmp_path):
    grow.grow(events.samples(), tmp_path / "parts", 30_000)
    found = events.measure(tmp_path, rounds=1)
    assert found["ratio"] > 0 and found["cells"] > 1_000 and found["mb"] > 50
    assert events.from_rows(tmp_path, rounds=1)["events_ratio_rows"] > 0
