"""Judges from outside: httplint, html5lib, an XML parser and the JSON Schema of RFC 9457."""

import json
import logging
import math
import re
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import NamedTuple
from uuid import UUID

import html5lib
import jsonschema
import pytest
import servers
from failing_app import FACTS, make_app
from httplint import HttpRequestLinter, HttpResponseLinter, levels
from hypothesis import given
from hypothesis import strategies as st
from shared_cases import FOLDER

from flask_httpstatus import KINDS, Failure, Failures, Flask, Issue, http
from flask_httpstatus.headers import HOP_BY_HOP

XML = "{urn:ietf:rfc:7807}"
MEDIA_TYPES = {
    "problem": "application/problem+json",
    "html": "text/html",
    "text": "text/plain",
    "markdown": "text/markdown",
    "xml": "application/problem+xml",
}


@pytest.fixture(scope="module")
def plain_server():
    """Run Flask as it is without the extension."""
    with servers.waitress(make_app(extension=False)) as server:
        yield server


@pytest.fixture(scope="module")
def server():
    """Run the same application with the extension, and all formats."""
    with servers.waitress(make_app(FAILURES_FORMATS=list(MEDIA_TYPES))) as server:
        yield server


def notes(server, target, method="GET", headers=(), body=b""):
    """Return what httplint has to say about the answer: the names of its notes by level."""
    asked = [("Host", "localhost"), *dict(headers).items()]
    request = HttpRequestLinter()
    url = f"http://localhost{target}"
    request.process_request_topline(method.encode(), url.encode(), b"HTTP/1.1")
    request.process_headers([(n.encode(), v.encode()) for n, v in asked])
    request.finish_content(True)
    answer = server.ask(target, method, asked, body)
    first, _, rest = answer.raw.partition(b"\r\n")
    version, status, phrase = re.fullmatch(rb"HTTP/(\S+) (\d+) (.*)", first).groups()
    fields = [line.split(b": ", 1) for line in rest.partition(b"\r\n\r\n")[0].split(b"\r\n")]
    response = HttpResponseLinter(
        start_time=time.time(), _related=request, no_content=method == "HEAD"
    )
    response.base_uri = url
    response.process_response_topline(version, status, phrase)
    response.process_headers([tuple(field) for field in fields])
    response.feed_content(answer.body)
    response.finish_content(True)
    found = {level: Counter() for level in levels}
    for note in response.notes:
        for one in (note, *note.subnotes):
            found[one.level][type(one).__name__] += 1
    return found


JSON = {"Content-Type": "application/json"}
REQUESTS = [
    *((f"/kinds/{code}", method, {"Accept": accept}, b"")
      for code in KINDS
      for method in ("GET", "HEAD")
      for accept in MEDIA_TYPES.values()),
    ("/nowhere", "GET", {}, b""),
    ("/upload", "GET", {}, b""),
    ("/upload", "POST", JSON, b"{"),
    ("/upload", "POST", {}, b"{}"),
    ("/upload", "POST", JSON, b"x" * 2000),
    ("/", "POST", {}, b"x"),
    ("/session", "GET", {}, b""),
    ("/bug", "GET", {}, b""),
    ("/bug", "HEAD", {"Accept": "text/html"}, b""),
]  # fmt: skip


@pytest.fixture(scope="module")
def judged(server, plain_server):
    """Ask both applications everything once."""
    return [
        (request, notes(server, *request), notes(plain_server, *request)) for request in REQUESTS
    ]


def test_httplint_finds_nothing_bad_that_flask_does_not_have(judged):
    """No answer has a BAD note that plain Flask's answer to the same request does not have."""
    for request, ours, theirs in judged:
        assert not ours[levels.BAD] - theirs[levels.BAD], request


def test_httplint_finds_less_than_in_flask(judged):
    """Over all requests there are fewer BAD notes than for plain Flask, and no more warnings."""
    ours, theirs = (
        {level: sum(found[level].total() for found in column) for level in levels}
        for column in ([row[1] for row in judged], [row[2] for row in judged])
    )
    assert ours[levels.BAD] < theirs[levels.BAD]
    assert ours[levels.WARN] <= theirs[levels.WARN]


def test_httplint_would_find_what_is_bad(server):
    """The judge is awake: a Retry-After of ``0:00:30`` is BAD."""
    found = notes(server, "/bad-header")
    assert found[levels.BAD]


