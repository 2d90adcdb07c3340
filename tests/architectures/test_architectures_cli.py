"""The commands, in three formats, with their charts; and words that make no sense."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import multipolar
from multipolar import UsageError, World
from multipolar.brief.architectures import lines_chart, matrix_chart, ordered
from multipolar.cli import main


class Run:
    """Runs a command on the small world."""

    def __init__(self, capfd: pytest.CaptureFixture[str]) -> None:
        self.capfd = capfd

    def __call__(self, *words: object) -> tuple[int, str, str]:
        status = main([str(word) for word in words])
        out, err = self.capfd.readouterr()
        return status, out, err

    def rows(self, *words: object) -> list[dict[str, Any]]:
        status, out, err = self(*words, "--format", "json", "--quiet")
        assert status == 0, err
        return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def run(world: World, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr("multipolar.world.open", lambda *_, **__: world)
    return Run(capfd)


def test_rows_are_the_report(run: Run, world: World, files: tuple[Path, Path]) -> None:
    rows = run.rows("architecture", files[0], "--month", "2005-05", "--ids")
    report = world.architecture(files[0], "2005-05")
    figures = {row["figure"]: row["value"] for row in rows if row["part"] == "figure"}
    assert figures == dict(report.figures.select("figure", "value").rows())
    assert [row["actor"] for row in rows if row["part"] == "member"] == list(report.members.ids)
    assert {row["part"] for row in rows} >= {"figure", "reading", "member", "nuclear", "beside", "outsider"}
    assert next(row for row in rows if row["part"] == "nuclear")["ids"]
    assert not any("ids" in row for row in run.rows("architecture", files[0], "--month", "2005-05"))


def test_table_and_csv(run: Run, files: tuple[Path, Path]) -> None:
    status, out, _ = run("architecture", files[0], "--month", "2005-05")
    assert status == 0
    assert "The east, 2005-05: 4 members, 6 pairs." in out
    assert "As a forum it is 3 pairs" in out and "As an alliance it is 1 pairs of 2 members" in out
    assert "Forum or alliance" in out and "Outsiders" in out
    status, out, _ = run("architecture", files[0], "--month", "2005-05", "--format", "csv", "--quiet")
    assert {row["part"] for row in csv.DictReader(io.StringIO(out))} >= {"figure", "member"}


def test_two_beside_each_other(run: Run, files: tuple[Path, Path]) -> None:
    rows = run.rows("architecture", files[0], "--with", files[1], "--month", "2006-06")
    assert {row["part"] for row in rows} >= {"overlap", "across", "foot"}
    assert next(row for row in rows if row["part"] == "across" and row["figure"] == "tension")["value"] < 0
    _, out, _ = run("architecture", files[0], "--with", files[1], "--month", "2006-06", "--quiet")
    assert "Feet in another" in out and "hosts troops" in out


def test_matrix_and_its_chart(run: Run, files: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "matrix.svg"
    rows = run.rows("architecture", files[0], "--month", "2005-05", "--matrix", "--out", out)
    assert [row["pairs"] for row in rows if row["part"] == "rung"] == [3, 0, 1, 1, 1]
    assert sum(row["part"] == "pair" for row in rows) == 6
    drawn = out.read_text(encoding="utf-8")
    assert all(name in drawn for name in ("North Korea", "Russia", "defence", "The east"))
    _, shown, err = run("architecture", files[0], "--month", "2005-05", "--matrix", "--out", tmp_path / "m.png")
    assert "D defence" in shown and "chart written to" in err
    assert (tmp_path / "m.png").read_bytes().startswith(b"\x89PNG")


def test_pairs_changes_series_and_positions(run: Run, files: tuple[Path, Path], tmp_path: Path) -> None:
    pairs = run.rows("architecture", files[0], "--month", "2005-05", "--pairs")
    assert next(row for row in pairs if (row["a"], row["b"]) == ("IRN", "RUS"))["dispute"] is True
    changes = run.rows("architecture", files[0], "--enlargements", "--since", "2000-01")
    assert {row["day"] for row in changes} == {"2001-07-16"} and {row["when"] for row in changes} == {
        "before",
        "after",
        "change",
    }
    window = ("--since", "2004-12", "--until", "2005-12", "--every", "6")
    chart = tmp_path / "series.svg"
    series = run.rows("architecture", files[0], "--series", *window, "--with", files[1], "--out", chart)
    assert {row["architecture"] for row in series} == {"east", "west"}
    assert {row["month"] for row in series} == {"2004-12-01", "2005-06-01", "2005-12-01"}
    assert "east: cohesion" in chart.read_text(encoding="utf-8")
    places = run.rows("architecture", files[0], "--with", files[1], "--positions", "CHN", "Australia", *window)
    assert {row["actor"] for row in places} == {"AUS", "CHN"}
    for words in (
        ("--pairs",),
        ("--enlargements",),
        ("--series", *window),
        ("--with", files[1], "--positions", "CHN", *window),
    ):
        assert run("architecture", files[0], *words, "--quiet")[0] == 0


def test_pact(run: Run) -> None:
    rows = run.rows("pact", "North Korea", "Russia", "--on", "2005-01-01", "--ids")
    assert rows[0]["active"] is True and rows[0]["rung"] == "consultation"
    assert next(row for row in rows if row["part"] == "obligation")["ids"]
    assert sum(row["part"] == "reliability" for row in rows) == 8, "the published, where the record has no list of wars"
    _, out, err = run("pact", "PRK", "RUS", "--on", "2005-01-01")
    assert "A pact of North Korea and Russia is active (consultation) on 2005-01-01." in out
    assert "as published" in out and "no war between states is told" in err
    _, out, _ = run("pact", "CHN", "RUS", "--on", "2006-01-01", "--quiet")
    assert "is active (nonaggression)" in out


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("architecture", "eurasa"), 2, "architecture or organisation"),
        (("architecture", "none.toml"), 4, "that can be read"),
        (("architecture", "east", "--matrix", "--pairs"), 2, "expected one of --matrix, --pairs"),
        (("architecture", "east", "--positions", "RUS"), 2, "expected one other architecture"),
        (("architecture", "east", "--out", "x.svg"), 2, "--matrix, --series or --positions to draw"),
        (("architecture", "east", "--matrix", "--out", "x.pdf"), 2, ".svg or .png"),
        (("architecture", "WTO_PACT", "--month", "2005-05"), 6, "no members on 2005-05-31"),
        (("architecture", "AUKUS", "--month", "2005-05"), 6, "no members"),
        (("architecture", "east", "--month", "2005-5"), 2, "expected a date"),
        (("pact", "RUS", "RUS"), 2, "two different states"),
        (("pact", "RUS", "Atlantis"), 3, "Atlantis"),
    ],
)
def test_bad_input(run: Run, files: tuple[Path, Path], words: tuple[str, ...], status: int, says: str) -> None:
    given = [files[0] if word == "east" else word for word in words]
    got, out, err = run(*given)
    assert (got, out) == (status, "")
    assert says in err


def test_members_bound_deepest_stand_together(world: World, files: tuple[Path, Path]) -> None:
    report = world.architecture(files[0], "2005-05")
    order = ordered(report)
    assert sorted(order) == list(report.members.ids)
    assert set(order[:2]) == {"CHN", "PRK"} and order[-1] == "IRN"


def test_charts_refuse_what_cannot_be_drawn(world: World, files: tuple[Path, Path], tmp_path: Path) -> None:
    report = world.architecture(files[0], "2005-05")
    with pytest.raises(UsageError, match=r"\.svg or \.png"):
        matrix_chart(report, tmp_path / "x.gif")
    with pytest.raises(UsageError, match="1 to 8 lines"):
        lines_chart([], tmp_path / "x.svg", title="none")
    row = {"month": report.month, "value": 0.0, "lo90": -1.0, "hi90": 1.0}
    with pytest.raises(UsageError, match="got 9"):
        lines_chart([{"name": str(n), **row} for n in range(9)], tmp_path / "x.svg", title="many")


def test_a_gap_is_not_drawn_over(tmp_path: Path) -> None:
    from multipolar.brief.architectures import _with_runs

    months = pl.Series(["2000-01-01", "2000-02-01", "2000-03-01", "2001-01-01"]).str.to_date()
    frame = pl.DataFrame({"name": "a", "month": months, "value": 0.0})
    assert _with_runs(frame)["run"].to_list() == [1, 1, 1, 2]


def test_the_package_has_the_commands() -> None:
    assert {"architecture", "architectures", "pact"} <= set(dir(multipolar.World))
