"""Tests of what tests say of failures."""

import json
import urllib.error
import urllib.request
from datetime import UTC, date, datetime, timedelta
from unittest.mock import ANY
from uuid import UUID

import flask
import pytest
import servers
from werkzeug.test import Client

from flask_httpstatus import (
    KINDS,
    BadGateway,
    ClientFailure,
    Conflict,
    Failure,
    Failures,
    Forbidden,
    InternalServerError,
    Issue,
    NotFound,
    Problem,
    ServerFailure,
    TooManyRequests,
    UnprocessableContent,
    catching_failure,
    redirect,
)
from flask_httpstatus.client import failure_from
from flask_httpstatus.testing import assert_conforms, assert_failure, failures_raised

PROBLEM = "application/problem+json"
BROWSER = {"Accept": "text/html"}


class ShopProblem(Problem):
    """Has what the problem types of a shop have in common."""


class OutOfStock(ShopProblem, Conflict):
    """Somebody was faster."""

    message = "There are {left} left."
    left: int
    until: date | None = None
    code_: str = "S1"


class Elsewhere(Problem, Conflict):
    """A type of another base."""

    base = "https://elsewhere.example/"


def answering(failure):
    """Return the client of an application that fails so."""
    app = flask.Flask("answering")
    Failures(app)

    @app.get("/")
    def fail():
        raise failure

    return app.test_client()


def raw(body=b"", status=200, method="GET", **headers):
    """Return the answer of an application that knows nothing of this package."""
    given = [(name.replace("_", "-"), value) for name, value in headers.items()]
    fields = [
        (name, one)
        for name, value in given
        for one in ([value] if isinstance(value, str) else value)
    ]
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    def serve(environ, start_response):
        start_response(f"{status} Said", fields)
        return [content]

    return Client(serve).open("/things/7", method=method)


# assert_failure


@pytest.mark.parametrize("accept", ["text/html", PROBLEM])
def test_returns_the_failure(accept):
    """The failure comes back as it was raised, from a document and from a page."""
    client = answering(OutOfStock(left=2, until=date(2026, 12, 24), headers={"ETag": '"7"'}))
    failure = assert_failure(client.get("/", headers={"Accept": accept}), OutOfStock)
    assert type(failure) is OutOfStock
    assert (failure.left, failure.until, failure.code_) == (2, date(2026, 12, 24), "S1")
    assert failure.message == "There are 2 left."
    assert failure.headers["ETag"] == '"7"'
    assert (failure.status, failure.code) == (409, 409)


@pytest.mark.parametrize("kind", KINDS.values())
@pytest.mark.filterwarnings("ignore::flask_httpstatus.MissingHeader")
def test_every_kind(kind):
    """A kind is recognised, and so are its family and failures at all."""
    response = answering(kind("said")).get("/", headers={"Accept": PROBLEM})
    family = ClientFailure if kind.code < 500 else ServerFailure
    for expected in (kind, family, Failure):
        assert type(assert_failure(response, expected, "said")) is kind
    other = ServerFailure if kind.code < 500 else ClientFailure
    with pytest.raises(AssertionError, match=f"status: '{other.statuses[0]} to"):
        assert_failure(response, other)


def test_status_without_a_kind():
    """A status that has no kind is one of its family."""
    failure = assert_failure(answering(Failure("said", 499)).get("/"), ClientFailure, "said")
    assert (type(failure), failure.status) == (ClientFailure, 499)


def test_a_kind_of_ones_own():
    """A subclass that is no problem type is told by its status, for nothing else is sent."""

    class UserMissing(NotFound):
        message = "no such user"

    response = answering(UserMissing()).get("/")
    assert type(assert_failure(response, UserMissing, "no such user")) is UserMissing


def test_above_problem_types():
    """What stands above problem types recognises those below, and nothing else."""
    response = answering(OutOfStock(left=1)).get("/")
    assert type(assert_failure(response, ShopProblem)) is OutOfStock
    assert type(assert_failure(response, Conflict)) is OutOfStock
    with pytest.raises(AssertionError, match="type: '/problems/shop-problem' is expected"):
        assert_failure(answering(Conflict()).get("/"), ShopProblem)


def test_outside_of_the_application():
    """A type is recognised where FAILURES_TYPE_BASE is not known, unless it has a base."""
    app = flask.Flask("based")
    Failures(app, type_base="https://shop.example/")

    @app.get("/")
    def fail():
        raise OutOfStock(left=1)

    assert_failure(app.test_client().get("/"), OutOfStock, left=1)
    document = {"type": "https://shop.example/elsewhere"}
    with pytest.raises(AssertionError, match="type: "):
        assert_failure(raw(document, 409, Content_Type=PROBLEM), Elsewhere)


