"""Roll calls of the General Assembly: both layouts, members of their day, months before 2003."""

from __future__ import annotations

import csv
import gzip
from datetime import date

import polars as pl
import pytest

from multipolar import actors, sources
from multipolar.errors import DataError
from multipolar.record import Record
from multipolar.sources.publishers import unga

WIDE = "rcid,date,me,nu,di,hr,co,ec,USA,IND,UKR,SRB,SYR,CHE"
LONG = (
    ",rcid,ccode,member,vote,Country,Countryname,session,abstain,yes,no,importantvote,date,unres,amend,para,short,descr,"
    "me,nu,di,hr,co,ec,ident"
)


def wide(write, *rows):
    return unga.parse(write("wide.csv.gz", [WIDE, *rows]))


def long_row(
    number, rcid, ccode, vote, day, unres="A/RES/77/7", short="NA", descr="Embargo, on Cuba", flags="0,0,0,1,0,1"
):
    return f'{number},{rcid},{ccode},1,{vote},X,X,77,2,185,2,0,{day},{unres},0,0,{short},"{descr}",{flags},'


def choices(parsed, rollcall=None):
    votes = parsed.frame("vote")
    votes = votes if rollcall is None else votes.filter(pl.col("rollcall") == rollcall)
    return dict(votes.select("a", "choice").rows())


def test_wide_votes_become_statements(write):
    parsed = wide(write, "9373,2022-11-03,FALSE,FALSE,FALSE,TRUE,FALSE,TRUE,3,1,2,1.0,8,9")
    assert choices(parsed) == {"USA": "no", "IND": "yes", "UKR": "abstain", "SRB": "yes", "SYR": "absent"}
    usa = parsed.frame("vote").filter(pl.col("a") == "USA").to_dicts()[0]
    assert usa["value"] == -1.0
    assert usa["original"] == "3"
    assert usa["rollcall"] == "UNGA:9373:2022-11-03"
    assert usa["issue"] == "hr ec"
    assert usa["locator"] == "rcid 9373, 2022-11-03, USA"
    assert usa["valid_from"] == usa["valid_to"] == usa["known_from"] == date(2022, 11, 3)
    assert parsed.layout == "wide"
    assert (parsed.rows, parsed.used) == (6, 5)
    assert parsed.coverage[0].last == date(2022, 11, 3)
    assert parsed.coverage[0].absence == "missing"


def test_no_issue_is_null_and_absence_has_no_value(write):
    votes = wide(write, "7,2022-11-03,0,0,0,0,0,0,8,1,1,1,1,1").frame("vote")
    assert votes["issue"].null_count() == votes.height
    assert votes.filter(pl.col("a") == "USA")["value"].to_list() == [None]


def test_before_2003_a_vote_is_dated_to_its_month_and_known_from_its_end(write):
    vote = wide(write, "7,1985-12-02,0,0,0,0,0,0,1,9,9,9,9,9").frame("vote").to_dicts()[0]
    assert (vote["valid_from"], vote["valid_to"], vote["known_from"]) == (
        date(1985, 12, 1),
        date(1985, 12, 31),
        date(1985, 12, 31),
    )
    assert vote["locator"] == "rcid 7, 1985-12-02, USA"


def test_members_vote_before_any_list_of_states_has_them(write):
    parsed = wide(write, "3,1946-12-01,0,0,0,0,0,0,1,2,3,1,1,9")
    assert choices(parsed) == {"USA": "yes", "IND": "abstain", "UKR": "no", "YUG": "yes", "SYR": "yes"}


@pytest.mark.parametrize(
    ("day", "actor"), [("1980-12-01", "YUG"), ("2001-12-01", "YUG"), ("2005-12-05", "YUG"), ("2006-12-05", "SRB")]
)
def test_the_column_of_serbia_goes_to_the_member_of_the_day(write, day, actor):
    assert choices(wide(write, f"3,{day},0,0,0,0,0,0,9,9,9,1,9,9")) == {actor: "yes"}


