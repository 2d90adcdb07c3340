"""Series of pairs from small tables: what counts once, what is summed, what was known when."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import polars as pl
import pytest
from event_rows import ACTS, as_dict, row, slow, some_rows, table
from hypothesis import given
from hypothesis import strategies as st

from multipolar.errors import DataError, UsageError
from multipolar.indicators.series import BY, QUADS, day_sums, pair_series
from multipolar.record import KINDS

D = date(2020, 1, 31)


def series(rows, **asked):
    return pair_series(nw.from_native(table(rows).lazy()), **asked).to_native().collect()


def from_days(rows, **asked):
    days = day_sums(nw.from_native(table(rows).lazy())).to_native().collect()
    return pair_series(nw.from_native(days.lazy()), **asked).to_native().collect()


def one(rows, **asked):
    frame = series(rows, **asked)
    assert frame.height == 1
    return frame.to_dicts()[0]


def test_reports_of_one_event_count_once_wherever_they_stand():
    cell = one([row(D, "A", "B", place="P", reports=3), row(D, "A", "B", place="Q", reports=4), row(D, "A", "B", 3)])
    assert (cell["events"], cell["reports"], cell["scored"]) == (2, 8, 2)
    assert (cell["verbal_cooperation"], cell["material_cooperation"], cell["cooperative"]) == (1, 1, 2)
    assert (cell["goldstein_sum"], cell["balance"]) == (8.0, 4.0)


def test_both_directions_are_two_events_of_one_pair():
    rows = [row(D, "B", "A"), row(D, "A", "B")]
    assert one(rows)["events"] == 2 and (one(rows)["a"], one(rows)["b"]) == ("A", "B")
    assert series(rows, directed=True).sort("a")["a"].to_list() == ["A", "B"]


def test_no_other_party_and_oneself():
    frame = series([row(D, "B", None), row(D, "B", "B"), row(D, "B", "A")]).sort("a", "b", nulls_last=True)
    assert frame.select("a", "b").rows() == [("A", "B"), ("B", "B"), ("B", None)]


def test_a_late_report_adds_volume_and_no_event():
    late = date(2020, 3, 5)
    rows = [row(D, "A", "B", reports=2), row(D, "A", "B", reports=5, known=late)]
    for read in (series, from_days):
        before, after = (read(rows, as_of=day).to_dicts()[0] for day in (date(2020, 3, 4), late))
        assert (before["events"], before["reports"]) == (1, 2)
        assert (after["events"], after["reports"]) == (1, 7)
        assert read(rows, as_of=date(2020, 1, 30)).height == 0


def test_an_event_is_as_strong_as_its_first_telling():
    stronger = {**row(D, "A", "B", known=date(2020, 2, 1)), "goldstein": -5.0}
    for rows in ([stronger, row(D, "A", "B")], [row(D, "A", "B"), stronger]):
        assert one(rows)["goldstein_sum"] == 1.0


def test_what_nobody_says_is_missing_and_not_zero():
    cell = one([row(D, "A", "B", 5, sources=None, articles=None, tone=None)])
    assert [cell[name] for name in ("balance", "goldstein_sum", "sources", "articles", "tone")] == [None] * 5
    assert (cell["events"], cell["scored"], cell["reports"]) == (1, 0, 1)


def test_tone_is_weighted_by_articles():
    assert one([row(D, "A", "B", tone=1.0, articles=3), row(D, "A", "B", tone=-1.0, articles=1)])["tone"] == 0.5
    assert one([row(D, "A", "B", tone=1.0, articles=None), row(D, "A", "B", tone=-2.0, articles=0)])["tone"] == 1.0
    assert one([row(D, "A", "B", tone=1.0, articles=0)])["tone"] is None


def test_periods_begin_on_their_first_day():
    rows = [row(date(2020, 2, 29), "A", "B"), row(date(2020, 12, 31), "A", "B"), row(date(2021, 1, 1), "A", "B")]
    begins = {by: series(rows, by=by)[by].sort().to_list() for by in BY}
    assert begins["day"] == [r["day"] for r in rows]
    assert begins["month"] == [date(2020, 2, 1), date(2020, 12, 1), date(2021, 1, 1)]
    assert begins["quarter"] == [date(2020, 1, 1), date(2020, 10, 1), date(2021, 1, 1)]
    assert begins["year"] == [date(2020, 1, 1), date(2021, 1, 1)]


def test_many_reports_do_not_overflow_thirty_two_bits():
    rows = [row(date(2020, 1, day), "A", "B", reports=2_000_000_000) for day in (1, 2, 3)]
    assert one(rows)["reports"] == 6_000_000_000


def test_every_kind_of_event_is_in_one_quad():
    kinds = [kind for quad in QUADS.values() for kind in quad]
    assert len(kinds) == len(set(kinds)) and set(kinds) == set(KINDS["event"]) & set(kinds)
    assert len(set(KINDS["event"]) & set(kinds)) == 16


def test_unknown_period_and_renamed_column_are_refused():
    frame = nw.from_native(table([row(D, "A", "B")]).lazy())
    with pytest.raises(UsageError, match="month"):
        pair_series(frame, by="months")
    with pytest.raises(DataError, match="goldstein"):
        pair_series(frame.rename({"goldstein": "score"}))
    with pytest.raises(DataError, match="known"):
        day_sums(frame.drop("known"))


def test_an_empty_table_has_no_rows():
    assert series([]).height == 0 and from_days([]).height == 0


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("as_of", [None, date(2020, 2, 5)])
def test_some_rows_agree_with_counting_them_one_by_one(by, directed, as_of):
    rows, asked = some_rows(400), {"by": by, "directed": directed, "as_of": as_of}
    expected = slow(rows, **asked)
    assert as_dict(series(rows, **asked), by) == expected
    assert as_dict(from_days(rows, **asked), by) == expected


_DAYS = st.dates(date(2019, 12, 30), date(2020, 3, 2))
_ROWS = st.lists(
    st.builds(
        row, _DAYS, st.sampled_from("AB"), st.sampled_from(["A", "B", None]), st.integers(0, len(ACTS) - 1),
        known=st.none() | st.just(date(2020, 4, 1)), reports=st.integers(1, 9), sources=st.none() | st.integers(0, 3),
        articles=st.none() | st.integers(0, 5), tone=st.none() | st.floats(-9, 9, width=32), place=st.sampled_from("PQ"),
    ),
    max_size=30,
)  # fmt: skip


@given(_ROWS, st.sampled_from(BY), st.booleans(), st.none() | _DAYS, st.randoms())
def test_any_rows_in_any_order_agree_with_counting_them_one_by_one(rows, by, directed, as_of, rng):
    asked = {"by": by, "directed": directed, "as_of": as_of}
    expected = slow(rows, **asked)
    rng.shuffle(rows)
    assert as_dict(series(rows, **asked), by) == expected
    assert as_dict(from_days(rows, **asked), by) == expected


def test_day_sums_are_no_more_than_rows_and_keep_every_sum():
    rows = some_rows(400)
    days = day_sums(nw.from_native(table(rows).lazy())).to_native().collect()
    assert days.height <= 400 and days["reports"].sum() == sum(r["reports"] for r in rows)
    assert days.select("a", "b", "day", "known").is_duplicated().sum() == 0
    assert days.schema["points"] == pl.Int64
