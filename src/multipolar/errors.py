"""What went wrong: one base class, named constructors, one exit code a family.

Every message has the same three parts: what was expected, what came (and where: file, row, column), and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Self


class MultipolarError(Exception):
    """Base of every error that `multipolar` raises on purpose.

    Parameters
    ----------
    message : str
        What was expected and what came.
    where : str, optional
        The place: ``file:row:column``, a table, or an argument.
    hint : str, optional
        What to do about it.

    Attributes
    ----------
    exit_code : int
        The exit status of the command line for this family of errors.
    """

    exit_code = 1

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        self.message, self.where, self.hint = message, where, hint
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        hint = f"\nHint: {self.hint}" if self.hint else ""
        return f"{place}{self.message}{hint}"


class UsageError(MultipolarError):
    """An argument is not of the kind asked for (exit code 2)."""

    exit_code = 2

    @classmethod
    def unknown(cls, what: str, got: object, known: Iterable[str]) -> Self:
        """`got` is not one of the `known` names of a `what`."""
        names = sorted(known)
        close = get_close_matches(str(got), names, n=3)
        some = f"{', '.join(names[:60])}{f' … ({len(names)} in all)' if len(names) > 60 else ''}"
        hint = f"Did you mean {' or '.join(close)}?" if close else f"Choose one of: {some}."
        return cls(f"expected the name of a known {what}, got {got!r}", hint=hint)

    @classmethod
    def bad_date(cls, got: object, *, where: str = "") -> Self:
        """`got` cannot be read as a day or a month."""
        hint = "Write a day as 2024-06-19, or a month as 2024-06."
        return cls(f"expected a date (YYYY-MM-DD or YYYY-MM), got {got!r}", where=where, hint=hint)

    @classmethod
    def future_date(cls, got: date, today: date, *, where: str = "") -> Self:
        """`got` lies after `today`."""
        return cls(
            f"expected a date not after today ({today}), got {got}",
            where=where,
            hint="Nothing is known of the future: choose today or an earlier day.",
        )

    @classmethod
    def dates_out_of_order(cls, first: date, last: date, *, where: str = "") -> Self:
        """The interval ends before it begins, or where it begins."""
        hint = "Swap the dates." if last < first else "Choose two different dates."
        return cls(f"expected a first day before the last, got {first} to {last}", where=where, hint=hint)


class ActorError(UsageError):
    """A name is of no actor, or of several (exit code 3)."""

    exit_code = 3

    @classmethod
    def unknown_actor(cls, name: str, on: date | None, near: Iterable[str] = ()) -> Self:
        """`name` is of nobody on that day; `near` names what it is close to, and is never chosen."""
        day = f" on {on}" if on else ""
        close = list(near)
        hint = (
            f"Close to, but never taken for: {', '.join(close)}."
            if close
            else "`multipolar resolve NAME` tries a name."
        )
        return cls(f"expected the name or code of an actor{day}, got {name!r}", hint=hint)

    @classmethod
    def ambiguous(cls, name: str, on: date | None, candidates: Iterable[str]) -> Self:
        """`name` is of several actors on that day."""
        day = f" on {on}" if on else ""
        return cls(
            f"expected a name of one actor{day}, but {name!r} is of several: {', '.join(candidates)}",
            hint="Use the id of the one you mean, or another day with `on=` (`--on`).",
        )


class DataError(MultipolarError):
    """A file, a row or a value is not what its format says (exit code 4)."""

    exit_code = 4

    @classmethod
    def bad_row(cls, file: Path | str, row: int, column: str, expected: str, got: object, *, hint: str = "") -> Self:
        """One value of one row is wrong. `row` counts lines of the file, the header being line 1."""
        return cls(f"expected {expected}, got {got!r}", where=f"{file}:{row}:{column}", hint=hint)

    @classmethod
    def bad_file(cls, file: Path | str, expected: str, got: str, *, hint: str = "") -> Self:
        """The file as a whole is not of the expected shape."""
        return cls(f"expected {expected}, got {got}", where=str(file), hint=hint)


class RecordError(MultipolarError):
    """The record cannot be read, written or trusted (exit code 5)."""

    exit_code = 5

    @classmethod
    def cannot_write(cls, path: Path | str, cause: OSError) -> Self:
        """The operating system refused a write; nothing of what was to be written was kept."""
        return cls(
            f"could not write: {cause.strerror or cause}",
            where=str(path),
            hint="Nothing was left half written. Free space or choose a folder you may write to, and run it again.",
        )

    @classmethod
    def not_a_record(cls, path: Path | str) -> Self:
        """The folder holds no record."""
        return cls(
            "expected a folder that holds a record (with a `record.json`)",
            where=str(path),
            hint="`multipolar ingest NAME --record DIR` makes one.",
        )


class Refusal(MultipolarError):
    """A question nobody can answer with this evidence; the reason stands in place of a number (exit code 6)."""

    exit_code = 6
