"""What every command takes, and the world that it opens with that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

from cyclopts import Parameter

from multipolar.actors import check_not_future, parse_day
from multipolar.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from multipolar.world import World

Format = Literal["table", "json", "csv"]
#: One or more words after an option: ``--between USA CHN RUS``.
Several = Annotated[tuple[str, ...], Parameter(consume_multiple=True)]


@Parameter(name="*", group="Options of every command")
@dataclass(frozen=True)
class Common:
    """Options of every command.

    Parameters
    ----------
    record
        Folder of a record of your own; by default the dossier that comes with the package.
    as_of
        Answer as it was known on this day (of a month or year, on its last); today by default.
    format
        A table to read, JSON lines, or CSV.
    quiet
        No progress and no notes on stderr.
    """

    record: Path | None = None
    as_of: str | None = None
    format: Format = "table"
    quiet: bool = False

    def day(self) -> date | None:
        """The day of ``--as-of``; None if it was not given."""
        return day(self.as_of, "--as-of", end=True)

    def folder(self) -> Path:
        """The folder of ``--record``, for commands that need one."""
        if self.record is None:
            raise UsageError("expected the folder of a record, got none", hint="Name it with --record DIR.")
        return self.record


COMMON: Final = Common()


def day(text: str | None, option: str, *, end: bool = False) -> date | None:
    """The day that an option gives, not in the future; None if it was not given.

    Raises
    ------
    UsageError
        Naming the option.
    """
    return None if text is None else check_not_future(parse_day(text, end=end, where=option), where=option)


def span(since: str | None, until: str | None) -> tuple[date | None, date | None]:
    """The days of ``--since`` and ``--until``, in order.

    Raises
    ------
    UsageError
        If one cannot be read or lies in the future, or they are out of order.
    """
    first, last = day(since, "--since"), day(until, "--until")
    if first and last and last < first:
        raise UsageError.dates_out_of_order(first, last, where="--since, --until")
    return first, last


def open_world(common: Common, step: Callable[[int, int, str], None], *, earliest: date | None = None) -> World:
    """The world that the options ask for.

    Parameters
    ----------
    common : Common
    step : callable
        Progress.
    earliest : date, optional
        Earliest month of the question. The ties begin in 1990; for an earlier month they begin three years before it.
    """
    as_of = common.day()
    step(0, 0, f"Opening {common.record or 'the dossier'}")
    from multipolar.world import FIRST
    from multipolar.world import open as open_record

    since = FIRST if earliest is None or earliest >= FIRST else date(max(earliest.year - 3, 1816), 1, 1)
    return open_record(common.record, as_of=as_of, since=since)


def as_it_lies(common: Common) -> None:
    """Refuse ``--as-of`` for a command that is about the whole record and not about a day's knowledge."""
    if common.as_of is not None:
        raise UsageError(
            f"expected no day for a command about the whole record, got {common.as_of!r}",
            where="--as-of",
            hint="Leave it out; questions take it.",
        )
