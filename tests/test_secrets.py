"""Secrets: a canary put wherever one could leak from, searched in all that leaves."""

import base64
import logging
import sqlite3
import traceback
import urllib.parse

import flask
import pytest
import werkzeug.exceptions
from failing_app import FACTS

from flask_httpstatus import (
    KINDS,
    Failure,
    Failures,
    NotFound,
    ServiceUnavailable,
    catching_failure,
)

CANARY = "Wh1teC4nary"
MEDIA_TYPES = {
    "problem": "application/problem+json",
    "html": "text/html",
    "text": "text/plain",
    "markdown": "text/markdown",
    "xml": "application/problem+xml",
}
LOGGER = "secretive"


class CanaryError(Exception):
    """An error that says the canary however it is asked."""

    secret = CANARY

    def __init__(self):
        super().__init__(CANARY, {"password": CANARY})
        self.add_note(f"note: {CANARY}")
        self.detail = self.description = self.message = CANARY

    def __str__(self):
        return f"str: {CANARY}"

    def __repr__(self):
        return f"repr: {CANARY}"

    def __html__(self):
        return f"html: {CANARY}"


class ForeseenError(CanaryError):
    """The same, for which the application has a translation."""


class CanaryRow:
    """A value of a local variable, which a traceback with locals would print."""

    def __repr__(self):
        return f"<row {CANARY}>"


def chained(exception):
    """Raise the exception with a cause that has a context, below a local variable."""
    row = CanaryRow()
    try:
        {}[CANARY]
    except KeyError:
        try:
            int(CANARY)
        except ValueError as error:
            raise exception from error
    del row


def bug():
    """Raise what nobody catches."""
    chained(CanaryError())


def sql():
    """Raise a real error of a real database, its statement in the text."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(f"SELECT '{CANARY}' FROM {CANARY}")
    finally:
        connection.close()


def group():
    """Raise several errors at once."""
    raise ExceptionGroup(CANARY, [CanaryError(), ValueError(CANARY)])


def deep():
    """Raise from far below, at the limit of recursion."""

    def down(secret):
        return down(secret + CANARY)

    return down(CANARY)


def raised(kind):
    """Return a view that raises the kind with private notes and causes."""

    def view():
        failure = kind(**FACTS.get(kind.code, {}))
        failure.add_note(f"private: {CANARY}")
        chained(failure)

    return view


def adopted(kind):
    """Return a view that raises Werkzeug's exception with private notes and causes."""

    def view():
        exception = kind()
        exception.add_note(f"private: {CANARY}")
        raise exception from CanaryError()

    return view


def key_error():
    """Read a form field that is not there: Werkzeug knows its name."""
    return flask.request.form[CANARY]


def wrapped():
    """Raise a 500 that knows what was behind it."""
    raise werkzeug.exceptions.InternalServerError(original_exception=CanaryError())


def translated():
    """Raise a foreign exception that the application translates."""
    raise ForeseenError


def translated_sql():
    """Raise a foreign exception whose text is the statement."""
    raise sqlite3.IntegrityError(f"UNIQUE constraint failed: {CANARY}")


def on():
    """Turn a foreign exception into a failure on the spot."""
    with NotFound.on(KeyError, "no such thing"):
        raise KeyError(CANARY)


def respond():
    """Answer without raising."""
    failure = ServiceUnavailable("later")
    failure.__cause__ = CanaryError()
    failure.add_note(CANARY)
    return flask.current_app.extensions["httpstatus"].respond(failure)


@catching_failure
def caught():
    """Answer at the view."""
    failure = ServiceUnavailable("later")
    failure.add_note(CANARY)
    raise failure from CanaryError()


def unwritable():
    """Raise with members that cannot be written, and say so."""
    raise NotFound("no such thing", row=CanaryRow(), error_=CanaryError(), raw=CANARY.encode())


BUGS = {"bug": bug, "sql": sql, "group": group, "deep": deep}
CLIENT = {
    "key-error": key_error,
    "translated": translated,
    "translated-sql": translated_sql,
    "on": on,
    **{f"kind-{code}": raised(kind) for code, kind in KINDS.items() if code < 500},
    **{
        f"werkzeug-{code}": adopted(kind)
        for code, kind in werkzeug.exceptions.default_exceptions.items()
        if 400 <= code < 500
    },
}
SERVER = {
    "respond": respond,
    "caught": caught,
    "wrapped": wrapped,
    **{f"kind-{code}": raised(kind) for code, kind in KINDS.items() if code >= 500},
    **{
        f"werkzeug-{code}": adopted(kind)
        for code, kind in werkzeug.exceptions.default_exceptions.items()
        if code >= 500
    },
}
VIEWS = {**BUGS, **CLIENT, **SERVER, "unwritable": unwritable}


@pytest.fixture(scope="module")
def app():
    """Return an application that keeps its secrets in many places."""
    app = flask.Flask(LOGGER)
    app.config.update(SECRET_KEY=CANARY, DATABASE_URL=f"postgresql://u:{CANARY}@db/")
    app.logger.addHandler(logging.NullHandler())
    app.logger.propagate = True
    failures = Failures(app, formats=list(MEDIA_TYPES), challenge="Bearer")
    failures.translate(ForeseenError, NotFound, "no such thing")
    failures.translate(sqlite3.IntegrityError, NotFound, "no such row")
    for name, view in VIEWS.items():
        app.add_url_rule(f"/{name}", name, view, methods=["GET", "POST"])
    return app


