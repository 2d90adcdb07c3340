"""Every figure of a brief as a flat row, for JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from multipolar.brief.model import Basis, Brief, ClaimPart, Figure, MeasurePart, PairPart, plain

#: The columns, in order.
COLUMNS: Final = (
    "section", "a", "b", "figure", "month", "value", "lo90", "hi90", "unit", "says", "statements", "statements_in_all",
)  # fmt: skip
_UNITS: Final = {
    "isolation": "share of capability",
    "dependence": "share of the gains from trade",
    "hedging": "weakest tie over strongest",
}


def rows(brief: Brief) -> list[dict[str, Any]]:
    """See `Brief.rows`."""
    ids = {one.number: one.id for one in brief.statements}
    return [_numbered(row, ids) for row in _all(brief)]


def _all(brief: Brief) -> Iterator[dict[str, Any]]:
    for pair in brief.pairs:
        yield from _pair(pair)
    for part in (*brief.isolation, *brief.dependence, *brief.hedging):
        yield _measure(part)
    if brief.around:
        around = brief.around
        for one in around.neighbours:
            yield _row("map", around.actor, one.id, "tie", around.month, one.tie, "tie", one.word)
    for claim in brief.claims:
        yield _claim(claim)


def _pair(pair: PairPart) -> Iterator[dict[str, Any]]:
    yield _row("pairs", pair.a, pair.b, "tie", pair.month, pair.level, "tie", plain(pair.says), pair.basis)
    for name, account in (("change in two years", pair.recent), ("change since the first month", pair.whole)):
        if account:
            says = plain(account.says)
            yield _row("pairs", pair.a, pair.b, name, account.until, account.change, "tie", says, account.basis)


def _measure(part: MeasurePart) -> dict[str, Any]:
    others, unit = " ".join(part.others), _UNITS[part.measure]
    return _row(
        part.measure, part.actor, others, part.measure, part.month, part.figure, unit, plain(part.says), part.basis
    )


def _claim(claim: ClaimPart) -> dict[str, Any]:
    figure = None if claim.probability is None else Figure(claim.probability, claim.probability, claim.probability)
    says = f"{claim.claim} {claim.verdict}"
    row = _row("claims", claim.id, "", "probability", None, figure, "probability", says, claim.basis)
    return {**row, "lo90": None, "hi90": None}


def _row(
    section: str, a: str, b: str, figure: str, month: date | None, value: Figure | None, unit: str, says: str,
    basis: Basis | None = None,
) -> dict[str, Any]:  # fmt: skip
    numbers = (value.value, value.lo90, value.hi90) if value else (None, None, None)
    behind = (basis.numbers, basis.total) if basis else ((), 0)
    cells = (section, a, b, figure, month.isoformat() if month else None, *numbers, unit, says, *behind)
    return dict(zip(COLUMNS, cells, strict=True))


def _numbered(row: dict[str, Any], ids: dict[int, str]) -> dict[str, Any]:
    return {**row, "statements": " ".join(ids[number] for number in row["statements"])}
