"""Architectures from TOML: what comes with the package, and errors that say what to do."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from alliance_samples import EAST, written

from multipolar import ActorError, DataError, UsageError
from multipolar.architectures import NAMES, find, load


@pytest.mark.parametrize("name", NAMES)
def test_every_choice_that_comes_with_the_package_has_its_source(name: str) -> None:
    wanted = find(name)
    assert wanted.name == name and wanted.bodies
    for each in (*wanted.bodies, *wanted.states):
        assert each.why and each.source and each.locator and each.url.startswith("http")


def test_an_organisation_is_an_architecture_by_any_of_its_names() -> None:
    assert find("Arab League").bodies[0].id == "LAS"
    assert find("brics") == find("BRICS")
    assert find("EURASIA").name == "eurasia"
    assert find("IGO.ANDEAN").bodies[0].id == "IGO.ANDEAN", "the record may know organisations that the table has not"
    with pytest.raises(UsageError, match="architecture or organisation") as caught:
        find("eurasa")
    assert "eurasia" in str(caught.value)


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    wanted = load(written(tmp_path, EAST + '\n[[body]]\nid = "SCO"\nstatus = ["member", "partner"]\n'))
    assert (wanted.name, wanted.title) == ("east", "The east")
    assert wanted.bodies[0].status == ("member", "partner")
    assert wanted.states[-1].first == date(2001, 7, 16)
    assert wanted.states[0].locator == "p. 1"
    assert find(written(tmp_path, EAST)) == find(str(tmp_path / "set.toml"))


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ('name = "x"\n[[body]]\nid = "NATOO"\n', UsageError, "body[0]: expected the name of a known organisation"),
        ('name = "x"\n[[body]]\nid = "NATO"\n[[body]]\nid = "OTAN"\n', UsageError, "body[1]"),
        ('name = "x"\n[[body]]\nid = "NATO"\n[[body]]\nid = "NATO"\n', UsageError, "expected each body once"),
        ('name = "x"\n[[body]]\nid = "NATO"\nstatus = ["suspended"]\n', UsageError, "membership status"),
        ('name = "x"\n[[state]]\nid = "XYZ"\n', ActorError, "state[0]: expected the name of a known state"),
        ('name = "x"\n[[state]]\nid = "RUS"\nsince = "2020-13"\n', UsageError, "state[0]:since: expected a date"),
        (
            'name = "x"\n[[state]]\nid = "RUS"\nsince = "2020"\nuntil = "2019"\n',
            UsageError,
            "first day before the last",
        ),
        ('name = "x"\n', DataError, "at least one [[body]] or [[state]]"),
        ('title = "x"\n[[state]]\nid = "RUS"\n', DataError, "name: expected this field, got none"),
        ('name = "x"\ncolour = 1\n[[state]]\nid = "RUS"\n', DataError, "colour: expected a field of an architecture"),
        ('name = "x"\n[[state]]\nid = 7\n', DataError, "state[0]:id"),
        ("name = ", DataError, "a TOML file of an architecture"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, error: type[Exception], says: str) -> None:
    with pytest.raises(error) as caught:
        load(written(tmp_path, text))
    assert says in str(caught.value)
    assert "set.toml" in str(caught.value)
    assert "Hint:" in str(caught.value) or "expected each" in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="that can be read"):
        find(tmp_path / "none.toml")


def test_the_example_of_the_page_can_be_read(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "architectures.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```toml\n(.*?)^```", page, re.M | re.S)
    wanted = load(written(tmp_path, example))
    assert [body.id for body in wanted.bodies] == ["CSTO"]
    assert [(state.id, state.first) for state in wanted.states] == [("PRK", date(2024, 12, 4))]
