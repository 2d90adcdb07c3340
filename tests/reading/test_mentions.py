"""Who is spoken of: names, descriptions, collectives and pronouns, as of a day."""

from __future__ import annotations

from datetime import date

import pytest

from multipolar.reading.mentions import Tracker, mentions
from multipolar.reading.sentences import sentences


def spoken_of(text, on=date(2024, 6, 21)):
    tracker = Tracker(on)
    return [(text[m.start : m.end], m.code) for sentence in sentences(text) for m in mentions(sentence, tracker)]


@pytest.mark.parametrize(
    ("text", "words", "code"),
    [
        ("The Kremlin praised Serbia.", "The Kremlin", "RUS"),
        ("Foggy Bottom said nothing about Oslo.", "Foggy Bottom", "USA"),
        ("Foggy Bottom said nothing about Oslo.", "Oslo", "NOR"),
        ("The Norwegian foreign minister met his Peruvian counterpart.", "his Peruvian counterpart", "PER"),
        ("Western pressure on Cuba grew.", "Western", "GRP:WEST"),
        ("Peru invited its allies.", "its allies", "GRP:PER_ALLIES"),
        (
            "The countries that support Ukraine met in Oslo.",
            "The countries that support Ukraine",
            "GRP:UKRAINE_BACKERS",
        ),
        ("The African Union met in Addis Ababa.", "The African Union", "IGO:AU"),
        ("Emmanuel Macron left. He smiled.", "He", "FRA"),
        ("Norway voted no. It will pay.", "It", "NOR"),
        ("Peru and Chile talked. They agreed.", "They", "PER"),
        ("Serbia is poor. The country exports copper.", "The country", "SRB"),
    ],
)
def test_whom_the_words_stand_for(text, words, code):
    assert (words, code) in spoken_of(text)


def test_an_office_holder_depends_on_the_day():
    assert ("Boris Yeltsin", "RUS") in spoken_of("Boris Yeltsin flew to Bonn.", date(1995, 5, 5))


def test_it_can_stand_for_nobody():
    assert not any(words.lower() == "it" for words, _ in spoken_of("Norway knows that it is clear that Peru will win."))


def test_who_is_not_known_stays_unknown_and_keeps_the_place():
    found = dict(spoken_of("Emmanuel Macron met Olav Hansen. He smiled."))
    assert found.get("Olav Hansen") == "UNK"


def test_a_long_name_is_one_mention():
    found = spoken_of("Peru signed a treaty with the Democratic People’s Republic of Korea (DPRK).")
    assert {code for _, code in found} == {"PER", "PRK"}
