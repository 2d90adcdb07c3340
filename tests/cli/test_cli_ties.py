"""Forecast, calibration, changes, sensitivity and news of all pairs, as commands."""

from __future__ import annotations

import pytest

QUESTIONS = {
    "forecast": ("forecast", "RUS", "CHN", "--months", "24"),
    "changes": ("changes", "RUS", "CHN"),
    "sensitivity": ("sensitivity", "RUS", "CHN"),
    "news of all": ("news", "--since", "2008-06-30"),
}


@pytest.mark.parametrize("words", QUESTIONS.values(), ids=QUESTIONS)
def test_three_formats(ask, words):
    shown, lines, sheet = ask(*words, format="table"), ask(*words), ask(*words, format="csv")
    assert (shown.status, lines.status, sheet.status) == (0, 0, 0), shown.err + lines.err
    assert shown.out.strip() and not shown.out.startswith("{")
    assert len(lines.rows) == len(sheet.table) > 0


def test_forecast_begins_after_the_last_month(ask):
    last = ask("tie", "RUS", "CHN").rows[-1]
    rows = ask("forecast", "RUS", "CHN", "--months", "2").rows
    assert [row["ahead"] for row in rows] == [1, 2]
    assert rows[0]["month"] > last["month"]
    assert rows[0]["persistence"] == pytest.approx(last["mean"])
    assert "if nothing moves" in " ".join(ask("forecast", "RUS", "CHN", format="table").out.split())
    refused = ask("forecast", "RUS", "CHN", "--months", "0")
    assert refused.status == 2 and "from 1 to 120" in refused.err


def test_changes_of_one_month_and_of_all(ask):
    months = ask("tie", "RUS", "CHN").rows
    rows = ask("changes", "RUS", "CHN").rows
    assert [row["month"] for row in rows] == [row["month"] for row in months]
    (one,) = ask("changes", "RUS", "CHN", "--at", "2005-03").rows
    assert one == next(row for row in rows if row["month"] == "2005-03-01")
    assert "placebo months" in " ".join(ask("changes", "RUS", "CHN", format="table").out.split())


def test_sensitivity_names_sources_and_readings(ask):
    rows = ask("sensitivity", "RUS", "CHN").rows
    without = [row for row in rows if row["part"] == "without"]
    reading = [row for row in rows if row["part"] == "reading"]
    assert {row["source"] for row in without} == {"paper", "other"}
    assert [row["move"] for row in reading] == sorted((row["move"] for row in reading), reverse=True)
    shown = ask("sensitivity", "RUS", "CHN", format="table").out
    assert "too little left" in shown and "would change it most" in shown


def test_news_of_all_pairs_is_told_in_words(ask):
    rows = ask("news", "--since", "2008-06-30").rows
    changes = [abs(row["change"]) for row in rows]
    assert changes == sorted(changes, reverse=True)
    assert rows[0]["says"].startswith(f"{rows[0]['pair']} {rows[0]['change']:+.2f}")
    a, b = rows[0]["pair"].split("-")
    total = ask("news", a, b, "--since", "2008-06-30").rows[0]
    assert total["contribution"] == pytest.approx(rows[0]["change"])


def test_one_state_alone_has_no_news(ask):
    refused = ask("news", "RUS", "--since", "2008-06-30")
    assert refused.status == 2 and "two states or none" in refused.err


def test_calibration_counts_what_was_hidden_and_draws_it(ask, tmp_path):
    picture = tmp_path / "c.svg"
    found = ask("calibration", "--share", "0.2", "--out", picture)
    assert found.status == 0 and picture.read_text(encoding="utf-8").startswith("<svg")
    whole = found.rows[0]
    single = [r for r in found.rows if r["widths"] == "measured" and r["indicator"] and r["decade"] is None]
    assert sum(row["cells"] for row in single) == whole["cells"]
    assert 0.75 <= whole["inside_90"] <= 1.0
    assert "hidden cells" in ask("calibration", "--share", "0.2", "--hide", "blocks", format="table").out
    for words in (("--share", "2"), ("--out", "c.pdf"), ("--hide", "everything")):
        assert ask("calibration", *words).status == 2
