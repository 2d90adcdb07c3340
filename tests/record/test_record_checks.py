"""The door: every named check has a row that only it refuses, and says where and what was expected."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from record_samples import ATLAS, ROWS, TODAY, UN, batch, cover, rows

from multipolar.errors import DataError, MultipolarError, UsageError
from multipolar.record import FORMS, KINDS, Batch, Form, Record, Source
from multipolar.record.checks import RANGES, statement_checks

LATE = date(2024, 7, 2)

#: name of a check -> (form, change that makes the good row bad, column blamed)
BAD: dict[str, tuple[Form, dict[str, Any], str]] = {
    "a_given": ("tie", {"a": None}, "a"),
    "kind_given": ("tie", {"kind": None}, "kind"),
    "valid_from_given": ("tie", {"valid_from": None}, "valid_from"),
    "known_from_given": ("tie", {"known_from": None}, "known_from"),
    "source_given": ("tie", {"source": None}, "source"),
    "locator_given": ("tie", {"locator": ""}, "locator"),
    "b_given": ("flow", {"b": None}, "b"),
    "b_null": ("vote", {"b": "CHN"}, "b"),
    "value_given": ("flow", {"value": None}, "value"),
    "valid_to_given": ("flow", {"valid_to": None}, "valid_to"),
    "known_to_null": ("tie", {"known_to": date(2020, 1, 1)}, "known_to"),
    "kind_known": ("event", {"kind": "defence"}, "kind"),
    "a_token": ("tie", {"a": "North Korea"}, "a"),
    "b_token": ("tie", {"b": ""}, "b"),
    "two_actors": ("tie", {"b": "RUS"}, "b"),
    "source_known": ("tie", {"source": "nobody"}, "source"),
    "valid_order": ("tie", {"valid_to": date(2009, 1, 1)}, "valid_to"),
    "not_future": ("tie", {"known_from": LATE}, "known_from"),
    "known_after_start": ("event", {"known_from": date(2010, 3, 3)}, "known_from"),
    "known_after_end": ("flow", {"known_from": date(2010, 6, 1)}, "known_from"),
    "value_finite": ("tie", {"value": float("nan")}, "value"),
    "event_range": ("event", {"value": 11.0}, "value"),
    "attitude_range": ("attitude", {"value": 70.0}, "value"),
    "n_positive": ("attitude", {"n": 0}, "n"),
    "rollcall_given": ("vote", {"rollcall": None}, "rollcall"),
    "choice_known": ("vote", {"choice": "perhaps"}, "choice"),
    "choice_value": ("vote", {"value": 1.0}, "value"),
    **{
        f"{kind}_range": (
            form,
            {"kind": kind, "value": -100.0, **({"b": "UN"} if kind == "membership" else {})},
            "value",
        )
        for form in ("tie", "flow", "trait")
        for kind in KINDS[form]
        if kind in RANGES
    },
}
#: Days outside the calendar cannot be written in Python; `test_a_day_outside_the_calendar` makes them another way.
ELSEWHERE = {"valid_from_in_calendar", "valid_to_in_calendar", "known_from_in_calendar"}


def test_every_check_has_an_example() -> None:
    names = {check.name for form in FORMS for check in statement_checks(form, {"un"}, TODAY)}
    assert names == set(BAD) | ELSEWHERE


@pytest.mark.parametrize("name", BAD)
def test_refuses(name: str) -> None:
    form, change, column = BAD[name]
    record = Record.memory(today=TODAY)
    with pytest.raises(DataError) as caught:
        record.ingest(batch(form, {}, {"text": "good too"}, change))
    assert caught.value.where == f"sample {form}:4:{column}"
    assert record.batches() == []
    check = next(c for c in statement_checks(form, {"un"}, TODAY) if c.name == name)
    assert check.expected in str(caught.value)


@pytest.mark.parametrize("form", FORMS)
def test_a_good_row_passes(form: Form) -> None:
    assert Record.memory(today=TODAY).ingest(batch(form)).added == {form: 1}


@pytest.mark.parametrize(
    ("form", "change"),
    [
        ("event", {"b": None}),  # a weapons test is done to nobody
        ("attitude", {"b": "RUS"}),  # a people can be asked about its own state
        ("tie", {"known_from": date(2009, 1, 1)}),  # signed before it enters into force
        ("tie", {"value": None}),
        ("vote", {"choice": "absent", "value": None}),
        ("flow", {"kind": "investment", "value": -5.0}),  # disinvestment
        ("trait", {"kind": "wanted_leader", "valid_to": None, "value": 1.0}),
        ("tie", {"known_from": TODAY}),
    ],
)
def test_allows(form: Form, change: dict[str, Any]) -> None:
    assert Record.memory(today=TODAY).ingest(batch(form, change)).added == {form: 1}


def test_a_day_outside_the_calendar() -> None:
    import polars as pl

    for column in ("valid_from", "valid_to", "known_from"):
        frame = rows("tie").with_columns(pl.lit(5_000_000, dtype=pl.Int32).cast(pl.Date).alias(column))
        with pytest.raises(MultipolarError, match="years 1 to 9999"):
            Record.memory(today=TODAY).ingest(Batch({"tie": frame}, (UN,)))


def test_an_id_that_is_not_the_hash_of_its_row() -> None:
    with pytest.raises(DataError, match="expected the hash of the row"):
        Record.memory(today=TODAY).ingest(batch("tie", {"id": "0" * 32}))


@pytest.mark.parametrize(
    ("source", "column"),
    [
        (Source("a b", "P", "T", None, "", "", "c"), "key"),
        (Source("s\n", "P", "T", None, "", "", "c"), "key"),
        (Source("s", "", "T", None, "", "", "c"), "publisher"),
        (Source("s", "P", " ", None, "", "", "c"), "title"),
        (Source("s", "P", "T", None, "", "", ""), "citation"),
        (Source("s", "P", "T", LATE, "", "", "c"), "date"),
        (Source("un", "Another", "Voting records", None, "", "", "c"), "publisher"),
        (Source("atlas", "An institute", "Atlas of ties", date(2021, 5, 1), "", "", "c"), "date"),
    ],
)
def test_refuses_a_source(source: Source, column: str) -> None:
    record = Record.memory(today=TODAY)
    record.ingest(batch("tie"))
    with pytest.raises(DataError) as caught:
        record.ingest(Batch({}, (source,), label="more"))
    assert caught.value.where == f"more sources:2:{column}"


def test_the_same_work_may_be_described_again_and_the_first_description_stands() -> None:
    record = Record.memory(today=TODAY)
    record.ingest(batch("tie"))
    record.ingest(Batch({}, (Source("un", UN.publisher, UN.title, None, "https://other", "", "other"),)))
    assert record.sources() == {"atlas": ATLAS, "un": UN}


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"source": "nobody"}, "source"),
        ({"kind": "defence"}, "kind"),
        ({"role": "c"}, "role"),
        ({"absence": "none"}, "absence"),
        ({"actors": ("RUS", "North Korea")}, "actors"),
        ({"last": date(1999, 12, 31)}, "last"),
        ({"last": LATE}, "last"),
        ({"known": date(2023, 12, 30)}, "known"),
        ({"known": LATE}, "known"),
    ],
)
def test_refuses_coverage(change: dict[str, Any], column: str) -> None:
    with pytest.raises(DataError) as caught:
        Record.memory(today=TODAY).ingest(batch("vote", coverage=(cover(**change),)))
    assert caught.value.where == f"sample coverage:2:{column}"


def test_unknown_forms_are_named() -> None:
    record = Record.memory(today=TODAY)
    with pytest.raises(UsageError, match="form of statement, got 'votes'"):
        record.ingest(Batch({"votes": rows("vote")}, (UN,)))  # type: ignore[dict-item]
    with pytest.raises(UsageError, match="form of statement, got 'votes'"):
        record.ingest(Batch({}, (UN,), (cover(form="votes"),)))


def test_every_form_has_a_sample() -> None:
    assert tuple(ROWS) == FORMS
