"""What the parse says of an act: whether it happened, who tells it, which word joins two actors."""

from __future__ import annotations

import pytest

from multipolar.reading import grammar
from multipolar.reading.sentences import sentences


def both(text, a, b):
    span = next(iter(sentences(text))).span
    return [next(token for token in span if token.text == word) for word in (a, b)]


def joined(text, a, b):
    return grammar.joining(*both(text, a, b))


def deed(text, a, b):
    return grammar.deed(*both(text, a, b))


@pytest.mark.parametrize(
    ("text", "a", "b", "word"),
    [
        ("Norway accused Iceland of overfishing.", "Norway", "Iceland", "accused"),
        ("The invasion of Kuwait by Iraq began at night.", "Kuwait", "Iraq", "invasion"),
        ("Peru, which borders Chile, signed a treaty with Brazil.", "Peru", "Brazil", "signed"),
    ],
)
def test_the_word_that_joins_two_actors(text, a, b, word):
    assert joined(text, a, b).text == word


@pytest.mark.parametrize(
    ("text", "a", "b", "negated", "supposed", "planned"),
    [
        ("Chad attacked Libya.", "Chad", "Libya", False, False, False),
        ("Chad did not attack Libya.", "Chad", "Libya", True, False, False),
        ("Chad never attacked Libya.", "Chad", "Libya", True, False, False),
        ("Chad failed to attack Libya.", "Chad", "Libya", True, False, False),
        ("Chad could attack Libya.", "Chad", "Libya", False, True, False),
        ("If Chad attacks Libya, the war will spread.", "Chad", "Libya", False, True, False),
        ("Chad threatened to attack Libya.", "Chad", "Libya", False, True, False),
        ("Chad will visit Libya.", "Chad", "Libya", False, False, True),
        ("Chad plans to visit Libya.", "Chad", "Libya", False, True, True),
    ],
)
def test_whether_it_happened(text, a, b, negated, supposed, planned):
    word = deed(text, a, b)
    assert (grammar.negated(word), grammar.hypothetical(word), grammar.future(word)) == (negated, supposed, planned)


@pytest.mark.parametrize(
    ("text", "a", "b", "who"),
    [
        ("Egypt said that Sudan had shelled Chad.", "Sudan", "Chad", "Egypt"),
        ("Sudan shelled Chad, Egypt said on Monday.", "Sudan", "Chad", "Egypt"),
        ("According to Egypt, Sudan shelled Chad.", "Sudan", "Chad", "Egypt"),
        ("Sudan shelled Chad.", "Sudan", "Chad", None),
    ],
)
def test_who_says_so(text, a, b, who):
    word = grammar.speaker(joined(text, a, b))
    assert (word.text if word is not None else None) == who


@pytest.mark.parametrize(
    ("text", "a", "b", "linked"),
    [
        ("Norway accused Iceland of overfishing.", "Norway", "Iceland", True),
        ("Norway met Peru and accused Iceland.", "Norway", "Iceland", True),
        ("Norway met Peru and Chile accused Iceland.", "Norway", "Iceland", False),
        ("Norway said that Peru accused Iceland.", "Norway", "Iceland", False),
        ("Norway, which accused Iceland, left.", "Norway", "Iceland", True),
    ],
)
def test_whether_two_actors_are_sides_of_one_clause(text, a, b, linked):
    assert grammar.linked(*both(text, a, b)) is linked
