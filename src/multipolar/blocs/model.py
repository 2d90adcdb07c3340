"""What the room gives back: the camps of a month, and how sure they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl


@dataclass(frozen=True)
class Blocs:
    """Who stands with whom in one month.

    Attributes
    ----------
    month : date
        First day of the month.
    actors : tuple of str
        Ids of the states in the network, in the order of all lists: those of most capability first.
    powers : tuple of str
        The states of the landscape: the most capable of them.
    count : int
        Number of camps that `states` and `together` speak of.
    weighing : str
        What a tie counts: ``ties`` its strength, ``sizes`` its strength times the capabilities of both states.
    states : DataFrame
        A row a state: actor, camp (1 to `count`, those of most capability first), community, component, share (of the
        capability of all states in the network), ties (how many are known), tension (share of the weight of its ties that the
        camps leave unsatisfied), flow (side in the limit of Marvel et al.'s flow, null if it has none), sure (mean probability of
        sharing a camp with the others of its camp, by their capability).
    together : DataFrame
        A row a pair whose states can be compared: a, b, mean, sd, positive (probability; null if the tie is not known), same (one
        camp), together (probability that the two share a camp).
    camps : DataFrame
        A row a number of camps: most (at most so many; null for any number), used, index (weight left unsatisfied), bound (no
        camps leave less), proven, share (of the weight of all ties).
    triads : DataFrame
        A row a kind of triangle: negative (ties of the three), count (in the network of means), share, lo90, hi90 (over draws).
    figures : DataFrame
        A row a figure: name, value, lo50, hi50, lo90, hi90, of (``states`` or ``powers``), unit. Null where it cannot be said.
    minima : DataFrame
        A row a minimum of the landscape: minimum (1 is the deepest), energy, basin, error, escape, present and deepest (share of
        draws in which it is a minimum, and the deepest one), one and other (lists of ids: the two sides).
    watershed : DataFrame
        A row a power and minimum: minimum, actor, cost (rise in energy if it alone switches), margin (the same, as a share of
        what it would be if all its ties were satisfied), leads_to (the minimum where the system ends after that).
    tipping : DataFrame
        What it takes until another division of the powers does as well: to (``division`` or ``minimum``), distance, share, switch
        (ids), ties (whose full turn does it, as "A-B").
    coverage : float
        Share of the pairs of states whose tie is known.
    without : tuple of str
        Ids of states of which no tie to the others is known.
    notes : tuple of str
        Assumptions and gaps, for the reader.
    ids : tuple of str
        Statements of the capabilities used.
    """

    month: date
    actors: tuple[str, ...]
    powers: tuple[str, ...]
    count: int
    weighing: str
    states: pl.DataFrame
    together: pl.DataFrame
    camps: pl.DataFrame
    triads: pl.DataFrame
    figures: pl.DataFrame
    minima: pl.DataFrame
    watershed: pl.DataFrame
    tipping: pl.DataFrame
    coverage: float
    without: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The ties that it rests on: their statements are behind it too."""
        known = self.together.drop_nulls("mean")
        return tuple(zip(known["a"], known["b"], strict=True))

    def camp(self, number: int) -> tuple[str, ...]:
        """Ids of the states of a camp."""
        return tuple(self.states.filter(pl.col("camp") == number)["actor"])
