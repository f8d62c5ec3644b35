"""Tests of the room of failures: message, status, members, headers, and how they are raised."""

import copy
import http
import inspect
import pickle
import warnings
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape
from werkzeug import exceptions as werkzeug
from werkzeug.datastructures import Headers
from werkzeug.exceptions import Aborter, HTTPException
from werkzeug.test import create_environ
from werkzeug.wrappers import Response

from flask_httpstatus import (
    KINDS,
    BadRequest,
    ClientFailure,
    Conflict,
    Failure,
    FailureWarning,
    Forbidden,
    InternalServerError,
    MethodNotAllowed,
    NotFound,
    ServerFailure,
    TooManyRequests,
    Unauthorized,
)
from flask_httpstatus.http import UnofficialStatus
from flask_httpstatus.registry import STANDARD_MEMBERS

UNOFFICIAL = sorted({*range(400, 600)} - set(KINDS))


class Lazy:
    """A text made when it is read, like those of Flask-Babel."""

    def __init__(self, text="später"):
        self.text = text

    def __str__(self):
        return self.text

    def __eq__(self, other):
        return isinstance(other, Lazy) and other.text == self.text

    def __hash__(self):
        return hash(self.text)


class Evil(Lazy):
    """A text that also claims to be HTML."""

    def __html__(self):
        return self.text


class EvilStr(str):
    """A str that also claims to be HTML."""

    __slots__ = ()

    def __html__(self):
        return str(self)


class UserMissing(NotFound):
    """A kind of an application, with defaults and nothing else."""

    message = "no such user"


class NameTaken(Conflict):
    """A kind of an application whose constructor takes other arguments."""

    def __init__(self, taken, /, *, by):
        super().__init__(f"{taken} is taken", taken=taken)
        self.by = by


class Careless(Forbidden):
    """A kind of an application whose constructor forgets that of its parent."""

    def __init__(self, reason):
        self.reason = reason


class Numbered(NotFound):
    """A kind of an application that is not made without its number."""

    def __new__(cls, number):
        self = super().__new__(cls)
        self.number = number
        return self

    def __init__(self, number):
        super().__init__(f"no user {number}")


class AppFailure(Failure):
    """What the failures of an application have in common, without a status of its own."""

    def __init__(self, *args, tenant="a", **rest):
        super().__init__(*args, **rest)
        self.tenant = tenant


class AppUserMissing(AppFailure, NotFound):
    """A kind that is the application's, too."""


class KeyMissing(NotFound, KeyError):  # noqa: N818 - a failure first of all
    """A kind that is an error of another sort, too."""


class DiskFull(AppFailure, ServerFailure, OSError):  # noqa: N818 - so is this
    """A kind that is an error of yet another sort, whose constructor has its own mind."""


class Closed(ClientFailure, status=499):
    """A kind for a status that is unofficial."""


class ClosedByPeer(Closed):
    """A subclass of it."""

    message = "bye"


def page(failure):
    """Return the page that Werkzeug makes of it, without the extension."""
    return failure.get_response(create_environ()).get_data(as_text=True)


# Status


@pytest.mark.parametrize(
    ("kind", "default"),
    [(Failure, BadRequest), (ClientFailure, BadRequest), (ServerFailure, InternalServerError)],
)
def test_without_a_status(kind, default):
    """Without a status it is 400, and 500 for a server's failure; None means just that."""
    for failure in (kind(), kind(None), kind("no", None), kind("no", status=None)):
        assert type(failure) is default
        assert failure.status is default.status
    assert kind().message == kind.message == default.message
    assert kind.status is default.status


def test_a_base_that_says_it_has_no_code():
    """A base with ``code = None``, as Werkzeug's has it, is a base without a kind like others."""

    class Codeless:
        code = None

    class Base(Failure):
        code = None

    class MixedBase(Codeless, ServerFailure):
        pass

    class UserMissingToo(Base, NotFound):
        pass

    assert (Base.code, Base("no").code) == (None, 400)
    assert (MixedBase.code, MixedBase("no").code) == (None, 500)
    assert Base("no").get_response(create_environ()).status_code == 400
    assert UserMissingToo.code == UserMissingToo("no").code == 404


