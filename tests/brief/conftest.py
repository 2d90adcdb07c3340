from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_world import CLAIMS, STATES, small

import multipolar
from multipolar import claims
from multipolar.brief import Brief, build
from multipolar.world import World


@pytest.fixture(scope="session")
def world() -> World:
    return multipolar.open(small(), as_of="2010-03-31", since="2000-01", actors=STATES)


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Two claims in place of those that come with the package, which are about later years."""
    path = tmp_path_factory.mktemp("claims") / "claims.toml"
    path.write_text(CLAIMS, encoding="utf-8")
    every = claims.load(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(claims, "worked", lambda: every)
        yield


@pytest.fixture(scope="module")
def brief(world: World, worked: None) -> Brief:
    return build(world, ("RUS", "CHN", "PRK", "AUS"))


@pytest.fixture(scope="module")
def page(brief: Brief) -> str:
    return brief.html()


@pytest.fixture(scope="module")
def page_file(brief: Brief, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return brief.write(tmp_path_factory.mktemp("page") / "brief.html")
