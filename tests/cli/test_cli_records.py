"""Records made, filled, corrected and checked from the shell."""

from __future__ import annotations

import errno
import shutil

import pytest

from multipolar.record import Record, files

VOTES = "resolution,country,vote\nA/RES/68/262,France,yes\nA/RES/68/262,Russia,no\nA/RES/ES-11/1,China,abstain\n"


@pytest.fixture
def votes(tmp_path):
    path = tmp_path / "ukraine_unga_votes.csv"
    path.write_text(VOTES)
    return path


def test_ingest_makes_a_record_and_is_idempotent(run, tmp_path, votes):
    words = ("ingest", "unga-ukraine", "--from", votes, "--record", tmp_path / "r", "--unchecked", "--format", "json")
    first, again = run(*words), run(*words)
    assert first.status == 0, first.err
    assert [(row["form"], row["added"], row["present"]) for row in first.rows] == [("vote", 3, 0)]
    assert [(row["added"], row["present"]) for row in again.rows] == [(0, 3)]
    assert "tally" in first.err or "expected" in first.err or "yes" in first.err, "the failed check is noted"
    shown = run("statements", "vote", "--record", tmp_path / "r")
    assert "RUS" in shown.out and "Territorial integrity" in shown.out


def test_ingest_finds_the_file_in_a_folder(run, tmp_path, votes):
    found = run("ingest", "unga-ukraine", "--from", tmp_path, "--record", tmp_path / "r", "--unchecked")
    assert found.status == 0 and "there already" in found.out


def test_ingest_with_the_dossier(run, tmp_path, votes):
    words = ("ingest", "unga-ukraine", "--from", votes, "--dossier", "--unchecked", "--record", tmp_path / "r")
    found = run(*words, "--format", "json")
    assert found.status == 0, found.err
    added = {(row["source"], row["form"]): row["added"] for row in found.rows}
    assert added["unga-ukraine", "vote"] == 3 and added["dossier", "event"] > 500
    assert len(Record.open(tmp_path / "r").batches()) == 2


@pytest.mark.parametrize(
    ("name", "content", "status", "says"),
    [
        ("unga", VOTES, 4, "ukraine_unga_votes.csv"),  # a file of another source
        ("unga-ukraine", "", 4, "empty"),
        ("unga-ukraine", VOTES[:50], 4, "ukraine_unga_votes.csv:3"),  # cut in a row
        ("unga-ukraine", "<!doctype html><title>Log in</title>", 4, "web page"),
        ("unga-ukraine", VOTES, 4, "tally"),  # whole, yet not what a good release shows
        ("ungaa", VOTES, 2, "unga"),
    ],
)
def test_a_bad_file_leaves_nothing(run, tmp_path, votes, name, content, status, says):
    votes.write_text(content)
    found = run("ingest", name, "--from", votes, "--record", tmp_path / "r")
    assert (found.status, found.out) == (status, ""), found.err
    assert says in found.err and "Hint" in found.err
    assert not (tmp_path / "r").exists(), "the record that was begun is taken away"


def test_a_bad_file_leaves_an_empty_folder_empty_and_a_record_as_it_was(run, tmp_path, votes, folder):
    (tmp_path / "empty").mkdir()
    shutil.copytree(folder, tmp_path / "kept")
    before = Record.open(tmp_path / "kept").batches()
    votes.write_text(VOTES[:50])
    for name in ("empty", "kept"):
        assert run("ingest", "unga-ukraine", "--from", votes, "--record", tmp_path / name).status == 4
    assert not list((tmp_path / "empty").iterdir())
    assert Record.open(tmp_path / "kept").batches() == before


def test_no_file(run, tmp_path, monkeypatch):
    monkeypatch.setenv("MULTIPOLAR_DATA", str(tmp_path / "fetched"))
    for words in ((), ("--from", tmp_path / "nowhere.csv"), ("--from", tmp_path)):
        found = run("ingest", "unga", *words, "--record", tmp_path / "r")
        assert found.status in (2, 4) and found.out == "" and "--from" in found.err
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_full_disk_or_read_only_folder(run, tmp_path, votes, monkeypatch, number):
    def refuse(*_: object) -> None:
        raise OSError(number, "No space left on device" if number == errno.ENOSPC else "Read-only file system")

    monkeypatch.setattr(files, "_write", refuse)
    found = run("ingest", "unga-ukraine", "--from", votes, "--record", tmp_path / "r", "--unchecked")
    assert (found.status, found.out) == (5, "") and str(tmp_path / "r") in found.err and "Hint" in found.err
    assert not list((tmp_path / "r").rglob("*.parquet")) and not list((tmp_path / "r").rglob("*.tmp"))


def test_a_folder_of_something_else_is_not_touched(run, tmp_path, votes):
    found = run("ingest", "unga-ukraine", "--from", votes, "--record", tmp_path, "--unchecked")
    assert (found.status, found.out) == (5, "") and list(tmp_path.iterdir()) == [votes]


def test_own_facts_in_the_format_of_the_dossier(run, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    found = run("ingest", "dossier", "--from", own, "--record", tmp_path / "r")
    assert found.status == 4 and str(own) in found.err and not (tmp_path / "r").exists()


def test_correct_keeps_what_was_known(run, folder, tmp_path):
    path = tmp_path / "record"
    shutil.copytree(folder, path)
    words = ("statements", "tie", "--kind", "sanction", "--record", path, "--format", "json")
    before = run(*words).rows
    gone = before[0]["id"]
    fixed = run(
        "correct", gone[:10], "--on", "2015-03-01", "--reason", "Misread", "--source", "paper", "--record", path
    )
    assert fixed.status == 0 and gone in fixed.out, fixed.err
    assert gone not in [row["id"] for row in run(*words).rows]
    assert run(*words, "--as-of", "2015-02-28").rows == before
    assert run("record", "info", "--record", path, "--format", "json").rows[0]["withdrawn"] == 1
    again = run("correct", gone, "--on", "2016-03-01", "--reason", "Again", "--source", "paper", "--record", path)
    assert again.status in (2, 4) and again.out == ""
    early = run("correct", before[1]["id"], "--on", "1990", "--reason", "x", "--source", "paper", "--record", path)
    assert early.status == 4 and "1990" in early.err


def test_verify_and_reindex(run, folder, tmp_path):
    path = tmp_path / "record"
    shutil.copytree(folder, path)
    (path / "index.duckdb").unlink()
    assert run("record", "reindex", "--record", path).status == 0 and (path / "index.duckdb").exists()
    row = run("record", "verify", "--record", path, "--format", "json").rows[0]
    assert row["whole"] is True and row["statements"] > 1000


def test_sources_of_the_dossier(run):
    rows = run("record", "sources", "--format", "json").rows
    assert len(rows) > 50 and all(row["citation"] for row in rows)
