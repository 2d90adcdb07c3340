"""What a time expression says, before it is a `When`, and the sentence it stands in."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from multipolar.reading.dates.calendar import Cycle, Span
from multipolar.reading.dates.tense import future
from multipolar.reading.model import Precision, When

#: Why words that count from the day of the article say nothing.
NO_DATE: Final = "no date of the article"
#: Why words that count from another day say nothing.
NO_ANCHOR: Final = "counted from a day that the text does not name before"


@dataclass(frozen=True, slots=True)
class Told:
    """A time expression: where it stands and what it says.

    Attributes
    ----------
    start, end : int
        Characters of the sentence.
    first, last : date or None
        The days.
    precision : str
        As in `When`.
    basis : str
        As in `When`.
    kind : str
        ``day``, ``weekday``, ``month``, ``year``, ``period`` (any other), ``length``, ``counted`` (from what comes next)
        or ``vague``: what decides which words before it ("since", "by") may belong to it.
    cycle : Cycle or None
        Given where the year or week is not said, so that the words around may choose another.
    """

    start: int
    end: int
    first: date | None
    last: date | None
    precision: Precision
    basis: str
    kind: str = "period"
    cycle: Cycle | None = None

    @property
    def dated(self) -> bool:
        """Whether it has a first and a last day."""
        return self.first is not None and self.last is not None

    def when(self, text: str) -> When:
        """With the words of the sentence."""
        return When(self.first, self.last, self.precision, text[self.start : self.end], self.basis)

    def with_span(self, span: Span, basis: str) -> Told:
        """The same words with other days."""
        return replace(self, first=span[0], last=span[1], basis=basis)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and the day it was published."""

    text: str
    on: date | None

    def future(self, start: int, end: int) -> bool:
        """Whether the words around a time point ahead."""
        return future(self.text, start, end)

    def before(self, start: int, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Match the words right before a place; `pattern` ends at the end of the string. Eighty characters are looked at."""
        return pattern.search(self.text, max(0, start - 80), start)

    def after(self, end: int, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Match the words right after a place."""
        return pattern.match(self.text, end)


_EXACT: Final = ("day", "week", "month", "season", "year")

#: Makes what a pattern matched into what it says, given what was told before it; None where it is no time after all.
Maker = Callable[[re.Match[str], Sentence, Sequence[Told]], Told | None]


def unknown(found: re.Match[str], basis: str, kind: str = "vague") -> Told:
    """A time of which the days are not known, and why."""
    return Told(found.start(), found.end(), None, None, "unknown", basis, kind)


def told(found: re.Match[str], span: Span, precision: Precision, basis: str, kind: str = "period") -> Told:
    """A time of which the days are known."""
    return Told(found.start(), found.end(), span[0], span[1], precision, basis, kind)


def anchor(before: Sequence[Told]) -> Told | None:
    """The last time told before that is a day, month or year: what "three days later" counts from."""
    return next((each for each in reversed(before) if each.dated and each.precision in _EXACT), None)


def up_to(span: Span, on: date | None, ahead: bool, basis: str) -> tuple[Span, str]:
    """Cut a period that is not over where the article was written, unless the words point ahead."""
    if on is None or ahead or not span[0] <= on < span[1]:
        return span, basis
    return (span[0], on), f"{basis}, up to the day of the article"


_AROUND: Final = {"weekday": "week"}


def _this(cycle: Cycle, on: date, kind: str) -> Span:
    """Of "this": Friday is that of the week, June that of the year, winter the nearest one."""
    if kind == "weekday":
        return cycle.coming(on - timedelta(days=on.weekday()))
    span = cycle.at(on.year)
    if span[1].year == on.year:
        return span
    earlier = cycle.at(on.year - 1)
    return earlier if on - earlier[1] < span[0] - on else span


def recurring(
    found: re.Match[str], sentence: Sentence, cycle: Cycle, precision: Precision, name: str, kind: str, mod: str = ""
) -> Told:
    """A day or period of which the year or week is not said.

    Parameters
    ----------
    found : re.Match
        The words.
    sentence : Sentence
        The sentence they stand in.
    cycle : Cycle
        What comes again.
    precision : str
        How exact it is.
    name : str
        What it is: ``Wednesday``, ``19 June``.
    kind : str
        As in `Told`.
    mod : str
        ``last`` and ``past``, ``next`` and ``coming``: never the one that the article's own day lies in; ``this``: of
        the same week or year; nothing: the latest one up to the article, that of its own day included, or the first one
        from it on where the tense points ahead.
    """
    on = sentence.on
    if on is None:
        return unknown(found, NO_DATE)
    ahead = sentence.future(found.start(), found.end())
    if mod.split()[-1:] in (["last"], ["past"]):
        span, basis = cycle.latest(on), f"the last {name} before {on}"
        if span[1] >= on:
            span = cycle.latest(span[0] - timedelta(days=1))
        return told(found, span, precision, basis, kind)
    if mod.split()[-1:] in (["next"], ["coming"], ["upcoming"]):
        span = cycle.coming(on)
        if span[0] <= on:
            span = cycle.coming(span[1] + timedelta(days=1))
        return told(found, span, precision, f"the first {name} after {on}", kind)
    if mod == "this":
        span, basis = up_to(_this(cycle, on, kind), on, ahead, f"the {name} of the {_AROUND.get(kind, 'year')} of {on}")
        return told(found, span, precision, basis, kind)
    span = cycle.coming(on) if ahead else cycle.latest(on)
    basis = f"the first {name} from {on} on: the words point ahead" if ahead else f"the latest {name} up to {on}"
    span, basis = up_to(span, on, ahead, basis)
    return replace(told(found, span, precision, basis, kind), cycle=cycle)
