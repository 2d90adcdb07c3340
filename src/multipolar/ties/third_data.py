"""From a record to arrays: ties, disputes that two states began, and capability, of all states of the system by year.

Who *joins* a dispute does so because of third parties, so only disputes of pairs that were both originators count.
The statements of a record say who faced whom, and not who began; that stands in the publisher's own file of directed
dispute-dyad-years (``orig1``, ``orig2``), which is read beside the record and matched to its statements by dispute
and pair.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar import actors
from multipolar.errors import DataError, Refusal
from multipolar.record import Coverage, View
from multipolar.sources import files, who
from multipolar.sources.publishers import mid
from multipolar.ties.arrays.pull import Panel
from multipolar.votes.alliances import system

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Outcome = Literal["dispute", "pact"]
Weights = Literal["cinc", "equal"]

#: First year of the system, and years for which a dispute is remembered as a negative tie.
FIRST: Final = 1816
MEMORY: Final = 5
#: First Correlates of War codes of the Americas, Europe, Africa, Middle East and North Africa, Asia and Oceania.
BANDS: Final = (2, 200, 400, 600, 700)
_HINT: Final = (
    "Give the publisher's directed dispute-dyad-years, which flag originators (GML: gml-ddy-disputes-2.2.1.csv; "
    "`multipolar sources mid-gml`), and ingest the same file."
)


@dataclass(frozen=True)
class History:
    """What the system looked like, year by year.

    Attributes
    ----------
    states : tuple of str
        All that were ever members, by id.
    first : int
        First year of the arrays.
    member, seen : array of bool, shape (years, states)
        Members on the last day of a year; on any day of it.
    ally : array of bool, shape (years, states, states)
        A defence obligation in force on the last day of the year.
    begun, going, faced : array of bool, shape (years, states, states)
        A dispute between the two as originators began; went on; the two faced each other in one that either joined.
    cinc : array, shape (years, states)
        NaN where not known.
    contiguous : array of bool, shape (years, states, states), or None
        None if the record has no contiguity.
    source : str
        Key of the source of disputes.
    ids : tuple of str
        Statements used, sorted.
    """

    states: tuple[str, ...]
    first: int
    member: Bools
    seen: Bools
    ally: Bools
    begun: Bools
    going: Bools
    faced: Bools
    cinc: Floats
    contiguous: Bools | None
    source: str
    ids: tuple[str, ...] = field(repr=False)

    @property
    def last(self) -> int:
        """Last year of the arrays."""
        return self.first + len(self.member) - 1

    def ties(self) -> NDArray[np.int8]:
        """The tie at each year's end: 1 allied, less 1 with a dispute as originators in the last `MEMORY` years."""
        foes = np.zeros_like(self.going)
        for back in range(MEMORY):
            foes[back:] |= self.going[: len(foes) - back]
        tie = self.ally.astype(np.int8) - foes
        both = self.member[:, :, None] & self.member[:, None, :]
        found: NDArray[np.int8] = np.where(both, tie, 0).astype(np.int8)
        return found

    def panel(self, first: int, last: int, *, weights: Weights = "cinc", outcome: Outcome = "dispute") -> Panel:
        """Ties, weights and outcomes of the years from `first` to `last`, for the states of those years."""
        years, here = self.span(first, last)
        before = slice(years.start - 1, years.stop - 1)
        cut = np.ix_(here, here)
        said = self._disputes(years) if outcome == "dispute" else self._pacts(years)
        ties = self.ties()[before].astype(np.float64)
        return Panel(ties[:, cut[0], cut[1]], self._weights(before, weights)[:, here], said[:, cut[0], cut[1]])

    def span(self, first: int, last: int) -> tuple[slice, NDArray[np.intp]]:
        """Places of the years, of which the first has `MEMORY` years before it, and of the states that were members."""
        start = max(first, self.first + MEMORY) - self.first
        years = slice(start, min(last, self.last) - self.first + 1)
        here = np.flatnonzero(self.member[max(start - 1, 0) : years.stop].any(axis=0))
        return years, here

    def groups(self, first: int, last: int) -> NDArray[np.int_]:
        """Region and half of its region by mean capability in the years, of each state of `panel`."""
        years, here = self.span(first, last)
        region = np.array([_region(self.states[place]) for place in here])
        capability = _mean(self.cinc[years][:, here])
        found = np.zeros(len(here), dtype=np.int_)
        for band in np.unique(region):
            inside = region == band
            found[inside] = 2 * band + (capability[inside] > np.median(capability[inside]))
        return found

    def _disputes(self, years: slice) -> Floats:
        begun = self.begun[years]
        unclear = (self.going[years] | self.faced[years]) & ~begun
        found: Floats = np.where(unclear | ~self._pairs(years, self.seen), np.nan, -begun.astype(np.float64))
        return found

    def _pacts(self, years: slice) -> Floats:
        already = self.ally[years.start - 1 : years.stop - 1]
        found: Floats = np.where(
            already | ~self._pairs(years, self.member), np.nan, self.ally[years].astype(np.float64)
        )
        return found

    def _pairs(self, years: slice, present: Bools) -> Bools:
        """Pairs of states that were members at the end of the year before, and are in the year."""
        here = present[years] & self.member[years.start - 1 : years.stop - 1]
        both: Bools = here[:, :, None] & here[:, None, :]
        return both

    def _weights(self, years: slice, weights: Weights) -> Floats:
        """Shares of the known capability of all members; a state whose capability is not known is no third state."""
        member = self.member[years]
        raw = np.where(member, np.nan_to_num(self.cinc[years]) if weights == "cinc" else 1.0, 0.0)
        total = raw.sum(axis=1, keepdims=True)
        found: Floats = raw / np.where(total > 0, total, 1.0)
        return found


