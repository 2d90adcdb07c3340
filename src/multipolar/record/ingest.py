"""From a batch to a manifest and frames: shaped, checked, without repetitions, and named by what it holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

import polars as pl

from multipolar.errors import DataError, UsageError
from multipolar.record.archive import BATCH_DIGITS, Archive, Manifest
from multipolar.record.checks import check_coverage, check_sources, check_statements
from multipolar.record.ids import shape, statement_ids
from multipolar.record.model import Batch, Coverage, Source, from_plain, known_day, plain
from multipolar.record.schema import FORMS, Form


@dataclass(frozen=True)
class Prepared:
    """A batch that passed every check: frames with ids, sorted by id, each row once."""

    batch: str
    label: str
    frames: Mapping[Form, pl.DataFrame]
    sources: tuple[Source, ...]
    coverage: tuple[Coverage, ...]
    corrections: tuple[Mapping[str, Any], ...] = ()

    def manifest(self, seq: int, day: date, known: Mapping[str, date]) -> Manifest:
        """The manifest under which it enters; `parts` is filled in by the archive."""
        return Manifest(
            seq=seq,
            batch=self.batch,
            label=self.label,
            day=day.isoformat(),
            sources=[plain(source) for source in self.sources],
            coverage=[plain(item) for item in self.coverage],
            corrections=[dict(item) for item in self.corrections],
            known={key: value.isoformat() for key, value in sorted(known.items())},
        )


def prepare(
    batch: Batch,
    have: Mapping[str, Source],
    *,
    today: date,
    corrections: Sequence[Mapping[str, Any]] = (),
    step: Callable[[str], None],
) -> Prepared:
    """Check a batch and give every statement, and the batch itself, its id.

    Parameters
    ----------
    batch : Batch
        What is to enter.
    have : mapping of str to Source
        Sources that the record has, by key.
    today : date
        The day after which nothing can be known.
    corrections : sequence of mapping, optional
        Withdrawals in their plain form.
    step : callable
        Called with a few words after each step.

    Raises
    ------
    DataError, UsageError
        For the first thing that is not as it must be.
    """
    check_sources(batch.sources, dict(have), today=today, label=batch.label)
    sources = tuple({source.key: source for source in reversed(batch.sources)}.values())[::-1]
    keys = {*have, *(source.key for source in sources)}
    check_coverage(batch.coverage, keys=keys, today=today, label=batch.label)
    frames: dict[Form, pl.DataFrame] = {}
    for form in _forms(batch):
        frames[form] = _statements(
            form, batch.frames[form], keys=keys, today=today, label=f"{batch.label or 'batch'} {form}"
        )
        step(f"checked {form} statements")
    coverage = tuple(dict.fromkeys(batch.coverage))
    key = batch_id(frames, sources, coverage, corrections)
    return Prepared(key, batch.label, frames, sources, coverage, tuple(corrections))


def _forms(batch: Batch) -> list[Form]:
    unknown = next((form for form in batch.frames if form not in FORMS), None)
    if unknown is not None:
        raise UsageError.unknown("form of statement", unknown, FORMS)
    return [form for form in FORMS if form in batch.frames and batch.frames[form].height]


def _statements(form: Form, frame: pl.DataFrame, *, keys: set[str], today: date, label: str) -> pl.DataFrame:
    shaped = shape(form, frame, label=label)
    check_statements(form, shaped, keys=keys, today=today, label=label)
    ids = pl.Series("id", statement_ids(form, shaped), dtype=pl.String)
    given = shaped.get_column("id")
    wrong = (given != ids).fill_null(False)
    if wrong.any():
        row = int(wrong.arg_true()[0])
        raise DataError.bad_row(label, row + 2, "id", f"the hash of the row, {ids[row]}, or nothing", given[row])
    return shaped.with_columns(ids).unique("id", keep="first").sort("id")


def batch_id(
    frames: Mapping[Form, pl.DataFrame],
    sources: Iterable[Source],
    coverage: Iterable[Coverage],
    corrections: Iterable[Mapping[str, Any]] = (),
) -> str:
    """Name of a batch: a hash of its statements' ids, sources, coverage and corrections, whatever their order."""
    content = {
        "statements": {
            form: sha256("".join(frame["id"].sort()).encode()).hexdigest() for form, frame in frames.items()
        },
        "sources": _ordered(plain(source) for source in sources),
        "coverage": _ordered(plain(item) for item in coverage),
        "corrections": _ordered(dict(item) for item in corrections),
    }
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:BATCH_DIGITS]


def _ordered(items: Iterable[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(item, sort_keys=True) for item in items)


def known_days(prepared: Prepared, have: Mapping[str, Source], today: date) -> dict[str, date]:
    """First day on which this batch shows each source it names (see `View.sources`)."""
    described = {**{source.key: source for source in prepared.sources}, **have}
    days: dict[str, list[date]] = {source.key: [] for source in prepared.sources}
    for source in prepared.sources:
        if source.date is not None and not prepared.corrections:  # what corrects is heard of with the correction
            days[source.key].append(source.date)
    first = min((date.fromisoformat(item["on"]) for item in prepared.corrections), default=today)
    for item in prepared.corrections:
        days.setdefault(item["source"], []).append(date.fromisoformat(item["on"]))
    for frame in prepared.frames.values():
        for key, day in frame.group_by("source").agg(pl.col("known_from").min()).iter_rows():
            days.setdefault(key, []).append(day)
    for row in prepared.coverage:
        days.setdefault(row.source, []).append(known_day(row, described[row.source].date))
    return {key: min(found, default=first) for key, found in days.items()}


class KnownIds:
    """Ids of the statements that an archive has, read once and kept up to date."""

    def __init__(self) -> None:
        self._seq = 0
        self._ids: dict[Form, list[pl.Series]] = {form: [] for form in FORMS}

    def new(
        self, archive: Archive, manifests: Sequence[Manifest], frames: Mapping[Form, pl.DataFrame]
    ) -> dict[Form, pl.DataFrame]:
        """The rows of `frames` that the archive has not, forms without any left out."""
        for manifest in manifests[self._seq :]:
            for form in manifest.parts:
                self._ids[form].append(archive.frame(manifest, form, only=["id"]).get_column("id"))
            self._seq = manifest.seq
        new = {form: self._less(form, frame) for form, frame in frames.items()}
        return {form: frame for form, frame in new.items() if frame.height}

    def _less(self, form: Form, frame: pl.DataFrame) -> pl.DataFrame:
        if not self._ids[form]:
            return frame
        have = pl.concat(self._ids[form], rechunk=True)
        self._ids[form] = [have]
        return frame.join(have.to_frame(), on="id", how="anti", maintain_order="left")


def sources_of(manifests: Iterable[Manifest]) -> dict[str, Source]:
    """Every source of an archive by key; the first description of a key stands."""
    found: dict[str, Source] = {}
    for manifest in manifests:
        for item in manifest.sources:
            if item["key"] not in found:
                found[item["key"]] = from_plain(Source, item)
    return found
