"""What a brief holds: plain content, no layout. `page` and `terminal` lay out the same content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from multipolar import claims

if TYPE_CHECKING:
    import polars as pl
    from rich.console import Console

    from multipolar.measures import Measure
    from multipolar.ties import Explanation


class Asked(claims.Asked, Protocol):
    """What a brief is made from; `multipolar.World` is one."""

    @property
    def since(self) -> date:
        """First month of the ties."""
        ...

    def tie(self, a: str, b: str) -> pl.DataFrame:
        """How two states stand, month by month."""
        ...

    def explain(
        self, a: str, b: str, *, since: str | date | None = None, until: str | date | None = None
    ) -> Explanation:
        """What a tie rests on and what moved it."""
        ...

    def isolation(self, actor: str, month: str | date | None = None) -> Measure:
        """How isolated a state is."""
        ...

    def dependence(self, actor: str, *, on: str) -> Measure:
        """How far a state depends on another for its trade."""
        ...

    def hedging(self, actor: str, *, between: Sequence[str]) -> Measure:
        """How evenly a state keeps ties with several powers."""
        ...


@dataclass(frozen=True)
class Run:
    """A stretch of text; `to` is the anchor on the page that it links to."""

    text: str
    to: str = ""
    strong: bool = False


Text = tuple[Run, ...]


def plain(text: Text) -> str:
    """The words alone."""
    return "".join(run.text for run in text)


@dataclass(frozen=True)
class Figure:
    """A quantity with its 90 % interval."""

    value: float
    lo90: float
    hi90: float
    lo50: float | None = None
    hi50: float | None = None


@dataclass(frozen=True)
class Basis:
    """The statements behind a figure or a chart.

    Attributes
    ----------
    anchor : str
        Where on the page they are listed.
    numbers : tuple of int
        The statements shown, by their number in the appendix.
    total : int
        How many there are in all.
    command : str
        The shell command that lists all of them.
    note : str
        What the figure rests on besides, where not every statement was counted.
    """

    anchor: str
    numbers: tuple[int, ...]
    total: int
    command: str
    note: str = ""


@dataclass(frozen=True)
class Push:
    """What a statement (or the votes in one roll call) adds to (+) or takes from (-) a figure.

    `numbers` points into the appendix; it is empty for a recorded absence, which rests on its source's coverage.
    """

    numbers: tuple[int, ...]
    when: str
    text: str
    source: str
    weight: float


@dataclass(frozen=True)
class Share:
    """What one kind of evidence carries of a tie's level and change."""

    title: str
    level: float
    change: float
    statements: int


@dataclass(frozen=True)
class Account:
    """What moved a tie between two months."""

    since: date
    until: date
    change: Figure
    says: Text
    closer: tuple[Push, ...]
    apart: tuple[Push, ...]
    basis: Basis


@dataclass(frozen=True)
class Point:
    """A tie in one month; all None where too little is known."""

    month: date
    mean: float | None
    lo50: float | None
    hi50: float | None
    lo90: float | None
    hi90: float | None


@dataclass(frozen=True)
class PairPart:
    """How two states stand and have moved. `refusal` says why there is nothing to tell."""

    a: str
    b: str
    names: tuple[str, str]
    anchor: str
    says: Text
    points: tuple[Point, ...] = ()
    month: date | None = None
    level: Figure | None = None
    word: str = ""
    recent: Account | None = None
    whole: Account | None = None
    shares: tuple[Share, ...] = ()
    baseline: float = 0.0
    basis: Basis | None = None
    refusal: str = ""


@dataclass(frozen=True)
class Neighbour:
    """One partner of a state: its tie and, where it is weighted, its share of the capability."""

    id: str
    name: str
    tie: Figure
    word: str
    weight: float | None = None
    positive: float | None = None


@dataclass(frozen=True)
class MeasurePart:
    """Isolation, dependence or hedging of one state (towards others)."""

    measure: str
    actor: str
    name: str
    anchor: str
    says: Text
    others: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    month: date | None = None
    figure: Figure | None = None
    coverage: float | None = None
    share: float | None = None
    partners: tuple[Neighbour, ...] = ()
    basis: Basis | None = None
    notes: tuple[str, ...] = ()
    refusal: str = ""


@dataclass(frozen=True)
class Around:
    """The ties of one state to all others in one month, strongest first."""

    actor: str
    name: str
    anchor: str
    month: date
    says: Text
    neighbours: tuple[Neighbour, ...]
    unknown: tuple[str, ...]
    basis: Basis


@dataclass(frozen=True)
class Tested:
    """One test of a claim, in words, with its figure."""

    says: str
    figure: Figure | None
    unit: str
    probability: float | None
    verdict: str


@dataclass(frozen=True)
class Without:
    """What is left of one test of a claim when one source is taken away."""

    test: int
    source: str
    probability: float | None
    verdict: str


@dataclass(frozen=True)
class ClaimPart:
    """A claim with its verdict and what weighs on either side."""

    id: str
    anchor: str
    claim: str
    origin: str
    note: str
    verdict: str
    probability: float | None
    coverage: float
    says: Text
    tests: tuple[Tested, ...]
    supporting: tuple[Push, ...]
    opposing: tuple[Push, ...]
    without: tuple[Without, ...]
    basis: Basis


@dataclass(frozen=True)
class Statement:
    """An entry of the appendix: one statement as its source made it."""

    number: int
    id: str
    form: str
    who: str
    kind: str
    when: str
    value: str
    text: str
    source: str
    locator: str
    url: str


@dataclass(frozen=True)
class SourceLine:
    """A source used, how to cite it, what it covers, and how many statements behind this page are from it."""

    key: str
    citation: str
    url: str
    licence: str
    statements: int
    covers: tuple[str, ...]


@dataclass(frozen=True)
class Brief:
    """One page about a few states; made by `build`.

    Attributes
    ----------
    actors, names : tuple of str
        Ids and names of the states.
    as_of, month : date
        The day whose knowledge counts, and the last month of the ties.
    version, command : str
        Version of the package and the shell command that makes this page.
    lead : tuple of Text
        The findings in a sentence each.
    anchored : bool
        Whether the scale is fixed by anchor pairs, so that the words of the vocabulary apply.
    """

    actors: tuple[str, ...]
    names: tuple[str, ...]
    as_of: date
    month: date
    version: str
    command: str
    lead: tuple[Text, ...]
    anchored: bool
    pairs: tuple[PairPart, ...]
    isolation: tuple[MeasurePart, ...]
    dependence: tuple[MeasurePart, ...]
    hedging: tuple[MeasurePart, ...]
    around: Around | None
    claims: tuple[ClaimPart, ...]
    sources: tuple[SourceLine, ...]
    statements: tuple[Statement, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def title(self) -> str:
        """The states, as a heading."""
        from multipolar.brief.words import listed

        return listed(self.names)

    def html(self) -> str:
        """The page: one self-contained HTML document without scripts, about a megabyte at most."""
        from multipolar.brief.page import html

        return html(self)

    def write(self, path: Path) -> Path:
        """Write the page to a file, whole or not at all, and return its path.

        Raises
        ------
        RecordError
            If the system refuses the write (a missing or read-only folder, a full disk).
        """
        from multipolar.brief.page import write

        return write(self, path)

    def terminal(self, console: Console) -> None:
        """Print the same content with tables and sparklines."""
        from multipolar.brief.terminal import show

        show(self, console)

    def rows(self) -> list[dict[str, Any]]:
        """Every figure as a flat row: section, a, b, figure, month, value, lo90, hi90, unit, says, statements (ids)."""
        from multipolar.brief.rows import rows

        return rows(self)