class Colour(Enum):
    """A value that is written by its value."""

    RED = "red"
    BLUE = 2


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=30)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    ANY_TEXT,
    st.datetimes(timezones=st.sampled_from([None, UTC])),
    st.dates(),
    st.decimals(),
    st.uuids(),
    st.sampled_from(Colour),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(ANY_TEXT, inner, max_size=3)
    ),
    max_leaves=6,
)
#: The keywords that are no members.
KEYWORDS = {"message", "description", "response", "headers", "errors", "challenge", "allowed",
            "upgrade", "length", "units", "retry_after", "blocked_by", "valid_methods",
            "www_authenticate", "original_exception"}  # fmt: skip
STANDARD = {"type", "title", "status", "detail", "instance"}
NAMES = st.from_regex(r"\A[A-Za-z][A-Za-z0-9_]{2,15}\Z").filter(
    lambda name: name not in KEYWORDS | STANDARD
)
MEMBERS = st.dictionaries(NAMES, VALUES, max_size=3)
TOKENS = st.from_regex(r"\AX-[!#$%&'*+.^_`|~0-9A-Za-z-]{1,15}\Z")
#: Visible Latin-1 with spaces inside (RFC 9110, Section 5.5).
FIELDS = st.from_regex(r"\A[!-~\xa1-\xff]([ \t!-~\xa1-\xff]{0,20}[!-~\xa1-\xff])?\Z")
MESSAGES = st.none() | ANY_TEXT | st.sampled_from(["Not Found", "not found", "", "<b>&amp;</b>"])
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
STATUSES = [code for code in range(400, 600) if code in KINDS or code % 10 == 9]


@pytest.fixture(scope="module")
def failing():
    """Return an application that raises what it is told, and its client."""
    app = Flask("failing")
    app.register_extension(Failures(formats=list(MEDIA_TYPES)))
    logging.getLogger("failing").disabled = True

    @app.route("/some/path", methods=METHODS)
    def view():
        raise app.extensions["to be raised"]

    def fail(failure, method, media_type):
        app.extensions["to be raised"] = failure
        client = app.test_client()
        return client.open("/some/path?q=1", method=method, headers={"Accept": media_type})

    yield fail
    logging.getLogger("failing").disabled = False


def unicode(text):
    """Return the text without what UTF-8 cannot carry."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def as_json(value):
    """Return what the reader of a document ought to find for a member."""
    match value:
        case float() if not math.isfinite(value):
            found = None
        case Decimal():
            found = str(value) if value.is_finite() else None
        case Enum():
            found = value.value
        case datetime() | date():
            found = value.isoformat()
        case UUID():
            found = str(value)
        case str():
            found = unicode(value)
        case list() | tuple():
            found = [as_json(item) for item in value]
        case dict():
            found = {unicode(key): as_json(item) for key, item in value.items()}
        case _:
            found = value
    return found


def strictly_parsed(text):
    """Parse JSON as RFC 8259 has it: no NaN, and no name twice."""

    def no_constant(name):
        raise AssertionError(name)

    def no_doubles(pairs):
        assert len({name for name, _ in pairs}) == len(pairs)
        return dict(pairs)

    return json.loads(text, parse_constant=no_constant, object_pairs_hook=no_doubles)


def assert_problem(document, raised):
    """Check a problem document against RFC 9457, by schema where that can say it."""
    schema = FOLDER / "problem_schema.json"
    if schema.exists():
        jsonschema.validate(document, json.loads(schema.read_text("utf-8")))
    code, phrase = raised.status, http.facts(raised.status).phrase
    assert document.pop("status") == code
    # about:blank: the title is the phrase (RFC 9457, Section 4.2.1).
    assert "type" not in document
    assert document.pop("title") == phrase
    instance = document.pop("instance", None)
    if code >= 500:
        assert UUID(instance.removeprefix("urn:uuid:"))
    else:
        assert instance is None
    text = unicode(raised.message or "")
    says_more = bool(text) and text.casefold() != phrase.casefold()
    assert document.pop("detail", None) == (text if says_more else None)
    expected = raised.failure.members
    assert document == {name: as_json(value) for name, value in expected.items()}


class Raised(NamedTuple):
    """What a failure is made of."""

    status: int
    message: str | None = None
    members: Mapping = {}
    headers: Mapping = {}

    @property
    def failure(self):
        """Build the failure, with what its status demands."""
        facts = FACTS.get(self.status, {})
        return Failure(self.message, self.status, headers=self.headers, **facts, **self.members)


RAISED = st.builds(
    Raised,
    status=st.sampled_from(STATUSES),
    message=MESSAGES,
    members=MEMBERS,
    headers=st.dictionaries(TOKENS, FIELDS, max_size=2),
)


def answered(failing, raised, method, name):
    """Return the answer in a format, having checked what holds in every format."""
    answer = failing(raised.failure, method, MEDIA_TYPES[name])
    assert answer.status == f"{raised.status} {http.facts(raised.status).phrase}"
    assert answer.mimetype == MEDIA_TYPES[name]
    for header, value in raised.headers.items():
        assert value in answer.headers.getlist(header)
    assert (answer.data == b"") is (method == "HEAD")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Vary"] in {"Accept", "Accept, Accept-Language"}
    assert not {header.lower() for header, _ in answer.headers} & HOP_BY_HOP
    return answer


@given(raised=RAISED, method=st.sampled_from(METHODS))
def test_problem_documents(failing, raised, method):
    """Whatever is raised, the document is RFC 9457's and has every fact, at the top level."""
    answer = answered(failing, raised, method, "problem")
    if method != "HEAD":
        text = answer.data.decode("utf-8", "strict")
        assert_problem(strictly_parsed(text), raised)


