"""The documentation names everything that is public, says of it what the code says, and its examples run."""

from __future__ import annotations

import inspect
import re
import shlex
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest

import multipolar
from multipolar import claims, indicators
from multipolar.claims.load import _Claim, _Test
from multipolar.claims.model import SURE, Direction
from multipolar.errors import MultipolarError
from multipolar.measures.capability import CAPABILITIES

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
#: Rooms whose `__all__` is for use; `web` and `cli` are ways in and have no names of their own.
ROOMS = (
    "actors",
    "record",
    "dossier",
    "sources",
    "reading",
    "indicators",
    "votes",
    "ties",
    "measures",
    "panels",
    "blocs",
    "architectures",
    "backtests",
    "claims",
    "brief",
)
#: Pages whose Python is run.
RUN = ("index", "indicators", "measures", "blocs", "architectures", "claims")


@cache
def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def pages() -> list[Path]:
    return [*sorted(DOCS.glob("*.md")), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"))]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


def directives() -> set[str]:
    return set(re.findall(r"^::: (\S+)$", page("python"), re.M))


def rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("| `")]


def is_documented(path: str, name: str) -> bool:
    """By its own directive, or by that of its room; a function that shares its name with a module needs its own."""
    room = import_module(path)
    home = Path(str(room.__file__)).parent
    if (home / f"{name}.py").exists() and not inspect.ismodule(getattr(room, name)):
        return f"{path}.{name}.{name}" in directives()
    return path in directives() or f"{path}.{name}" in directives()


def test_every_public_name_of_the_package_is_documented() -> None:
    lazy = {"resolve": "multipolar.actors"}
    missing = [
        name
        for name in multipolar.__all__
        if f"`multipolar.{name}`" not in page("python")
        and f"multipolar.{name}" not in directives()
        and not (name in lazy and is_documented(lazy[name], name))
    ]
    assert not missing, f"add `::: multipolar.NAME` to docs/python.md for {missing}"


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_name_of_a_room_is_documented(room: str) -> None:
    path = f"multipolar.{room}"
    missing = [name for name in import_module(path).__all__ if not is_documented(path, name)]
    assert not missing, f"add directives to docs/python.md for {missing}"


@pytest.mark.parametrize("path", ["multipolar", *(f"multipolar.{room}" for room in ROOMS)])
def test_every_public_name_says_what_it_is(path: str) -> None:
    room = import_module(path)
    named = {name: getattr(room, name) for name in room.__all__}
    silent = [
        name
        for name, value in named.items()
        if (inspect.isclass(value) or inspect.isfunction(value)) and not (value.__doc__ or "").strip()
    ]
    assert not silent


def test_directives_lead_somewhere() -> None:
    for path in directives():
        parts = path.split(".")
        value: object = multipolar
        for n, part in enumerate(parts[1:], start=2):
            try:
                value = import_module(".".join(parts[:n]))
            except ModuleNotFoundError:
                value = getattr(value, part)
        assert value is not None


def test_every_error_is_documented_with_its_exit_status() -> None:
    statuses = {int(number) for number in re.findall(r"^\| (\d+) \|", page("cli"), re.M)}
    for family in (MultipolarError, *kinds(MultipolarError)):
        assert f"multipolar.{family.__name__}" in directives()
        assert family.exit_code in statuses, f"docs/cli.md has no row for exit status {family.exit_code}"


def kinds(family: type[MultipolarError]) -> Iterator[type[MultipolarError]]:
    for kind in family.__subclasses__():
        if kind.__module__ == "multipolar.errors":
            yield kind
        yield from kinds(kind)


def test_indicators_are_listed_as_they_are() -> None:
    expected = [
        f"| `{i.name}` | {i.title} | {i.unit} | {i.form}: {', '.join(f'`{kind}`' for kind in i.kinds)} | {i.meaning} |"
        for i in indicators.INDICATORS
    ]
    listed = rows(page("indicators").split("## The list")[1].split("\n## ")[0])
    assert listed == expected


def test_every_indicator_says_what_absence_means_and_how_it_is_measured() -> None:
    absence = page("indicators").split("## When there is a cell")[1].split("\n## ")[0]
    measured = page("indicators").split("## How the others are measured")[1]
    for name in indicators.BY_NAME:
        assert f"`{name}`" in absence
        assert name == "votes" or f"**`{name}`**" in measured


def test_measures_are_listed_and_explained() -> None:
    names = [row.split("`")[1] for row in rows(page("measures"))]
    assert {"isolation", "dependence", "alternatives", "hedging", "pressure", "cohesion"} <= set(names)
    for name in names:
        assert callable(getattr(multipolar.World, name))
    for name in ("isolation", "dependence", "hedging", "cohesion"):
        section = page("measures").split(f"\n## {name.title()}\n")[1].split("\n## ")[0]
        assert "**Refused**" in section
        assert "**Interval**" in section
    assert [name for name in CAPABILITIES if f"`{name}`" not in page("measures")] == []


