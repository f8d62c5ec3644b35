"""Tests of what is caught: by a view's decorator, by the application's handlers, or by none."""

import asyncio
import inspect

import flask
import pytest
import werkzeug.exceptions as werkzeug
from flask import Blueprint, abort, got_request_exception, request
from flask.views import MethodView, View
from werkzeug.exceptions import HTTPException

from flask_httpstatus import (
    KINDS,
    BadRequest,
    ClientFailure,
    Conflict,
    Failure,
    Failures,
    FailureWarning,
    InternalServerError,
    NotFound,
    PaymentRequired,
    ServerFailure,
    ServiceUnavailable,
    catching_failure,
)

# Who answers


def plain_and_extended(**config):
    """Return the same application twice: as plain Flask has it, and with the extension."""
    apps = []
    for extended in (False, True):
        app = flask.Flask("example")
        app.config.from_mapping(config)
        if extended:
            Failures(app)
        apps.append(app)
    return apps


class UserMissing(NotFound):
    """A kind of the application's own."""


ORIGINS = {
    "ours": NotFound,
    "Werkzeug's": werkzeug.NotFound,
    "abort": lambda: abort(404),
    "a subclass": UserMissing,
    "routing": None,
}


@pytest.mark.parametrize("raising", ORIGINS.values(), ids=ORIGINS)
@pytest.mark.parametrize(
    ("registered", "receives"),
    [
        (404, HTTPException),
        (NotFound, NotFound),
        (werkzeug.NotFound, HTTPException),
        (ClientFailure, NotFound),
        (Failure, NotFound),
    ],
)
def test_handlers_of_the_application(app, client, raising, registered, receives):
    """A handler for the code, a kind or a family wins, and those for ours get a kind."""

    @app.errorhandler(registered)
    def handle(failure):
        assert isinstance(failure, receives)
        return f"handled {failure.code}", 410

    @app.get("/raise")
    def view():
        raise raising()

    response = client.get("/none" if raising is None else "/raise")

    assert (response.status_code, response.text) == (410, "handled 404")


@pytest.mark.parametrize(
    ("registered", "winner"),
    [
        ([Failure], "Failure"),
        ([Failure, ClientFailure], "ClientFailure"),
        ([ClientFailure, Failure, NotFound], "NotFound"),
        ([ServerFailure, InternalServerError, PaymentRequired], None),
        ([Exception], None),
        ([Exception, Failure], "Failure"),
    ],
)
@pytest.mark.parametrize("raising", [NotFound, werkzeug.NotFound])
def test_the_most_specific_handler_wins(app, client, raising, registered, winner):
    """Whoever raises, the handler nearest to the kind answers; without one, the extension."""
    for kind in registered:
        app.register_error_handler(kind, lambda _, name=kind.__name__: name)

    @app.get("/")
    def view():
        raise raising

    response = client.get("/")

    if winner is None:
        assert response.json == {"title": "Not Found", "status": 404}
    else:
        assert response.text == winner


@pytest.mark.parametrize("raising", [NotFound, werkzeug.NotFound])
@pytest.mark.parametrize("registered", [404, NotFound, ClientFailure, HTTPException, Exception])
def test_handlers_of_blueprints(app, client, raising, registered):
    """A handler of a blueprint answers for its views, and for nobody else's."""
    blueprint = Blueprint("shop", __name__)

    @blueprint.errorhandler(registered)
    def handle(failure):
        return "handled"

    @blueprint.get("/shop")
    def inside():
        raise raising

    @app.get("/")
    def outside():
        raise raising

    app.register_blueprint(blueprint)

    assert client.get("/shop").text == "handled"
    assert client.get("/").status_code == 404


def test_handler_that_is_async(app, client):
    """An async handler for a kind receives what is adopted, too."""

    @app.errorhandler(NotFound)
    async def handle(failure):
        await asyncio.sleep(0)
        return type(failure).__name__

    assert client.get("/none").text == "NotFound"


