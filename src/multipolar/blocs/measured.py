"""Figures of a network and its camps, each over draws: triangles, tension, poles, polarisation, dimensions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.blocs.arrays import polarisation
from multipolar.blocs.arrays.tension import tension
from multipolar.blocs.arrays.triads import triads
from multipolar.measures.model import summary

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: A figure needs to be known in at least this share of the draws.
KNOWN: Final = 0.5
#: Draws for the number of dimensions, each set against `CHANCE` others.
FEW: Final = 40
CHANCE: Final = 100
_BLOCK: Final = 40
#: Name, of whom, unit.
FIGURES: Final = {
    "strong_balance": ("states", "share of the weight of triangles with no or two hostile ties"),
    "weak_balance": ("states", "share of the weight of triangles without exactly one hostile tie"),
    "tension": ("states", "share of the weight of ties that the camps of each draw leave unsatisfied"),
    "poles": ("states", "effective number of camps by capability"),
    "polarisation": ("states", "Esteban & Ray, between camps: 1 for two equal and wholly hostile ones"),
    "network_polarisation": ("powers", "after Maoz, of groups of mutual friends: 1 for two equal ones apart"),
    "dimensions": ("powers", "eigenvalues of the ties above what chance gives"),
}
_FRAME: Final = {"name": pl.String} | dict.fromkeys(("value", "lo50", "hi50", "lo90", "hi90"), pl.Float64)


def triad_frame(mean: Floats, draws: Floats) -> tuple[pl.DataFrame, dict[str, Floats]]:
    """The frame `triads` of `Blocs`, and the two shares of balance in each draw.

    Parameters
    ----------
    mean : array, shape (n, n)
    draws : array, shape (draws, n, n)
    """
    counts = triads(mean).counts
    parts = [triads(draws[start : start + _BLOCK]) for start in range(0, len(draws), _BLOCK)]
    drawn = np.concatenate([part.counts for part in parts]).astype(float)
    total = drawn.sum(axis=1, keepdims=True)
    share = np.divide(drawn, total, out=np.full(drawn.shape, np.nan), where=total > 0)
    rows = [(kind, int(counts[kind]), *_middle(share[:, kind])) for kind in range(4)]
    schema = {"negative": pl.Int64, "count": pl.Int64, "share": pl.Float64, "lo90": pl.Float64, "hi90": pl.Float64}
    balance = {
        "strong_balance": np.concatenate([part.strong_weighted for part in parts]),
        "weak_balance": np.concatenate([part.weak_weighted for part in parts]),
    }
    return pl.DataFrame(rows, schema=schema, orient="row"), balance


def _middle(values: Floats) -> tuple[float | None, float | None, float | None]:
    known = values[~np.isnan(values)]
    if not known.size:
        return None, None, None
    found = summary(known)
    return found.value, found.lo90, found.hi90


def camp_figures(draws: Floats, drawn: Ints, size: Floats) -> dict[str, Floats]:
    """Tension, poles and polarisation of the camps of each draw; poles and polarisation NaN where no size is known."""
    unknown = np.full(len(draws), np.nan)
    found = {"tension": np.array([tension(one, camp) for one, camp in zip(draws, drawn, strict=True)])}
    if not size.any():
        return found | {"poles": unknown, "polarisation": unknown}
    shares = np.stack([np.bincount(camp, size, int(drawn.max()) + 1) for camp in drawn])
    pairs = zip(draws, drawn, shares, strict=True)
    return found | {
        "poles": polarisation.effective_number(shares),
        "polarisation": np.array([_polarised(one, camp, share) for one, camp, share in pairs]),
    }


def _polarised(one: Floats, camp: Ints, share: Floats) -> float:
    """Esteban & Ray's index with a = 1; camps are as far apart as the share of hostile weight in the ties between them."""
    there = np.flatnonzero(share > 0)
    if there.size < 2:
        return 0.0
    member = (camp[:, None] == there).astype(float)
    total, hostile = (member.T @ part @ member for part in (np.abs(one), np.maximum(-one, 0.0)))
    apart = np.divide(hostile, total, out=np.full(total.shape, np.nan), where=total > 0)
    np.fill_diagonal(apart, 0.0)
    return float("nan") if np.isnan(apart).any() else float(polarisation.esteban_ray(share[there], apart))


def power_figures(draws: Floats, size: Floats) -> dict[str, Floats]:
    """Network polarisation and dimensions of the most capable states, in draws."""
    apart = np.full(len(draws), np.nan)
    if (size > 0).all() and size.size:
        apart = np.array([polarisation.maoz(polarisation.cliques(one > 0), size).polarisation for one in draws])
    few = draws[:FEW] if draws.shape[-1] > 2 else draws[:0]
    count = [polarisation.dimensions(one, draws=CHANCE).count for one in few]
    return {"network_polarisation": apart, "dimensions": np.array(count, dtype=float)}


def figure_frame(found: dict[str, Floats]) -> pl.DataFrame:
    """The frame `figures` of `Blocs`: null where too few draws say anything."""
    frame = pl.DataFrame([(name, *_summed(found[name])) for name in FIGURES], schema=_FRAME, orient="row")
    of, unit = zip(*FIGURES.values(), strict=True)
    return frame.with_columns(of=pl.Series(of), unit=pl.Series(unit))


def _summed(values: Floats) -> Iterable[float | None]:
    known = values[~np.isnan(values)]
    if not known.size or known.size < KNOWN * values.size:
        return (None,) * 5
    return tuple(summary(known))
