"""Whom a noun phrase names, and why."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.errors import UsageError
from multipolar.reading.model import UNKNOWN
from multipolar.reading.names.gazetteer import common, town
from multipolar.reading.names.roles import ROLES, sector_of, singular
from multipolar.reading.names.who import actor_of


@pytest.mark.parametrize(
    ("phrase", "country", "sector"),
    [
        ("the Zambian High Court", "ZMB", "JUD"),
        ("Norwegian Ambassador to the United Nations", "NOR", "GOV"),
        ("Mali's ruling junta", "MLI", "GOV"),
        ("Niger’s ruling junta", "NER", "GOV"),
        ("residents of Goma", "COD", "CVL"),
        ("students across Peru", "PER", "EDU"),
        ("Christian leaders in Egypt", "EGY", "REL"),
        ("Algerian farmers", "DZA", "AGR"),
        ("Lisbon police", "PRT", "COP"),
        ("the Finnish finance minister", "FIN", "GOV"),
        ("Kenya's airlines", "KEN", "BUS"),
        ("a former MI6 officer", "GBR", "ELI"),
        ("president of the European Parliament", "EUR", "LEG"),
        ("NATO soldiers", "IGO", "MIL"),
        ("UNICEF", "UNO", "IGO"),
        ("Lagos", "NGA", "CVL"),
        ("Ankara", "TUR", "GOV"),
        ("the Kremlin", "RUS", "GOV"),
        ("Turkish-backed Syrian rebels", "SYR", "REB"),
        ("aid workers in Sudan", "SDN", "NGO"),
    ],
)
def test_phrases(phrase: str, country: str, sector: str) -> None:
    who = actor_of(phrase, date(2022, 5, 1))
    assert (who.country, who.sector) == (country, sector), who.why
    assert who.text == phrase
    assert who.why


@pytest.mark.parametrize(
    "phrase",
    [
        "He",
        "two men",
        "Jeep driver",
        "Antarctica",
        "president",
        "",
        "  ",
        "US-backed rebels",
        "pro-Russian fighters",
        "...",
        "the opposition",
    ],
)
def test_nobodys_country_is_guessed(phrase: str) -> None:
    who = actor_of(phrase, date(2022, 5, 1))
    assert who.code == UNKNOWN
    assert who.country is None


@pytest.mark.parametrize(
    ("day", "holder"),
    [("1995-03-01", "Boris Yeltsin"), ("2010-03-01", "Dmitry Medvedev"), ("2024-03-01", "Vladimir Putin")],
)
def test_an_office_names_its_holder_on_the_day(day: str, holder: str) -> None:
    who = actor_of("the Russian president", day)
    assert who.code == "RUS"
    assert holder in who.why
    assert day in who.why


def test_a_deputy_or_former_holder_is_not_the_holder() -> None:
    assert "held by" not in actor_of("the former Russian president", "2010-03-01").why
    assert "held by" not in actor_of("the Russian vice president", "2010-03-01").why


def test_no_holder_is_named_of_a_state_that_has_ended() -> None:
    assert "Gorbachev" in actor_of("the Soviet leader", "1987-01-01").why
    assert "held by" not in actor_of("the Soviet leader", "2001-01-01").why


def test_the_same_person_by_day() -> None:
    assert actor_of("Angela Merkel", "2017-04-01").sector == "GOV"
    assert actor_of("Angela Merkel", "2023-04-01").sector == "ELI"


def test_of_a_persons_offices_the_phrase_says_which() -> None:
    assert actor_of("NATO Secretary General Jens Stoltenberg", "2024-12-01").country == "IGO"
    assert actor_of("Norwegian Finance Minister Jens Stoltenberg", "2025-06-01").country == "NOR"


@pytest.mark.parametrize(
    ("phrase", "country"), [("Recep Tayip Erdogann", "TUR"), ("Bashar al-Asad", "SYR"), ("Kazakstan", "KAZ")]
)
def test_spelling_variants(phrase: str, country: str) -> None:
    assert actor_of(phrase).country == country
    assert actor_of("Chad Smith").code == UNKNOWN


def test_a_short_form_is_not_the_beginning_of_a_longer_name() -> None:
    assert actor_of("Minister Juan Carlos Jobetti", search=False).code != "ESP"
    assert actor_of("King Juan Carlos", "2010").code == "ESP"


def test_search_is_a_choice() -> None:
    assert actor_of("Kazakhstann", search=True).code == "KAZ"
    assert actor_of("Kazakhstann", search=False).code == UNKNOWN


@pytest.mark.parametrize("day", [None, "", "today", "2022", "2022-05", "2022-05-01", date(2022, 5, 1)])
def test_days_as_they_come(day: date | str | None) -> None:
    assert actor_of("France", day).code == "FRA"


def test_a_day_that_is_none() -> None:
    with pytest.raises(UsageError, match="expected a date"):
        actor_of("France", "soon")


def test_towns_are_looked_up_by_exact_name() -> None:
    found = town("Goz Beïda")
    assert found is not None
    assert found[1] == "TCD"
    assert town("Nowhere-at-all") is None
    assert town("San José") is None or town("San José") != ("", "", 0)


@given(st.sampled_from(sorted(ROLES)))
def test_every_role_is_its_own_sector(noun: str) -> None:
    found = sector_of(noun.split())
    assert found is not None
    assert found[1] == ROLES[noun]


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12))
def test_singular_never_empties_a_word(word: str) -> None:
    assert singular(word)
    assert len(singular(word)) <= len(word)


def test_ordinary_words_are_listed_folded() -> None:
    assert {"police", "time", "mobile"} <= {word for word, kind in common().items() if kind == "word"}
    assert all(word == word.lower().strip() for word in common())


@given(st.text(max_size=80))
def test_any_text_is_answered(phrase: str) -> None:
    who = actor_of(phrase, date(2020, 1, 1), search=False)
    assert who.text == phrase
    assert who.why


def test_the_development_half_of_the_gold(shared: Path) -> None:
    path = shared / "reading" / "actor_resolution_dev.jsonl"
    if not path.is_file():
        pytest.skip("needs shared/reading")
    right = total = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        wanted = row["expected"].get("country")
        if wanted:
            days = [each for each in row["args"] if each[:2] in ("19", "20")]
            total += 1
            right += actor_of(row["text"], row["kwargs"].get("query_date") or next(iter(days), None)).country == wanted
    assert total > 100
    assert right / total >= 0.9
