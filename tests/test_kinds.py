"""Tests of the room of kinds: a class for each status, and the facts that some of them have."""

import http
import re
from datetime import timedelta

import pytest
from shared_cases import FOLDER
from werkzeug import exceptions as werkzeug
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.test import create_environ

import flask_httpstatus
from flask_httpstatus import (
    KINDS,
    BadRequest,
    ClientFailure,
    Conflict,
    ContentTooLarge,
    Failure,
    InternalServerError,
    Issue,
    MethodNotAllowed,
    NotFound,
    ProxyAuthenticationRequired,
    RangeNotSatisfiable,
    ServerFailure,
    ServiceUnavailable,
    TooManyRequests,
    Unauthorized,
    UnavailableForLegalReasons,
    UnprocessableContent,
    UpgradeRequired,
    kinds,
)
from flask_httpstatus.http import facts

# The registry of IANA by hand, and the teapot, which it calls unused (RFC 9110, Section 15.5.19).
REGISTERED = {
    *range(400, 419),
    *range(421, 427),
    *{428, 429, 431, 451},
    *range(500, 509),
    *{510, 511},
}
MESSAGES = {
    400: "Bad request",
    404: "Not found",
    405: "Method not allowed",
    407: "Proxy authentication required",
    413: "Content too large",
    414: "URI too long",
    416: "Range not satisfiable",
    418: "I'm a teapot",
    422: "Unprocessable content",
    431: "Request header fields too large",
    500: "Internal server error",
    505: "HTTP version not supported",
    511: "Network authentication required",
}

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)


def phrase_in_camel_case(code):
    """Return the phrase of RFC 9110 as the name of a class."""
    words = re.findall(r"[A-Za-z]+", facts(code).phrase.replace("'", ""))
    return "".join(word[0].upper() + word[1:] for word in words)


def test_the_family_is_complete():
    """There is a kind for each of the 39 statuses that IANA has from 400 to 599, and for 418."""
    assert set(KINDS) == REGISTERED
    assert len(KINDS) == 40
    assert list(KINDS) == sorted(KINDS)


@pytest.mark.skipif(not FOLDER.exists(), reason="the shared cases are not here")
def test_the_family_is_that_of_the_shared_facts():
    """The registry that was written down elsewhere says the same."""
    import json

    table = json.loads((FOLDER / "status_codes.json").read_text("utf-8"))
    codes = {row["code"] for row in table["registered"] if row["code"] >= 400}
    assert set(KINDS) == codes | {418}


def test_the_tree_is_drawn():
    """The tree at the top of the module is that of the classes."""
    drawn = re.findall(r"\+-- (\w+)", kinds.__doc__)
    families = [
        family.__name__
        + " "
        + " ".join(kind.__name__ for kind in KINDS.values() if issubclass(kind, family))
        for family in (ClientFailure, ServerFailure)
    ]
    assert drawn == ["Failure", *" ".join(families).split()]


def test_the_registry_is_read_only():
    """Nobody adds to the kinds, or takes one away."""
    with pytest.raises(TypeError):
        KINDS[499] = NotFound


@every_kind
def test_name(kind):
    """A kind is called by the phrase of RFC 9110, and can be imported by that name."""
    assert kind.__name__ == phrase_in_camel_case(kind.code)
    assert getattr(flask_httpstatus, kind.__name__) is kind
    assert (kind.__name__ in flask_httpstatus.__all__) is (kind.__name__ != "NotImplemented")


@every_kind
def test_docstring(kind):
    """The docstring of a kind says when to raise it, and does not say the number again."""
    assert re.match(r"Raise(, in | for | while )", kind.__doc__)
    assert str(kind.code) not in kind.__doc__


@every_kind
def test_status(kind):
    """The status is the member of the enum itself, of the class and of its instances."""
    failure = kind()
    assert kind.status is failure.status is http.HTTPStatus(kind.code)
    assert kind.code == failure.code
    assert type(kind.code) is int
    assert KINDS[kind.code] is KINDS[kind.status] is kind


