"""GeoDist: one statement a pair and measure, old codes, territories, and what is not known."""

from __future__ import annotations

import csv
import gzip
from datetime import date

import polars as pl
import pyreadstat
import pytest

from multipolar import sources
from multipolar.errors import DataError
from multipolar.record import Record
from multipolar.sources.publishers import geodist

HEADER = "iso_o,iso_d,contig,comlang_off,comlang_ethno,colony,comcol,curcol,col45,smctry,dist,distcap,distw,distwces"


def row(a, b, *flags, km=("100.5", "101.5", "102.5", "103.5")):
    on = [int(name in flags) for name in HEADER.split(",")[2:10]]
    return ",".join([a, b, *map(str, on), *km])


def parse(write, *rows, bom=False):
    return geodist.parse(write("dist_cepii.csv", [("\ufeff" if bom else "") + HEADER, *rows]))


def told(parsed):
    return {(a, b, ref): value for a, b, ref, value in parsed.frame("tie").select("a", "b", "ref", "value").rows()}


def test_a_pair_has_one_statement_a_measure(write):
    parsed = parse(
        write, row("FRA", "DEU", "contig", "comlang_ethno"), row("DEU", "FRA", "contig", "comlang_ethno"), bom=True
    )
    assert told(parsed) == {
        ("DEU", "FRA", "dist"): 100.5,
        ("DEU", "FRA", "distcap"): 101.5,
        ("DEU", "FRA", "distw"): 102.5,
        ("DEU", "FRA", "distwces"): 103.5,
        ("DEU", "FRA", "contig"): 1.0,
        ("DEU", "FRA", "comlang_ethno"): 1.0,
    }
    assert (parsed.rows, parsed.used) == (2, 2)
    assert set(parsed.frame("tie")["kind"]) == {"distance", "contiguity", "language"}


def test_the_stata_file_reads_as_text_does(write, tmp_path):
    path = tmp_path / "dist_cepii.dta"
    rows = [("FRA", "DEU", 1, 0, 0, 0, 0, 0, 0, 0, 100.5, 101.5, 102.5, None)]
    pyreadstat.write_dta(pl.DataFrame(rows, schema=HEADER.split(","), orient="row"), str(path))
    text = parse(write, row("FRA", "DEU", "contig", km=("100.5", "101.5", "102.5", ".")))
    assert told(geodist.parse(path)) == told(text)
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(DataError, match=r"whole Stata or SPSS file"):
        geodist.parse(path)


def test_facts_without_time_are_dated_to_the_states_of_the_file(write):
    ties = parse(write, row("FRA", "DEU")).frame("tie")
    assert set(ties.select("valid_from", "valid_to", "known_from").rows()) == {
        (date(2005, 1, 1), None, date(2005, 12, 31))
    }
    assert set(ties["source"]) == {"geodist:2011"}


def test_a_stop_is_not_known_and_the_first_direction_is_taken(write):
    unknown = ("100.5", "101.5", ".", ".")
    parsed = parse(write, row("FRA", "DEU", km=unknown), row("DEU", "FRA", km=("100.5", "101.5", "7.25", ".")))
    assert told(parsed)["DEU", "FRA", "distw"] == 7.25
    assert ("DEU", "FRA", "distwces") not in told(parsed)
    parsed = parse(write, row("DEU", "FRA", km=("1", "2", "3.01", "4")), row("FRA", "DEU", km=("1", "2", "3.02", "4")))
    assert told(parsed)["DEU", "FRA", "distw"] == 3.01


def test_what_only_one_direction_says_is_told_and_marked(write):
    ties = parse(write, row("FRA", "DEU", "smctry"), row("DEU", "FRA")).frame("tie").filter(pl.col("kind") == "colony")
    assert ties.select("ref", "value", "original").rows() == [("smctry", 1.0, "smctry=1 (in one direction only)")]


def test_old_codes_are_read_as_what_they_meant(write):
    parsed = parse(write, row("ROM", "ZAR"), row("TMP", "YUG"))
    assert {pair[:2] for pair in told(parsed)} == {("COD", "ROU"), ("TLS", "YUG")}


