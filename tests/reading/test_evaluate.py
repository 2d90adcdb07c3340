"""Scores: by hand, and the same as the published scorer gives."""

from __future__ import annotations

import importlib
import importlib.util
import json

import pytest

from multipolar.errors import DataError

#: The package has the function under this name.
room = importlib.import_module("multipolar.reading.evaluate")


def test_marks_become_spans():
    text, source, target = room.marked("Today <s>Peru </s>met <t>Chile</t>, then <t>Chile</t> left.")
    assert (text, text[slice(*source)], text[slice(*target)]) == (
        "Today Peru met Chile, then Chile left.",
        "Peru",
        "Chile",
    )
    assert target == (15, 20)


def test_macro_f1_by_hand():
    # class a: precision 1/2, recall 1/2; class b: precision 1/2, recall 1
    assert room.macro_f1(["a", "a", "b"], ["a", "b", "b"]) == pytest.approx((2 / 3 + 2 / 3) / 2)


def who(*codes):
    return [{"code": code, "sector": None, "text": code} for code in codes]


def event(start, end, kind, a, b, *, reciprocal=False, aux=(), first=None):
    return {
        "doc_id": "x", "start": start, "end": end, "type": kind, "actors": who(*a), "recipients": who(*b),
        "reciprocal": reciprocal, "aux": list(aux), "date": {"from": first, "to": first},
    }  # fmt: skip


def gold(start, end, kind, a, b, tier="core", **more):
    row = event(start, end, kind, a, b, **more) | {"sent_start": start, "sent_end": end, "tier": tier, "alt_types": []}
    row["date"]["basis"] = "text"
    return row


GOLD = [
    gold(0, 50, "CONSULT", ["PER"], ["CHL"], first="2024-05-01"),
    gold(50, 90, "SUPPORT", ["PER", "CHL"], [], reciprocal=True),
    gold(90, 140, "ASSAULT", ["PER"], ["CHL"], "trap", aux=["hypothetical"]),
    gold(140, 190, "AID", ["PER"], ["BOL"], "extended"),
]
SAID = [
    event(5, 20, "CONSULT", ["PER"], ["CHL"], first="2024-05-01"),
    event(55, 70, "SUPPORT", ["CHL"], ["PER"]),
    event(95, 100, "ASSAULT", ["PER"], ["CHL"]),
    event(150, 160, "AID", ["BOL"], ["PER"]),
]


def values(rows):
    return {row["measure"]: row["value"] for row in rows}


def test_events_by_hand():
    assert values(room.events(GOLD, SAID)) == {
        "recall of core": 1.0,
        "precision": 0.5,
        "traps fired": 1,
        "dates right": 1.0,
    }


def test_a_trap_told_with_its_flag_is_no_error():
    said = [*SAID[:2], event(95, 100, "ASSAULT", ["PER"], ["CHL"], aux=["hypothetical"])]
    assert values(room.events(GOLD, said)) | {} == {
        "recall of core": 1.0,
        "precision": 1.0,
        "traps fired": 0,
        "dates right": 1.0,
    }


@pytest.mark.data
def test_the_same_as_the_published_scorer(shared, tmp_path):
    spec = importlib.util.spec_from_file_location("score", shared / "reading" / "score.py")
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    coded = [
        json.loads(line) for line in (shared / "reading" / "article_000_events.jsonl").read_text("utf-8").splitlines()
    ]
    said = [
        {**{name: row[name] for name in ("doc_id", "start", "end", "type", "actors", "recipients", "reciprocal", "aux", "date")}}
        for number, row in enumerate(coded) if number % 3
    ]  # fmt: skip
    said += [row | {"type": "AID"} for row in said[:4]]
    path = tmp_path / "said.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in said), encoding="utf-8")
    theirs = score.events(shared / "reading" / "article_000_events.jsonl", path)
    ours = values(room.events(coded, said))
    assert ours["precision"] == theirs["precision"] and ours["recall of core"] == theirs["recall"]
    assert ours["traps fired"] == theirs["traps_fired"]


def test_a_folder_without_coded_sets_is_an_error(tmp_path):
    with pytest.raises(DataError, match="plv"):
        room.evaluate(tmp_path)


def test_a_broken_set_is_an_error_that_names_it(tmp_path):
    (tmp_path / "cameo_consensus_x.jsonl").write_text('{"id": 1}\n', encoding="utf-8")
    with pytest.raises(DataError, match="cameo_consensus_x"):
        room.evaluate(tmp_path)
