"""What leaders change: the tie when one comes, and where one may travel whom the International Criminal Court wants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from multipolar.cli.ids import short
from multipolar.cli.options import COMMON, Common, Several, day, open_world
from multipolar.cli.output import Answer, Grid, between, figure, show
from multipolar.cli.progress import working
from multipolar.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

    from multipolar.measures import LeaderBreak, LeaderBreaks, Travel
    from multipolar.measures.arrays.breaks import Placebo
    from multipolar.world import World

#: Visits that the table shows.
LISTED: Final = 20


def break_(
    a: str,
    b: str | None = None,
    /,
    *,
    leader: str | None = None,
    at: str | None = None,
    window: int = 12,
    office: Several = (),
    ids: bool = False,
    common: Common = COMMON,
) -> None:
    """Whether a tie broke when a leader came: its change against changes around months in which none came.

    With one state: how far all its ties moved when its leaders changed, a row for each change.

    Parameters
    ----------
    a
        A state: any name, code or capital.
    b
        The other one.
    leader
        A leader of one of the two who followed another.
    at
        Month (YYYY-MM), in place of a leader.
    window
        Months on either side.
    office
        Offices whose changes count: head_of_state, head_of_government, party_leader; all by default.
    ids
        Add the ids of the statements behind the tie.
    """
    month = day(at, "--at")
    asked: dict[str, Any] = {"window": window} | ({"offices": office} if office else {})
    if b is None and (leader or at):
        raise UsageError(
            "expected two states with a leader or a month", hint="With one state, all its changes are tried."
        )
    with working(common.quiet) as step:
        world = open_world(common, step, earliest=month)
        step(0, 0, "Estimating the ties of all pairs")
        if b is None:
            answer = _all(world, world.leader_breaks(a, **asked))
        else:
            found = world.leader_break(a, b, leader=leader, at=month, **asked)
            answer = _one(world, found, world.evidence(found) if ids else None)
    show(answer, common)


def _one(world: World, found: LeaderBreak, ids: tuple[str, ...] | None) -> Answer:
    head: dict[str, Any] = {
        "a": found.a, "b": found.b, "month": found.at, "leader": found.leader.name if found.leader else None,
        "window": found.window,
    }  # fmt: skip
    tests: list[tuple[str, Placebo]] = [("other months of the pair", found.within)]
    if found.across is not None:
        tests.append(("other pairs in that month", found.across))
    rows = [{**head, "against": name, **test._asdict(), "notes": list(found.notes)} for name, test in tests]
    if ids is not None:
        rows = [{**row, "statements": list(ids)} for row in rows]
    who = f", when {found.leader.name} came" if found.leader else ""
    says = (
        f"{world.name(found.a)} and {world.name(found.b)}, {found.at:%Y-%m}{who}: the tie changed by "
        f"{figure(found.within.change, sign=True)}, mean of {found.window} months after less {found.window} before.",
    )
    cells = [
        (name, f"{test.effect:+.3f}", f"{test.lo90:+.3f} to {test.hi90:+.3f}", f"{test.p:.3f}", str(test.placebos),
         str(test.apart))
        for name, test in tests
    ]  # fmt: skip
    grid = Grid(("against", "effect>", "90 %>", "p>", "placebos>", "apart>"), cells)
    after = () if ids is None else (f"Statements: {' '.join(map(short, ids))}",)
    return Answer(rows, says, (grid,), after, found.notes)


def _all(world: World, found: LeaderBreaks) -> Answer:
    rows = [{"actor": found.actor, **row} for row in found.detail.to_dicts()]
    used = found.detail["used"].sum()
    says = (
        f"{world.name(found.actor)}: over {used} changes of leader its ties moved by {found.value:.3f} on average; in as many "
        f"other months by {found.placebo:.3f}, between {found.lo90:.3f} and {found.hi90:.3f} (90 %). p = {found.p:.3f}, from "
        f"{found.placebos} placebo months, {found.apart} of them apart.",
    )
    cells = [
        (f"{row['month']:%Y-%m}", row["leader"], row["office"].replace("_", " "),
         "not known" if row["moved"] is None else f"{row['moved']:.3f}", "" if row["p"] is None else f"{row['p']:.3f}",
         "yes" if row["used"] else "no")
        for row in rows
    ]  # fmt: skip
    return Answer(rows, says, (Grid(("month", "leader", "office", "moved>", "p>", "used"), cells),), (), found.notes)


def travel(
    who: str,
    /,
    *,
    since: str | None = None,
    visits: bool = False,
    ids: bool = False,
    common: Common = COMMON,
) -> None:
    """Visits of a leader whom the International Criminal Court wants, to members and to others, before and after the warrant.

    Parameters
    ----------
    who
        A state whose leader is wanted, or the leader's name.
    since
        First day counted; by default the first of the complete list.
    visits
        Give a row for each visit in place of the rates.
    ids
        Add the ids of the statements: of each visit, of the warrant and of the memberships.
    """
    first = day(since, "--since")
    with working(common.quiet) as step:
        world = open_world(common, step)
        step(0, 0, "Reading visits")
        found = world.travel(who, since=first)
        answer = _travelled(world, found, visits, ids)
    show(answer, common)


def _travelled(world: World, found: Travel, visits: bool, ids: bool) -> Answer:
    head: dict[str, Any] = {"actor": found.actor, "leader": found.leader or None, "warrant": found.warrant}
    listed = found.visits if ids else found.visits.drop("id")
    rows = [{**head, **row} for row in listed.to_dicts()] if visits or not found.complete else _rates(head, found, ids)
    name = found.leader or f"the leader of {world.name(found.actor)}"
    says = [f"{name}, warrant of {found.warrant}."]
    if not found.complete:
        says.append(f"No rate: {found.reason}.")
    elif found.odds is not None:
        says.append(
            f"The odds of a visit being to a member are {figure(found.odds.value)} times those before, "
            f"{between(found.odds.low, found.odds.high)}, p = {found.p:.3f}."
        )
    grids = (*((_table(found),) if found.complete else ()), _to_members(found))
    after = (f"Statements: {' '.join(map(short, found.ids))}",) if ids else ()
    return Answer(rows, tuple(says), grids, after, found.notes)


def _rates(head: dict[str, Any], found: Travel, ids: bool) -> list[dict[str, Any]]:
    ratio = {row["hosts"]: row for row in found.ratios.to_dicts()}
    odds = found.odds
    shared = {
        "odds": None if odds is None else odds.value, "odds_lo90": None if odds is None else odds.low,
        "odds_hi90": None if odds is None else odds.high, "p": found.p, "notes": list(found.notes),
    }  # fmt: skip
    if ids:
        shared["statements"] = list(found.ids)
    return [
        {**head, **row, **{f"ratio{end}": ratio[row["hosts"]][key] for end, key in _RATIO.items()}, **shared}
        for row in found.rates.to_dicts()
    ]


_RATIO: Final = {"": "ratio", "_lo90": "lo90", "_hi90": "hi90"}


def _table(found: Travel) -> Grid:
    cells = []
    for mine in found.ratios.to_dicts():
        before, after = found.rates.filter(hosts=mine["hosts"]).to_dicts()
        ratio = f"{figure(mine['ratio'])} ({figure(mine['lo90'])} to {figure(mine['hi90'])})"
        cells.append((mine["hosts"], _rate(before), _rate(after), ratio))
    return Grid(("hosts", "before>", "after>", "ratio of rates (90 %)>"), cells, "Visits, and visits a year (90 %)")


def _rate(row: dict[str, Any]) -> str:
    return f"{row['visits']}, {figure(row['rate'])} ({figure(row['lo90'])} to {figure(row['hi90'])})"


def _to_members(found: Travel) -> Grid:
    import polars as pl

    rows: pl.DataFrame = found.visits.filter(pl.col("hosts") == "members", pl.col("period") == "after")
    cells = [
        (str(row["day"]), row["host"], row["text"] or "", short(row["id"])) for row in rows.head(LISTED).to_dicts()
    ]
    more = f", the first {LISTED} of {rows.height}" if rows.height > LISTED else ""
    return Grid(
        ("day", "host", "what", "id"), cells, f"Visits to members after the warrant{more or f' ({rows.height})'}"
    )
