"""Tests of the answer: its status line, headers and body, whatever else fails on the way."""

import inspect
import itertools
import json
import logging
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from xml.etree import ElementTree as ET

import flask
import pytest
from flask import Response, abort, request, session
from hypothesis import given
from hypothesis import strategies as st
from shared_cases import shared_cases
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import HTTPException, default_exceptions

from flask_httpstatus import (
    KINDS,
    Failure,
    Failures,
    MissingHeader,
    NotFound,
    ServiceUnavailable,
    TooManyRequests,
    Unauthorized,
    UpgradeRequired,
    answering,
    failure_answered,
    http,
)
from flask_httpstatus.headers import HOP_BY_HOP
from flask_httpstatus.negotiation import PROBLEM
from flask_httpstatus.rendering import RENDERERS
from flask_httpstatus.settings import KEY

TYPES = {
    "problem": "application/problem+json",
    "html": "text/html; charset=utf-8",
    "text": "text/plain; charset=utf-8",
    "markdown": "text/markdown; charset=utf-8",
    "xml": "application/problem+xml",
}
METHODS = ["GET", "POST", "HEAD", "OPTIONS"]
#: What some kinds know, and what becomes of it.
FACTS = {
    401: {"challenge": WWWAuthenticate("bearer", {"realm": "api"})},
    405: {"allowed": ["PUT", "DELETE"]},
    407: {"challenge": WWWAuthenticate("basic", {"realm": "proxy"})},
    413: {"retry_after": datetime(2030, 1, 1, tzinfo=UTC)},
    416: {"length": 1234},
    426: {"upgrade": "TLS/1.3"},
    429: {"retry_after": 0},
    451: {"blocked_by": "https://isp.example/"},
    503: {"retry_after": timedelta(seconds=30)},
}
FACT_HEADERS = {
    401: {"WWW-Authenticate": "Bearer realm=api"},
    405: {"Allow": "DELETE, PUT"},
    413: {"Retry-After": "Tue, 01 Jan 2030 00:00:00 GMT"},
    416: {"Content-Range": "bytes */1234"},
    429: {"Retry-After": "0"},
    451: {"Link": '<https://isp.example/>; rel="blocked-by"'},
    503: {"Retry-After": "30"},
}


def failing(app, raising, rule="/", **options):
    """Give the application a view that raises what the function returns."""

    def view(**arguments):
        raise raising(**arguments)

    options = {"methods": ["GET", "POST", "OPTIONS"], "provide_automatic_options": False} | options
    app.add_url_rule(rule, f"failing {rule}", view, **options)
    return app.test_client()


def make_app(**config):
    """Return a plain Flask application with the extension and this configuration."""
    app = flask.Flask("example")
    app.config.from_mapping(SECRET_KEY="not told", **config)
    Failures(app)
    return app


def is_about(category, case):
    """Tell whether a shared case is about this, or is none because there are none."""
    (row,) = case.values
    return row is None or row["category"] == category


def vary(response):
    """Return what the answer says it depends on, but for the language, in one line at most."""
    assert len(response.headers.getlist("Vary")) <= 1
    names = [name.strip().lower() for name in response.headers.get("Vary", "").split(",")]
    assert len(names) == len(set(names))
    return {*names} - {"", "accept-language"}


def assert_plain(response, status):
    """Check that this is the built-in body, sent where everything else failed."""
    assert response.status == status
    assert response.text == f"{status}\n"
    assert response.content_type == "text/plain; charset=utf-8"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.fixture(scope="module")
def every_format():
    """Return a client of an application that offers every format and raises every kind."""
    app = make_app(FAILURES_FORMATS=list(TYPES))
    return failing(
        app, lambda code: KINDS[code]("no <such> user", **FACTS.get(code, {})), "/<int:code>"
    )


# Every kind in every format


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("format_", TYPES)
@pytest.mark.parametrize("code", KINDS)
def test_answer(every_format, code, format_, method):
    """The status has the RFC's phrase, the body its type, and the headers say what matters."""
    accept = TYPES[format_].partition(";")[0]

    response = every_format.open(f"/{code}", method=method, headers={"Accept": accept})

    assert response.status == f"{code} {http.facts(code).phrase}"
    assert response.content_type == TYPES[format_]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert vary(response) == {"accept"}
    assert not {name.lower() for name, _ in response.headers} & HOP_BY_HOP
    for name, value in FACT_HEADERS.get(code, {}).items():
        assert response.headers.getlist(name) == [value]
    if method == "HEAD":
        assert response.data == b""
    else:
        assert int(response.headers["Content-Length"]) == len(response.data) > 0


