"""Dependence of one state on another for a flow: directed, convex in the share, and beside it whom else the state has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from multipolar.errors import Refusal, UsageError
from multipolar.measures import arrays
from multipolar.measures.entry import Entry
from multipolar.measures.flows import Flow, amounts, flow_named, shares, statements_of, totals_of
from multipolar.measures.model import Measure, Summary, bounds
from multipolar.record import View

DEPENDENCE: Final = Entry(
    name="dependence",
    title="Dependence",
    definition=(
        "The share of the gains from a flow that a state would lose without one partner: `1 − (1 − s)^(1/ε)`, *s* being the "
        "partner's share and ε the elasticity of trade. Trade counts both ways, arms what a state received in five years, "
        "finance the direct investment that it has from abroad."
    ),
    inputs="a state, its partner, a year, a flow (trade, arms, finance; energy is refused); perhaps partners to leave out",
    unit="share of the gains from the flow",
    range="0 (no share) to 1 (the only partner); convex in the share",
    interval="elasticities from 3 to 8, with the figure at 5; amounts are taken as reported",
    source=(
        "Arkolakis, Costinot & Rodríguez-Clare 2012, doi:10.1257/aer.102.1.94; Clayton, Maggiori & Schreger 2023, NBER "
        "31852; Hirschman 1945; elasticities: Head & Mayer 2014, doi:10.1016/B978-0-444-54314-1.00003-3"
    ),
    needs=(("flow", ("exports", "arms", "investment_stock")), ("trait", ("exports_total", "imports_total"))),
    refuses=(
        "the amount with the partner or the total is not known for that year",
        "deliveries of arms that no source vouches for as all of them",
        "energy, of which no amounts between states are in the record",
    ),
)
ALTERNATIVES: Final = Entry(
    name="alternatives",
    title="Concentration of alternatives",
    definition=(
        "How concentrated a flow is on few partners once one is taken out: the Herfindahl-Hirschman index of the others, "
        "`Σ_k (x_k / X)²`. Its parts say how the dependence on the partner would change without each of them."
    ),
    inputs="a state, its partner, a year, a flow",
    unit="index of concentration",
    range="0 (many small alternatives) to 1 (a single one)",
    interval="bounds: what no partner is named for belongs to many small ones, or to one",
    source="Hirschman 1945; 1964, American Economic Review 54:761",
    needs=DEPENDENCE.needs,
    refuses=("as dependence", "no other partner is known"),
)


@dataclass(frozen=True)
class _Asked:
    """A question of dependence with what is known of the flow: rows of `shares` for one state and year."""

    view: View
    flow: Flow
    actor: str
    on: str
    year: int
    known: pl.DataFrame

    def amount(self, partner: str) -> float:
        """Amount with a partner; 0 where a source that vouches for all of it tells none."""
        mine = self.known.filter(pl.col("on") == partner)
        if mine.height:
            return float(mine["amount"][0])
        if self.flow.complete and self.known.height:
            return 0.0
        way = " in both directions" if self.flow.both else ""
        raise Refusal(
            f"the {self.flow.told} of {self.actor} with {partner} in {self.year} is not known{way}",
            hint="Another year may be: see `multipolar statements flow`.",
        )

    @property
    def total(self) -> float:
        """All of it, by the source of the partner's amount."""
        mine = self.known.filter(pl.col("on") == self.on)
        return float((mine if mine.height else self.known)["total"][0])

    @property
    def source(self) -> str:
        mine = self.known.filter(pl.col("on") == self.on)
        return str((mine if mine.height else self.known)["source"][0])


def dependence(
    view: View, actor: str, on: str, year: int, *, flow: str = "trade", without: Sequence[str] = ()
) -> Measure:
    """How far a state depends on another for a flow: directed, and convex in the other's share.

    Parameters
    ----------
    view : View
    actor, on : str
        Who depends on whom.
    year : int
        Calendar year; of arms, the last of five.
    flow : {"trade", "arms", "finance", "energy"}
        Goods traded both ways; major arms received; stock of direct investment received. Energy is refused: the record
        has no amounts of it between states.
    without : sequence of str
        Partners whose part is taken out first, to see what they change.

    Returns
    -------
    Measure
        `value` at the elasticity `arrays.ELASTICITY`; the intervals run over `arrays.ELASTICITY_RANGE` (90 %) and half of
        it (50 %), because the elasticity is the uncertain part. `detail` has a row a partner, that asked for first, then
        its alternatives by size: partner, amount, total, share, without (the dependence if that alternative were gone).

    Raises
    ------
    UsageError
        If the two are the same, one is among `without`, or there is no such flow.
    Refusal
        If the amount with a partner that was named, or the total, is not known for that year.
    """
    asked = _ask(view, actor, on, year, flow)
    left_out = _left_out(asked, without)
    total = asked.total - left_out
    if total <= 0:
        raise Refusal(
            f"without {', '.join(without)} nothing is left of the {asked.flow.told} of {actor} in {year}",
            hint="Leave out fewer partners.",
        )
    share = min(asked.amount(on) / total, 1.0)
    figure = _interval(share)
    detail = _partners(asked, total, share, tuple(without))
    return Measure(
        name="dependence",
        unit=f"share of {asked.flow.lost} lost without that partner",
        actor=actor,
        month=date(year, 12, 1),
        **figure._asdict(),
        coverage=1.0,
        detail=detail,
        ids=_ids(asked, tuple(without)),
        notes=_notes(asked, share, detail, tuple(without)),
    )


