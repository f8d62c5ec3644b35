"""Tests of the room of settings: what an application may configure, checked once."""

import http

import flask
import pytest
from werkzeug.datastructures import WWWAuthenticate

from flask_httpstatus import Conflict, Failures, NotFound, Problem
from flask_httpstatus.negotiation import HTML, PROBLEM, TEXT
from flask_httpstatus.settings import CHECKS, KEY, Settings, Site, current

KEYS = list(CHECKS)


def read(key, value):
    """Return what becomes of the value of one key."""
    return getattr(Settings.read({f"FAILURES_{key.upper()}": value}, {}), key)


def test_the_keys():
    """Every key is documented with what it is, under the name it has in ``app.config``."""
    for name in KEYS:
        assert f":param {name}: FAILURES_{name.upper()}: " in Settings.__doc__


def test_nothing_configured():
    """Without configuration the settings are the defaults, and None means just that."""
    assert Settings.read({}, {}) == Settings.read({"DEBUG": True, "FAILURE_FORMATS": 5}, {})
    defaults = Settings.read({}, {})
    for name in KEYS:
        assert read(name, None) == getattr(defaults, name)
        assert getattr(Settings.read({}, {name: None}), name) == getattr(defaults, name)
    assert defaults.challenge == ()
    assert defaults.redirect_hosts == frozenset()
    assert defaults.type_base is None
    assert defaults.hop_by_hop is False
    assert defaults.incident == set(range(500, 600))
    assert defaults.formats.formats_for("/") is None


@pytest.mark.parametrize(
    ("value", "root", "api"),
    [
        (["html"], (HTML,), (HTML,)),
        (("html", "text"), (HTML, TEXT), (HTML, TEXT)),
        ({"/api/": ["problem"], "/": ["html"]}, (HTML,), (PROBLEM,)),
        ({"/api": ("problem",)}, None, (PROBLEM,)),
        ({}, None, None),
    ],
)
def test_formats(value, root, api):
    """The formats are a list, or lists by URL prefix."""
    policy = read("formats", value)
    assert (policy.formats_for("/"), policy.formats_for("/api/users")) == (root, api)


@pytest.mark.parametrize(
    ("value", "challenges"),
    [
        (WWWAuthenticate("bearer", {"realm": "api"}), ("Bearer realm=api",)),
        ("Negotiate", ("Negotiate",)),
        ([WWWAuthenticate("basic"), "Negotiate"], ("Basic", "Negotiate")),
        ((), ()),
    ],
)
def test_challenge(value, challenges):
    """A challenge is Werkzeug's or a text, or a list of them."""
    assert read("challenge", value) == challenges


@pytest.mark.parametrize(
    ("value", "hosts"),
    [
        (["accounts.example"], {"accounts.example"}),
        ({"Accounts.Example", "localhost:5000"}, {"accounts.example", "localhost:5000"}),
        (
            ("127.0.0.1", "[::1]", "[::1]:80", "my_host"),
            {"127.0.0.1", "[::1]", "[::1]:80", "my_host"},
        ),
        ((), set()),
    ],
)
def test_redirect_hosts(value, hosts):
    """Hosts are names or addresses with or without a port, in small letters."""
    assert read("redirect_hosts", value) == hosts


@pytest.mark.parametrize(
    ("value", "base"),
    [
        ("https://example.org/problems/", "https://example.org/problems/"),
        ("https://example.org/problems", "https://example.org/problems/"),
        ("https://example.org", "https://example.org/"),
        ("http://localhost:5000/", "http://localhost:5000/"),
        ("/problems", "/problems/"),
        ("/", "/"),
    ],
)
def test_type_base(value, base):
    """What slugs stand under is an absolute URI or path, and ends in a slash."""
    assert read("type_base", value) == base


@pytest.mark.parametrize(
    ("value", "statuses"),
    [
        ([], set()),
        (["4xx", "5xx"], set(range(400, 600))),
        ((404, http.HTTPStatus.GONE), {404, 410}),
        ({"5xx", 429}, {429, *range(500, 600)}),
    ],
)
def test_incident(value, statuses):
    """The statuses whose occurrences get an id go by status or class of statuses."""
    assert read("incident", value) == statuses


@pytest.mark.parametrize("value", [True, False])
def test_hop_by_hop(value):
    """The server takes hop-by-hop headers or it does not."""
    assert read("hop_by_hop", value) is value


@pytest.mark.parametrize("value", [["de"], ("en", "zh-Hant")])
def test_languages(value):
    """The languages to answer in are some of those that there are, the first one first."""
    assert read("languages", value) == tuple(value)


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"name": "Größe & Co", "home": "/", "logo": " <svg width='1'>\n<path/></svg>\n"},
        {"home": "https://example.org/a?b=c", "login": "/login?next=/", "search": "/search?q="},
        {"home": None, "login": "https://example.org", "search": "https://example.org/?a=b&q="},
    ],
)
def test_site(value):
    """What the page tells of the site is a dict with some of what it may have."""
    assert read("site", value) == Site(**value)


