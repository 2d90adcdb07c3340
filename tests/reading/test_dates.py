from __future__ import annotations

from datetime import date, timedelta
from time import perf_counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from multipolar.reading.dates import Found, pick, times
from multipolar.reading.model import When

ON = date(2024, 6, 21)  # a Friday

# sentence | words | first day | last day | precision; "-" where there is none
CASES = """
They signed it on 19 June 2024.                              | 19 June 2024 | 2024-06-19 | 2024-06-19 | day
They signed it on June 19, 2024, in Oslo.                    | June 19, 2024 | 2024-06-19 | 2024-06-19 | day
They signed it on June 19 2024.                              | June 19 2024 | 2024-06-19 | 2024-06-19 | day
They signed it on the 3rd of March 2014.                     | 3rd of March 2014 | 2014-03-03 | 2014-03-03 | day
On June 19 they signed.                                      | June 19 | 2024-06-19 | 2024-06-19 | day
On 19 June they signed.                                      | 19 June | 2024-06-19 | 2024-06-19 | day
They signed on June 21.                                      | June 21 | 2024-06-21 | 2024-06-21 | day
They signed on June 22.                                      | June 22 | 2023-06-22 | 2023-06-22 | day
They signed on Sept. 3.                                      | Sept. 3 | 2023-09-03 | 2023-09-03 | day
On 29 February the pact was signed.                          | 29 February | 2024-02-29 | 2024-02-29 | day
They will meet on July 9.                                    | July 9 | 2024-07-09 | 2024-07-09 | day
The summit is scheduled for 9 July.                          | 9 July | 2024-07-09 | 2024-07-09 | day
They agreed to meet on July 9.                               | July 9 | 2024-07-09 | 2024-07-09 | day
They met on July 9.                                          | July 9 | 2023-07-09 | 2023-07-09 | day
The polls open next November 4.                              | next November 4 | 2024-11-04 | 2024-11-04 | day
They fought last November 4.                                 | last November 4 | 2023-11-04 | 2023-11-04 | day
It was signed on 4 November last year.                       | 4 November last year | 2023-11-04 | 2023-11-04 | day
It ends on 4 May of next year.                               | 4 May of next year | 2025-05-04 | 2025-05-04 | day
It is dated 2024-06-19.                                      | 2024-06-19 | 2024-06-19 | 2024-06-19 | day
It is dated 2024/06/19.                                      | 2024/06/19 | 2024-06-19 | 2024-06-19 | day
It is dated 19/06/2024.                                      | 19/06/2024 | 2024-06-19 | 2024-06-19 | day
It is dated 6/19/2024.                                       | 6/19/2024 | 2024-06-19 | 2024-06-19 | day
The war began on 24.02.2022.                                 | 24.02.2022 | 2022-02-24 | 2022-02-24 | day
It is dated 05/06/2024.                                      | 05/06/2024 | - | - | unknown
They met on Wednesday, June 19.                              | Wednesday, June 19 | 2024-06-19 | 2024-06-19 | day
They met on Wednesday (June 19).                             | Wednesday (June 19) | 2024-06-19 | 2024-06-19 | day
They met on Wednesday 19 June 2024.                          | Wednesday 19 June 2024 | 2024-06-19 | 2024-06-19 | day
The talks ran 10-12 June 2024.                               | 10-12 June 2024 | 2024-06-10 | 2024-06-12 | range
The talks ran June 10–12, 2024.                              | June 10–12, 2024 | 2024-06-10 | 2024-06-12 | range
They met on 18 and 19 June.                                  | 18 and 19 June | 2024-06-18 | 2024-06-19 | range
They met between 10 and 12 June.                             | between 10 and 12 June | 2024-06-10 | 2024-06-12 | range
Since 9/11 much has changed.                                 | Since 9/11 | 2001-09-11 | 2024-06-21 | range
The September 11 attacks changed much.                       | September 11 | 2001-09-11 | 2001-09-11 | day
They met on the 19th.                                        | 19th | 2024-06-19 | 2024-06-19 | day
They fell on 31 June 2023.                                   | 31 June 2023 | - | - | unknown
They fell on June 31.                                        | June 31 | - | - | unknown
They fell on 29 February 2023.                               | 29 February 2023 | - | - | unknown
Exports fell in June 2024.                                   | June 2024 | 2024-06-01 | 2024-06-30 | month
Exports fell in Feb. 2024.                                   | Feb. 2024 | 2024-02-01 | 2024-02-29 | month
Exports fell in 2024-05 again.                               | 2024-05 | 2024-05-01 | 2024-05-31 | month
In December he took a new step.                              | December | 2023-12-01 | 2023-12-31 | month
Exports fell in June.                                        | June | 2024-06-01 | 2024-06-21 | month
Exports fell last June.                                      | last June | 2023-06-01 | 2023-06-30 | month
Exports fell last May.                                       | last May | 2024-05-01 | 2024-05-31 | month
Exports fell this June.                                      | this June | 2024-06-01 | 2024-06-21 | month
They meet next June.                                         | next June | 2025-06-01 | 2025-06-30 | month
They meet next August.                                       | next August | 2024-08-01 | 2024-08-31 | month
They will meet in October.                                   | October | 2024-10-01 | 2024-10-31 | month
They met in June last year.                                  | June last year | 2023-06-01 | 2023-06-30 | month
They met in early June.                                      | early June | 2024-06-01 | 2024-06-10 | range
They met in mid-May.                                         | mid-May | 2024-05-11 | 2024-05-20 | range
They met in late May 2023.                                   | late May 2023 | 2023-05-21 | 2023-05-31 | range
They met in the last week of May.                            | the last week of May | 2024-05-25 | 2024-05-31 | range
They quit at the end of May.                                 | the end of May | 2024-05-26 | 2024-05-31 | range
May said she had resigned in May.                            | May | 2024-05-01 | 2024-05-31 | month
The May summit failed.                                       | May | 2024-05-01 | 2024-05-31 | month
In May 15 people died.                                       | May | 2024-05-01 | 2024-05-31 | month
Russia annexed Crimea in 2014.                               | 2014 | 2014-01-01 | 2014-12-31 | year
The 1994 World Cup was in America.                           | 1994 | 1994-01-01 | 1994-12-31 | year
The 2015 nuclear deal collapsed.                             | 2015 | 2015-01-01 | 2015-12-31 | year
The treaty (1997) is dead.                                   | 1997 | 1997-01-01 | 1997-12-31 | year
The 1648 peace ended it.                                     | 1648 | 1648-01-01 | 1648-12-31 | year
Resolution 1701 of 2006 stands.                              | 2006 | 2006-01-01 | 2006-12-31 | year
In early 2025 they met.                                      | early 2025 | 2025-01-01 | 2025-04-30 | range
In mid-2025 they met.                                        | mid-2025 | 2025-05-01 | 2025-08-31 | range
In late 2025 they met.                                       | late 2025 | 2025-09-01 | 2025-12-31 | range
At the end of 2023 they met.                                 | the end of 2023 | 2023-11-01 | 2023-12-31 | range
Trade fell in the first half of 2023.                        | the first half of 2023 | 2023-01-01 | 2023-06-30 | range
Trade fell in Q3 2023.                                       | Q3 2023 | 2023-07-01 | 2023-09-30 | range
Trade fell in the second quarter of last year.               | the second quarter of last year | 2023-04-01 | 2023-06-30 | range
Trade fell in 2010-11.                                       | 2010-11 | 2010-01-01 | 2011-12-31 | range
He ruled 1991–1999.                                          | 1991–1999 | 1991-01-01 | 1999-12-31 | range
The pre-2014 borders are gone.                               | pre-2014 | - | 2013-12-31 | range
The post-1991 order is gone.                                 | post-1991 | 1991-01-01 | 2024-06-21 | range
In the summer of 2023 they met.                              | summer of 2023 | 2023-06-01 | 2023-08-31 | season
Last winter was cold.                                        | Last winter | 2023-12-01 | 2024-02-29 | season
They met last summer.                                        | last summer | 2023-06-01 | 2023-08-31 | season
They meet next spring.                                       | next spring | 2025-03-01 | 2025-05-31 | season
Kabul fell in the fall of 2021.                              | fall of 2021 | 2021-09-01 | 2021-11-30 | season
In the 1990s it was weak.                                    | 1990s | 1990-01-01 | 1999-12-31 | range
In the mid-1990s it was weak.                                | mid-1990s | 1994-01-01 | 1996-12-31 | range
In the '80s it was strong.                                   | '80s | 1980-01-01 | 1989-12-31 | range
In the late seventies it was strong.                         | late seventies | 1977-01-01 | 1979-12-31 | range
It is a 19th-century idea.                                   | 19th-century | 1800-01-01 | 1899-12-31 | range
In the early twentieth century it was weak.                  | early twentieth century | 1900-01-01 | 1933-12-31 | range
Since 2022 ties have worsened.                               | Since 2022 | 2022-01-01 | 2024-06-21 | range
Ties have worsened since the summer of 2023.                 | since the summer of 2023 | 2023-06-01 | 2024-06-21 | range
Ties have worsened since Monday.                             | since Monday | 2024-06-17 | 2024-06-21 | range
Ties have worsened since last week.                          | since last week | 2024-06-10 | 2024-06-21 | range
Ties have worsened since two years ago.                      | since two years ago | 2021-12-21 | 2024-06-21 | range
He ruled from 1991 to 1999.                                  | from 1991 to 1999 | 1991-01-01 | 1999-12-31 | range
It grew between 2014 and 2022.                               | between 2014 and 2022 | 2014-01-01 | 2022-12-31 | range
It grew from June to August 2023.                            | from June to August 2023 | 2023-06-01 | 2023-08-31 | range
It fell from November to February.                           | from November to February | 2023-11-01 | 2024-02-29 | range
They talked from Monday to Wednesday.                        | from Monday to Wednesday | 2024-06-17 | 2024-06-19 | range
They talked from 28 February to 2 March 2024.                | from 28 February to 2 March 2024 | 2024-02-28 | 2024-03-02 | range
It sank from 2022 to 1999.                                   | from 2022 to 1999 | - | - | unknown
It will join by October 2024.                                | by October 2024 | - | 2024-10-31 | range
It will join by 2030.                                        | by 2030 | - | 2030-12-31 | range
It will join by the end of the year.                         | by the end of the year | - | 2024-12-31 | range
They extended the sanctions until March.                     | until March | - | 2025-03-31 | range
He ruled until March.                                        | until March | - | 2024-03-31 | range
By March, it had lost the war.                               | By March | - | 2024-03-31 | range
Before 2014 they were friends.                               | Before 2014 | - | 2013-12-31 | range
After 2014 they were foes.                                   | After 2014 | 2015-01-01 | 2024-06-21 | range
From 2014 onwards they were foes.                            | From 2014 onwards | 2014-01-01 | 2024-06-21 | range
From 2026 tariffs rise.                                      | From 2026 | 2026-01-01 | - | range
Until now they were foes.                                    | Until now | - | 2024-06-21 | range
After the 2014 annexation ties froze.                        | 2014 | 2014-01-01 | 2014-12-31 | year
Since Wednesday's summit ties froze.                         | Wednesday | 2024-06-19 | 2024-06-19 | day
The defence pact signed on Wednesday with Seoul holds.       | Wednesday | 2024-06-19 | 2024-06-19 | day
They met on Friday.                                          | Friday | 2024-06-21 | 2024-06-21 | day
They met last Friday.                                        | last Friday | 2024-06-14 | 2024-06-14 | day
They met last Wednesday.                                     | last Wednesday | 2024-06-19 | 2024-06-19 | day
They meet next Friday.                                       | next Friday | 2024-06-28 | 2024-06-28 | day
They will meet on Tuesday.                                   | Tuesday | 2024-06-25 | 2024-06-25 | day
On Tuesday, they will meet.                                  | Tuesday | 2024-06-25 | 2024-06-25 | day
Talks to be held on Tuesday are off.                         | Tuesday | 2024-06-25 | 2024-06-25 | day
The talks held on Tuesday will go on.                        | Tuesday | 2024-06-18 | 2024-06-18 | day
He said on Tuesday that it will attack.                      | Tuesday | 2024-06-18 | 2024-06-18 | day
They met on Monday night.                                    | Monday night | 2024-06-17 | 2024-06-17 | day
They met on Friday of last week.                             | Friday of last week | 2024-06-14 | 2024-06-14 | day
Wednesday's summit failed.                                   | Wednesday | 2024-06-19 | 2024-06-19 | day
They met this Wednesday.                                     | this Wednesday | 2024-06-19 | 2024-06-19 | day
He was received yesterday in Hanoi.                          | yesterday | 2024-06-20 | 2024-06-20 | day
They met the day before yesterday.                           | the day before yesterday | 2024-06-19 | 2024-06-19 | day
They meet today.                                             | today | 2024-06-21 | 2024-06-21 | day
They meet tomorrow morning.                                  | tomorrow morning | 2024-06-22 | 2024-06-22 | day
They met last night.                                         | last night | 2024-06-20 | 2024-06-20 | day
It is now isolated.                                          | now | 2024-06-21 | 2024-06-21 | day
Missiles fell overnight.                                     | overnight | 2024-06-20 | 2024-06-21 | range
Two weeks ago he went to Cuba.                               | Two weeks ago | 2024-06-04 | 2024-06-10 | week
They met 10 days ago.                                        | 10 days ago | 2024-06-11 | 2024-06-11 | day
They met a month ago.                                        | a month ago | 2024-05-06 | 2024-06-05 | month
The pact signed a year ago failed.                           | a year ago | 2022-12-21 | 2023-12-21 | year
They met two and a half years ago.                           | two and a half years ago | 2021-06-21 | 2022-06-21 | year
A decade ago they were friends.                              | A decade ago | 2012-06-21 | 2016-06-21 | range
It began more than two years ago.                            | more than two years ago | 2021-06-21 | 2022-06-21 | range
It began nearly two years ago.                               | nearly two years ago | 2022-06-21 | 2023-06-21 | range
It began a few days ago.                                     | a few days ago | 2024-06-14 | 2024-06-19 | range
It began years ago.                                          | years ago | - | - | unknown
They had met three days earlier.                             | three days earlier | 2024-06-18 | 2024-06-18 | day
They met again three days later.                             | three days later | - | - | unknown
They met two days before 19 June 2020.                       | two days before 19 June 2020 | 2020-06-17 | 2020-06-17 | day
It fell 50 years after 1945.                                 | 50 years after 1945 | 1995-01-01 | 1995-12-31 | year
It fell two years after the invasion.                        | two years after | - | - | unknown
They met last week.                                          | last week | 2024-06-10 | 2024-06-16 | week
His murder last week of a soldier.                           | last week | 2024-06-10 | 2024-06-16 | week
They met last month.                                         | last month | 2024-05-01 | 2024-05-31 | month
They met last year.                                          | last year | 2023-01-01 | 2023-12-31 | year
They met this week.                                          | this week | 2024-06-17 | 2024-06-21 | week
They will meet this week.                                    | this week | 2024-06-17 | 2024-06-23 | week
It shrank this year.                                         | this year | 2024-01-01 | 2024-06-21 | year
They meet next month.                                        | next month | 2024-07-01 | 2024-07-31 | month
They meet early next year.                                   | early next year | 2025-01-01 | 2025-04-30 | range
They met late last year.                                     | late last year | 2023-09-01 | 2023-12-31 | range
They met earlier this year.                                  | earlier this year | 2024-01-01 | 2024-06-21 | range
They meet later this year.                                   | later this year | 2024-06-22 | 2024-12-31 | range
They met over the weekend.                                   | the weekend | 2024-06-15 | 2024-06-16 | range
It grew in the past decade.                                  | the past decade | 2014-06-21 | 2024-06-21 | range
It grew over the last three years.                           | the last three years | 2021-06-21 | 2024-06-21 | range
It is to grow over the next five years.                      | the next five years | 2024-06-21 | 2029-06-21 | range
It grew recently.                                            | recently | - | - | unknown
It grew in recent months.                                    | in recent months | - | - | unknown
They meet in the coming months.                              | the coming months | 2024-06-21 | - | range
They will meet in two weeks.                                 | in two weeks | 2024-07-02 | 2024-07-08 | week
They took the city in two weeks.                             | in two weeks | - | - | unknown
They will leave within three months.                         | within three months | 2024-06-21 | 2024-09-21 | range
He ruled for two years.                                      | for two years | - | - | unknown
He has ruled for two years.                                  | for two years | 2022-06-21 | 2024-06-21 | range
They fought for decades.                                     | for decades | - | - | unknown
THEY MET ON MONDAY                                           | MONDAY | 2024-06-17 | 2024-06-17 | day
"""