def ask(app, target, media_type, method="GET"):
    """Ask with the canary in everything that a client sends."""
    client = app.test_client()
    client.set_cookie("session", CANARY)
    headers = {
        "Accept": media_type,
        "Authorization": f"Bearer {CANARY}",
        "X-Api-Key": CANARY,
        "Referer": f"http://localhost/?token={CANARY}",
        "User-Agent": CANARY,
        "Origin": f"http://{CANARY}.example",
        "X-Forwarded-For": CANARY,
        "If-None-Match": f'"{CANARY}"',
        "Range": f"{CANARY}=0-",
    }
    data = {"password": CANARY} if method == "POST" else None
    return client.open(
        f"{target}?token={CANARY}&{CANARY}=1", method=method, headers=headers, data=data
    )


def sent(answer):
    """Return every byte of the answer but the request's."""
    lines = [answer.status, *(f"{name}: {value}" for name, value in answer.headers)]
    return "\r\n".join(lines).encode() + answer.data


def spellings():
    """Return the canary in the ways in which it could be written down."""
    raw = CANARY.encode()
    return {
        raw,
        raw.lower(),
        raw[::-1],
        raw.hex().encode(),
        *(base64.b64encode(b"x" * n + raw)[4:-4] for n in range(3)),
        urllib.parse.quote(CANARY).encode(),
        "".join(f"&#{ord(one)};" for one in CANARY).encode(),
        "".join(f"\\u{ord(one):04x}" for one in CANARY).encode(),
    }


def assert_secret(data):
    """Check that the canary is nowhere in the bytes, and no path or traceback either."""
    for spelling in spellings():
        assert spelling not in data
        assert spelling not in data.lower() or spelling != spelling.lower()
    for trace in (b"Traceback", b'File "', b".py", b"/work", b"site-packages", b"sqlite", b"SELECT",
                  b"CanaryError", b"KeyError", b"object at 0x"):  # fmt: skip
        assert trace not in data


@pytest.mark.parametrize("media_type", MEDIA_TYPES.values(), ids=MEDIA_TYPES)
@pytest.mark.parametrize("name", VIEWS)
def test_no_answer_tells(app, caplog, name, media_type):
    """No byte of any answer has the canary, wherever it was hidden."""
    for method in ("GET", "POST"):
        answer = ask(app, f"/{name}", media_type, method)
        assert answer.status_code >= 400
        assert answer.mimetype == media_type
        assert_secret(sent(answer))


@pytest.mark.parametrize("media_type", MEDIA_TYPES.values(), ids=MEDIA_TYPES)
@pytest.mark.parametrize(("target", "method"), [("/nowhere", "GET"), ("/bug", "DELETE")])
def test_no_answer_of_the_routing_tells(app, target, method, media_type):
    """Nor has the 404 and 405 of the routing, neither from the path nor from the query."""
    for path in (target, f"{target}/../{CANARY}") if method == "GET" else (target,):
        answer = ask(app, path, media_type, method)
        assert answer.status_code == {"GET": 404, "DELETE": 405}[method]
        assert_secret(sent(answer))


def texts(records):
    """Return what any formatter could write of the records, with their stacks."""
    formatter = logging.Formatter("%(message)s")
    return "\n".join(
        [*(formatter.format(one) for one in records), *(str(vars(one)) for one in records)]
    )


@pytest.mark.parametrize("name", CLIENT)
def test_no_record_of_4xx_tells(app, caplog, name):
    """A 4xx is one INFO record without a stack, notes, causes, query or headers."""
    with caplog.at_level(logging.DEBUG):
        ask(app, f"/{name}", "text/plain", "POST")
    (record,) = caplog.records
    assert (record.name, record.levelno) == (LOGGER, logging.INFO)
    assert record.exc_info is None
    assert CANARY not in texts([record])


@pytest.mark.parametrize("name", [*SERVER, *BUGS])
def test_5xx_records_are_for_the_operator(app, caplog, name):
    """A 5xx is one ERROR record with stack, notes and causes, without query and headers."""
    with caplog.at_level(logging.DEBUG):
        ask(app, f"/{name}", "text/plain")
    (record,) = caplog.records
    assert (record.name, record.levelno) == (LOGGER, logging.ERROR)
    told = "".join(traceback.format_exception(record.exc_info[1]))
    # What is behind these two is in a local variable and an attribute only.
    assert (CANARY in told) is (name not in {"deep", "wrapped"})
    assert CANARY not in record.getMessage()
    assert "token" not in texts([record])


def test_nothing_is_logged_below_the_level(app, caplog):
    """Whatever fails, no record below ERROR has the canary, of any logger."""
    with caplog.at_level(logging.DEBUG):
        for name in VIEWS:
            ask(app, f"/{name}", "text/html")
    lower = [record for record in caplog.records if record.levelno < logging.ERROR]
    assert lower
    assert CANARY not in texts(lower)


@pytest.mark.parametrize("media_type", MEDIA_TYPES.values(), ids=MEDIA_TYPES)
def test_what_the_developer_wrote_is_public(app, media_type):
    """The other way round: message and members do arrive, so the search would find a leak."""
    with app.test_request_context(headers={"Accept": media_type}):
        failure = Failure("said aloud", 404, shown=CANARY)
        answer = app.extensions["httpstatus"].respond(failure)
    assert b"said aloud" in answer.data
    with pytest.raises(AssertionError):
        assert_secret(sent(answer))


def test_bugs_tell_nothing_when_the_page_fails(app, caplog, monkeypatch):
    """The plain body that is left when a renderer fails has no secret of either error."""
    from flask_httpstatus import answering

    def broken(*args):
        raise CanaryError

    monkeypatch.setattr(answering, "body_of", broken)
    for name in ("bug", "sql", "kind-404"):
        answer = ask(app, f"/{name}", "text/html")
        assert answer.status_code in {500, 404}
        assert_secret(sent(answer))
