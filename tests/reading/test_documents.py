"""What an article may look like on disk, and everything that may come in its place."""

from __future__ import annotations

import io
import sys
import zipfile
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from multipolar.errors import DataError, MultipolarError, UsageError
from multipolar.reading.documents import bytes as documents_bytes
from multipolar.reading.documents import id_of, load, of_bytes, of_text
from multipolar.reading.documents.dates import in_name, in_text

#: 33 words, not a brief: twice is a text, six times an article.
PARAGRAPH = (
    "The foreign ministers of Norway and Chile met in Oslo on Tuesday and said that they would work together on "
    "fisheries. They have signed an agreement with the harbour of Valparaiso, officials of both sides told reporters."
)
ARTICLE = "\n\n".join([PARAGRAPH] * 6)
FRENCH = (
    "Les ministres des affaires étrangères de la Norvège et du Chili se sont réunis mardi à Oslo et ont annoncé une "
    "coopération dans le domaine de la pêche, ont indiqué des responsables des deux pays."
)
OTHER = {
    "French": FRENCH,
    "German": "Die Außenminister von Norwegen und Chile haben sich am Dienstag in Oslo getroffen und ein Abkommen über "
    "die Zusammenarbeit in der Fischerei unterzeichnet, wie beide Seiten mitteilten.",
    "Spanish": "Los ministros de Relaciones Exteriores de Noruega y Chile se reunieron el martes en Oslo y firmaron un "
    "acuerdo de cooperación en materia de pesca, informaron fuentes de ambos países.",
    "Dutch": "De ministers van Buitenlandse Zaken van Noorwegen en Chili zijn dinsdag in Oslo bijeengekomen en hebben een "
    "overeenkomst over de visserij ondertekend, zo lieten beide landen weten.",
    "Turkish": "Norveç ve Şili dışişleri bakanları salı günü Oslo'da bir araya geldi ve balıkçılık alanında iş birliği "
    "anlaşması imzaladı, iki ülkenin yetkilileri bunu açıkladı.",
    "Russian": "Министры иностранных дел Норвегии и Чили встретились во вторник в Осло и подписали соглашение.",
    "Arabic": "التقى وزيرا خارجية النرويج وشيلي يوم الثلاثاء في أوسلو ووقعا اتفاقية للتعاون في مجال الصيد.",
    "Chinese": "挪威和智利外长周二在奥斯陆会晤，并签署了渔业合作协议，双方官员对记者表示。",
}


def page(body: str, head: str = "") -> str:
    """A page as sites make them: navigation, today's date, scripts, a footer."""
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>A deal on fish - The Paper</title>{head}</head><body>'
        '<header><nav><a href="/">Home</a> <a href="/world">World</a></nav><div>Friday, 12 July 2024</div></header>'
        f"{body}<aside>Most read: seven other stories</aside><footer>Copyright 2023 The Paper</footer>"
        '<script>var later = "2020-01-01"; alert("never shown")</script></body></html>'
    )


def story(extra: str = "") -> str:
    body = "".join(f"<p>{PARAGRAPH} They last met on 12 March {year}.</p>" for year in range(1999, 2005))
    return f"<article><h1>A deal on fish</h1>{extra}{body}</article>"


@pytest.fixture
def put(tmp_path):
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


# --- what is read


def test_a_text_is_kept_as_it_is(put):
    text = f"  A title\n\n{ARTICLE}\f\n\n\u201cQuoted\u201d \u2014 with\u00a0care.   \n\n"
    read = load(put("oslo.txt", text))
    assert read.text == text
    assert (read.id, read.date, read.dated_by, read.notes) == ("oslo", None, "", ())
    assert read.file.endswith("oslo.txt")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_says_the_encoding(put, encoding):
    read = load(put("a.txt", f"Zürich \u2014 {ARTICLE}".encode(encoding)))
    assert read.text == f"Zürich \u2014 {ARTICLE}"
    assert "byte order mark" in read.notes[0]


def test_line_ends_are_noted(put):
    read = load(put("a.txt", ARTICLE.replace("\n", "\r\n") + "\rEnd."))
    assert read.text == ARTICLE + "\nEnd." and "CR LF" in read.notes[0]


def test_windows_1252_is_read_and_noted(put):
    read = load(put("a.txt", f"\u201c{ARTICLE}\u201d".encode("cp1252")))
    assert read.text == f"\u201c{ARTICLE}\u201d" and "windows-1252" in read.notes[0]


