"""From what a text claims to a test that could show it wrong, in the language of `docs/claims.md`, or to why there is none.

A draft is a proposal: what is measured in place of the words is said in its note, and a person may change it before it is
checked. Nothing is tested that the record cannot measure: intentions, deterrence, conditions and forecasts get a reason instead.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

from multipolar.reading.into import actor_id
from multipolar.reading.model import Assertion, Who

#: A change without dates of its own is looked for in these months before the article.
MONTHS: Final = 24
#: So far back what happened, or was asked, is looked for where the text claims a state on a day (months).
BACK: Final[Mapping[str, int]] = {"events": 12, "attitude": 24}
#: A change over fewer days than these is looked for in `MONTHS` months.
_SHORT: Final = 60
#: Share of the gains from trade from which a partner counts as one depended on.
DEPENDENCE: Final = 0.05
#: Powers that "the great powers" stands for in a test of hedging.
POWERS: Final = ("USA", "CHN", "RUS")
_TURN: Final = {"up": "rises", "down": "falls"}
_OPPOSITE: Final = {"rises": "falls", "falls": "rises", "above": "below", "below": "above"}
_NOT_MEASURED: Final = {
    "deters": "What did not happen because somebody was deterred leaves no trace in a record.",
    "condition_for": "A condition is tested by what follows from it; what depends on what is not measured.",
    "intends": "An intention is not observed; `multipolar news` shows what was done since.",
    "cohesion_of": "A group's unity is measured by `multipolar cohesion ACTOR...`, once its members are named.",
    "polarisation_of": "How far the system falls into camps is measured by `multipolar blocs`; no claim file does.",
    "order_change": "`multipolar architecture NAME` measures an order of institutions; no claim file does.",
}


@dataclass(frozen=True)
class Draft:
    """A claim of a text and the tests drafted for it.

    Attributes
    ----------
    id : str
        Of the claim in the file: ``<doc_id>-<number>``.
    claim : Assertion
    tests : tuple of dict
        Tables ``[[claim.test]]`` of a file of claims; empty where nothing can be tested.
    why : str
        What stands for the words, or why there is no test.
    """

    id: str
    claim: Assertion
    tests: tuple[dict[str, Any], ...] = field(default=())
    why: str = ""

    @property
    def testable(self) -> bool:
        """Whether there is a test."""
        return bool(self.tests)


def drafts(claims: Iterable[Assertion], on: date | None, today: date | None = None) -> list[Draft]:
    """A draft for each claim, in order.

    Parameters
    ----------
    claims : iterable of Assertion
    on : date or None
        Day of the article; without it only claims with dates of their own can be tested.
    today : date, optional
        Nothing after it can be tested.
    """
    day = today or date.today()
    return [_draft(f"{each.doc_id}-{number:02d}", each, on, day) for number, each in enumerate(claims, 1)]


def toml(found: Iterable[Draft]) -> str:
    """The drafts as a file of claims; those without a test are there as comments, with the reason."""
    parts = [
        "# Drafts made from the words of a text. Change what they test before you rely on a verdict: docs/claims.md.\n"
    ]
    for draft in found:
        if not draft.testable:
            parts.append(f"# {_line(draft.id)}: {_line(draft.claim.quote)}\n# not testable: {_line(draft.why)}\n")
            continue
        lines = ["[[claim]]", f"id = {_text(_line(draft.id))}", f"says = {_text(_line(draft.claim.quote))}"]
        lines += [f"origin = {_text(_line(_origin(draft.claim)))}", f"note = {_text(_line(draft.why))}"]
        for test in draft.tests:
            lines += ["", "  [[claim.test]]", *(f"  {name} = {_value(value)}" for name, value in test.items())]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _draft(id: str, claim: Assertion, on: date | None, today: date) -> Draft:
    reason = _untestable(claim, on, today)
    if reason:
        return Draft(id, claim, (), reason)
    last = min(claim.time.end or claim.time.start or on or today, today)
    subject, why = _state(claim.subject, last)
    other, unclear = _state(claim.object, last)
    asked = _Asked(claim, subject or "", other, unclear, last)
    if not why and claim.relation in _PAIRWISE:
        why = unclear or ("Both sides are the same state." if other == subject else "")
    if why:
        return Draft(id, claim, (), why)
    tests, why = _TESTS[claim.relation](asked)
    made = tuple({**_ORDER, "subject": subject, **test} for test in tests)
    return Draft(id, claim, tuple(_dated(test, claim, last) for test in made), why)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A claim, the states it is about, why there is no second one, and the last day of the period."""

    claim: Assertion
    subject: str
    other: str | None
    unclear: str
    last: date

    @property
    def turn(self) -> str | None:
        """Which way it moves; None where a state is claimed."""
        return _TURN.get(self.claim.direction)

    @property
    def denied(self) -> bool:
        """Whether the text says that there is little or none of it."""
        return self.claim.level in ("low", "none")


