"""Charts of votes: what is on them, that nothing lies on anything else, and what cannot be drawn."""

from __future__ import annotations

import re
from itertools import pairwise
from math import nan

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.brief import votes as charts
from multipolar.errors import RecordError, UsageError

PLACES = st.lists(st.floats(-50, 50), min_size=1, max_size=12)


def positions(*actors, years=range(1990, 1996)):
    rows = [
        {"actor": actor, "year": year, "theta": n + year % 3 / 10, "lo90": n - 0.3, "hi90": n + 0.5}
        for n, actor in enumerate(actors)
        for year in years
    ]
    return pl.DataFrame(rows)


def cast(n=40, seed=0):
    rng = np.random.default_rng(seed)
    theta = np.sort(rng.normal(0, 1, n))
    choice = np.where(theta < -0.2, "yes", np.where(theta < 0.4, "abstain", "no"))
    choice[0] = "no"
    return pl.DataFrame(
        {
            "actor": [f"S{k:02}" for k in range(n)],
            "name": [f"State {k}" for k in range(n)],
            "theta": theta,
            "choice": choice,
        }
    )


def test_positions_have_a_line_a_band_and_a_name_each(tmp_path):
    path = charts.positions_chart(
        positions("USA", "RUS"),
        tmp_path / "p.svg",
        title="Where they stand",
        subtitle="with bands",
        names={"USA": "United States"},
    )
    text = path.read_text()
    for said in ("Where they stand", "with bands", "United States", "RUS", "1990", "position"):
        assert f">{said}</text>" in text
    assert all(colour in text for colour in charts.COLOURS[:2]) and charts.COLOURS[2] not in text
    png = charts.positions_chart(positions("USA"), tmp_path / "p.png", title="One").read_bytes()
    assert png.startswith(b"\x89PNG")


def test_no_line_crosses_a_gap_and_a_single_year_is_a_dot(tmp_path):
    frame = positions("USA", years=[1990, 1991, 1992, 1995, 1997, 1998])
    text = charts.positions_chart(frame, tmp_path / "p.svg", title="").read_text()
    lines = re.findall(rf'<path [^>]*d="([^"]*)"[^>]*stroke="{charts.COLOURS[0]}"[^>]*stroke-width="2"', text)
    assert len(lines) == 3, "three stretches"
    dots = re.findall(r'aria-roledescription="point"', text)
    assert len(dots) == 1, "1995 stands alone"


def test_a_roll_call_shows_stripes_lines_and_surprises(tmp_path):
    votes = cast()
    text = charts.rollcall_chart(votes, (-0.2, 0.4), tmp_path / "r.svg", title="A roll call", named=["S39"]).read_text()
    counts = dict(votes.group_by("choice").len().rows())
    for said in (
        "A roll call",
        *(f"{choice} {counts[choice]}" for choice in charts.CHOICES),
        "yes expected",
        "no expected",
    ):
        assert f">{said}</text>" in text
    assert ">State 0</text>" in text, "it voted against what its position lets expect"
    assert ">State 39</text>" in text, "asked for"
    assert ">State 20</text>" not in text
    assert text.count("stroke-dasharray") == 2


def test_a_roll_call_without_lines(tmp_path):
    text = charts.rollcall_chart(cast(), (nan, nan), tmp_path / "r.svg", title="").read_text()
    assert "expected" not in text and "stroke-dasharray" not in text


def test_lines_far_away_do_not_squeeze_the_states(tmp_path):
    text = charts.rollcall_chart(cast(), (-90.0, 400.0), tmp_path / "r.svg", title="").read_text()
    assert ">abstain expected</text>" in text and "stroke-dasharray" not in text


@pytest.mark.parametrize(
    ("theta", "cuts", "choice"),
    [(-1, (0, 1), "yes"), (0.5, (0, 1), "abstain"), (2, (0, 1), "no"), (2, (1, 0), "yes"), (0.5, (1, 0), "abstain"),
     (-1, (1, 0), "no"), (-1, (0, 0), "yes"), (1, (0, 0), "no")],
)  # fmt: skip
def test_what_a_position_lets_expect(theta, cuts, choice):
    assert charts.expected(theta, cuts) == choice
    dot = {"theta": theta, "choice": choice}
    assert charts._beyond(dot, cuts) == 0
    others = [charts._beyond({**dot, "choice": other}, cuts) for other in charts.CHOICES if other != choice]
    assert all(beyond >= 0 for beyond in others) and sum(others) > 0


@given(PLACES, st.floats(0.1, 20))
def test_labels_are_moved_apart_in_their_order(values, gap):
    placed = charts.spread(values, gap)
    order = sorted(range(len(values)), key=values.__getitem__)
    for one, other in pairwise(order):
        assert placed[other] - placed[one] >= gap * (1 - 1e-9) - 1e-9
    assert np.mean(placed) == pytest.approx(np.mean(values), abs=1e-6), "no drift"
    apart = sorted(values)
    if all(b - a >= gap for a, b in pairwise(apart)):
        assert placed == pytest.approx(values)


