"""Names of actors in a text, on a day: the longest ones, each with whom it stands for.

The words of the text are compared without case and accents; then what is written decides: "Turkey" is not "turkey",
"US" not "us", and "Chad Smith" no state. See `entries` for where the names come from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from rapidfuzz import fuzz

from multipolar.reading.names.entries import Entry, Index, index
from multipolar.reading.names.gazetteer import common
from multipolar.reading.names.roles import (
    BOUND_AFTER,
    BOUND_BEFORE,
    FIRST,
    GENERIC,
    GIVEN,
    MONTH_BEFORE,
    ORDINARY,
    PLAIN,
    PREFIXES,
    ROLES,
    SAYING,
    TITLES,
    singular,
)
from multipolar.reading.names.spelling import WORD, fold_text, fold_word, words

# Days around a text in which the bearer of an unlisted surname must have been in office.
_AROUND: Final = 15 * 365
_ORDER: Final = {
    kind: place
    for place, kind in enumerate(
        (
            "state",
            "adjective",
            "organisation",
            "metonym",
            "capital",
            "person",
            "place",
            "body",
            "collective",
            "city",
            "none",
        )
    )
}
#: Of two states that share a name or adjective ("Dominican", "Congolese", "Korean") the one that texts mostly mean.
_LARGER: Final = frozenset({"DOM", "COD", "KOR", "CHN", "DEU", "VNM"})
_HEADS: Final = (
    "President", "Prime Minister", "Chancellor", "Premier", "King", "Queen", "Supreme Leader", "Emir", "General Secretary",
)  # fmt: skip
_AMERICAN_GEORGIA: Final = words(
    "atlanta savannah fulton alabama carolina florida tennessee kemp raffensperger republican republicans runoff "
    "ossoff warnock governor gov voters senate augusta macon"
)  # fmt: skip
# Common words that are also written like an acronym with one capital.
_NOT_ACRONYM: Final = words("who aid care pace shape unit mit isa race safe star fast cars atom mend lord fair")
_GAP: Final = re.compile(r"[ \t\u00a0]*\n?[ \t\u00a0]*|[ \t\n]?[-–&/][ \t\n]?|['’‘ʻ]s? ?|\. ?|, ?")


@dataclass(frozen=True, slots=True)
class Hit:
    """A name in a text.

    Attributes
    ----------
    start, end : int
        Where it stands: ``text[start:end]``.
    code : str
        ISO 3166-1 alpha-3, ``IGO:*``, ``GRP:*`` or ``UNK`` (known, of no state).
    sector : str or None
        PLOVER sector; None for a whole state.
    kind : str
        ``state``, ``adjective``, ``capital``, ``metonym``, ``organisation``, ``person``, ``body``, ``place``, ``city``
        or ``collective``.
    name : str
        The registry's own name of it.
    former : bool
        Whether the person held the office only before the day.
    office : str
        Of a person.
    bound : str
        The word that keeps it from naming its own country: ``backed`` in "US-backed rebels", ``pro`` in "pro-Russian".
    """

    start: int
    end: int
    code: str
    sector: str | None
    kind: str
    name: str
    former: bool = False
    office: str = ""
    bound: str = ""


@dataclass(frozen=True, slots=True)
class _Text:
    """A text with its words, as they stand and folded."""

    text: str
    spans: list[tuple[int, int]]
    words: list[str]
    keys: list[str]
    titled: bool
    capital: bool

    def gap(self, place: int) -> str:
        """What stands between a word and the next one."""
        return self.text[self.spans[place][1] : self.spans[place + 1][0]]


def find(text: str, on: date | None = None, *, phrase: bool = False) -> list[Hit]:
    """The names of actors in a text, the longest ones, from left to right, none overlapping.

    Parameters
    ----------
    text : str
        A phrase, a sentence or more.
    on : date, optional
        The day of the text; today if None. Who is in office on it goes before who was, and that before who will be.

    phrase : bool
        A noun phrase, in which capitals mean names; a sentence where most words have them is taken for a headline.

    Returns
    -------
    list of Hit

    Examples
    --------
    >>> [hit.code for hit in find("US-backed rebels left Turkey with a turkey")]
    ['USA', 'TUR']
    """
    names = index()
    view = _read(text, phrase)
    day = (on or date.today()).toordinal()
    found: list[tuple[Hit, int, int]] = []
    place, count = 0, len(view.keys)
    while place < count:
        hit = _at(names, view, place, day, found)
        if hit is None:
            place += 1
            continue
        found.append(hit)
        place = hit[2]
    return [each[0] for each in _settled(view, found) if each[0].kind != "none"]


def _read(text: str, phrase: bool) -> _Text:
    matches = list(WORD.finditer(text))
    words = [match.group() for match in matches]
    long = [word for word in words if len(word) > 3]
    upper = sum(word[0].isupper() for word in long)
    shouted = sum(word.isupper() and len(word) > 1 for word in words)
    spans = [match.span() for match in matches]
    return _Text(
        text, spans, words, [fold_word(word) for word in words],
        not phrase and upper >= max(5, 0.9 * len(long)), shouted >= max(2, 0.7 * len(words)),
    )  # fmt: skip


def _at(
    names: Index, view: _Text, place: int, day: int, found: Sequence[tuple[Hit, int, int]]
) -> tuple[Hit, int, int] | None:
    """The longest name that begins with a word."""
    key = view.keys[place]
    longest = names.longest.get(key)
    if longest is None:
        return _prefix(view, place)
    limit = min(longest, len(view.keys) - place)
    reach = 1
    while reach < limit and _GAP.fullmatch(view.gap(place + reach - 1)):
        reach += 1
    for length in range(reach, 0, -1):
        if length == 1 and (prefix := _prefix(view, place)) is not None:
            return prefix
        slots = names.names.get(" ".join(view.keys[place : place + length]) if length > 1 else key)
        if slots is None:
            continue
        fitting = [entry for spelling, entry in slots if _written(view, place, length, spelling, entry)]
        hit = _chosen(fitting, day) if fitting else None
        if hit is None:
            continue
        entry, former = hit
        if length > 1 and entry.kind == "person" and _goes_on(view, place, length, entry, names):
            continue
        if length == 1 and (entry.kind in ("person", "city") or key in GIVEN or key in PLAIN):
            begun = _alone(view, place, entry, found, names)
            if begun is None:
                continue
            return _hit(view, begun, place + 1, entry, former), begun, place + 1
        return _hit(view, place, place + length, entry, former), place, place + length
    return None


def _prefix(view: _Text, place: int) -> tuple[Hit, int, int] | None:
    """The first half of a compound such as "Sino-Russian"."""
    code = PREFIXES.get(view.keys[place])
    if code is None or place + 1 == len(view.keys) or view.gap(place) not in ("-", "–"):
        return None
    start, end = view.spans[place]
    return Hit(start, end, code, None, "adjective", view.words[place]), place, place + 1


def _hit(view: _Text, first: int, stop: int, entry: Entry, former: bool) -> Hit:
    start, end = view.spans[first][0], view.spans[stop - 1][1]
    if view.text[end : end + 1] == "." and "." in view.text[start:end] and len(view.words[stop - 1]) == 1:
        end += 1  # the last stop of "U.S."
    sector = "ELI" if former and entry.kind == "person" else entry.sector
    hit = Hit(start, end, entry.code, sector, entry.kind, entry.name, former, entry.office)
    return replace(hit, bound=_bound(view, first, stop))


def _bound(view: _Text, first: int, stop: int) -> str:
    text, end = view.text, view.spans[stop - 1][1]
    if stop < len(view.keys) and view.keys[stop] in BOUND_AFTER and view.gap(stop - 1).strip(".") in ("-", "–"):
        return view.keys[stop]
    if text[end : end + 2] in ("- ", "-,"):  # "US- and Turkish-backed"
        later = next((key for key in view.keys[stop : stop + 5] if key in BOUND_AFTER), "")
        if later:
            return later
    if first and view.keys[first - 1] in BOUND_BEFORE and view.gap(first - 1) in ("-", "–", " "):
        return view.keys[first - 1]
    return ""


def _written(view: _Text, place: int, length: int, spelling: str, entry: Entry) -> bool:
    """Whether the words stand as a name is written, with the capitals that it needs."""
    own = WORD.findall(spelling)
    if len(own) != length:
        return False
    if length > 1 and not _joined(view, place, length, spelling):
        return False
    if entry.kind == "collective":
        return _collective(view, place, own)
    single = length == 1
    for step, (mine, word) in enumerate(zip(own, view.words[place : place + length], strict=True)):
        if mine == word or (mine.islower() and not single):
            continue
        if mine.isupper() and len(mine) > 1:
            if not (word.istitle() and len(mine) > 3 and single and view.keys[place] not in _NOT_ACRONYM):
                return False
        elif not word[0].isupper():
            if single and mine.islower() and word.islower():
                continue
            generic = word.lower() in GENERIC or singular(word.lower()) in GENERIC
            if step == 0 or not generic:
                return False
        elif single and _otherwise(mine, word, view.keys[place], entry):
            return False
    return True


def _otherwise(mine: str, word: str, key: str, entry: Entry) -> bool:
    """Whether one word with a capital is more likely an acronym ("BARI"), or a word without the name's accent ("Male")."""
    if entry.kind == "city" and len(word) < 5 and len(word) > 1 and word.isupper():
        return True
    return word.isascii() and not mine.isascii() and key in ("male", "nice", "bar")


