"""Armed conflicts since 1946 (UCDP/PRIO): conflict-years → ties between states, and traits of states at war within.

- A conflict between states (type 2) is a tie ``armed_conflict`` of each primary party of side A with each of side B.
- A conflict within a state (type 3, and type 4 with foreign troops) is a trait ``internal_conflict`` of the state whose
  government fights. Several conflicts of a state in a year are several statements.
- Secondary parties, states that sent troops to a side, are named in `text`, not told as parties.
- A conflict of a state with people outside it (type 1, the wars of the colonial empires) is neither between states nor
  within one: left out and counted.

The value is the intensity in that year: 1 for 25 to 999 battle deaths, 2 for 1,000 and more. A conflict that does not
reach 25 in a year is not in the data: for states in the table, no statement means none (coverage: zero).

**Dates.** One statement a conflict and year, known from the end of that year (what was only known later, such as when it
would end, is not told in advance). It covers the year; but in the first year of an episode it begins on ``start_date2``,
when the episode had cost 25 lives (precision 1 or 2: that day; 3: the first of its month; else 1 January), and in the
last year it ends on ``ep_end_date`` (with the same rule, to the end of the month or year, where ``ep_end_prec`` is given).

**Codes** are those of Gleditsch & Ward, not of the Correlates of War: 260 is Germany to this day, 678 Yemen; but 345,
Yugoslavia, goes on here as Serbia.
The publisher's file has a row a conflict-year, with lists of codes (``"2, 200, 900"``); the layout with a row a
combination of parties, as in the R package peacesciencer, is read too, and tells the same.

Sources: Gleditsch, Wallensteen, Eriksson, Sollenberg & Strand (2002), Journal of Peace Research 39(5): 615-637,
doi:10.1177/0022343302039005007; Davies, Pettersson, Sollenberg & Öberg (2025), Journal of Peace Research 62(4).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.errors import DataError
from multipolar.record import Coverage, Source
from multipolar.sources import files, periods, who
from multipolar.sources.model import Check, DataSource, Download, LeftOut, Parsed, Reference, rows_between

PARTIES: Final = {"a": ("gwno_a",), "a_2nd": ("gwno_a_2nd",), "b": ("gwno_b",), "b_2nd": ("gwno_b_2nd",)}
COLUMNS: Final = {
    "conflict": ("conflict_id",),
    "year": ("year",),
    **PARTIES,
    "issue": ("incompatibility",),
    "level": ("intensity_level",),
    "type": ("type_of_conflict",),
    "begun": ("start_date2",),
    "begun_prec": ("start_prec2",),
    "over": ("ep_end",),
    "ended": ("ep_end_date",),
}
OPTIONAL: Final = {"ended_prec": ("ep_end_prec",), "version": ("version",), "territory": ("territory_name",)}
TYPES: Final = {
    "1": "extrasystemic", "2": "interstate", "3": "intrastate", "4": "II",
    **{name: name for name in ("extrasystemic", "interstate", "intrastate", "II")},
}  # fmt: skip
ISSUES: Final = {
    "1": "territory", "2": "government", "3": "territory and government", "both": "territory and government",
    "territory": "territory", "government": "government",
}  # fmt: skip
WORDS: Final = {
    "interstate": "conflict between states",
    "intrastate": "conflict within the state",
    "II": "conflict within the state, with foreign troops,",
}
#: Words of `text` before the states that sent troops to a side: between states, and within one.
HELP: Final = {
    "a_2nd": ("troops on side A", "troops for the government"),
    "b_2nd": ("troops on side B", "troops against the government"),
}
FIRST_YEAR: Final = 1946
#: Codes that Gleditsch & Ward have and the table of states has not.
WHY: Final = {"751": "Hyderabad (751, to 1948) is not in the table of states"}
NULLS: Final = ("NA", "")


def parse(path: Path) -> Parsed:
    """Read the conflict-years of the UCDP/PRIO Armed Conflict Dataset.

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code, year, day, type or intensity.
    """
    frame = _read(path)
    last_year = max(frame["year"].to_list(), default=FIRST_YEAR)
    key = f"ucdp-acd:{_version(frame, path, last_year)}"
    parties, remarks = _parties(frame, path)
    years = _with_text(_years(frame), parties)
    ties, traits = _ties(years, parties, key), _traits(years, parties, key)
    return Parsed(
        frames={"tie": ties.drop("conflict", "year"), "trait": traits.drop("conflict", "year")},
        sources=(_source(key, last_year),),
        coverage=coverage(key, last_year),
        label=f"UCDP/PRIO Armed Conflict Dataset, {path.name}",
        layout="conflict-years" if frame["conflict", "year"].is_unique().all() else "parties",
        rows=frame.height,
        left_out=_left(frame, (ties, traits)),
        remarks=remarks,
    )


def _read(path: Path) -> pl.DataFrame:
    frame = files.table(path, files.content(path), COLUMNS, optional=OPTIONAL, nulls=NULLS)
    for name, low, high in (("conflict", 1, 999_999), ("year", FIRST_YEAR, date.today().year), ("level", 1, 2)):
        frame = files.whole(frame, path, name, low, high)
    for name, low, high in (("begun_prec", 1, 9), ("over", 0, 1), ("ended_prec", 1, 9)):
        frame = files.whole(frame, path, name, low, high, null=name == "ended_prec")
    for name, known in (("type", TYPES), ("issue", ISSUES)):
        bare = pl.col(name).str.replace(r"\.0$", "")
        files.refuse(frame, ~bare.is_in(list(known)).fill_null(False), path, name, f"one of {', '.join(known)}")
        frame = frame.with_columns(bare.replace_strict(known).alias(name))
    frame = files.once(frame, path, "conflict", "year", *PARTIES)
    frame = files.day(files.given(frame, path, "a"), path, "begun")
    ended = files.day(frame.filter(pl.col("ended").is_not_null()), path, "ended").select(files.ROW, "ended")
    frame = frame.drop("ended").join(ended, on=files.ROW, how="left", maintain_order="left")
    files.refuse(
        frame, (pl.col("type") == "interstate") & pl.col("b").is_null(), path, "b", "the state on the other side"
    )
    return frame


def _version(frame: pl.DataFrame, path: Path, last_year: int) -> str:
    """The edition: as the file says, else by its last year (25.1 has the conflicts to 2024)."""
    told = frame["version"].drop_nulls().unique().to_list()
    if len(told) > 1:
        raise DataError.bad_file(path, "one edition", f"rows of {', '.join(sorted(told))}", hint="Name one release.")
    return str(told[0]) if told else f"{last_year - 1999}.1"


def _parties(frame: pl.DataFrame, path: Path) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Parties of each conflict-year by role, as actors; and what to say of codes that stood for none."""
    long = [
        frame.select(files.ROW, "conflict", "year", role=pl.lit(role), code=pl.col(role).str.split(","))
        for role in PARTIES
    ]
    codes = pl.concat(long).explode("code").with_columns(pl.col("code").str.strip_chars()).drop_nulls("code")
    files.refuse(codes, ~pl.col("code").str.contains(r"^\d{1,3}(\.0)?$"), path, "code", "a code of Gleditsch & Ward")
    once = codes.unique(["conflict", "year", "role", "code"], keep="first", maintain_order=True)
    named, left = who.name_codes(
        once.with_columns(pl.col("code").str.replace(r"\.0$", "")), path, ("code",), _find, WHY
    )
    return named.rename({"code": "actor"}), tuple(f"parties not named: {item}" for item in left)


