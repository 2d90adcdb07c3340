"""One table of the pairs of members, and the figures that rest on it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.architectures.arrays import divided
from multipolar.architectures.depth import complete, depths, matrix
from multipolar.architectures.indivisible import against, disputes_known
from multipolar.architectures.members import Members
from multipolar.architectures.model import HELP
from multipolar.architectures.standing import Told
from multipolar.measures.arrays import dispersion
from multipolar.measures.model import Summary, bounds, posterior, summary
from multipolar.ties import Ties

#: Below this share of pairs whose tie is known, no figure is made of ties.
LEAST_COVERAGE: Final = 0.5
#: Columns of a table of figures.
FIGURE: Final = {
    "figure": pl.String(),
    "unit": pl.String(),
    "value": pl.Float64(),
    "lo50": pl.Float64(),
    "hi50": pl.Float64(),
    "lo90": pl.Float64(),
    "hi90": pl.Float64(),
    "coverage": pl.Float64(),
    "why": pl.String(),
}
#: Figures that rest on ties.
OF_TIES: Final = {
    "cohesion": "mean tie of the pairs",
    "dispersion": "standard deviation of the ties over pairs",
    "negative": "share of pairs with a negative tie",
    "dispute": "share of pairs with a live dispute",
    "pact": "share of pairs with a pact against each other",
    "divided": "share of pairs with any of the three",
}

#: Figures that are told and not estimated, and which of those each figure rests on.
TOLD: Final = ("dispute", "pact")
_RESTS_ON: Final = {"dispute": ("dispute",), "pact": ("pact",), "divided": ("dispute", "pact")}

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pairs:
    """The pairs of members of an architecture in a month.

    Attributes
    ----------
    frame : DataFrame
        A row a pair, a < b: what `depths` and `against` tell, whether it is known that no dispute (`dispute_known`), or no pact
        against each other (`pact_known`), is there that is not told, and mean and sd of its tie (null where too little is
        known).
    draws : array, shape (draws, pairs with a known tie)
        Posterior draws, in the order of the rows with a tie.
    day : date
        The day on which obligations and memberships stand.
    """

    frame: pl.DataFrame
    draws: Floats
    day: date

    @property
    def tied(self) -> NDArray[np.bool_]:
        """Which rows have a known tie."""
        return self.frame["mean"].is_not_null().to_numpy()

    def among(self, rows: NDArray[np.bool_]) -> Pairs:
        """The same of some rows only."""
        kept = rows[self.tied]
        return Pairs(self.frame.filter(pl.Series(rows)), self.draws[:, kept], self.day)


def month_end(month: date, as_of: date) -> date:
    """The last day of a month that is not after the day of the view."""
    return min(month.replace(day=monthrange(month.year, month.month)[1]), as_of)


def pairs_of(told: Told, ties: pl.DataFrame, members: Members, day: date) -> Pairs:
    """The table of pairs of members on a day.

    Parameters
    ----------
    told : Told
    ties : DataFrame
        As `Ties.at` gives them for the month.
    members : Members
    day : date
    """
    actors = members.ids
    quiet = disputes_known(told, actors, day)
    unbound = complete(told, actors, day)[
        :, HELP
    ]  # a pact against each other takes a dispute and an obligation to help
    deep = depths(told, members.frame, day).with_columns(
        dispute_known=pl.Series(quiet), pact_known=pl.Series(quiet & unbound)
    )
    fights = against(told, actors, day.replace(day=1), day)
    known = ties.filter(pl.col("a").is_in(actors), pl.col("b").is_in(actors)).select("a", "b", "mean", "sd")
    frame = (
        deep.join(known, on=["a", "b"], how="left", maintain_order="left")
        .join(fights, on=["a", "b"], how="left", maintain_order="left", suffix="_against")
        .with_columns(pl.col("dispute", "pact").fill_null(False), pl.col("third", "ids_against").fill_null([]))
    )
    with_tie = frame.drop_nulls("mean")
    draws = posterior(with_tie["mean"].to_numpy(), with_tie["sd"].to_numpy())
    return Pairs(frame, draws, day)


def of_ties(pairs: Pairs) -> dict[str, Floats]:
    """Draws of each figure of `OF_TIES`, shape (draws,); empty where no tie is known."""
    known = pairs.frame.drop_nulls("mean")
    if known.is_empty():
        return {}
    together = dispersion(pairs.draws)
    apart = divided(pairs.draws, known["dispute"].to_numpy(), known["pact"].to_numpy())
    values = (*together, apart.negative, apart.dispute, apart.pact, apart.either)
    return dict(zip(OF_TIES, values, strict=True))


def tie_figures(pairs: Pairs) -> list[dict[str, Any]]:
    """The figures that rest on ties, as rows of `FIGURE`; null, with the reason, where too few ties are known."""
    total, known = pairs.frame.height, int(pairs.tied.sum())
    share = known / total if total else 0.0
    if share < LEAST_COVERAGE or not known:
        why = f"the ties of {known} of {total} pairs are known, fewer than {LEAST_COVERAGE:.0%}"
        return [row(name, unit, None, share, why) for name, unit in OF_TIES.items()]
    draws = of_ties(pairs)
    return [row(name, unit, found(pairs, draws, name), covered(pairs, name)) for name, unit in OF_TIES.items()]


def found(pairs: Pairs, draws: dict[str, Floats], name: str) -> Summary:
    """A figure of ties; of disputes and pacts, which are told or not, between what is told and the most that it can be."""
    if name not in TOLD:
        return summary(draws[name])
    known = pairs.frame.drop_nulls("mean")
    told_, may_be = known[name].to_numpy(), ~known[f"{name}_known"].to_numpy()
    return bounds(float(told_.mean()), float(told_.mean()), float((told_ | may_be).mean()))


def covered(pairs: Pairs, name: str) -> float:
    """Share of all pairs of which a figure of ties is known: the tie, and whether there is a dispute or a pact."""
    kinds = _RESTS_ON.get(name, ())
    known = pl.all_horizontal(pl.col("mean").is_not_null(), *(pl.col(kind) | pl.col(f"{kind}_known") for kind in kinds))
    return float(pairs.frame.select(known.mean()).item())


def depth_figures(told: Told, members: Members, pairs: Pairs) -> tuple[list[dict[str, Any]], pl.DataFrame]:
    """Shares of pairs at each rung or deeper, as rows of `FIGURE`, and the matrix that they are read from."""
    found = matrix(told, members.frame, pairs.day, pairs.frame)
    known = complete(told, members.ids, pairs.day)
    rows = []
    for place, (rung, told_, most) in enumerate(found.select("rung", "at_least", "at_most").rows()):
        if place:
            sure = float(((pairs.frame["depth"].to_numpy() >= place) | known[:, place:].all(axis=1)).mean())
            rows.append(row(rung, f"share of pairs at {rung} or deeper", bounds(told_, told_, most), sure))
    return rows, found


def row(
    name: str, unit: str, found: Summary | None, coverage: float | None = None, why: str | None = None
) -> dict[str, Any]:
    """One row of `FIGURE`."""
    values = dict.fromkeys(("value", "lo50", "hi50", "lo90", "hi90")) if found is None else found._asdict()
    return {"figure": name, "unit": unit, **values, "coverage": coverage, "why": why}


def table(rows: Iterable[dict[str, Any]]) -> pl.DataFrame:
    """A table of figures."""
    return pl.DataFrame(list(rows), schema=FIGURE)


def ties_at(ties: Ties, month: date) -> pl.DataFrame:
    """The ties of a month; none, with the same columns, where the month lies outside their window."""
    first, last = ties.months[0], ties.months[-1]
    if first <= month.replace(day=1) <= last:
        return ties.at(month)
    return ties.at(last).clear()
