"""Tests of another service's failures: what is caught, what is answered, what is logged."""

import asyncio
import copy
import gc
import http.client
import json
import logging
import pickle
import socket
import urllib.error
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import flask
import pytest
import servers
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException

from flask_httpstatus import (
    KINDS,
    BadGateway,
    ClientFailure,
    Conflict,
    Failure,
    Failures,
    Forbidden,
    GatewayTimeout,
    Issue,
    NotFound,
    Problem,
    ServerFailure,
    ServiceUnavailable,
    TooManyRequests,
    UndeclaredFailure,
    UnprocessableContent,
    catching_failure,
    fails_with,
)
from flask_httpstatus.client import RemoteFailure, failure_from, raise_for_failure
from flask_httpstatus.responses import DEEPEST, LONGEST

PROBLEM = "application/problem+json"
TIMEOUT = 20


class BankProblem(Problem):
    """Has what the problem types of a bank have in common."""

    base = "https://ledger.example/problems"


@dataclass
class Price:
    """An amount."""

    cents: int
    currency: str = "EUR"


class OutOfCredit(BankProblem, Forbidden):
    """The balance does not cover the price."""

    balance: int
    price: Price | None = None
    until: date | None = None
    code_: str = "none"


class CardLost(Problem, Conflict):
    """Somebody has reported the card as lost."""

    type = "card-lost"


class BankClosed(BankProblem, ServiceUnavailable):
    """It is a holiday."""

    retry_after = 60
    reopens: datetime


class Closed(ClientFailure, status=499):
    """The library does not know the status of this kind."""


#: Answers of another service: status, media type, body, headers.
ANSWERS = {
    "absolute": (
        403,
        PROBLEM,
        {
            "type": "https://ledger.example/problems/out-of-credit",
            "title": "Out of credit",
            "detail": "You have 30.",
            "instance": "urn:uuid:7c9",
            "balance": 30,
            "price": {"cents": 50, "more": 1},
            "until": "2026-12-24",
            "code": "poor",
            "new": [1],
        },
        {"X-Trace": "7"},
    ),
    "relative": (409, PROBLEM, {"type": "/problems/card-lost", "title": "Card lost"}, {}),
    "nothing": (204, None, "", {}),
    "text": (404, "text/plain", "no such thing", {"Retry-After": "5"}),
    "html": (404, "text/html", "<!doctype html><title>No</title>", {}),
    "empty": (410, "text/plain", "", {}),
    "fine": (200, "application/json", {"name": "Ada"}, {}),
    "moved": (304, None, "", {}),
}


def encoded(body):
    """Return the body as it is sent."""
    if isinstance(body, bytes):
        return body
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()


def serve(environ, start_response):
    """Answer what the path names, or the status that it is."""
    name = environ["PATH_INFO"].strip("/")
    default = (int(name) if name.isdecimal() else 418, "text/plain", "It failed.", {})
    status, media_type, body, headers = ANSWERS.get(name, default)
    content = encoded(body)
    fields = [*headers.items()]
    if media_type:
        fields.append(("Content-Type", media_type))
    if status not in {204, 304}:
        fields.append(("Content-Length", str(len(content))))
    start_response(f"{status} Said", fields)
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" or status in {204, 304} else content]


@pytest.fixture(scope="module")
def service():
    """Return the address of another service."""
    gc.collect()
    gc.freeze()  # so that to collect after each test is to look at what that test has left
    with servers.wsgiref(serve) as server:
        yield "http://{}:{}".format(*server.address)
    gc.unfreeze()


# With each client


def by_requests(url):
    """Ask with requests."""
    requests = pytest.importorskip("requests")
    return requests.get(url, timeout=TIMEOUT, allow_redirects=False)


def by_requests_stream(url):
    """Ask with requests, and leave the body where it is."""
    requests = pytest.importorskip("requests")
    return requests.get(url, timeout=TIMEOUT, stream=True)


