"""Similarity with labels: published shares, every pair as if it were alone, and what is refused."""

from __future__ import annotations

import csv
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import record, statement

from multipolar.errors import Refusal, UsageError
from multipolar.record import Batch, Coverage, Record
from multipolar.sources.publishers import atop
from multipolar.votes.alliances import LEVELS, alliance_similarity, portfolios, system
from multipolar.votes.arrays import similarity as sim
from multipolar.votes.ballots import Ballots
from multipolar.votes.pairs import DEFAULT, divided, similarity

CHOICES = st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=1, max_size=12)


def made(rows, days=None) -> Ballots:
    """Ballots of states A, B, C, … from rows of codes."""
    rows = np.array(rows, dtype=np.int8)
    days = days or [date(2000, 10, 1)] * len(rows)
    calls = pl.DataFrame(
        {"rollcall": [f"R{n}" for n in range(len(rows))], "date": days}, schema_overrides={"date": pl.Date}
    )
    calls = calls.with_columns(
        session=pl.Series([day.year - 1945 for day in days], dtype=pl.Int32),
        issue=pl.lit(None, pl.String),
        text=pl.lit(None, pl.String),
    )
    return Ballots(rows, tuple("ABCDEFGH"[: rows.shape[1]]), calls)


#: What R's qss calls states otherwise than unvotes.
RENAMED = {
    "Bosnia and Herzegovina": "Bosnia & Herzegovina", "Congo": "Congo - Brazzaville",
    "Democratic Republic of the Congo": "Congo - Kinshasa", "Czech Republic": "Czechia", "Ivory Coast": "Côte d’Ivoire",
    "Swaziland": "Eswatini", "German Federal Republic": "Federal Republic of Germany", "Myanmar": "Myanmar (Burma)",
    "Sao Tome and Principe": "São Tomé & Príncipe", "St. Kitts and Nevis": "St. Kitts & Nevis",
    "St. Vincent and the Grenadines": "St. Vincent & Grenadines", "Trinidad and Tobago": "Trinidad & Tobago",
    "United States of America": "United States",
}  # fmt: skip


def test_agreement_with_both_powers_in_imai_s_textbook(unga, shared):
    """QSS: shares of votes cast like the US and Russia, 1946 to 1989, in roll calls that divided the Assembly."""
    found = similarity(unga, measures=["agreement"], unanimous=False)
    powers = ["United States", "Russia"]
    theirs = found.filter(pl.col("a").is_in(powers) | pl.col("b").is_in(powers))
    shares = {frozenset((a, b, session)): value for a, b, session, _, value in theirs.rows()}
    compared = 0
    with (shared / "tables" / "qss" / "unvoting.csv").open() as file:
        for row in csv.DictReader(file):
            name, year = RENAMED.get(row["CountryName"], row["CountryName"]), int(row["Year"])
            if year > 1989:
                continue
            assert name in unga.actors, name
            for power, column in (("United States", "PctAgreeUS"), ("Russia", "PctAgreeRUSSIA")):
                if name == power or row[column] in ("", "NA"):
                    continue
                mine = shares[frozenset((name, power, year - 1945))]
                assert float(f"{mine:.7g}") == float(row[column]), (name, year, power)
                compared += 1
    assert compared == 9_756


def test_all_pairs_and_sessions(unga):
    found = similarity(unga)
    assert found.height == 826_638, "pairs and sessions with a joint vote"
    assert found.select(pl.struct("a", "b", "session").is_unique().all()).item()
    assert found["joint"].min() == 1
    by_year = similarity(unga, by="year", measures=["agreement"])
    assert by_year.height == 834_014
    assert by_year["joint"].sum() == found["joint"].sum(), "each joint vote falls in one session and one year"


