"""The page on the record says what the code says: every form, column, kind and check, and no other."""

from __future__ import annotations

import re
from inspect import isfunction
from pathlib import Path

import pytest
from record_samples import TODAY

from multipolar import record
from multipolar.record import FORMS, KINDS, SYMMETRIC, Form
from multipolar.record.checks import statement_checks
from multipolar.record.schema import EXTRA, HEADER

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "record.md").read_text(encoding="utf-8")


def kinds_table() -> str:
    lines = ["| form | kind | says |", "|---|---|---|"]
    lines += [f"| `{form}` | `{kind}` | {says} |" for form in FORMS for kind, says in KINDS[form].items()]
    return "\n".join(lines)


def checks_table() -> str:
    """Checks in the order in which they speak, with the forms they apply to."""
    found: dict[tuple[str, str, str], list[Form]] = {}
    ranges: dict[str, list[str]] = {}
    for form in FORMS:
        for check in statement_checks(form, set(), TODAY):
            expected = check.expected.replace(f" ({TODAY})", "")
            if check.name.endswith("_range"):
                name = check.name.removesuffix("_range")
                ranges.setdefault(expected.removeprefix(f"a value of {name} "), []).append(f"`{name}`")
                continue
            expected = "one of its kinds" if check.name == "kind_known" else expected.replace(f"in a {form}", "in it")
            found.setdefault((check.name, check.column, expected), []).append(form)
    lines = ["| check | of | column | expected |", "|---|---|---|---|"]
    for (name, column, expected), forms in found.items():
        lines.append(
            f"| `{name}` | {'all' if len(forms) == len(FORMS) else ', '.join(forms)} | `{column}` | {expected} |"
        )
    lines += [f"| `<kind>_range` | {', '.join(names)} | `value` | {bounds} |" for bounds, names in ranges.items()]
    return "\n".join(lines)


def test_every_column_with_its_type() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|", PAGE, re.MULTILINE)
    assert [(name, kind) for name, kind in rows if name in HEADER] == [(n, str(t)) for n, t in HEADER.items()]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_with_its_own_columns(form: Form) -> None:
    line = next(line for line in PAGE.splitlines() if line.startswith(f"| `{form}` |"))
    assert re.findall(r"`(\w+)`", line.split("|")[3]) == list(EXTRA[form])


def test_every_kind() -> None:
    assert kinds_table() in PAGE, f"docs/record.md: put this under Kinds:\n{kinds_table()}"


def test_symmetric_kinds() -> None:
    assert ", ".join(f"`{kind}`" for kind in sorted(SYMMETRIC)) in PAGE


def test_every_check() -> None:
    assert checks_table() in PAGE, f"docs/record.md: put this under At the door:\n{checks_table()}"


def test_every_test_file_named_is_there() -> None:
    for name in re.findall(r"`(test_record_\w+\.py)`", PAGE):
        assert (Path(__file__).parent / name).is_file()


def test_public_names_are_documented() -> None:
    for name in record.__all__:
        item = getattr(record, name)
        assert not (isinstance(item, type) or isfunction(item)) or item.__doc__, name
    for name in vars(record.Record).keys() | vars(record.View).keys():
        if not name.startswith("_"):
            member = vars(record.Record).get(name) or vars(record.View)[name]
            assert getattr(member, "__doc__", None), name
