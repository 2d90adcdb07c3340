"""Making every forecast of a design and scoring all of them on the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from multipolar.backtests.arrays import bootstrap, scores, windows
from multipolar.backtests.arrays.bootstrap import Ints
from multipolar.backtests.arrays.scores import Floats
from multipolar.backtests.model import RATE, WITH_TIE, Design
from multipolar.errors import Refusal

#: Fewest periods to draw from.
LEAST: Final = 5
#: Scores by which less is better.
LESS: Final = ("brier", "mae", "crps")
#: Scores of which there is no interval.
PLAIN: Final = "average_precision"
_ENDS: Final = ("", "_lo90", "_hi90")


@dataclass(frozen=True, eq=False)
class Backtest:
    """How the forecasts of a design did.

    Attributes
    ----------
    design : Design
    figures : DataFrame
        One row a forecast and score: forecast, score, value, lo90, hi90, gain (how much better than the field's forecast), its
        gain_lo90 and gain_hi90; and of a forecast with the tie how much that is better than without (added, added_lo90,
        added_hi90). Intervals by drawing whole periods, the same draws for all forecasts.
    rows, events, periods : int
        Rows scored, events among them (0 where outcomes are no events), and periods drawn from.
    forecasts : mapping of name to array
        The forecasts of all rows of the design; NaN outside the test.
    """

    design: Design
    figures: pl.DataFrame
    rows: int
    events: int
    periods: int
    forecasts: dict[str, Floats]

    def value(self, forecast: str, score: str) -> float:
        """One figure."""
        row = self.figures.filter(pl.col("forecast") == forecast, pl.col("score") == score)
        return float(row["value"][0])


def run(design: Design, *, seed: int = 0) -> Backtest:
    """Make all forecasts of a design with what was known, and score them.

    Parameters
    ----------
    design : Design
    seed : int
        Of the rows learnt from and of the draws: the same seed gives the same figures.

    Raises
    ------
    Refusal
        If fewer than five periods can be tested, or nothing ever happens in them.
    """
    plan = design.plan
    asked = (design.period >= plan.first) & (design.period <= plan.last)
    made = {RATE: windows.earlier(plan, design.period, design.outcome), **design.given}
    for name, predictors in design.fits.items():
        x = design.matrix(predictors)
        made[name] = windows.expanding(plan, design.period, x, design.outcome, seed)
    scored = asked & np.all([np.isfinite(each) for each in made.values()], axis=0)
    block = np.unique(design.period[scored], return_inverse=True)[1].astype(np.int64)
    periods = int(block.max(initial=-1)) + 1
    outcome = design.outcome[scored]
    _check(design, outcome, periods)
    counts = bootstrap.drawn(periods, seed)
    tables = {name: _scores(design, each, scored, block, counts, made[RATE]) for name, each in made.items()}
    figures = [
        _row(name, score, values, tables[design.field][score], tables[name.removesuffix(WITH_TIE)][score])
        for name, table in tables.items()
        for score, values in table.items()
    ]
    events = int(outcome.sum()) if plan.binary else 0
    return Backtest(design, pl.DataFrame(figures, infer_schema_length=None), len(outcome), events, periods, made)


def _check(design: Design, outcome: Floats, periods: int) -> None:
    if periods < LEAST:
        raise Refusal(
            f"{design.name}: too few years, {periods} can be tested where {LEAST} are needed",
            hint="Ingest sources that cover more years.",
        )
    if outcome.min() == outcome.max():
        raise Refusal(
            f"{design.name}: nothing to tell apart, the outcome ({design.outcome_is}) is {outcome[0]:g} in all rows",
            hint="Ingest a source that tells of such events in the years tested.",
        )


def _scores(
    design: Design, forecast: Floats, scored: windows.Bools, block: Ints, counts: Floats, rate: Floats
) -> dict[str, Floats]:
    """Values of each score in every draw; the first is the figure itself."""
    outcome, told, blocks = design.outcome[scored], forecast[scored], counts.shape[1]
    size = bootstrap.sums(np.ones(len(outcome)), block, blocks)

    def mean(each: Floats) -> Floats:
        return bootstrap.ratios(bootstrap.sums(each, block, blocks), size, counts)

    if not design.plan.binary:
        made = {"mae": mean(np.abs(told - outcome))}
        if design.volume is not None:
            sd = windows.spreads(design.plan, design.period, design.outcome - forecast, design.volume)
            made["crps"] = mean(scores.crps(outcome, told, sd[scored]))
        return made
    loss, least = (mean(scores.log_loss(outcome, each)) for each in (told, rate[scored]))
    return {
        "auc": bootstrap.areas(outcome, told, block, counts),
        "skill": 1.0 - loss / least,
        "brier": mean(scores.brier(outcome, told)),
        PLAIN: np.array([scores.average_precision(outcome, told)]),
    }


def _row(name: str, score: str, values: Floats, field: Floats, without: Floats) -> dict[str, object]:
    sign = -1.0 if score in LESS else 1.0
    parts = {"value": values, "gain": sign * (values - field)}
    told = {f"{part}{end}": figure for part, each in parts.items()
            for end, figure in zip(_ENDS, bootstrap.interval(each), strict=True)}  # fmt: skip
    added = bootstrap.interval(sign * (values - without)) if name.endswith(WITH_TIE) else (np.nan,) * 3
    told |= {f"added{end}": figure for end, figure in zip(_ENDS, added, strict=True)}
    told["lo90"], told["hi90"] = told.pop("value_lo90"), told.pop("value_hi90")
    return {"forecast": name, "score": score, **{key: None if np.isnan(each) else each for key, each in told.items()}}