# sentence | what it says, in order: words = first day
SEVERAL = """
On 3 May they met; two days later they signed. | 3 May = 2024-05-03 | two days later = 2024-05-05
In 2014 it took Crimea and a year later it went to Syria. | 2014 = 2014-01-01 | a year later = 2015-01-01
On 3 May they met and the next day they signed. | 3 May = 2024-05-03 | the next day = 2024-05-04
On 3 May 2020 they met and later that year they signed. | 3 May 2020 = 2020-05-03 | later that year = 2020-09-01
They met on 3 May 2020 and signed in June of the same year. | 3 May 2020 = 2020-05-03 | June of the same year = 2020-06-01
They met on 3 May and signed the following Tuesday. | 3 May = 2024-05-03 | Tuesday = 2024-05-07
In 1999, 2004 and 2020 it grew. | 1999 = 1999-01-01 | 2004 = 2004-01-01 | 2020 = 2020-01-01
He said on Wednesday that it will attack on Monday. | Wednesday = 2024-06-19 | Monday = 2024-06-24
yesterday, today, tomorrow | yesterday = 2024-06-20 | today = 2024-06-21 | tomorrow = 2024-06-22
"""

NOTHING = (
    "Some 1,000 people fled.",
    "It bought F-16 jets and a Su-35.",
    "It cost $2024 or €1,994.",
    "It acted under section 301 and Article 5.",
    "Resolution 1701 must be kept.",
    "Resolutions 1701, 1559 and 1680 must be kept.",
    "Security Council Resolution 2231 endorsed it.",
    "Senate Bill 1999 failed.",
    "Agenda 2030 is dead.",
    "It sent 2000 troops and 1900 tanks.",
    "Nearly 2000 Russian soldiers crossed.",
    "They met at 2000 GMT.",
    "It has 1500-mile missiles.",
    "They may march in the sun.",
    "May said it was over.",
    "Theresa May and her party lost.",
    "Prime Minister Theresa May was told by May's party.",
    "Protesters march on the capital.",
    "March on, they were told.",
    "An august body sat.",
    "The Sun and the Sunday Times wrote it.",
    "The Good Friday Agreement holds.",
    "They pray on Fridays and on Sundays.",
    "The fall of Kabul shook them.",
    "The Arab Spring failed.",
    "A man in his 80s led the G20 and the Group of 77.",
    "A 19-year-old soldier on a three-day visit.",
    "They call it a second term, not a first.",
    "The price rose 12.5 percent to 1994.50 points.",
    "The dam may last two weeks.",
    "They meet twice a week.",
    "A 60-day truce and a two-year term.",
    "",
)


