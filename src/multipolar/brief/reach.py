"""A chart of what sources say of actors, year by year: one panel a source, actors (or kinds) down, years across."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import altair as alt
import polars as pl

from multipolar.brief.charts import INK, LINE, QUIET, RULE
from multipolar.brief.save import check_name, save
from multipolar.errors import UsageError

#: Rows of actors that can be told apart on one chart.
MOST_ROWS: Final = 400
_WIDE: Final = 620
_ROW: Final = 10


def draw(years: pl.DataFrame, path: Path, *, title: str) -> Path:
    """Write the chart as SVG or PNG, by the ending of the name.

    Parameters
    ----------
    years : DataFrame
        As `record.actor_years`: source, kind, actor, year, statements.
    path : Path
        Where to; ends in .svg or .png.
    title : str
        Over the chart.

    Raises
    ------
    UsageError
        If the name ends otherwise, there is nothing to draw, or there are more rows than can be told apart.
    RecordError
        If the system refuses the write.
    """
    check_name(path)
    rows = years.group_by("source", "actor", "year").agg(pl.col("statements").sum()).sort("source", "actor", "year")
    lines = rows.select("source", "actor").n_unique()
    if not 0 < lines <= MOST_ROWS:
        hint = "Name actors, or sources with --source."
        raise UsageError(
            f"expected 1 to {MOST_ROWS} lines of sources and actors, got {lines:,}", where="--out", hint=hint
        )
    return save(_chart(rows, title), path)


def _chart(rows: pl.DataFrame, title: str) -> Any:
    first, last = int(str(rows["year"].min())), int(str(rows["year"].max()))
    x = alt.X("year:Q").title(None).scale(domain=[first, last + 1], nice=False).axis(format="d", grid=False)
    most = int(str(rows["statements"].max()))
    scale = alt.Scale(type="log", domain=[1, max(most, 2)], range=["#c9dcee", LINE])
    colour = alt.Color("statements:Q").scale(scale).title("statements in a year")
    panels = [
        _panel(str(source), frame, x, colour) for (source,), frame in rows.group_by("source", maintain_order=True)
    ]
    return (
        alt.vconcat(*panels, spacing=14)
        .properties(title=alt.Title(title, anchor="start", color=INK))
        .configure_axis(labelColor=QUIET, tickColor=RULE, domainColor=RULE, labelFontSize=8)
        .configure_view(stroke=None)
    )


def _panel(source: str, rows: pl.DataFrame, x: alt.X, colour: alt.Color) -> Any:
    """One source: a line an actor."""
    data = alt.InlineData(values=rows.with_columns(end=pl.col("year") + 1).to_dicts())
    y = alt.Y("actor:N").title(None).axis(ticks=False, domain=False)
    high = _ROW * rows["actor"].n_unique()
    heading = alt.Title(source, anchor="start", fontSize=10, fontWeight="normal", color=INK)
    mark = alt.Chart(data).mark_rect().encode(x=x, x2="end:Q", y=y, color=colour)
    return mark.properties(width=_WIDE, height=high, title=heading)
