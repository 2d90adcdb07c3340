"""The page of calibration says what was measured, and its chart is drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from multipolar.brief import calibration_page
from multipolar.brief.calibration import calibration_chart
from multipolar.errors import UsageError

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_page_is_what_was_measured() -> None:
    page = (DOCS / "calibration.md").read_text(encoding="utf-8")
    assert calibration_page.updated(page, calibration_page.stored()) == page


def test_shares_add_up_to_all() -> None:
    for rows in calibration_page.stored().values():
        whole = rows[0]
        for by in ("indicator", "decade"):
            other = "decade" if by == "indicator" else "indicator"
            mine = [r for r in rows if r["widths"] == "measured" and r[by] is not None and r[other] is None]
            assert sum(row["cells"] for row in mine) == whole["cells"]
            inside = sum(row["cells"] * row["inside_90"] for row in mine)
            assert inside / whole["cells"] == pytest.approx(whole["inside_90"], abs=1e-9)


def test_a_chart_is_drawn_and_a_wrong_name_refused(tmp_path: Path) -> None:
    rows = calibration_page.stored()["cells"]
    drawn = calibration_chart(rows, tmp_path / "c.svg").read_text(encoding="utf-8")
    assert "by indicator" in drawn and "by decade" in drawn
    with pytest.raises(UsageError, match=r"\.svg or \.png"):
        calibration_chart(rows, tmp_path / "c.pdf")
