"""The designs there are, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

import polars as pl

from multipolar.backtests import agreement, disputes, events, pacts, sanctions
from multipolar.backtests.model import Design, with_tie
from multipolar.backtests.runner import Backtest, run
from multipolar.errors import UsageError
from multipolar.record import View

#: Each makes its design from a record.
DESIGNS: Final[Mapping[str, Callable[[View], Design]]] = MappingProxyType(
    {
        agreement.NAME: agreement.design,
        disputes.NAME: disputes.design,
        pacts.NAMES["defence"]: partial(pacts.design, kind="defence"),
        pacts.NAMES["alliance"]: partial(pacts.design, kind="alliance"),
        sanctions.NAME: sanctions.design,
        events.NAME: events.design,
    }
)
#: What the best of the published baselines reached on the same work, by design and score.
PUBLISHED: Final[Mapping[str, Mapping[str, float]]] = MappingProxyType(
    {
        "agreement": {"mae": 0.0546},
        "disputes": {"auc": 0.959, "skill": 0.423},
        "pacts": {"auc": 0.936, "skill": 0.197},
        "pacts-any": {"auc": 0.823, "skill": 0.089},
    }
)


def backtest(view: View, name: str, *, ties: pl.DataFrame | None = None, seed: int = 0) -> Backtest:
    """Make the forecasts of a design again and again with what was known, and score them on what came.

    Parameters
    ----------
    view : View
    name : str
        One of `DESIGNS`.
    ties : DataFrame, optional
        Ties as known at the end of each year (see `with_tie`): then every forecast is made without them and with them.
    seed : int
        The same seed gives the same figures.

    Returns
    -------
    Backtest

    Raises
    ------
    UsageError
        If there is no such design, or `ties` is not as it must be.
    Refusal
        If the record lacks a source (the hint names it), reaches too few years, or nothing happened in them.
    """
    if name not in DESIGNS:
        raise UsageError.unknown("backtest", name, DESIGNS)
    made = DESIGNS[name](view)
    return run(made if ties is None else with_tie(made, ties), seed=seed)
