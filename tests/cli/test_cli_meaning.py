"""The commands on measures: sets, visits, flows, pressure, cohesion; what they refuse."""

from __future__ import annotations

import pytest


def test_isolation_of_a_set_from_another(ask):
    row = ask("isolation", "USA", "GBR", "--from", "RUS", "CHN", "--month", "2009-06").rows[0]
    assert row["actor"] == "USA+GBR" and row["members"] == ["GBR", "USA"] and row["from"] == ["RUS", "CHN"]
    shown = ask("isolation", "USA", "GBR", "--from", "RUS", "--month", "2009-06", format="table")
    assert "Isolation of USA+GBR (2 states) from RUS, 2009-06: " in shown.out


def test_pressure_is_a_question_of_hedging(ask):
    words = ("hedging", "CHN", "--between", "USA", "RUS", "--pressure", "Russia", "--band", "0")
    row = ask(*words).rows[0]
    assert row["measure"] == "pressure" and row["power"] == "RUS" and row["value"] >= 0
    parts = ask(*words, "--parts").rows
    assert [part["falls"] is not None and part["rises"] is None for part in parts] == [True, True]
    assert "by Russia" in ask(*words, format="table").out


def test_cohesion_in_all_ways_and_over_years(ask):
    found = ask("cohesion", "USA", "GBR", "AUS", "--month", "2009-06")
    assert {row["measure"] for row in found.rows} <= {"cohesion_ties", "cohesion_votes", "cohesion_sanctions"}
    assert found.rows[0]["measure"] == "cohesion_ties" and found.rows[0]["members"] == ["AUS", "GBR", "USA"]
    one = ask("cohesion", "USA", "GBR", "AUS", "--month", "2009-06", "--by", "ties").rows[0]
    assert one["value"] == found.rows[0]["value"]
    years = ask("cohesion", "USA", "GBR", "AUS", "--since", "2008", "--by", "ties").rows
    assert [row["year"] for row in years] == [2008, 2009] and {row["by"] for row in years} == {"ties"}
    assert "Cohesion of USA and GBR" in ask("cohesion", "USA", "GBR", "--since", "2008", format="table").out


def test_dependence_draws_its_bars(ask, tmp_path):
    out = tmp_path / "bars.svg"
    found = ask("dependence", "PRK", "--on", "CHN", "--out", str(out))
    assert out.read_text().startswith("<svg") and f"chart written to {out}" in found.err
    assert found.rows[0]["value"] == ask("dependence", "PRK", "--on", "CHN").rows[0]["value"]


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("dependence", "PRK", "--on", "CHN", "--flow", "energy"), 6, "oil, gas, coal"),
        (("dependence", "PRK", "--on", "CHN", "--flow", "arms"), 6, "known together for no year"),
        (("dependence", "PRK", "--on", "CHN", "--out", "bars.pdf"), 2, ".svg, .png or .html"),
        (("dependence", "PRK", "--on", "CHN", "--alternatives", "--without", "RUS"), 2, "got both"),
        (("dependence", "PRK", "--on", "CHN", "--year", "1066"), 6, "1066"),
        (("isolation",), 2, "got none"),
        (("isolation", "Atlantis"), 3, "Atlantis"),
        (("isolation", "RUS", "--from", "RUS"), 2, "but its own members"),
        (("isolation", "RUS", "--by", "visits"), 6, "no complete list"),
        (("hedging", "CHN", "--between", "USA", "RUS", "--pressure", "IRN"), 2, "power that presses"),
        (("hedging", "CHN", "--between", "USA", "RUS", "--band", "0.5"), 2, "--pressure"),
        (("cohesion", "USA"), 2, "at least 2 members"),
        (("cohesion", "USA", "GBR", "--since", "2008", "--parts"), 2, "got both"),
        (("cohesion", "USA", "GBR", "--since", "2050"), 2, "2050"),
        (("cohesion", "PRK", "TUV"), 6, "fewer than"),
    ],
    ids=lambda item: " ".join(item) if isinstance(item, tuple) else "",
)
def test_what_is_refused(ask, words, status, told):
    found = ask(*words)
    assert found.status == status, found.err
    assert told in found.err and not found.out
