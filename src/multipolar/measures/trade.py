"""A partner's share of a state's trade, numerator and denominator from the same source wherever one gives both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from multipolar.errors import Refusal
from multipolar.record import View


@dataclass(frozen=True)
class Share:
    """Trade of a state with a partner (exports and imports) against all its trade, in USD."""

    trade: float
    total: float
    source: str
    ids: tuple[str, ...]

    @property
    def share(self) -> float:
        """Between 0 and 1."""
        return min(self.trade / self.total, 1.0)


def trade_share(view: View, actor: str, on: str, year: int, *, without: tuple[str, ...] = ()) -> Share:
    """Find the trade of a pair and the total trade of a state in one year.

    Parameters
    ----------
    view : View
    actor, on : str
        Whose trade, with whom.
    year : int
        Calendar year.
    without : tuple of str
        Partners whose trade is taken out of the total.

    Returns
    -------
    Share

    Raises
    ------
    Refusal
        If either direction of the pair's trade, or either total, is not known for that year.
    """
    pairs = {partner: _with(view, actor, partner, year) for partner in (on, *without)}
    totals = _of_year(view.statements("trait", actors=(actor,), kinds=("exports_total", "imports_total")), year)
    totals = _complete(totals, "kind").filter(pl.col("a") == actor)
    for partner, frame in pairs.items():
        if frame.is_empty():
            raise Refusal(
                f"the trade of {actor} with {partner} in {year} is not known in both directions",
                hint="Another year may be: see `multipolar statements flow`.",
            )
    if totals.is_empty():
        raise Refusal(f"the total trade of {actor} in {year} is not known", hint="Choose another year.")
    source, total_source = _sources(pairs[on], totals)
    chosen = {partner: _prefer(frame, source) for partner, frame in pairs.items()}
    denominators = _prefer(totals, total_source)
    left_out = sum(float(chosen[partner]["value"].sum()) for partner in without)
    return Share(
        trade=float(chosen[on]["value"].sum()),
        total=float(denominators["value"].sum()) - left_out,
        source=source if source == total_source else f"{source} over {total_source}",
        ids=tuple(pl.concat([frame["id"] for frame in (*chosen.values(), denominators)]).sort()),
    )


def trade_years(view: View, actor: str, on: str) -> list[int]:
    """Years of which anything is known of the trade of a pair."""
    flows = view.statements("flow", between=(actor, on), kinds=("exports",))
    return flows["valid_from"].dt.year().unique().sort().to_list()


def _of_year(frame: pl.DataFrame, year: int) -> pl.DataFrame:
    """Statements whose period is that calendar year."""
    return frame.filter(pl.col("valid_from") == date(year, 1, 1), pl.col("valid_to") == date(year, 12, 31))


def _with(view: View, actor: str, partner: str, year: int) -> pl.DataFrame:
    """Exports both ways in that year, from the sources that give both."""
    flows = view.statements("flow", between=(actor, partner), kinds=("exports",))
    return _complete(_of_year(flows, year), "a")


def _complete(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """The rows of sources that give both values of a column, the version known last of each."""
    latest = frame.sort("known_from", "id").unique(["source", column], keep="last", maintain_order=True)
    return latest.filter(pl.len().over("source") == 2)


def _sources(pair: pl.DataFrame, totals: pl.DataFrame) -> tuple[str, str]:
    """The source that gives numerator and denominator; failing that, the one known last of each."""
    both = [source for source in pair["source"].to_list()[::-1] if source in set(totals["source"])]
    return (both[0], both[0]) if both else (pair["source"][-1], totals["source"][-1])


def _prefer(frame: pl.DataFrame, source: str) -> pl.DataFrame:
    """The rows of a source, or of the last one there is."""
    mine = frame.filter(pl.col("source") == source)
    return mine if mine.height else frame.filter(pl.col("source") == frame["source"][-1])
