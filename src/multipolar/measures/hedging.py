"""Hedging: positive ties with several powers at once, and how much pressure ends it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from multipolar.errors import Refusal, UsageError
from multipolar.measures import arrays
from multipolar.measures.entry import Entry
from multipolar.measures.model import Floats, Measure, posterior, summary
from multipolar.ties import Ties

HEDGING: Final = Entry(
    name="hedging",
    title="Hedging",
    definition=(
        "How evenly a state keeps positive ties with several powers: the weakest of its ties over the strongest, "
        "`min_k a_k / max_k a_k` if all are positive, else 0."
    ),
    inputs="a state, two or more powers, a month",
    unit="ratio of ties",
    range="0 (a tie is not positive) to 1 (equal ties with all)",
    interval="joint posterior draws of the ties",
    source="a form of Kuik 2008, Contemporary Southeast Asia 30:159",
    needs=(("vote", ("UNGA",)), ("tie", ("defence", "sanction", "dispute")), ("flow", ("exports", "arms"))),
    refuses=("too little is observed of one of the ties in the three years to the month",),
)
PRESSURE: Final = Entry(
    name="pressure",
    title="Pressure that ends hedging",
    definition=(
        "How far the tie with one power must fall, the others staying as they are, for the index of hedging to leave the "
        "band in which a state counts as hedging: `a_p − band · max_k≠p a_k`, 0 if it is not in the band. Its parts say the "
        "same of every power, and how far each tie would have to rise."
    ),
    inputs="a state, two or more powers, the power that presses, a month; perhaps the band",
    unit="units of the tie",
    range="0 (not in the band) upwards",
    interval="joint posterior draws of the ties",
    source=(
        "ours; the band is 45 to 55 of 100 of the Anatomy of Choice Alignment Index (Khong & Liow 2025), an index of at "
        "least 45/55, unless another is chosen"
    ),
    needs=HEDGING.needs,
    refuses=HEDGING.refuses,
)
#: With less than this probability of being in the band, notes say that there is hardly anything to end.
HARDLY: Final = 0.05


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
    known, draws = _with_powers(ties, actor, between, month)
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


def hedging_draws(ties: Ties, actor: str, between: Sequence[str], month: date) -> Floats:
    """Posterior draws of the index of `hedging`, shape (`DRAWS`,)."""
    return arrays.hedging(_with_powers(ties, actor, between, month)[1])


def pressure(
    ties: Ties, actor: str, between: Sequence[str], power: str, month: date, *, band: float = arrays.BAND
) -> Measure:
    """How far the tie with one power must fall until a state no longer hedges.

    Parameters
    ----------
    ties : Ties
    actor : str
        Actor id.
    between : sequence of str
        Ids of two or more powers.
    power : str
        The one of them that presses.
    month : date
        Any day of the month.
    band : float
        Least index of hedging in the band, 0 to below 1 (see `arrays.BAND`); 0 asks until when all ties are positive.

    Returns
    -------
    Measure
        `value` is the mean fall over the draws, 0 in those in which the state is not in the band. `detail` has a row a
        power: power, mean, sd, falls and rises (mean, lo90 and hi90 each) that end the hedging if this tie alone moves;
        of a band of 0 rises are null, as none ends it. `coverage` is 1.

    Raises
    ------
    UsageError
        With fewer than two different powers, `actor` among them, `power` not among them, or a band outside 0..1.
    Refusal
        If too little is known of one of the ties.
    """
    known, draws = _with_powers(ties, actor, between, month)
    powers = known["b"].to_list()
    if power not in powers:
        raise UsageError.unknown("power that presses", power, powers)
    found = [arrays.pressure(draws, place, band) for place in range(len(powers))]
    rows = [
        {"power": name, "mean": mean, "sd": sd, **_range("falls", one.fall), **_range("rises", one.rise)}
        for (name, mean, sd), one in zip(known.select("b", "mean", "sd").iter_rows(), found, strict=True)
    ]
    chosen = found[powers.index(power)]
    return Measure(
        name="pressure",
        unit=f"fall of the tie with {power} that ends hedging",
        actor=actor,
        month=month.replace(day=1),
        **summary(chosen.fall)._asdict(),
        coverage=1.0,
        detail=pl.DataFrame(rows),
        pairs=tuple((actor, name) for name in powers),
        notes=_notes(actor, power, chosen, band),
    )


def _range(name: str, draws: Floats) -> dict[str, float | None]:
    if not np.isfinite(draws).all():
        return {name: None, f"{name}_lo90": None, f"{name}_hi90": None}
    found = summary(draws)
    return {name: found.value, f"{name}_lo90": found.lo90, f"{name}_hi90": found.hi90}


def _notes(actor: str, power: str, found: arrays.Pressure, band: float) -> tuple[str, ...]:
    inside = float(found.inside.mean())
    what = f"an index of hedging of at least {band:.2f}" if band else "positive ties with all"
    told = f"{actor} is in the band ({what}) with a probability of {inside:.0%}; outside of it the fall is 0."
    if inside < HARDLY:
        return (told, "There is hardly any hedging to end: ask with a lower band, such as 0.")
    given = np.quantile(found.fall[found.inside], [0.05, 0.5, 0.95])
    return (
        told,
        f"If it is, the tie with {power} must fall by {given[1]:.2f} ({given[0]:.2f} to {given[2]:.2f}, 90 %).",
    )


def _with_powers(ties: Ties, actor: str, between: Sequence[str], month: date) -> tuple[pl.DataFrame, Floats]:
    """The ties with each power, and draws of them."""
    powers = list(dict.fromkeys(between))
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
    return known, posterior(known["mean"].to_numpy(), known["sd"].to_numpy())
