import logging
import sqlite3
import subprocess
import sys
import textwrap
import weakref

import flask
import jsonschema
import marshmallow
import msgspec
import pydantic
import pytest
from flask import Blueprint, Flask
from werkzeug.exceptions import HTTPException

from flask_httpstatus import (
    KINDS,
    Conflict,
    Failure,
    Failures,
    Gone,
    NotFound,
    ServiceUnavailable,
    catching_failure,
)


class Missing(Exception):  # noqa: N818
    """An exception of some library."""


class RowMissing(Missing):
    """A more specific one."""


SECRET = "SELECT * FROM secrets"


def raising(scope, error, path="/"):
    """Register a view that raises the exception."""

    @scope.get(path, endpoint=f"view{path.count('/')}{path.strip('/')}")
    def view():
        raise error

    return view


@pytest.fixture
def failures(app):
    """Return the extension of the application."""
    return app.extensions["httpstatus"]


@pytest.mark.parametrize(
    "config", [{}, {"TESTING": True}, {"DEBUG": True}, {"PROPAGATE_EXCEPTIONS": True}]
)
@pytest.mark.parametrize("kind", KINDS.values())
@pytest.mark.filterwarnings("ignore::flask_httpstatus.MissingHeader")
def test_every_kind_in_every_mode(config, kind):
    """A foreign exception is answered as the kind, alike in production, testing and debug."""
    app = Flask("example")
    app.config.update(config)
    Failures(app).translate(Missing, kind, "no such row")
    raising(app, RowMissing(SECRET))
    response = app.test_client().get("/")
    assert response.status_code == kind.code
    assert response.mimetype == "application/problem+json"
    assert response.json["detail"] == "no such row"
    assert SECRET not in response.get_data(as_text=True) + str(response.headers)


@pytest.mark.parametrize("accept", ["application/json", "text/html", "text/plain", "text/markdown"])
@pytest.mark.parametrize("kind", [NotFound, ServiceUnavailable])
def test_the_original_is_logged_and_never_shown(app, client, caplog, accept, kind):
    """The original is the cause: in the record of a 5xx, in no byte of an answer."""
    app.extensions["httpstatus"].translate(Missing, kind, "no such row")
    raising(app, Missing(SECRET))
    with caplog.at_level(logging.INFO):
        response = client.get("/", headers={"Accept": accept})
    assert SECRET not in response.text
    assert "no such row" in response.text
    [record] = caplog.records
    assert (SECRET in caplog.text) == (kind is ServiceUnavailable)
    if record.exc_info:
        assert isinstance(record.exc_info[1].__cause__, Missing)


@pytest.mark.parametrize("order", [1, -1])
def test_most_specific_first(app, client, failures, order):
    """The translation of the nearest class in the MRO wins, in whatever order they were made."""
    for exception, kind in [(Missing, Gone), (RowMissing, NotFound)][::order]:
        failures.translate(exception, kind)
    raising(app, RowMissing())
    raising(app, Missing(), "/base")
    assert client.get("/").status_code == 404
    assert client.get("/base").status_code == 410


def test_function(app, client, failures):
    """A function makes the failure of the exception, with the members that belong to it."""
    failures.translate(Missing, lambda error: Conflict("taken", name=error.args[0]))
    raising(app, Missing("ada"))
    assert client.get("/").json == {
        "title": "Conflict",
        "status": 409,
        "detail": "taken",
        "name": "ada",
    }


def test_none_with_nothing_else(app, failures, caplog):
    """None lets the exception go on: the same 500, one record, the signal and the teardown."""
    seen = {"signal": [], "teardown": []}
    failures.translate(Missing, lambda _: None)
    error = Missing(SECRET)
    raising(app, error)
    flask.got_request_exception.connect(
        lambda _, exception: seen["signal"].append(exception), app, weak=False
    )
    app.teardown_request(seen["teardown"].append)
    response = app.test_client().get("/")
    assert response.status_code == 500
    assert SECRET not in response.text
    assert seen == {"signal": [error], "teardown": [error]}
    [record] = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert record.exc_info[1] is error
    app.config["TESTING"] = True
    with pytest.raises(Missing) as caught:
        app.test_client().get("/")
    assert caught.value is error
    assert error.__cause__ is None


