"""What was known on a day: the statements of a record as of then, and nothing later.

A view sees a statement if ``known_from`` is not after its day and no withdrawal is dated on or before it. Corrections
are dated after the day they correct, so that a past day's answers are the same bytes however many corrections follow.
(A batch of *older* knowledge that arrives late does change them; `Record.view(batches=n)` pins the batches as well.)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from multipolar.errors import UsageError
from multipolar.record.archive import Manifest
from multipolar.record.index import Index
from multipolar.record.model import Correction, Coverage, Source, from_plain, grows, known_day
from multipolar.record.schema import FORMS, KINDS, Form, columns


@dataclass(frozen=True)
class _Where:
    """Conditions joined by AND, with the values of their question marks."""

    conditions: tuple[str, ...] = ()
    values: tuple[Any, ...] = ()

    def also(self, condition: str, *values: Any) -> _Where:
        return _Where((*self.conditions, condition), (*self.values, *values))

    def one_of(self, expression: str, names: Iterable[str], *, negate: bool = False) -> _Where:
        test = f"{expression} {'NOT ' * negate}IN (SELECT unnest(?::VARCHAR[]))"
        return self.also(test, sorted(set(names)))


class View:
    """The statements of a record as of a day, made by `Record.view`; never changed by what is ingested later.

    Attributes
    ----------
    as_of : date
        The day.
    """

    def __init__(
        self, index: Index, manifests: Sequence[Manifest], as_of: date, left_out: frozenset[str] = frozenset()
    ) -> None:
        self._index, self._manifests, self.as_of, self._left_out = index, tuple(manifests), as_of, left_out

    def statements(
        self,
        form: Form,
        *,
        actors: Iterable[str] | None = None,
        between: tuple[str, str] | None = None,
        kinds: Iterable[str] | None = None,
        since: date | None = None,
        until: date | None = None,
        without_sources: Iterable[str] = (),
    ) -> pl.DataFrame:
        """Statements of one form, sorted by id.

        Parameters
        ----------
        form : str
            One of the six forms.
        actors : iterable of str, optional
            Keep statements about any of these actors, on either side.
        between : (str, str), optional
            Keep statements about these two, in either order.
        kinds : iterable of str, optional
            Keep these kinds.
        since, until : date, optional
            Keep statements that were true on some day from `since` to `until`. An event, vote or attitude without a
            last day lasted one day; a tie or trait without one goes on.
        without_sources : iterable of str, optional
            Leave out statements from these sources.

        Returns
        -------
        polars.DataFrame
            Columns as `schema.columns(form)`. ``known_to`` is null throughout: as of its day, every statement in a
            view stands.

        Raises
        ------
        UsageError
            If a form or kind is unknown, or `until` is before `since`.
        """
        where = self._known(form)
        if actors is not None:
            names = sorted(set(actors))
            where = where.also(
                "(s.a IN (SELECT unnest(?::VARCHAR[])) OR coalesce(s.b IN (SELECT unnest(?::VARCHAR[])), false))",
                names,
                names,
            )
        if between is not None:
            one, other = between
            where = where.also("((s.a = ? AND s.b = ?) OR (s.a = ? AND s.b = ?))", one, other, other, one)
        if kinds is not None:
            where = where.one_of("s.kind", [_kind(form, kind) for kind in kinds])
        left_out = set(without_sources)
        if left_out:
            where = where.one_of("s.source", left_out, negate=True)
        return self._select(form, _valid(form, where, since, until))

    def by_id(self, ids: Iterable[str]) -> list[dict[str, Any]]:
        """Statements by id, of whatever form, in the order asked for; each row says its form under ``"form"``.

        Raises
        ------
        UsageError
            If this view has no statement of such an id.
        """
        wanted = list(ids)
        found: dict[str, dict[str, Any]] = {}
        for form in FORMS:
            rows = (
                self._select(form, self._known(form).one_of("s.id", wanted)) if len(found) < len(set(wanted)) else None
            )
            if rows is not None:
                found |= {row["id"]: {"form": form, **row} for row in rows.to_dicts()}
        missing = next((key for key in wanted if key not in found), None)
        if missing is not None:
            hint = "It may be from another record, or withdrawn: see `View.corrections`."
            raise UsageError(f"expected the id of a statement known on {self.as_of}, got {missing!r}", hint=hint)
        return [dict(found[key]) for key in wanted]

    def counts(self) -> dict[Form, int]:
        """Number of statements of each form."""
        return {form: int(self._query("count(*)", form, self._known(form)).item()) for form in FORMS}

    def sources(self) -> dict[str, Source]:
        """Sources that had been heard of, by key: every source of a statement in the view is here.

        A source is known from its day of publication or its earliest statement or coverage, whichever is first; one
        brought by a correction, from the day of the correction.
        """
        described: dict[str, Source] = {}
        heard: set[str] = set()
        for manifest in self._manifests:
            for item in manifest.sources:
                described.setdefault(item["key"], from_plain(Source, item))
            heard |= {key for key, day in manifest.known.items() if date.fromisoformat(day) <= self.as_of}
        return {key: described[key] for key in sorted(heard - self._left_out)}

    def coverage(self) -> tuple[Coverage, ...]:
        """Coverage as it was known, cut at the view's day where it grows day by day; in a fixed order."""
        return self._coverage

    @cached_property
    def _coverage(self) -> tuple[Coverage, ...]:
        published: dict[str, date | None] = {}
        for manifest in self._manifests:
            for item in manifest.sources:
                day = item["date"]
                published.setdefault(item["key"], date.fromisoformat(day) if day else None)
        rows = [from_plain(Coverage, item) for manifest in self._manifests for item in manifest.coverage]
        known = [
            row
            for row in rows
            if row.source not in self._left_out and known_day(row, published[row.source]) <= self.as_of
        ]
        cut = {replace(row, last=min(row.last, self.as_of)) if grows(row) else row for row in known}
        return tuple(
            sorted(cut, key=lambda row: (row.source, row.form, row.kind, row.first, row.last, row.actors, repr(row)))
        )

    def corrections(self) -> tuple[Correction, ...]:
        """Withdrawals dated on or before the view's day, in the order in which they were recorded.

        A replacement is given as its form and ``{"id": ...}``, which `by_id` looks up.
        """
        items = {item["id"]: item for manifest in self._manifests for item in manifest.corrections}
        made = [_correction(item) for item in items.values()]
        return tuple(item for item in made if item.on <= self.as_of)

    @property
    def left_out(self) -> frozenset[str]:
        """Keys of the sources that this view leaves out (see `without`)."""
        return self._left_out

    def at(self, day: date) -> View:
        """The same record as of an earlier day.

        Raises
        ------
        UsageError
            If `day` is after the view's own.
        """
        if day > self.as_of:
            raise UsageError.dates_out_of_order(day, self.as_of, where="at")
        return View(self._index, self._manifests, day, self._left_out)

    def since(self, earlier: View) -> dict[Form, pl.DataFrame]:
        """Statements of batches that an earlier view of the same day had not, and those withdrawn since; by form.

        Raises
        ------
        UsageError
            If the two are not of the same day, or `earlier` has more batches.
        """
        before, now = len(earlier._manifests), len(self._manifests)
        if earlier.as_of != self.as_of or before > now:
            raise UsageError(
                f"expected an earlier view of {self.as_of}, got one of {earlier.as_of} with {before} of {now} batches",
                hint="What another day knew is compared by `World.news`.",
            )
        gone = [item["id"] for manifest in self._manifests[before:] for item in manifest.corrections]
        found = {}
        for form in FORMS:
            added = self._select(form, self._known(form).also("s.seq > ?", before))
            withdrawn = [earlier._select(form, earlier._known(form).one_of("s.id", gone))] if gone else []
            found[form] = pl.concat([added, *withdrawn])
        return found

    def without(self, sources: Iterable[str]) -> View:
        """The same view less everything that rests on these sources."""
        return View(self._index, self._manifests, self.as_of, self._left_out | frozenset(sources))

    def _known(self, form: Form) -> _Where:
        if form not in FORMS:
            raise UsageError.unknown("form of statement", form, FORMS)
        last = len(self._manifests)
        where = _Where().also("s.seq <= ?", last).also("s.known_from <= ?", self.as_of)
        withdrawn = "SELECT w.id FROM idx.withdrawal w WHERE w.day <= ? AND w.seq <= ?"
        where = where.also(f"s.id NOT IN ({withdrawn})", self.as_of, last)
        return where.one_of("s.source", self._left_out, negate=True) if self._left_out else where

    def _select(self, form: Form, where: _Where) -> pl.DataFrame:
        names = ", ".join(_as_known(form, name, self.as_of) for name in columns(form))
        return _settled(self._query(names, form, where, " ORDER BY s.id").cast(pl.Schema(columns(form))))

    def _query(self, names: str, form: Form, where: _Where, order: str = "") -> pl.DataFrame:
        sql = f"SELECT {names} FROM idx.{form} s WHERE {' AND '.join(where.conditions)}{order}"
        return self._index.query(sql, where.values)


