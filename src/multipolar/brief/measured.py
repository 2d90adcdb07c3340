"""Isolation, dependence and hedging of the named states, in words and figures."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from multipolar.brief.evidence import Evidence, called, named
from multipolar.brief.heaviest import heaviest
from multipolar.brief.model import Asked, Figure, MeasurePart, Neighbour, Run, Text
from multipolar.brief.words import NBSP, count, listed, month_name, number, percent, percent_range, word_for
from multipolar.errors import Refusal
from multipolar.measures import Measure
from multipolar.ties.model import Z90

#: Partners listed under isolation, and those of them whose heaviest statements are shown.
PARTNERS: Final = 8
SHOWN: Final = 2
#: The powers between which hedging is measured: the three states with the most nuclear warheads.
POWERS: Final = ("USA", "CHN", "RUS")


def isolation_part(asked: Asked, evidence: Evidence, actor: str, name: str) -> MeasurePart:
    """How isolated a state is in the last month."""
    anchor = f"isolation-{actor}"
    try:
        index = asked.isolation(actor)
    except Refusal as refusal:
        return _refused("isolation", actor, name, anchor, named(refusal.message, asked.as_of))
    partners = tuple(_partner(row, asked.as_of) for row in index.detail.head(PARTNERS).iter_rows(named=True))
    weights = dict(zip((pair[1] for pair in index.pairs), index.ids, strict=True))
    shown = [partner.id for partner in partners]
    carrying = heaviest(asked, evidence, actor, shown[:SHOWN], index.month)
    command = f"multipolar explain {actor} STATE"
    note = f"and those behind its ties with {count(index.detail.height, 'state')}"
    basis = evidence.basis(f"{anchor}-list", [*(weights[id] for id in shown), *carrying], index.ids, command, note)
    says = (
        Run(f"Isolation of {name}: ", strong=True),
        Run(percent(index.value), basis.anchor),
        Run(
            " of the others’ capability is held by states without a positive tie to it (between "
            f"{percent_range(index.lo90, index.hi90, 'and')} with 90{NBSP}% probability, {month_name(index.month)})."
        ),
    )
    return MeasurePart(
        "isolation", actor, name, anchor, says,
        month=index.month, figure=_figure(index), coverage=index.coverage, partners=partners, basis=basis,
        notes=tuple(_readable(note) for note in index.notes),
    )  # fmt: skip


def dependence_part(asked: Asked, evidence: Evidence, actor: str, on: str, names: tuple[str, str]) -> MeasurePart:
    """How far one state depends on another for its trade, in the last year known."""
    name, other = names
    anchor = f"dependence-{actor}-{on}"
    try:
        index = asked.dependence(actor, on=on)
    except Refusal as refusal:
        reason = named(refusal.message, asked.as_of)
        return _refused("dependence", actor, name, anchor, reason, (on,), (other,))
    command = f"multipolar dependence {actor} --on {on}"
    basis = evidence.basis(f"{anchor}-list", index.ids, index.ids, command)
    share = float(index.detail["share"][0])
    says = (
        Run(f"Dependence of {name} on {other}: ", strong=True),
        Run("without this partner it would lose "),
        Run(percent(index.value), basis.anchor),
        Run(f" of its gains from trade ({percent_range(index.lo90, index.hi90)}); {other} had "),
        Run(percent(share), basis.anchor),
        Run(f" of its trade of {index.month.year}."),
    )
    return MeasurePart(
        "dependence", actor, name, anchor, says, (on,), (other,),
        month=index.month, figure=_figure(index), share=share, basis=basis,
        notes=tuple(named(note, asked.as_of) for note in index.notes),
    )  # fmt: skip


def hedging_part(asked: Asked, evidence: Evidence, actor: str, name: str) -> MeasurePart:
    """How evenly a state keeps positive ties with the great powers."""
    powers = tuple(power for power in POWERS if power != actor)
    others = tuple(called(power, asked.as_of) for power in powers)
    anchor = f"hedging-{actor}"
    try:
        index = asked.hedging(actor, between=powers)
    except Refusal as refusal:
        return _refused("hedging", actor, name, anchor, named(refusal.message, asked.as_of), powers, others)
    rows = [{**row, "partner": row["power"], "weight": None} for row in index.detail.iter_rows(named=True)]
    partners = tuple(sorted((_partner(row, asked.as_of) for row in rows), key=lambda one: -one.tie.value))
    carrying = heaviest(asked, evidence, actor, powers, index.month, each=3)
    command = f"multipolar explain {actor} STATE"
    note = "and the others behind these ties"
    basis = evidence.basis(f"{anchor}-list", carrying, carrying, command, note)
    return MeasurePart(
        "hedging", actor, name, anchor, _hedges(name, others, index, partners, basis.anchor), powers, others,
        month=index.month, figure=_figure(index), coverage=index.coverage, partners=partners, basis=basis, notes=index.notes,
    )  # fmt: skip


def _hedges(name: str, others: tuple[str, ...], index: Measure, partners: tuple[Neighbour, ...], to: str) -> Text:
    strongest, weakest = partners[0], partners[-1]
    interval = f" (between {number(index.lo90)} and {number(index.hi90)} with 90{NBSP}% probability)."
    return (
        Run(f"{name} between {listed(others)}: ", strong=True),
        Run(number(index.value), to),
        Run(interval + f" Its strongest tie of these is with {strongest.name} ("),
        Run(number(strongest.tie.value), to),
        Run(f"), its weakest with {weakest.name} ("),
        Run(number(weakest.tie.value), to),
        Run(")."),
    )


def neighbour(id: str, on: date, mean: float, sd: float) -> Neighbour:
    """A partner with its tie."""
    return Neighbour(id, called(id, on), Figure(mean, mean - Z90 * sd, mean + Z90 * sd), word_for(mean).name)


def _partner(row: dict[str, float | str | None], on: date) -> Neighbour:
    mean, sd = float(row["mean"] or 0.0), float(row["sd"] or 0.0)
    plain = neighbour(str(row["partner"]), on, mean, sd)
    weight, positive = row["weight"], row["positive"]
    return Neighbour(
        plain.id, plain.name, plain.tie, plain.word,
        None if weight is None else float(weight), None if positive is None else float(positive),
    )  # fmt: skip


def _readable(note: str) -> str:
    """A note of a measure without its short names."""
    note = re.sub(r"\bcinc\b", "the composite index of national capability (CINC)", note)
    return re.sub(r"(\d{4}) to \1\b", r"\1", note)


def _figure(index: Measure) -> Figure:
    return Figure(index.value, index.lo90, index.hi90, index.lo50, index.hi50)


def _refused(
    measure: str, actor: str, name: str, anchor: str, reason: str,
    others: tuple[str, ...] = (), other_names: tuple[str, ...] = (),
) -> MeasurePart:  # fmt: skip
    of = f"{name} on {listed(other_names)}" if measure == "dependence" else name
    says = (Run(f"{of}: ", strong=True), Run(f"no figure, because {reason}."))
    return MeasurePart(measure, actor, name, anchor, says, others, other_names, refusal=reason)
