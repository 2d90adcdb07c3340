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

from multipolar.actors import actors, holder, leaders, parse_day
from multipolar.errors import UsageError
from multipolar.reading.entries import WORD, fold_text, fold_word, index
from multipolar.reading.model import UNKNOWN, Who
from multipolar.reading.registry import Hit, find
from multipolar.reading.roles import FORMER, OFFICES, PRONOUNS, sector_of

#: Words after which a phrase says where, or whose, its head is.
_AFTER: Final = frozenset("of in from across at inside throughout near for within on".split())
#: Words that end the part of a phrase that may name its head.
_ENDS: Final = frozenset(
    "to with against by who which that whose after before during about over under between among against toward towards "
    "amid outside despite including such".split()
)
_OUTER: Final = re.compile(r"^[\s\"'“”‘’(\[]+|[\s\"'“”‘’)\],;:]+$")
_LEAST, _LENGTH = 90, 6
_NATIONS: Final = ("state", "adjective", "place", "city", "capital", "metonym", "organisation")


def actor_of(phrase: str, on: date | str | None = None) -> Who:
    """The actor that a noun phrase names.

    Parameters
    ----------
    phrase : str
        As the text has it: "Burkina Faso's ruling junta", "UK Defence Secretary Ben Wallace", "people in the UK".
    on : date or str, optional
        The day of the text (a date, ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``); today where it is empty or "today".

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
    return _actor_of(phrase, _day(on))


def _day(on: date | str | None) -> date:
    if on is None or (isinstance(on, str) and on.strip().lower() in ("", "today", "now")):
        return date.today()
    return parse_day(on, where="on")


@lru_cache(maxsize=16384)
def _actor_of(phrase: str, day: date) -> Who:
    bare = re.sub(r"^(?:the|a|an|some|many|several|The|A|An|Some)\s+", "", _OUTER.sub("", phrase))
    bare = re.sub(r"\s*['’]s$", "", bare)
    keys = [fold_word(word) for word in WORD.findall(bare)]
    role = _role(keys)
    if not keys or " ".join(keys) in PRONOUNS:
        return Who(UNKNOWN, None, phrase, "A pronoun names nobody by itself.")
    hits = find(bare, day)
    free = [hit for hit in hits if not hit.bound]
    whole = next((hit for hit in free if _covers(hit, bare)), None)
    if whole is not None:
        return _whole(whole, phrase, day)
    before, after = _parts(bare, hits)
    person = next((hit for hit in reversed(before) if hit.kind == "person" and not hit.bound), None)
    if person is not None and not bare[person.end :].startswith(("'", "’")):
        return _person(person, before, phrase, keys)
    for part, where in ((before, "before its head"), (after, "after its head")):
        chosen = _first(part)
        if chosen is not None:
            return _by(chosen, where, role, phrase, keys, day)
    close = _close(bare)
    if close is not None:
        return Who(close[0], close[2] or (role[1] if role else None), phrase, f"Spelt almost like {close[1]!r}.")
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
    return Who(hit.code, sector, phrase, f"{hit.name} is in the registry as a {hit.kind}{held}{was}.")


def _person(hit: Hit, before: Sequence[Hit], phrase: str, keys: Sequence[str]) -> Who:
    sector = "ELI" if hit.former or not FORMER.isdisjoint(keys[:3]) else hit.sector
    nation = next((each for each in before if each.kind in ("adjective", "state", "organisation") and not each.bound), None)
    why = f"{hit.name} is in the registry{', ' + hit.office if hit.office else ''}."
    if nation is not None and nation.start < hit.start and hit.code == UNKNOWN:
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
    words = " ".join(keys)
    if not FORMER.isdisjoint(keys):
        return ""
    id = {"SUN": "RUS"}.get(code, code.removeprefix("IGO:"))
    for office, kind in OFFICES.items():
        if not re.search(rf"\b{office}\b", words) or id not in actors() or "deputy" in keys or "vice" in keys:
            continue
        titled = [row for row in leaders(id, day) if fold_text(row.title).replace("acting ", "") == office]
        if titled:
            return f"held by {titled[-1].name}"
        found = None if kind == "secretary_general" else holder(id, kind, day)
        if found is None and kind == "secretary_general":
            found = next(iter(leaders(id, day, kind)), None)
        return f"held by {found.name}" if found else ""
    return ""


def _close(text: str) -> tuple[str, str, str | None] | None:
    """The only name that a phrase, or the capitalised words in it, is spelt almost like."""
    spans = [text, *re.findall(r"[A-ZÀ-Þ][\w'’.-]*(?: (?:[A-ZÀ-Þ][\w'’.-]*|al|bin|de|of))*", text)]
    for span in dict.fromkeys(spans):
        key = fold_text(span)
        if len(key) >= _LENGTH and (found := _fuzzy(key)) is not None:
            return found
    return None


@lru_cache(maxsize=4096)
def _fuzzy(key: str) -> tuple[str, str, str | None] | None:
    from rapidfuzz import fuzz, process

    near = process.extract(key, _by_length(len(key)), scorer=fuzz.ratio, score_cutoff=_LEAST, limit=8)
    found = {(entry.code, entry.name): entry for name, _, _ in near for _, entry in index().names[name] if not entry.surname}
    codes = {code for code, _ in found if code != UNKNOWN}
    if len(codes) != 1:
        return None
    entry = next(each for each in found.values() if each.code != UNKNOWN)
    return entry.code, entry.name, entry.sector


@lru_cache(maxsize=64)
def _by_length(length: int) -> tuple[str, ...]:
    return tuple(name for name in index().names if abs(len(name) - length) <= 2 and len(name) >= _LENGTH - 1)