def test_territories_and_a_state_with_itself_are_left_out(write):
    parsed = parse(write, row("FRA", "HKG"), row("HKG", "FRA"), row("FRA", "FRA"), row("FRA", "DEU"))
    assert (parsed.rows, parsed.used) == (4, 1)
    assert [(item.reason, item.rows) for item in parsed.left_out] == [
        ("not a state in the table of states", 2),
        ("both sides are the same actor", 1),
    ]
    assert "HKG" in parsed.left_out[0].examples[0]


def test_absence_means_no_only_between_states_of_the_file(write):
    kinds = {item.kind: (item.absence, item.actors) for item in parse(write, row("FRA", "DEU")).coverage}
    assert kinds["contiguity"] == ("zero", ("DEU", "FRA"))
    assert kinds["distance"][0] == "missing"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (row("FRA", "XXX"), ":2:b: expected a code or name of a state, got 'XXX'"),
        (row("FRA", "DEU").replace("100.5", "-3"), ":2:dist: expected a number from 0 to 20100, got '-3'"),
        (row("FRA", "DEU").replace("101.5", "near"), ":2:distcap: expected a number"),
        (row("FRA", "DEU").replace("DEU,0", "DEU,2"), ":2:contig: expected a whole number from 0 to 1, got '2'"),
        (row("FRA", ""), ":2:b: expected a value"),
    ],
)
def test_bad_cells_are_named(write, line, message):
    with pytest.raises(DataError, match=message):
        parse(write, line)


def test_wrong_files_are_refused(write, tmp_path):
    with pytest.raises(DataError, match=r"none called contig"):
        geodist.parse(write("x.csv", [HEADER.replace("contig", "border")]))
    with pytest.raises(DataError, match=r"one row for each a, b"):
        parse(write, row("FRA", "DEU"), row("FRA", "DEU"))
    with pytest.raises(DataError, match=r"50,176 rows"):
        geodist.SOURCE.read(write("dist_cepii.csv", [HEADER, row("FRA", "DEU")]))
    with pytest.raises(DataError, match=r"a web page"):
        geodist.parse(write("x.csv", ["<html>", "log in"]))
    sheet = tmp_path / "dist_cepii.xls"
    sheet.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00")
    with pytest.raises(DataError, match=r"a text file, got a binary one"):
        geodist.parse(sheet)


def test_it_enters_a_record(write):
    record = Record.memory()
    sources.ingest("geodist", record, write("dist_cepii.csv", [HEADER, row("FRA", "DEU", "contig")]), strict=False)
    assert record.view().counts()["tie"] == 5


def test_real_values_are_those_of_the_file(real, shared_data):
    """Every measure of every pair of a few states, reread with the csv module."""
    few = {"USA", "CHN", "RUS", "FRA", "DEU", "GBR", "IND", "BRA", "JPN", "PRT", "CAN", "MEX"}
    known = {}
    with gzip.open(shared_data / "cepii_geodist" / "dist_cepii.csv.gz", "rt", encoding="utf-8-sig") as handle:
        for line in csv.DictReader(handle):
            a, b = line["iso_o"], line["iso_d"]
            if {a, b} <= few and a < b:
                known |= {(a, b, name): float(line[name]) for name in HEADER.split(",")[10:]}
                known |= {(a, b, name): 1.0 for name in HEADER.split(",")[2:10] if line[name] == "1"}
    ties = real("geodist").frame("tie").filter(pl.col("a").is_in(list(few)), pl.col("b").is_in(list(few)))
    found = {(a, b, ref): value for a, b, ref, value in ties.select("a", "b", "ref", "value").rows()}
    assert len(known) > 66 * 4
    assert found == known


def test_real_account(real):
    parsed = real("geodist")
    assert (parsed.rows, parsed.used, parsed.frame("tie").height) == (50_176, 36_290, 80_560)
    states = {*parsed.frame("tie")["a"], *parsed.frame("tie")["b"]}
    assert len(states) == 191
    assert states.isdisjoint({"MNE", "XKX", "SSD", "SRB"})
    assert parsed.frame("tie").select("a", "b", "ref").is_unique().all()
    assert parsed.frame("tie").filter(pl.col("original").str.contains("one direction")).height == 23
