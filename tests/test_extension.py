"""Tests of the extension: how it is registered and told what to do."""

import gc
import sqlite3
import weakref

import flask
import pytest
import werkzeug.exceptions as werkzeug
from flask import Blueprint, redirect

from flask_httpstatus import (
    KINDS,
    Conflict,
    Failure,
    Failures,
    FailureWarning,
    Forbidden,
    InternalServerError,
    NotFound,
    ServiceUnavailable,
    TooManyRequests,
    catching_failure,
    register_extension,
)

JSONAPI = "application/vnd.api+json"


def raising(kind=NotFound, message="no such user"):
    """Return a view that fails."""

    def view(**_):
        raise kind(message)

    return view


def make_app(failures=None, **config):
    """Return an application with the extension and a view that fails."""
    app = flask.Flask("example")
    app.config.from_mapping(config)
    (failures or Failures()).init_app(app)
    app.add_url_rule("/", view_func=raising())
    return app


def content_type(app, path="/", accept="text/html, application/json;q=0.1"):
    """Return in which format a client that would rather have HTML is answered."""
    return app.test_client().get(path, headers={"Accept": accept}).mimetype


# Registration


def test_constructor():
    """Failures(app) registers."""
    app = flask.Flask("example")
    failures = Failures(app)

    assert app.extensions["httpstatus"] is failures
    assert app.test_client().get("/").json == {"title": "Not Found", "status": 404}


def test_init_app():
    """init_app registers, and nothing before it does."""
    app = flask.Flask("example")
    failures = Failures()
    assert app.extensions == {}

    assert failures.init_app(app) is None
    assert app.extensions["httpstatus"] is failures


def test_one_extension_for_several_applications():
    """One extension answers for several applications, each by its own settings."""
    failures = Failures()
    one = make_app(failures, FAILURES_FORMATS=["text"])
    two = make_app(failures, FAILURES_FORMATS=["problem"])

    assert (content_type(one), content_type(two)) == ("text/plain", "application/problem+json")


def test_applications_without_it():
    """An application without the extension is as Flask made it."""
    make_app()
    app = flask.Flask("example")

    assert "<title>404 Not Found</title>" in app.test_client().get("/").text


@pytest.mark.parametrize("second", [Failures, lambda app: Failures().init_app(app)])
def test_registered_twice(second):
    """A second registration is refused, with what is meant instead."""
    app = make_app()

    with pytest.raises(RuntimeError, match=r"example has Failures already; .*failures\.formats"):
        second(app)


def test_refused_registration_leaves_nothing():
    """Where a setting is wrong, the application is as it was."""
    app = flask.Flask("example")

    with pytest.raises(ValueError, match="FAILURES_FORMATS"):
        Failures(app, formats=["jpeg"])

    assert app.extensions == {}
    Failures(app)


def test_application_can_be_forgotten():
    """The extension does not keep an application alive."""
    failures = Failures()
    app = flask.Flask("example")
    failures.init_app(app)
    reference = weakref.ref(app)

    del app
    gc.collect()

    assert reference() is None


# Settings


def test_settings_are_read_at_init_app():
    """What app.config says when the extension is registered holds."""
    assert content_type(make_app(FAILURES_FORMATS=["text"])) == "text/plain"


def test_settings_hold_for_what_failed_before():
    """A view that has failed before the registration fails with the settings from then on."""
    app = flask.Flask("example")
    view = catching_failure(raising(ServiceUnavailable))
    app.add_url_rule("/", view_func=view)

    with app.test_request_context():
        assert "instance" in view().json
    Failures(app, languages=["fr"], incident=[])
    answer = app.test_client().get("/")

    assert answer.json["title"] == "Service indisponible"
    assert "instance" not in answer.json


def test_settings_given():
    """Keyword arguments win over app.config, and those of init_app over the constructor's."""
    app = flask.Flask("example")
    app.config["FAILURES_FORMATS"] = ["problem"]
    Failures(formats=["xml"]).init_app(app, formats=["text"])
    assert content_type(app) == "text/plain"

    app = flask.Flask("example")
    app.config["FAILURES_FORMATS"] = ["problem"]
    Failures(app, formats=["xml"])
    assert content_type(app) == "application/problem+xml"


def test_wrong_settings():
    """A wrong setting is refused where it is given, a misspelt one with the right name."""
    app = flask.Flask("example")
    with pytest.raises(ValueError, match=r"FAILURES_FORMATS = \['jpeg'\]: 'jpeg' is no format"):
        Failures(formats=["jpeg"])
    with pytest.raises(TypeError, match="there is no setting FAILURES_FORMAT; there is"):
        Failures().init_app(app, format=["text"])


