"""All commands under one name. The modules named here import nothing heavy; what a command needs it imports itself."""

from __future__ import annotations

from functools import cache
from typing import Final

from cyclopts import App, Group, Parameter

from multipolar import __version__
from multipolar.cli import evidence, judging, meaning, pages, records, standing, who

_HELP: Final = """Who stands with whom, how far, since when, on what evidence.

Every figure has an interval and can be followed to dated, sourced statements. Without `--record` the questions are put to
the dossier that comes with the package."""
_EPILOGUE: Final = (
    "Exit status: 0 answered, 1 unexpected, 2 usage, 3 actor, 4 data, 5 record, 6 refused (nobody can say), 130 interrupted."
)

QUESTIONS: Final = Group("Questions", sort_key=1)
EVIDENCE: Final = Group("Evidence", sort_key=2)
RECORDS: Final = Group("Records of your own", sort_key=3)

_COMMANDS: Final = {
    QUESTIONS: (
        standing.tie, standing.explain, standing.news, meaning.isolation, meaning.dependence, meaning.hedging,
        judging.check, pages.brief,
    ),
    EVIDENCE: (who.resolve, who.members, evidence.statements, evidence.indicators, evidence.sources),
    RECORDS: (records.ingest, records.correct),
}  # fmt: skip


@cache
def build() -> App:
    """The application: errors are raised, and results are printed by the commands themselves."""
    app = App(
        name="multipolar",
        help=_HELP,
        help_epilogue=_EPILOGUE,
        help_format="markdown",
        version=__version__,
        default_parameter=Parameter(negative=()),
        result_action="return_value",
        exit_on_error=False,
        print_error=False,
        suppress_keyboard_interrupt=False,
    )
    for group, commands in _COMMANDS.items():
        for command in commands:
            app.command(command, group=group)
    folder = App(name="record", help="Look after a record: what is in it, whether it is whole, its index.")
    for command in (records.info, records.cited, records.verify, records.reindex):
        folder.command(command, name="sources" if command is records.cited else None)
    app.command(folder, group=RECORDS)
    return app
