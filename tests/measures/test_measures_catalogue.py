"""The catalogue lists every measure once, and the page is what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from samples import record, statement

from multipolar import measures
from multipolar.measures import catalogue
from multipolar.record import KINDS, Record, View

PAGE = Path(__file__).resolve().parents[2] / "docs" / catalogue.PAGE


@pytest.fixture(scope="module")
def dossier() -> View:
    from multipolar.dossier import load

    made = Record.memory()
    made.ingest(load())
    return made.view()


def test_the_page_is_what_the_code_says(dossier: View) -> None:
    hint = "run `python -m multipolar.measures.catalogue docs`"
    assert PAGE.read_text(encoding="utf-8") == catalogue.page(dossier), hint


def test_every_entry_is_of_a_public_function_and_stands_once() -> None:
    names = [entry.name for entry in catalogue.ENTRIES]
    assert len(names) == len(set(names))
    for name in names:
        assert name in measures.__all__
        assert callable(getattr(measures, name))


def test_every_entry_is_whole() -> None:
    for entry in catalogue.ENTRIES:
        texts = (entry.title, entry.definition, entry.inputs, entry.unit, entry.range, entry.interval, entry.source)
        assert all(text.strip() for text in (*texts, *entry.refuses)), entry.name
        assert entry.refuses and entry.needs, entry.name
        assert entry.definition.endswith("."), entry.name
        assert not any(text.endswith(".") for text in (*texts[2:], *entry.refuses)), entry.name
        for form, kinds in entry.needs:
            assert set(kinds) <= set(KINDS[form]), entry.name


def test_what_a_record_has_is_counted() -> None:
    from datetime import date

    rows = [statement(a, None, "cinc", date(year, 1, 1), value=0.1) for a in ("USA", "CHN") for year in (2001, 2005)]
    held = catalogue.coverage(record(trait=rows).view(), [catalogue.ISOLATION])
    assert held.filter(form="trait").row(0) == ("isolation", "trait", 4, 2, 2001, 2005)
    assert held.filter(form="vote").select("statements", "first").row(0) == (0, None)


def test_the_page_tells_what_there_is_not() -> None:
    empty = catalogue.page(record(trait=[]).view())
    assert empty.count("\n## ") == len(catalogue.ENTRIES)
    assert "no statement of form vote" in empty
    assert not re.search(r"None|\bnan\b", empty)


def test_coverage_is_typed_without_a_statement() -> None:
    held = catalogue.coverage(record(trait=[]).view())
    assert held["first"].dtype == pl.Int32
    assert held["statements"].sum() == 0
