"""The door: a record, as of a day, and the questions that can be asked of it. Thin: every answer is made in a room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from multipolar import claims
from multipolar.actors import check_not_future, parse_day, resolve
from multipolar.record import Record
from multipolar.ties import Explanation
from multipolar.world.held import FIRST
from multipolar.world.meaning import Meaning

if TYPE_CHECKING:
    from multipolar.architectures import Report
    from multipolar.blocs import Blocs
    from multipolar.brief import Brief
    from multipolar.measures.answers import Answer as Measured
    from multipolar.reading.model import Reading
    from multipolar.sources.cite import Citations

    Answer = Measured | Explanation | Blocs | Report

__all__ = ["FIRST", "World", "open"]


def open(
    record: str | Path | Record | None = None,
    *,
    as_of: str | date | None = None,
    since: str | date = FIRST,
    actors: Iterable[str] | None = None,
) -> World:
    """Open a record, or the embedded dossier, as it was known on a day.

    Parameters
    ----------
    record : path or Record, optional
        Folder of a record of one's own. By default the dossier that comes with the package.
    as_of : date or str, optional
        The day whose knowledge counts; today by default.
    since : date or str
        First month of the ties.
    actors : iterable of str, optional
        Names or ids of the states to pair; by default all states that the record speaks of.

    Returns
    -------
    World

    Raises
    ------
    RecordError
        If the folder holds no record.
    UsageError
        If a date cannot be read or lies in the future, or an actor is not known.

    Examples
    --------
    >>> import multipolar
    >>> world = multipolar.open(as_of="2024-06-30")  # doctest: +SKIP
    """
    day = check_not_future(parse_day(as_of, end=True), where="as_of") if as_of is not None else None
    opened = record if isinstance(record, Record) else (_dossier() if record is None else Record.open(Path(record)))
    chosen = None if actors is None else tuple(resolve(name, kind="state").id for name in actors)
    return World(opened.view(day), since=parse_day(since), actors=chosen)


@cache  # nothing can be put into it: a world sees views only
def _dossier() -> Record:
    from multipolar.dossier import load

    record = Record.memory()
    record.ingest(load())
    return record


class World(Meaning):
    """A record as of a day, and the questions above.

    Parameters
    ----------
    view : View
        What is known.
    since : date
        First month of the ties.
    actors : tuple of str, optional
        Ids of the states to pair; by default all states that the record speaks of.
    like : World, optional
        Read this view with the loadings, noise and scale of that world instead of new estimates.
    pair : (str, str), optional
        Observe this pair only.
    hub : str, optional
        Observe the pairs of this state only.
    """

    def check(self, path: str | Path) -> list[claims.Checked]:
        """Verdicts on the claims of a TOML file (see `claims.check`)."""
        return claims.check(self, claims.load(Path(path)))

    def read(self, source: str | bytes | Path, *, date: str | date | None = None) -> Reading:
        """What an article says was done, and what it claims (see `reading.reader.read`). Nothing enters the record.

        Parameters
        ----------
        source : str, bytes or Path
            A text, or a file: a path, the bytes of one, or a string without white space or that names one.
        date : date or str, optional
            Its day of publication, where it does not say it.

        Raises
        ------
        DataError
            If it is empty, binary, too long, in another language, or no article.
        UsageError
            If the day cannot be read or lies in the future.
        """
        from multipolar.reading.documents import load, of_text
        from multipolar.reading.reader import read

        on = None if date is None else check_not_future(parse_day(date, where="date"), where="date")
        if isinstance(source, str) and not _names_file(source):
            return read(of_text(source, on=on))
        return read(load(Path(source) if isinstance(source, str) else source, on=on))

    def brief(self, *actors: str) -> Brief:
        """All of it about a few states, on one page (see `brief.build`)."""
        from multipolar.brief import build

        return build(self, tuple(self.actor(name) for name in actors))

    def evidence(self, answer: Answer) -> tuple[str, ...]:
        """Ids of all statements behind an answer, without the observed zeros of coverages."""
        if isinstance(answer, Explanation):
            ids = set(answer.statements["id"])
        else:
            ids = set(answer.ids)
            for a, b in getattr(answer, "pairs", ()):
                parts = self.observed.parts(a, b).filter(pl.col("month") <= answer.month)  # type: ignore[union-attr]
                ids |= set(parts["id"])
        return tuple(sorted(name for name in ids if not name.startswith("coverage:")))

    def cite(self, answer: Answer | Mapping[str, int | None] | None = None) -> Citations:
        """What to cite for an answer: BibTeX and a paragraph (see `sources.cite`).

        Parameters
        ----------
        answer : an answer of this world, or mapping of str to int, optional
            Its statements, or keys of sources with the number of their statements; all sources by default.
        """
        from multipolar import __version__
        from multipolar.sources.cite import cite

        described = self.view.sources()
        if answer is None:
            answer = dict.fromkeys(described)
        if not isinstance(answer, Mapping):
            answer = Counter(row["source"] for row in self.view.by_id(self.evidence(answer)))
        return cite(answer, described, self.as_of, __version__)


def _names_file(text: str) -> bool:
    """Whether a string is a path and no text: it has no white space, or a file of that name is there."""
    if not text.strip() or "\n" in text or len(text) > 1024:
        return False
    return len(text.split()) == 1 or Path(text).is_file()