@pytest.mark.parametrize("format_", TYPES)
@pytest.mark.parametrize("code", KINDS)
def test_head_is_get_without_the_body(every_format, code, format_):
    """HEAD is answered with the headers of GET, Content-Length too."""
    accept = {"Accept": TYPES[format_].partition(";")[0]}

    get = every_format.get(f"/{code}", headers=accept)
    head = every_format.head(f"/{code}", headers=accept)

    assert head.data == b""
    assert head.headers.to_wsgi_list() == get.headers.to_wsgi_list()


@pytest.mark.parametrize("code", KINDS)
def test_body(every_format, code):
    """Each format says the status of the wire and the message."""
    bodies = {
        format_: every_format.get(f"/{code}", headers={"Accept": TYPES[format_]}).text
        for format_ in TYPES
    }

    problem = json.loads(bodies["problem"])
    assert (problem["status"], problem["detail"]) == (code, "no <such> user")
    assert problem["title"] == http.facts(code).phrase
    assert ("instance" in problem) == (code >= 500)
    root = ET.fromstring(bodies["xml"])
    assert root.findtext("{*}status") == str(code)
    assert root.findtext("{*}detail") == "no <such> user"
    assert bodies["text"].startswith(f"{code} {http.facts(code).phrase}\n\nno <such> user\n")
    assert bodies["markdown"].startswith(f"# {code} {http.facts(code).phrase}\n\nno \\<such> user")
    assert "no &lt;such&gt; user" in bodies["html"]
    assert "no <such>" not in bodies["html"]


@pytest.mark.parametrize("code", [499, 419, 520, 599, 430])
def test_status_without_a_kind(app, client, code):
    """A status that no RFC has is sent as it is, with the phrase of its table."""
    failing(app, lambda: Failure("gone away", code))

    response = client.get("/")

    assert response.status == f"{code} {http.facts(code).phrase}"
    assert response.json["status"] == code
    assert response.json["title"] == http.facts(code).phrase


def test_instance(app, client):
    """Each occurrence of a server's failure has an id of its own, a client's failure none."""
    failing(app, lambda code: KINDS[code](), "/<int:code>")

    first, second = (client.get("/503").json["instance"] for _ in range(2))

    assert first.startswith("urn:uuid:")
    assert first != second
    assert "instance" not in client.get("/404").json


def test_incident_by_setting():
    """FAILURES_INCIDENT says which statuses have an id."""
    client = failing(make_app(FAILURES_INCIDENT=["4xx"]), lambda code: KINDS[code](), "/<int:code>")

    assert "instance" in client.get("/404").json
    assert "instance" not in client.get("/503").json


# Who raises


class Foreign(HTTPException):
    """What another extension raises: headers and a text of its own."""

    description = "Too much of it."

    def __init__(self, code):
        super().__init__()
        self.code = code

    def get_headers(self, environ=None, scope=None):
        """Give headers, as extensions do."""
        return [
            *super().get_headers(environ, scope),
            ("X-Limit", "10"),
            ("X-Limit", "20"),
            ("Vary", "Authorization"),
            ("Broken: header", "x"),
            ("X-Broken", "a\nb"),
        ]


@pytest.mark.parametrize("code", KINDS)
def test_abort(app, client, code):
    """abort() raises the kinds, with a message and with their keywords."""

    @app.get("/")
    def view():
        abort(code, "no such user", **FACTS.get(code, {}))

    response = client.get("/")

    assert response.status == f"{code} {http.facts(code).phrase}"
    assert response.json["detail"] == "no such user"
    for name, value in FACT_HEADERS.get(code, {}).items():
        assert response.headers[name] == value


@pytest.mark.parametrize("code", KINDS)
def test_abort_with_description(app, client, code):
    """abort() takes Werkzeug's name for the message."""

    @app.get("/")
    def view():
        abort(code, description="no such user", **FACTS.get(code, {}))

    assert client.get("/").json["detail"] == "no such user"


