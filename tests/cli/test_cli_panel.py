"""`multipolar panel`: a codebook on the screen, a file, and the way back from a cell."""

from __future__ import annotations

import polars as pl
import pytest

from multipolar.record import Record


def test_the_codebook_is_shown_and_the_panel_written(ask, tmp_path):
    out = tmp_path / "panel.parquet"
    words = (
        "--since",
        "2000",
        "--until",
        "2009",
        "--indicators",
        "defence,cinc",
        "exports",
        "--codes",
        "cow",
        "--out",
        out,
    )
    told = ask("panel", *words)
    assert told.status == 0, told.err
    assert [row["name"] for row in told.rows] == ["defence", "cinc_a", "cinc_b", "exports_ab", "exports_ba"]
    assert told.err == f"note: written to {out}\n"
    frame = pl.read_parquet(out)
    assert frame.columns == [
        "a",
        "b",
        "year",
        "cow_a",
        "cow_b",
        "defence",
        "cinc_a",
        "cinc_b",
        "exports_ab",
        "exports_ba",
    ]
    row = frame.filter((pl.col("a") == "CHN") & (pl.col("b") == "PRK") & (pl.col("year") == 2008))
    assert row.select("exports_ab", "exports_ba").rows() == [(4e8, 3e8)]
    (exports,) = [row for row in told.rows if row["name"] == "exports_ab"]
    assert (exports["first"], exports["last"]) == ("2008", "2008")
    assert exports["sources"][0]["key"] == "paper"


def test_the_table_says_what_a_row_counts_and_where_columns_stop(ask):
    told = ask("panel", "--since", "2000", "--until", "2009", "--indicators", "exports,gdp", format="table")
    assert told.status == 0
    text = " ".join(told.out.split())
    assert "One row a pair of states (a before b in the alphabet) and year" in text
    assert "where it stops" in text
    assert "gdp_a is missing throughout: no statement of trait gdp in this record" in told.err


def test_what_was_not_known_yet_is_not_said_to_be_absent_from_the_record(ask):
    told = ask("panel", "--until", "1999", "--indicators", "cinc", "--as-of", "2000-01-01", format="table")
    assert told.status == 0
    assert "no statement of trait cinc known on 2000-01-01 in this record" in told.err


def test_states_and_directions_are_units_too(ask, tmp_path):
    out = tmp_path / "states.csv"
    assert (
        ask("panel", "--unit", "state-year", "--since", "2008", "--until", "2008", "--out", out, "--quiet").status == 0
    )
    assert pl.read_csv(out).columns[:2] == ["state", "year"]
    assert {path.name for path in tmp_path.iterdir()} == {"states.csv", "states.codebook.json", "states.codebook.md"}
    way = tmp_path / "ways.csv"
    words = (
        "--directed",
        "--since",
        "2008",
        "--until",
        "2008",
        "--indicators",
        "exports",
        "--name-sources",
        "--out",
        way,
    )
    assert ask("panel", *words, "--actors", "PRK,CHN").status == 0
    assert pl.read_csv(way).rows() == [("CHN", "PRK", 2008, 4e8, "paper"), ("PRK", "CHN", 2008, 3e8, "paper")]


def test_a_cell_leads_back_to_its_statements(ask, folder):
    told = ask("panel", "--trace", "PRK", "CHN", "2008", "exports")
    head, statement = told.rows
    assert (head["column"], head["actors"], head["value"]) == ("exports_ba", ["CHN", "PRK"], 3e8)
    assert head["statements"] == [statement["id"]]
    assert (statement["source"], statement["locator"], statement["text"]) == ("paper", "p. 1", "=1+1")
    assert Record.open(folder).view().by_id([statement["id"]])[0]["value"] == 3e8
    table = ask("panel", "--trace", "PRK", "CHN", "2008", "exports", format="table").out
    assert "CHN (a), PRK (b), 2008, exports_ba: 3e+08" in table
    assert "paper, p. 1" in table
    state = ask("panel", "--unit", "state-year", "--trace", "PRK", "2008", "exports_total")
    assert state.rows[0]["value"] == 5e8


