"""The way in from a shell: ``multipolar COMMAND``. Thin: a command reads its words, asks the world, and shows the rows.

Exit status: 0 answered; 1 something unexpected; otherwise that of the error's family (`multipolar.errors`): 2 usage,
3 actor, 4 data, 5 record, 6 refused. 130 if interrupted, 141 if whoever read stdout has gone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Final

from multipolar.errors import MultipolarError

__all__ = ["main"]

UNEXPECTED: Final = 1
USAGE: Final = 2
INTERRUPTED: Final = 130
PIPE_CLOSED: Final = 141
#: Set to see the whole traceback of an error.
TRACEBACK: Final = "MULTIPOLAR_TRACEBACK"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words after ``multipolar``; those of the process by default.

    Returns
    -------
    int
        The exit status.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(
                errors="backslashreplace"
            )  # a narrow terminal shows an escape, and never ends the command
    try:
        return _run(list(sys.argv[1:] if arguments is None else arguments))
    except BrokenPipeError:
        _forget_stdout()
        return PIPE_CLOSED
    except KeyboardInterrupt:
        print("\nmultipolar: interrupted; nothing was left half written", file=sys.stderr)
        return INTERRUPTED


def _run(arguments: list[str]) -> int:
    from cyclopts import CycloptsError

    from multipolar.cli.app import build

    try:
        build()(arguments)
        sys.stdout.flush()
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except CycloptsError as error:
        return _fail(f"{' '.join(str(error).split())}\nHint: `multipolar --help` lists the commands, "
                     "`multipolar COMMAND --help` what one takes.", USAGE)  # fmt: skip
    except MultipolarError as error:
        return _fail(str(error), error.exit_code)
    except OSError as error:
        _forget_stdout()
        return _fail(f"the system refused: {error}\nHint: free space, or choose another place.", UNEXPECTED)
    except Exception as error:
        if _interrupted(error):
            raise KeyboardInterrupt from error
        _forget_stdout()
        return _fail(
            f"something unexpected happened: {type(error).__name__}: {error}\n"
            f"Hint: set {TRACEBACK}=1 to see where, and please report it.",
            UNEXPECTED,
        )
    return 0


def _interrupted(error: Exception) -> bool:
    """Whether this is what a library (DuckDB) made of Ctrl-C."""
    return "interrupt" in type(error).__name__.lower() or str(error) == "Query interrupted"


def _fail(message: str, status: int) -> int:
    from multipolar.cli.output import printable

    if os.environ.get(TRACEBACK):
        import traceback

        traceback.print_exc()
    print(f"multipolar: {printable(message)}", file=sys.stderr)
    return status


def _forget_stdout() -> None:
    """Let the interpreter's own flush at exit go nowhere."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
