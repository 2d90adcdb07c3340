"""Small export files of GDELT 2.0: 61 cells a row."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, timedelta

ADDED, CELLS = 59, 61


def line(number, day, a, b, code="040", mentions=1, *, added):
    cells = [""] * CELLS
    cells[:5] = [str(number), f"{day:%Y%m%d}", f"{day:%Y%m}", str(day.year), str(day.year)]
    cells[5] = cells[7] = a
    cells[15] = cells[17] = b
    cells[25:35] = ["1", code, code[:3], code[:2], "1", "1.0", str(mentions), "1", str(mentions), "1.5"]
    cells[35] = cells[43] = cells[51] = "0"
    cells[ADDED], cells[60] = f"{added:%Y%m%d%H%M%S}", "https://example.org/"
    return "\t".join(cells)


def export(folder, time, rows):
    """One file of a quarter of an hour; rows are (day, a, b) and more."""
    stamp = f"{time:%Y%m%d%H%M%S}"
    path = folder / f"{stamp}.export.CSV.zip"
    text = "".join(line(k, *row, added=time) + "\n" for k, row in enumerate(rows))
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(f"{stamp}.export.CSV", text)
    return path


def exports_of_days(folder, first, days, rows_of):
    """All files of some days: the first of each day has `rows_of` (day), the others one row that tells of no state pair."""
    folder.mkdir(exist_ok=True)
    for k in range(days):
        day = first + timedelta(days=k)
        for quarter in range(96):
            time = datetime(day.year, day.month, day.day) + timedelta(minutes=15 * quarter)
            export(folder, time, rows_of(day) if quarter == 0 else [(day, "USA", "USA")])
    return folder


DAY = date(2018, 3, 26)
