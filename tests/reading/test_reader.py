"""From a text to its events: whole sentences through the embedded classifier, and what holds whatever the text is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multipolar.errors import UsageError
from multipolar.reading import actor_of, read, read_text, type_of
from multipolar.reading.events import identify
from multipolar.reading.model import AUX, RELATIONS, TYPES, Document
from multipolar.reading.parts import Parts

DAY = date(2024, 6, 21)


def told(text, on=DAY, parts=None):
    reading = read_text(text, on=on, **({"parts": parts} if parts else {}))
    return [
        (event.type, "/".join(who.code for who in event.actors), "/".join(who.code for who in event.recipients))
        for event in reading.events
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Norway accused Iceland of overfishing on Tuesday.", ("ACCUSE", "NOR", "ISL")),
        ("The Indian army shelled Pakistani positions along the frontier overnight.", ("ASSAULT", "IND", "PAK")),
        ("Kenya expelled three Sudanese diplomats on Friday.", ("SANCTION", "KEN", "SDN")),
        ("Japan will give Fiji two patrol boats, the foreign ministry said.", ("AGREE", "JPN", "FJI")),
        ("The visit of the Peruvian president to Bolivia ended on Sunday.", ("CONSULT", "PER", "BOL")),
        ("Chad withdrew its ambassador from Niamey after his trip to Togo.", ("CONSULT", "TCD", "TGO")),
        ("Chile rejected a Bolivian request for talks on access to the sea.", ("REJECT", "CHL", "BOL")),
    ],
)
def test_what_a_sentence_tells(text, expected):
    assert expected in told(text)


def test_who_came_to_whom_whoever_is_the_subject():
    assert ("CONSULT", "PER", "BOL") in told(
        "The warm reception that Bolivia gave the Peruvian president lasted an hour."
    )


def test_a_pronoun_stands_for_who_was_named_before():
    text = "Emmanuel Macron arrived in Chile on Monday. He condemned Venezuela in a speech."
    assert ("ACCUSE", "FRA", "VEN") in told(text)
    assert ("ACCUSE", "FRA", "VEN") not in told(text, parts=Parts(pronouns=False))


def test_a_famous_event_is_dated_and_old():
    event = next(
        each for each in read_text("It was a year of war after the invasion of Kuwait.", on=date(1995, 5, 1)).events
    )
    assert (event.type, event.date.start, "historical" in event.aux) == ("ASSAULT", date(1990, 8, 2), True)


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Norway did not accuse Iceland of overfishing.", "negation"),
        ("If Norway attacks Iceland, the alliance will end.", "hypothetical"),
    ],
)
def test_what_did_not_happen_is_marked(text, flag):
    assert all(flag in event.aux for event in read_text(text, on=DAY).events)


def test_the_same_event_told_twice_is_one():
    texts = ("Norway accused Iceland of overfishing on Tuesday.", "On Tuesday, Oslo accused Iceland of overfishing.")
    first, second = (read(Document(str(number), text, DAY)).events for number, text in enumerate(texts))
    names = {event.event for event in identify([*first, *second]) if event.type == "ACCUSE"}
    assert len(names) == 1 and names != {""}


def test_another_day_is_another_event():
    texts = (
        "Norway accused Iceland of overfishing on 3 May 2024.",
        "Norway accused Iceland of overfishing on 9 June 2024.",
    )
    found = [event for number, text in enumerate(texts) for event in read(Document(str(number), text, DAY)).events]
    assert len({event.event for event in identify(found) if event.type == "ACCUSE"}) == 2


def test_without_a_day_nothing_is_dated_by_it():
    event = read_text("Norway accused Iceland of overfishing on Tuesday.").events[0]
    assert event.date.start is None and event.date.precision == "unknown"


def test_every_quote_is_a_stretch_of_the_text():
    text = "Norway’s minister – “angry”, aides said – met Iceland’s envoy.\n\n  Later, it accused Reykjavik of bad faith.\n"
    reading = read_text(text, on=DAY)
    assert reading.events
    for each in (*reading.events, *reading.claims):
        assert text[each.start : each.end] == each.quote != ""
        assert each.sentence[0] <= each.start < each.end <= each.sentence[1]


NAMES = ("Norway", "the Kremlin", "he", "Iceland’s army", "its allies", "the West", "NATO", "Peru’s president", "it")
VERBS = (
    "accused",
    "met",
    "will not attack",
    "depends on",
    "signed a treaty with",
    "if",
    "visited",
    "—",
    ", which left",
    ".",
    "\n\n",
)


@settings(max_examples=12)
@given(st.lists(st.sampled_from(NAMES + VERBS), min_size=1, max_size=14).map(" ".join))
def test_any_order_of_words(text):
    for row in read_text(text, on=DAY).rows():
        assert text[row["start"] : row["end"]] == row["quote"]
        if row["form"] == "event":
            assert row["type"] in TYPES and set(row["aux"]) <= set(AUX) and row["actors"]
        else:
            assert row["relation"] in RELATIONS and row["subject"]


def test_types_of_a_marked_pair_add_up_likeliest_first():
    found = type_of("Norway accused Iceland of overfishing.", source=(0, 6), target=(15, 22))
    assert next(iter(found)) == "ACCUSE" and set(found) == set(TYPES)
    assert sum(found.values()) == pytest.approx(1) and list(found.values()) == sorted(found.values(), reverse=True)


@pytest.mark.parametrize(("source", "target", "where"), [((0, 0), (1, 2), "source"), ((0, 2), (3, 99), "target")])
def test_a_span_outside_the_sentence_is_named(source, target, where):
    with pytest.raises(UsageError, match=where):
        type_of("Peru met Chile.", source=source, target=target)


def test_an_actor_by_a_phrase_and_a_day():
    assert actor_of("the Russian president", on="1995-01-01").code == "RUS"
    assert "Yeltsin" in actor_of("the Russian president", on="1995-01-01").why
    assert "Putin" in actor_of("the Russian president", on="2024-01-01").why
    assert actor_of("two men").country is None


@pytest.mark.data
def test_an_article_is_read_as_well_as_it_was(shared):
    """What was reached on the article that may be looked at; the other coded articles are kept apart."""
    from importlib import import_module

    evaluate = import_module("multipolar.reading.evaluate")
    rows = evaluate.article(shared / "reading" / "article_000_events.jsonl", shared / "articles", Parts())
    found = {row["measure"]: row["value"] for row in rows}
    assert found["recall of core"] >= 0.5 and found["precision"] >= 0.5 and found["traps fired"] == 0


def test_a_dateline_is_no_part_of_what_is_told():
    text = "OSLO, June 20, 2024 (Reuters) - Norway accused Iceland of overfishing on Wednesday."
    (event,) = read_text(text, on=date(2024, 6, 20)).events
    assert [who.code for who in event.actors] == ["NOR"] and event.date.start == date(2024, 6, 19)


def test_what_one_has_of_ones_own_is_no_second_side():
    assert all(
        "NOR" not in recipients
        for _, _, recipients in told("Norway accused Iceland of lying and recalled its ambassador.")
    )


def test_who_holds_a_claim_is_said_even_if_nobody_known():
    (claim,) = read_text("Norway depends on China for batteries, analysts say.", on=DAY).claims
    assert claim.holder is not None and claim.holder.text == "analysts" and claim.modality == "reported"