def table(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def day(cell: str) -> date | None:
    return None if cell == "-" else date.fromisoformat(cell)


@pytest.mark.parametrize(("text", "words", "first", "last", "precision"), table(CASES))
def test_one_time(text, words, first, last, precision):
    [found] = times(text, ON)
    when = found.when
    assert (when.text, when.start, when.end, when.precision) == (words, day(first), day(last), precision)
    assert text[found.start : found.end] == words
    assert when.basis


@pytest.mark.parametrize("row", table(SEVERAL), ids=lambda row: row[0])
def test_several_times(row):
    text, *expected = row
    assert [f"{found.when.text} = {found.when.start}" for found in times(text, ON)] == expected


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_time(text):
    assert times(text, ON) == []


@pytest.mark.parametrize(
    "words",
    ["yesterday", "two weeks ago", "last June", "on June 19", "on Wednesday", "last week", "in December", "three days earlier",
     "over the past decade", "next month", "in the coming months", "this winter", "on the 19th", "19 June last year"],
)  # fmt: skip
def test_without_the_day_of_the_article_relative_words_say_nothing(words):
    [found] = times(f"They met {words}.", None)
    assert (found.when.start, found.when.end, found.when.precision) == (None, None, "unknown")
    assert found.when.basis == "no date of the article"


def test_without_the_day_of_the_article_full_dates_still_count():
    [found] = times("They met on 19 June 2024.", None)
    assert found.when.start == date(2024, 6, 19)
    [found] = times("Since 2022 they have met.", None)
    assert (found.when.start, found.when.end) == (date(2022, 1, 1), None)
    [found] = times("They met two days after 19 June 2024.", None)
    assert found.when.start == date(2024, 6, 21)


def test_offsets_are_those_of_the_article():
    [found] = times("They met yesterday.", ON, start=1000)
    assert (found.start, found.end) == (1009, 1018)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("They met two weeks ago.", "two weeks before 2024-06-21, give or take 3 days"),
        ("They met on Wednesday.", "the latest Wednesday up to 2024-06-21"),
        ("They met on Thursday, June 19.", "it was a Wednesday, the text says Thursday"),
        ("They met on 31 June.", "no such day"),
        ("It grew recently.", "does not say how long"),
        ("He ruled for two years.", "a length of time, not a date"),
        ("They will meet on July 9.", "point ahead"),
    ],
)
def test_the_basis_explains(text, says):
    assert says in times(text, ON)[0].when.basis


