"""The data and the parameters of the tie model, as arrays.

For pair d, month t = 0..T-1 and observation i of month t_i, indicator m_i, value y_i, effective count n_i::

    y_i     = c_m + lambda_m a_d(t_i) + u_dm + e_i     e_i  ~ N(0, sigma2_m / n_i)
    u_dm    offset of indicator m in pair d            u_dm ~ N(0, omega2_m), constant
    a_d(t)  = mu_d + x_d(t)                            mu_d ~ N(mu0, tau2), constant
    x_d(t)  = phi x_d(t-1) + w                         w    ~ N(0, q),  x_d(0) ~ N(0, q / (1 - phi^2))

The level ``mu_d`` is integrated out, never plugged in: a tie is a Gaussian process with covariance ``tau2 + q /
(1 - phi^2) phi^|t - s|``, so every estimate is exactly linear in the data and every interval holds the doubt
about the level. So are the offsets, what is particular to one indicator of one pair: the tie is what indicators share,
and what one of them can say about its level is at most ``lambda^2 / omega2``, however often it is observed. A missing
observation is left out; there is no NaN and no zero in its place.

Two things may differ by pair and month. The level's prior mean may be a pair's own, ``mu0 + m_d`` (`Observations.level`):
what its region and its states' other ties suggest. And time may run faster: a step into month t lasts ``pace_t`` units of
the clock on which phi counts, and longer by ``quicken_k`` in a month in which something of kind k happened to the pair
(`Observations.quick`), such as a treaty or a rupture. ``phi^gap`` and the variance that a gap adds follow from the time
elapsed, so the process stays stationary and everything stays linear and normal.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from multipolar.errors import DataError, UsageError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer]

_MANY_INDICATORS = np.iinfo(np.int16).max


class Parameters(NamedTuple):
    """Parameters of the model above.

    Attributes
    ----------
    intercept, loading, noise : ndarray[float], shape (M,)
        ``c``, ``lambda`` and ``sigma2`` of each indicator; units of the indicator, per unit of tie, and squared
        per observation counted once.
    phi : float
        Persistence from one month to the next, 0 <= phi < 1.
    q : float
        Variance of a month's shock, > 0.
    tau2 : float
        Variance of the level between pairs, >= 0.
    mu0 : float
        Mean level over pairs.
    offset : ndarray[float], shape (M,), or None
        ``omega2`` of each indicator, units of the indicator squared; 0 (all of them with None) for no offsets.
    pace : ndarray[float], shape (T,), or None
        How long the step into each month lasts, > 0, in units of the clock; 1 with None. The first is not used.
    quicken : ndarray[float], shape (Q,), or None
        By how much a month lasts longer in which something of each kind happened, >= 0.
    """

    intercept: Floats
    loading: Floats
    noise: Floats
    phi: float
    q: float
    tau2: float
    mu0: float = 0.0
    offset: Floats | None = None
    pace: Floats | None = None
    quicken: Floats | None = None

    @property
    def offset_var(self) -> Floats:
        """``omega2`` as an array, shape (M,)."""
        return np.zeros(np.shape(self.loading)) if self.offset is None else np.asarray(self.offset, dtype=np.float64)

    @property
    def stationary_var(self) -> float:
        """Variance of the tie around its own level, ``q / (1 - phi^2)``."""
        return self.q / ((1 - self.phi) * (1 + self.phi))

    def validate(self) -> Parameters:
        """Return the same parameters with float64 arrays.

        Raises
        ------
        UsageError
            If a shape, a sign or a range is wrong.
        """
        arrays = [np.ascontiguousarray(array, dtype=np.float64) for array in (*self[:3], self.offset_var)]
        if arrays[0].ndim != 1 or len({array.shape for array in arrays}) != 1:
            shapes = [array.shape for array in arrays]
            raise _wrong("intercept, loading, noise and offset of one length", shapes)
        if not all(np.isfinite(array).all() for array in arrays):
            raise _wrong("finite intercepts, loadings and variances", arrays)
        if not (arrays[2] > 0).all():
            raise _wrong("noise variances > 0", self.noise)
        if not (arrays[3] >= 0).all():
            raise _wrong("offset variances >= 0", self.offset)
        if not 0 <= self.phi < 1:
            raise _wrong("0 <= phi < 1", self.phi)
        if not (0 < self.q < np.inf and 0 <= self.tau2 < np.inf and np.isfinite(self.mu0)):
            raise _wrong("q > 0, tau2 >= 0 and a finite mu0", (self.q, self.tau2, self.mu0))
        intercept, loading, noise, offset = arrays
        dynamics = float(self.phi), float(self.q), float(self.tau2), float(self.mu0)
        pace, quicken = _durations(self.pace, "pace"), _durations(self.quicken, "quicken")
        if pace is not None and not (pace[1:] > 0).all():
            raise _wrong("paces > 0", self.pace)
        return Parameters(intercept, loading, noise, *dynamics, offset, pace, quicken)

    def elapsed(self, n_months: int) -> Floats:
        """Time on the clock from month 0 to each month, shape (T,); after the last pace given, it goes on at that pace.

        Raises
        ------
        UsageError
            If there is no month.
        """
        if n_months < 1:
            raise _wrong("one month or more", n_months)
        if self.pace is None:
            return np.arange(n_months, dtype=np.float64)
        pace = np.asarray(self.pace, dtype=np.float64)
        steps = np.concatenate((pace, np.full(max(n_months - pace.size, 0), pace[-1])))[:n_months].copy()
        steps[0] = 0.0
        return np.cumsum(steps)


def _durations(given: Floats | None, name: str) -> Floats | None:
    """As an array, if they are finite and not negative."""
    if given is None:
        return None
    array = np.ascontiguousarray(given, dtype=np.float64)
    if array.ndim != 1 or not (np.isfinite(array) & (array >= 0)).all():
        raise _wrong(f"{name} of finite durations >= 0", given)
    return array


def rescale(params: Parameters, *, shift: float = 0.0, scale: float = 1.0) -> Parameters:
    """The same model on another scale, ``a' = (a - shift) / scale``: the data keep their distribution.

    Raises
    ------
    UsageError
        If `scale` is zero or either is not finite.
    """
    if not (np.isfinite(shift) and np.isfinite(scale)) or scale == 0:
        raise _wrong("a finite shift and a finite scale other than 0", (shift, scale))
    square = scale * scale
    return Parameters(
        np.asarray(params.intercept) + np.asarray(params.loading) * shift,
        np.asarray(params.loading) * scale,
        np.array(params.noise, dtype=np.float64),
        params.phi,
        params.q / square,
        params.tau2 / square,
        (params.mu0 - shift) / scale,
        params.offset_var.copy(),
        params.pace,
        params.quicken,
    )


class Quick(NamedTuple):
    """Months in which something happened to a pair that lets its tie move faster, pair after pair, months in order.

    Attributes
    ----------
    indptr : ndarray[int64], shape (P + 1,)
        Pair d owns entries ``indptr[d] .. indptr[d + 1] - 1``.
    month, kind : ndarray[int32], shape (E,)
        Month, and what happened: a place in `Parameters.quicken`. What happens in month 0 has no effect.
    """

    indptr: Ints
    month: Ints
    kind: Ints

    def of(self, d: int) -> Quick:
        """Those of pair `d` alone."""
        part = slice(int(self.indptr[d]), int(self.indptr[d + 1]))
        return Quick(np.array([0, part.stop - part.start]), self.month[part], self.kind[part])

    def until(self, month: int) -> Quick:
        """Those of months 0..`month`."""
        keep = self.month <= month
        counts = np.concatenate(([0], np.cumsum(keep, dtype=np.int64)))
        return Quick(counts[self.indptr], self.month[keep], self.kind[keep])


@dataclass(frozen=True)
class Observations:
    """Observations of P pairs, pair after pair, months in order within each. Build them with `observations`.

    Attributes
    ----------
    indptr : ndarray[int64], shape (P + 1,)
        Pair d owns observations ``indptr[d] .. indptr[d + 1] - 1``.
    month : ndarray[int32], shape (N,)
        Month, counted from 0.
    indicator : ndarray[int16], shape (N,)
        Indicator, counted from 0.
    value, weight : ndarray[float64], shape (N,)
        ``y`` in the indicator's unit, and its effective count ``n`` > 0.
    order : ndarray[int64], shape (N,), or None
        Where each observation stood in the arrays given to `observations`; None if they were in order already.
    level : ndarray[float64], shape (P,), or None
        Prior mean of each pair's level less ``mu0``, units of tie; 0 with None.
    quick : Quick or None
        Months in which the tie of a pair could move faster; none with None.
    """

    indptr: Ints
    month: Ints
    indicator: Ints
    value: Floats
    weight: Floats
    order: Ints | None = None
    level: Floats | None = None
    quick: Quick | None = None
    n_months: int = field(init=False, repr=False)
    n_indicators: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        kinds = {
            "indptr": np.int64,
            "month": np.int32,
            "indicator": np.int16,
            "value": np.float64,
            "weight": np.float64,
        }
        for name, kind in kinds.items():
            object.__setattr__(self, name, np.ascontiguousarray(getattr(self, name), dtype=kind))
        self._check_shapes()
        self._check_values()
        # What a caller must offer room for; kept, so that later checks cost nothing.
        object.__setattr__(self, "n_months", int(self.month.max(initial=-1)) + 1)
        object.__setattr__(self, "n_indicators", int(self.indicator.max(initial=-1)) + 1)

    def _check_shapes(self) -> None:
        n = self.month.size
        columns = (self.month, self.indicator, self.value, self.weight)
        if any(column.shape != (n,) for column in columns):
            raise _bad("columns of one length", [column.shape for column in columns])
        if self.indptr.ndim != 1 or self.indptr.size < 1 or self.indptr[0] != 0 or self.indptr[-1] != n:
            raise _bad(
                f"indptr from 0 to the number of observations ({n})", self.indptr[[0, -1]] if self.indptr.size else []
            )
        if (np.diff(self.indptr) < 0).any():
            raise _bad("indptr that never falls", "a fall")
        if self.level is not None and (self.level.shape != (self.n_pairs,) or not np.isfinite(self.level).all()):
            raise _bad(f"{self.n_pairs} finite levels", self.level)
        if self.quick is not None and self.quick.indptr.shape != self.indptr.shape:
            raise _bad(f"months that last longer of {self.n_pairs} pairs", f"{self.quick.indptr.size - 1} pairs")

    def _check_values(self) -> None:
        if self.month.min(initial=0) < 0 or self.indicator.min(initial=0) < 0:
            raise _bad("months and indicators counted from 0", "a negative one")
        falls = np.flatnonzero(self.month[1:] < self.month[:-1]) + 1
        if not np.isin(falls, self.indptr).all():
            raise _bad(
                "months in order within each pair",
                "a later month before an earlier one",
                hint="Use `observations(...)`, which sorts.",
            )
        for name, column in (("value", self.value), ("weight", self.weight)):
            low, high = column.min(initial=1.0), column.max(initial=1.0)
            if not (np.isfinite(low) and np.isfinite(high)):
                at = int(np.flatnonzero(~np.isfinite(column))[0])
                raise _bad(
                    f"a finite {name}", column[at], row=self._row(at), hint="A missing value is left out, never NaN."
                )
            if name == "weight" and low <= 0:
                at = int(column.argmin())
                raise _bad(
                    "a weight (effective count) > 0",
                    column[at],
                    row=self._row(at),
                    hint="Leave out what nothing was observed of.",
                )

    def _row(self, at: int) -> int:
        return at if self.order is None else int(self.order[at])

    def __len__(self) -> int:
        return int(self.month.size)

    @property
    def n_pairs(self) -> int:
        """Number of pairs P."""
        return self.indptr.size - 1

    def pair(self, d: int) -> Observations:
        """Pair `d` alone (views of the same arrays, P = 1)."""
        if not 0 <= d < self.n_pairs:
            raise _wrong(f"a pair from 0 to {self.n_pairs - 1}", d)
        part = slice(int(self.indptr[d]), int(self.indptr[d + 1]))
        level = None if self.level is None else self.level[d : d + 1]
        quick = None if self.quick is None else self.quick.of(d)
        return self._take(part, np.array([0, part.stop - part.start]), level, quick)

    def until(self, month: int) -> Observations:
        """Only what was observed, and what happened, in months 0..`month`."""
        quick = None if self.quick is None else self.quick.until(month)
        return replace(self.where(self.month <= month), quick=quick)

    def where(self, keep: npt.NDArray[np.bool_]) -> Observations:
        """Only observations for which `keep` (shape (N,)) holds; every pair stays, with or without observations."""
        counts = np.concatenate(([0], np.cumsum(keep, dtype=np.int64)))
        return self._take(np.asarray(keep, dtype=bool), counts[self.indptr], self.level, self.quick)

    def _take(
        self, part: slice | npt.NDArray[np.bool_], indptr: Ints, level: Floats | None, quick: Quick | None
    ) -> Observations:
        order = None if self.order is None else self.order[part]
        taken = (self.month[part], self.indicator[part], self.value[part], self.weight[part])
        return Observations(indptr, *taken, order, level, quick)

    @cached_property
    def pair_of(self) -> Ints:
        """The pair of each observation, shape (N,)."""
        return np.repeat(np.arange(self.n_pairs, dtype=np.int32), np.diff(self.indptr))

    @property
    def levels(self) -> Floats:
        """`level` as an array, shape (P,)."""
        return np.zeros(self.n_pairs) if self.level is None else self.level

    def replace_values(self, value: npt.ArrayLike) -> Self:
        """The same observations with other values, shape (N,)."""
        return replace(self, value=np.asarray(value, dtype=np.float64))


def spliced(old: Observations, kept: Ints, new: Observations, source: Ints) -> Observations:
    """Pairs in a new order, some of them read again: pair k is pair ``source[k]`` of `new`, or, at -1, ``kept[k]`` of `old`.

    Parameters
    ----------
    old, new : Observations
        Both with levels and months that last longer, or both without.
    kept, source : ndarray[int64], shape (P,)
    """
    again = source >= 0

    def joined(names: tuple[str, ...], of_old: Any, of_new: Any) -> tuple[Ints, list[Any]]:
        starts = [np.asarray(part.indptr) for part in (of_old, of_new)]
        first = np.where(again, starts[1][source], starts[0][kept])
        count = np.where(again, starts[1][source + 1], starts[0][kept + 1]) - first
        indptr = np.concatenate(([0], np.cumsum(count)))
        # Where each entry lies in the two laid end to end.
        base = np.where(again, first + starts[0][-1], first)
        take = np.repeat(base - indptr[:-1], count) + np.arange(indptr[-1])
        return indptr, [np.concatenate([getattr(part, name) for part in (of_old, of_new)])[take] for name in names]

    indptr, (month, indicator, value, weight) = joined(("month", "indicator", "value", "weight"), old, new)
    level = None if old.level is None else np.where(again, new.levels[source], old.levels[kept])
    quick = None
    if old.quick is not None and new.quick is not None:
        pointer, (at, kind) = joined(("month", "kind"), old.quick, new.quick)
        quick = Quick(pointer, at, kind)
    return Observations(indptr, month, indicator, value, weight, None, level, quick)


def observations(
    pair: npt.ArrayLike,
    month: npt.ArrayLike,
    indicator: npt.ArrayLike,
    value: npt.ArrayLike,
    weight: npt.ArrayLike | float = 1.0,
    n_pairs: int | None = None,
) -> Observations:
    """Sort observations by pair and month (keeping the order given within a month) and check them.

    Parameters
    ----------
    pair, month, indicator : array_like[int], shape (N,)
        Each counted from 0.
    value : array_like[float], shape (N,)
        Finite: what is missing is left out.
    weight : array_like[float], shape (N,), or float
        Effective count of each observation, > 0.
    n_pairs : int, optional
        P; by default the largest pair + 1. Pairs without observations are allowed.

    Raises
    ------
    DataError
        If columns differ in length, a value or weight is not finite, a weight is not positive, or a number is out
        of range.
    """
    d, t, m = (_whole(name, column) for name, column in (("pair", pair), ("month", month), ("indicator", indicator)))
    y = np.asarray(value, dtype=np.float64)
    w = (
        np.broadcast_to(np.asarray(weight, dtype=np.float64), y.shape)
        if np.ndim(weight) == 0
        else np.asarray(weight, np.float64)
    )
    if len({column.shape for column in (d, t, m, y, w)}) != 1 or y.ndim != 1:
        raise _bad("columns of one length", [column.shape for column in (d, t, m, y, w)])
    count = int(d.max(initial=-1)) + 1 if n_pairs is None else n_pairs
    if d.size and not 0 <= d.min() <= d.max() < count:
        raise _bad(f"pairs from 0 to {count - 1}", f"{d.min()} to {d.max()}")
    if m.size and not 0 <= m.min() <= m.max() < _MANY_INDICATORS:
        raise _bad(f"indicators from 0 to {_MANY_INDICATORS - 1}", f"{m.min()} to {m.max()}")
    if t.size and not 0 <= t.min() <= t.max() < np.iinfo(np.int32).max:
        raise _bad("months counted from 0", f"{t.min()} to {t.max()}")
    indptr = np.concatenate(([0], np.cumsum(np.bincount(d, minlength=count), dtype=np.int64)))
    key = d.astype(np.int64) * (int(t.max(initial=0)) + 1) + t
    if (key[1:] >= key[:-1]).all():
        return Observations(indptr, t, m, y, w)
    order = np.argsort(key, kind="stable")
    return Observations(indptr, t[order], m[order], y[order], w[order], order)


def _whole(name: str, column: npt.ArrayLike) -> Ints:
    """The column as whole numbers, refused if rounding would change it."""
    array = np.asarray(column)
    if array.size == 0:
        return array.astype(np.int64)
    if not np.issubdtype(array.dtype, np.integer):
        raise _bad(f"whole numbers for {name}", array.dtype)
    return array


def _bad(expected: str, got: object, *, row: int | None = None, hint: str = "") -> DataError:
    where = "observations" if row is None else f"observations, row {row}"
    return DataError(f"expected {expected}, got {got}", where=where, hint=hint)


def _wrong(expected: str, got: object) -> UsageError:
    return UsageError(f"expected {expected}, got {got!r}", where="tie model")
