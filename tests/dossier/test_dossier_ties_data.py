"""The dossier's ties against the publishers' files: what agrees, and each place where we differ on purpose.

Read with ``-s`` to see how many facts were verified and how many could not be.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from multipolar import actors
from multipolar.dossier import STATES
from multipolar.record import Batch

pytestmark = pytest.mark.data

PairYears = set[tuple[str, str, int]]


def cow_codes() -> dict[int, str]:
    """Correlates of War code → id, for the states of the dossier set on any day since 1990."""
    found: dict[int, str] = {}
    for state in (*STATES, "YUG"):
        for spell in actors.get(state).spells:
            if spell.codes.cow is not None and (spell.end is None or spell.end >= date(1990, 1, 1)):
                found[spell.codes.cow] = state
    return found


def years(batch: Batch, first: int, last: int, **where: str) -> PairYears:
    """Pair-years in which a tie held on at least one day."""
    found: PairYears = set()
    for row in batch.frames["tie"].filter(**where).iter_rows(named=True):
        end = last if row["valid_to"] is None else min(last, row["valid_to"].year)
        found |= {(row["a"], row["b"], year) for year in range(max(first, row["valid_from"].year), end + 1)}
    return found


@pytest.fixture(scope="module")
def atop(shared_data: Path) -> pl.DataFrame:
    names = cow_codes()
    frame = pl.read_parquet(shared_data / "atop_alliances" / "atop_alliance.parquet").filter(pl.col("year") >= 1990)
    return (
        frame.with_columns(pl.col("ccode1", "ccode2").cast(pl.Int64))
        .filter(pl.col("ccode1").is_in(list(names)), pl.col("ccode2").is_in(list(names)))
        .with_columns(
            x=pl.col("ccode1").replace_strict(names, return_dtype=pl.String),
            y=pl.col("ccode2").replace_strict(names, return_dtype=pl.String),
        )
        .with_columns(a=pl.min_horizontal("x", "y"), b=pl.max_horizontal("x", "y"))
    )


def published(atop: pl.DataFrame, column: str) -> PairYears:
    return set(atop.filter(pl.col(column) == 1).select("a", "b", "year").unique().iter_rows())


CIS = {"ARM", "AZE", "BLR", "GEO", "KAZ", "KGZ", "MDA", "RUS", "TJK", "TKM", "UKR", "UZB"}
OAS = {"USA", "MEX", "BRA", "ARG", "CUB", "VEN", "NIC"}
NATO_1999 = {"CZE", "HUN", "POL"}
NATO_2004 = {"BGR", "EST", "LTU", "LVA", "ROU", "SVK"}
NEUTRAL = {"AUT", "FIN", "SWE"}
EAST = {"BGR", "CZE", "HUN", "POL", "ROU", "SVK", "RUS"}
SADC = {"AGO", "NAM", "ZAF"}
AFRICAN_PACT = {"DZA", "ETH", "MLI"}


def why_atop_has_more(a: str, b: str, year: int) -> str | None:
    """The reason for which ATOP counts a defence obligation in a year in which we do not."""
    pair = {a, b}
    if pair & NATO_1999 and 1997 <= year <= 1998:
        return "NATO: ATOP counts from the protocols of December 1997, we from accession on 12 March 1999"
    if pair & NATO_2004 and year == 2003:
        return "NATO: ATOP counts from the protocols of March 2003, we from accession on 29 March 2004"
    if pair & NEUTRAL and 2007 <= year <= 2008:
        return "EU: ATOP counts from the signature of the Treaty of Lisbon, we from its entry into force"
    if pair <= CIS and year <= 1993:
        return (
            "Collective Security Treaty: ATOP counts from signature in 1992, we from entry into force on 20 April 1994"
        )
    if pair <= CIS:
        return "CIS Charter: ATOP reads its Article 12 as an obligation of defence, we as one of consultation"
    if pair <= OAS:
        return "OAS Charter: ATOP keeps its Article 28 as an obligation after the Rio Treaty was denounced, we do not"
    if pair <= SADC:
        return "SADC: ATOP counts agreements of 1999 and the pact from its signature in 2003, we from 17 August 2008"
    if pair <= AFRICAN_PACT and year < 2009:
        return "African Union pact: ATOP counts from each ratification, we from entry into force on 18 December 2009"
    if pair <= EAST and year <= 1996:
        return "bilateral pacts of the Warsaw Treaty's members that ATOP carries on until each was replaced"
    if pair == {"CZE", "SVK"} and year <= 2003:
        return "treaty of 23 November 1992: we hold its text to be no obligation of defence"
    if pair == {"ISR", "USA"} and year <= 1991:
        return "memorandum of 1988: strategic cooperation, no obligation of defence in its text"
    if pair == {"BHR", "CAN"} and year == 1991:
        return "no such treaty is known to us"
    return None


#: Defence obligations that we hold and ATOP does not.
WE_HAVE_MORE = {
    ("AUS", "NZL"): "ANZUS binds Australia and New Zealand to each other still (Article IV)",
    ("MLI", "NGA"): "ECOWAS protocol of 1981, in force 1986, Articles 2 and 3",
}


def test_defence_obligations_against_atop(embedded: Batch, atop: pl.DataFrame) -> None:
    ours, theirs = years(embedded, 1990, 2018, kind="defence"), published(atop, "atop_defense")
    ours = {key for key in ours if set(key[:2]) <= set(cow_codes().values())}
    both, more, less = ours & theirs, ours - theirs, theirs - ours
    reasons = pl.DataFrame([why_atop_has_more(*key) or "none" for key in less], schema={"why": pl.String})
    print(f"\ndefence: {len(both)} pair-years verified, {len(more)} only ours, {len(less)} only ATOP's")
    for why, count in reasons["why"].value_counts(sort=True).iter_rows():
        print(f"  {count:4d} {why}")
    assert len(both) >= 8600
    assert {key[:2] for key in more} == set(WE_HAVE_MORE)
    assert [key for key in sorted(less) if why_atop_has_more(*key) is None] == []


@pytest.mark.parametrize(
    ("kind", "column", "floor"),
    [
        ("consultation", "atop_consul", 9500),
        ("nonaggression", "atop_nonagg", 6500),
        ("neutrality", "atop_neutral", 400),
    ],
)
def test_other_obligations_against_atop(
    embedded: Batch, atop: pl.DataFrame, kind: str, column: str, floor: int
) -> None:
    """No completeness is claimed for these: ATOP counts the Helsinki Final Act and many treaties that we leave out."""
    ours, theirs = years(embedded, 1990, 2018, kind=kind), published(atop, column)
    both = ours & theirs
    print(f"\n{kind}: {len(both)} pair-years verified, {len(ours - theirs)} could not be")
    assert len(both) >= floor


def test_obligations_compiled_from_atop_are_in_atop(embedded: Batch, atop: pl.DataFrame) -> None:
    """A row whose locator is an ATOP dyad must be there in some year of its span."""
    column = {
        "defence": "atop_defense",
        "neutrality": "atop_neutral",
        "nonaggression": "atop_nonagg",
        "consultation": "atop_consul",
    }
    rows = embedded.frames["tie"].filter(pl.col("locator").str.contains("ATOP 5.1, dyad ")).rows(named=True)
    held = {kind: published(atop, name) for kind, name in column.items()}
    checked = 0
    for row in rows:
        first, last = max(1990, row["valid_from"].year), min(2018, row["valid_to"].year if row["valid_to"] else 2018)
        found = [year for year in range(first, last + 1) if (row["a"], row["b"], year) in held[row["kind"]]]
        checked += bool(found)
        assert len(found) >= (last - first + 1) * 0.8, (row["a"], row["b"], row["kind"], row["ref"], first, last, found)
    print(f"\n{checked} obligations compiled from ATOP verified there")
    assert checked >= 60


TYPES = {
    "trade": "trade",
    "arms": "arms",
    "military assistance": "military",
    "finance": "financial",
    "travel": "travel",
}

#: Programmes that the panel lacks: sender, target, years.
NOT_IN_PANEL = {
    ("USA", "MMR"): (2017, 2017),  # arms embargo of 22 CFR 126.1 stayed
    ("USA", "TUR"): (2019, 2019),  # E.O. 13894, nine days in October
    ("USA", "VNM"): (2000, 2006),  # arms embargo since 1984
    ("USA", "MLI"): (2019, 2019),
    ("EU", "BLR"): (2004, 2019),  # travel bans of 2004; the arms embargo stayed in 2016
    ("EU", "IRN"): (2017, 2021),  # human rights and arms measures stayed in 2016
    ("EU", "AFG"): (2000, 2021),
    ("CAN", "BLR"): (2020, 2021),
    ("JPN", "KOR"): (2019, 2021),  # export controls are no sanction in the panel
    ("JPN", "SYR"): (2011, 2021),
}


def test_sanctions_against_the_panel(embedded: Batch, shared_data: Path) -> None:
    """The panel also counts listings of single persons, aid conditions and tariffs: what only it has is counted, not asserted."""
    panel = pl.read_parquet(shared_data / "sanctions_g7_eu_1960_2021" / "sanctions_long_1960_2021.parquet")
    theirs: dict[tuple[str, str, int], set[str]] = {}
    for sender, target, year, kind in panel.select("sender", "target", "year", "type").iter_rows():
        theirs.setdefault((sender, target, year), set()).add(kind)
    agreed = types = unseen = 0
    for row in embedded.frames["tie"].filter(kind="sanction").iter_rows(named=True):
        if row["a"] not in ("USA", "EU", "CAN", "JPN") or row["b"] in ("YUG", "ICC"):
            continue
        last = min(2021, row["valid_to"].year if row["valid_to"] else 2021)
        for year in range(max(1990, row["valid_from"].year), last + 1):
            found = theirs.get((row["a"], row["b"], year))
            if found is None:
                span = NOT_IN_PANEL.get((row["a"], row["b"]))
                outside = row["b"] not in STATES or year < 2000
                assert outside or (span is not None and span[0] <= year <= span[1]), (row["a"], row["b"], year)
                unseen += 1
                continue
            agreed += 1
            types += len({TYPES[name] for name in row["original"].split(", ")} & found)
    print(f"\nsanctions: {agreed} programme-years verified ({types} types), {unseen} could not be")
    assert agreed >= 800
    assert types >= 2000


def test_every_dispute_to_2014_against_mid(embedded: Batch, shared_data: Path) -> None:
    names = {code: name for code, name in cow_codes().items() if name != "YUG"} | {345: "SRB"}
    mids = pl.read_csv(
        shared_data / "conflicts_mid_ucdp" / "cow_mid_ddydisps.csv.gz", null_values=["NA"], infer_schema_length=None
    ).filter(pl.col("year") >= 2000)
    theirs: dict[tuple[int, str, str], tuple[int, int, float]] = {}
    for row in mids.iter_rows(named=True):
        one, two = names.get(int(row["ccode1"])), names.get(int(row["ccode2"]))
        if one is None or two is None or int(row["ccode1"]) > int(row["ccode2"]):
            continue
        one, two = ("YUG" if name == "SRB" and row["year"] < 2006 else name for name in (one, two))
        key = (int(row["dispnum"]), *sorted((one, two)))
        before = theirs.get(key, (9999, 0, 0.0))
        level = max(row["hostlev1"], row["hostlev2"], before[2])
        theirs[key] = (min(before[0], int(row["year"])), max(before[1], int(row["year"])), level)
    ours = {
        (int(row["ref"].removeprefix("MID ")), row["a"], row["b"]): row
        for row in embedded.frames["tie"].filter(source="mid5").iter_rows(named=True)
    }
    assert ours.keys() == theirs.keys()
    for key, row in ours.items():
        first, last, level = theirs[key]
        assert row["valid_from"].year <= first, key
        assert first <= row["valid_to"].year <= last, key
        assert row["value"] == level or row["valid_from"].year < 2000, key
    print(f"\ndisputes: {len(ours)} of {len(theirs)} in MID 5.0 verified")
    assert len(ours) >= 370


def test_every_rivalry_against_its_publisher(embedded: Batch, shared_data: Path) -> None:
    names = {code: name for code, name in cow_codes().items() if name != "YUG"}
    table = pl.read_csv(
        shared_data / "conflicts_mid_ucdp" / "tss_rivalries.csv.gz", null_values=["NA"], infer_schema_length=None
    )
    theirs = {
        int(row["tssr_id"]): row
        for row in table.iter_rows(named=True)
        if row["end"] >= 1990 and {int(row["ccode1"]), int(row["ccode2"])} <= names.keys()
    }
    ours = {
        int(row["locator"].split()[1]): row
        for row in embedded.frames["tie"].filter(kind="rivalry").iter_rows(named=True)
    }
    assert ours.keys() == theirs.keys()
    for key, row in ours.items():
        assert {row["a"], row["b"]} == {names[int(theirs[key]["ccode1"])], names[int(theirs[key]["ccode2"])]}
        assert row["valid_from"].year >= theirs[key]["start"]
        assert (row["valid_to"] is None) == (theirs[key]["end"] >= 2020)
    print(f"\nrivalries: {len(ours)} verified")


def test_memberships_against_the_igo_file(embedded: Batch, shared_data: Path) -> None:
    """Members of 2014 in the organisations that COW follows."""
    names = {"NATO": "nato", "CSTO": "csto", "SCO": "sco", "ASEAN": "asean", "GCC": "gcc", "LAS": "loas"}
    igo = pl.read_parquet(shared_data / "cow_igo_v3_memberships" / "igo_membership_long_1816_2014.parquet")
    codes, verified, missing = cow_codes(), 0, 0
    for org, name in names.items():
        rows = igo.filter(
            pl.col("igo").cast(pl.String) == name,
            pl.col("year") == 2014,
            pl.col("status").cast(pl.String).str.starts_with("full"),
        )
        theirs = {codes[int(code)] for code in rows["ccode"] if int(code) in codes} - {"YUG"}
        if not theirs:
            missing += 1
            continue
        told = embedded.frames["tie"].filter(
            pl.col("kind") == "membership",
            pl.col("b") == org,
            pl.col("value") == 1,
            pl.col("valid_from") <= date(2014, 6, 1),
            pl.col("valid_to").is_null() | (pl.col("valid_to") >= date(2014, 6, 1)),
        )
        ours = set(told["a"]) & set(codes.values())
        assert ours == theirs, (org, ours ^ theirs)
        verified += len(ours)
    print(f"\nmemberships of 2014: {verified} verified, {missing} organisations could not be")
    assert verified >= 60