@pytest.mark.parametrize(
    ("on", "words", "first"),
    [
        ("2024-06-21", "on Saturday", "2024-06-15"),
        ("2024-06-16", "on Sunday", "2024-06-16"),
        ("2024-06-16", "this week", "2024-06-10"),
        ("2024-01-01", "last week", "2023-12-25"),
        ("2024-01-15", "last month", "2023-12-01"),
        ("2024-01-15", "last December", "2023-12-01"),
        ("2024-01-15", "this winter", "2023-12-01"),
        ("2024-03-31", "a month ago", "2024-02-14"),
        ("2023-06-21", "on 29 February", "2020-02-29"),
        ("2024-06-17", "this weekend", "2024-06-15"),
        ("2024-06-16", "over the weekend", "2024-06-15"),
        ("1995-03-01", "in the past year", "1994-03-01"),
    ],
)
def test_other_days_of_publication(on, words, first):
    [found] = times(f"They met {words}.", date.fromisoformat(on))
    assert found.when.start == date.fromisoformat(first)


# ------------------------------------------------------------------------------------------------------------------ picking
@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("After trips to China, in December he took a step and two weeks ago he moved on.", "took a step", "December"),
        (
            "After trips to China, in December he took a step and two weeks ago he moved on.",
            "moved on",
            "two weeks ago",
        ),
        (
            "The pact signed on Wednesday with Kim and the reception that Hanoi gave him yesterday.",
            "gave him",
            "yesterday",
        ),
        (
            "The pact signed on Wednesday with Kim and the reception that Hanoi gave him yesterday.",
            "signed",
            "Wednesday",
        ),
        ("On Wednesday, Putin and Kim signed a pact.", "signed a pact", "Wednesday"),
        ("After trips to China, in December he took a step.", "trips", None),
        ("It signed a pact, on Wednesday in Oslo, with Kim.", "signed", "Wednesday"),
        ("Putin and Kim signed a pact on trade and defence on Wednesday.", "signed", "Wednesday"),
        ("Russia, which invaded in 2014, signed a pact.", "signed", None),
        ("Russia, which invaded in 2014, signed a pact.", "invaded", "2014"),
        ("Russia, which invaded Georgia, signed a pact in 2014.", "invaded Georgia", None),
        ("In 2014 Russia, which invaded Georgia, signed a pact.", "signed a pact", "2014"),
        ("It attacked in May while they met in June.", "attacked", "May"),
        ("It attacked; they met in June.", "attacked", None),
        ("It will attack, he said on Wednesday.", "attack", None),
        ("It will attack, he said on Wednesday.", "said", "Wednesday"),
        ("It was recently condemned for the 2014 annexation.", "condemned", "2014"),
        ("It was recently condemned.", "condemned", "recently"),
        ("It met in 2010 and the talks of 2012 failed.", "the talks of 2012 failed", "2012"),
        ("It met them.", "met", None),
    ],
)
def test_the_time_that_belongs_to_words(text, words, expected):
    at = 500
    start = at + text.index(words)
    when = pick(times(text, ON, start=at), start, start + len(words), text=text, at=at)
    assert (when.text if when else None) == expected


