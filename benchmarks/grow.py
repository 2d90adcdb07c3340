"""Grow event data of GDELT's shape from two real files of 15 minutes to any size: ``python benchmarks/grow.py FOLDER ROWS``.

What is kept of the real rows: how often states meet (half of the grown rows keep the pair of a real one, the others take each
side from a row of its own, so that the tail of rare pairs grows with size as it does in the world), which acts they report, the
score that belongs to an act, and the joint figures of coverage. What is made up: the days, spread over 2015 to 2024 with
weeks and a slow growth, and the delay until an event is known (none for most, a week, a month for some, as in GDELT).
Rows that tell one event come about as they do in the real data: a frequent pair does the same thing again on the same day.

The same arguments give the same rows. Rows are made and written a month at a time, so that memory does not depend on size.
"""

from __future__ import annotations

import argparse
import gzip
import io
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

FIRST: Final = date(2015, 1, 1)
LAST: Final = date(2024, 12, 31)
#: Share of rows that keep the pair, and the act, of one real row.
KEPT: Final = 0.5
#: Days from an event to its report, and their shares.
DELAYS: Final = np.array([0, 1, 7, 30])
SHARES: Final = np.array([0.86, 0.08, 0.04, 0.02])
#: Columns of a raw export file that hold days and ids.
_ID, _SQLDATE, _MONTH, _YEAR, _FRACTION, _ADDED = 0, 1, 2, 3, 4, 59
COLUMNS: Final = 61


def grow(samples: pl.DataFrame, folder: Path, rows: int, *, seed: int = 1) -> list[Path]:
    """Write `rows` rows of the event table, one Parquet file for each month of reports.

    Parameters
    ----------
    samples : DataFrame
        Rows of a real event table (`multipolar.sources.events.table.SCHEMA`).
    folder : Path
        Must not hold files yet.
    rows : int
    seed : int
        Of the random draws.

    Returns
    -------
    list of Path
        The files, in order.
    """
    folder.mkdir(parents=True)
    files = []
    for number, (first, last, count) in enumerate(months(rows)):
        rng = np.random.default_rng([seed, number])
        path = folder / f"{first:%Y-%m}.parquet"
        _month(samples, rng, first, last, count, number).write_parquet(path, compression="zstd", row_group_size=122_880)
        files.append(path)
    return files


def months(rows: int) -> Iterator[tuple[date, date, int]]:
    """First day, last day and number of rows of each month; the numbers add up to `rows` and grow by half over the years."""
    firsts = [date(year, month, 1) for year in range(FIRST.year, LAST.year + 1) for month in range(1, 13)]
    weights = np.linspace(1.0, 1.5, len(firsts))
    edges = np.rint(np.concatenate([[0.0], np.cumsum(weights) / weights.sum()]) * rows).astype(int)
    for first, count in zip(firsts, np.diff(edges), strict=True):
        last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        yield first, last, int(count)


def _month(
    samples: pl.DataFrame, rng: np.random.Generator, first: date, last: date, n: int, number: int
) -> pl.DataFrame:
    known, day = _days(rng, first, last, n)
    row, first_side, other_side, act = (rng.integers(0, samples.height, n) for _ in range(4))
    own = (rng.random(n) < KEPT) | _met(samples, first_side, other_side)
    a, b = np.where(own, row, first_side), np.where(own, row, other_side)
    what = np.where(rng.random(n) < KEPT, row, act)
    told = rng.integers(0, samples.height, n)
    taken = {
        "a": a, "b": b, **dict.fromkeys(("kind", "mode", "cameo", "goldstein"), what), "place": row,
        **dict.fromkeys(("reports", "sources", "articles", "tone"), told),
    }  # fmt: skip
    columns = {name: samples[name].gather(index) for name, index in taken.items()}
    frame = pl.DataFrame(columns).with_columns(
        (pl.int_range(pl.len()) + number * 10_000_000).cast(pl.String).alias("event"),
        pl.Series("day", day),
        pl.Series("known", known),
        rows=pl.lit(1, pl.Int32),
        reports=pl.col("reports") + pl.Series(rng.integers(0, 3, n).astype(np.int32)),
        tone=pl.col("tone") + pl.Series(rng.normal(0.0, 0.5, n).astype(np.float32)),
    )
    return frame.select(samples.columns).sort("a", "b", "day", "cameo")  # as an archive sorts its parts


