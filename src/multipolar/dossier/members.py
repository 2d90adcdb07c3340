"""Membership of organisations, as `multipolar.actors` holds it → tie statements, their sources, and parties to obligations."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from multipolar.actors.organisations import Membership, Organisation, memberships, organisations
from multipolar.dossier.pacts import Pact, Party
from multipolar.dossier.table import COMPILED
from multipolar.record import Source

#: How much of a membership each status is.
SHARE: Final = {"member": 1.0, "associate": 0.5, "partner": 0.5, "observer": 0.25, "dialogue": 0.25, "suspended": 0.0}

_LICENCE: Final = "facts; see the publisher"


@dataclass
class Members:
    """What the tables of organisations give to the dossier."""

    statements: list[dict[str, Any]] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    parties: dict[str, list[Party]] = field(default_factory=dict)
    pacts: list[Pact] = field(default_factory=list)


def gather() -> Members:
    """Every spell of membership as a statement, and every obligation between members as a pact."""
    found, known = Members(), {org.id: org for org in organisations()}
    for spell in memberships():
        if spell.valid_from > COMPILED:
            continue
        source = _source(known[spell.org], spell.source)
        found.sources[source.key] = source
        found.statements.append(_statement(spell, source.key))
    for org in known.values():
        if not org.obligations:
            continue
        source = _source(org, org.source)
        found.sources[source.key] = source
        found.parties[org.id] = list(parties(memberships(org.id)))
        found.pacts += [
            Pact(
                org.id,
                owed.kind,
                owed.valid_from,
                owed.valid_to,
                org.id,
                source.key,
                owed.locator,
                f"Members of {org.name}",
            )
            for owed in org.obligations
        ]
    return found


def parties(spells: Iterable[Membership]) -> Iterator[Party]:
    """Give the days on which each state was a full member and not suspended.

    A suspension lies on top of a membership, so its days are cut out: neither side can count on the other then.
    """
    lifted: dict[str, list[Membership]] = defaultdict(list)
    full: list[Membership] = []
    for spell in spells:
        if spell.status == "suspended":
            lifted[spell.member].append(spell)
        elif spell.status == "member":
            full.append(spell)
    for spell in full:
        for first, last in _without(spell, lifted[spell.member]):
            yield Party(spell.member, first, last)


def _without(spell: Membership, gaps: Iterable[Membership]) -> Iterator[tuple[date, date | None]]:
    first, last = spell.valid_from, spell.valid_to
    for gap in sorted(gaps, key=lambda gap: gap.valid_from):
        if last is not None and gap.valid_from > last:
            break
        if gap.valid_from > first:
            yield first, gap.valid_from - timedelta(days=1)
        if gap.valid_to is None:
            return
        first = max(first, gap.valid_to + timedelta(days=1))
    if last is None or first <= last:
        yield first, last


def _statement(spell: Membership, source: str) -> dict[str, Any]:
    return {
        "a": spell.member,
        "b": spell.org,
        "kind": "membership",
        "valid_from": spell.valid_from,
        "valid_to": spell.valid_to,
        "known_from": spell.valid_from,
        "source": source,
        "locator": spell.locator,
        "original": spell.status,
        "value": SHARE[spell.status],
        "unit": None,
        "text": spell.note or None,
        "ref": spell.org,
    }


def _source(org: Organisation, publisher: str) -> Source:
    slug = re.sub(r"[^a-z0-9]+", "-", publisher.lower()).strip("-")[:48]
    title = f"Membership of {org.name}"
    return Source(
        key=f"{org.id}:{slug}",
        publisher=publisher,
        title=title,
        date=None,
        url=org.url,
        licence=_LICENCE,
        citation=f"{publisher}: {title}. {org.url}",
    )
