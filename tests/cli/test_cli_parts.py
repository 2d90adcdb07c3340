"""The parts that commands are made of: options, ids, progress, records begun and taken away, what a table shows."""

from __future__ import annotations

import io
import sys
from datetime import date
from pathlib import Path

import pytest
from samples import batch, record, statement

from multipolar import RecordError, UsageError
from multipolar.cli import ids, judging, novelty, options, output, progress, records, standing, who, why
from multipolar.cli.options import Common
from multipolar.record import Record

DAY = date(2004, 5, 6)


def silent(done: int, total: int, what: str) -> None:
    """No progress."""


def test_days_of_options():
    assert options.day(None, "--on") is None
    assert options.day("2004-02", "--on", end=True) == date(2004, 2, 29)
    assert Common(as_of="2004").day() == date(2004, 12, 31)
    assert options.span("2004", "2004-06") == (date(2004, 1, 1), date(2004, 6, 1))
    assert options.span(None, "2004-06") == (None, date(2004, 6, 1))
    with pytest.raises(UsageError, match="--since, --until"):
        options.span("2004", "2003")


def test_a_folder_is_asked_for():
    assert Common(record=Path("r")).folder() == Path("r")
    with pytest.raises(UsageError, match="--record DIR"):
        Common().folder()


@pytest.mark.parametrize(
    ("earliest", "since"),
    [
        (None, 1990),
        (date(2005, 1, 1), 1990),
        (date(1990, 1, 1), 1990),
        (date(1989, 12, 1), 1986),
        (date(1817, 1, 1), 1816),
    ],
)
def test_ties_begin_where_the_question_needs_them(folder, earliest, since):
    world = options.open_world(Common(record=folder), silent, earliest=earliest)
    assert world.since == date(since, 1, 1)


def test_opening_says_what_it_opens(folder):
    told: list[str] = []
    options.open_world(Common(record=folder), lambda done, total, what: told.append(what))
    assert told == [f"Opening {folder}"]


def test_ids_are_found_by_their_beginning():
    view = record(event=[statement("RUS", "CHN", "AGREE", date(2000, 1, n), value=1.0) for n in range(1, 29)]).view()
    known = view.statements("event")["id"].to_list()
    assert ids.whole(view, [known[3][:12], known[0]]) == [known[3], known[0]]
    assert ids.whole(view, known) == known
    with pytest.raises(UsageError, match="first 6"):
        ids.whole(view, [known[0][:5]])
    with pytest.raises(UsageError, match="withdrawn"):
        ids.whole(view, ["xxxxxxxx"])


def test_a_beginning_of_several_ids_is_an_error_that_names_them():
    class View:
        as_of = DAY

        def statements(self, form: str) -> dict[str, list[str]]:
            return {"id": [f"abcdef{form:0>26}", "0" * 32]}

    with pytest.raises(UsageError, match=r"abcdef0+tie, abcdef0+flow, abcdef0+vote") as caught:
        ids.whole(View(), ["abcdef"])  # type: ignore[arg-type]
    assert "one id" in str(caught.value)


def test_short_ids_and_what_is_none():
    assert ids.short("0123456789abcdef" * 2) == "0123456789ab"
    assert ids.short("coverage:a_source_with_a_key_of_some_length") == "coverage:a_source_with_a_key_of_some_length"
    assert ids.statements_only(["b", "coverage:x", "a", "b"]) == ["a", "b"]
    assert ids.parties({"a": "RUS", "b": None}) == "RUS" and ids.parties({"a": "RUS", "b": "CHN"}) == "RUS–CHN"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("quiet", "stream", "shown"), [(True, Terminal, False), (False, io.StringIO, False), (False, Terminal, True)]
)
def test_progress_is_for_somebody_who_watches(monkeypatch, quiet, stream, shown):
    stderr = stream()
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setenv("TERM", "xterm")
    with progress.working(quiet) as step:
        step(0, 0, "Counting [red]sheep")
        step(3, 7, "Counting [red]sheep")
    assert ("Counting [red]sheep" in stderr.getvalue()) is shown


def test_notes_are_for_stderr(capsys):
    progress.tell(("a", "b"), quiet=False)
    progress.tell(("c",), quiet=True)
    assert capsys.readouterr() == ("", "note: a\nnote: b\n")


def test_a_new_record_that_nothing_entered_is_taken_away(tmp_path):
    with pytest.raises(KeyboardInterrupt), records._opened(tmp_path / "r"):
        raise KeyboardInterrupt
    assert not (tmp_path / "r").exists()


