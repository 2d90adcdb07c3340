"""Read: articles, what they say was done and what they claim, and how well that is read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import Parameter

from multipolar.cli.options import COMMON, Common, Format, day, open_world
from multipolar.cli.output import Answer, Grid, show, terminal, write_rows
from multipolar.cli.pages import _name, _writable
from multipolar.cli.progress import Step, tell, working
from multipolar.errors import DataError, RecordError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date as Day

    from multipolar.brief.article import Article
    from multipolar.reading.documents.folder import Summary
    from multipolar.reading.model import Document, Reading
    from multipolar.world import World

    Reader = Callable[[Document], Reading]

#: Articles of a folder that the table shows, and files that failed that an error names.
SHOWN: Final = 40
NAMED: Final = 20
_FORMATS: Final = {"text": "table", "table": "table", "json": "json", "jsonl": "json", "csv": "csv"}
_ALONE: Final = "Give one article instead of the folder."


def _format(_: object, tokens: Sequence[Any]) -> str:
    """The formats of every command, by two more names."""
    name = str(tokens[0].value)
    if name not in _FORMATS:
        raise ValueError(f"expected one of {', '.join(_FORMATS)}, got {name!r}")
    return _FORMATS[name]


@Parameter(name="*", group="Options of every command")
@dataclass(frozen=True)
class Readable(Common):
    """Options of every command, with the names that rows of articles are asked by.

    Parameters
    ----------
    record
        Folder of a record of your own to put beside the text; by default the dossier that comes with the package.
    as_of
        Check claims as it was known on this day (of a month or year, on its last); today by default.
    format
        The text with what was found in it (also `text`), JSON lines (also `jsonl`), or CSV.
    quiet
        No progress and no notes on stderr.
    """

    format: Annotated[Format, Parameter(converter=_format)] = "table"


@dataclass(frozen=True)
class _Asked:
    """What is to be done with an article besides reading it."""

    out: Path | None
    check: bool
    drafts: Path | None
    review: Path | None
    reviewed: Path | None
    into: Path | None


def read(
    source: Annotated[str, Parameter(allow_leading_hyphen=True)],
    /,
    *,
    date: str | None = None,
    out: Path | None = None,
    check: bool = False,
    drafts: Path | None = None,
    review: Path | None = None,
    reviewed: Path | None = None,
    into: Path | None = None,
    into_folder: Path | None = None,
    model: str | None = None,
    endpoint: str | None = None,
    common: Readable = Readable(),
) -> None:
    """What does an article say? Events and claims, each under the sentence that says so, with its exact words.

    Nothing that an article says is evidence that it is so. JSON and CSV have a row for each event and claim.

    Parameters
    ----------
    source
        A file (.txt, .html), `-` for standard input, or a folder of articles.
    date
        Day of publication (YYYY-MM-DD), where the article does not say it.
    out
        Write a page: the text with its sentences marked, and what the record says where it differs.
    check
        Draft a test of each claim and put the verdicts beside the sentences.
    drafts
        Write the drafted tests to this file, to be put right and given to `multipolar check`.
    review
        Write the events to this table (tab-separated), for you to decide which are kept.
    reviewed
        The table with your decisions; goes with `--into`.
    into
        Enter the events kept into this record, as reported; without `--reviewed` each is asked about.
    into_folder
        Where the rows of a folder go; by default FOLDER-read. What is there already is not read again.
    model
        Folder of a classifier of your own (transformers); with `--endpoint` the name of its model.
    endpoint
        Address of a server that speaks OpenAI's chat completions, to read instead; its key in MULTIPOLAR_API_KEY.
    """
    asked = _Asked(out, check, drafts, review, reviewed, into)
    on = day(date, "--date")
    _possible(asked, source)
    if source != "-" and Path(source).is_dir():
        _read_folder(Path(source), into_folder, on, asked, _Chosen(model, endpoint), common)
        return
    if into_folder is not None:
        raise UsageError("expected a folder of articles, got one article", where="--into-folder", hint="Leave it out.")
    _read_one(source, on, asked, _Chosen(model, endpoint), common)


def evaluate(gold: Path, /, *, articles: Path | None = None, common: Common = COMMON) -> None:
    """How well does the reader read? Its answers against sentences and articles that people coded.

    Parameters
    ----------
    gold
        Folder of coded sets (docs/reading.md).
    articles
        Folder of the articles that are coded; by default `articles` beside it.
    """
    if not gold.is_dir():
        hint = "Name the folder that the coded sets are in."
        raise DataError.bad_file(gold, "a folder of coded sets", "a file" if gold.exists() else "no folder", hint=hint)
    with working(common.quiet) as step:
        step(0, 0, f"Reading what is coded in {gold}")
        from multipolar.reading.evaluate import evaluate as score

        rows = score(gold, articles=articles)
    heads = tuple(dict.fromkeys(name for row in rows for name in row))
    numbers = {name for name in heads if all(isinstance(row.get(name), int | float | None) for row in rows)}
    cells = [tuple(_cell(row.get(name)) for name in heads) for row in rows]
    show(Answer(rows, grids=(Grid(tuple(f"{n}>" if n in numbers else n for n in heads), cells),)), common)


def _cell(value: object) -> str:
    return "" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


@dataclass(frozen=True)
class _Chosen:
    """Who reads: the embedded reader, a model of the user's, or a server."""

    model: str | None
    endpoint: str | None

    @property
    def version(self) -> str:
        """Which one, so that a folder that another one read is read again."""
        if self.endpoint:
            return f"{self.endpoint} {self.model}"
        from hashlib import sha256
        from importlib.resources import files

        card = (files("multipolar.reading") / "data" / "pairs.json").read_bytes()
        return f"{self.model or ''} {sha256(card).hexdigest()[:12]}".strip()

    def reader(self) -> Reader:
        """The function that reads a document.

        Raises
        ------
        UsageError
            If a server is given without the name of a model.
        """
        if self.endpoint:
            if not self.model:
                hint = "Name one of the server's with --model NAME."
                raise UsageError("expected the name of a model, got none", where="--model", hint=hint)
            from multipolar.reading.endpoint import Endpoint

            return Endpoint(self.endpoint, self.model).read
        from multipolar.reading.reader import read

        if not self.model:
            return read
        from multipolar.reading.local import Local

        with_types: Callable[..., Reading] = read
        return partial(with_types, local=Local(Path(self.model)))


