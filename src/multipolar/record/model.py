"""What goes into a record and what comes back: sources, coverage, batches, corrections, receipts.

Plain frozen dataclasses; each has one canonical JSON form (`plain`, `from_plain`), which the manifests store and the
batch id hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

if TYPE_CHECKING:
    import polars as pl

    from multipolar.record.schema import Form

Role = Literal["a", "b", "both", "any"]
Absence = Literal["zero", "missing"]

#: What the key of a source begins with whose events are an article's word: reported, not established, and never counted.
REPORTED: Final = "article:"

#: Called as ``progress(done, total, what)`` while a batch is taken in.
Progress = Callable[[int, int, str], None]

T = TypeVar("T", "Source", "Coverage")


@dataclass(frozen=True)
class Source:
    """Where statements come from. A key names one edition of one work, for ever.

    Parameters
    ----------
    key : str
        Short name that statements point to (letters, digits, ``_``, ``.``, ``-``, ``:``).
    publisher, title : str
        Who published what.
    date : date, optional
        Day of publication; None for a living database.
    url, licence : str
        Official address and terms; may be empty.
    citation : str
        How to cite it, in one line.
    note : str, optional
        Caveats.
    """

    key: str
    publisher: str
    title: str
    date: date | None
    url: str
    licence: str
    citation: str
    note: str = ""


@dataclass(frozen=True)
class Coverage:
    """Where a source's silence means something.

    Within `first` to `last`, for statements of `kind` whose actors match, absence means zero if `absence` says so.
    Outside, and wherever no row applies, absence is missing.

    Parameters
    ----------
    source : str
        Key of the source.
    form, kind : str
        Which statements; the kind of an event may name a mode, as ``CONSULT:visit``.
    actors : tuple of str
        Actors covered; empty means every actor.
    role : {"a", "b", "both", "any"}
        Which side of a statement must be among `actors`.
    first, last : date
        First and last day covered.
    absence : {"zero", "missing"}
        What the lack of a statement means inside.
    note : str, optional
        Caveats.
    known : date, optional
        Day from which this coverage could be known, not before `last`. None means: for events, ties and votes, day by
        day as it went (a view as of an earlier day sees it cut at that day); for the measured forms, once complete
        (see `known_day`).
    """

    source: str
    form: Form
    kind: str
    actors: tuple[str, ...]
    role: Role
    first: date
    last: date
    absence: Absence
    note: str = ""
    known: date | None = None


@dataclass(frozen=True)
class Batch:
    """Statements that enter a record together, or not at all.

    Parameters
    ----------
    frames : mapping of form to polars.DataFrame
        One frame a form, with the columns of `schema.columns(form)`; columns that may be null can be left out.
    sources : tuple of Source
        Sources that the statements name, unless the record has them already.
    coverage : tuple of Coverage
        What the sources cover.
    label : str
        What to call the batch in messages and listings; no part of its identity.
    """

    frames: Mapping[Form, pl.DataFrame]
    sources: tuple[Source, ...]
    coverage: tuple[Coverage, ...] = ()
    label: str = ""


@dataclass(frozen=True)
class Correction:
    """The withdrawal of one statement, perhaps with another in its place.

    Parameters
    ----------
    id : str
        Id of the statement withdrawn.
    on : date
        Day on which the error became known: from then on, and never before, views leave the statement out.
    reason : str
        Why, in our words.
    source : str
        Key of the source that shows the error.
    replacement : (form, row), optional
        The statement that takes its place; its ``known_from`` is `on` unless the row gives a later day.
    """

    id: str
    on: date
    reason: str
    source: str
    replacement: tuple[Form, Mapping[str, Any]] | None = None


@dataclass(frozen=True)
class Receipt:
    """What an ingest did: statements added, and statements the record had already, by form."""

    batch: str
    added: dict[Form, int] = field(default_factory=dict)
    present: dict[Form, int] = field(default_factory=dict)


@dataclass(frozen=True)
class BatchInfo:
    """One line of a record's journal: the `seq`-th batch, taken in on `day`, with the statements it added by form."""

    seq: int
    id: str
    label: str
    day: date
    counts: dict[Form, int]
    corrections: int = 0


def plain(item: Source | Coverage) -> dict[str, Any]:
    """Fields as JSON values, days in ISO form."""
    return {name: _plain_value(value) for name, value in asdict(item).items()}


def from_plain(kind: type[T], values: Mapping[str, Any]) -> T:
    """Read back what `plain` wrote."""
    days = {f.name for f in fields(kind) if "date" in str(f.type)}
    read: dict[str, Any] = dict(values)
    for name in days & {name for name, value in values.items() if value is not None}:
        read[name] = date.fromisoformat(values[name])
    if "actors" in read:
        read["actors"] = tuple(read["actors"])
    return kind(**read)


def _plain_value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def known_day(coverage: Coverage, published: date | None) -> date:
    """First day on which a view sees this coverage (cut at the view's own day where it grows day by day).

    Parameters
    ----------
    coverage : Coverage
        The row.
    published : date or None
        Day of publication of its source.
    """
    if coverage.known is not None:
        return coverage.known
    if grows(coverage):
        return coverage.first
    return max(coverage.last, published) if published else coverage.last


def grows(coverage: Coverage) -> bool:
    """Whether it became known day by day: what happens is public at once, what is measured only once complete."""
    return coverage.known is None and coverage.form in ("event", "tie", "vote")