Tests = tuple[list[dict[str, Any]], str]
_HOW_LITTLE: Final = "The text says that there is little of it or none; the record knows only whether there is one."
#: In which order the fields of a test stand.
_ORDER: Final[dict[str, Any]] = {"measure": "", "subject": ""}


def _untestable(claim: Assertion, on: date | None, today: date) -> str:
    if claim.relation in _NOT_MEASURED:
        return _NOT_MEASURED[claim.relation]
    if claim.kind in ("forecast", "conditional") or claim.modality == "forecast":
        return "It speaks of what may come; it can be tested when the time has come."
    if claim.kind == "intent":
        return _NOT_MEASURED["intends"]
    if on is None and claim.time.end is None:
        return "Neither the article nor the claim has a date; give the article's day with `--date`."
    first = claim.time.start or claim.time.end or on
    if first is not None and first > today:
        return "It speaks of days to come."
    return ""


def _dated(test: dict[str, Any], claim: Assertion, last: date) -> dict[str, Any]:
    """The test with its period: days, for the end of a month may not have come when an article is read."""
    start = claim.time.start if claim.time.start and claim.time.start < last else None
    if test["direction"] in ("rises", "falls"):
        months = MONTHS if start is None or (last - start).days < _SHORT else 0
    else:
        months = BACK.get(test["measure"], 0) if start is None else 0
    first = _months_before(last, months) if months else start or last - timedelta(days=1)
    return {**test, "period": [first.isoformat(), last.isoformat()]}


