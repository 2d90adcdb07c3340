"""Memberships of organisations: spells, ids as of dates, what is not known, and joint memberships recounted."""

from __future__ import annotations

import zipfile
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar import actors
from multipolar.errors import DataError
from multipolar.record import Record
from multipolar.sources import who
from multipolar.sources.publishers import igo
from multipolar.world import World

HEAD = "ccode,year,state,UN,NATO,AAAID"
LONG = "ccode,year,state,igo,status"


def wide(write, *rows, head=HEAD, name="state_year_formatv3.csv"):
    return igo.parse(write(name, [head, *rows]))


def long(write, *rows):
    return igo.parse(write("igo_membership_long.csv", [LONG, *rows]))


def spans(parsed):
    ties = parsed.frame("tie").sort("a", "b", "valid_from")
    return [
        (row["a"], row["b"], row["valid_from"].year, row["valid_to"] and row["valid_to"].year, row["value"])
        for row in ties.to_dicts()
    ]


def test_years_of_one_status_are_one_statement(write):
    rows = [f"2,{year},usa,1,{1 if year >= 1949 else -1},0" for year in range(1945, 1952)]
    parsed = wide(write, *rows)
    assert spans(parsed) == [("USA", "NATO", 1949, None, 1.0), ("USA", "UN", 1945, None, 1.0)]
    row = parsed.frame("tie").filter(pl.col("b") == "NATO").to_dicts()[0]
    assert (row["known_from"], row["ref"], row["original"]) == (date(1949, 12, 31), "NATO", "1 (full membership)")
    assert row["locator"] == "row 6: 2 in NATO 1949-1951"
    assert parsed.rows == 21
    assert parsed.used == 10
    assert {item.reason: item.rows for item in parsed.left_out} == {
        "not a member": 7,
        "the organisation did not exist": 4,
    }


def test_a_status_has_the_value_that_the_dossier_gives_it(write):
    parsed = wide(write, "2,2000,usa,1,2,3")
    assert {row[1]: row[4] for row in spans(parsed)} == {"UN": 1.0, "NATO": 0.5, "IGO.AAAID": 0.25}
    assert {row["original"] for row in parsed.frame("tie").to_dicts()} == {
        "1 (full membership)", "2 (associate membership)", "3 (observer membership)",
    }  # fmt: skip


def test_years_between_rows_are_not_filled(write):
    parsed = wide(write, "2,1950,usa,1,1,0", "2,1955,usa,1,1,0", "2,1960,usa,1,0,0")
    assert spans(parsed) == [
        ("USA", "NATO", 1950, 1950, 1.0),
        ("USA", "NATO", 1955, 1955, 1.0),
        ("USA", "UN", 1950, 1950, 1.0),
        ("USA", "UN", 1955, 1955, 1.0),
        ("USA", "UN", 1960, None, 1.0),
    ]


def test_what_is_not_known_is_no_zero(write):
    parsed = wide(write, "2,1990,usa,1,1,0", "2,1991,usa,1,-9,0", "2,1992,usa,1,1,0")
    assert [row[2:4] for row in spans(parsed) if row[1] == "NATO"] == [(1990, 1990), (1992, None)]
    assert parsed.coverage[0].absence == "missing"
    sure = {actor: [] for row in parsed.coverage[1:] for actor in row.actors}
    for row in parsed.coverage[1:]:
        assert (row.absence, row.role) == ("zero", "b")
        for actor in row.actors:
            sure[actor].append((row.first.year, row.last.year))
    assert sure == {"UN": [(1990, 1992)], "IGO.AAAID": [(1990, 1992)], "NATO": [(1990, 1990), (1992, 1992)]}


def test_inside_the_publishers_archive(write, tmp_path):
    packed = tmp_path / "state_year_formatv3.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("state_year_formatv3.csv", f"{HEAD}\n2,2000,usa,1,1,0\n")
        archive.writestr("codebook.pdf", b"%PDF")
    assert spans(igo.parse(packed)) == spans(wide(write, "2,2000,usa,1,1,0"))
    assert igo.parse_counts(packed).frame("trait")["value"].to_list() == [2.0]


@pytest.mark.parametrize(
    ("acronym", "year", "id"),
    [
        ("EU", 1995, "EU"), ("EEC", 1960, "EU"), ("ECSC", 1953, "EU"), ("ECSC", 1960, "IGO.ECSC"), ("LOAS", 1950, "LAS"),
        ("WPact", 1960, "WTO_PACT"), ("SCO", 1998, "IGO.SCO"), ("SCO", 2005, "SCO"), ("OAU", 1970, "OAU"),
        ("AU", 2005, "AU"), ("Mercosur", 1995, "MERCOSUR"), ("SEATO", 1954, "IGO.SEATO"), ("SEATO", 1960, "SEATO"),
        ("LoN", 1930, "IGO.LON"), ("wto", 2000, "IGO.WTO"), ("csto", 2010, "CSTO"),
    ],
)  # fmt: skip
def test_organisations_go_by_our_ids_while_ours_exist(write, acronym, year, id):
    assert [row[1] for row in spans(long(write, f"220,{year},france,{acronym},full"))] == [id]


