"""The UN Digital Library: its long files and the wide one, seats and misspelt columns, tallies recounted."""

from __future__ import annotations

import csv
import gzip
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar import sources
from multipolar.errors import DataError, UsageError
from multipolar.indicators.rollcalls import told_twice
from multipolar.record import Record
from multipolar.sources import rollcalls
from multipolar.sources.publishers import undl

GA = (
    "undl_id,ms_code,ms_name,ms_vote,date,session,resolution,draft,committee_report,meeting,title,agenda_title,subjects,"
    "vote_note,total_yes,total_no,total_abstentions,total_non_voting,total_ms,undl_link"
)
SC = (
    "undl_id,ms_code,ms_name,permanent_member,ms_vote,date,resolution,draft,meeting,description,agenda,subjects,vote_note,"
    "modality,total_yes,total_no,total_abstentions,total_non_voting,total_ms,undl_link"
)
WIDE = [
    "Council",
    "Date",
    "Title",
    "Resolution",
    "TOTAL VOTES",
    "NO-VOTE COUNT",
    "ABSENT COUNT",
    "NO COUNT",
    "YES COUNT",
]
WIDE += ["Link", "token"]


def ga(code, vote, totals="1.0,0.0,0.0", *, name="", record=1, day="2023-10-27", symbol="A/RES/ES-10/21"):
    return (
        f'{record},{code},{name or code},{vote},{day},ES-10,{symbol},A/L.25,,A/PV.41,"Protection, of civilians",Agenda,'
        f"TERRITORIES,,{totals},0.0,193.0,https://digitallibrary.un.org/record/{record}"
    )


def sc(code, vote, totals, *, symbol="S/RES/2334 (2016)", day="2016-12-23"):
    return (
        f"9,{code},{code},True,{vote},{day},{symbol},S/1,S/PV.7853,Resolution 2334,Middle East,,,vote,{totals},0,15,x"
    )


def ga_file(write, *rows, name="2025_9_19_ga_voting.csv"):
    return undl.parse(write(name, [GA, *rows]))


def wide_row(*cells, day="2016-12-13", symbol="A/RES/71/1", token="7", council="General Assembly", counts=None):
    count = {letter: str(sum(cell == letter for cell in cells)) for letter in "YNAX"}
    yes, no, abstain = counts or (count["Y"], count["N"], count["A"])
    return [council, day, "A, title", symbol, "193", count["X"], abstain, no, yes, f"https://x/{token}", token, *cells]


def wide(write, seats, *rows, name="un_ga_sc_votes_to_2021.csv.gz"):
    quoted = [",".join(f'"{cell}"' if "," in cell or " " in cell else cell for cell in row) for row in rows]
    header = ",".join([*WIDE, *(f'"{seat}"' for seat in seats)])
    return undl.parse(write(name, [header, *quoted]))


def choices(parsed, rollcall=None):
    votes = parsed.frame("vote")
    votes = votes if rollcall is None else votes.filter(pl.col("rollcall") == rollcall)
    return dict(votes.select("a", "choice").rows())


def reasons(parsed):
    return {item.reason: (item.rows, item.examples) for item in parsed.left_out}


def test_the_long_file_of_the_assembly(write):
    totals = "1.0,1.0,1.0"
    rows = [ga("AFG", "Y", totals), ga("ISR", "N", totals), ga("IND", "A", totals), ga("BEN", "X", totals)]
    parsed = ga_file(write, *rows)
    assert choices(parsed) == {"AFG": "yes", "ISR": "no", "IND": "abstain", "BEN": "absent"}
    row = parsed.frame("vote").filter(pl.col("a") == "ISR").to_dicts()[0]
    assert row == {
        "a": "ISR",
        "kind": "UNGA",
        "valid_from": date(2023, 10, 27),
        "valid_to": date(2023, 10, 27),
        "known_from": date(2023, 10, 27),
        "source": "undl-ga:2023-10-27",
        "locator": "record 1, A/RES/ES-10/21, ISR",
        "original": "N",
        "value": -1.0,
        "text": "Protection, of civilians",
        "rollcall": "A/RES/ES-10/21",
        "choice": "no",
        "issue": "territories",
    }
    assert (parsed.layout, parsed.rows, parsed.used) == ("long GA", 4, 4)
    assert parsed.sources[0].date == date(2025, 9, 19), "the day in the file's name"
    assert [(c.kind, c.absence) for c in parsed.coverage] == [("UNGA", "missing")]