def test_a_mixin_without_a_code_that_constructs_alone():
    """A mixin with ``code = None`` and a constructor of its own leaves the status of the family."""

    class Legacy:
        code = None

        def __init__(self, reason):
            self.reason = reason

    class LegacyFailure(Legacy, ClientFailure):
        pass

    failure = LegacyFailure("no")

    assert (failure.code, failure.status) == (400, 400)
    assert failure.get_response(create_environ()).status_code == 400


def test_message_of_a_family():
    """A family of the application's has its own message, otherwise the phrase of the status."""

    class Storage(ServerFailure):
        statuses = range(500, 600)
        message = "The storage failed"

    class Described(ServerFailure):
        statuses = range(500, 600)
        description = "The storage failed"

    class Silent(ServerFailure):
        statuses = range(500, 600)

    for family in (Storage, Described):
        assert family(None, 507).message == family().message == "The storage failed"
        assert family("full", 507).message == "full"
    assert Silent(None, 507).message == "Insufficient storage"


@pytest.mark.parametrize("code", UNOFFICIAL)
def test_unofficial_statuses(code):
    """A code without a kind gives a client's or a server's failure with that code."""
    family = ClientFailure if code < 500 else ServerFailure
    for failure in (
        Failure("no", code),
        family("no", status=code),
        Failure("no", UnofficialStatus(code)),
    ):
        assert type(failure) is family
        assert failure.code == code
        assert failure.status is UnofficialStatus(code)
        assert failure.name == UnofficialStatus(code).phrase
        assert failure.message == "no"
        assert str(failure) == f"{code} {failure.name}: no"
    default = Failure(status=code)
    assert default.message.casefold() == default.name.casefold()
    assert default.get_response(create_environ()).status_code == code
    assert family.code is None


@pytest.mark.parametrize(
    ("status", "error"),
    [
        *[(status, TypeError) for status in ("404", "404 Not Found", "NOT_FOUND", b"404", 404.0)],
        *[(status, TypeError) for status in (404.5, Decimal(404), True, False, [404], Response())],
        *[(status, ValueError) for status in (0, -1, -404, 99, 600, 1000, 99999, 10**30)],
    ],
)
@pytest.mark.parametrize(
    "kind", [Failure, ClientFailure, ServerFailure, NotFound, UserMissing, AppFailure]
)
def test_no_status(kind, status, error):
    """What is no status code is an error that shows one, from every constructor."""
    with pytest.raises(
        error, match="is no status code; pass an int from 100 to 599 such as 404"
    ) as caught:
        kind("no", status)
    assert repr(status) in str(caught.value)
    with pytest.raises(error, match="is no status code"):
        kind(status=status)


@pytest.mark.parametrize(
    "status", [100, 101, 200, 204, 302, 304, 306, 399, 999, http.HTTPStatus.OK]
)
@pytest.mark.parametrize("kind", [Failure, ClientFailure, ServerFailure, NotFound, AppFailure])
def test_no_status_of_a_failure(kind, status):
    """What is a status, but no failure, is an error that says what to do instead."""
    with pytest.raises(ValueError, match=f"{int(status)} is no status of a ") as caught:
        kind("no", status)
    assert str(caught.value).endswith("; return a response, or redirect()")


