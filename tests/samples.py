"""Small records for tests: statements written as short tuples."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl

from multipolar.record import Batch, Coverage, Form, Record, Source, columns

SOURCE = Source(
    "paper", "A publisher", "A title", date(2020, 1, 1), "https://example.org", "CC0", "A publisher (2020)."
)
OTHER = Source("other", "Another publisher", "Another title", None, "https://example.org/o", "CC0", "Another (2021).")


def statement(a: str, b: str | None, kind: str, start: date, **more: Any) -> dict[str, Any]:
    """One statement; known on its first day unless said otherwise."""
    row = {"a": a, "b": b, "kind": kind, "valid_from": start, "known_from": start, "source": "paper", "locator": "p. 1"}
    return {**row, "original": str(more.get("value", "")), **more}


def vote(a: str, rollcall: str, day: date, choice: str, **more: Any) -> dict[str, Any]:
    value = {"yes": 1.0, "abstain": 0.0, "no": -1.0, "absent": None}[choice]
    row = statement(a, None, "UNGA", day, rollcall=rollcall, choice=choice, issue="test", **more)
    return {**row, "value": value, "original": choice}


def frame(form: Form, rows: Iterable[dict[str, Any]]) -> pl.DataFrame:
    schema = {name: kind for name, kind in columns(form).items() if name not in ("id", "known_to")}
    full = [{name: row.get(name) for name in schema} for row in rows]
    return pl.DataFrame(full, schema=schema)


def batch(coverage: Iterable[Coverage] = (), **forms: Iterable[dict[str, Any]]) -> Batch:
    frames: dict[Form, pl.DataFrame] = {form: frame(form, rows) for form, rows in forms.items()}  # type: ignore[misc]
    return Batch(frames, (SOURCE, OTHER), tuple(coverage), "sample")


def record(coverage: Iterable[Coverage] = (), **forms: Iterable[dict[str, Any]]) -> Record:
    made = Record.memory()
    made.ingest(batch(coverage, **forms))
    return made
