"""From a world to the content of a page."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, permutations
from typing import Final

from multipolar import __version__, claims
from multipolar.brief.around import around_part
from multipolar.brief.evidence import Evidence, called
from multipolar.brief.measured import POWERS, dependence_part, hedging_part, isolation_part
from multipolar.brief.model import Asked, Brief, ClaimPart, MeasurePart, PairPart, Run, Text
from multipolar.brief.pairs import pair_part
from multipolar.brief.verdicts import SAYS, claim_parts
from multipolar.brief.words import count
from multipolar.errors import ActorError, UsageError

#: States on one page: fifteen pairs are as many as a reader compares.
MOST: Final = 6

Progress = Callable[[int, int, str], None]


def build(asked: Asked, actors: tuple[str, ...], progress: Progress | None = None) -> Brief:
    """Everything about a few states.

    Parameters
    ----------
    asked : World
        What to ask.
    actors : tuple of str
        Ids of one to `MOST` states. The map shows the ties of the first.
    progress : callable, optional
        Called as ``progress(done, total, what)``.

    Returns
    -------
    Brief

    Raises
    ------
    UsageError
        With no state, or more than `MOST`.
    ActorError
        If a state is not among those of the world.
    """
    chosen = _checked(asked, actors)
    steps = _Steps(progress or _silent)
    evidence, ties = Evidence(asked.view), asked.ties
    names = {id: called(id, asked.as_of) for id in chosen}
    anchored = ties.anchored

    steps.next("pairs")
    pairs = tuple(
        pair_part(asked, evidence, a, b, (names[a], names[b]), anchored=anchored) for a, b in combinations(chosen, 2)
    )
    steps.next("isolation, dependence, hedging")
    isolation = tuple(isolation_part(asked, evidence, id, names[id]) for id in chosen)
    dependence = tuple(dependence_part(asked, evidence, a, b, (names[a], names[b])) for a, b in permutations(chosen, 2))
    hedging = tuple(hedging_part(asked, evidence, id, names[id]) for id in chosen if id not in POWERS)
    steps.next("map")
    around = around_part(asked, evidence, chosen[0], names[chosen[0]])
    checked = claim_parts(asked, evidence, claims.worked(), chosen, steps.within)
    steps.next("sources")
    return Brief(
        actors=chosen,
        names=tuple(names.values()),
        as_of=asked.as_of,
        month=ties.months[-1],
        version=__version__,
        command=_command(asked, chosen),
        lead=_lead(pairs, isolation, dependence, checked),
        anchored=anchored,
        pairs=pairs,
        isolation=isolation,
        dependence=dependence,
        hedging=hedging,
        around=around,
        claims=checked,
        sources=evidence.sources(),
        statements=evidence.statements(),
        notes=ties.notes,
    )


def _checked(asked: Asked, actors: tuple[str, ...]) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(actors))
    if not 1 <= len(chosen) <= MOST:
        raise UsageError(
            f"expected one to {MOST} states, got {count(len(chosen), 'state')}",
            hint="Make one page for each group of states that you want to compare.",
        )
    paired = set(asked.ties.panel.scope.actors)
    for actor in chosen:
        if actor not in paired:
            raise ActorError.unknown_actor(actor, asked.as_of, paired)
    return chosen


def _lead(
    pairs: tuple[PairPart, ...],
    isolation: tuple[MeasurePart, ...],
    dependence: tuple[MeasurePart, ...],
    checked: tuple[ClaimPart, ...],
) -> tuple[Text, ...]:
    """One sentence a pair, then isolation, the strongest dependence, and the count of verdicts."""
    known = [part for part in dependence if part.figure]
    strongest = sorted(known, key=lambda part: -part.figure.value if part.figure else 0.0)[:1]
    said = [part.says for part in pairs] + [part.says for part in (*isolation, *strongest)]
    return (*said, _tally(checked)) if checked else tuple(said)


def _tally(checked: tuple[ClaimPart, ...]) -> Text:
    """How many claims came out how, each number linked to the first of them."""
    runs = [Run("Claims: ", strong=True)]
    found = [(word, [part for part in checked if part.verdict == verdict]) for verdict, word in SAYS.items()]
    present = [(word, parts) for word, parts in found if parts]
    for place, (word, parts) in enumerate(present):
        runs += [Run(str(len(parts)), parts[0].anchor), Run(f" {word}" + (", " if place < len(present) - 1 else "."))]
    return tuple(runs)


def _command(asked: Asked, actors: tuple[str, ...]) -> str:
    return f"multipolar brief {' '.join(actors)} --as-of {asked.as_of}"


def _silent(done: int, total: int, what: str) -> None:
    """Say nothing."""


class _Steps:
    """Progress over the whole: three steps before the claims, one after them."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._done, self._total = progress, 0, 5

    def next(self, what: str) -> None:
        self._progress(self._done, self._total, what)
        self._done += 1

    def within(self, _done: int, _total: int, what: str) -> None:
        self._progress(self._done, self._total, what)
