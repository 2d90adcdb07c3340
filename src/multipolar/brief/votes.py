"""Charts of votes: where states stand over time, and how one roll call divided them.

Positions are on the scale of the model that gave them; which end is left is its choice, so the axis says only what the
caller says of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from pathlib import Path
from typing import Any, Final

import altair as alt
import polars as pl

from multipolar.brief.charts import INK, QUIET, RULE
from multipolar.brief.save import check_name, save
from multipolar.errors import UsageError

#: Lines that can be told apart on one chart, and their colours (after Okabe & Ito 2008, darkened to be read as text).
MOST_LINES: Final = 8
COLOURS: Final = ("#1f4e79", "#b8480f", "#0b7a5b", "#8b2f74", "#8a6a00", "#3d8bbd", "#a01c1c", "#5b6770")
#: Choices from top to bottom, as they are called and coloured.
CHOICES: Final = {"yes": "#1f6f8b", "abstain": "#8a8272", "no": "#b8480f"}
_WIDE, _HIGH = 640, 340
_FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_GRID: Final = "#ece8df"
_MINUS: Final = "datum.value < 0 ? '−' + (-datum.value) : datum.value"
#: Height of a choice's stripe, space between dots, and the gap between labels, in pixels.
_STRIPE, _DOT, _LABEL = 116, 8.0, 15
#: States named on the chart of a roll call beside those asked for: farthest on the unexpected side of a line.
_SURPRISES: Final = 6
#: How far from a line a vote must be, in positions, to be called a surprise.
_CLEAR: Final = 0.15


def positions_chart(
    frame: pl.DataFrame, path: Path, *, title: str, subtitle: str = "", names: Mapping[str, str] | None = None
) -> Path:
    """Draw positions of states over time with 90 % bands, as SVG or PNG by the ending of the name.

    Parameters
    ----------
    frame : DataFrame
        Columns actor, year, theta, lo90 and hi90, as `Points.frame`, of 1 to 8 states. Years without a row are gaps.
    path : Path
        Where to; ends in .svg or .png.
    title, subtitle : str
        Over the chart.
    names : mapping of str to str, optional
        What to call the states; their ids by default.

    Raises
    ------
    UsageError
        If the name ends otherwise, or there are no states or more than can be told apart.
    RecordError
        If the system refuses the write.
    """
    check_name(path)
    states = frame["actor"].unique(maintain_order=True).to_list()
    if not 0 < len(states) <= MOST_LINES:
        hint = f"Choose up to {MOST_LINES}; more lines cannot be told apart."
        raise UsageError(f"expected 1 to {MOST_LINES} states on a chart, got {len(states)}", where="--out", hint=hint)
    return save(_positions(_with_runs(frame), states, dict(names or {}), title, subtitle), path)


def rollcall_chart(
    votes: pl.DataFrame,
    cuts: tuple[float, float],
    path: Path,
    *,
    title: str,
    subtitle: str = "",
    named: Sequence[str] = (),
) -> Path:
    """Draw a roll call: states by position and choice, and the lines at which choices change; as SVG or PNG.

    Parameters
    ----------
    votes : DataFrame
        Columns actor, name, theta and choice (``yes``, ``abstain`` or ``no``).
    cuts : (float, float)
        Positions where yes gives way to abstention, and abstention to no. Their order says on which side yes is
        expected; they are equal where nobody is expected to abstain, and not finite where the votes do not depend on
        position.
    path : Path
        Where to; ends in .svg or .png.
    title, subtitle : str
        Over the chart.
    named : sequence of str
        Ids of states to label beside those whose choice is farthest from what their position lets expect.

    Raises
    ------
    UsageError
        If the name ends otherwise, or nobody voted.
    RecordError
        If the system refuses the write.
    """
    check_name(path)
    cast = votes.filter(pl.col("choice").is_in(list(CHOICES)))
    if cast.is_empty():
        raise UsageError("expected a roll call in which somebody voted, got none", where="--out")
    return save(_rollcall(cast, cuts, title, subtitle, named), path)


def spread(values: Sequence[float], gap: float) -> list[float]:
    """Places for labels at `values`, at least `gap` apart, moved as little as that allows, in the same order."""
    order = sorted(range(len(values)), key=values.__getitem__)
    blocks: list[list[float]] = []  # sum of wished first places, labels
    for rank, place in enumerate(order):
        blocks.append([values[place] - rank * gap, 1.0])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            wished, count = blocks.pop()
            blocks[-1][0] += wished
            blocks[-1][1] += count
    firsts = [wished / count for wished, count in blocks for _ in range(int(count))]
    placed = [0.0] * len(values)
    for rank, place in enumerate(order):
        placed[place] = firsts[rank] + rank * gap
    return placed


def _with_runs(frame: pl.DataFrame) -> pl.DataFrame:
    """Number the stretches without a gap of each state, so that no line crosses a gap."""
    ordered = frame.sort("year", maintain_order=True)
    new = (pl.col("year").diff().over("actor").fill_null(1) > 1).cast(pl.Int32)
    return ordered.with_columns(run=new.cum_sum().over("actor"))


def _positions(frame: pl.DataFrame, states: list[str], names: dict[str, str], title: str, subtitle: str) -> Any:
    low, high = float(str(frame["lo90"].min())), float(str(frame["hi90"].max()))
    first, last = int(str(frame["year"].min())), int(str(frame["year"].max()))
    colours = dict(zip(states, COLOURS, strict=False))
    alone = (pl.len().over("actor", "run") == 1).alias("alone")  # a line through one year shows nothing
    shown = frame.select("actor", "year", "run", alone, *(pl.col(name).round(4) for name in ("theta", "lo90", "hi90")))
    data = alt.InlineData(values=[{**row, "ink": colours[row["actor"]]} for row in shown.to_dicts()])
    x = alt.X("year:Q").title(None).scale(domain=[first, max(last, first + 1)], nice=False)
    x = x.axis(format="d", grid=False, tickCount=8, domainColor=RULE, tickColor=RULE, labelColor=QUIET)
    y = alt.Y("theta:Q").scale(domain=[low, high], nice=True, zero=False).title("position")
    y = y.axis(
        grid=True, gridColor=_GRID, domain=False, ticks=False, labelColor=QUIET, titleColor=QUIET, tickCount=6,
        titleFontWeight="normal", labelExpr=_MINUS,
    )  # fmt: skip
    ink = alt.Color("ink:N").scale(None)
    base = alt.Chart(data).encode(x, ink, detail=["actor:N", "run:N"])
    layers = [
        base.mark_area(opacity=0.16).encode(y.stack(None), alt.Y2("hi90:Q")).transform_calculate(theta="datum.lo90"),
        base.mark_line(strokeWidth=2, strokeJoin="round").encode(y),
        base.mark_rule(opacity=0.4, strokeWidth=2)
        .encode(alt.Y("lo90:Q"), alt.Y2("hi90:Q"))
        .transform_filter("datum.alone"),
        base.mark_point(filled=True, size=16, opacity=1).encode(y).transform_filter("datum.alone"),
        *_ends(shown, states, names, colours, (low, high)),
    ]
    return _styled(alt.layer(*layers).properties(width=_WIDE, height=_HIGH), title, subtitle)


def _ends(
    frame: pl.DataFrame, states: list[str], names: dict[str, str], colours: dict[str, str], span: tuple[float, float]
) -> list[Any]:
    """Names at the ends of lines, moved apart where lines end together."""
    ends = frame.sort("year").group_by("actor", maintain_order=True).last().sort("actor")
    by_actor = {row["actor"]: row for row in ends.to_dicts()}
    unit = (span[1] - span[0]) / _HIGH
    last = max(row["year"] for row in by_actor.values())
    late = [state for state in states if by_actor[state]["year"] > last - 4]
    placed = dict(zip(late, spread([by_actor[state]["theta"] for state in late], _LABEL * unit), strict=True))
    rows = [
        {
            "year": last if state in placed else by_actor[state]["year"],
            "theta": placed.get(state, by_actor[state]["theta"]),
            "name": names.get(state, state),
            "ink": colours[state],
        }
        for state in states
    ]
    text = alt.Chart(alt.InlineData(values=rows)).mark_text(align="left", dx=7, fontSize=12, fontWeight=600, clip=False)
    return [text.encode(alt.X("year:Q"), alt.Y("theta:Q"), alt.Text("name:N"), alt.Color("ink:N").scale(None))]


@dataclass(frozen=True)
class _Plane:
    """Where positions and stripes lie: thetas from `low`, one pixel being `unit` of it."""

    low: float
    unit: float

    def x(self, field: str = "theta") -> alt.X:
        scale = alt.Scale(domain=[self.low, self.low + _WIDE * self.unit], nice=False, zero=False)
        axis = alt.Axis(
            grid=False, domainColor=RULE, tickColor=RULE, labelColor=QUIET, titleColor=QUIET, titleFontWeight="normal",
            tickCount=8, labelExpr=_MINUS,
        )  # fmt: skip
        return alt.X(f"{field}:Q").scale(scale).title("position").axis(axis)

    def y(self, field: str = "y") -> alt.Y:
        scale = alt.Scale(domain=[0, 3 * _STRIPE], nice=False, zero=True, reverse=True)
        return alt.Y(f"{field}:Q").scale(scale).axis(None)

    def pixel(self, theta: float) -> float:
        return (theta - self.low) / self.unit


def _rollcall(votes: pl.DataFrame, cuts: tuple[float, float], title: str, subtitle: str, named: Sequence[str]) -> Any:
    low, high = _ends_of(votes, cuts)
    plane = _Plane(low, (high - low) / _WIDE)
    dots = _dots(votes, plane)
    layers = [
        *_regions(cuts, (low, high), plane),
        _points(dots, plane),
        *_names(dots, cuts, named, plane),
        _stripes(votes, plane),
    ]
    return _styled(alt.layer(*layers).properties(width=_WIDE, height=3 * _STRIPE), title, subtitle)


def _ends_of(votes: pl.DataFrame, cuts: tuple[float, float]) -> tuple[float, float]:
    """Ends of the axis: all states, and the lines unless they lie far outside."""
    low, high = float(str(votes["theta"].min())), float(str(votes["theta"].max()))
    room = max(high - low, 0.5)
    near = [cut for cut in cuts if low - 0.3 * room <= cut <= high + 0.3 * room]
    return min([low, *near]) - 0.06 * room, max([high, *near]) + 0.06 * room


def _dots(votes: pl.DataFrame, plane: _Plane) -> list[dict[str, Any]]:
    """Each state's dot, stacked away from the middle of its stripe where dots would lie on each other."""
    rows: list[dict[str, Any]] = []
    for stripe, choice in enumerate(CHOICES):
        mine = votes.filter(pl.col("choice") == choice).sort("theta", "actor").to_dicts()
        at = [plane.pixel(row["theta"]) for row in mine]
        for row, offset in zip(mine, stacked(at, _DOT, 0.45 * _STRIPE), strict=True):
            kept = {key: row[key] for key in ("actor", "name", "choice", "theta")}
            rows.append({**kept, "y": (stripe + 0.5) * _STRIPE + offset, "ink": CHOICES[choice]})
    return rows


