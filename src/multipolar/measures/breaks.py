"""Did a tie break when a leader changed? The change around the first month against changes around placebo months.

The tie is the smoothed one, which uses the months on both sides: a rupture is spread over the months around it, in placebo
months as in others. A break at a change of leaders says when, and not why: leaders come with wars, crises and elections.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.errors import Refusal, UsageError
from multipolar.measures.arrays.breaks import Placebo, against, apart, changes, clear
from multipolar.measures.breaks_dates import OFFICES, Change, change_to, leader_changes
from multipolar.measures.entry import Entry
from multipolar.measures.model import SEED
from multipolar.ties import Ties
from multipolar.ties.model import ENOUGH

Floats = NDArray[np.float64]

#: Months on either side.
WINDOW: Final = 12
SHORTEST: Final = 3
#: Fewer placebo windows than this that do not overlap show nothing, and fewer other pairs.
LEAST: Final = 4
LEAST_PAIRS: Final = 20
#: Random sets of placebo months behind the test of all changes of a state.
SETS: Final = 4999

LEADER_BREAK: Final = Entry(
    name="leader_break",
    title="Break at a change of leaders",
    definition="Mean tie of the twelve months from a leader's first month on, less the mean of the twelve months before, against "
    "the same around placebo months: months of the pair without a change of leader on either side, and other pairs in the same "
    "month.",
    inputs="two states and a leader or a month; or one state, for all its changes; months on either side",
    unit="change of the tie",
    range="any",
    interval="placebo distribution, inverted (Rosenbaum 2002)",
    source="ours; placebo dates: Fisher 1935; Abadie, Diamond & Hainmueller 2010, JASA 105: 493-505",
    needs=(("tie", ("defence", "dispute", "sanction")), ("event", ("CONSULT",)), ("vote", ("UNGA",))),
    refuses=(
        "too little is known of the tie in the months around the change",
        f"fewer than {LEAST} placebo windows of the pair do not overlap with each other or with a change",
    ),
)


@dataclass(frozen=True)
class LeaderBreak:
    """The change of a tie around a month, against placebo months.

    Attributes
    ----------
    a, b : str
        Ids, in order.
    at : date
        First month after the change.
    leader : Change or None
        Who came to office, if a leader was named.
    window : int
        Months on either side.
    within : Placebo
        Against other months of the pair.
    across : Placebo or None
        Against other pairs in the same month, neither of whose leaders changed near it; None where there are too few.
    also : tuple of Change
        Other changes of leaders of the two within the windows.
    placebos : DataFrame
        Columns month, change: the placebo months of the pair.
    pairs : tuple of (str, str)
        Ties that it rests on.
    month : date
        Last month used of the tie.
    ids : tuple of str
        Empty: its statements are those of the tie.
    notes : tuple of str
    """

    a: str
    b: str
    at: date
    leader: Change | None
    window: int
    within: Placebo
    across: Placebo | None
    also: tuple[Change, ...]
    placebos: pl.DataFrame
    pairs: tuple[tuple[str, str], ...]
    month: date
    ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeaderBreaks:
    """How far all ties of a state moved when its leaders changed.

    Attributes
    ----------
    actor : str
    window : int
    value : float
        Mean over the changes of the mean absolute change of the state's ties.
    placebo : float
        Mean of the same in placebo months.
    lo90, hi90 : float
        Where 90 % of the means of as many placebo months lie.
    p : float
        How often as many placebo months moved at least as far.
    detail : DataFrame
        A row a change: month, leader, office, moved (mean absolute change), ties, p, used (false where windows reach beyond
        what is known, or overlap with an earlier change), source, locator.
    placebos, apart : int
        Placebo months, and how many of them do not overlap.
    pairs : tuple of (str, str)
    month : date
    ids : tuple of str
    notes : tuple of str
    """

    actor: str
    window: int
    value: float
    placebo: float
    lo90: float
    hi90: float
    p: float
    detail: pl.DataFrame
    placebos: int
    apart: int
    pairs: tuple[tuple[str, str], ...]
    month: date
    ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def leader_break(
    ties: Ties,
    a: str,
    b: str,
    *,
    leader: str | None = None,
    at: date | None = None,
    window: int = WINDOW,
    offices: Sequence[str] = OFFICES,
) -> LeaderBreak:
    """The change of a pair's tie around a leader's first month, or around any month, against placebo months.

    Parameters
    ----------
    ties : Ties
    a, b : str
        Actor ids.
    leader : str, optional
        Name of a leader of one of the two who followed another.
    at : date, optional
        Any day of the month, in place of a leader or where the leader came to office more than once.
    window : int
        Months on either side, at least `SHORTEST`.
    offices : sequence of str
        Offices whose changes count, for `leader` and for placebo months.

    Returns
    -------
    LeaderBreak

    Raises
    ------
    UsageError
        If neither a leader nor a month is named, the leader did not come to office once, the month lies outside the ties, or
        the two are the same.
    Refusal
        If the tie is not known around the month, or too few placebo months are left.
    """
    _window(window)
    row = ties.pair_index(a, b)
    low, high = min(a, b), max(a, b)
    change = (
        None if leader is None or at is not None else change_to((a, b), leader, offices, ties.panel.scope.view.as_of)
    )
    when = _month(at if at is not None else None if change is None else change.day, change)
    place = ties.month_index(when)
    every = [each for actor in (low, high) for each in leader_changes(actor, offices)]
    moved = changes(ties.mean[row], ties.kinds_of(row) >= ENOUGH, window)
    if np.isnan(moved[place]):
        raise Refusal(
            f"too little is known of the tie of {low} and {high} in the {window} months on either side of {when:%Y-%m}",
            hint="Choose a shorter window, or ingest a source that covers the pair then.",
        )
    free = _free(ties, every, window) & ~np.isnan(moved)
    free &= clear(free.size, np.array([place]), window)
    months = np.flatnonzero(free)
    disjoint = apart(months, window)
    if disjoint < LEAST:
        raise Refusal(
            f"{disjoint} placebo windows of {2 * window} months are left of {low} and {high} that overlap neither with each "
            f"other nor with a change of leader, fewer than {LEAST}",
            hint="Choose a shorter window, an earlier `since`, or one office (`--office`).",
        )
    within = against(float(moved[place]), moved[months], disjoint)
    near = [each for each in every if _touches(ties, each, place, window)]
    also = tuple(each for each in near if each.day.replace(day=1) != when or (change is not None and each != change))
    return LeaderBreak(
        low, high, when, change, window, within, _across(ties, (low, high), place, window, offices), also,
        pl.DataFrame({"month": [ties.months[i] for i in months], "change": moved[months]}),
        ((low, high),), ties.months[place + window - 1], (), _notes(also),
    )  # fmt: skip


def _window(window: int) -> None:
    if window < SHORTEST:
        raise UsageError(f"expected a window of at least {SHORTEST} months, got {window}", hint="A year is 12.")


def _month(day: date | None, change: Change | None) -> date:
    if day is None:
        raise UsageError(
            "expected a leader or a month, got neither", hint="Name one: `--leader NAME` or `--at 2012-05`."
        )
    if change is not None and not change.dated:
        raise Refusal(
            f"only the year is known in which {change.name} came to office ({day.year})",
            hint="Name the month with `at` (`--at`).",
        )
    return day.replace(day=1)


def _offset(ties: Ties, day: date) -> int:
    """Place of a month on the grid of the ties, which may lie outside it."""
    first = ties.months[0]
    return (day.year - first.year) * 12 + day.month - first.month


def _events(ties: Ties, every: Sequence[Change]) -> NDArray[np.int64]:
    """Months of changes; of one that is dated by year only, all months of the year."""
    places = [
        place
        for each in every
        for place in (
            [_offset(ties, each.day)]
            if each.dated
            else [_offset(ties, date(each.day.year, m, 1)) for m in range(1, 13)]
        )
    ]
    return np.array(places, dtype=np.int64)


def _free(ties: Ties, every: Sequence[Change], window: int) -> NDArray[np.bool_]:
    return clear(len(ties.months), _events(ties, every), window)


def _touches(ties: Ties, each: Change, place: int, window: int) -> bool:
    return bool((~clear(len(ties.months), _events(ties, [each]), window))[place])


def _across(ties: Ties, pair: tuple[str, str], place: int, window: int, offices: Sequence[str]) -> Placebo | None:
    """The change against those of other pairs in the same month."""
    known = np.ones(ties.mean.shape[0], dtype=bool)
    for column in {place - window, place - 1, place, place + window - 1}:
        known &= ties.kinds_at(column) >= ENOUGH
    moved = ties.mean[:, place : place + window].mean(axis=1) - ties.mean[:, place - window : place].mean(axis=1)
    one, other = (ties.pairs[side].to_list() for side in ("a", "b"))
    quiet = {actor for actor in {*one, *other} if _free(ties, leader_changes(actor, offices), window)[place]} - set(
        pair
    )
    rows = [row for row in np.flatnonzero(known) if one[row] in quiet and other[row] in quiet]
    if len(rows) < LEAST_PAIRS:
        return None
    return against(float(moved[ties.pair_index(*pair)]), moved[rows], len(rows))


def _notes(also: Sequence[Change]) -> tuple[str, ...]:
    notes = ["It says when, not why: leaders come with elections, crises and wars, which move ties as well."]
    if also:
        named = ", ".join(f"{each.name} ({each.actor}, {each.day:%Y-%m})" for each in also)
        notes.append(f"Other leaders came to office in these months too: {named}.")
    return tuple(notes)


def leader_breaks(ties: Ties, actor: str, *, window: int = WINDOW, offices: Sequence[str] = OFFICES) -> LeaderBreaks:
    """How far all ties of a state moved when its leaders changed, against months in which they did not.

    Parameters
    ----------
    ties : Ties
    actor : str
        Actor id.
    window : int
        Months on either side.
    offices : sequence of str
        Offices whose changes count.

    Returns
    -------
    LeaderBreaks

    Raises
    ------
    UsageError
        If the window is too short or an office is none.
    Refusal
        If no change of leader has its windows inside what is known, or too few placebo months are left.
    """
    _window(window)
    every = [
        each
        for each in leader_changes(actor, offices, ties.panel.scope.view.as_of)
        if each.dated and 0 <= _offset(ties, each.day) < len(ties.months)
    ]
    rows = ties.pairs.filter((pl.col("a") == actor) | (pl.col("b") == actor))
    moved, number = _moved(ties, rows["index"].to_numpy(), window)
    places = np.array([_offset(ties, each.day) for each in every], dtype=np.int64)
    inside = number[places] > 0
    used = _first_of_each(places, inside, window)
    free = np.flatnonzero(_free(ties, leader_changes(actor, offices), window) & (number > 0))
    disjoint = apart(free, window)
    if not used.any() or disjoint < LEAST:
        raise Refusal(
            f"{int(used.sum())} changes of leader of {actor} and {disjoint} placebo windows of {2 * window} months that do not "
            f"overlap lie in the months of its ties; at least 1 and {LEAST} are needed",
            hint="Choose a shorter window, an earlier `since`, or one office (`--office`).",
        )
    means = _sets(moved[free], int(used.sum()))
    value = float(moved[places[used]].mean())
    p = max(float((1 + (means >= value).sum()) / (1 + means.size)), 1.0 / (1 + disjoint))
    low, high = np.quantile(means, [0.05, 0.95])
    detail = pl.DataFrame(
        [
            _row(each, place, bool(mine), moved, number, free)
            for each, place, mine in zip(every, places, used, strict=True)
        ]
    )
    pairs = tuple((actor, b if a == actor else a) for a, b in rows.select("a", "b").iter_rows())
    notes = (*_notes(()), "A change whose windows overlap with those of an earlier one is listed and not used.")
    return LeaderBreaks(
        actor, window, value, float(moved[free].mean()), float(low), float(high), p, detail, free.size, disjoint, pairs,
        ties.months[-1], (), notes,
    )  # fmt: skip


def _moved(ties: Ties, rows: NDArray[np.int64], window: int) -> tuple[Floats, NDArray[np.int64]]:
    """Mean absolute change of some ties around each month, and how many of them are known there."""
    known = np.stack([ties.kinds_of(int(row)) >= ENOUGH for row in rows])
    each = np.abs(changes(ties.mean[rows], known, window))
    number = (~np.isnan(each)).sum(axis=0)
    return np.nansum(each, axis=0) / np.maximum(number, 1), number


def _first_of_each(places: NDArray[np.int64], inside: NDArray[np.bool_], window: int) -> NDArray[np.bool_]:
    """Changes that lie inside and whose windows do not overlap with those of an earlier one that is used."""
    used, last = np.zeros(places.size, dtype=bool), -(10**6)
    for number, place in enumerate(places):
        if inside[number] and place - last >= 2 * window:
            used[number], last = True, int(place)
    return used


def _sets(placebo: Floats, size: int) -> Floats:
    """Means of random sets of placebo months."""
    random = np.random.default_rng(SEED)
    return np.asarray(random.choice(placebo, size=(SETS, size), replace=True).mean(axis=1))


def _row(
    each: Change, place: int, used: bool, moved: Floats, number: NDArray[np.int64], free: NDArray[np.int64]
) -> dict[str, object]:
    inside = number[place] > 0
    chance = (1 + int((moved[free] >= moved[place]).sum())) / (1 + free.size) if inside else None
    return {
        "month": each.day.replace(day=1), "leader": each.name, "office": each.office,
        "moved": float(moved[place]) if inside else None, "ties": int(number[place]) if inside else 0, "p": chance, "used": used,
        "source": each.tenure.source, "locator": each.tenure.locator,
    }  # fmt: skip
