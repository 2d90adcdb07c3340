from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from samples import batch, frame, statement
from scipy.stats import norm
from simulated import FIRST, LAST, STATES, simulated

import multipolar
from multipolar import ActorError, DataError, UsageError, World, claims
from multipolar.claims import MEASURES, Claim, Test, Verdict
from multipolar.claims.estimated import probability
from multipolar.record import REPORTED, Batch, Coverage, Record, Source


def evidence() -> Record:
    """The simulated world with capabilities, visits, polls, trade and a membership."""
    made = simulated()
    shares = {"USA": 0.20, "CHN": 0.18, "RUS": 0.08, "GBR": 0.03, "AUS": 0.02, "IRN": 0.02, "PRK": 0.01}
    traits = [
        statement(
            a, None, "cinc", date(2008, 1, 1), value=v, valid_to=date(2008, 12, 31), known_from=date(2008, 12, 31)
        )
        for a, v in shares.items()
    ]
    flows = []
    for year, value in ((2005, 4.0), (2008, 8.0)):
        whole = {"valid_to": date(year, 12, 31), "known_from": date(year, 12, 31), "unit": "USD"}
        flows += [
            statement("RUS", "CHN", "exports", date(year, 1, 1), value=value, **whole),
            statement("CHN", "RUS", "exports", date(year, 1, 1), value=value, **whole),
        ]
        traits += [
            statement("RUS", None, kind, date(year, 1, 1), value=20.0, **whole)
            for kind in ("exports_total", "imports_total")
        ]
    polls = [
        statement("RUS", "CHN", "favourable", date(2005, 5, 1), value=0.5, n=1000),
        statement("RUS", "CHN", "favourable", date(2009, 5, 1), value=0.7, n=1000, source="other"),
    ]
    visits = [statement("RUS", "CHN", "CONSULT", date(2008, month, 5), value=1.9, mode="visit") for month in (2, 5, 8)]
    ties = [statement("CHN", "SCO", "membership", date(2001, 6, 15), valid_to=LAST, value=1.0)]
    coverage = [Coverage("paper", "event", "CONSULT:visit", ("RUS",), "a", FIRST, LAST, "zero")]
    made.ingest(batch(coverage, trait=traits, flow=flows, attitude=polls, event=visits, tie=ties))
    return made


@pytest.fixture(scope="module")
def world() -> World:
    return multipolar.open(evidence(), since="2000-01", actors=STATES)


def told(
    world: World, measure: str, direction: str, first: str, last: str, *, a: str = "RUS", b: str = "CHN", **more: object
) -> claims.Checked:
    start, end = (multipolar.actors.parse_day(first), multipolar.actors.parse_day(last, end=True))
    test = Test(measure, a, b, direction, start, end, **more)  # type: ignore[arg-type]
    return claims.check_one(world, Claim("X", "a sentence", (test,)))


def test_verdicts_form_an_algebra() -> None:
    for left, right in product(Verdict, repeat=2):
        assert left + right is right + left
        assert left + left is left
        assert left + Verdict.UNTESTABLE is left
    assert Verdict.SUPPORTED + Verdict.CONTRADICTED is Verdict.MIXED
    assert Verdict.SUPPORTED + Verdict.UNDECIDED is Verdict.UNDECIDED
    assert Verdict.MIXED + Verdict.SUPPORTED is Verdict.MIXED


@pytest.mark.parametrize(
    ("chance", "verdict"),
    [(None, "untestable"), (0.95, "supported"), (0.9, "supported"), (0.5, "undecided"), (0.1, "contradicted")],
)
def test_a_verdict_is_a_probability_in_words(chance: float | None, verdict: str) -> None:
    assert Verdict.of(chance).value == verdict


@pytest.mark.parametrize("direction", ["rises", "falls", "above", "below"])
def test_probability_is_the_normal_tail(direction: str) -> None:
    mean, sd, by = 0.3, 0.2, 0.1
    expected = {
        "rises": norm.sf(by, mean, sd),
        "falls": norm.cdf(-by, mean, sd),
        "above": norm.sf(by, mean, sd),
        "below": norm.cdf(by, mean, sd),
    }[direction]
    assert probability(direction, mean, sd, by) == pytest.approx(expected)  # type: ignore[arg-type]


