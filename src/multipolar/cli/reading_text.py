"""An article in the terminal: its own sentences in order, and under each what was found in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from multipolar.brief.article_words import claim_parts, event_parts
from multipolar.brief.words import count, percent
from multipolar.cli.output import printable
from multipolar.reading.model import Assertion, Event

if TYPE_CHECKING:
    from rich.console import Console

    from multipolar.brief.article import Article, Judged
    from multipolar.brief.article_beside import Beside

_STYLES: Final = {"event": "bold blue", "claim": "bold yellow"}
_VERDICTS: Final = {"supported": "bold green", "contradicted": "bold red"}


def show_article(article: Article, console: Console) -> None:
    """Print an article: colours where the console is a terminal, and plain text elsewhere."""
    document = article.reading.document
    text = document.text
    for line in _head(article):
        _put(line, console)
    at = 0
    for (start, end), findings in article.sentences:
        _plain(text[at:start], console)
        _sentence(text[start:end], start, [each for each, _ in findings], console)
        for each, judged in findings:
            _finding(each, judged, console)
        for one in article.beside:
            if start <= one.start < end:
                _beside(one, console)
        at = end
    _plain(text[at:], console)
    for one in article.beside:
        if not any(start <= one.start < end for (start, end), _ in article.sentences):
            _beside(one, console)
    events, claims = len(article.reading.events), len(article.reading.claims)
    counted = f"{count(events, 'event')} and {count(claims, 'claim')}"
    _put(Text(f"\n{counted}: what the text says, no evidence that it is so."), console)


def _head(article: Article) -> list[Text]:
    document = article.reading.document
    facts = [document.publisher, str(document.date) if document.date else "without a date", document.url]
    lines = [
        Text(_line(document.title or document.id), style="bold"),
        Text(_line(" · ".join(filter(None, facts))), style="dim"),
    ]
    lines += [Text(_line(f"The text says of itself: “{one.quote}”"), style="bold") for one in article.stated]
    return [*lines, Text()]


def _plain(text: str, console: Console) -> None:
    """What stands between two sentences in which something was found, paragraph by paragraph."""
    for line in text.splitlines():
        if line.strip():
            _put(Text(_line(line), style="dim"), console)


def _sentence(text: str, start: int, findings: list[Event | Assertion], console: Console) -> None:
    shown = Text(printable(text).replace("\n", " ").replace("\t", " "))
    for each in findings:
        style = _STYLES["event" if isinstance(each, Event) else "claim"]
        shown.stylize(style, max(0, each.start - start), max(0, each.end - start))
    _put(shown, console)


def _finding(each: Event | Assertion, judged: Judged | None, console: Console) -> None:
    name = "event" if isinstance(each, Event) else "claim"
    parts = event_parts(each) if isinstance(each, Event) else claim_parts(each)
    said = Text.assemble((f"{name}  ", _STYLES[name]), _line(" · ".join((*parts, percent(each.confidence)))))
    _put(said, console, 4)
    if judged is None:
        return
    verdict = Text.assemble(
        (judged.word, _VERDICTS.get(judged.verdict, "bold")), _line(judged.says.removeprefix(judged.word))
    )
    _put(verdict, console, 11)
    for line in judged.measured:
        _put(Text(_line(line), style="dim"), console, 11)
    if judged.checked and judged.draft.why:
        _put(Text(_line(judged.draft.why), style="dim"), console, 11)


def _beside(one: Beside, console: Console) -> None:
    said = f"the text says  {one.text}\nthe record says  {one.record}"
    _put(Text.assemble(("differs\n", "bold"), printable(said)), console, 4)


def _put(text: Text, console: Console, indent: int = 0) -> None:
    """Print a text, indented: folded where the console is a terminal, and one line elsewhere."""
    width = max(20, console.width - indent) if console.is_terminal else 1 << 20
    for line in text.wrap(console, width) or [Text()]:
        line.rstrip()
        console.print(Text(" " * indent * bool(line)) + line, soft_wrap=True)


def _line(text: str) -> str:
    return printable(" ".join(text.split()))