def by_httpx(url):
    """Ask with httpx."""
    httpx = pytest.importorskip("httpx")
    return httpx.get(url, timeout=TIMEOUT)


def by_httpx_async(url):
    """Ask with httpx's client for coroutines."""
    httpx = pytest.importorskip("httpx")

    async def get():
        async with httpx.AsyncClient(timeout=TIMEOUT) as client:
            return await client.get(url)

    return asyncio.run(get())


def by_urllib(url):
    """Ask with urllib, which raises what is no success."""
    try:
        return urllib.request.urlopen(url, timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        return error


def by_library(url):
    """Ask with http.client, whose responses do not know where they come from."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=TIMEOUT)
    connection.request("GET", parts.path)
    response = connection.getresponse()
    response.msg = connection  # kept as long as the response is
    return response


def by_werkzeug(url):
    """Ask with the test client."""
    from werkzeug.test import Client

    return Client(serve).get(urlsplit(url).path)


CLIENTS = [
    by_requests,
    by_requests_stream,
    by_httpx,
    by_httpx_async,
    by_urllib,
    by_library,
    by_werkzeug,
]


@pytest.fixture(params=CLIENTS)
def ask(request, service):
    """Return a function that asks the service for a path with one of the clients."""
    opened = []

    def ask(path):
        opened.append(request.param(f"{service}/{path}"))
        return opened[-1]

    yield ask
    for response in opened:
        if request.param is not by_httpx_async:  # which has closed it
            response.close()
        if request.param is by_library:
            response.msg.close()
    gc.collect()  # what is not closed warns here, and not in another test


def test_declared_type(ask):
    """The declared class comes back, its members of their types, with the headers."""
    with pytest.raises(OutOfCredit, match="You have 30") as caught:
        raise_for_failure(ask("absolute"))
    failure = caught.value
    assert failure.message == "You have 30."
    assert (failure.balance, failure.price, failure.until) == (30, Price(50), date(2026, 12, 24))
    assert (failure.code_, failure.members["new"]) == ("poor", [1])
    assert failure.headers["x-trace"] == "7"
    assert failure.status is http.HTTPStatus.FORBIDDEN
    assert failure.type_uri == "https://ledger.example/problems/out-of-credit"


def test_relative_type(ask):
    """A type that is a path is found as well, and its title is the message without a detail."""
    with pytest.raises(CardLost) as caught:
        raise_for_failure(ask("relative"))
    assert caught.value.message == "Card lost"


@pytest.mark.parametrize(
    ("path", "kind", "message"),
    [
        ("text", NotFound, "Not found"),
        ("html", NotFound, "Not found"),
        ("empty", KINDS[410], "Gone"),
        ("599", ServerFailure, "Network connect timeout error"),
        ("499", ClientFailure, "Client closed request"),
    ],
)
def test_kind_of_status(ask, path, kind, message):
    """Without a problem document it is the kind of the status, and of its class without a kind."""
    failure = failure_from(ask(path))
    assert failure.kind is kind
    assert isinstance(failure, kind)
    assert failure.message == message
    assert failure.members == {}
    assert failure.type_uri is None


def test_retry_after(ask):
    """What Retry-After says can be calculated with."""
    assert failure_from(ask("text")).retry_after == timedelta(seconds=5)


@pytest.mark.parametrize("path", ["fine", "nothing", "moved"])
def test_no_failure(ask, path):
    """What is no failure is given back, unread."""
    response = ask(path)
    assert failure_from(response) is None
    assert raise_for_failure(response) is response


def test_the_answer_can_be_used(service):
    """A call around the request leaves what is asked for where it is."""
    assert raise_for_failure(by_requests(f"{service}/fine")).json() == {"name": "Ada"}


def test_http_error(service):
    """What urllib has raised is raised again as the failure that it is."""

    def ask():
        try:
            urllib.request.urlopen(f"{service}/text", timeout=TIMEOUT)
        except urllib.error.HTTPError as error:
            with error:
                raise_for_failure(error)

    with pytest.raises(NotFound) as caught:
        ask()
    assert isinstance(caught.value.__context__, urllib.error.HTTPError)


def test_url_given_to_library(service):
    """A response of http.client resolves relative types once it is told its URL, as urllib does."""
    response = by_library(f"{service}/relative")
    with closing(response), closing(response.msg):
        response.url = "https://elsewhere.example/cards/1"
        assert failure_from(response).type_uri == "https://elsewhere.example/problems/card-lost"


def test_head(service):
    """The answer to HEAD has no document, and is the kind of the status."""
    requests = pytest.importorskip("requests")
    response = requests.head(f"{service}/absolute", timeout=TIMEOUT)
    assert failure_from(response).kind is Forbidden


@pytest.mark.parametrize("response", [None, "404", object(), 404])
def test_no_response(response):
    """What is no response is a mistake, and says what one is."""
    with pytest.raises(TypeError, match="no response of requests, httpx"):
        failure_from(response)


def test_async_stream(service):
    """A body that only a coroutine can read is not there, and the log says why."""
    httpx = pytest.importorskip("httpx")

    async def get():
        async with httpx.AsyncClient() as client, client.stream("GET", f"{service}/absolute") as r:
            unread = failure_from(r)
            await r.aread()
            return unread, failure_from(r)

    unread, read = asyncio.run(get())
    assert unread.kind is Forbidden
    assert "the body could not be read: RuntimeError" in "".join(unread.__notes__)
    assert read.kind is OutOfCredit


# Whatever they send


class Response:
    """A response as requests has it."""

    status_code = 403
    closed = False

    def __init__(self, body, media_type=PROBLEM, url="https://ledger.example/cards/7", **headers):
        self.body = encoded(body)
        self.headers = {"Content-Type": media_type, **headers}
        self.url = url

    def iter_content(self, size):
        """Return the body in parts."""
        for start in range(0, len(self.body), size):
            yield self.body[start : start + size]

    def close(self):
        """Hang up."""
        self.closed = True


def failure_of(body, *args, status=403, **kwargs):
    """Return the failure that a response with this body tells of."""
    response = Response(body, *args, **kwargs)
    response.status_code = status
    return failure_from(response)


CREDIT = {"type": "https://ledger.example/problems/out-of-credit"}


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("https://ledger.example/problems/out-of-credit", OutOfCredit),
        ("/problems/out-of-credit", OutOfCredit),
        ("../problems/out-of-credit", OutOfCredit),
        ("//ledger.example/problems/out-of-credit", OutOfCredit),
        ("out-of-credit", Forbidden),
        ("https://evil.example/problems/out-of-credit", Forbidden),
        ("https://ledger.example/problems/OUT-OF-CREDIT", Forbidden),
        ("https://ledger.example/problems/bank-problem", Forbidden),
        ("/problems/card-lost", CardLost),
        ("https://ledger.example/problems/card-lost", CardLost),
        ("about:blank", Forbidden),
        ("", Forbidden),
        ("http://[", Forbidden),
        (7, Forbidden),
        (None, Forbidden),
        (["x"], Forbidden),
    ],
)
def test_type(type_, kind):
    """A type is the one whose whole URI is the same, read in the response; a base is none."""
    assert failure_of({"type": type_}).kind is kind


def test_type_base(app):
    """In an application its FAILURES_TYPE_BASE is what its types stand under."""
    configured = flask.Flask("configured")
    Failures(configured, type_base="https://cards.example/")
    document = {"type": "https://cards.example/card-lost"}
    with configured.app_context():
        assert failure_of(document).kind is CardLost
    with app.app_context():
        assert failure_of(document).kind is Forbidden


def test_last_declaration():
    """Of two classes with one URI it is the last, which a module has that was loaded again."""

    def declare():
        class Again(BankProblem, Conflict):
            pass

        return Again

    _, last = declare(), declare()
    assert failure_of({"type": last.uri()}).kind is last


def test_undeclared_type():
    """Of a type that is not declared here, title, URI and members are there all the same."""
    failure = failure_of({"type": "/t/odd", "title": "Odd", "size": 7}, status=409)
    assert (failure.kind, failure.message, failure.members) == (Conflict, "Odd", {"size": 7})
    assert failure.type_uri == "https://ledger.example/t/odd"


def test_type_is_not_asked_for(monkeypatch):
    """A type is a name: nobody is asked what stands there (RFC 9457, Section 3.1.1)."""

    def refuse(*address, **_):
        raise AssertionError(address)

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    with pytest.raises(AssertionError):
        urllib.request.urlopen("http://127.0.0.1/t")
    failure = failure_of(
        {"type": "http://127.0.0.1/t", "instance": "http://127.0.0.1/i"}, status=409
    )
    assert failure.type_uri == "http://127.0.0.1/t"


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"detail": "You have 30."}, "You have 30."),
        ({"title": "Verboten"}, "Forbidden"),
        ({"detail": 7, "title": ["x"]}, "Forbidden"),
        ({"detail": "", "title": None}, "Forbidden"),
        ({**CREDIT, "title": "Poor"}, "Poor"),
        (CREDIT, "Out of credit"),
        ({"detail": "\ud800"}, "\ufffd"),
    ],
)
def test_message(document, message):
    """The message is the detail, else the title of a type, else that of the class."""
    assert failure_of(document).message == message


@pytest.mark.parametrize(
    ("members", "read"),
    [
        ({"balance": 30}, {"balance": 30}),
        ({"balance": 30.0}, {"balance": 30}),
        ({"balance": "30"}, {}),
        ({"balance": True}, {}),
        ({"balance": None}, {}),
        ({"balance": 30.5}, {}),
        ({"price": {"cents": 5, "currency": "USD"}}, {"price": Price(5, "USD")}),
        ({"price": {"cents": "5"}}, {"price": None}),
        ({"price": []}, {"price": None}),
        ({"until": "tomorrow"}, {"until": None}),
        ({"code": 7}, {"code": "none"}),
        ({"other": {"a": ["\ud800"]}}, {"other": {"a": ["\ufffd"]}}),
        ({"status": 200, "retryable": True}, {"retryable": True}),
    ],
)
def test_members(members, read):
    """A member of a wrong type is ignored (RFC 9457, Section 3.1), and has its default."""
    failure = failure_of({**CREDIT, **members})
    assert failure.kind is OutOfCredit
    defaults = {"price": None, "until": None, "code": "none"}
    assert failure.members == {**defaults, **read}
    assert failure.status == 403


def test_number_without_end():
    """A number that is larger than any is none."""
    assert failure_of('{"size": 1e400, "balance": 1e400}').members == {
        "size": None,
        "balance": None,
    }


def test_missing_member():
    """A member that did not arrive says so when it is asked for."""
    with pytest.raises(AttributeError, match="came without 'balance'"):
        assert failure_of(CREDIT).balance


@pytest.mark.parametrize(
    ("errors", "read"),
    [
        (
            [{"detail": "must be positive", "pointer": "#/age"}],
            [Issue("must be positive", "#/age")],
        ),
        ([{"detail": "no", "more": 1}], [Issue("no")]),
        ([], []),
        ([{"pointer": "#/age"}], ()),
        ([{"detail": "no", "pointer": "age"}], ()),
        ({"age": ["no"]}, ()),
        ("no", ()),
    ],
)
def test_errors(errors, read):
    """What is wrong with which part of the input comes back as issues, or not at all."""
    failure = failure_of({"errors": errors}, status=422)
    assert isinstance(failure, UnprocessableContent)
    assert failure.errors == read


def test_embedded_document(app, client):
    """The document that is embedded in our pages is read as if it were sent alone."""

    @app.get("/")
    def index():
        raise OutOfCredit("</script><b>30", balance=30)

    failure = failure_from(client.get("/", headers={"Accept": "text/html"}))
    assert (failure.kind, failure.message, failure.balance) == (OutOfCredit, "</script><b>30", 30)


DEEP = '{"a":' + "[" * 1000
NOT_READ = {
    "no JSON": "{",
    "no object": "[]",
    "no UTF-8": b'{"detail": "\xff"}',
    "UTF-16": '{"detail": "said"}'.encode("utf-16"),
    "NaN": '{"detail": "said", "a": NaN}',
    "digits": '{"detail": "said", "a": ' + "9" * 5000 + "}",
    "too deep": json.dumps({"detail": "said", "a": json.loads("[" * 64 + "]" * 64)}),
    "bottomless": "[" * 200_000,
    "bottomless object": '{"a":' * 150_000,
    "too long": json.dumps({"detail": "said", "a": "x" * LONGEST}),
    "nothing": b"",
}


@pytest.mark.parametrize("body", NOT_READ.values(), ids=NOT_READ.keys())
def test_no_document(body):
    """What is no decent problem document leaves the kind of the status."""
    failure = failure_of(body)
    assert (failure.kind, failure.message, failure.members) == (Forbidden, "Forbidden", {})


def test_as_deep_as_is_read():
    """What is nested less deep is read."""
    nested = json.loads("[" * (DEEPEST - 2) + "]" * (DEEPEST - 2))
    assert failure_of({"detail": "said", "nested": nested}).members == {"nested": nested}


def test_endless_body():
    """No more is read of a body than the longest that is decent, and the connection is closed."""
    response = Response("")
    read = []

    def endless(size):
        while True:
            read.append(size)
            yield b" " * size

    response.iter_content = endless
    failure = failure_from(response)
    assert sum(read) <= 2 * LONGEST
    assert response.closed
    assert failure.kind is Forbidden
    assert "longer than" in "".join(failure.__notes__)


def test_broken_body():
    """A connection that breaks in the body leaves the status, and the log says what broke."""
    response = Response("")

    def broken(size):
        raise ConnectionResetError("gone")

    response.iter_content = broken
    failure = failure_from(response)
    assert failure.kind is Forbidden
    assert "ConnectionResetError('gone')" in "".join(failure.__notes__)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0", timedelta()),
        (" 120 ", timedelta(minutes=2)),
        ("Sat, 01 Jan 2000 00:00:00 GMT", datetime(2000, 1, 1, tzinfo=UTC)),
        ("Saturday, 01-Jan-00 00:00:00 GMT", datetime(2000, 1, 1, tzinfo=UTC)),
        ("-1", None),
        ("1.5", None),
        ("9" * 11, None),
        ("9" * 9999, None),
        ("soon", None),
        ("\u0663", None),
        ("", None),
    ],
)
def test_retry_after_forms(written, read):
    """Seconds are a timedelta, a date in any form is a datetime with its zone, the rest is none."""
    failure = failure_of("", **{"Retry-After": written})
    assert failure.retry_after == read
    assert failure.retryable is (read is not None)


@given(st.text())
def test_any_retry_after(written):
    """Whatever Retry-After says, it can be answered."""
    failure = failure_of("", **{"Retry-After": written})
    assert failure.answered_as.code == 502


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
NAMES = st.sampled_from(["type", "title", "detail", "instance", "balance", "price", "errors"])


@given(st.dictionaries(NAMES | st.text(), JSON), st.integers(400, 599))
def test_any_document(document, status):
    """Whatever a document holds, it is a failure that can be caught, copied, logged, answered."""
    failure = failure_of(document, status=status)
    assert failure.status == status
    str(failure).encode()
    assert vars(pickle.loads(pickle.dumps(failure))).keys() == vars(failure).keys()
    assert failure.get_response({}).status_code in {502, 503, 504}


@given(st.binary(), st.sampled_from([PROBLEM, "text/html"]))
def test_any_body(body, media_type):
    """Whatever bytes come, they are a failure."""
    assert failure_of(body, media_type).status == 403


@pytest.mark.parametrize(
    ("status", "headers", "facts"),
    [
        (405, {"Allow": "PUT, GET,POST"}, {"allowed": ("GET", "POST", "PUT")}),
        (405, {}, {"allowed": ()}),
        (416, {"Content-Range": "rows */1234"}, {"units": "rows", "length": 1234}),
        (416, {"Content-Range": "bytes 1-2/3"}, {"units": "bytes", "length": None}),
        (401, {"WWW-Authenticate": "Basic realm=x"}, {"challenge": ("Basic realm=x",)}),
        (407, {}, {"challenge": ()}),
        (451, {"Link": '<a>; rel=x, <https://isp.example/>; rel="blocked-by"'}, None),
        (451, {"Link": "<a>; rel=x"}, {"blocked_by": None}),
        (500, {}, {"original_exception": None}),
    ],
)
def test_facts(status, headers, facts):
    """What a kind knows beside its members is read from the headers."""
    failure = failure_of("", status=status, **headers)
    for name, value in (facts or {"blocked_by": "https://isp.example/"}).items():
        assert getattr(failure, name) == value


def test_folded_header():
    """A header in several lines, which Python's parser leaves in it, is read as one."""
    assert failure_of("", **{"X-Long": "a\r\n  b"}).headers["X-Long"] == "a b"


@pytest.mark.parametrize("status", [600, 999])
def test_no_status(status):
    """What is no status of HTTP is read as an error of the server (RFC 9110, Section 15)."""
    failure = failure_of("", status=status)
    assert (failure.kind, failure.status) == (KINDS[500], 500)


# As an exception


@pytest.mark.parametrize("kind", KINDS.values())
def test_both_kinds(kind):
    """It is what they said, for who catches it, and what we answer, for who answers it."""
    failure = failure_of("", status=kind.code)
    ours = {429: ServiceUnavailable, 503: ServiceUnavailable, 504: GatewayTimeout}
    gateway = ours.get(kind.code, BadGateway)
    assert isinstance(failure, (kind, gateway, RemoteFailure))
    assert isinstance(failure, kind)
    assert isinstance(failure, gateway)
    assert (failure.status, failure.code) == (kind.code, gateway.code)
    assert failure.name == gateway("").name
    assert failure.message == kind.message
    assert type(failure.answered_as) is gateway
    assert failure.answered_as.__cause__ is failure
    assert str(failure) == f"{kind.code} {kind('').name}: {kind.message}"


def test_declared_as_gateway():
    """A declared type of 503 is answered as 503, and its own defaults are not taken for theirs."""
    failure = failure_of({"type": BankClosed.uri(), "reopens": "2026-12-27T08:00:00Z"}, status=503)
    assert isinstance(failure, BankClosed)
    assert failure.reopens == datetime(2026, 12, 27, 8, tzinfo=UTC)
    assert failure.retry_after is None
    assert failure.code == 503
    assert "Retry-After" not in failure.get_response({}).headers


def test_status_on_the_wire():
    """The status is the one on the wire, whatever type and document say."""
    failure = failure_of({**CREDIT, "status": 403}, status=429)
    assert isinstance(failure, OutOfCredit)
    assert isinstance(failure, ServiceUnavailable)
    assert (failure.status, failure.code) == (429, 503)


def test_kinds_of_applications():
    """A kind that an application has made for a status is not guessed from a status."""
    assert failure_of("", status=499).kind is ClientFailure
    assert failure_of({"type": "https://ledger.example/x"}, status=499).status == 499


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda f: pickle.loads(pickle.dumps(f))]
)
def test_copies(copied):
    """Copies say the same, those of other processes too."""
    failure = failure_of({**CREDIT, "balance": 30}, **{"Retry-After": "5"})
    failure.add_note("seen")
    other = copied(failure)
    assert type(other) is type(failure)
    assert (other.status, other.code, other.balance) == (403, 502, 30)
    assert (str(other), other.__notes__) == (str(failure), failure.__notes__)
    assert (other.type_uri, other.retry_after) == (failure.type_uri, failure.retry_after)
    assert other.headers == failure.headers