@every_kind
def test_family(kind):
    """A kind is a client's or a server's failure, and never both."""
    assert issubclass(kind, ClientFailure) is (kind.code < 500)
    assert issubclass(kind, ServerFailure) is (kind.code >= 500)
    assert issubclass(kind, Failure)


@every_kind
def test_werkzeug(kind):
    """A kind is Werkzeug's class for its status, where that has one, and keeps its description."""
    theirs = werkzeug.default_exceptions.get(kind.code, werkzeug.HTTPException)
    assert issubclass(kind, theirs)
    assert kind.description == kind().description == theirs.description
    assert kind("no").description == "no"


def test_werkzeug_has_no_more():
    """Every class that Werkzeug has for a status has a kind."""
    assert set(werkzeug.default_exceptions) <= set(KINDS)


@every_kind
def test_default_message(kind):
    """The default message is the phrase in sentence case."""
    assert kind().message == kind.message == kind(None).message
    assert kind.message.casefold() == facts(kind.code).phrase.casefold()
    assert kind.message == MESSAGES.get(kind.code, facts(kind.code).phrase.capitalize())


@every_kind
def test_message_then_status(kind):
    """Every constructor takes the message, then the status, in that order or by name."""
    for failure in [
        kind("no", kind.code),
        kind("no", kind.status),
        kind("no", status=kind.code),
        kind(message="no", status=kind.status),
        kind(description="no"),
    ]:
        assert (type(failure), failure.message, failure.status) == (kind, "no", kind.status)


@every_kind
def test_another_status(kind):
    """A kind refuses the status of another and says which one to raise."""
    for other in KINDS.values():
        if other is not kind:
            with pytest.raises(
                ValueError,
                match=f"^{kind.__name__} is {kind.code}; for {other.code} raise {other.__name__}$",
            ):
                kind("no", other.code)
    with pytest.raises(ValueError, match=r"for 499 raise Failure\(message, 499\)$"):
        kind("no", 499)
    with pytest.raises(
        ValueError, match=r"200 is no status .* return a response, or redirect\(\)$"
    ):
        kind("no", 200)


@every_kind
def test_dispatch(kind):
    """A failure of a status is of its kind, however it is asked for."""
    family = ClientFailure if kind.code < 500 else ServerFailure
    other = ServerFailure if family is ClientFailure else ClientFailure
    for failure in [
        Failure("no", kind.code),
        Failure("no", kind.status),
        Failure("no", status=kind.status),
        Failure(message="no", status=kind.code),
        family("no", kind.code),
    ]:
        assert (type(failure), failure.message, failure.status) == (kind, "no", kind.status)
    with pytest.raises(ValueError, match=f"{kind.code} is no status of a {other.__name__}"):
        other("no", kind.code)


@every_kind
def test_common_arguments(kind):
    """Every kind takes headers, retry_after and members."""
    failure = kind("no", headers={"X-A": "1"}, retry_after=0, balance=30)
    assert failure.headers["X-A"] == "1"
    assert failure.headers["Retry-After"] == "0"
    assert failure.retry_after == 0
    assert failure.members == {"balance": 30}


@every_kind
def test_name_and_text(kind):
    """The name is the phrase, and the text of the exception tells status and message."""
    failure = kind("gone fishing")
    assert failure.name == facts(kind.code).phrase
    assert str(failure) == f"{kind.code} {failure.name}: gone fishing"
    assert repr(failure) == f"<{kind.__name__} '{kind.code}: {failure.name}'>"
    assert failure.args == ()