def test_the_long_file_of_the_council(write):
    rows = [sc("USA", "A", "2,0,1"), sc("CHN", "Y", "2,0,1"), sc("SUN", "Y", "2,0,1")]
    parsed = undl.parse(write("2026_02_06_sc_voting.csv", [SC, *rows]))
    assert choices(parsed) == {"USA": "abstain", "CHN": "yes", "RUS": "yes"}
    votes = parsed.frame("vote")
    assert set(votes["kind"]) == {"UNSC"}
    assert set(votes["rollcall"]) == {"S/RES/2334(2016)"}, "blanks in a symbol mean nothing"
    assert set(votes["text"]) == {"Resolution 2334"}
    assert parsed.sources[0].title == "Security Council Voting Data"


def test_the_first_release_has_other_names(write):
    header = "undl_id,ms_codes,ms_names,ms_votes,resolutions,title,date,yes,no,abstentions"
    rows = ["5,FRA,FRANCE,NV,A/RES/1/1,T,1950-11-01,1,0,0", "5,GBR,UNITED KINGDOM,Y,A/RES/1/1,T,1950-11-01,1,0,0"]
    assert choices(undl.parse(write("x.csv", [header, *rows]))) == {"FRA": "absent", "GBR": "yes"}


@pytest.mark.parametrize(
    ("code", "day", "actor"),
    [
        ("SUN", "1960-12-01", "RUS"), ("RUS", "1992-12-01", "RUS"), ("GER", "1980-12-01", "DEU"),
        ("DDR", "1980-12-01", "DDR"), ("YUG", "1980-12-01", "YUG"), ("SCG", "2005-12-01", "YUG"),
        ("SRB", "2010-12-01", "SRB"), ("CSK", "1980-12-01", "CSK"), ("EAT", "1962-12-18", "TZA"),
        ("EAZ", "1963-12-17", "ZAN"), ("YMD", "1980-12-01", "YMD"), ("YEM", "1980-12-01", "YEM"),
        ("CHN", "1960-12-01", "TWN"), ("CHN", "1948-12-01", "CHN"), ("CHN", "1980-12-01", "CHN"),
        ("EGY", "1960-12-01", "EGY"),
    ],
)  # fmt: skip
def test_codes_by_their_day(write, code, day, actor):
    assert choices(ga_file(write, ga(code, "Y", day=day))) == {actor: "yes"}


def test_a_code_nobody_knows_is_looked_up_by_its_name(write):
    assert choices(ga_file(write, ga("QQA", "Y", name="UPPER VOLTA", day="1970-12-01"))) == {"BFA": "yes"}
    with pytest.raises(DataError, match=r"also QQB"):
        ga_file(write, ga("QQB", "Y", name="ATLANTIS"))


@pytest.mark.parametrize(
    ("seat", "day", "actor"),
    [
        (" CHILE", "1980-12-15", "CHL"), ("CHILEs ", "1980-12-15", "CHL"), ("AY DENMARK", "1981-12-16", "DNK"),
        ("Aa UNITED STATES", "1969-12-12", "USA"), ("AY UNION OF SOUTH AFRICA", "1961-04-21", "ZAF"),
        ("SERBIAMONTENEGRO", "2003-06-18", "YUG"), ("TKAZAKHSTAN", "2007-12-05", "KAZ"),
        ("REPULIC OF MOLDOVA", "2009-12-10", "MDA"), ("DEMOCRATIC CAMPUCHEA", "1980-01-14", "KHM"),
        ("CONGO (DEMOCRATIC REPUBLIC OF)", "1967-07-04", "COD"), ("CONGO (BRAZZAVILLE)", "1967-07-04", "COG"),
        ("CONGO (LEOPOLDVILLE)", "1967-07-04", "COD"), ("COTE D’IVOIRE", "2019-04-23", "CIV"), ("SIAM", "1948-05-14", "THA"),
        ("BOLIVIA (PLURINATIOANL STATE OF)", "2010-11-30", "BOL"), ("ZAIRE", "1980-12-01", "COD"),
        ("GERMANY, FEDERAL REPUBLIC OF", "1980-12-01", "DEU"), ("GERMAN DEMOCRATIC REPUBLIC", "1980-12-01", "DDR"),
        ("UNITED ARAB REPUBLIC", "1960-12-01", "EGY"), ("CHINA", "1960-12-01", "TWN"), ("CEYLON", "1960-12-01", "LKA"),
        ("FEDERATION OF MALAYA", "1960-12-01", "MYS"), ("BYELORUSSIAN SSR", "1960-12-01", "BLR"),
    ],
)  # fmt: skip
def test_columns_of_the_wide_file(write, seat, day, actor):
    assert choices(wide(write, [seat], wide_row("Y", day=day))) == {actor: "yes"}


