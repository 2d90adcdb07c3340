"""Where the counting is done: DuckDB, polars or Spark, over the same Parquet files.

An engine is a context: inside it, files are lazy frames and results can be collected; afterwards nothing is left running or on
disk. `Settings` bound what it takes of the machine. Each engine reads columns and row groups as it needs them, and DuckDB
and Spark put aside on disk what does not fit into memory.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import narwhals as nw
import polars as pl

from multipolar.errors import DataError, UsageError

Name = Literal["duckdb", "polars", "spark"]
ENGINES: Final = ("duckdb", "polars", "spark")
#: Java versions that Spark 4.0 runs on.
JAVA: Final = "Java 17 or 21"
_PACKED: Final = b"PAR1"


@dataclass(frozen=True)
class Settings:
    """What an engine may take.

    Parameters
    ----------
    memory_mb : int
        Working memory of DuckDB and Spark; a process takes some hundred megabytes more. polars takes what it needs.
    threads : int
        As many as the machine has, by default.
    temporary : Path, optional
        Where to put aside what does not fit into memory; the system's place for temporary files by default.
    """

    memory_mb: int = 3_000
    threads: int = field(default_factory=lambda: os.cpu_count() or 1)
    temporary: Path | None = None


class Engine(ABC):
    """Somewhere to count."""

    name: Name

    @abstractmethod
    def scan(self, files: Sequence[Path]) -> nw.LazyFrame[Any]:
        """Parquet files of one schema as one lazy frame.

        Raises
        ------
        DataError
            If a file is none.
        """

    def collect(self, frame: nw.LazyFrame[Any]) -> pl.DataFrame:
        """Do what a frame of this engine describes."""
        found = pl.from_arrow(frame.collect("pyarrow").to_native())
        assert isinstance(found, pl.DataFrame)
        return found


class _Polars(Engine):
    name = "polars"

    def scan(self, files: Sequence[Path]) -> nw.LazyFrame[Any]:
        return nw.from_native(pl.scan_parquet(_checked(files)))

    def collect(self, frame: nw.LazyFrame[Any]) -> pl.DataFrame:
        lazy: pl.LazyFrame = frame.to_native()
        return lazy.collect(engine="streaming")


class _DuckDB(Engine):
    name = "duckdb"

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def scan(self, files: Sequence[Path]) -> nw.LazyFrame[Any]:
        found: nw.LazyFrame[Any] = nw.from_native(
            self._connection.read_parquet([str(path) for path in _checked(files)])
        )
        return found


class _Spark(Engine):
    name = "spark"

    def __init__(self, session: Any, aside: Path) -> None:
        self._session = session
        self._aside = aside

    def scan(self, files: Sequence[Path]) -> nw.LazyFrame[Any]:
        paths = [str(path.resolve()) for path in _checked(files)]
        with _swept():
            found: nw.LazyFrame[Any] = nw.from_native(self._session.read.parquet(*paths))
        return found

    def collect(self, frame: nw.LazyFrame[Any]) -> pl.DataFrame:
        """By way of files: results may be larger than what Spark sends to its driver."""
        folder = Path(tempfile.mkdtemp(dir=self._aside)) / "result"
        with _swept():
            frame.to_native().write.parquet(str(folder))
        return pl.read_parquet(folder / "*.parquet")


@contextmanager
def _swept() -> Iterator[None]:
    """Collect what pyspark leaves behind: it lets go of its connections without closing them."""
    try:
        yield
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()


@contextmanager
def opened(name: Name, settings: Settings | None = None) -> Iterator[Engine]:
    """An engine, for as long as the block runs.

    Parameters
    ----------
    name : {"duckdb", "polars", "spark"}
    settings : Settings, optional

    Raises
    ------
    UsageError
        If there is no such engine, or Spark or its Java is not installed.
    """
    if name not in ENGINES:
        raise UsageError.unknown("engine", name, ENGINES)
    settings = settings or Settings()
    if name == "polars":
        yield _Polars()
        return
    aside = Path(tempfile.mkdtemp(prefix="multipolar-", dir=settings.temporary))
    try:
        with _duckdb(settings, aside) if name == "duckdb" else _spark(settings, aside) as engine:
            yield engine
    finally:
        shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def _duckdb(settings: Settings, aside: Path) -> Iterator[Engine]:
    import duckdb

    config: dict[str, Any] = {
        "memory_limit": f"{settings.memory_mb}MB",
        "threads": settings.threads,
        "temp_directory": str(aside),
        "preserve_insertion_order": False,
    }
    with duckdb.connect(config=config) as connection:
        yield _DuckDB(connection)


@contextmanager
def _spark(settings: Settings, aside: Path) -> Iterator[Engine]:
    """A session of our own, or the one that runs in this process already; only our own is stopped."""
    session_of = _spark_class()
    running = session_of.getActiveSession()
    session = running or _session(session_of.builder, settings, aside)
    try:
        yield _Spark(session, aside)
    finally:
        if running is None:
            with _swept():
                session.stop()


def _spark_class() -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        hint = f"`pip install 'multipolar[spark]'`, and install {JAVA}; or use --engine duckdb."
        raise UsageError("expected Spark, but pyspark is not installed", where="--engine spark", hint=hint) from None
    home = os.environ.get("JAVA_HOME")
    if not shutil.which("java") and not (home and Path(home, "bin", "java").exists()):
        hint = f"Install {JAVA} (Debian: `apt install openjdk-17-jre-headless`); or use --engine duckdb."
        raise UsageError("expected Java for Spark, found none", where="--engine spark", hint=hint)
    return SparkSession


def _session(builder: Any, settings: Settings, aside: Path) -> Any:
    """A quiet session in this process alone, reachable from nowhere else."""
    quiet = aside / "log4j2.properties"
    quiet.write_text("rootLogger.level = off\n", encoding="utf-8")
    options = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": f"{settings.memory_mb}m",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={quiet.resolve().as_uri()}",
        "spark.local.dir": str(aside),
        "spark.sql.warehouse.dir": str(aside / "warehouse"),
        "spark.sql.shuffle.partitions": str(2 * settings.threads),
        "spark.sql.session.timeZone": "UTC",
    }
    builder = builder.appName("multipolar").master(f"local[{settings.threads}]")
    for option, value in options.items():
        builder = builder.config(option, value)
    return builder.getOrCreate()


def _checked(files: Sequence[Path]) -> list[Path]:
    """The files, each of which begins and ends as a Parquet file does: no engine opens another."""
    hint = "Put the publisher's files in again."
    if not files:
        raise DataError.bad_file("event table", "one file or more", "none", hint=hint)
    for path in files:
        try:
            with path.open("rb") as file:
                start = file.read(4)
                file.seek(-4, os.SEEK_END)
                whole = start == _PACKED == file.read(4)
        except OSError as error:
            raise DataError.bad_file(path, "a Parquet file", str(error.strerror or error), hint=hint) from None
        if not whole:
            raise DataError.bad_file(path, "a whole Parquet file", "another, or a truncated one", hint=hint)
    return list(files)
