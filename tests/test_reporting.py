"""Tests of the report: one record a failure, its incident, and a signal."""

import io
import logging
import random
import re
import subprocess
import sys
import traceback
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import flask
import pytest
import werkzeug.exceptions as werkzeug
from flask import abort, request
from hypothesis import given
from hypothesis import strategies as st

from flask_httpstatus import (
    KINDS,
    Failure,
    Failures,
    InternalServerError,
    NotFound,
    PaymentRequired,
    Problem,
    ServiceUnavailable,
    TooManyRequests,
    catching_failure,
    current_incident,
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
    incident = "" if code < 500 else f" (incident {record.incident})"
    assert record.getMessage() == f"{code} {http.facts(code).phrase} on / [GET]: so it is{incident}"
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


def test_facts(app, caplog):
    """What log tools select by is in the record: the view, the request, the problem type."""

    class OutOfCredit(Problem, PaymentRequired):
        type = "https://example.org/out-of-credit"

    def buy(user_id):
        raise OutOfCredit

    app.add_url_rule("/users/<int:user_id>/buy", "shop.buy", buy, methods=["POST"])
    headers = {
        "X-Request-ID": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }

    app.test_client().post("/users/7/buy?token=hunter2", headers=headers)

    facts = {
        "status": 402,
        "kind": "OutOfCredit",
        "type": "https://example.org/out-of-credit",
        "incident": None,
        "endpoint": "shop.buy",
        "method": "POST",
        "path": "/users/7/buy",
        "request_id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
    }
    record = vars(written(caplog))
    assert {name: record[name] for name in facts} == facts
    assert "hunter2" not in str(record)


def test_facts_are_documented(app, caplog):
    """The table of the documentation has every attribute that a record has of us."""
    page = Path(__file__).parent.parent / "docs" / "operations.md"
    table = page.read_text("utf-8").partition("| attribute |")[2].partition("\n\n")[0]
    bare = logging.LogRecord("example", logging.INFO, __file__, 1, "", (), None)

    failing(app, NotFound).get("/")

    of_us = vars(written(caplog)).keys() - vars(bare).keys() - {"message", "asctime"}
    assert sorted(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == sorted(of_us)


@pytest.mark.parametrize("path", ["/", "/none"])
def test_facts_without_headers(app, caplog, path):
    """A fact that there is not is None: no view, no id, no type."""
    failing(app, NotFound).get(path)

    record = written(caplog)
    assert (record.request_id, record.trace_id, record.type) == (None, None, None)
    assert record.endpoint == ("view" if path == "/" else None)


REQUEST_IDS = {
    "a": "a",
    "7c9e6679-7425-40de-944b-e07fc1f90ae7": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "Root=1-67891233-abcdef012345678912345678": "Root=1-67891233-abcdef012345678912345678",
    "a/b+c=": "a/b+c=",
    "x" * 128: "x" * 128,
    "x" * 129: None,
    "": None,
    "a b": None,
    "a\t2026-01-01": None,
    "a,b": None,
    '{"status": 200}': None,
    "<script>": None,
    "%0aERROR": None,
    "\xe9": None,
    "\x85ERROR": None,
    "${jndi:ldap://evil.example/a}": None,
}
TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
TRACEPARENTS = {
    f"00-{TRACE}-{SPAN}-01": TRACE,
    f"00-{TRACE}-{SPAN}-00": TRACE,
    f"cc-{TRACE}-{SPAN}-01": TRACE,
    f"cc-{TRACE}-{SPAN}-01-what-comes-later": TRACE,
    f"00-{TRACE}-{SPAN}-01-what-comes-later": None,
    f"00-{TRACE}-{SPAN}-01-": None,
    f"cc-{TRACE}-{SPAN}-01what": None,
    f"ff-{TRACE}-{SPAN}-01": None,
    f"00-{TRACE.upper()}-{SPAN}-01": None,
    f"00-{'0' * 32}-{SPAN}-01": None,
    f"00-{TRACE}-{'0' * 16}-01": None,
    f"00-{TRACE}-{SPAN}": None,
    f"00-{TRACE[:-1]}-{SPAN}-01": None,
    f"0-{TRACE}-{SPAN}-01": None,
    f"00-{TRACE}-{SPAN}-01,00-{TRACE}-{SPAN}-01": None,
    f"00-{'g' * 32}-{SPAN}-01": None,
    "": None,
}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        *(("request_id", *pair) for pair in REQUEST_IDS.items()),
        *(("trace_id", *pair) for pair in TRACEPARENTS.items()),
    ],
)
def test_ids_of_others(app, caplog, name, value, expected):
    """An id that came with the request is in the record where it is well-formed."""
    header = {"request_id": "X-Request-ID", "trace_id": "traceparent"}[name]

    app.test_client().get("/none", headers={header: value})

    assert getattr(written(caplog), name) == expected