def _collective(view: _Text, place: int, own: Sequence[str]) -> bool:
    """Points of the compass need a capital to be more than a direction; the rest is read in any case."""
    last = view.words[place + len(own) - 1]
    if last.lower() in ("west", "east", "north", "south", "occident", "orient"):
        return last[0].isupper()
    return len(own) > 1 or view.words[place][0].isupper() or len(own[0]) > 8


def _joined(view: _Text, place: int, length: int, spelling: str) -> bool:
    """Whether no sentence or clause ends between the words."""
    for at in range(place, place + length - 1):
        gap = view.gap(at)
        if "." in gap and len(view.words[at]) > 2 and "." not in spelling:
            return False
        if len(view.words[at]) == 1 == len(view.words[at + 1]) and "." in spelling and "." not in gap:
            return False
        if "," in gap and "," not in spelling:
            return False
    return True


def _chosen(entries: Iterable[Entry], day: int) -> tuple[Entry, bool] | None:
    """Whom a name stands for on a day, and whether that was before it; None where it would be a guess."""
    known = [entry for entry in entries if not entry.surname]
    if not known:
        near = [e for e in entries if e.first - _AROUND <= day <= e.last + _AROUND]
        if len({entry.name.split()[0] + entry.code for entry in near}) != 1:
            return None
        known = near
    best = min(known, key=lambda entry: _rank(entry, day))
    same = [e for e in known if e.kind == best.kind == "person" and e.name == best.name]
    former = best.last < day and not any(entry.first <= day <= entry.last for entry in same)
    return best, former and best.kind == "person"


