"""``python -m multipolar.dossier [FOLDER]``: check the dossier's files and print what is in them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

import polars as pl

from multipolar.dossier.loader import load
from multipolar.errors import MultipolarError
from multipolar.record import Batch


def summary(batch: Batch) -> str:
    """Counts of statements by form and kind, by decade and by source, and how many actors they are about."""
    said = pl.concat(
        [
            frame.select("a", "b", "kind", "source", "valid_from", form=pl.lit(form))
            for form, frame in batch.frames.items()
        ]
    )
    actors = pl.concat([said["a"], said["b"]]).drop_nulls().n_unique()
    decade = (pl.col("valid_from").dt.year() // 10 * 10).cast(pl.String) + "s"
    lines = [
        f"{said.height} statements, {actors} actors, {len(batch.sources)} sources, {len(batch.coverage)} coverages"
    ]
    for title, keys in (("form", ["form", "kind"]), ("decade", [decade.alias("decade")]), ("source", ["source"])):
        counts = said.group_by(keys).len().sort(pl.all().exclude("len"))
        lines += ["", f"by {title}", *_table(counts.iter_rows())]
    return "\n".join(lines)


def _table(rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    for *names, count in rows:
        yield f"  {count!s:>7}  {' '.join(str(name) for name in names)}"


def main(arguments: list[str]) -> int:
    """Check the folder named, or the embedded dossier; the exit status is that of the error."""
    try:
        batch = load(arguments[0] if arguments else None)
    except MultipolarError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(summary(batch))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
