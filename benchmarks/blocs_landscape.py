"""The landscape of Axelrod & Bennett, timed; the last line is JSON: ``python benchmarks/blocs_landscape.py``.

`landscape_ms`: all 65,536 divisions of 17 states, their minima and exact basins (best of ten); the same of 20 states; and 200
draws of 16 states. With the shared data sets beside the checkout, also how many of 17 nations the recoded propensities of 1938
put on the sides that the paper predicted, and that were taken.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.blocs.arrays import flow, landscape

TABLES = Path(os.environ.get("MULTIPOLAR_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "tables"


def drawn(n: int, *count: int) -> NDArray[np.float64]:
    """Random ties of n states."""
    upper = np.triu(np.random.default_rng(17).standard_normal((*count, n, n)), 1)
    return upper + np.swapaxes(upper, -1, -2)


def milliseconds(run: Callable[[], object], times: int) -> float:
    """The least of some runs, after one that compiles."""
    run()
    taken = []
    for _ in range(times):
        start = perf_counter()
        run()
        taken.append(perf_counter() - start)
    return round(1000 * min(taken), 1)


def recoded(year: int) -> dict[str, int]:
    """Nations of 17 that the deepest minimum of the recoding puts on the published sides."""
    nations = pl.read_csv(TABLES / "axelrod_bennett_nations.csv")
    names = nations["nation"].to_list()
    p = np.zeros((17, 17))
    for column in ("religion_recode", "regime_1936_recode"):
        kind = nations[column].to_numpy()
        p += np.where(kind[:, None] == kind, 1.0, -1.0)
    np.fill_diagonal(p, 0.0)
    for a, b, *against in pl.read_csv(TABLES / "axelrod_bennett_recoded_pairs.csv").iter_rows():
        i, j = names.index(a), names.index(b)
        p[i, j] = p[j, i] = p[i, j] - sum(against)
    found = landscape.landscape(landscape.couplings(nations[f"cinc_{year}"].to_numpy(), p))
    sides = {"predicted": nations["predicted_side_AB1993"], "taken": nations["actual_side"]}
    same = {kind: int((found.sides[0] == side.to_numpy() - 1).sum()) for kind, side in sides.items()}
    return {f"recoded_{year}_as_{kind}": max(number, 17 - number) for kind, number in same.items()}


def limit_error() -> float:
    """Largest difference between X / |X| just before the flow's end and v v'."""
    ties = drawn(16)
    end = flow.limit(ties)
    grown = flow.flow(ties, end.time * (1 - 1e-13))
    return float(np.abs(grown / np.linalg.norm(grown) - np.outer(end.vector, end.vector)).max())


def main() -> int:
    """Measure, and print one line."""
    seventeen, twenty, many = drawn(17), drawn(20), drawn(16, 200)
    made: dict[str, Any] = {
        "landscape_ms": milliseconds(lambda: landscape.landscape(seventeen), 10),
        "landscape_20_ms": milliseconds(lambda: landscape.landscape(twenty), 3),
        "posterior_200_ms": milliseconds(lambda: landscape.posterior(many), 2),
        "flow_limit_error": limit_error(),
    }
    if TABLES.is_dir():
        made |= recoded(1938)
    print(json.dumps(made))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
