"""What a source is: who publishes it, what it covers, how its file is read, and what a good release must show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal, Self

import polars as pl

from multipolar.errors import DataError
from multipolar.record import Batch, Coverage, Form
from multipolar.sources import files


@dataclass(frozen=True)
class LeftOut:
    """Rows of a file that became no statement, and why.

    Parameters
    ----------
    reason : str
        Why, in words.
    rows : int
        How many.
    examples : tuple of str
        A few of them, for the reader to look up.
    """

    reason: str
    rows: int
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        shown = f" (such as {'; '.join(self.examples)})" if self.examples else ""
        return f"{self.rows:,} rows left out: {self.reason}{shown}"


@dataclass(frozen=True)
class Parsed(Batch):
    """A batch read from a publisher's file, with an account of its rows: ``rows == used + left_out``.

    Parameters
    ----------
    layout : str
        Which of the source's formats the file has.
    rows : int
        Rows (for wide files: cells) that the file holds.
    left_out : tuple of LeftOut
        Rows that became no statement, by reason.
    remarks : tuple of str
        What else a user should know about this file.
    """

    layout: str = ""
    rows: int = 0
    left_out: tuple[LeftOut, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def used(self) -> int:
        """Rows that became statements, or a part of one."""
        return self.rows - sum(item.rows for item in self.left_out)

    @property
    def notes(self) -> tuple[str, ...]:
        """The account in words, one line a reason."""
        counts = ", ".join(f"{frame.height:,} {form} statements" for form, frame in self.frames.items())
        first = f"{self.rows:,} rows read, {self.used:,} used: {counts}"
        return (first, *map(str, self.left_out), *self.remarks)

    def frame(self, form: Form) -> pl.DataFrame:
        """The statements of one form."""
        return self.frames[form]

    def noted(self) -> Self:
        """The same batch with the account kept in the note of its source, so that the record holds it too."""
        account = " ".join(f"{note}." for note in self.notes[1:])
        return replace(self, sources=tuple(replace(s, note=f"{s.note} {account}".strip()) for s in self.sources))


@dataclass(frozen=True)
class Reference:
    """A work to cite for a data set, as BibTeX and reference lists need it.

    Parameters
    ----------
    key : str
        BibTeX key, such as ``leeds2002atop``.
    kind : {"article", "book", "incollection", "misc", "techreport"}
        BibTeX entry type; a data set is ``misc``.
    authors : tuple of str
        ``Family, Given`` each; a body as ``{Uppsala Conflict Data Program}``.
    year : int
        Of publication.
    title : str
        Of the work.
    container : str
        Journal, book, publisher or series.
    volume, pages, doi, url : str
        Empty where there is none.
    """

    key: str
    kind: Literal["article", "book", "incollection", "misc", "techreport"]
    authors: tuple[str, ...]
    year: int
    title: str
    container: str = ""
    volume: str = ""
    pages: str = ""
    doi: str = ""
    url: str = ""


@dataclass(frozen=True)
class Download:
    """A file at a publisher's address.

    Parameters
    ----------
    url : str
        Official address, https.
    name : str
        What to call the file here.
    sha256 : str
        Its sum where the publisher never changes it; else empty.
    most : int
        Largest size that is taken (bytes).
    """

    url: str
    name: str
    sha256: str = ""
    most: int = 512 << 20


@dataclass(frozen=True)
class Check:
    """A named test that a good release passes.

    Parameters
    ----------
    name : str
        Short name, given in the error.
    expected : str
        What a good release shows, in words.
    failure : callable
        ``failure(parsed)`` gives what came instead, or None if all is well (or the check is about another layout).
    """

    name: str
    expected: str
    failure: Callable[[Parsed], str | None]

    def error(self, parsed: Parsed, path: Path) -> DataError | None:
        """The error to raise for this file, or None."""
        got = self.failure(parsed)
        hint = (
            "Fetch the file from its publisher again; if the release is right, take it as it is with `strict=False` "
            "(`multipolar ingest --unchecked`)."
        )
        return DataError.bad_file(path, f"{self.expected} (check {self.name!r})", got, hint=hint) if got else None


@dataclass(frozen=True)
class DataSource:
    """One data set of one publisher.

    Parameters
    ----------
    name : str
        What to call it in commands.
    publisher, title, citation, licence : str
        Who published what, how to cite it, and under which terms.
    redistributable : bool
        Whether the licence lets others pass the data on.
    urls : tuple of str
        Official addresses, https only.
    versions : tuple of str
        Editions that the parser knows.
    coverage : tuple of Coverage
        Actors and period of the newest known edition, and what absence means inside; `parse` states those of its file.
    parse : callable
        ``parse(path)`` reads the publisher's file into statements; nothing is returned unless all of it can be read.
    checks : tuple of Check
        What a good release must show.
    files : tuple of str
        File names, as patterns, by which `locate` finds it in a folder; the first that is there is taken.
    references : tuple of Reference
        What to cite, the first the data set itself or the article that introduced it.
    downloads : tuple of Download
        Files that `multipolar fetch` gets; empty where the publisher asks for a form or a query first.
    dated : callable, optional
        ``dated(first, last)`` gives the files of a period, for a publisher with a file an hour or a day.
    by_hand : str
        How to get the file where it cannot be fetched: which page, which choices.
    hosts : tuple of str
        Hosts of the publisher to which an address may redirect, besides those of `downloads`.
    """

    name: str
    publisher: str
    title: str
    citation: str
    licence: str
    redistributable: bool
    urls: tuple[str, ...]
    versions: tuple[str, ...]
    coverage: tuple[Coverage, ...]
    parse: Callable[[Path], Parsed]
    checks: tuple[Check, ...]
    files: tuple[str, ...]
    references: tuple[Reference, ...] = ()
    downloads: tuple[Download, ...] = ()
    dated: Callable[[date, date], tuple[Download, ...]] | None = None
    by_hand: str = ""
    hosts: tuple[str, ...] = ()

    def read(self, path: Path, *, strict: bool = True) -> Parsed:
        """Parse `path` and refuse it if a check fails.

        Parameters
        ----------
        path : Path
            The publisher's file.
        strict : bool, default True
            False takes the file though checks fail, and says so in the batch's notes.

        Raises
        ------
        DataError
            If the file is not what its format says, or a check fails.
        """
        with files.publishers_names():
            parsed = self.parse(path)
        errors = [error for check in self.checks if (error := check.error(parsed, path))]
        if errors and strict:
            raise errors[0]
        return replace(parsed, remarks=(*parsed.remarks, *(error.message for error in errors)))


def rows_between(low: int, high: int, *, layout: str = "") -> Check:
    """A check that the file holds a plausible number of rows; `layout` restricts it to one format."""

    def failure(parsed: Parsed) -> str | None:
        inside = low <= parsed.rows <= high or layout not in ("", parsed.layout)
        return None if inside else f"{parsed.rows:,}"

    wanted = f"{low:,} rows" if low == high else f"{low:,} to {high:,} rows"
    return Check(f"rows {layout}".strip(), wanted, failure)


def mostly_used(share: float) -> Check:
    """A check that at least this share of the rows became statements."""

    def failure(parsed: Parsed) -> str | None:
        got = parsed.used / parsed.rows if parsed.rows else 0.0
        return None if got >= share else f"{got:.1%}: {'; '.join(parsed.notes)}"

    return Check("rows used", f"at least {share:.0%} of the rows to become statements", failure)
