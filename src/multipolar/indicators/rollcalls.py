"""One roll call told twice is one roll call: the same vote under the ids of two publishers.

A resolution has a symbol with the United Nations (``A/RES/68/262``) and a number in a data set (``UNGA:4953:2014-03-27``).
Both can be in one record. Ids of one scheme are taken to be different roll calls, however alike; across schemes, two roll
calls of one month in which (nearly) all states that are in both chose alike are the same, and the one with fewer voters is
left out.
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
    schemed = votes.with_columns(scheme=scheme)
    mixed = schemed.group_by("month").agg(pl.col("scheme").n_unique()).filter(pl.col("scheme") > 1)["month"]
    out: list[str] = []
    for month in mixed.sort():
        out += _of_month(schemed.filter(pl.col("month") == month))
    return out


def _of_month(votes: pl.DataFrame) -> list[str]:
    wide = votes.sort("a").pivot(on="a", index=["rollcall", "scheme"], values="value", maintain_order=True)
    size = votes.group_by("rollcall").agg(size=pl.len())
    wide = wide.join(size, on="rollcall").sort("size", "rollcall", descending=[True, False])
    choices = wide.drop("rollcall", "scheme", "size").cast(pl.Float64).to_numpy()
    ids, schemes = wide["rollcall"].to_list(), wide["scheme"].to_list()
    out: list[str] = []
    for row in range(1, len(ids)):
        fuller = [other for other in range(row) if schemes[other] != schemes[row] and ids[other] not in out]
        if any(_same(choices[row], choices[other]) for other in fuller):
            out.append(ids[row])
    return out


def _same(one: Floats, other: Floats) -> bool:
    both = np.isfinite(one) & np.isfinite(other)
    return bool(both.sum() >= COMMON and (one[both] == other[both]).mean() >= ALIKE)