def history(view: View, originators: Path | None, *, alone: bool = False) -> History:
    """Read a record, and the file that says who began each dispute.

    Parameters
    ----------
    view : View
    originators : Path
        Directed dispute-dyad-years with ``orig1`` and ``orig2``, of a source that the record holds.
    alone : bool, default False
        Count only disputes with one originator on each side.

    Raises
    ------
    Refusal
        If nothing says who began a dispute, or the record lacks its disputes, all alliances of a time, or capability.
    DataError
        If the file is damaged, flags no originators, or is not the one that the record was made of.
    """
    if originators is None:
        raise Refusal("the statements of this record say who faced whom in a dispute, not who began it", hint=_HINT)
    source, flags = read_originators(originators)
    disputes = _flagged(view, source, flags, originators)
    last = min(_last_year(view, source, "dispute"), _last_year(view, None, "defence") + 1)
    places = {name: place for place, name in enumerate(system(date(FIRST, 1, 1), date(last, 12, 31)))}
    years = range(FIRST, last + 1)
    member = np.array([_within(places, system(date(year, 12, 31), date(year, 12, 31))) for year in years])
    seen = np.array([_within(places, system(date(year, 1, 1), date(year, 12, 31))) for year in years])
    shape = (len(years), len(places), len(places))
    both = disputes.filter("alone" if alone else "originators")
    opened = both.group_by("ref", "a", "b").agg(
        pl.col("valid_from").min(), pl.col("valid_from").min().alias("valid_to")
    )
    ally, contiguous = _standing(view, "defence", places, shape), _standing(view, "contiguity", places, shape)
    if ally is None:
        raise Refusal(
            "no source of this record lists all defence obligations of a time",
            hint="ATOP does: `multipolar sources atop`.",
        )
    cinc, said = _capability(view, places, shape)
    frames = (disputes, ally[1], said, *([] if contiguous is None else [contiguous[1]]))
    return History(
        states=tuple(places),
        first=FIRST,
        member=member,
        seen=seen,
        ally=ally[0],
        begun=_filled(opened, places, shape, last),
        going=_filled(both, places, shape, last),
        faced=_filled(disputes.filter(~pl.col("alone" if alone else "originators")), places, shape, last),
        cinc=cinc,
        contiguous=None if contiguous is None else contiguous[0],
        source=source,
        ids=tuple(sorted(set().union(*(frame["id"] for frame in frames)))),
    )


def read_originators(path: Path) -> tuple[str, pl.DataFrame]:
    """Key of the source of a file, and who began: columns ref, a < b, originators (both), alone (one on each side).

    Raises
    ------
    DataError
        If the file is damaged or flags no originators.
    """
    data = files.content(path, member="gml-ddy-disputes-*.csv")
    names = {name.strip().lower() for name in files.header_of(path, data)}
    project = "gml" if names.intersection(mid.MARKS["gml"]) else "cow"
    wanted = mid.COLUMNS | {"orig_a": ("orig1",), "orig_b": ("orig2",), "side": ("sidea1",)}
    frame = files.table(path, data, wanted, nulls=mid.NULLS)
    for name, most in (("dispute", 99_999), ("a", 999), ("b", 999), ("year", mid.LAST_YEAR[project])):
        frame = files.whole(frame, path, name, 1, most)
    for name in ("orig_a", "orig_b", "side"):
        frame = files.whole(frame, path, name, 0, 1)
    began = pl.col("a").filter(pl.col("orig_a") == 1)
    single = [began.filter(pl.col("side").filter(pl.col("orig_a") == 1) == side).n_unique().over("dispute") == 1
              for side in (0, 1)]  # fmt: skip
    frame = frame.with_columns(single=single[0] & single[1])
    named, _ = who.name_codes(frame, path, ("a", "b"), who.cow)
    flags = (
        named.group_by(
            pl.format("MID {}", "dispute").alias("ref"),
            pl.min_horizontal("a", "b").alias("a"),
            pl.max_horizontal("a", "b").alias("b"),
        )
        .agg(originators=((pl.col("orig_a") == 1) & (pl.col("orig_b") == 1)).any(), single=pl.col("single").any())
        .with_columns(alone=pl.col("originators") & pl.col("single"))
    )
    if not flags["originators"].any():
        raise DataError.bad_file(path, "disputes with originators on both sides", "none", hint=_HINT)
    return mid.VERSION[project], flags.drop("single")


