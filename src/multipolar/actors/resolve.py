"""From what somebody wrote to one actor on one day, or to an error that names the candidates. Never a guess.

What is compared is the whole text, folded: case, accents, punctuation, spaces and an outer "the" do not count. It may be
an id, a code, a name, an adjective, an abbreviation, a capital or a seat of power ("Kremlin"). Three rules decide:

1. An id names its own actor, whatever else it may be the name or code of (``AU`` is the African Union's id and
   Australia's alpha-2 code: ask with ``kind="state"`` or ``scheme="iso2"``).
2. Otherwise everybody who existed on the day and bore the text then is a candidate. One candidate is the answer; several
   are an error.
3. Nobody is an error. It says who bore the text on other days, or which names are close to it; neither is chosen.

Codes. COW and Gleditsch-Ward codes count on the days on which their list has the state. An ISO, M49 or CAMEO code that
nobody bears on the day names the one existing state that bears it on other days, since publishers write today's codes
for earlier years (276 for Germany in 1970, whose M49 code then was 280).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Final, Literal

from multipolar.actors.catalogue import actors
from multipolar.actors.days import day_asked
from multipolar.actors.model import KINDS, SCHEMES, Actor, Kind, Name, days_text
from multipolar.errors import ActorError, UsageError

Scheme = Literal["cow", "gw", "iso2", "iso3", "iso_numeric", "cameo", "m49"]

_NUMERIC: Final = frozenset({"cow", "gw", "iso_numeric", "m49"})
_A: Final[Mapping[str, str]] = {"state": "a state", "organisation": "an organisation"}
_DATED: Final = frozenset({"cow", "gw"})
# Letters that Unicode does not take apart into a letter and an accent, and marks inside words.
_LETTERS: Final = str.maketrans(
    {**dict(zip("øđłı", "odli", strict=True)), "æ": "ae", "œ": "oe", **dict.fromkeys(".'’‘ʻʼ`")}
)


def resolve(
    name: str, on: date | str | None = None, *, kind: Kind | None = None, scheme: Scheme | None = None
) -> Actor:
    """Return the one actor that a text names on a day.

    Parameters
    ----------
    name : str
        An id, code, name, adjective, abbreviation, capital or metonym.
    on : date or str, optional
        The day, or a month or year (its first day); today if None.
    kind : {"state", "organisation"}, optional
        Look among these only.
    scheme : {"cow", "gw", "iso2", "iso3", "iso_numeric", "cameo", "m49"}, optional
        Take the text for a code of this system and nothing else.

    Returns
    -------
    Actor
        It existed on the day.

    Raises
    ------
    ActorError
        If nobody bore the name on that day, or several did.
    UsageError
        If the day cannot be read or lies in the future, or `kind` or `scheme` is none of those.

    Examples
    --------
    >>> resolve("ROK", on="1952-01-01").id
    'KOR'
    """
    if kind is not None and kind not in KINDS:
        raise UsageError.unknown("kind of actor", kind, KINDS)
    if scheme is not None and scheme not in SCHEMES:
        raise UsageError.unknown("system of codes", scheme, SCHEMES)
    return _resolve(str(name), day_asked(on), kind, scheme)


def from_code(scheme: Scheme, code: str | int, on: date | str | None = None) -> Actor:
    """Return the state that bears a code on a day (today if None): `resolve` with a scheme.

    Raises
    ------
    ActorError
        If no state bears the code on that day.
    UsageError
        If the day cannot be read or lies in the future, or there is no such scheme.

    Examples
    --------
    >>> from_code("cow", 265, "1970-01-01").id
    'DDR'
    """
    return resolve(str(code), on, scheme=scheme)


def fold(text: str) -> str:
    """Return the text as it is compared: without case, accents, punctuation, double spaces and an outer "the".

    Examples
    --------
    >>> fold("The  Côte d’Ivoire")
    'cote divoire'
    """
    parts = text
    for _ in range(2):  # a letter can hide a capital that only its decomposition shows, as ᴬ does (Unicode 3.13, D147)
        parts = unicodedata.normalize("NFKD", parts).casefold()
    parts = unicodedata.normalize("NFKD", parts.translate(_LETTERS).replace("&", " and "))
    bare = "".join(mark for mark in parts if not unicodedata.combining(mark))
    words = re.sub(r"[\W_]+", " ", bare).split()
    for end in (0, -1):  # "The Gambia", and ISO's "Gambia (the)"
        if len(words) > 1 and words[end] == "the":
            words.pop(end)
    return " ".join(words)


@lru_cache(maxsize=65536)
def _resolve(text: str, day: date, kind: Kind | None, scheme: Scheme | None) -> Actor:
    key = fold(text)
    if scheme is None:
        owner = _ids().get(key)
        if owner is not None and kind in (None, owner.kind) and owner.exists(day):
            return owner
    bearers = _bearers(key, day, SCHEMES if scheme is None else (scheme,))
    if scheme is None:
        for actor, names in _names().get(key, {}).items():
            if actor.exists(day) and any(name.holds(day) for name in names):
                bearers.setdefault(actor, [])
    found = {actor: why for actor, why in bearers.items() if kind in (None, actor.kind)}
    if len(found) == 1:
        return next(iter(found))
    if found:
        raise ActorError.ambiguous(text, day, [_candidate(actor, day, why) for actor, why in _by_id(found.items())])
    raise _unknown(text, key, day, kind, scheme)


def _bearers(key: str, day: date, schemes: Iterable[str]) -> dict[Actor, list[str]]:
    """Who bears a code on a day, and in which systems."""
    found: dict[Actor, list[str]] = {}
    for scheme in schemes:
        every = _codes().get((scheme, _code(scheme, key)), {})
        alive = {actor: days for actor, days in every.items() if actor.exists(day)}
        exact = [actor for actor, days in alive.items() if any(each.holds(day) for each in days)]
        for actor in exact or ([] if scheme in _DATED else alive):
            found.setdefault(actor, []).append(scheme)
    return found


def _code(scheme: str, key: str) -> str:
    """The code without leading zeros where it is a number, so that ``004`` and ``4`` agree."""
    return str(int(key)) if scheme in _NUMERIC and key.isascii() and key.isdecimal() else key


def _candidate(actor: Actor, day: date, schemes: Iterable[str]) -> str:
    systems = ", ".join(schemes)
    return f"{actor.id} ({actor.name_on(day)}{': ' + systems if systems else ''})"


def _by_id(pairs: Iterable[tuple[Actor, list[str]]]) -> list[tuple[Actor, list[str]]]:
    return sorted(pairs, key=lambda pair: pair[0].id)


def _unknown(text: str, key: str, day: date, kind: Kind | None, scheme: Scheme | None) -> ActorError:
    """Build the error for a text that nobody bore on the day; say who did on others, else what is close to it."""
    if kind is not None and (other := _of_any_kind(text, day, scheme)) is not None:
        message = ActorError.unknown_actor(text, day).message.replace("an actor", _A[kind])
        return ActorError(message, hint=f"{other.id} ({other.name_on(day)}) is {_A[other.kind]}.")
    elsewhere = [hint for actor, hint in _elsewhere(text, key, scheme) if kind in (None, actor.kind)]
    error = ActorError.unknown_actor(text, day, () if elsewhere else _near(key, kind))
    return ActorError(error.message, hint=" ".join(elsewhere)) if elsewhere else error


def _of_any_kind(text: str, day: date, scheme: Scheme | None) -> Actor | None:
    try:
        return _resolve(text, day, None, scheme)
    except ActorError:
        return None


def _elsewhere(text: str, key: str, scheme: Scheme | None) -> list[tuple[Actor, str]]:
    found: list[tuple[Actor, str]] = []
    owner = None if scheme else _ids().get(key)
    if owner is not None:
        found.append((owner, f"{owner.id} ({owner.name}) existed {_lived(owner)}."))
    if scheme is None:
        for actor, names in _names().get(key, {}).items():
            if actor != owner:
                days = " and ".join(dict.fromkeys(_clipped(actor, name) for name in names))
                found.append((actor, f"{text!r} was a name of {actor.id} ({actor.name}) {days}."))
    for each in SCHEMES if scheme is None else (scheme,):
        for actor, spans in _codes().get((each, _code(each, key)), {}).items():
            if actor not in {seen for seen, _ in found}:
                days = " and ".join(dict.fromkeys(_clipped(actor, span) for span in spans))
                found.append((actor, f"{text!r} was the {each} code of {actor.id} ({actor.name}) {days}."))
    return found


def _lived(actor: Actor) -> str:
    return " and ".join(days_text(*days) for days in actor.existence())


def _clipped(actor: Actor, name: Name) -> str:
    """Say the days of a name that lie within the actor's existence."""
    if name.start is None and name.end is None:
        return _lived(actor)
    return days_text(name.start or actor.start, name.end or actor.end)


