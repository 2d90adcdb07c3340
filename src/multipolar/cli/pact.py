"""A pact of two states, and its record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from multipolar.cli.cells import ends, text, without_ids
from multipolar.cli.ids import short
from multipolar.cli.options import COMMON, Common, day, open_world
from multipolar.cli.output import Answer, Grid, figure, show
from multipolar.cli.progress import working

if TYPE_CHECKING:
    from multipolar.architectures import Pact
    from multipolar.world import World

#: Cases that the table shows.
LISTED: Final = 15
_ACTIVE: Final = {True: "is active", False: "is not active", None: "is not known to be active"}
_WORDS: Final = {True: "yes", False: "no", None: "not known"}


def pact(a: str, b: str, /, *, on: str | None = None, ids: bool = False, common: Common = COMMON) -> None:
    """What two states owe each other, what the one did when the other fought, and how reliable such obligations were.

    `part` says what a row is: pact (whether one is active), obligation, case, reliability (of all states, by type and era, from
    the wars and alliances of the record, beside published figures).

    Parameters
    ----------
    a
        A state: any name, code or capital.
    b
        The other one.
    on
        Day (YYYY-MM-DD); the last one for which it is told by default.
    ids
        Add the ids of the statements behind obligations and cases.
    """
    asked = day(on, "--on")
    with working(common.quiet) as step:
        world = open_world(common, step)
        step(0, 0, "Looking at past conflicts")
        found = world.pact(a, b, asked)
    rows = list(_rows(found, ids))
    grids = tuple(grid for grid in (_obligations(found), _cases(found), _reliability(found)) if grid.rows)
    after = (f"Statements: {' '.join(map(short, found.ids))}",) if ids else ()
    show(Answer(rows, _says(world, found), grids, after, found.notes), common)


def _rows(found: Pact, ids: bool) -> list[dict[str, Any]]:
    head = {"a": found.a, "b": found.b, "on": found.day}
    rows: list[dict[str, Any]] = [
        {"part": "pact", **head, "active": found.active, "rung": found.rung, "notes": list(found.notes)}
    ]
    for part, frame in (("obligation", found.obligations), ("case", found.cases)):
        rows += [{"part": part, **head, **without_ids(row, ids)} for row in frame.to_dicts()]
    counted = found.reliability if found.reliability.width else found.published.rename({"share": "published"})
    return rows + [{"part": "reliability", **row} for row in counted.to_dicts()]


def _says(world: World, found: Pact) -> tuple[str, ...]:
    deep = f" ({found.rung})" if found.active else ""
    pair = f"A pact of {world.name(found.a)} and {world.name(found.b)} {_ACTIVE[found.active]}{deep} on {found.day}."
    if not found.cases.height:
        return (pair, "No conflict is told in which one of them fought while the other owed it something.")
    did = {row["did"]: row["len"] for row in found.cases.group_by("did").len().sort("did").to_dicts()}
    told = ", ".join(f"in {count} it {what}" for what, count in did.items())
    return (pair, f"{found.cases.height} conflicts are told of the one while the other owed it something: {told}.")


def _obligations(found: Pact) -> Grid:
    rows = []
    for row in found.obligations.to_dicts():
        owed = "each" if row["debtor"] is None else f"{row['debtor']} to {row['creditor']}"
        days = (text(row["since"]), text(row["until"]), _WORDS[row["active"]])
        rows.append((row["kind"], *days, owed, text(row["ref"]), row["source"]))
    return Grid(("obligation", "since", "until", "active", "owed by", "treaty", "source"), rows, "Obligations")


def _cases(found: Pact) -> Grid:
    rows = []
    for row in found.cases.tail(LISTED).to_dicts():
        level = "" if row["level"] is None else f"{row['level']:.0f}"
        fight = (text(row["day"]), row["fought"], ", ".join(row["foes"]), row["kind"], level)
        rows.append((*fight, row["partner"], row["did"], ", ".join(row["owed"])))
    heads = ("day", "who fought", "whom", "what", "level>", "partner", "did", "owed")
    return Grid(
        heads, rows, f"When one of them fought ({len(rows)} of {found.cases.height}, the last; JSON and CSV have all)"
    )


def _reliability(found: Pact) -> Grid:
    if not found.reliability.width:
        rows = [(row["kind"], row["era"], figure(row["share"]), row["source"]) for row in found.published.to_dicts()]
        return Grid(("kind", "era", "share>", "source"), rows, "Obligations honoured in war, as published")
    lines = []
    for row in found.reliability.to_dicts():
        published = "" if row["published"] is None else figure(row["published"])
        counts = (row["kind"], row["era"], str(row["wars"]), str(row["cases"]))
        lines.append((*counts, figure(row["share"]), ends(row), published))
    heads = ("kind", "era", "wars>", "cases>", "honoured>", "90 %>", "published>")
    return Grid(heads, lines, "Obligations honoured in war, of all states (definitions differ: docs/architectures.md)")
