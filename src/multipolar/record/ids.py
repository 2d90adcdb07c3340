"""Content-hash ids: the same statement has the same id in every record, and any difference makes another.

The id is the first 32 hexadecimal digits of the SHA-256 of the form's name and all columns but ``id`` and
``known_to``, in the order of `schema.columns`, each written as a netstring (``length-in-bytes:text``) or ``-`` for
null. Length prefixes make the text decodable, so that no two rows share one. Days are ISO 8601, numbers the shortest
decimal that reads back the same (`repr`), which do not depend on the version of any library.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

import polars as pl

from multipolar.errors import DataError, UsageError
from multipolar.record.schema import FORMS, Form, columns

#: Columns that are no part of a statement's identity: the id itself, and the withdrawal, which corrections hold.
OUTSIDE: Final = ("id", "known_to")
ID_DIGITS: Final = 32

#: Columns without which there is no statement.
REQUIRED: Final = ("a", "kind", "valid_from", "known_from", "source", "locator")


def with_ids(form: Form, frame: pl.DataFrame, *, label: str = "") -> pl.DataFrame:
    """Bring a frame into the shape of its form and give every row its id.

    Parameters
    ----------
    form : str
        One of the six forms.
    frame : polars.DataFrame
        Any subset of the form's columns that has the required ones (`REQUIRED`); the rest become null.
    label : str, optional
        What to call the frame in messages.

    Returns
    -------
    polars.DataFrame
        Columns exactly as `schema.columns(form)`, rows in the order they came.

    Raises
    ------
    UsageError
        If the form is unknown.
    DataError
        If a column is unknown or missing, or a value cannot be read as its type.
    """
    shaped = shape(form, frame, label=label)
    return shaped.with_columns(pl.Series("id", statement_ids(form, shaped), dtype=pl.String))


def shape(form: Form, frame: pl.DataFrame, *, label: str = "") -> pl.DataFrame:
    """The frame with exactly the columns of its form, in order and typed; absent ones are null."""
    if form not in FORMS:
        raise UsageError.unknown("form of statement", form, FORMS)
    where, types = label or form, columns(form)
    _check_columns(where, frame.columns, types)
    series = [_cast(where, frame.get_column(name), dtype) for name, dtype in types.items() if name in frame.columns]
    present = pl.DataFrame(series)
    return present.select(
        [
            pl.col(name) if name in frame.columns else pl.lit(None, dtype=dtype).alias(name)
            for name, dtype in types.items()
        ]
    )


def statement_ids(form: Form, frame: pl.DataFrame) -> list[str]:
    """Ids of the rows of a shaped frame."""
    prefix = f"{len(form)}:{form}"
    return [sha256((prefix + row).encode()).hexdigest()[:ID_DIGITS] for row in canonical(form, frame)]


def canonical(form: Form, frame: pl.DataFrame) -> pl.Series:
    """One unambiguous text a row: what the id is the hash of, less the form's name."""
    names = [name for name in columns(form) if name not in OUTSIDE]
    texts = frame.select([_as_text(frame.get_column(name)) for name in names])
    return texts.select(pl.concat_str([_netstring(name) for name in names]).alias("row")).get_column("row")


def _check_columns(where: str, got: list[str], types: dict[str, pl.DataType]) -> None:
    unknown = [name for name in got if name not in types]
    if unknown:
        raise DataError.bad_file(where, f"only the columns {', '.join(types)}", f"also {', '.join(unknown)}")
    missing = [name for name in REQUIRED if name not in got]
    if missing:
        raise DataError.bad_file(where, f"the columns {', '.join(REQUIRED)}", f"none called {', '.join(missing)}")


def _cast(where: str, series: pl.Series, dtype: pl.DataType) -> pl.Series:
    if series.dtype == dtype:
        return series
    try:
        cast = _convert(series, dtype)
    except pl.exceptions.PolarsError:
        raise DataError.bad_file(where, f"{series.name} of type {dtype}", str(series.dtype)) from None
    lost = cast.is_null() & series.is_not_null()
    if lost.any():
        row = int(lost.arg_true()[0])
        raise DataError.bad_row(where, row + 2, series.name, f"a value of type {dtype}", series[row])
    return cast


def _convert(series: pl.Series, dtype: pl.DataType) -> pl.Series:
    if series.dtype == pl.String() and dtype == pl.Date():
        return series.str.to_date("%Y-%m-%d", strict=False)
    return series.cast(dtype, strict=False)


def _as_text(series: pl.Series) -> pl.Series:
    return _floats(series) if series.dtype == pl.Float64() else series.cast(pl.String())


def _floats(series: pl.Series) -> pl.Series:
    """Python's shortest decimal of each number, worked out once a distinct value; -0.0 is 0.0."""
    zero = pl.when(pl.col("x") == 0.0).then(0.0).otherwise(pl.col("x"))  # adding 0.0 is left out as doing nothing
    numbers = series.alias("x").to_frame().select(zero.alias(series.name)).to_series()
    distinct = numbers.drop_nulls().unique()
    return numbers.replace_strict(distinct, [repr(x) for x in distinct], default=None, return_dtype=pl.String())


def _netstring(name: str) -> pl.Expr:
    text = pl.col(name)
    sized = pl.concat_str([text.str.len_bytes().cast(pl.String()), pl.lit(":"), text])
    return pl.when(text.is_null()).then(pl.lit("-")).otherwise(sized)
