"""Hostile values given to the constructors: refused there, or answered as they were meant."""

import dataclasses
import datetime as dt
import decimal
import http
import json
import pathlib
import re
import threading
import uuid
from collections import Counter

import pytest
from markupsafe import Markup
from shared_cases import shared_cases
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.test import create_environ

from flask_httpstatus import (
    Conflict,
    Failure,
    FailureWarning,
    Forbidden,
    MethodNotAllowed,
    NotFound,
    ServiceUnavailable,
    Unauthorized,
    UnavailableForLegalReasons,
)

REFUSED = (TypeError, ValueError)


class Lazy:
    """A text made when it is read, which counts how often it is."""

    reads = 0

    def __str__(self):
        self.reads += 1
        return "hallo"


class Broken:
    """A text that cannot be read."""

    def __init__(self, error):
        self.error = error

    def __str__(self):
        raise self.error


class HTML:
    """A text that claims to be HTML."""

    def __html__(self):
        return "<script>alert(1)</script>"

    def __str__(self):
        return "plain"


class BrokenHTML(str):
    """A text that fails to be HTML."""

    __slots__ = ()

    def __html__(self):
        raise ZeroDivisionError


class Secret:
    """An object whose repr tells a secret."""

    def __repr__(self):
        return "hunter2"


@dataclasses.dataclass
class Point:
    """A dataclass."""

    x: int = 1