@pytest.mark.parametrize(
    ("kind", "status", "rest"),
    [
        (ClientFailure, 500, "ClientFailure, which has 400 to 499; raise Failure(message, 500)"),
        (ClientFailure, 599, "ClientFailure, which has 400 to 499; raise Failure(message, 599)"),
        (ServerFailure, 404, "ServerFailure, which has 500 to 599; raise Failure(message, 404)"),
    ],
)
def test_a_status_of_the_other_side(kind, status, rest):
    """A client's failure has no status of a server's, nor the other way round."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - its text is compared below
        kind("no", status)
    assert str(caught.value) == f"{status} is no status of a {rest}"


def test_an_applications_class_is_never_in_the_map():
    """``Failure(message, status)`` builds a kind of the library, whatever is derived from it."""
    assert type(Failure("no", 404)) is NotFound
    assert type(Failure("no", 409)) is Conflict
    assert type(Failure("no", 499)) is ClientFailure
    assert not {UserMissing, NameTaken, AppUserMissing, Closed} & set(KINDS.values())


@pytest.mark.parametrize("value", [404, 409, http.HTTPStatus.CONFLICT, None])
def test_the_status_cannot_be_set(value):
    """A failure keeps its status; who wants another raises another."""
    failure = NotFound("no")
    with pytest.raises(AttributeError, match="the status of NotFound is fixed; raise Failure"):
        failure.status = value
    assert failure.status is http.HTTPStatus.NOT_FOUND


def test_more_than_two_arguments():
    """Only message and status are positional."""
    with pytest.raises(TypeError, match="positional"):
        Failure("no", 404, {"X-A": "1"})


# Classes


def test_a_kind_of_ones_own():
    """A class with a message needs nothing else; description means the same, as in Werkzeug."""

    class Described(NotFound):
        description = "not here"

    class Again(Described):
        message = "nor here"

    for failure, message in [
        (UserMissing(), "no such user"),
        (Described(), "not here"),
        (Again(), "nor here"),
        (Again("or there"), "or there"),
        (ClosedByPeer(), "bye"),
    ]:
        assert failure.message == failure.description == message
        assert f"<p>{message}</p>" in page(failure)
    assert UserMissing.status is UserMissing().status is http.HTTPStatus.NOT_FOUND
    assert NotFound.message == "Not found"


def test_a_class_without_a_status():
    """A class of one's own without a kind among its bases is 400, of a server's failure 500."""

    class ServerTrouble(ServerFailure):
        pass

    for kind, default in [(AppFailure, BadRequest), (ServerTrouble, InternalServerError)]:
        failure = kind("no")
        assert type(failure) is kind
        assert failure.status is kind.status is default.status
        assert failure.code == default.code
        assert kind().message == default.message
        assert kind("no", default.code).message == "no"
        with pytest.raises(
            ValueError, match=f"{kind.__name__} is {default.code}; for 404 raise NotFound"
        ):
            kind("no", 404)


def test_a_class_that_is_mixed_in():
    """A class without a status takes that of the kind beside it, and its message."""
    failure = AppUserMissing("no", tenant="b", balance=1)
    assert failure.status is AppUserMissing.status is http.HTTPStatus.NOT_FOUND
    assert (failure.message, failure.tenant, failure.members) == ("no", "b", {"balance": 1})
    assert AppUserMissing().message == "Not found"
    assert isinstance(failure, (AppFailure, werkzeug.NotFound))
    for kind in (AppFailure, NotFound, werkzeug.NotFound, ClientFailure):
        with pytest.raises(kind):
            raise failure


def test_a_class_for_an_unofficial_status():
    """An application can make a kind for a status that has none, and derive from it."""
    for kind in (Closed, ClosedByPeer):
        failure = kind("no")
        assert type(failure) is kind
        assert failure.status is kind.status is UnofficialStatus.CLIENT_CLOSED_REQUEST
    assert Closed().message == "Client closed request"
    assert type(Failure("no", 499)) is ClientFailure


@pytest.mark.parametrize(
    ("bases", "body", "derive"),
    [
        ((Failure,), {"status": 404}, "derive it from NotFound"),
        ((Failure,), {"code": 404}, "derive it from NotFound"),
        ((NotFound,), {"code": 409}, "derive it from Conflict"),
        ((NotFound,), {"status": http.HTTPStatus.CONFLICT}, "derive it from Conflict"),
        ((NotFound,), {"code": 404}, "derive it from NotFound"),
        ((Failure,), {"code": 499}, "write class Closed(ClientFailure, status=499)"),
        ((Failure,), {"status": 200}, "derive it from the kind of its status, such as NotFound"),
        ((Failure,), {"status": "404"}, "derive it from the kind of its status, such as NotFound"),
    ],
)
def test_setting_the_status_of_a_class(bases, body, derive):
    """A class that sets its status or code is refused when it is made, and told what to be."""
    (name,) = body
    with pytest.raises(TypeError, match=f"^Mine sets '{name}'; ") as caught:
        type("Mine", bases, body)
    assert derive in str(caught.value)


@pytest.mark.parametrize(
    ("bases", "derive"),
    [
        ((NotFound, Conflict), "NotFound, Conflict"),
        ((UserMissing, NameTaken), "UserMissing, NameTaken"),
        ((NotFound, InternalServerError), "NotFound, InternalServerError"),
        ((NotFound, ServerFailure), "NotFound, ServerFailure"),
        ((ClientFailure, ServerFailure), "ClientFailure, ServerFailure"),
        ((NotFound, werkzeug.Conflict), "NotFound, Conflict"),
        ((Closed, NotFound), "Closed, NotFound"),
    ],
)
def test_two_statuses(bases, derive):
    """A class with two statuses is refused when it is made, and told from what to derive."""
    with pytest.raises(
        TypeError, match=f"^Mine would have two statuses; derive it from one of {derive}$"
    ):
        type("Mine", bases, {})


@pytest.mark.parametrize(
    ("bases", "status", "error", "text"),
    [
        ((Failure,), 404, TypeError, "404 has a kind; derive it from NotFound"),
        ((NotFound,), 404, TypeError, "404 has a kind; derive it from NotFound"),
        ((NotFound,), 499, TypeError, "two statuses"),
        ((ClientFailure,), 599, ValueError, r"which has 400 to 499; raise Failure\(message, 599\)"),
        ((ServerFailure,), 499, ValueError, "which has 500 to 599"),
        ((Failure,), 200, ValueError, "return a response"),
        ((Failure,), "499", TypeError, "is no status code"),
    ],
)
def test_a_class_for_a_wrong_status(bases, status, error, text):
    """A class is only made for a status that has no kind and belongs to its family."""
    with pytest.raises(error, match=text):
        type("Mine", bases, {}, status=status)
    assert KINDS[404] is NotFound


def test_werkzeugs_class_beside_ours():
    """A class that has its status from Werkzeug alone would not be of its kind."""
    with pytest.raises(TypeError, match=r"^Mine has code = 404; derive it from NotFound$"):
        type("Mine", (Failure, werkzeug.NotFound), {})
    kind = type("Mine", (NotFound, werkzeug.NotFound), {})
    assert kind("no").status is http.HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("name", ["headers", "members"])
def test_setting_what_every_failure_has_of_its_own(name):
    """A class cannot hold headers or members, and is not made as if it could."""
    with pytest.raises(
        TypeError, match=rf"^Mine sets '{name}'; .* give them to super\(\).__init__\(\)$"
    ):
        type("Mine", (NotFound,), {name: {"X-A": "1"}})


def test_a_constructor_of_ones_own():
    """A subclass may take what it likes, and one that forgets its parent's still answers."""
    taken = NameTaken("ada", by=7)
    assert (taken.message, taken.members, taken.by) == ("ada is taken", {"taken": "ada"}, 7)
    careless = Careless("spying")
    assert careless.status is http.HTTPStatus.FORBIDDEN
    assert (careless.message, careless.members, careless.response) == ("Forbidden", {}, None)
    assert not careless.headers
    assert careless.get_response(create_environ()).status_code == 403


