"""The preview shows everything that can be answered, in debug mode and never elsewhere."""

import html5lib
import pytest

from flask_httpstatus import KINDS, Failures, Flask
from flask_httpstatus.negotiation import FORMATS
from flask_httpstatus.preview import PREFIX
from flask_httpstatus.translations import LANGUAGES


def made(*, debug, **settings):
    """Return an application, in debug mode or not, when the extension comes to it."""
    app = Flask("example")
    app.debug = debug
    app.register_extension(Failures(**settings))
    return app


@pytest.fixture
def app():
    """Return an application in debug mode, which has a format of its own."""
    failures = Failures()
    app = Flask("example")
    app.debug = True

    @failures.renderer("application/vnd.api+json")
    def as_jsonapi(failure):
        return {"errors": [{"status": failure.code}]}

    app.register_extension(failures)
    return app


def links(text):
    """Return where a valid page leads to."""
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    return [link.get("href") for link in tree.iter("a")]


def test_not_in_production():
    """In production there is no route of the preview and no rule in the map."""
    app = made(debug=False)
    assert not [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(PREFIX)]
    assert app.test_client().get(PREFIX).status_code == 404


@pytest.mark.parametrize("path", [PREFIX, f"{PREFIX}404/html"])
def test_not_after_debugging(path):
    """Where debug mode is switched off later, the route that is left finds nothing."""
    app = made(debug=True)
    assert app.test_client().get(path).status_code == 200
    app.debug = False
    assert app.test_client().get(path).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_leads_somewhere(client, language):
    """The index leads to every status in every format, in each language."""
    index = client.get(f"{PREFIX}?language={language}")
    hrefs = links(index.text)
    assert len(hrefs) == len(LANGUAGES) + len(KINDS) * (len(FORMATS) + 1)
    for href in hrefs:
        assert client.get(f"{PREFIX}{href}").status_code == 200


def test_what_is_shown(client):
    """A preview is the answer's own body, in the language that was asked for."""
    shown = client.get(f"{PREFIX}422/html?language=ar")
    links(shown.text)
    assert '<html lang="ar" dir="rtl">' in shown.text
    assert LANGUAGES["ar"]("What to correct") in shown.text
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert client.get(f"{PREFIX}503/problem").json is None
    assert client.get(f"{PREFIX}503/problem").mimetype == "text/plain"
    own = client.get(f"{PREFIX}404/application/vnd.api+json")
    assert own.text == '{"errors": [{"status": 404}]}'


@pytest.mark.parametrize(
    "path", ["200/html", "404/pdf", "404/html?language=xx", "?language=xx", "600/text"]
)
def test_what_there_is_not(client, path):
    """There is no preview of what no failure is."""
    assert client.get(PREFIX + path).status_code == 404


def test_only_the_languages_that_are_spoken():
    """An application that speaks one language has previews in that one."""
    client = made(debug=True, languages=["fr"]).test_client()
    assert "Page introuvable" in client.get(PREFIX).text
    assert client.get(f"{PREFIX}404/html?language=en").status_code == 404
