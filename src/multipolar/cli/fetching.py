"""Getting the data: what data sets there are, what of them is here and in a record, and fetching them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from multipolar.cli.describing import about, covers, data_set, line
from multipolar.cli.options import COMMON, Common, as_it_lies, open_world, span
from multipolar.cli.output import Answer, Grid, show
from multipolar.cli.progress import Step, working
from multipolar.errors import DataError, MultipolarError, UsageError

if TYPE_CHECKING:
    from multipolar.sources import DataSource
    from multipolar.sources.fetch import Fetched
    from multipolar.sources.fetch.store import Entry

#: Files of each state that the table shows; JSON and CSV have all.
LISTED: Final = 20
_SHORT: Final = 12


def sources(
    name: str | None = None,
    /,
    *,
    to: Path | None = None,
    check: bool = False,
    common: Common = COMMON,
) -> None:
    """The data sets there are: publisher, licence, what is covered, what is here, how fresh, and what is in a record.

    With `--record`, also how many statements of each the record has, and of which edition.

    Parameters
    ----------
    name
        Show everything about this one: what to cite, its addresses, its checks, and what was decided in reading it.
    to
        Folder of fetched files; by default as for `multipolar fetch`.
    check
        Ask the publishers' servers whether the files that are here have changed there.
    """
    with working(common.quiet) as step:
        from multipolar.sources import SOURCES, get
        from multipolar.sources.fetch.store import home

        root = home(to)
        chosen = SOURCES if name is None else (get(name),)
        held = _in_record(common, step)
        rows: list[dict[str, Any]] = []
        notes: list[str] = []
        for place, source in enumerate(chosen):
            if check:
                step(place, len(chosen), f"Asking about {source.name}")
            row = line(source) | _here(source, root, check, notes) | held.get(source.name, _NOTHING)
            rows.append(row if common.record is not None else {k: v for k, v in row.items() if k not in _NOTHING})
    if name is not None:
        rows = [row | about(source) for row, source in zip(rows, chosen, strict=True)]
        says, grids, after = _told(rows[0])
        show(Answer(rows, says, grids, after, notes), common)
        return
    show(Answer(rows, grids=(_listed(rows),), after=(f"Folder of fetched files: {root}",), notes=notes), common)


def fetch(
    *names: str,
    to: Path | None = None,
    since: str | None = None,
    until: str | None = None,
    again: bool = False,
    common: Common = COMMON,
) -> None:
    """Fetch the files of data sets from their publishers: https, the publisher's hosts alone, checked, resumed.

    The files go to a folder of each source's name, with a manifest of what came from where and when. A file of a period
    that the publisher does not have is a gap: nothing is known of its time. Proxies named in the environment are not used.

    Parameters
    ----------
    names
        Names of sources (`multipolar sources` lists them).
    to
        Folder of fetched files; by default the one that MULTIPOLAR_DATA names, or one in the system's cache folder.
    since
        First day, for a source with a file an hour or a day.
    until
        Last day.
    again
        Fetch files once more that are here already; the old one stays until the new one is whole and checked.
    """
    as_it_lies(common)
    first, last = span(since, until)
    with working(common.quiet) as step:
        from multipolar.sources import get
        from multipolar.sources.fetch.store import home

        root, chosen = home(to), [get(name) for name in dict.fromkeys(names)]
        _ask_for_what_there_is(chosen, first, last)
        done = [one for source in chosen for one in _fetched(source, root, first, last, again, step)]
    failed = [one for one in done if one.error]
    if len(done) == 1 and done[0].error:
        raise done[0].error
    show(Answer([_row(one, root) for one in done], (f"Folder: {root}",), _fetch_grids(done), (_counted(done),)), common)
    if failed:
        raise DataError(
            f"expected {len(done):,} files, got {len(done) - len(failed):,}; the first that failed: {failed[0].error}"
        )
    _refuse_nothing_but_gaps(done)


def _ask_for_what_there_is(chosen: list[DataSource], first: date | None, last: date | None) -> None:
    if not chosen:
        raise UsageError("expected the name of a source, got none", hint="`multipolar sources` lists them.")
    if (first or last) and not any(source.dated for source in chosen):
        hint = "Leave --since and --until out: these sources have one file for all years."
        raise UsageError("expected a source with a file an hour or a day", where="--since, --until", hint=hint)


def _fetched(
    source: DataSource, root: Path, first: date | None, last: date | None, again: bool, step: Step
) -> list[Fetched]:
    """What became of each file; that a source has none to fetch is the failure of that one alone."""
    from multipolar.sources.fetch import Fetched, fetch

    try:
        return list(fetch(source, root, since=first, until=last, again=again, progress=step))
    except DataError as error:
        return [Fetched(source.name, "", source.urls[0], "failed", error=error)]


def _refuse_nothing_but_gaps(done: list[Fetched]) -> None:
    if done and all(one.state == "gap" for one in done):
        hint = "Check the days: the publisher has nothing of them (yet), or has moved its files."
        raise DataError(f"expected files of the period, got none of {len(done):,}", where=done[0].url, hint=hint)


def _row(one: Fetched, root: Path) -> dict[str, Any]:
    entry = one.entry
    return {
        "source": one.source,
        "file": one.name,
        "state": one.state,
        "path": str(root / one.source / one.name) if entry else None,
        "size": entry.size if entry else None,
        "sha256": entry.sha256 if entry else None,
        "fetched": entry.fetched.isoformat(timespec="seconds") if entry else None,
        "url": one.url,
        "error": str(one.error) if one.error else None,
    }


def _fetch_grids(done: list[Fetched]) -> list[Grid]:
    """What came, and what did not; only the first of many."""
    came = [one for one in done if one.entry]
    missing = [one for one in done if not one.entry]
    cells = [
        (
            one.source,
            one.name,
            one.state,
            f"{one.entry.size:,}",
            f"{one.entry.fetched:%Y-%m-%d}",
            one.entry.sha256[:_SHORT],
        )
        for one in came[:LISTED]
        if one.entry
    ]
    gone = [
        (one.source, one.name, one.state, one.error.message if one.error else "the publisher has none")
        for one in missing
    ]
    grids = [Grid(("source", "file", "state", "bytes>", "fetched", "sha256"), cells)] if cells else []
    return grids + ([Grid(("source", "file", "state", "why"), gone[:LISTED], "Not here")] if gone else [])


def _counted(done: list[Fetched]) -> str:
    count = {state: sum(one.state == state for one in done) for state in ("fetched", "here", "gap", "failed")}
    gaps = f", {count['gap']:,} missing at the publisher (gaps: nothing is known of their time)" if count["gap"] else ""
    return f"{count['fetched']:,} fetched, {count['here']:,} here already{gaps}, {count['failed']:,} failed."


_NOTHING: Final[dict[str, Any]] = {"statements": 0, "editions": []}


def _in_record(common: Common, step: Step) -> dict[str, dict[str, Any]]:
    """Statements and editions of each data set in the record, by its name; nothing if no record is named."""
    if common.record is None:
        return {}
    view = open_world(common, step).view
    from multipolar.record import FORMS
    from multipolar.sources import SOURCES

    counts: Counter[str] = Counter()
    for form in FORMS:
        counts.update(dict(view.statements(form)["source"].value_counts().iter_rows()))
    found: dict[str, dict[str, Any]] = {}
    for key, source in view.sources().items():
        name = data_set(source, SOURCES)
        if name is not None:
            row = found.setdefault(name, {"statements": 0, "editions": []})
            row["statements"] += counts[key]
            row["editions"].append(key)
    return found


def _here(source: DataSource, root: Path, check: bool, notes: list[str]) -> dict[str, Any]:
    """What was fetched of a data set, how old it is, and whether its publisher has another by now."""
    from multipolar.sources.fetch import fetched_files
    from multipolar.sources.fetch.store import read_manifest

    entries = fetched_files(source, root)
    newest = max(entries, key=lambda entry: entry.fetched, default=None)
    changed = [_changed(source, entry, notes) for entry in entries] if check else []
    return {
        "here": [_file(entry) for entry in entries],
        "size": sum(entry.size for entry in entries) if entries else None,
        "fetched": newest.fetched.isoformat(timespec="seconds") if newest else None,
        "age_days": newest.age if newest else None,
        "gaps": sorted(read_manifest(root / source.name).gaps),
        "newer": True if True in changed else None if None in changed or not changed else False,
    }


def _file(entry: Entry) -> dict[str, Any]:
    told = {"file": entry.name, "size": entry.size, "fetched": entry.fetched.isoformat(timespec="seconds")}
    return {**told, "age_days": entry.age, "sha256": entry.sha256, "modified": entry.modified, "url": entry.url}


def _changed(source: DataSource, entry: Entry, notes: list[str]) -> bool | None:
    from multipolar.sources.fetch import newer

    try:
        found = newer(source, entry)
    except MultipolarError as error:
        notes.append(f"{source.name}: {error}")
        return None
    if found is None:
        notes.append(f"{source.name}: the server does not say whether {entry.name} has changed")
    return found


def _listed(rows: list[dict[str, Any]]) -> Grid:
    """One line a data set."""
    heads = ["name", "data set", "covers", "licence", "here"]
    recorded = rows and "statements" in rows[0]
    cells = []
    for row in rows:
        cell = [
            row["name"],
            f"{row['publisher']}: {row['title']}",
            covers(row),
            row["licence"],
            _freshness(row),
        ]
        cells.append([*cell, _recorded(row)] if recorded else cell)
    return Grid((*heads, "in record") if recorded else tuple(heads), cells)


def _freshness(row: dict[str, Any]) -> str:
    if not row["here"]:
        return f"no ({row['get']})"
    age = {0: "today", 1: "yesterday"}.get(row["age_days"], f"{row['age_days']:,} days ago")
    several = f", {len(row['here']):,} files" if len(row["here"]) > 1 else ""
    gaps = f", {len(row['gaps']):,} missing" if row["gaps"] else ""
    told = {True: "; changed there since", False: "; the newest"}.get(row["newer"], "")
    return f"{row['size'] / 1e6:,.1f} MB{several}{gaps}, {age}{told}"


def _recorded(row: dict[str, Any]) -> str:
    return f"{row['statements']:,} ({', '.join(row['editions'])})" if row["statements"] else "no"


def _told(row: dict[str, Any]) -> tuple[list[str], list[Grid], list[str]]:
    """All of one data set for people."""
    says = [f"{row['title']} ({row['publisher']})", "", *row["decisions"].splitlines()]
    facts = [
        (label, str(row[name])) for label, name in (("name", "name"), ("licence", "licence"), ("to cite", "citation"))
    ]
    facts += [
        ("may be passed on", "yes" if row["redistributable"] else "no"),
        ("editions read", "; ".join(row["versions"])),
    ]
    facts += [("covers", text) for text in row["covers"]]
    facts += [("page", url) for url in row["urls"]]
    facts += [("fetch", f"{one['name']} from {one['url']}") for one in row["downloads"]]
    facts += [("by hand", row["by_hand"])] if row["by_hand"] else []
    facts += [("file names", ", ".join(row["files"])), ("here", _freshness(row))]
    facts += [
        ("file", f"{one['file']}, {one['size']:,} bytes, {one['modified'] or one['fetched']}") for one in row["here"]
    ]
    facts += [("in the record", _recorded(row))] if "statements" in row else []
    checks = [(one["name"], one["expected"]) for one in row["checks"]]
    works = [(one["key"], f"{'; '.join(one['authors'])} ({one['year']}). {one['title']}.") for one in row["references"]]
    grids = [Grid(("", ""), facts), Grid(("check", "a good release shows"), checks, "Checks")]
    return says, grids + ([Grid(("key", "work"), works, "Works")] if works else []), []
