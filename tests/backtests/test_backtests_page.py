"""The page says what was measured, and the command shows what a backtest found."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from multipolar.backtests import DESIGNS, PUBLISHED
from multipolar.backtests.page import MEASURED, filled, gain, number, read
from multipolar.cli import main

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_has_the_figures_that_were_measured() -> None:
    page = (ROOT / "docs" / "backtests.md").read_text(encoding="utf-8")
    assert filled(page, read(ROOT / MEASURED)) == page, "run `python -m multipolar.backtests.page docs`"


def test_every_design_was_measured() -> None:
    measured = read(ROOT / MEASURED)
    assert [each["name"] for each in measured] == list(DESIGNS)
    page = (ROOT / "docs" / "backtests.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in DESIGNS)


def test_numbers_are_written_as_the_field_writes_them() -> None:
    assert number("auc", 0.9587) == ".959"
    assert number("auc", None) == "–"
    assert number("mae", 10.05) == "10.0500"
    row = {"score": "skill", "gain": -0.0123, "gain_lo90": -0.02, "gain_hi90": 0.005}
    assert gain(row) == "-.012 (-.020 to +.005)"
    assert gain({"score": "average_precision", "gain": 0.0123, "gain_lo90": None, "gain_hi90": None}) == "+.012"
    assert gain({"score": "skill", "gain": 0.0, "gain_lo90": 0.0, "gain_hi90": 0.0}) == "–"


def test_baselines_are_those_that_were_published(shared: Path) -> None:
    """What was measured reproduces the table of the published baselines, of another program, on the same work."""
    text = (shared / "BASELINES.md").read_text(encoding="utf-8")
    told = {each["name"]: {(row["forecast"], row["score"]): row["value"] for row in each["figures"]}
            for each in read(ROOT / MEASURED)}  # fmt: skip
    mae = dict(
        re.findall(r"^\| (persistence|last S \(linear\)|EWMA, α = .35|ideal-point distance) \| (\.\d+) \|", text, re.M)
    )
    ours = {"persistence": "persistence", "last S (linear)": "last S", "EWMA, α = .35": "EWMA",
            "ideal-point distance": "ideal-point distance"}  # fmt: skip
    assert len(mae) == 4
    for name, value in mae.items():
        assert told["agreement"][ours[name], "mae"] == pytest.approx(float(value), abs=0.001)
    history = re.search(r"^\| history \+ geography \| (\.\d+) \| (\.\d+)", text, re.M)
    whole = re.search(r"^\| history \+ geography \+ distance \+ ally \| (\.\d+) \| (\.\d+)", text, re.M)
    assert history and whole
    for name, found in (("history, geography", history), ("history, geography, votes, ally", whole)):
        assert told["disputes"][name, "auc"] == pytest.approx(float(found[1]), abs=0.003)
        assert told["disputes"][name, "skill"] == pytest.approx(float(found[2]), abs=0.015)
    geography = re.search(r"^\| geography \| (\.\d+), (\.\d+)", text, re.M)
    shared_allies = re.search(r"^\| all, with shared allies \| (\.\d+), (\.\d+)[^|]*\| (\.\d+), (\.\d+)", text, re.M)
    assert geography and shared_allies
    assert told["pacts"]["geography", "auc"] == pytest.approx(float(geography[1]), abs=0.005)
    field = "geography, votes, shared allies"
    assert told["pacts"][field, "auc"] == pytest.approx(float(shared_allies[1]), abs=0.01)
    assert told["pacts"][field, "skill"] == pytest.approx(float(shared_allies[2]), abs=0.03)
    assert PUBLISHED["disputes"] == {"auc": float(whole[1]), "skill": float(whole[2])}
    assert PUBLISHED["pacts"] == {"auc": float(shared_allies[1]), "skill": float(shared_allies[2])}
    assert PUBLISHED["pacts-any"] == {"auc": float(shared_allies[3]), "skill": float(shared_allies[4])}


def test_the_command_refuses_what_the_dossier_cannot_tell(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backtest", "events", "--quiet"]) == 6
    assert "gdelt-pairs" in capsys.readouterr().err


def test_the_command_shows_figures(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from test_backtests_designs import small

    from multipolar import backtests

    monkeypatch.setattr(backtests, "backtest", lambda view, name, ties=None, seed=0: backtests.run(small(), seed=seed))
    assert main(["backtest", "disputes", "--quiet", "--format", "json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["forecast"] for row in rows} == {"earlier rate", "field", "model"}
    assert main(["backtest", "disputes", "--quiet"]) == 0
    assert "better than" in capsys.readouterr().out


def test_ties_that_cannot_be_read_are_a_usage_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ties.parquet"
    file.write_text("no Parquet", encoding="utf-8")
    assert main(["backtest", "disputes", "--ties", str(file), "--quiet"]) == 2
    assert "cannot be read" in capsys.readouterr().err
