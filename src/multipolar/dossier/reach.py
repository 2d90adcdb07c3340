"""How far ties are taken to hold while they have not ended: to the day on which they were last looked over, and no further."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from multipolar.record import Coverage

#: Day up to which treaties, memberships and measures without a last day were looked over.
LOOKED_OVER: Final = date(2025, 12, 31)


def reach(ties: Iterable[Mapping[str, Any]], stated: Iterable[Coverage]) -> list[Coverage]:
    """Coverage for every source and kind of tie, unless a file states one.

    Ties that have ended count too: as of a day before they ended they stand, and are carried to that day.

    Parameters
    ----------
    ties : iterable of mappings
        Tie statements.
    stated : iterable of Coverage
        What the coverage files say.

    Returns
    -------
    list of Coverage
        From the first tie to `LOOKED_OVER` (or the first day of a later one); absence is missing.
    """
    known = {(row.source, row.kind) for row in stated if row.form == "tie"}
    days: dict[tuple[str, str], list[date]] = {}
    for tie in ties:
        key = (tie["source"], tie["kind"])
        if key not in known:
            days.setdefault(key, []).append(tie["valid_from"])
    note = "Ties without a last day were looked over up to this day."
    return [
        Coverage(source, "tie", kind, (), "any", min(starts), max(LOOKED_OVER, *starts), "missing", note)
        for (source, kind), starts in sorted(days.items())
    ]
