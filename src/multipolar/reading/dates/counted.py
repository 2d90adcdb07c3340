"""Times that are counted from a day: "two weeks ago", "three days earlier", "in the past decade", "for two years".

How exact such a number is taken to be: days are exact; a count of weeks is 3 days more or less, of months 15 days, of
years half a year, of decades 2 years, of centuries 10 years. "A few" and "several" are 2 to 7. "More than two years ago"
lies between three and two years before, "nearly two years ago" between two and one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from multipolar.reading.dates.calendar import Span, shift
from multipolar.reading.dates.tense import still
from multipolar.reading.dates.told import NO_ANCHOR, NO_DATE, Maker, Sentence, Told, anchor, told, unknown
from multipolar.reading.dates.words import ABOUT, AMOUNT, APOS, UNIT, UNITS, S, amount, key, unit_name
from multipolar.reading.model import Precision

#: How much more or less: unit and number.
_GIVE: Final = {
    "week": ("day", 3), "fortnight": ("day", 3), "month": ("day", 15), "quarter": ("day", 45), "year": ("month", 6),
    "decade": ("year", 2), "century": ("year", 10),
}  # fmt: skip
_PRECISION: Final[dict[str, Precision]] = {
    "hour": "day", "day": "day", "week": "week", "fortnight": "week", "month": "month", "year": "year",
}  # fmt: skip
_MORE: Final = ("more than", "over", "well over", "just over", "at least")
_LESS: Final = ("less than", "nearly", "almost", "under", "just under", "barely", "at most", "up to")
#: What is counted from an event.
UNDATED: Final = "counted from something that has no date here"
_LENGTH: Final = "a length of time, not a date"

_HALF = rf"{S}and{S}a{S}half"
_COUNT = rf"(?:(?P<about>{ABOUT}){S})?(?P<amount>{AMOUNT})(?P<more>{_HALF})?{S}(?P<unit>{UNIT})(?P<half>{_HALF})?"


def _name(found: re.Match[str]) -> str:
    """The amount in words."""
    first, last = found.start("about" if found["about"] else "amount"), found.end("half" if found["half"] else "unit")
    return " ".join(found.string[first:last].split())


def _around(day: date, found: re.Match[str], sign: int) -> tuple[Span, Precision, str]:
    """The interval so many units before (-1) or after (1) a day, its precision, and how wide it was taken."""
    unit = unit_name(found["unit"])
    low, high = amount(found["amount"], bool(found["half"] or found["more"]))
    near, far = sorted((shift(day, unit, sign * low), shift(day, unit, sign * high)), reverse=sign < 0)
    step, number = _GIVE.get(unit, ("day", 0))
    about = key(found["about"] or "")
    if about in _MORE:
        far = shift(far, step, sign * (2 * number or 1))
    elif about in _LESS:
        near = shift(near, step, -sign * (2 * number or 1))
    elif low == high:
        span = shift(min(near, far), step, -number), shift(max(near, far), step, number)
        return span, _PRECISION.get(unit, "range"), f", give or take {number} {step}s" if number else ""
    return (min(near, far), max(near, far)), "range", ""


def _within(span: Span, day: date, sign: int) -> Span:
    """An interval before a day does not reach beyond it, nor one after it."""
    return (min(span[0], day), min(span[1], day)) if sign < 0 else (max(span[0], day), max(span[1], day))


def _from(found: re.Match[str], day: date, sign: int, name: str) -> Told:
    """So many units before or after a day."""
    span, precision, give = _around(day, found, sign)
    basis = f"{_name(found)} {'before' if sign < 0 else 'after'} {name}{give}"
    return told(found, _within(span, day, sign), precision, basis)


# ------------------------------------------------------------------------------------------------- ago, earlier, later
_AGO = (
    rf"(?<![\w-]){_COUNT}{S}(?P<way>ago|from{S}now|from{S}today|hence|earlier|before|prior|previously|later|after"
    rf"|afterwards?)(?!\w)"
)
_AGO_PATTERN = re.compile(_AGO, re.I)
_COMPLEMENT = re.compile(
    r"\s+(?!and\b|but\b|that\b|in\b|at\b|when\b|with\b|by\b|on\b|for\b|as\b|was\b|were\b|had\b|has\b|is\b|who\b"
    r"|which\b)\w"
)
_THAN = re.compile(r"\s+than\b")


def _ago(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> Told | None:
    """Counted from the article (ago, from now), or from another time of the text (earlier, later)."""
    way, on = key(found["way"]), sentence.on
    if way in ("ago", "from now", "from today", "hence"):
        if on is None:
            return unknown(found, NO_DATE)
        return _from(found, on, -1 if way == "ago" else 1, str(on))
    if way in ("before", "prior", "after") and sentence.after(found.end(), _COMPLEMENT):
        return unknown(found, UNDATED, "counted")
    if sentence.after(found.end(), _THAN):
        return unknown(found, "a difference, not a date")
    sign = 1 if way in ("later", "after", "afterward", "afterwards") else -1
    at = anchor(before)
    if at is not None and at.first is not None and at.last is not None:
        return _from_other(found, at, sign)
    if on is None or sign > 0:
        return unknown(found, NO_ANCHOR if on else NO_DATE)
    return _from(found, on, sign, f"{on}: the text names no other day before")


def counted_from(sentence: Sentence, one: Told, at: Told) -> Told | None:
    """Two days after 19 June: count from the time that follows.

    Parameters
    ----------
    sentence : Sentence
        The words.
    one : Told
        What was counted ("two days after"), of the kind ``counted``.
    at : Told
        The time right behind it.

    Returns
    -------
    Told or None
        Both as one time; None where the second has no days.
    """
    found = _AGO_PATTERN.match(sentence.text, one.start)
    if found is None or at.first is None or at.last is None:
        return None
    counted = _from_other(found, at, 1 if key(found["way"]).startswith("after") else -1)
    return replace(counted, end=at.end)


def _from_other(found: re.Match[str], at: Told, sign: int) -> Told:
    """Counted from both ends of another time."""
    assert at.first is not None and at.last is not None
    span, precision, give = _around(at.first, found, sign)
    name = f"{_name(found)} {'before' if sign < 0 else 'after'}"
    if at.first == at.last:
        return told(found, _within(span, at.first, sign), precision, f"{name} {at.first}{give}")
    # what lies some units from a period is as wide as the period
    unit, (low, high) = unit_name(found["unit"]), amount(found["amount"], bool(found["half"] or found["more"]))
    ends = [shift(day, unit, sign * count) for day in (at.first, at.last) for count in (low, high)]
    return told(found, (min(ends), max(ends)), at.precision if low == high else "range", f"{name} {at.basis}")


_MANY_AGO = rf"(?<![\w-])(?:(?:many|some|long|countless){S})?(?:{UNITS}|long){S}ago(?!\w)"
_MANY = rf"(?<![\w-]){UNITS}{S}(?:earlier|later|before|after)(?!\w)"


def _many(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> Told | None:
    """Years ago: how many is not said."""
    return unknown(found, "the text does not say how many")


# --------------------------------------------------------------------------------------------- the past two years, in two weeks
_PAST = (
    rf"(?<![\w-])(?:the|these|this|his|her|its|their){S}(?:past|last|preceding){S}(?:(?P<amount>{AMOUNT}|few|couple{S}of){S})?"
    rf"(?P<unit>{UNIT})(?P<half>{_HALF})?(?![\w-])(?!{S}(?:of|before|when)\b)"
)
_COMING = (
    rf"(?<![\w-])the{S}(?:next|coming|upcoming){S}(?:(?P<amount>{AMOUNT}|few|couple{S}of){S})?"
    rf"(?P<unit>{UNIT})(?P<half>{_HALF})?(?![\w-])(?!{S}of\b)"
)
_BARE_PAST = (
    rf"(?<![\w-])(?:past|last){S}(?P<amount>(?!an?{S}(?!few|couple)){AMOUNT}){S}(?P<unit>{UNIT})"
    rf"(?P<half>{_HALF})?(?![\w-])"
)
_VERB = re.compile(rf"\b(?:to|will|would|can|could|may|might|must|should|not|likely){S}\Z", re.I)
_IN_FRONT = re.compile(rf"\b(?:over|in|during|within|for|throughout|across){S}\Z", re.I)


def _rolling(found: re.Match[str], sentence: Sentence, sign: int) -> Told | None:
    """The length that ends, or begins, with the day of the article."""
    on, said, plural = sentence.on, found["amount"], key(found["unit"]).endswith("s")
    if on is None:
        return unknown(found, NO_DATE)
    if said is None and plural:
        if sign < 0:
            return unknown(found, "the text does not say how many")
        return Told(found.start(), found.end(), on, None, "range", f"from {on} on; the text does not say how long")
    words = {"few": "a few", "couple of": "a couple of"}.get(key(said or "one"), said or "one")
    far = shift(on, unit_name(found["unit"]), sign * amount(words, bool(found["half"]))[1])
    span = (far, on) if sign < 0 else (on, far)
    basis = f"{words} {found['unit']} {'up to' if sign < 0 else 'from'} {on}"
    return told(found, span, "range", basis)


def _past(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> Told | None:
    """In the past decade, over the last two years. What is to last two years does not."""
    if sentence.before(found.start(), _VERB):
        return None
    return _rolling(found, sentence, -1)


def _coming(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> Told | None:
    """In the coming months, over the next five years. "The next year" alone is counted from another time."""
    alone = found["amount"] is None and not found["unit"].endswith("s") and "coming" not in key(found[0])
    if alone and not sentence.before(found.start(), _IN_FRONT):
        return None
    return _rolling(found, sentence, 1)


_LONG = (
    rf"(?<![\w-])(?P<how>for|in|within|over|after|during){S}(?:(?P<whole>the{S}first|another|a{S}further|a{S}full|all){S})?"
    rf"{_COUNT}(?P<time>{APOS}{S}time)?(?![\w-])(?!{S}(?:of|old|ago|earlier|later|before|after|from)\b)"
)


def _long(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> Told | None:
    """A length: a date only where the tense ties it to the day of the article."""
    how, on = key(found["how"]), sentence.on
    if how not in ("for", "in", "within"):
        return unknown(found, _LENGTH, "length")
    ahead = sentence.future(found.start(), found.end())
    if how == "for" and still(sentence.text, found.start()) and not found["whole"]:
        if on is None:
            return unknown(found, NO_DATE, "length")
        count = amount(found["amount"], bool(found["half"] or found["more"]))[1]
        span = shift(on, unit_name(found["unit"]), -count), on
        return told(found, span, "range", f"{_name(found)} up to {on}", "length")
    if how == "for" or found["whole"] or not (ahead or found["time"]):
        return unknown(found, _LENGTH, "length")
    if on is None:
        return unknown(found, NO_DATE, "length")
    if how == "within" or key(found["about"] or "") in _LESS:
        return told(
            found,
            (on, shift(on, unit_name(found["unit"]), amount(found["amount"])[1])),
            "range",
            f"within {_name(found)} from {on} on",
            "length",
        )
    return _from(found, on, 1, str(on))


_LONG_MANY = rf"(?<![\w-])for{S}(?:many{S}|some{S})?{UNITS}(?![\w-])"
_VAGUE = (
    rf"(?<![\w-])(?:(?:very{S})?recently|lately|of{S}late(?!{S}(?-i:[A-Z]))|in{S}recent{S}(?:{UNITS}|times|memory)|recent{S}(?:{UNITS}|times)"
    rf"|not{S}long{S}ago|(?:very{S})?soon|shortly|in{S}the{S}(?:near|foreseeable|not{S}too{S}distant){S}future)(?![\w-])"
)
_NOT_SOON = re.compile(rf"{S}(?:after|before|as)\b", re.I)


def _lasting(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> Told | None:
    return unknown(found, _LENGTH, "length")


def _vague(found: re.Match[str], sentence: Sentence, before: Sequence[Told]) -> Told | None:
    """Recently, soon: near the day of the article, but nobody says how near."""
    if key(found[0]).endswith(("soon", "shortly", "recently")) and sentence.after(found.end(), _NOT_SOON):
        return None
    if key(found[0]).endswith(("soon", "shortly", "future")):
        return unknown(found, "after the day of the article; the text does not say how long")
    return unknown(found, "before the day of the article; the text does not say how long")


#: Patterns of this module, and what makes times of them.
PATTERNS: Final[tuple[tuple[re.Pattern[str], Maker], ...]] = (
    (_AGO_PATTERN, _ago),
    (re.compile(_MANY_AGO, re.I), _many),
    (re.compile(_MANY, re.I), _many),
    (re.compile(_PAST, re.I), _past),
    (re.compile(_BARE_PAST, re.I), _past),
    (re.compile(_COMING, re.I), _coming),
    (re.compile(_LONG, re.I), _long),
    (re.compile(_LONG_MANY, re.I), _lasting),
    (re.compile(_VAGUE, re.I), _vague),
)
