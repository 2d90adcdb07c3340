"""A folder of files → one batch, or an error that names the file, the row, the column and the remedy."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from dossier_tiny import TINY, Write

from multipolar import dossier
from multipolar.dossier.__main__ import main
from multipolar.dossier.forms import FILES
from multipolar.errors import DataError
from multipolar.record import FORMS, Batch, Record
from multipolar.record.schema import columns


def only(batch: Batch, form: Any, **where: Any) -> dict[str, Any]:
    frame = batch.frames[form].filter(**where)
    assert frame.height == 1
    return frame.row(0, named=True)


def changed(word: str, column: str, cell: str, line: int = 0) -> dict[str, list[str]]:
    lines = [text.split("\t") for text in TINY[word]]
    lines[line][FILES[word].index(column)] = cell
    return {word: ["\t".join(cells) for cells in lines]}


def test_every_form_is_read(write: Write) -> None:
    batch = dossier.load(write())
    assert {form: frame.height for form, frame in batch.frames.items()} == {
        "event": 1,
        "tie": 4,
        "vote": 3,
        "flow": 1,
        "attitude": 1,
        "trait": 1,
    }
    for form in FORMS:
        assert dict(batch.frames[form].schema) == columns(form)
        assert batch.frames[form]["id"].is_unique().all()
    assert [source.key for source in batch.sources] == ["un", "poll"]
    assert batch.coverage[0].actors == ("USA", "FRA")


def test_a_record_takes_the_batch_whole_and_only_once(write: Write) -> None:
    batch, record = dossier.load(write()), Record.memory()
    assert sum(record.ingest(batch).added.values()) == 11
    assert sum(record.ingest(batch).added.values()) == 0


def test_a_treaty_is_known_from_its_signature(write: Write) -> None:
    tie = only(dossier.load(write()), "tie", kind="defence", ref="USA-JPN 1960")
    assert (tie["valid_from"], tie["known_from"], tie["valid_to"]) == (date(1960, 6, 23), date(1960, 1, 19), None)
    assert (tie["a"], tie["b"], tie["value"]) == ("JPN", "USA", 1.0)


def test_the_actors_of_a_symmetric_tie_are_put_in_order_and_others_are_not(write: Write) -> None:
    swapped = "USA\tJPN\t{}\t1960-06-23\t\t\t{}\t\t\tun\tArt. V\t\t"
    folder = write({"ties": [swapped.format("defence", ""), swapped.format("troops", "50000")]})
    ties = dossier.load(folder).frames["tie"].filter(locator="Art. V").sort("kind").rows(named=True)
    assert [(tie["a"], tie["b"], tie["value"]) for tie in ties] == [("JPN", "USA", 1.0), ("USA", "JPN", 50000.0)]


def test_the_number_of_troops_may_be_unknown(write: Write) -> None:
    folder = write({"ties": ["USA\tJPN\ttroops\t1960-06-23\t\t\t\t\t\tun\tArt. VI\t\t"]})
    assert only(dossier.load(folder), "tie", kind="troops")["value"] is None


@pytest.mark.parametrize("kind", ["membership", "embassy", "dispute", "sanction"])
def test_what_has_a_degree_must_give_it(write: Write, kind: str) -> None:
    with pytest.raises(DataError, match=r"ties\.tsv:3:value: expected a number"):
        dossier.load(write({"ties": [f"USA\tJPN\t{kind}\t1960-06-23\t\t\t\t\t\tun\tArt. VI\t\t"]}))


def test_a_measured_period_is_known_once_it_is_published_and_over(write: Write) -> None:
    batch = dossier.load(write())
    assert only(batch, "flow")["known_from"] == date(2020, 6, 1)
    assert only(batch, "attitude")["known_from"] == date(2020, 6, 1)
    late = dossier.load(write(changed("flows", "to", "2021")))
    assert only(late, "flow")["known_from"] == date(2021, 12, 31)
    with pytest.raises(DataError, match=r"flows\.tsv:3:known: expected a day not before the period has ended"):
        dossier.load(write(changed("flows", "known", "2019-06-01")))


def test_an_event_of_a_month_is_known_when_the_month_is_over(write: Write) -> None:
    event = only(dossier.load(write(changed("events", "date", "2024-06"))), "event")
    assert (event["valid_from"], event["valid_to"], event["known_from"]) == (
        date(2024, 6, 1),
        date(2024, 6, 30),
        date(2024, 6, 30),
    )


def test_an_event_may_have_no_other_side(write: Write) -> None:
    assert only(dossier.load(write(changed("events", "b", ""))), "event")["b"] is None


def test_votes_take_everything_from_their_roll_call(write: Write) -> None:
    vote = only(dossier.load(write()), "vote", a="USA")
    assert (vote["kind"], vote["rollcall"], vote["choice"], vote["value"], vote["issue"]) == (
        "UNGA",
        "R/1",
        "yes",
        1.0,
        "atom",
    )
    assert (vote["b"], vote["locator"], vote["text"], vote["valid_from"]) == (
        None,
        "A/PV.1",
        "On atoms",
        date(1949, 12, 1),
    )


def test_an_absent_state_has_no_value(write: Write) -> None:
    folder = write({"votes": ["R/1\tabsent\tUSA", "R/1\tabstain\tFRA"]})
    votes = dossier.load(folder).frames["vote"].sort("a")
    assert votes["value"].to_list() == [0.0, None]


def test_an_exception_lets_an_actor_in_and_only_on_its_days(write: Write) -> None:
    dossier.load(write())
    with pytest.raises(DataError, match=r"votes\.tsv:4:states: expected an actor that existed on 1949-12-01, not NAM"):
        dossier.load(write({"exceptions": ["NAM\t1949-01-01\t1949-11-30\tspoken for"]}))


#: file, column, cell, what the error says; the changed row is line 3.
MALFORMED = [
    ("sources", "key", "", "a short name"),
    ("sources", "url", "treaties.un.org", "an address that begins with https://"),
    ("sources", "publisher", "", "the publisher"),
    ("sources", "date", "soon", "a date"),
    ("exceptions", "reason", "", "a reason"),
    ("exceptions", "actor", "ZZZ", "the id of an actor, not 'ZZZ'"),
    ("ties", "a", "ZZZ", "the id of an actor, not 'ZZZ'"),
    ("ties", "a", "", "the id of an actor, not an empty cell"),
    ("ties", "a", "CZE", "an actor that existed on 1960-06-23, not CZE"),
    ("ties", "b", "JPN", "another actor than in `a`"),
    ("ties", "kind", "friendship", "a kind of tie"),
    ("ties", "kind", "exports", "a kind of tie"),
    ("ties", "from", "", "a date, not an empty cell"),
    ("ties", "from", "1960-02-30", "a date"),
    ("ties", "from", "2031-01-01", "a date not after"),
    ("ties", "to", "1959-01-01", "a date not before `from`"),
    ("ties", "known", "x", "a date"),
    ("ties", "value", "strong", "a number"),
    ("ties", "source", "nato", "the key of a source"),
    ("ties", "locator", "", "the place within the source"),
    ("events", "kind", "VISIT", "a kind of event"),
    ("events", "date", "", "a date, not an empty cell"),
    ("events", "value", "11", "a number from -10 to 10"),
    ("events", "place", "Pyongyang", "the id of an actor"),
    ("rollcalls", "body", "EU", "one of UNGA UNSC"),
    ("rollcalls", "yes", "most", "a number"),
    ("rollcalls", "date", "", "a date, not an empty cell"),
    ("votes", "rollcall", "R/2", "the id of a roll call"),
    ("votes", "choice", "maybe", "one of yes abstain no absent"),
    ("votes", "states", "", "ids of states"),
    ("votes", "states", "USA  FRA", "the id of an actor"),
    ("flows", "to", "", "the last day of the period"),
    ("flows", "value", "", "a number"),
    ("flows", "value", "-5", "a number"),
    ("attitudes", "value", "31", "a number from 0 to 1"),
    ("attitudes", "n", "0.5", "a number from 1"),
    ("attitudes", "n", "100.5", "a whole number of people"),
    ("traits", "value", "", "a number"),
    ("parties", "role", "friend", "one of party hub spoke"),
    ("parties", "source", "nato", "the key of a source"),
    ("pacts", "kind", "sanction", "an obligation"),
    ("pacts", "members", "OTHERS", "an organisation, or a treaty with rows in a parties"),
    ("coverage", "form", "treaty", "one of event tie"),
    ("coverage", "kind", "exports", "a kind of tie"),
    ("coverage", "role", "c", "one of a b both any"),
    ("coverage", "actors", "USA ZZZ", "the id of an actor, not 'ZZZ'"),
    ("coverage", "absence", "none", "zero or missing"),
    ("coverage", "last", "1999-01-01", "a date not before `first`"),
]


@pytest.mark.parametrize(("word", "column", "cell", "message"), MALFORMED)
def test_a_malformed_cell_is_refused_in_its_place(
    write: Write, word: str, column: str, cell: str, message: str
) -> None:
    with pytest.raises(DataError) as caught:
        dossier.load(write(changed(word, column, cell)))
    error = caught.value
    assert error.where == f"{word}.tsv:3:{column}"
    assert message in error.message
    assert error.hint
    assert error.exit_code == 4


@pytest.mark.parametrize(
    "word", ["sources", "ties", "events", "rollcalls", "votes", "flows", "attitudes", "traits", "parties"]
)
def test_a_fact_is_said_once(write: Write, word: str) -> None:
    with pytest.raises(DataError, match=rf"{word}\.tsv:{3 + len(TINY[word])}:"):
        dossier.load(write({word: [*TINY[word], TINY[word][0]]}))


def test_a_repeated_fact_names_the_row_that_says_it(write: Write) -> None:
    with pytest.raises(DataError, match=r"\(ties\.tsv:3 says it\)"):
        dossier.load(write({"ties": [TINY["ties"][0], TINY["ties"][0].replace("JPN\tUSA", "USA\tJPN")]}))


def test_more_votes_than_the_official_tally_are_refused(write: Write) -> None:
    with pytest.raises(DataError, match="at most the 1 official yes votes, 2 are named"):
        dossier.load(write(changed("rollcalls", "yes", "1")))


def test_several_files_of_a_form_are_read_together_and_comments_too(write: Write) -> None:
    folder = write()
    (folder / "ties.tsv").rename(folder / "ties_treaties.tsv")
    header = "\t".join(FILES["ties"])
    (folder / "ties_more.tsv").write_text(f"{header}\nFRA\tGBR\tdefence\t1948-08-25\t\t\t\t\t\tun\tArt. IV\t\t\n")
    assert dossier.load(folder).frames["tie"].height == 5


@pytest.mark.parametrize("name", ["tie.tsv", "visits.tsv", "notes.tsv"])
def test_a_file_that_belongs_to_no_form_is_refused(write: Write, name: str) -> None:
    folder = write()
    (folder / name).write_text("a\tb\n")
    with pytest.raises(DataError, match="a file of a known form"):
        dossier.load(folder)


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such folder"):
        dossier.load(tmp_path / "nowhere")
    with pytest.raises(DataError, match=r"expected a folder of \.tsv files"):
        dossier.load(tmp_path)


def test_all_bad_rows_of_a_file_are_listed(write: Write) -> None:
    bad = TINY["ties"][0].replace("Art. V", "")
    with pytest.raises(DataError) as caught:
        dossier.load(write({"ties": [bad, bad.replace("defence", "love"), TINY["ties"][0]]}))
    assert "ties.tsv:3:locator" in str(caught.value)
    assert "ties.tsv:4:kind" in str(caught.value)


def test_the_command_counts_what_is_there(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(write())]) == 0
    said = capsys.readouterr().out
    assert "11 statements, 8 actors, 2 sources, 1 coverages" in said
    assert "tie defence" in said
    assert "1960s" in said


def test_the_command_fails_with_the_place(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(write(changed("ties", "kind", "love")))]) == 4
    assert "ties.tsv:3:kind: expected a kind of tie" in capsys.readouterr().err
