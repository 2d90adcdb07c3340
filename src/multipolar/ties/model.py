"""The tie of every pair, month by month, estimated from a panel; the labelled layer over `multipolar.ties.arrays`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.errors import Refusal, UsageError
from multipolar.indicators import INDICATORS, Panel
from multipolar.ties import arrays
from multipolar.ties.anchors import CLOSE, HOSTILE

#: A tie is given for a month only if this many different indicators were observed in the `WINDOW` months up to it.
ENOUGH: Final = 2
WINDOW: Final = 36
#: What is believed of each indicator before the data: that half of its spread (a quarter of its variance) is the tie's. It
#: counts as much as this many observations. Likelihood alone would make the tie whatever the most numerous indicator
#: measures; this says that all of them read the same tie, about equally well, unless the data strongly disagree.
PRIOR_STRENGTH: Final = 100_000.0
#: At least this share of an indicator's variance is noise. A treaty changes in steps and would otherwise be taken for a
#: perfect reading of the tie, and the tie for the treaty.
NOISE_FLOOR: Final = 0.3
#: A fit begins with every COARSE-th pair. It has converged when an iteration gains less than this per observation in log
#: likelihood, first on those few pairs, then on all.
COARSE: Final = 8
TOLERANCES: Final = (1e-6, 1e-5)
#: Half-widths of the intervals in standard deviations of a normal distribution.
Z50: Final = 0.6744897501960817
Z90: Final = 1.6448536269514722
ORDER: Final = tuple(indicator.name for indicator in INDICATORS)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ties:
    """Latent ties of all pairs of a panel.

    Attributes
    ----------
    panel : Panel
        What they are estimated from.
    params : arrays.Parameters
        Loadings, noise and dynamics, on the anchored scale.
    pairs : DataFrame
        Columns a, b, index; pairs with at least one observation.
    mean, var : array, shape (pairs, months)
        Smoothed mean and variance.
    observations : arrays.Observations
        The cells as arrays, sorted by pair, month and indicator as `panel.cells`.
    notes : tuple of str
        What a reader should know: where the scale comes from, whether the estimate converged.
    anchored : bool
        Whether +1 is the mean tie of the close anchor pairs; otherwise the scale is in standard deviations over pairs.
    """

    panel: Panel
    params: arrays.Parameters
    pairs: pl.DataFrame
    mean: Floats
    var: Floats
    observations: arrays.Observations
    notes: tuple[str, ...] = ()
    anchored: bool = False

    @cached_property
    def months(self) -> list[date]:
        """First days of the months of the grid."""
        return month_grid(self.panel)

    @cached_property
    def _index(self) -> dict[tuple[str, str], int]:
        return {(a, b): index for a, b, index in self.pairs.iter_rows()}

    def kinds_of(self, row: int) -> NDArray[np.int64]:
        """Number of different indicators of one pair in the `WINDOW` months up to each month, shape (months,)."""
        observations, months = self.observations.pair(row), len(self.months)
        total = np.zeros(months, dtype=np.int64)
        for code in np.unique(observations.indicator):
            seen = np.zeros(months + 1, dtype=np.int64)
            seen[np.unique(observations.month[observations.indicator == code]) + 1] = 1
            running = np.cumsum(seen)
            earlier = running[np.maximum(np.arange(1, months + 1) - WINDOW, 0)]
            total += running[1:] > earlier
        return total

    def kinds_at(self, column: int) -> NDArray[np.int64]:
        """Number of different indicators of every pair in the `WINDOW` months up to one month, shape (pairs,)."""
        observations = self.observations
        inside = (observations.month <= column) & (observations.month > column - WINDOW)
        pair = np.repeat(np.arange(observations.n_pairs), np.diff(observations.indptr))[inside]
        kinds = np.unique(pair * len(ORDER) + observations.indicator[inside])
        return np.bincount(kinds // len(ORDER), minlength=observations.n_pairs)

    def pair_index(self, a: str, b: str) -> int:
        """Row of a pair, in either order.

        Raises
        ------
        UsageError
            If the two are the same.
        Refusal
            If nothing was ever observed of the pair.
        """
        if a == b:
            raise UsageError(f"expected two different states, got {a} twice", hint="A tie is between two states.")
        key = (min(a, b), max(a, b))
        if key not in self._index:
            raise Refusal(
                f"nothing is observed of {key[0]} and {key[1]} between {self.months[0]:%Y-%m} and {self.months[-1]:%Y-%m}",
                hint="Ingest a source that covers the pair, or ask for one that the record covers.",
            )
        return self._index[key]

    def month_index(self, month: date) -> int:
        """Column of a month.

        Raises
        ------
        UsageError
            If the month lies outside the grid.
        """
        first, last = self.months[0], self.months[-1]
        index = (month.year - first.year) * 12 + month.month - first.month
        if not 0 <= index < len(self.months):
            hint = "An earlier window needs `since=` (`--since`); after its last month the record knows nothing yet."
            raise UsageError(f"expected a month from {first:%Y-%m} to {last:%Y-%m}, got {month:%Y-%m}", hint=hint)
        return index

    def series(self, a: str, b: str) -> pl.DataFrame:
        """How two states stood, month by month.

        Returns
        -------
        DataFrame
            Columns month, mean, sd, lo50, hi50, lo90, hi90, indicators. Months with fewer than `ENOUGH` indicators in the
            three years up to them are null: too little is known to say.
        """
        row = self.pair_index(a, b)
        return self._frame(self.mean[row], np.sqrt(self.var[row]), self.kinds_of(row))

    def _frame(self, mean: Floats, sd: Floats, indicators: NDArray[np.int64]) -> pl.DataFrame:
        frame = pl.DataFrame({"month": self.months, "mean": mean, "sd": sd, "indicators": indicators}).with_columns(
            lo50=pl.col("mean") - Z50 * pl.col("sd"),
            hi50=pl.col("mean") + Z50 * pl.col("sd"),
            lo90=pl.col("mean") - Z90 * pl.col("sd"),
            hi90=pl.col("mean") + Z90 * pl.col("sd"),
        )
        known = pl.col("indicators") >= ENOUGH
        numbers = ["mean", "sd", "lo50", "hi50", "lo90", "hi90"]
        return frame.select("month", *(pl.when(known).then(pl.col(name)).alias(name) for name in numbers), "indicators")

    def at(self, month: date, actor: str | None = None) -> pl.DataFrame:
        """All ties of a month, or those of one actor.

        Returns
        -------
        DataFrame
            Columns a, b, mean, sd, indicators; pairs of which too little is known are left out. With `actor`, it is
            always `a`.
        """
        column = self.month_index(month)
        frame = self.pairs.select("a", "b").with_columns(
            mean=self.mean[:, column], sd=np.sqrt(self.var[:, column]), indicators=self.kinds_at(column)
        )
        frame = frame.filter(pl.col("indicators") >= ENOUGH)
        if actor is None:
            return frame
        mine = frame.filter((pl.col("a") == actor) | (pl.col("b") == actor))
        return mine.with_columns(
            a=pl.lit(actor), b=pl.when(pl.col("a") == actor).then(pl.col("b")).otherwise(pl.col("a"))
        ).sort("b")

    def pair_observations(self, row: int) -> arrays.Observations:
        """The observations of one pair, as a set of its own."""
        return self.observations.pair(row)


def month_grid(panel: Panel) -> list[date]:
    """First days of the months from the panel's first to its last."""
    scope = panel.scope
    start = scope.first.year * 12 + scope.first.month - 1
    stop = scope.last.year * 12 + scope.last.month
    return [date(month // 12, month % 12 + 1, 1) for month in range(start, stop)]


def estimate(panel: Panel, params: arrays.Parameters | None = None) -> Ties:
    """Fit the model to a panel by maximum likelihood, fix its scale by the anchor pairs, and smooth.

    Parameters
    ----------
    panel : Panel
        The cells.
    params : arrays.Parameters, optional
        Use these (on their own scale) instead of fitting.

    Returns
    -------
    Ties

    Raises
    ------
    Refusal
        If the panel has no cells.
    """
    if panel.cells.is_empty():
        raise Refusal(
            "nothing is observed between these states in this period", hint="Choose more states or an earlier day."
        )
    pairs = panel.cells.select("a", "b").unique().sort("a", "b").with_row_index("index").select("a", "b", "index")
    observations = to_observations(panel, pairs)
    months = len(month_grid(panel))
    if params is not None:
        smoothed = arrays.smooth(observations, params, months)
        return Ties(panel, params, pairs, smoothed.mean, smoothed.var, observations)
    fit = _fit(observations, months)
    smoothed = arrays.smooth(observations, fit.params, months)
    scale, note = _anchor(pairs, smoothed.mean)
    notes: tuple[str, ...] = (note,)
    if not fit.converged:
        notes = (*notes, "The estimate of loadings and noise stopped before it had converged.")
    unit = 1.0 if scale is None else scale
    on_scale = arrays.rescale(fit.params, scale=unit)
    mean, var = smoothed.mean / unit, smoothed.var / unit**2
    return Ties(panel, on_scale, pairs, mean, var, observations, notes, scale is not None)


def to_observations(panel: Panel, pairs: pl.DataFrame) -> arrays.Observations:
    """The cells of a panel as arrays, pair by pair in the order of `pairs`."""
    scope = panel.scope
    names = pl.DataFrame(
        {"indicator": ORDER, "code": range(len(ORDER))}, schema={"indicator": pl.String, "code": pl.Int32}
    )
    origin = scope.first.year * 12 + scope.first.month
    cells = panel.cells.join(pairs, on=["a", "b"], maintain_order="left").join(
        names, on="indicator", maintain_order="left"
    )
    month = cells["month"].dt.year().cast(pl.Int32) * 12 + cells["month"].dt.month().cast(pl.Int32) - origin
    return arrays.observations(
        cells["index"].to_numpy(),
        month.to_numpy(),
        cells["code"].to_numpy(),
        cells["value"].to_numpy(),
        cells["n"].to_numpy(),
        n_pairs=pairs.height,
    )


def _fit(observations: arrays.Observations, months: int) -> arrays.Fit:
    """Parameters of all pairs, beginning where a fit to every `COARSE`-th pair ends, which is much faster."""
    signs = [indicator.sign for indicator in INDICATORS]
    prior = arrays.default_prior(observations, len(ORDER), sign=signs, strength=PRIOR_STRENGTH)
    fit = partial(
        arrays.fit,
        n_months=months,
        n_indicators=len(ORDER),
        sign=signs,
        prior=prior,
        noise_floor=NOISE_FLOOR,
    )
    pair = np.repeat(np.arange(observations.n_pairs), np.diff(observations.indptr))
    few = observations.where(pair % COARSE == 0)
    coarse, fine = TOLERANCES
    return fit(observations, start=fit(few, tol=coarse).params, tol=fine)


def _anchor(pairs: pl.DataFrame, mean: Floats) -> tuple[float | None, str]:
    """The mean tie of the close anchor pairs, or None without anchors, and what to say of the scale.

    Dividing by it puts them at +1; zero stays at what a pair is taken to be before anything is observed of it.
    """
    index = {(a, b): row for a, b, row in pairs.iter_rows()}
    close = [index[pair] for pair in CLOSE if pair in index]
    hostile = [index[pair] for pair in HOSTILE if pair in index]
    if not close or not hostile:
        return None, "The scale is in standard deviations over pairs: the record has no anchor pairs of both signs."
    high, low = float(mean[close].mean()), float(mean[hostile].mean())
    if not high > 0.0 > low:
        return None, "The scale is in standard deviations over pairs: the anchor pairs are not told apart."
    return high, (
        f"+1 is the mean tie of {len(close)} close anchor pairs; 0 is a pair of which nothing is known yet; "
        f"{len(hostile)} hostile anchor pairs stand at {low / high:.2f} on average."
    )
