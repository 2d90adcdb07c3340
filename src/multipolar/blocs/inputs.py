"""The signed network of a month: ties with what is not sure of them, between states in order of capability."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.actors import get
from multipolar.errors import Refusal, UsageError
from multipolar.measures import StateSet, state_set
from multipolar.measures.capability import figures, weights
from multipolar.measures.sets import existing
from multipolar.record import View
from multipolar.ties import Ties

#: Draws of the ties behind a probability, and their seed: the same question has the same answer.
DRAWS: Final = 200
SEED: Final = 20240619

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Network:
    """Ties between states.

    Attributes
    ----------
    actors : tuple of str
        Ids of states with at least one tie to another, those of most capability first (where none is known, of most ties).
    mean, sd : array, shape (n, n)
        Of each tie, 0 where it is not known.
    size : array, shape (n,)
        Share of the capability of them all, 0 where it is not known; all 0 if none is.
    without : tuple of str
        Ids of states without a known tie to another one.
    unsized : tuple of str
        Ids of states in the network whose capability is not known.
    ids : tuple of str
        Statements behind the capabilities.
    years : tuple of int
        First and last year of the capabilities; empty if none is known.
    """

    actors: tuple[str, ...]
    mean: Floats
    sd: Floats
    size: Floats
    without: tuple[str, ...] = ()
    unsized: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    years: tuple[int, ...] = ()

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which ties are known, shape (n, n)."""
        return np.asarray(self.sd > 0)

    @property
    def coverage(self) -> float:
        """Share of the pairs of all states, those without ties too, whose tie is known."""
        n = len(self.actors) + len(self.without)
        return float(self.known.sum()) / max(n * (n - 1), 1)

    def weight(self, weighing: str) -> Floats:
        """What a tie counts beside its strength, shape (n, n): one, or by the sizes of both states, one in the mean."""
        n = len(self.actors)
        if weighing == "ties":
            return np.ones((n, n))
        factor = np.outer(self.size, self.size)
        return np.asarray(factor / factor[self.known].mean(), dtype=float)

    def draws(self, count: int = DRAWS) -> Floats:
        """Posterior draws of the ties, shape (count, n, n): independent given the parameters; unknown ties stay 0."""
        i, j = np.nonzero(np.triu(self.known))
        made = np.zeros((count, *self.mean.shape))
        noise = np.random.default_rng(SEED).standard_normal((count, i.size))
        made[:, i, j] = made[:, j, i] = self.mean[i, j] + self.sd[i, j] * noise
        return made

    def first(self, count: int) -> Network:
        """The network of the states that stand first, without those among them that have no tie to another of them."""
        some = np.flatnonzero(self.known[:count, :count].any(axis=0))
        size = self.size[some] / (self.size[some].sum() or 1.0)
        actors = tuple(self.actors[place] for place in some)
        return Network(actors, self.mean[np.ix_(some, some)], self.sd[np.ix_(some, some)], size)


def network(
    ties: Ties, view: View, month: date, actors: StateSet | Iterable[str] | None = None, *, capability: str = "cinc"
) -> Network:
    """The network of a month.

    Parameters
    ----------
    ties : Ties
    view : View
        Where the capabilities are.
    month : date
        Any day of the month.
    actors : StateSet or iterable of str, optional
        Names of states or of sets; by default all states that are paired and existed then.
    capability : str
        One of `measures.capability.CAPABILITIES`.

    Raises
    ------
    UsageError
        If a state did not exist then, there are fewer than two, or the month lies outside.
    Refusal
        If no tie between the states is known.
    """
    chosen = _chosen(ties, month, actors)
    known = ties.at(month).filter(pl.col("a").is_in(chosen), pl.col("b").is_in(chosen))
    if known.is_empty():
        raise Refusal(
            f"no tie between these {len(chosen)} states is known in {month:%Y-%m}: never two kinds of evidence of a pair "
            "within three years",
            hint="Choose more states or a later month, or ingest a source that covers them.",
        )
    sized = weights(figures(view, capability), month, chosen)
    size = dict(zip(sized["actor"], sized["weight"], strict=True))
    tied = Counter((*known["a"], *known["b"]))
    order = sorted(tied, key=lambda actor: (-size.get(actor, 0.0), -tied[actor], actor))
    total = sum(size.get(actor, 0.0) for actor in order)
    used = sized.filter(pl.col("actor").is_in(order))
    mean, sd = _matrices(known, order)
    return Network(
        tuple(order),
        mean,
        sd,
        np.array([size.get(actor, 0.0) / (total or 1.0) for actor in order]),
        tuple(sorted(set(chosen) - set(tied))),
        tuple(actor for actor in order if actor not in size),
        tuple(used["id"]),
        tuple(sorted({int(year) for year in (used["year"].min(), used["year"].max()) if isinstance(year, int)})),
    )


def _chosen(ties: Ties, month: date, actors: StateSet | Iterable[str] | None) -> Sequence[str]:
    """Ids of the states asked for, sorted; each existed then."""
    ties.month_index(month)
    paired = ties.panel.scope.actors
    if actors is None:
        return sorted(actor for actor in paired if get(actor).exists(month))
    return existing(state_set(actors, month), month, least=2)


def _matrices(known: pl.DataFrame, order: Sequence[str]) -> tuple[Floats, Floats]:
    place = {actor: number for number, actor in enumerate(order)}
    mean, sd = np.zeros((len(order), len(order))), np.zeros((len(order), len(order)))
    for a, b, value, error in known.select("a", "b", "mean", "sd").iter_rows():
        i, j = place[a], place[b]
        mean[i, j] = mean[j, i] = value
        sd[i, j] = sd[j, i] = error
    return mean, sd


def check_weighing(found: Network, weighing: str) -> None:
    """Refuse to weigh by sizes where none is known.

    Raises
    ------
    UsageError
        If `weighing` is neither ``ties`` nor ``sizes``.
    Refusal
        If it is ``sizes`` and no capability is known of both states of any tie.
    """
    if weighing not in ("ties", "sizes"):
        raise UsageError.unknown("way to weigh", weighing, ("ties", "sizes"))
    if weighing == "sizes" and not np.outer(found.size, found.size)[found.known].any():
        raise Refusal(
            "the ties cannot be weighed by the sizes of states: of no tie is the capability of both states known",
            hint="Leave sizes out, or choose another capability.",
        )
