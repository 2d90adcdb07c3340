"""The stage of every pair in every year: the highest level of hostility of its militarised disputes, 0 to 5.

The sources code a dispute as a whole: its level is that of all its years, though it may have been reached in one of them
(the publishers' yearly files do the same). Gibler, Miller and Little's disputes are preferred as far as they reach (2010),
then those of Correlates of War (2014), then whatever else is on record; a pair's year is told by one of them. Where no
source lists all disputes, a pair without one on record is *not known*, and is never at stage 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl

from multipolar.measures.arrays.stages import MISSING, Stages
from multipolar.measures.stage_years import Grid, grid, told
from multipolar.record import View

#: What the stages are called (Jones, Bremer & Singer 1996; Maoz 1982 for the levels).
NAMES: Final = (
    "no militarised dispute",
    "dispute without militarised action",
    "threat to use force",
    "display of force",
    "use of force",
    "war",
)
#: Beginnings of keys of sources of disputes, the one preferred most first.
PREFERRED: Final = ("gml-mid", "cow-mid:", "cow-mid-dyadic", "mid5", "cow-mid-participants")
#: First year of the table unless another is asked for.
SINCE: Final = 1946


@dataclass(frozen=True)
class StageYears:
    """Stages of all pairs, as arrays.

    Attributes
    ----------
    grid : Grid
        States and years.
    stage : array of int, shape (pairs, years)
        0 to 5, `arrays.stages.MISSING` where nobody says.
    source : array of int, shape (pairs, years)
        Place in `sources`, -1 where nobody says.
    sources : tuple of str
        Beginnings of keys of sources; "" stands for all those that are not preferred.
    complete : array of bool, shape (pairs, years)
        Whether a list of all disputes speaks of the pair in that year. Elsewhere only single disputes are on record: years with
        one are known and years without are not, so that what follows a dispute cannot be counted there.
    """

    grid: Grid
    stage: Stages
    source: np.ndarray[tuple[int, int], np.dtype[np.int8]]
    sources: tuple[str, ...]
    complete: np.ndarray[tuple[int, int], np.dtype[np.bool_]]

    @property
    def listed(self) -> Stages:
        """Stages of the years of which a list of all disputes speaks; `MISSING` elsewhere."""
        return np.where(self.complete, self.stage, np.int8(MISSING))

    def complete_until(self) -> int | None:
        """Last year of which a list of all disputes speaks; None if none does."""
        years = np.flatnonzero(self.complete.any(axis=0))
        return None if not years.size else int(self.grid.first + years[-1])


@lru_cache(maxsize=4)
def stage_years(view: View, since: int, until: int | None = None, actors: tuple[str, ...] | None = None) -> StageYears:
    """Stages of all pairs as arrays; see `stage_table`."""
    of = grid(view, since, until, actors)
    found = told(view, of, ("dispute",), prefer=PREFERRED)
    stage = np.where(np.isnan(found.value), MISSING, np.nan_to_num(found.value)).astype(np.int8)
    return StageYears(of, stage, found.source, found.sources, found.complete)


def stage_table(
    view: View, since: int = SINCE, until: int | None = None, *, actors: Sequence[str] | None = None
) -> pl.DataFrame:
    """The stage of every pair in every year for which it is known.

    Parameters
    ----------
    view : View
    since, until : int
        First and last year; `until` is the year of the view's day by default.
    actors : sequence of str, optional
        Ids of states; all by default.

    Returns
    -------
    DataFrame
        Columns a, b (a < b), year, stage (0 to 5), source (beginning of the key of the source that says so; empty where
        it is one of those that list single disputes only), sorted. Years that are not known are not there.

    Raises
    ------
    UsageError
        If the years are out of order.
    """
    found = stage_years(view, since, until, None if actors is None else tuple(sorted(set(actors))))
    pair, year = np.nonzero(found.stage != MISSING)
    i, j = found.grid.sides
    ids, kinds = pl.Series(found.grid.actors), pl.Series(found.sources)
    return pl.DataFrame(
        {
            "a": ids.gather(i[pair]),
            "b": ids.gather(j[pair]),
            "year": (year + found.grid.first).astype(np.int32),
            "stage": found.stage[pair, year],
            "source": kinds.gather(found.source[pair, year].astype(np.int64)),
        }
    )