@pytest.mark.parametrize(("kind", "other"), [(KeyMissing, KeyError), (DiskFull, OSError)])
def test_an_error_of_another_sort(kind, other):
    """A kind can be another exception, too, and reads like a failure nevertheless."""
    failure = kind("no user 7", balance=1)
    assert isinstance(failure, other)
    assert str(failure) == f"{failure.code} {failure.name}: no user 7"
    assert failure.members == {"balance": 1}
    with pytest.raises(other):
        raise failure


def test_another_exception_behind_a_kind():
    """The constructor of another exception behind the kind is called, without arguments."""

    class ShopError(Exception):
        def __init__(self, text="of the shop"):
            super().__init__(text)
            self.context = {}

    class ProductMissing(NotFound, ShopError):  # noqa: N818 - a failure first of all
        pass

    class OrderFailure(Failure, ShopError):  # noqa: N818 - so is this
        pass

    class OrderMissing(OrderFailure, NotFound):
        pass

    for kind in (ProductMissing, OrderFailure, OrderMissing):
        failure = kind("no lamp", headers={"X-A": "1"})
        assert (failure.message, failure.context) == ("no lamp", {})
        assert failure.headers["X-A"] == "1"


# Messages


@pytest.mark.parametrize(
    "message", ["no such user", "", "größer 🎈", "\ud800", Markup("<b>"), EvilStr("a")]
)
def test_texts(message):
    """A text is the message, as it is, and Werkzeug's description, too."""
    for failure in (NotFound(message), Failure(message, 404), NotFound(description=message)):
        assert failure.message is failure.description is message


