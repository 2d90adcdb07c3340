"""The tables of codes against the published ones: scores, types and modes, and codes of countries."""

from __future__ import annotations

import csv
import re

import pytest

from multipolar.record import KINDS
from multipolar.sources.events import cameo

#: Codes that the carrying repository's table numbers as an older CAMEO did; GDELT's files have our scores.
OLDER = {"016", "022", "124", "163", "165", "166"}
#: Types and modes that we chose otherwise, see the head of ``cameo.tsv``.
ON_PURPOSE = {"163": ("SANCTION", "embargo"), "043": ("CONSULT", "host")}


def codes():
    return {row["cameo"]: row for row in cameo.codes().to_dicts()}


def published(path):
    """Code -> PLOVER type and mode, from the published table."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if match := re.match(r"(\d{3,4}): *([A-Z]+), *([^,]*),", line):
            mode = match[3].strip()
            found.setdefault(match[1], (match[2], None if mode in ("", "pro_autocracy") else mode))
    return found


def test_every_code_is_whole():
    table = codes()
    assert len(table) == cameo.codes().height == 313
    for code, row in table.items():
        assert re.fullmatch(r"\d{2,4}", code)
        assert 1 <= int(code[:2]) <= 20
        assert -10 <= row["goldstein"] <= 10
        assert row["words"]
        assert (row["kind"] is None) == (code[:2] in ("01", "02"))
        assert row["kind"] is None or row["kind"] in KINDS["event"]
        assert len(code) == 2 or code[:2] in table


@pytest.mark.parametrize(
    ("code", "score", "kind", "mode"),
    [
        ("042", 1.9, "CONSULT", "visit"), ("057", 8.0, "SUPPORT", "treaty"), ("163", -8.0, "SANCTION", "embargo"),
        ("166", -7.0, "SANCTION", "expel"), ("190", -10.0, "ASSAULT", None), ("0874", 10.0, "RETREAT", "disarm"),
        ("191", -9.5, "COERCE", "restrict"), ("010", 0.0, None, None), ("03", 4.0, "AGREE", None),
    ],
)  # fmt: skip
def test_known_codes(code, score, kind, mode):
    row = codes()[code]
    assert (row["goldstein"], row["kind"], row["mode"]) == (pytest.approx(score), kind, mode)


def test_texts_are_of_codes():
    table = {row["text"]: row["cameo"] for row in cameo.texts().to_dicts()}
    assert len(table) == cameo.texts().height
    assert set(table.values()) <= codes().keys()
    assert table["Veto"] == "129"
    assert table["Impose embargo, boycott, or sanctions"] == "163"
    assert table["Refuse to yield"] == "124"


def test_countries():
    found = {row["code"]: row["actor"] for row in cameo.countries().to_dicts()}
    other = {code: actor for code, actor in found.items() if code != actor}
    assert other == {"ROM": "ROU", "TMP": "TLS", "KSV": "XKX", "SUN": "RUS"}
    assert not {"EUR", "AFR", "WSB", "HKG", "BMU"} & found.keys()
    assert {"DDR", "YUG", "CSK", "PSE", "TWN"} <= found.keys()


def test_published_scores_agree(shared_data):
    path = shared_data / "cameo_codes" / "cameo_code_goldstein.tsv"
    with path.open(encoding="utf-8") as file:
        theirs = {row["cameoCode"]: float(row["GoldsteinScale"]) for row in csv.DictReader(file, delimiter="\t")}
    ours = {code: row["goldstein"] for code, row in codes().items()}
    assert len(theirs) == 280
    assert theirs.keys() - ours.keys() == {"0357", "1641", "1642", "1643"}
    assert {
        code for code in theirs.keys() & ours.keys() if theirs[code] != pytest.approx(ours[code], abs=1e-6)
    } == OLDER


def test_published_types_agree(shared_data):
    theirs = published(shared_data / "cameo_codes" / "CAMEO2PLOVER-2021.txt")
    ours = codes()
    assert len(theirs) > 250
    assert theirs.keys() <= ours.keys()
    kinds = {code for code, (kind, _) in theirs.items() if ours[code]["kind"] != kind}
    assert kinds == {"163"}
    modes = {code for code, (_, mode) in theirs.items() if mode and ours[code]["mode"] != mode}
    assert modes == set(ON_PURPOSE)
    assert {code: (ours[code]["kind"], ours[code]["mode"]) for code in ON_PURPOSE} == ON_PURPOSE