@pytest.mark.parametrize("code", sorted(set(KINDS) & set(default_exceptions)))
def test_werkzeug_raises(code):
    """Werkzeug's own exception is answered as the kind of its status; its stock text is none."""
    client = failing(make_app(FAILURES_CHALLENGE="Bearer"), default_exceptions[code])

    response = client.get("/")

    assert response.status == f"{code} {http.facts(code).phrase}"
    assert response.json.keys() - {"instance"} == {"title", "status"}


@pytest.mark.parametrize("code", [code for code in KINDS if code not in {401, 407, 426}])
def test_extension_raises(app, client, code):
    """An exception of another extension keeps its text and those of its headers that are sound."""
    failing(app, lambda: Foreign(code))

    response = client.get("/")

    assert response.status == f"{code} {http.facts(code).phrase}"
    assert response.json["detail"] == "Too much of it."
    assert response.headers.getlist("X-Limit") == ["10", "20"]
    assert vary(response) == {"accept", "authorization"}
    assert not any("roken" in name for name, _ in response.headers)


# Required headers


@pytest.mark.parametrize(
    ("method", "allowed"),
    [("DELETE", "GET, HEAD, OPTIONS, POST"), ("PUT", "GET, HEAD, OPTIONS, POST")],
)
def test_allow_of_routing(app, client, method, allowed):
    """The router's 405 says which methods there are, sorted."""
    app.add_url_rule("/", view_func=lambda: "home", methods=["POST", "GET"])

    response = client.open("/", method=method)

    assert response.status_code == 405
    assert response.headers.getlist("Allow") == [allowed]


@pytest.mark.parametrize(
    ("method", "allowed"),
    [("POST", "GET, HEAD"), ("GET", "POST"), ("HEAD", "POST")],
)
def test_allow_is_derived_from_the_routes(app, client, method, allowed):
    """A 405 that names no methods has those of the routes, without the refused one."""
    failing(app, KINDS[405], methods=["GET", "POST"])

    response = client.open("/", method=method)

    assert response.headers["Allow"] == allowed


def test_allow_where_the_host_is_rejected():
    """Where no route can be found, Allow is there and empty (RFC 9110, Section 10.2.1)."""
    app = make_app(TRUSTED_HOSTS=["good.example"])
    app.before_request(lambda: abort(405))

    response = app.test_client().get("/", base_url="http://evil.example")

    assert response.status_code == 405
    assert response.headers["Allow"] == ""


def test_challenge_of_the_settings():
    """A 401 that says no challenge has those of the application, one a line."""
    client = failing(
        make_app(FAILURES_CHALLENGE=[WWWAuthenticate("basic", {"realm": "a"}), "Bearer"]),
        Unauthorized,
    )

    assert client.get("/").headers.getlist("WWW-Authenticate") == ["Basic realm=a", "Bearer"]


def test_own_challenge_wins():
    """A 401 that says its challenge has no other."""
    client = failing(
        make_app(FAILURES_CHALLENGE="Bearer"), lambda: Unauthorized(challenge="Basic realm=a")
    )

    assert client.get("/").headers.getlist("WWW-Authenticate") == ["Basic realm=a"]


@pytest.mark.parametrize(
    ("code", "names", "member"),
    [
        (407, {"Proxy-Authenticate"}, {"challenge": ["Basic realm=proxy"]}),
        (426, {"Upgrade", "Connection"}, {"upgrade": "TLS/1.3"}),
    ],
)
@pytest.mark.parametrize("taken", [False, True])
def test_hop_by_hop_headers(code, names, member, taken):
    """Hop-by-hop headers are sent where the server is said to take them; the body has them."""
    app = make_app(FAILURES_HOP_BY_HOP=taken)
    client = failing(app, lambda: KINDS[code]("not so", **FACTS[code]))

    response = client.get("/")

    assert {name for name in names if name in response.headers} == (names if taken else set())
    assert response.json.items() >= member.items()


# Vary, and the headers that others add


