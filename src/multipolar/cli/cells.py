"""Figures as cells of a table for people: values, intervals, what is not known."""

from __future__ import annotations

from typing import Any, Final

from multipolar.cli.output import figure

#: Figures that count things; the others are shares and ties, with two decimals.
_COUNTS: Final = frozenset(
    {
        "members", "pairs", "pairs across", "nuclear", "outside base", "outside troops", "outside defence", "outside arms",
    }
)  # fmt: skip


def cells(row: dict[str, Any], keys: tuple[str, ...]) -> tuple[str, ...]:
    """A row of a table of figures: some of its cells, value, interval, coverage."""
    coverage = "" if row["coverage"] is None else f"{row['coverage']:.0%}"
    return (*(text(row[key]) for key in keys), number(row, row["value"]), ends(row), coverage)


def number(row: dict[str, Any], value: float | None) -> str:
    """A value of a figure: whole where it counts things."""
    return f"{value:,.0f}" if value is not None and row.get("figure") in _COUNTS else figure(value)


def ends(row: dict[str, Any]) -> str:
    """The 90 % interval; empty where it is a point, or not known."""
    if row["lo90"] is None or row["lo90"] == row["hi90"]:
        return ""
    return f"{number(row, row['lo90'])} to {number(row, row['hi90'])}"


def with_ends(row: dict[str, Any]) -> str:
    """A figure and its interval in one cell."""
    between = ends(row)
    return f"{number(row, row['value'])} ({between})" if between else number(row, row["value"])


def signed(row: dict[str, Any]) -> str:
    """A change and its interval in one cell."""
    if row["value"] is None or row["lo90"] == row["hi90"]:
        return figure(row["value"], sign=True)
    low, high = (figure(row[key], sign=True) for key in ("lo90", "hi90"))
    return f"{figure(row['value'], sign=True)} ({low} to {high})"


def valued(row: dict[str, Any], name: str) -> str:
    """A value and its interval from the columns that begin with its name."""
    if row[name] is None:
        return figure(None)
    return f"{figure(row[name])} ({figure(row[f'{name}_lo90'])} to {figure(row[f'{name}_hi90'])})"


def text(value: Any) -> str:
    """A cell; empty for what is missing."""
    return "" if value is None else str(value)


def without_ids(row: dict[str, Any], ids: bool, *more: str) -> dict[str, Any]:
    """The row, with the ids of its statements only if they are asked for."""
    return row if ids else {key: value for key, value in row.items() if key not in ("id", "ids", *more)}
