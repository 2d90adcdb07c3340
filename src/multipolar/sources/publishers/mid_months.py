"""Militarised disputes by month, 1992-2010 (compiled by Dickenson from MID 3 and 4 of the Correlates of War) → ties.

One statement a dispute, pair and run of consecutive months in which the pair was in the dispute; the value is the highest
level of hostility that either of the two reached in it (1 none to 5 war). Rows of months without conflict tell nothing of
their own and are left out.

The list is not whole: about a sixth of the disputes that the Correlates of War have for these years are missing. A month
that is not told is therefore *not known*, not peaceful. For the whole list, by year, take ``mid-cow`` or ``mid-gml``; this
one is for labels of months. A dispute is known from the end of the year in which a run of months begins, or from the
run's own end if that is earlier.

States are given by the abbreviations of the Correlates of War, with four older ones (RUM, USR, VTM, ZAI).

Sources: Dickenson, M. (2014), GDELT-to-MIDs; Ghosn, Palmer & Bremer (2004), CMPS 21(2): 133-154.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.record import Coverage, Source
from multipolar.sources import files, periods, who
from multipolar.sources.model import Check, DataSource, LeftOut, Parsed, Reference, rows_between

COLUMNS: Final = {
    "dispute": ("DispNum3",),
    "a": ("stateA",),
    "b": ("stateB",),
    "year": ("year",),
    "month": ("month",),
    "conflict": ("conflict",),
    "level_a": ("hostlevA",),
    "level_b": ("hostlevB",),
}
KEY: Final = "mid-months:2014"
FIRST: Final = date(1990, 1, 1)
LAST: Final = date(2010, 12, 31)
NULLS: Final = ("NA", "-9")
TRUTHS: Final = {
    "TRUE": True,
    "True": True,
    "true": True,
    "1": True,
    "FALSE": False,
    "False": False,
    "false": False,
    "0": False,
}
#: Abbreviations of states since 1990 in the State System Membership list v2016, with their codes.
ABBREVIATIONS: Final = (
    "AAB58 AFG700 ALB339 ALG615 AND232 ANG540 ARG160 ARM371 AUL900 AUS305 AZE373 BAH692 BAR53 BEL211 BEN434 BFO439 BHM31 "
    "BHU760 BLR370 BLZ80 BNG771 BOL145 BOS346 BOT571 BRA140 BRU835 BUI516 BUL355 CAM811 CAN20 CAO471 CAP402 CDI437 CEN482 "
    "CHA483 CHL155 CHN710 COL100 COM581 CON484 COS94 CRO344 CUB40 CYP352 CZE315 CZR316 DEN390 DJI522 DMA54 DOM42 DRC490 "
    "DRV816 ECU130 EGY651 EQG411 ERI531 EST366 ETH530 ETM860 FIJ950 FIN375 FRN220 FSM987 GAB481 GAM420 GDR265 GFR260 "
    "GHA452 GMY255 GNB404 GRC350 GRG372 GRN55 GUA90 GUI438 GUY110 HAI41 HON91 HUN310 ICE395 IND750 INS850 IRE205 IRN630 "
    "IRQ645 ISR666 ITA325 JAM51 JOR663 JPN740 KEN501 KIR946 KOS347 KUW690 KYR703 KZK705 LAO812 LAT367 LBR450 LEB660 "
    "LES570 LIB620 LIE223 LIT368 LUX212 MAA435 MAC343 MAD781 MAG580 MAL820 MAS590 MAW553 MEX70 MLD359 MLI432 MLT338 "
    "MNC221 MNG341 MON712 MOR600 MSI983 MYA775 MZM541 NAM565 NAU970 NEP790 NEW920 NIC93 NIG475 NIR436 NOR385 NTH210 "
    "OMA698 PAK770 PAL986 PAN95 PAR150 PER135 PHI840 PNG910 POL290 POR235 PRK731 QAT694 ROK732 ROM360 RUS365 RWA517 "
    "SAF560 SAL92 SAU670 SEN433 SEY591 SIE451 SIN830 SKN60 SLO317 SLU56 SLV349 SNM331 SOL940 SOM520 SPN230 SRI780 STP403 "
    "SUD625 SUR115 SVG57 SWA572 SWD380 SWZ225 SYR652 TAJ702 TAW713 TAZ510 THI800 TKM701 TOG461 TON955 TRI52 TUN616 TUR640 "
    "TUV947 UAE696 UGA500 UKG200 UKR369 URU165 USA2 UZB704 VAN935 VEN101 WSM990 YEM679 YPR680 YUG345 ZAM551 ZIM552"
)
CODES: Final = {
    **{text[:3]: text[3:] for text in ABBREVIATIONS.split()},
    "RUM": "360", "USR": "365", "VTM": "816", "ZAI": "490",
}  # fmt: skip


def parse(path: Path) -> Parsed:
    """Read the months of disputes.

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no abbreviation, month, truth or level.
    """
    frame = _read(path)
    fought = frame.filter("conflict")
    named, left = who.name_codes(fought, path, ("a", "b"), _find)
    still = LeftOut("months without conflict", frame.height - fought.height)
    return Parsed(
        frames={"tie": _statements(_runs(named))},
        sources=(Source(KEY, SOURCE.publisher, SOURCE.title, None, SOURCE.urls[0], SOURCE.licence, CITATION, _NOTE),),
        coverage=coverage(),
        label=f"{SOURCE.title}, {path.name}",
        layout="dyad-months",
        rows=frame.height,
        left_out=(*((still,) if still.rows else ()), *left),
    )


def _read(path: Path) -> pl.DataFrame:
    frame = files.table(path, files.content(path), COLUMNS, nulls=NULLS)
    for name, low, high in (("dispute", 1, 99_999), ("year", FIRST.year, LAST.year), ("month", 1, 12)):
        frame = files.whole(frame, path, name, low, high)
    for name in ("level_a", "level_b"):
        frame = files.whole(frame, path, name, 1, 5, null=True)
    bad = ~pl.col("conflict").is_in(list(TRUTHS)).fill_null(False)
    files.refuse(frame, bad, path, "conflict", "TRUE or FALSE")
    truth = pl.col("conflict").replace_strict(TRUTHS, return_dtype=pl.Boolean)
    return files.once(frame.with_columns(conflict=truth), path, "dispute", "a", "b", "year", "month")


def _find(text: str) -> tuple[str, ...]:
    return who.cow(CODES[text]) if re.fullmatch("[A-Z]{3}", text) and text in CODES else ()


def _runs(named: pl.DataFrame) -> pl.DataFrame:
    """One row a dispute, pair and run of months."""
    pairs = named.with_columns(
        *periods.ordered(),
        level=pl.max_horizontal("level_a", "level_b"),
        number=pl.col("year") * 12 + pl.col("month"),
        first=pl.date("year", "month", 1),
    ).sort("dispute", "a", "b", "number", files.ROW)
    monthly = pairs.unique(["dispute", "a", "b", "number"], keep="first", maintain_order=True)
    new = (pl.col("number").diff().over("dispute", "a", "b") != 1).fill_null(True)
    return (
        monthly.with_columns(run=new.cum_sum(), level=pl.col("level").max().over("dispute", "a", "b"))
        .group_by("dispute", "a", "b", "run", maintain_order=True)
        .agg(
            pl.col("level", "first", files.ROW).first(),
            pl.col("first").last().dt.month_end().alias("last"),
        )
    )


def _statements(runs: pl.DataFrame) -> pl.DataFrame:
    return runs.select(
        "a",
        "b",
        kind=pl.lit("dispute"),
        valid_from="first",
        valid_to="last",
        known_from=pl.min_horizontal(pl.date(pl.col("first").dt.year(), 12, 31), "last"),
        source=pl.lit(KEY),
        locator=pl.format("dispute {}, row {}: {}-{} from {}", "dispute", files.ROW, "a", "b", "first"),
        original=pl.format("highest hostlev {}", pl.col("level").cast(pl.String).fill_null("-9")),
        value=pl.col("level").cast(pl.Float64),
        unit=pl.lit("level of hostility, 1 to 5"),
        ref=pl.format("MID {}", "dispute"),
        text=pl.format("militarised dispute {}", "dispute"),
    )


def coverage() -> tuple[Coverage, ...]:
    """Disputes of these years are missing from the list: a month that is not told is not known."""
    return (Coverage(KEY, "tie", "dispute", (), "both", FIRST, LAST, "missing", "disputes of MID 3 and 4, not all"),)


def _held(a: str, b: str, first: str, last: str) -> Check:
    def failure(parsed: Parsed) -> str | None:
        ties = parsed.frame("tie").filter(pl.col("a") == a, pl.col("b") == b)
        spans = [(str(f), str(t)) for f, t in ties.select("valid_from", "valid_to").rows()]
        return None if (first, last) in spans else str(spans)

    return Check(f"{a}-{b} {first}", f"a dispute of {a} and {b} from {first} to {last}", failure)


CITATION: Final = (
    "Dickenson, M. (2014). GDELT-to-MIDs: dyad-months of militarized disputes; from Ghosn, F., Palmer, G. & Bremer, S. "
    "(2004). The MID3 Data Set, 1993-2001. Conflict Management and Peace Science 21(2): 133-154."
)
_NOTE: Final = "Months; not all disputes of the period are in it."

SOURCE: Final = DataSource(
    name="mid-months",
    publisher="M. Dickenson, from the Correlates of War Project",
    title="Militarized disputes, dyad-months 1990-2010",
    citation=CITATION,
    licence="None stated; the disputes are those of the Correlates of War Project (free for academic use with citation).",
    redistributable=False,
    urls=("https://correlatesofwar.org/data-sets/MIDs/",),
    versions=("2014",),
    coverage=coverage(),
    parse=parse,
    checks=(rows_between(66_552, 66_552), _held("PER", "USA", "1992-04-01", "1992-04-30")),
    files=("dyad_month_mid.csv", "dyad_month_mid.csv.gz", "dyad_month_MID_post1990.csv"),
    references=(
        Reference(
            "ghosn2004mid3", "article", ("Ghosn, Faten", "Palmer, Glenn", "Bremer, Stuart A."), 2004,
            "The MID3 Data Set, 1993-2001: Procedures, Coding Rules, and Description",
            "Conflict Management and Peace Science", "21(2)", "133-154",
        ),
        Reference("dickenson2014mids", "misc", ("Dickenson, Matthew",), 2014, "GDELT-to-MIDs"),
    ),
    by_hand="The compiler's project GDELT-to-MIDs has it as dyad_month_MID_post1990.csv.",
)  # fmt: skip