def test_classes_are_made_once():
    """The class of a kind and its answer is made once."""
    assert type(failure_of("")) is type(failure_of(""))
    assert type(failure_of("")).__name__ == "RemoteForbidden"


@pytest.mark.parametrize("kind", KINDS.values())
def test_retryable(kind):
    """Whether to try again is as their status has it, as they say, or sure if they say when."""
    assert failure_of("", status=kind.code).retryable is kind.retryable
    assert failure_of({"retryable": False}, status=kind.code).retryable is False
    assert failure_of({"retryable": "x"}, status=kind.code).retryable is kind.retryable


def test_status_of_the_class():
    """The class itself has the status of what is answered."""
    assert type(failure_of("")).status == 502


# Left uncaught

SECRETS = ["canary", "X-Canary"]


@pytest.fixture
def remote():
    """Return a failure of which nothing may be answered."""
    document = {**CREDIT, "detail": "canary", "balance": 7, "canary": "canary", "title": "canary"}
    return failure_of(
        document, url="https://canary:canary@ledger.example/x?canary", **{"X-Canary": "canary"}
    )


def calling(app, failure, view=lambda call: call):
    """Give the application a view that does not catch what the other service says."""

    def call():
        raise failure

    app.add_url_rule("/", "call", view(call))
    return app.test_client()


