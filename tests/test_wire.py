"""What four real servers send: every kind, read byte by byte by h11's strict parser."""

import json
import re
import xml.etree.ElementTree as ET
from email.utils import parsedate_to_datetime

import pytest
import servers
from failing_app import FACTS, make_app

from flask_httpstatus import KINDS, http
from flask_httpstatus.headers import HOP_BY_HOP

FORMATS = ["application/problem+json", "text/html", "text/plain"]
HOP_BY_HOP_KINDS = {407: "Proxy-Authenticate", 426: "Upgrade"}
#: The servers themselves say it of the connection.
OF_THE_SERVER = {"connection", "keep-alive"}
#: What may be sent in several lines (RFC 9110, Section 5.3).
REPEATABLE = {"link", "proxy-authenticate", "set-cookie", "www-authenticate"}


def running(name, folder, **config):
    """Run the failing app under this server."""
    if name == "gunicorn":
        arguments = ", ".join(f"{key}={value!r}" for key, value in config.items())
        return servers.gunicorn(f"failing_app:make_app({arguments})", folder)
    return getattr(servers, name)(make_app(**config))


@pytest.fixture(scope="module", params=["werkzeug", "wsgiref", "waitress", "gunicorn"])
def server(request, tmp_path_factory):
    """Run a server as it is used by default."""
    with running(request.param, tmp_path_factory.mktemp(request.param)) as server:
        yield server


@pytest.fixture(scope="module", params=["werkzeug", "wsgiref", "waitress", "gunicorn"])
def daring_server(request, tmp_path_factory):
    """Run a server of which the application says that it takes hop-by-hop headers."""
    folder = tmp_path_factory.mktemp(request.param)
    with running(request.param, folder, FAILURES_HOP_BY_HOP=True) as server:
        yield server


@pytest.fixture(scope="module")
def wary_server():
    """Run a server whose application answers to one host only."""
    with servers.waitress(make_app(TRUSTED_HOSTS=["localhost"])) as server:
        yield server


def assert_sound(answer, code):
    """Check what holds for every answer to a failure."""
    assert answer.status == code
    assert answer.reason == http.facts(code).phrase
    names = [name.lower() for name, _ in answer.headers]
    assert {name for name in names if names.count(name) > 1} <= REPEATABLE
    assert len(answer.all("Content-Type")) == 1
    assert parsedate_to_datetime(answer.header("Date")).tzinfo is not None
    assert answer.header("X-Content-Type-Options") == "nosniff"
    assert "accept" in answer.header("Vary").lower().split(", ")
    for required in http.facts(code).required_headers:
        if required.level == "MUST" and required.name.lower() not in HOP_BY_HOP:
            assert answer.all(required.name), required


@pytest.mark.parametrize("code", KINDS)
def test_every_kind_in_every_format(server, code):
    """Each kind arrives whole: status, phrase, required headers, and a body of stated length."""
    for media_type in FORMATS:
        answer = server.ask(f"/kinds/{code}", headers={"Accept": media_type})
        assert_sound(answer, code)
        assert answer.media_type == media_type
        assert int(answer.header("Content-Length")) == len(answer.body)
        assert answer.body.endswith(b"\n")
        assert not answer.body.endswith(b"\n\n")
        charset = "; charset=utf-8" if media_type.startswith("text/") else ""
        assert answer.header("Content-Type") == media_type + charset
        assert str(code) in answer.body.decode("utf-8", "strict")


@pytest.mark.parametrize("code", KINDS)
def test_head_is_get_without_a_body(server, code):
    """HEAD has the headers of GET, its Content-Length too, and not a byte of a body."""
    get, head = (server.ask(f"/kinds/{code}", method) for method in ("GET", "HEAD"))
    assert head.body == b""
    assert head.raw.endswith(b"\r\n\r\n")
    headers = [
        [(name, value) for name, value in answer.headers if name != "Date"]
        for answer in (get, head)
    ]
    if code >= 500:  # Each occurrence has its own id, of the same length.
        assert int(get.header("Content-Length")) == len(get.body)
    assert headers[0] == headers[1]


# The other two close every connection.
@pytest.mark.parametrize("server", ["waitress", "gunicorn"], indirect=True)
def test_a_connection_goes_on_after_each_kind(server):
    """Where the server keeps connections alive, every failure leaves them in order."""
    with server.connect() as connection:
        for code in KINDS:
            for method in ("GET", "HEAD", "POST"):
                answer = connection.ask(f"/kinds/{code}", method, body=b"x" * (method == "POST"))
                assert answer.status == code
                assert answer.goes_on
        assert connection.ask("/").body == b"home"


@pytest.mark.parametrize("code", HOP_BY_HOP_KINDS)
def test_hop_by_hop_headers_stay_at_home(server, code):
    """The facts of 407 and 426 are in the body, for no server may be given their headers."""
    answer = server.ask(f"/kinds/{code}")
    assert_sound(answer, code)
    sent = {name.lower() for name, _ in answer.headers}
    assert not sent & (HOP_BY_HOP - OF_THE_SERVER)
    assert "upgrade" not in (answer.header("Connection") or "").lower()
    member = {407: ["Basic realm=proxy"], 426: "TLS/1.3"}[code]
    assert member in json.loads(answer.body).values()