def _settled(frame: pl.DataFrame) -> pl.DataFrame:
    """The same frame in one chunk with zeros behind every null, where DuckDB leaves whatever was in memory."""
    numbers = [name for name, dtype in frame.schema.items() if dtype != pl.String()]
    blank = [pl.when(pl.col(name).is_not_null()).then(pl.col(name)).otherwise(None).alias(name) for name in numbers]
    return frame.with_columns(blank).rechunk()


def _as_known(form: Form, name: str, as_of: date) -> str:
    """A column as it stood on a day: nothing was withdrawn yet, and no tie or term had ended that ended later."""
    if name == "known_to":
        return "NULL::DATE AS known_to"
    if name == "valid_to" and form in ("tie", "trait"):
        return f"CASE WHEN s.valid_to <= DATE '{as_of.isoformat()}' THEN s.valid_to END AS valid_to"
    return f's."{name}"'


def _valid(form: Form, where: _Where, since: date | None, until: date | None) -> _Where:
    if since is not None and until is not None and until < since:
        raise UsageError.dates_out_of_order(since, until)
    if until is not None:
        where = where.also("s.valid_from <= ?", until)
    if since is not None:
        end = (
            "coalesce(s.valid_to, DATE '9999-12-31')"
            if form in ("tie", "trait")
            else "coalesce(s.valid_to, s.valid_from)"
        )
        where = where.also(f"{end} >= ?", since)
    return where


def _kind(form: Form, kind: str) -> str:
    if kind not in KINDS[form]:
        raise UsageError.unknown(f"kind of {form}", kind, KINDS[form])
    return kind


def _correction(item: Mapping[str, Any]) -> Correction:
    form = item["replacement_form"]
    replacement = (form, {"id": item["replacement"]}) if form else None
    return Correction(item["id"], date.fromisoformat(item["on"]), item["reason"], item["source"], replacement)
