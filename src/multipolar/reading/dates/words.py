"""The words for times in English, as pieces of regular expressions, and what numbers they stand for."""

from __future__ import annotations

import re
from typing import Final

#: Space between words.
S: Final = r"\s+"
#: Hyphens and dashes.
DASH: Final = r"[-\u2010\u2011\u2012\u2013\u2014\u2212]"
#: Apostrophes.
APOS: Final = "['\u2019]"
#: A year of four digits that is no part of a longer number.
YEAR: Final = r"(?:1[0-9]{3}|20[0-9]{2}|21[0-4][0-9])(?![0-9]|[.,][0-9])"

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNITS = ("hour", "day", "week", "weekend", "fortnight", "month", "quarter", "year", "decade", "century")
#: Names of months that are also words or names of persons: they need words of time around them.
ALSO_WORDS: Final = frozenset({"march", "april", "may", "june", "august"})


def key(words: str) -> str:
    """Words as they stand in the tables: lower case, one space between them, letters without dots."""
    lower = words.casefold().replace("\u0307", "").replace("\u0131", "i").replace("\u2019", "'")
    return " ".join(lower.replace("-", " ").split())


def _either(names: tuple[str, ...]) -> str:
    """Capitalised or in capitals throughout."""
    return "|".join(f"{name}|{name.upper()}" for name in names)


#: Months in full.
MONTH_FULL: Final = f"(?:{_either(_MONTHS)})"
#: Months in full or abbreviated.
MONTH: Final = rf"(?:{_either(_MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
#: Days of the week in full.
WEEKDAY_FULL: Final = f"(?:{_either(_WEEKDAYS)})"
#: Days of the week in full or abbreviated.
WEEKDAY: Final = rf"(?:{_either(_WEEKDAYS)}|(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\b\.?)"
#: Seasons.
SEASON: Final = "(?:spring|summer|autumn|fall|winter)"
#: The parts of a day.
HOURS: Final = "(?:morning|afternoon|evening|night)"


def month_number(words: str) -> int:
    """1 for January; by the first three letters."""
    return 1 + [name[:3].casefold() for name in _MONTHS].index(key(words)[:3])


def month_name(number: int) -> str:
    """January for 1."""
    return _MONTHS[number - 1]


def weekday_number(words: str) -> int:
    """0 for Monday; by the first three letters."""
    return [name[:3].casefold() for name in _WEEKDAYS].index(key(words)[:3])


def weekday_name(number: int) -> str:
    """Monday for 0."""
    return _WEEKDAYS[number]


_ONES = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS: dict[str, float] = (
    {word: number for number, word in enumerate(_ONES, 1)}
    | {word: 10 * number for number, word in enumerate(_TENS, 2)}
    | {"a": 1, "an": 1, "half a": 0.5, "a half": 0.5, "a dozen": 12, "a hundred": 100, "one hundred": 100}
    | {f"{ten} {one}": 10 * i + j for i, ten in enumerate(_TENS, 2) for j, one in enumerate(_ONES[:9], 1)}
)
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
    "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth",
    "twenty-first",
)  # fmt: skip
#: Ordinal numbers in words, the longest first.
ORDINAL: Final = (
    "(?:" + "|".join(sorted((word.replace("-", r"[-\s]") for word in _ORDINALS), key=len, reverse=True)) + ")"
)
_TEN = "|".join(_TENS)
#: A number of units. Few, several and a couple are numbers too; "dozens of" is none.
AMOUNT: Final = (
    rf"(?:[0-9]{{1,4}}(?:\.[0-9])?(?:{S}1/2)?|a{S}couple{S}of|a{S}few|several|half{S}an?|a{S}half|an?{S}hundred|one{S}hundred"
    rf"|a{S}dozen|(?:{_TEN})(?:[-\s](?:{'|'.join(_ONES[:9])}))?|{'|'.join(sorted(_ONES, key=len, reverse=True))}|an?)"
)
#: A unit of time, one or more of it.
UNIT: Final = "(?:hours?|days?|weeks?|fortnights?|months?|years?|decades?|century|centuries)"
#: More than one unit, of which the number is not said.
UNITS: Final = "(?:hours|days|weeks|months|years|decades|centuries)"
#: What makes a number less exact.
ABOUT: Final = (
    rf"(?:more{S}than|less{S}than|at{S}least|at{S}most|over|nearly|almost|about|around|roughly|approximately|some|just"
    rf"{S}over|just{S}under|just|only|under|barely|exactly|up{S}to|well{S}over)"
)
#: Nouns that are counted: a number before them is no year and no day.
COUNTED: Final = (
    r"(?:people|persons?|troops|soldiers|men|women|children|civilians|fighters|militants|insurgents|rebels|prisoners|hostages"
    r"|detainees|refugees|migrants|workers|employees|police|policemen|officers|officials|students|teachers|delegates"
    r"|participants|passengers|members|residents|villagers|citizens|inhabitants|families|households|homes|houses"
    r"|buildings|villages|towns|tanks|missiles|rockets|drones|warheads|shells|rounds|vehicles|trucks|aircraft|jets|planes"
    r"|helicopters|ships|vessels|boats|guns|rifles|weapons|bombs|mines|sorties|strikes|targets|sites|bodies|deaths|dead"
    r"|killed|wounded|injured|casualties|victims|cases|jobs|companies|firms|shares|votes|seats|copies|pages|words|barrels"
    r"|tons?|tonnes?|kg|kilograms?|kilos?|km|kilomet(?:re|er)s?|miles?|met(?:re|er)s?|feet|foot|acres|hectares|litres|liters|gallons"
    r"|dollars?|euros?|pounds?|rubles|roubles|yuan|yen|rupees|francs|cents|percent|per\scent|points?|degrees|hours?|minutes"
    r"|seconds|days?|weeks?|months?|years?|times|GMT|UTC|hundred|thousand|million|billion|trillion|MW|megawatts|GW|gigawatts"
    r"|countries|states|nations|governments|tribes|parties|billionaires|pilgrims|protesters|demonstrators|activists"
    r"|journalists|lawmakers|leaders|diplomats|experts|observers|peacekeepers|reservists|conscripts|recruits|volunteers)\b"
)


def unit_name(words: str) -> str:
    """The unit in the singular: centuries is century."""
    word = key(words)
    return next(name for name in _UNITS if word in (name, f"{name}s")) if word != "centuries" else "century"


def ordinal_number(words: str) -> int:
    """1 for first or 1st."""
    digits = re.match("[0-9]+", words)
    return int(digits[0]) if digits else 1 + [key(word) for word in _ORDINALS].index(key(words))


def amount(words: str, half: bool = False) -> tuple[float, float]:
    """The least and the most that an amount may be: a couple is 2, a few and several are 2 to 7.

    Parameters
    ----------
    words : str
        What `AMOUNT` matched.
    half : bool
        Whether "and a half" follows.
    """
    word = key(words)
    more = 0.5 if half else 0.0
    if word in ("a few", "several"):
        return 2.0, 7.0
    if word == "a couple of":
        return 2.0, 2.0
    if word[0].isdigit():
        number, _, fraction = word.partition(" ")
        return float(number) + more + (0.5 if fraction else 0), float(number) + more + (0.5 if fraction else 0)
    return _NUMBERS[word] + more, _NUMBERS[word] + more
