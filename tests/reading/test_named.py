"""Named events: found where they can be meant, on the article's day, with the parties and days of the table."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.errors import DataError
from multipolar.reading.into import MODES, actor_id
from multipolar.reading.model import TYPES, When
from multipolar.reading.named import COLUMNS, find, read_named
from multipolar.reading.names.gazetteer import DATA

ROWS = read_named(DATA / "named.tsv")
TODAY = date(2026, 1, 1)


def one(text, on=TODAY):
    found = find(text, on if isinstance(on, date) else date.fromisoformat(on))
    assert len(found) <= 1
    return found[0] if found else None


# sentence | day of the article | type | actors | recipients | first day; "-" where nothing may be found
CASES = r"""
Two years after the invasion of Kuwait | 1992-08-01 | ASSAULT | IRQ | KWT | 1990-08-02
Iraq’s invasion of Kuwait | 1990-08-02 | ASSAULT | IRQ | KWT | 1990-08-02
Before the invasion of Kuwait there were talks | 1990-08-01 | - | | |
The annexation of Crimea | 2024-06-21 | COERCE | RUS | UKR | 2014-03-18
In the 2014 annexation of Crimea | 2024-06-21 | COERCE | RUS | UKR | 2014-03-18
the Camp David Accords of 1978 | 2024-06-21 | SUPPORT | EGY|ISR | | 1978-09-17
the Camp David accords of 17 September 1978 | 2024-06-21 | SUPPORT | EGY|ISR | | 1978-09-17
the Cuban missile crisis | 2024-06-21 | MOBILIZE | SUN|USA | | 1962-10-16
the fall of Saigon | 2024-06-21 | ASSAULT | VNM | RVN | 1975-04-30
Israel's Yom Kippur War | 2024-06-21 | ASSAULT | EGY|SYR | ISR | 1973-10-06
the Sino-Soviet split | 2024-06-21 | SANCTION | SUN|CHN | | 1960-07-16
the Sino–Soviet\nsplit | 2024-06-21 | SANCTION | SUN|CHN | | 1960-07-16
the Oslo accords | 2024-06-21 | SUPPORT | ISR|PSE | | 1993-09-13
the Oslo II accord | 2024-06-21 | SUPPORT | ISR|PSE | | 1995-09-28
the Abraham accords | 2024-06-21 | SUPPORT | ISR|ARE|BHR | | 2020-09-15
Trump's Abraham accords | 2024-06-21 | SUPPORT | ISR|ARE|BHR | | 2020-09-15
since Brexit, he said | 2024-06-21 | SANCTION | GBR | IGO:EU | 2020-01-31
a speech on Brexit | 2024-06-21 | SANCTION | GBR | IGO:EU | 2020-01-31
Macron called Brexit a mistake | 2024-06-21 | SANCTION | GBR | IGO:EU | 2020-01-31
Brexit may come | 2017-06-21 | - | | |
the attack on Pearl Harbor | 2024-06-21 | ASSAULT | JPN | USA | 1941-12-07
he flew to Pearl Harbor | 2024-06-21 | - | | |
the Minsk agreements | 2014-10-01 | RETREAT | RUS|UKR | | 2014-09-05
the Minsk agreements | 2024-06-21 | RETREAT | RUS|UKR | | 2015-02-12
the AUKUS pact | 2024-06-21 | AGREE | AUS|GBR|USA | | 2021-09-15
the Soviet invasion of Afghanistan | 2024-06-21 | ASSAULT | SUN | AFG | 1979-12-24
the invasion of Afghanistan | 1985-06-21 | ASSAULT | SUN | AFG | 1979-12-24
the invasion of Afghanistan | 2024-06-21 | ASSAULT | USA|GBR | AFG | 2001-10-07
the invasion of Afghanistan in December 1979 | 2024-06-21 | ASSAULT | SUN | AFG | 1979-12-24
the US-led invasion of Afghanistan | 2024-06-21 | ASSAULT | USA|GBR | AFG | 2001-10-07
the invasion of Iraq | 2024-06-21 | ASSAULT | USA|GBR | IRQ | 2003-03-20
the Iranian invasion of Iraq | 2024-06-21 | - | | |
the invasion of Ukraine | 2010-06-21 | - | | |
the invasion of Ukraine | 2016-06-21 | ASSAULT | RUS | UKR | 2014-02-27
the invasion of Ukraine | 2022-02-24 | ASSAULT | RUS | UKR | 2022-02-24
the 2014 invasion of Ukraine | 2024-06-21 | ASSAULT | RUS | UKR | 2014-02-27
the invasion of Ukraine on 24 February 2022 | 2024-06-21 | ASSAULT | RUS | UKR | 2022-02-24
the full-scale invasion of Ukraine | 2024-06-21 | ASSAULT | RUS | UKR | 2022-02-24
since the full-scale invasion | 2024-06-21 | ASSAULT | RUS | UKR | 2022-02-24
the full-scale invasion of Taiwan | 2024-06-21 | - | | |
a Russian invasion of Ukraine | 2024-06-21 | - | | |
another full-scale invasion of Ukraine | 2024-06-21 | - | | |
a second invasion of Ukraine | 2024-06-21 | - | | |
a possible invasion of Iraq | 2024-06-21 | - | | |
a new Iran nuclear deal | 2024-06-21 | - | | |
the Iran nuclear deal | 2016-06-21 | SUPPORT | USA|GBR|FRA|DEU|RUS|CHN|IGO:EU|IRN | | 2015-07-14
the US withdrawal from the Iran nuclear deal | 2024-06-21 | SANCTION | USA | IRN | 2018-05-08
the Gulf war | 1987-06-21 | ASSAULT | IRQ|IRN | | 1980-09-22
the Gulf War | 1992-06-21 | ASSAULT | USA|GBR|FRA|SAU | IRQ | 1991-01-17
the second Gulf War | 2010-06-21 | ASSAULT | USA|GBR | IRQ | 2003-03-20
the Vietnamese invasion of Cambodia | 2024-06-21 | ASSAULT | VNM | KHM | 1978-12-25
the American invasion of Cambodia | 2024-06-21 | ASSAULT | USA|RVN | KHM | 1970-04-29
the invasion of Czechoslovakia by the Soviet Union | 2024-06-21 | ASSAULT | SUN|POL|HUN|BGR | CSK | 1968-08-20
the invasion of Czechoslovakia in 1939 | 2024-06-21 | ASSAULT | DEU | CSK | 1939-03-15
the invasion of Czechoslovakia in 1945 | 2024-06-21 | - | | |
the Soviet invasion of Poland | 2024-06-21 | ASSAULT | SUN | POL | 1939-09-17
the Soviet withdrawal from Afghanistan | 2024-06-21 | RETREAT | SUN | AFG | 1988-05-15
Reagan's bombing of Libya | 2024-06-21 | ASSAULT | USA | LBY | 1986-04-15
the NATO bombing of Libya | 2024-06-21 | ASSAULT | IGO:NATO | LBY | 2011-03-31
Syria's withdrawal from Lebanon | 2024-06-21 | RETREAT | SYR | LBN | 2005-04-26
Nixon’s visit to China | 2024-06-21 | CONSULT | USA | CHN | 1972-02-21
the U-2 incident | 2024-06-21 | ASSAULT | SUN | USA | 1960-05-01
in Minsk I met him, and the salt I took | 2024-06-21 | - | | |
the winter war was long | 2024-06-21 | - | | |
the Winter War | 2024-06-21 | ASSAULT | SUN | FIN | 1939-11-30
"""


@pytest.mark.parametrize("case", [line for line in CASES.splitlines() if line])
def test_a_name_is_its_event_on_the_day(case):
    text, on, type, *rest = [cell.strip() for cell in re.split(r"\s\|(?=\s|$)", case)]
    found = one(text.replace("\\n", "\n"), on)
    if type == "-":
        assert found is None
        return
    assert found is not None
    got = (found.type, "|".join(found.actors), "|".join(found.recipients), found.first.isoformat())
    assert got == (type, *rest)


def test_where_it_stands_and_how_its_days_are_known():
    text = "Since the annexation of Crimea and the fall of Saigon."
    first, second = find(text, TODAY, start=100)
    assert text[first.start - 100 : first.end - 100] == first.text == "annexation of Crimea"
    assert second.text == "fall of Saigon"
    assert first.when == When(
        date(2014, 3, 18), date(2014, 3, 18), "day", first.text, "a named event: UN General Assembly resolution 68/262"
    )
    assert find("the Berlin airlift", TODAY)[0].when.precision == "range"


def test_the_table_is_large_sourced_and_of_actors_of_its_day():
    assert len(ROWS) >= 220
    phrases = [(text, entry.first) for texts, entry in ROWS for text in texts]
    assert len(set(phrases)) == len(phrases)
    gone = set()
    for _, entry in ROWS:
        assert entry.type in TYPES
        assert entry.mode is None or entry.mode in MODES[entry.type]
        assert entry.source
        assert date(1816, 1, 1) <= entry.first <= entry.last <= TODAY
        assert not set(entry.actors) & set(entry.recipients)
        for code in (*entry.actors, *entry.recipients):
            if not code.startswith("IGO:") and actor_id(code, entry.first) is None:
                gone.add((code, entry.first.year))
    assert gone == {("DEU", 1948), ("VNM", 1954), ("AGO", 1975), ("TLS", 1975)}, "no states yet on these days"


@pytest.mark.parametrize("number", range(len(ROWS)))
def test_every_phrase_is_found_as_its_own_event(number):
    texts, entry = ROWS[number]
    for text in texts:
        found = one(f"They remember the {text.title()} now.", entry.last)
        assert found is not None, text
        others = [other for names, other in ROWS if text in names and other.first <= entry.last]
        latest = max(others, key=lambda other: other.first)
        assert (found.first, found.source) == (latest.first, latest.source)
        if entry.first > date(1900, 1, 1):
            before = one(f"They remember the {text.title()} now.", date(1816, 1, 1))
            assert before is None


@given(st.text(max_size=60), st.dates(date(1950, 1, 1), TODAY))
def test_any_text_can_be_searched(text, on):
    whole = f"{text} the invasion of Kuwait {text}"
    for found in find(whole, on):
        assert whole[found.start : found.end] == found.text
        assert found.first <= on


GOOD = "invasion of kuwait\tASSAULT\t\tIRQ\tKWT\tno\t1990-08-02\t1990-08-02\ta source"


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("invasion of kuwait", "Invasion of Kuwait", "phrase"),
        ("invasion of kuwait", "invasion of kuwait|", "phrase"),
        ("ASSAULT", "INVADE", "type"),
        ("\t\tIRQ", "\tvisit\tIRQ", "mode"),
        ("IRQ", "Iraq", "actors"),
        ("IRQ", "", "actors"),
        ("KWT", "KWT|KWT", "recipients"),
        ("\tno", "\tyes", "recipients"),
        ("\tno", "\t", "reciprocal"),
        ("\t1990-08-02\t1990", "\t1990-08-03\t1990", "to"),
        ("\t1990-08-02\t", "\tAugust\t", "from"),
        ("a source", "", "source"),
    ],
)
def test_a_bad_row_is_named(tmp_path, old, new, column):
    path = tmp_path / "named.tsv"
    path.write_text("\t".join(COLUMNS) + "\n" + GOOD + "\n", encoding="utf-8")
    assert len(read_named(path)) == 1
    path.write_text("\t".join(COLUMNS) + "\n" + GOOD.replace(old, new, 1) + "\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_named(path)
    assert f"named.tsv:2:{column}" in str(caught.value)
