"""Years: "in 2024", "the 1994 World Cup", "1991-1999"; and numbers that only look like one: "Resolution 1701"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from multipolar.reading.dates.calendar import years
from multipolar.reading.dates.parts import PART, part_of
from multipolar.reading.dates.told import Maker, Sentence, Told, told, unknown
from multipolar.reading.dates.words import COUNTED, DASH, YEAR, S, key

_START: Final = r"(?<![\w$€£¥#%@+&=])(?<![0-9][.,/:])(?<![A-Za-z]-)"
_RANGE = (
    rf"{_START}(?P<first>{YEAR})\s?(?:{DASH}|/)\s?(?P<last>[0-9]{{4}}|[0-9]{{2}})"
    rf"(?![\w%€]|[.,/][0-9]|-[0-9])(?!{S}{COUNTED})"
)
_YEAR = (
    rf"{_START}(?:(?P<side>(?i:pre|post)){DASH})?{PART}"
    rf"(?P<year>{YEAR})(?![\w%€])(?!{DASH}[0-9])"
)


def _range(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> Told | None:
    """Two years with a dash between them: 1991-1999, 2023-24."""
    first, end = int(found["first"]), found["last"]
    if sentence.before(found.start(), _DESIGNATED) or sentence.before(found.start(), _CLOCK):
        return None
    last = int(end) if len(end) == 4 else first // 100 * 100 + int(end)
    if len(end) == 2 and last < first:
        last += 100  # 1999-01
    if not first < last <= first + 300:
        return unknown(found, "the end lies before the beginning") if first >= 1900 and last < first else None
    return told(found, years(first, last), "range", f"from {first} to {last}, as the text says")


# What stands before a number that is the name of something.
_DESIGNATED = re.compile(
    r"(?:\b(?:resolutions?|sections?|articles?|nos?\.?|numbers?|nr\.?|directives?|regulations?|routes?|highway|flights?|rooms?"
    r"|boeing|airbus|laws?|acts?|orders?|decrees?|bills?|chapters?|pages?|pp?\.|agenda|vision|area|unit|brigade|models?"
    r"|channel|versions?|paragraphs?|unscrs?|titles?|forms?|blocks?|lines?|platform|windows|iso|rule|decisions?|protocol"
    r"|case|docket|file|size|class|type|mark|apartment|suite|box|code|zip|psalm|project|object|order|nikkei|russell|s&p|ftse)"
    r"\s+(?:[0-9]+(?:\s*\([0-9]{4}\))?(?:,\s*|,?\s+(?:and|or)\s+))*)\Z",
    re.I,
)
_CLOCK = re.compile(r"(?:\bat(?:\s+(?:around|about|exactly))?|@)\s+\Z", re.I)
_NUMBER = re.compile(
    r"\b(?:some|nearly|almost|over|more\s+than|less\s+than|fewer\s+than|at\s+least|at\s+most|up\s+to|total\s+of|all|these|those"
    r"|other|another|killed|killing|wounded|injured|approximately|roughly|least|most|exactly|with|only|just|minus|plus|times"
    r"|worth|cost|costs|number)\s+\Z",
    re.I,
)
#: Words after which a number of four digits is a year whatever follows, except what is counted in units.
_STRONG = re.compile(
    rf"\b(?:in|since|until|till|during|before|after|between|from|by|circa|late|early|mid|year|fiscal|spring|summer|autumn"
    rf"|winter|fall){S}(?:(?:the{S})?(?:year|years){S})?\Z|\b{YEAR}(?:,\s*|\s*{DASH}\s*|,?\s+(?:to|and|or|until|through)\s+)\Z",
    re.I,
)
_THE = re.compile(rf"(?<!\w)(?:the|its|his|her|their|our|a|an|of|that|failed|ill-fated){S}\Z", re.I)
_NOT_IN_WORD = re.compile(rf"{DASH}(?!(?:era|style|vintage|like|type|model|level|levels|present)\b)[\w]", re.I)
_COUNTED = re.compile(rf"{S}{COUNTED}", re.I)
_COUNTED_LATER = re.compile(rf"{S}(?:[A-Za-z][\w-]*{S}){{0,2}}{COUNTED}", re.I)
_WORD = re.compile(rf"{S}[A-Za-z]")
_OF_WORD = re.compile(rf"\bof{S}\Z", re.I)


def _is_year(found: re.Match[str], sentence: Sentence) -> bool:
    """Whether four digits are a year, by the words around them."""
    year, start, end = int(found["year"]), found.start(), found.end()
    if found["part"] or found["side"]:
        return not sentence.after(end, _COUNTED)
    if sentence.before(start, _DESIGNATED) or sentence.before(start, _CLOCK) or sentence.after(end, _NOT_IN_WORD):
        return False
    strong = sentence.before(start, _STRONG)
    if sentence.after(end, _COUNTED):
        # "in 2014 troops crossed the border", but not "in 2000 homes", "by 1500 men"
        begins = key(strong[0]).split()[0] if strong else ""
        return begins in ("in", "since") and year > 1900 and year % 100 != 0
    if strong:
        return True
    if sentence.before(start, _NUMBER):
        return False
    named = sentence.before(start, _THE) and not sentence.after(end, _COUNTED_LATER)
    if year < 1900 or year % 100 == 0:
        # round numbers and old years need more: "the 1648 peace", "the War of 1812"
        return bool(named) and not (sentence.before(start, _OF_WORD) and sentence.after(end, _WORD))
    return bool(named) or not sentence.after(end, _COUNTED_LATER)


def _year(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> Told | None:
    """A year, or a part of one. "Post-1991" begins with its year; "pre-2014" ends before it."""
    if not _is_year(found, sentence):
        return None
    year, said = int(found["year"]), key(found["side"] or "")
    span = years(year, year)
    if said == "pre":
        return Told(found.start(), found.end(), None, years(year - 1, year - 1)[1], "range", f"before {year}")
    if said == "post":
        on = sentence.on if sentence.on and sentence.on > span[0] else None
        return Told(found.start(), found.end(), span[0], on, "range", f"from {year} on" + (f" to {on}" if on else ""))
    days, which = part_of(span, found["part"], sentence.on)
    if which:
        return told(found, days, "range", f"{which}{year}")
    return told(found, span, "year", f"the year {year}, as the text says", "year")


#: Patterns of this module, and what makes times of them.
PATTERNS: Final[tuple[tuple[re.Pattern[str], Maker], ...]] = ((re.compile(_RANGE), _range), (re.compile(_YEAR), _year))
