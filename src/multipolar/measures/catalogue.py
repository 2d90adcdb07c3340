"""Every measure of the room, once, and the page that lists them: ``python -m multipolar.measures.catalogue docs``.

Each module describes its measure in an `Entry`; `ENTRIES` names them in the order in which readers meet them. The page
``measures_catalogue.md`` is made from it and from the record that comes with the package; nothing in it is written twice.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.measures.breaks import LEADER_BREAK
from multipolar.measures.cohesion_sanctions import COHESION_SANCTIONS
from multipolar.measures.cohesion_ties import COHESION_TIES
from multipolar.measures.cohesion_votes import COHESION_VOTES
from multipolar.measures.dependence import ALTERNATIVES, DEPENDENCE
from multipolar.measures.entry import Entry
from multipolar.measures.hedging import HEDGING, PRESSURE
from multipolar.measures.isolation import ISOLATION
from multipolar.measures.isolation_visits import ISOLATION_BY_VISITS
from multipolar.measures.negotiability import NEGOTIABILITY
from multipolar.measures.stage import STAGE, STAGE_AHEAD
from multipolar.measures.travel import TRAVEL
from multipolar.record import View

ENTRIES: Final[tuple[Entry, ...]] = (
    ISOLATION,
    ISOLATION_BY_VISITS,
    DEPENDENCE,
    ALTERNATIVES,
    HEDGING,
    PRESSURE,
    COHESION_TIES,
    COHESION_VOTES,
    COHESION_SANCTIONS,
    STAGE,
    STAGE_AHEAD,
    NEGOTIABILITY,
    LEADER_BREAK,
    TRAVEL,
)
PAGE: Final = "measures_catalogue.md"
_HEAD: Final = """# Catalogue of measures

Each measure with its definition, what it asks for, its range, whose idea it is, when it refuses, and what the record that comes
with the package has for it. `python -m multipolar.measures.catalogue docs` makes this page from the code. How to ask for them
and how they are computed is told in [measures](measures.md)."""


def coverage(view: View, entries: Iterable[Entry] = ENTRIES) -> pl.DataFrame:
    """What a record has for each measure.

    Parameters
    ----------
    view : View
        The record.
    entries : iterable of Entry
        The measures; all of them by default.

    Returns
    -------
    DataFrame
        A row for each measure and form of statement that it is made from: measure, form, statements, actors (how many
        are named), first, last (years); null years where there is no statement.
    """
    rows = [
        {"measure": entry.name, "form": form} | _held(view.statements(form, kinds=kinds))
        for entry in entries
        for form, kinds in entry.needs
    ]
    types = {"measure": pl.String, "form": pl.String, "statements": pl.Int64, "actors": pl.Int64}
    return pl.DataFrame(rows, schema=types | {"first": pl.Int32, "last": pl.Int32})


def _held(frame: pl.DataFrame) -> dict[str, object]:
    years = frame["valid_from"].dt.year()
    named = pl.concat([frame["a"], frame["b"].drop_nulls()]).n_unique()
    return {"statements": frame.height, "actors": named, "first": years.min(), "last": years.max()}


def page(view: View) -> str:
    """The page of the manual, with what `view` has for each measure."""
    held = coverage(view)
    parts = [_HEAD, *(_section(entry, held.filter(pl.col("measure") == entry.name)) for entry in ENTRIES)]
    return "\n\n".join(parts) + "\n"


def _section(entry: Entry, held: pl.DataFrame) -> str:
    lines = [
        f"## {entry.title}",
        f"`multipolar.measures.{entry.name}`. {entry.definition}",
        "\n".join(
            [
                f"- **Asks for**: {entry.inputs}.",
                f"- **Unit**: {entry.unit}. **Range**: {entry.range}.",
                f"- **Interval**: {entry.interval}.",
                f"- **Source**: {entry.source}.",
                f"- **Made from**: {'; '.join(_need(form, kinds) for form, kinds in entry.needs)}.",
                f"- **In the record**: {'; '.join(_told(row) for row in held.to_dicts())}.",
                f"- **Refused**: {'; '.join(entry.refuses)}.",
            ]
        ),
    ]
    return "\n\n".join(lines)


def _need(form: str, kinds: tuple[str, ...]) -> str:
    return f"{form} ({', '.join(f'`{kind}`' for kind in kinds)})"


def _told(row: dict[str, object]) -> str:
    if not row["statements"]:
        return f"no statement of form {row['form']}"
    rounded = float(f"{row['statements']:.2g}")  # so that not every new fact changes the page
    return f"about {rounded:,.0f} of form {row['form']}, {row['actors']} actors, {row['first']}–{row['last']}"


def write(folder: Path) -> None:
    """Bring the page in `folder` up to date."""
    from multipolar.dossier import load
    from multipolar.record import Record

    record = Record.memory()
    record.ingest(load())
    (folder / PAGE).write_text(page(record.view()), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
