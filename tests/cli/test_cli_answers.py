"""Every command, in every format, on a small record."""

from __future__ import annotations

from math import isclose
from pathlib import Path

import pytest

from multipolar import __version__
from multipolar.world import open as open_record

CLAIMS = """
[[claim]]
id = "T1"
says = "Britain is close to the United States."
[[claim.test]]
measure = "tie"
subject = "GBR"
object = "USA"
direction = "above"
period = ["2008-01", "2009-10"]
by = 0.0

[[claim]]
id = "T2"
says = "Russia and China owe each other non-aggression."
[[claim.test]]
measure = "obligation"
subject = "RUS"
object = "CHN"
kind = "nonaggression"
direction = "exists"
period = ["2005-01"]
"""

QUESTIONS = {
    "tie": ("tie", "RUS", "CHN"),
    "tie-ids": ("tie", "RUS", "CHN", "--ids"),
    "explain": ("explain", "RUS", "China", "--since", "2005-03"),
    "news": ("news", "RUS", "CHN", "--since", "2006-12-31", "--ids"),
    "isolation": ("isolation", "IRN", "--month", "2009-06"),
    "isolation-parts": ("isolation", "IRN", "--parts"),
    "dependence": ("dependence", "PRK", "--on", "CHN", "--ids"),
    "hedging": ("hedging", "CHN", "--between", "USA", "RUS"),
    "resolve": ("resolve", "ROK", "--on", "1952-01-01"),
    "members": ("members", "SCO", "--on", "2024-07-10"),
    "statements": ("statements", "tie", "--actor", "Iran"),
    "indicators": ("indicators",),
    "sources": ("sources",),
    "record info": ("record", "info"),
    "record sources": ("record", "sources"),
    "record verify": ("record", "verify"),
}


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    path = tmp_path / "claims.toml"
    path.write_text(CLAIMS)
    return path


@pytest.mark.parametrize("words", QUESTIONS.values(), ids=QUESTIONS)
def test_three_formats_say_the_same(ask, words):
    shown, lines, sheet = ask(*words, format="table"), ask(*words), ask(*words, format="csv")
    assert (shown.status, lines.status, sheet.status) == (0, 0, 0), shown.err + lines.err
    assert shown.out.strip() and not shown.out.startswith("{")
    assert len(lines.rows) == len(sheet.table) > 0
    for row, cells in zip(lines.rows, sheet.table, strict=True):
        assert list(row) == [name for name in cells if name in row]
        for name, value in row.items():
            if value is None:
                assert cells[name] == ""
            elif isinstance(value, float):
                assert float(cells[name]) == value, "full precision"


def test_tie_has_every_month_and_the_table_the_last_ones(ask):
    rows = ask("tie", "RUS", "CHN").rows
    assert rows[0]["month"] == "1990-01-01" and rows[0]["mean"] is None, "missing is null"
    assert [row["pair"] for row in rows] == ["CHN-RUS"] * len(rows)
    shown = ask("tie", "Moscow", "Beijing", format="table")
    assert "Russia and China stood at" in shown.out and "(90 %)" in shown.out
    assert shown.out.count("\n 20") == 18
    assert "anchor" in shown.err and "anchor" not in shown.out, "notes go to stderr"


def test_tie_of_the_months_asked_for(ask):
    rows = ask("tie", "RUS", "CHN", "--since", "2008-02", "--until", "2008-04").rows
    assert [row["month"] for row in rows] == ["2008-02-01", "2008-03-01", "2008-04-01"]


def test_tie_before_the_usual_window_says_so(ask):
    found = ask("tie", "RUS", "CHN", "--since", "1989-06", "--until", "1990-02")
    assert len(found.rows) == 9 and "estimated from 1986-01" in found.err


