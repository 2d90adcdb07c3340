"""Cells: values, observed zeros and what is missing, each against what a reader would work out by hand."""

from __future__ import annotations

from datetime import date
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import OTHER, SOURCE, batch, frame, record, statement

from multipolar.panels import COLUMNS, MONTHLY, build
from multipolar.panels.catalogue import BY_NAME
from multipolar.record import KINDS, REPORTED, Batch, Coverage, Record, Source

FOUR = ("CHN", "FRA", "RUS", "USA")
KNOWN = date(2015, 1, 1)


def day(year: int, month: int = 1, first: int = 1) -> date:
    return date(year, month, first)


def covered(
    kind, first=2000, last=2010, *, form="tie", actors=(), role="both", source="paper", absence="zero", note=""
):
    return Coverage(source, form, kind, actors, role, day(first), date(last, 12, 31), absence, note)


def panel(made: Record, *columns: str, **asked):
    asked = {"since": 2000, "until": 2012, "actors": FOUR, "columns": columns or None, **asked}
    return build(made.view(), **asked)


def cells(made: Record, column: str, a: str, b: str, **asked) -> dict[int, float | None]:
    table = panel(made, column.removesuffix("_ab").removesuffix("_ba"), **asked).frame
    one = table.filter((table["a"] == a) & (table["b"] == b))
    return dict(zip(one["year"], one[column], strict=True))


def told(years: dict[int, float | None], value: float | None) -> list[int]:
    return [year for year, cell in years.items() if cell == value]


def test_every_column_has_kinds_that_there_are_and_labels_that_fit():
    for column in (*COLUMNS, *MONTHLY):
        assert set(column.kinds) <= set(KINDS[column.form]), column.name
        for unit, directed in (("dyad-year", False), ("dyad-year", True), ("state-year", False)):
            for output in column.outputs(unit, directed):
                assert len(output.label) <= 80, output
                assert len(f"{output.name}_source") <= 32, output
                assert output.name.isidentifier()
        assert not column.scale or len(column.scale) == len(column.kinds)
    assert len(BY_NAME) == len(COLUMNS) + len(MONTHLY)


def test_a_treaty_counts_on_any_day_and_its_absence_only_where_somebody_looked():
    treaty = statement("FRA", "USA", "defence", day(2003, 12, 31), valid_to=day(2005, 1, 1), value=1.0)
    years = cells(record([covered("defence")], tie=[treaty]), "defence", "FRA", "USA")
    assert told(years, 1.0) == [2003, 2004, 2005]
    assert told(years, 0.0) == [2000, 2001, 2002, 2006, 2007, 2008, 2009, 2010]
    assert told(years, None) == [2011, 2012]


def test_without_coverage_nothing_is_zero_and_an_open_treaty_stays_at_its_first_day():
    years = cells(record(tie=[statement("FRA", "USA", "defence", day(2003), value=1.0)]), "defence", "FRA", "USA")
    assert told(years, 1.0) == [2003]
    assert told(years, 0.0) == []


def test_an_open_treaty_is_carried_to_the_end_of_its_source_and_no_further():
    made = record([covered("defence")], tie=[statement("FRA", "USA", "defence", day(2003), value=1.0)])
    assert told(cells(made, "defence", "FRA", "USA"), 1.0) == list(range(2003, 2011))


def test_a_year_that_is_covered_in_part_is_not_zero():
    half = Coverage("paper", "tie", "defence", (), "both", day(2000), date(2005, 6, 30), "zero")
    assert told(cells(record([half]), "defence", "FRA", "USA"), 0.0) == [2000, 2001, 2002, 2003, 2004]


def test_coverage_year_by_year_is_one_stretch():
    rows = [covered("arms", y, y, form="flow") for y in range(2000, 2005)]
    late = covered("arms", 2006, 2006, form="flow")
    years = cells(record([*rows, late]), "arms_ab", "FRA", "USA")
    assert told(years, 0.0) == [2000, 2001, 2002, 2003, 2004, 2006]


