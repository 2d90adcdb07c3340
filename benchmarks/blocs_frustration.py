"""Frustration of the windows of the Correlates of War with a proof, beside HiGHS's plain model, and of dense networks of states.

Ends with one line of JSON: windows_proven (of 51), window_s_max (seconds of the slowest, each the fastest of three runs),
highs_ratio (seconds of HiGHS on the XOR model of Aref, Mason & Wilson 2020, over those of our first runs, all windows), dense_gap
and dense_s (largest gap between index and bound, as a share of the index, and longest time over dense networks of 158 and
193 states), communities_s (the slowest of them). On stderr: each.

    python benchmarks/blocs_frustration.py [folder of shared data sets]
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from multipolar.blocs.arrays.communities import communities
from multipolar.blocs.arrays.frustration import frustration
from multipolar.blocs.arrays.signed import Floats, edges, from_edges

SHARED = Path(os.environ.get("MULTIPOLAR_SHARED", Path(__file__).resolve().parents[2] / "shared"))
#: Seconds given to a dense network, and to HiGHS for a window.
DENSE_S, HIGHS_S = 50.0, 60.0
#: Sessions of the General Assembly whose votes make networks.
SESSIONS = (40, 74)


def windows(folder: Path) -> Iterator[tuple[int, Floats]]:
    """Year and network of each window."""
    rows = pl.read_csv(folder / "tables" / "doreian_mrvar_cow_signed.csv")
    for (year,), part in rows.group_by("index_year_assumed", maintain_order=True):
        names = sorted(set(part["i"]) | set(part["j"]))
        at = {name: place for place, name in enumerate(names)}
        yield year, from_edges(len(names), [at[i] for i in part["i"]], [at[j] for j in part["j"]], part["sign"])


def plain(weights: Floats) -> tuple[float, float]:
    """Index and seconds of HiGHS on the XOR model: a whole variable for each node and tie, the busiest node held.

    A tie is unsatisfied, f = 1, if positive with ends apart (f >= x_i - x_j, f >= x_j - x_i) or negative with ends together
    (f >= x_i + x_j - 1, f >= 1 - x_i - x_j).
    """
    ties, n = edges(weights), len(weights)
    m = len(ties.i)
    row, sign = np.arange(m), np.sign(ties.weight)
    columns = np.tile(np.concatenate([n + row, ties.i, ties.j]), 2)
    ones = np.ones(m)
    values = np.concatenate([ones, -ones, sign, ones, ones, -sign])
    matrix = csr_array((values, (np.concatenate([row] * 3 + [m + row] * 3), columns)), shape=(2 * m, n + m))
    least = np.concatenate([np.where(sign > 0, 0.0, -1.0), np.where(sign > 0, 0.0, 1.0)])
    top = np.ones(n + m)
    top[np.argmax(np.count_nonzero(weights, axis=1))] = 0.0
    start = perf_counter()
    solved = milp(
        np.concatenate([np.zeros(n), np.abs(ties.weight)]),
        integrality=np.ones(n + m),
        bounds=Bounds(0.0, top),
        constraints=LinearConstraint(matrix, least, np.inf),
        options={"time_limit": HIGHS_S},
    )
    return float(solved.fun), perf_counter() - start


class Windows(NamedTuple):
    """What the windows gave."""

    proven: int
    slowest: float
    ratio: float


def measured_windows(folder: Path) -> Windows:
    """Every window by both, one after the other, compiled before."""
    seconds, fastest, theirs, proven = [], [], [], 0
    for year, weights in windows(folder):
        if not seconds:
            frustration(weights)
        runs = []
        for _ in range(3):
            start = perf_counter()
            made = frustration(weights)
            runs.append(perf_counter() - start)
        seconds.append(runs[0])
        fastest.append(min(runs))
        index, took = plain(weights)
        theirs.append(took)
        proven += made.proven
        if round(index) != made.index:
            sys.exit(f"{year}: {made.index} here, {index} by HiGHS's plain model")
        ours = f"{seconds[-1]:.3f} s (at best {fastest[-1]:.3f} s)"
        print(f"{year}: {len(weights)} states, index {made.index:.0f}, {ours}, HiGHS {took:.3f} s", file=sys.stderr)
    return Windows(proven, max(fastest), sum(theirs) / sum(seconds))


def noisy(n: int, groups: int, noise: float) -> Floats:
    """Signs of a complete network of groups, some of them turned at random."""
    made = np.random.default_rng(groups)
    group = made.integers(0, groups, n)
    signs = np.where(group[:, None] == group[None, :], 1.0, -1.0)
    turned = np.triu(made.random((n, n)) < noise, 1)
    signs[turned | turned.T] *= -1
    np.fill_diagonal(signs, 0.0)
    return signs


def assembly(folder: Path, session: int) -> Floats:
    """Correlations of votes (yes 1, abstain 0, no -1) less each roll call's mean, over the roll calls both took part in."""
    votes = folder / "data" / "unvotes_dgrtwo"
    calls = pl.read_csv(votes / "un_roll_calls.csv.gz", columns=["rcid", "session"]).cast(pl.Int32)
    cast = pl.read_csv(votes / "un_votes.csv.gz", columns=["rcid", "country", "vote"]).cast({"rcid": pl.Int32})
    some = cast.join(calls.filter(pl.col("session") == session), on="rcid")
    wide = some.with_columns(pl.col("vote").replace_strict({"yes": 1.0, "abstain": 0.0, "no": -1.0})).pivot(
        "rcid", index="country", values="vote"
    )
    choice = wide.drop("country").to_numpy().astype(float)
    less = np.nan_to_num(choice - np.nanmean(choice, axis=0))
    spread = np.sqrt((less * less) @ np.isfinite(choice).T.astype(float))
    made = less @ less.T / np.maximum(spread * spread.T, 1e-12)
    np.fill_diagonal(made, 0.0)
    return np.asarray((made + made.T) / 2)


def dense(folder: Path) -> Iterator[tuple[str, Floats]]:
    """Networks in which nearly all pairs have a tie."""
    for groups in (2, 3, 5):
        yield f"193 states, {groups} groups, a fifth of the ties turned", noisy(193, groups, 0.2)
    for session in SESSIONS:
        net = assembly(folder, session)
        yield f"{len(net)} states, votes of session {session}", net


def main() -> None:
    """Measure and print."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED
    if not (folder / "tables" / "doreian_mrvar_cow_signed.csv").is_file():
        sys.exit(f"expected tables/doreian_mrvar_cow_signed.csv in {folder}: name the folder of the shared data sets")
    found = measured_windows(folder)
    gaps, seconds, grouping = [], [], []
    communities(noisy(10, 2, 0.2))
    for name, net in dense(folder):
        start = perf_counter()
        made = frustration(net, time_limit=DENSE_S)
        seconds.append(perf_counter() - start)
        gaps.append((made.index - made.bound) / made.index)
        start = perf_counter()
        groups = communities(net)
        grouping.append(perf_counter() - start)
        print(
            f"{name}: index {made.index:.6g}, bound {made.bound:.6g}{' (proven)' if made.proven else ''}, {seconds[-1]:.1f} s; "
            f"{groups.count} communities, modularity {groups.modularity:.3f}, {grouping[-1]:.2f} s",
            file=sys.stderr,
        )
    print(json.dumps({
        "windows_proven": found.proven,
        "window_s_max": round(found.slowest, 3),
        "highs_ratio": round(found.ratio, 2),
        "dense_gap": round(max(gaps), 5),
        "dense_s": round(max(seconds), 1),
        "communities_s": round(max(grouping), 3),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
