"""A panel for statistics: every pair of states and year in one call, with its codebook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from cyclopts import Parameter

from multipolar.cli.ids import short
from multipolar.cli.options import COMMON, Common, Several, open_world
from multipolar.cli.output import Answer, Grid, Row, show
from multipolar.cli.progress import tell, working
from multipolar.errors import UsageError

if TYPE_CHECKING:
    from multipolar.panels import Codebook, Entry, Panel, Trace
    from multipolar.world import World

Unit = Literal["dyad-year", "dyad-month", "state-year"]
#: Statements of a trace that the table shows.
LISTED: Final = 40


def panel(
    *,
    unit: Unit = "dyad-year",
    directed: bool = False,
    since: str | None = None,
    until: str | None = None,
    indicators: Several = (),
    actors: Several = (),
    system: Literal["all", "cow", "gw"] = "all",
    codes: Several = (),
    politically_relevant: bool = False,
    name_sources: bool = False,
    out: Path | None = None,
    trace: Annotated[tuple[str, ...], Parameter(consume_multiple=True)] = (),
    list_columns: bool = False,
    common: Common = COMMON,
) -> None:
    """All pairs of states (or all states) by year or month, and what the record says of each: one table for statistics.

    It says what a row counts, and for each column what it is, how far it reaches, where it stops and why, and on what it
    rests. Nothing is carried past its source's end, and zero stands only where a source says that it lists everything.

    Parameters
    ----------
    unit
        What a row is.
    directed
        A row for each direction of a pair, from a to b.
    since
        First year (or month); 1816 by default.
    until
        Last year (or month); the last whole one by default.
    indicators
        Columns, as NAME,NAME or NAME NAME; by default all that the record fills. `--list-columns` lists them.
    actors
        Only these states, by name, id or code.
    system
        Whose list says which states there are: this package's, Correlates of War's, or Gleditsch and Ward's.
    codes
        Codes to carry beside our ids: cow, gw, iso2, iso3, name.
    politically_relevant
        Only pairs that are neighbours or of which one is a major power.
    name_sources
        Beside each column one with the key of the source that filled the cell.
    out
        Where to write it: .parquet, .csv, .xlsx or .dta; without it, only the codebook is shown.
    trace
        Follow one cell back, as `--trace RUS CHN 1995 defence` (or `--trace RUS 1995 polity` of a state).
    list_columns
        List the columns there are, and no more.
    """
    if list_columns:
        _list(common)
        return
    names, given = _split(indicators), _split(codes)
    if out is not None:
        from multipolar.panels.export import checked

        checked(out)
    one = _traced(trace, unit) if trace else None
    with working(common.quiet) as step:
        world = open_world(common, step)
        wanted = (_column(one[3], world),) if one and not names else names
        when = {"since": one[2], "until": one[2]} if one and since is None and until is None else {}
        span: dict[str, Any] = {"since": since, "until": until, **when}
        made = world.panel(
            unit=unit, directed=directed, columns=wanted or None, actors=_split(actors) or None, system=system,
            codes=given, relevant=politically_relevant, progress=step, **span,
        )  # fmt: skip
        if one:
            found = made.trace(one[0], one[1], one[2], _output(made, one[3]))
            statements = world.view.by_id(found.ids)
        else:
            step(0, 0, "Writing the codebook")
            codebook = made.codebook
            if out is not None:
                checked(out, rows=made.asked.grid.a.size)
                step(0, 0, f"Writing {out}")
                files = made.write(out, named=name_sources)  # before anything is shown: a reader may close the pipe
    if one:
        _show_trace(found, statements, common)
        return
    _show_codebook(codebook, common)
    if out is not None:
        tell((f"written to {file}" for file in files), common.quiet)


def _split(words: tuple[str, ...]) -> tuple[str, ...]:
    """The names in ``a,b c``."""
    return tuple(part.strip() for word in words for part in word.split(",") if part.strip())


def _traced(words: tuple[str, ...], unit: Unit) -> tuple[str, str | None, str, str]:
    """State, other state, period and column."""
    wanted = 3 if unit == "state-year" else 4
    if len(words) != wanted:
        example = "RUS 1995 polity" if wanted == 3 else "RUS CHN 1995 defence"
        raise UsageError(f"expected {wanted} words, as {example}, got {len(words)}", where="--trace")
    return (words[0], None if wanted == 3 else words[1], words[-2], words[-1])


def _column(name: str, world: World) -> str:
    """The column that a name of a panel's column, such as exports_ab, comes from."""
    from multipolar.panels.catalogue import BY_NAME

    bare = next((name.removesuffix(end) for end in ("_ab", "_ba", "_a", "_b") if name.endswith(end)), name)
    return name if name in BY_NAME or bare not in BY_NAME else bare


