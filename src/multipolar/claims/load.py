"""Claims from a TOML file: read, checked field by field, actors and dates resolved."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Any, Final, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from multipolar.actors import check_not_future, parse_day, resolve
from multipolar.claims.measured import MEASURES
from multipolar.claims.model import Claim, Direction, Test
from multipolar.errors import DataError, UsageError

#: In our words, what is wrong with a field.
_WRONG: Final = {
    "missing": "expected this field, got none",
    "extra_forbidden": "expected a field of a claim, got another",
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Test(_Strict):
    measure: str
    subject: str
    object: str = ""
    direction: str
    period: Annotated[list[str | date], Field(min_length=1, max_length=2)]
    by: float = 0.0
    kind: str = ""
    between: list[str] = []


class _Claim(_Strict):
    id: Annotated[str, Field(min_length=1)]
    says: Annotated[str, Field(min_length=1)]
    origin: str = ""
    note: str = ""
    test: Annotated[list[_Test], Field(min_length=1)]


class _File(_Strict):
    claim: Annotated[list[_Claim], Field(min_length=1)]


def worked() -> list[Claim]:
    """The claims that come with the package: sentences of published articles, made testable."""
    with as_file(files("multipolar.claims") / "data" / "worked.toml") as path:
        return load(path)


def load(path: Path) -> list[Claim]:
    """Read claims from a TOML file.

    Parameters
    ----------
    path : Path
        A file with one or more ``[[claim]]`` tables, each with an ``id``, what it ``says`` and one or more ``[[claim.test]]``
        tables (measure, subject, object, direction, period, by, kind, between).

    Returns
    -------
    list of Claim

    Raises
    ------
    DataError
        If the file cannot be read, is not TOML, or a field is missing, unknown or of the wrong type; the place is named.
    UsageError
        If a measure, an actor, a kind or a date is not known.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        hint = "Check the path; `multipolar check` without one takes the file that comes with the package."
        came = error.strerror or str(error)
        raise DataError.bad_file(path, "a file of claims that can be read", came, hint=hint) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError.bad_file(path, "a TOML file of claims", str(error), hint="See `docs/claims.md`.") from error
    return [_claim(path, number, item) for number, item in enumerate(_validated(path, raw).claim)]


def _validated(path: Path, raw: dict[str, Any]) -> _File:
    try:
        return _File.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = "".join(f"[{step}]" if isinstance(step, int) else f":{step}" for step in first["loc"])
        raise DataError(
            _WRONG.get(first["type"]) or f"{first['msg']}, got {first['input']!r}"[:300],
            where=f"{path}{place}",
            hint="Fields of a claim are described in `docs/claims.md`.",
        ) from error


def _claim(path: Path, number: int, item: _Claim) -> Claim:
    tests = tuple(_test(f"{path}:claim[{number}] {item.id}:test[{n}]", test) for n, test in enumerate(item.test))
    return Claim(item.id, item.says, tests, item.origin, item.note)


def _test(where: str, test: _Test) -> Test:
    try:
        return _resolved(where, test)
    except UsageError as error:
        raise type(error)(
            error.message, where=f"{where}:{error.where}" if error.where else where, hint=error.hint
        ) from error


def _resolved(where: str, test: _Test) -> Test:
    if test.measure not in MEASURES:
        raise UsageError.unknown("measure", test.measure, MEASURES)
    measure = MEASURES[test.measure]
    if test.direction not in measure.directions:
        raise UsageError.unknown(f"direction of {test.measure}", test.direction, measure.directions)
    if measure.object != "optional" and (measure.object == "required") != bool(test.object):
        wanted = "an object" if measure.object == "required" else "no object"
        raise UsageError(f"expected {wanted} for the measure {test.measure}, got {test.object!r}")
    if measure.kinds and test.kind not in measure.kinds:
        raise UsageError.unknown(f"kind of {test.measure}", test.kind, measure.kinds)
    first = parse_day(str(test.period[0]))
    last = check_not_future(parse_day(str(test.period[-1]), end=True), where="period")
    if last < first:
        raise UsageError.dates_out_of_order(first, last)
    subject = resolve(test.subject, on=last).id
    other = resolve(test.object, on=last).id if test.object else ""
    if subject == other:
        raise UsageError(f"expected two different actors, got {subject} twice")
    return Test(
        measure=test.measure,
        subject=subject,
        object=other,
        direction=cast(Direction, test.direction),
        first=first,
        last=last,
        by=test.by,
        kind=test.kind,
        between=tuple(resolve(power, on=last).id for power in test.between),
    )
