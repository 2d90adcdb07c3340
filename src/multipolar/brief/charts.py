"""Charts as SVG text: drawn by Altair, turned to SVG by vl-convert, made safe to stand together on one page.

Charts are made 340 or 380 px wide with text of 12 px, so that they can be read on a narrow screen; the page sets them in columns
of about that width. They need no script, no font and no other file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape
from typing import Any, Final

import altair as alt
import vl_convert as vlc

from multipolar.brief.model import Around, MeasurePart, Neighbour, PairPart
from multipolar.brief.shapes import world_atlas
from multipolar.brief.words import WORDS, number, word_for

WIDTH: Final = 380
#: Width of the charts that stand in cards.
CARD: Final = 340
INK: Final = "#26323f"
QUIET: Final = "#6b7680"
RULE: Final = "#d9d5cc"
LINE: Final = "#1f4e79"
BAND: Final = "#7fa8cc"
#: Fill of states without enough evidence; the pattern is part of the SVG.
HATCH: Final = "url(#hatch)"
_PATTERN: Final = (
    '<defs><pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="4" height="4" fill="#fbfaf7"/><rect width="1" height="4" fill="#c4bfb4"/></pattern></defs>'
)
_FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_VERSION: Final = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])


def tie_range(pairs: Sequence[PairPart]) -> tuple[float, float]:
    """One scale for all pairs: wide enough for every band, and for the words from hostile to close."""
    points = [point for pair in pairs for point in pair.points]
    low = min((point.lo90 for point in points if point.lo90 is not None), default=0.0)
    high = max((point.hi90 for point in points if point.hi90 is not None), default=0.0)
    return min(low, -1.25), max(high, 1.25)


def pair_chart(pair: PairPart, span: tuple[float, float], key: str) -> str:
    """The tie of a pair month by month, with 50 and 90 % bands and gaps where too little is known."""
    rows, run = [], 0
    for point in pair.points:
        if point.mean is None:
            run += 1
            continue
        rows.append({"month": point.month.isoformat(), "run": run, **_bounds(point)})
    data = _inline(rows)
    first, last = pair.points[0].month, pair.points[-1].month
    x = alt.X("month:T").title(None).scale(domain=[first.isoformat(), last.isoformat()]).axis(
        format="%Y", tickCount=6, grid=False, domainColor=RULE, tickColor=RULE, labelColor=QUIET
    )  # fmt: skip
    y = alt.Y("mean:Q").title(None).scale(domain=list(span), nice=False, zero=False)
    axis = alt.Axis(
        values=[-3, -2, -1, 0, 1, 2, 3], grid=True, gridColor="#ece8df", domain=False, ticks=False, labelColor=QUIET,
        labelExpr="datum.value < 0 ? '−' + (-datum.value) : datum.value",
    )  # fmt: skip
    base = alt.Chart(data).encode(x, detail="run:N")
    layers = [
        alt.Chart(_inline([{"zero": 0}])).mark_rule(color="#b9b3a6").encode(y=alt.Y("zero:Q")),
        base.mark_area(color=BAND, opacity=0.35)
        .encode(y.axis(axis), alt.Y2("hi90:Q"))
        .transform_calculate(mean="datum.lo90"),
        base.mark_area(color=BAND, opacity=0.65)
        .encode(y.axis(axis), alt.Y2("hi50:Q"))
        .transform_calculate(mean="datum.lo50"),
        base.mark_line(color=LINE, strokeWidth=2).encode(y.axis(axis)),
    ]
    return svg(alt.layer(*layers).properties(width=CARD - 32, height=150), key)


def _bounds(point: Any) -> dict[str, float]:
    return {name: round(getattr(point, name), 3) for name in ("mean", "lo50", "hi50", "lo90", "hi90")}


def ranking_chart(neighbours: Sequence[Neighbour], span: tuple[float, float], key: str) -> str:
    """Partners as dots with 90 % intervals, in the order given."""
    rows = [
        {"name": one.name, "mean": one.tie.value, "lo": one.tie.lo90, "hi": one.tie.hi90, "ink": word_for(one.tie.value).colour}
        for one in neighbours
    ]  # fmt: skip
    axis = alt.Axis(
        orient="top", tickCount=5, grid=True, gridColor="#ece8df", domain=False, ticks=False, labelColor=QUIET,
        labelExpr="datum.value < 0 ? '−' + (-datum.value) : datum.value",
    )  # fmt: skip
    return _dots(rows, alt.Scale(domain=list(span), nice=False), axis, key)


def isolation_chart(parts: Sequence[MeasurePart], key: str) -> str:
    """Isolation of each state as a dot with its 90 % interval on a scale from 0 to 100 %."""
    rows = [
        {"name": part.name, "mean": part.figure.value, "lo": part.figure.lo90, "hi": part.figure.hi90, "ink": LINE}
        for part in parts
        if part.figure
    ]
    axis = alt.Axis(
        orient="top", format="%", values=[0, 0.25, 0.5, 0.75, 1], grid=True, gridColor="#ece8df", domain=False, ticks=False,
        labelColor=QUIET,
    )  # fmt: skip
    return _dots(rows, alt.Scale(domain=[0, 1]), axis, key)


def _dots(rows: list[dict[str, Any]], scale: alt.Scale, axis: alt.Axis, key: str) -> str:
    wide = min(150, max(round(7.2 * len(row["name"])) for row in rows) + 8)
    base = alt.Chart(_inline(rows)).encode(
        alt.Y("name:N").sort(None).title(None).axis(
            domain=False, ticks=False, labelColor=INK, labelLimit=150, minExtent=wide, maxExtent=wide, labelOverlap=False
        )
    )  # fmt: skip
    rule = base.mark_rule(color="#a7b0b8", strokeWidth=2).encode(
        alt.X("lo:Q").title(None).scale(scale).axis(axis), alt.X2("hi:Q")
    )
    dot = base.mark_point(filled=True, size=70, opacity=1, stroke=INK, strokeWidth=0.8).encode(
        alt.X("mean:Q"), alt.Fill("ink:N").scale(None)
    )
    return svg(alt.layer(rule, dot).properties(width=WIDTH - 20 - wide, height=alt.Step(22)), key)


def map_chart(around: Around, key: str) -> str:
    """Ties of one state on a map of the world (equal areas); hatched where too little is known."""
    ties = {one.id: one for one in around.neighbours}
    atlas = world_atlas()
    for shape in atlas["objects"]["countries"]["geometries"]:
        properties = shape["properties"]
        properties["fill"], properties["says"] = _state(around, ties.get(properties["actor"]), properties)
    data = alt.InlineData(values=atlas, format=alt.TopoDataFormat(type="topojson", feature="countries"))
    drawn = (
        alt.Chart(data)
        .mark_geoshape(stroke="#ffffff", strokeWidth=0.4)
        .encode(
            alt.Fill("properties.fill:N").scale(None).legend(None), alt.Description("properties.says:N")
        )
        .project(type="equalEarth")
        .properties(width=2 * WIDTH, height=0.86 * WIDTH)
    )  # fmt: skip
    return svg(drawn, key, named=True)


def _state(around: Around, partner: Neighbour | None, properties: dict[str, Any]) -> tuple[str, str]:
    if properties["actor"] == around.actor:
        return INK, around.name
    if partner is None:
        return HATCH, f"{properties['name']}: not enough evidence"
    tie = partner.tie
    says = f"{partner.name}: {partner.word}, {number(tie.value)} ({number(tie.lo90)} to {number(tie.hi90)})"
    return word_for(tie.value).colour, says


def _inline(rows: list[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=rows)


def legend() -> list[tuple[str, str, str]]:
    """Name, stretch of the scale and colour of each word."""
    return [(word.name, word.range, word.colour) for word in WORDS]


def svg(chart: Any, key: str, *, named: bool = False) -> str:
    """Turn a chart into SVG whose ids begin with `key`; `named` keeps the description of each mark as its title."""
    styled = chart.configure(font=_FONT, background="transparent", aria=named).configure_view(stroke=None)
    styled = styled.configure_axis(labelFontSize=12, titleFontSize=12, labelPadding=6)
    text: str = vlc.vegalite_to_svg(styled.to_dict(), vl_version=_VERSION, allowed_base_urls=[])
    return _tidy(text, key)


def _tidy(text: str, key: str) -> str:
    """Drop sizes, roles and needless decimals, keep titles, and make ids the chart's own."""
    text = re.sub(r' aria-label="([^"]*)"([^>]*?)/>', lambda found: _titled(found[1], found[2]), text)
    text = re.sub(r' (?:role|aria-[a-z]+|pointer-events|class|stroke-miterlimit)="[^"]*"', "", text)
    text = re.sub(r"(\d\.\d)\d+", r"\1", text)
    opening = r'<svg viewBox="\1" aria-hidden="true" focusable="false">' + (_PATTERN if HATCH in text else "")
    text = re.sub(r'<svg [^>]*viewBox="([^"]*)"[^>]*>', opening, text, count=1)
    return re.sub(r'(id="|url\(#|href="#)', rf"\1{key}-", text)


def _titled(label: str, rest: str) -> str:
    """A mark whose description shows when it is pointed at."""
    return f"{rest}><title>{escape(unescape(label))}</title></path>"
