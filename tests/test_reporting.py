"""Tests of the report: one record a failure, and a signal."""

import logging
import subprocess
import sys
import traceback
import uuid

import flask
import pytest
import werkzeug.exceptions as werkzeug
from flask import abort, request

from flask_httpstatus import (
    KINDS,
    Failure,
    Failures,
    InternalServerError,
    NotFound,
    ServiceUnavailable,
    failure_answered,
    http,
)


@pytest.fixture(autouse=True)
def _everything(caplog):
    """Let the log take what is there."""
    caplog.set_level(logging.DEBUG)


def failing(app, raising, **options):
    """Give the application a view that raises what the function returns."""

    def view():
        raise raising()

    app.add_url_rule("/", view_func=view, **options)
    return app.test_client()


def make_app(**config):
    """Return an application with the extension and this configuration."""
    app = flask.Flask("example")
    app.config.from_mapping(config)
    Failures(app)
    return app


def written(caplog):
    """Return the only record of the application's logger."""
    (record,) = (record for record in caplog.records if record.name == "example")
    return record


# The record


@pytest.mark.parametrize("code", KINDS)
def test_record(app, caplog, code):
    """A failure is one record with its status, kind and incident; 5xx at ERROR, with the stack."""
    facts = {401: {"challenge": "Bearer"}, 407: {"challenge": "Basic"}, 426: {"upgrade": "h2c"}}
    client = failing(app, lambda: KINDS[code]("so it is", **facts.get(code, {})))

    client.get("/?secret=hunter2")

    record = written(caplog)
    assert record.getMessage() == f"{code} {http.facts(code).phrase} on / [GET]: so it is"
    assert (record.status, record.kind) == (code, KINDS[code].__name__)
    if code < 500:
        assert (record.levelno, record.exc_info, record.incident) == (logging.INFO, None, None)
    else:
        assert record.levelno == logging.ERROR
        assert uuid.UUID(record.incident)
        assert traceback.extract_tb(record.exc_info[2])[-1].name == "view"


def test_incident_is_the_instance(app, caplog):
    """The incident of the record is the instance of the answer."""
    client = failing(app, ServiceUnavailable)

    assert client.get("/").json["instance"] == f"urn:uuid:{written(caplog).incident}"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/none", "404 Not Found on /none [GET]: Not found"),
        ("/abort", "410 Gone on /abort [GET]: x"),
    ],
)
def test_record_of_what_others_raise(app, caplog, path, message):
    """What Flask or Werkzeug raises is one record, too."""
    app.add_url_rule("/abort", view_func=lambda: abort(410, "x"))

    app.test_client().get(path)

    assert written(caplog).getMessage() == message


def test_private_parts_are_in_the_record(app, caplog):
    """Notes and cause, which no answer tells, are in the stack of a 5xx."""

    @app.get("/")
    def view():
        failure = ServiceUnavailable("back at noon")
        failure.add_note("shard 3 is down")
        raise failure from OSError("no route to host")

    body = app.test_client().get("/").text

    stack = "".join(traceback.format_exception(written(caplog).exc_info[1]))
    for private in ("shard 3 is down", "no route to host"):
        assert private in stack
        assert private not in body


def test_kind_of_the_application(app, caplog):
    """The record names the class that was raised."""

    class UserMissing(NotFound):
        message = "no such user"

    failing(app, UserMissing).get("/")

    assert written(caplog).kind == "UserMissing"


def test_lazy_message(app, caplog):
    """A lazy message is in the record as it was answered."""

    class Lazy:
        def __str__(self):
            return f"nothing for {request.args['who']}"

    failing(app, lambda: NotFound(Lazy())).get("/?who=ada")

    assert written(caplog).getMessage().endswith(": nothing for ada")


