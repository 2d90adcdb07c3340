"""Bars of dependence in a file."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from multipolar import UsageError
from multipolar.brief.dependence import MOST, check_ending, dependence_chart, rows
from multipolar.errors import RecordError
from multipolar.measures import Measure, arrays


@pytest.fixture
def found() -> Measure:
    partners = ["CHN", *(f"P{n:02}" for n in range(20))]
    share = [0.5, *(0.02 for _ in range(20))]
    detail = pl.DataFrame({"partner": partners, "share": share})
    return Measure("dependence", "share", "PRK", date(2008, 12, 1), 0.13, 0.1, 0.15, 0.08, 0.2, 1.0, detail)


def test_bars_are_the_dependence_on_each_partner(found: Measure) -> None:
    drawn = rows(found, {"CHN": "China"})
    assert len(drawn) == MOST and [row["asked"] for row in drawn] == [True] + [False] * (MOST - 1)
    assert drawn[0]["name"] == "China" and drawn[0]["value"] == pytest.approx(float(arrays.dependence(0.5)))
    assert all(row["lo90"] < row["value"] < row["hi90"] for row in drawn)


def test_bars_are_written_in_three_ways(found: Measure, tmp_path: Path) -> None:
    svg, png, page = (tmp_path / f"bars{ending}" for ending in (".svg", ".png", ".html"))
    for path in (svg, png, page):
        dependence_chart(found, path, title="Dependence of <North Korea>", subtitle="2008", names={"CHN": "China & co"})
    assert "China &amp; co" in svg.read_text() and "<script" not in svg.read_text()
    assert png.read_bytes().startswith(b"\x89PNG")
    text = page.read_text()
    assert "<title>Dependence of &lt;North Korea&gt;</title>" in text and "default-src 'none'" in text
    assert not re.search(r"<script|https?://(?!www\.w3\.org)", text)


def test_other_endings_and_places_are_refused(found: Measure, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.svg, \.png or \.html"):
        check_ending(Path("bars.pdf"))
    with pytest.raises(RecordError):
        dependence_chart(found, tmp_path / "nowhere" / "bars.html", title="x")
