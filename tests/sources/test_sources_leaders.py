"""Leaders and kinds of government: days and months in office, what is open, what is cut."""

from __future__ import annotations

from datetime import date

import polars as pl
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.errors import DataError
from multipolar.sources import who
from multipolar.sources.publishers import leaders

HEAD = "obsid,gwcode,leadid,leader,yrborn,gender,startdate,enddate,entry,exit,exitcode"
MONTHS = "ccode,country,leader,year,month,elected,government"
SPELLS = "reign_cowcode,reign_country,gwf_casename,gwf_regimetype,Start,End,year"


def term(code, start, end, exit_="Regular", name="Nobody", obsid="XXX-1"):
    return f"{obsid},{code},x,{name},1900,M,{start},{end},Regular,{exit_},{exit_}"


def archigos(write, *rows, head=HEAD):
    return leaders.parse_archigos(write("archigos.csv", [head, *rows]))


def only(parsed):
    rows = parsed.frame("trait").to_dicts()
    assert len(rows) == 1
    return rows[0]


def test_a_term_has_its_days_and_is_known_from_the_first(write):
    row = only(archigos(write, term(365, "1985-03-11", "1991-08-21", name="Gorbachev", obsid="RUS-1985")))
    assert (row["a"], row["kind"], row["value"], row["text"]) == ("RUS", "leader", 1.0, "Gorbachev")
    assert (row["valid_from"], row["valid_to"], row["known_from"]) == (
        date(1985, 3, 11),
        date(1991, 8, 21),
        date(1985, 3, 11),
    )
    assert row["locator"] == "row 2: RUS-1985"
    assert row["original"] == "1985-03-11 to 1991-08-21; entry: Regular; exit: Regular; Regular"


def test_who_was_in_office_at_the_end_is_open(write):
    parsed = archigos(write, term(365, "2000-01-01", "2015-12-31", "Still in Office", name="Putin"))
    assert only(parsed)["valid_to"] is None
    assert parsed.coverage[0].last == date(2015, 12, 31)
    assert parsed.coverage[0].absence == "missing"


def test_a_term_begins_with_the_state(write):
    row = only(archigos(write, term(31, "1967-01-16", "1992-08-21", name="Pindling")))
    assert (row["a"], row["valid_from"], row["known_from"]) == ("BHS", date(1973, 7, 10), date(1973, 7, 10))
    assert row["original"].startswith("1967-01-16 to 1992-08-21")


def test_a_term_outside_the_state_is_counted(write):
    parsed = archigos(write, term(31, "1967-01-16", "1970-01-01"), term(2, "2000-01-20", "2009-01-20", obsid="USA-1"))
    assert [(item.reason, item.rows) for item in parsed.left_out] == [(leaders.NOT_THEN, 1)]
    assert only(parsed)["a"] == "USA"


@pytest.mark.parametrize(
    ("code", "start", "end", "actor"),
    [
        (260, "1963-10-16", "1966-11-30", "DEU"), (265, "1971-05-03", "1989-10-18", "DDR"),
        (345, "1945-03-07", "1980-05-04", "YUG"), (340, "2008-07-07", "2012-07-27", "SRB"),
        (300, "1848-12-02", "1916-11-21", "AUH"), (678, "1978-07-18", "2012-02-25", "YEM"),
        (816, "1969-09-03", "1986-07-10", "VNM"), (817, "1967-10-31", "1975-04-21", "RVN"),
    ],
)  # fmt: skip
def test_codes_by_term(write, code, start, end, actor):
    assert only(archigos(write, term(code, start, end)))["a"] == actor


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (term(2, "20x0-01-01", "2009-01-20"), ":2:start: expected a day"),
        (term(2, "2000-01-01", "1999-01-20"), ":2:end: expected a last day not before the first"),
        (term("USA", "2000-01-01", "2009-01-20"), ":2:a: expected a whole number"),
        (term(998, "2000-01-01", "2009-01-20"), ":2:a: expected a Gleditsch-Ward code, got '998'"),
        (term(2, "2000-01-01", "2009-01-20", name=""), ":2:leader: expected a value"),
    ],
)
def test_bad_terms_are_named(write, line, message):
    with pytest.raises(DataError, match=message):
        archigos(write, line)