def test_without_the_text_the_nearest_counts():
    near, far = (
        Found(at, at + 4, When(date(year, 1, 1), date(year, 12, 31), "year", str(year)))
        for at, year in ((20, 2020), (90, 2021))
    )
    assert pick([far, near], 30, 35) == near.when
    assert pick([], 30, 35) is None


# --------------------------------------------------------------------------------------------------------------- invariants
PAST_WORDS = (
    "June 19, June, Wednesday, last June, last week, this week, this year, two weeks ago, yesterday, last winter, "
    "the past decade, a few days ago, last Friday, December 31, earlier this month"
)
PIECES = """
June 19 31 May 2024 1994 1701 Resolution on in the last next this Wednesday week month year years two a
few ago earlier later since by until from to between and early mid- late of end half first quarter 1990s
'90s century 19th winter spring for in coming past decade yesterday tomorrow today now recently , – - / (
) will met has said that 9/11 2024-06-19 30/02/2024 more~than nearly fall Sunday Feb. 29 before after
same that day following Q3 troops weekend over
"""
WORDS = st.sampled_from([word.replace("~", " ") for word in PIECES.split()])
SENTENCES = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
DAYS = st.one_of(st.none(), st.dates())


def check(text: str, found: list[Found]) -> None:
    done = 0
    for each in found:
        assert done <= each.start < each.end <= len(text)
        assert text[each.start : each.end] == each.when.text
        assert each.when.basis
        if each.when.start and each.when.end:
            assert each.when.start <= each.when.end
        if each.when.precision == "unknown":
            assert each.when.start is None and each.when.end is None
        else:
            assert each.when.start or each.when.end
        done = each.end