def test_what_is_missing_says_why(ask):
    (row,) = ask("panel", "--trace", "PRK", "CHN", "2005", "gdp").rows
    assert row["value"] is None
    assert row["reason"].startswith("missing: nothing of the kind in this record")


def test_the_columns_are_listed_without_a_record(run):
    told = run("panel", "--list-columns", "--format", "json")
    assert told.status == 0
    assert len(told.rows) > 60
    assert {"defence", "dispute_onset", "cinc", "indicator_votes"} <= {row["name"] for row in told.rows}
    assert all(row["label"] and row["unit"] and row["cell"] for row in told.rows)


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("--indicators", "defense"), 2, "Did you mean defence?"),
        (("--since", "2009", "--until", "2001"), 2, "first day before the last"),
        (("--until", "2999"), 2, "not after today"),
        (("--since", "20x0"), 2, "expected a date"),
        (("--codes", "fips"), 2, "code of a state"),
        (("--actors", "Atlantis,PRK"), 3, "Atlantis"),
        (("--actors", "PRK"), 2, "at least two states"),
        (("--out", "panel.txt"), 2, "expected a file ending in .parquet, .csv, .xlsx, .dta"),
        (("--out", "nowhere/panel.csv"), 5, "expected a folder that exists"),
        (("--trace", "PRK", "CHN", "2008"), 2, "expected 4 words"),
        (("--trace", "PRK", "CHN", "2008", "defense"), 2, "Did you mean defence?"),
        (("--unit", "state-year", "--indicators", "defence"), 2, "about one state"),
        (("--politically-relevant", "--since", "2008", "--until", "2008"), 6, "politically relevant"),
    ],
)
def test_what_cannot_be_is_refused(ask, tmp_path, monkeypatch, words, status, says):
    monkeypatch.chdir(tmp_path)
    told = ask("panel", *words)
    assert (told.status, told.out) == (status, "")
    assert says in told.err
    assert not list(tmp_path.iterdir())


def test_too_many_rows_for_excel_leave_nothing(ask, tmp_path):
    told = ask("panel", "--indicators", "defence", "--until", "2023", "--out", tmp_path / "all.xlsx")
    assert told.status == 2
    assert "expected at most 1,048,575 rows for Excel, got 1,3" in told.err
    assert not list(tmp_path.iterdir())


def test_as_of_an_earlier_day_nothing_later_is_known(ask, tmp_path):
    out = tmp_path / "then.csv"
    words = ("--since", "2000", "--indicators", "exports", "--out", out, "--as-of", "2009-05-31")
    told = ask("panel", *words)
    assert told.status == 0
    assert {row["first"] for row in told.rows} == {None}
    assert pl.read_csv(out)["year"].max() == 2008
    later = ask("panel", *words[:-1], "2009-06-01")
    assert {row["first"] for row in later.rows} == {"2008"}


def test_a_list_of_states_and_months_can_be_chosen(ask, tmp_path):
    out = tmp_path / "months.csv"
    words = (
        "--unit",
        "dyad-month",
        "--since",
        "2008-01",
        "--until",
        "2008-03",
        "--system",
        "cow",
        "--actors",
        "PRK",
        "CHN",
    )
    told = ask("panel", *words, "--indicators", "defence", "indicator_obligations", "--out", out)
    assert told.status == 0, told.err
    frame = pl.read_csv(out)
    assert frame.columns == ["a", "b", "year", "month", "defence", "indicator_obligations"]
    assert frame.select("a", "b", "year", "month").rows() == [("CHN", "PRK", 2008, month) for month in (1, 2, 3)]


def test_a_file_that_is_there_is_replaced(ask, tmp_path):
    out = tmp_path / "panel.csv"
    out.write_text("old")
    assert ask("panel", "--since", "2008", "--until", "2008", "--indicators", "exports", "--out", out).status == 0
    assert out.read_text().startswith("a,b,year,exports_ab,exports_ba\n")
    assert not list(tmp_path.glob("*.tmp"))


def test_the_former_name_of_a_state_is_understood(ask):
    told = ask("panel", "--trace", "East Germany", "Poland", "1975", "defence")
    assert told.status == 0, told.err
    assert told.rows[0]["actors"] == ["DDR", "POL"]