def _find(code: str) -> tuple[str, ...]:
    """Actors of a Gleditsch-Ward code; the file keeps Yugoslavia's for Serbia."""
    return (*who.gw(code), *who.gw("340")) if code == "345" else who.gw(code)


def _years(frame: pl.DataFrame) -> pl.DataFrame:
    """One row a conflict-year, with its days."""
    first, last = pl.date("year", 1, 1), pl.date("year", 12, 31)
    new, over = pl.col("begun").dt.year() == pl.col("year"), pl.col("ended").dt.year() == pl.col("year")
    begun = pl.when(pl.col("begun_prec") <= 2).then("begun").when(pl.col("begun_prec") == 3).then(
        pl.col("begun").dt.month_start()
    )  # fmt: skip
    prec = pl.col("ended_prec").fill_null(1)
    ended = pl.when(prec <= 2).then("ended").when(prec == 3).then(pl.col("ended").dt.month_end())
    start = pl.coalesce(pl.when(new).then(begun), first)
    end = pl.coalesce(pl.when(over & (pl.col("over") == 1)).then(ended), last)
    once = frame.unique(["conflict", "year"], keep="first", maintain_order=True)
    return once.select(
        files.ROW, "conflict", "year", "type", "issue", "territory", "level",
        valid_from=start, valid_to=pl.max_horizontal(start, end),
        original=pl.format("intensity_level {}, {}", "level", "type"),
    )  # fmt: skip


