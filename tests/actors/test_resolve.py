"""`resolve`: one actor, or an error that names the candidates; never a guess."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multipolar.actors import SCHEMES, Actor, actors, fold, from_code, get, resolve
from multipolar.errors import ActorError, UsageError

EVERY = tuple(actors().values())
TODAY = "2026-06-30"

ONE = [
    ("ROK", "1952-01-01", "KOR"),
    ("DPRK", TODAY, "PRK"),
    ("kor", TODAY, "KOR"),
    ("KR", TODAY, "KOR"),
    ("  south   KOREA ", TODAY, "KOR"),
    ("South Korean", TODAY, "KOR"),
    ("Seoul", TODAY, "KOR"),
    ("Seoul", "1900", "KOR730"),
    ("Korea", "1900", "KOR730"),
    ("Germany", TODAY, "DEU"),
    ("Germany", "1930", "DEU"),
    ("West Germany", "1970", "DEU"),
    ("East Germany", "1970", "DDR"),
    ("Prussia", "1850", "DEU"),
    ("Vietnam", TODAY, "VNM"),
    ("South Vietnam", "1960", "RVN"),
    ("North Vietnam", "1960", "VNM"),
    ("Saigon", "1970", "RVN"),
    ("Yemen", TODAY, "YEM"),
    ("Yemen", "1930", "YEM"),
    ("Aden", "1980", "YMD"),
    ("China", "1960-01-01", "CHN"),
    ("China", "1935", "CHN"),
    ("Republic of China", "1935", "CHN"),
    ("Republic of China", "1960", "TWN"),
    ("Guinea", TODAY, "GIN"),
    ("Guinea-Bissau", TODAY, "GNB"),
    ("Equatorial Guinea", TODAY, "GNQ"),
    ("Papua New Guinea", TODAY, "PNG"),
    ("Serbia", TODAY, "SRB"),
    ("Kosovo", TODAY, "XKX"),
    ("Niger", TODAY, "NER"),
    ("Nigerien", TODAY, "NER"),
    ("Nigeria", TODAY, "NGA"),
    ("Nigerian", TODAY, "NGA"),
    ("Dominica", TODAY, "DMA"),
    ("Dominican Republic", TODAY, "DOM"),
    ("Congo", "1980", "COG"),
    ("Congo-Kinshasa", TODAY, "COD"),
    ("Zaire", "1980", "COD"),
    ("Soviet Union", "1980", "RUS"),
    ("USSR", "1980", "RUS"),
    ("U.S.S.R.", "1980", "RUS"),
    ("Russia", "1980", "RUS"),
    ("Kremlin", TODAY, "RUS"),
    ("Ottoman Empire", "1900", "TUR"),
    ("Turkey", TODAY, "TUR"),
    ("Türkiye", TODAY, "TUR"),
    ("Burma", "1980", "MMR"),
    ("Myanmar", "1980", "MMR"),
    ("Swaziland", "2000", "SWZ"),
    ("Persia", "1900", "IRN"),
    ("Siam", "1900", "THA"),
    ("Ceylon", "1960", "LKA"),
    ("Rhodesia", "1970", "ZWE"),
    ("Upper Volta", "1970", "BFA"),
    ("United Arab Republic", "1960", "EGY"),
    ("Rome", "1850", "PAP"),
    ("Florence", "1850", "TUS"),
    ("Florence", "1868", "ITA"),
    ("Rome", "1900", "ITA"),
    ("Serbia and Montenegro", "2004", "YUG"),
    ("SCG", "2004", "YUG"),
    ("SUN", "1980", "RUS"),
    ("KSV", TODAY, "XKX"),
    ("Côte d’Ivoire", TODAY, "CIV"),
    ("Cote d'Ivoire", TODAY, "CIV"),
    ("Ivory Coast", TODAY, "CIV"),
    ("Gambia (the)", TODAY, "GMB"),
    ("Bosnia & Herzegovina", TODAY, "BIH"),
    ("Micronesia", TODAY, "FSM"),
    ("Marshall Islands", TODAY, "MHL"),
    ("US", TODAY, "USA"),
    ("UK", TODAY, "GBR"),
    ("365", TODAY, "RUS"),
    ("NATO", TODAY, "NATO"),
    ("European Union", TODAY, "EU"),
    ("AU", TODAY, "AU"),
    ("Austria", "1900", "AUH"),
    ("Austria", TODAY, "AUT"),
]

SEVERAL = [
    ("Germany", "1970-01-01", {"DEU", "DDR"}),
    ("German", "1970-01-01", {"DEU", "DDR"}),
    ("Korea", "1952-01-01", {"KOR", "PRK"}),
    ("Korea", TODAY, {"KOR", "PRK"}),
    ("Vietnam", "1960-01-01", {"VNM", "RVN"}),
    ("Yemen", "1980-01-01", {"YEM", "YMD"}),
    ("Congo", TODAY, {"COD", "COG"}),
    ("Congolese", "1965-01-01", {"COD", "COG"}),
    ("Dominican", TODAY, {"DMA", "DOM"}),
    ("970", TODAY, {"KIR", "NRU"}),
]

NOBODY = [
    ("Soviet Union", "2020-01-01", "a name of RUS .Russia. from 1922-12-30 to 1991-12-25"),
    ("Kosovo", "1999-01-01", "XKX .Kosovo. from 2008-02-17"),
    ("XKX", "1999-01-01", "existed from 2008-02-17"),
    ("South Sudan", "2011-07-08", "SSD .South Sudan. from 2011-07-09"),
    ("Serbia", "1995", "SRB .Serbia. from 1878-07-13 to 1918-11-30 and from 2006-06-05"),
    ("East Germany", "1995", "DDR .East Germany. from 1949-10-05 to 1990-10-02"),
    ("Burma", TODAY, "MMR .Myanmar. from .* to 1989-06-17"),
    ("NATO", "1940", "NATO .* existed from 1949"),
    ("817", TODAY, "code of RVN"),
    ("Sovjet Union", "1980", "never taken for: .*Soviet Union .RUS."),
    ("Slovania", TODAY, "never taken for: .*Slovenia .SVN."),
    ("Atlantis", TODAY, "Hint"),
    ("", TODAY, "Hint"),
    ("...", TODAY, "Hint"),
    ("99999", TODAY, "Hint"),
    ("England", TODAY, "Hint"),
]


@pytest.mark.parametrize(("name", "on", "id"), ONE)
def test_one_actor(name: str, on: str, id: str) -> None:
    assert resolve(name, on=on).id == id


@pytest.mark.parametrize(("name", "on", "ids"), SEVERAL)
def test_several_are_an_error_that_names_them(name: str, on: str, ids: set[str]) -> None:
    with pytest.raises(ActorError, match="is of several") as caught:
        resolve(name, on=on)
    assert all(f"{id} (" in caught.value.message for id in ids)
    assert caught.value.message.count(" (") == len(ids)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(("name", "on", "hint"), NOBODY)
def test_nobody_is_an_error_that_says_when_it_was_somebody(name: str, on: str, hint: str) -> None:
    with pytest.raises(ActorError, match=rf"(?s)expected the name or code.*{hint}"):
        resolve(name, on=on)


def test_ambiguous_numbers_say_their_schemes() -> None:
    with pytest.raises(ActorError, match=r"KIR \(Kiribati: gw\), NRU \(Nauru: cow\)"):
        resolve("970", on=TODAY)
    assert resolve("970", on=TODAY, scheme="cow").id == "NRU"
    assert resolve("970", on=TODAY, scheme="gw").id == "KIR"


@pytest.mark.parametrize(
    ("scheme", "code", "on", "id"),
    [
        ("cow", 255, "1900", "DEU"),
        ("cow", 260, "1970", "DEU"),
        ("cow", 265, "1970", "DDR"),
        ("gw", 260, "2000", "DEU"),
        ("cow", 345, "1900", "SRB"),
        ("cow", 345, "1970", "YUG"),
        ("cow", 345, "2010", "SRB"),
        ("gw", 340, "2010", "SRB"),
        ("cow", 679, "2000", "YEM"),
        ("gw", 678, "2000", "YEM"),
        ("iso_numeric", "004", "2000", "AFG"),
        ("m49", 4, "2000", "AFG"),
        ("iso_numeric", 280, "1970", "DEU"),
        ("iso_numeric", 276, "1970", "DEU"),
        ("iso2", "au", "2000", "AUS"),
        ("iso3", "RUS", "1980", "RUS"),
        ("iso3", "SUN", "1980", "RUS"),
        ("iso3", "ROM", "1990", "ROU"),
        ("cameo", "ROM", "2020", "ROU"),
        ("cameo", "TMP", "2020", "TLS"),
    ],
)
def test_codes_on_a_day(scheme: str, code: str | int, on: str, id: str) -> None:
    assert from_code(scheme, code, on).id == id  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scheme", "code", "on"),
    [
        ("cow", 260, "2000"),
        ("cow", 365, "1815-01-01"),
        ("cow", 713, "1940"),
        ("iso3", "DDR", "2000"),
        ("cow", "RUS", "2000"),
    ],
)
def test_a_code_out_of_its_days_is_of_nobody(scheme: str, code: str | int, on: str) -> None:
    with pytest.raises(ActorError, match="expected the name or code"):
        from_code(scheme, code, on)  # type: ignore[arg-type]


def test_a_scheme_takes_codes_only_and_a_kind_only_its_kind() -> None:
    assert resolve("AU", on=TODAY, kind="state").id == "AUS"
    assert resolve("AU", on=TODAY, kind="organisation").id == "AU"
    with pytest.raises(ActorError):
        resolve("NATO", on=TODAY, kind="state")
    with pytest.raises(ActorError):
        resolve("Russia", on=TODAY, scheme="iso3")


@pytest.mark.parametrize("on", ["1990-02-30", "90", "1990-13", "19900101", "yesterday", "", "0000", "1990-1-1"])
def test_bad_dates(on: str) -> None:
    with pytest.raises(UsageError, match="on: expected a date"):
        resolve("RUS", on=on)


def test_the_future_is_refused() -> None:
    with pytest.raises(UsageError, match="not after today"):
        resolve("RUS", on=date.today() + timedelta(days=1))


def test_unknown_kinds_and_schemes() -> None:
    with pytest.raises(UsageError, match="kind of actor"):
        resolve("RUS", kind="city")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="system of codes"):
        resolve("RUS", scheme="fips")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("The  Côte d’Ivoire", "cote divoire"),
        ("GUINEA-BISSAU", "guinea bissau"),
        ("São Tomé & Príncipe", "sao tome and principe"),
        ("U.S.A.", "usa"),
        ("the", "the"),
        ("Straße", "strasse"),
        ("Россия", "россия"),
        ("_", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_folding_any_one_character_twice_changes_nothing() -> None:
    every = [chr(point) for point in range(0x110000) if not 0xD800 <= point < 0xE000]
    assert [char for char in every if fold(fold(char)) != fold(char)] == []


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once or once.split()[:1] == ["the"] or once.split()[-1:] == ["the"]


@settings(max_examples=300)
@given(st.sampled_from(EVERY), st.data())
def test_every_id_is_itself_on_each_day_of_its_existence(actor: Actor, data: st.DataObject) -> None:
    spell = data.draw(st.sampled_from(actor.spells))
    day = data.draw(st.dates(spell.start, spell.end or date(2026, 6, 30)))
    assert resolve(actor.id, on=day) == actor
    assert resolve(actor.id.lower(), on=day, kind=actor.kind) == actor


@settings(max_examples=500)
@given(st.sampled_from(EVERY), st.data())
def test_every_name_is_one_actor_or_a_list_of_them(actor: Actor, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(actor.names))
    day = data.draw(st.dates(date(1816, 1, 1), date(2026, 6, 30)))
    holders = {
        each
        for each in EVERY
        if each.exists(day)
        for other in each.names
        if other.kind not in SCHEMES and other.holds(day) and fold(other.text) == fold(name.text)
    }
    try:
        found = resolve(name.text, on=day)
    except ActorError as error:
        if "is of several" in error.message:
            assert error.message.count(" (") >= 2
        else:
            assert not holders
    else:
        # The only holder of the name; or the text is an id or a code, too, which its bearer keeps.
        assert holders in ({found}, set()) or fold(found.id) == fold(name.text)
        assert found.exists(day)


@given(st.sampled_from(EVERY), st.dates(date(1816, 1, 1), date(2026, 6, 30)))
def test_codes_lead_back_to_their_state(actor: Actor, day: date) -> None:
    if actor.exists(day):
        for scheme, code in actor.codes(day).items():
            assert from_code(scheme, code, day) == actor  # type: ignore[arg-type]


@given(st.text(max_size=30))
def test_any_text_is_one_actor_or_a_named_error(text: str) -> None:
    try:
        assert resolve(text, on=TODAY).exists(date(2026, 6, 30))
    except ActorError as error:
        assert error.hint


def test_today_is_the_default() -> None:
    assert resolve("Russia") == get("RUS") == resolve("Russia", on=date.today())
