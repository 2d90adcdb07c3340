"""From claims to verdicts: run the tests, list what weighs on either side, and take each source away in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from operator import add
from typing import Final

import polars as pl

from multipolar.claims.measured import MEASURES
from multipolar.claims.model import Asked, Checked, Claim, Finding, Test, Verdict, untestable
from multipolar.errors import Refusal

#: Statements listed on each side, and sources taken away (those that weigh most).
LISTED: Final = 5
DROPPED: Final = 5

_DROPPED: Final = {"test": pl.Int64, "source": pl.String, "probability": pl.Float64, "verdict": pl.String}


def check(
    asked: Asked, claims: Iterable[Claim], *, progress: Callable[[int, int, str], None] | None = None
) -> list[Checked]:
    """Test claims against a record.

    Parameters
    ----------
    asked : World
        What to ask.
    claims : iterable of Claim
        See `load`.
    progress : callable, optional
        Called as ``progress(done, total, claim id)``.

    Returns
    -------
    list of Checked
        One for each claim, in order.
    """
    listed = list(claims)
    results = []
    for number, claim in enumerate(listed):
        if progress:
            progress(number, len(listed), claim.id)
        results.append(check_one(asked, claim))
    return results


def check_one(asked: Asked, claim: Claim) -> Checked:
    """Test one claim (see `check`)."""
    findings = tuple(MEASURES[test.measure].find(asked, test) for test in claim.tests)
    weights = pl.concat([finding.weights for finding in findings]).group_by("id").agg(pl.col("weight").sum()).sort("id")
    dropped = pl.concat(
        [_dropped(asked, n, test, finding) for n, (test, finding) in enumerate(zip(claim.tests, findings, strict=True))]
    )
    verdict = reduce(add, (finding.verdict for finding in findings))
    if _turns(verdict, dropped):
        verdict = Verdict.MIXED
    return Checked(claim, verdict, findings, _side(asked, weights, 1), _side(asked, weights, -1), dropped)


def _turns(verdict: Verdict, dropped: pl.DataFrame) -> bool:
    """Whether taking one source away turns support into contradiction, or the reverse."""
    opposite = {Verdict.SUPPORTED: Verdict.CONTRADICTED, Verdict.CONTRADICTED: Verdict.SUPPORTED}.get(verdict)
    return opposite is not None and opposite.value in set(dropped["verdict"])


def _side(asked: Asked, weights: pl.DataFrame, sign: int) -> pl.DataFrame:
    """The statements that weigh most for (+1) or against (-1), with what they say."""
    mine = weights.with_columns(force=pl.col("weight") * sign).filter(pl.col("force") > 0)
    top = mine.sort("force", "id", descending=[True, False]).head(LISTED)
    rows = asked.view.by_id(top["id"]) if top.height else []
    keep = ("id", "form", "a", "b", "kind", "valid_from", "source", "locator", "original", "text")
    said = [{name: row[name] for name in keep} for row in rows]
    schema = {**dict.fromkeys(keep, pl.String), "valid_from": pl.Date}
    frame = pl.DataFrame(said, schema=schema)
    return frame.with_columns(weight=top["weight"])


def _dropped(asked: Asked, number: int, test: Test, finding: Finding) -> pl.DataFrame:
    """The finding again without each of the sources that weigh most in it."""
    if finding.weights.is_empty():
        return pl.DataFrame(schema=_DROPPED)
    rows = asked.view.by_id(finding.weights["id"])
    sources = pl.DataFrame({"source": [row["source"] for row in rows], "force": finding.weights["weight"].abs()})
    heaviest = sources.group_by("source").agg(pl.col("force").sum()).sort("force", "source", descending=[True, False])
    again = []
    for source in heaviest["source"].head(DROPPED):
        left = _without(asked, source, test)
        again.append({"test": number, "source": source, "probability": left.probability, "verdict": left.verdict.value})
    return pl.DataFrame(again, schema=_DROPPED)


def _without(asked: Asked, source: str, test: Test) -> Finding:
    measure = MEASURES[test.measure]
    pair = (test.subject, test.object) if measure.of_pair else None
    hub = None if measure.of_pair else test.subject
    try:
        return measure.find(asked.without((source,), pair=pair, hub=hub), test)
    except Refusal as refusal:  # nothing is left without it
        return untestable(refusal.message)
