"""What is cited for a result: entries that BibTeX can read, and a paragraph that names the edition used."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import OTHER, SOURCE, record, statement

from multipolar.errors import DataError
from multipolar.sources import Reference, cite
from multipolar.sources.publishers import sipri
from multipolar.sources.registry import SOURCES
from multipolar.sources.results import sources_in

DAY = date(2024, 6, 30)
WORK = Reference(
    "leeds2002", "article", ("Leeds, Brett Ashley", "Ritter, Jeffrey M."), 2002, "Alliance Treaty Obligations & Provisions",
    "International Interactions", "28", "237-260", "10.1080/03050620213653",
)  # fmt: skip


def fields(entry: str) -> dict[str, str]:
    """The fields of one entry, as a reader with a brace counter sees them."""
    found, rest = {}, entry[entry.index(",") + 1 :]
    while match := re.search(r"(\w+) = \{", rest):
        depth, at = 1, match.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(rest[at], 0) if rest[at - 1] != "\\" else 0
            at += 1
        found[match[1]] = rest[match.end() : at - 1]
        rest = rest[at:]
    return found


def test_an_article_has_its_fields():
    got = fields(cite.entry(WORK))
    assert got["author"] == "Leeds, Brett Ashley and Ritter, Jeffrey M."
    assert got["title"] == r"{Alliance Treaty Obligations \& Provisions}"
    assert got["journal"] == "International Interactions"
    assert got["pages"] == "237--260"
    assert got["doi"] == "10.1080/03050620213653"
    assert "url" not in got, "what is not known is left out"
    assert cite.entry(WORK).startswith("@article{leeds2002,")


def test_a_source_of_its_own_is_cited_as_itself():
    made = cite.cite({"paper": 2}, {"paper": SOURCE}, DAY, "9.9")
    assert fields(made.bibtex) == {
        "author": "{A publisher}", "title": "{A title}", "year": "2020", "url": "https://example.org"
    }  # fmt: skip
    assert made.paragraph == (
        "Sources: A title [paper] (A publisher 2020, 2 statements). Read with multipolar 9.9, as known on 2024-06-30."
    )


def test_a_registered_source_brings_what_its_publisher_asks_for():
    asked = replace(sipri.SOURCE, references=(WORK,))
    source = replace(SOURCE, publisher=asked.publisher, title=asked.title)
    expected = sipri.SOURCE.references or (cite.itself(source),)
    assert cite.works(source) == expected
    assert cite.works(OTHER) == (cite.itself(OTHER),)


def test_the_most_used_source_comes_first_and_each_work_once():
    described = {"paper": SOURCE, "other": OTHER}
    made = cite.cite({"paper": 1, "other": 1234}, described, DAY, "1")
    assert [item.source.key for item in made.cited] == ["other", "paper"]
    assert "1,234 statements" in made.paragraph
    assert "; and A title" in made.paragraph
    assert [work.key for work in made.works] == ["other", "paper"]
    assert "No source" in cite.cite({}, described, DAY, "1").paragraph


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_the_works_of_every_data_set_are_whole(source):
    assert source.references, "what to cite"
    for work in source.references:
        assert re.fullmatch(r"[A-Za-z0-9:.-]+", work.key)
        assert work.title
        assert work.authors
        assert 1900 < work.year <= date.today().year
        assert not work.doi or re.fullmatch(r"10\.\d{4,9}/\S+", work.doi)
        assert not work.url or work.url.startswith("https://") or work.url.startswith("http://")
        assert fields(cite.entry(work))["title"]


def test_keys_of_works_are_of_one_work_each():
    works = {}
    for source in SOURCES:
        for work in source.references:
            assert works.setdefault(work.key, work) == work, work.key


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_breaks_an_entry(publisher, title):
    work = cite.itself(replace(SOURCE, publisher=publisher, title=title))
    text = cite.entry(work)
    plain = text.replace("\\\\", "").replace(r"\{", "").replace(r"\}", "").replace(r"\textbackslash{}", "")
    assert plain.count("{") == plain.count("}")
    assert "\n\n" not in text


ROWS = [statement("RUS", "PRK", "AID", DAY), statement("RUS", "CHN", "AID", DAY, source="other")]


@pytest.fixture
def view():
    return record(event=ROWS).view()


def rows_of(view) -> list[dict[str, str]]:
    return view.statements("event").select("id", "source").to_dicts()


def test_rows_name_their_sources_and_statements(view, tmp_path):
    path = tmp_path / "rows.json"
    path.write_text("".join(json.dumps({"source": "paper", "value": n}) + "\n" for n in range(3)))
    assert sources_in(path, view, io.BytesIO()) == {"paper": None}
    ids = [row["id"] for row in rows_of(view)]
    path.write_text(json.dumps({"deep": [{"statements": ids}]}))
    assert sources_in(path, view, io.BytesIO()) == {"paper": 1, "other": 1}
    piped = io.BytesIO(("id\n" + "\n".join(ids[:1])).encode())
    assert sum(sources_in(Path("-"), view, piped).values()) == 1


def test_a_panel_names_its_sources(view, tmp_path):
    path = tmp_path / "panel.parquet"
    told = json.dumps({"columns": [{"name": "defence", "sources": ["paper"]}]})
    pq.write_table(pa.table({"a": ["RUS"]}).replace_schema_metadata({"multipolar": told}), path)
    assert sources_in(path, view, io.BytesIO()) == {"paper": None}
    table = tmp_path / "panel.csv"
    table.write_text("a\nRUS\n")
    (tmp_path / "panel.codebook.json").write_text(told)
    assert sources_in(table, view, io.BytesIO()) == {"paper": None}


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("x.json", b'{"source": "nobody"}', "none"),
        ("x.json", b"{broken", "JSON lines or CSV"),
        ("x.csv", b"\xff\xfe\x00", "UTF-8"),
        ("x.parquet", b"no parquet", "Parquet"),
    ],
)
def test_a_file_that_names_no_source_is_refused(view, tmp_path, name, data, message):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(DataError, match=message) as caught:
        sources_in(path, view, io.BytesIO())
    assert "panel" in caught.value.hint


def test_a_file_that_is_not_there(view, tmp_path):
    with pytest.raises(DataError, match="can be read"):
        sources_in(tmp_path / "none.csv", view, io.BytesIO())
