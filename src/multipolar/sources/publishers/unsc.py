"""Vetoes in the UN Security Council → vote statements.

A row is a draft that a permanent member's negative vote kept from being adopted; the library's voting data (sources
``undl-sc`` and ``undl-2021``) lack these drafts. One statement a veto: the member voted "no" on the draft, on that day, in
public. How the other members voted is not in the lists: missing, neither "yes" nor an abstention.

**Layouts.** The list of the UN's political department (``DPPA-SCVETOES.csv``, kept up to date), and C. L. Yordan's of the
library's page to September 2022. Where Yordan's names of members and his 0/1 columns differ, the names are taken: the
0/1 columns lack vetoes of the 1960s to 1980s. The seat of China is that of the member of the day.

**Which.** A draft without a symbol of its own has that of its meeting (``S/PV.49``), which several share: their roll calls
are numbered in the file's order.

Source: Yordan (2022), List of UN Security Council Vetoes, World Politics Data Lab, from the UN Dag Hammarskjöld Library,
https://research.un.org/en/docs/sc/quick/veto.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.record import Coverage, Source
from multipolar.sources import files, rollcalls, who
from multipolar.sources.model import Check, DataSource, Download, Parsed, Reference, rows_between

BEGIN: Final = date(1946, 1, 1)
#: Permanent members as the lists call them -> actors that may hold the seat.
SEATS: Final = {
    "China": ("CHN", "TWN"),
    "France": ("FRA",),
    "Russia": ("RUS",),
    "USSR": ("RUS",),
    "UK": ("GBR",),
    "USA": ("USA",),
}
MEMBERS: Final = ("CHN", "FRA", "GBR", "RUS", "TWN", "USA")
YORDAN: Final = {
    "day": ("date",),
    "draft": ("draft",),
    "text": ("agenda_item",),
    "issue": ("crisis_topic",),
    **{f"name{number}": (f"member_veto{number}",) for number in (1, 2, 3)},
    **{f"is_{seat}": (seat,) for seat in SEATS},
}
#: Columns of the department's list, the members' last.
DPPA_TEXT: Final = {"day": ("date",), "draft": ("draft_res#",), "text": ("agenda",), "issue": ("short_agenda",)}
DPPA_SEATS: Final = {
    "China": "china",
    "France": "france",
    "Russia": "russian_federation_ussr",
    "UK": "united_kingdom",
    "USA": "united_states",
}
TITLE: Final = "Vetoes in the Security Council"
PUBLISHER: Final = "United Nations (lists of vetoes)"
URL: Final = "https://research.un.org/en/docs/sc/quick/veto"
DPPA_URL: Final = "https://psdata.un.org/dataset/DPPA-SCVETOES"
CITATION: Final = (
    "Yordan, C. L. (2022). List of UN Security Council Vetoes, 1946 - September 2022. World Politics Data Lab, from the UN "
    f"Dag Hammarskjöld Library, {URL}."
)
DPPA_CITATION: Final = (
    f"United Nations, Department of Political and Peacebuilding Affairs (2025). Security Council Data: Vetoes Since 1946. "
    f"{DPPA_URL}."
)


def parse(path: Path) -> Parsed:
    """Read the list of the UN's political department or C. L. Yordan's; the header tells which.

    Raises
    ------
    DataError
        If the file is damaged or of neither layout, a day is none, a member is not a permanent one, or a row has no veto.
    """
    data = files.content(path)
    layout = "dppa" if "draft_res#" in (name.strip().lower() for name in files.header_of(path, data)) else "yordan"
    frame, cells = _dppa(path, data) if layout == "dppa" else _yordan(path, data)
    calls = _calls(frame, path, layout)
    cast = cells.join(calls.select("call", files.ROW, "date"), on=files.ROW).with_columns(
        choice=pl.lit("no"), original=pl.col("seat"), **{"from": pl.col("date"), "to": pl.col("date")}
    )
    votes, left = rollcalls.seated(cast, who.holders(SEATS, "UN"))
    last = calls["date"].max()
    assert isinstance(last, date)
    empty = frame.join(votes, on=files.ROW, how="anti")
    return Parsed(
        frames={"vote": rollcalls.statements(votes, calls.drop("date", files.ROW))},
        sources=(_source(layout, last),),
        coverage=(coverage(layout, last),),
        label=f"Security Council vetoes, {path.name}",
        layout=layout,
        rows=frame.height,
        left_out=left if empty.height else (),
        remarks=_remarks(frame) if layout == "yordan" else (),
    )


def _yordan(path: Path, data: bytes) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Drafts, and one row a veto with the member's name in ``seat``."""
    frame = files.table(path, data, YORDAN)
    names = [name for name in YORDAN if name.startswith("name")]
    files.given(frame, path, "day", "draft", "name1")
    for name in names:
        known = pl.col(name).is_in(list(SEATS)) | pl.col(name).is_null()
        files.refuse(frame, ~known, path, name, f"one of {', '.join(SEATS)}")
    parsed = pl.col("day").str.to_date("%m/%d/%Y", strict=False)
    files.refuse(frame, parsed.is_null(), path, "day", "a day (M/D/YYYY)")
    cells = frame.unpivot(index=files.ROW, on=names, value_name="seat").drop_nulls("seat").drop("variable")
    return frame.with_columns(date=parsed), cells