def test_both_bodies_of_the_wide_file(write):
    parsed = wide(
        write,
        ["FRANCE", "INDIA", "CHILE"],
        wide_row("Y", "A", "", council="Security Council", symbol="S/RES/1(2016)", token="1"),
        wide_row("N", "Y", "X", token="2"),
    )
    assert choices(parsed, "S/RES/1(2016)") == {"FRA": "yes", "IND": "abstain"}
    assert choices(parsed, "A/RES/71/1") == {"FRA": "no", "IND": "yes", "CHL": "absent"}
    assert {(source.key, source.title) for source in parsed.sources} == {
        ("undl-ga-wide:2016-12-13", "General Assembly Voting Data"),
        ("undl-sc-wide:2016-12-13", "Security Council Voting Data"),
    }
    assert (parsed.rows, parsed.used) == (5, 5), "blank cells are no rows"


def test_columns_that_differ_by_a_blank_or_by_case_are_all_read(write):
    parsed = wide(
        write,
        ["CHILE", " CHILE", "LAO PEOPLE'S DEMOCRATIC REPUBLIC", "LAO PEOPLE's DEMOCRATIC REPUBLIC"],
        wide_row("Y", "", "", "N", token="1", symbol="A/RES/1"),
        wide_row("", "A", "Y", "", token="2", symbol="A/RES/2"),
    )
    assert choices(parsed, "A/RES/1") == {"CHL": "yes", "LAO": "no"}
    assert choices(parsed, "A/RES/2") == {"CHL": "abstain", "LAO": "yes"}


def test_cells_of_one_member_that_contradict_each_other_are_named(write):
    parsed = wide(
        write,
        ["CHILE", " CHILE", "FRANCE"],
        wide_row("Y", "N", "Y", token="1", symbol="A/RES/1"),
        wide_row("Y", "Y", "Y", token="2", symbol="A/RES/2"),
        wide_row("X", "N", "Y", token="3", symbol="A/RES/3"),
    )
    assert choices(parsed, "A/RES/1") == {"FRA": "yes"}, "yes and no: neither is believed"
    assert choices(parsed, "A/RES/2") == {"FRA": "yes", "CHL": "yes"}
    assert choices(parsed, "A/RES/3") == {"FRA": "yes", "CHL": "no"}, "a vote cast comes before an absence"
    assert reasons(parsed)["two cells of one member that contradict each other"] == (2, (" CHILE 2016", "CHILE 2016"))
    assert reasons(parsed)["a second cell of the same member"][0] == 2
    assert parsed.used == parsed.frame("vote").height == 5


def test_who_voted_is_not_guessed(write):
    parsed = wide(
        write, ["FRANCE", "DONOTKNOW"], wide_row("Y", "Y", symbol="S/RES/1966(2010)", council="Security Council")
    )
    assert choices(parsed) == {"FRA": "yes"}
    assert reasons(parsed)["a column that does not know who voted"] == (1, ("S/RES/1966(2010)",))
    assert parsed.remarks == ("1 of 1 roll calls differ from their published tally: S/RES/1966(2010)",)


def test_what_no_member_cast_is_left_out(write):
    parsed = wide(write, ["YUGOSLAVIA", "JAPAN", "FRANCE"], wide_row("X", "", "Y", day="1995-12-01"))
    assert choices(parsed) == {"FRA": "yes"}
    assert reasons(parsed) == {
        "marked absent, but no member through that day (or month)": (1, ("YUGOSLAVIA 1995",)),
    }


def test_a_year_is_no_day(write):
    rows = [wide_row("Y", day="2011", symbol="A/RES/66/230", token="1"), wide_row("Y", token="2")]
    parsed = wide(write, ["FRANCE"], *rows)
    assert parsed.frame("vote")["rollcall"].to_list() == ["A/RES/71/1"]
    assert reasons(parsed)["a year in place of the day"] == (1, ("A/RES/66/230",))