def test_a_one_sided_obligation_runs_one_way():
    one = statement("USA", "FRA", "defence", day(2003), valid_to=day(2003, 5), value=1.0, unit="one-sided obligation")
    both = statement("CHN", "RUS", "defence", day(2003), valid_to=day(2003, 5), value=1.0, unit="mutual obligation")
    made = record([covered("defence")], tie=[one, both])
    asked = {"directed": True, "since": 2003, "until": 2003}
    frame_ = panel(made, "defence", **asked).frame
    owes = {(a, b) for a, b, value in frame_.select("a", "b", "defence").iter_rows() if value}
    assert owes == {("USA", "FRA"), ("CHN", "RUS"), ("RUS", "CHN")}
    assert cells(made, "defence", "FRA", "USA")[2003] == 1.0


def test_any_alliance_is_known_to_be_none_only_where_every_kind_is():
    kinds = ("defence", "offence", "neutrality", "nonaggression", "consultation")
    some = record([covered(kind) for kind in kinds[:4]])
    every = record([covered(kind, 2000, 2010 - place) for place, kind in enumerate(kinds)])
    assert told(cells(some, "alliance", "FRA", "USA"), 0.0) == []
    assert told(cells(every, "alliance", "FRA", "USA"), 0.0) == list(range(2000, 2007))


def test_the_deepest_obligation_counts():
    spell = {"valid_to": day(2001, 12, 31), "value": 1.0}
    ties = [statement("FRA", "USA", kind, day(2001), **spell) for kind in ("consultation", "nonaggression")]
    ties.append(statement("CHN", "RUS", "defence", day(2001), **spell))
    made = record(tie=ties)
    assert cells(made, "alliance_depth", "FRA", "USA")[2001] == 2.0
    assert cells(made, "alliance_depth", "CHN", "RUS")[2001] == 3.0


def test_sender_coverage_makes_zeros_of_its_senders_only():
    tie = statement("USA", "RUS", "sanction", day(2003), valid_to=day(2003, 12, 31), value=2.0)
    made = record([covered("sanction", actors=("USA",), role="a")], tie=[tie])
    assert cells(made, "sanctions_ba", "RUS", "USA")[2003] == 2.0
    assert cells(made, "sanctions_ba", "RUS", "USA")[2004] == 0.0
    assert cells(made, "sanctions_ab", "RUS", "USA")[2003] is None
    assert cells(made, "sanctions_ab", "FRA", "RUS")[2003] is None


def test_the_list_of_correlates_of_war_says_nothing_of_states_outside_it():
    note = "all pairs of states in the Correlates of War system"
    coverage = Coverage("paper", "tie", "defence", (), "both", date(1816, 1, 1), date(2010, 12, 31), "zero", note)
    years = cells(record([coverage]), "defence", "CHN", "FRA", since=1816, until=1900)
    assert told(years, None) == list(range(1816, 1860))
    assert told(years, 0.0) == list(range(1860, 1901))


def test_a_dispute_without_a_level_is_no_dispute_of_level_zero():
    tie = statement("CHN", "USA", "dispute", day(2003), valid_to=day(2003, 5), value=None)
    made = record([covered("dispute")], tie=[tie])
    assert cells(made, "dispute", "CHN", "USA")[2003] == 1.0
    assert cells(made, "dispute_level", "CHN", "USA")[2003] is None
    assert cells(made, "dispute_level", "CHN", "USA")[2004] == 0.0


def test_a_dispute_begins_again_after_a_quiet_year():
    first = statement("CHN", "USA", "dispute", day(2003), valid_to=day(2003, 12, 31), value=3.0, ref="MID 1")
    again = statement("CHN", "USA", "dispute", day(2005), valid_to=day(2006, 2), value=3.0, ref="MID 1")
    other = statement("CHN", "USA", "dispute", day(2005, 3), valid_to=day(2005, 4), value=5.0, ref="MID 2")
    made = record([covered("dispute")], tie=[first, again, other])
    assert told(cells(made, "dispute_onset", "CHN", "USA"), 1.0) == [2003, 2005]
    assert cells(made, "dispute_onset", "CHN", "USA")[2006] == 0.0
    assert told(cells(made, "dispute", "CHN", "USA"), 1.0) == [2003, 2005, 2006]
    assert cells(made, "dispute_level", "CHN", "USA")[2005] == 5.0


