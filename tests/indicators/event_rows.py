"""Small event tables, and their series counted the slow way."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from datetime import date, timedelta

import polars as pl

from multipolar.indicators.series import QUADS
from multipolar.sources.events.table import SCHEMA

#: Code, kind, Goldstein value (tenths), as a code book has them; one kind is not of PLOVER, one code has no value.
ACTS = [
    ("040", "CONSULT", 10), ("0211", "REQUEST", -1), ("190", "ASSAULT", -100),
    ("070", "AID", 70), ("x", "ODD", 1), ("y", "AGREE", None),
]  # fmt: skip
FIRST = date(2020, 1, 1)


def row(day, a, b, act=0, *, known=None, reports=1, sources=1, articles=1, tone=0.0, place="P"):
    code, kind, tenths = ACTS[act]
    return {
        "event": "e", "day": day, "known": known or day, "a": a, "b": b, "kind": kind, "mode": None, "cameo": code,
        "goldstein": None if tenths is None else tenths / 10, "reports": reports, "sources": sources,
        "articles": articles, "tone": tone, "place": place, "rows": 1,
    }  # fmt: skip


def table(rows):
    return pl.DataFrame(rows, schema=SCHEMA)


def some_rows(n, seed=0):
    """Rows in which events come often, told late and by some without figures."""
    rng = random.Random(seed)
    rows = []
    for _ in range(n):
        day = FIRST + timedelta(days=rng.choice([0, 15, 30, 31, 59, 60, 366, 700]))
        rows.append(row(
            day, rng.choice("ABCD"), rng.choice(["A", "B", "C", "D", None]), rng.randrange(len(ACTS)),
            known=day + timedelta(days=rng.choice([0, 0, 1, 40])), reports=rng.randint(1, 9),
            sources=rng.choice([None, 1, 2]), articles=rng.choice([None, 0, 1, 7]),
            tone=rng.choice([None, 0.0625, -1.46443514644352, 3.3]), place=rng.choice(["P", "Q", None]),
        ))  # fmt: skip
    return rows


def start(day, by):
    month = {"day": day.month, "month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1, "year": 1}[by]
    return date(day.year, month, day.day if by == "day" else 1)


def slow(rows, by="month", directed=False, as_of=None):
    """The series, one row at a time: a dict from (a, b, period) to the figures."""
    told = [r for r in rows if as_of is None or r["known"] <= as_of]
    cells = defaultdict(lambda: {"events": {}, "rows": []})
    for r in told:
        a, b = r["a"], r["b"]
        if not directed and b is not None and b < a:
            a, b = b, a
        cell = cells[a, b, start(r["day"], by)]
        key = (r["day"], r["a"], r["b"], r["cameo"])
        first = cell["events"].get(key)
        if first is None or (r["known"], _tenths(r)) < (first["known"], _tenths(first)):
            cell["events"][key] = r
        cell["rows"].append(r)
    return {where: _figures(list(cell["events"].values()), cell["rows"]) for where, cell in cells.items()}


def _tenths(r):
    return math.inf if r["goldstein"] is None else round(r["goldstein"] * 10)


def _figures(events, rows):
    found = {quad: sum(r["kind"] in kinds for r in events) for quad, kinds in QUADS.items()}
    points = [_tenths(r) for r in events if r["goldstein"] is not None]
    toned = [
        (_thousandths(r["tone"]), 1 if r["articles"] is None else r["articles"]) for r in rows if r["tone"] is not None
    ]
    weight = sum(articles for _, articles in toned)
    given = {name: [r[name] for r in rows if r[name] is not None] for name in ("sources", "articles")}
    return {
        "events": len(events),
        "cooperative": found["verbal_cooperation"] + found["material_cooperation"],
        "hostile": found["verbal_conflict"] + found["material_conflict"],
        **found,
        "balance": sum(points) / (len(points) * 10.0) if points else None,
        "goldstein_sum": sum(points) / 10.0 if points else None,
        "scored": len(points),
        "reports": sum(r["reports"] for r in rows),
        **{name: sum(values) if values else None for name, values in given.items()},
        "tone": sum(tone * articles for tone, articles in toned) / (weight * 1000.0) if weight else None,
    }


def _thousandths(tone):
    """As the table holds it: 32 bits."""
    return math.floor(pl.Series([tone], dtype=pl.Float32).cast(pl.Float64)[0] * 1000 + 0.5)


def as_dict(frame, by="month"):
    names = [name for name in frame.columns if name not in ("a", "b", by, "days", "days_covered")]
    return {(r["a"], r["b"], r[by]): {name: r[name] for name in names} for r in frame.to_dicts()}