def _output(made: Panel, name: str) -> str:
    """The name in this panel; a directed column, or one of a state, is seen from the first state that was named."""
    names = [each.output.name for each in made.filled]
    return name if name in names else next((each for each in names if each in (f"{name}_ab", f"{name}_a")), name)


def _list(common: Common) -> None:
    from multipolar.panels import COLUMNS, MONTHLY

    rows: list[Row] = [
        {"name": one.name, "label": one.label, "unit": one.unit, "of": "a pair" if one.dyadic else "a state",
         "form": one.form, "kinds": list(one.kinds), "cell": one.meaning, "units": _units(one.name, one.dyadic)}
        for one in (*COLUMNS, *MONTHLY)
    ]  # fmt: skip
    cells = [(row["name"], row["label"], row["unit"], row["of"], row["cell"]) for row in rows]
    show(Answer(rows, grids=(Grid(("column", "what", "unit", "of", "a cell is"), cells),)), common)


def _units(name: str, dyadic: bool) -> list[str]:
    if name.startswith("indicator_"):
        return ["dyad-month"]
    return ["dyad-year", "dyad-month"] if dyadic else ["dyad-year", "dyad-month", "state-year"]


def _show_codebook(codebook: Codebook, common: Common) -> None:
    rows = [_row(entry) for entry in codebook.entries]
    says = (
        f"{codebook.rows:,} rows, {codebook.since} to {codebook.until}, as known on {codebook.as_of}. {codebook.counts}",
    )
    cells = [
        (entry.name, f"{entry.label} ({entry.unit})", f"{entry.told:.1%}",
         f"{entry.first} to {entry.last}" if entry.first else "nothing", _stops(entry))
        for entry in codebook.entries
    ]  # fmt: skip
    grids = [Grid(("column", "what", "told>", "periods", "where it stops"), cells)]
    citations = dict.fromkeys((used.key, used.citation) for entry in codebook.entries for used in entry.sources)
    if citations:
        grids.append(Grid(("source", "cite"), list(citations), "Sources"))
    empty = [entry.name for entry in codebook.entries if not entry.told]
    notes = [f"{name} is missing throughout: {codebook.entry(name).stops[0]}" for name in empty]
    if not codebook.entries:
        notes = ["this record fills no column: `multipolar sources` lists what can be ingested"]
    show(Answer(rows, says, grids, notes=notes), common)


def _stops(entry: Entry) -> str:
    more = f"; and {len(entry.stops) - 3} more sources" if len(entry.stops) > 3 else ""
    return "; ".join(entry.stops[:3]) + more


def _row(entry: Entry) -> Row:
    sources = [{"key": used.key, "cells": used.cells, "citation": used.citation} for used in entry.sources]
    return {
        "name": entry.name, "label": entry.label, "unit": entry.unit, "cell": entry.meaning, "told": entry.told,
        "zero": entry.zero, "first": entry.first, "last": entry.last, "stops": list(entry.stops), "sources": sources,
    }  # fmt: skip


def _show_trace(found: Trace, statements: list[dict[str, Any]], common: Common) -> None:
    value = "missing" if found.value is None else f"{found.value:g}"
    says = (f"{_who(found)}, {found.period}, {found.column}: {value}", found.reason)
    head: Row = {
        "column": found.column, "period": found.period, "actors": list(found.actors), "value": found.value,
        "source": found.source, "reason": found.reason, "statements": list(found.ids),
    }  # fmt: skip
    rows: list[Row] = [head, *({"form": row["form"], **row} for row in statements)] if statements else [head]
    cells = [
        (f"{row['valid_from']} to {row['valid_to'] or ''}", row["kind"], "" if row["value"] is None else f"{row['value']:g}",
         row["original"] or "", f"{row['source']}, {row['locator']}", short(row["id"]))
        for row in statements[:LISTED]
    ]  # fmt: skip
    grids = [Grid(("days", "kind", "value>", "as written", "source and place", "id"), cells)] if cells else []
    more = (f"{LISTED} of {len(statements)} statements; --format json gives all",) if len(statements) > LISTED else ()
    show(Answer(rows, says, grids, notes=more), common)


def _who(found: Trace) -> str:
    if len(found.actors) == 1:
        return found.actors[0]
    return ", ".join(f"{name} ({side})" for name, side in zip(found.actors, "ab", strict=True))
