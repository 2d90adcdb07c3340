"""What each choice in reading the world is worth: held-out log scores of the alternatives, on a part of all pairs since 1946.

``python benchmarks/ties_choices.py [--record DIR] [--every N]`` prints one line of JSON a variant: the mean log score of hidden
cells, of single ``cells`` and of ``blocks`` (all of an indicator of a pair), the same with every indicator counting alike, and
for pairs of which fewer than 30 cells are left. One thing is changed at a time from what `multipolar.ties.estimate` does.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import numpy as np
import polars as pl
from ties_core import FIRST, LAST, make, told

from multipolar.indicators import Panel, Scope, pair_months
from multipolar.record import Record
from multipolar.ties import arrays, estimation, held_out, reading
from multipolar.ties.arrays import em
from multipolar.ties.arrays.borrowing import Borrowed
from multipolar.world import World

SPARSE = 30


def years(*starts: int) -> tuple[date, ...]:
    """First days of eras."""
    return (date(1946, 1, 1), *(date(year, 1, 1) for year in starts))


def nothing_turns(cells: pl.DataFrame, pairs: int) -> arrays.Quick:
    """No month lasts longer."""
    return arrays.Quick(np.zeros(pairs + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int32))


def nothing_borrowed(pairs: pl.DataFrame, mean: Any, var: Any, tau2: float) -> Borrowed:
    """Every pair's prior level is that of all."""
    return Borrowed(np.zeros(pairs.height), tau2, np.zeros(0), np.zeros((0, 0)), np.zeros(0), 0.0)


def most(months: float) -> list[Any]:
    """Months last longer by at most so much."""
    return [patch.object(em, "QUICKEN_MAX", months), patch.object(em, "QUICKEN_FIRST", min(months, 6.0))]


VARIANTS: dict[str, Callable[[], list[Any]]] = {
    "as it is": list,
    "one era": lambda: [patch.object(reading, "ERAS", years())],
    "two eras": lambda: [patch.object(reading, "ERAS", years(1992))],
    "seven eras": lambda: [patch.object(reading, "ERAS", years(1956, 1966, 1976, 1992, 2004, 2014))],
    "no month lasts longer": lambda: [patch.object(reading, "turns", nothing_turns)],
    "longer by 6 months at most": lambda: most(6.0),
    "longer by 60 months at most": lambda: most(60.0),
    "nothing borrowed": lambda: [patch.object(estimation, "_borrow", nothing_borrowed)],
    "prior of 10,000": lambda: [patch.object(estimation, "PRIOR_STRENGTH", 1e4)],
    "prior of 1,000, noise 10 % or more": lambda: [
        patch.object(estimation, "PRIOR_STRENGTH", 1e3), patch.object(estimation, "NOISE_FLOOR", 0.1),
    ],
    "disputes around their own mean": lambda: [patch.object(estimation, "_usual", lambda means, eras: means)],
}  # fmt: skip


def scores(panel: Panel) -> Iterator[dict[str, Any]]:
    """Scores of all variants."""
    for name, patches in VARIANTS.items():
        row: dict[str, Any] = {"variant": name}
        for hide in ("cells", "blocks"):
            with ExitStack() as stack:
                for one in patches():
                    stack.enter_context(one)
                frame = held_out(panel, hide=hide).frame  # type: ignore[arg-type]
            z = (pl.col("value") - pl.col("mean")) / pl.col("sd")
            frame = frame.with_columns(score=-0.5 * (2 * np.pi * pl.col("sd") ** 2).log() - z**2 / 2)
            left = panel.cells.join(frame, on=["a", "b", "month", "indicator"], how="anti").group_by("a", "b").len()
            few = frame.join(left.filter(pl.col("len") < SPARSE), on=["a", "b"], how="semi")
            alike = frame.group_by("indicator").agg(pl.col("score").mean(), pl.len()).filter(pl.col("len") >= 50)
            row |= {
                hide: round(float(frame["score"].to_numpy().mean()), 4),
                f"{hide}_alike": round(float(alike["score"].to_numpy().mean()), 4),
                f"{hide}_sparse": round(float(few["score"].to_numpy().mean()), 4) if few.height else None,
            }
        yield row


def run(folder: Path, every: int) -> None:
    """Print the scores, from a record in a folder."""
    world = World(Record.open(folder).view(), since=FIRST)
    whole = pair_months(Scope(world.view, world.actors, FIRST, LAST))
    number = pl.struct("a", "b").rank("dense") % every == 0
    panel = Panel(whole.scope, whole.cells.filter(number))
    told(f"{panel.cells.height:,} cells")
    for row in scores(panel):
        print(json.dumps(row), flush=True)


def main(arguments: list[str]) -> int:
    """Take the arguments, and print a line a variant."""
    every = int(arguments[arguments.index("--every") + 1]) if "--every" in arguments else 8
    if "--record" in arguments:
        run(Path(arguments[arguments.index("--record") + 1]), every)
        return 0
    shared = Path(os.environ.get("MULTIPOLAR_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
    if not (shared / "README.md").is_file():
        print(json.dumps(None))
        return 0
    with TemporaryDirectory() as folder:
        run(make(Path(folder), shared), every)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
