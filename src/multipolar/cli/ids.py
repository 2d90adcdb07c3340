"""Ids of statements as people handle them: shown short, and found again by their beginning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from multipolar.errors import UsageError

if TYPE_CHECKING:
    from multipolar.record import View

#: Signs of an id that a table shows, and the fewest that are looked up.
SHOWN: Final = 12
FEWEST: Final = 6
_WHOLE: Final = 32


def short(id: str) -> str:
    """An id as a table shows it; what is no id (``coverage:SOURCE``) stays whole."""
    return id[:SHOWN] if len(id) == _WHOLE and ":" not in id else id


def parties(row: Mapping[str, Any]) -> str:
    """Whom a statement is about."""
    return f"{row['a']}–{row['b']}" if row["b"] else str(row["a"])


def statements_only(names: Iterable[str]) -> list[str]:
    """The ids of statements among the names of what was observed, sorted; observed zeros have none."""
    return sorted(name for name in set(names) if not name.startswith("coverage:"))


def whole(view: View, names: Iterable[str]) -> list[str]:
    """The ids that begin so, in the order asked for.

    Raises
    ------
    UsageError
        If a beginning is too short, is that of no statement of the view, or of several.
    """
    wanted = list(names)
    return wanted if all(len(name) >= _WHOLE for name in wanted) else _found(view, wanted)


def _found(view: View, wanted: list[str]) -> list[str]:
    from multipolar.record import FORMS

    ids = [id for form in FORMS for id in view.statements(form)["id"]]
    return [_one([id for id in ids if id.startswith(name)], name, view) for name in wanted]


def _one(found: list[str], name: str, view: View) -> str:
    if len(name) < FEWEST:
        raise UsageError(f"expected at least the first {FEWEST} signs of an id, got {name!r}")
    if len(found) > 1:
        raise UsageError(f"expected the beginning of one id, but {name!r} is that of {', '.join(sorted(found)[:5])}")
    if not found:
        hint = "It may be from another record, or withdrawn."
        raise UsageError(f"expected the id of a statement known on {view.as_of}, got {name!r}", hint=hint)
    return found[0]
