"""When a sentence says that something was: every time expression, resolved against the day of the article.

The grammar is written down in `days`, `periods`, `years` and `counted`; here what they find is put in
order, joined by `joined` ("since", "by", "from ... to"), and the time that belongs to some words is picked.

What the words leave open is settled like this:

- Without a year, a day or month is the latest one up to the article (its own day included), unless the tense points ahead
  ("will meet on 9 July") or a word does ("next", "coming"); so is a day of the week. ``last`` never means the day or month of
  the article itself, ``next`` neither; ``this`` means that of the same year, or week.
- A period that is not over when the article was written ("this year", "in June") ends with the article, unless the words
  point ahead. A year or month that is named in full ("2024", "June 2024") stays whole.
- Counts are as exact as `counted` says: "two weeks ago" is the day 14 days before, 3 days more or less.
- ``by`` and ``until`` leave the beginning open, ``since`` ends with the article, ``before`` and ``after`` leave out what they
  name.
- "Three days earlier" counts from the time told before it in the sentence; without one from the article; "three days later"
  without one is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from multipolar.reading.dates import counted, days, periods, years
from multipolar.reading.dates.joined import joined
from multipolar.reading.dates.told import Sentence, Told, unknown
from multipolar.reading.model import When

_PATTERNS: Final = (*days.PATTERNS, *periods.PATTERNS, *years.PATTERNS, *counted.PATTERNS)
#: No sentence without any of these has a time in it.
_ANY: Final = re.compile(
    r"[0-9]|day|week|month|year|decade|centur|hour|quarter|fortnight|spring|summer|autumn|fall|winter|ties\b|now\b|current|present"
    r"|moment|recent|late|soon|short|future|night|morning|afternoon|evening|tomorrow|ago\b"
    r"|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A time expression of a text.

    Attributes
    ----------
    start, end : int
        Its characters in the article: ``article[start:end] == when.text``.
    when : When
        The days, the words, and how the days follow from the words.
    """

    start: int
    end: int
    when: When


def times(text: str, on: date | None, *, start: int = 0) -> list[Found]:
    """Find every time expression of a sentence and resolve it against the day of the article.

    Parameters
    ----------
    text : str
        An English sentence, or several.
    on : date or None
        Day of the article; without it "yesterday" or "in June" say nothing (precision ``unknown``).
    start : int
        Where `text` begins in the article; added to all offsets.

    Returns
    -------
    list of Found
        In the order of the text; they do not overlap. Intervals include their first and last day; one end is None
        where it is open ("by October 2024"). What is a time but no date (31 June, recently, for two years) has the
        precision ``unknown`` and a basis that says why.

    Examples
    --------
    >>> [found] = times("They met two weeks ago.", date(2024, 6, 21))
    >>> found.when.text, found.when.start.isoformat(), found.when.end.isoformat()
    ('two weeks ago', '2024-06-04', '2024-06-10')
    """
    if not _ANY.search(text):
        return []
    sentence = Sentence(text, on)
    return [Found(start + each.start, start + each.end, each.when(text)) for each in joined(sentence, _scan(sentence))]


def _scan(sentence: Sentence) -> list[Told]:
    """What the patterns find, the leftmost and longest first; later ones may count from earlier ones."""
    matches = [
        (found, order, make)
        for order, (pattern, make) in enumerate(_PATTERNS)
        for found in pattern.finditer(sentence.text)
    ]
    matches.sort(key=lambda each: (each[0].start(), -each[0].end(), each[1]))
    said: list[Told] = []
    done = 0
    for found, _, make in matches:
        if found.start() < done:
            continue
        try:
            one = make(found, sentence, said)
        except (ValueError, OverflowError):
            one = unknown(found, "the calendar has no such day")
        if one is not None:
            said.append(one)
            done = one.end
    return said


