"""Days as people write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.actors import check_not_future, day_asked, parse_day
from multipolar.errors import UsageError


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-06-19", date(2024, 6, 19), date(2024, 6, 19)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("1900-02", date(1900, 2, 1), date(1900, 2, 28)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        (" 2024-06 ", date(2024, 6, 1), date(2024, 6, 30)),
    ],
)
def test_a_day_a_month_or_a_year(text: str, first: date, last: date) -> None:
    assert parse_day(text) == first
    assert parse_day(text, end=True) == last


def test_dates_pass_and_times_are_dropped() -> None:
    assert parse_day(date(2024, 6, 19)) == date(2024, 6, 19)
    assert type(parse_day(datetime(2024, 6, 19, 12, 30))) is date


@pytest.mark.parametrize(
    "text",
    ["", "24", "2024-6", "2024-13", "2024-00", "2024-06-31", "2024-02-30", "20240619", "2024-W01", "0000", "٢٠٢٤"],
)
def test_bad_dates_say_how_to_write_one(text: str) -> None:
    for end in (False, True):
        with pytest.raises(UsageError, match=r"(?s)claims.toml:3: expected a date.*Hint: Write a day as"):
            parse_day(text, end=end, where="claims.toml:3")


def test_what_is_no_text_is_no_date() -> None:
    with pytest.raises(UsageError, match="got 2024"):
        parse_day(2024)  # type: ignore[arg-type]


def test_the_future_is_refused() -> None:
    tomorrow = date.today() + timedelta(days=1)
    assert check_not_future(date.today()) == date.today()
    with pytest.raises(UsageError, match=rf"--as-of: expected a date not after today .*{tomorrow}"):
        check_not_future(tomorrow, where="--as-of")


def test_day_asked_is_today_unless_told() -> None:
    assert day_asked(None) == date.today()
    assert day_asked("2024-06") == date(2024, 6, 1)


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_a_written_day_is_itself(day: date) -> None:
    assert parse_day(day.isoformat()) == parse_day(day.isoformat(), end=True) == day


@given(st.dates(date(1, 1, 1), date(9999, 12, 30)))
def test_a_month_holds_its_days(day: date) -> None:
    first, last = (parse_day(day.isoformat()[:7], end=end) for end in (False, True))
    assert first <= day <= last
    assert (last - first).days + 1 == {1: 31, 4: 30, 6: 30, 9: 30, 11: 30}.get(day.month, (last - first).days + 1)