def _near(key: str, kind: Kind | None) -> list[str]:
    close = get_close_matches(key, _names(), n=4, cutoff=0.75)
    found = ((actor, names[0]) for each in close for actor, names in _names()[each].items())
    return [f"{name.text} ({actor.id})" for actor, name in found if kind in (None, actor.kind)]


@cache
def _ids() -> Mapping[str, Actor]:
    return {fold(id): actor for id, actor in actors().items()}


@cache
def _names() -> Mapping[str, Mapping[Actor, list[Name]]]:
    found: dict[str, dict[Actor, list[Name]]] = {}
    for actor in actors().values():
        for name in actor.names:
            if name.kind not in SCHEMES:
                found.setdefault(fold(name.text), {}).setdefault(actor, []).append(name)
    return found


@cache
def _codes() -> Mapping[tuple[str, str], Mapping[Actor, list[Name]]]:
    found: dict[tuple[str, str], dict[Actor, list[Name]]] = {}
    for actor in actors().values():
        for span in _code_spans(actor):
            found.setdefault((span.kind, fold(span.text)), {}).setdefault(actor, []).append(span)
    return found


def _code_spans(actor: Actor) -> Iterable[Name]:
    """Each code with its days: those of the spells, and those that a publisher withdrew."""
    for spell in actor.spells:
        for scheme, code in spell.codes.items():
            yield Name(str(code), scheme, spell.start, spell.end)
    yield from (name for name in actor.names if name.kind in SCHEMES)
