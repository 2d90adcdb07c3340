from __future__ import annotations

from datetime import date

import pytest
from brief_reading import Page
from samples import record, statement
from small_world import small

import multipolar
from multipolar import ActorError, UsageError, claims
from multipolar.brief import MOST, Brief, build
from multipolar.brief.model import plain
from multipolar.brief.rows import COLUMNS
from multipolar.brief.verdicts import concerning
from multipolar.brief.words import number, percent, word_for
from multipolar.world import World


def test_every_pair_is_told_with_the_worlds_own_figures(brief: Brief, world: World) -> None:
    assert [(pair.a, pair.b) for pair in brief.pairs] == [
        ("RUS", "CHN"), ("RUS", "PRK"), ("RUS", "AUS"), ("CHN", "PRK"), ("CHN", "AUS"), ("PRK", "AUS"),
    ]  # fmt: skip
    for pair in brief.pairs:
        last = world.tie(pair.a, pair.b).drop_nulls("mean").row(-1, named=True)
        assert pair.level is not None
        assert (pair.level.value, pair.level.lo90, pair.level.hi90) == (last["mean"], last["lo90"], last["hi90"])
        assert pair.word == word_for(last["mean"]).name
        says = plain(pair.says)
        assert number(last["mean"]) in says and number(last["lo90"]) in says and pair.word in says


def test_accounts_repeat_the_exact_split(brief: Brief, world: World) -> None:
    pair = brief.pairs[0]
    assert pair.recent is not None and pair.whole is not None and pair.basis is not None
    split = world.explain("RUS", "CHN", since=pair.recent.since, until=pair.recent.until)
    assert pair.recent.change.value == split.change
    assert sum(share.level for share in pair.shares) + pair.baseline == pytest.approx(split.level, abs=1e-10)
    assert all(push.weight > 0 for push in pair.recent.closer)
    assert all(push.weight < 0 for push in pair.recent.apart)
    assert pair.recent.since == date(pair.recent.until.year - 2, pair.recent.until.month, 1)
    assert pair.basis.total == len({id for id in split.statements["id"] if not id.startswith("coverage:")})


def test_votes_of_one_roll_call_are_told_together(brief: Brief) -> None:
    told = [push for pair in brief.pairs if pair.whole for push in (*pair.whole.closer, *pair.whole.apart)]
    votes = [push for push in told if "Question" in push.text]
    assert votes and all(len(push.numbers) == 2 for push in votes)
    assert all("voted" in push.text or "abstained" in push.text for push in votes)


def test_numbers_of_statements_are_theirs(brief: Brief, world: World) -> None:
    assert [one.number for one in brief.statements] == list(range(1, len(brief.statements) + 1))
    rows = world.view.by_id(one.id for one in brief.statements)
    for one, row in zip(brief.statements, rows, strict=True):
        assert (one.source, one.locator, one.text) == (row["source"], row["locator"], row["text"] or "")


def test_dependence_is_given_or_refused_with_a_reason(brief: Brief) -> None:
    assert len(brief.dependence) == 12
    known = [part for part in brief.dependence if part.figure]
    assert ("PRK", ("CHN",)) in {(part.actor, part.others) for part in known}
    share = next(part.share for part in known if part.actor == "PRK")
    assert share == pytest.approx(0.85)
    assert all(
        part.refusal and "no figure, because" in plain(part.says) for part in brief.dependence if not part.figure
    )


def test_isolation_lists_who_weighs_most(brief: Brief) -> None:
    for part in brief.isolation:
        assert part.figure is not None and part.basis is not None
        assert part.partners[0].weight == max(one.weight or 0.0 for one in part.partners)
        assert percent(part.figure.value) in plain(part.says)


def test_hedging_only_of_those_between_the_powers(brief: Brief) -> None:
    assert {part.actor for part in brief.hedging} == {"PRK", "AUS"}


