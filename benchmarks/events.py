"""Series of pairs over grown event tables, against bare SQL: ``python benchmarks/events.py`` prints one line of JSON.

``events_rows``
    Rows of the largest table (`grow`: GDELT's shape, 2015 to 2024, parts as an event archive writes them).
``events_ratio``
    Time of our pair-month series on DuckDB (from the day sums that an archive keeps) over that of the bare ``SELECT a, b,
    month, count(*), sum(goldstein) … GROUP BY`` over the parts. Same settings, run in turn, medians. The bare query counts
    reports, ours events; and ours has twelve columns more.
``events_ratio_once``
    The same for the first question to an archive, which makes the day sums.
``events_ratio_rows``
    Our series without day sums, straight from the rows, over hand-written SQL that gives the same rows (`SAME_ROWS`), on
    the table of `ROWS_SIZE` rows; ``events_ratio_rows_bare`` against the bare query.
``events_mb``
    Peak resident memory (MiB) of the process that makes the day sums and the series of the largest table.
``events_s_per_million``, ``events_once_s_per_million``
    Seconds per million rows over the sizes in ``events_sizes``: of the series, and of making the day sums.
``engines_equal``
    Whether DuckDB, polars and Spark give identical rows from `EQUAL_SIZE` rows, both straight and from day sums.
``export_ratio``
    Rows per second of our reader over CSV.zip export files, over those of gdeltPyR's own parser on the same files where it is
    installed (``MULTIPOLAR_GDELTPYR`` names a Python that has it), else over the `pandas.read_csv` call that it makes;
    ``export_against`` says which. Both are timed in turn, each the best of its rounds; gdeltPyR in one process or in a pool of
    processes, whichever is faster.
``export_ratio_pool``
    The same against the pool, which is how gdeltPyR reads by itself.
``export_most``
    What `export_ratio` would be if our reader did no more than unpack the files (zlib, all cores).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import grow
import polars as pl

from multipolar.errors import DataError
from multipolar.indicators.series import ENGINES, DailySums, Settings, opened, pair_series
from multipolar.sources.events.readers import batches
from multipolar.sources.publishers.gdelt_export import read_export

SHARED: Final = Path(os.environ.get("MULTIPOLAR_SHARED", Path(__file__).resolve().parents[2] / "shared"))
SIZES: Final = (1, 3, 10, 30, 100)
ROWS_SIZE: Final = 10
EQUAL_SIZE: Final = 5
EXPORT_ROWS: Final = 500_000
#: As in a busy quarter of an hour of GDELT.
ROWS_A_FILE: Final = 2_500
ROUNDS: Final = 5
MILLION: Final = 1_000_000
BARE: Final = "SELECT a, b, date_trunc('month', day) AS month, count(*), sum(goldstein) FROM {parts} GROUP BY 1, 2, 3"
SAME_ROWS: Final = """
WITH told AS (
  SELECT day, a, b, cameo, any_value(kind) AS kind, arg_min(goldstein, known) AS goldstein, sum(reports) AS reports,
    sum(sources) AS sources, sum(articles) AS articles, sum(tone::DOUBLE * articles) AS mood
  FROM {parts} GROUP BY day, a, b, cameo
)
SELECT least(a, b) AS a, greatest(a, b) AS b, date_trunc('month', day) AS month, count(*) AS events,
  count(*) FILTER (kind IN ('AGREE', 'CONSULT', 'SUPPORT', 'CONCEDE')) AS verbal_cooperation,
  count(*) FILTER (kind IN ('COOPERATE', 'AID', 'RETREAT')) AS material_cooperation,
  count(*) FILTER (kind IN ('REQUEST', 'ACCUSE', 'REJECT', 'THREATEN')) AS verbal_conflict,
  count(*) FILTER (kind IN ('PROTEST', 'SANCTION', 'MOBILIZE', 'COERCE', 'ASSAULT')) AS material_conflict,
  avg(goldstein) AS balance, sum(goldstein) AS goldstein_sum, sum(reports) AS reports, sum(sources) AS sources,
  sum(articles) AS articles, sum(mood) / sum(articles) AS tone
FROM told GROUP BY 1, 2, 3
"""
#: What gdeltPyR does with downloaded files, in one process and in a pool as it does by itself; the download is from memory.
_THEIRS: Final = """
import io, json, multiprocessing, sys, time
import pandas as pd
data = {f"http://x/{k}.export.CSV.zip": open(path, "rb").read() for k, path in enumerate(sys.argv[1:], 10000)}
class Answer:
    status_code = 200
    def __init__(self, content): self.content = content
def parse(url):
    types = {26: "str", 27: "str", 28: "str"}
    file = io.BytesIO(data[url])
    return pd.read_csv(file, compression="zip", sep="\\t", header=None, on_bad_lines="skip", dtype=types)
against = "pandas.read_csv as gdeltPyR calls it"
try:
    import requests
    requests.get = lambda url, **options: Answer(data.get(url, b"[]"))  # importing it asks for a table that is not used here
    import gdelt.parallel
    def parse(url): return gdelt.parallel._mp_worker(url, table="events")
    against = "gdeltPyR"