def test_a_new_record_with_a_batch_stays(tmp_path):
    path = tmp_path / "r"
    with pytest.raises(KeyboardInterrupt), records._opened(path) as made:
        made.ingest(batch(event=[statement("RUS", "CHN", "AGREE", DAY, value=1.0)]))
        raise KeyboardInterrupt
    assert Record.open(path).verify() == 1


def test_a_record_that_was_there_stays(tmp_path):
    Record.create(tmp_path / "r")
    with pytest.raises(RecordError), records._opened(tmp_path / "r"):
        raise RecordError("no")
    assert Record.open(tmp_path / "r").batches() == []


def test_what_somebody_else_put_there_stops_the_taking_away(tmp_path):
    path = tmp_path / "r"
    with pytest.raises(KeyboardInterrupt), records._opened(path):
        (path / "batches" / "notes.txt").write_text("mine")
        raise KeyboardInterrupt
    assert (path / "batches" / "notes.txt").read_text() == "mine" and (path / "record.json").exists()


def shown(capsys: pytest.CaptureFixture[str], **answer: object) -> str:
    output.show(output.Answer(rows=[], **answer), Common())  # type: ignore[arg-type]
    return capsys.readouterr().out


def test_a_table_takes_text_as_text(capsys):
    grid = output.Grid(("what", "n>"), [("[bold]not bold[/bold] \x1b[31m", "1")], "[red]title")
    text = shown(capsys, says=("[link]a[/link]",), grids=(grid,), after=("\x07end",))
    assert "[bold]not bold[/bold]" in text and "[red]title" in text and "[link]a[/link]" in text
    assert "\x1b" not in text and "\x07" not in text


def test_short_ids_are_never_folded(capsys):
    long = "word " * 60
    text = shown(capsys, grids=(output.Grid(("what", "more", "id"), [(long, long, "0123456789ab")]),))
    assert "0123456789ab" in text and max(map(len, text.splitlines())) <= output.WIDTH


def test_a_table_without_headings_has_none(capsys):
    assert "─" not in shown(capsys, grids=(output.Grid(("", ""), [("id", "KOR")]),))


def months(*means: float | None) -> list[dict[str, object]]:
    blank = {"lo50": None, "hi50": None, "lo90": None, "hi90": None, "indicators": 0}
    return [{**blank, "month": date(2004 + n // 12, n % 12 + 1, 1), "mean": mean} for n, mean in enumerate(means)]


def test_the_last_month_known_is_the_one_told():
    rows = months(0.5, *[0.6] * 11, 0.75, None, None)
    rows[12] |= {"lo90": 0.5, "hi90": 1.0}
    assert standing._stood("A and B", rows) == (
        "A and B stood at 0.75 in 2005-01, between 0.50 and 1.00 (90 %); twelve months before at 0.50.",
    )
    assert standing._recent(rows)[-1]["month"] == date(2005, 1, 1)
    assert "too little" in standing._stood("A and B", months(None, None))[0]
    assert standing._recent(months(*[None] * 30)) == months(*[None] * 30)[-standing.RECENT :]


def test_unknown_months_are_shown_as_such():
    grid = standing._months(months(None), ids=False)
    assert grid.rows[0][:4] == ("2004-01", "not known", "", "")


def test_an_observed_zero_is_told_in_words():
    row = {"part": "statement", "form": None, "statements": 1, "first": DAY, "last": date(2005, 1, 1)}
    assert why._sentence(row) == "nothing of the kind, where the source would have it"
    assert why._sentence({**row, "part": "rest", "statements": 7}) == "7 others together"
    assert why._observed(row) == "2004-05 to 2005-01" and why._observed({"first": None, "last": None}) == ""


def test_no_news_is_said():
    assert novelty._news_grid([{"part": "total"}]).title == "Nothing new"


def test_what_cannot_be_tested_gives_its_reason(ask, tmp_path):
    path = tmp_path / "claims.toml"
    path.write_text(
        '[[claim]]\nid = "U1"\nsays = "Nobody can say."\n[[claim.test]]\nmeasure = "tie"\nsubject = "RUS"\nobject = "FRA"\n'
        'direction = "above"\nperiod = ["2008-01"]\n'
    )
    row = ask("check", path).rows[0]
    assert row["verdict"] == "untestable" and row["probability"] is None
    text = ask("check", path, format="table").out
    assert "untestable" in text and "not known" in text


def test_verdicts_have_no_interval_where_there_is_none():
    class Finding:
        value, lo90, hi90, reason = 1.0, None, None, ""

    class Test:
        measure, direction = "obligation", "exists"

    assert judging._measured(Test(), Finding()) == "obligation exists: 1.00"  # type: ignore[arg-type]


def test_words_of_a_list():
    assert who._words(["A", "B"]) == "A, B" and who._words(DAY) == "2004-05-06"
