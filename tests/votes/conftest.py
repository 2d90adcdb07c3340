"""The roll calls of the General Assembly, read once."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from multipolar.votes.ballots import Ballots, from_frame


@pytest.fixture(scope="session")
def unga(shared_data: Path) -> Ballots:
    """The roll calls of R's unvotes, 1946 to 2019: sessions as it counts them, states by the names that it gives."""
    folder = shared_data / "unvotes_dgrtwo"
    calls = pl.read_csv(folder / "un_roll_calls.csv.gz", columns=["rcid", "session", "date"], try_parse_dates=True)
    votes = pl.read_csv(folder / "un_votes.csv.gz", columns=["rcid", "country", "vote"])
    whole = [pl.col(name).cast(pl.Int32) for name in ("rcid", "session")]
    cast = votes.with_columns(whole[0]).join(calls.with_columns(whole), on="rcid")
    rollcall = pl.col("rcid").cast(pl.String).str.zfill(5)
    return from_frame(cast.select("session", "date", rollcall=rollcall, a="country", choice="vote"))
