"""The landscape of the most capable states: minima, who stands near a watershed, and what it takes to tip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.blocs.arrays.landscape import Landscape, Posterior, landscape, margin, numbers_of, posterior
from multipolar.blocs.arrays.tension import Tipping, tipping

Floats = NDArray[np.float64]

_MINIMA: Final = {
    "minimum": pl.Int64(), "energy": pl.Float64(), "basin": pl.Float64(), "error": pl.Float64(), "escape": pl.Float64(),
    "present": pl.Float64(), "deepest": pl.Float64(), "one": pl.List(pl.String()), "other": pl.List(pl.String()),
}  # fmt: skip
_WATERSHED: Final = {
    "minimum": pl.Int64(), "actor": pl.String(), "cost": pl.Float64(), "margin": pl.Float64(), "leads_to": pl.Int64()
}  # fmt: skip
_TIPPING: Final = {
    "to": pl.String(), "distance": pl.Float64(), "share": pl.Float64(),
    "switch": pl.List(pl.String()), "ties": pl.List(pl.String()),
}  # fmt: skip
#: Minima that are listed, deepest first.
LISTED: Final = 20


def minima_frames(actors: Sequence[str], mean: Floats, draws: Floats) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The frames `minima` and `watershed` of `Blocs`.

    Parameters
    ----------
    actors : sequence of str
        Ids of n states, at most `arrays.landscape.MOST`.
    mean : array, shape (n, n)
        Signed network; without ties both frames are empty.
    draws : array, shape (draws, n, n)
    """
    if not mean.any():
        return pl.DataFrame(schema=_MINIMA), pl.DataFrame(schema=_WATERSHED)
    found, over = landscape(mean), posterior(draws)
    shown = range(min(len(found.energy), LISTED))
    seen = {int(number): place for place, number in enumerate(numbers_of(over.sides))}
    minima = [_minimum(actors, found, over, seen, place) for place in shown]
    near = [_near(actors, mean, found, place, state) for place in shown for state in range(len(actors))]
    return (
        pl.DataFrame(minima, schema=_MINIMA, orient="row"),
        pl.DataFrame(near, schema=_WATERSHED, orient="row"),
    )


def _minimum(
    actors: Sequence[str], found: Landscape, over: Posterior, seen: dict[int, int], place: int
) -> tuple[object, ...]:
    side = found.sides[place]
    drawn = seen.get(int(numbers_of(side)))
    present, deepest = (0.0, 0.0) if drawn is None else (float(over.minimum[drawn]), float(over.deepest[drawn]))
    one, other = ([actor for actor, mine in zip(actors, side, strict=True) if mine == which] for which in (0, 1))
    escape = float(found.escape[place])
    figures = (float(found.energy[place]), float(found.basin[place]), float(found.error[place]))
    return place + 1, *figures, escape if np.isfinite(escape) else None, present, deepest, one, other


def _near(actors: Sequence[str], mean: Floats, found: Landscape, place: int, state: int) -> tuple[object, ...]:
    share = float(margin(mean, found.sides[place])[state])
    return place + 1, actors[state], float(found.cost[place, state]), share, int(found.after[place, state]) + 1


def tipping_frame(actors: Sequence[str], mean: Floats) -> pl.DataFrame:
    """The frame `tipping` of `Blocs`; a row is missing where there is no other division (or minimum)."""
    if not mean.any():
        return pl.DataFrame(schema=_TIPPING)
    ways = (("division", tipping(mean)), ("minimum", tipping(mean, minima=True)))
    rows = [_tips(actors, to, one) for to, one in ways if one is not None]
    return pl.DataFrame(rows, schema=_TIPPING, orient="row")


def _tips(actors: Sequence[str], to: str, one: Tipping) -> tuple[object, ...]:
    ties = [f"{actors[i]}-{actors[j]}" for i, j in one.ties]
    return to, one.distance, one.share, [actors[state] for state in one.switch], ties