def test_a_file_cut_inside_a_character_stays_utf8(put):
    read = load(put("a.txt", f"São Tomé. {ARTICLE} \u201c".encode()[:-1]))
    assert read.text.startswith("São Tomé.") and read.text.endswith("\ufffd")
    assert "1 broken characters" in read.notes[0]


def test_what_was_garbled_before_is_told_and_not_repaired(put):
    text = ARTICLE.replace("They", "They\u2019re").encode().decode("cp1252", "replace")
    read = load(put("a.txt", text))
    assert read.text == text and "garbled" in read.notes[0]


@pytest.mark.parametrize(
    ("declared", "encoding", "start"),
    [
        ('<meta charset="iso-8859-1">', "cp1252", ""),
        ("<meta http-equiv=Content-Type content='text/html; charset=windows-1250'>", "cp1250", ""),
        ('<meta charset="iso-8859-1">', "utf-8", ""),  # pages err; what is valid UTF-8 is no accident
        ("", "cp1252", '<?xml version="1.0" encoding="windows-1252"?>\n'),
        ('<meta charset="unicode_escape">', "cp1252", ""),  # Python's, and no page's
    ],
)
def test_a_page_is_decoded_as_it_declares(put, declared, encoding, start):
    words = "Zürich\u2019s \u201cdeal\u201d" + ("" if encoding == "cp1252" else " in Łódź")
    read = load(put("a.html", (start + page(story(f"<p>{words}</p>"), declared)).encode(encoding)))
    assert words in read.text


def test_a_page_becomes_text_with_what_it_says_of_itself(put):
    head = (
        '<meta property="article:published_time" content="2024-06-21T10:00:00Z"><meta property="og:site_name" '
        'content="The Paper"><link rel="canonical" href="https://paper.example/fish">'
    )
    read = load(put("fish.html", page(story("<script>track('me')</script>"), head)))
    assert (read.date, read.dated_by) == (date(2024, 6, 21), "metadata")
    assert (read.title, read.publisher, read.url) == ("A deal on fish", "The Paper", "https://paper.example/fish")
    assert read.text.count("Valparaiso") == 6 and "2004" in read.text
    for gone in ("<", "track", "alert", "Most read", "Copyright", "Home"):
        assert gone not in read.text


def test_a_page_in_a_text_file_and_a_text_in_a_page_file(put):
    assert "page of HTML" in load(put("a.txt", page(story()))).notes[0]
    plain = load(put("a.html", ARTICLE))
    assert plain.text == ARTICLE and "plain text" in plain.notes[0]


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(ARTICLE.encode())))
    assert load("-") == load(ARTICLE.encode())
    assert load(ARTICLE.encode()).id == "stdin" and load(ARTICLE.encode(), id="mine").id == "mine"
    assert load(page(story()).encode()).text.count("Valparaiso") == 6


def test_a_text_in_hand_keeps_its_places():
    read = of_text(f"\ud800{ARTICLE}")
    assert read.text == f"\ufffd{ARTICLE}" and len(read.notes) == 1
    assert of_text(ARTICLE, on=date(2024, 6, 21)).date == date(2024, 6, 21)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("000_5eeb2430d155273b.txt", "000"),
        ("A visit to Hà Nội.html", "A-visit-to-Ha-Noi"),
        ("../../etc/passwd", "passwd"),
        ("визит.txt", "document"),
        ("2024-06-21-foo.txt", "2024-06-21-foo"),
        ("000_notahexname.txt", "000_notahexname"),
        ("x" * 200 + ".txt", "x" * 60),
    ],
)
def test_names_are_short_and_safe(name, short):
    assert id_of(name) == short


# --- dates


@pytest.mark.parametrize(
    ("start", "day"),
    [
        ("21 June 2024\n\n", date(2024, 6, 21)),
        ("A deal on fish\nBy Jane Doe | Friday, June 21st, 2024, 10:30 am\n\n", date(2024, 6, 21)),
        ("Published: 2024-06-21\n", date(2024, 6, 21)),
        ("Published on Sept. 3, 2023 by Jane Doe\n", date(2023, 9, 3)),
        ("Updated 22 June 2024. First published 21 June 2024\nPublished 21 June 2024\n", date(2024, 6, 21)),
        ("OSLO, Norway, June 21, 2024 (Agency) - ", date(2024, 6, 21)),
        ("OSLO, 21 June 2024 /Agency/ -- ", date(2024, 6, 21)),
        ("21/06/2024\n", date(2024, 6, 21)),
        ("06/21/2024\n", date(2024, 6, 21)),
        ("06/07/2024\n", None),  # two days, so neither
        ("OSLO, June 20 (Agency) - ", None),  # no year
        ("On 12 March 1999, Poland joined. ", None),  # of what is told, not of the telling
        ("Yesterday\n", None),
        ("31 June 2024\n", None),
        ("The treaty of 4 April 1949\nis old.\n", None),
    ],
)
def test_a_date_is_read_where_it_dates_the_text(start, day):
    read = of_text(start + ARTICLE)
    assert read.date == day and read.dated_by == ("text" if day else "")


