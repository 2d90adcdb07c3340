"""Is it true: claims and the verdicts on them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from multipolar.cli.ids import parties, short
from multipolar.cli.options import COMMON, Common, Several, open_world
from multipolar.cli.output import Answer, Grid, between, figure, show
from multipolar.cli.progress import working
from multipolar.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

    from multipolar.claims import Checked, Claim, Finding, Test

_FINDING: Final = ("probability", "value", "lo90", "hi90", "unit", "coverage", "reason")


def check(claims: Path | None = None, /, *, only: Several = (), common: Common = COMMON) -> None:
    """Is it true? Test claims against the record, and say what weighs on either side.

    With `--only` the table also lists the statements that weigh most and what each source changes; JSON and CSV always do.

    Parameters
    ----------
    claims
        A TOML file of claims (docs/claims.md); by default the worked claims that come with the package.
    only
        Ids of the claims to test; all by default.
    """
    from multipolar import claims as room

    with working(common.quiet) as step:
        step(0, 0, "Reading the claims")
        wanted = _chosen(room.worked() if claims is None else room.load(claims), only)
        world = open_world(common, step)
        step(0, 0, "Estimating the ties of all pairs")
        checked = room.check(world, wanted, progress=step)
    rows = [_row(one) for one in checked]
    grids = [_verdicts(checked)]
    if only:
        grids += [grid for one in checked for grid in _detail(one)]
    show(Answer(rows, grids=grids), common)


def _chosen(claims: list[Claim], only: tuple[str, ...]) -> list[Claim]:
    known = {claim.id: claim for claim in claims}
    for name in only:
        if name not in known:
            raise UsageError.unknown("claim", name, known)
    return [claim for claim in claims if not only or claim.id in only]


def _row(one: Checked) -> dict[str, Any]:
    tests = []
    for test, finding in zip(one.claim.tests, one.findings, strict=True):
        asked = {name: getattr(test, name) for name in test.__dataclass_fields__}
        tests.append({**asked, "verdict": finding.verdict.value, **{name: getattr(finding, name) for name in _FINDING}})
    return {
        "id": one.claim.id,
        "says": one.claim.says,
        "origin": one.claim.origin,
        "note": one.claim.note,
        "verdict": one.verdict.value,
        "probability": one.probability,
        "coverage": one.coverage,
        "tests": tests,
        "supporting": one.supporting.to_dicts(),
        "opposing": one.opposing.to_dicts(),
        "dropped": one.dropped.to_dicts(),
    }


def _verdicts(checked: list[Checked]) -> Grid:
    heads = ("claim", "verdict", "probability>", "what was measured", "coverage>")
    return Grid(heads, [_verdict(one) for one in checked])


def _verdict(one: Checked) -> tuple[str, ...]:
    measured = [_measured(test, finding) for test, finding in zip(one.claim.tests, one.findings, strict=True)]
    name = f"{one.claim.id}: {one.claim.says}"
    return name, one.verdict.value, figure(one.probability), "\n".join(measured), f"{one.coverage:.0%}"


def _measured(test: Test, finding: Finding) -> str:
    if finding.value is None:
        return finding.reason
    interval = "" if finding.lo90 is None else f", {between(finding.lo90, finding.hi90)}"
    return f"{test.measure} {test.direction}: {figure(finding.value)}{interval}"


def _detail(one: Checked) -> list[Grid]:
    tests = zip(one.claim.tests, one.findings, strict=True)
    cells = [
        (test.measure, finding.reason, figure(finding.probability), finding.verdict.value) for test, finding in tests
    ]
    grids = [Grid(("measure", "how", "probability>", "verdict"), cells, f"{one.claim.id}: {one.claim.says}")]
    grids += [
        _statements(f"{one.claim.id}: weighing {side}", frame)
        for side, frame in (("for it", one.supporting), ("against it", one.opposing))
        if frame.height
    ]
    if one.dropped.height:
        left = [(row["source"], figure(row["probability"]), row["verdict"]) for row in one.dropped.to_dicts()]
        heads = ("without the source", "probability>", "verdict")
        grids.append(Grid(heads, left, f"{one.claim.id}: each source taken away"))
    return grids


def _statements(title: str, frame: pl.DataFrame) -> Grid:
    heads = ("weight>", "day", "statement", "source", "id")
    cells = [
        (f"{row['weight']:+.3f}", str(row["valid_from"]), _sentence(row),
         f"{row['source']}, {row['locator']}", short(row["id"]))
        for row in frame.to_dicts()
    ]  # fmt: skip
    return Grid(heads, cells, title)


def _sentence(row: dict[str, Any]) -> str:
    return f"{parties(row)} {row['kind']}: {row['text'] or row['original']}"