def test_a_term_told_twice_is_refused(write):
    with pytest.raises(DataError, match=":3:term: expected one row for each term"):
        archigos(write, term(2, "2000-01-01", "2001-01-01"), term(2, "2002-01-01", "2003-01-01"))


def test_the_stata_file_is_read(tmp_path):
    path = tmp_path / "Archigos_4.1_stata14.dta"
    names = ("obsid", "leader", "startdate", "enddate", "entry", "exit", "exitcode")
    texts = ("USA-1", "Nobody", "2000-01-20", "2009-01-20", "Regular", "Regular", "Regular")
    table = pl.DataFrame({"ccode": [2.0], **{name: [text] for name, text in zip(names, texts, strict=True)}})
    pyreadstat.write_dta(table, str(path))
    assert only(leaders.parse_archigos(path))["a"] == "USA"


def months(write, *rows):
    return leaders.parse_reign(write("REIGN_2021_8.csv", [MONTHS, *rows]))


def month(code, name, year, number, government="Presidential Democracy"):
    return f"{code},Country,{name},{year},{number},1,{government}"


def spans(parsed, kind):
    rows = parsed.frame("trait").filter(pl.col("kind") == kind).sort("valid_from")
    return rows.select("text", "valid_from", "valid_to").rows()


def test_months_of_one_leader_become_a_term(write):
    parsed = months(
        write,
        month(2, "Bush", 2008, 12),
        month(2, "Bush", 2009, 1),
        month(2, "Obama", 2009, 1),
        month(2, "Obama", 2009, 2),
    )
    assert spans(parsed, "leader") == [
        ("Bush", date(2008, 12, 1), date(2009, 1, 31)),
        ("Obama", date(2009, 1, 1), None),
    ]
    assert spans(parsed, "government") == [("Presidential Democracy", date(2008, 12, 1), None)]
    assert parsed.rows == parsed.used == 4
    by_kind = dict(
        parsed.frame("trait").select("kind", "known_from").sort("known_from").unique("kind", keep="first").rows()
    )
    assert by_kind == {"leader": date(2008, 12, 1), "government": leaders.REIGN_END}


