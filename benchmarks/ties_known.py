"""Ties of all pairs as known at the end of each year since 1946, for forecasts that may not look ahead.

``python benchmarks/ties_known.py --out FILE.parquet [--record DIR]`` writes the columns a, b, year, tie, sd. Parameters are
estimated from what was observed before each of 1985, 1990, ..., 2020 and used for the five years from then on (those of 1985 for
the years before); each year's tie is filtered, so that nothing later moves it. Pairs of which too little is known in a year are
left out.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
from ties_core import FIRST, LAST, make, told

from multipolar.indicators import Panel, Scope, pair_months
from multipolar.record import Record
from multipolar.ties import ENOUGH, as_known_then, estimate
from multipolar.world import World

ORIGINS = tuple(range(1985, 2025, 5))


def until(panel: Panel, last: date) -> Panel:
    """What was observed up to a day."""
    from dataclasses import replace

    return Panel(replace(panel.scope, last=last), panel.cells.filter(pl.col("month") <= last))


def known(panel: Panel) -> pl.DataFrame:
    """The ties of every year, as known at its end."""
    frames, first = [], FIRST.year
    for origin in ORIGINS:
        told(f"before {origin}")
        fitted = estimate(until(panel, date(origin - 1, 12, 31)))
        last = min(origin + 4, LAST.year)
        ties = as_known_then(estimate(until(panel, date(last, 12, 31)), fitted))
        for year in range(first, last + 1):
            column = ties.grid.index(date(year, 12, 1))
            columns = {"tie": ties.mean[:, column], "sd": np.sqrt(ties.var[:, column])}
            enough = pl.Series(ties.kinds_at(column) >= ENOUGH)
            frames.append(ties.pairs.select("a", "b", year=pl.lit(year)).with_columns(**columns).filter(enough))
        first = last + 1
    return pl.concat(frames)


def main() -> None:
    """Write the file, and print one line of JSON."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--out", type=Path, required=True)
    asked.add_argument("--record", type=Path, help="take this record instead of making one")
    given = asked.parse_args()
    shared = Path(os.environ.get("MULTIPOLAR_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
    if given.record is None and not (shared / "README.md").is_file():
        print(json.dumps({"known_rows": None, "known_s": None}))
        return
    with TemporaryDirectory() as folder:
        world = World(Record.open(given.record or make(Path(folder), shared)).view(), since=FIRST)
        panel = pair_months(Scope(world.view, world.actors, FIRST, LAST))
        begin = time.perf_counter()
        frame = known(panel)
        frame.write_parquet(given.out)
        print(json.dumps({"known_rows": frame.height, "known_s": round(time.perf_counter() - begin, 1)}))


if __name__ == "__main__":
    main()
