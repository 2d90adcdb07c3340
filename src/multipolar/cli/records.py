"""Records of one's own: what goes in, and what is withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from multipolar.cli.ids import whole
from multipolar.cli.options import COMMON, Common, as_it_lies, day
from multipolar.cli.output import Answer, Grid, show
from multipolar.cli.progress import Step, working
from multipolar.errors import DataError, MultipolarError, RecordError, UsageError

if TYPE_CHECKING:
    from multipolar.record import Receipt, Record


def ingest(
    *names: str,
    source: Annotated[Path | None, Parameter(name="--from")] = None,
    dossier: bool = False,
    unchecked: bool = False,
    common: Common = COMMON,
) -> None:
    """Put data sets, or the dossier, into a record of your own: of each data set all or nothing.

    Without `--from`, what `multipolar fetch` got. The same file again changes nothing. A folder that holds no record is made
    one. `multipolar sources` lists the names.

    Parameters
    ----------
    names
        Names of sources, or `dossier`; `all` takes every source whose file is found.
    source
        A publisher's file, or a folder that holds such files; for `dossier` a folder of files in its format.
    dossier
        Put the dossier that comes with the package in as well.
    unchecked
        Take a file though the named checks on its release fail.
    """
    folder = common.folder()
    as_it_lies(common)
    with working(common.quiet) as step:
        step(0, 0, f"Opening {folder}")
        wanted, notes = _wanted(names, source)
        with _opened(folder) as record:
            before = record.sources().keys()
            done = [_taken_in(one, record, step, strict=not unchecked) for one in wanted]
            if dossier and "dossier" not in names:
                done.append(_taken_in(_Wanted("dossier", None), record, step, strict=True))
            refused = [one for one in done if one.error]
            if refused and len(refused) == len(done):
                raise _all_refused(refused)
    new = [one for key, one in record.sources().items() if key not in before and names != ("dossier",)]
    notes += [f"{one.key}: {one.note}" for one in new if one.note]
    rows = [row for one in done for row in _rows(one)]
    show(Answer(rows, grids=_grids(done), notes=notes), common)
    if refused:
        raise _some_refused(refused, len(done))


@dataclass(frozen=True)
class _Wanted:
    """A data set to take in, and where its file is (or why it cannot be told)."""

    name: str
    path: Path | None
    error: MultipolarError | None = None


@dataclass(frozen=True)
class _Done:
    """What became of a data set: what the record took in of how many rows, or why nothing."""

    name: str
    path: Path | None
    receipt: Receipt | None = None
    rows: int | None = None
    left_out: int | None = None
    error: MultipolarError | None = None


def _wanted(names: tuple[str, ...], source: Path | None) -> tuple[list[_Wanted], list[str]]:
    """What to take in; before anything is, every name must be known, and of a single one the file found."""
    from multipolar.sources import SOURCES

    known = ["dossier", *(each.name for each in SOURCES)]
    if not names:
        raise UsageError("expected the name of a source, got none", hint="`multipolar sources` lists them.")
    if names == ("all",):
        return _all(source)
    for name in names:
        if name.lower() not in known:
            raise UsageError.unknown("source", name, known)
    names = tuple(name.lower() for name in names)
    if source is not None and source.is_file() and len(set(names)) > 1:
        hint = "Name a folder that holds the files of all, or the sources one by one."
        raise UsageError(f"expected one source for the file {source}, got {len(set(names))}", where="--from", hint=hint)
    alone = len(set(names)) == 1
    found = [_located(name, None if name == "dossier" and not alone else source) for name in dict.fromkeys(names)]
    errors = [one.error for one in found if one.error]
    if errors and len(found) == 1:
        raise errors[0]
    return found, []


def _all(source: Path | None) -> tuple[list[_Wanted], list[str]]:
    """Every source whose file is there; the others are named."""
    from multipolar.sources import SOURCES, NoFile

    if source is not None and not source.is_dir():
        hint = "Name the folder that holds the files, or the source of this file."
        raise UsageError(f"expected a folder for `all`, got {source}", where="--from", hint=hint)
    found = [_located(each.name, source) for each in SOURCES]
    there = [one for one in found if not isinstance(one.error, NoFile)]
    if not there:
        hint = "`multipolar fetch NAME` gets files, `multipolar sources` says how they are called."
        raise DataError.bad_file(source or "fetched files", "the file of a source", "none", hint=hint)
    missing = [one.name for one in found if one not in there]
    return there, [f"not there: {', '.join(missing)}"] if missing else []


def _located(name: str, source: Path | None) -> _Wanted:
    from multipolar import sources
    from multipolar.sources.fetch import fetched_path
    from multipolar.sources.fetch.store import home

    if name == "dossier":
        return _Wanted(name, source)
    try:
        return _Wanted(name, sources.find(name, source) if source else fetched_path(sources.get(name), home()))
    except DataError as error:
        return _Wanted(name, None, error)


def _taken_in(one: _Wanted, record: Record, step: Step, *, strict: bool) -> _Done:
    """One data set, all of it or nothing; that a file is refused stops no other."""
    from multipolar import sources

    if one.error:
        return _Done(one.name, None, error=one.error)
    try:
        if one.name == "dossier":
            return _Done(one.name, one.path, _dossier(record, one.path, step))
        assert one.path is not None
        step(0, 0, f"Reading {one.name}")
        parsed = sources.read(one.name, one.path, strict=strict)
        step(0, 0, f"Taking in {one.name}: {parsed.notes[0]}")
        receipt = sources.put(parsed, record, step)
    except (DataError, UsageError) as error:
        return _Done(one.name, one.path, error=error)
    return _Done(one.name, one.path, receipt, parsed.rows, parsed.rows - parsed.used)


def _all_refused(refused: list[_Done]) -> MultipolarError:
    error = refused[0].error
    assert error is not None
    return error if len(refused) == 1 else _some_refused(refused, len(refused))


def _some_refused(refused: list[_Done], total: int) -> DataError:
    told = "".join(f"\n{one.name}: {one.error}" for one in refused)
    return DataError(f"expected {total} data sets, got {total - len(refused)}; nothing was taken in of these:{told}")


def correct(id: str, /, *, on: str, reason: str, source: str, common: Common = COMMON) -> None:
    """Withdraw a statement from a day on; answers as of earlier days stay as they were.

    Parameters
    ----------
    id
        Id of the statement, or its beginning.
    on
        The day on which the error became known (YYYY-MM-DD).
    reason
        Why, in words.
    source
        Key of the source that shows the error (`multipolar record sources` lists them).
    """
    from multipolar.record import Correction, Record

    when = day(on, "--on")
    assert when is not None
    as_it_lies(common)
    with working(common.quiet) as step:
        record = Record.open(common.folder())
        step(0, 0, "Withdrawing")
        statement = whole(record.view(), [id])[0]
        record.correct([Correction(statement, when, reason, source)])
    row = {"id": statement, "withdrawn_on": when, "reason": reason, "source": source}
    says = f"Withdrawn from {when} on: {statement}. Views of earlier days still have it."
    show(Answer([row], (says,)), common)


def _dossier(record: Record, folder: Path | None, step: Step) -> Receipt:
    from multipolar.dossier import load

    step(0, 0, "Reading the dossier")
    return record.ingest(load(folder), progress=step)


def _rows(one: _Done) -> list[dict[str, Any]]:
    """A row for each form of statement; one without a form if there is none."""
    told = {"file": str(one.path) if one.path else None, "rows": one.rows, "left_out": one.left_out}
    taken = one.receipt
    forms = [form for form in taken.added if taken.added[form] or taken.present.get(form, 0)] if taken else []
    if taken is None or not forms:
        blank = {"source": one.name, "form": None, "added": 0, "present": 0, "batch": taken.batch if taken else None}
        return [{**blank, **told, "error": str(one.error) if one.error else None}]
    return [
        {"source": one.name, "form": form, "added": taken.added[form], "present": taken.present.get(form, 0),
         "batch": taken.batch, **told, "error": None}
        for form in forms
    ]  # fmt: skip


def _grids(done: list[_Done]) -> tuple[Grid, ...]:
    heads = ("source", "file", "rows>", "left out>", "form", "added>", "there already>")
    cells = []
    for one in done:
        if one.receipt is None:
            cells.append((one.name, one.path.name if one.path else "", "", "", "refused", "", ""))
            continue
        for place, row in enumerate(_rows(one)):
            head = (one.name, one.path.name if one.path else "", _number(one.rows), _number(one.left_out))
            first = head if place == 0 else ("", "", "", "")
            cells.append((*first, row["form"] or "", f"{row['added']:,}", f"{row['present']:,}"))
    return (Grid(heads, cells),)


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


@contextmanager
def _opened(folder: Path) -> Iterator[Record]:
    """The record in a folder, or a new one; a new one that nothing entered is taken away again."""
    from multipolar.record import Record

    if (folder / "record.json").exists():
        yield Record.open(folder)
        return
    there = folder.exists()
    record = Record.create(folder)
    try:
        yield record
    except BaseException:
        with suppress(OSError, RecordError):
            if not record.batches():
                _take_away(folder, there)
        raise


def _take_away(folder: Path, there: bool) -> None:
    """Remove an empty record. A folder that holds anything after all stops this with an OSError."""
    for empty in (folder / "batches", *sorted((folder / "statements").iterdir()), folder / "statements"):
        empty.rmdir()
    for name in ("record.json", "write.lock", "index.lock", "index.duckdb"):
        (folder / name).unlink(missing_ok=True)
    if not there:
        folder.rmdir()
