"""Times that are days: "19 June", "June 19-21, 2024", "2024-06-19", "last Wednesday", "yesterday"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from multipolar.reading.dates.calendar import Span, beside, weekly, yearly
from multipolar.reading.dates.told import NO_ANCHOR, NO_DATE, Maker, Sentence, Told, anchor, recurring, told, unknown
from multipolar.reading.dates.words import (
    COUNTED,
    DASH,
    HOURS,
    MONTH,
    MONTH_FULL,
    WEEKDAY,
    WEEKDAY_FULL,
    YEAR,
    S,
    key,
    month_name,
    month_number,
    ordinal_number,
    weekday_name,
    weekday_number,
)
from multipolar.reading.model import Precision

#: The day of a month in digits: no part of a longer number, no share.
DAY: Final = r"(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?(?![0-9A-Za-z]|[.,:][0-9]|%)"
#: Last, next and so on before a day, month or season.
MOD: Final = rf"(?:(?P<mod>(?i:this{S}past|this{S}coming|last|this|next|past|coming|upcoming)){S})?"
#: The year after a day, month or season.
OF_YEAR: Final = (
    rf"(?:,?{S}(?:(?:of|in){S})?(?P<year>{YEAR})(?![\w%]|{S}{COUNTED})"
    rf"|,?{S}(?:of{S})?(?P<yref>(?i:(?:last|this|next|that|the{S}same){S}year)))?"
)
_NO_NUMBER = r"(?<![\w$€£¥#%@])(?<![0-9][.,/:])(?<![A-Za-z][-/])"
_TO = rf"(?:\s*{DASH}\s*|{S}(?:to|and|or|through|until|till){S}(?:the{S})?|(?:,\s*{DAY}){{0,6}},?{S}and{S}|/)"
_WITH_WEEKDAY = rf"(?:(?P<weekday>{WEEKDAY}),?{S}(?P<open>\()?(?:the{S})?)?"
_DAY_MONTH = (
    rf"{_NO_NUMBER}{_WITH_WEEKDAY}{MOD}(?P<d1>{DAY})(?:{_TO}(?P<d2>{DAY}))?{S}(?:of{S})?(?P<month>{MONTH})"
    rf"(?![A-Za-z]){OF_YEAR}(?(open)\))"
)
_MONTH_DAY = (
    rf"(?<![\w-]){_WITH_WEEKDAY}{MOD}(?P<month>{MONTH}){S}(?:the{S})?(?P<d1>{DAY})"
    rf"(?:{_TO}(?P<d2>{DAY})(?!{S}{MONTH_FULL})(?!{S}{COUNTED}))?(?!{S}(?:\w+{S})?{COUNTED}){OF_YEAR}(?(open)\))"
)
_ATTACKS = re.compile(r"\s+(?:\w+\s+)?(?:attacks?|hijack\w*|atrocit\w+)\b", re.I)


def year_said(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> tuple[int | None, str]:
    """The year that the words name ("2024", "last year", "that year"), or why it is not known."""
    if found["year"]:
        return int(found["year"]), ""
    if not found["yref"]:
        return None, ""
    words = key(found["yref"])
    if words in ("that year", "the same year"):
        at = anchor(before)
        return (at.first.year, "") if at and at.first else (None, NO_ANCHOR)
    if sentence.on is None:
        return None, NO_DATE
    return sentence.on.year + {"last": -1, "this": 0, "next": 1}[words.split()[0]], ""


def _with_weekday(said: Told, weekday: str | None) -> Told:
    """Say so where the day of the week is another one."""
    if not weekday or said.first is None or said.last is None or said.first.weekday() == weekday_number(weekday):
        return said
    there, text = weekday_name(said.first.weekday()), weekday_name(weekday_number(weekday))
    return said.with_span((said.first, said.last), f"{said.basis}; it was a {there}, the text says {text}")


def _days(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> Told | None:
    """A day, or several days of one month, with or without its year."""
    number, one = month_number(found["month"]), ordinal_number(found["d1"])
    two = ordinal_number(found["d2"]) if found["d2"] else one
    name = f"{one} {month_name(number)}" if one == two else f"{one} to {two} {month_name(number)}"
    if two < one:
        return unknown(found, f"{name}: the end lies before the beginning")

    def at(year: int) -> Span:
        return date(year, number, one), date(year, number, two)

    precision: Precision = "day" if one == two else "range"
    cycle = yearly(at)
    cycle.latest(date(2001, 1, 1))  # a day that no year has is an error in any case
    if (number, one, two) == (9, 11, 11) and not found["year"] and sentence.after(found.end(), _ATTACKS):
        return told(found, at(2001), "day", "the attacks of 11 September 2001 go by their day", "day")
    year, why = year_said(found, sentence, before)
    if why:
        return unknown(found, why)
    if year is None:
        said = recurring(found, sentence, cycle, precision, name, "day", key(found["mod"] or ""))
    else:
        said = told(found, at(year), precision, f"{name} {year}, as the text says", "day")
    return _with_weekday(said, found["weekday"])


_DIGITS = (
    r"(?<![\w/.,-])(?:(?P<iso>[0-9]{4})(?P<mark>[-/.])(?P<isomonth>[0-9]{2})(?P=mark)(?P<isoday>[0-9]{2})(?=T[0-9]|(?![\w/-]|[.,][0-9]))"
    r"|(?P<one>[0-9]{1,2})(?P<dot>[-/.])(?P<two>[0-9]{1,2})(?P=dot)(?P<numyear>(?:19|20)[0-9]{2})(?![\w/-]|[.,][0-9]))"
)


def _digits(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> Told | None:
    """A date in digits: 2024-06-19, 19/06/2024. Where day and month may be exchanged it says nothing."""
    if found["iso"]:
        day = date(int(found["iso"]), int(found["isomonth"]), int(found["isoday"]))
        return told(found, (day, day), "day", f"{day}, as the text says", "day")
    one, two, year = int(found["one"]), int(found["two"]), int(found["numyear"])
    if found["dot"] != "." and one <= 12 and two <= 12 and one != two:
        return unknown(found, "the text does not say which number is the day and which the month")
    day = date(year, one, two) if two > 12 and found["dot"] != "." else date(year, two, one)
    return told(found, (day, day), "day", f"{day}, as the text says in digits", "day")


_NINE_ELEVEN = r"(?<![\w/.,$-])9/11(?![\w/]|[.,-][0-9])"


def _nine_eleven(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> Told | None:
    day = date(2001, 9, 11)
    return told(found, (day, day), "day", "what 9/11 stands for", "day")


_NTH = r"(?<=\b[Oo]n\sthe\s)(?P<day>[0-9]{1,2}(?:st|nd|rd|th))(?=\s*(?:[,.;:!?)]|$|(?:and|but|when|while|to|that)\b))"


def _nth(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> Told | None:
    """The nineteenth of a month that is not said: the latest one."""
    number = ordinal_number(found["day"])
    if sentence.on is None:
        return unknown(found, NO_DATE)
    for back in range(12):
        first = beside(sentence.on, "month", -back)[0]
        try:
            day = first.replace(day=number)
        except ValueError:
            continue
        if day <= sentence.on:
            return told(found, (day, day), "day", f"the latest day {number} of a month up to {sentence.on}", "day")
    return unknown(found, "no month has such a day")


# ------------------------------------------------------------------------------------------------------------- weekdays
_WEEKDAY = (
    rf"(?<![\w-]){MOD}(?P<weekday>{WEEKDAY_FULL})(?:{S}{HOURS})?"
    rf"(?:,?{S}(?:of{S})?(?P<week>(?i:last|this|next){S}week))?(?![\w-])"
)
_NAMED_DAY = re.compile(
    r"\b(?:Bloody|Black|Good|Easter|Palm|Ash|Super|Cyber|Maundy|Holy|Fat|Man|Giving|Whit|Red|[Ee]very|[Ee]ach)\s+\Z"
)
_PAPER = re.compile(r"\s+(?:Times|Telegraph|Mirror|Mail|Herald|Express|Post|Star|Independent|Review|Agreement|Night)\b")


def _weekday(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> Told | None:
    """A day of the week. One that is part of a name (Good Friday, the Sunday Times) is none."""
    if sentence.before(found.start(), _NAMED_DAY) or sentence.after(found.end(), _PAPER):
        return None
    number = weekday_number(found["weekday"])
    if other := sentence.before(found.start(), _OTHER_WEEK):
        return _weekday_from(found, number, "previous" in other[0].casefold(), before)
    if not found["week"]:
        return recurring(
            found, sentence, weekly(number), "day", weekday_name(number), "weekday", key(found["mod"] or "")
        )
    if sentence.on is None:
        return unknown(found, NO_DATE)
    which = key(found["week"]).split()[0]
    day = beside(sentence.on, "week", {"last": -1, "this": 0, "next": 1}[which])[0] + timedelta(days=number)
    return told(found, (day, day), "day", f"the {weekday_name(number)} of {which} week, seen from {sentence.on}", "day")


_OTHER_WEEK = re.compile(r"\bthe\s+(?:following|previous|next)\s+\Z", re.I)


def _weekday_from(found: re.Match[str], number: int, back: bool, before: Sequence[Told]) -> Told:
    """The following Tuesday: counted from another time of the text."""
    at = anchor(before)
    if at is None or at.first is None or at.last is None:
        return unknown(found, NO_ANCHOR)
    step = timedelta(days=1)
    span = weekly(number).latest(at.first - step) if back else weekly(number).coming(at.last + step)
    return told(found, span, "day", f"the {weekday_name(number)} {'before' if back else 'after'} {at.basis}", "weekday")


# ------------------------------------------------------------------------------------------------- yesterday, today, now
_FROM_ON: Final = {
    "the day before yesterday": -2,
    "last night": -1,
    "yesterday": -1,
    "tomorrow": 1,
    "the day after tomorrow": 2,
}
_NEAR = (
    rf"(?<![\w-])(?P<said>the{S}day{S}before{S}yesterday|the{S}day{S}after{S}tomorrow|(?:yesterday|tomorrow)(?:{S}{HOURS})?"
    rf"|today|tonight|last{S}night|this{S}(?:morning|afternoon|evening)|overnight"
    rf"|now(?!{S}that\b)|right{S}now|currently|nowadays|these{S}days|at{S}present|at{S}the{S}moment|to{S}this{S}day)(?![\w-])"
)


def _near(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> Told | None:
    """A day beside that of the article, or that day itself."""
    on, said = sentence.on, key(found["said"])
    if on is None:
        return unknown(found, NO_DATE)
    if said == "overnight":
        return told(found, (on - timedelta(days=1), on), "range", f"the night before {on}", "day")
    days = next((days for words, days in _FROM_ON.items() if said.startswith(words)), 0)
    day = on + timedelta(days=days)
    basis = {0: "the day of the article", -1: f"the day before {on}", 1: f"the day after {on}"}
    return told(found, (day, day), "day", basis.get(days, f"two days {'before' if days < 0 else 'after'} {on}"), "day")


# -------------------------------------------------------------------------------------------------- that day, the next day
_OTHER_DAY = (
    rf"(?<![\w-])(?P<said>(?:that|the{S}same|the{S}next|the{S}following|the{S}previous){S}day|the{S}day{S}(?:before|after)"
    rf"|the{S}night{S}before)(?![\w-])"
)
_COMPLEMENT = re.compile(r"\s+(?!and\b|but\b|that\b|in\b|at\b|when\b|with\b|by\b|on\b|to\b|for\b)\w")


def _other_day(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> Told | None:
    """A day told from another one of the same text."""
    said, at = key(found["said"]), anchor(before)
    if said.endswith(("before", "after")) and sentence.after(found.end(), _COMPLEMENT):
        return unknown(found, "counted from something that has no date here")
    days = 0 if said in ("that day", "the same day") else -1 if said.endswith(("previous day", "before")) else 1
    if at is None or at.first is None or at.last is None:
        return unknown(found, NO_ANCHOR)
    step = timedelta(days=days)
    return told(found, (at.first + step, at.last + step), at.precision, f"{said}, counted from {at.basis}", "day")


#: Patterns of this module, and what makes times of them.
PATTERNS: Final[tuple[tuple[re.Pattern[str], Maker], ...]] = (
    (re.compile(_DIGITS), _digits),
    (re.compile(_NINE_ELEVEN), _nine_eleven),
    (re.compile(_DAY_MONTH), _days),
    (re.compile(_MONTH_DAY), _days),
    (re.compile(_NTH), _nth),
    (re.compile(_WEEKDAY), _weekday),
    (re.compile(_NEAR, re.I), _near),
    (re.compile(_OTHER_DAY, re.I), _other_day),
)