def flow(a, b, year, value, *, source="paper", last=None, **more):
    end = last or date(year, 12, 31)
    return statement(a, b, "exports", day(year), valid_to=end, known_from=KNOWN, value=value, source=source, **more)


def test_one_source_fills_a_cell_and_values_never_add_up():
    flows = [flow("USA", "CHN", 2003, 7.0, source="other"), flow("USA", "CHN", 2003, 5.0)]
    flows.append(flow("USA", "CHN", 2004, 9.0))
    made = panel(record(flow=flows), "exports")
    years = cells(record(flow=flows), "exports_ba", "CHN", "USA")
    assert (years[2003], years[2004]) == (7.0, 9.0)  # `other` comes before `paper`
    keys = dict(zip(made.frame.select("a", "b", "year").rows(), made.source_of("exports_ba"), strict=True))
    assert keys["CHN", "USA", 2003] == "other"
    assert keys["CHN", "USA", 2004] == "paper"
    assert keys["CHN", "USA", 2005] is None


def by(*names: str, coverage=(), **forms) -> Record:
    """A record of statements by sources of these names."""
    made = Record.memory()
    sources = tuple(Source(f"{name}:1", name, name, None, "", "", name) for name in names)
    made.ingest(Batch({form: frame(form, rows) for form, rows in forms.items()}, sources, tuple(coverage)))
    return made


def test_a_preferred_source_comes_first():
    rows = [flow("USA", "CHN", 2003, 1.0, source="baci:1"), flow("USA", "CHN", 2003, 2.0, source="imf-dots:1")]
    rows.append(flow("USA", "CHN", 2004, 3.0, source="baci:1"))
    made = by("baci", "imf-dots", flow=rows)
    years = cells(made, "exports_ba", "CHN", "USA")
    assert (years[2003], years[2004]) == (2.0, 3.0)


def test_the_zero_of_a_preferred_source_stands_against_another_tale():
    tie = statement("CHN", "USA", "dispute", day(2003), valid_to=day(2012), value=4.0, source="cow-mid:1")
    rows = (covered("dispute", 2000, 2005, source="gml-mid:1"), covered("dispute", source="cow-mid:1"))
    made = by("gml-mid", "cow-mid", coverage=rows, tie=[tie])
    years = cells(made, "dispute", "CHN", "USA")
    assert told(years, 0.0) == [2000, 2001, 2002, 2003, 2004, 2005]
    assert told(years, 1.0) == list(range(2006, 2013))


def test_what_is_told_by_the_year_is_no_figure_of_a_month_and_no_zero():
    made = record([covered("arms", form="flow")], flow=[{**flow("USA", "FRA", 2003, 5.0), "kind": "arms"}])
    months = panel(made, "arms", unit="dyad-month", since="2002-12", until="2004-01", actors=("FRA", "USA")).frame
    assert months["arms_ba"].to_list() == [0.0, *[None] * 12, 0.0]
    assert months["arms_ab"].to_list() == [0.0] * 14


def test_a_year_of_which_only_some_months_are_told_is_missing_unless_the_rest_is_zero():
    january = flow("USA", "FRA", 2003, 5.0, last=day(2003, 1, 31))
    year = [flow("USA", "FRA", 2004, 1.0, last=day(2004, 6, 30))]
    year.append({**flow("USA", "FRA", 2004, 2.0), "valid_from": day(2004, 7)})
    assert cells(record(flow=[january, *year]), "exports_ba", "FRA", "USA")[2003] is None
    assert cells(record(flow=[january, *year]), "exports_ba", "FRA", "USA")[2004] == 3.0
    listed = record([covered("exports", form="flow")], flow=[january])
    assert cells(listed, "exports_ba", "FRA", "USA")[2003] == 5.0


