"""The texts of the page: complete in every language, and in the one that the person reads."""

import re
import string
import sys
from pathlib import Path

import pytest
from flask import Flask as PlainFlask
from hypothesis import given
from hypothesis import strategies as st

import flask_httpstatus
from flask_httpstatus import KINDS, Failures, Flask, NotFound, http
from flask_httpstatus.pieces import ADVICE
from flask_httpstatus.translations import LANGUAGES, choose, look_up, read_catalogue, spoken

PACKAGE = Path(flask_httpstatus.__file__).parent
LOCALES = PACKAGE / "locales"
TAGS = tuple(LANGUAGES)
TRANSLATED = [tag for tag in TAGS if tag != "en"]


def spoken_texts():
    """Return every text that the package says in a person's language."""
    texts = {http.facts(code).phrase for code in KINDS}
    texts |= {http.facts(code).description for code in KINDS}
    texts |= set(ADVICE.values())
    pieces = (PACKAGE / "pieces.py").read_text("utf-8")
    page = (PACKAGE / "page.py").read_text("utf-8")
    template = (PACKAGE / "templates/failures/page.html").read_text("utf-8")
    texts |= set(re.findall(r"language\([\"']([^\"']+)[\"']\)", pieces + template))
    texts |= set(re.findall(r'"(You can try [^"]+|\{number\} [^"]+)"', pieces))
    texts |= set(re.findall(r'\([a-z.]+, "([^"]+)"\)', page))
    return texts


def catalogue(name):
    """Return the texts of a catalogue but for its header."""
    texts = read_catalogue((LOCALES / name).read_text("utf-8"))
    texts.pop("")
    return texts


def fields(text):
    """Return what is filled into the text."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_catalogues_are_those_of_the_languages():
    """Each language but English has a catalogue, and there is a template for further ones."""
    assert sorted(path.name for path in LOCALES.iterdir()) == sorted(
        ["page.pot", *(f"{tag}.po" for tag in TRANSLATED)]
    )


def test_template_of_the_catalogues():
    """The template for translators has every text that is said, and no other."""
    template = catalogue("page.pot")
    assert set(template) == spoken_texts()
    assert set(template.values()) == {""}


@pytest.mark.parametrize("tag", TRANSLATED)
def test_catalogues_are_complete(tag):
    """Every text is translated, with the same fields, and not only copied."""
    texts = catalogue(f"{tag}.po")
    assert texts.keys() == catalogue("page.pot").keys()
    for text, translation in texts.items():
        assert translation.strip() == translation != ""
        assert fields(translation) == fields(text)
        # What ends a sentence in English ends one in every language.
        assert not text.endswith(".") or translation.endswith((".", "。", "।"))
    same = {text for text in texts if texts[text] == text}
    assert same <= {"Conflict", "{number} s", "{number} min", "{number} h", "{number} d"}


@pytest.mark.parametrize("tag", TRANSLATED)
def test_titles_differ(tag):
    """No two statuses have the same title in any language."""
    titles = [LANGUAGES[tag](http.facts(code).phrase) for code in KINDS]
    assert len(set(titles)) == len(titles)


def test_catalogues_say_their_language():
    """The header of a catalogue names its language, as translators' tools want it."""
    for tag in TRANSLATED:
        header = read_catalogue((LOCALES / f"{tag}.po").read_text("utf-8"))[""]
        assert f"Language: {tag.replace('-', '_')}\n" in header
        assert "charset=UTF-8" in header


def test_reading_a_catalogue():
    """A PO file is read as gettext reads it: texts over lines, escapes, nothing fuzzy or old."""
    assert read_catalogue(
        "# a comment\r\n"
        'msgid ""\nmsgstr ""\n"Language: xx\\n"\n\n'
        '#: page.py:1\n#, python-format\nmsgid "one "\n"two"\nmsgstr "eins\\n"\n"\\"zwei\\""\n\n'
        '#, fuzzy, python-format\nmsgid "three"\nmsgstr "drei"\n\n'
        '#~ msgid "four"\n#~ msgstr "vier"\n\n'
        'msgid "five"\nmsgstr "fünf"'
    ) == {"": "Language: xx\n", "one two": 'eins\n"zwei"', "five": "fünf"}