except ImportError:
    pass
def timed(map):
    start = time.perf_counter()
    frame = pd.concat(map(parse, data))
    return len(frame), time.perf_counter() - start
with multiprocessing.get_context("fork").Pool() as pool:
    for line in sys.stdin:
        (rows, one), (_, many) = timed(map), timed(pool.imap_unordered)
        print(json.dumps({"rows": rows, "one": one, "many": many, "against": against}), flush=True)
"""


@dataclass(frozen=True)
class Part:
    """A grown part, as an archive lists its own."""

    path: Path
    sha256: str


class Grown:
    """A folder of grown parts in place of an event archive."""

    def __init__(self, folder: Path) -> None:
        self.path = folder

    def parts(self) -> tuple[Part, ...]:
        """The parts, in order of the months in which they were reported."""
        return tuple(Part(path, path.name) for path in sorted((self.path / "parts").glob("*.parquet")))

    def files(self) -> list[Path]:
        """Their files."""
        return [part.path for part in self.parts()]


def sample_files() -> list[Path]:
    """The real export files that everything grows from."""
    return sorted((SHARED / "data" / "gdelt_export_samples").glob("*.export.CSV.gz"))


def samples() -> pl.DataFrame:
    """The events that they tell."""
    return pl.concat([read_export(path)[0] for path in sample_files()])


def measure(folder: Path, *, rounds: int = ROUNDS) -> dict[str, Any]:
    """Times over one grown table; run in a process of its own for the sake of ``mb``.

    Returns
    -------
    dict
        ``once`` (seconds to make the day sums), ``bare`` and ``ours`` (median seconds), ``cells`` (rows of the series),
        ``ratio`` and ``mb``.
    """
    grown = Grown(folder)
    start = time.perf_counter()
    kept = DailySums(grown).files()
    once = time.perf_counter() - start
    with opened("duckdb", _settings(folder)) as engine:
        found: dict[str, list[float]] = {"bare": [], "ours": []}
        bare = BARE.format(parts=_sql(grown.files()))
        cells = 0
        for _ in range(rounds + 1):
            found["bare"].append(_seconds(lambda: engine._connection.sql(bare).to_arrow_table()))
            start = time.perf_counter()
            cells = engine.collect(pair_series(engine.scan(kept))).height
            found["ours"].append(time.perf_counter() - start)
    times = {name: statistics.median(each[1:]) for name, each in found.items()}  # the first run warms the files up
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"once": once, **times, "ratio": times["ours"] / times["bare"], "cells": cells, "mb": round(peak)}


def from_rows(folder: Path, *, rounds: int = 3) -> dict[str, float]:
    """Our series straight from the rows, against hand-written SQL for the same rows and against the bare query."""
    files = Grown(folder).files()
    with opened("duckdb", _settings(folder)) as engine:
        queries = {name: text.format(parts=_sql(files)) for name, text in (("bare", BARE), ("same", SAME_ROWS))}
        runs: dict[str, Callable[[], Any]] = {
            "bare": lambda: engine._connection.sql(queries["bare"]).to_arrow_table(),
            "same": lambda: engine._connection.sql(queries["same"]).to_arrow_table(),
            "ours": lambda: engine.collect(pair_series(engine.scan(files))),
        }
        _agree(runs["same"](), runs["ours"]())
        times = {name: [] for name in runs}
        for _ in range(rounds):
            for name, run in runs.items():
                times[name].append(_seconds(run))
    medians = {name: statistics.median(each) for name, each in times.items()}
    return {
        "events_ratio_rows": round(medians["ours"] / medians["same"], 2),
        "events_ratio_rows_bare": round(medians["ours"] / medians["bare"], 2),
    }


def _agree(arrow: Any, ours: pl.DataFrame) -> None:
    """The hand-written query must count what we count."""
    keys = ["a", "b", "month"]
    theirs = pl.from_arrow(arrow).with_columns(pl.col("month").cast(pl.Date)).sort(keys)
    ours = ours.sort(keys)
    for name in ("events", "verbal_cooperation", "material_conflict", "reports", "articles"):
        if not theirs[name].cast(pl.Int64).equals(ours[name]):
            raise AssertionError(f"the hand-written SQL differs in {name}")
    if not ((theirs["balance"] - ours["balance"]).abs().max() < 1e-5):
        raise AssertionError("the hand-written SQL differs in balance")


def engines_equal(folder: Path) -> bool:
    """Whether all engines give identical rows, from the rows and from the day sums."""
    grown = Grown(folder)
    found = []
    for name in ENGINES:
        with opened(name, _settings(folder)) as engine:
            for files in (grown.files(), DailySums(grown).files()):
                found.append(engine.collect(pair_series(engine.scan(files))).sort("a", "b", "month"))
    return found[0].height > 0 and all(found[0].equals(other) for other in found[1:])


def exports(folder: Path, rows: int = EXPORT_ROWS, *, rounds: int = 3) -> dict[str, Any]:
    """Rows per second of our reader over those of gdeltPyR, on the same files in turn, each the best of its rounds."""
    lines = grow.raw_lines(sample_files())
    paths = grow.grow_exports(lines, folder / "exports", rows, files=max(1, rows // ROWS_A_FILE))
    read = _read(paths)  # what is compiled is compiled now
    python = os.environ.get("MULTIPOLAR_GDELTPYR", sys.executable)
    command = [python, "-c", _THEIRS, *map(str, paths)]
    ours, unpacked, theirs = [], [], []
    pipe = subprocess.PIPE
    with (
        tempfile.TemporaryFile("w+") as complaints,
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=complaints, text=True) as other,
    ):
        for _ in range(rounds):
            ours.append(_seconds(lambda: _read(paths)))
            unpacked.append(_seconds(lambda: _unpack(paths)))
            found = _round(other)
            if found is None:
                complaints.seek(0)
                return {"export_ratio": None, "export_against": f"nothing: {complaints.read().strip()[-200:]}"}
            theirs.append(found)
    if theirs[0]["rows"] != read:
        raise AssertionError(f"they read {theirs[0]['rows']:,} rows, we {read:,}")
    one, many = (min(found[way] for found in theirs) for way in ("one", "many"))
    best = min(one, many)
    return {
        "export_ratio": round(best / min(ours), 1),
        "export_ratio_pool": round(many / min(ours), 1),
        "export_most": round(best / min(unpacked), 1),
        "export_against": theirs[0]["against"],
        "export_rows_per_s": [round(read / seconds) for seconds in (min(ours), best)],
    }


def _read(paths: list[Path]) -> int:
    """Rows of the files, read into event tables."""
    return sum(
        account.rows for batch in batches(paths, _fresh, _refuse) for account in batch.reader.read(batch.files)[1]
    )


def _unpack(paths: list[Path]) -> None:
    """Inflate the files, and no more."""
    with ThreadPoolExecutor() as pool:
        list(pool.map(_inflate, paths))


def _inflate(path: Path) -> int:
    with zipfile.ZipFile(path) as packed:
        return len(packed.read(packed.namelist()[0]))


def _round(other: subprocess.Popen[str]) -> dict[str, Any] | None:
    """One round of gdeltPyR; None if it has ended. What it prints by itself is passed over."""
    if other.stdin is None or other.stdout is None:
        return None
    with suppress(BrokenPipeError):
        os.write(other.stdin.fileno(), b"again\n")
    for line in other.stdout:
        if line.startswith("{"):
            return json.loads(line)
    return None


def _fresh(path: Path, digest: str) -> bool:
    return True


def _refuse(path: Path, error: DataError) -> None:
    raise error


def run(sizes: tuple[int, ...] = SIZES, *, scratch: Path | None = None, rows_size: int = ROWS_SIZE) -> dict[str, Any]:
    """All figures; every table is grown in `scratch` (2 GB for 100 million rows) and removed after use."""
    real, measured, found = samples(), {}, {}
    with tempfile.TemporaryDirectory(prefix="multipolar-events-", dir=scratch) as place:
        for size in sorted({*sizes, EQUAL_SIZE, rows_size}):
            folder = Path(place) / f"{size}m"
            folder.mkdir()
            grow.grow(real, folder / "parts", size * MILLION)
            if size in sizes:
                measured[size] = _apart(folder)
            if size == rows_size:
                found |= from_rows(folder)
            if size == EQUAL_SIZE:
                found["engines_equal"] = engines_equal(folder)
            shutil.rmtree(folder)
        found |= exports(Path(place))
    largest = measured[max(sizes)]
    return {
        "events_rows": max(sizes) * MILLION,
        "events_ratio": round(largest["ratio"], 2),
        "events_ratio_once": round((largest["once"] + largest["ours"]) / largest["bare"], 1),
        "events_mb": largest["mb"],
        "events_sizes": list(sizes),
        "events_s_per_million": [round(measured[size]["ours"] / size, 4) for size in sizes],
        "events_once_s_per_million": [round(measured[size]["once"] / size, 3) for size in sizes],
        "events_bare_s_per_million": [round(measured[size]["bare"] / size, 4) for size in sizes],
        **found,
    }


def _apart(folder: Path) -> dict[str, Any]:
    """`measure` in a process of its own."""
    words = [sys.executable, __file__, "--measure", str(folder)]
    return json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


def _settings(folder: Path) -> Settings:
    return Settings(memory_mb=2_500, temporary=folder)


def _sql(files: list[Path]) -> str:
    return f"read_parquet({[str(path) for path in files]})"


def _seconds(do: Callable[[], Any]) -> float:
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def main() -> None:
    """Print one line of JSON."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="million rows")
    words.add_argument("--scratch", type=Path, help="where to grow the tables")
    words.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = words.parse_args()
    print(json.dumps(measure(given.measure) if given.measure else run(tuple(given.sizes), scratch=given.scratch)))


if __name__ == "__main__":
    main()
