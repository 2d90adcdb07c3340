"""Third parties on the command line: the stored result, and the test run on a record."""

from __future__ import annotations

from pathlib import Path

import pytest
from third_world import record_of, simulated

from multipolar.record import Record
from multipolar.ties import third, third_page


def test_the_stored_result(run):
    found = run("third-parties", "--format", "json")
    assert found.status == 0, found.err
    stored = third_page.stored()
    assert [row["era"] for row in found.rows] == list(third.ERAS)
    for row, trial in zip(found.rows, stored.trials, strict=True):
        beta = trial.pull.beta
        assert (row["beta"], row["beta_lo95"], row["beta_hi95"]) == (beta.value, beta.lo, beta.hi)
        assert row["passes"] is trial.passes
        assert (row["eta"] is None) is (trial.pull.eta is None)


def test_a_table_to_read(run):
    found = run("third-parties", "--others")
    assert found.status == 0, found.err
    assert "does not pass its test: 1 of 3 eras" in found.out and "structural, not estimated" in found.out
    assert "sign unknown" in found.out and "refused" in found.out
    assert third_page.scaled(third_page.stored().trials[0].pull.beta) in found.out
    assert "one originator on each side" in found.out
    assert "one originator on each side" not in run("third-parties").out


def test_one_era_and_the_others(run):
    found = run("third-parties", "--era", "1946-1991", "--others", "--format", "json")
    assert {row["era"] for row in found.rows} == {"1946-1991"}
    assert found.rows[0]["what"] == "main" and len(found.rows) > 3
    assert found.rows[1]["passes"] is None
    assert "The test asks for every era" in run("third-parties", "--era", "1946-1991").out


@pytest.mark.parametrize(
    ("words", "option"), [(("--draws", 3), "--draws"), (("--ids",), "--ids"), (("--as-of", "2020"), "--as-of")]
)
def test_what_needs_a_record_says_so(run, words, option):
    found = run("third-parties", *words)
    assert found.status == 2 and option in found.err and "--record" in found.err


def test_an_unknown_era(run):
    found = run("third-parties", "--era", "1914-1918")
    assert found.status == 2 and "known era" in found.err


def test_a_record_without_originators_is_refused(ask):
    found = ask("third-parties")
    assert found.status == 6 and found.out == "" and "not who began it" in found.err


def test_the_test_on_a_record(run, tmp_path: Path):
    record = Record.create(tmp_path / "record")
    _, mid = record_of(tmp_path, *simulated(0.6, 1), record=record)
    record.reindex()
    words = ("--record", tmp_path / "record", "--originators", mid, "--era", "1816-1945", "--draws", 3, "--ids")
    found = run("third-parties", *words, "--format", "json")
    assert found.status == 0, found.err
    (row,) = found.rows
    assert row["draws"] == 3 and row["beta_lo95"] > 0 and row["statements"]
    refused = run("third-parties", *words[:4], "--era", "1992-2010")
    assert refused.status == 6 and "before 1992-2010" in refused.err
