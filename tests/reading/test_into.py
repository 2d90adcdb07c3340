"""What kept events become in a record: reported statements of one article each, that nothing counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.errors import DataError
from multipolar.reading.into import MODES, actor_id, batch, key_of, left_out
from multipolar.reading.model import TYPES, UNDATED, Document, Event, Reading, When, Who
from multipolar.reading.modes import _WORDS
from multipolar.record import KINDS, REPORTED, Record

DAY = date(2024, 6, 21)
TEXT = "The Norwegian foreign minister flew to Santiago on 19 June 2024, and Chile signed an agreement with Norway."
NOR, CHL = Who("NOR", "GOV", "The Norwegian foreign minister"), Who("CHL", None, "Chile")
ARTICLE = Document("a visit", TEXT, DAY, "given", "A visit", "The Paper", "https://example.org/a")
ON = date(2024, 6, 19)


def told(document=ARTICLE, quote="Norwegian foreign minister flew to Santiago", **more):
    start = document.text.index(quote)
    event = Event(
        doc_id=document.id, start=start, end=start + len(quote), quote=quote, type="CONSULT", mode="visit", actors=(NOR,),
        recipients=(CHL,), reciprocal=False, aux=(), date=When(ON, ON, "day"), place="CHL", attributed_to=None,
        confidence=0.9, event="e1",
    )  # fmt: skip
    return replace(event, **more)


def rows(*events, document=ARTICLE):
    made = batch([Reading(document, events)], events)
    return made.frames["event"].to_dicts() if made.frames else []


def whys(*events, document=ARTICLE):
    return [each.why for each in left_out([Reading(document, events)], events)]


def test_an_event_becomes_a_reported_statement_without_a_value():
    event = told(attributed_to=Who("UNK", None, "an  official"))
    made = batch([Reading(ARTICLE, (event,))], [event])
    record = Record.memory()
    record.ingest(made)
    row = record.view().statements("event").row(0, named=True)
    assert (row["a"], row["b"], row["kind"], row["mode"], row["place"]) == ("NOR", "CHL", "CONSULT", "visit", "CHL")
    assert (row["valid_from"], row["valid_to"], row["known_from"]) == (ON, ON, DAY)
    assert row["value"] is None
    assert row["original"] == event.quote
    assert row["locator"] == f"characters {event.start} to {event.end}"
    assert row["text"] == "reported by The Paper, citing an official: Norway meets or consults Chile (visit)"
    source = record.view().sources()[row["source"]]
    assert source.key.startswith(f"{REPORTED}a-visit-")
    assert (source.publisher, source.title, source.date, source.url) == ("The Paper", "A visit", DAY, ARTICLE.url)
    assert "not established" in source.note


def test_the_same_article_again_adds_nothing():
    record = Record.memory()
    event = told()
    first = record.ingest(batch([Reading(ARTICLE, (event,))], [event]))
    sure = replace(event, confidence=0.1, why=("another way",))
    again = record.ingest(batch([Reading(ARTICLE, (sure,))], [sure]))
    assert first.added["event"] == 1
    assert record.view().counts()["event"] == 1
    assert sum(again.added.values()) == 0


def test_two_articles_that_tell_one_event_give_a_statement_each():
    other = replace(ARTICLE, id="b", text=TEXT + " Again.", publisher="", title="")
    events = [told(), told(other)]
    made = batch([Reading(ARTICLE), Reading(other)], events)
    assert len(set(made.frames["event"]["source"])) == 2 == len(made.sources)
    Record.memory().ingest(made)
    assert {source.publisher for source in made.sources} == {"The Paper", "unknown publisher"}


def test_a_reciprocal_event_goes_both_ways():
    assert {(row["a"], row["b"]) for row in rows(told(actors=(NOR, CHL), recipients=(), reciprocal=True))} == {
        ("NOR", "CHL"),
        ("CHL", "NOR"),
    }
    assert [(row["a"], row["b"]) for row in rows(told(recipients=()))] == [("NOR", None)]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"aux": ("negation",)}, "did not happen"),
        ({"aux": ("hypothetical",)}, "only supposes"),
        ({"aux": ("future",)}, "had not happened yet"),
        ({"date": UNDATED}, "first day is not known"),
        ({"date": When(None, ON, "range")}, "first day is not known"),
        ({"date": When(DAY + timedelta(1), None, "day")}, "after the article's day"),
        ({"actors": (Who("GRP:WEST", None, "the West"),)}, "is many"),
        ({"recipients": (Who("UNK", None, "an official"),)}, "is not known"),
        ({"recipients": (Who("IGO:OSCE", "IGO", "the OSCE"),)}, "knows no organisation IGO:OSCE"),
        ({"recipients": (Who("HKG", None, "Hong Kong"),)}, "knows no state HKG"),
        ({"actors": (Who("SYR", "REB", "Syrian rebels"),)}, "is not the state"),
        ({"recipients": (Who("SYR", "REB", "Syrian rebels"),)}, "is not the state"),
        ({"actors": (Who("NOR", "CVL", "Norwegians"),)}, "is not the state"),
        ({"recipients": (Who("DDR", None, "East Germany"),)}, "did not exist on 2024-06-19"),
        ({"recipients": (replace(NOR, sector=None),)}, "Both sides are NOR"),
        ({"actors": (NOR, Who("UNK", None, "he")), "recipients": (), "reciprocal": True}, "Fewer than two"),
    ],
)
def test_what_a_statement_cannot_say_is_left_out_with_the_reason(change, why):
    event = told(**change)
    assert rows(event) == []
    assert any(why in each for each in whys(event)), whys(event)


def test_a_side_that_is_not_known_costs_only_itself():
    event = told(recipients=(CHL, Who("GRP:WEST", None, "the West"), Who("CHL", "CVL", "Chileans")))
    assert [(row["a"], row["b"]) for row in rows(event)] == [("NOR", "CHL")]
    assert len(whys(event)) == 1


def test_an_event_of_long_ago_enters_with_its_own_days():
    row = rows(told(aux=("historical",), date=When(date(1979, 12, 24), date(1989, 2, 15), "range"),
                    actors=(Who("SUN", None, "Moscow"),), recipients=(Who("AFG", None, "Afghanistan"),)))[0]  # fmt: skip
    assert (row["a"], row["valid_from"], row["valid_to"], row["known_from"]) == (
        "RUS", date(1979, 12, 24), date(1989, 2, 15), DAY,
    )  # fmt: skip


def test_an_interval_ends_with_the_article():
    row = rows(told(date=When(date(2024, 1, 1), date(2024, 12, 31), "year")))[0]
    assert row["valid_to"] == DAY


def test_the_record_has_its_own_word_for_a_meeting_of_many():
    assert rows(told(mode="multilateral"))[0]["mode"] == "summit"
    assert rows(told(mode=None))[0]["mode"] is None


def test_an_article_without_a_date_cannot_enter():
    undated = replace(ARTICLE, date=None)
    with pytest.raises(DataError, match="article with a date") as caught:
        rows(told(), document=undated)
    assert "a visit" in str(caught.value)
    assert rows(document=undated) == []


@pytest.mark.parametrize(
    ("readings", "says"),
    [
        ([], "event of one of the articles"),
        (
            [Reading(replace(ARTICLE, text="Another text, of the same length as before, but without the words."))],
            "others",
        ),
        ([Reading(ARTICLE), Reading(replace(ARTICLE, text="Another."))], "different texts"),
    ],
)
def test_events_must_be_of_the_articles(readings, says):
    with pytest.raises(DataError, match=says):
        batch(readings, [told()])


def test_nothing_kept_is_an_empty_batch():
    made = batch([Reading(ARTICLE)], [])
    assert (dict(made.frames), made.sources) == ({}, ())
    Record.memory().ingest(made)


@given(id=st.text(min_size=1, max_size=90), text=st.text(max_size=30))
def test_every_article_has_a_key_that_a_record_takes(id, text):
    import re

    from multipolar.record.checks import KEY

    key = key_of(Document(id, text))
    assert re.fullmatch(KEY, key)
    assert key != key_of(Document(id, text + "."))


DOERS = [NOR, CHL, Who("SUN", None, "the Soviets"), Who("GRP:WEST", None, "the West"), Who("UNK", None, "he")]
OTHERS = [CHL, Who("IGO:WHO", "IGO", "WHO"), Who("YUG", None, "Belgrade"), Who("IGO:NATO", "IGO", "NATO")]
EVENTS = st.builds(
    told,
    type=st.sampled_from(TYPES),
    actors=st.lists(st.sampled_from(DOERS), min_size=1, max_size=3).map(tuple),
    recipients=st.lists(st.sampled_from(OTHERS), max_size=2).map(tuple),
    reciprocal=st.booleans(),
    date=st.dates(date(1930, 1, 1), date(2024, 7, 1)).map(lambda day: When(day, day + timedelta(40), "range")),
    aux=st.sets(st.sampled_from(["historical", "future", "negation"]), max_size=1).map(tuple),
)


@given(st.lists(EVENTS, max_size=4))
def test_whatever_is_kept_enters_or_is_left_out_with_a_reason(events):
    made = batch([Reading(ARTICLE)], events)
    Record.memory().ingest(made)  # the door takes it
    out = left_out([Reading(ARTICLE)], events)
    assert all(each.why for each in out)
    for event in events:
        assert rows(event) or any(each.event == event for each in out)
    for row in rows(*events):
        assert row["value"] is None
        assert row["valid_from"] <= row["known_from"] == DAY
        assert row["valid_to"] <= DAY
        assert row["a"] != row["b"]


def test_modes_are_those_of_the_reader_and_of_the_record():
    assert set(MODES) == set(TYPES) == set(KINDS["event"])
    for kind, modes in _WORDS.items():
        assert {mode for mode, _ in modes} <= MODES[kind]
    for kind, says in KINDS["event"].items():
        if "(mode: " in says:
            assert set(says.partition("(mode: ")[2].rstrip(")").split(", ")) <= MODES[kind]


@pytest.mark.parametrize(
    ("code", "on", "id"),
    [
        ("SUN", "1985-01-01", "RUS"),
        ("DDR", "1985-01-01", "DDR"),
        ("SCG", "2004-01-01", "YUG"),
        ("YUG", "1985-01-01", "YUG"),
        ("IGO:NATO", "1985-01-01", "NATO"),
        ("NATO", "1985-01-01", None),
        ("IGO:RUS", "1985-01-01", None),
        ("RVN", "1985-01-01", None),
    ],
)
def test_codes_of_a_reading_are_ids_of_the_record_on_a_day(code, on, id):
    assert actor_id(code, date.fromisoformat(on)) == id
