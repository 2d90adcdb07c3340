"""The pages of the manual that list the sources, made from the registry: ``python -m multipolar.sources.catalogue docs``.

``sources.md`` holds a table of all sources between two marks; ``publishers.md`` holds what each module decided, from its
docstring. Nothing in either is written twice.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib import import_module
from inspect import getmodule
from pathlib import Path
from types import ModuleType
from typing import Final

from multipolar.record import Coverage
from multipolar.sources.model import DataSource
from multipolar.sources.registry import SOURCES

BEGIN: Final = "<!-- sources -->"
END: Final = "<!-- /sources -->"
_HEAD: Final = """# What the readers decide

Each publisher's file is turned into statements by one module. What becomes of its rows, and what had to be decided on the way, is
told here, module by module. `python -m multipolar.sources.catalogue docs` makes this page from the modules."""


def table() -> str:
    """The registry as a Markdown table."""
    lines = [
        "| name | data set | statements | covers | silence means | get it | licence |",
        "|---|---|---|---|---|---|---|",
        *(f"| {' | '.join(_cells(source))} |" for source in SOURCES),
    ]
    return "\n".join(lines)


def _cells(source: DataSource) -> tuple[str, ...]:
    forms = dict.fromkeys(row.form for row in source.coverage)
    kinds = ["; ".join(f"{form}: {_kinds(source.coverage, form)}" for form in forms)]
    years = f"{min(row.first.year for row in source.coverage)}–{max(row.last.year for row in source.coverage)}"
    silence = " or ".join(dict.fromkeys("none" if row.absence == "zero" else "not known" for row in source.coverage))
    how = "`fetch`" if source.downloads or source.dated else "by hand"
    return (
        f"`{source.name}`",
        f"{source.publisher}: {source.title}",
        *kinds,
        years,
        silence,
        f"{how}, <{source.urls[0]}>",
        source.licence,
    )


def _kinds(coverage: tuple[Coverage, ...], form: str) -> str:
    return ", ".join(dict.fromkeys(row.kind for row in coverage if row.form == form))


def decisions() -> str:
    """The docstrings of the modules as one page."""
    parts = [_HEAD]
    for module in _modules():
        names = [source.name for source in SOURCES if _home(source) is module]
        title, _, text = (module.__doc__ or "").strip().partition("\n")
        parts += [f"## {', '.join(f'`{name}`' for name in names)}", f"{title}\n{_markdown(text)}".strip()]
    return "\n\n".join(parts) + "\n"


def _modules() -> Iterator[ModuleType]:
    """Modules in the order of the registry, each once."""
    yield from dict.fromkeys(_home(source) for source in SOURCES)


def _home(source: DataSource) -> ModuleType:
    """The module that reads a source."""
    found = getmodule(source.parse)
    assert found is not None
    parts = found.__name__.split(".")
    return found if len(parts) == 4 else import_module(".".join(parts[:4]))


def _markdown(text: str) -> str:
    """A docstring's double backticks and bullet lists as Markdown has them."""
    plain = text.replace("``", "`")
    return re.sub(r"(?m)^(?!- |  |\n)(.+)\n(?=- )", r"\1\n\n", plain)


def write(folder: Path) -> None:
    """Bring both pages in `folder` up to date."""
    page = folder / "sources.md"
    page.write_text(filled(page.read_text(encoding="utf-8")), encoding="utf-8")
    (folder / "publishers.md").write_text(decisions(), encoding="utf-8")


def filled(page: str) -> str:
    """The text of the page with the table as it is now."""
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