@given(
    request_id=st.text(st.characters(max_codepoint=255, exclude_characters="\r\n")),
    traceparent=st.text(st.characters(max_codepoint=255, exclude_characters="\r\n")),
)
def test_no_id_forges_a_line(request_id, traceparent):
    """Whatever is sent as an id, no text of the record has more than one line or a control."""
    lines = []

    class Plain(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    app = make_app()
    handler = Plain()
    handler.setFormatter(logging.Formatter("%(message)s %(request_id)s %(trace_id)s %(path)s"))
    logger = logging.getLogger(app.name)
    logger.addHandler(handler)
    try:
        environ = {"HTTP_X_REQUEST_ID": request_id, "HTTP_TRACEPARENT": traceparent}
        app.test_client().get("/none%0a%1b", environ_overrides=environ)
    finally:
        logger.removeHandler(handler)

    (line,) = lines
    assert line.isprintable()


def test_place_of_the_record(app, caplog):
    """The record says where the failure was raised, also where it has no stack."""

    def show_user():
        NotFound.unless(None, "no such user")

    app.add_url_rule("/", view_func=show_user)

    app.test_client().get("/")

    record = written(caplog)
    assert record.pathname == __file__
    assert record.lineno == show_user.__code__.co_firstlineno + 1
    assert (record.module, record.funcName) == ("test_reporting", "show_user")


def test_place_of_what_nobody_raised(app, caplog):
    """The record of a failure that was not raised says that its place is unknown."""
    with app.test_request_context():
        app.extensions["httpstatus"].respond(NotFound())

    record = written(caplog)
    assert (record.pathname, record.lineno) == ("(unknown file)", 0)
    assert record.funcName == "(unknown function)"


@pytest.mark.parametrize("raising", [NotFound, ServiceUnavailable, RuntimeError])
def test_record_factory_of_the_application(app, caplog, raising):
    """What the application's own factory writes into every record stays in ours."""
    factory = logging.getLogRecordFactory()

    def with_request_id(*args, **kwargs):
        record = factory(*args, **kwargs)
        record.request_id = "the application's"
        return record

    logging.setLogRecordFactory(with_request_id)
    try:
        failing(app, raising).get("/", headers={"X-Request-ID": "another"})
    finally:
        logging.setLogRecordFactory(factory)

    record = written(caplog)
    assert record.request_id == "the application's"
    assert record.path == "/"


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


@pytest.mark.parametrize(
    ("levels", "raising", "has_stack"),
    [
        ({}, NotFound, False),
        ({}, ServiceUnavailable, True),
        ({404: "ERROR"}, NotFound, True),
        ({503: "WARNING"}, ServiceUnavailable, False),
        ({503: "CRITICAL"}, ServiceUnavailable, True),
    ],
)
def test_stack_by_level(caplog, levels, raising, has_stack):
    """What is logged as an error has its stack, and nothing below."""
    failing(make_app(FAILURES_LOG_LEVELS=levels), raising).get("/")

    assert (written(caplog).exc_info is not None) == has_stack


def test_level_of_a_class(caplog):
    """A class of the application has a level of its own, or no records."""

    class UserMissing(NotFound):
        pass

    class Probe(UserMissing):
        pass

    app = make_app(FAILURES_LOG_LEVELS={UserMissing: "DEBUG", Probe: None})
    app.add_url_rule("/probe", "probe", lambda: Probe.when([Probe]))
    failing(app, UserMissing).get("/")
    app.test_client().get("/none")
    app.test_client().get("/probe")

    assert [(record.kind, record.levelno) for record in caplog.records] == [
        ("UserMissing", logging.DEBUG),
        ("NotFound", logging.INFO),
    ]


def test_share_of_records(caplog):
    """Of failures with a share, about that share has a record; the others have all."""
    app = make_app(FAILURES_LOG_LEVELS={429: ("WARNING", 0.25)})
    seen = []
    random.seed(429)

    with (
        failure_answered.connected_to(lambda _, **facts: seen.append(facts), app),
        app.test_request_context(),
    ):
        for _ in range(1000):
            app.extensions["httpstatus"].respond(TooManyRequests())
            app.extensions["httpstatus"].respond(NotFound())

    levels = [record.levelno for record in caplog.records]
    assert 150 < levels.count(logging.WARNING) < 350
    assert levels.count(logging.INFO) == 1000
    assert len(seen) == 2000


def test_signal_of_what_is_not_logged(caplog):
    """A failure without a record is counted like every other."""
    app = make_app(FAILURES_LOG_LEVELS={"4xx": None})
    seen = []

    with failure_answered.connected_to(lambda _, **facts: seen.append(facts["failure"]), app):
        failing(app, NotFound).get("/")

    assert caplog.records == []
    assert [type(failure) for failure in seen] == [NotFound]


@pytest.mark.parametrize("accept", ["application/json", "text/html", "text/plain"])
def test_language_of_signal(app, accept):
    """The signal's failure is in the language of its answer, in every format."""
    seen = []

    with failure_answered.connected_to(lambda _, **facts: seen.append(facts["failure"]), app):
        failing(app, NotFound).get("/", headers={"Accept": accept, "Accept-Language": "de"})

    assert [failure.language for failure in seen] == ["de"]


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
    assert record.getMessage() == f"Exception on / [GET] (incident {record.incident})"
    assert record.exc_info[0] is RuntimeError


def test_trapped_failure(caplog):
    """A failure that is trapped has Flask's record alone."""
    failing(make_app(TRAP_HTTP_EXCEPTIONS=True), lambda: NotFound("no")).get("/")

    assert written(caplog).getMessage().startswith("Exception on / [GET] (incident ")


@pytest.mark.parametrize("accept", ["text/html", "application/json", "text/plain"])
def test_support_case(app, accept):
    """With the id that the client was shown, the stack is found in Flask's own log."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    # Flask's default.
    handler.setFormatter(
        logging.Formatter("[%(asctime)s] %(levelname)s in %(module)s: %(message)s")
    )
    logger = logging.getLogger(app.name)
    logger.addHandler(handler)
    try:
        answer = failing(app, lambda: RuntimeError("hunter2")).get("/", headers={"Accept": accept})
    finally:
        logger.removeHandler(handler)

    (incident,) = set(re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", answer.text))
    first, *rest = lines.getvalue().splitlines()
    assert first.endswith(f"ERROR in app: Exception on / [GET] (incident {incident})")
    assert rest[-1] == "RuntimeError: hunter2"
    assert lines.getvalue().count("Exception on") == 1


def test_facts_of_an_unhandled_exception(app, caplog):
    """Flask's own record has what ours have."""
    failing(app, lambda: RuntimeError("hunter2")).get("/?a=b", headers={"X-Request-ID": "mine"})

    record = written(caplog)
    assert (record.status, record.kind, record.type) == (500, "InternalServerError", None)
    assert (record.endpoint, record.method, record.path) == ("view", "GET", "/")
    assert (record.request_id, record.trace_id) == ("mine", None)


def test_unhandled_exception_is_one_line(app, caplog):
    """A path does not forge a line in Flask's own record, as it does without us."""
    app.before_request(lambda: 1 / 0)

    app.test_client().get("/x%0a2026-01-01 ERROR forged %25s")

    message = written(caplog).getMessage()
    assert message.startswith("Exception on /x\\n2026-01-01 ERROR forged %s [GET] (incident ")


def test_logger_of_several_applications(caplog):
    """Applications of one name share a logger, and a record has its incident once."""
    make_app()
    make_app()

    failing(make_app(), RuntimeError).get("/")

    assert written(caplog).getMessage().count("incident") == 1


def test_log_exception_of_the_application(caplog):
    """An application that writes the record of what nobody caught itself has its incident."""

    class App(flask.Flask):
        def log_exception(self, exc_info):
            self.logger.critical("%s failed", request.endpoint, exc_info=exc_info)

    app = App("example")
    Failures(app)

    answer = failing(app, RuntimeError).get("/")

    incident = answer.json["instance"].removeprefix("urn:uuid:")
    assert written(caplog).getMessage() == f"view failed (incident {incident})"


def test_other_records_of_the_application(app, caplog):
    """What the application logs itself stays as it is."""

    @app.get("/")
    def view():
        try:
            int("x")
        except ValueError:
            app.logger.exception("tried\nonce more")
        return "done"

    app.test_client().get("/")

    record = written(caplog)
    assert record.getMessage() == "tried\nonce more"
    assert not hasattr(record, "incident")


def test_record_that_cannot_be_stamped(app):
    """A record that cannot be read goes on as it is, for whoever handles it to say so."""
    record = logging.LogRecord(
        "example", logging.ERROR, __file__, 1, "%d", ("x",), sys.exc_info(), "log_exception"
    )

    with app.test_request_context():
        assert logging.getLogger(app.name).filter(record)

    assert (record.msg, record.args) == ("%d", ("x",))


@pytest.mark.parametrize("config", [{"TESTING": True}, {"DEBUG": True}], ids=str)
def test_propagated_exception(caplog, config):
    """Where Flask raises what nobody caught, for tests and debuggers, nobody logs it."""
    app = make_app(**config)

    with pytest.raises(RuntimeError):
        failing(app, RuntimeError).get("/")

    assert caplog.records == []


# Incidents


def test_incident_of_every_occurrence(app):
    """An instance that is raised again, and another failure of the same request, are others."""
    failure, seen = ServiceUnavailable("no"), set()

    with app.test_request_context():
        for _ in range(100):
            answer = app.extensions["httpstatus"].respond(failure)
            seen.add(answer.json["instance"])
            assert answer.json["instance"] == f"urn:uuid:{current_incident()}"

    assert len(seen) == 100


def test_incident_of_what_fails_after_the_answer(app, caplog):
    """Where an answered failure is followed by a bug, both records have the id that is sent."""

    @app.after_request
    def fail_once(response):
        if response.status_code == 503:
            raise RuntimeError
        return response

    answer = failing(app, ServiceUnavailable).get("/")

    assert answer.status_code == 500
    assert [f"urn:uuid:{record.incident}" for record in caplog.records] == [
        answer.json["instance"],
        answer.json["instance"],
    ]


def test_incident_for_a_handler_of_the_application(app, caplog):
    """The application's own page for what nobody caught can show the id of Flask's record."""
    app.register_error_handler(500, lambda _: (current_incident(), 500))

    answer = failing(app, RuntimeError).get("/")

    assert answer.text == written(caplog).incident


def test_incident_for_an_error_tracker(app, caplog):
    """Who is told first and asks for the id gets the one that record and answer will have."""
    seen = []

    with flask.got_request_exception.connected_to(
        lambda *_, **__: seen.append(current_incident()), app
    ):
        answer = failing(app, RuntimeError).get("/")

    assert seen == [written(caplog).incident]
    assert answer.json["instance"] == f"urn:uuid:{seen[0]}"


def test_incident_for_the_access_log(app):
    """The server finds the id in the WSGI environment."""
    environ = {}

    @app.get("/")
    def view():
        environ.update(environ=request.environ)
        raise ServiceUnavailable

    answer = app.test_client().get("/")

    incident = environ["environ"]["httpstatus.incident"]
    assert answer.json["instance"] == f"urn:uuid:{incident}"


def test_no_incident_outside_of_a_request():
    """Where there is no request there is no id."""
    assert current_incident() is None
    with make_app().app_context():
        assert current_incident() is None


def test_no_incident_where_none_is_wanted(caplog):
    """An application without ids has none in the log either."""
    app = make_app(FAILURES_INCIDENT=[])
    seen = []

    with flask.got_request_exception.connected_to(
        lambda *_, **__: seen.append(current_incident()), app
    ):
        answer = failing(app, RuntimeError).get("/")

    assert "instance" not in answer.json
    assert (written(caplog).incident, seen) == (None, [None])
    assert written(caplog).getMessage() == "Exception on / [GET]"


def test_incident_of_a_client_failure(caplog):
    """A 4xx that is configured to have an id has it in record and answer."""
    answer = failing(make_app(FAILURES_INCIDENT=[404]), NotFound).get("/")

    record = written(caplog)
    assert answer.json["instance"] == f"urn:uuid:{record.incident}"
    assert (
        record.getMessage() == f"404 Not Found on / [GET]: Not found (incident {record.incident})"
    )


def test_incidents_of_many_threads(app, caplog):
    """Threads that fail at the same time each have an id of their own, the same everywhere."""
    shared = ServiceUnavailable("no")
    failing(app, RuntimeError)

    @app.get("/shared")
    def view_of_all():
        raise shared

    def ask(number):
        return app.test_client().get(("/", "/shared")[number % 2]).json["instance"]

    with ThreadPoolExecutor(8) as pool:
        answered = sorted(pool.map(ask, range(160)))

    assert answered == sorted(f"urn:uuid:{record.incident}" for record in caplog.records)
    assert len(set(answered)) == 160


@pytest.mark.parametrize("kind", [InternalServerError, werkzeug.InternalServerError])
def test_handmade_500(app, caplog, kind):
    """A 500 that is raised with an original has a record, for Flask writes none of it."""
    failing(app, lambda: kind("no", original_exception=RuntimeError("hunter2"))).get("/")

    message = written(caplog).getMessage()
    assert message.startswith("500 Internal Server Error on / [GET]: no (incident ")


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
    lines = re.sub(r"incident [0-9a-f-]{36}", "incident fixed", done.stderr).splitlines()
    assert [line for line in lines if "so it is" in line][:2] == [
        "INFO 404 Not Found on /404 [GET]: so it is",
        "ERROR 503 Service Unavailable on /503 [GET]: so it is (incident fixed)",
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


@pytest.mark.parametrize("extended", [True, False])
def test_signal_of_a_decorated_view(caplog, extended):
    """@catching_failure writes the record and sends the signal, also without the extension."""
    app, seen = flask.Flask("example"), []
    if extended:
        Failures(app)

    @app.get("/")
    @catching_failure
    def view():
        raise ServiceUnavailable("no")

    with failure_answered.connected_to(lambda _, **facts: seen.append(facts["failure"]), app):
        answer = app.test_client().get("/")

    assert [type(failure) for failure in seen] == [ServiceUnavailable]
    assert answer.json["instance"] == f"urn:uuid:{written(caplog).incident}"


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


def test_async_receiver(app):
    """A receiver may be a coroutine function, as of Flask's own signals."""
    seen = []

    async def receive(_, failure, response):
        seen.append(response.status_code)

    with failure_answered.connected_to(receive, app):
        failing(app, NotFound).get("/")

    assert seen == [404]


def heard(decorated, raising):
    """Return what Flask tells others of a request whose view raises this."""
    app, seen = flask.Flask("example"), []
    if decorated is not None:
        Failures(app)

    @app.get("/")
    @decorated or (lambda view: view)
    def view():
        raise raising()

    @app.after_request
    def after(response):
        seen.append(("after", response.status_code))
        return response

    for name in ("request_started", "request_finished", "got_request_exception"):
        signal = getattr(flask, name)
        signal.connect(
            lambda _, name=name, **facts: seen.append((name, type(facts.get("exception")))),
            app,
            weak=False,
        )
    app.teardown_request(lambda error: seen.append(("teardown", type(error))))
    app.teardown_appcontext(lambda error: seen.append(("appcontext", type(error))))
    app.test_client().get("/")
    return seen


@pytest.mark.parametrize("decorated", [lambda view: view, catching_failure])
@pytest.mark.parametrize(
    "raising",
    [werkzeug.NotFound, werkzeug.ServiceUnavailable, NotFound, ServiceUnavailable, RuntimeError],
)
def test_others_see_what_they_see_without_us(decorated, raising):
    """Signals, teardown and after_request are told the same, also with @catching_failure."""
    assert heard(decorated, raising) == heard(None, raising)


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
