"""What stands between two states over an interval: obligations, sanctions, disputes, diplomatic relations.

A standing tie is read when it changes and once each January, so that a treaty that has been in force for thirty years
counts as thirty yearly observations and not as 360 monthly ones.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from multipolar.indicators.blocs import BLOCS, bloc_members, carried
from multipolar.indicators.covered import zeros
from multipolar.indicators.model import PART, Scope

#: Depth of what two states owe each other: ours, in the order of ATOP's obligations (Leeds et al. 2002,
#: doi:10.1080/03050620213653).
DEPTH: Final = {
    "partnership": 0.1,
    "consultation": 0.2,
    "neutrality": 0.3,
    "nonaggression": 0.3,
    "offence": 1.0,
    "defence": 1.0,
}
#: More types of sanction than this count as this many.
MOST_TYPES: Final = 5
#: Highest level of hostility of a militarised dispute (war).
WAR: Final = 5


def intervals(scope: Scope, kinds: tuple[str, ...]) -> pl.DataFrame:
    """Ties of these kinds between states, with the first and last month in which they stand (see `carried`)."""
    return carried(scope, scope.statements("tie", kinds))


def _monthly(ties: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """One row for each tie and month in which it stands, inside the scope."""
    first = pl.lit(scope.first).dt.truncate("1mo")
    return ties.with_columns(month=pl.date_ranges(pl.max_horizontal("begins", first), "ends", interval="1mo")).explode(
        "month", keep_nulls=False, empty_as_null=False
    )


def _reading_months(ties: pl.DataFrame) -> pl.DataFrame:
    """For each pair, the months in which its standing ties changed: one began, or the month after one ended.

    Where the last of them ended, the next covered January says so with a zero.
    """
    began = ties.select("a", "b", month="begins")
    ended = ties.filter("over").select("a", "b", month=pl.col("ends").dt.offset_by("1mo"))
    return pl.concat([began, ended]).unique()


def _read(ties: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Standing ties in the months in which their pair is read: each change, and each January."""
    monthly = _monthly(ties, scope)
    change = _reading_months(ties).with_columns(change=True)
    return monthly.join(change, on=["a", "b", "month"], how="left").filter(
        pl.col("change").fill_null(False) | (pl.col("month").dt.month() == 1)
    )


def _parts(frame: pl.DataFrame, indicator: str) -> pl.DataFrame:
    return frame.with_columns(indicator=pl.lit(indicator)).select(list(PART))


def _with_zeros(read: pl.DataFrame, scope: Scope, indicator: str, kinds: tuple[str, ...]) -> pl.DataFrame:
    """Add the zeros of covered pairs in the Januaries in which nothing stands."""
    none = zeros(scope, "tie", kinds, indicator)
    quiet = none.join(read.select("a", "b", "month").unique(), on=["a", "b", "month"], how="anti")
    return pl.concat([_parts(read, indicator), quiet])


def obligations(scope: Scope) -> pl.DataFrame:
    """Depth of the deepest obligation in force, 0 (none, where covered) to 1 (defence); ties for deepest share it."""
    kinds = tuple(DEPTH)
    ties = intervals(scope, kinds).with_columns(depth=pl.col("kind").replace_strict(DEPTH, return_dtype=pl.Float64))
    read = _read(ties, scope)
    deepest = pl.col("depth") == pl.col("depth").max().over("a", "b", "month")
    share = pl.col("depth") / pl.len().over("a", "b", "month")
    return _with_zeros(read.filter(deepest).with_columns(value=share), scope, "obligations", ("defence",))


def sanctions(scope: Scope) -> pl.DataFrame:
    """Minus the number of types of sanction in force between the two, either way, over `MOST_TYPES`; -1 to 0.

    What a bloc of `BLOCS` imposes, each of its members imposes while it is one. Of what several sources say of one
    sender, the most counts; what the two impose on each other adds up.
    """
    ties = imposed(scope).with_columns(types=pl.col("value").fill_null(1.0).clip(0.0, MOST_TYPES))
    told = _read(ties, scope).sort("types", "id", descending=[True, False])
    read = told.unique(["sender", "a", "b", "month"], keep="first", maintain_order=True)
    total = pl.col("types").sum().over("a", "b", "month")
    scaled = -pl.col("types") / pl.max_horizontal(total, pl.lit(float(MOST_TYPES)))
    return _with_zeros(read.with_columns(value=scaled), scope, "sanctions", ("sanction",))


def imposed(scope: Scope) -> pl.DataFrame:
    """Sanctions between states over their months, as `intervals`; what a bloc imposes is there once for each member."""
    direct = intervals(scope, ("sanction",))
    return pl.concat([direct, _through_blocs(scope).select(direct.columns)])


def _through_blocs(scope: Scope) -> pl.DataFrame:
    """Sanctions of blocs, once for each member and only for the months of its membership."""
    imposed = scope.view.statements("tie", kinds=("sanction",), actors=BLOCS, until=scope.last)
    imposed = carried(scope, imposed.filter(pl.col("a").is_in(BLOCS), pl.col("b").is_in(list(scope.paired))))
    belongs = bloc_members(scope).select(sender="a", bloc="b", joined="begins", left="ends")
    each = (
        imposed.rename({"a": "bloc", "b": "target"})
        .join(belongs, on="bloc")
        .filter(pl.col("sender") != pl.col("target"))
    )
    each = each.with_columns(
        a=pl.min_horizontal("sender", "target"),
        b=pl.max_horizontal("sender", "target"),
        begins=pl.max_horizontal("begins", "joined"),
        ends=pl.min_horizontal("ends", "left"),
        over=pl.col("over") | (pl.col("left") < pl.col("ends")),
    )
    return each.filter(pl.col("begins") <= pl.col("ends"), pl.col("sender").is_in(list(scope.paired)))


def disputes(scope: Scope) -> pl.DataFrame:
    """Minus the highest level of hostility of the militarised disputes of that month over 5; -1 (war) to 0.

    A quiet January is read only of a pair that has had a dispute before: that two states which never met in one are at
    peace says next to nothing about them, and there are so many of them that they would drown the rest.
    """
    ties = intervals(scope, ("dispute",)).with_columns(level=pl.col("value").fill_null(1.0).clip(0.0, WAR))
    read = _read(ties, scope)
    highest = pl.col("level") == pl.col("level").max().over("a", "b", "month")
    share = -pl.col("level") / WAR / pl.len().over("a", "b", "month")
    all_parts = _with_zeros(read.filter(highest).with_columns(value=share), scope, "disputes", ("dispute",))
    began = read.group_by("a", "b").agg(met=pl.col("month").min())
    return all_parts.join(began, on=["a", "b"]).filter(pl.col("month") >= pl.col("met")).drop("met")


def relations(scope: Scope) -> pl.DataFrame:
    """Level of diplomatic relations: 1 ambassadors, 0.5 charges d'affaires, 0 broken or never begun."""
    ties = intervals(scope, ("embassy",)).drop_nulls("value")
    read = _read(ties, scope)
    lowest = pl.col("value") == pl.col("value").min().over("a", "b", "month")
    share = pl.col("value") / pl.len().over("a", "b", "month")
    return _parts(read.filter(lowest).with_columns(value=share), "relations")
