"""Progress and notes: on stderr, and only for somebody who is watching."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

#: Called as ``step(done, total, what)``; a total of 0 means that nobody knows how long it takes.
Step = Callable[[int, int, str], None]


@contextmanager
def working(quiet: bool) -> Iterator[Step]:
    """Show what is being done, and for how long already, while the block runs; it is wiped away at the end.

    Parameters
    ----------
    quiet : bool
        Show nothing. Nothing is shown either where stderr is no terminal.
    """
    if quiet or not sys.stderr.isatty():
        yield _silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    text = TextColumn("{task.description}", markup=False)
    with Progress(SpinnerColumn(), text, BarColumn(24), TimeElapsedColumn(), console=console, transient=True) as shown:
        task = shown.add_task("Starting", total=None)

        def step(done: int, total: int, what: str) -> None:
            shown.update(task, description=what, completed=done, total=total or None)

        yield step


def tell(notes: Iterable[str], quiet: bool) -> None:
    """Write notes to stderr."""
    if not quiet:
        for note in notes:
            print(f"note: {note}", file=sys.stderr)


def _silent(done: int, total: int, what: str) -> None:
    """Nobody is watching."""
