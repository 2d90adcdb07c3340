"""Times that are months, seasons, years, decades or centuries, or a part of one: "in June", "late 2023", "last week"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from multipolar.reading.dates.calendar import Span, beside, month, season, unit_of, yearly, years
from multipolar.reading.dates.days import DAY, MOD, OF_YEAR, year_said
from multipolar.reading.dates.parts import PART, part_of
from multipolar.reading.dates.told import (
    NO_ANCHOR,
    NO_DATE,
    Maker,
    Sentence,
    Told,
    anchor,
    recurring,
    told,
    unknown,
    up_to,
)
from multipolar.reading.dates.words import (
    ALSO_WORDS,
    APOS,
    COUNTED,
    DASH,
    MONTH,
    MONTH_FULL,
    ORDINAL,
    SEASON,
    YEAR,
    S,
    key,
    month_name,
    month_number,
    ordinal_number,
)
from multipolar.reading.model import Precision

_START: Final = r"(?<![\w$€£¥#%@])(?<![0-9][.,/:])(?<![A-Za-z]-)"


def _named(found: re.Match[str], sentence: Sentence, span: Span, precision: Precision, name: str, kind: str) -> Told:
    """A period that the text names in full, or a part of it; it is not cut where the article was written."""
    days, which = part_of(span, found["part"], sentence.on)
    if not which:
        return told(found, days, precision, f"{name}, as the text says", kind)
    return told(found, days, "range", f"{which}{name}", "period")


def _again(found: re.Match[str], sentence: Sentence, whole: Span, precision: Precision, name: str, kind: str) -> Told:
    """A month or season of which the year is not said, or a part of it."""
    which = part_of(whole, found["part"], None)[1]

    def at(year: int) -> Span:
        span = season(year, name) if kind == "period" else month(year, whole[0].month)
        return part_of(span, found["part"], None)[0]

    exact: Precision = "range" if which else precision
    return recurring(
        found, sentence, yearly(at), exact, which.removeprefix("the ") + name, kind, key(found["mod"] or "")
    )


# --------------------------------------------------------------------------------------------------------------- months
_MONTH = rf"{_START}{PART}{MOD}(?P<month>{MONTH})(?![\w-])(?!{S}{DAY}(?!{S}(?:\w+{S})?{COUNTED})){OF_YEAR}"
_IN_MONTH = re.compile(
    rf"\b(?:in|since|until|till|by|from|between|during|through|throughout|before|after|around|about|month{S}of){S}\Z",
    re.I,
)
_IN = re.compile(r"\b(?:in|since)\s+\Z", re.I)
_AFTER_MONTH = re.compile(
    rf"\b{MONTH}(?:{S}{DAY})?(?:,?{S}[0-9]{{4}})?(?:,|\s*{DASH}\s*|,?{S}(?:to|and|or|through|until|till)){S}?\Z"
)
_THE = re.compile(rf"(?<!\w)(?:the|an?|its|their){S}\Z", re.I)
_NOUN = re.compile(rf"{S}[a-z]{{3,}}")
_PERSON = re.compile(
    r"\b(?:Theresa|Robert|Elaine|Mrs|Ms|Mr|Minister|PM|Premier|President|Secretary|Chancellor)\.?\s+"
    r"(?:May|June|April|August|March)\b"
)
_VERB = re.compile(
    rf"{APOS}s{S}(?:\w+{S})?(?:government|cabinet|party|deal|plan|speech|office)\b"
    rf"|{S}(?:said|says|told|will|would|has|had|was|is|warned|resigned|announced)\b"
)


@lru_cache(maxsize=8)
def _names_a_person(text: str) -> bool:
    """Whether a text speaks of somebody called May, June, April or August; searched once for all its months."""
    return _PERSON.search(text) is not None


def _is_month(found: re.Match[str], sentence: Sentence) -> bool:
    """Whether the name of a month means the month: "in May", neither "May said" nor "March on"."""
    if found["year"] or found["yref"] or found["mod"] or found["part"]:
        return True
    name = found["month"]
    if not re.fullmatch(MONTH_FULL, name):
        return False
    if name.casefold() not in ALSO_WORDS:
        return True
    if name.casefold() != "march" and _names_a_person(sentence.text):
        return False
    if sentence.after(found.end(), _VERB) and not sentence.before(found.start(), _IN):
        return False
    if sentence.before(found.start(), _IN_MONTH) or sentence.before(found.start(), _AFTER_MONTH):
        return True
    return bool(sentence.before(found.start(), _THE) and sentence.after(found.end(), _NOUN))


def _month(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> Told | None:
    """A month, or a part of one, with or without its year."""
    if not _is_month(found, sentence):
        return None
    number = month_number(found["month"])
    name = month_name(number)
    year, why = year_said(found, sentence, before)
    if why:
        return unknown(found, why)
    if year is not None:
        return _named(found, sentence, month(year, number), "month", f"{name} {year}", "month")
    return _again(found, sentence, month(2001, number), "month", name, "month")


_ISO_MONTH = r"(?<![\w/.,$€£-])(?P<y1>1[5-9][0-9]{2}|20[0-9]{2})-(?P<m1>0[1-9]|1[0-2])(?![\w/%-]|[.,][0-9])"


def _iso_month(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> Told | None:
    """2024-06; but 2010-11 may be two years, and is left to them."""
    year, number = int(found["y1"]), int(found["m1"])
    if number > year % 100:
        return None
    return told(found, month(year, number), "month", f"{month_name(number)} {year}, as the text says", "month")


# -------------------------------------------------------------------------------------------------------------- seasons
_SEASON = (
    rf"{_START}{PART}{MOD}(?P<season>(?i:{SEASON}))(?![\w-])"
    rf"(?:,?{S}(?:(?i:of|in){S})?(?:(?P<year>{YEAR})(?:[-/\u2013][0-9]{{2,4}})?(?!\w)"
    rf"|(?P<yref>(?i:(?:last|this|next|that|the{S}same){S}year))))?"
)
_IN_SEASON = re.compile(
    rf"\b(?:in|during|since|by|until|till|through|over|throughout|before|after|from|for|of){S}the{S}\Z", re.I
)
_NO_SEASON = re.compile(rf"{S}(?:of|in|from|on|offensive|counteroffensive|campaign|games|olympics)\b", re.I)


def _season(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> Told | None:
    """A season, by the northern half of the earth. The fall of a city is none."""
    name = key(found["season"])
    year, why = year_said(found, sentence, before)
    if why:
        return unknown(found, why)
    if year is not None:
        return _named(found, sentence, season(year, name), "season", f"{name} {year} (three months)", "period")
    odd = sentence.after(found.end(), _NO_SEASON)
    if found["mod"]:
        return None if name == "fall" and odd else _again(found, sentence, season(2001, name), "season", name, "period")
    if odd or not (found["the"] or sentence.before(found.start(), _IN_SEASON)):
        return None
    return _again(found, sentence, season(2001, name), "season", name, "period")


# ---------------------------------------------------------------------------------------------- decades and centuries
_DECADE = rf"{_START}{PART}(?P<decade>(?:1[0-9]|20)[0-9]0|{APOS}?[1-9]0)(?:{APOS})?s(?!\w)"
_DECADE_WORD = rf"(?<![\w-]){PART}(?P<decade>(?:twen|thir|for|fif|six|seven|eigh|nine)ties)(?![\w-])"
_TEN_WORDS: Final = ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties")
_THE_DECADE = re.compile(rf"(?<!\w)(?:the|in|since|mid|late|early){S}\Z", re.I)


def _decade(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> Told | None:
    """The 1990s, the '90s, the nineties. Somebody in their nineties is old."""
    said = key(found["decade"])
    if said.isdigit() and len(said) == 4:
        first = int(said)
    else:
        if not found["the"] and not sentence.before(found.start(), _THE_DECADE):
            return None
        tens = 10 * (2 + _TEN_WORDS.index(said)) if said in _TEN_WORDS else int(said.strip("'"))
        first = (1900 if tens >= 30 else 2000) + tens
    return _named(found, sentence, years(first, first + 9), "range", f"the {first}s", "period")