@given(SENTENCES, DAYS)
@example("31 June and 29 February 2023", date(2024, 1, 1))
@example("a century ago", date.min)
@example("next century", date.max)
@example("since next week", date.max)
def test_never_raises_and_is_exact(text, on):
    check(text, times(text, on))


@given(st.text(max_size=80), DAYS)
@example("thİs week, laſt week", ON)
@example("١٩ June ٢٠٢٤", ON)
def test_any_text(text, on):
    check(text, times(text, on))


@given(SENTENCES, st.integers(0, 90), st.sampled_from(["", " ", "\n", "  \n "]))
def test_what_stands_around_changes_nothing(text, count, after):
    inner = [(found.start, found.end, found.when) for found in times(text, ON)]
    before = " " * count + "\n" if count else ""
    padded = [
        (found.start - len(before), found.end - len(before), found.when) for found in times(before + text + after, ON)
    ]
    assert padded == inner
    assert [(found.start - 7, found.end - 7, found.when) for found in times(text, ON, start=7)] == inner


@given(st.sampled_from([row[:2] for row in table(CASES)]), st.sampled_from(["", "Nothing came of it. ", "Why? "]))
def test_other_sentences_around_change_nothing(row, other):
    text, words = row
    alone = times(text, ON)
    together = times(f"{other}{text} {other}".strip(), ON)
    assert [found.when for found in together] == [found.when for found in alone]
    assert [found.start - len(other) for found in together] == [found.start for found in alone]
    assert alone[0].when.text == words


