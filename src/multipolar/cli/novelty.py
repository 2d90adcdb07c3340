"""What new statements changed about a tie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from multipolar.cli.ids import short, statements_only
from multipolar.cli.options import COMMON, Common, day, open_world
from multipolar.cli.output import Answer, Grid, figure, show
from multipolar.cli.progress import working
from multipolar.cli.standing import scale
from multipolar.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

    from multipolar.ties import PairNews
    from multipolar.world import World

#: New observations that the table shows.
LISTED: Final = 18
#: Pairs whose change is told in words, and the least change that counts.
TOLD: Final = 20
SMALL: Final = 0.005
_COLUMNS: Final = (
    "pair",
    "part",
    "month",
    "indicator",
    "value",
    "expected",
    "weight",
    "contribution",
    "before",
    "after",
)


def news(*pair: str, since: str, month: str | None = None, ids: bool = False, common: Common = COMMON) -> None:
    """What became known after a day, and how it changed a tie, or the ties of all pairs.

    News is what was observed anew, its surprise times its weight; revisions are what changed or was withdrawn of older
    observations. `part` says what a row is: `total`, `revisions`, or one `news` cell (an indicator in a month). Without a pair:
    a row for each pair whose tie changed, the largest change first.

    Parameters
    ----------
    pair
        Two states, by any name, code or capital; none for all pairs.
    since
        The earlier day: what was known then is compared with what is known as of `--as-of`.
    month
        Month of the tie; the last one known by default.
    ids
        Add the ids of the statements behind each cell.
    """
    known, asked = day(since, "--since", end=True), day(month, "--month")
    assert known is not None
    if len(pair) not in (0, 2):
        raise UsageError(
            f"expected two states or none, got {len(pair)}", hint="As in: multipolar news RUS PRK --since 2024-05-31"
        )
    if not pair:
        return _of_all(common, known, asked)
    a, b = pair
    with working(common.quiet) as step:
        world = open_world(common, step, earliest=asked)
        step(0, 0, "Estimating the ties of all pairs")
        told = world.news(a, b, since=known, month=asked)
        rows = _news_rows(world, told, ids)
    says = (
        f"The tie of {world.name(told.a)} and {world.name(told.b)} in {told.month:%Y-%m}: {figure(told.before)} as known on "
        f"{known}, {figure(told.after)} as known on {world.as_of}.",
        f"Of the change of {figure(told.update, sign=True)}, news are {figure(told.update - told.revisions, sign=True)} and "
        f"revisions {figure(told.revisions, sign=True)}.",
    )
    show(Answer(rows, says, (_news_grid(rows),), notes=scale(world)), common)
    return None


def _of_all(common: Common, known: date, asked: date | None) -> None:
    """The pairs whose ties changed, those that changed most with what moved them."""
    with working(common.quiet) as step:
        world = open_world(common, step, earliest=asked)
        step(0, 0, "Estimating the ties of all pairs, twice")
        found = world.vintages(since=known, month=asked)
        changed = found.moved.filter(found.moved["change"].abs() >= SMALL)
        said = [found.news(a, b).told for a, b in changed.head(TOLD).select("a", "b").iter_rows()]
    rows = [
        {"pair": f"{row['a']}-{row['b']}", "month": found.month, "before": row["before"], "after": row["after"],
         "change": row["change"], "says": said[place] if place < TOLD else None}
        for place, row in enumerate(changed.to_dicts())
    ]  # fmt: skip
    says = (
        f"{len(rows):,} of {found.moved.height:,} ties in {found.month:%Y-%m} are known otherwise on {world.as_of} than on "
        f"{known}.",
    )
    grid = Grid(
        ("before>", "after>", "what moved it"),
        [(figure(r["before"]), figure(r["after"]), r["says"]) for r in rows[:TOLD]],
    )
    show(Answer(rows, says, (grid,) if rows else (), notes=scale(world)), common)


def _news_rows(world: World, told: PairNews, ids: bool) -> list[dict[str, Any]]:
    total = {**dict.fromkeys(_COLUMNS), "pair": f"{told.a}-{told.b}", "part": "total", "contribution": told.update,
             "before": told.before, "after": told.after}  # fmt: skip
    blank = {**dict.fromkeys(total), "pair": total["pair"]}
    rows: list[dict[str, Any]] = [total, {**blank, "part": "revisions", "contribution": told.revisions}]
    found = sorted(told.news.to_dicts(), key=lambda row: -abs(row["contribution"]))
    rows += [{**blank, "part": "news", **row} for row in found]
    if ids:
        behind: dict[tuple[Any, str], set[str]] = {}
        parts = world.observed.parts(told.a, told.b)
        for month, indicator, name in parts.select("month", "indicator", "id").iter_rows():
            behind.setdefault((month, indicator), set()).add(name)
        rows = [
            {**row, "statements": statements_only(behind.get((row["month"], row["indicator"]), ()))} for row in rows
        ]
    return rows


def _news_grid(rows: list[dict[str, Any]]) -> Grid:
    new = [row for row in rows if row["part"] == "news"]
    heads = ("contribution>", "month", "indicator", "observed>", "expected>", "weight>", "statements")
    cells = [
        (figure(row["contribution"], sign=True), f"{row['month']:%Y-%m}", row["indicator"], figure(row["value"]),
         figure(row["expected"]), f"{row['weight']:.3f}", " ".join(map(short, row.get("statements", ()))))
        for row in new[:LISTED]
    ]  # fmt: skip
    width = len(heads) if new and "statements" in new[0] else len(heads) - 1
    return Grid(heads[:width], [row[:width] for row in cells], f"{len(new)} new observations" if new else "Nothing new")
