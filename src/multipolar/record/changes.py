"""What changed in a record between two days: what became known, what was withdrawn, what ended, who published anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from multipolar.errors import UsageError
from multipolar.record.model import BatchInfo, Correction, Coverage, Source
from multipolar.record.schema import FORMS, HEADER
from multipolar.record.store import Record
from multipolar.record.view import View


@dataclass(frozen=True)
class Changes:
    """What is known on `last` and was not on `first`.

    Attributes
    ----------
    first, last : date
        The two days.
    facts : DataFrame
        Statements that became known: ``form`` and the columns of every form, the latest known first.
    ended : DataFrame
        Ties that were in force on `first` and whose end is known on `last`; the same columns.
    corrections : tuple of Correction
        Statements withdrawn, each with the reason.
    sources : tuple of Source
        Sources heard of for the first time.
    editions : tuple of (Source, Source)
        Of these, the ones that are a new edition of a work known before: the old one and the new one.
    coverage : tuple of Coverage
        What sources newly cover.
    batches : tuple of BatchInfo
        What was entered into the record after `first` and not after `last`, whenever it was known.
    """

    first: date
    last: date
    facts: pl.DataFrame
    ended: pl.DataFrame
    corrections: tuple[Correction, ...]
    sources: tuple[Source, ...]
    editions: tuple[tuple[Source, Source], ...]
    coverage: tuple[Coverage, ...]
    batches: tuple[BatchInfo, ...]

    @property
    def counts(self) -> pl.DataFrame:
        """New facts by ``source``, ``form`` and ``kind``, with the period they speak of: ``since``, ``until``."""
        until = pl.coalesce("valid_to", "valid_from").max().alias("until")
        grouped = self.facts.group_by("source", "form", "kind")
        counted = grouped.agg(pl.len().alias("facts"), pl.col("valid_from").min().alias("since"), until)
        return counted.sort("facts", "source", "form", "kind", descending=[True, False, False, False])


def changes(record: Record, first: date, last: date, *, actors: tuple[str, ...] = ()) -> Changes:
    """Compare what was known on two days.

    Parameters
    ----------
    record : Record
    first, last : date
        The earlier and the later day; the later not in the future.
    actors : tuple of str, optional
        Only statements about any of these.

    Returns
    -------
    Changes

    Raises
    ------
    UsageError
        If the days are out of order, or one lies in the future.
    """
    if first >= last:
        raise UsageError.dates_out_of_order(first, last)
    later = record.view(last)
    earlier = later.at(first)
    every = _statements(later, actors)
    facts = every.filter(pl.col("known_from") > first).sort("known_from", "id", descending=[True, False])
    ended = every.filter(
        pl.col("form") == "tie", pl.col("known_from") <= first, pl.col("valid_to").is_between(first, last, "right")
    )
    known = earlier.sources()
    new = tuple(source for key, source in later.sources().items() if key not in known)
    withdrawn = (item for item in later.corrections() if item.on > first)
    return Changes(
        first=first,
        last=last,
        facts=facts,
        ended=ended.sort("valid_to", "id"),
        corrections=tuple(item for item in withdrawn if not actors or _about(record, item, actors)),
        sources=new,
        editions=tuple(_editions(known.values(), new)),
        coverage=tuple(_begun(earlier.coverage(), later.coverage())),
        batches=tuple(batch for batch in record.batches() if first < batch.day <= last),
    )


def _statements(view: View, actors: tuple[str, ...]) -> pl.DataFrame:
    """Every form in one frame: the columns that all share, and the choice of a vote."""
    frames = []
    for form in FORMS:
        frame = view.statements(form, actors=actors or None)
        choice = pl.col("choice") if form == "vote" else pl.lit(None, pl.String).alias("choice")
        frames.append(frame.select(pl.lit(form).alias("form"), *HEADER, choice))
    return pl.concat(frames)


def _about(record: Record, item: Correction, actors: tuple[str, ...]) -> bool:
    """Whether the withdrawn statement, as it stood the day before, was about any of the actors."""
    before = record.view(item.on - timedelta(days=1))
    return any(item.id in set(before.statements(form, actors=actors)["id"]) for form in FORMS)


def _begun(earlier: Iterable[Coverage], later: Iterable[Coverage]) -> Iterator[Coverage]:
    """Coverage of which nothing was known before; one that only went on day by day is no news."""
    known = {replace(row, last=row.first) for row in earlier}
    return (row for row in later if replace(row, last=row.first) not in known)


def _editions(known: Iterable[Source], new: tuple[Source, ...]) -> Iterator[tuple[Source, Source]]:
    """Old and new editions of one work: the same publisher and title under another key."""
    works = {(source.publisher, source.title): source for source in known}
    for source in new:
        old = works.get((source.publisher, source.title))
        if old is not None:
            yield old, source
