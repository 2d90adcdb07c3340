"""How far a record reaches: actors and years, by source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from multipolar.cli.describing import source_keys
from multipolar.cli.options import COMMON, Common, Several, open_world, span
from multipolar.cli.output import Answer, Grid, show
from multipolar.cli.progress import working
from multipolar.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

    from multipolar.record import Coverage

#: Signs of the strip of years, from none to most.
BLOCKS: Final = "\N{NO-BREAK SPACE}▁▂▃▄▅▆▇█"
#: Longest strip.
STRIP: Final = 34


def coverage(
    *actors: str,
    source: Several = (),
    kind: Several = (),
    since: str | None = None,
    until: str | None = None,
    out: Path | None = None,
    common: Common = COMMON,
) -> None:
    """What each source of the record speaks of: actors and years, and what its silence means.

    The strip of a line counts the actors of each year (or span of years), the fullest block being the most of that line.
    JSON and CSV give a row for each source, kind, actor and year. `--out` draws actors by years, a panel for each source.

    Parameters
    ----------
    actors
        Only what is said of these.
    source
        Only these sources, by key or by the name of their data set.
    kind
        Only these kinds of statement.
    since
        From this year on.
    until
        To this year.
    out
        Draw the chart into this file (.svg or .png).
    """
    first, last = span(since, until)
    with working(common.quiet) as step:
        world = open_world(common, step)
        from multipolar.actors import resolve
        from multipolar.record import KINDS, actor_years

        source = source_keys(world.view, source)
        told = {name for kinds in KINDS.values() for name in kinds}
        for name in kind:
            if name not in told:
                raise UsageError.unknown("kind of statement", name, told)

        step(0, 0, "Counting statements by actor and year")
        named = [resolve(name, world.as_of).id for name in actors]
        years = actor_years(
            world.view,
            actors=named or None,
            sources=source,
            since=first.year if first else 0,
            until=last.year if last else 9999,
        )
        rows = [row for row in world.view.coverage() if not source or row.source in source]
        if kind:
            import polars as pl

            years = years.filter(pl.col("kind").is_in(kind))
        if out is not None:
            from multipolar.brief.reach import draw

            step(0, 0, f"Writing {out}")
            draw(years, out, title=f"What the record says, as known on {world.as_of}")
    notes = [f"chart written to {out}"] if out is not None else []
    notes += [] if years.height else ["no statement fits"]
    grid = [] if common.format != "table" or not years.height else [_grid(years, rows)]
    show(Answer(years.to_dicts() if common.format != "table" else [], grids=grid, notes=notes), common)


def _grid(years: pl.DataFrame, coverage: list[Coverage]) -> Grid:
    low, high = int(str(years["year"].min())), int(str(years["year"].max()))
    wide = max(1, -(-(high - low + 1) // STRIP))
    lines = years.group_by("source", "form", "kind", maintain_order=True)
    cells = [
        _line(str(source), str(kind), frame, [row for row in coverage if _about(row, str(source), str(form), str(kind))],
              low, high, wide)
        for (source, form, kind), frame in lines
    ]  # fmt: skip
    each = "a year" if wide == 1 else f"{wide} years"
    return Grid(("source", "kind", "actors>", "told of", "silence", f"{low} to {high}, a sign {each}>"), cells)


def _about(row: Coverage, source: str, form: str, kind: str) -> bool:
    return (row.source, row.form, row.kind.split(":")[0]) == (source, form, kind)


def _line(
    source: str, kind: str, frame: pl.DataFrame, looked: list[Coverage], low: int, high: int, wide: int
) -> tuple[str, ...]:
    silent = [row for row in looked if row.absence == "zero"]
    meaning = (
        f"none, {min(row.first.year for row in silent)}–{max(row.last.year for row in silent)}"
        if silent
        else "not known"
    )
    told = f"{int(str(frame['year'].min()))}–{int(str(frame['year'].max()))}"
    return _cut(source), kind, f"{frame['actor'].n_unique():,}", told, meaning, strip(_counts(frame, low, high, wide))


def _cut(key: str) -> str:
    return key if len(key) <= 24 else f"{key[:23]}…"


def _counts(frame: pl.DataFrame, low: int, high: int, wide: int) -> list[int]:
    """Actors spoken of in each span of years."""
    seen: list[set[str]] = [set() for _ in range(low, high + 1, wide)]
    for actor, year in frame.select("actor", "year").iter_rows():
        seen[(year - low) // wide].add(actor)
    return [len(actors) for actors in seen]


def strip(counts: list[int]) -> str:
    """Counts as a row of blocks: blank only for none."""
    most: Any = max(counts, default=0) or 1
    return "".join(BLOCKS[0 if not count else max(1, round(count / most * 8))] for count in counts)
