"""One roll call told twice is one roll call: the same vote under the ids of two publishers.

A resolution has a symbol with the United Nations (``A/RES/68/262``) and a number in a data set (``UNGA:4953:2014-03-27``).
Both can be in one record. Ids of one scheme are taken to be different roll calls, however alike; across schemes, two roll
calls of one month in which (nearly) all states that are in both chose alike are the same, and the one with fewer voters is
left out. Many roll calls of a month look alike, so they are paired one to one, those that are most alike first: a roll call
that only one publisher tells is never taken for the double of another.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

#: Two roll calls are the same if at least this many states are in both, and this share of them chose alike. Data sets
#: differ in a few choices in a thousand.
COMMON: Final = 20
ALIKE: Final = 0.97

Floats = NDArray[np.float64]


def told_twice(votes: pl.DataFrame) -> list[str]:
    """Ids of roll calls that another id, of another scheme, tells as fully.

    Parameters
    ----------
    votes : DataFrame
        Columns rollcall, a (voter), month, value; one row a choice.

    Returns
    -------
    list of str
        The ids to leave out.
    """
    scheme = pl.col("rollcall").str.extract(r"^([A-Za-z]+)", 1).fill_null("")
    once = votes.unique(["rollcall", "a"], keep="first", maintain_order=True)  # two sources may share an id
    schemed = once.with_columns(scheme=scheme)
    mixed = schemed.group_by("month").agg(pl.col("scheme").n_unique()).filter(pl.col("scheme") > 1)["month"]
    months = schemed.filter(pl.col("month").is_in(mixed.implode())).sort("month", maintain_order=True)
    return [id for month in months.partition_by("month", maintain_order=True) for id in _of_month(month)]


def _of_month(votes: pl.DataFrame) -> list[str]:
    """Ids of the roll calls of one month that a fuller one tells."""
    wide = votes.sort("a").pivot(on="a", index=["rollcall", "scheme"], values="value", maintain_order=True)
    size = votes.group_by("rollcall").agg(size=pl.len())
    wide = wide.join(size, on="rollcall").sort("size", "rollcall", descending=[True, False])
    choices = wide.drop("rollcall", "scheme", "size").cast(pl.Float64).to_numpy()
    ids, schemes = wide["rollcall"].to_list(), wide["scheme"].to_list()
    groups = [{row} for row in range(len(ids))]
    for one, other in _alike(choices):
        held, joining = groups[one], groups[other]
        if not {schemes[row] for row in held} & {schemes[row] for row in joining}:
            held |= joining
            for row in joining:
                groups[row] = held
    return [ids[row] for row, group in enumerate(groups) if row != min(group)]  # rows are sorted, the fullest first


def _alike(choices: Floats) -> list[tuple[int, int]]:
    """Pairs of rows that may be the same roll call, the most alike first; of equals, those with most voters in common."""
    present = np.isfinite(choices).astype(np.float64)
    common = present @ present.T
    same = sum(cast @ cast.T for cast in (np.where(choices == value, 1.0, 0.0) for value in (1.0, 0.0, -1.0)))
    share = np.divide(same, common, out=np.zeros_like(common), where=common > 0)
    rows, columns = np.nonzero(np.triu((common >= COMMON) & (share >= ALIKE), 1))
    order = np.lexsort((columns, rows, -common[rows, columns], -share[rows, columns]))
    return [(int(rows[i]), int(columns[i])) for i in order]