def test_claim_measures_are_listed_as_they_are() -> None:
    expected = [
        f"| `{m.name}` | {m.meaning} | {m.unit} | {', '.join(f'`{d}`' for d in m.directions)} | {m.object} | "
        f"{', '.join(f'`{kind}`' for kind in m.kinds) or '–'} |"
        for m in claims.MEASURES.values()
    ]
    assert rows(page("claims").split("\n## Measures")[1].split("\n## ")[0]) == expected


def test_every_field_of_a_claim_is_documented() -> None:
    section = page("claims").split("\n## Fields")[1].split("\n## ")[0]
    of_claim, of_test = section.split("Of `[[claim.test]]`")
    for text, model in ((of_claim, _Claim), (of_test, _Test)):
        told = {row.split("`")[1]: row for row in rows(text)}
        assert set(told) == set(model.model_fields)
        required = {name for name, field in model.model_fields.items() if field.is_required()}
        assert {name for name, row in told.items() if "required" in row} == required - {"test"}


def test_every_direction_and_verdict_is_documented() -> None:
    directions = rows(page("claims").split("\n## Directions")[1].split("\n## ")[0])
    assert [row.split("`")[1] for row in directions] == list(get_args(Direction))
    verdicts = page("claims").split("\n## Verdicts")[1].split("\n## ")[0]
    assert {row.split("`")[1] for row in rows(verdicts)} == {verdict.value for verdict in claims.Verdict}
    assert f"at least {SURE:g}" in verdicts
    assert f"at most {1 - SURE:.1f}" in verdicts


@pytest.fixture(scope="module")
def world() -> multipolar.World:
    return multipolar.open()


@pytest.fixture
def shared_world(world: multipolar.World, monkeypatch: pytest.MonkeyPatch) -> multipolar.World:
    """What `multipolar.open()` gives in an example: the dossier, read and estimated once for all of them."""
    monkeypatch.setattr("multipolar.world.open", lambda: world)
    return world


@pytest.mark.parametrize("name", RUN)
def test_python_of_a_page_runs(name: str, shared_world: multipolar.World, capsys: pytest.CaptureFixture[str]) -> None:
    space: dict[str, object] = {}
    for block in blocks(page(name), "python"):
        exec(compile(block, f"docs/{name}.md", "exec"), space)
    assert space["world"] is shared_world


def test_calls_in_the_table_of_questions_run(shared_world: multipolar.World) -> None:
    calls = re.findall(r"^\|[^|]*\| `((?:world|multipolar)\.[^`]*)` \|", page("index"), re.M)
    assert len(calls) > 8
    for call in calls:
        if not any(name in call for name in ("check(", "brief(", "blocs(")):  # these have tests of their own
            assert eval(call, {"world": shared_world, "multipolar": multipolar}) is not None


def test_example_claim_is_checked(tmp_path: Path, shared_world: multipolar.World) -> None:
    (example,) = blocks(page("claims"), "toml")
    file = tmp_path / "pact.toml"
    file.write_text(example, encoding="utf-8")
    (checked,) = shared_world.check(file)
    assert checked.claim.id == tomllib.loads(example)["claim"][0]["id"]
    assert checked.verdict is not claims.Verdict.UNTESTABLE
    assert all(finding.probability is not None for finding in checked.findings)


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.name)
def test_commands_are_commands(path: Path) -> None:
    from multipolar.cli.app import build

    text = path.read_text(encoding="utf-8")
    lines = [line for block in blocks(text, "(?:sh|shell|console)") for line in block.splitlines()]
    cells = re.findall(r"\| `(multipolar [a-z][^`]*)` \|", text)
    for line in [*lines, *cells]:
        words = shlex.split(line.removeprefix("$ ").removeprefix(".venv/bin/"), comments=True)
        if not words or words[0] != "multipolar" or set(words) & {"|", ">", "--help", "--version"}:
            continue
        build().parse_args([word for word in words[1:] if word != "&"], exit_on_error=False, print_error=False)


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", text)):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        file = (path.parent / target) if target else path
        assert file.exists(), f"{path.name} links to {link}"
        if anchor and file.suffix == ".md":
            assert anchor in anchors(file), f"{path.name} links to {link}"


def anchors(path: Path) -> set[str]:
    """Anchors of the headings, as the site makes them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.M)
    plain = [re.sub(r"[^\w\s-]", "", heading).strip().lower() for heading in headings]
    return {re.sub(r"[\s-]+", "-", heading) for heading in plain}


def test_site_has_every_page() -> None:
    site = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))
    assert sorted(leaves(site["project"]["nav"])) == sorted(path.name for path in DOCS.glob("*.md"))


def leaves(tree: object) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        for branch in tree.values():
            yield from leaves(branch)
    elif isinstance(tree, list):
        for branch in tree:
            yield from leaves(branch)
