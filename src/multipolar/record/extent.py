"""How far a record reaches: for each source, the actors it speaks of, year by year, and what its silence means.

A statement counts for every year in which it was true. One without a last day counts as long as its source looks:
to the end of the coverage of its kind, and without any coverage for its first year alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

import polars as pl

from multipolar.record.model import Coverage
from multipolar.record.schema import FORMS, Form
from multipolar.record.view import View

#: Forms whose statements go on until they end; the others speak of the day or period they name.
LASTING: Final[frozenset[Form]] = frozenset({"tie", "trait"})
SCHEMA: Final = {
    "source": pl.String,
    "form": pl.String,
    "kind": pl.String,
    "actor": pl.String,
    "year": pl.Int32,
    "statements": pl.UInt32,
}


def actor_years(
    view: View,
    *,
    actors: Iterable[str] | None = None,
    sources: Collection[str] = (),
    since: int = 0,
    until: int = 9999,
) -> pl.DataFrame:
    """Statements about each actor, by source, kind and year.

    Parameters
    ----------
    view : View
    actors : iterable of str, optional
        Ids of the actors to look at, all by default.
    sources : collection of str
        Keys of the sources to look at, all by default.
    since, until : int
        First and last year.

    Returns
    -------
    DataFrame
        source, form, kind, actor, year, statements; a statement about two actors counts for both. Sorted.
    """
    wanted = None if actors is None else sorted(set(actors))
    ends = _looked(view.coverage())
    frames = [_counted(view, form, wanted, sources, ends, since, until) for form in FORMS]
    return pl.concat(frames).sort("source", "form", "kind", "actor", "year")


def _looked(coverage: Iterable[Coverage]) -> pl.DataFrame:
    """Last day on which each source looked for each kind; a mode counts for its kind."""
    rows: dict[tuple[str, str, str], date] = {}
    for row in coverage:
        key = (row.source, row.form, row.kind.split(":")[0])
        rows[key] = max(row.last, rows.get(key, row.last))
    schema = {"source": pl.String, "form": pl.String, "kind": pl.String, "looked": pl.Date}
    return pl.DataFrame([(*key, last) for key, last in rows.items()], schema=schema, orient="row")


def _counted(
    view: View,
    form: Form,
    actors: list[str] | None,
    sources: Collection[str],
    ends: pl.DataFrame,
    since: int,
    until: int,
) -> pl.DataFrame:
    frame = view.statements(form, actors=actors).with_columns(form=pl.lit(form))
    if sources:
        frame = frame.filter(pl.col("source").is_in(list(sources)))
    looked = frame.join(ends, on=["source", "form", "kind"], how="left")
    open_end = pl.col("looked") if form in LASTING else pl.lit(None, pl.Date)
    last = pl.max_horizontal(pl.coalesce("valid_to", open_end, "valid_from"), "valid_from")
    spans = looked.select(
        "source", "form", "kind", "a", "b",
        first=pl.max_horizontal(pl.col("valid_from").dt.year(), pl.lit(since)),
        last=pl.min_horizontal(last.dt.year(), pl.lit(until), pl.lit(view.as_of.year)),
    ).filter(pl.col("first") <= pl.col("last"))  # fmt: skip
    # Rows that say the same of the same years are counted before they are spread over the years.
    same = spans.group_by(spans.columns).agg(pl.len().alias("statements"))
    sides = pl.concat(
        [
            same.rename({"a": "actor"}).drop("b"),
            same.filter(pl.col("b") != pl.col("a")).rename({"b": "actor"}).drop("a"),
        ],
        how="diagonal",
    )
    if actors is not None:
        sides = sides.filter(pl.col("actor").is_in(actors))
    years = sides.with_columns(year=pl.int_ranges("first", pl.col("last") + 1, dtype=pl.Int32))
    spread = years.drop("first", "last").explode("year", empty_as_null=False, keep_nulls=False)
    counted = spread.group_by("source", "form", "kind", "actor", "year").agg(pl.col("statements").sum())
    return counted.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
