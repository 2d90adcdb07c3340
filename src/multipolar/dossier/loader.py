"""The dossier's files → one checked batch of statements, sources and coverage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

import polars as pl

from multipolar.dossier.forms import FILES, READS, WORDS, Reader, Statement
from multipolar.dossier.members import gather
from multipolar.dossier.pacts import ROLES, Pact, Party, bind, overlap
from multipolar.dossier.reach import reach
from multipolar.dossier.table import COMPILED, Problems, Row, read_rows
from multipolar.dossier.who import Who
from multipolar.errors import DataError
from multipolar.record import FORMS, Batch, Coverage, Form, Source, with_ids
from multipolar.record.schema import KINDS, columns

_LABEL: Final = "dossier"
_ROLES: Final = ("a", "b", "both", "any")


def load(folder: Path | str | None = None) -> Batch:
    """Read the embedded dossier, or a folder of files in its format.

    Parameters
    ----------
    folder : path, optional
        A folder with files named ``<form>*.tsv`` (see ``dossier/data/README.md``). Without it the dossier that the package
        ships is read, once in a process, together with the memberships that `multipolar.actors` holds.

    Returns
    -------
    Batch
        Statements of all six forms with their ids, the sources that they name, and the coverage claimed.

    Raises
    ------
    DataError
        If a line is malformed: its file, row and column, what was expected and what came. All bad lines of that file are listed.
    """
    return _embedded() if folder is None else _Loading(Path(folder)).batch()


@cache
def _embedded() -> Batch:
    loading = _Loading(files("multipolar.dossier") / "data")
    loading.join_members()
    return loading.batch()


@dataclass
class _Loading:
    folder: Traversable
    sources: dict[str, Source] = field(default_factory=dict)
    coverage: list[Coverage] = field(default_factory=list)
    statements: dict[Form, list[Statement]] = field(default_factory=lambda: {form: [] for form in FORMS})
    parties: dict[str, list[Party]] = field(default_factory=lambda: defaultdict(list))
    pacts: list[Pact] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.who = Who()
        self.reader = Reader(self.who, self.sources)
        self.names = self._names()

    def join_members(self) -> None:
        """Add memberships of organisations: as ties, as sources, and as parties to the organisations' treaties."""
        found = gather()
        self.sources.update(found.sources)
        self.statements["tie"].extend(found.statements)
        self.parties.update(found.parties)
        self.pacts.extend(found.pacts)

    def batch(self) -> Batch:
        """Read every file, sources first, and hold the rows against each other."""
        self._each("sources", self._source)
        self._each("exceptions", self.who.allow)
        for form, read in READS.items():
            self._each(WORDS[form], self._into(form, read))
        self._each("rollcalls", self.reader.rollcall)
        self._each("votes", lambda row: self.statements["vote"].extend(self.reader.votes(row)))
        self._each("parties", self._party)
        self._each("pacts", self._pact)
        self.statements["tie"].extend(bind(self.pacts, self.parties))
        self._each("coverage", self._covered)
        self.coverage.extend(reach(self.statements["tie"], self.coverage))
        frames = {form: _frame(form, rows) for form, rows in self.statements.items()}
        return Batch(frames=frames, sources=tuple(self.sources.values()), coverage=tuple(self.coverage), label=_LABEL)

    def _names(self) -> dict[str, list[Traversable]]:
        if not self.folder.is_dir():
            raise DataError.bad_file(
                str(self.folder), "a folder of .tsv files", "no such folder", hint="Check the path."
            )
        named: dict[str, list[Traversable]] = defaultdict(list)
        for file in sorted(self.folder.iterdir(), key=lambda file: file.name):
            if not file.name.endswith(".tsv"):
                continue
            word = next((word for word in FILES if file.name.startswith(word)), None)
            if word is None:
                hint = f"Begin the name with one of: {' '.join(FILES)}."
                raise DataError.bad_file(file.name, "a file of a known form", "another name", hint=hint)
            named[word].append(file)
        if not named:
            raise DataError.bad_file(str(self.folder), "a folder of .tsv files", "none", hint="Check the path.")
        return named

    def _each(self, word: str, take: Callable[[Row], None]) -> None:
        for file in self.names.get(word, []):
            problems = Problems()
            for row in read_rows(file, FILES[word], problems):
                try:
                    take(row)
                except DataError as error:
                    problems.add(error)
            problems.stop()

    def _into(self, form: Form, read: Callable[[Reader, Row], Statement]) -> Callable[[Row], None]:
        kept, reader = self.statements[form], self.reader

        def take(row: Row) -> None:
            kept.append(read(reader, row))

        return take

    def _source(self, row: Row) -> None:
        key = row.required("key", "a short name")
        if key in self.sources:
            raise row.bad("key", "a key that no other source has", hint="Use the source that is there, or another key.")
        for column in ("publisher", "title", "licence", "citation"):
            row.required(column, f"the {column}")
        if row["url"] and not row["url"].startswith(("https://", "http://")):
            raise row.bad("url", "an address that begins with https://")
        said = {column: row[column] for column in ("publisher", "title", "url", "licence", "citation")}
        self.sources[key] = Source(key=key, date=row.day("date", last=True), **said)

    def _party(self, row: Row) -> None:
        first, last = row.span()
        if row["role"] not in ROLES:
            raise row.bad(
                "role", f"one of {' '.join(ROLES)}", hint="A hub is bound to each spoke, a party to each party."
            )
        self._sourced(row)
        actor = self.who.at(row, "actor", first)
        spells = self.parties[row.required("pact", "the id of a treaty")]
        if any(party.actor == actor and overlap((first, last), (party.first, party.last)) for party in spells):
            raise row.bad("actor", "a party whose spells do not overlap", hint="Remove one of them.")
        spells.append(Party(actor, first, last, row["role"]))

    def _pact(self, row: Row) -> None:
        pact = Pact.of(row)
        self._sourced(row)
        if not self.parties.get(pact.members):
            raise row.bad(
                "members", "an organisation, or a treaty with rows in a parties*.tsv", hint="Name its parties."
            )
        self.pacts.append(pact)

    def _covered(self, row: Row) -> None:
        self._sourced(row, locator=False)
        if row["form"] not in FORMS:
            raise row.bad("form", f"one of {' '.join(FORMS)}")
        form: Form = row["form"]
        if row["kind"].partition(":")[0] not in KINDS[form]:
            raise row.bad("kind", f"a kind of {form} ({' '.join(KINDS[form])})")
        if row["role"] not in _ROLES:
            raise row.bad("role", f"one of {' '.join(_ROLES)}")
        if row["absence"] not in ("zero", "missing"):
            raise row.bad("absence", "zero or missing", hint="What does it mean that no row is there?")
        first, last = row.span("first", "last")
        covered = tuple(row["actors"].split(" ")) if row["actors"] else ()
        for actor in covered:
            self.who.known(row, "actors", actor)
        given = {name: row[name] for name in ("source", "kind", "role", "absence", "note")}
        self.coverage.append(Coverage(form=form, actors=covered, first=first, last=last or COMPILED, **given))  # type: ignore[arg-type]

    def _sourced(self, row: Row, *, locator: bool = True) -> None:
        if row["source"] not in self.sources:
            raise row.bad("source", "the key of a source in a sources*.tsv", hint="Add the source there first.")
        if locator:
            row.required("locator", "the place within the source")


def _frame(form: Form, rows: Iterable[Statement]) -> pl.DataFrame:
    rows = list(rows)
    table: dict[str, list[Any]] = {name: [row.get(name) for row in rows] for name in columns(form)}
    return with_ids(form, pl.DataFrame(table, schema=columns(form)))
