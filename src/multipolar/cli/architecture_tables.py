"""Tables for people of what holds an architecture together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from multipolar.cli.cells import cells, signed, text, valued, with_ends
from multipolar.cli.output import Grid, figure

if TYPE_CHECKING:
    import polars as pl

    from multipolar.architectures import Change, Comparison, Report

#: Rows that a table shows of a long part.
LISTED: Final = 15
#: Letters of the rungs in the table of who is bound to whom how deep.
_LETTERS: Final = (".", "f", "c", "n", "D")
_KEY: Final = "Depth: . none told, f forum, c consultation, n nonaggression or neutrality, D defence or offence"


def figures(frame: pl.DataFrame) -> Grid:
    """The figures."""
    rows = [cells(row, ("figure", "unit")) for row in frame.to_dicts()]
    return Grid(("figure", "what", "value>", "90 %>", "coverage>"), rows, "Figures")


def readings(frame: pl.DataFrame) -> Grid:
    """The architecture at each rung."""
    rows = []
    for row in frame.to_dicts():
        counts = (
            row["reading"],
            str(row["pairs"]),
            figure(row["share"]),
            str(row["members"]),
            figure(row["capability"]),
        )
        rows.append((*counts, valued(row, "cohesion"), valued(row, "divided")))
    heads = ("at least", "pairs>", "share>", "members>", "capability>", "cohesion>", "divided>")
    return Grid(heads, rows, "Forum or alliance: the pairs that are at least so deep")


def members(found: Report) -> Grid:
    """Who belongs to it."""
    warheads = {row["actor"]: row["warheads"] for row in found.nuclear.to_dicts()}
    rows = []
    for actor, bodies, since in found.members.frame.select("actor", "bodies", "since").rows():
        rows.append((actor, _name(actor, found), ", ".join(bodies), text(since), _armed(actor, warheads)))
    return Grid(("state", "name", "in", "since", "warheads>"), rows, "Members")


def outsiders(found: Report) -> Grid:
    """Who stands outside and is present inside."""
    from multipolar.architectures import by_outsider

    rows = []
    for outsider, *hosts, tiv in by_outsider(found.presence).head(LISTED).rows():
        rows.append((outsider, *(f"{count}" if count else "" for count in hosts), f"{tiv:,.0f}" if tiv else ""))
    heads = ("outsider", "bases in>", "troops in>", "pact with>", "arms, million TIV>")
    return Grid(heads, rows, "Outsiders, as told: members that they are in or bound to")


def rungs(frame: pl.DataFrame) -> Grid:
    """How many pairs are how deep."""
    rows = [
        (row["rung"], str(row["pairs"]), *(figure(row[key]) for key in ("share", "at_least", "at_most")))
        for row in frame.to_dicts()
    ]
    return Grid(("rung", "pairs>", "share>", "so deep or deeper>", "at most>"), rows, "Pairs by depth")


def letters(found: Report) -> Grid:
    """Who is bound to whom how deep, a letter a pair."""
    actors = list(found.members.ids)
    depth = {(a, b): deep for a, b, deep in found.between.select("a", "b", "depth").rows()}
    rows = []
    for one in actors:
        line = (" " if one == other else _LETTERS[depth[min(one, other), max(one, other)]] for other in actors)
        rows.append((one, " ".join(line)))
    return Grid(("", "with each of them, in the same order"), rows, _KEY)


def pairs(found: Report) -> Grid:
    """The pairs, the least close first."""
    rows = []
    for row in found.between.sort("mean", nulls_last=True).head(LISTED).to_dicts():
        tie, dispute = figure(row["mean"], sign=True), "yes" if row["dispute"] else ""
        rows.append(
            (row["a"], row["b"], row["rung"], tie, dispute, ", ".join(row["third"]), "; ".join(row["treaties"]))
        )
    heads = ("a", "b", "depth", "tie>", "dispute", "pact with", "by")
    return Grid(
        heads, rows, f"Pairs, the least close first ({len(rows)} of {found.between.height}; JSON and CSV have all)"
    )


def changes(found: list[Change]) -> Grid:
    """What each change of members changed."""
    rows = []
    for change in found:
        lines = {row["figure"]: row for row in change.figures.to_dicts() if row["when"] == "change"}
        who = ", ".join([*change.joined, *(f"-{actor}" for actor in change.left)])
        counts = (f"{lines[key]['value']:+.0f}" for key in ("members", "pairs"))
        rows.append(
            (str(change.day), who, *counts, *(signed(lines[key]) for key in ("capability", "cohesion", "divided")))
        )
    heads = ("day", "who (- left)", "members>", "pairs>", "capability>", "cohesion>", "divided>")
    return Grid(heads, rows, "After less before, in the same month (90 %)")


def side_by_side(found: Comparison) -> Grid:
    """Figures of several, a column each."""
    named = [{row["figure"]: row for row in report.figures.to_dicts()} for report in found.reports]
    rows = [(name, *(with_ends(each[name]) for each in named)) for name in found.reports[0].figures["figure"]]
    heads = ("figure", *(f"{report.architecture.name}>" for report in found.reports))
    return Grid(heads, rows, f"{found.month:%Y-%m}, with 90 % intervals")


def overlap(found: Comparison) -> Grid:
    """Who is in both of two."""
    rows = [
        (row["one"], row["other"], ", ".join(row["both"]), figure(row["jaccard"])) for row in found.overlap.to_dicts()
    ]
    return Grid(("one", "other", "members of both", "share of either>"), rows, "Overlap")


def across(found: Comparison) -> Grid:
    """How those inside one stand to those inside another."""
    rows = [(row["one"], row["other"], *cells(row, ("figure",))) for row in found.across.to_dicts()]
    title = "Across: pairs of a state inside the one only and a state inside the other only"
    return Grid(("one", "other", "figure", "value>", "90 %>", "coverage>"), rows, title)


def feet(found: Comparison) -> Grid:
    """States with a foot in another architecture."""
    keys = ("actor", "inside", "other", "how", "with", "since")
    rows = [tuple(text(row[key]) for key in keys) for row in found.feet.to_dicts()]
    return Grid(("state", "inside", "other", "how", "with", "since"), rows, "Feet in another")


def _armed(actor: str, warheads: dict[str, float | None]) -> str:
    if actor not in warheads:
        return ""
    count = warheads[actor]
    return "held" if count is None else f"{count:,.0f}"


def _name(actor: str, found: Report) -> str:
    from multipolar.actors import get

    spell = get(actor).spell(found.month) or get(actor).spells[-1]
    return spell.name