def _rank(entry: Entry, day: int) -> tuple[int, int, int, int]:
    """Current ones before former ones, the latest first, before future ones, the earliest first."""
    order = 2 * _ORDER[entry.kind] + (entry.kind in ("state", "adjective") and entry.code not in _LARGER)
    if entry.first <= day <= entry.last:
        return 0, order, not entry.office.startswith(_HEADS), -entry.first if entry.kind == "person" else 0
    if entry.last < day:
        return 1, day - entry.last, order, 0
    return 2, entry.first - day, order, 0


def _alone(view: _Text, place: int, entry: Entry, found: Sequence[tuple[Hit, int, int]], names: Index) -> int | None:
    """Where a name of one word begins that might be part of another person's name; None where it is."""
    key = view.keys[place]
    if view.capital:
        return None if key in PLAIN or key in _NOT_ACRONYM else place
    if entry.kind == "person" and key in ORDINARY and not _is_name(view, place):
        return None
    first = entry.kind == "person" or (entry.kind == "city" and key in common())
    if (first or key in FIRST) and _followed(view, place + 1, names):
        return None
    if place == 0 or view.gap(place - 1) not in (" ", ". ", "-") or (found and found[-1][2] == place):
        return place
    before = view.words[place - 1]
    if not before[0].isupper() or view.keys[place - 1] in TITLES or view.keys[place - 1] in PLAIN:
        return place
    if view.gap(place - 1) == ". " and len(before) > 2:
        return place
    if entry.kind == "person":
        given = fold_text(entry.name).split()[0]
        if given[0] == view.keys[place - 1][0] and (len(before) == 1 or fuzz.ratio(given, view.keys[place - 1]) >= 70):
            return place - 1
    if view.titled or not _unknown(view, place - 1, names):
        return place
    return None


