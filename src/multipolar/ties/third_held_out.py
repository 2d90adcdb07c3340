"""Whether third parties help to foresee disputes: log scores of later years, with them and without.

The base knows the pair's history, its own tie, whether the two are neighbours, and their capability. See
``docs/third_parties.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from multipolar.ties.arrays import rare
from multipolar.ties.third_data import History

Floats = NDArray[np.float64]

#: First year that is foreseen, years foreseen at a time, draws of the bootstrap over years.
FIRST_TESTED: Final = 1851
BLOCK: Final = 5
DRAWS: Final = 1000
#: Years since the last dispute count up to this many, and those of the last years are counted over this many.
LONGEST, RECENT = 60, 10
#: Added to a share of capability before its logarithm: the smallest that the source writes.
SMALLEST: Final = 1e-6


@dataclass(frozen=True)
class Scores:
    """Log scores by year.

    Attributes
    ----------
    years : array of int, shape (years,)
    gains : array, shape (years,)
        Sum over pairs of the log score with third parties less that without.
    counts : array, shape (years,)
        Pairs scored.
    left_out : int
        Pair-years whose capability is not known.
    """

    years: NDArray[np.int_]
    gains: Floats
    counts: Floats
    left_out: int

    def gain(self, first: int, last: int, rng: np.random.Generator) -> tuple[float, float, float]:
        """Gain per pair-year of some years, and its 90 % interval; NaN where nothing is scored."""
        here = self._within(first, last)
        if not self.counts[here].sum():
            return float("nan"), float("nan"), float("nan")
        gains, counts = self.gains[here], self.counts[here]
        low, high = np.quantile(rare.by_blocks(gains, counts, rng, block=BLOCK, draws=DRAWS), [0.05, 0.95])
        return float(gains.sum() / counts.sum()), float(low), float(high)

    def count(self, first: int, last: int) -> int:
        """Pair-years scored in some years."""
        return int(self.counts[self._within(first, last)].sum())

    def _within(self, first: int, last: int) -> NDArray[np.bool_]:
        here: NDArray[np.bool_] = (self.years >= first) & (self.years <= last) & (self.counts > 0)
        return here


def scores(past: History, last: int) -> Scores:
    """Log scores with and without third parties of the years up to `last`, each from all years before its block."""
    panel = past.panel(past.first, last)
    year = panel.rows[0]
    span, here = past.span(past.first, last)
    base, known = _base(past, span.start, here, panel.rows)
    ff, fe, ee = panel.parts
    more = np.column_stack([base, panel.at_rows(ff - fe, ee)])[known]
    happened = -panel.outcome[panel.rows][known]
    when = year[known] + span.start + past.first
    without, along = (rare.held_out(x, happened, when, FIRST_TESTED, block=BLOCK) for x in (base[known], more))
    gained = along - without
    scored = np.isfinite(gained)
    years = np.arange(past.first, past.last + 1)
    place = when[scored] - past.first
    gains = np.bincount(place, gained[scored], years.size).astype(np.float64)
    counts = np.bincount(place, minlength=years.size).astype(np.float64)
    return Scores(years, gains, counts, int(np.count_nonzero(~known)))


def _base(
    past: History, start: int, here: NDArray[np.intp], rows: tuple[NDArray[np.intp], ...]
) -> tuple[Floats, NDArray[np.bool_]]:
    """What the base knows of each row at the end of the year before, and whether it is known."""
    year, one, other = rows[0] + start, here[rows[1]], here[rows[2]]
    before = (year - 1, one, other)
    since, recent = _memory(past.begun)
    tie = past.ties()[before].astype(np.float64)
    capability = np.log(past.cinc + SMALLEST)
    pair = np.stack([capability[year - 1, one], capability[year - 1, other]])
    columns = [
        np.log1p(since[before]),
        np.log1p(recent[before]),
        np.maximum(tie, 0),
        np.maximum(-tie, 0),
        *np.sort(pair, axis=0),
    ]
    if past.contiguous is not None:
        columns.append(past.contiguous[before].astype(np.float64))
    found = np.column_stack(columns)
    return found, np.isfinite(found).all(axis=1)


def _memory(begun: NDArray[np.bool_]) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Years since the last dispute began (`LONGEST` if never) and disputes of the last years, at each year's end."""
    since = np.full(begun.shape, LONGEST, dtype=np.int16)
    recent = begun.astype(np.int16)
    for year in range(len(begun)):
        if year:
            since[year] = np.minimum(since[year - 1] + 1, LONGEST)
        since[year][begun[year]] = 0
    total = np.cumsum(recent, axis=0, dtype=np.int16)
    recent = total.copy()
    recent[RECENT:] -= total[:-RECENT]
    return since, recent