def extended(app):
    """Return the application with the extension."""
    Failures(app)
    return app


@pytest.mark.parametrize("format_", ["problem", "html", "text", "markdown", "xml"])
def test_answer(app, remote, format_):
    """The answer is a gateway's in every format, and has nothing of what they said."""
    response = calling(app, remote, catching_failure(format=format_)).get("/")
    assert response.status == "502 Bad Gateway"
    assert not [secret for secret in SECRETS if secret in str(response.headers) + response.text]
    assert "canary" not in response.text.lower()


APPS = {
    "plain": lambda: flask.Flask("plain"),
    "extended": lambda: extended(flask.Flask("extended")),
}


@pytest.mark.parametrize("make", APPS.values(), ids=APPS.keys())
@pytest.mark.parametrize(
    ("status", "ours"), [(404, 502), (429, 503), (503, 503), (504, 504), (500, 502)]
)
def test_answered_status(make, status, ours, caplog):
    """Another service's failure is answered 502, 503 or 504, with its Retry-After, and logged."""
    failure = failure_of({"detail": "canary"}, status=status, **{"Retry-After": "7"})
    response = calling(make(), failure).get("/")
    assert response.status_code == ours
    assert response.headers["Retry-After"] == "7"
    assert "canary" not in response.text
    [record] = [one for one in caplog.records if one.levelno == logging.ERROR]
    text = logging.Formatter().format(record)
    assert f"{status} {KINDS[status]('').name}: canary" in text
    assert "answered to a request https://ledger.example/cards/7" in text


