"""Marked sentences: the markers stand where the spans are, whatever the sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.reading.encoding import LONGEST, encode, tokenizer, tokens

SENTENCE = "Norway's foreign minister accused Iceland of overfishing cod."


def words(encoded):
    return [tokenizer().id_to_token(number) for number in encoded.ids]


def test_markers_stand_around_their_spans():
    found = words(encode(tokens(SENTENCE), (0, 25), (34, 41)))
    assert found[0] == "[CLS]" and found[-1] == "[SEP]"
    assert found[1] == "[unused0]" and found[found.index("[unused1]") - 1] == "minister"
    assert found[found.index("[unused2]") : found.index("[unused3]") + 1] == ["[unused2]", "iceland", "[unused3]"]


def test_the_places_are_those_of_the_opening_markers():
    encoded = encode(tokens(SENTENCE), (34, 41), (0, 6))
    assert (encoded.ids[encoded.source], encoded.ids[encoded.target]) == (1, 3)
    assert encode(tokens(SENTENCE), (0, 6), None).target == 0


@given(st.text(min_size=1, max_size=900), st.data())
def test_any_text_and_any_spans(text, data):
    cut = tokens(text)
    span = st.tuples(st.integers(0, len(text) - 1), st.integers(1, 40)).map(
        lambda s: (s[0], min(s[0] + s[1], len(text)))
    )
    source, target = data.draw(span), data.draw(span)
    encoded = encode(cut, source, target)
    assert len(encoded.ids) <= LONGEST
    assert 0 < encoded.source < len(encoded.ids) - 1 and 0 < encoded.target < len(encoded.ids) - 1


@pytest.mark.parametrize("gap", [0, 20, 45])
def test_a_long_sentence_is_cut_around_its_spans(gap):
    text = "so it was said " * 60 + "Chad" + " and then" * gap + " Togo" + " as was known" * 60
    first, last = text.index("Chad"), text.index("Togo")
    encoded = encode(tokens(text), (first, first + 4), (last, last + 4))
    assert len(encoded.ids) == LONGEST
    assert encoded.ids[encoded.source] == 1 and encoded.ids[encoded.target] == 3
