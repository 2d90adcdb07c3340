"""Whom a noun phrase names: an actor on a day, with the rule that decided.

>>> actor_of("Canadian Ambassador to the United Nations").code
'CAN'
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from multipolar.actors import actors, leaders, parse_day
from multipolar.reading.model import UNKNOWN, Who
from multipolar.reading.names.entries import index
from multipolar.reading.names.gazetteer import common, spellings, town
from multipolar.reading.names.registry import Hit, find
from multipolar.reading.names.roles import FORMER, OFFICES, PLAIN, PRONOUNS, sector_of
from multipolar.reading.names.spelling import WORD, fold_text, fold_word, words

#: Words after which a phrase says where, or whose, its head is.
_AFTER: Final = words("of in from across at inside throughout near for within on")
_WHERE: Final = words("in from across inside throughout within")
#: Words that end the part of a phrase that may name its head.
_ENDS: Final = words(
    "to with against by who which that whose after before during about over under between among against toward towards "
    "amid outside despite including such"
)
#: Words by which a phrase does not mean who holds the office.
_NOT_HOLDING: Final = FORMER | {"deputy", "vice", "assistant"}
_SOVIET_END: Final = date(1991, 12, 26)
_OUTER: Final = re.compile(r"^[\s\"'“”‘’(\[]+|[\s\"'“”‘’)\],;:]+$")
_LEAST, _LENGTH = 90, 6
_NAMES: Final = re.compile(r"[A-ZÀ-Þ][\w'’.-]*(?: (?:[A-ZÀ-Þ][\w'’.-]*|al|bin|de|of|el|la|du))*")
#: Words that make the name before them, or after "of", that of a town.
_INSTITUTIONS: Final = words(
    "college university school police court hospital council mayor resident residents people church prison station airport "
    "district city town village county villagers municipality port cathedral mosque parish"
)
#: States many of whose towns are called after persons.
_NAMED_AFTER_PEOPLE: Final = frozenset({"USA", "GBR", "CAN", "AUS", "NZL", "IRL", "ZAF", "JAM", "ARG"})


def actor_of(phrase: str, on: date | str | None = None, *, search: bool = True) -> Who:
    """The actor that a noun phrase names.

    Parameters
    ----------
    phrase : str
        As the text has it: "Burkina Faso's ruling junta", "UK Defence Secretary Ben Wallace", "people in the UK".
    on : date or str, optional
        The day of the text (a date, ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``); today where it is empty or "today".
    search : bool
        Look among almost equal spellings and small towns where nothing else is found (some 50 ms a phrase).

    Returns
    -------
    Who
        ``UNK`` with the sector of the role where nothing in the phrase says whose actor it is.

    Raises
    ------
    UsageError
        If the day cannot be read.

    Examples
    --------
    >>> actor_of("Burkina Faso's ruling junta").code, actor_of("two men").code
    ('BFA', 'UNK')
    """
    return _actor_of(phrase, _day(on), search)


def _day(on: date | str | None) -> date:
    if on is None or (isinstance(on, str) and on.strip().lower() in ("", "today", "now")):
        return date.today()
    return parse_day(on, where="on")


@lru_cache(maxsize=16384)
def _actor_of(phrase: str, day: date, search: bool) -> Who:
    bare = re.sub(r"^(?:the|a|an|some|many|several|The|A|An|Some)\s+", "", _OUTER.sub("", phrase))
    bare = re.sub(r"\s*['’]s$", "", bare)
    keys = [fold_word(word) for word in WORD.findall(bare)]
    role = _role(keys)
    if not keys or " ".join(keys) in PRONOUNS:
        return Who(UNKNOWN, None, phrase, "A pronoun names nobody by itself.")
    hits = find(bare, day, phrase=True)
    free = [hit for hit in hits if not hit.bound]
    whole = next((hit for hit in free if _covers(hit, bare)), None)
    if whole is not None:
        return _whole(whole, phrase, day)
    before, after = _parts(bare, hits)
    person = next((hit for hit in reversed(before) if hit.kind == "person" and not hit.bound), None)
    if person is not None and not bare[person.end :].startswith(("'", "’")):
        return _person(person, before, phrase, keys)
    chosen, where = _first(before), "before its head"
    if chosen is None or (chosen.kind == "collective" and _located(bare, chosen, after)):
        later = _first(after)
        chosen, where = (later, "after its head") if later is not None else (chosen, where)
    if chosen is not None:
        return _by(chosen, where, role, phrase, keys, day)
    if search and (found := _searched(bare, role, phrase)) is not None:
        return found
    what = f"; {role[0]!r} is a role" if role else ""
    return Who(UNKNOWN, role[1] if role else None, phrase, f"Nothing in the phrase is in the registry{what}.")


def _role(keys: Sequence[str]) -> tuple[str, str] | None:
    """The role of the head: the noun before the first preposition, else any."""
    stop = next((at for at, key in enumerate(keys) if at and (key in _AFTER or key in _ENDS)), len(keys))
    found = sector_of(keys[:stop]) or sector_of(keys)
    if found and not FORMER.isdisjoint(keys[:stop]):
        return found[0], "ELI"
    return found


def _covers(hit: Hit, text: str) -> bool:
    rest = text[: hit.start] + text[hit.end :]
    return not WORD.search(rest)


def _whole(hit: Hit, phrase: str, day: date) -> Who:
    sector = hit.sector or ("CVL" if hit.kind == "city" else None)
    held = f", {hit.office}" if hit.office else ""
    was = f" (not any more on {day})" if hit.former else ""
    keys = [fold_word(word) for word in WORD.findall(phrase)]
    by = _holder(hit.code, keys, day) if hit.kind == "body" else ""
    then = f"; on {day} the office was {by}" if by else ""
    return Who(hit.code, sector, phrase, f"{hit.name} is in the registry as a {hit.kind}{held}{was}{then}.")


def _person(hit: Hit, before: Sequence[Hit], phrase: str, keys: Sequence[str]) -> Who:
    sector = "ELI" if hit.former or not FORMER.isdisjoint(keys[:3]) else hit.sector
    nation = next(
        (each for each in before if each.kind in ("adjective", "state", "organisation") and not each.bound), None
    )
    why = f"{hit.name} is in the registry{', ' + hit.office if hit.office else ''}."
    codes = {entry.code for _, entry in index().names.get(fold_text(hit.name), ()) if entry.kind == "person"}
    if nation is not None and nation.start < hit.start and (nation.code in codes or hit.code == UNKNOWN):
        return Who(nation.code, sector, phrase, f"{why} The phrase says {nation.name}.")
    return Who(hit.code, sector, phrase, why)


def _parts(text: str, hits: Sequence[Hit]) -> tuple[list[Hit], list[Hit]]:
    """The finds before the first preposition that stands in none of them, and those after it."""
    split, end = len(text), len(text)
    for match in WORD.finditer(text):
        key = match.group().lower()
        if match.start() == 0 or any(hit.start <= match.start() < hit.end for hit in hits):
            continue
        if key in _ENDS:
            end = match.start()
            break
        if key in _AFTER and split == len(text):
            split = match.start()
    before = [hit for hit in hits if hit.start < min(split, end)]
    return before, [hit for hit in hits if split <= hit.start < end]


def _first(hits: Sequence[Hit]) -> Hit | None:
    """Of the finds of a part the one that says whose it is: the first that is not bound; collectives last."""
    free = [hit for hit in hits if not hit.bound and hit.code != UNKNOWN]
    return next((hit for hit in free if hit.kind != "collective"), free[0] if free else None)


def _located(text: str, group: Hit, after: Sequence[Hit]) -> bool:
    """Whether a collective is narrowed to a state: "Kurds in Iraq", but not "allies of Ukraine"."""
    between = text[group.end : after[0].start] if after else ""
    return not _WHERE.isdisjoint(between.lower().split())


def _by(hit: Hit, where: str, role: tuple[str, str] | None, phrase: str, keys: Sequence[str], day: date) -> Who:
    sector = role[1] if role else None
    if hit.kind in ("body", "person", "metonym") and sector in (None, "GOV", "CVL") and hit.sector:
        sector = hit.sector
    if hit.kind == "organisation" and sector is None:
        sector = "IGO"
    office = _holder(hit.code, keys, day)
    said = f"{hit.name} ({hit.kind}) stands {where}"
    return Who(hit.code, sector, phrase, f"{said}; on {day} the office was {office}." if office else f"{said}.")


def _holder(code: str, keys: Sequence[str], day: date) -> str:
    """Who held the office that the phrase names: ``held by NAME``, or nothing."""
    id = {"SUN": "RUS"}.get(code, code.removeprefix("IGO:"))
    if id not in actors() or not _NOT_HOLDING.isdisjoint(keys) or (code == "SUN" and day > _SOVIET_END):
        return ""
    phrase = " ".join(keys)
    office = next((office for office in OFFICES if re.search(rf"\b{office}\b", phrase)), None)
    if office is None:
        return ""
    rows = leaders(id, day)
    titled = [row for row in rows if fold_text(row.title).removeprefix("acting ") == office]
    for kind in () if titled else OFFICES[office]:
        titled = titled or [row for row in rows if row.office == kind]
    return f"held by {max(titled, key=lambda row: row.valid_from).name}" if titled else ""


def _searched(text: str, role: tuple[str, str] | None, phrase: str) -> Who | None:
    """What a look among small towns and almost equal spellings finds, for a phrase in which nothing is known."""
    sector = role[1] if role else None
    keys = [fold_word(word) for word in WORD.findall(text)]
    names = _NAMES.findall(text)
    place = _INSTITUTIONS.intersection(keys)
    for name in names if place else ():
        core = " ".join(word for word in name.split() if fold_word(word) not in _INSTITUTIONS)
        found = town(core) if core and core.lower() not in PLAIN else None
        if found is not None:
            return Who(found[1], sector, phrase, f"{found[0]} is a town of {found[2]:,} people, by GeoNames.")
    for name in dict.fromkeys([text, *names]):
        key = fold_text(name)
        near = _fuzzy(key) if len(key) >= _LENGTH else None
        if near is not None:
            return Who(near[0], near[2] or sector, phrase, f"Spelt almost like {near[1]!r}.")
    if role is None and len(names) == 1 and names[0] == text and len(keys) <= 2 and common().get(keys[0]) is None:
        return _a_town(text, phrase)
    return None


def _a_town(name: str, phrase: str) -> Who | None:
    """A name that stands alone, as that of a town whose name nobody else is likely to bear."""
    found = town(name)
    if found is not None and len(name) >= _LENGTH and found[1] not in _NAMED_AFTER_PEOPLE:
        return Who(found[1], "CVL", phrase, f"{found[0]} is a town of {found[2]:,} people, by GeoNames.")
    key = fold_text(name)
    near = _nearest(key, tuple(spellings())) if len(key) >= _LENGTH else []
    codes = {spellings()[each] for each in near}
    if len(codes) == 1 and (code := next(iter(codes))):
        return Who(code, "CVL", phrase, f"Spelt almost like the city {near[0].title()!r}, by GeoNames.")
    return None


def _nearest(key: str, names: tuple[str, ...]) -> list[str]:
    from rapidfuzz import fuzz, process

    return [name for name, _, _ in process.extract(key, names, scorer=fuzz.ratio, score_cutoff=_LEAST, limit=8)]


@lru_cache(maxsize=4096)
def _fuzzy(key: str) -> tuple[str, str, str | None] | None:
    """The only actor whose name a text is spelt almost like."""
    near = [name for name in _nearest(key, _by_length(len(key))) if _alike(name, key)]
    found = [entry for name in near for _, entry in index().names[name] if not entry.surname and entry.code != UNKNOWN]
    if len({entry.code for entry in found}) != 1:
        return None
    return found[0].code, found[0].name, found[0].sector


def _alike(name: str, other: str) -> bool:
    """Whether each word is spelt almost like its counterpart: "Chad Smith" is not "Jack Smith"."""
    from rapidfuzz import fuzz

    mine, its = name.split(), other.split()
    return len(mine) != len(its) or all(fuzz.ratio(a, b) >= 70 for a, b in zip(mine, its, strict=True))


@lru_cache(maxsize=64)
def _by_length(length: int) -> tuple[str, ...]:
    return tuple(name for name in index().names if abs(len(name) - length) <= 2 and len(name) >= _LENGTH - 1)
