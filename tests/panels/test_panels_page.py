"""The list of columns in the manual is the one in the code."""

from __future__ import annotations

from pathlib import Path

from multipolar.panels import COLUMNS, page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "panels.md"


def test_the_page_is_up_to_date():
    text = PAGE.read_text(encoding="utf-8")
    assert page.filled(text) == text, "run: python -m multipolar.panels.page docs/panels.md"


def test_every_column_is_in_the_table():
    table = page.table().splitlines()
    assert len(table) == len(COLUMNS) + 2
    assert all(line.count("|") == table[0].count("|") for line in table)