def test_a_claim_about_a_tie_is_its_posterior(world: World) -> None:
    found = told(world, "tie", "above", "2008-01", "2009-06", by=0.2)
    split = world.explain("RUS", "CHN", since="2008-01", until="2009-06")
    assert found.probability == pytest.approx(norm.sf(0.2, split.level, split.level_sd), abs=1e-9)
    assert found.coverage > 0
    assert 0 < found.supporting.height <= 5
    assert found.supporting["weight"].min() > 0  # type: ignore[operator]
    assert found.opposing["weight"].max() < 0 or found.opposing.is_empty()  # type: ignore[operator]


def test_opposite_directions_share_the_probability(world: World) -> None:
    above, below = (told(world, "tie", way, "2008-01", "2009-06", by=0.3).probability for way in ("above", "below"))
    assert above is not None
    assert below is not None
    assert above + below == pytest.approx(1.0)
    assert told(world, "tie", "rises", "2003-01", "2009-06", by=0.0).probability == pytest.approx(
        1.0 - (told(world, "tie", "falls", "2003-01", "2009-06", by=0.0).probability or 0.0)
    )


def test_a_source_taken_away_is_a_world_without_it(world: World) -> None:
    by = world.explain("RUS", "CHN", since="2008-01", until="2009-06").level
    found = told(world, "tie", "above", "2008-01", "2009-06", by=by)
    assert found.probability == pytest.approx(0.5)
    other = found.dropped.filter(source="other")
    assert other.height == 1, "the treaty from the other source weighs in this tie"
    again = told(world.without(("other",)), "tie", "above", "2008-01", "2009-06", by=by)  # type: ignore[arg-type]
    assert other["probability"].item() == pytest.approx(again.probability, abs=1e-9)
    assert again.probability != pytest.approx(found.probability)


def test_a_narrow_world_agrees_with_the_wide_one(world: World) -> None:
    wide = world.without(("other",))
    narrow = world.without(("other",), pair=("RUS", "CHN"))
    np.testing.assert_allclose(
        wide.ties.mean[wide.ties.pair_index("CHN", "RUS")],
        narrow.ties.mean[narrow.ties.pair_index("CHN", "RUS")],
        atol=1e-12,
    )


def test_isolation_falls_or_does_not(world: World) -> None:
    level = told(world, "isolation", "above", "2008-01", "2009-06", b="", by=0.0)
    assert level.probability is not None
    rises = told(world, "isolation", "rises", "2005-01", "2009-06", b="", by=0.01)
    falls = told(world, "isolation", "falls", "2005-01", "2009-06", b="", by=0.01)
    assert (rises.probability or 0) + (falls.probability or 0) <= 1.0
    assert rises.findings[0].lo90 <= rises.findings[0].hi90  # type: ignore[operator]


def test_hedging_and_votes(world: World) -> None:
    hedge = told(world, "hedging", "above", "2008-01", "2009-06", b="", between=("CHN", "IRN"), by=0.1)
    assert hedge.probability is not None
    near = told(world, "votes", "above", "2008-01", "2009-06", by=-0.9)
    assert near.verdict is Verdict.SUPPORTED
    assert near.supporting["form"].unique().to_list() == ["vote"]


def test_obligations_exist_or_are_absent_only_where_a_source_vouches(world: World) -> None:
    assert told(world, "obligation", "exists", "2008-01", "2009-06", kind="nonaggression").verdict is Verdict.SUPPORTED
    assert (
        told(world, "obligation", "absent", "2008-01", "2009-06", kind="nonaggression").verdict is Verdict.CONTRADICTED
    )
    assert told(world, "obligation", "absent", "2008-01", "2009-06", kind="defence").verdict is Verdict.SUPPORTED
    assert told(world, "obligation", "absent", "2008-01", "2009-06", kind="neutrality").verdict is Verdict.UNTESTABLE