def _dppa(path: Path, data: bytes) -> tuple[pl.DataFrame, pl.DataFrame]:
    frame = files.table(path, data, DPPA_TEXT | {seat: (column,) for seat, column in DPPA_SEATS.items()})
    frame = files.given(frame, path, "day", "draft")
    for seat in DPPA_SEATS:
        frame = files.whole(frame, path, seat, 0, 1, null=True)
    none = pl.sum_horizontal(pl.col(seat).fill_null(0) for seat in DPPA_SEATS) == 0
    files.refuse(frame, none, path, "draft", "a draft that a member vetoed")
    frame = files.day(frame, path, "day").rename({"day": "date"})
    cells = frame.unpivot(index=files.ROW, on=list(DPPA_SEATS), variable_name="seat", value_name="vetoed")
    return frame, cells.filter(pl.col("vetoed") == 1).drop("vetoed")


def _calls(frame: pl.DataFrame, path: Path, layout: str) -> pl.DataFrame:
    files.refuse(frame, ~pl.col("date").is_between(BEGIN, date.today()), path, "date", f"a day from {BEGIN} to today")
    last = frame["date"].max()
    assert isinstance(last, date)
    number = pl.int_range(pl.len()).over("draft") + 1
    name = pl.format("UNSC-draft:{}", "draft")
    return frame.with_row_index("call").select(
        "call",
        files.ROW,
        "date",
        "issue",
        kind=pl.lit("UNSC"),
        source=pl.lit(f"unsc-vetoes-{layout}:{last}"),
        rollcall=pl.when(number > 1).then(pl.format("{}#{}", name, number)).otherwise(name),
        place=pl.format("line {}, {}", files.ROW, "draft"),
        text=pl.format("draft not adopted: {}", pl.col("text").fill_null(pl.col("draft"))),
    )


def _remarks(frame: pl.DataFrame) -> tuple[str, ...]:
    """Rows in which the 0/1 columns do not say what the names say."""
    named = [pl.any_horizontal(pl.col("name1", "name2", "name3").eq_missing(seat)) for seat in SEATS]
    flags = [pl.col(f"is_{seat}").is_in(["1", "1.0"]).fill_null(False) for seat in SEATS]
    wrong = frame.filter(pl.any_horizontal(name != flag for name, flag in zip(named, flags, strict=True)))
    text = f"{wrong.height} rows whose 0/1 columns lack members that their names have: the names are taken"
    return (text,) if wrong.height else ()


def coverage(layout: str, last: date) -> Coverage:
    """Vetoes of permanent members: who did not veto may have voted anything, which is not in the lists."""
    key, note = f"unsc-vetoes-{layout}:{last}", "vetoes cast; the votes of other members are not there"
    return Coverage(key, "vote", "UNSC", MEMBERS, "a", date(1946, 2, 16), last, "missing", note)


def _source(layout: str, last: date) -> Source:
    note = f"Vetoes to {last}: only the members that cast them, not how the others voted."
    url, citation = (DPPA_URL, DPPA_CITATION) if layout == "dppa" else (URL, CITATION)
    return Source(f"unsc-vetoes-{layout}:{last}", PUBLISHER, TITLE, None, url, SOURCE.licence, citation, note)


def _vetoed(draft: str, members: tuple[str, ...]) -> Check:
    """A check that these members, and no others, vetoed a draft."""

    def failure(parsed: Parsed) -> str | None:
        votes = parsed.frame("vote").filter(pl.col("rollcall") == f"UNSC-draft:{draft}")
        got = tuple(sorted(votes["a"]))
        return None if got == members else ", ".join(got) or "no such draft"

    return Check(f"vetoes of {draft}", f"vetoes of {', '.join(members)} on {draft}", failure)


SOURCE: Final = DataSource(
    name="unsc-vetoes",
    publisher=PUBLISHER,
    title=TITLE,
    citation=CITATION,
    licence="MIT (C. L. Yordan's list); terms of use of the United Nations (its own list)",
    redistributable=False,
    urls=(DPPA_URL, URL, "https://github.com/world-politics-datalab/vetoes-un-security-council"),
    versions=("September 2022", "2025"),
    coverage=(coverage("yordan", date(2022, 7, 8)),),
    parse=parse,
    checks=(
        rows_between(214, 600),
        _vetoed("S/2022/155", ("RUS",)),
        _vetoed("S/2022/431", ("CHN", "RUS")),
        _vetoed("S/10771", ("CHN",)),
        _vetoed("S/11967", ("FRA",)),
    ),
    files=("DPPA-SCVETOES*.csv", "dppa-scvetoes*.csv", "unsc_vetoes_1946_sept2022.csv", "unsc_vetoes*.csv"),
    references=(
        Reference(
            "yordan2022vetoes", "misc", ("Yordan, Carlos L.",), 2022, "List of UN Security Council Vetoes", url=URL
        ),
    ),
    downloads=(
        Download(
            "https://raw.githubusercontent.com/world-politics-datalab/vetoes-un-security-council/"
            "661c5246872143cf16e500e4e7f2f70a45df5ac8/unsc_vetoes_1946_sept2022.csv",
            "unsc_vetoes_1946_sept2022.csv",
            "d6b65d698d8f4e5a6eddcd922e7659b40e22d262940f1440b51360929d87ab74",
            1 << 20,
        ),
    ),
    by_hand=f"For vetoes since September 2022 open {DPPA_URL} and download the CSV file DPPA-SCVETOES.csv.",
)