# Formats by place


def test_formats_by_prefix():
    """The longest URL prefix decides, for what the router refuses too."""
    app = make_app(
        FAILURES_FORMATS={"/api": ["problem"], "/api/text": ["text"], "/": ["html", "text"]}
    )
    app.add_url_rule("/api/users", view_func=raising(), endpoint="users", methods=["POST"])
    app.add_url_rule("/api/text/users", view_func=raising(), endpoint="text")

    assert content_type(app, "/") == "text/html"
    assert content_type(app, "/api/none") == "application/problem+json"
    assert content_type(app, "/api/users") == "application/problem+json"
    assert app.test_client().get("/api/users").status_code == 405
    assert content_type(app, "/api") == "application/problem+json"
    assert content_type(app, "/apiary") == "text/html"
    assert content_type(app, "/api/text/none") == "text/plain"
    assert content_type(app, "/api/text/users") == "text/plain"


def test_prefixes_that_cover_nothing_here():
    """Where no prefix fits, the formats are those that an application has by default."""
    app = make_app(FAILURES_FORMATS={"/api": ["problem"]})

    assert content_type(app, "/") == "text/html"
    assert content_type(app, "/", "text/plain") == "text/plain"


def test_formats_of_a_blueprint():
    """The views of a blueprint have its formats, before any URL prefix; others do not."""
    failures = Failures(formats={"/admin": ["text"]})
    admin = Blueprint("admin", __name__, url_prefix="/admin")
    admin.add_url_rule("/", view_func=raising())
    failures.formats(admin, ["xml", "problem"])
    app = make_app(failures)
    app.register_blueprint(admin)

    assert content_type(app, "/admin/", "application/json, */*;q=0.1") == "application/problem+json"
    assert content_type(app, "/admin/", "text/html") == "application/problem+xml"
    assert content_type(app, "/admin/none") == "text/plain"
    assert content_type(app, "/") == "text/html"


def test_formats_of_nested_blueprints():
    """The nearest blueprint that has formats decides."""
    failures = Failures()
    outer, middle, inner = (Blueprint(name, __name__) for name in ("outer", "middle", "inner"))
    for place, blueprint in enumerate((outer, middle, inner)):
        blueprint.add_url_rule(f"/{place}", view_func=raising())
    middle.register_blueprint(inner)
    outer.register_blueprint(middle)
    failures.formats(outer, ["text"])
    failures.formats(middle, ["xml"])
    app = make_app(failures)
    app.register_blueprint(outer)
    app.register_blueprint(outer, name="again", url_prefix="/again")

    for prefix in ("", "/again"):
        assert content_type(app, f"{prefix}/0") == "text/plain"
        assert content_type(app, f"{prefix}/1") == "application/problem+xml"
        assert content_type(app, f"{prefix}/2") == "application/problem+xml"


@pytest.mark.parametrize("formats", [["jpeg"], [], "problem"])
def test_wrong_formats_of_a_blueprint(formats):
    """A format that there is not is refused when it is given."""
    with pytest.raises(ValueError, match="format"):
        Failures().formats(Blueprint("admin", __name__), formats)


def test_formats_of_no_blueprint():
    """The name of a blueprint is refused, for nothing would ever be found under it."""
    with pytest.raises(TypeError, match="'admin' is no blueprint; pass the Blueprint itself"):
        Failures().formats("admin", ["html"])


def test_translation_of_no_blueprint():
    """What is no blueprint translates nothing, and is refused."""
    with pytest.raises(TypeError, match="'admin' is no blueprint; pass the Blueprint itself"):
        Failures().translate(sqlite3.IntegrityError, Conflict, "taken", blueprint="admin")


@pytest.mark.parametrize("formats", ["html", 5])
def test_formats_are_a_list(formats):
    """A single format is refused with the list to write, not read letter by letter."""
    with pytest.raises(ValueError, match=r"a list of formats is wanted, such as \["):
        Failures().formats(Blueprint("admin", __name__), formats)


# Answers for other extensions


@pytest.mark.parametrize(
    "failure",
    [Conflict("name is taken"), werkzeug.Conflict("name is taken"), Failure("name is taken", 409)],
)
def test_respond(failure):
    """respond() gives the complete answer to a failure that nobody raised."""
    failures = Failures()
    app = make_app(failures)
    app.add_url_rule("/answer", view_func=lambda: failures.respond(failure), endpoint="answer")

    response = app.test_client().get("/answer")

    assert response.status == "409 Conflict"
    assert response.json == {"title": "Conflict", "status": 409, "detail": "name is taken"}
    assert "Accept" in response.vary