def _months_before(day: date, months: int) -> date:
    """First day of the month that many months before that of `day`."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(max(year, 1), month + 1, 1)


def _moved(asked: _Asked, sign: int = 1) -> str:
    """The direction of a test: which way it moves, or on which side it is; turned round where `sign` is negative."""
    way = asked.turn or ("below" if asked.denied else "above")
    return way if sign > 0 else _OPPOSITE[way]


def _there(asked: _Asked) -> str:
    return "absent" if asked.claim.level == "none" else "exists"


def _little(asked: _Asked) -> bool:
    """Whether the text says how little there is of what is only there or not."""
    return not asked.turn and asked.claim.level == "low"


def _tie(asked: _Asked, sign: int = 1) -> Tests:
    way = _moved(asked, sign)
    said = f"{way} in the period" if asked.turn else f"is {way} that of a pair of which nothing is known"
    return [{"measure": "tie", "object": asked.other, "direction": way}], f"Tested as: the tie {said}."


def _distance(asked: _Asked) -> Tests:
    return _tie(asked, -1)


def _allied(asked: _Asked) -> Tests:
    if _little(asked):
        return [], _HOW_LITTLE
    tests: list[dict[str, Any]] = []
    if asked.claim.direction != "down":
        way = _there(asked)
        tests.append({"measure": "obligation", "object": asked.other, "kind": "defence", "direction": way})
    if not asked.turn:
        return tests, f"Tested as: an obligation to defend each other {'is not' if asked.denied else 'is'} in force."
    duty = "an obligation to defend each other is in force, and " if tests else ""
    return tests + _tie(asked)[0], f"Tested as: {duty}the tie {asked.turn}."


def _depends(asked: _Asked, sign: int = 1) -> Tests:
    way = _moved(asked, sign)
    test: dict[str, Any] = {"measure": "dependence", "object": asked.other, "direction": way}
    share = "the share of the gains from trade that would be lost without the partner"
    if not asked.turn:
        test["by"] = DEPENDENCE
        way = f"is {way} {DEPENDENCE:.0%}"
    return [test], f"Tested as: {share} {way}; other dependence is not measured."


def _autonomy(asked: _Asked) -> Tests:
    return _depends(asked, -1)


def _influence(asked: _Asked) -> Tests:
    assert asked.other is not None
    tests, why = _depends(replace(asked, subject=asked.other, other=asked.subject))
    turned = [{**test, "subject": asked.other} for test in tests]
    return turned, f"Influence itself is not measured; what it may rest on is. {why}"


def _isolated(asked: _Asked) -> Tests:
    if asked.other is not None and asked.other != asked.subject:
        return _tie(asked, -1)
    way = _moved(asked)
    share = "the share of their capability without a positive tie"
    if asked.turn:
        return [{"measure": "isolation", "direction": way}], f"Tested against all states: {share} {way}."
    return [{"measure": "isolation", "direction": way, "by": 0.5}], f"Tested against all states: {share} is {way} half."


def _balances(asked: _Asked) -> Tests:
    named = [actor_id(who.code, asked.last) for who in asked.claim.object if not who.code.startswith("IGO:")]
    powers = [power for power in dict.fromkeys(named) if power and power != asked.subject]
    powers += [power for power in POWERS if power not in (asked.subject, *powers)] if len(powers) < 2 else []
    way = "below" if asked.denied or asked.claim.direction == "down" else "above"
    amount = "less" if way == "below" else "more"
    return (
        [{"measure": "hedging", "direction": way, "by": 0.5, "between": powers[:3]}],
        f"Tested as: the weakest of its ties to {', '.join(powers[:3])} is {amount} than half of the strongest.",
    )


def _events(kind: str, words: str) -> Callable[[_Asked], Tests]:
    def make(asked: _Asked) -> Tests:
        if asked.claim.object and asked.other is None:
            return [], asked.unclear
        if asked.other == asked.subject:
            return [], "Both sides are the same state."
        if _little(asked):
            return [], _HOW_LITTLE
        test: dict[str, Any] = {"measure": "events", "kind": kind, "direction": asked.turn or _there(asked)}
        if asked.other is not None:
            test["object"] = asked.other
        number = f"the number of {words} {asked.turn}" if asked.turn else f"{'no ' if asked.denied else ''}{words}"
        return [test], f"Tested as: {number} in the period."

    return make


def _rivals(asked: _Asked) -> Tests:
    if _little(asked):
        return [], _HOW_LITTLE
    if asked.turn:
        return _tie(asked, -1)
    test = {"measure": "obligation", "object": asked.other, "kind": "rivalry", "direction": _there(asked)}
    return [test], f"Tested as: the two are {'not ' if asked.denied else ''}listed as strategic rivals."


def _trusts(asked: _Asked) -> Tests:
    test: dict[str, Any] = {
        "measure": "attitude",
        "object": asked.other,
        "kind": "favourable",
        "direction": _moved(asked),
    }
    if not asked.turn:
        test["by"] = 0.5
    return [test], "Trust between governments is not measured; a public's favourable view is."


def _power(asked: _Asked) -> Tests:
    if not asked.turn:
        return [], "Rank among powers is not a figure of the record; a rise or fall of capability is."
    test = {"measure": "trait", "kind": "cinc", "direction": asked.turn}
    return [test], f"Tested as: its share of the world's material capability (CINC) {asked.turn}."


_TESTS: Final[Mapping[str, Callable[[_Asked], Tests]]] = {
    "aligned_with": _tie,
    "allied_with": _allied,
    "cooperates_with": _tie,
    "trusts": _trusts,
    "depends_on": _depends,
    "autonomy_from": _autonomy,
    "influence_over": _influence,
    "pressure_on": _events("SANCTION", "measures against the other"),
    "hostile_to": _distance,
    "rivals": _rivals,
    "threatens": _events("THREATEN", "threats against the other"),
    "isolated_from": _isolated,
    "balances_between": _balances,
    "power_position": _power,
}
#: Relations that cannot be tested without a second state.
_PAIRWISE: Final = frozenset(_TESTS) - {
    "pressure_on",
    "threatens",
    "isolated_from",
    "balances_between",
    "power_position",
}


def _state(side: tuple[Who, ...], on: date) -> tuple[str | None, str]:
    """The id of the one state that a side is on a day, or why it is none."""
    if not side:
        return None, "The other side is not named: name the state that is meant."
    said = repr(side[0].text or side[0].code)
    found = {who.code: actor_id(who.code, on) for who in side}
    if len(found) > 1:
        return None, f"{said} and others are several: make a test for each."
    code, id = found.popitem()
    if code.startswith("IGO:") or id is None:
        return None, f"{said} is not one state on {on}: name the states that are meant."
    return id, ""


def _origin(claim: Assertion) -> str:
    holder = f", {claim.holder.text}" if claim.holder else ""
    return f"{claim.doc_id}, characters {claim.start} to {claim.end}{holder}"


def _line(text: str) -> str:
    """One line of text, without what neither a comment nor a string of TOML may hold."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]+", " ", text).split()) or "-"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a basic string of TOML


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    return f"[{', '.join(_value(item) for item in value)}]" if isinstance(value, list) else repr(value)