def _possible(asked: _Asked, source: str) -> None:
    """Refuse what cannot be done, before anything is read."""
    if asked.reviewed and asked.into is None:
        raise UsageError(
            "expected a record to enter the events into, got none", where="--reviewed", hint="Add --into RECORD."
        )
    if asked.review and (asked.reviewed or asked.into):
        hint = "First write the table with --review; then give it back with --reviewed FILE --into RECORD."
        raise UsageError("expected either to write a table or to enter events, got both", where="--review", hint=hint)
    if asked.into and not asked.reviewed:
        from multipolar.cli.reading_into import check_asking

        check_asking(source)
    for path, option in ((asked.out, "--out"), (asked.drafts, "--drafts"), (asked.review, "--review")):
        if path is not None:
            _writable(path)
            if option == "--review" and path.exists():
                hint = "Give it back with --reviewed, or choose another name: your decisions are not overwritten."
                raise UsageError(f"expected the name of a new file, got {path}", where=option, hint=hint)


def _read_one(source: str, on: Day | None, asked: _Asked, chosen: _Chosen, common: Common) -> None:
    with working(common.quiet) as step:
        step(0, 0, f"Reading {'standard input' if source == '-' else source}")
        from multipolar.brief.article import build
        from multipolar.reading.documents import load

        document = load(source if source == "-" else Path(source), on=on)
        reading = chosen.reader()(document)
        world = _world(asked, common, step)
        if asked.check:
            step(0, 0, "Estimating the ties of all pairs")
        article = build(reading, world, check=asked.check, asked=_of(world, common), progress=step)
        if asked.out is not None:
            article.write(asked.out)
        if asked.drafts is not None:
            _write_drafts(article, asked.drafts)
    _show(article, asked, common)
    _enter([reading], asked, common)


def _world(asked: _Asked, common: Common, step: Step) -> World | None:
    """The record to put beside the text, where anything is asked of one."""
    wanted = asked.check or asked.out is not None or common.record is not None or common.as_of is not None
    return open_world(common, step) if wanted else None