def test_a_resolution_without_a_symbol_is_known_by_its_record(write):
    assert choices(wide(write, ["FRANCE"], wide_row("Y", symbol="MISSING_DATA")), "A/record/7") == {"FRA": "yes"}


def test_a_record_that_repeats_another_is_left_out_and_one_that_does_not_is_told_apart(write):
    parsed = wide(
        write,
        ["FRANCE", "CHILE"],
        wide_row("Y", "N", symbol="A/76/L.14", token="1"),
        wide_row("Y", "N", symbol="A/76/L.14", token="2"),
        wide_row("Y", "Y", symbol="A/76/L.14", token="3"),
    )
    assert choices(parsed, "A/76/L.14") == {"FRA": "yes", "CHL": "no"}
    assert choices(parsed, "A/76/L.14#3") == {"FRA": "yes", "CHL": "yes"}
    assert reasons(parsed)["the same roll call again"] == (2, ("A/76/L.14",))


def test_votes_that_do_not_add_up_refuse_the_file(write):
    right = [ga("FRA", "Y", record=n, symbol=f"A/RES/{n}") for n in range(1, 4)]
    wrong = [ga("FRA", "Y", "7,0,0", record=n, symbol=f"A/RES/{n}") for n in (8, 9)]
    assert ga_file(write, *right, wrong[0]).remarks == ("1 of 4 roll calls differ from their published tally: A/RES/8",)
    with pytest.raises(DataError, match=r"votes that add up .* got 2 of 5 roll calls differ") as caught:
        ga_file(write, *right, *wrong)
    assert "A/RES/8" in caught.value.hint


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (ga("FRA", "Z"), r"voting.csv:2:FRA: expected Y yes, N no, A abstention or X not voting, got 'Z'"),
        (ga("FRA", "Y", day="20x0-01-01"), r":2:day: expected a day"),
        (ga("FRA", "Y", day="1845-01-01"), r":2:date: expected a day from 1946-01-01 to today"),
        (ga("FRA", "Y", day="2999-01-01"), r":2:date: expected a day from 1946-01-01 to today"),
        (ga("", "Y"), r":2:seat: expected a value"),
        (ga("FRA", "Y", "many,0,0"), r":2:yes: expected a whole number from 0 to 300"),
        (ga("FRA", "Y") + ",more", r":2:row: expected 20 cells, got 21"),
    ],
)
def test_bad_cells_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        ga_file(write, row)


def test_other_files_are_refused(write):
    with pytest.raises(DataError, match=r"none called ms_vote or ms_votes"):
        undl.parse(write("x_ga_voting.csv", [GA.replace("ms_vote", "vote"), ga("FRA", "Y")]))
    with pytest.raises(DataError, match=r"a web page"):
        undl.parse(write("x_ga_voting.csv", ["<!DOCTYPE html>", "<html>Are you human?"]))
    with pytest.raises(DataError, match=r"whole gzip file"):
        undl.parse(write("x_ga_voting.csv.gz", [GA, *[ga("FRA", "Y")] * 50], cut=20))
    with pytest.raises(DataError, match=r"also ATLANTIS"):
        wide(write, ["ATLANTIS"], wide_row("Y"))
    with pytest.raises(DataError, match=r"General Assembly or Security Council, got 'Council of Europe'"):
        wide(write, ["FRANCE"], wide_row("Y", council="Council of Europe"))
    with pytest.raises(DataError, match=r"one row for each record"):
        wide(write, ["FRANCE"], wide_row("Y"), wide_row("Y"))


def test_a_name_without_a_day_has_no_publication_day(write):
    assert ga_file(write, ga("FRA", "Y"), name="x_ga_voting.csv").sources[0].date is None
    assert ga_file(write, ga("FRA", "Y"), name="2025_13_40_ga_voting.csv").sources[0].date is None


def test_two_editions_of_one_body_do_not_enter_one_record(write):
    record = Record.memory()
    record.ingest(ga_file(write, ga("FRA", "Y")))
    again = write(
        "2026_02_06_ga_voting.csv", [GA, ga("FRA", "Y"), ga("FRA", "Y", record=2, day="2025-12-30", symbol="A/RES/2")]
    )
    with pytest.raises(UsageError, match=r"one edition of 'General Assembly Voting Data'"):
        sources.ingest("undl-ga", record, again, strict=False)


