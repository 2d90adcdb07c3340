"""The statements that carry a tie, where a figure rests on many ties and only the heaviest can be shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from multipolar.brief.evidence import ABSENCE, Evidence
from multipolar.brief.model import Asked
from multipolar.errors import MultipolarError
from multipolar.ties import Explanation


def carrying(evidence: Evidence, split: Explanation) -> list[str]:
    """Ids of the statements by how much of the tie's level they carry, heaviest first; kept with the evidence."""
    real = split.statements.filter(~pl.col("id").str.starts_with(ABSENCE))
    weights = real.group_by("id").agg(weight=pl.col("level").sum().abs())
    ids = weights.sort("weight", "id", descending=[True, False])["id"].to_list()
    return evidence.carrying.setdefault(frozenset((split.a, split.b)), ids)


def heaviest(
    asked: Asked, evidence: Evidence, actor: str, partners: Iterable[str], month: date, *, each: int = 2
) -> list[str]:
    """Ids of the `each` statements that carry most of each tie of `actor` with `partners` in a month."""
    ids: list[str] = []
    for partner in partners:
        known = evidence.carrying.get(frozenset((actor, partner)))
        if known is None:
            try:
                split = asked.explain(actor, partner, since=month.replace(year=month.year - 1), until=month)
            except MultipolarError:  # the record may begin less than a year before
                continue
            known = carrying(evidence, split)
        ids += known[:each]
    return ids