def _of(world: World | None, common: Common) -> str:
    if world is None:
        return ""
    return f"{f'the record {common.record}' if common.record else 'the dossier'} as known on {world.as_of}"


def _write_drafts(article: Article, path: Path) -> None:
    from multipolar.reading.drafts import toml
    from multipolar.record.files import write_whole

    try:
        write_whole(path, toml(article.drafts).encode())
    except OSError as error:
        raise RecordError.cannot_write(path, error) from error


def _show(article: Article, asked: _Asked, common: Common) -> None:
    if common.format == "table":
        from multipolar.cli.reading_text import show_article

        console = terminal()
        show_article(article, console)
        if asked.out is not None:
            _name(console, asked.out)
    else:
        write_rows(article.rows(), common.format)
    reading = article.reading
    notes = [*reading.document.notes, *reading.notes]
    if reading.document.date is None:
        notes.append("The article has no date, so that days as “on Wednesday” have none either: give it with --date.")
    if asked.out is not None and common.format != "table":
        notes.append(f"page written to {asked.out}")
    if asked.drafts is not None:
        tested = sum(draft.testable for draft in article.drafts)
        notes.append(f"{tested} of {len(article.drafts)} claims drafted as tests in {asked.drafts}")
    tell(dict.fromkeys(notes), common.quiet)


def _enter(readings: Sequence[Reading], asked: _Asked, common: Common) -> None:
    """Write the table to decide on, or enter what was kept."""
    if asked.review is None and asked.into is None:
        return
    from multipolar.cli.reading_into import enter, write_review

    if asked.review is not None:
        write_review(readings, asked.review, common)
    elif asked.into is not None:
        enter(readings, asked.reviewed, asked.into, common)


def _read_folder(
    folder: Path, into_folder: Path | None, on: Day | None, asked: _Asked, chosen: _Chosen, common: Common
) -> None:
    for given, option in ((asked.out, "--out"), (asked.check, "--check"), (asked.drafts, "--drafts")):
        if given:
            raise UsageError("expected one article, got a folder", where=option, hint=_ALONE)
    out = into_folder or Path(f"{folder if folder.name not in ('', '..') else folder.resolve()}-read")
    with working(common.quiet) as step:
        step(0, 0, f"Reading {folder}")
        from multipolar.reading.documents.folder import articles, failures, read_folder, readings

        summary = read_folder(folder, out, chosen.reader(), progress=step, on=on, version=chosen.version)
        heads = list(articles(out))
        rows = list(readings(out)) if common.format != "table" else []
    _show_folder(summary, heads, rows, out, common)
    if asked.review or asked.into:
        from multipolar.cli.reading_into import of_folder

        _enter(of_folder(folder, out, on), asked, common)
    failed = failures(out)
    if failed:
        total = summary.read + summary.skipped + summary.failed
        told = "".join(f"\n{one['message']}" for one in failed[:NAMED])
        more = f"\nand {len(failed) - NAMED} more, in {out / 'errors.jsonl'}" if len(failed) > NAMED else ""
        raise DataError(f"expected {total} articles, got {total - len(failed)}; not read:{told}{more}")


def _head(head: dict[str, Any]) -> tuple[str, ...]:
    title = head["title"] or head["file"]
    return head["doc_id"], head["date"] or "no date", f"{head['events']:,}", f"{head['claims']:,}", title


def _show_folder(
    summary: Summary, heads: list[dict[str, Any]], rows: list[dict[str, Any]], out: Path, common: Common
) -> None:
    counted = (
        f"{summary.read:,} read, {summary.skipped:,} read before, {summary.failed:,} failed; "
        f"{summary.events:,} events and {summary.claims:,} claims, in {out}"
    )
    if common.format == "table":
        cells = [_head(head) for head in heads[:SHOWN]]
        more = (f"and {len(heads) - SHOWN:,} more",) if len(heads) > SHOWN else ()
        grid = Grid(("article", "date", "events>", "claims>", "title"), cells)
        show(Answer((), grids=(grid,), after=more, notes=(counted,)), common)
        return
    write_rows(rows, common.format)
    tell((counted,), common.quiet)
