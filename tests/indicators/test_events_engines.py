"""One contract, three engines: the same rows to the last bit, from the table and from its day sums."""

from __future__ import annotations

import shutil
import sys
from datetime import date

import polars as pl
import pytest
from event_rows import some_rows, table

from multipolar.errors import DataError, UsageError
from multipolar.indicators.series import ENGINES, Settings, day_sums, opened, pair_series

ROWS = 20_000


@pytest.fixture(scope="session")
def parts(tmp_path_factory):
    """An event table in two files: what the second tells is partly in the first."""
    folder = tmp_path_factory.mktemp("events")
    rows = table(some_rows(ROWS, seed=1))
    rows = rows.with_columns(day=pl.col("day") + pl.duration(days=pl.int_range(pl.len()) % 29)).with_columns(
        known=pl.max_horizontal("known", "day")
    )
    paths = [folder / f"part{k}.parquet" for k in (1, 2)]
    rows.head(ROWS // 2).write_parquet(paths[0])
    rows.tail(ROWS // 2).write_parquet(paths[1])
    return paths


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    """Every engine, started once; without Java (or pyspark) there is no Spark."""
    settings = Settings(memory_mb=1_000, threads=2, temporary=tmp_path_factory.mktemp("aside"))
    found, open_ones = {}, []
    for name in ENGINES:
        manager = opened(name, settings)
        try:
            found[name] = manager.__enter__()
            open_ones.append(manager)
        except UsageError as error:
            found[name] = error
    yield found
    for manager in open_ones:
        manager.__exit__(None, None, None)
    assert not list(settings.temporary.iterdir())


def engine(running, name):
    if isinstance(running[name], UsageError):
        pytest.skip(f"{name} cannot run here: {running[name]}")
    return running[name]


def rows_of(running, name, parts, **asked):
    found = engine(running, name)
    return found.collect(pair_series(found.scan(parts), **asked)).sort("a", "b", asked["by"], nulls_last=True)


CASES = [
    {"by": "month", "directed": False, "as_of": None},
    {"by": "day", "directed": True, "as_of": date(2020, 3, 1)},
    {"by": "year", "directed": False, "as_of": None},
]


@pytest.mark.parametrize("asked", CASES, ids=str)
@pytest.mark.parametrize("name", ["polars", "spark"])
def test_the_rows_are_those_of_duckdb(running, parts, name, asked):
    expected = rows_of(running, "duckdb", parts, **asked)
    found = rows_of(running, name, parts, **asked)
    assert expected.height > 20
    assert found.schema == expected.schema
    assert found.equals(expected)


@pytest.mark.parametrize("name", ENGINES)
def test_day_sums_of_every_engine_are_the_same(running, parts, name):
    keys = ("a", "b", "day", "known")
    made = [engine(running, each).collect(day_sums(engine(running, each).scan(parts))) for each in ("polars", name)]
    assert made[0].sort(keys, nulls_last=True).equals(made[1].sort(keys, nulls_last=True))


@pytest.mark.parametrize("name", ENGINES)
def test_one_row_and_no_row(running, parts, name, tmp_path):
    """A frame of one row must not be divided in another way than one of many."""
    path = tmp_path / "one.parquet"
    pl.read_parquet(parts[0]).head(1).with_columns(goldstein=pl.lit(-184.1, pl.Float32)).write_parquet(path)
    assert rows_of(running, name, [path], by="month")["goldstein_sum"].to_list() == [-1841 / 10]
    assert rows_of(running, name, [path], by="month", as_of=date(1990, 1, 1)).height == 0


@pytest.mark.parametrize("name", ENGINES)
def test_no_engine_opens_what_is_no_parquet_file(running, tmp_path, name):
    page, cut = tmp_path / "page.parquet", tmp_path / "cut.parquet"
    page.write_text("<html>log in</html>")
    table(some_rows(50)).write_parquet(cut)
    cut.write_bytes(cut.read_bytes()[:-9])
    for bad in (page, cut, tmp_path / "absent.parquet"):
        with pytest.raises(DataError, match=bad.name):
            engine(running, name).scan([bad])
    with pytest.raises(DataError, match="none"):
        engine(running, name).scan([])


def test_a_small_memory_is_enough(parts, tmp_path):
    with opened("duckdb", Settings(memory_mb=100, threads=1, temporary=tmp_path)) as small:
        assert small.collect(pair_series(small.scan(parts))).height > 0
    assert not list(tmp_path.iterdir())


def test_unknown_engine_is_answered_with_those_there_are():
    with pytest.raises(UsageError, match="duckdb, polars, spark"), opened("dask"):
        pass


def test_spark_without_java_says_what_to_install(monkeypatch):
    pytest.importorskip("pyspark")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(UsageError, match="Java 17") as error, opened("spark"):
        pass
    assert "--engine duckdb" in str(error.value)


def test_spark_without_pyspark_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(UsageError) as error, opened("spark"):
        pass
    assert "pip install 'multipolar[spark]'" in str(error.value) and "Java 17" in str(error.value)