def _met(samples: pl.DataFrame, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Whether both rows would give the same state."""
    names = pl.concat([samples["a"], samples["b"]]).unique(maintain_order=True).drop_nulls().to_list()
    sides = [samples[name].replace_strict(names, range(len(names)), default=-1, return_dtype=pl.Int32) for name in "ab"]
    return sides[0].to_numpy()[a] == sides[1].to_numpy()[b]


def _days(rng: np.random.Generator, first: date, last: date, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Days of reports, fewer at weekends, and of the events that they tell."""
    days = np.arange(np.datetime64(first), np.datetime64(last) + 1)
    weekend = np.is_busday(days)
    weights = np.where(weekend, 1.0, 0.6)
    known = days[rng.choice(len(days), n, p=weights / weights.sum())]
    return known, known - rng.choice(DELAYS, n, p=SHARES).astype("timedelta64[D]")


def raw_lines(paths: list[Path]) -> list[list[str]]:
    """Rows of raw export files, cell by cell."""
    lines = []
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
            lines += [line.rstrip("\n").split("\t") for line in file]
    return [line for line in lines if len(line) == COLUMNS]


def grow_exports(lines: list[list[str]], folder: Path, rows: int, *, files: int = 24, seed: int = 1) -> list[Path]:
    """Write raw export files (``YYYYMMDDHHMMSS.export.CSV.zip``, 61 columns) with `rows` rows in all.

    Parameters
    ----------
    lines : list of list of str
        Real rows (`raw_lines`).
    folder : Path
    rows : int
    files : int
        How many to spread them over, one a quarter of an hour from 2018-03-26 on.
    seed : int
    """
    folder.mkdir(parents=True)
    table = pl.DataFrame(lines, schema=[f"c{k}" for k in range(COLUMNS)], orient="row")
    written = []
    for number in range(files):
        rng = np.random.default_rng([seed, number])
        time = np.datetime64("2018-03-26T00:00:00") + np.timedelta64(15, "m") * number
        stamp = str(time).translate(str.maketrans("", "", "-T:"))
        count = rows // files + (number < rows % files)
        text = io.BytesIO()
        _dated(table, rng, time, stamp, count, number).write_csv(
            text, separator="\t", include_header=False, quote_style="never", null_value=""
        )
        path = folder / f"{stamp}.export.CSV.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(f"{stamp}.export.CSV", text.getvalue())
        written.append(path)
    return written


def _dated(
    table: pl.DataFrame, rng: np.random.Generator, time: np.datetime64, stamp: str, n: int, number: int
) -> pl.DataFrame:
    """Real rows with an id, a day of the event and a time of the report of their own."""
    day = time.astype("datetime64[D]") - rng.choice(DELAYS, n, p=SHARES).astype("timedelta64[D]")
    days = pl.Series("day", day)
    said = {
        _ID: (pl.int_range(pl.len()) + 700_000_000 + number * 1_000_000).cast(pl.String),
        _SQLDATE: days.dt.strftime("%Y%m%d"),
        _MONTH: days.dt.strftime("%Y%m"),
        _YEAR: days.dt.strftime("%Y"),
        _FRACTION: (days.dt.year() + days.dt.ordinal_day() / 365.25).round(4).cast(pl.String),
        _ADDED: pl.lit(stamp),
    }
    return table[rng.integers(0, table.height, n)].with_columns(**{f"c{k}": value for k, value in said.items()})


def main() -> None:
    """Grow an event table from the real samples."""
    import events

    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("folder", type=Path)
    words.add_argument("rows", type=int)
    words.add_argument("--exports", action="store_true", help="raw export files instead of the event table")
    given = words.parse_args()
    if given.exports:
        grow_exports(raw_lines(events.sample_files()), given.folder, given.rows)
    else:
        grow(events.samples(), given.folder, given.rows)


if __name__ == "__main__":
    main()
