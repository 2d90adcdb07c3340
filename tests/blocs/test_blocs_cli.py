"""`multipolar blocs` in this process, on a small record; and the pictures that it draws."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import vl_convert as vlc
from samples import batch, statement
from simulated import simulated

from multipolar import UsageError, world
from multipolar.blocs import Blocs
from multipolar.brief import blocs as pictures
from multipolar.brief.blocs_page import html
from multipolar.cli import main
from multipolar.cli.blocs import PARTS
from multipolar.record import FORMS, Batch, Record
from multipolar.world import World

CAPABILITY = {"USA": 0.20, "CHN": 0.18, "RUS": 0.08, "GBR": 0.03, "AUS": 0.02, "IRN": 0.02, "PRK": 0.01}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("blocs") / "record"
    made, view = Record.create(path), simulated().view()
    frames = {form: view.statements(form).drop("known_to") for form in FORMS}
    made.ingest(Batch(frames, tuple(view.sources().values()), view.coverage(), "simulated"))
    whole = {"valid_to": date(2008, 12, 31), "known_from": date(2008, 12, 31)}
    made.ingest(
        batch(trait=[statement(a, None, "cinc", date(2008, 1, 1), value=v, **whole) for a, v in CAPABILITY.items()])
    )
    return path


@pytest.fixture(scope="module")
def opened(folder: Path) -> World:
    made = world.open(folder)
    assert made.ties.months
    return made


@pytest.fixture(scope="module")
def found(opened: World) -> Blocs:
    return opened.blocs("2009-06")


@pytest.fixture
def ask(folder: Path, opened: World, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(world, "open", lambda *_, **__: opened)

    def run(*words: object, format: str = "json") -> tuple[int, str, str]:
        capfd.readouterr()
        status = main(["blocs", *map(str, words), "--record", str(folder), "--format", format])
        return (status, *capfd.readouterr())

    return run


def test_json_has_every_row_of_every_part(ask: Any, found: Blocs) -> None:
    status, out, err = ask("2009-06")
    assert status == 0, err
    rows = [json.loads(line) for line in out.splitlines()]
    for part, frame in PARTS.items():
        mine = [{k: v for k, v in row.items() if k not in ("part", "month")} for row in rows if row["part"] == part]
        assert mine == getattr(found, frame).to_dicts(), part
    assert {row["month"] for row in rows} == {"2009-06-01"}
    assert "note: 100% of the pairs of states have a known tie" in err


def test_csv_has_a_column_for_all(ask: Any, found: Blocs) -> None:
    status, out, _ = ask("2009-06", format="csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert status == 0 and len(rows) == sum(getattr(found, frame).height for frame in PARTS.values())
    (deepest,) = [row for row in rows if row["part"] == "minimum" and row["minimum"] == "1"]
    assert deepest["one"].split() == found.minima["one"][0].to_list()


def test_the_table_reads(ask: Any, found: Blocs) -> None:
    status, out, _ = ask("2009-06", format="table")
    assert status == 0
    said = " ".join(out.split())
    assert f"Blocs of 2009-06: 7 states in {found.count} camps." in said
    assert "proven least" in said and "Stable divisions of the 7 most capable states" in said
    assert "Until another division does as well, ties must change by" in said
    sure = found.states.filter(actor="USA")["sure"][0]
    assert "Nearest to a watershed" in said and f"USA {sure:.0%}" in said


def test_states_sets_and_camps_are_passed_on(ask: Any) -> None:
    status, out, err = ask("2009-06", "--actors", "USA", "Russia", "IRN", "--camps", "2", "--sizes", "--ids")
    assert status == 0, err
    rows = [json.loads(line) for line in out.splitlines()]
    assert {row["actor"] for row in rows if row["part"] == "state"} == {"USA", "RUS", "IRN"}
    (behind,) = [row["statements"] for row in rows if row["part"] == "statements"]
    assert len(behind) > 50
    assert "Statements: " in ask("2009-06", "--actors", "USA", "RUS", "--ids", format="table")[1]


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("2009-06", "--out", "blocs.pdf"), 2, ".svg, .png or .html"),
        (("2009-06", "--actors", "USA"), 2, "at least 2"),
        (("2009-06", "--actors", "USA", "Atlantis"), 3, "Atlantis"),
        (("2009-06", "--camps", "0"), 2, "at least one camp"),
        (("2009-06", "--actors", "USA", "FRA"), 6, "no tie between these 2 states is known"),
        (("1990-01",), 6, "no tie between these 7 states is known in 1990-01"),
        (("2999-01",), 2, "not after today"),
        (("soon",), 2, "MONTH"),
    ],
)
def test_bad_input_is_told(ask: Any, words: tuple[str, ...], status: int, says: str) -> None:
    found, out, err = ask(*words)
    assert (found, out) == (status, "")
    assert says in " ".join(err.split())


@pytest.mark.parametrize("ending", ["png", "html"])
def test_pictures_are_written(ask: Any, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"blocs.{ending}"
    status, _, err = ask("2009-06", "--out", path)
    assert status == 0 and f"pictures written to {path}" in err
    data = path.read_bytes()
    if ending == "png":
        assert data.startswith(b"\x89PNG") and len(data) > 20_000
        return
    text = data.decode()
    for word in ("Camps and ties, June 2009", "Camps on the map, June 2009", "Stable divisions of the 7", "USA"):
        assert word in text


class Page(HTMLParser):
    """What a page loads, which ids it has, and whether its tags close."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.open: list[str] = []
        self.scripts = 0
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.scripts += tag == "script"
        self.links += [
            value for name, value in attrs if name in ("href", "src") and value and not value.startswith("#")
        ]
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if dict(attrs).get("id"):
            self.ids.append(str(dict(attrs)["id"]))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_asks_nothing_of_others(found: Blocs) -> None:
    text = html(found, {"USA": "<b>United States</b>"})
    page = Page()
    page.feed(text)
    assert not page.open and not page.scripts and page.links == ["data:,"]
    assert len(page.ids) == len(set(page.ids))
    assert "<b>United States</b>" not in text and "&lt;b&gt;United States&lt;/b&gt;" in text