GIVEN = {
    "number": 7,
    "text": "x",
    "day": date(2026, 12, 24),
    "key": UUID(int=7),
    "rows": [{"a": 1}],
    "issue": Issue("no"),
    "nothing": None,
}


@pytest.mark.parametrize("name", GIVEN)
def test_members_as_given(name):
    """A member is compared as it was given to the failure, as JSON, or with what compares."""
    response = answering(Conflict("said", **GIVEN)).get("/")
    assert_failure(response, Conflict, **{name: GIVEN[name]})
    assert_failure(response, Conflict, **{name: response.json[name]})
    assert_failure(response, Conflict, **{name: ANY})
    with pytest.raises(AssertionError, match=f"  {name}: 'other' is expected, but it is "):
        assert_failure(response, Conflict, **{name: "other"})


def test_declared_members():
    """Declared members are named as they are declared, and compared as they are typed."""
    response = answering(OutOfStock(left=2, code_="S7")).get("/")
    assert_failure(response, OutOfStock, left=pytest.approx(2), code_="S7", until=None)


def test_issues():
    """The issues of a failed validation are compared as they were given."""
    issues = [Issue("must be positive", pointer="#/age")]
    response = answering(UnprocessableContent("no", errors=issues)).get("/")
    assert assert_failure(response, UnprocessableContent, errors=issues).errors == issues


@pytest.mark.parametrize(
    "given", [0, 30, timedelta(seconds=30), datetime(2050, 1, 1, tzinfo=UTC)], ids=str
)
def test_headers(given):
    """Retry-After is compared as it was given, other headers as they are sent."""
    failure = TooManyRequests(retry_after=given, headers={"ETag": '"7"'})
    response = answering(failure).get("/")
    assert_failure(response, TooManyRequests, retry_after=given, headers={"ETag": '"7"'})
    with pytest.raises(AssertionError, match="Retry-After: '31' is expected, but it is"):
        assert_failure(response, TooManyRequests, retry_after=31)
    with pytest.raises(AssertionError, match="X-Other: 'a' is expected, but it is None"):
        assert_failure(response, TooManyRequests, headers={"X-Other": "a"})


def test_differences():
    """Another answer is told with everything that differs, and shown."""
    response = answering(Conflict("name is taken", number=7)).get("/")
    with pytest.raises(AssertionError) as raised:
        assert_failure(
            response, OutOfStock, "sold out", left=2, number=8, retry_after=1, headers={"A": "b"}
        )
    assert str(raised.value) == (
        "the answer is not the OutOfStock that is expected\n"
        "  type: '/problems/out-of-stock' is expected, but it is 'about:blank'\n"
        "  message: 'sold out' is expected, but it is 'name is taken'\n"
        "  left: 2 is expected, but it is not there\n"
        "  number: 8 is expected, but it is 7\n"
        "  A: 'b' is expected, but it is None\n"
        "  Retry-After: '1' is expected, but it is None\n"
        "GET http://localhost/ was answered with 409 Conflict, application/problem+json\n"
        '{"title": "Conflict", "status": 409, "detail": "name is taken", "number": 7}\n'
    )


def test_other_status():
    """Another status is told with both, an answer that is no failure too."""
    with pytest.raises(AssertionError, match="status: 404 is expected, but it is 409"):
        assert_failure(answering(Conflict()).get("/"), NotFound)
    with pytest.raises(AssertionError, match="status: '400 to 599' is expected, but it is 200"):
        assert_failure(raw({"title": "Fine"}, Content_Type=PROBLEM), Failure, "fine")


def test_no_document():
    """Where there is no problem document, the kind is known and nothing else."""
    response = answering(Conflict("said", number=7)).get("/", headers={"Accept": "text/plain"})
    assert type(assert_failure(response, Conflict)) is Conflict
    with pytest.raises(AssertionError) as raised:
        assert_failure(response, Conflict, "said", number=7)
    said = str(raised.value)
    assert "  message: there is no problem document that could have it\n" in said
    assert "  number: there is no problem document that could have it\n" in said
    assert said.endswith("text/plain\n409 Conflict\n\nsaid\n\nnumber: 7\n")