def test_vary_where_there_is_no_choice():
    """An answer that can have one format only does not depend on Accept."""
    client = failing(make_app(FAILURES_FORMATS=["problem"]), NotFound)

    assert vary(client.get("/", headers={"Accept": "text/html"})) == set()


@pytest.mark.parametrize("accept", [None, "", "*/*", "text/html", "image/png", ";;;q=x"])
def test_vary_where_there_is_a_choice(app, client, accept):
    """An answer that could have been another one says so, whatever the client has sent."""
    failing(app, NotFound)

    assert vary(client.get("/", headers={} if accept is None else {"Accept": accept})) == {"accept"}


def test_vary_is_added_to_what_is_there(app, client):
    """The failure's own Vary, the session's and what after_request adds all stay, in one line."""
    app.secret_key = "not told"

    @app.after_request
    def add(response):
        response.vary.add("Origin")
        response.headers.add("Vary", "X-Theme, accept")
        return response

    @app.get("/")
    def view():
        session["seen"] = True
        raise NotFound("no", headers=[("Vary", "X-Tenant, ACCEPT"), ("Vary", "X-Plan")])

    response = client.get("/")

    assert vary(response) == {"x-tenant", "accept", "x-plan", "origin", "x-theme", "cookie"}


def test_what_others_add(app, client):
    """Cookies and headers that the application adds to a response are on the answer too."""
    app.secret_key = "not told"

    @app.after_request
    def add(response):
        response.headers["X-Request-ID"] = "7"
        response.set_cookie("theme", "dark")
        return response

    @app.get("/")
    def view():
        session["seen"] = True
        raise NotFound("no", headers={"ETag": '"1"', "Set-Cookie": "a=b"})

    response = client.get("/")

    assert response.headers["X-Request-ID"] == "7"
    assert response.headers["ETag"] == '"1"'
    cookies = response.headers.getlist("Set-Cookie")
    assert [cookie.partition("=")[0] for cookie in cookies] == ["a", "theme", "session"]


# Accept