@given(
    st.sampled_from(PAST_WORDS.split(", ")),
    st.dates(date(1000, 1, 1), date(9000, 1, 1)),
)
def test_nothing_lies_after_the_article_unless_the_words_point_ahead(words, on):
    [found] = times(f"It happened {words}." if words != "June" else "It happened in June.", on)
    assert found.when.end is not None and found.when.end <= on


@given(
    st.integers(1, 40), st.sampled_from(["day", "week", "month", "year"]), st.dates(date(1900, 1, 1), date(2100, 1, 1))
)
def test_more_ago_is_earlier(count, unit, on):
    near, far = (times(f"It was {number} {unit}s ago.", on)[0].when for number in (count, count + 2))
    assert far.start < near.start and far.end < near.end <= on


@given(st.dates(date(1000, 1, 1), date(2100, 1, 1)), DAYS)
def test_every_way_to_write_a_day_is_the_same_day(day, on):
    month = day.strftime("%B")
    ways = ("{0} {1} {2}", "{1} {0}, {2}", "the {0}th of {1} {2}", "{2}-{3:02}-{0:02}")
    for words in (way.format(day.day, month, day.year, day.month) for way in ways):
        [found] = times(f"It was signed on {words}.", on)
        assert (found.when.start, found.when.end, found.when.precision) == (day, day, "day")


