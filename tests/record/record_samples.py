"""Small batches to test the record with: one statement of each form, and as many votes as wanted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from multipolar.record import Batch, Coverage, Form, Source, columns

TODAY = date(2024, 7, 1)

UN = Source("un", "United Nations", "Voting records", None, "https://digitallibrary.un.org", "public", "UN (2024).")
ATLAS = Source(
    "atlas", "An institute", "Atlas of ties", date(2020, 5, 1), "", "CC-BY 4.0", "Institute (2020).", "a note"
)

_COMMON = {"source": "un", "locator": "row 1", "original": "as written", "text": "what happened"}
_DAY = {"valid_from": date(2010, 3, 4), "known_from": date(2010, 3, 4)}
_YEAR = {"valid_from": date(2010, 1, 1), "valid_to": date(2010, 12, 31), "known_from": date(2011, 6, 1)}

#: One good row of each form.
ROWS: Mapping[Form, dict[str, Any]] = {
    "event": {
        **_COMMON,
        **_DAY,
        "a": "RUS",
        "b": "PRK",
        "kind": "CONSULT",
        "value": 3.5,
        "mode": "visit",
        "place": "PRK",
    },
    "tie": {**_COMMON, **_DAY, "a": "RUS", "b": "PRK", "kind": "defence", "value": 1.0, "ref": "a treaty"},
    "vote": {
        **_COMMON,
        **_DAY,
        "a": "RUS",
        "kind": "UNGA",
        "value": -1.0,
        "rollcall": "R/1",
        "choice": "no",
        "issue": "x",
    },
    "flow": {**_COMMON, **_YEAR, "a": "RUS", "b": "CHN", "kind": "exports", "value": 1e9, "unit": "USD"},
    "attitude": {**_COMMON, **_YEAR, "a": "RUS", "b": "CHN", "kind": "favourable", "value": 0.7, "n": 1000},
    "trait": {**_COMMON, **_YEAR, "a": "RUS", "kind": "population", "value": 1.4e8, "unit": "persons"},
}


def rows(form: Form, *changes: Mapping[str, Any]) -> pl.DataFrame:
    """One row for each set of changes to the good row of a form."""
    return pl.DataFrame([{**ROWS[form], **change} for change in changes or ({},)], schema_overrides=columns(form))


def batch(form: Form, *changes: Mapping[str, Any], label: str = "sample", coverage: tuple[Coverage, ...] = ()) -> Batch:
    """A batch of one form from the two sources."""
    return Batch({form: rows(form, *changes)}, (UN, ATLAS), coverage, label)


def everything() -> Batch:
    """One statement of each form."""
    return Batch({form: rows(form) for form in ROWS}, (UN, ATLAS), label="everything")


def votes(first: int, count: int) -> Batch:
    """Votes of ten states on `count` roll calls, the first of them number `first`."""
    changes = [
        {"a": f"S{state}", "rollcall": f"R/{number}", "choice": "yes", "value": 1.0}
        | {"valid_from": date(2000, 1, 1) + timedelta(number), "known_from": date(2000, 1, 1) + timedelta(number)}
        for number in range(first, first + count)
        for state in range(10)
    ]
    return Batch({"vote": rows("vote", *changes)}, (UN,), label=f"votes {first}")


def cover(**changes: Any) -> Coverage:
    """Coverage of all votes by the UN, 2000 to 2023."""
    values: dict[str, Any] = {"source": "un", "form": "vote", "kind": "UNGA", "actors": (), "role": "a", "note": ""}
    values |= {"first": date(2000, 1, 1), "last": date(2023, 12, 31), "absence": "missing"}
    return Coverage(**{**values, **changes})
