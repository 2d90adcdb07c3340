"""A data set in rows: what its publisher and its module say of it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from functools import partial
from inspect import getmodule
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multipolar.record import Coverage, Source, View
    from multipolar.sources import DataSource


def line(source: DataSource) -> dict[str, Any]:
    """What everybody asks first of a data set."""
    return {
        "name": source.name,
        "publisher": source.publisher,
        "title": source.title,
        "kinds": sorted({f"{one.form} {one.kind}".strip() for one in source.coverage}),
        "covers": [f"{kind} {days}" for kind, days in joined(source.coverage)],
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
            {"kind": f"{form} {kind}", "means": means, "note": note}
            for form, kind, means, note in dict.fromkeys((o.form, o.kind, o.absence, o.note) for o in source.coverage)
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


def source_keys(view: View, asked: Iterable[str]) -> tuple[str, ...]:
    """Keys of the sources of a record that somebody named: by key, or by the name of a data set (`multipolar sources`).

    Raises
    ------
    UsageError
        If the record has none of that name.
    """
    from multipolar.errors import UsageError
    from multipolar.sources import SOURCES

    known, wanted = view.sources(), tuple(asked)
    editions: dict[str, list[str]] = {}
    for key, source in known.items() if wanted else ():
        editions.setdefault(data_set(source, SOURCES) or "", []).append(key)
    found: list[str] = []
    for name in wanted:
        if name not in known and name not in editions:
            ingest = f"Nothing of it is in this record: `multipolar ingest {name} --record DIR` reads it."
            if any(source.name == name for source in SOURCES):
                raise UsageError(f"expected a source of this record, got {name!r}", hint=ingest)
            raise UsageError.unknown("source of this record", name, {*known, *editions} - {""})
        found += [name] if name in known else []
        found += editions.get(name, [])
    return tuple(dict.fromkeys(found))


def joined(covers: Iterable[Coverage]) -> list[tuple[str, str]]:
    """What is covered, and from when to when: stretches that follow one another as one."""
    spans: dict[str, list[list[date]]] = {}
    for one in sorted(covers, key=lambda one: one.first):
        stretches = spans.setdefault(f"{one.form} {one.kind}".strip(), [])
        if stretches and one.first <= stretches[-1][1] + timedelta(days=1):
            stretches[-1][1] = max(stretches[-1][1], one.last)
        else:
            stretches.append([one.first, one.last])
    return [(kind, ", ".join(f"{a} to {b}" for a, b in stretches)) for kind, stretches in spans.items()]


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