def test_long_answers():
    """A long answer is cut where it is shown."""
    with pytest.raises(AssertionError) as raised:
        assert_failure(raw(b"x" * 9999), NotFound)
    assert len(str(raised.value)) < 1300
    assert str(raised.value).endswith("x...")
    assert "with 200 OK, no type" in str(raised.value)


def test_any_client():
    """What another client has received over the wire is asserted the same."""
    app = flask.Flask("wire")
    Failures(app)
    with servers.wsgiref(app) as server:
        url = "http://{}:{}/nothing".format(*server.address)
        with pytest.raises(urllib.error.HTTPError) as raised:
            urllib.request.urlopen(url, timeout=20)
        with raised.value as response:
            assert_failure(response, NotFound, "Not found")
        with pytest.raises(urllib.error.HTTPError) as raised:
            urllib.request.urlopen(url, timeout=20)
        with (
            raised.value as response,
            pytest.raises(AssertionError, match=rf"\n{url} was answered with 404 Not Found, "),
        ):
            assert_failure(response, Conflict)


# failures_raised


def test_failures_raised():
    """What was raised can be looked at, with what no answer shows, and only in the block."""
    failure = NotFound("no such user")
    failure.add_note("shard 3")
    failure.__cause__ = KeyError("ada")
    client = answering(failure)
    with failures_raised(client.application) as raised:
        assert raised == []
        client.get("/")
        client.get("/nothing")
    client.get("/")
    assert [one.message for one in raised] == ["no such user", "Not found"]
    assert raised[0].__notes__ == ["shard 3"]
    assert isinstance(raised[0].__cause__, KeyError)


def test_failures_of_others():
    """What another application answers is not collected, nor what an own handler answers."""
    client, other = answering(NotFound()), answering(Conflict())
    client.application.register_error_handler(404, lambda _: ("mine", 404))
    with failures_raised(client.application) as raised:
        other.get("/")
        client.get("/")
    assert raised == []


def test_failures_of_a_decorated_view():
    """What a decorated view answers is collected in a plain application as well."""
    app = flask.Flask("plain")

    @app.get("/")
    @catching_failure
    def fail():
        raise NotFound

    with failures_raised(app) as raised:
        app.test_client().get("/")
    assert [type(one) for one in raised] == [NotFound]


def test_bugs_and_remote_failures():
    """A bug is there with what nobody caught, another service's failure as its cause."""
    bug = answering(ZeroDivisionError())
    with failures_raised(bug.application) as raised:
        bug.get("/")
    assert isinstance(raised[0], InternalServerError)
    assert isinstance(raised[0].original_exception, ZeroDivisionError)
    client = answering(failure_from(raw(status=404)))
    with failures_raised(client.application) as raised:
        client.get("/")
    assert isinstance(raised[0], BadGateway)
    assert isinstance(raised[0].__cause__, NotFound)


# assert_conforms


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("format_", ["problem", "html", "text", "markdown", "xml"])
@pytest.mark.parametrize("kind", KINDS.values())
def test_ours_conform(kind, format_, method):
    """Every kind conforms in every format, given what its status demands."""
    app = flask.Flask("conforming")
    Failures(app, formats=[format_], challenge="Basic", hop_by_hop=True)
    facts = {407: {"challenge": "Basic"}, 426: {"upgrade": "TLS/1.3"}}.get(kind.code, {})

    @app.get("/")
    def fail():
        raise kind("said", retry_after=7, number=7, **facts)

    assert_conforms(app.test_client().open("/", method=method))


def test_redirects_conform():
    """A redirect conforms."""
    app = flask.Flask("redirecting")
    app.add_url_rule("/", view_func=lambda: redirect("/elsewhere?a=b#c"))
    assert_conforms(app.test_client().get("/"))