def test_lazy_texts():
    """A lazy text is not read before it is shown."""

    class Reading:
        reads = 0

        def __str__(self):
            self.reads += 1
            return "später"

    lazy = Reading()
    failure = NotFound(lazy, headers={"X-A": "1"}, balance=1)
    copy.copy(failure)
    assert failure.message is lazy
    assert lazy.reads == 0
    assert str(failure) == "404 Not Found: später"
    assert "<p>später</p>" in page(failure)


@pytest.mark.parametrize(
    "message",
    [
        *[0, 404, 1.5, True, http.HTTPStatus.NOT_FOUND, b"no", bytearray(b"no"), memoryview(b"no")],
        *[1j, ("a", "b"), ["a"], {"a": ["b"]}, {"a"}, (letter for letter in "ab"), object(), str],
        NotFound,
    ],
    ids=lambda message: type(message).__name__,
)
def test_what_is_no_text(message):
    """What is no text is an error that shows the order of the arguments."""
    text = f"a str or a lazy string, not {type(message).__name__}; the message comes first"
    for make in (NotFound, Failure, UserMissing, lambda message: Failure(description=message)):
        with pytest.raises(TypeError, match=text):
            make(message)


@pytest.mark.parametrize("error", [ValueError("hunter2"), NotFound("hunter2"), KeyboardInterrupt()])
def test_an_exception_is_no_text(error):
    """An exception is no message, for its text may tell secrets; the error tells none of them."""
    with pytest.raises(
        TypeError, match=r"str\(error\) may tell secrets: write a sentence"
    ) as caught:
        NotFound(error)
    assert "hunter2" not in str(caught.value)


def test_message_and_description():
    """The message is given once."""
    with pytest.raises(TypeError, match="message and description are the same; give one of them"):
        NotFound("a", description="b")


def test_the_message_is_a_plain_attribute():
    """The message can be changed, as long as the failure is not answered."""
    failure = NotFound("no")
    failure.message = "no, really"
    assert str(failure) == "404 Not Found: no, really"


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", '"><img src=x onerror=a>', "&amp;<"]
)
@pytest.mark.parametrize(
    "wrap", [str, Markup, Lazy, Evil, EvilStr, lambda text: Lazy(Markup(text))]
)
def test_html_is_escaped(hostile, wrap):
    """Werkzeug's own page has no markup of the message, whatever the type of the message."""
    for failure in (
        NotFound(wrap(hostile)),
        Failure(wrap(hostile), 402),
        Failure(wrap(hostile), 499),
    ):
        written = page(failure)
        assert f"<p>{escape(hostile)}</p>" in written
        assert "<script" not in written
        assert "<img" not in written
    subclass = type("Mine", (NotFound,), {"message": wrap(hostile)})
    assert "<script" not in page(subclass())


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1))
def test_any_text_on_the_page(message):
    """The paragraph of Werkzeug's own page holds the message and no element."""
    from html import unescape

    failure = NotFound(message)
    inner = failure.get_description().removeprefix("<p>").removesuffix("</p>")
    assert "<" not in inner
    assert unescape(inner) == unescape(message) or unescape(inner) == message


class UserGone(NotFound):
    """As classes under Werkzeug's are often written."""

    def __init__(self, user_id):
        super().__init__()
        self.description = f"no user {user_id}"


class UserGoneLater(UserGone):
    """A class below that, with a message of its own."""

    message = "no such user"


class UserHidden(NotFound):
    """One whose text is made when it is read."""

    @property
    def description(self):
        """Say nothing."""
        return "it is hidden"


class UserHiddenLater(UserHidden):
    """A class below that."""


@pytest.mark.parametrize("kind", [UserGone, UserGoneLater])
def test_a_description_that_is_set_is_the_message(kind):
    """What a constructor or a handler sets as description is said, as in Werkzeug."""
    failure = kind(7)
    assert failure.message == failure.description == "no user 7"
    for same in (copy.copy(failure), pickle.loads(pickle.dumps(failure))):
        assert same.message == same.description == "no user 7"
    failure.message = "gone"
    assert failure.description == "gone"
    assert "<p>gone</p>" in failure.get_body()
    failure.description = None
    assert (failure.message, failure.description) == (kind.message, kind.description)


def test_a_description_that_is_a_property_stays_one():
    """A description that a class makes when it is read is left to it."""
    for kind in (UserHidden, UserHiddenLater):
        assert kind().message == kind().description == "it is hidden"