def test_none_with_other_handlers(app, client, failures):
    """None lets the next translation have it, then the application's handlers, in their order."""
    order = []

    def not_mine(name):
        def convert(error):
            order.append(name)

        return convert

    blueprint = Blueprint("rows", __name__)
    failures.translate(RowMissing, not_mine("blueprint, row"), blueprint=blueprint)
    failures.translate(Missing, not_mine("blueprint"), blueprint=blueprint)
    failures.translate(RowMissing, not_mine("row"))
    failures.translate(Missing, not_mine("all"))

    @app.errorhandler(Exception)
    async def everything(error):
        order.append(type(error))
        return "caught", 418

    raising(blueprint, RowMissing(), "/rows")
    app.register_blueprint(blueprint)
    assert client.get("/rows").status_code == 418
    assert order == ["blueprint, row", "blueprint", "row", "all", RowMissing]


def test_blueprint(app, client, failures):
    """A blueprint's translation is for its views, and wins there over the application's."""
    blueprint = Blueprint("rows", __name__)
    failures.translate(Missing, NotFound, "no such row", blueprint=blueprint)
    failures.translate(Missing, Gone, "gone")
    raising(blueprint, RowMissing(), "/rows")
    app.register_blueprint(blueprint, url_prefix="/a")
    app.register_blueprint(blueprint, url_prefix="/b", name="again")
    raising(app, RowMissing())
    assert client.get("/a/rows").json["detail"] == "no such row"
    assert client.get("/b/rows").json["detail"] == "no such row"
    assert client.get("/").status_code == 410


def test_blueprint_without_the_extension():
    """In an application without the extension it answers with Werkzeug's own page."""
    blueprint = Blueprint("rows", __name__)
    Failures().translate(Missing, NotFound, "no such row", blueprint=blueprint)
    raising(blueprint, Missing(SECRET))
    app = Flask("example")
    app.register_blueprint(blueprint)
    response = app.test_client().get("/")
    assert response.status_code == 404
    assert "no such row" in response.text


def test_before_and_after_init_app():
    """It does not matter whether an application is there already; each one gets it once."""
    failures = Failures()
    failures.translate(Missing, NotFound)
    apps = [Flask("one"), Flask("two")]
    for app in apps:
        failures.init_app(app)
    failures.translate(sqlite3.IntegrityError, Conflict)
    for app in apps:
        raising(app, Missing())
        raising(app, sqlite3.IntegrityError(SECRET), "/integrity")
        assert app.test_client().get("/").status_code == 404
        assert app.test_client().get("/integrity").status_code == 409


def test_the_application_s_handlers_for_kinds(app, client, failures):
    """The failure takes the way of a raised one: the application's handler for it has it."""
    failures.translate(Missing, NotFound, "no such row")
    raising(app, Missing(SECRET))

    @app.errorhandler(404)
    async def not_found(failure):
        return f"{type(failure).__name__}: {failure.message}", 404

    assert client.get("/").text == "NotFound: no such row"


def test_before_request(app, client, failures):
    """What a function before the request raises is translated as well."""
    failures.translate(Missing, ServiceUnavailable, "no database")

    @app.before_request
    def connect():
        raise Missing

    assert client.get("/").json["detail"] == "no database"


def test_catching_failure_leaves_it(app, client, failures):
    """A view that catches failures leaves foreign exceptions to the translation."""
    failures.translate(Missing, NotFound, "no such row")

    @app.get("/")
    @catching_failure
    def view():
        raise Missing

    assert client.get("/").json["detail"] == "no such row"


class Both(Missing, HTTPException):
    """An exception that says its status itself."""

    code = 402


def test_never_an_http_exception(app, client, failures):
    """An HTTPException of a translated class says its status itself and keeps it."""
    failures.translate(Missing, NotFound)
    raising(app, Both("pay first"))
    assert client.get("/").status_code == 402


