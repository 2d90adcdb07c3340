"""Cohesion of a set of states in its ties: how close they are on average, and how uneven."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from multipolar.errors import Refusal
from multipolar.measures import arrays
from multipolar.measures.entry import Entry
from multipolar.measures.isolation import LEAST_COVERAGE
from multipolar.measures.model import Measure, Summary, mean_posterior, posterior, summary
from multipolar.measures.sets import StateSet, existing, state_set
from multipolar.ties import Ties

COHESION_TIES: Final = Entry(
    name="cohesion_ties",
    title="Cohesion in ties",
    definition=(
        "The mean tie over all pairs of a set of states. Beside it the spread of these ties (their standard deviation over "
        "pairs) and the share of pairs with a positive one."
    ),
    inputs="a set of states, a month",
    unit="units of the tie",
    range="any number; +1 is the mean of close pairs",
    interval="joint posterior draws of the ties",
    source="ours",
    needs=(("vote", ("UNGA",)), ("tie", ("defence", "sanction", "dispute")), ("flow", ("exports", "arms"))),
    refuses=("the ties of fewer than half of the pairs are known",),
)


def cohesion_ties(ties: Ties, actors: str | StateSet | Iterable[str], month: date) -> Measure:
    """How close the members of a set stand to each other, and how unevenly.

    Parameters
    ----------
    ties : Ties
    actors : str, StateSet or iterable of str
        An organisation, a set of `SETS`, or several states and organisations (see `state_set`).
    month : date
        Any day of the month. Members are those of that month.

    Returns
    -------
    Measure
        `value` is the mean tie. `detail` has a row an index: index (``mean``, ``spread``, ``positive``), value, lo50, hi50,
        lo90, hi90, pairs (how many are known). `coverage` is the share of the set's pairs whose tie is known.

    Raises
    ------
    UsageError
        If the month lies outside the ties, a state did not exist, or the set has fewer than two members.
    Refusal
        If the ties of fewer than `LEAST_COVERAGE` of the pairs are known.
    """
    one = state_set(actors)
    inside = existing(one, month, least=2)
    known = within(ties.at(month), inside)
    coverage = share_known(known, inside, one.name, month)
    figures = tie_figures(known)
    return Measure(
        name="cohesion_ties",
        unit="mean tie over the pairs of the set",
        actor=one.name,
        month=month.replace(day=1),
        **figures["mean"]._asdict(),
        coverage=coverage,
        detail=pl.DataFrame(
            [{"index": name, **figure._asdict(), "pairs": known.height} for name, figure in figures.items()]
        ),
        pairs=tuple(known.select("a", "b").iter_rows()),
        actors=inside,
    )


def within(known: pl.DataFrame, members: tuple[str, ...]) -> pl.DataFrame:
    """Ties between members, sorted."""
    inside = pl.col("a").is_in(members) & pl.col("b").is_in(members)
    return known.filter(inside).sort("a", "b")


def share_known(known: pl.DataFrame, members: tuple[str, ...], name: str, month: date) -> float:
    """Share of the pairs of a set whose tie is known.

    Raises
    ------
    Refusal
        If it is below `LEAST_COVERAGE`.
    """
    pairs = len(members) * (len(members) - 1) // 2
    if known.height < LEAST_COVERAGE * pairs:
        raise Refusal(
            f"the ties of {known.height} of the {pairs} pairs of {name} are known in {month:%Y-%m}, fewer than "
            f"{LEAST_COVERAGE:.0%}",
            hint="Ingest a source that covers more of its members, or choose another month.",
        )
    return known.height / pairs


def tie_figures(known: pl.DataFrame) -> dict[str, Summary]:
    """Each index of the ties of a set; the first is that of the figure."""
    mean, sd = known["mean"].to_numpy(), known["sd"].to_numpy()
    draws = posterior(mean, sd)
    positive = np.asarray((draws > 0).mean(axis=1))
    of = {"mean": mean_posterior(mean, sd), "spread": arrays.dispersion(draws).spread, "positive": positive}
    return {name: summary(values) for name, values in of.items()}