def test_handler_found_at_init_app():
    """A handler for HTTPException that is there is replaced, with a warning that names it."""
    app = flask.Flask("example")

    @app.errorhandler(HTTPException)
    def as_json(exception):
        return {"error": exception.code}, exception.code

    with pytest.warns(FailureWarning, match="as_json") as warned:
        Failures(app)

    assert warned[0].filename == __file__
    assert app.test_client().get("/none").json == {"title": "Not Found", "status": 404}


@pytest.mark.parametrize("way", [Failures().init_app, lambda app: Failures().init_app(app)])
def test_warning_points_at_the_application(way):
    """The warning of a replaced handler points at the line that registers the extension."""
    app = flask.Flask("example")
    app.register_error_handler(HTTPException, str)

    with pytest.warns(FailureWarning) as warned:
        way(app)

    assert warned[0].filename == __file__


def test_handler_registered_later(app, client):
    """A handler for HTTPException that comes later replaces the extension's."""

    @app.errorhandler(HTTPException)
    def as_json(exception):
        return {"error": exception.code}, exception.code

    assert client.get("/none").json == {"error": 404}


# What Flask raises itself


@pytest.mark.parametrize("handled", [False, True])
def test_missing_form_field(app, client, handled):
    """A key that the form does not have is a bad request, of which a handler gets the kind."""

    @app.post("/")
    def view():
        return request.form["name"]

    if handled:
        app.register_error_handler(BadRequest, lambda failure: {"kind": type(failure).__name__})
    wanted = {"kind": "BadRequest"} if handled else {"title": "Bad Request", "status": 400}

    assert client.post("/").json == wanted


def test_large_body(app, client):
    """A body that is too large is answered as the kind."""
    app.config["MAX_CONTENT_LENGTH"] = 3

    @app.post("/")
    def view():
        return request.get_data()

    response = client.post("/", data=b"four")

    assert response.json == {"title": "Content Too Large", "status": 413}


def test_media_type_of_the_body(app, client):
    """A body that is no JSON is answered as the kind, with the text that Flask gives it."""

    @app.post("/")
    def view():
        return request.get_json()

    response = client.post("/", data="x", content_type="text/plain")

    assert response.status == "415 Unsupported Media Type"
    assert "application/json" in response.json["detail"]


@pytest.mark.parametrize("registered", [500, InternalServerError, ServerFailure, Failure])
def test_unhandled_exception(app, client, registered):
    """A handler for 500 receives what nobody caught, with the original."""
    error = RuntimeError("hunter2")
    seen = []

    @app.errorhandler(registered)
    def handle(failure):
        seen.append(failure)
        return "handled", 500

    @app.get("/")
    def view():
        raise error

    assert client.get("/").text == "handled"
    assert seen[0].original_exception is error
    assert registered == 500 or isinstance(seen[0], InternalServerError)


@pytest.mark.parametrize("accept", ["application/json", "text/html", "text/plain"])
def test_unhandled_exception_tells_nothing(app, client, accept):
    """What nobody caught is a 500 that says nothing of it."""

    @app.get("/")
    def view():
        raise RuntimeError("hunter2")

    response = client.get("/", headers={"Accept": accept})

    assert response.status == "500 Internal Server Error"
    assert "hunter2" not in response.text
    assert "RuntimeError" not in response.text


# As Flask decides

RAISED = {
    "failure": lambda: NotFound("no"),
    "server failure": lambda: ServiceUnavailable("no"),
    "Werkzeug's": lambda: werkzeug.NotFound("no"),
    "bad request": lambda: werkzeug.BadRequest("no"),
    "key error": lambda: werkzeug.BadRequestKeyError("name"),
    "bug": lambda: RuntimeError("no"),
    "handmade 500": lambda: werkzeug.InternalServerError(original_exception=RuntimeError("no")),
}
DECISIONS = [
    {},
    {"TESTING": True},
    {"DEBUG": True},
    {"PROPAGATE_EXCEPTIONS": True},
    {"PROPAGATE_EXCEPTIONS": False, "TESTING": True},
    {"TRAP_HTTP_EXCEPTIONS": True},
    {"TRAP_HTTP_EXCEPTIONS": True, "TESTING": True},
    {"TRAP_BAD_REQUEST_ERRORS": True},
    {"TRAP_BAD_REQUEST_ERRORS": True, "TESTING": True},
    {"TRAP_BAD_REQUEST_ERRORS": False, "DEBUG": True},
]


