"""Charts of architectures: who is bound to whom how deep, and figures or positions over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import altair as alt
import polars as pl

from multipolar.architectures import RUNGS, Report
from multipolar.brief.charts import INK, QUIET, RULE
from multipolar.brief.save import check_name, save
from multipolar.brief.votes import COLOURS, MOST_LINES, spread
from multipolar.errors import UsageError

#: Fill of each rung: from paper to dark, so that order can be seen without colour too.
DEPTHS: Final = dict(zip(RUNGS, ("#f1eee7", "#d6dfe4", "#a9c3d3", "#5f93b5", "#1f4e79"), strict=True))
#: Mark of a pair that stands against each other.
AGAINST: Final = "#c2410c"
_FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_GRID: Final = "#ece8df"
_MINUS: Final = "datum.value < 0 ? '−' + (-datum.value) : datum.value"
_WIDE, _HIGH, _LABEL = 640, 340, 15


def matrix_chart(found: Report, path: Path, *, names: Mapping[str, str] | None = None) -> Path:
    """Draw the coverage matrix: a cell a pair of members, by depth; a dot where the two stand against each other.

    Parameters
    ----------
    found : Report
        Its members are put so that those bound deepest stand together.
    path : Path
        Where to; ends in .svg or .png.
    names : mapping of str to str, optional
        What to call the states; their ids by default.

    Raises
    ------
    UsageError
        If the name ends otherwise.
    RecordError
        If the system refuses the write.
    """
    check_name(path)
    order = ordered(found)
    called = [(names or {}).get(actor, actor) for actor in order]
    place = dict(zip(order, called, strict=True))
    values = [
        {"x": place[one], "y": place[other], "rung": row["rung"], "against": _stands_against(row)}
        for row in found.between.to_dicts()
        for one, other in ((row["a"], row["b"]), (row["b"], row["a"]))
    ]
    return save(_matrix(values, called, found), path)


def lines_chart(rows: Sequence[Mapping[str, Any]], path: Path, *, title: str, subtitle: str = "") -> Path:
    """Draw figures over time with 90 % bands, a line a name.

    Parameters
    ----------
    rows : sequence of mappings
        name, month, value, lo90 and hi90. Months without a row are gaps.
    path : Path
        Where to; ends in .svg or .png.
    title, subtitle : str
        Over the chart.

    Raises
    ------
    UsageError
        If the name ends otherwise, or there are no lines or more than can be told apart.
    RecordError
        If the system refuses the write.
    """
    check_name(path)
    wanted = ("name", "month", "value", "lo90", "hi90")
    frame = pl.DataFrame([{key: row[key] for key in wanted} for row in rows], infer_schema_length=None)
    lines = frame["name"].unique(maintain_order=True).to_list() if frame.height else []
    if not 0 < len(lines) <= MOST_LINES:
        hint = f"Choose up to {MOST_LINES}; more lines cannot be told apart."
        raise UsageError(f"expected 1 to {MOST_LINES} lines on a chart, got {len(lines)}", where="--out", hint=hint)
    return save(_lines(_with_runs(frame), lines, title, subtitle), path)


def ordered(found: Report) -> list[str]:
    """Members so that those bound deepest stand together: each next one is bound deepest to those before it."""
    depth = {frozenset((a, b)): deep for a, b, deep in found.between.select("a", "b", "depth").rows()}
    left = list(found.members.ids)
    total = {one: sum(depth[frozenset((one, other))] for other in left if other != one) for one in left}
    placed = [max(left, key=lambda one: (total[one], one))]
    left.remove(placed[0])
    while left:
        near = {one: sum(depth[frozenset((one, other))] ** 2 for other in placed) for one in left}
        placed.append(max(left, key=lambda one: (near[one], total[one], one)))
        left.remove(placed[-1])
    return placed


def _stands_against(row: Mapping[str, Any]) -> bool:
    """Whether a pair has a live dispute, a pact against each other, or a tie that is more likely negative than not."""
    return bool(row["dispute"] or row["pact"] or (row["mean"] is not None and row["mean"] < 0))


def _matrix(values: list[dict[str, Any]], called: list[str], found: Report) -> Any:
    cell = max(10, min(26, 620 // len(called)))
    look: dict[str, Any] = {
        "domain": False,
        "ticks": False,
        "labelColor": INK,
        "labelFontSize": min(12, cell),
        "labelPadding": 4,
    }
    x = alt.X("x:N").title(None).sort(called).axis(orient="top", labelAngle=-60, **look)
    y = alt.Y("y:N").title(None).sort(called).axis(**look)
    rungs = [rung for rung in RUNGS if any(row["rung"] == rung for row in values)]
    fill = alt.Color("rung:N").scale(domain=rungs, range=[DEPTHS[rung] for rung in rungs]).sort(rungs)
    legend = alt.Legend(
        title=None, orient="bottom", labelColor=INK, labelFontSize=12, symbolType="square", symbolSize=160
    )
    base = alt.Chart(alt.InlineData(values=values)).encode(x, y)
    layers = [
        base.mark_rect(stroke="#fdfcf9", strokeWidth=1.5).encode(fill.legend(legend)),
        base.mark_point(filled=True, size=cell * 1.6, color=AGAINST, opacity=1).transform_filter("datum.against"),
    ]
    drawn = alt.layer(*layers).properties(width=cell * len(called), height=cell * len(called))
    under = "Deepest obligation told; a dot: negative tie, live dispute or pact against each other"
    return _styled(drawn, f"{found.architecture.title}, {found.month:%Y-%m}", under)


def _with_runs(frame: pl.DataFrame) -> pl.DataFrame:
    """Number the stretches without a gap, so that no line crosses one: a gap is longer than the shortest step twice."""
    ordered_ = frame.sort("month", maintain_order=True)
    step = pl.col("month").diff().dt.total_days().over("name")
    usual = step.min().over("name").fill_null(31)
    new = (step > 1.5 * usual + 5).fill_null(True).cast(pl.Int32)
    return ordered_.with_columns(run=new.cum_sum().over("name"))


def _lines(frame: pl.DataFrame, lines: list[str], title: str, subtitle: str) -> Any:
    low, high = float(str(frame["lo90"].min())), float(str(frame["hi90"].max()))
    colours = dict(zip(lines, COLOURS, strict=False))
    shown = frame.with_columns(pl.col("month").dt.to_string("%Y-%m-%d"), pl.col("value", "lo90", "hi90").round(4))
    data = alt.InlineData(values=[{**row, "ink": colours[row["name"]]} for row in shown.to_dicts()])
    ends = [str(shown["month"].min()), str(shown["month"].max())]
    x = alt.X("month:T").title(None).scale(domain=ends, nice=False)
    x = x.axis(format="%Y", grid=False, tickCount=8, domainColor=RULE, tickColor=RULE, labelColor=QUIET)
    y = alt.Y("value:Q").scale(domain=[min(low, 0.0), max(high, 0.0)], nice=True, zero=False).title(None)
    y = y.axis(grid=True, gridColor=_GRID, domain=False, ticks=False, labelColor=QUIET, tickCount=6, labelExpr=_MINUS)
    ink = alt.Color("ink:N").scale(None)
    base = alt.Chart(data).encode(x, ink, detail=["name:N", "run:N"])
    layers = [
        alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule(color="#b9b3a6").encode(y=alt.Y("zero:Q")),
        base.mark_area(opacity=0.16).encode(y.stack(None), alt.Y2("hi90:Q")).transform_calculate(value="datum.lo90"),
        base.mark_line(strokeWidth=2, strokeJoin="round").encode(y),
        _names(frame, lines, colours, (min(low, 0.0), max(high, 0.0))),
    ]
    return _styled(alt.layer(*layers).properties(width=_WIDE, height=_HIGH), title, subtitle)


def _names(frame: pl.DataFrame, lines: list[str], colours: dict[str, str], span: tuple[float, float]) -> Any:
    """Names at the ends of lines, moved apart where lines end together."""
    last = {row["name"]: row for row in frame.sort("month").group_by("name").last().to_dicts()}
    unit = (span[1] - span[0]) / _HIGH
    placed = spread([last[name]["value"] for name in lines], _LABEL * unit)
    rows = [
        {"month": f"{last[name]['month']}", "value": at, "name": name, "ink": colours[name]}
        for name, at in zip(lines, placed, strict=True)
    ]
    text = alt.Chart(alt.InlineData(values=rows)).mark_text(align="left", dx=7, fontSize=12, fontWeight=600, clip=False)
    return text.encode(alt.X("month:T"), alt.Y("value:Q"), alt.Text("name:N"), alt.Color("ink:N").scale(None))


def _styled(chart: Any, title: str, subtitle: str) -> Any:
    head = alt.Title(
        title, subtitle=subtitle, anchor="start", frame="group", color=INK, subtitleColor=QUIET, fontSize=15,
        subtitleFontSize=12, subtitlePadding=4, offset=16,
    )  # fmt: skip
    styled = chart.properties(title=head, padding={"left": 14, "right": 14, "top": 12, "bottom": 12})
    styled = styled.configure(font=_FONT, background="#ffffff").configure_view(stroke=None)
    return styled.configure_axis(labelFontSize=12, titleFontSize=12, labelPadding=6)