@given(st.lists(st.lists(st.sampled_from(["Y", "N", "A", "X"]), min_size=5, max_size=5), min_size=1, max_size=8))
def test_recounted_tallies_are_those_of_the_cells(tmp_path_factory, ballots):
    seats = ["FRANCE", "INDIA", "CHILE", "EGYPT", "POLAND"]
    rows = [wide_row(*cells, symbol=f"A/RES/{n}", token=str(n)) for n, cells in enumerate(ballots)]
    path = tmp_path_factory.mktemp("undl") / "UN DATA.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([[*WIDE, *seats], *rows])
    parsed = undl.parse(path)
    got = dict(rollcalls.tallies(parsed.frame("vote")))
    assert got == {f"A/RES/{n}": tuple(cells.count(c) for c in "YNA") for n, cells in enumerate(ballots)}
    assert parsed.used == 5 * len(ballots)


def test_real_file_counts_and_facts(real):
    parsed = real("undl-2021")
    votes = parsed.frame("vote")
    assert (parsed.rows, parsed.used) == (897_663, 896_532)
    assert votes.height == parsed.used
    assert reasons(parsed)["a year in place of the day"][1] == ("A/RES/32/105[M]", "A/RES/66/230")
    assert parsed.remarks == ("1 of 7,853 roll calls differ from their published tally: S/RES/1966(2010)",)
    assert votes.filter(pl.col("kind") == "UNSC")["rollcall"].n_unique() == 2617
    assert votes.select(pl.struct("rollcall", "a").is_unique().all()).item()
    no = votes.filter(pl.col("rollcall") == "S/RES/678(1990)", pl.col("choice") != "yes")
    assert set(no.select("a", "choice").rows()) == {("CUB", "no"), ("YEM", "no"), ("CHN", "abstain")}


def test_real_votes_are_those_of_the_file(real, shared_data):
    """Columns of five members recounted with the csv module, without polars and without the table of members."""
    with gzip.open(
        shared_data / "un_digital_library_votes_2021" / "un_ga_sc_votes_to_2021.csv.gz", "rt", encoding="utf-8"
    ) as file:
        rows = [row for row in csv.DictReader(file) if len(row["Date"]) == 10 and row["token"] != "3949879"]
    votes = real("undl-2021").frame("vote")
    columns = {"USA": [" UNITED STATES", "UNITED STATES", "Aa UNITED STATES"], "RUS": ["USSR", "RUSSIAN FEDERATION"]}
    columns |= {"DNK": ["DENMARK", "AY DENMARK"], "BFA": ["UPPER VOLTA", "BURKINA FASO"], "IND": ["INDIA"]}
    for actor, names in columns.items():
        want = {(symbol(row), row[name]) for row in rows for name in names if row[name]}
        got = votes.filter(pl.col("a") == actor).select("rollcall", "original").rows()
        assert set(got) == want, actor


def symbol(row):
    return f"A/record/{row['token']}" if row["Resolution"] == "MISSING_DATA" else row["Resolution"]


def test_the_same_roll_call_of_two_publishers_counts_once(real):
    """In two years, the library's roll calls and Voeten's: hardly any is left under both ids."""
    months = pl.col("valid_from").is_between(date(2018, 1, 1), date(2019, 12, 31))
    cast = pl.col("value").is_not_null() & (pl.col("kind") == "UNGA")
    unga, library = (real(name).frame("vote").filter(months & cast) for name in ("unga", "undl-2021"))
    both = pl.concat([unga, library]).with_columns(month=pl.col("valid_from").dt.month_start())
    out = set(told_twice(both))
    left = both.filter(~pl.col("rollcall").is_in(list(out)))["rollcall"].n_unique()
    assert len(out) >= 0.95 * unga["rollcall"].n_unique()
    assert left <= 1.05 * library["rollcall"].n_unique(), "the library has the roll calls of spring and summer too"


def test_the_lists_on_ukraine_have_the_librarys_ids(real):
    ids = set(real("undl-2021").frame("vote")["rollcall"])
    mine = real("unga-ukraine").frame("vote").filter(pl.col("rollcall") == "A/RES/68/262")
    assert "A/RES/68/262" in ids
    theirs = real("undl-2021").frame("vote").filter(pl.col("rollcall") == "A/RES/68/262")
    assert dict(mine.select("a", "choice").rows()) == dict(theirs.select("a", "choice").rows())