def test_a_flow_told_twice_by_a_source_counts_once_as_known_last():
    again = {**flow("USA", "FRA", 2003, 6.0), "known_from": date(2016, 1, 1)}
    assert cells(record(flow=[flow("USA", "FRA", 2003, 5.0), again]), "exports_ba", "FRA", "USA")[2003] == 6.0


def trait(a, kind, first, last, value, **more):
    return statement(a, None, kind, first, valid_to=last, known_from=KNOWN, value=value, **more)


def test_a_state_has_its_own_column_on_each_side():
    made = record(trait=[trait("USA", "cinc", day(2003), day(2003, 12, 31), 0.14)])
    row = panel(made, "cinc", since=2003, until=2003, actors=("FRA", "USA")).frame.to_dicts()[0]
    assert (row["cinc_a"], row["cinc_b"]) == (None, 0.14)
    states = panel(made, "cinc", unit="state-year", since=2003, until=2004).frame
    assert states.filter(states["state"] == "USA")["cinc"].to_list() == [0.14, None]


def test_a_trait_is_what_stands_last_in_the_year():
    spells = [
        trait("USA", "polity", day(2001), day(2003, 6, 30), 8.0),
        trait("USA", "polity", day(2003, 7), day(2004), 10.0),
    ]
    frame_ = panel(record(trait=spells), "polity", unit="state-year", actors=("USA",)).frame
    assert dict(zip(frame_["year"], frame_["polity"], strict=True))[2003] == 10.0
    assert frame_["polity"].to_list()[:6] == [None, 8.0, 8.0, 10.0, 10.0, None]


def test_who_is_no_major_power_is_told_where_the_list_reaches():
    made = record(
        [covered("major_power", form="trait", role="a")], trait=[trait("USA", "major_power", day(2000), None, 1.0)]
    )
    frame_ = panel(made, "major_power", unit="state-year", since=2010, until=2011, actors=("FRA", "USA")).frame
    assert frame_["major_power"].to_list() == [0.0, None, 1.0, None]


def test_changes_of_leaders_are_counted_in_the_year_in_which_they_came():
    terms = [trait("USA", "leader", day(2001), day(2003, 2), 1.0), trait("USA", "leader", day(2003, 2, 2), None, 1.0)]
    terms.append(trait("USA", "leader", day(2003, 9), day(2003, 10), 1.0))
    frame_ = panel(
        record(trait=terms), "leader_changes", unit="state-year", since=2001, until=2004, actors=("USA",)
    ).frame
    assert frame_["leader_changes"].to_list() == [1.0, 0.0, 2.0, None]


def test_visits_are_counted_and_their_absence_is_zero_for_the_traveller_whose_list_is_complete():
    def trip(a, b, on, mode="visit"):
        return statement(a, b, "CONSULT", on, mode=mode, value=1.0)

    events = [
        trip("CHN", "RUS", day(2003, 2)),
        trip("CHN", "RUS", day(2003, 9)),
        trip("CHN", "RUS", day(2003, 9), "phone"),
    ]
    coverage = covered("CONSULT:visit", form="event", actors=("CHN",), role="a")
    made = record([coverage], event=events)
    assert cells(made, "visits_ab", "CHN", "RUS")[2003] == 2.0
    assert cells(made, "visits_ab", "CHN", "RUS")[2004] == 0.0
    assert cells(made, "visits_ba", "CHN", "RUS")[2003] is None


def test_what_an_article_reports_counts_nowhere():
    told_by = Source(f"{REPORTED}news", "A paper", "An article", date(2003, 9, 2), "", "", "A paper (2003).")
    trips = [
        statement("CHN", "RUS", "CONSULT", day(2003, 2), mode="visit", value=1.0),
        statement("CHN", "RUS", "CONSULT", day(2003, 9), mode="visit", source=told_by.key),
    ]
    made = Record.memory()
    made.ingest(Batch({"event": frame("event", trips)}, (SOURCE, told_by), (), "sample"))
    assert cells(made, "visits_ab", "CHN", "RUS")[2003] == 1.0


