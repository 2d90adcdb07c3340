from __future__ import annotations

from dataclasses import replace
from io import StringIO

from rich.console import Console

from multipolar.brief import Brief
from multipolar.brief.model import plain
from multipolar.brief.terminal import sparkline


def shown(brief: Brief, width: int = 110) -> str:
    console = Console(file=StringIO(), width=width, no_color=True, force_terminal=False)
    brief.terminal(console)
    file = console.file
    assert isinstance(file, StringIO)
    return file.getvalue()


def test_the_terminal_says_what_the_page_says(brief: Brief) -> None:
    text = shown(brief)
    flat = " ".join(text.split())
    for said in brief.lead:
        assert " ".join(plain(said).replace("\u00a0%", "%").split()) in flat
    headings = ["In short", "How each pair stands", "What moved them in two years", "Isolation, dependence, hedging"]
    places = [text.index(f"\n{heading}") for heading in [*headings, "The world around Russia", "Claims", "Sources: "]]
    assert places == sorted(places)
    for line in brief.sources:
        assert line.key in flat
    assert brief.command in flat and "supported" in flat


def test_the_table_of_pairs_looks_as_agreed(brief: Brief) -> None:
    rows = [line for line in shown(brief).splitlines() if line.strip().startswith("Russia – China")]
    assert len(rows) == 1
    pair = brief.pairs[0]
    assert pair.level is not None
    assert rows[0].split()[3] == pair.word
    assert rows[0].rstrip().split()[-1] == sparkline(pair.points, *_range(brief))


def _range(brief: Brief) -> tuple[float, float]:
    means = [point.mean for pair in brief.pairs for point in pair.points if point.mean is not None]
    return min([*means, -1.0]), max([*means, 1.0])


def test_sparklines_show_gaps_and_stay_in_range(brief: Brief) -> None:
    points = brief.pairs[0].points[:25]
    empty = replace(points[0], mean=None)
    assert sparkline([empty, *points[1:]], -1.0, 1.0)[0] == "·"
    assert sparkline([replace(points[0], mean=9.0)], -1.0, 1.0) == "█"
    assert sparkline([replace(points[0], mean=-9.0)], -1.0, 1.0) == "▁"
    assert sparkline([replace(points[0], mean=0.0)], 0.0, 0.0) == "▅"


def test_markup_in_data_is_printed_as_it_is(brief: Brief) -> None:
    claim = replace(brief.claims[0], claim="[red]not red[/red]")
    text = shown(replace(brief, claims=(claim,), names=("[b]R[/b]", *brief.names[1:])))
    assert "[red]not red[/red]" in text and "[b]R[/b]" in text


def test_narrow_terminals_are_served(brief: Brief) -> None:
    assert all(len(line) <= 80 for line in shown(brief, 80).splitlines())
