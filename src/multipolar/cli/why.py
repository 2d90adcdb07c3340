"""Why a tie stands where it does, and what moved it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from multipolar.cli.ids import parties, short, statements_only
from multipolar.cli.options import COMMON, Common, open_world, span
from multipolar.cli.output import Answer, Grid, between, figure, show
from multipolar.cli.progress import working
from multipolar.cli.standing import scale
from multipolar.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

    from multipolar.ties import Explanation
    from multipolar.world import World

_WHAT: Final = ("form", "a", "b", "kind", "valid_from", "source", "locator", "original", "text")
_COLUMNS: Final = (
    "pair", "part", "since", "until", "indicator", "level", "level_lo90", "level_hi90", "change", "change_lo90", "change_hi90",
    "known", "statements", "id", "first", "last", *_WHAT,
)  # fmt: skip


def explain(
    a: str,
    b: str,
    /,
    *,
    since: str | None = None,
    until: str | None = None,
    top: int = 10,
    common: Common = COMMON,
) -> None:
    """What a tie rests on and what moved it: an exact sum, down to single statements.

    The rows add up. `part` says what a row is: the `total`, the `baseline` before anything is observed, each `indicator`, then
    single `statement`s and the `rest` of them: baseline + indicators = total, statements + rest = indicators. An observed zero
    has the id `coverage:SOURCE`.

    Parameters
    ----------
    a
        A state: any name, code or capital.
    b
        The other one.
    since
        Month to compare with; two years before the last one by default.
    until
        Month explained; the last one known by default.
    top
        How many single statements, those that moved the tie most first; 0 for all.
    """
    first, last = span(since, until)
    if top < 0:
        raise UsageError(f"expected a number of statements from 0 (all) on, got {top}", where="--top")
    with working(common.quiet) as step:
        world = open_world(common, step, earliest=first)
        step(0, 0, "Estimating the ties of all pairs")
        split = world.explain(a, b, since=first, until=last)
        step(0, 0, "Following the figures to statements")
        rows = _parts(world, split, top)
    level, change = split.interval("level"), split.interval("change")
    names = f"{world.name(split.a)} and {world.name(split.b)}"
    says = (
        f"{names} stood at {figure(split.level)} in {split.until:%Y-%m}, {between(*level)}.",
        f"Since {split.since:%Y-%m} that is a change of {figure(split.change, sign=True)}, {between(*change)}.",
    )
    doubt = (
        () if split.known else ("too little is known at one of the two months for the figures to be given as a tie",)
    )
    show(Answer(rows, says, _grids(rows), notes=(*doubt, *scale(world))), common)


def _parts(world: World, split: Explanation, top: int) -> list[dict[str, Any]]:
    """The rows of `explain`; see there."""
    total = {
        **dict.fromkeys(_COLUMNS), "pair": f"{split.a}-{split.b}", "part": "total", "since": split.since, "until": split.until,
        "level": split.level, "change": split.change, "statements": split.statements["id"].n_unique(), "known": split.known,
    }  # fmt: skip
    total["level_lo90"], total["level_hi90"] = split.interval("level")
    total["change_lo90"], total["change_hi90"] = split.interval("change")
    blank = {**dict.fromkeys(total), "pair": total["pair"]}
    rows = [total, {**blank, "part": "baseline", "level": split.baseline, "change": 0.0, "statements": 0}]
    rows += [{**blank, "part": "indicator", **row} for row in split.indicators.to_dicts()]
    ordered = _by_statement(split.statements)
    chosen = ordered.head(top or ordered.height)
    rest = ordered.tail(ordered.height - chosen.height)
    said = _said(world, chosen["id"].to_list())
    rows += [
        {**blank, "part": "statement", "statements": 1, **row, **said.get(row["id"], {})} for row in chosen.to_dicts()
    ]
    if rest.height:
        sums = {"level": float(rest["level"].sum()), "change": float(rest["change"].sum())}
        rows.append({**blank, "part": "rest", **sums, "statements": rest["id"].n_unique()})
    return rows


def _by_statement(parts: pl.DataFrame) -> pl.DataFrame:
    """One row for each statement and indicator, those that moved the tie most first."""
    import polars as pl

    sums = parts.group_by("id", "indicator").agg(
        pl.col("level").sum(), pl.col("change").sum(), first=pl.col("month").min(), last=pl.col("month").max()
    )
    return sums.sort(pl.col("change").abs(), "id", "indicator", descending=[True, False, False])


def _said(world: World, names: list[str]) -> dict[str, dict[str, Any]]:
    """What statements say, by id."""
    found = world.view.by_id(statements_only(names))
    return {row["id"]: {name: row[name] for name in _WHAT} for row in found}


def _grids(rows: list[dict[str, Any]]) -> tuple[Grid, ...]:
    sums = [row for row in rows if row["part"] in ("baseline", "indicator", "total")]
    sums = [*sums[1:], sums[0]]
    first = Grid(
        ("", "level>", "change>", "statements>"),
        [
            (
                row["indicator"] or row["part"],
                figure(row["level"]),
                figure(row["change"], sign=True),
                str(row["statements"]),
            )
            for row in sums
        ],
        "What it rests on",
    )
    single = [row for row in rows if row["part"] in ("statement", "rest")]
    second = Grid(
        ("change>", "observed", "indicator", "statement", "source", "id"),
        [
            (
                figure(row["change"], sign=True),
                _observed(row),
                row["indicator"] or "",
                _sentence(row),
                f"{row['source']}, {row['locator']}" if row["source"] else "",
                short(row["id"] or ""),
            )
            for row in single
        ],
        "The statements that moved it most",
    )
    return (first, second)


def _observed(row: dict[str, Any]) -> str:
    """The months in which it was observed."""
    if row["first"] is None:
        return ""
    return f"{row['first']:%Y-%m}" + (f" to {row['last']:%Y-%m}" if row["last"] != row["first"] else "")


def _sentence(row: dict[str, Any]) -> str:
    if row["part"] == "rest":
        return f"{row['statements']} others together"
    if row["form"] is None:
        return "nothing of the kind, where the source would have it"
    return f"{parties(row)} {row['kind']} {row['valid_from']}: {row['text'] or row['original']}"