@given(st.dates(date(1900, 1, 8), date(2100, 1, 1)), st.integers(0, 6))
def test_a_weekday_is_within_the_week_before(on, number):
    name = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][number]
    [plain], [last], [coming] = (
        times(f"It was {words}.", on) for words in (f"on {name}", f"last {name}", f"next {name}")
    )
    assert plain.when.start.weekday() == last.when.start.weekday() == coming.when.start.weekday() == number
    assert timedelta(0) <= on - plain.when.start < timedelta(7)
    assert timedelta(0) < on - last.when.start <= timedelta(7)
    assert timedelta(0) < coming.when.start - on <= timedelta(7)


@given(SENTENCES, st.integers(0, 60), st.integers(0, 20))
def test_picking_never_raises_and_picks_one_of_them(text, start, length):
    found = times(text, ON)
    when = pick(found, start, start + length, text=text)
    assert when is None or when in [each.when for each in found]
    inside = [
        each for each in found if each.start < start + length and start < each.end and each.when.precision != "unknown"
    ]
    if inside:
        assert when in [each.when for each in inside]


@pytest.mark.parametrize(
    "piece", ["in June ", "19, ", "two weeks ago ", "from 1999 to 2000 ", "the ", " ", "the end of ", "1"]
)
def test_long_texts_take_no_longer_than_they_are_long(piece):
    def seconds(count: int) -> float:
        start = perf_counter()
        times(piece * count + "May", ON)
        return perf_counter() - start

    seconds(100)
    assert seconds(1500) < 40 * seconds(150) + 0.5  # ten times as long; a square would be a hundred times