def stacked(at: Sequence[float], size: float, most: float) -> list[float]:
    """How far off a middle line to put dots at `at` (sorted), so that none lies on another while there is room.

    Parameters
    ----------
    at : sequence of float
        Places along the line, sorted.
    size, most : float
        Diameter of a dot, and how far off it may lie; where there is no room it lies there on others.
    """
    steps = [0.0, *(sign * step * size / 2 for step in range(1, int(2 * most / size) + 1) for sign in (1.0, -1.0))]
    placed: list[float] = []
    for number, one in enumerate(at):
        near = [(one - at[k], placed[k]) for k in range(number - 1, -1, -1) if one - at[k] < size]
        free = (step for step in steps if all(apart**2 + (step - off) ** 2 >= size**2 for apart, off in near))
        placed.append(next(free, steps[number % len(steps)]))
    return placed


def _points(dots: list[dict[str, Any]], plane: _Plane) -> Any:
    mark = alt.Chart(alt.InlineData(values=dots)).mark_circle(size=44, opacity=0.9, stroke="#ffffff", strokeWidth=0.6)
    return mark.encode(plane.x(), plane.y(), alt.Color("ink:N").scale(None))


def expected(theta: float, cuts: tuple[float, float]) -> str:
    """Choice that a position lets expect, from the side of the lines (see `rollcall_chart`) on which it is."""
    sign = 1.0 if cuts[0] <= cuts[1] else -1.0
    if sign * theta < sign * cuts[0]:
        return "yes"
    return "abstain" if sign * theta < sign * cuts[1] else "no"


