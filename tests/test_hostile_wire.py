"""Hostile values on their way through a real application and a real server."""

import json
import logging
import re
import urllib.parse
import xml.etree.ElementTree as ET
from collections import Counter
from itertools import chain

import flask
import html5lib
import pytest
import servers
from shared_cases import shared_cases
from werkzeug.datastructures import WWWAuthenticate

from flask_httpstatus import (
    Failure,
    Failures,
    MethodNotAllowed,
    NotFound,
    ServiceUnavailable,
    Unauthorized,
    UnavailableForLegalReasons,
    redirects,
)

MEDIA_TYPES = {
    "problem": "application/problem+json",
    "html": "text/html",
    "text": "text/plain",
    "markdown": "text/markdown",
    "xml": "application/problem+xml",
}
LOGGER = "hostile"
#: Controls but tab and line ends, and noncharacters (HTML, Section 13.2.3.5).
_NONCHARACTERS = "".join(chr(plane << 16 | end) for plane in range(17) for end in (65534, 65535))
CONTROLS = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef{_NONCHARACTERS}]")

#: Rows of hostile_values.json that no test here or in test_wire asks for, and why.
DO_NOT_APPLY = {
    "machinery-in-teardown": "teardown runs when the answer is given; Flask lets it out to the "
    "server with and without the extension",
    "machinery-in-generator-first": "the status is sent before the first yield: there is no "
    "second answer, for Flask neither",
}

#: What rows say in words or in Python.
VALUES = {
    "accept-37": "text/html;q=" + "9" * 1000,
    "accept-38": "text/" + "h" * 10240,
    "accept-39": ", ".join(f"x/y{n};q=0.{n % 10}" for n in range(1000)),
    "accept-40": "text/html;x=" + '"' * 500,
    "reflect-path-long": "/" + "a" * 8000,
    "text-very-long-word": "A" * 5000,
    "header-value-type-bytes": b"abc",
    "header-value-type-int": 5,
    "header-value-type-list": ["a", "b"],
}


def rows(category, own, keep=lambda _: True):
    """Return the cases of a category: those written here, and those beside the checkout.

    :param keep: tells which of the values are asked for.
    """
    cases = [
        pytest.param({"id": f"own-{n}", "feed": None, "value": value}, id=f"own-{category}-{n}")
        for n, value in enumerate(own)
        if keep(value)
    ]
    for case in shared_cases("hostile_values.json"):
        row = case.values[0]
        if row is None:
            cases.append(case)
        elif row["category"] == category and row["id"] not in DO_NOT_APPLY:
            row["value"] = VALUES.get(row["id"], row["value"])
            if keep(row["value"]):
                cases.append(case)
    return pytest.mark.parametrize("row", cases)


class Hostile:
    """An application that does what it is told, and a server that runs it."""

    def __init__(self):
        self.app = flask.Flask(LOGGER)
        self.app.secret_key = "not told"
        Failures(self.app, formats=list(MEDIA_TYPES), challenge="Bearer")
        self.app.add_url_rule("/", "home", lambda: "home")
        self.app.add_url_rule("/act", "act", self.view, methods=["GET", "POST"])
        self.act = None
        self.server = None

    def view(self):
        """Do what the test has said."""
        return self.act()

    def ask(self, act, name="problem", method="GET", target="/act", headers=()):
        """Let a view act, and return what the server sends; the next request works too."""
        self.act = act
        accept = {"Accept": MEDIA_TYPES[name], **dict(headers)}
        with self.server.connect() as connection:
            answer = connection.ask(target, method, accept)
            assert connection.ask("/").body == b"home"
        return answer

    def fail(self, message, name="problem", **members):
        """Raise a 404 with the message, and return what the server sends."""
        answer = self.ask(raising(lambda: NotFound(message, **members)), name)
        assert (answer.status, answer.media_type) == (404, MEDIA_TYPES[name])
        return answer


@pytest.fixture(scope="module")
def hostile():
    """Run the application under waitress, where connections are kept alive."""
    hostile = Hostile()
    with servers.waitress(hostile.app) as server:
        hostile.server = server
        yield hostile


def raising(build):
    """Return a view that raises what is built in it."""

    def view():
        raise build()

    return view


# Headers

