"""Ids: the same statement has the same id everywhere, and any difference makes another."""

from __future__ import annotations

import string
from datetime import date
from hashlib import sha256

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from record_samples import ROWS, rows

from multipolar.errors import DataError, UsageError
from multipolar.record import FORMS, columns, with_ids
from multipolar.record.ids import canonical, shape

TEXT = st.none() | st.text(alphabet="a:-1\u00e9\u4e2d, \x00", max_size=4)
TRAIT_TEXTS = ("a", "source", "locator", "original", "unit", "text")
TRAIT = st.fixed_dictionaries(
    dict.fromkeys(TRAIT_TEXTS, TEXT)
    | {"kind": st.sampled_from(["gdp", "cinc"])}
    | {"value": st.none() | st.floats(allow_nan=False)}
    | {name: st.dates() for name in ("valid_from", "known_from")}
    | {"valid_to": st.none() | st.dates()}
)


def oracle(form: str, row: dict[str, object]) -> str:
    """The id of a row by the words of the documentation, one cell at a time."""
    text = f"{len(form)}:{form}"
    for name in columns(form):  # type: ignore[arg-type]
        if name in ("id", "known_to"):
            continue
        value = row.get(name)
        if value is None:
            text += "-"
            continue
        cell = value.isoformat() if isinstance(value, date) else str(value)
        cell = repr(value + 0.0) if isinstance(value, float) else cell
        text += f"{len(cell.encode())}:{cell}"
    return sha256(text.encode()).hexdigest()[:32]


def test_minus_zero_is_zero() -> None:
    day = date(2000, 1, 1)
    row = {"a": "RUS", "kind": "gdp", "valid_from": day, "known_from": day, "source": "s", "locator": "l"}
    ids = [with_ids("trait", pl.DataFrame([{**row, "value": value}]))["id"].item() for value in (0.0, -0.0)]
    assert ids[0] == ids[1]


@settings(max_examples=60, deadline=None)
@given(st.lists(TRAIT, min_size=1, max_size=8))
def test_agrees_with_the_documented_rule(items: list[dict[str, object]]) -> None:
    frame = pl.DataFrame(items, schema={name: columns("trait")[name] for name in items[0]})
    assert with_ids("trait", frame)["id"].to_list() == [oracle("trait", item) for item in items]


@settings(max_examples=60, deadline=None)
@given(st.lists(TRAIT, min_size=1, max_size=8), st.randoms())
def test_distinct_rows_have_distinct_ids_whatever_the_order_of_columns(
    items: list[dict[str, object]], rng: object
) -> None:
    schema = {name: columns("trait")[name] for name in items[0]}
    frame = pl.DataFrame(items, schema=schema)
    names = list(schema)
    rng.shuffle(names)  # type: ignore[attr-defined]
    ids = with_ids("trait", frame)["id"]
    assert ids.to_list() == with_ids("trait", frame.select(names))["id"].to_list()
    assert ids.n_unique() == len(
        {tuple(sorted((k, repr(v)) for k, v in (i | {"value": _plus(i)}).items())) for i in items}
    )


def _plus(item: dict[str, object]) -> object:
    value = item["value"]
    return value + 0.0 if isinstance(value, float) else value


def test_null_and_empty_differ_and_text_cannot_move_between_columns() -> None:
    cells = [
        (None, ""),
        ("", None),
        ("", ""),
        (None, None),
        ("1:a", ""),
        ("", "1:a"),
        ("-", None),
        ("a-", ""),
        ("a", "-"),
    ]
    frame = rows("trait", *({"original": one, "text": other} for one, other in cells))
    assert with_ids("trait", frame)["id"].n_unique() == len(cells)


def test_the_form_is_part_of_the_id() -> None:
    shared = {name: value for name, value in ROWS["trait"].items() if name != "kind"} | {"kind": "same"}
    assert len({with_ids(form, pl.DataFrame([shared]))["id"][0] for form in ("trait", "vote", "flow")}) == 3


def test_withdrawal_and_given_id_are_no_part_of_it() -> None:
    plain = with_ids("tie", rows("tie"))["id"][0]
    assert with_ids("tie", rows("tie", {"id": "x", "known_to": date(2020, 1, 1)}))["id"][0] == plain


def test_an_id_stays_the_same_for_ever() -> None:
    """Records on disk hold these: a change here makes every one of them unreadable."""
    ids = {form: with_ids(form, rows(form))["id"][0] for form in FORMS}
    assert ids == {form: oracle(form, ROWS[form]) for form in FORMS}
    assert ids["vote"] == "d504c065aba7949611b8db1b7f6a443c"


@pytest.mark.parametrize("form", FORMS)
def test_shape_has_exactly_the_columns_of_the_form(form: str) -> None:
    frame = with_ids(form, rows(form).select(sorted(ROWS[form])))  # type: ignore[arg-type]
    assert dict(frame.schema) == columns(form)  # type: ignore[arg-type]
    assert all(len(key) == 32 and set(key) <= set(string.hexdigits.lower()) for key in frame["id"])


def test_text_is_read_as_the_type_of_its_column() -> None:
    typed, text = rows("flow"), rows("flow").with_columns(pl.col("valid_from").cast(pl.String), value=pl.lit("1e9"))
    assert with_ids("flow", text).equals(with_ids("flow", typed))


def test_an_empty_frame_is_shaped_too() -> None:
    assert with_ids("tie", rows("tie").clear()).height == 0


def test_canonical_is_a_netstring_of_every_column() -> None:
    row = canonical("vote", shape("vote", rows("vote", {"text": "\u4e2d"})))[0]
    assert row.startswith("3:RUS-4:UNGA10:2010-03-04-10:2010-03-042:un")
    assert "3:\u4e2d" in row


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (rows("tie").with_columns(colour=pl.lit("red")), "also colour"),
        (rows("tie").drop("locator"), "none called locator"),
        (
            rows("tie").with_columns(value=pl.lit("much")),
            r"sample:2:value: expected a value of type Float64, got 'much'",
        ),
        (rows("tie").with_columns(valid_from=pl.lit("4 March")), r"sample:2:valid_from"),
        (rows("tie").with_columns(valid_from=pl.lit([1])), r"valid_from of type Date"),
    ],
)
def test_says_what_is_wrong_with_a_frame(frame: pl.DataFrame, message: str) -> None:
    with pytest.raises(DataError, match=message):
        with_ids("tie", frame, label="sample")


def test_an_unknown_form_is_named() -> None:
    with pytest.raises(UsageError, match="Did you mean vote"):
        with_ids("votes", rows("vote"))  # type: ignore[arg-type]