def _regions(cuts: tuple[float, float], span: tuple[float, float], plane: _Plane) -> list[Any]:
    """The lines, and what is expected between them."""
    if not all(isfinite(cut) for cut in cuts):
        return []
    low, high = span
    inside = sorted({cut for cut in cuts if low < cut < high})
    edges = [low, *inside, high]
    choices = [expected((left + right) / 2, cuts) for left, right in pairwise(edges)]
    bands = [(left, right, choice) for (left, right), choice in zip(pairwise(edges), choices, strict=True)]
    drawn = [
        {"theta": left, "end": right, "y": 0, "low": 3 * _STRIPE, "ink": CHOICES[each]} for left, right, each in bands
    ]
    labels = [
        {"theta": (left + right) / 2, "y": -9, "says": said, "ink": CHOICES[choice]}
        for left, right, choice in bands
        if (said := _said(choice, (right - left) / plane.unit))
    ]
    ink = alt.Color("ink:N").scale(None)
    area = alt.Chart(alt.InlineData(values=drawn)).mark_rect(opacity=0.09)
    lines = alt.Chart(alt.InlineData(values=[{"theta": cut} for cut in inside]))
    text = alt.Chart(alt.InlineData(values=labels)).mark_text(fontSize=11, clip=False)
    return [
        area.encode(plane.x(), alt.X2("end:Q"), plane.y(), alt.Y2("low:Q"), ink),
        lines.mark_rule(color=INK, strokeWidth=1.2, strokeDash=[5, 3]).encode(plane.x()),
        text.encode(plane.x(), plane.y(), alt.Text("says:N"), ink),
    ]