HEADER_FEEDS = {
    "redirect(value) / Failure with Location": [
        lambda value: lambda: redirects.redirect(value),
        lambda value: raising(lambda: NotFound(headers={"Location": value})),
    ],
    'Failure(headers={"X-Reason": value})': [
        lambda value: raising(lambda: NotFound(headers={"X-Reason": value})),
        lambda value: raising(lambda: NotFound(headers=[("X-Reason", value)])),
    ],
    "retry_after=value": [
        lambda value: raising(lambda: ServiceUnavailable(retry_after=value)),
        lambda value: raising(lambda: ServiceUnavailable(headers={"Retry-After": value})),
    ],
    "Unauthorized(realm=value) or headers": [
        lambda value: raising(
            lambda: Unauthorized(challenge=WWWAuthenticate("basic", {"realm": value}))
        ),
        lambda value: raising(lambda: Unauthorized(challenge=f'Basic realm="{value}"')),
        lambda value: raising(lambda: Unauthorized(headers={"WWW-Authenticate": value})),
    ],
    "UnavailableForLegalReasons(blocked_by=value)": [
        lambda value: raising(lambda: UnavailableForLegalReasons(blocked_by=value)),
        lambda value: raising(
            lambda: UnavailableForLegalReasons(blocked_by=f"https://isp.example/{value}")
        ),
    ],
    'MethodNotAllowed(valid_methods=["GET", value])': [
        lambda value: raising(lambda: MethodNotAllowed(valid_methods=["GET", value])),
        lambda value: raising(lambda: MethodNotAllowed(allowed=["GET", value])),
    ],
    'Failure(headers={value: "1"})': [
        lambda value: raising(lambda: NotFound(headers={value: "1"})),
    ],
}
REASON_FEED = 'Failure("m", 404, reason/title=value) and Failure(value, 404)'
#: What an answer of this application may carry, whatever is raised in it.
EXPECTED_HEADERS = {
    "allow", "content-language", "content-length", "content-security-policy", "content-type",
    "date", "link", "location", "retry-after", "server", "vary", "www-authenticate",
    "x-content-type-options", "x-reason",
}  # fmt: skip
INTENDED = {200, 302, 400, 401, 404, 405, 451, 500, 503}


def assert_nothing_injected(answer):
    """Check status line and headers of what h11 has read as one answer."""
    assert answer.status in INTENDED
    assert {name.lower() for name, _ in answer.headers} <= EXPECTED_HEADERS
    head = answer.raw.partition(b"\r\n\r\n")[0]
    assert not re.search(rb"[\x00\x0b\x0c\x7f]|\r(?!\n)|(?<!\r)\n", head)
    for value in answer.all("Retry-After"):
        assert re.fullmatch(r"\d+|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} GMT", value)
    for value in answer.all("Allow"):
        assert re.fullmatch(r"[!#-'*+.^-`|~\w-]+(, [!#-'*+.^-`|~\w-]+)*", value, re.ASCII)
    for value in answer.all("Link"):
        assert re.fullmatch(r"<[^<>\"\\ ]+>; rel=\"blocked-by\"", value, re.ASCII)


@rows(
    "header",
    [
        "a\r\nX-Injected: 1",
        "a\n\nX-Injected: 1",
        "\r",
        "\x00",
        "\x0b",
        "\x7f",
        "\u010a",
        "\ud800",
        "\u2028X-Injected: 1",
        "a\x85b",
        "\t",
        " ",
        "",
        '"',
        "x, y",
        "\\",
        b"x",
        7,
        None,
        ["x"],
        {"x": "y"},
        object(),
    ],
)
def test_headers(hostile, row):
    """A value that no header can carry is refused where it is written; nothing is injected."""
    feeds = HEADER_FEEDS[row["feed"]] if row["feed"] else list(chain(*HEADER_FEEDS.values()))
    for feed in feeds:
        answer = hostile.ask(feed(row["value"]))
        assert_nothing_injected(answer)
        assert answer.header("X-Content-Type-Options") or answer.status == 302


