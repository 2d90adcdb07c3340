"""The blocs of a month: network, camps, balance and landscape put together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final, Literal

import numpy as np
import polars as pl

from multipolar.blocs.arrays import flow
from multipolar.blocs.arrays.communities import communities
from multipolar.blocs.arrays.landscape import MOST
from multipolar.blocs.arrays.tension import tension_at
from multipolar.blocs.division import CLOSE, STARTS, Division, divide
from multipolar.blocs.inputs import DRAWS, Floats, Network, check_weighing, network
from multipolar.blocs.measured import camp_figures, figure_frame, power_figures, triad_frame
from multipolar.blocs.model import Blocs
from multipolar.blocs.powers import minima_frames, tipping_frame
from multipolar.errors import UsageError
from multipolar.measures import StateSet
from multipolar.record import View
from multipolar.ties import Ties

Weighing = Literal["ties", "sizes"]
#: States of the landscape: the most capable ones.
POWERS: Final = 16
#: Seconds for all proofs together.
TIME_LIMIT: Final = 30.0
#: States that a note names.
NAMED: Final = 8


def blocs(
    ties: Ties,
    view: View,
    month: date,
    actors: StateSet | Iterable[str] | None = None,
    *,
    camps: int | None = None,
    weighing: Weighing = "ties",
    capability: str = "cinc",
    powers: int = POWERS,
    time_limit: float = TIME_LIMIT,
) -> Blocs:
    """Which blocs there are in a month, who is in which, and how sure that is.

    Parameters
    ----------
    ties : Ties
    view : View
        Where the capabilities are.
    month : date
        Any day of the month.
    actors : StateSet or iterable of str, optional
        Names of states or of sets of them; by default all states that are paired.
    camps : int, optional
        At most so many camps; by default the fewest that leave nearly as little unsatisfied as any number does.
    weighing : {"ties", "sizes"}
        What a tie counts: its strength, or its strength times the capabilities of both states (Axelrod & Bennett 1993).
    capability : {"cinc", "gdp", "gdp_ppp", "population", "military_spending"}
        What states are sized by: the latest figure up to the month, not older than ten years.
    powers : int
        How many of the most capable states the landscape is of, 2 to 20.
    time_limit : float
        Seconds for all proofs together. What is not proven in time has its bound beside it.

    Returns
    -------
    Blocs

    Raises
    ------
    UsageError
        If a state did not exist then, there are fewer than two, or a number makes no sense.
    Refusal
        If no tie between the states is known, or none can be weighed by sizes.
    """
    if not 2 <= powers <= MOST:
        raise UsageError(f"expected 2 to {MOST} states in the landscape, got {powers}", where="powers")
    net = network(ties, view, month, actors, capability=capability)
    check_weighing(net, weighing)
    mean, draws = net.mean * net.weight(weighing), net.draws() * net.weight(weighing)
    found = divide(mean, draws, net.size, camps, time_limit)
    few = net.first(powers)
    power, power_draws = few.mean * few.weight(weighing), few.draws() * few.weight(weighing)
    triad, balance = triad_frame(mean, draws)
    minima, watershed = minima_frames(few.actors, power, power_draws)
    figures = balance | camp_figures(draws, found.drawn, net.size) | power_figures(power_draws, few.size)
    return Blocs(
        month=month.replace(day=1),
        actors=net.actors,
        powers=few.actors,
        count=found.count,
        weighing=weighing,
        states=_states(net, mean, found),
        together=_together(net, found),
        camps=found.table,
        triads=triad,
        figures=figure_frame(figures),
        minima=minima,
        watershed=watershed,
        tipping=tipping_frame(few.actors, power),
        coverage=net.coverage,
        without=net.without,
        notes=tuple(_notes(net, found, mean, minima, capability)),
        ids=net.ids,
    )


def _states(net: Network, mean: Floats, found: Division) -> pl.DataFrame:
    flowed = flow.limit(mean).camps
    return pl.DataFrame(
        {
            "actor": net.actors,
            "camp": found.camp + 1,
            "community": communities(mean).communities + 1,
            "component": found.component + 1,
            "flow": np.where(flowed < 0, np.nan, flowed + 1),
            "share": np.where(np.isin(net.actors, net.unsized), np.nan, net.size),
            "ties": net.known.sum(axis=1),
            "tension": tension_at(mean, found.camp),
            "sure": found.sure(net.size),
        },
        nan_to_null=True,
    ).with_columns(pl.col("flow").cast(pl.Int64))


def _together(net: Network, found: Division) -> pl.DataFrame:
    """Each pair of one component, a before b in the alphabet."""
    from scipy.special import ndtr

    i, j = np.nonzero(np.triu(found.component[:, None] == found.component, 1))
    known = net.known[i, j]
    mean, sd = (np.where(known, part[i, j], np.nan) for part in (net.mean, net.sd))
    ordered = [sorted((net.actors[one], net.actors[two])) for one, two in zip(i, j, strict=True)]
    return pl.DataFrame(
        {
            "a": [one for one, _ in ordered],
            "b": [two for _, two in ordered],
            "mean": mean,
            "sd": sd,
            "positive": ndtr(mean / sd),
            "same": found.camp[i] == found.camp[j],
            "together": found.together[i, j],
        },
        nan_to_null=True,
        schema_overrides={"a": pl.String(), "b": pl.String()},
    ).sort("a", "b")


def _notes(net: Network, found: Division, mean: Floats, minima: pl.DataFrame, capability: str) -> Iterable[str]:
    yield f"{net.coverage:.0%} of the pairs of states have a known tie; a tie that is not known takes no part."
    if net.without:
        yield f"No tie to the others is known of {_listed(net.without)}."
    if not (mean < 0).any():
        yield "No tie is hostile: one camp satisfies them all."
    parts = int(found.component.max()) + 1
    if parts > 1:
        yield f"The network falls into {parts} parts without a tie between them: camps of different parts cannot be compared."
    if net.years:
        yield f"Capability is {capability} of {' to '.join(map(str, net.years))}."
    if net.unsized:
        yield f"No {capability} is known of {_listed(net.unsized)}: no weight among the poles."
    yield _proof(found)
    if minima.height and (elsewhere := 1.0 - float(minima["deepest"].sum())) > 0.005:
        yield f"In {elsewhere:.0%} of the draws the deepest minimum is another one than those listed."


def _listed(actors: tuple[str, ...]) -> str:
    more = f" and {len(actors) - NAMED} more" if len(actors) > NAMED else ""
    return ", ".join(actors[:NAMED]) + more


def _proof(found: Division) -> str:
    proven = found.table.filter("proven")["most"].to_list()
    open_ = [_most(number) for number in found.table["most"] if number not in proven]
    said = "Camps of the mean ties are proven to be the best"
    if open_:
        said = f"Camps of the mean ties are the best found, with a bound, for {', '.join(open_)}; else proven"
    drawn = "exact" if found.exact else f"the best of {STARTS} descents"
    return f"{said}. More camps are taken if they satisfy {CLOSE:.0%} more. Probabilities are over {DRAWS} draws, each {drawn}."


def _most(number: int | None) -> str:
    return "any number of camps" if number is None else f"{number} camps"
