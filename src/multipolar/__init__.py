"""An open, evidence-based model of the international system of states.

>>> import multipolar
>>> world = multipolar.open()  # the embedded dossier
>>> world.tie("RUS", "CHN")  # doctest: +SKIP

Importing this package imports nothing heavy: the rooms load when they are first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from multipolar.errors import ActorError, DataError, MultipolarError, RecordError, Refusal, UsageError

if TYPE_CHECKING:
    from multipolar.actors import resolve
    from multipolar.world import World, open

__version__ = "0.1.0"

__all__ = [
    "ActorError",
    "DataError",
    "MultipolarError",
    "RecordError",
    "Refusal",
    "UsageError",
    "World",
    "__version__",
    "open",
    "resolve",
]

_LAZY = {"resolve": "multipolar.actors", "World": "multipolar.world", "open": "multipolar.world"}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'multipolar' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_LAZY[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
