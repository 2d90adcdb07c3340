"""The page on the command line says what the commands are, and what they give back."""

from __future__ import annotations

import re
from functools import reduce
from pathlib import Path

import pytest

from multipolar import errors
from multipolar.cli import app, reference

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cli.md"


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def test_the_generated_part_is_up_to_date(page):
    assert reference.updated(page) == page, "run `python -m multipolar.cli.reference docs/cli.md`"


def test_every_command_and_option_is_on_the_page(page):
    for chain in reference.commands():
        section = page.split(f"## {' '.join(('multipolar', *chain))}\n", 1)
        assert len(section) == 2, chain
        text = section[1].split("\n## ", 1)[0]
        command = reduce(lambda found, name: found[name], chain, app.build())
        if command.default_command is None:
            continue
        for argument in command.assemble_argument_collection(parse_docstring=True):
            if argument.name == "*":  # the options of every command as a whole; each has its own line
                continue
            for name in (name for name in argument.names if not name.startswith(("--no-", "--empty-"))):
                assert (name if name.startswith("-") else name.upper()) in text, (chain, name)
            assert argument.parameter.help, f"{chain} {argument.name} has no help"


def test_every_exit_status_is_on_the_page(page):
    families = [
        kind.exit_code for kind in vars(errors).values() if isinstance(kind, type) and hasattr(kind, "exit_code")
    ]
    for status in {0, 130, 141, *families}:
        assert f"| {status} |" in page
    assert {kind.exit_code for kind in (errors.UsageError, errors.ActorError, errors.DataError)} == {2, 3, 4}
    assert (errors.RecordError.exit_code, errors.Refusal.exit_code) == (5, 6)


def test_commands_on_the_page_exist(page):
    known = {" ".join(chain) for chain in reference.commands()}
    named = re.findall(r"^multipolar ((?:record )?[a-z]+)", page, re.MULTILINE)
    assert len(named) > 10 and set(named) <= known


def test_page_without_marks_is_refused(tmp_path):
    with pytest.raises(ValueError, match="marks"):
        reference.updated("# A page\n")
    copy = tmp_path / "cli.md"
    copy.write_text(f"# A page\n{reference.BEGIN}\nold\n{reference.END}\nkept\n")
    assert reference.main([str(copy)]) == 0
    assert (
        "## multipolar tie" in copy.read_text()
        and copy.read_text().endswith("kept\n")
        and "old\n" not in copy.read_text()
    )