@pytest.mark.parametrize("code", HOP_BY_HOP_KINDS)
def test_hop_by_hop_headers_where_the_application_dares(daring_server, code):
    """With FAILURES_HOP_BY_HOP, Werkzeug's server sends them; no other of the four does."""
    answer = daring_server.ask(f"/kinds/{code}")
    sent = answer.header(HOP_BY_HOP_KINDS[code])
    if daring_server.name in {"waitress", "wsgiref"}:
        # They refuse what PEP 3333 forbids, and close with an answer of their own.
        assert (answer.status, sent, answer.goes_on) == (500, None, False)
    elif daring_server.name == "gunicorn":
        assert (answer.status, sent) == (code, None)
    else:
        assert (answer.status, sent) == (code, {407: "Basic realm=proxy", 426: "TLS/1.3"}[code])
        assert "upgrade" not in sent or "upgrade" in answer.header("Connection").lower()
    assert daring_server.ask("/").body == b"home"


@pytest.mark.parametrize("code", [code for code in KINDS if code not in HOP_BY_HOP_KINDS])
def test_other_kinds_where_the_application_dares(daring_server, code):
    """FAILURES_HOP_BY_HOP changes nothing for kinds without such headers."""
    assert_sound(daring_server.ask(f"/kinds/{code}"), code)


@pytest.mark.parametrize("code", sorted(FACTS))
def test_facts_arrive(server, code):
    """What a kind was told stands in its header as the RFC has it."""
    answer = server.ask(f"/kinds/{code}")
    expected = {
        401: ("WWW-Authenticate", r"Bearer realm=api"),
        405: ("Allow", r"DELETE, PUT"),
        413: ("Retry-After", r"Tue, 01 Jan 2030 00:00:00 GMT"),
        416: ("Content-Range", r"bytes \*/1234"),
        429: ("Retry-After", r"0"),
        451: ("Link", r'<https://isp\.example/>; rel="blocked-by"'),
        503: ("Retry-After", r"30"),
    }
    if code in expected:
        name, value = expected[code]
        assert re.fullmatch(value, answer.header(name))


@pytest.mark.parametrize("media_type", ["application/problem+xml", "text/markdown"])
def test_formats_on_demand(media_type):
    """XML and Markdown, where the policy has them, are as sound as the others."""
    formats = ["problem", "xml", "markdown"]
    with servers.waitress(make_app(FAILURES_FORMATS=formats)) as server:
        for code in KINDS:
            answer = server.ask(f"/kinds/{code}", headers={"Accept": media_type})
            assert_sound(answer, code)
            assert answer.media_type == media_type
            assert answer.body.endswith(b"\n")
            if media_type.endswith("xml"):
                assert ET.fromstring(answer.body).tag == "{urn:ietf:rfc:7807}problem"


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_bug_is_a_sound_answer(server, method):
    """What nobody caught is a complete 500, after which the server goes on."""
    with server.connect() as connection:
        answer = connection.ask("/bug", method)
        assert_sound(answer, 500)
        after = connection.ask("/")
        assert after is None or after.body == b"home"


@pytest.mark.parametrize(
    ("target", "method", "allow"),
    [
        ("/upload", "GET", "OPTIONS, POST"),
        ("/upload", "HEAD", "OPTIONS, POST"),
        ("/upload", "DELETE", "OPTIONS, POST"),
        ("/", "POST", "GET, HEAD, OPTIONS"),
        ("/", "TRACE", "GET, HEAD, OPTIONS"),
        ("/", "BREW", "GET, HEAD, OPTIONS"),
    ],
)
def test_methods_that_a_route_does_not_have(server, target, method, allow):
    """A refused method is answered with those there are, a body and no 501."""
    if (server.name, method) == ("wsgiref", "BREW"):
        pytest.skip("the validator knows the names of methods")
    answer = server.ask(target, method)
    assert_sound(answer, 405)
    assert bool(answer.body) is (method != "HEAD")
    assert answer.header("Allow") == allow


def test_options_is_answered_by_flask(server):
    """OPTIONS on a route that always fails is Flask's own 200 with Allow and no body."""
    answer = server.ask("/kinds/404", "OPTIONS")
    assert (answer.status, answer.body, answer.header("Content-Length")) == (200, b"", "0")
    assert "PATCH" in answer.header("Allow")


