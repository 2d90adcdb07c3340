"""The stage of a pair: where it stands between peace and war, since when, and where pairs like it went from there.

Rungs end at 5, war. What lies above (the use of nuclear weapons, a war between nuclear powers that is fought out) has not
happened in any pair-year from which a frequency could be learned, so a probability of it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from multipolar.errors import Refusal, UsageError
from multipolar.measures.arrays.stages import LEVELS, LONGEST, MISSING, propagate, years_at
from multipolar.measures.entry import Entry
from multipolar.measures.stage_chain import DRAWS, Chain, stage_chain
from multipolar.measures.stage_covariates import covariates
from multipolar.measures.stage_table import NAMES, SINCE, StageYears, stage_years
from multipolar.measures.stage_years import standing
from multipolar.record import View

#: The highest rung that is spoken of: war.
HIGHEST: Final = LEVELS - 1
#: Most years ahead.
FARTHEST: Final = 20
#: A covariate of the pair older than this many years is not used.
STALE: Final = 10
#: First year of the sources of disputes, for "since when".
FIRST: Final = 1816

STAGE: Final = Entry(
    name="stage",
    title="Stage of a pair",
    definition="The highest level of hostility of the militarised disputes of two states in a year: 0 none, 2 threat, 3 display "
    "of force, 4 use of force, 5 war (1, a dispute without militarised action, does not occur between two sides). From 1 to "
    "4 it is neither war nor peace. The answer says since when, and for how long there has been a dispute, or none.",
    inputs="two states; a year, the last one known by default",
    unit="level of hostility",
    range="0 to 5",
    interval="none: it is coded by its sources, not estimated",
    source="Jones, Bremer & Singer 1996, CMPS 15(2): 163-213; Gibler, Miller & Little 2016, doi:10.1093/isq/sqw045",
    needs=(("tie", ("dispute",)),),
    refuses=("the year is not covered by a list of all disputes and none of the pair is on record",),
)
STAGE_AHEAD: Final = Entry(
    name="stage_ahead",
    title="Stage ahead",
    definition="Probability of each stage in each of the coming years, by an ordered Markov chain (proportional odds by stage of "
    "origin) with years at the stage, nuclear weapons, a defence pact and contiguity as covariates, which are held as they are.",
    inputs="two states; years ahead; a base year; a rung whose probability of being reached is asked for",
    unit="probability",
    range="0 to 1",
    interval="draws of the coefficients, with a covariance robust to dependence within pairs (King, Tomz & Wittenberg 2000)",
    source="ours; proportional odds: McCullagh 1980, JRSS B 42: 109-142",
    needs=(("tie", ("dispute", "defence", "contiguity")), ("trait", ("nuclear_status",))),
    refuses=(
        "the stage of the base year is not known",
        "a rung above 5: nothing above war has happened from which a frequency could be learned",
        "too few transitions are on record",
    ),
)


@dataclass(frozen=True)
class Stage:
    """The stage of a pair in a year.

    Attributes
    ----------
    a, b : str
        Ids, in order.
    year : int
    stage : int
        0 to 5.
    name : str
        What the stage is called.
    condition : str
        ``no dispute``, ``neither war nor peace`` or ``war``.
    since : date
        First day of the stage: of the dispute that began it, or the day after the last dispute; 1 January of a year of
        which no more is known.
    since_known : bool
        Whether the pair was at another stage before; otherwise it is at this stage at least since then.
    run_since, run_since_known
        The same for the unbroken run of years with a dispute of whatever stage, or without any.
    complete_until : int or None
        Last year for which a source lists all disputes of some pairs.
    detail : DataFrame
        The disputes of the run (without one, of the year with the last dispute): from, to (null: not told as ended), stage,
        dispute, text, source, id.
    history : DataFrame
        Columns year, stage: every year known, up to this one.
    ids : tuple of str
        Statements that it rests on.
    notes : tuple of str
    """

    a: str
    b: str
    year: int
    stage: int
    name: str
    condition: str
    since: date
    since_known: bool
    run_since: date
    run_since_known: bool
    complete_until: int | None
    detail: pl.DataFrame
    history: pl.DataFrame
    ids: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class StageAhead:
    """Where a pair may go from its stage.

    Attributes
    ----------
    a, b : str
    base : Stage
        Where it starts.
    table : DataFrame
        Columns year, stage, probability, lo50, hi50, lo90, hi90; stages that have never followed have probability 0.
    rung : int or None
        The rung asked for.
    reached : DataFrame
        Columns year, probability, lo50, hi50, lo90, hi90: that the pair has reached that rung or a higher one in at least one
        year up to then. Empty if no rung was asked for.
    covariates : dict of str to (float, int)
        Value of each covariate used, and of which year.
    coefficients : DataFrame
        See `Chain.table`.
    ids : tuple of str
        Statements about the pair that it starts from; the coefficients come from all pairs.
    notes : tuple of str
    """

    a: str
    b: str
    base: Stage
    table: pl.DataFrame
    rung: int | None
    reached: pl.DataFrame
    covariates: Mapping[str, tuple[float, int]]
    coefficients: pl.DataFrame
    ids: tuple[str, ...]
    notes: tuple[str, ...] = ()


def stage(view: View, a: str, b: str, year: int | None = None) -> Stage:
    """The stage of a pair in a year, and since when it has been there.

    Parameters
    ----------
    view : View
    a, b : str
        Actor ids.
    year : int, optional
        By default the last year of which anything is known of the pair.

    Returns
    -------
    Stage

    Raises
    ------
    UsageError
        If the two are the same, or the year lies outside 1816 to the year of the view's day.
    Refusal
        If nobody says what the stage of the pair was.
    """
    low, high = _pair(a, b)
    if year is not None and not FIRST <= year <= view.as_of.year:
        raise UsageError(
            f"expected a year from {FIRST} to {view.as_of.year}, got {year}", hint="Choose a year that is not to come."
        )
    found = stage_years(view, FIRST, None, (low, high))
    path = found.stage[0] if found.grid.pairs else np.full(found.grid.years, MISSING, dtype=np.int8)
    at = _asked(path, view, (low, high), year)
    disputes = _disputes(view, low, high)
    level = int(path[at])
    begun, known = _since(path, at, disputes, run=False)
    run, run_known = _since(path, at, disputes, run=True)
    detail = _detail(disputes, path, at, run.year)
    complete = stage_years(view, SINCE).complete_until()
    return Stage(
        low, high, FIRST + at, level, NAMES[level], _condition(level), begun, known, run, run_known, complete, detail,
        pl.DataFrame({"year": np.arange(FIRST, FIRST + at + 1, dtype=np.int32), "stage": path[: at + 1]}).filter(
            pl.col("stage") != MISSING
        ),
        tuple(detail["id"]),
        _notes(found, at, detail, complete),
    )  # fmt: skip


def _pair(a: str, b: str) -> tuple[str, str]:
    if a == b:
        raise UsageError(f"expected two different states, got {a} twice", hint="A stage is that of two states.")
    return min(a, b), max(a, b)


def _asked(path: np.ndarray[tuple[int], np.dtype[np.int8]], view: View, pair: tuple[str, str], year: int | None) -> int:
    known = np.flatnonzero(path != MISSING)
    if not known.size:
        raise Refusal(
            f"no source on record says anything of militarised disputes between {pair[0]} and {pair[1]}",
            hint="Ingest a list of militarised disputes (`mid-gml` or `mid-cow`).",
        )
    if year is None:
        return int(known[-1])
    if path[year - FIRST] == MISSING:
        raise Refusal(
            f"nobody says whether {pair[0]} and {pair[1]} had a militarised dispute in {year}: the last year known of them is "
            f"{FIRST + known[-1]}",
            hint="Missing is not peace. Ask for an earlier year, or ingest a source that reaches so far.",
        )
    return year - FIRST


def _condition(level: int) -> str:
    return "no dispute" if not level else "war" if level == HIGHEST else "neither war nor peace"


def _disputes(view: View, a: str, b: str) -> pl.DataFrame:
    ties = standing(view, ("dispute",)).filter(pl.col("a").is_in((a, b)), pl.col("b").is_in((a, b)))
    return ties.sort("valid_from", "until", "id")


def _since(
    path: np.ndarray[tuple[int], np.dtype[np.int8]], at: int, disputes: pl.DataFrame, *, run: bool
) -> tuple[date, bool]:
    """First day of the stage (or of the run with, or without, disputes), and whether something else was before it."""
    same = (path > 0) == (path[at] > 0) if run else path == path[at]
    same &= path != MISSING
    first = at
    while first > 0 and same[first - 1]:
        first -= 1
    known = first > 0 and bool(path[first - 1] != MISSING)
    opening = date(FIRST + first, 1, 1)
    if path[at] == 0:
        ended = disputes.filter(pl.col("until").dt.year() == opening.year - 1)["until"].max() if known else None
        return (ended + timedelta(days=1) if isinstance(ended, date) else opening), known
    level = pl.lit(True) if run else pl.col("value") == int(path[at])
    begun = disputes.filter(level, pl.col("valid_from").dt.year() <= opening.year, pl.col("until") >= opening)
    start = begun["valid_from"].min()
    return (max(start, opening) if isinstance(start, date) else opening), known


def _detail(
    disputes: pl.DataFrame, path: np.ndarray[tuple[int], np.dtype[np.int8]], at: int, run_year: int
) -> pl.DataFrame:
    """The disputes of the run; of a year without one, those of the last year that had one."""
    if path[at] == 0:
        before = np.flatnonzero(path[: at + 1] > 0)
        first = last = FIRST + int(before[-1]) if before.size else FIRST - 1
    else:
        first, last = run_year, FIRST + at
    inside = disputes.filter(pl.col("valid_from").dt.year() <= last, pl.col("until").dt.year() >= first)
    return inside.select(
        pl.col("valid_from").alias("from"), pl.col("valid_to").alias("to"), pl.col("value").alias("stage"),
        pl.col("ref").alias("dispute"), "text", "source", "id",
    )  # fmt: skip


def _notes(found: StageYears, at: int, detail: pl.DataFrame, complete: int | None) -> tuple[str, ...]:
    notes = ["A dispute's level is that of all its years, as its sources code it; days are those that they tell."]
    year = found.grid.first + at
    if complete is not None:
        notes.append(
            f"Lists of all disputes on record end in {complete}: later, a year without one on record is not known."
        )
    if not found.complete[0, at]:
        notes.append(f"For {year} only single disputes are on record, so the stage may have been higher.")
    if detail.height and (detail["to"].is_null()).any():
        notes.append("A dispute that is not told as ended is carried to the end of its source and no further.")
    return tuple(notes)


def stage_ahead(
    view: View, a: str, b: str, years: int, *, rung: int | None = None, year: int | None = None, since: int = SINCE
) -> StageAhead:
    """Probability of each stage in the years after the last one known, or after a base year.

    Parameters
    ----------
    view : View
    a, b : str
        Actor ids.
    years : int
        How many years ahead, 1 to `FARTHEST`.
    rung : int, optional
        Ask also for the probability of reaching this stage or a higher one at least once.
    year : int, optional
        Base year; nothing after it enters. By default the last year of which anything is known of the pair.
    since : int
        First year of the stages from which the chain is estimated.

    Returns
    -------
    StageAhead

    Raises
    ------
    UsageError
        If the two are the same, or `years` or `rung` is none.
    Refusal
        For a rung above 5; if the stage of the base year is not known; if too few transitions are on record.
    """
    _check(years, rung)
    base = stage(view, a, b, year)
    values = _pair_values(view, base)
    chain = stage_chain(view, since, base.year, tuple(sorted(values)))
    _seen(chain, base)
    used = {name: values[name] for part in chain.parts for name in part.names if name in values}
    step = chain.step({name: value for name, (value, _) in used.items()})
    run = _run(base)
    ahead = propagate(step, base.stage, run, years)
    reached = propagate(step, base.stage, run, years, stop=rung)[:, :, rung:].sum(axis=2) if rung is not None else None
    return StageAhead(
        base.a, base.b, base, _table(ahead, base.year), rung, _reached(reached, base.year), used, chain.table(), base.ids,
        (*_assumed(chain, values, used, base, run), *base.notes),
    )  # fmt: skip


def _check(years: int, rung: int | None) -> None:
    if not 1 <= years <= FARTHEST:
        raise UsageError(
            f"expected 1 to {FARTHEST} years ahead, got {years}", hint="Farther ahead the chain says nothing of a pair."
        )
    if rung is None:
        return
    if rung > HIGHEST:
        raise Refusal(
            f"rung {rung} lies above war ({HIGHEST}), and nothing above war has happened in a pair-year from which a "
            "frequency could be learned: no probability of it is given, that of the use of nuclear weapons included",
            hint=f"Ask for a rung from 1 to {HIGHEST}.",
        )
    if rung < 1:
        raise UsageError(f"expected a rung from 1 to {HIGHEST}, got {rung}", hint="Every pair is at stage 0 or above.")


def _seen(chain: Chain, base: Stage) -> None:
    """Refuse a stage at which no pair was when the chain was estimated: there is nothing to learn from."""
    if not any(base.stage in part.seen for part in chain.parts):
        raise Refusal(
            f"no pair that was at stage {base.stage} is on record with the year after it",
            hint="Begin earlier (`since`), or ingest a list of militarised disputes.",
        )


def _run(base: Stage) -> int:
    """Years at the stage, the base year included, counted from `SINCE` as the chain counts them."""
    path = base.history.filter(pl.col("year") >= SINCE)
    years = np.full((1, base.year - SINCE + 1), MISSING, dtype=np.int8)
    years[0, path["year"].to_numpy() - SINCE] = path["stage"].to_numpy()
    return max(int(years_at(years)[0, -1]), 1)


def _pair_values(view: View, base: Stage) -> dict[str, tuple[float, int]]:
    """Each covariate of the pair in the last year, not older than `STALE`, for which it is known, and that year."""
    found = stage_years(view, base.year - STALE, base.year, (base.a, base.b))
    values: dict[str, tuple[float, int]] = {}
    for each in covariates(view, found.grid):
        known = np.flatnonzero(~np.isnan(each.value[0]))
        if known.size:
            values[each.name] = float(each.value[0, known[-1]]), int(found.grid.first + known[-1])
    return values


def _intervals(draws: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> dict[str, list[float]]:
    lo90, lo50, hi50, hi90 = np.quantile(draws, [0.05, 0.25, 0.75, 0.95], axis=0)
    named = {"probability": draws.mean(axis=0), "lo50": lo50, "hi50": hi50, "lo90": lo90, "hi90": hi90}
    return {name: values.ravel().tolist() for name, values in named.items()}


def _table(ahead: np.ndarray[tuple[int, ...], np.dtype[np.float64]], base: int) -> pl.DataFrame:
    years = ahead.shape[1]
    head = {
        "year": np.repeat(np.arange(base + 1, base + years + 1, dtype=np.int32), LEVELS),
        "stage": np.tile(np.arange(LEVELS, dtype=np.int8), years),
    }
    return pl.DataFrame(head | _intervals(ahead))


def _reached(draws: np.ndarray[tuple[int, ...], np.dtype[np.float64]] | None, base: int) -> pl.DataFrame:
    schema = {"year": pl.Int32, **dict.fromkeys(("probability", "lo50", "hi50", "lo90", "hi90"), pl.Float64)}
    if draws is None:
        return pl.DataFrame(schema=schema)
    return pl.DataFrame({"year": range(base + 1, base + draws.shape[1] + 1)} | _intervals(draws), schema=schema)


def _assumed(
    chain: Chain, values: Mapping[str, tuple[float, int]], used: Mapping[str, tuple[float, int]], base: Stage, run: int
) -> tuple[str, ...]:
    number = sum(part.transitions for part in chain.parts)
    old = [f"{name} is that of {year}" for name, (_, year) in used.items() if year < base.year]
    unused = sorted({"one_nuclear", "two_nuclear", "defence_pact", "contiguous"} - set(used))
    return tuple(
        note
        for note in (
            f"From {number:,} pair-years of {chain.pairs:,} pairs, {chain.since} to {chain.until}; proportional odds by stage of "
            f"origin; intervals from {DRAWS:,} draws of the coefficients, robust to dependence within pairs.",
            f"Starts from stage {base.stage} in {base.year}, {'at least ' if run >= LONGEST else ''}{run} "
            f"year{'s' * (run > 1)} at it. The covariates of the pair are held as they are"
            + (f" ({'; '.join(old)})." if old else "."),
            f"Not used, because the record does not know them well enough: {', '.join(unused)}." if unused else "",
            "It says where pairs with these covariates went, not what these two intend.",
        )
        if note
    )
