"""Events that a text names without saying who did what: "the invasion of Kuwait", "the Camp David accords", "Brexit".

The table ``data/named.tsv`` has their type, parties and days. An event is found only where it can be meant: it had begun
by the article's day; a year beside it is one of its own ("the 1968 invasion of Czechoslovakia"); whoever stands before it,
or after "by", took part ("the Soviet invasion of Afghanistan"); and nothing says that it is another or a supposed one ("a
second invasion of Ukraine", "a possible invasion of Iraq"). Of several that remain the latest is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from multipolar.actors.tables import Row, read_table
from multipolar.reading.into import MODES, known_code
from multipolar.reading.model import TYPES, Precision, When
from multipolar.reading.names.gazetteer import DATA
from multipolar.reading.names.spelling import WORD, fold_word

COLUMNS: Final = ("phrase", "type", "mode", "actors", "recipients", "reciprocal", "from", "to", "source")
#: Types of deeds that somebody does to somebody: who stands before them did them.
_DEEDS: Final = frozenset({"ASSAULT", "COERCE", "MOBILIZE", "SANCTION", "RETREAT", "PROTEST", "THREATEN", "REQUEST"})
#: Words before a phrase after which it is another event, or only a supposed one.
_OTHER: Final = frozenset({
    "a", "an", "another", "any", "every", "no", "new", "possible", "potential", "feared", "future", "next",
    "planned", "imminent", "threatened", "looming", "hypothetical", "would", "prospective", "likely", "second",
    "third", "repeat", "averted", "attempted", "similar",
})  # fmt: skip
#: Words that may stand between such a word, a year or an actor and the phrase.
_BETWEEN: Final = frozenset({
    "s", "full", "scale", "large", "small", "all", "out", "led", "backed", "military", "armed", "land", "ground",
    "air", "naval", "illegal", "brutal", "limited", "joint", "initial", "original", "historic",
    "landmark", "bloody", "disastrous", "secret", "surprise", "unprovoked", "be", "failed", "ill", "fated",
})  # fmt: skip
#: Phrases without a name in them.
_LOWER: Final = ("full scale invasion", "no limit", "partnership without", "friendship without", "phase one")
_GAP: Final = re.compile(r"[ \t\u00a0]*\n?[ \t\u00a0]*|[-–‑/]|['’‘]s? ?|\.[ ]?|,? ")
_CLOSE: Final = re.compile(r"[ \t\u00a0\n]*|[-–‑]|['’‘]|[\"“”] ?| [\"“”]")
_YEAR_AFTER: Final = re.compile(
    r",? (?:in|of|on)(?: early| late)?(?: \d{1,2})?(?: [A-Z][a-z]+)?(?: \d{1,2},?)? (1[89]\d\d|20\d\d)\b"
)
_BY: Final = re.compile(r" by (?:the )?")
_YEAR: Final = re.compile(r"1[89]\d\d|20\d\d")


@dataclass(frozen=True, slots=True)
class Named:
    """A named event in a text.

    Attributes
    ----------
    start, end : int
        Where its name stands.
    text : str
        The words.
    type : str
        PLOVER type.
    mode : str or None
        PLOVER mode.
    actors, recipients : tuple of str
        Codes; a reciprocal event has all in `actors`.
    reciprocal : bool
    first, last : date
        First and last day.
    source : str
        Where that can be looked up.
    """

    start: int
    end: int
    text: str
    type: str
    mode: str | None
    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    reciprocal: bool
    first: date
    last: date
    source: str

    @property
    def when(self) -> When:
        """Its days."""
        precision: Precision = "day" if self.first == self.last else "range"
        return When(self.first, self.last, precision, self.text, f"a named event: {self.source}")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row of the table."""

    type: str
    mode: str | None
    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    reciprocal: bool
    first: date
    last: date
    source: str


@dataclass(frozen=True, slots=True)
class _Words:
    text: str
    spans: list[tuple[int, int]]
    keys: list[str]

    def gap(self, place: int) -> str:
        """What stands between a word and the next one."""
        return self.text[self.spans[place][1] : self.spans[place + 1][0]]


def find(text: str, on: date | None = None, *, start: int = 0) -> list[Named]:
    """The named events of a text, from left to right, none overlapping.

    Parameters
    ----------
    text : str
        A sentence or more.
    on : date, optional
        The article's day; today if None. What had not begun by then is not found.
    start : int
        Where the text begins in the article; added to all offsets.

    Returns
    -------
    list of Named

    Examples
    --------
    >>> [each.first.isoformat() for each in find("Three years after the Soviet invasion of Afghanistan")]
    ['1979-12-24']
    """
    matches = list(WORD.finditer(text))
    words = _Words(text, [match.span() for match in matches], [fold_word(match.group()) for match in matches])
    day = on or date.today()
    found: list[Named] = []
    place = 0
    while place < len(words.keys):
        length, entries = _longest(words, place)
        entry = _chosen(words, place, length, entries, day) if length else None
        if entry is not None:
            a, b = words.spans[place][0], words.spans[place + length - 1][1]
            found.append(_named(entry, a + start, b + start, text[a:b]))
        place += length or 1
    return found


def _named(entry: _Entry, start: int, end: int, text: str) -> Named:
    return Named(
        start, end, text, entry.type, entry.mode, entry.actors, entry.recipients, entry.reciprocal, entry.first, entry.last,
        entry.source,
    )  # fmt: skip


def _longest(words: _Words, place: int) -> tuple[int, Sequence[_Entry]]:
    """How many words the longest phrase here has, and the events it names."""
    phrases, longest = _index()
    limit = min(longest.get(words.keys[place], 0), len(words.keys) - place)
    reach = 1
    while reach < limit and _GAP.fullmatch(words.gap(place + reach - 1)):
        reach += 1
    for length in range(min(reach, limit), 0, -1):
        phrase = " ".join(words.keys[place : place + length])
        if phrase in phrases and _written(words, place, length, phrase):
            return length, phrases[phrase]
    return 0, ()