@given(CHOICES)
def test_one_pass_gives_what_the_tables_give(rows):
    choices = np.array(rows, dtype=np.int8)
    for weights in (None, np.arange(1.0, len(rows) + 1.0)):
        tables = sim.vote_tables(choices, weights)
        joint, values = sim.every_pair(choices, weights)
        assert np.allclose(joint, sim.joint(tables))
        expected = {
            "agreement": sim.agreement(tables),
            "s": sim.s_score(tables),
            "s_squared": sim.s_score(tables, "squared"),
            "kappa": sim.kappa(tables),
            "pi": sim.pi(tables),
            "tau_b": sim.tau_b(tables),
            "a_score": sim.above_chance(tables),
            "kappa_absolute": sim.kappa(tables, "absolute"),
            "pi_absolute": sim.pi(tables, "absolute"),
            "kappa_nominal": sim.kappa(tables, "nominal"),
            "pi_nominal": sim.pi(tables, "nominal"),
        }
        assert set(expected) == set(values) == set(sim.MEASURES)
        for name, value in expected.items():
            assert np.allclose(values[name], value, equal_nan=True), name


def test_a_pair_without_a_joint_vote_has_no_row():
    found = similarity(made([[1, 1, 0], [3, 0, 2]]))
    assert found.select("a", "b", "joint", "agreement").rows() == [("A", "B", 1, 1.0), ("A", "C", 1, 0.0)]
    assert found.columns == ["a", "b", "session", "joint", *DEFAULT]
    assert found["tau_b"].to_list() == [None, None], "not defined is null, not zero"


def loop(rows, one, other):
    """Joint votes, agreement, both S and Häge's kappa of two columns, roll call by roll call."""
    both = [(row[one], row[other]) for row in rows if row[one] and row[other]]
    if not both:
        return None
    far = [abs(a - b) for a, b in both]
    squares = sum(each**2 for each in far)
    x, y = zip(*both, strict=True)
    chance = sum(a * a for a in x) + sum(b * b for b in y) - 2 / len(both) * sum(x) * sum(y)
    return {
        "joint": len(both),
        "agreement": far.count(0) / len(both),
        "s": 1 - 2 * sum(far) / (2 * len(both)),
        "s_squared": 1 - 2 * squares / (4 * len(both)),
        "kappa": 1 - squares / chance if chance > 1e-9 else None,
    }


@given(CHOICES, st.data())
def test_every_row_is_that_of_a_loop(rows, data):
    days = data.draw(
        st.lists(st.dates(date(1999, 1, 1), date(2002, 12, 31)), min_size=len(rows), max_size=len(rows)).map(sorted)
    )
    ballots = made(rows, days)
    for by, of in (("year", [day.year for day in days]), ("session", list(ballots.sessions))):
        found = {row[:3]: row[3:] for row in similarity(ballots, by=by, measures=DEFAULT[:4]).iter_rows()}
        assert list(found) == sorted(found, key=lambda key: (key[2], key[0], key[1]))
        expected = {}
        for period in set(of):
            here = [row for row, when in zip(rows, of, strict=True) if when == period]
            for one, other in ((a, b) for a in range(4) for b in range(a + 1, 4)):
                value = loop(here, one, other)
                if value:
                    expected["ABCD"[one], "ABCD"[other], period] = tuple(value.values())
        assert found.keys() == expected.keys()
        for key, value in found.items():
            assert value == tuple(None if each is None else pytest.approx(each) for each in expected[key])


@given(CHOICES, st.permutations(range(4)))
def test_neither_the_order_of_states_nor_that_of_roll_calls_matters(rows, order):
    plain = similarity(made(rows))
    turned = made([[row[place] for place in order] for row in reversed(rows)])
    named = {f"{'ABCD'[place]}": "ABCD"[at] for place, at in enumerate(order)}
    found = similarity(turned).with_columns(pl.col("a", "b").replace(named))
    sorted_ = found.with_columns(a=pl.min_horizontal("a", "b"), b=pl.max_horizontal("a", "b")).sort("a", "b")
    assert sorted_.select("a", "b", "joint").equals(plain.select("a", "b", "joint"))
    for name in DEFAULT:
        one, other = (frame[name].fill_null(9).to_numpy() for frame in (sorted_, plain))
        assert one == pytest.approx(other, abs=1e-9)


def test_sessions_and_years_are_apart():
    days = [date(2000, 10, 1), date(2000, 11, 1), date(2001, 10, 1)]
    found = similarity(made([[1, 1], [1, 3], [2, 2]], days), by="year", measures="agreement")
    assert found.select("year", "joint", "agreement").rows() == [(2000, 2, 0.5), (2001, 1, 1.0)]


