"""Names in text: which are found, where, for whom, and on which day."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.reading.names.entries import index
from multipolar.reading.names.registry import Hit, find
from multipolar.reading.names.spelling import fold_text

DAY = date(2017, 6, 1)


def codes(text: str, on: date | None = DAY) -> list[tuple[str, str]]:
    return [(text[hit.start : hit.end], hit.code) for hit in find(text, on)]


def one(text: str, on: date | None = DAY) -> Hit:
    found = find(text, on)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Turkey ate a turkey", [("Turkey", "TUR")]),
        ("the polish of Polish shoes", [("Polish", "POL")]),
        ("the US told us", [("US", "USA")]),
        ("in March the men of Chad may march", [("Chad", "TCD")]),
        ("plans of the U.S. and the U.K.", [("U.S.", "USA"), ("U.K.", "GBR")]),
        ("a U.S. ship. A U.S. plan", [("U.S.", "USA"), ("U.S.", "USA")]),
        ("CANBERRA — SECURITY COUNCIL", [("CANBERRA", "AUS"), ("SECURITY COUNCIL", "IGO:UNSC")]),
        ("China’s and Chile's ministers", [("China", "CHN"), ("Chile", "CHL")]),
        ("South Korea and North Korea", [("South Korea", "KOR"), ("North Korea", "PRK")]),
        ("Papua New Guinea, Guinea-Bissau", [("Papua New Guinea", "PNG"), ("Guinea-Bissau", "GNB")]),
        ("a guinea pig", []),
        ("the west of Mali, the West", [("Mali", "MLI"), ("the West", "GRP:WEST")]),
        ("they bought orange mobile homes at a nice bank in time", []),
    ],
)
def test_what_is_written_decides(text: str, expected: list[tuple[str, str]]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Franco-German talks", [("Franco", "FRA"), ("German", "DEU")]),
        ("Sino-Russian ties", [("Sino", "CHN"), ("Russian", "RUS")]),
        ("a Russo-Turkish war", [("Russo", "RUS"), ("Turkish", "TUR")]),
    ],
)
def test_compounds(text: str, expected: list[tuple[str, str]]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("US-backed rebels", "backed"),
        ("U.S.-led raids", "led"),
        ("a London-based firm", "based"),
        ("pro-Russian men", "pro"),
        ("anti-American crowds", "anti"),
        ("American crowds", ""),
    ],
)
def test_bound_names_say_by_which_word(text: str, bound: str) -> None:
    assert one(text).bound == bound


def test_both_parts_of_a_shared_compound_are_bound() -> None:
    assert [hit.bound for hit in find("US- and Turkish-backed rebels")] == ["backed", "backed"]


def test_persons_are_dated() -> None:
    assert not one("Obama", date(2014, 1, 1)).former
    later = one("Obama", date(2019, 1, 1))
    assert (later.former, later.sector, later.code) == (True, "ELI", "USA")
    assert one("George Bush", date(1990, 6, 1)).name != one("George W. Bush", date(2005, 6, 1)).name
    assert one("Bush", date(1990, 6, 1)).name != one("Bush", date(2005, 6, 1)).name


@pytest.mark.parametrize(
    "text",
    [
        "the writer Jordan Peterson spoke in the afternoon",
        "the actor Chad Smith said so again",
        "a man named Herbert Morrison said so again",
        "the singer Paris Hilton came too",
    ],
)
def test_part_of_another_persons_name_is_nobody(text: str) -> None:
    assert find(text, date(2020, 1, 1)) == []


def test_a_name_that_is_a_month_too() -> None:
    day = date(2017, 6, 1)
    assert codes("They met in May and left in May 2017", day) == []
    assert codes("Theresa May left", day) == [("Theresa May", "GBR")]
    assert codes("It was late when May said so", day) == [("May", "GBR")]


def test_former_states_and_capitals_keep_their_day() -> None:
    assert one("the Soviet Union", date(1980, 1, 1)).code == "SUN"
    assert one("the Soviet Union", date(2020, 1, 1)).code == "SUN"
    assert one("Moscow", date(2020, 1, 1)).kind == "capital"
    assert one("Munich", date(2020, 1, 1)).code == "DEU"


def test_a_generic_body_belongs_to_the_nation_before_it() -> None:
    assert codes("the Senate") == [("Senate", "USA")]
    assert ("Senate", "PHL") in codes("the Philippine Senate")
    assert ("Senate", "NGA") in codes("Nigeria's Senate")


def test_georgia_by_its_neighbours() -> None:
    assert codes("Georgia and Russia fought") == [("Georgia", "GEO"), ("Russia", "RUS")]
    assert codes("voters in Georgia chose a Republican")[0] == ("Georgia", "USA")


def test_sentences_and_lists_end_a_name() -> None:
    assert ("Iran Air", "IRN") not in codes("They came from Iran. Air raids followed")
    assert codes("South, Korea")[-1] == ("Korea", "KOR")


@given(st.text(max_size=200))
def test_any_text_gives_ordered_disjoint_spans(text: str) -> None:
    end = 0
    for hit in find(text, DAY):
        assert end <= hit.start < hit.end <= len(text)
        end = hit.end


@given(
    st.lists(
        st.sampled_from(["US", "-", "backed", "Senate", "Chad", "of", ".", "'s", "May", "Kim", "the", "Iran", "U.S."])
    )
)
def test_any_mix_of_names_gives_ordered_disjoint_spans(parts: list[str]) -> None:
    text = " ".join(parts)
    end = 0
    for hit in find(text, DAY):
        assert end <= hit.start < hit.end <= len(text)
        assert hit.code
        end = hit.end


@given(st.data())
def test_every_name_is_found_whole_when_it_stands_alone(data: st.DataObject) -> None:
    names = sorted(index().names)
    key = data.draw(st.sampled_from(names[:: max(1, len(names) // 2000)]))
    spelling, entry = index().names[key][0]
    if " " in key and entry.kind in ("state", "body", "organisation"):
        start = spelling.index(spelling.lstrip())
        found = find(spelling, DAY)
        assert [fold_text(spelling[hit.start : hit.end]) for hit in found] == [key], (spelling, start)


def test_find_is_fast_once_built() -> None:
    text = "U.S. President Donald Trump met Chinese President Xi Jinping in Beijing while NATO and Russia " * 20
    find(text, DAY)
    times = []
    for _ in range(5):
        begin = time.process_time()
        find(text, DAY)
        times.append(time.process_time() - begin)
    assert min(times) / (len(text.split()) / 30) < 0.0015  # 0.3 ms where the machine is not shared
