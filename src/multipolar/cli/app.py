"""All commands under one name. The modules named here import nothing heavy; what a command needs it imports itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Final

from cyclopts import App, Group, Parameter

from multipolar import __version__
from multipolar.cli import (
    ahead,
    architecture,
    backtest,
    blocs,
    changing,
    citing,
    deeper,
    evidence,
    fetching,
    folder,
    judging,
    leading,
    meaning,
    novelty,
    pact,
    pages,
    panel,
    reach,
    reading,
    records,
    series,
    stages,
    standing,
    thirds,
    votes,
    who,
    why,
)

_HELP: Final = """Who stands with whom, how far, since when, on what evidence.

Every figure has an interval and can be followed to dated, sourced statements. Without `--record` the questions are put to
the dossier that comes with the package."""
_EPILOGUE: Final = (
    "Exit status: 0 answered, 1 unexpected, 2 usage, 3 actor, 4 data, 5 record, 6 refused (nobody can say), 130 interrupted, "
    "141 stdout closed."
)

QUESTIONS: Final = Group("Questions", sort_key=1)
EVIDENCE: Final = Group("Evidence", sort_key=2)
ARTICLES: Final = Group("Articles", sort_key=3)
TABLES: Final = Group("Tables", sort_key=4)
RECORDS: Final = Group("Records of your own", sort_key=5)

_COMMANDS: Final = {
    QUESTIONS: (
        standing.tie, why.explain, novelty.news, ahead.forecast, deeper.changes, deeper.sensitivity,
        meaning.isolation, meaning.dependence, meaning.hedging,
        meaning.cohesion,
        stages.stage, stages.negotiability, leading.break_, leading.travel,
        blocs.blocs, thirds.third_parties, architecture.architecture, pact.pact, judging.check, pages.brief,
    ),
    EVIDENCE: (
        who.resolve, who.members, evidence.statements, evidence.indicators, reach.coverage, citing.cite, changing.diff,
    ),
    ARTICLES: (reading.read,),
    TABLES: (panel.panel, series.events, backtest.backtest, ahead.calibration),
    RECORDS: (fetching.sources, fetching.fetch, records.ingest, records.correct),
}  # fmt: skip
#: Usage lines of commands for which the one made from the signature would be hard to read.
_USAGES: Final = {
    "news": "Usage: multipolar news [A B] --since DAY [OPTIONS]",
    "isolation": "Usage: multipolar isolation ACTOR... [--from ACTOR ...] [OPTIONS]",
    "cohesion": "Usage: multipolar cohesion ACTOR... [OPTIONS]",
    "hedging": "Usage: multipolar hedging ACTOR --between A B ... [OPTIONS]",
    "brief": "Usage: multipolar brief ACTOR... [OPTIONS]",
    "architecture": "Usage: multipolar architecture NAME|FILE.toml [--with NAME ...] [OPTIONS]",
    "fetch": "Usage: multipolar fetch NAME... [OPTIONS]",
    "ingest": "Usage: multipolar ingest NAME... [--from FILE] --record DIR [OPTIONS]",
    "events": "Usage: multipolar events FOLDER [ACTOR...] [OPTIONS]",
    "check": "Usage: multipolar check [CLAIMS.toml] [OPTIONS]",
    "read": "Usage: multipolar read FILE|-|FOLDER [OPTIONS]",
    "statements": "Usage: multipolar statements FORM [OPTIONS]\n       multipolar statements --id ID ... [OPTIONS]",
}


def _default(value: object) -> str | None:
    """What help shows as the default: nothing for a switch that is off."""
    return None if value in (None, False, ()) else str(value)


@cache
def build() -> App:
    """The application: errors are raised, and results are printed by the commands themselves."""
    app = App(
        name="multipolar",
        help=_HELP,
        help_epilogue=_EPILOGUE,
        help_format="markdown",
        version=__version__,
        default_parameter=Parameter(negative=(), show_default=_default),
        result_action="return_value",
        exit_on_error=False,
        print_error=False,
        suppress_keyboard_interrupt=False,
    )
    for group, commands in _COMMANDS.items():
        for place, command in enumerate(commands):
            usage = _USAGES.get(command.__name__)
            app.command(command, group=group, sort_key=place, usage=usage, help_epilogue="")
    record = (folder.info, folder.sources, folder.verify, folder.reindex)
    app.command(_family("record", RECORDS, "What is in a record, whether it is whole, its index.", record))
    cast = (votes.similarity, votes.positions, votes.rollcall, votes.explain)
    says = "How alike states vote, where they stand by their votes, how a roll call divided them."
    app.command(_family("votes", EVIDENCE, says, cast))
    app.command(_family("reading", ARTICLES, "How well articles are read.", (reading.evaluate,)))
    return app


def _family(name: str, group: Group, says: str, commands: Iterable[Callable[..., None]]) -> App:
    """Commands under a name of their own."""
    family = App(name=name, group=group, sort_key=9, help_epilogue="", help=says)
    for command in commands:
        family.command(command, help_epilogue="")
    return family
