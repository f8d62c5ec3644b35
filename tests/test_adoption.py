"""Tests of what Werkzeug's exceptions become."""

from datetime import UTC, datetime, timedelta

import pytest
import werkzeug.exceptions as werkzeug
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import HTTPException

from flask_httpstatus import (
    KINDS,
    ClientFailure,
    NotFound,
    ServerFailure,
    TooManyRequests,
)
from flask_httpstatus.adoption import adopted


@pytest.fixture
def in_request(app):
    """Be in a request, as whoever catches is."""
    with app.test_request_context():
        yield


@pytest.mark.parametrize("kind", werkzeug.default_exceptions.values())
@pytest.mark.usefixtures("in_request")
def test_adopted_kind(kind):
    """Werkzeug's exception becomes the kind of its status, without its stock text."""
    failure = adopted(kind())

    assert type(failure) is KINDS[kind.code]
    assert failure.message == type(failure).message


@pytest.mark.usefixtures("in_request")
def test_adopted_failure():
    """A failure is what it is."""
    failure = NotFound("no")

    assert adopted(failure) is failure


@pytest.mark.usefixtures("in_request")
def test_adopted_history():
    """Traceback, cause and context stay with what is adopted."""
    with pytest.raises(HTTPException) as raised:
        raise werkzeug.NotFound("no such user") from KeyError("ada")

    failure = adopted(raised.value)

    assert failure.__traceback__ is raised.value.__traceback__
    assert failure.__cause__ is raised.value.__cause__
    assert failure.__suppress_context__


class Lazy:
    """A text that is made when it is read."""

    def __str__(self):
        return "keine Seite"


class BrokenDescription(werkzeug.NotFound):
    """An exception whose text cannot be read."""

    @property
    def description(self):
        """Fail."""
        raise RuntimeError("hunter2")


@pytest.mark.parametrize(
    ("exception", "message"),
    [
        (werkzeug.NotFound("no such user"), "no such user"),
        (werkzeug.NotFound(""), ""),
        (werkzeug.NotFound(ValueError("hunter2")), "Not found"),
        (werkzeug.NotFound(["hunter2"]), "Not found"),
        (werkzeug.NotFound(b"hunter2"), "Not found"),
        (BrokenDescription(), "Not found"),
        (werkzeug.BadRequestKeyError("ada"), "Bad request"),
    ],
)
@pytest.mark.usefixtures("in_request")
def test_adopted_message(exception, message):
    """The description is the message if it is a text, and never the repr of an object."""
    assert adopted(exception).message == message


@pytest.mark.usefixtures("in_request")
def test_adopted_lazy_message():
    """A lazy description is the message, and stays lazy."""
    lazy = Lazy()

    assert adopted(werkzeug.NotFound(lazy)).message is lazy


@pytest.mark.parametrize(
    ("exception", "header", "value"),
    [
        (werkzeug.MethodNotAllowed(["POST", "GET"]), "Allow", "GET, POST"),
        (werkzeug.MethodNotAllowed("read only"), "Allow", None),
        (werkzeug.RequestedRangeNotSatisfiable(7), "Content-Range", "bytes */7"),
        (werkzeug.RequestedRangeNotSatisfiable(7, "items"), "Content-Range", "items */7"),
        (werkzeug.RequestedRangeNotSatisfiable("too far"), "Content-Range", None),
        (werkzeug.RequestedRangeNotSatisfiable(), "Content-Range", None),
        (werkzeug.TooManyRequests(retry_after=30), "Retry-After", "30"),
        (werkzeug.TooManyRequests(retry_after=0), "Retry-After", "0"),
        (werkzeug.TooManyRequests(retry_after=timedelta(seconds=30)), "Retry-After", "30"),
        (werkzeug.TooManyRequests(retry_after=-1), "Retry-After", None),
        (werkzeug.TooManyRequests(retry_after="soon"), "Retry-After", None),
        (
            werkzeug.ServiceUnavailable(retry_after=datetime(2030, 1, 1, tzinfo=UTC)),
            "Retry-After",
            "Tue, 01 Jan 2030 00:00:00 GMT",
        ),
        (
            werkzeug.Unauthorized(www_authenticate=WWWAuthenticate("bearer")),
            "WWW-Authenticate",
            "Bearer ",
        ),
    ],
)
@pytest.mark.usefixtures("in_request")
def test_adopted_facts(exception, header, value):
    """What Werkzeug's exceptions know is sent as HTTP has it, once, or not at all."""
    values = adopted(exception).headers.getlist(header)

    assert [one.strip() for one in values] == ([] if value is None else [value.strip()])


