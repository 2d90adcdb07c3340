"""The brief as one self-contained HTML page."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from multipolar.brief import charts
from multipolar.brief.model import Brief, Neighbour, Text, plain
from multipolar.brief.verdicts import SAYS
from multipolar.brief.words import (
    WORDS,
    amount,
    count,
    day_name,
    month_name,
    number,
    percent,
    percent_range,
    signed,
    weight,
)
from multipolar.errors import RecordError
from multipolar.record.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Partners drawn at either end of the ranking; the table has all.
_ENDS = 12


@lru_cache(maxsize=2)
def html(brief: Brief) -> str:
    """The page; kept, because whoever shows it often writes it next."""
    page: str = _template().render(brief=brief, **_charts(brief), css=Markup(_data("page.css")))
    return page


def write(brief: Brief, path: Path) -> Path:
    """Write the page (see `Brief.write`)."""
    text = html(brief)
    try:
        write_whole(path, text.encode())
    except OSError as error:
        raise RecordError.cannot_write(path, error) from error
    return path


def safe_url(url: str) -> str:
    """The address, if it is one of the web that a reader may follow; else nothing."""
    return url if urlsplit(url).scheme in ("http", "https") else ""


def _charts(brief: Brief) -> dict[str, Any]:
    span = charts.tie_range(brief.pairs)
    lines = {
        pair.anchor: Markup(charts.pair_chart(pair, span, f"c{n}"))
        for n, pair in enumerate(brief.pairs)
        if pair.level
    }  # fmt: skip
    drawn: dict[str, Any] = {"lines": lines, "isolation_chart": "", "map_chart": "", "rankings": []}
    if any(part.figure for part in brief.isolation):
        drawn["isolation_chart"] = Markup(charts.isolation_chart(brief.isolation, "ci"))
    if brief.around and brief.around.neighbours:
        drawn["map_chart"] = Markup(charts.map_chart(brief.around, "cm"))
        drawn["rankings"] = _rankings(brief.around.neighbours)
    return drawn


def _rankings(neighbours: Sequence[Neighbour]) -> list[tuple[str, str, Markup]]:
    """The two ends of the ranking as (heading, description, chart); one list where there are few."""
    span = min(one.tie.lo90 for one in neighbours), max(one.tie.hi90 for one in neighbours)
    if len(neighbours) <= 2 * _ENDS:
        parts = [("Strongest first", neighbours)]
    else:
        parts = [
            (f"The {_ENDS} closest", neighbours[:_ENDS]),
            (f"The {_ENDS} furthest, the furthest last", neighbours[-_ENDS:]),
        ]
    return [
        (heading, _described(part), Markup(charts.ranking_chart(part, span, f"cr{n}")))
        for n, (heading, part) in enumerate(parts)
    ]


def _described(neighbours: Sequence[Neighbour]) -> str:
    return "; ".join(f"{one.name} {number(one.tie.value)}" for one in neighbours)


@cache
def _template() -> Any:
    environment = Environment(
        loader=DictLoader({name: _data(name) for name in ("page.html.j2", "parts.html.j2")}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        number=number, signed=signed, percent=percent, month=month_name, day=day_name, plain=plain, url=safe_url,
        weight=weight, amount=amount, sentence=_sentence, after=_after,
    )  # fmt: skip
    environment.globals.update(
        words=WORDS, legend=charts.legend(), count=count, verdicts=SAYS, percent_range=percent_range
    )
    return environment.get_template("page.html.j2")


def _sentence(text: Text) -> Text:
    """The same text with a capital first letter."""
    first, *rest = text
    return (replace(first, text=first.text[:1].upper() + first.text[1:]), *rest)


def _after(text: Text) -> Text:
    """What follows a word set apart, without the comma or colon between them."""
    first, *rest = text
    return (replace(first, text=first.text.lstrip(",: ")), *rest)


def _data(name: str) -> str:
    return (files("multipolar.brief") / "data" / name).read_text(encoding="utf-8")