def latest_dependence(view: View, actor: str, on: str, *, flow: str = "trade", without: Sequence[str] = ()) -> Measure:
    """`dependence` in the last year for which it is known.

    Raises
    ------
    UsageError
        If the two are the same, or there is no such flow.
    Refusal
        If it is known for no year.
    """
    return dependence(view, actor, on, _last_year(view, actor, on, flow, without), flow=flow, without=without)


def _last_year(view: View, actor: str, on: str, flow: str, without: Sequence[str] = ()) -> int:
    """The last year in which all that a question needs is known."""
    chosen = _checked(actor, on, flow)
    known = shares(view, chosen, actors=(actor,))
    year = _latest(
        known, set() if chosen.complete else {on, *without}
    )  # where all is told, what is not told is nothing
    if year is None:
        complete = "Ingest a source that vouches for all of it, such as SIPRI's register."
        raise Refusal(
            f"the {chosen.told} of {actor} with {' and '.join((on, *without))} and its total are known together for no year",
            hint=complete if chosen.complete else "Ingest a source of it that covers the pair: `multipolar sources`.",
        )
    return year


def _latest(known: pl.DataFrame, partners: set[str]) -> int | None:
    """The last year in which shares with all of some partners are known."""
    counted = known.filter(pl.col("on").is_in(sorted(partners))) if partners else known
    years = counted.group_by("year").agg(met=pl.col("on").n_unique())
    last = years.filter(pl.col("met") >= len(partners))["year"].max()
    return last if isinstance(last, int) else None


def alternatives(view: View, actor: str, on: str, year: int | None = None, *, flow: str = "trade") -> Measure:
    """How concentrated a flow of a state is once one partner is taken out, and what each alternative is worth.

    Parameters
    ----------
    view : View
    actor, on : str
        Whose flow, and the partner that is taken out.
    year : int, optional
        Calendar year; of arms, the last of five. The last one known by default.
    flow : {"trade", "arms", "finance", "energy"}

    Returns
    -------
    Measure
        `value` is the Herfindahl-Hirschman index of the others (see `arrays.concentration`); the intervals are its
        bounds. `coverage` is the share of what the others have for which one is named. `detail` as of `dependence`.

    Raises
    ------
    UsageError
        If the two are the same, or there is no such flow.
    Refusal
        If the amount with `on` or the total is not known for that year, or no other partner is.
    """
    when = _last_year(view, actor, on, flow) if year is None else year
    asked = _ask(view, actor, on, when, flow)
    share = min(asked.amount(on) / asked.total, 1.0)
    others = asked.known.filter(pl.col("on") != on, pl.col("amount") > 0)
    if others.is_empty():
        raise Refusal(
            f"no other partner is known in the {asked.flow.told} of {actor} in {when}",
            hint="Ingest a source that covers more of its partners.",
        )
    told = others["amount"].to_numpy()
    untold = max(asked.total - asked.amount(on) - float(told.sum()), 0.0)
    found = arrays.concentration(told, untold)
    detail = _partners(asked, asked.total, share, ())
    return Measure(
        name="alternatives",
        unit=f"concentration of the {asked.flow.told} with others",
        actor=actor,
        month=date(when, 12, 1),
        **bounds(float(found.value), float(found.low), float(found.high))._asdict(),
        coverage=float(told.sum() / (told.sum() + untold)),
        detail=detail,
        ids=_ids(asked, tuple(others["on"])),
        notes=_notes(asked, share, detail, ()),
        bounded=True,
    )


def _checked(actor: str, on: str, flow: str) -> Flow:
    if actor == on:
        raise UsageError(f"expected two different states, got {actor} twice", hint="Name the partner it depends on.")
    return flow_named(flow)


def _ask(view: View, actor: str, on: str, year: int, flow: str) -> _Asked:
    chosen = _checked(actor, on, flow)
    known = shares(view, chosen, actors=(actor,), since=year, until=year)
    asked = _Asked(view, chosen, actor, on, year, known)
    if known.is_empty():
        _refuse_total(asked)
    asked.amount(on)
    return asked


def _refuse_total(asked: _Asked) -> None:
    """Refuse where it is the total that is not known, and not the amount with the partner."""
    flow = asked.flow
    told = amounts(asked.view, flow, (asked.actor,), asked.year - flow.years + 1, asked.year)
    if flow.complete or asked.on in told["on"]:
        hint = "Ingest a source that vouches for all of it." if flow.complete else "Choose another year."
        raise Refusal(f"the total {flow.told} of {asked.actor} in {asked.year} is not known", hint=hint)