def test_what_no_member_cast_is_left_out_and_counted(write):
    parsed = wide(
        write,
        "3,1959-12-01,0,0,0,0,0,0,1,1,1,1,8,9",  # Syria was in the United Arab Republic
        "4,1995-12-01,0,0,0,0,0,0,1,1,1,1,1,9",  # Yugoslavia's seat was empty
        "5,2002-09-03,0,0,0,0,0,0,1,1,1,1,1,8",  # Switzerland was admitted on 10 September
        "6,2002-09-03,0,0,0,0,0,0,1,1,1,1,1,1",
    )
    assert "CHE" in choices(parsed, "UNGA:6:2002-09-03"), "a vote cast needs a seat on some day of the month"
    assert "CHE" not in choices(parsed, "UNGA:5:2002-09-03"), "an absence needs a seat all month"
    counts = {item.reason.split(",")[0]: (item.rows, item.examples) for item in parsed.left_out}
    assert counts["code 9"] == (2, ())
    assert counts["marked absent"] == (2, ("CHE 2002", "SYR 1959"))
    assert counts["cast for a seat that nobody held on that day"] == (1, ("SRB 1995",))
    assert parsed.used == parsed.frame("vote").height == parsed.rows - 5


def test_one_number_on_two_days_is_two_roll_calls(write):
    parsed = wide(write, "411,1954-11-02,0,0,0,0,0,0,1,1,1,1,1,9", "411,2023-12-19,0,0,0,0,0,0,3,1,1,1,1,1")
    assert parsed.frame("vote")["rollcall"].n_unique() == 2
    with pytest.raises(DataError, match=r"one row for each rcid, date"):
        wide(write, *["411,1954-11-02,0,0,0,0,0,0,1,1,1,1,1,9"] * 2)


def test_the_official_long_file(write):
    day = "2022-11-03"
    rows = [long_row(1, 9373, 2, 3, day), long_row(2, 9373, 750, 1, day), long_row(3, 9373, 345, 2, day)]
    rows += [long_row(4, 9373, 369, 8, day), long_row(5, 9373, 713, 9, day)]
    rows += [long_row(6, 4000, 265, 1, "1989-12-06", short="APARTHEID", descr="x", flags="0,0,0,0,1,0")]
    rows += [long_row(7, 4000, 315, 1, "1989-12-06"), long_row(8, 4000, 260, 3, "1989-12-06")]
    parsed = unga.parse(write("UNVotes.csv", [LONG, *rows]))
    assert parsed.layout == "long"
    assert choices(parsed, "UNGA:9373:2022-11-03") == {"USA": "no", "IND": "yes", "SRB": "abstain", "UKR": "absent"}
    assert choices(parsed, "UNGA:4000:1989-12-06") == {"DDR": "yes", "CSK": "yes", "DEU": "no"}
    texts = dict(parsed.frame("vote").select("rollcall", "text").unique().rows())
    assert texts == {"UNGA:9373:2022-11-03": "Embargo, on Cuba", "UNGA:4000:1989-12-06": "APARTHEID"}


def test_rows_without_a_country_code_are_nobodys(write):
    rows = [long_row(1, 9373, 2, 3, "2022-11-03"), long_row(2, 9373, "NA", 1, "2022-11-03")]
    parsed = unga.parse(write("UNVotes.csv", [LONG, *rows]))
    assert choices(parsed) == {"USA": "no"}
    assert (parsed.rows, parsed.used) == (2, 1)
    assert [(item.reason, item.rows) for item in parsed.left_out] == [("no country code", 1)]


def test_the_columns_of_the_official_release(write):
    """The 25 columns that the release of 2023 has, besides its row names."""
    columns = LONG.removeprefix(",").split(",")
    assert len(columns) == 24
    assert set(unga.LONG) - {"seat", "code"} <= set(columns)
    assert {"ccode", "vote", *unga.TEXTS} <= set(columns)
    header = ",".join(f'"{name}"' for name in ["", *columns, "resid"])
    parsed = unga.parse(write("UNVotes.csv", [header, long_row(1, 9373, 2, 3, "2022-11-03") + ",77001"]))
    assert choices(parsed) == {"USA": "no"}