@every_kind
def test_the_page_of_werkzeug(kind):
    """Without the extension, Werkzeug's own page has the status, the message and the headers."""
    failure = kind("<b>no</b>", headers={"X-A": "1"}, retry_after=5)
    response = failure.get_response(create_environ())
    page = response.get_data(as_text=True)
    assert response.status_code == kind.code
    assert "<p>&lt;b&gt;no&lt;/b&gt;</p>" in page
    assert response.headers["X-A"] == "1"
    assert response.headers["Retry-After"] == "5"
    assert response.content_type == "text/html; charset=utf-8"


@every_kind
def test_facts_of_another_kind(kind):
    """A keyword that is a fact of another kind is refused, and not published as a member."""
    for name, owner in {
        "allowed": MethodNotAllowed,
        "valid_methods": MethodNotAllowed,
        "www_authenticate": Unauthorized,
        "length": RangeNotSatisfiable,
        "units": RangeNotSatisfiable,
        "upgrade": UpgradeRequired,
        "blocked_by": UnavailableForLegalReasons,
        "original_exception": InternalServerError,
    }.items():
        if kind is not owner:
            with pytest.raises(
                TypeError,
                match=f"{kind.__name__} takes no {name!r}, which is a fact of {owner.__name__}; "
                "name a member differently",
            ):
                kind("no", **{name: None})
    if kind not in {Unauthorized, ProxyAuthenticationRequired}:
        with pytest.raises(
            TypeError, match="takes no 'challenge', which is a fact of Unauthorized"
        ):
            kind("no", challenge=None)
    if kind not in {BadRequest, UnprocessableContent}:
        with pytest.raises(TypeError, match="takes no 'errors', which is a fact of BadRequest"):
            kind("no", errors=[])


@pytest.mark.parametrize(
    ("alias", "kind"),
    [
        ("RequestEntityTooLarge", ContentTooLarge),
        ("RequestURITooLarge", flask_httpstatus.URITooLong),
        ("RequestedRangeNotSatisfiable", RangeNotSatisfiable),
        ("UnprocessableEntity", UnprocessableContent),
    ],
)
def test_aliases(alias, kind):
    """Werkzeug's names that differ from the RFC's are the same classes."""
    assert getattr(flask_httpstatus, alias) is kind
    assert alias in flask_httpstatus.__all__
    assert issubclass(kind, getattr(werkzeug, alias))


def test_werkzeugs_names():
    """Every name that Werkzeug has for a status can be imported from here instead."""
    for kind in werkzeug.default_exceptions.values():
        assert issubclass(getattr(flask_httpstatus, kind.__name__), kind)


@every_kind
def test_werkzeugs_attributes(kind):
    """What Werkzeug's constructor sets can be read, for handlers that were written for it."""
    theirs = werkzeug.default_exceptions.get(kind.code)
    for name, value in vars(theirs() if theirs else werkzeug.HTTPException()).items():
        assert getattr(kind("no"), name) == value


@pytest.mark.parametrize(
    ("facts", "allow"),
    [
        ({"allowed": ["POST", "GET"]}, "GET, POST"),
        ({"allowed": {"HEAD"}}, "HEAD"),
        ({"valid_methods": ["PUT", "GET"]}, "GET, PUT"),
        ({"allowed": ["GET"], "valid_methods": ["PUT"]}, "GET"),
        ({"allowed": []}, ""),
        ({}, None),
    ],
)
def test_allowed(facts, allow):
    """405 tells the allowed methods, sorted; without them they are derived later."""
    failure = MethodNotAllowed("read only", **facts)
    assert failure.headers.get("Allow") == allow
    if allow is None:
        assert failure.allowed is failure.valid_methods is None
    else:
        assert failure.allowed == failure.valid_methods == tuple(filter(None, allow.split(", ")))


@pytest.mark.parametrize("collection", [list, tuple, set, frozenset])
def test_a_list_as_the_first_argument(collection):
    """A list as first argument of 405 are the methods, as in Werkzeug, and then the message."""
    failure = MethodNotAllowed(collection(["POST", "GET"]))
    assert (failure.headers["Allow"], failure.message) == ("GET, POST", "Method not allowed")
    failure = MethodNotAllowed(collection(["GET"]), "read only")
    assert (failure.headers["Allow"], failure.message) == ("GET", "read only")