def _ties(years: pl.DataFrame, parties: pl.DataFrame, key: str) -> pl.DataFrame:
    side = {
        role: parties.filter(pl.col("role") == role).select("conflict", "year", pl.col("actor").alias(role))
        for role in ("a", "b")
    }
    between = years.filter(pl.col("type") == "interstate")
    met = between.join(side["a"], on=["conflict", "year"]).join(side["b"], on=["conflict", "year"])
    sided = met.filter(pl.col("a") != pl.col("b")).with_columns(text=pl.format("{}; side A: {}", "text", "a"))
    statements = sided.with_columns(periods.ordered())
    return statements.select(
        "conflict", "year", "a", "b", kind=pl.lit("armed_conflict"), **_common(key),
        ref=pl.format("UCDP {}", "conflict"), text="text",
    ).unique(["conflict", "year", "a", "b"], keep="first", maintain_order=True)  # fmt: skip


def _traits(years: pl.DataFrame, parties: pl.DataFrame, key: str) -> pl.DataFrame:
    states = parties.filter(pl.col("role") == "a").select("conflict", "year", a="actor")
    within = years.filter(pl.col("type").is_in(["intrastate", "II"]))
    return within.join(states, on=["conflict", "year"], maintain_order="left").select(
        "conflict", "year", "a", kind=pl.lit("internal_conflict"), **_common(key), text="text"
    )


def _common(key: str) -> dict[str, pl.Expr]:
    return {
        "valid_from": pl.col("valid_from"),
        "valid_to": pl.col("valid_to"),
        "known_from": pl.date("year", 12, 31),
        "source": pl.lit(key),
        "locator": pl.format("conflict {}, row {}: {}", "conflict", files.ROW, "year"),
        "original": pl.col("original"),
        "value": pl.col("level").cast(pl.Float64),
        "unit": pl.lit("intensity, 1 or 2"),
    }


def _with_text(years: pl.DataFrame, parties: pl.DataFrame) -> pl.DataFrame:
    """What each conflict is, over what, and who sent troops to it that year."""
    told = years
    for role, (between, within) in HELP.items():
        sent = parties.filter(pl.col("role") == role).group_by("conflict", "year").agg(pl.col("actor").unique().sort())
        names = sent.select("conflict", "year", pl.col("actor").list.join(", ").alias(role))
        words = pl.when(pl.col("type") == "interstate").then(pl.lit(between)).otherwise(pl.lit(within))
        told = told.join(names, on=["conflict", "year"], how="left", maintain_order="left")
        told = told.with_columns(pl.format("; {}: {}", words, role).alias(role))
    place = pl.format(" ({})", "territory")
    parts = [pl.format("{} over {}", pl.col("type").replace_strict(WORDS, default=None), "issue"), place, *HELP]
    return told.with_columns(text=pl.concat_str(parts, ignore_nulls=True)).drop(*HELP)


def _left(frame: pl.DataFrame, told: tuple[pl.DataFrame, pl.DataFrame]) -> tuple[LeftOut, ...]:
    label = pl.format("{} {}", "conflict", "year")
    outside = frame.filter(pl.col("type") == "extrasystemic")
    rest = frame.filter(pl.col("type") != "extrasystemic")
    done = pl.concat([each.select("conflict", "year") for each in told]).unique()
    kept = rest.join(done, on=["conflict", "year"], how="semi")
    return (
        *periods.unused(outside, [kept], "extrasystemic: neither between states nor within one", label),
        *periods.unused(rest, [kept], "a party was no state of the system in that year", label),
    )


def coverage(key: str, last_year: int) -> tuple[Coverage, ...]:
    """Every conflict with 25 battle deaths a year is meant to be there: a state that is not had none."""
    first, last = date(FIRST_YEAR, 1, 1), date(last_year, 12, 31)
    note = "all states in the list of Gleditsch & Ward"
    return (
        Coverage(key, "tie", "armed_conflict", (), "both", first, last, "zero", note),
        Coverage(key, "trait", "internal_conflict", (), "a", first, last, "zero", note),
    )


