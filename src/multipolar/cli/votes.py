"""Votes: how alike two states vote, where states stand, how a roll call divided them, and what moved a state."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from multipolar.cli.options import COMMON, Common, open_world, span
from multipolar.cli.output import Answer, Grid, figure, show
from multipolar.cli.progress import Step, working
from multipolar.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from multipolar.votes import Ballots, Explanation, Points
    from multipolar.world import World

By = Literal["session", "year"]
Body = Literal["UNGA", "UNSC"]
#: Rows that a table shows of a long answer.
SHOWN: Final = 30
#: States named on the chart of a roll call, if they voted.
NAMED: Final = ("USA", "GBR", "FRA", "RUS", "CHN", "IND")


def similarity(
    a: str,
    b: str,
    /,
    *,
    since: str | None = None,
    until: str | None = None,
    by: By = "session",
    issue: str | None = None,
    body: Body = "UNGA",
    divided: bool = False,
    common: Common = COMMON,
) -> None:
    """How alike two states vote: agreement, S, kappa, pi, tau-b and A, session by session or year by year.

    A session opens in September and has the roll calls until the next. Where the two have no joint vote there is no row.

    Parameters
    ----------
    a
        One state.
    b
        The other.
    since
        Roll calls from this day on.
    until
        Roll calls to this day.
    by
        What a row is about: session, or calendar year.
    issue
        Only roll calls that carry this code of an issue.
    body
        UNGA or UNSC.
    divided
        Leave out roll calls in which all who voted chose the same.
    """
    first, last = span(since, until)
    with working(common.quiet) as step:
        world = open_world(common, step)
        from multipolar.votes import similarity as measured

        one, other = _states(world, (a, b))
        step(0, 0, "Reading votes")
        cast = _ballots(world, body, issue, first, last)
        frame = measured(cast, by=by, unanimous=not divided)
    pair = tuple(sorted((one, other)))
    frame = frame.filter(frame["a"] == pair[0], frame["b"] == pair[1])
    notes = (*cast.notes, *(() if frame.height else (f"{pair[0]} and {pair[1]} have no joint vote",)))
    heads = tuple(name if name == by else f"{name}>" for name in frame.columns[2:])
    grid = Grid(heads, [_cells(row[2:]) for row in frame.rows()], f"{pair[0]}–{pair[1]}, {body}")
    show(Answer(frame.to_dicts(), grids=[grid] if frame.height else [], notes=notes), common)


def positions(
    *states: str,
    since: str | None = None,
    until: str | None = None,
    issue: str | None = None,
    as_known: bool = False,
    out: Path | None = None,
    common: Common = COMMON,
) -> None:
    """Where states stand by their votes in the UN General Assembly, session by session, with 90 % intervals.

    Positions have mean 0 and mean square 1 over all states and sessions; the side of the United States is positive. They rest
    on the votes of all states.

    Parameters
    ----------
    states
        States to show; without any, all of them (and no chart).
    since
        Sessions from the one of this day on.
    until
        Sessions to the one of this day.
    issue
        Only roll calls that carry this code of an issue.
    as_known
        Each position from votes of its session and those before, as it could be known then; otherwise later votes tell of
        earlier positions too.
    out
        Draw the chart into this file (.svg or .png).
    """
    first, last = span(since, until)
    _chartable(out, states)
    with working(common.quiet) as step:
        world = open_world(common, step)
        chosen = _states(world, states)
        points = _points(world, issue, step, smooth=not as_known)
        frame = _within(points.frame, chosen, first, last)
        if out is not None and frame.height:
            step(0, 0, f"Writing {out}")
            _draw_positions(frame, chosen, out, issue, as_known)
    without = sorted(set(chosen) - set(frame["actor"]))
    notes = (*points.notes, *(f"{state} has no position there" for state in without))
    notes += (f"chart written to {out}",) if out is not None and frame.height else ()
    grids = [_wide(frame, chosen)] if chosen and frame.height else []
    says = (
        () if chosen else (f"{frame['actor'].n_unique()} states, {frame.height:,} positions: name states to see them.",)
    )
    show(Answer(frame.to_dicts(), says=says, grids=grids, notes=notes), common)


def rollcall(id: str, /, *, out: Path | None = None, common: Common = COMMON) -> None:
    """How a roll call divided states: their choices, their positions, and the lines where one choice gives way to another.

    Parameters
    ----------
    id
        Its id, as `multipolar statements vote` and `multipolar votes explain` show it.
    out
        Draw the chart into this file (.svg or .png).
    """
    _chartable(out, ("any",))
    with working(common.quiet) as step:
        world = open_world(common, step)
        points = _points(world, None, step)
        call = _call(points.ballots, id)
        frame, cuts = _cast(points, call)
        if out is not None:
            from multipolar.brief.votes import rollcall_chart

            step(0, 0, f"Writing {out}")
            rollcall_chart(frame.drop_nulls("theta"), cuts, out, title=_title(call), subtitle=_when(call), named=NAMED)
    notes = [f"chart written to {out}"] if out is not None else []
    if cuts[0] != cuts[0]:
        notes.append("nearly all chose the same: the roll call tells nothing of positions, and has no lines")
    says = [_title(call), f"{_when(call)}: " + ", ".join(f"{word} {number}" for word, number in _tally(frame))]
    if cuts[0] == cuts[0]:
        says.append(f"yes and abstention part at {figure(cuts[0])}, abstention and no at {figure(cuts[1])}")
    odd = frame.drop_nulls("chance").sort("chance", "actor").head(SHOWN // 2)
    grid = Grid(
        ("state", "choice", "position>", "chance of it>"),
        [(row["name"], row["choice"], figure(row["theta"]), figure(row["chance"])) for row in odd.to_dicts()],
        "Least expected choices",
    )
    show(Answer(frame.to_dicts(), says=says, grids=[grid] if odd.height else [], notes=notes), common)


def explain(
    state: str,
    /,
    *,
    since: str,
    until: str,
    issue: str | None = None,
    common: Common = COMMON,
) -> None:
    """Which roll calls moved a state from its position in one session to that in another.

    The contributions of all roll calls, and what is assumed before a state's first session, add up to the change.

    Parameters
    ----------
    state
        The state.
    since
        A day of the first session; the state's next one if it did not vote in that.
    until
        A day of the last session; the state's last before if it did not vote in that.
    issue
        Only roll calls that carry this code of an issue.
    """
    first, last = span(since, until)
    with working(common.quiet) as step:
        world = open_world(common, step)
        (chosen,) = _states(world, (state,))
        points = _points(world, issue, step)
        begin, end = _ends(_within(points.frame, (chosen,), first, last), chosen)
        from multipolar.votes import explain as taken_apart

        found = taken_apart(points, chosen, begin, end)
    rows = [{"actor": chosen, "from": begin, "to": end, **row} for row in found.frame.to_dicts()]
    show(Answer(rows, _change(found, chosen, begin, end), [_moves(found)], notes=points.notes), common)


def _states(world: World, names: tuple[str, ...]) -> tuple[str, ...]:
    from multipolar.panels.rows import state_id

    ids = tuple(state_id(name, world.as_of) for name in names)
    for place, id in enumerate(ids):
        if id in ids[:place]:
            raise UsageError(f"expected different states, got {id} twice", hint="Name each once.")
    return ids


def _ballots(world: World, body: str, issue: str | None, first: date | None, last: date | None) -> Ballots:
    from multipolar.votes import ballots

    return ballots(world.view, body=body, issue=issue, since=first, until=last)


def _points(world: World, issue: str | None, step: Step, *, smooth: bool = True) -> Points:
    from multipolar.votes import ideal_points

    step(0, 0, "Reading votes")
    cast = _ballots(world, "UNGA", issue, None, None)
    step(0, 0, f"Estimating positions from {cast.rollcalls.height:,} roll calls")
    return ideal_points(cast, smooth=smooth)


def _chartable(out: Path | None, states: tuple[str, ...]) -> None:
    """Refuse what cannot be drawn before anything is estimated."""
    if out is None:
        return
    from multipolar.brief.save import check_name
    from multipolar.brief.votes import MOST_LINES

    check_name(out)
    if not 0 < len(states) <= MOST_LINES:
        hint = f"Name 1 to {MOST_LINES} states."
        raise UsageError(f"expected 1 to {MOST_LINES} states on a chart, got {len(states)}", where="--out", hint=hint)


def _within(frame: pl.DataFrame, states: tuple[str, ...], first: date | None, last: date | None) -> pl.DataFrame:
    """Positions of some states (of all if none is named) in the sessions from the one of a day to that of another."""
    import polars as pl

    from multipolar.votes import session

    for day, keep in ((first, pl.Expr.ge), (last, pl.Expr.le)):
        if day is not None:
            frame = frame.filter(keep(pl.col("session"), session(pl.lit(day))))
    return frame.filter(pl.col("actor").is_in(states)) if states else frame


def _draw_positions(frame: pl.DataFrame, states: tuple[str, ...], out: Path, issue: str | None, as_known: bool) -> None:
    """Draw the states in the order asked for, which is that of their colours."""
    import polars as pl

    from multipolar.brief.votes import positions_chart
    from multipolar.sources.publishers.unga import ISSUES

    frame = frame.sort(pl.col("actor").cast(pl.Enum(states)), "session")
    about = "" if issue is None else f", {ISSUES.get(issue, issue)}"
    known = "as known at the time" if as_known else "smoothed over all sessions"
    years = frame["year"].sort()
    positions_chart(
        frame,
        out,
        title=f"Positions in the UN General Assembly{about}, {years[0]} to {years[-1]}",
        subtitle=f"By roll-call votes, {known}, with 90 % bands; the side of the United States is up",
        names={id: _name(id) for id in frame["actor"].unique()},
    )


def _name(id: str) -> str:
    from multipolar.actors import states

    return next((actor.spells[-1].name for actor in states() if actor.id == id), id)


def _wide(frame: pl.DataFrame, states: tuple[str, ...]) -> Grid:
    """Sessions down, states across; the last sessions of a long answer."""
    cell = {(row["session"], row["actor"]): row for row in frame.to_dicts()}
    sessions = frame.select("session", "year").unique().sort("session").rows()
    rows = [
        (str(session), str(year), *(_position(cell.get((session, state)), len(states)) for state in states))
        for session, year in sessions[-SHOWN:]
    ]
    left = f" (the last {SHOWN} of {len(sessions)} sessions)" if len(sessions) > SHOWN else ""
    return Grid(("session", "opened", *(f"{state}>" for state in states)), rows, f"Positions, 90 % intervals{left}")


def _position(row: dict[str, Any] | None, states: int) -> str:
    """A position and its interval; half its width where many states stand side by side."""
    if row is None:
        return "not known"
    if states > 4:
        return f"{figure(row['theta'])} ±{figure((row['hi90'] - row['lo90']) / 2)}"
    return f"{figure(row['theta'])} ({figure(row['lo90'])} to {figure(row['hi90'])})"


def _cells(values: tuple[Any, ...]) -> list[str]:
    return [figure(value) if value is None or isinstance(value, float) else str(value) for value in values]


def _call(ballots: Ballots, id: str) -> Ballots:
    """One roll call."""
    known = ballots.rollcalls["rollcall"]
    if id not in known:
        raise UsageError.unknown("roll call", id, known)
    return ballots.where((known == id).to_numpy())


def _cast(points: Points, call: Ballots) -> tuple[pl.DataFrame, tuple[float, float]]:
    """Choices of states, by choice and position, with the chance that each had; and the lines (NaN for none)."""
    import polars as pl

    from multipolar.votes import CODES

    words = {code: word for word, code in CODES.items()}
    chances = points.predict(call)[0]
    rows = [
        {
            "actor": state,
            "name": _name(state),
            "choice": words[code],
            "chance": chances[place, code - 1],
        }
        for place, state in enumerate(call.actors)
        if (code := int(call.choices[0, place]))
    ]
    here = points.frame.filter(pl.col("session") == int(call.sessions[0])).select("actor", "theta", "lo90", "hi90")
    frame = pl.DataFrame(rows, nan_to_null=True, schema_overrides={"chance": pl.Float64}).join(
        here, on="actor", how="left"
    )
    order = pl.col("choice").replace_strict({"yes": 0, "abstain": 1, "no": 2})
    name = call.rollcalls["rollcall"][0]
    known = name in points.items["rollcall"]
    return frame.sort(order, "theta", "actor"), points.cutting(name).positions if known else (float("nan"),) * 2


def _title(call: Ballots) -> str:
    text = str(call.rollcalls["text"][0] or call.rollcalls["rollcall"][0])
    text = text.split(": ")[0] if len(text) > 90 else text
    text = text.capitalize() if text.isupper() else text
    return _short(text, 90)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _when(call: Ballots) -> str:
    row = call.rollcalls.row(0, named=True)
    return f"{row['rollcall']}, {row['date']}, session {row['session']}"


def _tally(frame: pl.DataFrame) -> list[tuple[str, int]]:
    counts = dict(frame.group_by("choice").len().rows())
    return [(word, counts.get(word, 0)) for word in ("yes", "abstain", "no")]


def _ends(frame: pl.DataFrame, state: str) -> tuple[int, int]:
    sessions = frame["session"].sort().to_list()
    if len(sessions) < 2:
        raise UsageError(
            f"expected two sessions with votes of {state}, got {len(sessions)}",
            where="--since, --until",
            hint=f"`multipolar votes positions {state}` lists its sessions.",
        )
    return sessions[0], sessions[-1]


def _change(found: Explanation, state: str, begin: int, end: int) -> list[str]:
    said = (
        f"{_name(state)} went from {figure(found.before)} in session {begin} to {figure(found.after)} in session {end}"
    )
    return [
        f"{said}: {figure(found.change, sign=True)}. Of that, before its first session: {figure(found.start, sign=True)}."
    ]


def _moves(found: Explanation) -> Grid:
    top = found.frame.head(SHOWN).to_dicts()
    rows = [
        (
            f"{row['contribution']:+.3f}",
            row["choice"],
            str(row["date"]),
            row["rollcall"],
            _short(str(row["text"] or ""), 44),
        )
        for row in top
    ]
    count = f"The {len(rows)} largest contributions of {found.frame.height:,}"
    return Grid(("moved by>", "choice", "date", "id", "roll call"), rows, count)