def test_every_id_of_ours_is_an_organisation():
    for _, (id, first, last) in igo.OURS.items():
        assert actors.organisation(id)
        assert first is None or last is None or first <= last


def test_states_are_those_of_the_year(write):
    parsed = long(
        write, "260,1970,gfr,un,full", "265,1980,gdr,un,full", "255,1990,germany,un,full", "260,1990,gfr,un,full",
        "315,1995,czechoslovakia,un,full",
    )  # fmt: skip
    assert {row[0] for row in spans(parsed)} == {"DEU", "DDR"}
    assert [item.reason for item in parsed.left_out] == ["the state did not exist in that year"]
    assert parsed.used == 4


def test_names_come_from_a_file_beside(write):
    write("igo_names.csv", ["ioname,orgname", "AAAID,Arab Authority", "UN,"])
    parsed = wide(write, "2,2000,usa,1,0,1")
    assert set(parsed.frame("tie")["text"]) == {"full membership: UN", "full membership: Arab Authority"}


def test_both_layouts_tell_the_same(write):
    one = wide(write, "2,2000,usa,1,2,0", "2,2001,usa,1,0,0", "20,2001,canada,1,3,0")
    other = long(
        write, "2,2000,usa,un,full", "2,2000,usa,nato,associate", "2,2001,usa,UN,1", "20,2001,canada,un,Full Membership",
        "20,2001,canada,nato,observer",
    )  # fmt: skip
    assert spans(one) == spans(other)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("2,20x0,usa,1,0,0", ":2:year: expected a whole number"),
        ("2,2000,usa,1,7,0", ":2:NATO: expected one of 1, 2, 3, 0, -1, -9, got '7'"),
        ("2,2000,usa,1,,0", ":2:NATO: expected one of"),
        ("2,2000,usa,1.5,0,0", ":2:UN: expected one of"),
        ("998,2000,nowhere,1,0,0", ":2:a: expected a code or name of a state, got '998'"),
        ("2,2000,usa,1,0,0,9", ":2:row: expected 6 cells"),
        (",2000,usa,1,0,0", ":2:a: expected a value"),
    ],
)
def test_bad_cells_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        wide(write, row)


def test_wrong_files_are_refused(write, tmp_path):
    with pytest.raises(DataError, match=r"the UN among them"):
        igo.parse(write("x.csv", ["ccode,year,dyadid", "2,2000,1"]))
    with pytest.raises(DataError, match=r"none called ccode"):
        wide(write, "1,1", head="orgname,year")
    with pytest.raises(DataError, match=r"one row for each a, year"):
        wide(write, "2,2000,usa,1,0,0", "2,2000,usa,1,0,0")
    with pytest.raises(DataError, match=r"one row for each a, year, igo"):
        long(write, "2,2000,usa,un,full", "2,2000,usa,UN,full")
    with pytest.raises(DataError, match=r":2:status: expected one of"):
        long(write, "2,2000,usa,un,member")
    with pytest.raises(DataError, match=r"acronym of an organisation"):
        long(write, "2,2000,usa,u n,full")
    with pytest.raises(DataError, match=r"check 'rows state-years'"):
        igo.SOURCE.read(write("x.csv", [HEAD, "2,2000,usa,1,0,0"]))
    broken = tmp_path / "state_year_format3.parquet"
    broken.write_bytes(b"PAR1 and no more")
    with pytest.raises(DataError, match=r"a whole Parquet file"):
        igo.parse(broken)


CELLS = st.dictionaries(
    st.tuples(st.sampled_from([2, 20, 200]), st.integers(1990, 1999)), st.sampled_from([1, 2, 3, 0, -9, -1]), min_size=1
)


