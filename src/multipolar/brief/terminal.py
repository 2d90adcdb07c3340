"""The brief in a terminal: the same words, tables and sparklines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Styled

from multipolar.brief.model import Account, Brief, ClaimPart, MeasurePart, PairPart, Point, Push, Text, plain
from multipolar.brief.verdicts import SAYS
from multipolar.brief.words import (
    NBSP,
    WORDS,
    count,
    day_name,
    month_name,
    number,
    percent,
    percent_range,
    signed,
    weight,
)

_BARS: Final = "▁▂▃▄▅▆▇█"
#: Months between two marks of a sparkline.
_STEP: Final = 12
#: Partners listed at either end of the ranking.
_ENDS: Final = 8
_STYLES: Final = {"supported": "bold blue", "contradicted": "bold yellow"}


def show(brief: Brief, console: Console) -> None:
    """Print a brief (see `Brief.terminal`)."""
    console.print(Styled(brief.title, style="bold"))
    console.print(f"Ties to {month_name(brief.month)}, as known on {day_name(brief.as_of)}.", highlight=False)
    _heading(console, "In short")
    _bullets(console, brief.lead)
    if brief.pairs:
        _heading(console, "How each pair stands")
        console.print(_pairs(brief.pairs))
        _heading(console, "What moved them in two years")
        for pair in brief.pairs:
            if pair.recent:
                _moved(console, pair, pair.recent)
    _heading(console, "Isolation, dependence, hedging")
    _bullets(console, [part.says for part in (*brief.isolation, *brief.dependence, *brief.hedging)])
    for part in brief.isolation:
        if part.partners:
            console.print(_partners(part))
    _around(console, brief)
    _claims(console, brief.claims)
    _sources(console, brief)
    _foot(console, brief)


def sparkline(points: Sequence[Point], low: float, high: float) -> str:
    """One mark a year, the last month's last; a dot where too little is known.

    Parameters
    ----------
    points : sequence of Point
    low, high : float
        What the lowest and the highest mark stand for; values beyond are drawn as these.
    """
    chosen = list(points)[::-1][::_STEP][::-1]
    return "".join("·" if point.mean is None else _mark(point.mean, low, high) for point in chosen)


def _mark(value: float, low: float, high: float) -> str:
    place = (value - low) / (high - low) if high > low else 0.5
    return _BARS[min(len(_BARS) - 1, max(0, int(place * len(_BARS))))]


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(Styled(text, style="bold underline"))


def _bullets(console: Console, texts: Iterable[Text]) -> None:
    for text in texts:
        line = Styled("• ")
        for run in text:
            line.append(run.text.replace(f"{NBSP}%", "%"), style="bold" if run.strong else "cyan" if run.to else "")
        console.print(Padding(line, (0, 0, 0, 1)))


def _table(*columns: str, title: str = "") -> Table:
    table = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", title_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column.strip(), justify="right" if column.startswith(" ") else "left")
    return table


def _pairs(pairs: Sequence[PairPart]) -> Table:
    table = _table("pair", "in a word", " tie", " 90 % interval", " in two years", "by year since")
    table.columns[0].no_wrap = table.columns[-1].no_wrap = True
    means = [point.mean for pair in pairs for point in pair.points if point.mean is not None]
    low, high = min([*means, -1.0]), max([*means, 1.0])
    for pair in pairs:
        name = f"{pair.names[0]} – {pair.names[1]}"
        if pair.level is None:
            table.add_row(escape(name), f"not enough evidence: {escape(pair.refusal)}")
            continue
        change = signed(pair.recent.change.value) if pair.recent else "not known"
        interval = f"{number(pair.level.lo90)} to {number(pair.level.hi90)}"
        line = f"{pair.points[0].month.year} {sparkline(pair.points, low, high)}"
        table.add_row(escape(name), pair.word, number(pair.level.value), interval, change, line)
    return table


def _moved(console: Console, pair: PairPart, account: Account) -> None:
    console.print(Styled(f"{pair.names[0]} and {pair.names[1]}: {plain(account.says)}", style="bold"))
    _pushes(console, [*account.closer[:3], *account.apart[:3]])
    console.print(Padding(Styled(account.basis.command, style="dim"), (0, 0, 0, 2)))


def _pushes(console: Console, pushes: Iterable[Push]) -> None:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right", min_width=8)
    grid.add_column()
    for push in pushes:
        said = f"{push.when}, {push.text}" if push.when else push.text
        grid.add_row(weight(push.weight), escape(f"{said} ({push.source})"))
    console.print(grid)


def _partners(part: MeasurePart) -> Table:
    table = _table(
        "state", " capability", " tie", " 90 % interval", "in a word", title=f"{part.name}: the states that weigh most"
    )
    for one in part.partners:
        interval = f"{number(one.tie.lo90)} to {number(one.tie.hi90)}"
        table.add_row(escape(one.name), percent(one.weight or 0.0), number(one.tie.value), interval, one.word)
    return table


def _around(console: Console, brief: Brief) -> None:
    around = brief.around
    if around is None or not around.neighbours:
        return
    _heading(console, f"The world around {around.name}")
    _bullets(console, [around.says])
    ends = around.neighbours
    if len(ends) > 2 * _ENDS:
        ends = (*ends[:_ENDS], *ends[-_ENDS:])
    table = _table("state", " tie", " 90 % interval", "in a word")
    for one in ends:
        table.add_row(
            escape(one.name), number(one.tie.value), f"{number(one.tie.lo90)} to {number(one.tie.hi90)}", one.word
        )
    console.print(table)


def _claims(console: Console, claims: Sequence[ClaimPart]) -> None:
    if not claims:
        return
    _heading(console, "Claims")
    table = _table("claim", "verdict", " probability", " coverage", " without one source")
    for part in claims:
        known = [one.probability for one in part.without if one.probability is not None]
        spread = percent_range(min(known), max(known)) if known else ""
        verdict = Styled(SAYS[part.verdict], style=_STYLES.get(part.verdict, ""))
        sure = "" if part.probability is None else percent(part.probability)
        table.add_row(escape(part.claim), verdict, sure, percent(part.coverage), spread)
    console.print(table)


def _sources(console: Console, brief: Brief) -> None:
    _heading(console, f"Sources: {count(len(brief.sources), 'source')}")
    table = _table(" statements", "key", "citation")
    for line in brief.sources:
        table.add_row(f"{line.statements:,}", escape(line.key), escape(line.citation))
    console.print(table)


def _foot(console: Console, brief: Brief) -> None:
    console.print()
    if brief.anchored:
        scale = "; ".join(f"{word.name} {word.range}" for word in WORDS)
        console.print(
            Styled(
                f"Words for ties: {scale}. +1 is the mean of the close anchor pairs, 0 a pair of which nothing is known yet.",
                style="dim",
            )
        )
    for note in brief.notes:
        console.print(Styled(note, style="dim"))
    console.print(Styled(f"multipolar {brief.version}: {brief.command}", style="dim"))
