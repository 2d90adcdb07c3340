"""Blocs as one self-contained HTML page: figures, the three pictures, the states of each camp, notes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from multipolar.blocs import Blocs
from multipolar.brief import charts
from multipolar.brief.blocs import camp_map, colour, landscape_chart, network_chart
from multipolar.brief.words import month_name
from multipolar.errors import RecordError
from multipolar.record.files import write_whole

#: Names of figures for people.
CALLED: Final = {
    "strong_balance": "Balanced triangles, two camps",
    "weak_balance": "Balanced triangles, any number of camps",
    "tension": "Tension",
    "poles": "Number of poles",
    "polarisation": "Polarisation",
    "network_polarisation": "Network polarisation",
    "dimensions": "Dimensions",
}


def write(found: Blocs, path: Path, names: Mapping[str, str]) -> Path:
    """Write the page.

    Raises
    ------
    RecordError
        If the system refuses the write.
    """
    try:
        write_whole(path, html(found, names).encode())
    except OSError as error:
        raise RecordError.cannot_write(path, error) from error
    return path


def html(found: Blocs, names: Mapping[str, str]) -> str:
    """The page as text."""
    drawn = [("network", network_chart(found), False), ("map", camp_map(found, names), True)]
    if found.minima.height:
        drawn.append(("landscape", landscape_chart(found), False))
    made: str = _template().render(
        month=month_name(found.month),
        figures=[{**row, "called": CALLED[row["name"]]} for row in found.figures.to_dicts()],
        charts=[Markup(charts.svg(chart, key, named=named)) for key, chart, named in drawn],
        camps=[_camp(found, number, names) for number in range(1, found.count + 1)],
        without=[names.get(actor, actor) for actor in found.without],
        notes=found.notes,
        css=Markup(_data("page.css")),
    )
    return made


def _camp(found: Blocs, number: int, names: Mapping[str, str]) -> dict[str, Any]:
    rows = [row for row in found.states.to_dicts() if row["camp"] == number]
    return {
        "number": number,
        "colour": colour(number),
        "states": [{**row, "called": names.get(row["actor"], row["actor"])} for row in rows],
    }


@cache
def _template() -> Any:
    environment = Environment(
        loader=DictLoader({"blocs.html.j2": _data("blocs.html.j2")}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("blocs.html.j2")


def _data(name: str) -> str:
    return (files("multipolar.brief") / "data" / name).read_text(encoding="utf-8")