DATE = "Sat, 01 Jan 2000 00:00:00 GMT"
CONFORMING = {
    "nothing": raw(),
    "no content": raw(status=204),
    "not modified": raw(status=304, ETag='W/"x"', Vary="*"),
    "challenges": raw(
        status=401,
        WWW_Authenticate=[
            'Digest realm="a, \\"b\\"", nonce="c", algorithm=SHA-256, Basic',
            "Negotiate dG9rZW4=",
        ],
    ),
    "no method": raw(status=405, Allow=""),
    "methods": raw(status=405, Allow=["POST", "PUT, X-OWN"]),
    "in a while": raw(status=503, Retry_After="0"),
    "on a day": raw(status=503, Retry_After=DATE, Date=DATE, Last_Modified=DATE),
    "one part": raw(status=206, Content_Range="bytes 0-4/9"),
    "parts": raw(status=206, Content_Type="multipart/byteranges; boundary=x"),
    "no part": raw(status=416, Content_Range="bytes */9"),
    "created": raw(status=201, Location="../things/%C3%A9?a=[1]#x", ETag='"\xe9"'),
    "languages": raw(Content_Language="de, en-GB", Vary=["Accept", "Cookie, X-Own"]),
    "compressed": raw(b"x", Content_Encoding="gzip", Content_Length="1000"),
    "head": raw(method="HEAD", Content_Length="1000"),
    "upgrade": raw(status=426, Upgrade="TLS/1.3, HTTP/2.0", Connection="upgrade"),
    "document": raw({"type": "about:blank", "a": 1}, 404, Content_Type=PROBLEM),
    "xml": raw(b'<problem xmlns="urn:ietf:rfc:7807"/>', Content_Type="application/problem+xml"),
    "other json": raw(b"{", Content_Type="application/json"),
    "unread": raw(b"x" * 2**21, Content_Length=str(2**21)),
    "parameters": raw(Content_Type='text/html ;charset=utf-8;  x="a;b";'),
}


@pytest.mark.parametrize("response", CONFORMING.values(), ids=CONFORMING.keys())
def test_conforming(response):
    """What HTTP allows is no breach."""
    assert_conforms(response)


def document(**members):
    """Return an answer with a problem document."""
    return raw(members, 404, Content_Type=PROBLEM)


#: What the breaches are called, with the section.
BREACHES = [
    (raw(status=401), "WWW-Authenticate is missing (RFC 9110, Section 15.5.2)"),
    (raw(status=405), "Allow is missing (RFC 9110, Section 15.5.6)"),
    (raw(status=407), "Proxy-Authenticate is missing (RFC 9110, Section 15.5.8)"),
    (raw(status=426, Connection="upgrade"), "Upgrade is missing (RFC 9110, Section 15.5.22)"),
    (raw(status=426, Upgrade="TLS/1.3"), "Connection is missing (RFC 9110, Section 7.8)"),
    (raw(status=206), "Content-Range is missing (RFC 9110, Section 15.3.7.1)"),
    (
        raw(status=405, Allow="POST, GET"),
        "Allow has GET, which is refused (RFC 9110, Section 15.5.6)",
    ),
    (raw(Allow="GET POST"), "Allow has not its form: 'GET POST' (RFC 9110, Section 10.2.1)"),
    (
        raw(Retry_After="0:00:30"),
        "Retry-After has not its form: '0:00:30' (RFC 9110, Section 10.2.3)",
    ),
    (raw(Retry_After="-1"), "Retry-After has not its form: '-1' (RFC 9110, Section 10.2.3)"),
    (
        raw(Retry_After="Saturday, 01-Jan-00 00:00:00 GMT"),
        "Retry-After has not its form: 'Saturday, 01-Jan-00 00:00:00 GMT' (RFC 9110, ",
    ),
    (raw(Date="today"), "Date has not its form: 'today' (RFC 9110, Section 6.6.1)"),
    (raw(Vary="Accept;q=1"), "Vary has not its form: 'Accept;q=1' (RFC 9110, Section 12.5.5)"),
    (raw(ETag="7"), "ETag has not its form: '7' (RFC 9110, Section 8.8.3)"),
    (raw(Location="/a b"), "Location has not its form: '/a b' (RFC 9110, Section 10.2.2)"),
    (raw(Content_Type="html"), "Content-Type has not its form: 'html' (RFC 9110, Section 8.3)"),
    (
        raw(Content_Language="de_DE"),
        "Content-Language has not its form: 'de_DE' (RFC 9110, Section 8.5)",
    ),
    (raw(Content_Range="9"), "Content-Range has not its form: '9' (RFC 9110, Section 14.4)"),
    (
        raw(WWW_Authenticate='realm "x"'),
        "WWW-Authenticate has not its form: 'realm \"x\"' (RFC 9110, Section 11.6.1)",
    ),
    (raw(Retry_After=["1", "2"]), "Retry-After is sent 2 times (RFC 9110, Section 5.3)"),
    (raw(**{"X Own": "a"}), "'X Own' is no name of a header (RFC 9110, Section 5.1)"),
    (raw(X_Own="a\x07"), "X-Own has control characters: 'a\\x07' (RFC 9110, Section 5.5)"),
    (raw(b"x", status=205), "there is content (RFC 9110, Section 15.3.6)"),
    (
        raw(status=204, Content_Length="0"),
        "Content-Length is sent, where there is no content (RFC 9110, Section 8.6)",
    ),
    (
        raw(b"x", Content_Length="2"),
        "Content-Length is 2, but 1 bytes came (RFC 9110, Section 8.6)",
    ),
    (document(status=400), "'status' is 400, but the answer's is 404 (RFC 9457, Section 3.1.2)"),
    (
        document(status="404"),
        "'status' is '404', but the answer's is 404 (RFC 9457, Section 3.1.2)",
    ),
    (document(status=True), "'status' is True, but the answer's is 404 (RFC 9457, Section 3.1.2)"),
    (document(type=None), "the member 'type' is None (RFC 9457, Section 3.1.1)"),
    (document(type="a b"), "the member 'type' is 'a b' (RFC 9457, Section 3.1.1)"),
    (document(title=7), "the member 'title' is 7 (RFC 9457, Section 3.1.3)"),
    (document(detail=["x"]), "the member 'detail' is ['x'] (RFC 9457, Section 3.1.4)"),
    (document(instance="<>"), "the member 'instance' is '<>' (RFC 9457, Section 3.1.5)"),
    (
        raw(b'{"a": NaN}', Content_Type=PROBLEM),
        "the problem document is not JSON: NaN is no number in JSON (RFC 9457, Section 3)",
    ),
    (
        raw(b"[]", Content_Type=PROBLEM),
        "the problem document is not JSON: it is no object (RFC 9457, Section 3)",
    ),
    (
        raw(b'<script type="application/problem+json">{</script>', Content_Type="text/html"),
        "the problem document is not JSON: ",
    ),
    (
        raw(b"<problem", Content_Type="application/problem+xml"),
        "the problem document is not XML: ",
    ),
    (
        raw(b"<problem/>", Content_Type="application/problem+xml"),
        "the problem document is a problem (RFC 9457, Appendix B)",
    ),
    (
        raw(
            b'<problem xmlns="urn:ietf:rfc:7807"><status>404</status></problem>',
            Content_Type="application/problem+xml",
        ),
        "the member 'status' is 404, but the answer's is 200 (RFC 9457, Section 3.1.2)",
    ),
]