def test_a_kind_without_werkzeugs_description():
    """Where Werkzeug has no text for a status, its page shows the message."""
    assert "<p>Payment required</p>" in page(Failure(status=402))
    assert "<p>Client closed request</p>" in page(Failure(status=499))


# Headers


@pytest.mark.parametrize(
    "headers",
    [
        {"ETag": '"a"', "X-Count": 5},
        [("ETag", '"a"'), ("X-Count", "5")],
        Headers([("ETag", '"a"'), ("X-Count", "5")]),
    ],
)
def test_headers(headers):
    """Headers are copied from what is given, and sent by Werkzeug's own page as well."""
    failure = Conflict("name is taken", headers=headers)
    assert failure.headers == Headers([("ETag", '"a"'), ("X-Count", "5")])
    assert failure.headers is not headers
    response = failure.get_response(create_environ())
    assert response.headers["ETag"] == '"a"'
    assert Conflict().headers == Headers()


def test_repeated_headers():
    """A header that is given twice is sent twice."""
    failure = Conflict(headers=[("Link", "</a>"), ("Link", "</b>")])
    assert failure.get_response(create_environ()).headers.getlist("Link") == ["</a>", "</b>"]


@pytest.mark.parametrize("kind", [Failure, NotFound, UserMissing])
@pytest.mark.parametrize(
    ("headers", "error"),
    [
        ({"X-A": "a\r\nSet-Cookie: b"}, ValueError),
        ({"X-A\r\nSet-Cookie": "b"}, ValueError),
        ({"X-A": "\0"}, ValueError),
        ({"X-A": "日本"}, ValueError),
        ({"Content-Type": "text/html"}, ValueError),
        ({"Retry-After": "soon"}, ValueError),
        ({"X-A": None}, TypeError),
        ("X-A: b", TypeError),
        (5, TypeError),
    ],
)
def test_headers_that_are_refused(kind, headers, error):
    """What HTTP forbids is an error where the failure is built."""
    with pytest.raises(error):
        kind("no", headers=headers)


def test_hop_by_hop_headers():
    """Werkzeug's own page leaves out what PEP 3333 forbids an application to send."""
    failure = NotFound(headers={"Connection": "close", "Keep-Alive": "5", "TE": "a", "X-A": "1"})
    assert len(failure.headers) == 4
    assert {name for name, _ in failure.get_headers()} == {"Content-Type", "X-A"}


@pytest.mark.parametrize(
    ("given", "kept", "sent"),
    [
        (0, 0, "0"),
        (timedelta(seconds=1.1), 2, "2"),
        (
            datetime(2030, 1, 1, tzinfo=UTC),
            datetime(2030, 1, 1, tzinfo=UTC),
            "Tue, 01 Jan 2030 00:00:00 GMT",
        ),
        (None, None, None),
    ],
)
def test_retry_after(given, kept, sent):
    """When to try again is kept as seconds or a time, and sent."""
    for failure in (NotFound(retry_after=given), TooManyRequests(retry_after=given)):
        assert failure.retry_after == kept
        assert failure.headers.get("Retry-After") == sent
        assert failure.get_response(create_environ()).headers.get("Retry-After") == sent


def test_retry_after_wins_over_the_header():
    """The argument replaces a header that was given as well."""
    failure = NotFound(headers={"Retry-After": "5"}, retry_after=7)
    assert failure.headers.getlist("Retry-After") == ["7"]


def test_a_ready_response():
    """A ready response is kept, and is Werkzeug's answer."""
    response = Response("ready", 418)
    failure = NotFound("no", response=response)
    assert failure.response is response
    assert failure.get_response(create_environ()) is response
    assert NotFound("no").response is None


# Members


def test_members():
    """Other keywords are members, of this failure alone."""
    failure = NotFound("no", balance=30, accounts=["a"])
    assert failure.members == {"balance": 30, "accounts": ["a"]}
    NotFound("no").members["shared"] = 1
    assert NotFound("no").members == {}


@pytest.mark.parametrize("name", sorted(STANDARD_MEMBERS - {"status"}))
@pytest.mark.parametrize("kind", [Failure, NotFound, UserMissing, ServerFailure])
def test_standard_members(kind, name):
    """A member that would overwrite a standard one is refused (RFC 9457, Section 3.1)."""
    with pytest.raises(
        TypeError, match=f"'{name}' is a standard member .* name your own differently"
    ):
        kind("no", **{name: "a"})