def test_taking_away_the_only_source_of_an_obligation_does_not_disprove_it(world: World) -> None:
    found = told(world, "obligation", "exists", "2008-01", "2009-06", a="USA", b="AUS", kind="defence")
    assert found.verdict is Verdict.SUPPORTED
    assert found.dropped["verdict"].to_list() == ["untestable"]


def test_memberships_events_flows_polls_and_traits(world: World) -> None:
    assert told(world, "membership", "exists", "2008-01", "2009-06", a="CHN", b="SCO").verdict is Verdict.SUPPORTED
    assert told(world, "membership", "exists", "2008-01", "2009-06", a="USA", b="SCO").verdict is Verdict.UNTESTABLE
    visit = {"kind": "CONSULT:visit"}
    assert told(world, "events", "above", "2008-01", "2008-12", by=2, **visit).verdict is Verdict.SUPPORTED
    assert told(world, "events", "rises", "2008-01", "2008-12", by=1, **visit).verdict is Verdict.SUPPORTED
    assert told(world, "events", "absent", "2007-01", "2007-12", **visit).verdict is Verdict.SUPPORTED
    assert (
        told(world, "events", "absent", "2007-01", "2007-12", a="CHN", b="RUS", **visit).verdict is Verdict.UNTESTABLE
    )
    assert told(world, "flow", "rises", "2005", "2008", kind="trade", by=0.9).verdict is Verdict.SUPPORTED
    assert told(world, "flow", "rises", "2005", "2008", kind="trade", by=1.1).verdict is Verdict.CONTRADICTED
    assert told(world, "flow", "rises", "2004", "2008", kind="trade").verdict is Verdict.UNTESTABLE
    assert told(world, "dependence", "rises", "2005", "2008", by=0.01).verdict is Verdict.SUPPORTED
    assert told(world, "dependence", "above", "2008", "2008", a="CHN", b="RUS").verdict is Verdict.UNTESTABLE
    assert told(world, "trait", "above", "2008", "2008", b="", kind="cinc", by=0.05).verdict is Verdict.SUPPORTED
    poll = told(world, "attitude", "rises", "2005", "2009", kind="favourable", by=0.1)
    sd = (1.5 * (0.7 * 0.3 + 0.5 * 0.5) / 1000) ** 0.5
    assert poll.probability == pytest.approx(norm.sf(0.1, 0.2, sd))


def test_a_period_the_record_does_not_reach_is_untestable(world: World) -> None:
    late = told(world, "tie", "rises", "2009-01", "2012-01")
    assert late.verdict is Verdict.UNTESTABLE
    assert "ends in" in late.findings[0].reason
    assert told(world, "tie", "rises", "1995-01", "2005-01").verdict is Verdict.UNTESTABLE


def test_several_tests_must_all_hold(world: World) -> None:
    day, end = date(2008, 1, 1), date(2009, 6, 30)
    yes = Test("obligation", "RUS", "CHN", "exists", day, end, kind="nonaggression")
    no = Test("obligation", "RUS", "CHN", "exists", day, end, kind="defence")
    assert claims.check_one(world, Claim("X", "both", (yes, no))).verdict is Verdict.MIXED
    assert claims.check_one(world, Claim("X", "both", (yes, yes))).verdict is Verdict.SUPPORTED