@pytest.mark.parametrize(
    ("headers", "name", "sent"),
    [
        ({"Vary": "Accept"}, "Vary", "Accept"),
        ({"Vary": "*"}, "Vary", "*"),
        ([("Vary", "Cookie, accept"), ("vary", "Origin")], "Vary", "Accept Cookie Origin"),
        ({"x-content-type-options": "nosniff"}, "X-Content-Type-Options", "nosniff"),
        ({"Retry-After": 0}, "Retry-After", "0"),
        ({"Retry-After": "120"}, "Retry-After", "120"),
    ],
)
def test_headers_that_the_answer_has_too(hostile, headers, name, sent):
    """What a failure and its answer both say stands there once, in one line."""
    answer = hostile.ask(raising(lambda: NotFound(headers=headers)))
    members = answer.header(name).split(", ")
    assert sorted(set(members) - {"Accept-Language"}) == sorted(sent.split())
    assert len(members) == len({member.lower() for member in members})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Retry-After", "soon"),
        ("Retry-After", "-1"),
        ("Retry-After", "1.5"),
        ("Retry-After", "0:00:30"),
        ("Retry-After", "Tue, 01 Jan 2030 00:00:00 +0100"),
        ("Retry-After", "Tuesday, 01-Jan-30 00:00:00 GMT"),
        ("Transfer-Encoding", "chunked"),
        ("Content-Length", "0"),
        ("content-type", "text/html"),
    ],
)
def test_headers_that_would_break_the_answer(name, value):
    """Framing belongs to the server, the body to the format, and Retry-After has two forms."""
    with pytest.raises(ValueError, match=name):
        NotFound(headers={name: value})


def test_a_method_refused_to_get_is_refused_to_head(hostile):
    """HEAD, which Flask gives to the view of GET, is told the same Allow."""
    get, head = (hostile.ask(raising(MethodNotAllowed), method=one) for one in ("GET", "HEAD"))
    assert get.header("Allow") == head.header("Allow") == "OPTIONS, POST"


@rows("reason", ["Gone\r\nX-Injected: 1", "\ud800", "\x00", "\u20ac", "A" * 2000])
def test_reasons(hostile, row):
    """The message is never the phrase of the status line."""
    value = row["value"]
    builders = [lambda: Failure(value, 404), lambda: Failure("m", 404, reason=value)]
    for build in builders:
        answer = hostile.ask(raising(build))
        assert (answer.status, answer.reason) == (404, "Not Found")
        assert_nothing_injected(answer)


# Messages


def parsed(answer):
    """Parse a page strictly."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(answer.body, transport_encoding="utf-8")


def outline(page):
    """Return the elements and attributes of a page, and how many comments it has."""
    comments = 0
    elements = []
    for element in page.iter():
        if isinstance(element.tag, str):
            elements.append((element.tag, sorted(element.attrib.items())))
        else:
            comments += 1
    return elements, comments


def visible(page):
    """Return the text that a person sees."""
    for parent in page.iter():
        for child in list(parent):
            if child.tag in {"script", "style"}:
                child.text = ""
    return "".join(page.find("body").itertext())


def unicode(value):
    """Return the text without what UTF-8 cannot carry."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def assert_text_everywhere(hostile, value):
    """Check that a message is text and nothing but text in every format."""
    page = hostile.fail(value, "html")
    raw = page.body.decode("utf-8", "strict")
    assert page.header("Content-Type") == "text/html; charset=utf-8"
    tree = parsed(page)
    assert outline(tree) == outline(parsed(hostile.fail("harmless", "html")))
    (script,) = tree.findall(".//script[@type='application/problem+json']")
    assert json.loads(script.text)["detail"] == unicode(value)
    assert not re.search(r"[<>&\u2028\u2029]", script.text)
    shown = CONTROLS.sub("\ufffd", unicode(value).replace("\r\n", "\n").replace("\r", "\n"))
    if shown.strip():
        assert visible(tree).count(shown) == 1
    assert not CONTROLS.search(raw)

    assert json.loads(hostile.fail(value).body)["detail"] == unicode(value)

    plain = hostile.fail(value, "text")
    assert plain.header("Content-Type") == "text/plain; charset=utf-8"
    text = plain.body.decode("utf-8", "strict")
    assert not CONTROLS.search(text)
    assert shown in text.replace("\r\n", "\n").replace("\r", "\n")

    assert not CONTROLS.search(hostile.fail(value, "markdown").body.decode())
    xml = ET.fromstring(hostile.fail(value, "xml").body)
    assert xml.findtext("{urn:ietf:rfc:7807}detail") == shown
    assert len(list(xml.iter())) == len(list(ET.fromstring(hostile.fail("a", "xml").body).iter()))


