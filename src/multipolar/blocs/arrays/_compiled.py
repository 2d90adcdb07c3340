"""How this room compiles: a private module that imports numba, loaded by what first runs compiled code."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def jit(function: F) -> F:
    """Compile on first call, lock released, kept on disk."""
    try:
        return _compiled(function, keep=True)
    except RuntimeError:  # no folder where the compiled code could be kept: compile in each process
        return _compiled(function, keep=False)


def _compiled(function: F, *, keep: bool) -> F:
    return cast("F", numba.njit(cache=keep, nogil=True, error_model="numpy")(function))