@pytest.mark.parametrize(("response", "breach"), BREACHES, ids=[breach for _, breach in BREACHES])
def test_breach(response, breach):
    """A breach is named with the section that has the rule, and it is the only one."""
    with pytest.raises(AssertionError) as raised:
        assert_conforms(response)
    first, told, answered, *_ = str(raised.value).splitlines()
    assert first == "the answer does not conform"
    assert breach in told
    assert answered.startswith("GET http://localhost/things/7 was answered with ")


def test_every_breach():
    """All breaches of an answer are told at once."""
    response = raw({"status": 1}, 405, Content_Type=PROBLEM, Retry_After="soon")
    with pytest.raises(AssertionError) as raised:
        assert_conforms(response)
    assert len([line for line in str(raised.value).splitlines() if "(RFC " in line]) == 3


def test_plain_flask():
    """What plain Flask answers conforms, but for what it is known not to do."""
    app = flask.Flask("plain")
    app.add_url_rule("/", view_func=lambda: flask.abort(401))
    client = app.test_client()
    assert_conforms(client.get("/nothing"))
    assert_conforms(client.post("/"))
    with pytest.raises(AssertionError, match="WWW-Authenticate is missing"):
        assert_conforms(client.get("/"))


def test_no_breach_of_a_kind_unknown():
    """A status without rules of its own has none."""
    assert_conforms(raw(status=299))
    assert_conforms(answering(Forbidden()).get("/", headers=BROWSER))


@pytest.mark.parametrize("kind", [404, "NotFound", NotFound("no"), None, ValueError])
def test_what_is_no_kind(app, kind):
    """What is no kind is a mistake of the test, not of the answer."""
    with pytest.raises(TypeError, match="takes a kind such as NotFound, not "):
        assert_failure(app.test_client().get("/"), kind)


@pytest.mark.parametrize("check", [assert_conforms, lambda given: assert_failure(given, NotFound)])
def test_what_is_no_response(check):
    """What is no response is a mistake of the test, and the error says what one is."""
    with pytest.raises(TypeError, match="'404' is no response of requests, httpx"):
        check("404")