@rows(
    "xss",
    [
        "</p><script>alert(1)</script>",
        "</script><script>alert(1)</script>",
        "<!--<script>",
        "<svg/onload=alert(1)>",
        "</textarea></style></title></main></body></html><b>",
        "&lt;b&gt; &amp; &#x41; &NotEqualTilde;",
        "a\x00<b>",
        "\ud800<b>",
        "javascript:alert(1)",
        "<b" * 200,
    ],
)
def test_markup_is_text(hostile, row):
    """No element, attribute or comment comes from a message; it is shown once, unchanged."""
    assert_text_everywhere(hostile, row["value"])


@rows(
    "template",
    [
        "{{ 7 * 7 }}",
        "{% raise %}",
        "{{ failure.__cause__ }}",
        "{0} {name} {",
        "%(x)s %d %%",
        "${x} $x",
        "\\g<1> \\n \\x41",
        "\0",
        "{{ message }}\0{{ embedded }}",
    ],
)
def test_templates_are_text(hostile, row, caplog):
    """A message, member, path or log record that looks like a template is no template."""
    value = row["value"]
    assert_text_everywhere(hostile, value)
    document = json.loads(hostile.fail("m", member=value).body)
    assert document["member"] == value
    assert value in visible(parsed(hostile.fail("m", "html", member=value))) or "\0" in value
    quoted = "/" + urllib.parse.quote(value, safe="")
    for name in ("problem", "html", "text"):
        answer = hostile.ask(None, name, target=quoted)
        assert answer.status == 404
        assert b"49" not in answer.body
    caplog.clear()
    with caplog.at_level(logging.INFO, LOGGER):
        hostile.fail(value)
        hostile.ask(None, target=quoted)
    messages = [record.getMessage() for record in caplog.records if record.name == LOGGER]
    assert len(messages) == 2
    assert all(value.replace("\0", "\\x00") in message for message in messages)


FORMATTER = logging.Formatter("%(levelname)s %(name)s %(message)s")


@rows(
    "text",
    [
        "a\r\nb\rc\nd",
        "\x1b]0;title\x07",
        "\x9b31m",
        "a\x08\x08b",
        "\u2066\u202e\u2069",
        "\ufeff",
        "\ufffe\uffff",
        "\U0010ffff",
        "\ud83d",
        "x\nERROR hostile forged",
        "x\u2028ERROR hostile forged",
        "x\x85ERROR hostile forged",
        "  leading and trailing  ",
    ],
)
def test_texts(hostile, row, caplog):
    """Controls reach no terminal, page or log; bidirectional text stays in its own block."""
    value = row["value"]
    assert_text_everywhere(hostile, value)
    caplog.clear()
    with caplog.at_level(logging.INFO, LOGGER):
        answer = hostile.fail(value)
    assert_nothing_injected(answer)
    (record,) = (record for record in caplog.records if record.name == LOGGER)
    line = FORMATTER.format(record)
    assert len(line.splitlines()) == 1
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", line)
    line.encode()  # A handler that cannot write the record would lose it.


@rows(
    "text",
    ["\u202egpj.exe", "\u2067abc", "\u05d0\u05d1"],
    re.compile(r".*[\u202a-\u202e\u2066-\u2069]").match,
)
def test_bidirectional_text_is_isolated(hostile, row):
    """What reorders text is in a block or isolated element of its own."""
    value = row["value"]
    page = parsed(hostile.fail(value, "html"))
    (element,) = (
        one for one in page.find("body").iter() if value in (one.text or "") and one.tag != "script"
    )
    assert element.tag in {"p", "bdi", "div", "pre", "blockquote"}
    assert element.text == value
    assert element.tag == "bdi" or element.get("dir") == "auto"


