"""Who belongs on a day, as the record tells it, and what is not carried past a source's end."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from alliance_samples import EAST, written
from samples import OTHER, SOURCE, batch, record, statement

from multipolar import Refusal, UsageError
from multipolar.architectures import Architecture, Body, find, load
from multipolar.architectures.members import Members, change_days, last_day, members, several
from multipolar.architectures.standing import Told
from multipolar.record import Batch, Coverage, Record, Source

BY_DAY = Source("CSTO:by-hand", "A publisher", "Membership", None, "https://example.org", "CC0", "A publisher.")


def joined(actor: str, first: date, last: date | None = None, **more: object) -> dict[str, object]:
    return statement(actor, "CSTO", "membership", first, valid_to=last, value=1.0, ref="CSTO", **more)


def told(*rows: dict[str, object], until: date = date(2010, 12, 31)) -> Told:
    made = Record.memory()
    frames = batch(tie=rows).frames
    coverage = [
        Coverage(source, "tie", "membership", (), "any", date(1994, 1, 1), last, "missing")
        for source, last in ((BY_DAY.key, until), ("paper", date(2014, 12, 31)))
    ]
    made.ingest(Batch(frames, (SOURCE, OTHER, BY_DAY), tuple(coverage), "sample"))
    return Told(made.view())


def who(known: Told, day: date, wanted: Architecture | None = None) -> Members:
    return members(known, wanted or find("CSTO"), day)


def test_members_are_those_of_the_day() -> None:
    known = told(
        joined("RUS", date(1994, 4, 20), source=BY_DAY.key),
        joined("UZB", date(2006, 6, 23), date(2012, 12, 18), source=BY_DAY.key),
        joined("GEO", date(1994, 4, 20), date(1999, 4, 19), source=BY_DAY.key),
    )
    assert who(known, date(1999, 4, 19)).ids == ("GEO", "RUS")
    assert who(known, date(1999, 4, 20)).ids == ("RUS",)
    assert who(known, date(2007, 1, 1)).ids == ("RUS", "UZB")
    assert who(known, date(2007, 1, 1)).frame["since"].to_list() == [date(1994, 4, 20), date(2006, 6, 23)]
    assert len(who(known, date(2007, 1, 1)).frame["ids"].explode()) == 2


def test_nothing_is_carried_past_the_source() -> None:
    known = told(
        joined("RUS", date(1994, 4, 20), source=BY_DAY.key), joined("BLR", date(1994, 4, 20), source=BY_DAY.key)
    )
    assert who(known, date(2010, 12, 31)).ids == ("BLR", "RUS")
    with pytest.raises(Refusal, match="no members on 2011-01-01") as caught:
        who(known, date(2011, 1, 1))
    assert "CSTO from 1994-04-20 to 2010-12-31" in str(caught.value)
    assert last_day(known, find("CSTO")) == date(2010, 12, 31)
    assert several(known, find("CSTO"), date(2011, 1, 1)) is None


def test_days_are_preferred_to_years_as_far_as_they_reach() -> None:
    """A list by years has a state that left in April to the end of the year; one by days is believed while it reaches."""
    known = told(
        joined("RUS", date(1994, 4, 20), source=BY_DAY.key),
        joined("GEO", date(1994, 4, 20), date(1999, 4, 19), source=BY_DAY.key),
        joined("GEO", date(1994, 1, 1), date(1999, 12, 31)),
        joined("KAZ", date(2012, 1, 1), date(2013, 12, 31)),
    )
    assert who(known, date(1999, 6, 1)).ids == ("RUS",)
    assert who(known, date(2012, 6, 1)).ids == ("KAZ",), "after its end the other source is all there is"


def test_who_is_suspended_is_a_member_and_it_is_said() -> None:
    known = told(
        joined("RUS", date(1994, 4, 20), source=BY_DAY.key),
        joined("ARM", date(1994, 4, 20), source=BY_DAY.key),
        statement("ARM", "CSTO", "membership", date(2004, 1, 1), value=0.0, original="suspended", source=BY_DAY.key),
        statement("SRB", "CSTO", "membership", date(2003, 4, 11), value=0.25, original="observer", source=BY_DAY.key),
    )
    found = who(known, date(2007, 1, 1))
    assert found.ids == ("ARM", "RUS")
    assert found.frame["suspended"].to_list() == [["CSTO"], []]
    assert any("ARM" in note and "suspended" in note for note in found.notes)


def test_a_lesser_status_is_near_and_a_file_may_ask_for_it() -> None:
    known = told(
        joined("RUS", date(1994, 4, 20), source=BY_DAY.key),
        joined("BLR", date(1994, 4, 20), source=BY_DAY.key),
        statement("AFG", "CSTO", "membership", date(2007, 1, 1), value=0.25, original="observer", source=BY_DAY.key),
        statement(
            "IRN",
            "CSTO",
            "membership",
            date(2007, 1, 1),
            value=0.5,
            original="2 (associate membership)",
            source=BY_DAY.key,
        ),
    )
    found = who(known, date(2008, 1, 1))
    assert found.ids == ("BLR", "RUS")
    assert found.near.select("actor", "status").rows() == [("AFG", "observer"), ("IRN", "associate")]
    wide = Architecture("wide", "wide", (Body("CSTO", ("member", "observer")),))
    assert who(known, date(2008, 1, 1), wide).ids == ("AFG", "BLR", "RUS")


def test_states_that_do_not_exist_or_are_not_named_for_the_day_are_left_out_and_said(tmp_path: Path) -> None:
    text = EAST + '\n[[state]]\nid = "YUG"\n'
    wanted = load(written(tmp_path, text))
    found = who(told(joined("KAZ", date(2000, 1, 1))), date(2000, 6, 1), wanted)
    assert found.ids == ("IRN", "PRK", "RUS", "YUG")
    assert found.left_out.rows() == [("CHN", "not named for 2000-06-01")]
    later = who(told(joined("KAZ", date(2000, 1, 1))), date(2008, 6, 1), wanted)
    assert later.left_out.rows() == [("YUG", "did not exist on 2008-06-01")]
    assert date(2001, 7, 16) in change_days(told(joined("KAZ", date(2000, 1, 1))), wanted)


def test_without_memberships_in_the_record_the_table_tells() -> None:
    known = Told(record(tie=[statement("RUS", "CHN", "partnership", date(2001, 7, 16))]).view())
    found = who(known, date(2013, 1, 1))
    assert found.ids == ("ARM", "BLR", "KAZ", "KGZ", "RUS", "TJK")
    assert any("table of organisations" in note for note in found.notes)
    assert found.frame["ids"].list.len().sum() == 0
    with pytest.raises(UsageError, match="The record tells of no members"):
        who(known, date(2013, 1, 1), find("IGO.NOWHERE"))


def test_what_became_known_later_is_not_seen() -> None:
    made = record(tie=[joined("RUS", date(1994, 4, 20)), joined("BLR", date(2005, 4, 20))])
    early = Told(made.view(date(2004, 1, 1)))
    assert set(early.ties(["membership"])["a"]) == {"RUS"}
    reach = [Coverage("paper", "tie", "membership", (), "any", date(1994, 1, 1), date(2010, 1, 1), "missing")]
    rows = [joined("RUS", date(1994, 4, 20)), joined("BLR", date(1995, 4, 20))]
    late = Told(record(reach, tie=rows).view(date(2004, 1, 1)))
    assert last_day(late, find("CSTO")) == date(2004, 1, 1), "nor is the source known to reach beyond the day"
