"""``python -m multipolar.cli.reference [FILE]``: write what ``--help`` says into the documentation, between two marks."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from multipolar.cli.app import build

if TYPE_CHECKING:
    from cyclopts import App

BEGIN: Final = "<!-- begin: written by `python -m multipolar.cli.reference` -->"
END: Final = "<!-- end -->"
#: Width of the lines.
WIDTH: Final = 100


def commands(app: App | None = None, chain: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command, the whole application first."""
    here = app or build()
    yield chain
    for name in here.resolved_commands():
        if not name.startswith("-"):
            yield from commands(here[name], (*chain, name))


def help_of(chain: tuple[str, ...]) -> str:
    """What ``--help`` says of a command, as plain text."""
    from rich.console import Console

    text = io.StringIO()
    console = Console(file=text, width=WIDTH, color_system=None, force_terminal=False, legacy_windows=False)
    build().help_print(list(chain), console=console)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()).strip()


def generated() -> str:
    """The generated part of the page."""
    parts = [f"## {' '.join(('multipolar', *chain))}\n\n```text\n{help_of(chain)}\n```\n" for chain in commands()]
    return "\n".join((BEGIN, "", *parts, END))


def updated(page: str) -> str:
    """The page with the generated part made anew.

    Raises
    ------
    ValueError
        If the page has not the two marks.
    """
    before, _, rest = page.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"expected a page with the marks {BEGIN} and {END}")
    return before + generated() + after


def main(arguments: list[str]) -> int:
    """Bring the page up to date."""
    path = Path(arguments[0] if arguments else "docs/cli.md")
    path.write_text(updated(path.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