@pytest.mark.parametrize("row", shared_cases("accept.json"))
def test_what_clients_accept(app, client, row):
    """What browsers and tools send is answered in a format that they can use."""
    failing(app, lambda: NotFound("no"), methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    accept = {} if row["accept"] is None else {"Accept": row["accept"]}

    response = client.open("/", method=row["method"], headers=row["headers"] | accept)

    assert response.status == "404 Not Found"
    name = response.mimetype.rpartition("/")[2].replace("plain", "text")
    assert name not in row["must_not"]
    assert name in {"problem+json", "html", "text"}


@pytest.mark.parametrize(
    "row", [case for case in shared_cases("hostile_values.json") if is_about("accept", case)]
)
def test_hostile_accept(app, client, row):
    """A hostile Accept changes neither the status nor breaks the answer."""
    failing(app, lambda: NotFound("no"))
    accept = eval(row["py"]) if row["value"] is None else row["value"]

    response = client.get("/", environ_overrides={"HTTP_ACCEPT": accept})

    assert response.status == "404 Not Found"
    assert response.content_type in TYPES.values()
    assert vary(response) == {"accept"}


@given(accept=st.text(st.characters(max_codepoint=255)), code=st.sampled_from(sorted(KINDS)))
def test_never_406(every_format, accept, code):
    """Whatever a client accepts, it gets the status of the failure in one of the formats."""
    response = every_format.get(f"/{code}", environ_overrides={"HTTP_ACCEPT": accept})

    assert response.status_code == code
    assert response.content_type in TYPES.values()


# Never fail while failing


class Sentence:
    """A text that is made when it is read, which it counts."""

    def __init__(self, make):
        self.make, self.read = make, 0

    def __str__(self):
        self.read += 1
        return self.make()

    def __len__(self):
        return len(str(self))

    def __mod__(self, other):
        return str(self) % other


def fails():
    """Fail as code does."""
    raise RuntimeError("hunter2")


def recurses():
    """Fail as endless recursion does."""
    return recurses()


def exhausts():
    """Fail as a machine without memory does."""
    raise MemoryError


def one_record(caplog):
    """Return the one record of the second error, as Python's logging has it."""
    (record,) = (one for one in caplog.records if one.name == "flask_httpstatus")
    assert record.levelno == logging.ERROR
    assert record.exc_info is not None
    return record


FAULTS = pytest.mark.parametrize("fail", [fails, recurses, exhausts])


def reconfigured(app, **changes):
    """Give the extension settings that no configuration can have."""
    app.extensions[KEY] = app.extensions[KEY]._replace(**changes)


class Broken:
    """Something that fails whatever is done with it."""

    def __init__(self, fail):
        self.fail = fail

    def __contains__(self, item):
        self.fail()

    def __iter__(self):
        self.fail()

    def __getattr__(self, name):
        self.fail()

    def __getitem__(self, key):
        self.fail()


@FAULTS
@pytest.mark.parametrize("setting", ["formats", "incident"])
def test_broken_setting(app, client, setting, fail, caplog):
    """Where the settings fail, status and headers are right, the body is plain, a record tells."""
    failing(app, lambda: Unauthorized("sign in", challenge="Bearer", headers={"X-Own": "1"}))
    reconfigured(app, **{setting: Broken(fail)})

    response = client.get("/")

    assert_plain(response, "401 Unauthorized")
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.headers["X-Own"] == "1"
    assert one_record(caplog).getMessage() == "Writing the answer to Unauthorized failed"


def test_no_settings(app, client):
    """Where somebody has removed the settings, the defaults are in force."""
    failing(app, NotFound)
    del app.extensions[KEY]

    assert client.get("/").json == {"title": "Not Found", "status": 404}


def test_broken_accept(app, client, caplog):
    """Where a middleware has broken the environment, the body is plain."""
    failing(app, NotFound)

    response = client.get("/", environ_overrides={"HTTP_ACCEPT": 7})

    assert_plain(response, "404 Not Found")
    assert vary(response) == {"accept"}
    assert one_record(caplog).exc_info[0] is TypeError


@FAULTS
@pytest.mark.parametrize("code", [404, 503])
def test_broken_format(app, code, fail, monkeypatch, caplog):
    """Where a format fails, what was to be answered stays: the status, its headers, the record."""
    monkeypatch.setitem(RENDERERS, PROBLEM, lambda _: fail())
    client = failing(app, lambda: KINDS[code]("no", retry_after=30, member=1))

    response = client.get("/")

    assert_plain(response, f"{code} {http.facts(code).phrase}")
    assert response.headers["Retry-After"] == "30"
    assert vary(response) == {"accept"}
    assert one_record(caplog)
    assert "hunter2" not in response.text


def test_incident_survives_a_broken_format(app, client, monkeypatch, caplog):
    """The record has the incident and the message, though the body could not be written."""
    monkeypatch.setitem(RENDERERS, PROBLEM, lambda _: fails())
    failing(app, lambda: ServiceUnavailable(Sentence(lambda: "back at noon")))

    client.get("/")

    (record,) = (record for record in caplog.records if record.name == app.name)
    assert record.incident
    assert record.getMessage().startswith(
        "503 Service Unavailable on / [GET]: back at noon (incident "
    )


@FAULTS
def test_broken_renderer_of_ones_own(app, client, fail, caplog):
    """Where the application's own format fails, the body is plain."""
    app.extensions["httpstatus"].renderer("application/x-own")(lambda _: fail())
    failing(app, lambda: NotFound("no"))

    response = client.get("/", headers={"Accept": "application/x-own"})

    assert_plain(response, "404 Not Found")
    assert one_record(caplog)


@pytest.mark.parametrize("result", [object(), "\ud800", {1: 1, "a": 2, ("b",): 3}])
def test_renderer_that_returns_nonsense(app, client, result, caplog):
    """What can neither be sent nor written as JSON becomes the plain body."""
    app.extensions["httpstatus"].renderer("application/x-own")(lambda _: result)
    failing(app, lambda: NotFound("no"))

    response = client.get("/", headers={"Accept": "application/x-own"})

    assert_plain(response, "404 Not Found")
    assert one_record(caplog)


def test_format_that_nobody_writes(caplog):
    """A format of a policy that has no renderer becomes the plain body."""
    client = failing(make_app(FAILURES_FORMATS=["application/x-own"]), NotFound)

    assert_plain(client.get("/"), "404 Not Found")
    assert one_record(caplog)


@FAULTS
def test_broken_message(app, client, fail, caplog):
    """Where the message cannot be read, the phrase stands for it, and the members stay."""
    failing(app, lambda: NotFound(Sentence(fail), user_id=7))

    response = client.get("/")

    assert response.status == "404 Not Found"
    assert response.json == {"title": "Not Found", "status": 404, "user_id": 7}
    assert one_record(caplog).getMessage() == "Reading the message of NotFound failed"


@pytest.mark.parametrize("reads", range(4))
@pytest.mark.parametrize("type_", ["application/problem+json", "text/html", "text/plain"])
def test_message_that_is_another_one_every_time(app, client, type_, reads):
    """What is sent is the message that was looked at for markup, however often it is read."""

    class Changing(NotFound):
        texts = itertools.chain(["no"] * reads, itertools.repeat('<b class="no">'))

        @property
        def message(self):
            return next(self.texts)

    failing(app, Changing)

    response = client.get("/", headers={"Accept": type_})

    assert response.mimetype == type_
    if type_ == "application/problem+json":
        assert response.json["detail"] in {"no", '<b class="no">'}
    elif type_ == "text/html":
        assert "<b class" not in response.text


@FAULTS
def test_broken_member(app, client, fail, caplog):
    """Where a member cannot be read, it is left out, and everything else stays."""
    failing(app, lambda: NotFound("no such user", user=Sentence(fail), user_id=7))

    response = client.get("/")

    assert response.json == {
        "title": "Not Found",
        "status": 404,
        "detail": "no such user",
        "user_id": 7,
    }
    assert one_record(caplog)


@FAULTS
def test_broken_locale(app, client, fail, caplog):
    """Where the application cannot say the language, the answer is in its first one."""
    pytest.importorskip("flask_babel").Babel(app, locale_selector=fail)
    failing(app, lambda: NotFound("no such user"))

    response = client.get("/")

    assert response.json == {"title": "Not Found", "status": 404, "detail": "no such user"}
    assert one_record(caplog).getMessage() == "The locale of Flask-Babel cannot be told"


@pytest.mark.parametrize("accept", TYPES.values())
def test_message_is_read_once(accept):
    """A lazy message is read when the answer is made, and once."""
    message = Sentence(lambda: "no such user")
    client = failing(make_app(FAILURES_FORMATS=list(TYPES)), lambda: NotFound(message))
    assert message.read == 0

    response = client.get("/", headers={"Accept": accept})

    assert "no such user" in response.text
    assert message.read == 1


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit])
def test_interruptions_go_on(app, client, interruption):
    """What ends the process is not kept by a failure that is being answered."""

    def interrupt():
        raise interruption

    failing(app, lambda: NotFound(Sentence(interrupt)))

    with pytest.raises(interruption):
        client.get("/")


