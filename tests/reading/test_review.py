"""The review file: a decision for every event, corrections taken and noted, nothing taken from a file with a mistake."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.errors import DataError, RecordError
from multipolar.reading.model import UNDATED, Document, Event, Reading, When, Who
from multipolar.reading.review import COLUMNS, read, write

TEXT = 'On 19 June 2024 "Norway"\tand Chile\nmet in Oslo. =SUM(A1) Chile accused Peru. Norway met Chile again, it says.'
ON = When(date(2024, 6, 19), date(2024, 6, 19), "day", "19 June 2024")
NOR, CHL, PER = Who("NOR", "GOV", "Norway"), Who("CHL", None, "Chile"), Who("PER", None, "Peru")
ONE, TWO = Document("one", TEXT, date(2024, 6, 21)), Document("two", TEXT, date(2024, 6, 22))


def told(event, quote, document=ONE, **more):
    start = document.text.index(quote)
    made = Event(
        document.id, start, start + len(quote), quote, "CONSULT", "visit", (NOR,), (CHL,), False, (), ON, None, None, 0.9, event
    )  # fmt: skip
    return replace(made, **more)


FIRST = told("met1", '"Norway"\tand Chile\nmet in Oslo')
WEAKER = told("met1", "Norway met Chile again", confidence=0.6, date=UNDATED)
PLAN = told("met1", "Norway met", confidence=0.99, aux=("future",))
IT = Who("UNK", None, "it")
ACCUSED = replace(
    told("acc1", "=SUM(A1) Chile accused Peru", type="ACCUSE", mode=None),
    actors=(CHL,),
    recipients=(PER,),
    attributed_to=IT,
)
READINGS = [
    Reading(ONE, (WEAKER, PLAN, FIRST, ACCUSED)),
    Reading(TWO, (told("met1", "Norway met", TWO, confidence=0.5),)),
]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "review.tsv"


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", strict=True))


def decided(path, readings=READINGS, **changes):
    """Write the file with a decision in each row and the cells of the first one changed; read it."""
    write(readings, path)
    rows = [{**row, "keep": "no"} for row in table(path)]
    rows[0] |= {"keep": "yes"} | {name.rstrip("_"): text for name, text in changes.items()}
    put(path, rows)
    return read(path, readings)


def put(path, rows, columns=COLUMNS, **how):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, delimiter="\t", **how)
        writer.writeheader()
        writer.writerows(rows)


def test_one_row_an_event_the_surest_that_happened(path):
    assert write(READINGS, path) == 2
    first, second = table(path)
    assert list(first) == list(COLUMNS)
    assert first == {
        "keep": "", "id": "met1", "type": "CONSULT", "mode": "visit", "actors": "NOR/GOV", "recipients": "CHL",
        "from": "2024-06-19", "to": "2024-06-19", "aux": "", "attributed_to": "", "confidence": "0.90",
        "quote": '"Norway" and Chile met in Oslo', "doc": "one|two",
    }  # fmt: skip
    assert second["attributed_to"] == "it"
    assert second["quote"].startswith("'=SUM"), "no spreadsheet may take the article's words for a formula"
    assert len(path.read_text(encoding="utf-8").splitlines()) == 3


def test_only_rows_marked_yes_are_kept_one_mention_an_article(path):
    kept = decided(path)
    assert [(event.doc_id, event.quote) for event in kept] == [("one", FIRST.quote), ("two", "Norway met")]
    assert kept[0] == FIRST


def test_a_file_is_not_written_over(path):
    write(READINGS, path)
    path.write_text("a person's work", encoding="utf-8")
    with pytest.raises(DataError, match="already"):
        write(READINGS, path)
    assert path.read_text(encoding="utf-8") == "a person's work"


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(RecordError, match="could not write"):
        write(READINGS, tmp_path / "none" / "review.tsv")


def given_days(start, end, precision="day"):
    first, last = (date.fromisoformat(day) if day else None for day in (start, end))
    return {"date": When(first, last, precision, "19 June 2024", "given in review")}


def given_who(code):
    return Who(code, None, code, "given in review")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"type": "AGREE", "mode": ""}, {"type": "AGREE", "mode": None}),
        ({"mode": "phone"}, {"mode": "phone"}),
        ({"recipients": "PER | CHL"}, {"recipients": (given_who("PER"), CHL)}),
        ({"actors": "NOR"}, {"actors": (given_who("NOR"),)}),
        ({"actors": "NOR/GOV|CHL", "recipients": ""}, {"actors": (NOR, CHL), "recipients": (), "reciprocal": True}),
        ({"actors": "IGO:NATO|GRP:WEST|SYR/REB|SUN|UNK"}, {"reciprocal": False}),
        ({"aux": "historical|negation"}, {"aux": ("historical", "negation")}),
        ({"from_": "2024-06-18"}, given_days("2024-06-18", "2024-06-18")),
        ({"from_": "2024-06-20"}, given_days("2024-06-20", "2024-06-20")),
        ({"from_": "", "to": ""}, given_days("", "", "unknown")),
        ({"from_": "2024-06-01", "to": "2024-06-18"}, given_days("2024-06-01", "2024-06-18", "range")),
    ],
)
def test_corrections_are_taken_in_every_article_and_noted(path, changes, expected):
    for event in decided(path, **changes):
        assert {name: getattr(event, name) for name in expected} == expected
        assert event.why[-1].startswith("In review: ")
        assert len(event.why) == len(changes)


def test_days_that_were_not_changed_stay_those_of_each_article(path):
    later = replace(READINGS[1].events[0], date=When(date(2024, 6, 19), date(2024, 6, 20), "range"))
    kept = decided(path, [READINGS[0], Reading(TWO, (later,))], mode="talk")
    assert [event.date for event in kept] == [ON, later.date]


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        ("keep", "", "yes or no"),
        ("keep", "maybe", "yes or no"),
        ("id", "other", "id of an event"),
        ("id", "acc1", "no row above has"),
        ("type", "MEET", "one of AGREE"),
        ("mode", "economic", "a mode of CONSULT"),
        ("type", "AGREE", "a mode of AGREE"),
        ("actors", "", "at least one actor"),
        ("actors", "Norway", "codes as RUS"),
        ("actors", "NOR|", "codes as RUS"),
        ("recipients", "XYZ", "'XYZ' is none"),
        ("recipients", "NOR/rebels", "codes as RUS"),
        ("from", "19 June 2024", "a day"),
        ("from", "2024-06", "a day"),
        ("to", "2024-06-31", "a day"),
        ("to", "2024-06-18", "not before 2024-06-19"),
        ("aux", "planned", "some of historical"),
        ("attributed_to", "somebody", "only keep"),
        ("confidence", "1", "only keep"),
        ("quote", "other words", "only keep"),
        ("doc", "two", "only keep"),
    ],
)
@pytest.mark.parametrize("keep", ["yes", "no"])
def test_a_mistake_is_named_with_file_row_and_column_and_nothing_is_taken(path, column, cell, says, keep):
    write(READINGS, path)
    first, second = table(path)
    changed = {**first, "keep": keep, column: cell}
    put(path, [{**second, "keep": "yes"}, changed])
    if column == "id" and cell == "acc1":
        changed = {**second, "keep": keep}
        put(path, [{**second, "keep": "yes"}, changed])
    with pytest.raises(DataError, match=says) as caught:
        read(path, READINGS)
    assert (
        ""
        if cell is None
        else f"{path}:3:{'mode' if (column, cell) == ('type', 'AGREE') else column}" in str(caught.value)
    )


def test_a_row_that_was_taken_out_is_no_decision(path):
    write(READINGS, path)
    put(path, [{**table(path)[0], "keep": "yes"}])
    with pytest.raises(DataError, match="acc1") as caught:
        read(path, READINGS)
    assert f"{path}:3:id" in str(caught.value)


def test_what_spreadsheets_do_to_a_file_is_understood(path):
    write(READINGS, path)
    rows = [
        {**row, "keep": " YES ", "confidence": row["confidence"].replace(".", ",").rstrip("0")}
        for row in reversed(table(path))
    ]
    put(path, rows, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes() + b"\t" * 12 + b"\r\n")
    assert [event.event for event in read(path, READINGS)] == ["acc1", "met1", "met1"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "an empty file"),
        (b"keep,id\n", "the header"),
        (b"\xff\xfek\x00", "UTF-8"),
        ("\t".join(COLUMNS).encode() + b'\nyes\t"met1', "a row of a table"),
        ("\t".join(COLUMNS).encode() + b"\nyes\tmet1\n", "13 cells"),
    ],
)
def test_a_file_that_is_no_review_file(path, content, says):
    path.write_bytes(content)
    with pytest.raises(DataError, match=says) as caught:
        read(path, READINGS)
    assert str(path) in str(caught.value)


def test_a_file_that_is_not_there(path):
    with pytest.raises(DataError, match="can be read"):
        read(path, READINGS)


def test_no_events_no_rows(path):
    assert write([Reading(ONE)], path) == 0
    assert read(path, [Reading(ONE)]) == []


@given(
    text=st.text(alphabet=st.characters(codec=None), min_size=1, max_size=40),
    said=st.text(max_size=10),
    id=st.text(max_size=5),
)
def test_any_words_come_back_as_they_were(tmp_path_factory, text, said, id):
    path = tmp_path_factory.mktemp("review") / "review.tsv"
    document = replace(ONE, id=id or "x", text=text)
    event = replace(
        FIRST, doc_id=document.id, start=0, end=len(text), quote=text, event="", attributed_to=Who("UNK", None, said)
    )
    assert decided(path, [Reading(document, (event,))]) == [event]
