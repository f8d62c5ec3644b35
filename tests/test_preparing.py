"""Tests of what is prepared: it says what is written without it, and nothing that was not asked."""

import gc
import weakref

import flask
import pytest
from flask import request
from flask.globals import app_ctx
from hypothesis import example, given
from hypothesis import strategies as st

from flask_httpstatus import KINDS, Failure, Failures, NotFound, Problem
from flask_httpstatus.answering import body_of
from flask_httpstatus.keeping import LONGEST, MOST
from flask_httpstatus.negotiation import FORMATS, formats_named
from flask_httpstatus.preparing import PREPARED, prepared
from flask_httpstatus.settings import current

PREPARABLE = ["problem", "html", "text"]
LANGUAGES = ["en", "de", "ar", "zh-Hant"]


class Surprising(str):
    """A text that is another one when it is read."""

    __slots__ = ()

    def __str__(self):
        return "surprise"


class OutOfStock(Problem, NotFound):
    """There is no such thing left."""


def make_app(incident=(), **settings):
    """Return an application whose failures have no incident, so that all kinds are prepared."""
    app = flask.Flask("preparing")
    Failures(app, incident=incident, log_levels={"4xx": None, "5xx": None}, **settings)
    app.add_url_rule("/", view_func=lambda: "home")
    return app


APP = make_app()


def prepare(code, format_, language="en", app=APP, **environ):
    """Return what is prepared for the status, in a request that wants this language."""
    with app.test_request_context(headers={"Accept-Language": language}, **environ):
        offered = formats_named([format_])
        return prepared(code, offered, current(), request._get_current_object(), app)


def both_ways(failure, format_, language="en"):
    """Return the body that is written between ready parts, None for none, and the one without."""
    with APP.test_request_context(headers={"Accept-Language": language}):
        request_ = request._get_current_object()
        known = prepared(failure.code, formats_named([format_]), current(), request_, APP)
        short = known.written(failure, request_)
        failure.language = known.agreement.language
        long, _ = body_of(failure, FORMATS[format_], current(), app_ctx.app)
        return short, long.encode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("format_", PREPARABLE)
@pytest.mark.parametrize("code", KINDS)
def test_every_kind(code, format_, language):
    """Of every kind the body is ready, with and without a message, as it is written at length."""
    for message in (None, "gone fishing", "C'est la vie", "Пора"):
        failure = KINDS[code](message)
        if failure.retry_after is None:
            short, long = both_ways(failure, format_, language)
            assert short == long


@pytest.mark.parametrize("format_", PREPARABLE)
@given(st.text())
@example("NOT FOUND")
@example("not found ")
@example("\ue000")
@example('"quoted"')
@example("a\\b")
@example("&amp;")
@example("</script>")
@example("two\nlines")
@example("\u2028")
@example("a\u00adb")
def test_any_message(format_, message):
    """Whatever the message is, the ready parts give what is written at length, or nothing."""
    short, long = both_ways(NotFound(message), format_)
    assert short in {None, long}


@pytest.mark.parametrize("format_", ["markdown", "xml"])
def test_formats_that_escape_more(format_):
    """A format that would escape what is common in messages is not prepared."""
    assert prepare(404, format_).body is None


@pytest.mark.parametrize("format_", PREPARABLE)
@pytest.mark.parametrize(
    "failure",
    [
        NotFound("no pet", species="cat"),
        NotFound(Surprising("no pet")),
        NotFound("no <b>pet</b>"),
        NotFound("no\tpet"),
        OutOfStock("no pet"),
    ],
    ids=lambda failure: repr(failure.message),
)
def test_failures_that_say_more(failure, format_):
    """A failure with more than a simple message is written at length."""
    short, long = both_ways(failure, format_)
    assert short is None
    assert long


def test_an_incident_is_of_one_occurrence():
    """Failures with an id have no body in common, nor has a copy that was given one."""
    assert prepare(404, "problem", app=make_app(incident=[404])).body is None

    answered = NotFound("no pet")
    answered.incident = "00000000-0000-4000-8000-000000000000"
    assert both_ways(answered, "problem")[0] is None


def test_a_type_without_a_title():
    """A class that names a type itself has it in the document, and the phrase as the title."""

    class Missing(NotFound):
        type_uri = "https://example.org/missing"

    short, long = both_ways(Missing("no pet"), "problem")
    assert short is None
    assert flask.json.loads(long) == {
        "type": "https://example.org/missing",
        "title": "Not Found",
        "status": 404,
        "detail": "no pet",
    }


