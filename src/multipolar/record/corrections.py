"""Corrections: a statement is withdrawn from a day on, and perhaps another takes its place. Nothing is overwritten.

What is promised: a correction dated `on` changes no answer as of a day before `on`. Hence `on` is not before the day
the statement became known and not after today, the replacement is known from `on` at the earliest, a statement is
withdrawn once, and a source that a correction brings is heard of on that day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from multipolar.errors import DataError, UsageError
from multipolar.record.ids import shape, statement_ids
from multipolar.record.ingest import Prepared, prepare
from multipolar.record.model import Batch, Correction, Source
from multipolar.record.schema import FORMS, Form

LABEL = "corrections"


def prepare_corrections(
    wanted: Sequence[Correction],
    found: Mapping[str, tuple[Form, date]],
    sources: Sequence[Source],
    have: Mapping[str, Source],
    *,
    today: date,
    withdrawn: Mapping[str, Mapping[str, Any]],
) -> Prepared:
    """Check corrections and make the batch that holds them.

    Parameters
    ----------
    wanted : sequence of Correction
        What is to be corrected.
    found : mapping of str to (form, date)
        Form and first known day of the statements named.
    sources : sequence of Source
        Sources the corrections bring.
    have : mapping of str to Source
        Sources of the record.
    today : date
        The day after which nothing can be known.
    withdrawn : mapping of str to mapping
        Withdrawals of the record by id, in their plain form.

    Raises
    ------
    DataError, UsageError
        For the first thing that is not as it must be; rows count from 2 in the order given.
    """
    keys = {*have, *(source.key for source in sources)}
    items: list[dict[str, Any]] = []
    rows: dict[Form, list[pl.DataFrame]] = {}
    for row, correction in enumerate(wanted, start=2):
        item: dict[str, Any] = {
            "id": correction.id,
            "on": correction.on.isoformat(),
            "reason": correction.reason,
            "source": correction.source,
            "replacement": None,
            "replacement_form": None,
        }
        if correction.replacement is not None:
            form, frame = _replacement(row, correction, correction.replacement)
            item |= {"replacement": frame["id"][0], "replacement_form": form}
            rows.setdefault(form, []).append(frame)
        _check(row, correction, found, keys, today)
        _check_standing(row, item, {**withdrawn, **{i["id"]: i for i in items}})
        if item not in items:
            items.append(item)
    frames = {form: pl.concat(parts) for form, parts in rows.items()}
    batch = Batch(frames=frames, sources=tuple(sources), label=LABEL)
    return prepare(batch, have, today=today, corrections=items, step=lambda what: None)


def _check(row: int, item: Correction, found: Mapping[str, tuple[Form, date]], keys: set[str], today: date) -> None:
    if item.id not in found:
        raise DataError.bad_row(LABEL, row, "id", "the id of a statement in this record", item.id)
    known = found[item.id][1]
    if not known <= item.on <= today:
        expected = f"a day from {known}, when the statement became known, to today ({today})"
        raise DataError.bad_row(LABEL, row, "on", expected, str(item.on))
    if item.source not in keys:
        raise DataError.bad_row(LABEL, row, "source", "the key of a source", item.source)
    if not item.reason.strip():
        raise DataError.bad_row(LABEL, row, "reason", "why the statement is withdrawn", item.reason)


def _check_standing(row: int, item: Mapping[str, Any], withdrawn: Mapping[str, Mapping[str, Any]]) -> None:
    before = withdrawn.get(item["id"])
    if before is not None and before != item:
        raise DataError.bad_row(
            LABEL, row, "id", "a statement that stands", f"{item['id']}, withdrawn on {before['on']}"
        )
    replacement = item["replacement"]
    if replacement is not None and (replacement == item["id"] or (replacement in withdrawn and before is None)):
        hint = "A withdrawn statement does not come back; give the replacement a later known_from."
        raise DataError.bad_row(LABEL, row, "replacement", "a statement that stands", replacement, hint=hint)


def _replacement(row: int, item: Correction, replacement: tuple[Form, Mapping[str, Any]]) -> tuple[Form, pl.DataFrame]:
    """The replacing statement as a frame of one row with its id."""
    form, values = replacement
    if form not in FORMS:
        raise UsageError.unknown("form of statement", form, FORMS)
    given = {
        name: value for name, value in values.items() if name not in ("id", "form", "known_to") and value is not None
    }
    given.setdefault("known_from", item.on)
    shaped = shape(form, pl.DataFrame([given]), label=LABEL)
    known = shaped["known_from"][0]
    if known is not None and known < item.on:
        raise DataError.bad_row(LABEL, row, "known_from", f"a day not before {item.on}", str(known))
    return form, shaped.with_columns(pl.Series("id", statement_ids(form, shaped), dtype=pl.String))
