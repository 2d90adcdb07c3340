"""Blocs of named states: against brute force over all divisions, and on networks that have little to say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import polars as pl
import pytest
from samples import batch, record, statement
from simulated import STATES, simulated

import multipolar
from multipolar import Refusal, UsageError, World
from multipolar.blocs import Blocs, blocs
from multipolar.blocs import network as network_of
from multipolar.blocs.arrays import polarisation
from multipolar.blocs.division import CLOSE, divide
from multipolar.record import View
from multipolar.ties import Ties

CAPABILITY = {"USA": 0.20, "CHN": 0.18, "RUS": 0.08, "GBR": 0.03, "AUS": 0.02, "IRN": 0.02, "PRK": 0.01}
MONTH = date(2009, 6, 1)


@pytest.fixture(scope="module")
def world() -> World:
    made = simulated()
    whole = {"valid_to": date(2008, 12, 31), "known_from": date(2008, 12, 31)}
    made.ingest(
        batch(trait=[statement(a, None, "cinc", date(2008, 1, 1), value=v, **whole) for a, v in CAPABILITY.items()])
    )
    return multipolar.open(made, since="2000-01", actors=STATES)


@pytest.fixture(scope="module")
def found(world: World) -> Blocs:
    return world.blocs("2009-06-15")


@dataclass
class Told:
    """Ties of a month as they are told, in place of estimated ones."""

    frame: pl.DataFrame
    actors: tuple[str, ...]

    @property
    def panel(self) -> Any:
        return SimpleNamespace(scope=SimpleNamespace(actors=self.actors))

    def month_index(self, month: date) -> int:
        return 0

    def at(self, month: date) -> pl.DataFrame:
        return self.frame


def told(ties: dict[str, float], *others: str, sd: float = 0.1) -> Ties:
    """As in ``{"USA GBR": 1.0}``."""
    pairs = [tuple(sorted(pair.split())) for pair in ties]
    frame = pl.DataFrame(
        {"a": [a for a, _ in pairs], "b": [b for _, b in pairs], "mean": list(ties.values()), "sd": [sd] * len(pairs)},
        schema={"a": pl.String, "b": pl.String, "mean": pl.Float64, "sd": pl.Float64},
    )
    return cast("Ties", Told(frame, tuple(sorted({*others, *(state for pair in pairs for state in pair)}))))


def sized(**capability: float) -> View:
    whole = {"valid_to": date(2008, 12, 31), "known_from": date(2008, 12, 31)}
    rows = [statement(a, None, "cinc", date(2008, 1, 1), value=value / 100, **whole) for a, value in capability.items()]
    return record((), trait=rows).view() if rows else record((), vote=()).view()


def partitions(n: int, most: int) -> Iterator[list[int]]:
    """All divisions of n nodes into at most so many camps, each once."""

    def grow(camps: list[int]) -> Iterator[list[int]]:
        if len(camps) == n:
            yield camps
            return
        for camp in range(min(max(camps, default=-1) + 2, most)):
            yield from grow([*camps, camp])

    return grow([])


def left(w: np.ndarray, camps: list[int]) -> float:
    camp = np.array(camps)
    same = camp[:, None] == camp
    return float(np.triu(np.abs(w) * (same != (w > 0)), 1).sum())


def test_the_network_is_that_of_the_ties(world: World, found: Blocs) -> None:
    net = network_of(world.ties, world.view, MONTH)
    assert net.actors == tuple(sorted(STATES, key=lambda state: (-CAPABILITY[state], state))) == found.actors
    total = sum(CAPABILITY.values())
    np.testing.assert_allclose(net.size, [CAPABILITY[state] / total for state in net.actors])
    for a, b, mean, sd in world.ties.at(MONTH).select("a", "b", "mean", "sd").iter_rows():
        i, j = net.actors.index(a), net.actors.index(b)
        assert (net.mean[i, j], net.mean[j, i], net.sd[i, j]) == (mean, mean, sd)
    draws = net.draws(4000)
    np.testing.assert_allclose(draws.mean(axis=0), net.mean, atol=0.05)
    np.testing.assert_allclose(draws.std(axis=0), net.sd, atol=0.05)
    assert np.array_equal(draws, np.swapaxes(draws, 1, 2))
    assert found.coverage == 1.0 and found.without == ()


def test_camps_leave_as_little_as_any_division_does(world: World, found: Blocs) -> None:
    mean = network_of(world.ties, world.view, MONTH).mean
    for row in found.camps.to_dicts():
        most = row["most"] or len(STATES)
        best = min(left(mean, camps) for camps in partitions(len(STATES), most))
        assert row["proven"] and row["used"] <= most
        assert row["index"] == pytest.approx(best) == pytest.approx(row["bound"], rel=1e-5)
        assert row["share"] == pytest.approx(best / np.triu(np.abs(mean)).sum())
    camp = dict(zip(found.states["actor"], found.states["camp"], strict=True))
    assert camp["CHN"] == camp["RUS"] == camp["IRN"] == camp["PRK"] == 1, "the camp of most capability is the first"
    assert camp["USA"] == camp["GBR"] == camp["AUS"] == 2
    shares = found.camps["share"].to_list()
    assert found.count == next(n for n, share in enumerate(shares, start=1) if share <= min(shares) + CLOSE)


def test_the_probability_to_share_a_camp_is_counted_over_the_best_camps_of_each_draw(
    world: World, found: Blocs
) -> None:
    net = network_of(world.ties, world.view, MONTH)
    ways = list(partitions(7, max(found.count, 2)))
    best = [min(ways, key=lambda camps, one=one: left(one, camps)) for one in net.draws()]
    for row in found.together.to_dicts():
        i, j = net.actors.index(row["a"]), net.actors.index(row["b"])
        assert row["together"] == pytest.approx(np.mean([camps[i] == camps[j] for camps in best]), abs=0.011)
        assert row["positive"] == pytest.approx((net.draws(4000)[:, i, j] > 0).mean(), abs=0.03)
        assert row["a"] < row["b"] and row["mean"] == net.mean[i, j]
    assert found.together.height == 21
    pair = {(row["a"], row["b"]): row["together"] for row in found.together.to_dicts()}
    assert pair["GBR", "USA"] > 0.9 > 0.1 > pair["PRK", "USA"]


def test_sure_is_the_mean_over_the_camp_by_capability(found: Blocs) -> None:
    pair = {frozenset((row["a"], row["b"])): row["together"] for row in found.together.to_dicts()}
    for row in found.states.to_dicts():
        others = [state for state in found.camp(row["camp"]) if state != row["actor"]]
        weight = [CAPABILITY[state] for state in others]
        expected = np.average([pair[frozenset((row["actor"], state))] for state in others], weights=weight)
        assert row["sure"] == pytest.approx(expected)


def test_figures_over_draws(world: World, found: Blocs) -> None:
    net = network_of(world.ties, world.view, MONTH)
    division = divide(net.mean, net.draws(), net.size, None, 5.0)
    assert division.exact == (max(division.count, 2) == 2)
    shares = np.stack([np.bincount(camp, net.size, 7) for camp in division.drawn])
    poles = 1 / (shares**2).sum(axis=1)
    figures = {row["name"]: row for row in found.figures.to_dicts()}
    assert figures["poles"]["value"] == pytest.approx(poles.mean())
    assert figures["poles"]["lo90"] == pytest.approx(np.quantile(poles, 0.05))
    for row in figures.values():
        assert row["lo90"] <= row["lo50"] <= row["hi50"] <= row["hi90"]
        assert row["name"] in ("poles", "dimensions") or 0 <= row["lo90"] <= row["hi90"] <= 1
    pairs = zip(net.draws(), division.drawn, strict=True)
    tension = [left(one, list(camp)) / np.triu(np.abs(one)).sum() for one, camp in pairs]
    assert figures["tension"]["value"] == pytest.approx(np.mean(tension))
    groups = [polarisation.maoz(polarisation.cliques(one > 0), net.size).polarisation for one in net.draws()]
    assert figures["network_polarisation"]["value"] == pytest.approx(np.mean(groups))


def test_triangles_are_counted(found: Blocs) -> None:
    sign = {frozenset((row["a"], row["b"])): row["mean"] < 0 for row in found.together.to_dicts()}
    counts = [0, 0, 0, 0]
    for i, a in enumerate(STATES):
        for j, b in enumerate(STATES[:i]):
            for c in STATES[:j]:
                counts[sum(sign[frozenset(pair)] for pair in ((a, b), (a, c), (b, c)))] += 1
    assert found.triads["count"].to_list() == counts
    assert found.triads["share"].sum() == pytest.approx(1.0)


def test_the_landscape_of_all_seven(world: World, found: Blocs) -> None:
    net = network_of(world.ties, world.view, MONTH)
    assert set(found.powers) == set(STATES)
    deepest = found.minima.row(0, named=True)
    best = min(partitions(7, 2), key=lambda camps: left(net.mean, camps))
    one = {net.actors[k] for k in range(7) if best[k] == best[0]}
    assert set(deepest["one"]) == one and set(deepest["other"]) == set(STATES) - one
    assert found.minima["basin"].sum() == pytest.approx(1.0)
    assert found.watershed.height == 7 * found.minima.height
    tips = {row["to"]: row for row in found.tipping.to_dicts()}
    costs = sorted(left(net.mean, camps) for camps in partitions(7, 2))
    assert tips["division"]["distance"] == pytest.approx(costs[1] - costs[0])
    if found.minima.height > 1:
        assert tips["minimum"]["distance"] == pytest.approx(
            float(found.minima["energy"][1] - found.minima["energy"][0]) / 2
        )


def test_the_same_question_has_the_same_answer_and_leads_to_its_statements(world: World, found: Blocs) -> None:
    again = world.blocs("2009-06")
    for name in ("states", "together", "camps", "triads", "figures", "minima", "watershed", "tipping"):
        assert getattr(again, name).equals(getattr(found, name)), name
    ids = world.evidence(found)
    assert set(found.ids) <= set(ids) and len(found.pairs) == 21
    rows = world.view.by_id(ids)
    assert len(rows) == len(ids) > 300
    assert max(row["valid_from"] for row in rows) <= date(2009, 6, 30)


def test_by_sizes_a_tie_counts_by_both_capabilities(world: World) -> None:
    by_size = world.blocs("2009-06", weighing="sizes")
    net = network_of(world.ties, world.view, MONTH)
    w = net.mean * np.outer(net.size, net.size)
    best = min(left(w, camps) for camps in partitions(7, 2))
    row = by_size.camps.filter(pl.col("most") == 2).row(0, named=True)
    assert row["share"] == pytest.approx(best / np.triu(np.abs(w)).sum())
    assert by_size.weighing == "sizes"
    assert by_size.together["mean"].to_list() == world.blocs("2009-06").together["mean"].to_list()


def test_fewer_states_and_a_number_of_camps(world: World) -> None:
    some = world.blocs("2009-06", ["United States", "GBR", "Iran", "RUS"], camps=3)
    assert set(some.actors) == {"USA", "GBR", "IRN", "RUS"} and some.together.height == 6
    assert some.count <= 3 and some.camps["most"].to_list() == [1, 2, 3, 4, 5, None]
    assert world.blocs("2009-06", camps=1).count == 1
    assert world.blocs("2009-06", camps=6).camps["most"].to_list() == [1, 2, 3, 4, 5, 6, None]


def test_friends_only_are_one_camp() -> None:
    found = blocs(told({"USA GBR": 1.0, "GBR FRA": 0.8, "USA FRA": 0.9}), sized(USA=3, GBR=2, FRA=1), MONTH)
    assert found.count == 1 and set(found.camp(1)) == {"USA", "GBR", "FRA"}
    assert found.camps["index"].to_list() == [0.0] * 6 and found.camps["proven"].all()
    assert "No tie is hostile: one camp satisfies them all." in found.notes
    figures = {row["name"]: row["value"] for row in found.figures.to_dicts()}
    assert figures["poles"] == 1.0 and figures["polarisation"] == 0.0 and figures["tension"] == 0.0
    assert found.minima.height == 1 and found.minima["escape"][0] is None
    assert [row["to"] for row in found.tipping.to_dicts()] == ["division"]


def test_two_hostile_states() -> None:
    found = blocs(told({"USA RUS": -1.0}), sized(USA=1, RUS=1), MONTH)
    figures = {row["name"]: row["value"] for row in found.figures.to_dicts()}
    assert found.count == 2 and figures["poles"] == pytest.approx(2.0) and figures["polarisation"] == pytest.approx(1.0)
    assert figures["strong_balance"] is None and figures["dimensions"] is None, "there is no triangle, and no chance"
    assert found.triads["count"].to_list() == [0, 0, 0, 0] and found.triads["share"].null_count() == 4
    assert found.together["together"].to_list() == [0.0] and found.states["sure"].null_count() == 2


def test_a_network_in_two_parts_says_so_and_compares_none_of_one_with_the_other() -> None:
    found = blocs(told({"USA GBR": 1.0, "CHN RUS": -1.0, "RUS PRK": 1.0}, "BRA"), sized(USA=3, CHN=2), MONTH)
    assert {(row["a"], row["b"]) for row in found.together.to_dicts()} == {
        ("GBR", "USA"), ("CHN", "RUS"), ("CHN", "PRK"), ("PRK", "RUS")
    }  # fmt: skip
    missing = found.together.filter(pl.col("mean").is_null())
    assert missing.rows() == [("CHN", "PRK", None, None, None, False, 0.0)], "no tie is known, and yet a camp each"
    assert any("falls into 2 parts" in note for note in found.notes)
    assert found.without == ("BRA",) and any("No tie to the others is known of BRA" in note for note in found.notes)
    assert found.coverage == pytest.approx(3 / 15)
    assert any("No cinc is known of RUS, GBR, PRK" in note for note in found.notes)
    assert found.states.filter(actor="GBR")["share"].to_list() == [None]


def test_without_capability_poles_are_not_known() -> None:
    found = blocs(told({"USA GBR": 1.0, "USA RUS": -1.0, "USA CHN": -0.5}), sized(), MONTH)
    figures = {row["name"]: row for row in found.figures.to_dicts()}
    assert figures["poles"]["value"] is None and figures["polarisation"]["lo90"] is None
    assert figures["tension"]["value"] is not None and found.ids == ()
    assert found.actors[0] == "USA", "the one of most ties"
    with pytest.raises(Refusal, match="sizes"):
        blocs(told({"USA GBR": 1.0, "USA RUS": -1.0}), sized(), MONTH, weighing="sizes")


def test_many_states_are_estimated_and_say_so() -> None:
    names = [state.id for state in multipolar.actors.states(MONTH)][:24]
    made = np.random.default_rng(3)
    ties = {
        f"{a} {b}": float((1.0 if (i % 2) == (j % 2) else -1.0) + made.normal(0, 0.3))
        for i, a in enumerate(names)
        for j, b in enumerate(names[:i])
    }
    found = blocs(told(ties), sized(**{name: 1.0 + 0.01 * place for place, name in enumerate(names)}), MONTH)
    assert found.count == 2 and {frozenset(found.camp(1)), frozenset(found.camp(2))} == {
        frozenset(names[::2]), frozenset(names[1::2])
    }  # fmt: skip
    assert len(found.powers) == 16 and any("the best of 8 descents" in note for note in found.notes)
    assert found.states["sure"].min() > 0.99
    assert found.figures.filter(name="dimensions")["value"][0] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        ({"actors": ["USA"]}, UsageError, "at least 2"),
        ({"actors": ["USA", "South Sudan"]}, UsageError, "on 2009-06-01, got 'South Sudan'"),
        ({"actors": ["USA", "SSD"]}, UsageError, "2009-06"),
        ({"actors": ["USA", "FRA"]}, Refusal, "no tie between these 2 states is known"),
        ({"camps": 0}, UsageError, "at least one camp"),
        ({"powers": 21}, UsageError, "2 to 20"),
        ({"capability": "beauty"}, UsageError, "capability"),
        ({"weighing": "luck"}, UsageError, "way to weigh"),
    ],
)
def test_what_cannot_be_answered_is_refused(
    world: World, asked: dict[str, Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        blocs(world.ties, world.view, MONTH, **asked)


def test_a_month_outside_the_window_is_refused(world: World) -> None:
    with pytest.raises(UsageError, match="expected a month"):
        world.blocs("1999-12")