# What the rows say in Python or in words.
STATUSES = {
    "status-str": "404",
    "status-str-phrase": "404 Not Found",
    "status-float2": 404.5,
    "status-true": True,
    "status-zero": 0,
    "status-neg": -1,
    "status-99999": 99999,
    "status-1000": 1000,
    "status-enum": http.HTTPStatus.NOT_FOUND,
    "status-intsub": type("I", (int,), {})(404),
    "status-decimal": decimal.Decimal(404),
    "status-name": "NOT_FOUND",
}
MESSAGES = {
    "type-none": None,
    "type-zero": 0,
    "type-float": 1.5,
    "type-bytes": b"no such user",
    "type-dict": {"email": ["required"]},
    "type-tuple": ("a", "b"),
    "type-exception-empty": ValueError(),
    "type-html-method": HTML(),
    "type-lazy": Lazy(),
    "type-lazy-no-str-subclass": Lazy(),
    "type-str-raises": Broken(ZeroDivisionError()),
    "type-html-raises": BrokenHTML("x"),
    "type-str-slow": Lazy(),
    "type-generator": (letter for letter in "ab"),
    "type-enum": http.HTTPStatus.NOT_FOUND,
    "type-uuid": uuid.UUID(int=1),
    "type-path": pathlib.PurePosixPath("/x"),
}
SHOWN = {
    "type-none": None,
    "type-html-method": "plain",
    "type-lazy": "hallo",
    "type-lazy-no-str-subclass": "hallo",
    "type-str-raises": None,
    "type-html-raises": "x",
    "type-str-slow": "hallo",
    "type-uuid": "00000000-0000-0000-0000-000000000001",
    "type-path": "/x",
}
MEMBERS = {
    "extension-inf": ({"value": float("inf")}, {"value": None}),
    "extension-decimal-nan": ({"value": decimal.Decimal("NaN")}, {"value": None}),
    "extension-datetime-naive": (
        {"value": dt.datetime.fromisoformat("2026-01-01")},
        {"value": "2026-01-01T00:00:00"},
    ),
    "extension-datetime-aware": (
        {"value": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
        {"value": "2026-01-01T00:00:00+00:00"},
    ),
    "extension-uuid": (
        {"value": uuid.UUID(int=1)},
        {"value": "00000000-0000-0000-0000-000000000001"},
    ),
    "extension-bytes": ({"value": b"\xff", "other": 1}, {"other": 1}),
    "extension-set": ({"value": {1, 2}}, {"value": [1, 2]}),
    "extension-key-int": ({"value": {1: "a"}}, {"value": {"1": "a"}}),
    "extension-key-none": ({"value": {None: 1}}, {"value": {"null": 1}}),
    "extension-key-tuple": ({"value": {(1, 2): 1}, "other": 1}, {"other": 1}),
    "extension-name-empty": ({"": 1}, {"": 1}),
    "extension-name-space": ({"a b": 1}, {"a b": 1}),
    "extension-name-dash": ({"retry-after": 1}, {"retry-after": 1}),
    "extension-reserved-status": ({"status": 200}, ValueError),
    "extension-reserved-title": ({"title": None}, TypeError),
    "extension-reserved-instance": ({"instance": "javascript:alert(1)"}, TypeError),
    "extension-type-bad-uri": ({"type": "not a uri <>"}, TypeError),
    "extension-type-relative": ({"type": "/problems/x"}, TypeError),
    "extension-surrogate-key": ({"\ud800bc": 1}, {"\ufffdbc": 1}),
    "extension-str-subclass": ({"value": BrokenHTML("x")}, {"value": "x"}),
    "extension-int-enum": ({"value": http.HTTPStatus.OK}, {"value": 200}),
    "extension-dataclass": ({"value": Point()}, {"value": {"x": 1}}),
    "extension-lazy": ({"value": Lazy()}, {"value": "hallo"}),
    "extension-markup": ({"value": Markup("<b>")}, {"value": "<b>"}),
    "extension-10k-members": (
        {f"name{number}": number for number in range(10_000)},
        {f"name{number}": number for number in range(10_000)},
    ),
    "extension-secret-repr": ({"value": Secret(), "other": 1}, {"other": 1}),
}
UTC = dt.UTC
CEST = dt.timezone(dt.timedelta(hours=2))
RETRIES = {
    "retryafter-0": (0, "0"),
    "retryafter-30": (30, "30"),
    "retryafter-neg": (-1, ValueError),
    "retryafter-huge": (10**30, "1" + "0" * 30),
    "retryafter-float-big": (1e30, TypeError),
    "retryafter-inf": (float("inf"), TypeError),
    "retryafter-true": (True, TypeError),
    "retryafter-str-int": ("30", TypeError),
    "retryafter-str-bad": ("soon", TypeError),
    "retryafter-str-unicode-digits": ("٣٠", TypeError),
    "retryafter-aware-utc": (
        dt.datetime(2030, 1, 1, tzinfo=UTC),
        "Tue, 01 Jan 2030 00:00:00 GMT",
    ),
    "retryafter-aware-cest": (
        dt.datetime(2030, 1, 1, tzinfo=CEST),
        "Mon, 31 Dec 2029 22:00:00 GMT",
    ),
    "retryafter-naive": (
        dt.datetime.fromisoformat("2030-01-01"),
        "Tue, 01 Jan 2030 00:00:00 GMT",
    ),
    "retryafter-date": (dt.date(2030, 1, 1), TypeError),
    "retryafter-timedelta-frac": (dt.timedelta(milliseconds=1500), "2"),
    "retryafter-timedelta-max": (dt.timedelta.max, "86400000000000"),
    "retryafter-none": (None, None),
    "retryafter-decimal": (decimal.Decimal("1.5"), TypeError),
}
HEADER_VALUES = {
    "header-value-type-bytes": b"abc",
    "header-value-type-int": 5,
    "header-value-type-list": ["a", "b"],
}
BUILT_BY = {
    "location": lambda value: Failure("m", 404, headers={"Location": value}),
    "x-reason": lambda value: Failure("m", 404, headers={"X-Reason": value}),
    "retry-after": lambda value: ServiceUnavailable("m", retry_after=value),
    "www-authenticate": lambda value: Unauthorized(
        "m", challenge=WWWAuthenticate("basic", {"realm": value})
    ),
    "link": lambda value: UnavailableForLegalReasons("m", blocked_by=value),
    "allow": lambda value: MethodNotAllowed("m", valid_methods=["GET", value]),
    "name": lambda value: Failure("m", 404, headers={value: "1"}),
    "value-type": lambda value: Failure("m", 404, headers={"X-Reason": value}),
}
DO_NOT_APPLY = {
    "extension-mutable-default": "members are keywords: there is no dict that could be shared",
    "retryafter-locale": "dates are made of names in a table, and no locale is asked",
}


def rows(*categories):
    """Return the rows of these categories as parameters, one that is skipped without the facts."""
    return [
        case
        for case in shared_cases("hostile_values.json")
        if case.values[0] is None or case.values[0]["category"] in categories
    ]


def rows_named(*names):
    """Return the rows of these names."""
    return [case for case in rows("type") if case.id in {None, *names}]


@pytest.fixture
def answered(app, client):
    """Return what asks for the answer to a failure, which a view builds and raises."""

    def raise_it(make):
        raise make()

    def ask(make):
        builders.append(make)
        return client.get("/", headers={"Accept": "application/problem+json"})

    builders = []
    app.add_url_rule("/", view_func=lambda: raise_it(builders[-1]))
    return ask


def document(response, status):
    """Return the problem document of an answer that is what it should be."""

    def refuse(constant):
        pytest.fail(f"{constant} is not JSON")

    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    problem = json.loads(response.data.decode(), parse_constant=refuse)
    assert problem["status"] == status
    return problem


@pytest.mark.parametrize("row", rows("status"))
def test_statuses(row, answered):
    """A status of a failure is answered as it is, and any other value refused."""
    name = row["id"]
    value = STATUSES[name] if name in STATUSES else int(row["py"])
    if not isinstance(value, int) or isinstance(value, bool) or not 400 <= value <= 599:
        with pytest.raises(REFUSED, match=r"pass an int from 100 to 599|return a response"):
            Failure("m", value)
        return
    response = answered(lambda: Failure("m", value))
    problem = document(response, int(value))
    assert re.fullmatch(rf"{int(value)} [\x20-\x7e]+", response.status)
    assert problem["title"] == response.status[4:]
    assert problem["detail"] == "m"


@pytest.mark.parametrize("row", rows("reason"))
def test_reasons(row, answered):
    """The message is never the reason in the status line, and there is no argument for that."""
    response = answered(lambda: Failure(row["value"], 404))
    assert response.status == "404 Not Found"
    message = re.sub("[\ud800-\udfff]", "\ufffd", row["value"])
    assert document(response, 404).get("detail", "") == message
    with pytest.raises(TypeError, match="'title' is a standard member"):
        Failure("m", 404, title=row["value"])


@pytest.mark.parametrize("row", [case for case in rows("type") if case.id in {None, *MESSAGES}])
def test_types_of_messages(row, answered):
    """A text is shown, a text that fails is not, and what is none is refused."""
    name, message = row["id"], MESSAGES[row["id"]]
    if name not in SHOWN:
        with pytest.raises(TypeError, match="a message is a str or a lazy string"):
            NotFound(message)
        return
    assert document(answered(lambda: NotFound(message)), 404).get("detail") == SHOWN[name]
    if isinstance(message, Lazy):
        assert message.reads == 1


@pytest.mark.parametrize("row", rows_named("type-str-baseexc"))
@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_a_text_that_stops_the_process(row, error, answered):
    """What is no Exception is not caught."""
    with pytest.raises(error):
        answered(lambda: NotFound(Broken(error())))


@pytest.mark.parametrize("row", rows_named("type-two-args"))
def test_two_texts(row):
    """The second argument is the status."""
    with pytest.raises(TypeError, match="'b' is no status code"):
        NotFound("a", "b")


@pytest.mark.parametrize("row", rows_named("type-no-args"))
def test_no_arguments(row, answered):
    """Without a message the default one is no detail, for it says what the title says."""
    assert document(answered(NotFound), 404) == {"title": "Not Found", "status": 404}


@pytest.mark.parametrize("row", rows_named("type-from-none", "type-notes"))
def test_causes_and_notes(row, answered):
    """Neither cause, context nor notes are in the answer."""

    def make():
        failure = NotFound("x")
        failure.add_note("secret-note")
        failure.__cause__ = failure.__context__ = ValueError("secret-note")
        return failure

    response = answered(make)
    assert document(response, 404)["detail"] == "x"
    assert b"secret-note" not in response.data


@pytest.mark.parametrize("row", rows_named("type-group"))
def test_groups(row, answered):
    """A group of failures is an exception that nobody caught."""
    response = answered(lambda: ExceptionGroup("g", [NotFound("a"), Conflict("b")]))
    assert document(response, 500)["title"] == "Internal Server Error"


@pytest.mark.parametrize("row", rows_named("type-subclass-init", "type-subclass-two-bases"))
def test_subclasses(row, answered):
    """A subclass that forgets its parent's constructor, or has other parents, is answered."""

    class Careless(Forbidden):
        def __init__(self, reason):
            pass

    class Missing(NotFound, KeyError):  # noqa: N818 - a failure first of all
        pass

    assert "detail" not in document(answered(lambda: Careless("a")), 403)
    assert document(answered(lambda: Missing("a")), 404)["detail"] == "a"
    assert str(Missing("a")) == "404 Not Found: a"


@pytest.mark.parametrize("row", rows_named("type-status-mutated", "type-args-mutated"))
def test_mutations(row, answered):
    """The status cannot be set, and the arguments of the exception do not matter."""

    def make():
        failure = NotFound("x")
        with pytest.raises(AttributeError, match="the status of NotFound is fixed"):
            failure.status = 200
        failure.args = ()
        return failure

    assert document(answered(make), 404)["detail"] == "x"


@pytest.mark.parametrize("row", rows_named("type-threads"))
def test_threads(row, app):
    """The same instance, raised by several threads, is answered in each of them alike."""
    failure = NotFound(Lazy(), value=[1])
    answers = []

    def view():
        raise failure

    def ask():
        headers = {"Accept": "application/problem+json"}
        answers.extend(app.test_client().get("/", headers=headers) for _ in range(20))

    app.add_url_rule("/", view_func=view)
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 80
    assert Counter(document(answer, 404)["detail"] for answer in answers) == {"hallo": 80}


@pytest.mark.parametrize("row", [case for case in rows("extension") if case.id not in DO_NOT_APPLY])
def test_members(row, answered, recwarn):
    """A member is refused, written, or left out: the status stays, and the document is strict."""
    given, expected = MEMBERS[row["id"]]
    if isinstance(expected, type):
        with pytest.raises(expected):
            NotFound("m", **given)
        return
    response = answered(lambda: NotFound("m", **given))
    problem = document(response, 404)
    assert problem == {"title": "Not Found", "status": 404, "detail": "m", **expected}
    assert b"hunter2" not in response.data
    if row["id"].startswith(("extension-name", "extension-surrogate")):
        assert recwarn.pop(FailureWarning)


@pytest.mark.parametrize(
    "row", [case for case in rows("retryafter") if case.id not in DO_NOT_APPLY]
)
def test_retry_after(row, answered):
    """Retry-After is digits or a date, or its value is refused."""
    given, expected = RETRIES[row["id"]]
    if isinstance(expected, type):
        with pytest.raises(expected, match=re.escape(f"retry_after={given!r}")):
            ServiceUnavailable("m", retry_after=given)
        return
    response = answered(lambda: ServiceUnavailable("m", retry_after=given))
    assert response.headers.get("Retry-After") == expected
    document(response, 503)


@pytest.mark.parametrize("row", rows("header"))
def test_headers(row):
    """What is sent has no control characters but the tab and is Latin-1; the rest is refused."""
    feed = next(name for name in BUILT_BY if row["id"].startswith(f"header-{name}-"))
    value = HEADER_VALUES.get(row["id"], row["value"])
    try:
        failure = BUILT_BY[feed](value)
    except REFUSED as error:
        assert str(error)  # noqa: PT017 - whether it is refused is asked below
        refused = True
    else:
        refused = False
        for name, text in failure.get_response(create_environ()).headers:
            assert re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name)
            assert re.fullmatch(r"[\t\x20-\x7e\x80-\xff]*", text)
    # In the end it is refused, except for what is harmless where it stands.
    harmless = {
        "location": {"café", 'a"b', ""},
        "x-reason": {"a\tb", "café", "a%0d%0aX-Injected: 1", 'a"b', ""},
        "www-authenticate": {"café", ""},
        "value-type": {5},
    }
    assert refused is not (isinstance(value, (str, int)) and value in harmless.get(feed, ()))


def test_every_row_is_asked_for():
    """No row of these categories is left out without a reason."""
    names = {case.id for case in rows("status", "type", "extension", "retryafter")} - {None}
    asked = {*STATUSES, *MESSAGES, *MEMBERS, *RETRIES, *DO_NOT_APPLY}
    asked |= {name for name in names if re.fullmatch(r"status-\d+", name)}
    others = {"str-baseexc", "two-args", "no-args", "from-none", "notes", "group", "threads"}
    others |= {"subclass-init", "subclass-two-bases", "status-mutated", "args-mutated"}
    assert names <= asked | {f"type-{name}" for name in others}