def test_the_network_shows_states_and_ties_whose_sign_is_known(found: Blocs) -> None:
    drawn = pictures.network_chart(found).to_dict()
    lines, dots, _ = (drawn["datasets"][layer["data"]["name"]] for layer in drawn["layer"])
    assert {dot["id"] for dot in dots} == set(CAPABILITY)
    sure = found.together.filter((pl.col("positive") >= 0.9) | (pl.col("positive") <= 0.1))
    assert len(lines) == sure.height > 0
    assert {line["dash"] for line in lines} == {"friendly", "hostile"}
    assert sum(line["dash"] == "hostile" for line in lines) == sure.filter(pl.col("mean") < 0).height


def test_the_map_fills_each_state_with_the_colour_of_its_camp(found: Blocs) -> None:
    drawn = pictures.camp_map(found, {}).to_dict()
    shapes = drawn["datasets"][drawn["data"]["name"]]["objects"]["countries"]["geometries"]
    fill = {shape["properties"]["actor"]: shape["properties"]["fill"] for shape in shapes}
    for row in found.states.to_dicts():
        assert fill[row["actor"]] == pictures.colour(row["camp"], row["sure"])
    assert fill["BRA"] == "#e9e5dc"
    assert pictures.colour(1, 1.0) != pictures.colour(1, 0.6) != pictures.colour(2, 0.6)
    assert pictures.colour(1, 0.5) == pictures.colour(1, 0.1) == pictures.colour(1, None), "chance is palest"


def test_the_landscape_has_a_row_a_minimum(found: Blocs) -> None:
    text = vlc.vegalite_to_svg(pictures.styled(pictures.landscape_chart(found)).to_dict(), vl_version="6.1")
    assert text.count(">against ") == found.minima.height


def test_a_picture_of_another_kind_is_refused(found: Blocs, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="svg"):
        pictures.draw(found, tmp_path / "blocs.jpg")