def test_what_may_be_two_days_is_told():
    assert "two days" in of_text(f"06/07/2024\n{ARTICLE}").notes[0]


def test_the_day_of_a_change_is_taken_for_want_of_another():
    read = of_text(f"Last updated: 22 June 2024\n{ARTICLE}")
    assert read.date == date(2024, 6, 22) and "last change" in read.notes[0]


def test_a_line_with_the_date_far_down_is_none():
    assert of_text(f"{ARTICLE}\n21 June 2024\n{ARTICLE}").date is None
    assert of_text(f"{ARTICLE}\nPublished 21 June 2024\n").date == date(2024, 6, 21)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2024-06-21-foo", date(2024, 6, 21)),
        ("foo_20240621", date(2024, 6, 21)),
        ("2024.06.21", date(2024, 6, 21)),
        ("000_5eeb2430d155273b", None),
        ("a20240621", None),
        ("12345678", None),
        ("2024-06-2101", None),
        ("2024-0621", None),
        ("2024-13-01", None),
    ],
)
def test_names_of_files_with_a_day(name, day):
    assert in_name(name) == day


def test_which_date_wins_and_what_is_told_of_the_others(put):
    head = '<meta property="article:published_time" content="2024-06-20">'
    path = put("2024-06-23-a.html", page(story("<p>Published: 22 June 2024</p>"), head))
    given = load(path, on=date(2024, 6, 19))
    assert (given.date, given.dated_by) == (date(2024, 6, 19), "given")
    assert all(day in given.notes[-1] for day in ("2024-06-20 (metadata)", "2024-06-23 (file name)"))
    assert load(path).dated_by == "metadata"
    assert load(put("2024-06-23-b.txt", f"22 June 2024\n{ARTICLE}")).date == date(2024, 6, 22)
    named = load(put("2024-06-23-c.txt", ARTICLE))
    assert (named.date, named.dated_by, named.notes) == (date(2024, 6, 23), "file name", ())


@pytest.mark.parametrize(
    ("body", "head", "day", "by"),
    [
        (story(), "", None, ""),  # neither today's date in its header nor the years of its sentences
        (story(), '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2024-06-21"}</script>',
         date(2024, 6, 21), "metadata"),
        (story(), '<link rel="canonical" href="https://paper.example/2024/06/21/fish">', date(2024, 6, 21), "metadata"),
        (story(), '<meta name="date" content="1989-11-10">', date(1989, 11, 10), "metadata"),
        (f"<div>Published: June 21, 2024</div>{story()}", "", date(2024, 6, 21), "text"),
    ],
)  # fmt: skip
def test_the_date_of_a_page_is_never_guessed(body, head, day, by):
    read = of_bytes(page(body, head).encode(), file="a.html")
    assert (read.date, read.dated_by) == (day, by)


def test_a_date_to_come_is_told_and_not_taken(put):
    later = date.today() + timedelta(days=400)
    head = f'<meta property="article:published_time" content="{later}">'
    read = load(put("2024-05-05-a.html", page(story(), head)))
    assert (read.date, read.dated_by) == (date(2024, 5, 5), "file name")
    assert "future" in read.notes[0] and str(later) in read.notes[0]
    assert of_text(f"{later:%d %B %Y}\n{ARTICLE}").date is None
    with pytest.raises(UsageError, match="not after today"):
        of_text(ARTICLE, on=later)


def test_a_moment_is_a_day():
    assert of_text(ARTICLE, on=datetime(2024, 6, 21, 12, 0)).date == date(2024, 6, 21)


@given(
    st.dates(date(1900, 1, 1), date(2020, 12, 31)),
    st.sampled_from(["{d} {m} {y}", "{m} {d}, {y}", "{y}-{n:02}-{d:02}"]),
)
def test_a_line_with_any_day_is_read(day, form):
    line = form.format(d=day.day, m=f"{day:%B}", n=day.month, y=day.year)
    assert in_text(f"{line}\n\n{PARAGRAPH}") == (day, "")