@pytest.mark.parametrize(
    "conditions",
    [
        {"Range": "bytes=0-1"},
        {"Range": "bytes=0-1", "If-Range": '"x"'},
        {"If-None-Match": "*"},
        {"If-Match": '"x"'},
        {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
        {"If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
    ],
    ids=",".join,
)
def test_conditions_and_ranges_do_not_touch_failures(server, conditions):
    """A failure is sent whole whatever the conditions (RFC 9110, Sections 13.2.1 and 14.2)."""
    answer = server.ask("/kinds/404", headers=conditions)
    assert_sound(answer, 404)
    assert answer.header("Content-Range") is None
    assert answer.body == server.ask("/kinds/404").body


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_versions_of_http(server, version):
    """HTTP/1.0 clients, without Host, get the same answers."""
    answer = server.ask("/kinds/404", version=version, headers=[])
    assert_sound(answer, 404)
    assert "Transfer-Encoding" not in dict(answer.headers)


def test_several_accept_lines_are_one(server):
    """The lines of a repeated Accept are read as one list (RFC 9110, Section 5.3)."""
    accept = [("Accept", "text/html;q=0.1"), ("Accept", "text/plain")]
    assert server.ask("/kinds/404", headers=accept).media_type == "text/plain"


SMUGGLED = b"GET /kinds/418 HTTP/1.1\r\nHost: localhost\r\n\r\n"


# wsgiref's server resets the connection without reading what is left, answer or not.
@pytest.mark.parametrize("server", ["werkzeug", "waitress", "gunicorn"], indirect=True)
@pytest.mark.parametrize("coding", ["identity", "chunked"])
@pytest.mark.parametrize("target", ["/upload", "/kinds/404", "/nowhere", "/bug"])
def test_unread_bodies_are_no_requests(server, target, coding):
    """What a view did not read of a body is not taken for the next request."""
    body = SMUGGLED * 3000
    headers = {"Content-Type": "application/json"}
    if coding == "chunked":
        headers["Transfer-Encoding"] = "chunked"
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    expected = {"/upload": 413, "/bug": 500}.get(target, 404)
    if (target, coding) == ("/upload", "chunked") and server.name != "waitress":
        expected = 400  # Werkzeug reads as much as it may, which is no JSON.
    with server.connect() as connection:
        assert_sound(connection.ask(target, "POST", headers, body), expected)
        after = connection.ask("/")
        assert after is None or after.body == b"home"


@pytest.mark.parametrize(
    "target",
    [
        "/a%0d%0aX-Injected:%201",
        "/a%0d%0a%0d%0a<script>alert(1)</script>",
        "/%00",
        "/%ff%fe",
        "/%7B%7B7*7%7D%7D",
        "/%25s%25n{0.__class__}",
        "/" + "a" * 4000,
        "/../../etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "//evil.example/x",
        "/\\evil.example",
        "/;/?#",
        "/?" + "&".join(f"a{n}" for n in range(500)),
        "/kinds/404?message=a%0d%0aX-Injected:%201",
        "/kinds/404?message=%ed%a0%80",
        "/kinds/404?message=%00%1b%5b2J",
        "http://evil.example/nowhere",
        "http://evil.example%0d%0a/nowhere",
    ],
    ids=lambda target: target[:30],
)
def test_hostile_targets(server, target):
    """No target breaks the answer, adds a header or is found again in one."""
    if server.name == "wsgiref" and not target.startswith("/"):
        pytest.skip("the validator refuses wsgiref's own reading of an absolute target")
    answer = server.ask(target)
    if answer.status == 200:
        assert target.startswith("/?")
        return
    assert_sound(answer, 404)
    head = answer.raw.partition(b"\r\n\r\n")[0].lower()
    assert all(piece not in head for piece in (b"injected", b"evil", b"passwd", b"script"))
    if "message" not in target:
        assert json.loads(answer.body) == {"title": "Not Found", "status": 404}


HOSTS = [
    "evil.example",
    "user@evil.example",
    "ex\xe4mple.example",
    "a b",
    "[::1",
    '"><script>alert(1)</script>',
    "{{7*7}}",
]


@pytest.mark.parametrize("target", ["/kinds/404", "/nowhere", "/bug", "/upload"])
@pytest.mark.parametrize("host", HOSTS)
def test_hosts_do_not_matter(server, host, target):
    """No Host changes the answer to a failure, or is found again in it."""
    code = {"/bug": 500, "/upload": 405}.get(target, 404)
    answer = server.ask(target, headers={"Host": host})
    assert_sound(answer, code)
    assert host.encode("latin-1") not in answer.raw
    assert b"evil" not in answer.raw


@pytest.mark.parametrize("media_type", FORMATS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
@pytest.mark.parametrize("host", HOSTS)
def test_hosts_that_are_not_trusted(wary_server, host, method, media_type):
    """A Host outside TRUSTED_HOSTS is a 400 in the client's format, not in a header of it."""
    headers = {"Host": host, "Accept": media_type}
    answer = wary_server.ask("/kinds/404", method, headers)
    assert_sound(answer, 400)
    assert answer.media_type == media_type
    assert b"evil" not in answer.raw.partition(b"\r\n\r\n")[0]
    assert b"<script>alert" not in answer.body or media_type != "text/html"
    assert wary_server.ask("/kinds/404").status == 404