@rows("jsonscript", ["</script>", "<!--<script>", "\u2028\u2029", "]]>", "&quot;"])
def test_the_embedded_document_ends_no_script(hostile, row):
    """The document in the page has nothing in it that HTML or a script could take for its own."""
    page = parsed(hostile.fail(row["value"], "html", member={row["value"]: [row["value"]]}))
    (script,) = page.findall(".//script[@type='application/problem+json']")
    assert not re.search(r"[<>&\u2028\u2029]", script.text)
    document = json.loads(script.text)
    assert document["detail"] == row["value"]
    assert document["member"] == {row["value"]: [row["value"]]}


# What the client sends


@rows(
    "reflect",
    [
        "/<script>alert(1)</script>",
        "/%3Cscript%3Ealert(1)%3C/script%3E",
        "/%0d%0aX-Injected:1",
        "/%e2%80%ae",
        "/{{7*7}}",
    ],
)
@pytest.mark.parametrize("name", MEDIA_TYPES)
def test_requests_are_not_reflected(hostile, row, name):
    """Neither path, query nor Host of a request is found in the answer to it."""
    value = row["value"]
    if value.startswith("/"):
        answer = hostile.ask(None, name, target=f"{value}?token=s3cret")
    else:
        headers = {"Host": value, "X-Forwarded-Host": value}
        answer = hostile.ask(raising(NotFound), name, headers=headers)
    assert (answer.status, answer.media_type) == (404, MEDIA_TYPES[name])
    assert_nothing_injected(answer)
    other = hostile.ask(None, name, target="/nowhere")
    assert answer.body == other.body


ACCEPT = ["q=1", ";q=", "a/b;" * 3000, "*/*;q=0", "text/html;q=nan", "\xff", "\x00", "=", '"']


@rows("accept", ACCEPT)
def test_accept(hostile, row):
    """Whatever Accept is, the status is the intended one, and none of it is in a header."""
    hostile.act = raising(lambda: NotFound("m"))
    environ = {"HTTP_ACCEPT": row["value"]}
    answer = hostile.app.test_client().get("/act", environ_overrides=environ)
    assert answer.status == "404 Not Found"
    assert answer.mimetype in MEDIA_TYPES.values()
    assert "Accept" in answer.headers["Vary"].split(", ")
    ours = hostile.app.test_client().get("/act", headers={"Accept": answer.mimetype})
    assert Counter(ours.headers) == Counter(answer.headers)
    assert ours.data == answer.data


@rows("accept", ACCEPT, lambda value: not re.search(r"[\x00\r\n]", value))
def test_accept_on_the_wire(hostile, row):
    """What can be sent as Accept at all breaks no connection."""
    answer = hostile.ask(raising(lambda: NotFound("m")), headers={"Accept": row["value"]})
    assert answer.status == 404
    assert_nothing_injected(answer)


# Machinery


def fresh(**config):
    """Return an application of its own."""
    app = flask.Flask("machinery")
    app.config.update(SECRET_KEY="not told", **config)
    Failures(app)
    return app


def test_machinery_in_before_request():
    """A failure raised in before_request is answered like a view's."""
    app = fresh()
    app.before_request(raising(lambda: NotFound("none of it")))
    answer = app.test_client().get("/")
    assert (answer.status_code, answer.json["detail"]) == (404, "none of it")


def test_machinery_in_errorhandler():
    """A handler that fails itself ends in a 500, in the client's format, without a loop."""
    app = fresh()
    app.add_url_rule("/", "home", raising(lambda: ServiceUnavailable("m")))

    @app.errorhandler(ServiceUnavailable)
    def handler(failure):
        raise NotFound("from the handler")

    answer = app.test_client().get("/")
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert b"handler" not in answer.data


def test_machinery_in_template():
    """A failure raised in a template is answered; a mistake of the template is a 500."""
    app = fresh()
    app.jinja_env.globals["fail"] = lambda: NotFound.unless(None, "no page")
    app.add_url_rule("/", "home", lambda: flask.render_template_string("{{ fail() }}"))
    app.add_url_rule("/b", "b", lambda: flask.render_template_string("{{ url_for('x') }}"))
    client = app.test_client()
    assert (client.get("/").status_code, client.get("/").json["detail"]) == (404, "no page")
    assert client.get("/b").status_code == 500
    assert b"url_for" not in client.get("/b").data


def test_machinery_no_request():
    """A failure can be built and read without application and request."""
    assert str(Failure("no such user", 404)) == "404 Not Found: no such user"
    assert repr(NotFound("no such user"))