def test_log(app, remote, caplog):
    """The log has the details, each in a line, but not the user and the query of the address."""
    remote.message = "canary\nforged"
    calling(app, remote).get("/")
    [text] = [logging.Formatter().format(one) for one in caplog.records if one.levelname == "ERROR"]
    assert "RemoteOutOfCredit: 403 Forbidden: canary\\nforged\n" in text
    assert "answered to a request https://ledger.example/x\n" in text
    assert "members: {" in text
    assert text.count("raise failure") == 1


def test_long_log():
    """What they said at great length is cut in the log."""
    failure = failure_of({"detail": "x" * 9999, "y": "y" * 9999, "instance": "urn:1"})
    assert len(str(failure)) < 600
    assert all(len(note) < 600 for note in failure.__notes__)
    assert "instance: urn:1" in failure.__notes__


HANDLED = [404, NotFound, ClientFailure, OutOfCredit, Problem, Forbidden]


@pytest.mark.parametrize("make", APPS.values(), ids=APPS.keys())
@pytest.mark.parametrize("handled", HANDLED)
@pytest.mark.parametrize("document", [{}, CREDIT], ids=["kind", "declared"])
def test_past_handlers(make, handled, document):
    """No handler for what they said sees it: it is not our 404."""
    app = make()
    app.register_error_handler(handled, lambda _: ("OURS", 404))
    response = calling(app, failure_of(document, status=404)).get("/")
    assert response.status_code == 502
    assert response.text != "OURS"