def test_respond_knows_formats_and_headers():
    """respond() chooses the format, and has the headers, as for what is raised."""
    failures = Failures()
    app = make_app(failures, FAILURES_FORMATS={"/api": ["problem"], "/": ["html"]})
    app.add_url_rule(
        "/<path:path>",
        view_func=lambda **_: failures.respond(TooManyRequests("slow down", retry_after=7)),
        endpoint="answer",
    )

    for path, wanted in (("/api/x", "application/problem+json"), ("/x", "text/html")):
        response = app.test_client().get(path)
        assert (response.mimetype, response.headers["Retry-After"]) == (wanted, "7")


@pytest.mark.parametrize(
    "exception",
    [
        werkzeug.HTTPException(),
        werkzeug.HTTPException(response=redirect("/")),
        NotFound(response=flask.Response("ready")),
        type("Odd", (werkzeug.HTTPException,), {"code": 302})(),
    ],
)
def test_respond_refuses(exception, app):
    """respond() takes no redirect, no ready response and no other code."""
    with (
        app.test_request_context(),
        pytest.raises(ValueError, match="is no failure; its code has to be 400 to 599"),
    ):
        app.extensions["httpstatus"].respond(exception)


@pytest.mark.parametrize("given", ["no such user", None, 404, NotFound, KeyError("id")])
def test_respond_to_what_is_no_exception_of_http(given, app):
    """A text, a class and other exceptions are an error that says what to give."""
    with (
        app.test_request_context(),
        pytest.raises(TypeError, match=r"takes a failure such as NotFound\('no such user'\), not "),
    ):
        app.extensions["httpstatus"].respond(given)


@pytest.mark.parametrize("given", [None, "example", Blueprint("admin", __name__), flask.Flask])
def test_what_is_no_application(given):
    """What is no application is refused, and the error says what one is."""
    with pytest.raises(TypeError, match=r"is no application; pass what flask\.Flask"):
        Failures().init_app(given)
    with pytest.raises(TypeError, match="is no application"):
        register_extension(given, Failures())


# Formats of one's own


def jsonapi(failure):
    """Write a failure as JSON:API has it."""
    return {"errors": [{"status": str(failure.code), "detail": failure.message}]}


def test_renderer():
    """A format of one's own is negotiated like the others, and its dict becomes JSON."""
    failures = Failures()
    assert failures.renderer(JSONAPI)(jsonapi) is jsonapi
    app = make_app(failures)

    response = app.test_client().get("/", headers={"Accept": JSONAPI})

    assert response.content_type == JSONAPI
    assert response.json == {"errors": [{"status": "404", "detail": "no such user"}]}
    assert "Accept" in response.vary
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        (JSONAPI, JSONAPI),
        (f"{JSONAPI}, application/json", JSONAPI),
        (f"{JSONAPI};q=0.5, application/json", "application/problem+json"),
        (f'{JSONAPI};ext="https://jsonapi.org/ext/atomic"', JSONAPI),
        ("application/json", "application/problem+json"),
        ("*/*", "application/problem+json"),
        ("text/html", "text/html"),
        (f"text/html, {JSONAPI}", "text/html"),
    ],
)
def test_renderer_is_negotiated(accept, wanted):
    """The exact type picks the format of one's own, before problem, which any +json may be."""
    failures = Failures()
    failures.renderer(JSONAPI)(jsonapi)

    assert content_type(make_app(failures), accept=accept) == wanted


@pytest.mark.parametrize(
    ("result", "body"),
    [
        ("größer", "größer".encode()),
        (b"\xff\x00", b"\xff\x00"),
        (["a", 1], b'["a",1]\n'),
        ({}, b"{}\n"),
        ("", b""),
    ],
)
def test_what_renderers_return(result, body):
    """Text and bytes are sent as they are, anything else as the application writes JSON."""
    failures = Failures()
    failures.renderer("application/x-own")(lambda _: result)
    app = make_app(failures)

    data = app.test_client().get("/", headers={"Accept": "application/x-own"}).data

    assert data == body or flask.json.loads(data) == flask.json.loads(body)


@pytest.mark.parametrize(
    ("media_type", "sent"),
    [("text/csv", "text/csv; charset=utf-8"), ("application/cbor", "application/cbor")],
)
def test_content_type_of_a_renderer(media_type, sent):
    """Text says its encoding, for there is one; other types have none to say."""
    failures = Failures()
    failures.renderer(media_type)(lambda _: "x")
    client = make_app(failures).test_client()

    assert client.get("/", headers={"Accept": media_type}).content_type == sent


