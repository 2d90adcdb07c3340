"""A data set in rows: what its publisher and its module say of it."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from inspect import getmodule
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multipolar.record import Source
    from multipolar.sources import DataSource


def line(source: DataSource) -> dict[str, Any]:
    """What everybody asks first of a data set."""
    return {
        "name": source.name,
        "publisher": source.publisher,
        "title": source.title,
        "kinds": sorted({f"{one.form} {one.kind}".strip() for one in source.coverage}),
        "covers": [f"{one.form} {one.kind} {one.first} to {one.last}".replace("  ", " ") for one in source.coverage],
        "first": min((one.first for one in source.coverage), default=None),
        "last": max((one.last for one in source.coverage), default=None),
        "versions": list(source.versions),
        "licence": source.licence,
        "redistributable": source.redistributable,
        "citation": source.citation,
        "get": "fetch" if source.downloads else "fetch, by period" if source.dated else "by hand",
        "files": list(source.files),
        "urls": list(source.urls),
    }


def about(source: DataSource) -> dict[str, Any]:
    """What one reads of a data set before using it."""
    return {
        "by_hand": source.by_hand,
        "downloads": [asdict(one) for one in source.downloads],
        "hosts": list(source.hosts),
        "checks": [{"name": one.name, "expected": one.expected} for one in source.checks],
        "references": [asdict(one) for one in source.references],
        "absence": [
            {"kind": f"{one.form} {one.kind}", "means": one.absence, "note": one.note} for one in source.coverage
        ],
        "decisions": decisions(source),
    }


def decisions(source: DataSource) -> str:
    """What becomes of the file and why: the words at the head of the publisher's module."""
    parse: Any = source.parse
    while isinstance(parse, partial):
        parse = parse.func
    return (getattr(getmodule(parse), "__doc__", "") or "").strip()


def data_set(edition: Source, known: Iterable[DataSource]) -> str | None:
    """Name of the data set that a record's source is an edition of: same publisher, and a title that begins as its own."""
    fit = [one for one in known if one.publisher == edition.publisher and edition.title.startswith(one.title)]
    return max(fit, key=lambda one: len(one.title)).name if fit else None


def covers(row: dict[str, Any]) -> str:
    """Kinds and years in a few words."""
    if not row["kinds"]:
        return "what its files cover"
    kinds = groupby(row["kinds"], key=lambda text: text.split(" ", 1)[0])
    named = [(form, [text.partition(" ")[2] for text in group]) for form, group in kinds]
    told = "; ".join(f"{form} {_few([name for name in names if name])}".strip() for form, names in named)
    return f"{told}, {row['first'].year}-{row['last'].year}"


def _few(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 4 else f"of {len(names)} kinds"