@given(raised=RAISED, method=st.sampled_from(METHODS))
def test_html_is_valid_and_tells_the_same(failing, raised, method):
    """Whatever is raised, the page has no parse error and the same document inside."""
    answer = answered(failing, raised, method, "html")
    if method != "HEAD":
        page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(
            answer.data, transport_encoding="utf-8"
        )
        (script,) = page.findall(".//script[@type='application/problem+json']")
        assert_problem(strictly_parsed(script.text), raised)
        assert len(page.findall(".//h1")) == 1
        assert str(raised.status) in "".join(page.find(".//title").itertext())


#: What XML or HTML may not have (XML 1.0, Section 2.2; HTML, Section 13.2.3.5).
_NONCHARACTERS = "".join(chr(plane << 16 | end) for plane in range(17) for end in (65534, 65535))
FORBIDDEN = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef{_NONCHARACTERS}]")


@given(raised=RAISED, method=st.sampled_from(METHODS))
def test_xml_is_well_formed(failing, raised, method):
    """Whatever is raised, an XML parser reads the RFC's element with every fact in it."""
    answer = answered(failing, raised, method, "xml")
    if method == "HEAD":
        return
    root = ET.fromstring(answer.data)
    assert root.tag == f"{XML}problem"
    assert root.findtext(f"{XML}status") == str(raised.status)
    assert root.findtext(f"{XML}title") == http.facts(raised.status).phrase
    if detail := root.findtext(f"{XML}detail"):
        text = FORBIDDEN.sub("\ufffd", unicode(raised.message))
        assert detail == re.sub(r"\r\n?", "\n", text)
    for name, value in raised.members.items():
        element = root.find(f"{XML}{name}")
        assert element is not None
        if isinstance(value, (list, tuple)):
            assert [item.tag for item in element] == [f"{XML}i"] * len(value)


@given(raised=RAISED, method=st.sampled_from(METHODS))
def test_texts_have_no_controls(failing, raised, method):
    """Whatever is raised, text and Markdown hold no character that a terminal would obey."""
    for name in ("text", "markdown"):
        answer = answered(failing, raised, method, name)
        text = answer.data.decode("utf-8", "strict")
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", text.replace("\r", ""))
        if method != "HEAD":
            assert re.search(rf"{raised.status}", text.partition("\n")[0])


@pytest.mark.parametrize("name", MEDIA_TYPES)
@pytest.mark.parametrize("code", KINDS)
def test_every_kind_before_its_judge(failing, code, name):
    """Each kind, with its phrase for a message, passes the parser of each format."""
    body = answered(failing, Raised(code), "GET", name).data
    match name:
        case "problem":
            assert_problem(strictly_parsed(body), Raised(code))
        case "xml":
            assert ET.fromstring(body).tag == f"{XML}problem"
        case "html":
            html5lib.HTMLParser(strict=True).parse(body, transport_encoding="utf-8")
        case _:
            first = body.decode().partition("\n")[0]
            assert first.lstrip("# ") == f"{code} {http.facts(code).phrase}"


def test_issues_are_an_array(failing):
    """The errors of a form are objects in an array, in JSON and in XML."""
    failure = KINDS[422]("check", errors=[Issue("too small", pointer="#/age", code="gt")])
    document = failing(failure, "GET", "application/problem+json").json
    assert document["errors"] == [{"detail": "too small", "pointer": "#/age", "code": "gt"}]
    root = ET.fromstring(failing(failure, "GET", "application/problem+xml").data)
    (item,) = root.find(f"{XML}errors")
    assert (item.tag, item.findtext(f"{XML}pointer")) == (f"{XML}i", "#/age")
