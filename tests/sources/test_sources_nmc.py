"""Material capabilities: units, currencies, missing cells and the real file."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import polars as pl
import pytest

from multipolar import dossier
from multipolar.errors import DataError
from multipolar.sources.publishers import nmc

HEAD = "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version"


def row(code, year, milex="100", milper="5", cinc="0.1"):
    return f"XXX,{code},{year},{milex},{milper},10,20,3000,40,{cinc},2021"


def parse(write, *rows, head=HEAD, name="NMC-60-abridged.csv"):
    return nmc.parse(write(name, [head, *rows]))


def values(parsed):
    return {(r["a"], r["kind"], r["valid_from"].year): r["value"] for r in parsed.frame("trait").to_dicts()}


def test_components_are_stated_in_units(write):
    parsed = parse(write, row(2, 2000))
    assert values(parsed) == {
        ("USA", "cinc", 2000): 0.1,
        ("USA", "military_spending", 2000): 100_000.0,
        ("USA", "military_personnel", 2000): 5_000.0,
        ("USA", "iron_steel", 2000): 10_000.0,
        ("USA", "energy", 2000): 20_000.0,
        ("USA", "population", 2000): 3_000_000.0,
        ("USA", "urban_population", 2000): 40_000.0,
    }
    units = dict(parsed.frame("trait").select("kind", "unit").rows())
    assert units["population"] == "persons"
    assert units["cinc"] == "share of the world"
    assert parsed.frame("trait").filter(pl.col("kind") == "population")["original"].to_list() == ["3000"]


def test_pounds_before_1914_are_another_kind(write):
    parsed = parse(write, row(200, 1913), row(200, 1914))
    spending = {key[1:]: value for key, value in values(parsed).items() if "spending" in key[1]}
    assert spending == {("military_spending_gbp", 1913): 100_000.0, ("military_spending", 1914): 100_000.0}
    spans = {c.kind: (c.first.year, c.last.year) for c in parsed.coverage}
    assert spans["military_spending_gbp"] == (1913, 1913)
    assert spans["military_spending"] == (1914, 1914)
    assert spans["cinc"] == (1913, 1914)
    assert {c.absence for c in parsed.coverage} == {"missing"}


def test_minus_nine_is_missing_and_never_zero(write):
    parsed = parse(write, row(2, 2000, milex="-9", milper="-9.0", cinc="0"))
    kinds = {key[1] for key in values(parsed)}
    assert "military_spending" not in kinds
    assert "military_personnel" not in kinds
    assert values(parsed)["USA", "cinc", 2000] == 0.0


def test_the_edition_is_that_of_the_last_year(write):
    parsed = parse(write, row(2, 2016))
    assert parsed.sources[0].key == "nmc:6.0"
    assert parsed.frame("trait")["known_from"].unique().to_list() == [date(2021, 7, 31)]
    later = parse(write, row(2, 2016), row(2, 2022))
    assert later.sources[0].key == "nmc:7.0"
    assert later.frame("trait")["known_from"].unique().to_list() == [date(2026, 6, 3)]
    other = parse(write, row(2, 2019))
    assert other.sources[0].key == "nmc:to-2019"
    assert other.frame("trait")["known_from"].unique().to_list() == [date(2020, 12, 31)]


def test_germany_of_1990_is_counted_once(write):
    parsed = parse(write, row(260, 1990, cinc="0.03"), row(255, 1990, cinc="0.04"), row(255, 1991))
    assert values(parsed)["DEU", "cinc", 1990] == 0.04
    assert parsed.rows == parsed.used + 1 == 3


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (row("2x", 2000), ":2:a: expected a whole number from 1 to 999"),
        (row(2, "20x0"), ":2:year: expected a whole number from 1816"),
        (row(2, 1500), ":2:year: expected a whole number from 1816"),
        (row(2, 2000, milex="much"), ":2:dollars: expected a number"),
        (row(2, 2000, cinc="1.5"), ":2:cinc: expected a number from 0 to 1"),
        (row(2, 2000, milper="-5"), ":2:milper: expected a number from 0"),
        (row(999, 2000), ":2:a: expected a code or name of a state, got '999'"),
        (row(2, 2000) + ",1", ":2:row: expected 11 cells, got 12"),
    ],
)
def test_bad_cells_are_named(write, line, message):
    with pytest.raises(DataError, match=message):
        parse(write, line)


def test_a_renamed_column_a_second_row_and_a_cut_file_are_refused(write):
    with pytest.raises(DataError, match="none called cinc"):
        parse(write, row(2, 2000), head=HEAD.replace("cinc", "CINC6"))
    with pytest.raises(DataError, match=r":3:a: expected one row for each a, year"):
        parse(write, row(2, 2000), row(2, 2000))
    with pytest.raises(DataError, match="damaged or truncated"):
        nmc.parse(write("cow_nmc.csv.gz", [HEAD, row(2, 2000)], cut=15))


def packed(tmp_path, *members, inner="NMCv7/NMC-v7-abridged.zip"):
    """An archive inside an archive, as the publisher offers it."""
    within = io.BytesIO()
    with zipfile.ZipFile(within, "w") as archive:
        for name, text in members:
            archive.writestr(name, text)
    path = tmp_path / "NMCv7.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("NMCv7/NMC_Codebook.pdf", "words")
        archive.writestr(inner, within.getvalue())
    return path


def test_the_publishers_archive_is_read_as_it_is(tmp_path):
    path = packed(tmp_path, ("readme.txt", "x"), ("NMC-70-abridged.csv", f"{HEAD}\n{row(2, 2022)}\n"))
    assert values(nmc.parse(path))["USA", "cinc", 2022] == 0.1


def test_bad_archives_are_refused(tmp_path, monkeypatch):
    with pytest.raises(DataError, match=r"a table that ends in abridged.csv, got none among readme.txt"):
        nmc.parse(packed(tmp_path, ("readme.txt", "x")))
    path = packed(tmp_path, ("NMC-70-abridged.csv", f"{HEAD}\n{row(2, 2022)}\n"))
    monkeypatch.setattr(nmc, "LARGEST", 50)
    with pytest.raises(DataError, match="at most 50 bytes"):
        nmc.parse(path)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(DataError, match="damaged or truncated"):
        nmc.parse(path)


def test_a_bad_release_is_refused_by_name(write):
    with pytest.raises(DataError, match=r"check 'rows'"):
        nmc.SOURCE.read(write("NMC-60-abridged.csv", [HEAD, row(2, 2000)]))


def test_the_real_file(real):
    parsed = real("nmc")
    assert (parsed.rows, parsed.used) == (17_121, 17_119)
    top = parsed.frame("trait").filter(pl.col("kind") == "cinc", pl.col("valid_from").dt.year() == 2022)
    assert top.sort("value", descending=True)["a"].head(5).to_list() == ["CHN", "USA", "IND", "RUS", "JPN"]
    known = values(parsed)
    assert known["USA", "cinc", 2022] == pytest.approx(0.124, abs=0.001)
    assert known["USA", "population", 1816] == 8_659_000
    assert ("USA", "military_spending", 1913) not in known
    assert known["USA", "military_spending_gbp", 1816] == 3_823_000


def test_the_real_file_agrees_with_the_dossier(real):
    """The dossier quotes CINC of version 6: same kind, same unit, and nearly the same numbers in a later edition."""
    quoted = dossier.load().frames["trait"].filter(pl.col("kind") == "cinc")
    ours = real("nmc").frame("trait").filter(pl.col("kind") == "cinc")
    both = quoted.join(ours, on=["a", "valid_from"], suffix="_nmc")
    assert both.height > 400
    assert both["unit"].to_list() == both["unit_nmc"].to_list()
    assert (both["value"] - both["value_nmc"]).abs().quantile(0.9) < 0.005
