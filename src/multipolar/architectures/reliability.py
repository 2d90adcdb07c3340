"""Were obligations honoured in war? By type and era, from the alliances and wars of a record, beside published figures.

A **case** is an ordered pair of states, a war and a kind of obligation: one state entered the war, and another owed it something
of that kind by a treaty that was in force before that day and on it. What the other did is told by who faced whom. It counts
as honoured

- for ``defence`` and ``offence`` if it joined on the same side,
- for ``neutrality`` and ``nonaggression`` if it did not fight on the other side.

``consultation`` leaves no trace in lists of wars: its cases are counted and nothing is said of them. A partner that was in the
war before, on whatever side, decided before, and is no case.

**This is not what has been published.** Leeds, Long & Mitchell (2000) and Berkemeier & Fuhrmann (2018) code, from the texts of
treaties, whether a war met the conditions of an obligation (an attack on the ally, in a named region, by a named state), and
take an alliance and a war as the case. A list of wars tells neither who attacked nor what a treaty's conditions were. So here
an alliance of defence is also counted as tested by the wars that a member began, or fought far from home, and an alliance of
thirty states counts once for each of them. Shares for defence and offence are therefore lower than the published ones, those
for neutrality and nonaggression higher.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from multipolar.architectures.arrays import clustered_share
from multipolar.architectures.conflicts import faced, in_force_before, owed, what_did
from multipolar.architectures.model import RUNG
from multipolar.architectures.standing import told
from multipolar.errors import Refusal
from multipolar.record import View

#: Eras by name, with the first and last year of a war's first day; those of the published figures, and all of both.
ERAS: Final = {"1816-1944": (1816, 1944), "1945-2003": (1945, 2003), "1816-2003": (1816, 2003)}
#: Kinds that are honoured by joining; `KEPT_BY_PEACE` are honoured by not fighting against.
KEPT_BY_HELP: Final = ("defence", "offence")
KEPT_BY_PEACE: Final = ("neutrality", "nonaggression")
#: Rows about several kinds: all for which cases can be judged, and those that are honoured by joining.
ALL: Final = "all"
TO_HELP: Final = "help"


@dataclass(frozen=True)
class Published:
    """A published share of obligations honoured in war."""

    kind: str
    era: str
    share: float
    source: str
    doi: str


_BERKEMEIER: Final = ("Berkemeier & Fuhrmann 2018, Research & Politics 5(2), abstract", "10.1177/2053168018779697")
PUBLISHED: Final = (
    Published(ALL, "1816-2003", 0.50, *_BERKEMEIER),
    Published(ALL, "1816-1944", 0.66, *_BERKEMEIER),
    Published(ALL, "1945-2003", 0.22, *_BERKEMEIER),
    Published("defence", "1816-2003", 0.41, *_BERKEMEIER),
    Published("nonaggression", "1816-2003", 0.37, *_BERKEMEIER),
    Published("offence", "1816-2003", 0.74, *_BERKEMEIER),
    Published("neutrality", "1816-2003", 0.78, *_BERKEMEIER),
    Published(
        ALL, "1816-1944", 0.745, "Leeds, Long & Mitchell 2000, Journal of Conflict Resolution 44(5)",
        "10.1177/0022002700044005006",
    ),
)  # fmt: skip


def cases(view: View, kinds: Iterable[str] = tuple(RUNG)) -> pl.DataFrame:
    """Every case in which a state that fought a war was owed something.

    Returns
    -------
    DataFrame
        war, day (of the other's entry), other (who fought), partner (who owed), kind, did (one of `conflicts.DID`), honoured
        (null where the war cannot tell), joined_on, foes (of the other), since (of the obligation), ids. Sorted.

    Raises
    ------
    Refusal
        If the record has no list of wars between states, or no obligations.
    """
    known = told(view)
    fought = faced(known, ("war",))
    if fought.is_empty():
        hint = "Correlates of War lists them from 1816 to 2007: `multipolar sources cow-war-inter`."
        raise Refusal(f"no war between states is told of in what is known on {view.as_of}", hint=hint)
    obligations = owed(known, kinds)
    if obligations.is_empty():
        hint = "ATOP lists them from 1816 to 2018: `multipolar sources atop`."
        raise Refusal(f"no obligation is told of in what is known on {view.as_of}", hint=hint)
    entered = fought.group_by("conflict", "x").agg(
        pl.col("first").min(), ids_war=pl.col("ids").list.explode(keep_nulls=False, empty_as_null=False).unique().sort()
    )
    owing = obligations.rename({"debtor": "partner", "creditor": "other"})
    tested = (
        entered.rename({"x": "other", "first": "day"})
        .join(owing, on="other")
        .filter(in_force_before(), pl.col("partner") != pl.col("other"))
        .group_by("conflict", "other", "partner", "kind")
        .agg(
            pl.col("since").min(),
            ids=pl.col("id")
            .append(pl.col("ids_war").list.explode(keep_nulls=False, empty_as_null=False))
            .unique()
            .sort(),
        )
    )
    found = what_did(fought, tested).filter(~pl.col("before"))
    return found.select(
        "day", "other", "partner", "kind", "did", "joined_on", "foes", "since", "ids", war="conflict", honoured=_honoured()
    ).select(
        "war", "day", "other", "partner", "kind", "did", "honoured", "joined_on", "foes", "since", "ids"
    ).sort("day", "war", "other", "partner", "kind")  # fmt: skip


def reliability(view: View, eras: dict[str, tuple[int, int]] | None = None) -> pl.DataFrame:
    """Share of obligations honoured in wars between states, by type and era.

    Parameters
    ----------
    view : View
    eras : dict of str to (int, int), optional
        Names, first and last years of eras; by default `ERAS`.

    Returns
    -------
    DataFrame
        kind (``all`` for the four that can be judged, ``help`` for defence and offence), era, wars, cases, joined, stayed_out,
        fought_against, share (honoured), lo50, hi50, lo90, hi90 (Wilson's, for the number of independent cases that those of
        the same war are worth: `effective`), by_war (mean over wars of the share in each), published, source. Shares are
        null for consultation.

    Raises
    ------
    Refusal
        See `cases`.
    """
    found = cases(view)
    rows = []
    for era, (first, last) in (ERAS if eras is None else eras).items():
        inside = found.filter(pl.col("day").dt.year().is_between(first, last))
        for kind, of in {
            ALL: (*KEPT_BY_HELP, *KEPT_BY_PEACE),
            TO_HELP: KEPT_BY_HELP,
            **{kind: (kind,) for kind in RUNG},
        }.items():
            mine = inside.filter(pl.col("kind").is_in(of))
            rows.append({"kind": kind, "era": era, **_line(mine), **_published(kind, era)})
    return pl.DataFrame(rows, schema=_SCHEMA)


def published() -> pl.DataFrame:
    """The published shares: kind, era, share, source, doi."""
    rows = [(each.kind, each.era, each.share, each.source, each.doi) for each in PUBLISHED]
    return pl.DataFrame(rows, schema=["kind", "era", "share", "source", "doi"], orient="row")


_SCHEMA: Final = {
    "kind": pl.String, "era": pl.String, "wars": pl.Int64, "cases": pl.Int64, "joined": pl.Int64, "stayed_out": pl.Int64,
    "fought_against": pl.Int64, "share": pl.Float64, "lo50": pl.Float64, "hi50": pl.Float64, "lo90": pl.Float64,
    "hi90": pl.Float64, "effective": pl.Float64, "by_war": pl.Float64, "published": pl.Float64, "source": pl.String,
}  # fmt: skip


def _honoured() -> pl.Expr:
    by_help = pl.col("kind").is_in(KEPT_BY_HELP)
    by_peace = pl.col("kind").is_in(KEPT_BY_PEACE)
    kept = pl.when(by_help).then(pl.col("did") == "joined").when(by_peace).then(pl.col("did") != "fought against")
    return kept.otherwise(pl.lit(None, pl.Boolean))


def _line(found: pl.DataFrame) -> dict[str, Any]:
    line: dict[str, Any] = {"wars": found["war"].n_unique(), "cases": found.height}
    line |= {
        did.replace(" ", "_"): found.filter(pl.col("did") == did).height
        for did in ("joined", "stayed out", "fought against")
    }
    judged = found.drop_nulls("honoured")
    if judged.is_empty():
        return line
    share = clustered_share(judged["honoured"].to_numpy(), judged["war"].to_numpy())
    by_war = judged.group_by("war").agg(pl.col("honoured").mean())["honoured"].mean()
    line["share"] = share.value
    return (
        line
        | {name: getattr(share, name) for name in ("lo50", "hi50", "lo90", "hi90", "effective")}
        | {"by_war": by_war}
    )


def _published(kind: str, era: str) -> dict[str, Any]:
    mine = [each for each in PUBLISHED if (each.kind, each.era) == (kind, era)]
    return {"published": mine[0].share, "source": mine[0].source} if mine else {}