# --- languages


@pytest.mark.parametrize("name", OTHER)
def test_another_language_is_named(put, name):
    with pytest.raises(DataError, match=rf"an article in English, got one in {name}\n"):
        load(put("a.txt", OTHER[name] * 2))


def test_two_languages_that_are_alike_are_both_named():
    malay = "Presiden Chile mengunjungi Oslo pada hari Selasa dan menandatangani perjanjian kerja sama di bidang perikanan. "
    with pytest.raises(DataError, match=r"Malay or Indonesian|Indonesian or Malay"):
        of_text(malay * 2)


def test_paragraphs_in_another_language_are_noted_and_kept():
    text = f"{ARTICLE}\n\n{FRENCH}\n\n{PARAGRAPH}"
    read = of_text(text)
    start = text.index(FRENCH)
    assert read.text == text
    assert "1 paragraph" in read.notes[0] and f"French; characters {start}-{start + len(FRENCH)}" in read.notes[0]


def test_names_from_everywhere_are_no_other_language():
    names = "Emmanuel Macron, Giorgia Meloni, Luiz Inácio Lula da Silva, Recep Tayyip Erdoğan, Pham Minh Chinh, To Lam"
    assert of_text(f"{ARTICLE}\n{names}").notes == ()
    assert of_text(f"Among those who came to the meeting were: {names}; the others sent their ministers.").notes == ()
    assert of_text("Habemus papam").text  # too short to tell


# --- what is refused


def archive(inside: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        file.writestr(inside, "x" * 100)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t\r\n\xc2\xa0", "empty"),
        ("a.txt", b"\xef\xbb\xbf", "empty"),
        ("a.txt", b"... 1 2 3 --- !", "without words"),
        ("a.html", b"<html><body></body></html>", "empty"),
        ("a.html", page("").encode(), "a page without one"),
        ("a.txt", b"abc\x00def" * 100, "NUL bytes"),
        ("a.txt", ARTICLE.encode("utf-16-le"), "save it as UTF-8"),
        ("a.txt", bytes(range(1, 9)) * 50 + ARTICLE.encode(), "control characters"),
        ("a.txt", "Министры Норвегии и Чили подписали соглашение".encode("cp1251"), "encoding that is not known"),
        (
            "a.txt",
            "ノルウェーとチリの外相は火曜日に会談".encode("shift_jis"),
            "neither UTF-8 nor windows-1252|not known",
        ),
        ("a.txt", b"\xff\xfe" + bytes(range(256)) * 8, "byte order mark"),
        ("a.txt", b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        ("a.pdf", b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        ("a.docx", archive("word/document.xml"), r"a Word document \(DOCX\)"),
        ("a.txt", archive("notes/other.xml"), "a ZIP archive"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, "an old Office document"),
        ("a.html", b"\x1f\x8b\x08" + b"\x00" * 100, "a gzip archive"),
        ("a.txt", b"{\\rtf1 hello}", "an RTF document"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        ("a.csv", ARTICLE.encode(), "a file that ends in .csv"),
    ],
)
def test_what_is_no_article_is_told_for_what_it_is(put, name, content, says):
    with pytest.raises(DataError, match=says) as refused:
        load(put(name, content))
    assert refused.value.hint and name in refused.value.where


def test_what_is_not_there(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        load(tmp_path / "none.txt")
    with pytest.raises(DataError, match="got a folder"):
        load(tmp_path)
    with pytest.raises(DataError, match="cannot be read"):
        load("a\x00b.txt")
    with pytest.raises(DataError, match="cannot be read"):
        load("x" * 5000 + ".txt")


def test_a_file_that_is_too_long_is_never_opened(tmp_path, monkeypatch):
    path = tmp_path / "long.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)  # sparse: it takes no space
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("it was opened"))
    with pytest.raises(DataError, match=r"got 50\.0 MB; at most 20 MB are read"):
        load(path)


def test_what_has_no_size_is_read_no_further_than_the_limit(monkeypatch):
    monkeypatch.setattr(documents_bytes, "LIMIT", 1000)
    endless = io.BytesIO(b"x" * 5000)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=endless))
    with pytest.raises(DataError, match="more than"):
        load("-")
    assert endless.tell() == 1001
    with pytest.raises(DataError, match="more than"):
        of_text("ü" * 600)


