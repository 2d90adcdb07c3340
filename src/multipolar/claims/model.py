"""A claim as something that can be wrong, and the verdict on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, Protocol

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from multipolar.indicators import Panel
    from multipolar.record import View
    from multipolar.ties import Ties

Direction = Literal["rises", "falls", "above", "below", "exists", "absent"]

NO_WEIGHTS: Final = pl.DataFrame(schema={"id": pl.String, "weight": pl.Float64})

#: From this probability on a claim is supported; at one minus it, contradicted.
SURE: Final = 0.9


class Verdict(Enum):
    """What the record says of a claim.

    Verdicts of several tests of one claim add up: agreement keeps the verdict, support and contradiction make
    ``MIXED``, and a test that cannot be made leaves the others to speak.
    """

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    MIXED = "mixed"
    UNDECIDED = "undecided"
    UNTESTABLE = "untestable"

    def __add__(self, other: Verdict) -> Verdict:
        if self is other or other is Verdict.UNTESTABLE:
            return self
        if self is Verdict.UNTESTABLE:
            return other
        if Verdict.UNDECIDED in (self, other) and Verdict.MIXED not in (self, other):
            return Verdict.UNDECIDED
        return Verdict.MIXED

    @classmethod
    def of(cls, probability: float | None) -> Verdict:
        """The verdict that a probability amounts to; None means that nothing could be tested."""
        if probability is None:
            return cls.UNTESTABLE
        if probability >= SURE:
            return cls.SUPPORTED
        return cls.CONTRADICTED if 1.0 - probability >= SURE else cls.UNDECIDED


@dataclass(frozen=True)
class Test:
    """One way to test a claim.

    Attributes
    ----------
    measure : str
        What is measured: one of `measured.MEASURES`.
    subject, object : str
        Actor ids; `object` is empty for measures of one state.
    direction : str
        ``rises`` or ``falls`` from the first to the last month of the period, ``above`` or ``below`` the figure `by` at its
        end, ``exists`` or ``absent``.
    first, last : date
        The period.
    by : float
        The smallest change that matters, or the threshold, in the unit of the measure.
    kind : str
        Kind of statement, where the measure has kinds.
    between : tuple of str
        The powers, for hedging.
    """

    measure: str
    subject: str
    object: str
    direction: Direction
    first: date
    last: date
    by: float = 0.0
    kind: str = ""
    between: tuple[str, ...] = ()

    __test__ = False  # not a test case of pytest


@dataclass(frozen=True)
class Claim:
    """A sentence and the tests that could show it wrong.

    Attributes
    ----------
    id, says, origin : str
        Name, the sentence, and who says so.
    tests : tuple of Test
    note : str
        What the tests leave open.
    """

    id: str
    says: str
    tests: tuple[Test, ...]
    origin: str = ""
    note: str = ""


@dataclass(frozen=True)
class Finding:
    """The result of one test.

    Attributes
    ----------
    probability : float or None
        That the claim holds, given the record; None if it cannot be tested.
    value, lo90, hi90 : float or None
        The measured quantity (a change for ``rises`` and ``falls``) and its 90 % interval.
    unit : str
    coverage : float
        Share of what should have been looked at that could be, 0 to 1.
    reason : str
        In words: what was compared, or why nothing could be.
    weigh : callable
        Makes `weights`; called once, and only if they are asked for.
    """

    probability: float | None
    value: float | None
    lo90: float | None
    hi90: float | None
    unit: str
    coverage: float
    reason: str
    weigh: Callable[[], pl.DataFrame] = lambda: NO_WEIGHTS

    @cached_property
    def weights(self) -> pl.DataFrame:
        """What each statement adds for (+) or against (-) the claim: columns id, weight."""
        return self.weigh()

    @property
    def verdict(self) -> Verdict:
        """What the probability amounts to."""
        return Verdict.of(self.probability)


@dataclass(frozen=True)
class Checked:
    """A claim with its verdict.

    Attributes
    ----------
    claim : Claim
    verdict : Verdict
    findings : tuple of Finding
        One for each test.
    supporting, opposing : DataFrame
        The statements that weigh most on each side (up to five): id, weight, and the statement's own columns.
    dropped : DataFrame
        Columns test, source, probability, verdict: what is left when one source is taken away.
    """

    claim: Claim
    verdict: Verdict
    findings: tuple[Finding, ...]
    supporting: pl.DataFrame
    opposing: pl.DataFrame
    dropped: pl.DataFrame

    @property
    def probability(self) -> float | None:
        """The least of the tests' probabilities, since all must hold; None if none could be made."""
        known = [finding.probability for finding in self.findings if finding.probability is not None]
        return min(known) if known else None

    @property
    def coverage(self) -> float:
        """The least of the tests' coverages."""
        return min(finding.coverage for finding in self.findings)


class Asked(Protocol):
    """What a claim is checked against; `multipolar.World` is one."""

    @property
    def as_of(self) -> date:
        """The day whose knowledge counts."""

    @property
    def view(self) -> View:
        """The statements known on that day."""

    @property
    def observed(self) -> Panel:
        """What is observed of every pair."""

    @property
    def ties(self) -> Ties:
        """The ties of all pairs."""

    def without(self, sources: Iterable[str], *, pair: tuple[str, str] | None = None, hub: str | None = None) -> Asked:
        """The same, as if these sources had never been read; of one pair, or of one state's pairs, if given."""


def untestable(reason: str, unit: str = "") -> Finding:
    """A finding that says why there is none."""
    return Finding(None, None, None, None, unit, 0.0, reason)