def _goes_on(view: _Text, place: int, length: int, entry: Entry, names: Index) -> bool:
    """Whether a short form ("Juan Carlos") is only the beginning of another person's name."""
    stop = place + length
    if view.capital:
        return False
    full = fold_text(entry.name).split()
    if full[-1] == view.keys[stop - 1] and full[0] == view.keys[place]:
        return False
    return _followed(view, stop, names)


def _followed(view: _Text, place: int, names: Index) -> bool:
    """Whether a word with a capital that is no known name or ordinary word comes next."""
    if view.titled or place >= len(view.keys) or view.gap(place - 1) != " ":
        return False
    return view.words[place][0].isupper() and _unknown(view, place, names)


def _is_name(view: _Text, place: int) -> bool:
    """Whether a surname that is an ordinary word, or a month, is meant as a name here."""
    before = view.keys[place - 1] if place else ""
    after = view.keys[place + 1] if place + 1 < len(view.keys) else ""
    if before in TITLES or len(view.keys) == 1:
        return True
    if view.keys[place] == "may":
        return before not in MONTH_BEFORE and not after.isdigit() and (bool(before) or after in SAYING or after == "s")
    starts = not before or "." in view.gap(place - 1)
    return not starts or after in SAYING or after == "s"


def _unknown(view: _Text, place: int, names: Index) -> bool:
    """Whether a word with a capital is neither in the registry nor an ordinary word that may have one."""
    key = view.keys[place]
    if key in PLAIN or key in GENERIC or key in TITLES or singular(key) in ROLES or singular(key) in GENERIC:
        return False
    if key in FIRST:
        return True
    slots = names.names.get(key, ())
    return not any(entry.kind not in ("city", "person") for _, entry in slots)


def _settled(view: _Text, found: list[tuple[Hit, int, int]]) -> list[tuple[Hit, int, int]]:
    """The finds, after what their neighbours say: "the Philippine Senate" is not that of the United States."""
    out: list[tuple[Hit, int, int]] = []
    for each in found:
        hit, first, _ = each
        words = view.text[hit.start : hit.end]
        if out and hit.kind == "body" and _generic(words):
            last = out[-1]
            nation = last[0].kind in ("adjective", "state") and last[0].code != hit.code
            if nation and last[2] == first - (view.keys[first - 1] == "s") and not last[0].bound:
                hit = replace(hit, code=last[0].code, name=f"{last[0].name}: {words}")
        if hit.code == "GEO" and hit.kind == "state" and not _AMERICAN_GEORGIA.isdisjoint(view.keys):
            hit = replace(hit, code="USA", kind="place", name="Georgia (United States)")
        out.append((hit, each[1], each[2]))
    return out


def _generic(words: str) -> bool:
    keys = fold_text(words).split()
    return all(key in GENERIC or singular(key) in ROLES or singular(key) in GENERIC or key in PLAIN for key in keys)