def test_the_numbers_are_those_of_the_world(ask, folder):
    world = open_record(folder)
    series = world.tie("RUS", "CHN")
    assert [row["mean"] for row in ask("tie", "RUS", "CHN").rows] == series["mean"].to_list()
    assert ask("isolation", "IRN").rows[0]["value"] == world.isolation("IRN").value
    assert (
        ask("hedging", "CHN", "--between", "USA", "RUS").rows[0]["lo90"]
        == world.hedging("CHN", between=("USA", "RUS")).lo90
    )


def test_ids_lead_to_statements(ask):
    rows = ask("tie", "RUS", "CHN", "--ids").rows
    ids = next(row["statements"] for row in rows if row["statements"])
    found = ask("statements", "--id", *ids)
    assert [row["id"] for row in found.rows] == ids
    assert all(row["locator"] and row["citation"] for row in found.rows)
    short = ask("statements", "--id", ids[0][:12])
    assert short.rows[0]["id"] == ids[0]


def test_measures_list_their_statements(ask):
    row = ask("hedging", "CHN", "--between", "USA", "RUS", "--ids").rows[0]
    assert len(row["statements"]) > 100 and row["between"] == ["USA", "RUS"]
    table = ask("dependence", "PRK", "--on", "CHN", "--ids", format="table")
    assert "Statements: " in table.out and "Dependence of North Korea on China, 2008: 0." in table.out


def test_explanation_adds_up(ask):
    rows = ask("explain", "RUS", "CHN", "--since", "2005-03", "--top", "4").rows
    part = {name: [row for row in rows if row["part"] == name] for name in {row["part"] for row in rows}}
    assert len(part["statement"]) == 4 and len(part["rest"]) == 1
    for what in ("level", "change"):
        indicators = sum(row[what] for row in part["indicator"])
        assert isclose(part["baseline"][0][what] + indicators, part["total"][0][what], abs_tol=1e-10)
        assert isclose(sum(row[what] for row in (*part["statement"], *part["rest"])), indicators, abs_tol=1e-10)
    sizes = [abs(row["change"]) for row in part["statement"]]
    assert sizes == sorted(sizes, reverse=True)
    every = ask("explain", "RUS", "CHN", "--since", "2005-03", "--top", "0").rows
    assert not any(row["part"] == "rest" for row in every)


def test_news_adds_up(ask):
    rows = ask("news", "RUS", "CHN", "--since", "2006-12-31").rows
    total, rest = rows[0], rows[1:]
    assert total["part"] == "total" and {row["part"] for row in rest} == {"revisions", "news"}
    assert isclose(sum(row["contribution"] for row in rest), total["after"] - total["before"], abs_tol=1e-10)


def test_as_of_is_the_knowledge_of_that_day(ask, folder, run):
    early = run("tie", "RUS", "CHN", "--record", folder, "--as-of", "2004-06", "--format", "json").rows
    assert early[-1]["month"] <= "2004-06-01"
    assert ask("tie", "RUS", "CHN").rows[-1]["month"] > "2009-01-01"


def test_check(ask, claims):
    rows = ask("check", claims).rows
    assert [(row["id"], row["verdict"]) for row in rows] == [("T1", "supported"), ("T2", "supported")]
    assert rows[0]["tests"][0]["lo90"] > 0 and rows[0]["supporting"][0]["id"]
    assert rows[0]["tests"][0]["first"] == "2008-01-01"
    shown = ask("check", claims, "--only", "T1", format="table")
    assert "supported" in shown.out and "weighing for it" in shown.out and "T2" not in shown.out
    assert ask("check", claims, "--only", "T2", "T1", format="csv").table[1]["tests"].startswith("[{")


def test_worked_claims_are_the_default(ask):
    from multipolar import claims as room

    known = [claim.id for claim in room.worked()]
    assert [row["id"] for row in ask("check", "--only", known[0]).rows] == known[:1]


