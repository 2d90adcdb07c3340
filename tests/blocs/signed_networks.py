"""Signed networks that several tests share, and brute force to hold the clever ways against."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import strategies as st

from multipolar.blocs.arrays.signed import from_edges


def table(shared: Path, name: str) -> pl.DataFrame:
    """A published table, or a skip that says what is missing."""
    path = shared / "tables" / name
    if not path.is_file():
        pytest.skip(f"needs tables/{name} of the shared folder")
    return pl.read_csv(path)


def from_rows(rows: pl.DataFrame, one: str, two: str) -> np.ndarray:
    names = sorted(set(rows[one]) | set(rows[two]))
    at = {name: place for place, name in enumerate(names)}
    return from_edges(len(names), [at[n] for n in rows[one]], [at[n] for n in rows[two]], rows["sign"])


def highland(shared: Path) -> np.ndarray:
    """The tribes of the Gahuku-Gama (Read 1954)."""
    return from_rows(table(shared, "highland_tribes_read1954.csv"), "from", "to")


def windows(shared: Path) -> Iterator[tuple[int, np.ndarray]]:
    """The networks of the Correlates of War (Doreian & Mrvar), by year."""
    rows = table(shared, "doreian_mrvar_cow_signed.csv")
    for (year,), part in rows.group_by("index_year_assumed", maintain_order=True):
        yield year, from_rows(part, "i", "j")


def partitions(n: int, most: int) -> Iterator[np.ndarray]:
    """All ways to divide n nodes into at most `most` camps, each once."""

    def grow(camps: list[int], used: int) -> Iterator[np.ndarray]:
        if len(camps) == n:
            yield np.array(camps, dtype=np.int64)
            return
        for camp in range(min(used + 1, most)):
            yield from grow([*camps, camp], max(used, camp + 1))

    return grow([], 0)


def left(weights: np.ndarray, camps: np.ndarray) -> float:
    """Weight of the unsatisfied ties, tie by tie."""
    total = 0.0
    for i in range(len(weights)):
        for j in range(i):
            same, w = camps[i] == camps[j], weights[i, j]
            total += max(w, 0.0) if not same else max(-w, 0.0)
    return total


def least(weights: np.ndarray, most: int) -> float:
    """The line index by trying every division."""
    return min((left(weights, camps) for camps in partitions(len(weights), most)), default=0.0)


def balance(n: int, groups: int, noise: float, seed: int) -> np.ndarray:
    """Signs of a complete network: friends within groups and foes between, some of them turned."""
    made = np.random.default_rng(seed)
    group = made.integers(0, groups, n)
    signs = np.where(group[:, None] == group[None, :], 1.0, -1.0)
    turned = np.triu(made.random((n, n)) < noise, 1)
    signs[turned | turned.T] *= -1
    np.fill_diagonal(signs, 0.0)
    return signs


@st.composite
def networks(draw, largest: int = 9, whole: bool = False) -> np.ndarray:
    """Signed networks, sparse and dense, with whole or real weights."""
    n = draw(st.integers(0, largest))
    made = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    kept = made.random((n, n)) < draw(st.sampled_from([0.3, 0.6, 1.0]))
    weights = made.integers(-3, 4, (n, n)).astype(float) if whole or draw(st.booleans()) else made.normal(size=(n, n))
    upper = np.triu(weights * kept, 1)
    return upper + upper.T
