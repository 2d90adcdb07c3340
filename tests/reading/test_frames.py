"""Events that a noun tells, by the parse alone."""

from __future__ import annotations

from datetime import date

import pytest

from multipolar.reading.frames import frames
from multipolar.reading.mentions import Tracker, mentions
from multipolar.reading.sentences import sentences


def told(text):
    tracker = Tracker(date(2024, 6, 21))
    found = []
    for sentence in sentences(text):
        found += [
            (f.type, f.source.code, f.target.code, f.mutual) for f in frames(sentence, mentions(sentence, tracker))
        ]
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Emmanuel Macron began his tour of Chad and Niger.", ("CONSULT", "FRA", "NER", False)),
        ("The trip by Emmanuel Macron to Chad was short.", ("CONSULT", "FRA", "TCD", False)),
        ("After a visit to Peru, Norway closed its embassy.", ("CONSULT", "NOR", "PER", False)),
        ("Western sanctions against Cuba remain.", ("SANCTION", "GRP:WEST", "CUB", False)),
        ("Peru condemned the Chilean attack on Bolivia.", ("ASSAULT", "CHL", "BOL", False)),
        ("Talks between Peru and Chile resumed.", ("CONSULT", "PER", "CHL", True)),
        ("Norway praised the treaty that it signed with Peru.", ("SUPPORT", "NOR", "PER", True)),
        ("Norway lives with the trade agreement signed last year with Peru.", ("SUPPORT", "NOR", "PER", True)),
        ("The reception that Bolivia gave the Peruvian president was warm.", ("CONSULT", "PER", "BOL", False)),
    ],
)
def test_what_a_noun_tells(text, expected):
    assert expected in told(text)


@pytest.mark.parametrize(
    "text", ["The visit was short.", "Peru and Chile grow grapes.", "An attack of nerves in Peru and Chile."]
)
def test_a_noun_without_two_sides_tells_nothing(text):
    assert told(text) == []
