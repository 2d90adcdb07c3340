"""A chart of how intervals hold: the share inside against the share there should be, by indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import altair as alt
import polars as pl

from multipolar.brief.charts import INK, RULE
from multipolar.brief.save import save

_LEVELS: Final = (50, 80, 90, 95)
_OTHER: Final = "#b8480f"


def calibration_chart(rows: Sequence[Mapping[str, Any]], path: Path) -> Path:
    """Draw shares inside intervals against what they should be, measured widths beside a normal distribution's.

    Parameters
    ----------
    rows : sequence of mappings
        With widths, indicator, decade, cells and inside_50 to inside_95; those of indicators and decades are drawn.
    path : Path
        Where to; ends in .svg or .png.

    Raises
    ------
    UsageError
        If the name ends otherwise.
    RecordError
        If the system refuses the write.
    """
    points = [
        {
            "of": "by indicator" if row["indicator"] else "by decade",
            "name": row["indicator"] or f"{row['decade']}s",
            "widths": row["widths"],
            "level": level,
            "inside": 100.0 * row[f"inside_{level}"],
            "cells": row["cells"],
        }
        for row in rows
        if (row["indicator"] is None) != (row["decade"] is None)
        for level in _LEVELS
    ]
    base = alt.Chart(pl.DataFrame(points)).properties(width=300, height=260)
    scale = alt.Scale(domain=[40, 100], zero=False, clamp=True)
    x = alt.X("level:Q", title="interval, %", scale=scale, axis=alt.Axis(values=list(_LEVELS)))
    y = alt.Y("inside:Q", title="hidden cells inside, %", scale=scale)
    ideal = alt.Chart(pl.DataFrame({"level": [40.0, 100.0], "inside": [40.0, 100.0]}))
    line = ideal.mark_line(color=RULE).encode(x=x, y=y)
    dots = base.mark_point(filled=True, opacity=0.75).encode(
        x=x,
        y=y,
        color=alt.Color(
            "widths:N", title="half-widths", scale=alt.Scale(domain=["measured", "normal"], range=[INK, _OTHER])
        ),
        size=alt.Size("cells:Q", legend=None, scale=alt.Scale(type="sqrt", range=[15, 160])),
    )
    both = ("by indicator", "by decade")
    panels = [alt.layer(line, dots.transform_filter(alt.datum.of == name)).properties(title=name) for name in both]
    return save(alt.hconcat(*panels).configure_view(stroke=None), path)
