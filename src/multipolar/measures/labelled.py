"""The measures of named states: inputs looked up, coverage and evidence attached, arithmetic left to `arrays`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.errors import Refusal, UsageError
from multipolar.measures import arrays
from multipolar.measures.model import Measure, summary
from multipolar.measures.trade import Share, trade_share, trade_years
from multipolar.record import View
from multipolar.ties import Ties

#: Posterior draws behind an interval, and their seed: the same question has the same answer.
DRAWS: Final = 4000
SEED: Final = 20240619
#: A capability figure older than this many years is not used as a weight.
STALE: Final = 10
#: Too little of the world is observed for a figure below this share of capability.
LEAST_COVERAGE: Final = 0.5
CAPABILITIES: Final = ("cinc", "gdp", "gdp_ppp", "population", "military_spending")


def isolation(ties: Ties, view: View, actor: str, month: date, *, capability: str = "cinc") -> Measure:
    """How isolated a state is: the share of the others' capability held by states without a positive tie to it.

    Parameters
    ----------
    ties : Ties
    view : View
        Where the capabilities are.
    actor : str
        Actor id.
    month : date
        Any day of the month.
    capability : {"cinc", "gdp", "gdp_ppp", "population", "military_spending"}
        What partners are weighted by: the latest figure up to the month, not older than `STALE` years.

    Returns
    -------
    Measure
        `detail` has a row a partner: partner, weight (share of the weights used), mean, sd, positive (probability).
        `coverage` is the share of all weights whose tie is known.

    Raises
    ------
    UsageError
        If `capability` is none of the above.
    Refusal
        If no capability is known, or the ties known carry less than `LEAST_COVERAGE` of it.
    """
    if capability not in CAPABILITIES:
        raise UsageError.unknown("capability", capability, CAPABILITIES)
    ties.month_index(month)  # a month outside the window is refused as such, not for lack of capability
    weights = _capability(view, capability, month, set(ties.panel.scope.actors) - {actor})
    partners = ties.at(month, actor).join(weights, left_on="b", right_on="actor").sort("b")
    total = float(weights["weight"].sum())
    coverage = float(partners["weight"].sum()) / total
    if coverage < LEAST_COVERAGE:
        raise Refusal(
            f"the ties of {actor} known in {month:%Y-%m} carry {coverage:.0%} of the others' {capability}, "
            f"fewer than {LEAST_COVERAGE:.0%}",
            hint="Ingest a source that covers more of its partners, or choose another capability or month.",
        )
    draws = _draws(partners["mean"].to_numpy(), partners["sd"].to_numpy())
    index = arrays.isolation(draws, partners["weight"].to_numpy())
    detail = partners.select(
        partner="b",
        weight=pl.col("weight") / pl.col("weight").sum(),
        mean="mean",
        sd="sd",
        positive=pl.Series((draws > 0).mean(axis=0)),
    ).sort("weight", descending=True)
    years = sorted({int(year) for year in partners["year"]})
    return Measure(
        name="isolation",
        unit=f"share of the others' {capability} without a positive tie",
        actor=actor,
        month=month.replace(day=1),
        **summary(index)._asdict(),
        coverage=coverage,
        detail=detail,
        pairs=tuple((actor, partner) for partner in partners["b"]),
        ids=tuple(partners["id"]),
        notes=(f"Weights are {capability} of {years[0]} to {years[-1]}.",),
    )


def hedging(ties: Ties, actor: str, between: Sequence[str], month: date) -> Measure:
    """How evenly a state keeps positive ties with several powers: the weakest tie as a share of the strongest.

    Parameters
    ----------
    ties : Ties
    actor : str
        Actor id.
    between : sequence of str
        Ids of two or more powers.
    month : date
        Any day of the month.

    Returns
    -------
    Measure
        `detail` has a row a power: power, mean, sd, positive (probability that the tie is positive).

    Raises
    ------
    UsageError
        With fewer than two different powers, or `actor` among them.
    Refusal
        If too little is known of one of the ties.
    """
    powers = list(dict.fromkeys(between))
    known, draws = _with_powers(ties, actor, powers, month)
    detail = known.select(power="b", mean="mean", sd="sd", positive=pl.Series((draws > 0).mean(axis=0)))
    return Measure(
        name="hedging",
        unit="weakest tie over strongest, 0 if one is not positive",
        actor=actor,
        month=month.replace(day=1),
        **summary(arrays.hedging(draws))._asdict(),
        coverage=1.0,
        detail=detail,
        pairs=tuple((actor, power) for power in known["b"]),
    )


def hedging_draws(ties: Ties, actor: str, between: Sequence[str], month: date) -> NDArray[np.float64]:
    """Posterior draws of the index of `hedging`, shape (`DRAWS`,)."""
    return arrays.hedging(_with_powers(ties, actor, list(dict.fromkeys(between)), month)[1])


def _with_powers(ties: Ties, actor: str, powers: list[str], month: date) -> tuple[pl.DataFrame, NDArray[np.float64]]:
    """The ties with each power, and draws of them."""
    if len(powers) < 2 or actor in powers:
        raise UsageError(
            f"expected two or more powers other than {actor}, got {', '.join(powers) or 'none'}",
            hint="Name different ones, as in `--between USA CHN`.",
        )
    known = ties.at(month, actor).filter(pl.col("b").is_in(powers)).sort("b")
    lacking = sorted(set(powers) - set(known["b"]))
    if lacking:
        raise Refusal(
            f"too little is observed of {actor} and {', '.join(lacking)} in the three years to {month:%Y-%m}",
            hint="Leave that power out, or ingest a source that covers the pair.",
        )
    return known, _draws(known["mean"].to_numpy(), known["sd"].to_numpy())


def dependence(view: View, actor: str, on: str, year: int, *, without: Sequence[str] = ()) -> Measure:
    """How far a state depends on another for its trade: directed, and convex in the other's share.

    Parameters
    ----------
    view : View
    actor, on : str
        Who depends on whom.
    year : int
        Calendar year.
    without : sequence of str
        Partners whose trade with `actor` is taken out first, to see what they change.

    Returns
    -------
    Measure
        `value` at the elasticity `arrays.ELASTICITY`; the intervals run over `arrays.ELASTICITY_RANGE` (90 %) and half of
        it (50 %), because the elasticity is the uncertain part. `detail` has the trade, the total and the share (USD).

    Raises
    ------
    UsageError
        If the two are the same.
    Refusal
        If the trade of the pair or the total trade of `actor` is not known for that year.
    """
    _two(actor, on)
    share = trade_share(view, actor, on, year, without=tuple(without))
    low, high = arrays.ELASTICITY_RANGE
    middle = arrays.ELASTICITY
    grid = np.array([high, (middle + high) / 2, middle, (low + middle) / 2, low])
    lo90, lo50, value, hi50, hi90 = arrays.dependence(share.share, grid)
    return Measure(
        name="dependence",
        unit="share of the gains from trade lost without that partner",
        actor=actor,
        month=date(year, 12, 1),
        value=float(value),
        lo50=float(lo50),
        hi50=float(hi50),
        lo90=float(lo90),
        hi90=float(hi90),
        coverage=1.0,
        detail=_share_frame(share),
        ids=share.ids,
        notes=(
            f"{on} had {share.share:.1%} of {actor}'s trade of {year} ({share.source}).",
            f"The interval runs over trade elasticities from {low:g} to {high:g}.",
        ),
    )


def latest_dependence(view: View, actor: str, on: str, *, without: Sequence[str] = ()) -> Measure:
    """`dependence` in the last year for which it is known.

    Raises
    ------
    UsageError
        If the two are the same.
    Refusal
        If it is known for no year.
    """
    _two(actor, on)
    for year in sorted(trade_years(view, actor, on), reverse=True):
        try:
            return dependence(view, actor, on, year, without=without)
        except Refusal:
            continue
    raise Refusal(
        f"the trade of {actor} with {on} and its total trade are known together for no year",
        hint="Ingest a source of bilateral trade that covers the pair.",
    )


def _two(actor: str, on: str) -> None:
    if actor == on:
        raise UsageError(
            f"expected two different states, got {actor} twice", hint="Name the partner that it trades with."
        )


def _share_frame(share: Share) -> pl.DataFrame:
    return pl.DataFrame({"trade_usd": [share.trade], "total_usd": [share.total], "share": [share.share]})


def _draws(mean: NDArray[np.float64], sd: NDArray[np.float64]) -> NDArray[np.float64]:
    """Posterior draws of ties with different partners, which are independent given the parameters."""
    return mean + sd * np.random.default_rng(SEED).standard_normal((DRAWS, mean.size))


def _capability(view: View, kind: str, month: date, actors: set[str]) -> pl.DataFrame:
    """The latest capability of each of these states up to a month: columns actor, weight, year, id."""
    traits = view.statements("trait", kinds=(kind,), until=month).drop_nulls("value")
    year = pl.coalesce("valid_to", "valid_from").dt.year()
    recent = traits.with_columns(year=year).filter(pl.col("year") <= month.year, pl.col("year") >= month.year - STALE)
    latest = recent.sort("year", "known_from", "id").unique("a", keep="last", maintain_order=True)
    weights = latest.select(actor="a", weight="value", year="year", id="id").filter(pl.col("weight") >= 0)
    weights = weights.filter(pl.col("actor").is_in(sorted(actors)))
    if not weights["weight"].sum():
        raise Refusal(
            f"no {kind} of the other states is known for the {STALE} years to {month:%Y-%m}",
            hint="Choose another capability, or a later day with `as_of` (`--as-of`): a figure counts from its publication on.",
        )
    return weights