def test_resolve(run):
    row = run("resolve", "265", "--on", "1970-01-01", "--scheme", "cow", "--format", "json").rows[0]
    assert (row["id"], row["cow"], row["end"]) == ("DDR", 265, "1990-10-02")
    assert run("resolve", "ROK", "--as-of", "1952-01-01", "--format", "json").rows[0]["on"] == "1952-01-01"
    assert run("resolve", "AU", "--kind", "state", "--format", "json").rows[0]["id"] == "AUS"


def test_members(run):
    rows = run("members", "Warsaw Pact", "--on", "1980-01-01", "--format", "json").rows
    assert {"DDR", "RUS"} <= {row["member"] for row in rows} and all(row["source"] for row in rows)


def test_statements_are_filtered_and_cut(ask):
    ties = ask("statements", "tie", "--kind", "sanction", "--actor", "USA", "--since", "2005", "--until", "2006").rows
    assert {row["b"] for row in ties} == {"IRN", "PRK"}
    pair = ask("statements", "tie", "--between", "Russia", "China", "--source", "other").rows
    assert [row["kind"] for row in pair] == ["nonaggression"] and pair[0]["publisher"] == "Another publisher"
    assert len(ask("statements", "event").rows) > 100, "all of them"
    assert len(ask("statements", "event", "--limit", "3").rows) == 3
    shown = ask("statements", "event", format="table")
    assert "20 of" in shown.err
    nothing = ask("statements", "tie", "--between", "RUS", "AUS")
    assert (nothing.status, nothing.out) == (0, "") and "no statement" in nothing.err


def test_formulas_are_inert_in_csv(ask):
    row = ask("statements", "flow", "--kind", "exports", "--actor", "PRK", format="csv").table
    assert "'=1+1" in {cells["text"] for cells in row}
    assert "=1+1" in {cells["text"] for cells in ask("statements", "flow").rows}


def test_indicators_that_are_not_observed_are_listed_too(ask):
    rows = {row["indicator"]: row for row in ask("indicators").rows}
    assert rows["votes"]["cells"] > 0 and rows["opinion"]["cells"] == 0 and rows["opinion"]["first"] is None


def test_record_info(ask, folder):
    row = ask("record", "info").rows[0]
    assert row["vote"] == 160 * 7 and row["statements"] == sum(batch["statements"] for batch in row["batches"])
    assert row["batches"][0]["label"] == "simulated" and row["record"] == str(folder)


def test_brief_writes_the_page_and_names_it_last(ask, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = ask("brief", "RUS", "CHN", format="table")
    assert shown.status == 0, shown.err
    assert shown.out.rstrip().splitlines()[-1] == "Page: multipolar-brief-RUS-CHN.html"
    page = tmp_path / "multipolar-brief-RUS-CHN.html"
    assert page.read_text().lower().startswith("<!doctype html") and len(list(tmp_path.iterdir())) == 1


def test_brief_as_rows_writes_a_page_only_where_told(ask, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = ask("brief", "RUS", "CHN")
    assert found.status == 0, found.err
    assert {"section", "figure", "value", "statements"} <= set(found.rows[0]) and not list(tmp_path.iterdir())
    sheet = ask("brief", "RUS", "CHN", "--out", tmp_path / "p.html", format="csv")
    assert len(sheet.table) == len(found.rows) and (tmp_path / "p.html").exists()
    assert "p.html" in sheet.err and "p.html" not in sheet.out


def test_quiet_leaves_stderr_empty(run, folder):
    assert run("tie", "RUS", "CHN", "--record", folder, "--quiet").err == ""


def test_version_and_help(run):
    assert run("--version").out.strip() == __version__
    assert "Questions" in run("--help").out and "Questions" in run().out
    assert "--capability" in run("isolation", "--help").out


def test_commands_of_the_design(run):
    """Each command of the design's table is there: its help opens."""
    for name in ("tie", "explain", "isolation", "dependence", "hedging", "check", "brief", "resolve"):
        assert run(name, "--help").status == 0
