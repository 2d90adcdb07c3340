"""Events by the million: an archive of export files, and what they report of pairs, period by period."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from cyclopts import Parameter

from multipolar.cli.options import COMMON, Common, span
from multipolar.cli.output import Answer, Grid, figure, show
from multipolar.cli.progress import Step, working
from multipolar.errors import RecordError, UsageError

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from multipolar.indicators.series import Asked, Series
    from multipolar.sources.events.archive import Added, EventArchive

By = Literal["day", "month", "quarter", "year"]
Engine = Literal["duckdb", "polars", "spark"]
EventSource = Literal["gdelt", "icews", "polecat"]
#: Pairs, or periods of one pair, that the table shows.
SHOWN: Final = 20
_WRITES: Final = (".parquet", ".csv")


def events(
    folder: Path,
    /,
    *actors: str,
    between: Annotated[tuple[str, str] | None, Parameter(consume_multiple=True)] = None,
    by: By = "month",
    directed: bool = False,
    since: str | None = None,
    until: str | None = None,
    complete: bool = False,
    engine: Engine = "duckdb",
    add: Annotated[tuple[Path, ...], Parameter(consume_multiple=True)] = (),
    source: EventSource = "gdelt",
    out: Path | None = None,
    common: Common = COMMON,
) -> None:
    """What is reported of pairs of states: distinct events by period, and apart from them how much was written.

    Reports of one event count once. Periods with gaps in the files say how many of their days are covered; a period without a
    file has no rows. The table shows the pairs with most events, or the last periods of the pair of `--between`; JSON,
    CSV and `--out` have every row.

    Parameters
    ----------
    folder
        An event archive; `--add` makes one in a new or empty folder.
    actors
        Only pairs with one of these states.
    between
        Only this pair, in either order.
    by
        day, month, quarter or year.
    directed
        Keep what one did to the other apart from what the other did.
    since
        First day of the events.
    until
        Last day of the events.
    complete
        Write zeros out for wholly covered periods, for the pairs that have any report.
    engine
        What counts: duckdb, polars or spark. The rows are the same.
    add
        Take in these export files first, or the files of these folders.
    source
        Whose files a new archive takes: gdelt, icews or polecat.
    out
        Write the rows to this file, .parquet or .csv.
    """
    first, last = span(since, until)
    if out is not None and out.suffix.lower() not in _WRITES:
        raise UsageError(f"expected a file name that ends in {' or '.join(_WRITES)}, got {out.name!r}", where="--out")
    with working(common.quiet) as step:
        from multipolar.indicators.series import Asked, read_series

        day = last or common.day()
        pair = (_state(between[0], day), _state(between[1], day)) if between else None
        if pair and pair[0] == pair[1]:
            raise UsageError(f"expected two states, got {pair[0]} twice", where="--between")
        wanted = tuple(_state(name, day) for name in actors)
        archive, added = _archive(folder, add, source, step)
        asked = Asked(by, directed, first, last, common.day(), wanted, pair, complete)
        series = read_series(archive, asked, engine=engine, progress=step)
        if out is not None:
            step(0, 0, f"Writing {out}")
            _write(series.frame, out)
    notes = (*(added.notes if added else ()), *series.notes)
    rows = series.frame.to_dicts() if common.format != "table" else ()
    show(Answer(rows, _says(series, asked, out), (_grid(series.frame, asked),), notes=notes), common)


def _state(name: str, on: date | None) -> str:
    from multipolar.actors import resolve

    return resolve(name, on, kind="state").id


def _archive(folder: Path, files: tuple[Path, ...], source: str, step: Step) -> tuple[EventArchive, Added | None]:
    from multipolar.sources.events.archive import EventArchive

    if not files:
        return EventArchive.open(folder), None
    step(0, 0, f"Opening {folder}")
    archive = EventArchive.create(folder, source)
    return archive, archive.add(files, step)


def _write(frame: pl.DataFrame, path: Path) -> None:
    """The rows in a file, whole or not at all."""
    import io

    from multipolar.record.files import write_whole

    data = io.BytesIO()
    if path.suffix.lower() == ".csv":
        frame.write_csv(data)
    else:
        frame.write_parquet(data)
    try:
        write_whole(path, data.getvalue())
    except OSError as cause:
        raise RecordError.cannot_write(path, cause) from None


def _says(series: Series, asked: Asked, out: Path | None) -> tuple[str, ...]:
    frame = series.frame
    if not frame.height:
        return ("Nothing is reported.",)
    pairs, events = frame.select("a", "b").n_unique(), int(frame["events"].sum())
    line = f"{events:,} events of {pairs:,} pairs by {asked.by}: {frame.height:,} rows."
    if asked.between is None and pairs > SHOWN:
        line += f" The {SHOWN} pairs with most events:"
    return (line, f"Written to {out}.") if out else (line,)


def _grid(frame: pl.DataFrame, asked: Asked) -> Grid:
    if asked.between:
        return _periods(frame, asked.by)
    import polars as pl

    sums = [pl.col(name).sum() for name in ("events", "cooperative", "hostile", "reports", "goldstein_sum", "scored")]
    pairs = frame.group_by("a", "b").agg(*sums).sort("events", "a", "b", descending=[True, False, False])
    balance = pl.when(pl.col("scored") > 0).then(pl.col("goldstein_sum") / pl.col("scored"))
    pairs = pairs.with_columns(balance=balance)
    heads = ("pair", "events>", "cooperative>", "hostile>", "balance>", "reports>")
    return Grid(heads, [(_pair(row), *_figures(row)) for row in pairs.head(SHOWN).to_dicts()])


def _periods(frame: pl.DataFrame, by: str) -> Grid:
    heads = (by, "pair", "events>", "cooperative>", "hostile>", "balance>", "reports>", "days covered>")
    last = frame.sort(by, "a", "b").tail(SHOWN).to_dicts()
    cells = []
    for row in last:
        covered = "not known" if row["days"] is None else f"{row['days_covered']} of {row['days']}"
        cells.append((str(row[by]), _pair(row), *_figures(row), covered))
    return Grid(heads, cells)


def _pair(row: dict[str, Any]) -> str:
    return f"{row['a']}–{row['b'] or '?'}"


def _figures(row: dict[str, Any]) -> tuple[str, ...]:
    counts = [f"{row[name]:,}" for name in ("events", "cooperative", "hostile")]
    return (*counts, figure(row["balance"], sign=True), f"{row['reports']:,}")
