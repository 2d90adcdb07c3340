"""Stages of named pairs: hand-made records, and the published table of transitions from the publishers' own file."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from samples import batch, record, statement

import multipolar
from multipolar import Refusal, UsageError, World
from multipolar.measures import stage_backtest, stage_chain, stage_table, stage_transitions
from multipolar.measures.stage_covariates import nuclear_states
from multipolar.measures.stage_table import stage_years
from multipolar.record import Batch, Coverage, Record, Source, View

#: Five states that existed all along, and the years of which the list is complete.
STATES = ("CHN", "IND", "PAK", "RUS", "USA")
FIRST, LAST = 1950, 2004


def dispute(a: str, b: str, start: date, end: date | None, level: float | None, **more: object) -> dict[str, object]:
    known = min(date(start.year, 12, 31), end or date.max)
    return statement(a, b, "dispute", start, valid_to=end, value=level, known_from=known, text=f"{a}-{b}", **more)


def whole(source: str = "paper", first: int = FIRST, last: int = LAST, kind: str = "dispute") -> Coverage:
    form = "trait" if kind == "nuclear_status" else "tie"
    return Coverage(source, form, kind, STATES, "both", date(first, 1, 1), date(last, 12, 31), "zero", "complete")  # type: ignore[arg-type]


def hand_made() -> Record:
    rows = [
        dispute("IND", "PAK", date(1965, 8, 5), date(1965, 9, 23), 5.0),
        dispute("IND", "PAK", date(1966, 2, 1), date(1967, 3, 31), 4.0),
        dispute("PAK", "IND", date(1971, 12, 3), date(1971, 12, 17), 5.0),
        dispute("CHN", "RUS", date(1969, 3, 2), None, 4.0),
        dispute("RUS", "USA", date(2010, 6, 1), date(2010, 7, 1), 2.0, source="other"),
        dispute("CHN", "USA", date(1990, 1, 1), date(1990, 2, 1), None),
    ]
    holds = [statement("USA", None, "nuclear_status", date(1950, 1, 1), value=3.0, known_from=date(1950, 1, 1))]
    holds += [statement("IND", None, "nuclear_status", date(1974, 5, 18), value=3.0)]
    return record([whole(), whole(kind="nuclear_status")], tie=rows, trait=holds)


@pytest.fixture(scope="module")
def world() -> World:
    return multipolar.open(hand_made(), actors=STATES)


def test_stage_since_when_and_its_statements(world: World) -> None:
    found = world.stage("India", "PAK", 1967)
    assert (found.stage, found.name, found.condition) == (4, "use of force", "neither war nor peace")
    assert (found.since, found.since_known) == (date(1966, 2, 1), True)
    assert (found.run_since, found.run_since_known) == (date(1965, 8, 5), True)
    assert found.detail["stage"].to_list() == [5.0, 4.0]
    assert len(world.view.by_id(world.evidence(found))) == 2
    assert set(world.evidence(found)) == set(found.ids)


def test_war_and_no_dispute(world: World) -> None:
    war = world.stage("PAK", "IND", 1971)
    assert (war.condition, war.since) == ("war", date(1971, 12, 3))
    quiet = world.stage("IND", "PAK", 1970)
    assert (quiet.stage, quiet.condition, quiet.since) == (0, "no dispute", date(1967, 4, 1))
    assert quiet.detail["to"].to_list() == [date(1967, 3, 31)], "the last dispute before"
    assert world.stage("IND", "PAK").year == LAST, "the last year of the list"


def test_a_pair_without_any_dispute_is_at_peace_at_least_since_the_list_begins(world: World) -> None:
    found = world.stage("IND", "RUS")
    assert (found.stage, found.since, found.since_known) == (0, date(FIRST, 1, 1), False)
    assert found.ids == ()


def test_missing_is_never_zero_and_nothing_is_carried_past_the_end(world: World) -> None:
    assert world.stage("RUS", "USA").year == 2010, "a single dispute after the list is known"
    with pytest.raises(
        Refusal, match=r"nobody says whether RUS and USA .* in 2009: the last year known of them is 2010"
    ):
        world.stage("RUS", "USA", 2009)
    with pytest.raises(Refusal, match="last year known of them is 2004"):
        world.stage("IND", "RUS", 2005)
    with pytest.raises(Refusal, match="nobody says"):
        world.stage("CHN", "USA", 1990)  # a dispute whose level nobody tells is no dispute of level 0
    assert world.stage("CHN", "RUS", 1969).stage == 4
    open_ended = world.stage("CHN", "RUS")
    assert (open_ended.year, open_ended.stage) == (LAST, 4), "carried to the end of its source, and no further"
    assert open_ended.detail["to"].to_list() == [None]


def test_as_of_an_earlier_day_later_disputes_are_not_there() -> None:
    early = multipolar.open(hand_made(), as_of="1970-06-30", actors=STATES)
    assert early.stage("IND", "PAK").year == 1969
    with pytest.raises(UsageError, match="from 1816 to 1970"):
        early.stage("IND", "PAK", 1971)


def test_bad_input(world: World) -> None:
    with pytest.raises(UsageError, match="two different states"):
        world.stage("IND", "IND")
    with pytest.raises(UsageError, match="expected a year"):
        world.stage("IND", "PAK", 1700)
    with pytest.raises(Refusal, match="no source on record says anything"):
        multipolar.open(hand_made()).stage("BRA", "ARG")
    with pytest.raises(UsageError, match="first year not after the last"):
        stage_table(world.view, 2000, 1990)


def test_rungs_end_at_war(world: World) -> None:
    for rung in (6, 44):
        with pytest.raises(Refusal, match="use of nuclear weapons"):
            world.stage_ahead("IND", "PAK", 5, rung=rung)
    with pytest.raises(UsageError, match="rung from 1 to 5"):
        world.stage_ahead("IND", "PAK", 5, rung=0)
    for years in (0, 21):
        with pytest.raises(UsageError, match="1 to 20 years"):
            world.stage_ahead("IND", "PAK", years)


def test_too_few_transitions_are_refused(world: World) -> None:
    with pytest.raises(Refusal, match=r"\d+ transitions from a dispute"):
        world.stage_ahead("IND", "PAK", 5)


def test_the_table_is_the_stage_of_every_pair_and_year(world: World) -> None:
    table = stage_table(world.view, 1960, 2010, actors=STATES)
    assert table.height == 10 * 45 - 1 + 1, "one whose level nobody tells, and one after the list"
    for a, b, year, stage in table.sample(8, seed=1).select("a", "b", "year", "stage").iter_rows():
        assert world.stage(a, b, year).stage == stage
    assert table.filter(pl.col("year") > LAST).select("a", "b", "stage").rows() == [("RUS", "USA", 2)]
    assert table.equals(table.sort("a", "b", "year"))


def test_the_preferred_list_speaks_where_it_reaches() -> None:
    gml = Source("gml-mid:2.2.1", "GML", "MID", None, "https://example.org", "free", "GML (2016).")
    made = hand_made()
    rows = [dispute("IND", "PAK", date(1971, 1, 1), date(1971, 12, 31), 4.0, source="gml-mid:2.2.1")]
    first = batch([whole("gml-mid:2.2.1", 1970, 1980)], tie=rows)
    made.ingest(Batch(first.frames, (*first.sources, gml), first.coverage, "gml"))
    table = stage_table(made.view(), 1969, 1982, actors=("IND", "PAK"))
    assert dict(table.select("year", "stage").iter_rows())[1971] == 4, "and not 5, as the other says"
    sources = dict(table.select("year", "source").iter_rows())
    assert (sources[1969], sources[1971], sources[1981]) == ("", "gml-mid", "")


def test_nuclear_states_are_counted_and_can_be_dated_otherwise(world: World) -> None:
    grid = stage_years(world.view, 1970, 2010, STATES).grid
    count = nuclear_states(world.view, grid)
    place = {pair: row for row, pair in enumerate(zip(*(np.array(STATES)[side] for side in grid.sides), strict=True))}
    assert list(count[place["IND", "USA"], [1973 - 1970, 1974 - 1970]]) == [1, 2]
    assert count[place["IND", "PAK"], 2004 - 1970] == 1
    assert (count[place["IND", "PAK"], 2005 - 1970 :] == -1).all(), "nobody says after the list"
    dated = nuclear_states(world.view, grid, {"IND": 1980, "USA": 1970})
    assert list(dated[place["IND", "USA"], [1979 - 1970, 1980 - 1970]]) == [1, 2]
    with pytest.raises(UsageError, match="BRA"):
        nuclear_states(world.view, grid, {"BRA": 1980})


# From the publishers' own file.


@pytest.fixture(scope="module")
def disputes(shared_data: Path) -> View:
    from multipolar.dossier import load
    from multipolar.sources.publishers import mid

    dossier = load()
    nuclear = dossier.frames["trait"].filter(pl.col("kind") == "nuclear_status")
    made = Record.memory()
    made.ingest(
        Batch({"trait": nuclear}, dossier.sources, tuple(r for r in dossier.coverage if r.kind == "nuclear_status"))
    )
    made.ingest(mid.parse(shared_data / "conflicts_mid_ucdp" / "gml_dirdisp.csv.gz"))  # type: ignore[arg-type]
    return made.view()


def published(shared: Path) -> dict[tuple[int, int, int], int]:
    table = pl.read_csv(shared / "tables" / "mid_stage_transitions_1946_2010.csv")
    return {
        (row["n_nuclear"], row["stage"], int(following)): row[following]
        for row in table.to_dicts()
        for following in ("0", "2", "3", "4", "5")
        if row[following]
    }


def counted(frame: pl.DataFrame) -> dict[tuple[int, int, int], int]:
    kept = frame.filter(pl.col("stage") > 0, pl.col("count") > 0)
    return {(n, s, t): count for n, s, t, count in kept.select("n_nuclear", "stage", "next", "count").iter_rows()}


def test_the_published_table_of_transitions_is_reproduced(disputes: View, shared: Path) -> None:
    """It counts India from 1988 and Pakistan from 1990 among the nuclear states, and a state that ended as at peace."""
    found = stage_transitions(disputes, 1946, 2010, nuclear={"IND": 1988, "PAK": 1990}, ended_as_zero=True)
    assert counted(found) == published(shared)


def test_with_the_records_own_dates_a_few_transitions_move(disputes: View, shared: Path) -> None:
    ours, theirs = Counter(counted(stage_transitions(disputes, 1946, 2010))), Counter(published(shared))
    moved = sum(((theirs - ours) + (ours - theirs)).values())
    assert 0 < moved <= 2 * 12
    assert sum(theirs.values()) - sum(ours.values()) == 5, "years after a state had left the system"


def test_the_chain_says_more_than_frequencies_of_years_it_has_not_seen(disputes: View) -> None:
    found = stage_backtest(disputes, 1995, until=2010)
    score = {(row["origin"], row["model"]): row for row in found.to_dicts()}
    for origin in ("none", "dispute"):
        for other in ("nuclear table", "table"):
            assert score[origin, "chain"]["log_score"] > score[origin, other]["log_score"]
            assert score[origin, "chain"]["brier"] < score[origin, other]["brier"]


def test_a_forecast_uses_nothing_after_its_base_year(disputes: View) -> None:
    world = World(disputes)
    found = world.stage_ahead("IND", "PAK", 5, rung=5, year=1990)
    chain = stage_chain(disputes, 1946, 1990, tuple(sorted(found.covariates)))
    known = stage_table(disputes, 1946, 1990).select("a", "b", "year")
    following = known.join(known.with_columns(pl.col("year") - 1), on=["a", "b", "year"])
    assert sum(part.transitions for part in chain.parts) == following.height
    assert found.coefficients.equals(chain.table())
    assert found.table.group_by("year").agg(pl.col("probability").sum())["probability"].to_list() == pytest.approx(
        [1.0] * 5
    )
    inside = found.table.filter(pl.col("probability") > 0)
    assert (inside["lo90"] <= inside["lo50"]).all()
    assert (inside["lo50"] <= inside["hi50"]).all()
    assert (inside["hi50"] <= inside["hi90"]).all()
    assert found.reached["probability"].is_sorted()
    assert found.covariates["one_nuclear"][1] == 1990
    assert any("1946 to 1990" in note for note in found.notes)


def test_the_interval_is_that_of_resampled_pairs(disputes: View) -> None:
    """Standard errors robust to pairs, against refits to resampled pairs, of the model of disputes."""
    from scipy.sparse import csr_array

    from multipolar.measures.arrays.ordered import fit_ordered
    from multipolar.measures.stage_chain import year_pairs

    rows = year_pairs(disputes, stage_years(disputes, 1946, 2010)).filter(pl.col("stage").is_in((2, 3, 4)))
    cells, cell = np.unique(rows.select("stage", "run", "next").to_numpy(), axis=0, return_inverse=True)
    levels, y = np.unique(cells[:, 2], return_inverse=True)
    x = np.column_stack([np.log(cells[:, 1]), cells[:, 0] == 2, cells[:, 0] == 3]).astype(float)
    pairs, pair = np.unique(rows["pair"].to_numpy(), return_inverse=True)
    counts = csr_array((np.ones(rows.height), (pair, cell.ravel())), shape=(pairs.size, len(cells)))
    fit = fit_ordered(x, y, counts, levels.size)
    random = np.random.default_rng(0)
    slopes = [
        fit_ordered(
            x, y, random.multinomial(pairs.size, np.full(pairs.size, 1 / pairs.size)) @ counts, levels.size
        ).slopes
        for _ in range(150)
    ]
    assert np.sqrt(np.diag(fit.cov))[-3:] == pytest.approx(np.std(slopes, axis=0), rel=0.25)