def test_the_map_is_ranked_and_says_what_is_missing(brief: Brief) -> None:
    assert brief.around is not None
    ties = [one.tie.value for one in brief.around.neighbours]
    assert ties == sorted(ties, reverse=True)
    assert "France" in brief.around.unknown and "Russia" not in brief.around.unknown


def test_claims_that_concern_the_states(brief: Brief) -> None:
    assert [part.id for part in brief.claims] == ["near", "far"], "those that name fewest others first"
    near = brief.claims[0]
    assert near.verdict == "supported" and near.without and near.supporting
    assert "Claims: " in plain(brief.lead[-1])


def test_claims_about_others_are_left_out() -> None:
    every = claims.worked()
    assert not concerning(every, ("FJI",))
    assert all(
        {"VNM"} & {name for test in claim.tests for name in (test.subject, test.object)}
        for claim in concerning(every, ("VNM",))
    )


def test_sources_count_their_statements(brief: Brief) -> None:
    keys = {line.key: line for line in brief.sources}
    assert keys["paper"].statements > keys["other"].statements >= 1
    assert "silence means none" in " ".join(keys["paper"].covers)


def test_the_same_record_makes_the_same_page(brief: Brief, world: World, worked: None) -> None:
    again = build(world, brief.actors)
    assert again == brief
    assert again.html() == brief.html()


def test_progress_is_told_in_order(world: World, worked: None) -> None:
    told: list[tuple[int, int, str]] = []
    build(world, ("RUS", "CHN"), lambda done, total, what: told.append((done, total, what)))
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert any(what.startswith("claim ") for _, _, what in told)
    assert all(done < total for done, total, _ in told)


def test_one_state_makes_a_page(world: World, worked: None) -> None:
    alone = build(world, ("RUS",))
    assert not alone.pairs and not alone.dependence and alone.isolation and alone.around
    page = Page(alone.html())
    assert not page.dangling
    assert "it stands" in page.text


def test_repeated_states_count_once(world: World, worked: None) -> None:
    assert build(world, ("RUS", "CHN", "RUS")).actors == ("RUS", "CHN")


def test_too_many_or_unknown_states_are_refused(world: World) -> None:
    with pytest.raises(UsageError, match=f"one to {MOST}"):
        build(world, ("AUS", "CHN", "GBR", "IRN", "PRK", "RUS", "USA"))
    with pytest.raises(UsageError, match="one to"):
        build(world, ())
    with pytest.raises(ActorError, match="FJI"):
        build(world, ("FJI",))


def test_without_anchors_no_words_are_used(world: World, worked: None) -> None:
    few = multipolar.open(small(), as_of="2010-03-31", since="2000-01", actors=("CHN", "RUS", "IRN"))
    assert not few.ties.anchored
    plainly = build(few, ("RUS", "CHN"))
    assert not plainly.anchored and plainly.pairs[0].word == ""
    assert "A word stands for" not in plainly.html()


def test_too_little_evidence_is_said(world: World, worked: None) -> None:
    thin = record(
        event=[
            statement("CHN", "GBR", "AGREE", date(2000, 2, 1), value=3.0),
            statement("CHN", "USA", "AGREE", date(2000, 3, 1), value=3.0),
            statement("USA", "GBR", "AGREE", date(2000, 3, 1), value=3.0),
        ]
    )
    bare = build(multipolar.open(thin, as_of="2001-01-31", since="2000-01"), ("CHN", "GBR"))
    assert bare.pairs[0].refusal and bare.pairs[0].level is None
    assert "not enough evidence" in plain(bare.lead[0])
    page = Page(bare.html())
    assert not page.dangling and "Not enough evidence" in page.text


def test_rows_are_flat_and_complete(brief: Brief) -> None:
    rows = brief.rows()
    assert all(tuple(row) == COLUMNS for row in rows)
    assert {row["section"] for row in rows} >= {"pairs", "isolation", "dependence", "hedging", "map", "claims"}
    assert all(isinstance(value, str | float | int | None) for row in rows for value in row.values())
    ids = {one.id for one in brief.statements}
    assert all(set(row["statements"].split()) <= ids for row in rows)
