"""A report, comparisons, series, positions and enlargements, held to what they are made of."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from alliance_samples import EAST, written
from scipy.stats import norm

from multipolar import Refusal, UsageError, World
from multipolar.architectures import (
    Architecture,
    Named,
    across,
    architecture,
    by_outsider,
    compare,
    enlargement,
    enlargements,
    load,
    positions,
    series,
)

MONTH = date(2005, 5, 1)


def tie(world: World, a: str, b: str, month: date = MONTH) -> tuple[float, float]:
    frame = world.ties.at(month).filter(pl.col("a") == min(a, b), pl.col("b") == max(a, b))
    return frame["mean"].item(), frame["sd"].item()


def test_members_and_depth(world: World, east: Architecture) -> None:
    found = architecture(world.ties, world.view, east, MONTH)
    assert found.members.ids == ("CHN", "IRN", "PRK", "RUS")
    rungs = {(a, b): rung for a, b, rung in found.between.select("a", "b", "rung").rows()}
    assert (
        rungs["CHN", "PRK"] == "defence"
        and rungs["CHN", "RUS"] == "nonaggression"
        and rungs["PRK", "RUS"] == "consultation"
    )
    assert rungs["IRN", "PRK"] == "none", "states by name share no body"
    assert found.value("members") == 4 and found.value("pairs") == 6
    assert found.matrix["pairs"].to_list() == [3, 0, 1, 1, 1]


def test_cohesion_is_the_mean_of_the_ties_with_its_exact_interval(world: World, east: Architecture) -> None:
    found = architecture(world.ties, world.view, east, MONTH)
    known = [tie(world, a, b) for a, b in combinations(found.members.ids, 2)]
    mean = np.mean([value for value, _ in known])
    sd = np.sqrt(sum(sd**2 for _, sd in known)) / len(known)
    row = found.figures.row(by_predicate=pl.col("figure") == "cohesion", named=True)
    assert row["value"] == pytest.approx(mean, abs=1e-3)
    assert (row["lo90"], row["hi90"]) == pytest.approx(tuple(norm.ppf([0.05, 0.95], mean, sd)), abs=0.02)
    negative = np.mean([norm.cdf(0, value, sd) for value, sd in known])
    assert found.value("negative") == pytest.approx(negative, abs=1e-3)


def test_divided_is_the_union_and_rests_on_what_is_told(world: World, east: Architecture) -> None:
    found = architecture(world.ties, world.view, east, MONTH)
    flags = {(row["a"], row["b"]): (row["dispute"], row["pact"], row["third"]) for row in found.between.to_dicts()}
    assert flags["IRN", "RUS"] == (True, False, [])
    assert flags["PRK", "RUS"] == (False, True, ["CHN"]), "China is bound to help North Korea, and Russia's rival"
    assert found.value("dispute") == pytest.approx(1 / 6) and found.value("pact") == pytest.approx(1 / 6)
    sure = {pair for pair, (dispute, pact, _) in flags.items() if dispute or pact}
    expected = [1.0 if pair in sure else norm.cdf(0, *tie(world, *pair)) for pair in flags]
    assert found.value("divided") == pytest.approx(np.mean(expected), abs=1e-3)
    row = found.figures.row(by_predicate=pl.col("figure") == "divided", named=True)
    assert 2 / 6 <= row["lo90"] <= row["value"] <= row["hi90"] <= 1
    assert found.figures.row(by_predicate=pl.col("figure") == "dispute", named=True)["coverage"] == 1.0
    later = architecture(world.ties, world.view, east, date(2005, 6, 1))
    assert later.value("dispute") == 0.0


def test_what_is_not_known_of_disputes_widens_their_share(world: World, east: Architecture) -> None:
    blind = world.view.without(["paper"])
    with pytest.raises(Refusal):
        architecture(world.ties, blind, Architecture("x", "x"), MONTH)
    found = architecture(world.ties, blind, east, MONTH)
    row = found.figures.row(by_predicate=pl.col("figure") == "dispute", named=True)
    assert (row["value"], row["lo90"], row["hi90"], row["coverage"]) == (0.0, 0.0, 1.0, 0.0), "not told is not none"
    assert any("0% of pairs whether a dispute is live" in note for note in found.notes)


def test_both_readings_stand_side_by_side(world: World, east: Architecture) -> None:
    found = architecture(world.ties, world.view, east, MONTH)
    rows = {row["reading"]: row for row in found.readings.to_dicts()}
    assert [rows[name]["pairs"] for name in ("forum", "consultation", "nonaggression", "defence")] == [3, 3, 2, 1]
    assert rows["defence"]["members"] == 2 and rows["defence"]["capability"] == pytest.approx(0.17)
    assert rows["defence"]["cohesion"] == pytest.approx(tie(world, "CHN", "PRK")[0], abs=1e-3)


def test_capability_is_at_most_what_nobody_else_accounts_for(
    world: World, east: Architecture, west: Architecture
) -> None:
    row = architecture(world.ties, world.view, east, MONTH).figures.row(
        by_predicate=pl.col("figure") == "capability", named=True
    )
    assert row["value"] == pytest.approx(0.17 + 0.05 + 0.02), "North Korea's is not known"
    assert (row["lo90"], row["hi90"]) == pytest.approx((0.24, 0.24 + 1 - 0.41)) and row["coverage"] == 0.75
    full = architecture(world.ties, world.view, west, MONTH).figures.row(
        by_predicate=pl.col("figure") == "capability", named=True
    )
    assert (full["lo90"], full["hi90"], full["coverage"]) == pytest.approx((0.17, 0.17, 1.0))


def test_outsiders_and_nuclear_members(world: World, east: Architecture) -> None:
    found = architecture(world.ties, world.view, east, date(2006, 6, 1))
    told = found.presence.filter(pl.col("what") != "defence")
    assert told.select("outsider", "member", "what", "value").rows() == [
        ("GBR", "CHN", "arms", 7.0),
        ("USA", "IRN", "troops", 50.0),
    ], "Russia's base in Iran is no outsider's"
    bound = found.presence.filter(pl.col("what") == "defence").select("outsider", "member").rows()
    assert ("ARM", "RUS") in bound, "by the table of organisations, where the record tells of no members"
    assert by_outsider(told).rows() == [("USA", 0, 1, 0, 0.0), ("GBR", 0, 0, 0, 7.0)]
    assert found.beside.filter(pl.col("what") == "base").select("a", "b", "of").rows() == [("IRN", "RUS", "RUS")]
    assert found.nuclear.select("actor", "warheads").rows() == [("CHN", None), ("RUS", 5000.0)]
    assert found.value("outside troops") == 1.0 and found.value("outside base") == 0.0


def test_every_figure_leads_to_statements(world: World, east: Architecture) -> None:
    found = architecture(world.ties, world.view, east, MONTH)
    ids = world.evidence(found)  # type: ignore[arg-type]
    assert set(found.ids) <= set(ids)
    rows = world.view.by_id(ids)
    assert {"defence", "dispute", "base", "arms", "cinc", "nuclear_status", "UNGA"} <= {row["kind"] for row in rows}


def test_a_day_knows_nothing_of_the_later_ones(world: World, east: Architecture) -> None:
    one = architecture(world.ties, world.view.at(date(2005, 5, 31)), east, MONTH)
    assert one.value("capability") is not None
    assert "arms" not in set(one.presence["what"]), "arms of 2004 became known in June 2005"
    other = architecture(world.ties, world.view, east, MONTH)
    assert "arms" in set(other.presence["what"])
    same = [name for name in one.figures["figure"] if name in ("members", "forum", "defence", "dispute", "pact")]
    assert [one.value(name) for name in same] == [other.value(name) for name in same]
    early = architecture(world.ties, world.view.at(date(2005, 5, 2)), east, MONTH)
    assert early.value("dispute") == 0.0, "the dispute of 3 May was not known the day before"


def test_refusals(world: World, tmp_path: Path) -> None:
    alone = Architecture("alone", "alone", states=(Named("RUS"),))
    with pytest.raises(Refusal, match="one member on 2005-05-31"):
        architecture(world.ties, world.view, alone, MONTH)
    nobody = Architecture("nobody", "nobody", states=(Named("RUS", date(2007, 1, 1)),))
    with pytest.raises(Refusal, match="no members on 2005-05-31"):
        architecture(world.ties, world.view, nobody, MONTH)
    with pytest.raises(Refusal, match="two members in no month"):
        series(world.ties, world.view, alone)


def test_a_state_without_ties_is_named_and_too_few_ties_make_no_figure(world: World, tmp_path: Path) -> None:
    text = EAST + "".join(f'\n[[state]]\nid = "{actor}"\n' for actor in ("MEX", "BRA", "ARG"))
    found = architecture(world.ties, world.view, load(written(tmp_path, text)), MONTH)
    row = found.figures.row(by_predicate=pl.col("figure") == "cohesion", named=True)
    assert row["value"] is None and row["why"] == "the ties of 6 of 21 pairs are known, fewer than 50%"
    assert any("ARG, BRA, MEX" in note for note in found.notes)
    assert found.value("defence") == pytest.approx(1 / 21), "who has no ties has obligations, or none"


def test_a_month_outside_the_ties_still_tells_who_belongs(world: World, east: Architecture) -> None:
    found = architecture(world.ties, world.view, east, date(1999, 6, 1))
    assert found.members.ids == ("IRN", "PRK", "RUS")
    assert found.value("cohesion") is None
    assert any("none of 1999-06" in note for note in found.notes)


def test_two_side_by_side(world: World, east: Architecture, west: Architecture) -> None:
    found = compare(world.ties, world.view, [east, west], MONTH)
    assert found.overlap.row(0) == ("east", "west", 4, 3, [], 0.0)
    crossing = [tie(world, a, b) for a in ("CHN", "IRN", "PRK", "RUS") for b in ("AUS", "GBR", "USA")]
    rows = {row["figure"]: row for row in found.across.to_dicts()}
    assert rows["pairs across"]["value"] == 12
    assert rows["tension"]["value"] == pytest.approx(np.mean([mean for mean, _ in crossing]), abs=1e-3)
    assert rows["tension"]["value"] < found.reports[0].value("cohesion")  # type: ignore[operator]
    assert across(world.ties, world.view, east, west, MONTH)["value"].to_list() == found.across["value"].to_list()
    troops = compare(world.ties, world.view, [east, west], date(2006, 6, 1)).feet
    assert troops.select("actor", "how", "with").rows() == [("IRN", "hosts troops", "USA")]
    with pytest.raises(UsageError, match="two or more different"):
        compare(world.ties, world.view, [east, east], MONTH)


def test_a_state_in_both_counts_for_neither_side(world: World, east: Architecture, west: Architecture) -> None:
    both = Architecture("both", "both", states=(*west.states, Named("CHN")))
    found = compare(world.ties, world.view, [east, both], MONTH)
    assert found.overlap["both"].to_list() == [["CHN"]]
    assert found.across.filter(pl.col("figure") == "pairs across")["value"].item() == 9
    assert found.feet.filter(pl.col("how") == "member")["actor"].to_list() == ["CHN", "CHN"]


def test_a_series_is_the_report_month_by_month(world: World, east: Architecture) -> None:
    frame = series(world.ties, world.view, east, since=date(2005, 3, 1), until=date(2005, 9, 1), every=3)
    assert frame["month"].unique().sort().to_list() == [date(2005, 3, 1), date(2005, 6, 1), date(2005, 9, 1)]
    report = architecture(world.ties, world.view, east, date(2005, 6, 1)).figures
    mine = frame.filter(pl.col("month") == date(2005, 6, 1)).drop("month")
    assert (
        mine.rows()
        == report.filter(pl.col("figure").is_in(mine["figure"].implode())).filter(pl.col("figure") != "nuclear").rows()
    )
    with pytest.raises(UsageError, match="step of 1 month"):
        series(world.ties, world.view, east, every=0)
    with pytest.raises(UsageError, match="expected months between"):
        series(world.ties, world.view, east, since=date(2011, 1, 1))


def test_positions_are_differences_of_mean_ties(world: World, east: Architecture, west: Architecture) -> None:
    frame = positions(world.ties, world.view, east, west, actors=["CHN", "GBR"], since=MONTH, until=MONTH)
    row = frame.row(by_predicate=pl.col("actor") == "CHN", named=True)
    to_east = [tie(world, "CHN", other) for other in ("IRN", "PRK", "RUS")]
    to_west = [tie(world, "CHN", other) for other in ("AUS", "GBR", "USA")]
    assert row["to_one"] == pytest.approx(np.mean([mean for mean, _ in to_east]))
    assert row["position"] == pytest.approx(np.mean([m for m, _ in to_east]) - np.mean([m for m, _ in to_west]))
    sd = np.sqrt(sum(s**2 for _, s in to_east) / 9 + sum(s**2 for _, s in to_west) / 9)
    assert (row["lo90"], row["hi90"]) == pytest.approx(tuple(norm.ppf([0.05, 0.95], row["position"], sd)))
    assert row["coverage"] == 1.0
    assert frame.filter(pl.col("actor") == "GBR")["position"].item() < row["position"]


def test_an_enlargement_is_read_within_one_month(world: World, east: Architecture) -> None:
    (change,) = enlargements(world.ties, world.view, east, since=date(2000, 1, 1))
    assert (change.day, change.joined, change.left) == (date(2001, 7, 16), ("CHN",), ())
    assert change.figures.equals(enlargement(world.ties, world.view, east, change.day).figures)
    value = {(row["when"], row["figure"]): row for row in change.figures.to_dicts()}
    assert value["change", "members"]["value"] == 1 and value["change", "pairs"]["value"] == 3
    for figure in ("cohesion", "divided", "defence"):
        before, after, moved = (value[when, figure]["value"] for when in ("before", "after", "change"))
        assert moved == pytest.approx(after - before, abs=1e-9)
    month = date(2001, 7, 1)
    old = [tie(world, a, b, month) for a, b in combinations(("IRN", "PRK", "RUS"), 2)]
    new = [tie(world, "CHN", other, month) for other in ("IRN", "PRK", "RUS")]
    moved = value["change", "cohesion"]
    assert moved["value"] == pytest.approx(np.mean([m for m, _ in old + new]) - np.mean([m for m, _ in old]), abs=2e-3)
    # Ties that are in both means cancel in part: a tie of the old three weighs 1/6 - 1/3, a new one 1/6.
    sd = np.sqrt(sum((s / 6) ** 2 for _, s in old + new))
    assert moved["hi90"] - moved["lo90"] == pytest.approx(2 * 1.645 * sd, rel=0.1)
    with pytest.raises(UsageError, match="somebody joined or left") as caught:
        enlargement(world.ties, world.view, east, date(2003, 1, 1))
    assert "2001-07-16" in str(caught.value)


def test_the_world_answers(world: World, files: tuple[Path, Path]) -> None:
    one, other = files
    assert world.architecture(one, "2005-05").month == MONTH
    assert world.architecture(one).month == date(2009, 12, 1)
    assert world.architectures([one, str(other)], "2005-05").overlap.height == 1