_CENTURY = rf"(?<![\w-]){PART}(?P<century>[0-9]{{1,2}}(?:st|nd|rd|th)|{ORDINAL})[-\s]\s*century(?!\w)"


def _century(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> Told | None:
    """The 19th century: from 1800 to 1899, as most writers have it."""
    number = ordinal_number(found["century"])
    first = max(1, 100 * (number - 1))
    return _named(
        found, sentence, years(first, 100 * number - 1), "range", f"the years {first} to {100 * number - 1}", "period"
    )


# ------------------------------------------------------------------------------------------- this week, last month, that year
_UNIT = (
    rf"{_START}{PART}(?:(?P<mod>this{S}past|this{S}coming|last|this|next|past|coming|the{S}same|that"
    rf"|the{S}(?:previous|following|next)|previous|following){S})?"
    rf"(?P<unit>week|weekend|month|quarter|year|decade|century|day)(?![\w-])"
)
_OWNED = re.compile(rf"(?<!\w)(?:the|its|his|her|their|our|a){S}\Z", re.I)
_OF = re.compile(rf"{S}of\b")
_STEP: Final = {"last": -1, "this past": -1, "past": -1, "this": 0, "the": 0, "next": 1, "this coming": 1, "coming": 1}
_PRECISION: Final[dict[str, Precision]] = {
    "day": "day",
    "week": "week",
    "weekend": "range",
    "month": "month",
    "year": "year",
}
_OVER = re.compile(rf"\b(?:over|at|on|during){S}\Z", re.I)


def _unit(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> Told | None:
    """A week, month or year of the calendar beside that of the article, or beside another time of the text."""
    mod, unit, on = key(found["mod"] or ("the" if found["the"] else "")), key(found["unit"]), sentence.on
    if not mod or (unit == "day" and not found["part"]):
        return None
    if sentence.after(found.end(), _OF) and sentence.before(found.start(), _OWNED):
        return None  # "the last week of the campaign"; but "his murder last week of a soldier"
    if mod in ("that", "the same", "the previous", "the following", "the next", "previous", "following"):
        return _other_unit(found, before, mod, unit)
    if on is None:
        return unknown(found, NO_DATE)
    return _beside_on(found, sentence, on, mod, unit)


def _beside_on(found: re.Match[str], sentence: Sentence, on: date, mod: str, unit: str) -> Told:
    """A unit counted from the day of the article."""
    step = _STEP[mod]
    ahead = sentence.future(found.start(), found.end())
    if unit == "weekend" and step == 0 and on.weekday() < 5 and not ahead:
        step = -1  # on a Monday, "this weekend's attack" is past
    days, which = part_of(beside(on, unit, step), found["part"], on)
    name = {-1: f"the {unit} before that of {on}", 0: f"the {unit} of {on}", 1: f"the {unit} after that of {on}"}[step]
    days, basis = up_to(days, on, ahead or step > 0, which + name)
    return told(found, days, "range" if which and unit != "day" else _PRECISION.get(unit, "range"), basis)


def _other_unit(found: re.Match[str], before: Sequence[Told], mod: str, unit: str) -> Told:
    """A unit counted from another time of the text: that year, the previous month."""
    at = anchor(before)
    step = -1 if "previous" in mod else 1 if mod.endswith(("following", "next")) else 0
    if at is None or at.first is None:
        return unknown(found, NO_ANCHOR)
    day = at.first if step <= 0 else at.last or at.first
    days, which = part_of(beside(day, unit, step), found["part"], None)
    name = {-1: "before that of", 0: "of", 1: "after that of"}[step]
    precision: Precision = "range" if which and unit != "day" else _PRECISION.get(unit, "range")
    return told(found, days, precision, f"{which}the {unit} {name} {day}")


def _plain_weekend(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> Told | None:
    """Over the weekend: the last one that has begun, or the coming one where the tense points ahead."""
    if not sentence.before(found.start(), _OVER):
        return None
    if sentence.on is None:
        return unknown(found, NO_DATE)
    ahead = sentence.future(found.start(), found.end())
    days = unit_of(sentence.on, "weekend")
    if not ahead and days[0] > sentence.on:
        days = beside(sentence.on, "weekend", -1)
    days, basis = up_to(days, sentence.on, ahead, "the weekend " + ("from" if ahead else "up to") + f" {sentence.on}")
    return told(found, days, "range", basis)


#: Patterns of this module, and what makes times of them.
PATTERNS: Final[tuple[tuple[re.Pattern[str], Maker], ...]] = (
    (re.compile(_MONTH), _month),
    (re.compile(_ISO_MONTH), _iso_month),
    (re.compile(_SEASON), _season),
    (re.compile(_DECADE), _decade),
    (re.compile(_DECADE_WORD, re.I), _decade),
    (re.compile(_CENTURY, re.I), _century),
    (re.compile(_UNIT, re.I), _unit),
    (re.compile(rf"(?<!\w)the{S}weekend(?!\w)", re.I), _plain_weekend),
)
