"""What each enlargement of an architecture changed: the same month with the members before, and with those after.

Ties drift from month to month whoever belongs. What an accession changed by itself is therefore read within one month: the
ties of the month of accession, with the members of the day before and with those of the day. Differences are over the
same posterior draws, so that ties that are in both cancel.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from multipolar.architectures.members import Members, change_days, several
from multipolar.architectures.model import Architecture
from multipolar.architectures.pairs import (
    LEAST_COVERAGE,
    OF_TIES,
    TOLD,
    Pairs,
    covered,
    depth_figures,
    found,
    of_ties,
    pairs_of,
    row,
    table,
    ties_at,
)
from multipolar.architectures.presence import capability
from multipolar.architectures.standing import Told, told
from multipolar.errors import UsageError
from multipolar.measures.model import bounds, summary
from multipolar.record import View
from multipolar.ties import Ties


@dataclass(frozen=True)
class Change:
    """What a change of members changed.

    Attributes
    ----------
    day : date
        First day of the new membership.
    joined, left : tuple of str
    figures : DataFrame
        Columns of figures, with `when`: ``before``, ``after`` or ``change``.
    """

    day: date
    joined: tuple[str, ...]
    left: tuple[str, ...]
    figures: pl.DataFrame


def enlargements(
    ties: Ties, view: View, wanted: Architecture, *, since: date | None = None, until: date | None = None
) -> list[Change]:
    """What every accession and withdrawal changed, in order of time.

    Parameters
    ----------
    ties : Ties
    view : View
    wanted : Architecture
    since, until : date, optional
        Days between which to look; by default all. Where the ties do not reach, figures of ties are null.

    Returns
    -------
    list of Change
        Days on which somebody joined or left an architecture of two or more; its founding is none. A state that joins a
        second body of the set changes depths and no members: such a day is not among them.
    """
    known = told(view)
    found = []
    for day in change_days(known, wanted):
        if (since or date.min) <= day <= min(until or date.max, view.as_of):
            before, after = several(known, wanted, day - timedelta(days=1)), several(known, wanted, day)
            if before and after and before.ids != after.ids:
                found.append(_change(known, ties, day, before, after))
    return found


def enlargement(ties: Ties, view: View, wanted: Architecture, day: date) -> Change:
    """What the change of members on a day changed.

    Raises
    ------
    UsageError
        If nobody joined or left on that day; the hint names the days on which somebody did.
    """
    found = enlargements(ties, view, wanted, since=day, until=day)
    if not found:
        near = sorted(change_days(told(view), wanted), key=lambda other: abs((other - day).days))[:4]
        raise UsageError(
            f"expected a day on which somebody joined or left {wanted.name}, got {day}",
            hint=f"Memberships changed on {', '.join(map(str, sorted(near)))}.",
        )
    return found[0]


def _change(known: Told, ties: Ties, day: date, before: Members, after: Members) -> Change:
    """Both memberships with the ties of one month, drawn once for all states that are in either."""
    frame = ties_at(ties, day)
    old = pairs_of(known, frame, before, day - timedelta(days=1))
    new = pairs_of(known, frame, after, day)
    rows = [("before", line) for line in _plain(known, before, old)] + [
        ("after", line) for line in _plain(known, after, new)
    ]
    rows += [("change", line) for line in _plain_change(rows)]
    rows += _of_ties(old, new)
    figures = table(line for _, line in rows).with_columns(when=pl.Series([when for when, _ in rows]))
    joined, left = set(after.ids) - set(before.ids), set(before.ids) - set(after.ids)
    ordered = figures.select("when", pl.all().exclude("when"))
    return Change(day, tuple(sorted(joined)), tuple(sorted(left)), ordered)


def _plain(known: Told, who: Members, pairs: Pairs) -> list[dict[str, Any]]:
    """What does not rest on ties."""
    weight = capability(known.view, who.ids, pairs.day)
    deep, _ = depth_figures(known, who, pairs)
    return [
        row("members", "states", bounds(*[float(len(who.ids))] * 3)),
        row("pairs", "pairs of members", bounds(*[float(pairs.frame.height)] * 3)),
        row("capability", "share of the world's capability (CINC)", weight.summary, weight.coverage, weight.why),
        *deep,
    ]


def _plain_change(rows: list[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """After less before; the bounds of a difference are those of the two."""
    old = {line["figure"]: line for when, line in rows if when == "before"}
    lines = []
    for line in (line for when, line in rows if when == "after"):
        was = old[line["figure"]]
        if line["value"] is None or was["value"] is None:
            lines.append(row(line["figure"], line["unit"], None, line["coverage"], line["why"] or was["why"]))
            continue
        low, high = line["lo90"] - was["hi90"], line["hi90"] - was["lo90"]
        both = min(line["coverage"], was["coverage"]) if line["coverage"] is not None else None
        lines.append(row(line["figure"], line["unit"], bounds(line["value"] - was["value"], low, high), both))
    return lines


def _of_ties(old: Pairs, new: Pairs) -> list[tuple[str, dict[str, Any]]]:
    """Figures of ties before, after, and their difference over common draws."""
    shares = [float(pairs.tied.mean()) for pairs in (old, new)]
    if min(shares) < LEAST_COVERAGE:
        why = f"the ties of {min(shares):.0%} of the pairs are known, fewer than {LEAST_COVERAGE:.0%}"
        return [
            (when, row(name, OF_TIES[name], None, min(shares), why))
            for when in ("before", "after", "change")
            for name in OF_TIES
        ]
    both = _on_common_draws(old, new)
    first, second = (of_ties(pairs) for pairs in both)
    rows: list[tuple[str, dict[str, Any]]] = []
    for name in OF_TIES:
        was, now = found(both[0], first, name), found(both[1], second, name)
        coverage = [covered(pairs, name) for pairs in both]
        changed = summary(second[name] - first[name])
        if name in TOLD:
            changed = bounds(now.value - was.value, now.lo90 - was.hi90, now.hi90 - was.lo90)
        for when, value, share in (
            ("before", was, coverage[0]),
            ("after", now, coverage[1]),
            ("change", changed, min(coverage)),
        ):
            rows.append((when, row(name, _unit(name, when), value, share)))
    return rows


def _unit(name: str, when: str) -> str:
    return f"{OF_TIES[name]}{', after less before' if when == 'change' else ''}"


def _on_common_draws(old: Pairs, new: Pairs) -> tuple[Pairs, Pairs]:
    """The two tables with the same draws for the pairs that are in both."""
    keys = [table.frame.drop_nulls("mean").select("a", "b").rows() for table in (old, new)]
    place = {pair: column for column, pair in enumerate(keys[1])}
    draws = old.draws.copy()
    for column, pair in enumerate(keys[0]):
        if pair in place:
            draws[:, column] = new.draws[:, place[pair]]
    return Pairs(old.frame, draws, old.day), new
