"""One contract for both backends: what goes in comes out, once, filtered as asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from record_samples import ATLAS, TODAY, UN, batch, cover, everything, rows, votes

from multipolar.errors import DataError, RecordError, UsageError
from multipolar.record import FORMS, Batch, Correction, Form, Record, Source, with_ids
from multipolar.record.model import from_plain, plain


def test_what_goes_in_comes_out(record: Record) -> None:
    receipt = record.ingest(everything())
    view = record.view()
    assert receipt.added == view.counts() == dict.fromkeys(FORMS, 1)
    for form in FORMS:
        assert view.statements(form).equals(with_ids(form, rows(form)))
    assert view.sources() == {"atlas": ATLAS, "un": UN}
    assert view.as_of == TODAY


def test_an_empty_record_answers(record: Record) -> None:
    view = record.view()
    assert view.counts() == dict.fromkeys(FORMS, 0)
    assert (view.sources(), view.coverage(), view.corrections(), record.batches()) == ({}, (), (), [])
    assert view.statements("vote").is_empty()


def test_the_same_batch_again_does_nothing(record: Record) -> None:
    first, again = record.ingest(everything()), record.ingest(everything())
    assert (again.batch, again.added, again.present) == (first.batch, dict.fromkeys(FORMS, 0), first.added)
    assert len(record.batches()) == 1


def test_the_label_and_the_order_of_rows_are_no_part_of_a_batch(record: Record) -> None:
    one = batch("vote", {}, {"a": "CHN"})
    record.ingest(one)
    other = Batch({"vote": one.frames["vote"].reverse()}, one.sources[::-1], label="another name")
    assert record.ingest(other).added == {"vote": 0}
    assert len(record.batches()) == 1


def test_statements_present_are_not_stored_twice(record: Record) -> None:
    record.ingest(batch("vote", {}, {"a": "CHN"}))
    receipt = record.ingest(batch("vote", {"a": "CHN"}, {"a": "USA"}))
    assert (receipt.added, receipt.present) == ({"vote": 1}, {"vote": 1})
    assert record.view().statements("vote")["a"].sort().to_list() == ["CHN", "RUS", "USA"]


def test_repeated_rows_collapse_to_one(record: Record) -> None:
    assert record.ingest(batch("tie", {}, {}, {})).added == {"tie": 1}


def test_all_or_nothing(record: Record) -> None:
    good, bad = rows("tie"), rows("vote", {"choice": "perhaps"})
    with pytest.raises(DataError):
        record.ingest(Batch({"tie": good, "vote": bad}, (UN,)))
    assert record.view().counts() == dict.fromkeys(FORMS, 0)
    assert record.batches() == []


def test_the_journal(record: Record) -> None:
    receipt = record.ingest(everything())
    record.ingest(votes(0, 2))
    first, second = record.batches()
    assert (first.seq, first.id, first.label, first.day) == (1, receipt.batch, "everything", TODAY)
    assert (second.seq, second.counts) == (2, {"vote": 20})


def test_progress_is_told_and_ends_at_its_total(record: Record) -> None:
    told: list[tuple[int, int, str]] = []
    record.ingest(everything(), progress=lambda *step: told.append(step))
    assert [done for done, _, _ in told] == list(range(1, len(told) + 1))
    assert {total for _, total, _ in told} == {told[-1][0]}
    assert told[0][2] == "checked event statements"
    record.reindex(progress=lambda *step: told.append(step))
    assert told[-1] == (0, 1, "index: everything")


def test_an_interrupted_ingest_leaves_nothing(record: Record) -> None:
    def interrupt(done: int, total: int, what: str) -> None:
        if what == "wrote tie statements":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        record.ingest(everything(), progress=interrupt)
    assert record.batches() == []
    assert record.ingest(everything()).added == dict.fromkeys(FORMS, 1)


FILTERS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["ab", "ac", "ba", "none", "old", "open"]),
    ({"actors": ["CHN"]}, ["ac"]),
    ({"actors": ["CHN", "USA"]}, ["ac", "old"]),
    ({"actors": []}, []),
    ({"between": ("RUS", "PRK")}, ["ab", "ba", "open"]),
    ({"between": ("PRK", "RUS")}, ["ab", "ba", "open"]),
    ({"between": ("RUS", "USA")}, []),
    ({"kinds": ["ACCUSE", "AID"]}, ["none", "old"]),
    ({"kinds": []}, []),
    ({"since": date(2010, 3, 5)}, ["open"]),
    ({"since": date(2010, 3, 4)}, ["ab", "ac", "ba", "none", "open"]),
    ({"until": date(2010, 3, 3)}, ["old"]),
    ({"since": date(2000, 1, 2), "until": date(2010, 3, 3)}, []),
    ({"without_sources": ["atlas"]}, ["ab", "ac", "ba", "none", "open"]),
    ({"without_sources": {"atlas", "un"}}, []),
    ({"actors": ["RUS"], "kinds": ["CONSULT"], "since": date(2010, 4, 1)}, ["open"]),
]


def test_filters(record: Record) -> None:
    long_ago = {"valid_from": date(2000, 1, 1), "known_from": date(2000, 1, 1)}
    record.ingest(
        batch(
            "event",
            {"text": "ab"},
            {"text": "ba", "a": "PRK", "b": "RUS"},
            {"text": "ac", "b": "CHN"},
            {"text": "none", "b": None, "kind": "AID"},
            {"text": "old", "a": "PRK", "b": "USA", "kind": "ACCUSE", "source": "atlas", **long_ago},
            {"text": "open", "valid_to": date(2011, 1, 1)},
        )
    )
    view = record.view()
    for asked, expected in FILTERS:
        got = view.statements("event", **asked)
        assert (sorted(got["text"]), asked) == (expected, asked)
        assert got["id"].is_sorted()


@pytest.mark.parametrize(("form", "lasts"), [("tie", True), ("trait", True), ("vote", False), ("attitude", False)])
def test_what_has_no_last_day_goes_on_or_lasts_a_day(record: Record, form: Form, lasts: bool) -> None:
    record.ingest(batch(form, {"valid_from": date(2010, 3, 4), "valid_to": None}))
    view = record.view()
    assert view.statements(form, since=date(2010, 3, 4)).height == 1
    assert view.statements(form, since=date(2010, 3, 5)).height == int(lasts)


def test_by_id_finds_any_form_in_the_order_asked(record: Record) -> None:
    record.ingest(everything())
    view = record.view()
    ids = [view.statements(form)["id"][0] for form in ("vote", "tie", "vote")]
    found = view.by_id(ids)
    assert [(row["form"], row["id"]) for row in found] == list(zip(["vote", "tie", "vote"], ids, strict=True))
    assert found[0]["choice"] == "no" and found[1]["valid_from"] == date(2010, 3, 4)
    assert view.by_id([]) == []


def test_an_unknown_id_is_named(record: Record) -> None:
    record.ingest(everything())
    with pytest.raises(UsageError, match=f"known on {TODAY}, got 'nothing'"):
        record.view().by_id(["nothing"])


def test_asking_for_what_there_is_not(record: Record) -> None:
    view = record.view()
    with pytest.raises(UsageError, match="Did you mean tie"):
        view.statements("ties")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="kind of vote, got 'UNGB'"):
        view.statements("vote", kinds=["UNGB"])
    with pytest.raises(UsageError, match="first day before the last"):
        view.statements("vote", since=date(2020, 1, 2), until=date(2020, 1, 1))
    with pytest.raises(UsageError, match="not after today"):
        record.view(TODAY + timedelta(1))
    with pytest.raises(UsageError, match="from 0 to 0"):
        record.view(batches=1)


def test_without_leaves_out_everything_of_a_source(record: Record) -> None:
    coverage = (cover(), cover(source="atlas", known=date(2024, 1, 1)))
    record.ingest(batch("vote", {}, {"source": "atlas"}, coverage=coverage))
    full = record.view()
    left = full.without(["atlas"])
    assert left.counts()["vote"] == left.statements("vote").height == 1
    assert list(left.sources()) == ["un"]
    assert [row.source for row in left.coverage()] == ["un"]
    assert left.without(["un"]).counts()["vote"] == 0
    assert full.counts()["vote"] == 2
    with pytest.raises(UsageError):
        left.by_id(full.statements("vote")["id"])


def test_a_view_stays_as_it_was_made(record: Record) -> None:
    record.ingest(votes(0, 1))
    before = record.view()
    record.ingest(votes(1, 1))
    key = before.statements("vote")["id"][0]
    record.correct([Correction(key, date(2010, 1, 1), "wrong", "un")])
    after = record.view()
    assert (before.counts()["vote"], after.counts()["vote"]) == (10, 19)
    assert before.by_id([key]) and record.view(batches=1).counts() == before.counts()
    assert record.view(batches=0).sources() == {}


def test_quotes_in_questions_are_only_text(record: Record) -> None:
    record.ingest(batch("tie", {"text": "O'Neill; DROP TABLE idx.tie; --\x00\u4e2d"}))
    view = record.view()
    assert view.statements("tie", actors=["'; DROP TABLE idx.tie; --"]).is_empty()
    assert view.statements("tie")["text"].to_list() == ["O'Neill; DROP TABLE idx.tie; --\x00\u4e2d"]


class TestCorrections:
    """Withdrawals append; what was answered stays answered."""

    def test_from_its_day_on_the_statement_is_gone(self, record: Record) -> None:
        record.ingest(batch("vote"))
        key = record.view().statements("vote")["id"][0]
        correction = Correction(key, date(2012, 5, 6), "misread", "un")
        record.correct([correction])
        assert record.view(date(2012, 5, 5)).statements("vote").height == 1
        assert record.view(date(2012, 5, 6)).statements("vote").is_empty()
        assert record.view(date(2012, 5, 6)).corrections() == (correction,)
        assert record.view(date(2012, 5, 5)).corrections() == ()
        with pytest.raises(UsageError, match="withdrawn"):
            record.view().by_id([key])

    def test_known_to_is_never_shown_for_it_would_tell_the_future(self, record: Record) -> None:
        record.ingest(batch("vote"))
        record.correct([Correction(record.view().statements("vote")["id"][0], date(2012, 5, 6), "misread", "un")])
        assert record.view(date(2012, 5, 5)).statements("vote")["known_to"].to_list() == [None]

    def test_a_replacement_takes_its_place(self, record: Record) -> None:
        record.ingest(batch("vote"))
        row = record.view().by_id(record.view().statements("vote")["id"])[0]
        better = {**row, "choice": "yes", "value": 1.0, "known_from": None}
        receipt = record.correct([Correction(row["id"], date(2012, 5, 6), "misread", "un", ("vote", better))])
        assert receipt.added == {"vote": 1}
        (now,) = record.view().statements("vote").to_dicts()
        assert (now["choice"], now["known_from"]) == ("yes", date(2012, 5, 6))
        assert record.view(date(2012, 5, 5)).statements("vote")["choice"].to_list() == ["no"]
        (told,) = record.view().corrections()
        assert told.replacement == ("vote", {"id": now["id"]})
        assert record.batches()[-1].corrections == 1

    def test_the_same_correction_again_does_nothing(self, record: Record) -> None:
        record.ingest(batch("vote"))
        correction = Correction(record.view().statements("vote")["id"][0], date(2012, 5, 6), "misread", "un")
        assert record.correct([correction]).batch == record.correct([correction, correction]).batch
        assert len(record.batches()) == 2
        record.correct([correction], sources=(Source("new", "P", "T", None, "", "", "c"),))
        assert len(record.view().corrections()) == 1

    def test_a_withdrawn_statement_does_not_come_back(self, record: Record) -> None:
        record.ingest(batch("vote"))
        record.correct([Correction(record.view().statements("vote")["id"][0], date(2012, 5, 6), "misread", "un")])
        assert record.ingest(batch("vote", {}, {"a": "CHN"})).present == {"vote": 1}
        assert record.view().statements("vote")["a"].to_list() == ["CHN"]

    def test_a_source_it_brings_is_heard_of_with_it(self, record: Record) -> None:
        record.ingest(batch("vote"))
        new = Source("erratum", "UN", "Errata", date(2011, 1, 1), "", "", "UN (2011).")
        key = record.view().statements("vote")["id"][0]
        record.correct([Correction(key, date(2012, 5, 6), "misread", "erratum")], sources=(new,))
        assert "erratum" not in record.view(date(2012, 5, 5)).sources()
        assert record.view(date(2012, 5, 6)).sources()["erratum"] == new

    @pytest.mark.parametrize(
        ("change", "column"),
        [
            ({"id": "nothing"}, "id"),
            ({"on": date(2010, 3, 3)}, "on"),
            ({"on": TODAY + timedelta(1)}, "on"),
            ({"reason": " "}, "reason"),
            ({"source": "nobody"}, "source"),
            ({"replacement": ("vote", {"known_from": date(2012, 5, 5)})}, "known_from"),
            ({"replacement": ("vote", {"choice": "perhaps"})}, "choice"),
        ],
    )
    def test_refuses(self, record: Record, change: dict[str, Any], column: str) -> None:
        record.ingest(batch("vote"))
        row = record.view().by_id(record.view().statements("vote")["id"])[0]
        values = {"id": row["id"], "on": date(2012, 5, 6), "reason": "misread", "source": "un"} | change
        if "replacement" in values:
            form, better = values["replacement"]
            values["replacement"] = (form, {**row, "known_from": None, **better})
        with pytest.raises(DataError) as caught:
            record.correct([Correction(**values)])
        assert caught.value.where.startswith("corrections") and caught.value.where.endswith(f":2:{column}")
        assert len(record.batches()) == 1

    def test_refuses_a_second_withdrawal_and_what_is_withdrawn_as_replacement(self, record: Record) -> None:
        record.ingest(batch("vote", {}, {"a": "CHN"}))
        first, second = record.view().by_id(record.view().statements("vote")["id"])
        record.correct([Correction(first["id"], date(2010, 3, 4), "misread", "un")])
        with pytest.raises(DataError, match="withdrawn on 2010-03-04"):
            record.correct([Correction(first["id"], date(2013, 1, 1), "again", "un")])
        for row in (first, second):
            with pytest.raises(DataError, match="does not come back"):
                record.correct([Correction(second["id"], date(2010, 3, 4), "misread", "un", ("vote", row))])
        with pytest.raises(UsageError, match="form of statement"):
            record.correct([Correction(second["id"], date(2013, 1, 1), "x", "un", ("votes", second))])  # type: ignore[arg-type]


class TestCoverage:
    """Silence means something only where and when somebody could know it."""

    @pytest.mark.parametrize(
        ("change", "day", "last"),
        [
            ({}, TODAY, date(2023, 12, 31)),
            (
                {},
                date(2010, 6, 1),
                date(2010, 6, 1),
            ),  # what happens is public at once: the coverage grows with the days
            ({}, date(1999, 12, 31), None),
            ({"known": date(2024, 2, 1)}, date(2024, 1, 31), None),
            ({"known": date(2024, 2, 1)}, date(2024, 2, 1), date(2023, 12, 31)),
            ({"form": "flow", "kind": "arms"}, date(2023, 12, 30), None),  # what is measured is known once complete
            ({"form": "flow", "kind": "arms"}, date(2023, 12, 31), date(2023, 12, 31)),
            ({"form": "flow", "kind": "arms", "source": "atlas", "last": date(2018, 1, 1)}, date(2020, 4, 30), None),
            (
                {"form": "flow", "kind": "arms", "source": "atlas", "last": date(2018, 1, 1)},
                date(2020, 5, 1),
                date(2018, 1, 1),
            ),
        ],
    )
    def test_as_of(self, record: Record, change: dict[str, Any], day: date, last: date | None) -> None:
        record.ingest(batch("vote", coverage=(cover(**change),)))
        assert [row.last for row in record.view(day).coverage()] == ([last] if last else [])

    def test_each_row_once_in_a_fixed_order(self, record: Record) -> None:
        one, other = cover(), cover(first=date(1990, 1, 1), actors=("RUS", "CHN"))
        record.ingest(batch("vote", coverage=(one, other, one)))
        record.ingest(batch("tie", coverage=(one,)))
        assert record.view().coverage() == (other, one)

    def test_every_source_of_a_statement_in_view_is_in_view(self, record: Record) -> None:
        early = {"source": "atlas", "valid_from": date(1950, 1, 1), "known_from": date(1950, 1, 1)}
        record.ingest(batch("vote"))
        record.ingest(batch("vote", early))
        assert list(record.view(date(1950, 1, 1)).sources()) == ["atlas"]
        assert list(record.view(date(1949, 12, 31)).sources()) == []


def test_a_source_without_day_or_statement_is_known_from_the_day_it_came(record: Record) -> None:
    record.ingest(Batch({}, (UN,)))
    assert list(record.view().sources()) == ["un"] and record.view(TODAY - timedelta(1)).sources() == {}


def test_verify_and_reindex(record: Record) -> None:
    record.ingest(everything())
    record.ingest(votes(0, 2))
    before = record.view().statements("vote")
    assert record.verify(progress=lambda *step: None) == 26
    record.reindex()
    assert record.view().statements("vote").equals(before)


def test_the_plain_form_reads_back() -> None:
    for item in (UN, ATLAS, cover(actors=("RUS",), known=date(2024, 1, 1)), cover()):
        assert from_plain(type(item), plain(item)) == item


def test_both_backends_name_things_alike(new_record: Callable[[], Record]) -> None:
    record = new_record()
    ids = pl.concat([with_ids("vote", frame) for frame in (votes(0, 3).frames["vote"],)])["id"].sort()
    record.ingest(votes(0, 3))
    assert record.view().statements("vote")["id"].equals(ids)
    assert record.batches()[0].id == Record.memory(today=TODAY).ingest(votes(0, 3)).batch


def test_errors_name_the_record() -> None:
    assert Record.memory().name == "record in memory"
    assert issubclass(RecordError, Exception)
