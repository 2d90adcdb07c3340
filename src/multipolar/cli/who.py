"""Who: one actor from a name on a day, and the members of an organisation."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, Literal

from multipolar.cli.options import COMMON, Common, day
from multipolar.cli.output import Answer, Grid, show

Kind = Literal["state", "organisation"]
Scheme = Literal["cow", "gw", "iso2", "iso3", "iso_numeric", "cameo", "m49"]
_MEMBER: Final = ("member", "name", "status", "valid_from", "valid_to", "precision", "source", "locator", "note")


def resolve(
    name: str,
    /,
    *,
    on: str | None = None,
    scheme: Scheme | None = None,
    kind: Kind | None = None,
    common: Common = COMMON,
) -> None:
    """Which actor a name, code or capital means on a day, and its codes. Never a guess between two.

    Parameters
    ----------
    name
        What somebody wrote: ROK, "South Korea", 732, Seoul.
    on
        The day (YYYY-MM-DD); that of `--as-of` by default.
    scheme
        Take the name for a code of this system and nothing else.
    kind
        Look among these only.
    """
    from multipolar.actors import SCHEMES, resolve

    when = day(on, "--on") or common.day() or date.today()
    actor = resolve(name, when, kind=kind, scheme=scheme)
    codes = actor.codes(when)
    row = {"id": actor.id, "kind": actor.kind, "name": actor.name_on(when), "on": when}
    row |= {system: getattr(codes, system) for system in SCHEMES}
    row |= {"capital": actor.capital(when), "start": actor.start, "end": actor.end}
    row |= {"predecessors": list(actor.predecessors), "successors": list(actor.successors), "notes": list(actor.notes)}
    grid = Grid(("", ""), [(head, _words(value)) for head, value in row.items() if value not in (None, [])])
    show(Answer([row], grids=(grid,)), common)


def members(organisation: str, /, *, on: str | None = None, common: Common = COMMON) -> None:
    """Who belongs to an organisation on a day, in what status and since when, with the source.

    Parameters
    ----------
    organisation
        Any name of it: NATO, SCO, "European Union".
    on
        The day (YYYY-MM-DD); that of `--as-of` by default.
    """
    from multipolar.actors import get, memberships, resolve

    when = day(on, "--on") or common.day() or date.today()
    actor = resolve(organisation, when, kind="organisation")
    spells = sorted((spell for spell in memberships(actor.id) if spell.holds(when)), key=lambda spell: spell.member)
    rows: list[dict[str, Any]] = []
    for spell in spells:
        values = {
            "name": get(spell.member).name_on(when),
            **{name: getattr(spell, name) for name in _MEMBER if name != "name"},
        }
        rows.append({"organisation": actor.id, **{name: values[name] for name in _MEMBER}})
    cells = [
        (row["member"], row["name"], row["status"], str(row["valid_from"]), f"{row['source']}, {row['locator']}")
        for row in rows
    ]
    says = f"{actor.name_on(when)} on {when}: {len(rows)} spells of membership or lesser status."
    show(Answer(rows, (says,), (Grid(("id", "name", "status", "since", "source"), cells),)), common)


def _words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
