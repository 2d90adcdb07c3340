"""Architectures from TOML: those that come with the package, a file of one's own, or an organisation by its name."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from multipolar.actors import fold, get, organisations, parse_day, states
from multipolar.actors.organisations import STATUSES, organisation_names
from multipolar.architectures.model import Architecture, Body, Named
from multipolar.errors import ActorError, DataError, UsageError

#: Names of the architectures that come with the package.
NAMES: Final = ("eurasia", "euro-atlantic")
#: Organisations of the Correlates of War that the table of organisations has not; only a record can say whether one exists.
OF_RECORD: Final = "IGO."
_HINT: Final = "Fields of an architecture are described in `docs/architectures.md`."
_WRONG: Final = {
    "missing": "expected this field, got none",
    "extra_forbidden": "expected a field of an architecture, got another",
}

T = TypeVar("T")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    why: str = ""
    source: str = ""
    locator: str = ""
    url: str = ""


class _Body(_Strict):
    id: Annotated[str, Field(min_length=1)]
    status: Annotated[list[str], Field(min_length=1)] = ["member"]


class _State(_Strict):
    id: Annotated[str, Field(min_length=1)]
    since: str | date | None = None
    until: str | date | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1)]
    title: str = ""
    says: str = ""
    body: list[_Body] = []
    state: list[_State] = []


def find(name: str | Path) -> Architecture:
    """The architecture of a name: one of `NAMES`, an organisation, or a TOML file.

    Raises
    ------
    UsageError
        If there is none of that name, or a file names a body, state or day that is none.
    DataError
        If a file cannot be read, or a field is missing, unknown or of the wrong type.
    """
    text = str(name)
    if isinstance(name, Path) or text.endswith(".toml"):
        return load(Path(name))
    if text.lower() in NAMES:
        return _shipped(text.lower())
    known = _organisations()
    if fold(text) in known:
        org = next(org for org in organisations() if org.id == known[fold(text)])
        return Architecture(org.id, org.name, (Body(org.id),), says=f"Members of {org.name}")
    if text.upper().startswith(OF_RECORD):
        return Architecture(text.upper(), text.upper(), (Body(text.upper()),), says=f"Members of {text.upper()}")
    named = (*NAMES, *(org.id for org in organisations()))
    error = UsageError.unknown("architecture or organisation", text, named)
    raise UsageError(error.message, hint=f"{error.hint} Or name a file that ends in .toml.")


def load(path: Path) -> Architecture:
    """Read an architecture from a TOML file.

    Parameters
    ----------
    path : Path
        ``name``, perhaps ``title`` and ``says``, and one or more of ``[[body]]`` (``id``, perhaps ``status``) and
        ``[[state]]`` (``id``, perhaps ``since`` and ``until``); each with ``why``, ``source``, ``locator`` and ``url``.

    Returns
    -------
    Architecture

    Raises
    ------
    DataError
        If the file cannot be read, is not TOML, names nobody, or a field is missing, unknown or of the wrong type.
    UsageError
        If a body, a status, a state or a day is none, or stands twice; the place is named.
    """
    item = _validated(path, _raw(path))
    if not item.body and not item.state:
        raise DataError.bad_file(path, "at least one [[body]] or [[state]]", "none", hint=_HINT)
    bodies = tuple(_at(f"{path}:body[{n}]", _body, body) for n, body in enumerate(item.body))
    named = tuple(_at(f"{path}:state[{n}]", _state, state) for n, state in enumerate(item.state))
    _once(path, "body", [body.id for body in bodies])
    return Architecture(item.name, item.title or item.name, bodies, named, item.says, str(path))


@cache
def _shipped(name: str) -> Architecture:
    with as_file(files("multipolar.architectures") / "data" / f"{name}.toml") as path:
        return load(path)


@cache
def _organisations() -> dict[str, str]:
    """Id of each organisation by every name of it, as names are compared; an id before a name."""
    names = {fold(text): id for id, text, _, _ in organisation_names()}
    return names | {fold(org.id): org.id for org in organisations()}


def _raw(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        came = error.strerror or str(error)
        hint = f"Check the path, or name one that comes with the package: {', '.join(NAMES)}."
        raise DataError.bad_file(path, "a file of an architecture that can be read", came, hint=hint) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError.bad_file(path, "a TOML file of an architecture", str(error), hint=_HINT) from error


def _validated(path: Path, raw: dict[str, Any]) -> _File:
    try:
        return _File.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = "".join(f"[{step}]" if isinstance(step, int) else f":{step}" for step in first["loc"])
        said = _WRONG.get(first["type"]) or f"{first['msg']}, got {first['input']!r}"[:300]
        raise DataError(said, where=f"{path}{place}", hint=_HINT) from error


def _at(where: str, make: Callable[[Any], T], item: Any) -> T:
    """What `make` gives; an error says where."""
    try:
        return make(item)
    except UsageError as error:
        place = f"{where}:{error.where}" if error.where else where
        raise type(error)(error.message, where=place, hint=error.hint) from error


def _body(item: _Body) -> Body:
    known = _organisations()
    if fold(item.id) not in known and not item.id.startswith(OF_RECORD):
        raise UsageError.unknown("organisation", item.id, (org.id for org in organisations()))
    for status in item.status:
        if status not in STATUSES or status == "suspended":
            raise UsageError.unknown("membership status", status, [s for s in STATUSES if s != "suspended"])
    id = known.get(fold(item.id), item.id)
    return Body(id, tuple(dict.fromkeys(item.status)), item.why, item.source, item.locator, item.url)


def _state(item: _State) -> Named:
    first = None if item.since is None else parse_day(item.since, where="since")
    last = None if item.until is None else parse_day(item.until, end=True, where="until")
    if first and last and last < first:
        raise UsageError.dates_out_of_order(first, last)
    known = {state.id: state for state in states()}
    if item.id not in known:
        close = UsageError.unknown("state", item.id, known)
        raise ActorError(close.message, hint=f"{close.hint} `multipolar resolve NAME` tells the id of a name.")
    return Named(get(item.id).id, first, last, item.why, item.source, item.locator, item.url)


def _once(path: Path, what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for number, id in enumerate(ids):
        if id in seen:
            raise UsageError(f"expected each {what} once, got {id} again", where=f"{path}:{what}[{number}]")
        seen.add(id)
