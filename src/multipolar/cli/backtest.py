"""Backtests: how good forecasts made with what was known turned out to be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from multipolar.cli import episodes
from multipolar.cli.options import COMMON, Common, open_world
from multipolar.cli.output import Answer, Grid, show
from multipolar.cli.progress import working
from multipolar.errors import Refusal, UsageError

if TYPE_CHECKING:
    import polars as pl

    from multipolar.backtests import Backtest

Which = Literal["agreement", "disputes", "pacts", "pacts-any", "sanctions", "events", "episodes", "all"]
ALL: Final = "all"


def backtest(which: Which = "all", /, *, ties: Path | None = None, seed: int = 0, common: Common = COMMON) -> None:
    """Forecasts made again and again with what was known, scored on what came, beside what analysts use now.

    Each with 90 % intervals that come from drawing whole years, and how much better it is than the field's forecast. What the
    record has no source for is left out, and said.

    Parameters
    ----------
    which
        What is forecast: next-session agreement, onsets of disputes, new defence pacts, new alliances of any kind, sanctions
        that begin, next quarter's balance of events, or all of it; or episodes: ties of others from the change of one. Without
        `--record`, episodes shows the result that is stored with the package.
    ties
        A Parquet file of ties as known at the end of each year (a, b, year, tie, tie_sd): what they add is shown.
    seed
        Of the rows learnt from and of the draws.
    """
    if which == "episodes":
        show(episodes.answer(ties, seed, common), common)
        return
    known = _ties(ties)
    with working(common.quiet) as step:
        world = open_world(common, step)
        from multipolar.backtests import DESIGNS
        from multipolar.backtests import backtest as tested

        done, refused = [], []
        for name in DESIGNS if which == ALL else (which,):
            step(0, 0, f"Forecasting {name}")
            try:
                done.append(tested(world.view, name, ties=known, seed=seed))
            except Refusal as refusal:
                refused.append(refusal)
        if not done:
            raise refused[0]
    rows = [row for test in done for row in _rows(test)]
    notes = (*(f"left out: {' '.join(str(each).split())}" for each in refused), *_notes(done))
    show(Answer(rows, grids=[_grid(test) for test in done], notes=notes), common)


def _ties(file: Path | None) -> pl.DataFrame | None:
    if file is None:
        return None
    import polars as pl

    try:
        return pl.read_parquet(file)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UsageError(f"expected a Parquet file of ties, got one that cannot be read: {error}", where=str(file),
                         hint="Write it with the columns a, b, year, tie and tie_sd.") from None  # fmt: skip


def _rows(test: Backtest) -> list[dict[str, Any]]:
    head = {"backtest": test.design.name, "rows": test.rows, "events": test.events, "periods": test.periods}
    return [head | {"field": test.design.field} | row for row in test.figures.to_dicts()]


def _notes(done: list[Backtest]) -> list[str]:
    return [f"{test.design.name}: {note}" for test in done for note in test.design.notes]


def _grid(test: Backtest) -> Grid:
    from multipolar.backtests.page import SCORES, gain, number

    rows = [
        (row["forecast"], SCORES[row["score"]], number(row["score"], row["value"]), _ends(row, number), gain(row))
        for row in test.figures.to_dicts()
    ]
    events = f", {test.events:,} events" if test.events else ""
    title = f"{test.design.title}: {test.rows:,} rows{events}, {test.periods} periods"
    heads = ("forecast", "score", "value>", "90 %>", f"better than “{test.design.field}” by>")
    return Grid(heads, rows, title)


def _ends(row: dict[str, Any], number: Any) -> str:
    return "" if row["lo90"] is None else f"{number(row['score'], row['lo90'])} to {number(row['score'], row['hi90'])}"