@given(st.lists(st.floats(0, 300), min_size=1, max_size=40))
def test_dots_do_not_lie_on_each_other_while_there_is_room(at):
    at = sorted(at)
    off = charts.stacked(at, 8.0, 200.0)
    for i in range(len(at)):
        for j in range(i):
            assert (at[i] - at[j]) ** 2 + (off[i] - off[j]) ** 2 >= 64 - 1e-9
    assert off[0] == 0.0


def test_labels_stay_inside_and_apart():
    votes = cast(120, seed=3)
    plane = charts._Plane(-3.0, 6.0 / charts._WIDE)
    dots = charts._dots(votes, plane)
    rows = charts._placed(dots[::12], dots, [], plane)
    boxes = [charts._Box(plane.pixel(row["at"]), row["label"], 6.0 * len(row["name"]) + 6.0, 13.0) for row in rows]
    assert len(boxes) == 10 and all(box.inside(charts._WIDE, 3 * charts._STRIPE) for box in boxes)
    assert not any(one.over(other) for n, one in enumerate(boxes) for other in boxes[:n])


@pytest.mark.parametrize("name", ["chart.pdf", "chart"])
def test_other_endings_are_refused(tmp_path, name):
    for draw in (
        lambda path: charts.positions_chart(positions("USA"), path, title=""),
        lambda path: charts.rollcall_chart(cast(), (0, 1), path, title=""),
    ):
        with pytest.raises(UsageError, match=r"\.svg or \.png"):
            draw(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_drawn_is_refused(tmp_path):
    many = positions(*(f"S{n}" for n in range(9)))
    with pytest.raises(UsageError, match="1 to 8 states on a chart, got 9"):
        charts.positions_chart(many, tmp_path / "p.svg", title="")
    with pytest.raises(UsageError, match="got 0"):
        charts.positions_chart(many.clear(), tmp_path / "p.svg", title="")
    with pytest.raises(UsageError, match="somebody voted"):
        charts.rollcall_chart(cast().clear(), (0, 1), tmp_path / "r.svg", title="")
    with pytest.raises(RecordError, match="nowhere"):
        charts.positions_chart(positions("USA"), tmp_path / "nowhere" / "p.svg", title="")


def test_names_at_the_ends_of_lines_are_apart_and_in_order(tmp_path):
    frame = pl.concat([positions("USA"), positions("RUS"), positions("CHN")])
    text = charts.positions_chart(frame, tmp_path / "p.svg", title="").read_text()
    places = {
        name: float(re.search(rf"<text [^>]*translate\([^,]+,(-?[\d.]+)\)[^>]*>{name}</text>", text)[1])
        for name in ("USA", "RUS", "CHN")
    }
    placed = sorted(places.values())
    assert min(b - a for a, b in pairwise(placed)) >= charts._LABEL * 0.7, places


def test_a_line_that_ended_long_ago_is_named_where_it_ends(tmp_path):
    frame = pl.concat([positions("USA", years=range(1950, 2000)), positions("DDR", years=range(1973, 1990))])
    text = charts.positions_chart(frame, tmp_path / "p.svg", title="").read_text()
    at = {
        name: float(re.search(rf"translate\(([\d.]+),[^)]*\)[^>]*>{name}</text>", text)[1]) for name in ("USA", "DDR")
    }
    assert at["USA"] > at["DDR"] + 100


@pytest.mark.parametrize(
    ("choice", "wide", "said"),
    [("yes", 200, "yes expected"), ("abstain", 60, "abstain"), ("abstain", 20, ""), ("no", 13, "no")],
)
def test_what_is_written_over_a_region_fits_it(choice, wide, said):
    assert charts._said(choice, wide) == said


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-3, 3))
def test_turning_a_roll_call_around_changes_no_expectation(theta, first, second):
    cuts = (first, second)
    turned = (-first, -second)
    if first != second and theta not in cuts:
        assert charts.expected(theta, cuts) == charts.expected(-theta, turned)
    for choice in charts.CHOICES:
        dot, other = {"theta": theta, "choice": choice}, {"theta": -theta, "choice": choice}
        if first != second:
            assert charts._beyond(dot, cuts) == pytest.approx(charts._beyond(other, turned))


def test_a_crowd_is_drawn_within_its_stripe():
    votes = pl.DataFrame(
        {
            "actor": [f"S{k:03}" for k in range(190)],
            "name": ["a"] * 190,
            "theta": np.linspace(-0.1, 0.1, 190),
            "choice": ["yes"] * 190,
        }
    )
    dots = charts._dots(votes, charts._Plane(-3.0, 6.0 / charts._WIDE))
    assert len(dots) == 190 and all(0 < dot["y"] < charts._STRIPE for dot in dots), "none is left out"
    assert [dot["theta"] for dot in dots] == pytest.approx(np.linspace(-0.1, 0.1, 190))
