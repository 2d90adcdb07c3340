"""The statements that carry a tie, where a figure rests on many ties and only the heaviest can be shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from multipolar.brief.evidence import ABSENCE
from multipolar.brief.model import Asked
from multipolar.errors import MultipolarError


def heaviest(asked: Asked, actor: str, partners: Iterable[str], month: date, *, each: int = 2) -> list[str]:
    """Ids of the `each` statements that carry most of each tie of `actor` with `partners` in a month."""
    ids: list[str] = []
    for partner in partners:
        try:
            split = asked.explain(actor, partner, since=month.replace(year=month.year - 1), until=month)
        except MultipolarError:  # the record may begin less than a year before
            continue
        weights = split.statements.filter(~pl.col("id").str.starts_with(ABSENCE)).group_by("id")
        total = weights.agg(weight=pl.col("level").sum().abs()).sort("weight", "id", descending=[True, False])
        ids += total["id"].head(each).to_list()
    return ids
