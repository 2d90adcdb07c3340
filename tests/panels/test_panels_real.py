"""On the publishers' own files: the panel says what their dyad-years say, row for row."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from multipolar import sources
from multipolar.panels import Panel, build
from multipolar.record import Record

OBLIGATIONS = {
    "defence": "atop_defense", "offence": "atop_offense", "neutrality": "atop_neutral", "nonaggression": "atop_nonagg",
    "consultation": "atop_consul",
}  # fmt: skip
#: Years in which a code of Correlates of War passed from one state to another, so that a dyad-year of theirs is two of
#: ours: Serbia and Yugoslavia (345), the two Germanies (255, 260), the two Yemens (678, 679).
HANDED_OVER = {345: (1918, 2006), 255: (1990,), 260: (1990,), 678: (1990,), 679: (1990,)}

View = Callable[..., Panel]


@pytest.fixture(scope="module")
def panel_of(shared_data: Path) -> View:
    """A panel of the real files of some sources."""
    folders = {
        "atop": "atop_alliances", "mid-gml": "conflicts_mid_ucdp", "mid-cow": "conflicts_mid_ucdp",
        "sanctions": "sanctions_g7_eu_1960_2021", "sipri": "sipri_trade_register_1995_2024", "igo": "cow_igo_v3_memberships",
        "cow-contiguity": "cow_state_system", "cow-majors": "cow_state_system",
        "nmc": "cow_capabilities",
    }  # fmt: skip
    records: dict[str, Record] = {}

    def made(name: str, **asked: object) -> Panel:
        if name not in records:
            records[name] = Record.memory()
            sources.ingest(name, records[name], shared_data / folders[name])
        return build(records[name].view(), system="cow", codes=("cow",), **asked)  # type: ignore[arg-type]

    return made


def settled(*sides: str) -> pl.Expr:
    """Rows of states whose code stayed theirs all year."""
    handed = [
        (pl.col(side) == code) & pl.col("year").is_in(years) for side in sides for code, years in HANDED_OVER.items()
    ]
    return ~pl.any_horizontal(handed)


@pytest.mark.data
def test_obligations_are_those_of_atop_directed_dyad_years(panel_of, shared_data):
    ours = panel_of("atop", directed=True, until=2018, columns=list(OBLIGATIONS)).frame
    owed = [pl.col(name).cast(pl.Float64).alias(f"{kind}_atop") for kind, name in OBLIGATIONS.items()]
    theirs = pl.read_parquet(shared_data / "atop_alliances" / "atop_alliance.parquet").select(
        pl.col("ccode1").cast(pl.Int32).alias("cow_a"),
        pl.col("ccode2").cast(pl.Int32).alias("cow_b"),
        pl.col("year").cast(pl.Int32),
        *owed,
    )
    both = ours.join(theirs, on=["cow_a", "cow_b", "year"], how="left").filter(settled("cow_a", "cow_b"))
    in_both = both.filter(pl.col("defence_atop").is_not_null())
    assert in_both.height > 267_000
    for kind in OBLIGATIONS:
        wanted = pl.col(f"{kind}_atop").fill_null(0.0)  # a dyad-year that is not in their file owes nothing
        assert both.filter(pl.col(kind) != wanted).height == 0, kind
        assert both[kind].null_count() == 0


def dyad_years(path: Path) -> pl.DataFrame:
    """Ongoing and onset by pair of codes and year, from a publisher's directed dyad-years."""
    raw = pl.read_csv(path, infer_schema=False, null_values="NA")
    onset = next(name for name in raw.columns if name.endswith("midonset"))
    ongoing = next(name for name in raw.columns if name.endswith("midongoing"))
    return (
        raw.select(
            cow_a=pl.col("ccode1").cast(pl.Float64).cast(pl.Int32), cow_b=pl.col("ccode2").cast(pl.Float64).cast(pl.Int32),
            year=pl.col("year").cast(pl.Float64).cast(pl.Int32), onset=pl.col(onset).cast(pl.Float64),
            ongoing=pl.col(ongoing).cast(pl.Float64),
        )
        .group_by("cow_a", "cow_b", "year")
        .agg(pl.col("onset", "ongoing").max())
    )  # fmt: skip


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "file", "last"),
    [("mid-gml", "gml_mid_ddydisps.csv.gz", 2010), ("mid-cow", "cow_mid_ddydisps.csv.gz", 2014)],
)
def test_disputes_are_those_of_the_dyad_years(panel_of, shared_data, name, file, last):
    theirs = dyad_years(shared_data / "conflicts_mid_ucdp" / file)
    ours = panel_of(name, until=last, directed=True, columns=["dispute", "dispute_onset"]).frame
    both = ours.join(theirs, on=["cow_a", "cow_b", "year"], how="left").filter(settled("cow_a", "cow_b"))
    assert both["ongoing"].drop_nulls().sum() > 6_000
    assert both.filter(pl.col("dispute") != pl.col("ongoing").fill_null(0.0)).height == 0
    differ = both.filter(pl.col("dispute_onset") != pl.col("onset").fill_null(0.0))
    # A dispute that paused and went on in the next year: its publisher has a second beginning, its statement one run.
    assert differ.height <= 22
    assert set(differ["onset"]) == {1.0}
    assert differ["dispute"].min() == 1.0


