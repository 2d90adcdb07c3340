"""All of it about a few states: one page to open, and the same in the terminal."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from multipolar.cli.options import COMMON, Common, open_world
from multipolar.cli.output import terminal, write_rows
from multipolar.cli.progress import tell, working
from multipolar.errors import RecordError

if TYPE_CHECKING:
    from rich.console import Console


def brief(*actors: str, out: Path | None = None, common: Common = COMMON) -> None:
    """All of it about a few states: one self-contained page, and the same in the terminal.

    The last line names the page. JSON and CSV give the figures as rows; they write the page only where `--out` names it.

    Parameters
    ----------
    actors
        Up to six states; the map shows the ties of the first.
    out
        Where to write the page; by default multipolar-brief-RUS-CHN.html (of the states asked for) in this folder.
    """
    if out is not None:
        _writable(out)
    with working(common.quiet) as step:
        world = open_world(common, step)
        from multipolar.brief import build

        ids = tuple(world.actor(name) for name in actors)
        target = out or Path(f"multipolar-brief-{'-'.join(ids)}.html")
        page = common.format == "table" or out is not None
        if page:
            _writable(target)
        step(0, 0, "Estimating the ties of all pairs")
        made = build(world, ids, progress=step)
        if page:
            step(0, 0, f"Writing {target}")
            made.write(target)
    if common.format == "table":
        console = terminal()
        made.terminal(console)
        _name(console, target)
        return
    write_rows(made.rows(), common.format)
    if page:
        tell((f"page written to {target}",), common.quiet)


def _name(console: Console, target: Path) -> None:
    console.print(f"Page: {target}", soft_wrap=True)


def _writable(target: Path) -> None:
    """Say now, and not after all the work, that a page cannot be put there."""
    folder = target.parent
    hint = "Choose another place with --out FILE."
    if not folder.is_dir():
        raise RecordError("expected a folder that exists for the page", where=str(folder), hint=hint)
    if target.is_dir():
        raise RecordError("expected a file name for the page, got a folder", where=str(target), hint=hint)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise RecordError("expected a folder for the page that may be written to", where=str(folder), hint=hint)