WRONG = {
    "formats": [
        *["problem", 5, [], {"/": []}, {"/": "html"}, {"/": 5}, {"api": ["html"]}, {5: ["html"]}],
        *[["pdf"], [5], {"/": ["html", "pdf"]}, {"": ["html"]}],
    ],
    "challenge": [5, "", "a\r\nb", [5], ["Basic", ""], WWWAuthenticate("basic", {"realm": "\n"})],
    "redirect_hosts": [
        *["accounts.example", 5, [5], [""], ["https://a.example"], ["a.example/"], ["*.example"]],
        *[
            ["a.example:port"],
            ["ä.example"],
            [".a.example"],
            ["a b"],
            ["a\n"],
            ["user@a"],
            ["a.example:123456"],
        ],
    ],
    "type_base": [
        5,
        "",
        "problems",
        "//host/",
        "ftp://a/",
        "https://",
        "/a b",
        "/a?b",
        "/a#b",
        "/\n",
    ],
    "log_levels": [
        *["INFO", ["INFO"], {404: "LOUD"}, {404: True}, {404: 1.5}, {"6xx": "INFO"}],
        *[{404: ("INFO",)}, {404: ("INFO", 0)}, {404: ("INFO", 1.5)}, {404: ("INFO", "half")}],
        *[{404: (None, 0.5)}, {404: ("INFO", 0.5, 1)}, {KeyError: "INFO"}, {NotFound(): "INFO"}],
        *[{399: "INFO"}, {600: "INFO"}, {"404": "INFO"}, {404.0: "INFO"}, {True: "INFO"}],
    ],
    "incident": ["5xx", 5, {500: 1}, [200], ["3xx"], ["xx"], ["404"], [None], [True], ["4xx\n"]],
    "hop_by_hop": [1, 0, "true", []],
    "languages": ["de", [], ["xx"], [None], {"de": 1}, 5],
    "problems": [NotFound, "NotFound", ["NotFound"], [int], [NotFound()], [None], {}],
    "site": [
        *["Example", 5, {"title": "a"}, {"name": ""}, {"name": 5}, {"name": "a\nb"}, {"home": ""}],
        *[{"home": "//evil.example"}, {"login": "javascript:alert(1)"}, {"login": "/\\evil"}],
        *[{"search": "/search"}, {"logo": "<script>"}, {"logo": "<img src=x>"}],
    ],
}


def test_every_key_has_wrong_values():
    """A new key is tested by existing: it needs values below."""
    assert set(WRONG) == set(KEYS)


class Lost(Problem, NotFound):
    """It was here."""


class Taken(Problem, Conflict):
    """It is somebody else's."""


@pytest.mark.parametrize("value", [[], [Lost], (Lost, Taken)])
def test_problems(value):
    """What an application may fail with besides is a list of problem types."""
    assert read("problems", value) == tuple(value)


@pytest.mark.parametrize(("key", "value"), [(key, value) for key in WRONG for value in WRONG[key]])
def test_wrong_values(key, value):
    """A wrong value is an error that names the key, the value and what is wrong or allowed."""
    app = flask.Flask("example")
    app.config[f"FAILURES_{key.upper()}"] = value
    with pytest.raises(ValueError, match=f"^FAILURES_{key.upper()} = ") as caught:
        Failures(app)
    text = str(caught.value)
    assert text.startswith(f"FAILURES_{key.upper()} = {value!r}: ")
    assert len(text.partition(f"{value!r}: ")[2]) > len("is wrong")
    with pytest.raises(ValueError, match=f"^FAILURES_{key.upper()} = "):
        Failures(**{key: value})
    assert "httpstatus" not in app.extensions


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("FAILURES_FORMAT", "FAILURES_FORMATS"),
        ("FAILURES_CHALENGE", "FAILURES_CHALLENGE"),
        ("FAILURES_LOGLEVELS", "FAILURES_LOG_LEVELS"),
        ("FAILURES_REDIRECT_HOST", "FAILURES_REDIRECT_HOSTS"),
    ],
)
def test_unknown_keys(key, near):
    """A setting that there is not is an error that names the nearest."""
    app = flask.Flask("example")
    app.config[key] = ["html"]
    with pytest.raises(TypeError, match=f"there is no setting {key}; there is {near}$"):
        Failures(app)
    with pytest.raises(TypeError, match=f"there is no setting {key}; there is {near}$"):
        Failures(**{key.removeprefix("FAILURES_").lower(): ["html"]})


def test_unknown_keys_far_from_any():
    """A setting that resembles none is an error that names them all."""
    with pytest.raises(TypeError) as caught:
        Failures(zzz=1)
    assert all(f"FAILURES_{name.upper()}" in str(caught.value) for name in KEYS)


def test_keywords_win():
    """A keyword of init_app wins over that of the constructor, and both over ``app.config``."""
    app = flask.Flask("example")
    app.config["FAILURES_FORMATS"] = ["html"]
    app.config["FAILURES_CHALLENGE"] = "Basic"
    app.config["FAILURES_HOP_BY_HOP"] = True
    failures = Failures(formats=["text"], challenge="Negotiate")
    failures.init_app(app, formats=["problem"])
    settings = app.extensions[KEY]
    assert settings.formats.formats_for("/") == (PROBLEM,)
    assert settings.challenge == ("Negotiate",)
    assert settings.hop_by_hop is True


def test_two_applications():
    """What one application configures is nothing to another with the same extension."""
    failures = Failures(challenge="Basic")
    one, other = flask.Flask("one"), flask.Flask("other")
    one.config["FAILURES_FORMATS"] = ["html"]
    failures.init_app(one)
    failures.init_app(other, challenge="Negotiate")
    with one.app_context():
        assert current().formats.formats_for("/") == (HTML,)
        assert current().challenge == ("Basic",)
    with other.app_context():
        assert current().formats.formats_for("/") is None
        assert current().challenge == ("Negotiate",)


def test_current_without_the_extension():
    """Without the extension, and without an application, the defaults hold."""
    with flask.Flask("example").app_context():
        assert current() == Settings()
    assert current() == Settings()


def test_settings_are_fixed():
    """Settings are checked once: what has been read cannot be changed."""
    with pytest.raises(AttributeError):
        Settings().hop_by_hop = True