def test_renderer_in_a_policy():
    """A policy names a format of one's own by its media type, whichever is registered first."""
    failures = Failures()
    app = make_app(failures, FAILURES_FORMATS=[JSONAPI.upper(), "html"])
    failures.renderer(JSONAPI)(jsonapi)

    assert content_type(app, accept="*/*") == JSONAPI
    assert content_type(app) == "text/html"


def test_renderer_gets_what_is_answered():
    """The function gets the failure with its message read and its incident."""
    failures = Failures()
    failures.renderer("application/x-own")(
        lambda failure: [type(failure).__name__, failure.message, bool(failure.incident)]
    )
    app = make_app(failures)

    class Later:
        def __str__(self):
            return "back at noon"

    app.add_url_rule("/later", view_func=raising(ServiceUnavailable, Later()), endpoint="later")

    response = app.test_client().get("/later", headers={"Accept": "application/x-own"})

    assert flask.json.loads(response.data) == ["ServiceUnavailable", "back at noon", True]


@pytest.mark.parametrize(
    "media_type",
    ["problem", "html", "application/problem+json", "text/html", "TEXT/PLAIN", JSONAPI.upper()],
)
def test_renderer_of_what_is_there(media_type):
    """A media type that has a renderer is refused."""
    failures = Failures()
    failures.renderer(JSONAPI)(jsonapi)

    with pytest.raises(ValueError, match="has a renderer; choose another media type"):
        failures.renderer(media_type)


@pytest.mark.parametrize("media_type", ["jsonapi", "", "a/b/c", "/", "text/", 7, None])
def test_renderer_of_what_is_no_type(media_type):
    """What is no media type is refused."""
    with pytest.raises(ValueError, match="is no format"):
        Failures().renderer(media_type)


@pytest.mark.parametrize("kind", [NotFound, Forbidden, InternalServerError])
def test_every_kind_is_abortable_by_name(kind, app):
    """abort() finds each kind by its code in the application's aborter."""
    assert app.aborter.mapping[kind.code] is kind
    assert set(KINDS) <= set(app.aborter.mapping)


@pytest.mark.parametrize("message", [ValueError("hunter2"), 1234, ["a"], {"a": 1}, b"hunter2"])
def test_abort_without_its_message(app, client, message):
    """abort() keeps the status where the message is no text, and warns instead of failing."""

    @app.get("/")
    def view():
        flask.abort(409, message, headers={"X-Kept": "1"})

    with pytest.warns(FailureWarning, match="leaves its message out") as warned:
        answer = client.get("/")
    assert answer.status == "409 Conflict"
    assert answer.headers["X-Kept"] == "1"
    assert "hunter2" not in answer.text
    assert warned[0].filename == __file__


@pytest.mark.parametrize("given", [(10,), (10, "bytes")])
def test_abort_with_a_length(app, client, given):
    """abort(416, length) says how much there is, as it does without the extension."""
    app.add_url_rule("/", view_func=lambda: flask.abort(416, *given))

    answer = client.get("/")

    assert answer.status == "416 Range Not Satisfiable"
    assert answer.headers["Content-Range"] == "bytes */10"


def test_abort_of_an_application():
    """An application's own aborter stays."""

    class Aborter(werkzeug.Aborter):
        pass

    class App(flask.Flask):
        aborter_class = Aborter

    app = App("example")
    Failures(app)
    assert type(app.aborter) is Aborter
    assert app.aborter.mapping[402] is KINDS[402]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((404, None, flask.Response("ready", 404)), ("ready", None)),
        ((429, "slow down", None, 3), (None, "3")),
        ((503, "slow down"), (None, None)),
        ((405, ["PUT"], "slow down"), (None, None)),
    ],
)
def test_abort_with_werkzeugs_arguments(app, client, arguments, expected):
    """abort() takes the further arguments of Werkzeug's classes in their order."""

    @app.get("/")
    def view():
        flask.abort(*arguments)

    answer = client.get("/")
    text, retry_after = expected
    assert answer.status_code == arguments[0]
    assert answer.headers.get("Retry-After") == retry_after
    assert answer.text == text if text else answer.json["detail"] == "slow down"


def test_registering_again_after_a_refusal():
    """Whoever mends what init_app refused can register after all."""
    failures = Failures()
    failures.translate(LookupMissingError, NotFound)
    app = flask.Flask("example")
    app.register_error_handler(LookupMissingError, lambda _: ("mine", 404))
    with pytest.raises(RuntimeError, match="has a handler for LookupMissingError already"):
        failures.init_app(app)
    assert "httpstatus" not in app.extensions
    del app.error_handler_spec[None][None][LookupMissingError]
    with pytest.warns(FailureWarning, match="replaces"):
        failures.init_app(app)
    assert app.extensions["httpstatus"] is failures


class LookupMissingError(Exception):
    """A foreign exception."""