def test_machinery_head():
    """HEAD has the headers of GET and no body."""
    client = _failing_client()
    get, answer = client.get("/"), client.head("/")
    assert answer.data == b""
    assert list(answer.headers) == list(get.headers)


def test_machinery_options():
    """A view that answers OPTIONS itself may fail like any other."""
    client = _failing_client(methods=["GET", "OPTIONS"])
    answer = client.options("/")
    assert (answer.status_code, answer.json["status"]) == (404, 404)


def test_machinery_cors_preflight():
    """A failed preflight is answered, and grants nothing."""
    headers = {"Origin": "https://other.example", "Access-Control-Request-Method": "PUT"}
    answer = _failing_client(methods=["GET", "OPTIONS"]).options("/", headers=headers)
    assert answer.status_code == 404
    assert not any(name.startswith("Access-Control") for name, _ in answer.headers)


def test_machinery_user_handler_wins():
    """The application's handler for a kind wins, registered before or after."""
    for before in (True, False):
        app = flask.Flask("machinery")
        if before:
            app.register_error_handler(NotFound, lambda _: ("mine", 404))
        Failures(app)
        if not before:
            app.register_error_handler(NotFound, lambda _: ("mine", 404))
        assert app.test_client().get("/nowhere").data == b"mine"


def test_machinery_testing():
    """In testing bugs come out as Flask decides, failures are answered."""
    for config in ({"TESTING": True}, {"PROPAGATE_EXCEPTIONS": True}):
        app = fresh(**config)
        app.add_url_rule("/", "home", raising(lambda: NotFound("m")))
        app.add_url_rule("/bug", "bug", raising(lambda: RuntimeError("out")))
        assert app.test_client().get("/").status_code == 404
        with pytest.raises(RuntimeError, match="out"):
            app.test_client().get("/bug")


def test_machinery_500_leak():
    """A bug's text, type, path and stack are in no format."""
    app = fresh()
    app.add_url_rule("/", "home", raising(lambda: RuntimeError("secret detail")))
    for media_type in MEDIA_TYPES.values():
        answer = app.test_client().get("/", headers={"Accept": media_type})
        assert answer.status_code == 500
        assert not re.search(rb"secret|Traceback|\.py|RuntimeError", answer.data)


def test_machinery_range():
    """No part of a failure is sent as 206."""
    answer = _failing_client().get("/", headers={"Range": "bytes=0-1"})
    assert (answer.status_code, "Content-Range" in answer.headers) == (404, False)


def test_machinery_session():
    """The session is saved as Flask does it, and Vary keeps all it has been told."""
    app = fresh()

    @app.get("/")
    def home():
        flask.session["seen"] = True
        raise NotFound(headers={"Vary": "Origin"})

    answer = app.test_client().get("/")
    assert "session=" in answer.headers["Set-Cookie"]
    assert {"Accept", "Cookie", "Origin"} <= set(answer.headers["Vary"].split(", "))


def test_machinery_keepalive():
    """After a large body that nobody read, the connection is closed or in order."""
    with servers.waitress(fresh(MAX_CONTENT_LENGTH=1000)) as server, server.connect() as connection:
        answer = connection.ask("/", "POST", body=b"GET / HTTP/1.1\r\n\r\n" * 500_000)
        assert answer.status == 404
        after = connection.ask("/nowhere")
        assert after is None or after.status == 404


def _failing_client(**options):
    app = fresh()
    app.add_url_rule("/", "home", raising(lambda: NotFound("m")), **options)
    return app.test_client()


@pytest.mark.parametrize("case", shared_cases("hostile_values.json"))
def test_every_row_is_asked_for(case):
    """Each row is in a test or in the list of those that do not apply."""
    here = {"accept", "header", "xss", "template", "text", "reflect", "jsonscript", "reason"}
    in_tests_of_single_rooms = {"extension", "retryafter", "status", "type"}
    alone = f"test_{case['id'].replace('-', '_')}" in globals()
    asked_for = case["category"] in here | in_tests_of_single_rooms or alone
    assert asked_for is (case["id"] not in DO_NOT_APPLY)
    assert case["category"] != "header" or case["feed"] in HEADER_FEEDS