GOOD = """
[[claim]]
id = "one"
says = "A sentence."
  [[claim.test]]
  measure = "tie"
  subject = "Russia"
  object = "China"
  direction = "rises"
  period = ["2005-01", "2009-06"]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "claims.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_claims_is_read(tmp_path: Path, world: World) -> None:
    path = written(tmp_path, GOOD)
    claim = claims.load(path)[0]
    assert (claim.tests[0].subject, claim.tests[0].object) == ("RUS", "CHN")
    assert claim.tests[0].last == date(2009, 6, 30)
    assert world.check(path)[0].claim == claim


@pytest.mark.parametrize(
    ("old", "new", "error", "says"),
    [
        ('"tie"', '"mood"', UsageError, "known measure"),
        ('"rises"', '"jumps"', UsageError, "known direction of tie"),
        ('"China"', '"Russia"', UsageError, "two different actors"),
        ('"rises"', '"exists"', UsageError, "direction of tie"),
        ('"Russia"', '"Ruritania"', ActorError, "Ruritania"),
        ('"China"', '"Korea"', ActorError, "several"),
        ('object = "China"', "", UsageError, "expected an object"),
        ('"2009-06"', '"2099-06"', UsageError, "not after today"),
        ('"2005-01", "2009-06"', '"2009-06", "2005-01"', UsageError, "first day before the last"),
        ('"2005-01"', '"soon"', UsageError, "expected a date"),
        ("period", "priod", DataError, "priod|period"),
        ('says = "A sentence."', "", DataError, "says"),
        ("[[claim]]", "[claim", DataError, "TOML"),
    ],
)
def test_a_bad_claim_is_named_with_its_place(
    tmp_path: Path, old: str, new: str, error: type[Exception], says: str
) -> None:
    path = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(error, match=says) as caught:
        claims.load(path)
    assert "claims.toml" in str(caught.value)


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="can be read"):
        claims.load(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match="TOML"):
        claims.load(tmp_path / "bad.toml")


def test_the_worked_claims_are_well_formed() -> None:
    worked = claims.worked()
    assert len(worked) >= 12
    assert len({claim.id for claim in worked}) == len(worked)
    assert {test.measure for claim in worked for test in claim.tests} <= set(MEASURES)


@pytest.mark.data
def test_the_worked_claims_are_of_the_published_list(shared: Path) -> None:
    listed = {line.split(",", 1)[0] for line in (shared / "claims.csv").read_text(encoding="utf-8").splitlines()}
    assert {claim.id for claim in claims.worked()} <= listed


def test_nothing_is_held_to_stand_past_the_end_of_its_source() -> None:
    ties = [
        statement("PRK", "IRN", "nonaggression", date(2001, 7, 16)),
        statement("CHN", "SCO", "membership", date(2001, 6, 15), value=1.0),
    ]
    reach = [
        Coverage("paper", "tie", kind, (), "any", FIRST, date(2004, 12, 31), "missing")
        for kind in ("nonaggression", "membership")
    ]
    vouched = Coverage("other", "tie", "nonaggression", (), "any", FIRST, LAST, "zero")
    made = simulated()
    made.ingest(batch([*reach, vouched], tie=ties))
    later = multipolar.open(made, since="2000-01", actors=STATES)
    for measure, a, b, kind in (("membership", "CHN", "SCO", ""), ("obligation", "PRK", "IRN", "nonaggression")):
        inside = told(later, measure, "exists", "2004-01", "2004-12", a=a, b=b, kind=kind)
        after = told(later, measure, "absent", "2005-01", "2005-06", a=a, b=b, kind=kind)
        assert (inside.verdict, after.verdict) == (Verdict.SUPPORTED, Verdict.UNTESTABLE)
        assert "ends before" in after.findings[0].reason, "not known to have ended, whatever another source vouches"


def test_what_articles_report_supports_no_claim() -> None:
    day = date(2008, 2, 5)
    article = Source(f"{REPORTED}a-12345678", "A paper", "A visit", date(2008, 2, 6), "", "", "A paper: A visit.")
    visit = statement("RUS", "CHN", "CONSULT", day, mode="visit", source=article.key, known_from=date(2008, 2, 6))
    treaty = statement("RUS", "CHN", "AGREE", day, source=article.key, known_from=date(2008, 2, 6))
    record = evidence()
    record.ingest(Batch({"event": frame("event", [visit, treaty])}, (article,)))
    asked = multipolar.open(record, since="2000-01", actors=STATES)
    assert told(asked, "events", "exists", "2008-01", "2008-12", kind="AGREE").verdict is Verdict.UNTESTABLE
    counted = told(asked, "events", "above", "2008-01", "2008-12", kind="CONSULT:visit", by=3)
    assert counted.verdict is Verdict.CONTRADICTED, "three visits are listed, and the article tells one of them again"
    assert counted.findings[0].value == 3.0