def _said(choice: str, wide: float) -> str:
    """What to write over a region, as far as there is room."""
    return next((text for text in (f"{choice} expected", choice) if wide > 6.2 * len(text)), "")


def _names(dots: list[dict[str, Any]], cuts: tuple[float, float], named: Sequence[str], plane: _Plane) -> list[Any]:
    """Labels of the states asked for and of those on the unexpected side of a line, farthest first."""
    off = sorted(((_beyond(dot, cuts), dot["actor"]) for dot in dots), key=lambda pair: (-pair[0], pair[1]))
    chosen = {actor for beyond, actor in off[:_SURPRISES] if beyond > _CLEAR} | set(named)
    lines = [_Box(plane.pixel(cut), 1.5 * _STRIPE, 3.0, 3 * _STRIPE) for cut in cuts if isfinite(cut)]
    rows = _placed([dot for dot in dots if dot["actor"] in chosen], dots, lines, plane)
    if not rows:
        return []
    data = alt.InlineData(values=rows)
    line = alt.Chart(data).mark_rule(color=INK, strokeWidth=0.7, opacity=0.7)
    ring = alt.Chart(data).mark_point(size=62, color=INK, strokeWidth=1.4, filled=False, opacity=1)
    text = alt.Chart(data).mark_text(fontSize=11, color=INK, clip=False)
    return [
        line.encode(plane.x(), alt.X2("to:Q"), plane.y(), alt.Y2("near:Q")),
        ring.encode(plane.x(), plane.y()),
        text.encode(plane.x("at"), plane.y("label"), alt.Text("name:N")),
    ]