@pytest.mark.parametrize("exception", [HTTPException, NotFound, Failure, Both])
def test_http_exceptions_are_refused(failures, exception):
    """A class with a status of its own is refused."""
    with pytest.raises(TypeError, match="has a status already"):
        failures.translate(exception, NotFound)


@pytest.mark.parametrize(
    "exception",
    [
        Exception,
        ArithmeticError,
        AssertionError,
        AttributeError,
        ExceptionGroup,
        ImportError,
        IndexError,
        KeyError,
        LookupError,
        MemoryError,
        NameError,
        NotImplementedError,
        OSError,
        RecursionError,
        RuntimeError,
        StopIteration,
        TypeError,
        UnicodeError,
        ValueError,
        ZeroDivisionError,
    ],
)
def test_builtins_are_refused(failures, exception):
    """What any bug raises would blame the client, and on is named as the way."""
    with pytest.raises(TypeError, match=rf"with NotFound\.on\({exception.__name__}, "):
        failures.translate(exception, NotFound)


@pytest.mark.parametrize("exception", [TimeoutError, ConnectionError, FileNotFoundError])
def test_errors_of_the_system(app, client, failures, exception):
    """Errors of the system that say what happened can be translated."""
    failures.translate(exception, ServiceUnavailable, "later")
    raising(app, exception(SECRET))
    assert client.get("/").status_code == 503


class Invalid(marshmallow.ValidationError):
    """A validator's error of the application's own."""


@pytest.mark.parametrize(
    "exception",
    [
        pydantic.ValidationError,
        marshmallow.ValidationError,
        marshmallow.exceptions.MarshmallowError,
        Invalid,
        jsonschema.ValidationError,
        msgspec.ValidationError,
        msgspec.DecodeError,
    ],
)
def test_validators_errors_are_refused(failures, exception):
    """A validator's error may be of the server's own data, and on is named as the way."""
    with pytest.raises(TypeError, match=rf"UnprocessableContent\.on\({exception.__name__}, "):
        failures.translate(exception, NotFound)


@pytest.mark.parametrize("exception", [Missing(), "Missing", None, int, KeyboardInterrupt])
def test_what_is_no_exception(failures, exception):
    """What is no class of exceptions is refused."""
    with pytest.raises(TypeError, match="is no class of exceptions"):
        failures.translate(exception, NotFound)


@pytest.mark.parametrize(
    ("kind", "message"),
    [(404, None), ("no", None), (Missing, None), (None, None), (lambda _: None, "no")],
)
def test_what_makes_no_failure(failures, kind, message):
    """What is neither a kind nor a function, or a message beside a function, is refused."""
    with pytest.raises(TypeError, match="is neither a kind, which takes a message, nor a function"):
        failures.translate(Missing, kind, message)


def test_twice(app, failures):
    """A second translation of a class, or one beside a handler of the application, is refused."""
    failures.translate(Missing, NotFound)
    with pytest.raises(RuntimeError, match="Missing is translated already"):
        failures.translate(Missing, Gone)
    app.register_error_handler(RowMissing, lambda _: "")
    with pytest.raises(RuntimeError, match="example has a handler for RowMissing already"):
        failures.translate(RowMissing, Gone)
    early = Failures()
    early.translate(Missing, NotFound)
    with pytest.raises(RuntimeError, match="Missing is translated already"):
        early.translate(Missing, Gone)


def test_nothing_is_kept(app, client, failures):
    """The exception is gone with its request."""
    failures.translate(Missing, NotFound)
    seen = []

    @app.get("/")
    def view():
        error = Missing()
        seen.append(weakref.ref(error))
        raise error

    import gc

    for _ in range(3):
        client.get("/")
    gc.collect()
    assert [one() for one in seen] == [None] * 3


def test_validators_that_are_not_imported():
    """Whether a class is a validator's is told without any validator."""
    program = """
        import sqlite3
        from flask_httpstatus import Conflict, Failures
        Failures().translate(sqlite3.IntegrityError, Conflict)
    """
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(program)]
    subprocess.run(command, check=True, timeout=60)