def _left_out(asked: _Asked, without: Sequence[str]) -> float:
    for partner in without:
        if partner in (asked.actor, asked.on):
            raise UsageError(
                f"expected partners other than {asked.actor} and {asked.on} to leave out, got {partner}",
                hint="Name third states.",
            )
    return sum(asked.amount(partner) for partner in dict.fromkeys(without))


def _interval(share: float) -> Summary:
    low, high = arrays.ELASTICITY_RANGE
    middle = arrays.ELASTICITY
    grid = np.array([high, (middle + high) / 2, middle, (low + middle) / 2, low])
    lo90, lo50, value, hi50, hi90 = (float(x) for x in arrays.dependence(share, grid))
    return Summary(value, lo50, hi50, lo90, hi90)


def _partners(asked: _Asked, total: float, share: float, without: tuple[str, ...]) -> pl.DataFrame:
    """The partner, then its alternatives by size, with the dependence on the partner if each were gone."""
    amount = asked.amount(asked.on)
    others = asked.known.filter(~pl.col("on").is_in([asked.on, *without]), pl.col("amount") > 0)
    others = others.sort("amount", "on", descending=[True, False])
    left = total - others["amount"].to_numpy()
    rest = np.clip(np.divide(amount, left, out=np.ones_like(left), where=left > 0), 0.0, 1.0)
    rows = pl.DataFrame({"partner": others["on"], "amount": others["amount"], "without": arrays.dependence(rest)})
    first = pl.DataFrame({"partner": [asked.on], "amount": [amount], "without": [None]}, schema=rows.schema)
    both = pl.concat([first, rows]).with_columns(total=pl.lit(total))
    of_total = pl.when(pl.col("partner") == asked.on).then(share).otherwise(pl.col("amount") / pl.col("total"))
    return both.select("partner", "amount", "total", share=of_total.clip(upper_bound=1.0), without="without")


def _ids(asked: _Asked, more: tuple[str, ...]) -> tuple[str, ...]:
    """Statements behind the amounts with the partner and some others, and behind the total."""
    flow, actor = asked.flow, asked.actor
    told = statements_of(asked.view, flow, [actor], asked.year - flow.years + 1, asked.year)
    partner = pl.when(pl.col("sender") == actor).then("receiver").otherwise("sender")
    told = told.with_columns(on=partner, numerator="source")
    if not flow.both:
        told = told.filter(pl.col("receiver") == actor)
    sources = asked.known.with_columns(numerator=pl.col("source").str.split(" over ").list.first())
    if flow.totals:  # where there is no total but the sum of all amounts, all of them are behind it
        sources = sources.filter(pl.col("on").is_in([asked.on, *more]))
    used = told.join(sources, on=["on", "numerator"], how="semi")
    last = used.unique(["sender", "receiver", "year"], keep="last", maintain_order=True)["id"]
    return tuple(sorted({*last, *_total_ids(asked)}))


def _total_ids(asked: _Asked) -> pl.Series:
    if not asked.flow.totals:
        return pl.Series([], dtype=pl.String)
    totals = totals_of(asked.view, asked.flow, [asked.actor], asked.year, asked.year)
    source = asked.source.split(" over ")[-1]
    return totals.filter(pl.col("source") == source).unique("kind", keep="last", maintain_order=True)["id"]


def _notes(asked: _Asked, share: float, detail: pl.DataFrame, without: tuple[str, ...]) -> tuple[str, ...]:
    low, high = arrays.ELASTICITY_RANGE
    flow, when = (
        asked.flow,
        f"{asked.year - asked.flow.years + 1}-{asked.year}" if asked.flow.years > 1 else f"{asked.year}",
    )
    left = f" without {', '.join(without)}" if without else ""
    notes = [
        f"{asked.on} had {share:.1%} of {asked.actor}'s {flow.told} of {when}{left} ({asked.source}).",
        f"The interval runs over trade elasticities from {low:g} to {high:g}.",
    ]
    if without:
        whole = min(asked.amount(asked.on) / asked.total, 1.0)
        told = (
            f"With {', '.join(without)} the share is {whole:.1%} and the figure {float(arrays.dependence(whole)):.3f}."
        )
        notes.append(told)
    elif detail.height > 1:
        best = detail.row(1, named=True)
        notes.append(
            f"The largest alternative is {best['partner']} with {best['share']:.1%}: without it the figure is "
            f"{best['without']:.3f}."
        )
    if flow.name != "trade":
        notes.append(f"No elasticity of its own is known to us for {flow.name}: those of trade are taken.")
    if not flow.totals and not flow.complete:
        notes.append(
            f"The total is what {asked.known.height} partners are known to have; others would lower the share."
        )
    return tuple(notes)