def _beyond(dot: Mapping[str, Any], cuts: tuple[float, float]) -> float:
    """How far a state is from where its choice would be expected, in positions; 0 where it is."""
    if not all(isfinite(cut) for cut in cuts):
        return 0.0
    sign = 1.0 if cuts[0] <= cuts[1] else -1.0
    theta, first, second = (sign * value for value in (dot["theta"], *cuts))
    if dot["choice"] == "yes":
        return max(0.0, theta - first)
    return max(0.0, second - theta) if dot["choice"] == "no" else max(0.0, first - theta, theta - second)


def _placed(
    chosen: list[dict[str, Any]], dots: list[dict[str, Any]], lines: list[_Box], plane: _Plane
) -> list[dict[str, Any]]:
    """A free place for each label near its dot: on no dot, line or other label, inside the chart."""
    taken = [*lines, *(_Box(plane.pixel(dot["theta"]), dot["y"], 7.0, 7.0) for dot in dots)]
    rows = []
    for dot in sorted(chosen, key=lambda dot: (dot["y"], dot["theta"])):
        here, wide = plane.pixel(dot["theta"]), 6.0 * len(dot["name"]) + 6.0
        boxes = [_Box(here + dx, dot["y"] + dy, wide, 13.0) for dx, dy in _around(wide)]
        inside = [box for box in boxes if box.inside(_WIDE, 3 * _STRIPE)] or boxes
        box = min(inside, key=lambda box: (sum(box.over(other) for other in taken), inside.index(box)))
        taken.append(box)
        above = abs(box.y - dot["y"]) > 10
        near = box.y + (8.0 if box.y < dot["y"] else -8.0) if above else dot["y"]
        at = plane.low + box.x * plane.unit
        spot = {"at": at, "label": box.y, "near": near, "to": at if above else dot["theta"]}
        rows.append({"actor": dot["actor"], "name": dot["name"], "theta": dot["theta"], "y": dot["y"], **spot})
    return rows


def _around(wide: float) -> list[tuple[float, float]]:
    """Offsets of a label from its dot, nearest first."""
    side = wide / 2 + 5
    beside = [(side, 0.0), (-side, 0.0)]
    across = (0.0, side / 2, -side / 2, side, -side)
    return beside + [
        (dx, sign * dy) for dy in (14.0, 20.0, 28.0, 38.0, 50.0, 64.0) for dx in across for sign in (-1, 1)
    ]


@dataclass(frozen=True)
class _Box:
    """A rectangle by its middle, in pixels."""

    x: float
    y: float
    wide: float
    high: float

    def over(self, other: _Box) -> bool:
        return (
            abs(self.x - other.x) < (self.wide + other.wide) / 2
            and abs(self.y - other.y) < (self.high + other.high) / 2
        )

    def inside(self, wide: float, high: float) -> bool:
        return self.wide / 2 <= self.x <= wide - self.wide / 2 and self.high / 2 <= self.y <= high - self.high / 2


def _stripes(votes: pl.DataFrame, plane: _Plane) -> Any:
    """Names of the stripes with the number of votes."""
    counts = dict(votes.group_by("choice").len().rows())
    rows = [
        {"theta": plane.low, "y": (stripe + 0.5) * _STRIPE, "says": f"{choice} {counts.get(choice, 0)}", "ink": ink}
        for stripe, (choice, ink) in enumerate(CHOICES.items())
    ]
    text = alt.Chart(alt.InlineData(values=rows)).mark_text(
        align="right", dx=-8, fontSize=13, fontWeight=600, clip=False
    )
    return text.encode(plane.x(), plane.y(), alt.Text("says:N"), alt.Color("ink:N").scale(None))


def _styled(chart: Any, title: str, subtitle: str) -> Any:
    heading = alt.Title(
        title, subtitle=subtitle, anchor="start", color=INK, subtitleColor=QUIET, fontSize=15, subtitleFontSize=12,
        subtitlePadding=4, offset=16,
    )  # fmt: skip
    styled = chart.properties(title=heading, padding={"left": 14, "right": 14, "top": 12, "bottom": 12})
    styled = styled.configure(font=_FONT, background="#ffffff").configure_view(stroke=None)
    return styled.configure_axis(labelFontSize=12, titleFontSize=12, labelPadding=6)