def test_an_empty_id_is_refused():
    with pytest.raises(UsageError, match="short name"):
        of_text(ARTICLE, id=" ")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>", "needs JavaScript"),
        ("<h2>We value your privacy</h2><p>We and our 823 partners store and/or access information on a device.</p>"
         "<button>Accept all</button>", "a consent page"),
        ("<h1>paper.example</h1><p>Verify you are human by completing the action below.</p>", "a captcha"),
        (f"<article><h1>A deal</h1><p>{PARAGRAPH}</p><p>Subscribe to continue reading.</p></article>", "a paywall"),
        ("<h1>404 - Page not found</h1><p>The page you are looking for is gone.</p>", "an error page"),
    ],
)  # fmt: skip
def test_pages_that_stand_before_an_article(body, kind):
    with pytest.raises(DataError, match=kind) as refused:
        of_bytes(page(body).encode(), file="a.html")
    assert "save the article itself" in refused.value.hint


def test_a_page_that_says_it_is_not_free():
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    with pytest.raises(DataError, match="not free to read"):
        of_bytes(page(f"<article><h1>A deal</h1><p>{PARAGRAPH}</p></article>", head).encode())
    assert of_bytes(page(story(), head).encode()).text.count("Valparaiso") == 6  # a subscriber saved all of it


def test_saved_text_of_such_pages():
    with pytest.raises(DataError, match="a paywall"):
        of_text(f"{PARAGRAPH} This article is reserved for subscribers.")
    cut = of_text(f"{ARTICLE}\n\nSubscribe to continue reading.")
    assert "cut off" in cut.notes[0]


def test_articles_about_such_things_are_articles():
    about = "Parliament said that this website uses cookies and that you must verify you are human. "
    assert of_text(about + ARTICLE).notes == ()
    brief = f"<article><h1>A deal</h1><p>{PARAGRAPH} {PARAGRAPH}</p></article>"
    banner = "<div>This site uses cookies. Accept all.</div><noscript>Please enable JavaScript.</noscript>"
    assert "Valparaiso" in of_bytes(page(brief + banner).encode()).text


# --- whatever comes


@given(st.binary(max_size=400), st.sampled_from(["", "a.txt", "a.html", "b.xhtml", "2024-06-21.txt"]))
@example(b"<html>\x00\x01", "a.html")
@example(b"<!-- -->" * 2000, "a.html")
@example(b"<?xml version='1.0' encoding='utf-16'?><html/>", "a.xhtml")
@example(b"\xff\xfe\x00\xd8", "")
def test_no_bytes_break_it(data, file):
    try:
        read = of_bytes(data, file=file)
    except MultipolarError as error:
        assert "\n" in str(error), "an error without a hint"
    else:
        assert read.text.strip() and "\r" not in read.text and "\x00" not in read.text
        read.text.encode()


@given(st.text(max_size=300))
def test_text_in_utf8_is_kept_or_refused(text):
    whole = f"{ARTICLE}\n{text}"
    try:
        read = of_bytes(whole.encode("utf-8", "replace"))
    except DataError:
        return
    assert read.text == whole.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")


@given(st.lists(st.sampled_from(["<p>", "</p>", "<html>", "<article>", "<script>", "<!--", "-->", "&amp;", "<", PARAGRAPH,
                                 '<meta charset="', "\x01", "<time datetime=2024-06-31>", "</body>", "<![CDATA["])))  # fmt: skip
def test_no_markup_breaks_it(parts):
    with suppress(MultipolarError):
        assert of_bytes("".join(parts).encode(), file="a.html").text.strip()


def test_nesting_without_end():
    with pytest.raises(DataError):
        of_bytes(("<html>" + "<div>" * 50_000 + ARTICLE).encode(), file="a.html")


@pytest.mark.data
def test_the_article_in_hand(shared):
    path = shared / "articles" / "000_5eeb2430d155273b.txt"
    read = load(path, on=date(2024, 6, 21))
    assert read.text == path.read_text(encoding="utf-8") and (read.id, read.notes) == ("000", ())


def test_as_of_a_day_dates_a_text_that_says_nothing_better():
    text = "Exports fell, and no recovery is in sight as of 24 August 2023. Nobody knows why they did so in May."
    assert of_text(text).date == date(2023, 8, 24)
    assert of_text(f"Published 1 September 2023\n\n{text}").date == date(2023, 9, 1)
    assert of_text(text.replace("as of", "on")).date is None