def _written(words: _Words, place: int, length: int, phrase: str) -> bool:
    """Whether it is written as a name: something in it has a capital; and "invasion" alone is not "invasion of"."""
    text = words.text[words.spans[place][0] : words.spans[place + length - 1][1]]
    if text.islower() and not phrase.startswith(_LOWER):
        return False
    after = words.keys[place + length] if place + length < len(words.keys) else ""
    return not (phrase.endswith("invasion") and after == "of")


def _chosen(words: _Words, place: int, length: int, entries: Iterable[_Entry], day: date) -> _Entry | None:
    """The latest of the events that can be meant; None where none can."""
    before = list(_before(words, place))
    if any(word in _OTHER for word in before):
        return None
    end = words.spans[place + length - 1][1]
    years = [int(word) for word in before if _YEAR.fullmatch(word)]
    if after := _YEAR_AFTER.match(words.text, end):
        years.append(int(after[1]))
    fitting = [
        entry
        for entry in entries
        if entry.first <= day and all(entry.first.year <= year <= entry.last.year for year in years)
    ]
    doers: set[str] = set()
    if fitting and fitting[0].type in _DEEDS:
        doers = _doers(words, place, end, day)
        of_deed = "of" in words.keys[place : place + length] or "from" in words.keys[place : place + length]
        fitting = [entry for entry in fitting if doers <= _parties(entry, of_deed)]
    return max(fitting, key=lambda entry: (doers <= {_same(code) for code in entry.actors}, entry.first), default=None)


def _before(words: _Words, place: int) -> Iterator[str]:
    """The words just before a phrase that may say which one is meant: years, adjectives, what makes it another one."""
    for at in range(place - 1, max(place - 7, -1), -1):
        key = words.keys[at]
        if not _CLOSE.fullmatch(words.gap(at)):
            return
        yield key
        capital = words.text[words.spans[at][0]].isupper()
        if not (capital or key in _BETWEEN or key in _OTHER or _YEAR.fullmatch(key)):
            return


def _doers(words: _Words, place: int, end: int, day: date) -> set[str]:
    """Codes of the states and organisations that stand right before the phrase, or after "by"."""
    from multipolar.reading.names.registry import find as names  # builds its index when first asked

    at = place
    for key in _before(words, place):
        capital = words.text[words.spans[at - 1][0]].isupper()
        if not (capital or key in _BETWEEN or _YEAR.fullmatch(key)):
            break
        at -= 1
    text = words.text[words.spans[at][0] : words.spans[place][0]] if at < place else ""
    found = {hit.code for hit in names(text, day)[-1:]} if text.strip() else set()
    if by := _BY.match(words.text, end):
        rest = words.text[by.end() : by.end() + 60]
        found |= {hit.code for hit in names(rest, day)[:1] if hit.start == 0}
    return {_same(code) for code in found if not code.startswith("GRP:") and code != "UNK"}


def _parties(entry: _Entry, deed: bool) -> set[str]:
    """Who may be named as the one whose event it is: of a deed who did it, of a war both sides."""
    sides = entry.actors if deed else (*entry.actors, *entry.recipients)
    allied = {"IGO:NATO", "IGO:UN"} if "USA" in entry.actors else {"USA"} if "IGO:NATO" in entry.actors else set()
    return {_same(code) for code in sides} | allied


def _same(code: str) -> str:
    return "RUS" if code == "SUN" else code


@cache
def _index() -> tuple[dict[str, tuple[_Entry, ...]], dict[str, int]]:
    """Events by their phrases, and the number of words of the longest phrase by its first word."""
    phrases: dict[str, list[_Entry]] = {}
    longest: dict[str, int] = {}
    for texts, entry in read_named(DATA / "named.tsv"):
        for text in texts:
            phrases.setdefault(text, []).append(entry)
            first, *rest = text.split(" ")
            longest[first] = max(longest.get(first, 0), 1 + len(rest))
    return {text: tuple(entries) for text, entries in phrases.items()}, longest


def read_named(path: Path) -> list[tuple[tuple[str, ...], _Entry]]:
    """Read a table of named events: their phrases, and what each is.

    Raises
    ------
    DataError
        With file, line and column, if a row is malformed.
    """
    return [(_phrases(row), _entry(row)) for row in read_table(path, COLUMNS)]


def _phrases(row: Row) -> tuple[str, ...]:
    texts = tuple(row.required("phrase").split("|"))
    for text in texts:
        if text != " ".join(fold_word(word) for word in WORD.findall(text)) or not text:
            raise row.bad("phrase", "folded words with one blank between them", hint="Write it without case and marks.")
    return texts


def _entry(row: Row) -> _Entry:
    type = row.choice("type", TYPES)
    mode = row["mode"] or None
    if mode is not None:
        row.choice("mode", sorted(MODES[type]))
    reciprocal = row.choice("reciprocal", ("yes", "no")) == "yes"
    row.required("actors")
    actors, recipients = _codes(row, "actors"), _codes(row, "recipients")
    if reciprocal and (recipients or len(actors) < 2):
        raise row.bad("recipients", "nobody, and two or more actors, for what is reciprocal")
    first, last = row.span()
    return _Entry(type, mode, actors, recipients, reciprocal, first, last or first, row.required("source"))


def _codes(row: Row, column: str) -> tuple[str, ...]:
    codes = tuple(row[column].split("|")) if row[column] else ()
    if any(not known_code(code) for code in codes) or len(set(codes)) < len(codes):
        raise row.bad(column, "different codes as RUS or IGO:NATO, separated by |")
    return codes