def test_a_visit_of_which_only_the_year_is_told_is_counted_neither_in_january_nor_beside_the_same_one_with_its_day():
    def trip(on, last=None):
        return statement(
            "CHN", "RUS", "CONSULT", on, valid_to=last or on, known_from=last or on, mode="visit", value=1.0
        )

    made = record([], event=[trip(day(2003, 4, 9)), trip(day(2003), day(2003, 12, 31))])
    assert cells(made, "visits_ab", "CHN", "RUS")[2003] == 1.0
    frame = panel(made, "visits", unit="dyad-month", actors=("CHN", "RUS"), since="2003-01", until="2003-06").frame
    assert frame["visits_ab"].to_list() == [None, None, None, 1.0, None, None]


def test_the_publishers_own_polls_come_before_the_same_polls_retold():
    def poll(share, source):
        return statement("FRA", "USA", "favourable", day(2003, 4), known_from=day(2003, 4), value=share, source=source)

    made = by("pew", "pew_microdata", attitude=[poll(0.3115, "pew:1"), poll(0.31, "pew_microdata:1")])
    assert cells(made, "opinion_ab", "FRA", "USA")[2003] == 0.3115


def test_opinion_is_the_mean_of_the_polls_and_never_zero_by_absence():
    def poll(share, month):
        return statement("FRA", "USA", "favourable", day(2003, month), known_from=day(2003, month), value=share)

    made = record([covered("favourable", form="attitude", role="a")], attitude=[poll(0.4, 2), poll(0.6, 8)])
    years = cells(made, "opinion_ab", "FRA", "USA")
    assert years[2003] == pytest.approx(0.5)
    assert years[2004] is None


def test_facts_without_time_stand_in_every_period():
    def fact(a, b, kind, value, ref, source="geodist:1"):
        return statement(a, b, kind, day(2005), value=value, ref=ref, known_from=day(2005), source=source)

    told_ = [fact("FRA", "USA", "distance", 6000.0, "dist"), fact("FRA", "USA", "distance", 6100.0, "distcap")]
    told_ += [fact("FRA", "RUS", "language", 1.0, "comlang_off"), fact("CHN", "RUS", "contiguity", 1.0, "x", "cow:1")]
    three = ("FRA", "RUS", "USA")
    rows = [covered(kind, 2005, 2005, actors=three, source="geodist:1") for kind in ("language", "contiguity")]
    made = by("geodist", "cow", coverage=[*rows, covered("contiguity", source="cow:1")], tie=told_)
    table = panel(made, "distance", "distance_capitals", "language", "border").frame
    names = ("distance", "distance_capitals", "language", "border")
    found = {pair: tuple(set(group[name]) for name in names) for pair, group in table.group_by("a", "b")}
    assert found["FRA", "USA"] == ({6000.0}, {6100.0}, {0.0}, {0.0})
    assert found["FRA", "RUS"] == ({None}, {None}, {1.0}, {0.0})
    assert found["CHN", "RUS"] == ({None}, {None}, {None}, {None})


def test_the_closest_contiguity_counts_and_none_is_zero():
    def near(value, source):
        return statement("CHN", "RUS", "contiguity", day(2001), valid_to=day(2002), value=value, source=source)

    rows = [covered("contiguity", source="cow-contiguity:1")]
    told_ = [near(4.0, "cow-contiguity:1"), near(2.0, "cow-contiguity:1"), near(1.0, "geodist:1")]
    years = cells(by("cow-contiguity", "geodist", coverage=rows, tie=told_), "contiguity", "CHN", "RUS")
    assert (years[2001], years[2003]) == (2.0, 0.0)


def test_nothing_is_known_before_it_could_be():
    late = statement("FRA", "USA", "defence", day(2003), valid_to=day(2004), value=1.0, known_from=date(2010, 1, 1))
    made = record(tie=[late])
    then = build(made.view(date(2009, 12, 31)), since=2003, until=2003, columns=["defence"], actors=FOUR).frame
    assert then["defence"].null_count() == then.height


