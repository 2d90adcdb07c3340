from __future__ import annotations

import errno
import os
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from brief_reading import Page
from small_world import HOSTILE_TEXT

from multipolar import RecordError
from multipolar.brief import Brief, charts
from multipolar.brief.page import safe_url
from multipolar.brief.shapes import world_atlas


@pytest.fixture(scope="module")
def read(page: str) -> Page:
    return Page(page)


def test_every_link_within_the_page_leads_somewhere(read: Page) -> None:
    assert read.targets and not read.dangling


def test_ids_are_unique_even_across_charts(read: Page) -> None:
    assert len(read.ids) == len(set(read.ids))
    assert "cm-hatch" in read.ids, "the map says what is missing"


def test_every_figure_in_prose_is_a_link_to_statements(read: Page) -> None:
    figures = [attrs["href"][1:] for attrs in read.having("a") if "fig" in attrs.get("class", "")]
    assert len(figures) > 50 and set(figures) <= set(read.ids)


def test_every_statement_is_in_the_appendix(read: Page, brief: Brief) -> None:
    assert {f"s{one.number}" for one in brief.statements} <= set(read.ids)
    cited = {target for target in read.targets if re.fullmatch(r"s\d+", target)}
    assert cited == {f"s{one.number}" for one in brief.statements}


def test_nothing_is_fetched_and_nothing_runs(read: Page, page: str) -> None:
    assert not read.having("script") and not read.having("iframe") and not read.having("object")
    assert not [attrs for _, attrs in read.tags if any(name.startswith("on") for name in attrs)]
    assert not [attrs for _, attrs in read.tags if "src" in attrs or "xlink:href" in attrs]
    outside = [(tag, attrs["href"]) for tag, attrs in read.tags if not attrs.get("href", "#").startswith("#")]
    assert {tag for tag, href in outside if href != "data:,"} <= {"a"}
    assert "@import" not in page and "url(http" not in page
    policy = next(attrs["content"] for attrs in read.having("meta") if "http-equiv" in attrs)
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def test_text_from_data_is_shown_not_run(page: str, read: Page) -> None:
    assert "<img" not in page and "</script" not in page
    assert HOSTILE_TEXT in read.text
    assert "“Russia and China stand <close> to each other.”" in read.text


def test_hostile_names_and_addresses_do_no_harm(brief: Brief) -> None:
    nasty = replace(
        brief,
        names=("<b>R</b>", *brief.names[1:]),
        sources=tuple(
            replace(line, url="javascript:alert(1)", citation="<script>x</script>") for line in brief.sources
        ),
        statements=tuple(replace(one, url="data:text/html,<script>") for one in brief.statements),
    )
    page = nasty.html()
    assert "<script" not in page and "<b>R" not in page
    assert "javascript:" not in page and "data:text" not in page


def test_addresses_of_the_web_only() -> None:
    assert safe_url("https://example.org/a?b=c") == "https://example.org/a?b=c"
    assert [safe_url(url) for url in ("javascript:alert(1)", "data:,x", "file:///etc/passwd", "", "//x.org")] == [
        ""
    ] * 5


def test_headings_are_in_order(read: Page) -> None:
    levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_charts_say_in_words_what_they_show(read: Page, brief: Brief) -> None:
    shown = [attrs for attrs in read.having("div") if "chart" in attrs.get("class", "").split()]
    assert len(shown) == len(brief.pairs) + 3
    assert all(attrs["role"] == "img" and len(attrs["aria-label"]) > 20 for attrs in shown)
    assert all(attrs.get("aria-hidden") == "true" for attrs in read.having("svg"))
    assert read.having("html")[0]["lang"] == "en"


def test_charts_name_no_size_so_that_they_fit_any_column(read: Page) -> None:
    for attrs in read.having("svg"):
        assert "width" not in attrs and len(attrs["viewbox"].split()) == 4
    assert all(float(attrs["viewbox"].split()[2]) <= 800 for attrs in read.having("svg"))


def test_page_says_how_it_was_made(read: Page, brief: Brief) -> None:
    assert brief.command == "multipolar brief RUS CHN PRK AUS --as-of 2010-03-31"
    assert brief.command in read.text and "31 March 2010" in read.text and brief.version in read.text
    assert "Natural Earth" in read.text
    for line in brief.sources:
        assert line.citation in read.text


def test_pages_made_twice_are_drawn_once(brief: Brief, page: str) -> None:
    assert brief.html() is page


def test_page_is_small(page: str) -> None:
    assert len(page.encode()) < 3_000_000


def test_gaps_break_the_line(brief: Brief) -> None:
    pair = brief.pairs[0]
    middle = len(pair.points) // 2
    gap = replace(pair.points[middle], mean=None, lo50=None, hi50=None, lo90=None, hi90=None)
    broken = replace(pair, points=(*pair.points[:middle], gap, *pair.points[middle + 1 :]))
    span = charts.tie_range([pair])
    line = f'stroke="{charts.LINE}"'
    whole, parted = (charts.pair_chart(one, span, "k") for one in (pair, broken))
    assert parted.count(line) == whole.count(line) + 1 == 2


def test_atlas_is_joined_by_code_and_by_name() -> None:
    properties = [shape["properties"] for shape in world_atlas()["objects"]["countries"]["geometries"]]
    shapes = {shape["name"]: shape["actor"] for shape in properties}
    assert shapes["Kosovo"] == "XKX" and shapes["Taiwan"] == "TWN" and shapes["Russia"] == "RUS"
    assert shapes["Somaliland"] is None and "Antarctica" not in shapes
    assert sum(actor is not None for actor in shapes.values()) > 165
    named = [actor for actor in shapes.values() if actor]
    assert len(named) == len(set(named))


def test_the_page_is_written_whole(brief: Brief, page: str, tmp_path: Path) -> None:
    path = brief.write(tmp_path / "brief.html")
    assert path.read_text(encoding="utf-8") == page
    assert [file.name for file in tmp_path.iterdir()] == ["brief.html"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_full_or_readonly_disk_leaves_the_old_page(
    brief: Brief, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    path = tmp_path / "brief.html"
    path.write_text("old")

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(RecordError, match="could not write") as caught:
        brief.write(path)
    assert "brief.html" in caught.value.where
    assert path.read_text() == "old" and [file.name for file in tmp_path.iterdir()] == ["brief.html"]


def test_an_interrupt_leaves_nothing_half_written(
    brief: Brief, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        brief.write(tmp_path / "brief.html")
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_is_an_error_with_a_place(brief: Brief, tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="missing"):
        brief.write(tmp_path / "missing" / "brief.html")