@pytest.mark.parametrize("name", ["challenge", "www_authenticate"])
def test_challenge_of_401(name):
    """401 takes one challenge or several, by our name or by Werkzeug's."""
    bearer = WWWAuthenticate("bearer", {"realm": "api"})
    failure = Unauthorized("log in", **{name: bearer})
    assert failure.headers.getlist("WWW-Authenticate") == ["Bearer realm=api"]
    assert failure.challenge == ("Bearer realm=api",)
    failure = Unauthorized("log in", **{name: [bearer, "Negotiate"]})
    assert failure.headers.getlist("WWW-Authenticate") == ["Bearer realm=api", "Negotiate"]
    assert Unauthorized("log in").challenge is None


def test_challenge_of_407():
    """407 asks in the header of proxies, and shows the challenge as a member, too."""
    failure = ProxyAuthenticationRequired("log in", challenge=WWWAuthenticate("basic"), x_y=1)
    assert failure.headers.getlist("Proxy-Authenticate") == ["Basic"]
    assert failure.members == {"x_y": 1, "challenge": ["Basic"]}
    assert ProxyAuthenticationRequired().members == {}


@pytest.mark.parametrize(
    ("facts", "header"),
    [
        ({"length": 1234}, "bytes */1234"),
        ({"length": 0}, "bytes */0"),
        ({"length": 7, "units": "items"}, "items */7"),
        ({}, None),
        ({"units": "items"}, None),
    ],
)
def test_length(facts, header):
    """416 tells how much there is, where it is known."""
    failure = RangeNotSatisfiable("too far", **facts)
    assert failure.headers.get("Content-Range") == header
    assert failure.length == facts.get("length")
    assert failure.units == facts.get("units", "bytes")


class NoSuchRow(RangeNotSatisfiable):
    """A kind of one's own that counts rows, of which there are seven."""

    units = "rows"
    length = 7


def test_the_class_holds_length_and_units():
    """What a class says of the length and units holds where the raise says nothing."""
    assert NoSuchRow().headers["Content-Range"] == "rows */7"
    assert NoSuchRow(length=0, units="items").headers["Content-Range"] == "items */0"


@pytest.mark.parametrize(
    ("upgrade", "header"), [("TLS/1.3", "TLS/1.3"), (["HTTP/3", "h2c"], "HTTP/3, h2c")]
)
def test_upgrade(upgrade, header):
    """426 names the protocol in its headers, and in a member where servers do not send those."""
    failure = UpgradeRequired("use it", upgrade=upgrade)
    assert (failure.headers["Upgrade"], failure.headers["Connection"]) == (header, "upgrade")
    assert failure.members == {"upgrade": header}
    assert failure.upgrade == header
    assert not UpgradeRequired("use it").headers


def test_blocked_by():
    """451 links to who blocks."""
    failure = UnavailableForLegalReasons("court order", blocked_by="https://isp.example/")
    assert failure.headers["Link"] == '<https://isp.example/>; rel="blocked-by"'
    assert failure.blocked_by == "https://isp.example/"
    assert "Link" not in UnavailableForLegalReasons("court order").headers


@pytest.mark.parametrize("kind", [BadRequest, UnprocessableContent])
def test_errors(kind):
    """400 and 422 list the mistakes in the input as a member."""
    issues = [Issue("too old", pointer="#/age"), Issue("unknown", parameter="q")]
    failure = kind("check the form", errors=iter(issues), form="user")
    assert failure.errors == failure.members["errors"] == issues
    assert failure.members["form"] == "user"
    assert kind("no").errors == ()
    assert kind("no", errors=[]).members == {"errors": []}