@pytest.mark.parametrize(("format_", "is_ready"), [("problem", True), ("html", False)])
def test_when_to_try_again(format_, is_ready):
    """When to try again stands in the page, and in no other body."""
    short, long = both_ways(NotFound("no pet", retry_after=30), format_)
    assert short == (long if is_ready else None)


@pytest.mark.parametrize(("format_", "is_ready"), [("problem", True), ("html", False)])
def test_nonce(format_, is_ready):
    """A nonce is of one answer, so a page with one is written for itself."""
    with APP.test_request_context():
        request_ = request._get_current_object()
        request_.csp_nonce = "c29tZXRoaW5n"
        known = prepared(404, formats_named([format_]), current(), request_, APP)
        written = known.written(NotFound("no pet"), request_)
        assert (written is not None) == is_ready


def test_prefix_of_the_application():
    """The page leads to the home page of the prefix under which it was asked for."""
    home, shop = (
        prepare(404, "html", environ_overrides={"SCRIPT_NAME": prefix}).body.silent
        for prefix in ("", "/shop")
    )
    assert b'<a href="/">' in home
    assert b'<a href="/shop/">' in shop


def test_own_template(tmp_path):
    """Of an application with a template of its own, only those statuses are prepared without it."""
    (tmp_path / "failures").mkdir()
    (tmp_path / "failures" / "404.html").write_text("ours", "utf-8")
    app = flask.Flask("templates", template_folder=str(tmp_path))
    Failures(app)
    assert prepare(404, "html", app=app).body is None
    assert prepare(410, "html", app=app).body is not None
    assert prepare(404, "problem", app=app).body is not None


def test_templates_that_may_come():
    """Where templates are read again when they change, no page is prepared."""
    app = make_app()
    app.config["TEMPLATES_AUTO_RELOAD"] = True
    assert prepare(404, "html", app=app).body is None


def test_the_mark_in_texts_of_the_site():
    """A site whose own texts have the mark, as those of an icon font may, still has its page."""
    app = make_app(site={"name": "\ue000"})
    assert prepare(404, "html", app=app).body is None
    answer = app.test_client().get("/nowhere", headers={"Accept": "text/html"})
    assert "\ue000" in answer.text


@pytest.mark.parametrize(
    "environ",
    [
        {"HTTP_ACCEPT": "text/html" + " " * LONGEST},
        {"HTTP_ACCEPT_LANGUAGE": "de" + " " * LONGEST},
        {"SCRIPT_NAME": "/" + "a" * LONGEST},
    ],
    ids=lambda environ: next(iter(environ)),
)
def test_long_texts_are_not_kept(environ):
    """What is longer than usual is read, and forgotten."""
    app = make_app()
    client = app.test_client()
    client.get("/nowhere")
    kept = app.extensions[PREPARED].cache_info().currsize
    assert client.get("/nowhere", environ_overrides=environ).status_code == 404
    assert app.extensions[PREPARED].cache_info().currsize == kept == 1


def test_few_are_kept():
    """What strangers ask for is kept up to a limit."""
    app = make_app()
    client = app.test_client()
    for number in range(MOST + 9):
        client.get("/nowhere", headers={"Accept": f"text/html, x/{number}"})
    assert app.extensions[PREPARED].cache_info().currsize == MOST


def test_applications_are_freed():
    """Nothing keeps an application that is not used any more, though it has failed."""
    app = make_app()
    for accept in ("application/json", "text/html"):
        assert app.test_client().get("/nowhere", headers={"Accept": accept}).status_code == 404
    gone = weakref.ref(app)
    del app
    gc.collect()
    assert gone() is None


def test_two_applications():
    """Each application prepares with its own settings."""
    names = ("one", "two")
    texts = [
        make_app(site={"name": name}).test_client().get("/x", headers={"Accept": "text/html"}).text
        for name in names
    ]
    for name, text in zip(names, texts, strict=True):
        assert f"{name}</title>" in text


def test_no_kind():
    """A status without a kind is prepared under its own phrase."""
    body = prepare(499, "problem").body
    assert flask.json.loads(body.silent) == {"title": "Client Closed Request", "status": 499}
    short, long = both_ways(Failure("gone", 499), "problem")
    assert short == long
