"""Our names and codes beside published lists of names: no name that we give to one state is another's elsewhere.

The lists have names in hundreds of spellings and languages; the table of actors has what sources in English write. What
matters is that a name which both have means the same state, and that every state of the lists is there.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from multipolar.actors import actors
from multipolar.actors.resolve import fold

#: Names of a state that another one goes on: an actor of its own here.
BY_TIME = {("Vatican City", "papal states")}


def bearers() -> Mapping[str, set[str]]:
    """Folded name -> the states that ever bore it."""
    found: dict[str, set[str]] = defaultdict(set)
    for actor in actors().values():
        if actor.kind == "state":
            for name in actor.names:
                if name.kind in ("name", "abbreviation"):
                    found[fold(name.text)].add(actor.id)
    return found


def aliases(data: Path) -> Iterator[tuple[str, str]]:
    with gzip.open(data / "country_codes" / "countryname_aliases.csv.gz", "rt", encoding="utf-8") as handle:
        yield from ((row["country.name.en"], row["country.name.alt"]) for row in csv.DictReader(handle))


@pytest.mark.data
def test_no_alias_of_one_state_is_our_name_of_another(shared_data: Path) -> None:
    ours = bearers()
    agreed, apart = 0, set()
    for english, alias in aliases(shared_data):
        states, claimed = ours.get(fold(english), set()), ours.get(fold(alias), set())
        if states and claimed:
            agreed += bool(states & claimed)
            if not states & claimed:
                apart.add((english, fold(alias)))
    assert apart == BY_TIME
    assert agreed > 600


@pytest.mark.data
def test_every_country_of_the_word_list_has_its_code_and_name(shared_data: Path) -> None:
    """NGEC's countries: the ISO code is one of our states, or a territory; the name is its name."""
    ours, table = bearers(), actors()
    with (shared_data / "country_codes" / "ngec_countries_nationalities.csv").open(encoding="utf-8-sig") as handle:
        rows = [row for row in csv.DictReader(handle) if row["CCA3"] in table]
    named = [row for row in rows if row["CCA3"] in ours.get(fold(row["Name"]), set())]
    wrong = [row["Name"] for row in rows if (found := ours.get(fold(row["Name"]))) and row["CCA3"] not in found]
    assert wrong == []
    assert len(rows) > 180
    assert len(named) == len(rows), [row["Name"] for row in rows if row not in named]
    codes = {row["CCA3"]: row["CCA2"] for row in rows}
    assert {id: table[id].spells[-1].codes.iso2 for id in codes} == codes


@pytest.mark.data
def test_the_crosswalk_from_cow_to_iso(shared_data: Path) -> None:
    """NGEC's crosswalk: one actor bears both codes, but for South Vietnam, which is an actor of its own here."""
    ours = {
        (spell.codes.cow, actor.id)
        for actor in actors().values()
        for spell in actor.spells
        if spell.codes.cow is not None
    }
    with (shared_data / "country_codes" / "ngec_cow2iso.txt").open(encoding="utf-8-sig") as handle:
        rows = [row for row in csv.DictReader(handle) if row["cow_id"] and row["iso3"] in actors()]
    apart = {(int(row["cow_id"]), row["iso3"]) for row in rows} - ours
    assert len(rows) > 190
    assert apart == {(817, "VNM")}


@pytest.mark.data
def test_codes_and_names_of_our_world_in_data(shared_data: Path) -> None:
    ours = bearers()
    text = (shared_data / "country_codes" / "owid_regions.yml").read_text(encoding="utf-8")
    pairs = re.findall(r'^- code: "([A-Z]{3})"\n  name: "([^"]+)"', text, flags=re.MULTILINE)
    known = [(code, name) for code, name in pairs if code in actors()]
    apart = [(code, name) for code, name in known if (found := ours.get(fold(name))) and code not in found]
    assert apart == []
    assert len(known) > 190