@pytest.mark.data
@pytest.mark.parametrize("year", [1920, 1975, 2014])
def test_joint_memberships_are_those_of_the_publishers_table(panel_of, shared_data, year):
    """Organisations in which both cells are 1, as in the file of state-years.

    The publisher's own count by pair (``dyadigos``) is one or two higher for 5 % of the pairs since 1965, which its file of
    state-years does not bear out.
    """
    wide = pl.read_parquet(shared_data / "cow_igo_v3_memberships" / "state_year_format3_wide.parquet")
    wide = wide.filter(pl.col("year") == year)
    full = (wide.drop("ccode", "year", "state", "version", strict=False).to_numpy() == 1).astype(float)
    joint, codes = full @ full.T, {code: place for place, code in enumerate(wide["ccode"].to_list())}
    ours = panel_of("igo", since=year, until=year, columns=["joint_igos"]).frame.filter(settled("cow_a", "cow_b"))
    pairs = ours.select("cow_a", "cow_b", "joint_igos").rows()
    differ = [row for row in pairs if row[2] != joint[codes[row[0]], codes[row[1]]]]
    assert len(pairs) > 1_500
    assert len(differ) <= 0.001 * len(pairs), differ[:5]


@pytest.mark.data
def test_relevant_pairs_have_a_neighbour_or_a_major_power(panel_of):
    contiguous = panel_of("cow-contiguity", since=2000, until=2000, columns=["contiguity"]).frame
    found = {(a, b): value for a, b, value in contiguous.select("a", "b", "contiguity").iter_rows()}
    assert found["CHN", "RUS"] == found["CAN", "USA"] == 1.0
    assert found["CUB", "USA"] == 4.0
    assert found["FRA", "RUS"] == 0.0
    powers = panel_of("cow-majors", unit="state-year", since=2000, until=2000, columns=["major_power"]).frame
    held = set(powers.filter(pl.col("major_power") == 1.0)["state"])
    assert held == {"USA", "GBR", "FRA", "DEU", "RUS", "CHN", "JPN"}


@pytest.mark.data
def test_sanctions_and_arms_follow_their_sources(panel_of):
    sanctions = panel_of("sanctions", since=2010, until=2022, columns=["sanctions"], actors=["USA", "IRN", "CHN"])
    assert sanctions.trace("USA", "IRN", 2015, "sanctions_ab").value >= 3.0
    assert sanctions.trace("IRN", "USA", 2015, "sanctions_ab").value is None
    assert sanctions.trace("USA", "IRN", 2022, "sanctions_ab").reason.endswith("ends 2021-12-31")
    arms = panel_of("sipri", since=1995, until=1996, columns=["arms"], actors=["RUS", "CHN"])
    assert arms.trace("RUS", "CHN", 1995, "arms_ab").value == pytest.approx(496.5)
    assert arms.trace("CHN", "RUS", 1995, "arms_ab").value == 0.0


def pairs(frame: pl.DataFrame, a: str, b: str, **columns: str) -> pl.DataFrame:
    """A publisher's dyad-years with our names, numbers as numbers."""
    return frame.select(
        cow_a=pl.col(a).cast(pl.Float64).cast(pl.Int32),
        cow_b=pl.col(b).cast(pl.Float64).cast(pl.Int32),
        year=pl.col("year").cast(pl.Float64).cast(pl.Int32),
        **{name: pl.col(column).cast(pl.Float64, strict=False) for name, column in columns.items()},
    )