def outcome(app, raising):
    """Return status or exception of a request, and what signal and teardown have seen."""
    seen = []

    @app.get("/")
    def view():
        raise raising()

    @app.teardown_request
    def teardown(error):
        seen.append(("teardown", type(error)))

    def signal(sender, exception):
        seen.append(("signal", type(exception)))

    with got_request_exception.connected_to(signal, app):
        try:
            result = app.test_client().get("/").status_code
        except (HTTPException, RuntimeError) as error:
            result = type(error)
    return result, seen


@pytest.mark.parametrize("config", DECISIONS, ids=str)
@pytest.mark.parametrize("raising", RAISED.values(), ids=RAISED)
def test_as_flask_decides(config, raising):
    """What is answered, trapped or propagated, signalled and torn down is as without us."""
    plain, extended = plain_and_extended(**config)

    assert outcome(extended, raising) == outcome(plain, raising)


def test_trapped_failure_of_the_application():
    """What is trapped is still answered, in our format, as the 500 that Flask makes of it."""
    _, app = plain_and_extended(TRAP_HTTP_EXCEPTIONS=True)

    response = app.test_client().get("/none")

    assert response.status == "500 Internal Server Error"
    assert response.json["title"] == "Internal Server Error"


class Codeless(HTTPException):
    """An HTTPException without a code."""


class Ready(werkzeug.NotFound):
    """An exception with a response of its own, whose parent's constructor is not called."""

    def __init__(self):
        self.response = flask.Response("ready", 404)


UNTOUCHED = {
    "slash redirect": None,
    "abort(response)": lambda: abort(flask.Response("ready", 418)),
    "ready response": lambda: NotFound(response=flask.Response("ready", 404)),
    "ready response of another": Ready,
    "code below 400": type("Odd", (HTTPException,), {"code": 302, "description": "odd"}),
    "code above 599": type("Odd", (HTTPException,), {"code": 600, "description": "odd"}),
    "without a code": Codeless,
}


def untouched(app, raising):
    """Return what a client gets where a view raises this."""

    @app.get("/raise/")
    def view():
        raise raising()

    response = app.test_client().get("/raise" if raising is None else "/raise/")
    return response.status_code, response.headers.to_wsgi_list(), response.data


@pytest.mark.parametrize("raising", UNTOUCHED.values(), ids=UNTOUCHED)
def test_untouched(raising):
    """Redirects, ready responses and other codes are sent as without us, to the byte."""
    plain, extended = plain_and_extended()

    assert untouched(extended, raising) == untouched(plain, raising)


@pytest.mark.parametrize("raising", UNTOUCHED.values(), ids=UNTOUCHED)
def test_untouched_where_trapped(raising):
    """What is no failure is no trapped failure either, but the answer that it always is."""
    plain, _ = plain_and_extended()
    _, extended = plain_and_extended(TRAP_HTTP_EXCEPTIONS=True)

    assert untouched(extended, raising) == untouched(plain, raising)


@pytest.mark.parametrize("code", KINDS)
def test_abort_is_per_application(code):
    """An application without the extension has Flask's own abort()."""
    plain, extended = plain_and_extended()

    with extended.app_context(), pytest.raises(KINDS[code]):
        abort(code)
    with plain.app_context():
        wanted = werkzeug.default_exceptions.get(code, LookupError)
        with pytest.raises(wanted) as raised:
            abort(code)
    assert not isinstance(raised.value, Failure)