def test_two_votes_of_one_member_that_differ_are_both_left_out(write):
    rows = [long_row(1, 4000, 345, 1, "1980-12-01"), long_row(2, 4000, 2, 3, "1980-12-01")]
    parsed = unga.parse(write("UNVotes.csv", [LONG, *rows]))
    assert choices(parsed) == {"YUG": "yes", "USA": "no"}
    both = wide(write, "3,1985-12-01,0,0,0,0,0,0,1,9,9,9,9,9").frame("vote")
    assert both.height == 1


def test_tab_separated_files_are_read_too(write):
    path = write("UNVotes.tab", ["rcid\tccode\tvote\tdate", "1\t2\t1\t2020-12-07"])
    assert choices(unga.parse(path)) == {"USA": "yes"}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("3,1946-13-01,0,0,0,0,0,0,1,1,1,1,1,9", "wide.csv.gz:2:date: expected a day"),
        ("3,1846-12-01,0,0,0,0,0,0,1,1,1,1,1,9", ":2:date: expected a day from 1946-01-01 to today"),
        ("3,2946-12-01,0,0,0,0,0,0,1,1,1,1,1,9", ":2:date: expected a day from 1946-01-01 to today"),
        ("x,1946-12-01,0,0,0,0,0,0,1,1,1,1,1,9", ":2:rcid: expected a whole number"),
        ("3,1946-12-01,0,0,0,0,0,0,1,4,1,1,1,9", ":2:IND: expected 1 yes, 2 abstain, 3 no, 8 absent or 9"),
        ("3,1946-12-01,0,0,0,0,0,0,1,1,1", ":2:row: expected 14 cells, got 11"),
        ("3,1946-12-01,0,0,0,0,0,0,1,1,1,1,1,9,9", ":2:row: expected 14 cells"),
    ],
)
def test_bad_cells_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        wide(write, row)


def test_other_files_are_refused(write):
    with pytest.raises(DataError, match=r"a file of roll calls"):
        unga.parse(write("x.csv", ["stateA,stateB,year", "2,20,1990"]))
    with pytest.raises(DataError, match=r"one column a country"):
        unga.parse(write("x.csv", ["rcid,date,note", "1,1990-01-01,x"]))
    with pytest.raises(DataError, match=r"also QQQ"):
        unga.parse(write("x.csv", ["rcid,date,USA,QQQ", "1,1990-01-01,1,1"]))
    with pytest.raises(DataError, match=r"also 999"):
        unga.parse(write("x.csv", [LONG, long_row(1, 9373, 999, 3, "2022-11-03")]))


def test_a_release_without_the_known_tally_is_refused(write):
    parsed = wide(write, "9373,2022-11-03,0,0,0,0,0,0,3,1,1,1,1,1")
    failures = {check.name for check in unga.SOURCE.checks if check.failure(parsed)}
    assert {"rows", "votes", "tally of 2022-11-03"} <= failures


def test_real_file_counts_and_facts(real):
    parsed = real("unga")
    votes = parsed.frame("vote")
    assert parsed.rows == 6463 * 194
    assert parsed.used == votes.height
    assert {item.reason.split(",")[0]: item.rows for item in parsed.left_out}["code 9"] == 255_090
    assert sum(item.rows for item in parsed.left_out if "code 9" not in item.reason) < 1_500
    cuba = votes.filter(pl.col("rollcall") == "UNGA:9373:2022-11-03")
    tally = dict(cuba.group_by("choice").len().rows())
    assert (tally["yes"], tally["no"], tally["abstain"]) == (185, 2, 2)
    assert set(cuba.filter(pl.col("choice") == "no")["a"]) == {"USA", "ISR"}
    assert votes.select(pl.struct("rollcall", "a").is_unique().all()).item()