@pytest.mark.parametrize(
    "forged",
    ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1b[2J", "\x85", "\u2028", "\u2029", "\x00", "\x7f"],
)
def test_record_is_one_line(app, caplog, forged):
    """No message and no path begins a line of its own in the log (CWE-117)."""
    failing(app, lambda: NotFound(f"x{forged}2026-01-01 ERROR forged"))

    app.test_client().get("/")
    app.test_client().get(f"/none{forged}2026-01-01")

    for record in caplog.records:
        assert len(record.getMessage().splitlines()) == 1
        assert not any(ord(character) < 32 for character in record.getMessage())
    assert ascii(forged)[1:-1] in caplog.records[0].getMessage()


def test_record_is_no_format(app, caplog):
    """What looks like a format in message or path is text in the record."""
    failing(app, lambda: NotFound("%s %(name)s %d {0}"))

    app.test_client().get("/")
    app.test_client().get("/%25s%25d")

    assert [record.getMessage() for record in caplog.records] == [
        "404 Not Found on / [GET]: %s %(name)s %d {0}",
        "404 Not Found on /%s%d [GET]: Not found",
    ]


# Levels


@pytest.mark.parametrize(
    ("levels", "code", "level"),
    [
        ({"4xx": "WARNING"}, 404, logging.WARNING),
        ({"4xx": "WARNING"}, 503, logging.ERROR),
        ({404: "DEBUG", "4xx": "WARNING"}, 404, logging.DEBUG),
        ({404: "DEBUG", "4xx": "WARNING"}, 410, logging.WARNING),
        ({"5xx": "CRITICAL"}, 503, logging.CRITICAL),
        ({499: 15}, 499, 15),
    ],
)
def test_levels(caplog, levels, code, level):
    """FAILURES_LOG_LEVELS says the level by class of statuses and by status."""
    failing(make_app(FAILURES_LOG_LEVELS=levels), lambda: Failure("no", code)).get("/")

    assert written(caplog).levelno == level


def test_nothing_below_the_level(app, caplog):
    """Where the level of the logger is higher, nothing is written."""
    caplog.set_level(logging.WARNING, app.name)

    failing(app, NotFound).get("/")

    assert caplog.records == []


# What Flask writes


def test_unhandled_exception(app, caplog):
    """Flask's own record of what nobody caught stays the only one."""
    client = failing(app, lambda: RuntimeError("hunter2"))

    assert client.get("/").status_code == 500

    record = written(caplog)
    assert record.getMessage() == "Exception on / [GET]"
    assert record.exc_info[0] is RuntimeError


def test_trapped_failure(caplog):
    """A failure that is trapped has Flask's record alone."""
    failing(make_app(TRAP_HTTP_EXCEPTIONS=True), lambda: NotFound("no")).get("/")

    assert written(caplog).getMessage() == "Exception on / [GET]"


@pytest.mark.parametrize("kind", [InternalServerError, werkzeug.InternalServerError])
def test_handmade_500(app, caplog, kind):
    """A 500 that is raised with an original has a record, for Flask writes none of it."""
    failing(app, lambda: kind("no", original_exception=RuntimeError("hunter2"))).get("/")

    assert written(caplog).getMessage() == "500 Internal Server Error on / [GET]: no"


def test_flask_logger_is_left_alone():
    """Nothing adds a handler to the application's logger, so basicConfig() doubles no line."""
    program = """
import logging, flask
from flask_httpstatus import Failures, NotFound, ServiceUnavailable

app = flask.Flask("example")
failures = Failures(app)
@app.get("/<int:code>")
def view(code):
    raise (NotFound if code == 404 else ServiceUnavailable)("so it is")

assert logging.getLogger("example").handlers == []
app.test_client().get("/404")
assert logging.getLogger("example").handlers == []
logging.basicConfig(level="INFO", format="%(levelname)s %(message)s")
app.test_client().get("/404")
app.test_client().get("/503")
assert logging.getLogger("example").handlers == []
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )

    assert done.stdout == ""
    assert [line for line in done.stderr.splitlines() if "so it is" in line][:2] == [
        "INFO 404 Not Found on /404 [GET]: so it is",
        "ERROR 503 Service Unavailable on /503 [GET]: so it is",
    ]
    assert done.stderr.count("404 Not Found") == 1


# The signal


@pytest.mark.parametrize(
    ("raising", "kind"),
    [
        (lambda: NotFound("no"), "NotFound"),
        (lambda: werkzeug.NotFound("no"), "NotFound"),
        (lambda: ServiceUnavailable("no"), "ServiceUnavailable"),
        (lambda: RuntimeError("no"), "InternalServerError"),
    ],
)
def test_signal(app, raising, kind):
    """Receivers get the failure that was answered and the response."""
    seen = []

    def receive(sender, failure, response):
        seen.append((sender, type(failure).__name__, failure.incident, response.status_code))

    with failure_answered.connected_to(receive, app):
        status = failing(app, raising).get("/").status_code

    ((sender, name, incident, code),) = seen
    assert sender is app
    assert (name, code) == (kind, status)
    assert (incident is not None) == (code >= 500)


def test_signal_is_per_application(app):
    """Receivers of one application hear nothing of another."""
    seen = []
    other = make_app()

    with failure_answered.connected_to(lambda _, **facts: seen.append(facts), other):
        failing(app, NotFound).get("/")

    assert seen == []


def test_receiver_may_add_headers(app):
    """A receiver gets the response before it is sent."""

    def receive(_, failure, response):
        response.headers["X-Incident"] = failure.incident

    with failure_answered.connected_to(receive, app):
        response = failing(app, ServiceUnavailable).get("/")

    assert response.json["instance"] == f"urn:uuid:{response.headers['X-Incident']}"


def test_nothing_is_reported_of_what_passes_through(app, caplog):
    """Redirects and ready responses are no failures, so nobody is told."""
    seen = []
    app.add_url_rule("/slash/", "slash", lambda: "x")
    app.add_url_rule("/ready", "ready", lambda: abort(flask.Response("ready", 404)))

    with failure_answered.connected_to(lambda _, **facts: seen.append(facts), app):
        app.test_client().get("/slash")
        app.test_client().get("/ready")

    assert (seen, caplog.records) == ([], [])


def test_handled_by_the_application(app, caplog):
    """What the application's own handler answers is the application's to report."""
    app.register_error_handler(404, lambda _: ("mine", 404))

    assert app.test_client().get("/none").text == "mine"

    assert caplog.records == []
