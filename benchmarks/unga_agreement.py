"""Whether two independent copies of the General Assembly's votes say the same, read by our loaders.

``python benchmarks/unga_agreement.py [FOLDER]`` prints one line of JSON: ``unga_joint`` (votes that are in both the file of
the source ``unga`` and the R package ``unvotes``), ``unga_agree`` (those with the same choice), ``only_unga`` and
``only_unvotes`` (votes cast in one only, within the days that both cover, by member), null where the shared data is absent.

Both are read into statements first, by the loaders of the project, and matched on roll call and actor: countries are told by
alpha-3 columns in the one and by name in the other, so that an error in either way from a name to a member shows.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import polars as pl

from multipolar import sources

FOLDERS = {"unga": "unga_rollcalls_1946_2024", "unvotes": "unvotes_dgrtwo"}
KEY = ["rollcall", "a"]


def cast(name: str, shared_data: Path) -> pl.DataFrame:
    """Votes cast (yes, abstain, no) of a source: ``rollcall``, ``a``, ``choice``, ``valid_to``."""
    frame = sources.read(name, shared_data / FOLDERS[name]).frame("vote")
    return frame.filter(pl.col("value").is_not_null()).select(*KEY, "choice", "valid_to")


def compare(one: pl.DataFrame, other: pl.DataFrame) -> tuple[int, int]:
    """Votes in both, and those with the same choice."""
    both = one.join(other, on=KEY)
    return both.height, int((both["choice"] == both["choice_right"]).sum())


def only(one: pl.DataFrame, other: pl.DataFrame) -> dict[str, int]:
    """Votes that `other` has not, by member, within the days that both cover."""
    last = min(one["valid_to"].max(), other["valid_to"].max())
    missing = one.filter(pl.col("valid_to") <= last).join(other, on=KEY, how="anti")
    return dict(missing.group_by("a").len().sort("len", "a", descending=[True, False]).rows())


def agreement(shared_data: Path) -> tuple[int, int]:
    """Votes that both copies have, and votes on which they agree.

    Parameters
    ----------
    shared_data : Path
        Folder with a folder a data set.

    Returns
    -------
    joint : int
        Pairs of roll call and actor with a vote cast in both.
    equal : int
        Those with the same choice.
    """
    return compare(cast("unga", shared_data), cast("unvotes", shared_data))


def main() -> None:
    """Print the comparison as one line of JSON."""
    named = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("MULTIPOLAR_SHARED")
    shared = Path(named) if named else Path(__file__).resolve().parents[2] / "shared"
    folder = shared if (shared / FOLDERS["unga"]).is_dir() else shared / "data"
    if not (folder / FOLDERS["unga"]).is_dir():
        print(json.dumps(dict.fromkeys(("unga_joint", "unga_agree", "only_unga", "only_unvotes"))))
        return
    one, other = cast("unga", folder), cast("unvotes", folder)
    joint, equal = compare(one, other)
    print(
        json.dumps(
            {
                "unga_joint": joint,
                "unga_agree": equal,
                "only_unga": only(one, other),
                "only_unvotes": only(other, one),
            }
        )
    )


if __name__ == "__main__":
    main()
