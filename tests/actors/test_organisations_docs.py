from __future__ import annotations

from pathlib import Path

from multipolar.actors.leaders import OFFICES
from multipolar.actors.organisations import DEPTHS, STATUSES, organisations


def test_the_documentation_names_every_organisation_depth_and_status() -> None:
    text = (Path(__file__).parents[2] / "docs" / "organisations.md").read_text(encoding="utf-8")
    assert [word for word in (*DEPTHS, *STATUSES, *OFFICES) if f"`{word}`" not in text] == []
    assert [org.id for org in organisations() if org.id not in text] == []