def test_least_unanimous_and_weights():
    rows = [[1, 1, 1], [1, 3, 1], [1, 3, 3]]
    ballots = made(rows)
    assert similarity(ballots, least=4).is_empty()
    assert divided(ballots.choices).tolist() == [False, True, True]
    assert similarity(ballots, unanimous=False)["joint"].to_list() == [2, 2, 2]
    weighted = similarity(ballots, measures=["agreement"], weights=[0.0, 1.0, 3.0])
    assert weighted["agreement"].to_list() == [0.0, 0.25, 0.75]
    assert weighted["joint"].to_list() == [4.0, 4.0, 4.0]
    doubled = made([*rows, rows[2], rows[2]])
    plain = similarity(doubled.where(np.array([False, True, True, True, True])), measures=["agreement"])
    assert plain["agreement"].to_list() == weighted["agreement"].to_list(), "a weight is so many copies"
    assert similarity(ballots, unanimous=False, weights=[5.0, 1.0, 3.0])["joint"].to_list() == [4.0] * 3


def test_no_roll_calls_no_rows():
    empty = made(np.zeros((0, 3)))
    assert similarity(empty).is_empty() and similarity(empty).columns[:4] == ["a", "b", "session", "joint"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"measures": ["S"]}, "'S'"),
        ({"by": "month"}, "'month'"),
        ({"least": 0}, "at least 1"),
        ({"weights": [1.0]}, "one weight for each of 2"),
        ({"weights": [1.0, -1.0]}, "-1.0"),
        ({"weights": [1.0, float("nan")]}, "nan"),
    ],
)
def test_similarity_refuses(more, message):
    with pytest.raises(UsageError, match=message):
        similarity(made([[1, 1], [2, 3]]), **more)


# Alliances.

COVERED = [Coverage("paper", "tie", kind, (), "both", date(1816, 1, 1), date(2010, 12, 31), "zero") for kind in LEVELS]


def pact(a, b, kind, first, last=None, **more):
    return statement(
        a, b, kind, date(first, 1, 1), valid_to=None if last is None else date(last, 12, 31), value=1.0, **more
    )


@pytest.fixture
def view():
    ties = [
        pact("FRA", "RUS", "defence", 1892, 1917),
        pact("GBR", "RUS", "consultation", 1907, 1917),
        pact("GBR", "FRA", "consultation", 1904, 1919),
        pact("DEU", "RUS", "nonaggression", 1887, 1890),
        pact("JPN", "GBR", "neutrality", 1902, 1921),
    ]
    cinc = [
        statement(a, None, "cinc", date(1910, 1, 1), valid_to=date(1910, 12, 31), value=share)
        for a, share in (("FRA", 0.07), ("GBR", 0.12), ("RUS", 0.11), ("JPN", 0.05), ("USA", 0.2))
    ]
    return record(COVERED, tie=ties, trait=cinc).view()


def test_portfolios_are_levels_with_every_member_of_the_system(view):
    members, levels = portfolios(view, 1910)
    assert (
        members == system(date(1910, 1, 1), date(1910, 12, 31))
        and {"FRA", "RUS", "USA", "JPN"} <= set(members)
        and "VNM" not in members
    )
    at = {name: number for number, name in enumerate(members)}
    assert levels[at["FRA"], at["RUS"]] == levels[at["RUS"], at["FRA"]] == 3
    assert levels[at["GBR"], at["RUS"]] == 1 and levels[at["JPN"], at["GBR"]] == 2
    assert levels[at["DEU"], at["RUS"]] == 0, "it ended in 1890"
    assert (np.diag(levels) == 3).all() and (levels == levels.T).all()
    assert portfolios(view, 1890)[1].max() == 3 and "DEU" in portfolios(view, 1890)[0]


def test_similarity_of_alliances_item_by_item(view):
    found = alliance_similarity(view, [1910])
    members, levels = portfolios(view, 1910)
    row = found.filter(pl.col("a") == "FRA", pl.col("b") == "GBR").row(0, named=True)
    x, y = (levels[members.index(name)].astype(int) for name in ("FRA", "GBR"))
    assert row["partners"] == len(members)
    assert row["s"] == pytest.approx(1 - 2 * np.abs(x - y).sum() / (3 * len(members)))
    assert row["s_squared"] == pytest.approx(1 - 2 * ((x - y) ** 2).sum() / (9 * len(members)))
    assert row["agreement"] == pytest.approx((x == y).mean())
    assert found.height == len(members) * (len(members) - 1) // 2
    both = alliance_similarity(view, [1911, 1910], measures="s")
    assert both["year"].unique().to_list() == [1910, 1911]


