"""The worked claims that concern the named states, with their verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

import polars as pl

from multipolar import claims
from multipolar.brief.evidence import Evidence, named
from multipolar.brief.model import ClaimPart, Figure, Push, Run, Tested, Text, Without
from multipolar.brief.words import percent

#: Verdicts in words.
SAYS: Final = {
    "supported": "supported",
    "contradicted": "contradicted",
    "mixed": "mixed",
    "undecided": "undecided",
    "untestable": "cannot be tested",
}


#: Claims on one page.
MOST: Final = 12


def concerning(every: Iterable[claims.Claim], actors: tuple[str, ...]) -> list[claims.Claim]:
    """The claims of which some test names one of the actors: up to `MOST`, those that name fewest others first."""

    def others(claim: claims.Claim) -> int:
        return len({name for test in claim.tests for name in (test.subject, test.object) if name} - set(actors))

    mine = [claim for claim in every if any({test.subject, test.object} & set(actors) for test in claim.tests)]
    return sorted(mine, key=others)[:MOST]


def claim_parts(
    asked: claims.Asked,
    evidence: Evidence,
    every: Iterable[claims.Claim],
    actors: tuple[str, ...],
    progress: Callable[[int, int, str], None],
) -> tuple[ClaimPart, ...]:
    """Check each claim that concerns the actors."""
    chosen = concerning(every, actors)
    parts = []
    for number, claim in enumerate(chosen):
        progress(number, len(chosen), f"claim {claim.id}")
        parts.append(_part(claims.check_one(asked, claim), evidence))
    return tuple(parts)


def _part(checked: claims.Checked, evidence: Evidence) -> ClaimPart:
    claim, anchor = checked.claim, f"claim-{checked.claim.id}"
    on = claim.tests[0].last
    supporting, opposing = _side(checked.supporting, evidence), _side(checked.opposing, evidence)
    weights = [id for finding in checked.findings for id in finding.weights["id"]]
    shown = [id for frame in (checked.supporting, checked.opposing) for id in frame["id"]]
    basis = evidence.basis(f"{anchor}-list", shown, weights, f"multipolar check --only {claim.id}")
    return ClaimPart(
        id=claim.id,
        anchor=anchor,
        claim=claim.says,
        origin=claim.origin,
        note=claim.note,
        verdict=checked.verdict.value,
        probability=checked.probability,
        coverage=checked.coverage,
        says=_says(checked, basis.anchor),
        tests=tuple(_tested(finding, on) for finding in checked.findings),
        supporting=supporting,
        opposing=opposing,
        without=tuple(
            Without(*row) for row in checked.dropped.select("test", "source", "probability", "verdict").iter_rows()
        ),
        basis=basis,
    )


def _says(checked: claims.Checked, to: str) -> Text:
    verdict = SAYS[checked.verdict.value]
    if checked.probability is None:
        reason = next((finding.reason for finding in checked.findings if finding.probability is None), "")
        return (Run(verdict, strong=True), Run(f": {named(reason, checked.claim.tests[0].last)}."))
    return (
        Run(verdict, strong=True),
        Run(", probability "),
        Run(percent(checked.probability), to),
        Run(f", coverage {percent(checked.coverage)}."),
    )


def _tested(finding: claims.Finding, on: date) -> Tested:
    figure = None
    if finding.value is not None:
        lo, hi = finding.lo90, finding.hi90
        figure = Figure(finding.value, finding.value if lo is None else lo, finding.value if hi is None else hi)
    return Tested(named(finding.reason, on), figure, finding.unit, finding.probability, finding.verdict.value)


def _side(frame: pl.DataFrame, evidence: Evidence) -> tuple[Push, ...]:
    """One side's statements, each by itself as the verdict lists them."""
    return tuple(evidence.push(row["id"], row["weight"]) for row in frame.iter_rows(named=True))
