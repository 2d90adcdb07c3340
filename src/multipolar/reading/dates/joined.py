"""Times of two parts ("from 1991 to 1999"), and the words before a time that make it an interval ("since", "by")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from multipolar.reading.dates.calendar import Span
from multipolar.reading.dates.counted import counted_from
from multipolar.reading.dates.tense import lasted
from multipolar.reading.dates.told import Sentence, Told
from multipolar.reading.dates.words import APOS, DASH, S
from multipolar.reading.model import Precision

_BETWEEN = re.compile(rf"\bbetween{S}(?:the{S})?\Z", re.I)
_FROM = re.compile(rf"\bfrom{S}(?:(?:at{S}least|about|around|the|in){S})?\Z", re.I)
_AND = re.compile(rf"{S}and{S}(?:in{S})?(?:the{S})?", re.I)
_TO = re.compile(rf"{S}(?:to|until|till|through|up{S}to){S}(?:the{S}|at{S}least{S})?|\s*{DASH}\s*", re.I)
_PLAIN_TO = re.compile(rf"{S}(?:to|through|until|till){S}(?:the{S})?|\s*{DASH}\s*", re.I)
_PREFIX = re.compile(
    rf"\b(?P<word>(?:ever{S})?since|until|till|by|before|after|prior{S}to|through|up{S}to|no{S}later{S}than|(?:starting|beginning)"
    rf"(?:{S}(?:in|on|from|with))?|from)(?:{S}(?:at|in|on|at{S}least|about|around|early{S}on))?{S}(?P<the>the{S})?\Z",
    re.I,
)
_POSSESSIVE = re.compile(rf"{APOS}s\b|(?<=s){APOS}(?=\s)")
_NOUN_AFTER = re.compile(rf"{S}[A-Za-z]")
_ONWARDS = re.compile(rf"{S}(?:on|onwards?|forward)(?=\s*[,.;:)]|{S}(?!the\b|a\b|an\b|its\b|his\b|their\b)\w|\Z)", re.I)


def joined(sentence: Sentence, said: Sequence[Told]) -> list[Told]:
    """Ranges of two times, and the words before a time that make it a beginning or an end.

    Parameters
    ----------
    sentence : Sentence
        The words.
    said : sequence of Told
        The times in them, in order, none overlapping another.

    Returns
    -------
    list of Told
        The same, with "from", "since", "by" and so on as part of the time that they change.
    """
    done: list[Told] = []
    index = 0
    while index < len(said):
        pair = _pair(sentence, said[index], said[index + 1]) if index + 1 < len(said) else None
        done.append(pair or _prefixed(sentence, said[index]))
        index += 2 if pair else 1
    return done


def _pair(sentence: Sentence, one: Told, two: Told) -> Told | None:
    """From one to two, between one and two, one - two."""
    middle = sentence.text[one.end : two.start]
    if one.kind == "counted":
        return _counted(sentence, one, two) if not middle.strip() else None
    if {one.kind, two.kind} & {"vague", "length"} and not (one.first or two.first):
        return None
    between, source = sentence.before(one.start, _BETWEEN), sentence.before(one.start, _FROM)
    if between and _AND.fullmatch(middle):
        first = between.start()
    elif source and _TO.fullmatch(middle):
        first = source.start()
    elif (
        one.kind == two.kind and one.kind != "vague" and _PLAIN_TO.fullmatch(middle) and one.precision == two.precision
    ):
        first = one.start
    else:
        return None
    return _ranged(one, two, first)


def _counted(sentence: Sentence, one: Told, two: Told) -> Told | None:
    """Two days after 19 June."""
    try:
        return counted_from(sentence, one, two)
    except (ValueError, OverflowError):
        return None


def _ranged(one: Told, two: Told, first: int) -> Told:
    """The range of two times; where one of them has no year of its own it follows the other."""
    try:
        one, two = _fitted(one, two)
    except (ValueError, OverflowError):
        return Told(first, two.end, None, None, "unknown", "the calendar has no such day", "vague")
    if one.first is None or two.last is None:
        why = one.basis if one.first is None else two.basis
        kind: Precision = "range" if one.first or two.last else "unknown"
        return Told(first, two.end, one.first, two.last, kind, f"an end is not known: {why}")
    if two.last < one.first:
        return Told(first, two.end, None, None, "unknown", "the end lies before the beginning", "vague")
    return Told(
        first, two.end, one.first, two.last, "range", f"from {one.first} ({one.basis}) to {two.last} ({two.basis})"
    )


def _fitted(one: Told, two: Told) -> tuple[Told, Told]:
    """Let a time without a year precede, or follow, the other."""
    if one.cycle and two.last is not None:
        one = one.with_span(one.cycle.latest(two.first or two.last), f"the latest up to {two.last}")
    elif two.cycle and one.first is not None and (one.kind in ("day", "month") or (two.last and two.last < one.first)):
        two = two.with_span(two.cycle.coming(one.first), f"the first from {one.first} on")
    return one, two


def _prefixed(sentence: Sentence, one: Told) -> Told:
    """Since, by, until, before, after and from, where they belong to the time and not to a noun behind it."""
    between = sentence.before(one.start, _BETWEEN) or sentence.before(one.start, _FROM)
    if between and one.kind == "day" and one.precision == "range":
        return replace(one, start=between.start())  # "between 10 and 12 June"
    prefix = sentence.before(one.start, _PREFIX)
    if prefix is None or one.kind in ("vague", "length", "counted") or (one.first is None and one.last is None):
        return one
    named = one.kind in ("year", "month", "weekday", "day") and sentence.after(one.end, _NOUN_AFTER)
    if sentence.after(one.end, _POSSESSIVE) or (named and prefix["the"]):
        return one  # "after the 2014 elections", "since Wednesday's summit"
    word = " ".join(prefix["word"].casefold().split())
    try:
        return _bounded(sentence, replace(one, start=prefix.start()), one, word)
    except (ValueError, OverflowError):
        return one


def _bounded(sentence: Sentence, whole: Told, one: Told, word: str) -> Told:
    """A time with the word before it: an interval that begins or ends there."""
    on = sentence.on
    if word.endswith("since"):
        span = one.cycle.latest(on) if one.cycle and on else (one.first, one.last)
        end = on if on and span[0] and span[0] <= on else None
        basis = f"from {span[0]} ({one.basis}) to the day of the article" if end else f"from {span[0]} on: {one.basis}"
        return _open(whole, span[0], end, basis)
    if word in ("until", "till", "by", "through", "up to", "no later than"):
        span = _end(sentence, one)
        return _open(whole, None, span[1], f"up to {span[1]}: {one.basis}" if not one.cycle else f"up to {span[1]}")
    if word in ("before", "prior to"):
        last = one.first - timedelta(days=1) if one.first else None
        return _open(whole, None, last, f"before {one.first}: {one.basis}")
    if word == "after":
        first = one.last + timedelta(days=1) if one.last else None
        end = on if on and first and first <= on and not sentence.future(whole.start, one.end) else None
        return _open(whole, first, end, f"after {one.last}: {one.basis}")
    onwards = sentence.after(one.end, _ONWARDS)
    if word == "from" and not onwards and not (on and one.first and one.first > on):
        return one
    end = on if on and one.first and one.first < on else None
    stop = onwards.end() if onwards else one.end
    return replace(_open(whole, one.first, end, f"from {one.first} on: {one.basis}"), end=stop)


def _end(sentence: Sentence, one: Told) -> tuple[date | None, date | None]:
    """What "until March" ends with: the next March, unless it is told as past ("ruled until March")."""
    if one.cycle is None or sentence.on is None:
        return one.first, one.last
    span: Span = (
        one.cycle.latest(sentence.on) if lasted(sentence.text, one.start, one.end) else one.cycle.coming(sentence.on)
    )
    return span


def _open(whole: Told, first: date | None, last: date | None, basis: str) -> Told:
    """An interval of which an end may be open."""
    if first is None and last is None:
        return replace(whole, first=None, last=None, precision="unknown", cycle=None)
    return replace(whole, first=first, last=last, precision="range", basis=basis, kind="period", cycle=None)