def test_a_text_without_a_translation_is_english():
    """What the catalogue does not have is said in English."""
    assert LANGUAGES["de"]("Nobody translated this.") == "Nobody translated this."


def test_a_broken_catalogue(monkeypatch, caplog):
    """A catalogue that cannot be read is logged once, and English is spoken."""
    german = type(LANGUAGES["de"])("de")
    monkeypatch.setattr("pkgutil.get_data", lambda *_: b"\xff")
    assert german("Not Found") == german("Not Found") == "Not Found"
    assert [record.levelname for record in caplog.records] == ["ERROR"]


@pytest.mark.parametrize(
    ("range_", "tag"),
    [
        ("de", "de"),
        ("DE", "de"),
        ("de-AT", "de"),
        ("de-Latn-AT-1996", "de"),
        ("de-x-goethe", "de"),
        ("pt-BR", "pt"),
        ("en-GB-oxendict", "en"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh-Hant", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("zh-hans-TW", "zh-Hans"),
        ("zh-TW-u-co-stroke", "zh-Hant"),
        ("cs", None),
        ("d", None),
        ("deu", None),
        ("", None),
        ("-", None),
        ("x-de", None),
        ("a-" * 5000, None),
    ],
)
def test_look_up(range_, tag):
    """A range finds the language that is left of it when less and less of it is asked for."""
    assert look_up(TAGS, range_) == tag


@pytest.mark.parametrize(
    ("accept_language", "tag"),
    [
        ("", "en"),
        ("*", "en"),
        ("fr", "fr"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7", "zh-Hant"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("cs,sk;q=0.9,pl;q=0.8,en;q=0.7", "pl"),
        ("en;q=0.5,uk", "uk"),
        ("ru;q=0.5,uk;q=0.5", "ru"),
        ("*,ja;q=0.5", "ja"),
        ("de;q=0", "en"),
        ("en;q=0", "de"),
        ("en;q=0,*", "de"),
        ("de-AT;q=0,de", "de"),
        ("de;q=0,de-AT,fr;q=0.1", "fr"),
        ("zh;q=0,zh-TW,ko;q=0.1", "zh-Hant"),
        ("zh-TW;q=0,zh-Hant;q=0,zh", "zh-Hans"),
        ("*;q=0", "en"),
        (",".join(f"{tag};q=0" for tag in TAGS), "en"),
        ("de;q=high,fr;q=0.1", "fr"),
        (";;,,=", "en"),
        ("x" * 300 + ",it", "it"),
    ],
)
def test_choose(accept_language, tag):
    """The client's wishes are followed in the order of their weight, the refused ones never."""
    assert choose(TAGS, accept_language) == tag


@given(st.text())
def test_any_wish(accept_language):
    """Every header, however wrong, ends in a language that is offered."""
    assert choose(TAGS, accept_language) in TAGS
    assert choose(("tr",), accept_language) == "tr"


def asked(app, language=None, accept="text/html"):
    """Return the answer for somebody who reads this language."""
    headers = {"Accept": accept} | ({"Accept-Language": language} if language else {})
    return app.test_client().get("/nothing", headers=headers)


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize(
    "accept",
    ["text/html", "application/problem+json", "text/plain"],
)
def test_answers_in_the_persons_language(app, accept, tag):
    """The title is in the person's language; a page is so as a whole, and its headers say it."""
    answer = asked(app, tag, accept)
    assert LANGUAGES[tag]("Not Found") in answer.text
    assert answer.headers.get("Content-Language") == (tag if accept == "text/html" else None)
    assert answer.headers["Vary"] == "Accept, Accept-Language"
    assert answer.status == "404 Not Found"


def test_a_problem_document_in_english_has_the_phrase(app):
    """Who asks for no language reads the phrase of the status (RFC 9457, Section 4.2.1)."""
    answer = asked(app, accept="application/problem+json")
    assert answer.json["title"] == "Not Found"


def test_one_language_only():
    """An application that speaks one language speaks that to all, and depends on nobody's wish."""
    app = Flask("example")
    app.register_extension(Failures(languages=["fr"]))
    answer = asked(app, "de")
    assert "Page introuvable" in answer.text
    assert answer.headers["Content-Language"] == "fr"
    assert answer.headers["Vary"] == "Accept"


def test_the_first_language_is_the_default():
    """The application's own language comes first in its list."""
    app = Flask("example")
    app.register_extension(Failures(languages=["fr", "en"]))
    assert asked(app, "de").headers["Content-Language"] == "fr"
    assert asked(app, "en").headers["Content-Language"] == "en"


@pytest.mark.parametrize("wrong", [[], "de", ["xx"], ["DE"], [7], {"de": 1}])
def test_wrong_languages(wrong):
    """A language that there is not is an error at once, which names those that there are."""
    with pytest.raises(ValueError, match=r"FAILURES_LANGUAGES = .*; there are en, de, fr"):
        Failures(languages=wrong)


def test_a_content_language_of_the_failure(app):
    """A failure that says its language itself keeps what it says."""

    @app.get("/own")
    def own():
        raise NotFound(headers={"Content-Language": "cs"})

    answer = app.test_client().get("/own", headers={"Accept-Language": "de"})
    assert answer.headers.getlist("Content-Language") == ["cs"]


def test_a_failure_that_is_raised_again(app):
    """The same failure is answered in the language of each person who meets it."""
    failure = NotFound("no such user")

    @app.get("/again")
    def again():
        raise failure

    client = app.test_client()
    titles = [
        client.get("/again", headers={"Accept-Language": tag}).json["title"]
        for tag in ("de", "en", "fr")
    ]
    assert titles == ["Nicht gefunden", "Not Found", "Page introuvable"]
    assert failure.language == "en"


# Flask-Babel's locale wins.


@pytest.fixture
def babel():
    """Return Flask-Babel where it is installed."""
    return pytest.importorskip("flask_babel")


@pytest.mark.parametrize(
    ("locale", "tag"),
    [("de", "de"), ("pt_BR", "pt"), ("zh_Hant_TW", "zh-Hant"), ("zh_CN", "zh-Hans"), ("cs", "en")],
)
def test_locale_of_flask_babel(app, babel, locale, tag):
    """What Flask-Babel selects wins over the client's wish, of which it may have thought."""
    babel.Babel(app, locale_selector=lambda: locale)
    answer = asked(app, "fr")
    assert answer.headers["Content-Language"] == tag
    assert answer.headers["Vary"] == "Accept, Accept-Language"


def test_default_locale_of_flask_babel(app, babel):
    """Without a selector the locale depends on nobody's wish."""
    babel.Babel(app, default_locale="it")
    answer = asked(app, "fr")
    assert answer.headers["Content-Language"] == "it"
    assert answer.headers["Vary"] == "Accept"


def test_lazy_messages_of_flask_babel(app, babel):
    """A lazy message is read in the locale of the answer."""
    babel.Babel(app, locale_selector=lambda: "de")

    @app.get("/lazy")
    def lazy():
        raise NotFound(babel.lazy_gettext("no such user"))

    assert app.test_client().get("/lazy").json["detail"] == "no such user"


def test_a_selector_that_fails(app, babel, caplog):
    """Where a selector fails the client's own wish holds, and the failure is logged."""
    babel.Babel(app, locale_selector=lambda: 1 / 0)
    answer = asked(app, "fr")
    assert answer.status == "404 Not Found"
    assert answer.headers["Content-Language"] == "fr"
    assert "The locale of Flask-Babel cannot be told" in caplog.text


def test_another_extension_that_is_called_babel(app, monkeypatch):
    """Who has something else under the name of Flask-Babel gets the client's language."""
    app.extensions["babel"] = object()
    monkeypatch.setitem(sys.modules, "flask_babel", None)
    assert asked(app, "fr").headers["Content-Language"] == "fr"


def test_languages_are_read_when_they_are_spoken():
    """To import the package, and to answer in English, reads no catalogue."""
    english = PlainFlask("english")
    with english.test_request_context(headers={"Accept-Language": "en"}):
        assert spoken(TAGS, english) == (TAGS, True)
    fresh = type(LANGUAGES["de"])("de")
    assert "_texts" not in vars(fresh)
    assert fresh("Gone") == "Nicht mehr vorhanden"
    assert "_texts" in vars(fresh)