def test_a_return_to_office_is_a_term_of_its_own(write):
    rows = [month(365, name, 2008 + i // 12, i % 12 + 1) for i, name in enumerate(["A", "A", "B", "A", "A"])]
    assert [(name, start) for name, start, _ in spans(months(write, *rows), "leader")] == [
        ("A", date(2008, 1, 1)),
        ("B", date(2008, 3, 1)),
        ("A", date(2008, 4, 1)),
    ]


@given(st.lists(st.sampled_from("ABC"), min_size=1, max_size=40))
def test_every_month_is_told_once(tmp_path_factory, names):
    path = tmp_path_factory.getbasetemp() / "REIGN_2021_8.csv"
    rows = [month(2, name, 1990 + i // 12, i % 12 + 1) for i, name in enumerate(names)]
    path.write_text("\n".join([MONTHS, *rows]), encoding="utf-8")
    told = []
    for name, start, end in spans(leaders.parse_reign(path), "leader"):
        first = (start.year - 1990) * 12 + start.month - 1
        last = len(names) - 1 if end is None else (end.year - 1990) * 12 + end.month - 1
        told += [(i, name) for i in range(first, last + 1)]
    assert sorted(told) == list(enumerate(names))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (month(2, "X", 2009, 13), ":2:month: expected a whole number from 1 to 12"),
        (month(2, "X", "20x9", 1), ":2:year: expected a whole number from 1950"),
        (month(2, "", 2009, 1), ":2:leader: expected a value"),
        (month(999, "X", 2009, 1), ":2:a: expected a code or name of a state"),
    ],
)
def test_bad_months_are_named(write, line, message):
    with pytest.raises(DataError, match=message):
        months(write, line)


def spell(code, case, sort, start, end, year):
    return f"{code},Country,{case},{sort},{start},{end},{year}"


def governments(write, *rows):
    return leaders.parse_reign(write("REIGN.csv.gz", [SPELLS, *rows]))


def test_spells_of_government(write):
    rows = [spell(365, "R1", "parliamentary", "1991-08-21", "1993-09-21", year) for year in (1991, 1992, 1993)]
    parsed = governments(write, *rows, spell(365, "R2", "personal", "1993-09-21", "2020-12-31", 1994))
    assert spans(parsed, "government") == [
        ("parliamentary", date(1991, 8, 21), date(1993, 9, 21)),
        ("personal", date(1993, 9, 21), None),
    ]
    assert parsed.rows == parsed.used == 4
    assert parsed.frame("trait")["known_from"].unique().to_list() == [leaders.REIGN_END]


def test_a_spell_that_began_last_is_open_though_its_last_day_is_the_files(write):
    parsed = governments(write, spell(483, "Chad", "provisional military", "2021-04-23", "2020-12-31", 2021))
    assert spans(parsed, "government") == [("provisional military", date(2021, 4, 23), None)]


def test_a_spell_begins_with_the_state_and_must_not_end_before(write):
    parsed = governments(
        write,
        spell(471, "Cameroon", "party-personal", "1959-12-01", "1983-08-22", 1959),
        spell(471, "Cameroon", "party-personal", "1959-12-01", "1983-08-22", 1960),
    )
    assert spans(parsed, "government") == [("party-personal", date(1960, 1, 1), date(1983, 8, 22))]
    assert [item.rows for item in parsed.left_out] == [1]
    with pytest.raises(DataError, match=":2:end: expected a last day not before the first"):
        governments(write, spell(2, "USA", "presidential", "1999-01-01", "1998-01-01", 1999))


def test_other_files_are_refused(write):
    with pytest.raises(DataError, match="none called"):
        leaders.parse_reign(write("x.csv", ["one,two", "1,2"]))
    with pytest.raises(DataError, match="none called"):
        archigos(write, head="one,two")
    with pytest.raises(DataError, match="check 'rows'"):
        leaders.ARCHIGOS.read(write("archigos.csv", [HEAD, term(2, "2000-01-20", "2009-01-20")]))


def test_the_real_terms(real):
    parsed = real("archigos")
    assert (parsed.rows, parsed.used) == (3_409, 3_401)
    rows = parsed.frame("trait")
    assert rows["valid_to"].null_count() == 168
    for actor, day, name in (
        ("USA", date(1962, 10, 16), "Kennedy"), ("CUB", date(1962, 10, 16), "Castro"),
        ("DEU", date(1989, 11, 9), "Kohl"), ("YUG", date(1999, 4, 1), "Milosevic"), ("SRB", date(2010, 1, 1), "Cvetkovic"),
    ):  # fmt: skip
        assert leaders.in_office(actor, day, name).failure(parsed) is None, actor


def test_the_real_yearly_counts_are_those_of_the_terms(real, shared_data):
    """archigossums counts the leaders of a state and year, and names the one of 31 December: so do our statements."""
    text = pl.col("original").str
    rows = real("archigos").frame("trait")
    terms = rows.select(
        term=pl.col("locator").str.split(": ").list.get(1),
        start=text.slice(0, 10).str.to_date(),
        end=text.slice(14, 10).str.to_date(),
    )
    sums = pl.read_csv(shared_data / "leaders" / "archigossums.csv.gz").with_columns(pl.col("year").cast(pl.Int32))
    last = sums.join(terms, left_on="dec31obsid", right_on="term")
    day = pl.date(pl.col("year"), 12, 31)
    assert last.height / sums.height > 0.99
    assert last.select(day.is_between(pl.col("start"), pl.col("end")).mean()).item() > 0.99
    codes = pl.read_csv(shared_data / "leaders" / "archigos.csv.gz").select("gwcode", term="obsid")
    years = pl.int_ranges(pl.col("start").dt.year(), pl.col("end").dt.year() + 1).cast(pl.List(pl.Int32))
    counted = (
        terms.join(codes, on="term")
        .with_columns(year=years)
        .explode("year")
        .group_by("gwcode", "year")
        .agg(count=pl.len())
    )
    both = sums.join(counted, on=["gwcode", "year"])
    assert both.height / sums.height > 0.99
    assert both.select((pl.col("count") == pl.col("n_leaders")).mean()).item() > 0.99


def test_the_real_spells(real):
    parsed = real("reign")
    assert (parsed.rows, parsed.used) == (13_937, 13_500)
    rows = parsed.frame("trait")
    assert rows.filter(pl.col("a") == "RUS").sort("valid_from")["text"].to_list() == [
        "party-based",
        "parliamentary",
        "personal",
    ]
    assert all(who.lived(a, day, day) for a, day in rows.select("a", "valid_from").rows())