@pytest.mark.parametrize("make", APPS.values(), ids=APPS.keys())
@pytest.mark.parametrize("handled", [502, BadGateway, ServerFailure, Failure, RemoteFailure])
def test_handlers_of_gateways(make, handled):
    """A handler for what we answer sees it, and Werkzeug's attributes say what may be shown."""
    app = make()

    @app.errorhandler(handled)
    def handle(error):
        return f"{error.code} {error.name} {error.description}", error.code

    response = calling(app, failure_of({"detail": "canary"}, status=404)).get("/")
    assert response.text == f"502 Bad Gateway {BadGateway.description}"


def test_description_of_the_answer():
    """What Werkzeug calls the description is ours, whatever message the declared class has."""

    class Worded(BankProblem, Forbidden):
        message = "canary"

    failure = failure_of({"type": Worded.uri()})
    assert (failure.kind, failure.message) == (Worded, "Worded")
    assert failure.description == BadGateway.description
    assert BadGateway.description in failure.get_description()


def test_handler_of_flasks_documentation():
    """The handler that Flask's documentation shows answers as a gateway, too."""
    app = flask.Flask("plain")

    @app.errorhandler(HTTPException)
    def handle(error):
        response = error.get_response()
        response.data = json.dumps({"code": error.code, "name": error.name})
        return response

    response = calling(app, failure_of({"detail": "canary"}, status=404)).get("/")
    assert (response.status_code, json.loads(response.text)) == (
        502,
        {"code": 502, "name": "Bad Gateway"},
    )