def test_kind_that_cannot_be_copied(app, client, caplog):
    """A kind of the application's that breaks copies is answered plainly, and reported."""

    class Unique(ServiceUnavailable):
        def __reduce__(self):
            raise TypeError("there is one")

    failing(app, lambda: Unique("back at noon"))

    assert_plain(client.get("/"), "503 Service Unavailable")
    assert one_record(caplog)
    assert "503 Service Unavailable on / [GET]: back at noon" in caplog.messages


def test_kind_whose_constructor_forgets_its_parents(app, client):
    """A kind that does not call its parent's constructor is still answered."""

    class Forgetful(NotFound):
        def __init__(self, user_id):
            self.user_id = user_id

    failing(app, lambda: Forgetful(7))

    assert client.get("/").json == {"title": "Not Found", "status": 404}


def test_headers_that_cannot_be_put_in_at_once(app, client, monkeypatch, caplog):
    """The plain body has its headers even where Werkzeug's Headers no longer are what they were."""

    def begin(headers, lines):
        raise AttributeError("'Headers' object has no attribute '_list'")

    monkeypatch.setattr(answering._Headers, "begin", begin)
    failing(app, lambda: NotFound("no such user", headers={"X-Trace": "7"}))

    answer = client.get("/")

    assert_plain(answer, "404 Not Found")
    assert answer.headers["X-Trace"] == "7"
    assert answer.headers["Vary"] == "Accept"
    assert one_record(caplog)