@pytest.mark.usefixtures("in_request")
def test_adopted_facts_are_attributes():
    """A handler for the kind finds the facts under the names of the kind."""
    assert adopted(werkzeug.MethodNotAllowed(["POST", "GET"])).allowed == ("GET", "POST")
    assert adopted(werkzeug.RequestedRangeNotSatisfiable(7)).length == 7
    assert adopted(werkzeug.TooManyRequests(retry_after=30)).retry_after == 30
    error = RuntimeError("hunter2")
    assert adopted(werkzeug.InternalServerError(original_exception=error)).original_exception is (
        error
    )


@pytest.mark.parametrize(
    ("exception", "message"),
    [
        (werkzeug.MethodNotAllowed("read only"), "read only"),
        (werkzeug.RequestedRangeNotSatisfiable("too far"), "too far"),
    ],
)
@pytest.mark.usefixtures("in_request")
def test_adopted_message_in_the_wrong_place(exception, message):
    """A message where Werkzeug wants methods or a length is the message."""
    assert adopted(exception).message == message


class Limited(HTTPException):
    """An exception of another library, whose facts are not ours."""

    code = 429
    description = "Slow down."
    retry_after = 1.5
    original_exception = RuntimeError("hunter2")

    def get_headers(self, environ=None, scope=None):
        """Give a header of its own."""
        return [("Retry-After", "2"), ("X-Object", object()), ("X-Limit", 10)]


@pytest.mark.usefixtures("in_request")
def test_adopted_facts_that_are_none():
    """Attributes that mean something else are left alone, and the headers are kept."""
    failure = adopted(Limited())

    assert type(failure) is TooManyRequests
    assert list(failure.headers) == [("Retry-After", "2"), ("X-Limit", "10")]


class BrokenHeaders(werkzeug.Gone):
    """An exception whose headers cannot be had."""

    def get_headers(self, environ=None, scope=None):
        """Fail."""
        raise RuntimeError("hunter2")


@pytest.mark.usefixtures("in_request")
def test_adopted_headers_that_fail():
    """Where the headers cannot be had, the rest is adopted."""
    failure = adopted(BrokenHeaders("gone"))

    assert (type(failure), failure.message) == (KINDS[410], "gone")


class NumberedHeaders(werkzeug.Gone):
    """An exception that has a header without a proper name."""

    def get_headers(self, environ=None, scope=None):
        """Give one header of the body, one without a name, one that is good."""
        return [("Content-Type", "text/plain"), (7, "seven"), ("X-Limit", "10")]


@pytest.mark.usefixtures("in_request")
def test_adopted_headers_without_a_name():
    """A header whose name is no text is left out, and those behind it stay."""
    assert list(adopted(NumberedHeaders()).headers) == [("X-Limit", "10")]


@pytest.mark.parametrize("code", [499, 520, 430])
@pytest.mark.usefixtures("in_request")
def test_adopted_without_a_kind(code):
    """A status without a kind becomes a client's or a server's failure."""
    kind = type("Odd", (HTTPException,), {"code": code, "description": "odd"})

    failure = adopted(kind())

    assert type(failure) is (ClientFailure if code < 500 else ServerFailure)
    assert (failure.code, failure.message) == (code, "odd")