def test_weighted_by_capability_partners_without_one_are_left_out(view):
    found = alliance_similarity(view, 1910, weights="cinc", measures=["s"])
    row = found.filter(pl.col("a") == "FRA", pl.col("b") == "GBR").row(0, named=True)
    assert row["partners"] == 5
    apart = 0.07 * 2 + 0.12 * 2 + 0.11 * 2 + 0.05 * 2  # FRA: 3 and 1; GBR: 1 and 3; RUS: 3 and 1; JPN: 0 and 2; USA: 0
    assert row["s"] == pytest.approx(1 - 2 * apart / (3 * 0.55))


def test_nothing_from_the_future(view):
    early = view.at(date(1903, 6, 1))
    with pytest.raises(UsageError, match="1903-12-31"):
        alliance_similarity(early, 1903)
    members, levels = portfolios(early, 1902)
    assert levels[members.index("GBR"), members.index("JPN")] == 2
    assert alliance_similarity(early, []).is_empty()


@pytest.mark.parametrize(
    ("years", "more", "error", "message"),
    [
        (1815, {}, UsageError, "1816"),
        (2011, {}, Refusal, "2011 .defence"),
        (1911, {"weights": "cinc"}, Refusal, "capability in 1911"),
        (1910, {"weights": "gdp"}, UsageError, "'gdp'"),
        (1910, {"measures": ["Q"]}, UsageError, "'Q'"),
    ],
)
def test_alliance_similarity_refuses(view, years, more, error, message):
    with pytest.raises(error, match=message):
        alliance_similarity(view, years, **more)


def test_alliances_of_atop_are_those_of_the_file(shared_data):
    """S of several pairs in 1914 and 2012, from the publisher's rows themselves."""
    path = next((shared_data / "atop_alliances").glob("*.parquet"))
    parsed = atop.parse(path)
    kept = Record.memory()
    kept.ingest(Batch(parsed.frames, parsed.sources, parsed.coverage, "atop"))
    view = kept.view()
    raw = pl.read_parquet(path)
    names = {kind: next(name for name in columns if name in raw.columns) for kind, columns in atop.KINDS.items()}
    level = pl.max_horizontal(*(pl.when(pl.col(names[kind]) == 1).then(LEVELS[kind]).otherwise(0) for kind in LEVELS))
    codes = {"FRA": 220, "GBR": 200, "RUS": 365, "USA": 2, "CHN": 710}
    found = alliance_similarity(view, [1914, 2012], measures=["s", "agreement"])
    first, second = (next(name for name in atop.COLUMNS[side] if name in raw.columns) for side in ("a", "b"))
    for year in (1914, 2012):
        told = raw.filter(pl.col("year") == year).select(
            pl.col(first).alias("a"), pl.col(second).alias("b"), level=level
        )
        both = pl.concat([told, told.select(a="b", b="a", level="level")])
        held = {row[:2]: row[2] for row in both.group_by("a", "b").agg(pl.col("level").max()).iter_rows()}
        states = set(both["a"]) | set(codes.values())
        rows = found.filter(pl.col("year") == year)
        (members,) = set(rows["partners"])  # the file has allied pairs only: the others of the system have nobody
        for one, other in (("FRA", "GBR"), ("FRA", "RUS"), ("RUS", "USA"), ("CHN", "USA")):
            a, b = codes[one], codes[other]
            x = [3 if each == a else held.get((a, each), 0) for each in sorted(states)]
            y = [3 if each == b else held.get((b, each), 0) for each in sorted(states)]
            row = rows.filter(pl.col("a") == one, pl.col("b") == other).row(0, named=True)
            far = sum(abs(i - j) for i, j in zip(x, y, strict=True))
            assert row["s"] == pytest.approx(1 - 2 * far / (3 * members)), (year, one, other)
            apart = sum(i != j for i, j in zip(x, y, strict=True))
            assert row["agreement"] == pytest.approx(1 - apart / members)