def test_neighbours_and_major_powers_are_politically_relevant():
    key = "cow-contiguity:1"
    near = statement("CHN", "RUS", "contiguity", day(2000), valid_to=day(2010), value=1.0, source=key)
    power = trait("USA", "major_power", day(2000), None, 1.0, source=key)
    rows = [covered("contiguity", source=key), covered("major_power", form="trait", role="a", source=key)]
    made = panel(
        by("cow-contiguity", coverage=rows, tie=[near], trait=[power]),
        "contiguity",
        relevant=True,
        since=2003,
        until=2003,
    ).frame
    assert set(made.select("a", "b").iter_rows()) == {("CHN", "RUS"), ("CHN", "USA"), ("FRA", "USA"), ("RUS", "USA")}


def test_relevance_is_refused_where_nobody_can_tell():
    from multipolar.errors import Refusal

    with pytest.raises(Refusal, match="contiguity and major_power"):
        panel(record(), "defence", relevant=True)


def test_by_default_the_columns_are_those_that_the_record_fills():
    made = record(
        [covered("dispute")], tie=[statement("CHN", "USA", "dispute", day(2003), valid_to=day(2003), value=3.0)]
    )
    assert panel(made).frame.columns == ["a", "b", "year", "dispute", "dispute_onset", "dispute_level"]


SPELL = st.tuples(
    st.sampled_from(list(permutations(FOUR, 2))), st.integers(1998, 2013), st.integers(0, 5), st.booleans(),
    st.integers(1, 5), st.booleans(),
)  # fmt: skip


@settings(max_examples=40)
@given(st.lists(SPELL, max_size=12), st.integers(1999, 2008), st.integers(0, 5), st.booleans())
def test_cells_are_those_of_a_plain_loop(spells, first, more, directed):
    rows, last = [], first + more
    for (a, b), start, length, ended, value, one_sided in spells:
        unit = "one-sided obligation" if one_sided else "mutual obligation"
        end = date(start + length, 12, 31) if ended else None
        for kind in ("defence", "dispute"):
            rows.append(
                statement(a, b, kind, day(start), valid_to=end, value=float(value), unit=unit, known_from=day(1998))
            )
    made = record([covered("defence", first, last), covered("dispute", first, last)], tie=rows)
    table = build(
        made.view(), since=2000, until=2012, actors=FOUR, columns=["defence", "dispute_level"], directed=directed
    ).frame
    pairs = permutations(FOUR, 2) if directed else combinations(FOUR, 2)
    assert table.height == len(list(pairs)) * 13
    for a, b, year, defence, level in table.iter_rows():
        standing = [
            (one, one_sided, value)
            for one, start, length, ended, value, one_sided in spells
            if start <= year <= (start + length if ended else max(last, start)) and set(one) == {a, b}
        ]
        zero = 0.0 if first <= year <= last else None
        owed = [one for one, one_sided, _ in standing if one == (a, b) or not one_sided or not directed]
        assert defence == (1.0 if owed else zero)
        assert level == (max((value for _, _, value in standing), default=zero))


def test_two_sources_pooled_are_read_together():
    ties = [statement("CHN", "USA", "rivalry", day(2003), valid_to=day(2003, 5), value=1.0)]
    ties.append(statement("CHN", "USA", "rivalry", day(2005), valid_to=day(2005, 5), value=1.0, source="other"))
    made = Record.memory()
    made.ingest(batch(tie=ties))
    assert (SOURCE.key, OTHER.key) == ("paper", "other")
    assert told(cells(made, "rivalry", "CHN", "USA"), 1.0) == [2003, 2005]


def test_an_indicator_is_a_column_of_months():
    treaty = statement("FRA", "USA", "defence", day(2003), valid_to=day(2004, 12, 31), value=1.0)
    made = panel(
        record([covered("defence")], tie=[treaty]), "indicator_obligations", unit="dyad-month",
        since="2003-01", until="2003-03", actors=("FRA", "USA"),
    )  # fmt: skip
    assert made.frame["indicator_obligations"].to_list() == [1.0, None, None]
    assert np.isnan(made.filled[0].value).sum() == 2
    assert len(made.trace("USA", "FRA", "2003-01", "indicator_obligations").ids) == 1
    assert list(made.sources) == ["paper"]