def _flagged(view: View, source: str, flags: pl.DataFrame, path: Path) -> pl.DataFrame:
    """Dispute statements of a source, each with who began it."""
    said = view.statements("tie", kinds=["dispute"]).filter(pl.col("source") == source)
    if said.is_empty():
        raise Refusal(f"this record holds no disputes of {source}", where=str(path), hint=_HINT)
    joined = said.join(flags, on=["ref", "a", "b"], how="left")
    lost = joined.filter(pl.col("originators").is_null())
    if not lost.is_empty():
        row = lost.row(0, named=True)
        raise DataError.bad_file(
            path, f"{row['ref']}, {row['a']} and {row['b']}, as in the record", "no such row", hint=_HINT
        )
    return joined


def _last_year(view: View, source: str | None, kind: str) -> int:
    """Last year of which a source, or any that lists all ties of a kind, speaks."""
    ends = [row.last.year for row in _lists(view, kind) if source in (None, row.source)]
    return min(max(ends, default=FIRST), view.as_of.year)


def _lists(view: View, kind: str) -> list[Coverage]:
    return [
        row for row in view.coverage()
        if row.form == "tie" and row.kind == kind and row.absence == "zero" and not row.actors
    ]  # fmt: skip


def _standing(
    view: View, kind: str, places: dict[str, int], shape: tuple[int, int, int]
) -> tuple[Bools, pl.DataFrame] | None:
    """Ties of a kind on the last day of each year, from the sources that list all of a time; None if there are none."""
    lists = _lists(view, kind)
    if not lists:
        return None
    said = view.statements("tie", kinds=[kind]).filter(pl.col("source").is_in({row.source for row in lists}))
    last = max(row.last.year for row in lists)
    ended = (pl.col("valid_to").dt.month() < 12) | (pl.col("valid_to").dt.day() < 31)
    day = pl.col("valid_to").dt.year() - ended.cast(pl.Int32)
    stands = said.with_columns(valid_to=pl.date(pl.coalesce(day, last), 12, 31))
    return _filled(stands, places, shape, last), said


def _filled(spells: pl.DataFrame, places: dict[str, int], shape: tuple[int, int, int], last: int) -> Bools:
    """Whether a spell of a pair touches a year; spells without an end run to `last`."""
    found = np.zeros(shape, dtype=bool)
    for one, other, start, stop in _spans(spells, places, last):
        found[start:stop, one, other] = found[start:stop, other, one] = True
    return found


def _spans(spells: pl.DataFrame, places: dict[str, int], last: int) -> Iterator[tuple[int, int, int, int]]:
    years = (pl.col("valid_from").dt.year(), pl.col("valid_to").dt.year().fill_null(last))
    for a, b, start, stop in spells.select("a", "b", *years).iter_rows():
        if a in places and b in places and stop >= FIRST:
            yield places[a], places[b], max(start - FIRST, 0), stop - FIRST + 1


def _capability(view: View, places: dict[str, int], shape: tuple[int, int, int]) -> tuple[Floats, pl.DataFrame]:
    said = view.statements("trait", kinds=["cinc"]).drop_nulls("value").sort("known_from", "source")
    said = said.filter(pl.col("a").is_in(list(places)), pl.col("valid_from").dt.year() < FIRST + shape[0])
    if said.is_empty():
        raise Refusal(
            "no capability (cinc) of any state is known", hint="Ingest a source of it: `multipolar sources nmc`."
        )
    found = np.full(shape[:2], np.nan)
    for name, year, value in said.select("a", pl.col("valid_from").dt.year(), "value").iter_rows():
        found[year - FIRST, places[name]] = value
    return found, said


def _within(places: dict[str, int], names: tuple[str, ...]) -> Bools:
    found = np.zeros(len(places), dtype=bool)
    found[[places[name] for name in names]] = True
    return found


def _region(state: str) -> int:
    code = next(spell.codes.cow for spell in actors.get(state).spells if spell.codes.cow is not None)
    return int(np.searchsorted(BANDS, code, side="right"))


def _mean(values: Floats) -> Floats:
    """Mean over years of what is known; 0 where nothing is."""
    known = np.isfinite(values)
    total: Floats = np.where(known, values, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return total
