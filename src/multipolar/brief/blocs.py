"""Pictures of blocs: the network, the camps on a map, the landscape; as SVG, PNG or one page.

A camp has the colour of its number, paler where it is less sure that a state shares a bloc with the others of its camp.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import cos, pi, sin, sqrt
from pathlib import Path
from typing import Any, Final

import altair as alt
import polars as pl

from multipolar.blocs import Blocs
from multipolar.brief.charts import INK, QUIET, RULE
from multipolar.brief.save import FORMATS, check_name, save
from multipolar.brief.shapes import world_atlas
from multipolar.brief.words import month_name
from multipolar.errors import UsageError

#: Colours of camps, those of most capability first (after Okabe & Ito 2008); further ones share the last.
CAMPS: Final = ("#1f6f8b", "#c2571a", "#2e8b57", "#8b4a8b", "#a88a12", "#6b7680")
#: Colours of friendly and hostile ties.
FRIENDLY: Final = "#2a6fb0"
HOSTILE: Final = "#b4442c"
#: States in the picture of the network, and ties that are drawn: those whose sign is at least so probable.
SHOWN: Final = 40
SURE: Final = 0.9
#: Minima in the picture of the landscape.
MINIMA: Final = 8
_WIDE: Final = 760
#: Pixels in a unit of the picture of the network.
_UNIT: Final = _WIDE / 2.3
_NOBODY: Final = "#e9e5dc"
_PALEST: Final = 0.35
_GRID: Final = "#ece8df"
_MINUS: Final = "datum.value < 0 ? '−' + (-datum.value) : datum.value"
_FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


def draw(found: Blocs, path: Path, *, names: Mapping[str, str] | None = None) -> Path:
    """Draw the three pictures into one file.

    Parameters
    ----------
    found : Blocs
    path : Path
        Where to; ends in .svg, .png or .html.
    names : mapping of str to str, optional
        What to call the states; their ids by default.

    Raises
    ------
    UsageError
        If the name ends otherwise.
    RecordError
        If the system refuses the write.
    """
    check_picture(path)
    called = dict(names or {})
    if path.suffix == ".html":
        from multipolar.brief.blocs_page import write

        return write(found, path, called)
    parts = [network_chart(found), camp_map(found, called)]
    if found.minima.height:
        parts.append(landscape_chart(found))
    return save(styled(alt.vconcat(*parts, spacing=36)), path)


def check_picture(path: Path) -> None:
    """Say now, and not after all the work, that the pictures cannot have this name.

    Raises
    ------
    UsageError
        If the name ends in none of .svg, .png and .html.
    """
    if path.suffix not in (*FORMATS, ".html"):
        raise UsageError(f"expected a file that ends in .svg, .png or .html, got {path.name!r}", where="--out")
    if path.suffix != ".html":
        check_name(path)


def styled(chart: Any) -> Any:
    """The chart with the look of the others."""
    return chart.configure(font=_FONT, background="#fdfcf9", padding=14).configure_view(stroke=None)


def _title(text: str, lines: Sequence[str]) -> alt.TitleParams:
    return alt.Title(
        text, subtitle=list(lines), anchor="start", color=INK, fontSize=15, subtitleColor=QUIET, subtitleFontSize=12
    )


def colour(camp: int, sure: float | None = 1.0) -> str:
    """Colour of a camp, mixed with white the less sure it is: at 0.5, chance, it is palest."""
    base = CAMPS[min(camp, len(CAMPS)) - 1]
    depth = _PALEST if sure is None else _PALEST + (1 - _PALEST) * min(max(2 * sure - 1, 0.0), 1.0)
    parts = (int(base[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(255 + (part - 255) * depth):02x}" for part in parts)


def network_chart(found: Blocs) -> Any:
    """States by camp, and the ties between them whose sign is known."""
    shown = found.states.head(SHOWN)
    places = _places(shown)
    rows = [_dot(row, *places[row["actor"]]) for row in shown.to_dicts()]
    low, high = min(y for _, y in places.values()) - 0.06, max(y for _, y in places.values()) + 0.08
    x, y = alt.X("x:Q").axis(None).scale(domain=[-1.15, 1.15]), alt.Y("y:Q").axis(None).scale(domain=[low, high])
    lines = alt.Chart(_inline(_edges(found.together, places))).mark_rule().encode(
        x, y, alt.X2("x2:Q"), alt.Y2("y2:Q"), alt.Color("ink:N").scale(None), alt.Opacity("strength:Q").scale(None),
        alt.StrokeDash("dash:N").scale(domain=["friendly", "hostile"], range=[[1, 0], [5, 3]]).legend(None),
    )  # fmt: skip
    base = alt.Chart(_inline(rows)).encode(x)
    dots = base.mark_circle(opacity=1, stroke="#ffffff", strokeWidth=1).encode(
        y, alt.Size("size:Q").scale(None), alt.Fill("fill:N").scale(None)
    )
    text = base.mark_text(fontSize=10, fontWeight=600, color=INK, baseline="bottom")
    text = text.encode(alt.Y("above:Q"), alt.Text("id:N"))
    title = _title(f"Camps and ties, {month_name(found.month)}", _says(found, len(rows)))
    return alt.layer(lines, dots, text).properties(width=_WIDE, height=(high - low) * _UNIT, title=title)


def _dot(row: Mapping[str, Any], x: float, y: float) -> dict[str, Any]:
    size = 50 + 2600 * (row["share"] or 0.0)
    above = y + (sqrt(size / pi) + 2) / _UNIT
    return {"id": row["actor"], "x": x, "y": y, "above": above, "size": size, "fill": colour(row["camp"], row["sure"])}


def _says(found: Blocs, shown: int) -> list[str]:
    of = (
        f"The {shown} most capable of {found.states.height} states"
        if shown < found.states.height
        else f"{shown} states"
    )
    return [
        f"{of}; larger dots have more capability, paler ones are less sure of their camp.",
        f"Lines are ties whose sign is at least {SURE:.0%} probable: blue friendly, red and broken hostile.",
    ]


def _places(shown: pl.DataFrame) -> dict[str, tuple[float, float]]:
    """Camps side by side on an ellipse, the states of each in a spiral around its middle, the most capable inside."""
    camps = sorted(set(shown["camp"]))
    places = {}
    for number, camp in enumerate(camps):
        turn = pi * (1 - 2 * number / len(camps))
        middle = (0.0, 0.0) if len(camps) == 1 else (0.6 * cos(turn), 0.6 * sin(turn))
        members = shown.filter(pl.col("camp") == camp)["actor"].to_list()
        for rank, actor in enumerate(members):
            far, angle = 0.09 * sqrt(rank + 0.4), rank * pi * (3 - sqrt(5))
            places[actor] = (middle[0] + far * cos(angle), middle[1] + far * sin(angle))
    return {actor: places[actor] for actor in shown["actor"]}


def _edges(pairs: pl.DataFrame, places: Mapping[str, tuple[float, float]]) -> list[dict[str, Any]]:
    known = pairs.filter((pl.col("positive") >= SURE) | (pl.col("positive") <= 1 - SURE))
    rows = []
    for row in known.sort(pl.col("mean").abs()).to_dicts():
        if row["a"] in places and row["b"] in places:
            (x, y), (x2, y2) = places[row["a"]], places[row["b"]]
            friendly = row["mean"] > 0
            rows.append({
                "x": x, "y": y, "x2": x2, "y2": y2, "ink": FRIENDLY if friendly else HOSTILE,
                "dash": "friendly" if friendly else "hostile", "strength": round(min(0.12 + 0.4 * abs(row["mean"]), 0.75), 3),
            })  # fmt: skip
    return rows


def camp_map(found: Blocs, names: Mapping[str, str]) -> Any:
    """The camps on a map of the world (equal areas)."""
    states = {row["actor"]: row for row in found.states.to_dicts()}
    atlas = world_atlas()
    for shape in atlas["objects"]["countries"]["geometries"]:
        row = states.get(shape["properties"]["actor"])
        shape["properties"]["fill"] = _NOBODY if row is None else colour(row["camp"], row["sure"])
        shape["properties"]["says"] = _described(shape["properties"]["name"], row, names)
    data = alt.InlineData(values=atlas, format=alt.TopoDataFormat(type="topojson", feature="countries"))
    key = ", ".join(f"{number} {_leading(found, number)}" for number in range(1, found.count + 1))
    lines = [f"Camps: {key}.", "Paler: less sure of its camp. Grey: no tie known, or not asked for."]
    title = _title(f"Camps on the map, {month_name(found.month)}", lines)
    drawn = alt.Chart(data).mark_geoshape(stroke="#ffffff", strokeWidth=0.4)
    fill = alt.Fill("properties.fill:N").scale(None).legend(None)
    drawn = drawn.encode(fill, alt.Description("properties.says:N"))
    return drawn.project(type="equalEarth").properties(width=_WIDE, height=340, title=title)


def _described(shape: str, row: Mapping[str, Any] | None, names: Mapping[str, str]) -> str:
    if row is None:
        return f"{shape}: no tie known, or not asked for"
    sure = "" if row["sure"] is None else f", {row['sure']:.0%} sure of it"
    return f"{names.get(row['actor'], row['actor'])}: camp {row['camp']}{sure}"


def _leading(found: Blocs, number: int) -> str:
    """The first states of a camp, in words."""
    first, *rest = found.camp(number)
    more = f" and {len(found.camp(number)) - 3} more" if len(found.camp(number)) > 3 else ""
    return f"({', '.join([first, *rest[:2]])}{more})"


def landscape_chart(found: Blocs) -> Any:
    """Minima of the powers, the deepest first: energy, share of configurations that lead there, share of draws."""
    rows = [
        {"place": row["minimum"], "sides": _sides(row), "energy": row["energy"], "basin": row["basin"], "present": row["present"]}
        for row in found.minima.head(MINIMA).to_dicts()
    ]  # fmt: skip
    text = alt.Axis(domain=False, ticks=False, labelColor=INK, labelLimit=430, labelOverlap=False, labelFontSize=10)
    base = alt.Chart(_inline(rows)).encode(alt.Y("place:O").title(None).axis(None))
    labels = alt.Chart(_inline(rows)).mark_text(align="left", fontSize=10, lineHeight=13, color=INK, x=0)
    labels = labels.encode(alt.Y("place:O").title(None).axis(text), alt.Text("sides:N"))
    bars = [
        _bars(base, field, heading)
        for field, heading in (("basin", "share of configurations"), ("present", "share of draws"))
    ]
    height = alt.Step(34)
    row = alt.hconcat(
        labels.properties(width=380, height=height),
        _lollipop(base).properties(width=120, height=height),
        *(bar.properties(width=90, height=height) for bar in bars),
        spacing=12,
    )
    lines = [
        "Each is a division into two sides that no single switch improves; lower energy is more stable.",
        "Bars: share of configurations from which steepest descent leads there; share of draws in which it is stable.",
    ]
    title = f"Stable divisions of the {len(found.powers)} most capable states, {month_name(found.month)}"
    return row.properties(title=_title(title, lines))


def _sides(row: Mapping[str, Any]) -> list[str]:
    return [" ".join(row["one"]), "against " + (" ".join(row["other"]) or "nobody")]


def _lollipop(base: Any) -> Any:
    axis = alt.Axis(
        grid=True, gridColor=_GRID, domain=False, ticks=False, labelColor=QUIET, titleColor=QUIET, titleFontWeight="normal",
        labelExpr=_MINUS, tickCount=4, titleFontSize=10, labelFontSize=10,
    )  # fmt: skip
    x = alt.X("energy:Q").title("energy").axis(axis).scale(zero=True)
    stem = base.mark_rule(color=RULE, strokeWidth=2).encode(x, alt.X2(datum=0))
    return alt.layer(stem, base.mark_circle(size=80, color=INK, opacity=1).encode(x))


def _bars(base: Any, field: str, heading: str) -> Any:
    axis = alt.Axis(
        format="%", values=[0, 0.5, 1], grid=True, gridColor=_GRID, domain=False, ticks=False, labelColor=QUIET,
        titleColor=QUIET, titleFontWeight="normal", titleFontSize=10, labelFontSize=10,
    )  # fmt: skip
    return base.mark_bar(color="#7fa8cc", height=12).encode(
        alt.X(f"{field}:Q").title(heading).scale(domain=[0, 1]).axis(axis)
    )


def _inline(rows: Sequence[Mapping[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=list(rows))