_HARD = re.compile(
    r"[;:!?()\[\]]|\.(?=\s|\Z)|\s[\u2013\u2014-]+\s|\u2014|[\"\u201c\u201d]"
    r"|\b(?:which|who|whom|whose|when|while|whereas|because|although|though|if|unless|but|that|after|before|since|where)\b",
    re.I,
)
_INSERTED = re.compile(r",\s*(?:which|who|whom|whose|where|when|while|although|though)\b[^,;:.]*,", re.I)
_SOFT = re.compile(r",|\b(?:and|or|as)\b", re.I)
_OPENS = re.compile(r",\s*(?:and\s+)?(?:(?:in|on|at|by|during|the|this|last)\s+)*\Z", re.I)
_SUBJECT = re.compile(
    r"\s+(?!(?:in|on|at|by|with|to|for|from|of|over|during|as|and|but|or|after|before|near)\b)[A-Za-z]"
)
_SAYING = re.compile(
    r"\b(?:said|says|told|announced|reported|warned|added|stated|declared|wrote|claimed|tweeted|insisted|argued)"
    r"(?:\s+(?:on|in|late|early|reporters|journalists|a|the|news|conference|press|parliament|at))*\s+\Z",
    re.I,
)


def pick(found: Sequence[Found], start: int, end: int, *, text: str = "", at: int = 0) -> When | None:
    """The time that belongs to some words: the nearest one of the same clause.

    Order: a time inside the words; then one with nothing that opens another clause between it and them (a dash,
    a semicolon, "which", "while", "that", ...), those without a comma or "and" between first, then the nearest by
    characters, the following before the preceding one. A clause of its own ends at its comma ("which invaded in 2014,
    signed"). Times with days come before times without ("recently"), whatever
    the distance. A comma beside a time in front of the sentence ("On Wednesday, ...") counts as nothing; a time of
    saying (", he said on Wednesday") belongs to the saying and to nothing beyond its comma; one that opens a clause
    (", in May he went") not to what stands before the comma.

    Parameters
    ----------
    found : sequence of Found
        What `times` returned.
    start, end : int
        The words, in characters of the article.
    text : str
        The sentence (or the article) that tells clauses apart; without it only distance counts.
    at : int
        Where `text` begins in the article.

    Returns
    -------
    When or None
        None where no time of the clause belongs to the words.
    """
    ranked = sorted(
        (rank, number) for number, each in enumerate(found) if (rank := _rank(each, start, end, text, at)) is not None
    )
    return found[ranked[0][1]].when if ranked else None


def _rank(each: Found, start: int, end: int, text: str, at: int) -> tuple[int, int, int, int] | None:
    """How far a time is from some words, smaller is nearer; None where another clause lies between."""
    vague = int(each.when.start is None and each.when.end is None)
    if each.start < end and start < each.end:
        return vague, -1, 0, 0
    before = each.end <= start
    gap = (each.end, start) if before else (end, each.start)
    between = text[max(0, gap[0] - at) : max(0, gap[1] - at)]
    between = _INSERTED.sub(" ", between)
    if _HARD.search(between):
        return None
    if "," in between and _subordinate(text[: max(0, min(each.start, start) - at)]):
        return None
    soft = len(_SOFT.findall(between))
    if before and soft and between.lstrip().startswith(",") and _fronted(text[: max(0, each.start - at)]):
        soft -= 1
    elif not before and soft and _belongs_elsewhere(between, text, max(0, each.start - at), each.end - at):
        return None
    return vague, soft, gap[1] - gap[0], int(before)


def _belongs_elsewhere(between: str, text: str, start: int, end: int) -> bool:
    """Whether a time behind a comma belongs to a saying (", he said on Friday") or opens what follows (", in May he ...")."""
    if _SAYING.search(text, 0, start):
        return True
    return _OPENS.search(between) is not None and _SUBJECT.match(text, max(0, end)) is not None


def _subordinate(before: str) -> bool:
    """Whether what comes next stands in a clause of its own that the next comma ends: "which invaded in 2014, ..."."""
    last = max((cut.end() for cut in re.finditer(r"[,;:.!?]\s|\n", before)), default=0)
    return _HARD.search(before, last) is not None


def _fronted(before: str) -> bool:
    """Whether nothing but a preposition stands before a time in its clause."""
    last = max((cut.end() for cut in re.finditer(r"[.;:!?,\u2013\u2014]\s|\n|\b(?:and|but|that)\s", before)), default=0)
    return len(before[last:].split()) <= 1