@pytest.mark.parametrize("error", ["too old", None, {"detail": "too old"}, ValueError("too old")])
def test_errors_that_are_none(error):
    """What is no issue is an error that shows one."""
    with pytest.raises(TypeError, match=r"each has to be an Issue\('what is wrong'\)"):
        UnprocessableContent("check the form", errors=[Issue("a"), error])


@pytest.mark.parametrize("errors", [Issue("a"), 5, object()])
def test_errors_that_are_no_list(errors):
    """A single issue is refused with the list to write."""
    with pytest.raises(TypeError, match=r"is no list; write errors=\[Issue\('what is wrong'\)\]"):
        UnprocessableContent("check the form", errors=errors)


def test_original_exception():
    """500 keeps what nobody caught, which is Werkzeug's, and shows nothing of it."""
    error = ValueError("secret")
    failure = InternalServerError(original_exception=error)
    assert failure.original_exception is error
    assert InternalServerError().original_exception is None
    assert "secret" not in failure.get_response(create_environ()).get_data(as_text=True)


@pytest.mark.parametrize("kind", [NotFound, ContentTooLarge, TooManyRequests, ServiceUnavailable])
def test_retry_after(kind):
    """Every kind says when to try again, the first second included."""
    assert kind(retry_after=timedelta(seconds=1.5)).headers["Retry-After"] == "2"
    assert kind(retry_after=0).headers["Retry-After"] == "0"
    assert "Retry-After" not in kind().headers
    assert kind().retry_after is None


def test_the_class_holds_defaults():
    """The facts of a kind can be set in a subclass, and the arguments win over them."""

    class ReadOnly(MethodNotAllowed):
        allowed = ("HEAD", "GET")

    class LogIn(Unauthorized):
        challenge = "Negotiate"

    class UseTLS(UpgradeRequired):
        upgrade = "TLS/1.3"

    class Blocked(UnavailableForLegalReasons):
        blocked_by = "https://isp.example/"

    class Slower(TooManyRequests):
        retry_after = 30

    assert ReadOnly().headers["Allow"] == "GET, HEAD"
    assert ReadOnly(allowed=["GET"]).headers["Allow"] == "GET"
    assert LogIn().headers["WWW-Authenticate"] == "Negotiate"
    assert LogIn(challenge="Basic").headers.getlist("WWW-Authenticate") == ["Basic"]
    assert UseTLS().headers["Upgrade"] == "TLS/1.3"
    assert UseTLS(upgrade="h2c").headers["Upgrade"] == "h2c"
    assert Blocked().headers["Link"] == '<https://isp.example/>; rel="blocked-by"'
    assert Slower().headers["Retry-After"] == "30"
    assert Slower(retry_after=0).headers["Retry-After"] == "0"
    assert LogIn.challenge == "Negotiate"


def test_a_given_header_stays_beside_a_fact():
    """The header of a fact replaces one that was given, or joins it where there may be several."""
    given = {
        "Allow": "PUT",
        "Link": "</a>; rel=b",
        "WWW-Authenticate": "Basic",
        "Content-Range": "a */1",
    }
    assert MethodNotAllowed(allowed=["GET"], headers=given).headers.getlist("Allow") == ["GET"]
    link = UnavailableForLegalReasons(blocked_by="a:b", headers=given).headers.getlist("Link")
    assert link == ["</a>; rel=b", '<a:b>; rel="blocked-by"']
    both = Unauthorized(challenge="Negotiate", headers=given).headers.getlist("WWW-Authenticate")
    assert both == ["Basic", "Negotiate"]
    assert RangeNotSatisfiable(length=5, headers=given).headers.getlist("Content-Range") == [
        "bytes */5"
    ]
    assert MethodNotAllowed(headers=given).headers["Allow"] == "PUT"


def test_werkzeugs_classes_catch():
    """``except`` with either class catches a kind."""
    for caught in (Conflict, ClientFailure, Failure, werkzeug.Conflict, werkzeug.HTTPException):
        with pytest.raises(caught):
            raise Conflict("name is taken")
