"""The ties of one state to all others in one month: for the map, and for the list that says the same."""

from __future__ import annotations

from typing import Final

from multipolar.actors import states
from multipolar.brief.evidence import Evidence, called
from multipolar.brief.heaviest import heaviest
from multipolar.brief.measured import neighbour
from multipolar.brief.model import Around, Asked, Neighbour, Run, Text
from multipolar.brief.words import count, number

#: Ties at either end whose heaviest statements are shown.
_ENDS: Final = 3


def around_part(asked: Asked, evidence: Evidence, actor: str, name: str) -> Around:
    """The ties of one state in the last month, strongest first."""
    month = asked.ties.months[-1]
    found = asked.ties.at(month, actor)
    rows = found.select("b", "mean", "sd").iter_rows()
    near = tuple(
        sorted((neighbour(b, asked.as_of, m, sd) for b, m, sd in rows), key=lambda one: (-one.tie.value, one.id))
    )
    known = {actor, *(one.id for one in near)}
    unknown = sorted(called(state.id, asked.as_of) for state in states(month) if state.id not in known)
    ends = list(dict.fromkeys([*near[:_ENDS], *near[-_ENDS:]]))
    shown = heaviest(asked, evidence, actor, [one.id for one in ends], month)
    anchor = f"around-{actor}"
    note = "from the two ends of the list; those of each tie"
    basis = evidence.basis(f"{anchor}-list", shown, shown, f"multipolar explain {actor} STATE", note)
    return Around(
        actor, name, anchor, month, _says(near, len(unknown), name, basis.anchor), near, tuple(unknown), basis
    )


def _says(near: tuple[Neighbour, ...], unknown: int, name: str, to: str) -> Text:
    if not near:
        return (Run(f"No tie of {name} is known well enough to be shown."),)
    first, last = near[0], near[-1]
    return (
        Run(f"{name} stands closest to {first.name} ("),
        Run(number(first.tie.value), to),
        Run(f") and furthest from {last.name} ("),
        Run(number(last.tie.value), to),
        Run(
            f") among the {count(len(near), 'state')} of which enough is known; of {unknown} others there is not enough."
        ),
    )