def test_the_standard_members():
    """The standard members are those of the RFC."""
    assert {"type", "title", "status", "detail", "instance"} == STANDARD_MEMBERS


@pytest.mark.parametrize(
    "name", ["", "a", "ab", "a b", "retry-after", "1st", "_abc", "größe", "abc\n"]
)
def test_names_outside_the_rule(name):
    """A name that RFC 9457, Section 4 does not want is kept, and warned about at the caller."""
    with pytest.warns(FailureWarning, match="is not as RFC 9457, Section 4 wants it") as caught:
        failure = NotFound("no", **{name: 1})
    assert failure.members == {name: 1}
    assert repr(name) in str(caught[0].message)
    assert len(caught) == 1


@pytest.mark.parametrize("name", ["abc", "Ab1", "a_b", "balance", "code", "name", "x" * 100])
def test_names_inside_the_rule(name):
    """A name that the RFC wants passes without a word."""
    assert NotFound("no", **{name: 1}).members == {name: 1}


def raised(make):
    """Return what it raises."""
    with pytest.raises(HTTPException) as caught:
        make()
    return caught.value


@pytest.mark.parametrize(
    "make",
    [
        lambda: NotFound("no", ab=1),
        lambda: Failure("no", 404, ab=1),
        lambda: MethodNotAllowed("no", allowed=["GET"], ab=1),
        lambda: Unauthorized("no", challenge="Basic", ab=1),
        lambda: raised(lambda: NotFound.unless(None, "no", ab=1)),
        lambda: raised(lambda: NotFound.when(1, "no", ab=1)),
        lambda: raised(lambda: Aborter(extra=KINDS)(404, "no", ab=1)),
    ],
)
def test_the_line_of_the_warning(make):
    """The warning points at the line that builds the failure, by whatever way."""
    with pytest.warns(FailureWarning) as caught:
        make()
    assert caught[0].filename == __file__
    assert "ab=1" in inspect.getsourcelines(inspect.getmodule(make))[0][caught[0].lineno - 1]


def test_the_line_of_the_warning_in_a_constructor():
    """Where a constructor of the application's names the member, that is the line."""

    class Short(NotFound):
        def __init__(self):
            super().__init__("no", xy=1)

    with pytest.warns(FailureWarning) as caught:
        Short()
    line = inspect.getsourcelines(inspect.getmodule(Short))[0][caught[0].lineno - 1]
    assert "super().__init__" in line