def test_abort_of_the_application_stays():
    """What the application has put into its aborter stays."""

    class Teapot(werkzeug.ImATeapot):
        pass

    app = flask.Flask("example")
    app.aborter.mapping[418] = Teapot
    Failures(app)

    with app.app_context(), pytest.raises(Teapot):
        abort(418)


# One view alone


def conflict():
    """Fail."""
    raise Conflict("name is taken", name="ada")


@pytest.fixture(params=["with", "without"])
def either(request):
    """Return an application with or without the extension."""
    app = flask.Flask("example")
    if request.param == "with":
        Failures(app)
        app.register_error_handler(409, lambda _: "the application's")
        app.register_error_handler(Conflict, lambda _: "the application's")
    return app


CONFLICT = {"title": "Conflict", "status": 409, "detail": "name is taken", "name": "ada"}


def test_catching_failure(either):
    """A decorated view answers its failures, before any handler and without the extension."""
    either.add_url_rule("/", view_func=catching_failure(conflict))

    response = either.test_client().get("/")

    assert (response.status, response.json) == ("409 Conflict", CONFLICT)
    assert "Accept" in response.vary


def test_catching_failure_async(either):
    """A decorated async view answers its failures."""

    @either.get("/")
    @catching_failure
    async def view():
        await asyncio.sleep(0)
        conflict()

    assert either.test_client().get("/").json == CONFLICT


def test_catching_failure_returns_what_the_view_returns(either):
    """What does not fail goes through, of sync and async views, with their arguments."""

    @either.get("/sync/<name>")
    @catching_failure
    def sync(name):
        return name

    @either.get("/async/<name>")
    @catching_failure(format="text")
    async def asynchronous(name):
        return name

    client = either.test_client()
    assert (client.get("/sync/ada").text, client.get("/async/bob").text) == ("ada", "bob")


class Users(MethodView):
    """A view of methods, of which one is decorated."""

    @catching_failure
    def get(self):
        """Fail."""
        conflict()

    @catching_failure(format="text")
    async def post(self):
        """Fail, too."""
        conflict()


class Things(MethodView):
    """A view that is decorated as a whole."""

    decorators = (catching_failure,)

    def get(self):
        """Fail."""
        conflict()

    async def post(self):
        """Fail, too."""
        conflict()


class Page(View):
    """A view with one method for all."""

    methods = ("GET", "POST")
    decorators = (catching_failure(format=["problem"]),)

    def dispatch_request(self):
        """Fail."""
        conflict()


@pytest.mark.parametrize("view", [Users, Things, Page])
def test_catching_failure_of_classes(either, view):
    """Methods of class-based views are decorated, or the view as a whole, sync and async."""
    either.add_url_rule("/", view_func=view.as_view("view"))
    client = either.test_client()

    assert client.get("/").json == CONFLICT
    assert client.post("/").status == "409 Conflict"


@pytest.mark.parametrize(
    ("format_", "content_type", "varies"),
    [
        ("text", "text/plain; charset=utf-8", False),
        (["text"], "text/plain; charset=utf-8", False),
        (["text", "problem"], "application/problem+json", True),
        (("html", "text"), "text/html; charset=utf-8", True),
        (None, "application/problem+json", True),
    ],
)
def test_format_of_a_view(either, format_, content_type, varies):
    """A view has a format of its own, or several to choose from, before all other policies."""
    if "httpstatus" in either.extensions:
        either.extensions["httpstatus"].formats(Blueprint("x", __name__), ["xml"])
    either.add_url_rule("/", view_func=catching_failure(format=format_)(conflict))

    response = either.test_client().get(
        "/", headers={"Accept": "application/json;q=0.9, text/html;q=0.8, text/plain;q=0.1"}
    )

    assert response.content_type == content_type
    assert ("Accept" in response.vary) == varies