@FAULTS
def test_broken_response_class(app, client, fail, caplog):
    """Where the application's response class fails, Flask's own carries the plain body."""

    class Fussy(Response):
        def __init__(self, response=None, status=None, headers=None):
            if status != "200 OK":
                fail()
            super().__init__(response, status, headers)

    app.response_class = Fussy
    failing(app, lambda: TooManyRequests("slow down", retry_after=3))

    response = client.get("/")

    assert_plain(response, "429 Too Many Requests")
    assert response.headers["Retry-After"] == "3"
    assert one_record(caplog)


def test_own_response_class(app, client):
    """The answer is of the application's response class."""

    class Own(Response):
        default_mimetype = "application/x-own"

        @property
        def is_own(self):
            return True

    app.response_class = Own
    app.after_request(lambda response: response if response.is_own else fails())
    failing(app, NotFound)

    assert client.get("/").mimetype == "application/problem+json"


class BrokenHandler(logging.Handler):
    """A log handler that does not keep its errors to itself."""

    def handle(self, record):
        raise RuntimeError("the disk is full")


class BrokenFilter(logging.Filter):
    """A filter that expects what is not there."""

    def filter(self, record):
        return record.request_id > 7


@pytest.mark.parametrize("broken", [BrokenHandler(), BrokenFilter()])
def test_broken_log(app, client, broken, caplog):
    """Where the log fails, the answer and the signal are as ever, and another logger is told."""
    logger = logging.getLogger(app.name)
    add, remove = logger.addFilter, logger.removeFilter
    if isinstance(broken, logging.Handler):
        add, remove = logger.addHandler, logger.removeHandler
    failing(app, lambda: ServiceUnavailable("back at noon"))
    seen = []

    add(broken)
    try:
        with failure_answered.connected_to(lambda _, **facts: seen.append(facts), app):
            response = client.get("/")
    finally:
        remove(broken)

    assert response.status == "503 Service Unavailable"
    assert response.json["detail"] == "back at noon"
    assert one_record(caplog).getMessage() == "Reporting ServiceUnavailable failed"
    assert len(seen) == 1


def test_all_logs_broken(app, client):
    """Where there is nobody to be told, the answer is as ever."""
    handler = BrokenHandler()
    logging.getLogger().addHandler(handler)
    try:
        failing(app, lambda: ServiceUnavailable("back at noon"))
        response = client.get("/")
    finally:
        logging.getLogger().removeHandler(handler)

    assert response.json["detail"] == "back at noon"


@FAULTS
def test_broken_receiver(app, client, fail, caplog):
    """Where a receiver of the signal fails, the answer is as ever."""
    failing(app, lambda: ServiceUnavailable("back at noon"))

    with failure_answered.connected_to(lambda _, **__: fail(), app):
        response = client.get("/")

    assert response.json["detail"] == "back at noon"
    assert one_record(caplog)


@pytest.mark.parametrize("path", ["/", "/none", "/bug"])
@pytest.mark.parametrize("accept", ["text/html", "application/json", "text/plain"])
def test_rejected_host(path, accept):
    """Where TRUSTED_HOSTS rejects the host, everything that fails is a 400 in its format."""
    app = make_app(TRUSTED_HOSTS=["good.example"])
    failing(app, NotFound)
    failing(app, lambda: RuntimeError("a bug"), "/bug")

    response = app.test_client().get(
        path, base_url="http://evil.example", headers={"Accept": accept}
    )

    assert response.status == "400 Bad Request"
    assert response.mimetype == accept.replace("application/json", "application/problem+json")


@pytest.mark.parametrize("code", [404, 503])
def test_rejected_host_elsewhere(code):
    """Where the host is rejected and something else fails first, that is answered."""
    app = make_app(TRUSTED_HOSTS=["good.example"])

    @app.before_request
    def refuse():
        raise KINDS[code]("not today")

    response = app.test_client().get("/", base_url="http://evil.example")

    assert (response.status_code, response.json["detail"]) == (code, "not today")


# The same instance again


