"""A partner's share of what a state trades, buys or owes, numerator and denominator from one source wherever one gives both.

Each of `FLOWS` is a kind of flow of the record. What counts as all of it differs: trade has totals of its own, deliveries of
arms are added up where a source vouches that it tells all of them, investment is added up as far as it is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from multipolar.errors import Refusal, UsageError
from multipolar.record import View


@dataclass(frozen=True)
class Flow:
    """One good or flow in which a state can depend on another.

    Attributes
    ----------
    name : str
        What it is called in questions.
    kind : str
        The kind of flow in the record.
    told : str
        In sentences: "of its ...".
    lost : str
        What dependence is a share of.
    unit : str
        Of the amounts.
    both : bool
        Whether both directions count; otherwise what the state receives.
    totals : tuple of str
        Traits that are all of it; empty where the partners' amounts are added up.
    complete : bool
        Whether a total that is added up needs a source that vouches for all of it.
    years : int
        Calendar years that are added up.
    """

    name: str
    kind: str
    told: str
    lost: str
    unit: str
    both: bool = False
    totals: tuple[str, ...] = ()
    complete: bool = False
    years: int = 1


#: SIPRI compares five-year periods, as deliveries of one year vary much (sipri.org, Sources and methods).
FLOWS: Final[dict[str, Flow]] = {
    flow.name: flow
    for flow in (
        Flow("trade", "exports", "trade", "the gains from trade", "USD", True, ("exports_total", "imports_total")),
        Flow("arms", "arms", "arms deliveries", "the gains from arms imports", "million TIV", complete=True, years=5),
        Flow("finance", "investment_stock", "stock of inward direct investment", "the gains from foreign investment", "USD"),
    )
}  # fmt: skip
#: Flows that analysts ask for and no kind of statement of the record tells: what would be needed.
LACKING: Final = {
    "energy": "amounts of oil, gas, coal and electricity by pair of states (as UN Comtrade, divisions 32 to 35 of the SITC, "
    "or the IEA have them); the record knows only how much energy each state consumes",
}
#: Columns of `shares`.
SHARE: Final = ("actor", "on", "year", "amount", "total", "source")
_KEY: Final = ["actor", "on", "year"]


def flow_named(name: str) -> Flow:
    """The flow of a name.

    Raises
    ------
    UsageError
        If there is none.
    Refusal
        If it is one that no statement can tell of; it says what data are missing.
    """
    if name in LACKING:
        raise Refusal(
            f"dependence in {name} needs {LACKING[name]}",
            hint=f"Ask for {', '.join(FLOWS)}; trade has fuels among all goods.",
        )
    if name not in FLOWS:
        raise UsageError.unknown("flow", name, (*FLOWS, *LACKING))
    return FLOWS[name]


def shares(
    view: View, flow: Flow, *, actors: Iterable[str] | None = None, since: int | None = None, until: int | None = None
) -> pl.DataFrame:
    """What each state has of a flow with each partner, and in all, year by year.

    Parameters
    ----------
    view : View
    flow : Flow
    actors : iterable of str, optional
        Only of these states.
    since, until : int, optional
        First and last calendar year.

    Returns
    -------
    DataFrame
        Columns actor, on, year, amount, total (in the unit of the flow) and source ("x over y" if the total is of
        another); where one source gives both, that known last of those, else the one known last of each.
    """
    earliest = None if since is None else since - flow.years + 1
    told = amounts(view, flow, actors, earliest, until)
    totals = _totals(view, flow, actors, earliest, until) if flow.totals else None
    found = _added_up(view, flow, told) if totals is None else _with_totals(told, totals)
    inside = pl.col("year").is_between(since or 0, until or 9999)
    return found.filter(inside & (pl.col("total") > 0)).select(SHARE).sort(_KEY)


def amounts(view: View, flow: Flow, actors: Iterable[str] | None, since: int | None, until: int | None) -> pl.DataFrame:
    """Amounts as each source has them: actor, on, year, source, amount, known."""
    mine = None if actors is None else sorted(set(actors))
    frame = statements_of(view, flow, mine, since, until)
    told = frame.group_by("sender", "receiver", "year", "source").agg(
        pl.col("value").last(), pl.col("known_from").last()
    )
    out = told.select(actor="sender", on="receiver", year="year", source="source", amount="value", known="known_from")
    back = told.select(actor="receiver", on="sender", year="year", source="source", amount="value", known="known_from")
    if flow.both:
        both = out.join(back, on=[*_KEY, "source"], suffix="_back")
        amount = pl.col("amount") + pl.col("amount_back")
        found = both.with_columns(amount=amount, known=pl.max_horizontal("known", "known_back"))
    else:
        found = back.with_columns(pl.col("amount").clip(0.0))
    found = found if mine is None else found.filter(pl.col("actor").is_in(mine))
    return found.select(*_KEY, "source", "amount", "known")


def statements_of(
    view: View, flow: Flow, actors: list[str] | None, since: int | None, until: int | None
) -> pl.DataFrame:
    """Statements of a flow by calendar year, those known last at the end: sender, receiver, year, source, value, id."""
    frame = view.statements("flow", kinds=(flow.kind,), actors=actors, since=_first(since), until=_last(until))
    return _by_year(frame).select(
        sender="a", receiver="b", year="year", source="source", value="value", known_from="known_from", id="id"
    )


def totals_of(view: View, flow: Flow, actors: list[str] | None, since: int | None, until: int | None) -> pl.DataFrame:
    """Statements of the totals of a flow by calendar year, those known last at the end."""
    frame = _by_year(
        view.statements("trait", kinds=flow.totals, actors=actors, since=_first(since), until=_last(until))
    )
    return frame.select(
        actor="a", kind="kind", year="year", source="source", value="value", known_from="known_from", id="id"
    )


def _first(year: int | None) -> date | None:
    return None if year is None else date(year, 1, 1)


def _last(year: int | None) -> date | None:
    return None if year is None else date(year, 12, 31)


def _by_year(frame: pl.DataFrame) -> pl.DataFrame:
    """Statements with a value whose period is a calendar year, as column year; in the order in which they became known."""
    year = pl.col("valid_from").dt.year()
    whole = (pl.col("valid_from") == pl.date(year, 1, 1)) & (pl.col("valid_to") == pl.date(year, 12, 31))
    return frame.filter(whole, pl.col("value").is_not_null()).with_columns(year=year).sort("known_from", "id")


def _totals(view: View, flow: Flow, actors: Iterable[str] | None, since: int | None, until: int | None) -> pl.DataFrame:
    """All of a flow as each source has it, where it has every part: actor, year, source, total, known."""
    frame = totals_of(view, flow, None if actors is None else sorted(set(actors)), since, until)
    parts = frame.group_by("actor", "year", "source", "kind").agg(pl.col("value").last(), pl.col("known_from").last())
    both = parts.group_by("actor", "year", "source").agg(
        total=pl.col("value").sum(), known=pl.col("known_from").max(), parts=pl.len()
    )
    return both.filter(pl.col("parts") == len(flow.totals)).drop("parts")


def _with_totals(told: pl.DataFrame, totals: pl.DataFrame) -> pl.DataFrame:
    """One row a pair and year: from a source that gives both, else from the source known last of each."""
    pairs = told.join(totals, on=["actor", "year"], suffix="_total")
    same = pl.col("source") == pl.col("source_total")
    order = ["same", "known", "source", "known_total", "source_total"]
    chosen = pairs.with_columns(same=same).sort(order).unique(_KEY, keep="last", maintain_order=True)
    source = pl.when("same").then("source").otherwise(pl.format("{} over {}", "source", "source_total"))
    return chosen.with_columns(source=source)


def _added_up(view: View, flow: Flow, told: pl.DataFrame) -> pl.DataFrame:
    """Amounts of the years up to each, and their sums over partners, of the source that tells most or, of those, latest."""
    if flow.complete:
        told = told.join(_complete_years(view, flow), on=["source", "year"], how="semi")
    offsets = pl.DataFrame({"offset": range(flow.years)}, schema={"offset": pl.Int32})
    spread = told.join(offsets, how="cross").with_columns(pl.col("year") + pl.col("offset"))
    if flow.complete:
        spread = spread.join(_whole_windows(view, flow), on=["source", "year"], how="semi")
    summed = spread.group_by(*_KEY, "source").agg(pl.col("amount").sum(), pl.col("known").max())
    every = ["actor", "year", "source"]
    totals = summed.group_by(every).agg(total=pl.col("amount").sum(), partners=pl.len(), latest=pl.col("known").max())
    best = totals.sort("partners", "latest", "source").unique(["actor", "year"], keep="last", maintain_order=True)
    return summed.join(best, on=every)


def _complete_years(view: View, flow: Flow) -> pl.DataFrame:
    """Sources and the calendar years in which they vouch for a flow between all states."""
    rows = [row for row in view.coverage() if row.kind == flow.kind and row.absence == "zero" and not row.actors]
    years = [
        (row.source, year)
        for row in rows
        for year in range(row.first.year, row.last.year + 1)
        if row.first <= date(year, 1, 1) and date(year, 12, 31) <= row.last
    ]
    return pl.DataFrame(years, schema={"source": pl.String, "year": pl.Int32}, orient="row").unique()


def _whole_windows(view: View, flow: Flow) -> pl.DataFrame:
    """Sources and last years of stretches of which every year is vouched for."""
    years = _complete_years(view, flow)
    offsets = pl.DataFrame({"offset": range(flow.years)}, schema={"offset": pl.Int32})
    counted = years.join(offsets, how="cross").with_columns(pl.col("year") + pl.col("offset"))
    return counted.group_by("source", "year").len().filter(pl.col("len") == flow.years).drop("len")