@given(CELLS)
def test_statements_give_back_the_cells(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("igo") / "x.csv"
    path.write_text("\n".join(["ccode,year,UN", *(f"{code},{year},{cell}" for (code, year), cell in cells.items())]))
    codes = {"USA": 2, "CAN": 20, "GBR": 200}
    parsed = igo.parse(path)
    last = max(year for _, year in cells)
    got = {
        (codes[a], year): {1.0: 1, 0.5: 2, 0.25: 3}[value]
        for a, _, first, until, value in spans(parsed)
        for year in range(first, (until or last) + 1)
    }
    assert got == {key: cell for key, cell in cells.items() if cell > 0}
    assert parsed.used == len(got)


def test_counts_from_either_file(write):
    head = "ccode,year,sum_igo_full,sum_igo_associate,sum_igo_observer,sum_igo_anytype"
    told = igo.parse_counts(write("cow_igo_sy.csv", [head, "2,2000,1,1,1,3", "20,2000,1,0,0,1"]))
    counted = igo.parse_counts(write("wide.csv", [HEAD, "2,2000,usa,1,2,3", "20,2000,canada,1,0,-9"]))
    columns = ["a", "kind", "valid_from", "valid_to", "known_from", "original", "value"]
    assert told.frame("trait").select(columns).equals(counted.frame("trait").select(columns))
    assert told.frame("trait")["original"][0] == "full 1, associate 1, observer 1, any 3"
    assert told.frame("trait")["value"].to_list() == [2.0, 1.0]
    assert told.coverage[0].absence == "missing"


def test_bad_counts_are_named(write):
    head = "ccode,year,sum_igo_full,sum_igo_associate,sum_igo_observer,sum_igo_anytype"
    with pytest.raises(DataError, match=r":2:full: expected a whole number"):
        igo.parse_counts(write("x.csv", [head, "2,2000,many,0,0,1"]))
    with pytest.raises(DataError, match=r"expected 15,557 rows"):
        igo.SOURCE_COUNTS.read(write("x.csv", [head, "2,2014,1,0,0,1"]))


def test_a_record_takes_organisations_that_the_table_does_not_have(write):
    """Views and indicators look at states: an organisation's id is text to them."""
    record = Record.memory()
    record.ingest(wide(write, *(f"{code},{year},x,1,1,1" for code in (2, 20) for year in range(2000, 2011))))
    view = record.view(date(2026, 1, 1))
    assert view.statements("tie", actors=("IGO.AAAID",)).height == 2
    assert World(view).actors == ()
    assert World(view, actors=("USA", "CAN")).observed.cells.is_empty()


def test_real_memberships(real, shared_data):
    parsed = real("igo")
    assert parsed.rows == 15_557 * 534
    assert parsed.used == 538_965
    assert sum(item.rows for item in parsed.left_out) == 2_170_313 + 5_459_286 + 138_874
    ties = parsed.frame("tie")
    assert ties.height == 19_005
    sco = ties.filter(pl.col("b") == "SCO", pl.col("value") == 1.0)
    assert set(sco["a"]) == {"CHN", "RUS", "KAZ", "KGZ", "TJK", "UZB"}
    france = ties.filter(pl.col("a") == "FRA", pl.col("b") == "EU")
    assert france.select(pl.col("valid_from").dt.year(), "valid_to").rows() == [(1952, None)]
    path = shared_data / "cow_igo_v3_memberships" / "igo_membership_long_1816_2014.parquet"
    columns = ["a", "b", "valid_from", "valid_to", "value", "text"]
    listed = igo.parse(path).frame("tie")
    assert listed.select(columns).sort(columns).equals(ties.select(columns).sort(columns))


def test_real_counts_are_those_of_the_memberships(real, shared_data):
    told = real("igo-counts").frame("trait")
    assert told.height == 15_557
    path = shared_data / "cow_igo_v3_memberships" / "state_year_format3_wide.parquet"
    counted = igo.parse_counts(path).frame("trait")
    both = told.join(counted, on=["a", "valid_from"])
    assert both.height == told.height
    assert (both["original"] == both["original_right"]).all()


def joint_counts(ties, years):
    """Joint memberships of every pair: a matrix of states by organisations, times itself."""
    own = ties.filter(pl.col("value") >= 0.5).with_columns(
        first=pl.col("valid_from").dt.year(), last=pl.col("valid_to").dt.year().fill_null(2014)
    )
    state = {id: n for n, id in enumerate(sorted(set(own["a"])))}
    orgs = {id: n for n, id in enumerate(sorted(set(own["b"])))}
    for year in years:
        now = own.filter(pl.col("first") <= year, pl.col("last") >= year)
        member = np.zeros((len(state), len(orgs)), dtype=np.float32)
        member[[state[a] for a in now["a"]], [orgs[b] for b in now["b"]]] = 1.0
        yield year, state, member @ member.T


def test_real_joint_memberships_recounted(real, shared_data):
    """The publisher's counts by pair and year (as peacesciencer has them), from our statements: every one is equal."""
    path = shared_data / "igo_counts" / "cow_igo_ndy.parquet"
    years = (1820, 1865, 1900, 1914, 1920, 1938, 1946, 1957, 1958, 1964, 1975, 1991, 1993, 2002, 2014)
    pairs = pl.scan_parquet(path).filter(pl.col("year").is_in(years)).collect().with_row_index("_row")
    named, lost = who.name_codes(pairs.rename({"ccode1": "a", "ccode2": "b"}), path, ("a", "b"), who.cow)
    assert lost == ()
    compared = 0
    for year, state, counts in joint_counts(real("igo").frame("tie"), years):
        known = pl.col("a").is_in(list(state)) & pl.col("b").is_in(list(state))
        rows = named.filter(pl.col("year") == year, known)
        got = counts[[state[a] for a in rows["a"]], [state[b] for b in rows["b"]]]
        assert np.array_equal(got, rows["dyadigos"].to_numpy()), year
        compared += rows.height
    assert compared > 75_000
