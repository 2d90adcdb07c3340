"""GDELT's export files, versions 1.0 and 2.0 → events between states, day by day.

GDELT reads the world's news by machine. Version 2.0 has a file every 15 minutes since 2015-02-18 23:00 UTC (61 columns);
version 1.0 a file a day since 2013-04-01 (58 columns) and before that one a month or year back to 1979 (57 columns). All
are TAB-separated without a header. Zip, gzip and plain files are read.

What was decided:

- **States only.** An event counts where both sides are different states, or act for them (role none, GOV, MIL, SPY, JUD, LEG
  or COP). The rest, by far most rows, is left out and counted by reason.
- **Codes.** CAMEO 1.1b3 becomes PLOVER's type and mode. Comments (01) and appeals (02) are no events in PLOVER. The score is
  Goldstein's, from the code.
- **One event, several rows.** Rows of the same day, states and code are one event; mentions, sources and articles are summed
  (see `events.table`). What two files tell twice is grouped where indicators are computed.
- **Two days.** ``day`` is SQLDATE, ``known`` the day of DATEADDED, from which alone it may be used. Where an article says "a
  year ago" or "a decade ago", GDELT dates the event by it; rows dated 360 days or more before they were added are left out,
  as are rows dated later than that. (In the files before April 2013 both days are the same by construction.)
- **Both ways.** GDELT often tells a visit twice, as a visiting b and as b hosting a (042, 043). Both stand.

A ragged row, a date such as ``20x0`` or a count that is no number refuses the file, with row and column.

Source: Leetaru & Schrodt (2013), GDELT: Global Data on Events, Location and Tone, 1979-2012, ISA Annual Convention; GDELT
Event Codebook 2.0 (2015), Data Format Codebook 1.03 (2013), https://www.gdeltproject.org/data.html.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.errors import DataError
from multipolar.record import Source
from multipolar.sources import files
from multipolar.sources.events import table
from multipolar.sources.events.table import Account
from multipolar.sources.model import DataSource, Parsed, Reference
from multipolar.sources.publishers.gdelt_export import MEMBER, read_batch, read_export
from multipolar.sources.publishers.gdelt_files import downloads

__all__ = ["SOURCE", "parse", "read_export"]

#: Most rows that go into a record; more belong into an event archive.
MOST: Final = 2_000_000
#: Names of export files.
PATTERNS: Final = ("*.export.CSV.zip", "*.export.CSV.gz", "*.export.CSV", "*.export.csv*")
URL: Final = "https://www.gdeltproject.org/data.html"
CITATION: Final = (
    "Leetaru, K. & Schrodt, P. A. (2013). GDELT: Global Data on Events, Location, and Tone, 1979-2012. ISA Annual "
    "Convention. Data: the GDELT Project, https://www.gdeltproject.org/."
)
COVERS: Final = "events between states that GDELT found in the news of the day"
NOTE: Final = "Coded from news by machine: reports of events, with errors of date, place and actor."


def parse(path: Path) -> Parsed:
    """Read an export file, or all export files of a folder, as statements.

    Raises
    ------
    DataError
        If a file is damaged or of another version than the first, none is there, or they hold more than `MOST` rows.
    """
    tables: list[pl.DataFrame] = []
    told: list[Account] = []
    for file in _files(path):
        frame, account = _read(file, MOST - sum(each.rows for each in told))
        tables.append(frame)
        told.append(account)
    editions = sorted({account.edition for account in told})
    if len(editions) > 1:
        hint = "The versions tell the same events: keep them in folders of their own."
        raise DataError.bad_file(path, "files of one version of GDELT", ", ".join(editions), hint=hint)
    key = editions[0].replace("gdelt-", "gdelt:") + ".0"
    return Parsed(
        frames={"event": table.statements(pl.concat(tables), key, "GlobalEventID")},
        sources=(_source(key),),
        coverage=table.coverage(key, table.whole_days(span for account in told for span in account.covers), COVERS),
        label=f"GDELT, {path.name}",
        layout=editions[0],
        rows=sum(account.rows for account in told),
        left_out=table.summed(told),
        remarks=(f"{sum(account.events for account in told):,} events in {len(told):,} files",),
    )


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted({file for pattern in PATTERNS for file in path.glob(pattern)})
    if not found:
        raise DataError.bad_file(path, f"export files ({', '.join(PATTERNS)})", "none", hint=f"See {URL}.")
    return found


def _read(path: Path, most: int) -> tuple[pl.DataFrame, Account]:
    data = files.content(path, member=MEMBER)
    if data.count(b"\n") > most:
        hint = (
            "Put large files into an event archive (`multipolar events FOLDER --add`); indicators are computed over it."
        )
        raise DataError.bad_file(path, f"at most {MOST:,} rows for a record", "more", hint=hint)
    frame, accounts = read_batch([(path, data)])
    return frame, accounts[0]


def _source(key: str) -> Source:
    return Source(key, SOURCE.publisher, SOURCE.title, None, URL, SOURCE.licence, CITATION, NOTE)


SOURCE: Final = DataSource(
    name="gdelt",
    publisher="The GDELT Project",
    title="GDELT Event Database",
    citation=CITATION,
    licence="Free for any use with citation and a link to https://www.gdeltproject.org/.",
    redistributable=True,
    urls=(URL, "https://data.gdeltproject.org/gdeltv2/masterfilelist.txt", "https://data.gdeltproject.org/events/index.html"),
    versions=("1.0 (57 or 58 columns)", "2.0 (61 columns)"),
    coverage=table.coverage("gdelt:2.0", [(date(1979, 1, 1), date(2024, 2, 23))], COVERS),
    parse=parse,
    checks=(table.mixed(), table.prompt()),
    files=("20161013151500.export.CSV.gz", *PATTERNS),
    references=(
        Reference(
            "leetaru2013gdelt", "misc", ("Leetaru, Kalev", "Schrodt, Philip A."), 2013,
            "GDELT: Global Data on Events, Location, and Tone, 1979-2012", "ISA Annual Convention",
            url="https://www.gdeltproject.org/",
        ),
        Reference(
            "goldstein1992conflict", "article", ("Goldstein, Joshua S.",), 1992,
            "A Conflict-Cooperation Scale for WEIS Events Data", "Journal of Conflict Resolution", "36", "369-385",
        ),
        Reference(
            "schrodt2012cameo", "techreport", ("Schrodt, Philip A.",), 2012,
            "CAMEO: Conflict and Mediation Event Observations, Event and Actor Codebook, version 1.1b3",
        ),
    ),
    dated=downloads,
)  # fmt: skip