def test_real_votes_are_those_of_the_file(real, shared_data):
    """Six columns recounted with the csv module, without polars and without the table of members."""
    with gzip.open(shared_data / "unga_rollcalls_1946_2024" / "unga_rollcalls_wide.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))
    votes = real("unga").frame("vote").drop_nulls("value")
    for state in ("USA", "UKR", "IND", "VNM", "PRK", "GBR"):
        want = {(f"UNGA:{row['rcid']}:{row['date']}", float(row[state])) for row in rows if float(row[state]) < 8}
        mine = votes.filter(pl.col("a") == state)
        got = {(rollcall, 2.0 - value) for rollcall, value in mine.select("rollcall", "value").rows()}
        assert got == want, state


def test_real_seat_of_china_is_one_seat_throughout(real, shared_data):
    with gzip.open(shared_data / "unga_rollcalls_1946_2024" / "unga_rollcalls_wide.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))
    cast = {f"UNGA:{row['rcid']}:{row['date']}" for row in rows if min(float(row["TWN"]), float(row["CHN"])) < 8}
    votes = real("unga").frame("vote").drop_nulls("value").filter(pl.col("a").is_in(["CHN", "TWN"]))
    assert sorted(votes["rollcall"]) == sorted(cast)
    holder = dict(votes.group_by(pl.col("valid_from").dt.year()).agg(pl.col("a").unique().sort()).rows())
    assert (holder[1948], holder[1960], holder[1980]) == (["CHN"], ["TWN"], ["CHN"])


def test_real_votes_agree_with_the_independent_copy(real, shared_data):
    """The R package unvotes (Robinson & Goguen-Compagnoni) codes countries by ISO alpha-2."""
    folder = shared_data / "unvotes_dgrtwo"
    calls = pl.read_csv(folder / "un_roll_calls.csv.gz").select(pl.col("rcid").cast(pl.Int32), "date")
    other = pl.read_csv(folder / "un_votes.csv.gz").with_columns(pl.col("rcid").cast(pl.Int32))
    iso2 = {state.codes().iso2: state.id for state in actors.states() if state.exists()}
    other = other.with_columns(a=pl.col("country_code").replace_strict(iso2, default=None)).drop_nulls("a")
    other = other.join(calls, on="rcid").select(rollcall=pl.format("UNGA:{}:{}", "rcid", "date"), a="a", vote="vote")
    both = real("unga").frame("vote").drop_nulls("value").join(other, on=["rollcall", "a"])
    print(f"{both.height:,} votes in common with unvotes, {(both['vote'] == both['choice']).mean():.4%} agree")
    assert both.height == 850_993 - 2 - 249, "less Fiji before its admission, and China under Taiwan's code to 1949"
    assert (both["vote"] == both["choice"]).all()


def test_days_before_2003_are_no_days(real, shared_data):
    """The reason for dating by month: up to 1996 the file knows only days 1 to 7."""
    raw = pl.read_csv(shared_data / "unga_rollcalls_1946_2024" / "unga_rollcalls_wide.csv.gz", columns=["date"])
    days = raw.with_columns(pl.col("date").str.to_date())
    assert days.filter(pl.col("date").dt.year() < 1997)["date"].dt.day().max() == 7
    assert days.filter(pl.col("date") >= unga.EXACT_FROM)["date"].dt.day().max() == 31


def test_real_file_enters_a_record_once(shared_data):
    record = Record.memory()
    folder = shared_data / "unga_rollcalls_1946_2024"
    first = sources.ingest("unga", record, folder)
    assert first.added["vote"] > 990_000
    assert record.view(date(1946, 12, 31)).counts()["vote"] > 0
    known = record.view(date(1990, 6, 15)).statements("vote", actors=["RUS"])
    assert known["known_from"].max() <= date(1990, 6, 15)