def test_a_warning_that_is_an_error():
    """With warnings as errors, a name outside the rule is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(FailureWarning):
            NotFound("no", ab=1)


# unless and when


class Falsy:
    """An object that is not true."""

    def __bool__(self):
        return False

    def __len__(self):
        return 0


class Unfathomable:
    """An object, like an array, that is neither true nor false and equals everything."""

    def __bool__(self):
        raise ValueError("ambiguous")

    def __eq__(self, other):
        raise ValueError("ambiguous")

    __hash__ = None


@pytest.mark.parametrize(
    "value", [0, 0.0, "", b"", [], {}, set(), (), Falsy(), Unfathomable(), True, 7, "x"]
)
def test_unless_returns(value):
    """Whatever is there is returned, however empty."""
    assert NotFound.unless(value, "no such user") is value


@pytest.mark.parametrize("value", [None, False])
def test_unless_raises(value):
    """None and False raise the kind, with all that its constructor takes."""
    with pytest.raises(NotFound) as caught:
        NotFound.unless(value, "no such user", headers={"X-A": "1"}, user_id=7)
    failure = caught.value
    assert (failure.message, failure.members, failure.headers["X-A"]) == (
        "no such user",
        {"user_id": 7},
        "1",
    )
    with pytest.raises(UserMissing, match="404 Not Found: no such user"):
        UserMissing.unless(value)
    with pytest.raises(Conflict, match="409 Conflict: taken"):
        Failure.unless(value, "taken", status=409)


@pytest.mark.parametrize("condition", [True, 1, "x", [0], object()])
def test_when_raises(condition):
    """What is true raises the kind, with all that its constructor takes."""
    with pytest.raises(Forbidden) as caught:
        Forbidden.when(condition, "you are banned", until="May")
    assert (caught.value.message, caught.value.members) == ("you are banned", {"until": "May"})
    with pytest.raises(Forbidden, match="403 Forbidden: Forbidden"):
        Forbidden.when(condition)


@pytest.mark.parametrize("condition", [False, None, 0, "", [], Falsy()])
def test_when_passes(condition):
    """What is not true raises nothing."""
    assert Forbidden.when(condition, "you are banned") is None


def test_where_they_raise():
    """The traceback ends in the frame of unless, right below the caller."""
    with pytest.raises(NotFound) as caught:
        NotFound.unless(None)
    assert [entry.name for entry in caught.traceback][-2:] == ["test_where_they_raise", "unless"]


# Copies


def samples():
    """Return a failure of every kind, and of all sorts of subclasses."""
    given = {
        "headers": [("X-A", "1"), ("X-A", "2")],
        "retry_after": 5,
        "balance": [30],
        "who": Lazy(),
    }
    own = [
        UserMissing("no", **given),
        NameTaken("ada", by=7),
        Careless("spying"),
        Numbered(7),
        AppFailure("no", tenant="b", **given),
        AppUserMissing("no", tenant="b", **given),
        KeyMissing("no", **given),
        DiskFull("no", **given),
        Closed("no", **given),
        ClosedByPeer(),
        Failure("no", 499, **given),
        Failure("no", 599, **given),
        Failure(status=432),
        NotFound(Lazy(), **given),
        MethodNotAllowed("no", allowed=["GET"], **given),
        Unauthorized("no", challenge=["Basic", "Negotiate"], **given),
    ]
    for failure in own:
        failure.add_note("shard 3 is down")
    return own + [kind("no", **given) for kind in KINDS.values()]


def copies():
    """Return the ways to copy a failure."""
    protocols = range(2, pickle.HIGHEST_PROTOCOL + 1)
    pickled = [lambda failure, n=n: pickle.loads(pickle.dumps(failure, n)) for n in protocols]
    return [copy.copy, copy.deepcopy, *pickled]


@pytest.mark.parametrize("copied", copies())
@pytest.mark.parametrize("failure", samples(), ids=lambda failure: type(failure).__name__)
def test_copies(failure, copied):
    """A copy is of the same class and says the same, with members, headers and notes."""
    other = copied(failure)
    assert other is not failure
    assert type(other) is type(failure)
    assert other.__dict__ == failure.__dict__
    assert other.status is failure.status
    assert str(other) == str(failure)
    assert other.headers.getlist("X-A") == failure.headers.getlist("X-A")
    assert getattr(other, "__notes__", None) == getattr(failure, "__notes__", None)
    assert other.args == ()
    assert page(other) == page(failure)
    with pytest.raises(type(failure)):
        raise other


def test_a_deep_copy_shares_nothing():
    """What is changed in a deep copy is not changed in the failure."""
    failure = NotFound("no", headers={"X-A": "1"}, balance=[30])
    failure.add_note("a")
    other = copy.deepcopy(failure)
    other.headers["X-A"] = "2"
    other.members["balance"].append(40)
    other.add_note("b")
    assert failure.headers["X-A"] == "1"
    assert failure.members == {"balance": [30]}
    assert failure.__notes__ == ["a"]


def test_a_failure_from_another_process():
    """A failure crosses processes, where they hold nothing but the package."""
    import subprocess
    import sys

    program = (
        "import pickle, sys\n"
        "from flask_httpstatus import *\n"
        "failures = [Conflict('taken', user='ada', headers={'ETag': 'a'}), Failure('no', 499)]\n"
        "sys.stdout.buffer.write(pickle.dumps(failures))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, timeout=60
    )
    taken, closed = pickle.loads(done.stdout)
    assert (type(taken), taken.message, taken.members) == (Conflict, "taken", {"user": "ada"})
    assert taken.headers["ETag"] == "a"
    assert closed.status is UnofficialStatus.CLIENT_CLOSED_REQUEST


# Causes and notes


def test_what_is_private():
    """Notes, cause and context are on no page."""
    failure = NotFound("no")
    failure.add_note("hunter2")
    failure.__cause__ = failure.__context__ = ValueError("hunter2")
    for text in (page(failure), str(failure), repr(failure), str(failure.members)):
        assert "hunter2" not in text
    with pytest.raises(NotFound) as caught:
        raise failure
    assert caught.value is failure
    assert isinstance(failure.__cause__, ValueError)