def _source(key: str, last_year: int) -> Source:
    note = f"Yearly intensity; the first and last year of an episode are cut to its days. Ends {last_year}."
    return Source(key, SOURCE.publisher, SOURCE.title, None, SOURCE.urls[0], SOURCE.licence, CITATION, note)


def _fought(a: str, b: str, day: date, level: int) -> Check:
    """A check that two states were in conflict on a day."""

    def failure(parsed: Parsed) -> str | None:
        ties = parsed.frame("tie").filter(
            pl.col("a") == a, pl.col("b") == b, pl.col("valid_from") <= day, pl.col("valid_to") >= day
        )
        got = max(ties["value"].to_list(), default=None)
        return None if got == level else str(got)

    return Check(f"{a}-{b} {day}", f"a conflict of {a} and {b} of intensity {level} on {day}", failure)


def _within(state: str, year: int, level: int) -> Check:
    def failure(parsed: Parsed) -> str | None:
        rows = parsed.frame("trait").filter(pl.col("a") == state, pl.col("valid_from").dt.year() == year)
        got = max(rows["value"].to_list(), default=None)
        return None if got == level else str(got)

    return Check(f"{state} {year}", f"a conflict within {state} of intensity {level} in {year}", failure)


CITATION: Final = (
    "Gleditsch, N. P., Wallensteen, P., Eriksson, M., Sollenberg, M. & Strand, H. (2002). Armed Conflict 1946-2001: A New "
    "Dataset. Journal of Peace Research 39(5): 615-637; Davies, S., Pettersson, T., Sollenberg, M. & Öberg, M. (2025). "
    "Organized violence 1989-2024, and the challenges of identifying civilian victims. Journal of Peace Research 62(4)."
)
_KEY: Final = "ucdp-acd:25.1"

SOURCE: Final = DataSource(
    name="ucdp-acd",
    publisher="Uppsala Conflict Data Program and Peace Research Institute Oslo",
    title="UCDP/PRIO Armed Conflict Dataset",
    citation=CITATION,
    licence="CC BY 4.0.",
    redistributable=True,
    urls=("https://ucdp.uu.se/downloads/",),
    versions=("25.1",),
    coverage=coverage(_KEY, 2024),
    parse=parse,
    checks=(
        rows_between(2_700, 4_500, layout="conflict-years"), rows_between(5_000, 12_000, layout="parties"),
        _fought("IRN", "IRQ", date(1984, 6, 1), 2), _fought("IRQ", "USA", date(2003, 4, 1), 2),
        _fought("EGY", "ISR", date(1967, 6, 7), 2), _within("LKA", 2009, 2), _within("SYR", 2013, 2),
    ),
    files=(
        "UcdpPrioConflict_v*.csv", "ucdp-prio-acd-*-csv.zip", "ucdp-prio-acd-*.csv", "ucdp_acd.csv", "ucdp_acd.csv.gz",
    ),
    references=(
        Reference(
            "gleditsch2002armed", "article",
            ("Gleditsch, Nils Petter", "Wallensteen, Peter", "Eriksson, Mikael", "Sollenberg, Margareta", "Strand, Håvard"),
            2002, "Armed Conflict 1946-2001: A New Dataset", "Journal of Peace Research", "39(5)", "615-637",
            "10.1177/0022343302039005007",
        ),
        Reference(
            "davies2025organized", "article",
            ("Davies, Shawn", "Pettersson, Therése", "Sollenberg, Margareta", "Öberg, Magnus"), 2025,
            "Organized violence 1989-2024, and the challenges of identifying civilian victims",
            "Journal of Peace Research", "62(4)",
        ),
    ),
    downloads=(
        Download(
            "https://ucdp.uu.se/downloads/ucdpprio/ucdp-prio-acd-251-csv.zip", "ucdp-prio-acd-251-csv.zip", most=16 << 20
        ),
    ),
    by_hand=(
        "On the downloads page take the UCDP/PRIO Armed Conflict Dataset as CSV. A later version has the same columns and "
        "is read too."
    ),
)  # fmt: skip
