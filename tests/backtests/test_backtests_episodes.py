"""Episodes on a small world of made-up cells: what is known before, what is refused, what is stored and shown."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from samples import batch, statement
from simulated import STATES, simulated

from multipolar.actors import states
from multipolar.backtests import EPISODES, episodes_page
from multipolar.backtests.episodes import Episodes, episodes, foretold
from multipolar.backtests.episodes_course import Course, of_positions, positions, windows
from multipolar.backtests.episodes_known import LEAST, Known, known_before, moves, outcome, past, states_of
from multipolar.backtests.episodes_list import Episode
from multipolar.backtests.episodes_scores import placebos
from multipolar.cli import main
from multipolar.errors import Refusal, UsageError
from multipolar.indicators import Panel, Scope
from multipolar.record import Record
from multipolar.votes import from_frame

ROOT = Path(__file__).resolve().parents[2]
ACTORS = ("CHN", "FRA", "GBR", "IND", "JPN", "RUS", "USA")
FIRST, LAST = 1960, 1999
EPISODE = Episode(
    "a turn", (1985, 1987), (1990, 1992), ("CHN", "RUS"),
    (("CHN", "USA"), ("RUS", "USA"), ("FRA", "GBR"), ("IND", "RUS"), ("CHN", "PAK")),
)  # fmt: skip


@cache
def panel() -> Panel:
    rng = np.random.default_rng(1)
    rows = []
    for place, a in enumerate(ACTORS):
        for b in ACTORS[place + 1 :]:
            path = rng.normal() + np.cumsum(rng.normal(0, 0.15, LAST - FIRST + 1))
            for year, tie in zip(range(FIRST, LAST + 1), path, strict=True):
                for name, sd in (("votes", 0.2), ("trade", 0.4)):
                    rows.append((a, b, date(year, 12, 1), name, 0.4 * tie + sd * rng.normal(), 1.0))
    schema = ["a", "b", "month", "indicator", "value", "n"]
    cells = pl.DataFrame(rows, schema=schema, orient="row").sort("a", "b", "month", "indicator")
    return Panel(Scope(None, ACTORS, date(FIRST, 1, 1), date(LAST, 12, 31)), cells)  # type: ignore[arg-type]


@cache
def capability() -> pl.DataFrame:
    rows = [
        (actor, 0.1, date(year, 1, 1), year, date(year, 1, 1), f"{actor}{year}")
        for actor in ACTORS for year in range(FIRST, LAST)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=["actor", "weight", "start", "year", "known_from", "id"], orient="row")


@cache
def theta() -> pl.DataFrame:
    rng = np.random.default_rng(2)
    rows = [
        (actor, year, float(rng.normal()), 0.1)
        for actor in ACTORS for year in range(FIRST, LAST + 1) if actor != "CHN" or year >= 1989
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=["actor", "year", "theta", "sd"], orient="row")


@cache
def known() -> Known:
    return known_before(EPISODE, panel(), capability())


@cache
def found() -> Episodes:
    return foretold(panel(), capability(), theta(), (EPISODE,), draws=20, dates=15)


def test_what_comes_later_changes_no_prediction():
    later = pl.col("month") > date(1987, 12, 31)
    changed = panel().cells.with_columns(value=pl.when(later).then(-9.0).otherwise(pl.col("value")))
    other = known_before(EPISODE, replace(panel(), cells=changed), capability())
    before = windows(EPISODE)[0]
    for name, told in known().responses(before, -1.0).items():
        assert np.array_equal(told, other.responses(before, -1.0)[name])
    mine, its = past(known(), known().course), past(other, other.course)
    assert (mine.spread, mine.slope, mine.moves) == (its.spread, its.slope, its.moves)
    came, changed_too = (outcome(one, one.ties.panel) for one in (known(), other))
    assert np.array_equal(came.value, changed_too.value)  # nothing later was kept
    both = windows(EPISODE)
    later_panel = replace(panel(), cells=changed)
    assert not np.allclose(outcome(known(), panel()).change(*both), outcome(known(), later_panel).change(*both))


def test_capability_of_later_years_is_not_used():
    later = capability().with_columns(weight=pl.when(pl.col("year") > 1987).then(5.0).otherwise(pl.col("weight")))
    assert np.array_equal(replace(known(), capability=later).weights(1987), known().weights(1987))
    assert known().weights(1987)[known().actors.index("PAK")] == 0.0  # not known: no third state


def test_a_prediction_is_the_force_of_ties_before():
    before = windows(EPISODE)[0]
    course = known().course
    exact = Course(course.pairs, course.number, np.full_like(course.value, 0.5), course.var, course.known)
    mine = replace(known(), course=exact, pulls={"estimated": known().pulls["estimated"]._replace(beta=0.2, theta=0.0),
                                                 "structural": known().pulls["structural"]})  # fmt: skip
    told = mine.at(mine.responses(before, 0.4)["estimated, linear"], EPISODE.pairs)
    closed = 0.2 * 0.1 * 0.5 * 0.4 * (EPISODE.years + 1) / 2
    assert told == pytest.approx([closed, closed, 0.0, closed, 0.0])


def test_a_pair_that_is_not_observed_is_not_predicted():
    rows = found().targets.filter(a="CHN", b="PAK")
    assert all(reason.startswith("not predicted: too little is observed of CHN and PAK") for reason in rows["reason"])
    assert rows["estimated, linear"].is_null().all()


def test_a_tie_that_the_prediction_needs_must_be_known():
    """IND-RUS needs the tie of IND with CHN, the other of the two."""
    cells = panel().cells.filter(~((pl.col("a") == "CHN") & (pl.col("b") == "IND")))
    lacking = known_before(EPISODE, replace(panel(), cells=cells), capability())
    reasons = dict(zip(EPISODE.pairs, lacking.reasons(windows(EPISODE)[0]), strict=True))
    assert reasons["IND", "RUS"] == "not predicted: too little is observed of CHN and IND in the three years to 1987-12"
    assert reasons["CHN", "USA"] is None


def test_a_shock_that_is_not_observed_predicts_nothing():
    shock = (pl.col("a") == "CHN") & (pl.col("b") == "RUS")
    told = foretold(
        replace(panel(), cells=panel().cells.filter(~shock)), capability(), theta(), (EPISODE,), dates=1, draws=1
    )
    assert told.given["change"].to_list() == [None]
    assert told.targets["reason"].is_not_null().all()
    assert told.scores["scored"].to_list() == [0] * 10
    after = shock & (pl.col("month") > date(1987, 12, 31))
    late = foretold(
        replace(panel(), cells=panel().cells.filter(~after)), capability(), theta(), (EPISODE,), dates=1, draws=1
    )
    assert "of the shock, CHN and RUS, in one of the windows" in late.targets["reason"][0]


def test_an_episode_outside_the_record_is_left_out_or_refused():
    early = replace(EPISODE, name="too early", before=(1950, 1952), after=(1955, 1957))
    late = replace(EPISODE, name="too late", before=(1985, 1987), after=(2000, 2002))
    with pytest.raises(Refusal, match="no episode lies within the record"):
        foretold(panel(), capability(), theta(), (early, late))
    told = foretold(panel(), capability(), theta(), (early, EPISODE), draws=1, dates=1)
    assert told.given["episode"].to_list() == ["a turn"]
    assert told.notes == ("left out: too early: the record tells nothing of 1950-1952, one of its two windows",)


def test_a_record_is_read_up_to_the_last_window_and_every_pair_leads_to_statements():
    whole = {"valid_to": date(2005, 12, 31), "known_from": date(2006, 1, 1)}
    record = simulated()
    cinc = [statement(actor, None, "cinc", date(2005, 1, 1), value=0.1, **whole) for actor in STATES]
    record.ingest(batch(trait=cinc))
    short = Episode("short", (2005, 2005), (2006, 2006), ("RUS", "USA"), (("GBR", "RUS"), ("AUS", "USA")))
    told = episodes(record.view(), (short,), draws=3, dates=3)
    assert told.panel is not None
    assert told.panel.cells["month"].max() <= date(2006, 12, 31)
    assert told.given["years"].to_list() == [1]
    row = told.targets.filter(what="tie", a="GBR", b="RUS")
    assert row["reason"].to_list() == [None]
    assert row["structural, linear"][0] != 0.0
    assert told.panel.parts("GBR", "RUS")["id"].n_unique() > 5


def test_a_record_without_capability_is_refused():
    with pytest.raises(Refusal, match="capability"):
        episodes(Record.memory().view())


def test_counts_below_one_are_usage_errors():
    with pytest.raises(UsageError):
        foretold(panel(), capability(), theta(), (EPISODE,), draws=0)


def test_persistence_is_no_change_and_has_no_gain():
    rows = found().scores.filter(forecast="persistence", what="tie")
    assert rows["gain"].to_list() == [0.0]
    assert rows["right"][0] == rows["wrong"][0] == 0
    assert rows["clear"][0] == rows["no_call"][0]


def test_every_forecast_stands_beside_shuffles_and_placebo_dates():
    rows = found().scores.filter(pl.col("what") == "tie", pl.col("forecast") != "persistence")
    assert rows["forecast"].to_list() == [
        "estimated, linear",
        "estimated, iterated",
        "structural, linear",
        "structural, iterated",
    ]
    assert rows["shuffled_count"].to_list() == [20] * 4
    assert rows["placebo_count"].to_list() == [15] * 4
    assert rows["shuffled_p"].is_between(0, 1).all()
    assert rows["scored"].to_list() == [4] * 4


def test_the_same_seed_gives_the_same_figures():
    again = foretold(panel(), capability(), theta(), (EPISODE,), draws=20, dates=15)
    assert again.scores.equals(found().scores)
    assert not foretold(panel(), capability(), theta(), (EPISODE,), draws=20, dates=15, seed=1).scores.equals(
        found().scores
    )


def test_placebo_dates_lie_before_the_episode():
    end = windows(EPISODE)[0][1]
    dates = placebos(known(), 50, 0)
    assert len({each.before for each in dates}) == len(dates) == 50
    assert all(each.after[1] <= end and each.before[0] >= FIRST * 12 for each in dates)
    assert moves(known(), 12)[0] == 60


def test_a_figure_with_too_few_earlier_windows_is_not_predicted():
    short = theta().filter(pl.col("year") >= 1979)
    told = foretold(panel(), capability(), short, (EPISODE,), draws=1, dates=1)
    reasons = told.targets.filter(pl.col("what") == "distance", pl.col("b") != "PAK")["reason"].to_list()
    assert set(reasons) == {"not predicted: too few earlier windows of this length"}
    assert told.given["spread_distance"].to_list() == [None]
    assert told.scores.filter(what="distance")["scored"].sum() == 0
    assert LEAST == 5


def test_a_distance_that_is_not_known_in_a_window_is_not_scored():
    row = found().targets.filter(what="distance", a="CHN", b="USA")
    assert row["observed"][0] is None
    assert row["estimated, linear"][0] is not None
    assert row["reason"][0] == "not scored: too little is observed in one of the windows"


def test_the_spread_is_that_of_earlier_changes_by_hand():
    apart = of_positions(theta(), EPISODE.states)
    place = {(a, y): t for a, y, t in theta().select("actor", "year", "theta").iter_rows()}
    changes = []
    for start in range(FIRST, 1987 - 7 + 1):
        for n, a in enumerate(apart.pairs):
            assert n == apart.row[a]
            means = [[abs(place[a[0], y] - place[a[1], y]) for y in range(s, s + 3) if (a[0], y) in place and (a[1], y) in place]
                     for s in (start, start + 5)]  # fmt: skip
            if all(means) and a != EPISODE.shock:
                changes.append(np.mean(means[1]) - np.mean(means[0]))
    assert past(known(), apart).spread == pytest.approx(np.sqrt(np.mean(np.square(changes))))


def test_positions_leave_out_what_a_session_votes_in_the_next_year():
    rng = np.random.default_rng(0)
    rows = []
    for number in range(60):
        day = date(1980 + number // 20, 10, 1) if number % 20 else date(1981 + number // 20, 2, 1)
        for actor in (*ACTORS, "MEX", "BRA"):
            rows.append((f"r{number}", actor, str(rng.choice(["yes", "no"])), day))
    frame = pl.DataFrame(rows, schema=["rollcall", "a", "choice", "date"], orient="row")
    told = positions(from_frame(frame))
    autumn = positions(from_frame(frame.filter(pl.col("date").dt.month() == 10)))
    assert told.equals(autumn)
    assert told["year"].unique().sort().to_list() == [1980, 1981, 1982]


def test_years_are_counted_from_middle_to_middle():
    assert [each.years for each in EPISODES] == [15, 6, 9, 6, 8]
    ids = {state.id for state in states()}
    for each in EPISODES:
        assert set(each.states) <= ids
        assert each.shock not in each.pairs
        assert all(a < b for a, b in (each.shock, *each.pairs))
    assert set(EPISODE.states) <= set(states_of(EPISODE, capability()))


def test_episodes_are_those_of_the_list_of_targets(shared: Path):
    with (shared / "tables" / "backtest_targets.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    listed: dict[str, set[tuple[str, ...]]] = {}
    for row in rows:
        pair = tuple(sorted("ROU" if state == "ROM" else state for state in (row["i"], row["j"])))
        listed.setdefault(row["episode"], set()).add(pair)
        mine = next(each for each in EPISODES if each.name == row["episode"])
        assert row["pre_window"] == "-".join(map(str, mine.before))
        assert row["post_window"] == "-".join(map(str, mine.after))
    assert listed == {each.name: {each.shock, *each.pairs} for each in EPISODES}


def test_distances_move_as_those_of_published_positions(shared: Path):
    """Filtered positions of ours and smoothed published ones: the same changes where the list calls them clear."""
    frame = pl.read_csv(shared / "tables" / "backtest_targets.csv").drop_nulls("d_dist")
    theirs = frame.with_columns(pl.col("i", "j").replace("ROM", "ROU")).select(
        "episode", "d_dist", "z", a=pl.min_horizontal("i", "j"), b=pl.max_horizontal("i", "j")
    )
    ours = episodes_page.stored().targets.filter(what="distance").drop_nulls("observed")
    both = theirs.join(ours, on=["episode", "a", "b"])
    assert both.height > 25
    assert np.corrcoef(both["d_dist"], both["observed"])[0, 1] > 0.9
    clear = both.filter(pl.col("z").abs() >= 5)
    assert (clear["d_dist"].sign() == clear["observed"].sign()).all()


def test_the_page_has_what_is_stored():
    page = (ROOT / "docs" / "episodes.md").read_text(encoding="utf-8")
    stored = episodes_page.stored()
    assert episodes_page.updated(page, stored) == page, "run `python -m multipolar.backtests.episodes_page docs`"
    assert stored.given["episode"].to_list() == [each.name for each in EPISODES]
    assert all(each.name in page and "-".join(each.shock) in page for each in EPISODES)


def test_what_the_page_says_is_what_was_found():
    """Sentences of the page that name a figure, against the stored result."""
    page = " ".join((ROOT / "docs" / "episodes.md").read_text(encoding="utf-8").split())
    stored = episodes_page.stored()
    rows = {(row["what"], row["forecast"]): row for row in episodes_page.together(stored)}
    tie = rows["tie", "estimated, linear"]
    assert (
        f"of the {tie['clear']} clear changes of ties they have {tie['right']} signs right and {tie['wrong']} wrong"
        in page
    )
    assert tie["gain"] < 0.0 < rows["distance", "estimated, linear"]["gain"] < 0.0015
    estimated = stored.targets.select(pl.max_horizontal(pl.col("^estimated.*$").abs()).max()).item()
    assert estimated < 0.1
    ended = stored.scores.filter(episode="End of Cold War", forecast="structural, linear")
    assert ended["wrong"].to_list() == ended["no_call"].to_list() == [0, 0]
    assert f"of ties ({ended['right'][0]}) and of distances ({ended['right'][1]})" in page
    assert ended["shuffled_p"].to_list() == ended["placebo_p"].to_list() == [0.0, 0.0]
    split = stored.scores.filter(episode="Sino-Soviet split", what="tie", forecast="structural, linear")
    assert split["gain"][0] < split["shuffled_gain"][0] < 0 and split["shuffled_p"][0] > 0.5
    nixon = stored.scores.filter(episode="Nixon opening", what="tie", forecast="structural, linear")
    assert nixon["gain"][0] < 0 and nixon["shuffled_p"][0] <= 0.02 and nixon["clear"][0] == 0
    crimea = stored.given.filter(episode="Russia 2014 (Crimea)")
    assert 0.0 < crimea["change"][0] < crimea["sd"][0]


def test_what_is_stored_reads_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "episodes.json"
    file.write_text(episodes_page.plain(found()), encoding="utf-8")
    monkeypatch.setattr(episodes_page, "STORED", file)
    assert episodes_page.tables(episodes_page.stored()) == episodes_page.tables(found())
    with pytest.raises(ValueError, match="marks"):
        episodes_page.updated("no marks", found())


def test_a_share_of_none_is_less_than_one_of_them():
    assert episodes_page.share(0.0, 200) == "< 0.005"
    assert episodes_page.share(0.25, 200) == "0.25"
    assert episodes_page.share(None, 0) == "–"
    assert episodes_page.signed(-0.00001, 3) == "0.000"


def test_together_adds_up_what_the_episodes_have():
    row = next(
        r for r in episodes_page.together(found()) if r["what"] == "tie" and r["forecast"] == "structural, linear"
    )
    one = found().scores.filter(what="tie", forecast="structural, linear").row(0, named=True)
    assert (row["episodes"], row["scored"], row["gain"]) == (1, one["scored"], pytest.approx(one["gain"]))


def test_the_command_shows_the_stored_result(capsys: pytest.CaptureFixture[str]):
    assert main(["backtest", "episodes", "--quiet", "--format", "json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["row"] for row in rows} == {"score", "target"}
    assert len([row for row in rows if row["row"] == "target"]) == 2 * sum(len(each.pairs) for each in EPISODES)
    assert main(["backtest", "episodes", "--quiet"]) == 0
    assert "structural, not estimated" in capsys.readouterr().out.replace("\n", " ")


def test_the_command_refuses_what_it_cannot_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["backtest", "episodes", "--ties", str(tmp_path / "t.parquet"), "--quiet"]) == 2
    assert "--ties" in capsys.readouterr().err
    assert main(["backtest", "episodes", "--seed", "3", "--quiet"]) == 2
    assert "--record" in capsys.readouterr().err