def test_catching_in_a_plain_application(remote):
    """A decorated view answers it as the extension does."""
    response = calling(flask.Flask("plain"), remote, catching_failure).get("/")
    assert (response.status_code, response.json["title"]) == (502, "Bad Gateway")


@pytest.mark.parametrize(
    ("declared", "warns"), [(BadGateway, False), (OutOfCredit, True), (Forbidden, True)]
)
def test_declared_views(app, remote, declared, warns, recwarn):
    """A view that lets it pass fails with a gateway, and that is what it has to declare."""
    client = calling(app, remote, fails_with(declared))
    if warns:
        with pytest.warns(UndeclaredFailure, match="BadGateway") as warned:
            client.get("/")
        assert warned[0].filename == __file__
    else:
        client.get("/")


def test_respond(app, remote):
    """Given to failures.respond(), it is answered the same."""
    with app.test_request_context():
        assert app.extensions["httpstatus"].respond(remote).status_code == 502


def test_raised_by_werkzeug(remote):
    """As an application of WSGI it answers as a gateway, and knows nothing of Flask."""
    from werkzeug.test import Client

    response = Client(remote).get("/")
    assert (response.status_code, "canary" in response.text) == (502, False)


def test_headers_of_werkzeug(remote):
    """The headers that Werkzeug asks for are those of the answer."""
    assert dict(remote.get_headers()) == {"Content-Type": "text/html; charset=utf-8"}


def test_rate_limit_passes_on(app):
    """Who is told to slow down tells its own clients when to come back."""
    failure = failure_of("", status=429, **{"Retry-After": "Sat, 01 Jan 2050 00:00:00 GMT"})
    assert isinstance(failure, TooManyRequests)
    response = calling(app, failure).get("/")
    assert response.headers["Retry-After"] == "Sat, 01 Jan 2050 00:00:00 GMT"
