"""A past day's answers are the same bytes whatever is corrected, learned or rebuilt later (hypothesis)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import samples
from hypothesis import given, settings
from hypothesis import strategies as st
from record_samples import ATLAS, ROWS, TODAY, UN, cover, rows

from multipolar.record import FORMS, Batch, Correction, Form, Record, Source, View

#: Days on which knowledge arrives, before and after the day that is asked for again and again.
START, ASKED = date(2012, 1, 1), date(2015, 1, 1)
EARLY = st.integers(0, (ASKED - START).days).map(lambda days: START + timedelta(days))
LATER = st.integers(1, (TODAY - ASKED).days).map(lambda days: ASKED + timedelta(days))
FORM = st.sampled_from(FORMS)
ACTOR = st.sampled_from(["RUS", "USA", "PRK", "VNM"])
TEXT = st.none() | st.sampled_from(["", "a", "a longer text than fits in twelve bytes"])


def statement(known: st.SearchStrategy[date]) -> st.SearchStrategy[tuple[Form, dict[str, Any]]]:
    """A form and what to change in its good row."""
    change = st.fixed_dictionaries(
        {"a": ACTOR, "known_from": known, "text": TEXT, "source": st.sampled_from(["un", "atlas"])}
        | {"original": TEXT, "unit": TEXT}
    )
    return st.tuples(FORM, change.map(_two_actors))


def _two_actors(change: dict[str, Any]) -> dict[str, Any]:
    return change if change["a"] != "PRK" else {**change, "a": "RUS"}


def ingest(record: Record, statements: list[tuple[Form, dict[str, Any]]], **more: Any) -> None:
    frames = {form: rows(form, *(c for f, c in statements if f == form)) for form in {form for form, _ in statements}}
    record.ingest(Batch(frames, (UN, ATLAS), **more))


def answers(view: View) -> list[bytes]:
    """Everything that a view answers, as bytes."""
    frames = []
    for form in FORMS:
        for asked in ({}, {"actors": ["RUS"]}, {"since": date(2013, 1, 1)}):
            buffer = BytesIO()
            view.statements(form, **asked).write_ipc(buffer)  # type: ignore[arg-type]
            frames.append(buffer.getvalue())
    plain = [view.counts(), view.sources(), view.coverage(), view.corrections(), view.without(["un"]).counts()]
    return [*frames, *(repr(item).encode() for item in plain)]


@st.composite
def later(draw: st.DrawFn) -> tuple[str, Any]:
    """Something that happens after the day asked for."""
    what = draw(st.sampled_from(["correct", "replace", "learn", "reindex"]))
    if what == "learn":
        return what, draw(st.lists(statement(LATER), min_size=1, max_size=4))
    return what, (draw(st.integers(0, 50)), draw(LATER), draw(statement(LATER)))


def happen(record: Record, what: str, detail: Any) -> None:
    if what == "reindex":
        record.reindex()
    elif what == "learn":
        ingest(record, detail, coverage=(cover(first=date(2016, 1, 1)),))
    else:
        correct(record, what == "replace", *detail)


def correct(record: Record, put: bool, pick: int, on: date, other: tuple[Form, dict[str, Any]]) -> None:
    """Withdraw one of the statements that stand, by a source that nobody knew."""
    view = record.view()
    standing = [(key, day) for form in FORMS for key, day in view.statements(form)["id", "known_from"].iter_rows()]
    if not standing:
        return
    key, known = standing[pick % len(standing)]
    form, change = other
    day = max(on, known)
    row = {**ROWS[form], **change, "known_from": max(day, change["known_from"]), "locator": f"replaces {key}"}
    new = Source(f"erratum{pick}", "UN", "Errata", date(2012, 1, 1), "", "", "UN.")
    record.correct([Correction(key, day, "wrong", new.key, (form, row) if put else None)], sources=(new,))


PAST = st.lists(st.lists(statement(EARLY), min_size=1, max_size=6), min_size=1, max_size=3)
FUTURE = st.lists(later(), max_size=6)


def check(
    record: Record, past: list[list[tuple[Form, dict[str, Any]]]], future: list[tuple[str, Any]], asked: date
) -> None:
    for number, statements in enumerate(past):
        ingest(record, statements, coverage=(cover(), cover(form="tie", kind="defence")) if number == 0 else ())
    before = answers(record.view(asked))
    for what, detail in future:
        happen(record, what, detail)
        assert answers(record.view(asked)) == before
    record.verify()


@settings(max_examples=8, deadline=None)
@given(PAST, FUTURE, EARLY)
def test_as_of_in_memory(past: Any, future: Any, asked: date) -> None:
    check(Record.memory(today=TODAY), past, future, asked)


@settings(max_examples=3, deadline=None)
@given(PAST, FUTURE)
def test_as_of_in_a_folder(past: Any, future: Any) -> None:
    with TemporaryDirectory() as folder:
        check(Record.create(Path(folder) / "record", today=TODAY), past, future, ASKED)


@settings(max_examples=6, deadline=None)
@given(PAST)
def test_a_view_shows_exactly_what_was_known(past: Any) -> None:
    """Against a plain list in Python, for every day on which something became known."""
    record = Record.memory(today=TODAY)
    for statements in past:
        ingest(record, statements)
    everything = [row for form in FORMS for row in record.view().statements(form).to_dicts()]
    for day in {row["known_from"] for row in everything} | {START - timedelta(1)}:
        view = record.view(day)
        seen = {row["id"] for form in FORMS for row in view.statements(form).to_dicts()}
        assert seen == {row["id"] for row in everything if row["known_from"] <= day}
        assert {row["source"] for row in everything if row["id"] in seen} <= set(view.sources())


@settings(max_examples=6, deadline=None)
@given(PAST, st.randoms())
def test_ingest_is_idempotent_and_the_order_of_batches_does_not_matter(past: Any, rng: Any) -> None:
    one, other = Record.memory(today=TODAY), Record.memory(today=TODAY)
    for statements in past:
        ingest(one, statements)
    for statements in [*past, *past]:
        ingest(other, rng.sample(statements, len(statements)))
    shuffled = Record.memory(today=TODAY)
    for statements in rng.sample(past, len(past)):
        ingest(shuffled, statements)
    assert answers(one.view()) == answers(other.view()) == answers(shuffled.view())
    assert [info.id for info in one.batches()] == [info.id for info in other.batches()]


def test_older_knowledge_that_arrives_late_is_told_apart_by_the_number_of_batches() -> None:
    record = Record.memory(today=TODAY)
    ingest(record, [("vote", {})])
    before = answers(record.view(ASKED))
    ingest(record, [("vote", {"a": "CHN"})])
    assert answers(record.view(ASKED)) != before
    assert answers(record.view(ASKED, batches=1)) == before


def test_a_new_edition_of_a_source_changes_no_past_day() -> None:
    record = Record.memory(today=TODAY)
    ingest(record, [("vote", {})])
    before = answers(record.view(ASKED))
    edition = replace(ATLAS, key="atlas-2016", title="Atlas of ties, 2nd edition", date=date(2016, 1, 1))
    record.ingest(Batch({"tie": rows("tie", {"source": edition.key, "known_from": edition.date})}, (edition,)))
    assert answers(record.view(ASKED)) == before


def test_a_term_that_ends_later_has_no_end_yet() -> None:
    term = {"valid_to": date(2009, 1, 19), "value": 1.0, "text": "George W. Bush"}
    made = samples.record(trait=[samples.statement("USA", None, "leader", date(2001, 1, 20), **term)])
    assert made.view(date(2005, 1, 1)).statements("trait")["valid_to"].to_list() == [None]
    assert made.view(date(2009, 1, 19)).statements("trait")["valid_to"].to_list() == [date(2009, 1, 19)]
