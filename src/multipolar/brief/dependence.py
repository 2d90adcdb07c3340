"""Bars of dependence: how much of a flow a state would lose without each of its partners."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any, Final

import altair as alt
import vl_convert as vlc

from multipolar.brief.charts import INK, QUIET, RULE
from multipolar.brief.save import FORMATS, save
from multipolar.errors import RecordError, UsageError
from multipolar.measures import Measure, arrays
from multipolar.record.files import write_whole

#: Partners that are drawn.
MOST: Final = 12
ENDINGS: Final = (*FORMATS, ".html")
_WIDE, _STEP = 520, 26
_ASKED: Final = "#5f93b5"
_OTHER: Final = "#ccd5da"
_FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


def check_ending(path: Path) -> None:
    """Say now, and not after all the work, that bars cannot have this name.

    Raises
    ------
    UsageError
        If the name ends in none of .svg, .png and .html.
    """
    if path.suffix not in ENDINGS:
        raise UsageError(f"expected a file that ends in .svg, .png or .html, got {path.name!r}", where="--out")


def dependence_chart(
    found: Measure, path: Path, *, title: str, subtitle: str = "", names: Mapping[str, str] | None = None
) -> Path:
    """Draw how far a state depends on each of its partners, that asked for in colour, with 90 % intervals.

    Parameters
    ----------
    found : Measure
        As `measures.dependence` gives it.
    path : Path
        Where to; ends in .svg, .png or .html.
    title, subtitle : str
        Over the bars.
    names : mapping of str to str, optional
        What to call the partners; their ids by default.

    Raises
    ------
    UsageError
        If the name ends otherwise.
    RecordError
        If the system refuses the write.
    """
    check_ending(path)
    chart = _bars(rows(found, dict(names or {})), title, subtitle)
    if path.suffix != ".html":
        return save(chart, path)
    try:
        write_whole(path, _page(chart, title).encode())
    except OSError as error:
        raise RecordError.cannot_write(path, error) from error
    return path


def rows(found: Measure, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row a bar: name, value and 90 % interval of the dependence on that partner; the partner asked for first."""
    low, high = arrays.ELASTICITY_RANGE
    drawn = []
    for place, row in enumerate(found.detail.head(MOST).to_dicts()):
        value, least, most = (float(arrays.dependence(row["share"], at)) for at in (arrays.ELASTICITY, high, low))
        name = names.get(row["partner"], row["partner"])
        drawn.append({"name": name, "value": value, "lo90": least, "hi90": most, "asked": place == 0})
    return drawn


def _bars(drawn: list[dict[str, Any]], title: str, subtitle: str) -> Any:
    data = alt.InlineData(values=drawn)
    order = [row["name"] for row in sorted(drawn, key=lambda row: (-row["value"], row["name"]))]
    y = (
        alt.Y("name:N")
        .sort(order)
        .title(None)
        .axis(domain=False, ticks=False, labelColor=INK, labelFontSize=12, labelLimit=180)
    )
    top = max(row["hi90"] for row in drawn)
    x = alt.X("value:Q").scale(domain=[0, top or 1.0], nice=True).title("share of the gains lost without that partner")
    x = x.axis(
        format="%", grid=True, gridColor="#ece8df", domain=False, tickColor=RULE, labelColor=QUIET, titleColor=QUIET,
        titleFontWeight="normal",
    )  # fmt: skip
    ink = alt.Color("asked:N").scale(domain=[True, False], range=[_ASKED, _OTHER]).legend(None)
    base = alt.Chart(data)
    layers = [
        base.mark_bar(height=15).encode(x, y, ink),
        base.mark_rule(color=INK, strokeWidth=1.2).encode(alt.X("lo90:Q"), alt.X2("hi90:Q"), y),
    ]
    head = alt.TitleParams(
        title, subtitle=subtitle, anchor="start", fontSize=15, color=INK, subtitleColor=QUIET, font=_FONT, offset=12
    )
    made = alt.layer(*layers).properties(width=_WIDE, height=_STEP * len(drawn), title=head, background="#ffffff")
    return made.configure_view(stroke=None).configure(font=_FONT, padding=14)


def _page(chart: Any, title: str) -> str:
    """The drawing in a page that asks nothing of other hosts and runs no script."""
    version = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
    svg = vlc.vegalite_to_svg(chart.to_dict(), vl_version=version)
    head = f'<meta charset="utf-8"><title>{escape(title)}</title>'
    policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    return f'<!doctype html>\n<html lang="en"><head>{head}{policy}</head><body>{svg}</body></html>\n'