@pytest.mark.parametrize("raising", RAISED.values(), ids=RAISED)
def test_catching_failure_catches_http_exceptions(raising):
    """A decorated view answers every HTTPException from 400 up, whoever raises it."""
    app = flask.Flask("example")
    app.testing = True

    @app.get("/")
    @catching_failure
    def view():
        raise raising()

    if isinstance(raising(), HTTPException):
        assert app.test_client().get("/").mimetype == "application/problem+json"
    else:
        with pytest.raises(RuntimeError):
            app.test_client().get("/")


@pytest.mark.parametrize(
    "raising", [raising for raising in UNTOUCHED.values() if raising], ids=[*UNTOUCHED][1:]
)
def test_catching_failure_leaves_alone(raising):
    """Redirects, ready responses and other codes go through a decorated view."""
    plain, decorated = plain_and_extended()

    def view():
        raise raising()

    plain.add_url_rule("/", view_func=view)
    decorated.add_url_rule("/", view_func=catching_failure(view))

    def answer(app):
        response = app.test_client().get("/")
        return response.status_code, response.headers.to_wsgi_list(), response.data

    assert answer(decorated) == answer(plain)


def test_catching_failure_wraps():
    """A decorated view keeps its name, docstring, signature and whether it is async."""

    def view(user_id: int, *, full: bool = False) -> str:
        """Show a user."""
        return "user"

    async def asynchronous(user_id: int) -> str:
        """Show a user."""
        return "user"

    for original in (view, asynchronous):
        for decorated in (catching_failure(original), catching_failure(format="text")(original)):
            assert decorated.__name__ == original.__name__
            assert decorated.__doc__ == original.__doc__
            assert decorated.__wrapped__ is original
            assert inspect.signature(decorated) == inspect.signature(original)
            assert inspect.iscoroutinefunction(decorated) == inspect.iscoroutinefunction(original)


@pytest.mark.parametrize("view", [Users, "text", 404, ["html"], None.__class__])
def test_catching_failure_is_for_views(view):
    """What is no view is refused when it is decorated, with what to do instead."""
    with pytest.raises(TypeError, match=r"is for views, not .*; decorate their methods"):
        catching_failure(view)
    with pytest.raises(TypeError, match="is for views"):
        catching_failure(format="text")(view)


@pytest.mark.parametrize("format_", ["jpeg", ["html", "jpeg"], [], [7], ""])
def test_catching_failure_knows_its_formats(format_):
    """A format that there is not is refused when the view is decorated."""
    with pytest.raises(ValueError, match="format"):
        catching_failure(format=format_)


def test_catching_failure_in_testing():
    """A decorated view answers in testing, where the application would trap it."""
    app = flask.Flask("example")
    app.config.update(TESTING=True, TRAP_HTTP_EXCEPTIONS=True)
    app.add_url_rule("/", view_func=catching_failure(conflict))

    assert app.test_client().get("/").json == CONFLICT


def test_a_views_format_for_what_is_no_failure_yet(app, client):
    """The format of a view holds for its bugs and for what is translated, async views too."""

    class RowMissingError(Exception):
        pass

    app.extensions["httpstatus"].translate(RowMissingError, NotFound, "no such row")

    @app.get("/translated")
    @catching_failure(format="text")
    def translated():
        raise RowMissingError

    @app.get("/bug")
    @catching_failure(format="text")
    async def bug():
        raise RuntimeError

    @app.get("/without")
    @catching_failure
    def without():
        raise RowMissingError

    assert client.get("/translated").text == "404 Not Found\n\nno such row\n"
    assert client.get("/bug").text.startswith("500 Internal Server Error")
    assert client.get("/without").mimetype == "application/problem+json"


def test_an_exception_that_makes_its_response(app, client):
    """The response of another's exception that makes it itself is left as it is."""

    class Own(werkzeug.Conflict):
        def get_response(self, environ=None, scope=None):
            return flask.Response("mine", 409)

    @app.get("/")
    def view():
        raise Own

    answer = client.get("/")
    assert (answer.status_code, answer.text) == (409, "mine")