@pytest.mark.data
def test_trade_is_that_of_correlates_of_war(shared_data, tmp_path):
    raw = pl.read_parquet(shared_data / "trade_cow_dyadic_1870_2014" / "cow_trade_dyadic_1870_2014.parquet")
    recent = raw.filter(pl.col("year").cast(pl.Int32) >= 2013)
    recent.write_parquet(tmp_path / "cow_trade_dyadic_1870_2014.parquet")
    record = Record.memory()
    record.ingest(sources.read("cow-trade", tmp_path, strict=False))
    ours = build(
        record.view(), since=2013, until=2014, directed=True, columns=["exports"], system="cow", codes=("cow",)
    ).frame
    # flow2: what ccode2 imports from ccode1, in millions of US dollars.
    theirs = pairs(recent, "ccode1", "ccode2", wanted="flow2")
    both = theirs.join(ours, on=["cow_a", "cow_b", "year"])
    assert both.height > 30_000
    wanted = pl.when(pl.col("wanted") >= 0).then(pl.col("wanted") * 1e6)
    assert both.filter((pl.col("exports") - wanted).abs() > 1.0).height == 0
    assert both.filter(pl.col("exports").is_null() != wanted.is_null()).height <= 0.001 * both.height


@pytest.mark.data
def test_capabilities_are_those_of_the_file(panel_of, shared_data):
    raw = pl.read_csv(shared_data / "cow_capabilities" / "cow_nmc.csv.gz", infer_schema=False, null_values="NA")
    theirs = raw.select(
        cow=pl.col("ccode").cast(pl.Float64).cast(pl.Int32), year=pl.col("year").cast(pl.Float64).cast(pl.Int32),
        wanted=pl.col("cinc").cast(pl.Float64),
    )  # fmt: skip
    ours = panel_of("nmc", unit="state-year", until=2022, columns=["cinc"]).frame
    both = ours.join(theirs, on=["cow", "year"]).filter(settled("cow"))
    assert both.height > 16_000
    told = both.filter(pl.col("wanted").is_not_null())
    assert told.filter((pl.col("cinc") - pl.col("wanted")).abs() > 1e-12).height == 0
    assert told["cinc"].null_count() == 0


@pytest.mark.data
def test_contiguity_is_that_of_the_file(panel_of, shared_data):
    raw = pl.read_csv(shared_data / "cow_state_system" / "cow_contdir.csv.gz", infer_schema=False, null_values="NA")
    spells = raw.select(
        cow_a=pl.col("ccode1").cast(pl.Float64).cast(pl.Int32), cow_b=pl.col("ccode2").cast(pl.Float64).cast(pl.Int32),
        wanted=pl.col("conttype").cast(pl.Float64), first=pl.col("stdate").str.slice(0, 4).cast(pl.Int32),
        last=pl.col("enddate").str.slice(0, 4).cast(pl.Int32),
    )  # fmt: skip
    year = pl.int_ranges("first", pl.col("last") + 1, dtype=pl.Int32).alias("year")
    yearly = (
        spells.filter(pl.col("wanted") > 0).with_columns(year).explode("year", keep_nulls=False, empty_as_null=False)
    )
    closest = yearly.group_by("cow_a", "cow_b", "year").agg(pl.col("wanted").min())
    ours = panel_of("cow-contiguity", until=2016, directed=True, columns=["contiguity"]).frame
    both = ours.join(closest, on=["cow_a", "cow_b", "year"], how="left").filter(settled("cow_a", "cow_b"))
    assert both["wanted"].drop_nulls().len() > 60_000
    differ = both.filter(pl.col("contiguity") != pl.col("wanted").fill_null(0.0))
    assert differ.height <= 0.001 * both["wanted"].drop_nulls().len()


@pytest.mark.data
def test_votes_of_a_year_agree_as_a_plain_count_of_the_file(shared_data, tmp_path):
    path = shared_data / "unga_rollcalls_1946_2024" / "unga_rollcalls_wide.csv.gz"
    lines = gzip.decompress(path.read_bytes()).decode().splitlines(keepends=True)
    year = [line for line in lines[1:] if ",2019-" in line or line.startswith("2019-")]
    file = tmp_path / path.name
    file.write_bytes(gzip.compress("".join([lines[0], *year]).encode()))
    record = Record.memory()
    record.ingest(sources.read("unga", file, strict=False))
    panel = build(record.view(), since=2019, until=2019, columns=["votes_agreement", "votes_joint"])
    cast = record.view().statements("vote", actors=["RUS", "CHN", "USA"]).to_dicts()
    choices = {(row["a"], row["rollcall"]): row["choice"] for row in cast if row["choice"] != "absent"}
    found = {row[:2]: row[-2:] for row in panel.frame.iter_rows()}
    for a, b in (("CHN", "RUS"), ("CHN", "USA"), ("RUS", "USA")):
        both = [call for state, call in choices if state == a and (b, call) in choices]
        same = sum(choices[a, call] == choices[b, call] for call in both)
        assert len(both) > 50
        assert found[a, b] == (pytest.approx(same / len(both)), len(both))
        assert len(panel.trace(a, b, 2019, "votes_joint").ids) == 2 * len(both)
