"""How deep each pair of members is bound, and what stands beside: troops and bases, arms, economic agreements."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from itertools import combinations
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.actors import organisations
from multipolar.architectures.arrays import rung_shares
from multipolar.architectures.members import fellows
from multipolar.architectures.model import RUNG, RUNGS
from multipolar.architectures.standing import Told
from multipolar.record import View

#: Calendar years over which deliveries of arms are added up, as SIPRI does to even out single large ones.
ARMS_YEARS: Final = 5
#: The obligation whose known absence makes a rung known to be absent.
_VOUCHES: Final = {"consultation": 2, "nonaggression": 3, "defence": 4}

Bools = NDArray[np.bool_]


def depths(told: Told, members: pl.DataFrame, day: date) -> pl.DataFrame:
    """How deep each pair of members is bound on a day.

    Parameters
    ----------
    told : Told
    members : DataFrame
        As `Members.frame`.
    day : date

    Returns
    -------
    DataFrame
        A row a pair, a < b: a, b, depth (place in `RUNGS`), rung, bodies (of the set, to which both belong), obligations
        (kinds told to be in force, by whatever treaty), mutual (whether the deepest is owed both ways; null without any),
        treaties, ids (of the obligations), exact (whether nothing deeper can be there that is not told).
    """
    actors = tuple(members["actor"])
    belongs = {actor: set(bodies) - {"named"} for actor, bodies in members.select("actor", "bodies").rows()}
    rows = [(a, b, sorted(belongs[a] & belongs[b])) for a, b in combinations(actors, 2)]
    pairs = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String, "bodies": pl.List(pl.String)}, orient="row")
    owed = _owed(told, actors, day)
    joined = pairs.join(owed, left_on=["a", "b"], right_on=["p", "q"], how="left", maintain_order="left")
    forum = (pl.col("bodies").list.len() > 0).cast(pl.Int64)
    frame = joined.with_columns(depth=pl.coalesce("deepest", forum))
    known = complete(told, actors, day)
    deeper = np.arange(len(RUNGS)) > frame["depth"].to_numpy()[:, None]
    return frame.select(
        "a", "b", "depth",
        rung=pl.col("depth").replace_strict(dict(enumerate(RUNGS)), return_dtype=pl.String),
        bodies="bodies", obligations=pl.col("obligations").fill_null([]), mutual="mutual",
        treaties=pl.col("treaties").fill_null([]), ids=pl.col("ids").fill_null([]),
        exact=pl.Series((known | ~deeper).all(axis=1)),
    )  # fmt: skip


def complete(told: Told, actors: tuple[str, ...], day: date) -> Bools:
    """For each pair in order and each rung, whether nothing of that rung is there that is not told."""
    one, other = np.triu_indices(len(actors), k=1)
    known = np.ones((one.size, len(RUNGS)), dtype=bool)
    for kind, rung in _VOUCHES.items():
        known[:, rung] = told.none_known(kind, actors, day)[one, other]
    return known


def matrix(told: Told, members: pl.DataFrame, day: date, pairs: pl.DataFrame | None = None) -> pl.DataFrame:
    """How many pairs are how deep: the coverage matrix of pairs by depth.

    Returns
    -------
    DataFrame
        A row a rung: rung, pairs, share, at_least (share told to be so deep or deeper), at_most (the most that share can
        be, given what is not known).
    """
    found = depths(told, members, day) if pairs is None else pairs
    known = complete(told, tuple(members["actor"]), day)
    shares = rung_shares(found["depth"].to_numpy(), known, len(RUNGS))
    count = np.bincount(found["depth"].to_numpy(), minlength=len(RUNGS))
    return pl.DataFrame(
        {
            "rung": RUNGS, "pairs": count, "share": count / found.height, "at_least": shares.told, "at_most": shares.most,
        }
    )  # fmt: skip


def beside(told: Told, actors: Collection[str], day: date) -> pl.DataFrame:
    """What stands beside the ladder between members: troops, bases, arms and economic agreements.

    Returns
    -------
    DataFrame
        A row a pair and thing: a, b, what (``troops``, ``base``, ``arms``, ``trade agreement``, ``economic integration`` or
        the id of an organisation that binds markets), of (who posts or delivers; null where it goes both ways), value
        (million TIV of `ARMS_YEARS` years, level of integration), since, ids. Sorted.
    """
    posted = told.between(("troops", "base"), actors, day).select(
        "p", "q", what="kind", of="a", value="value", since="valid_from", id="id"
    )
    agreed = told.between(("trade_agreement", "integration"), actors, day).select(
        "p", "q",
        what=pl.col("kind").replace({"trade_agreement": "trade agreement", "integration": "economic integration"}),
        of=pl.lit(None, pl.String), value="value", since="valid_from", id="id",
    )  # fmt: skip
    rows = pl.concat([posted, agreed, arms(told.view, actors, day), _markets(told, actors, day)])
    return (
        rows.group_by("p", "q", "what", "of")
        .agg(pl.col("value").max(), pl.col("since").min(), ids=pl.col("id").drop_nulls().unique().sort())
        .rename({"p": "a", "q": "b"})
        .sort("a", "b", "what", "of")
    )


def arms(view: View, actors: Collection[str] | None, day: date) -> pl.DataFrame:
    """Deliveries of major arms in the `ARMS_YEARS` calendar years up to a day: p, q, what, of, value, since, id.

    A year that has not ended on the day does not count.

    Parameters
    ----------
    view : View
    actors : collection of str or None
        Between these; None for everybody.
    day : date
    """
    last = day.year if (day.month, day.day) == (12, 31) else day.year - 1
    first = last - ARMS_YEARS + 1
    flows = view.statements("flow", kinds=("arms",), since=date(first, 1, 1), until=date(last, 12, 31))
    year = pl.coalesce("valid_to", "valid_from").dt.year()
    flows = flows.filter(year.is_between(first, last), pl.col("value") > 0, pl.col("a") != pl.col("b"))
    if actors is not None:
        flows = flows.filter(pl.col("a").is_in(list(actors)) & pl.col("b").is_in(list(actors)))
    # Of several sources that tell the same year of the same pair, the one told last counts: the same arms are not two.
    newest = pl.col("known_from").rank("dense", descending=True).over("a", "b", year) == 1
    once = flows.filter(newest)
    total = pl.col("value").sum().over("a", "b")
    return once.select(
        p=pl.min_horizontal("a", "b"), q=pl.max_horizontal("a", "b"), what=pl.lit("arms"), of="a", value=total,
        since=pl.lit(date(first, 1, 1)), id="id",
    )  # fmt: skip


def _owed(told: Told, actors: tuple[str, ...], day: date) -> pl.DataFrame:
    """Obligations in force between members, by treaty or as members of one organisation.

    Columns p, q, deepest, obligations, mutual, treaties, ids.
    """
    treaties = told.between(RUNG, actors, day).select("p", "q", "a", "kind", "ref", "id", "mutual")
    common = fellows(told, actors, day).select(
        "p", "q", pl.lit(None, pl.String).alias("a"), "kind", "ref", "id", mutual=True
    )
    ties = pl.concat([treaties, common])
    rung = pl.col("kind").replace_strict(RUNG, return_dtype=pl.Int64)
    ranked = ties.with_columns(rung=rung, top=rung == rung.max().over("p", "q"))
    each_way = pl.col("a").filter(pl.col("top")).drop_nulls().n_unique() > 1  # owed by each in a statement of its own
    return ranked.group_by("p", "q").agg(
        deepest=pl.col("rung").max(),
        obligations=pl.col("kind").unique().sort(),
        mutual=pl.col("mutual").filter(pl.col("top")).any() | each_way,
        treaties=pl.col("ref").filter(pl.col("top")).drop_nulls().unique().sort(),
        ids=pl.col("id").drop_nulls().unique().sort(),
    )


def _markets(told: Told, actors: Collection[str], day: date) -> pl.DataFrame:
    """Joint membership of organisations that bind the markets of their members."""
    binding = [org.id for org in organisations() if "economic" in {depth for _, depth in org.depths}]
    mine = told.on(["membership"], day).filter(
        pl.col("b").is_in(binding), pl.col("a").is_in(list(actors)), pl.col("value") >= 1.0
    )
    one = mine.select("b", "a", since_a="valid_from", id_a="id")
    two = mine.select("b", a_2="a", since_b="valid_from", id_b="id")
    pairs = one.join(two, on="b").filter(pl.col("a") < pl.col("a_2"))
    return pairs.select(
        p="a", q="a_2", what="b", of=pl.lit(None, pl.String), value=pl.lit(None, pl.Float64),
        since=pl.max_horizontal("since_a", "since_b"), id=pl.concat_list("id_a", "id_b"),
    ).explode("id", empty_as_null=False, keep_nulls=False)  # fmt: skip