def test_instance_raised_twice(app, client):
    """A failure that is made once and raised often leaves nothing of one answer in the next."""
    failure = ServiceUnavailable(Sentence(lambda: request.args["who"]))

    @app.get("/")
    def view():
        raise failure

    first, second = (client.get(f"/?who={who}").json for who in ("ada", "bob"))

    assert (first["detail"], second["detail"]) == ("ada", "bob")
    assert first["instance"] != second["instance"]
    assert failure.incident is None
    assert isinstance(failure.message, Sentence)


def test_instance_raised_by_threads(app):
    """A failure that several threads raise at once says to each client what is meant for it."""
    barrier = threading.Barrier(8, timeout=10)
    failure = ServiceUnavailable(Sentence(lambda: (barrier.wait(), request.args["who"])[1]))

    @app.get("/")
    def view():
        raise failure

    def ask(who):
        body = app.test_client().get(f"/?who={who}").json
        return body["detail"], body["instance"]

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, range(8)))

    assert [detail for detail, _ in answers] == [str(who) for who in range(8)]
    assert len({instance for _, instance in answers}) == 8


# The developer is warned


def test_missing_header(app, client):
    """A 401 without a challenge warns of what is missing and how to write it, at the raise."""

    @app.get("/")
    def view():
        raise Unauthorized("sign in")

    line = inspect.getsourcelines(view)[1] + 2

    with pytest.warns(MissingHeader) as warned:
        response = client.get("/")

    assert response.status_code == 401
    (warning,) = warned
    assert (warning.filename, warning.lineno) == (__file__, line)
    assert str(warning.message) == (
        "Unauthorized is answered without WWW-Authenticate, which HTTP demands (RFC 9110, "
        "Section 15.5.2); write challenge=WWWAuthenticate('bearer', {'realm': 'api'}), or set "
        "FAILURES_CHALLENGE"
    )


def test_missing_headers(app, client):
    """Several missing headers are one warning."""
    failing(app, UpgradeRequired)

    with pytest.warns(MissingHeader, match=r"without Upgrade and Connection, .*upgrade='TLS/1.3'"):
        client.get("/")


def test_missing_header_of_abort(app, client):
    """abort() is not where the failure is raised; the line that calls it is."""

    @app.get("/")
    def view():
        abort(401)

    with pytest.warns(MissingHeader) as warned:
        client.get("/")

    assert warned[0].filename == __file__


def test_missing_header_outside_a_raise(app):
    """A failure that was not raised warns where it is answered."""
    with app.test_request_context(), pytest.warns(MissingHeader) as warned:
        app.extensions["httpstatus"].respond(Unauthorized())

    assert warned[0].filename == __file__


def test_missing_header_raised_by_flask(app, client):
    """Where no line of the application takes part, the warning has a place all the same."""
    app.view_functions["static"] = partial(abort, 401)

    with pytest.warns(MissingHeader) as warned:
        client.get("/static/none")

    assert len(warned) == 1


def test_missing_header_warns_once_a_line(app, client):
    """However often a line raises, it warns once, and every line does."""

    @app.get("/<int:way>")
    def view(way):
        if way == 1:
            raise Unauthorized("sign in")
        raise Unauthorized("sign in, please")

    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("default")
        globals().pop("__warningregistry__", None)
        for way in (1, 1, 2, 2, 1):
            client.get(f"/{way}")

    assert len({warning.lineno for warning in warned}) == len(warned) == 2


def test_missing_header_is_an_error_in_tests(app, client):
    """Under -W error it is an error, which no safety net hides."""
    failing(app, Unauthorized)
    app.testing = True

    with pytest.raises(MissingHeader):
        client.get("/")


@pytest.mark.parametrize("code", sorted(set(KINDS) - {401, 407, 426}))
def test_no_other_header_is_missing(app, client, code):
    """No other kind warns, for what HTTP demands of it is there."""
    failing(app, KINDS[code])

    assert client.get("/").status_code == code


@pytest.mark.parametrize("accept", ["application/json", "text/html", "text/plain"])
def test_description_by_property(app, client, accept):
    """A class may compute its description; it is answered in every format and language."""

    class Computed(NotFound):
        @property
        def description(self):
            return "no such user"

    failing(app, Computed)
    response = client.get("/", headers={"Accept": accept, "Accept-Language": "de"})
    assert "Nicht gefunden" in response.text
    assert "no such user" in response.text
